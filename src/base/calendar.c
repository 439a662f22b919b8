/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Days that differ are sorted, each with the running sum of what it adds to the plain week (+1 a
 * make-up day on a weekend, -1 a holiday on a weekday). The number of working days up to a day is
 * then arithmetic on weeks and one binary search, counting a span is a subtraction, and adding n
 * working days is the inverse, found by bisection: no question costs more for a longer span.
 */
#include "base/calendar.h"

#include <stdlib.h>

#include "base/calendar_int.h"
#include "base/hash.h"
#include "base/vec.h"

typedef struct {
    Date day;
    bool works;
    int32_t sum; /* of the differences up to and with this day */
    uint32_t offset;
    Str name;
} Special;

typedef struct {
    int32_t year;
    bool announced;
    Str source;
} Year;

struct Calendar {
    Vec(Special) days;
    Vec(Year) years;
    Str version;
};

static const Date first_day = {-719162}; /* 0001-01-01, a Monday */
static const Date last_day = {2932896};  /* 9999-12-31 */

static bool read_year(Arena *out, Calendar *c, Str year, Str rest, Err *err)
{
    Str status = {0};
    int64_t n;
    (void)str_split(&rest, ',', &status);
    bool announced = str_eq(status, STR("announced"));
    if (!str_int(year, &n) || n < 1 || n > 9999)
        return FAIL(err, ERR_INPUT, "no such year '" STR_FMT "'", STR_ARG(year));
    if (!announced && !str_eq(status, STR("provisional")))
        return FAIL(err, ERR_INPUT, "year is neither announced nor provisional '" STR_FMT "'",
                    STR_ARG(str_slice(status, 0, 40)));
    for (size_t i = 0; i < c->years.len; i++)
        if (c->years.at[i].year == n)
            return FAIL(err, ERR_INPUT, "year is there twice '" STR_FMT "'", STR_ARG(year));
    *VEC_PUSH(out, &c->years) = (Year){(int32_t)n, announced, str_trim(rest)};
    return true;
}

static bool read_day(Arena *out, Calendar *c, Str date, Str rest, Err *err)
{
    Str kind = {0};
    Date day;
    (void)str_split(&rest, ',', &kind);
    bool works = str_eq(kind, STR("workday"));
    if (!date_parse(date, &day, err))
        return false;
    if (!works && !str_eq(kind, STR("holiday")))
        return FAIL(err, ERR_INPUT, "day is neither holiday nor workday '" STR_FMT "'",
                    STR_ARG(str_slice(kind, 0, 40)));
    if (c->days.len >= CALENDAR_MAX_DAYS)
        return FAIL(err, ERR_LIMIT, "more than %d days", CALENDAR_MAX_DAYS);
    *VEC_PUSH(out, &c->days) = (Special){.day = day, .works = works, .name = str_trim(rest)};
    return true;
}

static int by_day(const void *a, const void *b)
{
    int32_t x = ((const Special *)a)->day.days, y = ((const Special *)b)->day.days;
    return (x > y) - (x < y);
}

static bool sort_days(Calendar *c, Err *err)
{
    Special *days = c->days.at;
    if (c->days.len)
        qsort(days, c->days.len, sizeof *days, by_day);
    int32_t sum = 0;
    for (size_t i = 0; i < c->days.len; i++) {
        if (i && days[i].day.days == days[i - 1].day.days) {
            const Special *later = days[i].offset > days[i - 1].offset ? &days[i] : &days[i - 1];
            Civil d = date_civil(later->day);
            return FAIL_AT(err, ERR_INPUT, later->offset, "day is there twice '%04d-%02d-%02d'",
                           d.year, d.month, d.day);
        }
        bool weekday = date_weekday(days[i].day) <= 5;
        sum += (int)days[i].works - (int)weekday;
        days[i].sum = sum;
    }
    return true;
}

/* Over what the rows mean and not how they are written: a comment changes no version. */
static Str version_of(Arena *out, const Calendar *c)
{
    StrBuf b = buf_in(out);
    for (size_t i = 0; i < c->days.len; i++)
        buf_fmt(&b, "%d %d\n", c->days.at[i].day.days, c->days.at[i].works);
    for (size_t i = 0; i < c->years.len; i++)
        if (c->years.at[i].announced)
            buf_fmt(&b, "announced %d\n", c->years.at[i].year);
    Hash h = hash_of(buf_str(&b));
    return hex_of(out, h.bytes, 8);
}

static bool read_row(Arena *out, Calendar *c, Str row, Err *err)
{
    if (!row.len || row.at[0] == '#')
        return true;
    Str first = {0};
    (void)str_split(&row, ',', &first);
    return first.len == 4 ? read_year(out, c, first, row, err) : read_day(out, c, first, row, err);
}

const Calendar *calendar_read(Arena *out, Str csv, Err *err)
{
    Calendar *c = NEW(out, Calendar);
    Str rest = str_dup(out, csv), row;
    const char *start = rest.at;
    if (str_starts(rest, STR("\xef\xbb\xbf")))
        rest = str_slice(rest, 3, rest.len);
    while (str_split(&rest, '\n', &row)) {
        uint32_t offset = (uint32_t)(row.at - start);
        size_t before = c->days.len;
        Err inner = {0};
        if (!read_row(out, c, str_trim(row), &inner)) {
            (void)FAIL_AT(err, inner.code, offset, "%s", inner.msg);
            return NULL;
        }
        if (c->days.len > before)
            c->days.at[before].offset = offset;
    }
    if (!sort_days(c, err))
        return NULL;
    c->version = version_of(out, c);
    return c;
}

Str calendar_builtin_csv(Arena *out)
{
    StrBuf b = buf_in(out);
    for (size_t i = 0; calendar_years[i]; i++)
        buf_add(&b, str_z(calendar_years[i]));
    return buf_str(&b);
}

const Calendar *calendar_builtin(Arena *out)
{
    Err err = {0};
    const Calendar *c = calendar_read(out, calendar_builtin_csv(out), &err);
    if (!c)
        fatal("built-in calendar at byte %u: %s", err.offset, err.msg);
    return c;
}

Str calendar_version(const Calendar *c)
{
    return c->version;
}

/* The last special day not after d, or NULL. */
static const Special *special_until(const Calendar *c, Date d)
{
    size_t low = 0, high = c->days.len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (c->days.at[middle].day.days <= d.days)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? &c->days.at[low - 1] : NULL;
}

static const Special *special_on(const Calendar *c, Date d)
{
    const Special *s = special_until(c, d);
    return s && s->day.days == d.days ? s : NULL;
}

bool calendar_is_working_day(const Calendar *c, Date d)
{
    const Special *s = special_on(c, d);
    return s ? s->works : date_weekday(d) <= 5;
}

static const Year *year_row(const Calendar *c, int32_t year)
{
    for (size_t i = 0; i < c->years.len; i++)
        if (c->years.at[i].year == year)
            return &c->years.at[i];
    return NULL;
}

bool calendar_is_provisional(const Calendar *c, Date d)
{
    const Year *y = year_row(c, date_civil(d).year);
    return !y || !y->announced;
}

/* Working days from 0001-01-01 to d, d counted. */
static int32_t working_days_until(const Calendar *c, Date d)
{
    int32_t days = d.days - first_day.days + 1;
    int32_t rest = days % 7;
    const Special *s = special_until(c, d);
    return days / 7 * 5 + (rest < 5 ? rest : 5) + (s ? s->sum : 0);
}

Date calendar_add_working_days(const Calendar *c, Date d, int32_t n)
{
    ASSERT(n >= 0);
    if (n == 0)
        return d;
    int64_t wanted = (int64_t)working_days_until(c, d) + n;
    int32_t low = d.days + 1, high = last_day.days;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (working_days_until(c, (Date){middle}) >= wanted)
            high = middle;
        else
            low = middle + 1;
    }
    return (Date){high};
}

Date calendar_next_working_day(const Calendar *c, Date d)
{
    return calendar_is_working_day(c, d) ? d : calendar_add_working_days(c, d, 1);
}

int32_t calendar_count_working_days(const Calendar *c, Date from, Date to)
{
    return working_days_until(c, to) - working_days_until(c, from);
}

Str calendar_day_name(const Calendar *c, Date d)
{
    const Special *s = special_on(c, d);
    return s ? s->name : STR("");
}

Str calendar_year_source(const Calendar *c, int32_t year)
{
    const Year *y = year_row(c, year);
    return y ? y->source : STR("");
}
