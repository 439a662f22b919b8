/* SPDX-License-Identifier: Apache-2.0 */
/* What is refused in a process, by which rule, at which element; and what is read of a sound one.
 */
#include "check.h"

#include "model/bpmn/bpmn.h"

#define HEAD                                                                                       \
    "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" "                          \
    "xmlns:z=\"http://camunda.org/schema/zeebe/1.0\"><message id=\"m\" name=\"paid\"/>"            \
    "<error id=\"er\" errorCode=\"E\"/><process id=\"p\" isExecutable=\"true\">"
#define TAIL "</process></definitions>"
#define S "<startEvent id=\"s\"/>"
#define E "<endEvent id=\"e\"/>"
#define F(a, b) "<sequenceFlow id=\"" a "-" b "\" sourceRef=\"" a "\" targetRef=\"" b "\"/>"

static const BpmnProcess *read_process(Arena *a, Diags *d, const char *body)
{
    Str text = str_fmt(a, "%s%s%s", HEAD, body, TAIL);
    d->arena = a;
    return bpmn_read(a, d, diag_file(d, STR("p.bpmn"), text), text, NULL);
}

static bool read_closed(Arena *a, Diags *d, const char *body)
{
    static const FeelType number = {.kind = FEEL_NUMBER}, date = {.kind = FEEL_DATE};
    static const FeelName results[] = {{STR_INIT("amount"), &number}, {STR_INIT("day"), &date}};
    static const BpmnAnswer answer = {"stage", "receive", {STR_INIT("outcome"), NULL}};
    static const BpmnWorld world = {.answers = &answer,
                                    .answer_count = 1,
                                    .decisions = {.at = results, .count = COUNT(results)}};
    Str text = str_fmt(a, "%s%s%s", HEAD, body, TAIL);
    d->arena = a;
    return bpmn_read(a, d, diag_file(d, STR("p.bpmn"), text), text, &world) != NULL;
}

typedef struct {
    const char *body, *rule, *message; /* message: a part of it */
} Refused;

static void check_refused(const Refused *table, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        Arena a = {0};
        Diags d = {0};
        bool found = false;
        const BpmnProcess *p = read_process(&a, &d, table[i].body);
        for (size_t k = 0; k < d.list.len; k++) {
            const char *message = str_cstr(&a, d.list.at[k].message);
            found = found || (strcmp(d.list.at[k].rule, table[i].rule) == 0 &&
                              strstr(message, table[i].message));
        }
        Str report = diag_render(&a, &d);
        CHECK(!p && found, "%s '%s': " STR_FMT, table[i].rule, table[i].message, STR_ARG(report));
        arena_free(&a);
    }
}

TEST(bpmn_refuses_what_it_cannot_run)
{
    static const Refused table[] = {
        {S E F("s", "e") "<choreographyTask id=\"g\"/>", "bpmn.unsupported",
         "'choreographyTask' 'g'"},
        {S E F("s", "c") F("c", "e") "<callActivity id=\"c\"/>", "bpmn.syntax",
         "callActivity 'c' has no called process"},
        {"<startEvent id=\"s\"><signalEventDefinition id=\"x\"/></startEvent>" E F("s", "e"),
         "bpmn.reference", "'s' names no signal"},
        {"<startEvent id=\"s\"><linkEventDefinition id=\"x\"/></startEvent>" E F("s", "e"),
         "bpmn.event", "'linkEventDefinition' in startEvent 's'"},
        {S E F("s", "t") F("t", "e") "<intermediateThrowEvent id=\"t\"><timerEventDefinition "
                                     "id=\"x\"/></intermediateThrowEvent>",
         "bpmn.event", "'timerEventDefinition' in intermediateThrowEvent 't'"},
        {S E F("s", "e") "<task id=\"t\"><multiInstanceLoopCharacteristics/></task>" F("s", "t"),
         "bpmn.loop", "loop of 't' has neither cardinality nor collection"},
        {S E F("s", "t") "<task id=\"t\" startQuantity=\"0\"/>" F("t", "e"), "bpmn.quantity",
         "startQuantity of 't' is '0'"},
        {S "<subProcess id=\"u\" triggeredByEvent=\"true\">"
           "<startEvent id=\"s2\"/>" E F("s2", "e") "</subProcess>" F("s", "u"),
         "bpmn.structure", "eventSubProcess 'u' stands in a flow"},
        {S E F("s", "w") F("w", "e") "<intermediateCatchEvent "
                                     "id=\"w\"><timerEventDefinition><timeCycle>R/tea</"
                                     "timeCycle></timerEventDefinition></intermediateCatchEvent>",
         "bpmn.timer", "timer of 'w' is no cycle: 'R/tea'"},
        {S E F("s", "u")
             F("u", "e") "<userTask id=\"u\"><extensionElements><z:assignmentDefinition "
                         "candidateGroups=\"= x\"/></extensionElements></userTask>",
         "bpmn.unsupported", "candidate groups of 'u'"},
    };
    check_refused(table, COUNT(table));
}

TEST(bpmn_refuses_broken_documents)
{
    static const Refused table[] = {
        {E, "bpmn.structure", "no start event"},
        {S E F("s", "e") "<task id=\"t\"/>", "bpmn.structure", "'t' can never be reached"},
        {S E F("s", "e") F("e", "e"), "bpmn.structure", "'e' has an outgoing flow"},
        {S "<task id=\"t\"/>" F("s", "t") F("t", "s"), "bpmn.structure",
         "'s' has an incoming flow"},
        {S "<exclusiveGateway id=\"g\"/>" F("s", "g"), "bpmn.structure", "'g' leads nowhere"},
        {S "<exclusiveGateway id=\"g\"/>" E "<endEvent id=\"f\"/>" F("s", "g") F("g", "e")
             F("g", "f"),
         "bpmn.no-default", "'g' has no default flow"},
        {S "<exclusiveGateway id=\"g\" default=\"g-e\"/>" E "<endEvent id=\"f\"/>" F("s", "g")
             F("g", "e") F("g", "f"),
         "bpmn.condition", "flow 'g-f' out of gateway 'g' has no condition"},
        {S E F("s", "nowhere"), "bpmn.reference", "targetRef of 's-nowhere' is 'nowhere'"},
        {S E F("s", "e") "<boundaryEvent id=\"b\" "
                         "attachedToRef=\"zz\"><errorEventDefinition/></boundaryEvent>",
         "bpmn.reference", "attachedToRef of 'b'"},
        {S "<task id=\"t\"/>" F("s",
                                "t") "<boundaryEvent id=\"b\" "
                                     "attachedToRef=\"t\"><errorEventDefinition/></boundaryEvent>",
         "bpmn.structure", "'b' leads nowhere"},
        {S "<task id=\"t\" default=\"q\"/>" F("s", "t"), "bpmn.reference",
         "default flow 'q' of 't'"},
        {S S E F("s", "e"), "bpmn.duplicate", "id 's' is used twice"},
        {"<startEvent/>" E, "bpmn.syntax", "'startEvent' has no id"},
        {S E F("s", "u") F("u", "e") "<userTask id=\"u\"/>", "bpmn.syntax",
         "userTask 'u' has no role"},
        {S E F("s", "u") F("u", "e") "<serviceTask id=\"u\"/>", "bpmn.syntax",
         "serviceTask 'u' has no job type"},
        {S E F("s", "u") F("u", "e") "<scriptTask id=\"u\"/>", "bpmn.syntax",
         "scriptTask 'u' has no script"},
        {S E F("s", "u") F("u", "e") "<businessRuleTask id=\"u\"/>", "bpmn.syntax",
         "businessRuleTask 'u' has no decision"},
        {S E F("s", "r") F("r", "e") "<receiveTask id=\"r\"/>", "bpmn.reference",
         "'r' waits for no named message"},
        {S E F("s", "w")
             F("w", "e") "<intermediateCatchEvent id=\"w\"><timerEventDefinition><timeDuration>5 "
                         "days</timeDuration></timerEventDefinition></intermediateCatchEvent>",
         "bpmn.timer", "is no days and time duration"},
        {S E F("s", "w") F("w", "e") "<intermediateCatchEvent "
                                     "id=\"w\"><timerEventDefinition/></intermediateCatchEvent>",
         "bpmn.timer", "timer of 'w' has no time"},
        {S E "<sequenceFlow id=\"x\" sourceRef=\"s\" targetRef=\"e\"><conditionExpression>= 1 "
             "+</conditionExpression></sequenceFlow>",
         "bpmn.feel", "a value expected"},
        {S "<subProcess id=\"u\"><startEvent id=\"s2\"/>" E F("s2", "e")
             F("s2", "f") "</subProcess><endEvent id=\"f\"/>" F("s", "u") F("u", "f"),
         "bpmn.structure", "flow 's2-f' crosses the border"},
        {S "<subProcess id=\"u\"></subProcess>" F("s", "u"), "bpmn.structure",
         "'u' has no start event"},
    };
    check_refused(table, COUNT(table));
}

TEST(bpmn_errors_point_into_feel)
{
    Arena a = {0};
    Diags d = {0};
    const char *body = S "<task id=\"t\"/>" F("s", "t") F("t", "e") E
        "<sequenceFlow id=\"x\" sourceRef=\"t\" targetRef=\"e\">"
        "<conditionExpression>= amount > > 5</conditionExpression></sequenceFlow>";
    Str text = str_fmt(&a, "%s%s%s", HEAD, body, TAIL);
    CHECK(!read_process(&a, &d, body) && d.list.len == 1, "one problem");
    CHECK(d.list.len > 0 && d.list.at[0].offset == str_find(text, STR("> 5"), 0),
          "at the second sign: %u", d.list.len > 0 ? d.list.at[0].offset : 0);
    arena_free(&a);
}

TEST(bpmn_reads_what_it_runs)
{
    Arena a = {0};
    Diags d = {0};
    const char *body =
        S "<userTask id=\"u\" name=\"U\"><extensionElements>"
          "<z:assignmentDefinition candidateGroups=\"clerk\"/><z:properties>"
          "<z:property name=\"stage\" value=\"receive\"/></z:properties>"
          "<z:ioMapping><z:input source=\"= 1\" target=\"a\"/><z:output source=\"b\" target=\"c\"/>"
          "</z:ioMapping></extensionElements></userTask>"
          "<boundaryEvent id=\"b\" attachedToRef=\"u\" cancelActivity=\"false\">"
          "<timerEventDefinition><timeDuration>P5D</timeDuration></timerEventDefinition>"
          "</boundaryEvent><documentation>ignored</documentation>" E F("s", "u") F("u", "e")
              F("b", "e");
    const BpmnProcess *p = read_process(&a, &d, body);
    Str report = diag_render(&a, &d);
    CHECK(p != NULL, STR_FMT, STR_ARG(report));
    if (p) {
        const BpmnElement *u = &p->elements[bpmn_find(p, STR("u"))];
        const BpmnElement *b = &p->elements[bpmn_find(p, STR("b"))];
        CHECK(p->element_count == 4 && p->flow_count == 3, "counts");
        CHECK(u->kind == BPMN_USER_TASK && str_eq(u->role, STR("clerk")), "role");
        CHECK(str_eq(bpmn_property(u, "stage"), STR("receive")), "property");
        CHECK(u->input_count == 1 && u->inputs[0].source.program, "FEEL input");
        CHECK(u->output_count == 1 && !u->outputs[0].source.program, "plain output");
        CHECK(u->boundary_count == 1 && b->kind == BPMN_BOUNDARY &&
                  b->triggers[0].kind == BPMN_ON_TIMER && !b->interrupting,
              "boundary");
        CHECK(str_eq(b->triggers[0].timer.text, STR("P5D")), "timer");
        CHECK(bpmn_find(p, STR("nothing")) == BPMN_NONE, "unknown id");
    }
    arena_free(&a);
}

TEST(bpmn_advises)
{
    static const Refused table[] = {
        {S "<parallelGateway id=\"g\"/>" E F(
             "s",
             "g") "<sequenceFlow id=\"x\" sourceRef=\"g\" "
                  "targetRef=\"e\"><conditionExpression>a</conditionExpression></sequenceFlow>",
         "bpmn.condition", "out of parallel gateway 'g' is ignored"},
        {S E "<userTask id=\"u\" xmlns:c=\"http://camunda.org/schema/1.0/bpmn\" "
             "c:candidateGroups=\"clerk\"/>" F("s", "u") F("u", "e"),
         "bpmn.camunda", "camunda:candidateGroups of 'u'"},
        {S "<exclusiveGateway id=\"x\" default=\"x-j\"/><parallelGateway id=\"j\"/>" E F("s", "x")
             F("x", "j") "<sequenceFlow id=\"y\" sourceRef=\"x\" targetRef=\"j\">"
                         "<conditionExpression>a</conditionExpression></sequenceFlow>" F("j", "e"),
         "bpmn.join", "'j' joins flows of which only one is taken"},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        Arena a = {0};
        Diags d = {0};
        bool found = false;
        const BpmnProcess *p = read_process(&a, &d, table[i].body);
        for (size_t k = 0; k < d.list.len; k++) {
            found = found || (d.list.at[k].level == DIAG_ADVICE &&
                              strcmp(d.list.at[k].rule, table[i].rule) == 0 &&
                              strstr(str_cstr(&a, d.list.at[k].message), table[i].message));
        }
        Str report = diag_render(&a, &d);
        CHECK(p && found, "%s '%s': " STR_FMT, table[i].rule, table[i].message, STR_ARG(report));
        arena_free(&a);
    }
}

#define X(inside) "<extensionElements>" inside "</extensionElements>"
#define SCRIPT(id, text, into)                                                                     \
    "<scriptTask id=\"" id                                                                         \
    "\">" X("<z:script expression=\"" text "\" resultVariable=\"" into "\"/>") "</scriptTask>"
#define RULE(id, decision, into)                                                                   \
    "<businessRuleTask id=\"" id "\">" X("<z:calledDecision decisionId=\"" decision                \
                                         "\" resultVariable=\"" into "\"/>") "</businessRuleTask>"
#define JOB(id, mappings)                                                                          \
    "<serviceTask id=\"" id "\">" X("<z:taskDefinition type=\"t\"/><z:ioMapping>" mappings         \
                                    "</z:ioMapping>") "</serviceTask>"
#define USER(id, stage)                                                                            \
    "<userTask id=\"" id                                                                           \
    "\">" X("<z:assignmentDefinition candidateGroups=\"c\"/><z:properties>"                        \
            "<z:property name=\"stage\" value=\"" stage "\"/></z:properties>") "</userTask>"

TEST(bpmn_scopes_close_over_what_can_be_in_them)
{
    static const struct {
        const char *body, *message; /* NULL: nothing to say */
    } table[] = {
        {S SCRIPT("a", "= 1", "x") SCRIPT("b", "= x + 1", "y") F("s", "a") F("a", "b"), NULL},
        {S SCRIPT("a", "= 1", "x") SCRIPT("b", "= z + 1", "y") F("s", "a") F("a", "b"),
         "unknown name 'z'"},
        {S SCRIPT("a", "= 1", "first") SCRIPT("b", "= frist", "y") F("s", "a") F("a", "b"),
         "unknown name 'frist', did you mean 'first'?"},
        /* set later in the document, earlier in a loop */
        {S SCRIPT("a", "= x", "y") SCRIPT("b", "= 1", "x") USER("w", "review") F("s", "a")
             F("a", "b") F("b", "w") F("w", "a"),
         NULL},
        {S SCRIPT("a", "= &quot;t&quot;", "x") SCRIPT("b", "= x * 2", "y") F("s", "a") F("a", "b"),
         "string * number has no meaning"},
        /* set twice, with two types */
        {S SCRIPT("a", "= &quot;t&quot;", "x") SCRIPT("c", "= 1", "x") SCRIPT("b", "= x * 2", "y")
             F("s", "a") F("a", "c") F("c", "b"),
         NULL},
        {S USER("u", "receive") SCRIPT("b", "= outcome", "y") F("s", "u") F("u", "b"), NULL},
        {S USER("u", "review") SCRIPT("b", "= outcome", "y") F("s", "u") F("u", "b"),
         "unknown name 'outcome'"},
        {S RULE("r", "amount", "n") SCRIPT("b", "= n &lt; &quot;5&quot;", "y") F("s", "r")
             F("r", "b"),
         "a number compared with a string"},
        /* a date is kept as text */
        {S RULE("r", "day", "d") SCRIPT("b", "= d = &quot;2026-11-22&quot;", "y") F("s", "r")
             F("r", "b"),
         NULL},
        {S RULE("r", "day", "d") SCRIPT("b", "= d &gt; date(&quot;2026-11-22&quot;)", "y")
             F("s", "r") F("r", "b"),
         "a string compared with a date"},
        /* a decision that is not known gives anything */
        {S RULE("r", "other", "n") SCRIPT("b", "= n &lt; &quot;5&quot; or n.x", "y") F("s", "r")
             F("r", "b"),
         NULL},
        {S JOB("j", "<z:input source=\"= 1\" target=\"i\"/><z:input source=\"= i + 1\" "
                    "target=\"k\"/><z:output source=\"= k\" target=\"o\"/>")
             SCRIPT("b", "= o * 2", "y") F("s", "j") F("j", "b"),
         NULL},
        {S JOB("j", "<z:input source=\"= k\" target=\"i\"/><z:input source=\"= 1\" target=\"k\"/>")
             F("s", "j"),
         "unknown name 'k'"},
        {S JOB("j", "<z:input source=\"= 1\" target=\"own\"/>") SCRIPT("b", "= own", "y")
             F("s", "j") F("j", "b"),
         "unknown name 'own'"},
        {S JOB("j", "<z:output source=\"= got\" target=\"o\"/>") F("s", "j"), "unknown name 'got'"},
        {S "<subProcess id=\"u\">" X(
             "<z:ioMapping><z:input source=\"= 1\" target=\"i\"/>"
             "</z:ioMapping>") "<startEvent id=\"s2\"/>" SCRIPT("a", "= i + 1", "x")
             F("s2", "a") "</subProcess>" SCRIPT("b", "= x", "y") F("s", "u") F("u", "b"),
         NULL},
        {S "<subProcess id=\"u\">" X(
             "<z:ioMapping><z:input source=\"= 1\" target=\"i\"/>"
             "</z:ioMapping>") "<startEvent id=\"s2\"/>" SCRIPT("a", "= i + 1", "x")
             F("s2", "a") "</subProcess>" SCRIPT("b", "= i", "y") F("s", "u") F("u", "b"),
         "unknown name 'i'"},
        /* a message may bring anything into the process */
        {S "<receiveTask id=\"m1\" messageRef=\"m\"/>" SCRIPT("b", "= paid", "y") F("s", "m1")
             F("m1", "b"),
         NULL},
        {S "<receiveTask id=\"m1\" messageRef=\"m\">" X(
             "<z:ioMapping><z:output source=\"= sum\" "
             "target=\"paid\"/></z:ioMapping>") "</"
                                                "receiveTa"
                                                "sk"
                                                ">" SCRIPT("b",
                                                           "= "
                                                           "padi",
                                                           "y") F("s", "m1") F("m1", "b"),
         "unknown name 'padi', did you mean 'paid'?"},
        {S USER("u", "receive") "<boundaryEvent id=\"t\" attachedToRef=\"u\">"
                                "<timerEventDefinition><timeDuration>= true</timeDuration>"
                                "</timerEventDefinition></boundaryEvent>" E F("s", "u") F("t", "e"),
         "timer of 't' is a boolean"},
        {S
         "<userTask id=\"u\">" X("<z:assignmentDefinition candidateGroups=\"c\"/>"
                                 "<z:taskSchedule dueDate=\"= 1 + 1\"/>") "</userTask>" F("s", "u"),
         "due date of 'u' is a number"},
        {S USER("u", "receive") E
         "<sequenceFlow id=\"f\" sourceRef=\"u\" targetRef=\"e\">"
         "<conditionExpression>1 + 1</conditionExpression></sequenceFlow>" F("s", "u") F("u", "e"),
         "condition of flow 'f' is a number"},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        Arena a = {0};
        Diags d = {0};
        bool ok = read_closed(&a, &d, table[i].body);
        Str report = diag_render(&a, &d);
        const char *wanted = table[i].message;
        CHECK(ok == !wanted, "row %zu: " STR_FMT, i, STR_ARG(report));
        CHECK(!wanted || (d.errors == 1 && str_find(report, str_z(wanted), 0) != SIZE_MAX),
              "row %zu: " STR_FMT, i, STR_ARG(report));
        arena_free(&a);
    }
}
