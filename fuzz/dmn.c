/* SPDX-License-Identifier: Apache-2.0 */
/* Hostile documents through the whole reader. */
#include "model/dmn/dmn.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena arena;
    Diags diags = {.arena = &arena};
    Str text = {(const char *)data, size};
    uint16_t file = diag_file(&diags, STR("fuzz.dmn"), text);
    if (!dmn_read(&arena, &diags, file, text)) {
        ASSERT(diags.errors > 0);
    }
    arena_reset(&arena);
    return 0;
}
