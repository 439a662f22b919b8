/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Structure: what would make a case stand still or run wild is refused here, with the id and the
 * place. A gateway that decides needs a default flow, so that there is always a way on.
 */
#include "model/bpmn/bpmn_int.h"

static void structure(BpmnReader *r, const BpmnElement *e, const char *what, Str cure)
{
    BPMN_ERROR(r, "bpmn.structure", e->offset, cure, "%s '" STR_FMT "' %s", bpmn_kind_name(e->kind),
               STR_ARG(e->id), what);
}

uint16_t bpmn_start_of(const BpmnReader *r, uint16_t scope)
{
    for (size_t i = 0; i < r->elements.len; i++) {
        if (r->elements.at[i].kind == BPMN_START && r->elements.at[i].scope == scope) {
            return (uint16_t)i;
        }
    }
    return BPMN_NONE;
}

static bool is_boundary(BpmnKind kind)
{
    return kind == BPMN_BOUNDARY_TIMER || kind == BPMN_BOUNDARY_MESSAGE ||
           kind == BPMN_BOUNDARY_ERROR;
}

static bool is_end(BpmnKind kind)
{
    return kind == BPMN_END || kind == BPMN_END_TERMINATE || kind == BPMN_END_ERROR;
}

static void check_start(BpmnReader *r, const BpmnElement *e, size_t at)
{
    uint16_t first = bpmn_start_of(r, e->scope);
    if (e->kind == BPMN_START && first != at) {
        structure(r, e, "is a second start",
                  STR("one start event for each process or sub-process"));
    }
    if ((e->kind == BPMN_START || is_boundary(e->kind)) && e->incoming_count > 0) {
        structure(r, e, "has an incoming flow", STR("nothing flows into it"));
    }
    if (is_end(e->kind) && e->outgoing_count > 0) {
        structure(r, e, "has an outgoing flow", STR("nothing flows out of an end"));
    }
    if (e->kind == BPMN_SUBPROCESS && e->start == BPMN_NONE) {
        structure(r, e, "has no start event", STR("add a start event inside"));
    }
    if ((e->kind == BPMN_START || is_boundary(e->kind)) && e->outgoing_count == 0) {
        structure(r, e, "leads nowhere", STR("draw a flow out of it"));
    }
}

static void check_gateway(BpmnReader *r, const BpmnElement *e)
{
    if (e->kind != BPMN_EXCLUSIVE && e->kind != BPMN_PARALLEL) {
        return;
    }
    if (e->outgoing_count == 0) {
        structure(r, e, "leads nowhere", STR("draw a flow out of it"));
    }
    if (e->kind == BPMN_EXCLUSIVE && e->outgoing_count > 1 && e->default_flow == BPMN_NONE) {
        structure(r, e, "has no default flow", STR("mark one of its flows as the default"));
    }
    for (size_t i = 0; i < e->outgoing_count; i++) {
        uint16_t at_flow = e->outgoing[i];
        const BpmnFlow *f = &r->flows.at[at_flow];
        if (e->kind == BPMN_EXCLUSIVE && e->outgoing_count > 1 && at_flow != e->default_flow &&
            f->condition.text.len == 0) {
            BPMN_ERROR(r, "bpmn.condition", f->offset,
                       STR("add a condition, or make it the default"),
                       "flow '" STR_FMT "' out of gateway '" STR_FMT "' has no condition",
                       STR_ARG(f->id), STR_ARG(e->id));
        }
        if (e->kind == BPMN_PARALLEL && f->condition.text.len > 0) {
            BPMN_ERROR(r, "bpmn.condition", f->offset, STR("use an exclusive gateway"),
                       "flow '" STR_FMT "' out of parallel gateway '" STR_FMT "' has a condition",
                       STR_ARG(f->id), STR_ARG(e->id));
        }
    }
}

static void check_boundary(BpmnReader *r, const BpmnElement *e)
{
    if (!is_boundary(e->kind)) {
        return;
    }
    if (e->attached == BPMN_NONE || !bpmn_is_activity(r->elements.at[e->attached].kind) ||
        r->elements.at[e->attached].scope != e->scope) {
        structure(r, e, "is attached to no activity", STR("attachedToRef names a task beside it"));
    }
    if (e->kind == BPMN_BOUNDARY_ERROR && !e->interrupting) {
        structure(r, e, "does not interrupt", STR("an error always interrupts"));
    }
}

/* Marks what can be reached, from the start of the process through flows, boundaries and insides.
 */
static bool *mark_reached(BpmnReader *r)
{
    bool *reached = NEW_N(r->out, bool, r->elements.len + 1);
    uint16_t *open = NEW_N(r->out, uint16_t, r->elements.len + 1);
    size_t count = 0;
    uint16_t start = bpmn_start_of(r, BPMN_NONE);
    if (start != BPMN_NONE) {
        reached[start] = true;
        open[count++] = start;
    }
    while (count > 0) {
        const BpmnElement *e = &r->elements.at[open[--count]];
        size_t total = e->outgoing_count + e->boundary_count + 1;
        for (size_t i = 0; i < total; i++) {
            uint16_t to = i < e->outgoing_count ? r->flows.at[e->outgoing[i]].to
                          : i < total - 1       ? e->boundaries[i - e->outgoing_count]
                                                : e->start;
            if (to != BPMN_NONE && !reached[to]) {
                reached[to] = true;
                open[count++] = to;
            }
        }
    }
    return reached;
}

void bpmn_check(BpmnReader *r)
{
    const bool *reached = mark_reached(r);
    for (size_t i = 0; i < r->elements.len; i++) {
        const BpmnElement *e = &r->elements.at[i];
        check_start(r, e, i);
        check_gateway(r, e);
        check_boundary(r, e);
        bool orphan = is_boundary(e->kind) && e->attached == BPMN_NONE;
        bool second = e->kind == BPMN_START && bpmn_start_of(r, e->scope) != i;
        if (!reached[i] && !orphan && !second && bpmn_start_of(r, BPMN_NONE) != BPMN_NONE) {
            structure(r, e, "can never be reached", STR("draw a flow to it, or remove it"));
        }
    }
}
