/* SPDX-License-Identifier: Apache-2.0 */
/*
 * services/jobs/board.h - systems that wait for a job: long polls without a thread each.
 *
 * A poll is parked with the types that it waits for. One thread looks, when poked (after each batch
 * of the committer, after a shift of the demo's clock, when a poll is parked) and when a retry or a
 * lease's end is due, which types have a job to be taken, and wakes as many polls as there are jobs,
 * the longest waiting first. Whoever is woken asks the committer; who gets nothing is parked again
 * in its old place. The store is the truth: nothing is lost between a look and a parking.
 * Memory:  a poll is its caller's, until it was woken.
 * Threads: any. wake is called once for each parking, on the board's thread or in jobs_board_close.
 * Limits:  JOBS_POLLS_MAX in all, JOBS_POLLS_PER_CLIENT of one system, JOBS_POLL_TYPES looked at.
 */
#pragma once

#include "services/app.h"

enum { JOBS_POLLS_MAX = 2000, JOBS_POLLS_PER_CLIENT = 600, JOBS_POLL_TYPES = 32 };

typedef struct JobBoard JobBoard;

typedef struct JobPoll {
    Str types[JOBS_POLL_TYPES];
    size_t type_count;
    int64_t client;
    int64_t until_us; /* monotonic: it is woken then at the latest */
    int64_t turn;     /* 0: new; kept when it is parked again */
    void (*wake)(struct JobPoll *p);
    void *user;
    struct JobPoll *next; /* the board's */
} JobPoll;

typedef enum { JOBS_TAKEN, JOBS_DONE, JOBS_FAILED, JOBS_ERRORS, JOBS_COUNTS } JobCount;

MUST_CHECK bool jobs_board_open(JobBoard **b, Arena *owner, Str db_url, Str place, Clock *clock,
                                Err *err);
/* false: too many wait, or the board is closing; wake will not be called. */
MUST_CHECK bool jobs_board_park(JobBoard *b, JobPoll *p);
/* There may be jobs. b may be NULL. */
void jobs_board_poke(JobBoard *b);
/* For the line that the log gets once a minute. */
void jobs_board_count(JobBoard *b, JobCount what, int64_t n);
/* Wakes all; from then on nobody parks. Before the HTTP server stops. */
void jobs_board_close(JobBoard *b);
/* Once nobody can poke any more. */
void jobs_board_free(JobBoard *b);
