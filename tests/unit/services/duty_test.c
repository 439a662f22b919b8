/* SPDX-License-Identifier: Apache-2.0 */
/* What goes wrong behind a case, and who may look at it: jobs, timers, sign-in, the access log. */
#include "check.h"
#include "services/party/party.h"
#include "world.h"
#include "json/json.h"

static const Actor system_actor = {.kind = ACTOR_SYSTEM};

static bool act(World *w, const Actor *who, UseCase *run, const Value *in, Err *err)
{
    *err = (Err){0};
    return world_run(w, who, "act", run, in, "", err) != NULL;
}

static int64_t first_due(World *w, SqlId due)
{
    StoreRows rows;
    Err err = {0};
    CHECK(store_run(&w->reader, &w->arena, due,
                    PARAMS(P_STR(w->app.catalogue->place), P_INT(clock_now(&w->clock)), P_INT(10)),
                    &rows, &err),
          "due: %s", err.msg);
    return rows.count ? row_int(&rows, 0, 0) : 0;
}

static Value *decision(World *w, Str id)
{
    Value *in = world_case(&w->arena, id);
    set_str(&w->arena, in, "decision", STR("grant"));
    set_str(&w->arena, in, "reason", STR("事实清楚"));
    set_bool(&w->arena, in, "confirm", true);
    return in;
}

static size_t events_of_kind(World *w, int64_t case_id, const char *kind)
{
    StoreRows rows;
    Err err = {0};
    size_t n = 0;
    CHECK(store_run(&w->reader, &w->arena, SQL_EVENTS_OF_CASE,
                    PARAMS(P_STR(w->app.catalogue->place), P_INT(case_id)), &rows, &err),
          "events: %s", err.msg);
    for (size_t i = 0; i < rows.count; i++)
        n += str_eq(row_str(&rows, i, 2), str_z(kind));
    return n;
}

TEST(job_that_always_fails_becomes_an_incident)
{
    World w;
    Err err;
    CaseFile cf;
    world_open(&w);
    Str id = world_submit(&w, &w.li, NULL);
    CHECK(act(&w, &w.clerk, desk_accept, world_case(&w.arena, id), &err) &&
              act(&w, &w.approver, desk_decide, decision(&w, id), &err),
          "granted: %s", err.msg);
    world_load(&w, id, &cf);
    int tries = 0;
    for (int64_t job; tries < 20 && (job = first_due(&w, SQL_JOBS_DUE)); tries++) {
        Value *in = value_map(&w.arena);
        set_int(&w.arena, in, "job", job);
        set_str(&w.arena, in, "reason", STR("the printer burns"));
        CHECK(act(&w, &system_actor, casework_job_failed, in, &err), "failed: %s", err.msg);
        CHECK(first_due(&w, SQL_JOBS_DUE) == 0, "try %d: it waits", tries);
        CHECK((events_of_kind(&w, cf.id, "incident") == 1) == (tries == 5), "try %d", tries);
        clock_shift(&w.clock, MS_DAY);
    }
    CHECK(tries == 6, "six tries, then a person: %d", tries);
    Value *own = value_map(&w.arena);
    world_load(&w, id, &cf);
    Viewing by_own = world_viewing(&w, &w.li, LANG_ZH);
    CHECK(case_view(&by_own, &cf, VIEW_APPLICANT, own, &err) &&
              str_find(json_text(&w.arena, own), STR("printer"), 0) == SIZE_MAX,
          "the applicant does not hear of our machines");
    world_close(&w);
}

TEST(timer_that_fails_is_put_off)
{
    World w;
    Err err;
    world_open(&w);
    int64_t id = 0;
    CHECK(str_int(world_submit(&w, &w.li, NULL), &id), "submitted");
    clock_shift(&w.clock, 5 * MS_DAY + MS_HOUR); /* of the first step: the law's comes later */
    int64_t timer = first_due(&w, SQL_TIMERS_DUE);
    Value *in = value_map(&w.arena);
    set_int(&w.arena, in, "timer", timer);
    CHECK(timer && act(&w, &system_actor, casework_timer_failed, in, &err), "%s", err.msg);
    CHECK(first_due(&w, SQL_TIMERS_DUE) == 0, "others have their turn");
    clock_shift(&w.clock, MS_HOUR);
    CHECK(first_due(&w, SQL_TIMERS_DUE) == timer, "it comes again");
    CHECK(act(&w, &system_actor, casework_timer, in, &err), "and fires: %s", err.msg);
    int64_t events = world_count(&w, SQL_EVENTS_OF_CASE, id);
    CHECK(act(&w, &system_actor, casework_timer, in, &err), "gone is no failure: %s", err.msg);
    CHECK(world_count(&w, SQL_EVENTS_OF_CASE, id) == events, "once only");
    world_close(&w);
}

TEST(withdrawal_takes_open_jobs_along)
{
    World w;
    Err err;
    CaseFile cf;
    world_open(&w);
    Str id = world_submit(&w, &w.li, NULL);
    CHECK(act(&w, &w.clerk, desk_accept, world_case(&w.arena, id), &err), "%s", err.msg);
    CHECK(act(&w, &w.li, my_withdraw, world_case(&w.arena, id), &err), "%s", err.msg);
    clock_shift(&w.clock, 200 * MS_DAY);
    CHECK(first_due(&w, SQL_JOBS_DUE) == 0 && first_due(&w, SQL_TIMERS_DUE) == 0,
          "nothing is left to do");
    world_load(&w, id, &cf);
    CHECK(cf.flow->state != FLOW_ACTIVE && world_count(&w, SQL_TASK_OPEN_OF_CASE, cf.id) == 0,
          "nor to be decided");
    CHECK(!act(&w, &w.approver, desk_decide, decision(&w, id), &err) && err.code == ERR_CONFLICT,
          "closed: %s", err_name(err.code));
    world_close(&w);
}

TEST(correction_comes_too_late)
{
    World w;
    Err err;
    world_open(&w);
    Str id = world_submit(&w, &w.li, NULL);
    Value *ask = world_case(&w.arena, id);
    Value *row = push_map(&w.arena, set_list(&w.arena, ask, "missing"));
    set_str(&w.arena, row, "code", STR("medical-record"));
    CHECK(act(&w, &w.clerk, desk_ask_correction, ask, &err), "ask: %s", err.msg);
    clock_shift(&w.clock, 60 * MS_DAY); /* the timer has not fired yet */
    Value *supply = world_case(&w.arena, id);
    set_str(&w.arena, supply, "note", STR("补上了"));
    CHECK(!act(&w, &w.li, my_supply, supply, &err) && err.code == ERR_CONFLICT, "late: %s",
          err_name(err.code));
    world_close(&w);
}

TEST(case_is_rated_once_it_has_an_answer)
{
    World w;
    Err err;
    world_open(&w);
    Str id = world_submit(&w, &w.li, NULL);
    Value *rate = world_case(&w.arena, id);
    set_int(&w.arena, rate, "level", 4);
    CHECK(!act(&w, &w.li, my_rate, rate, &err) && err.code == ERR_CONFLICT, "too early: %s",
          err_name(err.code));
    Value *refuse = world_case(&w.arena, id);
    set_str(&w.arena, refuse, "ground", STR("too_late"));
    CHECK(act(&w, &w.clerk, desk_refuse, refuse, &err), "refuse: %s", err.msg);
    CHECK(act(&w, &w.li, my_rate, rate, &err), "a refusal is an answer: %s", err.msg);
    world_close(&w);
}

TEST(announced_paper_comes_once)
{
    World w;
    Err err;
    CaseFile cf;
    StoreRows rows;
    world_open(&w);
    Str id = world_submit(&w, &w.li, NULL);
    world_load(&w, id, &cf);
    CHECK(store_run(&w.reader, &w.arena, SQL_MATERIALS_OF_CASE,
                    PARAMS(P_STR(w.app.catalogue->place), P_INT(cf.id)), &rows, &err) &&
              rows.count == 2,
          "announced");
    Value *in = world_case(&w.arena, id);
    set_int(&w.arena, in, "material", row_int(&rows, 0, 0));
    CHECK(!act(&w, &w.stranger, desk_receive_material, in, &err) && err.code == ERR_DENIED,
          "not another organ");
    CHECK(act(&w, &w.clerk, desk_receive_material, in, &err), "here: %s", err.msg);
    CHECK(!act(&w, &w.clerk, desk_receive_material, in, &err) && err.code == ERR_NOT_FOUND,
          "it is here already: %s", err_name(err.code));
    world_close(&w);
}

static size_t readings(World *w, int64_t party)
{
    Err err = {0};
    Value *list = value_list(&w->arena);
    CHECK(party_access_list(&w->reader, &w->arena, party, list, &err), "log: %s", err.msg);
    return value_count(list);
}

TEST(whoever_looks_is_written_down)
{
    World w;
    Err err;
    world_open(&w);
    Value *in = world_case(&w.arena, world_submit(&w, &w.li, NULL));
    CHECK(act(&w, &w.clerk, desk_look, in, &err) && act(&w, &w.clerk, desk_look, in, &err), "%s",
          err.msg);
    CHECK(readings(&w, w.li.id) == 1, "once a day");
    CHECK(act(&w, &w.approver, desk_look, in, &err) && readings(&w, w.li.id) == 2, "each person");
    clock_shift(&w.clock, MS_DAY + MS_MINUTE);
    CHECK(act(&w, &w.clerk, desk_look, in, &err) && readings(&w, w.li.id) == 3, "the next day");
    CHECK(!act(&w, &w.stranger, desk_look, in, &err) && err.code == ERR_DENIED, "another organ");
    CHECK(!act(&w, &w.zhao, desk_look, in, &err) && err.code == ERR_DENIED, "no citizen");
    CHECK(readings(&w, w.li.id) == 3, "who did not see it is not written down");
    world_close(&w);
}

static Value *signing_in(World *w, int64_t account, const char *token)
{
    Value *in = value_map(&w->arena);
    set_int(&w->arena, in, "account", account);
    set_str(&w->arena, in, "token_hash", session_token_hash(&w->arena, str_z(token)));
    set_str(&w->arena, in, "csrf", STR("c"));
    return in;
}

TEST(locked_account_stays_locked_for_the_right_password)
{
    World w;
    Err err = {0};
    Session s;
    world_open(&w);
    Value *in = signing_in(&w, w.clerk.id, "t1");
    for (int i = 1; i <= PASSWORD_FAILURES_MAX; i++) {
        Value *out = world_run(&w, &system_actor, "x", staff_sign_in_failed, in, "", &err);
        CHECK(out && get_bool(out, "locked") == (i == PASSWORD_FAILURES_MAX), "try %d", i);
    }
    Value *out = world_run(&w, &system_actor, "x", staff_sign_in, in, "", &err);
    CHECK(out && get_bool(out, "locked"), "checked before it was locked, too late now");
    CHECK(session_find(&w.reader, &w.arena, STR("t1"), clock_now(&w.clock), &s, &err) &&
              s.kind == ACTOR_NOBODY,
          "no session");
    clock_shift(&w.clock, ACCOUNT_LOCK_MS + 1);
    out = world_run(&w, &system_actor, "x", staff_sign_in, in, "", &err);
    CHECK(out && !get_bool(out, "locked"), "open again");
    CHECK(session_find(&w.reader, &w.arena, STR("t1"), clock_now(&w.clock), &s, &err) &&
              s.kind == ACTOR_STAFF && s.subject == w.clerk.id,
          "a session");
    clock_shift(&w.clock, SESSION_STAFF_MS + 1);
    CHECK(session_find(&w.reader, &w.arena, STR("t1"), clock_now(&w.clock), &s, &err) &&
              s.kind == ACTOR_NOBODY,
          "it ends");
    out =
        world_run(&w, &system_actor, "x", staff_sign_in_failed, signing_in(&w, 0, "t2"), "", &err);
    CHECK(out && !get_bool(out, "locked"), "an unknown login: %s", err.msg);
    world_close(&w);
}

TEST(revoked_result_is_no_longer_valid)
{
    World w;
    Err err;
    CaseFile cf;
    StoreRows rows;
    world_open(&w);
    Str id = world_submit(&w, &w.li, NULL);
    Value *in = world_case(&w.arena, id);
    set_str(&w.arena, in, "reason", STR("依据的材料不真实"));
    CHECK(act(&w, &w.clerk, desk_accept, world_case(&w.arena, id), &err) &&
              act(&w, &w.approver, desk_decide, decision(&w, id), &err),
          "granted: %s", err.msg);
    CHECK(!act(&w, &w.approver, desk_revoke, in, &err) && err.code == ERR_CONFLICT,
          "there is no certificate yet: %s", err_name(err.code));
    (void)world_work(&w);
    CHECK(!act(&w, &w.clerk, desk_revoke, in, &err) && err.code == ERR_DENIED, "no clerk");
    CHECK(!act(&w, &w.stranger, desk_revoke, in, &err) && err.code == ERR_DENIED, "another organ");
    CHECK(!act(&w, &w.approver, desk_revoke, world_case(&w.arena, id), &err) &&
              err.code == ERR_INPUT,
          "not without a reason");
    CHECK(act(&w, &w.approver, desk_revoke, in, &err), "revoke: %s", err.msg);
    world_load(&w, id, &cf);
    CHECK(str_eq(cf.state, STR("revoked")), "state");
    CHECK(store_run(&w.reader, &w.arena, SQL_CERTIFICATES_OF_CASE,
                    PARAMS(P_STR(w.app.catalogue->place), P_INT(cf.id)), &rows, &err) &&
              rows.count == 1 && str_eq(row_str(&rows, 0, 6), STR("revoked")) &&
              row_int(&rows, 0, 8) == clock_now(&w.clock) &&
              str_eq(row_str(&rows, 0, 9), STR("依据的材料不真实")),
          "the certificate says so");
    CHECK(!act(&w, &w.approver, desk_revoke, in, &err) && err.code == ERR_CONFLICT, "once only");
    world_close(&w);
}

TEST(step_in_another_pool_allows_that_step_alone)
{
    World w;
    Err err;
    world_open(&w);
    Str id = world_submit(&w, &w.li, NULL);
    world_restart(&w, "catalogues/demo",
                  "update tasks set organ = 'bureau' where stage = 'receive'");
    Value *in = world_case(&w.arena, id);
    set_str(&w.arena, in, "reason", STR("x"));
    UseCase *const others[] = {desk_resume, desk_revoke, desk_suspend, desk_decide};
    for (size_t i = 0; i < COUNT(others); i++)
        CHECK(!act(&w, &w.stranger, others[i], in, &err) && err.code == ERR_DENIED,
              "it receives, no more: %zu %s", i, err.msg);
    CHECK(act(&w, &w.stranger, desk_accept, world_case(&w.arena, id), &err), "accept: %s", err.msg);
    world_close(&w);
}
