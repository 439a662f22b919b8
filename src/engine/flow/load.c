/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An instance out of JSON, see store.c. Reading trusts nothing: each row is checked here, what must
 * hold between rows in load_check.c, so that no stored text can break an invariant of the step.
 */
#include "engine/flow/flow_int.h"
#include "engine/flow/store_int.h"

typedef FlowReader Reader;

bool load_bad(Reader *r, const char *what, int64_t id)
{
    return FAIL(r->err, ERR_INPUT, "%s '%lld' is not as written", what, (long long)id);
}

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

enum { LAST_KEY_MAX_BITS = 62 };
#define LAST_KEY_MAX ((int64_t)1 << LAST_KEY_MAX_BITS)

const FlowToken *load_token(const FlowInstance *in, int64_t id)
{
    for (size_t i = 0; i < in->tokens.len; i++) {
        if (in->tokens.at[i].id == id) {
            return &in->tokens.at[i];
        }
    }
    return NULL;
}

const FlowScope *load_scope(const FlowInstance *in, int64_t id)
{
    for (size_t i = 0; i < in->scopes.len; i++) {
        if (in->scopes.at[i].id == id) {
            return &in->scopes.at[i];
        }
    }
    return NULL;
}

const FlowLoop *load_loop(const FlowInstance *in, int64_t token)
{
    for (size_t i = 0; i < in->loops.len; i++) {
        if (in->loops.at[i].token == token) {
            return &in->loops.at[i];
        }
    }
    return NULL;
}

/* ---- rows ---- */

static bool read_token(Reader *r, const Value *map)
{
    FlowToken t = {.id = get_int(map, "id", 0),
                   .scope = get_int(map, "scope", 0),
                   .local = get_int(map, "local", 0),
                   .key = get_int(map, "key", 0),
                   .owner = get_int(map, "owner", 0),
                   .loop = get_int(map, "loop", 0),
                   .reason = str_dup(r->out, get_str(map, "reason"))};
    int state = 0;
    t.flow = bpmn_find_flow(r->process, get_str(map, "flow"));
    if (!read_element(r, map, &t.element) ||
        !read_name(r, value_at(map, "state"), flow_token_states, COUNT(flow_token_states),
                   &state)) {
        return false;
    }
    t.state = (FlowTokenState)state;
    size_t n = r->in->tokens.len;
    if (t.id <= (n ? r->in->tokens.at[n - 1].id : 0) || t.id > r->in->last_key ||
        t.state == TOKEN_READY || n >= 2 * FLOW_MAX_TOKENS) {
        return load_bad(r, "token", t.id);
    }
    *VEC_PUSH(r->out, &r->in->tokens) = t;
    return true;
}

static bool read_wait(Reader *r, const Value *map)
{
    FlowWait w = {.key = get_int(map, "key", 0),
                  .token = get_int(map, "token", 0),
                  .scope = get_int(map, "scope", 0),
                  .due = get_int(map, "due", 0),
                  .left = get_int(map, "left", 0),
                  .met = get_bool(map, "met")};
    int64_t trigger = get_int(map, "trigger", 0);
    size_t n = r->in->waits.len;
    if (w.key <= (n ? r->in->waits.at[n - 1].key : 0) || w.key > r->in->last_key || w.left < -1 ||
        n >= FLOW_MAX_WAITS) {
        return load_bad(r, "wait", w.key);
    }
    if (w.token && !load_token(r->in, w.token)) {
        return FAIL(r->err, ERR_INPUT, "wait '%lld' has no token", (long long)w.key);
    }
    if (!read_element(r, map, &w.element)) {
        return false;
    }
    const BpmnElement *e = &r->process->elements[w.element];
    if (trigger < 0 || (size_t)trigger >= e->trigger_count) {
        return load_bad(r, "wait", w.key);
    }
    w.trigger = (uint16_t)trigger;
    *VEC_PUSH(r->out, &r->in->waits) = w;
    return true;
}

static bool read_context(Reader *r, const Value *map, const FeelContext **c)
{
    FeelValue v = feel_null();
    const Value *variables = value_at(map, "variables");
    if (!value_is(variables, VALUE_MAP) || !feel_from_value(r->out, variables, &v, r->err)) {
        return FAIL(r->err, ERR_INPUT, "variables are not as written");
    }
    *c = v.context;
    return true;
}

static bool read_scope(Reader *r, const Value *map)
{
    FlowScope c = {.id = get_int(map, "id", -1),
                   .parent = get_int(map, "parent", 0),
                   .token = get_int(map, "token", 0),
                   .isolated = get_bool(map, "isolated")};
    size_t n = r->in->scopes.len;
    bool first = n == 0;
    if (!read_context(r, map, &c.variables) || (first && c.id != 0) || n > r->in->tokens.len ||
        (!first && (c.id <= r->in->scopes.at[n - 1].id || c.id > r->in->last_key ||
                    !load_scope(r->in, c.parent) || !load_token(r->in, c.token)))) {
        return load_bad(r, "scope", c.id);
    }
    *VEC_PUSH(r->out, &r->in->scopes) = c;
    return true;
}

static bool read_list(Reader *r, const Value *v, FeelValue *list)
{
    *list = feel_null();
    return !v ||
           (value_is(v, VALUE_LIST) && feel_from_value(r->out, v, list, r->err) &&
            list->kind == FEEL_LIST) ||
           FAIL(r->err, ERR_INPUT, "a loop has no list");
}

static bool read_loop(Reader *r, const Value *map)
{
    FlowLoop l = {.token = get_int(map, "token", 0),
                  .total = get_int(map, "total", -2),
                  .started = get_int(map, "started", 0),
                  .done = get_int(map, "done", 0)};
    const FlowToken *t = load_token(r->in, l.token);
    if (!t || load_loop(r->in, l.token) || l.total < -1 || l.total > FLOW_MAX_TOKENS ||
        l.started < 0 || l.done < 0 || l.done > l.started ||
        (l.total >= 0 && l.started > l.total) || !read_list(r, value_at(map, "items"), &l.items) ||
        !read_list(r, value_at(map, "outputs"), &l.outputs)) {
        return load_bad(r, "loop", l.token);
    }
    const BpmnElement *e = &r->process->elements[t->element];
    bool adhoc = e->kind == BPMN_ADHOC && t->state == TOKEN_INSIDE;
    bool fits = adhoc ? l.total == (int64_t)e->body.start_count
                      : e->loop && t->state == TOKEN_BODY &&
                            (e->loop->kind == BPMN_LOOP_STANDARD) == (l.total < 0);
    bool lists = (l.items.kind == FEEL_NULL || (int64_t)l.items.list.count == l.total) &&
                 (l.outputs.kind == FEEL_NULL || (int64_t)l.outputs.list.count == l.total);
    if (!fits || !lists) {
        return load_bad(r, "loop", l.token);
    }
    *VEC_PUSH(r->out, &r->in->loops) = l;
    return true;
}

static bool read_record(Reader *r, const Value *map)
{
    FlowRecord c = {.id = get_int(map, "id", 0),
                    .scope = get_int(map, "scope", 0),
                    .inner = get_int(map, "inner", 0)};
    if (!read_element(r, map, &c.element)) {
        return false;
    }
    const BpmnElement *e = &r->process->elements[c.element];
    size_t n = r->in->records.len;
    if (!e->compensable || (c.inner != 0) != bpmn_has_body(e->kind) || n >= FLOW_MAX_RECORDS ||
        c.id <= (n ? r->in->records.at[n - 1].id : 0) || c.id > r->in->last_key) {
        return load_bad(r, "record", c.id);
    }
    if (c.inner && !read_context(r, map, &c.variables)) {
        return false;
    }
    *VEC_PUSH(r->out, &r->in->records) = c;
    return true;
}

static bool read_debt(Reader *r, const Value *map)
{
    FlowDebt d = {.scope = get_int(map, "scope", 0),
                  .flow = bpmn_find_flow(r->process, get_str(map, "flow"))};
    if (!read_element(r, map, &d.element)) {
        return false;
    }
    if (d.flow == BPMN_NONE || r->process->flows[d.flow].to != d.element ||
        r->in->debts.len >= FLOW_MAX_RECORDS || !load_scope(r->in, d.scope)) {
        return load_bad(r, "debt", d.scope);
    }
    *VEC_PUSH(r->out, &r->in->debts) = d;
    return true;
}

static bool read_all(Reader *r, const Value *list, bool needed,
                     bool (*read)(Reader *, const Value *))
{
    if (!list || list->kind != VALUE_LIST) {
        return (!list && !needed) || FAIL(r->err, ERR_INPUT, "instance has no lists");
    }
    for (uint32_t i = 0; i < list->list.count; i++) {
        if (!read(r, list->list.items[i])) {
            return false;
        }
    }
    return true;
}

static bool known_format(const Value *v, Err *err)
{
    int64_t format = value_at(v, "format") ? get_int(v, "format", 0) : 1;
    return (format >= 1 && format <= FLOW_FORMAT) ||
           FAIL(err, ERR_CONFLICT, "instance is of format %lld, this program reads 1 to %d",
                (long long)format, FLOW_FORMAT);
}

FlowInstance *flow_instance_read(Arena *out, const FlowModel *m, const Value *v, Err *err)
{
    FlowInstance *in = NEW(out, FlowInstance);
    Reader r = {out, m->process, in, err};
    int state = 0;
    in->process = m->process->id;
    in->last_key = get_int(v, "last_key", 0);
    if (!known_format(v, err) || in->last_key < 0 || in->last_key > LAST_KEY_MAX) {
        (void)(err->code || load_bad(&r, "last_key", in->last_key));
        return NULL;
    }
    if (!str_eq(get_str(v, "process"), m->process->id)) {
        (void)FAIL(err, ERR_CONFLICT, "instance is of process '" STR_FMT "', not '" STR_FMT "'",
                   STR_ARG(str_slice(get_str(v, "process"), 0, 80)), STR_ARG(m->process->id));
        return NULL;
    }
    if (!read_name(&r, value_at(v, "state"), flow_state_names, COUNT(flow_state_names), &state) ||
        !read_all(&r, value_at(v, "tokens"), true, read_token) ||
        !read_all(&r, value_at(v, "waits"), true, read_wait) ||
        !read_all(&r, value_at(v, "scopes"), true, read_scope) ||
        !read_all(&r, value_at(v, "loops"), false, read_loop) ||
        !read_all(&r, value_at(v, "records"), false, read_record) ||
        !read_all(&r, value_at(v, "debts"), false, read_debt)) {
        return NULL;
    }
    in->state = (FlowState)state;
    return load_check(&r) ? in : NULL;
}
