/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/calendar.h - working days (工作日): weekdays that are no statutory holiday, and make-up
 * days.
 *
 * Data: one CSV of the days that differ from the plain week, a row each: date,kind,name with kind
 * "holiday" or "workday" (调休), and a row "YEAR,announced,SOURCE" or "YEAR,provisional,REASON" a
 * year. Nothing is quoted: the last field takes the rest of its line. Lines may be empty or begin
 * with '#'. The built-in data is the State Council's notices of 2010 to 2026 (source in each year's
 * row). A year that is not announced counts weekdays and the rows that it has (2027: the days that
 * the law itself gives) and is provisional: everything computed over it says so and is computed
 * again later.
 * Memory: built in an arena, immutable, shareable between threads.
 * Limits: CALENDAR_MAX_DAYS special days.
 */
#pragma once

#include "base/date.h"

enum { CALENDAR_MAX_DAYS = 20000 };

typedef struct Calendar Calendar;

/* NULL on failure; err->offset is the byte offset of the row at fault. */
MUST_CHECK const Calendar *calendar_read(Arena *out, Str csv, Err *err);
const Calendar *calendar_builtin(Arena *out); /* the data shipped with the program */
Str calendar_builtin_csv(Arena *out); /* the same as text, to start a catalogue's own from */
/* 16 hex digits over the data: a case keeps the version that its dates were computed with. */
Str calendar_version(const Calendar *c);
bool calendar_is_working_day(const Calendar *c, Date d);
/* The year of d has no announced holidays yet. */
bool calendar_is_provisional(const Calendar *c, Date d);
/* d itself when it is a working day, else the next one. */
Date calendar_next_working_day(const Calendar *c, Date d);
/* The n-th working day after d (d not counted), n >= 0. */
Date calendar_add_working_days(const Calendar *c, Date d, int32_t n);
/* Working days in (from, to]; negative when to < from. */
int32_t calendar_count_working_days(const Calendar *c, Date from, Date to);
/* Name of the holiday or make-up day, or empty; and the source of a year, empty when unknown. */
Str calendar_day_name(const Calendar *c, Date d);
Str calendar_year_source(const Calendar *c, int32_t year);
