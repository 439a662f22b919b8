/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Regular expressions: hostile ones end soon, shared ones serve several threads, none of them
 * leaves memory behind. What they mean is in tests/cases/feel/text.test.
 */
#include "check.h"

#include "base/clock.h"
#include "base/thread.h"
#include "feel/regex_int.h"

enum {
    TOOK_MS = 50,
    SLOWER = 10, /* with sanitizers, or on a machine that does other things */
    THREADS = 4,
    ROUNDS = 500,
    LONG_TEXT = 60000,
    ARENA_MAX = 256 * 1024,
};

static Str repeated(Arena *out, const char *part, size_t bytes)
{
    StrBuf b = buf_in(out);
    while (b.len + strlen(part) <= bytes) {
        buf_add(&b, str_z(part));
    }
    return buf_str(&b);
}

TEST(regex_hostile_patterns_end)
{
    static const struct {
        const char *pattern, *flags, *part;
        size_t bytes;
        const char *why; /* NULL: no match, and that soon */
    } table[] = {
        {"(a+)+[bc]", "", "a", 30, "REGEX_MAX_ATTEMPTS"},
        {"(a+)+[bc]", "", "a", LONG_TEXT, "REGEX_MAX_ATTEMPTS"},
        {"(a|aa)+[bc]", "", "a", 40, "REGEX_MAX_ATTEMPTS"},
        {"(a|a?)+[bc]", "", "a", 40, "REGEX_MAX_ATTEMPTS"},
        {"(((a*)*)*)*[bc]", "", "a", 30, "REGEX_MAX_ATTEMPTS"},
        {"([a-z]+)*[=#][bc]", "", "a", 5000, "REGEX_MAX_ATTEMPTS"},
        {"a*[bc]", "", "a", LONG_TEXT, "REGEX_MAX_ATTEMPTS"},
        {"a*?[bc]", "", "a", LONG_TEXT, "REGEX_MAX_ATTEMPTS"},
        {"[\\p{L}-[q]]*[bc]", "i", "a", 5000, "REGEX_MAX_ATTEMPTS"},
        {"(a+)\\1\\1\\1[bc]", "i", "a", 3000, "REGEX_MAX_ATTEMPTS"},
        {"^{0,615}^{0,615}[bc]|", "", "a", 1, "REGEX_MAX_ATTEMPTS"},
        {"(b?){0,900}(b?){0,900}[bc]|", "", "a", 1, "REGEX_MAX_ATTEMPTS"},
        {"(a*)*\\1*[bc]", "i", "a", LONG_TEXT, "REGEX_MAX_ATTEMPTS"},
        {"(a|b)+[bc]", "", "a", LONG_TEXT, "REGEX_MAX_DEPTH"},
        {"a{1000}[bc]", "", "a", LONG_TEXT, "REGEX_MAX_WORK"},
        {"(?:\\p{L}{1000}){30}[bc]", "", "a", LONG_TEXT, "REGEX_MAX_WORK"},
        {"^(?:\\p{L}{1000}){30}[bc]", "", "a", LONG_TEXT, NULL},
        {"(a?){1000}a{1000}", "", "a", 900, NULL},
        {"(a|b|c|d|e|f|g)(a|b|c|d|e|f|g)(a|b|c|d|e|f|g)[hi]", "", "abcdefg", LONG_TEXT, NULL},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        Arena a = {0};
        FeelBudget b = feel_budget(&a, &(FeelLimits){.steps = UINT32_MAX});
        FeelValue args[] = {feel_str(repeated(&a, table[i].part, table[i].bytes)),
                            feel_str(str_z(table[i].pattern)), feel_str(str_z(table[i].flags))};
        int64_t start = clock_monotonic_us();
        FeelValue v = regex_matches(&b, args, COUNT(args));
        int64_t took = (clock_monotonic_us() - start) / 1000;
        Str why = feel_why(&a, &v, FEEL_EN);
        CHECK(took < TOOK_MS * SLOWER, "'%s' took %lld ms", table[i].pattern, (long long)took);
        CHECK(table[i].why ? str_starts(why, str_z(table[i].why))
                           : v.kind == FEEL_BOOLEAN && !v.truth,
              "'%s': " STR_FMT, table[i].pattern, STR_ARG(why));
        arena_free(&a);
    }
}

/* A search that is long, but not too long, is paid for like other work. */
TEST(regex_attempts_cost_steps)
{
    Arena a = {0};
    Err err = {0};
    FeelBudget b = feel_budget(&a, &(FeelLimits){.steps = 5000});
    FeelValue args[] = {feel_str(repeated(&a, "a", 500)), feel_str(STR("a*[bc]"))};
    FeelValue v = regex_matches(&b, args, COUNT(args));
    CHECK(v.kind == FEEL_NULL && !feel_within(&b, &err), "stopped");
    CHECK(err.code == ERR_LIMIT && str_starts(str_z(err.msg), STR("FEEL_MAX_STEPS")), "%s",
          err.msg);
    arena_free(&a);
}

TEST(regex_leaves_no_memory)
{
    Arena a = {0};
    FeelBudget b = feel_budget(&a, &(FeelLimits){.steps = UINT32_MAX});
    FeelValue args[] = {feel_str(repeated(&a, "ab1", 3000)), feel_str(STR("([a-z]|\\d)+$"))};
    size_t before = a.total;
    for (int i = 0; i < ROUNDS; i++) {
        FeelValue v = regex_matches(&b, args, COUNT(args));
        CHECK(feel_is_true(&v), "round %d", i);
    }
    CHECK(a.total <= before + ARENA_MAX, "%zu bytes after %d searches", a.total, ROUNDS);
    arena_free(&a);
}

typedef struct {
    const FeelProgram *program;
    int wrong;
} Shared;

static void evaluate_many(void *arg)
{
    Shared *s = arg;
    Arena a = {0};
    for (int i = 0; i < ROUNDS; i++) {
        Err err = {0};
        FeelValue v = feel_null();
        s->wrong += feel_eval(&a, s->program, NULL, 0, &v, &err) && feel_is_true(&v) ? 0 : 1;
        arena_reset(&a);
    }
    arena_free(&a);
}

TEST(regex_of_a_program_is_shared)
{
    Arena a = {0};
    Err err = {0};
    Thread threads[THREADS];
    Shared shared[THREADS];
    Str text = STR("matches(\"11010519491231002X\", \"^\\\\d{17}[\\\\dXx]$\") and "
                   "replace(\"a-b-c\", \"(-)\", \"+$1\") = \"a+-b+-c\" and "
                   "count(split(\"a b  c\", \"\\\\s+\")) = 3");
    const FeelProgram *p = feel_compile(&a, text, NULL, FEEL_EXPRESSION, &err);
    CHECK(p != NULL, "%s", err.msg);
    for (size_t i = 0; p && i < THREADS; i++) {
        shared[i] = (Shared){p, 0};
        thread_start(&threads[i], "regex", evaluate_many, &shared[i]);
    }
    for (size_t i = THREADS; p && i-- > 0;) {
        thread_join(&threads[i]);
        CHECK(shared[i].wrong == 0, "thread %zu: %d wrong", i, shared[i].wrong);
    }
    arena_free(&a);
}
