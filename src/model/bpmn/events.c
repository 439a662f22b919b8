/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Events: which definitions stand in them, and what each says. The table of what may stand where
 * is BPMN's own (10.5, tables 10.84 to 10.93).
 */
#include "model/bpmn/bpmn_int.h"

typedef struct {
    const char *name; /* without EventDefinition */
    BpmnTriggerKind kind;
    const char *may; /* positions: s start, p start of an event sub-process, c catch, t throw, e
                        end, b boundary, n boundary that does not interrupt */
} TriggerRow;

/* ORDER BpmnTriggerKind. */
static const TriggerRow rows[] = {
    {"timer", BPMN_ON_TIMER, "spcbn"},
    {"message", BPMN_ON_MESSAGE, "spctebn"},
    {"signal", BPMN_ON_SIGNAL, "spctebn"},
    {"error", BPMN_ON_ERROR, "peb"},
    {"escalation", BPMN_ON_ESCALATION, "ptebn"},
    {"compensate", BPMN_ON_COMPENSATION, "pteb"},
    {"cancel", BPMN_ON_CANCEL, "eb"},
    {"conditional", BPMN_ON_CONDITION, "spcbn"},
    {"link", BPMN_ON_LINK, "ct"},
    {"terminate", BPMN_ON_TERMINATE, "e"},
};

const char *bpmn_trigger_name(BpmnTriggerKind kind)
{
    return kind < BPMN_TRIGGER_COUNT ? rows[kind].name : "";
}

/* ---- times ---- */

bool bpmn_working_days(Str text, int64_t *days)
{
    return str_starts(text, STR("P")) && str_ends(text, STR("WD")) &&
           str_int(str_slice(text, 1, text.len - 2), days) && *days >= 0 && *days <= 10000;
}

bool bpmn_cycle(Str text, int64_t *times, Str *duration)
{
    Str rest = text, head = {0};
    str_split(&rest, '/', &head);
    if (!str_starts(head, STR("R")) || rest.len == 0) {
        return false;
    }
    *times = -1;
    *duration = rest;
    Str count = str_slice(head, 1, head.len);
    return count.len == 0 || (str_int(count, times) && *times >= 1 && *times <= 1000000);
}

static bool is_duration(Arena *out, Str text)
{
    int64_t days = 0;
    FeelValue v = feel_temporal(out, text);
    return v.kind == FEEL_DAYS_DURATION || v.kind == FEEL_MONTHS_DURATION ||
           bpmn_working_days(text, &days);
}

static void check_timer(BpmnReader *r, const BpmnElement *e, const BpmnTrigger *t)
{
    static const Str cures[] = {STR_INIT("write P5D, PT8H, P1M, P5WD for working days, or = FEEL"),
                                STR_INIT("write 2026-11-22T15:30:00+08:00, or = FEEL"),
                                STR_INIT("write R4/PT1H, R/P1D, or = FEEL")};
    static const char *const names[] = {"days and time duration", "date and time", "cycle"};
    Str text = t->timer.text, duration = {0};
    int64_t times = 0;
    if (str_starts(text, STR("="))) {
        return;
    }
    bool ok = t->timer_kind == BPMN_TIMER_DATE ? feel_temporal(r->out, text).kind == FEEL_DATE_TIME
              : t->timer_kind == BPMN_TIMER_DURATION
                  ? is_duration(r->out, text)
                  : bpmn_cycle(text, &times, &duration) && is_duration(r->out, duration);
    if (!ok) {
        BPMN_ERROR(r, "bpmn.timer", t->timer.offset, cures[t->timer_kind],
                   "timer of '" STR_FMT "' is no %s: '" STR_FMT "'", STR_ARG(e->id),
                   names[t->timer_kind], STR_ARG(str_slice(text, 0, 60)));
    }
}

static bool read_timer(BpmnReader *r, const XmlNode *d, const BpmnElement *e, BpmnTrigger *t)
{
    static const char *const names[] = {"timeDuration", "timeDate", "timeCycle"};
    const XmlNode *text = NULL;
    size_t count = 0;
    for (size_t i = 0; i < COUNT(names); i++) {
        const XmlNode *c = xml_child(d, names[i]);
        count += c ? 1 : 0;
        text = c ? c : text;
        t->timer_kind = c ? (BpmnTimerKind)i : t->timer_kind;
    }
    if (count != 1 || text->text.len == 0) {
        BPMN_ERROR(r, "bpmn.timer", d->offset,
                   STR("give one of timeDuration, timeDate and timeCycle"),
                   "timer of '" STR_FMT "' has %s", STR_ARG(e->id),
                   count > 1 ? "several times" : "no time");
        return false;
    }
    t->timer = bpmn_text_expr(r, text);
    check_timer(r, e, t);
    return true;
}

/* ---- what a definition refers to ---- */

/* Of a message that is sent: in the event or task, or in its definition. */
static void read_publishing(const XmlNode *d, BpmnTrigger *t)
{
    const XmlNode *p = bpmn_extension(d, "publishMessage");
    p = p ? p : bpmn_extension(d->parent, "publishMessage");
    if (p) {
        t->correlation = bpmn_attr_expr(p, "correlationKey");
        t->message_id = bpmn_attr_expr(p, "messageId");
        t->time_to_live = bpmn_attr_expr(p, "timeToLive");
    }
}

static bool sends(const BpmnElement *e)
{
    return e->kind == BPMN_END || e->kind == BPMN_THROW || e->kind == BPMN_SEND_TASK;
}

/* A worker sends it: the engine needs no name. */
static bool sent_by_job(const XmlNode *d, const BpmnElement *e)
{
    return sends(e) &&
           (bpmn_extension(d->parent, "taskDefinition") || bpmn_old_attr(d, "topic").len > 0);
}

static bool read_message(BpmnReader *r, const XmlNode *d, const BpmnElement *e, BpmnTrigger *t)
{
    const XmlNode *message = bpmn_node(r, xml_attr(d, "messageRef"));
    if (sent_by_job(d, e)) {
        t->name = message ? xml_attr(message, "name") : (Str){0};
        return true;
    }
    if (!bpmn_is(message, "message") || xml_attr(message, "name").len == 0) {
        BPMN_ERROR(r, "bpmn.reference", d->offset,
                   STR("add <message id=… name=…> to definitions and point messageRef to it"),
                   "'" STR_FMT "' %s no named message", STR_ARG(e->id),
                   sends(e) ? "sends" : "waits for");
        return false;
    }
    const XmlNode *subscription = bpmn_extension(message, "subscription");
    t->name = xml_attr(message, "name");
    if (subscription) {
        t->correlation = bpmn_attr_expr(subscription, "correlationKey");
    }
    if (sends(e)) {
        read_publishing(d, t);
    }
    return true;
}

static bool read_signal(BpmnReader *r, const XmlNode *d, const BpmnElement *e, BpmnTrigger *t)
{
    const XmlNode *signal = bpmn_node(r, xml_attr(d, "signalRef"));
    t->name = signal ? xml_attr(signal, "name") : (Str){0};
    t->name = signal && t->name.len == 0 ? xml_attr(signal, "id") : t->name;
    if (!bpmn_is(signal, "signal")) {
        BPMN_ERROR(r, "bpmn.reference", d->offset,
                   STR("add <signal id=… name=…> to definitions and point signalRef to it"),
                   "'" STR_FMT "' names no signal", STR_ARG(e->id));
        return false;
    }
    return true;
}

/* Error and escalation: a code is needed to throw, empty to catch all. */
static bool read_code(BpmnReader *r, const XmlNode *d, const BpmnElement *e, BpmnTrigger *t)
{
    bool error = t->kind == BPMN_ON_ERROR;
    Str ref = xml_attr(d, error ? "errorRef" : "escalationRef");
    const XmlNode *named = bpmn_node(r, ref);
    bool throws = e->kind == BPMN_END || e->kind == BPMN_THROW;
    bool right = bpmn_is(named, error ? "error" : "escalation");
    t->name = right ? xml_attr(named, error ? "errorCode" : "escalationCode") : (Str){0};
    if ((ref.len > 0 && !right) || (throws && t->name.len == 0)) {
        BPMN_ERROR(r, "bpmn.reference", d->offset,
                   error ? STR("add <error id=… errorCode=…> and point errorRef to it")
                         : STR("add <escalation id=… escalationCode=…> and point to it"),
                   "'" STR_FMT "' names no %s with a code", STR_ARG(e->id),
                   error ? "error" : "escalation");
        return false;
    }
    return true;
}

/* Names with commas between them. */
static void read_names(BpmnReader *r, Str list, BpmnTrigger *t)
{
    Vec(Str) names = {0};
    Str name = {0};
    while (str_split(&list, ',', &name)) {
        if (str_trim(name).len > 0) {
            *VEC_PUSH(r->out, &names) = str_trim(name);
        }
    }
    t->variables = names.at;
    t->variable_count = names.len;
}

/* zeebe:conditionalFilter, or the same of Camunda 7. Deleting does not happen here. */
static void read_filter(BpmnReader *r, const XmlNode *d, BpmnTrigger *t)
{
    const XmlNode *f = bpmn_extension(d, "conditionalFilter");
    Str names = f ? xml_attr(f, "variableNames") : bpmn_old_attr(d, "variableName");
    Str changes = f ? xml_attr(f, "variableEvents") : bpmn_old_attr(d, "variableEvents");
    read_names(r, names, t);
    t->on_create = changes.len == 0 || str_find(changes, STR("create"), 0) != SIZE_MAX;
    t->on_update = changes.len == 0 || str_find(changes, STR("update"), 0) != SIZE_MAX;
    if (!t->on_create && !t->on_update) {
        BPMN_ERROR(r, "bpmn.unsupported", d->offset, STR("variableEvents=\"create, update\""),
                   "condition is looked at at '" STR_FMT "'", STR_ARG(changes));
    }
}

static bool read_condition(BpmnReader *r, const XmlNode *d, const BpmnElement *e, BpmnTrigger *t)
{
    t->condition = bpmn_text_expr(r, xml_child(d, "condition"));
    read_filter(r, d, t);
    if (t->condition.text.len == 0) {
        BPMN_ERROR(r, "bpmn.condition", d->offset, STR("add <condition>= FEEL</condition>"),
                   "'" STR_FMT "' waits for no condition", STR_ARG(e->id));
        return false;
    }
    return true;
}

/* ---- an event ---- */

const XmlNode *bpmn_definition(const BpmnReader *r, const XmlNode *n)
{
    if (bpmn_is(n, "eventDefinitionRef")) {
        return bpmn_node(r, n->text);
    }
    return str_ends(n->name, STR("EventDefinition")) ? n : NULL;
}

static const TriggerRow *find_row(const XmlNode *d)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        Str name = str_z(rows[i].name);
        if (str_starts(d->name, name) && d->name.len == name.len + sizeof "EventDefinition" - 1) {
            return &rows[i];
        }
    }
    return NULL;
}

static char position_of(const XmlNode *n, const BpmnElement *e)
{
    switch (e->kind) {
    case BPMN_START: return bpmn_says(n->parent, "triggeredByEvent", "true") ? 'p' : 's';
    case BPMN_END: return 'e';
    case BPMN_CATCH: return 'c';
    case BPMN_THROW: return 't';
    case BPMN_BOUNDARY: return e->interrupting ? 'b' : 'n';
    case BPMN_USER_TASK:
    case BPMN_SERVICE_TASK:
    case BPMN_SEND_TASK:
    case BPMN_SCRIPT_TASK:
    case BPMN_RULE_TASK:
    case BPMN_RECEIVE_TASK:
    case BPMN_PLAIN_TASK:
    case BPMN_SUBPROCESS:
    case BPMN_TRANSACTION:
    case BPMN_ADHOC:
    case BPMN_CALL:
    case BPMN_EVENT_SUBPROCESS:
    case BPMN_CALLED:
    case BPMN_EXCLUSIVE:
    case BPMN_PARALLEL:
    case BPMN_INCLUSIVE:
    case BPMN_COMPLEX:
    case BPMN_EVENT_GATEWAY:
    case BPMN_KIND_COUNT: break;
    }
    return '?';
}

static bool read_trigger(BpmnReader *r, const XmlNode *d, BpmnElement *e, char position,
                         BpmnTrigger *t)
{
    const TriggerRow *row = find_row(d);
    *t = (BpmnTrigger){.offset = d->offset, .activity = BPMN_NONE, .link = BPMN_NONE};
    if (!row || !strchr(row->may, position)) {
        BPMN_ERROR(r, "bpmn.event", d->offset, STR("use a definition that BPMN has there"),
                   "'" STR_FMT "' in %s%s '" STR_FMT "' is not supported", STR_ARG(d->name),
                   position == 'n' ? "non-interrupting " : "", bpmn_kind_name(e->kind),
                   STR_ARG(e->id));
        return false;
    }
    t->kind = row->kind;
    switch (row->kind) {
    case BPMN_ON_TIMER: return read_timer(r, d, e, t);
    case BPMN_ON_MESSAGE: return read_message(r, d, e, t);
    case BPMN_ON_SIGNAL: return read_signal(r, d, e, t);
    case BPMN_ON_ERROR:
    case BPMN_ON_ESCALATION: return read_code(r, d, e, t);
    case BPMN_ON_CONDITION: return read_condition(r, d, e, t);
    case BPMN_ON_LINK: t->name = xml_attr(d, "name"); return true;
    case BPMN_ON_COMPENSATION: /* its activityRef is linked later */
    case BPMN_ON_CANCEL:
    case BPMN_ON_TERMINATE:
    case BPMN_TRIGGER_COUNT: return true;
    }
    return true;
}

static bool needs_trigger(const BpmnElement *e, char position)
{
    return e->kind == BPMN_CATCH || e->kind == BPMN_BOUNDARY || position == 'p';
}

bool bpmn_read_event(BpmnReader *r, const XmlNode *n, BpmnElement *e)
{
    Vec(BpmnTrigger) list = {0};
    e->interrupting =
        !bpmn_says(n, e->kind == BPMN_START ? "isInterrupting" : "cancelActivity", "false");
    e->all_triggers = bpmn_says(n, "parallelMultiple", "true");
    char position = position_of(n, e);
    for (const XmlNode *c = n->first; c; c = c->next) {
        const XmlNode *d = bpmn_definition(r, c);
        if (!d && bpmn_is(c, "eventDefinitionRef")) {
            BPMN_ERROR(r, "bpmn.reference", c->offset, STR("point to an event definition"),
                       "'" STR_FMT "' refers to '" STR_FMT "', which is not there", STR_ARG(e->id),
                       STR_ARG(c->text));
            return false;
        }
        if (d && !read_trigger(r, d, e, position, VEC_PUSH(r->out, &list))) {
            return false;
        }
    }
    e->triggers = list.at;
    e->trigger_count = list.len;
    if (list.len == 0 && needs_trigger(e, position)) {
        BPMN_ERROR(r, "bpmn.event", n->offset, STR("add an event definition"),
                   "%s '" STR_FMT "' waits for nothing", bpmn_kind_name(e->kind), STR_ARG(e->id));
        return false;
    }
    return true;
}

bool bpmn_read_message(BpmnReader *r, const XmlNode *n, BpmnElement *e)
{
    BpmnTrigger *t = NEW(r->out, BpmnTrigger);
    *t = (BpmnTrigger){
        .kind = BPMN_ON_MESSAGE, .offset = n->offset, .activity = BPMN_NONE, .link = BPMN_NONE};
    e->triggers = t;
    e->trigger_count = 1;
    e->instantiates = bpmn_says(n, "instantiate", "true");
    return read_message(r, n, e, t);
}
