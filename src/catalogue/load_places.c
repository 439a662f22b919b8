/* SPDX-License-Identifier: Apache-2.0 */
/*
 * places/places.yaml: who owns the reference items and who has adopted them; places/CODE/place.yaml:
 * what a place has adopted, and since when; delegations.yaml: powers that another organ uses.
 *
 * A place's code is greater than that of the place it inherits from, as division codes are (330000,
 * 330100, 330199): so files sorted by path are in the order in which they apply.
 */
#include "catalogue/catalogue_int.h"

static const Field list_fields[] = {{"places", FIELD_LIST, true, 0, 0, 0, NULL}};

typedef struct {
    Place p;
    Str inherits;
} PlaceDraft;

static const Field place_fields[] = {
    {"code", FIELD_STR, true, offsetof(PlaceDraft, p.code), 0, 0, NULL},
    {"name", FIELD_TEXT, true, offsetof(PlaceDraft, p.name), 0, 0, NULL},
    {"inherits", FIELD_STR, false, offsetof(PlaceDraft, inherits), 0, 0, NULL},
};

static const Field adoption_fields[] = {
    {"items", FIELD_ANY, false, 0, 0, 0, NULL},
    {"bundles", FIELD_ANY, false, 0, 0, 0, NULL},
    {"since", FIELD_DATE, false, offsetof(Place, since), 0, 0, NULL},
    {"document", FIELD_TEXT, false, offsetof(Place, document), 0, 0, NULL},
};

static const Field delegations_fields[] = {{"delegations", FIELD_LIST, true, 0, 0, 0, NULL}};

typedef struct {
    Delegation d;
    Str organ, handled_by, place;
} DelegationDraft;

#define AT(field) offsetof(DelegationDraft, field)

static const Field delegation_fields[] = {
    {"key", FIELD_KEY, true, AT(d.key), 0, 0, NULL},
    {"item", FIELD_KEY, true, AT(d.item), 0, 0, NULL},
    {"organ", FIELD_KEY, true, AT(organ), 0, 0, NULL},
    {"handled_by", FIELD_KEY, true, AT(handled_by), 0, 0, NULL},
    {"place", FIELD_STR, false, AT(place), 0, 0, NULL},
    {"document", FIELD_TEXT, true, AT(d.document), 0, 0, NULL},
    {"seal", FIELD_TEXT, true, AT(d.seal), 0, 0, NULL},
    {"from", FIELD_DATE, true, AT(d.from), 0, 0, NULL},
    {"to", FIELD_DATE, true, AT(d.to), 0, 0, NULL},
};

/* ---- what a place has adopted ---- */

static Str place_file(Loader *l, const Place *p, const char *name)
{
    return str_fmt(l->diags->arena, "places/" STR_FMT "/%s", STR_ARG(p->code), name);
}

/* `all`, or a list of keys; absent is all. */
static const Str *read_adopted(Loader *l, const Value *doc, const char *key, bool *all,
                               size_t *count)
{
    const Value *v = value_at(doc, key);
    *count = 0;
    *all = !v || str_eq(value_text(v), STR("all"));
    if (*all || value_is(v, VALUE_LIST))
        return read_strings(l, doc, key, count);
    complain(l, "place.adopts", v, STR("write all, or a list of keys"),
             "'%s' says not what is adopted", key);
    return NULL;
}

static void load_adoption(Loader *l, Place *p)
{
    const Value *doc = load_document(l, place_file(l, p, "place.yaml"), true);
    p->all_items = p->all_bundles = true;
    l->adoptions[p - l->places] = doc ? value_copy(l->diags->arena, doc) : NULL;
    if (!doc || !READ_FIELDS(l, doc, adoption_fields, "place.yaml", p))
        return;
    p->items = read_adopted(l, doc, "items", &p->all_items, &p->item_count);
    p->bundles = read_adopted(l, doc, "bundles", &p->all_bundles, &p->bundle_count);
}

/* ---- the places ---- */

static bool is_division(Str code)
{
    for (size_t i = 0; i < code.len; i++)
        if (code.at[i] < '0' || code.at[i] > '9')
            return false;
    return code.len == 6 || code.len == 12;
}

static void read_place(Loader *l, const Value *v, Place *p)
{
    PlaceDraft draft = {0};
    READ_FIELDS(l, v, place_fields, "a place", &draft);
    *p = draft.p;
    p->mark = mark_of(v);
    if (p->code.len && !is_division(p->code))
        complain(l, "place.code", value_at(v, "code"),
                 STR("GB/T 2260: 6 digits, with the statistics code 12"),
                 "'" STR_FMT "' is no division code", STR_ARG(p->code));
    register_entry(l, "place", p->code, v, p);
    if (!draft.inherits.len)
        return;
    p->inherits = resolve_entry(l, "place", draft.inherits, value_at(v, "inherits"));
    if (p->inherits && str_cmp(p->inherits->code, p->code) >= 0)
        complain(l, "place.inherits", value_at(v, "inherits"),
                 STR("a place above has the smaller division code"),
                 "place '" STR_FMT "' inherits from '" STR_FMT "'", STR_ARG(p->code),
                 STR_ARG(draft.inherits));
}

static void find_here(Loader *l)
{
    l->c->here = l->here = find_entry(l->c, "place", l->c->place);
    if (!l->here && l->site && l->c->place.len)
        complain(l, "place.unknown-here", value_at(l->site, "place"),
                 STR("add it to places/places.yaml"), "place '" STR_FMT "' is not among the places",
                 STR_ARG(l->c->place));
}

void load_places(Loader *l)
{
    const Value *doc = load_document(l, STR("places/places.yaml"), true);
    Value *const *items;
    if (!doc || !READ_FIELDS(l, doc, list_fields, "places.yaml", NULL))
        return;
    size_t n = read_list(l, doc, "places", &items);
    l->c->places = l->places = NEW_N(l->arena, Place, n + 1);
    l->c->place_count = n;
    for (size_t i = 0; i < n; i++)
        read_place(l, items[i], &l->places[i]);
    l->adoptions = NEW_N(l->diags->arena, const Value *, n + 1);
    for (size_t i = 0; i < n; i++)
        load_adoption(l, &l->places[i]);
    find_here(l);
}

/* ---- when the items are known ---- */

static void check_adopted(Loader *l, size_t place, const char *list, const char *kind)
{
    const Value *v = value_at(l->adoptions[place], list);
    for (uint32_t i = 0; value_is(v, VALUE_LIST) && i < value_count(v); i++)
        resolve_entry(l, kind, value_text(value_item(v, i)), value_item(v, i));
}

/* places/CODE/items/KEY.yaml of no place or no item. */
static void check_stray(Loader *l, Str path)
{
    Str rest = path, places, code, items;
    bool whole = str_split(&rest, '/', &places) && str_split(&rest, '/', &code) &&
                 str_split(&rest, '/', &items);
    if (!whole || !str_eq(places, STR("places")) || !str_eq(items, STR("items")) ||
        !str_ends(rest, STR(".yaml")))
        return;
    Str key = str_slice(rest, 0, rest.len - STR(".yaml").len);
    const Place *p = find_entry(l->c, "place", code);
    uint16_t file;
    Str text;
    if ((p && find_entry(l->c, "item", key)) || !load_file(l, path, true, &file, &text))
        return;
    diag_add(l->diags, DIAG_ERROR, "place.stray", file, 0,
             p ? STR("name the file as the item's folder") : STR("add the place to places.yaml"),
             "there is no %s '" STR_FMT "'", p ? "item" : "place", STR_ARG(p ? key : code));
}

static void check_local_items(Loader *l)
{
    for (size_t i = 0; i < l->locals.len; i++) {
        const LocalItem *local = &l->locals.at[i];
        if (!place_has_item(local->place, local->item->key))
            diag_add(l->diags, DIAG_ERROR, "place.not-adopted", local->mark.file,
                     local->mark.offset, STR("adopt it in place.yaml, or drop this file"),
                     "place '" STR_FMT "' has not adopted item '" STR_FMT "'",
                     STR_ARG(local->place->code), STR_ARG(local->item->key));
    }
}

void check_places(Loader *l)
{
    for (size_t i = 0; i < l->c->place_count; i++)
        check_adopted(l, i, "items", "item");
    for (size_t i = 0; i < l->files.len && l->c->place_count; i++)
        check_stray(l, l->files.at[i].path);
    check_local_items(l);
    for (size_t i = 0; l->here && i < l->c->item_count; i++)
        l->items[i].not_here = !place_has_item(l->here, l->items[i].key);
    l->c->deviations = l->deviations.at;
    l->c->deviation_count = l->deviations.len;
    l->c->locals = l->locals.at;
    l->c->local_count = l->locals.len;
}

void check_bundles_of_places(Loader *l)
{
    for (size_t i = 0; i < l->c->place_count; i++)
        check_adopted(l, i, "bundles", "bundle");
}

/* ---- delegations ---- */

static void check_delegation(Loader *l, const Delegation *d, const Item *item, const Value *v)
{
    if (d->from.days > d->to.days)
        complain(l, "delegation.period", value_at(v, "to"), STR("to is its last day"),
                 "delegation '" STR_FMT "' ends before it begins", STR_ARG(d->key));
    if (d->organ && d->organ == d->handled_by)
        complain(l, "delegation.itself", value_at(v, "handled_by"), (Str){0},
                 "organ '" STR_FMT "' delegates to itself", STR_ARG(d->organ->key));
    if (item && d->organ && item->organ != d->organ)
        complain(l, "delegation.organ", value_at(v, "organ"),
                 STR("only who has a power can delegate it"),
                 "item '" STR_FMT "' is not the power of organ '" STR_FMT "'", STR_ARG(item->key),
                 STR_ARG(d->organ->key));
    if (item && item->delegation)
        complain(l, "delegation.twice", v, STR("keep one of them"),
                 "item '" STR_FMT "' is delegated already", STR_ARG(item->key));
    if (item && item->handled_by && d->handled_by && item->handled_by != d->handled_by)
        complain(l, "delegation.handled-by", value_at(v, "handled_by"),
                 STR("drop handled_by in item.yaml"),
                 "item '" STR_FMT "' is handled by organ '" STR_FMT "'", STR_ARG(item->key),
                 STR_ARG(item->handled_by->key));
}

static Item *item_to_delegate(Loader *l, const Delegation *d, const Value *v)
{
    if (l->given && !find_entry(l->c, "item", d->item))
        return NULL; /* another item's */
    return resolve_entry(l, "item", d->item, value_at(v, "item"));
}

static void read_delegation(Loader *l, const Value *v, Delegation *d)
{
    DelegationDraft draft = {0};
    READ_FIELDS(l, v, delegation_fields, "a delegation", &draft);
    *d = draft.d;
    d->mark = mark_of(v);
    d->organ = resolve_entry(l, "organ", draft.organ, value_at(v, "organ"));
    d->handled_by = resolve_entry(l, "organ", draft.handled_by, value_at(v, "handled_by"));
    if (draft.place.len && l->c->place_count)
        resolve_entry(l, "place", draft.place, value_at(v, "place"));
    register_entry(l, "delegation", d->key, v, d);
    Item *item = item_to_delegate(l, d, v);
    bool here = !draft.place.len || l->given || str_eq(draft.place, l->c->place);
    if (!here)
        return;
    check_delegation(l, d, item, v);
    if (!item || !d->handled_by)
        return;
    item->delegation = d;
    item->handled_by = d->handled_by;
    if (item->authority == AUTHORITY_OWN)
        item->authority = AUTHORITY_DELEGATED;
}

void load_delegations(Loader *l)
{
    const Value *doc = load_document(l, STR("delegations.yaml"), true);
    Value *const *items;
    if (!doc || !READ_FIELDS(l, doc, delegations_fields, "delegations.yaml", NULL))
        return;
    size_t n = read_list(l, doc, "delegations", &items);
    Delegation *list = NEW_N(l->arena, Delegation, n + 1);
    for (size_t i = 0; i < n; i++)
        read_delegation(l, items[i], &list[i]);
    l->c->delegations = list;
    l->c->delegation_count = n;
}
