/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gateways. Joins keep the tokens that have come; which of them go on together:
 *
 *   parallel   one from each flow; surplus ones wait for the next round
 *   inclusive  one from each flow that has one, once no token can come to an empty flow any more
 *              that could not come to a filled one as well (BPMN 2.0.2, 13.4.3)
 *   complex    all that are there when the activation condition holds; what comes later by the
 *              other flows is absorbed, once each
 */
#include "engine/flow/flow_int.h"

static void go_on(Step *s, int64_t token)
{
    step_effect(s, FLOW_PASSED, 0, step_at(s, token));
    run_take_flows(s, token);
}

static bool stands_with(const FlowToken *t, const FlowToken *o)
{
    return o->element == t->element && o->scope == t->scope && o->state == TOKEN_JOIN;
}

/* The first token that stands with t and came by the flow; 0: none. */
static int64_t arrived_by(const Step *s, const FlowToken *t, uint16_t flow)
{
    for (size_t i = 0; i < s->in->tokens.len; i++) {
        const FlowToken *o = &s->in->tokens.at[i];
        if (stands_with(t, o) && o->flow == flow) {
            return o->id;
        }
    }
    return 0;
}

/* One token of each flow that has one goes on as a single one. */
static void merge_arrived(Step *s, int64_t token)
{
    FlowToken t = *step_token(s, token);
    const BpmnElement *e = step_element(s, t.element);
    int64_t first = 0;
    for (size_t i = 0; i < e->incoming_count; i++) {
        int64_t id = arrived_by(s, &t, e->incoming[i]);
        if (id && !first) {
            first = id;
            step_token(s, id)->state = TOKEN_READY;
        } else if (id) {
            step_remove_token(s, id);
        }
    }
    go_on(s, first ? first : token);
}

static void enter_parallel(Step *s, int64_t token)
{
    FlowToken *t = step_token(s, token);
    const BpmnElement *e = step_element(s, t->element);
    t->state = TOKEN_JOIN;
    for (size_t i = 0; i < e->incoming_count; i++) {
        if (e->incoming_count > 1 && arrived_by(s, t, e->incoming[i]) == 0) {
            return;
        }
    }
    merge_arrived(s, token);
}

/* ---- inclusive ---- */

/* The element of the join's own scope at or in which the token is; BPMN_NONE: elsewhere. */
static uint16_t place_in(Step *s, const FlowToken *t, int64_t scope)
{
    while (t && t->scope != scope) {
        const FlowScope *c = t->scope ? scope_get(s, t->scope) : NULL;
        t = c ? step_token(s, c->token) : NULL;
    }
    return t && !t->owner ? t->element : BPMN_NONE;
}

/* May this token still come to a flow that is empty, and to none that is filled? */
static bool is_awaited(const Step *s, const FlowToken *join, const BpmnElement *e, uint16_t place)
{
    bool to_empty = false;
    for (size_t i = 0; i < e->incoming_count; i++) {
        if (!bpmn_reaches(e->reach[i], place)) {
            continue;
        }
        if (arrived_by(s, join, e->incoming[i])) {
            return false;
        }
        to_empty = true;
    }
    return to_empty;
}

static bool may_fire(Step *s, const FlowToken *join)
{
    const BpmnElement *e = step_element(s, join->element);
    for (size_t i = 0; e->reach && i < s->in->tokens.len; i++) {
        const FlowToken *t = &s->in->tokens.at[i];
        uint16_t place = stands_with(join, t) ? BPMN_NONE : place_in(s, t, join->scope);
        if (place != BPMN_NONE && place != join->element && is_awaited(s, join, e, place)) {
            return false;
        }
    }
    return true;
}

bool gate_recheck(Step *s)
{
    for (size_t i = 0; i < s->in->tokens.len; i++) {
        FlowToken t = s->in->tokens.at[i];
        if (t.state == TOKEN_JOIN && step_element(s, t.element)->kind == BPMN_INCLUSIVE &&
            may_fire(s, &t)) {
            merge_arrived(s, t.id);
            return true;
        }
    }
    return false;
}

/* ---- complex ---- */

static bool absorb(Step *s, int64_t token)
{
    FlowToken t = *step_token(s, token);
    for (size_t i = 0; i < s->in->debts.len; i++) {
        FlowDebt *d = &s->in->debts.at[i];
        if (d->scope == t.scope && d->element == t.element && d->flow == t.flow) {
            *d = s->in->debts.at[--s->in->debts.len];
            run_end_token(s, token);
            return true;
        }
    }
    return false;
}

static bool is_activated(Step *s, const FlowToken *t, const BpmnElement *e, bool *fires, Str *why)
{
    int64_t count = 0;
    *fires = true;
    for (size_t i = 0; i < s->in->tokens.len; i++) {
        count += stands_with(t, &s->in->tokens.at[i]) ? 1 : 0;
    }
    if (e->condition.text.len == 0) {
        return true;
    }
    int64_t asked = scope_open(s, t->scope, t->id);
    bool ok = scope_assign_here(s, asked, STR("activationCount"), feel_int(count), why) &&
              scope_holds(s, asked, &e->condition, "gateway", e->id, fires, why);
    scope_close(s, asked);
    return ok;
}

static void enter_complex(Step *s, int64_t token)
{
    FlowToken *t = step_token(s, token);
    const BpmnElement *e = step_element(s, t->element);
    bool fires = false;
    Str why = {0};
    if (e->incoming_count < 2) {
        go_on(s, token);
        return;
    }
    if (absorb(s, token)) {
        return;
    }
    t->state = TOKEN_JOIN;
    FlowToken here = *t;
    if (!is_activated(s, &here, e, &fires, &why)) {
        step_incident(s, token, why);
        return;
    }
    if (fires && s->in->debts.len + e->incoming_count > FLOW_MAX_RECORDS) {
        step_incident(s, token, STR("too many tokens"));
        return;
    }
    for (size_t i = 0; fires && i < e->incoming_count; i++) {
        if (!arrived_by(s, &here, e->incoming[i])) {
            *VEC_PUSH(s->out, &s->in->debts) = (FlowDebt){here.scope, here.element, e->incoming[i]};
        }
    }
    if (fires) {
        merge_arrived(s, token);
    }
}

/* ---- events ---- */

static void enter_event_gateway(Step *s, int64_t token)
{
    const BpmnElement *e = step_at(s, token);
    Str why = {0};
    step_token(s, token)->state = TOKEN_EVENT;
    for (size_t i = 0; i < e->outgoing_count; i++) {
        if (!wait_open(s, token, s->process->flows[e->outgoing[i]].to, &why)) {
            step_incident(s, token, why);
            return;
        }
    }
}

bool gate_quantity(Step *s, int64_t token)
{
    FlowToken *t = step_token(s, token);
    FlowToken here = *t;
    uint16_t needed = step_element(s, t->element)->start_quantity, count = 0;
    if (t->loop) {
        return true;
    }
    t->state = TOKEN_JOIN;
    for (size_t i = 0; i < s->in->tokens.len; i++) {
        count = (uint16_t)(count + (stands_with(&here, &s->in->tokens.at[i]) ? 1 : 0));
    }
    if (count < needed) {
        return false;
    }
    for (size_t i = 0; i < s->in->tokens.len && needed > 1;) {
        const FlowToken *o = &s->in->tokens.at[i];
        if (o->id != token && stands_with(&here, o)) {
            step_remove_token(s, o->id);
            needed--;
        } else {
            i++;
        }
    }
    step_token(s, token)->state = TOKEN_READY;
    return true;
}

void gate_enter(Step *s, int64_t token)
{
    const BpmnElement *e = step_at(s, token);
    if (e->kind == BPMN_PARALLEL) {
        enter_parallel(s, token);
    } else if (e->kind == BPMN_INCLUSIVE && e->incoming_count > 1) {
        step_token(s, token)->state = TOKEN_JOIN; /* gate_recheck looks at it */
    } else if (e->kind == BPMN_COMPLEX) {
        enter_complex(s, token);
    } else if (e->kind == BPMN_EVENT_GATEWAY) {
        enter_event_gateway(s, token);
    } else {
        go_on(s, token);
    }
}
