/* SPDX-License-Identifier: Apache-2.0 */
/* Figures are sums over items (or bundles): each row is a group, the totals are over its members
 * once each. */
#include "catalogue/reform.h"

enum { MEASURES = 5 };

const char *const reform_by_names[] = {"item", "bundle", "organ", "place", "set", NULL};
static const char *const measures[MEASURES] = {"materials", "visits", "days", "steps", "organs"};

typedef struct {
    int64_t before[MEASURES], now[MEASURES];
    int64_t count;
} Sum;

/* Of a promise; working days count as they stand, what takes hours takes no day. */
static int32_t whole_days(const TimeLimit *t)
{
    if (str_ends(t->unit, STR("_day")))
        return t->n;
    return (int32_t)(limit_minutes(t) / (24 * 60));
}

static void add_item(Sum *s, const Item *item)
{
    ItemFigures b = item_before(item), n = item_now(item);
    n.days = whole_days(&item->promise);
    const int32_t before[MEASURES] = {b.materials, b.visits, b.days, b.steps, b.organs};
    const int32_t now[MEASURES] = {n.materials, n.visits, n.days, n.steps, n.organs};
    for (size_t i = 0; i < MEASURES; i++) {
        bool told = i < 3 || before[i] > 0;
        s->before[i] += told ? before[i] : 0;
        s->now[i] += told ? now[i] : 0;
    }
    s->count++;
}

static bool has_set(const Str *sets, size_t count, Str set)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(sets[i], set))
            return true;
    return !set.len;
}

static bool item_counts(const Item *item, Str set)
{
    return item_is_listed(item) && has_set(item->sets, item->set_count, set);
}

/* ---- as a model ---- */

/* Tenths of a percent saved, as "62.7"; empty where there was nothing before. */
static Str percent_text(Arena *a, int64_t before, int64_t now)
{
    if (before <= 0)
        return STR("");
    int64_t saved = before - now, tenths = (saved * 2000 / before + (saved < 0 ? -1 : 1)) / 2;
    int64_t size = tenths < 0 ? -tenths : tenths;
    return str_fmt(a, "%s%lld.%lld", tenths < 0 ? "-" : "", (long long)(size / 10),
                   (long long)(size % 10));
}

static void put_sum(Arena *a, Value *o, const Sum *s)
{
    Value *before = set_map(a, o, "before"), *now = set_map(a, o, "now");
    Value *saved = set_map(a, o, "saved"), *percent = set_map(a, o, "percent");
    for (size_t i = 0; i < MEASURES; i++) {
        set_int(a, before, measures[i], s->before[i]);
        set_int(a, now, measures[i], s->now[i]);
        set_int(a, saved, measures[i], s->before[i] - s->now[i]);
        set_str(a, percent, measures[i], percent_text(a, s->before[i], s->now[i]));
    }
}

static Value *put_row(Arena *a, Value *rows, Str key, Str name, const Sum *s)
{
    Value *o = push_map(a, rows);
    set_str(a, o, "key", key);
    set_str(a, o, "name", name);
    set_int(a, o, "count", s->count);
    put_sum(a, o, s);
    return o;
}

static void add_items(Arena *a, const Catalogue *c, Str set, Lang lang, Value *rows)
{
    for (size_t i = 0; i < c->item_count; i++) {
        Sum one = {0};
        if (!item_counts(&c->items[i], set))
            continue;
        add_item(&one, &c->items[i]);
        put_row(a, rows, c->items[i].key, text_in(c->items[i].name, lang), &one);
    }
}

static void add_bundles(Arena *a, const Catalogue *c, Str set, Lang lang, Value *rows)
{
    for (size_t i = 0; i < c->bundle_count; i++) {
        const Bundle *b = &c->bundles[i];
        Sum one = {0};
        if (!has_set(b->sets, b->set_count, set))
            continue;
        add_item(&one, &b->whole);
        put_row(a, rows, b->whole.key, text_in(b->whole.name, lang), &one);
    }
}

static void add_organs(Arena *a, const Catalogue *c, Str set, Lang lang, Value *rows)
{
    for (size_t i = 0; i < c->organ_count; i++) {
        Sum sum = {0};
        for (size_t k = 0; k < c->item_count; k++)
            if (c->items[k].organ == &c->organs[i] && item_counts(&c->items[k], set))
                add_item(&sum, &c->items[k]);
        if (sum.count)
            put_row(a, rows, c->organs[i].key, text_in(c->organs[i].name, lang), &sum);
    }
}

/* What a place has adopted; without places there is but this one. */
static void add_places(Arena *a, const Catalogue *c, Str set, Lang lang, Value *rows)
{
    for (size_t i = 0; i < c->place_count || (i == 0 && !c->place_count); i++) {
        const Place *p = c->place_count ? &c->places[i] : NULL;
        Sum sum = {0};
        for (size_t k = 0; k < c->item_count; k++)
            if (item_counts(&c->items[k], set) &&
                (!p || !p->inherits || place_has_item(p, c->items[k].key)))
                add_item(&sum, &c->items[k]);
        put_row(a, rows, p ? p->code : c->place, text_in(p ? p->name : c->place_name, lang), &sum);
    }
}

static void put_target(Arena *a, Value *list, const char *what, int64_t target, int64_t is)
{
    if (!target)
        return;
    Value *o = push_map(a, list);
    set_str(a, o, "what", str_z(what));
    set_int(a, o, "target", target);
    set_int(a, o, "is", is);
    set_bool(a, o, "met", target == is);
}

static int64_t count_main(const Catalogue *c, Arena *a, Str set)
{
    static char seen;
    Map main = {0};
    for (size_t i = 0; i < c->item_count; i++)
        if (item_counts(&c->items[i], set))
            (void)map_add(a, &main,
                          c->items[i].main_code.len ? c->items[i].main_code
                                                    : text_in(c->items[i].main_name, LANG_ZH),
                          &seen);
    return (int64_t)main.len;
}

/* A set of bundles alone is counted by them, else by its items. */
static Sum sum_of_set(const Catalogue *c, Str set, int64_t *bundles)
{
    Sum items = {0}, whole = {0};
    for (size_t i = 0; i < c->item_count; i++)
        if (item_counts(&c->items[i], set))
            add_item(&items, &c->items[i]);
    for (size_t i = 0; i < c->bundle_count; i++)
        if (has_set(c->bundles[i].sets, c->bundles[i].set_count, set))
            add_item(&whole, &c->bundles[i].whole);
    *bundles = whole.count;
    return items.count ? items : whole;
}

static void add_sets(Arena *a, const Catalogue *c, Str only, Lang lang, Value *rows)
{
    for (size_t i = 0; i < c->set_count; i++) {
        const MeasureSet *m = &c->sets[i];
        int64_t bundles = 0;
        if (only.len && !str_eq(only, m->key))
            continue;
        Sum sum = sum_of_set(c, m->key, &bundles);
        Value *o = put_row(a, rows, m->key, text_in(m->name, lang), &sum);
        Value *targets = set_list(a, o, "targets");
        int64_t items = sum.count == bundles && !count_main(c, a, m->key) ? 0 : sum.count;
        set_str(a, o, "note", text_in(m->note, lang));
        set_str(a, o, "source", text_in(m->source, lang));
        put_target(a, targets, "main_items", m->main_items, count_main(c, a, m->key));
        put_target(a, targets, "items", m->items, items);
        put_target(a, targets, "bundles", m->bundles, bundles);
        put_target(a, targets, "materials_before", m->before, sum.before[0]);
        put_target(a, targets, "materials", m->now, sum.now[0]);
    }
}

static void put_totals(Arena *a, const Catalogue *c, ReformBy by, Str set, Value *report)
{
    Sum total = {0};
    for (size_t i = 0; by != REFORM_BUNDLE && i < c->item_count; i++)
        if (item_counts(&c->items[i], set))
            add_item(&total, &c->items[i]);
    for (size_t i = 0; by == REFORM_BUNDLE && i < c->bundle_count; i++)
        if (has_set(c->bundles[i].sets, c->bundles[i].set_count, set))
            add_item(&total, &c->bundles[i].whole);
    set_int(a, report, "count", total.count);
    set_int(a, report, "main_items", by == REFORM_BUNDLE ? 0 : count_main(c, a, set));
    put_sum(a, report, &total);
}

Value *reform_report(Arena *out, const Catalogue *c, ReformBy by, Str set, Lang lang)
{
    Value *report = value_map(out);
    set_str(out, report, "by", str_z(reform_by_names[by]));
    set_str(out, report, "set", set);
    for (size_t i = 0; i < c->set_count; i++)
        if (str_eq(c->sets[i].key, set))
            set_str(out, report, "set_name", text_in(c->sets[i].name, lang));
    Value *rows = set_list(out, report, "rows");
    switch (by) {
    case REFORM_ITEM: add_items(out, c, set, lang, rows); break;
    case REFORM_BUNDLE: add_bundles(out, c, set, lang, rows); break;
    case REFORM_ORGAN: add_organs(out, c, set, lang, rows); break;
    case REFORM_PLACE: add_places(out, c, set, lang, rows); break;
    case REFORM_SET: add_sets(out, c, set, lang, rows); break;
    }
    put_totals(out, c, by, set, report);
    return report;
}
