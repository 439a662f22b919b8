/* SPDX-License-Identifier: Apache-2.0 */
#include "base/date.h"

#include <time.h>

#include "check.h"

static Date on(const char *iso)
{
    Date d = {0};
    Err err;
    CHECK(date_parse(str_z(iso), &d, &err), "%s: %s", iso, err.msg);
    return d;
}

TEST(date_every_day_of_ten_thousand_years)
{
    Civil c = {1, 1, 1};
    size_t wrong = 0;
    for (int32_t days = date_of(c).days; c.year <= 9999; days++) {
        Civil back = date_civil((Date){days});
        wrong += date_of(c).days != days || back.year != c.year || back.month != c.month ||
                 back.day != c.day;
        c.day++;
        if (!civil_valid(c)) {
            c.day = 1;
            c.month++;
        }
        if (c.month > 12) {
            c.month = 1;
            c.year++;
        }
    }
    CHECK(wrong == 0, "%zu days", wrong);
    CHECK(date_of((Civil){1970, 1, 1}).days == 0, "epoch");
    CHECK(date_of((Civil){2000, 2, 29}).days == 11016, "leap day");
}

/* The C library's calendar is the second opinion. */
TEST(date_agrees_with_gmtime)
{
    size_t wrong = 0;
    for (int64_t s = INT64_C(-62135596800); s < INT64_C(253402300799); s += 86400 * 37 + 4567) {
        struct tm t;
        time_t at = (time_t)s;
        (void)gmtime_r(&at, &t);
        CivilTime c = time_civil(s * 1000, 0);
        int weekday = date_weekday(date_of_time(s * 1000, 0));
        wrong += c.date.year != t.tm_year + 1900 || c.date.month != t.tm_mon + 1 ||
                 c.date.day != t.tm_mday || c.hour != t.tm_hour || c.minute != t.tm_min ||
                 c.second != t.tm_sec || weekday % 7 != t.tm_wday;
    }
    CHECK(wrong == 0, "%zu times", wrong);
}

TEST(date_parse_takes_one_form_only)
{
    static const char *const bad[] = {"",           "2026-1-22",   "2026-11-2",   "2026-02-29",
                                      "2026-13-01", "2026-00-10",  "2026-04-31",  "0000-01-01",
                                      "2026/11/22", "20261122",    "2026-11-22 ", "2026-11-2x",
                                      "-026-11-22", "2026-11-22T", "１２３4-5"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        Date d;
        Err err = {0};
        CHECK(!date_parse(str_z(bad[i]), &d, &err) && err.code == ERR_INPUT, "'%s'", bad[i]);
    }
    CHECK(on("2024-02-29").days - on("2024-02-28").days == 1, "leap");
    CHECK(on("0001-01-01").days < on("9999-12-31").days, "ends");
}

TEST(date_months_end_on_the_last_day)
{
    static const struct {
        const char *from;
        int32_t months;
        const char *to;
    } rows[] = {
        {"2026-01-31", 1, "2026-02-28"},         {"2024-01-31", 1, "2024-02-29"},
        {"2026-03-31", -1, "2026-02-28"},        {"2026-01-15", 12, "2027-01-15"},
        {"2024-02-29", 12, "2025-02-28"},        {"2026-12-31", 2, "2027-02-28"},
        {"2026-05-05", 0, "2026-05-05"},         {"2026-05-05", INT32_MAX, "9999-12-31"},
        {"2026-05-05", INT32_MIN, "0001-01-01"},
    };
    Arena a = {0};
    for (size_t i = 0; i < COUNT(rows); i++) {
        Str got = date_iso(&a, date_add_months(on(rows[i].from), rows[i].months));
        CHECK(str_eq(got, str_z(rows[i].to)), "row %zu: " STR_FMT, i, STR_ARG(got));
    }
    CHECK(date_add_days(on("9999-12-31"), INT32_MAX).days == on("9999-12-31").days, "wall");
    CHECK(date_add_days(on("0001-01-01"), INT32_MIN).days == on("0001-01-01").days, "wall");
    arena_free(&a);
}

TEST(date_in_a_zone)
{
    Arena a = {0};
    TimeMs t = date_start(on("2026-11-22"), ZONE_CHINA_MINUTES) + 15 * MS_HOUR + 30 * MS_MINUTE;
    CHECK(str_eq(time_iso(&a, t, 480), STR("2026-11-22T15:30:00+08:00")), "iso");
    CHECK(str_eq(time_iso(&a, t, -210), STR("2026-11-22T04:00:00-03:30")), "west");
    CHECK(date_of_time(t - 15 * MS_HOUR - 30 * MS_MINUTE, 480).days == on("2026-11-22").days,
          "first");
    CHECK(date_of_time(t - 16 * MS_HOUR, 480).days == on("2026-11-21").days, "day before");
    CHECK(str_eq(time_text(&a, t, 480, STR("zh")), STR("2026年11月22日 15:30")), "zh");
    CHECK(str_eq(time_text(&a, t, 480, STR("zh-CN")), STR("2026年11月22日 15:30")), "zh-CN");
    CHECK(str_eq(time_text(&a, t, 480, STR("en")), STR("22 November 2026, 3:30pm")), "en");
    CHECK(str_eq(time_text(&a, t - 15 * MS_HOUR, 480, STR("en")), STR("22 November 2026, 12:30am")),
          "night");
    CHECK(str_eq(time_text(&a, t - 3 * MS_HOUR, 480, STR("en")), STR("22 November 2026, 12:30pm")),
          "noon");
    CHECK(str_eq(date_text(&a, on("2026-01-05"), STR("zh")), STR("2026年1月5日")), "zh date");
    CHECK(time_civil(INT64_MAX, 480).date.year == 9999, "wall");
    CHECK(time_civil(INT64_MIN, -480).date.year == 1, "wall");
    CHECK(time_civil(-1, 0).ms == 999, "before 1970");
    arena_free(&a);
}
