/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hash chain of each case, written and walked. docs/audit-chain.md fixes the format; the
 * verifier in tools/ reads it without this code.
 *
 * The preimage is lines of text, so that `printf ... | sha256sum` can check an event by hand. Only
 * the data, which stands last, may hold any byte; the fields before it are refused with control
 * characters, when written and when walked, so that no two events share a preimage.
 */
#include "store/store.h"

#include <inttypes.h>

#include "json/json.h"

enum { CASES_A_STEP = 200, EVENTS_A_STEP = 500 };

static const char NO_HASH[] = "0000000000000000000000000000000000000000000000000000000000000000";

typedef struct {
    int64_t seq, at;
    Str kind, actor, data;
} Event;

static bool is_plain(Str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.at[i] < 0x20 || s.at[i] == 0x7f)
            return false;
    return true;
}

static Hash event_hash(Arena *a, Str place, const StoreChain *ch, const Event *e)
{
    StrBuf b = buf_in(a);
    BUF_LIT(&b, "onedoor-event-1\n");
    buf_add(&b, store_chain_hash(ch));
    buf_char(&b, '\n');
    buf_add(&b, place);
    buf_char(&b, '\n');
    buf_int(&b, ch->case_id);
    buf_char(&b, '\n');
    buf_int(&b, e->seq);
    buf_char(&b, '\n');
    buf_int(&b, e->at);
    buf_char(&b, '\n');
    buf_add(&b, e->kind);
    buf_char(&b, '\n');
    buf_add(&b, e->actor);
    buf_char(&b, '\n');
    buf_add(&b, e->data);
    return hash_of(buf_str(&b));
}

void store_chain_new(StoreChain *ch, int64_t case_id)
{
    *ch = (StoreChain){.case_id = case_id};
    memcpy(ch->hash, NO_HASH, CHAIN_HASH_HEX);
}

Str store_chain_hash(const StoreChain *ch)
{
    return (Str){ch->hash, CHAIN_HASH_HEX};
}

bool store_chain_load(StoreTx *tx, int64_t case_id, StoreChain *ch, Err *err)
{
    StoreRows rows;
    if (!tx_one(tx, SQL_CHAIN_GET, PARAMS(P_STR(tx->place), P_INT(case_id)), &rows, "case", err))
        return false;
    store_chain_new(ch, case_id);
    ch->seq = ch->saved_seq = row_int(&rows, 0, 0);
    Str hash = row_str(&rows, 0, 1);
    if (ch->seq == 0)
        return true; /* a new case's row may hold an empty hash */
    if (hash.len != CHAIN_HASH_HEX)
        return FAIL(err, ERR_INTERNAL, "case '%" PRId64 "': last_hash is no hash", case_id);
    memcpy(ch->hash, hash.at, CHAIN_HASH_HEX);
    return true;
}

bool store_chain_add(StoreTx *tx, StoreChain *ch, Str kind, Str actor, const Value *data, Err *err)
{
    if (!is_plain(kind) || !is_plain(actor) || str_empty(kind) || str_empty(actor))
        return FAIL(err, ERR_INPUT, "event of case '%" PRId64 "': kind and actor are plain texts",
                    ch->case_id);
    Event e = {.seq = ch->seq + 1,
               .at = tx->now,
               .kind = kind,
               .actor = actor,
               .data = data ? json_canonical(tx->arena, data) : STR("{}")};
    Hash h = event_hash(tx->arena, tx->place, ch, &e);
    Str hash = hash_hex(tx->arena, &h);
    if (!tx_run(tx, SQL_EVENT_ADD,
                PARAMS(P_STR(tx->place), P_INT(ch->case_id), P_INT(e.seq), P_INT(e.at), P_STR(kind),
                       P_STR(actor), P_STR(e.data), P_STR(store_chain_hash(ch)), P_STR(hash)),
                NULL, err))
        return false;
    ch->seq = e.seq;
    memcpy(ch->hash, hash.at, CHAIN_HASH_HEX);
    return true;
}

bool store_chain_save(StoreTx *tx, StoreChain *ch, Err *err)
{
    StoreRows rows;
    if (!tx_run(tx, SQL_CHAIN_SET,
                PARAMS(P_STR(tx->place), P_INT(ch->case_id), P_INT(ch->seq),
                       P_STR(store_chain_hash(ch)), P_INT(ch->saved_seq)),
                &rows, err))
        return false;
    if (rows.changed != 1)
        return FAIL(err, ERR_CONFLICT, "case '%" PRId64 "': its stream has moved on", ch->case_id);
    ch->saved_seq = ch->seq;
    return true;
}

bool store_event_add(StoreTx *tx, int64_t case_id, Str kind, Str actor, const Value *data, Err *err)
{
    StoreChain ch;
    return store_chain_load(tx, case_id, &ch, err) &&
           store_chain_add(tx, &ch, kind, actor, data, err) && store_chain_save(tx, &ch, err);
}

/* ---- the walk ---- */

typedef struct {
    StoreConn *conn;
    Arena *out;     /* for the verdict */
    Arena *scratch; /* for rows: rewound after each case */
    StoreVerdict *verdict;
    Str place;
    StoreChain chain;
} Walker;

static void fault(Walker *w, int64_t seq, const char *why)
{
    w->verdict->bad_place = str_dup(w->out, w->place);
    w->verdict->bad_case = w->chain.case_id;
    w->verdict->bad_seq = seq;
    w->verdict->why = str_dup(w->out, str_z(why));
}

static bool is_whole(const Walker *w)
{
    return str_empty(w->verdict->why);
}

static void check_event(Walker *w, const StoreRows *rows, size_t i)
{
    StoreChain *ch = &w->chain;
    Event e = {row_int(rows, i, 0), row_int(rows, i, 1), row_str(rows, i, 2), row_str(rows, i, 3),
               row_str(rows, i, 4)};
    int64_t want = ch->seq + 1;
    w->verdict->events++;
    if (e.seq != want) {
        fault(w, want, "the event is missing");
        return;
    }
    if (!str_eq(row_str(rows, i, 5), store_chain_hash(ch))) {
        fault(w, e.seq, "the event does not follow the one before it");
        return;
    }
    Hash h = event_hash(w->scratch, w->place, ch, &e);
    Str hash = hash_hex(w->scratch, &h);
    if (!is_plain(e.kind) || !is_plain(e.actor) || !str_eq(hash, row_str(rows, i, 6))) {
        fault(w, e.seq, "the event was changed: its hash is another");
        return;
    }
    ch->seq = e.seq;
    memcpy(ch->hash, hash.at, CHAIN_HASH_HEX);
}

static void check_end(Walker *w, int64_t last_seq, Str last_hash)
{
    bool is_unused = last_seq == 0 && str_empty(last_hash);
    if (w->chain.seq < last_seq)
        fault(w, w->chain.seq + 1, "the stream ends before the case says");
    else if (w->chain.seq > last_seq)
        fault(w, last_seq + 1, "the stream goes on after the case says it ended");
    else if (!is_unused && !str_eq(last_hash, store_chain_hash(&w->chain)))
        fault(w, last_seq, "the case names another last hash");
}

static bool walk_case(Walker *w, const StoreRows *cases, size_t i, Err *err)
{
    int64_t last_seq = row_int(cases, i, 2);
    w->place = row_str(cases, i, 0);
    store_chain_new(&w->chain, row_int(cases, i, 1));
    w->verdict->cases++;
    size_t got = EVENTS_A_STEP;
    int64_t after = INT64_MIN; /* so that a row slipped in before the first is seen */
    while (got == EVENTS_A_STEP && is_whole(w)) {
        ArenaMark mark = arena_mark(w->scratch);
        StoreRows rows;
        if (!store_run(w->conn, w->scratch, SQL_EVENTS_AFTER,
                       PARAMS(P_STR(w->place), P_INT(w->chain.case_id), P_INT(after),
                              P_INT(EVENTS_A_STEP)),
                       &rows, err))
            return false;
        got = rows.count;
        for (size_t e = 0; e < got && is_whole(w); e++)
            check_event(w, &rows, e);
        after = w->chain.seq;
        arena_rewind(w->scratch, mark);
    }
    if (is_whole(w))
        check_end(w, last_seq, row_str(cases, i, 3));
    return true;
}

/* Events whose case is not there: the case was deleted, or never was. */
static bool find_lost(Walker *w, Err *err)
{
    StoreRows rows;
    if (!store_run(w->conn, w->scratch, SQL_EVENTS_LOST, NO_PARAMS, &rows, err))
        return false;
    if (rows.count == 0)
        return true;
    w->place = row_str(&rows, 0, 0);
    store_chain_new(&w->chain, row_int(&rows, 0, 1));
    fault(w, row_int(&rows, 0, 2), "the event's case is missing");
    return true;
}

static bool walk_some(Walker *w, StoreWalk *walk, Err *err)
{
    StoreRows cases;
    if (!store_run(w->conn, w->scratch, SQL_CHAINS_AFTER,
                   PARAMS(P_STR(walk->place), P_INT(walk->case_id), P_INT(CASES_A_STEP)), &cases,
                   err))
        return false;
    for (size_t i = 0; i < cases.count && is_whole(w); i++)
        if (!walk_case(w, &cases, i, err))
            return false;
    if (cases.count) {
        Str place = row_str(&cases, cases.count - 1, 0);
        if (!str_eq(place, walk->place))
            walk->place = str_dup(w->out, place);
        walk->case_id = row_int(&cases, cases.count - 1, 1);
    }
    walk->done = cases.count < CASES_A_STEP || !is_whole(w);
    return !walk->done || !is_whole(w) || find_lost(w, err);
}

bool store_verify_some(StoreConn *c, Arena *out, StoreWalk *walk, StoreVerdict *v, Err *err)
{
    Arena scratch = {0};
    Walker w = {.conn = c, .out = out, .scratch = &scratch, .verdict = v};
    /* One snapshot, or a case that moves on between two reads would look broken. */
    bool ok = c->api->begin(c, err);
    if (ok) {
        ok = walk_some(&w, walk, err);
        c->api->rollback(c);
    }
    arena_free(&scratch);
    return ok;
}

bool store_verify(StoreConn *c, Arena *out, StoreVerdict *v, Err *err)
{
    StoreWalk walk = {.place = STR("")};
    *v = (StoreVerdict){.why = STR("")};
    while (!walk.done)
        if (!store_verify_some(c, out, &walk, v, err))
            return false;
    return true;
}

bool store_count_cases(StoreConn *c, int64_t *n, Err *err)
{
    Arena a = {0};
    StoreRows rows;
    bool ok = store_run(c, &a, SQL_CHAINS_COUNT, NO_PARAMS, &rows, err);
    if (ok)
        *n = row_int(&rows, 0, 0);
    arena_free(&a);
    return ok;
}
