/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Structure of the process that runs: what would make a case stand still or run wild is refused
 * here, with the id and the place; what is only doubtful is advice. docs/bpmn.md lists the rules.
 */
#include "model/bpmn/bpmn_int.h"

static void structure(BpmnReader *r, const BpmnElement *e, const char *what, Str cure)
{
    BPMN_ERROR(r, "bpmn.structure", e->offset, cure, "%s '" STR_FMT "' %s", bpmn_kind_name(e->kind),
               STR_ARG(e->id), what);
}

static void advise(BpmnReader *r, const BpmnElement *e, const char *rule, const char *what,
                   Str cure)
{
    BPMN_ADVICE(r, rule, e->offset, cure, "%s '" STR_FMT "' %s", bpmn_kind_name(e->kind),
                STR_ARG(e->id), what);
}

static bool undoes(const BpmnElement *e)
{
    return e->kind == BPMN_BOUNDARY && bpmn_trigger(e, BPMN_ON_COMPENSATION);
}

static void check_ends(BpmnReader *r, const BpmnElement *e)
{
    bool source = e->kind == BPMN_START || e->kind == BPMN_BOUNDARY;
    if (source && e->incoming_count > 0) {
        structure(r, e, "has an incoming flow", STR("nothing flows into it"));
    }
    if ((e->kind == BPMN_END || undoes(e)) && e->outgoing_count > 0) {
        structure(r, e, "has an outgoing flow", STR("nothing flows out of it"));
    }
    if (source && e->outgoing_count == 0 && !undoes(e)) {
        structure(r, e, "leads nowhere", STR("draw a flow out of it"));
    }
    if (e->for_compensation && e->incoming_count + e->outgoing_count > 0) {
        structure(r, e, "undoes, but stands in a flow",
                  STR("only an association leads to what undoes"));
    }
    if (bpmn_has_body(e->kind) && e->body.start_count == 0) {
        structure(r, e, "has no start event", STR("add a start event inside"));
    }
}

static void check_handler(BpmnReader *r, const BpmnElement *e)
{
    if (e->kind != BPMN_EVENT_SUBPROCESS) {
        return;
    }
    if (e->incoming_count + e->outgoing_count > 0) {
        structure(r, e, "stands in a flow", STR("an event starts it; nothing flows in or out"));
    }
    if (e->body.start_count != 1 || r->elements.at[e->body.starts[0]].kind != BPMN_START) {
        structure(r, e, "has not one start", STR("give it exactly one start event"));
    }
}

static void check_conditions(BpmnReader *r, const BpmnElement *e)
{
    bool decides = e->kind == BPMN_EXCLUSIVE || e->kind == BPMN_INCLUSIVE;
    for (size_t i = 0; i < e->outgoing_count; i++) {
        uint16_t at_flow = e->outgoing[i];
        const BpmnFlow *f = &r->flows.at[at_flow];
        bool condition = f->condition.text.len > 0;
        if (decides && e->outgoing_count > 1 && at_flow != e->default_flow && !condition) {
            BPMN_ERROR(r, "bpmn.condition", f->offset,
                       STR("add a condition, or make it the default"),
                       "flow '" STR_FMT "' out of gateway '" STR_FMT "' has no condition",
                       STR_ARG(f->id), STR_ARG(e->id));
        }
        if (at_flow == e->default_flow && condition && e->kind != BPMN_PARALLEL) {
            BPMN_ADVICE(r, "bpmn.condition", f->offset, STR("remove the condition"),
                        "condition of default flow '" STR_FMT "' of '" STR_FMT "' is ignored",
                        STR_ARG(f->id), STR_ARG(e->id));
        }
        if (e->kind == BPMN_PARALLEL && condition) {
            BPMN_ADVICE(r, "bpmn.condition", f->offset, STR("use an inclusive gateway"),
                        "condition of flow '" STR_FMT "' out of parallel gateway '" STR_FMT
                        "' is ignored",
                        STR_ARG(f->id), STR_ARG(e->id));
        }
        if (condition && (e->kind == BPMN_EVENT_GATEWAY || e->kind == BPMN_START)) {
            BPMN_ERROR(r, "bpmn.condition", f->offset, STR("remove the condition"),
                       "flow '" STR_FMT "' out of %s '" STR_FMT "' has a condition", STR_ARG(f->id),
                       bpmn_kind_name(e->kind), STR_ARG(e->id));
        }
    }
}

static void check_gateway(BpmnReader *r, const BpmnElement *e)
{
    bool decides = e->kind == BPMN_EXCLUSIVE || e->kind == BPMN_INCLUSIVE;
    if (bpmn_is_gateway(e->kind) && e->outgoing_count == 0) {
        structure(r, e, "leads nowhere", STR("draw a flow out of it"));
    }
    if (decides && e->outgoing_count > 1 && e->default_flow == BPMN_NONE) {
        advise(r, e, "bpmn.no-default", "has no default flow",
               STR("mark one of its flows as the default, so that there is always a way on"));
    }
}

static bool is_waited_for(const BpmnElement *e)
{
    return e->incoming_count == 1 && (e->kind == BPMN_RECEIVE_TASK ||
                                      (e->kind == BPMN_CATCH && !bpmn_trigger(e, BPMN_ON_LINK)));
}

static void check_event_gateway(BpmnReader *r, const BpmnElement *e)
{
    if (e->kind != BPMN_EVENT_GATEWAY) {
        return;
    }
    if (e->outgoing_count < 2) {
        structure(r, e, "has fewer than two ways", STR("an event gateway chooses among events"));
    }
    for (size_t i = 0; i < e->outgoing_count; i++) {
        uint16_t to = r->flows.at[e->outgoing[i]].to;
        if (to != BPMN_NONE && !is_waited_for(&r->elements.at[to])) {
            structure(r, e, "leads to what is no waiting event",
                      STR("each flow leads to a catching event or receive task with one flow in"));
        }
    }
}

static void check_boundary(BpmnReader *r, const BpmnElement *e)
{
    if (e->kind != BPMN_BOUNDARY) {
        return;
    }
    const BpmnElement *on = e->attached == BPMN_NONE ? NULL : &r->elements.at[e->attached];
    if (!on || !bpmn_is_activity(on->kind) || on->scope != e->scope || on->for_compensation) {
        structure(r, e, "is attached to no activity", STR("attachedToRef names a task beside it"));
    } else if (bpmn_trigger(e, BPMN_ON_CANCEL) && on->kind != BPMN_TRANSACTION) {
        structure(r, e, "cancels what is no transaction", STR("attach it to a transaction"));
    }
}

static void check_cancel(BpmnReader *r, const BpmnElement *e)
{
    bool cancels = e->kind == BPMN_END && bpmn_trigger(e, BPMN_ON_CANCEL);
    if (cancels && (e->scope == BPMN_NONE || r->elements.at[e->scope].kind != BPMN_TRANSACTION)) {
        structure(r, e, "cancels what is no transaction", STR("put it into a transaction"));
    }
}

static void check_link(BpmnReader *r, const BpmnElement *e, size_t at)
{
    const BpmnTrigger *t = bpmn_trigger(e, BPMN_ON_LINK);
    if (!t || e->kind != BPMN_CATCH) {
        return;
    }
    if (e->incoming_count > 0) {
        structure(r, e, "has an incoming flow", STR("only a link leads to it"));
    }
    for (size_t i = 0; i < at; i++) {
        const BpmnElement *o = &r->elements.at[i];
        const BpmnTrigger *other = o->kind == BPMN_CATCH ? bpmn_trigger(o, BPMN_ON_LINK) : NULL;
        if (other && o->scope == e->scope && str_eq(other->name, t->name)) {
            structure(r, e, "catches a link that another catches", STR("one catch for each link"));
        }
    }
}

/* ---- what can be reached ---- */

typedef struct {
    bool *seen;
    uint16_t *open;
    size_t count;
} Reached;

static void reach_one(Reached *m, uint16_t at)
{
    if (at != BPMN_NONE && !m->seen[at]) {
        m->seen[at] = true;
        m->open[m->count++] = at;
    }
}

static void reach_body(Reached *m, const BpmnBody *b)
{
    for (size_t i = 0; i < b->start_count; i++) {
        reach_one(m, b->starts[i]);
    }
    for (size_t i = 0; i < b->handler_count; i++) {
        reach_one(m, b->handlers[i]);
    }
}

static void reach_next(BpmnReader *r, Reached *m, const BpmnElement *e)
{
    for (size_t i = 0; i < e->outgoing_count; i++) {
        reach_one(m, r->flows.at[e->outgoing[i]].to);
    }
    for (size_t i = 0; i < e->boundary_count; i++) {
        reach_one(m, e->boundaries[i]);
    }
    for (size_t i = 0; i < e->trigger_count; i++) {
        reach_one(m, e->triggers[i].link);
    }
    reach_one(m, e->handler);
    reach_one(m, e->called);
    reach_body(m, &e->body);
}

/* From the starts of the process through flows, boundaries and insides. */
static const bool *mark_reached(BpmnReader *r)
{
    size_t n = r->elements.len + 1;
    Reached m = {NEW_N(r->tmp, bool, n), NEW_N(r->tmp, uint16_t, n), 0};
    BpmnBody body = bpmn_body_of(r, BPMN_NONE);
    reach_body(&m, &body);
    for (size_t i = 0; i < r->elements.len; i++) {
        const BpmnElement *e = &r->elements.at[i];
        bool from_outside = e->scope == BPMN_NONE &&
                            ((e->kind == BPMN_START && e->trigger_count > 0) || e->instantiates);
        reach_one(&m, from_outside ? (uint16_t)i : BPMN_NONE);
    }
    bool any = m.count > 0;
    while (m.count > 0) {
        reach_next(r, &m, &r->elements.at[m.open[--m.count]]);
    }
    return any ? m.seen : NULL;
}

static bool has_start(const BpmnReader *r)
{
    for (size_t i = 0; i < r->elements.len; i++) {
        const BpmnElement *e = &r->elements.at[i];
        if (e->scope == BPMN_NONE && (e->kind == BPMN_START || e->instantiates)) {
            return true;
        }
    }
    return false;
}

static void check_reached(BpmnReader *r)
{
    const bool *reached = mark_reached(r);
    r->doc = &r->docs[0];
    if (!reached && !has_start(r)) {
        BPMN_ERROR(r, "bpmn.structure", r->docs[0].root->offset, STR("add a start event"),
                   "process has no start event");
    }
    for (size_t i = 0; reached && i < r->elements.len; i++) {
        const BpmnElement *e = &r->elements.at[i];
        r->doc = r->drafts.at[i].doc;
        bool orphan = e->kind == BPMN_BOUNDARY && e->attached == BPMN_NONE;
        if (!reached[i] && !orphan) {
            structure(r, e, "can never be reached", STR("draw a flow to it, or remove it"));
        }
    }
}

/* ---- circles ---- */

/* Goes on at once, by its only way. */
static bool goes_on(const BpmnElement *e)
{
    bool joins = e->kind == BPMN_PARALLEL || e->kind == BPMN_INCLUSIVE;
    bool works = e->kind == BPMN_PLAIN_TASK || e->kind == BPMN_SCRIPT_TASK ||
                 e->kind == BPMN_RULE_TASK || e->kind == BPMN_SEND_TASK;
    bool passes = works || e->kind == BPMN_THROW || e->kind == BPMN_EXCLUSIVE ||
                  (joins && e->incoming_count < 2);
    return passes && e->outgoing_count == 1 && e->job_type.len == 0;
}

/* seen: by which walk, so that each element is gone through once. */
static void check_circle(BpmnReader *r, size_t walk, uint32_t *seen)
{
    size_t at = walk;
    while (at != BPMN_NONE && !seen[at] && goes_on(&r->elements.at[at])) {
        seen[at] = (uint32_t)walk + 1;
        at = r->flows.at[r->elements.at[at].outgoing[0]].to;
    }
    if (at != BPMN_NONE && seen[at] == walk + 1) {
        BPMN_ERROR(r, "bpmn.endless", r->elements.at[at].offset,
                   STR("let something wait in the circle, or lead a way out of it"),
                   "%s '" STR_FMT "' stands in a circle that never ends",
                   bpmn_kind_name(r->elements.at[at].kind), STR_ARG(r->elements.at[at].id));
    }
}

void bpmn_check(BpmnReader *r)
{
    uint32_t *seen = NEW_N(r->tmp, uint32_t, r->elements.len + 1);
    if (r->diags->errors == r->errors_before) { /* what was refused would count as a gap */
        check_reached(r);
    }
    for (size_t i = 0; i < r->elements.len; i++) {
        const BpmnElement *e = &r->elements.at[i];
        r->doc = r->drafts.at[i].doc;
        check_ends(r, e);
        check_handler(r, e);
        check_gateway(r, e);
        check_conditions(r, e);
        check_event_gateway(r, e);
        check_boundary(r, e);
        check_cancel(r, e);
        check_link(r, e, i);
        check_circle(r, i, seen);
    }
}
