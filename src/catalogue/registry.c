/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One map for all keys, "kind:key". Keys of one kind are unique in the whole catalogue, whatever
 * file they stand in; a reference to nothing says what was probably meant.
 */
#include <string.h>

#include "catalogue/catalogue_int.h"

static Str full_key(char *room, size_t size, const char *kind, Str key)
{
    size_t n = strlen(kind);
    if (n + 1 + key.len > size || !key.at)
        return (Str){0};
    memcpy(room, kind, n);
    room[n] = ':';
    memcpy(room + n + 1, key.at, key.len);
    return (Str){room, n + 1 + key.len};
}

void *find_entry(const Catalogue *c, const char *kind, Str key)
{
    char room[3 * KEY_MAX];
    Str full = full_key(room, sizeof room, kind, key);
    return full.len ? map_get(&c->by_key, full) : NULL;
}

bool register_entry(Loader *l, const char *kind, Str key, const Value *at, void *entry)
{
    if (!key.len)
        return false;
    Str full = str_fmt(l->arena, "%s:" STR_FMT, kind, STR_ARG(key));
    if (map_add(l->arena, &l->c->by_key, full, entry)) {
        Described *d = NEW(l->diags->arena, Described);
        d->at = at;
        (void)map_add(l->diags->arena, &l->described, full, d);
        return true;
    }
    complain(l, "catalogue.duplicate", at, STR("keep one of them"),
             "there is another %s '" STR_FMT "'", kind, STR_ARG(key));
    return false;
}

static Str nearest_of_kind(Loader *l, const char *kind, Str key)
{
    const Map *m = &l->c->by_key;
    Str prefix = str_fmt(l->diags->arena, "%s:", kind);
    Str *names = NEW_N(l->diags->arena, Str, m->len + 1);
    size_t n = 0;
    for (size_t i = 0; i < m->len; i++)
        if (str_starts(m->at[i].key, prefix))
            names[n++] = str_slice(m->at[i].key, prefix.len, m->at[i].key.len);
    return or_nearest(l, key, names, n);
}

void *resolve_entry(Loader *l, const char *kind, Str key, const Value *at)
{
    if (!key.len)
        return NULL;
    void *entry = find_entry(l->c, kind, key);
    if (!entry)
        complain(l, "catalogue.unknown-reference", at, nearest_of_kind(l, kind, key),
                 "there is no %s '" STR_FMT "'", kind, STR_ARG(key));
    return entry;
}
