/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tokens run: a ready token enters its element; what need not wait leaves it at once, and so on
 * until no token is ready. Tokens are named by id here, because places in the array move.
 *
 *   READY -enter-> TASK | JOB | EVENT | JOIN | INSIDE -leave-> READY at the next element
 *     any of them -step_incident-> INCIDENT -FLOW_RETRY-> READY at the same element
 */
#include "engine/flow/flow_int.h"

/* ---- leaving ---- */

static void finish_scope(Step *s, int64_t scope)
{
    for (size_t i = 0; i < s->in->tokens.len; i++) {
        if (s->in->tokens.at[i].scope == scope) {
            return;
        }
    }
    if (scope != 0) {
        run_leave(s, scope_get(s, scope)->token);
    } else if (s->in->state == FLOW_ACTIVE) {
        s->in->state = FLOW_COMPLETED;
        step_effect(s, FLOW_FINISHED, 0, NULL);
    }
}

static void end_token(Step *s, int64_t token)
{
    int64_t scope = step_token(s, token)->scope;
    step_remove_token(s, token);
    finish_scope(s, scope);
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

/* Null is no answer: an undefined variable must not send a case down the default way. */
static bool condition_holds(Step *s, int64_t token, const BpmnFlow *f, bool *holds, Str *why)
{
    FeelValue v = feel_null();
    if (!scope_eval(s, step_token(s, token)->scope, &f->condition, &v, why)) {
        return false;
    }
    if (v.kind != FEEL_BOOLEAN) {
        *why = str_fmt(s->out, "condition of flow '" STR_FMT "' is %s" STR_FMT, STR_ARG(f->id),
                       v.kind == FEEL_NULL ? "null: " : "no boolean",
                       STR_ARG(feel_why(s->out, &v, FEEL_EN)));
        return false;
    }
    *holds = v.truth;
    return true;
}

/* All flows that are to be taken; gateways that decide take one. */
static bool choose_flows(Step *s, int64_t token, bool one, bool *taken, Str *why)
{
    const BpmnElement *e = step_element(s, step_token(s, token)->element);
    bool any = false;
    for (size_t i = 0; i < e->outgoing_count && !(one && any); i++) {
        const BpmnFlow *f = &s->process->flows[e->outgoing[i]];
        bool holds = f->condition.text.len == 0;
        if (e->outgoing[i] == e->default_flow) {
            continue;
        }
        if (!holds && !condition_holds(s, token, f, &holds, why)) {
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

static void take_flows(Step *s, int64_t token, bool one)
{
    FlowToken t = *step_token(s, token);
    const BpmnElement *e = step_element(s, t.element);
    bool *taken = NEW_N(s->out, bool, e->outgoing_count + 1);
    Str why = STR("no flow leads on");
    if (e->outgoing_count == 0) {
        end_token(s, token);
        return;
    }
    if (s->in->tokens.len + e->outgoing_count > FLOW_MAX_TOKENS) {
        step_incident(s, token, STR("too many tokens"));
        return;
    }
    if (!choose_flows(s, token, one, taken, &why)) {
        step_incident(s, token, why);
        return;
    }
    bool moved = false;
    for (size_t i = 0; i < e->outgoing_count; i++) {
        if (taken[i] && !moved) {
            move_token(s, token, e->outgoing[i]);
            moved = true;
        } else if (taken[i]) {
            step_add_token(s, s->process->flows[e->outgoing[i]].to, e->outgoing[i], t.scope);
        }
    }
    if (!moved) {
        step_incident(s, token, why);
    }
}

static bool map_outputs(Step *s, const FlowToken *t, const BpmnElement *e, Str *why)
{
    for (size_t i = 0; i < e->output_count; i++) {
        FeelValue v = feel_null();
        if (!scope_eval(s, t->local, &e->outputs[i].source, &v, why) ||
            !scope_assign(s, t->scope, e->outputs[i].target, v, why)) {
            return false;
        }
    }
    return true;
}

void run_leave(Step *s, int64_t token)
{
    FlowToken t = *step_token(s, token);
    const BpmnElement *e = step_element(s, t.element);
    Str why = {0};
    if (t.local != 0 && !map_outputs(s, &t, e, &why)) {
        step_incident(s, token, why);
        return;
    }
    wait_close_all(s, token);
    if (t.local != 0) {
        scope_close(s, t.local);
        step_token(s, token)->local = 0;
    }
    step_effect(s, FLOW_PASSED, 0, e);
    take_flows(s, token, false);
}

void run_boundary(Step *s, int64_t token, uint16_t boundary)
{
    FlowToken t = *step_token(s, token);
    if (!step_element(s, boundary)->interrupting) {
        step_add_token(s, boundary, BPMN_NONE, t.scope);
        return;
    }
    step_stop_token(s, token);
    FlowToken *moved = step_token(s, token);
    moved->element = boundary;
    moved->flow = BPMN_NONE;
    moved->state = TOKEN_READY;
    moved->key = 0;
}

static uint16_t find_catch(Step *s, const BpmnElement *e, Str code)
{
    uint16_t found = BPMN_NONE;
    for (size_t i = 0; i < e->boundary_count; i++) {
        const BpmnElement *b = step_element(s, e->boundaries[i]);
        if (b->kind != BPMN_BOUNDARY_ERROR) {
            continue;
        }
        if (b->error_code.len > 0 && str_eq(b->error_code, code)) {
            return e->boundaries[i];
        }
        found = b->error_code.len == 0 ? e->boundaries[i] : found;
    }
    return found;
}

void run_throw(Step *s, int64_t token, Str code, Str reason)
{
    const FlowToken *t = step_token(s, token);
    while (t) {
        uint16_t caught = find_catch(s, step_element(s, t->element), code);
        if (caught != BPMN_NONE) {
            run_boundary(s, t->id, caught);
            return;
        }
        t = t->scope ? step_token(s, scope_get(s, t->scope)->token) : NULL;
    }
    step_incident(s, token,
                  str_fmt(s->out, "error '" STR_FMT "' is caught nowhere" STR_FMT STR_FMT,
                          STR_ARG(code), STR_ARG(reason.len ? STR(": ") : STR("")),
                          STR_ARG(reason)));
}

/* ---- entering ---- */

/* Its own scope with the inputs, and what its boundary events wait for. */
static bool open_activity(Step *s, int64_t token, Str *why)
{
    FlowToken *t = step_token(s, token);
    const BpmnElement *e = step_element(s, t->element);
    int64_t parent = t->scope;
    if (e->input_count + e->output_count > 0 || e->kind == BPMN_SUBPROCESS) {
        int64_t local = scope_open(s, parent, token);
        step_token(s, token)->local = local;
        for (size_t i = 0; i < e->input_count; i++) {
            FeelValue v = feel_null();
            if (!scope_eval(s, local, &e->inputs[i].source, &v, why) ||
                !scope_assign_here(s, local, e->inputs[i].target, v, why)) {
                return false;
            }
        }
    }
    return wait_open_boundaries(s, token, why);
}

static int64_t scope_for(const FlowToken *t)
{
    return t->local ? t->local : t->scope;
}

static void set_waiting(Step *s, int64_t token, FlowTokenState state, FlowEffectKind kind)
{
    int64_t key = step_key(s);
    FlowToken *t = step_token(s, token);
    t->state = state;
    t->key = key;
    FlowEffect *f = step_effect(s, kind, key, step_element(s, t->element));
    f->variables = scope_view(s, scope_for(t));
}

static bool keep_result(Step *s, int64_t token, const BpmnElement *e, FeelValue v, Str *why)
{
    const FlowToken *t = step_token(s, token);
    return e->output_count > 0 ? scope_assign_here(s, t->local, e->result_variable, v, why)
                               : scope_assign(s, scope_for(t), e->result_variable, v, why);
}

static bool run_script(Step *s, int64_t token, const BpmnElement *e, Str *why)
{
    FeelValue v = feel_null();
    return scope_eval(s, scope_for(step_token(s, token)), &e->script, &v, why) &&
           keep_result(s, token, e, v, why);
}

static bool run_decision(Step *s, int64_t token, const BpmnElement *e, Str *why)
{
    FeelValue input = feel_context(scope_view(s, scope_for(step_token(s, token))));
    FeelValue v = feel_null();
    Value *trace = NULL;
    Err err = {0};
    if (!s->model->decide) {
        *why = str_fmt(s->out, "no rules for decision '" STR_FMT "'", STR_ARG(e->decision));
        return false;
    }
    if (!s->model->decide(s->model->rules, s->out, e->decision, &input, &v, &trace, &err)) {
        *why = str_fmt(s->out, "decision '" STR_FMT "': %s", STR_ARG(e->decision), err.msg);
        return false;
    }
    FlowEffect *f = step_effect(s, FLOW_DECIDED, 0, e);
    f->result = v;
    f->trace = trace;
    return keep_result(s, token, e, v, why);
}

static bool start_inside(Step *s, int64_t token, const BpmnElement *e)
{
    FlowToken *t = step_token(s, token);
    int64_t local = t->local;
    t->state = TOKEN_INSIDE;
    t->key = local;
    step_add_token(s, e->start, BPMN_NONE, local);
    return true;
}

static bool wait_own(Step *s, int64_t token, Str *why)
{
    FlowToken *t = step_token(s, token);
    t->state = TOKEN_EVENT;
    return wait_open(s, token, t->element, why);
}

static void enter_activity(Step *s, int64_t token)
{
    Str why = {0};
    uint16_t at = step_token(s, token)->element;
    const BpmnElement *e = step_element(s, at);
    bool ok = open_activity(s, token, &why), passes = false;
    if (ok && e->kind == BPMN_USER_TASK) {
        set_waiting(s, token, TOKEN_TASK, FLOW_CREATE_TASK);
    } else if (ok && (e->kind == BPMN_SERVICE_TASK || e->kind == BPMN_SEND_TASK)) {
        set_waiting(s, token, TOKEN_JOB, FLOW_CREATE_JOB);
    } else if (ok && e->kind == BPMN_SUBPROCESS) {
        ok = start_inside(s, token, e);
    } else if (ok && e->kind == BPMN_RECEIVE_TASK) {
        ok = wait_own(s, token, &why);
    } else if (ok) {
        passes = true;
        ok = e->kind == BPMN_SCRIPT_TASK ? run_script(s, token, e, &why)
             : e->kind == BPMN_RULE_TASK ? run_decision(s, token, e, &why)
                                         : true;
    }
    if (!ok) {
        step_incident(s, token, why);
    } else if (passes) {
        run_leave(s, token);
    }
}

/* The join fires when one token stands there from each incoming flow; surplus ones wait on. */
static bool join_is_complete(Step *s, const FlowToken *t, const BpmnElement *e, int64_t *arrived)
{
    for (size_t i = 0; i < e->incoming_count; i++) {
        arrived[i] = 0;
        for (size_t k = 0; k < s->in->tokens.len && arrived[i] == 0; k++) {
            const FlowToken *o = &s->in->tokens.at[k];
            bool here = o->element == t->element && o->scope == t->scope &&
                        o->state == TOKEN_JOIN && o->flow == e->incoming[i];
            arrived[i] = here ? o->id : 0;
        }
        if (arrived[i] == 0) {
            return false;
        }
    }
    return true;
}

static void enter_parallel(Step *s, int64_t token)
{
    FlowToken *t = step_token(s, token);
    const BpmnElement *e = step_element(s, t->element);
    int64_t *arrived = NEW_N(s->out, int64_t, e->incoming_count + 1);
    if (e->incoming_count > 1) {
        t->state = TOKEN_JOIN;
        if (!join_is_complete(s, t, e, arrived)) {
            return;
        }
        for (size_t i = 0; i < e->incoming_count; i++) {
            if (arrived[i] != token) {
                step_remove_token(s, arrived[i]);
            }
        }
    }
    step_effect(s, FLOW_PASSED, 0, e);
    take_flows(s, token, false);
}

static void enter_terminate(Step *s, int64_t token)
{
    int64_t scope = step_token(s, token)->scope;
    step_stop_scope(s, scope);
    finish_scope(s, scope);
}

static void enter_catch(Step *s, int64_t token)
{
    Str why = {0};
    if (!wait_own(s, token, &why)) {
        step_incident(s, token, why);
    }
}

static void enter(Step *s, int64_t token)
{
    const BpmnElement *e = step_element(s, step_token(s, token)->element);
    switch (e->kind) {
    case BPMN_START:
    case BPMN_BOUNDARY_TIMER:
    case BPMN_BOUNDARY_MESSAGE:
    case BPMN_BOUNDARY_ERROR:
        step_effect(s, FLOW_PASSED, 0, e);
        take_flows(s, token, false);
        break;
    case BPMN_EXCLUSIVE:
        step_effect(s, FLOW_PASSED, 0, e);
        take_flows(s, token, true);
        break;
    case BPMN_PARALLEL: enter_parallel(s, token); break;
    case BPMN_END:
        step_effect(s, FLOW_PASSED, 0, e);
        end_token(s, token);
        break;
    case BPMN_END_TERMINATE:
        step_effect(s, FLOW_PASSED, 0, e);
        enter_terminate(s, token);
        break;
    case BPMN_END_ERROR:
        step_effect(s, FLOW_PASSED, 0, e);
        run_throw(s, token, e->error_code, (Str){0});
        break;
    case BPMN_CATCH_TIMER:
    case BPMN_CATCH_MESSAGE: enter_catch(s, token); break;
    case BPMN_USER_TASK:
    case BPMN_SERVICE_TASK:
    case BPMN_SEND_TASK:
    case BPMN_SCRIPT_TASK:
    case BPMN_RULE_TASK:
    case BPMN_RECEIVE_TASK:
    case BPMN_PLAIN_TASK:
    case BPMN_SUBPROCESS: enter_activity(s, token); break;
    case BPMN_KIND_COUNT: break;
    }
}

static int64_t ready_token(const Step *s)
{
    for (size_t i = 0; i < s->in->tokens.len; i++) {
        if (s->in->tokens.at[i].state == TOKEN_READY) {
            return s->in->tokens.at[i].id;
        }
    }
    return 0;
}

void run_tokens(Step *s)
{
    for (int64_t token = ready_token(s); token != 0; token = ready_token(s)) {
        if (++s->steps > FLOW_MAX_STEPS) {
            step_incident(s, token, STR("the process runs in a circle: too many steps at once"));
        } else {
            enter(s, token);
        }
    }
}
