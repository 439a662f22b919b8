/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Elements and flows of a process are collected, sub-processes by recursion, its depth counted.
 * What later rounds need of the XML stands in a draft beside each element, so that the elements
 * themselves are what the engine gets.
 */
#include "model/bpmn/bpmn_int.h"

typedef struct {
    const char *name;
    BpmnKind kind;
} ElementRow;

static const ElementRow element_rows[] = {
    {"startEvent", BPMN_START},
    {"endEvent", BPMN_END},
    {"intermediateCatchEvent", BPMN_CATCH},
    {"intermediateThrowEvent", BPMN_THROW},
    {"boundaryEvent", BPMN_BOUNDARY},
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
    {"inclusiveGateway", BPMN_INCLUSIVE},
    {"complexGateway", BPMN_COMPLEX},
    {"eventBasedGateway", BPMN_EVENT_GATEWAY},
    {"subProcess", BPMN_SUBPROCESS},
    {"transaction", BPMN_TRANSACTION},
    {"adHocSubProcess", BPMN_ADHOC},
    {"callActivity", BPMN_CALL},
};

/* Of the document, not of a process: run when a call activity calls them. */
static const ElementRow called_rows[] = {
    {"globalTask", BPMN_PLAIN_TASK},
    {"globalManualTask", BPMN_PLAIN_TASK},
    {"globalUserTask", BPMN_USER_TASK},
    {"globalScriptTask", BPMN_SCRIPT_TASK},
    {"globalBusinessRuleTask", BPMN_RULE_TASK},
};

/* What is for people and tools, not for the engine; rules.c checks what BPMN asks of it. */
static const char *const ignored[] = {
    "documentation",
    "extensionElements",
    "incoming",
    "outgoing",
    "laneSet",
    "artifact",
    "textAnnotation",
    "association",
    "group",
    "dataObject",
    "property",
    "dataObjectReference",
    "dataStoreReference",
    "auditing",
    "monitoring",
    "ioSpecification",
    "dataInputAssociation",
    "dataOutputAssociation",
    "completionCondition",
    "standardLoopCharacteristics",
    "multiInstanceLoopCharacteristics",
    "resourceRole",
    "performer",
    "humanPerformer",
    "potentialOwner",
    "supportedInterfaceRef",
    "correlationSubscription",
    "categoryValueRef",
    "rendering",
    "ioBinding",
    "supports",
};

static const ElementRow *find_row(const ElementRow *rows, size_t count, Str name)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(name, str_z(rows[i].name))) {
            return &rows[i];
        }
    }
    return NULL;
}

static bool is_ignored(Str name)
{
    for (size_t i = 0; i < COUNT(ignored); i++) {
        if (str_eq(name, str_z(ignored[i]))) {
            return true;
        }
    }
    return false;
}

bool bpmn_is_flow_node(const XmlNode *n)
{
    return n && find_row(element_rows, COUNT(element_rows), n->name);
}

/* That it is used once is seen when all ids are learned. */
bool bpmn_has_id(BpmnReader *r, const XmlNode *n)
{
    if (xml_attr(n, "id").len == 0) {
        BPMN_ERROR(r, "bpmn.syntax", n->offset, STR("add an id attribute"),
                   "'" STR_FMT "' has no id", STR_ARG(n->name));
        return false;
    }
    return true;
}

bool bpmn_is_foreign(const BpmnReader *r, const XmlNode *n)
{
    return !str_eq(n->space, r->doc->root->space);
}

static void put_index(BpmnReader *r, Map *map, Str id, uint16_t at)
{
    uint16_t *kept = NEW(r->tmp, uint16_t);
    *kept = at;
    map_put(r->tmp, map, id, kept);
}

/* ---- elements ---- */

static void collect(BpmnReader *r, const XmlNode *parent, uint16_t scope, int depth);

/* What comes from another document is told by its process. */
static Str own_id(const BpmnReader *r, const XmlNode *n)
{
    Str id = xml_attr(n, "id");
    return r->prefix.len ? str_join(r->out, r->prefix, id) : id;
}

static BpmnElement new_element(BpmnReader *r, const XmlNode *n, BpmnKind kind, uint16_t scope)
{
    const BpmnNamed *lane = map_get(&r->doc->organs, xml_attr(n, "id"));
    bool handler = kind == BPMN_SUBPROCESS && bpmn_says(n, "triggeredByEvent", "true");
    return (BpmnElement){.kind = handler ? BPMN_EVENT_SUBPROCESS : kind,
                         .id = own_id(r, n),
                         .name = xml_attr(n, "name"),
                         .offset = n->offset,
                         .file = r->doc->file,
                         .scope = scope,
                         .default_flow = BPMN_NONE,
                         .attached = BPMN_NONE,
                         .handler = BPMN_NONE,
                         .compensation = BPMN_NONE,
                         .called = BPMN_NONE,
                         .start_quantity = 1,
                         .completion_quantity = 1,
                         .organ = lane ? xml_attr(lane->node, "name") : r->pool};
}

static bool read_details(BpmnReader *r, const XmlNode *n, BpmnElement *e)
{
    if (e->kind <= BPMN_BOUNDARY && !bpmn_read_event(r, n, e)) {
        return false;
    }
    if (e->kind == BPMN_RECEIVE_TASK && !bpmn_read_message(r, n, e)) {
        return false;
    }
    if (e->kind == BPMN_COMPLEX) {
        e->condition = bpmn_text_expr(r, xml_child(n, "activationCondition"));
    }
    if (e->kind == BPMN_ADHOC) {
        e->condition = bpmn_text_expr(r, xml_child(n, "completionCondition"));
        e->sequential = bpmn_says(n, "ordering", "Sequential");
        e->keeps_rest = bpmn_says(n, "cancelRemainingInstances", "false");
    }
    bpmn_read_markers(r, n, e);
    bpmn_read_extensions(r, n, e);
    return true;
}

/* BPMN_NONE when there are too many. */
static uint16_t add_element(BpmnReader *r, const XmlNode *n, const BpmnElement *e, int depth)
{
    uint16_t at = (uint16_t)r->elements.len;
    if (r->elements.len >= BPMN_MAX_ELEMENTS || depth > BPMN_MAX_NEST) {
        BPMN_ERROR(r, "bpmn.limit", n->offset, STR("split the process"),
                   "more than %d elements or %d levels", BPMN_MAX_ELEMENTS, BPMN_MAX_NEST);
        return BPMN_NONE;
    }
    *VEC_PUSH(r->tmp, &r->elements) = *e;
    *VEC_PUSH(r->tmp, &r->drafts) = (BpmnDraft){.node = n, .doc = r->doc};
    put_index(r, &r->doc->ids, xml_attr(n, "id"), at);
    return at;
}

static void collect_element(BpmnReader *r, const XmlNode *n, BpmnKind kind, uint16_t scope,
                            int depth)
{
    BpmnElement e = new_element(r, n, kind, scope);
    if (!bpmn_has_id(r, n) || !read_details(r, n, &e)) {
        return;
    }
    uint16_t at = add_element(r, n, &e, depth);
    if (at != BPMN_NONE && bpmn_has_body(e.kind)) {
        collect(r, n, at, depth + 1);
    }
}

static void collect_flow(BpmnReader *r, const XmlNode *n)
{
    const XmlNode *condition = xml_child(n, "conditionExpression");
    if (!bpmn_has_id(r, n)) {
        return;
    }
    if (r->flows.len >= BPMN_MAX_FLOWS) {
        BPMN_ERROR(r, "bpmn.limit", n->offset, STR("split the process"), "more than %d flows",
                   BPMN_MAX_FLOWS);
        return;
    }
    BpmnFlow f = {.id = own_id(r, n), .name = xml_attr(n, "name"), .offset = n->offset};
    if (condition) {
        f.condition = bpmn_text_expr(r, condition);
    }
    uint16_t at = (uint16_t)r->flows.len;
    *VEC_PUSH(r->tmp, &r->flows) = f;
    *VEC_PUSH(r->tmp, &r->flow_drafts) = (BpmnFlowDraft){n, r->doc};
    put_index(r, &r->doc->flow_ids, xml_attr(n, "id"), at);
}

static void collect(BpmnReader *r, const XmlNode *parent, uint16_t scope, int depth)
{
    for (const XmlNode *n = parent->first; n; n = n->next) {
        if (bpmn_is_foreign(r, n)) {
            continue;
        }
        const ElementRow *row = find_row(element_rows, COUNT(element_rows), n->name);
        if (row) {
            collect_element(r, n, row->kind, scope, depth);
        } else if (bpmn_is(n, "sequenceFlow")) {
            collect_flow(r, n);
        } else if (!is_ignored(n->name)) {
            BPMN_ERROR(r, "bpmn.unsupported", n->offset,
                       STR("use events, tasks, gateways, sub-processes and call activities"),
                       "'" STR_FMT "' '" STR_FMT "' is not supported", STR_ARG(n->name),
                       STR_ARG(xml_attr(n, "id")));
        }
    }
}

/* ---- a process ---- */

static void learn_lanes(BpmnReader *r, const XmlNode *set)
{
    for (const XmlNode *lane = xml_child(set, "lane"); lane; lane = xml_next(lane, "lane")) {
        BpmnNamed *kept = NEW(r->tmp, BpmnNamed);
        kept->node = lane;
        for (const XmlNode *n = xml_child(lane, "flowNodeRef"); n; n = xml_next(n, "flowNodeRef")) {
            map_put(r->tmp, &r->doc->organs, n->text, kept);
        }
        learn_lanes(r, xml_child(lane, "childLaneSet"));
    }
}

static Str pool_of(const XmlNode *root, Str process)
{
    for (const XmlNode *c = xml_child(root, "collaboration"); c; c = xml_next(c, "collaboration")) {
        for (const XmlNode *p = xml_child(c, "participant"); p; p = xml_next(p, "participant")) {
            if (str_eq(bpmn_local(xml_attr(p, "processRef")), process)) {
                return xml_attr(p, "name");
            }
        }
    }
    return (Str){0};
}

void bpmn_collect_process(BpmnReader *r, const XmlNode *n, uint16_t scope)
{
    r->pool = pool_of(r->doc->root, xml_attr(n, "id"));
    learn_lanes(r, xml_child(n, "laneSet"));
    collect(r, n, scope, 0);
}

bool bpmn_is_callable(const XmlNode *n)
{
    return n && (bpmn_is(n, "process") || find_row(called_rows, COUNT(called_rows), n->name));
}

uint16_t bpmn_add_called(BpmnReader *r, const XmlNode *n)
{
    const ElementRow *row = find_row(called_rows, COUNT(called_rows), n->name);
    BpmnElement e = new_element(r, n, BPMN_CALLED, BPMN_NONE);
    uint16_t at = add_element(r, n, &e, 0);
    if (at != BPMN_NONE && row) {
        BpmnElement task = new_element(r, n, row->kind, at);
        task.id = str_join(r->out, e.id, STR("_task"));
        if (read_details(r, n, &task)) {
            (void)add_element(r, n, &task, 0);
            put_index(r, &r->doc->ids, xml_attr(n, "id"), at); /* what is called is the whole */
        }
    } else if (at != BPMN_NONE) {
        bpmn_collect_process(r, n, at);
    }
    return at;
}
