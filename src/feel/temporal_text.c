/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing dates, times and durations, and their parts by name.
 *
 * What is written reads back as the same value, but for one case: of a local time that comes twice
 * in a zone, "@Zone" says the first.
 */
#include "feel/temporal_int.h"

/* ---- writing ---- */

static void put_digits(StrBuf *b, int64_t n, size_t width)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + n % 10);
        n /= 10;
    } while (n > 0 || sizeof digits - at < width);
    buf_add(b, (Str){digits + at, sizeof digits - at});
}

static void put_date(StrBuf *b, FeelDate d)
{
    if (d.year < 0) {
        buf_char(b, '-');
    }
    put_digits(b, d.year < 0 ? -d.year : d.year, 4);
    buf_char(b, '-');
    put_digits(b, d.month, 2);
    buf_char(b, '-');
    put_digits(b, d.day, 2);
}

static void put_fraction(StrBuf *b, int64_t nanos)
{
    size_t width = 9;
    if (nanos == 0) {
        return;
    }
    for (; nanos % 10 == 0; nanos /= 10) {
        width--;
    }
    buf_char(b, '.');
    put_digits(b, nanos, width);
}

static void put_clock(StrBuf *b, int64_t seconds, bool with_seconds)
{
    put_digits(b, seconds / 3600, 2);
    buf_char(b, ':');
    put_digits(b, seconds / 60 % 60, 2);
    if (with_seconds) {
        buf_char(b, ':');
        put_digits(b, seconds % 60, 2);
    }
}

static void put_time(StrBuf *b, const FeelMoment *m)
{
    put_clock(b, m->nanos / NANOS, true);
    put_fraction(b, m->nanos % NANOS);
    if (m->zone.len > 0) {
        buf_char(b, '@');
        buf_add(b, m->zone);
    } else if (m->has_offset && m->offset == 0) {
        buf_char(b, 'Z');
    } else if (m->has_offset) {
        int32_t o = m->offset < 0 ? -m->offset : m->offset;
        buf_char(b, m->offset < 0 ? '-' : '+');
        put_clock(b, o, o % 60 != 0);
    }
}

static void put_part(StrBuf *b, int64_t n, char letter)
{
    if (n != 0) {
        put_digits(b, n, 1);
        buf_char(b, letter);
    }
}

static void put_days(StrBuf *b, FeelDuration d)
{
    bool minus = d.seconds < 0 || d.nanos < 0;
    int64_t s = minus ? -d.seconds : d.seconds, nanos = minus ? -(int64_t)d.nanos : d.nanos;
    if (s == 0 && nanos == 0) {
        BUF_LIT(b, "PT0S");
        return;
    }
    buf_add(b, minus ? STR("-P") : STR("P"));
    put_part(b, s / DAY_SECONDS, 'D');
    s %= DAY_SECONDS;
    if (s == 0 && nanos == 0) {
        return;
    }
    buf_char(b, 'T');
    put_part(b, s / 3600, 'H');
    put_part(b, s / 60 % 60, 'M');
    if (s % 60 != 0 || nanos != 0) {
        put_digits(b, s % 60, 1);
        put_fraction(b, nanos);
        buf_char(b, 'S');
    }
}

static void put_months(StrBuf *b, int64_t months)
{
    int64_t n = months < 0 ? -months : months;
    buf_add(b, months < 0 ? STR("-P") : STR("P"));
    put_part(b, n / 12, 'Y');
    put_part(b, n % 12, 'M');
    if (n == 0) {
        BUF_LIT(b, "0M");
    }
}

void temporal_text(StrBuf *b, const FeelValue *v)
{
    if (v->kind == FEEL_DATE) {
        put_date(b, v->date);
    } else if (v->kind == FEEL_TIME) {
        put_time(b, v->moment);
    } else if (v->kind == FEEL_DATE_TIME) {
        put_date(b, v->moment->date);
        buf_char(b, 'T');
        put_time(b, v->moment);
    } else if (v->kind == FEEL_DAYS_DURATION) {
        put_days(b, v->duration);
    } else {
        put_months(b, v->months);
    }
}

/* ---- parts ---- */

int date_weekday_of(FeelDate d)
{
    return (int)(((date_days(d) + 3) % 7 + 7) % 7) + 1; /* 1970-01-01 was a Thursday */
}

static bool date_property(FeelDate d, Str name, FeelValue *value)
{
    int64_t n = 0;
    if (str_eq(name, STR("year"))) {
        n = d.year;
    } else if (str_eq(name, STR("month"))) {
        n = d.month;
    } else if (str_eq(name, STR("day"))) {
        n = d.day;
    } else if (str_eq(name, STR("weekday"))) {
        n = date_weekday_of(d);
    } else {
        return false;
    }
    *value = feel_int(n);
    return true;
}

static bool time_property(const FeelMoment *m, Str name, FeelValue *value)
{
    int64_t s = m->nanos / NANOS;
    if (str_eq(name, STR("hour"))) {
        *value = feel_int(s / 3600);
    } else if (str_eq(name, STR("minute"))) {
        *value = feel_int(s / 60 % 60);
    } else if (str_eq(name, STR("second"))) {
        *value = feel_int(s % 60);
    } else if (str_eq(name, STR("time offset"))) {
        *value = m->has_offset ? (FeelValue){.kind = FEEL_DAYS_DURATION, .duration = {m->offset, 0}}
                               : feel_null();
    } else if (str_eq(name, STR("timezone"))) {
        *value = m->zone.len > 0 ? feel_str(m->zone) : feel_null();
    } else {
        return false;
    }
    return true;
}

static bool duration_property(const FeelValue *v, Str name, FeelValue *value)
{
    int64_t s = v->duration.seconds;
    if (v->kind == FEEL_MONTHS_DURATION) {
        bool years = str_eq(name, STR("years"));
        *value = feel_int(years ? v->months / 12 : v->months % 12);
        return years || str_eq(name, STR("months"));
    }
    if (str_eq(name, STR("days"))) {
        *value = feel_int(s / DAY_SECONDS);
    } else if (str_eq(name, STR("hours"))) {
        *value = feel_int(s / 3600 % 24);
    } else if (str_eq(name, STR("minutes"))) {
        *value = feel_int(s / 60 % 60);
    } else if (str_eq(name, STR("seconds"))) {
        *value = feel_int(s % 60);
    } else {
        return false;
    }
    return true;
}

bool temporal_property(const FeelValue *v, Str name, FeelValue *value)
{
    if (v->kind == FEEL_DATE) {
        return date_property(v->date, name, value);
    }
    if (v->kind == FEEL_TIME) {
        return time_property(v->moment, name, value);
    }
    if (v->kind == FEEL_DATE_TIME) {
        return date_property(v->moment->date, name, value) || time_property(v->moment, name, value);
    }
    bool is_duration = v->kind == FEEL_DAYS_DURATION || v->kind == FEEL_MONTHS_DURATION;
    return is_duration && duration_property(v, name, value);
}
