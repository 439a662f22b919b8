/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One page for everything that could not be shown, in the visitor's words; programs get problem
 * details (RFC 9457). err->msg is for the log and never shown.
 */
#include "base/log.h"
#include "web/web_int.h"
#include "json/json.h"

static int status_of(ErrCode code)
{
    switch (code) {
    case ERR_INPUT: return 422;
    case ERR_DENIED: return 403;
    case ERR_NOT_FOUND: return 404;
    case ERR_CONFLICT: return 409;
    case ERR_LIMIT: return 413;
    case ERR_UNAVAILABLE: return 503;
    case ERR_STORAGE: return 507;
    case ERR_UNREADABLE: return 501;
    case ERR_NONE:
    case ERR_INTERNAL: break;
    }
    return 500;
}

/* Statuses without texts of their own speak as their class does. */
static const char *key_of(HttpRequest *rq, int status, const char *part)
{
    const Visit *v = visit_of(rq);
    const char *key = str_cstr(rq->arena, str_fmt(rq->arena, "http.%d.%s", status, part));
    if (value_at(v->web->texts[v->lang], key))
        return key;
    return str_cstr(rq->arena, str_fmt(rq->arena, "http.%d.%s", status < 500 ? 400 : 500, part));
}

static HttpNext problem(HttpRequest *rq, HttpResponse *rs, int status, Str text, Value *more)
{
    Arena *a = rq->arena;
    Value *p = value_map(a);
    set_str(a, p, "type", STR("about:blank"));
    set_str(a, p, "title", web_text(rq, key_of(rq, status, "title")));
    set_int(a, p, "status", status);
    set_str(a, p, "detail", text);
    set_str(a, p, "instance", rq->path);
    if (more)
        set_value(a, p, "problems", more);
    web_headers(rq, rs, false);
    return http_answer(rq, rs, status, "application/problem+json", json_text(a, p));
}

static HttpNext answer(HttpRequest *rq, HttpResponse *rs, int status, Str text, Value *more)
{
    if (status == 503)
        http_set_header(rq, rs, "Retry-After", STR("2"));
    if (visit_is_machine(rq) || http_wants_json(rq))
        return problem(rq, rs, status, text, more);
    Value *model = value_map(rq->arena);
    Str heading = web_text(rq, key_of(rq, status, "title"));
    set_str(rq->arena, model, "title", heading);
    set_str(rq->arena, model, "heading", heading);
    set_str(rq->arena, model, "text", text);
    set_int(rq->arena, model, "status", status);
    rs->status = status;
    return web_page(rq, rs, "error", model);
}

HttpNext web_status(HttpRequest *rq, HttpResponse *rs, int status, const char *text_key)
{
    const char *key = text_key ? text_key : key_of(rq, status, "text");
    return answer(rq, rs, status, web_text_with(rq, key, NULL), NULL);
}

HttpNext web_error(HttpRequest *rq, HttpResponse *rs, const Err *err)
{
    if (err->code == ERR_INTERNAL || err->code == ERR_STORAGE || err->code == ERR_NONE)
        log_err("request", err);
    return web_status(rq, rs, status_of(err->code), NULL);
}

bool web_command_ok(HttpRequest *rq, HttpResponse *rs, HttpNext *next)
{
    Op *op = &visit_of(rq)->op;
    if (op->command.ok)
        return true;
    const Err *err = &op->command.err;
    if (op->command.key_reused) {
        Value *problems = value_list(rq->arena), *p = push_map(rq->arena, problems);
        set_str(rq->arena, p, "element", STR(""));
        set_str(rq->arena, p, "key", STR("key.reused"));
        *next = answer(rq, rs, 422, web_text_with(rq, "http.422.reused", NULL), problems);
        return false;
    }
    if (err->code == ERR_INTERNAL || err->code == ERR_STORAGE)
        log_err("command", err);
    Value *problems = value_inside(op->out, "problems");
    int status = status_of(err->code);
    *next = answer(rq, rs, status, web_text_with(rq, key_of(rq, status, "text"), NULL), problems);
    return false;
}

void web_refuse(HttpRequest *rq, HttpResponse *rs, const char *why)
{
    int status = rs->status;
    if (!rq->user)
        visit_new(rq);
    if (status >= 500)
        log_warn("request is refused status=%d why=%s", status, why ? why : "");
    answer(rq, rs, status, web_text_with(rq, key_of(rq, status, "text"), NULL), NULL);
}
