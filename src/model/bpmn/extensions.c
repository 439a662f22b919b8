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

static void add_associations(BpmnReader *r, const XmlNode *owner, const char *name,
                             BpmnMappings *list)
{
    for (const XmlNode *n = xml_child(owner, name); n; n = xml_next(n, name)) {
        const XmlNode *transformation = xml_child(n, "transformation");
        Str from = data_name(r, xml_child(n, "sourceRef")),
            to = data_name(r, xml_child(n, "targetRef"));
        if (to.len == 0 || (from.len == 0 && !transformation)) {
            continue;
        }
        BpmnMapping *m = VEC_PUSH(r->out, list);
        *m = (BpmnMapping){.variable = from, .target = to};
        if (transformation) {
            m->source = as_feel(r, bpmn_text_expr(r, transformation));
        }
    }
}

static void add_mappings(BpmnReader *r, const XmlNode *io, const char *name, BpmnMappings *list)
{
    for (const XmlNode *n = xml_child(io, name); n; n = xml_next(n, name)) {
        BpmnMapping *m = VEC_PUSH(r->out, list);
        *m = (BpmnMapping){.source = bpmn_attr_expr(n, "source"), .target = xml_attr(n, "target")};
        if (m->target.len == 0 || str_find(m->target, STR("."), 0) != SIZE_MAX) {
            BPMN_ERROR(r, "bpmn.syntax", n->offset, STR("name one variable in target"),
                       "mapping has no plain target: '" STR_FMT "'", STR_ARG(m->target));
        }
    }
}

static void read_mappings(BpmnReader *r, const XmlNode *n, BpmnElement *e)
{
    const XmlNode *io = bpmn_extension(n, "ioMapping");
    BpmnMappings in = {0}, out = {0};
    add_mappings(r, io, "input", &in);
    add_mappings(r, io, "output", &out);
    add_associations(r, n, "dataInputAssociation", &in);
    add_associations(r, n, "dataOutputAssociation", &out);
    bpmn_old_mappings(r, n, e, &in, &out);
    e->inputs = in.at;
    e->input_count = in.len;
    e->outputs = out.at;
    e->output_count = out.len;
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

static void unsupported(BpmnReader *r, const BpmnElement *e, const XmlNode *at, const char *what,
                        Str cure)
{
    BPMN_ERROR(r, "bpmn.unsupported", at->offset, cure, "%s '" STR_FMT "' %s",
               bpmn_kind_name(e->kind), STR_ARG(e->id), what);
}

static void advise(BpmnReader *r, const BpmnElement *e, const XmlNode *at, const char *what,
                   Str cure)
{
    BPMN_ADVICE(r, "bpmn.zeebe", at->offset, cure, "%s '" STR_FMT "' %s", bpmn_kind_name(e->kind),
                STR_ARG(e->id), what);
}

/* What is called is what stands in the catalogue: it is published as a whole. */
static void read_binding(BpmnReader *r, const BpmnElement *e, const XmlNode *n)
{
    Str binding = xml_attr(n, "bindingType");
    if (binding.len > 0 && !str_eq(binding, STR("latest")) && !str_eq(binding, STR("deployment"))) {
        advise(r, e, n, "is bound to a version tag, and gets what the catalogue holds",
               STR("a catalogue is published as a whole: bindingType=\"deployment\""));
    }
}

/* ---- scripts and decisions ---- */

static void read_script(BpmnReader *r, const XmlNode *n, BpmnElement *e)
{
    const XmlNode *script = bpmn_extension(n, "script"), *own = xml_child(n, "script");
    Str format = xml_attr(n, "scriptFormat");
    if (script) {
        e->script = bpmn_attr_expr(script, "expression");
        e->result_variable = xml_attr(script, "resultVariable");
    } else if (own && str_eq_nocase(bpmn_local(format), STR("feel"))) {
        e->script = bpmn_text_expr(r, own);
        e->result_variable = bpmn_old_attr(n, "resultVariable");
    } else if (own && format.len > 0 && e->job_type.len == 0) {
        BPMN_ERROR(r, "bpmn.unsupported", own->offset,
                   STR("write it in FEEL: <zeebe:script expression=\"= …\" resultVariable=\"…\"/>"),
                   "script of '" STR_FMT "' is written in '" STR_FMT "'", STR_ARG(e->id),
                   STR_ARG(format));
        return;
    }
    need(r, e, e->job_type.len > 0 || (e->script.text.len > 0 && e->result_variable.len > 0),
         "script", STR("add <zeebe:script expression=\"= …\" resultVariable=\"…\"/>"));
}

static void read_decision(BpmnReader *r, const XmlNode *n, BpmnElement *e)
{
    const XmlNode *called = bpmn_extension(n, "calledDecision");
    e->decision = called ? xml_attr(called, "decisionId") : bpmn_old_attr(n, "decisionRef");
    e->result_variable =
        called ? xml_attr(called, "resultVariable") : bpmn_old_attr(n, "resultVariable");
    if (called) {
        read_binding(r, e, called);
    }
    if (str_starts(e->decision, STR("=")) || str_starts(e->decision, STR("${"))) {
        unsupported(r, e, called ? called : n, "calls a decision that is an expression",
                    STR("name one decision"));
    }
    need(r, e, e->job_type.len > 0 || (e->decision.len > 0 && e->result_variable.len > 0),
         "decision", STR("add <zeebe:calledDecision decisionId=\"…\" resultVariable=\"…\"/>"));
}

/* ---- tasks of people ---- */

static void read_role(BpmnReader *r, const XmlNode *n, BpmnElement *e)
{
    const XmlNode *who = bpmn_extension(n, "assignmentDefinition"), *at = who ? who : n;
    e->role = who ? xml_attr(who, "candidateGroups") : bpmn_old_attr(n, "candidateGroups");
    if (str_starts(e->role, STR("=")) || str_starts(e->role, STR("${"))) {
        BPMN_ERROR(r, "bpmn.unsupported", at->offset,
                   STR("name one role: candidateGroups=\"clerk\""),
                   "candidate groups of '" STR_FMT "' are an expression", STR_ARG(e->id));
    } else if (str_find(e->role, STR(","), 0) != SIZE_MAX) {
        BPMN_ERROR(r, "bpmn.unsupported", at->offset,
                   STR("name one role: candidateGroups=\"clerk\""),
                   "candidate groups of '" STR_FMT "' are several", STR_ARG(e->id));
    }
    if (who && (xml_attr(who, "assignee").len > 0 || xml_attr(who, "candidateUsers").len > 0)) {
        advise(r, e, who, "names persons; it is offered to all of its role",
               STR("remove assignee and candidateUsers: people come and go"));
    }
    need(r, e, e->role.len > 0, "role",
         STR("add <zeebe:assignmentDefinition candidateGroups=\"clerk\"/>"));
}

static void check_due(BpmnReader *r, const BpmnElement *e)
{
    Str text = e->due.text;
    FeelKind kind = feel_temporal(r->out, text).kind;
    if (text.len > 0 && !str_starts(text, STR("=")) && !e->due.broken && kind != FEEL_DATE_TIME &&
        kind != FEEL_DAYS_DURATION && kind != FEEL_MONTHS_DURATION) {
        BPMN_ERROR(r, "bpmn.schedule", e->due.offset,
                   STR("write 2026-11-22T15:30:00+08:00, P5D, or = FEEL"),
                   "due date of '" STR_FMT "' is '" STR_FMT "'", STR_ARG(e->id),
                   STR_ARG(str_slice(text, 0, 60)));
    }
}

static void read_schedule(BpmnReader *r, const XmlNode *n, BpmnElement *e)
{
    const XmlNode *z = bpmn_extension(n, "taskSchedule");
    e->due = z ? bpmn_attr_expr(z, "dueDate") : bpmn_old_attr_expr(r, n, "dueDate");
    check_due(r, e);
    if (z && xml_attr(z, "followUpDate").len > 0) {
        advise(r, e, z, "has a followUpDate, which is not used",
               STR("put a timer event before it: the task then comes up at that time"));
    }
}

static void read_form(BpmnReader *r, const XmlNode *n, BpmnElement *e)
{
    static const char *const names[] = {"formId", "formKey", "externalReference"};
    const XmlNode *z = bpmn_extension(n, "formDefinition");
    for (size_t i = 0; z && i < COUNT(names) && e->form.len == 0; i++) {
        e->form = xml_attr(z, names[i]);
    }
    e->form = z ? e->form : bpmn_old_attr(n, "formKey");
    e->form = z || e->form.len ? e->form : bpmn_old_attr(n, "formRef");
    if (str_starts(e->form, STR("camunda-forms:")) || str_starts(e->form, STR("embedded:")) ||
        str_starts(e->form, STR("="))) {
        advise(r, e, z ? z : n, "has a form that is not shown here",
               STR("name a form of the item"));
        e->form = (Str){0};
    }
}

/* ---- the rest ---- */

static void read_call(BpmnReader *r, const XmlNode *n, BpmnElement *e)
{
    const XmlNode *called = bpmn_extension(n, "calledElement");
    Str id = called ? xml_attr(called, "processId") : (Str){0};
    e->call = id.len ? id : bpmn_local(xml_attr(n, "calledElement"));
    if (called) {
        e->maps_all_in = !bpmn_says(called, "propagateAllParentVariables", "false");
        e->maps_all_out =
            e->output_count == 0 && !bpmn_says(called, "propagateAllChildVariables", "false");
        read_binding(r, e, called);
    } else {
        bool old = bpmn_old_extension(n, "out");
        e->maps_all_out = e->maps_all_out && (old || e->output_count == 0);
    }
    if (str_starts(e->call, STR("=")) || str_starts(e->call, STR("${"))) {
        BPMN_ERROR(r, "bpmn.unsupported", n->offset, STR("name one process"),
                   "what '" STR_FMT "' calls is an expression", STR_ARG(e->id));
    }
    need(r, e, e->call.len > 0, "called process",
         STR("add <zeebe:calledElement processId=\"…\"/>"));
}

static void read_adhoc(const XmlNode *n, BpmnElement *e)
{
    const XmlNode *z = bpmn_extension(n, "adHoc");
    if (z) {
        e->active = bpmn_attr_expr(z, "activeElementsCollection");
        e->output = xml_attr(z, "outputCollection");
        e->output_element = bpmn_attr_expr(z, "outputElement");
    }
}

void bpmn_read_retries(BpmnReader *r, const BpmnElement *e, uint32_t offset, Str text,
                       int32_t *retries)
{
    int64_t n = 0;
    Str digits = str_trim(str_starts(text, STR("=")) ? str_slice(text, 1, text.len) : text);
    if (text.len > 0 && (!str_int(digits, &n) || n < 1 || n > BPMN_MAX_RETRIES)) {
        BPMN_ERROR(r, "bpmn.retries", offset, STR("a number from 1 to 1000"),
                   "retries of '" STR_FMT "' are '" STR_FMT "'", STR_ARG(e->id), STR_ARG(text));
        n = 0;
    }
    *retries = (int32_t)n;
}

/* Others than these have no use for a job. */
static bool may_be_job(const BpmnElement *e)
{
    bool sends = (e->kind == BPMN_THROW || e->kind == BPMN_END) && e->trigger_count == 1 &&
                 bpmn_trigger(e, BPMN_ON_MESSAGE);
    return sends || e->kind == BPMN_SERVICE_TASK || e->kind == BPMN_SEND_TASK ||
           e->kind == BPMN_SCRIPT_TASK || e->kind == BPMN_RULE_TASK;
}

static void read_job(BpmnReader *r, const XmlNode *n, BpmnElement *e)
{
    const XmlNode *z = bpmn_extension(n, "taskDefinition");
    if (!may_be_job(e)) {
        return;
    }
    if (!z) {
        bpmn_old_job(r, n, e);
        return;
    }
    e->job_type = xml_attr(z, "type");
    bpmn_read_retries(r, e, z->offset, xml_attr(z, "retries"), &e->retries);
    if (str_starts(e->job_type, STR("="))) {
        unsupported(r, e, z, "names its job by an expression", STR("name one type"));
    }
}

static void read_work(BpmnReader *r, const XmlNode *n, BpmnElement *e)
{
    read_job(r, n, e);
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
        read_schedule(r, n, e);
        read_form(r, n, e);
    } else if (e->kind == BPMN_CALL) {
        read_call(r, n, e);
    } else if (e->kind == BPMN_ADHOC) {
        read_adhoc(n, e);
    }
}

Str bpmn_version_tag(const XmlNode *process)
{
    const XmlNode *z = bpmn_extension(process, "versionTag");
    return z ? xml_attr(z, "value") : bpmn_old_attr(process, "versionTag");
}

void bpmn_read_extensions(BpmnReader *r, const XmlNode *n, BpmnElement *e)
{
    read_mappings(r, n, e);
    e->properties =
        read_pairs(r, bpmn_extension(n, "properties"), "property", "name", &e->property_count);
    e->headers = read_pairs(r, bpmn_extension(n, "taskHeaders"), "header", "key", &e->header_count);
    read_work(r, n, e);
}
