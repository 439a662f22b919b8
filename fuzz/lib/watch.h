/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz/lib/watch.h - no input may take more than a second, whatever else the machine does: processor
 * time of this thread counts. What never ends is libFuzzer's own -timeout.
 */
#pragma once

#include <time.h>

#include "base/err.h"

#define WATCH_MAX_NS INT64_C(1000000000)

static inline int64_t watch_begin(void)
{
    struct timespec t;
    ASSERT(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t) == 0);
    return t.tv_sec * WATCH_MAX_NS + t.tv_nsec;
}

static inline void watch_end(int64_t began)
{
    ASSERT(watch_begin() - began < WATCH_MAX_NS);
}
