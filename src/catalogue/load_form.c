/* SPDX-License-Identifier: Apache-2.0 */
/*
 * items/<key>/form.yaml, or a form in shared/: pages and questions. Before the first expression is compiled, all names
 * that one may use are gathered from the whole form, so that a mistyped name is an error here and
 * not a page that never shows.
 */
#include "catalogue/item_int.h"
#include "model/form.h"

static const char *const page_kinds[] = {"questions", "facts",     "material",
                                         "own",       "materials", NULL};
_Static_assert(COUNT(page_kinds) == PAGE_MATERIALS + 2, "a name for each kind");

static const Field form_fields[] = {{"pages", FIELD_LIST, true, 0, 0, 0, NULL}};

static const Field page_fields[] = {
    {"id", FIELD_KEY, true, offsetof(Page, id), 0, 0, NULL},
    {"title", FIELD_TEXT, false, offsetof(Page, title), 0, 0, NULL},
    {"lead", FIELD_TEXT, false, offsetof(Page, lead), 0, 0, NULL},
    {"section", FIELD_TEXT, true, offsetof(Page, section), 0, 0, NULL},
    {"kind", FIELD_ENUM, false, offsetof(Page, kind), 0, 0, page_kinds},
    {"show_if", FIELD_CONDITION, false, offsetof(Page, show_if), 0, 0, NULL},
    {"questions", FIELD_LIST, false, 0, 0, 0, NULL},
    {"source", FIELD_KEY, false, offsetof(Page, source), 0, 0, NULL},
    {"material", FIELD_KEY, false, offsetof(Page, material), 0, 0, NULL},
};

typedef struct {
    Question q;
    Str element;
} QuestionDraft;

#define AT(field) offsetof(QuestionDraft, q.field)

static const Field question_fields[] = {
    {"element", FIELD_NAME, true, offsetof(QuestionDraft, element), 0, 0, NULL},
    {"label", FIELD_TEXT, false, AT(label), 0, 0, NULL},
    {"hint", FIELD_TEXT, false, AT(hint), 0, 0, NULL},
    {"required", FIELD_BOOL, false, AT(required), 0, 0, NULL},
    {"for_staff", FIELD_BOOL, false, AT(for_staff), 0, 0, NULL},
    {"show_if", FIELD_CONDITION, false, AT(show_if), 0, 0, NULL},
    {"valid_if", FIELD_CONDITION, false, AT(valid_if), 0, 0, NULL},
    {"valid_message", FIELD_TEXT, false, AT(valid_message), 0, 0, NULL},
    {"prefill", FIELD_ANY, false, 0, 0, 0, NULL},
};

typedef struct {
    const Element **at; /* room for every element of the dictionary */
    size_t count;
} Elements;

static void add_once(Elements *elements, const Element *e)
{
    for (size_t i = 0; i < elements->count; i++)
        if (elements->at[i] == e)
            return;
    elements->at[elements->count++] = e;
}

static void gather_elements(Loader *l, const Value *doc, Elements *elements)
{
    Value *const *pages, *const *questions;
    size_t n = read_list(l, doc, "pages", &pages);
    elements->at = NEW_N(arena_beside(l->arena), const Element *, l->c->element_count + 1);
    for (size_t i = 0; i < n; i++) {
        size_t count = read_list(l, pages[i], "questions", &questions);
        for (size_t j = 0; j < count; j++) {
            const Element *e = find_entry(l->c, "element", get_str(questions[j], "element"));
            if (e)
                add_once(elements, e);
        }
    }
    const Element **kept = NEW_N(l->arena, const Element *, elements->count + 1);
    for (size_t i = 0; i < elements->count; i++)
        kept[i] = elements->at[i];
    elements->at = kept;
}

static bool read_question(Loader *l, const Value *v, Question *q)
{
    QuestionDraft draft = {0};
    READ_FIELDS(l, v, question_fields, "a question", &draft);
    *q = draft.q;
    q->mark = mark_of(v);
    q->element = resolve_entry(l, "element", draft.element, value_at(v, "element"));
    if (value_at(v, "prefill"))
        q->prefill = read_prefill(l, value_at(v, "prefill"),
                                  q->element ? element_feel_type(q->element->type) : NULL);
    if (q->valid_if && !value_at(v, "valid_message"))
        complain_key(l, "form.no-message", v, "valid_if",
                     STR("add valid_message: what people read when it does not hold"),
                     "a condition on the answer of '" STR_FMT "' without a message",
                     STR_ARG(draft.element));
    return q->element != NULL;
}

const Question *read_own_questions(Loader *l, const Value *v, size_t *count)
{
    Value *const *items;
    size_t n = read_list(l, v, "questions", &items), kept = 0;
    Question *list = NEW_N(l->arena, Question, n + 1);
    for (size_t i = 0; i < n; i++)
        if (read_question(l, items[i], &list[kept]))
            kept++;
    *count = kept;
    return list;
}

static void read_questions(Loader *l, const Value *v, Page *page)
{
    page->questions = read_own_questions(l, v, &page->question_count);
    if (page->kind == PAGE_QUESTIONS && !value_count(value_at(v, "questions")))
        complain(l, "form.empty-page", v, STR("add questions, or kind: facts or kind: material"),
                 "page '" STR_FMT "' asks nothing", STR_ARG(page->id));
}

/* The pages of materials have the materials' names. */
static void check_page(Loader *l, const Page *page, const Value *v)
{
    if (!value_at(v, "title") && (int)page->kind != PAGE_MATERIALS)
        complain(l, "catalogue.missing", v, (Str){0}, "a page has no 'title'");
    if (page->kind == PAGE_FACTS && !page->source.len)
        complain(l, "form.no-source", v, STR("add source: the key of a source"),
                 "page '" STR_FMT "' shows facts of no source", STR_ARG(page->id));
    if (page->kind == PAGE_MATERIAL && !page->material.len)
        complain(l, "form.no-material", v, STR("add material: its code"),
                 "page '" STR_FMT "' asks for no material", STR_ARG(page->id));
    if (page->source.len)
        resolve_entry(l, "source", page->source, value_at(v, "source"));
    if (page->material.len)
        resolve_entry(l, "material", page->material, value_at(v, "material"));
}

static void read_page(Loader *l, const Value *v, Form *form, Page *pages, size_t i)
{
    Page *page = &pages[i];
    READ_FIELDS(l, v, page_fields, "a page", page);
    page->mark = mark_of(v);
    if (page->id.len && form_page(form, page->id))
        complain(l, "catalogue.duplicate", v, STR("keep one of them"),
                 "there is another page '" STR_FMT "'", STR_ARG(page->id));
    read_questions(l, v, page);
    check_page(l, page, v);
}

static void read_pages(Loader *l, const Value *doc, Form *form)
{
    Value *const *items;
    if (!READ_FIELDS(l, doc, form_fields, "form.yaml", NULL))
        return;
    size_t n = read_list(l, doc, "pages", &items);
    Page *pages = NEW_N(l->arena, Page, n + 1);
    form->pages = pages;
    for (size_t i = 0; i < n; i++) {
        form->page_count = i;
        read_page(l, items[i], form, pages, i);
    }
    form->page_count = n;
}

/* Its expressions see what it asks itself: what an item asks besides, another does not. */
SharedForm *read_shared_form(Loader *l, Str path)
{
    SharedForm *s = NEW(l->diags->arena, SharedForm);
    Elements elements = {0};
    const Value *doc = load_document(l, path, false);
    const FeelNames *before = l->names;
    gather_elements(l, doc, &elements);
    s->path = path;
    s->form.elements = elements.at;
    s->form.element_count = elements.count;
    if (!doc)
        return s;
    s->file = doc->file;
    l->names = form_names(l, &(Item){.form = s->form});
    read_pages(l, doc, &s->form);
    l->names = before;
    check_form_pages(l, &s->form);
    return s;
}

static void load_own_form(Loader *l, Item *item, const Value *item_doc, Str path)
{
    const Value *doc = load_document(l, path, false);
    Elements elements = {0};
    gather_elements(l, doc, &elements);
    item->form.elements = elements.at;
    item->form.element_count = elements.count;
    add_own_elements(l, item, item_doc);
    l->names = form_names(l, item);
    if (doc)
        read_pages(l, doc, &item->form);
}

void load_form(Loader *l, Item *item, const Value *doc, Str folder)
{
    Str name = get_str(doc, "form");
    if (stands_in_shared(name)) {
        const SharedForm *s = shared_form(l, name);
        item_parts(l, item)->form = s;
        item->form = s->form;
        add_own_elements(l, item, doc);
        l->names = form_names(l, item);
    } else {
        Str file = name.len ? name : STR("form.yaml");
        load_own_form(l, item, doc, path_join(l->diags->arena, folder, file));
    }
    read_own_parts(l, item, doc);
}
