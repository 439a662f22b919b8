/* SPDX-License-Identifier: Apache-2.0 */
/* What is refused in DMN, where it stands, and what is read. Evaluation is tested in the engine's
 * room. */
#include "check.h"

#include "model/dmn/dmn.h"

#define HEAD                                                                                       \
    "<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\" id=\"d\" name=\"D\" "     \
    "namespace=\"here\">\n"                                                                        \
    "<inputData id=\"i\" name=\"Age\"><variable name=\"age\" typeRef=\"number\"/></inputData>\n"
#define DECISION(id, name, inner)                                                                  \
    "<decision id=\"" id "\" name=\"" name "\"><variable name=\"" name "\"/>" inner "</decision>"
#define NEED_AGE "<informationRequirement><requiredInput href=\"#i\"/></informationRequirement>"
#define NEED(d)                                                                                    \
    "<informationRequirement><requiredDecision href=\"#" d "\"/></informationRequirement>"
#define LITERAL(feel) "<literalExpression><text>" feel "</text></literalExpression>"
#define IN(feel) "<input><inputExpression><text>" feel "</text></inputExpression></input>"
#define CELLS(in, out)                                                                             \
    "<inputEntry><text>" in "</text></inputEntry><outputEntry><text>" out "</text></outputEntry>"
#define TABLE(inner) DECISION("a", "A", NEED_AGE "<decisionTable>" inner "</decisionTable>")
#define ITEM(name, inner) "<itemDefinition name=\"" name "\">" inner "</itemDefinition>"

static const DmnModel *read_text(Arena *a, Diags *d, Str text, DmnMode mode)
{
    *d = (Diags){.arena = a};
    DmnFile file = {diag_file(d, STR("d.dmn"), text), text};
    return dmn_read(a, d, &file, 1, mode);
}

static Str whole(Arena *a, const char *body)
{
    return str_fmt(a, "%s%s</definitions>", HEAD, body);
}

static const Diag *find_diag(Arena *a, const Diags *d, const char *rule, const char *message)
{
    for (size_t i = 0; i < d->list.len; i++) {
        const Diag *one = &d->list.at[i];
        if (strcmp(one->rule, rule) == 0 && strstr(str_cstr(a, one->message), message)) {
            return one;
        }
    }
    return NULL;
}

/* at: the first place of this text in the document is where the problem stands. */
static const struct {
    const char *body, *rule, *message, *at;
} refused[] = {
    {DECISION("a", "A", NEED_AGE LITERAL("agee + 1")), "dmn.feel", "did you mean 'age'", "agee"},
    {DECISION("a", "A", LITERAL("1 + age")), "dmn.feel", "unknown name 'age'", "age</text>"},
    {DECISION("a", "A", NEED_AGE LITERAL("")), "dmn.feel", "expression is empty",
     "<literalExpression>"},
    {DECISION("a", "A", LITERAL("1 &lt; ")), "dmn.feel", "value expected", " </text>"},
    {DECISION("a", "A", LITERAL("1 &lt; 2 and zz")), "dmn.feel", "unknown name 'zz'", "zz"},
    {DECISION("a", "A", ""), "dmn.syntax", "has no logic", "<decision "},
    {DECISION("a", "A",
              "<extensionElements><label xmlns=\"urn:onedoor:dmn\" lang=\"fr\">x</label>"
              "</extensionElements>" LITERAL("1")),
     "dmn.unsupported", "language 'fr', which is not known", "<label "},
    {"<decision name=\"A\">" LITERAL("1") "</decision>", "dmn.syntax", "has no id", "<decision "},
    {"<decision id=\"a\">" LITERAL("1") "</decision>", "dmn.syntax", "has no name", "<decision "},
    {DECISION("a", "A", NEED("zz") LITERAL("1")), "dmn.reference", "'#zz'", "<requiredDecision"},
    {DECISION("a", "A", "<informationRequirement/>" LITERAL("1")), "dmn.reference",
     "requirement points to nothing", "<informationRequirement"},
    {DECISION("a", "A", NEED("i") LITERAL("1")), "dmn.reference", "points to 'inputData'",
     "<requiredDecision"},
    {DECISION("a", "A",
              "<knowledgeRequirement><requiredKnowledge "
              "href=\"there#k\"/></knowledgeRequirement>" LITERAL("1")),
     "dmn.reference", "'there#k'", "<requiredKnowledge"},
    {DECISION("c", "C", NEED("a") LITERAL("1")) DECISION("a", "A", NEED("b") LITERAL("1"))
         DECISION("b", "B", NEED("a") LITERAL("1")),
     "dmn.cycle", "requires itself", "<decision id=\"a\""},
    {DECISION("a", "A", LITERAL("1")) "\n" DECISION("a", "B", LITERAL("1")), "dmn.duplicate",
     "id 'a' is used twice", "<decision id=\"a\" name=\"B\""},
    {DECISION("b", "A", LITERAL("1")) DECISION("c", "A", LITERAL("2"))
         DECISION("a", "R", NEED("b") NEED("c") LITERAL("1")),
     "dmn.duplicate", "sees two elements named 'A'", "<decision id=\"a\""},
    {"<import namespace=\"there\" name=\"t\"/>", "dmn.import", "namespace 'there'", "<import"},
    {"<import namespace=\"there\" name=\"t\" importType=\"http://www.w3.org/2001/XMLSchema\"/>",
     "dmn.unsupported", "import of type", "<import"},
    {"<import namespace=\"here\" name=\"t\"/><import namespace=\"here\" name=\"t\" id=\"2\"/>",
     "dmn.duplicate", "import 't' is there twice", "<import namespace=\"here\" name=\"t\" id"},
    /* tables */
    {DECISION("a", "A", "<decisionTable hitPolicy=\"BEST\"><output/><rule/></decisionTable>"),
     "dmn.unsupported", "hitPolicy 'BEST'", "<decisionTable"},
    {DECISION("a", "A",
              "<decisionTable hitPolicy=\"COLLECT\" aggregation=\"MEAN\"><output/><rule/>"
              "</decisionTable>"),
     "dmn.unsupported", "aggregation 'MEAN'", "<decisionTable"},
    {DECISION(
         "a", "A",
         "<decisionTable hitPolicy=\"COLLECT\" aggregation=\"SUM\"><output name=\"a\"/><output "
         "name=\"b\"/><rule/></decisionTable>"),
     "dmn.table", "several outputs cannot be aggregated", "<decisionTable"},
    {DECISION("a", "A",
              "<decisionTable hitPolicy=\"PRIORITY\"><output/><rule><outputEntry><text>1</text>"
              "</outputEntry></rule></decisionTable>"),
     "dmn.table", "have no order", "<output/>"},
    {DECISION("a", "A", "<decisionTable><output/></decisionTable>"), "dmn.table",
     "table has no rule", "<decisionTable"},
    {DECISION("a", "A", "<decisionTable><rule/></decisionTable>"), "dmn.table",
     "table has no output", "<decisionTable"},
    {TABLE(IN("age") "<output/><rule><outputEntry><text>1</text></outputEntry></rule>"),
     "dmn.table", "rule has 0 cells 'inputEntry'", "<rule"},
    {TABLE(IN("age") "<output/><rule>" CELLS("&lt; ", "1") "</rule>"), "dmn.feel", "value expected",
     " </text></inputEntry>"},
    {TABLE(IN("age") "<output/><rule>" CELLS("-", "agee") "</rule>"), "dmn.feel",
     "unknown name 'agee'", "agee"},
    {TABLE("<input/><output/><rule>" CELLS("-", "1") "</rule>"), "dmn.table",
     "input column has no expression", "<input/>"},
    {TABLE("<input><inputExpression><text>age</text></inputExpression><inputValues><text>1,"
           "</text></inputValues></input><output/><rule>" CELLS("-", "1") "</rule>"),
     "dmn.feel", "value expected", "</text></inputValues>"},
    {TABLE("<output name=\"v\"/><output name=\"v\" id=\"2\"/><rule/>"), "dmn.table",
     "output 'v' is there twice", "<output name=\"v\" id"},
    {TABLE("<output/><output name=\"v\"/><rule/>"), "dmn.table", "has no name", "<output/>"},
    {TABLE("<output typeRef=\"tNone\"/><rule><outputEntry><text>1</text></outputEntry></rule>"),
     "dmn.type", "unknown type 'tNone'", "<output typeRef"},
    /* types */
    {ITEM("tA", "<typeRef>tNone</typeRef>"), "dmn.type", "unknown type 'tNone'", "<typeRef>"},
    {ITEM("tA", "<typeRef>string</typeRef>") ITEM("tA", "<typeRef>number</typeRef>"),
     "dmn.duplicate", "item definition 'tA' is defined twice",
     "<itemDefinition name=\"tA\"><typeRef>number"},
    {ITEM("tA", "<typeRef>number</typeRef><allowedValues><text>[1..</text></allowedValues>"),
     "dmn.feel", "value expected", "</text></allowedValues>"},
    {"<itemDefinition><typeRef>string</typeRef></itemDefinition>", "dmn.syntax",
     "item definition has no name", "<itemDefinition"},
    /* boxed expressions */
    {DECISION("a", "A",
              "<context><contextEntry>" LITERAL("1") "</contextEntry><contextEntry>" LITERAL(
                  "2") "</contextEntry></context>"),
     "dmn.context", "has no variable", "<contextEntry>"},
    {DECISION("a", "A",
              "<context><contextEntry><variable name=\"x\"/>" LITERAL(
                  "1") "</"
                       "contextEntry>\n<"
                       "contextEntry "
                       "id=\"2\"><variable "
                       "name=\"x\"/>" LITERAL("2") "</contextEntry></"
                                                   "context>"),
     "dmn.context", "entry 'x' is there twice", "<contextEntry id"},
    {DECISION("a", "A", "<relation><column name=\"x\"/><row/></relation>"), "dmn.table",
     "row has 0 cells", "<row"},
    {DECISION("a", "A", "<for><in>" LITERAL("[]") "</in><return>" LITERAL("1") "</return></for>"),
     "dmn.syntax", "no iterator variable", "<for>"},
    {DECISION("a", "A", "<filter><in>" LITERAL("[]") "</in></filter>"), "dmn.syntax",
     "'filter' has no 'match'", "<filter>"},
    {DECISION("a", "A", "<conditional><if>" LITERAL("true") "</if></conditional>"), "dmn.syntax",
     "has no 'then'", "<conditional>"},
    {DECISION("a", "A", "<list><surprise/></list>"), "dmn.unsupported",
     "'surprise' is no expression", "<surprise"},
    {DECISION("a", "A",
              "<invocation>" LITERAL("abs") "<binding>" LITERAL("1") "</binding></invocation>"),
     "dmn.syntax", "binding has no parameter", "<binding>"},
    {DECISION("a", "A", "<functionDefinition kind=\"PMML\">" LITERAL("1") "</functionDefinition>"),
     "dmn.unsupported", "kind 'PMML'", "<functionDefinition"},
    {DECISION("a", "A", "<functionDefinition kind=\"Java\"/>"), "dmn.syntax",
     "no class or method signature", "<functionDefinition"},
    {DECISION("a", "A",
              "<functionDefinition><formalParameter name=\"p\"/><formalParameter name=\"p\" "
              "id=\"2\"/>" LITERAL("1") "</functionDefinition>"),
     "dmn.duplicate", "parameter 'p' is there twice", "<formalParameter name=\"p\" id"},
    {DECISION("a", "A",
              "<literalExpression expressionLanguage=\"http://www.java.com/java\"><text>1</text>"
              "</literalExpression>"),
     "dmn.unsupported", "expression language", "<literalExpression"},
    {DECISION("b", "B",
              "<context><contextEntry><variable name=\"v\"/>" LITERAL(
                  "1") "</contextEntry></context>") DECISION("a", "A", NEED("b") LITERAL("B.w")),
     "dmn.feel", "unknown member 'w'", "w</text>"},
    /* functions */
    {"<businessKnowledgeModel id=\"k\" name=\"K\"/>", "dmn.syntax", "'K' has no logic",
     "<businessKnowledgeModel"},
    {"<decisionService id=\"s\" name=\"S\"/>", "dmn.syntax", "has no output", "<decisionService"},
};

TEST(dmn_refuses_with_the_place)
{
    for (size_t i = 0; i < COUNT(refused); i++) {
        Arena a = {0};
        Diags d = {0};
        Str text = whole(&a, refused[i].body);
        const DmnModel *m = read_text(&a, &d, text, DMN_STRICT);
        const Diag *found = find_diag(&a, &d, refused[i].rule, refused[i].message);
        size_t at = str_find(text, str_z(refused[i].at), 0);
        Str report = diag_render(&a, &d);
        CHECK(!m && found, "%s '%s': " STR_FMT, refused[i].rule, refused[i].message,
              STR_ARG(report));
        CHECK(found && found->offset == at, "%s '%s' stands at %zu: " STR_FMT, refused[i].rule,
              refused[i].message, at, STR_ARG(report));
        arena_free(&a);
    }
}

/* What strict refuses, lenient tells as advice, and gives a model. */
TEST(dmn_lenient_goes_on)
{
    for (size_t i = 0; i < COUNT(refused); i++) {
        Arena a = {0};
        Diags d = {0};
        const DmnModel *m = read_text(&a, &d, whole(&a, refused[i].body), DMN_LENIENT);
        CHECK(m && d.errors == 0, "%s '%s'", refused[i].rule, refused[i].message);
        arena_free(&a);
    }
}

TEST(dmn_tells_all_problems_in_one_run)
{
    Arena a = {0};
    Diags d = {0};
    const char *body = DECISION("a", "A", LITERAL("zz")) "\n" DECISION(
        "b", "B", NEED("q") LITERAL("1 +")) "\n" ITEM("tA", "<typeRef>tNone</typeRef>");
    CHECK(!read_text(&a, &d, whole(&a, body), DMN_STRICT), "refused");
    Str report = diag_render(&a, &d);
    CHECK(d.errors == 4, "%zu errors: " STR_FMT, d.errors, STR_ARG(report));
    CHECK(str_find(report, STR("d.dmn:3:"), 0) != SIZE_MAX &&
              str_find(report, STR("d.dmn:4:"), 0) != SIZE_MAX &&
              str_find(report, STR("d.dmn:5:"), 0) != SIZE_MAX,
          "with their lines: " STR_FMT, STR_ARG(report));
    arena_free(&a);
}

TEST(dmn_no_model_at_all)
{
    static const struct {
        const char *text, *rule;
    } table[] = {{"", "xml.syntax"},
                 {"<definitions>", "xml.syntax"},
                 {"<bpmn/>", "dmn.syntax"},
                 {"<!DOCTYPE x><definitions/>", "xml.doctype"}};
    for (size_t i = 0; i < COUNT(table); i++) {
        for (int mode = 0; mode < 2; mode++) {
            Arena a = {0};
            Diags d = {0};
            const DmnModel *m =
                read_text(&a, &d, str_z(table[i].text), mode ? DMN_LENIENT : DMN_STRICT);
            Str report = diag_render(&a, &d);
            CHECK(!m && d.errors > 0 && strcmp(d.list.at[0].rule, table[i].rule) == 0, STR_FMT,
                  STR_ARG(report));
            arena_free(&a);
        }
    }
}

TEST(dmn_a_broken_neighbour)
{
    static const struct {
        const char *text, *rule;
    } table[] = {{"<definitions namespace=\"there\">", "xml.syntax"},
                 {"<other namespace=\"there\"/>", "dmn.syntax"},
                 {"<definitions namespace=\"elsewhere\"/>", "dmn.import"}};
    for (size_t i = 0; i < COUNT(table); i++) {
        for (int mode = 0; mode < 2; mode++) {
            Arena a = {0};
            Diags d = {.arena = &a};
            Str first = whole(&a, "<import namespace=\"there\" name=\"t\"/>");
            DmnFile files[] = {
                {diag_file(&d, STR("a.dmn"), first), first},
                {diag_file(&d, STR("b.dmn"), str_z(table[i].text)), str_z(table[i].text)}};
            const DmnModel *m = dmn_read(&a, &d, files, 2, mode ? DMN_LENIENT : DMN_STRICT);
            bool told = find_diag(&a, &d, table[i].rule, "") != NULL;
            CHECK(told && (m != NULL) == (mode == 1), "row %zu, mode %d", i, mode);
            arena_free(&a);
        }
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
        Diags d = {0};
        Str text =
            str_fmt(&a,
                    "<x:definitions xmlns:x=\"%s\" xmlns:feel=\"http://www.omg.org/spec/FEEL\">"
                    "<x:inputData id=\"i\" name=\"I\"><x:variable name=\"I\" typeRef=\"feel:"
                    "number\"/></x:inputData><x:decision id=\"a\" name=\"A\"><x:variable "
                    "name=\"A\" typeRef=\"feel:string\"/><x:informationRequirement>"
                    "<x:requiredInput href=\"#i\"/></x:informationRequirement>"
                    "<x:literalExpression><x:text>string(I)</x:text></x:literalExpression>"
                    "</x:decision></x:definitions>",
                    spaces[i]);
        const DmnModel *m = read_text(&a, &d, text, DMN_STRICT);
        Str report = diag_render(&a, &d);
        CHECK(m && dmn_find(m, STR("a")) && dmn_find(m, STR("A")), "%s: " STR_FMT, spaces[i],
              STR_ARG(report));
        CHECK(m && m->inputs[0].type->kind == FEEL_NUMBER &&
                  m->decisions[0].type->kind == FEEL_STRING,
              "types of %s", spaces[i]);
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
    const DmnModel *m = read_text(&a, &d, whole(&a, body), DMN_STRICT);
    Str report = diag_render(&a, &d);
    CHECK(m != NULL, STR_FMT, STR_ARG(report));
    if (m) {
        CHECK(str_eq(m->decisions[0].id, STR("a")) && str_eq(m->decisions[2].id, STR("c")),
              "each after what it requires");
        CHECK(m->inputs[1].type->kind == FEEL_LIST && m->inputs[1].type->item->kind == FEEL_STRING,
              "list of text");
        CHECK(m->inputs[1].type->item->allowed && m->inputs[2].type->allowed,
              "allowed values, of items too");
        const FeelType *self = m->inputs[3].type;
        CHECK(self->kind == FEEL_CONTEXT && self->members->at[0].type == self,
              "a type that holds itself");
    }
    arena_free(&a);
}

TEST(dmn_cells_that_are_values)
{
    static const struct {
        const char *in, *out;
        DmnCellKind in_kind, out_kind;
    } table[] = {
        {"-", "1", DMN_CELL_ANY, DMN_CELL_CONST},
        {"", "", DMN_CELL_ANY, DMN_CELL_NULL},
        {"1, 2", "age", DMN_CELL_PROGRAM, DMN_CELL_PROGRAM},
        {"[1..5]", "\"a\"", DMN_CELL_PROGRAM, DMN_CELL_CONST},
        {"&lt;= 5", "1 + 1", DMN_CELL_PROGRAM, DMN_CELL_CONST},
        {"not(5)", "today()", DMN_CELL_PROGRAM, DMN_CELL_PROGRAM},
        {"&lt; age", "null", DMN_CELL_PROGRAM, DMN_CELL_PROGRAM},
        {"? &gt; 5", "[1, 2]", DMN_CELL_PROGRAM, DMN_CELL_PROGRAM},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        Arena a = {0};
        Diags d = {0};
        Str body = str_fmt(&a, TABLE(IN("age") "<output/><rule>" CELLS("%s", "%s") "</rule>"),
                           table[i].in, table[i].out);
        const DmnModel *m = read_text(&a, &d, whole(&a, str_cstr(&a, body)), DMN_STRICT);
        Str report = diag_render(&a, &d);
        CHECK(m, "%s: " STR_FMT, table[i].in, STR_ARG(report));
        const DmnTable *t = m ? m->decisions[0].logic->table : NULL;
        CHECK(t && t->inputs[0].place == 0, "the column is found by place");
        CHECK(t && t->rules[0].inputs[0].kind == table[i].in_kind, "in '%s'", table[i].in);
        CHECK(t && t->rules[0].outputs[0].kind == table[i].out_kind, "out '%s'", table[i].out);
        arena_free(&a);
    }
}

/* ---- limits ---- */

static Str repeated(Arena *a, const char *head, const char *part, size_t count, const char *tail)
{
    StrBuf b = buf_in(a);
    buf_add(&b, str_z(head));
    for (size_t i = 0; i < count; i++) {
        buf_fmt(&b, "%s", part);
    }
    buf_add(&b, str_z(tail));
    return buf_str(&b);
}

/* Eight levels of twenty members are 25 thousand million names. */
TEST(dmn_types_of_types_end)
{
    Arena a = {0};
    Diags d = {0};
    StrBuf b = buf_in(&a);
    BUF_LIT(&b, ITEM("t0", "<typeRef>number</typeRef>"));
    for (int level = 1; level <= 8; level++) {
        buf_fmt(&b, "<itemDefinition name=\"t%d\">", level);
        for (int i = 0; i < 20; i++) {
            buf_fmt(&b, "<itemComponent name=\"m %d\"><typeRef>t%d</typeRef></itemComponent>", i,
                    level - 1);
        }
        BUF_LIT(&b, "</itemDefinition>");
    }
    BUF_LIT(&b, "<inputData id=\"w\" name=\"W\"><variable name=\"w\" typeRef=\"t8\"/></inputData>");
    BUF_LIT(&b, "<decision id=\"a\" name=\"A\"><informationRequirement><requiredInput href=\"#w\"/>"
                "</informationRequirement>" LITERAL("w.m 1.m 2") "</decision>");
    size_t before = a.total;
    const DmnModel *m = read_text(&a, &d, whole(&a, str_cstr(&a, buf_str(&b))), DMN_STRICT);
    Str report = diag_render(&a, &d);
    CHECK(m, STR_FMT, STR_ARG(report));
    CHECK(a.total - before < 4 << 20, "%zu bytes", a.total - before);
    arena_free(&a);
}

TEST(dmn_limits)
{
    static const struct {
        const char *head, *part, *tail, *message;
        size_t count;
    } table[] = {
        {"", "<inputData id=\"j\" name=\"j\"/>", "", "more than 3000", DMN_MAX_DECISIONS + 1},
        {"<decision id=\"a\" name=\"A\"><decisionTable>", "<output name=\"o\"/>",
         "<rule/></decisionTable></decision>", "more than 200 columns", DMN_MAX_COLUMNS + 1},
        {"<decision id=\"a\" name=\"A\"><decisionTable><output/>", "<rule/>",
         "</decisionTable></decision>", "more than 5000 rules", DMN_MAX_RULES + 1},
        {"<decision id=\"a\" name=\"A\"><list>", LITERAL("1"), "</list></decision>",
         "more than 5000 items", DMN_MAX_PARTS + 1},
        {"<decision id=\"a\" name=\"A\">", "<list>", "", "deeper than 12", DMN_MAX_NEST + 2},
        {"<itemDefinition name=\"t\">", "<itemComponent name=\"c\">", "", "deeper than 12",
         DMN_MAX_NEST + 2},
        {"", "<itemDefinition name=\"t\"/>", "", "is defined twice", 2},
        {"<decision id=\"a\" name=\"A\">",
         "<informationRequirement><requiredInput href=\"#i\"/></informationRequirement>",
         LITERAL("1") "</decision>", "more than 500 requirements", DMN_MAX_NEEDS + 1},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        Arena a = {0};
        Diags d = {0};
        Str body = repeated(&a, table[i].head, table[i].part, table[i].count, table[i].tail);
        bool is_list = strcmp(table[i].part, "<list>") == 0;
        bool is_type = strcmp(table[i].part, "<itemComponent name=\"c\">") == 0;
        if (is_list || is_type) {
            body = repeated(&a, str_cstr(&a, body), is_list ? "</list>" : "</itemComponent>",
                            table[i].count, is_list ? "</decision>" : "</itemDefinition>");
        }
        const DmnModel *m = read_text(&a, &d, whole(&a, str_cstr(&a, body)), DMN_STRICT);
        Str report = str_slice(diag_render(&a, &d), 0, 400);
        CHECK(!m && str_find(report, str_z(table[i].message), 0) != SIZE_MAX, "%s: " STR_FMT,
              table[i].message, STR_ARG(report));
        arena_free(&a);
    }
}
