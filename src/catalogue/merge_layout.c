/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bundles/<key>/form.yaml: the merged form in another order and under other titles. A page of it
 * gathers questions by their elements, or is the page of one source or one material; what it does
 * not name stays where it was, behind. Which of them are shown to whom is not changed by it.
 */
#include "catalogue/bundle_int.h"

typedef struct {
    Page page;
    Str source, material;
} LayoutDraft;

static const Field layout_fields[] = {{"pages", FIELD_LIST, true, 0, 0, 0, NULL}};

static const Field page_fields[] = {
    {"id", FIELD_KEY, true, offsetof(LayoutDraft, page.id), 0, 0, NULL},
    {"title", FIELD_TEXT, true, offsetof(LayoutDraft, page.title), 0, 0, NULL},
    {"lead", FIELD_TEXT, false, offsetof(LayoutDraft, page.lead), 0, 0, NULL},
    {"section", FIELD_TEXT, true, offsetof(LayoutDraft, page.section), 0, 0, NULL},
    {"questions", FIELD_LIST, false, 0, 0, 0, NULL},
    {"source", FIELD_KEY, false, offsetof(LayoutDraft, source), 0, 0, NULL},
    {"material", FIELD_KEY, false, offsetof(LayoutDraft, material), 0, 0, NULL},
};

/* Pages as they are laid out: those taken leave their questions behind. */
typedef struct {
    Loader *l;
    Page *from; /* question arrays are changed in place */
    size_t from_count, own;
    Page *to;
    size_t to_count;
} Layout;

static Question *questions_of(Loader *l, const Page *p)
{
    Question *list = NEW_N(l->arena, Question, p->question_count + 1);
    for (size_t i = 0; i < p->question_count; i++)
        list[i] = p->questions[i];
    return list;
}

static bool take_question(Layout *y, Str element, Question *q, Ways *page)
{
    for (size_t i = y->own; i < y->from_count; i++) {
        Page *p = &y->from[i];
        if (p->kind != PAGE_QUESTIONS)
            continue;
        for (size_t k = 0; k < p->question_count; k++) {
            if (!str_eq(p->questions[k].element->key, element))
                continue;
            Question *rest = questions_of(y->l, p);
            *q = rest[k];
            *page = p->ways;
            memmove(&rest[k], &rest[k + 1], (p->question_count - k - 1) * sizeof *rest);
            p->questions = rest;
            p->question_count--;
            return true;
        }
    }
    return false;
}

static void add_ways(Loader *l, Page *page, Ways more)
{
    Way *at = NEW_N(l->arena, Way, page->ways.count + more.count + 1);
    for (size_t i = 0; i < page->ways.count; i++)
        at[i] = page->ways.at[i];
    for (size_t i = 0; i < more.count; i++)
        at[page->ways.count + i] = more.at[i];
    page->ways = (Ways){at, page->ways.count + more.count};
}

static void gather_questions(Layout *y, const Value *v, Page *page)
{
    Value *const *items;
    size_t n = read_list(y->l, v, "questions", &items);
    Question *list = NEW_N(y->l->arena, Question, n + 1);
    for (size_t i = 0; i < n; i++) {
        Ways ways;
        if (take_question(y, value_text(items[i]), &list[page->question_count], &ways))
            add_ways(y->l, page, list[page->question_count++].ways);
        else
            complain(y->l, "bundle.layout", items[i],
                     STR("name an element that a page of an item asks, once"),
                     "no page is left that asks '" STR_FMT "'", STR_ARG(value_text(items[i])));
    }
    page->questions = list;
}

/* The page of that source or material, under this page's title. */
static bool take_page(Layout *y, const LayoutDraft *d, Page *page)
{
    for (size_t i = y->own; i < y->from_count; i++) {
        Page *p = &y->from[i];
        bool same = p->id.len && ((p->kind == PAGE_FACTS && str_eq(p->source, d->source)) ||
                                  (p->kind == PAGE_MATERIAL && str_eq(p->material, d->material)));
        if (!same)
            continue;
        Page taken = *p;
        taken.id = page->id;
        taken.title = page->title;
        taken.lead = page->lead;
        taken.section = page->section;
        *page = taken;
        p->id = (Str){0};
        p->question_count = 0;
        return true;
    }
    return false;
}

static void lay_out(Layout *y, const Value *v)
{
    LayoutDraft d = {.source = {0}};
    Page *page = &y->to[y->to_count++];
    READ_FIELDS(y->l, v, page_fields, "a page of a bundle", &d);
    *page = d.page;
    page->mark = mark_of(v);
    if (!d.source.len && !d.material.len)
        gather_questions(y, v, page);
    else if (!take_page(y, &d, page))
        complain(y->l, "bundle.layout", v, (Str){0}, "no item of the bundle has that page");
}

static void put_rest(Layout *y)
{
    for (size_t i = y->own; i < y->from_count; i++) {
        const Page *p = &y->from[i];
        bool empty = p->kind == PAGE_QUESTIONS && p->question_count == 0;
        if (p->id.len && !empty)
            y->to[y->to_count++] = *p;
    }
}

static size_t own_pages(const Bundle *b)
{
    size_t n = 0;
    while (n < b->whole.form.page_count && n < 2 &&
           str_find(b->whole.form.pages[n].id, STR("-"), 0) == SIZE_MAX)
        n++;
    return n;
}

void arrange_form(Loader *l, Bundle *b, const Value *doc)
{
    Form *f = &b->whole.form;
    Value *const *items;
    Str unused;
    if (!READ_FIELDS(l, doc, layout_fields, "form.yaml of a bundle", &unused))
        return;
    size_t n = read_list(l, doc, "pages", &items);
    Layout y = {.l = l, .from_count = f->page_count, .own = own_pages(b)};
    y.from = NEW_N(l->diags->arena, Page, f->page_count + 1);
    y.to = NEW_N(l->arena, Page, f->page_count + n + 1);
    for (size_t i = 0; i < f->page_count; i++)
        y.from[i] = f->pages[i];
    for (size_t i = 0; i < y.own; i++)
        y.to[y.to_count++] = y.from[i];
    for (size_t i = 0; i < n; i++)
        lay_out(&y, items[i]);
    put_rest(&y);
    f->pages = y.to;
    f->page_count = y.to_count;
}
