/* SPDX-License-Identifier: Apache-2.0 */
/* What the worker does to a case: timers that are due, and the jobs that a process hands out. */
#include "base/log.h"
#include "base/rand.h"
#include "services/casework/casework_int.h"
#include "services/certificate/paper.h"
#include "json/json.h"

enum { CODE_BYTES = 12, JOB_ATTEMPTS = 6 };
#define JOB_BACKOFF_MS (10 * MS_SECOND)
#define TIMER_BACKOFF_MS (5 * MS_MINUTE)

static const Actor system_actor = {.kind = ACTOR_SYSTEM};

/* ---- timers ---- */

static LawAct act_of_timer(LawTimerKind kind)
{
    switch (kind) {
    case LAW_TIMER_TELLING: return LAW_ACCEPT_DEEMED;
    case LAW_TIMER_CORRECTION: return LAW_CORRECTION_LAPSE;
    case LAW_TIMER_DEFERRED: return LAW_DEFERRED_LAPSE;
    case LAW_TIMER_PROMISE:
    case LAW_TIMER_LEGAL:
    case LAW_TIMER_DELIVERY:
    case LAW_TIMERS: break;
    }
    return LAW_ACTS;
}

static bool system_may(StoreTx *tx, const CaseFile *cf, LawAct act)
{
    LawAct acts[LAW_ACTS];
    LawRules rules = casework_law_rules(tx_app(tx), cf->item);
    size_t n = law_allowed(&rules, &cf->law, LAW_SYSTEM, 0, tx->now, acts);
    for (size_t i = 0; i < n; i++)
        if (acts[i] == act)
            return true;
    return false;
}

/* A limit has passed: a red card in the stream; the case goes on. */
static bool note_card(StoreTx *tx, CaseFile *cf, Str limit, Err *err)
{
    Value *data = value_map(tx->arena);
    set_str(tx->arena, data, "limit", limit);
    set_bool(tx->arena, data, "red_card", true);
    return casework_note(tx, cf, STR("overdue"), &system_actor, data, err);
}

static bool law_timer(StoreTx *tx, CaseFile *cf, Str key, Err *err)
{
    LawTimerKind kind;
    if (!law_timer_read(key, &kind))
        return FAIL(err, ERR_INTERNAL, "no timer '" STR_FMT "'", STR_ARG(key));
    LawAct act = act_of_timer(kind);
    if (act == LAW_ACTS)
        return law_is_closed(cf->law.state) || note_card(tx, cf, key, err);
    /* Somebody may have acted in the very second: then there is nothing left to do. */
    return !system_may(tx, cf, act) ||
           casework_act(tx, cf, act, LAW_SYSTEM, &system_actor, NULL, err);
}

bool casework_timer(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    (void)actor, (void)out;
    StoreRows r;
    CaseFile cf;
    if (!tx_one(tx, SQL_TIMER_TAKE, PARAMS(P_STR(tx->place), P_INT(get_int(in, "timer", 0))), &r,
                "timer", err) ||
        !casework_take(tx, row_int(&r, 0, 0), &cf, err))
        return false;
    Str kind = row_str(&r, 0, 1), key = row_str(&r, 0, 2);
    bool ok = str_eq(kind, STR("law")) ? law_timer(tx, &cf, key, err)
                                       : casework_flow_timer(tx, &cf, key, err);
    return ok && casework_save(tx, &cf, err);
}

bool casework_timer_failed(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    (void)actor, (void)out;
    return tx_run(
        tx, SQL_TIMER_PUT_OFF,
        PARAMS(P_STR(tx->place), P_INT(get_int(in, "timer", 0)), P_INT(tx->now + TIMER_BACKOFF_MS)),
        NULL, err);
}

/* ---- jobs ---- */

static bool issue_certificate(StoreTx *tx, CaseFile *cf, Err *err)
{
    const Paper *paper = catalogue_paper(tx_app(tx)->catalogue, cf->item->certificate);
    Str number;
    if (!paper)
        return FAIL(err, ERR_INTERNAL, "the item names no certificate");
    Str code = rand_token(tx->arena, CODE_BYTES);
    Value *extra = value_map(tx->arena);
    set_str(tx->arena, extra, "code", code);
    if (!casework_apply_law(tx, cf, LAW_ISSUE, LAW_SYSTEM, &system_actor, NULL, err) ||
        !paper_number(tx, paper, cf->no, &number, err))
        return false;
    set_str(tx->arena, extra, "document_number", number);
    Value *data = casework_data(tx->arena, tx_app(tx), cf, extra);
    Str holder = value_text(value_get(cf->answers, cf->item->holder_key));
    return tx_run(tx, SQL_CERTIFICATE_ADD,
                  PARAMS(P_STR(tx->place), P_INT(tx_id(tx)), P_INT(cf->id), P_STR(code),
                         P_STR(paper->key), P_STR(number),
                         P_STR(holder.len ? holder : cf->applicant),
                         P_STR(json_text(tx->arena, data)), P_INT(tx->now)),
                  NULL, err);
}

static bool send_message(StoreTx *tx, CaseFile *cf, const Value *payload, Err *err)
{
    Str template = get_str(value_at(payload, "headers"), "template");
    if (str_eq(template, STR("decided")))
        template = cf->law.outcome == LAW_GRANTED ? STR("decided_grant") : STR("decided_deny");
    return casework_message(tx, cf, template, NULL, err);
}

static bool do_job(StoreTx *tx, CaseFile *cf, Str type, const Value *payload, Err *err)
{
    if (str_eq(type, STR("certificate.issue")))
        return issue_certificate(tx, cf, err);
    if (str_eq(type, STR("message.send")))
        return send_message(tx, cf, payload, err);
    return FAIL(err, ERR_NOT_FOUND, "nobody does jobs of type '" STR_FMT "'", STR_ARG(type));
}

bool casework_job(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    (void)actor, (void)out;
    StoreRows r;
    CaseFile cf;
    int64_t id = get_int(in, "job", 0);
    if (!tx_one(tx, SQL_JOB_GET, PARAMS(P_STR(tx->place), P_INT(id)), &r, "job", err) ||
        !casework_take(tx, row_int(&r, 0, 0), &cf, err))
        return false;
    const Value *payload = json_read(tx->arena, row_str(&r, 0, 3), err);
    return payload && do_job(tx, &cf, row_str(&r, 0, 2), payload, err) &&
           tx_run(tx, SQL_JOB_DONE, PARAMS(P_STR(tx->place), P_INT(id)), NULL, err) &&
           casework_flow_job_done(tx, &cf, row_str(&r, 0, 1), err) && casework_save(tx, &cf, err);
}

/* Tried again later each time; after JOB_ATTEMPTS an incident of the process, for a person. A case
 * that cannot be moved at all keeps the failed job as its only sign. */
bool casework_job_failed(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    (void)actor, (void)out;
    StoreRows r;
    CaseFile cf;
    int64_t id = get_int(in, "job", 0);
    Str reason = get_str(in, "reason");
    if (!tx_one(tx, SQL_JOB_GET, PARAMS(P_STR(tx->place), P_INT(id)), &r, "job", err))
        return false;
    int64_t attempts = row_int(&r, 0, 4) + 1;
    bool last = attempts >= JOB_ATTEMPTS;
    if (!tx_run(tx, SQL_JOB_FAILED,
                PARAMS(P_STR(tx->place), P_INT(id), P_STR(last ? STR("failed") : STR("open")),
                       P_INT(tx->now + JOB_BACKOFF_MS * (1 << attempts)), P_STR(reason)),
                NULL, err))
        return false;
    if (!last)
        return true;
    Err why = {0};
    if (!casework_take(tx, row_int(&r, 0, 0), &cf, &why)) {
        log_err("job without a case that moves", &why);
        return true;
    }
    return casework_flow_job_failed(tx, &cf, row_str(&r, 0, 1), reason, err) &&
           casework_save(tx, &cf, err);
}
