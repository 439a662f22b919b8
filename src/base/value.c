/* SPDX-License-Identifier: Apache-2.0 */
/* Maps are arrays searched in order; past INDEX_FROM members an index of hashes is kept. */
#include "base/value.h"

#include "base/map.h"

enum { INDEX_FROM = 12 };

struct ValueIndex {
    uint32_t slot_count; /* power of two, at least twice the members */
    uint32_t *slots;     /* member number + 1 */
};

static Value *node(Arena *a, ValueKind kind)
{
    Value *v = NEW(a, Value);
    v->kind = kind;
    return v;
}

Value *value_null(Arena *a)
{
    return node(a, VALUE_NULL);
}

Value *value_bool(Arena *a, bool truth)
{
    Value *v = node(a, VALUE_BOOL);
    v->truth = truth;
    return v;
}

Value *value_number(Arena *a, Str text)
{
    Value *v = node(a, VALUE_NUMBER);
    v->text = text;
    return v;
}

Value *value_int(Arena *a, int64_t n)
{
    StrBuf b = buf_in(a);
    buf_room(&b, 24);
    buf_int(&b, n);
    return value_number(a, buf_str(&b));
}

Value *value_str(Arena *a, Str s)
{
    Value *v = node(a, VALUE_STR);
    v->text = s;
    return v;
}

Value *value_list(Arena *a)
{
    return node(a, VALUE_LIST);
}

Value *value_map(Arena *a)
{
    return node(a, VALUE_MAP);
}

static void index_member(Value *map, uint32_t n)
{
    ValueIndex *ix = map->map.index;
    uint32_t mask = ix->slot_count - 1;
    uint32_t i = (uint32_t)map_hash(map->map.members[n].key) & mask;
    while (ix->slots[i])
        i = (i + 1) & mask;
    ix->slots[i] = n + 1;
}

static void reindex(Arena *a, Value *map)
{
    ValueIndex *ix = NEW(a, ValueIndex);
    ix->slot_count = 64;
    while (ix->slot_count < map->map.cap * 2)
        ix->slot_count *= 2;
    ix->slots = NEW_N(a, uint32_t, ix->slot_count);
    map->map.index = ix;
    for (uint32_t i = 0; i < map->map.count; i++)
        index_member(map, i);
}

static ValueMember *member(const Value *map, Str key)
{
    const ValueIndex *ix = map->map.index;
    if (!ix) {
        for (uint32_t i = 0; i < map->map.count; i++)
            if (str_eq(map->map.members[i].key, key))
                return &map->map.members[i];
        return NULL;
    }
    uint32_t mask = ix->slot_count - 1;
    for (uint32_t i = (uint32_t)map_hash(key) & mask; ix->slots[i]; i = (i + 1) & mask) {
        ValueMember *m = &map->map.members[ix->slots[i] - 1];
        if (str_eq(m->key, key))
            return m;
    }
    return NULL;
}

void value_append(Arena *a, Value *map, Str key, uint32_t key_offset, Value *v)
{
    bool grown = map->map.count == map->map.cap;
    if (grown) {
        uint32_t cap = map->map.cap ? map->map.cap * 2 : 4;
        map->map.members = arena_grow(a, map->map.members, map->map.cap * sizeof(ValueMember),
                                      cap * sizeof(ValueMember));
        map->map.cap = cap;
    }
    map->map.members[map->map.count++] = (ValueMember){key, key_offset, v};
    if (map->map.count <= INDEX_FROM)
        return;
    if (grown || !map->map.index)
        reindex(a, map);
    else
        index_member(map, map->map.count - 1);
}

bool value_add(Arena *a, Value *map, Str key, uint32_t key_offset, Value *v)
{
    ASSERT(map->kind == VALUE_MAP);
    if (member(map, key))
        return false;
    value_append(a, map, key, key_offset, v);
    return true;
}

void value_set(Arena *a, Value *map, Str key, Value *v)
{
    ASSERT(map->kind == VALUE_MAP);
    ValueMember *m = member(map, key);
    if (m)
        m->value = v;
    else
        value_append(a, map, key, 0, v);
}

void value_push(Arena *a, Value *list, Value *item)
{
    ASSERT(list->kind == VALUE_LIST);
    if (list->list.count == list->list.cap) {
        uint32_t cap = list->list.cap ? list->list.cap * 2 : 4;
        list->list.items = arena_grow(a, list->list.items, list->list.cap * sizeof(Value *),
                                      cap * sizeof(Value *));
        list->list.cap = cap;
    }
    list->list.items[list->list.count++] = item;
}

Value *value_copy(Arena *a, const Value *v)
{
    Value *c = NEW(a, Value);
    *c = *v;
    switch (v->kind) {
    case VALUE_NULL:
    case VALUE_BOOL: break;
    case VALUE_NUMBER:
    case VALUE_STR: c->text = str_dup(a, v->text); break;
    case VALUE_LIST:
        c->list.items = NULL;
        c->list.count = c->list.cap = 0;
        for (uint32_t i = 0; i < v->list.count; i++)
            value_push(a, c, value_copy(a, v->list.items[i]));
        break;
    case VALUE_MAP:
        c->map.members = NULL;
        c->map.index = NULL;
        c->map.count = c->map.cap = 0;
        for (uint32_t i = 0; i < v->map.count; i++) {
            const ValueMember *m = &v->map.members[i];
            value_append(a, c, str_dup(a, m->key), m->key_offset, value_copy(a, m->value));
        }
        break;
    }
    return c;
}

static bool lists_eq(const Value *a, const Value *b)
{
    for (uint32_t i = 0; i < a->list.count; i++)
        if (!value_eq(a->list.items[i], b->list.items[i]))
            return false;
    return true;
}

static bool maps_eq(const Value *a, const Value *b)
{
    for (uint32_t i = 0; i < a->map.count; i++) {
        const ValueMember *m = member(b, a->map.members[i].key);
        if (!m || !value_eq(a->map.members[i].value, m->value))
            return false;
    }
    return true;
}

bool value_eq(const Value *a, const Value *b)
{
    if (a->kind != b->kind || value_count(a) != value_count(b))
        return false;
    switch (a->kind) {
    case VALUE_NULL: return true;
    case VALUE_BOOL: return a->truth == b->truth;
    case VALUE_NUMBER:
    case VALUE_STR: return str_eq(a->text, b->text);
    case VALUE_LIST: return lists_eq(a, b);
    case VALUE_MAP: return maps_eq(a, b);
    }
    return false;
}

void set_value(Arena *a, Value *map, const char *key, Value *v)
{
    value_set(a, map, str_z(key), v);
}

void set_str(Arena *a, Value *map, const char *key, Str s)
{
    set_value(a, map, key, value_str(a, s));
}

void set_int(Arena *a, Value *map, const char *key, int64_t n)
{
    set_value(a, map, key, value_int(a, n));
}

void set_bool(Arena *a, Value *map, const char *key, bool truth)
{
    set_value(a, map, key, value_bool(a, truth));
}

Value *set_map(Arena *a, Value *map, const char *key)
{
    Value *v = value_map(a);
    set_value(a, map, key, v);
    return v;
}

Value *set_list(Arena *a, Value *map, const char *key)
{
    Value *v = value_list(a);
    set_value(a, map, key, v);
    return v;
}

Value *push_map(Arena *a, Value *list)
{
    Value *v = value_map(a);
    value_push(a, list, v);
    return v;
}

void push_str(Arena *a, Value *list, Str s)
{
    value_push(a, list, value_str(a, s));
}

Value *value_inside_str(const Value *v, Str key)
{
    if (!v || v->kind != VALUE_MAP)
        return NULL;
    const ValueMember *m = member(v, key);
    return m ? m->value : NULL;
}

const Value *value_get(const Value *v, Str key)
{
    return value_inside_str(v, key);
}

const Value *value_at(const Value *v, const char *key)
{
    return value_inside_str(v, str_z(key));
}

Value *value_inside(const Value *map, const char *key)
{
    return value_inside_str(map, str_z(key));
}

const Value *value_path(const Value *v, Str path)
{
    Str part;
    while (v && str_split(&path, '.', &part))
        v = value_get(v, part);
    return v;
}

Str value_text(const Value *v)
{
    return v && (v->kind == VALUE_STR || v->kind == VALUE_NUMBER) ? v->text : STR("");
}

Str get_str(const Value *map, const char *key)
{
    return value_text(value_at(map, key));
}

int64_t get_int(const Value *map, const char *key, int64_t otherwise)
{
    int64_t n;
    return str_int(value_text(value_at(map, key)), &n) ? n : otherwise;
}

bool get_bool(const Value *map, const char *key)
{
    const Value *v = value_at(map, key);
    return v && v->kind == VALUE_BOOL && v->truth;
}

bool value_is(const Value *v, ValueKind kind)
{
    return v && v->kind == kind;
}

size_t value_count(const Value *v)
{
    if (!v)
        return 0;
    return v->kind == VALUE_LIST ? v->list.count : v->kind == VALUE_MAP ? v->map.count : 0;
}

Value *value_item(const Value *list, size_t i)
{
    return value_is(list, VALUE_LIST) && i < list->list.count ? list->list.items[i] : NULL;
}
