/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One form out of those of the parts. The first two pages are the bundle's own: the situations of its
 * guide, then which optional parts are left out and how results are handed out. Behind them stand the
 * parts' pages in order. A question is asked where it first turns up; each later part that asks it
 * too adds a way there: the question, and its page, are shown when one of the ways holds. The same
 * with facts of one source and pages for one material. Elements are the catalogue's, so a fact that
 * two parts ask for is one fact.
 */
#include "catalogue/bundle_int.h"

typedef Vec(Way) WayVec;
typedef Vec(Question) QuestionVec;

typedef struct {
    Page page;
    QuestionVec questions;
    WayVec ways;
} MergedPage;

typedef struct {
    Loader *l;
    Arena *scratch;
    Bundle *b;
    Vec(MergedPage *) pages;
    Map asked;   /* element -> its Asked */
    Map sources; /* of facts pages -> MergedPage */
    Map uploads; /* material -> MergedPage */
    Vec(const Element *) elements;
} Merge;

/* Where a question stands; its ways are copied to it at the end. */
typedef struct {
    MergedPage *page;
    size_t at;
    bool always; /* the bundle's own */
    WayVec ways;
} Asked;

bool part_asks(const Part *p, const Element *e)
{
    for (size_t i = 0; i < p->item->form.element_count; i++)
        if (p->item->form.elements[i] == e)
            return true;
    return false;
}

const Part *giver_of(const Part *p, const Element *e)
{
    for (size_t i = 0; i < p->pass_count; i++)
        if (p->passes[i].as == e)
            return p->passes[i].from;
    return NULL;
}

Way way_of(const Part *p, const FeelProgram *page, const FeelProgram *own)
{
    return (Way){.part = p, .page = page, .own = own};
}

static void add_way(Merge *m, WayVec *ways, Way way)
{
    for (size_t i = 0; i < ways->len; i++) {
        const Way *w = &ways->at[i];
        if (w->part == way.part && w->page == way.page && w->own == way.own &&
            w->unless == way.unless)
            return;
    }
    *VEC_PUSH(m->scratch, ways) = way;
}

static void add_element(Merge *m, const Element *e)
{
    for (size_t i = 0; i < m->elements.len; i++)
        if (m->elements.at[i] == e)
            return;
    *VEC_PUSH(m->scratch, &m->elements) = e;
}

static MergedPage *new_page(Merge *m, const Part *p, const Page *like)
{
    MergedPage *page = NEW(m->scratch, MergedPage);
    page->page = *like;
    page->page.questions = NULL;
    page->page.question_count = 0;
    page->page.show_if = NULL;
    if (p)
        page->page.id =
            str_fmt(m->l->arena, STR_FMT "-" STR_FMT, STR_ARG(p->item->key), STR_ARG(like->id));
    *VEC_PUSH(m->scratch, &m->pages) = page;
    return page;
}

static Asked *ask(Merge *m, MergedPage *page, const Question *q)
{
    Asked *asked = NEW(m->scratch, Asked);
    *asked = (Asked){.page = page, .at = page->questions.len};
    Question *copy = VEC_PUSH(m->scratch, &page->questions);
    *copy = *q;
    copy->show_if = NULL;
    copy->valid_if = NULL;
    (void)map_add(m->scratch, &m->asked, q->element->key, asked);
    add_element(m, q->element);
    return asked;
}

/* Its condition on the answer stays its part's own. */
static void add_check(Merge *m, Question *to, const Question *q, const Way *way)
{
    if (!q->valid_if)
        return;
    Question *check = NEW(m->l->arena, Question);
    Way *own = NEW(m->l->arena, Way);
    *own = *way;
    *check = (Question){.element = q->element,
                        .ways = {own, 1},
                        .valid_if = q->valid_if,
                        .valid_message = q->valid_message,
                        .also = to->also,
                        .mark = q->mark};
    to->also = check;
}

static MergedPage *page_of_kind(Merge *m, const Part *p, const Page *page)
{
    Map *known = page->kind == PAGE_FACTS ? &m->sources : &m->uploads;
    Str key = page->kind == PAGE_FACTS ? page->source : page->material;
    MergedPage *merged = map_get(known, key);
    if (!merged) {
        merged = new_page(m, p, page);
        (void)map_add(m->scratch, known, key, merged);
    }
    return merged;
}

/* An answer that is handed on later cannot be asked of a register now. */
static const Part *giver_of_input(const Merge *m, const Part *p, const Page *page)
{
    const Source *s = page->kind == PAGE_FACTS ? find_entry(m->l->c, "source", page->source) : NULL;
    for (size_t i = 0; s && i < s->input_count; i++) {
        const Element *e = find_entry(m->l->c, "element", s->inputs[i]);
        const Part *giver = e ? giver_of(p, e) : NULL;
        if (giver)
            return giver;
    }
    return NULL;
}

static void merge_page(Merge *m, const Part *p, const Page *page)
{
    MergedPage *host = NULL;
    if (page->kind != PAGE_QUESTIONS) {
        const Material *material = find_entry(m->l->c, "material", page->material);
        Way way = way_of(p, page->show_if, NULL);
        host = page_of_kind(m, p, page);
        way.unless = page->kind == PAGE_FACTS ? giver_of_input(m, p, page)
                     : material               ? maker_of(p, material)
                                              : NULL;
        add_way(m, &host->ways, way);
    }
    for (size_t i = 0; i < page->question_count; i++) {
        const Question *q = &page->questions[i];
        Asked *asked = map_get(&m->asked, q->element->key);
        Way way = way_of(p, page->show_if, q->show_if);
        way.unless = giver_of(p, q->element);
        if (!asked) {
            if (!host)
                host = new_page(m, p, page);
            asked = ask(m, host, q);
        }
        if (asked->always)
            continue;
        Question *to = &asked->page->questions.at[asked->at];
        to->required = to->required || q->required;
        add_way(m, &asked->ways, way);
        add_check(m, to, q, &way);
    }
}

/* ---- the bundle's own pages ---- */

static const Text head_section = {{STR_INIT("一件事"), STR_INIT("About this matter")}};

static Element *new_element(Merge *m, Str key, ElementType type, Text label, size_t options)
{
    Element *e = NEW(m->l->arena, Element);
    *e = (Element){.key = key,
                   .type = type,
                   .label = label,
                   .options = NEW_N(m->l->arena, Option, options + 1),
                   .option_count = options,
                   .mark = m->b->whole.mark};
    return e;
}

static void ask_own(Merge *m, MergedPage *page, const Element *e, bool required)
{
    Question q = {.element = e, .required = required, .mark = m->b->whole.mark};
    ask(m, page, &q)->always = true;
}

static void ask_situations(Merge *m)
{
    static const Text title = {{STR_INIT("您的情况"), STR_INIT("Your situation")}};
    const Item *w = &m->b->whole;
    Page like = {.id = STR("situation"), .title = title, .section = head_section, .mark = w->mark};
    MergedPage *page = w->situation_count ? new_page(m, NULL, &like) : NULL;
    for (size_t i = 0; i < w->situation_count; i++) {
        const Situation *s = &w->situations[i];
        const Element *e = find_entry(m->l->c, "element", s->key);
        if (!e) {
            Element *own = new_element(m, s->key, ELEMENT_RADIO, s->question, 0);
            own->options = s->options;
            own->option_count = s->option_count;
            own->mark = s->mark;
            e = own;
        }
        if (s->key.len && !map_get(&m->asked, s->key))
            ask_own(m, page, e, true);
    }
}

static size_t count_optional(const Bundle *b)
{
    size_t n = 0;
    for (size_t i = 0; i < b->part_count; i++)
        n += b->parts[i].optional;
    return n;
}

static void ask_left_out(Merge *m, MergedPage *page)
{
    static const Text label = {
        {STR_INIT("其中哪些事项您不办？"), STR_INIT("Which of these do you leave out?")}};
    static const Text hint = {
        {STR_INIT("都要办的，不用勾选。"), STR_INIT("Tick nothing to have them all.")}};
    size_t n = 0;
    Option *options = NEW_N(m->l->arena, Option, count_optional(m->b) + 1);
    for (size_t i = 0; i < m->b->part_count; i++)
        if (m->b->parts[i].optional)
            options[n++] = (Option){.value = m->b->parts[i].item->key,
                                    .label = m->b->parts[i].item->name,
                                    .hint = m->b->parts[i].why};
    Element *e = new_element(m, BUNDLE_LEFT_OUT, ELEMENT_CHECKBOX, label, 0);
    e->hint = hint;
    e->options = options;
    e->option_count = n;
    ask_own(m, page, e, false);
}

static void ask_handing(Merge *m, MergedPage *page)
{
    static const Option options[] = {
        {STR_INIT("together"),
         {{STR_INIT("全部办好后一次拿"), STR_INIT("All together, when the last one is done")}},
         {{{0}}}},
        {STR_INIT("as_ready"),
         {{STR_INIT("办好一件先拿一件"), STR_INIT("Each one as soon as it is done")}},
         {{{0}}}},
    };
    static const Text label = {
        {STR_INIT("办理结果怎么拿？"), STR_INIT("How would you like to get the results?")}};
    Element *e = new_element(m, BUNDLE_HANDING, ELEMENT_RADIO, label, 0);
    e->options = options;
    e->option_count = COUNT(options);
    ask_own(m, page, e, false);
}

static void ask_choices(Merge *m)
{
    static const Text title = {{STR_INIT("要办的事项"), STR_INIT("What you want done")}};
    Page like = {
        .id = STR("parts"), .title = title, .section = head_section, .mark = m->b->whole.mark};
    bool optional = count_optional(m->b) > 0;
    MergedPage *page = optional || !m->b->as_ready ? new_page(m, NULL, &like) : NULL;
    if (optional)
        ask_left_out(m, page);
    if (!m->b->as_ready)
        ask_handing(m, page);
}

/* ---- written down ---- */

static Ways keep_ways(Merge *m, const WayVec *from)
{
    Way *at = NEW_N(m->l->arena, Way, from->len + 1);
    for (size_t i = 0; i < from->len; i++)
        at[i] = from->at[i];
    return (Ways){at, from->len};
}

/* A page is shown when one of its questions may be: each way of each of them is a way to it. */
static void put_ways(Merge *m)
{
    for (size_t i = 0; i < m->asked.len; i++) {
        Asked *asked = m->asked.at[i].value;
        Question *q = &asked->page->questions.at[asked->at];
        q->ways = keep_ways(m, &asked->ways);
        for (size_t k = 0; asked->page->page.kind == PAGE_QUESTIONS && k < asked->ways.len; k++)
            add_way(m, &asked->page->ways, asked->ways.at[k]);
    }
}

static void keep_form(Merge *m)
{
    Form *f = &m->b->whole.form;
    Page *pages = NEW_N(m->l->arena, Page, m->pages.len + 1);
    put_ways(m);
    for (size_t i = 0; i < m->pages.len; i++) {
        const MergedPage *from = m->pages.at[i];
        Question *list = NEW_N(m->l->arena, Question, from->questions.len + 1);
        for (size_t k = 0; k < from->questions.len; k++)
            list[k] = from->questions.at[k];
        pages[i] = from->page;
        pages[i].questions = list;
        pages[i].question_count = from->questions.len;
        pages[i].ways = keep_ways(m, &from->ways);
    }
    const Element **elements = NEW_N(m->l->arena, const Element *, m->elements.len + 1);
    for (size_t i = 0; i < m->elements.len; i++)
        elements[i] = m->elements.at[i];
    *f = (Form){pages, m->pages.len, elements, m->elements.len};
}

void merge_form(Loader *l, Bundle *b, const Value *layout)
{
    Merge m = {.l = l, .scratch = l->diags->arena, .b = b};
    ask_situations(&m);
    ask_choices(&m);
    for (size_t i = 0; i < b->part_count; i++) {
        const Form *f = &b->parts[i].item->form;
        for (size_t k = 0; k < f->page_count; k++)
            merge_page(&m, &b->parts[i], &f->pages[k]);
        if (!b->whole.apply_date_key.len)
            b->whole.apply_date_key = b->parts[i].item->apply_date_key;
    }
    keep_form(&m);
    if (layout)
        arrange_form(l, b, layout);
}
