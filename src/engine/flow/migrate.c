/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An instance is brought to another version of its process. In this order, so that each part sees
 * the ids it knows:
 *
 *   1. waits: what the new version has no more, or otherwise, is closed; the rest gets its new place
 *   2. tokens, records, debts get their new places, or the first that has none refuses it all
 *   3. what goes on is told, what is new is opened; joins are looked at again, and the tokens run
 *
 * The kinds must fit: a user task stays a user task, a loop the same kind of loop. Only a token
 * with an incident may come to an element of another kind, since FLOW_RETRY enters it anew.
 */
#include "engine/flow/flow_int.h"

typedef Vec(uint16_t) Events;

typedef struct {
    Step old, new; /* the same instance and effects, seen by either version */
    const BpmnProcess *from, *to;
    const Value *map;
    Value *changes;
    Err *err;
} Migration;

/* ---- what becomes of an element ---- */

static Str mapped(const Migration *m, Str id)
{
    Str other = value_text(value_get(m->map, id));
    return other.len ? other : id;
}

static uint16_t becomes(const Migration *m, uint16_t old)
{
    return old == BPMN_NONE ? BPMN_NONE : bpmn_find(m->to, mapped(m, m->from->elements[old].id));
}

static uint16_t flow_named(const BpmnProcess *p, Str id)
{
    for (size_t i = 0; i < p->flow_count; i++) {
        if (str_eq(p->flows[i].id, id)) {
            return (uint16_t)i;
        }
    }
    return BPMN_NONE;
}

/* The flow in the new version, when it leads to the same element there. */
static uint16_t flow_becomes(const Migration *m, uint16_t flow, uint16_t to)
{
    uint16_t f =
        flow == BPMN_NONE ? BPMN_NONE : flow_named(m->to, mapped(m, m->from->flows[flow].id));
    return f != BPMN_NONE && m->to->flows[f].to == to ? f : BPMN_NONE;
}

static bool check_map(const Migration *m)
{
    for (size_t i = 0; m->map && i < m->map->map.count; i++) {
        Str was = m->map->map.members[i].key, is = value_text(m->map->map.members[i].value);
        if (bpmn_find(m->from, was) == BPMN_NONE && flow_named(m->from, was) == BPMN_NONE) {
            return FAIL(m->err, ERR_INPUT, "the old version has no '" STR_FMT "' to be mapped",
                        STR_ARG(str_slice(was, 0, 80)));
        }
        if (bpmn_find(m->to, is) == BPMN_NONE && flow_named(m->to, is) == BPMN_NONE) {
            return FAIL(m->err, ERR_INPUT,
                        "'" STR_FMT "' is mapped to '" STR_FMT "', which the new version has not",
                        STR_ARG(was), STR_ARG(str_slice(is, 0, 80)));
        }
    }
    return true;
}

static void tell(Migration *m, const char *what, int64_t key, Str was, Str is)
{
    const char *change = was.len == 0      ? "opened"
                         : is.len == 0     ? "closed"
                         : str_eq(was, is) ? "kept"
                                           : "renamed";
    Arena *out = m->new.out;
    Value *row = push_map(out, m->changes);
    set_str(out, row, "what", str_z(what));
    set_str(out, row, "change", str_z(change));
    if (key) {
        set_int(out, row, "key", key);
    }
    set_str(out, row, "element", was);
    set_str(out, row, "becomes", is);
}

/* ---- waits ---- */

static bool same_trigger(const BpmnTrigger *a, const BpmnTrigger *b)
{
    return a->kind == b->kind && str_eq(a->name, b->name) &&
           str_eq(a->correlation.text, b->correlation.text) &&
           (a->kind != BPMN_ON_TIMER || a->timer_kind == b->timer_kind);
}

/* It waits for the same; how long a timer is may have changed. */
static bool same_event(const BpmnElement *a, const BpmnElement *b)
{
    bool same = a->kind == b->kind && a->trigger_count == b->trigger_count &&
                a->all_triggers == b->all_triggers;
    for (size_t i = 0; same && i < a->trigger_count; i++) {
        same = same_trigger(&a->triggers[i], &b->triggers[i]);
    }
    return same;
}

static bool is_behind(const BpmnProcess *p, const BpmnElement *e, uint16_t gateway)
{
    bool found = false;
    for (size_t i = 0; i < e->incoming_count; i++) {
        found = found || p->flows[e->incoming[i]].from == gateway;
    }
    return found;
}

/* The element that the wait has in the new version, at the same token or scope; BPMN_NONE: none. */
static uint16_t wait_becomes(Migration *m, const FlowWait *w)
{
    uint16_t now = becomes(m, w->element);
    const BpmnElement *was = &m->from->elements[w->element];
    const FlowToken *t = w->token ? step_token(&m->old, w->token) : NULL;
    bool stays = now != BPMN_NONE && same_event(was, &m->to->elements[now]);
    if (!stays) {
        return BPMN_NONE;
    }
    const BpmnElement *is = &m->to->elements[now];
    if (t) {
        uint16_t at = becomes(m, t->element);
        bool fits =
            at != BPMN_NONE && (now == at || is->attached == at || is_behind(m->to, is, at));
        return fits ? now : BPMN_NONE;
    }
    uint16_t inside = m->from->elements[was->scope].scope;
    bool handles = is->scope != BPMN_NONE && becomes(m, was->scope) == is->scope &&
                   m->to->elements[is->scope].kind == BPMN_EVENT_SUBPROCESS &&
                   m->to->elements[is->scope].scope == becomes(m, inside);
    return handles ? now : BPMN_NONE;
}

static void migrate_waits(Migration *m)
{
    FlowInstance *in = m->old.in;
    for (size_t i = 0; i < in->waits.len;) {
        FlowWait *w = &in->waits.at[i];
        Str was = m->from->elements[w->element].id;
        uint16_t now = wait_becomes(m, w);
        if (now == BPMN_NONE) {
            tell(m, "wait", w->key, was, (Str){0});
            wait_close(&m->old, w->key);
        } else {
            tell(m, "wait", w->key, was, m->to->elements[now].id);
            w->element = now;
            i++;
        }
    }
}

static bool works(FlowTokenState state)
{
    switch (state) {
    case TOKEN_TASK:
    case TOKEN_JOB:
    case TOKEN_EVENT:
    case TOKEN_INSIDE:
    case TOKEN_BODY:
    case TOKEN_CALL: return true;
    case TOKEN_READY:
    case TOKEN_JOIN:
    case TOKEN_INCIDENT:
    case TOKEN_UNDO: return false;
    }
    return false;
}

static void add_event(Migration *m, Events *list, uint16_t element)
{
    *VEC_PUSH(m->new.out, list) = element;
}

/* What a token waits for besides its work: its own event, those behind its gateway, its boundary.
 * Instances of a loop and what undoes have no boundary events of their own. */
static Events events_of(Migration *m, const BpmnProcess *p, uint16_t element, const FlowToken *t)
{
    Events v = {0};
    const BpmnElement *e = &p->elements[element];
    bool waits = t->state == TOKEN_EVENT, gateway = e->kind == BPMN_EVENT_GATEWAY;
    bool bounded = works(t->state) && !t->loop && !t->owner;
    if (waits && !gateway) {
        add_event(m, &v, element);
    }
    for (size_t i = 0; waits && gateway && i < e->outgoing_count; i++) {
        add_event(m, &v, p->flows[e->outgoing[i]].to);
    }
    for (size_t i = 0; bounded && i < e->boundary_count; i++) {
        add_event(m, &v, e->boundaries[i]);
    }
    return v;
}

static Events handlers_of(Migration *m, const BpmnProcess *p, const BpmnBody *b)
{
    Events v = {0};
    for (size_t i = 0; i < b->handler_count; i++) {
        *VEC_PUSH(m->new.out, &v) = p->elements[b->handlers[i]].body.starts[0];
    }
    return v;
}

/* Opens what none of the old events became; those that became something wait already, or have
 * happened. */
static bool open_new(Migration *m, int64_t token, int64_t scope, Events old, Events now)
{
    for (size_t i = 0; i < now.len; i++) {
        const BpmnElement *e = &m->to->elements[now.at[i]];
        bool known = false;
        Str why = {0};
        size_t before = m->new.in->waits.len;
        for (size_t k = 0; k < old.len; k++) {
            known = known || (becomes(m, old.at[k]) == now.at[i] &&
                              same_event(&m->from->elements[old.at[k]], e));
        }
        if (!known && !(token ? wait_open(&m->new, token, now.at[i], &why)
                              : wait_open_handler(&m->new, scope, now.at[i], &why))) {
            return FAIL(m->err, ERR_CONFLICT, "'" STR_FMT "' cannot wait: " STR_FMT, STR_ARG(e->id),
                        STR_ARG(why));
        }
        for (size_t k = before; k < m->new.in->waits.len; k++) {
            tell(m, "wait", m->new.in->waits.at[k].key, (Str){0}, e->id);
        }
    }
    return true;
}

/* ---- tokens ---- */

static bool differs(Migration *m, uint16_t old, const char *how)
{
    return FAIL(m->err, ERR_CONFLICT, "'" STR_FMT "' %s", STR_ARG(m->from->elements[old].id), how);
}

static bool kind_fits(Migration *m, uint16_t old, uint16_t now)
{
    const BpmnElement *a = &m->from->elements[old];
    if (now == BPMN_NONE) {
        Str id = mapped(m, a->id);
        return FAIL(m->err, ERR_CONFLICT, "'" STR_FMT "': the new version has no '" STR_FMT "'",
                    STR_ARG(a->id), STR_ARG(id));
    }
    const BpmnElement *b = &m->to->elements[now];
    return a->kind == b->kind ||
           FAIL(m->err, ERR_CONFLICT, "'" STR_FMT "' is a %s, but '" STR_FMT "' a %s",
                STR_ARG(a->id), bpmn_kind_name(a->kind), STR_ARG(b->id), bpmn_kind_name(b->kind));
}

/* It stands in the same sub-process, or in what that became. */
static bool scope_fits(Migration *m, uint16_t old, uint16_t now)
{
    return becomes(m, m->from->elements[old].scope) == m->to->elements[now].scope ||
           differs(m, old, "stands in another sub-process in the new version");
}

/* One after the other: those that are done and those to come must be the same. */
static bool same_adhoc(Migration *m, const BpmnElement *a, const BpmnElement *b)
{
    bool same = a->sequential == b->sequential && a->body.start_count == b->body.start_count;
    for (size_t i = 0; same && a->sequential && i < a->body.start_count; i++) {
        same = becomes(m, a->body.starts[i]) == b->body.starts[i];
    }
    return same;
}

static bool work_fits(Migration *m, const FlowToken *t, uint16_t now)
{
    const BpmnElement *a = &m->from->elements[t->element], *b = &m->to->elements[now];
    bool loops = a->loop || b->loop;
    if (loops && (!a->loop || !b->loop || a->loop->kind != b->loop->kind)) {
        return differs(m, t->element, "repeats in another way in the new version");
    }
    if ((a->called == BPMN_NONE) != (b->called == BPMN_NONE) ||
        becomes(m, a->called) != b->called) {
        return differs(m, t->element, "calls another process in the new version");
    }
    if (t->state == TOKEN_JOB && b->job_type.len == 0) {
        return differs(m, t->element, "is no job in the new version");
    }
    if (a->kind == BPMN_ADHOC && t->state == TOKEN_INSIDE && !same_adhoc(m, a, b)) {
        return differs(m, t->element, "has other activities in the new version");
    }
    return a->for_compensation == b->for_compensation ||
           differs(m, t->element, "undoes in one version only");
}

static bool migrate_token(Migration *m, FlowToken *t)
{
    uint16_t old = t->element, now = becomes(m, old), flow = BPMN_NONE;
    bool anew = t->state == TOKEN_INCIDENT && !t->loop && !t->owner && now != BPMN_NONE &&
                operate_may_stand(&m->to->elements[now]);
    if ((!anew && !kind_fits(m, old, now)) || !scope_fits(m, old, now) ||
        (!anew && !work_fits(m, t, now))) {
        return false;
    }
    flow = flow_becomes(m, t->flow, now);
    if (t->state == TOKEN_JOIN && t->flow != BPMN_NONE && flow == BPMN_NONE) {
        return FAIL(m->err, ERR_CONFLICT,
                    "'" STR_FMT "' holds a token of '" STR_FMT "', which is gone",
                    STR_ARG(m->from->elements[old].id), STR_ARG(m->from->flows[t->flow].id));
    }
    tell(m, "token", t->id, m->from->elements[old].id, m->to->elements[now].id);
    t->flow = flow;
    t->element = now;
    return true;
}

/* ---- what was done, and what is still to be absorbed ---- */

/* What cannot be undone in the new version is forgotten. */
static bool migrate_records(Migration *m)
{
    size_t kept = 0;
    FlowInstance *in = m->new.in;
    for (size_t i = 0; i < in->records.len; i++) {
        FlowRecord r = in->records.at[i];
        uint16_t now = becomes(m, r.element);
        if (!kind_fits(m, r.element, now) || !scope_fits(m, r.element, now)) {
            return false;
        }
        const BpmnElement *e = &m->to->elements[now];
        tell(m, "record", 0, m->from->elements[r.element].id, e->compensable ? e->id : (Str){0});
        r.element = now;
        if (e->compensable) {
            in->records.at[kept++] = r;
        }
    }
    in->records.len = kept;
    return true;
}

/* By a flow that is gone, no token comes that could be absorbed. */
static void migrate_debts(Migration *m)
{
    size_t kept = 0;
    FlowInstance *in = m->new.in;
    for (size_t i = 0; i < in->debts.len; i++) {
        FlowDebt d = in->debts.at[i];
        Str was = m->from->elements[d.element].id;
        uint16_t now = becomes(m, d.element);
        d.flow = now == BPMN_NONE ? BPMN_NONE : flow_becomes(m, d.flow, now);
        bool stays = d.flow != BPMN_NONE && m->to->elements[now].kind == BPMN_COMPLEX;
        tell(m, "debt", 0, was, stays ? m->to->elements[now].id : (Str){0});
        d.element = now;
        if (stays) {
            in->debts.at[kept++] = d;
        }
    }
    in->debts.len = kept;
}

/* ---- all of it ---- */

static void tell_adopted(Migration *m)
{
    const FlowInstance *in = m->new.in;
    for (size_t i = 0; i < in->tokens.len; i++) {
        const FlowToken *t = &in->tokens.at[i];
        if (t->state == TOKEN_TASK || t->state == TOKEN_JOB || t->state == TOKEN_CALL ||
            t->state == TOKEN_INCIDENT) {
            step_effect(&m->new, FLOW_ADOPTED, t->key, &m->to->elements[t->element]);
        }
    }
    for (size_t i = 0; i < in->waits.len; i++) {
        const FlowWait *w = &in->waits.at[i];
        const BpmnTrigger *on = wait_trigger(&m->new, w);
        if (on->kind != BPMN_ON_CONDITION) {
            FlowEffect *f =
                step_effect(&m->new, FLOW_ADOPTED, w->key, &m->to->elements[w->element]);
            f->trigger = on;
            f->name = on->name;
            f->due = w->due;
        }
    }
}

/* An event sub-process that interrupts has taken the place of the others of its scope. */
static bool is_interrupted(Migration *m, int64_t scope)
{
    for (size_t i = 0; i < m->new.in->tokens.len; i++) {
        const FlowToken *t = &m->new.in->tokens.at[i];
        const BpmnElement *e = &m->to->elements[t->element];
        if (t->scope == scope && e->kind == BPMN_EVENT_SUBPROCESS &&
            m->to->elements[e->body.starts[0]].interrupting) {
            return true;
        }
    }
    return false;
}

static const BpmnBody *body_at(const BpmnProcess *p, uint16_t element)
{
    const BpmnElement *e = &p->elements[element];
    return e->kind == BPMN_CALL ? &p->elements[e->called].body : &e->body;
}

static bool open_scope(Migration *m, int64_t scope, const BpmnBody *old, const BpmnBody *now)
{
    return is_interrupted(m, scope) ||
           open_new(m, 0, scope, handlers_of(m, m->from, old), handlers_of(m, m->to, now));
}

static bool open_all(Migration *m, const FlowInstance *before)
{
    bool ok = open_scope(m, 0, &m->from->body, &m->to->body);
    for (size_t i = 0; ok && i < before->tokens.len; i++) {
        uint16_t old = before->tokens.at[i].element;
        FlowToken t = m->new.in->tokens.at[i];
        ok = open_new(m, t.id, 0, events_of(m, m->from, old, &t),
                      events_of(m, m->to, t.element, &t));
        if (ok && t.state == TOKEN_INSIDE && !t.owner) {
            ok = open_scope(m, t.local, body_at(m->from, old), body_at(m->to, t.element));
        }
    }
    return ok;
}

static bool migrate(Migration *m, const FlowInstance *before)
{
    bool ok = check_map(m);
    if (ok) {
        migrate_waits(m);
    }
    for (size_t i = 0; ok && i < m->new.in->tokens.len; i++) {
        ok = migrate_token(m, &m->new.in->tokens.at[i]);
    }
    if (!ok || !migrate_records(m)) {
        return false;
    }
    migrate_debts(m);
    tell_adopted(m);
    if (!open_all(m, before)) {
        return false;
    }
    for (size_t i = 0; i < m->new.in->tokens.len; i++) {
        FlowToken *t = &m->new.in->tokens.at[i];
        t->state = t->state == TOKEN_JOIN ? TOKEN_READY : t->state; /* fewer may be enough now */
    }
    m->new.recheck = true;
    run_tokens(&m->new);
    step_assert_settled(&m->new);
    return true;
}

bool flow_migrate(Arena *out, const FlowMigration *what, const FlowInstance *before,
                  FlowResult *result, Value *changes, Err *err)
{
    const FlowEvent ev = {.kind = FLOW_SET, .at = what->at, .id_base = what->id_base};
    FlowResult made = {.after = step_copy(out, before)};
    Migration m = {
        .from = what->from->process,
        .to = what->to->process,
        .map = what->map,
        .changes = changes,
        .err = err,
    };
    m.old = (Step){.out = out, .model = what->from, .process = m.from, .in = made.after, .ev = &ev};
    m.new = (Step){.out = out, .model = what->to, .process = m.to, .in = made.after, .ev = &ev};
    m.old.fx = m.new.fx = &made.effects;
    m.new.variable_bytes = scope_bytes(made.after);
    m.old.err = m.new.err = err;
    if (before->state != FLOW_ACTIVE) {
        return FAIL(err, ERR_CONFLICT, "instance is %s",
                    before->state == FLOW_COMPLETED ? "completed" : "cancelled");
    }
    if (ev.id_base > made.after->last_key) {
        made.after->last_key = ev.id_base;
    }
    made.after->process = m.to->id;
    if (!migrate(&m, before)) {
        return false;
    }
    *result = made;
    return true;
}
