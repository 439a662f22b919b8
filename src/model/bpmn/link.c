/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that points to something else by id: flows, boundaries, links, compensation. */
#include "model/bpmn/bpmn_int.h"

static uint16_t find_element(BpmnReader *r, const XmlNode *n, const char *attribute)
{
    Str id = xml_attr(n, attribute);
    const uint16_t *at = map_get(&r->doc->ids, bpmn_local(id));
    if (!at && !bpmn_is_flow_node(bpmn_node(r, id))) { /* a node that is not kept is reported */
        BPMN_ERROR(r, "bpmn.reference", n->offset, STR("point to an element of this process"),
                   "%s of '" STR_FMT "' is '" STR_FMT "', which is not there", attribute,
                   STR_ARG(xml_attr(n, "id")), STR_ARG(id));
    }
    return at ? *at : BPMN_NONE;
}

static void link_flow(BpmnReader *r, uint16_t at)
{
    const XmlNode *n = r->flow_drafts.at[at].node;
    r->doc = r->flow_drafts.at[at].doc;
    BpmnFlow *f = &r->flows.at[at];
    f->from = find_element(r, n, "sourceRef");
    f->to = find_element(r, n, "targetRef");
    if (f->from == BPMN_NONE || f->to == BPMN_NONE) {
        return;
    }
    if (r->elements.at[f->from].scope != r->elements.at[f->to].scope) {
        BPMN_ERROR(r, "bpmn.structure", n->offset, STR("end the sub-process and go on behind it"),
                   "flow '" STR_FMT "' crosses the border of a sub-process", STR_ARG(f->id));
    }
    *VEC_PUSH(r->out, &r->drafts.at[f->from].outgoing) = at;
    *VEC_PUSH(r->out, &r->drafts.at[f->to].incoming) = at;
}

static void link_boundary(BpmnReader *r, uint16_t at)
{
    BpmnElement *e = &r->elements.at[at];
    r->doc = r->drafts.at[at].doc;
    if (e->kind == BPMN_BOUNDARY) {
        e->attached = find_element(r, r->drafts.at[at].node, "attachedToRef");
        if (e->attached != BPMN_NONE) {
            *VEC_PUSH(r->out, &r->drafts.at[e->attached].boundaries) = at;
        }
    }
}

static void link_default(BpmnReader *r, BpmnElement *e, const XmlNode *n)
{
    Str id = xml_attr(n, "default");
    const uint16_t *at = map_get(&r->doc->flow_ids, id);
    if (id.len == 0 || e->kind == BPMN_CALLED) {
        return;
    }
    e->default_flow = at ? *at : BPMN_NONE;
    if (!at || !str_eq(xml_attr(r->flow_drafts.at[*at].node, "sourceRef"), xml_attr(n, "id"))) {
        BPMN_ERROR(r, "bpmn.reference", n->offset, STR("default names a flow out of this element"),
                   "default flow '" STR_FMT "' of '" STR_FMT "' is not there", STR_ARG(id),
                   STR_ARG(e->id));
        e->default_flow = BPMN_NONE;
    }
}

/* ---- links ---- */

static uint16_t find_link(const BpmnReader *r, uint16_t scope, Str name)
{
    for (size_t i = 0; i < r->elements.len; i++) {
        const BpmnElement *e = &r->elements.at[i];
        const BpmnTrigger *t = e->kind == BPMN_CATCH ? bpmn_trigger(e, BPMN_ON_LINK) : NULL;
        if (t && e->scope == scope && str_eq(t->name, name)) {
            return (uint16_t)i;
        }
    }
    return BPMN_NONE;
}

static BpmnTrigger *own_triggers(BpmnReader *r, BpmnElement *e)
{
    BpmnTrigger *own = NEW_N(r->out, BpmnTrigger, e->trigger_count + 1);
    memcpy(own, e->triggers, e->trigger_count * sizeof *own);
    e->triggers = own;
    return own;
}

static void link_trigger(BpmnReader *r, const BpmnElement *e, const XmlNode *n, BpmnTrigger *t)
{
    if (t->kind == BPMN_ON_LINK && e->kind == BPMN_THROW) {
        t->link = find_link(r, e->scope, t->name);
        if (t->link == BPMN_NONE) {
            BPMN_ERROR(r, "bpmn.link", t->offset,
                       STR("add a catching link event of the same name beside it"),
                       "link '" STR_FMT "' of '" STR_FMT "' leads nowhere", STR_ARG(t->name),
                       STR_ARG(e->id));
        }
    }
    const XmlNode *d = NULL;
    for (const XmlNode *c = n->first; c && t->kind == BPMN_ON_COMPENSATION && !d; c = c->next) {
        d = bpmn_definition(r, c);
    }
    Str activity = d ? bpmn_local(xml_attr(d, "activityRef")) : (Str){0};
    if (activity.len > 0) {
        const uint16_t *at = map_get(&r->doc->ids, activity);
        t->activity = at ? *at : BPMN_NONE;
        if (!at || !bpmn_is_activity(r->elements.at[*at].kind)) {
            BPMN_ERROR(r, "bpmn.reference", d->offset, STR("activityRef names an activity"),
                       "'" STR_FMT "' undoes '" STR_FMT "', which is no activity", STR_ARG(e->id),
                       STR_ARG(activity));
        }
    }
}

/* ---- compensation ---- */

static const XmlNode *association_target(const BpmnReader *r, const XmlNode *boundary)
{
    Str id = xml_attr(boundary, "id");
    for (size_t i = 0; i < r->doc->nodes.len; i++) {
        const XmlNode *n = ((const BpmnNamed *)r->doc->nodes.at[i].value)->node;
        if (bpmn_is(n, "association") && str_eq(bpmn_local(xml_attr(n, "sourceRef")), id)) {
            return bpmn_node(r, xml_attr(n, "targetRef"));
        }
    }
    return NULL;
}

static void link_compensation(BpmnReader *r, uint16_t at)
{
    BpmnElement *e = &r->elements.at[at];
    if (e->kind != BPMN_BOUNDARY || !bpmn_trigger(e, BPMN_ON_COMPENSATION) ||
        e->attached == BPMN_NONE) {
        return;
    }
    const XmlNode *target = association_target(r, r->drafts.at[at].node);
    const uint16_t *handler = target ? map_get(&r->doc->ids, xml_attr(target, "id")) : NULL;
    if (!handler || !r->elements.at[*handler].for_compensation) {
        BPMN_ERROR(r, "bpmn.compensation", e->offset,
                   STR("draw an association to an activity with isForCompensation=\"true\""),
                   "'" STR_FMT "' leads to no activity that undoes", STR_ARG(e->id));
        return;
    }
    e->handler = *handler;
    r->elements.at[e->attached].compensation = at;
    r->elements.at[e->attached].compensable = true;
}

static bool undoes(const BpmnReader *r, const BpmnElement *e)
{
    for (size_t i = 0; i < e->body.start_count && e->kind == BPMN_EVENT_SUBPROCESS; i++) {
        if (bpmn_trigger(&r->elements.at[e->body.starts[i]], BPMN_ON_COMPENSATION)) {
            return true;
        }
    }
    return false;
}

/* A sub-process is remembered when something inside can be undone; the lowest first, because an
 * element stands behind the sub-process that it is in. */
static void spread_compensation(BpmnReader *r)
{
    for (size_t i = r->elements.len; i > 0; i--) {
        const BpmnElement *e = &r->elements.at[i - 1];
        if (e->scope != BPMN_NONE && (e->compensable || undoes(r, e)) &&
            bpmn_is_activity(r->elements.at[e->scope].kind)) {
            r->elements.at[e->scope].compensable = true;
        }
    }
}

/* ---- bodies ---- */

static bool starts_alone(const BpmnElement *e)
{
    return e->incoming_count == 0 && !e->for_compensation &&
           (bpmn_is_activity(e->kind) || bpmn_is_gateway(e->kind) || e->kind == BPMN_CATCH ||
            e->kind == BPMN_THROW) &&
           !(e->kind == BPMN_CATCH && bpmn_trigger(e, BPMN_ON_LINK));
}

static void add_index(BpmnReader *r, Indexes *list, size_t element)
{
    *VEC_PUSH(r->out, list) = (uint16_t)element;
}

BpmnBody bpmn_body_of(BpmnReader *r, uint16_t scope)
{
    Indexes starts = {0}, alone = {0}, handlers = {0};
    bool any = false,
         handler = scope != BPMN_NONE && r->elements.at[scope].kind == BPMN_EVENT_SUBPROCESS;
    for (size_t i = 0; i < r->elements.len; i++) {
        const BpmnElement *e = &r->elements.at[i];
        if (e->scope != scope) {
            continue;
        }
        any = any || e->kind == BPMN_START;
        if (e->kind == BPMN_START && (handler || e->trigger_count == 0)) {
            add_index(r, &starts, i);
        } else if (e->kind == BPMN_EVENT_SUBPROCESS) {
            add_index(r, &handlers, i);
        } else if (starts_alone(e) && !(scope == BPMN_NONE && e->instantiates)) {
            add_index(r, &alone, i);
        }
    }
    Indexes *from = any || starts.len > 0 ? &starts : &alone;
    return (BpmnBody){from->at, from->len, handlers.at, handlers.len};
}

void bpmn_link(BpmnReader *r)
{
    for (size_t i = 0; i < r->flows.len; i++) {
        link_flow(r, (uint16_t)i);
    }
    for (size_t i = 0; i < r->elements.len; i++) {
        link_boundary(r, (uint16_t)i);
    }
    for (size_t i = 0; i < r->elements.len; i++) {
        BpmnElement *e = &r->elements.at[i];
        const BpmnDraft *d = &r->drafts.at[i];
        r->doc = d->doc;
        e->incoming = d->incoming.at;
        e->incoming_count = d->incoming.len;
        e->outgoing = d->outgoing.at;
        e->outgoing_count = d->outgoing.len;
        e->boundaries = d->boundaries.at;
        e->boundary_count = d->boundaries.len;
        link_default(r, e, d->node);
        BpmnTrigger *t = e->trigger_count ? own_triggers(r, e) : NULL;
        for (size_t k = 0; k < e->trigger_count; k++) {
            link_trigger(r, e, d->node, &t[k]);
        }
        link_compensation(r, (uint16_t)i);
    }
    for (size_t i = 0; i < r->elements.len; i++) {
        if (bpmn_has_body(r->elements.at[i].kind)) {
            r->elements.at[i].body = bpmn_body_of(r, (uint16_t)i);
        }
    }
    spread_compensation(r);
}
