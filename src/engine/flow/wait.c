/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an instance waits for besides tasks and jobs: timers, messages, signals and conditions, of
 * tokens, their boundary events, the events behind a gateway, and event sub-processes.
 */
#include "engine/flow/flow_int.h"

const BpmnTrigger *wait_trigger(const Step *s, const FlowWait *w)
{
    return &step_element(s, w->element)->triggers[w->trigger];
}

bool wait_is_timer(const Step *s, const FlowWait *w)
{
    return wait_trigger(s, w)->kind == BPMN_ON_TIMER;
}

FlowWait *wait_get(Step *s, int64_t key)
{
    for (size_t i = 0; i < s->in->waits.len; i++) {
        if (s->in->waits.at[i].key == key) {
            return &s->in->waits.at[i];
        }
    }
    return NULL;
}

/* ---- opening ---- */

static bool correlation_of(Step *s, const BpmnElement *e, const BpmnTrigger *t, int64_t scope,
                           Str *key, Str *why)
{
    FeelValue v = feel_null();
    if (t->correlation.text.len == 0) {
        return true;
    }
    if (!scope_eval(s, scope, &t->correlation, &v, why)) {
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

static bool is_waited_for(BpmnTriggerKind kind)
{
    return kind == BPMN_ON_TIMER || kind == BPMN_ON_MESSAGE || kind == BPMN_ON_SIGNAL ||
           kind == BPMN_ON_CONDITION;
}

/* w: token, scope, element and trigger are given. */
static bool open_one(Step *s, FlowWait w, Str *why)
{
    const BpmnElement *e = step_element(s, w.element);
    const BpmnTrigger *t = &e->triggers[w.trigger];
    Str correlation = {0};
    bool timer = t->kind == BPMN_ON_TIMER;
    if (!is_waited_for(t->kind)) {
        return true;
    }
    if (s->in->waits.len >= FLOW_MAX_WAITS) {
        *why = STR("too many tokens");
        return false;
    }
    if (!(timer ? due_of(s, e, t, w.scope, &w, why)
                : correlation_of(s, e, t, w.scope, &correlation, why))) {
        return false;
    }
    w.key = step_key(s);
    *VEC_PUSH(s->out, &s->in->waits) = w;
    s->recheck = true;
    if (t->kind == BPMN_ON_CONDITION) {
        return true; /* the engine looks itself */
    }
    FlowEffect *f = step_effect(s, timer ? FLOW_CREATE_TIMER : FLOW_SUBSCRIBE, w.key, e);
    f->trigger = t;
    f->name = t->name;
    f->due = w.due;
    f->correlation = correlation;
    return true;
}

bool wait_open(Step *s, int64_t token, uint16_t element, Str *why)
{
    const BpmnElement *e = step_element(s, element);
    int64_t scope = scope_of(step_token(s, token));
    for (size_t i = 0; i < e->trigger_count; i++) {
        FlowWait w = {.token = token, .scope = scope, .element = element, .trigger = (uint16_t)i};
        if (!open_one(s, w, why)) {
            return false;
        }
    }
    return true;
}

bool wait_open_boundaries(Step *s, int64_t token, Str *why)
{
    const BpmnElement *e = step_at(s, token);
    for (size_t i = 0; i < e->boundary_count; i++) {
        if (!wait_open(s, token, e->boundaries[i], why)) {
            return false;
        }
    }
    return true;
}

bool wait_open_handler(Step *s, int64_t scope, uint16_t start, Str *why)
{
    for (size_t i = 0; i < step_element(s, start)->trigger_count; i++) {
        FlowWait w = {.scope = scope, .element = start, .trigger = (uint16_t)i};
        if (!open_one(s, w, why)) {
            return false;
        }
    }
    return true;
}

bool wait_open_handlers(Step *s, int64_t scope, const BpmnBody *body, Str *why)
{
    for (size_t i = 0; i < body->handler_count; i++) {
        uint16_t start = step_element(s, body->handlers[i])->body.starts[0];
        if (!wait_open_handler(s, scope, start, why)) {
            return false;
        }
    }
    return true;
}

/* ---- closing ---- */

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

static void tell_closed(Step *s, const FlowWait *w)
{
    const BpmnTrigger *t = wait_trigger(s, w);
    if (t->kind == BPMN_ON_CONDITION) {
        return;
    }
    FlowEffect *f = step_effect(s, t->kind == BPMN_ON_TIMER ? FLOW_CANCEL_TIMER : FLOW_UNSUBSCRIBE,
                                w->key, step_element(s, w->element));
    f->trigger = t;
    f->name = t->name;
}

void wait_close(Step *s, int64_t key)
{
    const FlowWait w = *wait_get(s, key);
    tell_closed(s, &w);
    wait_remove(s, key);
}

static void close_where(Step *s, int64_t token, int64_t scope)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->in->waits.len; i++) {
        FlowWait w = s->in->waits.at[i];
        if (w.token != token || (token == 0 && w.scope != scope)) {
            s->in->waits.at[kept++] = w;
        } else {
            tell_closed(s, &w);
        }
    }
    s->in->waits.len = kept;
}

void wait_close_all(Step *s, int64_t token)
{
    close_where(s, token, 0);
}

void wait_close_handlers(Step *s, int64_t scope)
{
    close_where(s, 0, scope);
}

/* ---- it happens ---- */

/* A timer that is not to come again goes, a cycle is set anew; the rest stays as it is. */
static void renew(Step *s, int64_t key)
{
    FlowWait w = *wait_get(s, key);
    Str why = {0};
    if (!wait_is_timer(s, &w)) {
        return;
    }
    wait_remove(s, key);
    bool cycle = wait_trigger(s, &w)->timer_kind == BPMN_TIMER_CYCLE;
    if (!cycle || w.left == 1) {
        return;
    }
    w.left = w.left > 0 ? w.left - 1 : w.left;
    if (!open_one(s, w, &why) && w.token) {
        step_incident(s, w.token, why);
    }
}

/* Of an event that needs all its triggers: others are still missing. */
static bool lacks_others(Step *s, const FlowWait *w)
{
    if (!step_element(s, w->element)->all_triggers) {
        return false;
    }
    for (size_t i = 0; i < s->in->waits.len; i++) {
        const FlowWait *o = &s->in->waits.at[i];
        if (o->key != w->key && o->token == w->token && o->scope == w->scope &&
            o->element == w->element) {
            return true;
        }
    }
    return false;
}

/* A cycle in the middle of the way sends a token on each time and goes with the last. */
static void fire_own(Step *s, const FlowWait *w)
{
    const FlowToken t = *step_token(s, w->token);
    bool again = wait_is_timer(s, w) && wait_trigger(s, w)->timer_kind == BPMN_TIMER_CYCLE &&
                 w->left != 1 && !step_element(s, w->element)->all_triggers;
    if (again && step_has_room(s, 1)) {
        renew(s, w->key);
        int64_t sent = step_add_token(s, t.element, t.flow, t.scope);
        step_token(s, sent)->state = TOKEN_EVENT;
        run_leave(s, sent);
        return;
    }
    wait_remove(s, w->key);
    run_leave(s, w->token);
}

/* The gateway's token takes the way of what came first. */
static void fire_behind_gateway(Step *s, const FlowWait *w)
{
    FlowToken *t = step_token(s, w->token);
    const BpmnElement *to = step_element(s, w->element);
    Str why = {0};
    step_effect(s, FLOW_PASSED, 0, step_element(s, t->element));
    wait_remove(s, w->key);
    wait_close_all(s, w->token);
    t->flow = to->incoming[0];
    t->element = w->element;
    if (to->output_count > 0) {
        int64_t local = scope_open(s, t->scope, w->token);
        step_token(s, w->token)->local = local;
        if (!scope_merge(s, local, s->ev->variables, &why)) {
            step_incident(s, w->token, why);
            return;
        }
    }
    run_leave(s, w->token);
}

/* An event that needs all its triggers waits for all of them again, unless one cannot come again.
 * How often a cycle comes is not counted then: the others say how often it is asked. */
static void renew_all(Step *s, const FlowWait *w)
{
    const BpmnElement *e = step_element(s, w->element);
    Str why = {0};
    wait_remove(s, w->key);
    for (size_t i = 0; i < e->trigger_count; i++) {
        const BpmnTrigger *t = &e->triggers[i];
        if (t->kind == BPMN_ON_TIMER && t->timer_kind != BPMN_TIMER_CYCLE) {
            return;
        }
    }
    bool ok = w->token ? wait_open(s, w->token, w->element, &why)
                       : wait_open_handler(s, w->scope, w->element, &why);
    if (!ok && w->token) {
        step_incident(s, w->token, why);
    }
}

static void use_up(Step *s, const FlowWait *w)
{
    const BpmnElement *e = step_element(s, w->element);
    if (e->interrupting) {
        wait_remove(s, w->key);
    } else if (e->all_triggers) {
        renew_all(s, w);
    } else {
        renew(s, w->key);
    }
}

static void fire_boundary(Step *s, const FlowWait *w)
{
    use_up(s, w);
    if (step_token(s, w->token)->state != TOKEN_INCIDENT) {
        throw_boundary(s, w->token, w->element);
    }
}

void wait_fire(Step *s, int64_t key)
{
    FlowWait w = *wait_get(s, key);
    if (lacks_others(s, &w)) {
        wait_remove(s, key);
        return;
    }
    if (w.token == 0) {
        use_up(s, &w);
        throw_handler(s, w.scope, w.element);
        return;
    }
    const FlowToken *t = step_token(s, w.token);
    if (t->element == w.element) {
        fire_own(s, &w);
    } else if (step_element(s, t->element)->kind == BPMN_EVENT_GATEWAY) {
        fire_behind_gateway(s, &w);
    } else {
        fire_boundary(s, &w);
    }
}

void wait_broadcast(Step *s, Str name)
{
    size_t count = 0;
    int64_t *keys = NEW_N(s->out, int64_t, s->in->waits.len + 1);
    for (size_t i = 0; i < s->in->waits.len; i++) {
        const BpmnTrigger *t = wait_trigger(s, &s->in->waits.at[i]);
        if (t->kind == BPMN_ON_SIGNAL && str_eq(t->name, name)) {
            keys[count++] = s->in->waits.at[i].key;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (wait_get(s, keys[i])) {
            wait_fire(s, keys[i]);
        }
    }
}

/* A condition with a filter is asked when it begins, and when what it names has changed. */
static bool is_asked(const Step *s, const FlowWait *w, const BpmnTrigger *t)
{
    bool all = t->variable_count == 0;
    if (w->key > s->first_key || (all && t->on_create && t->on_update)) {
        return true;
    }
    for (size_t i = 0; i < s->changes.len; i++) {
        const FlowChange *c = &s->changes.at[i];
        bool named = all;
        for (size_t k = 0; k < t->variable_count; k++) {
            named = named || str_eq(t->variables[k], c->name);
        }
        if (named && (c->created ? t->on_create : t->on_update)) {
            return true;
        }
    }
    return false;
}

/* A condition that cannot be answered yet does not hold: it is asked again at the next change. */
bool wait_fire_condition(Step *s)
{
    for (size_t i = 0; i < s->in->waits.len; i++) {
        FlowWait *w = &s->in->waits.at[i];
        const BpmnTrigger *t = wait_trigger(s, w);
        FeelValue v = feel_null();
        Str why = {0};
        if (t->kind != BPMN_ON_CONDITION || !is_asked(s, w, t)) {
            continue;
        }
        bool holds = scope_eval(s, w->scope, &t->condition, &v, &why) && feel_is_true(&v);
        bool fires = holds && !w->met;
        w->met = holds;
        if (fires) {
            wait_fire(s, w->key);
            return true;
        }
    }
    s->recheck = false;
    return false;
}
