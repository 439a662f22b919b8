/* SPDX-License-Identifier: Apache-2.0 */
/* Server-sent events. */
#include "client.h"

#define GET(path) "GET " path " HTTP/1.1\r\nHost: x\r\n\r\n"

static HttpStream *wait_stream(App *app)
{
    HttpStream *st = NULL;
    for (int i = 0; i < 500 && !st; i++) {
        mutex_lock(&app->lock);
        st = app->stream;
        mutex_unlock(&app->lock);
        if (!st)
            sleep_ms(5);
    }
    return st;
}

TEST(http_sends_events)
{
    App app;
    app_start(&app, NULL);
    Client c = client_open(app_port(&app));
    client_sendz(&c, GET("/events"));
    CHECK(client_sees(&c, "event: first\ndata: one\ndata: two\n\n", 2000), "what was sent before");
    Str head = {c.at, c.len};
    CHECK(str_has(head, "Content-Type: text/event-stream\r\n"), "type");
    CHECK(str_has(head, "X-Accel-Buffering: no\r\n"), "not buffered by a proxy");
    CHECK(str_has(head, "Cache-Control: no-store\r\n"), "not cached");
    CHECK(str_has(head, "X-Content-Type-Options: nosniff\r\n"), "secured");
    HttpStream *st = wait_stream(&app);
    int64_t start = ms_now();
    CHECK(http_stream_send(st, STR("tick"), STR("2")), "sent");
    CHECK(client_sees(&c, "event: tick\ndata: 2\n\n", 2000), "second event");
    CHECK(http_stream_send(st, STR(""), STR("3")), "sent");
    CHECK(client_sees(&c, "data: 3\n\n", 2000), "third event");
    CHECK(ms_now() - start < 500, "at once");
    http_stream_close(st);
    app.stream = NULL;
    CHECK(client_sees(&c, "\r\n0\r\n\r\n", 2000), "ended properly");
    client_close(&c);
    app_stop(&app, 1000);
}

TEST(http_notices_that_a_listener_left)
{
    App app;
    app_start(&app, NULL);
    Client c = client_open(app_port(&app));
    client_sendz(&c, GET("/events"));
    CHECK(client_sees(&c, "two", 2000), "connected");
    HttpStream *st = wait_stream(&app);
    client_close(&c);
    bool gone = false;
    int64_t start = ms_now();
    while (!gone && ms_now() - start < 8000) {
        sleep_ms(100);
        gone = !http_stream_send(st, STR("x"), STR("")) && ms_now() - start > 0;
    }
    CHECK(gone, "noticed");
    app_stop(&app, 1000);
}

TEST(http_notices_a_silent_leave)
{
    App app;
    app_start(&app, NULL);
    Client c = client_open(app_port(&app));
    client_sendz(&c, GET("/events"));
    CHECK(client_sees(&c, "two", 2000), "connected");
    HttpStream *st = wait_stream(&app);
    client_close(&c);
    sleep_ms(4500); /* nothing is sent: only the peeking can notice */
    CHECK(!http_stream_send(st, STR("x"), STR("")), "noticed without sending");
    app_stop(&app, 1000);
}

TEST(http_stream_backlog_is_bounded)
{
    App app;
    app_start(&app, NULL);
    HttpStream *st = http_stream_new(app.server, 1000); /* nobody listens yet */
    int sent = 0;
    while (sent < 1000 && http_stream_send(st, STR("e"), STR("0123456789")))
        sent++;
    CHECK(sent == 1000 / 27, "sent %d", sent);
    http_stream_close(st);
    app_stop(&app, 1000);
}

typedef struct {
    HttpStream *st;
    int sent;
} Sender;

static void send_many(void *arg)
{
    Sender *s = arg;
    for (int i = 0; i < 2000; i++) {
        while (!http_stream_send(s->st, STR(""), STR("x")))
            sleep_ms(1);
        s->sent++;
    }
}

static void send_all(void *arg)
{
    enum { SENDERS = 3 };
    Sender s[SENDERS];
    Thread t[SENDERS];
    for (int i = 0; i < SENDERS; i++) {
        s[i] = (Sender){arg, 0};
        thread_start(&t[i], "sender", send_many, &s[i]);
    }
    for (int i = 0; i < SENDERS; i++) {
        thread_join(&t[i]);
        CHECK(s[i].sent == 2000, "sender %d", i);
    }
    while (!http_stream_send(arg, STR("done"), STR("")))
        sleep_ms(1);
}

TEST(http_stream_takes_many_senders)
{
    App app;
    app_start(&app, NULL);
    Client c = client_open(app_port(&app));
    client_sendz(&c, GET("/events"));
    CHECK(client_sees(&c, "two", 2000), "connected");
    c.len = 0;
    Thread all;
    thread_start(&all, "senders", send_all, wait_stream(&app));
    CHECK(client_sees(&c, "event: done", 20000), "the last event arrived");
    thread_join(&all);
    /* A chunk's size may stand inside an event, never inside its letters' count. */
    size_t letters = 0;
    for (size_t i = 0; i < c.len; i++)
        letters += c.at[i] == 'x';
    CHECK(letters == 6000, "%zu events arrived", letters);
    client_close(&c);
    app_stop(&app, 1000);
}

TEST(http_stops_with_listeners)
{
    App app;
    app_start(&app, NULL);
    Client c = client_open(app_port(&app));
    client_sendz(&c, GET("/events"));
    CHECK(client_sees(&c, "two", 2000), "connected");
    HttpStream *st = wait_stream(&app);
    int64_t start = ms_now();
    http_stop(app.server, 2000);
    CHECK(ms_now() - start < 1500, "listeners do not hold a stop");
    CHECK(client_is_closed(&c, 1000), "closed");
    CHECK(!http_stream_send(st, STR("x"), STR("late")), "a late sender is told");
    http_stream_close(st);
    client_close(&c);
    mutex_free(&app.lock);
}

TEST(http_head_of_a_stream)
{
    App app;
    Arena a = {0};
    app_start(&app, NULL);
    Client c = client_open(app_port(&app));
    Reply r = client_ask(&a, &c, "HEAD /events HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(r.status == 200, "status %d", r.status);
    CHECK(client_is_closed(&c, 1000) || ask(&a, app_port(&app), GET("/")).status == 200,
          "and no more");
    CHECK(!http_stream_send(app.stream, STR("x"), STR("")), "nobody listens");
    client_close(&c);
    app_stop(&app, 1000);
    arena_free(&a);
}
