/* SPDX-License-Identifier: Apache-2.0 */
#include "help.h"

#include <inttypes.h>
#include <string.h>

#include "base/file.h"
#include "base/thread.h"

static bool run_case(StoreTx *tx, Command *c, Err *err)
{
    (void)c;
    return add_case_with_events(tx, tx_id(tx), 3, err);
}

static bool add_one_case(Committer *c)
{
    Arena a = {0};
    Err err = {0};
    Command command = {.run = run_case, .arena = &a};
    bool ok = committer_run(c, &command, &err);
    arena_free(&a);
    return ok;
}

typedef struct {
    Committer *committer;
    _Atomic bool stop;
    int written, failed;
} Writer;

static void write_on(void *arg)
{
    Writer *w = arg;
    while (!w->stop) {
        bool ok = add_one_case(w->committer);
        w->written += ok;
        w->failed += !ok;
    }
}

static bool backup(Bed *b, Str to, StoreBackup *report, Err *err)
{
    StoreConn c;
    if (!bed_open(b, &c, true))
        return false;
    bool ok = c.api->backup(&c, to, report, err);
    store_close(&c);
    return ok;
}

static int64_t count_in(Bed *b, Str path, const char *sql)
{
    Bed other = *b;
    other.path = path;
    int64_t n = bed_count(&other, sql);
    b->arena = other.arena;
    return n;
}

TEST(backup_while_others_write)
{
    Bed b;
    Err err = {0};
    Thread thread;
    bed_make(&b, "backup");
    Committer *c = bed_start(&b, NULL);
    for (int i = 0; i < 300; i++)
        CHECK(add_one_case(c), "case %d", i);
    Writer w = {.committer = c};
    thread_start(&thread, "writer", write_on, &w);
    Str to[3];
    for (int i = 0; i < 3; i++) {
        StoreBackup report = {0};
        to[i] = path_of(&b, i == 0 ? "one.db" : i == 1 ? "two.db" : "three.db");
        CHECK(backup(&b, to[i], &report, &err), "%s", err.msg);
        CHECK(report.tables > 10 && report.rows > 300 * 4 && report.bytes > 100000,
              "%d tables, %d rows", (int)report.tables, (int)report.rows);
        sleep_ms(5);
    }
    w.stop = true;
    thread_join(&thread);
    committer_stop(c);
    CHECK(w.failed == 0 && w.written > 0, "%d written beside it, %d failed", w.written, w.failed);
    int64_t before = 300;
    for (int i = 0; i < 3; i++) {
        StoreConn copy;
        StoreVerdict v = {0};
        int64_t cases = count_in(&b, to[i], "select count(*) from cases");
        CHECK(cases >= before && count_in(&b, to[i], "select count(*) from events") == 3 * cases,
              "copy %d is of one moment: %d cases", i, (int)cases);
        before = cases;
        bool ok = store_open(&copy, to[i], true, &err);
        CHECK(ok && store_verify(&copy, &b.arena, &v, &err) && !v.bad_case, "copy %d: %s", i,
              err.msg);
        if (ok)
            store_close(&copy);
    }
    bed_free(&b);
}

static bool always(void *app)
{
    (void)app;
    return true;
}

TEST(backup_refuses_and_stops_cleanly)
{
    Bed b;
    Err err = {0};
    StoreBackup report = {0};
    Arena a = {0};
    bed_make(&b, "refuse");
    Committer *c = bed_start(&b, NULL);
    for (int i = 0; i < 1500; i++)
        CHECK(add_one_case(c), "case %d", i);
    committer_stop(c);
    Str to = path_of(&b, "copy.db"), part = path_of(&b, "copy.db.part"), content;
    CHECK(file_write(to, STR("mine"), &err), "%s", err.msg);
    CHECK(!backup(&b, to, &report, &err) && err.code == ERR_CONFLICT, "%s", err.msg);
    CHECK(file_read(&a, to, 100, &content, &err) && str_eq(content, STR("mine")), "untouched");
    CHECK(!backup(&b, path_of(&b, "no/such/folder.db"), &report, &err), "no folder");
    file_remove(to);
    report.stop = always;
    CHECK(!backup(&b, to, &report, &err) && strstr(err.msg, "stopped"), "%s", err.msg);
    CHECK(!file_exists(to) && !file_exists(part), "nothing is left");
    report.stop = NULL;
    CHECK(backup(&b, to, &report, &err) && file_exists(to) && !file_exists(part), "%s", err.msg);
    arena_free(&a);
    bed_free(&b);
}
