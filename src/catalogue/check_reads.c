/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who reads what an item asks. A question that nothing reads is a burden without a use, a situation
 * or an option that changes nothing is a question too many, and a page whose condition never holds
 * is not there. Only what is certain is told: documents whose names are not read one by one
 * (processes) count as readers when the name stands anywhere in them.
 *
 * A condition over options and yes-or-no answers alone is tried with each combination of them,
 * none given included: when it never holds, what it guards can never be reached.
 */
#include "catalogue/item_int.h"
#include "model/form.h"

enum { COMBINATIONS_MAX = 500, READ_MAX = 6, TRY_STEPS = 20000 };

#define ADVISE(l, rule, mark, cure, ...)                                                           \
    diag_add((l)->diags, DIAG_ADVICE, (rule), (mark).file, (mark).offset, (cure), __VA_ARGS__)

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static bool word_in(Str text, Str word)
{
    for (size_t at = str_find(text, word, 0); at != SIZE_MAX;
         at = str_find(text, word, at + word.len)) {
        bool begins = at == 0 || !is_word(text.at[at - 1]);
        bool ends = at + word.len == text.len || !is_word(text.at[at + word.len]);
        if (begins && ends)
            return true;
    }
    return false;
}

static bool reads(const FeelProgram *p, Str name)
{
    return p && feel_reads(p, name);
}

/* ---- the readers ---- */

static bool form_reads(const Item *item, Str name)
{
    const Form *f = &item->form;
    for (size_t i = 0; i < f->page_count; i++) {
        const Page *p = &f->pages[i];
        if (reads(p->show_if, name))
            return true;
        for (size_t j = 0; j < p->question_count; j++) {
            const Question *q = &p->questions[j];
            bool own = str_eq(q->element->key, name);
            if (reads(q->show_if, name) || reads(q->prefill, name) ||
                (!own && reads(q->valid_if, name)))
                return true;
        }
    }
    for (size_t i = 0; i < item->material_count; i++)
        if (reads(item->materials[i].needed_if, name))
            return true;
    return false;
}

/* The documents that its process is made of, one after the other. */
static bool next_document(Loader *l, const BpmnProcess *p, size_t *at, uint16_t *last, Str *text)
{
    while (p && *at < p->element_count && p->elements[*at].file == *last)
        *at += 1;
    if (!p || *at >= p->element_count)
        return false;
    *last = p->elements[*at].file;
    *text = l->diags->files.at[*last].text;
    return true;
}

static bool process_says(Loader *l, const Item *item, Str word)
{
    size_t at = 0;
    uint16_t last = UINT16_MAX;
    Str text;
    while (next_document(l, item->process, &at, &last, &text))
        if (word_in(text, word))
            return true;
    return false;
}

static bool rules_read(const DmnModel *m, Str name)
{
    for (size_t i = 0; m && i < m->input_count; i++)
        if (str_eq(m->inputs[i].name, name))
            return true;
    return false;
}

static bool shows_source(const Item *item, Str source)
{
    for (size_t i = 0; i < item->form.page_count; i++)
        if (str_eq(item->form.pages[i].source, source))
            return true;
    return false;
}

/* A source asks by its inputs, where the form, the rules or the process ask the source. */
static bool sources_read(Loader *l, const Item *item, Str name)
{
    for (size_t i = 0; i < l->c->source_count; i++) {
        const Source *s = &l->c->sources[i];
        bool takes = false;
        for (size_t j = 0; j < s->input_count; j++)
            takes = takes || str_eq(s->inputs[j], name);
        if (takes && (shows_source(item, s->key) || rules_read(item->rules, s->key) ||
                      process_says(l, item, s->key)))
            return true;
    }
    return false;
}

static bool workers_read(Loader *l, const Item *item, Str name)
{
    const BpmnProcess *p = item->process;
    for (size_t i = 0; p && i < p->element_count; i++) {
        const WorkerType *w =
            p->elements[i].job_type.len ? catalogue_worker(l->c, p->elements[i].job_type) : NULL;
        for (size_t k = 0; w && k < w->variable_count; k++)
            if (str_eq(w->variables[k], name))
                return true;
    }
    return false;
}

/* A bundle reads by when, and hands on what one of its items asked. */
static bool bundles_read(Loader *l, const Item *item, Str name)
{
    for (size_t i = 0; i < l->c->bundle_count; i++) {
        const Bundle *b = &l->c->bundles[i];
        const Part *own = bundle_part(b, item->key);
        for (size_t k = 0; own && k < b->part_count; k++) {
            const Part *p = &b->parts[k];
            if (reads(p->when, name))
                return true;
            for (size_t n = 0; n < p->pass_count; n++)
                if (p->passes[n].from == own && str_eq(p->passes[n].element->key, name))
                    return true;
        }
    }
    return false;
}

/* Anything that runs; cheap ones first. */
static bool is_read(Loader *l, const Item *item, Str name)
{
    return form_reads(item, name) || rules_read(item->rules, name) ||
           str_eq(item->holder_key, name) || str_eq(item->apply_date_key, name) ||
           map_get(&l->said, name) || workers_read(l, item, name) || sources_read(l, item, name) ||
           bundles_read(l, item, name) || process_says(l, item, name);
}

/* ---- questions ---- */

/* Free text, phone numbers and what is compared with a register are for staff by themselves. */

static void check_question_read(Loader *l, const Item *item, const Question *q)
{
    const Element *e = q->element;
    bool for_people = q->for_staff || e->for_staff || e->type == ELEMENT_PHONE ||
                      e->type == ELEMENT_TEXTAREA || e->source.len;
    if (!for_people && !is_read(l, item, e->key))
        ADVISE(l, "form.unread-question", q->mark,
               STR("drop it, or add for_staff: true when staff read it themselves"),
               "nothing reads the answer '" STR_FMT "'", STR_ARG(e->key));
}

/* ---- what can never be ---- */

typedef struct {
    Str name;
    const Option *options;
    size_t count;
    bool truth;
} Domain;

static bool find_choice(const Item *item, Str name, Domain *c)
{
    for (size_t i = 0; i < item->situation_count; i++) {
        const Situation *s = &item->situations[i];
        if (str_eq(s->key, name)) {
            *c = (Domain){name, s->options, s->option_count, false};
            return true;
        }
    }
    for (size_t i = 0; i < item->form.element_count; i++) {
        const Element *e = item->form.elements[i];
        bool one = e->type == ELEMENT_RADIO || e->type == ELEMENT_SELECT;
        if (!str_eq(e->key, name) || (!one && e->type != ELEMENT_BOOLEAN))
            continue;
        *c = (Domain){name, e->options, one ? e->option_count : 2, !one};
        return true;
    }
    return false;
}

/* Domain n is the nth option; past the last: not answered. */
static FeelValue choose(const Domain *c, size_t n)
{
    if (n >= c->count)
        return feel_null();
    return c->truth ? feel_bool(n == 0) : feel_str(c->options[n].value);
}

static bool may_hold(Loader *l, const Item *item, const FeelProgram *p)
{
    Str names[READ_MAX];
    Domain choices[READ_MAX];
    FeelEntry entries[READ_MAX];
    size_t n = feel_names_read(p, names, READ_MAX), all = 1;
    for (size_t i = 0; n <= READ_MAX && i < n && all <= COMBINATIONS_MAX; i++) {
        if (!find_choice(item, names[i], &choices[i]))
            return true;
        all *= choices[i].count + 1;
    }
    if (n > READ_MAX || all > COMBINATIONS_MAX)
        return true;
    FeelContext context = {entries, n};
    FeelScope scope = {.context = &context};
    bool holds = false;
    for (size_t turn = 0; turn < all && !holds; turn++) {
        ArenaMark mark = arena_mark(l->diags->arena);
        FeelValue v;
        for (size_t i = 0, rest = turn; i < n; rest /= choices[i].count + 1, i++)
            // cppcheck-suppress unreadVariable ; read through the scope
            entries[i] = (FeelEntry){names[i], choose(&choices[i], rest % (choices[i].count + 1))};
        holds = !feel_eval(l->diags->arena, p, &scope, TRY_STEPS, &v, NULL) || feel_is_true(&v);
        arena_rewind(l->diags->arena, mark);
    }
    return holds;
}

static void check_reached(Loader *l, const Item *item, const FeelProgram *p, Mark mark, Str what)
{
    if (p && !may_hold(l, item, p))
        ADVISE(l, "form.never-shown", mark, STR("mend its show_if, or drop it"),
               STR_FMT " is never shown, whatever is answered", STR_ARG(what));
}

static void check_form_reached(Loader *l, const Item *item)
{
    Arena *a = l->diags->arena;
    for (size_t i = 0; i < item->form.page_count; i++) {
        const Page *p = &item->form.pages[i];
        check_reached(l, item, p->show_if, p->mark,
                      str_fmt(a, "page '" STR_FMT "'", STR_ARG(p->id)));
        for (size_t j = 0; j < p->question_count; j++) {
            const Question *q = &p->questions[j];
            check_reached(l, item, q->show_if, q->mark,
                          str_fmt(a, "question '" STR_FMT "'", STR_ARG(q->element->key)));
            check_question_read(l, item, q);
        }
    }
}

static void check_materials_reached(Loader *l, const Item *item)
{
    for (size_t i = 0; i < item->material_count; i++) {
        const ItemMaterial *m = &item->materials[i];
        if (m->needed_if && !may_hold(l, item, m->needed_if))
            ADVISE(l, "item.material-never-needed", m->mark, STR("mend its needed_if, or drop it"),
                   "material '" STR_FMT "' is never needed, whatever is answered",
                   STR_ARG(m->material->code));
    }
}

/* ---- situations ---- */

static bool form_mentions(const Item *item, Str value)
{
    const Form *f = &item->form;
    for (size_t i = 0; i < f->page_count; i++) {
        const Page *p = &f->pages[i];
        if (p->show_if && feel_mentions(p->show_if, value))
            return true;
        for (size_t j = 0; j < p->question_count; j++) {
            const Question *q = &p->questions[j];
            if ((q->show_if && feel_mentions(q->show_if, value)) ||
                (q->valid_if && feel_mentions(q->valid_if, value)) ||
                (q->prefill && feel_mentions(q->prefill, value)))
                return true;
        }
    }
    for (size_t i = 0; i < item->material_count; i++)
        if (item->materials[i].needed_if && feel_mentions(item->materials[i].needed_if, value))
            return true;
    return false;
}

static bool bundles_mention(Loader *l, const Item *item, Str value)
{
    for (size_t i = 0; i < l->c->bundle_count; i++) {
        const Bundle *b = &l->c->bundles[i];
        for (size_t k = 0; bundle_part(b, item->key) && k < b->part_count; k++)
            if (b->parts[k].when && feel_mentions(b->parts[k].when, value))
                return true;
    }
    return false;
}

static bool is_mentioned(Loader *l, const Item *item, Str value)
{
    return form_mentions(item, value) || bundles_mention(l, item, value) ||
           process_says(l, item, value) ||
           (item->rules && word_in(l->diags->files.at[item->rules->file].text, value));
}

static bool is_asked(const Form *f, Str key)
{
    for (size_t i = 0; i < f->element_count; i++)
        if (str_eq(f->elements[i]->key, key))
            return true;
    return false;
}

/* One option may be the one that is left over; two that nothing tells apart are one too many. */
static void check_options(Loader *l, const Item *item, const Situation *s)
{
    const Option *over = NULL;
    for (size_t i = 0; i < s->option_count; i++) {
        const Option *o = &s->options[i];
        if (is_mentioned(l, item, o->value))
            continue;
        if (over)
            ADVISE(l, "item.option-unread", s->mark,
                   STR("join the two, or let a condition read it"),
                   "options '" STR_FMT "' and '" STR_FMT "' of '" STR_FMT "' lead to the same",
                   STR_ARG(over->value), STR_ARG(o->value), STR_ARG(s->key));
        over = o;
    }
}

static void check_situations(Loader *l, const Item *item)
{
    for (size_t i = 0; i < item->situation_count; i++) {
        const Situation *s = &item->situations[i];
        if (!s->key.len || is_asked(&item->form, s->key))
            continue;
        if (is_read(l, item, s->key))
            check_options(l, item, s);
        else
            ADVISE(l, "item.situation-unread", s->mark,
                   STR("let a material's needed_if read it, or drop the question"),
                   "no page, material or rule depends on '" STR_FMT "'", STR_ARG(s->key));
    }
}

void check_reads(Loader *l)
{
    for (size_t i = 0; i < l->sound.len; i++) {
        const Item *item = l->sound.at[i];
        check_form_reached(l, item);
        check_materials_reached(l, item);
        check_situations(l, item);
    }
}
