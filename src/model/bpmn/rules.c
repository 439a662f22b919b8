/* SPDX-License-Identifier: Apache-2.0 */
/*
 * BPMN's own rules for the whole document: flows, gateways, events, expressions. Each is one small
 * function over a node; one walk calls those that are for it.
 */
#include "model/bpmn/rules_int.h"

void rules_refuse(BpmnReader *r, const XmlNode *n, const char *rule, const char *what, Str cure)
{
    Str id = xml_attr(n, "id");
    id = id.len || !n->parent ? id : xml_attr(n->parent, "id");
    BPMN_ERROR(r, rule, n->offset, cure, "%.*s '" STR_FMT "' %s", STR_ARG(n->name), STR_ARG(id),
               what);
}

bool rules_is_one_of(const XmlNode *n, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (bpmn_is(n, names[i])) {
            return true;
        }
    }
    return false;
}

bool rules_is_artifact(const XmlNode *n)
{
    static const char *const names[] = {"association", "group", "textAnnotation"};
    return rules_is_one_of(n, names, COUNT(names));
}

const XmlNode *rules_process_of(const XmlNode *n)
{
    while (n && !bpmn_is(n, "process")) {
        n = n->parent;
    }
    return n;
}

/* Flows of the same parent that name the node in the attribute. */
static size_t count_flows(const XmlNode *n, const char *attribute)
{
    size_t count = 0;
    Str id = xml_attr(n, "id");
    for (const XmlNode *f = xml_child(n->parent, "sequenceFlow"); f;
         f = xml_next(f, "sequenceFlow")) {
        count += str_eq(bpmn_local(xml_attr(f, attribute)), id) ? 1 : 0;
    }
    return count;
}

/* ---- flows ---- */

static bool lists(const XmlNode *n, const char *name, Str id)
{
    for (const XmlNode *c = xml_child(n, name); c; c = xml_next(c, name)) {
        if (str_eq(bpmn_local(c->text), id)) {
            return true;
        }
    }
    return false;
}

static void flow_ends(BpmnReader *r, const XmlNode *n)
{
    const XmlNode *from = bpmn_node(r, xml_attr(n, "sourceRef"));
    const XmlNode *to = bpmn_node(r, xml_attr(n, "targetRef"));
    Str id = xml_attr(n, "id");
    if (rules_is_artifact(from) || rules_is_artifact(to)) {
        rules_refuse(r, n, "bpmn.artifact", "leads to or from a note",
                     STR("only an association does: notes and groups are for people"));
        return;
    }
    if (!from || !to) {
        return; /* reported where it is linked */
    }
    if (rules_process_of(from) != rules_process_of(n) ||
        rules_process_of(to) != rules_process_of(n)) {
        rules_refuse(r, n, "bpmn.flow-pool", "leads out of its pool",
                     STR("use a message flow between pools"));
        return;
    }
    if (lists(from, "outgoing", id) != lists(to, "incoming", id)) {
        rules_refuse(r, n, "bpmn.flow-listed", "is listed at one of its ends only",
                     STR("save the file with a modeller, or list the flow at both ends"));
    }
}

static void flow_condition(BpmnReader *r, const XmlNode *n)
{
    const XmlNode *from = bpmn_node(r, xml_attr(n, "sourceRef"));
    bool gateway = from && str_ends(from->name, STR("Gateway"));
    if (xml_child(n, "conditionExpression") && from && !gateway &&
        count_flows(from, "sourceRef") < 2) {
        rules_refuse(r, n, "bpmn.flow-only", "is the only way on and has a condition",
                     STR("remove the condition, or add a second flow"));
    }
}

static void gateway_direction(BpmnReader *r, const XmlNode *n)
{
    size_t in = count_flows(n, "targetRef"), out = count_flows(n, "sourceRef");
    if ((bpmn_says(n, "gatewayDirection", "Converging") && (out > 1 || in < 2)) ||
        (bpmn_says(n, "gatewayDirection", "Diverging") && (in > 1 || out < 2)) ||
        (bpmn_says(n, "gatewayDirection", "Mixed") && (in < 2 || out < 2))) {
        rules_refuse(r, n, "bpmn.gateway-direction", "has flows against its direction",
                     STR("correct gatewayDirection, or leave it out"));
    } else if (in < 2 && out < 2) {
        BPMN_ADVICE(r, "bpmn.gateway-idle", n->offset, STR("remove it"),
                    "gateway '" STR_FMT "' neither splits nor joins", STR_ARG(xml_attr(n, "id")));
    }
}

static void event_gateway(BpmnReader *r, const XmlNode *n)
{
    if (bpmn_says(n, "instantiate", "true") && count_flows(n, "targetRef") > 0) {
        rules_refuse(r, n, "bpmn.instantiate", "starts the process, but a flow leads to it",
                     STR("remove instantiate, or the flow"));
    }
}

static void receive_task(BpmnReader *r, const XmlNode *n)
{
    if (bpmn_says(n, "instantiate", "true") && count_flows(n, "targetRef") > 0) {
        rules_refuse(r, n, "bpmn.instantiate", "starts the process, but a flow leads to it",
                     STR("remove instantiate, or the flow"));
    }
}

/* ---- events ---- */

static void throw_event(BpmnReader *r, const XmlNode *n)
{
    bool link = xml_child(n, "linkEventDefinition") != NULL;
    size_t in = count_flows(n, "targetRef"), out = count_flows(n, "sourceRef");
    if (in == 0 || (out == 0) != link) {
        rules_refuse(r, n, "bpmn.event-flows",
                     link ? "throws a link: flows lead to it, none out of it"
                          : "needs a flow in and a flow out",
                     STR("draw the missing flow, or remove the one too many"));
    }
}

static void catch_event(BpmnReader *r, const XmlNode *n)
{
    bool link = xml_child(n, "linkEventDefinition") != NULL;
    size_t in = count_flows(n, "targetRef"), out = count_flows(n, "sourceRef");
    if (out == 0 || (in == 0) != link) {
        rules_refuse(r, n, "bpmn.event-flows",
                     link ? "catches a link: flows lead out of it, none to it"
                          : "needs a flow in and a flow out",
                     STR("draw the missing flow, or remove the one too many"));
    }
}

static void end_needs_start(BpmnReader *r, const XmlNode *n)
{
    if (!xml_child(n->parent, "startEvent")) {
        rules_refuse(r, n, "bpmn.end-without-start", "ends what has no start event",
                     STR("add a start event beside it"));
    }
}

static void definition_ref(BpmnReader *r, const XmlNode *n)
{
    const XmlNode *d = bpmn_node(r, n->text);
    if (d && !bpmn_is(d->parent, "definitions")) {
        rules_refuse(r, n, "bpmn.definition-ref", "refers to the definition of another event",
                     STR("put the shared event definition into definitions"));
    }
}

/* ---- expressions and the rest ---- */

static void formal(BpmnReader *r, const XmlNode *n)
{
    const XmlAttr *type =
        xml_attr_at(n, STR("http://www.w3.org/2001/XMLSchema-instance"), STR("type"));
    bool typed = type && str_ends(type->value, STR("tFormalExpression"));
    bool marked = str_starts(n->text, STR("=")) || str_starts(n->text, STR("${")) ||
                  str_starts(n->text, STR("#{"));
    int64_t number = 0;
    if (!typed && !marked) {
        rules_refuse(r, n, "bpmn.informal", "is an informal expression",
                     STR("begin it with =, or give it xsi:type=\"tFormalExpression\""));
    } else if (str_int(str_trim(str_slice(n->text, marked, n->text.len)), &number)) {
        rules_refuse(r, n, "bpmn.condition", "is a number", STR("compare it with something"));
    }
}

static void text_format(BpmnReader *r, const XmlNode *n)
{
    Str format = xml_attr(n, "textFormat");
    if (format.len && str_find(format, STR("/"), 0) == SIZE_MAX) {
        rules_refuse(r, n, "bpmn.text-format", "has a textFormat that is no MIME type",
                     STR("textFormat=\"text/plain\""));
    }
}

static void expression_language(BpmnReader *r, const XmlNode *n)
{
    Str language = xml_attr(n, "expressionLanguage");
    if (language.len && str_find(language, STR(":"), 0) == SIZE_MAX) {
        rules_refuse(r, n, "bpmn.expression-language", "has an expressionLanguage that is no URI",
                     STR("leave it out: expressions are FEEL"));
    }
}

static void performer(BpmnReader *r, const XmlNode *n)
{
    bool bound = xml_child(n, "resourceParameterBinding") != NULL;
    if ((bound || xml_child(n, "resourceRef")) && xml_child(n, "resourceAssignmentExpression")) {
        rules_refuse(r, n, "bpmn.resource", "names a resource and an expression",
                     STR("keep one of the two"));
    }
}

static void public_process(BpmnReader *r, const XmlNode *n)
{
    if (bpmn_says(n, "processType", "Public") && bpmn_says(n, "isExecutable", "true")) {
        rules_refuse(r, n, "bpmn.public", "is public and executable",
                     STR("a public process is a picture: processType=\"Private\" to run it"));
    }
}

static void sub_process(BpmnReader *r, const XmlNode *n)
{
    if (xml_child(n, "ioSpecification")) {
        rules_refuse(r, n, "bpmn.data-place", "has data inputs or outputs",
                     STR("a sub-process sees the data around it"));
    }
}

static void property_place(BpmnReader *r, const XmlNode *n)
{
    bool inside = bpmn_is(n->parent, "process") || bpmn_is_flow_node(n->parent) ||
                  bpmn_is(n->parent, "properties") || rules_process_of(n);
    if (!inside) {
        rules_refuse(r, n, "bpmn.data-place", "belongs to no process, activity or event",
                     STR("move it into the process"));
    }
}

static const BpmnRule rules[] = {
    {"sequenceFlow", flow_ends},
    {"sequenceFlow", flow_condition},
    {"exclusiveGateway", gateway_direction},
    {"parallelGateway", gateway_direction},
    {"inclusiveGateway", gateway_direction},
    {"complexGateway", gateway_direction},
    {"eventBasedGateway", gateway_direction},
    {"eventBasedGateway", event_gateway},
    {"receiveTask", receive_task},
    {"intermediateThrowEvent", throw_event},
    {"intermediateCatchEvent", catch_event},
    {"endEvent", end_needs_start},
    {"eventDefinitionRef", definition_ref},
    {"loopCondition", formal},
    {"completionCondition", formal},
    {"activationCondition", formal},
    {"documentation", text_format},
    {"textAnnotation", text_format},
    {"definitions", expression_language},
    {"performer", performer},
    {"humanPerformer", performer},
    {"potentialOwner", performer},
    {"resourceRole", performer},
    {"process", public_process},
    {"subProcess", sub_process},
    {"transaction", sub_process},
    {"adHocSubProcess", sub_process},
    {"property", property_place},
};

static void check_by(BpmnReader *r, const XmlNode *n, const BpmnRule *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (bpmn_is(n, list[i].node)) {
            list[i].check(r, n);
        }
    }
}

/* As deep as the document, which the XML reader has bounded. */
static void walk(BpmnReader *r, const XmlNode *n)
{
    if (bpmn_is(n, "extensionElements") || bpmn_is_foreign(r, n)) {
        return;
    }
    bpmn_check_dialect(r, n);
    check_by(r, n, rules, COUNT(rules));
    check_by(r, n, bpmn_data_rules, bpmn_data_rule_count);
    check_by(r, n, bpmn_message_rules, bpmn_message_rule_count);
    for (const XmlNode *c = n->first; c; c = c->next) {
        walk(r, c);
    }
}

void bpmn_rules(BpmnReader *r)
{
    for (size_t i = 0; i < r->doc_count; i++) {
        if (r->docs[i].used) {
            r->doc = &r->docs[i];
            walk(r, r->doc->root);
        }
    }
}
