/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The steps that a process has of its own: somebody of the pool's organ does a task, another
 * organ's system does a job. What the system brings goes the way of jobs_complete, without a lease.
 */
#include "services/desk/desk.h"
#include "services/sample/sample_int.h"

bool sample_task(Stage *st, const SampleAct *act, Err *err)
{
    StoreRows rows;
    int64_t id = 0;
    if (!str_int(st->case_id, &id) ||
        !store_run(&st->reader, st->arena, SQL_TASK_OPEN_OF_CASE,
                   PARAMS(P_STR(st->app.catalogue->place), P_INT(id)), &rows, err))
        return false;
    for (size_t i = 0; i < rows.count; i++) {
        Actor who;
        if (!str_eq(row_str(&rows, i, 1), act->word))
            continue;
        if (!stage_staff(st, row_str(&rows, i, 4), row_str(&rows, i, 3), &who, err))
            return false;
        Value *in = value_map(st->arena);
        set_str(st->arena, in, "case", st->case_id);
        set_int(st->arena, in, "task", row_int(&rows, i, 0));
        set_str(st->arena, in, "outcome", value_text(act->more));
        return stage_run(st, &who, desk_task, in, NULL, err) != NULL;
    }
    return FAIL(err, ERR_NOT_FOUND, "no task '" STR_FMT "' waits", STR_ARG(act->word));
}

/* {case, element, variables} or {case, element, code} */
static bool end_job(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    (void)actor, (void)out;
    CaseFile cf;
    StoreRows rows;
    if (!casework_take(tx, get_int(in, "case", 0), &cf, err))
        return false;
    const FlowToken *t = NULL;
    for (size_t i = 0; i < cf.flow->tokens.len; i++) {
        const FlowToken *k = &cf.flow->tokens.at[i];
        if (k->state == TOKEN_JOB &&
            str_eq(cf.item->process->elements[k->element].id, get_str(in, "element")))
            t = k;
    }
    if (!t)
        return FAIL(err, ERR_NOT_FOUND, "no job '" STR_FMT "' waits",
                    STR_ARG(get_str(in, "element")));
    Str code = get_str(in, "code"), key = str_fmt(tx->arena, "%lld", (long long)t->key);
    FlowEvent ev = {.kind = code.len ? FLOW_JOB_ERROR : FLOW_JOB_DONE, .key = t->key, .code = code};
    const Value *variables = value_at(in, "variables");
    for (uint32_t i = 0; i < value_count(variables); i++) {
        FeelValue v;
        if (!feel_from_value(tx->arena, variables->map.members[i].value, &v, err))
            return false;
        ev.variables = feel_with(tx->arena, ev.variables, variables->map.members[i].key, v);
    }
    return tx_run(tx, SQL_JOB_CANCEL,
                  PARAMS(P_STR(tx->place), P_INT(cf.id), P_STR(key), P_INT(tx->now)), &rows, err) &&
           casework_step(tx, &cf, &ev, err) && casework_save(tx, &cf, err);
}

bool sample_job(Stage *st, const SampleAct *act, Err *err)
{
    Actor system = {.kind = ACTOR_SYSTEM};
    Value *in = value_map(st->arena);
    set_str(st->arena, in, "case", st->case_id);
    set_str(st->arena, in, "element", act->word);
    bool error = act->kind == SAMPLE_JOB_ERROR;
    set_value(st->arena, in, error ? "code" : "variables", value_copy(st->arena, act->more));
    return stage_run(st, &system, end_job, in, NULL, err) != NULL;
}
