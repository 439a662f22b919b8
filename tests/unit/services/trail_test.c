/* SPDX-License-Identifier: Apache-2.0 */
/* Where cases stand and stood: written with each step, read by case and by item. */
#include "check.h"
#include "services/trail/trail.h"
#include "world.h"

static void act(World *w, const Actor *who, UseCase *run, Value *in)
{
    Err err = {0};
    CHECK(world_run(w, who, "act", run, in, "", &err) != NULL, "%s", err.msg);
}

static void decide(World *w, Str id)
{
    Value *in = world_case(&w->arena, id);
    set_str(&w->arena, in, "decision", STR("grant"));
    set_str(&w->arena, in, "reason", STR("符合"));
    set_bool(&w->arena, in, "confirm", true);
    act(w, &w->approver, desk_decide, in);
}

static Value *of_case(World *w, Str id)
{
    CaseFile cf;
    Err err = {0};
    Value *m = value_map(&w->arena);
    Viewing by = world_viewing(w, &w->approver, LANG_ZH);
    world_load(w, id, &cf);
    CHECK(trail_of_case(&by, cf.id, cf.item->process, cf.flow, m, &err), "%s", err.msg);
    return m;
}

static Value *of_item(World *w, int64_t days)
{
    Err err = {0};
    Value *m = value_map(&w->arena);
    Viewing by = world_viewing(w, &w->approver, LANG_ZH);
    CHECK(trail_of_item(&by, STR("work-injury"), days, m, &err), "%s", err.msg);
    return m;
}

static size_t cases_at(World *w, const char *element, int64_t days)
{
    Err err = {0};
    Value *m = value_map(&w->arena);
    Viewing by = world_viewing(w, &w->approver, LANG_ZH);
    TrailQuery q = {.item = STR("work-injury"), .element = str_z(element), .days = days};
    CHECK(trail_cases(&by, &q, m, &err), "%s", err.msg);
    return value_count(value_at(m, "cases"));
}

static const Value *stay(const Value *m, size_t i, const char *element, bool here)
{
    const Value *s = value_item(value_at(m, "stays"), i);
    CHECK(str_eq(get_str(s, "element"), str_z(element)) && get_bool(s, "here") == here,
          "stay %zu is at " STR_FMT, i, STR_ARG(get_str(s, "element")));
    return s;
}

static bool passed(const Value *m, const char *element)
{
    const Value *list = value_at(m, "passed");
    for (size_t i = 0; i < value_count(list); i++)
        if (str_eq(value_text(value_item(list, i)), str_z(element)))
            return true;
    return false;
}

TEST(trail_of_one_case)
{
    World w;
    world_open(&w);
    Str no, id = world_submit(&w, &w.li, &no);
    const Value *m = of_case(&w, id);
    CHECK(value_count(value_at(m, "stays")) == 1 && passed(m, "start") && !passed(m, "receive"),
          "it waits at the first task");
    stay(m, 0, "receive", true);
    CHECK(world_count(&w, SQL_STEPS_OF_CASE, get_int(world_case(&w.arena, id), "case", 0)) == 1,
          "submitting writes one row");
    clock_shift(&w.clock, 4 * MS_DAY);
    act(&w, &w.clerk, desk_accept, world_case(&w.arena, id));
    m = of_case(&w, id);
    const Value *took = value_at(stay(m, 0, "receive", false), "took");
    CHECK(get_int(took, "ms", 0) >= 4 * MS_DAY && get_int(took, "days", 0) >= 2 &&
              get_int(took, "days", 0) <= 4,
          "four days, a weekend may be among them: %d", (int)get_int(took, "days", 0));
    const Value *at = stay(m, 1, "decide", true);
    CHECK(str_eq(get_str(at, "role"), STR("approver")) && str_eq(get_str(at, "organ"), STR("hrss")),
          "who has it");
    CHECK(get_str(stay(m, 0, "receive", false), "staff").len > 0, "who did it");
    CHECK(passed(m, "receive") && passed(m, "accepted") && passed(m, "propose") &&
              !passed(m, "decide"),
          "what was passed");
    decide(&w, id);
    world_work(&w);
    m = of_case(&w, id);
    CHECK(passed(m, "done") && passed(m, "notify") && !passed(m, "denied"), "to its end");
    for (size_t i = 0; i < value_count(value_at(m, "stays")); i++)
        CHECK(!get_bool(value_item(value_at(m, "stays"), i), "here"), "nothing is open");
    world_close(&w);
}

TEST(trail_of_all_cases)
{
    World w;
    world_open(&w);
    Str no, ids[3];
    for (size_t i = 0; i < COUNT(ids); i++)
        ids[i] = world_submit(&w, i ? &w.zhao : &w.li, &no);
    for (size_t i = 1; i < COUNT(ids); i++)
        act(&w, &w.clerk, desk_accept, world_case(&w.arena, ids[i]));
    decide(&w, ids[2]);
    const Value *m = of_item(&w, 30), *all = value_at(m, "elements");
    const Value *receive = value_at(all, "receive"), *at = value_at(all, "decide");
    CHECK(get_int(receive, "waiting", 0) == 1 && get_int(at, "waiting", 0) == 1, "who waits where");
    CHECK(get_int(receive, "timed", 0) == 2 && get_int(at, "timed", 0) == 1, "who was where");
    CHECK(get_int(value_at(all, "start"), "through", 0) == 3 &&
              get_int(value_at(all, "accepted"), "through", 0) == 2 &&
              get_int(value_at(all, "granted"), "through", 0) == 1,
          "what was passed at once is counted");
    CHECK(value_at(receive, "median") && value_at(receive, "ninetieth"), "times");
    CHECK(cases_at(&w, "receive", 0) == 1 && cases_at(&w, "receive", 30) == 2 &&
              cases_at(&w, "decide", 0) == 1 && cases_at(&w, "decide", 30) == 1 &&
              cases_at(&w, "nowhere", 0) == 0,
          "each figure opens its cases");
    clock_shift(&w.clock, 40 * MS_DAY);
    all = value_at(of_item(&w, 30), "elements");
    CHECK(get_int(value_at(all, "receive"), "timed", 0) == 0 &&
              get_int(value_at(all, "receive"), "waiting", 0) == 1,
          "what was long ago is not counted, what waits is");
    world_close(&w);
}

/* Rows of a case that was opened before there were any begin with its next step. */
TEST(trail_begins_late)
{
    World w;
    world_open(&w);
    Str no, id = world_submit(&w, &w.li, &no);
    world_restart(&w, "catalogues/demo", "delete from steps");
    CHECK(value_count(value_at(of_case(&w, id), "stays")) == 0, "no rows");
    act(&w, &w.clerk, desk_accept, world_case(&w.arena, id));
    const Value *m = of_case(&w, id);
    CHECK(value_count(value_at(m, "stays")) == 1, "one from now on");
    stay(m, 0, "decide", true);
    world_close(&w);
}
