/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Jobs for systems of other departments. A take that finds nothing parks its connection on the
 * board and asks again when it is woken; no thread waits.
 */
#include "services/jobs/board.h"
#include "services/jobs/jobs.h"
#include "web/pages.h"

typedef struct {
    JobPoll poll;
    Value *in;
} Take;

static HttpNext answer(HttpRequest *rq, HttpResponse *rs, Value *out)
{
    return web_json(rq, rs, 200, out);
}

static HttpNext answer_none(HttpRequest *rq, HttpResponse *rs)
{
    Value *out = value_map(rq->arena);
    set_list(rq->arena, out, "jobs");
    return answer(rq, rs, out);
}

static JobBoard *board_of(const HttpRequest *rq)
{
    return visit_of(rq)->web->app->board;
}

/* ---- take ---- */

static void wake(JobPoll *p)
{
    http_wake(p->user);
}

static HttpNext taken(HttpRequest *rq, HttpResponse *rs);

/* Who has left would take a job with it until its lease is over. */
static HttpNext woken(HttpRequest *rq, HttpResponse *rs)
{
    Take *t = visit_of(rq)->page;
    if (http_is_gone(rq)) {
        jobs_board_poke(board_of(rq));
        return answer_none(rq, rs);
    }
    return web_command_each_time(rq, rs, "job.take", jobs_take, t->in, taken);
}

static HttpNext taken(HttpRequest *rq, HttpResponse *rs)
{
    HttpNext next;
    Take *t = visit_of(rq)->page;
    if (!web_command_ok(rq, rs, &next))
        return next;
    Value *out = visit_of(rq)->op.out;
    int64_t n = (int64_t)value_count(value_at(out, "jobs"));
    jobs_board_count(board_of(rq), JOBS_TAKEN, n);
    bool over = t->poll.until_us <= clock_monotonic_us();
    if (n || over || !board_of(rq))
        return answer(rq, rs, out);
    rq->then = woken;
    if (jobs_board_park(board_of(rq), &t->poll))
        return HTTP_WAIT;
    rq->then = NULL;
    http_set_header(rq, rs, "Retry-After", STR("1"));
    return answer(rq, rs, out);
}

/* The use case has checked it before anybody waits. */
static void make_poll(HttpRequest *rq, Take *t)
{
    const Visit *v = visit_of(rq);
    const Value *types = value_at(t->in, "types");
    int64_t wait_s = get_int(t->in, "wait_s", 0);
    t->poll = (JobPoll){.client = v->actor.id, .wake = wake, .user = rq};
    if (wait_s >= 0 && wait_s <= JOBS_WAIT_MAX_S)
        t->poll.until_us = clock_monotonic_us() + wait_s * MS_SECOND * 1000;
    for (size_t i = 0; i < value_count(types) && i < JOBS_POLL_TYPES; i++)
        t->poll.types[i] = value_text(value_item(types, i));
    t->poll.type_count = value_count(types) < JOBS_POLL_TYPES ? value_count(types) : 0;
}

HttpNext web_jobs_take(HttpRequest *rq, HttpResponse *rs)
{
    Take *t = NEW(rq->arena, Take);
    Err err = {0};
    visit_of(rq)->page = t;
    if (!web_input(rq, &t->in, &err))
        return web_error(rq, rs, &err);
    make_poll(rq, t);
    return web_command_each_time(rq, rs, "job.take", jobs_take, t->in, taken);
}

/* ---- what ends or prolongs a lease ---- */

static HttpNext settled(HttpRequest *rq, HttpResponse *rs)
{
    HttpNext next;
    const Op *op = &visit_of(rq)->op;
    if (!web_command_ok(rq, rs, &next))
        return next;
    JobCount what = op->run == jobs_complete ? JOBS_DONE
                    : op->run == jobs_fail   ? JOBS_FAILED
                                             : JOBS_ERRORS;
    if (!op->command.replayed && op->run != jobs_extend)
        jobs_board_count(board_of(rq), what, 1);
    return answer(rq, rs, op->out);
}

static HttpNext settle(HttpRequest *rq, HttpResponse *rs, const char *name, UseCase *run,
                       bool keyed)
{
    Value *in;
    Err err = {0};
    if (!web_input(rq, &in, &err))
        return web_error(rq, rs, &err);
    set_str(rq->arena, in, "job", http_param(rq, "job"));
    return web_command_keyed(rq, rs, name, run, in, keyed ? jobs_key(rq->arena, in) : STR(""),
                             settled);
}

HttpNext web_jobs_complete(HttpRequest *rq, HttpResponse *rs)
{
    return settle(rq, rs, "job.complete", jobs_complete, true);
}

HttpNext web_jobs_fail(HttpRequest *rq, HttpResponse *rs)
{
    return settle(rq, rs, "job.fail", jobs_fail, true);
}

HttpNext web_jobs_error(HttpRequest *rq, HttpResponse *rs)
{
    return settle(rq, rs, "job.error", jobs_error, true);
}

HttpNext web_jobs_extend(HttpRequest *rq, HttpResponse *rs)
{
    return settle(rq, rs, "job.extend", jobs_extend, false);
}

/* ---- reading ---- */

HttpNext web_jobs_get(HttpRequest *rq, HttpResponse *rs)
{
    Viewing by = viewing_of(rq);
    Value *m = value_map(rq->arena);
    int64_t job = 0;
    Err err = {0};
    if (!str_int(http_param(rq, "job"), &job))
        return web_status(rq, rs, 404, NULL);
    if (!jobs_view(&by, &visit_of(rq)->client, job, m, &err))
        return web_error(rq, rs, &err);
    return answer(rq, rs, m);
}
