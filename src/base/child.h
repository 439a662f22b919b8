/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/child.h - one piece of work in a process of its own: for libraries that keep what they
 * opened, or that may crash on what they are given.
 *
 * The child is a program, started afresh, never a copy of this process: it shares no memory, lock
 * or open file with us. It reads its input from descriptor 0 to its end, writes its answer to
 * descriptor 1 and exits with 0. Its standard error is ours. Of the environment it gets what
 * libraries need to find their files, and no secret of ours.
 * Memory:  the answer is in the Arena. Threads: any; child_run waits for the child to end.
 * Limits:  answer_max bytes, deadline_ms until the child has ended: then it is killed.
 * Errors:  ERR_UNAVAILABLE when no child can be started, ERR_LIMIT for too long an answer,
 *          ERR_INTERNAL when it crashed, failed or was too slow.
 */
#pragma once

#include "base/str.h"

typedef struct {
    const char *program;     /* a path; CHILD_SELF for the running program */
    const char *const *args; /* the first is its name; ended by NULL */
    Str input;
    size_t answer_max;
    int64_t deadline_ms;
} ChildCall;

#define CHILD_SELF "/proc/self/exe"

MUST_CHECK bool child_run(Arena *out, const ChildCall *call, Str *answer, Err *err);

/* ---- in the child ---- */

typedef struct {
    const char *name;    /* in lists of processes */
    size_t memory_max;   /* bytes it may write to; not under sanitizers, which need more */
    unsigned lifetime_s; /* ends it should its parent be gone; 0: no end */
} ChildLimits;

/* Call first. Asked to stop, a parent waits for its children: they see no signals but SIGKILL. */
void child_limit(const ChildLimits *limits);
MUST_CHECK bool child_input(Arena *out, size_t max, Str *input, Err *err);
MUST_CHECK bool child_answer(Str answer, Err *err);
