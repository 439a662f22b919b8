/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an item promises beside its materials: conditions with their basis, proofs that are gone,
 * flags that must be true, figures that must be better than before. And what holds between items:
 * the same matter is the same everywhere.
 */
#include <stdlib.h>

#include "base/date.h"
#include "catalogue/item_int.h"
#include "model/bundle.h"

enum { NEEDED = 1, LATER = 3 };

static void advise(Loader *l, const char *rule, Mark m, Str cure, Str message)
{
    diag_add(l->diags, DIAG_ADVICE, rule, m.file, m.offset, cure, STR_FMT, STR_ARG(message));
}

#define SAY(l, ...) str_fmt((l)->diags->arena, __VA_ARGS__)

static bool is_asked(const ItemMaterial *m)
{
    return m->necessity == NEEDED || m->necessity == LATER;
}

static void check_conditions(Loader *l, const Item *item)
{
    for (size_t i = 0; i < item->condition_count; i++) {
        const Condition *c = &item->conditions[i];
        if (!text_in(c->basis, LANG_ZH).len)
            advise(l, "item.condition-no-basis", c->mark,
                   STR("write {text: {zh, en}, basis: {zh, en}} with the law and article"),
                   SAY(l, "condition %zu is set without a legal basis", i + 1));
    }
}

/* ---- cancelled proofs ---- */

static bool has_other_way(const Material *m)
{
    for (size_t i = 0; i < m->replaced_count; i++)
        if (m->replaced_by[i].kind != REPLACED_BY_COMMITMENT)
            return true;
    return false;
}

/* Where no register can answer instead. */
static bool is_still_asked(const Item *item, Str name)
{
    for (size_t i = 0; i < item->material_count; i++)
        if (is_asked(&item->materials[i]) && !has_other_way(item->materials[i].material) &&
            str_eq(text_in(item->materials[i].material->name, LANG_ZH), name))
            return true;
    return false;
}

static void check_gone_date(Loader *l, const Gone *g, const Value *at)
{
    Date day;
    if (!g->date.len)
        advise(l, "item.gone-no-date", g->mark, STR("add date: \"2026-01-01\""),
               STR("a cancelled proof without the day since when"));
    else if (!date_parse(g->date, &day, NULL))
        complain_key(l, "item.gone-date", at, "date", STR("write it like \"2026-01-01\""),
                     "'" STR_FMT "' is no date", STR_ARG(g->date));
}

static void check_gone(Loader *l, const Item *item, const Value *doc)
{
    const Value *list = value_at(doc, "gone");
    for (size_t i = 0; i < item->gone_count; i++) {
        const Gone *g = &item->gone[i];
        Str name = text_in(g->name, LANG_ZH);
        check_gone_date(l, g, value_item(list, i));
        if (!text_in(g->basis, LANG_ZH).len)
            advise(l, "item.gone-no-basis", g->mark, STR("add basis: {zh, en}"),
                   STR("a cancelled proof without the rule that cancels it"));
        if (name.len && is_still_asked(item, name))
            complain(l, "item.gone-still-asked", value_item(list, i),
                     STR("take it out of materials, or out of gone"),
                     "'" STR_FMT "' is said to be gone and is still asked for", STR_ARG(name));
    }
}

/* ---- flags ---- */

static Mark flag_mark(const Value *doc, const char *flag)
{
    const Value *list = value_at(doc, "flags");
    for (size_t i = 0; i < value_count(list); i++)
        if (str_eq(value_text(value_item(list, i)), str_z(flag)))
            return mark_of(value_item(list, i));
    return mark_of(doc);
}

static bool has_later(const Item *item)
{
    for (size_t i = 0; i < item->material_count; i++)
        if (item->materials[i].necessity == LATER)
            return true;
    return false;
}

static void check_flags(Loader *l, const Item *item, const Value *doc)
{
    if (item->deferrable && !has_later(item))
        advise(l, "item.nothing-deferrable", flag_mark(doc, "deferrable"),
               STR("give a material necessity: later, or drop the flag"),
               STR("papers may follow later, and none is marked so"));
    if (item->accelerated && limit_minutes(&item->promise) >= limit_minutes(&item->legal))
        advise(l, "item.not-accelerated", flag_mark(doc, "accelerated"),
               STR("promise less than the law's limit, or drop the flag"),
               STR("called faster, and promised for the law's own limit"));
}

/* ---- figures of the reform ---- */

/* What people bring: not what a register or a certificate gives. */
static size_t count_materials(const Item *item)
{
    size_t n = 0;
    for (size_t i = 0; i < item->material_count; i++)
        n += is_asked(&item->materials[i]) && !has_other_way(item->materials[i].material);
    return n;
}

/* Against the frozen figures of before; a reform that makes it worse is told, not forbidden. */
static void check_figures(Loader *l, const Item *item, const Value *doc)
{
    static const struct {
        const char *key, *what;
    } figures[] = {{"visits", "visits"}, {"materials", "materials"}, {"limits", "days"}};
    int64_t now[] = {item->visits, (int64_t)count_materials(item), item->promise.n};
    int64_t before[] = {item->baseline_visits, item->baseline_materials, item->baseline_days};
    bool in_days = str_ends(item->promise.unit, STR("_day"));
    for (size_t i = 0; value_at(doc, "baseline") && i < COUNT(figures); i++) {
        const Value *at = value_at(doc, figures[i].key);
        if (now[i] > before[i] && at && (i < 2 || in_days))
            advise(l, "item.worse-than-before", mark_of(at), (Str){0},
                   SAY(l, "%lld %s, %lld before the reform", (long long)now[i], figures[i].what,
                       (long long)before[i]));
    }
}

/* sound: its documents had no error so far, so that what is missing is not there. */
void check_terms(Loader *l, const Item *item, const Value *doc, bool sound)
{
    check_conditions(l, item);
    check_gone(l, item, doc);
    if (!sound)
        return;
    check_flags(l, item, doc);
    check_figures(l, item, doc);
}

/* ---- between items ---- */

static int code_order(const void *x, const void *y)
{
    return str_cmp(*(const Str *)x, *(const Str *)y);
}

/* The codes of what it asks, in one order: "deed photo ". */
static Str materials_of(Loader *l, const Item *item)
{
    Arena *a = l->diags->arena;
    Str *codes = NEW_N(a, Str, item->material_count + 1);
    size_t n = 0;
    StrBuf b = buf_in(a);
    for (size_t i = 0; i < item->material_count; i++)
        if (is_asked(&item->materials[i]))
            codes[n++] = item->materials[i].material->code;
    qsort(codes, n, sizeof *codes, code_order);
    for (size_t i = 0; i < n; i++)
        buf_fmt(&b, STR_FMT " ", STR_ARG(codes[i]));
    return buf_str(&b);
}

static void check_same_names(Loader *l)
{
    Map names = {0};
    for (size_t i = 0; i < l->c->item_count; i++) {
        Item *item = &l->items[i];
        Str name = text_in(item->name, LANG_ZH);
        if (!name.len || map_add(l->diags->arena, &names, name, item))
            continue;
        const Item *first = map_get(&names, name);
        if (!str_eq(materials_of(l, first), materials_of(l, item)))
            diag_add(l->diags, DIAG_ERROR, "item.same-name", item->mark.file, item->mark.offset,
                     STR("ask for the same materials, or give it a name of its own"),
                     "'" STR_FMT "' has the name of '" STR_FMT "' and asks for other materials",
                     STR_ARG(item->key), STR_ARG(first->key));
    }
}

/* ---- what one item gives and another asks for ---- */

/* By code of the material: the first item that gives it. */
static Map makers(Loader *l)
{
    Map by_code = {0};
    for (size_t i = 0; i < l->c->item_count; i++)
        for (size_t k = 0; k < l->items[i].result_count; k++)
            if (l->items[i].results[k].material.len)
                (void)map_add(l->diags->arena, &by_code, l->items[i].results[k].material,
                              &l->items[i]);
    return by_code;
}

static void check_made_elsewhere(Loader *l, const Item *item, const Map *by_code)
{
    for (size_t i = 0; i < item->material_count; i++) {
        const ItemMaterial *m = &item->materials[i];
        const Item *maker = is_asked(m) ? map_get(by_code, m->material->code) : NULL;
        if (maker && maker != item && !has_other_way(m->material))
            advise(l, "item.made-elsewhere", m->mark,
                   STR("add a replaced_by to the material: a query or a certificate"),
                   SAY(l, "'" STR_FMT "' is what item '" STR_FMT "' gives: the state has it",
                       STR_ARG(m->material->code), STR_ARG(maker->key)));
    }
}

static bool hands_on(const Part *from, const Part *to)
{
    for (size_t i = 0; i < to->pass_count; i++)
        if (to->passes[i].from == from)
            return true;
    return false;
}

/* One set of materials: what one part gives, no other part of the matter may ask for. */
static void check_bundle_makes(Loader *l, const Bundle *b, const Map *by_code)
{
    for (size_t i = 0; i < b->part_count; i++) {
        const Part *p = &b->parts[i];
        for (size_t k = 0; p->item && k < p->item->material_count; k++) {
            const ItemMaterial *m = &p->item->materials[k];
            const Item *maker = is_asked(m) ? map_get(by_code, m->material->code) : NULL;
            const Part *giver = maker ? bundle_part(b, maker->key) : NULL;
            if (!giver || giver == p || has_other_way(m->material) || hands_on(giver, p))
                continue;
            diag_add(l->diags, DIAG_ERROR, "bundle.asks-own-result", p->mark.file, p->mark.offset,
                     STR("let it pass on what its result says, or replace the material"),
                     "'" STR_FMT "' asks for '" STR_FMT "', which '" STR_FMT "' gives",
                     STR_ARG(p->item->key), STR_ARG(m->material->code), STR_ARG(maker->key));
        }
    }
}

void check_between_items(Loader *l)
{
    check_same_names(l);
    Map by_code = makers(l);
    for (size_t i = 0; i < l->c->item_count; i++)
        check_made_elsewhere(l, &l->items[i], &by_code);
    for (size_t i = 0; i < l->c->bundle_count; i++)
        check_bundle_makes(l, &l->c->bundles[i], &by_code);
}
