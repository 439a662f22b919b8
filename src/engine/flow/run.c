/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tokens run: a ready token enters its element; what need not wait leaves it at once, and so on
 * until no token is ready.
 *
 *   READY -enter-> TASK | JOB | CALL | EVENT | JOIN | INSIDE | BODY | UNDO
 *                                            -leave-> READY at the next element
 *     any of them -step_incident-> INCIDENT -FLOW_RETRY-> READY at the same element
 *
 * Order within a step: conditions that became true; tokens that do not throw; tokens that throw, so
 * that who listens beside them does so already; inclusive joins that nothing can come to.
 */
#include "engine/flow/flow_int.h"

/* ---- leaving ---- */

static void finish_process(Step *s)
{
    if (s->in->state == FLOW_ACTIVE) {
        wait_close_handlers(s, 0);
        s->in->records.len = 0;
        s->in->debts.len = 0;
        s->in->state = FLOW_COMPLETED;
        step_effect(s, FLOW_FINISHED, 0, NULL);
    }
}

void run_finish_scope(Step *s, int64_t scope)
{
    if (!step_scope_is_empty(s, scope)) {
        return;
    }
    if (scope == 0) {
        finish_process(s);
        return;
    }
    const FlowToken *t = step_token(s, scope_get(s, scope)->token);
    if (t->state == TOKEN_INSIDE && !adhoc_next(s, t->id)) {
        t = step_token(s, scope_get(s, scope)->token);
        wait_close_handlers(s, scope);
        loop_remove(s, t->id);
        run_leave(s, t->id);
    }
}

void run_end_token(Step *s, int64_t token)
{
    int64_t scope = step_token(s, token)->scope;
    step_remove_token(s, token);
    adhoc_activity_done(s, scope);
    if (scope == 0 || scope_get(s, scope)) {
        run_finish_scope(s, scope);
    }
}

static void move_token(Step *s, int64_t token, uint16_t flow)
{
    FlowToken *t = step_token(s, token);
    t->flow = flow;
    t->element = s->process->flows[flow].to;
    t->state = TOKEN_READY;
    t->key = 0;
    t->reason = (Str){0};
}

/* All flows that are to be taken; an exclusive gateway takes one, a parallel one all. Where
 * nothing decides, flows without condition are taken as well, and the default when no condition
 * holds. */
static bool choose_flows(Step *s, int64_t token, bool *taken, Str *why)
{
    const BpmnElement *e = step_at(s, token);
    int64_t scope = step_token(s, token)->scope;
    bool any = false, one = e->kind == BPMN_EXCLUSIVE, all = e->kind == BPMN_PARALLEL;
    for (size_t i = 0; i < e->outgoing_count && !(one && any); i++) {
        const BpmnFlow *f = &s->process->flows[e->outgoing[i]];
        bool holds = all || f->condition.text.len == 0;
        if (e->outgoing[i] == e->default_flow && !all) {
            continue;
        }
        if (!holds && !scope_holds(s, scope, &f->condition, "flow", f->id, &holds, why)) {
            return false;
        }
        taken[i] = holds;
        any = any || (holds && (one || f->condition.text.len > 0));
    }
    for (size_t i = 0; !any && i < e->outgoing_count; i++) {
        taken[i] = taken[i] || e->outgoing[i] == e->default_flow;
    }
    return true;
}

static size_t send_tokens(Step *s, int64_t token, const bool *taken)
{
    FlowToken t = *step_token(s, token);
    const BpmnElement *e = step_element(s, t.element);
    size_t sent = 0;
    for (size_t i = 0; i < e->outgoing_count; i++) {
        uint16_t flow = e->outgoing[i];
        for (uint16_t k = 0; taken[i] && k < e->completion_quantity; k++, sent++) {
            if (sent == 0) {
                move_token(s, token, flow);
            } else {
                step_add_token(s, s->process->flows[flow].to, flow, t.scope);
            }
        }
    }
    return sent;
}

void run_take_flows(Step *s, int64_t token)
{
    const BpmnElement *e = step_at(s, token);
    bool *taken = NEW_N(s->out, bool, e->outgoing_count + 1);
    Str why = STR("no flow leads on");
    if (e->outgoing_count == 0) {
        run_end_token(s, token);
        return;
    }
    if (!step_has_room(s, e->outgoing_count * e->completion_quantity)) {
        step_incident(s, token, STR("too many tokens"));
        return;
    }
    if (!choose_flows(s, token, taken, &why) || send_tokens(s, token, taken) == 0) {
        step_incident(s, token, why);
    }
}

/* Of a call: all variables of the called process come out, unless mappings choose. Of an ad-hoc
 * sub-process: what it collected. */
static bool bring_out(Step *s, const FlowToken *t, const BpmnElement *e, Str *why)
{
    if (e->kind == BPMN_ADHOC && e->output.len > 0 && t->local) {
        const FeelValue *list = feel_get(scope_get(s, t->local)->variables, e->output);
        return !list || scope_assign(s, t->scope, e->output, *list, why);
    }
    if (e->kind != BPMN_CALL || !e->maps_all_out || t->local == 0) {
        return true;
    }
    const FeelContext *c = scope_get(s, t->local)->variables;
    for (size_t i = 0; i < c->count; i++) {
        if (!scope_assign(s, t->scope, c->entries[i].key, c->entries[i].value, why)) {
            return false;
        }
    }
    return true;
}

static bool map_outputs(Step *s, const FlowToken *t, const BpmnElement *e, Str *why)
{
    for (size_t i = 0; i < e->output_count; i++) {
        FeelValue v = feel_null();
        if (!scope_map(s, &e->outputs[i], scope_of(t), &v, why) ||
            !scope_assign(s, t->scope, e->outputs[i].target, v, why)) {
            return false;
        }
    }
    return bring_out(s, t, e, why);
}

void run_on(Step *s, int64_t token)
{
    FlowToken t = *step_token(s, token);
    if (t.owner) {
        step_remove_token(s, token);
        undo_next(s, t.owner);
        return;
    }
    run_take_flows(s, token);
}

/* For the record, with the key of the work that was done. */
static void tell_passed(Step *s, const FlowToken *t, const BpmnElement *e)
{
    bool work = t->state == TOKEN_TASK || t->state == TOKEN_JOB || t->state == TOKEN_CALL;
    step_effect(s, FLOW_PASSED, work ? t->key : 0, e);
}

void run_leave(Step *s, int64_t token)
{
    FlowToken t = *step_token(s, token);
    const BpmnElement *e = step_element(s, t.element);
    Str why = {0};
    step_token(s, token)->state = TOKEN_READY;     /* its work is over: nothing to cancel */
    bool undone = t.owner && !e->for_compensation; /* it stood again; what it gave was given */
    if ((!undone && !map_outputs(s, &t, e, &why)) || (t.loop && !loop_collect(s, token, &why))) {
        step_incident(s, token, why);
        return;
    }
    wait_close_all(s, token);
    if (e->compensable && !t.owner) {
        undo_record(s, &t, e);
    }
    if (t.local) {
        scope_close(s, t.local);
        step_token(s, token)->local = 0;
    }
    tell_passed(s, &t, e);
    if (t.loop) {
        loop_instance_done(s, token);
    } else {
        run_on(s, token);
    }
}

/* ---- entering ---- */

static void pass(Step *s, int64_t token)
{
    step_effect(s, FLOW_PASSED, 0, step_at(s, token));
    run_take_flows(s, token);
}

static void enter(Step *s, int64_t token)
{
    const BpmnElement *e = step_at(s, token);
    switch (e->kind) {
    case BPMN_START:
    case BPMN_BOUNDARY: pass(s, token); break;
    case BPMN_EXCLUSIVE:
    case BPMN_PARALLEL:
    case BPMN_INCLUSIVE:
    case BPMN_COMPLEX:
    case BPMN_EVENT_GATEWAY: gate_enter(s, token); break;
    case BPMN_END:
    case BPMN_THROW: throw_enter(s, token); break;
    case BPMN_CATCH: enter_catch(s, token); break;
    case BPMN_USER_TASK:
    case BPMN_SERVICE_TASK:
    case BPMN_SEND_TASK:
    case BPMN_SCRIPT_TASK:
    case BPMN_RULE_TASK:
    case BPMN_RECEIVE_TASK:
    case BPMN_PLAIN_TASK:
    case BPMN_SUBPROCESS:
    case BPMN_TRANSACTION:
    case BPMN_ADHOC:
    case BPMN_CALL: enter_activity(s, token); break;
    case BPMN_EVENT_SUBPROCESS: enter_handler(s, token); break; /* again, after an incident */
    case BPMN_CALLED:
    case BPMN_KIND_COUNT: break;
    }
}

static bool throws(const BpmnElement *e)
{
    return (e->kind == BPMN_END || e->kind == BPMN_THROW) && e->trigger_count > 0 &&
           !bpmn_trigger(e, BPMN_ON_LINK);
}

static int64_t ready_token(const Step *s)
{
    int64_t last = 0;
    for (size_t i = 0; i < s->in->tokens.len; i++) {
        const FlowToken *t = &s->in->tokens.at[i];
        if (t->state != TOKEN_READY) {
            continue;
        }
        if (!throws(step_element(s, t->element))) {
            return t->id;
        }
        last = last ? last : t->id;
    }
    return last;
}

/* Where a circle has no token to stop at, its condition has none to stand at either. */
static bool spent(Step *s, int64_t token)
{
    if (++s->steps <= FLOW_MAX_STEPS) {
        return false;
    }
    if (token) {
        step_incident(s, token, STR("the process runs in a circle: too many steps at once"));
    }
    return true;
}

void run_tokens(Step *s)
{
    while (s->in->state == FLOW_ACTIVE) {
        if (s->recheck && !spent(s, 0) && wait_fire_condition(s)) {
            continue;
        }
        int64_t token = ready_token(s);
        if (token && !spent(s, token)) {
            enter(s, token);
        } else if (!token && !gate_recheck(s)) {
            return;
        }
    }
}
