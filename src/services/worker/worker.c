/* SPDX-License-Identifier: Apache-2.0 */
#include "services/worker/worker.h"

#include "base/log.h"
#include "fetch/fetch.h"
#include "services/apply/apply.h"
#include "services/casework/casework.h"
#include "services/notify/notify.h"

enum { ANSWERS_KEPT_DAYS = 30, PURGE_AT_ONCE = 500 };

struct Worker {
    App *app;
    Str db_url;
    Thread thread;
    Mutex lock;
    Cond woken;
    bool poked, stopping;
    StoreConn reader;
    Fetcher *fetcher;
    Arena arena; /* of one round */
    TimeMs housekept_at;
};

static Actor system_actor(void)
{
    return (Actor){.kind = ACTOR_SYSTEM};
}

/* A job that cannot be done now is tried again later. */
static bool put_off(Worker *w, Value *in, const Err *why)
{
    Actor system = system_actor();
    Op op;
    Err err = {0};
    set_str(&w->arena, in, "reason", str_dup(&w->arena, str_z(why->msg)));
    op_init(&op, &w->arena, w->app, &system, "job.failed", casework_job_failed, in, STR(""));
    if (!op_run(&op, &err) && err.code != ERR_NOT_FOUND)
        log_err("job.failed", &err);
    return false;
}

/* A command of the worker's own; a failure is logged and the next round tries again. */
static bool run(Worker *w, const char *name, UseCase *use_case, const char *key, int64_t id)
{
    Value *in = value_map(&w->arena);
    set_int(&w->arena, in, key, id);
    Actor system = system_actor();
    Op op;
    Err err = {0};
    op_init(&op, &w->arena, w->app, &system, name, use_case, in, STR(""));
    if (op_run(&op, &err))
        return true;
    if (err.code == ERR_NOT_FOUND && use_case != casework_job)
        return false; /* somebody else has done it */
    log_err(name, &err);
    return use_case == casework_job && put_off(w, in, &err);
}

/* Runs a use case for each id that a query gives; number of those that worked. */
static size_t drain(Worker *w, SqlId due, const char *name, UseCase *use_case, const char *key)
{
    StoreRows rows;
    Err err = {0};
    TimeMs now = clock_now(w->app->clock);
    if (!store_run(&w->reader, &w->arena, due,
                   PARAMS(P_STR(w->app->catalogue->place), P_INT(now), P_INT(WORKER_ROUND)), &rows,
                   &err)) {
        log_err(name, &err);
        return 0;
    }
    size_t done = 0;
    for (size_t i = 0; i < rows.count; i++)
        done += run(w, name, use_case, key, row_int(&rows, i, 0));
    return done;
}

/* ---- outbox ---- */

typedef struct {
    Command command; /* first member */
    StoreOutbox *rows;
    size_t count;
    NotifyEnd *ends;
    Str *reasons;
} OutboxCommand;

static bool claim(StoreTx *tx, Command *c, Err *err)
{
    OutboxCommand *o = (OutboxCommand *)c;
    return store_outbox_claim(tx, WORKER_ROUND, &o->rows, &o->count, err);
}

static bool settle_one(StoreTx *tx, const OutboxCommand *o, size_t i, Err *err)
{
    switch (o->ends[i]) {
    case NOTIFY_SENT: return store_outbox_sent(tx, o->rows[i].id, err);
    case NOTIFY_RETRY: return store_outbox_retry(tx, &o->rows[i], o->reasons[i], err);
    case NOTIFY_REFUSED: return store_outbox_failed(tx, o->rows[i].id, o->reasons[i], err);
    }
    return false;
}

static bool settle(StoreTx *tx, Command *c, Err *err)
{
    OutboxCommand *o = (OutboxCommand *)c;
    for (size_t i = 0; i < o->count; i++)
        if (!settle_one(tx, o, i, err))
            return false;
    return true;
}

static bool command(Worker *w, OutboxCommand *o, bool (*run_it)(StoreTx *, Command *, Err *))
{
    Err err = {0};
    o->command = (Command){.run = run_it, .arena = &w->arena};
    if (committer_run(w->app->committer, &o->command, &err))
        return true;
    log_err("outbox", &err);
    return false;
}

static bool outbox_is_due(Worker *w)
{
    TimeMs due = 0;
    Err err = {0};
    return store_outbox_next(&w->reader, w->app->catalogue->place, &due, &err) && due &&
           due <= clock_now(w->app->clock);
}

static size_t send_messages(Worker *w)
{
    OutboxCommand o = {0};
    if (!outbox_is_due(w) || !command(w, &o, claim) || !o.count)
        return 0;
    o.ends = NEW_N(&w->arena, NotifyEnd, o.count);
    o.reasons = NEW_N(&w->arena, Str, o.count);
    for (size_t i = 0; i < o.count; i++) {
        o.ends[i] = notify_send(w->app, &w->arena, w->fetcher, &o.rows[i], &o.reasons[i]);
        if (o.ends[i] != NOTIFY_SENT)
            log_warn("message=%lld try=%lld reason=\"" STR_FMT "\"", (long long)o.rows[i].id,
                     (long long)o.rows[i].attempts, STR_ARG(o.reasons[i]));
    }
    return command(w, &o, settle) ? o.count : 0;
}

/* ---- housekeeping, once an hour ---- */

static bool housekeep(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    (void)actor, (void)in, (void)out;
    return tx_run(tx, SQL_SESSION_CLOSE_EXPIRED, PARAMS(P_INT(tx->now)), NULL, err) &&
           tx_run(tx, SQL_DRAFTS_DROP_EXPIRED, PARAMS(P_INT(tx->now)), NULL, err) &&
           tx_run(tx, SQL_ANSWERS_PURGE,
                  PARAMS(P_STR(tx->place), P_INT(tx->now - ANSWERS_KEPT_DAYS * MS_DAY),
                         P_INT(PURGE_AT_ONCE)),
                  NULL, err);
}

static void housekeep_when_due(Worker *w)
{
    TimeMs now = clock_now(w->app->clock);
    if (now - w->housekept_at < MS_HOUR)
        return;
    w->housekept_at = now;
    (void)run(w, "housekeeping", housekeep, "now", now);
}

static size_t round_of_work(Worker *w)
{
    size_t done = drain(w, SQL_TIMERS_DUE, "timer", casework_timer, "timer");
    done += drain(w, SQL_JOBS_DUE, "job", casework_job, "job");
    done += send_messages(w);
    housekeep_when_due(w);
    arena_reset(&w->arena);
    return done;
}

/* Sleeps until poked or for one nap; false when the worker is to stop. */
static bool nap(Worker *w)
{
    mutex_lock(&w->lock);
    if (!w->poked && !w->stopping)
        (void)cond_wait_for(&w->woken, &w->lock, WORKER_NAP_MS);
    w->poked = false;
    bool go_on = !w->stopping;
    mutex_unlock(&w->lock);
    return go_on;
}

static void work(void *arg)
{
    Worker *w = arg;
    while (nap(w))
        while (round_of_work(w) == WORKER_ROUND)
            ;
}

bool worker_start(Worker **out, Arena *owner, App *app, Str db_url, Err *err)
{
    Worker *w = NEW(owner, Worker);
    w->app = app;
    w->db_url = db_url;
    if (!store_open(&w->reader, db_url, true, err))
        return false;
    w->fetcher = fetch_new();
    mutex_init(&w->lock);
    cond_init(&w->woken);
    thread_start(&w->thread, "worker", work, w);
    *out = w;
    return true;
}

void worker_poke(Worker *w)
{
    mutex_lock(&w->lock);
    w->poked = true;
    cond_signal(&w->woken);
    mutex_unlock(&w->lock);
}

void worker_stop(Worker *w)
{
    mutex_lock(&w->lock);
    w->stopping = true;
    cond_signal(&w->woken);
    mutex_unlock(&w->lock);
    thread_join(&w->thread);
    fetch_free(w->fetcher);
    store_close(&w->reader);
    cond_free(&w->woken);
    mutex_free(&w->lock);
    arena_free(&w->arena);
}
