/* SPDX-License-Identifier: Apache-2.0 */
/*
 * User tasks of a process: whose pool, until when, and how they end.
 *
 * A task is due when the law's next limit ends, or its own (stepLimit, zeebe:taskSchedule) where
 * that is earlier; a step's
 * limit that passes is noted in the stream. Steps that the law knows (receive, decide) are ended by
 * an act of it, every other one by a plain form: an outcome and a remark.
 */
#include "catalogue/task.h"
#include "services/casework/casework_int.h"

static const Actor system_actor = {.kind = ACTOR_SYSTEM};

/* ---- until when ---- */

bool casework_working_days(void *clock, TimeMs from, int64_t days, TimeMs *due, Err *err)
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

bool casework_time_after(StoreTx *tx, Str limit, TimeMs *at, Err *err)
{
    const Catalogue *c = tx_app(tx)->catalogue;
    int64_t days;
    FeelValue span;
    if (!task_limit(tx->arena, limit, &days, &span, err))
        return false;
    LawClock clock = {.calendar = c->calendar,
                      .hours = {c->open_minute, c->close_minute},
                      .zone = c->zone_minutes};
    if (days)
        return casework_working_days(&clock, tx->now, days, at, err);
    FeelValue now = feel_of_time(tx->arena, tx->now, c->zone_minutes);
    FeelValue end = feel_add(tx->arena, &now, &span);
    return feel_time_of(&end, c->zone_minutes, at) ||
           FAIL(err, ERR_INPUT, "'" STR_FMT "' leads to no time", STR_ARG(limit));
}

static TimeMs law_due_next(const CaseFile *cf)
{
    TimeMs due = cf->law.telling_due ? cf->law.telling_due : cf->promise_due;
    return due ? due : INT64_MAX;
}

/* ---- beginning and end ---- */

static StoreParam key_param(StoreTx *tx, int64_t key)
{
    return P_STR(str_fmt(tx->arena, "%lld", (long long)key));
}

static bool set_timer(StoreTx *tx, const CaseFile *cf, int64_t key, TimeMs due, Err *err)
{
    return tx_run(tx, SQL_TIMER_ADD,
                  PARAMS(P_STR(tx->place), P_INT(tx_id(tx)), P_INT(cf->id), P_STR(STR("task")),
                         key_param(tx, key), P_INT(due)),
                  NULL, err);
}

bool casework_task_add(StoreTx *tx, const CaseFile *cf, const FlowEffect *fx, Err *err)
{
    const BpmnElement *e = fx->element;
    Str stage = flow_task_stage(e), limit = flow_task_limit(e);
    bool decides = str_eq(stage, STR("decide"));
    int64_t not_for = !decides ? 0 : cf->law.receiver ? cf->law.receiver : cf->law.taken_by;
    TaskPool pool = task_pool(tx_app(tx)->catalogue, e);
    TimeMs own = 0, due = law_due_next(cf);
    if (limit.len && !casework_time_after(tx, limit, &own, err))
        return false;
    own = fx->due && (!own || fx->due < own) ? fx->due : own;
    if (own && !set_timer(tx, cf, fx->key, own, err))
        return false;
    due = own && own < due ? own : due;
    return tx_run(tx, SQL_TASK_ADD,
                  PARAMS(P_STR(tx->place), P_INT(tx_id(tx)), P_INT(cf->id), P_STR(cf->no),
                         P_INT(fx->key), P_STR(e->id), P_STR(stage), P_STR(pool.role),
                         P_STR(pool.organ.len ? pool.organ : cf->organ), P_STR(cf->title),
                         P_STR(cf->applicant), P_INT(not_for), P_INT(tx->now), P_INT(due),
                         P_INT(own)),
                  NULL, err);
}

bool casework_task_end(StoreTx *tx, const CaseFile *cf, int64_t key, Str state, int64_t who,
                       Err *err)
{
    return tx_run(tx, SQL_TASK_END,
                  PARAMS(P_STR(tx->place), P_INT(cf->id), P_INT(key), P_STR(state), P_INT(tx->now),
                         P_INT(who)),
                  NULL, err) &&
           tx_run(tx, SQL_TIMER_CANCEL,
                  PARAMS(P_STR(tx->place), P_INT(cf->id), P_STR(STR("task")), key_param(tx, key)),
                  NULL, err);
}

/* While the law's clock stands, a step's limit does not pass: it is looked at again next day. */
bool casework_task_late(StoreTx *tx, CaseFile *cf, Str key, Err *err)
{
    StoreRows r;
    int64_t n;
    if (!str_int(key, &n))
        return FAIL(err, ERR_INTERNAL, "a task's key is no number");
    if (!tx_run(tx, SQL_TASK_WAITING, PARAMS(P_STR(tx->place), P_INT(cf->id), P_INT(n)), &r, err))
        return false;
    if (!r.count || law_is_closed(cf->law.state))
        return true;
    if (cf->law.state == LAW_SUSPENDED || cf->law.state == LAW_CORRECTION)
        return set_timer(tx, cf, n, tx->now + MS_DAY, err);
    const FlowToken *t = casework_token(cf, n, TOKEN_TASK);
    Value *data = value_map(tx->arena);
    set_str(tx->arena, data, "limit", STR("step"));
    if (t)
        set_str(tx->arena, data, "element", cf->item->process->elements[t->element].id);
    set_str(tx->arena, data, "organ", row_str(&r, 0, 1));
    return casework_note(tx, cf, STR("step_overdue"), &system_actor, data, err);
}

/* ---- answers ---- */

const FlowToken *casework_token(const CaseFile *cf, int64_t key, FlowTokenState state)
{
    for (size_t i = 0; i < cf->flow->tokens.len; i++)
        if (cf->flow->tokens.at[i].key == key && cf->flow->tokens.at[i].state == state)
            return &cf->flow->tokens.at[i];
    return NULL;
}

const FlowToken *casework_waiting(const CaseFile *cf, int64_t key)
{
    return casework_token(cf, key, TOKEN_TASK);
}

static bool finish(StoreTx *tx, CaseFile *cf, int64_t key, const FeelContext *vars,
                   const Actor *actor, Err *err)
{
    FlowEvent ev = {.kind = FLOW_TASK_DONE, .key = key, .variables = vars};
    int64_t who = actor->kind == ACTOR_STAFF ? actor->id : 0;
    return casework_task_end(tx, cf, key, STR("done"), who, err) && casework_step(tx, cf, &ev, err);
}

/* Staff answer for their own pool. */
static bool is_of_pool(StoreTx *tx, const CaseFile *cf, int64_t key, const Actor *actor, bool *is,
                       Err *err)
{
    StoreRows r;
    *is = actor->kind != ACTOR_STAFF;
    if (*is)
        return true;
    if (!tx_run(tx, SQL_TASK_WAITING, PARAMS(P_STR(tx->place), P_INT(cf->id), P_INT(key)), &r, err))
        return false;
    *is = r.count && str_eq(row_str(&r, 0, 1), actor->organ);
    return true;
}

bool casework_answer_stage(StoreTx *tx, CaseFile *cf, Str stage, Str variable, Str value,
                           const Actor *actor, Err *err)
{
    bool waits = false, is;
    for (size_t i = 0; i < cf->flow->tokens.len; i++) {
        const FlowToken *t = &cf->flow->tokens.at[i];
        const BpmnElement *e = &cf->item->process->elements[t->element];
        if (t->state != TOKEN_TASK || !str_eq(flow_task_stage(e), stage))
            continue;
        waits = true;
        if (!is_of_pool(tx, cf, t->key, actor, &is, err))
            return false;
        const FeelContext *vars =
            feel_with(tx->arena, &(FeelContext){0}, variable, feel_str(value));
        if (is)
            return finish(tx, cf, t->key, vars, actor, err);
    }
    if (waits)
        return FAIL(err, ERR_DENIED, "that step of case '" STR_FMT "' is for another organ",
                    STR_ARG(cf->no));
    /* The law's timers act wherever the process stands; people only where it waits for them. */
    return actor->kind != ACTOR_STAFF ||
           FAIL(err, ERR_CONFLICT, "case '" STR_FMT "' does not wait for '" STR_FMT "'",
                STR_ARG(cf->no), STR_ARG(stage));
}

bool casework_answer_task(StoreTx *tx, CaseFile *cf, const TaskAnswer *a, const Actor *actor,
                          Err *err)
{
    const FlowToken *t = casework_token(cf, a->key, TOKEN_TASK);
    if (!t)
        return FAIL(err, ERR_CONFLICT, "case '" STR_FMT "' does not wait there any more",
                    STR_ARG(cf->no));
    Value *data = value_map(tx->arena);
    set_str(tx->arena, data, "element", cf->item->process->elements[t->element].id);
    set_str(tx->arena, data, "by", actor->name);
    set_str(tx->arena, data, "organ", actor->organ);
    set_str(tx->arena, data, "outcome", a->outcome);
    if (a->remark.len)
        set_str(tx->arena, data, "reason", a->remark);
    const FeelContext *vars =
        feel_with(tx->arena, &(FeelContext){0}, STR("outcome"), feel_str(a->outcome));
    vars = feel_with(tx->arena, vars, STR("remark"), feel_str(a->remark));
    return casework_note(tx, cf, STR("task_done"), actor, data, err) &&
           finish(tx, cf, a->key, vars, actor, err);
}

bool casework_organ_sees(StoreConn *conn, Arena *out, const App *app, const CaseFile *cf, Str organ,
                         bool *sees, Err *err)
{
    StoreRows r;
    *sees = str_eq(cf->organ, organ);
    if (*sees || !organ.len)
        return true;
    if (!store_run(conn, out, SQL_TASK_OF_ORGAN,
                   PARAMS(P_STR(app->catalogue->place), P_INT(cf->id), P_STR(organ)), &r, err))
        return false;
    *sees = r.count > 0;
    return true;
}
