/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/thread.h - threads, locks and a pool of workers for what may block.
 *
 * Rules of the house: no lock is held across I/O or a call out of its module, locks never nest,
 * threads are joined in the reverse order of start, only signal_wait sees signals.
 * Limits: a pool's queue is bounded; pool_submit says false when it is full and the caller answers
 * "try again later". Stack of a thread: THREAD_STACK bytes.
 */
#pragma once

#include <pthread.h>

#include "base/err.h"

enum { THREAD_STACK = 1 << 20 };

typedef struct {
    pthread_t handle;
} Thread;

typedef struct {
    pthread_mutex_t raw;
} Mutex;

typedef struct {
    pthread_cond_t raw; /* on the monotonic clock */
} Cond;

void thread_start(Thread *t, const char *name, void (*run)(void *), void *arg);
void thread_join(Thread *t);
/* For a lock at file level: static Mutex lock = MUTEX_STATIC; */
#define MUTEX_STATIC                                                                               \
    {                                                                                              \
        PTHREAD_MUTEX_INITIALIZER                                                                  \
    }
void mutex_init(Mutex *m);
void mutex_free(Mutex *m);
void mutex_lock(Mutex *m);
void mutex_unlock(Mutex *m);
void cond_init(Cond *c);
void cond_free(Cond *c);
void cond_wait(Cond *c, Mutex *m);
/* false when timeout_ms passed first. */
bool cond_wait_for(Cond *c, Mutex *m, int64_t timeout_ms);
void cond_signal(Cond *c);
void cond_broadcast(Cond *c);
void sleep_ms(int64_t ms);

typedef struct Pool Pool; /* workers that take jobs first in, first out */

Pool *pool_new(const char *name, int threads, size_t queue_max);
/* Runs job(arg) on a worker; false when the queue is full. */
MUST_CHECK bool pool_submit(Pool *p, void (*job)(void *), void *arg);
/* Runs what is queued, then ends the workers. */
void pool_free(Pool *p);

/* Call first in main, before any thread: SIGTERM, SIGINT, SIGHUP are only seen by signal_wait,
 * SIGPIPE by nobody. */
void signal_block_all(void);
/* The next signal's number, or 0 after timeout_ms (-1: for ever). */
int signal_wait(int64_t timeout_ms);
