/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Advice on a sound process: what would run, but hardly as it is meant. A rule looks at one
 * element; where it has to guess what comes from outside, it says nothing.
 */
#include "model/bpmn/bpmn_int.h"

static void advise(BpmnReader *r, const BpmnElement *e, const char *rule, const char *what,
                   Str cure)
{
    BPMN_ADVICE(r, rule, e->offset, cure, "%s '" STR_FMT "' %s", bpmn_kind_name(e->kind),
                STR_ARG(e->id), what);
}

/* ---- joins ---- */

static bool splits(const BpmnElement *e)
{
    return e->outgoing_count > 1;
}

/* Where the ways split that the flow comes from: back through what has one way in and one out. */
static uint16_t origin(const BpmnReader *r, uint16_t flow)
{
    uint16_t at = r->flows.at[flow].from;
    for (size_t steps = 0; steps <= r->elements.len; steps++) {
        const BpmnElement *e = &r->elements.at[at];
        if (splits(e) || e->incoming_count != 1 || e->boundary_count > 0) {
            break;
        }
        at = r->flows.at[e->incoming[0]].from;
    }
    return at;
}

static void advise_meeting(BpmnReader *r, const BpmnElement *e, const BpmnElement *split)
{
    bool one = split->kind == BPMN_EXCLUSIVE || split->kind == BPMN_EVENT_GATEWAY;
    if (e->kind == BPMN_PARALLEL && one && splits(split)) {
        advise(r, e, "bpmn.join", "joins flows of which only one is taken",
               STR("join them by an exclusive gateway"));
    } else if (e->kind == BPMN_EXCLUSIVE && split->kind == BPMN_PARALLEL && splits(split)) {
        advise(r, e, "bpmn.merge",
               "lets each of several tokens through: what follows is done twice",
               STR("join them by a parallel gateway"));
    }
}

/* Two ways of one gateway meet again: in a join that fits? */
static void advise_join(BpmnReader *r, const BpmnElement *e)
{
    bool joins = e->kind == BPMN_PARALLEL || e->kind == BPMN_EXCLUSIVE;
    for (size_t i = 1; joins && i < e->incoming_count; i++) {
        uint16_t a = origin(r, e->incoming[i]);
        for (size_t k = 0; k < i; k++) {
            if (origin(r, e->incoming[k]) == a) {
                advise_meeting(r, e, &r->elements.at[a]);
                return;
            }
        }
    }
}

/* ---- what is thrown, and what is caught ---- */

static bool is_inside(const BpmnReader *r, const BpmnElement *e, uint16_t scope)
{
    uint16_t at = e->scope;
    while (at != BPMN_NONE && at != scope) {
        at = r->elements.at[at].scope;
    }
    return at == scope;
}

static bool same_code(const BpmnTrigger *t, BpmnTriggerKind kind, Str code)
{
    return t->kind == kind && (t->name.len == 0 || code.len == 0 || str_eq(t->name, code));
}

static bool throws_code(const BpmnElement *e, BpmnTriggerKind kind, Str code)
{
    bool throws = e->kind == BPMN_END || e->kind == BPMN_THROW;
    for (size_t i = 0; throws && i < e->trigger_count; i++) {
        if (same_code(&e->triggers[i], kind, code)) {
            return true;
        }
    }
    /* a worker may throw any error; what is called may throw anything */
    return e->kind == BPMN_CALL || (kind == BPMN_ON_ERROR && e->job_type.len > 0);
}

/* May come out of the activity, or out of the scope when it is a sub-process. */
static bool may_come(const BpmnReader *r, uint16_t from, BpmnTriggerKind kind, Str code)
{
    if (from != BPMN_NONE && throws_code(&r->elements.at[from], kind, code)) {
        return true;
    }
    bool whole = from == BPMN_NONE || bpmn_has_body(r->elements.at[from].kind);
    for (size_t i = 0; whole && i < r->elements.len; i++) {
        const BpmnElement *e = &r->elements.at[i];
        if ((from == BPMN_NONE || is_inside(r, e, from)) && throws_code(e, kind, code)) {
            return true;
        }
    }
    return false;
}

static bool catches(const BpmnElement *e, BpmnTriggerKind kind, Str code)
{
    for (size_t i = 0; i < e->trigger_count; i++) {
        const BpmnTrigger *t = &e->triggers[i];
        if (t->kind == kind && (t->name.len == 0 || str_eq(t->name, code))) {
            return true;
        }
    }
    return false;
}

static bool caught_from(const BpmnReader *r, uint16_t scope, BpmnTriggerKind kind, Str code,
                        int depth);

/* At the border of that activity, or further out. */
static bool caught_at(const BpmnReader *r, uint16_t at, BpmnTriggerKind kind, Str code, int depth)
{
    const BpmnElement *e = &r->elements.at[at];
    for (size_t i = 0; i < e->boundary_count; i++) {
        if (catches(&r->elements.at[e->boundaries[i]], kind, code)) {
            return true;
        }
    }
    for (size_t i = 0; i < r->elements.len && e->kind == BPMN_CALLED; i++) {
        if (r->elements.at[i].called == at && caught_at(r, (uint16_t)i, kind, code, depth + 1)) {
            return true;
        }
    }
    return e->kind != BPMN_CALLED && caught_from(r, e->scope, kind, code, depth + 1);
}

static bool caught_from(const BpmnReader *r, uint16_t scope, BpmnTriggerKind kind, Str code,
                        int depth)
{
    if (depth > 2 * BPMN_MAX_NEST) {
        return true; /* not known */
    }
    for (size_t i = 0; i < r->elements.len; i++) {
        const BpmnElement *e = &r->elements.at[i];
        if (e->kind == BPMN_EVENT_SUBPROCESS && e->scope == scope &&
            catches(&r->elements.at[e->body.starts[0]], kind, code)) {
            return true;
        }
    }
    return scope != BPMN_NONE && caught_at(r, scope, kind, code, depth);
}

static void advise_throw(BpmnReader *r, const BpmnElement *e)
{
    for (size_t i = 0; i < e->trigger_count && (e->kind == BPMN_END || e->kind == BPMN_THROW);
         i++) {
        const BpmnTrigger *t = &e->triggers[i];
        bool error = t->kind == BPMN_ON_ERROR;
        if ((error || t->kind == BPMN_ON_ESCALATION) &&
            !caught_from(r, e->scope, t->kind, t->name, 0)) {
            BPMN_ADVICE(r, "bpmn.uncaught", t->offset,
                        STR("catch it at a boundary or in an event sub-process"),
                        "%s '" STR_FMT "' of '" STR_FMT "' is caught nowhere: it would %s",
                        error ? "error" : "escalation", STR_ARG(t->name), STR_ARG(e->id),
                        error ? "be an incident" : "change nothing");
        }
    }
}

static void advise_catch(BpmnReader *r, const BpmnElement *e)
{
    bool handler = e->kind == BPMN_START && e->scope != BPMN_NONE &&
                   r->elements.at[e->scope].kind == BPMN_EVENT_SUBPROCESS;
    uint16_t from = handler ? r->elements.at[e->scope].scope : e->attached;
    if (!handler && e->kind != BPMN_BOUNDARY) {
        return;
    }
    for (size_t i = 0; i < e->trigger_count; i++) {
        const BpmnTrigger *t = &e->triggers[i];
        bool error = t->kind == BPMN_ON_ERROR;
        if ((error || t->kind == BPMN_ON_ESCALATION) && !may_come(r, from, t->kind, t->name)) {
            BPMN_ADVICE(r, "bpmn.never-thrown", t->offset,
                        STR("remove it, or throw the code where it looks"),
                        "'" STR_FMT "' catches %s '" STR_FMT "', which nothing throws there",
                        STR_ARG(e->id), error ? "error" : "escalation", STR_ARG(t->name));
        }
    }
}

/* ---- what never happens ---- */

static bool waits(const BpmnElement *e)
{
    return e->kind == BPMN_USER_TASK || e->kind == BPMN_RECEIVE_TASK || e->kind == BPMN_CALL ||
           bpmn_has_body(e->kind) || e->job_type.len > 0;
}

static void advise_boundary(BpmnReader *r, const BpmnElement *e)
{
    static const BpmnTriggerKind outside[] = {BPMN_ON_TIMER, BPMN_ON_MESSAGE, BPMN_ON_SIGNAL,
                                              BPMN_ON_CONDITION};
    if (e->kind != BPMN_BOUNDARY || waits(&r->elements.at[e->attached])) {
        return;
    }
    for (size_t i = 0; i < COUNT(outside); i++) {
        if (bpmn_trigger(e, outside[i])) {
            advise(r, e, "bpmn.never-waits", "is at what is done at once: it never happens",
                   STR("attach it to a task that waits"));
            return;
        }
    }
}

static bool anything_undoes(const BpmnReader *r)
{
    for (size_t i = 0; i < r->elements.len; i++) {
        const BpmnElement *e = &r->elements.at[i];
        bool throws = e->kind == BPMN_END || e->kind == BPMN_THROW;
        if (throws && (bpmn_trigger(e, BPMN_ON_COMPENSATION) || bpmn_trigger(e, BPMN_ON_CANCEL))) {
            return true;
        }
    }
    return false;
}

static void advise_undoing(BpmnReader *r, const BpmnElement *e)
{
    bool waiting = (e->kind == BPMN_BOUNDARY || e->kind == BPMN_START) &&
                   bpmn_trigger(e, BPMN_ON_COMPENSATION);
    if (waiting && !anything_undoes(r)) {
        advise(r, e, "bpmn.never-undone", "waits to undo, but nothing throws a compensation",
               STR("add a compensation event that throws, or remove it"));
    }
}

/* ---- for people ---- */

static bool names_a_way(const BpmnReader *r, const BpmnElement *e)
{
    for (size_t i = 0; i < e->outgoing_count; i++) {
        if (r->flows.at[e->outgoing[i]].name.len > 0) {
            return true;
        }
    }
    return e->name.len > 0;
}

static void advise_label(BpmnReader *r, const BpmnElement *e)
{
    bool decides = e->kind == BPMN_EXCLUSIVE || e->kind == BPMN_INCLUSIVE;
    if (e->kind == BPMN_USER_TASK && e->name.len == 0) {
        advise(r, e, "bpmn.label", "has no name", STR("name what people do there"));
    } else if (decides && splits(e) && !names_a_way(r, e)) {
        advise(r, e, "bpmn.label", "has no name, nor have its ways",
               STR("name what is asked, or the answers"));
    }
}

static void advise_end(BpmnReader *r, const BpmnElement *e)
{
    bool works = bpmn_is_activity(e->kind) && e->kind != BPMN_PLAIN_TASK;
    if (works && e->outgoing_count == 0 && !e->for_compensation && e->scope == BPMN_NONE) {
        advise(r, e, "bpmn.dead-end", "ends the way without an end event", STR("add an end event"));
    }
}

void bpmn_advise(BpmnReader *r)
{
    for (size_t i = 0; i < r->elements.len; i++) {
        const BpmnElement *e = &r->elements.at[i];
        r->doc = r->drafts.at[i].doc;
        advise_end(r, e);
        advise_label(r, e);
        advise_join(r, e);
        advise_throw(r, e);
        advise_catch(r, e);
        advise_boundary(r, e);
        advise_undoing(r, e);
    }
}
