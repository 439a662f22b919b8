/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The document in rounds: elements and flows are collected (sub-processes by recursion, its depth
 * counted), then linked by id, then their expressions are compiled, then the structure is checked.
 * What later rounds need of the XML stands in a draft beside each element, so that the elements
 * themselves are what the engine gets.
 */
#include "model/bpmn/bpmn_int.h"

typedef struct {
    const char *name;
    BpmnKind kind; /* BPMN_KIND_COUNT: an event, see events.c */
} ElementRow;

static const ElementRow element_rows[] = {
    {"startEvent", BPMN_KIND_COUNT},
    {"endEvent", BPMN_KIND_COUNT},
    {"intermediateCatchEvent", BPMN_KIND_COUNT},
    {"boundaryEvent", BPMN_KIND_COUNT},
    {"userTask", BPMN_USER_TASK},
    {"serviceTask", BPMN_SERVICE_TASK},
    {"sendTask", BPMN_SEND_TASK},
    {"scriptTask", BPMN_SCRIPT_TASK},
    {"businessRuleTask", BPMN_RULE_TASK},
    {"receiveTask", BPMN_RECEIVE_TASK},
    {"task", BPMN_PLAIN_TASK},
    {"manualTask", BPMN_PLAIN_TASK},
    {"exclusiveGateway", BPMN_EXCLUSIVE},
    {"parallelGateway", BPMN_PARALLEL},
    {"subProcess", BPMN_SUBPROCESS},
};

/* What is for people and tools, not for the engine. */
static bool is_ignored(Str name)
{
    static const char *const names[] = {
        "documentation", "extensionElements",   "incoming",           "outgoing", "laneSet",
        "artifact",      "textAnnotation",      "association",        "group",    "dataObject",
        "property",      "dataObjectReference", "dataStoreReference", "auditing", "monitoring",
    };
    for (size_t i = 0; i < COUNT(names); i++) {
        if (str_eq(name, str_z(names[i]))) {
            return true;
        }
    }
    return false;
}

static const ElementRow *find_row(Str name)
{
    for (size_t i = 0; i < COUNT(element_rows); i++) {
        if (str_eq(name, str_z(element_rows[i].name))) {
            return &element_rows[i];
        }
    }
    return NULL;
}

static bool take_id(BpmnReader *r, const XmlNode *n)
{
    Str id = xml_attr(n, "id");
    if (id.len == 0) {
        BPMN_ERROR(r, "bpmn.syntax", n->offset, STR("add an id attribute"),
                   "'" STR_FMT "' has no id", STR_ARG(n->name));
        return false;
    }
    if (!map_add(r->out, &r->taken, id, r)) {
        BPMN_ERROR(r, "bpmn.duplicate", n->offset, STR("rename one of the two"),
                   "id '" STR_FMT "' is used twice", STR_ARG(id));
        return false;
    }
    return true;
}

static void refuse_markers(BpmnReader *r, const XmlNode *n)
{
    static const char *const names[] = {"multiInstanceLoopCharacteristics",
                                        "standardLoopCharacteristics"};
    bool is_event = str_eq(xml_attr(n, "triggeredByEvent"), STR("true"));
    for (size_t i = 0; i < COUNT(names); i++) {
        if (xml_child(n, names[i])) {
            BPMN_ERROR(r, "bpmn.unsupported", n->offset, STR("draw the repetition with gateways"),
                       "'%s' of '" STR_FMT "' is not supported", names[i],
                       STR_ARG(xml_attr(n, "id")));
        }
    }
    if (is_event || str_eq(xml_attr(n, "isForCompensation"), STR("true"))) {
        BPMN_ERROR(r, "bpmn.unsupported", n->offset,
                   STR("use a boundary event on the sub-process instead"),
                   "%s '" STR_FMT "' is not supported",
                   is_event ? "event sub-process" : "compensation activity",
                   STR_ARG(xml_attr(n, "id")));
    }
}

static void collect(BpmnReader *r, const XmlNode *parent, uint16_t scope, int depth);

static void put_index(BpmnReader *r, Map *map, Str id, uint16_t at)
{
    uint16_t *kept = NEW(r->out, uint16_t);
    *kept = at;
    map_put(r->out, map, id, kept);
}

/* ---- first round ---- */

static void collect_element(BpmnReader *r, const XmlNode *n, const ElementRow *row, uint16_t scope,
                            int depth)
{
    BpmnElement e = {.kind = row->kind,
                     .id = xml_attr(n, "id"),
                     .name = xml_attr(n, "name"),
                     .offset = n->offset,
                     .scope = scope,
                     .start = BPMN_NONE,
                     .default_flow = BPMN_NONE,
                     .attached = BPMN_NONE};
    if (!take_id(r, n) || (row->kind == BPMN_KIND_COUNT && !bpmn_read_event(r, n, &e)) ||
        (row->kind == BPMN_RECEIVE_TASK && !bpmn_read_message(r, n, &e))) {
        return;
    }
    if (r->elements.len >= BPMN_MAX_ELEMENTS || depth > BPMN_MAX_NEST) {
        BPMN_ERROR(r, "bpmn.limit", n->offset, STR("split the process"),
                   "more than %d elements or %d levels", BPMN_MAX_ELEMENTS, BPMN_MAX_NEST);
        return;
    }
    refuse_markers(r, n);
    bpmn_read_extensions(r, n, &e);
    uint16_t at = (uint16_t)r->elements.len;
    *VEC_PUSH(r->out, &r->elements) = e;
    *VEC_PUSH(r->out, &r->drafts) = (BpmnDraft){.node = n};
    put_index(r, &r->ids, e.id, at);
    if (row->kind == BPMN_SUBPROCESS) {
        collect(r, n, at, depth + 1);
    }
}

static void collect_flow(BpmnReader *r, const XmlNode *n)
{
    const XmlNode *condition = xml_child(n, "conditionExpression");
    if (!take_id(r, n)) {
        return;
    }
    if (r->flows.len >= BPMN_MAX_FLOWS) {
        BPMN_ERROR(r, "bpmn.limit", n->offset, STR("split the process"), "more than %d flows",
                   BPMN_MAX_FLOWS);
        return;
    }
    BpmnFlow f = {.id = xml_attr(n, "id"), .name = xml_attr(n, "name"), .offset = n->offset};
    if (condition) {
        f.condition = (BpmnExpr){.text = condition->text, .offset = condition->text_offset};
    }
    uint16_t at = (uint16_t)r->flows.len;
    *VEC_PUSH(r->out, &r->flows) = f;
    *VEC_PUSH(r->out, &r->flow_drafts) = (BpmnFlowDraft){n};
    put_index(r, &r->flow_ids, f.id, at);
}

static void collect(BpmnReader *r, const XmlNode *parent, uint16_t scope, int depth)
{
    for (const XmlNode *n = parent->first; n; n = n->next) {
        const ElementRow *row = find_row(n->name);
        if (row) {
            collect_element(r, n, row, scope, depth);
        } else if (str_eq(n->name, STR("sequenceFlow"))) {
            collect_flow(r, n);
        } else if (!is_ignored(n->name)) {
            BPMN_ERROR(r, "bpmn.unsupported", n->offset,
                       STR("use start, end, tasks, exclusive and parallel gateways, timers, "
                           "messages, boundary events, sub-processes"),
                       "'" STR_FMT "' '" STR_FMT "' is not supported", STR_ARG(n->name),
                       STR_ARG(xml_attr(n, "id")));
        }
    }
}

/* ---- second round ---- */

static uint16_t find_element(BpmnReader *r, const XmlNode *n, const char *attribute)
{
    Str id = xml_attr(n, attribute);
    const uint16_t *at = map_get(&r->ids, id);
    if (!at) {
        BPMN_ERROR(r, "bpmn.reference", n->offset, STR("point to an element of this process"),
                   "%s of '" STR_FMT "' is '" STR_FMT "', which is not there", attribute,
                   STR_ARG(xml_attr(n, "id")), STR_ARG(id));
        return BPMN_NONE;
    }
    return *at;
}

static void link_flow(BpmnReader *r, uint16_t at)
{
    const XmlNode *n = r->flow_drafts.at[at].node;
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
    const XmlNode *n = r->drafts.at[at].node;
    if (str_eq(n->name, STR("boundaryEvent"))) {
        e->attached = find_element(r, n, "attachedToRef");
        if (e->attached != BPMN_NONE) {
            *VEC_PUSH(r->out, &r->drafts.at[e->attached].boundaries) = at;
        }
    }
}

static void link_default(BpmnReader *r, BpmnElement *e, const XmlNode *n)
{
    Str id = xml_attr(n, "default");
    const uint16_t *at = map_get(&r->flow_ids, id);
    if (id.len == 0) {
        return;
    }
    e->default_flow = at ? *at : BPMN_NONE;
    if (!at || !str_eq(xml_attr(r->flow_drafts.at[*at].node, "sourceRef"), e->id)) {
        BPMN_ERROR(r, "bpmn.reference", n->offset, STR("default names a flow out of this element"),
                   "default flow '" STR_FMT "' of '" STR_FMT "' is not there", STR_ARG(id),
                   STR_ARG(e->id));
        e->default_flow = BPMN_NONE;
    }
}

static void link_all(BpmnReader *r)
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
        e->incoming = d->incoming.at;
        e->incoming_count = d->incoming.len;
        e->outgoing = d->outgoing.at;
        e->outgoing_count = d->outgoing.len;
        e->boundaries = d->boundaries.at;
        e->boundary_count = d->boundaries.len;
        e->start = e->kind == BPMN_SUBPROCESS ? bpmn_start_of(r, (uint16_t)i) : BPMN_NONE;
        link_default(r, e, d->node);
    }
}

/* ---- the document ---- */

static void learn_root(BpmnReader *r, const XmlNode *root)
{
    for (const XmlNode *n = root->first; n; n = n->next) {
        Map *map = str_eq(n->name, STR("message")) ? &r->messages
                   : str_eq(n->name, STR("error")) ? &r->errors
                                                   : NULL;
        if (map) {
            XmlNode *kept = NEW(r->out, XmlNode);
            *kept = *n;
            map_put(r->out, map, xml_attr(n, "id"), kept);
        }
    }
}

static const XmlNode *find_process(BpmnReader *r, const XmlNode *root)
{
    const XmlNode *only = xml_child(root, "process"), *found = NULL;
    for (const XmlNode *n = only; n; n = xml_next(n, "process")) {
        bool executable = str_eq(xml_attr(n, "isExecutable"), STR("true"));
        if (executable && found) {
            BPMN_ERROR(r, "bpmn.unsupported", n->offset, STR("one process for each file"),
                       "a second executable process '" STR_FMT "'", STR_ARG(xml_attr(n, "id")));
        }
        found = executable && !found ? n : found;
    }
    found = found ? found : only && !xml_next(only, "process") ? only : NULL;
    if (!found) {
        BPMN_ERROR(r, "bpmn.syntax", root->offset, STR("set isExecutable=\"true\" on one process"),
                   "document has no executable process");
    }
    return found;
}

const BpmnProcess *bpmn_read(Arena *out, Diags *diags, uint16_t file, Str text,
                             const BpmnWorld *world)
{
    size_t errors = diags->errors;
    const XmlNode *root = xml_read(out, diags, file, text);
    BpmnReader r = {.out = out, .diags = diags, .file = file, .text = text, .world = world};
    if (!root) {
        return NULL;
    }
    if (!str_eq(root->name, STR("definitions"))) {
        BPMN_ERROR(&r, "bpmn.syntax", root->offset, STR("the root of BPMN is 'definitions'"),
                   "root element is '" STR_FMT "'", STR_ARG(root->name));
        return NULL;
    }
    learn_root(&r, root);
    const XmlNode *n = find_process(&r, root);
    if (!n) {
        return NULL;
    }
    if (take_id(&r, n)) {
        collect(&r, n, BPMN_NONE, 0);
        link_all(&r);
        bpmn_compile_all(&r);
        bpmn_check(&r);
    }
    BpmnProcess *p = NEW(out, BpmnProcess);
    *p = (BpmnProcess){.id = xml_attr(n, "id"),
                       .name = xml_attr(n, "name"),
                       .file = file,
                       .elements = r.elements.at,
                       .element_count = r.elements.len,
                       .flows = r.flows.at,
                       .flow_count = r.flows.len,
                       .start = bpmn_start_of(&r, BPMN_NONE)};
    if (p->start == BPMN_NONE && diags->errors == errors) {
        BPMN_ERROR(&r, "bpmn.structure", n->offset, STR("add a start event"),
                   "process '" STR_FMT "' has no start event", STR_ARG(p->id));
    }
    return diags->errors == errors ? p : NULL;
}
