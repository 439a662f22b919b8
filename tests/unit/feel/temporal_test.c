/* SPDX-License-Identifier: Apache-2.0 */
/* Properties of dates, times and durations that hold for any of them; the cases are data. */
#include "check.h"

#include "base/rand.h"
#include "feel/feel_int.h"

enum { ROUNDS = 20000, SEED = 20261122 };

static int64_t between(Rng *r, int64_t least, int64_t most)
{
    return least + (int64_t)rng_below(r, (uint64_t)(most - least) + 1);
}

static FeelDate any_date(Rng *r)
{
    static const int32_t spans[] = {3, 100, 9999, 999999999};
    int32_t span = spans[rng_below(r, COUNT(spans))];
    int64_t year = span == 100 ? between(r, 1950, 2050) : between(r, -span, span);
    int64_t month = between(r, 1, 12), day = between(r, 1, 31);
    while (!date_valid(year, month, day)) {
        day--;
    }
    return (FeelDate){(int32_t)year, (uint8_t)month, (uint8_t)day};
}

static int64_t any_nanos(Rng *r)
{
    static const int64_t units[] = {1, 1000000, NANOS, INT64_C(3600) * NANOS};
    int64_t unit = units[rng_below(r, COUNT(units))];
    return between(r, 0, DAY_NANOS / unit - 1) * unit;
}

static FeelMoment any_moment(Rng *r, bool with_date)
{
    static const char *const zones[] = {"Europe/Paris", "Asia/Shanghai",       "America/New_York",
                                        "Pacific/Apia", "Australia/Lord_Howe", "Etc/UTC"};
    FeelMoment m = {.nanos = any_nanos(r), .date = with_date ? any_date(r) : (FeelDate){0}};
    uint64_t kind = rng_below(r, 4);
    m.has_offset = kind > 0;
    if (kind == 1) {
        m.offset = (int32_t)between(r, -64800, 64800);
    } else if (kind == 2) {
        m.offset = (int32_t)between(r, -36, 36) * 1800;
    } else if (kind == 3) {
        m.zone = str_z(zones[rng_below(r, COUNT(zones))]);
        if (!moment_settle(&m)) {
            m.zone = (Str){0};
        }
    }
    return m;
}

static FeelDuration any_duration(Rng *r)
{
    static const int64_t spans[] = {100, 100000, INT64_C(100000000000), INT64_C(60000000000000000)};
    int64_t span = spans[rng_below(r, COUNT(spans))];
    FeelDuration d = {0};
    bool ok =
        duration_of(between(r, -span, span), between(r, -1, 1) * between(r, 0, NANOS - 1), &d);
    CHECK(ok, "within the limits");
    return d;
}

static FeelValue any_temporal(Arena *a, Rng *r)
{
    FeelValue v = feel_null();
    switch (rng_below(r, 5)) {
    case 0: return feel_date(any_date(r));
    case 1: return temporal_of(a, FEEL_TIME, any_moment(r, false));
    case 2: return temporal_of(a, FEEL_DATE_TIME, any_moment(r, true));
    case 3: return (FeelValue){.kind = FEEL_DAYS_DURATION, .duration = any_duration(r)};
    default: return months_of(between(r, -30000, 30000), &v) ? v : feel_null();
    }
}

static bool same_moment(const FeelMoment *x, const FeelMoment *y)
{
    return x->date.year == y->date.year && x->date.month == y->date.month &&
           x->date.day == y->date.day && x->nanos == y->nanos && x->has_offset == y->has_offset &&
           x->offset == y->offset && str_eq(x->zone, y->zone);
}

/* Every part, as is() has it. */
static bool same_parts(const FeelValue *x, const FeelValue *y)
{
    if (x->kind == FEEL_TIME || x->kind == FEEL_DATE_TIME) {
        return x->kind == y->kind && same_moment(x->moment, y->moment);
    }
    int order = 0;
    return value_order(x, y, &order) && order == 0;
}

TEST(temporal_text_reads_back)
{
    Arena a = {0};
    Rng r;
    rng_seed(&r, SEED);
    for (int i = 0; i < ROUNDS; i++) {
        FeelValue v = any_temporal(&a, &r);
        Str text = feel_text(&a, &v);
        FeelValue back = feel_temporal(&a, text);
        Str again = feel_text(&a, &back);
        CHECK(same_parts(&v, &back), "round %d: " STR_FMT " reads back as " STR_FMT, i,
              STR_ARG(text), STR_ARG(again));
        arena_reset(&a);
    }
    arena_free(&a);
}

/* (m + d) - m = d and (m + d) - d = m: in zones too, since hours are added to the instant. */
TEST(temporal_sums_come_back)
{
    Arena a = {0};
    Rng r;
    rng_seed(&r, SEED + 1);
    for (int i = 0; i < ROUNDS; i++) {
        FeelValue m = temporal_of(&a, FEEL_DATE_TIME, any_moment(&r, true));
        FeelValue d = {.kind = FEEL_DAYS_DURATION, .duration = any_duration(&r)};
        FeelDuration minus = {-d.duration.seconds, -d.duration.nanos};
        FeelValue sum = temporal_shift(&a, &m, d.duration);
        if (sum.kind == FEEL_DATE_TIME) {
            FeelValue difference = temporal_difference(&a, &sum, &m);
            FeelValue back = temporal_shift(&a, &sum, minus);
            Str text = feel_text(&a, &m), length = feel_text(&a, &d);
            CHECK(same_parts(&difference, &d), "round %d: " STR_FMT " + " STR_FMT, i, STR_ARG(text),
                  STR_ARG(length));
            CHECK(same_parts(&back, &m), "round %d: " STR_FMT " + and - " STR_FMT, i, STR_ARG(text),
                  STR_ARG(length));
        }
        arena_reset(&a);
    }
    arena_free(&a);
}

/* Days run through, and days of a date and back agree with each other over the whole range. */
TEST(temporal_days_are_counted)
{
    Rng r;
    rng_seed(&r, SEED + 2);
    for (int i = 0; i < ROUNDS; i++) {
        FeelDate d = any_date(&r), next = d, back = d;
        int64_t days = date_days(d);
        CHECK(date_of_days(days, &back) && back.year == d.year && back.month == d.month &&
                  back.day == d.day,
              "round %d: %d-%d-%d", i, d.year, d.month, d.day);
        bool last_of_month = !date_valid(d.year, d.month, d.day + 1);
        bool last_of_year = last_of_month && d.month == 12;
        if (date_of_days(days + 1, &next)) {
            CHECK(next.day == (last_of_month ? 1 : d.day + 1) &&
                      next.month == (last_of_year ? 1 : d.month + (last_of_month ? 1 : 0)) &&
                      next.year == d.year + (last_of_year ? 1 : 0),
                  "round %d: after %d-%d-%d", i, d.year, d.month, d.day);
            CHECK(date_weekday_of(next) == date_weekday_of(d) % 7 + 1, "round %d: weekday", i);
        }
    }
}

TEST(temporal_now)
{
    Arena a = {0};
    Err err = {0};
    FeelValue now = feel_of_time(&a, INT64_C(1795369800000), 480); /* 2026-11-22T17:50:00Z */
    FeelLimits limits = {.now = &now};
    FeelScope scope = {0};
    static const struct {
        const char *text, *value;
    } table[] = {
        {"now()", "2026-11-23T01:50:00+08:00"}, {"today()", "2026-11-23"},
        {"today() - @\"2026-11-01\"", "P22D"},  {"now() - @\"2026-11-22T17:50:00Z\"", "PT0S"},
        {"is(now(), now())", "true"},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        const FeelProgram *p = feel_compile(&a, str_z(table[i].text), NULL, FEEL_EXPRESSION, &err);
        CHECK(p != NULL, "%s: %s", table[i].text, err.msg);
        if (p) {
            FeelBudget b = feel_budget(&a, &limits);
            FeelValue v = feel_run(&b, p, &scope);
            Str text = feel_text(&a, &v);
            CHECK(str_eq(text, str_z(table[i].value)), "%s = " STR_FMT, table[i].text,
                  STR_ARG(text));
        }
    }
    arena_free(&a);
}

/* What has no milliseconds since 1970 in 64 bits is no time of the program. */
TEST(temporal_program_times)
{
    Arena a = {0};
    static const struct {
        const char *text;
        bool ok;
        TimeMs t;
    } table[] = {
        {"1970-01-01T00:00:00Z", true, 0},
        {"1970-01-01T08:00:00@Asia/Shanghai", true, 0},
        {"1970-01-01", true, -28800000},
        {"1970-01-01T00:00:00.0015Z", true, 1},
        {"9999-12-31T23:59:59Z", true, INT64_C(253402300799000)},
        {"999999999-12-31T00:00:00Z", false, 0},
        {"-999999999-01-01", false, 0},
        {"10:00:00", false, 0},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        TimeMs t = 0;
        FeelValue v = feel_temporal(&a, str_z(table[i].text));
        bool ok = feel_time_of(&v, 480, &t);
        CHECK(ok == table[i].ok && t == table[i].t, "%s: %lld", table[i].text, (long long)t);
    }
    arena_free(&a);
}
