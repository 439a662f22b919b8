/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an item puts into its form: the questions of item.yaml and the situations of its guide stand
 * on the page of kind "own", its materials on pages in place of the one of kind "materials". So
 * items that share a form still ask what is theirs. Pages that nothing is added to stay the
 * form's own, by pointer.
 */
#include <string.h>

#include "catalogue/item_int.h"
#include "model/form.h"

enum { NEEDED = 1, LATER = 3 };

static bool asks(const Form *f, Str key)
{
    for (size_t i = 0; i < f->element_count; i++)
        if (str_eq(f->elements[i]->key, key))
            return true;
    return false;
}

static bool has_page(const Form *f, int kind)
{
    for (size_t i = 0; i < f->page_count; i++)
        if ((int)f->pages[i].kind == kind)
            return true;
    return false;
}

/* ---- questions ---- */

typedef struct {
    const Element **at;
    size_t count;
} ElementList;

static void add_element(Loader *l, ElementList *list, const Form *f, Str key)
{
    const Element *e = key.len && !asks(f, key) ? find_entry(l->c, "element", key) : NULL;
    for (size_t i = 0; e && i < list->count; i++)
        if (list->at[i] == e)
            return;
    if (e)
        list->at[list->count++] = e;
}

/* Before the expressions: what is asked here may be named in them. */
void add_own_elements(Loader *l, Item *item, const Value *doc)
{
    Value *const *items;
    Form *f = &item->form;
    size_t n = read_list(l, doc, "questions", &items);
    bool shared = item_parts(l, item)->form != NULL;
    size_t room = n + (shared ? item->situation_count : 0);
    if (!room)
        return;
    ElementList own = {.at = NEW_N(l->arena, const Element *, f->element_count + room)};
    for (size_t i = 0; i < n; i++)
        add_element(l, &own, f, get_str(items[i], "element"));
    for (size_t i = 0; shared && i < item->situation_count; i++)
        add_element(l, &own, f, item->situations[i].key);
    size_t added = own.count;
    for (size_t i = 0; i < f->element_count; i++)
        own.at[added + i] = f->elements[i];
    f->elements = own.at;
    f->element_count += added;
}

static bool is_among(const Question *list, size_t count, Str element)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(list[i].element->key, element))
            return true;
    return false;
}

/* Situations that the shared form does not ask, in the words of the guide. */
static size_t add_situations(Loader *l, const Item *item, const SharedForm *s, Question *list,
                             size_t count)
{
    for (size_t i = 0; i < item->situation_count; i++) {
        const Situation *one = &item->situations[i];
        const Element *e = one->key.len ? find_entry(l->c, "element", one->key) : NULL;
        if (e && !asks(&s->form, one->key) && !is_among(list, count, one->key))
            list[count++] = (Question){
                .element = e, .label = one->question, .required = true, .mark = one->mark};
    }
    return count;
}

static void check_own(Loader *l, const SharedForm *s, const Question *q)
{
    if (asks(&s->form, q->element->key) && !q->show_if)
        diag_add(l->diags, DIAG_ERROR, "form.asked-twice", q->mark.file, q->mark.offset,
                 STR("ask once, or let conditions choose"),
                 "'" STR_FMT "' is asked by " STR_FMT " already", STR_ARG(q->element->key),
                 STR_ARG(s->path));
}

void read_own_parts(Loader *l, Item *item, const Value *doc)
{
    ItemParts *parts = item_parts(l, item);
    size_t count;
    const Question *read = read_own_questions(l, doc, &count);
    Question *list = NEW_N(l->arena, Question, count + item->situation_count + 1);
    for (size_t i = 0; i < count; i++) {
        list[i] = read[i];
        if (parts->form)
            check_own(l, parts->form, &read[i]);
    }
    parts->own = list;
    parts->own_count = parts->form ? add_situations(l, item, parts->form, list, count) : count;
    bool nowhere = count && item->form.page_count && !has_page(&item->form, PAGE_OWN);
    if (nowhere)
        complain_key(l, "form.no-own-page", doc, "questions",
                     STR("add a page with kind: own to the form, or drop the questions"),
                     "the form has no page for the item's own questions");
}

/* ---- pages ---- */

static bool is_asked(const ItemMaterial *m)
{
    return m->necessity == NEEDED || m->necessity == LATER;
}

/* A material of a page of its own is not on another. */
static bool has_own_page(const Form *f, const ItemMaterial *m)
{
    for (size_t i = 0; i < f->page_count; i++)
        if (f->pages[i].kind == PAGE_MATERIAL && str_eq(f->pages[i].material, m->material->code))
            return true;
    return false;
}

static Page material_page(const Page *like, const ItemMaterial *m)
{
    Text lead = text_in(m->note, LANG_ZH).len ? m->note : m->material->note;
    return (Page){.id = m->material->code,
                  .title = m->material->name,
                  .lead = text_in(lead, LANG_ZH).len ? lead : like->lead,
                  .section = like->section,
                  .kind = PAGE_MATERIAL,
                  .show_if = m->needed_if,
                  .material = m->material->code,
                  .mark = m->mark};
}

static void check_page_id(Loader *l, const Form *f, const ItemMaterial *m)
{
    if (form_page(f, m->material->code))
        diag_add(l->diags, DIAG_ERROR, "catalogue.duplicate", m->mark.file, m->mark.offset,
                 STR("rename the page of the form"), "the form has a page '" STR_FMT "' already",
                 STR_ARG(m->material->code));
}

static size_t put_materials(Loader *l, const Item *item, const Page *like, Page *pages)
{
    const Form *f = &item->form;
    size_t n = 0;
    for (size_t i = 0; i < item->material_count; i++) {
        const ItemMaterial *m = &item->materials[i];
        if (!is_asked(m) || has_own_page(f, m))
            continue;
        check_page_id(l, f, m);
        pages[n++] = material_page(like, m);
    }
    return n;
}

void expand_form(Loader *l, Item *item)
{
    const ItemParts *parts = item_parts(l, item);
    Form *f = &item->form;
    if (!has_page(f, PAGE_OWN) && !has_page(f, PAGE_MATERIALS))
        return;
    Page *pages = NEW_N(l->arena, Page, f->page_count + item->material_count + 1);
    size_t n = 0;
    for (size_t i = 0; i < f->page_count; i++) {
        const Page *p = &f->pages[i];
        if ((int)p->kind == PAGE_MATERIALS) {
            n += put_materials(l, item, p, &pages[n]);
        } else if ((int)p->kind == PAGE_OWN) {
            if (!parts->own_count)
                continue;
            pages[n] = *p;
            pages[n].kind = PAGE_QUESTIONS;
            pages[n].questions = parts->own;
            pages[n++].question_count = parts->own_count;
        } else {
            pages[n++] = *p;
        }
    }
    f->pages = pages;
    f->page_count = n;
}
