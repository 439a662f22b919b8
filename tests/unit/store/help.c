/* SPDX-License-Identifier: Apache-2.0 */
#include "help.h"

#include <fcntl.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"

void bed_make(Bed *b, const char *name)
{
    Err err = {0};
    *b = (Bed){0};
    log_set_level(LOG_ERROR);
    b->folder = str_fmt(&b->arena, "build/tmp/store-%s-%d", name, (int)getpid());
    b->path = path_join(&b->arena, b->folder, STR("onedoor.db"));
    clock_init_virtual(&b->clock, T0);
    CHECK(file_make_folder(b->folder, &err), "%s", err.msg);
}

void bed_free(Bed *b)
{
    StrVec files = {0};
    if (file_list(&b->arena, b->folder, STR(""), &files, NULL))
        for (size_t i = 0; i < files.len; i++)
            file_remove(path_join(&b->arena, b->folder, files.at[i]));
    rmdir(str_cstr(&b->arena, b->folder));
    arena_free(&b->arena);
}

bool bed_open(Bed *b, StoreConn *c, bool for_reading)
{
    Err err = {0};
    bool ok = store_open(c, b->path, for_reading, &err);
    CHECK(ok, "%s", err.msg);
    return ok;
}

bool bed_migrate(Bed *b)
{
    StoreConn c;
    Err err = {0};
    if (!bed_open(b, &c, false))
        return false;
    bool ok = store_migrate(&c, T0, &err);
    CHECK(ok, "%s", err.msg);
    store_close(&c);
    return ok;
}

Committer *bed_start(Bed *b, void *app)
{
    Committer *c = NULL;
    Err err = {0};
    CommitterConfig config = {
        .url = b->path, .place = STR("330702"), .clock = &b->clock, .ids = &b->ids, .app = app};
    bool ok = committer_start(&c, &config, &err);
    CHECK(ok, "%s", err.msg);
    return ok ? c : NULL;
}

int64_t bed_count(Bed *b, const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *st = NULL;
    int64_t n = -1;
    int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(str_cstr(&b->arena, b->path), &db, flags, NULL) == SQLITE_OK &&
        sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW)
        n = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    sqlite3_close(db);
    return n;
}

Str bed_plan(Bed *b, const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *st = NULL;
    StrBuf plan = buf_in(&b->arena);
    const char *ask = str_cstr(&b->arena, str_fmt(&b->arena, "explain query plan %s", sql));
    bool ok = sqlite3_open_v2(str_cstr(&b->arena, b->path), &db, SQLITE_OPEN_READONLY, NULL) ==
                  SQLITE_OK &&
              sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL) == SQLITE_OK &&
              sqlite3_prepare_v2(db, ask, -1, &st, NULL) == SQLITE_OK;
    CHECK(ok, "%s: %s", sql, sqlite3_errmsg(db));
    while (ok && sqlite3_step(st) == SQLITE_ROW)
        buf_fmt(&plan, "%s\n", (const char *)sqlite3_column_text(st, 3));
    sqlite3_finalize(st);
    sqlite3_close(db);
    return buf_str(&plan);
}

bool bed_script(Bed *b, const char *sql)
{
    StoreConn c;
    Err err = {0};
    if (!bed_open(b, &c, false))
        return false;
    bool ok = c.api->script(&c, sql, &err);
    CHECK(ok, "%s: %s", sql, err.msg);
    store_close(&c);
    return ok;
}

Str path_of(Bed *b, const char *name)
{
    return path_join(&b->arena, b->folder, str_z(name));
}

int run_program(const char *const *words, Str output)
{
    Arena a = {0};
    char *argv[16];
    int n = 0, status = -1;
    for (; words[n] && n < 15; n++)
        argv[n] = arena_alloc(&a, strlen(words[n]) + 1),
        memcpy(argv[n], words[n], strlen(words[n]));
    argv[n] = NULL;
    const char *to = str_cstr(&a, output);
    pid_t pid = fork();
    if (pid == 0) {
        int fd = open(to, O_CREAT | O_TRUNC | O_WRONLY, 0600);
        if (fd >= 0 && dup2(fd, 1) >= 0 && dup2(fd, 2) >= 0)
            execvp(argv[0], argv);
        _exit(127);
    }
    if (pid > 0)
        waitpid(pid, &status, 0);
    arena_free(&a);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool file_holds(Bed *b, Str path, const char *text)
{
    Str content;
    return file_read(&b->arena, path, 1 << 20, &content, NULL) &&
           str_find(content, str_z(text), 0) != SIZE_MAX;
}

StoreTx bed_tx(Bed *b, StoreConn *c)
{
    return (StoreTx){
        .conn = c, .arena = &b->arena, .now = T0, .ids = &b->ids, .place = STR("330702")};
}

bool add_case(StoreTx *tx, const StoreChain *ch, Err *err)
{
    Str sql = str_fmt(
        tx->arena,
        "insert into cases (place, id, no, party, applicant, item, item_version, title,"
        " organ, state, channel, lang, received_at, legal_due, promise_due, closed_at,"
        " check_code, data, facts, law, flow, calendar, version, last_seq, last_hash)"
        " values ('" STR_FMT "', %" PRId64 ", 'no-%" PRId64 "', 1,"
        " 'A', 'item', '1', 'title', 'organ', 'open', 'web', 'zh', 0, 0, 0, 0,"
        " 'code', '{}', '{}', '{}', '{}', '', 1, %" PRId64 ", '" STR_FMT "')",
        STR_ARG(tx->place), ch->case_id, ch->case_id, ch->seq, STR_ARG(store_chain_hash(ch)));
    return tx->conn->api->script(tx->conn, str_cstr(tx->arena, sql), err);
}

bool add_case_with_events(StoreTx *tx, int64_t id, int n, Err *err)
{
    StoreChain ch;
    store_chain_new(&ch, id);
    for (int i = 0; i < n; i++) {
        Value *data = value_map(tx->arena);
        set_int(tx->arena, data, "step", i);
        set_str(tx->arena, data, "name", STR("张三"));
        if (!store_chain_add(tx, &ch, STR("step"), STR("party:1"), data, err))
            return false;
    }
    return add_case(tx, &ch, err);
}
