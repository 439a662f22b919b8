/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The index of a table finds what asking each rule finds: random tables of all kinds of cells,
 * random inputs, both ways. Same seed, same tables.
 */
#include "check.h"

#include "base/rand.h"
#include "engine/rules/rules.h"
#include "model/dmn/index.h"

enum { TABLES = 60, INPUTS = 60, RULES_MOST = 150 };

typedef struct {
    Arena arena;
    Rng rand;
} Gen;

static uint32_t pick(Gen *g, uint32_t below)
{
    return (uint32_t)rng_below(&g->rand, below);
}

static const char *sign(Gen *g)
{
    static const char *const signs[] = {"&lt; ", "&lt;= ", "&gt; ", "&gt;= ", "", "= ", "!= "};
    return signs[pick(g, COUNT(signs))];
}

static void put_number(Gen *g, StrBuf *b)
{
    buf_fmt(b, "%d", (int)pick(g, 30) - 5);
    if (pick(g, 4) == 0) {
        buf_fmt(b, ".%d", (int)pick(g, 10));
    }
}

static void put_range(Gen *g, StrBuf *b)
{
    int low = (int)pick(g, 20);
    buf_fmt(b, "%s%d..%d%s", pick(g, 2) ? "[" : "(", low, low + (int)pick(g, 10),
            pick(g, 2) ? "]" : ")");
}

/* A cell of the number column. */
static void put_number_cell(Gen *g, StrBuf *b)
{
    uint32_t kind = pick(g, 10);
    if (kind == 0) {
        BUF_LIT(b, "-");
    } else if (kind == 1) {
        BUF_LIT(b, "not(");
        put_number(g, b);
        BUF_LIT(b, ", ");
        put_range(g, b);
        BUF_LIT(b, ")");
    } else if (kind == 2) {
        BUF_LIT(b, "? * 2 &gt; 11");
    } else if (kind == 3) {
        BUF_LIT(b, "null");
    } else if (kind < 7) {
        put_range(g, b);
    } else {
        buf_add(b, str_z(sign(g)));
        put_number(g, b);
    }
}

static void put_text_cell(Gen *g, StrBuf *b)
{
    static const char *const cells[] = {"-",
                                        "\"a\"",
                                        "\"b\", \"c\"",
                                        "not(\"a\")",
                                        "= \"d\"",
                                        "!= \"a\"",
                                        "&lt; \"c\"",
                                        "[\"a\"..\"c\"]",
                                        "starts with(?, \"a\")",
                                        "\"\", \"e\"",
                                        "not(\"a\", \"b\")",
                                        "5",
                                        "null",
                                        "[\"a\", \"b\"]"};
    buf_add(b, str_z(cells[pick(g, COUNT(cells))]));
}

static void put_truth_cell(Gen *g, StrBuf *b)
{
    static const char *const cells[] = {"-", "true", "false", "not(true)", "true, false", "null"};
    buf_add(b, str_z(cells[pick(g, COUNT(cells))]));
}

static Str table_text(Gen *g, uint32_t rules)
{
    StrBuf b = buf_in(&g->arena);
    BUF_LIT(&b, "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" name=\"t\" "
                "namespace=\"t\"><inputData id=\"in\" name=\"n\"/><inputData id=\"is\" name=\"s\"/>"
                "<inputData id=\"ib\" name=\"b\"/><decision id=\"d\" name=\"d\">");
    for (int i = 0; i < 3; i++) {
        buf_fmt(&b,
                "<informationRequirement><requiredInput href=\"#%s\"/></informationRequirement>",
                i == 0   ? "in"
                : i == 1 ? "is"
                         : "ib");
    }
    BUF_LIT(&b, "<decisionTable hitPolicy=\"RULE ORDER\">"
                "<input><inputExpression><text>n</text></inputExpression></input>"
                "<input><inputExpression><text>s</text></inputExpression></input>"
                "<input><inputExpression><text>b</text></inputExpression></input>"
                "<output name=\"o\"/>");
    for (uint32_t i = 0; i < rules; i++) {
        BUF_LIT(&b, "<rule><inputEntry><text>");
        put_number_cell(g, &b);
        BUF_LIT(&b, "</text></inputEntry><inputEntry><text>");
        put_text_cell(g, &b);
        BUF_LIT(&b, "</text></inputEntry><inputEntry><text>");
        put_truth_cell(g, &b);
        buf_fmt(&b, "</text></inputEntry><outputEntry><text>%u</text></outputEntry></rule>", i + 1);
    }
    BUF_LIT(&b, "</decisionTable></decision></definitions>");
    return buf_str(&b);
}

static FeelValue number_input(Gen *g)
{
    StrBuf b = buf_in(&g->arena);
    Decimal d = {0};
    put_number(g, &b);
    return decimal_parse(buf_str(&b), &d) ? feel_number(d) : feel_null();
}

/* Mostly of the column's kind, at times null, of another kind or a list. */
static FeelValue some_input(Gen *g, int column)
{
    static const char *const texts[] = {"a", "b", "c", "d", "e", "", "abc", "zz"};
    FeelValue *one = NEW(&g->arena, FeelValue);
    uint32_t odd = pick(g, 12);
    column = odd == 0 ? (column + 1) % 3 : column;
    if (odd == 1) {
        return feel_null();
    }
    *one = column == 0   ? number_input(g)
           : column == 1 ? feel_str(str_z(texts[pick(g, COUNT(texts))]))
                         : feel_bool(pick(g, 2) == 0);
    return odd == 2 ? (FeelValue){.kind = FEEL_LIST, .list = {one, 1}} : *one;
}

static Str decide(Arena *out, const DmnModel *m, const FeelContext *input)
{
    FeelValue v = feel_context(input);
    RulesAnswer answer = {0};
    Err err = {0};
    CHECK(rules_decide(out, m, STR("d"), &(RulesAsk){.input = &v}, &answer, &err), "%s", err.msg);
    return feel_text(out, &answer.value);
}

/* The same model with no index in its table. */
static const DmnModel *without_index(Arena *out, const DmnModel *m)
{
    DmnModel *copy = NEW(out, DmnModel);
    DmnDecision *d = NEW(out, DmnDecision);
    DmnLogic *logic = NEW(out, DmnLogic);
    DmnTable *table = NEW(out, DmnTable);
    *copy = *m;
    *d = m->decisions[0];
    *logic = *d->logic;
    *table = *logic->table;
    table->index = NULL;
    logic->table = table;
    d->logic = logic;
    copy->decisions = d;
    return copy;
}

static void compare_table(Gen *g, int table, int *hits)
{
    static const char *const names[] = {"n", "s", "b"};
    Diags diags = {.arena = &g->arena};
    Str text = table_text(g, 1 + pick(g, RULES_MOST));
    DmnFile file = {diag_file(&diags, STR("t.dmn"), text), text};
    const DmnModel *m = dmn_read(&g->arena, &diags, &file, 1, DMN_STRICT);
    CHECK(m && m->decisions[0].logic->table, "table %d: " STR_FMT, table,
          STR_ARG(diag_render(&g->arena, &diags)));
    if (!m) {
        return;
    }
    const DmnModel *plain = without_index(&g->arena, m);
    for (int i = 0; i < INPUTS; i++) {
        FeelEntry entries[3];
        for (int c = 0; c < 3; c++) {
            entries[c] = (FeelEntry){str_z(names[c]), some_input(g, c)};
        }
        FeelContext input = {entries, 3};
        Str indexed = decide(&g->arena, m, &input), asked = decide(&g->arena, plain, &input);
        CHECK(str_eq(indexed, asked), "table %d: index " STR_FMT ", asked " STR_FMT, table,
              STR_ARG(indexed), STR_ARG(asked));
        *hits += indexed.len > 2;
    }
}

TEST(rules_index_finds_what_asking_finds)
{
    int hits = 0;
    for (int i = 0; i < TABLES; i++) {
        Gen g = {0};
        rng_seed(&g.rand, (uint64_t)i + 1);
        compare_table(&g, i, &hits);
        arena_free(&g.arena);
    }
    CHECK(hits > TABLES * INPUTS / 4, "rules hold: %d", hits);
}
