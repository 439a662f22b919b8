/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The limit that submissions are measured against: the rows of one submission (case with 2 KB of
 * data, task, two events, outbox row, stored answer) inserted straight through SQLite's API by the
 * program's own statements, schema and settings, many submissions a transaction; and the same rows
 * through the committer, which adds the hash chain, the look-up of the key, the case number and the
 * hand-over between threads.
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

static const Str HASH =
    STR_INIT("c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00");

/* The rows of a submission, in the order of the parameters of the program's statements. */
typedef struct {
    SqlId id;
    size_t n;
    StoreParam p[STORE_PARAMS_MAX];
} Row;

typedef struct {
    int64_t id, task, outbox, at;
    Str no, key, data, hash;
} Submitted;

static const SqlId TABLES[] = {SQL_CASE_ADD,  SQL_TASK_ADD,   SQL_EVENT_ADD,
                               SQL_EVENT_ADD, SQL_OUTBOX_ADD, SQL_ANSWER_ADD};

enum { CASE, TASK, EVENT_1, EVENT_2, OUTBOX, ANSWER };

#define T(literal) P_STR(STR(literal))
#define ROW(...)                                                                                   \
    do {                                                                                           \
        const StoreParam list[] = {__VA_ARGS__};                                                   \
        row->n = COUNT(list);                                                                      \
        memcpy(row->p, list, sizeof list);                                                         \
    } while (0)

static void fill_row(Row *row, int which, const Submitted *s)
{
    StoreParam place = T("330702"), id = P_INT(s->id), at = P_INT(s->at), no = P_STR(s->no);
    StoreParam hash = P_STR(s->hash), map = T("{}");
    row->id = TABLES[which];
    switch (which) {
    case CASE:
        ROW(place, id, no, P_INT(12), T("张三"), T("item-1"), T("1"), T("食品经营许可"), T("scjg"),
            T("received"), T("web"), T("zh"), at, at, at, T("check"), P_STR(s->data), map, map, map,
            T(""), P_INT(2), hash);
        break;
    case TASK:
        ROW(place, P_INT(s->task), id, no, P_INT(1), T("accept"), T("accept"), T("window"),
            T("scjg"), T("受理"), T("张三"), P_INT(0), at, at, P_INT(0));
        break;
    case EVENT_1:
        ROW(place, id, P_INT(1), at, T("submitted"), T("party:12"), T("{\"channel\":\"web\"}"),
            hash, hash);
        break;
    case EVENT_2:
        ROW(place, id, P_INT(2), at, T("received"), T("system"), T("{\"channel\":\"web\"}"), hash,
            hash);
        break;
    case OUTBOX:
        ROW(place, P_INT(s->outbox), id, P_INT(12), T("sms"), P_STR(s->key),
            T("{\"channel\":\"web\"}"), at);
        break;
    case ANSWER: ROW(place, P_STR(s->key), hash, no, at); break;
    }
}

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
    sqlite3_stmt *begin, *commit, *inserts[COUNT(TABLES)];
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
    for (size_t i = 0; i < COUNT(TABLES); i++)
        must(sqlite3_prepare_v2(r->db, store_sql(TABLES[i]), -1, &r->inserts[i], NULL), r->db,
             store_sql_name(TABLES[i]));
}

static void raw_close(Raw *r)
{
    sqlite3_finalize(r->begin);
    sqlite3_finalize(r->commit);
    for (size_t i = 0; i < COUNT(TABLES); i++)
        sqlite3_finalize(r->inserts[i]);
    sqlite3_close(r->db);
}

static void step(Raw *r, sqlite3_stmt *st)
{
    must(sqlite3_step(st), r->db, "step");
    sqlite3_reset(st);
}

/* The statements name their parameters in order, so that $n has the index n. */
static void raw_insert(Raw *r, int which, const Row *row)
{
    sqlite3_stmt *st = r->inserts[which];
    if ((size_t)sqlite3_bind_parameter_count(st) != row->n)
        fatal("statement '%s' has other parameters now: mend fill_row", store_sql_name(row->id));
    for (int i = 0; i < (int)row->n; i++) {
        const StoreParam *p = &row->p[i];
        if (p->kind == PARAM_INT)
            sqlite3_bind_int64(st, i + 1, p->n);
        else
            sqlite3_bind_text(st, i + 1, p->text.at, (int)p->text.len, SQLITE_STATIC);
    }
    step(r, st);
}

static void raw_submit(Raw *r, const Bench *b, int64_t id)
{
    char no[32], key[48];
    uint64_t scrambled = (uint64_t)id * UINT64_C(0x9e3779b97f4a7c15); /* keys come in any order */
    int no_len = snprintf(no, sizeof no, "330702%012" PRId64, id);
    int key_len = snprintf(key, sizeof key, "party:12/%016" PRIx64, scrambled);
    Submitted s = {.id = id,
                   .task = id + 1,
                   .outbox = id + 2,
                   .at = id,
                   .data = b->data,
                   .no = {no, (size_t)no_len},
                   .key = {key, (size_t)key_len},
                   .hash = HASH};
    Row row;
    for (int i = 0; i < (int)COUNT(TABLES); i++) {
        fill_row(&row, i, &s);
        raw_insert(r, i, &row);
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
    Row row;
    int64_t number;
    if (!tx_counter(tx, STR("case"), &number, err))
        return false;
    Submitted s = {.id = tx_id(tx), .task = tx_id(tx), .at = tx->now, .data = b->data};
    s.no = c->answer = str_fmt(tx->arena, "330702%012" PRId64, number);
    Value *data = value_map(tx->arena);
    set_str(tx->arena, data, "channel", STR("web"));
    store_chain_new(&ch, s.id);
    if (!store_chain_add(tx, &ch, STR("submitted"), STR("party:12"), data, err) ||
        !store_chain_add(tx, &ch, STR("received"), STR("system"), data, err))
        return false;
    s.hash = store_chain_hash(&ch);
    for (int i = CASE; i <= TASK; i++) {
        fill_row(&row, i, &s);
        if (!tx_run(tx, row.id, row.p, row.n, NULL, err))
            return false;
    }
    return store_outbox_add(tx, s.id, 12, STR("sms"), data, err);
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
