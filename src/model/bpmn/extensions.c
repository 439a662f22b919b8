/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zeebe: extension elements: what Camunda's modeller writes, and properties for the rest; the
 * common camunda: attributes of its older dialect, with advice; BPMN's own data associations.
 */
#include "model/bpmn/bpmn_int.h"

/* ---- mappings ---- */

/* Of data objects, data inputs and so on: the variable's name. */
static Str data_name(const BpmnReader *r, const XmlNode *reference)
{
    const XmlNode *n = reference ? bpmn_node(r, reference->text) : NULL;
    if (bpmn_is(n, "dataObjectReference")) {
        const XmlNode *object = bpmn_node(r, xml_attr(n, "dataObjectRef"));
        n = object ? object : n;
    }
    Str name = n ? xml_attr(n, "name") : (Str){0};
    return n && name.len == 0 ? xml_attr(n, "id") : name;
}

/* FEEL without the sign. */
static BpmnExpr as_feel(BpmnReader *r, BpmnExpr e)
{
    bool bare = e.text.len > 0 && !str_starts(e.text, STR("="));
    e.text = bare ? str_join(r->out, STR("="), e.text) : e.text;
    e.offset -= bare && e.offset > 0 ? 1 : 0;
    return e;
}

static size_t read_association(BpmnReader *r, const XmlNode *n, BpmnMapping *m)
{
    const XmlNode *transformation = xml_child(n, "transformation");
    Str from = data_name(r, xml_child(n, "sourceRef")),
        to = data_name(r, xml_child(n, "targetRef"));
    if (to.len == 0 || (from.len == 0 && !transformation)) {
        return 0;
    }
    *m = (BpmnMapping){.variable = from, .target = to};
    if (transformation) {
        m->source = as_feel(r, bpmn_text_expr(transformation));
    }
    return 1;
}

static const BpmnMapping *read_mappings(BpmnReader *r, const XmlNode *owner, const XmlNode *io,
                                        const char *name, size_t *count)
{
    bool in = strcmp(name, "input") == 0;
    const char *association = in ? "dataInputAssociation" : "dataOutputAssociation";
    size_t most = xml_count(io, name) + xml_count(owner, association);
    BpmnMapping *made = NEW_N(r->out, BpmnMapping, most + 1), *m = made;
    for (const XmlNode *n = xml_child(io, name); n; n = xml_next(n, name), m++) {
        m->source = bpmn_attr_expr(n, "source");
        m->target = xml_attr(n, "target");
        if (m->target.len == 0 || str_find(m->target, STR("."), 0) != SIZE_MAX) {
            BPMN_ERROR(r, "bpmn.syntax", n->offset, STR("name one variable in target"),
                       "mapping has no plain target: '" STR_FMT "'", STR_ARG(m->target));
        }
    }
    for (const XmlNode *n = xml_child(owner, association); n; n = xml_next(n, association)) {
        m += read_association(r, n, m);
    }
    *count = (size_t)(m - made);
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

/* An attribute of Camunda 7's namespace. */
static Str old_attr(const XmlNode *n, const char *name)
{
    const XmlAttr *a = xml_attr_at(n, STR("http://camunda.org/schema/1.0/bpmn"), str_z(name));
    return a ? a->value : (Str){0};
}

static void advise_old(BpmnReader *r, const XmlNode *n, const BpmnElement *e, const char *name)
{
    BPMN_ADVICE(r, "bpmn.camunda", n->offset, STR("write the zeebe: element of Camunda 8"),
                "camunda:%s of '" STR_FMT "' is read as its zeebe: counterpart", name,
                STR_ARG(e->id));
}

static void read_script(BpmnReader *r, const XmlNode *n, BpmnElement *e)
{
    const XmlNode *script = bpmn_extension(n, "script"), *own = xml_child(n, "script");
    Str format = xml_attr(n, "scriptFormat");
    if (script) {
        e->script = bpmn_attr_expr(script, "expression");
        e->result_variable = xml_attr(script, "resultVariable");
    } else if (own && str_eq_nocase(bpmn_local(format), STR("feel"))) {
        e->script = bpmn_text_expr(own);
        e->result_variable = old_attr(n, "resultVariable");
    }
    need(r, e, e->job_type.len > 0 || (e->script.text.len > 0 && e->result_variable.len > 0),
         "script", STR("add <zeebe:script expression=\"= …\" resultVariable=\"…\"/>"));
}

static void read_decision(BpmnReader *r, const XmlNode *n, BpmnElement *e)
{
    const XmlNode *called = bpmn_extension(n, "calledDecision");
    e->decision = called ? xml_attr(called, "decisionId") : old_attr(n, "decisionRef");
    e->result_variable =
        called ? xml_attr(called, "resultVariable") : old_attr(n, "resultVariable");
    if (!called && e->decision.len > 0) {
        advise_old(r, n, e, "decisionRef");
    }
    need(r, e, e->job_type.len > 0 || (e->decision.len > 0 && e->result_variable.len > 0),
         "decision", STR("add <zeebe:calledDecision decisionId=\"…\" resultVariable=\"…\"/>"));
}

static void read_role(BpmnReader *r, const XmlNode *n, BpmnElement *e)
{
    const XmlNode *who = bpmn_extension(n, "assignmentDefinition");
    e->role = who ? xml_attr(who, "candidateGroups") : old_attr(n, "candidateGroups");
    if (!who && e->role.len > 0) {
        advise_old(r, n, e, "candidateGroups");
    }
    if (str_starts(e->role, STR("=")) || str_starts(e->role, STR("${"))) {
        BPMN_ERROR(r, "bpmn.unsupported", who ? who->offset : n->offset,
                   STR("name one role: candidateGroups=\"clerk\""),
                   "candidate groups of '" STR_FMT "' are an expression", STR_ARG(e->id));
    }
    need(r, e, e->role.len > 0, "role",
         STR("add <zeebe:assignmentDefinition candidateGroups=\"clerk\"/>"));
}

static void read_call(BpmnReader *r, const XmlNode *n, BpmnElement *e)
{
    const XmlNode *called = bpmn_extension(n, "calledElement");
    Str id = called ? xml_attr(called, "processId") : (Str){0};
    e->call = id.len ? id : bpmn_local(xml_attr(n, "calledElement"));
    e->maps_all_in = !bpmn_says(called ? called : n, "propagateAllParentVariables", "false");
    e->maps_all_out = e->output_count == 0 &&
                      !bpmn_says(called ? called : n, "propagateAllChildVariables", "false");
    if (str_starts(e->call, STR("="))) {
        BPMN_ERROR(r, "bpmn.unsupported", n->offset, STR("name one process"),
                   "what '" STR_FMT "' calls is an expression", STR_ARG(e->id));
    }
    need(r, e, e->call.len > 0, "called process",
         STR("add <zeebe:calledElement processId=\"…\"/>"));
}

static void read_work(BpmnReader *r, const XmlNode *n, BpmnElement *e)
{
    const XmlNode *definition = bpmn_extension(n, "taskDefinition");
    e->job_type = definition ? xml_attr(definition, "type") : old_attr(n, "topic");
    if (!definition && e->job_type.len > 0) {
        advise_old(r, n, e, "topic");
    }
    if (e->kind == BPMN_SERVICE_TASK) {
        need(r, e, e->job_type.len > 0, "job type", STR("add <zeebe:taskDefinition type=\"…\"/>"));
    } else if (e->kind == BPMN_SEND_TASK && e->job_type.len == 0) {
        (void)!bpmn_read_message(r, n, e);
    } else if (e->kind == BPMN_SCRIPT_TASK) {
        read_script(r, n, e);
    } else if (e->kind == BPMN_RULE_TASK) {
        read_decision(r, n, e);
    } else if (e->kind == BPMN_USER_TASK) {
        read_role(r, n, e);
    } else if (e->kind == BPMN_CALL) {
        read_call(r, n, e);
    }
}

void bpmn_read_extensions(BpmnReader *r, const XmlNode *n, BpmnElement *e)
{
    const XmlNode *io = bpmn_extension(n, "ioMapping");
    e->inputs = read_mappings(r, n, io, "input", &e->input_count);
    e->outputs = read_mappings(r, n, io, "output", &e->output_count);
    e->properties =
        read_pairs(r, bpmn_extension(n, "properties"), "property", "name", &e->property_count);
    e->headers = read_pairs(r, bpmn_extension(n, "taskHeaders"), "header", "key", &e->header_count);
    read_work(r, n, e);
}
