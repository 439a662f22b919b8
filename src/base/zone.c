/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Known zones stand in a table of atomic pointers that is only added to, so that looking one up
 * takes no lock; the lock is for adding. A file is read outside of it: when two threads read the
 * same one, the second throws its copy away. Unknown names are not remembered (there is no end to
 * them); each costs one failed open.
 *
 * At a local time the offsets a day before and a day after are asked for. Offsets differ from UTC
 * by less than a day and no zone has changed twice within two, so these are all that may hold.
 */
#include "base/zone_int.h"

#include <stdatomic.h>

#include "base/date.h"
#include "base/file.h"
#include "base/thread.h"

enum { SLOTS = 4096, DAY = 86400 };
/* Some 9 thousand million years: sums of times and offsets stay far from overflow. */
#define TIME_MAX (INT64_C(1) << 58)

static _Atomic(const Zone *) slots[SLOTS];
static Mutex lock = MUTEX_STATIC;
static Arena kept; /* of the zones; guarded by lock */
static size_t kept_count;

/* ---- finding ---- */

static bool is_name(Str s)
{
    if (s.len == 0 || s.len > ZONE_NAME_MAX || s.at[0] == '/' || s.at[s.len - 1] == '/') {
        return false;
    }
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '+' || c == '-' || (c == '/' && s.at[i - 1] != '/');
        if (!ok) {
            return false;
        }
    }
    /* Copies of the database, one with leap seconds, and what this machine is set to. */
    return !str_starts(s, STR("posix/")) && !str_starts(s, STR("right/")) &&
           !str_eq(s, STR("localtime")) && !str_eq(s, STR("posixrules"));
}

/* The zone, or NULL and the free slot where it belongs. */
static const Zone *look_up(Str name, size_t *slot)
{
    *slot = str_hash(name, 0) % SLOTS;
    const Zone *z = atomic_load_explicit(&slots[*slot], memory_order_acquire);
    while (z && !str_eq(z->name, name)) {
        *slot = (*slot + 1) % SLOTS;
        z = atomic_load_explicit(&slots[*slot], memory_order_acquire);
    }
    return z;
}

static const Zone *keep(Str name, const Zone *read)
{
    size_t slot = 0;
    mutex_lock(&lock);
    const Zone *known = look_up(name, &slot);
    if (!known && kept_count < ZONES_MAX) {
        Zone *z = NEW(&kept, Zone);
        int64_t *at = NEW_N(&kept, int64_t, read->count + 1);
        int32_t *offsets = NEW_N(&kept, int32_t, read->count + 1);
        memcpy(at, read->at, read->count * sizeof *at);
        memcpy(offsets, read->offsets, read->count * sizeof *offsets);
        *z = *read;
        z->name = str_dup(&kept, name);
        z->at = at;
        z->offsets = offsets;
        atomic_store_explicit(&slots[slot], z, memory_order_release);
        kept_count++;
        known = z;
    }
    mutex_unlock(&lock);
    return known;
}

const Zone *zone_find(Str name)
{
    size_t slot = 0;
    const Zone *known = name.len > ZONE_NAME_MAX ? NULL : look_up(name, &slot);
    if (known || !is_name(name)) {
        return known;
    }
    Arena arena = {0};
    Zone zone = {0};
    Str file = {0};
    Err err = {0};
    if (file_read(&arena, path_join(&arena, STR(ZONE_FOLDER), name), ZONE_FILE_MAX, &file, &err) &&
        zone_read(&arena, file, &zone, &err)) {
        known = keep(name, &zone);
    }
    arena_free(&arena);
    return known;
}

Str zone_name(const Zone *z)
{
    return z->name;
}

int32_t zone_standard(const Zone *z)
{
    return z->has_rule ? z->rule.standard : z->count > 0 ? z->offsets[z->count - 1] : z->first;
}

/* ---- the standing rule ---- */

static bool is_leap(int64_t y)
{
    return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

/* Local time as if UTC. */
static int64_t change_in(const ZoneChange *c, int64_t year)
{
    int64_t day = 0;
    if (c->kind == CHANGE_WEEKDAY) {
        int64_t first = days_of_civil(year, c->month, 1);
        int64_t next =
            c->month < 12 ? days_of_civil(year, c->month + 1, 1) : days_of_civil(year + 1, 1, 1);
        int64_t weekday = ((first + 4) % 7 + 7) % 7; /* 1970-01-01 was a Thursday */
        day = first + (c->day - weekday + 7) % 7 + (int64_t)(c->week - 1) * 7;
        day -= day >= next ? 7 : 0;
    } else {
        bool past_leap_day = c->kind == CHANGE_JULIAN && c->day >= 60 && is_leap(year);
        day = days_of_civil(year, 1, 1) + c->day - (c->kind == CHANGE_JULIAN ? 1 : 0) +
              (past_leap_day ? 1 : 0);
    }
    return day * DAY + c->time;
}

/* The latest of the changes of this and both neighbouring years: a change may lie days outside
 * its own. Where both fall together, as in summer all the year, it is summer. */
static int32_t offset_by_rule(const ZoneRule *r, int64_t seconds)
{
    if (!r->has_summer) {
        return r->standard;
    }
    int32_t month = 0, day = 0, offset = r->standard;
    int64_t local = seconds + r->standard, latest = INT64_MIN;
    int64_t days = (local >= 0 ? local : local - DAY + 1) / DAY;
    int64_t year = civil_of_days(days, &month, &day);
    for (int64_t y = year - 1; y <= year + 1; y++) {
        int64_t end = change_in(&r->end, y) - r->summer;
        int64_t start = change_in(&r->start, y) - r->standard;
        if (end <= seconds && end > latest) {
            latest = end;
            offset = r->standard;
        }
        if (start <= seconds && start >= latest) {
            latest = start;
            offset = r->summer;
        }
    }
    return offset;
}

/* ---- offsets ---- */

static int64_t within(int64_t seconds)
{
    return seconds > TIME_MAX ? TIME_MAX : seconds < -TIME_MAX ? -TIME_MAX : seconds;
}

int32_t zone_offset(const Zone *z, int64_t seconds)
{
    int64_t t = within(seconds);
    if (z->has_rule && (z->count == 0 || t >= z->at[z->count - 1])) {
        return offset_by_rule(&z->rule, t);
    }
    size_t low = 0, high = z->count; /* changes before low have been, from high on are to come */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (z->at[middle] <= t) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low == 0 ? z->first : z->offsets[low - 1];
}

int64_t zone_instant(const Zone *z, int64_t local, int32_t *offset)
{
    int64_t t = within(local);
    int32_t before = zone_offset(z, t - DAY), after = zone_offset(z, t + DAY);
    int64_t instant = t - before;
    /* Past the change, or in the gap: then the time is read by the clock of before. */
    if (zone_offset(z, instant) != before && zone_offset(z, t - after) == after) {
        instant = t - after;
    }
    *offset = zone_offset(z, instant); /* of a file that changes twice in a day, whatever it says */
    return instant;
}
