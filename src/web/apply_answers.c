/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All answers, facts and papers of a draft once more, before it is sent; each leads back to the
 * page where it is changed, and so does each problem.
 */
#include "model/form.h"
#include "services/casework/casework_view.h"
#include "services/certificate/localise.h"
#include "web/pages.h"

static bool page_has(const ApplyVisit *a, const Page *page, Arena *scratch, Str element)
{
    if (str_eq(page->id, element) || (page->kind == PAGE_FACTS && str_eq(page->source, element)) ||
        (page->kind == PAGE_MATERIAL && str_eq(page->material, element)))
        return true;
    for (size_t k = 0; k < page->question_count; k++)
        if (str_eq(page->questions[k].element->key, element))
            return form_question_shown(scratch, &page->questions[k], &a->view.scope);
    return false;
}

/* The shown page that asks for an element, source, material or is named so; else empty. */
static Str page_url(const HttpRequest *rq, const ApplyVisit *a, Str element)
{
    const Form *f = &a->draft.item->form;
    for (size_t i = 0; i < f->page_count; i++)
        if (page_has(a, &f->pages[i], rq->arena, element) &&
            form_page_shown(rq->arena, &f->pages[i], &a->view.scope))
            return apply_url(rq, &a->draft, f->pages[i].id);
    return STR("");
}

static void put_answers(const HttpRequest *rq, const ApplyVisit *a, Value *m)
{
    const Visit *v = visit_of(rq);
    const App *app = v->web->app;
    CaseFile cf = {.item = a->draft.item,
                   .catalogue = app->catalogue,
                   .answers = a->draft.answers,
                   .facts = a->draft.facts};
    Value *raw = value_map(rq->arena);
    case_view_answers(rq->arena, &cf, raw);
    case_view_facts(rq->arena, &cf, FACT_FOR_APPLICANT, raw);
    const Value *shown = localise(rq->arena, raw, v->lang, app->catalogue->zone_minutes);
    Value *facts = value_inside(shown, "facts");
    for (uint32_t i = 0; i < value_count(facts); i++) {
        web_fact_words(rq, value_item(facts, i));
        set_str(rq->arena, value_item(facts, i), "url",
                page_url(rq, a, get_str(value_item(facts, i), "source")));
    }
    Value *answers = value_inside(shown, "answers");
    web_answer_words(rq, answers);
    set_value(rq->arena, m, "answers", answers);
    set_value(rq->arena, m, "facts", facts);
    set_bool(rq->arena, m, "has_facts", value_count(facts) > 0);
}

/* Rows of pages that are not shown are no part of the application: they go; the others get the
 * address of the page where they are changed. */
static void put_change_urls(const HttpRequest *rq, const ApplyVisit *a, Value *m)
{
    Value *sections = value_inside(m, "answers");
    uint32_t kept_sections = 0;
    for (uint32_t s = 0; s < value_count(sections); s++) {
        Value *rows = value_inside(value_item(sections, s), "rows");
        uint32_t kept = 0;
        for (uint32_t r = 0; r < value_count(rows); r++) {
            Value *row = value_item(rows, r);
            Str url = page_url(rq, a, get_str(row, "key"));
            if (!url.len)
                continue;
            set_str(rq->arena, row, "url", url);
            rows->list.items[kept++] = row;
        }
        rows->list.count = kept;
        if (kept)
            sections->list.items[kept_sections++] = value_item(sections, s);
    }
    if (sections)
        sections->list.count = kept_sections;
}

static void put_materials(const HttpRequest *rq, const ApplyVisit *a, Value *m)
{
    Lang lang = visit_of(rq)->lang;
    Value *list = set_list(rq->arena, m, "materials");
    for (size_t i = 0; i < a->draft.item->form.page_count; i++) {
        const Page *page = &a->draft.item->form.pages[i];
        if (page->kind != PAGE_MATERIAL ||
            draft_page_state(rq->arena, &a->draft, page, &a->view) == PAGE_HIDDEN)
            continue;
        Resolved r = draft_resolve(rq->arena, &a->draft, page->material, &a->view);
        if (r.state == RESOLVE_NOT_NEEDED)
            continue;
        const ItemMaterial *im = item_material(a->draft.item, page->material);
        Value *row = push_map(rq->arena, list);
        set_str(rq->arena, row, "name", text_in(im->material->name, lang));
        set_str(rq->arena, row, "url", apply_url(rq, &a->draft, page->id));
        set_bool(rq->arena, row, "given", r.state == RESOLVE_GIVEN);
        set_bool(rq->arena, row, "expected", r.state == RESOLVE_EXPECTED);
        set_bool(rq->arena, row, "by_fact", r.state == RESOLVE_BY_FACT);
        set_bool(rq->arena, row, "later", r.state == RESOLVE_MISSING && r.may_follow);
        set_bool(rq->arena, row, "missing", r.state == RESOLVE_MISSING && !r.may_follow);
    }
}

/* A problem names what it is about and leads to where it is put right. */
static void put_problem(const HttpRequest *rq, const ApplyVisit *a, const Value *problem, Value *m)
{
    const Form *f = &a->draft.item->form;
    Str element = get_str(problem, "element"), label = STR("");
    for (size_t i = 0; i < f->page_count; i++) {
        if (str_eq(f->pages[i].id, element))
            label = text_in(f->pages[i].title, visit_of(rq)->lang);
        for (size_t k = 0; k < f->pages[i].question_count; k++) {
            const Question *q = &f->pages[i].questions[k];
            if (str_eq(q->element->key, element))
                label = text_in(text_in(q->label, LANG_ZH).len ? q->label : q->element->label,
                                visit_of(rq)->lang);
        }
    }
    web_problem(rq, m, element, apply_problem_line(rq, label, apply_problem_text(rq, problem)));
    const Value *list = value_at(m, "problems");
    Str url = page_url(rq, a, element);
    if (list)
        set_str(rq->arena, value_item(list, list->list.count - 1), "url",
                url.len ? url : str_fmt(rq->arena, "#" STR_FMT, STR_ARG(element)));
}

HttpNext apply_show_answers(HttpRequest *rq, HttpResponse *rs, const ApplyVisit *a,
                            const Value *problems)
{
    Value *m = value_map(rq->arena);
    apply_put_draft(rq, a, m);
    put_answers(rq, a, m);
    put_change_urls(rq, a, m);
    put_materials(rq, a, m);
    set_str(rq->arena, m, "action", apply_url(rq, &a->draft, STR("submit")));
    set_str(rq->arena, m, "declaration_error", apply_problem_of(rq, problems, STR("declaration")));
    set_str(rq->arena, m, "consult_phone", a->draft.item->consult_phone);
    for (uint32_t i = 0; i < value_count(problems); i++)
        put_problem(rq, a, value_item(problems, i), m);
    if (problems)
        rs->status = 422;
    return web_page(rq, rs, "answers", m);
}

HttpNext web_apply_answers(HttpRequest *rq, HttpResponse *rs)
{
    ApplyVisit a;
    HttpNext next;
    if (!apply_visit(rq, rs, &a, &next))
        return next;
    return apply_show_answers(rq, rs, &a, NULL);
}
