/* SPDX-License-Identifier: Apache-2.0 */
#include "help.h"

#include <stdatomic.h>
#include <string.h>

#include "base/thread.h"

/* A command that writes settings and then does as it is told. */
typedef struct {
    Command command;
    Arena arena;
    Str name, value;
    bool fails; /* after it wrote */
    int runs;
    _Atomic int *done_count;
} Write;

static bool run_write(StoreTx *tx, Command *c, Err *err)
{
    Write *w = (Write *)c;
    w->runs++;
    if (!tx_set_setting(tx, w->name, w->value, err))
        return false;
    if (w->fails)
        return FAIL(err, ERR_DENIED, "write '" STR_FMT "': may not", STR_ARG(w->name));
    c->answer = str_join(tx->arena, STR("answer:"), w->value);
    return true;
}

static void count_done(Command *c)
{
    Write *w = (Write *)c;
    if (w->done_count)
        (*w->done_count)++;
}

static void make_write(Write *w, Str name, Str value)
{
    *w = (Write){.command = {.run = run_write, .done = count_done}, .name = name, .value = value};
    w->command.arena = &w->arena;
}

/* A command that holds the committer until it is let go. */
typedef struct {
    Command command;
    Arena arena;
    _Atomic bool running, go;
} Hold;

static bool run_hold(StoreTx *tx, Command *c, Err *err)
{
    Hold *h = (Hold *)c;
    (void)tx, (void)err;
    h->running = true;
    while (!h->go)
        sleep_ms(1);
    return true;
}

static bool hold(Hold *h, Committer *c)
{
    *h = (Hold){.command = {.run = run_hold}};
    h->command.arena = &h->arena;
    if (!committer_submit(c, &h->command))
        return false;
    while (!h->running)
        sleep_ms(1);
    return true;
}

TEST(a_batch_is_one_commit_and_a_failure_spoils_itself)
{
    enum { N = 40 };
    Bed b;
    Hold h;
    Write writes[N];
    _Atomic int done = 0;
    int64_t commands, batches;
    bed_make(&b, "batch");
    Committer *c = bed_start(&b, NULL);
    CHECK(hold(&h, c), "held");
    for (int i = 0; i < N; i++) {
        make_write(&writes[i], str_fmt(&b.arena, "n%d", i), STR("1"));
        writes[i].fails = i % 4 == 1;
        writes[i].done_count = &done;
        CHECK(committer_submit(c, &writes[i].command), "submit %d", i);
    }
    CHECK(done == 0, "no answer before the commit");
    h.go = true;
    committer_stop(c);
    CHECK(done == N, "%d answers", done);
    for (int i = 0; i < N; i++) {
        const Command *w = &writes[i].command;
        CHECK(w->ok == (i % 4 != 1), "command %d: %s", i, w->err.msg);
        CHECK(w->ok || w->err.code == ERR_DENIED, "its own error %d", i);
        arena_free(&writes[i].arena);
    }
    CHECK(bed_count(&b, "select count(*) from settings where name <> 'item_versions'") == N - N / 4,
          "only those that went well");
    c = bed_start(&b, NULL);
    committer_counts(c, &commands, &batches);
    CHECK(commands == 0 && batches == 0, "counts start anew");
    committer_stop(c);
    bed_free(&b);
}

TEST(a_repeat_gets_the_stored_answer)
{
    Bed b;
    bed_make(&b, "repeat");
    static const struct {
        const char *key, *body, *value;
        bool fails, restart;
        bool ok, replayed, reused;
        int runs;
        const char *answer;
    } rows[] = {
        {"k1", "b1", "1", false, false, true, false, false, 1, "answer:1"},
        {"k1", "b1", "2", false, false, true, true, false, 0, "answer:1"},
        {"k1", "b2", "3", false, false, false, false, true, 0, ""},
        {"k2", "b1", "4", true, false, false, false, false, 1, ""},
        {"k2", "b1", "5", false, false, true, false, false, 1, "answer:5"},
        {"k1", "b1", "6", false, true, true, true, false, 0, "answer:1"},
        {"", "b1", "7", false, false, true, false, false, 1, "answer:7"},
        {"", "b1", "8", false, false, true, false, false, 1, "answer:8"},
    };
    Committer *c = bed_start(&b, NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        Write w;
        Err err = {0};
        if (rows[i].restart) {
            committer_stop(c);
            c = bed_start(&b, NULL);
        }
        make_write(&w, STR("v"), str_z(rows[i].value));
        w.fails = rows[i].fails;
        w.command.key = str_z(rows[i].key);
        w.command.body = hash_of(str_z(rows[i].body));
        bool ok = committer_run(c, &w.command, &err);
        CHECK(ok == rows[i].ok && w.runs == rows[i].runs, "row %d: %s", (int)i, err.msg);
        CHECK(w.command.replayed == rows[i].replayed && w.command.key_reused == rows[i].reused,
              "row %d", (int)i);
        CHECK(!ok || str_eq(w.command.answer, str_z(rows[i].answer)), "row %d: " STR_FMT, (int)i,
              STR_ARG(w.command.answer));
        CHECK(!rows[i].reused || err.code == ERR_INPUT, "row %d", (int)i);
        arena_free(&w.arena);
    }
    committer_stop(c);
    bed_free(&b);
}

TEST(a_repeat_in_the_same_batch)
{
    Bed b;
    Hold h;
    Write two[2];
    bed_make(&b, "samebatch");
    Committer *c = bed_start(&b, NULL);
    CHECK(hold(&h, c), "held");
    for (int i = 0; i < 2; i++) {
        make_write(&two[i], STR("v"), str_fmt(&b.arena, "%d", i));
        two[i].command.key = STR("same");
        two[i].command.body = hash_of(STR("body"));
        CHECK(committer_submit(c, &two[i].command), "submit");
    }
    h.go = true;
    committer_stop(c);
    CHECK(two[0].runs == 1 && two[1].runs == 0 && two[1].command.replayed &&
              str_eq(two[1].command.answer, STR("answer:0")),
          "ran once");
    arena_free(&two[0].arena);
    arena_free(&two[1].arena);
    bed_free(&b);
}

TEST(old_answers_are_dropped)
{
    Bed b;
    Err err = {0};
    bed_make(&b, "purge");
    Committer *c = bed_start(&b, NULL);
    static const int64_t shifts[] = {0, 20 * MS_DAY, 11 * MS_DAY};
    static const int64_t left[] = {1, 2, 2}; /* the first is 31 days old at the end */
    for (size_t i = 0; i < COUNT(shifts); i++) {
        Write w;
        clock_shift(&b.clock, shifts[i]);
        make_write(&w, STR("v"), STR("1"));
        w.command.key = str_fmt(&b.arena, "key%d", (int)i);
        CHECK(committer_run(c, &w.command, &err), "%s", err.msg);
        arena_free(&w.arena);
        committer_stop(c); /* the purge runs after the answers */
        CHECK(bed_count(&b, "select count(*) from answers") == left[i], "round %d", (int)i);
        c = bed_start(&b, NULL);
    }
    committer_stop(c);
    bed_free(&b);
}

TEST(a_full_queue_says_so)
{
    Bed b;
    Hold h;
    Err err = {0};
    _Atomic int done = 0;
    bed_make(&b, "full");
    Committer *c = bed_start(&b, NULL);
    CHECK(hold(&h, c), "held");
    Write *writes = NEW_N(&b.arena, Write, COMMITTER_QUEUE + 1);
    int taken = 0;
    for (int i = 0; i < COMMITTER_QUEUE; i++) {
        make_write(&writes[i], STR("v"), STR("1"));
        writes[i].done_count = &done;
        taken += committer_submit(c, &writes[i].command);
    }
    Write *last = &writes[COMMITTER_QUEUE];
    make_write(last, STR("v"), STR("1"));
    last->done_count = &done;
    CHECK(taken == COMMITTER_QUEUE, "%d taken", taken);
    CHECK(!committer_submit(c, &last->command), "one too many");
    CHECK(!committer_run(c, &last->command, &err) && err.code == ERR_UNAVAILABLE, "%s", err.msg);
    h.go = true;
    committer_stop(c);
    CHECK(done == COMMITTER_QUEUE, "%d answers", done);
    for (int i = 0; i < COMMITTER_QUEUE; i++)
        arena_free(&writes[i].arena);
    bed_free(&b);
}

static void add_one(void *app)
{
    ++*(_Atomic int *)app;
}

typedef struct {
    Committer *committer;
    int failed;
} Submitter;

static void submit_many(void *arg)
{
    Submitter *s = arg;
    for (int i = 0; i < 200; i++) {
        Write w;
        Err err = {0};
        make_write(&w, STR("shared"), STR("1"));
        s->failed += !committer_run(s->committer, &w.command, &err);
        arena_free(&w.arena);
    }
}

TEST(many_threads_wait_for_their_commits)
{
    Bed b;
    Err err = {0};
    Thread threads[4];
    Submitter s[4];
    _Atomic int woken = 0;
    int64_t commands, batches;
    Committer *c;
    bed_make(&b, "threads");
    CommitterConfig config = {.url = b.path,
                              .place = STR("330702"),
                              .clock = &b.clock,
                              .ids = &b.ids,
                              .app = &woken,
                              .after_batch = add_one};
    CHECK(committer_start(&c, &config, &err), "%s", err.msg);
    for (int i = 0; i < 4; i++) {
        s[i] = (Submitter){.committer = c};
        thread_start(&threads[i], "submitter", submit_many, &s[i]);
    }
    for (int i = 0; i < 4; i++) {
        thread_join(&threads[i]);
        CHECK(s[i].failed == 0, "%d failed", s[i].failed);
    }
    committer_counts(c, &commands, &batches);
    committer_stop(c);
    CHECK(commands >= 796 && commands <= 800, "%d commands", (int)commands);
    CHECK(woken >= batches && woken > 0, "%d wakes for %d batches", woken, (int)batches);
    bed_free(&b);
}

/* ---- what the vocabulary of commands does ---- */

static bool outbox_life(StoreTx *tx, Err *err)
{
    StoreOutbox *rows;
    size_t n;
    Value *payload = value_map(tx->arena);
    set_str(tx->arena, payload, "to", STR("x"));
    bool ok = true;
    for (int i = 0; ok && i < 5; i++)
        ok = store_outbox_add(tx, 10 + i, 1, STR("sms"), payload, err);
    ok = ok && store_outbox_claim(tx, 3, &rows, &n, err);
    CHECK(ok && n == 3 && rows[0].case_id == 10 && rows[2].case_id == 12, "the oldest three");
    if (!ok || n != 3)
        return false;
    Str key = str_fmt(tx->arena, "330702-%lld", (long long)rows[0].id);
    CHECK(str_eq(rows[0].key, key) && rows[0].attempts == 1, "key " STR_FMT, STR_ARG(rows[0].key));
    CHECK(str_eq(rows[0].payload, STR("{\"to\":\"x\"}")), STR_FMT, STR_ARG(rows[0].payload));
    CHECK(store_outbox_sent(tx, rows[0].id, err), "sent");
    CHECK(!store_outbox_sent(tx, rows[0].id, NULL), "not twice");
    CHECK(store_outbox_retry(tx, &rows[1], STR("busy"), err), "retry");
    CHECK(store_outbox_failed(tx, rows[2].id, STR("no such number"), err), "failed");
    CHECK(store_outbox_claim(tx, 9, &rows, &n, err) && n == 2, "two were left: %d", (int)n);
    CHECK(store_outbox_claim(tx, 9, &rows, &n, err) && n == 0, "all are leased");
    TimeMs due = 0;
    CHECK(store_outbox_next(tx->conn, tx->place, &due, err) && due == T0 + 10 * MS_SECOND, "due");
    tx->now += 10 * MS_SECOND;
    CHECK(store_outbox_claim(tx, 9, &rows, &n, err) && n == 1 && rows[0].attempts == 2, "again");
    tx->now += OUTBOX_LEASE;
    CHECK(store_outbox_claim(tx, 9, &rows, &n, err) && n == 3, "leases are over: %d", (int)n);
    rows[0].attempts = OUTBOX_ATTEMPTS;
    CHECK(store_outbox_retry(tx, &rows[0], STR("still busy"), err), "given up");
    CHECK(!store_outbox_claim(tx, 0, &rows, &n, err) &&
              !store_outbox_claim(tx, OUTBOX_CLAIM_MAX + 1, &rows, &n, err),
          "limits");
    *err = (Err){0};
    return true;
}

/* What a dead process had claimed is free; what waits for its next try, or was tried too often, is
 * not. */
static bool outbox_after_death(StoreTx *tx, Err *err)
{
    StoreOutbox *rows, *again;
    size_t n, m;
    int64_t freed = -1;
    bool ok = store_outbox_free(tx, &freed, err);
    CHECK(ok && freed == 0, "nothing there: %d", (int)freed);
    for (int i = 0; ok && i < 4; i++)
        ok = store_outbox_add(tx, 10 + i, 1, STR("sms"), NULL, err);
    ok = ok && store_outbox_claim(tx, 3, &rows, &n, err) &&
         store_outbox_retry(tx, &rows[0], STR(""), err) && store_outbox_sent(tx, rows[1].id, err);
    CHECK(ok && n == 3, "one is put off, one sent, one claimed, one new");
    CHECK(store_outbox_free(tx, &freed, err) && freed == 1, "the claimed one: %d", (int)freed);
    CHECK(store_outbox_claim(tx, 9, &again, &m, err) && m == 2 && again[0].id == rows[2].id &&
              again[0].attempts == 2 && str_eq(again[0].key, rows[2].key),
          "it comes again with its key, beside the new one");
    tx->now += 10 * MS_SECOND;
    CHECK(store_outbox_claim(tx, 9, &again, &m, err) && m == 1 && again[0].id == rows[0].id,
          "put off");
    CHECK(store_outbox_free(tx, &freed, err) && freed == 3, "a second time: %d", (int)freed);
    for (int i = 2; i < OUTBOX_ATTEMPTS; i++)
        CHECK(store_outbox_claim(tx, 9, &again, &m, err) && m == 3 &&
                  store_outbox_free(tx, &freed, err),
              "death %d", i);
    CHECK(store_outbox_claim(tx, 9, &again, &m, err) && m == 3, "once more");
    CHECK(store_outbox_free(tx, &freed, err) && freed == 1, "the least tried: %d", (int)freed);
    return ok;
}

TEST(outbox_is_taken_over)
{
    Bed b;
    StoreConn c;
    bed_make(&b, "takeover");
    bed_migrate(&b);
    if (bed_open(&b, &c, false)) {
        Err err = {0};
        StoreTx tx = bed_tx(&b, &c);
        CHECK(outbox_after_death(&tx, &err), "%s", err.msg);
        store_close(&c);
    }
    bed_free(&b);
}

TEST(outbox_rows_live_and_end)
{
    Bed b;
    StoreConn c;
    bed_make(&b, "outbox");
    bed_migrate(&b);
    if (bed_open(&b, &c, false)) {
        Err err = {0};
        StoreTx tx = bed_tx(&b, &c);
        CHECK(outbox_life(&tx, &err), "%s", err.msg);
        store_close(&c);
    }
    CHECK(bed_count(&b, "select count(*) from outbox where state = 'failed'") == 2, "failed");
    CHECK(bed_count(&b, "select count(*) from outbox where state = 'sent'") == 1, "sent");
    CHECK(store_outbox_backoff(1) == 10 * MS_SECOND && store_outbox_backoff(2) == 20 * MS_SECOND &&
              store_outbox_backoff(60) == 6 * MS_HOUR,
          "back-off");
    bed_free(&b);
}
