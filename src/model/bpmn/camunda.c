/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What Camunda 7 writes, read as what it means here: jobs, mappings, expressions. That it is read
 * so is advice (dialect.c); what cannot run is refused there.
 */
#include "model/bpmn/bpmn_int.h"

#include "model/bpmn/juel.h"

#define CAMUNDA7 "http://camunda.org/schema/1.0/bpmn"

Str bpmn_old_attr(const XmlNode *n, const char *name)
{
    const XmlAttr *a = n ? xml_attr_at(n, STR(CAMUNDA7), str_z(name)) : NULL;
    return a ? a->value : (Str){0};
}

const XmlNode *bpmn_old_extension(const XmlNode *n, const char *name)
{
    const XmlNode *c = bpmn_extension(n, name);
    while (c && !str_eq(c->space, STR(CAMUNDA7))) {
        c = xml_next(c, name);
    }
    return c;
}

/* ---- expressions ---- */

BpmnExpr bpmn_old_expr(BpmnReader *r, const XmlNode *n, Str text, uint32_t at)
{
    BpmnExpr e = {.text = text, .offset = at};
    Err err = {0};
    Str feel = {0};
    if (!juel_is(text)) {
        return e;
    }
    if (!juel_to_feel(r->out, text, &feel, &err)) {
        BPMN_ERROR(
            r, "bpmn.juel", xml_source_place(r->doc->text, at, err.offset),
            STR("write it in FEEL: = amount > 5; what Java did becomes a job of a worker, or "
                "a variable that a task sets"),
            "expression of '" STR_FMT "': %s", STR_ARG(n->name), err.msg);
        e.broken = true;
        return e;
    }
    e.text = str_join(r->out, STR("= "), feel);
    e.foreign = true;
    BPMN_ADVICE(r, "bpmn.juel", at, str_fmt(r->out, "write '" STR_FMT "'", STR_ARG(e.text)),
                "'" STR_FMT "' is read as FEEL '" STR_FMT "'", STR_ARG(str_slice(text, 0, 100)),
                STR_ARG(str_slice(e.text, 0, 160)));
    return e;
}

BpmnExpr bpmn_old_attr_expr(BpmnReader *r, const XmlNode *n, const char *name)
{
    const XmlAttr *a = xml_attr_at(n, STR(CAMUNDA7), str_z(name));
    uint32_t at = !a ? 0 : a->value_offset ? a->value_offset : n->offset;
    return a ? bpmn_old_expr(r, n, a->value, at) : (BpmnExpr){0};
}

/* ---- mappings ---- */

/* A text stays one, even where it begins with the sign of FEEL. */
static BpmnExpr parameter_value(BpmnReader *r, const XmlNode *n)
{
    if (n->first) {
        BPMN_ERROR(r, "bpmn.unsupported", n->first->offset,
                   STR("write one FEEL expression: zeebe:ioMapping"),
                   "'" STR_FMT "' is given by a '" STR_FMT "'", STR_ARG(xml_attr(n, "name")),
                   STR_ARG(n->first->name));
        return (BpmnExpr){.broken = true, .text = STR("-"), .offset = n->offset};
    }
    BpmnExpr e = bpmn_old_expr(r, n, n->text, n->text_offset);
    if (!e.foreign && str_starts(e.text, STR("="))) {
        Str escaped = str_replace(r->out, e.text, STR("\\"), STR("\\\\"));
        escaped = str_replace(r->out, escaped, STR("\""), STR("\\\""));
        e.text = str_fmt(r->out, "= \"" STR_FMT "\"", STR_ARG(escaped));
        e.foreign = true;
    }
    return e;
}

static void add_parameters(BpmnReader *r, const XmlNode *io, const char *name, BpmnMappings *list)
{
    for (const XmlNode *n = xml_child(io, name); n; n = xml_next(n, name)) {
        *VEC_PUSH(r->out, list) =
            (BpmnMapping){.source = parameter_value(r, n), .target = xml_attr(n, "name")};
    }
}

/* in and out of a call activity; true when all variables go. */
static bool add_data(BpmnReader *r, const XmlNode *call, const char *name, BpmnMappings *list)
{
    bool all = false;
    for (const XmlNode *n = bpmn_old_extension(call, name); n; n = xml_next(n, name)) {
        const XmlAttr *x = xml_attr_at(n, (Str){0}, STR("sourceExpression"));
        Str target = xml_attr(n, "target"), source = xml_attr(n, "source");
        all = all || bpmn_says(n, "variables", "all");
        if (target.len == 0 || (source.len == 0 && !x)) {
            continue; /* all of them, or the business key */
        }
        BpmnMapping *m = VEC_PUSH(r->out, list);
        *m = (BpmnMapping){.variable = source, .target = target};
        if (x) {
            m->source =
                bpmn_old_expr(r, n, x->value, x->value_offset ? x->value_offset : n->offset);
        }
    }
    return all;
}

void bpmn_old_mappings(BpmnReader *r, const XmlNode *n, BpmnElement *e, BpmnMappings *in,
                       BpmnMappings *out)
{
    const XmlNode *io = bpmn_old_extension(n, "inputOutput");
    bool has_in = bpmn_old_extension(n, "in"), has_out = bpmn_old_extension(n, "out");
    add_parameters(r, io, "inputParameter", in);
    add_parameters(r, io, "outputParameter", out);
    if (e->kind == BPMN_CALL) {
        bool all_in = add_data(r, n, "in", in), all_out = add_data(r, n, "out", out);
        e->maps_all_in = all_in || !has_in;
        e->maps_all_out = all_out || !has_out;
    }
}

/* ---- jobs ---- */

/* "R3/PT10M", or the waits one by one. */
static void read_cycle(BpmnReader *r, const XmlNode *n, BpmnElement *e)
{
    Str rest = str_trim(n->text), first = {0};
    int64_t times = 0;
    if (bpmn_cycle(rest, &times, &e->backoff) && times >= 1 && times <= BPMN_MAX_RETRIES) {
        e->retries = (int32_t)times;
        return;
    }
    while (str_split(&rest, ',', &first) && times < BPMN_MAX_RETRIES) {
        e->backoff = times++ == 0 ? str_trim(first) : e->backoff;
    }
    FeelValue wait = feel_temporal(r->out, e->backoff);
    e->retries = (int32_t)times;
    if (wait.kind != FEEL_DAYS_DURATION) {
        BPMN_ERROR(r, "bpmn.retries", n->text_offset,
                   STR("R3/PT10M: three times, ten minutes each"),
                   "retries of '" STR_FMT "' are '" STR_FMT "'", STR_ARG(e->id),
                   STR_ARG(str_slice(n->text, 0, 60)));
    }
}

void bpmn_old_job(BpmnReader *r, const XmlNode *n, BpmnElement *e)
{
    const XmlNode *cycle = bpmn_old_extension(n, "failedJobRetryTimeCycle");
    e->job_type = bpmn_old_attr(n, "topic");
    for (const XmlNode *d = xml_child(n, "messageEventDefinition"); d && e->job_type.len == 0;
         d = xml_next(d, "messageEventDefinition")) {
        e->job_type = bpmn_old_attr(d, "topic");
    }
    if (cycle) {
        read_cycle(r, cycle, e);
    }
}
