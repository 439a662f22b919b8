/* SPDX-License-Identifier: Apache-2.0 */
/* Expressions of Camunda 7 as FEEL: the text, and that FEEL takes it and gives the same. */
#include "check.h"

#include "feel/feel.h"
#include "model/bpmn/juel.h"

typedef struct {
    const char *juel, *feel, *value; /* over x = 7, s = "ab", b = true, n null, l, e, o */
} Row;

static const char scope_text[] = "{x: 7, s: \"ab\", b: true, n: null, l: [1, 2], e: [], "
                                 "o: {p: {q: 3}, \"a b\": 4}, numberOfInstances: 4, "
                                 "numberOfCompletedInstances: 3, loopCounter: 1}";

static FeelValue evaluate(Arena *a, Str text, const FeelContext *context)
{
    FeelValue v = feel_null();
    Err err = {0};
    const FeelProgram *p = feel_compile(a, text, NULL, FEEL_EXPRESSION, &err);
    FeelScope scope = {.context = context};
    CHECK(p && feel_eval(a, p, &scope, 0, &v, &err), STR_FMT ": %s", STR_ARG(text), err.msg);
    return v;
}

TEST(juel_becomes_feel)
{
    static const Row table[] = {
        {"${x}", "x", "7"},
        {"#{x}", "x", "7"},
        {" ${ x } ", "x", "7"},
        {"${!b}", "not(b)", "false"},
        {"${not b}", "not(b)", "false"},
        {"${! !b}", "not(not(b))", "true"},
        {"${x == 7}", "x = 7", "true"},
        {"${x eq 7}", "x = 7", "true"},
        {"${s == 'ab'}", "s = \"ab\"", "true"},
        {"${s == \"ab\"}", "s = \"ab\"", "true"},
        {"${s == 'a\\'b\"c'}", "s = \"a'b\\\"c\"", "false"},
        {"${x != 1}", "x != 1", "true"},
        {"${x ne 1}", "x != 1", "true"},
        {"${x < 8 && x <= 7}", "x < 8 and x <= 7", "true"},
        {"${x gt 8 or x ge 7}", "x > 8 or x >= 7", "true"},
        {"${x lt 8 and x le 6 || b}", "x < 8 and x <= 6 or b", "true"},
        {"${(b || b) && !b}", "(b or b) and not(b)", "false"},
        {"${b == (x > 3)}", "b = (x > 3)", "true"},
        {"${x > 3 == b}", "(x > 3) = b", "true"},
        {"${o.p.q}", "o.p.q", "3"},
        {"${o['p'].q == 3}", "get value(o, \"p\").q = 3", "true"},
        {"${o['a b']}", "get value(o, \"a b\")", "4"},
        {"${l[0]}", "l[1]", "1"},
        {"${n == null}", "n = null", "true"},
        {"${true}", "true", "true"},
        {"${false || b}", "false or b", "true"},
        {"${1.5 + 2}", "1.5 + 2", "3.5"},
        {"${10 - 2 - 3}", "10 - 2 - 3", "5"},
        {"${10 - (2 - 3)}", "10 - (2 - 3)", "11"},
        {"${2 * (x + 1)}", "2 * (x + 1)", "16"},
        {"${x % 4}", "modulo(x, 4)", "3"},
        {"${x mod 4 + 1}", "modulo(x, 4) + 1", "4"},
        {"${8 div 2}", "8 / 2", "4"},
        {"${-x + 1}", "-x + 1", "-6"},
        {"${-(x + 1)}", "-(x + 1)", "-8"},
        {"${empty n}", "(n = null or string(n) in (\"\", \"[]\", \"{}\"))", "true"},
        {"${empty e}", "(e = null or string(e) in (\"\", \"[]\", \"{}\"))", "true"},
        {"${empty l}", "(l = null or string(l) in (\"\", \"[]\", \"{}\"))", "false"},
        {"${not empty s}", "not((s = null or string(s) in (\"\", \"[]\", \"{}\")))", "true"},
        {"${empty x}", "(x = null or string(x) in (\"\", \"[]\", \"{}\"))", "false"},
        {"${b ? 'yes' : 'no'}", "if b then \"yes\" else \"no\"", "yes"},
        {"${x > 9 ? 1 : b ? 2 : 3}", "if x > 9 then 1 else if b then 2 else 3", "2"},
        {"${nrOfCompletedInstances / nrOfInstances >= 0.6}",
         "numberOfCompletedInstances / numberOfInstances >= 0.6", "true"},
        {"${loopCounter == 0}", "loopCounter - 1 = 0", "true"},
        {"${2 * loopCounter}", "2 * (loopCounter - 1)", "0"},
        {"No. ${x}", "\"No. \" + string(x)", "No. 7"},
        {"${s}-${x}!", "string(s) + \"-\" + string(x) + \"!\"", "ab-7!"},
        {"", "\"\"", ""},
        {"plain \"text\"", "\"plain \\\"text\\\"\"", "plain \"text\""},
    };
    Arena a = {0};
    FeelValue scope = evaluate(&a, str_z(scope_text), NULL);
    for (size_t i = 0; i < COUNT(table); i++) {
        const Row *row = &table[i];
        Str feel = {0};
        Err err = {0};
        CHECK(juel_to_feel(&a, str_z(row->juel), &feel, &err), "%s: %s", row->juel, err.msg);
        CHECK(str_eq(feel, str_z(row->feel)), "%s gives " STR_FMT, row->juel, STR_ARG(feel));
        FeelValue v = evaluate(&a, feel, scope.context);
        Str text = feel_text(&a, &v);
        CHECK(str_eq(text, str_z(row->value)), "%s is " STR_FMT, row->juel, STR_ARG(text));
    }
    arena_free(&a);
}

TEST(juel_refuses_what_cannot_run)
{
    static const struct {
        const char *juel;
        uint32_t offset;
        ErrCode code;
        const char *message;
    } table[] = {
        {"${bean.run(x)}", 7, ERR_INPUT, "there is no method 'run'"},
        {"${x.equals('a')}", 4, ERR_INPUT, "there is no method 'equals'"},
        {"${now()}", 2, ERR_INPUT, "there is no function 'now'"},
        {"${fn:size(l) > 1}", 2, ERR_INPUT, "there is no function 'fn'"},
        {"${execution.getVariable('x')}", 2, ERR_INPUT, "there is no bean 'execution'"},
        {"${task.assignee}", 2, ERR_INPUT, "there is no bean 'task'"},
        {"${x = 1}", 4, ERR_INPUT, "an operator expected before '= 1}'"},
        {"${x ==}", 6, ERR_INPUT, "a value expected before '}'"},
        {"${x", 3, ERR_INPUT, "an operator expected before ''"},
        {"${}", 2, ERR_INPUT, "a value expected before '}'"},
        {"${(x}", 4, ERR_INPUT, "')' expected before '}'"},
        {"${'open}", 2, ERR_INPUT, "text without end ''open}'"},
        {"${1.2.3}", 2, ERR_INPUT, "no number '1.2.3'"},
        {"${1a}", 2, ERR_INPUT, "no number '1'"},
        {"${l[x]}", 4, ERR_INPUT, "an index that is no constant: 'x]}'"},
        {"${x.}", 4, ERR_INPUT, "a name expected before '}'"},
        {"${if == 1}", 2, ERR_INPUT, "a name that FEEL cannot have: 'if'"},
        {"${a$b}", 2, ERR_INPUT, "a name that FEEL cannot have: 'a$b'"},
        {"${b ? 1}", 7, ERR_INPUT, "':' expected before '}'"},
        {"${x} and ${y(1)}", 11, ERR_INPUT, "there is no function 'y'"},
        {"${((((((((((((((((((((((((((((((((((((((((((1))))))))))))))))))))))))))))))))))))))))))}",
         42, ERR_LIMIT, "more than 40 levels"},
        {"${!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!b}", 42, ERR_LIMIT,
         "more than 40 levels"},
        {"${empty empty empty empty empty empty empty empty empty empty empty empty empty empty "
         "empty empty empty empty empty empty empty empty empty empty empty empty empty empty x}",
         0, ERR_LIMIT, "more than 8192 bytes"},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        Arena a = {0};
        Str feel = {0};
        Err err = {0};
        CHECK(!juel_to_feel(&a, str_z(table[i].juel), &feel, &err), "%s", table[i].juel);
        CHECK(err.code == table[i].code && strcmp(err.msg, table[i].message) == 0, "%s: %s",
              table[i].juel, err.msg);
        CHECK(table[i].code == ERR_LIMIT || err.offset == table[i].offset, "%s at %u",
              table[i].juel, err.offset);
        arena_free(&a);
    }
}

TEST(juel_is_seen)
{
    CHECK(juel_is(STR("a ${b}")) && juel_is(STR("#{b}")), "expressions");
    CHECK(!juel_is(STR("= a")) && !juel_is(STR("$5 {x}")) && !juel_is(STR("")), "others");
}
