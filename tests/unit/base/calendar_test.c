/* SPDX-License-Identifier: Apache-2.0 */
#include "base/calendar.h"

#include "base/rand.h"
#include "check.h"

static Date on(const char *iso)
{
    Date d = {0};
    Err err;
    CHECK(date_parse(str_z(iso), &d, &err), "%s", iso);
    return d;
}

TEST(calendar_adds_working_days)
{
    static const struct {
        const char *from;
        int32_t n;
        const char *to;
    } rows[] = {
        {"2026-02-11", 5, "2026-02-25"},
        {"2025-09-22", 20, "2025-10-24"},
        {"2026-02-11", 0, "2026-02-11"},
        {"2026-02-13", 1, "2026-02-14"}, /* a Saturday that is worked */
        {"2026-02-14", 1, "2026-02-24"},
        {"2020-01-23", 1, "2020-02-03"}, /* holiday extended, 1 February not worked */
        {"2015-09-02", 1, "2015-09-06"}, /* victory day, Sunday worked */
        {"2019-04-30", 1, "2019-05-05"},
        {"2011-12-30", 1, "2011-12-31"},
        {"2018-12-28", 1, "2018-12-29"},
        {"2018-12-29", 1, "2019-01-02"},
        {"2024-02-08", 1, "2024-02-09"}, /* the eve of 2024 was a working day */
        {"2030-06-07", 1, "2030-06-10"},
    };
    Arena a = {0};
    const Calendar *c = calendar_builtin(&a);
    for (size_t i = 0; i < COUNT(rows); i++) {
        Date got = calendar_add_working_days(c, on(rows[i].from), rows[i].n);
        CHECK(str_eq(date_iso(&a, got), str_z(rows[i].to)), "%s + %d = " STR_FMT, rows[i].from,
              rows[i].n, STR_ARG(date_iso(&a, got)));
    }
    /* 30 natural days from 2025-09-02 end in the holiday. */
    Date rolled = calendar_next_working_day(c, date_add_days(on("2025-09-02"), 30));
    CHECK(rolled.days == on("2025-10-09").days, "rolls");
    arena_free(&a);
}

/* The second source of tools/holidays counts these working days. */
TEST(calendar_years_have_the_days_of_their_notices)
{
    static const struct {
        int32_t year, working;
    } rows[] = {
        {2010, 250}, {2011, 250}, {2012, 249}, {2013, 250}, {2014, 250}, {2015, 249},
        {2016, 250}, {2017, 249}, {2018, 250}, {2019, 250}, {2020, 249}, {2021, 250},
        {2022, 249}, {2023, 249}, {2024, 251}, {2025, 248}, {2026, 248},
    };
    Arena a = {0};
    const Calendar *c = calendar_builtin(&a);
    for (size_t i = 0; i < COUNT(rows); i++) {
        Date from = date_of((Civil){rows[i].year - 1, 12, 31});
        Date to = date_of((Civil){rows[i].year, 12, 31});
        int32_t n = calendar_count_working_days(c, from, to);
        CHECK(n == rows[i].working, "%d: %d", rows[i].year, n);
        CHECK(!calendar_is_provisional(c, to), "%d announced", rows[i].year);
        CHECK(str_find(calendar_year_source(c, rows[i].year), STR("国办发明电〔"), 0) != SIZE_MAX,
              "%d source", rows[i].year);
    }
    CHECK(calendar_is_provisional(c, on("2027-03-01")), "2027");
    CHECK(calendar_is_provisional(c, on("2009-03-01")), "2009");
    CHECK(!calendar_is_working_day(c, on("2027-02-08")), "statutory day of 2027");
    CHECK(str_find(calendar_year_source(c, 2027), STR("尚未公布"), 0) != SIZE_MAX, "says so");
    CHECK(calendar_year_source(c, 2028).len == 0, "nothing known");
    CHECK(str_eq(calendar_day_name(c, on("2026-10-01")), STR("国庆节")), "name");
    CHECK(str_eq(calendar_day_name(c, on("2026-10-10")), STR("国庆节调休上班")), "make-up name");
    CHECK(calendar_day_name(c, on("2026-10-12")).len == 0, "no name");
    arena_free(&a);
}

/* A day at a time is the plain meaning; arithmetic must agree with it. */
TEST(calendar_agrees_with_walking)
{
    Arena a = {0};
    const Calendar *c = calendar_builtin(&a);
    Rng rng;
    rng_seed(&rng, 20260211);
    size_t wrong = 0;
    for (int round = 0; round < 3000; round++) {
        Date from = {14000 + (int32_t)rng_below(&rng, 8000)};
        int32_t n = (int32_t)rng_below(&rng, 90);
        Date walked = from;
        for (int32_t left = n; left > 0;) {
            walked = date_add_days(walked, 1);
            left -= calendar_is_working_day(c, walked);
        }
        wrong += calendar_add_working_days(c, from, n).days != walked.days;
        wrong += calendar_count_working_days(c, from, walked) != n;
        wrong += calendar_count_working_days(c, walked, from) != -n;
    }
    CHECK(wrong == 0, "%zu", wrong);
    CHECK(calendar_add_working_days(c, on("9999-12-30"), 5000).days == on("9999-12-31").days,
          "wall");
    arena_free(&a);
}

TEST(calendar_reads_rows_and_tells_the_bad_one)
{
    static const struct {
        const char *csv;
        ErrCode code;
        uint32_t offset;
        const char *part;
    } rows[] = {
        {"2026,announced,x\n2026-01-01,holiday,y\n", ERR_NONE, 0, NULL},
        {"\xef\xbb\xbf# note\r\n\r\n2026,announced,x\r\n", ERR_NONE, 0, NULL},
        {"", ERR_NONE, 0, NULL},
        {"2026,announced,x\n2026-01-32,holiday,y\n", ERR_INPUT, 17, "no such day"},
        {"2026,maybe,x\n", ERR_INPUT, 0, "neither announced"},
        {"0000,announced,x\n", ERR_INPUT, 0, "no such year"},
        {"#\n2026-01-01,Holiday,y\n", ERR_INPUT, 2, "neither holiday"},
        {"2026-01-01\n", ERR_INPUT, 0, "neither holiday"},
        {"2026-01-01,holiday,\n2026-01-01,workday,\n", ERR_INPUT, 20, "there twice"},
        {"2026,announced,x\n2026,announced,y\n", ERR_INPUT, 17, "year is there"},
        {"date,kind,name\n", ERR_INPUT, 0, "no such year"},
    };
    Arena a = {0};
    for (size_t i = 0; i < COUNT(rows); i++) {
        Err err = {0};
        const Calendar *c = calendar_read(&a, str_z(rows[i].csv), &err);
        CHECK((c != NULL) == (rows[i].code == ERR_NONE) && err.code == rows[i].code, "row %zu: %s",
              i, err.msg);
        CHECK(err.offset == rows[i].offset, "row %zu at %u", i, err.offset);
        CHECK(!rows[i].part || strstr(err.msg, rows[i].part), "row %zu: %s", i, err.msg);
    }
    StrBuf many = buf_in(&a);
    for (int32_t i = 0; i <= CALENDAR_MAX_DAYS; i++)
        buf_fmt(&many, STR_FMT ",holiday,\n", STR_ARG(date_iso(&a, (Date){i})));
    Err err = {0};
    CHECK(!calendar_read(&a, buf_str(&many), &err) && err.code == ERR_LIMIT, "%s", err.msg);
    arena_free(&a);
}

TEST(calendar_version_is_of_the_meaning)
{
    Arena a = {0};
    Err err;
    const Calendar *one = calendar_read(&a, STR("2026,announced,x\n2026-01-01,holiday,y\n"), &err);
    const Calendar *same =
        calendar_read(&a, STR("# n\n2026-01-01,holiday,z\n2026,announced,q\n"), &err);
    const Calendar *day = calendar_read(&a, STR("2026,announced,x\n2026-01-02,holiday,y\n"), &err);
    const Calendar *open =
        calendar_read(&a, STR("2026,provisional,x\n2026-01-01,holiday,y\n"), &err);
    CHECK(calendar_version(one).len == 16, "16 digits");
    CHECK(str_eq(calendar_version(one), calendar_version(same)), "same meaning");
    CHECK(!str_eq(calendar_version(one), calendar_version(day)), "another day");
    CHECK(!str_eq(calendar_version(one), calendar_version(open)), "not announced");
    arena_free(&a);
}
