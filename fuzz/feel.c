/* SPDX-License-Identifier: Apache-2.0 */
/* Compile and evaluate hostile text within a small budget, then write and convert the result. */
#include "feel/feel.h"

enum { FUZZ_STEPS = 20000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena arena;
    Err err = {0};
    FeelValue v = feel_null(), input = feel_int(5);
    FeelEntry entries[] = {{STR_INIT("a"), feel_int(1)}, {STR_INIT("b c"), feel_str(STR("x"))}};
    FeelContext context = {entries, COUNT(entries)};
    FeelScope scope = {.context = &context, .input = &input};
    FeelName known[] = {{STR_INIT("a"), NULL}, {STR_INIT("b c"), NULL}};
    FeelNames names = {known, COUNT(known)};
    Str text = {(const char *)data + (size > 0), size > 0 ? size - 1 : 0};
    FeelMode mode = size > 0 && (data[0] & 1) ? FEEL_UNARY_TESTS : FEEL_EXPRESSION;
    const FeelProgram *p =
        feel_compile(&arena, text, size > 0 && (data[0] & 2) ? &names : NULL, mode, &err);
    if (p && feel_eval(&arena, p, &scope, FUZZ_STEPS, &v, &err)) {
        const Value *json = feel_to_value(&arena, &v, &err);
        FeelValue back = feel_null();
        if (json && !feel_from_value(&arena, json, &back, &err)) {
            ASSERT(err.code == ERR_LIMIT);
        }
        feel_text(&arena, &v);
    }
    arena_reset(&arena);
    return 0;
}
