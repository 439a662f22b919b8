/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/date.h - civil dates and times of day in one fixed zone (GB/T 7408, ISO 8601).
 *
 * A Date is days since 1970-01-01 in the proleptic Gregorian calendar, years 1 to 9999. A place
 * has one offset from UTC (China: +480 minutes); times in documents are local to it.
 */
#pragma once

#include "base/clock.h"
#include "base/str.h"

typedef struct {
    int32_t days;
} Date;

typedef struct {
    int32_t year;
    int32_t month; /* 1..12 */
    int32_t day;   /* 1..31 */
} Civil;

typedef struct {
    Civil date;
    int32_t hour, minute, second, ms;
} CivilTime;

enum { ZONE_CHINA_MINUTES = 480 };

bool civil_valid(Civil c);
Date date_of(Civil c); /* c must be valid */
/* Days since 1970-01-01 and back, for any year: also before year 1 and far ahead. */
int64_t days_of_civil(int64_t year, int32_t month, int32_t day);
int64_t civil_of_days(int64_t days, int32_t *month, int32_t *day); /* the year */
Civil date_civil(Date d);
int date_weekday(Date d); /* 1 Monday .. 7 Sunday */
Date date_add_days(Date d, int32_t n);
/* Same day n months on, or the last day of that month (Civil Code art. 202). */
Date date_add_months(Date d, int32_t n);
Date date_of_time(TimeMs t, int32_t zone_minutes);
TimeMs date_start(Date d, int32_t zone_minutes); /* midnight */
CivilTime time_civil(TimeMs t, int32_t zone_minutes);
/* "2026-11-22" exactly. */
MUST_CHECK bool date_parse(Str s, Date *d, Err *err);
Str date_iso(Arena *out, Date d);
Str time_iso(Arena *out, TimeMs t, int32_t zone_minutes); /* 2026-11-22T15:30:00+08:00 */
/* For people. lang "zh": 2026年11月22日 15:30; "en": 22 November 2026, 3:30pm. */
Str date_text(Arena *out, Date d, Str lang);
Str time_text(Arena *out, TimeMs t, int32_t zone_minutes, Str lang);
