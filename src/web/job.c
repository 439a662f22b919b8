/* SPDX-License-Identifier: Apache-2.0 */
/* Work that blocks (passwords, papers, calls to registers) goes to the pool; the connection sleeps.
 */
#include "web/pages.h"

typedef struct {
    HttpRequest *rq;
    void (*work)(HttpRequest *rq);
} Job;

static void run(void *arg)
{
    Job *job = arg;
    job->work(job->rq);
    http_wake(job->rq);
}

HttpNext web_job(HttpRequest *rq, HttpResponse *rs, void (*work)(HttpRequest *rq),
                 HttpHandler *then)
{
    Job *job = NEW(rq->arena, Job);
    *job = (Job){rq, work};
    rq->then = then;
    if (pool_submit(visit_of(rq)->web->app->pool, run, job))
        return HTTP_WAIT;
    rq->then = NULL;
    return web_status(rq, rs, 503, NULL);
}
