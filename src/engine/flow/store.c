/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An instance as JSON; what is zero or empty is left out:
 *   {format, process, state, last_key,
 *    tokens: [{id, element, flow, state, scope, local, key, owner, loop, reason}],
 *    waits: [{key, token, scope, element, trigger, due, left, met}],
 *    scopes: [{id, parent, token, isolated, variables}],
 *    loops: [{token, total, started, done, items, outputs}],
 *    records: [{id, element, scope, inner, variables}], debts: [{scope, element, flow}]}
 * Elements and flows are named by id. Format 1 had no loops, records and debts.
 */
#include "engine/flow/flow_int.h"
#include "engine/flow/store_int.h"

const char *const flow_state_names[] = {"active", "completed", "cancelled"};
const char *const flow_token_states[] = {"ready",  "task",     "job",  "event", "join",
                                         "inside", "incident", "body", "call",  "undo"};

static void put_int(Arena *out, Value *map, const char *key, int64_t n)
{
    if (n != 0) {
        set_int(out, map, key, n);
    }
}

static bool put_feel(Arena *out, Value *map, const char *key, const FeelValue *v, Err *err)
{
    Value *written = feel_to_value(out, v, err);
    if (written) {
        set_value(out, map, key, written);
    }
    return written != NULL;
}

static bool put_context(Arena *out, Value *map, const FeelContext *c, Err *err)
{
    FeelValue v = feel_context(c);
    return put_feel(out, map, "variables", &v, err);
}

static void put_token(Arena *out, const BpmnProcess *p, Value *list, const FlowToken *t)
{
    Value *map = push_map(out, list);
    set_int(out, map, "id", t->id);
    set_str(out, map, "element", p->elements[t->element].id);
    set_str(out, map, "state", str_z(flow_token_states[t->state]));
    if (t->flow != BPMN_NONE) {
        set_str(out, map, "flow", p->flows[t->flow].id);
    }
    put_int(out, map, "scope", t->scope);
    put_int(out, map, "local", t->local);
    put_int(out, map, "key", t->key);
    put_int(out, map, "owner", t->owner);
    put_int(out, map, "loop", t->loop);
    if (t->reason.len > 0) {
        set_str(out, map, "reason", t->reason);
    }
}

static void put_wait(Arena *out, const BpmnProcess *p, Value *list, const FlowWait *w)
{
    Value *row = push_map(out, list);
    set_int(out, row, "key", w->key);
    put_int(out, row, "token", w->token);
    put_int(out, row, "scope", w->scope);
    set_str(out, row, "element", p->elements[w->element].id);
    put_int(out, row, "trigger", w->trigger);
    put_int(out, row, "due", w->due);
    put_int(out, row, "left", w->left);
    if (w->met) {
        set_bool(out, row, "met", true);
    }
}

static bool put_scope(Arena *out, Value *list, const FlowScope *c, Err *err)
{
    Value *map = push_map(out, list);
    set_int(out, map, "id", c->id);
    put_int(out, map, "parent", c->parent);
    put_int(out, map, "token", c->token);
    if (c->isolated) {
        set_bool(out, map, "isolated", true);
    }
    return put_context(out, map, c->variables, err);
}

static bool put_loop(Arena *out, Value *list, const FlowLoop *l, Err *err)
{
    Value *map = push_map(out, list);
    set_int(out, map, "token", l->token);
    set_int(out, map, "total", l->total);
    put_int(out, map, "started", l->started);
    put_int(out, map, "done", l->done);
    return (l->items.kind == FEEL_NULL || put_feel(out, map, "items", &l->items, err)) &&
           (l->outputs.kind == FEEL_NULL || put_feel(out, map, "outputs", &l->outputs, err));
}

static bool put_record(Arena *out, const BpmnProcess *p, Value *list, const FlowRecord *r, Err *err)
{
    Value *map = push_map(out, list);
    set_int(out, map, "id", r->id);
    set_str(out, map, "element", p->elements[r->element].id);
    put_int(out, map, "scope", r->scope);
    put_int(out, map, "inner", r->inner);
    return !r->variables || put_context(out, map, r->variables, err);
}

/* Lists that are mostly empty. */
static bool put_rest(Arena *out, const BpmnProcess *p, Value *map, const FlowInstance *i, Err *err)
{
    Value *loops = i->loops.len ? set_list(out, map, "loops") : NULL;
    Value *records = i->records.len ? set_list(out, map, "records") : NULL;
    Value *debts = i->debts.len ? set_list(out, map, "debts") : NULL;
    for (size_t k = 0; k < i->loops.len; k++) {
        if (!put_loop(out, loops, &i->loops.at[k], err)) {
            return false;
        }
    }
    for (size_t k = 0; k < i->records.len; k++) {
        if (!put_record(out, p, records, &i->records.at[k], err)) {
            return false;
        }
    }
    for (size_t k = 0; k < i->debts.len; k++) {
        const FlowDebt *d = &i->debts.at[k];
        Value *row = push_map(out, debts);
        put_int(out, row, "scope", d->scope);
        set_str(out, row, "element", p->elements[d->element].id);
        set_str(out, row, "flow", p->flows[d->flow].id);
    }
    return true;
}

Value *flow_instance_value(Arena *out, const FlowModel *m, const FlowInstance *i, Err *err)
{
    const BpmnProcess *p = m->process;
    Value *map = value_map(out);
    set_int(out, map, "format", FLOW_FORMAT);
    set_str(out, map, "process", i->process);
    set_str(out, map, "state", str_z(flow_state_names[i->state]));
    set_int(out, map, "last_key", i->last_key);
    Value *tokens = set_list(out, map, "tokens"), *waits = set_list(out, map, "waits");
    Value *scopes = set_list(out, map, "scopes");
    for (size_t k = 0; k < i->tokens.len; k++) {
        put_token(out, p, tokens, &i->tokens.at[k]);
    }
    for (size_t k = 0; k < i->waits.len; k++) {
        put_wait(out, p, waits, &i->waits.at[k]);
    }
    for (size_t k = 0; k < i->scopes.len; k++) {
        if (!put_scope(out, scopes, &i->scopes.at[k], err)) {
            return NULL;
        }
    }
    return put_rest(out, p, map, i, err) ? map : NULL;
}
