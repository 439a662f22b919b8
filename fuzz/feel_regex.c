/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A pattern, its flags and a short text: translated, compiled, searched, replaced and split. The
 * input is flags, pattern and text on three lines. What the translator lets through PCRE2 must
 * take, but for its size.
 */
#include "feel/regex_int.h"
#include "lib/watch.h"

enum { FUZZ_STEPS = 100000, TEXT_MAX = 2000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void use(FeelBudget *b, Str flags, Str pattern, Str text)
{
    FeelValue args[] = {feel_str(text), feel_str(pattern), feel_str(flags), feel_null()};
    FeelValue found = regex_matches(b, args, 3);
    FeelValue parts = regex_split(b, args, 2);
    args[2] = feel_str(STR("<$0>"));
    args[3] = feel_str(flags);
    FeelValue made = regex_replace(b, args, 4);
    bool whole = parts.kind != FEEL_LIST || parts.list.count > 0;
    ASSERT(whole && (found.kind == FEEL_BOOLEAN || found.kind == FEEL_NULL));
    ASSERT(made.kind == FEEL_NULL || utf8_valid(made.text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena arena;
    Str rest = {(const char *)data, size}, flags = {0}, pattern = {0};
    if (!utf8_valid(rest) || !str_split(&rest, '\n', &flags) || !str_split(&rest, '\n', &pattern) ||
        !rest.at) {
        return 0;
    }
    FeelValue why = feel_null();
    int64_t began = watch_begin();
    const Regex *r = regex_compile(&arena, pattern, flags, &why);
    Str reason = feel_why(&arena, &why, FEEL_EN);
    ASSERT(r || reason.len > 0);
    if (r) {
        FeelBudget b = feel_budget(&arena, &(FeelLimits){.steps = FUZZ_STEPS});
        use(&b, flags, pattern, utf8_head(rest, TEXT_MAX));
    }
    watch_end(began);
    arena_reset(&arena);
    return 0;
}
