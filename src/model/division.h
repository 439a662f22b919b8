/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model/division.h - administrative divisions from the province down to the village.
 *
 * Codes are those of GB/T 2260 and the National Bureau of Statistics: 6 digits for a province
 * (330000), a city (330300) or a county (330302), 9 for a town (330302026), 12 for a village. A
 * list is sorted by code, so that what lies below a division stands behind it in one run; the one
 * above is known by its place in the list.
 *
 * Memory: everything is its catalogue's. Threads: pure. Limits: DIVISIONS_MAX.
 */
#pragma once

#include "base/arena.h"
#include "base/str.h"

enum { DIVISIONS_MAX = 800000 };

typedef enum {
    DIVISION_PROVINCE,
    DIVISION_CITY,
    DIVISION_COUNTY,
    DIVISION_TOWN,
    DIVISION_VILLAGE,
    DIVISION_LEVELS
} DivisionLevel;

typedef struct {
    Str code, name; /* 330302, 鹿城区 */
    uint32_t above; /* index, UINT32_MAX: none */
    DivisionLevel level;
} Division;

typedef struct {
    const Division *list;
    size_t count;
} Divisions;

/* False when it is no code of any level. */
bool division_level(Str code, DivisionLevel *level);
/* The code of the one above, cut from the code itself; empty for a province. Views of code or in
 * the arena. */
Str division_above(Arena *out, Str code);
/* NULL when it is not in the list. */
const Division *division_find(const Divisions *d, Str code);
bool division_contains(const Divisions *d, const Division *outer, const Division *inner);
/* Names from the province on in one: 浙江省温州市鹿城区松台街道. */
Str division_path(Arena *out, const Divisions *d, const Division *of);
/* Those of a level within `of`, in the order of their codes: how many, at most `max` into `out`. */
size_t division_within(const Divisions *d, const Division *of, DivisionLevel level,
                       const Division **out, size_t max);
