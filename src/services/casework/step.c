/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The process of a case moves one step: what the pure engine wants is written as tasks, jobs,
 * timers, subscriptions and messages in the same transaction. What a step brings at once (a message
 * that was kept, a call that leads nowhere) moves it on in the same command, boundedly.
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

const FlowInstance *casework_no_flow(void)
{
    static const FeelContext nothing = {NULL, 0};
    static FlowScope root = {.variables = &nothing};
    static const FlowInstance none = {.state = FLOW_CANCELLED, .scopes = {&root, 1, 1}};
    return &none;
}

Value *casework_flow_value(Arena *out, const CaseFile *cf, Err *err)
{
    if (cf->flow == casework_no_flow())
        return value_null(out);
    FlowModel m = casework_flow_model(cf);
    return flow_instance_value(out, &m, cf->flow, err);
}

/* ---- effects ---- */

static Str key_text(Arena *a, int64_t key)
{
    return str_fmt(a, "%lld", (long long)key);
}

static bool create_timer(StoreTx *tx, const CaseFile *cf, const FlowEffect *fx, Err *err)
{
    return tx_run(tx, SQL_TIMER_ADD,
                  PARAMS(P_STR(tx->place), P_INT(tx_id(tx)), P_INT(cf->id), P_STR(STR("flow")),
                         P_STR(key_text(tx->arena, fx->key)), P_INT(fx->due)),
                  NULL, err);
}

static bool cancel_timer(StoreTx *tx, const CaseFile *cf, const FlowEffect *fx, Err *err)
{
    return tx_run(tx, SQL_TIMER_CANCEL,
                  PARAMS(P_STR(tx->place), P_INT(cf->id), P_STR(STR("flow")),
                         P_STR(key_text(tx->arena, fx->key))),
                  NULL, err);
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
           casework_promise_days(tx, cf, get_int(result, "days", 0), get_str(result, "days_unit"),
                                 err);
}

static bool note_incident(StoreTx *tx, CaseFile *cf, const FlowEffect *fx, Err *err)
{
    static const Actor system = {.kind = ACTOR_SYSTEM};
    Value *data = value_map(tx->arena);
    set_str(tx->arena, data, "element", fx->element ? fx->element->id : STR(""));
    set_str(tx->arena, data, "reason", fx->reason);
    /* Not the reason: it may quote what the person said. The case's page shows it. */
    log_error("incident case=" STR_FMT " element=" STR_FMT, STR_ARG(cf->no),
              STR_ARG(get_str(data, "element")));
    return casework_note(tx, cf, STR("incident"), &system, data, err) &&
           casework_incident_open(tx, cf, fx, err);
}

/* The process is through: what was made is delivered electronically, once it may be; of a part, when
 * the whole hands out its results. */
static bool finished(StoreTx *tx, CaseFile *cf, Err *err)
{
    static const Actor system = {.kind = ACTOR_SYSTEM};
    if (cf->parent)
        return true;
    LawAct acts[LAW_ACTS];
    LawRules rules = casework_law_rules(tx_app(tx), cf->item);
    size_t n = law_allowed(&rules, &cf->law, LAW_SYSTEM, 0, tx->now, acts);
    for (size_t i = 0; i < n; i++)
        if (acts[i] == LAW_DELIVER)
            return casework_apply_law(tx, cf, LAW_DELIVER, LAW_SYSTEM, &system, NULL, err);
    return true;
}

bool casework_apply_effect(StoreTx *tx, CaseFile *cf, const FlowEffect *fx, Err *err)
{
    switch (fx->kind) {
    case FLOW_CREATE_TASK: return casework_task_add(tx, cf, fx, err);
    case FLOW_CANCEL_TASK: return casework_task_end(tx, cf, fx->key, STR("cancelled"), 0, err);
    case FLOW_CREATE_JOB: return casework_job_add(tx, cf, fx, err);
    case FLOW_CANCEL_JOB: return casework_job_cancel(tx, cf, fx, err);
    case FLOW_CREATE_TIMER: return create_timer(tx, cf, fx, err);
    case FLOW_CANCEL_TIMER: return cancel_timer(tx, cf, fx, err);
    case FLOW_DECIDED: return note_decided(tx, cf, fx, err);
    case FLOW_INCIDENT: return note_incident(tx, cf, fx, err);
    case FLOW_FINISHED: return finished(tx, cf, err);
    case FLOW_PUBLISH:
    case FLOW_BROADCAST: return casework_send(tx, cf, fx, err);
    case FLOW_SUBSCRIBE: return casework_subscribe(tx, cf, fx, err);
    case FLOW_UNSUBSCRIBE: return casework_unsubscribe(tx, cf, fx->key, err);
    case FLOW_CALL: /* refused when the step is through */
    case FLOW_CANCEL_CALL:
    case FLOW_PASSED:
    case FLOW_WITHDRAWN:
    case FLOW_ADOPTED: return true; /* migrate.c */
    }
    return true;
}

/* ---- one event, and what it brings at once ---- */

bool casework_model(StoreTx *tx, const CaseFile *cf, FlowModel *m, Err *err)
{
    LawRules *law = NEW(tx->arena, LawRules);
    CaseRules *rules = NEW(tx->arena, CaseRules);
    *law = casework_law_rules(tx_app(tx), cf->item);
    *m = casework_flow_model(cf);
    m->zone_minutes = tx_app(tx)->catalogue->zone_minutes;
    m->working_days = casework_working_days;
    m->calendar = &law->clock;
    *rules = (CaseRules){.model = cf->item->rules,
                         .now = feel_of_time(tx->arena, tx->now, m->zone_minutes)};
    m->decide = decide;
    m->rules = rules;
    return casework_rules_scope(tx->arena, tx_app(tx), cf, &rules->known, err);
}

bool casework_try(StoreTx *tx, CaseFile *cf, FlowEvent *ev, FlowResult *r, Err *err)
{
    FlowModel m;
    ev->at = tx->now;
    return casework_model(tx, cf, &m, err) && flow_step(tx->arena, &m, cf->flow, ev, r, err);
}

typedef Vec(FlowEffect) Effects;

/* What one command still has to do to the instance. */
typedef struct {
    Effects calls; /* of processes that nobody starts */
    Effects fresh; /* subscriptions to messages: one may be kept for them */
    int kept;      /* messages given in this command */
} FollowUp;

static void put_by(Arena *a, Effects *list, const FlowEffect *fx)
{
    *VEC_PUSH(a, list) = *fx;
}

static bool carry_out(StoreTx *tx, CaseFile *cf, const FlowEvent *ev, const FlowResult *r,
                      FollowUp *next, Err *err)
{
    const FlowInstance *before = cf->flow;
    cf->flow = r->after;
    if (!casework_trail(tx, cf, before, &r->effects, err) ||
        !casework_close_waits(tx, cf, before, err))
        return false;
    for (size_t i = 0; i < r->effects.len; i++) {
        const FlowEffect *fx = &r->effects.at[i];
        if (fx->kind == FLOW_CALL)
            put_by(tx->arena, &next->calls, fx);
        bool lasts = fx->kind == FLOW_SUBSCRIBE && casework_wait(cf->flow, fx->key);
        if (lasts && fx->trigger->kind == BPMN_ON_MESSAGE)
            put_by(tx->arena, &next->fresh, fx);
        if (!casework_apply_effect(tx, cf, fx, err))
            return false;
    }
    return casework_incidents_follow(tx, cf, before, ev, err);
}

static bool move(StoreTx *tx, CaseFile *cf, FlowEvent *ev, FollowUp *next, Err *err)
{
    FlowResult r;
    return casework_try(tx, cf, ev, &r, err) && carry_out(tx, cf, ev, &r, next, err);
}

/* Called processes of other files are a part of the instance since they were loaded; what is left
 * has a name that nobody knows. It must not wait in silence. */
static bool refuse_call(StoreTx *tx, CaseFile *cf, const FlowEffect *fx, FollowUp *next, Err *err)
{
    FlowEvent ev = {.kind = FLOW_JOB_FAILED, .key = fx->key};
    ev.reason =
        str_fmt(tx->arena, "it calls process '" STR_FMT "', which the catalogue does not have",
                STR_ARG(fx->name));
    return !casework_token(cf, fx->key, TOKEN_CALL) || move(tx, cf, &ev, next, err);
}

/* A message that does not fit the process stays for a person; the step goes on without it. */
static bool give_kept(StoreTx *tx, CaseFile *cf, CaseMessage *m, int64_t key, FollowUp *next,
                      Err *err)
{
    static const Actor system = {.kind = ACTOR_SYSTEM};
    FlowEvent ev;
    FlowResult r;
    Err why = {0};
    cf->hops = m->hops > cf->hops ? m->hops : cf->hops;
    Value *data = value_map(tx->arena);
    set_str(tx->arena, data, "name", m->name);
    set_str(tx->arena, data, "from", m->sender);
    if (casework_message_event(tx, m, key, &ev, &why) && casework_try(tx, cf, &ev, &r, &why))
        return casework_message_done(tx, m, cf->id, err) &&
               casework_note(tx, cf, STR("message_received"), &system, data, err) &&
               carry_out(tx, cf, &ev, &r, next, err);
    set_str(tx->arena, data, "reason", str_dup(tx->arena, str_z(why.msg)));
    return tx_run(tx, SQL_MESSAGE_TRIED,
                  PARAMS(P_STR(tx->place), P_INT(m->id), P_STR(STR("failed")), P_INT(tx->now),
                         P_STR(get_str(data, "reason")), P_INT(cf->id)),
                  NULL, err) &&
           casework_note(tx, cf, STR("incident"), &system, data, err);
}

/* The oldest message that is kept for a wait that has just begun. */
static bool look_for_kept(StoreTx *tx, CaseFile *cf, const FlowEffect *fx, FollowUp *next, Err *err)
{
    StoreRows r;
    if (!casework_wait(cf->flow, fx->key))
        return true;
    if (!tx_run(tx, SQL_MESSAGE_KEPT,
                PARAMS(P_STR(tx->place), P_STR(fx->name), P_STR(fx->correlation), P_INT(tx->now)),
                &r, err))
        return false;
    if (!r.count)
        return true;
    CaseMessage m = {.id = row_int(&r, 0, 0),
                     .name = fx->name,
                     .correlation = fx->correlation,
                     .variables = row_str(&r, 0, 1),
                     .hops = row_int(&r, 0, 2),
                     .message_id = row_str(&r, 0, 3),
                     .sender = row_str(&r, 0, 4),
                     .until = row_int(&r, 0, 5)};
    if (next->kept++ < MESSAGES_KEPT_AT_ONCE)
        return give_kept(tx, cf, &m, fx->key, next, err);
    return tx_run(tx, SQL_MESSAGE_OPEN, PARAMS(P_STR(tx->place), P_INT(m.id), P_INT(tx->now)), NULL,
                  err); /* the rest by the worker, a command each */
}

bool casework_step(StoreTx *tx, CaseFile *cf, FlowEvent *ev, Err *err)
{
    FollowUp next = {0};
    if (!move(tx, cf, ev, &next, err))
        return false;
    for (size_t i = 0, k = 0; i < next.calls.len || k < next.fresh.len;) {
        FlowEffect fx = i < next.calls.len ? next.calls.at[i] : next.fresh.at[k];
        bool call = i < next.calls.len;
        if (!(call ? refuse_call(tx, cf, &fx, &next, err) : look_for_kept(tx, cf, &fx, &next, err)))
            return false;
        i += call;
        k += !call;
    }
    return true;
}

/* ---- events ---- */

bool casework_start_process(StoreTx *tx, CaseFile *cf, Err *err)
{
    FlowEvent ev = {.kind = FLOW_START};
    return casework_step(tx, cf, &ev, err);
}

bool casework_cancel_process(StoreTx *tx, CaseFile *cf, Err *err)
{
    FlowEvent ev = {.kind = FLOW_CANCEL};
    return cf->flow->state != FLOW_ACTIVE || casework_step(tx, cf, &ev, err);
}

bool casework_flow_timer(StoreTx *tx, CaseFile *cf, Str key, Err *err)
{
    FlowEvent ev = {.kind = FLOW_TIMER};
    return str_int(key, &ev.key) ? casework_step(tx, cf, &ev, err)
                                 : FAIL(err, ERR_INTERNAL, "a timer's key is no number");
}

bool casework_flow_job_done(StoreTx *tx, CaseFile *cf, Str key, Err *err)
{
    FlowEvent ev = {.kind = FLOW_JOB_DONE};
    return str_int(key, &ev.key) ? casework_step(tx, cf, &ev, err)
                                 : FAIL(err, ERR_INTERNAL, "a job's key is no number");
}

bool casework_flow_job_failed(StoreTx *tx, CaseFile *cf, Str key, Str reason, Err *err)
{
    FlowEvent ev = {.kind = FLOW_JOB_FAILED, .reason = reason};
    return str_int(key, &ev.key) ? casework_step(tx, cf, &ev, err)
                                 : FAIL(err, ERR_INTERNAL, "a job's key is no number");
}
