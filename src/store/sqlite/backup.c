/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Online backup: SQLite's backup API over one read snapshot, so that writers go on and the copy
 * never starts again. The copy is made beside its name, counted and checked, then fsynced and
 * renamed: what bears the name is whole. An existing file is never touched.
 */
#include "base/file.h"
#include "store/sqlite/sqlite_int.h"

enum { PAGES_A_STEP = 128 };

typedef struct {
    Arena *arena;
    sqlite3 *from, *to;
    StoreBackup *report;
} Copy;

static bool copy_pages(Copy *k, Err *err)
{
    sqlite3_backup *b = sqlite3_backup_init(k->to, "main", k->from, "main");
    if (!b)
        return sqlite_fail(k->to, "backup", err);
    int rc = SQLITE_OK;
    bool stopped = false;
    while (rc == SQLITE_OK && !stopped) {
        rc = sqlite3_backup_step(b, PAGES_A_STEP);
        int64_t total = sqlite3_backup_pagecount(b);
        if (k->report->progress)
            k->report->progress(k->report->app, total - sqlite3_backup_remaining(b), total);
        stopped = rc == SQLITE_OK && k->report->stop && k->report->stop(k->report->app);
    }
    if (sqlite3_backup_finish(b) != SQLITE_OK)
        return sqlite_fail(k->to, "backup", err);
    if (stopped)
        return FAIL(err, ERR_UNAVAILABLE, "backup: stopped");
    return rc == SQLITE_DONE || FAIL(err, ERR_UNAVAILABLE, "backup: %s", sqlite3_errstr(rc));
}

static bool scalar(sqlite3 *db, const char *sql, int64_t *n, Str *text, Arena *a, Err *err)
{
    sqlite3_stmt *st = NULL;
    bool ok =
        sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW;
    if (ok && n)
        *n = sqlite3_column_int64(st, 0);
    if (ok && text)
        *text = str_dup(a, str_z((const char *)sqlite3_column_text(st, 0)));
    sqlite3_finalize(st);
    return ok || sqlite_fail(db, "check of the copy", err);
}

static bool count_rows(Copy *k, Err *err)
{
    sqlite3_stmt *st = NULL;
    bool ok = sqlite3_prepare_v2(k->to,
                                 "select name from sqlite_master where type = 'table'"
                                 " and name not like 'sqlite_%'",
                                 -1, &st, NULL) == SQLITE_OK;
    while (ok && sqlite3_step(st) == SQLITE_ROW) {
        /* The only name in SQL that is no constant: quoted by SQLite itself. */
        char *sql = sqlite3_mprintf("select count(*) from \"%w\"", sqlite3_column_text(st, 0));
        int64_t n = 0;
        ok = sql && scalar(k->to, sql, &n, NULL, k->arena, err);
        sqlite3_free(sql);
        k->report->tables++;
        k->report->rows += n;
    }
    sqlite3_finalize(st);
    return ok;
}

static bool check_copy(Copy *k, Err *err)
{
    Str verdict = STR("");
    int64_t pages = 0, page_size = 0;
    /* One plain file: no log beside it. */
    if (sqlite3_exec(k->to, "pragma journal_mode = delete", NULL, NULL, NULL) != SQLITE_OK)
        return sqlite_fail(k->to, "backup", err);
    if (!scalar(k->to, "pragma quick_check(1)", NULL, &verdict, k->arena, err) ||
        !scalar(k->to, "pragma page_count", &pages, NULL, k->arena, err) ||
        !scalar(k->to, "pragma page_size", &page_size, NULL, k->arena, err))
        return false;
    if (!str_eq(verdict, STR("ok")))
        return FAIL(err, ERR_INTERNAL, "backup: the copy is damaged: " STR_FMT, STR_ARG(verdict));
    k->report->bytes = pages * page_size;
    return count_rows(k, err);
}

static bool open_target(Copy *k, Str path, Err *err)
{
    int rc = sqlite3_open_v2(str_cstr(k->arena, path), &k->to,
                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX |
                                 SQLITE_OPEN_EXRESCODE,
                             NULL);
    return rc == SQLITE_OK || FAIL(err, ERR_UNAVAILABLE, "backup '" STR_FMT "': %s", STR_ARG(path),
                                   sqlite3_errstr(rc));
}

bool sqlite_backup(StoreConn *c, Str to_path, StoreBackup *b, Err *err)
{
    Arena a = {0};
    Sqlite *s = c->impl;
    Copy k = {.arena = &a, .from = s->db, .report = b};
    if (file_exists(to_path))
        return FAIL(err, ERR_CONFLICT, "backup '" STR_FMT "': is there already", STR_ARG(to_path));
    b->bytes = b->tables = b->rows = 0;
    Str part = str_join(&a, to_path, STR(".part"));
    file_remove(part);
    bool ok = open_target(&k, part, err) && c->api->begin(c, err);
    if (ok) {
        /* The first read takes the snapshot that the copy is of. */
        ok = scalar(s->db, "select count(*) from sqlite_master", NULL, NULL, &a, err) &&
             copy_pages(&k, err);
        c->api->rollback(c);
    }
    ok = ok && check_copy(&k, err);
    sqlite3_close(k.to);
    ok = ok && file_move_durably(part, to_path, err);
    if (!ok)
        file_remove(part);
    arena_free(&a);
    return ok;
}
