/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the staff, the applicant and time do after the submission. After each act everything that is
 * due is done, as the worker would; waiting goes from one due moment to the next, so that nothing
 * fires late.
 */
#include "services/desk/desk.h"
#include "services/my/my.h"
#include "services/sample/sample_int.h"
#include "json/json.h"

enum { DUE_A_ROUND = 100, ROUNDS_MAX = 10000 };

/* ---- time ---- */

typedef struct {
    SqlId due;
    const char *key;
    UseCase *run;
} Duty;

/* *done counts; a use case that fails here would be an incident of the service itself. */
static bool do_due(Stage *st, const Duty *d, size_t *done, Err *err)
{
    Actor system = {.kind = ACTOR_SYSTEM};
    StoreRows rows;
    if (!store_run(&st->reader, st->arena, d->due,
                   PARAMS(P_STR(st->app.catalogue->place), P_INT(clock_now(&st->clock)),
                          P_INT(DUE_A_ROUND)),
                   &rows, err))
        return false;
    for (size_t i = 0; i < rows.count; i++) {
        Value *in = value_map(st->arena);
        set_int(st->arena, in, d->key, row_int(&rows, i, 0));
        if (!stage_run(st, &system, d->run, in, NULL, err))
            return false;
    }
    *done += rows.count;
    return true;
}

static bool settle(Stage *st, Err *err)
{
    static const Duty duties[] = {{SQL_TIMERS_DUE, "timer", casework_timer},
                                  {SQL_MESSAGES_DUE, "message", casework_deliver},
                                  {SQL_JOBS_DUE, "job", casework_job}};
    size_t done = 1;
    for (size_t round = 0; done && round < ROUNDS_MAX; round++) {
        done = 0;
        for (size_t i = 0; i < COUNT(duties); i++)
            if (!do_due(st, &duties[i], &done, err))
                return false;
    }
    return true;
}

static bool next_timer(Stage *st, TimeMs *at, Err *err)
{
    StoreRows rows;
    if (!store_run(&st->reader, st->arena, SQL_TIMERS_NEXT, PARAMS(P_STR(st->app.catalogue->place)),
                   &rows, err))
        return false;
    bool some = rows.count && !rows.cells[0].is_null;
    *at = some ? row_int(&rows, 0, 0) : INT64_MAX;
    return true;
}

static bool wait(Stage *st, TimeMs ms, Err *err)
{
    TimeMs until = clock_now(&st->clock) + ms, next = 0;
    for (size_t round = 0; round < ROUNDS_MAX; round++) {
        if (!next_timer(st, &next, err))
            return false;
        TimeMs now = clock_now(&st->clock), to = next < until ? next : until;
        clock_shift(&st->clock, to > now ? to - now : 0);
        if (!settle(st, err))
            return false;
        if (next >= until)
            return true;
    }
    return FAIL(err, ERR_LIMIT, "timers fire without end");
}

/* ---- people ---- */

static Value *input(Stage *st)
{
    Value *in = value_map(st->arena);
    set_str(st->arena, in, "case", st->case_id);
    return in;
}

static bool as(Stage *st, const Actor *who, UseCase *run, const Value *in, Err *err)
{
    return stage_run(st, who, run, in, NULL, err) != NULL;
}

static bool with_word(Stage *st, const Actor *who, UseCase *run, const char *key, Str word,
                      Err *err)
{
    Value *in = input(st);
    set_str(st->arena, in, key, word);
    return as(st, who, run, in, err);
}

static bool ask_correction(Stage *st, const SampleAct *act, Err *err)
{
    Value *in = input(st), *missing = set_list(st->arena, in, "missing");
    for (size_t i = 0; i < act->word_count; i++)
        set_str(st->arena, push_map(st->arena, missing), "code", act->words[i]);
    return as(st, &st->clerk, desk_ask_correction, in, err);
}

static bool receive(Stage *st, const SampleAct *act, Err *err)
{
    StoreRows rows;
    int64_t id = 0;
    if (!str_int(st->case_id, &id) ||
        !store_run(&st->reader, st->arena, SQL_MATERIALS_OF_CASE,
                   PARAMS(P_STR(st->app.catalogue->place), P_INT(id)), &rows, err))
        return false;
    for (size_t i = 0; i < rows.count; i++)
        for (size_t k = 0; k < act->word_count; k++) {
            Value *in = input(st);
            set_int(st->arena, in, "material", row_int(&rows, i, 0));
            if (str_eq(row_str(&rows, i, 1), act->words[k]) &&
                !as(st, &st->clerk, desk_receive_material, in, err))
                return false;
        }
    return true;
}

static bool decide(Stage *st, Str decision, Str reason, Err *err)
{
    Value *in = input(st);
    set_str(st->arena, in, "decision", decision);
    set_str(st->arena, in, "reason", reason.len ? reason : STR("事实清楚，符合规定"));
    set_bool(st->arena, in, "confirm", true);
    return as(st, &st->approver, desk_decide, in, err);
}

static bool decide_as_proposed(Stage *st, Err *err)
{
    const Value *proposal = NULL;
    if (!sample_proposal(st, &proposal, err))
        return false;
    Str recommended = get_str(proposal, "recommend");
    if (!str_eq(recommended, STR("grant")) && !str_eq(recommended, STR("deny")))
        return FAIL(err, ERR_CONFLICT, "the rules propose no decision, but '" STR_FMT "'",
                    STR_ARG(recommended));
    return decide(st, recommended, STR(""), err);
}

static bool do_act(Stage *st, const SampleAct *act, Err *err)
{
    switch (act->kind) {
    case SAMPLE_ACCEPT: return as(st, &st->clerk, desk_accept, input(st), err);
    case SAMPLE_REFUSE: return with_word(st, &st->clerk, desk_refuse, "ground", act->word, err);
    case SAMPLE_CORRECTION: return ask_correction(st, act, err);
    case SAMPLE_SUPPLY: return with_word(st, &st->applicant, my_supply, "note", act->word, err);
    case SAMPLE_RECEIVE: return receive(st, act, err);
    case SAMPLE_SUSPEND:
        return with_word(st, &st->approver, desk_suspend, "ground", act->word, err);
    case SAMPLE_RESUME: return as(st, &st->approver, desk_resume, input(st), err);
    case SAMPLE_DECIDE: return decide_as_proposed(st, err);
    case SAMPLE_GRANT: return decide(st, STR("grant"), STR(""), err);
    case SAMPLE_DENY: return decide(st, STR("deny"), act->word, err);
    case SAMPLE_REVOKE: return with_word(st, &st->approver, desk_revoke, "reason", act->word, err);
    case SAMPLE_WITHDRAW: return as(st, &st->applicant, my_withdraw, input(st), err);
    case SAMPLE_WAIT: return wait(st, act->ms, err);
    case SAMPLE_TASK: return sample_task(st, act, err);
    case SAMPLE_JOB:
    case SAMPLE_JOB_ERROR: return sample_job(st, act, err);
    case SAMPLE_ACTS: break;
    }
    return true;
}

bool sample_act(Stage *st)
{
    Err err = {0};
    if (!settle(st, &err)) {
        stage_complain(st, "sample.act", st->sample->mark, "after the submission: %s", err.msg);
        return false;
    }
    for (size_t i = 0; i < st->sample->act_count; i++) {
        const SampleAct *act = &st->sample->acts[i];
        if (!do_act(st, act, &err) || !settle(st, &err)) {
            stage_complain(st, "sample.act", act->at, "'%s' could not be done: %s",
                           sample_act_name(act->kind), err.msg);
            return false;
        }
    }
    return true;
}
