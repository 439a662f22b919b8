/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compensation. Each completion that may be undone leaves a record in its scope; a sub-process
 * takes a picture of its variables with it, and its own records stay under the name of its closed
 * scope. The token that undoes stands in TOKEN_UNDO; what was done last is undone first, one after
 * the other, each once. A sub-process is undone by its boundary's activity, else by its event
 * sub-process for compensation, else by undoing what was done inside. Calls are not undone from
 * outside.
 */
#include "engine/flow/flow_int.h"

void undo_record(Step *s, const FlowToken *t, const BpmnElement *e)
{
    bool body = bpmn_has_body(e->kind);
    if (s->in->records.len >= FLOW_MAX_RECORDS) {
        memmove(s->in->records.at, s->in->records.at + 1,
                (s->in->records.len - 1) * sizeof *s->in->records.at);
        s->in->records.len--; /* the oldest is forgotten: the limit is far beyond any process */
    }
    int64_t id = step_key(s);
    *VEC_PUSH(s->out, &s->in->records) =
        (FlowRecord){.id = id,
                     .element = t->element,
                     .scope = t->scope,
                     .inner = body ? t->local : 0,
                     .variables = body ? scope_get(s, t->local)->variables : NULL};
}

void undo_move_records(Step *s, int64_t from, int64_t to)
{
    for (size_t i = 0; i < s->in->records.len; i++) {
        FlowRecord *r = &s->in->records.at[i];
        r->scope = r->scope == from ? to : r->scope;
    }
}

static uint16_t wanted_activity(Step *s, const FlowToken *t)
{
    const BpmnElement *e = step_element(s, t->element);
    const BpmnTrigger *on = bpmn_trigger(e, BPMN_ON_COMPENSATION);
    return on ? on->activity : BPMN_NONE;
}

/* Takes the latest record of what the token undoes. */
static bool take_record(Step *s, const FlowToken *t, FlowRecord *taken)
{
    uint16_t activity = wanted_activity(s, t);
    for (size_t i = s->in->records.len; i > 0; i--) {
        FlowRecord *r = &s->in->records.at[i - 1];
        if (r->scope != t->key || (activity != BPMN_NONE && r->element != activity)) {
            continue;
        }
        *taken = *r;
        s->in->records.len--;
        memmove(r, r + 1, (s->in->records.len - (i - 1)) * sizeof *r);
        return true;
    }
    return false;
}

static uint16_t undoing_start(Step *s, const BpmnElement *e)
{
    for (size_t i = 0; i < e->body.handler_count; i++) {
        uint16_t start = step_element(s, e->body.handlers[i])->body.starts[0];
        if (bpmn_trigger(step_element(s, start), BPMN_ON_COMPENSATION)) {
            return start;
        }
    }
    return BPMN_NONE;
}

/* The sub-process stands again as it was, so that what is inside can be undone. */
static void undo_inside(Step *s, int64_t owner, const FlowRecord *r)
{
    const BpmnElement *e = step_element(s, r->element);
    uint16_t start = undoing_start(s, e);
    int64_t token = step_add_token(s, r->element, BPMN_NONE, r->scope);
    int64_t local = scope_open(s, r->scope, token);
    scope_get(s, local)->variables = r->variables;
    FlowToken *t = step_token(s, token);
    t->owner = owner;
    t->local = local;
    t->key = local;
    t->state = start == BPMN_NONE ? TOKEN_UNDO : TOKEN_INSIDE;
    undo_move_records(s, r->inner, local);
    if (start == BPMN_NONE) {
        undo_next(s, token);
    } else {
        throw_handler(s, local, start);
    }
}

static void undo_one(Step *s, int64_t owner, const FlowRecord *r)
{
    const BpmnElement *e = step_element(s, r->element);
    if (e->compensation == BPMN_NONE) {
        undo_inside(s, owner, r);
        return;
    }
    uint16_t handler = step_element(s, e->compensation)->handler;
    int64_t token = step_add_token(s, handler, BPMN_NONE, r->scope);
    step_token(s, token)->owner = owner;
}

static void cancelled(Step *s, int64_t token)
{
    int64_t owner = scope_get(s, step_token(s, token)->scope)->token;
    const FlowToken *t = step_token(s, owner);
    if (t->loop) { /* its boundary events stand at the loop */
        owner = scope_get(s, t->scope)->token;
    }
    const BpmnElement *e = step_at(s, owner);
    for (size_t i = 0; i < e->boundary_count; i++) {
        if (bpmn_trigger(step_element(s, e->boundaries[i]), BPMN_ON_CANCEL)) {
            throw_boundary(s, owner, e->boundaries[i]);
            return;
        }
    }
    step_incident(s, owner, STR("the transaction is cancelled, and no boundary event catches it"));
}

static void all_undone(Step *s, int64_t token)
{
    FlowToken *t = step_token(s, token);
    const BpmnElement *e = step_element(s, t->element);
    t->state = TOKEN_READY;
    t->key = 0;
    if (bpmn_is_activity(e->kind)) { /* a sub-process that stood again */
        int64_t owner = t->owner;
        scope_close(s, t->local);
        step_remove_token(s, token);
        undo_next(s, owner);
    } else if (bpmn_trigger(e, BPMN_ON_CANCEL)) {
        cancelled(s, token);
    } else if (e->kind == BPMN_END) {
        run_end_token(s, token);
    } else {
        run_leave(s, token);
    }
}

void undo_next(Step *s, int64_t token)
{
    FlowToken *t = step_token(s, token);
    FlowRecord r = {0};
    if (!step_has_room(s, 2)) {
        step_incident(s, token, STR("too many tokens"));
    } else if (take_record(s, t, &r)) {
        undo_one(s, token, &r);
    } else {
        all_undone(s, token);
    }
}

void undo_begin(Step *s, int64_t token, int64_t scope)
{
    FlowToken *t = step_token(s, token);
    t->state = TOKEN_UNDO;
    t->key = scope;
    undo_next(s, token);
}
