/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/committer.h - the one thread that writes.
 *
 * Takes all commands that are queued, begins, runs each, commits once, then calls each done(). A
 * failed command spoils only itself: what it wrote is undone. For that its batch may be rolled back
 * and run again, so run() may be called more than once: it starts from the command's inputs, has no
 * effect but through tx, and sets anew what it sets in the command.
 * A failed commit (full disk) fails all of its batch; a failed fsync ends the process: what is on
 * disk is unknown, a restart reads the truth.
 * done() is never called with ok before the commit is durable.
 * Idempotency: a command with a key stores its answer with the hash of its body; a repeat gets the
 * stored answer (replayed) without running; the same key with another body fails with ERR_INPUT
 * and key_reused. Answers are kept for COMMITTER_KEEP_ANSWERS.
 * Memory:  a command and what it points to live until done() was called; run uses command->arena,
 *          which nobody else touches from committer_submit until done().
 * Limits:  COMMITTER_BATCH commands a transaction, COMMITTER_QUEUE waiting: committer_submit says
 *          false, the caller answers 503 with Retry-After.
 */
#pragma once

#include "store/store.h"

enum { COMMITTER_BATCH = 512, COMMITTER_QUEUE = 4096 };
#define COMMITTER_KEEP_ANSWERS (30 * MS_DAY)

typedef struct Committer Committer;
typedef struct Command Command;

struct Command {
    bool (*run)(StoreTx *tx, Command *c, Err *err); /* committer thread, may be repeated */
    void (*done)(Command *c); /* committer thread, after the commit; or NULL */
    Arena *arena;
    Str key;    /* idempotency key with its owner: "party:12/3f..."; empty: none */
    Hash body;  /* of what was asked, when there is a key */
    Str answer; /* set by run (stored with the key), or the stored one when replayed */
    bool ok, replayed, key_reused;
    Err err;      /* when !ok */
    void *waiter; /* committer_run's own */
};

typedef struct {
    Str url; /* of the database */
    Str place;
    Clock *clock;
    IdMaker *ids;
    void *app;
    /* Called once a batch after all done()s, on the committer thread: "there may be timers, jobs,
     * outbox rows". May be NULL. */
    void (*after_batch)(void *app);
} CommitterConfig;

/* Opens, migrates, resumes ids, starts the thread. */
MUST_CHECK bool committer_start(Committer **c, const CommitterConfig *config, Err *err);
/* false: queue full or closing; done() will not be called. */
MUST_CHECK bool committer_submit(Committer *c, Command *command);
/* Submits and waits: for workers and command lines, never for loop threads. */
MUST_CHECK bool committer_run(Committer *c, Command *command, Err *err);
/* Runs what is queued, then ends the thread and closes the database. */
void committer_stop(Committer *c);
/* For figures: commands and batches since the start. Any thread. */
void committer_counts(Committer *c, int64_t *commands, int64_t *batches);
