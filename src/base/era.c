/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A queue of eras, oldest first; the last one is now. A retirement closes it with what it retires
 * and begins another. An era ends when it is the oldest, closed, and nobody is inside: then its
 * thing has no reader left, for all who could have seen it entered in this era or an older one.
 */
#include "base/era.h"

#include "base/err.h"
#include "base/thread.h"

struct Era {
    Era *next; /* younger; of free ones: the next free one */
    size_t inside;
    void (*drop)(void *);
    void *what;
};

struct Eras {
    Mutex lock;
    Arena arena;
    Era *oldest, *now, *unused; /* guarded by lock, as all that follows */
    size_t waiting;
};

static Era *begin(Eras *e)
{
    Era *era = e->unused;
    if (era)
        e->unused = era->next;
    else
        era = NEW(&e->arena, Era);
    *era = (Era){0};
    return era;
}

Eras *eras_new(void)
{
    Arena arena = {0};
    Eras *e = NEW(&arena, Eras);
    e->arena = arena;
    mutex_init(&e->lock);
    e->oldest = e->now = begin(e);
    return e;
}

/* Those that ended, taken off the queue. */
static Era *take_ended(Eras *e)
{
    Era *first = e->oldest, *last = NULL;
    while (e->oldest != e->now && !e->oldest->inside) {
        last = e->oldest;
        e->oldest = last->next;
        e->waiting--;
    }
    if (!last)
        return NULL;
    last->next = NULL;
    return first;
}

static void drop_all(Eras *e, Era *ended)
{
    for (Era *era = ended; era; era = era->next)
        era->drop(era->what);
    if (!ended)
        return;
    mutex_lock(&e->lock);
    while (ended) {
        Era *era = ended;
        ended = era->next;
        era->next = e->unused;
        e->unused = era;
    }
    mutex_unlock(&e->lock);
}

Era *era_enter(Eras *e)
{
    mutex_lock(&e->lock);
    Era *mine = e->now;
    mine->inside++;
    mutex_unlock(&e->lock);
    return mine;
}

void era_leave(Eras *e, Era *mine)
{
    mutex_lock(&e->lock);
    ASSERT(mine->inside > 0);
    mine->inside--;
    Era *ended = take_ended(e);
    mutex_unlock(&e->lock);
    drop_all(e, ended);
}

void era_retire(Eras *e, void (*drop)(void *), void *what)
{
    mutex_lock(&e->lock);
    Era *closed = e->now;
    closed->drop = drop;
    closed->what = what;
    e->now = closed->next = begin(e);
    e->waiting++;
    Era *ended = take_ended(e);
    mutex_unlock(&e->lock);
    drop_all(e, ended);
}

size_t eras_waiting(Eras *e)
{
    mutex_lock(&e->lock);
    size_t n = e->waiting;
    mutex_unlock(&e->lock);
    return n;
}

void eras_free(Eras *e)
{
    mutex_lock(&e->lock);
    Era *ended = take_ended(e);
    ASSERT(e->oldest == e->now && !e->now->inside);
    mutex_unlock(&e->lock);
    drop_all(e, ended);
    mutex_free(&e->lock);
    Arena arena = e->arena;
    arena_free(&arena);
}
