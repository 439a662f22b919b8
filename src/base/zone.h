/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/zone.h - time zones by their IANA names: which offset from UTC holds, and when.
 *
 * Every answer is a pure function of the tz database on this machine (ZONE_FOLDER, Debian's
 * tzdata), the name and the time. Before its first known change a zone has its local mean time,
 * after the last one its standing rule goes on, for years of any size.
 * Memory:  a zone is read when first asked for and kept as long as the process lives: a newer
 *          tz database counts from the next start.
 * Threads: all functions may be called from any thread; finding a known zone takes no lock.
 * Limits:  ZONE_NAME_MAX, ZONE_FILE_MAX, ZONE_CHANGES_MAX, ZONES_MAX; what passes one is no zone.
 */
#pragma once

#include "base/str.h"

#define ZONE_FOLDER "/usr/share/zoneinfo"

enum {
    ZONE_NAME_MAX = 64,
    ZONE_FILE_MAX = 256 * 1024,
    ZONE_CHANGES_MAX = 4000,
    ZONES_MAX = 1500, /* the database has some 600 names */
};

typedef struct Zone Zone;

/* "Europe/Paris"; NULL when there is no such zone. Case counts. */
const Zone *zone_find(Str name);
Str zone_name(const Zone *z);
/* Seconds east of UTC, at seconds since 1970-01-01T00:00:00Z. */
int32_t zone_offset(const Zone *z, int64_t seconds);
/*
 * The instant of a local time, given as if it were UTC, and the offset there. A time that is
 * skipped moves on by the length of the gap, one that comes twice is the first of the two.
 */
int64_t zone_instant(const Zone *z, int64_t local, int32_t *offset);
/* The standard offset now in force: for a time of day without a date. */
int32_t zone_standard(const Zone *z);
