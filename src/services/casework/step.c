/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The process of a case moves one step: what the pure engine wants is written as tasks, jobs and
 * timers in the same transaction. A task's due date is what the law says comes next.
 */
#include "base/log.h"
#include "engine/rules/rules.h"
#include "services/casework/casework_int.h"
#include "json/json.h"

/* ---- decisions ---- */

typedef struct {
    const DmnModel *model;
    const FeelContext *known; /* answers, facts, the day of application */
    FeelValue now;
} CaseRules;

/* Names of the process hide the case's own. */
static bool decide(void *rules, Arena *out, Str decision, const FeelValue *input, FeelValue *result,
                   Value **trace, Err *err)
{
    const CaseRules *r = rules;
    const FeelContext *all = r->known;
    if (!r->model)
        return FAIL(err, ERR_NOT_FOUND, "the item has no rules");
    for (size_t i = 0; input->kind == FEEL_CONTEXT && i < input->context->count; i++)
        all = feel_with(out, all, input->context->entries[i].key, input->context->entries[i].value);
    FeelValue whole = feel_context(all);
    FeelLimits limits = {.steps = RULES_MAX_STEPS, .calls = RULES_MAX_CALLS, .now = &r->now};
    RulesAsk ask = {.input = &whole, .limits = &limits, .is_data = true, .traced = true};
    RulesAnswer answer;
    if (!rules_decide(out, r->model, decision, &ask, &answer, err))
        return false;
    *result = answer.value;
    *trace = answer.trace;
    return true;
}

FlowModel casework_flow_model(const CaseFile *cf)
{
    return (FlowModel){.process = cf->item->process};
}

Value *casework_flow_value(Arena *out, const CaseFile *cf, Err *err)
{
    FlowModel m = casework_flow_model(cf);
    return flow_instance_value(out, &m, cf->flow, err);
}

/* ---- effects ---- */

static Str key_text(Arena *a, int64_t key)
{
    return str_fmt(a, "%lld", (long long)key);
}

static TimeMs next_due(const CaseFile *cf)
{
    TimeMs due = cf->law.telling_due ? cf->law.telling_due : cf->promise_due;
    return due ? due : INT64_MAX;
}

static bool create_task(StoreTx *tx, const CaseFile *cf, const FlowEffect *fx, Err *err)
{
    Str stage = flow_task_stage(fx->element);
    bool decides = str_eq(stage, STR("decide"));
    int64_t not_for = !decides ? 0 : cf->law.receiver ? cf->law.receiver : cf->law.taken_by;
    return tx_run(tx, SQL_TASK_ADD,
                  PARAMS(P_STR(tx->place), P_INT(tx_id(tx)), P_INT(cf->id), P_STR(cf->no),
                         P_INT(fx->key), P_STR(fx->element->id), P_STR(stage),
                         P_STR(fx->element->role), P_STR(cf->organ), P_STR(cf->title),
                         P_STR(cf->applicant), P_INT(not_for), P_INT(tx->now), P_INT(next_due(cf))),
                  NULL, err);
}

static bool end_task(StoreTx *tx, const CaseFile *cf, int64_t key, Str state, int64_t who, Err *err)
{
    return tx_run(tx, SQL_TASK_END,
                  PARAMS(P_STR(tx->place), P_INT(cf->id), P_INT(key), P_STR(state), P_INT(tx->now),
                         P_INT(who)),
                  NULL, err);
}

static bool create_job(StoreTx *tx, const CaseFile *cf, const FlowEffect *fx, Err *err)
{
    Value *payload = value_map(tx->arena);
    set_str(tx->arena, payload, "element", fx->element->id);
    Value *headers = set_map(tx->arena, payload, "headers");
    for (size_t i = 0; i < fx->element->header_count; i++)
        value_set(tx->arena, headers, fx->element->headers[i].name,
                  value_str(tx->arena, fx->element->headers[i].value));
    for (size_t i = 0; i < fx->element->property_count; i++)
        value_set(tx->arena, headers, fx->element->properties[i].name,
                  value_str(tx->arena, fx->element->properties[i].value));
    return tx_run(tx, SQL_JOB_ADD,
                  PARAMS(P_STR(tx->place), P_INT(tx_id(tx)), P_INT(cf->id),
                         P_STR(key_text(tx->arena, fx->key)), P_STR(fx->element->job_type),
                         P_STR(json_text(tx->arena, payload)), P_INT(tx->now)),
                  NULL, err);
}

static bool create_timer(StoreTx *tx, const CaseFile *cf, const FlowEffect *fx, Err *err)
{
    return tx_run(tx, SQL_TIMER_ADD,
                  PARAMS(P_STR(tx->place), P_INT(tx_id(tx)), P_INT(cf->id), P_STR(STR("flow")),
                         P_STR(key_text(tx->arena, fx->key)), P_INT(fx->due)),
                  NULL, err);
}

static bool cancel(StoreTx *tx, const CaseFile *cf, SqlId sql, const FlowEffect *fx, Err *err)
{
    StoreParam key = P_STR(key_text(tx->arena, fx->key));
    if (sql == SQL_TIMER_CANCEL)
        return tx_run(tx, sql, PARAMS(P_STR(tx->place), P_INT(cf->id), P_STR(STR("flow")), key),
                      NULL, err);
    return tx_run(tx, sql, PARAMS(P_STR(tx->place), P_INT(cf->id), key), NULL, err);
}

/* The rules' proposal is a part of the file: result, and how it came about. */
static bool note_decided(StoreTx *tx, CaseFile *cf, const FlowEffect *fx, Err *err)
{
    static const Actor system = {.kind = ACTOR_SYSTEM};
    Value *data = value_map(tx->arena);
    Value *result = feel_to_value(tx->arena, &fx->result, err);
    if (!result)
        return false;
    set_str(tx->arena, data, "decision", fx->element->decision);
    set_value(tx->arena, data, "result", result);
    if (fx->trace)
        set_value(tx->arena, data, "trace", fx->trace);
    return casework_note(tx, cf, STR("proposed"), &system, data, err) &&
           casework_promise_days(tx, cf, get_int(result, "days", 0), err);
}

static bool note_incident(StoreTx *tx, CaseFile *cf, const FlowEffect *fx, Err *err)
{
    static const Actor system = {.kind = ACTOR_SYSTEM};
    Value *data = value_map(tx->arena);
    set_str(tx->arena, data, "element", fx->element ? fx->element->id : STR(""));
    set_str(tx->arena, data, "reason", fx->reason);
    log_error("incident case=" STR_FMT " reason=\"" STR_FMT "\"", STR_ARG(cf->no),
              STR_ARG(fx->reason));
    return casework_note(tx, cf, STR("incident"), &system, data, err);
}

/* The process is through: what was made is delivered electronically, once it may be. */
static bool finished(StoreTx *tx, CaseFile *cf, Err *err)
{
    static const Actor system = {.kind = ACTOR_SYSTEM};
    LawAct acts[LAW_ACTS];
    LawRules rules = casework_law_rules(tx_app(tx), cf->item);
    size_t n = law_allowed(&rules, &cf->law, LAW_SYSTEM, 0, tx->now, acts);
    for (size_t i = 0; i < n; i++)
        if (acts[i] == LAW_DELIVER)
            return casework_apply_law(tx, cf, LAW_DELIVER, LAW_SYSTEM, &system, NULL, err);
    return true;
}

static bool apply_effect(StoreTx *tx, CaseFile *cf, const FlowEffect *fx, Err *err)
{
    switch (fx->kind) {
    case FLOW_CREATE_TASK: return create_task(tx, cf, fx, err);
    case FLOW_CANCEL_TASK: return end_task(tx, cf, fx->key, STR("cancelled"), 0, err);
    case FLOW_CREATE_JOB: return create_job(tx, cf, fx, err);
    case FLOW_CANCEL_JOB: return cancel(tx, cf, SQL_JOB_CANCEL, fx, err);
    case FLOW_CREATE_TIMER: return create_timer(tx, cf, fx, err);
    case FLOW_CANCEL_TIMER: return cancel(tx, cf, SQL_TIMER_CANCEL, fx, err);
    case FLOW_DECIDED: return note_decided(tx, cf, fx, err);
    case FLOW_INCIDENT: return note_incident(tx, cf, fx, err);
    case FLOW_FINISHED: return finished(tx, cf, err);
    case FLOW_SUBSCRIBE:
    case FLOW_UNSUBSCRIBE: /* the instance itself remembers what it waits for */
    case FLOW_PUBLISH:     /* the catalogue has no process that listens to another */
    case FLOW_BROADCAST:
    case FLOW_CALL:
    case FLOW_CANCEL_CALL:
    case FLOW_PASSED:
    case FLOW_WITHDRAWN: return true;
    }
    return true;
}

/* A timer of a process counts working days as the law's limits do. */
static bool working_days(void *clock, TimeMs from, int64_t days, TimeMs *due, Err *err)
{
    LawDue limit;
    if (days < 0 || days > LAW_MAX_BUDGET)
        return FAIL(err, ERR_LIMIT, "more than %d working days", LAW_MAX_BUDGET);
    LawBudget budget = {.n = (int32_t)days, .unit = LAW_WORKING_DAY};
    if (!law_due(clock, from, budget, (LawIntervals){0}, &limit, err))
        return false;
    *due = limit.at;
    return true;
}

static bool step(StoreTx *tx, CaseFile *cf, FlowEvent *ev, Err *err)
{
    LawRules law = casework_law_rules(tx_app(tx), cf->item);
    FlowModel m = casework_flow_model(cf);
    m.zone_minutes = tx_app(tx)->catalogue->zone_minutes;
    m.working_days = working_days;
    m.calendar = &law.clock;
    CaseRules rules = {.model = cf->item->rules,
                       .now = feel_of_time(tx->arena, tx->now, m.zone_minutes)};
    m.decide = decide;
    m.rules = &rules;
    ev->at = tx->now;
    FlowResult r;
    if (!casework_rules_scope(tx->arena, tx_app(tx), cf, &rules.known, err) ||
        !flow_step(tx->arena, &m, cf->flow, ev, &r, err))
        return false;
    cf->flow = r.after;
    for (size_t i = 0; i < r.effects.len; i++)
        if (!apply_effect(tx, cf, &r.effects.at[i], err))
            return false;
    return true;
}

/* ---- events ---- */

bool casework_start_process(StoreTx *tx, CaseFile *cf, Err *err)
{
    FlowEvent ev = {.kind = FLOW_START};
    return step(tx, cf, &ev, err);
}

bool casework_answer_stage(StoreTx *tx, CaseFile *cf, Str stage, Str variable, Str value,
                           const Actor *actor, Err *err)
{
    for (size_t i = 0; i < cf->flow->tokens.len; i++) {
        const FlowToken *t = &cf->flow->tokens.at[i];
        const BpmnElement *e = &cf->item->process->elements[t->element];
        if (t->state != TOKEN_TASK || !str_eq(flow_task_stage(e), stage))
            continue;
        const FeelContext *vars =
            feel_with(tx->arena, &(FeelContext){0}, variable, feel_str(value));
        FlowEvent ev = {.kind = FLOW_TASK_DONE, .key = t->key, .variables = vars};
        int64_t who = actor->kind == ACTOR_STAFF ? actor->id : 0;
        return end_task(tx, cf, t->key, STR("done"), who, err) && step(tx, cf, &ev, err);
    }
    /* The law's timers act wherever the process stands; people only where it waits for them. */
    return actor->kind != ACTOR_STAFF ||
           FAIL(err, ERR_CONFLICT, "case '" STR_FMT "' does not wait for '" STR_FMT "'",
                STR_ARG(cf->no), STR_ARG(stage));
}

bool casework_cancel_process(StoreTx *tx, CaseFile *cf, Err *err)
{
    FlowEvent ev = {.kind = FLOW_CANCEL};
    return cf->flow->state != FLOW_ACTIVE || step(tx, cf, &ev, err);
}

bool casework_flow_timer(StoreTx *tx, CaseFile *cf, Str key, Err *err)
{
    FlowEvent ev = {.kind = FLOW_TIMER};
    return str_int(key, &ev.key) ? step(tx, cf, &ev, err)
                                 : FAIL(err, ERR_INTERNAL, "a timer's key is no number");
}

bool casework_flow_job_done(StoreTx *tx, CaseFile *cf, Str key, Err *err)
{
    FlowEvent ev = {.kind = FLOW_JOB_DONE};
    return str_int(key, &ev.key) ? step(tx, cf, &ev, err)
                                 : FAIL(err, ERR_INTERNAL, "a job's key is no number");
}

bool casework_flow_job_failed(StoreTx *tx, CaseFile *cf, Str key, Str reason, Err *err)
{
    FlowEvent ev = {.kind = FLOW_JOB_FAILED, .reason = reason};
    return str_int(key, &ev.key) ? step(tx, cf, &ev, err)
                                 : FAIL(err, ERR_INTERNAL, "a job's key is no number");
}
