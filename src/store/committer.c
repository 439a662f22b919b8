/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The committer: queue -> one transaction -> answers.
 *
 *   take all that is queued        (what came in during the last commit: natural batching)
 *   begin
 *     for each: look up its key, run, store its answer
 *   commit                         -- or fail them all
 *   done() for each, after_batch() once
 *   settle                         (checkpoint, old answers: while nobody waits)
 *
 * A failed command that wrote nothing (most: they check first) needs no undoing. When one had
 * written, the transaction is rolled back and the batch runs again, each command in a savepoint;
 * so do the next few batches, as such failures seldom come alone. Savepoints for
 * all would be simpler, but copy each page they touch: with them a submission takes 38 % more user
 * instructions (callgrind, bench/submit_raw.c).
 *
 * Invariants: 1. done() with ok only after commit returned true. 2. A command's effects are in the
 * database if and only if ok was told, but for a process that died in between: then its key shows
 * the stored answer to a repeat. 3. Once the transaction is gone under us (full disk), nothing of
 * the batch may be told ok, also what ran before.
 */
#include "store/committer.h"

#include <inttypes.h>
#include <stdatomic.h>

#include "base/log.h"
#include "base/queue.h"
#include "base/thread.h"

enum { PURGE_ROWS = 2000, CAREFUL_BATCHES = 8 };

static const int64_t PURGE_EVERY = MS_HOUR;

struct Committer {
    Arena arena; /* holds this struct itself */
    CommitterConfig config;
    StoreConn conn;
    Queue *queue;
    Thread thread;
    TimeMs purge_at;
    int careful_batches; /* still to be run with savepoints */
    _Atomic int64_t commands, batches;
    void *items[COMMITTER_BATCH];
};

typedef struct {
    Mutex mutex;
    Cond cond;
    bool finished;
} Waiter;

static void fail_with(Command *c, const Err *why)
{
    c->ok = c->replayed = false;
    c->err = *why;
}

/* ---- one command ---- */

/* true when the key is known: the command has its answer or its refusal. */
static bool find_answer(StoreTx *tx, Command *c, bool *found, Err *err)
{
    StoreRows rows;
    *found = false;
    if (!tx_run(tx, SQL_ANSWER_GET, PARAMS(P_STR(tx->place), P_STR(c->key)), &rows, err))
        return false;
    if (rows.count == 0)
        return true;
    *found = true;
    if (!str_eq(row_str(&rows, 0, 0), hash_hex(tx->arena, &c->body))) {
        c->key_reused = true;
        return FAIL(err, ERR_INPUT, "idempotency key: was used with another body");
    }
    c->answer = row_str(&rows, 0, 1);
    c->replayed = true;
    return true;
}

static bool store_answer(StoreTx *tx, const Command *c, Err *err)
{
    if (str_empty(c->key))
        return true;
    return tx_run(tx, SQL_ANSWER_ADD,
                  PARAMS(P_STR(tx->place), P_STR(c->key), P_STR(hash_hex(tx->arena, &c->body)),
                         P_STR(c->answer), P_INT(tx->now)),
                  NULL, err);
}

/* Runs it in the open transaction; whether and why it failed is in the command. */
static void run_one(Committer *k, Command *c, TimeMs now)
{
    StoreTx tx = {.conn = &k->conn,
                  .arena = c->arena,
                  .now = now,
                  .ids = k->config.ids,
                  .place = k->config.place,
                  .app = k->config.app};
    bool found = false;
    c->replayed = c->key_reused = false;
    c->answer = STR("");
    c->err = (Err){0};
    c->ok = (str_empty(c->key) || find_answer(&tx, c, &found, &c->err)) &&
            (found || (c->run(&tx, c, &c->err) && store_answer(&tx, c, &c->err)));
    ASSERT(c->ok || c->err.code != ERR_NONE);
}

/* false: the whole transaction is gone, why is in command->err. */
static bool run_in_savepoint(Committer *k, Command *c, TimeMs now)
{
    const StoreApi *api = k->conn.api;
    c->ok = false;
    c->err = (Err){0};
    if (!api->savepoint(&k->conn, &c->err))
        return false;
    run_one(k, c, now);
    return c->ok ? api->release(&k->conn, &c->err) : api->rollback_to(&k->conn);
}

/* ---- a batch ---- */

static void finish(Command *c)
{
    Waiter *w = c->waiter; /* done() may free the command */
    if (c->done)
        c->done(c);
    if (!w)
        return;
    mutex_lock(&w->mutex);
    w->finished = true;
    cond_signal(&w->cond);
    mutex_unlock(&w->mutex);
}

/* Of those that ran, who failed for a reason of its own keeps it. */
static void fail_all(Committer *k, size_t n, size_t ran, const Err *why)
{
    for (size_t i = 0; i < n; i++) {
        Command *c = k->items[i];
        if (i >= ran || c->ok)
            fail_with(c, why);
    }
    log_warn("batch failed commands=%zu code=%s", n, err_name(why->code));
}

/* false: a command failed after it had written; the transaction has to go. */
static bool run_plainly(Committer *k, size_t n, TimeMs now)
{
    for (size_t i = 0; i < n; i++) {
        Command *c = k->items[i];
        int64_t before = k->conn.api->written(&k->conn);
        run_one(k, c, now);
        int64_t after = k->conn.api->written(&k->conn);
        if (after < 0 || (!c->ok && after != before))
            return false;
    }
    return true;
}

/* false: the transaction is gone, all are told. */
static bool run_carefully(Committer *k, size_t n, TimeMs now)
{
    for (size_t i = 0; i < n; i++) {
        Command *c = k->items[i];
        if (run_in_savepoint(k, c, now))
            continue;
        Err err = c->err;
        fail_with(c, &err);
        bool own = err.code != ERR_STORAGE && err.code != ERR_UNAVAILABLE;
        if (own) /* why this one failed is nothing that the others should hear */
            (void)FAIL(&err, ERR_UNAVAILABLE, "the transaction was undone");
        fail_all(k, n, i + 1, &err);
        return false;
    }
    return true;
}

/* true: there is something to commit; false: each command has its error. */
static bool run_all(Committer *k, size_t n, TimeMs now, Err *err)
{
    const StoreApi *api = k->conn.api;
    if (k->careful_batches == 0) {
        if (run_plainly(k, n, now))
            return true;
        api->rollback(&k->conn);
        Command *only = k->items[0];
        if (n == 1 && !only->ok)
            return false; /* its own error stands, nothing else was undone */
        k->careful_batches = CAREFUL_BATCHES;
        if (!api->begin(&k->conn, err)) {
            fail_all(k, n, 0, err);
            return false;
        }
    }
    k->careful_batches--;
    return run_carefully(k, n, now);
}

static void run_batch(Committer *k, size_t n)
{
    const StoreApi *api = k->conn.api;
    Err err = {0};
    TimeMs now = clock_now(k->config.clock);
    if (!api->begin(&k->conn, &err)) {
        fail_all(k, n, 0, &err);
        return;
    }
    if (run_all(k, n, now, &err)) {
        if (api->commit(&k->conn, &err))
            return;
        fail_all(k, n, n, &err);
    }
    api->rollback(&k->conn);
}

/* Answers that nobody may ask for again. A failure waits for the next time. */
static void purge_answers(Committer *k)
{
    Arena a = {0};
    Err err = {0};
    StoreRows rows = {0};
    TimeMs now = clock_now(k->config.clock);
    if (now < k->purge_at)
        return;
    bool ok = k->conn.api->begin(&k->conn, &err) &&
              store_run(&k->conn, &a, SQL_ANSWERS_PURGE,
                        PARAMS(P_STR(k->config.place), P_INT(now - COMMITTER_KEEP_ANSWERS),
                               P_INT(PURGE_ROWS)),
                        &rows, &err) &&
              k->conn.api->commit(&k->conn, &err);
    if (!ok) {
        k->conn.api->rollback(&k->conn);
        log_err("old answers", &err);
    }
    if (!ok || rows.changed < PURGE_ROWS)
        k->purge_at = now + PURGE_EVERY;
    arena_free(&a);
}

static void run_thread(void *arg)
{
    Committer *k = arg;
    for (;;) {
        size_t n = queue_take(k->queue, k->items, COMMITTER_BATCH, -1);
        if (n == 0)
            break;
        run_batch(k, n);
        atomic_fetch_add_explicit(&k->commands, (int64_t)n, memory_order_relaxed);
        atomic_fetch_add_explicit(&k->batches, 1, memory_order_relaxed);
        for (size_t i = 0; i < n; i++)
            finish(k->items[i]);
        if (k->config.after_batch)
            k->config.after_batch(k->config.app);
        k->conn.api->settle(&k->conn);
        purge_answers(k);
    }
}

/* ---- from outside ---- */

static bool resume_ids(Committer *k, Err *err)
{
    Arena a = {0};
    StoreRows rows;
    bool ok = store_run(&k->conn, &a, SQL_GREATEST_ID, PARAMS(P_STR(k->config.place)), &rows, err);
    if (ok)
        ids_resume(k->config.ids, row_int(&rows, 0, 0));
    arena_free(&a);
    return ok;
}

bool committer_start(Committer **c, const CommitterConfig *config, Err *err)
{
    Arena arena = {0};
    Committer *k = NEW(&arena, Committer);
    k->config = *config;
    k->config.place = str_dup(&arena, config->place);
    k->arena = arena;
    bool ok = store_open(&k->conn, config->url, false, err) &&
              store_migrate(&k->conn, clock_now(config->clock), err) && resume_ids(k, err);
    if (!ok) {
        store_close(&k->conn);
        arena_free(&arena);
        return false;
    }
    k->queue = queue_new(COMMITTER_QUEUE);
    thread_start(&k->thread, "committer", run_thread, k);
    *c = k;
    return true;
}

bool committer_submit(Committer *c, Command *command)
{
    command->waiter = NULL;
    return queue_put(c->queue, command);
}

bool committer_run(Committer *c, Command *command, Err *err)
{
    Waiter w = {0};
    mutex_init(&w.mutex);
    cond_init(&w.cond);
    /* It stands until finish() has signalled it. */
    /* cppcheck-suppress autoVariables */
    command->waiter = &w;
    bool queued = queue_put(c->queue, command);
    mutex_lock(&w.mutex);
    while (queued && !w.finished)
        cond_wait(&w.cond, &w.mutex);
    mutex_unlock(&w.mutex);
    cond_free(&w.cond);
    mutex_free(&w.mutex);
    if (!queued)
        return FAIL(err, ERR_UNAVAILABLE, "committer: too many commands wait");
    if (!command->ok && err)
        *err = command->err;
    return command->ok;
}

void committer_stop(Committer *c)
{
    queue_close(c->queue);
    thread_join(&c->thread);
    queue_free(c->queue);
    store_close(&c->conn);
    Arena arena = c->arena;
    arena_free(&arena);
}

void committer_counts(Committer *c, int64_t *commands, int64_t *batches)
{
    *commands = atomic_load_explicit(&c->commands, memory_order_relaxed);
    *batches = atomic_load_explicit(&c->batches, memory_order_relaxed);
}
