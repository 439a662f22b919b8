/* SPDX-License-Identifier: Apache-2.0 */
/* base/calendar_int.h - private: the built-in data, one CSV text a year, NULL at the end. */
#pragma once

enum { CALENDAR_YEARS = 18 }; /* 2010 to 2027 */

extern const char *const calendar_years[CALENDAR_YEARS + 1];
