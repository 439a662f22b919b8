/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/progress.h - how far long work is: a bar on a terminal, a line every tenth elsewhere.
 * On stderr, so that results can be piped. And whether somebody wants it to stop.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    const char *what;
    bool is_terminal, is_stopped;
    int shown; /* per cent; -1: nothing yet */
} Progress;

/* Takes over SIGINT and SIGTERM: call before any thread. */
void progress_init(Progress *p, const char *what);
void progress_show(Progress *p, int64_t done, int64_t total);
void progress_end(Progress *p);
/* SIGINT or SIGTERM came, now or before. */
bool progress_is_stopped(Progress *p);
