/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads TZif (RFC 8536): a block of 32-bit times for old readers, which is stepped over, a block of
 * 64-bit times, and a footer, the rule for all later years, as POSIX writes it in TZ.
 *
 * The files come with the system; they are read with the care that hostile ones would need.
 * Only versions 2 and later: older ones end in 2037. Files with leap seconds count another
 * time than UTC and are refused.
 */
#include "base/zone_int.h"

enum {
    HEAD = 44,
    TYPES_MAX = 256,
    TYPE_SIZE = 6,
    OFFSET_MAX = 26 * 3600 - 1, /* RFC 8536 3.2 */
    DAY_HOURS = 24,
    WEEK_HOURS = 167,
};
#define BROKEN(err, at, what) FAIL_AT(err, ERR_INPUT, at, "zone file: %s", what)

/* ---- the binary part ---- */

static int64_t number_at(Str s, size_t at, size_t bytes)
{
    uint64_t n = (uint8_t)s.at[at] & 0x80 ? UINT64_MAX : 0;
    for (size_t i = 0; i < bytes; i++) {
        n = n << 8 | (uint8_t)s.at[at + i];
    }
    return (int64_t)n;
}

typedef struct {
    uint32_t utc_flags, standard_flags, leaps, times, types, chars;
    size_t at;     /* of its data */
    uint32_t wide; /* bytes of a time */
} Block;

static size_t block_size(const Block *b)
{
    return (size_t)b->times * (b->wide + 1) + (size_t)b->types * TYPE_SIZE + b->chars +
           (size_t)b->leaps * (b->wide + 4) + b->standard_flags + b->utc_flags;
}

static bool read_head(Str file, size_t at, uint32_t wide, Block *b, Err *err)
{
    uint32_t n[6] = {0};
    if (file.len < at + HEAD || memcmp(file.at + at, "TZif", 4) != 0 || file.at[at + 4] < '2') {
        return BROKEN(err, at, "no TZif of version 2 or later");
    }
    for (size_t i = 0; i < COUNT(n); i++) {
        n[i] = (uint32_t)number_at(file, at + 20 + 4 * i, 4);
        if (n[i] > ZONE_FILE_MAX) {
            return FAIL_AT(err, ERR_LIMIT, at, "zone file: ZONE_FILE_MAX is %d", ZONE_FILE_MAX);
        }
    }
    *b = (Block){n[0], n[1], n[2], n[3], n[4], n[5], at + HEAD, wide};
    return block_size(b) <= file.len - b->at ? true : BROKEN(err, at, "it is cut off");
}

static bool read_types(Str file, const Block *b, int32_t *offsets, Err *err)
{
    size_t at = b->at + (size_t)b->times * (b->wide + 1);
    for (uint32_t i = 0; i < b->types; i++, at += TYPE_SIZE) {
        int64_t offset = number_at(file, at, 4);
        if (offset < -OFFSET_MAX || offset > OFFSET_MAX) {
            return BROKEN(err, at, "an offset is more than a day");
        }
        offsets[i] = (int32_t)offset;
    }
    return true;
}

static bool read_times(Arena *out, Str file, const Block *b, const int32_t *types, Zone *z,
                       Err *err)
{
    int64_t *at = NEW_N(out, int64_t, b->times + 1);
    int32_t *offsets = NEW_N(out, int32_t, b->times + 1);
    size_t indexes = b->at + (size_t)b->times * b->wide, count = 0;
    int64_t before = INT64_MIN;
    z->first = types[0];
    for (uint32_t i = 0; i < b->times; i++) {
        int64_t time = number_at(file, b->at + (size_t)i * b->wide, b->wide);
        uint8_t type = (uint8_t)file.at[indexes + i];
        if (type >= b->types || (i > 0 && time <= before)) {
            return BROKEN(err, b->at + (size_t)i * b->wide, "changes out of order");
        }
        before = time;
        at[count] = time;
        offsets[count] = types[type];
        count++;
    }
    z->at = at;
    z->offsets = offsets;
    z->count = count;
    return true;
}

bool zone_read(Arena *out, Str file, Zone *zone, Err *err)
{
    int32_t types[TYPES_MAX] = {0};
    Block old = {0}, b = {0};
    if (!read_head(file, 0, 4, &old, err) ||
        !read_head(file, old.at + block_size(&old), 8, &b, err)) {
        return false;
    }
    if (b.times > ZONE_CHANGES_MAX || b.types > TYPES_MAX) {
        return FAIL(err, ERR_LIMIT, "zone file: ZONE_CHANGES_MAX is %d", ZONE_CHANGES_MAX);
    }
    if (b.types == 0 || b.leaps > 0) {
        return BROKEN(err, b.at, b.types == 0 ? "it has no offset" : "it counts leap seconds");
    }
    size_t from = b.at + block_size(&b), end = 0;
    Str footer = str_slice(file, from + 1, file.len);
    end = str_find(footer, STR("\n"), 0);
    if (from >= file.len || file.at[from] != '\n' || end == SIZE_MAX) {
        return BROKEN(err, from, "it has no footer");
    }
    footer = str_slice(footer, 0, end);
    zone->has_rule = footer.len > 0;
    return read_types(file, &b, types, err) && read_times(out, file, &b, types, zone, err) &&
           (!zone->has_rule || zone_read_rule(footer, &zone->rule, err));
}

/* ---- the footer ---- */

typedef struct {
    Str s;
    size_t at;
} Scan;

static char peek(const Scan *c)
{
    return c->at < c->s.len ? c->s.at[c->at] : 0;
}

static bool take(Scan *c, char wanted)
{
    bool there = peek(c) == wanted;
    c->at += there ? 1 : 0;
    return there;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* "CET" or "<+03>": only its place counts. */
static bool scan_name(Scan *c)
{
    size_t from = c->at;
    if (take(c, '<')) {
        while (peek(c) && peek(c) != '>') {
            c->at++;
        }
        return take(c, '>');
    }
    while (is_letter(peek(c))) {
        c->at++;
    }
    return c->at - from >= 3;
}

static bool scan_number(Scan *c, int32_t least, int32_t most, int32_t *n)
{
    size_t from = c->at;
    *n = 0;
    while (c->at - from < 3 && peek(c) >= '0' && peek(c) <= '9') {
        *n = *n * 10 + (peek(c) - '0');
        c->at++;
    }
    return c->at > from && *n >= least && *n <= most;
}

/* [+-]hh[:mm[:ss]] */
static bool scan_clock(Scan *c, int32_t hours_max, int32_t *seconds)
{
    int32_t h = 0, m = 0, s = 0;
    bool minus = take(c, '-');
    if (!minus) {
        take(c, '+');
    }
    bool ok = scan_number(c, 0, hours_max, &h);
    if (ok && take(c, ':')) {
        ok = scan_number(c, 0, 59, &m) && (!take(c, ':') || scan_number(c, 0, 59, &s));
    }
    *seconds = (h * 3600 + m * 60 + s) * (minus ? -1 : 1);
    return ok;
}

static bool scan_change(Scan *c, ZoneChange *change)
{
    bool ok = take(c, ',');
    if (ok && take(c, 'M')) {
        change->kind = CHANGE_WEEKDAY;
        ok = scan_number(c, 1, 12, &change->month) && take(c, '.') &&
             scan_number(c, 1, 5, &change->week) && take(c, '.') &&
             scan_number(c, 0, 6, &change->day);
    } else if (ok && take(c, 'J')) {
        change->kind = CHANGE_JULIAN;
        ok = scan_number(c, 1, 365, &change->day);
    } else {
        change->kind = CHANGE_DAY;
        ok = ok && scan_number(c, 0, 365, &change->day);
    }
    change->time = 2 * 3600;
    return ok && (!take(c, '/') || scan_clock(c, WEEK_HOURS, &change->time));
}

bool zone_read_rule(Str text, ZoneRule *rule, Err *err)
{
    Scan c = {text, 0};
    int32_t west = 0;
    *rule = (ZoneRule){0};
    bool ok = scan_name(&c) && scan_clock(&c, DAY_HOURS, &west);
    rule->standard = -west;
    if (ok && c.at < text.len) {
        rule->has_summer = true;
        ok = scan_name(&c);
        west -= 3600;
        if (ok && peek(&c) != ',') {
            ok = scan_clock(&c, DAY_HOURS, &west);
        }
        rule->summer = -west;
        ok = ok && scan_change(&c, &rule->start) && scan_change(&c, &rule->end);
    }
    return ok && c.at == text.len ? true : BROKEN(err, c.at, "its footer is no rule");
}
