/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The physical limit of a database that the service filled: its rows are read into memory, then
 * inserted straight through SQLite's API into a new database with the same schema and settings, the
 * rows of BATCH cases a transaction. Nothing is checked, computed or answered.
 *
 *     raw_copy FROM.db TO.db BATCH [MOST]      MOST cases; default: all
 *
 * Prints one JSON line: {"batch":64,"cases":20000,"rows":180000,"bytes":…,"per_s":…}. TO.db is made
 * anew and left to the caller. Tables with less than half a row a case (staff, settings) stay out.
 * Exit codes: 0 done, 1 failed, 2 usage.
 */
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/str.h"
#include "base/vec.h"

enum { COLUMNS_MAX = 40 };

typedef struct {
    bool is_int;
    int64_t n;
    Str text;
} Cell;

typedef struct {
    Str name;
    int columns;
    size_t rows;
    Vec(Cell) cells; /* row after row */
    sqlite3_stmt *insert;
    size_t next; /* row to insert */
} Table;

typedef Vec(Table) Tables;

static void must(int rc, sqlite3 *db, const char *what)
{
    if (rc != SQLITE_OK && rc != SQLITE_DONE && rc != SQLITE_ROW)
        fatal("%s: %s", what, sqlite3_errmsg(db));
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *st = NULL;
    must(sqlite3_prepare_v2(db, sql, -1, &st, NULL), db, sql);
    return st;
}

static int64_t count(Arena *a, sqlite3 *db, Str table)
{
    const char *sql =
        str_cstr(a, str_fmt(a, "select count(*) from \"" STR_FMT "\"", STR_ARG(table)));
    sqlite3_stmt *st = prepare(db, sql);
    must(sqlite3_step(st), db, sql);
    int64_t n = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    return n;
}

static Cell cell_of(Arena *a, sqlite3_stmt *st, int i)
{
    if (sqlite3_column_type(st, i) == SQLITE_INTEGER)
        return (Cell){.is_int = true, .n = sqlite3_column_int64(st, i)};
    Str text = {(const char *)sqlite3_column_text(st, i), 0};
    text.len = (size_t)sqlite3_column_bytes(st, i);
    return (Cell){.text = str_dup(a, text)};
}

static void read_table(Arena *a, sqlite3 *from, Table *t, int64_t most)
{
    const char *sql =
        str_cstr(a, str_fmt(a, "select * from \"" STR_FMT "\" order by rowid limit %" PRId64,
                            STR_ARG(t->name), most));
    sqlite3_stmt *st = prepare(from, sql);
    t->columns = sqlite3_column_count(st);
    ASSERT(t->columns <= COLUMNS_MAX);
    for (; sqlite3_step(st) == SQLITE_ROW; t->rows++)
        for (int i = 0; i < t->columns; i++) {
            Cell cell = cell_of(a, st, i);
            *VEC_PUSH(a, &t->cells) = cell;
        }
    sqlite3_finalize(st);
}

/* The tables that grow with the cases. */
static void read_all(Arena *a, sqlite3 *from, Tables *tables, int64_t cases, int64_t most)
{
    sqlite3_stmt *st = prepare(from, "select name from sqlite_master where type = 'table' and "
                                     "name not like 'sqlite_%' order by rowid");
    while (sqlite3_step(st) == SQLITE_ROW) {
        Table t = {.name = str_dup(a, str_z((const char *)sqlite3_column_text(st, 0)))};
        int64_t rows = count(a, from, t.name);
        if (rows * 2 < cases)
            continue;
        read_table(a, from, &t, (rows * most + cases - 1) / cases);
        *VEC_PUSH(a, tables) = t;
    }
    sqlite3_finalize(st);
}

static void copy_schema(sqlite3 *from, sqlite3 *to)
{
    sqlite3_stmt *st = prepare(from, "select sql from sqlite_master where sql is not null and "
                                     "name not like 'sqlite_%' order by rowid");
    while (sqlite3_step(st) == SQLITE_ROW)
        must(sqlite3_exec(to, (const char *)sqlite3_column_text(st, 0), NULL, NULL, NULL), to,
             "schema");
    sqlite3_finalize(st);
}

static void prepare_insert(Arena *a, sqlite3 *to, Table *t)
{
    StrBuf b = buf_in(a);
    buf_fmt(&b, "insert into \"" STR_FMT "\" values (?", STR_ARG(t->name));
    for (int i = 1; i < t->columns; i++)
        BUF_LIT(&b, ",?");
    BUF_LIT(&b, ")");
    t->insert = prepare(to, str_cstr(a, buf_str(&b)));
}

static void insert_row(sqlite3 *to, Table *t)
{
    const Cell *row = t->cells.at + t->next++ * (size_t)t->columns;
    for (int i = 0; i < t->columns; i++) {
        if (row[i].is_int)
            sqlite3_bind_int64(t->insert, i + 1, row[i].n);
        else
            sqlite3_bind_text(t->insert, i + 1, row[i].text.at, (int)row[i].text.len,
                              SQLITE_STATIC);
    }
    must(sqlite3_step(t->insert), to, "insert");
    sqlite3_reset(t->insert);
}

static void step(sqlite3 *to, sqlite3_stmt *st, const char *what)
{
    must(sqlite3_step(st), to, what);
    sqlite3_reset(st);
}

/* Each case brings its share of every table's rows. */
static double insert_all(sqlite3 *to, Tables *tables, int64_t cases, int64_t batch)
{
    sqlite3_stmt *begin = prepare(to, "begin immediate"), *commit = prepare(to, "commit");
    int64_t start = clock_monotonic_us();
    for (int64_t i = 0; i < cases; i++) {
        if (i % batch == 0)
            step(to, begin, "begin");
        for (size_t k = 0; k < tables->len; k++) {
            Table *t = &tables->at[k];
            size_t until = t->rows * (size_t)(i + 1) / (size_t)cases;
            while (t->next < until)
                insert_row(to, t);
        }
        if (i % batch == batch - 1 || i == cases - 1)
            step(to, commit, "commit");
    }
    double seconds = (double)(clock_monotonic_us() - start) / 1e6;
    sqlite3_finalize(begin);
    sqlite3_finalize(commit);
    return seconds;
}

static sqlite3 *open_new(const char *path)
{
    sqlite3 *db = NULL;
    must(sqlite3_open_v2(path, &db,
                         SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL),
         db, path);
    must(sqlite3_exec(db,
                      "pragma page_size=4096; pragma journal_mode=wal; pragma synchronous=full;"
                      "pragma wal_autocheckpoint=4000; pragma cache_size=-32768",
                      NULL, NULL, NULL),
         db, "settings");
    return db;
}

static void measure(Arena *a, sqlite3 *from, sqlite3 *to, int64_t batch, int64_t most)
{
    Tables tables = {0};
    int64_t cases = count(a, from, STR("cases")), rows = 0, bytes = 0;
    if (cases == 0)
        fatal("no cases to copy");
    if (most <= 0 || most > cases)
        most = cases;
    copy_schema(from, to);
    read_all(a, from, &tables, cases, most);
    for (size_t i = 0; i < tables.len; i++) {
        Table *t = &tables.at[i];
        prepare_insert(a, to, t);
        rows += (int64_t)t->rows;
        for (size_t k = 0; k < t->cells.len; k++)
            bytes += t->cells.at[k].is_int ? 8 : (int64_t)t->cells.at[k].text.len;
    }
    double seconds = insert_all(to, &tables, most, batch);
    for (size_t i = 0; i < tables.len; i++)
        sqlite3_finalize(tables.at[i].insert);
    printf("{\"batch\":%" PRId64 ",\"cases\":%" PRId64 ",\"rows\":%" PRId64 ",\"bytes\":%" PRId64
           ",\"per_s\":%.1f}\n",
           batch, most, rows, bytes, (double)most / seconds);
}

int main(int argc, char **argv)
{
    Arena a = {0};
    int64_t batch = 0, most = 0;
    if (argc < 4 || argc > 5 || !str_int(str_z(argv[3]), &batch) || batch < 1 ||
        (argc == 5 && !str_int(str_z(argv[4]), &most))) {
        fputs("usage: raw_copy FROM.db TO.db BATCH [MOST]\n", stderr);
        return 2;
    }
    sqlite3 *from = NULL;
    must(sqlite3_open_v2(argv[1], &from, SQLITE_OPEN_READONLY, NULL), from, argv[1]);
    sqlite3 *to = open_new(argv[2]);
    measure(&a, from, to, batch, most);
    sqlite3_close(from);
    sqlite3_close(to);
    arena_free(&a);
    return 0;
}
