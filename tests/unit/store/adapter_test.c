/* SPDX-License-Identifier: Apache-2.0 */
#include "help.h"

#include <stdio.h>
#include <string.h>

#include "base/thread.h"

/* $1 to $n without gaps, no `::`, and one statement only. */
static int parameters(const char *sql, bool *gaps)
{
    bool seen[STORE_PARAMS_MAX + 1] = {0};
    int greatest = 0;
    *gaps = false;
    for (const char *at = strchr(sql, '$'); at; at = strchr(at + 1, '$')) {
        int n = 0;
        for (const char *d = at + 1; *d >= '0' && *d <= '9' && n <= STORE_PARAMS_MAX; d++)
            n = n * 10 + (*d - '0');
        if (n < 1 || n > STORE_PARAMS_MAX) {
            *gaps = true;
            return 0;
        }
        seen[n] = true;
        greatest = n > greatest ? n : greatest;
    }
    for (int i = 1; i <= greatest; i++)
        *gaps |= !seen[i];
    return greatest;
}

TEST(sql_keeps_to_one_text_for_both_stores)
{
    bool gaps;
    CHECK(parameters("a $1 b $3", &gaps) == 3 && gaps, "the lint sees a gap");
    CHECK(parameters("a $2 b $1 $10 $9 $3$4$5$6$7$8", &gaps) == 10 && !gaps, "and no gap");
    for (int i = 0; i < SQL_COUNT; i++) {
        const char *sql = store_sql((SqlId)i), *name = store_sql_name((SqlId)i);
        parameters(sql, &gaps);
        CHECK(!gaps, "%s: parameters have gaps", name);
        CHECK(!strstr(sql, "::"), "%s: '::' is taken for a variable by SQLite", name);
        CHECK(!strchr(sql, ';') && !strchr(sql, '?'), "%s: one statement, $n parameters", name);
        CHECK(!strstr(sql, "group_concat") && !strstr(sql, "json_each") && !strstr(sql, "ilike"),
              "%s: only one store has it", name);
    }
}

/* A wrong number of parameters is told after the statement was prepared. */
TEST(sql_prepares_against_the_schema)
{
    Bed b;
    StoreConn c;
    bed_make(&b, "prepare");
    if (bed_migrate(&b) && bed_open(&b, &c, false)) {
        for (int i = 0; i < SQL_COUNT; i++) {
            Err err = {0};
            bool ok = store_run(&c, &b.arena, (SqlId)i, NULL, STORE_PARAMS_MAX + 1, NULL, &err);
            CHECK(!ok && strstr(err.msg, "takes"), "%s: %s", store_sql_name((SqlId)i), err.msg);
        }
        store_close(&c);
    }
    bed_free(&b);
}

/* What may read all of a place: once at the start, once an hour, or by an operator's wish. */
static bool may_read_all(SqlId id)
{
    static const SqlId all[] = {SQL_MIGRATIONS,     SQL_GREATEST_ID,    SQL_ANSWERS_PURGE,
                                SQL_EVENTS_LOST,    SQL_CHAINS_COUNT,   SQL_OPERATE_JOBS,
                                SQL_OPERATE_TIMERS, SQL_CLIENTS,        SQL_CASES_BY_VERSION,
                                SQL_STANDARDS_LIST, SQL_STANDARDS_COUNT}; /* few: one a service */
    for (size_t i = 0; i < COUNT(all); i++)
        if (all[i] == id)
            return true;
    return false;
}

/* Without figures of its tables SQLite often prefers the order of a key to the rows of one case. */
TEST(sql_reads_no_whole_table)
{
    Bed b;
    bed_make(&b, "plans");
    bool made = bed_migrate(&b);
    for (int i = 0; made && i < SQL_COUNT; i++) {
        Str rest = bed_plan(&b, store_sql((SqlId)i)), line;
        while (!may_read_all((SqlId)i) && str_split(&rest, '\n', &line)) {
            bool first = i == SQL_TIMERS_NEXT; /* min() of an index is its first row */
            bool whole =
                str_find(line, STR("(place=?)"), 0) != SIZE_MAX ||
                (str_starts(line, STR("SCAN ")) && str_find(line, STR("CONSTANT"), 0) == SIZE_MAX);
            CHECK(first || !whole, "%s: %s", store_sql_name((SqlId)i), str_cstr(&b.arena, line));
        }
    }
    bed_free(&b);
}

TEST(ids_resume_looks_at_every_table_with_ids)
{
    Bed b;
    StoreConn c;
    bed_make(&b, "ids");
    bed_migrate(&b);
    const char *sql = store_sql(SQL_GREATEST_ID);
    int64_t tables = bed_count(&b, "select count(*) from sqlite_master m, pragma_table_info(m.name)"
                                   " p where m.type = 'table' and p.name = 'id'");
    int64_t named = 0;
    for (const char *at = strstr(sql, "max(id)"); at; at = strstr(at + 1, "max(id)"))
        named++;
    CHECK(tables > 5 && named == tables, "%d tables with an id, %d in GREATEST_ID", (int)tables,
          (int)named);
    if (bed_open(&b, &c, false)) {
        Err err = {0};
        StoreTx tx = bed_tx(&b, &c);
        StoreRows rows;
        int64_t far = INT64_C(1) << 60;
        CHECK(add_case_with_events(&tx, far, 0, &err), "%s", err.msg);
        CHECK(store_run(&c, &b.arena, SQL_GREATEST_ID, PARAMS(P_STR(tx.place)), &rows, &err) &&
                  row_int(&rows, 0, 0) == far,
              "greatest");
        store_close(&c);
    }
    bed_free(&b);
}

TEST(open_refuses)
{
    static const struct {
        const char *url;
        bool for_reading;
        ErrCode want;
    } rows[] = {
        {"", false, ERR_INPUT},
        {":memory:", false, ERR_INPUT},
        {"file:x?mode=memory", false, ERR_INPUT},
        {"postgres://somewhere", false, ERR_INPUT},
        {"build/no-such-folder/x.db", false, ERR_UNAVAILABLE},
        {"build/tmp/no-such-database-1.db", true, ERR_UNAVAILABLE},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        StoreConn c;
        Err err = {0};
        bool ok = store_open(&c, str_z(rows[i].url), rows[i].for_reading, &err);
        CHECK(!ok && err.code == rows[i].want, "'%s': %s", rows[i].url, err.msg);
        if (ok)
            store_close(&c);
    }
}

TEST(migrate_twice_and_reopen)
{
    Bed b;
    StoreConn c;
    Err err = {0};
    Str value;
    bed_make(&b, "migrate");
    bed_migrate(&b);
    if (bed_open(&b, &c, false)) {
        CHECK(store_migrate(&c, T0, &err), "again: %s", err.msg);
        CHECK(store_migrate(&c, T0, &err), "and again: %s", err.msg);
        StoreTx tx = bed_tx(&b, &c);
        CHECK(tx_set_setting(&tx, STR("seed"), STR("a"), &err), "%s", err.msg);
        CHECK(tx_set_setting(&tx, STR("seed"), STR("b"), &err), "%s", err.msg);
        store_close(&c);
    }
    if (bed_open(&b, &c, true)) {
        CHECK(store_setting(&c, &b.arena, STR("seed"), &value, &err) && str_eq(value, STR("b")),
              "kept over a reopen: %s", err.msg);
        CHECK(store_setting(&c, &b.arena, STR("none"), &value, &err) && str_empty(value), "absent");
        store_close(&c);
    }
    size_t steps;
    (void)store_migrations(&steps);
    CHECK(bed_count(&b, "select count(*) from migrations") == (int64_t)steps, "each step once");
    bed_free(&b);
}

TEST(migrate_forward_only)
{
    size_t n;
    const StoreMigration *first = store_migrations(&n);
    StoreMigration list[] = {
        first[0],
        {2, "0002_fake", "create table fake (id bigint primary key); insert into fake values (7);"},
    };
    StoreMigration edited[] = {{1, first[0].name, "create table other (x bigint);"}};
    StoreMigration broken[] = {
        list[0],
        list[1],
        {3, "0003_broken", "create table half (x bigint); create table no such thing;"},
    };
    Bed b;
    StoreConn c;
    bed_make(&b, "forward");
    if (bed_open(&b, &c, false)) {
        Err err = {0};
        CHECK(store_migrate_list(&c, list, 2, T0, &err), "%s", err.msg);
        CHECK(bed_count(&b, "select id from fake") == 7, "the second step ran");
        CHECK(!store_migrate_list(&c, broken, 3, T0, &err) && err.code == ERR_INTERNAL, "broken");
        CHECK(bed_count(&b, "select count(*) from sqlite_master where name = 'half'") == 0,
              "a broken step leaves nothing");
        CHECK(bed_count(&b, "select max(version) from migrations") == 2, "nor its row");
        CHECK(!store_migrate_list(&c, edited, 1, T0, &err) && err.code == ERR_CONFLICT, "newer");
        edited[0] = (StoreMigration){1, "x", "select 1"};
        list[0] = edited[0];
        CHECK(!store_migrate_list(&c, list, 2, T0, &err) && strstr(err.msg, "another text"),
              "edited: %s", err.msg);
        store_close(&c);
    }
    bed_free(&b);
}

TEST(one_writer_only)
{
    Bed b;
    StoreConn first, second, reader;
    Err err = {0};
    bed_make(&b, "lock");
    bed_migrate(&b);
    if (bed_open(&b, &first, false)) {
        CHECK(!store_open(&second, b.path, false, &err) && err.code == ERR_CONFLICT, "%s", err.msg);
        if (bed_open(&b, &reader, true)) {
            StoreTx tx = bed_tx(&b, &reader);
            CHECK(!tx_set_setting(&tx, STR("a"), STR("b"), &err), "a reader cannot write");
            store_close(&reader);
        }
        store_close(&first);
    }
    if (bed_open(&b, &second, false))
        store_close(&second);
    bed_free(&b);
}

TEST(rows_carry_what_was_bound)
{
    Bed b;
    StoreConn c;
    bed_make(&b, "rows");
    bed_migrate(&b);
    if (bed_open(&b, &c, false)) {
        Err err = {0};
        StoreRows rows;
        StoreTx tx = bed_tx(&b, &c);
        static const char *const texts[] = {"",    "12",   "-9223372036854775808",
                                            "1e3", "张三", "a\"b'c;--$1"};
        static const int64_t numbers[] = {0, 12, INT64_MIN, 0, 0, 0};
        for (size_t i = 0; i < COUNT(texts); i++) {
            CHECK(tx_set_setting(&tx, STR("x"), str_z(texts[i]), &err), "%s", err.msg);
            CHECK(tx_one(&tx, SQL_SETTING_GET, PARAMS(P_STR(STR("x"))), &rows, "setting", &err) &&
                      str_eq(row_str(&rows, 0, 0), str_z(texts[i])) &&
                      row_int(&rows, 0, 0) == numbers[i] && !rows.cells[0].is_int,
                  "text '%s'", texts[i]);
        }
        CHECK(!tx_one(&tx, SQL_SETTING_GET, PARAMS(P_STR(STR("y"))), &rows, "setting", &err) &&
                  err.code == ERR_NOT_FOUND && strcmp(err.msg, "setting is not there") == 0,
              "%s", err.msg);
        CHECK(!tx_one(&tx, SQL_CHAIN_GET, PARAMS(P_STR(tx.place), P_INT(5)), &rows, "case", &err) &&
                  strcmp(err.msg, "case '5' is not there") == 0,
              "%s", err.msg);
        int64_t n = 0;
        for (int64_t want = 1; want <= 3; want++)
            CHECK(tx_counter(&tx, STR("case"), &n, &err) && n == want, "counter %d", (int)n);
        StoreParam migration[] = {P_INT(1), P_STR(STR("a")), P_STR(STR("b")), P_INT(0)};
        CHECK(!store_run(&c, NULL, SQL_MIGRATION_ADD, migration, 4, NULL, &err) &&
                  err.code == ERR_CONFLICT,
              "a broken unique key: %s", err.msg);
        migration[1] = P_NULL;
        CHECK(!store_run(&c, NULL, SQL_MIGRATION_ADD, migration, 4, NULL, &err) &&
                  err.code == ERR_INTERNAL,
              "null where none may be: %s", err.msg);
        store_close(&c);
    }
    bed_free(&b);
}

typedef struct {
    Bed *bed;
    _Atomic bool *stop;
    int reads, torn, failed;
} Reader;

/* The two settings are always written in one transaction: a reader never sees them differ. */
static void read_on(void *arg)
{
    Reader *r = arg;
    StoreConn c;
    Err err = {0};
    Arena a = {0};
    if (!store_open(&c, r->bed->path, true, &err)) {
        r->failed++;
        return;
    }
    while (!*r->stop) {
        Str left, right;
        arena_reset(&a);
        bool ok = c.api->begin(&c, &err) && store_setting(&c, &a, STR("left"), &left, &err) &&
                  store_setting(&c, &a, STR("right"), &right, &err);
        c.api->rollback(&c);
        r->reads++;
        r->failed += !ok;
        r->torn += ok && !str_eq(left, right);
    }
    store_close(&c);
    arena_free(&a);
}

static int write_pairs(Bed *b, StoreConn *c, int rounds)
{
    int failed = 0;
    for (int i = 0; i < rounds; i++) {
        Err err = {0};
        StoreTx tx = bed_tx(b, c);
        Str value = str_fmt(&b->arena, "%d", i);
        bool ok = c->api->begin(c, &err) && tx_set_setting(&tx, STR("left"), value, &err) &&
                  tx_set_setting(&tx, STR("right"), value, &err) && c->api->commit(c, &err);
        if (!ok)
            c->api->rollback(c);
        c->api->settle(c);
        failed += !ok;
    }
    return failed;
}

TEST(two_readers_beside_the_writer)
{
    Bed b;
    StoreConn c;
    Thread threads[2];
    _Atomic bool stop = false;
    bed_make(&b, "readers");
    bed_migrate(&b);
    Reader readers[2] = {{.bed = &b, .stop = &stop}, {.bed = &b, .stop = &stop}};
    if (bed_open(&b, &c, false)) {
        for (int i = 0; i < 2; i++)
            thread_start(&threads[i], "reader", read_on, &readers[i]);
        int failed = write_pairs(&b, &c, 600);
        sleep_ms(5);
        stop = true;
        for (int i = 0; i < 2; i++) {
            thread_join(&threads[i]);
            CHECK(readers[i].reads > 10 && readers[i].failed == 0 && readers[i].torn == 0,
                  "reader %d: %d reads, %d failed, %d torn", i, readers[i].reads, readers[i].failed,
                  readers[i].torn);
        }
        CHECK(failed == 0, "%d writes failed", failed);
        store_close(&c);
    }
    bed_free(&b);
}
