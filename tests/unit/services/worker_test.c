/* SPDX-License-Identifier: Apache-2.0 */
/* The worker's thread itself; what it runs is tested by case_test.c and duty_test.c. */
#include "check.h"
#include "services/worker/worker.h"
#include "world.h"

enum { LOOKS = 500, LOOK_MS = 20 };

typedef struct {
    Command command; /* first member */
    size_t claimed;
} Claim;

static bool claim_all(StoreTx *tx, Command *c, Err *err)
{
    StoreOutbox *rows;
    return store_outbox_claim(tx, OUTBOX_CLAIM_MAX, &rows, &((Claim *)c)->claimed, err);
}

static TimeMs next_due(World *w)
{
    TimeMs due = -1;
    Err err = {0};
    CHECK(store_outbox_next(&w->reader, w->app.catalogue->place, &due, &err), "next: %s", err.msg);
    return due;
}

/* The clock stands still: a lease would never end. */
TEST(worker_takes_over_from_a_dead_one)
{
    World w;
    Worker *worker;
    Err err = {0};
    world_open(&w);
    (void)world_submit(&w, &w.li, NULL);
    Claim claim = {.command = {.run = claim_all, .arena = &w.arena}};
    CHECK(committer_run(w.app.committer, &claim.command, &err) && claim.claimed > 0, "claimed: %s",
          err.msg);
    CHECK(next_due(&w) == clock_now(&w.clock) + OUTBOX_LEASE, "leased");
    bool started = worker_start(&worker, &w.arena, &w.app, w.db, &err);
    CHECK(started, "worker: %s", err.msg);
    for (int i = 0; started && i < LOOKS && next_due(&w); i++)
        sleep_ms(LOOK_MS);
    CHECK(next_due(&w) == 0, "every message is sent");
    if (started) {
        worker_stop(worker);
        worker_free(worker);
    }
    world_close(&w);
}
