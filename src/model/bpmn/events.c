/* SPDX-License-Identifier: Apache-2.0 */
/* Events: which definition stands in them, and what it says. */
#include "model/bpmn/bpmn_int.h"

/* The one event definition inside n; NULL when there is none. *count: how many there are. */
static const XmlNode *event_definition(const XmlNode *n, size_t *count)
{
    const XmlNode *found = NULL;
    *count = 0;
    for (const XmlNode *c = n->first; c; c = c->next) {
        if (str_ends(c->name, STR("EventDefinition"))) {
            found = found ? found : c;
            (*count)++;
        }
    }
    return found;
}

static bool unsupported(BpmnReader *r, const XmlNode *n, const BpmnElement *e, Str cure)
{
    BPMN_ERROR(r, "bpmn.unsupported", n->offset, cure,
               "'" STR_FMT "' in event '" STR_FMT "' is not supported", STR_ARG(n->name),
               STR_ARG(e->id));
    return false;
}

static void check_timer(BpmnReader *r, const BpmnElement *e)
{
    Arena *out = r->out;
    FeelKind wanted = e->timer_kind == BPMN_TIMER_DATE ? FEEL_DATE_TIME : FEEL_DAYS_DURATION;
    if (str_starts(e->timer.text, STR("="))) {
        return;
    }
    FeelValue v = feel_temporal(out, e->timer.text);
    if (v.kind != wanted && !(wanted == FEEL_DAYS_DURATION && v.kind == FEEL_MONTHS_DURATION)) {
        BPMN_ERROR(r, "bpmn.timer", e->timer.offset,
                   wanted == FEEL_DATE_TIME ? STR("write 2026-11-22T15:30:00+08:00, or = FEEL")
                                            : STR("write P5D, PT8H, P1M, or = FEEL"),
                   "timer of '" STR_FMT "' is no %s: '" STR_FMT "'", STR_ARG(e->id),
                   feel_kind_name(wanted), STR_ARG(str_slice(e->timer.text, 0, 60)));
    }
}

static bool read_timer(BpmnReader *r, const XmlNode *definition, BpmnElement *e)
{
    const XmlNode *duration = xml_child(definition, "timeDuration");
    const XmlNode *date = xml_child(definition, "timeDate");
    const XmlNode *cycle = xml_child(definition, "timeCycle");
    const XmlNode *text = duration ? duration : date;
    if (cycle) {
        return unsupported(r, cycle, e, STR("use timeDuration or timeDate"));
    }
    if (!text || text->text.len == 0 || (duration && date)) {
        BPMN_ERROR(r, "bpmn.timer", definition->offset, STR("give timeDuration or timeDate"),
                   "timer of '" STR_FMT "' has no time", STR_ARG(e->id));
        return false;
    }
    e->timer_kind = duration ? BPMN_TIMER_DURATION : BPMN_TIMER_DATE;
    e->timer = (BpmnExpr){.text = text->text, .offset = text->text_offset};
    check_timer(r, e);
    return true;
}

bool bpmn_read_message(BpmnReader *r, const XmlNode *n, BpmnElement *e)
{
    const XmlNode *message = map_get(&r->messages, xml_attr(n, "messageRef"));
    if (!message || xml_attr(message, "name").len == 0) {
        BPMN_ERROR(r, "bpmn.reference", n->offset,
                   STR("add <message id=… name=…> to definitions and point messageRef to it"),
                   "'" STR_FMT "' waits for no named message", STR_ARG(e->id));
        return false;
    }
    const XmlNode *subscription = bpmn_extension(message, "subscription");
    e->message = xml_attr(message, "name");
    if (subscription) {
        e->correlation = bpmn_attr_expr(subscription, "correlationKey");
    }
    return true;
}

static bool read_error(BpmnReader *r, const XmlNode *definition, BpmnElement *e)
{
    Str ref = xml_attr(definition, "errorRef");
    const XmlNode *error = map_get(&r->errors, ref);
    if (!error && (ref.len > 0 || e->kind == BPMN_END_ERROR)) {
        BPMN_ERROR(r, "bpmn.reference", definition->offset,
                   STR("add <error id=… errorCode=…> to definitions and point errorRef to it"),
                   "'" STR_FMT "' names no error", STR_ARG(e->id));
        return false;
    }
    e->error_code = error ? xml_attr(error, "errorCode") : (Str){0};
    return true;
}

typedef struct {
    const char *event, *definition; /* "" none */
    BpmnKind kind;
} EventRow;

static const EventRow event_rows[] = {
    {"startEvent", "", BPMN_START},
    {"endEvent", "", BPMN_END},
    {"endEvent", "terminateEventDefinition", BPMN_END_TERMINATE},
    {"endEvent", "errorEventDefinition", BPMN_END_ERROR},
    {"intermediateCatchEvent", "timerEventDefinition", BPMN_CATCH_TIMER},
    {"intermediateCatchEvent", "messageEventDefinition", BPMN_CATCH_MESSAGE},
    {"boundaryEvent", "timerEventDefinition", BPMN_BOUNDARY_TIMER},
    {"boundaryEvent", "messageEventDefinition", BPMN_BOUNDARY_MESSAGE},
    {"boundaryEvent", "errorEventDefinition", BPMN_BOUNDARY_ERROR},
};

static const EventRow *find_event(const XmlNode *n, const XmlNode *definition)
{
    Str name = definition ? definition->name : STR("");
    for (size_t i = 0; i < COUNT(event_rows); i++) {
        if (str_eq(n->name, str_z(event_rows[i].event)) &&
            str_eq(name, str_z(event_rows[i].definition))) {
            return &event_rows[i];
        }
    }
    return NULL;
}

bool bpmn_read_event(BpmnReader *r, const XmlNode *n, BpmnElement *e)
{
    size_t count = 0;
    const XmlNode *definition = event_definition(n, &count);
    const EventRow *row = find_event(n, definition);
    if (!row || count > 1) {
        return unsupported(r, definition ? definition : n, e,
                           STR("use none, timer, message, error or terminate where BPMN has them"));
    }
    e->kind = row->kind;
    e->interrupting = !str_eq(xml_attr(n, "cancelActivity"), STR("false"));
    if (e->kind == BPMN_CATCH_TIMER || e->kind == BPMN_BOUNDARY_TIMER) {
        return read_timer(r, definition, e);
    }
    if (e->kind == BPMN_CATCH_MESSAGE || e->kind == BPMN_BOUNDARY_MESSAGE) {
        return bpmn_read_message(r, definition, e);
    }
    if (e->kind == BPMN_END_ERROR || e->kind == BPMN_BOUNDARY_ERROR) {
        return read_error(r, definition, e);
    }
    return true;
}
