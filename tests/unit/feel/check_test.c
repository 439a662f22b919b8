/* SPDX-License-Identifier: Apache-2.0 */
/* What is told about an expression from the types of its names alone: where, and with what cure. */
#include "check.h"
#include "feel/feel.h"

static const FeelType number = {.kind = FEEL_NUMBER}, text = {.kind = FEEL_STRING};
static const FeelType date = {.kind = FEEL_DATE}, truth = {.kind = FEEL_BOOLEAN};
static const FeelName inner[] = {{STR_INIT("size"), &number}, {STR_INIT("note"), NULL}};
static const FeelNames inner_names = {.at = inner, .count = COUNT(inner)};
static const FeelType context = {.kind = FEEL_CONTEXT, .members = &inner_names};
static const FeelType contexts = {.kind = FEEL_LIST, .item = &context};

typedef struct {
    Arena a;
    FeelType options_list;
    FeelName at[10];
    FeelNames names;
} Room;

static void open_room(Room *r)
{
    static const Str options[] = {STR_INIT("new"), STR_INIT("change")};
    const FeelType *kind = feel_options_type(&r->a, options, COUNT(options));
    r->options_list = (FeelType){.kind = FEEL_LIST, .item = kind};
    const FeelName at[] = {
        {STR("n"), &number},  {STR("s"), &text},      {STR("d"), &date},
        {STR("b"), &truth},   {STR("kind"), kind},    {STR("kinds"), &r->options_list},
        {STR("c"), &context}, {STR("cs"), &contexts}, {STR("any"), NULL},
    };
    memcpy(r->at, at, sizeof at);
    r->names = (FeelNames){.at = r->at, .count = COUNT(at)};
}

typedef struct {
    const char *src;
    int at;              /* of the first remark; -1: none */
    const char *message; /* of the first remark */
    const char *cure;
} Row;

static const Row expressions[] = {
    {"n > 5 and s = \"x\" and d < date(\"2026-01-01\") and b", -1, "", ""},
    {"any > 5 or any = \"x\" or any", -1, "", ""},
    {"n = null or null != s", -1, "", ""},
    {"n < \"5\"", 2, "a number compared with a string is always null",
     "a number is written without quotes"},
    {"d >= \"2026-01-01\"", 2, "a date compared with a string is always null",
     "a date is written date(\"2026-11-22\")"},
    {"b = \"yes\"", 2, "a boolean compared with a string is always null",
     "write true or false, without quotes"},
    {"b < true", 2, "a boolean has no order", ""},
    {"s - s", 2, "string - string has no meaning", ""},
    {"s + n", 2, "string + number has no meaning", ""},
    {"d + 5", 2, "date + number has no meaning", ""},
    {"d + duration(\"P5D\") > d", -1, "", ""},
    {"(d - d).days > 3", -1, "", ""},
    {"(d - d).months > 3", 8, "a days and time duration has no 'months'", ""},
    {"(d - d).day > 3", 8, "a days and time duration has no 'day'", "did you mean 'days'?"},
    {"d.year = 2026 and d.yaer = 1", 20, "a date has no 'yaer'", "did you mean 'year'?"},
    {"s.length > 3", 2, "a string has no 'length'", ""},
    {"kind = \"new\" or \"change\" = kind", -1, "", ""},
    {"kind = \"chnge\"", 7, "\"chnge\" is no option here", "did you mean \"change\"?"},
    {"kind = \"zzz\"", 7, "\"zzz\" is no option here", "it is one of \"new\", \"change\""},
    {"kind in (\"new\", \"old\")", 16, "\"old\" is no option here", ""},
    {"kind in [\"change\", \"chang\"]", 19, "\"chang\" is no option here",
     "did you mean \"change\"?"},
    {"list contains(kinds, \"nwe\")", 21, "\"nwe\" is no option here", ""},
    {"some x in kinds satisfies x = \"changed\"", 30, "\"changed\" is no option here",
     "did you mean \"change\"?"},
    {"kinds[item = \"new\"][1] = \"newer\"", 25, "\"newer\" is no option here", ""},
    {"kinds = \"new\"", 6, "a list compared with a string is always null",
     "ask a list with list contains(list, element)"},
    {"n in [1..5] and n in (< 3, > 8)", -1, "", ""},
    {"n in [\"a\"..\"c\"]", 6, "a number compared with a string is always null", ""},
    {"n between 1 and \"z\"", 16, "a number compared with a string is always null", ""},
    {"if s then 1 else 2", 3, "a string is neither true nor false", "compare it with something"},
    {"b and n", 6, "a number is neither true nor false", "compare it with something"},
    {"contains(n, \"a\")", 9, "'contains' takes a string here, not a number", ""},
    {"string length(n) > 1", 14, "'string length' takes a string here, not a number", ""},
    {"count(s) = 1 and sum(n) = 1", -1, "", ""},
    {"date(\"2026-13-01\") > d", 5, "'2026-13-01' is no date", ""},
    {"duration(\"5D\") > duration(\"P1D\")", 9, "'5D' is no duration", ""},
    {"sort = 1", 0, "unknown name 'sort', there is only a function of it", ""},
    {"b and count", 6, "unknown name 'count', there is only a function of it", ""},
    {"sort(kinds, function(x, y) x < y)[1] = \"x\"", -1, "", ""},
    {"-s = 1", 0, "- of a string has no meaning", ""},
    {"c.size = \"large\"", 7, "a number compared with a string is always null", ""},
    {"c.note = \"large\" and c.note > 3", -1, "", ""},
    {"cs[size > 2].size[1] = \"x\"", 21, "a number compared with a string is always null", ""},
    {"cs[size = \"x\"]", 8, "a number compared with a string is always null", ""},
    {"cs[note = \"x\"]", -1, "", ""},
    {"{a: 1, r: a = \"x\"}.r", 12, "a number compared with a string is always null", ""},
    {"(for x in [1, 2] return x * 2)[1] = \"a\"", 34,
     "a number compared with a string is always null", ""},
    {"(if b then 1 else 2) = \"a\"", 21, "a number compared with a string is always null", ""},
    {"(if b then 1 else \"a\") = \"a\"", -1, "", ""},
    {"every x in any satisfies x", -1, "", ""},
    {"(function(x) x + 1)(\"a\") = 2", -1, "", ""},
};

static void check_row(Room *r, const Row *row, FeelMode mode, const FeelType *input)
{
    FeelRemarks found;
    Err err = {0};
    bool ok = feel_compile(&r->a, str_z(row->src), &r->names, mode, &err) != NULL;
    CHECK(ok, "%s: %s", row->src, err.msg);
    feel_check(&r->a, str_z(row->src), &r->names, mode, input, &found);
    FeelRemark first = found.at[0];
    int at = found.count > 0 ? (int)first.offset : -1;
    CHECK(at == row->at, "%s: at %d: " STR_FMT, row->src, at, STR_ARG(first.message));
    CHECK(str_starts(first.message, str_z(row->message)), "%s: " STR_FMT, row->src,
          STR_ARG(first.message));
    CHECK(!row->cure[0] || str_eq(first.cure, str_z(row->cure)), "%s: " STR_FMT, row->src,
          STR_ARG(first.cure));
}

TEST(what_types_tell_of_an_expression)
{
    Room r = {0};
    open_room(&r);
    for (size_t i = 0; i < COUNT(expressions); i++) {
        check_row(&r, &expressions[i], FEEL_EXPRESSION, NULL);
    }
    arena_free(&r.a);
}

TEST(what_types_tell_of_a_test)
{
    static const Row of_numbers[] = {
        {"< 5, [7..9], 12", -1, "", ""},
        {"-", -1, "", ""},
        {"\"5\"", 0, "a number compared with a string is always null", ""},
        {"1, < \"5\"", 3, "a number compared with a string is always null", ""},
        {"not(\"a\")", 4, "a number compared with a string is always null", ""},
        {"? > 3 and ? < 5", -1, "", ""},
        {"? + 3", 2, "a number is neither true nor false", ""},
        {"s", 0, "a number compared with a string is always null", ""},
        {"n", -1, "", ""},
    };
    static const Row of_options[] = {
        {"\"new\",\"change\"", -1, "", ""},
        {"not(\"new\")", -1, "", ""},
        {"\"new\", \"chnage\"", 7, "\"chnage\" is no option here", "did you mean \"change\"?"},
        {"= \"ne\"", 2, "\"ne\" is no option here", ""},
        {"3", 0, "a string compared with a number is always null", ""},
    };
    Room r = {0};
    open_room(&r);
    for (size_t i = 0; i < COUNT(of_numbers); i++) {
        check_row(&r, &of_numbers[i], FEEL_UNARY_TESTS, &number);
    }
    for (size_t i = 0; i < COUNT(of_options); i++) {
        check_row(&r, &of_options[i], FEEL_UNARY_TESTS, r.options_list.item);
    }
    arena_free(&r.a);
}

TEST(open_names_tell_nothing)
{
    Room r = {0};
    FeelRemarks found;
    open_room(&r);
    feel_check(&r.a, STR("n < \"5\""), NULL, FEEL_EXPRESSION, NULL, &found);
    CHECK(found.count == 0, "without names");
    r.names.open = true;
    feel_check(&r.a, STR("n < \"5\""), &r.names, FEEL_EXPRESSION, NULL, &found);
    CHECK(found.count == 0, "open names");
    arena_free(&r.a);
}

TEST(remarks_tell_whether_they_are_advice_and_what_comes_out)
{
    Room r = {0};
    FeelRemarks found;
    open_room(&r);
    feel_check(&r.a, STR("kind = \"old\" and n = \"5\""), &r.names, FEEL_EXPRESSION, NULL, &found);
    CHECK(found.count == 2 && found.at[0].is_advice && !found.at[1].is_advice, "%zu", found.count);
    CHECK(found.type && found.type->kind == FEEL_BOOLEAN, "a condition");
    feel_check(&r.a, STR("d - d"), &r.names, FEEL_EXPRESSION, NULL, &found);
    CHECK(found.type && found.type->kind == FEEL_DAYS_DURATION, "a duration");
    feel_check(&r.a, STR("any"), &r.names, FEEL_EXPRESSION, NULL, &found);
    CHECK(!found.type, "anything");
    StrBuf many = buf_in(&r.a);
    for (int i = 0; i < 30; i++) {
        buf_fmt(&many, "%sn = \"x\"", i ? " or " : "");
    }
    feel_check(&r.a, buf_str(&many), &r.names, FEEL_EXPRESSION, NULL, &found);
    CHECK(found.count == FEEL_MAX_REMARKS, "%zu", found.count);
    arena_free(&r.a);
}
