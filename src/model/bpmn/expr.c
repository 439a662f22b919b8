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
    const BpmnNamed *found = map_get(&r->doc->nodes, id);
    found = found ? found : map_get(&r->doc->nodes, bpmn_local(id));
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

BpmnExpr bpmn_attr_expr(const XmlNode *n, const char *name)
{
    const XmlAttr *a = xml_attr_at(n, (Str){0}, str_z(name));
    uint32_t offset = a && a->value_offset ? a->value_offset : n->offset;
    return (BpmnExpr){.text = a ? a->value : (Str){0}, .offset = offset};
}

BpmnExpr bpmn_text_expr(BpmnReader *r, const XmlNode *n)
{
    Str start = n ? str_slice(n->text, 0, 2) : (Str){0};
    if (str_eq(start, STR("${")) || str_eq(start, STR("#{"))) {
        return bpmn_old_expr(r, n, n->text, n->text_offset);
    }
    return n ? (BpmnExpr){.text = n->text, .offset = n->text_offset} : (BpmnExpr){0};
}

/* The FEEL in it; *skip: how far in. Empty when it is no FEEL. */
static Str source_of(const BpmnExpr *e, const BpmnSight *s, size_t *skip)
{
    *skip = str_starts(e->text, STR("=")) ? 1 : 0;
    return *skip || s->always_feel ? str_slice(e->text, *skip, e->text.len) : (Str){0};
}

static uint32_t place_of(const BpmnReader *r, const BpmnExpr *e, size_t inside)
{
    return e->foreign ? e->offset : xml_source_place(r->doc->text, e->offset, inside);
}

const FeelType *bpmn_expr_type(Arena *scratch, const BpmnExpr *e, const BpmnSight *s)
{
    static const FeelType text = {.kind = FEEL_STRING};
    size_t skip = 0;
    Str source = source_of(e, s, &skip);
    FeelRemarks remarks;
    if (e->text.len == 0 || source.len == 0) {
        return e->text.len == 0 ? NULL : &text;
    }
    feel_check(scratch, source, s->names, FEEL_EXPRESSION, NULL, &remarks);
    return remarks.type;
}

static Str cure_of(const BpmnExpr *e, const Err *err)
{
    Str message = str_z(err->msg);
    if (str_find(e->text, STR("${"), 0) != SIZE_MAX) {
        return STR("expressions are FEEL: = amount > 5, without ${ }");
    }
    bool lost = str_starts(message, STR("unknown name")) &&
                str_find(message, STR("did you mean"), 0) == SIZE_MAX;
    return lost ? STR("a process sees what its tasks set; answers and facts are for the rules: "
                      "let a rule task decide")
                : (Str){0};
}

static void tell_remarks(BpmnReader *r, const BpmnExpr *e, size_t skip, const FeelRemarks *remarks)
{
    for (size_t i = 0; i < remarks->count; i++) {
        const FeelRemark *m = &remarks->at[i];
        diag_add(r->diags, m->is_advice ? DIAG_ADVICE : DIAG_ERROR,
                 m->is_advice ? "feel.no-such-option" : "bpmn.feel", r->doc->file,
                 place_of(r, e, skip + m->offset), m->cure, STR_FMT, STR_ARG(m->message));
    }
}

void bpmn_compile(BpmnReader *r, BpmnExpr *e, const BpmnSight *s, const FeelType **type)
{
    static const FeelNames open = {.open = true};
    size_t skip = 0;
    Str source = source_of(e, s, &skip);
    Err err = {0};
    FeelRemarks remarks;
    *type = NULL;
    if (e->text.len == 0 || e->broken || (skip == 0 && !s->always_feel)) {
        return;
    }
    e->program = feel_compile(r->out, source, s->names, FEEL_EXPRESSION, &err);
    if (!e->program) {
        BPMN_ERROR(r, "bpmn.feel", place_of(r, e, skip + err.offset), cure_of(e, &err), "%s",
                   err.msg);
        return;
    }
    feel_check(r->tmp, source, s->names ? s->names : &open, FEEL_EXPRESSION, NULL, &remarks);
    tell_remarks(r, e, skip, &remarks);
    *type = remarks.type;
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
