/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An instance as JSON:
 *   {process, state, last_key, tokens: [{id, element, flow, state, scope, local, key, reason}],
 *    waits: [{key, token, element, due}], scopes: [{id, parent, token, variables}]}
 * Elements and flows are named by id. Reading trusts nothing: each reference is checked.
 */
#include "engine/flow/flow_int.h"

/* ORDER FlowState, FlowTokenState. */
static const char *const flow_states[] = {"active", "completed", "cancelled"};
static const char *const token_states[] = {"ready", "task",   "job",     "event",
                                           "join",  "inside", "incident"};

/* ---- writing ---- */

static void put_int(Arena *out, Value *map, const char *key, int64_t n)
{
    if (n != 0) {
        set_int(out, map, key, n);
    }
}

static void put_token(Arena *out, const BpmnProcess *p, Value *list, const FlowToken *t)
{
    Value *map = push_map(out, list);
    set_int(out, map, "id", t->id);
    set_str(out, map, "element", p->elements[t->element].id);
    set_str(out, map, "state", str_z(token_states[t->state]));
    if (t->flow != BPMN_NONE) {
        set_str(out, map, "flow", p->flows[t->flow].id);
    }
    put_int(out, map, "scope", t->scope);
    put_int(out, map, "local", t->local);
    put_int(out, map, "key", t->key);
    if (t->reason.len > 0) {
        set_str(out, map, "reason", t->reason);
    }
}

static bool put_scope(Arena *out, Value *list, const FlowScope *c, Err *err)
{
    Value *map = push_map(out, list);
    FeelValue v = feel_context(c->variables);
    Value *variables = feel_to_value(out, &v, err);
    set_int(out, map, "id", c->id);
    put_int(out, map, "parent", c->parent);
    put_int(out, map, "token", c->token);
    if (variables) {
        set_value(out, map, "variables", variables);
    }
    return variables != NULL;
}

Value *flow_instance_value(Arena *out, const FlowModel *m, const FlowInstance *i, Err *err)
{
    const BpmnProcess *p = m->process;
    Value *map = value_map(out);
    set_str(out, map, "process", i->process);
    set_str(out, map, "state", str_z(flow_states[i->state]));
    set_int(out, map, "last_key", i->last_key);
    Value *tokens = set_list(out, map, "tokens"), *waits = set_list(out, map, "waits");
    Value *scopes = set_list(out, map, "scopes");
    for (size_t k = 0; k < i->tokens.len; k++) {
        put_token(out, p, tokens, &i->tokens.at[k]);
    }
    for (size_t k = 0; k < i->waits.len; k++) {
        const FlowWait *w = &i->waits.at[k];
        Value *row = push_map(out, waits);
        set_int(out, row, "key", w->key);
        set_int(out, row, "token", w->token);
        set_str(out, row, "element", p->elements[w->element].id);
        put_int(out, row, "due", w->due);
    }
    for (size_t k = 0; k < i->scopes.len; k++) {
        if (!put_scope(out, scopes, &i->scopes.at[k], err)) {
            return NULL;
        }
    }
    return map;
}

/* ---- reading ---- */

typedef struct {
    Arena *out;
    const BpmnProcess *process;
    FlowInstance *in;
    Err *err;
} Reader;

static bool read_name(Reader *r, const Value *v, const char *const *names, size_t count, int *at)
{
    Str name = value_text(v);
    for (size_t i = 0; i < count; i++) {
        if (str_eq(name, str_z(names[i]))) {
            *at = (int)i;
            return true;
        }
    }
    return FAIL(r->err, ERR_INPUT, "unknown state '" STR_FMT "'", STR_ARG(str_slice(name, 0, 40)));
}

static bool read_element(Reader *r, const Value *map, uint16_t *element)
{
    Str id = get_str(map, "element");
    *element = bpmn_find(r->process, id);
    return *element != BPMN_NONE ||
           FAIL(r->err, ERR_CONFLICT, "process '" STR_FMT "' has no element '" STR_FMT "' any more",
                STR_ARG(r->process->id), STR_ARG(str_slice(id, 0, 80)));
}

static uint16_t find_flow(const BpmnProcess *p, Str id)
{
    for (size_t i = 0; i < p->flow_count; i++) {
        if (str_eq(p->flows[i].id, id)) {
            return (uint16_t)i;
        }
    }
    return BPMN_NONE;
}

static const FlowToken *find_token(const FlowInstance *in, int64_t id)
{
    for (size_t i = 0; i < in->tokens.len; i++) {
        if (in->tokens.at[i].id == id) {
            return &in->tokens.at[i];
        }
    }
    return NULL;
}

static const FlowScope *find_scope(const FlowInstance *in, int64_t id)
{
    for (size_t i = 0; i < in->scopes.len; i++) {
        if (in->scopes.at[i].id == id) {
            return &in->scopes.at[i];
        }
    }
    return NULL;
}

static bool read_token(Reader *r, const Value *map)
{
    FlowToken t = {.id = get_int(map, "id", 0),
                   .scope = get_int(map, "scope", 0),
                   .local = get_int(map, "local", 0),
                   .key = get_int(map, "key", 0),
                   .reason = str_dup(r->out, get_str(map, "reason"))};
    int state = 0;
    t.flow = find_flow(r->process, get_str(map, "flow"));
    if (!read_element(r, map, &t.element) ||
        !read_name(r, value_at(map, "state"), token_states, COUNT(token_states), &state)) {
        return false;
    }
    t.state = (FlowTokenState)state;
    if (t.id <= 0 || find_token(r->in, t.id) || t.state == TOKEN_READY) {
        return FAIL(r->err, ERR_INPUT, "token '%lld' is not as written", (long long)t.id);
    }
    *VEC_PUSH(r->out, &r->in->tokens) = t;
    return true;
}

static bool read_wait(Reader *r, const Value *map)
{
    FlowWait w = {.key = get_int(map, "key", 0),
                  .token = get_int(map, "token", 0),
                  .due = get_int(map, "due", 0)};
    if (w.key <= 0 || !find_token(r->in, w.token)) {
        return FAIL(r->err, ERR_INPUT, "wait '%lld' has no token", (long long)w.key);
    }
    if (!read_element(r, map, &w.element)) {
        return false;
    }
    *VEC_PUSH(r->out, &r->in->waits) = w;
    return true;
}

static bool read_scope(Reader *r, const Value *map)
{
    FlowScope c = {.id = get_int(map, "id", -1),
                   .parent = get_int(map, "parent", 0),
                   .token = get_int(map, "token", 0)};
    FeelValue v = feel_null();
    bool first = r->in->scopes.len == 0;
    if (!value_is(value_at(map, "variables"), VALUE_MAP) ||
        !feel_from_value(r->out, value_at(map, "variables"), &v, r->err) || (c.id == 0) != first ||
        c.id < 0 || (!first && !find_scope(r->in, c.parent)) ||
        (!first && !find_token(r->in, c.token)) || find_scope(r->in, c.id)) {
        return FAIL(r->err, ERR_INPUT, "scope '%lld' is not as written", (long long)c.id);
    }
    c.variables = v.context;
    *VEC_PUSH(r->out, &r->in->scopes) = c;
    return true;
}

static bool read_all(Reader *r, const Value *list, bool (*read)(Reader *, const Value *))
{
    if (!value_is(list, VALUE_LIST)) {
        return FAIL(r->err, ERR_INPUT, "instance has no lists");
    }
    for (uint32_t i = 0; i < list->list.count; i++) {
        if (!read(r, list->list.items[i])) {
            return false;
        }
    }
    return true;
}

/* Scopes of tokens exist, and what runs inside stands where something can run inside. */
static bool check_tokens(Reader *r)
{
    for (size_t i = 0; i < r->in->tokens.len; i++) {
        const FlowToken *t = &r->in->tokens.at[i];
        const BpmnElement *e = &r->process->elements[t->element];
        bool inside = t->state == TOKEN_INSIDE;
        const FlowScope *local = find_scope(r->in, t->local);
        if (!find_scope(r->in, t->scope) || !local ||
            (t->local && (local->token != t->id || local->parent != t->scope)) ||
            inside != (e->kind == BPMN_SUBPROCESS && t->state != TOKEN_INCIDENT) ||
            (inside && (t->key != t->local || t->local == 0))) {
            return FAIL(r->err, ERR_INPUT, "token '%lld' is not as written", (long long)t->id);
        }
    }
    return r->in->scopes.len > 0 || FAIL(r->err, ERR_INPUT, "instance has no variables");
}

FlowInstance *flow_instance_read(Arena *out, const FlowModel *m, const Value *v, Err *err)
{
    FlowInstance *in = NEW(out, FlowInstance);
    Reader r = {out, m->process, in, err};
    int state = 0;
    in->process = m->process->id;
    in->last_key = get_int(v, "last_key", 0);
    if (!str_eq(get_str(v, "process"), m->process->id)) {
        (void)FAIL(err, ERR_CONFLICT, "instance is of process '" STR_FMT "', not '" STR_FMT "'",
                   STR_ARG(str_slice(get_str(v, "process"), 0, 80)), STR_ARG(m->process->id));
        return NULL;
    }
    if (!read_name(&r, value_at(v, "state"), flow_states, COUNT(flow_states), &state) ||
        !read_all(&r, value_at(v, "tokens"), read_token) ||
        !read_all(&r, value_at(v, "waits"), read_wait) ||
        !read_all(&r, value_at(v, "scopes"), read_scope) || !check_tokens(&r)) {
        return NULL;
    }
    in->state = (FlowState)state;
    return in;
}
