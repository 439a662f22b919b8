/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/queue.h - a bounded queue of pointers from many threads to one, taken in batches.
 *
 * The taker gets all that is there (up to its room) at once: natural batching, no timer, and a
 * lone writer waits for nobody. Full: queue_put says false, nothing waits.
 */
#pragma once

#include "base/thread.h"

typedef struct Queue Queue;

Queue *queue_new(size_t max);
void queue_free(Queue *q);
/* false when full or closed. */
MUST_CHECK bool queue_put(Queue *q, void *item);
/* Waits for at least one item or the timeout (-1: for ever); number taken, 0 when timed out or
 * closed and empty. */
size_t queue_take(Queue *q, void **items, size_t room, int64_t timeout_ms);
/* No more puts; the taker gets what is left, then 0. */
void queue_close(Queue *q);
bool queue_is_closed(Queue *q);
size_t queue_count(Queue *q);
