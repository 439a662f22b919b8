/* SPDX-License-Identifier: Apache-2.0 */
/* What each element is drawn as: one table of local names, and what its children add. */
#include "model/bpmn/diagram_int.h"

typedef struct {
    const char *name;
    DiagramKind kind;
    DiagramIcon icon;
} KindRow;

static const KindRow kinds[] = {
    {"startEvent", DIAGRAM_START, ICON_NONE},
    {"endEvent", DIAGRAM_END, ICON_NONE},
    {"intermediateCatchEvent", DIAGRAM_CATCH, ICON_NONE},
    {"intermediateThrowEvent", DIAGRAM_THROW, ICON_NONE},
    {"boundaryEvent", DIAGRAM_BOUNDARY, ICON_NONE},
    {"task", DIAGRAM_TASK, ICON_NONE},
    {"userTask", DIAGRAM_TASK, ICON_USER},
    {"serviceTask", DIAGRAM_TASK, ICON_SERVICE},
    {"sendTask", DIAGRAM_TASK, ICON_SEND},
    {"receiveTask", DIAGRAM_TASK, ICON_RECEIVE},
    {"scriptTask", DIAGRAM_TASK, ICON_SCRIPT},
    {"businessRuleTask", DIAGRAM_TASK, ICON_RULE},
    {"manualTask", DIAGRAM_TASK, ICON_MANUAL},
    {"subProcess", DIAGRAM_SUBPROCESS, ICON_NONE},
    {"transaction", DIAGRAM_SUBPROCESS, ICON_NONE},
    {"adHocSubProcess", DIAGRAM_SUBPROCESS, ICON_NONE},
    {"callActivity", DIAGRAM_CALL, ICON_NONE},
    {"exclusiveGateway", DIAGRAM_GATEWAY, ICON_EXCLUSIVE},
    {"parallelGateway", DIAGRAM_GATEWAY, ICON_PARALLEL},
    {"inclusiveGateway", DIAGRAM_GATEWAY, ICON_INCLUSIVE},
    {"complexGateway", DIAGRAM_GATEWAY, ICON_COMPLEX},
    {"eventBasedGateway", DIAGRAM_GATEWAY, ICON_EVENT_BASED},
    {"participant", DIAGRAM_POOL, ICON_NONE},
    {"lane", DIAGRAM_LANE, ICON_NONE},
    {"dataObjectReference", DIAGRAM_DATA, ICON_NONE},
    {"dataObject", DIAGRAM_DATA, ICON_NONE},
    {"dataInput", DIAGRAM_DATA, ICON_INPUT},
    {"dataOutput", DIAGRAM_DATA, ICON_OUTPUT},
    {"dataStoreReference", DIAGRAM_STORE, ICON_NONE},
    {"dataStore", DIAGRAM_STORE, ICON_NONE},
    {"textAnnotation", DIAGRAM_NOTE, ICON_NONE},
    {"group", DIAGRAM_GROUP, ICON_NONE},
};

static const struct {
    const char *name;
    DiagramIcon icon;
} triggers[] = {
    {"timerEventDefinition", ICON_TIMER},
    {"messageEventDefinition", ICON_MESSAGE},
    {"signalEventDefinition", ICON_SIGNAL},
    {"errorEventDefinition", ICON_ERROR},
    {"escalationEventDefinition", ICON_ESCALATION},
    {"compensateEventDefinition", ICON_COMPENSATION},
    {"cancelEventDefinition", ICON_CANCEL},
    {"conditionalEventDefinition", ICON_CONDITION},
    {"linkEventDefinition", ICON_LINK},
    {"terminateEventDefinition", ICON_TERMINATE},
};

static bool is(const XmlNode *n, const char *name)
{
    return n && str_eq(n->name, str_z(name));
}

/* ---- names ---- */

Text diagram_name(const XmlNode *n)
{
    Text name = {.in[LANG_ZH] = str_trim(xml_attr(n, "name"))};
    const XmlNode *more = xml_child(n, "extensionElements");
    if (is(n, "textAnnotation")) {
        const XmlNode *text = xml_child(n, "text");
        name.in[LANG_ZH] = text ? text->text : (Str){0};
    }
    for (const XmlNode *l = xml_child(more, "label"); l; l = xml_next(l, "label")) {
        Str lang = xml_attr(l, "lang");
        bool ours = str_eq(l->space, STR(DIAGRAM_LABEL_SPACE));
        if (ours && (str_eq(lang, STR("zh")) || str_eq(lang, STR("en")))) {
            name.in[lang_of(lang)] = l->text;
        }
    }
    return name;
}

static Text group_name(const DiagramReader *r, const XmlNode *n)
{
    const XmlNode *category = diagram_node(r, xml_attr(n, "categoryValueRef"));
    Text name = category ? diagram_name(category) : (Text){0};
    Str value = category ? xml_attr(category, "value") : (Str){0};
    name.in[LANG_ZH] = name.in[LANG_ZH].len ? name.in[LANG_ZH] : value;
    return name;
}

/* ---- events ---- */

static DiagramIcon trigger_icon(const XmlNode *n)
{
    for (size_t i = 0; n && i < COUNT(triggers); i++) {
        if (is(n, triggers[i].name)) {
            return triggers[i].icon;
        }
    }
    return ICON_NONE;
}

static DiagramIcon event_icon(const DiagramReader *r, const XmlNode *n)
{
    DiagramIcon icon = ICON_NONE;
    size_t count = 0;
    for (const XmlNode *c = n->first; c; c = c->next) {
        const XmlNode *of = is(c, "eventDefinitionRef") ? diagram_node(r, c->text) : c;
        DiagramIcon one = trigger_icon(of);
        icon = one != ICON_NONE ? one : icon;
        count += one != ICON_NONE;
    }
    bool all = diagram_says(n, "parallelMultiple", "true");
    return count < 2 ? icon : all ? ICON_ALL_OF : ICON_MULTIPLE;
}

/* A start event is dashed in an event sub-process only. */
static unsigned event_flags(const XmlNode *n, DiagramKind kind)
{
    bool in_handler = kind == DIAGRAM_START && diagram_says(n->parent, "triggeredByEvent", "true");
    bool dashed = (kind == DIAGRAM_BOUNDARY && diagram_says(n, "cancelActivity", "false")) ||
                  (in_handler && diagram_says(n, "isInterrupting", "false"));
    return dashed ? DIAGRAM_DASHED : 0;
}

/* ---- activities ---- */

static unsigned activity_flags(const XmlNode *n)
{
    const XmlNode *each = xml_child(n, "multiInstanceLoopCharacteristics");
    unsigned flags = xml_child(n, "standardLoopCharacteristics") ? DIAGRAM_LOOP : 0;
    bool after = diagram_says(each, "isSequential", "true");
    flags |= !each ? 0 : after ? DIAGRAM_EACH_AFTER : DIAGRAM_EACH;
    flags |= diagram_says(n, "isForCompensation", "true") ? DIAGRAM_UNDOES : 0;
    flags |= is(n, "adHocSubProcess") ? DIAGRAM_ADHOC : 0;
    flags |= is(n, "transaction") ? DIAGRAM_TRANSACTION : 0;
    flags |= diagram_says(n, "triggeredByEvent", "true") ? DIAGRAM_HANDLER : 0;
    flags |= diagram_says(n, "instantiate", "true") ? DIAGRAM_STARTS : 0;
    return flags;
}

/* A call activity looks like what it calls. */
static DiagramIcon called_icon(const DiagramReader *r, const XmlNode *n)
{
    static const struct {
        const char *name;
        DiagramIcon icon;
    } rows[] = {
        {"globalUserTask", ICON_USER},
        {"globalManualTask", ICON_MANUAL},
        {"globalScriptTask", ICON_SCRIPT},
        {"globalBusinessRuleTask", ICON_RULE},
    };
    const XmlNode *called = diagram_node(r, xml_attr(n, "calledElement"));
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (is(called, rows[i].name)) {
            return rows[i].icon;
        }
    }
    return ICON_NONE;
}

static void add_details(const DiagramReader *r, const XmlNode *n, DiagramShape *s)
{
    if (s->kind <= DIAGRAM_BOUNDARY) {
        s->icon = event_icon(r, n);
        s->flags |= event_flags(n, s->kind);
    } else if (s->kind <= DIAGRAM_GATEWAY) {
        s->flags |= activity_flags(n);
        s->icon = s->kind == DIAGRAM_CALL ? called_icon(r, n) : s->icon;
    } else if (s->kind == DIAGRAM_POOL) {
        s->flags |= xml_child(n, "participantMultiplicity") ? DIAGRAM_MANY : 0;
        s->flags |= xml_attr(n, "processRef").len ? 0 : DIAGRAM_COLLAPSED;
    } else if (s->kind == DIAGRAM_DATA) {
        const XmlNode *object = diagram_node(r, xml_attr(n, "dataObjectRef"));
        bool many = diagram_says(n, "isCollection", "true") ||
                    (object && diagram_says(object, "isCollection", "true"));
        s->flags |= many ? DIAGRAM_MANY : 0;
    } else if (s->kind == DIAGRAM_GROUP) {
        s->name = group_name(r, n);
    }
}

void diagram_describe(const DiagramReader *r, const XmlNode *n, DiagramShape *s)
{
    s->kind = DIAGRAM_OTHER;
    s->element = xml_attr(n, "id");
    s->name = diagram_name(n);
    for (size_t i = 0; i < COUNT(kinds); i++) {
        if (is(n, kinds[i].name)) {
            s->kind = kinds[i].kind;
            s->icon = kinds[i].icon;
            add_details(r, n, s);
        }
    }
}

/* ---- edges ---- */

static Str reference(const XmlNode *n, const char *name)
{
    const XmlNode *child = xml_child(n, name);
    return child ? child->text : xml_attr(n, name);
}

static void describe_flow(const DiagramReader *r, const XmlNode *n, DiagramEdge *e)
{
    const XmlNode *source = diagram_node(r, e->from);
    DiagramShape s = {0};
    if (source) {
        diagram_describe(r, source, &s);
    }
    e->kind = DIAGRAM_FLOW;
    e->heads = DIAGRAM_ONE_HEAD;
    e->is_default = source && e->element.len && str_eq(xml_attr(source, "default"), e->element);
    e->is_conditional = source && s.kind != DIAGRAM_GATEWAY && xml_child(n, "conditionExpression");
}

bool diagram_describe_edge(const DiagramReader *r, const XmlNode *n, DiagramEdge *e)
{
    e->element = xml_attr(n, "id");
    e->name = diagram_name(n);
    e->from = reference(n, "sourceRef");
    e->to = reference(n, "targetRef");
    if (is(n, "sequenceFlow")) {
        describe_flow(r, n, e);
    } else if (is(n, "messageFlow")) {
        e->kind = DIAGRAM_MESSAGE_FLOW;
        e->heads = DIAGRAM_ONE_HEAD;
    } else if (is(n, "association")) {
        e->kind = DIAGRAM_ASSOCIATION;
        e->heads = diagram_says(n, "associationDirection", "One")    ? DIAGRAM_ONE_HEAD
                   : diagram_says(n, "associationDirection", "Both") ? DIAGRAM_TWO_HEADS
                                                                     : DIAGRAM_HEADLESS;
    } else if (is(n, "dataInputAssociation") || is(n, "dataOutputAssociation")) {
        e->kind = DIAGRAM_DATA_FLOW;
        e->heads = DIAGRAM_ONE_HEAD;
    } else {
        return false;
    }
    return true;
}
