/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A case goes on under the version that it was accepted under, whatever the catalogue has become.
 * The changed catalogue is the demo's with the words below replaced: a step, a question and the
 * rules are others.
 */
#include "services/casework/versions.h"

#include <unistd.h>

#include "base/file.h"
#include "base/utf8.h"
#include "check.h"
#include "services/live.h"
#include "world.h"
#include "json/json.h"

typedef struct {
    const char *from, *to;
} Change;

/* The step "decide" is gone, "determine" is new; "injury_part" is no question any more, "hurt_part"
 * is; the rules propose to deny. */
static const Change changed[] = {
    {"id=\"decide\"", "id=\"determine\""},
    {"Ref=\"decide\"", "Ref=\"determine\""},
    {"bpmnElement=\"decide\"", "bpmnElement=\"determine\""},
    {"injury_part", "hurt_part"},
    {"recommend: proposal.recommend,", "recommend: \"deny\","},
};

/* What is no part of the item: a name in the demo, an element that it does not ask, opening hours. */
static const Change elsewhere[] = {
    {"周敏", "周明"},
    {"\nelements:\n",
     "\nelements:\n  - key: unasked\n    type: text\n    label: {zh: 无关, en: Else}\n"},
    {"hours: \"08:30-17:30\"", "hours: \"08:00-16:00\""},
};

static Str copied(World *w, const char *name, const Change *changes, size_t n)
{
    Err err = {0};
    StrVec files = {0};
    Str to = path_join(&w->arena, w->folder, str_z(name)), from = STR("catalogues/demo");
    CHECK(file_list(&w->arena, from, STR(""), &files, &err), "list: %s", err.msg);
    for (size_t i = 0; i < files.len; i++) {
        Str text, path = path_join(&w->arena, to, files.at[i]);
        size_t slash = path.len;
        while (path.at[slash - 1] != '/')
            slash--;
        bool ok = file_make_folder(str_slice(path, 0, slash - 1), &err) &&
                  file_read(&w->arena, path_join(&w->arena, from, files.at[i]), CATALOGUE_MAX_BYTES,
                            &text, &err);
        for (size_t k = 0; ok && k < n && utf8_check(text) == text.len; k++)
            text = str_replace(&w->arena, text, str_z(changes[k].from), str_z(changes[k].to));
        CHECK(ok && file_write(path, text, &err), "copy: %s", err.msg);
    }
    return to;
}

/* world_close removes files, not folders. */
static void remove_folders(World *w, Str folder)
{
    StrVec files = {0};
    Err err = {0};
    static const char *const inside[] = {"items/work-injury", "items",  "sources", "papers", "demo",
                                         "bundles",           "places", "theme",   ""};
    if (file_list(&w->arena, folder, STR(""), &files, &err))
        for (size_t i = 0; i < files.len; i++)
            file_remove(path_join(&w->arena, folder, files.at[i]));
    for (size_t i = 0; i < COUNT(inside); i++)
        (void)rmdir(str_cstr(&w->arena, path_join(&w->arena, folder, str_z(inside[i]))));
}

static int64_t versions(World *w)
{
    StoreRows r;
    Err err = {0};
    CHECK(store_run(&w->reader, &w->arena, SQL_ITEM_VERSIONS,
                    PARAMS(P_STR(w->app.catalogue->place), P_STR(STR("work-injury"))), &r, &err),
          "versions: %s", err.msg);
    return (int64_t)r.count;
}

static const char *element_of(World *w, Str id)
{
    StoreRows r;
    Err err = {0};
    int64_t n = 0;
    CHECK(str_int(id, &n) &&
              store_run(&w->reader, &w->arena, SQL_TASK_OPEN_OF_CASE,
                        PARAMS(P_STR(w->app.catalogue->place), P_INT(n)), &r, &err) &&
              r.count == 1,
          "one open task: %s", err.msg);
    return r.count ? str_cstr(&w->arena, row_str(&r, 0, 1)) : "";
}

static bool act(World *w, const Actor *who, UseCase *run, const Value *in, Err *err)
{
    *err = (Err){0};
    return world_run(w, who, "act", run, in, "", err) != NULL;
}

static void accept_case(World *w, Str id)
{
    Err err;
    CHECK(act(w, &w->clerk, desk_accept, world_case(&w->arena, id), &err), "accept: %s", err.msg);
}

static void decide(World *w, Str id, const char *what)
{
    Err err;
    Value *in = world_case(&w->arena, id);
    set_str(&w->arena, in, "decision", str_z(what));
    set_str(&w->arena, in, "reason", STR("符合《工伤保险条例》第十四条第（一）项"));
    set_bool(&w->arena, in, "confirm", true);
    CHECK(act(w, &w->approver, desk_decide, in, &err), "decide: %s", err.msg);
    (void)world_work(w);
}

/* What staff see of it. */
static const Value *seen(World *w, Str id)
{
    CaseFile cf;
    Err err = {0};
    Value *m = value_map(&w->arena);
    Viewing by = world_viewing(w, &w->approver, LANG_ZH);
    world_load(w, id, &cf);
    CHECK(case_view(&by, &cf, VIEW_STAFF, m, &err), "view: %s", err.msg);
    return m;
}

static Str recommended(World *w, Str id)
{
    return get_str(value_at(seen(w, id), "proposal"), "recommend");
}

static Str submit_new(World *w)
{
    Err err = {0};
    Value *in = world_application(&w->arena, "2026-11-16"), *old = value_inside(in, "answers");
    Value *answers = value_map(&w->arena);
    for (uint32_t i = 0; i < old->map.count; i++) {
        Str key = old->map.members[i].key;
        value_set(&w->arena, answers, str_eq(key, STR("injury_part")) ? STR("hurt_part") : key,
                  old->map.members[i].value);
    }
    set_value(&w->arena, in, "answers", answers);
    Value *out = world_run(w, &w->zhao, "apply.at_once", apply_at_once, in, "", &err);
    CHECK(out != NULL, "submit: %s", err.msg);
    return get_str(out, "case");
}

TEST(case_goes_on_under_its_version)
{
    World w;
    CaseFile cf;
    world_open(&w);
    Str old = world_submit(&w, &w.li, NULL);
    CHECK(versions(&w) == 1 && value_at(seen(&w, old), "item_version") == NULL,
          "today's: nothing is told");
    world_load(&w, old, &cf);
    Str first = str_dup(&w.arena, cf.item_version);
    Str folder = copied(&w, "changed", changed, COUNT(changed));
    world_restart(&w, str_cstr(&w.arena, folder), NULL);
    CHECK(versions(&w) == 2, "two versions: %d", (int)versions(&w));
    world_load(&w, old, &cf);
    CHECK(str_eq(cf.item_version, first) && !casework_is_of_today(&w.app, &cf) &&
              cf.item != casework_item_today(&w.app, &cf),
          "the first one");
    const Value *told = value_at(seen(&w, old), "item_version");
    CHECK(str_eq(get_str(told, "short"), str_slice(first, 0, 12)) &&
              get_str(told, "published_date").len > 0,
          "staff are told: %s", str_cstr(&w.arena, json_text(&w.arena, told)));

    Str young = submit_new(&w);
    world_load(&w, young, &cf);
    CHECK(casework_is_of_today(&w.app, &cf), "a new case is under the new one");
    accept_case(&w, old);
    accept_case(&w, young);
    CHECK(strcmp(element_of(&w, old), "decide") == 0, "the old process: %s", element_of(&w, old));
    CHECK(strcmp(element_of(&w, young), "determine") == 0, "the new process: %s",
          element_of(&w, young));
    CHECK(str_eq(recommended(&w, old), STR("grant")) && str_eq(recommended(&w, young), STR("deny")),
          "old rules, new rules");
    decide(&w, old, "grant");
    decide(&w, young, "grant");
    CHECK(str_eq(get_str(seen(&w, old), "state"), STR("delivered")) &&
              str_eq(get_str(seen(&w, young), "state"), STR("delivered")),
          "both to their end");
    Str said = json_text(&w.arena, value_at(seen(&w, old), "answers"));
    CHECK(str_find(said, STR("injury_part"), 0) != SIZE_MAX, "the old question, answered");
    remove_folders(&w, folder);
    world_close(&w);
}

TEST(same_documents_are_the_same_version)
{
    World w;
    CaseFile cf;
    world_open(&w);
    Str id = world_submit(&w, &w.li, NULL);
    Str same = copied(&w, "same", NULL, 0), other = copied(&w, "other", changed, COUNT(changed)),
        beside = copied(&w, "beside", elsewhere, COUNT(elsewhere));
    world_restart(&w, str_cstr(&w.arena, same), NULL);
    world_restart(&w, "catalogues/demo", NULL);
    CHECK(versions(&w) == 1, "no new row: %d", (int)versions(&w));
    world_restart(&w, str_cstr(&w.arena, beside), NULL);
    CHECK(versions(&w) == 1, "what it does not use is no part of it");
    world_restart(&w, str_cstr(&w.arena, other), NULL);
    world_restart(&w, "catalogues/demo", NULL);
    CHECK(versions(&w) == 2, "there and back: %d", (int)versions(&w));
    world_load(&w, id, &cf);
    CHECK(casework_is_of_today(&w.app, &cf) && cf.catalogue == w.app.catalogue, "today's again");
    CHECK(versions_compiled(w.app.versions) == 0, "and nothing was compiled for it");
    remove_folders(&w, same);
    remove_folders(&w, other);
    remove_folders(&w, beside);
    world_close(&w);
}

TEST(cases_of_before_get_the_version_of_the_first_start)
{
    World w;
    CaseFile cf;
    world_open(&w);
    Str id = world_submit(&w, &w.li, NULL);
    world_restart(&w, "catalogues/demo",
                  "delete from item_versions; delete from item_documents;"
                  "update settings set value = 'adopt' where name = 'item_versions';"
                  "update cases set item_version = '2026.1'");
    world_load(&w, id, &cf);
    CHECK(casework_is_of_today(&w.app, &cf) && versions(&w) == 1, "adopted");
    Str folder = copied(&w, "changed", changed, COUNT(changed));
    world_restart(&w, str_cstr(&w.arena, folder), NULL);
    world_load(&w, id, &cf);
    CHECK(!casework_is_of_today(&w.app, &cf), "once: a later start does not adopt it again");
    remove_folders(&w, folder);
    world_close(&w);
}

static bool load(World *w, Str id, Err *err)
{
    CaseFile cf;
    int64_t n = 0;
    *err = (Err){0};
    return str_int(id, &n) && casework_load(&w->reader, &w->arena, &w->app, n, &cf, err);
}

TEST(version_that_cannot_be_read_is_told)
{
    static const struct {
        const char *script, *says;
    } rows[] = {
        {"update item_documents set text = replace(text, 'decide', 'decode')",
         "not those that were published"},
        {"delete from item_documents", "is not kept"},
        {"delete from item_versions", "is not kept in this database"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        World w;
        Err err;
        world_open(&w);
        Str id = world_submit(&w, &w.li, NULL);
        Str folder = copied(&w, "changed", changed, COUNT(changed));
        world_restart(&w, str_cstr(&w.arena, folder), rows[i].script);
        CHECK(!load(&w, id, &err) && err.code == ERR_UNREADABLE && strstr(err.msg, rows[i].says) &&
                  strstr(err.msg, "work-injury"),
              "row %d: %s", (int)i, err.msg);
        CHECK(!load(&w, id, &err) && err.code == ERR_UNREADABLE &&
                  versions_compiled(w.app.versions) == 1,
              "row %d: the refusal is remembered", (int)i);
        Value *in = value_map(&w.arena);
        StoreRows r;
        clock_shift(&w.clock, 30 * MS_DAY);
        CHECK(store_run(&w.reader, &w.arena, SQL_TIMERS_DUE,
                        PARAMS(P_STR(w.app.catalogue->place), P_INT(clock_now(&w.clock)), P_INT(9)),
                        &r, &err) &&
                  r.count > 0,
              "row %d: a timer is due", (int)i);
        set_int(&w.arena, in, "timer", r.count ? row_int(&r, 0, 0) : 0);
        Actor system = {.kind = ACTOR_SYSTEM};
        CHECK(!act(&w, &system, casework_timer, in, &err) && err.code == ERR_UNREADABLE,
              "row %d: it cannot fire: %s", (int)i, err.msg);
        CHECK(act(&w, &system, casework_timer_failed, in, &err), "row %d: it is put off: %s",
              (int)i, err.msg);
        remove_folders(&w, folder);
        world_close(&w);
    }
}

TEST(compiled_versions_are_bounded)
{
    World w;
    Err err;
    world_open(&w);
    Str one = world_submit(&w, &w.li, NULL);
    Str folder = copied(&w, "changed", changed, COUNT(changed));
    static const Change third[] = {{"recommend: proposal.recommend,", "recommend: \"grant\","}};
    Str other = copied(&w, "third", third, COUNT(third));
    world_restart(&w, str_cstr(&w.arena, folder), NULL);
    Str two = submit_new(&w);
    world_restart(&w, str_cstr(&w.arena, other), NULL);
    versions_close(w.app.versions);
    w.app.versions = versions_open(1); /* room for less than one: the last one stays */
    Pass pass = live_enter(&w.app);
    for (int i = 0; i < 4; i++)
        CHECK(load(&w, i % 2 ? one : two, &err) && versions_compiled(w.app.versions) == 1,
              "round %d: %s", i, err.msg);
    live_leave(&pass);
    remove_folders(&w, folder);
    remove_folders(&w, other);
    world_close(&w);
}
