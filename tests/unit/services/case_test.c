/* SPDX-License-Identifier: Apache-2.0 */
/* A case from door to door, and every way out of it. */
#include "check.h"
#include "services/notify/notify.h"
#include "world.h"
#include "json/json.h"

static Value *with(Arena *a, Str id, const char *key, const char *value)
{
    Value *in = world_case(a, id);
    set_str(a, in, key, str_z(value));
    return in;
}

static bool act(World *w, const Actor *who, UseCase *run, const Value *in, Err *err)
{
    *err = (Err){0};
    return world_run(w, who, "act", run, in, "", err) != NULL;
}

static const char *state_of(World *w, Str id)
{
    CaseFile cf;
    world_load(w, id, &cf);
    return str_cstr(&w->arena, cf.state);
}

static Value *decision(Arena *a, Str id, const char *what)
{
    Value *in = with(a, id, "decision", what);
    set_str(a, in, "reason", STR("符合《工伤保险条例》第十四条第（一）项"));
    set_bool(a, in, "confirm", true);
    return in;
}

TEST(case_goes_from_door_to_door)
{
    World w;
    Err err = {0};
    world_open(&w);
    Str no, id = world_submit(&w, &w.li, &no);
    CHECK(str_eq(no, STR("YX-2026-000001")), "number %s", str_cstr(&w.arena, no));
    CHECK(strcmp(state_of(&w, id), "received") == 0, "received: %s", state_of(&w, id));
    CHECK(act(&w, &w.clerk, desk_accept, world_case(&w.arena, id), &err), "accept: %s", err.msg);
    CHECK(strcmp(state_of(&w, id), "accepted") == 0, "accepted: %s", state_of(&w, id));

    CHECK(!act(&w, &w.clerk, desk_decide, decision(&w.arena, id, "grant"), &err) &&
              err.code == ERR_DENIED,
          "a clerk does not decide: %s", err_name(err.code));
    CHECK(!act(&w, &w.stranger, desk_decide, decision(&w.arena, id, "grant"), &err) &&
              err.code == ERR_DENIED,
          "nor another organ: %s", err_name(err.code));
    CHECK(act(&w, &w.approver, desk_decide, decision(&w.arena, id, "grant"), &err), "decide: %s",
          err.msg);
    CHECK(world_work(&w) >= 2, "jobs: certificate, message");
    CHECK(strcmp(state_of(&w, id), "delivered") == 0, "delivered: %s", state_of(&w, id));

    CaseFile cf;
    world_load(&w, id, &cf);
    CHECK(world_count(&w, SQL_CERTIFICATES_OF_CASE, cf.id) == 1, "one certificate");
    CHECK(world_count(&w, SQL_DOCUMENTS_OF_CASE, cf.id) >= 3, "receipt, acceptance, decision");
    CHECK(world_count(&w, SQL_OUTBOX_OF_CASE, cf.id) >= 3, "messages");
    CHECK(world_count(&w, SQL_TASK_OPEN_OF_CASE, cf.id) == 0, "no task is left");
    Value *rate = world_case(&w.arena, id);
    set_int(&w.arena, rate, "level", 5);
    CHECK(act(&w, &w.li, my_rate, rate, &err), "rate: %s", err.msg);
    CHECK(!act(&w, &w.li, my_rate, rate, &err) && err.code == ERR_CONFLICT, "once only: %s",
          err.msg);
    StoreVerdict verdict = {0};
    CHECK(store_verify(&w.reader, &w.arena, &verdict, &err) && !verdict.why.len, "chain: %s",
          str_cstr(&w.arena, verdict.why));
    world_close(&w);
}

TEST(receiver_may_not_decide)
{
    World w;
    Err err;
    world_open(&w);
    Str id = world_submit(&w, &w.li, NULL);
    CHECK(act(&w, &w.both, desk_accept, world_case(&w.arena, id), &err), "accept: %s", err.msg);
    CHECK(!act(&w, &w.both, desk_decide, decision(&w.arena, id, "grant"), &err) &&
              err.code == ERR_DENIED,
          "the same person: %s", err.msg);
    CHECK(act(&w, &w.approver, desk_decide, decision(&w.arena, id, "deny"), &err), "deny: %s",
          err.msg);
    (void)world_work(&w);
    CaseFile cf;
    world_load(&w, id, &cf);
    CHECK(cf.law.outcome == LAW_DENIED && world_count(&w, SQL_CERTIFICATES_OF_CASE, cf.id) == 0,
          "denied, no certificate");
    CHECK(strcmp(state_of(&w, id), "delivered") == 0, "the denial is delivered: %s",
          state_of(&w, id));
    world_close(&w);
}

TEST(silence_for_five_working_days_accepts)
{
    World w;
    Err err;
    world_open(&w);
    Str id = world_submit(&w, &w.li, NULL);
    clock_shift(&w.clock, 4 * MS_DAY);
    CHECK(world_work(&w) == 0, "nothing is due on day 4");
    clock_shift(&w.clock, 4 * MS_DAY); /* 2026-11-26, five working days and a weekend later */
    CHECK(world_work(&w) == 2, "the telling timer, and that of the step");
    CaseFile cf;
    world_load(&w, id, &cf);
    CHECK(cf.law.deemed && cf.law.accepted_at == cf.law.received_at, "accepted as of the receipt");
    CHECK(act(&w, &w.approver, desk_decide, decision(&w.arena, id, "grant"), &err), "decide: %s",
          err.msg);
    world_close(&w);
}

TEST(correction_is_asked_once_and_lapses)
{
    World w;
    Err err;
    world_open(&w);
    Str one = world_submit(&w, &w.li, NULL), two = world_submit(&w, &w.zhao, NULL);
    Value *ask = world_case(&w.arena, one);
    CHECK(!act(&w, &w.clerk, desk_ask_correction, ask, &err) && err.code == ERR_INPUT,
          "something must be missing");
    Value *row = push_map(&w.arena, set_list(&w.arena, ask, "missing"));
    set_str(&w.arena, row, "code", STR("medical-record"));
    set_str(&w.arena, row, "note", STR("签章不清"));
    CHECK(act(&w, &w.clerk, desk_ask_correction, ask, &err), "ask: %s", err.msg);
    CHECK(strcmp(state_of(&w, one), "correction") == 0, "state: %s", state_of(&w, one));
    Value *supply = with(&w.arena, one, "note", "已寄出");
    CHECK(!act(&w, &w.zhao, my_supply, supply, &err) && err.code == ERR_NOT_FOUND,
          "not somebody else's case: %s", err.msg);
    CHECK(act(&w, &w.li, my_supply, supply, &err), "supply: %s", err.msg);
    CHECK(!act(&w, &w.clerk, desk_ask_correction, ask, &err), "a second notice is refused");
    Value *again = value_copy(&w.arena, ask);
    set_str(&w.arena, again, "case", two);
    CHECK(act(&w, &w.clerk, desk_ask_correction, again, &err), "ask two: %s", err.msg);
    clock_shift(&w.clock, 40 * MS_DAY);
    (void)world_work(&w);
    CHECK(strcmp(state_of(&w, two), "withdrawn") == 0, "lapsed: %s", state_of(&w, two));
    world_close(&w);
}

TEST(refusal_needs_a_ground_and_tells_remedies)
{
    World w;
    Err err;
    world_open(&w);
    Str id = world_submit(&w, &w.li, NULL);
    CHECK(!act(&w, &w.clerk, desk_refuse, world_case(&w.arena, id), &err) && err.code == ERR_INPUT,
          "no ground");
    CHECK(act(&w, &w.clerk, desk_refuse, with(&w.arena, id, "ground", "too_late"), &err),
          "refuse: %s", err.msg);
    CHECK(strcmp(state_of(&w, id), "refused") == 0, "state: %s", state_of(&w, id));
    CHECK(!act(&w, &w.clerk, desk_accept, world_case(&w.arena, id), &err) &&
              err.code == ERR_CONFLICT,
          "closed is closed: %s", err.msg);
    CaseFile cf;
    world_load(&w, id, &cf);
    CHECK(world_count(&w, SQL_TASK_OPEN_OF_CASE, cf.id) == 0, "no task is left");
    world_close(&w);
}

TEST(suspension_stops_the_clock)
{
    World w;
    Err err;
    world_open(&w);
    Str id = world_submit(&w, &w.li, NULL);
    CHECK(act(&w, &w.clerk, desk_accept, world_case(&w.arena, id), &err), "accept: %s", err.msg);
    CaseFile before, after;
    world_load(&w, id, &before);
    CHECK(!act(&w, &w.approver, desk_suspend, world_case(&w.arena, id), &err) &&
              err.code == ERR_INPUT,
          "a ground is due");
    CHECK(
        act(&w, &w.approver, desk_suspend, with(&w.arena, id, "ground", "awaiting_finding"), &err),
        "suspend: %s", err.msg);
    clock_shift(&w.clock, 10 * MS_DAY);
    CHECK(act(&w, &w.approver, desk_resume, world_case(&w.arena, id), &err), "resume: %s", err.msg);
    world_load(&w, id, &after);
    CHECK(after.promise_due >= before.promise_due + 10 * MS_DAY, "ten days later");
    world_close(&w);
}

TEST(withdrawal_ends_a_case_of_ones_own)
{
    World w;
    Err err;
    world_open(&w);
    Str id = world_submit(&w, &w.li, NULL);
    CHECK(!act(&w, &w.zhao, my_withdraw, world_case(&w.arena, id), &err) &&
              err.code == ERR_NOT_FOUND,
          "not there for others");
    CHECK(act(&w, &w.li, my_withdraw, world_case(&w.arena, id), &err), "withdraw: %s", err.msg);
    CHECK(strcmp(state_of(&w, id), "withdrawn") == 0, "state: %s", state_of(&w, id));
    world_close(&w);
}

TEST(same_key_same_answer)
{
    World w;
    Err err = {0};
    world_open(&w);
    Value *in = world_application(&w.arena, "2026-11-16");
    Value *one = world_run(&w, &w.li, "apply.at_once", apply_at_once, in, "k1", &err);
    Value *two = world_run(&w, &w.li, "apply.at_once", apply_at_once, in, "k1", &err);
    CHECK(one && two && str_eq(get_str(one, "no"), get_str(two, "no")), "the stored answer");
    Value *other = world_application(&w.arena, "2026-11-15");
    CHECK(!world_run(&w, &w.li, "apply.at_once", apply_at_once, other, "k1", &err) &&
              err.code == ERR_INPUT,
          "another body: %s", err_name(err.code));
    Value *zhao = world_run(&w, &w.zhao, "apply.at_once", apply_at_once, in, "k1", &err);
    CHECK(zhao && !str_eq(get_str(zhao, "no"), get_str(one, "no")), "a key belongs to its owner");
    world_close(&w);
}

static Value *shown(World *w, Str id, Lang lang)
{
    CaseFile cf;
    Err err = {0};
    Value *m = value_map(&w->arena);
    Viewing by = world_viewing(w, &w->li, lang);
    world_load(w, id, &cf);
    CHECK(case_view(&by, &cf, VIEW_APPLICANT, m, &err), "view: %s", err.msg);
    return m;
}

TEST(applicant_reads_how_it_was_decided)
{
    World w;
    Err err;
    world_open(&w);
    Str id = world_submit(&w, &w.li, NULL);
    CHECK(act(&w, &w.clerk, desk_accept, world_case(&w.arena, id), &err), "accept: %s", err.msg);
    CHECK(!value_at(shown(&w, id, LANG_ZH), "explanation"), "nothing before the decision");
    CHECK(act(&w, &w.approver, desk_decide, decision(&w.arena, id, "grant"), &err), "decide: %s",
          err.msg);
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        const Value *x = value_at(shown(&w, id, (Lang)lang), "explanation");
        const char *text = str_cstr(&w.arena, json_text(&w.arena, x));
        CHECK(get_bool(x, "by_rules"), "as proposed: %s", text);
        CHECK(strstr(text, lang == LANG_EN ? "Within how many days" : "几天内作出决定"),
              "a question in lang %d: %s", lang, text);
        CHECK(strstr(get_str(x, "article").at, lang == LANG_EN ? "article 14" : "第十四条"),
              "the article: %s", text);
        CHECK(value_count(value_at(x, "inputs")) >= 2, "answers and registers: %s", text);
        CHECK(!strstr(text, "trace") && !strstr(text, "\"by\""), "no more than that: %s", text);
    }
    world_close(&w);
}

TEST(applicant_reads_the_decision_alone_when_rules_were_not_followed)
{
    World w;
    Err err;
    world_open(&w);
    Str id = world_submit(&w, &w.li, NULL);
    CHECK(act(&w, &w.clerk, desk_accept, world_case(&w.arena, id), &err) &&
              act(&w, &w.approver, desk_decide, decision(&w.arena, id, "deny"), &err),
          "denied: %s", err.msg);
    const Value *x = value_at(shown(&w, id, LANG_ZH), "explanation");
    const char *text = str_cstr(&w.arena, json_text(&w.arena, x));
    CHECK(x && !get_bool(x, "by_rules"), "otherwise: %s", text);
    CHECK(str_eq(get_str(x, "said"), STR("符合《工伤保险条例》第十四条第（一）项")),
          "the decision's own reason: %s", text);
    CHECK(!get_str(x, "reason").len && !value_at(x, "rules") && !value_at(x, "inputs"),
          "nothing of the rules: %s", text);
    world_close(&w);
}

TEST(rules_choose_the_promise)
{
    World w;
    Err err;
    world_open(&w);
    Str clear = world_submit(&w, &w.li, NULL);
    Value *in = world_application(&w.arena, "2026-11-16");
    Value *answers = (Value *)(uintptr_t)value_at(in, "answers");
    set_bool(&w.arena, answers, "employer_denies", true);
    Err e = {0};
    Value *out = world_run(&w, &w.zhao, "apply.at_once", apply_at_once, in, "", &e);
    CHECK(out != NULL, "submit: %s", e.msg);
    Str unclear = get_str(out, "case");
    CHECK(act(&w, &w.clerk, desk_accept, world_case(&w.arena, clear), &err) &&
              act(&w, &w.clerk, desk_accept, world_case(&w.arena, unclear), &err),
          "accept: %s", err.msg);
    CaseFile a, b;
    world_load(&w, clear, &a);
    world_load(&w, unclear, &b);
    CHECK(b.law.promise.n == 60, "an employer that denies makes it 60 days: %d", b.law.promise.n);
    CHECK(a.law.promise.n == 15, "clear facts are decided in 15 days: %d", a.law.promise.n);
    Value *told = value_list(&w.arena);
    CHECK(notify_list(&w.reader, &w.arena, &w.app, b.id, told, &err) &&
              str_find(get_str(told->list.items[1], "text"), STR("2027年1月18日"), 0) != SIZE_MAX,
          "the message tells what the rules promise: %s",
          str_cstr(&w.arena, json_text(&w.arena, told)));
    Value *model = value_map(&w.arena);
    Viewing by_model = world_viewing(&w, &w.approver, LANG_ZH);
    CHECK(case_view(&by_model, &a, VIEW_STAFF, model, &err), "view: %s", err.msg);
    CHECK(value_at(model, "proposal") && value_at(value_at(model, "proposal"), "trace"),
          "the approver sees the rules: %s", str_cstr(&w.arena, json_text(&w.arena, model)));
    Value *own = value_map(&w.arena);
    Viewing by_own = world_viewing(&w, &w.li, LANG_EN);
    CHECK(case_view(&by_own, &a, VIEW_APPLICANT, own, &err) && !value_at(own, "proposal"),
          "the applicant does not");
    world_close(&w);
}
