/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The outbox: added in the transaction of what caused it, claimed by a lease, settled by its end.
 * A row whose sender died is claimed again when its lease is over, or by the next process at once;
 * its key tells the receiver.
 */
#include "store/store.h"

#include <inttypes.h>

#include "json/json.h"

static const TimeMs BACKOFF_FIRST = 10 * MS_SECOND;
static const TimeMs BACKOFF_LAST = 6 * MS_HOUR;

bool store_outbox_add(StoreTx *tx, int64_t case_id, int64_t party, Str channel,
                      const Value *payload, Err *err)
{
    int64_t id = tx_id(tx);
    Str key = str_fmt(tx->arena, STR_FMT "-%" PRId64, STR_ARG(tx->place), id);
    Str text = payload ? json_text(tx->arena, payload) : STR("{}");
    return tx_run(tx, SQL_OUTBOX_ADD,
                  PARAMS(P_STR(tx->place), P_INT(id), P_INT(case_id), P_INT(party), P_STR(channel),
                         P_STR(key), P_STR(text), P_INT(tx->now)),
                  NULL, err);
}

/* RETURNING promises no order; ids are ordered by time. */
static void sort_by_id(StoreOutbox *list, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        StoreOutbox row = list[i];
        size_t at = i;
        for (; at > 0 && list[at - 1].id > row.id; at--)
            list[at] = list[at - 1];
        list[at] = row;
    }
}

bool store_outbox_claim(StoreTx *tx, int64_t limit, StoreOutbox **list, size_t *n, Err *err)
{
    StoreRows rows;
    if (limit < 1 || limit > OUTBOX_CLAIM_MAX)
        return FAIL(err, ERR_LIMIT, "outbox claim '%" PRId64 "': 1 to %d", limit, OUTBOX_CLAIM_MAX);
    if (!tx_run(
            tx, SQL_OUTBOX_CLAIM,
            PARAMS(P_STR(tx->place), P_INT(tx->now), P_INT(tx->now + OUTBOX_LEASE), P_INT(limit)),
            &rows, err))
        return false;
    *list = NEW_N(tx->arena, StoreOutbox, rows.count ? rows.count : 1);
    *n = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*list)[i] = (StoreOutbox){
            .id = row_int(&rows, i, 0),
            .case_id = row_int(&rows, i, 1),
            .party = row_int(&rows, i, 2),
            .attempts = row_int(&rows, i, 3),
            .channel = row_str(&rows, i, 4),
            .key = row_str(&rows, i, 5),
            .payload = row_str(&rows, i, 6),
        };
    sort_by_id(*list, *n);
    return true;
}

bool store_outbox_free(StoreTx *tx, int64_t *freed, Err *err)
{
    StoreRows rows;
    if (!tx_run(tx, SQL_OUTBOX_FREE,
                PARAMS(P_STR(tx->place), P_INT(tx->now), P_INT(OUTBOX_ATTEMPTS)), &rows, err))
        return false;
    *freed = rows.changed;
    return true;
}

bool store_outbox_next(StoreConn *c, Str place, TimeMs *due, Err *err)
{
    Arena a = {0};
    StoreRows rows;
    bool ok = store_run(c, &a, SQL_OUTBOX_NEXT, PARAMS(P_STR(place)), &rows, err);
    if (ok)
        *due = row_int(&rows, 0, 0);
    arena_free(&a);
    return ok;
}

static bool changed_one(const StoreRows *rows, int64_t id, Err *err)
{
    return rows->changed == 1 ||
           FAIL(err, ERR_CONFLICT, "outbox row '%" PRId64 "' is not open", id);
}

bool store_outbox_sent(StoreTx *tx, int64_t id, Err *err)
{
    StoreRows rows;
    return tx_run(tx, SQL_OUTBOX_SENT, PARAMS(P_STR(tx->place), P_INT(id), P_INT(tx->now)), &rows,
                  err) &&
           changed_one(&rows, id, err);
}

static bool settle(StoreTx *tx, int64_t id, Str state, TimeMs next_at, Str error, Err *err)
{
    StoreRows rows;
    if (!error.len)
        error = STR("no reason was given"); /* without one it would look leased */
    return tx_run(tx, SQL_OUTBOX_SETTLE,
                  PARAMS(P_STR(tx->place), P_INT(id), P_STR(state), P_INT(next_at), P_STR(error)),
                  &rows, err) &&
           changed_one(&rows, id, err);
}

TimeMs store_outbox_backoff(int64_t attempts)
{
    TimeMs wait = BACKOFF_FIRST;
    for (int64_t i = 1; i < attempts && wait < BACKOFF_LAST; i++)
        wait *= 2;
    return wait < BACKOFF_LAST ? wait : BACKOFF_LAST;
}

bool store_outbox_retry(StoreTx *tx, const StoreOutbox *row, Str error, Err *err)
{
    if (row->attempts >= OUTBOX_ATTEMPTS)
        return store_outbox_failed(tx, row->id, error, err);
    TimeMs next_at = tx->now + store_outbox_backoff(row->attempts);
    return settle(tx, row->id, STR("open"), next_at, error, err);
}

bool store_outbox_failed(StoreTx *tx, int64_t id, Str error, Err *err)
{
    return settle(tx, id, STR("failed"), 0, error, err);
}
