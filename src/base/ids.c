/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The next id is the clock's, or the last one plus one where that is greater: a full counter runs
 * on into the next millisecond, and a clock that went back only stops moving ids ahead.
 */
#include "base/ids.h"

#include <stdatomic.h>

#define IDS_EPOCH INT64_C(1577836800000) /* 2020-01-01T00:00:00Z */
#define IDS_LAST_MS ((INT64_C(1) << 42) - 1)

enum { COUNTER_BITS = 21 };

int64_t ids_next(IdMaker *m, TimeMs now)
{
    int64_t ms = now < IDS_EPOCH ? 0 : now - IDS_EPOCH;
    int64_t floor = (ms > IDS_LAST_MS ? IDS_LAST_MS : ms) << COUNTER_BITS;
    int64_t last = atomic_load(&m->last);
    int64_t next;
    do {
        next = last >= floor ? last + 1 : floor;
        if (next == 0)
            next = 1;
    } while (!atomic_compare_exchange_weak(&m->last, &last, next));
    return next;
}

void ids_resume(IdMaker *m, int64_t greatest_used)
{
    int64_t last = atomic_load(&m->last);
    while (last < greatest_used && !atomic_compare_exchange_weak(&m->last, &last, greatest_used))
        ;
}

TimeMs ids_time(int64_t id)
{
    return (id >> COUNTER_BITS) + IDS_EPOCH;
}
