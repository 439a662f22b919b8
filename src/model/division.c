/* SPDX-License-Identifier: Apache-2.0 */
/* A code is found by halving; what lies within a division is the run behind it. */
#include "model/division.h"

enum { COUNTY_DIGITS = 6, TOWN_DIGITS = 9, VILLAGE_DIGITS = 12 };

static bool all_digits(Str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
    return true;
}

bool division_level(Str code, DivisionLevel *level)
{
    bool length =
        code.len == COUNTY_DIGITS || code.len == TOWN_DIGITS || code.len == VILLAGE_DIGITS;
    if (!length || !all_digits(code) || str_starts(code, STR("00")))
        return false;
    if (code.len == VILLAGE_DIGITS)
        *level = DIVISION_VILLAGE;
    else if (code.len == TOWN_DIGITS)
        *level = DIVISION_TOWN;
    else if (!str_ends(code, STR("00")))
        *level = DIVISION_COUNTY;
    else
        *level = str_ends(code, STR("0000")) ? DIVISION_PROVINCE : DIVISION_CITY;
    return true;
}

Str division_above(Arena *out, Str code)
{
    DivisionLevel level;
    if (!division_level(code, &level))
        return (Str){0};
    switch (level) {
    case DIVISION_VILLAGE: return str_slice(code, 0, TOWN_DIGITS);
    case DIVISION_TOWN: return str_slice(code, 0, COUNTY_DIGITS);
    case DIVISION_COUNTY: return str_join(out, str_slice(code, 0, 4), STR("00"));
    case DIVISION_CITY: return str_join(out, str_slice(code, 0, 2), STR("0000"));
    case DIVISION_PROVINCE:
    case DIVISION_LEVELS: break;
    }
    return (Str){0};
}

const Division *division_find(const Divisions *d, Str code)
{
    size_t low = 0, high = d ? d->count : 0;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = str_cmp(d->list[mid].code, code);
        if (order == 0)
            return &d->list[mid];
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

bool division_contains(const Divisions *d, const Division *outer, const Division *inner)
{
    while (inner != outer && inner->above != UINT32_MAX)
        inner = &d->list[inner->above];
    return inner == outer;
}

Str division_path(Arena *out, const Divisions *d, const Division *of)
{
    Str path = of->name;
    for (uint32_t i = of->above; i != UINT32_MAX; i = d->list[i].above)
        path = str_join(out, d->list[i].name, path);
    return path;
}

size_t division_within(const Divisions *d, const Division *of, DivisionLevel level,
                       const Division **out, size_t max)
{
    size_t n = 0;
    for (const Division *x = of; x < d->list + d->count && division_contains(d, of, x); x++) {
        if (x->level != level)
            continue;
        if (n < max)
            out[n] = x;
        n++;
    }
    return n;
}
