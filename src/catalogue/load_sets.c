/* SPDX-License-Identifier: Apache-2.0 */
/* sets.yaml: what is measured together, and what it must come to. The figures themselves are worked
 * out from the items (reform.c); a target that they miss is told. */
#include "catalogue/catalogue_int.h"

static const Field list_fields[] = {{"sets", FIELD_LIST, true, 0, 0, 0, NULL}};

static const Field set_fields[] = {
    {"key", FIELD_KEY, true, offsetof(MeasureSet, key), 0, 0, NULL},
    {"name", FIELD_TEXT, true, offsetof(MeasureSet, name), 0, 0, NULL},
    {"note", FIELD_TEXT, false, offsetof(MeasureSet, note), 0, 0, NULL},
    {"source", FIELD_TEXT, false, offsetof(MeasureSet, source), 0, 0, NULL},
    {"target", FIELD_MAP, false, 0, 0, 0, NULL},
};

static const Field target_fields[] = {
    {"main_items", FIELD_INT, false, offsetof(MeasureSet, main_items), 0, 100000, NULL},
    {"items", FIELD_INT, false, offsetof(MeasureSet, items), 0, 100000, NULL},
    {"bundles", FIELD_INT, false, offsetof(MeasureSet, bundles), 0, 100000, NULL},
    {"materials_before", FIELD_INT, false, offsetof(MeasureSet, before), 0, 1000000, NULL},
    {"materials", FIELD_INT, false, offsetof(MeasureSet, now), 0, 1000000, NULL},
};

void load_sets(Loader *l)
{
    const Value *doc = load_document(l, STR("sets.yaml"), true);
    Value *const *items;
    if (!doc || !READ_FIELDS(l, doc, list_fields, "sets.yaml", NULL))
        return;
    size_t n = read_list(l, doc, "sets", &items);
    MeasureSet *sets = NEW_N(l->arena, MeasureSet, n + 1);
    for (size_t i = 0; i < n; i++) {
        READ_FIELDS(l, items[i], set_fields, "a set", &sets[i]);
        if (value_at(items[i], "target"))
            READ_FIELDS(l, value_at(items[i], "target"), target_fields, "a target", &sets[i]);
        sets[i].mark = mark_of(items[i]);
        register_entry(l, "set", sets[i].key, items[i], &sets[i]);
    }
    l->c->sets = sets;
    l->c->set_count = n;
}

/* A version of an item does not hold them: which sets there are is the place's. */
const Str *read_sets(Loader *l, const Value *doc, size_t *count)
{
    Value *const *items;
    size_t n = read_list(l, doc, "sets", &items);
    for (size_t i = 0; !l->given && i < n; i++)
        (void)resolve_entry(l, "set", value_text(items[i]), items[i]);
    return read_strings(l, doc, "sets", count);
}
