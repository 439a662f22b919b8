/* SPDX-License-Identifier: Apache-2.0 */
#include "base/era.h"
#include "base/thread.h"
#include "check.h"

enum { THREADS = 4, ROUNDS = 2000, SWAPS = 300 };

static void count(void *n)
{
    (*(int *)n)++;
}

TEST(era_drops_when_those_before_are_gone)
{
    Eras *e = eras_new();
    int a = 0, b = 0, c = 0;
    era_retire(e, count, &a);
    CHECK(a == 1, "nobody is inside: at once");
    Era *first = era_enter(e);
    era_retire(e, count, &b);
    Era *second = era_enter(e);
    CHECK(b == 0 && eras_waiting(e) == 1, "the first may read b");
    era_retire(e, count, &c);
    era_leave(e, second);
    CHECK(b == 0 && c == 0 && eras_waiting(e) == 2, "the first may read both");
    era_leave(e, first);
    CHECK(b == 1 && c == 1 && eras_waiting(e) == 0, "both are dropped, once");
    eras_free(e);
}

TEST(era_younger_readers_do_not_hold_it)
{
    Eras *e = eras_new();
    int a = 0;
    Era *before = era_enter(e);
    era_retire(e, count, &a);
    Era *after = era_enter(e);
    era_leave(e, before);
    CHECK(a == 1, "who entered afterwards cannot read it");
    era_leave(e, after);
    eras_free(e);
}

/* ---- readers and a publisher at once: run by the thread sanitizer, too ---- */

typedef struct {
    Mutex lock;
    int *current; /* guarded by lock; what it points to is immutable while in service */
    Eras *eras;
    int wrong; /* guarded by lock */
    int boxes[SWAPS + 1];
} Shelf;

static void spoil(void *box)
{
    *(int *)box = -1;
}

static void read_often(void *arg)
{
    Shelf *s = arg;
    for (int i = 0; i < ROUNDS; i++) {
        Era *mine = era_enter(s->eras);
        mutex_lock(&s->lock);
        const int *box = s->current;
        mutex_unlock(&s->lock);
        bool bad = *box <= 0;
        era_leave(s->eras, mine);
        if (!bad)
            continue;
        mutex_lock(&s->lock);
        s->wrong++;
        mutex_unlock(&s->lock);
    }
}

TEST(era_readers_never_see_what_was_dropped)
{
    static Shelf s;
    Thread threads[THREADS];
    mutex_init(&s.lock);
    s.eras = eras_new();
    s.boxes[0] = 1;
    s.current = &s.boxes[0];
    for (int i = 0; i < THREADS; i++)
        thread_start(&threads[i], "reader", read_often, &s);
    for (int i = 1; i <= SWAPS; i++) {
        s.boxes[i] = i + 1;
        mutex_lock(&s.lock);
        int *old = s.current;
        s.current = &s.boxes[i];
        mutex_unlock(&s.lock);
        era_retire(s.eras, spoil, old);
    }
    for (int i = 0; i < THREADS; i++)
        thread_join(&threads[i]);
    int dropped = 0;
    for (int i = 0; i <= SWAPS; i++)
        dropped += s.boxes[i] == -1;
    CHECK(s.wrong == 0, "%d reads of a dropped box", s.wrong);
    CHECK(dropped == SWAPS && eras_waiting(s.eras) == 0, "all but the last are dropped: %d",
          dropped);
    eras_free(s.eras);
    mutex_free(&s.lock);
}
