/* SPDX-License-Identifier: Apache-2.0 */
/* Small helpers: extensions, expressions, the table of kinds. */
#include "model/bpmn/bpmn_int.h"

/* ORDER BpmnKind. */
static const char *const kind_names[] = {
    "startEvent",
    "endEvent",
    "terminateEndEvent",
    "errorEndEvent",
    "userTask",
    "serviceTask",
    "sendTask",
    "scriptTask",
    "businessRuleTask",
    "receiveTask",
    "task",
    "timerCatchEvent",
    "messageCatchEvent",
    "exclusiveGateway",
    "parallelGateway",
    "subProcess",
    "timerBoundaryEvent",
    "messageBoundaryEvent",
    "errorBoundaryEvent",
};

const char *bpmn_kind_name(BpmnKind kind)
{
    return kind < BPMN_KIND_COUNT ? kind_names[kind] : "";
}

bool bpmn_is_activity(BpmnKind kind)
{
    return (kind >= BPMN_USER_TASK && kind <= BPMN_PLAIN_TASK) || kind == BPMN_SUBPROCESS;
}

bool bpmn_is_waiting(BpmnKind kind)
{
    return kind == BPMN_USER_TASK || kind == BPMN_SERVICE_TASK || kind == BPMN_SEND_TASK ||
           kind == BPMN_RECEIVE_TASK || kind == BPMN_CATCH_TIMER || kind == BPMN_CATCH_MESSAGE;
}

const XmlNode *bpmn_extension(const XmlNode *n, const char *name)
{
    return xml_child(xml_child(n, "extensionElements"), name);
}

BpmnExpr bpmn_expr(BpmnReader *r, Str text, uint32_t offset, bool always_feel)
{
    BpmnExpr e = {.text = text, .offset = offset};
    bool is_feel = str_starts(text, STR("="));
    Str source = is_feel ? str_slice(text, 1, text.len) : text;
    if (text.len == 0 || (!is_feel && !always_feel)) {
        return e;
    }
    Err err = {0};
    e.program = feel_compile(r->out, source, NULL, FEEL_EXPRESSION, &err);
    if (!e.program) {
        BPMN_ERROR(r, "bpmn.feel", offset + err.offset + (is_feel ? 1 : 0),
                   str_find(text, STR("${"), 0) != SIZE_MAX
                       ? STR("expressions are FEEL: = amount > 5, without ${ }")
                       : (Str){0},
                   "%s", err.msg);
    }
    return e;
}

BpmnExpr bpmn_attr_expr(BpmnReader *r, const XmlNode *n, const char *name)
{
    const XmlAttr *a = xml_attr_at(n, (Str){0}, str_z(name));
    uint32_t offset = a && a->value_offset ? a->value_offset : n->offset;
    return a ? bpmn_expr(r, a->value, offset, false) : (BpmnExpr){.offset = n->offset};
}

uint16_t bpmn_find(const BpmnProcess *p, Str id)
{
    for (size_t i = 0; i < p->element_count; i++) {
        if (str_eq(p->elements[i].id, id)) {
            return (uint16_t)i;
        }
    }
    return BPMN_NONE;
}

Str bpmn_property(const BpmnElement *e, const char *name)
{
    for (size_t i = 0; i < e->property_count; i++) {
        if (str_eq(e->properties[i].name, str_z(name))) {
            return e->properties[i].value;
        }
    }
    return (Str){0};
}
