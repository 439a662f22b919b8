/* SPDX-License-Identifier: Apache-2.0 */
#include "help.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CASES = 3, EVENTS = 5 };

/* Cases 1 to 3 with five events each. */
static bool fill(Bed *b)
{
    StoreConn c;
    Err err = {0};
    if (!bed_migrate(b) || !bed_open(b, &c, false))
        return false;
    StoreTx tx = bed_tx(b, &c);
    bool ok = c.api->begin(&c, &err);
    for (int64_t id = 1; ok && id <= CASES; id++)
        ok = add_case_with_events(&tx, id, EVENTS, &err);
    ok = ok && c.api->commit(&c, &err);
    CHECK(ok, "%s", err.msg);
    store_close(&c);
    return ok;
}

static bool verify(Bed *b, StoreVerdict *v)
{
    StoreConn c;
    Err err = {0};
    if (!bed_open(b, &c, true))
        return false;
    bool ok = store_verify(&c, &b->arena, v, &err);
    CHECK(ok, "%s", err.msg);
    store_close(&c);
    return ok;
}

/* The exit code of the verifier that shares no code with ours; 1: it found the same fault. */
static int independent(Bed *b, const char *expect)
{
    Str out = path_of(b, "verdict.txt");
    const char *words[] = {"python3", "-IS", "tools/verify-chain.py", str_cstr(&b->arena, b->path),
                           NULL};
    int status = run_program(words, out);
    if (*expect)
        CHECK(file_holds(b, out, expect), "tools/verify-chain.py does not say '%s'", expect);
    return status;
}

static const struct {
    const char *name, *tamper;
    int64_t bad_case, bad_seq;
} rows[] = {
    {"untouched", "select 1", 0, 0},
    {"changed data", "update events set data = '{\"a\":1}' where case_id = 2 and seq = 3", 2, 3},
    {"changed space in data", "update events set data = data || ' ' where case_id = 2 and seq = 5",
     2, 5},
    {"changed kind", "update events set kind = 'stop' where case_id = 1 and seq = 1", 1, 1},
    {"changed actor", "update events set actor = 'party:2' where case_id = 1 and seq = 2", 1, 2},
    {"changed time", "update events set at = at + 1 where case_id = 3 and seq = 4", 3, 4},
    {"moved line break",
     "update events set kind = 'step' || char(10) || 'party:1', actor = ''"
     " where case_id = 3 and seq = 4",
     3, 4},
    {"changed prev", "update events set prev = hash where case_id = 3 and seq = 4", 3, 4},
    {"changed hash", "update events set hash = prev where case_id = 3 and seq = 4", 3, 4},
    {"deleted first", "delete from events where case_id = 2 and seq = 1", 2, 1},
    {"deleted in the middle", "delete from events where case_id = 2 and seq = 3", 2, 3},
    {"deleted and closed up",
     "delete from events where case_id = 2 and seq = 3;"
     "update events set seq = 3 where case_id = 2 and seq = 4;"
     "update events set seq = 4 where case_id = 2 and seq = 5",
     2, 3},
    {"truncated tail", "delete from events where case_id = 2 and seq > 3", 2, 4},
    {"truncated tail, count mended",
     "delete from events where case_id = 2 and seq > 3;"
     "update cases set last_seq = 3 where id = 2",
     2, 3},
    {"all events gone", "delete from events where case_id = 1", 1, 1},
    {"swapped",
     "update events set seq = 99 where case_id = 2 and seq = 2;"
     "update events set seq = 2 where case_id = 2 and seq = 3;"
     "update events set seq = 3 where case_id = 2 and seq = 99",
     2, 2},
    {"swapped between cases",
     "update events set case_id = 99 where case_id = 1 and seq = 3;"
     "update events set case_id = 1 where case_id = 2 and seq = 3;"
     "update events set case_id = 2 where case_id = 99",
     1, 3},
    {"inserted in the middle",
     "update events set seq = seq + 100 where case_id = 2 and seq > 2;"
     "insert into events select place, case_id, 3, at, kind, actor, data,"
     " prev, hash from events where case_id = 2 and seq = 2;"
     "update events set seq = seq - 99 where case_id = 2 and seq > 100",
     2, 3},
    {"inserted at the end",
     "insert into events select place, case_id, 6, at, kind, actor, data,"
     " hash, hash from events where case_id = 2 and seq = 5",
     2, 6},
    {"inserted before the first",
     "insert into events select place, case_id, 0, at, kind, actor,"
     " data, prev, hash from events where case_id = 2 and seq = 1",
     2, 1},
    {"case's end changed", "update cases set last_hash = '' where id = 3", 3, 5},
    {"case deleted", "delete from cases where id = 2", 2, 1},
};

TEST(verify_names_the_first_fault)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        Bed b;
        StoreVerdict v = {0};
        bed_make(&b, "tamper");
        if (fill(&b) && bed_script(&b, rows[i].tamper) && verify(&b, &v)) {
            CHECK(v.bad_case == rows[i].bad_case && v.bad_seq == rows[i].bad_seq,
                  "%s: case %" PRId64 " event %" PRId64 ": " STR_FMT, rows[i].name, v.bad_case,
                  v.bad_seq, STR_ARG(v.why));
            CHECK(str_empty(v.why) == (rows[i].bad_case == 0), "%s", rows[i].name);
            Str expect =
                str_fmt(&b.arena, "330702/%" PRId64 " event %" PRId64 ":", v.bad_case, v.bad_seq);
            int status = independent(&b, v.bad_case ? str_cstr(&b.arena, expect) : "whole");
            CHECK(status == (v.bad_case ? 1 : 0), "%s: verifier says %d", rows[i].name, status);
        }
        bed_free(&b);
    }
}

TEST(verify_walks_all_and_can_go_on)
{
    enum { MANY = 450 };
    Bed b;
    StoreConn c;
    Err err = {0};
    bed_make(&b, "walk");
    bed_migrate(&b);
    if (bed_open(&b, &c, false)) {
        StoreTx tx = bed_tx(&b, &c);
        bool ok = c.api->begin(&c, &err);
        for (int64_t id = 1; ok && id <= MANY; id++)
            ok = add_case_with_events(&tx, id, id == 7 ? 1300 : 2, &err);
        CHECK(ok && c.api->commit(&c, &err), "%s", err.msg);
        StoreVerdict v = {.why = STR("")};
        StoreWalk walk = {.place = STR("")};
        int steps = 0;
        for (; !walk.done && steps < 100; steps++)
            CHECK(store_verify_some(&c, &b.arena, &walk, &v, &err), "%s", err.msg);
        CHECK(steps == 3 && v.cases == MANY && v.events == 1300 + 2 * (MANY - 1) && !v.bad_case,
              "%d steps, %d cases, %d events: " STR_FMT, steps, (int)v.cases, (int)v.events,
              STR_ARG(v.why));
        int64_t n = 0;
        CHECK(store_count_cases(&c, &n, &err) && n == MANY, "count");
        store_close(&c);
    }
    bed_free(&b);
}

TEST(chain_is_written_as_documented)
{
    Bed b;
    StoreConn c;
    bed_make(&b, "format");
    bed_migrate(&b);
    if (bed_open(&b, &c, false)) {
        Err err = {0};
        StoreChain ch;
        StoreTx tx = bed_tx(&b, &c);
        Value *data = value_map(&b.arena);
        set_int(&b.arena, data, "b", 2);
        set_int(&b.arena, data, "a", 1);
        store_chain_new(&ch, 42);
        CHECK(add_case(&tx, &ch, &err), "%s", err.msg);
        CHECK(store_event_add(&tx, 42, STR("submitted"), STR("party:12"), data, &err), "%s",
              err.msg);
        Str first = STR("onedoor-event-1\n"
                        "0000000000000000000000000000000000000000000000000000000000000000\n"
                        "330702\n42\n1\n1763800000000\nsubmitted\nparty:12\n{\"a\":1,\"b\":2}");
        Hash h = hash_of(first);
        CHECK(store_chain_load(&tx, 42, &ch, &err) && ch.seq == 1 &&
                  str_eq(store_chain_hash(&ch), hash_hex(&b.arena, &h)),
              "the preimage of docs/audit-chain.md");
        static const Str bad[] = {STR_INIT(""), STR_INIT("a\nb"), STR_INIT("a\x7f")};
        for (size_t i = 0; i < COUNT(bad); i++) {
            CHECK(!store_chain_add(&tx, &ch, bad[i], STR("system"), NULL, &err) &&
                      err.code == ERR_INPUT,
                  "kind %d", (int)i);
            CHECK(!store_chain_add(&tx, &ch, STR("x"), bad[i], NULL, &err) && err.code == ERR_INPUT,
                  "actor %d", (int)i);
        }
        StoreChain late = ch;
        CHECK(store_chain_add(&tx, &ch, STR("a"), STR("system"), NULL, &err) &&
                  store_chain_add(&tx, &ch, STR("b"), STR("system"), NULL, &err) &&
                  store_chain_save(&tx, &ch, &err),
              "several: %s", err.msg);
        CHECK(!store_chain_add(&tx, &late, STR("c"), STR("system"), NULL, &err) &&
                  err.code == ERR_CONFLICT,
              "a stale chain cannot go on: %s", err.msg);
        late.seq = 7;
        CHECK(!store_chain_save(&tx, &late, &err) && err.code == ERR_CONFLICT, "nor be saved");
        CHECK(!store_event_add(&tx, 43, STR("x"), STR("system"), NULL, &err) &&
                  err.code == ERR_NOT_FOUND,
              "no such case: %s", err.msg);
        store_close(&c);
    }
    CHECK(bed_count(&b, "select last_seq from cases where id = 42") == 3, "saved");
    bed_free(&b);
}
