/* SPDX-License-Identifier: Apache-2.0 */
/*
 * services/worker/worker.h - the one thread that drives what time and others bring: due timers,
 * jobs of processes, messages between cases and to people, and housekeeping.
 *
 * It looks when poked (after each batch of the committer, after a shift of the demo's clock) and
 * after each nap. Outgoing calls are made outside any transaction, then their end is
 * submitted as a command. A crash between the two repeats the call with the same idempotency key.
 * At the start, messages that a dead predecessor had claimed are free again, with their keys.
 * What fails is put off; while the store is in trouble it rests for whole naps.
 * Limits: WORKER_ROUND rows of each kind a round, WORKER_NAP_MS at most between looks,
 *         WORKER_PACE_MS at least.
 */
#pragma once

#include "services/app.h"

enum { WORKER_ROUND = 64, WORKER_NAP_MS = 1000, WORKER_PACE_MS = 20 };

typedef struct Worker Worker;

/* Its reader is opened on its own thread. */
MUST_CHECK bool worker_start(Worker **w, Arena *owner, App *app, Str db_url, Err *err);
void worker_poke(Worker *w);
/* Ends the thread; from then on a poke does nothing. */
void worker_stop(Worker *w);
/* Once nobody can poke any more: after the committer has stopped. */
void worker_free(Worker *w);
