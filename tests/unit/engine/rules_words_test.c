/* SPDX-License-Identifier: Apache-2.0 */
/* Labels and questions of a model in both languages, as they stand in the trace. */
#include "rules_rows.h"

#define SAYS(what, lang, text)                                                                     \
    "<o:" what " xmlns:o=\"urn:onedoor:dmn\" lang=\"" lang "\">" text "</o:" what ">"
#define MORE(inner) "<extensionElements>" inner "</extensionElements>"
#define FOREIGN "<z:label xmlns:z=\"urn:other\" lang=\"en\">other</z:label>"

/* It reads as the document that it is. */
/* clang-format off */
static const char model[] =
    "<inputData id=\"kind\" name=\"类别\">" MORE(SAYS("label", "en", "Kind"))
    "<variable name=\"kind\"/></inputData>"
    "<inputData id=\"plain\" name=\"普通\">" MORE(FOREIGN) "<variable name=\"plain\"/></inputData>"
    "<businessKnowledgeModel id=\"f\" name=\"加倍\">" MORE(SAYS("label", "en", "Twice"))
    "<variable name=\"f\"/><encapsulatedLogic>" PARAM("a", "number") LIT("a * 2")
    "</encapsulatedLogic></businessKnowledgeModel>"
    "<decision id=\"r\" name=\"Verdict\">"
    MORE(SAYS("label", "zh", "结论") SAYS("question", "en", "What is it?"))
    "<question>是什么？</question><variable name=\"r\"/>"
    NEED("Input", "kind") NEED("Input", "plain") KNOW("f")
    "<context><contextEntry>" MORE(SAYS("label", "en", "Choice")) "<variable name=\"c\"/>"
    "<decisionTable><input label=\"是哪类\">" MORE(SAYS("label", "en", "Which kind"))
    "<inputExpression><text>kind</text></inputExpression></input><output/>"
    RULE("\"a\"", "f(1)") "</decisionTable></contextEntry></context></decision>";
/* clang-format on */

static Str said(const Value *trace, const char *path)
{
    return value_text(value_path(trace, str_z(path)));
}

TEST(rules_tell_in_both_languages)
{
    Arena a = {0};
    Err err = {0};
    RulesAnswer answer = {0};
    const DmnModel *m = rows_model(&a, model, DMN_STRICT);
    FeelValue input = rows_feel(&a, "{kind: \"a\"}");
    RulesAsk ask = {.input = &input, .traced = true};
    CHECK(m && rules_decide(&a, m, STR("r"), &ask, &answer, &err), "%s", err.msg);
    static const struct {
        const char *path, *want;
    } rows[] = {
        {"name.zh", "结论"},
        {"name.en", "Verdict"},
        {"question.zh", "是什么？"},
        {"question.en", "What is it?"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Str got = said(answer.trace, rows[i].path);
        CHECK(str_eq(got, str_z(rows[i].want)), "%s: " STR_FMT, rows[i].path, STR_ARG(got));
    }
    const Value *inputs = value_at(answer.trace, "inputs");
    CHECK(str_eq(said(value_item(inputs, 0), "label.en"), STR("Kind")), "an input");
    CHECK(str_eq(get_str(value_item(inputs, 1), "label"), STR("普通")),
          "what another tool writes is its own");
    const Value *step = value_item(value_at(answer.trace, "steps"), 0),
                *entry = value_item(value_at(step, "entries"), 0),
                *call = value_item(value_at(entry, "calls"), 0);
    const Value *rule = value_item(value_at(entry, "rules"), 0);
    CHECK(str_eq(said(step, "question.en"), STR("What is it?")), "a step's question");
    CHECK(str_eq(said(entry, "label.en"), STR("Choice")), "an entry");
    CHECK(str_eq(said(value_item(value_at(entry, "inputs"), 0), "label.en"), STR("Which kind")),
          "a column");
    CHECK(str_eq(said(value_item(value_at(rule, "conditions"), 0), "label.zh"), STR("是哪类")),
          "a condition");
    CHECK(str_eq(said(call, "name.zh"), STR("加倍")) && str_eq(said(call, "name.en"), STR("Twice")),
          "a function");
    arena_free(&a);
}
