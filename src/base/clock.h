/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/clock.h - the time, real or virtual.
 *
 * Times are int64 milliseconds since 1970-01-01T00:00:00Z. Pure code takes times as arguments;
 * only the edge asks a Clock. A Clock with an offset is the demo's "what happens in five days".
 * Threads: clock_now and clock_shift may be called from any thread.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef int64_t TimeMs;

#define MS_SECOND INT64_C(1000)
#define MS_MINUTE (60 * MS_SECOND)
#define MS_HOUR (60 * MS_MINUTE)
#define MS_DAY (24 * MS_HOUR)

typedef struct Clock {
    bool is_virtual;       /* stands still but for clock_shift */
    _Atomic int64_t shift; /* virtual: the time itself; real: added to the time */
} Clock;

void clock_init_real(Clock *c);
void clock_init_virtual(Clock *c, TimeMs now);
TimeMs clock_now(Clock *c);
void clock_shift(Clock *c, int64_t ms);
/* Monotonic, for time limits and measuring; never for dates. */
int64_t clock_monotonic_us(void);
