/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Days and civil dates by counting in eras of 400 years with the year beginning in March, so that
 * the leap day is the last of its year. Results outside the years 1 to 9999 are brought to the
 * first or last day: arithmetic on hostile numbers ends at a wall, never in an overflow.
 */
#include "base/date.h"

enum {
    DAYS_PER_ERA = 146097,
    DAYS_TO_EPOCH = 719468, /* from 0000-03-01 to 1970-01-01 */
    DAY_FIRST = -719162,    /* 0001-01-01 */
    DAY_LAST = 2932896,     /* 9999-12-31 */
    YEAR_MAX = 9999,
};

static int32_t days_in_month(int32_t year, int32_t month)
{
    static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

bool civil_valid(Civil c)
{
    return c.year >= 1 && c.year <= YEAR_MAX && c.month >= 1 && c.month <= 12 && c.day >= 1 &&
           c.day <= days_in_month(c.year, c.month);
}

static int64_t era_of(int64_t n, int64_t length)
{
    return (n >= 0 ? n : n - length + 1) / length;
}

int64_t days_of_civil(int64_t year, int32_t month, int32_t day)
{
    int64_t from_march = month <= 2 ? year - 1 : year;
    int64_t era = era_of(from_march, 400);
    int64_t of_era = from_march - era * 400;
    int64_t march = (month + 9) % 12;
    int64_t of_year = (153 * march + 2) / 5 + day - 1;
    int64_t days = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    return era * DAYS_PER_ERA + days - DAYS_TO_EPOCH;
}

int64_t civil_of_days(int64_t days, int32_t *month, int32_t *day)
{
    int64_t z = days + DAYS_TO_EPOCH;
    int64_t era = era_of(z, DAYS_PER_ERA);
    int64_t rest = z - era * DAYS_PER_ERA;
    int64_t of_era = (rest - rest / 1460 + rest / 36524 - rest / 146096) / 365;
    int64_t of_year = rest - (365 * of_era + of_era / 4 - of_era / 100);
    int64_t march = (5 * of_year + 2) / 153;
    *month = (int32_t)(march < 10 ? march + 3 : march - 9);
    *day = (int32_t)(of_year - (153 * march + 2) / 5 + 1);
    return of_era + era * 400 + (*month <= 2);
}

Date date_of(Civil c)
{
    ASSERT(civil_valid(c));
    return (Date){(int32_t)days_of_civil(c.year, c.month, c.day)};
}

static Date clamped(int64_t days)
{
    return (Date){(int32_t)(days < DAY_FIRST ? DAY_FIRST : days > DAY_LAST ? DAY_LAST : days)};
}

Civil date_civil(Date d)
{
    Civil c = {0};
    c.year = (int32_t)civil_of_days(clamped(d.days).days, &c.month, &c.day);
    return c;
}

int date_weekday(Date d)
{
    int32_t from_monday = (d.days + 3) % 7; /* 1970-01-01 was a Thursday */
    return (from_monday < 0 ? from_monday + 7 : from_monday) + 1;
}

Date date_add_days(Date d, int32_t n)
{
    return clamped((int64_t)d.days + n);
}

Date date_add_months(Date d, int32_t n)
{
    Civil c = date_civil(d);
    int64_t months = (int64_t)c.year * 12 + (c.month - 1) + n;
    if (months < 12)
        return (Date){DAY_FIRST};
    if (months >= ((int64_t)YEAR_MAX + 1) * 12)
        return (Date){DAY_LAST};
    c.year = (int32_t)(months / 12);
    c.month = (int32_t)(months % 12) + 1;
    int32_t last = days_in_month(c.year, c.month);
    c.day = c.day < last ? c.day : last;
    return date_of(c);
}

/* Days and the rest of the day, for times before 1970 too. */
static int64_t split_day(TimeMs t, int32_t zone_minutes, int64_t *rest)
{
    int64_t zone = zone_minutes * MS_MINUTE;
    int64_t days = t / MS_DAY;
    *rest = t % MS_DAY + zone;
    while (*rest < 0) {
        *rest += MS_DAY;
        days--;
    }
    while (*rest >= MS_DAY) {
        *rest -= MS_DAY;
        days++;
    }
    return days;
}

Date date_of_time(TimeMs t, int32_t zone_minutes)
{
    int64_t rest;
    return clamped(split_day(t, zone_minutes, &rest));
}

TimeMs date_start(Date d, int32_t zone_minutes)
{
    return d.days * MS_DAY - zone_minutes * MS_MINUTE;
}

CivilTime time_civil(TimeMs t, int32_t zone_minutes)
{
    int64_t rest;
    Date d = clamped(split_day(t, zone_minutes, &rest));
    return (CivilTime){
        .date = date_civil(d),
        .hour = (int32_t)(rest / MS_HOUR),
        .minute = (int32_t)(rest / MS_MINUTE % 60),
        .second = (int32_t)(rest / MS_SECOND % 60),
        .ms = (int32_t)(rest % MS_SECOND),
    };
}

/* n digits at s.at; -1 when one is none. */
static int32_t digits(const char *at, size_t n)
{
    int32_t value = 0;
    for (size_t i = 0; i < n; i++) {
        if (at[i] < '0' || at[i] > '9')
            return -1;
        value = value * 10 + (at[i] - '0');
    }
    return value;
}

bool date_parse(Str s, Date *d, Err *err)
{
    if (s.len != 10 || s.at[4] != '-' || s.at[7] != '-')
        return FAIL(err, ERR_INPUT, "date is not written as in 2026-11-22 '" STR_FMT "'",
                    STR_ARG(str_slice(s, 0, 40)));
    Civil c = {digits(s.at, 4), digits(s.at + 5, 2), digits(s.at + 8, 2)};
    if (!civil_valid(c))
        return FAIL(err, ERR_INPUT, "no such day '" STR_FMT "'", STR_ARG(s));
    *d = date_of(c);
    return true;
}

Str date_iso(Arena *out, Date d)
{
    Civil c = date_civil(d);
    return str_fmt(out, "%04d-%02d-%02d", c.year, c.month, c.day);
}

Str time_iso(Arena *out, TimeMs t, int32_t zone_minutes)
{
    CivilTime c = time_civil(t, zone_minutes);
    int32_t zone = zone_minutes < 0 ? -zone_minutes : zone_minutes;
    return str_fmt(out, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", c.date.year, c.date.month,
                   c.date.day, c.hour, c.minute, c.second, zone_minutes < 0 ? '-' : '+', zone / 60,
                   zone % 60);
}

static Str civil_text(Arena *out, Civil c, Str lang)
{
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    if (str_starts(lang, STR("zh")))
        return str_fmt(out, "%d年%d月%d日", c.year, c.month, c.day);
    return str_fmt(out, "%d %s %d", c.day, months[c.month - 1], c.year);
}

Str date_text(Arena *out, Date d, Str lang)
{
    return civil_text(out, date_civil(d), lang);
}

Str time_text(Arena *out, TimeMs t, int32_t zone_minutes, Str lang)
{
    CivilTime c = time_civil(t, zone_minutes);
    Str day = civil_text(out, c.date, lang);
    if (str_starts(lang, STR("zh")))
        return str_fmt(out, STR_FMT " %02d:%02d", STR_ARG(day), c.hour, c.minute);
    int32_t hour = c.hour % 12 == 0 ? 12 : c.hour % 12;
    return str_fmt(out, STR_FMT ", %d:%02d%s", STR_ARG(day), hour, c.minute,
                   c.hour < 12 ? "am" : "pm");
}
