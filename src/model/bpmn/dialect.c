/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which extension elements and attributes of Camunda 8 and 7 are known, and what becomes of each:
 * read, told, or refused where work would silently not be done. Those of other tools are none of
 * our business. One table each; docs/bpmn.md lists them.
 */
#include "model/bpmn/bpmn_int.h"

#define ZEEBE "http://camunda.org/schema/zeebe/1.0"
#define CAMUNDA7 "http://camunda.org/schema/1.0/bpmn"
#define JOBS " serviceTask sendTask scriptTask businessRuleTask intermediateThrowEvent endEvent "

typedef enum { READ, TELL, REFUSE } Reception;

typedef struct {
    const char *name;
    const char *on; /* nodes, with blanks around each; empty: any */
    Reception how;
    const char *what;
    Str cure;
} Row;

#define AS(zeebe) TELL, "is read as " zeebe, STR_INIT("write " zeebe)
#define LOST(what) TELL, what, STR_INIT("remove it, that nobody relies on it")
#define KNOWN READ, NULL, STR_INIT("")

static const Row zeebe_elements[] = {
    {"taskDefinition", JOBS, KNOWN},
    {"taskDefinition", " adHocSubProcess ", REFUSE, "lets a worker choose what starts",
     STR_INIT("name the activities in zeebe:adHoc activeElementsCollection")},
    {"taskHeaders", "", KNOWN},
    {"ioMapping", "", KNOWN},
    {"subscription", " message ", KNOWN},
    {"loopCharacteristics", " multiInstanceLoopCharacteristics ", KNOWN},
    {"calledElement", " callActivity ", KNOWN},
    {"calledDecision", " businessRuleTask ", KNOWN},
    {"script", " scriptTask ", KNOWN},
    {"formDefinition", " userTask ", KNOWN},
    {"formDefinition", " startEvent ", LOST("is not shown: the item's own form starts a case")},
    {"userTaskForm", "", LOST("is not shown here")},
    {"userTask", " userTask ", KNOWN},
    {"assignmentDefinition", " userTask ", KNOWN},
    {"taskSchedule", " userTask ", KNOWN},
    {"priorityDefinition", " userTask ", LOST("is not used: lists show first what is due first")},
    {"executionListeners", "", REFUSE, "are jobs that nobody would do",
     STR_INIT("draw a service task before or behind it")},
    {"taskListeners", "", REFUSE, "are jobs that nobody would do",
     STR_INIT("draw a service task before or behind it")},
    {"publishMessage", JOBS " messageEventDefinition ", KNOWN},
    {"properties", "", KNOWN},
    {"versionTag", " process ", KNOWN},
    {"adHoc", " adHocSubProcess ", KNOWN},
    {"conditionalFilter", " conditionalEventDefinition ", KNOWN},
};

static const Row old_elements[] = {
    {"inputOutput", "", AS("zeebe:ioMapping")},
    {"in", " callActivity ", AS("zeebe:ioMapping")},
    {"out", " callActivity ", AS("zeebe:ioMapping")},
    {"properties", "", KNOWN},
    {"failedJobRetryTimeCycle", "", AS("zeebe:taskDefinition retries")},
    {"executionListener", "", REFUSE, "is Java or a script, which nothing here runs",
     STR_INIT("draw a task for it, or set variables by zeebe:ioMapping")},
    {"taskListener", "", REFUSE, "is Java or a script, which nothing here runs",
     STR_INIT("draw a task for it, or set variables by zeebe:ioMapping")},
    {"connector", "", REFUSE, "is a call that nothing here makes",
     STR_INIT("let a worker do it: zeebe:taskDefinition")},
    {"errorEventDefinition", "", REFUSE, "decides about an error by an expression",
     STR_INIT("let the worker throw the error")},
    {"formData", "", LOST("is not shown: the item's own form asks")},
    {"field", "", LOST("is for Java that does not run")},
    {"potentialStarter", "", LOST("is not used: rights come from roles")},
    {"script", "", KNOWN}, /* what holds it is refused */
};

#define SAVED LOST("is not needed: each step is saved")
#define PERSONS LOST("names persons; tasks are offered to all of the role")

static const Row old_attributes[] = {
    {"candidateGroups", " userTask ", AS("zeebe:assignmentDefinition")},
    {"assignee", "", PERSONS},
    {"candidateUsers", "", PERSONS},
    {"formKey", " userTask ", AS("zeebe:formDefinition")},
    {"formRef", " userTask ", AS("zeebe:formDefinition")},
    {"formKey", " startEvent ", LOST("is not shown: the item's own form starts a case")},
    {"formRef", " startEvent ", LOST("is not shown: the item's own form starts a case")},
    {"formRefBinding", "", LOST("is not needed: a catalogue is published as a whole")},
    {"formRefVersion", "", LOST("is not used: a catalogue is published as a whole")},
    {"dueDate", " userTask ", AS("zeebe:taskSchedule")},
    {"followUpDate", " userTask ", LOST("is not used")},
    {"priority", "", LOST("is not used: lists show first what is due first")},
    {"topic", "", AS("zeebe:taskDefinition")},
    {"type", "", KNOWN}, /* looked at below */
    {"taskPriority", "", LOST("is not used: jobs are taken in their order")},
    {"jobPriority", "", LOST("is not used: jobs are taken in their order")},
    {"class", "", REFUSE, "is Java, which nothing here runs",
     STR_INIT("let a worker do it: zeebe:taskDefinition type")},
    {"delegateExpression", "", REFUSE, "is Java, which nothing here runs",
     STR_INIT("let a worker do it: zeebe:taskDefinition type")},
    {"expression", "", REFUSE, "is Java, which nothing here runs",
     STR_INIT("let a worker do it: zeebe:taskDefinition type; or a script task in FEEL")},
    {"decisionRef", " businessRuleTask ", AS("zeebe:calledDecision")},
    {"mapDecisionResult", " businessRuleTask ",
     LOST("is not used: the variable gets what the decision gives, one output as it is")},
    {"decisionRefBinding", "", LOST("is not needed: a catalogue is published as a whole")},
    {"decisionRefVersion", "", LOST("is not used: a catalogue is published as a whole")},
    {"calledElementBinding", "", LOST("is not needed: a catalogue is published as a whole")},
    {"calledElementVersion", "", LOST("is not used: a catalogue is published as a whole")},
    {"resultVariable", "", AS("resultVariable of the zeebe: element")},
    {"resource", "", REFUSE, "is a script in another file", STR_INIT("write it in FEEL")},
    {"caseRef", "", REFUSE, "calls a CMMN case", STR_INIT("call a process")},
    {"collection", "", AS("zeebe:loopCharacteristics")},
    {"elementVariable", "", AS("zeebe:loopCharacteristics")},
    {"variableName", "", AS("zeebe:conditionalFilter")},
    {"variableEvents", "", AS("zeebe:conditionalFilter")},
    {"errorCodeVariable", "", LOST("is not set")},
    {"errorMessageVariable", "", LOST("is not set")},
    {"escalationCodeVariable", "", LOST("is not set")},
    {"initiator", "", LOST("is not set: the case knows who applied")},
    {"asyncBefore", "", SAVED},
    {"asyncAfter", "", SAVED},
    {"async", "", SAVED},
    {"exclusive", "", KNOWN},
    {"versionTag", "", KNOWN},
    {"historyTimeToLive", "", KNOWN}, /* how long a file is kept is law */
    {"isStartableInTasklist", "", KNOWN},
    {"candidateStarterGroups", "", LOST("is not used: rights come from roles")},
    {"candidateStarterUsers", "", LOST("is not used: rights come from roles")},
    {"modelerTemplate", "", KNOWN},
    {"modelerTemplateVersion", "", KNOWN},
};

static bool stands_on(const Row *row, const XmlNode *n)
{
    Str nodes = str_z(row->on);
    for (size_t at = str_find(nodes, n->name, 0); at != SIZE_MAX && n->name.len > 0;
         at = str_find(nodes, n->name, at + 1)) {
        if (nodes.at[at - 1] == ' ' && nodes.at[at + n->name.len] == ' ') {
            return true;
        }
    }
    return nodes.len == 0;
}

static Str id_near(const XmlNode *n)
{
    Str id = xml_attr(n, "id");
    return id.len || !n->parent ? id : xml_attr(n->parent, "id");
}

static void judge(BpmnReader *r, const XmlNode *n, uint32_t at, Str name, const Row *rows,
                  size_t count)
{
    bool old = rows != zeebe_elements, known = false;
    const char *prefix = old ? "camunda" : "zeebe", *rule = old ? "bpmn.camunda" : "bpmn.zeebe";
    for (size_t i = 0; i < count; i++) {
        const Row *row = &rows[i];
        bool same = str_eq(name, str_z(row->name));
        known = known || same;
        if (!same || !stands_on(row, n)) {
            continue;
        }
        if (row->how == REFUSE) {
            BPMN_ERROR(r, "bpmn.unsupported", at, row->cure, "%s:" STR_FMT " of '" STR_FMT "' %s",
                       prefix, STR_ARG(name), STR_ARG(id_near(n)), row->what);
        } else if (row->how == TELL) {
            BPMN_ADVICE(r, rule, at, row->cure, "%s:" STR_FMT " of '" STR_FMT "' %s", prefix,
                        STR_ARG(name), STR_ARG(id_near(n)), row->what);
        }
        return;
    }
    BPMN_ADVICE(r, rule, at, STR("remove it, or put it where it works: docs/bpmn.md"),
                "%s:" STR_FMT " of '" STR_FMT "' %s", prefix, STR_ARG(name), STR_ARG(id_near(n)),
                known ? "does nothing there" : "is not known and does nothing");
}

/* Work of a kind that nobody would do. */
static void check_type(BpmnReader *r, const XmlNode *n, const XmlAttr *a)
{
    if (!str_eq(a->value, STR("external"))) {
        BPMN_ERROR(r, "bpmn.unsupported", a->offset, STR("camunda:type=\"external\" with a topic"),
                   "camunda:type of '" STR_FMT "' is '" STR_FMT "'", STR_ARG(id_near(n)),
                   STR_ARG(a->value));
    }
}

static bool is_listed(const XmlNode *c)
{
    bool listeners = bpmn_is(c, "executionListeners") || bpmn_is(c, "taskListeners");
    return !listeners || c->first; /* an empty list is nothing */
}

void bpmn_check_dialect(BpmnReader *r, const XmlNode *n)
{
    const XmlNode *list = xml_child(n, "extensionElements");
    for (const XmlNode *c = list ? list->first : NULL; c; c = c->next) {
        if (str_eq(c->space, STR(ZEEBE)) && is_listed(c)) {
            judge(r, n, c->offset, c->name, zeebe_elements, COUNT(zeebe_elements));
        } else if (str_eq(c->space, STR(CAMUNDA7))) {
            judge(r, n, c->offset, c->name, old_elements, COUNT(old_elements));
        }
    }
    for (size_t i = 0; i < n->attr_count; i++) {
        const XmlAttr *a = &n->attrs[i];
        if (str_eq(a->space, STR(CAMUNDA7))) {
            judge(r, n, a->offset, a->name, old_attributes, COUNT(old_attributes));
            if (str_eq(a->name, STR("type"))) {
                check_type(r, n, a);
            }
        }
    }
}
