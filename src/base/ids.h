/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/ids.h - time-ordered 63-bit ids: 42 bits of milliseconds since 2020, 21 bits of counter.
 *
 * Ordered keys keep index inserts at the right edge (random keys cost 60 % of the insert rate).
 * An id is greater than every id made before it, even when the clock went back; over restarts too,
 * once ids_resume was told the greatest in the store. JSON carries ids as strings.
 * Threads: any thread.
 */
#pragma once

#include "base/clock.h"

typedef struct IdMaker {
    _Atomic int64_t last;
} IdMaker;

int64_t ids_next(IdMaker *m, TimeMs now);
void ids_resume(IdMaker *m, int64_t greatest_used);
TimeMs ids_time(int64_t id); /* when it was made, to the millisecond (or later: see above) */
