/* SPDX-License-Identifier: Apache-2.0 */
/* Every limit has its answer; a head that can be read in two ways ends the connection. */
#include "client.h"

#include <stdlib.h>

#define POST(path, type) "POST " path " HTTP/1.1\r\nHost: x\r\nContent-Type: " type "\r\n"
#define FORM "application/x-www-form-urlencoded"

static void small(HttpConfig *c)
{
    c->limits.head_bytes = 2000;
    c->limits.target_bytes = 200;
    c->limits.body_bytes = 1000;
    c->limits.file_bytes = 3000;
    c->limits.upload_bytes = 4000;
    c->limits.fields = 5;
    c->limits.field_bytes = 500;
    c->limits.files = 2;
}

/* head, then n times filler, then tail; NULL length: computed. */
static Str build(Arena *a, const char *head, const char *fill, size_t n, const char *tail)
{
    StrBuf b = buf_in(a);
    StrBuf whole = buf_in(a);
    for (size_t i = 0; i < n; i++)
        buf_add(&b, str_z(fill));
    buf_add(&b, str_z(tail));
    buf_fmt(&whole, "%sContent-Length: %zu\r\n\r\n", head, b.len);
    buf_add(&whole, buf_str(&b));
    return buf_str(&whole);
}

TEST(http_limits_have_answers)
{
    static const struct {
        const char *head, *fill;
        size_t count;
        const char *tail;
        int status;
    } rows[] = {
        {POST("/echo", FORM), "a=1&", 4, "", 200},
        {POST("/echo", FORM), "a=1&", 5, "a=1", 413},
        {POST("/echo", FORM), "a", 500, "", 200},
        {POST("/echo", FORM), "a", 501, "", 413},
        {POST("/echo", FORM), "a", 1001, "", 413},
        {POST("/echo", FORM), "a", 90000, "", 413},
        {POST("/echo", FORM), "", 0, "a=%", 422},
        {POST("/echo", FORM), "", 0, "a=\xff", 422},
        {POST("/echo", FORM "; charset=utf-8"), "", 0, "a=1", 200},
        {POST("/echo", FORM "; charset=gbk"), "", 0, "a=1", 415},
        {POST("/echo", "text/plain"), "", 0, "a=1", 415},
        {POST("/echo", ""), "", 0, "a=1", 415},
        {"POST /echo HTTP/1.1\r\nHost: x\r\n", "", 0, "a=1", 415},
        {"POST /echo HTTP/1.1\r\nHost: x\r\n", "", 0, "", 200},
        {POST("/echo", "application/json"), "", 0, "{}", 200},
        {POST("/upload", "application/json"), "", 0, "{}", 415},
        {POST("/echo", "multipart/form-data"), "", 0, "a", 422},
        {POST("/nothing", FORM), "a", 90000, "", 404},
        {"GET /echo HTTP/1.1\r\nHost: x\r\n", "a", 900, "", 200},
        {"PUT /echo HTTP/1.1\r\nHost: x\r\nContent-Type: " FORM "\r\n", "", 0, "a=1", 200},
    };
    App app;
    app_start(&app, small);
    for (size_t i = 0; i < COUNT(rows); i++) {
        Arena a = {0};
        Client c = client_open(app_port(&app));
        Str request = build(&a, rows[i].head, rows[i].fill, rows[i].count, rows[i].tail);
        CHECK(client_send(&c, request), "row %zu sent", i);
        Reply r = client_read(&a, &c, false);
        CHECK(r.status == rows[i].status, "row %zu status %d " STR_FMT, i, r.status,
              STR_ARG(r.body));
        CHECK(reply_header(&r, "content-security-policy").len > 0, "row %zu is secured", i);
        r = client_ask(&a, &c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        CHECK(r.status == 200, "row %zu the connection lives on", i);
        client_close(&c);
        arena_free(&a);
    }
    app_stop(&app, 1000);
}

TEST(http_heads_are_limited)
{
    static const struct {
        size_t target, header;
        int status;
    } rows[] = {
        {190, 100, 200},   {210, 100, 414},   {100, 1700, 200}, {100, 2100, 431},
        {100, 12000, 431}, {100, 60000, 431}, {12000, 0, 431},  {60000, 0, 414},
    };
    App app;
    app_start(&app, small);
    for (size_t i = 0; i < COUNT(rows); i++) {
        Arena a = {0};
        char *fill = arena_alloc(&a, 70000);
        memset(fill, 'a', 70000);
        Str q = str_fmt(&a, "GET /?%.*s HTTP/1.1\r\nHost: x\r\nX-Fill: %.*s\r\n\r\n",
                        (int)rows[i].target, fill, (int)rows[i].header, fill);
        Client c = client_open(app_port(&app));
        (void)client_send(&c, q);
        Reply r = client_read(&a, &c, false);
        CHECK(r.status == rows[i].status, "row %zu status %d", i, r.status);
        client_close(&c);
        arena_free(&a);
    }
    app_stop(&app, 1000);
}

TEST(http_survives_many_small_parts_of_a_head)
{
    static const struct {
        const char *head, *fill, *tail;
    } rows[] = {
        {"GET /?", "a&", " HTTP/1.1\r\nHost: x\r\n\r\n"},
        {"GET /?", "&", " HTTP/1.1\r\nHost: x\r\n\r\n"},
        {"GET / HTTP/1.1\r\nHost: x\r\nCookie: ", "a;", "\r\n\r\n"},
        {"GET / HTTP/1.1\r\nHost: x\r\nCookie: ", "a=1; ", "\r\n\r\n"},
        {"GET / HTTP/1.1\r\nHost: x\r\nCookie: ", ";", "\r\n\r\n"},
        {"GET / HTTP/1.1\r\nHost: x\r\n", "a:b\r\n", "\r\n"},
        {"GET / HTTP/1.1\r\nHost: x\r\nX: ", "\r\n ", "\r\n\r\n"},
        {"", "\r\n", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"},
    };
    App app;
    app_start(&app, NULL);
    for (size_t i = 0; i < COUNT(rows); i++)
        for (size_t n = 10; n <= 100000; n *= 10) {
            Arena a = {0};
            StrBuf b = buf_in(&a);
            buf_add(&b, str_z(rows[i].head));
            for (size_t k = 0; k * strlen(rows[i].fill) < n; k++)
                buf_add(&b, str_z(rows[i].fill));
            buf_add(&b, str_z(rows[i].tail));
            Client c = client_open(app_port(&app));
            (void)client_send(&c, buf_str(&b));
            Reply r = client_read(&a, &c, false);
            CHECK(r.status == 200 || r.status == 400 || r.status == 414 || r.status == 431 ||
                      (r.status == 0 && n > 10000),
                  "row %zu n %zu status %d", i, n, r.status);
            client_close(&c);
            Reply after = ask(&a, app_port(&app), "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            CHECK(after.status == 200, "row %zu n %zu the server lives on", i, n);
            arena_free(&a);
        }
    app_stop(&app, 1000);
}

TEST(http_refuses_heads_of_two_readings)
{
    static const struct {
        Str request;
        int status;
    } rows[] = {
        {STR_INIT("GET / HTTP/1.1\r\n\r\n"), 400},
        {STR_INIT("GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n"), 400},
        {STR_INIT("GET / HTTP/1.0\r\nHost: x\r\nHost: y\r\n\r\n"), 400},
        {STR_INIT("GET / HTTP/1.1\r\nHost: a b\r\n\r\n"), 400},
        {STR_INIT("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"), 400},
        {STR_INIT("GET / HTTP/1.1\r\nHost: a@b\r\n\r\n"), 400},
        {STR_INIT("GET / HTTP/1.1\r\nHost: \r\n\r\n"), 400},
        {STR_INIT(
             "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\na=1"),
         400},
        {STR_INIT(
             "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\na=1"),
         400},
        {STR_INIT("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3, 3\r\n\r\na=1"), 400},
        {STR_INIT("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: +3\r\n\r\na=1"), 400},
        {STR_INIT("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: -3\r\n\r\na=1"), 400},
        {STR_INIT("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 0x3\r\n\r\na=1"), 400},
        {STR_INIT("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: \r\n\r\na=1"), 400},
        {STR_INIT(
             "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\n"),
         413},
        {STR_INIT("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: "
                  "chunked\r\n\r\n0\r\n\r\n"),
         400},
        {STR_INIT("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: "
                  "3\r\n\r\n0\r\n\r\n"),
         400},
        {STR_INIT("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
                  "chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
         400},
        {STR_INIT(
             "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
         400},
        {STR_INIT("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
         400},
        {STR_INIT("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n"),
         400},
        {STR_INIT("POST /echo HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
         400},
        {STR_INIT("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n"),
         400},
        {STR_INIT("GET / HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n"), 400},
        {STR_INIT("GET / HTTP/1.1\r\n Host: x\r\n\r\n"), 400},
        {STR_INIT("GET / HTTP/1.1\r\nHost : x\r\n\r\n"), 400},
        {STR_INIT("GET / HTTP/1.1\nHost: x\n\n"), 400},
        {STR_INIT("GET / HTTP/1.1\r\nHost: x\nX: y\r\n\r\n"), 400},
        {STR_INIT("GET / HTTP/1.1\r\nHost: x\r\nX: a\rTransfer-Encoding: chunked\r\n\r\n"), 400},
        {STR_INIT("GET / HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n"), 400},
        {STR_INIT("GET / HTTP/1.1\r\nHost: x\r\nX: a\0\0b: c\r\n\r\n"), 400},
        {STR_INIT("GET / HTTP/1.1\r\nHost: x\r\nX: a\0\0bcd\r\n\r\n"), 400},
        {STR_INIT("GET / HTTP/1.1\r\nHost: x\r\nX\0Y: a\r\n\r\n"), 400},
        {STR_INIT("GET / HTTP/1.1\r\nHost: x\r\nX: \x01\r\n\r\n"), 400},
        {STR_INIT("GET /\0/x HTTP/1.1\r\nHost: x\r\n\r\n"), 400},
        {STR_INIT("GET /a b HTTP/1.1\r\nHost: x\r\n\r\n"), 400},
        {STR_INIT("GET  / HTTP/1.1\r\nHost: x\r\n\r\n"), 400},
        {STR_INIT("GET /\x01 HTTP/1.1\r\nHost: x\r\n\r\n"), 400},
        {STR_INIT("G@T / HTTP/1.1\r\nHost: x\r\n\r\n"), 400},
        {STR_INIT("GET / HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n"), 400},
        {STR_INIT("GET / HTTP/2.0\r\nHost: x\r\n\r\n"), 505},
        {STR_INIT("GET / HTTX/1.1\r\nHost: x\r\n\r\n"), 400},
    };
    App app;
    app_start(&app, NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        Arena a = {0};
        Client c = client_open(app_port(&app));
        (void)client_send(&c, rows[i].request);
        Reply r = client_read(&a, &c, false);
        CHECK(r.status == rows[i].status, "row %zu status %d " STR_FMT, i, r.status,
              STR_ARG(r.body));
        CHECK(client_is_closed(&c, 2000), "row %zu is closed", i);
        client_close(&c);
        arena_free(&a);
    }
    app_stop(&app, 1000);
}

TEST(http_reads_chunked_bodies)
{
    static const struct {
        const char *chunks;
        int status;
    } rows[] = {
        {"3\r\na=1\r\n0\r\n\r\n", 200},
        {"1\r\na\r\n2\r\n=1\r\n0\r\n\r\n", 200},
        {"3;ext=1\r\na=1\r\n0\r\nTrailer: x\r\n\r\n", 200},
        {"g\r\na=1\r\n0\r\n\r\n", 400},
        {"3\r\na=1x\r\n0\r\n\r\n", 400},
    };
    App app;
    app_start(&app, small);
    for (size_t i = 0; i < COUNT(rows); i++) {
        Arena a = {0};
        Str q =
            str_fmt(&a, POST("/echo", FORM) "Transfer-Encoding: chunked\r\n\r\n%s", rows[i].chunks);
        Reply r = ask(&a, app_port(&app), str_cstr(&a, q));
        CHECK(r.status == rows[i].status, "row %zu status %d", i, r.status);
        CHECK(r.status != 200 || str_has(r.body, "form a=1\n"), "row %zu", i);
        arena_free(&a);
    }
    /* Without end: a refusal while it still comes. */
    Arena a = {0};
    Client c = client_open(app_port(&app));
    CHECK(client_sendz(&c, POST("/echo", FORM) "Transfer-Encoding: chunked\r\n\r\n"), "head sent");
    char *chunk = arena_alloc(&a, 0x10000 + 16);
    memcpy(chunk, "10000\r\n", 7);
    memset(chunk + 7, 'a', 0x10000);
    memcpy(chunk + 7 + 0x10000, "\r\n", 2);
    int sent = 0;
    while (sent < 200 && client_send(&c, (Str){chunk, 7 + 0x10000 + 2}))
        sent++;
    CHECK(sent < 100, "endless body was cut after %d chunks", sent);
    client_close(&c);
    app_stop(&app, 1000);
    arena_free(&a);
}

TEST(http_refuses_what_expects_to_be_refused)
{
    App app;
    Arena a = {0};
    app_start(&app, small);
    Client c = client_open(app_port(&app));
    Reply r = client_ask(
        &a, &c, POST("/echo", FORM) "Expect: 100-continue\r\nContent-Length: 2000\r\n\r\n");
    CHECK(r.status == 413, "answered without the body: %d", r.status);
    client_close(&c);
    c = client_open(app_port(&app));
    r = client_ask(&a, &c, POST("/echo", FORM) "Content-Length: 90000000\r\n\r\n");
    CHECK(r.status == 413, "far too large: answered without the body: %d", r.status);
    client_close(&c);
    c = client_open(app_port(&app));
    client_sendz(&c, POST("/echo", FORM) "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n");
    CHECK(client_sees(&c, "100 Continue", 2000), "continue");
    client_sendz(&c, "a=1");
    r = client_read(&a, &c, false);
    CHECK(r.status == 200 && str_has(r.body, "form a=1"), "then the answer");
    client_close(&c);
    app_stop(&app, 1000);
    arena_free(&a);
}

static void few_each(HttpConfig *c)
{
    c->limits.connections_per_address = 4;
    c->limits.head_ms = 500;
}

static void few_in_all(HttpConfig *c)
{
    c->limits.connections = 4;
}

TEST(http_counts_connections)
{
    static const struct {
        void (*change)(HttpConfig *c);
        int status;
        size_t shut_after;
    } rows[] = {
        {few_each, 429, 4 + 16},
        {few_in_all, 503, 4 + 64},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        App app;
        Arena a = {0};
        app_start(&app, rows[i].change);
        Client held[4], over;
        for (int k = 0; k < 4; k++) {
            held[k] = client_open(app_port(&app));
            Reply r = client_ask(&a, &held[k], "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            CHECK(r.status == 200, "row %zu connection %d", i, k);
        }
        over = client_open(app_port(&app));
        Reply r = client_ask(&a, &over, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        CHECK(r.status == rows[i].status, "row %zu over: %d", i, r.status);
        CHECK(reply_header(&r, "retry-after").len > 0, "row %zu retry-after", i);
        CHECK(client_is_closed(&over, 2000), "row %zu over is closed", i);
        client_close(&over);
        Client far[80];
        size_t opened = 0, shut = 0;
        for (; opened < COUNT(far); opened++)
            far[opened] = client_open(app_port(&app));
        for (size_t k = 0; k < opened; k++)
            shut += client_is_closed(&far[k], k < rows[i].shut_after - 4 ? 0 : 100);
        CHECK(shut == COUNT(far) - (rows[i].shut_after - 4), "row %zu shut %zu", i, shut);
        for (size_t k = 0; k < opened; k++)
            client_close(&far[k]);
        client_close(&held[0]);
        bool back = false;
        for (int k = 0; k < 50 && !back; k++) {
            sleep_ms(20);
            back = ask(&a, app_port(&app), "GET / HTTP/1.1\r\nHost: x\r\n\r\n").status == 200;
        }
        CHECK(back, "row %zu there is room again", i);
        for (int k = 1; k < 4; k++)
            client_close(&held[k]);
        app_stop(&app, 1000);
        arena_free(&a);
    }
}

static void few_misses(HttpConfig *c)
{
    c->limits.misses = 3;
    c->limits.misses_ms = 400;
}

static void few_misses_behind_a_proxy(HttpConfig *c)
{
    few_misses(c);
    c->trust_forwarded = true;
}

static int guess(Arena *a, App *app, const char *code, const char *from, Str *retry)
{
    Str request =
        str_fmt(a, "GET /guess/%s HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: %s\r\n\r\n", code, from);
    Reply r = ask(a, app_port(app), str_cstr(a, request));
    *retry = reply_header(&r, "retry-after");
    return r.status;
}

TEST(http_guessing_is_limited)
{
    App app;
    Arena a = {0};
    Str retry = {0};
    app_start(&app, few_misses);
    for (int i = 0; i < 10; i++)
        CHECK(guess(&a, &app, "right", "", &retry) == 200, "what is right is no guess: %d", i);
    for (int i = 0; i < 3; i++)
        CHECK(guess(&a, &app, "wrong", "", &retry) == 404, "miss %d", i);
    CHECK(guess(&a, &app, "right", "", &retry) == 429 && retry.len > 0, "the address waits");
    CHECK(ask(&a, app_port(&app), "GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n").status == 404,
          "other routes go on");
    sleep_ms(450);
    CHECK(guess(&a, &app, "right", "", &retry) == 200, "until its window is over");
    app_stop(&app, 1000);
    arena_free(&a);
}

TEST(http_guessing_is_counted_by_address)
{
    static const struct {
        const char *from;
        int status;
    } rows[] = {
        {"10.0.0.1", 429},    {"10.0.0.2", 200},          {"::ffff:10.0.0.1", 429},
        {"2001:db8::1", 200}, {"1.2.3.4, 10.0.0.1", 429}, {"10.0.0.1, 10.0.0.9", 200},
    };
    App app;
    Arena a = {0};
    Str retry = {0};
    app_start(&app, few_misses_behind_a_proxy);
    for (int i = 0; i < 3; i++)
        CHECK(guess(&a, &app, "wrong", "10.0.0.1", &retry) == 404, "miss %d", i);
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK(guess(&a, &app, "right", rows[i].from, &retry) == rows[i].status, "%s", rows[i].from);
    app_stop(&app, 1000);
    arena_free(&a);
}
