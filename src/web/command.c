/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A use case from a handler: it goes to the committer, the connection sleeps, the committer wakes
 * it after the commit, and `then` answers on the loop thread.
 */
#include "web/web_int.h"

enum { KEY_MAX = 100 };

static void wake(Op *op)
{
    http_wake(op->user);
}

static HttpNext submit(HttpRequest *rq, HttpResponse *rs, const char *name, UseCase *run,
                       const Value *in, Str key, HttpHandler *then)
{
    Visit *v = visit_of(rq);
    op_init(&v->op, rq->arena, v->web->app, &v->actor);
    op_ask(&v->op, name, run, in, key);
    rq->then = then;
    if (op_submit(&v->op, wake, rq))
        return HTTP_WAIT;
    rq->then = NULL;
    return web_status(rq, rs, 503, NULL);
}

HttpNext web_command(HttpRequest *rq, HttpResponse *rs, const char *name, UseCase *run,
                     const Value *in, HttpHandler *then)
{
    Str key = http_form(rq, "_key");
    if (!key.len)
        key = http_header(rq, "Idempotency-Key");
    if (key.len > KEY_MAX)
        return web_status(rq, rs, 422, "http.422.text");
    return submit(rq, rs, name, run, in, key, then);
}

HttpNext web_command_keyed(HttpRequest *rq, HttpResponse *rs, const char *name, UseCase *run,
                           const Value *in, Str key, HttpHandler *then)
{
    return submit(rq, rs, name, run, in, key, then);
}

HttpNext web_command_each_time(HttpRequest *rq, HttpResponse *rs, const char *name, UseCase *run,
                               const Value *in, HttpHandler *then)
{
    return submit(rq, rs, name, run, in, STR(""), then);
}
