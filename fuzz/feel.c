/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hostile expressions within a small budget. The first byte says whether the names a and "b c" are
 * all there are. Evaluated anew, an expression has the same value and the same reason; a number, a
 * string or a moment is what its text is; JSON comes back.
 */
#include "lib/again.h"
#include "lib/mutate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed)
{
    if (size < 2 || max < 2) {
        return mutate_expression(data, size, max, seed);
    }
    data[0] = (uint8_t)(seed % 3 ? '0' : '2');
    return 1 + mutate_expression(data + 1, size - 1, max - 1, seed / 3);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FeelEntry entries[] = {{STR_INIT("a"), feel_int(1)}, {STR_INIT("b c"), feel_str(STR("x"))}};
    FeelContext context = {entries, COUNT(entries)};
    FeelScope scope = {.context = &context};
    FeelName known[] = {{STR_INIT("a"), NULL}, {STR_INIT("b c"), NULL}};
    FeelNames names = {.at = known, .count = COUNT(known)};
    Str text = {(const char *)data + (size > 0), size > 0 ? size - 1 : 0};
    Asked asked = {text, size > 0 && (data[0] & 2) ? &names : NULL, FEEL_EXPRESSION, &scope};
    again_check(&asked);
    return 0;
}
