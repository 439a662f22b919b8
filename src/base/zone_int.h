/* SPDX-License-Identifier: Apache-2.0 */
/* base/zone_int.h - a zone as it is kept, and the reading of one file (TZif, RFC 8536). */
#pragma once

#include "base/zone.h"

typedef enum {
    CHANGE_WEEKDAY, /* Mm.w.d: the w-th (5: last) weekday d of the month */
    CHANGE_JULIAN,  /* Jn: day 1 to 365, 29 February is not counted */
    CHANGE_DAY,     /* n: day 0 to 365 */
} ChangeKind;

typedef struct {
    ChangeKind kind;
    int32_t month, week, day;
    int32_t time; /* seconds after local midnight, also negative or past the day */
} ZoneChange;

typedef struct {
    int32_t standard, summer;
    bool has_summer;
    ZoneChange start, end; /* of summer; the local time before the change */
} ZoneRule;

struct Zone {
    Str name;
    int32_t first; /* offset before the first change */
    size_t count;
    const int64_t *at;      /* instants of the changes, ascending */
    const int32_t *offsets; /* from there on */
    bool has_rule;          /* for what comes after the last change */
    ZoneRule rule;
};

/* A file's content as a zone in out; offset of the error in err. */
MUST_CHECK bool zone_read(Arena *out, Str file, Zone *zone, Err *err);
/* The footer of such a file: a POSIX TZ text with RFC 8536's longer times. */
MUST_CHECK bool zone_read_rule(Str text, ZoneRule *rule, Err *err);
