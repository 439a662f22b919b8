/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hostile unary tests: the first line is an expression, the rest are tests of its value. They are
 * true, false or null; evaluated anew they say the same; those that can be told as ranges hold when
 * one of the ranges does.
 */
#include "lib/again.h"
#include "lib/mutate.h"
#include "lib/watch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed)
{
    const uint8_t *line = size ? memchr(data, '\n', size) : NULL;
    size_t skip = line && seed % 4 ? (size_t)(line - data) + 1 : 0;
    return skip + mutate_expression(data + skip, size - skip, max - skip, seed / 4);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena arena;
    Str tests = {(const char *)data, size}, given = {0};
    FeelValue input = feel_null();
    Err err = {0};
    if (!str_split(&tests, '\n', &given)) {
        return 0;
    }
    int64_t began = watch_begin();
    const FeelProgram *p = feel_compile(&arena, given, NULL, FEEL_EXPRESSION, &err);
    bool ok = p && feel_eval(&arena, p, NULL, AGAIN_STEPS, &input, &err);
    watch_end(began);
    if (ok) {
        FeelScope scope = {.input = &input};
        Asked asked = {tests, NULL, FEEL_UNARY_TESTS, &scope};
        again_check(&asked);
    }
    arena_reset(&arena);
    return 0;
}
