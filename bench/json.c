/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Speed of the JSON reader and writer on a form of some 2 KB, beside the least that any reader
 * must do (look at each byte: UTF-8 check and a search for the quotes) and beside SQLite's json(),
 * which checks and minifies without a tree. Medians of ROUNDS.
 *
 *     make build/release/bench-json && build/release/bench-json
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "json/json.h"

enum { ROUNDS = 9, TIMES = 20000, ANSWERS = 30, MATERIALS = 8, BAR_MB_S = 500 };

typedef struct {
    Arena *arena;
    Str doc;
    const Value *value;
    sqlite3_stmt *sql;
    size_t sum; /* keeps the work from being optimised away */
} Bench;

static Str form(Arena *a)
{
    StrBuf b = buf_in(a);
    BUF_LIT(&b,
            "{\"item\":\"330106-0042\",\"place\":\"330106\",\"channel\":\"portal\",\"applicant\":{"
            "\"kind\":\"person\",\"name\":\"张三\",\"id_type\":\"111\",\"id_number\":"
            "\"330106199001011234\",\"mobile\":\"13800000000\",\"address\":"
            "\"浙江省杭州市西湖区文三路 1 号\",\"agent\":null},\"answers\":{");
    for (int i = 0; i < ANSWERS; i++)
        buf_fmt(&b, "%s\"question_%02d\":%s", i ? "," : "", i,
                i % 4 == 0   ? "\"经营场所已取得合法使用权\""
                : i % 4 == 1 ? "12345.67"
                : i % 4 == 2 ? "true"
                             : "\"2026-11-22\"");
    BUF_LIT(&b, "},\"materials\":[");
    for (int i = 0; i < MATERIALS; i++)
        buf_fmt(&b,
                "%s{\"code\":\"M%03d\",\"name\":\"营业执照副本\",\"source\":\"e-certificate\","
                "\"pages\":%d,\"note\":\"line one\\nline two\"}",
                i ? "," : "", i, i + 1);
    BUF_LIT(&b, "],\"consent\":true,\"submitted\":\"2026-11-22T15:30:00+08:00\"}");
    return buf_str(&b);
}

static void run_read(Bench *b)
{
    arena_reset(b->arena);
    const Value *v = json_read(b->arena, b->doc, NULL);
    b->sum += value_count(v);
}

static void run_write(Bench *b)
{
    arena_reset(b->arena);
    b->sum += json_text(b->arena, b->value).len;
}

static void run_look(Bench *b)
{
    b->sum += utf8_check(b->doc);
    const char *end = b->doc.at + b->doc.len;
    for (const char *at = b->doc.at; (at = memchr(at, '"', (size_t)(end - at))); at++)
        b->sum++;
}

static void run_sqlite(Bench *b)
{
    sqlite3_bind_text(b->sql, 1, b->doc.at, (int)b->doc.len, SQLITE_STATIC);
    b->sum += (size_t)sqlite3_step(b->sql);
    sqlite3_reset(b->sql);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double mb_per_s(Bench *b, void (*run)(Bench *))
{
    double speed[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        int64_t start = clock_monotonic_us();
        for (int i = 0; i < TIMES; i++)
            run(b);
        int64_t us = clock_monotonic_us() - start;
        speed[round] = (double)b->doc.len * TIMES / (double)(us ? us : 1);
    }
    qsort(speed, ROUNDS, sizeof *speed, by_size);
    return speed[ROUNDS / 2];
}

int main(void)
{
    Arena kept = {0}, scratch = {0};
    Bench b = {.arena = &scratch, .doc = form(&kept)};
    b.value = json_read(&kept, b.doc, NULL);
    sqlite3 *db = NULL;
    bool ready = b.value && sqlite3_open(":memory:", &db) == SQLITE_OK &&
                 sqlite3_prepare_v2(db, "select json(?1)", -1, &b.sql, NULL) == SQLITE_OK;
    if (!ready) {
        fputs("bench json: cannot start\n", stderr);
        return EXIT_FAILURE;
    }
    double read = mb_per_s(&b, run_read), look = mb_per_s(&b, run_look);
    double sqlite = mb_per_s(&b, run_sqlite), write = mb_per_s(&b, run_write);
    printf("json.read   %6.0f MB/s  %.2f of look %.0f  %.2f of sqlite json() %.0f  bar %d %s\n",
           read, read / look, look, read / sqlite, sqlite, BAR_MB_S,
           read >= BAR_MB_S ? "ok" : "BELOW");
    printf("json.write  %6.0f MB/s  %.2f of sqlite json()\n", write, write / sqlite);
    printf("document %zu bytes, check sum %zu\n", b.doc.len, b.sum);
    sqlite3_finalize(b.sql);
    sqlite3_close(db);
    arena_free(&scratch);
    arena_free(&kept);
    return read >= BAR_MB_S ? EXIT_SUCCESS : EXIT_FAILURE;
}
