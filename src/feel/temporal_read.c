/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading dates, times and durations: ISO 8601 as XML Schema and FEEL have it, in one pass.
 *
 * Years have four to nine digits, no sign but "-"; 24:00:00 is the next day's midnight; an offset
 * has hours, minutes and at will seconds; a zone stands after "@" in place of an offset.
 */
#include "feel/temporal_int.h"

enum { SHOWN_MAX = 60 /* bytes of a wrong text in a reason */, COUNT_DIGITS = 15 };

typedef struct {
    Str s;
    size_t at;
    bool bad_zone;
} Scan;

static char peek(const Scan *c)
{
    return c->at < c->s.len ? c->s.at[c->at] : 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool take(Scan *c, char wanted)
{
    bool there = c->at < c->s.len && c->s.at[c->at] == wanted;
    c->at += there ? 1 : 0;
    return there;
}

/* Between least and most digits. */
static bool take_int(Scan *c, size_t least, size_t most, int64_t *n)
{
    size_t from = c->at;
    *n = 0;
    while (c->at - from < most && is_digit(peek(c))) {
        *n = *n * 10 + (peek(c) - '0');
        c->at++;
    }
    return c->at - from >= least;
}

/* Exactly two. */
static bool take_two(Scan *c, int64_t *n)
{
    return take_int(c, 2, 2, n);
}

static Str shown(Str s)
{
    size_t end = s.len <= SHOWN_MAX ? s.len : SHOWN_MAX;
    while (end < s.len && end > 0 && ((uint8_t)s.at[end] & 0xC0) == 0x80) {
        end--;
    }
    return str_slice(s, 0, end);
}

static FeelValue no_such(Arena *out, const Scan *c, const char *what)
{
    Str text = shown(c->s);
    return c->bad_zone ? feel_reason(out, "'" STR_FMT "': no such time zone", STR_ARG(text))
                       : feel_reason(out, "'" STR_FMT "' is no %s", STR_ARG(text), what);
}

/* ---- dates and times ---- */

static bool scan_date(Scan *c, FeelDate *d)
{
    int64_t y = 0, m = 0, day = 0;
    bool minus = take(c, '-');
    size_t from = c->at;
    bool ok = take_int(c, 4, 9, &y) && take(c, '-');
    ok = ok && (c->at - from == 5 || c->s.at[from] != '0') && !(minus && y == 0);
    ok = ok && take_two(c, &m) && take(c, '-') && take_two(c, &day);
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
    for (; is_digit(peek(c)); c->at++) {
        *nanos += (peek(c) - '0') * unit;
        unit /= 10;
    }
    return c->at - from >= least;
}

/* The rest of the text: nothing, an offset or a zone. */
static bool scan_offset(Scan *c, FeelMoment *m)
{
    int64_t h = 0, min = 0, s = 0;
    if (c->at == c->s.len) {
        return true;
    }
    if (take(c, '@')) {
        m->zone = str_slice(c->s, c->at, c->s.len);
        c->at = c->s.len;
        return m->zone.len > 0;
    }
    m->has_offset = true;
    if (take(c, 'Z')) {
        return true;
    }
    bool minus = take(c, '-');
    if ((!minus && !take(c, '+')) || !take_two(c, &h) || !take(c, ':') || !take_two(c, &min) ||
        (take(c, ':') && !take_two(c, &s)) || min > 59 || s > 59) {
        return false;
    }
    int64_t offset = h * 3600 + min * 60 + s;
    m->offset = (int32_t)(minus ? -offset : offset);
    return offset <= OFFSET_LIMIT;
}

/* days: 1 when the text was 24:00:00. */
static bool scan_time(Scan *c, FeelMoment *m, int64_t *days)
{
    int64_t h = 0, min = 0, s = 0, nanos = 0;
    if (!take_two(c, &h) || !take(c, ':') || !take_two(c, &min) || !take(c, ':') ||
        !take_two(c, &s) || (take(c, '.') && !scan_fraction(c, 1, &nanos)) || !scan_offset(c, m)) {
        return false;
    }
    *days = h == 24 && min == 0 && s == 0 && nanos == 0 ? 1 : 0;
    m->nanos = ((h % 24) * 3600 + min * 60 + s) * NANOS + nanos;
    return (h < 24 || *days == 1) && min < 60 && s < 60 && c->at == c->s.len;
}

static bool settle(Scan *c, FeelMoment *m)
{
    if (moment_settle(m)) {
        return true;
    }
    c->bad_zone = !zone_find(m->zone);
    return false;
}

FeelValue temporal_date(Arena *out, Str s)
{
    Scan c = {.s = s};
    FeelDate d = {0};
    return scan_date(&c, &d) && c.at == s.len ? feel_date(d)
                                              : no_such(out, &c, "date like 2026-11-22");
}

FeelValue temporal_time(Arena *out, Str s)
{
    Scan c = {.s = s};
    FeelMoment m = {0};
    int64_t days = 0;
    return scan_time(&c, &m, &days) && settle(&c, &m) ? temporal_of(out, FEEL_TIME, m)
                                                      : no_such(out, &c, "time like 15:30:00");
}

FeelValue temporal_moment(Arena *out, Str s)
{
    Scan c = {.s = s};
    FeelMoment m = {0};
    int64_t days = 0;
    bool ok = scan_date(&c, &m.date);
    if (ok && c.at < s.len) {
        ok = take(&c, 'T') && scan_time(&c, &m, &days) &&
             (days == 0 || date_of_days(date_days(m.date) + days, &m.date)) && settle(&c, &m);
    }
    return ok ? temporal_of(out, FEEL_DATE_TIME, m)
              : no_such(out, &c, "date and time like 2026-11-22T15:30:00");
}

/* ---- durations ---- */

typedef struct {
    int64_t years, months, days, seconds, nanos;
    bool has_months, has_days;
} Period;

static bool scan_part(Scan *c, bool in_time, Period *p, int *last)
{
    static const char letters[] = "YMDHMS";
    static const int32_t weights[] = {0, 0, 0, 3600, 60, 1};
    int64_t n = 0, nanos = 0;
    bool fraction = false;
    if (!take_int(c, 1, COUNT_DIGITS, &n)) {
        return false;
    }
    if (take(c, '.')) {
        fraction = scan_fraction(c, 0, &nanos);
    }
    int from = in_time ? 3 : 0, to = in_time ? 6 : 3, i = from;
    while (i < to && letters[i] != peek(c)) {
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
    bool in_time = false, ok = take(c, 'P');
    while (ok && c->at < c->s.len) {
        if (!in_time && take(c, 'T')) {
            in_time = true;
            last = 2;
            ok = c->at < c->s.len;
        } else {
            ok = scan_part(c, in_time, p, &last);
        }
    }
    return ok && p->has_days != p->has_months;
}

FeelValue temporal_duration(Arena *out, Str s)
{
    Scan c = {.s = s};
    Period p = {0};
    int64_t sign = take(&c, '-') ? -1 : 1;
    if (!scan_period(&c, &p)) {
        return no_such(out, &c, "duration like P15D, PT8H or P1Y");
    }
    FeelValue v = {.kind = FEEL_DAYS_DURATION};
    bool ok = p.has_months ? months_of((p.years * 12 + p.months) * sign, &v)
                           : p.days <= SECONDS_LIMIT / DAY_SECONDS &&
                                 duration_of((p.days * DAY_SECONDS + p.seconds) * sign,
                                             p.nanos * sign, &v.duration);
    return ok ? v : no_such(out, &c, "duration of that size");
}

FeelValue feel_temporal(Arena *out, Str text)
{
    if (str_starts(text, STR("P")) || str_starts(text, STR("-P"))) {
        return temporal_duration(out, text);
    }
    if (text.len > 2 && text.at[2] == ':') {
        return temporal_time(out, text);
    }
    return str_find(text, STR("T"), 0) != SIZE_MAX ? temporal_moment(out, text)
                                                   : temporal_date(out, text);
}
