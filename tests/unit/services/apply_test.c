/* SPDX-License-Identifier: Apache-2.0 */
/* A draft from its first page to its case, and what is nobody's business in between. */
#include "check.h"
#include "services/casework/casework_view.h"
#include "world.h"
#include "json/json.h"

static Value *of_draft(World *w, Str draft)
{
    Value *in = value_map(&w->arena);
    set_str(&w->arena, in, "draft", draft);
    return in;
}

static bool act(World *w, const Actor *who, UseCase *run, const Value *in, Err *err)
{
    *err = (Err){0};
    return world_run(w, who, "act", run, in, "", err) != NULL;
}

static Str start(World *w, const Actor *who)
{
    Err err = {0};
    Value *in = value_map(&w->arena);
    set_str(&w->arena, in, "item", STR("work-injury"));
    set_str(&w->arena, in, "lang", STR("zh"));
    Value *out = world_run(w, who, "apply.start", apply_start, in, "", &err);
    CHECK(out != NULL, "start: %s", err.msg);
    return get_str(out, "draft");
}

static void load(World *w, Str draft, const Actor *who, Draft *d)
{
    int64_t id = 0;
    Err err = {0};
    CHECK(str_int(draft, &id) && draft_load(&w->reader, &w->arena, &w->app, id, who->id, d, &err),
          "load: %s", err.msg);
}

/* The page's part of these answers. */
static bool save_page(World *w, Str draft, const Page *page, const Value *answers, Err *err)
{
    Value *in = of_draft(w, draft);
    set_str(&w->arena, in, "page", page->id);
    set_value(&w->arena, in, "answers", value_copy(&w->arena, answers));
    return act(w, &w->li, apply_save, in, err);
}

static void save_all(World *w, Str draft, const Value *answers)
{
    Draft d;
    DraftView view;
    Err err = {0};
    load(w, draft, &w->li, &d);
    for (size_t i = 0; i < d.item->form.page_count; i++) {
        const Page *page = &d.item->form.pages[i];
        load(w, draft, &w->li, &d);
        CHECK(draft_view(&w->arena, &w->app, &d, clock_now(&w->clock), &view, &err), "view");
        if (page->question_count && form_page_shown(&w->arena, page, &view.scope))
            CHECK(save_page(w, draft, page, answers, &err), "page %s: %s",
                  str_cstr(&w->arena, page->id), err.msg);
    }
}

/* What exchange_ask gives when the register of insurance knows this person. */
static Value *reading(World *w, Str draft, const char *asked_with)
{
    Value *in = of_draft(w, draft);
    set_str(&w->arena, in, "source", STR("insurance"));
    Value *fact = set_map(&w->arena, in, "fact");
    set_str(&w->arena, fact, "source", STR("insurance"));
    set_str(&w->arena, fact, "state", STR("found"));
    set_int(&w->arena, fact, "at", clock_now(&w->clock));
    Value *inputs = set_map(&w->arena, fact, "inputs");
    set_str(&w->arena, inputs, "worker_id", str_z(asked_with));
    Value *fields = set_map(&w->arena, fact, "fields");
    set_str(&w->arena, fields, "employer_name", STR("云溪市博达工贸有限公司"));
    set_str(&w->arena, fields, "insured", STR("在保"));
    return in;
}

static Value *confirming(World *w, Str draft, bool right)
{
    Value *in = of_draft(w, draft);
    set_str(&w->arena, in, "source", STR("insurance"));
    set_bool(&w->arena, in, "confirm", right);
    set_str(&w->arena, in, "note", right ? STR("") : STR("岗位不对"));
    return in;
}

static Value *giving(World *w, Str draft, const char *code, size_t files)
{
    Value *in = of_draft(w, draft);
    set_str(&w->arena, in, "code", str_z(code));
    set_str(&w->arena, in, "way", files ? STR("upload") : STR("mail"));
    Value *list = set_list(&w->arena, in, "files");
    for (size_t i = 0; i < files; i++) {
        Value *f = push_map(&w->arena, list);
        set_str(&w->arena, f, "hash", str_fmt(&w->arena, "%064zu", i));
        set_str(&w->arena, f, "name", STR("病历.pdf"));
        set_str(&w->arena, f, "type", STR("application/pdf"));
        set_int(&w->arena, f, "size", 100);
    }
    return in;
}

static const Value *answers(World *w)
{
    return value_at(world_application(&w->arena, "2026-11-16"), "answers");
}

TEST(draft_is_nobody_elses_business)
{
    static const struct {
        const char *what;
        UseCase *run;
    } rows[] = {
        {"save", apply_save},     {"facts", apply_facts},         {"confirm", apply_confirm},
        {"give", apply_give},     {"take back", apply_take_back}, {"drop", apply_drop},
        {"submit", apply_submit},
    };
    World w;
    Err err;
    world_open(&w);
    Str draft = start(&w, &w.li);
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK(!act(&w, &w.zhao, rows[i].run, of_draft(&w, draft), &err) &&
                  err.code == ERR_NOT_FOUND,
              "%s: %s", rows[i].what, err_name(err.code));
    world_close(&w);
}

TEST(draft_becomes_a_case)
{
    World w;
    Err err;
    Draft d;
    world_open(&w);
    Str draft = start(&w, &w.li);
    save_all(&w, draft, answers(&w));
    CHECK(act(&w, &w.li, apply_facts, reading(&w, draft, "330199199205034023"), &err), "read: %s",
          err.msg);
    Value *submit = of_draft(&w, draft);
    set_bool(&w.arena, submit, "declaration", true);
    CHECK(!act(&w, &w.li, apply_submit, submit, &err) && err.code == ERR_INPUT,
          "a fact that nobody looked at: %s", err.msg);
    CHECK(act(&w, &w.li, apply_confirm, confirming(&w, draft, true), &err), "confirm: %s", err.msg);
    CHECK(act(&w, &w.li, apply_give, giving(&w, draft, "medical-record", 2), &err), "give: %s",
          err.msg);
    CHECK(!act(&w, &w.li, apply_submit, of_draft(&w, draft), &err) && err.code == ERR_INPUT,
          "no declaration");
    Value *out = world_run(&w, &w.li, "apply.submit", apply_submit, submit, "", &err);
    CHECK(out != NULL, "submit: %s", err.msg);
    CHECK(!act(&w, &w.li, apply_submit, submit, &err) && err.code == ERR_CONFLICT, "once only");
    load(&w, draft, &w.li, &d);
    CHECK(str_eq(d.state, STR("submitted")), "the draft is closed");
    CaseFile cf;
    world_load(&w, get_str(out, "case"), &cf);
    CHECK(world_count(&w, SQL_MATERIALS_OF_CASE, cf.id) == 2, "its files go with it");
    CHECK(resolve_fact_holds(cf.facts, STR("insurance")), "and its facts");
    world_close(&w);
}

TEST(fact_goes_with_what_it_was_asked_for)
{
    World w;
    Err err;
    Draft d;
    world_open(&w);
    Str draft = start(&w, &w.li);
    save_all(&w, draft, answers(&w));
    CHECK(!act(&w, &w.li, apply_facts, reading(&w, draft, "330199198809173011"), &err) &&
              err.code == ERR_CONFLICT,
          "asked about somebody else: %s", err_name(err.code));
    CHECK(act(&w, &w.li, apply_facts, reading(&w, draft, "330199199205034023"), &err), "read: %s",
          err.msg);
    save_all(&w, draft, answers(&w));
    load(&w, draft, &w.li, &d);
    CHECK(value_count(d.facts) == 1, "saving the same keeps it");
    Value *other = value_copy(&w.arena, answers(&w));
    set_str(&w.arena, other, "worker_id", STR("330199198809173011"));
    save_all(&w, draft, other);
    load(&w, draft, &w.li, &d);
    CHECK(value_count(d.facts) == 0, "another person's number drops it");
    world_close(&w);
}

/* Li applies for Zhao: the organ gets Zhao's diagnosis, Li does not, and Zhao sees that it was read. */
TEST(what_is_sensitive_of_another_stays_with_the_organ)
{
    World w;
    Err err;
    Draft d;
    world_open(&w);
    Str draft = start(&w, &w.li);
    Value *given = value_copy(&w.arena, answers(&w));
    set_str(&w.arena, given, "worker_id", STR("330199198809173011"));
    set_str(&w.arena, given, "diagnosis", STR("李所写的"));
    save_all(&w, draft, given);
    Value *in = reading(&w, draft, "330199198809173011");
    Value *fact = (Value *)(uintptr_t)value_at(in, "fact");
    set_str(&w.arena, in, "source", STR("hospital"));
    set_str(&w.arena, (Value *)(uintptr_t)value_at(fact, "fields"), "diagnosis", STR("左踝骨折"));
    CHECK(act(&w, &w.li, apply_facts, in, &err), "read: %s", err.msg);
    Value *yes = confirming(&w, draft, true);
    set_str(&w.arena, yes, "source", STR("hospital"));
    CHECK(act(&w, &w.li, apply_confirm, yes, &err), "confirm: %s", err.msg);
    load(&w, draft, &w.li, &d);
    CHECK(str_eq(get_str(d.answers, "diagnosis"), STR("李所写的")), "not put into the form");
    const Source *s = catalogue_source(w.app.catalogue, STR("hospital"));
    const Value *kept = value_at(d.facts, "hospital");
    Str own = json_text(&w.arena, case_view_fact(&w.arena, s, kept, FACT_FOR_APPLICANT));
    Str organ = json_text(&w.arena, case_view_fact(&w.arena, s, kept, FACT_FOR_ORGAN));
    CHECK(str_find(own, STR("左踝骨折"), 0) == SIZE_MAX, "hidden from the applicant");
    CHECK(str_find(organ, STR("左踝骨折"), 0) != SIZE_MAX, "shown to the organ");
    Value *list = value_list(&w.arena);
    CHECK(party_access_list(&w.reader, &w.arena, w.zhao.id, list, &err) && value_count(list) == 1,
          "in the log of who was read about: %zu", value_count(list));
    world_close(&w);
}

TEST(objection_asks_for_the_paper_again)
{
    World w;
    Err err;
    Draft d;
    DraftView view;
    world_open(&w);
    Str draft = start(&w, &w.li);
    save_all(&w, draft, answers(&w));
    CHECK(act(&w, &w.li, apply_facts, reading(&w, draft, "330199199205034023"), &err), "read: %s",
          err.msg);
    for (int right = 1; right >= 0; right--) {
        CHECK(act(&w, &w.li, apply_confirm, confirming(&w, draft, right != 0), &err), "%s",
              err.msg);
        load(&w, draft, &w.li, &d);
        CHECK(draft_view(&w.arena, &w.app, &d, clock_now(&w.clock), &view, &err), "view");
        ResolveState state = draft_resolve(&w.arena, &d, STR("employment-proof"), &view).state;
        CHECK(state == (right ? RESOLVE_BY_FACT : RESOLVE_MISSING), "right=%d: %d", right,
              (int)state);
    }
    world_close(&w);
}

TEST(files_and_drafts_are_counted)
{
    World w;
    Err err;
    Draft d;
    world_open(&w);
    Str draft = start(&w, &w.li);
    CHECK(!act(&w, &w.li, apply_give, giving(&w, draft, "medical-record", 30), &err) &&
              err.code == ERR_LIMIT,
          "too many files: %s", err_name(err.code));
    CHECK(act(&w, &w.li, apply_give, giving(&w, draft, "medical-record", 1), &err), "%s", err.msg);
    load(&w, draft, &w.li, &d);
    Value *back = of_draft(&w, draft);
    set_int(&w.arena, back, "material", d.given[0].id);
    CHECK(act(&w, &w.li, apply_take_back, back, &err), "take back: %s", err.msg);
    CHECK(!act(&w, &w.li, apply_take_back, back, &err) && err.code == ERR_NOT_FOUND, "once only");
    for (int i = 1; i < DRAFTS_OPEN_MAX; i++)
        (void)start(&w, &w.li);
    Value *in = value_map(&w.arena);
    set_str(&w.arena, in, "item", STR("work-injury"));
    CHECK(!act(&w, &w.li, apply_start, in, &err) && err.code == ERR_LIMIT, "one too many: %s",
          err_name(err.code));
    CHECK(act(&w, &w.zhao, apply_start, in, &err), "each party has its own: %s", err.msg);
    CHECK(act(&w, &w.li, apply_drop, of_draft(&w, draft), &err), "drop: %s", err.msg);
    CHECK(act(&w, &w.li, apply_start, in, &err), "room again: %s", err.msg);
    world_close(&w);
}
