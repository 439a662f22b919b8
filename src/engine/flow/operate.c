/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an operator may do to an instance besides trying again: let an element count as done, move a
 * token within its scope.
 */
#include "engine/flow/flow_int.h"

bool operate_resolve(Step *s)
{
    FlowToken *t = step_token_by_key(s, s->ev->key, TOKEN_INCIDENT);
    Str why = {0};
    if (!t) {
        return FAIL(s->err, ERR_NOT_FOUND, "no incident '%lld' waits in this instance",
                    (long long)s->ev->key);
    }
    int64_t id = t->id;
    t->state = TOKEN_READY;
    t->key = 0;
    t->reason = (Str){0};
    if (!scope_merge(s, t->scope, s->ev->variables, &why)) {
        return FAIL(s->err, ERR_LIMIT, STR_FMT, STR_ARG(why));
    }
    /* Its mappings may be what went wrong: it goes on without them. */
    step_effect(s, FLOW_PASSED, 0, step_at(s, id));
    if (step_token(s, id)->loop) {
        loop_instance_done(s, id);
    } else if (step_at(s, id)->kind == BPMN_END) {
        run_end_token(s, id);
    } else {
        run_on(s, id);
    }
    return true;
}

bool operate_may_stand(const BpmnElement *e)
{
    return (bpmn_is_activity(e->kind) && !e->for_compensation) || bpmn_is_gateway(e->kind) ||
           e->kind == BPMN_CATCH || e->kind == BPMN_THROW || e->kind == BPMN_END;
}

/* It comes by a flow that nothing has come by yet, so that it does not wait at a join for itself. */
static uint16_t free_flow(Step *s, const FlowToken *moved, uint16_t to)
{
    const BpmnElement *e = step_element(s, to);
    for (size_t i = 0; i < e->incoming_count; i++) {
        bool taken = false;
        for (size_t k = 0; k < s->in->tokens.len; k++) {
            const FlowToken *t = &s->in->tokens.at[k];
            taken = taken || (t->element == to && t->scope == moved->scope && t->id != moved->id &&
                              t->state == TOKEN_JOIN && t->flow == e->incoming[i]);
        }
        if (!taken) {
            return e->incoming[i];
        }
    }
    return e->incoming_count ? e->incoming[0] : BPMN_NONE;
}

bool operate_move(Step *s)
{
    FlowToken *t = step_token(s, s->ev->key);
    uint16_t to = bpmn_find(s->process, s->ev->code);
    if (!t) {
        return FAIL(s->err, ERR_NOT_FOUND, "no token '%lld' is in this instance",
                    (long long)s->ev->key);
    }
    if (to == BPMN_NONE) {
        return FAIL(s->err, ERR_NOT_FOUND, "process has no element '" STR_FMT "'",
                    STR_ARG(str_slice(s->ev->code, 0, 80)));
    }
    const BpmnElement *e = step_element(s, to);
    if (t->owner || t->loop || t->state == TOKEN_UNDO) {
        return FAIL(s->err, ERR_CONFLICT, "a token that undoes or repeats cannot be moved");
    }
    if (e->scope != step_element(s, t->element)->scope || !operate_may_stand(e) ||
        step_element(s, t->element)->kind == BPMN_EVENT_SUBPROCESS) {
        return FAIL(s->err, ERR_CONFLICT, "a token at '" STR_FMT "' cannot go to '" STR_FMT "'",
                    STR_ARG(step_element(s, t->element)->id), STR_ARG(e->id));
    }
    int64_t id = t->id;
    step_stop_token(s, id);
    t = step_token(s, id);
    t->element = to;
    t->flow = free_flow(s, t, to);
    t->state = TOKEN_READY;
    t->key = 0;
    t->reason = (Str){0};
    return true;
}
