/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages and signals go out, and who waits for them is written down.
 *
 * What a case waits for stands in `subscriptions`: rows follow the waits of its instance, step by
 * step, so that another case or a caller from outside finds it by name and key.
 * What a process sends is a row of `messages`: it leaves with the step's own transaction, the worker
 * brings it to its receiver in another (deliver.c), because a command changes one case only. From
 * outside there is no sending case, so the receiver moves at once and the caller learns which.
 * A message goes to one case, the one that has waited longest; a signal to all that listen now.
 */
#include "services/casework/casework_int.h"
#include "json/json.h"

enum { MESSAGES_OF_KEY_MAX = 200 };

static const Actor system_actor = {.kind = ACTOR_SYSTEM};

/* ---- what a case waits for ---- */

static const BpmnTrigger *trigger_of(const CaseFile *cf, const FlowWait *w)
{
    return &cf->item->process->elements[w->element].triggers[w->trigger];
}

const FlowWait *casework_wait(const FlowInstance *in, int64_t key)
{
    for (size_t i = 0; in && i < in->waits.len; i++)
        if (in->waits.at[i].key == key)
            return &in->waits.at[i];
    return NULL;
}

bool casework_unsubscribe(StoreTx *tx, const CaseFile *cf, int64_t key, Err *err)
{
    return tx_run(tx, SQL_SUBSCRIPTION_END, PARAMS(P_STR(tx->place), P_INT(cf->id), P_INT(key)),
                  NULL, err);
}

/* The engine tells what it cancels, not what has happened: the difference tells both. */
bool casework_close_waits(StoreTx *tx, const CaseFile *cf, const FlowInstance *before, Err *err)
{
    for (size_t i = 0; before && i < before->waits.len; i++) {
        const FlowWait *w = &before->waits.at[i];
        BpmnTriggerKind kind = trigger_of(cf, w)->kind;
        bool listed = kind == BPMN_ON_MESSAGE || kind == BPMN_ON_SIGNAL;
        if (listed && !casework_wait(cf->flow, w->key) &&
            !casework_unsubscribe(tx, cf, w->key, err))
            return false;
    }
    return true;
}

bool casework_subscribe(StoreTx *tx, const CaseFile *cf, const FlowEffect *fx, Err *err)
{
    bool signal = fx->trigger->kind == BPMN_ON_SIGNAL;
    if (!casework_wait(cf->flow, fx->key))
        return true; /* it has happened in the same step */
    return tx_run(tx, SQL_SUBSCRIPTION_ADD,
                  PARAMS(P_STR(tx->place), P_INT(tx_id(tx)), P_INT(cf->id), P_INT(fx->key),
                         P_STR(signal ? STR("signal") : STR("message")), P_STR(fx->name),
                         P_STR(fx->correlation), P_STR(fx->element->id), P_INT(tx->now)),
                  NULL, err);
}

/* ---- rows on their way ---- */

bool casework_message_add(StoreTx *tx, const CaseMessage *m, Str state, Err *err)
{
    int64_t id = m->id ? m->id : tx_id(tx);
    return tx_run(tx, SQL_MESSAGE_ADD,
                  PARAMS(P_STR(tx->place), P_INT(id), P_INT(m->seq ? m->seq : id),
                         P_STR(m->signal ? STR("signal") : STR("message")), P_STR(m->name),
                         P_STR(m->correlation), P_STR(m->message_id), P_STR(m->variables),
                         P_STR(state), P_STR(m->sender), P_INT(m->from_case), P_INT(m->to_case),
                         P_INT(m->until), P_INT(tx->now), P_INT(m->hops), P_INT(m->upto),
                         P_INT(tx->now)),
                  NULL, err);
}

/* Who listens now: the last subscription, and how many cases. */
static bool listeners(StoreTx *tx, Str name, int64_t *upto, int64_t *cases, Err *err)
{
    StoreRows r;
    if (!tx_run(tx, SQL_SUBSCRIPTION_LAST, PARAMS(P_STR(tx->place), P_STR(name)), &r, err))
        return false;
    *upto = row_int(&r, 0, 0);
    *cases = row_int(&r, 0, 1);
    return true;
}

/* A repeat by its message_id, for as long as the first one lives. */
static bool known_before(StoreTx *tx, const MessageNew *n, MessageEnd *end, bool *known, Err *err)
{
    StoreRows r;
    *known = false;
    if (!n->message_id.len)
        return true;
    if (!tx_run(tx, SQL_MESSAGE_KNOWN,
                PARAMS(P_STR(tx->place), P_STR(n->name), P_STR(n->correlation),
                       P_STR(n->message_id), P_INT(tx->now)),
                &r, err))
        return false;
    if (!r.count)
        return true;
    *known = true;
    end->kind = str_eq(row_str(&r, 0, 0), STR("done")) ? MESSAGE_DELIVERED : MESSAGE_KEPT;
    CaseFile cf;
    if (end->kind == MESSAGE_DELIVERED) {
        if (!casework_load(tx->conn, tx->arena, tx_app(tx), row_int(&r, 0, 1), &cf, err))
            return false;
        end->case_no = cf.no;
    }
    return true;
}

/* ---- from a process ---- */

/* Only what the element maps: a process's variables are the file of a person. */
static Str mapped(StoreTx *tx, const FlowEffect *fx, Err *err)
{
    Value *out = value_map(tx->arena);
    for (size_t i = 0; fx->variables && i < fx->element->input_count; i++) {
        Str target = fx->element->inputs[i].target, rest = target, name = target;
        (void)str_split(&rest, '.', &name);
        const FeelValue *v = feel_get(fx->variables, name);
        Value *made = v ? feel_to_value(tx->arena, v, err) : NULL;
        if (v && !made)
            return (Str){0};
        if (made)
            value_set(tx->arena, out, name, made);
    }
    Str text = json_text(tx->arena, out);
    if (text.len <= MESSAGE_MAX_BYTES)
        return text;
    (void)!FAIL(err, ERR_LIMIT, "a message of more than %d bytes", MESSAGE_MAX_BYTES);
    return (Str){0};
}

static bool note(StoreTx *tx, CaseFile *cf, Str kind, const CaseMessage *m, Str why, Err *err)
{
    Value *data = value_map(tx->arena);
    set_str(tx->arena, data, "name", m->name);
    if (m->correlation.len)
        set_str(tx->arena, data, "correlation", m->correlation);
    if (why.len)
        set_str(tx->arena, data, "reason", why);
    return casework_note(tx, cf, kind, &system_actor, data, err);
}

bool casework_note_dropped(StoreTx *tx, CaseFile *cf, const CaseMessage *m, Err *err)
{
    return note(tx, cf, STR("message_dropped"), m, STR("nobody waited for it"), err);
}

bool casework_send(StoreTx *tx, CaseFile *cf, const FlowEffect *fx, Err *err)
{
    CaseMessage m = {.signal = fx->kind == FLOW_BROADCAST,
                     .name = fx->name,
                     .correlation = fx->correlation,
                     .from_case = cf->id,
                     .sender = str_fmt(tx->arena, "case:" STR_FMT, STR_ARG(cf->no)),
                     .message_id = fx->message_id,
                     .until = fx->due ? fx->due : tx->now,
                     .hops = cf->hops + 1};
    MessageNew asked = {.name = m.name, .correlation = m.correlation, .message_id = m.message_id};
    MessageEnd end;
    int64_t cases = 0;
    bool known;
    if (!m.name.len)
        return note(tx, cf, STR("message_dropped"), &m, STR("it has no name"), err);
    if (!known_before(tx, &asked, &end, &known, err) || known)
        return known;
    m.variables = mapped(tx, fx, err);
    if (!m.variables.len || (m.signal && !listeners(tx, m.name, &m.upto, &cases, err)))
        return false;
    if (m.signal && !cases)
        return true; /* nobody listens; whoever listens in this case has heard it already */
    return casework_message_add(tx, &m, STR("open"), err);
}

/* ---- from outside ---- */

static bool room_for_one(StoreTx *tx, const MessageNew *n, Err *err)
{
    StoreRows r;
    if (!tx_run(tx, SQL_MESSAGES_KEPT,
                PARAMS(P_STR(tx->place), P_STR(n->name), P_STR(n->correlation), P_INT(tx->now),
                       P_INT(MESSAGES_OF_KEY_MAX)),
                &r, err))
        return false;
    return r.count < MESSAGES_OF_KEY_MAX ||
           FAIL(err, ERR_LIMIT, "%d messages '" STR_FMT "' of that key are kept already",
                MESSAGES_OF_KEY_MAX, STR_ARG(n->name));
}

static bool keep(StoreTx *tx, const MessageNew *n, const CaseMessage *m, Str state, MessageEnd *end,
                 Err *err)
{
    end->kind = MESSAGE_KEPT;
    return room_for_one(tx, n, err) && casework_message_add(tx, m, state, err);
}

static bool to_waiting(StoreTx *tx, CaseMessage *m, const StoreRows *waiting, MessageEnd *end,
                       Err *err)
{
    CaseFile cf;
    end->kind = MESSAGE_DELIVERED;
    m->to_case = row_int(waiting, 0, 0);
    if (!casework_take(tx, m->to_case, &cf, err) ||
        !casework_hand_over(tx, &cf, m, row_int(waiting, 0, 1), err) ||
        !casework_save(tx, &cf, err))
        return false;
    end->case_no = cf.no;
    bool remembered = m->message_id.len && m->until > tx->now;
    m->variables = STR("{}");
    return !remembered || casework_message_add(tx, m, STR("done"), err);
}

bool casework_publish(StoreTx *tx, const Actor *actor, const MessageNew *n, MessageEnd *end,
                      Err *err)
{
    StoreRows waiting, before;
    bool known;
    *end = (MessageEnd){.kind = MESSAGE_DROPPED};
    CaseMessage m = {.name = n->name,
                     .correlation = n->correlation,
                     .message_id = n->message_id,
                     .variables =
                         json_text(tx->arena, n->variables ? n->variables : value_map(tx->arena)),
                     .sender = actor_text(tx->arena, actor),
                     .until = tx->now + n->ttl};
    if (m.variables.len > MESSAGE_MAX_BYTES)
        return FAIL(err, ERR_LIMIT, "a message of more than %d bytes", MESSAGE_MAX_BYTES);
    if (!known_before(tx, n, end, &known, err) || known)
        return known;
    if (!tx_run(tx, SQL_SUBSCRIPTION_WAITING,
                PARAMS(P_STR(tx->place), P_STR(m.name), P_STR(m.correlation)), &waiting, err))
        return false;
    if (!waiting.count)
        return n->ttl <= 0 || keep(tx, n, &m, STR("kept"), end, err);
    if (!tx_run(tx, SQL_MESSAGE_BEFORE,
                PARAMS(P_STR(tx->place), P_INT(row_int(&waiting, 0, 0)), P_INT(0), P_INT(INT64_MAX),
                       P_INT(0)),
                &before, err))
        return false;
    /* Others are on their way to that case: this one comes after them. */
    return row_int(&before, 0, 0) ? keep(tx, n, &m, STR("open"), end, err)
                                  : to_waiting(tx, &m, &waiting, end, err);
}

bool casework_broadcast(StoreTx *tx, const Actor *actor, Str name, const Value *variables,
                        int64_t *cases, Err *err)
{
    CaseMessage m = {
        .signal = true, .name = name, .sender = actor_text(tx->arena, actor), .until = tx->now};
    m.variables = json_text(tx->arena, variables ? variables : value_map(tx->arena));
    if (m.variables.len > MESSAGE_MAX_BYTES)
        return FAIL(err, ERR_LIMIT, "a signal of more than %d bytes", MESSAGE_MAX_BYTES);
    if (!listeners(tx, name, &m.upto, cases, err))
        return false;
    return !*cases || casework_message_add(tx, &m, STR("open"), err);
}
