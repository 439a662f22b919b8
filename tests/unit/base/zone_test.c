/* SPDX-License-Identifier: Apache-2.0 */
/* Time zones against published facts of the tz database, and files that are broken. */
#include "check.h"

#include "base/date.h"
#include "base/file.h"
#include "base/thread.h"
#include "base/zone_int.h"

static int64_t utc(int64_t year, int32_t month, int32_t day, int32_t hour, int32_t minute)
{
    return (days_of_civil(year, month, day) * 24 + hour) * 3600 + minute * 60;
}

TEST(zone_offsets_at_instants)
{
    static const struct {
        const char *zone;
        int64_t year;
        int32_t month, day, hour, minute, offset;
    } table[] = {
        {"Asia/Shanghai", 1900, 6, 1, 0, 0, 29143},
        {"Asia/Shanghai", 1985, 7, 1, 0, 0, 28800},
        {"Asia/Shanghai", 1986, 7, 1, 0, 0, 32400},
        {"Asia/Shanghai", 1991, 7, 1, 0, 0, 32400},
        {"Asia/Shanghai", 1991, 12, 1, 0, 0, 28800},
        {"Asia/Shanghai", 1992, 7, 1, 0, 0, 28800},
        {"Asia/Shanghai", 2026, 7, 1, 0, 0, 28800},
        {"Europe/Paris", 2026, 3, 29, 0, 59, 3600},
        {"Europe/Paris", 2026, 3, 29, 1, 0, 7200},
        {"Europe/Paris", 2026, 10, 25, 0, 59, 7200},
        {"Europe/Paris", 2026, 10, 25, 1, 0, 3600},
        {"Europe/Paris", 2037, 7, 1, 0, 0, 7200},
        {"Europe/Paris", 2038, 1, 1, 0, 0, 3600},
        {"Europe/Paris", 2426, 7, 1, 0, 0, 7200},
        {"Europe/Paris", 999999999, 12, 31, 23, 59, 3600},
        {"Europe/Paris", 999999999, 7, 1, 0, 0, 7200},
        {"Europe/Paris", -2021, 1, 1, 0, 0, 561},
        {"Europe/Paris", -999999999, 1, 1, 0, 0, 561},
        {"America/New_York", 2026, 3, 8, 6, 59, -18000},
        {"America/New_York", 2026, 3, 8, 7, 0, -14400},
        {"America/New_York", 2006, 3, 15, 0, 0, -18000},
        {"America/New_York", 1850, 1, 1, 0, 0, -17762},
        {"Australia/Melbourne", 2021, 1, 1, 0, 0, 39600},
        {"Australia/Melbourne", 2021, 7, 1, 0, 0, 36000},
        {"Australia/Melbourne", 2121, 1, 1, 0, 0, 39600},
        {"Australia/Lord_Howe", 2021, 1, 1, 0, 0, 39600},
        {"Australia/Lord_Howe", 2021, 7, 1, 0, 0, 37800},
        {"Asia/Kolkata", 2021, 7, 1, 0, 0, 19800},
        {"Asia/Kathmandu", 2021, 7, 1, 0, 0, 20700},
        {"Asia/Dhaka", 1995, 1, 1, 0, 0, 21600},
        {"Pacific/Apia", 2011, 12, 30, 9, 59, -36000},
        {"Pacific/Apia", 2011, 12, 30, 10, 0, 50400},
        {"Pacific/Kiritimati", 2021, 7, 1, 0, 0, 50400},
        {"Etc/UTC", -5000, 7, 1, 0, 0, 0},
        {"Etc/GMT+12", 2021, 7, 1, 0, 0, -43200},
        {"UTC", 5000, 7, 1, 0, 0, 0},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        const Zone *z = zone_find(str_z(table[i].zone));
        CHECK(z != NULL, "row %zu: %s", i, table[i].zone);
        if (z) {
            int64_t t =
                utc(table[i].year, table[i].month, table[i].day, table[i].hour, table[i].minute);
            CHECK(zone_offset(z, t) == table[i].offset, "row %zu: %s %d", i, table[i].zone,
                  zone_offset(z, t));
            CHECK(str_eq(zone_name(z), str_z(table[i].zone)), "row %zu", i);
        }
    }
}

/* Local time, and the instant as the local time of UTC that it must be. */
TEST(zone_gaps_and_overlaps)
{
    static const struct {
        const char *zone;
        int64_t year;
        int32_t month, day, hour, minute, offset;
        int32_t shift; /* minutes that the local time is moved by */
    } table[] = {
        {"Europe/Paris", 2026, 3, 29, 1, 59, 3600, 0},
        {"Europe/Paris", 2026, 3, 29, 2, 0, 7200, 60},
        {"Europe/Paris", 2026, 3, 29, 2, 30, 7200, 60},
        {"Europe/Paris", 2026, 3, 29, 3, 0, 7200, 0},
        {"Europe/Paris", 2026, 10, 25, 1, 59, 7200, 0},
        {"Europe/Paris", 2026, 10, 25, 2, 30, 7200, 0},
        {"Europe/Paris", 2026, 10, 25, 3, 0, 3600, 0},
        {"Europe/Paris", 3026, 7, 1, 12, 0, 7200, 0},
        {"Europe/Paris", -2026, 7, 1, 12, 0, 561, 0},
        {"Europe/Paris", 999999999, 7, 1, 12, 0, 7200, 0},
        {"America/New_York", 2026, 3, 8, 2, 30, -14400, 60},
        {"America/New_York", 2026, 11, 1, 1, 30, -14400, 0},
        {"America/New_York", 2026, 11, 1, 2, 0, -18000, 0},
        {"Australia/Lord_Howe", 2021, 10, 3, 2, 10, 39600, 30},
        {"Australia/Lord_Howe", 2021, 4, 4, 1, 45, 39600, 0},
        {"Pacific/Apia", 2011, 12, 29, 23, 59, -36000, 0},
        {"Pacific/Apia", 2011, 12, 30, 12, 0, 50400, 1440},
        {"Pacific/Apia", 2011, 12, 31, 0, 0, 50400, 0},
        {"Asia/Shanghai", 1986, 5, 4, 2, 30, 32400, 60},
        {"Asia/Shanghai", 1991, 9, 15, 1, 30, 32400, 0},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        const Zone *z = zone_find(str_z(table[i].zone));
        int64_t local =
            utc(table[i].year, table[i].month, table[i].day, table[i].hour, table[i].minute);
        int32_t offset = 0;
        if (!z) {
            CHECK(false, "row %zu: %s", i, table[i].zone);
            continue;
        }
        int64_t instant = zone_instant(z, local, &offset);
        CHECK(offset == table[i].offset, "row %zu: %s %d", i, table[i].zone, offset);
        CHECK(instant + offset == local + (int64_t)table[i].shift * 60, "row %zu: %s %lld", i,
              table[i].zone, (long long)(instant + offset - local));
        CHECK(zone_offset(z, instant) == offset, "row %zu", i);
    }
}

TEST(zone_names)
{
    static const char *const wrong[] = {
        "",
        "/",
        "xyz/abc",
        "../Europe/Paris",
        "Europe/../Europe/Paris",
        "/usr/share/zoneinfo/UTC",
        "Europe",
        "Europe/",
        "Europe//Paris",
        "./UTC",
        "tzdata.zi",
        "zone.tab",
        "posix/Europe/Paris",
        "right/Europe/Paris",
        "localtime",
        "leapseconds",
        "Europe/Paris\n",
        "Europe/Paris ",
        "A23456789012345678901234567890123456789012345678901234567890/56789",
    };
    for (size_t i = 0; i < COUNT(wrong); i++) {
        CHECK(zone_find(str_z(wrong[i])) == NULL, "'%s'", wrong[i]);
    }
    CHECK(zone_find((Str){"UTC\0x", 5}) == NULL, "NUL inside");
    const Zone *paris = zone_find(STR("Europe/Paris")), *dublin = zone_find(STR("Europe/Dublin"));
    CHECK(paris && paris == zone_find(STR("Europe/Paris")), "kept");
    CHECK(paris && zone_standard(paris) == 3600, "standard time of Paris");
    CHECK(dublin && zone_offset(dublin, utc(2050, 7, 1, 0, 0)) == 3600 &&
              zone_offset(dublin, utc(2050, 1, 1, 0, 0)) == 0,
          "negative summer time of Dublin");
    CHECK(paris && zone_offset(paris, INT64_MAX) != 1 && zone_offset(paris, INT64_MIN) == 561,
          "the ends of time");
}

TEST(zone_rules)
{
    static const struct {
        const char *text;
        bool ok;
        int32_t january, july; /* offsets in 2100 */
    } table[] = {
        {"CET-1CEST,M3.5.0,M10.5.0/3", true, 3600, 7200},
        {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", true, -7200, -3600},
        {"EET-2EEST,M3.4.4/50,M10.4.4/50", true, 7200, 10800},
        {"<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", true, 39600, 37800},
        {"EST5EDT,0/0,J365/25", true, -14400, -14400},
        {"IST-1GMT0,M10.5.0,M3.5.0/1", true, 0, 3600},
        {"<+0530>-5:30", true, 19800, 19800},
        {"AAA0BBB,J60/0,J300/0", true, 0, 3600},
        {"AAA0BBB,59/0,299/0", true, 0, 3600},
        {"", false, 0, 0},
        {"CET", false, 0, 0},
        {"C-1", false, 0, 0},
        {"CET-25", false, 0, 0},
        {"CET-1CEST", false, 0, 0},
        {"CET-1CEST,M3.5.0", false, 0, 0},
        {"CET-1CEST,M13.5.0,M10.5.0", false, 0, 0},
        {"CET-1CEST,M3.6.0,M10.5.0", false, 0, 0},
        {"CET-1CEST,M3.5.7,M10.5.0", false, 0, 0},
        {"CET-1CEST,J0,J365", false, 0, 0},
        {"CET-1CEST,0,366", false, 0, 0},
        {"CET-1CEST,M3.5.0/168,M10.5.0", false, 0, 0},
        {"<CET-1", false, 0, 0},
        {"CET-1CEST,M3.5.0,M10.5.0,", false, 0, 0},
        {"CET-1:60", false, 0, 0},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        Err err = {0};
        Zone z = {.has_rule = true};
        bool ok = zone_read_rule(str_z(table[i].text), &z.rule, &err);
        CHECK(ok == table[i].ok && (ok || err.code == ERR_INPUT), "row %zu: %s", i, table[i].text);
        if (ok) {
            CHECK(zone_offset(&z, utc(2100, 1, 15, 0, 0)) == table[i].january &&
                      zone_offset(&z, utc(2100, 7, 15, 0, 0)) == table[i].july,
                  "row %zu: %s", i, table[i].text);
        }
    }
}

/* Whatever a file holds: it is refused, or every time has an offset. */
static void try_file(Arena *a, Str file)
{
    Zone z = {0};
    Err err = {0};
    bool sane = true;
    if (zone_read(a, file, &z, &err)) {
        for (int64_t year = -5000; year < 9000; year += 97) {
            int32_t at = zone_offset(&z, utc(year, 5, 5, 5, 5));
            sane = sane && at > -26 * 3600 && at < 26 * 3600;
        }
    } else {
        sane = err.code == ERR_INPUT || err.code == ERR_LIMIT;
    }
    if (!sane) {
        CHECK(false, "offset or error of %zu bytes", file.len);
    }
}

TEST(zone_broken_files)
{
    Arena a = {0};
    Err err = {0};
    Str file = {0};
    Zone z = {0};
    CHECK(file_read(&a, STR(ZONE_FOLDER "/Europe/Dublin"), ZONE_FILE_MAX, &file, &err), "%s",
          err.msg);
    CHECK(zone_read(&a, file, &z, &err) && z.has_rule && z.count > 50, "whole: %s", err.msg);
    ArenaMark mark = arena_mark(&a);
    for (size_t len = 0; len < file.len; len++) {
        CHECK(!zone_read(&a, str_slice(file, 0, len), &z, &err), "cut to %zu", len);
        arena_rewind(&a, mark);
    }
    for (size_t i = 0; i < file.len; i++) {
        char *copy = NEW_N(&a, char, file.len);
        memcpy(copy, file.at, file.len);
        for (int bit = 0; bit < 8; bit += 7) {
            copy[i] = (char)(file.at[i] ^ (1 << bit));
            try_file(&a, (Str){copy, file.len});
        }
        arena_rewind(&a, mark);
    }
    arena_free(&a);
}

enum { FINDERS = 4 };

static void find_many(void *arg)
{
    static const char *const names[] = {"Africa/Cairo", "Africa/Lagos", "America/Bogota",
                                        "Asia/Tokyo",   "Asia/Seoul",   "Europe/Oslo",
                                        "Europe/Rome",  "Nowhere/Land", "Pacific/Fiji"};
    const Zone **found = arg;
    for (size_t i = 0; i < COUNT(names); i++) {
        found[i] = zone_find(str_z(names[i]));
        zone_offset(found[i] ? found[i] : zone_find(STR("UTC")), 0);
    }
}

TEST(zone_threads_share)
{
    enum { NAMES = 9, NOWHERE = 7 };
    Thread threads[FINDERS];
    const Zone *found[FINDERS][NAMES] = {{NULL}};
    for (size_t i = 0; i < FINDERS; i++) {
        thread_start(&threads[i], "find", find_many, found[i]);
    }
    for (size_t i = 0; i < FINDERS; i++) {
        thread_join(&threads[i]);
    }
    for (size_t n = 0; n < NAMES; n++) {
        CHECK((found[0][n] != NULL) == (n != NOWHERE), "name %zu", n);
        for (size_t i = 1; i < FINDERS; i++) {
            CHECK(found[i][n] == found[0][n], "name %zu, thread %zu", n, i);
        }
    }
}
