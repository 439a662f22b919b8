/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A message comes to its case, one command each: the row goes and the case moves in the same
 * transaction, so that it happens once whoever dies when.
 *
 * Order: what is for one case comes in the order in which it was sent; a row waits while an earlier
 * one for its case, or an earlier one of its sender whose receiver is not known yet, is open.
 * A signal becomes a copy for each case that listened when it was sent, some hundred at a time.
 * Two cases that answer each other without end: each message counts how many led to it, and after
 * MESSAGE_HOPS_MAX the next one is an incident of its receiver, kept for a person.
 */
#include "base/log.h"
#include "services/casework/casework_int.h"
#include "json/json.h"

enum { MESSAGE_ATTEMPTS = 6, COPIES_AT_ONCE = 200 };
#define MESSAGE_BACKOFF_MS (10 * MS_SECOND)

static const Actor system_actor = {.kind = ACTOR_SYSTEM};

/* ---- one case hears it ---- */

static bool note_received(StoreTx *tx, CaseFile *cf, const CaseMessage *m, Err *err)
{
    Value *data = value_map(tx->arena);
    set_str(tx->arena, data, "name", m->name);
    set_str(tx->arena, data, "from", m->sender);
    if (m->signal)
        set_bool(tx->arena, data, "signal", true);
    if (m->message_id.len)
        set_str(tx->arena, data, "message_id", m->message_id);
    return casework_note(tx, cf, STR("message_received"), &system_actor, data, err);
}

bool casework_message_event(StoreTx *tx, const CaseMessage *m, int64_t key, FlowEvent *ev, Err *err)
{
    FeelValue v;
    *ev = (FlowEvent){.kind = m->signal ? FLOW_SIGNAL : FLOW_MESSAGE, .key = key};
    if (m->signal)
        ev->code = m->name;
    const Value *variables = json_read(tx->arena, m->variables, err);
    if (!variables || !feel_from_value(tx->arena, variables, &v, err))
        return false;
    if (v.kind != FEEL_CONTEXT)
        return FAIL(err, ERR_INPUT, "variables of a message are no map");
    ev->variables = v.context;
    return true;
}

bool casework_hand_over(StoreTx *tx, CaseFile *cf, const CaseMessage *m, int64_t key, Err *err)
{
    FlowEvent ev;
    cf->hops = m->hops;
    return note_received(tx, cf, m, err) && casework_message_event(tx, m, key, &ev, err) &&
           casework_step(tx, cf, &ev, err);
}

/* ---- ends of a row ---- */

/* One that may come again is remembered by its id for as long as it lives. */
static bool done(StoreTx *tx, const CaseMessage *m, int64_t to, Err *err)
{
    if (m->message_id.len && m->until > tx->now)
        return tx_run(tx, SQL_MESSAGE_DONE, PARAMS(P_STR(tx->place), P_INT(m->id), P_INT(to)), NULL,
                      err);
    return tx_run(tx, SQL_MESSAGE_DROP, PARAMS(P_STR(tx->place), P_INT(m->id)), NULL, err);
}

bool casework_message_done(StoreTx *tx, const CaseMessage *m, int64_t to, Err *err)
{
    return done(tx, m, to, err);
}

static bool nobody_waits(StoreTx *tx, const CaseMessage *m, Err *err)
{
    CaseFile cf;
    if (m->until > tx->now)
        return tx_run(tx, SQL_MESSAGE_KEEP, PARAMS(P_STR(tx->place), P_INT(m->id)), NULL, err);
    if (!done(tx, m, 0, err))
        return false;
    return !m->from_case || (casework_take(tx, m->from_case, &cf, err) &&
                             casework_note_dropped(tx, &cf, m, err) && casework_save(tx, &cf, err));
}

static bool tried(StoreTx *tx, const CaseMessage *m, bool last, Str why, Err *err)
{
    TimeMs due = tx->now + MESSAGE_BACKOFF_MS * (INT64_C(1) << (m->attempts & 15));
    return tx_run(tx, SQL_MESSAGE_TRIED,
                  PARAMS(P_STR(tx->place), P_INT(m->id), P_STR(last ? STR("failed") : STR("open")),
                         P_INT(due), P_STR(why), P_INT(m->to_case)),
                  NULL, err);
}

/* It stays, for a person; the case that it was for says so in its stream, where it can. */
static bool give_up(StoreTx *tx, const CaseMessage *m, Str why, Err *err)
{
    CaseFile cf;
    Err no_case = {0};
    Value *data = value_map(tx->arena);
    if (!tried(tx, m, true, why, err))
        return false;
    log_error("message given up message=%lld name=" STR_FMT, (long long)m->id, STR_ARG(m->name));
    if (!m->to_case || !casework_take(tx, m->to_case, &cf, &no_case))
        return true;
    set_str(tx->arena, data, "message", str_fmt(tx->arena, "%lld", (long long)m->id));
    set_str(tx->arena, data, "name", m->name);
    set_str(tx->arena, data, "reason", why);
    return casework_note(tx, &cf, STR("incident"), &system_actor, data, err) &&
           casework_save(tx, &cf, err);
}

/* ---- whose is it ---- */

static bool read_row(StoreTx *tx, int64_t id, CaseMessage *m, Err *err)
{
    StoreRows r;
    if (!tx_one(tx, SQL_MESSAGE_GET, PARAMS(P_STR(tx->place), P_INT(id)), &r, "message", err))
        return false;
    *m = (CaseMessage){.id = id,
                       .seq = row_int(&r, 0, 0),
                       .signal = str_eq(row_str(&r, 0, 1), STR("signal")),
                       .name = row_str(&r, 0, 2),
                       .correlation = row_str(&r, 0, 3),
                       .message_id = row_str(&r, 0, 4),
                       .variables = row_str(&r, 0, 5),
                       .from_case = row_int(&r, 0, 6),
                       .to_case = row_int(&r, 0, 7),
                       .until = row_int(&r, 0, 8),
                       .hops = row_int(&r, 0, 9),
                       .reached = row_int(&r, 0, 10),
                       .upto = row_int(&r, 0, 11),
                       .attempts = row_int(&r, 0, 12),
                       .sender = row_str(&r, 0, 13)};
    return true;
}

/* The case that it was meant for at the first try, while that still waits; else who waits longest.
 * *to is 0: nobody. */
static bool receiver(StoreTx *tx, const CaseMessage *m, int64_t *to, int64_t *key, Err *err)
{
    StoreRows r = {0};
    StoreParam place = P_STR(tx->place), name = P_STR(m->name), corr = P_STR(m->correlation);
    if (m->signal) {
        if (!tx_run(tx, SQL_SUBSCRIPTION_LISTENS,
                    PARAMS(place, name, P_INT(m->to_case), P_INT(m->upto)), &r, err))
            return false;
        *to = r.count ? m->to_case : 0;
        *key = 0;
        return true;
    }
    if (m->to_case &&
        !tx_run(tx, SQL_SUBSCRIPTION_OF, PARAMS(place, name, corr, P_INT(m->to_case)), &r, err))
        return false;
    if (!r.count && !tx_run(tx, SQL_SUBSCRIPTION_WAITING, PARAMS(place, name, corr), &r, err))
        return false;
    *to = r.count ? row_int(&r, 0, 0) : 0;
    *key = r.count ? row_int(&r, 0, 1) : 0;
    return true;
}

/* When what goes before it is due; 0: nothing does. */
static bool before(StoreTx *tx, const CaseMessage *m, int64_t to, TimeMs *due, Err *err)
{
    StoreRows r;
    if (!tx_run(
            tx, SQL_MESSAGE_BEFORE,
            PARAMS(P_STR(tx->place), P_INT(to), P_INT(m->from_case), P_INT(m->seq), P_INT(m->id)),
            &r, err))
        return false;
    *due = row_int(&r, 0, 0);
    return true;
}

/* ---- a signal spreads ---- */

static bool spread(StoreTx *tx, const CaseMessage *m, Err *err)
{
    StoreRows r;
    if (!tx_run(tx, SQL_SUBSCRIPTIONS_LISTENING,
                PARAMS(P_STR(tx->place), P_STR(m->name), P_INT(m->reached), P_INT(m->upto),
                       P_INT(COPIES_AT_ONCE)),
                &r, err))
        return false;
    for (size_t i = 0; i < r.count; i++) {
        CaseMessage copy = *m;
        copy.id = 0;
        copy.to_case = row_int(&r, i, 0);
        bool own = copy.to_case == m->from_case; /* it heard itself in the step that sent it */
        if (!own && !casework_message_add(tx, &copy, STR("open"), err))
            return false;
    }
    if (r.count < COPIES_AT_ONCE)
        return tx_run(tx, SQL_MESSAGE_DROP, PARAMS(P_STR(tx->place), P_INT(m->id)), NULL, err);
    return tx_run(tx, SQL_MESSAGE_REACHED,
                  PARAMS(P_STR(tx->place), P_INT(m->id), P_INT(row_int(&r, r.count - 1, 0))), NULL,
                  err);
}

/* ---- what the worker asks for ---- */

bool casework_deliver(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    (void)actor, (void)out;
    CaseMessage m;
    CaseFile cf;
    TimeMs due = 0;
    int64_t to = 0, key = 0;
    if (!read_row(tx, get_int(in, "message", 0), &m, err))
        return false;
    bool spreads = m.signal && !m.to_case;
    if ((!spreads && !receiver(tx, &m, &to, &key, err)) || !before(tx, &m, to, &due, err))
        return false;
    if (due)
        return tx_run(
            tx, SQL_MESSAGE_PUT_OFF,
            PARAMS(P_STR(tx->place), P_INT(m.id), P_INT((due > tx->now ? due : tx->now) + 1)), NULL,
            err);
    if (spreads)
        return spread(tx, &m, err);
    if (!to)
        return m.signal ? done(tx, &m, 0, err) : nobody_waits(tx, &m, err);
    m.to_case = to;
    if (m.hops > MESSAGE_HOPS_MAX)
        return give_up(tx, &m, STR("cases answer each other without end"), err);
    return done(tx, &m, to, err) && casework_take(tx, to, &cf, err) &&
           casework_hand_over(tx, &cf, &m, key, err) && casework_save(tx, &cf, err);
}

/* Bound to the case where it failed: what comes after it for that case waits. */
bool casework_deliver_failed(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    (void)actor, (void)out;
    CaseMessage m;
    int64_t key;
    if (!read_row(tx, get_int(in, "message", 0), &m, err))
        return false;
    if (!(m.signal && !m.to_case) && !receiver(tx, &m, &m.to_case, &key, err))
        return false;
    Str why = get_str(in, "reason");
    return m.attempts + 1 >= MESSAGE_ATTEMPTS ? give_up(tx, &m, why, err)
                                              : tried(tx, &m, false, why, err);
}

bool casework_message_retry(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    (void)out;
    StoreRows r;
    bool may =
        actor->kind == ACTOR_SYSTEM || (actor->kind == ACTOR_STAFF && (actor->roles & ROLE_ADMIN));
    if (!may)
        return FAIL(err, ERR_DENIED, "this needs another role");
    if (!tx_run(tx, SQL_MESSAGE_RETRY,
                PARAMS(P_STR(tx->place), P_INT(get_int(in, "message", 0)), P_INT(tx->now)), &r,
                err))
        return false;
    return r.changed == 1 || FAIL(err, ERR_NOT_FOUND, "no failed message '%lld'",
                                  (long long)get_int(in, "message", 0));
}
