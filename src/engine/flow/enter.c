/* SPDX-License-Identifier: Apache-2.0 */
/* Activities and catching events: their scope, what they wait for, what they do at once. */
#include "engine/flow/flow_int.h"

static bool map_inputs(Step *s, int64_t token, const BpmnElement *e, int64_t from, Str *why)
{
    int64_t local = step_token(s, token)->local;
    for (size_t i = 0; i < e->input_count; i++) {
        FeelValue v = feel_null();
        if (!scope_map(s, &e->inputs[i], from, &v, why) ||
            !scope_assign_here(s, local, e->inputs[i].target, v, why)) {
            return false;
        }
    }
    return true;
}

/* A called process sees what it is given: all, or what the mappings name. */
static bool fill_called(Step *s, int64_t token, const BpmnElement *e, Str *why)
{
    FlowToken t = *step_token(s, token);
    FlowScope *c = scope_get(s, t.local);
    int64_t from = t.scope;
    if (t.loop) { /* the loop's variables stand in the scope that becomes the process's own */
        from = scope_open(s, t.scope, token);
        scope_get(s, from)->variables = c->variables;
        c = scope_get(s, t.local);
    }
    c->isolated = true;
    c->variables = e->maps_all_in ? scope_view(s, from) : c->variables;
    bool ok = (!e->maps_all_in || scope_add_bytes(s, c->variables, why)) &&
              map_inputs(s, token, e, from, why);
    if (t.loop) {
        scope_close(s, from);
    }
    return ok;
}

/* Its own scope with the inputs, and what its boundary events wait for. An instance of a loop has
 * its boundary events at the loop. */
static bool open_activity(Step *s, int64_t token, Str *why)
{
    FlowToken t = *step_token(s, token);
    const BpmnElement *e = step_element(s, t.element);
    bool body = bpmn_has_body(e->kind) || e->kind == BPMN_CALL;
    if (e->input_count + e->output_count > 0 || body || t.loop) {
        int64_t local = scope_open(s, t.scope, token);
        step_token(s, token)->local = local;
        if (scope_depth(s, local) > FLOW_MAX_NEST) {
            *why = STR("scopes are nested too deep");
            return false;
        }
        if ((t.loop && !loop_prepare(s, token, why)) ||
            !(e->kind == BPMN_CALL ? fill_called(s, token, e, why)
                                   : map_inputs(s, token, e, local, why))) {
            return false;
        }
    }
    return t.loop || wait_open_boundaries(s, token, why);
}

/* ---- what each does ---- */

static void set_waiting(Step *s, int64_t token, FlowTokenState state, FlowEffectKind kind)
{
    int64_t key = step_key(s);
    FlowToken *t = step_token(s, token);
    t->state = state;
    t->key = key;
    const BpmnElement *e = step_element(s, t->element);
    FlowEffect *f = step_effect(s, kind, key, e);
    f->variables = scope_view(s, scope_of(t));
    f->name = kind == FLOW_CALL ? e->call : (Str){0};
}

void enter_job(Step *s, int64_t token)
{
    set_waiting(s, token, TOKEN_JOB, FLOW_CREATE_JOB);
}

/* By when is known before the task is there. */
static bool create_task(Step *s, int64_t token, const BpmnElement *e, Str *why)
{
    TimeMs due = 0;
    if (!due_after(s, scope_of(step_token(s, token)), &e->due, e, &due, why)) {
        return false;
    }
    set_waiting(s, token, TOKEN_TASK, FLOW_CREATE_TASK);
    s->fx->at[s->fx->len - 1].due = due;
    return true;
}

static bool keep_result(Step *s, int64_t token, const BpmnElement *e, FeelValue v, Str *why)
{
    const FlowToken *t = step_token(s, token);
    return e->output_count > 0 ? scope_assign_here(s, t->local, e->result_variable, v, why)
                               : scope_assign(s, scope_of(t), e->result_variable, v, why);
}

static bool run_script(Step *s, int64_t token, const BpmnElement *e, Str *why)
{
    FeelValue v = feel_null();
    return scope_eval(s, scope_of(step_token(s, token)), &e->script, &v, why) &&
           keep_result(s, token, e, v, why);
}

static bool run_decision(Step *s, int64_t token, const BpmnElement *e, Str *why)
{
    FeelValue input = feel_context(scope_view(s, scope_of(step_token(s, token))));
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

void enter_body(Step *s, int64_t token, const BpmnBody *body)
{
    FlowToken *t = step_token(s, token);
    int64_t local = t->local;
    const BpmnElement *e = step_element(s, t->element);
    Str why = {0};
    t->state = TOKEN_INSIDE;
    t->key = local;
    if (!step_has_room(s, body->start_count)) {
        step_incident(s, token, STR("too many tokens"));
        return;
    }
    bool adhoc = e->kind == BPMN_ADHOC;
    for (size_t i = 0; i < body->start_count && !adhoc; i++) {
        step_add_token(s, body->starts[i], BPMN_NONE, local);
    }
    if (adhoc && !adhoc_begin(s, token, &why)) {
        step_incident(s, token, why);
        return;
    }
    if (!wait_open_handlers(s, local, body, &why)) {
        step_incident(s, token, why);
    } else if (adhoc) {
        run_finish_scope(s, local); /* nothing was chosen */
    }
}

void enter_handler(Step *s, int64_t token)
{
    int64_t local = scope_open(s, step_token(s, token)->scope, token);
    step_token(s, token)->local = local;
    enter_body(s, token, &step_at(s, token)->body);
}

static bool wait_own(Step *s, int64_t token, Str *why)
{
    FlowToken *t = step_token(s, token);
    t->state = TOKEN_EVENT;
    return wait_open(s, token, t->element, why);
}

/* True when it is done at once. */
static bool begin(Step *s, int64_t token, bool *ok, Str *why)
{
    const BpmnElement *e = step_at(s, token);
    bool job = e->job_type.len > 0;
    if (e->kind == BPMN_USER_TASK) {
        *ok = create_task(s, token, e, why);
    } else if (job && bpmn_is_activity(e->kind)) {
        enter_job(s, token);
    } else if (e->kind == BPMN_CALL && e->called == BPMN_NONE) {
        set_waiting(s, token, TOKEN_CALL, FLOW_CALL);
    } else if (e->kind == BPMN_CALL || bpmn_has_body(e->kind)) {
        enter_body(s, token, e->kind == BPMN_CALL ? &step_element(s, e->called)->body : &e->body);
    } else if (e->kind == BPMN_RECEIVE_TASK) {
        *ok = wait_own(s, token, why);
    } else {
        *ok = e->kind == BPMN_SCRIPT_TASK ? run_script(s, token, e, why)
              : e->kind == BPMN_RULE_TASK ? run_decision(s, token, e, why)
              : e->kind == BPMN_SEND_TASK ? throw_message(s, token, e, &e->triggers[0], why)
                                          : true;
        return *ok;
    }
    return false;
}

void enter_activity(Step *s, int64_t token)
{
    const BpmnElement *e = step_at(s, token);
    Str why = {0};
    if (e->start_quantity > 1 && !gate_quantity(s, token)) {
        return;
    }
    if (e->loop && step_token(s, token)->loop == 0) {
        loop_enter(s, token);
        return;
    }
    bool ok = open_activity(s, token, &why);
    bool done = ok && begin(s, token, &ok, &why);
    if (!ok) {
        step_incident(s, token, why);
    } else if (done) {
        run_leave(s, token);
    }
}

void enter_catch(Step *s, int64_t token)
{
    const BpmnElement *e = step_at(s, token);
    Str why = {0};
    if (bpmn_trigger(e, BPMN_ON_LINK)) {
        run_leave(s, token);
        return;
    }
    if (!open_activity(s, token, &why) || !wait_own(s, token, &why)) {
        step_incident(s, token, why);
    }
}
