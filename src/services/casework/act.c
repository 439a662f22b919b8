/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An act of law on a case, and all that follows from it in the same transaction:
 *
 *   law_apply -> timers -> event -> due dates -> the process's waiting step -> paper -> message
 *
 * The tables below say which paper and which message an act gives, and which stage of the process
 * it answers. They speak of the life cycle that every case has, never of an item.
 */
#include "base/log.h"
#include "services/casework/casework_int.h"
#include "services/certificate/localise.h"
#include "services/certificate/paper.h"
#include "services/notify/notify.h"
#include "json/json.h"

/* ORDER LawDocument */
static const Str papers[LAW_DOCUMENTS] = {
    [LAW_DOC_RECEIPT] = STR_INIT("receipt"),
    [LAW_DOC_CORRECTION] = STR_INIT("correction"),
    [LAW_DOC_CORRECTION_RECEIPT] = STR_INIT("correction-receipt"),
    [LAW_DOC_ACCEPTANCE] = STR_INIT("acceptance"),
    [LAW_DOC_ACCEPTANCE_DEEMED] = STR_INIT("acceptance-deemed"),
    [LAW_DOC_REFUSAL] = STR_INIT("refusal"),
    [LAW_DOC_TRANSFER] = STR_INIT("transfer"),
    [LAW_DOC_SUSPENSION] = STR_INIT("suspension"),
    [LAW_DOC_RESUMPTION] = STR_INIT("resumption"),
    [LAW_DOC_EXTENSION] = STR_INIT("extension"),
    [LAW_DOC_GRANT] = STR_INIT("decision-grant"),
    [LAW_DOC_DENY] = STR_INIT("decision-deny"),
    [LAW_DOC_DELIVERY] = STR_INIT("delivery-receipt"),
    [LAW_DOC_WITHDRAWAL] = STR_INIT("withdrawal"),
    [LAW_DOC_WITHDRAWAL_DEEMED] = STR_INIT("withdrawal-deemed"),
    [LAW_DOC_TERMINATION] = STR_INIT("termination"),
    [LAW_DOC_ACCEPTANCE_REVOKED] = STR_INIT("acceptance-revoked"),
    [LAW_DOC_REVOCATION] = STR_INIT("revocation"),
};

/* Messages that the law's acts give; the process sends what is special to it. ORDER LawAct */
static const Str messages[LAW_ACTS] = {
    [LAW_SUBMIT] = STR_INIT("received"),
    [LAW_ACCEPT] = STR_INIT("accepted"),
    [LAW_ACCEPT_DEEMED] = STR_INIT("accepted_deemed"),
    [LAW_REFUSE] = STR_INIT("refused"),
    [LAW_ASK_CORRECTION] = STR_INIT("correction"),
    [LAW_CORRECT] = STR_INIT("correction_received"),
    [LAW_CORRECTION_LAPSE] = STR_INIT("correction_overdue"),
    [LAW_SUSPEND] = STR_INIT("suspended"),
    [LAW_RESUME] = STR_INIT("resumed"),
    [LAW_EXTEND] = STR_INIT("extended"),
    [LAW_WITHDRAW] = STR_INIT("withdrawn"),
    [LAW_REVOKE_RESULT] = STR_INIT("revoked"),
};

static LawBudget budget_of(const TimeLimit *t)
{
    LawBudget b = {.n = t->n, .unit = LAW_NATURAL_DAY};
    (void)!law_unit_read(t->unit, &b.unit);
    return b;
}

LawRules casework_law_rules(const App *app, const Item *item)
{
    const Catalogue *c = app->catalogue;
    return (LawRules){.clock = {.calendar = c->calendar,
                                .hours = {c->open_minute, c->close_minute},
                                .zone = c->zone_minutes},
                      .legal = budget_of(&item->legal),
                      .promise = budget_of(&item->promise),
                      .telling_days = item->telling_days,
                      .correction_days = item->correction_days,
                      .makes_result = item->certificate.len > 0};
}

/* ---- what follows ---- */

/* Of a whole nothing is timed: its parts have their limits. */
static bool set_timers(StoreTx *tx, const CaseFile *cf, const LawEffects *fx, Err *err)
{
    for (size_t i = 0; !casework_is_whole(cf) && i < fx->timer_count; i++) {
        const LawTimer *t = &fx->timers[i];
        Str key = str_z(law_timer_name(t->kind));
        bool is_first = cf->chain.seq == 0; /* before the first event there are no timers */
        if (!is_first &&
            !tx_run(tx, SQL_TIMER_CANCEL,
                    PARAMS(P_STR(tx->place), P_INT(cf->id), P_STR(STR("law")), P_STR(key)), NULL,
                    err))
            return false;
        if (t->set && !tx_run(tx, SQL_TIMER_ADD,
                              PARAMS(P_STR(tx->place), P_INT(tx_id(tx)), P_INT(cf->id),
                                     P_STR(STR("law")), P_STR(key), P_INT(t->at)),
                              NULL, err))
            return false;
    }
    return true;
}

/* data gets the paper's number as well. */
static bool issue_paper(StoreTx *tx, const CaseFile *cf, const Paper *paper, Value *data, Err *err)
{
    Str number;
    if (!paper_number(tx, paper, cf->no, &number, err))
        return false;
    set_str(tx->arena, data, "document_number", number);
    casework_put_named(tx->arena, cf, casework_paper_text(tx->arena, paper), data);
    return tx_run(tx, SQL_DOCUMENT_ADD,
                  PARAMS(P_STR(tx->place), P_INT(tx_id(tx)), P_INT(cf->id), P_STR(paper->key),
                         P_STR(number), P_STR(json_text(tx->arena, data)), P_INT(tx->now)),
                  NULL, err);
}

static bool send(StoreTx *tx, const CaseFile *cf, const MessageTemplate *t, const Value *data,
                 Err *err)
{
    Party to = cf->who;
    Value *named = value_copy(tx->arena, data);
    casework_put_named(tx->arena, cf, casework_message_text(tx->arena, t), named);
    return (to.id || party_find(tx->conn, tx->arena, cf->party, &to, err)) &&
           notify_queue(tx, cf->id, &to, t, cf->lang, named, err);
}

bool casework_issue(StoreTx *tx, const CaseFile *cf, Str paper, const Value *extra, Err *err)
{
    const Paper *p = catalogue_paper(cf->catalogue, paper);
    if (!p || p->certificate)
        return FAIL(err, ERR_NOT_FOUND, "no letter '" STR_FMT "'", STR_ARG(paper));
    return issue_paper(tx, cf, p, casework_data(tx->arena, tx_app(tx), cf, extra), err);
}

bool casework_message(StoreTx *tx, const CaseFile *cf, Str template, const Value *extra, Err *err)
{
    const MessageTemplate *t = catalogue_message(cf->catalogue, template);
    return !t || send(tx, cf, t, casework_data(tx->arena, tx_app(tx), cf, extra), err);
}

static Value *event_data(Arena *a, const Value *in, const Actor *actor, const LawEffects *fx)
{
    Value *data = in ? value_copy(a, in) : value_map(a);
    if (actor->kind == ACTOR_STAFF) {
        set_str(a, data, "by", actor->name);
        set_str(a, data, "organ", actor->organ);
    }
    if (fx->red_card)
        set_bool(a, data, "red_card", true);
    return data;
}

bool casework_note(StoreTx *tx, CaseFile *cf, Str kind, const Actor *actor, const Value *data,
                   Err *err)
{
    return store_chain_add(tx, &cf->chain, kind, actor_text(tx->arena, actor), data, err);
}

/* The row's columns follow the law's state; the worklist sorts by what is due next. */
static bool follow_law(StoreTx *tx, CaseFile *cf, Err *err)
{
    const LawCase *l = &cf->law;
    cf->state = str_z(law_state_name(l->state));
    cf->received_at = l->received_at;
    cf->legal_due = l->legal_due.open ? 0 : l->legal_due.at;
    cf->promise_due = l->promise_due.open ? 0 : l->promise_due.at;
    cf->closed_at = l->closed_at;
    TimeMs due = l->telling_due ? l->telling_due : cf->promise_due;
    if (cf->chain.seq == 1)
        return true; /* the first act: its process has not begun, there are no tasks */
    if (law_is_closed(l->state))
        return tx_run(tx, SQL_TIMERS_CANCEL_ALL, PARAMS(P_STR(tx->place), P_INT(cf->id)), NULL,
                      err) &&
               tx_run(tx, SQL_SUBSCRIPTIONS_END_ALL, PARAMS(P_STR(tx->place), P_INT(cf->id)), NULL,
                      err);
    return tx_run(tx, SQL_TASKS_DUE_OF_CASE,
                  PARAMS(P_STR(tx->place), P_INT(cf->id), P_INT(due ? due : INT64_MAX)), NULL, err);
}

bool casework_promise_days(StoreTx *tx, CaseFile *cf, int64_t days, Str unit, Err *err)
{
    if (days <= 0 || days > LAW_MAX_BUDGET || !cf->law.accepted_at)
        return true;
    LawRules rules = casework_law_rules(tx_app(tx), cf->item);
    LawCase changed = cf->law;
    LawEffects fx;
    changed.promise = (LawBudget){(int32_t)days, LAW_NATURAL_DAY};
    if (unit.len && !law_unit_read(unit, &changed.promise.unit))
        return FAIL(err, ERR_INPUT, "'" STR_FMT "' is no unit of time", STR_ARG(unit));
    return law_recompute(&rules, &changed, &cf->law, &fx, err) && set_timers(tx, cf, &fx, err) &&
           follow_law(tx, cf, err);
}

static LawEvent law_event(StoreTx *tx, LawAct act, LawRole role, const Actor *actor,
                          const Value *in)
{
    const Value *reason = value_at(in, "reason");
    return (LawEvent){.act = act,
                      .role = role,
                      .actor = actor->kind == ACTOR_SYSTEM ? 0 : actor->id,
                      .at = tx->now,
                      .reason = value_count(reason) ? STR("given") : value_text(reason),
                      .ground = get_str(in, "ground_key"),
                      .until = get_int(in, "until", 0)};
}

/* What an act leaves to be told once all its consequences are known. */
typedef struct {
    LawAct act;
    LawDocument document;
    const Value *data;
} Aftermath;

static bool move_law(StoreTx *tx, CaseFile *cf, const LawEvent *event, const Actor *actor,
                     const Value *in, Aftermath *after, Err *err)
{
    LawRules rules = casework_law_rules(tx_app(tx), cf->item);
    LawEffects fx;
    if (!law_apply(&rules, &cf->law, event, &cf->law, &fx, err) || !set_timers(tx, cf, &fx, err))
        return false;
    *after = (Aftermath){event->act, fx.document, event_data(tx->arena, in, actor, &fx)};
    return casework_note(tx, cf, str_z(law_act_name(event->act)), actor, after->data, err) &&
           follow_law(tx, cf, err);
}

/* On paper and by message, from the same data; a place that has neither keeps the event alone. */
static bool tell(StoreTx *tx, CaseFile *cf, const Aftermath *after, Err *err)
{
    const Paper *paper = catalogue_paper(cf->catalogue, papers[after->document]);
    const MessageTemplate *t = catalogue_message(cf->catalogue, messages[after->act]);
    if (!paper && !t)
        return true;
    Value *data = casework_data(tx->arena, tx_app(tx), cf, after->data);
    return (!paper || issue_paper(tx, cf, paper, data, err)) && (!t || send(tx, cf, t, data, err));
}

bool casework_apply_law(StoreTx *tx, CaseFile *cf, LawAct act, LawRole role, const Actor *actor,
                        const Value *in, Err *err)
{
    LawEvent event = law_event(tx, act, role, actor, in);
    Aftermath after;
    return move_law(tx, cf, &event, actor, in, &after, err) && tell(tx, cf, &after, err);
}

bool casework_law_quietly(StoreTx *tx, CaseFile *cf, LawAct act, LawRole role, const Actor *actor,
                          const Value *in, Err *err)
{
    LawEvent event = law_event(tx, act, role, actor, in);
    Aftermath after;
    return move_law(tx, cf, &event, actor, in, &after, err);
}

/* ---- the waiting step of the process that an act answers ---- */

typedef struct {
    const char *stage, *variable, *value;
} StepAnswer;

static StepAnswer step_answer(LawAct act)
{
    switch (act) {
    case LAW_ACCEPT:
    case LAW_ACCEPT_DEEMED: return (StepAnswer){"receive", "outcome", "accept"};
    case LAW_REFUSE:
    case LAW_TRANSFER: return (StepAnswer){"receive", "outcome", "refuse"};
    case LAW_GRANT: return (StepAnswer){"decide", "decision", "grant"};
    case LAW_DENY: return (StepAnswer){"decide", "decision", "deny"};
    case LAW_SUBMIT:
    case LAW_ASK_CORRECTION:
    case LAW_CORRECT:
    case LAW_CORRECTION_LAPSE:
    case LAW_SUSPEND:
    case LAW_RESUME:
    case LAW_EXTEND:
    case LAW_ISSUE:
    case LAW_DELIVER:
    case LAW_SUPPLY:
    case LAW_DEFERRED_LAPSE:
    case LAW_WITHDRAW:
    case LAW_TERMINATE:
    case LAW_REVOKE_RESULT:
    case LAW_ARCHIVE:
    case LAW_ACTS: break;
    }
    return (StepAnswer){NULL, NULL, NULL};
}

static bool ends_process(LawAct act)
{
    return act == LAW_WITHDRAW || act == LAW_TERMINATE || act == LAW_CORRECTION_LAPSE ||
           act == LAW_DEFERRED_LAPSE;
}

/* Rules that were asked before the acceptance have said already how long it takes. */
static bool promise_as_proposed(StoreTx *tx, CaseFile *cf, LawAct act, Err *err)
{
    bool accepts = act == LAW_ACCEPT || act == LAW_ACCEPT_DEEMED;
    const FeelValue *p =
        accepts && cf->flow ? feel_get(flow_variables(cf->flow), STR("proposal")) : NULL;
    if (!p || p->kind != FEEL_CONTEXT)
        return true;
    Value *v = feel_to_value(tx->arena, p, err);
    return v && casework_promise_days(tx, cf, get_int(v, "days", 0), get_str(v, "days_unit"), err);
}

/* The process moves before anybody is told: its rules may change what is promised. */
bool casework_act(StoreTx *tx, CaseFile *cf, LawAct act, LawRole role, const Actor *actor,
                  const Value *in, Err *err)
{
    LawEvent event = law_event(tx, act, role, actor, in);
    Aftermath after;
    if (!move_law(tx, cf, &event, actor, in, &after, err) || !promise_as_proposed(tx, cf, act, err))
        return false;
    StepAnswer answer = step_answer(act);
    if (answer.stage && !casework_answer_stage(tx, cf, str_z(answer.stage), str_z(answer.variable),
                                               str_z(answer.value), actor, err))
        return false;
    if (ends_process(act) && !casework_cancel_process(tx, cf, err))
        return false;
    return tell(tx, cf, &after, err);
}
