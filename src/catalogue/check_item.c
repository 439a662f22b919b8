/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What must hold inside one item. Several rules are law, not taste: without a legal basis no
 * condition or material may be set, a promise may be shorter than the law's limit but never
 * longer, and what a register gives is not asked for.
 */
#include "catalogue/item_int.h"
#include "model/bundle.h"
#include "model/form.h"

enum { NEEDED = 1, LATER = 3 };

void complain_mark(Loader *l, const char *rule, Mark m, Str cure, Str message)
{
    diag_add(l->diags, DIAG_ERROR, rule, m.file, m.offset, cure, STR_FMT, STR_ARG(message));
}

#define SAY(l, ...) str_fmt((l)->diags->arena, __VA_ARGS__)

static void check_limits(Loader *l, const Item *item, const Value *doc)
{
    const Value *limits = value_at(doc, "limits");
    if (item->legal.n && limit_minutes(&item->promise) > limit_minutes(&item->legal))
        complain_key(l, "item.promise-above-legal", limits, "promise",
                     STR("a promise may only be shorter than the law's limit"),
                     "the promise of %d " STR_FMT " is longer than the limit of %d " STR_FMT,
                     item->promise.n, STR_ARG(item->promise.unit), item->legal.n,
                     STR_ARG(item->legal.unit));
}

static void check_required(Loader *l, const Item *item, const Value *doc)
{
    if (item->basis_count == 0)
        complain_key(l, "item.no-basis", doc, "basis",
                     STR("name the law and article: without a basis nothing may be asked for"),
                     "item '" STR_FMT "' has no legal basis", STR_ARG(item->key));
    if (item->visits > 0 && !value_at(doc, "visit_reason"))
        complain_key(l, "item.visit-reason", doc, "visits", STR("add visit_reason, or make it 0"),
                     "%d visits without a reason", item->visits);
    if (!item->for_persons && !item->for_organisations && value_at(doc, "serves"))
        complain_key(l, "item.serves-nobody", doc, "serves", STR("person, organisation or both"),
                     "item '" STR_FMT "' serves nobody", STR_ARG(item->key));
}

static const Page *material_page(const Form *f, Str code)
{
    for (size_t i = 0; i < f->page_count; i++)
        if (f->pages[i].kind == PAGE_MATERIAL && str_eq(f->pages[i].material, code))
            return &f->pages[i];
    return NULL;
}

static bool has_other_way(const Material *m)
{
    for (size_t i = 0; i < m->replaced_count; i++)
        if (m->replaced_by[i].kind != REPLACED_BY_COMMITMENT)
            return true;
    return false;
}

static void check_material(Loader *l, const Item *item, size_t i)
{
    const ItemMaterial *m = &item->materials[i];
    Str code = m->material->code;
    for (size_t j = 0; j < i; j++)
        if (item->materials[j].material == m->material)
            complain_mark(l, "item.material-twice", m->mark, STR("join their conditions with or"),
                          SAY(l, "material '" STR_FMT "' is asked twice", STR_ARG(code)));
    bool asked = m->necessity == NEEDED || m->necessity == LATER;
    if (asked && !material_page(&item->form, code))
        complain_mark(
            l, "form.material-without-page", m->mark,
            STR("add a page with kind: material to form.yaml"),
            SAY(l, "material '" STR_FMT "' is needed and no page asks for it", STR_ARG(code)));
    if (asked && !text_in(m->basis, LANG_ZH).len)
        complain_mark(
            l, "item.material-no-basis", m->mark, STR("name the law and article"),
            SAY(l, "material '" STR_FMT "' is asked without a legal basis", STR_ARG(code)));
    if (m->necessity == LATER && !item->deferrable)
        complain_mark(l, "item.not-deferrable", m->mark, STR("add deferrable to the flags"),
                      SAY(l, "material '" STR_FMT "' may follow later, the item allows none to",
                          STR_ARG(code)));
    if (item->no_certificate && m->necessity == NEEDED && !has_other_way(m->material))
        complain_mark(l, "item.no-certificate", m->mark, STR("drop the flag no_certificate"),
                      SAY(l, "material '" STR_FMT "' can only be uploaded", STR_ARG(code)));
}

/* Of a shared form it is the item that does not fit. */
static void check_material_pages(Loader *l, const Item *item, const Value *doc)
{
    const SharedForm *shared = item_parts(l, item)->form;
    for (size_t i = 0; i < item->form.page_count; i++) {
        const Page *p = &item->form.pages[i];
        bool unknown = p->kind == PAGE_MATERIAL && find_entry(l->c, "material", p->material) &&
                       !item_material(item, p->material);
        Mark at = shared ? mark_of(value_at(doc, "form")) : p->mark;
        if (unknown)
            complain_mark(l, "form.page-without-material", at,
                          STR("add it to the materials of item.yaml, or drop the page"),
                          SAY(l, "page '" STR_FMT "' asks for '" STR_FMT "', which is not needed",
                              STR_ARG(p->id), STR_ARG(p->material)));
    }
}

static const Question *first_question(const Form *f, Str element, size_t pages)
{
    for (size_t i = 0; i < pages; i++)
        for (size_t j = 0; j < f->pages[i].question_count; j++)
            if (str_eq(f->pages[i].questions[j].element->key, element))
                return &f->pages[i].questions[j];
    return NULL;
}

/* The inputs of a source must be known before its facts can be shown. */
void check_facts_pages(Loader *l, const Form *f)
{
    for (size_t i = 0; i < f->page_count; i++) {
        const Page *p = &f->pages[i];
        const Source *s = p->kind == PAGE_FACTS ? find_entry(l->c, "source", p->source) : NULL;
        for (size_t j = 0; s && j < s->input_count; j++)
            if (!first_question(f, s->inputs[j], i))
                complain_mark(
                    l, "form.facts-too-early", p->mark, STR("ask it on an earlier page"),
                    SAY(l, "source '" STR_FMT "' needs '" STR_FMT "', which was not asked yet",
                        STR_ARG(s->key), STR_ARG(s->inputs[j])));
    }
}

static void check_question_once(Loader *l, const Form *f, size_t page, size_t question)
{
    const Question *q = &f->pages[page].questions[question];
    bool always = !q->show_if && !f->pages[page].show_if;
    const Question *first = first_question(f, q->element->key, page + 1);
    if (first != q && always)
        complain_mark(l, "form.asked-twice", q->mark, STR("ask once, or let conditions choose"),
                      SAY(l, "'" STR_FMT "' is asked on an earlier page or line already",
                          STR_ARG(q->element->key)));
}

void check_form_pages(Loader *l, const Form *f)
{
    for (size_t i = 0; i < f->page_count; i++)
        for (size_t j = 0; j < f->pages[i].question_count; j++)
            check_question_once(l, f, i, j);
    check_facts_pages(l, f);
}

static void check_form(Loader *l, const Item *item, const Value *doc)
{
    check_material_pages(l, item, doc);
    if (!item_parts(l, item)->form) /* else once, where it was read */
        check_form_pages(l, &item->form);
}

static bool is_asked(const Form *f, Str key)
{
    for (size_t i = 0; i < f->element_count; i++)
        if (str_eq(f->elements[i]->key, key))
            return true;
    return false;
}

static void check_references(Loader *l, const Item *item, const Value *doc)
{
    const Paper *p = NULL;
    if (item->certificate.len)
        p = resolve_entry(l, "paper", item->certificate, value_at(doc, "certificate"));
    if (p && !p->certificate)
        complain(l, "item.certificate", value_at(doc, "certificate"),
                 STR("add certificate: true to the paper"), "paper '" STR_FMT "' is no certificate",
                 STR_ARG(p->key));
    if (item->holder_key.len && !is_asked(&item->form, item->holder_key))
        complain(l, "item.holder", value_at(doc, "holder_key"), STR("name an element of the form"),
                 "the form does not ask '" STR_FMT "'", STR_ARG(item->holder_key));
    const Element *e = NULL;
    if (item->apply_date_key.len)
        e = resolve_entry(l, "element", item->apply_date_key, value_at(doc, "apply_date_key"));
    if (e && e->type != ELEMENT_DATE)
        complain(l, "item.apply-date", value_at(doc, "apply_date_key"), (Str){0},
                 "element '" STR_FMT "' is no date", STR_ARG(e->key));
}

void check_item(Loader *l, const Item *item, const Value *doc)
{
    check_item_standard(l, item, doc);
    check_limits(l, item, doc);
    check_required(l, item, doc);
    check_references(l, item, doc);
    for (size_t i = 0; i < item->material_count; i++)
        check_material(l, item, i);
    check_form(l, item, doc);
    check_flow(l, item, doc);
}
