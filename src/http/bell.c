/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bell of a loop: two intrusive lists under one lock, and an eventfd that is written only when
 * both lists were empty, so that many wakes cost one system call. The write is made under the lock:
 * it cannot block, and the loop that takes the lists thereby knows that no writer is still at it.
 * Counted, because the owner of a stream may ring after the server is gone.
 */
#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "http/http_int.h"
#include "http/stream.h"

struct Bell {
    Arena arena; /* holds this struct */
    Mutex lock;
    int fd;
    int holders;
    bool closed;
    Exchange *exchanges, *last;
    HttpStream *streams;
};

Bell *bell_new(void)
{
    Arena a = {0};
    Bell *b = NEW(&a, Bell);
    b->arena = a;
    b->holders = 1;
    mutex_init(&b->lock);
    b->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (b->fd < 0)
        fatal("eventfd: %s", strerrorname_np(errno));
    return b;
}

Bell *bell_hold(Bell *b)
{
    mutex_lock(&b->lock);
    b->holders++;
    mutex_unlock(&b->lock);
    return b;
}

void bell_drop(Bell *b)
{
    mutex_lock(&b->lock);
    bool last = --b->holders == 0;
    mutex_unlock(&b->lock);
    if (!last)
        return;
    (void)close(b->fd);
    mutex_free(&b->lock);
    Arena a = b->arena;
    arena_free(&a);
}

int bell_fd(const Bell *b)
{
    return b->fd;
}

static void ring_locked(Bell *b)
{
    uint64_t one = 1;
    ssize_t n = write(b->fd, &one, sizeof one);
    ASSERT(n == sizeof one || errno == EAGAIN); /* EAGAIN: rung four billion times already */
}

void bell_ring(Bell *b)
{
    mutex_lock(&b->lock);
    ring_locked(b);
    mutex_unlock(&b->lock);
}

void bell_put(Bell *b, Exchange *x)
{
    mutex_lock(&b->lock);
    bool was_empty = !b->exchanges && !b->streams;
    x->next = NULL;
    if (b->last)
        b->last->next = x;
    else
        b->exchanges = x;
    b->last = x;
    if (was_empty)
        ring_locked(b);
    mutex_unlock(&b->lock);
}

void bell_put_stream(Bell *b, HttpStream *st)
{
    mutex_lock(&b->lock);
    if (!b->closed && stream_mark_rung(st)) {
        bool was_empty = !b->exchanges && !b->streams;
        st->next_rung = b->streams;
        b->streams = st;
        if (was_empty)
            ring_locked(b);
    }
    mutex_unlock(&b->lock);
}

void bell_take(Bell *b, Exchange **exchanges, HttpStream **streams)
{
    uint64_t count;
    mutex_lock(&b->lock);
    (void)!read(b->fd, &count, sizeof count);
    *exchanges = b->exchanges;
    *streams = b->streams;
    b->exchanges = NULL;
    b->last = NULL;
    b->streams = NULL;
    mutex_unlock(&b->lock);
}

void bell_close(Bell *b)
{
    mutex_lock(&b->lock);
    b->closed = true;
    mutex_unlock(&b->lock);
}
