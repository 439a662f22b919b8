/* SPDX-License-Identifier: Apache-2.0 */
/*
 * feel/temporal_int.h - what the files about dates, times and durations share.
 *
 * Limits: years, offsets and durations end where these say; sums of what is within them fit in
 * 64 bits.
 */
#pragma once

#include "base/zone.h"
#include "feel/feel_int.h"

enum {
    YEAR_LIMIT = 999999999,
    OFFSET_LIMIT = 18 * 3600,
    DAY_SECONDS = 86400,
};
#define SECONDS_LIMIT INT64_C(400000000000000000)
#define MONTHS_LIMIT INT64_C(1000000000000000)

static inline int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
}

FeelValue temporal_out_of_range(Arena *out);
