/* SPDX-License-Identifier: Apache-2.0 */
/* Decision tables as data: hit policies and cells. */
#include "rules_rows.h"

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
         DECISION("r", TABLE("", IN("n") "<output typeRef=\"string\"/>" RULE("1", "x"))),
         "{n: 1, x: 2}", "null: a number where a string is needed"},
    };
    rows_run(rows, COUNT(rows), DMN_STRICT);
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
    rows_run(rows, COUNT(rows), DMN_STRICT);
}
