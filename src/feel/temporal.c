/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Dates, times and durations: counting, moving, differences.
 *
 * Days are counted from 1970-01-01 in the proleptic Gregorian calendar, so that years of nine
 * digits and before year 0 work; base/date.h is for the law's calendar, years 1 to 9999.
 * A moment without offset is local: it has no order and no difference with one that has an offset.
 *
 * A moment of a zone keeps the offset that holds there, so that order and difference never ask
 * for the zone again. Only what sets its date or time does (moment_settle): a local time that is
 * skipped moves on, one that comes twice is the first. Days and hours are added to the instant,
 * years and months to the local date. A time of a zone has no date: it has the zone's standard
 * offset.
 */
#include "feel/temporal_int.h"

#include "base/date.h"

static int64_t month_days(int64_t y, int64_t m)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    return days[m - 1] + (m == 2 && leap ? 1 : 0);
}

bool date_valid(int64_t year, int64_t month, int64_t day)
{
    return year >= -YEAR_LIMIT && year <= YEAR_LIMIT && month >= 1 && month <= 12 && day >= 1 &&
           day <= month_days(year, month);
}

int64_t date_days(FeelDate d)
{
    return days_of_civil(d.year, d.month, d.day);
}

bool date_of_days(int64_t days, FeelDate *d)
{
    int32_t month = 0, day = 0;
    int64_t year = civil_of_days(days, &month, &day);
    if (year < -YEAR_LIMIT || year > YEAR_LIMIT) {
        return false;
    }
    *d = (FeelDate){(int32_t)year, (uint8_t)month, (uint8_t)day};
    return true;
}

bool duration_of(int64_t seconds, int64_t nanos, FeelDuration *d)
{
    if (seconds > SECONDS_LIMIT || seconds < -SECONDS_LIMIT) {
        return false;
    }
    seconds += nanos / NANOS;
    nanos %= NANOS;
    if (seconds > 0 && nanos < 0) {
        seconds--;
        nanos += NANOS;
    } else if (seconds < 0 && nanos > 0) {
        seconds++;
        nanos -= NANOS;
    }
    *d = (FeelDuration){seconds, (int32_t)nanos};
    return seconds <= SECONDS_LIMIT && seconds >= -SECONDS_LIMIT;
}

bool months_of(int64_t months, FeelValue *v)
{
    *v = (FeelValue){.kind = FEEL_MONTHS_DURATION, .months = months};
    return months <= MONTHS_LIMIT && months >= -MONTHS_LIMIT;
}

FeelValue temporal_of(Arena *out, FeelKind kind, FeelMoment m)
{
    FeelMoment *kept = NEW(out, FeelMoment);
    *kept = m;
    return (FeelValue){.kind = kind, .moment = kept};
}

FeelValue temporal_out_of_range(Arena *out)
{
    return feel_reason(out, "date out of range");
}

/* ---- moments ---- */

/* As if UTC. */
static int64_t local_seconds(const FeelMoment *m)
{
    int64_t days = m->date.month == 0 ? 0 : date_days(m->date);
    return days * DAY_SECONDS + m->nanos / NANOS;
}

/* The reverse; nanos: of the second. A time keeps no date. */
static bool set_local(FeelMoment *m, int64_t seconds, int64_t nanos)
{
    int64_t days = floor_div(seconds, DAY_SECONDS);
    m->nanos = (seconds - days * DAY_SECONDS) * NANOS + nanos;
    return m->date.month == 0 || date_of_days(days, &m->date);
}

bool moment_settle(FeelMoment *m)
{
    if (m->zone.len == 0) {
        return true;
    }
    const Zone *z = zone_find(m->zone);
    if (!z) {
        return false;
    }
    m->zone = zone_name(z); /* outlives every arena */
    m->has_offset = true;
    if (m->date.month == 0) {
        m->offset = zone_standard(z);
        return true;
    }
    int64_t local = local_seconds(m), instant = zone_instant(z, local, &m->offset);
    return instant + m->offset == local || set_local(m, instant + m->offset, m->nanos % NANOS);
}

void moment_instant(const FeelMoment *m, int64_t *seconds, int64_t *nanos)
{
    *seconds = local_seconds(m) - m->offset;
    *nanos = m->nanos % NANOS;
}

/* A date is its midnight: of UTC when it stands against a moment, else local. */
static FeelMoment moment_of(const FeelValue *v, bool utc)
{
    FeelMoment m = {0};
    if (v->kind != FEEL_DATE) {
        return *v->moment;
    }
    m.date = v->date;
    m.has_offset = utc;
    return m;
}

/* ---- moving ---- */

static bool shift(FeelMoment *m, FeelDuration by)
{
    int64_t nanos = m->nanos % NANOS + by.nanos, carry = floor_div(nanos, NANOS);
    int64_t seconds = local_seconds(m) + by.seconds + carry;
    const Zone *z = m->zone.len > 0 && m->date.month > 0 ? zone_find(m->zone) : NULL;
    if (z) {
        int64_t instant = seconds - m->offset;
        m->offset = zone_offset(z, instant);
        seconds = instant + m->offset;
    }
    return set_local(m, seconds, nanos - carry * NANOS);
}

FeelValue temporal_shift(Arena *out, const FeelValue *v, FeelDuration by)
{
    FeelMoment m = moment_of(v, false);
    if (!shift(&m, by)) {
        return temporal_out_of_range(out);
    }
    return v->kind == FEEL_DATE ? feel_date(m.date) : temporal_of(out, v->kind, m);
}

FeelValue temporal_shift_months(Arena *out, const FeelValue *v, int64_t months)
{
    FeelDate d = v->kind == FEEL_DATE ? v->date : v->moment->date;
    if (months > MONTHS_LIMIT || months < -MONTHS_LIMIT) {
        return temporal_out_of_range(out);
    }
    int64_t n = (int64_t)d.year * 12 + d.month - 1 + months;
    int64_t year = floor_div(n, 12), month = n - year * 12 + 1;
    if (year < -YEAR_LIMIT || year > YEAR_LIMIT) {
        return temporal_out_of_range(out);
    }
    int64_t last = month_days(year, month);
    d = (FeelDate){(int32_t)year, (uint8_t)month, (uint8_t)(d.day < last ? d.day : last)};
    if (v->kind == FEEL_DATE) {
        return feel_date(d);
    }
    FeelMoment m = *v->moment;
    m.date = d;
    return moment_settle(&m) ? temporal_of(out, FEEL_DATE_TIME, m) : temporal_out_of_range(out);
}

FeelValue temporal_difference(Arena *out, const FeelValue *x, const FeelValue *y)
{
    FeelMoment a = moment_of(x, true), b = moment_of(y, true);
    if (a.has_offset != b.has_offset) {
        return feel_reason(out, "one of the two times has no offset");
    }
    int64_t s1 = 0, n1 = 0, s2 = 0, n2 = 0;
    moment_instant(&a, &s1, &n1);
    moment_instant(&b, &s2, &n2);
    FeelValue v = {.kind = FEEL_DAYS_DURATION};
    return duration_of(s1 - s2, n1 - n2, &v.duration) ? v : temporal_out_of_range(out);
}

static FeelDate date_of_value(const FeelValue *v)
{
    return v->kind == FEEL_DATE ? v->date : v->moment->date;
}

/* Whole months between the local dates; times of day and offsets do not count. */
FeelValue temporal_months_between(const FeelValue *from, const FeelValue *to)
{
    FeelDate a = date_of_value(from), b = date_of_value(to);
    int64_t months = ((int64_t)b.year - a.year) * 12 + b.month - a.month;
    if (months > 0 && b.day < a.day) {
        months--;
    } else if (months < 0 && b.day > a.day) {
        months++;
    }
    return (FeelValue){.kind = FEEL_MONTHS_DURATION, .months = months};
}

/* ---- the program's own times ---- */

FeelValue feel_of_time(Arena *out, TimeMs t, int32_t zone_minutes)
{
    int64_t ms = t - floor_div(t, MS_SECOND) * MS_SECOND;
    FeelMoment m = {.has_offset = true, .offset = zone_minutes * 60, .date = {1970, 1, 1}};
    return set_local(&m, floor_div(t, MS_SECOND) + m.offset, ms * (NANOS / 1000))
               ? temporal_of(out, FEEL_DATE_TIME, m)
               : temporal_out_of_range(out);
}

bool feel_time_of(const FeelValue *v, int32_t zone_minutes, TimeMs *t)
{
    if (v->kind != FEEL_DATE && v->kind != FEEL_DATE_TIME) {
        return false;
    }
    FeelMoment m = moment_of(v, false);
    int64_t seconds = 0, nanos = 0;
    if (!m.has_offset) {
        m.offset = zone_minutes * 60;
    }
    moment_instant(&m, &seconds, &nanos);
    if (seconds > INT64_MAX / MS_SECOND - 1 || seconds < INT64_MIN / MS_SECOND + 1) {
        return false;
    }
    *t = seconds * MS_SECOND + nanos / (NANOS / 1000);
    return true;
}
