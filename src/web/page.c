/* SPDX-License-Identifier: Apache-2.0 */
/* One model, two faces: the template's HTML, or the model itself as JSON. */
#include "base/log.h"
#include "base/rand.h"
#include "web/web_int.h"
#include "json/json.h"

enum { KEY_BYTES = 12 };

Str web_text_str(const HttpRequest *rq, Str key)
{
    const Visit *v = visit_of(rq);
    const Value *text = value_get(v->web->texts[v->lang], key);
    if (text)
        return value_text(text);
    log_warn("message is unknown key=" STR_FMT, STR_ARG(key));
    return key;
}

Str web_text(const HttpRequest *rq, const char *key)
{
    return web_text_str(rq, str_z(key));
}

Str web_text_with(const HttpRequest *rq, const char *key, const Value *model)
{
    StrBuf b = buf_in(rq->arena);
    Err err = {0};
    Str source = web_text(rq, key);
    if (html_render_text(&b, source, model, &err))
        return buf_str(&b);
    log_err("message", &err);
    return source;
}

Str web_key(const HttpRequest *rq)
{
    return rand_token(rq->arena, KEY_BYTES);
}

HttpNext web_json(HttpRequest *rq, HttpResponse *rs, int status, const Value *v)
{
    visit_token(rq, rs);
    web_headers(rq, rs, false);
    if (!visit_is_machine(rq))
        http_set_header(rq, rs, "X-CSRF-Token", visit_of(rq)->csrf);
    return http_answer(rq, rs, status, "application/json", json_text(rq->arena, v));
}

static HttpNext render(HttpRequest *rq, HttpResponse *rs, const char *name, const Value *model)
{
    const Visit *v = visit_of(rq);
    const HtmlSet *set = v->web->pages[v->lang];
    const HtmlTemplate *t = html_find(set, str_z(name));
    StrBuf b = buf_in(rq->arena);
    Err err = {0};
    if (!t)
        (void)FAIL(&err, ERR_INTERNAL, "there is no template '%s'", name);
    if (!t || !html_render(&b, set, t, model, &err)) {
        log_err("page", &err);
        return http_answer(rq, rs, 500, "text/plain; charset=utf-8", web_text(rq, "http.500.text"));
    }
    web_headers(rq, rs, true);
    return http_answer(rq, rs, rs->status ? rs->status : 200, "text/html; charset=utf-8",
                       buf_str(&b));
}

HttpNext web_page(HttpRequest *rq, HttpResponse *rs, const char *template_name, Value *model)
{
    if (http_wants_json(rq))
        return web_json(rq, rs, rs->status ? rs->status : 200, model);
    Str title = get_str(model, "title");
    if (!title.len)
        title = web_text(rq, str_cstr(rq->arena, str_fmt(rq->arena, "title.%s", template_name)));
    visit_token(rq, rs);
    frame_add(rq, model, title);
    return render(rq, rs, template_name, model);
}

HttpNext web_fragment(HttpRequest *rq, HttpResponse *rs, const char *template_name, Value *model)
{
    frame_add(rq, model, STR(""));
    return render(rq, rs, template_name, model);
}

/* ---- what was sent ---- */

static Value *form_map(HttpRequest *rq)
{
    Arena *a = rq->arena;
    Value *in = value_map(a);
    for (size_t i = 0; i < rq->form.len; i++) {
        HttpField f = rq->form.at[i];
        if (!f.name.len || f.name.at[0] == '_')
            continue;
        Value *v = value_str(a, f.value);
        Value *before = value_inside_str(in, f.name);
        if (!before) {
            value_set(a, in, f.name, v);
        } else if (before->kind == VALUE_LIST) {
            value_push(a, before, v);
        } else {
            Value *list = value_list(a);
            value_push(a, list, before);
            value_push(a, list, v);
            value_set(a, in, f.name, list);
        }
    }
    return in;
}

bool web_input(HttpRequest *rq, Value **in, Err *err)
{
    if (!str_eq(rq->content_type, STR("application/json"))) {
        *in = form_map(rq);
        return true;
    }
    Value *v = json_read(rq->arena, rq->body, err);
    if (!v)
        return false;
    if (!value_is(v, VALUE_MAP))
        return FAIL(err, ERR_INPUT, "the body is no JSON object");
    *in = v;
    return true;
}

HttpNext web_done(HttpRequest *rq, HttpResponse *rs, Str location, int json_status, Value *out)
{
    if (!http_wants_json(rq))
        return http_redirect(rq, rs, location);
    http_set_header(rq, rs, "Location", location);
    return web_json(rq, rs, json_status, out);
}
