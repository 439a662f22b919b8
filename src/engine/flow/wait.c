/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a token waits for besides its task or job: timers and messages, its own or those of boundary
 * events; and how everything that hangs on a token is taken away with it.
 */
#include "engine/flow/flow_int.h"

static bool is_timer(BpmnKind kind)
{
    return kind == BPMN_CATCH_TIMER || kind == BPMN_BOUNDARY_TIMER;
}

static bool due_of(Step *s, const BpmnElement *e, const FeelValue *raw, TimeMs *due, Str *why)
{
    FeelValue v = raw->kind == FEEL_STRING ? feel_temporal(s->out, raw->text) : *raw;
    if (e->timer_kind == BPMN_TIMER_DURATION) {
        FeelValue now = feel_of_time(s->out, s->ev->at, s->model->zone_minutes);
        v = v.kind == FEEL_DAYS_DURATION || v.kind == FEEL_MONTHS_DURATION
                ? feel_add(s->out, &now, &v)
                : feel_null();
    }
    if (!feel_time_of(&v, s->model->zone_minutes, due)) {
        *why = str_fmt(s->out, "timer of '" STR_FMT "' has no time: " STR_FMT, STR_ARG(e->id),
                       STR_ARG(feel_text(s->out, raw)));
        return false;
    }
    return true;
}

static bool correlation_of(Step *s, const BpmnElement *e, int64_t scope, Str *key, Str *why)
{
    FeelValue v = feel_null();
    if (e->correlation.text.len == 0) {
        return true;
    }
    if (!scope_eval(s, scope, &e->correlation, &v, why)) {
        return false;
    }
    if (v.kind != FEEL_STRING && v.kind != FEEL_NUMBER) {
        *why = str_fmt(s->out, "correlation key of '" STR_FMT "' is a %s", STR_ARG(e->id),
                       feel_kind_name(v.kind));
        return false;
    }
    *key = feel_text(s->out, &v);
    return true;
}

bool wait_open(Step *s, int64_t token, uint16_t element, Str *why)
{
    const BpmnElement *e = step_element(s, element);
    const FlowToken *t = step_token(s, token);
    int64_t scope = t->local ? t->local : t->scope;
    FeelValue v = feel_null();
    TimeMs due = 0;
    Str correlation = {0};
    bool timer = is_timer(e->kind);
    bool ok = timer ? scope_eval(s, scope, &e->timer, &v, why) && due_of(s, e, &v, &due, why)
                    : correlation_of(s, e, scope, &correlation, why);
    if (!ok) {
        return false;
    }
    int64_t key = step_key(s);
    *VEC_PUSH(s->out, &s->in->waits) = (FlowWait){key, token, element, due};
    FlowEffect *f = step_effect(s, timer ? FLOW_CREATE_TIMER : FLOW_SUBSCRIBE, key, e);
    f->due = due;
    f->correlation = correlation;
    return true;
}

bool wait_open_boundaries(Step *s, int64_t token, Str *why)
{
    const BpmnElement *e = step_element(s, step_token(s, token)->element);
    for (size_t i = 0; i < e->boundary_count; i++) {
        if (step_element(s, e->boundaries[i])->kind != BPMN_BOUNDARY_ERROR &&
            !wait_open(s, token, e->boundaries[i], why)) {
            return false;
        }
    }
    return true;
}

void wait_remove(Step *s, int64_t key)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->in->waits.len; i++) {
        if (s->in->waits.at[i].key != key) {
            s->in->waits.at[kept++] = s->in->waits.at[i];
        }
    }
    s->in->waits.len = kept;
}

void wait_close_all(Step *s, int64_t token)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->in->waits.len; i++) {
        FlowWait w = s->in->waits.at[i];
        if (w.token != token) {
            s->in->waits.at[kept++] = w;
            continue;
        }
        const BpmnElement *e = step_element(s, w.element);
        step_effect(s, is_timer(e->kind) ? FLOW_CANCEL_TIMER : FLOW_UNSUBSCRIBE, w.key, e);
    }
    s->in->waits.len = kept;
}

void step_stop_scope(Step *s, int64_t scope)
{
    for (size_t i = 0; i < s->in->tokens.len;) {
        FlowToken t = s->in->tokens.at[i];
        if (t.scope != scope) {
            i++;
            continue;
        }
        step_stop_token(s, t.id);
        step_remove_token(s, t.id);
        i = 0; /* inner tokens went too: places have moved */
    }
}

void step_stop_token(Step *s, int64_t token)
{
    FlowToken t = *step_token(s, token);
    const BpmnElement *e = step_element(s, t.element);
    wait_close_all(s, token);
    if (t.state == TOKEN_TASK) {
        step_effect(s, FLOW_CANCEL_TASK, t.key, e);
    } else if (t.state == TOKEN_JOB) {
        step_effect(s, FLOW_CANCEL_JOB, t.key, e);
    } else if (t.state == TOKEN_INSIDE) {
        step_stop_scope(s, t.key);
    }
    if (t.local != 0) {
        scope_close(s, t.local);
        step_token(s, token)->local = 0;
    }
}
