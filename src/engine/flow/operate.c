/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an operator may do to an instance besides trying again: let an element count as done, move a
 * token within its scope, bring the instance to another version of its process.
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

static bool may_stand(const BpmnElement *e)
{
    return (bpmn_is_activity(e->kind) && !e->for_compensation) || bpmn_is_gateway(e->kind) ||
           e->kind == BPMN_CATCH || e->kind == BPMN_THROW || e->kind == BPMN_END;
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
    if (e->scope != step_element(s, t->element)->scope || !may_stand(e) ||
        step_element(s, t->element)->kind == BPMN_EVENT_SUBPROCESS) {
        return FAIL(s->err, ERR_CONFLICT, "a token at '" STR_FMT "' cannot go to '" STR_FMT "'",
                    STR_ARG(step_element(s, t->element)->id), STR_ARG(e->id));
    }
    int64_t id = t->id;
    step_stop_token(s, id);
    t = step_token(s, id);
    t->element = to;
    t->flow = e->incoming_count ? e->incoming[0] : BPMN_NONE;
    t->state = TOKEN_READY;
    t->key = 0;
    t->reason = (Str){0};
    return true;
}

/* ---- migration ---- */

typedef struct {
    Arena *out;
    const BpmnProcess *from, *to;
    const Value *map;
    Value *changes;
    Err *err;
} Migration;

static bool migrate_element(Migration *m, uint16_t *at, const char *what)
{
    const BpmnElement *old = &m->from->elements[*at];
    Str id = value_text(value_get(m->map, old->id));
    id = id.len ? id : old->id;
    uint16_t found = bpmn_find(m->to, id);
    if (found == BPMN_NONE || m->to->elements[found].kind != old->kind) {
        return FAIL(m->err, ERR_CONFLICT, "%s '" STR_FMT "' has no %s in the new version", what,
                    STR_ARG(old->id), bpmn_kind_name(old->kind));
    }
    Value *row = push_map(m->out, m->changes);
    set_str(m->out, row, "what", str_z(what));
    set_str(m->out, row, "element", old->id);
    set_str(m->out, row, "becomes", id);
    *at = found;
    return true;
}

static Str flow_id(const BpmnProcess *p, uint16_t flow)
{
    static const Str none = STR_INIT("");
    return flow == BPMN_NONE ? none : p->flows[flow].id;
}

static Str scope_id(const BpmnProcess *p, uint16_t element)
{
    uint16_t scope = p->elements[element].scope;
    static const Str none = STR_INIT("");
    return scope == BPMN_NONE ? none : p->elements[scope].id;
}

/* It stands in the same sub-process, or in what that is mapped to. */
static bool same_scope(Migration *m, uint16_t old, uint16_t new)
{
    Str was = scope_id(m->from, old), is = scope_id(m->to, new);
    Str wanted = value_text(value_get(m->map, was));
    return str_eq(wanted.len ? wanted : was, is) ||
           FAIL(m->err, ERR_CONFLICT, "'" STR_FMT "' stands in another sub-process now",
                STR_ARG(m->to->elements[new].id));
}

static uint16_t flow_of(const BpmnProcess *p, Str id)
{
    for (size_t i = 0; i < p->flow_count; i++) {
        if (str_eq(p->flows[i].id, id)) {
            return (uint16_t)i;
        }
    }
    return BPMN_NONE;
}

static bool migrate_flow(Migration *m, uint16_t *flow, bool needed)
{
    Str id = flow_id(m->from, *flow);
    Str mapped = value_text(value_get(m->map, id));
    *flow = flow_of(m->to, mapped.len ? mapped : id);
    return !needed || id.len == 0 || *flow != BPMN_NONE ||
           FAIL(m->err, ERR_CONFLICT, "a join waits for flow '" STR_FMT "', which is gone",
                STR_ARG(id));
}

static bool migrate_token(Migration *m, FlowToken *t)
{
    uint16_t old = t->element;
    bool looped = m->from->elements[old].loop != NULL;
    return migrate_element(m, &t->element, "token") && same_scope(m, old, t->element) &&
           (looped == (m->to->elements[t->element].loop != NULL) ||
            FAIL(m->err, ERR_CONFLICT, "'" STR_FMT "' repeats in one version only",
                 STR_ARG(m->from->elements[old].id))) &&
           migrate_flow(m, &t->flow, t->state == TOKEN_JOIN);
}

static bool migrate_wait(Migration *m, FlowWait *w)
{
    BpmnTriggerKind kind = m->from->elements[w->element].triggers[w->trigger].kind;
    if (!migrate_element(m, &w->element, "wait")) {
        return false;
    }
    const BpmnElement *e = &m->to->elements[w->element];
    return (w->trigger < e->trigger_count && e->triggers[w->trigger].kind == kind) ||
           FAIL(m->err, ERR_CONFLICT, "'" STR_FMT "' waits for something else now", STR_ARG(e->id));
}

static bool migrate_all(Migration *m, FlowInstance *in)
{
    bool ok = true;
    for (size_t i = 0; ok && i < in->tokens.len; i++) {
        ok = migrate_token(m, &in->tokens.at[i]);
    }
    for (size_t i = 0; ok && i < in->waits.len; i++) {
        ok = migrate_wait(m, &in->waits.at[i]);
    }
    for (size_t i = 0; ok && i < in->records.len; i++) {
        ok = migrate_element(m, &in->records.at[i].element, "record");
    }
    for (size_t i = 0; ok && i < in->debts.len; i++) {
        ok = migrate_element(m, &in->debts.at[i].element, "record") &&
             migrate_flow(m, &in->debts.at[i].flow, true);
    }
    return ok;
}

FlowInstance *flow_migrate(Arena *out, const FlowModel *from, const FlowModel *to,
                           const FlowInstance *before, const Value *map, Value *changes, Err *err)
{
    FlowInstance *in = NEW(out, FlowInstance);
    Migration m = {out, from->process, to->process, map, changes, err};
    *in = *before;
    in->process = to->process->id;
    size_t n = before->tokens.len;
    in->tokens.at =
        n ? memcpy(NEW_N(out, FlowToken, n), in->tokens.at, n * sizeof(FlowToken)) : NULL;
    n = before->waits.len;
    in->waits.at = n ? memcpy(NEW_N(out, FlowWait, n), in->waits.at, n * sizeof(FlowWait)) : NULL;
    n = before->records.len;
    in->records.at =
        n ? memcpy(NEW_N(out, FlowRecord, n), in->records.at, n * sizeof(FlowRecord)) : NULL;
    n = before->debts.len;
    in->debts.at = n ? memcpy(NEW_N(out, FlowDebt, n), in->debts.at, n * sizeof(FlowDebt)) : NULL;
    in->tokens.cap = in->tokens.len;
    in->waits.cap = in->waits.len;
    in->records.cap = in->records.len;
    in->debts.cap = in->debts.len;
    return migrate_all(&m, in) ? in : NULL;
}
