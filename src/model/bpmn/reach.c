/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What can come to an inclusive join, by each of its flows, without passing the join: a walk
 * against the flows, from the flow's source outwards. A boundary event is come to from its
 * activity, a catching link from its throwers. Computed once, asked at each step.
 */
#include "model/bpmn/bpmn_int.h"

typedef struct {
    BpmnReader *r;
    uint16_t join;
    uint64_t *bits;
    uint16_t *open;
    size_t count;
} Walk;

static void visit(Walk *w, uint16_t at)
{
    if (at == BPMN_NONE || at == w->join || bpmn_reaches(w->bits, at)) {
        return;
    }
    w->bits[at / 64] |= (uint64_t)1 << (at % 64);
    w->open[w->count++] = at;
}

static void visit_throwers(Walk *w, uint16_t at)
{
    for (size_t i = 0; i < w->r->elements.len; i++) {
        const BpmnTrigger *t = bpmn_trigger(&w->r->elements.at[i], BPMN_ON_LINK);
        if (t && t->link == at) {
            visit(w, (uint16_t)i);
        }
    }
}

/* NOLINTNEXTLINE(readability-non-const-parameter): written through w */
static const uint64_t *walk(BpmnReader *r, uint16_t join, uint16_t flow, uint16_t *open)
{
    Walk w = {r, join, NEW_N(r->out, uint64_t, r->elements.len / 64 + 1), open, 0};
    visit(&w, r->flows.at[flow].from);
    while (w.count > 0) {
        uint16_t at = w.open[--w.count];
        const BpmnElement *e = &r->elements.at[at];
        for (size_t i = 0; i < e->incoming_count; i++) {
            visit(&w, r->flows.at[e->incoming[i]].from);
        }
        visit(&w, e->kind == BPMN_BOUNDARY ? e->attached : BPMN_NONE);
        if (e->kind == BPMN_CATCH && bpmn_trigger(e, BPMN_ON_LINK)) {
            visit_throwers(&w, at);
        }
    }
    return w.bits;
}

void bpmn_reach(BpmnReader *r)
{
    uint16_t *open = NEW_N(r->tmp, uint16_t, r->elements.len + 1);
    for (size_t i = 0; i < r->elements.len; i++) {
        BpmnElement *e = &r->elements.at[i];
        if (e->kind != BPMN_INCLUSIVE || e->incoming_count < 2) {
            continue;
        }
        const uint64_t **rows = NEW_N(r->out, const uint64_t *, e->incoming_count);
        for (size_t k = 0; k < e->incoming_count; k++) {
            rows[k] = walk(r, (uint16_t)i, e->incoming[k], open);
        }
        e->reach = rows;
    }
}
