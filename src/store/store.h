/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/store.h - the seam to the database: a struct of functions that an adapter fills.
 *
 * One SQL text serves every adapter: `$1` parameters, RETURNING, ON CONFLICT; all statements stand
 * in store/sql/ files and have an id (SQL_...), so that adapters prepare each once and a test can
 * prepare every one. Rules for the SQL: no `::` (write cast($1 as bigint)), parameters $1 to $n
 * without gaps, no sequences, ids and times come from C, every key begins with the place.
 * Memory:  rows are copied into the Arena passed; parameters are only read during the call.
 * Threads: a StoreConn belongs to one thread at a time.
 * Limits:  STORE_PARAMS_MAX, STORE_ROWS_MAX: ERR_LIMIT.
 * Errors:  ERR_CONFLICT for a broken unique key, ERR_STORAGE for a full disk, ERR_UNAVAILABLE when
 *          busy, ERR_INTERNAL for what is wrong in our SQL or on the disk.
 */
#pragma once

#include "base/clock.h"
#include "base/hash.h"
#include "base/ids.h"
#include "base/value.h"

enum { STORE_PARAMS_MAX = 64, STORE_ROWS_MAX = 200000 };

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
#define NO_PARAMS NULL, 0

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

/* What a backup tells while it runs and at its end. */
typedef struct {
    void (*progress)(void *app, int64_t done, int64_t total); /* in pages; may be NULL */
    bool (*stop)(void *app);                                  /* asked now and then; may be NULL */
    void *app;
    int64_t bytes, tables, rows; /* filled in: counted in the copy */
} StoreBackup;

typedef struct {
    const char *name; /* "sqlite" */
    /* for_reading: a connection that can never write nor checkpoint. Else: the only writer; a
     * second one, in any process, gets ERR_CONFLICT. */
    bool (*open)(StoreConn *c, Str url, bool for_reading, Err *err);
    void (*close)(StoreConn *c);
    /* A script of several statements; for migrations only. */
    bool (*script)(StoreConn *c, const char *sql, Err *err);
    bool (*begin)(StoreConn *c, Err *err); /* for_reading: one snapshot until commit */
    /* Durable when it returns true, nothing is kept when it returns false. Where neither can be
     * known (a failed fsync), it ends the process. */
    bool (*commit)(StoreConn *c, Err *err);
    void (*rollback)(StoreConn *c);
    /* Grows with every row written; -1 when the transaction is gone (full disk, disk error). */
    int64_t (*written)(StoreConn *c);
    bool (*savepoint)(StoreConn *c, Err *err);
    bool (*release)(StoreConn *c, Err *err);
    /* false: the whole transaction is gone. */
    bool (*rollback_to)(StoreConn *c);
    bool (*run)(StoreConn *c, Arena *out, SqlId id, const StoreParam *p, size_t n, StoreRows *rows,
                Err *err);
    /* What was put off until nobody waits for an answer: the checkpoint, when it is due. */
    void (*settle)(StoreConn *c);
    /* Consistent copy to a new file while others write; checked before it gets its name. */
    bool (*backup)(StoreConn *c, Str to_path, StoreBackup *b, Err *err);
} StoreApi;

struct StoreConn {
    const StoreApi *api;
    void *impl;
};

extern const StoreApi store_sqlite;

/* url is a file for SQLite ("" as well as ":memory:" are refused). */
MUST_CHECK bool store_open(StoreConn *c, Str url, bool for_reading, Err *err);
void store_close(StoreConn *c);
/* rows may be NULL; out may be NULL when rows is. */
MUST_CHECK bool store_run(StoreConn *c, Arena *out, SqlId id, const StoreParam *p, size_t n,
                          StoreRows *rows, Err *err);
/* *value is empty when there is none. */
MUST_CHECK bool store_setting(StoreConn *c, Arena *out, Str name, Str *value, Err *err);

/* ---- migrations ---- */

typedef struct {
    int64_t version; /* 1, 2, ... without gaps */
    const char *name, *sql;
} StoreMigration;

/* Forward only, each step in a transaction. A database of a newer program is refused, and one
 * whose steps were others than ours. */
MUST_CHECK bool store_migrate(StoreConn *c, TimeMs now, Err *err);
MUST_CHECK bool store_migrate_list(StoreConn *c, const StoreMigration *list, size_t n, TimeMs now,
                                   Err *err);
const StoreMigration *store_migrations(size_t *n); /* those built in */

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
/* One row, or ERR_NOT_FOUND "WHAT 'n' is not there" (n: the last parameter when it is a number). */
MUST_CHECK bool tx_one(StoreTx *tx, SqlId id, const StoreParam *p, size_t n, StoreRows *rows,
                       const char *what, Err *err);
/* The next value of a counter that belongs to the place: case numbers. Gapless within commits. */
MUST_CHECK bool tx_counter(StoreTx *tx, Str name, int64_t *value, Err *err);
MUST_CHECK bool tx_set_setting(StoreTx *tx, Str name, Str value, Err *err);

/* ---- events: one stream a case, hash chained (docs/audit-chain.md) ----
 *
 * seq = last + 1, hash = SHA-256 over prev hash, place, case, seq, at, kind, actor and canonical
 * data. Events are never changed or deleted. actor: "party:123", "staff:7", "system".
 * cases.last_seq and last_hash hold the end of the stream. A command that appends several events:
 *
 *     StoreChain ch;
 *     store_chain_load(tx, case_id, &ch, err)      or, for a new case: store_chain_new(&ch, id)
 *         && store_chain_add(tx, &ch, ...)         as often as needed
 *         && store_chain_save(tx, &ch, err)
 *
 * A new case may also be inserted after its events with last_seq = ch.seq and last_hash =
 * store_chain_hash(&ch): the quickest way, without a save.
 */
enum { CHAIN_HASH_HEX = 2 * HASH_SIZE };

typedef struct {
    int64_t case_id;
    int64_t seq;       /* of the last event; 0: none yet */
    int64_t saved_seq; /* what the case's row says */
    char hash[CHAIN_HASH_HEX];
} StoreChain;

void store_chain_new(StoreChain *ch, int64_t case_id);
MUST_CHECK bool store_chain_load(StoreTx *tx, int64_t case_id, StoreChain *ch, Err *err);
/* data may be NULL: an empty map. kind and actor: no control characters (ERR_INPUT). */
MUST_CHECK bool store_chain_add(StoreTx *tx, StoreChain *ch, Str kind, Str actor, const Value *data,
                                Err *err);
/* ERR_CONFLICT when the case's row is not as it was loaded, or not there. */
MUST_CHECK bool store_chain_save(StoreTx *tx, StoreChain *ch, Err *err);
Str store_chain_hash(const StoreChain *ch); /* a view into ch */
/* Load, add, save: for commands with a single event. The case's row must be there. */
MUST_CHECK bool store_event_add(StoreTx *tx, int64_t case_id, Str kind, Str actor,
                                const Value *data, Err *err);

/* ---- outbox: things to be done outside after the commit, at least once ----
 *
 * open -> sent, or open -> open (retry, later each time) -> failed after OUTBOX_ATTEMPTS. A claim
 * takes due rows and puts them off by a lease: whoever dies with them loses them to the next claim.
 * key is "<place>-<id>": what the receiver uses to see a repeat.
 */
enum { OUTBOX_ATTEMPTS = 12, OUTBOX_CLAIM_MAX = 256 };
#define OUTBOX_LEASE (5 * MS_MINUTE)

typedef struct {
    int64_t id, case_id, party, attempts; /* attempts: with this one */
    Str channel, key, payload;
} StoreOutbox;

/* party, case_id: 0 where there is none. */
MUST_CHECK bool store_outbox_add(StoreTx *tx, int64_t case_id, int64_t party, Str channel,
                                 const Value *payload, Err *err);
/* At most limit due rows, the longest due first. */
MUST_CHECK bool store_outbox_claim(StoreTx *tx, int64_t limit, StoreOutbox **list, size_t *n,
                                   Err *err);
/* Ends the leases of a process that is gone: for the start of a process that writes alone. Rows that
 * were tried OUTBOX_ATTEMPTS times keep theirs, lest one that ends each process is tried without a
 * pause. */
MUST_CHECK bool store_outbox_free(StoreTx *tx, int64_t *freed, Err *err);
/* When the next open row is due; 0: none. For readers and the worker's sleep. */
MUST_CHECK bool store_outbox_next(StoreConn *c, Str place, TimeMs *due, Err *err);
/* The three ends of a claim. ERR_CONFLICT when the row is not open any more. */
MUST_CHECK bool store_outbox_sent(StoreTx *tx, int64_t id, Err *err);
/* Tried again after a back-off that doubles: 10 s up to 6 h; failed after OUTBOX_ATTEMPTS. */
MUST_CHECK bool store_outbox_retry(StoreTx *tx, const StoreOutbox *row, Str error, Err *err);
MUST_CHECK bool store_outbox_failed(StoreTx *tx, int64_t id, Str error, Err *err);
TimeMs store_outbox_backoff(int64_t attempts);

/* ---- verification of the chains ---- */

typedef struct {
    int64_t cases, events;     /* walked so far */
    Str bad_place;             /* of the first fault */
    int64_t bad_case, bad_seq; /* 0 when all is whole */
    Str why;                   /* empty when all is whole */
} StoreVerdict;

typedef struct {
    Str place;       /* the last case that was walked: where to go on */
    int64_t case_id; /* 0: from the start */
    bool done;
} StoreWalk;

/* Walks every chain; true with verdict->why set when a fault was found. */
MUST_CHECK bool store_verify(StoreConn *c, Arena *out, StoreVerdict *v, Err *err);
/* Some cases further, in one snapshot; walk->done at the end or at the first fault. */
MUST_CHECK bool store_verify_some(StoreConn *c, Arena *out, StoreWalk *walk, StoreVerdict *v,
                                  Err *err);
/* How many cases there are: for progress. */
MUST_CHECK bool store_count_cases(StoreConn *c, int64_t *n, Err *err);
