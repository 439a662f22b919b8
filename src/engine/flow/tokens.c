/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens and effects; and how everything that hangs on a token is taken away with it. */
#include "engine/flow/flow_int.h"

const BpmnElement *step_element(const Step *s, uint16_t index)
{
    return &s->process->elements[index];
}

int64_t step_key(Step *s)
{
    return ++s->in->last_key;
}

FlowEffect *step_effect(Step *s, FlowEffectKind kind, int64_t key, const BpmnElement *e)
{
    FlowEffect *f = VEC_PUSH(s->out, s->fx);
    *f = (FlowEffect){.kind = kind, .key = key, .element = e};
    return f;
}

FlowToken *step_token(Step *s, int64_t id)
{
    for (size_t i = 0; i < s->in->tokens.len; i++) {
        if (s->in->tokens.at[i].id == id) {
            return &s->in->tokens.at[i];
        }
    }
    return NULL;
}

FlowToken *step_token_by_key(Step *s, int64_t key, FlowTokenState state)
{
    for (size_t i = 0; i < s->in->tokens.len; i++) {
        FlowToken *t = &s->in->tokens.at[i];
        if (t->key == key && t->state == state) {
            return t;
        }
    }
    return NULL;
}

const BpmnElement *step_at(Step *s, int64_t token)
{
    return step_element(s, step_token(s, token)->element);
}

void step_incident(Step *s, int64_t token, Str reason)
{
    step_stop_token(s, token);
    int64_t key = step_key(s);
    FlowToken *t = step_token(s, token);
    t->state = TOKEN_INCIDENT;
    t->key = key;
    t->reason = reason;
    step_effect(s, FLOW_INCIDENT, key, step_element(s, t->element))->reason = reason;
}

void step_remove_token(Step *s, int64_t token)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->in->tokens.len; i++) {
        if (s->in->tokens.at[i].id != token) {
            s->in->tokens.at[kept++] = s->in->tokens.at[i];
        }
    }
    s->in->tokens.len = kept;
}

int64_t step_add_token(Step *s, uint16_t element, uint16_t flow, int64_t scope)
{
    int64_t id = step_key(s);
    *VEC_PUSH(s->out, &s->in->tokens) =
        (FlowToken){.id = id, .element = element, .flow = flow, .scope = scope};
    return id;
}

bool step_has_room(const Step *s, size_t tokens)
{
    return tokens <= FLOW_MAX_TOKENS && s->in->tokens.len + tokens <= FLOW_MAX_TOKENS;
}

bool step_scope_is_empty(const Step *s, int64_t scope)
{
    for (size_t i = 0; i < s->in->tokens.len; i++) {
        if (s->in->tokens.at[i].scope == scope) {
            return false;
        }
    }
    return true;
}

/* ---- stopping; recursion goes from scope to inner scope, at most FLOW_MAX_NEST deep ---- */

static void stop_where(Step *s, int64_t scope, int64_t owner)
{
    for (size_t i = 0; i < s->in->tokens.len;) {
        FlowToken t = s->in->tokens.at[i];
        if (owner ? t.owner != owner : t.scope != scope) {
            i++;
            continue;
        }
        step_stop_token(s, t.id);
        step_remove_token(s, t.id);
        i = 0; /* inner tokens went too: places have moved */
    }
}

void step_stop_scope(Step *s, int64_t scope)
{
    wait_close_handlers(s, scope);
    stop_where(s, scope, 0);
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
    } else if (t.state == TOKEN_CALL) {
        step_effect(s, FLOW_CANCEL_CALL, t.key, e);
    } else if (t.state == TOKEN_UNDO) {
        stop_where(s, 0, token);
    }
    loop_remove(s, token);
    if (t.local != 0) {
        step_stop_scope(s, t.local);
        scope_close(s, t.local);
        step_token(s, token)->local = 0;
    }
}
