/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An evaluation allocates in its arena and nowhere else: each expression of the case files is
 * compiled and evaluated with the allocator's own count beside it. Properties over random values
 * stand here, too: a value's text read back is the value.
 */
#include "check.h"

#include <malloc.h>

#include "base/file.h"
#include "base/rand.h"
#include "feel/feel.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { COUNTS_MALLOC = 0 };
#else
enum { COUNTS_MALLOC = 1 };
#endif

enum { CASE_FILE_MAX = 1 << 20, ARENA_ROOM = 8 << 20, VALUES = 20000 };

static size_t held(void)
{
    struct mallinfo2 m = mallinfo2();
    return m.uordblks + m.hblkhd;
}

static void evaluate(Arena *a, Str text)
{
    FeelNames open = {.open = true};
    FeelValue v = feel_null();
    Err err = {0};
    const FeelProgram *p = feel_compile(a, text, &open, FEEL_EXPRESSION, &err);
    if (p && feel_eval(a, p, NULL, 0, &v, &err)) {
        (void)feel_text(a, &v);
        (void)feel_why(a, &v, FEEL_ZH);
    }
}

/* Zones and the like are read once for the process: the second time counts. */
static void check_line(Str text, int *lines)
{
    Arena a = {0};
    evaluate(&a, text);
    arena_reset(&a);
    (void)arena_alloc(&a, ARENA_ROOM);
    arena_reset(&a);
    size_t before = held(), room = a.total;
    evaluate(&a, text);
    CHECK(a.total > room || held() == before, STR_FMT ": %zd bytes outside the arena",
          STR_ARG(text), (ssize_t)(held() - before));
    (*lines)++;
    arena_free(&a);
}

TEST(feel_memory_is_the_arena)
{
    Arena arena = {0};
    StrVec paths = {0};
    Err err = {0};
    int lines = 0;
    CHECK(file_list(&arena, STR("tests/cases/feel"), STR(".test"), &paths, &err), "%s", err.msg);
    for (size_t i = 0; COUNTS_MALLOC && i < paths.len; i++) {
        Str text = {0}, line = {0}, path = path_join(&arena, STR("tests/cases/feel"), paths.at[i]);
        CHECK(file_read(&arena, path, CASE_FILE_MAX, &text, &err), "%s", err.msg);
        while (str_split(&text, '\n', &line)) {
            size_t arrow = str_find(line, STR(" => "), 0);
            if (line.len > 0 && line.at[0] != '#' && line.at[0] != '@' && arrow != SIZE_MAX) {
                check_line(str_slice(line, 0, arrow), &lines);
            }
        }
    }
    CHECK(!COUNTS_MALLOC || lines > 500, "expressions: %d", lines);
    arena_free(&arena);
}

/* ---- text and back ---- */

static Str random_number(Arena *a, Rng *r)
{
    StrBuf b = buf_in(a);
    size_t digits = 1 + rng_below(r, 34), point = rng_below(r, digits + 1);
    buf_add(&b, rng_below(r, 2) ? STR("-") : STR(""));
    for (size_t i = 0; i < digits; i++) {
        buf_char(&b, (char)('0' + rng_below(r, 10)));
        if (i + 1 == point && i + 1 < digits) {
            buf_char(&b, '.');
        }
    }
    if (rng_below(r, 3) == 0) {
        buf_fmt(&b, "e%d", (int)rng_below(r, 12000) - 6000);
    }
    return buf_str(&b);
}

static Str random_text(Arena *a, Rng *r)
{
    static const char *const parts[] = {"a", "\\\\", "\\\"",    "中", "😀",
                                        " ", "\\n",  "\\u0009", "x'"};
    StrBuf b = buf_in(a);
    buf_char(&b, '"');
    for (size_t i = rng_below(r, 12); i > 0; i--) {
        buf_add(&b, str_z(parts[rng_below(r, COUNT(parts))]));
    }
    buf_char(&b, '"');
    return buf_str(&b);
}

static Str random_value(Arena *a, Rng *r, int depth)
{
    StrBuf b = buf_in(a);
    uint64_t kind = rng_below(r, depth > 3 ? 4 : 7);
    if (kind < 2) {
        return random_number(a, r);
    }
    if (kind < 4) {
        return kind == 2 ? random_text(a, r) : rng_below(r, 2) ? STR("true") : STR("null");
    }
    bool list = kind == 4;
    buf_char(&b, list ? '[' : '{');
    for (size_t i = 0, count = rng_below(r, 5); i < count; i++) {
        buf_add(&b, i > 0 ? STR(", ") : STR(""));
        if (!list) {
            buf_fmt(&b, i % 2 ? "k%zu: " : "\"a key %zu\": ", i);
        }
        buf_add(&b, random_value(a, r, depth + 1));
    }
    buf_char(&b, list ? ']' : '}');
    return buf_str(&b);
}

static bool value_of(Arena *a, Str text, FeelValue *v)
{
    Err err = {0};
    const FeelProgram *p = feel_compile(a, text, NULL, FEEL_EXPRESSION, &err);
    bool ok = p && feel_eval(a, p, NULL, 0, v, &err);
    CHECK(ok, STR_FMT ": %s", STR_ARG(text), err.msg);
    return ok;
}

/* A string alone is told without its quotes. */
TEST(feel_text_reads_back)
{
    Rng r;
    rng_seed(&r, 7);
    for (int i = 0; i < VALUES; i++) {
        Arena a = {0};
        FeelValue v = feel_null(), back = feel_null();
        StrBuf b = buf_in(&a);
        buf_char(&b, '[');
        buf_add(&b, random_value(&a, &r, 0));
        buf_char(&b, ']');
        if (value_of(&a, buf_str(&b), &v)) {
            Str text = feel_text(&a, &v);
            CHECK(value_of(&a, text, &back) && feel_same(&v, &back),
                  STR_FMT " reads back as " STR_FMT, STR_ARG(text), STR_ARG(feel_text(&a, &back)));
        }
        arena_free(&a);
    }
}
