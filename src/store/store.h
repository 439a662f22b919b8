/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/store.h - the seam to the database: a struct of functions that an adapter fills.
 *
 * One SQL text serves every adapter: `$1` parameters, RETURNING, ON CONFLICT; all statements stand
 * in store/sql/ files and have an id (SQL_…), so that adapters prepare each once and a conformance test can run
 * every one. Rules for the SQL: no `::`, no sequences, ids and times come from C, every key begins with the place.
 * Memory:  rows are copied into the Arena passed. Threads: a StoreConn belongs to one thread.
 * Errors:  ERR_CONFLICT for a broken unique key, ERR_STORAGE for a full disk, ERR_UNAVAILABLE when busy.
 */
#pragma once

#include "base/clock.h"
#include "base/hash.h"
#include "base/ids.h"
#include "base/value.h"

typedef enum {
#define SQL(id, text) SQL_##id,
#include "store/statements.def"
#undef SQL
    SQL_COUNT
} SqlId;

const char *store_sql(SqlId id);
const char *store_sql_name(SqlId id);

typedef enum { PARAM_NULL, PARAM_INT, PARAM_TEXT } ParamKind;

typedef struct {
    ParamKind kind;
    int64_t n;
    Str text;
} StoreParam;

#define P_NULL ((StoreParam){.kind = PARAM_NULL})
#define P_INT(x) ((StoreParam){.kind = PARAM_INT, .n = (x)})
#define P_STR(s) ((StoreParam){.kind = PARAM_TEXT, .text = (s)})
#define P_OPT_INT(x) ((x) ? P_INT(x) : P_NULL) /* 0 means none */
#define PARAMS(...) (const StoreParam[]){__VA_ARGS__}, COUNT(((const StoreParam[]){__VA_ARGS__}))

typedef struct {
    bool is_null;
    bool is_int;
    int64_t n; /* also set when a text column holds an integer */
    Str text;  /* texts only */
} StoreCell;

typedef struct {
    size_t count, columns;
    const StoreCell *cells; /* row by row */
    int64_t changed;        /* rows inserted, updated or deleted */
} StoreRows;

static inline int64_t row_int(const StoreRows *r, size_t row, size_t column)
{
    return r->cells[row * r->columns + column].n;
}
static inline Str row_str(const StoreRows *r, size_t row, size_t column)
{
    return r->cells[row * r->columns + column].text;
}

typedef struct StoreConn StoreConn;

typedef struct {
    const char *name; /* "sqlite" */
    /* place_for_reading: a connection that can never write nor checkpoint */
    bool (*open)(StoreConn *c, Str url, bool for_reading, Err *err);
    void (*close)(StoreConn *c);
    bool (*migrate)(StoreConn *c, TimeMs now, Err *err); /* forward only, each step in a transaction */
    bool (*begin)(StoreConn *c, Err *err);
    bool (*commit)(StoreConn *c, Err *err); /* durable when it returns true */
    void (*rollback)(StoreConn *c);
    bool (*savepoint)(StoreConn *c, Err *err);
    bool (*release)(StoreConn *c, Err *err);
    void (*rollback_to)(StoreConn *c);
    bool (*run)(StoreConn *c, Arena *out, SqlId id, const StoreParam *p, size_t n, StoreRows *rows,
                Err *err);
    bool (*backup)(StoreConn *c, Str to_path, Err *err); /* consistent copy while others write */
} StoreApi;

struct StoreConn {
    const StoreApi *api;
    void *impl;
};

extern const StoreApi store_sqlite;

/* path is a file for SQLite ("" as well as ":memory:" are refused). */
MUST_CHECK bool store_open(StoreConn *c, Str url, bool for_reading, Err *err);
void store_close(StoreConn *c);
/* rows may be NULL. */
MUST_CHECK bool store_run(StoreConn *c, Arena *out, SqlId id, const StoreParam *p, size_t n,
                          StoreRows *rows, Err *err);

/* ---- inside a command ---- */

typedef struct {
    StoreConn *conn;
    Arena *arena; /* the command's */
    TimeMs now;   /* the same for all of the command */
    IdMaker *ids;
    Str place;
    void *app; /* CommitterConfig.app */
} StoreTx;

int64_t tx_id(StoreTx *tx); /* a fresh, time-ordered id */
MUST_CHECK bool tx_run(StoreTx *tx, SqlId id, const StoreParam *p, size_t n, StoreRows *rows,
                       Err *err);
/* One row or ERR_NOT_FOUND "what 'subject'". */
MUST_CHECK bool tx_one(StoreTx *tx, SqlId id, const StoreParam *p, size_t n, StoreRows *rows,
                       const char *what, Err *err);
/* The next value of a counter that belongs to the place: case numbers. Gapless within commits. */
MUST_CHECK bool tx_counter(StoreTx *tx, Str name, int64_t *value, Err *err);

/* Appends to the case's stream: seq = last + 1, hash = SHA-256(prev hash, place, case, seq, at, kind, actor,
 * canonical data). Events are never changed or deleted. actor: "party:123", "staff:7", "system". */
MUST_CHECK bool store_event_add(StoreTx *tx, int64_t case_id, Str kind, Str actor,
                                const Value *data, Err *err);
/* A thing to be done outside after the commit, at least once, with its own idempotency key. */
MUST_CHECK bool store_outbox_add(StoreTx *tx, int64_t case_id, int64_t party, Str channel,
                                 const Value *payload, Err *err);

/* ---- the chain ---- */

typedef struct {
    int64_t cases, events;
    int64_t bad_case, bad_seq; /* first fault; 0 when whole */
    Str why;
} StoreVerdict;

/* Walks every chain. place empty: all. */
MUST_CHECK bool store_verify(StoreConn *c, Arena *out, StoreVerdict *v, Err *err);
