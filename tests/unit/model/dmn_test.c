/* SPDX-License-Identifier: Apache-2.0 */
/* What is refused in DMN, and what is read. Evaluation is tested in the engine's room. */
#include "check.h"

#include "model/dmn/dmn.h"

#define HEAD                                                                                       \
    "<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\" id=\"d\" name=\"D\">"     \
    "<inputData id=\"i\" name=\"Age\"><variable name=\"age\" typeRef=\"number\"/></inputData>"
#define DECISION(id, name, inner)                                                                  \
    "<decision id=\"" id "\" name=\"" name "\"><variable name=\"" name "\"/>" inner "</decision>"
#define NEED_AGE "<informationRequirement><requiredInput href=\"#i\"/></informationRequirement>"
#define NEED(d)                                                                                    \
    "<informationRequirement><requiredDecision href=\"#" d "\"/></informationRequirement>"
#define LITERAL(feel) "<literalExpression><text>" feel "</text></literalExpression>"
#define IN(feel) "<input><inputExpression><text>" feel "</text></inputExpression></input>"
#define CELLS(in, out)                                                                             \
    "<inputEntry><text>" in "</text></inputEntry><outputEntry><text>" out "</text></outputEntry>"

static const DmnModel *read_model(Arena *a, Diags *d, const char *body)
{
    Str text = str_fmt(a, "%s%s</definitions>", HEAD, body);
    d->arena = a;
    DmnFile file = {diag_file(d, STR("d.dmn"), text), text};
    return dmn_read(a, d, &file, 1, DMN_STRICT);
}

TEST(dmn_refuses)
{
    static const struct {
        const char *body, *rule, *message;
    } table[] = {
        {DECISION("a", "A", NEED_AGE LITERAL("agee + 1")), "dmn.feel", "did you mean 'age'"},
        {DECISION("a", "A", LITERAL("age + 1")), "dmn.feel", "unknown name 'age'"},
        {DECISION("a", "A", NEED_AGE LITERAL("")), "dmn.feel", "expression is empty"},
        {DECISION("a", "A", ""), "dmn.syntax", "has no logic"},
        {DECISION("a", "A", NEED("zz") LITERAL("1")), "dmn.reference", "'#zz'"},
        {DECISION("a", "A", NEED("b") LITERAL("1")) DECISION("b", "B", NEED("a") LITERAL("1")),
         "dmn.cycle", "requires itself"},
        {DECISION("a", "A", LITERAL("1")) DECISION("a", "B", LITERAL("1")), "dmn.duplicate",
         "id 'a' is used twice"},
        {DECISION("a", "A",
                  "<decisionTable hitPolicy=\"PRIORITY\"><output/><rule/></decisionTable>"),
         "dmn.unsupported", "hit policy 'PRIORITY'"},
        {DECISION("a", "A",
                  "<decisionTable hitPolicy=\"COLLECT\" "
                  "aggregation=\"SUM\"><output/><rule/></decisionTable>"),
         "dmn.unsupported", "aggregation 'SUM'"},
        {DECISION("a", "A", "<relation/>"), "dmn.unsupported", "'relation'"},
        {"<businessKnowledgeModel id=\"k\"/>", "dmn.unsupported", "'businessKnowledgeModel'"},
        {DECISION("a", "A", "<decisionTable><output/></decisionTable>"), "dmn.table",
         "table has no rule"},
        {DECISION("a", "A",
                  NEED_AGE
                  "<decisionTable>" IN("age") "<output/><rule><outputEntry><text>1</text></"
                                              "outputEntry></rule></decisionTable>"),
         "dmn.table", "rule has 0 cells 'inputEntry'"},
        {DECISION("a", "A",
                  NEED_AGE "<decisionTable>" IN("age") "<output/><rule>" CELLS(
                      "&lt; ", "1") "</rule></decisionTable>"),
         "dmn.feel", "a value expected"},
        {DECISION("a", "A",
                  "<decisionTable><output name=\"x\"/><output "
                  "name=\"x\"/><rule><outputEntry><text>1</text></"
                  "outputEntry><outputEntry><text>1</text></outputEntry></rule></decisionTable>"),
         "dmn.table", "output 'x' is there twice"},
        {"<inputData id=\"q\" name=\"Q\"><variable name=\"q\" typeRef=\"nombre\"/></inputData>",
         "dmn.type", "unknown type 'nombre'"},
        {DECISION("a", "A",
                  "<literalExpression "
                  "expressionLanguage=\"javascript\"><text>1</text></literalExpression>"),
         "dmn.unsupported", "expression language"},
        {DECISION("a", "A", NEED("b") LITERAL("B.w")) DECISION(
             "b", "B",
             "<decisionTable><output name=\"v\"/><output "
             "name=\"u\"/><rule><outputEntry><text>1</text></outputEntry><outputEntry><text>2</"
             "text></outputEntry></rule></decisionTable>"),
         "dmn.feel", "unknown member 'w'"},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        Arena a = {0};
        Diags d = {0};
        bool found = false;
        const DmnModel *m = read_model(&a, &d, table[i].body);
        for (size_t k = 0; k < d.list.len; k++) {
            const char *message = str_cstr(&a, d.list.at[k].message);
            found = found || (strcmp(d.list.at[k].rule, table[i].rule) == 0 &&
                              strstr(message, table[i].message));
        }
        Str report = diag_render(&a, &d);
        CHECK(!m && found, "%s '%s': " STR_FMT, table[i].rule, table[i].message, STR_ARG(report));
        arena_free(&a);
    }
}

TEST(dmn_reads_every_namespace)
{
    static const char *const spaces[] = {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
        "https://www.omg.org/spec/DMN/20240513/MODEL/",
    };
    for (size_t i = 0; i < COUNT(spaces); i++) {
        Arena a = {0};
        Diags d = {.arena = &a};
        Str text = str_fmt(&a,
                           "<x:definitions xmlns:x=\"%s\"><x:decision id=\"a\" name=\"A\">"
                           "<x:literalExpression><x:text>1</x:text></x:literalExpression>"
                           "</x:decision></x:definitions>",
                           spaces[i]);
        DmnFile file = {diag_file(&d, STR("d.dmn"), text), text};
        const DmnModel *m = dmn_read(&a, &d, &file, 1, DMN_STRICT);
        CHECK(m && dmn_find(m, STR("a")) && dmn_find(m, STR("A")), "%s", spaces[i]);
        arena_free(&a);
    }
}

TEST(dmn_sorts_and_types)
{
    Arena a = {0};
    Diags d = {0};
    const char *body =
        "<itemDefinition name=\"tKind\"><typeRef>string</typeRef><allowedValues><text>\"x\",\"y\""
        "</text></allowedValues></itemDefinition>"
        "<itemDefinition name=\"tList\" "
        "isCollection=\"true\"><typeRef>tKind</typeRef></itemDefinition>"
        "<itemDefinition name=\"tSelf\"><itemComponent name=\"inner\"><typeRef>tSelf</typeRef>"
        "</itemComponent></itemDefinition>"
        "<inputData id=\"l\" name=\"L\"><variable name=\"l\" typeRef=\"tList\"/></inputData>"
        "<inputData id=\"k\" name=\"K\"><variable name=\"k\" typeRef=\"tKind\"/></inputData>"
        "<inputData id=\"z\" name=\"Z\"><variable name=\"z\" "
        "typeRef=\"tSelf\"/></inputData>" DECISION("c", "C", NEED("b") NEED("a") LITERAL("A + B"))
            DECISION("b", "B", NEED("a") LITERAL("A + 1"))
                DECISION("a", "A", NEED_AGE LITERAL("age"));
    const DmnModel *m = read_model(&a, &d, body);
    Str report = diag_render(&a, &d);
    CHECK(m != NULL, STR_FMT, STR_ARG(report));
    if (m) {
        CHECK(str_eq(m->decisions[0].id, STR("a")) && str_eq(m->decisions[2].id, STR("c")),
              "each after what it requires");
        CHECK(m->inputs[1].type->kind == FEEL_LIST && m->inputs[1].type->item->kind == FEEL_STRING,
              "list of text");
        CHECK(m->inputs[1].type->item->allowed && m->inputs[2].type->allowed, "allowed values, of items too");
        CHECK(m->inputs[3].type->kind == FEEL_CONTEXT, "a type that holds itself");
    }
    arena_free(&a);
}
