/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/map.h - a hash map from Str to a pointer, in an arena.
 *
 * Keys are not copied: they must live as long as the map. The seed is random per process, so that
 * nobody outside can choose keys that collide. Order of iteration is order of insertion.
 * Threads: reads may be shared once nobody writes.
 */
#pragma once

#include "base/str.h"

typedef struct {
    Str key;
    void *value;
} MapEntry;

typedef struct {
    MapEntry *at; /* in order of insertion */
    size_t len, cap;
    uint32_t *slots; /* index + 1 into at; 0 is empty */
    size_t slot_count;
} Map;

/* NULL when absent. */
void *map_get(const Map *m, Str key);
/* false when the key was there already; the old value stays. */
bool map_add(Arena *a, Map *m, Str key, void *value);
/* Adds or replaces. */
void map_put(Arena *a, Map *m, Str key, void *value);
/* Fixed seed, for tests that print order of slots; called before the first use, if at all. */
void map_seed(uint64_t seed);
uint64_t map_hash(Str key);
