/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The JSONTestSuite: y_ must be accepted, n_ refused, i_ is free but must end in a Value or an
 * error. json_read_last reads the RFC's whole language; json_read refuses duplicate keys on top,
 * which are exactly two of the y_ files.
 */
#include "json/json.h"

#include "base/file.h"
#include "check.h"
#include "suites.h"

enum { SUITE_FILE_MAX = 1 << 20, SUITE_FILES = 318, SUITE_DUPLICATES = 2 };

static bool duplicate_on_purpose(Str name)
{
    return str_starts(name, STR("y_object_duplicated_key"));
}

static bool as_suite_says(Str name, const Value *v, const Err *err)
{
    if (str_starts(name, STR("y_")))
        return v != NULL;
    if (str_starts(name, STR("n_")))
        return !v && (err->code == ERR_INPUT || err->code == ERR_LIMIT);
    return (v != NULL) == (err->code == ERR_NONE);
}

static bool run_case(Arena *a, Str name, Str text, int *duplicates)
{
    Err err = {0}, strict_err = {0};
    const Value *v = json_read_last(a, text, &err);
    bool ok = as_suite_says(name, v, &err);
    CHECK(ok, STR_FMT ": %s", STR_ARG(name), err.msg);
    CHECK(v || err.offset <= text.len, STR_FMT ": offset %u", STR_ARG(name), err.offset);
    const Value *strict = json_read(a, text, &strict_err);
    bool refused = duplicate_on_purpose(name);
    *duplicates += refused;
    CHECK((strict != NULL) == (v != NULL && !refused), STR_FMT ": %s", STR_ARG(name),
          strict_err.msg);
    CHECK(!refused || strstr(strict_err.msg, "duplicate key"), STR_FMT, STR_ARG(name));
    if (v) {
        const Value *again = json_read(a, json_text(a, v), &err);
        CHECK(again && value_eq(v, again), STR_FMT " written again", STR_ARG(name));
    }
    return ok;
}

TEST(json_suite)
{
    Arena a = {0};
    Str folder = suite_path(&a, "json/test_parsing");
    if (str_empty(folder)) {
        check_skip("suite 'json' is not there");
        arena_free(&a);
        return;
    }
    StrVec names = {0};
    Err err = {0};
    CHECK(file_list(&a, folder, STR(".json"), &names, &err), "%s", err.msg);
    CHECK(names.len >= SUITE_FILES, "%zu files", names.len);
    int passed = 0, duplicates = 0;
    for (size_t i = 0; i < names.len; i++) {
        Str text;
        bool read = file_read(&a, path_join(&a, folder, names.at[i]), SUITE_FILE_MAX, &text, &err);
        CHECK(read, "%s", err.msg);
        passed += read && run_case(&a, names.at[i], text, &duplicates);
    }
    CHECK(duplicates == SUITE_DUPLICATES, "%d files with duplicate keys", duplicates);
    check_conformance("json", passed, (int)names.len - passed, 0);
    arena_free(&a);
}
