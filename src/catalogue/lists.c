/* SPDX-License-Identifier: Apache-2.0 */
/* Lists that publish themselves: a flag of an item is its entry in a list, a proof that is gone is a
 * line of the ledger. */
#include <stdlib.h>

#include "catalogue/reform.h"

const ItemList item_lists[] = {
    {STR_INIT("no-application"), "no_application", offsetof(Item, no_application)},
    {STR_INIT("full-agency"), "full_agency", offsetof(Item, full_agency)},
    {STR_INIT("no-certificate"), "no_certificate", offsetof(Item, no_certificate)},
    {STR_INIT("accelerated"), "accelerated", offsetof(Item, accelerated)},
    {STR_INIT("cross-province"), "cross_province", offsetof(Item, cross_province)},
    {STR_INIT("deferrable"), "deferrable", offsetof(Item, deferrable)},
    {STR_INIT("commitment"), "commitment", offsetof(Item, commitment)},
};
const size_t item_list_count = COUNT(item_lists);

const ItemList *item_list_of(Str key)
{
    for (size_t i = 0; i < item_list_count; i++)
        if (str_eq(item_lists[i].key, key))
            return &item_lists[i];
    return NULL;
}

static bool stands_in(const Item *item, const ItemList *list)
{
    return item_is_listed(item) && *(const bool *)((const char *)item + list->at);
}

Value *item_list(Arena *out, const Catalogue *c, const ItemList *list, Lang lang)
{
    Value *v = value_map(out);
    set_str(out, v, "key", list->key);
    Value *items = set_list(out, v, "items");
    for (size_t i = 0; i < c->item_count; i++) {
        const Item *item = &c->items[i];
        if (!stands_in(item, list))
            continue;
        Value *o = push_map(out, items);
        set_str(out, o, "key", item->key);
        set_str(out, o, "name", text_in(item->name, lang));
        set_str(out, o, "code", item->code);
        set_str(out, o, "organ", item->organ ? text_in(item->organ->name, lang) : STR(""));
        set_int(out, o, "days", item->promise.n);
        set_str(out, o, "unit", item->promise.unit);
        set_int(out, o, "visits", item->visits);
    }
    set_int(out, v, "count", (int64_t)value_count(items));
    return v;
}

static void add_gone(Arena *out, Value *entries, const Item *item, Lang lang)
{
    for (size_t i = 0; i < item->gone_count; i++) {
        const Gone *g = &item->gone[i];
        Value *o = push_map(out, entries);
        set_str(out, o, "name", text_in(g->name, lang));
        set_str(out, o, "replaced", text_in(g->replaced, lang));
        set_str(out, o, "date", g->date);
        set_str(out, o, "basis", text_in(g->basis, lang));
        set_str(out, o, "item", item->key);
        set_str(out, o, "item_name", text_in(item->name, lang));
        set_str(out, o, "organ", item->organ ? text_in(item->organ->name, lang) : STR(""));
    }
}

static int newest_first(const void *x, const void *y)
{
    const Value *a = *(Value *const *)x, *b = *(Value *const *)y;
    int order = str_cmp(get_str(b, "date"), get_str(a, "date"));
    if (order)
        return order;
    order = str_cmp(get_str(a, "item"), get_str(b, "item"));
    return order ? order : str_cmp(get_str(a, "name"), get_str(b, "name"));
}

Value *cancelled_proofs(Arena *out, const Catalogue *c, Lang lang)
{
    Value *v = value_map(out);
    Value *entries = set_list(out, v, "entries");
    int64_t items = 0;
    for (size_t i = 0; i < c->item_count; i++) {
        if (!item_is_listed(&c->items[i]) || !c->items[i].gone_count)
            continue;
        add_gone(out, entries, &c->items[i], lang);
        items++;
    }
    if (entries->list.count)
        qsort(entries->list.items, entries->list.count, sizeof *entries->list.items, newest_first);
    set_int(out, v, "count", (int64_t)value_count(entries));
    set_int(out, v, "item_count", items);
    return v;
}
