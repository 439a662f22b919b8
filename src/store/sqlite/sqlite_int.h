/* SPDX-License-Identifier: Apache-2.0 */
/* Private to store/sqlite: the connection and what its files share. */
#pragma once

#include <sqlite3.h>

#include "store/store.h"

enum { CHECKPOINT_FRAMES = 4000, CHECKPOINT_PRESS = 5 * CHECKPOINT_FRAMES };

typedef struct {
    sqlite3_stmt *raw; /* NULL until first used */
    int params;
    uint8_t index[STORE_PARAMS_MAX]; /* of $1, $2, ... in SQLite's own numbering */
} Statement;

typedef struct {
    Arena arena; /* holds this struct itself */
    sqlite3 *db;
    Str path;
    bool for_reading;
    bool in_transaction; /* as far as our caller knows */
    int lock;            /* file descriptor of the writer's lock; -1 for readers */
    int wal_frames;      /* after the last commit */
    sqlite3_stmt *begin, *commit, *rollback, *savepoint, *release, *rollback_to;
    Statement statements[SQL_COUNT];
} Sqlite;

/* Fills err from the last failure on db; what: our word for it. Returns false. */
bool sqlite_fail(sqlite3 *db, const char *what, Err *err);
bool sqlite_backup(StoreConn *c, Str to_path, StoreBackup *b, Err *err);
