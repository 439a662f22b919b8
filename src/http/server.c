/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The server and its loops. The library is driven from our own poll over two descriptors: its epoll
 * and our bell. It must not wait by itself: with a ready count that is a multiple of 128 it sleeps
 * on a full list, and it misses resumes (both measured, both stall for a second).
 *
 * Stop: the listeners close, idle connections are shut, running requests go on until the deadline;
 * what still waits then is answered 503 and its exchange is left to whoever wakes it.
 */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "http/http_int.h"
#include "http/stream.h"

enum {
    POOL_PER_CONNECTION = 32 << 10, /* of the library: head, header list and answer's head */
    LISTEN_BACKLOG = 1024,
    SWEEP_LONGEST_MS = 1000,
    SWEEP_SHORTEST_MS = 20,
    FLUSH_ROUNDS = 50, /* of 10 ms: for the last answers of a stopping server */
    FLUSH_MS = 10,
};

static int64_t now_ms(void)
{
    return clock_monotonic_us() / 1000;
}

/* ---- sockets ---- */

/* The port stands at the same place in both kinds of address. */
#define PORT_AT offsetof(struct sockaddr_in, sin_port)
_Static_assert(PORT_AT == offsetof(struct sockaddr_in6, sin6_port), "one place for the port");

static bool resolve(Str address, uint16_t port, struct sockaddr_storage *out, socklen_t *len,
                    Err *err)
{
    Arena a = {0};
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_PASSIVE, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    int rc = getaddrinfo(str_cstr(&a, address), NULL, &hints, &found);
    arena_free(&a);
    if (rc != 0)
        return FAIL(err, ERR_INPUT, "not an address: '" STR_FMT "'", STR_ARG(address));
    memcpy(out, found->ai_addr, found->ai_addrlen);
    *len = found->ai_addrlen;
    freeaddrinfo(found);
    uint16_t there = htons(port);
    memcpy((char *)out + PORT_AT, &there, sizeof there);
    return true;
}

static bool open_socket(const struct sockaddr_storage *addr, socklen_t len, bool shared, int *fd,
                        Err *err)
{
    int on = 1;
    int s = socket(addr->ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (s < 0)
        return FAIL(err, ERR_INTERNAL, "socket: %s", strerrorname_np(errno));
    (void)setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (shared)
        (void)setsockopt(s, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    if (bind(s, (const struct sockaddr *)addr, len) != 0 || listen(s, LISTEN_BACKLOG) != 0) {
        int error = errno;
        (void)close(s);
        return FAIL(err, error == EADDRINUSE ? ERR_CONFLICT : ERR_INTERNAL, "cannot listen: %s",
                    strerrorname_np(error));
    }
    *fd = s;
    return true;
}

/* Ports shared between loops could be shared with a second server by mistake: a look without
 * sharing tells. */
static bool port_is_free(const struct sockaddr_storage *addr, socklen_t len, Err *err)
{
    int fd = -1;
    if (!open_socket(addr, len, false, &fd, err))
        return false;
    (void)close(fd);
    return true;
}

static bool listen_all(HttpServer *s, Err *err)
{
    struct sockaddr_storage addr = {0};
    socklen_t len = 0;
    const HttpConfig *c = &s->config;
    if (!resolve(c->address, c->port, &addr, &len, err) ||
        (c->port && !port_is_free(&addr, len, err)))
        return false;
    for (int i = 0; i < s->loop_count; i++) {
        if (!open_socket(&addr, len, true, &s->loops[i].listen_fd, err))
            return false;
        if (getsockname(s->loops[i].listen_fd, (struct sockaddr *)&addr, &len) != 0)
            return FAIL(err, ERR_INTERNAL, "getsockname: %s", strerrorname_np(errno));
    }
    uint16_t port;
    memcpy(&port, (const char *)&addr + PORT_AT, sizeof port);
    s->port = ntohs(port);
    return true;
}

/* ---- one loop ---- */

static enum MHD_Result accept_policy(void *cls, const struct sockaddr *addr, socklen_t len)
{
    (void)len;
    const Loop *l = cls;
    return addresses_is_shut(l->server->addresses, address_key(addr)) ? MHD_NO : MHD_YES;
}

/* Targets are decoded by us, once. */
static size_t keep_escaped(void *cls, struct MHD_Connection *mhd, char *text)
{
    (void)cls, (void)mhd;
    return strlen(text);
}

static bool start_daemon(Loop *l, Err *err)
{
    const HttpLimits *limits = &l->server->config.limits;
    unsigned most = limits->connections + HTTP_GRACE_TOTAL + 1;
    unsigned idle_s = (unsigned)((limits->idle_ms + MS_SECOND - 1) / MS_SECOND);
    l->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, accept_policy, l, request_handle, l,
        MHD_OPTION_LISTEN_SOCKET, l->listen_fd, MHD_OPTION_CONNECTION_LIMIT, most,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)POOL_PER_CONNECTION,
        MHD_OPTION_CONNECTION_TIMEOUT, idle_s, MHD_OPTION_NOTIFY_CONNECTION, conn_notify, l,
        MHD_OPTION_NOTIFY_COMPLETED, request_completed, l, MHD_OPTION_URI_LOG_CALLBACK,
        request_target, l, MHD_OPTION_UNESCAPE_CALLBACK, keep_escaped, NULL,
        MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_END);
    if (!l->daemon)
        return FAIL(err, ERR_INTERNAL, "cannot start the http library");
    l->epoll_fd = MHD_get_daemon_info(l->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    return true;
}

static void answer_bell(Loop *l)
{
    Exchange *x;
    HttpStream *st;
    bell_take(l->bell, &x, &st);
    while (x) {
        Exchange *next = x->next;
        HttpConnection *c = x->rq.connection;
        atomic_store(&x->wait, EXCHANGE_LIVE);
        x->phase = EXCHANGE_RESUMED;
        l->waiting--;
        c->suspended = false;
        MHD_resume_connection(c->mhd);
        x = next;
    }
    while (st)
        st = stream_answer_bell(st);
}

static int poll_timeout(Loop *l)
{
    MHD_UNSIGNED_LONG_LONG theirs;
    int64_t ms = l->sweep_at - l->now;
    if (MHD_get_timeout(l->daemon, &theirs) == MHD_YES && (int64_t)theirs < ms)
        ms = (int64_t)theirs;
    return ms < 0 ? 0 : (int)ms;
}

static void turn(Loop *l)
{
    struct pollfd fds[2] = {{.fd = l->epoll_fd, .events = POLLIN},
                            {.fd = bell_fd(l->bell), .events = POLLIN}};
    (void)poll(fds, COUNT(fds), poll_timeout(l));
    l->now = now_ms();
    if (fds[1].revents)
        answer_bell(l);
    if (MHD_run(l->daemon) != MHD_YES)
        log_error("http loop=%d the library failed", l->index);
    if (l->now >= l->sweep_at) {
        l->sweep_at = l->now + l->server->sweep_ms;
        loop_sweep(l);
    }
}

static void stop_accepting(Loop *l)
{
    l->stopping = true;
    int fd = MHD_quiesce_daemon(l->daemon);
    if (fd >= 0)
        (void)close(fd);
    for (HttpConnection *c = l->connections; c; c = c->next) {
        if (c->stream)
            stream_leave(c->stream);
        else if (c->phase == CONN_IDLE || (c->phase == CONN_HEAD && !c->x))
            (void)shutdown(c->fd, SHUT_RDWR);
    }
}

/* The time is over: whoever still waits is told so, and its exchange is left to its waker. */
static void leave_waiting(Loop *l)
{
    for (HttpConnection *c = l->connections; c; c = c->next) {
        int live = EXCHANGE_LIVE;
        Exchange *x = c->x;
        if (!c->suspended || !x || x->phase != EXCHANGE_WAITING)
            continue;
        if (!atomic_compare_exchange_strong(&x->wait, &live, EXCHANGE_LEFT))
            continue; /* rung: it comes with the bell */
        c->x = NULL;
        c->suspended = false;
        l->waiting--;
        MHD_resume_connection(c->mhd);
    }
}

static bool is_busy(const Loop *l)
{
    for (const HttpConnection *c = l->connections; c; c = c->next)
        if (c->phase != CONN_IDLE && !(c->phase == CONN_HEAD && !c->x))
            return true;
    return false;
}

static void wind_down(Loop *l)
{
    stop_accepting(l);
    int64_t end = atomic_load(&l->server->stop_at);
    while (is_busy(l) && l->now < end) {
        if (l->sweep_at > end)
            l->sweep_at = end;
        turn(l);
    }
    bool had_waiting = l->waiting > 0;
    l->left = true;
    while (l->waiting > 0) {
        leave_waiting(l);
        l->sweep_at = l->now + FLUSH_MS;
        turn(l);
    }
    for (int i = 0; i < FLUSH_ROUNDS && had_waiting && is_busy(l); i++) {
        l->sweep_at = l->now + FLUSH_MS;
        turn(l);
    }
    bell_close(l->bell);
    for (HttpConnection *c = l->connections; c; c = c->next)
        if (c->stream)
            stream_leave(c->stream); /* nothing may be suspended when the library stops */
    answer_bell(l);
    (void)MHD_run(l->daemon);
}

static void say_ready(Loop *l, bool ok)
{
    HttpServer *s = l->server;
    mutex_lock(&s->lock);
    s->ready++;
    s->failed += !ok;
    cond_broadcast(&s->changed);
    mutex_unlock(&s->lock);
}

static void run_loop(void *arg)
{
    Loop *l = arg;
    const HttpConfig *c = &l->server->config;
    bool opened = !c->loop_open || c->loop_open(c->app, &l->app_state, &l->err);
    bool ok = opened && start_daemon(l, &l->err);
    l->now = now_ms();
    l->sweep_at = l->now + l->server->sweep_ms;
    say_ready(l, ok);
    while (ok && !atomic_load(&l->server->stopping))
        turn(l);
    if (ok) {
        wind_down(l);
        MHD_stop_daemon(l->daemon);
    } else if (l->listen_fd >= 0) {
        (void)close(l->listen_fd);
    }
    if (opened && c->loop_close)
        c->loop_close(c->app, l->app_state);
}

/* ---- the server ---- */

static void release_loop(Loop *l)
{
    while (l->free_exchanges) {
        Exchange *x = l->free_exchanges;
        l->free_exchanges = x->next;
        exchange_free(x);
    }
    gzip_free(l->gzip);
    bell_drop(l->bell);
    arena_free(&l->arena);
}

static void release(HttpServer *s)
{
    for (int i = 0; i < s->loop_count; i++)
        release_loop(&s->loops[i]);
    addresses_free(s->addresses);
    guesses_free(s->guesses);
    cond_free(&s->changed);
    mutex_free(&s->lock);
    Arena a = s->arena;
    arena_free(&a);
}

static void prepare(HttpServer *s, const HttpConfig *config)
{
    const HttpLimits *l = &config->limits;
    int64_t shortest = l->head_ms < l->request_ms ? l->head_ms : l->request_ms;
    shortest = l->idle_ms < shortest ? l->idle_ms : shortest;
    shortest = l->answer_ms < shortest ? l->answer_ms : shortest;
    s->sweep_ms = shortest / 4;
    if (s->sweep_ms > SWEEP_LONGEST_MS)
        s->sweep_ms = SWEEP_LONGEST_MS;
    if (s->sweep_ms < SWEEP_SHORTEST_MS)
        s->sweep_ms = SWEEP_SHORTEST_MS;
    s->config = *config;
    s->config.address = str_dup(&s->arena, config->address);
    s->config.upload_folder = str_dup(&s->arena, config->upload_folder);
    s->addresses = addresses_new(&s->arena, l, !config->trust_forwarded);
    s->guesses = guesses_new(&s->arena, l);
    mutex_init(&s->lock);
    cond_init(&s->changed);
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    s->loop_count = config->loops > 0 ? config->loops : (int)cores;
    if (s->loop_count > HTTP_LOOPS_MAX)
        s->loop_count = HTTP_LOOPS_MAX;
    for (int i = 0; i < s->loop_count; i++) {
        s->loops[i] = (Loop){.server = s, .index = i, .listen_fd = -1, .epoll_fd = -1};
        s->loops[i].bell = bell_new();
        s->loops[i].gzip = gzip_new(&s->loops[i].arena);
    }
}

static void join_loops(HttpServer *s)
{
    for (int i = s->loop_count - 1; i >= 0; i--)
        thread_join(&s->loops[i].thread);
}

static bool start_loops(HttpServer *s, Err *err)
{
    for (int i = 0; i < s->loop_count; i++)
        thread_start(&s->loops[i].thread, "http", run_loop, &s->loops[i]);
    mutex_lock(&s->lock);
    while (s->ready < s->loop_count)
        cond_wait(&s->changed, &s->lock);
    bool ok = s->failed == 0;
    mutex_unlock(&s->lock);
    if (ok)
        return true;
    atomic_store(&s->stopping, true);
    for (int i = 0; i < s->loop_count; i++)
        bell_ring(s->loops[i].bell);
    join_loops(s);
    for (int i = 0; i < s->loop_count; i++)
        if (s->loops[i].err.code && err)
            *err = s->loops[i].err;
    return false;
}

static bool prepare_uploads(Str folder, Err *err)
{
    if (folder.len == 0)
        return true;
    if (!file_make_folder(folder, err))
        return false;
    upload_clean(folder);
    return true;
}

bool http_start(HttpServer **server, const HttpConfig *config, Err *err)
{
    if (!limits_check(&config->limits, err) || !prepare_uploads(config->upload_folder, err))
        return false;
    /* A visitor who leaves while we write must not end the process. */
    (void)sigaction(SIGPIPE, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
    Arena a = {0};
    HttpServer *s = NEW(&a, HttpServer);
    s->arena = a;
    prepare(s, config);
    bool compiled = routes_compile(&s->arena, config->routes, config->route_count, &s->routes, err);
    if (!compiled || !listen_all(s, err)) {
        for (int i = 0; i < s->loop_count; i++)
            if (s->loops[i].listen_fd >= 0)
                (void)close(s->loops[i].listen_fd);
        release(s);
        return false;
    }
    if (!start_loops(s, err)) {
        release(s);
        return false;
    }
    *server = s;
    return true;
}

uint16_t http_port(const HttpServer *s)
{
    return s->port;
}

void http_stop(HttpServer *s, int64_t wait_ms)
{
    atomic_store(&s->stop_at, now_ms() + wait_ms);
    atomic_store(&s->stopping, true);
    for (int i = 0; i < s->loop_count; i++)
        bell_ring(s->loops[i].bell);
    join_loops(s);
    release(s);
}
