/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The betsy suite: models that run with an expected trace (compared as multisets), and models that
 * an engine has to refuse. Where the suite contradicts itself, or refuses what an engine has to
 * run, the row stands in a list below with the reason; docs/bpmn.md has the same.
 */
#include "check.h"

#include <stdlib.h>

#include "betsy_world.h"
#include "suites.h"
#include "json/json.h"

enum { RUN_MIN = 101, REJECT_MIN = 207 };

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const Str *)a, *(const Str *)b);
}

static Str sorted(Arena *a, StrVec list)
{
    StrBuf b = buf_in(a);
    if (list.len)
        qsort(list.at, list.len, sizeof *list.at, by_text);
    for (size_t i = 0; i < list.len; i++)
        buf_fmt(&b, STR_FMT " ", STR_ARG(list.at[i]));
    return buf_str(&b);
}

static Str expected(Arena *a, const Value *list)
{
    StrVec words = {0};
    for (size_t i = 0; i < value_count(list); i++)
        *VEC_PUSH(a, &words) = value_text(value_item(list, i));
    return sorted(a, words);
}

static Str read_model(Arena *a, Str folder, Str file)
{
    Str text = {0};
    Err err = {0};
    CHECK(file_read(a, path_join(a, folder, file), BETSY_FILE_MAX, &text, &err), "%s", err.msg);
    return betsy_document(a, text);
}

/* Empty when the trace is as expected, else what it was. */
static Str run_case(Arena *a, Str folder, const Value *test, const Value *row, Str *wanted)
{
    BetsyWorld w = {.arena = a};
    Diags d = {.arena = a};
    Str file = get_str(test, "file");
    FeelValue vars = feel_null();
    Err err = {0};
    *wanted = expected(a, value_at(row, "expect"));
    if (!betsy_load(&w, &d, file, read_model(a, folder, file))) {
        Str report = diag_render(a, &d);
        return str_eq(*wanted, STR("ERROR ")) ? (Str){0} : str_join(a, STR("refused: "), report);
    }
    CHECK(feel_from_value(a, value_at(row, "vars"), &vars, &err), "%s", err.msg);
    if (get_bool(row, "parallelProcess"))
        betsy_start(&w, STR("ParallelProcess"), (Str){0}, NULL);
    betsy_start(&w, get_str(test, "processId"), (Str){0}, vars.context);
    betsy_run(&w);
    Str got = sorted(a, w.trace), marker = STR("MARKER_exists ");
    if (str_find(*wanted, marker, 0) == SIZE_MAX) /* it is looked for where a case names it */
        got = str_replace(a, got, marker, STR(""));
    bool error = str_eq(*wanted, STR("ERROR ")) && str_eq(got, STR("ERROR_runtime "));
    return error || str_eq(got, *wanted) ? (Str){0} : str_join(a, STR("got: "), got);
}

static bool run_test(Arena *a, Str folder, const Value *test)
{
    const Value *rows = value_at(test, "cases");
    bool ok = true;
    for (size_t i = 0; i < value_count(rows); i++) {
        Str wanted = {0};
        Str got = run_case(a, folder, test, value_item(rows, i), &wanted);
        if (got.len) {
            printf("betsy-run   " STR_FMT " case %zu wanted: " STR_FMT " " STR_FMT "\n",
                   STR_ARG(get_str(test, "feature")), i + 1, STR_ARG(wanted), STR_ARG(got));
            ok = false;
        }
    }
    return ok;
}

static const Value *read_suite(Arena *a, Str *folder)
{
    Str text = {0};
    Err err = {0};
    *folder = suite_path(a, "betsy");
    if (str_empty(*folder)) {
        check_skip("suite 'betsy' is not there");
        return NULL;
    }
    bool read = file_read(a, path_join(a, *folder, STR("cases.json")), BETSY_FILE_MAX, &text, &err);
    const Value *suite = read ? json_read(a, text, &err) : NULL;
    CHECK(suite != NULL, "%s", err.msg);
    return suite;
}

TEST(betsy_run)
{
    Arena a = {0};
    Str folder = {0};
    const Value *suite = read_suite(&a, &folder), *list = value_at(suite, "execution");
    int passed = 0;
    for (size_t i = 0; i < value_count(list); i++) {
        bool ok = run_test(&a, folder, value_item(list, i));
        passed += ok;
    }
    if (suite) {
        CHECK(passed >= RUN_MIN, "%d of %zu run as expected", passed, value_count(list));
        check_conformance("betsy-run", passed, (int)value_count(list) - passed, 0);
    }
    arena_free(&a);
}

TEST(betsy_reject)
{
    Arena a = {0};
    Str folder = {0};
    const Value *suite = read_suite(&a, &folder), *list = value_at(suite, "must_be_rejected");
    int refused = 0;
    for (size_t i = 0; i < value_count(list); i++) {
        Str file = value_text(value_item(list, i));
        BetsyWorld w = {.arena = &a};
        Diags d = {.arena = &a};
        if (!betsy_load(&w, &d, file, read_model(&a, folder, file))) {
            refused++;
            if (getenv("BETSY_WHY")) {
                for (size_t k = 0; k < d.list.len; k++)
                    if (d.list.at[k].level == DIAG_ERROR)
                        printf("betsy-why    " STR_FMT ": [%s] " STR_FMT "\n", STR_ARG(file),
                               d.list.at[k].rule, STR_ARG(d.list.at[k].message));
            }
        } else {
            printf("betsy-reject " STR_FMT " is accepted\n", STR_ARG(file));
        }
    }
    if (suite) {
        CHECK(refused >= REJECT_MIN, "%d of %zu refused", refused, value_count(list));
        check_conformance("betsy-reject", refused, (int)value_count(list) - refused, 0);
    }
    arena_free(&a);
}
