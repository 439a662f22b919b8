/* SPDX-License-Identifier: Apache-2.0 */
/* Systems of other departments tell processes what has happened: messages and signals. */
#include "services/message/message.h"
#include "web/pages.h"

static HttpNext told(HttpRequest *rq, HttpResponse *rs)
{
    HttpNext next;
    return web_command_ok(rq, rs, &next) ? web_json(rq, rs, 200, visit_of(rq)->op.out) : next;
}

static HttpNext tell(HttpRequest *rq, HttpResponse *rs, const char *name, UseCase *run)
{
    Value *in;
    Err err = {0};
    if (!web_input(rq, &in, &err))
        return web_error(rq, rs, &err);
    return web_command(rq, rs, name, run, in, told);
}

HttpNext web_message_publish(HttpRequest *rq, HttpResponse *rs)
{
    return tell(rq, rs, "message.publish", message_publish);
}

HttpNext web_message_signal(HttpRequest *rq, HttpResponse *rs)
{
    return tell(rq, rs, "message.signal", message_signal);
}
