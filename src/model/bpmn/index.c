/* SPDX-License-Identifier: Apache-2.0 */
/* Ids in order: an instance that is loaded names elements and flows by id, at every step. Of equal
 * ids, in documents that called each other, the first counts. */
#include <stdlib.h>

#include "model/bpmn/bpmn_int.h"

static int by_id(const void *a, const void *b)
{
    const BpmnId *x = a, *y = b;
    int order = str_cmp(x->id, y->id);
    return order ? order : (int)x->at - (int)y->at;
}

void bpmn_index(Arena *out, BpmnProcess *p)
{
    BpmnId *elements = NEW_N(out, BpmnId, p->element_count + 1);
    BpmnId *flows = NEW_N(out, BpmnId, p->flow_count + 1);
    for (size_t i = 0; i < p->element_count; i++) {
        elements[i] = (BpmnId){p->elements[i].id, (uint16_t)i};
    }
    for (size_t i = 0; i < p->flow_count; i++) {
        flows[i] = (BpmnId){p->flows[i].id, (uint16_t)i};
    }
    qsort(elements, p->element_count, sizeof *elements, by_id);
    qsort(flows, p->flow_count, sizeof *flows, by_id);
    p->element_ids = elements;
    p->flow_ids = flows;
}

static uint16_t find(const BpmnId *ids, size_t count, Str id)
{
    size_t from = 0, to = count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (str_cmp(ids[middle].id, id) < 0) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from < count && str_eq(ids[from].id, id) ? ids[from].at : BPMN_NONE;
}

uint16_t bpmn_find(const BpmnProcess *p, Str id)
{
    return find(p->element_ids, p->element_count, id);
}

uint16_t bpmn_find_flow(const BpmnProcess *p, Str id)
{
    return find(p->flow_ids, p->flow_count, id);
}
