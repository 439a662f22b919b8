/* SPDX-License-Identifier: Apache-2.0 */
/* Against a small server on the loopback that misbehaves as the row says, a behaviour a connection.
 */
#include "fetch/fetch.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/thread.h"
#include "check.h"

enum { SEEN_MAX = 4096, BEHAVIOURS_MAX = 6, PATIENCE_MS = 5000 };

typedef enum {
    END, /* of the list */
    OK,
    CREATED,
    FAIL_500,
    BUSY_429,
    REDIRECT,
    HANG,
    HUGE_WITH_LENGTH,
    HUGE_WITHOUT_LENGTH,
    DROP,
    DROP_IN_BODY,
    GARBAGE,
    DRIP,
} Behaviour;

typedef struct {
    int listener;
    int port;
    const Behaviour *behaviours;
    _Atomic int served;
    char seen[SEEN_MAX]; /* the last request */
    size_t seen_len;
    Thread thread;
} Server;

static void send_text(int fd, const char *text)
{
    size_t len = strlen(text);
    while (len) {
        ssize_t n = send(fd, text, len, MSG_NOSIGNAL);
        if (n <= 0)
            return;
        text += n;
        len -= (size_t)n;
    }
}

static bool readable(int fd, int ms)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    return poll(&p, 1, ms) > 0;
}

static size_t wanted_length(Str request)
{
    size_t head = str_find(request, STR("\r\n\r\n"), 0);
    if (head == SIZE_MAX)
        return SIZE_MAX;
    size_t at = str_find(request, STR("Content-Length: "), 0);
    int64_t n = 0;
    size_t end = at == SIZE_MAX ? at : str_find(request, STR("\r"), at);
    if (at != SIZE_MAX && !str_int(str_slice(request, at + 16, end), &n))
        n = 0;
    return head + 4 + (size_t)n;
}

static void read_request(Server *s, int fd)
{
    s->seen_len = 0;
    while (s->seen_len < wanted_length((Str){s->seen, s->seen_len}) && s->seen_len < SEEN_MAX &&
           readable(fd, PATIENCE_MS)) {
        ssize_t n = recv(fd, s->seen + s->seen_len, SEEN_MAX - s->seen_len, 0);
        if (n <= 0)
            return;
        s->seen_len += (size_t)n;
    }
}

static void send_huge(int fd)
{
    char block[8192];
    memset(block, 'x', sizeof block);
    for (size_t sent = 0; sent <= FETCH_MAX_ANSWER + sizeof block; sent += sizeof block)
        if (send(fd, block, sizeof block, MSG_NOSIGNAL) <= 0)
            return;
}

static void wait_until_gone(int fd)
{
    char c;
    if (readable(fd, PATIENCE_MS))
        (void)!recv(fd, &c, 1, 0);
}

static void drip(int fd)
{
    send_text(fd, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
    for (int i = 0; i < 100 && !readable(fd, 20); i++)
        send_text(fd, "x");
}

static void behave(int fd, Behaviour b)
{
    switch (b) {
    case END: break;
    case OK:
        send_text(fd, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
                      "Content-Length: 11\r\n\r\n{\"ok\":true}");
        break;
    case CREATED: send_text(fd, "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"); break;
    case FAIL_500:
        send_text(fd, "HTTP/1.1 500 Oops\r\nConnection: close\r\nContent-Length: 4\r\n\r\noops");
        break;
    case BUSY_429: send_text(fd, "HTTP/1.1 429 Busy\r\nContent-Length: 0\r\n\r\n"); break;
    case REDIRECT:
        send_text(fd, "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n"
                      "Content-Length: 0\r\n\r\n");
        break;
    case HANG: wait_until_gone(fd); break;
    case HUGE_WITH_LENGTH:
        send_text(fd, "HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n");
        send_huge(fd);
        break;
    case HUGE_WITHOUT_LENGTH:
        send_text(fd, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
        send_huge(fd);
        break;
    case DROP: break;
    case DROP_IN_BODY: send_text(fd, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"); break;
    case GARBAGE: send_text(fd, "\x16\x03\x01 what is this?\r\n\r\n"); break;
    case DRIP: drip(fd); break;
    }
}

static void serve(void *arg)
{
    Server *s = arg;
    for (int i = 0; s->behaviours[i] != END; i++) {
        int fd = readable(s->listener, PATIENCE_MS) ? accept(s->listener, NULL, NULL) : -1;
        if (fd < 0)
            return;
        read_request(s, fd);
        atomic_fetch_add(&s->served, 1);
        behave(fd, s->behaviours[i]);
        close(fd);
    }
}

static void server_start(Server *s, const Behaviour *behaviours)
{
    *s = (Server){.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    s->behaviours = behaviours;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;
    struct sockaddr *address = (struct sockaddr *)(void *)&at;
    bool ok = s->listener >= 0 && bind(s->listener, address, sizeof at) == 0 &&
              listen(s->listener, 8) == 0 && getsockname(s->listener, address, &len) == 0;
    CHECK(ok, "a listener on the loopback");
    s->port = ntohs(at.sin_port);
    thread_start(&s->thread, "server", serve, s);
}

static void server_stop(Server *s)
{
    shutdown(s->listener, SHUT_RDWR); /* ends a wait for connections that will not come */
    thread_join(&s->thread);
    close(s->listener);
}

static Str url_of(Arena *a, int port)
{
    return str_fmt(a, "http://127.0.0.1:%d/facts?id=1", port);
}

static const struct {
    const char *name, *method;
    Behaviour behaviours[BEHAVIOURS_MAX];
    int retries;
    int64_t total_ms;
    /* wanted */
    ErrCode code;
    int status, tries, served;
    bool unknown;
} rows[] = {
    {"fine", "GET", {OK}, 0, 0, ERR_NONE, 200, 1, 1, false},
    {"created", "POST", {CREATED}, 0, 0, ERR_NONE, 201, 1, 1, false},
    {"500 then fine", "GET", {FAIL_500, OK}, 2, 0, ERR_NONE, 200, 2, 2, false},
    {"429 then fine", "GET", {BUSY_429, OK}, 1, 0, ERR_NONE, 200, 2, 2, false},
    {"500 for ever", "GET", {FAIL_500, FAIL_500, FAIL_500}, 2, 0, ERR_NONE, 500, 3, 3, false},
    {"500 is not retried", "GET", {FAIL_500, OK}, 0, 0, ERR_NONE, 500, 1, 1, false},
    {"no redirects", "GET", {REDIRECT, OK}, 1, 0, ERR_NONE, 302, 1, 1, false},
    {"dropped then fine", "GET", {DROP, OK}, 1, 0, ERR_NONE, 200, 2, 2, false},
    {"dropped", "POST", {DROP}, 0, 0, ERR_UNAVAILABLE, 0, 1, 1, true},
    {"dropped in the body", "POST", {DROP_IN_BODY}, 0, 0, ERR_UNAVAILABLE, 0, 1, 1, true},
    {"hangs", "POST", {HANG}, 0, 200, ERR_UNAVAILABLE, 0, 1, 1, true},
    {"hangs, retries in time", "GET", {HANG}, 5, 200, ERR_UNAVAILABLE, 0, 1, 1, true},
    {"drips", "GET", {DRIP}, 0, 200, ERR_UNAVAILABLE, 0, 1, 1, true},
    {"huge", "GET", {HUGE_WITH_LENGTH}, 3, 0, ERR_LIMIT, 0, 1, 1, true},
    {"huge, length unsaid", "GET", {HUGE_WITHOUT_LENGTH}, 3, 0, ERR_LIMIT, 0, 1, 1, true},
    {"garbage", "GET", {GARBAGE}, 0, 0, ERR_UNAVAILABLE, 0, 1, 1, true},
    {"garbage then fine", "GET", {GARBAGE, OK}, 1, 0, ERR_NONE, 200, 2, 2, false},
};

TEST(fetch_behaviours)
{
    Fetcher *f = fetch_new();
    for (size_t i = 0; i < COUNT(rows); i++) {
        Arena a = {0};
        Server s;
        Err err = {0};
        FetchAnswer got;
        server_start(&s, rows[i].behaviours);
        FetchCall call = {.method = str_z(rows[i].method), .url = url_of(&a, s.port)};
        call.retries = rows[i].retries;
        call.total_ms = rows[i].total_ms;
        call.backoff_ms = 4;
        bool ok = fetch_call(&a, f, &call, &got, &err);
        server_stop(&s);
        CHECK(ok == (rows[i].code == ERR_NONE) && err.code == rows[i].code, "%s: %s", rows[i].name,
              err.msg);
        CHECK(got.status == rows[i].status, "%s: status %d", rows[i].name, got.status);
        CHECK(got.tries == rows[i].tries, "%s: %d tries", rows[i].name, got.tries);
        CHECK(s.served == rows[i].served, "%s: %d served", rows[i].name, s.served);
        CHECK(got.unknown == rows[i].unknown, "%s: unknown is %d", rows[i].name, got.unknown);
        int64_t most = rows[i].total_ms ? rows[i].total_ms + 1000 : 5000;
        CHECK(got.took_ms <= most, "%s: took %d ms", rows[i].name, (int)got.took_ms);
        CHECK(str_find(str_z(err.msg), STR("id=1"), 0) == SIZE_MAX, "%s: %s", rows[i].name,
              err.msg);
        arena_free(&a);
    }
    fetch_free(f);
}

static bool has(const Server *s, const char *text)
{
    return str_find((Str){s->seen, s->seen_len}, str_z(text), 0) != SIZE_MAX;
}

TEST(fetch_sends_what_is_asked)
{
    static const Behaviour once[] = {OK, END};
    Arena a = {0};
    Server s;
    Err err = {0};
    FetchAnswer got;
    Fetcher *f = fetch_new();
    server_start(&s, once);
    FetchHeader headers[] = {{STR("Content-Type"), STR("application/json")},
                             {STR("X-Purpose"), STR("核验")},
                             {STR("X-Empty"), STR("")}};
    FetchCall call = {.method = STR("POST"), .url = url_of(&a, s.port), .body = STR("{\"a\":1}")};
    call.headers = headers;
    call.header_count = COUNT(headers);
    CHECK(fetch_call(&a, f, &call, &got, &err), "%s", err.msg);
    server_stop(&s);
    CHECK(has(&s, "POST /facts?id=1 HTTP/1.1\r\n") && has(&s, "\r\n\r\n{\"a\":1}"), "%.*s",
          (int)s.seen_len, s.seen);
    CHECK(has(&s, "Content-Type: application/json\r\n") && has(&s, "X-Purpose: 核验\r\n"), "%.*s",
          (int)s.seen_len, s.seen);
    CHECK(has(&s, "X-Empty:\r\n") && !has(&s, "Expect") && !has(&s, "urlencoded"), "%.*s",
          (int)s.seen_len, s.seen);
    CHECK(str_eq(got.body, STR("{\"ok\":true}")), STR_FMT, STR_ARG(got.body));
    CHECK(str_eq(got.content_type, STR("application/json")), STR_FMT, STR_ARG(got.content_type));
    fetch_free(f);
    arena_free(&a);
}

TEST(fetch_ignores_proxies_of_the_environment)
{
    static const Behaviour once[] = {OK, END};
    Arena a = {0};
    Server s;
    Err err = {0};
    FetchAnswer got;
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    Fetcher *f = fetch_new();
    server_start(&s, once);
    FetchCall call = {.method = STR("GET"), .url = url_of(&a, s.port)};
    CHECK(fetch_call(&a, f, &call, &got, &err) && got.status == 200, "%s", err.msg);
    server_stop(&s);
    unsetenv("http_proxy");
    fetch_free(f);
    arena_free(&a);
}

TEST(fetch_nobody_listens)
{
    static const Behaviour none[] = {END};
    Arena a = {0};
    Server s;
    Err err = {0};
    FetchAnswer got;
    server_start(&s, none); /* for a port that is free afterwards */
    server_stop(&s);
    Fetcher *f = fetch_new();
    FetchCall call = {.method = STR("POST"), .url = url_of(&a, s.port), .retries = 2};
    call.backoff_ms = 4;
    CHECK(!fetch_call(&a, f, &call, &got, &err) && err.code == ERR_UNAVAILABLE, "%s", err.msg);
    CHECK(got.tries == 3 && !got.unknown && got.status == 0, "%d tries, unknown %d", got.tries,
          got.unknown);
    CHECK(got.took_ms >= 2 + 4, "pauses were made: %d ms", (int)got.took_ms);
    fetch_free(f);
    arena_free(&a);
}

TEST(fetch_refuses_wrong_calls)
{
    static const FetchHeader split = {STR_INIT("X-A"), STR_INIT("b\r\nX-C: d")};
    static const FetchHeader spaced = {STR_INIT("X A"), STR_INIT("b")};
    static const struct {
        const char *method, *url;
        const FetchHeader *header;
        int retries;
        ErrCode code;
    } wrong[] = {
        {"GET", "file:///etc/passwd", NULL, 0, ERR_INPUT},
        {"GET", "ftp://127.0.0.1/", NULL, 0, ERR_INPUT},
        {"GET", "http://127.0.0.1:99999/", NULL, 0, ERR_INPUT},
        {"GET", "http://127.0.0.1/a b", NULL, 0, ERR_INPUT},
        {"GET", "http://127.0.0.1/\r\nX: y", NULL, 0, ERR_INPUT},
        {"GET X", "http://127.0.0.1/", NULL, 0, ERR_INPUT},
        {"", "http://127.0.0.1/", NULL, 0, ERR_INPUT},
        {"GET", "http://127.0.0.1/", &split, 0, ERR_INPUT},
        {"GET", "http://127.0.0.1/", &spaced, 0, ERR_INPUT},
        {"GET", "http://127.0.0.1/", NULL, FETCH_MAX_RETRIES + 1, ERR_LIMIT},
    };
    Arena a = {0};
    Fetcher *f = fetch_new();
    for (size_t i = 0; i < COUNT(wrong); i++) {
        Err err = {0};
        FetchAnswer got;
        FetchCall call = {.method = str_z(wrong[i].method), .url = str_z(wrong[i].url)};
        call.headers = wrong[i].header;
        call.header_count = wrong[i].header != NULL;
        call.retries = wrong[i].retries;
        bool ok = fetch_call(&a, f, &call, &got, &err);
        CHECK(!ok && err.code == wrong[i].code && !got.unknown, "%s %s: %s", wrong[i].method,
              wrong[i].url, err.msg);
    }
    fetch_free(f);
    arena_free(&a);
}

enum { CALLERS = 4 };

typedef struct {
    int port, status;
} Caller;

static void call_once(void *arg)
{
    Caller *c = arg;
    Arena a = {0};
    Err err = {0};
    FetchAnswer got;
    Fetcher *f = fetch_new();
    FetchCall call = {.method = STR("GET"), .url = url_of(&a, c->port)};
    if (fetch_call(&a, f, &call, &got, &err))
        c->status = got.status;
    fetch_free(f);
    arena_free(&a);
}

TEST(fetch_by_many_threads)
{
    static const Behaviour each[] = {OK, OK, OK, OK, END};
    Server s;
    Caller callers[CALLERS];
    Thread threads[CALLERS];
    server_start(&s, each);
    for (int i = 0; i < CALLERS; i++) {
        callers[i] = (Caller){s.port, 0};
        thread_start(&threads[i], "caller", call_once, &callers[i]);
    }
    for (int i = 0; i < CALLERS; i++)
        thread_join(&threads[i]);
    server_stop(&s);
    for (int i = 0; i < CALLERS; i++)
        CHECK(callers[i].status == 200, "caller %d: %d", i, callers[i].status);
}
