/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What must hold between the parts of a bundle. Whether a part can ever be chosen is found by trying
 * all answers to the questions of the guide; what the form asks is left open while doing so.
 */
#include "catalogue/bundle_int.h"

enum { TRIES_MAX = 20000 };

#define SAY(l, ...) str_fmt((l)->diags->arena, __VA_ARGS__)

/* ---- one fact under one key ---- */

static bool has_option(const Option *list, size_t count, Str value)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(list[i].value, value))
            return true;
    return false;
}

static bool same_options(const Situation *a, const Situation *b)
{
    for (size_t i = 0; i < a->option_count; i++)
        if (!has_option(b->options, b->option_count, a->options[i].value))
            return false;
    return a->option_count == b->option_count;
}

static const Situation *situation_of(const Item *item, Str key)
{
    for (size_t i = 0; i < item->situation_count; i++)
        if (str_eq(item->situations[i].key, key))
            return &item->situations[i];
    return NULL;
}

static void check_against(Loader *l, const Situation *s, const Item *owner, const Part *p)
{
    const Situation *other = situation_of(p->item, s->key);
    if (other && !find_entry(l->c, "element", s->key) && !same_options(s, other))
        complain_mark(l, "bundle.situation-conflict", p->mark,
                      STR("give both the same options, or another key"),
                      SAY(l,
                          "'" STR_FMT "' asks '" STR_FMT "' with other options than '" STR_FMT "'",
                          STR_ARG(p->item->key), STR_ARG(s->key), STR_ARG(owner->key)));
}

static void check_situations(Loader *l, const Bundle *b, const Value *doc)
{
    const Item *w = &b->whole;
    bool few = w->situation_count < BUNDLE_SITUATIONS_MIN;
    if ((few || w->situation_count > BUNDLE_SITUATIONS_MAX) && value_at(doc, "situations"))
        complain_key(l, "bundle.situations", doc, "situations", STR("2 to 5 questions"),
                     "%zu questions in the guide", w->situation_count);
    for (size_t i = 0; i < w->situation_count; i++) {
        const Situation *s = &w->situations[i];
        const Element *e = find_entry(l->c, "element", s->key);
        if (e && e->type != ELEMENT_RADIO && e->type != ELEMENT_SELECT)
            complain_mark(l, "bundle.situation-type", s->mark, STR("give it another key"),
                          SAY(l, "element '" STR_FMT "' is no choice of one", STR_ARG(s->key)));
        for (size_t k = 0; k < b->part_count; k++)
            check_against(l, s, w, &b->parts[k]);
    }
    for (size_t i = 0; i < b->part_count; i++)
        for (size_t k = 0; k < b->parts[i].item->situation_count; k++) {
            const Situation *s = &b->parts[i].item->situations[k];
            for (size_t j = i + 1; !situation_of(w, s->key) && j < b->part_count; j++)
                check_against(l, s, b->parts[i].item, &b->parts[j]);
        }
}

/* ---- what can be chosen ---- */

typedef struct {
    const Bundle *b;
    Arena *scratch;
    FeelEntry entries[BUNDLE_SITUATIONS_MAX];
    size_t count;
    bool possible[BUNDLE_PARTS_MAX];
} Tries;

static void try_answers(Tries *t)
{
    FeelContext context = {t->entries, t->count};
    FeelScope scope = {.context = &context};
    for (size_t i = 0; i < t->b->part_count; i++) {
        Choice c = part_choice(t->scratch, &t->b->parts[i], &scope, NULL);
        bool possible = c == CHOICE_YES || c == CHOICE_OPEN;
        t->possible[i] = t->possible[i] || possible;
    }
}

static void try_from(Tries *t, size_t at)
{
    if (at == t->count) {
        try_answers(t);
        return;
    }
    const Situation *s = &t->b->whole.situations[at];
    for (size_t i = 0; i < s->option_count; i++) {
        t->entries[at] = (FeelEntry){s->key, feel_str(s->options[i].value)};
        try_from(t, at + 1);
    }
}

static void check_choices(Loader *l, const Bundle *b)
{
    Tries t = {.b = b, .scratch = l->diags->arena};
    size_t all = 1;
    for (size_t i = 0; i < b->whole.situation_count && i < BUNDLE_SITUATIONS_MAX; i++) {
        all *= b->whole.situations[i].option_count;
        if (all > TRIES_MAX) {
            complain_mark(l, "catalogue.limit", b->whole.mark, STR("ask fewer things"),
                          SAY(l, "the guide has more than %d combinations of answers", TRIES_MAX));
            return;
        }
        t.count++;
    }
    try_from(&t, 0);
    for (size_t i = 0; i < b->part_count; i++)
        if (all && !t.possible[i])
            complain_mark(l, "bundle.never-chosen", b->parts[i].mark,
                          STR("mend its condition, or drop it"),
                          SAY(l, "'" STR_FMT "' is never chosen, whatever is answered",
                              STR_ARG(b->parts[i].item->key)));
}

/* A condition that reads what only this part asks can never become true. */
static bool is_word_of(Str text, Str word)
{
    for (size_t at = str_find(text, word, 0); at != SIZE_MAX; at = str_find(text, word, at + 1)) {
        char before = at ? text.at[at - 1] : ' ';
        char after = at + word.len < text.len ? text.at[at + word.len] : ' ';
        bool inside = (before >= 'a' && before <= 'z') || before == '_' ||
                      (after >= 'a' && after <= 'z') || after == '_' ||
                      (after >= '0' && after <= '9');
        if (!inside)
            return true;
    }
    return false;
}

static bool asked_elsewhere(const Part *p, const Element *e)
{
    for (size_t i = 0; i < p->bundle->part_count; i++)
        if (&p->bundle->parts[i] != p && part_asks(&p->bundle->parts[i], e))
            return true;
    return situation_of(&p->bundle->whole, e->key) != NULL;
}

static void check_when(Loader *l, const Part *p, const Value *entry)
{
    const Value *when = value_at(entry, "when");
    for (size_t i = 0; when && i < p->item->form.element_count; i++) {
        const Element *e = p->item->form.elements[i];
        if (is_word_of(value_text(when), e->key) && !asked_elsewhere(p, e))
            complain(l, "bundle.when-circle", when, STR("ask it in the guide"),
                     "only '" STR_FMT "' itself asks '" STR_FMT "'", STR_ARG(p->item->key),
                     STR_ARG(e->key));
    }
    bool told = value_at(entry, "unless") != NULL;
    if (when && !told)
        diag_add(l->diags, DIAG_ADVICE, "bundle.no-reason", entry->file, entry->offset,
                 STR("add unless: what people read who do not need it"),
                 "'" STR_FMT "' does not say why it does not apply", STR_ARG(p->item->key));
}

/* ---- limits and the rest ---- */

static Str path_text(Loader *l, const Part *const *path, size_t n)
{
    StrBuf b = buf_in(l->diags->arena);
    for (size_t i = 0; i < n; i++)
        buf_fmt(&b, "%s" STR_FMT, i ? ", " : "", STR_ARG(path[i]->item->key));
    return buf_str(&b);
}

static void check_path(Loader *l, const Bundle *b, const Value *doc)
{
    const Part *path[BUNDLE_PARTS_MAX];
    size_t n;
    const Value *limits = value_at(doc, "limits");
    int64_t longest = bundle_path(b, PATH_PROMISE, path, &n);
    const TimeLimit *promise = &b->whole.promise, *legal = &b->whole.legal;
    if (value_at(limits, "promise") && limit_minutes(promise) < longest)
        complain_key(l, "bundle.promise-below-path", limits, "promise",
                     SAY(l, "these follow each other: " STR_FMT, STR_ARG(path_text(l, path, n))),
                     "the promise of %d " STR_FMT " is shorter than the longest chain of its items",
                     promise->n, STR_ARG(promise->unit));
    if (value_at(limits, "legal") && limit_minutes(promise) > limit_minutes(legal))
        complain_key(l, "item.promise-above-legal", limits, "legal", (Str){0},
                     "the promise of %d " STR_FMT " is longer than the limit of %d " STR_FMT,
                     promise->n, STR_ARG(promise->unit), legal->n, STR_ARG(legal->unit));
}

/* By a condition of the bundle, by an item's own guide, or as an answer that an item asks. */
static bool is_situation_read(Loader *l, const Bundle *b, const Value *doc, Str key)
{
    Value *const *items;
    size_t n = read_list(l, doc, "items", &items);
    const Element *e = find_entry(l->c, "element", key);
    for (size_t i = 0; i < n; i++)
        if (is_word_of(value_text(value_at(items[i], "when")), key))
            return true;
    for (size_t i = 0; i < b->part_count; i++)
        if (situation_of(b->parts[i].item, key) || (e && part_asks(&b->parts[i], e)))
            return true;
    return false;
}

static void check_whole(Loader *l, const Bundle *b, const Value *doc)
{
    if (b->whole.basis_count == 0)
        complain_key(l, "bundle.no-basis", doc, "basis",
                     STR("name the document that joins these items"),
                     "bundle '" STR_FMT "' has no basis", STR_ARG(b->whole.key));
    if (b->part_count < 2 && value_at(doc, "items"))
        complain_key(l, "bundle.one-item", doc, "items", STR("an item alone is no bundle"),
                     "%zu items", b->part_count);
    if (!b->whole.for_persons && !b->whole.for_organisations && value_at(doc, "serves"))
        complain_key(l, "item.serves-nobody", doc, "serves", STR("person, organisation or both"),
                     "bundle '" STR_FMT "' serves nobody", STR_ARG(b->whole.key));
    if (b->whole.form.element_count + 8 > FEEL_MAX_NAMES)
        complain_key(l, "catalogue.limit", doc, "items", (Str){0},
                     "more than %d elements in the merged form", FEEL_MAX_NAMES);
    if (find_entry(l->c, "element", BUNDLE_LEFT_OUT) || find_entry(l->c, "element", BUNDLE_HANDING))
        complain(l, "bundle.reserved", doc, STR("rename the element"),
                 "'" STR_FMT "' and '" STR_FMT "' are elements of every bundle",
                 STR_ARG(BUNDLE_LEFT_OUT), STR_ARG(BUNDLE_HANDING));
}

void check_bundle(Loader *l, const Bundle *b, const Value *doc)
{
    check_whole(l, b, doc);
    check_situations(l, b, doc);
    check_path(l, b, doc);
    if (b->part_count)
        check_choices(l, b);
    Value *const *items;
    size_t n = read_list(l, doc, "items", &items);
    for (size_t i = 0; i < n; i++) {
        const Part *p = bundle_part(b, get_str(items[i], "item"));
        if (p)
            check_when(l, p, items[i]);
    }
    for (size_t i = 0; i < b->whole.situation_count; i++)
        if (!is_situation_read(l, b, doc, b->whole.situations[i].key))
            diag_add(l->diags, DIAG_ADVICE, "bundle.unread-situation",
                     b->whole.situations[i].mark.file, b->whole.situations[i].mark.offset,
                     STR("drop it"), "nothing depends on '" STR_FMT "'",
                     STR_ARG(b->whole.situations[i].key));
    check_facts_pages(l, &b->whole.form);
}
