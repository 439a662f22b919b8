/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The list of statements and the small vocabulary of commands. Which adapter a url names is
 * decided here and nowhere else.
 */
#include "store/store.h"

#include <inttypes.h>

static const struct {
    const char *name, *text;
} statements[] = {
#define SQL(id, text) {#id, text},
#include "store/statements.def"
#undef SQL
};

const char *store_sql(SqlId id)
{
    ASSERT(id < SQL_COUNT);
    return statements[id].text;
}

const char *store_sql_name(SqlId id)
{
    ASSERT(id < SQL_COUNT);
    return statements[id].name;
}

bool store_open(StoreConn *c, Str url, bool for_reading, Err *err)
{
    *c = (StoreConn){.api = &store_sqlite};
    if (str_starts(url, STR("postgres://")) || str_starts(url, STR("postgresql://")))
        return FAIL(err, ERR_INPUT, "database '" STR_FMT "': this program has no such adapter",
                    STR_ARG(url));
    return c->api->open(c, url, for_reading, err);
}

void store_close(StoreConn *c)
{
    if (c->impl)
        c->api->close(c);
    c->impl = NULL;
}

bool store_run(StoreConn *c, Arena *out, SqlId id, const StoreParam *p, size_t n, StoreRows *rows,
               Err *err)
{
    return c->api->run(c, out, id, p, n, rows, err);
}

bool store_setting(StoreConn *c, Arena *out, Str name, Str *value, Err *err)
{
    StoreRows rows;
    *value = STR("");
    if (!store_run(c, out, SQL_SETTING_GET, PARAMS(P_STR(name)), &rows, err))
        return false;
    if (rows.count)
        *value = row_str(&rows, 0, 0);
    return true;
}

int64_t tx_id(StoreTx *tx)
{
    return ids_next(tx->ids, tx->now);
}

bool tx_run(StoreTx *tx, SqlId id, const StoreParam *p, size_t n, StoreRows *rows, Err *err)
{
    return tx->conn->api->run(tx->conn, tx->arena, id, p, n, rows, err);
}

bool tx_one(StoreTx *tx, SqlId id, const StoreParam *p, size_t n, StoreRows *rows, const char *what,
            Err *err)
{
    if (!tx_run(tx, id, p, n, rows, err))
        return false;
    if (rows->count == 1)
        return true;
    if (rows->count > 1)
        return FAIL(err, ERR_INTERNAL, "%s: '%zu' rows where one was asked", what, rows->count);
    /* Texts may be personal and messages go to the log: only numbers are named. */
    if (n && p[n - 1].kind == PARAM_INT)
        return FAIL(err, ERR_NOT_FOUND, "%s '%" PRId64 "' is not there", what, p[n - 1].n);
    return FAIL(err, ERR_NOT_FOUND, "%s is not there", what);
}

bool tx_counter(StoreTx *tx, Str name, int64_t *value, Err *err)
{
    StoreRows rows;
    if (!tx_run(tx, SQL_COUNTER_STEP, PARAMS(P_STR(tx->place), P_STR(name)), &rows, err))
        return false;
    /* Two plain statements cost a third of one with RETURNING, which is for the first time only. */
    SqlId next = rows.changed ? SQL_COUNTER_GET : SQL_COUNTER_NEXT;
    if (!tx_one(tx, next, PARAMS(P_STR(tx->place), P_STR(name)), &rows, "counter", err))
        return false;
    *value = row_int(&rows, 0, 0);
    return true;
}

bool tx_set_setting(StoreTx *tx, Str name, Str value, Err *err)
{
    return tx_run(tx, SQL_SETTING_PUT, PARAMS(P_STR(name), P_STR(value)), NULL, err);
}
