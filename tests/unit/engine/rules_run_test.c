/* SPDX-License-Identifier: Apache-2.0 */
/* A run as a whole: what is decided or invoked, limits, the trace, imports. */
#include "rules_rows.h"

#include "base/thread.h"

typedef struct {
    const DmnModel *model;
    bool ended;
    Err err;
} Deep; /* what a thread is given */

TEST(rules_decided_and_invoked)
{
    Arena a = {0};
    Err err = {0};
    RulesAnswer answer = {0};
    const DmnModel *m =
        rows_model(&a,
                   DECISION("m", LIT("n")) DECISION("r", NEED("Decision", "m") LIT("m * 2"))
                       SERVICE("s", OUT("r") "<inputDecision href=\"#m\"/>")
                           BKM("f", PARAM("a", "date") LIT("a")),
                   DMN_STRICT);
    FeelValue input = rows_feel(&a, "{n: 1, m: 50, a: \"2026-01-02\"}");
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

TEST(rules_evaluates_each_decision_once)
{
    Arena a = {0};
    Err err = {0};
    RulesAnswer answer = {0};
    const DmnModel *m =
        rows_model(&a,
                   DECISION("k", LIT("n")) DECISION("m", NEED("Decision", "k") LIT("k + 1"))
                       DECISION("r", NEED("Decision", "m") NEED("Decision", "k") LIT("m + k"))
                           DECISION("z", LIT("1")),
                   DMN_STRICT);
    FeelValue input = rows_feel(&a, "{n: 1}");
    RulesAsk ask = {.input = &input, .traced = true};
    CHECK(rules_decide(&a, m, STR("r"), &ask, &answer, &err), "%s", err.msg);
    CHECK(value_count(value_at(answer.trace, "steps")) == 3, "k, m, r, and not z");
    arena_free(&a);
}

/* One model, many threads: each has its own arena and nothing else. */
enum { SHARERS = 4, ROUNDS = 200 };

static void run_shared(void *arg)
{
    Deep *shared = arg;
    for (int i = 0; i < ROUNDS; i++) {
        Arena a = {0};
        FeelValue input = feel_context(feel_with(&a, &(FeelContext){0}, STR("n"), feel_int(i)));
        RulesAsk ask = {.input = &input, .traced = i % 2 == 0};
        RulesAnswer answer = {0};
        bool ok = rules_decide(&a, shared->model, STR("r"), &ask, &answer, &shared->err);
        FeelValue want = feel_int(2 * i + 1);
        shared->ended = shared->ended || !ok || !feel_same(&answer.value, &want);
        arena_free(&a);
    }
}

TEST(rules_share_a_model)
{
    Arena a = {0};
    Thread threads[SHARERS];
    Deep shared[SHARERS];
    const DmnModel *m = rows_model(
        &a,
        BKM("f", PARAM("a", "number") LIT("a + n2(a)") KNOW("n2"))
            BKM("n2", PARAM("a", "number") TABLE("", IN("a") "<output/>" RULE("-", "a + 1")))
                DECISION("r", KNOW("n2") LIT("n + n2(n)")),
        DMN_LENIENT);
    for (int i = 0; i < SHARERS; i++) {
        shared[i] = (Deep){.model = m};
        thread_start(&threads[i], "share", run_shared, &shared[i]);
    }
    for (int i = 0; i < SHARERS; i++) {
        thread_join(&threads[i]);
        CHECK(!shared[i].ended, "thread %d: %s", i, shared[i].err.msg);
    }
    arena_free(&a);
}

/* The budget ends while outputs are made, or while they are weighed. */
#define ENDLESS_RULE RULE2("-", "count(for i in 1..9999999 return i)", "1")
#define PAIR_OF_OUTPUTS                                                                            \
    "<output name=\"k\">" VALUES("1,2") "</output><output name=\"w\">" VALUES("1,2") "</output>"
#define THREE_TIMES(x) x x x
#define ENDLESS PAIR_OF_OUTPUTS THREE_TIMES(THREE_TIMES(ENDLESS_RULE))
#define WEIGHED PAIR_OF_OUTPUTS THREE_TIMES(THREE_TIMES(RULE2("-", "2", "1") RULE2("-", "1", "2")))

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
         {.bytes = (size_t)256 << 20}},
        {DECISION("r", LIT("for i in 1..1000 return i")), "FEEL_MAX_STEPS", {.steps = 100}},
        {DECISION("r", TABLE("hitPolicy=\"PRIORITY\"", IN("x") ENDLESS)), "FEEL_MAX_STEPS", {0}},
        {DECISION("r", TABLE("hitPolicy=\"OUTPUT ORDER\"", IN("x") ENDLESS)),
         "FEEL_MAX_STEPS",
         {0}},
        {DECISION("r", TABLE("hitPolicy=\"ANY\"", IN("x") ENDLESS)), "FEEL_MAX_STEPS", {0}},
        {DECISION("r", TABLE("hitPolicy=\"PRIORITY\"", IN("x") WEIGHED)),
         "FEEL_MAX_STEPS",
         {.steps = 40}},
        {DECISION("r", LIT("for i in 1..200000 return [i, i, i]")),
         "FEEL_MAX_BYTES",
         {.bytes = 1 << 16}},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Arena a = {0};
        Err err = {0};
        const DmnModel *m = rows_model(&a, rows[i].body, DMN_STRICT);
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

/* Functions that call each other through boxed expressions as deep as they may be: the limit has to
 * come before the end of a thread's stack. */
static void run_deep(void *arg)
{
    Deep *deep = arg;
    Arena a = {0};
    RulesAsk ask = {.traced = true};
    RulesAnswer answer = {0};
    deep->ended = !rules_decide(&a, deep->model, STR("r"), &ask, &answer, &deep->err);
    arena_free(&a);
}

TEST(rules_deepest_call_fits_a_thread)
{
    static const struct {
        const char *open, *close;
    } rows[] = {
        {"<list>", "</list>"},
        {"<context><contextEntry><variable name=\"v\"/>", "</contextEntry></context>"},
        {"<for iteratorVariable=\"i\"><in>" LIT("[1]") "</in><return>", "</return></for>"},
        {"<conditional><if>" LIT("true") "</if><then>",
         "</then><else>" LIT("1") "</else></conditional>"},
        {"<filter><in>" LIT("[1]") "</in><match>", "</match></filter>"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Arena a = {0};
        StrBuf b = buf_in(&a);
        BUF_LIT(&b, "<businessKnowledgeModel id=\"f\" name=\"f\"><encapsulatedLogic>" PARAM(
                        "a", "number"));
        for (int depth = 0; depth < DMN_MAX_NEST; depth++) {
            buf_add(&b, str_z(rows[i].open));
        }
        BUF_LIT(&b, TABLE("", IN("sort([a, 1], function(x, y) f(x) = 1)[1]") "<output/>" RULE(
                                  "-", "1")));
        for (int depth = 0; depth < DMN_MAX_NEST; depth++) {
            buf_add(&b, str_z(rows[i].close));
        }
        BUF_LIT(&b, "</encapsulatedLogic></businessKnowledgeModel>" DECISION("r", KNOW("f")
                                                                                      LIT("f(1)")));
        Deep deep = {.model = rows_model(&a, str_cstr(&a, buf_str(&b)), DMN_STRICT)};
        Thread thread;
        if (deep.model) {
            thread_start(&thread, "deep", run_deep, &deep);
            thread_join(&thread);
        }
        CHECK(deep.ended && deep.err.code == ERR_LIMIT, "%s: %s", rows[i].open, deep.err.msg);
        arena_free(&a);
    }
}

/* ---- the trace ---- */

TEST(rules_trace_of_every_part)
{
    Arena a = {0};
    Err err = {0};
    RulesAnswer answer = {0};
    const DmnModel *m = rows_model(
        &a,
        BKM("f",
            PARAM("a", "number") TABLE(
                "hitPolicy=\"FIRST\"",
                IN("a") "<output/>" RULE(
                    "&gt; 5",
                    "\"big\""))) "<decision id=\"r\" name=\"The result\"><variable "
                                 "name=\"r\"/><question>How big?</question>" ALL KNOW(
                                     "f") "<context>" ENTRY("v", LIT("f(n)"))
                                     ENTRY(
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
    FeelValue input = rows_feel(&a, "{n: 9, g: \"z\"}");
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
    const DmnModel *m = rows_model(
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
        FeelValue input = rows_feel(&a, inputs[i]);
        RulesAsk ask = {.input = &input};
        RulesAnswer answer = {0};
        CHECK(rules_decide(&a, m, STR("r"), &ask, &answer, &err), "%s", err.msg);
        Str got = feel_text(&a, &answer.value);
        CHECK(str_eq(got, STR("hi Li!hi Li!!")), "%s: " STR_FMT, inputs[i], STR_ARG(got));
    }
    arena_free(&a);
}
