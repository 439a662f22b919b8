/* SPDX-License-Identifier: Apache-2.0 */
/* A real clock adds its shift to CLOCK_REALTIME; a virtual one is its shift and nothing else. */
#include "base/clock.h"

#include <stdatomic.h>
#include <time.h>

void clock_init_real(Clock *c)
{
    c->is_virtual = false;
    atomic_store(&c->shift, 0);
}

void clock_init_virtual(Clock *c, TimeMs now)
{
    c->is_virtual = true;
    atomic_store(&c->shift, now);
}

TimeMs clock_now(Clock *c)
{
    int64_t shift = atomic_load(&c->shift);
    if (c->is_virtual)
        return shift;
    struct timespec t;
    (void)clock_gettime(CLOCK_REALTIME, &t);
    return (TimeMs)t.tv_sec * MS_SECOND + t.tv_nsec / 1000000 + shift;
}

void clock_shift(Clock *c, int64_t ms)
{
    atomic_fetch_add(&c->shift, ms);
}

int64_t clock_monotonic_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}
