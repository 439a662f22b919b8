/* SPDX-License-Identifier: Apache-2.0 */
/* One matter as cases: what happens to a part, and what that brings for the whole and the others. */
#include "check.h"
#include "world.h"
#include "json/json.h"

static const char *const common[][2] = {
    {"leave_reason", "dismissed"},   {"card_works", "works"},
    {"person_name", "林晓东"},       {"person_id", "330199198604180154"},
    {"person_phone", "13800000154"}, {"last_employer", "云溪市恒顺建筑有限公司"},
    {"leave_date", "2026-11-09"},    {"pay_to", "card"},
    {"delivery", "electronic"},      {"flex_kind", "platform"},
    {"flex_base", "share_60"},       {"flex_period", "month"},
    {"flex_start", "2026-12-01"},
};

static Value *application(Arena *a, const char *paying)
{
    Value *in = value_map(a), *answers = set_map(a, in, "answers");
    set_str(a, in, "item", STR("losing-a-job"));
    set_str(a, in, "lang", STR("zh"));
    set_bool(a, in, "declaration", true);
    for (size_t i = 0; i < COUNT(common); i++)
        set_str(a, answers, common[i][0], str_z(common[i][1]));
    set_str(a, answers, "goes_on_paying", str_z(paying));
    set_bool(a, answers, "seeks_work", true);
    set_bool(a, answers, "flex_works_here", true);
    set_bool(a, answers, "flex_medical", true);
    return in;
}

typedef struct {
    World w;
    Str whole;
    Str part[4];
    size_t count;
} Matter;

static bool act(Matter *m, const Actor *who, UseCase *run, const Value *in, Err *err)
{
    *err = (Err){0};
    return world_run(&m->w, who, "act", run, in, "", err) != NULL;
}

static void open_matter(Matter *m, const char *paying)
{
    StoreRows r;
    Err err = {0};
    int64_t id = 0;
    *m = (Matter){.count = 0};
    world_open(&m->w);
    const Value *out = world_run(&m->w, &m->w.li, "apply", apply_at_once,
                                 application(&m->w.arena, paying), "one", &err);
    CHECK(out != NULL, "submit: %s", err.msg);
    m->whole = get_str(out, "case");
    CHECK(str_int(m->whole, &id) &&
              store_run(&m->w.reader, &m->w.arena, SQL_CASES_OF_PARENT,
                        PARAMS(P_STR(m->w.app.catalogue->place), P_INT(id)), &r, &err),
          "parts: %s", err.msg);
    for (size_t i = 0; i < r.count && i < COUNT(m->part); i++)
        m->part[m->count++] = str_fmt(&m->w.arena, "%lld", (long long)row_int(&r, i, 0));
}

static const char *state_of(Matter *m, Str id)
{
    CaseFile cf;
    world_load(&m->w, id, &cf);
    return str_cstr(&m->w.arena, cf.state);
}

static void check_states(Matter *m, const char *label, const char *whole, const char *first,
                         const char *second)
{
    CHECK(strcmp(state_of(m, m->whole), whole) == 0, "%s: whole %s", label, state_of(m, m->whole));
    CHECK(strcmp(state_of(m, m->part[0]), first) == 0, "%s: first %s", label,
          state_of(m, m->part[0]));
    CHECK(strcmp(state_of(m, m->part[1]), second) == 0, "%s: second %s", label,
          state_of(m, m->part[1]));
}

static Value *decision(Arena *a, Str id, const char *what)
{
    Value *in = world_case(a, id);
    set_str(a, in, "decision", str_z(what));
    set_str(a, in, "reason", STR("符合规定"));
    set_bool(a, in, "confirm", true);
    return in;
}

/* Somebody of the organ that has the case. */
static Actor staff_of(Matter *m, Str id, const char *role)
{
    CaseFile cf;
    Err err = {0};
    Actor system = {.kind = ACTOR_SYSTEM};
    Value *in = value_map(&m->w.arena);
    world_load(&m->w, id, &cf);
    set_str(&m->w.arena, in, "login", str_fmt(&m->w.arena, "%s-" STR_FMT, role, STR_ARG(id)));
    set_str(&m->w.arena, in, "name", str_z(role));
    set_str(&m->w.arena, in, "organ", cf.organ);
    set_str(&m->w.arena, in, "roles", str_z(role));
    set_str(&m->w.arena, in, "password", STR("x"));
    const Value *out = world_run(&m->w, &system, "staff.add", staff_add, in, "", &err);
    CHECK(out != NULL, "staff: %s", err.msg);
    return (Actor){.kind = ACTOR_STAFF,
                   .id = get_int(out, "account", 0),
                   .name = str_z(role),
                   .organ = cf.organ,
                   .roles = roles_read(str_z(role))};
}

static void decide(Matter *m, Str id, const char *what)
{
    Err err;
    Actor clerk = staff_of(m, id, "clerk"), approver = staff_of(m, id, "approver");
    CHECK(act(m, &clerk, desk_accept, world_case(&m->w.arena, id), &err), "accept: %s", err.msg);
    CHECK(act(m, &approver, desk_decide, decision(&m->w.arena, id, what), &err), "decide: %s",
          err.msg);
    (void)world_work(&m->w);
}

static void check_chains(Matter *m)
{
    StoreVerdict verdict = {0};
    Err err = {0};
    CHECK(store_verify(&m->w.reader, &m->w.arena, &verdict, &err) && !verdict.why.len, "chain: %s",
          str_cstr(&m->w.arena, verdict.why));
    world_close(&m->w);
}

TEST(whole_and_parts_from_door_to_door)
{
    Matter m;
    open_matter(&m, "self");
    CHECK(m.count == 2, "%zu parts", m.count);
    check_states(&m, "at first", "received", "received", "waiting");
    clock_shift(&m.w.clock, MS_DAY);
    decide(&m, m.part[0], "grant");
    check_states(&m, "the first is done", "accepted", "issued", "received");
    decide(&m, m.part[1], "grant");
    check_states(&m, "all are done", "delivered", "delivered", "delivered");
    CaseFile first, second;
    world_load(&m.w, m.part[0], &first);
    world_load(&m.w, m.part[1], &second);
    CHECK(second.law.received_at > first.law.received_at, "its clock starts later");
    CHECK(first.law.closed_at == second.law.closed_at, "handed out together");
    check_chains(&m);
}

TEST(part_gets_only_what_it_asks)
{
    Matter m;
    CaseFile first, second;
    open_matter(&m, "self");
    world_load(&m.w, m.part[0], &first);
    world_load(&m.w, m.part[1], &second);
    static const struct {
        const char *key;
        bool first, second;
    } rows[] = {
        {"person_id", true, true},   {"last_employer", true, false}, {"flex_base", false, true},
        {"seeks_work", true, false}, {"pay_to", true, true},         {"card_works", false, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        bool a = value_get(first.answers, str_z(rows[i].key)) != NULL;
        bool b = value_get(second.answers, str_z(rows[i].key)) != NULL;
        CHECK(a == rows[i].first && b == rows[i].second, "%s", rows[i].key);
    }
    check_chains(&m);
}

TEST(whole_is_withdrawn_with_its_parts)
{
    Matter m;
    Err err;
    open_matter(&m, "self");
    CHECK(act(&m, &m.w.li, my_withdraw, world_case(&m.w.arena, m.whole), &err), "%s", err.msg);
    check_states(&m, "withdrawn", "withdrawn", "withdrawn", "withdrawn");
    CHECK(!act(&m, &m.w.li, my_withdraw, world_case(&m.w.arena, m.whole), &err) &&
              err.code == ERR_CONFLICT,
          "once: %s", err.msg);
    check_chains(&m);
}

TEST(one_part_is_withdrawn)
{
    Matter m;
    Err err;
    open_matter(&m, "self");
    CHECK(!act(&m, &m.w.zhao, my_withdraw, world_case(&m.w.arena, m.part[1]), &err) &&
              err.code == ERR_NOT_FOUND,
          "nobody else's: %s", err.msg);
    CHECK(act(&m, &m.w.li, my_withdraw, world_case(&m.w.arena, m.part[1]), &err), "waiting: %s",
          err.msg);
    check_states(&m, "the second", "received", "received", "withdrawn");
    decide(&m, m.part[0], "grant");
    check_states(&m, "the first goes on", "delivered", "delivered", "withdrawn");
    check_chains(&m);
}

TEST(results_are_asked_for_early)
{
    Matter m;
    Err err;
    open_matter(&m, "self");
    decide(&m, m.part[0], "grant");
    check_states(&m, "kept", "accepted", "issued", "received");
    CHECK(!act(&m, &m.w.zhao, my_early, world_case(&m.w.arena, m.whole), &err), "nobody else");
    CHECK(act(&m, &m.w.li, my_early, world_case(&m.w.arena, m.whole), &err), "%s", err.msg);
    check_states(&m, "handed out", "accepted", "delivered", "received");
    CHECK(!act(&m, &m.w.li, my_early, world_case(&m.w.arena, m.whole), &err) &&
              err.code == ERR_CONFLICT,
          "once: %s", err.msg);
    check_chains(&m);
}

TEST(same_submission_again_is_the_same_whole)
{
    Matter m;
    Err err = {0};
    open_matter(&m, "self");
    const Value *out = world_run(&m.w, &m.w.li, "apply", apply_at_once,
                                 application(&m.w.arena, "self"), "one", &err);
    CHECK(out && str_eq(get_str(out, "case"), m.whole), "%s", err.msg);
    check_chains(&m);
}

TEST(parts_live_through_a_restart)
{
    Matter m;
    open_matter(&m, "self");
    world_restart(&m.w, "catalogues/demo", NULL);
    decide(&m, m.part[0], "grant");
    world_restart(&m.w, "catalogues/demo", NULL);
    check_states(&m, "after", "accepted", "issued", "received");
    decide(&m, m.part[1], "deny");
    check_states(&m, "ended", "delivered", "delivered", "delivered");
    check_chains(&m);
}
