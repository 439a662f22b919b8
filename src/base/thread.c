/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Thin names over pthreads, where a failure is always a broken program or a machine without room
 * and ends the process. The pool is a ring of jobs under one lock; workers sleep on one condition.
 */
#include "base/thread.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NS_PER_MS 1000000L
#define NS_PER_S 1000000000L

enum { NAME_MAX_KERNEL = 15, POOL_MAX_THREADS = 256 };

/* Frames of the sanitizers are several times as large. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { STACK = 8 * THREAD_STACK };
#else
enum { STACK = THREAD_STACK };
#endif

typedef struct {
    void (*run)(void *);
    void *arg;
    char name[NAME_MAX_KERNEL + 1];
} Start;

static void must(int rc, const char *what)
{
    if (rc)
        fatal("%s: %s", what, strerrorname_np(rc));
}

static void *start_thread(void *arg)
{
    Start start = *(Start *)arg;
    free(arg);
    (void)pthread_setname_np(pthread_self(), start.name);
    start.run(start.arg);
    return NULL;
}

void thread_start(Thread *t, const char *name, void (*run)(void *), void *arg)
{
    Start *start = calloc(1, sizeof *start);
    if (!start)
        fatal("out of memory: thread '%s'", name);
    start->run = run;
    start->arg = arg;
    size_t n = strlen(name);
    memcpy(start->name, name, n < NAME_MAX_KERNEL ? n : NAME_MAX_KERNEL);
    pthread_attr_t attr;
    must(pthread_attr_init(&attr), "pthread_attr_init");
    must(pthread_attr_setstacksize(&attr, STACK), "pthread_attr_setstacksize");
    must(pthread_create(&t->handle, &attr, start_thread, start), "pthread_create");
    must(pthread_attr_destroy(&attr), "pthread_attr_destroy");
}

void thread_join(Thread *t)
{
    must(pthread_join(t->handle, NULL), "pthread_join");
}

void mutex_init(Mutex *m)
{
    must(pthread_mutex_init(&m->raw, NULL), "pthread_mutex_init");
}

void mutex_free(Mutex *m)
{
    must(pthread_mutex_destroy(&m->raw), "pthread_mutex_destroy");
}

void mutex_lock(Mutex *m)
{
    must(pthread_mutex_lock(&m->raw), "pthread_mutex_lock");
}

void mutex_unlock(Mutex *m)
{
    must(pthread_mutex_unlock(&m->raw), "pthread_mutex_unlock");
}

void cond_init(Cond *c)
{
    pthread_condattr_t attr;
    must(pthread_condattr_init(&attr), "pthread_condattr_init");
    must(pthread_condattr_setclock(&attr, CLOCK_MONOTONIC), "pthread_condattr_setclock");
    must(pthread_cond_init(&c->raw, &attr), "pthread_cond_init");
    must(pthread_condattr_destroy(&attr), "pthread_condattr_destroy");
}

void cond_free(Cond *c)
{
    must(pthread_cond_destroy(&c->raw), "pthread_cond_destroy");
}

void cond_wait(Cond *c, Mutex *m)
{
    must(pthread_cond_wait(&c->raw, &m->raw), "pthread_cond_wait");
}

static struct timespec span_of(int64_t ms)
{
    return (struct timespec){.tv_sec = (time_t)(ms / 1000),
                             .tv_nsec = (long)(ms % 1000) * NS_PER_MS};
}

bool cond_wait_for(Cond *c, Mutex *m, int64_t timeout_ms)
{
    struct timespec at, span = span_of(timeout_ms > 0 ? timeout_ms : 0);
    (void)clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += span.tv_sec;
    at.tv_nsec += span.tv_nsec;
    if (at.tv_nsec >= NS_PER_S) {
        at.tv_nsec -= NS_PER_S;
        at.tv_sec++;
    }
    int rc = pthread_cond_timedwait(&c->raw, &m->raw, &at);
    if (rc == ETIMEDOUT)
        return false;
    must(rc, "pthread_cond_timedwait");
    return true;
}

void cond_signal(Cond *c)
{
    must(pthread_cond_signal(&c->raw), "pthread_cond_signal");
}

void cond_broadcast(Cond *c)
{
    must(pthread_cond_broadcast(&c->raw), "pthread_cond_broadcast");
}

void sleep_ms(int64_t ms)
{
    struct timespec left = span_of(ms > 0 ? ms : 0);
    while (nanosleep(&left, &left) != 0 && errno == EINTR)
        ;
}

typedef struct {
    void (*run)(void *);
    void *arg;
} Job;

struct Pool {
    Mutex lock;
    Cond ready;
    Job *jobs; /* ring */
    size_t first, count, max;
    bool ending;
    int thread_count;
    Thread threads[];
};

static bool next_job(Pool *p, Job *job)
{
    mutex_lock(&p->lock);
    while (!p->count && !p->ending)
        cond_wait(&p->ready, &p->lock);
    bool found = p->count > 0;
    if (found) {
        *job = p->jobs[p->first];
        p->first = (p->first + 1) % p->max;
        p->count--;
    }
    mutex_unlock(&p->lock);
    return found;
}

static void run_worker(void *arg)
{
    Job job;
    while (next_job(arg, &job))
        job.run(job.arg);
}

Pool *pool_new(const char *name, int threads, size_t queue_max)
{
    ASSERT(threads > 0 && threads <= POOL_MAX_THREADS && queue_max > 0);
    Pool *p = calloc(1, sizeof *p + (size_t)threads * sizeof p->threads[0]);
    Job *jobs = calloc(queue_max, sizeof *jobs);
    if (!p || !jobs)
        fatal("out of memory: pool '%s'", name);
    p->jobs = jobs;
    p->max = queue_max;
    p->thread_count = threads;
    mutex_init(&p->lock);
    cond_init(&p->ready);
    for (int i = 0; i < threads; i++)
        thread_start(&p->threads[i], name, run_worker, p);
    return p;
}

bool pool_submit(Pool *p, void (*job)(void *), void *arg)
{
    mutex_lock(&p->lock);
    bool room = p->count < p->max && !p->ending;
    if (room)
        p->jobs[(p->first + p->count++) % p->max] = (Job){job, arg};
    mutex_unlock(&p->lock);
    if (room)
        cond_signal(&p->ready);
    return room;
}

void pool_free(Pool *p)
{
    if (!p)
        return;
    mutex_lock(&p->lock);
    p->ending = true;
    mutex_unlock(&p->lock);
    cond_broadcast(&p->ready);
    for (int i = p->thread_count; i-- > 0;)
        thread_join(&p->threads[i]);
    cond_free(&p->ready);
    mutex_free(&p->lock);
    free(p->jobs);
    free(p);
}

static sigset_t awaited(void)
{
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGHUP);
    return set;
}

void signal_block_all(void)
{
    sigset_t set = awaited();
    must(pthread_sigmask(SIG_BLOCK, &set, NULL), "pthread_sigmask");
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    (void)sigaction(SIGPIPE, &ignore, NULL);
}

int signal_wait(int64_t timeout_ms)
{
    sigset_t set = awaited();
    struct timespec span = span_of(timeout_ms > 0 ? timeout_ms : 0);
    for (;;) {
        int got = timeout_ms < 0 ? sigwaitinfo(&set, NULL) : sigtimedwait(&set, NULL, &span);
        if (got > 0)
            return got;
        if (errno != EINTR)
            return 0;
    }
}
