/* SPDX-License-Identifier: Apache-2.0 */
/* organs.yaml: departments and offices; parents are resolved when all are known. */
#include "catalogue/catalogue_int.h"
#include "model/form.h"

static const Field list_fields[] = {{"organs", FIELD_LIST, true, 0, 0, 0, NULL}};

static const Field organ_fields[] = {
    {"key", FIELD_KEY, true, offsetof(Organ, key), 0, 0, NULL},
    {"uscc", FIELD_STR, true, offsetof(Organ, uscc), 0, 0, NULL},
    {"name", FIELD_TEXT, true, offsetof(Organ, name), 0, 0, NULL},
    {"short_name", FIELD_TEXT, true, offsetof(Organ, short_name), 0, 0, NULL},
    {"address", FIELD_TEXT, true, offsetof(Organ, address), 0, 0, NULL},
    {"hours", FIELD_TEXT, false, offsetof(Organ, hours), 0, 0, NULL},
    {"phone", FIELD_STR, true, offsetof(Organ, phone), 0, 0, NULL},
    {"parent", FIELD_KEY, false, offsetof(Organ, parent), 0, 0, NULL},
};

static void check_uscc(Loader *l, const Organ *o, const Value *v)
{
    const char *why = NULL;
    if (!o->uscc.len || uscc_valid(o->uscc, &why))
        return;
    Str cure = STR("GB 32100: 18 characters, digits and capitals without I, O, S, V, Z");
    if (str_eq(str_z(why), STR("error.uscc.check")))
        cure = STR("its last character does not fit the others: one of them is mistyped");
    complain(l, "organ.uscc", value_at(v, "uscc"), cure,
             "'" STR_FMT "' is no unified social credit code", STR_ARG(o->uscc));
}

/* A chain of parents longer than there are organs comes back to itself. */
static void check_parent(Loader *l, const Organ *o, const Value *v)
{
    const Value *named = value_at(v, "parent");
    if (!o->parent.len || !resolve_entry(l, "organ", o->parent, named))
        return;
    const Organ *up = o;
    for (size_t n = 0; up && up->parent.len; n++) {
        if (n > l->c->organ_count) {
            complain(l, "organ.circle", named, (Str){0}, "organ '" STR_FMT "' stands above itself",
                     STR_ARG(o->key));
            return;
        }
        up = find_entry(l->c, "organ", up->parent);
    }
}

void load_organs(Loader *l)
{
    const Value *doc = load_document(l, STR("organs.yaml"), false);
    Value *const *items;
    if (!doc || !READ_FIELDS(l, doc, list_fields, "organs.yaml", NULL))
        return;
    size_t n = read_list(l, doc, "organs", &items);
    Organ *organs = NEW_N(l->arena, Organ, n + 1);
    for (size_t i = 0; i < n; i++) {
        READ_FIELDS(l, items[i], organ_fields, "an organ", &organs[i]);
        organs[i].mark = mark_of(items[i]);
        register_entry(l, "organ", organs[i].key, items[i], &organs[i]);
        check_uscc(l, &organs[i], items[i]);
    }
    l->c->organs = organs;
    l->c->organ_count = n;
    for (size_t i = 0; i < n; i++)
        check_parent(l, &organs[i], items[i]);
}
