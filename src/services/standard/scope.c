/* SPDX-License-Identifier: Apache-2.0 */
/* What a standard is about, in the catalogue as it stands now. */
#include "services/standard/standard_int.h"

#include "services/certificate/localise.h"

size_t standard_scope(const Catalogue *c, Str scope, const Item **items)
{
    size_t n = 0;
    const Bundle *b = catalogue_bundle(c, scope);
    for (size_t i = 0; b && i < b->part_count; i++)
        items[n++] = b->parts[i].item;
    bool all = str_eq(scope, STR("all"));
    for (size_t i = 0; !b && i < c->item_count; i++) {
        const Item *item = &c->items[i];
        bool main = item->main_code.len && str_eq(item->main_code, scope);
        if (item_is_listed(item) && (all || main || str_eq(item->key, scope)))
            items[n++] = item;
    }
    return n;
}

static bool counts(Arena *a, const Rate *rate, const Item *item)
{
    FeelValue v;
    Err err = {0};
    return feel_eval(a, rate->counts, rate_scope(a, item), 0, &v, &err) && v.kind == FEEL_BOOLEAN &&
           v.truth;
}

Value *standard_rates(Arena *out, const Catalogue *c, Str scope)
{
    const Item **items = NEW_N(out, const Item *, c->item_count + BUNDLE_PARTS_MAX);
    size_t n = standard_scope(c, scope, items);
    Value *list = value_list(out);
    for (size_t r = 0; r < c->rate_count; r++) {
        const Rate *rate = &c->rates[r];
        int64_t met = 0;
        for (size_t i = 0; i < n; i++)
            met += counts(out, rate, items[i]);
        int64_t share = n ? met * 100 / (int64_t)n : 0;
        Value *row = push_map(out, list);
        set_str(out, row, "key", rate->key);
        set_text(out, row, "name", rate->name);
        set_int(out, row, "met", met);
        set_int(out, row, "of", (int64_t)n);
        set_int(out, row, "share", share);
        set_int(out, row, "at_least", rate->at_least);
        set_bool(out, row, "ok", n > 0 && met * 100 >= (int64_t)n * rate->at_least);
    }
    return list;
}

Value *standard_items(Arena *out, const Catalogue *c, Str scope)
{
    const Item **items = NEW_N(out, const Item *, c->item_count + BUNDLE_PARTS_MAX);
    size_t n = standard_scope(c, scope, items);
    Value *list = value_list(out);
    for (size_t i = 0; i < n; i++) {
        Value *row = push_map(out, list);
        set_str(out, row, "item", items[i]->key);
        set_str(out, row, "hash", items[i]->hash);
    }
    return list;
}

Date standard_today(const Catalogue *c, TimeMs now)
{
    return date_of_time(now, c->zone_minutes);
}
