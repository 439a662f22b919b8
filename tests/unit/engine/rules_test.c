/* SPDX-License-Identifier: Apache-2.0 */
/* Decisions as data: each boxed expression, types, functions, services, what lenient mode gives. */
#include "rules_rows.h"

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
        {"filter by no place",
         DECISION("r", "<filter><in>" LIT("[5,6,7]") "</in><match>" LIT("1.5") "</match></filter>"),
         "{}", "null: an index is no whole number"},
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
    rows_run(rows, COUNT(rows), DMN_STRICT);
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
        {"constraint of the base's base",
         "<itemDefinition name=\"tSeven\"><typeRef>tDigit</typeRef><allowedValues><text>&lt; "
         "8</text>"
         "</allowedValues></itemDefinition>" TYPED("r", "tSeven", LIT("x")),
         "{x: -1}", "null: is none of"},
        {"functions over types that hold themselves",
         "<itemDefinition name=\"tA\"><itemComponent "
         "name=\"l\"><typeRef>tA</typeRef></itemComponent>"
         "<itemComponent name=\"r\"><typeRef>tA</typeRef></itemComponent></itemDefinition>"
         "<itemDefinition name=\"tB\"><itemComponent "
         "name=\"l\"><typeRef>tB</typeRef></itemComponent>"
         "<itemComponent name=\"r\"><typeRef>tB</typeRef></itemComponent></itemDefinition>"
         "<itemDefinition name=\"tOfA\"><functionItem><parameters name=\"a\" typeRef=\"tA\"/>"
         "</functionItem></itemDefinition>" TYPED("r", "tOfA", LIT("function(b: tB) 1")),
         "{}", "null"},
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
    rows_run(rows, COUNT(rows), DMN_STRICT);
}

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
             PARAM("a", "number") LIT(
                 "a + 1")) "<businessKnowledgeModel id=\"f\" "
                           "name=\"f\"><encapsulatedLogic>" PARAM("a", "number")
                               LIT("g2(a) * 10") "</encapsulatedLogic>" KNOW(
                                   "g2") "</businessKnowledgeModel>" DECISION("r", KNOW("f")
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
    rows_run(rows, COUNT(rows), DMN_STRICT);
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
    rows_run(rows, COUNT(rows), DMN_LENIENT);
}
