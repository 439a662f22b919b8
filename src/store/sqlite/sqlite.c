/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The SQLite adapter: connections and transactions.
 *
 * WAL with synchronous FULL: a commit is on disk when it returns. Only the writer's connection
 * writes and checkpoints (SQLite before 3.51.3 can corrupt a WAL that two connections reset at
 * once); a lock file keeps a second writer out, in this process or another.
 *
 * Checkpoints are ours: SQLite's automatic ones run inside a commit, while answers wait, and
 * swallow a failed fsync. settle() runs them after the answers went out and ends the process when
 * the disk failed.
 *
 * Failures of a commit: a full disk leaves nothing behind and is told. After any other error it is
 * unknown whether the commit is on disk, so that no answer would be true: the process ends, and
 * the next start reads what is there.
 */
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/log.h"
#include "base/vec.h"
#include "store/sqlite/sqlite_int.h"

enum { BUSY_MS = 2000, PRESS_MS = 100 };

static const char SET_UP[] = "pragma cell_size_check = on;"
                             "pragma trusted_schema = off;"
                             "pragma mmap_size = 0;"
                             "pragma cache_size = -32768;"
                             "pragma temp_store = memory;";
static const char SET_UP_WRITER[] = "pragma page_size = 4096;"
                                    "pragma journal_mode = wal;"
                                    "pragma synchronous = full;"
                                    "pragma wal_autocheckpoint = 0;";

static ErrCode code_of(int rc)
{
    switch (rc & 0xff) {
    case SQLITE_CONSTRAINT: {
        bool is_key = rc == SQLITE_CONSTRAINT_UNIQUE || rc == SQLITE_CONSTRAINT_PRIMARYKEY ||
                      rc == SQLITE_CONSTRAINT_ROWID;
        return is_key ? ERR_CONFLICT : ERR_INTERNAL;
    }
    case SQLITE_FULL: return ERR_STORAGE;
    case SQLITE_TOOBIG: return ERR_LIMIT;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_CANTOPEN: return ERR_UNAVAILABLE;
    default: return ERR_INTERNAL; /* SQLite's numbers, not an enum of ours */
    }
}

bool sqlite_fail(sqlite3 *db, const char *what, Err *err)
{
    int rc = sqlite3_extended_errcode(db);
    return FAIL(err, code_of(rc), "%s: %s (%d)", what, sqlite3_errmsg(db), rc);
}

static bool is_sync_failure(int rc)
{
    return rc == SQLITE_IOERR_FSYNC || rc == SQLITE_IOERR_DIR_FSYNC;
}

/* ---- opening ---- */

static bool take_lock(Sqlite *s, Err *err)
{
    const char *path = str_cstr(&s->arena, str_join(&s->arena, s->path, STR(".lock")));
    s->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (s->lock < 0)
        return FAIL(err, ERR_UNAVAILABLE, "lock file '%s': cannot be opened", path);
    if (flock(s->lock, LOCK_EX | LOCK_NB) != 0)
        return FAIL(err, ERR_CONFLICT, "database '" STR_FMT "': another process writes to it",
                    STR_ARG(s->path));
    return true;
}

static int note_frames(void *app, sqlite3 *db, const char *name, int frames)
{
    Sqlite *s = app;
    (void)db, (void)name;
    s->wal_frames = frames;
    return SQLITE_OK;
}

static bool prepare(Sqlite *s, const char *sql, sqlite3_stmt **raw, Err *err)
{
    if (sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, raw, NULL) != SQLITE_OK)
        return sqlite_fail(s->db, sql, err);
    return true;
}

static bool prepare_control(Sqlite *s, Err *err)
{
    return prepare(s, s->for_reading ? "begin" : "begin immediate", &s->begin, err) &&
           prepare(s, "commit", &s->commit, err) && prepare(s, "rollback", &s->rollback, err) &&
           prepare(s, "savepoint command", &s->savepoint, err) &&
           prepare(s, "release command", &s->release, err) &&
           prepare(s, "rollback to command", &s->rollback_to, err);
}

static bool exec(Sqlite *s, const char *sql, const char *what, Err *err)
{
    return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK || sqlite_fail(s->db, what, err);
}

static bool is_wal(Sqlite *s)
{
    sqlite3_stmt *st = NULL;
    bool ok = sqlite3_prepare_v2(s->db, "pragma journal_mode", -1, &st, NULL) == SQLITE_OK &&
              sqlite3_step(st) == SQLITE_ROW &&
              sqlite3_stricmp((const char *)sqlite3_column_text(st, 0), "wal") == 0;
    sqlite3_finalize(st);
    return ok;
}

static bool set_up(Sqlite *s, Err *err)
{
    sqlite3_extended_result_codes(s->db, 1);
    sqlite3_busy_timeout(s->db, BUSY_MS);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, s->for_reading, NULL);
    sqlite3_limit(s->db, SQLITE_LIMIT_ATTACHED, 0);
    if (!exec(s, SET_UP, "settings", err))
        return false;
    if (s->for_reading)
        return true;
    if (!exec(s, SET_UP_WRITER, "settings of the writer", err))
        return false;
    if (!is_wal(s))
        return FAIL(err, ERR_STORAGE, "database '" STR_FMT "': its file system has no WAL",
                    STR_ARG(s->path));
    sqlite3_wal_hook(s->db, note_frames, s);
    return true;
}

static void sqlite_close(StoreConn *c);

static bool sqlite_open(StoreConn *c, Str url, bool for_reading, Err *err)
{
    if (str_empty(url) || str_eq(url, STR(":memory:")) || str_starts(url, STR("file:")))
        return FAIL(err, ERR_INPUT, "database '" STR_FMT "': the path of a file is needed",
                    STR_ARG(url));
    Arena arena = {0};
    Sqlite *s = NEW(&arena, Sqlite);
    s->path = str_dup(&arena, url);
    s->arena = arena;
    s->lock = -1;
    s->for_reading = for_reading;
    c->impl = s;
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                (for_reading ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    bool ok = for_reading || take_lock(s, err);
    if (ok && sqlite3_open_v2(str_cstr(&s->arena, url), &s->db, flags, NULL) != SQLITE_OK)
        ok = FAIL(err, ERR_UNAVAILABLE, "database '" STR_FMT "': %s", STR_ARG(url),
                  sqlite3_errmsg(s->db));
    ok = ok && set_up(s, err) && prepare_control(s, err);
    if (!ok) {
        sqlite_close(c);
        c->impl = NULL;
    }
    return ok;
}

static void finalize_all(Sqlite *s)
{
    sqlite3_stmt *control[] = {s->begin,     s->commit,  s->rollback,
                               s->savepoint, s->release, s->rollback_to};
    for (size_t i = 0; i < COUNT(control); i++)
        sqlite3_finalize(control[i]);
    for (size_t i = 0; i < SQL_COUNT; i++)
        sqlite3_finalize(s->statements[i].raw);
}

static void sqlite_close(StoreConn *c)
{
    Sqlite *s = c->impl;
    finalize_all(s);
    if (sqlite3_close(s->db) != SQLITE_OK)
        fatal("database: closed while in use");
    if (s->lock >= 0)
        close(s->lock);
    Arena arena = s->arena;
    arena_free(&arena);
}

/* ---- transactions ---- */

static int step_once(sqlite3_stmt *st)
{
    int rc = sqlite3_step(st);
    sqlite3_reset(st);
    return rc;
}

static bool sqlite_begin(StoreConn *c, Err *err)
{
    Sqlite *s = c->impl;
    ASSERT(!s->in_transaction);
    if (step_once(s->begin) != SQLITE_DONE)
        return sqlite_fail(s->db, "begin", err);
    s->in_transaction = true;
    return true;
}

static void sqlite_rollback(StoreConn *c)
{
    Sqlite *s = c->impl;
    if (!sqlite3_get_autocommit(s->db))
        step_once(s->rollback);
    s->in_transaction = false;
}

static bool sqlite_commit(StoreConn *c, Err *err)
{
    Sqlite *s = c->impl;
    ASSERT(s->in_transaction);
    if (sqlite3_get_autocommit(s->db)) {
        s->in_transaction = false;
        return FAIL(err, ERR_STORAGE, "commit: the transaction was rolled back before");
    }
    int rc = step_once(s->commit);
    if (rc == SQLITE_DONE) {
        s->in_transaction = false;
        return true;
    }
    int kind = rc & 0xff;
    if (kind != SQLITE_FULL && kind != SQLITE_BUSY && !s->for_reading)
        fatal("commit failed, what is on disk is unknown: %s (%d)", sqlite3_errmsg(s->db),
              sqlite3_extended_errcode(s->db));
    sqlite_fail(s->db, "commit", err);
    sqlite_rollback(c);
    return false;
}

static int64_t sqlite_written(StoreConn *c)
{
    Sqlite *s = c->impl;
    return sqlite3_get_autocommit(s->db) ? -1 : sqlite3_total_changes64(s->db);
}

static bool sqlite_savepoint(StoreConn *c, Err *err)
{
    Sqlite *s = c->impl;
    return step_once(s->savepoint) == SQLITE_DONE || sqlite_fail(s->db, "savepoint", err);
}

static bool sqlite_release(StoreConn *c, Err *err)
{
    Sqlite *s = c->impl;
    return step_once(s->release) == SQLITE_DONE || sqlite_fail(s->db, "release", err);
}

static bool sqlite_rollback_to(StoreConn *c)
{
    Sqlite *s = c->impl;
    return !sqlite3_get_autocommit(s->db) && step_once(s->rollback_to) == SQLITE_DONE &&
           step_once(s->release) == SQLITE_DONE;
}

static bool sqlite_script(StoreConn *c, const char *sql, Err *err)
{
    return exec(c->impl, sql, "script", err);
}

static void sqlite_settle(StoreConn *c)
{
    Sqlite *s = c->impl;
    if (s->for_reading || s->wal_frames < CHECKPOINT_FRAMES)
        return;
    /* Readers that always overlap would let the log grow for ever: then wait for them a little. */
    bool press = s->wal_frames >= CHECKPOINT_PRESS;
    sqlite3_busy_timeout(s->db, PRESS_MS);
    int rc = sqlite3_wal_checkpoint_v2(
        s->db, NULL, press ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    sqlite3_busy_timeout(s->db, BUSY_MS);
    if ((rc & 0xff) == SQLITE_IOERR)
        fatal("checkpoint failed: %s (%d)", sqlite3_errmsg(s->db), rc);
    if (rc != SQLITE_OK && (rc & 0xff) != SQLITE_BUSY)
        log_warn("checkpoint put off rc=%d", rc);
}

/* ---- statements ---- */

static Statement *statement_of(Sqlite *s, SqlId id, Err *err)
{
    Statement *st = &s->statements[id];
    if (st->raw)
        return st;
    sqlite3_stmt *raw = NULL;
    if (sqlite3_prepare_v3(s->db, store_sql(id), -1, SQLITE_PREPARE_PERSISTENT, &raw, NULL) !=
        SQLITE_OK) {
        sqlite_fail(s->db, store_sql_name(id), err);
        return NULL;
    }
    st->params = sqlite3_bind_parameter_count(raw);
    bool ok = st->params <= STORE_PARAMS_MAX;
    for (int i = 0; ok && i < st->params; i++) {
        char name[16];
        sqlite3_snprintf((int)sizeof name, name, "$%d", i + 1);
        int index = sqlite3_bind_parameter_index(raw, name);
        ok = index > 0;
        st->index[i] = (uint8_t)index;
    }
    if (!ok) {
        sqlite3_finalize(raw);
        (void)FAIL(err, ERR_INTERNAL, "statement '%s': parameters are not $1 to $n",
                   store_sql_name(id));
        return NULL;
    }
    st->raw = raw;
    return st;
}

static int bind_one(const Statement *st, size_t i, const StoreParam *p)
{
    int at = st->index[i];
    switch (p->kind) {
    case PARAM_NULL: return sqlite3_bind_null(st->raw, at);
    case PARAM_INT: return sqlite3_bind_int64(st->raw, at, p->n);
    case PARAM_TEXT:
        return sqlite3_bind_text64(st->raw, at, p->text.at ? p->text.at : "", p->text.len,
                                   SQLITE_STATIC, SQLITE_UTF8);
    }
    return SQLITE_MISUSE;
}

static StoreCell cell_of(Arena *out, sqlite3_stmt *raw, int column)
{
    int type = sqlite3_column_type(raw, column);
    if (type == SQLITE_NULL)
        return (StoreCell){.is_null = true, .text = STR("")};
    if (type == SQLITE_INTEGER)
        return (StoreCell){.is_int = true, .n = sqlite3_column_int64(raw, column), .text = STR("")};
    Str text = {(const char *)sqlite3_column_text(raw, column), 0};
    text.len = (size_t)sqlite3_column_bytes(raw, column);
    StoreCell cell = {.text = str_dup(out, text)};
    if (!str_int(text, &cell.n))
        cell.n = 0;
    return cell;
}

static bool collect(Sqlite *s, Arena *out, SqlId id, StoreRows *rows, Err *err)
{
    sqlite3_stmt *raw = s->statements[id].raw;
    Vec(StoreCell) cells = {0};
    int columns = sqlite3_column_count(raw);
    size_t count = 0;
    int rc;
    while ((rc = sqlite3_step(raw)) == SQLITE_ROW) {
        if (!rows)
            continue;
        if (++count > STORE_ROWS_MAX)
            return FAIL(err, ERR_LIMIT, "statement '%s': more than %d rows", store_sql_name(id),
                        STORE_ROWS_MAX);
        for (int i = 0; i < columns; i++) {
            StoreCell cell = cell_of(out, raw, i);
            *VEC_PUSH(out, &cells) = cell;
        }
    }
    if (rc != SQLITE_DONE) {
        if (!s->for_reading && is_sync_failure(sqlite3_extended_errcode(s->db)))
            fatal("fsync failed: %s", sqlite3_errmsg(s->db));
        return sqlite_fail(s->db, store_sql_name(id), err);
    }
    if (rows)
        *rows = (StoreRows){.count = count,
                            .columns = (size_t)columns,
                            .cells = cells.at,
                            .changed = sqlite3_stmt_readonly(raw) ? 0 : sqlite3_changes64(s->db)};
    return true;
}

static bool sqlite_run(StoreConn *c, Arena *out, SqlId id, const StoreParam *p, size_t n,
                       StoreRows *rows, Err *err)
{
    Sqlite *s = c->impl;
    /* A full disk may have rolled everything back: what follows must not commit by itself. */
    if (s->in_transaction && sqlite3_get_autocommit(s->db))
        return FAIL(err, ERR_STORAGE, "statement '%s': the transaction was rolled back",
                    store_sql_name(id));
    Statement *st = statement_of(s, id, err);
    if (!st)
        return false;
    if ((size_t)st->params != n)
        return FAIL(err, ERR_INTERNAL, "statement '%s': takes %d parameters, got '%zu'",
                    store_sql_name(id), st->params, n);
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++)
        ok = bind_one(st, i, &p[i]) == SQLITE_OK || sqlite_fail(s->db, store_sql_name(id), err);
    ok = ok && collect(s, out, id, rows, err);
    sqlite3_reset(st->raw);
    return ok;
}

const StoreApi store_sqlite = {
    .name = "sqlite",
    .open = sqlite_open,
    .close = sqlite_close,
    .script = sqlite_script,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .written = sqlite_written,
    .savepoint = sqlite_savepoint,
    .release = sqlite_release,
    .rollback_to = sqlite_rollback_to,
    .run = sqlite_run,
    .settle = sqlite_settle,
    .backup = sqlite_backup,
};
