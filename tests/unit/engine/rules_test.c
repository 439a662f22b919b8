/* SPDX-License-Identifier: Apache-2.0 */
/* Decisions as data: each boxed expression, each hit policy, functions, services, imports. */
#include "check.h"

#include "engine/rules/rules.h"

#define HEAD                                                                                       \
    "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" id=\"d\" name=\"D\" "     \
    "namespace=\"main\">"                                                                          \
    "<inputData id=\"x\" name=\"x\"><variable name=\"x\"/></inputData>"                            \
    "<inputData id=\"n\" name=\"n\"><variable name=\"n\" typeRef=\"number\"/></inputData>"         \
    "<inputData id=\"g\" name=\"g\"><variable name=\"g\" typeRef=\"tGrade\"/></inputData>"         \
    "<inputData id=\"dd\" name=\"day\"><variable name=\"day\" typeRef=\"date\"/></inputData>"      \
    "<itemDefinition name=\"tGrade\"><typeRef>string</typeRef><allowedValues><text>\"a\",\"b\","   \
    "\"c\"</text></allowedValues></itemDefinition>"                                                \
    "<itemDefinition name=\"tGrades\" isCollection=\"true\"><typeRef>tGrade</typeRef>"             \
    "</itemDefinition>"                                                                            \
    "<itemDefinition name=\"tTwo\" "                                                               \
    "isCollection=\"true\"><typeRef>number</typeRef><typeConstraint>"                              \
    "<text>count(?) = 2</text></typeConstraint></itemDefinition>"                                  \
    "<itemDefinition name=\"tSmall\"><typeRef>number</typeRef><allowedValues><text>[0..9]</text>"  \
    "</allowedValues></itemDefinition>"                                                            \
    "<itemDefinition name=\"tDigit\"><typeRef>tSmall</typeRef><allowedValues><text>[5..20]</text>" \
    "</allowedValues></itemDefinition>"                                                            \
    "<itemDefinition name=\"tTree\"><itemComponent name=\"v\"><typeRef>number</typeRef>"           \
    "</itemComponent><itemComponent name=\"kids\" isCollection=\"true\"><typeRef>tTree</typeRef>"  \
    "</itemComponent></itemDefinition>"                                                            \
    "<itemDefinition name=\"tFn\"><functionItem outputTypeRef=\"number\"><parameters name=\"a\" "  \
    "typeRef=\"number\"/></functionItem></itemDefinition>"
#define NEED(what, id)                                                                             \
    "<informationRequirement><required" what " href=\"#" id "\"/></informationRequirement>"
#define KNOW(id)                                                                                   \
    "<knowledgeRequirement><requiredKnowledge href=\"#" id "\"/></knowledgeRequirement>"
#define ALL NEED("Input", "x") NEED("Input", "n") NEED("Input", "g") NEED("Input", "dd")
#define TYPED(id, type, inner)                                                                     \
    "<decision id=\"" id "\" name=\"" id "\"><variable name=\"" id "\" typeRef=\"" type            \
    "\"/>" ALL inner "</decision>"
#define DECISION(id, inner)                                                                        \
    "<decision id=\"" id "\" name=\"" id "\"><variable name=\"" id "\"/>" ALL inner "</decision>"
#define LIT(feel) "<literalExpression><text>" feel "</text></literalExpression>"
#define ENTRY(name, inner) "<contextEntry><variable name=\"" name "\"/>" inner "</contextEntry>"
#define LAST(inner) "<contextEntry>" inner "</contextEntry>"
#define IN(feel) "<input><inputExpression><text>" feel "</text></inputExpression></input>"
#define RULE(in, out)                                                                              \
    "<rule><inputEntry><text>" in "</text></inputEntry><outputEntry><text>" out                    \
    "</text></outputEntry></rule>"
#define RULE2(in, a, b)                                                                            \
    "<rule><inputEntry><text>" in "</text></inputEntry><outputEntry><text>" a                      \
    "</text></outputEntry><outputEntry><text>" b "</text></outputEntry></rule>"
#define VALUES(feel) "<outputValues><text>" feel "</text></outputValues>"
#define TABLE(attrs, inner) "<decisionTable " attrs ">" inner "</decisionTable>"
#define BKM(id, inner)                                                                             \
    "<businessKnowledgeModel id=\"" id "\" name=\"" id "\"><variable name=\"" id                   \
    "\"/><encapsulatedLogic>" inner "</encapsulatedLogic>" KNOW(id) "</businessKnowledgeModel>"
#define PARAM(name, type) "<formalParameter name=\"" name "\" typeRef=\"" type "\"/>"

typedef struct {
    const char *name, *body, *input, *want; /* want "null: …": with a part of the reason */
} Row;

static FeelValue feel(Arena *a, const char *text)
{
    Err err = {0};
    FeelValue v = feel_null();
    const FeelProgram *p = feel_compile(a, str_z(text), NULL, FEEL_EXPRESSION, &err);
    CHECK(p && feel_eval(a, p, NULL, 0, &v, &err), "%s: %s", text, err.msg);
    return v;
}

static const DmnModel *read_model(Arena *a, const char *body, DmnMode mode)
{
    Diags d = {.arena = a};
    Str text = str_fmt(a, "%s%s</definitions>", HEAD, body);
    DmnFile file = {diag_file(&d, STR("d.dmn"), text), text};
    const DmnModel *m = dmn_read(a, &d, &file, 1, mode);
    Str report = diag_render(a, &d);
    CHECK(m != NULL, STR_FMT, STR_ARG(report));
    return m;
}

static void judge(Arena *a, const Row *row, const FeelValue *got)
{
    bool is_null = strncmp(row->want, "null: ", 6) == 0;
    FeelValue want = is_null ? feel_null() : feel(a, row->want);
    bool same = want.kind == FEEL_NULL ? got->kind == FEEL_NULL : feel_same(&want, got);
    Str text = feel_text(a, got), why = feel_why(a, got, FEEL_EN);
    CHECK(same, "%s over %s: " STR_FMT " (" STR_FMT ")", row->name, row->input, STR_ARG(text),
          STR_ARG(why));
    if (is_null) {
        CHECK(str_find(why, str_z(row->want + 6), 0) != SIZE_MAX, "%s over %s: " STR_FMT, row->name,
              row->input, STR_ARG(why));
    }
}

/* Each row asks for decision "r". */
static void run_rows(const Row *rows, size_t count, DmnMode mode)
{
    for (size_t i = 0; i < count; i++) {
        Arena a = {0};
        Err err = {0};
        const DmnModel *m = read_model(&a, rows[i].body, mode);
        FeelValue input = feel(&a, rows[i].input);
        RulesAsk ask = {.input = &input};
        RulesAnswer plain = {0}, traced = {0};
        bool ok = m && rules_decide(&a, m, STR("r"), &ask, &plain, &err);
        CHECK(ok, "%s: %s", rows[i].name, err.msg);
        ask.traced = true;
        ok = ok && rules_decide(&a, m, STR("r"), &ask, &traced, &err);
        CHECK(ok && !plain.trace && traced.trace, "%s: %s", rows[i].name, err.msg);
        if (ok) {
            judge(&a, &rows[i], &plain.value);
            judge(&a, &rows[i], &traced.value);
        }
        arena_free(&a);
    }
}

TEST(rules_boxed_expressions)
{
    static const Row rows[] = {
        {"literal", DECISION("r", LIT("n + 1")), "{n: 1}", "2"},
        {"literal without its input", DECISION("r", LIT("n + 1")), "{}", "null"},
        {"context",
         DECISION("r", "<context>" ENTRY("a", LIT("n")) ENTRY("b c", LIT("a * 2")) "</context>"),
         "{n: 2}", "{a: 2, \"b c\": 4}"},
        {"context with a result",
         DECISION("r", "<context>" ENTRY("a", LIT("n")) LAST(LIT("a + 1")) "</context>"), "{n: 2}",
         "3"},
        {"context hides what is around",
         DECISION("r", "<context>" ENTRY("n", LIT("n + 1")) ENTRY("m", LIT("n + 1")) "</context>"),
         "{n: 1}", "{n: 2, m: 3}"},
        {"entry with a type",
         DECISION("r", "<context><contextEntry><variable name=\"a\" typeRef=\"number\"/>" LIT(
                           "\"x\"") "</contextEntry></context>"),
         "{}", "{a: null}"},
        {"list", DECISION("r", "<list>" LIT("n") LIT("\"x\"") "<list/></list>"), "{n: 1}",
         "[1, \"x\", []]"},
        {"relation",
         DECISION("r",
                  "<relation><column name=\"a\"/><column name=\"b\" typeRef=\"number\"/><row>" LIT(
                      "n") LIT("2") "</row><row>" LIT("3") LIT("\"x\"") "</row></relation>"),
         "{n: 1}", "[{a: 1, b: 2}, {a: 3, b: null}]"},
        {"conditional",
         DECISION("r", "<conditional><if>" LIT("n &gt; 1") "</if><then>" LIT(
                           "\"yes\"") "</then><else>" LIT("\"no\"") "</else></conditional>"),
         "{n: 2}", "\"yes\""},
        {"conditional without truth",
         DECISION("r", "<conditional><if>" LIT("n &gt; 1") "</if><then>" LIT(
                           "1") "</then><else>" LIT("2") "</else></conditional>"),
         "{}", "2"},
        {"conditional over a text",
         DECISION("r", "<conditional><if>" LIT("\"x\"") "</if><then>" LIT("1") "</then><else>" LIT(
                           "2") "</else></conditional>"),
         "{}", "null: a condition is a string"},
        {"filter",
         DECISION("r", "<filter><in>" LIT("[1,2,3]") "</in><match>" LIT(
                           "item &gt; n") "</match></filter>"),
         "{n: 1}", "[2, 3]"},
        {"filter by members",
         DECISION("r", "<filter><in>" LIT("[{a: 1}, {a: 2}]") "</in><match>" LIT(
                           "a = n") "</match></filter>"),
         "{n: 2}", "[{a: 2}]"},
        {"filter by place",
         DECISION("r", "<filter><in>" LIT("[5,6,7]") "</in><match>" LIT("-1") "</match></filter>"),
         "{}", "7"},
        {"filter of one",
         DECISION("r", "<filter><in>" LIT("5") "</in><match>" LIT("item = 5") "</match></filter>"),
         "{}", "[5]"},
        {"for",
         DECISION("r", "<for iteratorVariable=\"i\"><in>" LIT("[1,2,3]") "</in><return>" LIT(
                           "i * n + count(partial)") "</return></for>"),
         "{n: 10}", "[10, 21, 32]"},
        {"for over a range",
         DECISION("r", "<for iteratorVariable=\"i\"><in>" LIT("[1..3]") "</in><return>" LIT(
                           "i") "</return></for>"),
         "{}", "[1, 2, 3]"},
        {"for over a text",
         DECISION("r", "<for iteratorVariable=\"i\"><in>" LIT("\"x\"") "</in><return>" LIT(
                           "i") "</return></for>"),
         "{}", "null"},
        {"some",
         DECISION("r", "<some iteratorVariable=\"i\"><in>" LIT("[1,2]") "</in><satisfies>" LIT(
                           "i = n") "</satisfies></some>"),
         "{n: 2}", "true"},
        {"some of none",
         DECISION("r", "<some iteratorVariable=\"i\"><in>" LIT("[]") "</in><satisfies>" LIT(
                           "true") "</satisfies></some>"),
         "{}", "false"},
        {"every",
         DECISION("r", "<every iteratorVariable=\"i\"><in>" LIT("[1,2]") "</in><satisfies>" LIT(
                           "i &lt; n") "</satisfies></every>"),
         "{n: 2}", "false"},
        {"every unknown",
         DECISION("r", "<every iteratorVariable=\"i\"><in>" LIT("[1,2]") "</in><satisfies>" LIT(
                           "i &lt; n") "</satisfies></every>"),
         "{}", "null"},
        {"function and invocation",
         DECISION(
             "r",
             "<context>" ENTRY("f", "<functionDefinition>" PARAM("a", "number") PARAM(
                                        "b", "number") LIT("a - b") "</functionDefinition>")
                 LAST("<invocation>" LIT("f") "<binding><parameter name=\"b\"/>" LIT(
                     "1") "</binding><binding><parameter name=\"a\"/>" LIT("n") "</binding></"
                                                                                "invocation>") "</"
                                                                                               "con"
                                                                                               "tex"
                                                                                               "t"
                                                                                               ">"),
         "{n: 5}", "4"},
        {"invocation without one binding",
         DECISION("r", "<context>" ENTRY("f", "<functionDefinition>" PARAM("a", "number")
                                                  PARAM("b", "number")
                                                      LIT("b = null") "</functionDefinition>")
                           LAST("<invocation>" LIT("f") "<binding><parameter name=\"a\"/>" LIT(
                               "n") "</binding></invocation>") "</context>"),
         "{n: 5}", "true"},
        {"invocation with an unknown binding",
         DECISION("r", "<context>" ENTRY("f", "<functionDefinition>" PARAM("a", "number")
                                                  LIT("a") "</functionDefinition>")
                           LAST("<invocation>" LIT("f") "<binding><parameter name=\"z\"/>" LIT(
                               "n") "</binding></invocation>") "</context>"),
         "{n: 5}", "null: no parameter 'z'"},
        {"invocation of no function", DECISION("r", "<invocation>" LIT("n") "</invocation>"),
         "{n: 5}", "null: a number is no function"},
        {"a boxed function calls itself",
         DECISION("r",
                  "<context>" ENTRY(
                      "fac", "<functionDefinition>" PARAM("a", "number") LIT(
                                 "if a &lt; 2 then 1 else a * fac(a - 1)") "</functionDefinition>")
                      LAST(LIT("fac(n)")) "</context>"),
         "{n: 5}", "120"},
        {"a function keeps what is around",
         DECISION("m", "<context>" ENTRY("k", LIT("n * 100")) LAST("<functionDefinition>" PARAM(
                           "a", "number") LIT("a + k") "</functionDefinition>") "</context>")
             DECISION("r", NEED("Decision", "m") LIT("m(1)")),
         "{n: 2}", "201"},
        {"external function",
         DECISION(
             "r",
             "<context>" ENTRY(
                 "f", "<functionDefinition kind=\"Java\">" PARAM("a", "number") PARAM(
                          "b", "number") "<context>" ENTRY("class", LIT("\"java.lang.Math\""))
                          ENTRY("method signature",
                                LIT("\"max(double, double)\"")) "</context></functionDefinition>")
                 LAST(LIT("f(n, 7)")) "</context>"),
         "{n: 5}", "7"},
    };
    run_rows(rows, COUNT(rows), DMN_STRICT);
}

#define ONE_TWO RULE("&gt; 0", "1") RULE("&gt; 1", "2") RULE("&lt; 0", "1")
#define THREE RULE("&gt; 0", "\"c\"") RULE("&gt; 1", "\"a\"") RULE("&gt; 2", "\"b\"")
#define PAIR                                                                                       \
    "<output name=\"k\">" VALUES("\"a\",\"b\"") "</output><output name=\"w\">" VALUES(             \
        "2,1") "</output>" RULE2("-", "\"b\"", "1") RULE2("-", "\"a\"", "1")                       \
        RULE2("-", "\"a\"", "2")
#define COLLECT(how) "hitPolicy=\"COLLECT\" aggregation=\"" how "\""

TEST(rules_hit_policies)
{
    static const Row rows[] = {
        {"unique", DECISION("r", TABLE("", IN("n") "<output/>" ONE_TWO)), "{n: 1}", "1"},
        {"unique twice", DECISION("r", TABLE("", IN("n") "<output/>" ONE_TWO)), "{n: 2}",
         "null: rules 1, 2 hold at once"},
        {"unique none", DECISION("r", TABLE("", IN("n") "<output/>" ONE_TWO)), "{n: 0}",
         "null: no rule of the table holds"},
        {"first", DECISION("r", TABLE("hitPolicy=\"FIRST\"", IN("n") "<output/>" ONE_TWO)),
         "{n: 2}", "1"},
        {"any agree",
         DECISION("r",
                  TABLE("hitPolicy=\"ANY\"", IN("n") "<output/>" RULE("1", "5") RULE("-", "5"))),
         "{n: 1}", "5"},
        {"any disagree", DECISION("r", TABLE("hitPolicy=\"ANY\"", IN("n") "<output/>" ONE_TWO)),
         "{n: 2}", "null: rules 1, 2 disagree"},
        {"priority",
         DECISION("r", TABLE("hitPolicy=\"PRIORITY\"",
                             IN("n") "<output>" VALUES("\"a\",\"b\",\"c\"") "</output>" THREE)),
         "{n: 3}", "\"a\""},
        {"priority by the type",
         DECISION("r",
                  TABLE("hitPolicy=\"PRIORITY\"", IN("n") "<output typeRef=\"tGrade\"/>" THREE)),
         "{n: 3}", "\"a\""},
        {"priority of several", DECISION("r", TABLE("hitPolicy=\"PRIORITY\"", IN("n") PAIR)),
         "{n: 3}", "{k: \"a\", w: 2}"},
        {"output order",
         DECISION("r", TABLE("hitPolicy=\"OUTPUT ORDER\"",
                             IN("n") "<output>" VALUES("\"a\",\"b\",\"c\"") "</output>" THREE)),
         "{n: 3}", "[\"a\", \"b\", \"c\"]"},
        {"output order of several",
         DECISION("r", TABLE("hitPolicy=\"OUTPUT ORDER\"", IN("n") PAIR)), "{n: 3}",
         "[{k: \"a\", w: 2}, {k: \"a\", w: 1}, {k: \"b\", w: 1}]"},
        {"rule order", DECISION("r", TABLE("hitPolicy=\"RULE ORDER\"", IN("n") "<output/>" THREE)),
         "{n: 3}", "[\"c\", \"a\", \"b\"]"},
        {"collect", DECISION("r", TABLE("hitPolicy=\"COLLECT\"", IN("n") "<output/>" THREE)),
         "{n: 2}", "[\"c\", \"a\"]"},
        {"collect none", DECISION("r", TABLE("hitPolicy=\"COLLECT\"", IN("n") "<output/>" THREE)),
         "{n: 0}", "[]"},
        {"sum", DECISION("r", TABLE(COLLECT("SUM"), IN("n") "<output/>" ONE_TWO)), "{n: 2}", "3"},
        {"min", DECISION("r", TABLE(COLLECT("MIN"), IN("n") "<output/>" ONE_TWO)), "{n: 2}", "1"},
        {"max", DECISION("r", TABLE(COLLECT("MAX"), IN("n") "<output/>" ONE_TWO)), "{n: 2}", "2"},
        {"count", DECISION("r", TABLE(COLLECT("COUNT"), IN("n") "<output/>" ONE_TWO)), "{n: 2}",
         "2"},
        {"count none", DECISION("r", TABLE(COLLECT("COUNT"), IN("n") "<output/>" ONE_TWO)),
         "{n: 0}", "0"},
        {"sum none", DECISION("r", TABLE(COLLECT("SUM"), IN("n") "<output/>" ONE_TWO)), "{n: 0}",
         "null"},
        {"default",
         DECISION("r", TABLE("", IN("n") "<output><defaultOutputEntry><text>n * 2</text>"
                                         "</defaultOutputEntry></output>" ONE_TWO)),
         "{n: 0}", "0"},
        {"several outputs",
         DECISION("r", TABLE("", IN("n") "<output name=\"a\"/><output name=\"b\"/>" RULE2(
                                     "1", "\"x\"", "n"))),
         "{n: 1}", "{a: \"x\", b: 1}"},
        {"orientation is only looks",
         DECISION("r", TABLE("preferredOrientation=\"CrossTable\"", IN("n") "<output/>" ONE_TWO)),
         "{n: 1}", "1"},
        {"output with a type",
         DECISION("r", TABLE("", IN("n") "<output typeRef=\"string\"/>" ONE_TWO)), "{n: 1}",
         "null: a number where a string is needed"},
    };
    run_rows(rows, COUNT(rows), DMN_STRICT);
}

#define TEST_CELL(cell)                                                                            \
    DECISION("r", TABLE("hitPolicy=\"FIRST\"",                                                     \
                        IN("x") "<output/>" RULE(cell, "true") RULE("-", "false")))

TEST(rules_cells)
{
    static const Row rows[] = {
        {"dash", TEST_CELL("-"), "{}", "true"},
        {"empty", TEST_CELL(""), "{}", "true"},
        {"value", TEST_CELL("\"a\", \"b\""), "{x: \"b\"}", "true"},
        {"no value", TEST_CELL("\"a\", \"b\""), "{x: \"c\"}", "false"},
        {"another kind", TEST_CELL("\"1\""), "{x: 1}", "false"},
        {"null", TEST_CELL("\"a\""), "{x: null}", "false"},
        {"null is asked for", TEST_CELL("null"), "{x: null}", "true"},
        {"a list is no value", TEST_CELL("\"a\""), "{x: [\"a\", \"b\"]}", "false"},
        {"a list as a value", TEST_CELL("[\"a\"]"), "{x: [\"a\"]}", "true"},
        {"not", TEST_CELL("not(\"a\", \"b\")"), "{x: \"b\"}", "false"},
        {"range low", TEST_CELL("[1..5)"), "{x: 1}", "true"},
        {"range high", TEST_CELL("[1..5)"), "{x: 5}", "false"},
        {"range or value", TEST_CELL("9, ]1..5["), "{x: 9}", "true"},
        {"range of texts", TEST_CELL("[\"a\"..\"f\"]"), "{x: \"c\"}", "true"},
        {"range of dates", TEST_CELL("[date(\"2026-01-01\")..date(\"2026-12-31\")]"),
         "{x: date(\"2026-05-05\")}", "true"},
        {"less", TEST_CELL("&lt; 5"), "{x: 4.9}", "true"},
        {"less, another kind", TEST_CELL("&lt; 5"), "{x: \"4\"}", "false"},
        {"true", TEST_CELL("true"), "{x: true}", "true"},
        {"names", TEST_CELL("n, g"), "{x: 3, n: 3}", "true"},
        {"input mark", TEST_CELL("? &gt; n and ? &lt; 10"), "{x: 5, n: 3}", "true"},
        {"date in a date and time", TEST_CELL("date(\"2026-05-05\")"), "{x: date(\"2026-05-05\")}",
         "true"},
        {"input values",
         DECISION("r", TABLE("", "<input><inputExpression><text>x</text></"
                                 "inputExpression><inputValues><text>\"a\",\"b\""
                                 "</text></inputValues></input><output/>" RULE("-", "1"))),
         "{x: \"c\"}", "null: 'c' is none of"},
        {"input values hold",
         DECISION("r", TABLE("", "<input><inputExpression><text>x</text></"
                                 "inputExpression><inputValues><text>\"a\",\"b\""
                                 "</text></inputValues></input><output/>" RULE("-", "1"))),
         "{x: \"b\"}", "1"},
        {"column in an inner context",
         DECISION("r", "<context>" ENTRY("n", LIT("7")) LAST(
                           TABLE("", IN("n") "<output/>" RULE("7", "\"inner\""))) "</context>"),
         "{n: 1}", "\"inner\""},
    };
    run_rows(rows, COUNT(rows), DMN_STRICT);
}

TEST(rules_types)
{
    static const Row rows[] = {
        {"allowed", TYPED("r", "tGrade", LIT("x")), "{x: \"a\"}", "\"a\""},
        {"not allowed", TYPED("r", "tGrade", LIT("x")), "{x: \"z\"}", "null: 'z' is none of"},
        {"of each item", TYPED("r", "tGrades", LIT("x")), "{x: [\"a\", \"z\"]}",
         "null: 'z' is none of"},
        {"a value as a list", TYPED("r", "tGrades", LIT("x")), "{x: \"a\"}", "[\"a\"]"},
        {"a list of one", TYPED("r", "number", LIT("x")), "{x: [1]}", "1"},
        {"a date at midnight", TYPED("r", "dateTime", LIT("day")), "{day: date(\"2026-01-02\")}",
         "date and time(\"2026-01-02T00:00:00Z\")"},
        {"of the collection", TYPED("r", "tTwo", LIT("x")), "{x: [1, 2]}", "[1, 2]"},
        {"not of the collection", TYPED("r", "tTwo", LIT("x")), "{x: [1, 2, 3]}",
         "null: is none of"},
        {"both constraints", TYPED("r", "tDigit", LIT("x")), "{x: 7}", "7"},
        {"constraint of the base", TYPED("r", "tDigit", LIT("x")), "{x: 15}", "null: is none of"},
        {"own constraint", TYPED("r", "tDigit", LIT("x")), "{x: 3}", "null: is none of"},
        {"tree", TYPED("r", "tTree", LIT("x")), "{x: {v: 1, kids: [{v: 2, kids: []}]}}",
         "{v: 1, kids: [{v: 2, kids: []}]}"},
        {"bad leaf", TYPED("r", "tTree", LIT("x")), "{x: {v: 1, kids: [{v: \"2\", kids: []}]}}",
         "null: a string where a number is needed"},
        {"function",
         TYPED("m", "tFn", LIT("function(a: number) a + 1"))
             DECISION("r", NEED("Decision", "m") LIT("m(1)")),
         "{}", "2"},
        {"function of two", TYPED("r", "tFn", LIT("function(a: number, b: number) a")), "{}",
         "null"},
        {"input", DECISION("r", LIT("g")), "{g: \"z\"}", "null: 'z' is none of"},
        {"instance of", DECISION("r", LIT("[x instance of tGrade, x instance of number]")),
         "{x: \"a\"}", "[true, false]"},
        {"type of an expression",
         DECISION("r", "<literalExpression typeRef=\"string\"><text>n</text></literalExpression>"),
         "{n: 1}", "null: a number where a string is needed"},
    };
    run_rows(rows, COUNT(rows), DMN_STRICT);
}

#define SERVICE(id, inner)                                                                         \
    "<decisionService id=\"" id "\" name=\"" id "\"><variable name=\"" id "\"/>" inner             \
    "</decisionService>"
#define OUT(id) "<outputDecision href=\"#" id "\"/>"

TEST(rules_functions)
{
    static const Row rows[] = {
        {"knowledge",
         BKM("f", PARAM("a", "number") LIT("a * 2")) DECISION("r", KNOW("f") LIT("f(n)")), "{n: 4}",
         "8"},
        {"knowledge by name",
         BKM("f", PARAM("a", "number") PARAM("b", "number") LIT("a - b"))
             DECISION("r", KNOW("f") LIT("f(b: 1, a: n)")),
         "{n: 4}", "3"},
        {"argument of another type",
         BKM("f", PARAM("a", "number") LIT("1")) DECISION("r", KNOW("f") LIT("f(\"x\")")), "{}",
         "null: a string where a number is needed"},
        {"wrong count",
         BKM("f", PARAM("a", "number") LIT("1")) DECISION("r", KNOW("f") LIT("f(1, 2)")), "{}",
         "null: the function takes 1 values, not 2"},
        {"recursion",
         BKM("f", PARAM("a", "number") LIT("if a &lt; 2 then 1 else a * f(a - 1)"))
             DECISION("r", KNOW("f") LIT("f(n)")),
         "{n: 10}", "3628800"},
        {"knowledge that needs knowledge",
         BKM("g2",
             PARAM("a", "number")
                 LIT("a + 1")) "<businessKnowledgeModel id=\"f\" "
                               "name=\"f\"><encapsulatedLogic>" PARAM("a", "number")
                                   LIT("g2(a) * 10") "</encapsulatedLogic>" KNOW(
                                       "g2") "</businessKnowledgeModel>" DECISION("r",
                                                                                  KNOW("f")
                                                                                      LIT("f(n)")),
         "{n: 1}", "20"},
        {"table as knowledge",
         BKM("f", PARAM("a", "number")
                      TABLE("hitPolicy=\"FIRST\"",
                            IN("a") "<output/>" RULE("&gt; 5", "\"big\"") RULE("-", "\"small\"")))
             DECISION("r", KNOW("f") LIT("[f(9), f(1)]")),
         "{}", "[\"big\", \"small\"]"},
        {"knowledge as a value",
         BKM("f", PARAM("a", "number") LIT("a * 2"))
             DECISION("r", KNOW("f") "<invocation>" LIT("f") "<binding><parameter name=\"a\"/>" LIT(
                               "n") "</binding></invocation>"),
         "{n: 4}", "8"},
        {"service",
         SERVICE("s", OUT("o") "<inputData href=\"#n\"/>") DECISION("o", LIT("n + 1"))
             DECISION("r", KNOW("s") LIT("[s(41), n]")),
         "{n: 1}", "[42, 1]"},
        {"service with an input decision: inputs come first",
         SERVICE("s", OUT("o") "<inputDecision href=\"#m\"/><inputData href=\"#n\"/>")
             DECISION("m", LIT("\"own\"")) DECISION("o", NEED("Decision", "m") LIT("string(n) + m"))
                 DECISION("r", NEED("Decision", "o") KNOW("s") LIT("[s(41, \"given\"), o]")),
         "{n: 1}", "[\"41given\", \"1own\"]"},
        {"service with two outputs",
         SERVICE("s", OUT("o") OUT("p") "<inputData href=\"#n\"/>") DECISION("o", LIT("n + 1"))
             DECISION("p", LIT("n + 2")) DECISION("r", KNOW("s") LIT("s(1)")),
         "{}", "{o: 2, p: 3}"},
        {"required once, in order",
         DECISION("r", NEED("Decision", "m") NEED("Decision", "k") LIT("m + k"))
             DECISION("m", NEED("Decision", "k") LIT("k * 2")) DECISION("k", LIT("n")),
         "{n: 3}", "9"},
    };
    run_rows(rows, COUNT(rows), DMN_STRICT);
}

TEST(rules_lenient_is_null_with_a_reason)
{
    static const Row rows[] = {
        {"broken", DECISION("r", LIT("1 +")), "{}", "null: the expression cannot be read: "},
        {"a broken part", DECISION("r", "<list>" LIT("1 +") LIT("2") "</list>"), "{}", "[null, 2]"},
        {"no logic", DECISION("r", ""), "{}", "null: it has no logic"},
        {"unknown name", DECISION("r", LIT("zzz")), "{}", "null: no value for 'zzz'"},
        {"unknown type", TYPED("r", "tNone", LIT("1")), "{}", "null: unknown type 'tNone'"},
        {"unknown hit policy",
         DECISION("r", TABLE("hitPolicy=\"BEST\"", IN("n") "<output/>" ONE_TWO)), "{n: 1}",
         "null: its hit policy is not known"},
        {"kind of function",
         DECISION("m", "<functionDefinition kind=\"PMML\">" LIT("1") "</functionDefinition>")
             DECISION("r", NEED("Decision", "m") LIT("m()")),
         "{}", "null: functions of its kind are not supported"},
        {"circle",
         DECISION("r", NEED("Decision", "m") LIT("1"))
             DECISION("m", NEED("Decision", "r") LIT("r")),
         "{}", "1"},
        {"a cell",
         DECISION("r", TABLE("hitPolicy=\"FIRST\"",
                             IN("n") "<output/>" RULE("&lt;", "1") RULE("-", "2"))),
         "{n: 1}", "2"},
    };
    run_rows(rows, COUNT(rows), DMN_LENIENT);
}

TEST(rules_decided_and_invoked)
{
    Arena a = {0};
    Err err = {0};
    RulesAnswer answer = {0};
    const DmnModel *m =
        read_model(&a,
                   DECISION("m", LIT("n")) DECISION("r", NEED("Decision", "m") LIT("m * 2"))
                       SERVICE("s", OUT("r") "<inputDecision href=\"#m\"/>")
                           BKM("f", PARAM("a", "date") LIT("a")),
                   DMN_STRICT);
    FeelValue input = feel(&a, "{n: 1, m: 50, a: \"2026-01-02\"}");
    RulesAsk ask = {.input = &input};
    CHECK(rules_decide(&a, m, STR("r"), &ask, &answer, &err) &&
              feel_text(&a, &answer.value).at[0] == '2',
          "an entry of a decision's name is no input");
    ask.decided = &input;
    CHECK(rules_decide(&a, m, STR("r"), &ask, &answer, &err), "%s", err.msg);
    CHECK(str_eq(feel_text(&a, &answer.value), STR("100")), "decided is taken as it is");
    CHECK(rules_invoke(&a, m, STR("s"), &ask, &answer, &err), "%s", err.msg);
    CHECK(str_eq(feel_text(&a, &answer.value), STR("100")), "a service by name");
    CHECK(rules_invoke(&a, m, STR("f"), &ask, &answer, &err) && answer.value.kind == FEEL_NULL,
          "a text is no date");
    ask.is_data = true;
    CHECK(rules_invoke(&a, m, STR("f"), &ask, &answer, &err) && answer.value.kind == FEEL_DATE,
          "but in data it is");
    CHECK(!rules_invoke(&a, m, STR("r"), &ask, &answer, &err) && err.code == ERR_NOT_FOUND,
          "a decision is no function");
    arena_free(&a);
}

TEST(rules_limits)
{
    static const struct {
        const char *body, *limit;
        FeelLimits limits;
    } rows[] = {
        {BKM("f", PARAM("a", "number") LIT("f(a + 1)")) DECISION("r", KNOW("f") LIT("f(1)")),
         "FEEL_MAX_CALLS",
         {0}},
        {SERVICE("s", OUT("o") "<inputData href=\"#n\"/>") DECISION("o", KNOW("s") LIT("s(n + 1)"))
             DECISION("r", NEED("Decision", "o") LIT("o")),
         "FEEL_MAX_CALLS",
         {0}},
        {DECISION(
             "r",
             "<for iteratorVariable=\"i\"><in>" LIT(
                 "for i in 1..5000 return i") "</in><return><for "
                                              "iteratorVariable=\"k\"><in>" LIT(
                                                  "for i in 1..5000 return i") "</"
                                                                               "in><return><"
                                                                               "context/></"
                                                                               "return></for></"
                                                                               "return></for>"),
         "FEEL_MAX_STEPS",
         {0}},
        {DECISION("r", LIT("for i in 1..1000 return i")), "FEEL_MAX_STEPS", {.steps = 100}},
        {DECISION("r", LIT("for i in 1..200000 return [i, i, i]")),
         "FEEL_MAX_BYTES",
         {.bytes = 1 << 16}},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Arena a = {0};
        Err err = {0};
        const DmnModel *m = read_model(&a, rows[i].body, DMN_STRICT);
        RulesAsk ask = {.traced = true};
        RulesAnswer answer = {0};
        FeelLimits none = {0};
        ask.limits = memcmp(&rows[i].limits, &none, sizeof none) == 0 ? NULL : &rows[i].limits;
        bool ok = m && rules_decide(&a, m, STR("r"), &ask, &answer, &err);
        CHECK(!ok && err.code == ERR_LIMIT && strstr(err.msg, rows[i].limit), "row %zu: %s", i,
              err.msg);
        CHECK(!answer.trace, "row %zu: no trace of half a run", i);
        arena_free(&a);
    }
}

/* ---- the trace ---- */

TEST(rules_trace_of_every_part)
{
    Arena a = {0};
    Err err = {0};
    RulesAnswer answer = {0};
    const DmnModel *m = read_model(
        &a,
        BKM("f",
            PARAM("a", "number") TABLE(
                "hitPolicy=\"FIRST\"",
                IN("a") "<output/>" RULE(
                    "&gt; 5",
                    "\"big\""))) "<decision id=\"r\" name=\"The result\"><variable "
                                 "name=\"r\"/><question>How big?</question>" ALL
                                     KNOW("f") "<context>" ENTRY("v", LIT("f(n)")) ENTRY(
                                         "w",
                                         TABLE("hitPolicy=\"COLLECT\"",
                                               "<annotation name=\"zh\"/>" IN(
                                                   "g") "<output/>"
                                                        "<rule "
                                                        "id=\"r1\"><inputEntry><text>\"a\"</text></"
                                                        "inputEntry><outputEntry><text>1</text></"
                                                        "outputEntry>"
                                                        "<annotationEntry><text>because</text></"
                                                        "annotationEntry></rule>")) "</context></"
                                                                                    "decision>",
        DMN_STRICT);
    FeelValue input = feel(&a, "{n: 9, g: \"z\"}");
    RulesAsk ask = {.input = &input, .traced = true};
    CHECK(rules_decide(&a, m, STR("r"), &ask, &answer, &err), "%s", err.msg);
    static const struct {
        const char *path, *want;
    } rows[] = {{"decision", "r"}, {"name", "The result"}, {"question", "How big?"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        Str got = value_text(value_path(answer.trace, str_z(rows[i].path)));
        CHECK(str_eq(got, str_z(rows[i].want)), "%s: " STR_FMT, rows[i].path, STR_ARG(got));
    }
    const Value *inputs = value_at(answer.trace, "inputs");
    CHECK(value_count(inputs) == 4, "inputs that were read");
    Str zh = value_text(value_path(value_item(inputs, 2), STR("why.zh")));
    Str en = value_text(value_path(value_item(inputs, 2), STR("why.en")));
    CHECK(str_find(zh, STR("不在允许的值"), 0) != SIZE_MAX, STR_FMT, STR_ARG(zh));
    CHECK(str_find(en, STR("is none of"), 0) != SIZE_MAX, STR_FMT, STR_ARG(en));
    const Value *step = value_item(value_at(answer.trace, "steps"), 0);
    const Value *entries = value_at(step, "entries"),
                *call = value_item(value_at(value_item(entries, 0), "calls"), 0);
    CHECK(value_count(entries) == 2 && str_eq(get_str(step, "kind"), STR("context")), "entries");
    CHECK(str_eq(get_str(call, "function"), STR("f")), "the function that was called");
    CHECK(str_eq(get_str(call, "result"), STR("big")), "what it gave");
    CHECK(value_count(value_at(call, "rules")) == 1, "by which rule");
    CHECK(value_count(value_at(step, "uses")) == 4, "what the decision sees");
    arena_free(&a);
}

TEST(rules_trace_has_an_end)
{
    Arena a = {0};
    Err err = {0};
    RulesAnswer answer = {0};
    const DmnModel *m = read_model(
        &a,
        DECISION("r", "<for iteratorVariable=\"i\"><in>" LIT(
                          "for i in 1..3000 return i") "</in><return>" LIT("i") "</return></for>"),
        DMN_STRICT);
    RulesAsk ask = {.traced = true};
    CHECK(rules_decide(&a, m, STR("r"), &ask, &answer, &err), "%s", err.msg);
    CHECK(get_bool(answer.trace, "shortened"), "told so");
    CHECK(!value_at(answer.trace, "result"), "a long value is left out");
    const Value *step = value_item(value_at(answer.trace, "steps"), 0);
    CHECK(value_count(value_at(step, "entries")) <= RULES_MAX_TRACE, "rows");
    arena_free(&a);
}

/* ---- imports ---- */

TEST(rules_imports)
{
    static const char *const files[] = {
        "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" namespace=\"a\">"
        "<import namespace=\"b\" name=\"my lib\" "
        "importType=\"https://www.omg.org/spec/DMN/20230324/MODEL/\"/>"
        "<import namespace=\"c\" name=\"\"/>"
        "<decision id=\"r\" name=\"r\"><variable name=\"r\" typeRef=\"my lib.tName\"/>"
        "<informationRequirement><requiredDecision href=\"b#hi\"/></informationRequirement>"
        "<informationRequirement><requiredDecision href=\"c#mark\"/></informationRequirement>"
        "<knowledgeRequirement><requiredKnowledge href=\"b#twice\"/></knowledgeRequirement>"
        "<literalExpression><text>my lib.Twice it(my lib.Say Hi) + "
        "mark</text></literalExpression></decision>"
        "</definitions>",
        "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" namespace=\"b\">"
        "<import namespace=\"c\" name=\"base\"/>"
        "<itemDefinition name=\"tName\"><typeRef>base.tText</typeRef></itemDefinition>"
        "<inputData id=\"who\" name=\"who\"><variable name=\"who\" typeRef=\"string\"/></inputData>"
        "<decision id=\"hi\" name=\"Say Hi\"><variable name=\"Say Hi\" typeRef=\"tName\"/>"
        "<informationRequirement><requiredInput href=\"#who\"/></informationRequirement>"
        "<informationRequirement><requiredDecision href=\"c#mark\"/></informationRequirement>"
        "<literalExpression><text>\"hi \" + who + base.mark</text></literalExpression></decision>"
        "<businessKnowledgeModel id=\"twice\" name=\"Twice it\"><variable name=\"Twice "
        "it\"/><encapsulatedLogic>"
        "<formalParameter name=\"s\" typeRef=\"base.tText\"/><literalExpression><text>s + "
        "s</text></literalExpression>"
        "</encapsulatedLogic></businessKnowledgeModel></definitions>",
        "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" namespace=\"c\">"
        "<import namespace=\"a\" name=\"back\"/>"
        "<itemDefinition name=\"tText\"><typeRef>string</typeRef></itemDefinition>"
        "<decision id=\"mark\" name=\"mark\"><variable name=\"mark\" typeRef=\"tText\"/>"
        "<literalExpression><text>\"!\"</text></literalExpression></decision></definitions>",
        "<definitions namespace=\"d\"><nobody reads=\"this\"/></definitions>",
    };
    static const char *const inputs[] = {"{who: \"Li\"}", "{\"my lib\": {who: \"Li\"}}"};
    Arena a = {0};
    Err err = {0};
    Diags d = {.arena = &a};
    DmnFile all[COUNT(files)];
    for (size_t i = 0; i < COUNT(files); i++) {
        all[i] = (DmnFile){diag_file(&d, STR("f.dmn"), str_z(files[i])), str_z(files[i])};
    }
    const DmnModel *m = dmn_read(&a, &d, all, COUNT(all), DMN_STRICT);
    Str report = diag_render(&a, &d);
    CHECK(m, STR_FMT, STR_ARG(report));
    for (size_t i = 0; m && i < COUNT(inputs); i++) {
        FeelValue input = feel(&a, inputs[i]);
        RulesAsk ask = {.input = &input};
        RulesAnswer answer = {0};
        CHECK(rules_decide(&a, m, STR("r"), &ask, &answer, &err), "%s", err.msg);
        Str got = feel_text(&a, &answer.value);
        CHECK(str_eq(got, STR("hi Li!hi Li!!")), "%s: " STR_FMT, inputs[i], STR_ARG(got));
    }
    arena_free(&a);
}
