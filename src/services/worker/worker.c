/* SPDX-License-Identifier: Apache-2.0 */
#include "services/worker/worker.h"

#include "base/log.h"
#include "fetch/fetch.h"
#include "services/apply/apply.h"
#include "services/casework/casework.h"
#include "services/jobs/jobs.h"
#include "services/live.h"
#include "services/notify/notify.h"

/* A gateway that hangs holds up timers and jobs for as many calls as a round sends messages. */
enum { MESSAGES_AT_ONCE = 8 };

struct Worker {
    App *app;  /* any generation: for what all have alike */
    Pass pass; /* of one round, into the generation in service */
    Str db_url;
    Thread thread;
    Mutex lock;
    Cond woken;
    bool poked, stopping; /* guarded by lock */
    bool troubled;        /* the store or the committer is: rest, whoever pokes */
    StoreConn reader;
    Fetcher *fetcher;
    Arena arena; /* of one round */
    TimeMs housekept_at;
};

static Actor system_actor(void)
{
    return (Actor){.kind = ACTOR_SYSTEM};
}

static bool run(Worker *w, const char *name, UseCase *use_case, const Value *in, Err *err)
{
    Actor system = system_actor();
    Op op;
    op_init(&op, &w->arena, w->pass.app, &system);
    op_ask(&op, name, use_case, in, STR(""));
    return op_run(&op, err);
}

/* What is due by time, one kind of it. */
typedef struct {
    SqlId due;
    const char *name, *key;
    UseCase *run, *failed;
} Duty;

static const Duty timers = {SQL_TIMERS_DUE, "timer", "timer", casework_timer,
                            casework_timer_failed};
static const Duty messages = {SQL_MESSAGES_DUE, "message", "message", casework_deliver,
                              casework_deliver_failed};
static const Duty jobs = {SQL_JOBS_DUE, "job", "job", casework_job, casework_job_failed};
static const Duty lapsed = {SQL_JOBS_LAPSED, "job lapsed", "job", jobs_lapse, jobs_lapse_failed};

/* What fails is put off, else it would be due again at once, and for ever. Not when the store is at
 * fault: that is nobody's failed attempt. */
static void do_one(Worker *w, const Duty *duty, int64_t id)
{
    Err err = {0}, again = {0};
    Value *in = value_map(&w->arena);
    set_int(&w->arena, in, duty->key, id);
    if (run(w, duty->name, duty->run, in, &err))
        return;
    log_err(duty->name, &err);
    w->troubled = err.code == ERR_UNAVAILABLE || err.code == ERR_STORAGE;
    if (w->troubled)
        return;
    set_str(&w->arena, in, "reason", str_dup(&w->arena, str_z(err.msg)));
    if (run(w, duty->name, duty->failed, in, &again) || again.code == ERR_NOT_FOUND)
        return; /* not found: somebody else has done it */
    log_err(duty->name, &again);
    w->troubled = true;
}

static bool is_stopping(Worker *w)
{
    mutex_lock(&w->lock);
    bool stopping = w->stopping;
    mutex_unlock(&w->lock);
    return stopping;
}

/* True when there may be more of it. */
static bool drain(Worker *w, const Duty *duty)
{
    StoreRows rows;
    Err err = {0};
    TimeMs now = clock_now(w->app->clock);
    if (!store_run(&w->reader, &w->arena, duty->due,
                   PARAMS(P_STR(w->pass.app->catalogue->place), P_INT(now), P_INT(WORKER_ROUND)),
                   &rows, &err)) {
        log_err(duty->name, &err);
        return false;
    }
    for (size_t i = 0; i < rows.count && !w->troubled && !is_stopping(w); i++)
        do_one(w, duty, row_int(&rows, i, 0));
    return rows.count == WORKER_ROUND;
}

/* ---- outbox ---- */

typedef struct {
    Command command; /* first member */
    StoreOutbox *rows;
    size_t count;
    NotifyEnd *ends;
    Str *reasons;
    int64_t freed;
} OutboxCommand;

static bool claim(StoreTx *tx, Command *c, Err *err)
{
    OutboxCommand *o = (OutboxCommand *)c;
    return store_outbox_claim(tx, MESSAGES_AT_ONCE, &o->rows, &o->count, err);
}

static bool free_leases(StoreTx *tx, Command *c, Err *err)
{
    return store_outbox_free(tx, &((OutboxCommand *)c)->freed, err);
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

static bool submit(Worker *w, OutboxCommand *o, bool (*run_it)(StoreTx *, Command *, Err *),
                   Err *err)
{
    o->command = (Command){.run = run_it, .arena = &w->arena};
    return committer_run(w->app->committer, &o->command, err);
}

static bool command(Worker *w, OutboxCommand *o, bool (*run_it)(StoreTx *, Command *, Err *))
{
    Err err = {0};
    if (submit(w, o, run_it, &err))
        return true;
    log_err("outbox", &err);
    w->troubled = true;
    return false;
}

static bool outbox_is_due(Worker *w)
{
    TimeMs due = 0;
    Err err = {0};
    return store_outbox_next(&w->reader, w->pass.app->catalogue->place, &due, &err) && due &&
           due <= clock_now(w->app->clock);
}

/* One process writes to this database, and that is us: what is leased now, a dead one has leased. */
static bool take_over(Worker *w, Err *err)
{
    OutboxCommand o = {0};
    bool ok = submit(w, &o, free_leases, err);
    if (ok && o.freed)
        log_info("messages taken over count=%lld", (long long)o.freed);
    arena_reset(&w->arena);
    return ok;
}

/* True when there may be more. What a stop leaves unsent the next start takes over. */
static bool send_messages(Worker *w)
{
    OutboxCommand o = {0};
    if (!outbox_is_due(w) || !command(w, &o, claim) || !o.count)
        return false;
    size_t claimed = o.count;
    o.ends = NEW_N(&w->arena, NotifyEnd, o.count);
    o.reasons = NEW_N(&w->arena, Str, o.count);
    for (size_t i = 0; i < o.count; i++) {
        if (is_stopping(w)) {
            o.count = i;
            break;
        }
        o.ends[i] = notify_send(w->app, &w->arena, w->fetcher, &o.rows[i], &o.reasons[i]);
        if (o.ends[i] != NOTIFY_SENT)
            log_warn("message=%lld try=%lld reason=\"" STR_FMT "\"", (long long)o.rows[i].id,
                     (long long)o.rows[i].attempts, STR_ARG(o.reasons[i]));
    }
    return command(w, &o, settle) && claimed == MESSAGES_AT_ONCE;
}

/* ---- housekeeping, once an hour ---- */

static bool housekeep(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    (void)actor, (void)in, (void)out;
    return tx_run(tx, SQL_SESSION_CLOSE_EXPIRED, PARAMS(P_INT(tx->now)), NULL, err) &&
           tx_run(tx, SQL_JOBS_FORGET, PARAMS(P_STR(tx->place), P_INT(tx->now - JOBS_KEEP)), NULL,
                  err) &&
           tx_run(tx, SQL_DRAFTS_DROP_EXPIRED, PARAMS(P_INT(tx->now)), NULL, err) &&
           tx_run(tx, SQL_MESSAGES_FORGET, PARAMS(P_INT(tx->now)), NULL, err);
}

static void housekeep_when_due(Worker *w)
{
    TimeMs now = clock_now(w->app->clock);
    if (now - w->housekept_at < MS_HOUR)
        return;
    w->housekept_at = now;
    Err err = {0};
    if (!run(w, "housekeeping", housekeep, value_map(&w->arena), &err))
        log_err("housekeeping", &err);
}

/* True when there may be more to do at once. */
static bool round_of_work(Worker *w)
{
    w->troubled = false;
    w->pass = live_enter(w->app);
    bool more = drain(w, &timers);
    more |= !w->troubled && drain(w, &messages);
    more |= !w->troubled && drain(w, &jobs);
    more |= !w->troubled && drain(w, &lapsed);
    more |= !w->troubled && send_messages(w);
    if (!w->troubled)
        housekeep_when_due(w);
    live_leave(&w->pass);
    arena_reset(&w->arena);
    return more && !w->troubled && !is_stopping(w);
}

/* Sleeps until poked or for one nap, in trouble for all of it; false when the worker is to stop. */
static bool nap(Worker *w)
{
    int64_t end = clock_monotonic_us() / 1000 + WORKER_NAP_MS;
    mutex_lock(&w->lock);
    while ((!w->poked || w->troubled) && !w->stopping) {
        int64_t left = end - clock_monotonic_us() / 1000;
        if (left <= 0)
            break;
        (void)cond_wait_for(&w->woken, &w->lock, left);
    }
    w->poked = false;
    bool go_on = !w->stopping;
    mutex_unlock(&w->lock);
    return go_on;
}

/* Every batch pokes: under load a round a batch would write as much as it saves by being early.
 * After a pause the next round comes at once. */
static void pace(int64_t last_us)
{
    int64_t since_ms = (clock_monotonic_us() - last_us) / 1000;
    if (since_ms < WORKER_PACE_MS)
        sleep_ms(WORKER_PACE_MS - since_ms);
}

static void work(void *arg)
{
    Worker *w = arg;
    int64_t last_us = clock_monotonic_us() - WORKER_PACE_MS * 1000;
    while (nap(w)) {
        pace(last_us);
        while (round_of_work(w))
            ;
        last_us = clock_monotonic_us();
    }
}

bool worker_start(Worker **out, Arena *owner, App *app, Str db_url, Err *err)
{
    Worker *w = NEW(owner, Worker);
    w->app = app;
    w->db_url = db_url;
    if (!take_over(w, err) || !store_open(&w->reader, db_url, true, err)) {
        arena_free(&w->arena);
        return false;
    }
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
    arena_free(&w->arena);
}

void worker_free(Worker *w)
{
    cond_free(&w->woken);
    mutex_free(&w->lock);
}
