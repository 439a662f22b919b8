/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Dates, times and durations: reading (ISO 8601 as FEEL has it), writing, moving, differences.
 *
 * Days are counted from 1970-01-01 in the proleptic Gregorian calendar, so that years of nine
 * digits and before year 0 work; base/date.h is for the law's calendar, years 1 to 9999.
 * A moment without offset is local: it has no order and no difference with one that has an offset.
 */
#include "feel/feel_int.h"

#include <stdio.h>

enum { YEAR_LIMIT = 999999999, MAX_OFFSET = 18 * 3600, DAY_SECONDS = 86400 };
#define SECONDS_LIMIT INT64_C(400000000000000000)
#define MONTHS_LIMIT INT64_C(1000000000000000)

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
}

static bool is_leap(int64_t y)
{
    return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

static int64_t month_days(int64_t y, int64_t m)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[m - 1] + (m == 2 && is_leap(y) ? 1 : 0);
}

bool date_valid(int64_t year, int64_t month, int64_t day)
{
    return year >= -YEAR_LIMIT && year <= YEAR_LIMIT && month >= 1 && month <= 12 && day >= 1 &&
           day <= month_days(year, month);
}

int64_t date_days(FeelDate d)
{
    int64_t y = d.year - (d.month <= 2 ? 1 : 0);
    int64_t era = floor_div(y, 400), yoe = y - era * 400;
    int64_t doy = (153 * (d.month + (d.month > 2 ? -3 : 9)) + 2) / 5 + d.day - 1;
    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

bool date_of_days(int64_t days, FeelDate *d)
{
    int64_t z = days + 719468, era = floor_div(z, 146097), doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    int64_t month = mp + (mp < 10 ? 3 : -9), year = yoe + era * 400 + (month <= 2 ? 1 : 0);
    if (year < -YEAR_LIMIT || year > YEAR_LIMIT) {
        return false;
    }
    *d = (FeelDate){(int32_t)year, (uint8_t)month, (uint8_t)(doy - (153 * mp + 2) / 5 + 1)};
    return true;
}

bool duration_of(int64_t seconds, int64_t nanos, FeelDuration *d)
{
    seconds += nanos / NANOS;
    nanos %= NANOS;
    if (seconds > 0 && nanos < 0) {
        seconds--;
        nanos += NANOS;
    } else if (seconds < 0 && nanos > 0) {
        seconds++;
        nanos -= NANOS;
    }
    if (seconds > SECONDS_LIMIT || seconds < -SECONDS_LIMIT) {
        return false;
    }
    *d = (FeelDuration){seconds, (int32_t)nanos};
    return true;
}

FeelValue temporal_of(Arena *out, FeelKind kind, FeelMoment m)
{
    FeelMoment *kept = NEW(out, FeelMoment);
    *kept = m;
    return (FeelValue){.kind = kind, .moment = kept};
}

/* ---- reading ---- */

typedef struct {
    Str s;
    size_t at;
} Scan;

static char scan_peek(const Scan *c)
{
    return c->at < c->s.len ? c->s.at[c->at] : 0;
}

static bool scan_char(Scan *c, char wanted)
{
    if (scan_peek(c) != wanted) {
        return false;
    }
    c->at++;
    return true;
}

/* Between least and most digits. */
static bool scan_int(Scan *c, size_t least, size_t most, int64_t *n)
{
    size_t from = c->at;
    *n = 0;
    while (c->at - from < most && scan_peek(c) >= '0' && scan_peek(c) <= '9') {
        *n = *n * 10 + (scan_peek(c) - '0');
        c->at++;
    }
    return c->at - from >= least;
}

static bool scan_date(Scan *c, FeelDate *d)
{
    int64_t y = 0, m = 0, day = 0;
    bool minus = scan_char(c, '-');
    size_t from = c->at;
    bool ok = scan_int(c, 4, 9, &y) && scan_char(c, '-');
    ok = ok && (c->at - from == 5 || c->s.at[from] != '0') && !(minus && y == 0);
    ok = ok && scan_int(c, 2, 2, &m) && scan_char(c, '-') && scan_int(c, 2, 2, &day);
    y = minus ? -y : y;
    if (!ok || !date_valid(y, m, day)) {
        return false;
    }
    *d = (FeelDate){(int32_t)y, (uint8_t)m, (uint8_t)day};
    return true;
}

/* ".5": nanoseconds; digits past the ninth are dropped. */
static bool scan_fraction(Scan *c, size_t least, int64_t *nanos)
{
    int64_t unit = NANOS / 10;
    size_t from = c->at;
    *nanos = 0;
    for (; scan_peek(c) >= '0' && scan_peek(c) <= '9'; c->at++) {
        *nanos += (scan_peek(c) - '0') * unit;
        unit /= 10;
    }
    return c->at - from >= least;
}

static bool scan_offset(Scan *c, FeelMoment *m)
{
    int64_t h = 0, min = 0, s = 0;
    if (scan_peek(c) == 0) {
        return true;
    }
    m->has_offset = true;
    if (scan_char(c, 'Z')) {
        return true;
    }
    bool minus = scan_peek(c) == '-';
    if (!scan_char(c, '-') && !scan_char(c, '+')) {
        return false;
    }
    if (!scan_int(c, 2, 2, &h) || !scan_char(c, ':') || !scan_int(c, 2, 2, &min) ||
        (scan_char(c, ':') && !scan_int(c, 2, 2, &s)) || min > 59 || s > 59) {
        return false;
    }
    int64_t offset = h * 3600 + min * 60 + s;
    m->offset = (int32_t)(minus ? -offset : offset);
    return offset <= MAX_OFFSET;
}

/* days: 1 when the text was 24:00:00. */
static bool scan_time(Scan *c, FeelMoment *m, int64_t *days)
{
    int64_t h = 0, min = 0, s = 0, nanos = 0;
    if (!scan_int(c, 2, 2, &h) || !scan_char(c, ':') || !scan_int(c, 2, 2, &min) ||
        !scan_char(c, ':') || !scan_int(c, 2, 2, &s) ||
        (scan_char(c, '.') && !scan_fraction(c, 1, &nanos)) || !scan_offset(c, m)) {
        return false;
    }
    *days = h == 24 && min == 0 && s == 0 && nanos == 0 ? 1 : 0;
    if ((h > 23 && *days == 0) || min > 59 || s > 59) {
        return false;
    }
    m->nanos = ((h % 24) * 3600 + min * 60 + s) * NANOS + nanos;
    return true;
}

static FeelValue no_such(Arena *out, Str s, const char *what)
{
    if (str_find(s, STR("@"), 0) != SIZE_MAX) {
        return feel_reason(out, "'" STR_FMT "': time zones are written as offsets, +08:00",
                           STR_ARG(str_slice(s, 0, 60)));
    }
    return feel_reason(out, "'" STR_FMT "' is no %s", STR_ARG(str_slice(s, 0, 60)), what);
}

FeelValue temporal_date(Arena *out, Str s)
{
    Scan c = {s, 0};
    FeelDate d = {0};
    return scan_date(&c, &d) && c.at == s.len ? feel_date(d)
                                              : no_such(out, s, "date like 2026-11-22");
}

FeelValue temporal_time(Arena *out, Str s)
{
    Scan c = {s, 0};
    FeelMoment m = {0};
    int64_t days = 0;
    return scan_time(&c, &m, &days) && c.at == s.len ? temporal_of(out, FEEL_TIME, m)
                                                     : no_such(out, s, "time like 15:30:00");
}

FeelValue temporal_moment(Arena *out, Str s)
{
    Scan c = {s, 0};
    FeelMoment m = {0};
    int64_t days = 0;
    bool ok = scan_date(&c, &m.date);
    if (ok && c.at < s.len) {
        ok = scan_char(&c, 'T') && scan_time(&c, &m, &days) && c.at == s.len &&
             date_of_days(date_days(m.date) + days, &m.date);
    }
    return ok ? temporal_of(out, FEEL_DATE_TIME, m)
              : no_such(out, s, "date and time like 2026-11-22T15:30:00");
}

typedef struct {
    int64_t years, months, days, seconds, nanos;
    bool has_months, has_days;
} Period;

static bool scan_period_part(Scan *c, bool in_time, Period *p, int *last)
{
    static const char letters[] = "YMDHMS";
    static const int32_t weights[] = {0, 0, 0, 3600, 60, 1};
    int64_t n = 0, nanos = 0;
    bool fraction = false;
    if (!scan_int(c, 1, 15, &n)) {
        return false;
    }
    if (scan_char(c, '.')) {
        fraction = scan_fraction(c, 0, &nanos);
    }
    int from = in_time ? 3 : 0, to = in_time ? 6 : 3, i = from;
    while (i < to && letters[i] != scan_peek(c)) {
        i++;
    }
    if (i == to || i <= *last || (fraction && i != 5)) {
        return false;
    }
    c->at++;
    *last = i;
    p->years += i == 0 ? n : 0;
    p->months += i == 1 ? n : 0;
    p->days += i == 2 ? n : 0;
    p->seconds += n * weights[i];
    p->nanos += nanos;
    p->has_months = p->has_months || i < 2;
    p->has_days = p->has_days || i >= 2;
    return true;
}

static bool scan_period(Scan *c, Period *p)
{
    int last = -1;
    bool in_time = false, ok = scan_char(c, 'P');
    while (ok && c->at < c->s.len) {
        if (!in_time && scan_char(c, 'T')) {
            in_time = true;
            last = 2;
            ok = c->at < c->s.len;
        } else {
            ok = scan_period_part(c, in_time, p, &last);
        }
    }
    return ok && p->has_days != p->has_months;
}

FeelValue temporal_duration(Arena *out, Str s)
{
    Scan c = {s, 0};
    Period p = {0};
    bool minus = scan_char(&c, '-');
    if (!scan_period(&c, &p)) {
        return no_such(out, s, "duration like P15D, PT8H or P1Y");
    }
    int64_t sign = minus ? -1 : 1;
    FeelValue v = {.kind = FEEL_MONTHS_DURATION};
    if (p.has_months) {
        v.months = (p.years * 12 + p.months) * sign;
        return p.years < MONTHS_LIMIT / 24 && p.months < MONTHS_LIMIT / 2
                   ? v
                   : no_such(out, s, "duration of that size");
    }
    v.kind = FEEL_DAYS_DURATION;
    bool ok = p.days < SECONDS_LIMIT / DAY_SECONDS / 2 &&
              duration_of((p.days * DAY_SECONDS + p.seconds) * sign, p.nanos * sign, &v.duration);
    return ok ? v : no_such(out, s, "duration of that size");
}

FeelValue feel_temporal(Arena *out, Str text)
{
    bool is_duration = str_starts(text, STR("P")) || str_starts(text, STR("-P"));
    if (is_duration) {
        return temporal_duration(out, text);
    }
    if (text.len > 2 && text.at[2] == ':') {
        return temporal_time(out, text);
    }
    return str_find(text, STR("T"), 0) != SIZE_MAX ? temporal_moment(out, text)
                                                   : temporal_date(out, text);
}

/* ---- writing ---- */

static void put_date(StrBuf *b, FeelDate d)
{
    buf_fmt(b, "%s%04d-%02d-%02d", d.year < 0 ? "-" : "", d.year < 0 ? -d.year : d.year, d.month,
            d.day);
}

static void put_fraction(StrBuf *b, int64_t nanos)
{
    if (nanos == 0) {
        return;
    }
    char digits[12];
    int len = snprintf(digits, sizeof digits, "%09lld", (long long)nanos);
    while (len > 1 && digits[len - 1] == '0') {
        len--;
    }
    buf_char(b, '.');
    buf_add(b, (Str){digits, (size_t)len});
}

static void put_time(StrBuf *b, const FeelMoment *m)
{
    int64_t s = m->nanos / NANOS;
    buf_fmt(b, "%02d:%02d:%02d", (int)(s / 3600), (int)(s / 60 % 60), (int)(s % 60));
    put_fraction(b, m->nanos % NANOS);
    if (!m->has_offset) {
        return;
    }
    if (m->offset == 0) {
        buf_char(b, 'Z');
        return;
    }
    int o = m->offset < 0 ? -m->offset : m->offset;
    buf_fmt(b, "%c%02d:%02d", m->offset < 0 ? '-' : '+', o / 3600, o / 60 % 60);
    if (o % 60 != 0) {
        buf_fmt(b, ":%02d", o % 60);
    }
}

static void put_part(StrBuf *b, int64_t n, char letter)
{
    if (n != 0) {
        buf_int(b, n);
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
        buf_int(b, s % 60);
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

/* ---- moving ---- */

void moment_instant(const FeelMoment *m, int64_t *seconds, int64_t *nanos)
{
    int64_t days = m->date.month == 0 ? 0 : date_days(m->date);
    *seconds = days * DAY_SECONDS + m->nanos / NANOS - m->offset;
    *nanos = m->nanos % NANOS;
}

static FeelValue out_of_range(Arena *out)
{
    return feel_reason(out, "date out of range");
}

FeelValue temporal_shift(Arena *out, const FeelValue *v, FeelDuration by)
{
    FeelMoment m = {0};
    if (v->kind == FEEL_DATE) {
        m.date = v->date;
    } else {
        m = *v->moment;
    }
    int64_t days = m.date.month == 0 ? 0 : date_days(m.date);
    int64_t nanos = m.nanos % NANOS + by.nanos;
    int64_t carry = floor_div(nanos, NANOS);
    int64_t seconds = days * DAY_SECONDS + m.nanos / NANOS + by.seconds + carry;
    days = floor_div(seconds, DAY_SECONDS);
    m.nanos = (seconds - days * DAY_SECONDS) * NANOS + (nanos - carry * NANOS);
    if (v->kind == FEEL_TIME) {
        return temporal_of(out, FEEL_TIME, m);
    }
    if (!date_of_days(days, &m.date)) {
        return out_of_range(out);
    }
    return v->kind == FEEL_DATE ? feel_date(m.date) : temporal_of(out, FEEL_DATE_TIME, m);
}

FeelValue temporal_shift_months(Arena *out, const FeelValue *v, int64_t months)
{
    FeelDate d = v->kind == FEEL_DATE ? v->date : v->moment->date;
    if (months > MONTHS_LIMIT || months < -MONTHS_LIMIT) {
        return out_of_range(out);
    }
    int64_t n = (int64_t)d.year * 12 + d.month - 1 + months;
    int64_t year = floor_div(n, 12), month = n - year * 12 + 1;
    if (year < -YEAR_LIMIT || year > YEAR_LIMIT) {
        return out_of_range(out);
    }
    int64_t last = month_days(year, month);
    d = (FeelDate){(int32_t)year, (uint8_t)month, (uint8_t)(d.day < last ? d.day : last)};
    if (v->kind == FEEL_DATE) {
        return feel_date(d);
    }
    FeelMoment m = *v->moment;
    m.date = d;
    return temporal_of(out, FEEL_DATE_TIME, m);
}

/* A date against a moment is midnight UTC. */
static FeelMoment moment_of(const FeelValue *v)
{
    return v->kind == FEEL_DATE ? (FeelMoment){.date = v->date, .has_offset = true} : *v->moment;
}

FeelValue temporal_difference(Arena *out, const FeelValue *x, const FeelValue *y)
{
    FeelMoment a = moment_of(x), b = moment_of(y);
    if (a.has_offset != b.has_offset) {
        return feel_reason(out, "one of the two times has no offset");
    }
    int64_t s1 = 0, n1 = 0, s2 = 0, n2 = 0;
    moment_instant(&a, &s1, &n1);
    moment_instant(&b, &s2, &n2);
    FeelValue v = {.kind = FEEL_DAYS_DURATION};
    return duration_of(s1 - s2, n1 - n2, &v.duration) ? v : out_of_range(out);
}

FeelValue temporal_months_between(Arena *out, const FeelValue *from, const FeelValue *to)
{
    FeelMoment a = moment_of(from), b = moment_of(to);
    int64_t months = ((int64_t)b.date.year - a.date.year) * 12 + b.date.month - a.date.month;
    int64_t rest_a = a.date.day * DAY_NANOS + a.nanos, rest_b = b.date.day * DAY_NANOS + b.nanos;
    (void)out;
    if (months > 0 && rest_b < rest_a) {
        months--;
    } else if (months < 0 && rest_b > rest_a) {
        months++;
    }
    return (FeelValue){.kind = FEEL_MONTHS_DURATION, .months = months};
}

/* ---- properties ---- */

static bool date_property(FeelDate d, Str name, FeelValue *value)
{
    int64_t n = -1;
    if (str_eq(name, STR("year"))) {
        n = d.year;
    } else if (str_eq(name, STR("month"))) {
        n = d.month;
    } else if (str_eq(name, STR("day"))) {
        n = d.day;
    } else if (str_eq(name, STR("weekday"))) {
        int64_t w = (date_days(d) + 3) % 7; /* 1970-01-01 was a Thursday */
        n = (w < 0 ? w + 7 : w) + 1;
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
        *value = (FeelValue){.kind = FEEL_DAYS_DURATION, .duration = {m->offset, 0}};
        if (!m->has_offset) {
            *value = feel_null();
        }
    } else if (str_eq(name, STR("timezone"))) {
        *value = feel_null();
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

/* ---- the program's own times ---- */

FeelValue feel_of_time(Arena *out, TimeMs t, int32_t zone_minutes)
{
    int64_t local = t + zone_minutes * MS_MINUTE;
    int64_t days = floor_div(local, MS_DAY);
    FeelMoment m = {.has_offset = true,
                    .offset = zone_minutes * 60,
                    .nanos = (local - days * MS_DAY) * (NANOS / 1000)};
    return date_of_days(days, &m.date) ? temporal_of(out, FEEL_DATE_TIME, m) : out_of_range(out);
}

bool feel_time_of(const FeelValue *v, int32_t zone_minutes, TimeMs *t)
{
    if (v->kind != FEEL_DATE && v->kind != FEEL_DATE_TIME) {
        return false;
    }
    FeelMoment m = {0};
    int64_t seconds = 0, nanos = 0;
    if (v->kind == FEEL_DATE) {
        m.date = v->date;
    } else {
        m = *v->moment;
    }
    if (!m.has_offset) {
        m.offset = zone_minutes * 60;
    }
    moment_instant(&m, &seconds, &nanos);
    *t = seconds * MS_SECOND + nanos / (NANOS / 1000);
    return true;
}
