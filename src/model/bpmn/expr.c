/* SPDX-License-Identifier: Apache-2.0 */
/* Small helpers: extensions, expressions, the table of kinds. */
#include "model/bpmn/bpmn_int.h"

/* ORDER BpmnKind. */
static const char *const kind_names[] = {
    "startEvent",
    "endEvent",
    "intermediateCatchEvent",
    "intermediateThrowEvent",
    "boundaryEvent",
    "userTask",
    "serviceTask",
    "sendTask",
    "scriptTask",
    "businessRuleTask",
    "receiveTask",
    "task",
    "subProcess",
    "transaction",
    "adHocSubProcess",
    "callActivity",
    "eventSubProcess",
    "process",
    "exclusiveGateway",
    "parallelGateway",
    "inclusiveGateway",
    "complexGateway",
    "eventBasedGateway",
};

const char *bpmn_kind_name(BpmnKind kind)
{
    return kind < BPMN_KIND_COUNT ? kind_names[kind] : "";
}

bool bpmn_is_activity(BpmnKind kind)
{
    return kind >= BPMN_USER_TASK && kind <= BPMN_CALL;
}

bool bpmn_is_gateway(BpmnKind kind)
{
    return kind >= BPMN_EXCLUSIVE && kind <= BPMN_EVENT_GATEWAY;
}

bool bpmn_has_body(BpmnKind kind)
{
    return kind == BPMN_SUBPROCESS || kind == BPMN_TRANSACTION || kind == BPMN_ADHOC ||
           kind == BPMN_EVENT_SUBPROCESS || kind == BPMN_CALLED;
}

const BpmnTrigger *bpmn_trigger(const BpmnElement *e, BpmnTriggerKind kind)
{
    for (size_t i = 0; i < e->trigger_count; i++) {
        if (e->triggers[i].kind == kind) {
            return &e->triggers[i];
        }
    }
    return NULL;
}

const BpmnBody *bpmn_body(const BpmnProcess *p, uint16_t scope)
{
    return scope == BPMN_NONE ? &p->body : &p->elements[scope].body;
}

bool bpmn_reaches(const uint64_t *bits, uint16_t element)
{
    return (bits[element / 64] >> (element % 64)) & 1;
}

const XmlNode *bpmn_extension(const XmlNode *n, const char *name)
{
    return xml_child(xml_child(n, "extensionElements"), name);
}

Str bpmn_local(Str reference)
{
    size_t colon = str_find(reference, STR(":"), 0);
    return colon == SIZE_MAX ? reference : str_slice(reference, colon + 1, reference.len);
}

const XmlNode *bpmn_node(const BpmnReader *r, Str id)
{
    const BpmnNamed *found = map_get(&r->nodes, id);
    found = found ? found : map_get(&r->nodes, bpmn_local(id));
    return found ? found->node : NULL;
}

bool bpmn_is(const XmlNode *n, const char *name)
{
    return n && str_eq(n->name, str_z(name));
}

bool bpmn_says(const XmlNode *n, const char *attribute, const char *value)
{
    return str_eq(xml_attr(n, attribute), str_z(value));
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

/* Always FEEL; an expression of another kind than text (a reference) is empty. */
BpmnExpr bpmn_child_expr(BpmnReader *r, const XmlNode *n, const char *name)
{
    const XmlNode *c = xml_child(n, name);
    return c ? bpmn_expr(r, c->text, c->text_offset, true) : (BpmnExpr){0};
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
