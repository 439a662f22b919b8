/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each limit of an expression and of its evaluation: what passes it ends with an error that names
 * it, never with a crash, and what stays within is a value.
 */
#include "check.h"

#include "feel/feel.h"

typedef struct {
    const char *label, *head, *part, *tail; /* head + count times part + tail */
    int count;
    const char *error; /* NULL: it gives a value */
} Hostile;

static const Hostile cases[] = {
    {"parentheses within", "", "(", "1", 60, "')' expected"},
    {"parentheses", "", "(", "1", 5000, "nested deeper"},
    {"tests in tests", "", "(= ", "1", 60, "')' expected"},
    {"lists", "", "[", "1", 5000, "nested deeper"},
    {"contexts", "", "{a:", "1", 5000, "nested deeper"},
    {"if in if", "", "if true then ", "1", 5000, "nested deeper"},
    {"functions in functions", "", "function(a) ", "1", 2000, "nested deeper"},
    {"types in types", "1 instance of ", "list<", "number", 2000, "nested deeper"},
    {"a long sum", "1", "+1", "", 700, NULL},
    {"a sum that is too long", "1", "+1", "", 2000, "longer than"},
    {"many minus signs", "", "-", "1", 3000, NULL},
    {"paths", "{}", ".a", "", 2000, "longer than"},
    {"filters", "[1]", "[true]", "", 300, "too many loops"},
    {"calls of calls", "abs", "(1)", "", 2000, "longer than"},
    {"arguments", "max(1", ",1", ")", 200, "more than 100 arguments"},
    {"parameters", "function(a", ",b", ") 1", 200, "more than 100 parameters"},
    {"a long text", "\"", "0123456789abcdef", "\"", 5000, "longer than 65536 bytes"},
    {"a long list", "[1", ",1", "]", 20000, NULL},
    {"a huge exponent", "1e", "9", "", 40, "too large"},
    {"a number of many digits", "", "9", "", 4000, "too large"},
    {"powers", "10", "**10", "", 600, NULL},
    {"a loop", "count(for i in 1..", "9", " return i)", 7, "FEEL_MAX_STEPS"},
    {"an endless range", "for i in 1..", "9", " return i", 14, "FEEL_MAX_STEPS"},
    {"a cross product", "count(for i in 1..99999", ", j in 1..99999", " return 1)", 4,
     "FEEL_MAX_STEPS"},
    {"some", "some i in [1..99999], j in [1..99999] satisfies i + j < 0", "", "", 0,
     "FEEL_MAX_STEPS"},
    {"a function that calls itself", "(function(f) f(f))(function(f) f(f)", ")", "", 1,
     "FEEL_MAX_CALLS"},
    {"a text that doubles", "string length({a0: \"0123456789\"", "", "}.a0)", 0, NULL},
    {"texts within texts, whose quotes double",
     "for i in 0..81 return if i < 3 then 1 else string([partial])", "", "", 0, "FEEL_MAX_BYTES"},
    {"flat list of lists", "flatten(", "[", "1", 100, "']' expected"},
    {"comment without end", "1 /* ", "x", "", 100, "value expected"},
    {"names", "", "a b ", "", 3000, "expected"},
};

static Str hostile_text(Arena *a, const Hostile *h)
{
    StrBuf b = buf_in(a);
    buf_add(&b, str_z(h->head));
    for (int i = 0; i < h->count; i++) {
        buf_add(&b, str_z(h->part));
    }
    buf_add(&b, str_z(h->tail));
    return buf_str(&b);
}

TEST(feel_limits)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        Arena a = {0};
        Err err = {0};
        FeelValue v = feel_null();
        FeelNames none = {0};
        Str text = hostile_text(&a, &cases[i]);
        const FeelProgram *p = feel_compile(&a, text, &none, FEEL_EXPRESSION, &err);
        bool ok = p && feel_eval(&a, p, NULL, 0, &v, &err);
        CHECK(ok == (cases[i].error == NULL), "%s: %s", cases[i].label, err.msg);
        if (cases[i].error) {
            CHECK(strstr(err.msg, cases[i].error) != NULL, "%s: %s", cases[i].label, err.msg);
        }
        arena_free(&a);
    }
}

/* {a0: FIRST, a1: OPEN a0 BETWEEN a0 CLOSE, …}.a40 */
typedef struct {
    const char *first, *open, *between, *close;
} Doubling;

static Str doubling(Arena *a, const Doubling *d)
{
    StrBuf b = buf_in(a);
    buf_fmt(&b, "{a0: %s", d->first);
    for (int i = 1; i <= 40; i++) {
        buf_fmt(&b, ", a%d: %sa%d%sa%d%s", i, d->open, i - 1, d->between, i - 1, d->close);
    }
    BUF_LIT(&b, "}.a40");
    return buf_str(&b);
}

TEST(feel_limits_of_size)
{
    static const Doubling rows[] = {{"\"0123456789\"", "", " + ", ""},
                                    {"[1, 2, 3]", "concatenate(", ", ", ")"},
                                    {"[1, 2, 3]", "flatten([", ", ", "])"},
                                    {"\"0123456789\"", "string join([", ", ", "])"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        Arena a = {0};
        Err err = {0};
        FeelValue v = feel_null();
        const FeelProgram *p =
            feel_compile(&a, doubling(&a, &rows[i]), NULL, FEEL_EXPRESSION, &err);
        CHECK(p && !feel_eval(&a, p, NULL, 0, &v, &err) && err.code == ERR_LIMIT, "%s: %s",
              rows[i].open, err.msg);
        CHECK(a.total < (size_t)3 * FEEL_MAX_BYTES, "%s: %zu bytes", rows[i].open, a.total);
        arena_free(&a);
    }
}

/* A value may share its parts: small in memory, huge as a text or when it is compared. */
TEST(feel_limits_of_shared_parts)
{
    Arena a = {0};
    Err err = {0};
    FeelValue v = feel_null();
    Doubling nested = {"[1]", "[", ", ", "]"};
    const FeelProgram *p = feel_compile(&a, doubling(&a, &nested), NULL, FEEL_EXPRESSION, &err);
    CHECK(p && feel_eval(&a, p, NULL, 0, &v, &err), "%s", err.msg);
    CHECK(feel_text(&a, &v).len < (size_t)FEEL_MAX_BYTES, "the text is cut");
    CHECK(feel_to_value(&a, &v, &err) == NULL && err.code == ERR_LIMIT, "no JSON of it");
    CHECK(!feel_same(&v, &v), "comparing gives up");
    arena_free(&a);
}

/* Ranges become texts: all of them together are one value. */
TEST(feel_limits_of_many_ranges)
{
    Arena a = {0};
    Err err = {0};
    FeelValue v = feel_null(), data = feel_null();
    const FeelProgram *p =
        feel_compile(&a, STR("for i in 1..60 return if i = 1 then 1 else ]partial..null["), NULL,
                     FEEL_EXPRESSION, &err);
    CHECK(p && feel_eval(&a, p, NULL, 0, &v, &err) && v.list.count == 60, "%s", err.msg);
    size_t before = a.total;
    CHECK(feel_to_value(&a, &v, &err) == NULL && err.code == ERR_LIMIT, "no JSON of it");
    CHECK(!feel_to_data(&a, &v, &data, &err) && err.code == ERR_LIMIT, "no data of it");
    CHECK(a.total - before < (size_t)64 << 20, "%zu bytes", a.total - before);
    arena_free(&a);
}

static bool at_once(void *asked)
{
    int *count = asked;
    (*count)++;
    return true;
}

TEST(feel_limits_of_the_caller)
{
    static const struct {
        FeelLimits limits;
        const char *text, *error;
    } rows[] = {
        {{.steps = 10}, "1 + 2", NULL},
        {{.steps = 3}, "1 + 2 + 3 + 4", "FEEL_MAX_STEPS"},
        {{.calls = 3}, "(function(f) f(f))(function(f) 1)", NULL},
        {{.calls = 1}, "(function(f) f(f))(function(f) 1)", "FEEL_MAX_CALLS"},
        {{.bytes = 100000}, "count(for i in 1..100 return i)", NULL},
        {{.bytes = 100000}, "count(for i in 1..99999 return i)", "FEEL_MAX_BYTES"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Arena a = {0};
        Err err = {0};
        const FeelProgram *p = feel_compile(&a, str_z(rows[i].text), NULL, FEEL_EXPRESSION, &err);
        FeelBudget b = feel_budget(&a, &rows[i].limits);
        FeelValue v = p ? feel_run(&b, p, NULL) : feel_null();
        bool ok = p && feel_within(&b, &err);
        CHECK(ok == (rows[i].error == NULL) && (!ok || v.kind != FEEL_NULL), "%s: %s", rows[i].text,
              err.msg);
        CHECK(ok || strstr(err.msg, rows[i].error), "%s: %s", rows[i].text, err.msg);
        arena_free(&a);
    }
}

TEST(feel_limits_of_time)
{
    Arena a = {0};
    Err err = {0};
    int asked = 0;
    FeelLimits limits = {.expired = at_once, .clock = &asked};
    const FeelProgram *p =
        feel_compile(&a, STR("count(for i in 1..50000 return i)"), NULL, FEEL_EXPRESSION, &err);
    FeelBudget b = feel_budget(&a, &limits);
    FeelValue v = feel_run(&b, p, NULL);
    CHECK(v.kind == FEEL_NULL && !feel_within(&b, &err) && strstr(err.msg, "too long"), "%s",
          err.msg);
    CHECK(asked > 0 && asked < 10, "the clock is asked now and then: %d", asked);
    arena_free(&a);
}

/* ---- work that hides behind one step ---- */

/* s10: a text of a million letters; r10: a thousand times "$0$0$0$0$0$0$0$0". */
#define TEN(x) x x x x x x x x x x
#define GROWN(name)                                                                                \
    name "1: " name "0+" name "0, " name "2: " name "1+" name "1, " name "3: " name "2+" name      \
         "2, " name "4: " name "3+" name "3, " name "5: " name "4+" name "4, " name "6: " name     \
         "5+" name "5, " name "7: " name "6+" name "6, " name "8: " name "7+" name "7, " name      \
         "9: " name "8+" name "8, " name "10: " name "9+" name "9, "
#define LONG "{s0: \"" TEN(TEN(TEN("a"))) "\", " GROWN("s")
#define WIDE "{c: context(for i in 1..20000 return {key: string(i), value: i}), "

static const struct {
    const char *label, *text, *error;
} hidden[] = {
    {"sort by sort, deeper and deeper",
     "{l: for i in 1..30000 return if i = 1 then [1] else [sort, partial[-1]], r: sort(l[-1], "
     "sort)}.r",
     "FEEL_MAX_CALLS"},
    {"members of a wide context", WIDE "r: count(for i in 1..200000 return c.zz)}.r",
     "FEEL_MAX_STEPS"},
    {"values of a wide context", WIDE "r: count(for i in 1..200000 return get value(c, \"z\"))}.r",
     "FEEL_MAX_STEPS"},
    {"wide contexts in another order",
     WIDE
     "d: context(for i in 1..20000 return {key: string(20001-i), value: 20001-i}), r: c = d}.r",
     "FEEL_MAX_STEPS"},
    {"is: wide contexts in another order",
     WIDE "d: context(for i in 1..20000 return {key: string(20001-i), value: 20001-i}), r: is(c, "
          "d)}.r",
     "FEEL_MAX_STEPS"},
    {"long texts in a range", LONG "r: count(for i in 1..90000 return s10 in [s10..s10])}.r",
     "FEEL_MAX_STEPS"},
    {"long texts before each other", LONG "r: count(for i in 1..90000 return before(s10, s10))}.r",
     "FEEL_MAX_STEPS"},
    {"long texts at a start", LONG "r: count(for i in 1..90000 return starts with(s10, s10))}.r",
     "FEEL_MAX_STEPS"},
    {"long texts at an end", LONG "r: count(for i in 1..90000 return ends with(s10, s10))}.r",
     "FEEL_MAX_STEPS"},
    {"a group that stands a thousand times",
     LONG "r0: \"$0$0$0$0$0$0$0$0\", " GROWN("r") "r: replace(s5, \".+\", r10)}.r", "FEEL_MAX_"},
    {"a type against shared parts",
     "{a0: [1], a1: [a0, a0], a2: [a1, a1], a3: [a2, a2], a4: [a3, a3], a5: [a4, a4], a6: [a5, "
     "a5], "
     "r: count(for i in 1..90000 return a6 instance of list<list<list<list<list<list<list<"
     "number>>>>>>>)}.r",
     "FEEL_MAX_STEPS"},
    {"a type against a long list",
     "{l: for i in 1..50000 return i, r: count(for k in 1..90000 return l instance of "
     "list<number>)}.r",
     "FEEL_MAX_STEPS"},
    {"zones that are not there",
     "count(for i in 1..90000 return time(\"10:00:00@Europe/X\" + string(i)))", "FEEL_MAX_STEPS"},
    {"powers", "count(for i in 1..90000 return 1.0000001 ** i)", "FEEL_MAX_STEPS"},
    {"logarithms", "count(for i in 1..160000 return log(i))", "FEEL_MAX_STEPS"},
    {"ranges from texts", "count(for i in 1..20000 return range(\"[1..2]\"))", "FEEL_MAX_STEPS"},
};

TEST(feel_limits_of_hidden_work)
{
    for (size_t i = 0; i < COUNT(hidden); i++) {
        Arena a = {0};
        Err err = {0};
        FeelValue v = feel_null();
        const FeelProgram *p = feel_compile(&a, str_z(hidden[i].text), NULL, FEEL_EXPRESSION, &err);
        CHECK(p != NULL, "%s: %s", hidden[i].label, err.msg);
        CHECK(p && !feel_eval(&a, p, NULL, 0, &v, &err) && strstr(err.msg, hidden[i].error),
              "%s: %s", hidden[i].label, err.msg);
        CHECK(a.total < (size_t)2 * FEEL_MAX_BYTES, "%s: %zu bytes", hidden[i].label, a.total);
        arena_free(&a);
    }
}

/* What is dear to compile: names of several words, names around functions. */
TEST(feel_limits_of_names)
{
    static const struct {
        const char *label, *entry;
        int count;
        const char *error; /* NULL: it compiles */
    } rows[] = {
        {"keys", "k%d: 1, ", 1999, NULL},
        {"too many keys", "k%d: 1, ", 2001, "too many names"},
        {"keys of two words", "k l%d: 1, ", 1000, NULL},
        {"too many keys of two words", "k l%d: 1, ", 4000, "FEEL_MAX_TRIES"},
        {"functions", "k%d: function() 1, ", 500, NULL},
        {"too many functions", "k%d: function() 1, ", 1900, "names around functions"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Arena a = {0};
        Err err = {0};
        StrBuf b = buf_in(&a);
        buf_char(&b, '{');
        for (int k = 0; k < rows[i].count; k++) {
            const char *mark = strchr(rows[i].entry, '%');
            buf_add(&b, (Str){rows[i].entry, (size_t)(mark - rows[i].entry)});
            buf_fmt(&b, "%d", k);
            buf_add(&b, str_z(mark + 2));
        }
        BUF_LIT(&b, "last: 1}.last");
        const FeelProgram *p = feel_compile(&a, buf_str(&b), NULL, FEEL_EXPRESSION, &err);
        CHECK((p != NULL) == (rows[i].error == NULL), "%s: %s", rows[i].label, err.msg);
        CHECK(p || (err.code == ERR_LIMIT && strstr(err.msg, rows[i].error)), "%s: %s",
              rows[i].label, err.msg);
        arena_free(&a);
    }
}

/* A table has thousands of cells that see the same names. */
TEST(feel_limits_of_what_cells_see)
{
    Arena a = {0};
    FeelName at[500];
    FeelNames names = {.at = at, .count = COUNT(at)};
    for (size_t i = 0; i < COUNT(at); i++) {
        at[i] = (FeelName){.name = str_fmt(&a, "the input %zu", i)};
    }
    static const struct {
        const char *text;
        size_t most; /* bytes of arena, for all times */
    } rows[] = {{"< 12", 2 << 20}, {"\"text\"", 2 << 20}, {"the input 7", 2 << 20}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        Arena own = {0};
        Err err = {0};
        for (int k = 0; k < 1000; k++) {
            Str text = str_dup(&own, str_z(rows[i].text));
            CHECK(feel_compile(&own, text, &names, FEEL_UNARY_TESTS, &err) != NULL, "%s: %s",
                  rows[i].text, err.msg);
        }
        CHECK(own.total < rows[i].most, "%s: %zu bytes", rows[i].text, own.total);
        arena_free(&own);
    }
    arena_free(&a);
}

/* Each "(= …)" is one part of the tree, not two: the time to compile must not double with each. */
TEST(feel_limits_of_tests_in_tests)
{
    Arena a = {0};
    Err err = {0};
    FeelValue v = feel_null();
    StrBuf b = buf_in(&a);
    for (int i = 0; i < 50; i++) {
        BUF_LIT(&b, "(= ");
    }
    BUF_LIT(&b, "1");
    for (int i = 0; i < 50; i++) {
        BUF_LIT(&b, ")");
    }
    const FeelProgram *p = feel_compile(&a, buf_str(&b), NULL, FEEL_EXPRESSION, &err);
    CHECK(p && feel_eval(&a, p, NULL, 0, &v, &err) && v.kind == FEEL_RANGE, "%s", err.msg);
    CHECK(a.total < 4 << 20, "%zu bytes", a.total);
    arena_free(&a);
}
