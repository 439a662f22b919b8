/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A ring under one lock. The taker is woken by the first item of an empty queue alone: those that
 * come while it works are taken in its next batch without another wake.
 */
#include "base/queue.h"

#include <stdlib.h>

#include "base/clock.h"

struct Queue {
    Mutex lock;
    Cond filled;
    size_t first, count, max;
    bool closed;
    void *items[];
};

Queue *queue_new(size_t max)
{
    ASSERT(max > 0 && max <= SIZE_MAX / sizeof(void *) / 2);
    Queue *q = calloc(1, sizeof *q + max * sizeof q->items[0]);
    if (!q)
        fatal("out of memory: queue of %zu", max);
    q->max = max;
    mutex_init(&q->lock);
    cond_init(&q->filled);
    return q;
}

void queue_free(Queue *q)
{
    if (!q)
        return;
    cond_free(&q->filled);
    mutex_free(&q->lock);
    free(q);
}

bool queue_put(Queue *q, void *item)
{
    mutex_lock(&q->lock);
    bool room = !q->closed && q->count < q->max;
    bool first = room && q->count == 0;
    if (room)
        q->items[(q->first + q->count++) % q->max] = item;
    mutex_unlock(&q->lock);
    if (first)
        cond_signal(&q->filled);
    return room;
}

/* Called with the lock held; it is held again on return. */
static void wait_filled(Queue *q, int64_t timeout_ms)
{
    int64_t until = clock_monotonic_us() + timeout_ms * 1000;
    while (!q->count && !q->closed) {
        if (timeout_ms < 0) {
            cond_wait(&q->filled, &q->lock);
            continue;
        }
        int64_t left = until - clock_monotonic_us();
        if (left <= 0)
            return;
        (void)cond_wait_for(&q->filled, &q->lock, (left + 999) / 1000);
    }
}

size_t queue_take(Queue *q, void **items, size_t room, int64_t timeout_ms)
{
    mutex_lock(&q->lock);
    wait_filled(q, timeout_ms);
    size_t n = q->count < room ? q->count : room;
    for (size_t i = 0; i < n; i++)
        items[i] = q->items[(q->first + i) % q->max];
    q->first = (q->first + n) % q->max;
    q->count -= n;
    mutex_unlock(&q->lock);
    return n;
}

void queue_close(Queue *q)
{
    mutex_lock(&q->lock);
    q->closed = true;
    mutex_unlock(&q->lock);
    cond_broadcast(&q->filled);
}

bool queue_is_closed(Queue *q)
{
    mutex_lock(&q->lock);
    bool closed = q->closed;
    mutex_unlock(&q->lock);
    return closed;
}

size_t queue_count(Queue *q)
{
    mutex_lock(&q->lock);
    size_t n = q->count;
    mutex_unlock(&q->lock);
    return n;
}
