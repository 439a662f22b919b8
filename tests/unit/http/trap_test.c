/* SPDX-License-Identifier: Apache-2.0 */
/* The traps of the library, each with the cure that is built in; times are bounds, not measures. */
#include "client.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#define GET(path) "GET " path " HTTP/1.1\r\nHost: x\r\n\r\n"

enum { LOAD_MAX = 256, LOAD_MS = 1000 };

typedef struct {
    int64_t answers, slowest_ms;
} Load;

static int dial(uint16_t port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT(fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0);
    return fd;
}

typedef struct {
    struct pollfd fds[LOAD_MAX];
    int64_t sent_at[LOAD_MAX];
    size_t count;
    const char *request;
} Clients;

static void send_one(Clients *c, size_t i)
{
    c->sent_at[i] = ms_now();
    ASSERT(send(c->fds[i].fd, c->request, strlen(c->request), MSG_NOSIGNAL) > 0);
}

/* Takes what has come; again: sends the next request for each. */
static Load take_answers(Clients *c, bool again)
{
    Load load = {0};
    char buf[4096];
    (void)poll(c->fds, c->count, 100);
    for (size_t i = 0; i < c->count; i++) {
        if (!(c->fds[i].revents & POLLIN) || recv(c->fds[i].fd, buf, sizeof buf, 0) <= 0)
            continue;
        int64_t took = ms_now() - c->sent_at[i];
        load.slowest_ms = took > load.slowest_ms ? took : load.slowest_ms;
        load.answers++;
        if (again)
            send_one(c, i);
    }
    return load;
}

/* Closed loop: each connection sends its next request when the last was answered. */
static Load run_load(uint16_t port, size_t connections, const char *request)
{
    Clients c = {.count = connections, .request = request};
    ASSERT(connections <= LOAD_MAX);
    for (size_t i = 0; i < connections; i++)
        c.fds[i] = (struct pollfd){.fd = dial(port), .events = POLLIN};
    for (size_t i = 0; i < connections; i++)
        send_one(&c, i);
    /* All must have been accepted and answered once before it counts. */
    int64_t end = ms_now() + 5000;
    for (int64_t first = 0; first < (int64_t)connections && ms_now() < end;)
        first += take_answers(&c, false).answers;
    for (size_t i = 0; i < connections; i++)
        send_one(&c, i);
    Load load = {0};
    for (end = ms_now() + LOAD_MS; ms_now() < end;) {
        Load l = take_answers(&c, true);
        load.answers += l.answers;
        load.slowest_ms = l.slowest_ms > load.slowest_ms ? l.slowest_ms : load.slowest_ms;
    }
    for (size_t i = 0; i < connections; i++)
        (void)close(c.fds[i].fd);
    return load;
}

TEST(http_trap_128_ready_connections_do_not_stall)
{
    static const size_t rows[] = {127, 128, 256};
    App app;
    app_start(&app, NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        Load l = run_load(app_port(&app), rows[i], GET("/"));
        CHECK(l.answers > 1500, "%zu clients: %lld answers", rows[i], (long long)l.answers);
        CHECK(l.slowest_ms < 800, "%zu clients: slowest %lld ms", rows[i], (long long)l.slowest_ms);
    }
    app_stop(&app, 1000);
}

static void wake_all_job(void *arg)
{
    app_wake_all(arg);
}

TEST(http_trap_resumes_are_not_lost)
{
    enum { BATCH = 64, ROUNDS = 20 };
    App app;
    Arena a = {0};
    app_start(&app, NULL);
    Client c[BATCH];
    int64_t slowest = 0;
    for (int i = 0; i < BATCH; i++)
        c[i] = client_open(app_port(&app));
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < BATCH; i++)
            client_sendz(&c[i], GET("/hold"));
        app_wait_held(&app, BATCH);
        Thread waker;
        int64_t start = ms_now();
        thread_start(&waker, "waker", wake_all_job, &app);
        int ok = 0;
        for (int i = 0; i < BATCH; i++)
            ok += client_read(&a, &c[i], false).status == 201;
        int64_t took = ms_now() - start;
        slowest = took > slowest ? took : slowest;
        thread_join(&waker);
        CHECK(ok == BATCH, "round %d: %d answers", round, ok);
    }
    CHECK(slowest < 200, "slowest batch took %lld ms", (long long)slowest);
    for (int i = 0; i < BATCH; i++)
        client_close(&c[i]);
    app_stop(&app, 1000);
    arena_free(&a);
}

TEST(http_trap_posts_keep_the_connection)
{
    static const char post[] =
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        "Content-Length: 3\r\n\r\na=1";
    App app;
    Arena a = {0};
    app_start(&app, NULL);
    Client c = client_open(app_port(&app));
    for (int i = 0; i < 3; i++) {
        Reply r = client_ask(&a, &c, post);
        CHECK(r.status == 200 && str_has(r.body, "form a=1"), "request %d", i);
        CHECK(!str_has(r.head, "close"), "request %d keeps it", i);
    }
    client_close(&c);
    app_stop(&app, 1000);
    arena_free(&a);
}

static void hasty(HttpConfig *c)
{
    c->limits.head_ms = 400;
    c->limits.request_ms = 400;
    c->limits.idle_ms = 1000;
    c->limits.answer_ms = 400;
}

TEST(http_trap_drips_are_cut)
{
    static const struct {
        const char *first, *drip, *answer; /* drip: sent byte by byte for ever */
        int64_t least, most;
    } rows[] = {
        {"", "a", "408", 350, 1100},
        {"GET / HTTP/1.1\r\nHost: x\r\nX: ", "a", "408", 350, 1100},
        {"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"
         "Content-Type: application/x-www-form-urlencoded\r\n\r\n",
         "a", "408", 350, 1100},
        {"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
         "Content-Type: application/x-www-form-urlencoded\r\n\r\n",
         "0", "408", 350, 1100},
        {GET("/"), "G", "hello", 1300, 2600},
    };
    App app;
    app_start(&app, hasty);
    for (size_t i = 0; i < COUNT(rows); i++) {
        Client c = client_open(app_port(&app));
        int64_t start = ms_now();
        client_sendz(&c, rows[i].first);
        bool closed = false;
        char seen[8192];
        size_t len = 0;
        while (!closed && ms_now() - start < 5000) {
            (void)client_sendz(&c, rows[i].drip);
            struct pollfd p = {.fd = c.fd, .events = POLLIN};
            if (poll(&p, 1, 50) <= 0)
                continue;
            ssize_t n = recv(c.fd, seen + len, sizeof seen - len, 0);
            closed = n <= 0;
            len += n > 0 ? (size_t)n : 0;
        }
        int64_t took = ms_now() - start;
        CHECK(closed && took >= rows[i].least && took <= rows[i].most, "row %zu cut at %lld ms", i,
              (long long)took);
        CHECK(str_has((Str){seen, len}, rows[i].answer), "row %zu answer", i);
        client_close(&c);
    }
    app_stop(&app, 1000);
}

TEST(http_idle_connections_are_closed)
{
    App app;
    Arena a = {0};
    app_start(&app, hasty);
    Client c = client_open(app_port(&app));
    CHECK(client_ask(&a, &c, GET("/")).status == 200, "answered");
    int64_t start = ms_now();
    CHECK(client_is_closed(&c, 5000) && ms_now() - start > 500, "idle connection ends");
    client_close(&c);
    app_stop(&app, 1000);
    arena_free(&a);
}

TEST(http_answers_not_taken_are_cut)
{
    App app;
    Arena a = {0};
    Err err = {0};
    app_start(&app, hasty);
    /* Larger than what the kernel holds, small enough to earn only seconds. */
    size_t n = 12 << 20;
    char *bytes = arena_alloc(&a, n);
    memset(bytes, 'x', n);
    CHECK(file_write(str_fmt(&a, "%s/big", app.folder), (Str){bytes, n}, &err), "written");
    Client c = client_open(app_port(&app));
    client_sendz(&c, GET("/file/big"));
    sleep_ms(2500); /* idle_ms without taking a byte */
    int64_t got = 0;
    ssize_t k;
    while ((k = recv(c.fd, c.at, c.cap, 0)) > 0)
        got += k;
    CHECK(got < (int64_t)n, "only %lld of %zu came", (long long)got, n);
    client_close(&c);
    app_stop(&app, 1000);
    arena_free(&a);
}

static void two_loops(HttpConfig *c)
{
    c->loops = 2;
}

TEST(http_trap_two_loops_share_a_port)
{
    App app;
    app_start(&app, two_loops);
    bool seen[2] = {false, false};
    for (int i = 0; i < 200 && !(seen[0] && seen[1]); i++) {
        Arena a = {0};
        Reply r = ask(&a, app_port(&app), GET("/loop"));
        CHECK(r.status == 200, "request %d", i);
        seen[0] = seen[0] || str_has(r.body, "loop 0");
        seen[1] = seen[1] || str_has(r.body, "loop 1");
        arena_free(&a);
    }
    CHECK(seen[0] && seen[1], "both loops answered");
    app_stop(&app, 1000);
    CHECK(app.closed == 2, "both ended");
}

TEST(http_visitors_may_leave_while_waiting)
{
    App app;
    Arena a = {0};
    app_start(&app, NULL);
    for (int i = 0; i < 20; i++) {
        Client c = client_open(app_port(&app));
        client_sendz(&c, GET("/hold"));
        app_wait_held(&app, (size_t)i + 1);
        client_close(&c);
    }
    CHECK(app_held(&app) == 20, "all wait");
    app_wake_all(&app);
    Reply r = ask(&a, app_port(&app), GET("/"));
    CHECK(r.status == 200, "the server lives on");
    app_stop(&app, 1000);
    arena_free(&a);
}

TEST(http_stops_while_requests_wait)
{
    App app;
    Arena a = {0};
    app_start(&app, NULL);
    Client idle = client_open(app_port(&app));
    CHECK(client_ask(&a, &idle, GET("/")).status == 200, "one is idle");
    Client waiting[4];
    for (int i = 0; i < 4; i++) {
        waiting[i] = client_open(app_port(&app));
        client_sendz(&waiting[i], GET("/hold"));
    }
    app_wait_held(&app, 4);
    int64_t start = ms_now();
    http_stop(app.server, 300);
    int64_t took = ms_now() - start;
    CHECK(took >= 250 && took < 2000, "took %lld ms", (long long)took);
    for (int i = 0; i < 4; i++) {
        Reply r = client_read(&a, &waiting[i], false);
        CHECK(r.status == 503, "waiting %d got %d", i, r.status);
        client_close(&waiting[i]);
    }
    app_wake_all(&app); /* late wakers find no server, and no harm */
    CHECK(client_is_closed(&idle, 1000), "the idle one was closed");
    client_close(&idle);
    (void)rmdir(app.folder);
    mutex_free(&app.lock);
    arena_free(&a);
}

static void stop_job(void *arg)
{
    http_stop(arg, 3000);
}

TEST(http_stop_lets_requests_finish)
{
    App app;
    Arena a = {0};
    app_start(&app, NULL);
    Client c = client_open(app_port(&app));
    client_sendz(&c, GET("/hold"));
    app_wait_held(&app, 1);
    Thread stopper;
    thread_start(&stopper, "stopper", stop_job, app.server);
    sleep_ms(100);
    app_wake_all(&app);
    Reply r = client_read(&a, &c, false);
    CHECK(r.status == 201, "finished: %d", r.status);
    CHECK(str_eq(reply_header(&r, "connection"), STR("close")), "and closed");
    thread_join(&stopper);
    client_close(&c);
    (void)rmdir(app.folder);
    mutex_free(&app.lock);
    arena_free(&a);
}
