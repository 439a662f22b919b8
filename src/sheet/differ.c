/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A walk over two trees at once. An entry of a list is known by its first field that names it;
 * entries of the same name are matched in their order.
 */
#include "sheet/sheet.h"

typedef struct {
    Arena *a;
    Lang lang;
    SheetDifferences *list;
} Differ;

/* Where the walk is. */
typedef struct {
    Str path, entry;
} Spot;

/* ---- as a person reads it ---- */

static bool is_text(const Value *v)
{
    return v->kind == VALUE_MAP && (value_at(v, "zh") || value_at(v, "en"));
}

static Str text_of(const Differ *d, const Value *v)
{
    Text t = {{get_str(v, "zh"), get_str(v, "en")}};
    return text_in(t, d->lang);
}

static void put_readable(const Differ *d, StrBuf *b, const Value *v)
{
    if (is_text(v)) {
        buf_add(b, text_of(d, v));
        return;
    }
    switch (v->kind) {
    case VALUE_NULL: BUF_LIT(b, "~"); break;
    case VALUE_BOOL: buf_add(b, v->truth ? STR("true") : STR("false")); break;
    case VALUE_NUMBER:
    case VALUE_STR: buf_add(b, v->text); break;
    case VALUE_LIST:
    case VALUE_MAP:
        for (size_t i = 0; i < value_count(v); i++) {
            bool list = v->kind == VALUE_LIST;
            buf_add(b, i ? (d->lang == LANG_ZH ? STR("；") : STR("; ")) : STR(""));
            put_readable(d, b, list ? v->list.items[i] : v->map.members[i].value);
        }
        break;
    }
}

static Str readable(const Differ *d, const Value *v)
{
    StrBuf b = buf_in(d->a);
    if (v)
        put_readable(d, &b, v);
    return buf_str(&b);
}

/* ---- what names an entry ---- */

static const Value *naming_field(const Value *v)
{
    static const char *const keys[] = {"key",   "material", "element", "id", "value",
                                       "title", "name",     "text",    "zh"};
    for (size_t i = 0; i < COUNT(keys); i++)
        if (value_at(v, keys[i]))
            return value_at(v, keys[i]);
    return v;
}

/* The same in both languages, so that a translation does not make another entry. */
static Str identity(Arena *a, const Value *v)
{
    const Differ zh = {.a = a, .lang = LANG_ZH};
    if (v->kind == VALUE_MAP && value_at(v, "law"))
        return str_fmt(a, STR_FMT STR_FMT, STR_ARG(readable(&zh, value_at(v, "law"))),
                       STR_ARG(readable(&zh, value_at(v, "article"))));
    return readable(&zh, v->kind == VALUE_MAP ? naming_field(v) : v);
}

static Str label(const Differ *d, const Value *v)
{
    if (v->kind == VALUE_MAP && value_at(v, "law"))
        return str_fmt(d->a, STR_FMT STR_FMT, STR_ARG(readable(d, value_at(v, "law"))),
                       STR_ARG(readable(d, value_at(v, "article"))));
    return readable(d, v->kind == VALUE_MAP ? naming_field(v) : v);
}

/* ---- the walk ---- */

static void tell(Differ *d, Spot at, const Value *before, const Value *after)
{
    SheetChange change = !before ? SHEET_ADDED : !after ? SHEET_REMOVED : SHEET_CHANGED;
    *VEC_PUSH(d->a, d->list) = (SheetDifference){
        unified_of(at.path), change, at.path, at.entry, readable(d, before), readable(d, after)};
}

static Spot below(const Differ *d, Spot at, Str key)
{
    return (Spot){at.path.len ? str_fmt(d->a, STR_FMT "." STR_FMT, STR_ARG(at.path), STR_ARG(key))
                              : key,
                  at.entry};
}

static Spot entry_of(const Differ *d, Spot list, const Value *v)
{
    Str name = label(d, v);
    return (Spot){str_fmt(d->a, STR_FMT "[]", STR_ARG(list.path)),
                  list.entry.len
                      ? str_fmt(d->a, STR_FMT " › " STR_FMT, STR_ARG(list.entry), STR_ARG(name))
                      : name};
}

static void walk(Differ *d, Spot at, const Value *before, const Value *after);

typedef struct {
    Str name;
    size_t match; /* of the other list, or SIZE_MAX */
} Entry;

static Entry *name_entries(const Differ *d, const Value *list)
{
    Entry *at = NEW_N(d->a, Entry, list->list.count + 1);
    for (uint32_t i = 0; i < list->list.count; i++)
        at[i] = (Entry){identity(d->a, list->list.items[i]), SIZE_MAX};
    return at;
}

static void match_entries(Entry *before, size_t b, Entry *after, size_t a)
{
    for (size_t i = 0; i < a; i++)
        for (size_t j = 0; j < b && after[i].match == SIZE_MAX; j++)
            if (before[j].match == SIZE_MAX && str_eq(before[j].name, after[i].name)) {
                before[j].match = i;
                after[i].match = j;
            }
}

static bool in_other_order(const Entry *after, size_t count)
{
    size_t last = 0;
    for (size_t i = 0; i < count; i++) {
        if (after[i].match == SIZE_MAX)
            continue;
        if (after[i].match < last)
            return true;
        last = after[i].match;
    }
    return false;
}

static Value *names_of(const Differ *d, const Value *list)
{
    Value *names = value_list(d->a);
    for (uint32_t i = 0; i < list->list.count; i++)
        push_str(d->a, names, label(d, list->list.items[i]));
    return names;
}

static void walk_lists(Differ *d, Spot at, const Value *before, const Value *after)
{
    size_t b = before->list.count, a = after->list.count;
    Entry *was = name_entries(d, before), *is = name_entries(d, after);
    match_entries(was, b, is, a);
    for (size_t i = 0; i < b; i++)
        if (was[i].match == SIZE_MAX)
            tell(d, entry_of(d, at, before->list.items[i]), before->list.items[i], NULL);
    for (size_t i = 0; i < a; i++) {
        const Value *v = after->list.items[i];
        Spot spot = entry_of(d, at, v);
        if (is[i].match == SIZE_MAX)
            tell(d, spot, NULL, v);
        else
            walk(d, spot, before->list.items[is[i].match], v);
    }
    if (in_other_order(is, a))
        tell(d, at, names_of(d, before), names_of(d, after));
}

static void walk_maps(Differ *d, Spot at, const Value *before, const Value *after)
{
    for (uint32_t i = 0; i < before->map.count; i++) {
        const ValueMember *m = &before->map.members[i];
        walk(d, below(d, at, m->key), m->value, value_get(after, m->key));
    }
    for (uint32_t i = 0; i < after->map.count; i++) {
        const ValueMember *m = &after->map.members[i];
        if (!value_get(before, m->key))
            walk(d, below(d, at, m->key), NULL, m->value);
    }
}

/* A list that is new or gone is told entry by entry. */
static void walk(Differ *d, Spot at, const Value *before, const Value *after)
{
    const Value *there = before ? before : after;
    bool both = before && after;
    bool alike = !both || before->kind == after->kind;
    if (both && value_eq(before, after))
        return;
    if (alike && there->kind == VALUE_LIST)
        walk_lists(d, at, before ? before : value_list(d->a), after ? after : value_list(d->a));
    else if (both && alike && there->kind == VALUE_MAP)
        walk_maps(d, at, before, after);
    else
        tell(d, at, before, after);
}

static void sort_by_element(Differ *d)
{
    SheetDifferences sorted = {0};
    for (UnifiedElement e = 0; e <= UNIFIED_NONE; e++)
        for (size_t i = 0; i < d->list->len; i++)
            if (d->list->at[i].element == e)
                *VEC_PUSH(d->a, &sorted) = d->list->at[i];
    *d->list = sorted;
}

void sheet_differ(Arena *out, const Value *before, const Value *after, Lang lang,
                  SheetDifferences *list)
{
    Differ d = {out, lang, list};
    walk_maps(&d, (Spot){0}, before, after);
    sort_by_element(&d);
}
