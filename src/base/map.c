/* SPDX-License-Identifier: Apache-2.0 */
/* Open addressing over an insertion-ordered array; grown at 2/3 full. */
#include "base/map.h"

#include <sys/random.h>

static uint64_t process_seed;

__attribute__((constructor)) static void seed_once(void)
{
    if (getrandom(&process_seed, sizeof process_seed, GRND_NONBLOCK) != sizeof process_seed)
        process_seed = (uint64_t)(uintptr_t)&process_seed;
}

void map_seed(uint64_t seed)
{
    process_seed = seed;
}

uint64_t map_hash(Str key)
{
    return str_hash(key, process_seed);
}

static size_t slot_of(const Map *m, Str key)
{
    size_t mask = m->slot_count - 1;
    size_t i = map_hash(key) & mask;
    while (m->slots[i] && !str_eq(m->at[m->slots[i] - 1].key, key))
        i = (i + 1) & mask;
    return i;
}

static void grow(Arena *a, Map *m)
{
    m->slot_count = m->slot_count ? m->slot_count * 2 : 16;
    m->slots = NEW_N(a, uint32_t, m->slot_count);
    for (size_t i = 0; i < m->len; i++)
        m->slots[slot_of(m, m->at[i].key)] = (uint32_t)i + 1;
}

void *map_get(const Map *m, Str key)
{
    if (!m->slot_count)
        return NULL;
    uint32_t hit = m->slots[slot_of(m, key)];
    return hit ? m->at[hit - 1].value : NULL;
}

static MapEntry *entry_for(Arena *a, Map *m, Str key, bool *fresh)
{
    if ((m->len + 1) * 3 > m->slot_count * 2)
        grow(a, m);
    size_t slot = slot_of(m, key);
    *fresh = m->slots[slot] == 0;
    if (!*fresh)
        return &m->at[m->slots[slot] - 1];
    if (m->len == m->cap) {
        size_t cap = m->cap ? m->cap * 2 : 8;
        m->at = arena_grow(a, m->at, m->cap * sizeof *m->at, cap * sizeof *m->at);
        m->cap = cap;
    }
    m->at[m->len].key = key;
    m->slots[slot] = (uint32_t)++m->len;
    return &m->at[m->len - 1];
}

bool map_add(Arena *a, Map *m, Str key, void *value)
{
    bool fresh;
    MapEntry *e = entry_for(a, m, key, &fresh);
    if (fresh)
        e->value = value;
    return fresh;
}

void map_put(Arena *a, Map *m, Str key, void *value)
{
    bool fresh;
    entry_for(a, m, key, &fresh)->value = value;
}
