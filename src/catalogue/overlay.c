/* SPDX-License-Identifier: Apache-2.0 */
/*
 * places/CODE/items/KEY.yaml: what a place has of its own of an item. It is laid over the reference
 * item's document, and what comes out is read as any item.yaml: so a place's values meet the same
 * checks, and each value keeps the file that it stands in. Places above are laid on first.
 *
 * Members are replaced whole, but for two: of limits those that are given, of materials those that
 * are named, or added. without_materials makes a material one that is not needed here.
 */
#include "catalogue/item_int.h"

static const Field overlay_fields[] = {
    /* local: a place's own */
    {"organ", FIELD_ANY, false, 0, 0, 0, NULL},
    {"code", FIELD_ANY, false, 0, 0, 0, NULL},
    {"address", FIELD_ANY, false, 0, 0, 0, NULL},
    {"hours", FIELD_ANY, false, 0, 0, 0, NULL},
    {"windows", FIELD_ANY, false, 0, 0, 0, NULL},
    {"phone", FIELD_ANY, false, 0, 0, 0, NULL},
    {"note", FIELD_ANY, false, 0, 0, 0, NULL},
    {"consult_phone", FIELD_ANY, false, 0, 0, 0, NULL},
    {"complaint_phone", FIELD_ANY, false, 0, 0, 0, NULL},
    {"without_materials", FIELD_LIST, false, 0, 0, 0, NULL},
    /* unified: each change is a deviation, but for a shorter promise and an easier material */
    {"main_name", FIELD_ANY, false, 0, 0, 0, NULL},
    {"sub_name", FIELD_ANY, false, 0, 0, 0, NULL},
    {"name", FIELD_ANY, false, 0, 0, 0, NULL},
    {"basis", FIELD_LIST, false, 0, 0, 0, NULL},
    {"conditions", FIELD_LIST, false, 0, 0, 0, NULL},
    {"materials", FIELD_LIST, false, 0, 0, 0, NULL},
    {"steps", FIELD_LIST, false, 0, 0, 0, NULL},
    {"back_steps", FIELD_LIST, false, 0, 0, 0, NULL},
    {"visits", FIELD_ANY, false, 0, 0, 0, NULL},
    {"visit_reason", FIELD_ANY, false, 0, 0, 0, NULL},
    {"limits", FIELD_MAP, false, 0, 0, 0, NULL},
    {"form", FIELD_MAP, false, 0, 0, 0, NULL},
    /* neither */
    {"summary", FIELD_ANY, false, 0, 0, 0, NULL},
    {"scope", FIELD_ANY, false, 0, 0, 0, NULL},
    {"fee", FIELD_ANY, false, 0, 0, 0, NULL},
    {"keywords", FIELD_LIST, false, 0, 0, 0, NULL},
    /* what the owner of the standard has accepted */
    {"exceptions", FIELD_LIST, false, 0, 0, 0, NULL},
};

static const Field form_fields[] = {
    {"adds", FIELD_LIST, false, 0, 0, 0, NULL},
    {"drops", FIELD_LIST, false, 0, 0, 0, NULL},
    {"requires", FIELD_LIST, false, 0, 0, 0, NULL},
};

static const char *const unified_names[] = {
    "main_name",    "sub_name",      "basis",      "materials",
    "service_flow", "handling_flow", "time_limit", NULL};

typedef struct {
    int32_t element; // cppcheck-suppress unusedStructMember
    Text document;   // cppcheck-suppress unusedStructMember
    Date until;      // cppcheck-suppress unusedStructMember
} ExceptionDraft;

static const Field exception_fields[] = {
    {"element", FIELD_ENUM, true, offsetof(ExceptionDraft, element), 0, 0, unified_names},
    {"document", FIELD_TEXT, true, offsetof(ExceptionDraft, document), 0, 0, NULL},
    {"until", FIELD_DATE, false, offsetof(ExceptionDraft, until), 0, 0, NULL},
};

/* Lists that are read entry by entry expect maps. */
static bool all_maps(Loader *l, const Value *doc, const char *key)
{
    Value *const *items;
    size_t n = read_list(l, doc, key, &items);
    for (size_t i = 0; i < n; i++)
        if (!value_is(items[i], VALUE_MAP)) {
            complain(l, "catalogue.type", items[i], STR("write it as in item.yaml"),
                     "an entry of '%s' must be a map", key);
            return false;
        }
    return true;
}

static void check_elements_of(Loader *l, const Value *form, const char *key)
{
    Value *const *items;
    size_t n = read_list(l, form, key, &items);
    for (size_t i = 0; i < n; i++)
        resolve_entry(l, "element", value_text(items[i]), items[i]);
}

static bool check_overlay(Loader *l, const Value *own)
{
    size_t before = l->diags->errors;
    Value *const *items;
    if (!READ_FIELDS(l, own, overlay_fields, "a place's item", NULL))
        return false;
    size_t n = read_list(l, own, "exceptions", &items);
    for (size_t i = 0; i < n; i++) {
        ExceptionDraft draft = {0};
        READ_FIELDS(l, items[i], exception_fields, "an exception", &draft);
    }
    if (value_at(own, "form") &&
        READ_FIELDS(l, value_at(own, "form"), form_fields, "a place's form", NULL)) {
        check_elements_of(l, value_at(own, "form"), "adds");
        check_elements_of(l, value_at(own, "form"), "drops");
        check_elements_of(l, value_at(own, "form"), "requires");
    }
    static const char *const lists[] = {"basis", "materials", "steps", "back_steps"};
    bool maps = true;
    for (size_t i = 0; i < COUNT(lists); i++)
        maps = all_maps(l, own, lists[i]) && maps;
    return maps && l->diags->errors == before;
}

/* ---- laying one document over another ---- */

static Value *like(Arena *a, const Value *at)
{
    Value *v = at->kind == VALUE_LIST ? value_list(a) : value_map(a);
    v->file = at->file;
    v->offset = at->offset;
    return v;
}

static const ValueMember *member(const Value *map, Str key)
{
    for (uint32_t i = 0; value_is(map, VALUE_MAP) && i < map->map.count; i++)
        if (str_eq(map->map.members[i].key, key))
            return &map->map.members[i];
    return NULL;
}

/* The members of base, those of over in their place or behind them. */
static Value *lay(Arena *a, const Value *base, const Value *over)
{
    Value *out = like(a, base);
    for (uint32_t i = 0; i < base->map.count; i++) {
        const ValueMember *m = member(over, base->map.members[i].key);
        m = m ? m : &base->map.members[i];
        value_append(a, out, m->key, m->key_offset, m->value);
    }
    for (uint32_t i = 0; value_is(over, VALUE_MAP) && i < over->map.count; i++) {
        const ValueMember *m = &over->map.members[i];
        if (!member(base, m->key))
            value_append(a, out, m->key, m->key_offset, m->value);
    }
    return out;
}

static const Value *entry_of(const Value *list, Str code)
{
    for (uint32_t i = 0; i < value_count(list); i++)
        if (str_eq(get_str(value_item(list, i), "material"), code))
            return value_item(list, i);
    return NULL;
}

static bool names_text(const Value *list, Str text)
{
    for (uint32_t i = 0; i < value_count(list); i++)
        if (str_eq(value_text(value_item(list, i)), text))
            return true;
    return false;
}

static Value *not_needed(Arena *a, const Value *entry)
{
    Value *over = value_map(a), *v = value_str(a, STR("not_needed"));
    v->file = entry->file;
    v->offset = entry->offset;
    value_append(a, over, STR("necessity"), entry->offset, v);
    return lay(a, entry, over);
}

static Value *lay_materials(Loader *l, const Value *base, const Value *own)
{
    Arena *a = l->diags->arena;
    const Value *given = value_at(own, "materials"), *without = value_at(own, "without_materials");
    Value *out = base ? like(a, base) : like(a, given ? given : without);
    for (uint32_t i = 0; i < value_count(base); i++) {
        Value *entry = value_item(base, i);
        const Value *over = entry_of(given, get_str(entry, "material"));
        if (over)
            entry = lay(a, entry, over);
        if (names_text(without, get_str(entry, "material")))
            entry = not_needed(a, entry);
        value_push(a, out, entry);
    }
    for (uint32_t i = 0; i < value_count(given); i++)
        if (!entry_of(base, get_str(value_item(given, i), "material")))
            value_push(a, out, value_item(given, i));
    for (uint32_t i = 0; i < value_count(without); i++) {
        Value *v = value_item(without, i);
        if (!entry_of(base, value_text(v)))
            complain(l, "place.no-such-material", v, STR("only what is asked can be left out"),
                     "the item does not ask for '" STR_FMT "'", STR_ARG(value_text(v)));
    }
    return out;
}

static void replace(Arena *a, Value *doc, const Value *own, const char *key, Value *with)
{
    const ValueMember *m = member(own, str_z(key));
    for (uint32_t i = 0; i < doc->map.count; i++) {
        ValueMember *at = &doc->map.members[i];
        if (!str_eq(at->key, str_z(key)))
            continue;
        *at = (ValueMember){at->key, m ? m->key_offset : at->key_offset, with};
        return;
    }
    value_append(a, doc, str_z(key), m ? m->key_offset : own->offset, with);
}

static bool is_told_apart(Str key)
{
    static const Str keys[] = {STR_INIT("without_materials"), STR_INIT("materials"),
                               STR_INIT("limits"), STR_INIT("form"), STR_INIT("exceptions")};
    for (size_t i = 0; i < COUNT(keys); i++)
        if (str_eq(keys[i], key))
            return true;
    return false;
}

static const Value *lay_item(Loader *l, const Value *base, const Value *own)
{
    Arena *a = l->diags->arena;
    Value *plain = like(a, own);
    for (uint32_t i = 0; i < own->map.count; i++) {
        const ValueMember *m = &own->map.members[i];
        if (!is_told_apart(m->key))
            value_append(a, plain, m->key, m->key_offset, m->value);
    }
    Value *out = lay(a, base, plain);
    const Value *limits = value_at(base, "limits"), *own_limits = value_at(own, "limits");
    if (value_is(limits, VALUE_MAP) && value_is(own_limits, VALUE_MAP))
        replace(a, out, own, "limits", lay(a, limits, own_limits));
    if (value_at(own, "materials") || value_at(own, "without_materials"))
        replace(a, out, own, "materials", lay_materials(l, value_at(base, "materials"), own));
    return out;
}

/* ---- of each place ---- */

static Str own_path(Loader *l, const Place *p, Str key)
{
    return str_fmt(l->diags->arena, "places/" STR_FMT "/items/" STR_FMT ".yaml", STR_ARG(p->code),
                   STR_ARG(key));
}

/* The place's own document of an item, kept while the item is read; NULL: it has none. */
static const Value *own_document(Loader *l, Str path)
{
    if (!has_file(l, path))
        return NULL;
    const Value *v = load_document(l, path, false);
    return v && check_overlay(l, v) ? v : NULL;
}

typedef struct {
    const Value *doc;               /* effective */
    const Value *form, *exceptions; /* of it and the places above; may be NULL */
} Laid;

/* Those of a place stand before those of the places above. */
static const Value *join_exceptions(Arena *a, const Value *own, const Value *above)
{
    const Value *mine = value_at(own, "exceptions");
    if (!mine || !above)
        return mine ? mine : above;
    Value *all = value_list(a);
    for (uint32_t i = 0; i < value_count(mine); i++)
        value_push(a, all, value_item(mine, i));
    for (uint32_t i = 0; i < value_count(above); i++)
        value_push(a, all, value_item(above, i));
    return all;
}

static Laid lay_place(Loader *l, const Place *p, Laid above, const Item *item, Str key)
{
    const Value *own = own_document(l, own_path(l, p, key));
    if (!own)
        return above;
    if (!p->inherits)
        complain(l, "place.owner", own, STR("change the reference item itself"),
                 "place '" STR_FMT "' owns the reference items", STR_ARG(p->code));
    *VEC_PUSH(l->arena, &l->locals) = (LocalItem){p, item, mark_of(own)};
    const Value *form = value_at(own, "form");
    return (Laid){lay_item(l, above.doc, own), form ? form : above.form,
                  join_exceptions(l->diags->arena, own, above.exceptions)};
}

/* Documents are read once: places above come before those below. */
static const Value *lay_places(Loader *l, Str key, const Value *reference, const Item *item)
{
    const Value *here = reference;
    Laid *laid = NEW_N(l->diags->arena, Laid, l->c->place_count + 1);
    for (size_t i = 0; i < l->c->place_count; i++) {
        const Place *p = &l->places[i];
        size_t above = p->inherits ? (size_t)(p->inherits - l->places) : i;
        laid[i] = lay_place(l, p, above < i ? laid[above] : (Laid){.doc = reference}, item, key);
        Drift d = {p, item, reference, laid[i].doc, laid[i].form, laid[i].exceptions};
        if (laid[i].doc != reference)
            find_deviations(l, &d);
        if (p == l->here)
            here = laid[i].doc;
    }
    return here;
}

/* Those that were kept of the installed place and the ones above it, in their order. */
static const Value *lay_given(Loader *l, Str key, const Value *reference)
{
    const Value *doc = reference;
    Str suffix = str_fmt(l->diags->arena, "/items/" STR_FMT ".yaml", STR_ARG(key));
    for (size_t i = 0; i < l->files.len; i++) {
        Str path = l->files.at[i].path;
        if (!str_starts(path, STR("places/")) || !str_ends(path, suffix))
            continue;
        const Value *own = own_document(l, path);
        doc = own ? lay_item(l, doc, own) : doc;
    }
    return doc;
}

const Value *item_as_adopted(Loader *l, Str key, const Value *reference, const Item *item)
{
    if (!value_is(reference, VALUE_MAP))
        return reference;
    return l->given ? lay_given(l, key, reference) : lay_places(l, key, reference, item);
}
