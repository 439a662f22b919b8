/* SPDX-License-Identifier: Apache-2.0 */
#include "base/thread.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/queue.h"
#include "check.h"

enum { PUTTERS = 4, PUTS = 5000 };

typedef struct {
    Queue *queue;
    uintptr_t first;
    size_t full;
} Putter;

static void put_all(void *arg)
{
    Putter *p = arg;
    for (uintptr_t i = 0; i < PUTS; i++)
        while (!queue_put(p->queue, (void *)(p->first + i))) {
            p->full++;
            sleep_ms(1);
        }
}

/* Items of one putter come out in its order, none twice, none lost. */
TEST(queue_keeps_order_of_each_thread)
{
    Queue *q = queue_new(64);
    Thread threads[PUTTERS];
    Putter putters[PUTTERS];
    for (uintptr_t i = 0; i < PUTTERS; i++) {
        putters[i] = (Putter){q, i * PUTS + 1, 0};
        thread_start(&threads[i], "putter", put_all, &putters[i]);
    }
    uintptr_t last[PUTTERS] = {0};
    size_t total = 0, wrong = 0, largest = 0;
    while (total < (size_t)PUTTERS * PUTS) {
        void *items[16];
        size_t n = queue_take(q, items, COUNT(items), 5000);
        largest = n > largest ? n : largest;
        for (size_t i = 0; i < n; i++) {
            uintptr_t v = (uintptr_t)items[i] - 1;
            wrong += v % PUTS + 1 != ++last[v / PUTS];
        }
        total += n;
        if (!n)
            break;
    }
    for (size_t i = PUTTERS; i-- > 0;)
        thread_join(&threads[i]);
    CHECK(total == (size_t)PUTTERS * PUTS, "total %zu", total);
    CHECK(wrong == 0, "%zu out of order", wrong);
    CHECK(largest <= 16, "batch %zu", largest);
    CHECK(queue_count(q) == 0, "empty at the end");
    queue_free(q);
}

TEST(queue_full_closed_and_timeout)
{
    Queue *q = queue_new(2);
    int x = 0;
    void *items[4];
    int64_t start = clock_monotonic_us();
    CHECK(queue_take(q, items, 4, 20) == 0, "empty");
    CHECK(clock_monotonic_us() - start >= 19000, "waited");
    CHECK(queue_take(q, items, 4, 0) == 0, "no wait");
    CHECK(queue_put(q, &x) && queue_put(q, &x + 1), "room for two");
    CHECK(!queue_put(q, &x), "full");
    queue_close(q);
    CHECK(queue_is_closed(q), "closed");
    CHECK(queue_take(q, items, 1, -1) == 1 && items[0] == &x, "what is left, one");
    CHECK(!queue_put(q, &x), "closed with room");
    CHECK(queue_take(q, items, 4, -1) == 1 && items[0] == &x + 1, "what is left, two");
    CHECK(queue_take(q, items, 4, -1) == 0, "closed and empty");
    queue_free(q);
}

static void close_later(void *arg)
{
    sleep_ms(20);
    queue_close(arg);
}

TEST(queue_close_wakes_the_taker)
{
    Queue *q = queue_new(1);
    Thread t;
    thread_start(&t, "a name longer than the kernel takes", close_later, q);
    void *item;
    CHECK(queue_take(q, &item, 1, -1) == 0, "woken");
    thread_join(&t);
    queue_free(q);
}

static _Atomic int ran;

static void count_job(void *arg)
{
    atomic_fetch_add(&ran, *(int *)arg);
}

static void slow_job(void *arg)
{
    (void)arg;
    sleep_ms(50);
}

TEST(pool_runs_all_that_it_took)
{
    atomic_store(&ran, 0);
    int one = 1, taken = 0;
    Pool *p = pool_new("pool", 3, 100);
    for (int i = 0; i < 2000; i++)
        taken += pool_submit(p, count_job, &one);
    pool_free(p);
    CHECK(atomic_load(&ran) == taken, "%d of %d", atomic_load(&ran), taken);
    CHECK(taken >= 100, "%d taken", taken);
}

TEST(pool_says_when_it_is_full)
{
    Pool *p = pool_new("slow", 1, 2);
    int taken = 0;
    for (int i = 0; i < 10; i++)
        taken += pool_submit(p, slow_job, NULL);
    CHECK(taken >= 2 && taken <= 4, "%d", taken);
    pool_free(p);
}

static IdMaker maker;

typedef struct {
    int64_t ids[PUTS];
} Ids;

static void make_ids(void *arg)
{
    Ids *ids = arg;
    for (size_t i = 0; i < PUTS; i++)
        ids->ids[i] = ids_next(&maker, INT64_C(1700000000000) + (int64_t)(i % 7));
}

static int by_id(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

TEST(ids_are_unique_over_threads)
{
    static Ids ids[3];
    Thread threads[3];
    for (size_t i = 0; i < 3; i++)
        thread_start(&threads[i], "ids", make_ids, &ids[i]);
    for (size_t i = 3; i-- > 0;)
        thread_join(&threads[i]);
    size_t wrong = 0;
    for (size_t t = 0; t < 3; t++)
        for (size_t i = 1; i < PUTS; i++)
            wrong += ids[t].ids[i] <= ids[t].ids[i - 1];
    CHECK(wrong == 0, "%zu not greater than the one before", wrong);
    int64_t *all = ids[0].ids;
    qsort(all, (size_t)3 * PUTS, sizeof *all, by_id);
    for (size_t i = 1; i < (size_t)3 * PUTS; i++)
        wrong += all[i] == all[i - 1];
    CHECK(wrong == 0, "%zu twice", wrong);
}

TEST(ids_over_clock_and_restart)
{
    IdMaker m = {0};
    TimeMs now = INT64_C(1800000000000);
    int64_t first = ids_next(&m, now);
    CHECK(ids_time(first) == now, "time comes back");
    CHECK(ids_next(&m, now) == first + 1, "counter");
    CHECK(ids_next(&m, now - MS_DAY) == first + 2, "the clock went back");
    IdMaker again = {0};
    ids_resume(&again, first + 100);
    CHECK(ids_next(&again, now) == first + 101, "after a restart");
    ids_resume(&again, 5);
    CHECK(ids_next(&again, now) == first + 102, "resume never goes back");
    IdMaker old = {0};
    CHECK(ids_next(&old, 0) == 1, "before 2020");
    CHECK(ids_next(&old, INT64_MAX) > 0, "after all time");
}

TEST(clock_real_and_virtual)
{
    Clock c;
    clock_init_virtual(&c, 1000);
    CHECK(clock_now(&c) == 1000, "stands still");
    clock_shift(&c, 5 * MS_DAY);
    CHECK(clock_now(&c) == 1000 + 5 * MS_DAY, "moved");
    clock_init_real(&c);
    TimeMs before = clock_now(&c);
    CHECK(before > INT64_C(1700000000000), "after 2023");
    clock_shift(&c, MS_DAY);
    CHECK(clock_now(&c) - before >= MS_DAY && clock_now(&c) - before < MS_DAY + MS_MINUTE,
          "shifted");
    int64_t mono = clock_monotonic_us();
    sleep_ms(5);
    CHECK(clock_monotonic_us() - mono >= 5000, "moves");
}

TEST(cond_wait_for_times_out)
{
    Mutex m;
    Cond c;
    mutex_init(&m);
    cond_init(&c);
    mutex_lock(&m);
    bool woken = true;
    for (int i = 0; i < 100 && woken; i++) /* a wake without a cause is allowed, not for ever */
        woken = cond_wait_for(&c, &m, 2);
    CHECK(!woken, "timeout");
    mutex_unlock(&m);
    cond_free(&c);
    mutex_free(&m);
}

/* In a child: the test binary's own signals stay as they are. */
static bool forked(void (*run)(void))
{
    pid_t child = fork();
    if (child == 0) {
        run();
        _exit(1);
    }
    int status = 1;
    (void)waitpid(child, &status, 0);
    return status == 0;
}

static void wait_for_term(void)
{
    signal_block_all();
    if (signal_wait(1) != 0)
        _exit(2);
    (void)kill(getpid(), SIGTERM);
    if (signal_wait(1000) != SIGTERM)
        _exit(3);
    (void)kill(getpid(), SIGHUP);
    if (signal_wait(-1) != SIGHUP)
        _exit(4);
    (void)raise(SIGPIPE);
    _exit(0);
}

TEST(signals_are_seen_by_signal_wait)
{
    CHECK(forked(wait_for_term), "child");
}
