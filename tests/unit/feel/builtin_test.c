/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of built-ins agree with each other; a look-up finds all of them and nothing else. */
#include "check.h"

#include "feel/feel_int.h"

static const Builtin *const tables[] = {
    feel_builtins_number,  feel_builtins_string, feel_builtins_list, feel_builtins_statistics,
    feel_builtins_context, feel_builtins_range,  feel_builtins_date, feel_builtins_extra};

static size_t params_of(const Builtin *row)
{
    size_t count = 0;
    Str rest = str_z(row->params), param = {0};
    while (row->params[0] && str_split(&rest, ',', &param)) {
        count++;
    }
    return count;
}

static size_t letters_of(const Builtin *row)
{
    size_t count = 0;
    for (const char *t = row->types; *t; t++) {
        count += *t != '?' && *t != '*' ? 1 : 0;
    }
    return count;
}

TEST(builtin_names_are_sorted)
{
    const char *const *names = NULL;
    size_t count = builtin_names(&names);
    CHECK(count > 90, "%zu names", count);
    for (size_t i = 1; i < count; i++) {
        CHECK(strcmp(names[i - 1], names[i]) < 0, "'%s' before '%s'", names[i - 1], names[i]);
    }
    for (size_t i = 0; i < count; i++) {
        const Builtin *b = builtin_find(str_z(names[i]));
        CHECK(b && strcmp(b->name, names[i]) == 0, "'%s' has rows", names[i]);
    }
}

TEST(builtin_rows_are_found)
{
    for (size_t t = 0; t < COUNT(tables); t++) {
        for (const Builtin *row = tables[t]; row->name; row++) {
            bool first = row == tables[t] || strcmp(row[-1].name, row->name) != 0;
            const Builtin *found = builtin_find(str_z(row->name));
            CHECK(found && (!first || found == row), "'%s' is in builtins.def, its rows together",
                  row->name);
            CHECK(params_of(row) == letters_of(row), "'%s' (%s) '%s'", row->name, row->params,
                  row->types);
            Arena a = {0};
            CHECK(builtin_params(&a, row)->count == params_of(row), "'%s' as a value", row->name);
            arena_free(&a);
            for (const char *type = row->types; *type; type++) {
                CHECK(*type == '?' || *type == '*' || *type == 'a' ||
                          strcmp(builtin_type_words(*type), "value") != 0,
                      "'%s' has a type '%c'", row->name, *type);
            }
        }
    }
}

TEST(builtin_find_knows_no_other)
{
    static const char *const others[] = {"",       "a",         "abz",  "zzz",  "date and",
                                         "dates",  "list",      "Sum",  "sum ", "before ",
                                         "range1", "not there", "trin", "~"};
    for (size_t i = 0; i < COUNT(others); i++) {
        CHECK(!builtin_find(str_z(others[i])), "'%s'", others[i]);
    }
}

TEST(builtin_match_takes_the_longest)
{
    static const struct {
        const char *text;
        size_t at, past;
        const char *name;
    } table[] = {
        {"date and time(1)", 0, 13, "date and time"},
        {"date  and\ttime  (1)", 0, 14, "date and time"},
        {"date(1)", 0, 0, ""},
        {"date and time", 0, 0, ""},
        {"date and x", 0, 0, ""},
        {"1 + overlaps before(a, b)", 4, 19, "overlaps before"},
        {"overlaps (a, b)", 0, 0, ""},
        {"day of week(x)", 0, 11, "day of week"},
        {"day of weeks(x)", 0, 0, ""},
        {"get /* all */ value(x)", 0, 19, "get value"},
        {"list contains(x)", 0, 13, "list contains"},
        {"zz top(x)", 0, 0, ""},
        {"_a b(x)", 0, 0, ""},
        {"", 0, 0, ""},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        Str name = {0};
        size_t past = builtin_match(str_z(table[i].text), table[i].at, &name);
        CHECK(past == table[i].past && str_eq(name, str_z(table[i].name)), "'%s': %zu",
              table[i].text, past);
    }
}

TEST(builtin_call_by_names_keeps_to_their_row)
{
    Arena a = {0};
    FeelBudget b = feel_budget(&a, NULL);
    const Builtin *put = builtin_find(STR("context put"));
    FeelContext none = {0};
    FeelValue key = feel_str(STR("k"));
    FeelValue keys[] = {key, key};
    FeelValue args[] = {feel_context(&none), value_list_of(keys, 2), feel_int(1)};
    FeelValue v = builtin_call(&b, builtin_index_named(put), args, 3);
    CHECK(v.kind == FEEL_NULL && v.reason, "'key' takes no list");
    Str why = feel_why(&a, &v, FEEL_ZH);
    CHECK(str_eq(why, STR("context put：“key”应为文本，不能是列表")), STR_FMT, STR_ARG(why));
    v = builtin_call(&b, builtin_index(put), args, 2);
    CHECK(v.kind == FEEL_NULL && v.reason, "too few values");
    arena_free(&a);
}

TEST(builtin_value_of_one_outlives_the_call)
{
    Arena a = {0};
    FeelBudget b = feel_budget(&a, NULL);
    FeelValue args[] = {feel_int(5), feel_int(1)};
    FeelValue v = builtin_call(&b, builtin_index(builtin_find(STR("sublist"))), args, 2);
    args[0] = feel_int(6);
    FeelValue five = feel_int(5);
    CHECK(v.kind == FEEL_LIST && v.list.count == 1 && feel_same(&v.list.items[0], &five),
          "its items are in the arena");
    arena_free(&a);
}

/* Doubling the list must not quadruple the time: 100,000 items, all different. */
TEST(builtin_distinct_is_not_quadratic)
{
    enum { ITEMS = 100000 };
    static const char *const names[] = {"distinct values", "duplicate values", "union", "mode"};
    Arena a = {0};
    FeelValue *numbers = NEW_N(&a, FeelValue, ITEMS), *texts = NEW_N(&a, FeelValue, ITEMS);
    for (int i = 0; i < ITEMS; i++) {
        numbers[i] = feel_int((int64_t)i * 7919 % ITEMS);
        texts[i] = feel_str(str_fmt(&a, "item %d", i * 31 % ITEMS));
    }
    for (size_t i = 0; i < 2 * COUNT(names) - 1; i++) {
        FeelBudget b = feel_budget(&a, NULL);
        FeelValue list = value_list_of(i % 2 == 0 ? numbers : texts, ITEMS);
        const char *name = names[i / 2];
        int64_t start = clock_monotonic_us();
        FeelValue v = builtin_call(&b, builtin_index(builtin_find(str_z(name))), &list, 1);
        int64_t took = (clock_monotonic_us() - start) / 1000;
        size_t wanted = i / 2 == 1 ? 0 : ITEMS;
        CHECK(v.kind == FEEL_LIST && v.list.count == wanted && !b.spent, "%s: %zu items", name,
              v.list.count);
        CHECK(took < 10000, "%s of %d items in %lld ms", name, (int)ITEMS, (long long)took);
    }
    arena_free(&a);
}

/* Where names are not known beforehand, as in a process, the variable still wins. */
TEST(builtin_name_of_a_variable)
{
    static const struct {
        const char *text, *wanted;
    } table[] = {
        {"count + 1", "6"},
        {"[1, 2][item < count]", "[1, 2]"},
        {"count([1, 2])", "2"},
        {"sort([2, 1], before)", "[1, 2]"},
        {"sort([1, 2], after)", "[2, 1]"},
        {"[before][item instance of number]", "[]"},
    };
    Arena a = {0};
    FeelEntry entry = {STR_INIT("count"), feel_int(5)};
    FeelContext context = {&entry, 1};
    FeelScope scope = {.context = &context};
    for (size_t i = 0; i < COUNT(table); i++) {
        Err err = {0};
        FeelValue v = feel_null();
        const FeelProgram *p = feel_compile(&a, str_z(table[i].text), NULL, FEEL_EXPRESSION, &err);
        CHECK(p && feel_eval(&a, p, &scope, 0, &v, &err), "%s: %s", table[i].text, err.msg);
        Str got = feel_text(&a, &v);
        CHECK(str_eq(got, str_z(table[i].wanted)), "%s = " STR_FMT, table[i].text, STR_ARG(got));
    }
    arena_free(&a);
}

/* What is small to write and endless to do ends soon, with the limit's name. */
TEST(builtin_work_is_bounded)
{
    static const char *const table[] = {
        "distinct values(for i in 1..20000 return {a: i})",
        "distinct values((for l in [for i in 1..20000 return i] return for k in 1..9000 return "
        "l)[1])",
        "count(union(for l in [for i in 1..50000 return i], k in 1..9000 return [l]))",
        "{a: for i in 1..1000 return i, b: for i in 1..1000 return a, c: for i in 1..1000 return "
        "b, "
        "r: flatten(c)}.r",
        "sort(for i in 1..200000 return i, function(x, y) x > y)",
        "sort(for i in 1..2000 return 0 - i, function(x, y) count(for k in 1..1000 return k) < 5)",
        "{s: for i in 1..19 return if i = 1 then \"0123456789abcdef\" else partial[-1] + "
        "partial[-1], l: for i in 1..30000 return s[-1], r: sort(l)}.r",
        "{s: for i in 1..19 return if i = 1 then \"0123456789abcdef\" else partial[-1] + "
        "partial[-1], l: for i in 1..30000 return s[-1], r: max(l)}.r",
        "{s: for i in 1..19 return if i = 1 then \"0123456789abcdef\" else partial[-1] + "
        "partial[-1], l: for i in 1..30000 return s[-1], r: distinct values(l)}.r",
        "(for i in 1..60 return if i = 1 then [1, 2] else concatenate(partial[-1], "
        "partial[-1]))[-1]",
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        Arena a = {0};
        Err err = {0};
        FeelValue v = feel_null();
        int64_t start = clock_monotonic_us();
        const FeelProgram *p = feel_compile(&a, str_z(table[i]), NULL, FEEL_EXPRESSION, &err);
        bool ok = p && feel_eval(&a, p, NULL, 0, &v, &err);
        int64_t took = (clock_monotonic_us() - start) / 1000;
        CHECK(p && !ok && err.code == ERR_LIMIT, "row %zu: %s", i, err.msg);
        CHECK(took < 10000, "row %zu in %lld ms", i, (long long)took);
        arena_free(&a);
    }
}
