/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a lease ends: done, an error, a failure, or its time runs out. Which it was is decided by the
 * row alone; the case moves in the same command.
 */
#include "services/jobs/jobs_int.h"

typedef struct {
    Client client;
    int64_t id, case_id, attempt, retries_left;
    Str case_no, key, type, element;
    const WorkerType *worker; /* NULL: no longer declared */
} Held;

#define LAPSE_BACKOFF (5 * MS_MINUTE)

Str jobs_key(Arena *out, const Value *in)
{
    Str job = get_str(in, "job"), lease = get_str(in, "lease");
    int64_t id;
    return lease.len == JOBS_LEASE_TEXT && str_int(job, &id)
               ? str_fmt(out, "%lld/" STR_FMT, (long long)id, STR_ARG(lease))
               : (Str){0};
}

/* ---- who holds it ---- */

static bool read_row(StoreTx *tx, const Value *in, StoreRows *r, Held *h, Value *out, Err *err)
{
    r->count = 0;
    if (str_int(get_str(in, "job"), &h->id) &&
        !tx_run(tx, SQL_JOB_ROW, PARAMS(P_STR(tx->place), P_INT(h->id)), r, err))
        return false;
    /* Of another type: as if it were not there. */
    if (!r->count || !client_may_do(&h->client, row_str(r, 0, 3))) {
        (void)jobs_refuse(tx, out, "job", "job.unknown", STR(""), ERR_NOT_FOUND, err);
        return false;
    }
    h->case_id = row_int(r, 0, 0);
    h->case_no = row_str(r, 0, 1);
    h->key = row_str(r, 0, 2);
    h->type = row_str(r, 0, 3);
    h->element = row_str(r, 0, 4);
    h->attempt = row_int(r, 0, 6);
    h->retries_left = row_int(r, 0, 7);
    h->worker = catalogue_worker(tx_app(tx)->catalogue, h->type);
    return true;
}

/* What the state of a job that is no longer offered is called. */
static const char *over_key(Str state)
{
    return str_eq(state, STR("cancelled")) ? "job.cancelled"
           : str_eq(state, STR("failed"))  ? "job.failed"
                                           : "job.done";
}

static bool hold(StoreTx *tx, const Actor *actor, const Value *in, Held *h, Value *out, Err *err)
{
    StoreRows r = {0};
    if (!client_use(tx, actor, &h->client, err) || !read_row(tx, in, &r, h, out, err))
        return false;
    Str state = row_str(&r, 0, 5), lease = row_str(&r, 0, 10), shown = get_str(in, "lease");
    if (!str_eq(state, STR("offered")))
        return jobs_refuse(tx, out, "job", over_key(state), STR(""), ERR_CONFLICT, err);
    if (shown.len && str_eq_secret(shown, lease) && row_int(&r, 0, 11) == h->client.id)
        return true;
    return jobs_refuse(tx, out, "lease", lease.len ? "job.lease.other" : "job.lease.none", STR(""),
                       ERR_CONFLICT, err);
}

/* ---- what it leaves ---- */

static Value *event_data(StoreTx *tx, const Held *h)
{
    Value *data = value_map(tx->arena);
    set_str(tx->arena, data, "job", str_fmt(tx->arena, "%lld", (long long)h->id));
    set_str(tx->arena, data, "type", h->type);
    set_str(tx->arena, data, "element", h->element);
    set_int(tx->arena, data, "attempt", h->attempt);
    set_str(tx->arena, data, "by", h->client.name);
    set_str(tx->arena, data, "organ", h->worker ? h->worker->organ : STR(""));
    return data;
}

static void put_answer(StoreTx *tx, const Held *h, Str state, int64_t retries_left, Value *out)
{
    set_str(tx->arena, out, "job", str_fmt(tx->arena, "%lld", (long long)h->id));
    set_str(tx->arena, out, "case", h->case_no);
    set_str(tx->arena, out, "state", state);
    set_int(tx->arena, out, "retries_left", retries_left);
}

static bool end_row(StoreTx *tx, const Held *h, Str state, Str why, Err *err)
{
    return tx_run(tx, SQL_JOB_OVER,
                  PARAMS(P_STR(tx->place), P_INT(h->id), P_STR(state), P_INT(tx->now), P_STR(why)),
                  NULL, err);
}

typedef struct {
    const char *note;
    Str state, why;
    const Value *data; /* of the event */
    FlowEvent event;
} Ending;

/* The row, the event, the process, in one command. */
static bool end_job(StoreTx *tx, const Actor *actor, const Held *h, Ending *e, Err *err)
{
    CaseFile cf;
    if (!str_int(h->key, &e->event.key))
        return FAIL(err, ERR_INTERNAL, "a job's key is no number");
    return end_row(tx, h, e->state, e->why, err) && casework_take(tx, h->case_id, &cf, err) &&
           casework_note(tx, &cf, str_z(e->note), actor, e->data, err) &&
           casework_step(tx, &cf, &e->event, err) && casework_save(tx, &cf, err);
}

/* ---- use cases ---- */

bool jobs_complete(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    static const char *const known[] = {"variables", NULL};
    Held h = {0};
    Ending e = {.note = "job_done", .state = STR("done"), .event = {.kind = FLOW_JOB_DONE}};
    if (!hold(tx, actor, in, &h, out, err) || !jobs_fields(tx, in, known, out, err) ||
        !jobs_variables(tx, in, h.worker, &e.event.variables, out, err))
        return false;
    Value *data = event_data(tx, &h);
    set_value(tx->arena, data, "variables", jobs_names(tx->arena, value_at(in, "variables")));
    e.data = data;
    put_answer(tx, &h, e.state, h.retries_left, out);
    return end_job(tx, actor, &h, &e, err);
}

bool jobs_error(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    static const char *const known[] = {"code", "reason", "variables", NULL};
    Held h = {0};
    Ending e = {.note = "job_error", .state = STR("error"), .event = {.kind = FLOW_JOB_ERROR}};
    if (!hold(tx, actor, in, &h, out, err) || !jobs_fields(tx, in, known, out, err) ||
        !jobs_text(tx, in, (JobsText){"code", JOBS_CODE_MAX, true}, &e.event.code, out, err) ||
        !jobs_text(tx, in, (JobsText){"reason", JOBS_REASON_MAX, false}, &e.event.reason, out,
                   err) ||
        !jobs_variables(tx, in, h.worker, &e.event.variables, out, err))
        return false;
    Value *data = event_data(tx, &h);
    set_str(tx->arena, data, "code", e.event.code);
    set_value(tx->arena, data, "variables", jobs_names(tx->arena, value_at(in, "variables")));
    e.data = data;
    e.why = e.event.reason;
    put_answer(tx, &h, e.state, h.retries_left, out);
    return end_job(tx, actor, &h, &e, err);
}

/* Later again: only the row and an event, the process does not move. */
static bool try_again(StoreTx *tx, const Actor *actor, const Held *h, Str reason, TimeMs due,
                      Err *err)
{
    Value *data = event_data(tx, h);
    set_int(tx->arena, data, "retries_left", h->retries_left);
    return tx_run(tx, SQL_JOB_AGAIN,
                  PARAMS(P_STR(tx->place), P_INT(h->id), P_INT(due), P_INT(h->retries_left),
                         P_STR(reason)),
                  NULL, err) &&
           store_event_add(tx, h->case_id, STR("job_failed"), actor_text(tx->arena, actor), data,
                           err);
}

static bool give_up(StoreTx *tx, const Actor *actor, const Held *h, Str reason, Err *err)
{
    Value *data = event_data(tx, h);
    set_int(tx->arena, data, "retries_left", 0);
    Ending e = {.note = "job_failed",
                .state = STR("failed"),
                .why = reason,
                .data = data,
                .event = {.kind = FLOW_JOB_FAILED, .reason = reason}};
    return end_job(tx, actor, h, &e, err);
}

bool jobs_fail(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    static const char *const known[] = {"reason", "retry_after_s", "retries_left", NULL};
    Held h = {0};
    Str reason;
    int64_t after;
    if (!hold(tx, actor, in, &h, out, err) || !jobs_fields(tx, in, known, out, err) ||
        !jobs_text(tx, in, (JobsText){"reason", JOBS_REASON_MAX, true}, &reason, out, err) ||
        !jobs_number(tx, in, (JobsNumber){"retry_after_s", 0, WORKER_BACKOFF_MAX_S, -1}, &after,
                     out, err) ||
        !jobs_number(tx, in, (JobsNumber){"retries_left", 0, WORKER_RETRIES_MAX, h.retries_left},
                     &h.retries_left, out, err))
        return false;
    /* Whatever its worker says: each try stands in the case's stream and in the person's log. */
    bool last = h.retries_left == 0 || h.attempt >= WORKER_ATTEMPTS_MAX;
    h.retries_left = last ? 0 : h.retries_left;
    TimeMs first = (h.worker ? h.worker->backoff_s : 0) * MS_SECOND;
    TimeMs due = tx->now + (after >= 0 ? after * MS_SECOND : casework_backoff(first, h.attempt));
    put_answer(tx, &h, last ? STR("failed") : STR("open"), h.retries_left, out);
    if (last)
        return give_up(tx, actor, &h, reason, err);
    set_int(tx->arena, out, "due_at", due);
    return try_again(tx, actor, &h, reason, due, err);
}

bool jobs_extend(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    static const char *const known[] = {"lease_s", NULL};
    Held h = {0};
    int64_t lease_s;
    if (!hold(tx, actor, in, &h, out, err) || !jobs_fields(tx, in, known, out, err) ||
        !jobs_number(
            tx, in,
            (JobsNumber){"lease_s", 1, WORKER_LEASE_MAX_S, h.worker ? h.worker->lease_s : 0},
            &lease_s, out, err))
        return false;
    TimeMs until = tx->now + lease_s * MS_SECOND;
    put_answer(tx, &h, STR("leased"), h.retries_left, out);
    set_int(tx->arena, out, "lease_until", until);
    return tx_run(tx, SQL_JOB_EXTEND, PARAMS(P_STR(tx->place), P_INT(h.id), P_INT(until)), NULL,
                  err);
}

/* ---- the worker's ---- */

bool jobs_lapse(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    (void)out;
    StoreRows r;
    Held h = {.id = get_int(in, "job", 0)};
    if (!tx_one(tx, SQL_JOB_ROW, PARAMS(P_STR(tx->place), P_INT(h.id)), &r, "job", err))
        return false;
    bool lapsed = str_eq(row_str(&r, 0, 5), STR("offered")) && row_int(&r, 0, 7) == 0 &&
                  row_int(&r, 0, 8) <= tx->now;
    if (!lapsed)
        return true; /* somebody has ended or extended it meanwhile */
    h.case_id = row_int(&r, 0, 0);
    h.key = row_str(&r, 0, 2);
    h.type = row_str(&r, 0, 3);
    h.element = row_str(&r, 0, 4);
    h.attempt = row_int(&r, 0, 6);
    Str why = row_str(&r, 0, 10).len ? STR("the lease ran out") : row_str(&r, 0, 9);
    return give_up(tx, actor, &h, why, err);
}

bool jobs_lapse_failed(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    (void)actor, (void)out;
    return tx_run(
        tx, SQL_JOB_EXTEND,
        PARAMS(P_STR(tx->place), P_INT(get_int(in, "job", 0)), P_INT(tx->now + LAPSE_BACKOFF)),
        NULL, err);
}

/* ---- reading ---- */

bool jobs_view(const Viewing *by, const Client *client, int64_t job, Value *m, Err *err)
{
    StoreRows r;
    if (!store_run(by->reader, by->out, SQL_JOB_ROW,
                   PARAMS(P_STR(by->app->catalogue->place), P_INT(job)), &r, err))
        return false;
    if (!r.count || !client_may_do(client, row_str(&r, 0, 3)))
        return FAIL(err, ERR_NOT_FOUND, "no job '%lld'", (long long)job);
    Str state = row_str(&r, 0, 5);
    bool offered = str_eq(state, STR("offered"));
    bool leased = offered && row_str(&r, 0, 10).len && row_int(&r, 0, 8) > by->now;
    set_str(by->out, m, "job", str_fmt(by->out, "%lld", (long long)job));
    set_str(by->out, m, "type", row_str(&r, 0, 3));
    set_str(by->out, m, "case", row_str(&r, 0, 1));
    set_str(by->out, m, "element", row_str(&r, 0, 4));
    set_str(by->out, m, "state", leased ? STR("leased") : offered ? STR("open") : state);
    set_int(by->out, m, "attempt", row_int(&r, 0, 6));
    set_int(by->out, m, "retries_left", row_int(&r, 0, 7));
    set_int(by->out, m,
            leased    ? "lease_until"
            : offered ? "due_at"
                      : "ended_at",
            row_int(&r, 0, 8));
    set_str(by->out, m, "reason", row_str(&r, 0, 9));
    return true;
}
