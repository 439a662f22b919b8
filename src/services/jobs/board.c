/* SPDX-License-Identifier: Apache-2.0 */
#include "services/jobs/board.h"

#include <stdatomic.h>

#include "base/log.h"

enum { LOOK_MS = 1000, PACE_MS = 5, DISTINCT_MAX = 256, REPORT_MS = 60000 };

struct JobBoard {
    Arena arena; /* of one look */
    Clock *clock;
    Str place;
    StoreConn reader;
    Thread thread;
    Mutex lock;
    Cond changed;
    JobPoll *polls; /* by turn; guarded by lock, as are the next four */
    size_t count;
    int64_t last_turn;
    bool poked, closing;
    atomic_int parked; /* so that pokes cost nothing while nobody waits */
    _Atomic int64_t counts[JOBS_COUNTS];
    int64_t reported_us;
};

typedef struct {
    Str type;
    int64_t jobs; /* to be taken now */
} Demand;

typedef struct {
    Demand at[DISTINCT_MAX];
    size_t count;
    int64_t next_ms; /* until the next retry or lease's end, at most LOOK_MS */
} Look;

/* ---- polls ---- */

static size_t polls_of(const JobBoard *b, int64_t client)
{
    size_t n = 0;
    for (const JobPoll *p = b->polls; p; p = p->next)
        n += p->client == client;
    return n;
}

bool jobs_board_park(JobBoard *b, JobPoll *p)
{
    mutex_lock(&b->lock);
    bool room =
        !b->closing && b->count < JOBS_POLLS_MAX && polls_of(b, p->client) < JOBS_POLLS_PER_CLIENT;
    if (room) {
        if (!p->turn)
            p->turn = ++b->last_turn;
        JobPoll **at = &b->polls;
        while (*at && (*at)->turn < p->turn)
            at = &(*at)->next;
        p->next = *at;
        *at = p;
        b->count++;
        atomic_store(&b->parked, (int)b->count);
        b->poked = true;
        cond_signal(&b->changed);
    }
    mutex_unlock(&b->lock);
    return room;
}

void jobs_board_poke(JobBoard *b)
{
    if (!b || !atomic_load(&b->parked))
        return;
    mutex_lock(&b->lock);
    b->poked = true;
    cond_signal(&b->changed);
    mutex_unlock(&b->lock);
}

void jobs_board_count(JobBoard *b, JobCount what, int64_t n)
{
    if (b)
        atomic_fetch_add_explicit(&b->counts[what], n, memory_order_relaxed);
}

static JobPoll *unlink_poll(JobBoard *b, JobPoll **at, JobPoll *woken)
{
    JobPoll *p = *at;
    *at = p->next;
    p->next = woken;
    b->count--;
    atomic_store(&b->parked, (int)b->count);
    return p;
}

/* Outside the lock: what is woken may come back at once. */
static void wake_all(JobPoll *woken)
{
    while (woken) {
        JobPoll *next = woken->next;
        woken->wake(woken);
        woken = next;
    }
}

/* ---- a look ---- */

static Demand *demand_of(Look *k, Str type)
{
    for (size_t i = 0; i < k->count; i++)
        if (str_eq(k->at[i].type, type))
            return &k->at[i];
    return NULL;
}

static void collect_types(JobBoard *b, Look *k)
{
    mutex_lock(&b->lock);
    for (const JobPoll *p = b->polls; p; p = p->next)
        for (size_t i = 0; i < p->type_count && k->count < DISTINCT_MAX; i++)
            if (!demand_of(k, p->types[i]))
                k->at[k->count++] = (Demand){.type = str_dup(&b->arena, p->types[i])};
    mutex_unlock(&b->lock);
}

static bool ask_store(JobBoard *b, Look *k)
{
    TimeMs now = clock_now(b->clock);
    Err err = {0};
    for (size_t i = 0; i < k->count; i++) {
        StoreRows r;
        if (!store_run(&b->reader, &b->arena, SQL_JOB_NEXT,
                       PARAMS(P_STR(b->place), P_STR(k->at[i].type), P_INT(JOBS_POLL_TYPES)), &r,
                       &err)) {
            log_err("jobs", &err);
            return false;
        }
        for (size_t n = 0; n < r.count; n++) {
            int64_t wait = row_int(&r, n, 0) - now;
            if (wait <= 0)
                k->at[i].jobs++;
            else if (wait < k->next_ms)
                k->next_ms = wait;
        }
    }
    return true;
}

static bool is_wanted(const JobPoll *p, Look *k)
{
    for (size_t i = 0; i < p->type_count; i++) {
        Demand *d = demand_of(k, p->types[i]);
        if (d && d->jobs > 0) {
            d->jobs--;
            return true;
        }
    }
    return false;
}

static JobPoll *choose(JobBoard *b, Look *k)
{
    JobPoll *woken = NULL, **tail = &woken;
    int64_t now = clock_monotonic_us();
    mutex_lock(&b->lock);
    for (JobPoll **at = &b->polls; *at;) {
        JobPoll *p = *at;
        int64_t left_ms = (p->until_us - now + 999) / 1000;
        if (left_ms <= 0 || b->closing || is_wanted(p, k)) {
            *tail = unlink_poll(b, at, NULL);
            tail = &(*tail)->next;
            continue;
        }
        if (left_ms < k->next_ms)
            k->next_ms = left_ms;
        at = &p->next;
    }
    mutex_unlock(&b->lock);
    return woken;
}

static void report(JobBoard *b)
{
    int64_t now = clock_monotonic_us(), n[JOBS_COUNTS], sum = 0;
    if (now - b->reported_us < REPORT_MS * 1000 && !b->closing)
        return;
    b->reported_us = now;
    for (int i = 0; i < JOBS_COUNTS; i++)
        sum += n[i] = atomic_exchange(&b->counts[i], 0);
    if (sum)
        log_info("jobs taken=%lld done=%lld failed=%lld errors=%lld waiting=%d",
                 (long long)n[JOBS_TAKEN], (long long)n[JOBS_DONE], (long long)n[JOBS_FAILED],
                 (long long)n[JOBS_ERRORS], atomic_load(&b->parked));
}

static int64_t look(JobBoard *b)
{
    Look k = {.next_ms = LOOK_MS};
    collect_types(b, &k);
    (void)!ask_store(b, &k); /* in trouble: only those whose time is over are woken */
    wake_all(choose(b, &k));
    arena_reset(&b->arena);
    return k.next_ms;
}

static bool rest(JobBoard *b, int64_t ms)
{
    int64_t end = clock_monotonic_us() / 1000 + ms;
    mutex_lock(&b->lock);
    while (!b->poked && !b->closing) {
        int64_t left = end - clock_monotonic_us() / 1000;
        if (left <= 0)
            break;
        (void)cond_wait_for(&b->changed, &b->lock, left);
    }
    b->poked = false;
    bool go_on = !b->closing;
    mutex_unlock(&b->lock);
    return go_on;
}

static void run(void *arg)
{
    JobBoard *b = arg;
    int64_t next_ms = LOOK_MS;
    while (rest(b, next_ms)) {
        next_ms = atomic_load(&b->parked) ? look(b) : LOOK_MS;
        report(b);
        sleep_ms(PACE_MS); /* every batch pokes: under load some are looked at together */
    }
    wake_all(choose(b, &(Look){0}));
    report(b);
}

bool jobs_board_open(JobBoard **out, Arena *owner, Str db_url, Str place, Clock *clock, Err *err)
{
    JobBoard *b = NEW(owner, JobBoard);
    b->clock = clock;
    b->place = str_dup(owner, place);
    if (!store_open(&b->reader, db_url, true, err))
        return false;
    mutex_init(&b->lock);
    cond_init(&b->changed);
    b->reported_us = clock_monotonic_us();
    thread_start(&b->thread, "jobs", run, b);
    *out = b;
    return true;
}

void jobs_board_close(JobBoard *b)
{
    mutex_lock(&b->lock);
    b->closing = true;
    cond_signal(&b->changed);
    mutex_unlock(&b->lock);
    thread_join(&b->thread);
}

void jobs_board_free(JobBoard *b)
{
    store_close(&b->reader);
    arena_free(&b->arena);
    cond_free(&b->changed);
    mutex_free(&b->lock);
}
