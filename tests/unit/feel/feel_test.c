/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs tests/cases/feel/ *.test. A line is one case:
 *
 *   EXPRESSION => EXPECTED         both are FEEL; equal in kind and value
 *   EXPRESSION => null ~ PART      null, and the reason holds PART
 *   EXPRESSION !! OFFSET PART      does not compile; the error stands there and says PART
 *   @scope {…}                     variables of the next lines (their names are then closed)
 *   @input EXPRESSION              the next lines are unary tests of it
 *   @scope, @input                 none again
 */
#include "check.h"

#include "base/file.h"
#include "feel/feel.h"

enum { CASE_FILE_MAX = 1 << 20 };

typedef struct {
    Arena arena;
    FeelScope scope;
    FeelNames names;
    FeelValue input;
    bool closed, unary;
    const char *path;
    int line;
} Cases;

static bool evaluate(Cases *c, Str text, bool plain, FeelValue *v, Err *err)
{
    FeelMode mode = plain || !c->unary ? FEEL_EXPRESSION : FEEL_UNARY_TESTS;
    const FeelProgram *p =
        feel_compile(&c->arena, text, !plain && c->closed ? &c->names : NULL, mode, err);
    return p && feel_eval(&c->arena, p, plain ? NULL : &c->scope, 0, v, err);
}

static void set_scope(Cases *c, Str text)
{
    FeelValue v = feel_null();
    Err err = {0};
    c->closed = text.len > 0;
    c->scope.context = NULL;
    if (!c->closed) {
        return;
    }
    CHECK(evaluate(c, text, true, &v, &err) && v.kind == FEEL_CONTEXT, "%s:%d scope: %s", c->path,
          c->line, err.msg);
    if (v.kind != FEEL_CONTEXT) {
        return;
    }
    FeelName *names = NEW_N(&c->arena, FeelName, v.context->count + 1);
    for (size_t i = 0; i < v.context->count; i++) {
        names[i].name = v.context->entries[i].key;
    }
    c->names = (FeelNames){.at = names, .count = v.context->count};
    c->scope.context = v.context;
}

static void set_input(Cases *c, Str text)
{
    Err err = {0};
    c->unary = text.len > 0;
    c->scope.input = NULL;
    if (c->unary) {
        CHECK(evaluate(c, text, true, &c->input, &err), "%s:%d input: %s", c->path, c->line,
              err.msg);
        c->scope.input = &c->input;
    }
}

static void run_value(Cases *c, Str text, Str wanted)
{
    Err err = {0};
    FeelValue v = feel_null(), w = feel_null();
    size_t tilde = str_find(wanted, STR(" ~ "), 0);
    Str part = tilde == SIZE_MAX ? (Str){0} : str_trim(str_slice(wanted, tilde + 3, wanted.len));
    Str expected = str_slice(wanted, 0, tilde);
    bool ok = evaluate(c, text, false, &v, &err);
    CHECK(ok, "%s:%d " STR_FMT ": %s at %u", c->path, c->line, STR_ARG(text), err.msg, err.offset);
    CHECK(evaluate(c, expected, true, &w, &err), "%s:%d expected: %s", c->path, c->line, err.msg);
    Str got = feel_text(&c->arena, &v);
    if (ok) {
        Str why = feel_why(&c->arena, &v, FEEL_EN);
        CHECK(v.kind == w.kind && feel_same(&v, &w),
              "%s:%d " STR_FMT " = " STR_FMT " (" STR_FMT ")", c->path, c->line, STR_ARG(text),
              STR_ARG(got), STR_ARG(why));
        CHECK(part.len == 0 || str_find(why, part, 0) != SIZE_MAX, "%s:%d reason '" STR_FMT "'",
              c->path, c->line, STR_ARG(why));
    }
}

static void run_failure(Cases *c, Str text, Str wanted)
{
    Err err = {0};
    FeelValue v = feel_null();
    Str offset = {0};
    int64_t at = -1;
    bool ok = evaluate(c, text, false, &v, &err);
    str_split(&wanted, ' ', &offset);
    CHECK(!ok, "%s:%d " STR_FMT " compiles", c->path, c->line, STR_ARG(text));
    CHECK(str_int(offset, &at) && at == (int64_t)err.offset, "%s:%d " STR_FMT ": error at %u",
          c->path, c->line, STR_ARG(text), err.offset);
    CHECK(str_find(str_z(err.msg), str_trim(wanted), 0) != SIZE_MAX, "%s:%d message '%s'", c->path,
          c->line, err.msg);
}

static void run_line(Cases *c, Str line)
{
    if (line.len == 0 || line.at[0] == '#') {
        return;
    }
    if (str_starts(line, STR("@scope"))) {
        set_scope(c, str_trim(str_slice(line, 6, line.len)));
        return;
    }
    if (str_starts(line, STR("@input"))) {
        set_input(c, str_trim(str_slice(line, 6, line.len)));
        return;
    }
    size_t value = str_find(line, STR(" => "), 0), failure = str_find(line, STR(" !! "), 0);
    if (failure != SIZE_MAX) {
        run_failure(c, str_slice(line, 0, failure), str_slice(line, failure + 4, line.len));
    } else {
        CHECK(value != SIZE_MAX, "%s:%d is no case", c->path, c->line);
        run_value(c, str_slice(line, 0, value), str_slice(line, value + 4, line.len));
    }
}

static void run_file(Str path)
{
    Cases c = {0};
    Err err = {0};
    Str text = {0}, line = {0};
    c.path = str_cstr(&c.arena, path);
    CHECK(file_read(&c.arena, path, CASE_FILE_MAX, &text, &err), "%s", err.msg);
    while (str_split(&text, '\n', &line)) {
        c.line++;
        run_line(&c, str_trim(line));
    }
    CHECK(c.line > 5, "%s has cases", c.path);
    arena_free(&c.arena);
}

TEST(feel_cases)
{
    Arena arena = {0};
    StrVec paths = {0};
    Err err = {0};
    CHECK(file_list(&arena, STR("tests/cases/feel"), STR(".test"), &paths, &err), "%s", err.msg);
    CHECK(paths.len >= 5, "case files are there");
    for (size_t i = 0; i < paths.len; i++) {
        run_file(path_join(&arena, STR("tests/cases/feel"), paths.at[i]));
    }
    arena_free(&arena);
}

static Str repeated(Arena *a, const char *part, size_t times, const char *tail)
{
    StrBuf b = buf_in(a);
    for (size_t i = 0; i < times; i++) {
        buf_add(&b, str_z(part));
    }
    buf_add(&b, str_z(tail));
    return buf_str(&b);
}

TEST(feel_limits)
{
    static const struct {
        const char *part;
        size_t times;
        const char *tail;
        ErrCode code;
    } table[] = {
        {"(", 1000, "1", ERR_LIMIT},
        {"[", 1000, "1", ERR_LIMIT},
        {"if ", 1000, "1", ERR_LIMIT},
        {"1+", 5000, "1", ERR_LIMIT},
        {"a.", 5000, "a", ERR_LIMIT},
        {"1 ", 40000, "1", ERR_LIMIT},
        {"", 0, "for i in 1..100000000 return i", ERR_LIMIT},
        {"", 0, "some i in [1..9999999], j in [1..999999] satisfies false", ERR_LIMIT},
        {"1+", 300, "1", ERR_NONE},
        {"- ", 5000, "1", ERR_NONE},
        {"", 0, "for i in 1..50000 return [partial[-1]]", ERR_NONE},
        {"", 0, "(for i in 1..50000 return [partial[-1]]) = 1", ERR_NONE},
        {"", 0, "string(for i in 1..50000 return [partial[-1]]) = \"\"", ERR_LIMIT},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        Arena a = {0};
        Err err = {0};
        FeelValue v = feel_null();
        Str text = repeated(&a, table[i].part, table[i].times, table[i].tail);
        const FeelProgram *p = feel_compile(&a, text, NULL, FEEL_EXPRESSION, &err);
        bool ok = p && feel_eval(&a, p, NULL, 0, &v, &err);
        CHECK(ok == (table[i].code == ERR_NONE) && (ok || err.code == table[i].code), "row %zu: %s",
              i, err.msg);
        arena_free(&a);
    }
}

/* {a:[1,1], b:[a,a], c:[b,b] …}: small to hold, huge to write. */
TEST(feel_shared_values_are_bounded)
{
    Arena a = {0};
    StrBuf b = buf_in(&a);
    BUF_LIT(&b, "{k0: [1,1]");
    for (int i = 1; i < 60; i++) {
        buf_fmt(&b, ", k%d: [k%d, k%d]", i, i - 1, i - 1);
    }
    BUF_LIT(&b, "}.k59");
    Err err = {0};
    FeelValue v = feel_null();
    const FeelProgram *p = feel_compile(&a, buf_str(&b), NULL, FEEL_EXPRESSION, &err);
    CHECK(p && feel_eval(&a, p, NULL, 0, &v, &err), "evaluates: %s", err.msg);
    CHECK(v.kind == FEEL_LIST, "is a list");
    CHECK(!feel_to_value(&a, &v, &err) && err.code == ERR_LIMIT, "too large for JSON");
    CHECK(!feel_same(&v, &v), "comparing gives up");
    arena_free(&a);
}

TEST(feel_json_both_ways)
{
    Arena a = {0};
    Err err = {0};
    Value *map = value_map(&a);
    set_str(&a, map, "day", STR("2026-11-22"));
    value_set(&a, map, STR("n"), value_number(&a, STR("12.50")));
    value_push(&a, set_list(&a, map, "l"), value_bool(&a, true));
    FeelValue v = feel_null(), data = feel_null();
    CHECK(feel_from_value(&a, map, &v, &err) && v.kind == FEEL_CONTEXT, "%s", err.msg);
    FeelType date = {.kind = FEEL_DATE}, dates = {.kind = FEEL_LIST, .item = &date};
    FeelName member = {STR("day"), &dates};
    FeelNames members = {.at = &member, .count = 1};
    FeelType type = {.kind = FEEL_CONTEXT, .members = &members};
    FeelValue typed = feel_null();
    CHECK(feel_coerce(&a, &v, &type, &typed, &err), "%s", err.msg);
    Str text = feel_text(&a, &typed);
    CHECK(str_eq(text, STR("{day: [2026-11-22], n: 12.5, l: [true]}")), STR_FMT, STR_ARG(text));
    CHECK(feel_get(typed.context, STR("day"))->list.items[0].kind == FEEL_DATE, "is a date");
    CHECK(feel_to_data(&a, &typed, &data, &err), "%s", err.msg);
    CHECK(feel_get(data.context, STR("day"))->list.items[0].kind == FEEL_STRING, "is text again");
    const Value *back = feel_to_value(&a, &typed, &err);
    CHECK(back && str_eq(value_text(value_at(back, "n")), STR("12.5")), "number kept");
    FeelValue number = feel_int(5), wrong = feel_null();
    CHECK(feel_coerce(&a, &number, &date, &wrong, &err) && wrong.kind == FEEL_NULL && wrong.reason,
          "5 is no date");
    arena_free(&a);
}

TEST(feel_typed_names)
{
    Arena a = {0};
    FeelType number = {.kind = FEEL_NUMBER};
    FeelName inner[] = {{STR("birth place"), NULL}, {STR("age"), &number}};
    FeelNames members = {.at = inner, .count = 2};
    FeelType person = {.kind = FEEL_CONTEXT, .members = &members};
    FeelType people = {.kind = FEEL_LIST, .item = &person};
    FeelName outer[] = {{STR("applicant"), &person}, {STR("family members"), &people}};
    FeelNames names = {.at = outer, .count = 2};
    static const struct {
        const char *text, *message; /* NULL: compiles */
    } table[] = {
        {"applicant.birth place = \"x\"", NULL},
        {"family members[age > 3].birth place", NULL},
        {"for m in family members return m.age", NULL},
        {"aplicant.age", "did you mean 'applicant'"},
        {"applicant.agge", "did you mean 'age'"},
        {"family members[agee > 3]", "unknown name 'agee'"},
        {"count(familymembers)", "did you mean 'family members'"},
        {"sume(family members.age)", "did you mean 'sum'"},
        {"some m in family members satisfies m.aeg = 1", "unknown member 'aeg'"},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        Err err = {0};
        bool ok = feel_compile(&a, str_z(table[i].text), &names, FEEL_EXPRESSION, &err) != NULL;
        CHECK(ok == (table[i].message == NULL), "%s: %s", table[i].text, err.msg);
        CHECK(ok || strstr(err.msg, table[i].message), "%s: %s", table[i].text, err.msg);
    }
    arena_free(&a);
}
