/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Taking jobs: of all types asked for, those that wait longest. The committer runs one command after
 * the other, so that no job is given to two; the lease tells the next taker to wait.
 */
#include "base/rand.h"
#include "services/jobs/jobs_int.h"
#include "json/json.h"

enum { LEASE_BYTES = 16 };

typedef struct {
    Client client;
    const WorkerType *types[JOBS_TYPES_MAX];
    size_t type_count;
    int64_t max, lease_s; /* lease_s 0: each type's own */
    Str lease;
} Taking;

typedef struct {
    int64_t id;
    TimeMs due;
    const WorkerType *type;
} Offer;

/* ---- what was asked ---- */

static bool add_type(StoreTx *tx, const Value *v, size_t i, Taking *t, Value *out, Err *err)
{
    const char *at = str_cstr(tx->arena, str_fmt(tx->arena, "types.%zu", i));
    Str type = str_slice(value_text(v), 0, WORKER_TYPE_MAX);
    const WorkerType *w = catalogue_worker(tx_app(tx)->catalogue, type);
    if (!w)
        return jobs_refuse(tx, out, at, "job.type.unknown", type, ERR_INPUT, err);
    if (!client_may_do(&t->client, type))
        return jobs_refuse(tx, out, at, "job.type.denied", type, ERR_DENIED, err);
    for (size_t k = 0; k < t->type_count; k++)
        if (t->types[k] == w)
            return true;
    t->types[t->type_count++] = w;
    return true;
}

static bool read_types(StoreTx *tx, const Value *in, Taking *t, Value *out, Err *err)
{
    const Value *types = value_at(in, "types");
    if (!value_is(types, VALUE_LIST) || !types->list.count)
        return jobs_refuse(tx, out, "types", "job.required", STR(""), ERR_INPUT, err);
    if (types->list.count > JOBS_TYPES_MAX)
        return jobs_refuse(tx, out, "types", "job.too_many",
                           str_fmt(tx->arena, "%d", JOBS_TYPES_MAX), ERR_LIMIT, err);
    for (uint32_t i = 0; i < types->list.count; i++)
        if (!add_type(tx, types->list.items[i], i, t, out, err))
            return false;
    return true;
}

static bool read_taking(StoreTx *tx, const Value *in, Taking *t, Value *out, Err *err)
{
    static const char *const known[] = {"types", "max", "lease_s", "wait_s", NULL};
    int64_t wait;
    return jobs_fields(tx, in, known, out, err) && read_types(tx, in, t, out, err) &&
           jobs_number(tx, in, (JobsNumber){"max", 1, JOBS_TAKE_MAX, 1}, &t->max, out, err) &&
           jobs_number(tx, in, (JobsNumber){"lease_s", 1, WORKER_LEASE_MAX_S, 0}, &t->lease_s, out,
                       err) &&
           jobs_number(tx, in, (JobsNumber){"wait_s", 0, JOBS_WAIT_MAX_S, 0}, &wait, out, err);
}

/* ---- what there is ---- */

static void insert(Offer *offers, size_t *n, size_t max, Offer o)
{
    size_t at = *n;
    while (at > 0 && (offers[at - 1].due > o.due ||
                      (offers[at - 1].due == o.due && offers[at - 1].id > o.id)))
        at--;
    if (at >= max)
        return;
    size_t moved = (*n < max ? *n : max - 1) - at;
    memmove(&offers[at + 1], &offers[at], moved * sizeof *offers);
    offers[at] = o;
    *n += *n < max;
}

static bool find_offers(StoreTx *tx, const Taking *t, Offer *offers, size_t *n, Err *err)
{
    *n = 0;
    for (size_t i = 0; i < t->type_count; i++) {
        StoreRows r;
        if (!tx_run(
                tx, SQL_JOBS_OFFERED,
                PARAMS(P_STR(tx->place), P_STR(t->types[i]->type), P_INT(tx->now), P_INT(t->max)),
                &r, err))
            return false;
        for (size_t k = 0; k < r.count; k++)
            insert(offers, n, (size_t)t->max,
                   (Offer){row_int(&r, k, 0), row_int(&r, k, 1), t->types[i]});
    }
    return true;
}

/* ---- one job ---- */

/* The person sees which system read what, and why. */
static bool log_reading(StoreTx *tx, const Taking *t, const WorkerType *w, const StoreRows *of_case,
                        int64_t case_id, Err *err)
{
    Access access = {.party = row_int(of_case, 0, 1),
                     .case_id = case_id,
                     .actor = str_fmt(tx->arena, STR_FMT " " STR_FMT, STR_ARG(w->organ),
                                      STR_ARG(t->client.name)),
                     .what = row_str(of_case, 0, 0),
                     .purpose = text_in(w->purpose, LANG_ZH),
                     .basis = w->type};
    return party_log_access(tx, &access, err);
}

static bool note_taken(StoreTx *tx, const Actor *actor, const Taking *t, const Offer *o,
                       const StoreRows *r, const Value *variables, Err *err)
{
    Value *data = value_map(tx->arena);
    set_str(tx->arena, data, "job", str_fmt(tx->arena, "%lld", (long long)o->id));
    set_str(tx->arena, data, "type", o->type->type);
    set_str(tx->arena, data, "element", row_str(r, 0, 2));
    set_int(tx->arena, data, "attempt", row_int(r, 0, 4));
    set_str(tx->arena, data, "by", t->client.name);
    set_str(tx->arena, data, "organ", o->type->organ);
    set_value(tx->arena, data, "variables", jobs_names(tx->arena, variables));
    return store_event_add(tx, row_int(r, 0, 0), STR("job_taken"), actor_text(tx->arena, actor),
                           data, err);
}

static void put_job(Arena *a, const Taking *t, const Offer *o, const StoreRows *r, Str case_no,
                    Value *payload, Value *job)
{
    set_str(a, job, "job", str_fmt(a, "%lld", (long long)o->id));
    set_str(a, job, "type", o->type->type);
    set_str(a, job, "case", case_no);
    set_str(a, job, "element", row_str(r, 0, 2));
    Value *headers = value_inside(payload, "headers");
    Value *variables = value_inside(payload, "variables");
    set_value(a, job, "headers", headers ? headers : value_map(a));
    set_value(a, job, "variables", variables ? variables : value_map(a));
    set_int(a, job, "attempt", row_int(r, 0, 4));
    set_int(a, job, "retries_left", row_int(r, 0, 5));
    set_str(a, job, "lease", t->lease);
}

static bool lease_one(StoreTx *tx, const Actor *actor, const Taking *t, const Offer *o, Value *jobs,
                      Err *err)
{
    StoreRows r, of_case;
    TimeMs until = tx->now + (t->lease_s ? t->lease_s : o->type->lease_s) * MS_SECOND;
    if (!tx_one(tx, SQL_JOB_LEASE,
                PARAMS(P_STR(tx->place), P_INT(o->id), P_STR(t->lease), P_INT(t->client.id),
                       P_INT(until)),
                &r, "job", err) ||
        !tx_one(tx, SQL_JOB_OF_CASE, PARAMS(P_STR(tx->place), P_INT(row_int(&r, 0, 0))), &of_case,
                "case", err))
        return false;
    Value *payload = json_read(tx->arena, row_str(&r, 0, 3), err);
    if (!payload)
        return false;
    const Value *variables = value_at(payload, "variables");
    Value *job = push_map(tx->arena, jobs);
    put_job(tx->arena, t, o, &r, row_str(&of_case, 0, 0), payload, job);
    set_int(tx->arena, job, "lease_until", until);
    return note_taken(tx, actor, t, o, &r, variables, err) &&
           (!value_count(variables) ||
            log_reading(tx, t, o->type, &of_case, row_int(&r, 0, 0), err));
}

bool jobs_take(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    Taking t = {0};
    Offer offers[JOBS_TAKE_MAX];
    size_t n = 0;
    if (!client_use(tx, actor, &t.client, err) || !read_taking(tx, in, &t, out, err) ||
        !find_offers(tx, &t, offers, &n, err))
        return false;
    t.lease = rand_token(tx->arena, LEASE_BYTES);
    Value *jobs = set_list(tx->arena, out, "jobs");
    for (size_t i = 0; i < n; i++)
        if (!lease_one(tx, actor, &t, &offers[i], jobs, err))
            return false;
    return true;
}
