/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fetchers keep connections alive but belong to one thread at a time: a small stack of idle ones
 * stands behind a lock that is never held across a call.
 */
#include "services/exchange/exchange.h"

#include <stdlib.h>

#include "base/log.h"
#include "fetch/fetch.h"
#include "html/html.h"
#include "json/json.h"

struct Exchange {
    Mutex lock;
    Fetcher *idle[EXCHANGE_IDLE];
    size_t idle_count;
};

Exchange *exchange_open(Arena *owner)
{
    Exchange *x = NEW(owner, Exchange);
    mutex_init(&x->lock);
    return x;
}

void exchange_close(Exchange *x)
{
    for (size_t i = 0; i < x->idle_count; i++)
        fetch_free(x->idle[i]);
    mutex_free(&x->lock);
}

static Fetcher *take_fetcher(Exchange *x)
{
    mutex_lock(&x->lock);
    Fetcher *f = x->idle_count ? x->idle[--x->idle_count] : NULL;
    mutex_unlock(&x->lock);
    return f ? f : fetch_new();
}

static void give_back(Exchange *x, Fetcher *f)
{
    mutex_lock(&x->lock);
    bool kept = x->idle_count < EXCHANGE_IDLE;
    if (kept)
        x->idle[x->idle_count++] = f;
    mutex_unlock(&x->lock);
    if (!kept)
        fetch_free(f);
}

/* Inside a JSON text: what somebody typed can end no string of the body. */
static Str json_escaped(Arena *out, Str s)
{
    Str quoted = json_text(out, value_str(out, s));
    return str_slice(quoted, 1, quoted.len - 1);
}

typedef Str Encode(Arena *out, Str s);

static bool fill(Arena *out, Str template, const Value *inputs, Encode *encode, Str *text, Err *err)
{
    Value *ready = value_map(out);
    for (uint32_t i = 0; inputs && i < value_count(inputs); i++) {
        const ValueMember *m = &inputs->map.members[i];
        value_set(out, ready, m->key, value_str(out, encode(out, value_text(m->value))));
    }
    StrBuf b = buf_in(out);
    if (!html_render_text(&b, template, ready, err))
        return false;
    *text = buf_str(&b);
    return text->len <= EXCHANGE_MAX_CALL ||
           FAIL(err, ERR_LIMIT, "address or body over %d bytes", EXCHANGE_MAX_CALL);
}

static bool make_call(const App *app, Arena *out, const Source *s, const Value *inputs,
                      FetchCall *call, Err *err)
{
    *call = (FetchCall){.method = s->method.len ? s->method : STR("GET"),
                        .connect_ms = s->connect_ms,
                        .total_ms = s->total_ms,
                        .retries = s->retries};
    FetchHeader *headers = NEW_N(out, FetchHeader, 3);
    headers[call->header_count++] = (FetchHeader){STR("Accept"), STR("application/json")};
    const char *token = s->token_env.len ? getenv(str_cstr(out, s->token_env)) : NULL;
    if (token)
        headers[call->header_count++] =
            (FetchHeader){STR("Authorization"), str_fmt(out, "Bearer %s", token)};
    if (s->body.len)
        headers[call->header_count++] = (FetchHeader){STR("Content-Type"), STR("application/json")};
    call->headers = headers;
    Str url = str_replace(out, s->url, STR("${SOURCES_BASE}"), app->sources_base);
    return fill(out, url, inputs, str_percent, &call->url, err) &&
           (!s->body.len || fill(out, s->body, inputs, json_escaped, &call->body, err));
}

static bool eval_over(Arena *out, const FeelProgram *p, const FeelContext *scope, FeelValue *v,
                      Err *err)
{
    return feel_eval(out, p, &(FeelScope){.context = scope}, 0, v, err);
}

bool exchange_map(Arena *out, const Source *s, const Value *json, Value *fields, bool *found,
                  Err *err)
{
    FeelValue answer, v;
    if (!feel_from_value(out, json, &answer, err))
        return false;
    const FeelContext *scope = feel_with(out, &(FeelContext){0}, STR("answer"), answer);
    *found = true;
    if (s->found_if) {
        if (!eval_over(out, s->found_if, scope, &v, err))
            return false;
        *found = feel_is_true(&v);
    }
    for (size_t i = 0; *found && i < s->field_count; i++) {
        if (!eval_over(out, s->fields[i].from, scope, &v, err))
            return false;
        Value *value = feel_to_value(out, &v, err);
        if (!value)
            return false;
        value_set(out, fields, s->fields[i].key, value);
    }
    return true;
}

static const char *ask(const App *app, Arena *out, const Source *s, const Value *inputs,
                       Value *fact, Err *err)
{
    FetchCall call;
    FetchAnswer answer = {0};
    if (!make_call(app, out, s, inputs, &call, err))
        return "down";
    Fetcher *f = take_fetcher(app->exchange);
    bool came = fetch_call(out, f, &call, &answer, err);
    give_back(app->exchange, f);
    set_int(out, fact, "took_ms", answer.took_ms);
    set_int(out, fact, "tries", answer.tries);
    if (!came)
        return "down";
    if (answer.status == 404)
        return "none";
    if (answer.status != 200) {
        (void)FAIL(err, ERR_UNAVAILABLE, "the source answered %d", answer.status);
        return "down";
    }
    bool found = false;
    Value *fields = set_map(out, fact, "fields");
    const Value *json = json_read(out, answer.body, err);
    if (!json || !exchange_map(out, s, json, fields, &found, err))
        return "down";
    return found ? "found" : "none";
}

Value *exchange_ask(const App *app, Arena *out, const Source *source, const Value *inputs)
{
    Value *fact = value_map(out);
    Err err = {0};
    set_str(out, fact, "source", source->key);
    if (inputs)
        set_value(out, fact, "inputs", value_copy(out, inputs));
    set_int(out, fact, "at", clock_now(app->clock));
    const char *state = ask(app, out, source, inputs, fact, &err);
    set_str(out, fact, "state", str_z(state));
    if (err.code) {
        set_str(out, fact, "reason", str_dup(out, str_z(err.msg)));
        log_warn("source=" STR_FMT " state=%s reason=\"%s\"", STR_ARG(source->key), state, err.msg);
    }
    return fact;
}
