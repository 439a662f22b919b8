/* SPDX-License-Identifier: Apache-2.0 */
/*
 * onedoor.yaml, workers: the types of jobs that systems of other departments do. Who does them is
 * arranged by the place, so they stand beside the place and are no part of an item's version.
 */
#include "catalogue/catalogue_int.h"

static const Field worker_fields[] = {
    {"type", FIELD_STR, true, offsetof(WorkerType, type), 0, 0, NULL},
    {"name", FIELD_TEXT, true, offsetof(WorkerType, name), 0, 0, NULL},
    {"organ", FIELD_KEY, true, offsetof(WorkerType, organ), 0, 0, NULL},
    {"purpose", FIELD_TEXT, true, offsetof(WorkerType, purpose), 0, 0, NULL},
    {"lease_s", FIELD_INT, false, offsetof(WorkerType, lease_s), 1, WORKER_LEASE_MAX_S, NULL},
    {"retries", FIELD_INT, false, offsetof(WorkerType, retries), 1, WORKER_RETRIES_MAX, NULL},
    {"backoff_s", FIELD_INT, false, offsetof(WorkerType, backoff_s), 0, WORKER_BACKOFF_MAX_S, NULL},
    {"variables", FIELD_LIST, false, 0, 0, 0, NULL},
    {"results", FIELD_LIST, false, 0, 0, 0, NULL},
};

/* Commas and spaces part them in commands and logs. */
static void check_type(Loader *l, const WorkerType *w, const Value *v)
{
    bool ok = w->type.len <= WORKER_TYPE_MAX;
    for (size_t i = 0; i < w->type.len; i++) {
        char c = w->type.at[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        ok = ok && (word || c == '.' || c == '-' || c == '_' || c == ':');
    }
    if (!ok)
        complain(l, "worker.type", value_at(v, "type"), STR("letters, digits and . - _ : alone"),
                 "'" STR_FMT "' is no type of jobs", STR_ARG(w->type));
    for (size_t i = 0; i < own_job_count; i++)
        if (str_eq(own_jobs[i], w->type))
            complain(l, "worker.own", value_at(v, "type"), STR("choose another type"),
                     "jobs of type '" STR_FMT "' are done by the program itself", STR_ARG(w->type));
}

static void read_worker(Loader *l, const Value *v, WorkerType *w)
{
    *w = (WorkerType){.lease_s = 300, .retries = 3, .backoff_s = 30};
    if (!READ_FIELDS(l, v, worker_fields, "a worker", w))
        return;
    w->variables = read_strings(l, v, "variables", &w->variable_count);
    w->results = read_strings(l, v, "results", &w->result_count);
    w->limits_results = value_at(v, "results") != NULL;
    w->mark = mark_of(v);
    check_type(l, w, v);
    resolve_entry(l, "organ", w->organ, value_at(v, "organ"));
    register_entry(l, "worker", w->type, v, w);
}

void load_workers(Loader *l)
{
    Value *const *rows;
    size_t n = read_list(l, l->site, "workers", &rows);
    WorkerType *workers = NEW_N(l->arena, WorkerType, n + 1);
    for (size_t i = 0; i < n; i++)
        read_worker(l, rows[i], &workers[i]);
    l->c->workers = workers;
    l->c->worker_count = n;
}
