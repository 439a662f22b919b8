/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an applicant sees of a draft: the task list, one page a topic, the answers to check. Every
 * page is complete by itself; what stands where is computed from the draft each time.
 */
#include "model/form.h"
#include "services/casework/casework_view.h"
#include "services/certificate/localise.h"
#include "services/party/party.h"
#include "web/pages.h"

Str apply_url(const HttpRequest *rq, const Draft *d, Str page)
{
    return str_fmt(rq->arena, "/apply/%lld%s" STR_FMT, (long long)d->id, page.len ? "/" : "",
                   STR_ARG(page));
}

bool apply_visit(HttpRequest *rq, HttpResponse *rs, ApplyVisit *a, HttpNext *next)
{
    const Visit *v = visit_of(rq);
    int64_t id = 0;
    Err err = {0};
    *a = (ApplyVisit){0};
    (void)!str_int(http_param(rq, "draft"), &id);
    if (!draft_load(v->reader, rq->arena, v->web->app, id, v->actor.id, &a->draft, &err) ||
        !draft_view(rq->arena, v->web->app, &a->draft, rq->at, &a->view, &err)) {
        *next = web_error(rq, rs, &err);
        return false;
    }
    if (!str_eq(a->draft.state, STR("open"))) {
        *next = web_status(rq, rs, 409, "apply.gone");
        return false;
    }
    Str page = http_param(rq, "page");
    if (page.len && !(a->page = form_page(&a->draft.item->form, page))) {
        *next = web_status(rq, rs, 404, "http.404.text");
        return false;
    }
    return true;
}

void apply_put_draft(const HttpRequest *rq, const ApplyVisit *a, Value *m)
{
    const Visit *v = visit_of(rq);
    Arena *out = rq->arena;
    set_str(out, m, "draft", str_fmt(out, "%lld", (long long)a->draft.id));
    set_str(out, m, "item", a->draft.item->key);
    set_str(out, m, "item_name", text_in(a->draft.item->name, v->lang));
    set_str(out, m, "list_url", apply_url(rq, &a->draft, STR("")));
    set_str(out, m, "guide_url", str_fmt(out, "/s/" STR_FMT, STR_ARG(a->draft.item->key)));
    Date keep = date_of_time(a->draft.expires_at, v->web->app->catalogue->zone_minutes);
    set_str(out, m, "kept_until", date_text(out, keep, lang_name(v->lang)));
}

/* ---- the task list ---- */

static const char *state_name(PageState s)
{
    switch (s) {
    case PAGE_HIDDEN: return "hidden";
    case PAGE_TODO: return "todo";
    case PAGE_STARTED: return "started";
    case PAGE_DONE: return "done";
    case PAGE_NOT_NEEDED: return "not_needed";
    }
    return "";
}

static Value *section_of(const HttpRequest *rq, Value *sections, const Page *page)
{
    Lang lang = visit_of(rq)->lang;
    Str title = text_in(page->section, lang);
    if (!title.len)
        title = text_in(page->title, lang);
    size_t n = value_count(sections);
    if (n && str_eq(get_str(value_item(sections, n - 1), "title"), title))
        return value_item(sections, n - 1);
    Value *s = push_map(rq->arena, sections);
    set_int(rq->arena, s, "number", (int64_t)n + 1);
    set_str(rq->arena, s, "title", title);
    set_list(rq->arena, s, "tasks");
    return s;
}

/* What a task says below its name: where facts and papers stand. */
static const char *task_note(const HttpRequest *rq, const ApplyVisit *a, const Page *page)
{
    if (page->kind == PAGE_QUESTIONS)
        return NULL;
    if (page->kind == PAGE_FACTS) {
        const Value *fact = value_get(a->draft.facts, page->source);
        Str state = get_str(fact, "state");
        if (!fact)
            return "task.fact.unread";
        if (get_bool(fact, "objected"))
            return "task.fact.objected";
        if (str_eq(state, STR("found")))
            return get_bool(fact, "confirmed") ? "task.fact.confirmed" : "task.fact.found";
        return str_cstr(rq->arena, str_fmt(rq->arena, "task.fact." STR_FMT, STR_ARG(state)));
    }
    Resolved r = draft_resolve(rq->arena, &a->draft, page->material, &a->view);
    switch (r.state) {
    case RESOLVE_NOT_NEEDED: return "task.material.not_needed";
    case RESOLVE_BY_FACT: return "task.material.by_fact";
    case RESOLVE_GIVEN: return NULL;
    case RESOLVE_EXPECTED: return "task.material.expected";
    case RESOLVE_MISSING: return r.may_follow ? "task.material.later" : "task.material.yours";
    }
    return NULL;
}

static void put_task(const HttpRequest *rq, const ApplyVisit *a, const Page *page, PageState s,
                     Value *tasks)
{
    const char *note = task_note(rq, a, page);
    Value *task = push_map(rq->arena, tasks);
    set_str(rq->arena, task, "page", page->id);
    set_str(rq->arena, task, "title", text_in(page->title, visit_of(rq)->lang));
    set_str(rq->arena, task, "note", note ? web_text(rq, note) : STR(""));
    set_str(rq->arena, task, "url", apply_url(rq, &a->draft, page->id));
    for (int k = PAGE_TODO; k <= PAGE_NOT_NEEDED; k++)
        set_bool(rq->arena, task, state_name((PageState)k), (PageState)k == s);
    set_str(rq->arena, task, "state", str_z(state_name(s)));
}

static void put_tasks(const HttpRequest *rq, const ApplyVisit *a, Value *m)
{
    Value *sections = set_list(rq->arena, m, "sections");
    int64_t done = 0, open = 0;
    for (size_t i = 0; i < a->draft.item->form.page_count; i++) {
        const Page *page = &a->draft.item->form.pages[i];
        PageState s = draft_page_state(rq->arena, &a->draft, page, &a->view);
        if (s == PAGE_HIDDEN)
            continue;
        bool is_open = s == PAGE_TODO || s == PAGE_STARTED;
        done += !is_open;
        open += is_open;
        Value *section = section_of(rq, sections, page);
        put_task(rq, a, page, s, value_inside(section, "tasks"));
    }
    set_int(rq->arena, m, "done_count", done);
    set_int(rq->arena, m, "open_count", open);
    set_int(rq->arena, m, "last_number", (int64_t)value_count(sections) + 1);
}

static bool may_submit(const HttpRequest *rq, const ApplyVisit *a)
{
    for (size_t i = 0; i < a->draft.item->form.page_count; i++) {
        const Page *page = &a->draft.item->form.pages[i];
        PageState s = draft_page_state(rq->arena, &a->draft, page, &a->view);
        bool later = page->kind == PAGE_MATERIAL &&
                     draft_resolve(rq->arena, &a->draft, page->material, &a->view).may_follow;
        if ((s == PAGE_TODO || s == PAGE_STARTED) && !later &&
            !(page->kind == PAGE_FACTS && s == PAGE_TODO))
            return false;
    }
    return true;
}

HttpNext web_apply_list(HttpRequest *rq, HttpResponse *rs)
{
    ApplyVisit a;
    HttpNext next;
    if (!apply_visit(rq, rs, &a, &next))
        return next;
    Value *m = value_map(rq->arena);
    apply_put_draft(rq, &a, m);
    put_tasks(rq, &a, m);
    set_bool(rq->arena, m, "ready", may_submit(rq, &a));
    set_str(rq->arena, m, "answers_url", apply_url(rq, &a.draft, STR("answers")));
    return web_page(rq, rs, "tasklist", m);
}

/* ---- one page ---- */

Str apply_problem_text(const HttpRequest *rq, const Value *problem)
{
    Str text = get_str(problem, "text");
    return text.len ? text
                    : web_text_with(rq, str_cstr(rq->arena, get_str(problem, "key")), problem);
}

Str apply_problem_of(const HttpRequest *rq, const Value *problems, Str element)
{
    for (uint32_t i = 0; i < value_count(problems); i++)
        if (str_eq(get_str(value_item(problems, i), "element"), element))
            return apply_problem_text(rq, value_item(problems, i));
    return STR("");
}

Str apply_problem_line(const HttpRequest *rq, Str label, Str text)
{
    Value *with = value_map(rq->arena);
    set_str(rq->arena, with, "label", label);
    set_str(rq->arena, with, "text", text);
    return label.len ? web_text_with(rq, "problem.line", with) : text;
}

static Value *party_value(const HttpRequest *rq)
{
    const Visit *v = visit_of(rq);
    Value *party = value_map(rq->arena);
    Party p;
    Err err = {0};
    if (!party_find(v->reader, rq->arena, v->actor.id, &p, &err))
        return party;
    set_str(rq->arena, party, "name", p.name);
    set_str(rq->arena, party, "id_number", p.id_number);
    set_str(rq->arena, party, "phone", p.phone);
    set_str(rq->arena, party, "kind", p.kind);
    return party;
}

static const Value *answer_of(const ApplyVisit *a, const Value *typed, const Value *known, Str key)
{
    const Value *v = typed ? value_get(typed, key) : value_get(a->draft.answers, key);
    if (!typed && (!v || v->kind == VALUE_NULL))
        v = value_get(known, key);
    return v && v->kind != VALUE_NULL ? v : NULL;
}

/* Was this question on the page that was sent? It is when the page names it. */
static bool was_asked(const HttpRequest *rq, Str key)
{
    for (size_t i = 0; i < rq->form.len; i++)
        if (str_eq(rq->form.at[i].name, STR("_asked")) && str_eq(rq->form.at[i].value, key))
            return true;
    return false;
}

/* A question that an answer of this page has just opened is no mistake: it is asked, not blamed. */
static void put_field(const HttpRequest *rq, const Question *q, const Value *answer,
                      const Value *problems, Value *m)
{
    Str key = q->element->key, error = apply_problem_of(rq, problems, key);
    bool opened = q->show_if && error.len && !was_asked(rq, key);
    Value *f = web_field(rq, q, answer, opened ? STR("") : error);
    set_bool(rq->arena, f, "follows", q->show_if != NULL);
    set_bool(rq->arena, f, "opened", opened);
    value_push(rq->arena, value_inside(m, "fields"), f);
    if (opened && !get_str(m, "opened_id").len)
        set_str(rq->arena, m, "opened_id", key);
    else if (error.len && !opened)
        web_problem(rq, m, key, apply_problem_line(rq, get_str(f, "label"), error));
}

static void put_fields(const HttpRequest *rq, const ApplyVisit *a, const Value *typed,
                       const Value *problems, Value *m)
{
    const Visit *v = visit_of(rq);
    const Value *known =
        draft_suggest(rq->arena, v->web->app, &a->draft, a->page, party_value(rq), rq->at);
    set_list(rq->arena, m, "fields");
    for (size_t i = 0; i < a->page->question_count; i++) {
        const Question *q = &a->page->questions[i];
        if (form_question_shown(rq->arena, q, &a->view.scope))
            put_field(rq, q, answer_of(a, typed, known, q->element->key), problems, m);
    }
}

/* Answers that the source needs and that are not there yet, with the page that asks for them. */
static void put_missing_inputs(const HttpRequest *rq, const ApplyVisit *a, const Source *s,
                               Value *m)
{
    const Form *f = &a->draft.item->form;
    Value *list = set_list(rq->arena, m, "missing_inputs");
    for (size_t i = 0; i < s->input_count; i++) {
        if (value_text(value_get(a->draft.answers, s->inputs[i])).len)
            continue;
        for (size_t p = 0; p < f->page_count; p++)
            for (size_t k = 0; k < f->pages[p].question_count; k++) {
                const Element *e = f->pages[p].questions[k].element;
                if (!str_eq(e->key, s->inputs[i]))
                    continue;
                Value *row = push_map(rq->arena, list);
                set_str(rq->arena, row, "label", text_in(e->label, visit_of(rq)->lang));
                set_str(rq->arena, row, "url", apply_url(rq, &a->draft, f->pages[p].id));
            }
    }
}

static void put_fact(const HttpRequest *rq, const ApplyVisit *a, Value *m)
{
    const Visit *v = visit_of(rq);
    const Catalogue *c = v->web->app->catalogue;
    const Source *s = catalogue_source(c, a->page->source);
    const Value *fact = value_get(a->draft.facts, s->key);
    Value *shown = localise(rq->arena, case_view_fact(rq->arena, s, fact, FACT_FOR_APPLICANT),
                            v->lang, c->zone_minutes);
    web_fact_words(rq, shown);
    set_value(rq->arena, m, "fact", shown);
    Value *fields = set_list(rq->arena, m, "will_read");
    for (size_t i = 0; i < s->field_count; i++)
        push_str(rq->arena, fields, text_in(s->fields[i].label, v->lang));
    set_bool(rq->arena, m, "needs_consent", s->needs_consent);
    put_missing_inputs(rq, a, s, m);
    set_bool(rq->arena, m, "can_read", draft_source_inputs(rq->arena, &a->draft, s) != NULL);
    bool open = str_eq(get_str(fact, "state"), STR("found")) && !get_bool(fact, "confirmed") &&
                !get_bool(fact, "objected");
    set_bool(rq->arena, m, "to_confirm", open);
    set_bool(rq->arena, m, "unread", fact == NULL);
    set_bool(rq->arena, m, "settled", fact != NULL && !open);
    set_bool(rq->arena, m, "object", http_query(rq, "object").len > 0);
}

static void put_given(const HttpRequest *rq, const ApplyVisit *a, Str code, Value *material)
{
    Value *list = set_list(rq->arena, material, "given");
    for (size_t i = 0; i < a->draft.given_count; i++) {
        const GivenMaterial *g = &a->draft.given[i];
        if (!str_eq(g->code, code))
            continue;
        Value *row = push_map(rq->arena, list);
        set_str(rq->arena, row, "id", str_fmt(rq->arena, "%lld", (long long)g->id));
        set_str(rq->arena, row, "name", g->name);
        set_bool(rq->arena, row, "mailed", str_eq(g->way, STR("mail")));
        set_str(rq->arena, row, "form_key", web_key(rq));
    }
    set_bool(rq->arena, material, "any", value_count(list) > 0);
}

static void put_material(const HttpRequest *rq, const ApplyVisit *a, const Value *problems,
                         Value *m)
{
    const Visit *v = visit_of(rq);
    const ItemMaterial *im = item_material(a->draft.item, a->page->material);
    Resolved r = draft_resolve(rq->arena, &a->draft, a->page->material, &a->view);
    Value *material = set_map(rq->arena, m, "material");
    set_str(rq->arena, material, "code", im->material->code);
    set_str(rq->arena, material, "name", text_in(im->material->name, v->lang));
    Str note = text_in(im->note, v->lang);
    set_str(rq->arena, material, "note", note.len ? note : text_in(im->material->note, v->lang));
    set_str(rq->arena, material, "basis", text_in(im->basis, v->lang));
    set_bool(rq->arena, material, "by_mail", im->by_mail);
    set_bool(rq->arena, material, "may_follow", r.may_follow);
    set_bool(rq->arena, material, "by_fact", r.state == RESOLVE_BY_FACT);
    set_bool(rq->arena, material, "expected", r.state == RESOLVE_EXPECTED);
    set_int(rq->arena, material, "max_files", im->max_files > 0 ? im->max_files : 5);
    set_str(rq->arena, material, "error", apply_problem_of(rq, problems, STR("file")));
    put_given(rq, a, im->material->code, material);
    for (uint32_t i = 0; i < value_count(problems); i++)
        web_problem(rq, m, STR("file"), apply_problem_text(rq, value_item(problems, i)));
}

/* Where this page stands among the shown pages of its section. */
static void put_step(const HttpRequest *rq, const ApplyVisit *a, Value *m)
{
    const Form *f = &a->draft.item->form;
    Str section = text_in(a->page->section, LANG_ZH);
    int64_t step = 0, steps = 0;
    for (size_t i = 0; i < f->page_count; i++) {
        const Page *page = &f->pages[i];
        bool here = page == a->page;
        if (!str_eq(text_in(page->section, LANG_ZH), section) ||
            (!here && !form_page_shown(rq->arena, page, &a->view.scope)))
            continue;
        steps++;
        if (here)
            step = steps;
    }
    set_int(rq->arena, m, "step", step);
    set_int(rq->arena, m, "steps", steps);
    set_bool(rq->arena, m, "has_steps", section.len && steps > 1);
}

HttpNext apply_show_page(HttpRequest *rq, HttpResponse *rs, const ApplyVisit *a,
                         const Value *answers, const Value *problems)
{
    Lang lang = visit_of(rq)->lang;
    Value *m = value_map(rq->arena);
    apply_put_draft(rq, a, m);
    set_str(rq->arena, m, "page_id", a->page->id);
    set_str(rq->arena, m, "title", text_in(a->page->title, lang));
    set_str(rq->arena, m, "heading", text_in(a->page->title, lang));
    set_str(rq->arena, m, "lead", text_in(a->page->lead, lang));
    set_str(rq->arena, m, "section", text_in(a->page->section, lang));
    set_str(rq->arena, m, "action", apply_url(rq, &a->draft, a->page->id));
    put_step(rq, a, m);
    const Page *next = draft_next_page(rq->arena, &a->draft, a->page, &a->view);
    set_str(rq->arena, m, "next_url", apply_url(rq, &a->draft, next ? next->id : STR("answers")));
    if (problems)
        rs->status = 422;
    switch (a->page->kind) {
    case PAGE_QUESTIONS: put_fields(rq, a, answers, problems, m); break;
    case PAGE_FACTS: put_fact(rq, a, m); break;
    case PAGE_MATERIAL: put_material(rq, a, problems, m); break;
    }
    static const char *const templates[] = {
        [PAGE_QUESTIONS] = "question", [PAGE_FACTS] = "facts", [PAGE_MATERIAL] = "material"};
    return web_page(rq, rs, templates[a->page->kind], m);
}

HttpNext web_apply_page(HttpRequest *rq, HttpResponse *rs)
{
    ApplyVisit a;
    HttpNext next;
    if (!apply_visit(rq, rs, &a, &next))
        return next;
    return apply_show_page(rq, rs, &a, NULL, NULL);
}
