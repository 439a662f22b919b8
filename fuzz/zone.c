/* SPDX-License-Identifier: Apache-2.0 */
/* A hostile time zone file: refused, or every time has an offset and local times have an instant. */
#include "base/zone_int.h"

enum { OFFSET_MAX = 26 * 3600 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena arena;
    static const int64_t steps[] = {1, 86399, 100000000, 31556952, INT64_C(31556952000000000)};
    Zone z = {0};
    Err err = {0};
    if (zone_read(&arena, (Str){(const char *)data, size}, &z, &err)) {
        for (size_t i = 0; i < COUNT(steps); i++) {
            for (int64_t n = -40; n <= 40; n++) {
                int32_t offset = 0;
                int64_t instant = zone_instant(&z, n * steps[i], &offset);
                ASSERT(offset == zone_offset(&z, instant));
                ASSERT(offset > -OFFSET_MAX && offset < OFFSET_MAX);
            }
        }
        ASSERT(zone_standard(&z) > -OFFSET_MAX && zone_standard(&z) < OFFSET_MAX);
    } else {
        ASSERT(err.code == ERR_INPUT || err.code == ERR_LIMIT);
    }
    arena_reset(&arena);
    return 0;
}
