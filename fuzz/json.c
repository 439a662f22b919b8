/* SPDX-License-Identifier: Apache-2.0 */
/* What is read must come back from each written form; what is refused names a byte of the input. */
#include "json/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena a = {0};
    Str src = {(const char *)data, size};
    Err err = {0};
    const Value *v = json_read(&a, src, &err);
    if (v) {
        const Value *compact = json_read(&a, json_text(&a, v), NULL);
        const Value *pretty = json_read(&a, json_pretty(&a, v), NULL);
        ASSERT(compact && value_eq(v, compact));
        ASSERT(pretty && value_eq(v, pretty));
        ASSERT(str_eq(json_canonical(&a, v), json_canonical(&a, compact)));
        ASSERT(json_read_last(&a, src, NULL));
    } else {
        ASSERT(err.code != ERR_NONE && err.offset <= size);
        const Value *lax = json_read_last(&a, src, NULL);
        ASSERT(!lax || strstr(err.msg, "duplicate key"));
    }
    arena_free(&a);
    return 0;
}
