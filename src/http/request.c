/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the library calls. Its first call for a request comes when the head is whole; an answer
 * given there closes the connection, so only a refusal that must close it is given there. Then come
 * the pieces of the body, then a call with none, where the handler runs; after a suspended
 * connection was resumed, that last call comes again.
 */
#include "base/log.h"
#include "http/http_int.h"

/* The library would split the query into a list in the connection's small memory, and stall when a
 * hostile one does not fit. We read the query ourselves; it gets an empty one. The text is the
 * connection's own buffer: const only in the callback's type. */
static void hide_query(const char *uri)
{
    char *text;
    memcpy(&text, &uri, sizeof text);
    char *question = text ? strchr(text, '?') : NULL;
    if (question)
        question[1] = '\0';
}

void *request_target(void *cls, const char *uri, struct MHD_Connection *mhd)
{
    Loop *l = cls;
    HttpConnection *c = conn_of(mhd);
    if (!c || c->x)
        return c;
    Exchange *x = exchange_take(l);
    x->rq.connection = c;
    x->target_at = uri;
    x->rq.raw_target = str_dup(&x->arena, str_z(uri ? uri : ""));
    hide_query(uri);
    c->x = x;
    return c;
}

static void run(Exchange *x, HttpHandler *handler)
{
    HttpConnection *c = x->rq.connection;
    x->rs = (HttpResponse){.status = 200, .content_type = STR("text/html; charset=utf-8")};
    x->phase = EXCHANGE_WAITING;
    x->loop->waiting++;
    if (handler(&x->rq, &x->rs) == HTTP_DONE) {
        ASSERT(atomic_load(&x->wait) == EXCHANGE_LIVE); /* woken, but did not wait */
        x->loop->waiting--;
        x->phase = EXCHANGE_RESUMED;
        return;
    }
    ASSERT(x->rq.then);
    c->suspended = true;
    MHD_suspend_connection(c->mhd);
}

static void dispatch(Exchange *x)
{
    const HttpConfig *config = &x->loop->server->config;
    x->rq.at = clock_now(config->clock);
    x->rs = (HttpResponse){.status = 200, .content_type = STR("text/html; charset=utf-8")};
    if (config->before && !config->before(&x->rq, &x->rs)) {
        x->phase = EXCHANGE_RESUMED;
        return;
    }
    run(x, x->rq.route->handler);
}

static int64_t now_ms(void)
{
    return clock_monotonic_us() / 1000;
}

static bool is_guessed(const Exchange *x)
{
    return x->rq.route && (x->rq.route->flags & (HTTP_ROUTE_GUESSED | HTTP_ROUTE_TOKEN));
}

/* Who has shown a good token may be wrong otherwise as often as it likes, and who shows none does
 * not guess. */
static bool is_miss(const Exchange *x, int status)
{
    if (!is_guessed(x))
        return false;
    if (x->rq.route->flags & HTTP_ROUTE_GUESSED)
        return status >= 400 && status < 500;
    return status == 401 && http_header(&x->rq, "authorization").len > 0;
}

/* An address that was wrong too often waits. */
static void refuse_guesser(Exchange *x)
{
    if (!is_guessed(x))
        return;
    x->retry_ms = guesses_wait_ms(x->loop->server->guesses, peer_key(x->rq.peer), now_ms());
    if (x->retry_ms > 0)
        refuse(x, 429, "too many wrong guesses from this address");
}

static enum MHD_Result answer(Exchange *x)
{
    int status = x->rs.status;
    if (!x->refusal && is_miss(x, status))
        guesses_missed(x->loop->server->guesses, peer_key(x->rq.peer), now_ms());
    return response_queue(x);
}

/* Head and body are there. */
static enum MHD_Result complete(Exchange *x)
{
    conn_phase(x->rq.connection, CONN_WORK, -1);
    body_finish(x);
    if (!x->refusal)
        refuse_guesser(x);
    if (x->loop->left)
        refuse(x, 503, "the server is stopping");
    if (x->refusal) {
        response_refuse(x);
        return response_queue(x);
    }
    dispatch(x);
    return x->phase == EXCHANGE_WAITING ? MHD_YES : answer(x);
}

static enum MHD_Result go_on(Exchange *x)
{
    HttpHandler *then = x->rq.then;
    x->rq.then = NULL;
    run(x, then);
    return x->phase == EXCHANGE_WAITING ? MHD_YES : answer(x);
}

static enum MHD_Result begin(Exchange *x, const char *method, const char *version)
{
    HttpConnection *c = x->rq.connection;
    x->phase = EXCHANGE_BODY;
    if (!head_read(x, method, version)) {
        x->close = true;
        response_refuse(x);
        return response_queue(x);
    }
    conn_phase(c, CONN_BODY, x->loop->server->config.limits.request_ms);
    return MHD_YES;
}

static enum MHD_Result take_body(Exchange *x, Str bytes)
{
    HttpConnection *c = x->rq.connection;
    if (c->deadline != INT64_MAX) /* cut already */
        c->deadline += (int64_t)bytes.len * MS_SECOND / HTTP_SLOWEST_BYTES;
    if (body_feed(x, bytes))
        return MHD_YES;
    response_cut(c, x->refusal);
    return MHD_NO;
}

/* NOLINTNEXTLINE(readability-function-size): the library's signature */
enum MHD_Result request_handle(void *cls, struct MHD_Connection *mhd, const char *url,
                               const char *method, const char *version, const char *data,
                               size_t *size, void **ctx)
{
    (void)cls, (void)url;
    HttpConnection *c = *ctx;
    if (!c || !c->x)
        return response_plain(mhd, 503); /* left behind by a stopping server */
    if (c->refusal)
        return response_plain(mhd, c->refusal);
    Exchange *x = c->x;
    if (x->phase == EXCHANGE_NEW)
        return begin(x, method, version);
    if (*size) {
        Str bytes = {data, *size};
        *size = 0;
        return take_body(x, bytes);
    }
    switch (x->phase) {
    case EXCHANGE_BODY: return complete(x);
    case EXCHANGE_RESUMED: return go_on(x);
    case EXCHANGE_NEW:
    case EXCHANGE_WAITING:
    case EXCHANGE_ANSWERED: return MHD_YES;
    }
    return MHD_NO;
}

void request_completed(void *cls, struct MHD_Connection *mhd, void **ctx,
                       enum MHD_RequestTerminationCode why)
{
    (void)mhd, (void)why;
    Loop *l = cls;
    HttpConnection *c = *ctx;
    if (!c)
        return;
    const HttpLimits *limits = &l->server->config.limits;
    c->stream = NULL;
    conn_phase(c, CONN_IDLE, limits->idle_ms + limits->head_ms);
    if (c->x) {
        ASSERT(c->x->phase != EXCHANGE_WAITING); /* a suspended connection does not end */
        exchange_recycle(c->x);
        c->x = NULL;
    }
}
