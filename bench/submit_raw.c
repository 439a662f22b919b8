/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The limit that submissions are measured against: the rows of one submission (case with 2 KB of
 * data, task, two events, outbox row, stored answer) inserted straight through SQLite's API in the
 * program's own schema and settings, many submissions a transaction; and the same rows through the
 * committer, which adds the hash chain, savepoints and hand-over between threads.
 *
 *     make build/release/bench-submit_raw
 *     build/release/bench-submit_raw [--db FILE] [--count N] [--preload N] [raw|committer]
 *
 * Prints one JSON line a measurement: {"name":"raw","batch":64,"count":20000,"per_s":...}. The
 * database is made anew and removed. Exit codes: 0 done, 1 failed, 2 usage.
 */
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/log.h"
#include "base/thread.h"
#include "store/committer.h"

enum { DATA_SIZE = 2048, BATCH_MAX = 512 };

static const char PLACE[] = "330702";
static const char HASH[] = "c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00";

static const char *const INSERTS[] = {
    "insert into cases values ($1, $2, $3, 12, '张三', 'item-1', '1', '食品经营许可', 'scjg', "
    "'received',"
    " 'web', 'zh', $4, $4, $4, 0, 'check', $5, '{}', '{}', '{}', '', 1, 2, $6)",
    "insert into tasks values ($1, $2 + 1, $2, $3, 'accept', 'accept', 'window', 'scjg', '受理',"
    " '张三', 'open', 0, 0, $4, $4, 0, 1)",
    "insert into events values ($1, $2, 1, $4, 'submitted', 'party:12', '{\"channel\":\"web\"}', "
    "$6,"
    " $6)",
    "insert into events values ($1, $2, 2, $4, 'received', 'system', '{\"task\":\"accept\"}', $6,"
    " $6)",
    "insert into outbox values ($1, $2 + 2, $2, 12, 'sms', $7, '{\"text\":\"received\"}', 'open', "
    "0,"
    " $4, 0, '', $4)",
    "insert into answers values ($1, $7, $6, '{\"no\":\"330702-2026-000001\"}', $4)",
};

typedef struct {
    const char *path;
    int64_t count, preload;
    Str data;
    Arena arena;
    Clock clock;
    IdMaker ids;
} Bench;

/* ---- straight through SQLite ---- */

typedef struct {
    sqlite3 *db;
    sqlite3_stmt *begin, *commit, *inserts[COUNT(INSERTS)];
} Raw;

static void must(int rc, sqlite3 *db, const char *what)
{
    if (rc != SQLITE_OK && rc != SQLITE_DONE)
        fatal("%s: %s", what, sqlite3_errmsg(db));
}

static void raw_open(Raw *r, const char *path)
{
    must(sqlite3_open_v2(path, &r->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL), r->db,
         "open");
    must(sqlite3_exec(r->db,
                      "pragma journal_mode=wal; pragma synchronous=full;"
                      "pragma wal_autocheckpoint=4000; pragma cache_size=-32768",
                      NULL, NULL, NULL),
         r->db, "settings");
    must(sqlite3_prepare_v2(r->db, "begin immediate", -1, &r->begin, NULL), r->db, "begin");
    must(sqlite3_prepare_v2(r->db, "commit", -1, &r->commit, NULL), r->db, "commit");
    for (size_t i = 0; i < COUNT(INSERTS); i++)
        must(sqlite3_prepare_v2(r->db, INSERTS[i], -1, &r->inserts[i], NULL), r->db, INSERTS[i]);
}

static void raw_close(Raw *r)
{
    sqlite3_finalize(r->begin);
    sqlite3_finalize(r->commit);
    for (size_t i = 0; i < COUNT(INSERTS); i++)
        sqlite3_finalize(r->inserts[i]);
    sqlite3_close(r->db);
}

static void step(Raw *r, sqlite3_stmt *st)
{
    must(sqlite3_step(st), r->db, "step");
    sqlite3_reset(st);
}

static void bind_text(sqlite3_stmt *st, const char *name, const char *at, size_t n)
{
    int index = sqlite3_bind_parameter_index(st, name);
    if (index)
        sqlite3_bind_text(st, index, at, (int)n, SQLITE_STATIC);
}

static void raw_submit(Raw *r, const Bench *b, int64_t id)
{
    char no[32], key[48];
    uint64_t scrambled = (uint64_t)id * UINT64_C(0x9e3779b97f4a7c15); /* keys come in any order */
    int no_len = snprintf(no, sizeof no, "330702%012" PRId64, id);
    int key_len = snprintf(key, sizeof key, "party:12/%016" PRIx64, scrambled);
    for (size_t i = 0; i < COUNT(INSERTS); i++) {
        sqlite3_stmt *st = r->inserts[i];
        bind_text(st, "$1", PLACE, sizeof PLACE - 1);
        sqlite3_bind_int64(st, sqlite3_bind_parameter_index(st, "$2"), id);
        bind_text(st, "$3", no, (size_t)no_len);
        sqlite3_bind_int64(st, sqlite3_bind_parameter_index(st, "$4"), id);
        bind_text(st, "$5", b->data.at, b->data.len);
        bind_text(st, "$6", HASH, sizeof HASH - 1);
        bind_text(st, "$7", key, (size_t)key_len);
        step(r, st);
    }
}

static double raw_rate(Bench *b, int64_t first, int64_t count, int64_t batch)
{
    Raw r = {0};
    raw_open(&r, b->path);
    int64_t start = clock_monotonic_us();
    for (int64_t i = 0; i < count; i++) {
        if (i % batch == 0)
            step(&r, r.begin);
        raw_submit(&r, b, first + i * 4);
        if (i % batch == batch - 1 || i == count - 1)
            step(&r, r.commit);
    }
    double seconds = (double)(clock_monotonic_us() - start) / 1e6;
    raw_close(&r);
    return (double)count / seconds;
}

/* ---- the same rows through the committer ---- */

typedef struct {
    Command command;
    Arena arena;
    struct Flight *flight;
} Submission;

typedef struct Flight {
    Bench *bench;
    Committer *committer;
    _Atomic int64_t started, finished;
    int64_t count;
    Submission slots[BATCH_MAX];
} Flight;

static bool run_submission(StoreTx *tx, Command *c, Err *err)
{
    const Bench *b = ((Submission *)c)->flight->bench;
    StoreChain ch;
    int64_t id = tx_id(tx), number;
    StoreParam place = P_STR(tx->place), at = P_INT(tx->now), empty = P_STR(STR(""));
    StoreParam map = P_STR(STR("{}"));
    if (!tx_counter(tx, STR("case"), &number, err))
        return false;
    Str no = str_fmt(tx->arena, "330702%012" PRId64, number);
    Value *data = value_map(tx->arena);
    set_str(tx->arena, data, "channel", STR("web"));
    store_chain_new(&ch, id);
    c->answer = no;
    return store_chain_add(tx, &ch, STR("submitted"), STR("party:12"), data, err) &&
           store_chain_add(tx, &ch, STR("received"), STR("system"), data, err) &&
           tx_run(tx, SQL_CASE_ADD,
                  PARAMS(place, P_INT(id), P_STR(no), P_INT(12), P_STR(STR("张三")),
                         P_STR(STR("item-1")), P_STR(STR("1")), P_STR(STR("食品经营许可")),
                         P_STR(STR("scjg")), P_STR(STR("received")), P_STR(STR("web")),
                         P_STR(STR("zh")), at, at, at, P_STR(STR("check")), P_STR(b->data), map,
                         map, map, empty, P_INT(ch.seq), P_STR(store_chain_hash(&ch))),
                  NULL, err) &&
           tx_run(tx, SQL_TASK_ADD,
                  PARAMS(place, P_INT(tx_id(tx)), P_INT(id), P_STR(no), P_STR(STR("accept")),
                         P_STR(STR("accept")), P_STR(STR("window")), P_STR(STR("scjg")),
                         P_STR(STR("受理")), P_STR(STR("张三")), P_INT(0), at, at),
                  NULL, err) &&
           store_outbox_add(tx, id, 12, STR("sms"), data, err);
}

static void launch(Submission *s)
{
    Flight *f = s->flight;
    int64_t n = f->started++;
    if (n >= f->count)
        return;
    arena_reset(&s->arena);
    uint64_t scrambled = (uint64_t)n * UINT64_C(0x9e3779b97f4a7c15);
    s->command.key = str_fmt(&s->arena, "party:12/%016" PRIx64, scrambled);
    if (!committer_submit(f->committer, &s->command))
        fatal("queue full");
}

static void land(Command *c)
{
    Submission *s = (Submission *)c;
    if (!c->ok)
        fatal("submission: %s", c->err.msg);
    s->flight->finished++;
    launch(s);
}

static double committer_rate(Bench *b, int64_t count, int64_t in_flight)
{
    Flight *f = NEW(&b->arena, Flight);
    Err err = {0};
    CommitterConfig config = {
        .url = str_z(b->path), .place = STR("330702"), .clock = &b->clock, .ids = &b->ids};
    f->bench = b;
    f->count = count;
    if (!committer_start(&f->committer, &config, &err))
        fatal("committer: %s", err.msg);
    int64_t start = clock_monotonic_us();
    for (int64_t i = 0; i < in_flight; i++) {
        Submission *s = &f->slots[i];
        s->flight = f;
        s->command = (Command){.run = run_submission, .done = land, .arena = &s->arena};
        launch(s);
    }
    while (f->finished < count)
        sleep_ms(1);
    double seconds = (double)(clock_monotonic_us() - start) / 1e6;
    committer_stop(f->committer);
    for (int64_t i = 0; i < in_flight; i++)
        arena_free(&f->slots[i].arena);
    return (double)count / seconds;
}

/* ---- the run ---- */

static void remove_database(Bench *b)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
    for (size_t i = 0; i < COUNT(ends); i++)
        file_remove(str_fmt(&b->arena, "%s%s", b->path, ends[i]));
}

static void make_database(Bench *b)
{
    StoreConn c;
    Err err = {0};
    remove_database(b);
    if (!store_open(&c, str_z(b->path), false, &err) || !store_migrate(&c, 0, &err))
        fatal("%s", err.msg);
    store_close(&c);
    if (b->preload)
        raw_rate(b, 1, b->preload, BATCH_MAX);
}

static void measure(Bench *b, bool is_raw)
{
    static const int64_t batches[] = {1, 64, 512};
    for (size_t i = 0; i < COUNT(batches); i++) {
        int64_t count = batches[i] == 1 ? b->count / 4 + 1 : b->count;
        make_database(b);
        double rate = is_raw ? raw_rate(b, INT64_C(1) << 40, count, batches[i])
                             : committer_rate(b, count, batches[i]);
        printf("{\"name\":\"%s\",\"batch\":%" PRId64 ",\"count\":%" PRId64 ",\"preload\":%" PRId64
               ",\"per_s\":%.0f}\n",
               is_raw ? "raw" : "committer", batches[i], count, b->preload, rate);
        fflush(stdout);
    }
}

static Str sample_data(Arena *a)
{
    StrBuf b = buf_in(a);
    buf_char(&b, '{');
    for (int i = 0; b.len < DATA_SIZE - 80; i++)
        buf_fmt(&b, "%s\"element_%d\":\"经营场所 %d 号楼, street and number\"", i ? "," : "", i, i);
    buf_char(&b, '}');
    return buf_str(&b);
}

int main(int argc, char **argv)
{
    Bench b = {.path = "build/bench-submit.db", .count = 20000};
    const char *which = NULL;
    for (int i = 1; i < argc; i++) {
        bool has_value = i + 1 < argc;
        if (has_value && strcmp(argv[i], "--db") == 0)
            b.path = argv[++i];
        else if (has_value && strcmp(argv[i], "--count") == 0 &&
                 str_int(str_z(argv[i + 1]), &b.count))
            i++;
        else if (has_value && strcmp(argv[i], "--preload") == 0 &&
                 str_int(str_z(argv[i + 1]), &b.preload))
            i++;
        else if (strcmp(argv[i], "raw") == 0 || strcmp(argv[i], "committer") == 0)
            which = argv[i];
        else {
            fprintf(stderr, "usage: submit_raw [--db FILE] [--count N] [--preload N] "
                            "[raw|committer]\n");
            return 2;
        }
    }
    log_set_level(LOG_WARN);
    clock_init_real(&b.clock);
    b.data = sample_data(&b.arena);
    if (!which || strcmp(which, "raw") == 0)
        measure(&b, true);
    if (!which || strcmp(which, "committer") == 0)
        measure(&b, false);
    remove_database(&b);
    arena_free(&b.arena);
    return 0;
}
