/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Variables live in scopes: the process, a sub-process, a task with mappings. They are data as JSON
 * has it: what FEEL makes of dates becomes text when it is kept, so that an instance behaves the
 * same before and after a way through the store.
 */
#include "engine/flow/flow_int.h"

/* A size near the JSON's, cut off past the limit. */
static size_t size_of(const FeelValue *v, int depth)
{
    size_t size = 8;
    if (v->kind == FEEL_STRING) {
        return size + v->text.len;
    }
    bool list = v->kind == FEEL_LIST, parts = list || v->kind == FEEL_CONTEXT;
    size_t count = list ? v->list.count : parts ? v->context->count : 0;
    for (size_t i = 0; i < count && size < FLOW_MAX_VARIABLE_BYTES && depth < FEEL_MAX_VALUE_DEPTH;
         i++) {
        size += list ? 0 : v->context->entries[i].key.len;
        size += size_of(list ? &v->list.items[i] : &v->context->entries[i].value, depth + 1);
    }
    return size;
}

static size_t size_of_context(const FeelContext *c)
{
    FeelValue v = feel_context(c);
    return c ? size_of(&v, 0) : 0;
}

size_t scope_bytes(const FlowInstance *in)
{
    size_t size = 0;
    for (size_t i = 0; i < in->scopes.len; i++) {
        size += size_of_context(in->scopes.at[i].variables);
    }
    for (size_t i = 0; i < in->records.len; i++) {
        size += size_of_context(in->records.at[i].variables);
    }
    for (size_t i = 0; i < in->loops.len; i++) {
        size += size_of(&in->loops.at[i].items, 0) + size_of(&in->loops.at[i].outputs, 0);
    }
    return size;
}

bool scope_add_bytes(Step *s, const FeelContext *c, Str *why)
{
    s->variable_bytes += size_of_context(c);
    if (s->variable_bytes > FLOW_MAX_VARIABLE_BYTES) {
        *why = STR("variables are too large");
        return false;
    }
    return true;
}

FlowScope *scope_get(Step *s, int64_t id)
{
    for (size_t i = 0; i < s->in->scopes.len; i++) {
        if (s->in->scopes.at[i].id == id) {
            return &s->in->scopes.at[i];
        }
    }
    return NULL;
}

int64_t scope_open(Step *s, int64_t parent, int64_t token)
{
    static const FeelContext none;
    int64_t id = step_key(s);
    *VEC_PUSH(s->out, &s->in->scopes) =
        (FlowScope){.id = id, .parent = parent, .token = token, .variables = &none};
    return id;
}

/* Records that name the scope as inner stay: their sub-process may be undone later. */
static bool is_inner(const Step *s, int64_t id)
{
    for (size_t i = 0; i < s->in->records.len; i++) {
        if (s->in->records.at[i].inner == id) {
            return true;
        }
    }
    return false;
}

static void forget_debts(Step *s, int64_t id)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->in->debts.len; i++) {
        if (s->in->debts.at[i].scope != id) {
            s->in->debts.at[kept++] = s->in->debts.at[i];
        }
    }
    s->in->debts.len = kept;
}

/* And what was done inside of what is forgotten; as deep as sub-processes stand in each other. */
static void forget_records(Step *s, int64_t id)
{
    for (size_t i = s->in->records.len; i > 0; i--) {
        FlowRecord r = s->in->records.at[i - 1];
        if (r.scope != id) {
            continue;
        }
        s->in->records.len--;
        memmove(&s->in->records.at[i - 1], &s->in->records.at[i],
                (s->in->records.len - (i - 1)) * sizeof r);
        if (r.inner) {
            forget_records(s, r.inner);
            i = s->in->records.len + 1;
        }
    }
}

void scope_close(Step *s, int64_t id)
{
    size_t kept = 0;
    wait_close_handlers(s, id);
    forget_debts(s, id);
    if (!is_inner(s, id)) {
        forget_records(s, id);
        size_t bytes = size_of_context(scope_get(s, id)->variables);
        s->variable_bytes -= bytes < s->variable_bytes ? bytes : s->variable_bytes;
    }
    for (size_t i = 0; i < s->in->scopes.len; i++) {
        if (s->in->scopes.at[i].id != id || id == 0) {
            s->in->scopes.at[kept++] = s->in->scopes.at[i];
        }
    }
    s->in->scopes.len = kept;
}

size_t scope_depth(Step *s, int64_t id)
{
    size_t depth = 0;
    for (const FlowScope *c = scope_get(s, id); c->id != 0; c = scope_get(s, c->parent)) {
        depth++;
    }
    return depth;
}

int64_t scope_of(const FlowToken *t)
{
    return t->local ? t->local : t->scope;
}

bool scope_assign_here(Step *s, int64_t scope, Str name, FeelValue value, Str *why)
{
    FeelValue data = feel_null();
    FlowScope *into = scope_get(s, scope);
    const FeelValue *was = feel_get(into->variables, name);
    size_t less = was ? size_of(was, 0) : 0, more = size_of(&value, 0) + (was ? 0 : name.len);
    size_t bytes = s->variable_bytes - (less < s->variable_bytes ? less : s->variable_bytes) + more;
    if (bytes > FLOW_MAX_VARIABLE_BYTES || !feel_to_data(s->out, &value, &data, NULL)) {
        *why = STR("variables are too large");
        return false;
    }
    s->variable_bytes = bytes;
    into->variables = feel_with(s->out, into->variables, name, data);
    *VEC_PUSH(s->out, &s->changes) = (FlowChange){name, !was};
    s->recheck = true;
    return true;
}

bool scope_assign(Step *s, int64_t from, Str name, FeelValue value, Str *why)
{
    int64_t at = from;
    for (const FlowScope *c = scope_get(s, at); c && at != 0; c = scope_get(s, at)) {
        if (c->isolated || feel_get(c->variables, name)) {
            break;
        }
        at = c->parent;
    }
    return scope_assign_here(s, at, name, value, why);
}

bool scope_merge(Step *s, int64_t from, const FeelContext *c, Str *why)
{
    for (size_t i = 0; c && i < c->count; i++) {
        if (!scope_assign(s, from, c->entries[i].key, c->entries[i].value, why)) {
            return false;
        }
    }
    return true;
}

const FeelContext *scope_view(Step *s, int64_t from)
{
    const FlowScope *c = scope_get(s, from);
    const FeelContext *view = c->variables;
    while (c->id != 0 && !c->isolated) {
        c = scope_get(s, c->parent);
        const FeelContext *inner = view;
        view = c->variables;
        for (size_t i = 0; i < inner->count; i++) {
            view = feel_with(s->out, view, inner->entries[i].key, inner->entries[i].value);
        }
    }
    return view;
}

bool scope_eval(Step *s, int64_t from, const BpmnExpr *e, FeelValue *value, Str *why)
{
    if (!e->program) {
        *value = feel_str(e->text);
        return true;
    }
    FeelScope scope = {.context = scope_view(s, from)};
    Err err = {0};
    if (!feel_eval(s->out, e->program, &scope, FLOW_FEEL_STEPS, value, &err)) {
        *why = str_fmt(s->out, "'" STR_FMT "': %s", STR_ARG(e->text), err.msg);
        return false;
    }
    return true;
}

bool scope_holds(Step *s, int64_t from, const BpmnExpr *e, const char *what, Str id, bool *holds,
                 Str *why)
{
    FeelValue v = feel_null();
    if (!scope_eval(s, from, e, &v, why)) {
        return false;
    }
    if (v.kind != FEEL_BOOLEAN) {
        *why = str_fmt(s->out, "condition of %s '" STR_FMT "' is %s" STR_FMT, what, STR_ARG(id),
                       v.kind == FEEL_NULL ? "null: " : "no boolean",
                       STR_ARG(feel_why(s->out, &v, FEEL_EN)));
        return false;
    }
    *holds = v.truth;
    return true;
}

bool scope_map(Step *s, const BpmnMapping *m, int64_t from, FeelValue *value, Str *why)
{
    if (m->source.text.len > 0 || m->variable.len == 0) {
        return scope_eval(s, from, &m->source, value, why);
    }
    const FeelValue *found = feel_get(scope_view(s, from), m->variable);
    *value = found ? *found : feel_null();
    return true;
}
