/* SPDX-License-Identifier: Apache-2.0 */
/* zeebe: extension elements: what Camunda's modeller writes, and properties for the rest. */
#include "model/bpmn/bpmn_int.h"

static const BpmnMapping *read_mappings(BpmnReader *r, const XmlNode *io, const char *name,
                                        size_t *count)
{
    *count = xml_count(io, name);
    BpmnMapping *made = NEW_N(r->out, BpmnMapping, *count + 1), *m = made;
    for (const XmlNode *n = xml_child(io, name); n; n = xml_next(n, name), m++) {
        m->source = bpmn_attr_expr(n, "source");
        m->target = xml_attr(n, "target");
        if (m->target.len == 0 || str_find(m->target, STR("."), 0) != SIZE_MAX) {
            BPMN_ERROR(r, "bpmn.syntax", n->offset, STR("name one variable in target"),
                       "mapping has no plain target: '" STR_FMT "'", STR_ARG(m->target));
        }
    }
    return made;
}

static const BpmnProperty *read_pairs(BpmnReader *r, const XmlNode *list, const char *name,
                                      const char *key, size_t *count)
{
    *count = xml_count(list, name);
    BpmnProperty *made = NEW_N(r->out, BpmnProperty, *count + 1), *p = made;
    for (const XmlNode *n = xml_child(list, name); n; n = xml_next(n, name)) {
        *p++ = (BpmnProperty){xml_attr(n, key), xml_attr(n, "value")};
    }
    return made;
}

static void need(BpmnReader *r, const BpmnElement *e, bool there, const char *what, Str cure)
{
    if (!there) {
        BPMN_ERROR(r, "bpmn.syntax", e->offset, cure, "%s '" STR_FMT "' has no %s",
                   bpmn_kind_name(e->kind), STR_ARG(e->id), what);
    }
}

static void read_script(BpmnReader *r, const XmlNode *n, BpmnElement *e)
{
    const XmlNode *script = bpmn_extension(n, "script");
    if (script) {
        e->script = bpmn_attr_expr(script, "expression");
        e->result_variable = xml_attr(script, "resultVariable");
    }
    need(r, e, e->script.text.len > 0 && e->result_variable.len > 0, "script",
         STR("add <zeebe:script expression=\"= …\" resultVariable=\"…\"/>"));
}

static void read_decision(BpmnReader *r, const XmlNode *n, BpmnElement *e)
{
    const XmlNode *called = bpmn_extension(n, "calledDecision");
    e->decision = called ? xml_attr(called, "decisionId") : (Str){0};
    e->result_variable = called ? xml_attr(called, "resultVariable") : (Str){0};
    need(r, e, e->decision.len > 0 && e->result_variable.len > 0, "decision",
         STR("add <zeebe:calledDecision decisionId=\"…\" resultVariable=\"…\"/>"));
}

static void read_role(BpmnReader *r, const XmlNode *n, BpmnElement *e)
{
    const XmlNode *who = bpmn_extension(n, "assignmentDefinition");
    e->role = who ? xml_attr(who, "candidateGroups") : (Str){0};
    if (who && str_starts(e->role, STR("="))) {
        BPMN_ERROR(r, "bpmn.unsupported", who->offset,
                   STR("name one role: candidateGroups=\"clerk\""),
                   "candidate groups of '" STR_FMT "' are an expression", STR_ARG(e->id));
    }
    need(r, e, e->role.len > 0, "role",
         STR("add <zeebe:assignmentDefinition candidateGroups=\"clerk\"/>"));
}

void bpmn_read_extensions(BpmnReader *r, const XmlNode *n, BpmnElement *e)
{
    const XmlNode *io = bpmn_extension(n, "ioMapping");
    const XmlNode *definition = bpmn_extension(n, "taskDefinition");
    e->inputs = read_mappings(r, io, "input", &e->input_count);
    e->outputs = read_mappings(r, io, "output", &e->output_count);
    e->properties =
        read_pairs(r, bpmn_extension(n, "properties"), "property", "name", &e->property_count);
    e->headers = read_pairs(r, bpmn_extension(n, "taskHeaders"), "header", "key", &e->header_count);
    e->job_type = definition ? xml_attr(definition, "type") : (Str){0};
    if (e->kind == BPMN_SERVICE_TASK || e->kind == BPMN_SEND_TASK) {
        need(r, e, e->job_type.len > 0, "job type", STR("add <zeebe:taskDefinition type=\"…\"/>"));
    } else if (e->kind == BPMN_SCRIPT_TASK) {
        read_script(r, n, e);
    } else if (e->kind == BPMN_RULE_TASK) {
        read_decision(r, n, e);
    } else if (e->kind == BPMN_USER_TASK) {
        read_role(r, n, e);
    }
}
