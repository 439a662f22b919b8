/* SPDX-License-Identifier: Apache-2.0 */
/* The report of deviations as one Value; see drift.h. */
#include "catalogue/drift.h"

typedef struct {
    Arena *a;
    const Catalogue *c;
    const Place *only;
    Lang lang;
    Value *m;
} Report;

static void put_text(const Report *r, Value *map, const char *key, Text t)
{
    set_str(r->a, map, key, text_in(t, r->lang));
}

static void put_day(const Report *r, Value *map, const char *key, Date day)
{
    set_str(r->a, map, key, day.days ? date_iso(r->a, day) : STR(""));
}

static bool is_asked(const Report *r, const Place *p)
{
    return !r->only || r->only == p;
}

/* ---- places ---- */

static void count_items(const Report *r, const Place *p, Value *o)
{
    int64_t adopted = 0, local = 0;
    for (size_t i = 0; i < r->c->item_count; i++) {
        Adoption a = catalogue_adoption(r->c, p, &r->c->items[i]);
        adopted += a != ADOPTED_NOT;
        local += a > ADOPTED_SAME;
    }
    set_int(r->a, o, "adopted", adopted);
    set_int(r->a, o, "local", local);
}

static void count_deviations(const Report *r, const Place *p, Value *o)
{
    int64_t open = 0, accepted = 0;
    for (size_t i = 0; i < r->c->deviation_count; i++) {
        const Deviation *d = &r->c->deviations[i];
        open += d->place == p && deviation_blocks(d);
        accepted += d->place == p && d->accepted;
    }
    set_int(r->a, o, "open", open);
    set_int(r->a, o, "accepted", accepted);
}

static void add_places(const Report *r)
{
    Value *list = set_list(r->a, r->m, "places");
    for (size_t i = 0; i < r->c->place_count; i++) {
        const Place *p = &r->c->places[i];
        if (!is_asked(r, p))
            continue;
        Value *o = push_map(r->a, list);
        set_str(r->a, o, "code", p->code);
        put_text(r, o, "name", p->name);
        set_str(r->a, o, "inherits", p->inherits ? p->inherits->code : STR(""));
        put_text(r, o, "inherits_name", p->inherits ? p->inherits->name : (Text){0});
        put_day(r, o, "since", p->since);
        put_text(r, o, "document", p->document);
        set_bool(r->a, o, "here", p == r->c->here);
        count_items(r, p, o);
        count_deviations(r, p, o);
    }
}

/* ---- the matrix ---- */

static void add_cell(const Report *r, Value *cells, const Place *p, Adoption a)
{
    Value *o = push_map(r->a, cells);
    set_str(r->a, o, "place", p->code);
    set_str(r->a, o, "state", str_z(adoption_names[a]));
}

static Value *add_row(const Report *r, Value *rows, const Item *item)
{
    Value *row = push_map(r->a, rows);
    set_str(r->a, row, "key", item->key);
    put_text(r, row, "name", item->name);
    return set_list(r->a, row, "places");
}

static void add_matrix(const Report *r)
{
    const Catalogue *c = r->c;
    Value *items = set_list(r->a, r->m, "items"), *bundles = set_list(r->a, r->m, "bundles");
    for (size_t i = 0; i < c->item_count && c->place_count; i++) {
        Value *cells = add_row(r, items, &c->items[i]);
        for (size_t k = 0; k < c->place_count; k++)
            if (is_asked(r, &c->places[k]))
                add_cell(r, cells, &c->places[k],
                         catalogue_adoption(c, &c->places[k], &c->items[i]));
    }
    for (size_t i = 0; i < c->bundle_count && c->place_count; i++) {
        Value *cells = add_row(r, bundles, &c->bundles[i].whole);
        for (size_t k = 0; k < c->place_count; k++)
            if (is_asked(r, &c->places[k]))
                add_cell(r, cells, &c->places[k],
                         catalogue_adoption_of_bundle(c, &c->places[k], &c->bundles[i]));
    }
}

/* ---- deviations ---- */

static const char *state_of(const Deviation *d)
{
    if (d->accepted)
        return "accepted";
    return deviation_blocks(d) ? "open" : "told";
}

static void add_deviation(const Report *r, Value *list, const Deviation *d)
{
    Value *o = push_map(r->a, list);
    set_str(r->a, o, "place", d->place->code);
    put_text(r, o, "place_name", d->place->name);
    set_str(r->a, o, "item", d->item->key);
    put_text(r, o, "item_name", d->item->name);
    set_str(r->a, o, "element", unified_key(d->element));
    put_text(r, o, "element_name", unified_name(d->element));
    set_str(r->a, o, "path", d->path);
    set_str(r->a, o, "title", unified_title(r->a, d->path, r->lang));
    put_text(r, o, "reference", d->reference);
    put_text(r, o, "local", d->local);
    set_str(r->a, o, "severity", str_z(severity_names[d->severity]));
    set_str(r->a, o, "state", str_z(state_of(d)));
    put_text(r, o, "document", d->document);
    put_day(r, o, "until", d->until);
}

static void add_deviations(const Report *r)
{
    int64_t count = 0, blocking = 0;
    Value *list = set_list(r->a, r->m, "deviations");
    for (size_t p = 0; p < r->c->place_count; p++)
        for (size_t i = 0; is_asked(r, &r->c->places[p]) && i < r->c->deviation_count; i++) {
            const Deviation *d = &r->c->deviations[i];
            if (d->place != &r->c->places[p])
                continue;
            add_deviation(r, list, d);
            count++;
            blocking += deviation_blocks(d);
        }
    set_int(r->a, r->m, "count", count);
    set_int(r->a, r->m, "blocking", blocking);
}

Value *drift_report(Arena *out, const Catalogue *c, const Place *only, Lang lang)
{
    Report r = {out, c, only, lang, value_map(out)};
    set_str(out, r.m, "here", c->here ? c->here->code : STR(""));
    add_places(&r);
    add_deviations(&r);
    add_matrix(&r);
    return r.m;
}
