/* SPDX-License-Identifier: Apache-2.0 */
/* What the worker does to a case: timers that are due, and the jobs that a process hands out. */
#include "base/log.h"
#include "base/rand.h"
#include "services/casework/casework_int.h"
#include "services/certificate/paper.h"
#include "json/json.h"

enum { CODE_BYTES = 12, OWN_RETRIES = 6 };
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

bool casework_system_may(StoreTx *tx, const CaseFile *cf, LawAct act)
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
    return !casework_system_may(tx, cf, act) ||
           casework_act(tx, cf, act, LAW_SYSTEM, &system_actor, NULL, err);
}

bool casework_timer(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    (void)actor, (void)out;
    StoreRows r;
    CaseFile cf;
    if (!tx_run(tx, SQL_TIMER_TAKE, PARAMS(P_STR(tx->place), P_INT(get_int(in, "timer", 0))), &r,
                err))
        return false;
    if (!r.count)
        return true; /* one that was due in the same moment has cancelled it */
    if (!casework_take(tx, row_int(&r, 0, 0), &cf, err))
        return false;
    Str kind = row_str(&r, 0, 1), key = row_str(&r, 0, 2);
    bool ok = str_eq(kind, STR("law"))    ? law_timer(tx, &cf, key, err)
              : str_eq(kind, STR("task")) ? casework_task_late(tx, &cf, key, err)
                                          : casework_flow_timer(tx, &cf, key, err);
    return ok && casework_save(tx, &cf, err);
}

bool casework_timer_failed(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    (void)actor, (void)out;
    return tx_run(tx, SQL_TIMER_PUT_OFF,
                  PARAMS(P_STR(tx->place), P_INT(get_int(in, "timer", 0)),
                         P_INT(tx->now + TIMER_BACKOFF_MS), P_STR(get_str(in, "reason"))),
                  NULL, err);
}

/* ---- a job is made ---- */

TimeMs casework_backoff(TimeMs first, int64_t attempt)
{
    TimeMs wait = first;
    for (int64_t i = 1; i < attempt && wait < JOB_BACKOFF_MAX_MS; i++)
        wait *= 2;
    return wait < JOB_BACKOFF_MAX_MS ? wait : JOB_BACKOFF_MAX_MS;
}

static Value *job_headers(Arena *a, const BpmnElement *e, Value *payload)
{
    Value *headers = set_map(a, payload, "headers");
    for (size_t i = 0; i < e->header_count; i++)
        value_set(a, headers, e->headers[i].name, value_str(a, e->headers[i].value));
    for (size_t i = 0; i < e->property_count; i++)
        value_set(a, headers, e->properties[i].name, value_str(a, e->properties[i].value));
    return headers;
}

static bool put_variable(Arena *a, Value *into, Str name, const FeelValue *v, Err *err)
{
    Value *data = v ? feel_to_value(a, v, err) : value_null(a);
    if (data)
        value_set(a, into, name, data);
    return data != NULL;
}

/* Purpose limits what leaves: the task's own inputs, and what the type's declaration names; of the
 * process, else of the case's answers and facts. */
static bool put_variables(StoreTx *tx, const CaseFile *cf, const FlowEffect *fx,
                          const WorkerType *w, Value *into, Err *err)
{
    const FeelContext *case_names = NULL;
    const BpmnElement *e = fx->element;
    for (size_t i = 0; i < e->input_count; i++)
        if (!put_variable(tx->arena, into, e->inputs[i].target,
                          feel_get(fx->variables, e->inputs[i].target), err))
            return false;
    if (w && w->variable_count &&
        !casework_rules_scope(tx->arena, tx_app(tx), cf, &case_names, err))
        return false;
    for (size_t i = 0; w && i < w->variable_count; i++) {
        const FeelValue *v = feel_get(fx->variables, w->variables[i]);
        if (!v)
            v = feel_get(case_names, w->variables[i]);
        if (!put_variable(tx->arena, into, w->variables[i], v, err))
            return false;
    }
    return true;
}

/* What is too large for anybody to take is not kept: it becomes an incident (JOBS_LAPSED). */
bool casework_job_add(StoreTx *tx, CaseFile *cf, const FlowEffect *fx, Err *err)
{
    const BpmnElement *e = fx->element;
    const WorkerType *w = catalogue_worker(tx_app(tx)->catalogue, e->job_type);
    bool own = catalogue_is_own_job(e->job_type);
    Value *payload = value_map(tx->arena);
    set_str(tx->arena, payload, "element", e->id);
    job_headers(tx->arena, e, payload);
    if (!put_variables(tx, cf, fx, w, set_map(tx->arena, payload, "variables"), err))
        return false;
    Str text = json_text(tx->arena, payload);
    bool fits = own || text.len <= JOB_PAYLOAD_BYTES;
    int64_t retries = e->retries ? e->retries : own ? OWN_RETRIES : w ? w->retries : JOB_RETRIES;
    return tx_run(tx, SQL_JOB_ADD,
                  PARAMS(P_STR(tx->place), P_INT(tx_id(tx)), P_INT(cf->id),
                         P_STR(str_fmt(tx->arena, "%lld", (long long)fx->key)), P_STR(e->job_type),
                         P_STR(fits ? text : STR("{}")), P_STR(own ? STR("open") : STR("offered")),
                         P_INT(tx->now), P_STR(fits ? STR("") : STR("variables are too large")),
                         P_STR(e->id), P_INT(fits ? retries : 0)),
                  NULL, err);
}

bool casework_job_cancel(StoreTx *tx, const CaseFile *cf, const FlowEffect *fx, Err *err)
{
    return tx_run(tx, SQL_JOB_CANCEL,
                  PARAMS(P_STR(tx->place), P_INT(cf->id),
                         P_STR(str_fmt(tx->arena, "%lld", (long long)fx->key)), P_INT(tx->now)),
                  NULL, err);
}

/* ---- our own jobs: taken and done in one command, so that they need no lease ---- */

/* The item's, or the one that the task names. */
static bool issue_certificate(StoreTx *tx, CaseFile *cf, const Value *payload, Err *err)
{
    Str own = get_str(value_at(payload, "headers"), "paper");
    const Paper *paper = catalogue_paper(cf->catalogue, own.len ? own : cf->item->certificate);
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
    casework_put_named(tx->arena, cf, casework_paper_text(tx->arena, paper), data);
    Str holder = value_text(value_get(cf->answers, cf->item->holder_key));
    return tx_run(tx, SQL_CERTIFICATE_ADD,
                  PARAMS(P_STR(tx->place), P_INT(tx_id(tx)), P_INT(cf->id), P_STR(code),
                         P_STR(paper->key), P_STR(number),
                         P_STR(holder.len ? holder : cf->applicant),
                         P_STR(json_text(tx->arena, data)), P_INT(tx->now)),
                  NULL, err);
}

/* The inputs of the task stand under "letter". */
static const Value *letter(StoreTx *tx, const Value *payload)
{
    Value *extra = value_map(tx->arena);
    set_value(tx->arena, extra, "letter", value_copy(tx->arena, value_at(payload, "variables")));
    return extra;
}

static bool send_message(StoreTx *tx, CaseFile *cf, const Value *payload, Err *err)
{
    Str template = get_str(value_at(payload, "headers"), "template");
    if (str_eq(template, STR("decided")))
        template = cf->law.outcome == LAW_GRANTED ? STR("decided_grant") : STR("decided_deny");
    return casework_message(tx, cf, template, letter(tx, payload), err);
}

/* The law lets silence and clear rules say yes; a no is always a person's. */
static bool by_itself(StoreTx *tx, CaseFile *cf, LawAct act, Err *err)
{
    const FeelValue *p = feel_get(flow_variables(cf->flow), STR("proposal"));
    const FeelValue *why =
        p && p->kind == FEEL_CONTEXT ? feel_get(p->context, STR("reason")) : NULL;
    Value *in = value_map(tx->arena);
    Value *reason = why ? feel_to_value(tx->arena, why, err) : value_null(tx->arena);
    if (!reason)
        return false;
    if (reason->kind != VALUE_NULL)
        set_value(tx->arena, in, "reason", reason);
    return casework_system_may(tx, cf, act)
               ? casework_act(tx, cf, act, LAW_SYSTEM, &system_actor, in, err)
               : FAIL(err, ERR_CONFLICT, "the law does not let the case do '%s' now",
                      law_act_name(act));
}

static bool do_job(StoreTx *tx, CaseFile *cf, Str type, const Value *payload, Err *err)
{
    if (str_eq(type, STR("certificate.issue")))
        return issue_certificate(tx, cf, payload, err);
    if (str_eq(type, STR("message.send")))
        return send_message(tx, cf, payload, err);
    if (str_eq(type, STR("paper.issue")))
        return casework_issue(tx, cf, get_str(value_at(payload, "headers"), "paper"),
                              letter(tx, payload), err);
    if (str_eq(type, STR("case.accept")))
        return by_itself(tx, cf, LAW_ACCEPT, err);
    if (str_eq(type, STR("case.grant")))
        return by_itself(tx, cf, LAW_GRANT, err);
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

/* Tried again later each time; when no try is left, an incident of the process, for a person. A case
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
    int64_t attempts = row_int(&r, 0, 4) + 1, left = row_int(&r, 0, 5) - 1;
    bool last = left <= 0;
    if (!tx_run(tx, SQL_JOB_FAILED,
                PARAMS(P_STR(tx->place), P_INT(id), P_STR(last ? STR("failed") : STR("open")),
                       P_INT(tx->now + casework_backoff(JOB_BACKOFF_MS, attempts)), P_STR(reason),
                       P_INT(last ? 0 : left)),
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
