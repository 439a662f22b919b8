/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/law/law.h"

#include <stdlib.h>

#include "base/rand.h"
#include "check.h"

enum { ZONE = ZONE_CHINA_MINUTES, HISTORIES = 4000 };

static Arena arena;

static LawClock clock_here(void)
{
    static const Calendar *calendar;
    if (!calendar)
        calendar = calendar_builtin(&arena);
    return (LawClock){calendar, LAW_HOURS_DEFAULT, ZONE};
}

/* "2026-02-11 10:00" in local time. */
static TimeMs at(const char *text)
{
    Date d = {0};
    Err err;
    Str s = str_z(text);
    int64_t hour = 0, minute = 0;
    bool ok = date_parse(str_slice(s, 0, 10), &d, &err) && str_int(str_slice(s, 11, 13), &hour) &&
              str_int(str_slice(s, 14, 16), &minute);
    CHECK(ok, "'%s'", text);
    return date_start(d, ZONE) + hour * MS_HOUR + minute * MS_MINUTE;
}

static Str shown(TimeMs t)
{
    return str_slice(time_iso(&arena, t, ZONE), 0, 16);
}

TEST(law_due_vectors)
{
    static const struct {
        const char *start;
        LawBudget budget;
        const char *from, *to; /* one excluded interval; to "": open */
        const char *due;       /* NULL: open */
        int32_t left;
    } rows[] = {
        {"2026-02-11 10:00", {5, LAW_WORKING_DAY}, NULL, NULL, "2026-02-25T17:30", 0},
        {"2025-09-22 10:00", {20, LAW_WORKING_DAY}, NULL, NULL, "2025-10-24T17:30", 0},
        {"2025-09-02 10:00", {30, LAW_NATURAL_DAY}, NULL, NULL, "2025-10-09T17:30", 0},
        /* a Saturday that is worked counts, a Monday that is a holiday does not */
        {"2026-02-13 10:00", {1, LAW_WORKING_DAY}, NULL, NULL, "2026-02-14T17:30", 0},
        {"2026-04-03 10:00", {1, LAW_WORKING_DAY}, NULL, NULL, "2026-04-07T17:30", 0},
        {"2026-03-09 23:59", {1, LAW_WORKING_DAY}, NULL, NULL, "2026-03-10T17:30", 0},
        {"2026-03-10 00:01", {1, LAW_WORKING_DAY}, NULL, NULL, "2026-03-11T17:30", 0},
        {"2026-03-09 23:59", {7, LAW_NATURAL_DAY}, NULL, NULL, "2026-03-16T17:30", 0},
        {"2026-03-10 00:01", {7, LAW_NATURAL_DAY}, NULL, NULL, "2026-03-17T17:30", 0},
        /* the day itself, and where it is over or off the next one */
        {"2026-03-10 10:00", {0, LAW_WORKING_DAY}, NULL, NULL, "2026-03-10T17:30", 0},
        {"2026-03-10 18:00", {0, LAW_WORKING_DAY}, NULL, NULL, "2026-03-11T17:30", 0},
        {"2026-03-14 10:00", {0, LAW_WORKING_DAY}, NULL, NULL, "2026-03-16T17:30", 0},
        /* months end on the same day or on the last */
        {"2026-01-31 10:00", {1, LAW_MONTH}, NULL, NULL, "2026-02-28T17:30", 0},
        {"2025-12-31 10:00", {2, LAW_MONTH}, NULL, NULL, "2026-02-28T17:30", 0},
        {"2024-02-29 10:00", {1, LAW_YEAR}, NULL, NULL, "2025-02-28T17:30", 0},
        {"2025-10-05 10:00", {1, LAW_YEAR}, NULL, NULL, "2026-10-08T17:30", 0},
        /* stopped for five working days */
        {"2026-03-09 10:00",
         {5, LAW_WORKING_DAY},
         "2026-03-10 11:00",
         "2026-03-17 11:00",
         "2026-03-23T17:30",
         0},
        /* stopped and going on within one day, before the close */
        {"2026-03-09 10:00",
         {5, LAW_WORKING_DAY},
         "2026-03-10 11:00",
         "2026-03-10 16:00",
         "2026-03-16T17:30",
         0},
        /* stopped on the last natural day: it is not lost */
        {"2026-03-09 10:00",
         {7, LAW_NATURAL_DAY},
         "2026-03-16 10:00",
         "2026-03-20 10:00",
         "2026-03-20T17:30",
         0},
        {"2026-03-09 10:00", {5, LAW_WORKING_DAY}, "2026-03-11 11:00", "", NULL, 4},
        {"2026-03-09 10:00", {5, LAW_NATURAL_DAY}, "2026-03-11 18:00", "", NULL, 3},
        {"2026-03-09 10:00", {5, LAW_WORKING_DAY}, "2026-03-17 11:00", "", "2026-03-16T17:30", 0},
        /* service hours */
        {"2026-03-09 10:00", {2, LAW_HOUR}, NULL, NULL, "2026-03-09T12:00", 0},
        {"2026-03-09 16:45", {2, LAW_HOUR}, NULL, NULL, "2026-03-10T09:45", 0},
        {"2026-03-13 17:15", {30, LAW_MINUTE}, NULL, NULL, "2026-03-16T08:45", 0},
        {"2026-03-14 12:00", {30, LAW_MINUTE}, NULL, NULL, "2026-03-16T09:00", 0},
        {"2026-03-09 16:30", {60, LAW_MINUTE}, NULL, NULL, "2026-03-09T17:30", 0},
        {"2026-03-09 10:00", {0, LAW_HOUR}, NULL, NULL, "2026-03-09T10:00", 0},
        {"2026-03-09 10:00",
         {2, LAW_HOUR},
         "2026-03-09 11:00",
         "2026-03-09 14:00",
         "2026-03-09T15:00",
         0},
        {"2026-03-09 10:00", {2, LAW_HOUR}, "2026-03-09 11:30", "", NULL, 30},
    };
    LawClock clock = clock_here();
    int passed = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        LawInterval one = {0};
        if (rows[i].from)
            one = (LawInterval){at(rows[i].from), rows[i].to[0] ? at(rows[i].to) : 0};
        LawIntervals ex = {&one, rows[i].from ? 1 : 0};
        LawDue due = {0};
        Err err = {0};
        bool ok = law_due(&clock, at(rows[i].start), rows[i].budget, ex, &due, &err);
        bool good = ok && due.open == (rows[i].due == NULL) && due.remaining == rows[i].left &&
                    !due.provisional;
        if (good && !due.open)
            good = str_eq(shown(due.at), str_z(rows[i].due)) &&
                   due.day.days == date_of_time(due.at, ZONE).days;
        CHECK(good, "row %zu: %s " STR_FMT " left %d", i, err.msg, STR_ARG(shown(due.at)),
              due.remaining);
        passed += good;
    }
    check_conformance("clock-vectors", passed, (int)COUNT(rows) - passed, 0);
}

TEST(law_due_round_the_clock)
{
    LawClock clock = clock_here();
    clock.hours = (LawHours){0, 1440};
    LawDue due;
    Err err = {0};
    LawIntervals none = {NULL, 0};
    CHECK(law_due(&clock, at("2026-03-13 23:30"), (LawBudget){2, LAW_HOUR}, none, &due, &err) &&
              str_eq(shown(due.at), STR("2026-03-14T01:30")),
          "over midnight, on a Saturday too");
    CHECK(law_due(&clock, at("2026-03-13 22:00"), (LawBudget){2, LAW_HOUR}, none, &due, &err) &&
              str_eq(shown(due.at), STR("2026-03-14T00:00")) &&
              due.day.days == date_of((Civil){2026, 3, 13}).days,
          "midnight belongs to the day before");
    CHECK(law_due(&clock, at("2026-03-13 22:00"), (LawBudget){1, LAW_WORKING_DAY}, none, &due,
                  &err) &&
              str_eq(shown(due.at), STR("2026-03-17T00:00")) &&
              due.day.days == date_of((Civil){2026, 3, 16}).days,
          "a day ends at 24:00: " STR_FMT, STR_ARG(shown(due.at)));
}

TEST(law_due_tells_what_is_provisional)
{
    static const struct {
        const char *start;
        LawBudget budget;
        bool provisional;
    } rows[] = {
        {"2026-12-28 10:00", {2, LAW_WORKING_DAY}, false},
        {"2026-12-28 10:00", {5, LAW_WORKING_DAY}, true},
        {"2026-12-28 10:00", {60, LAW_NATURAL_DAY}, true},
        {"2026-12-31 16:00", {3, LAW_HOUR}, true},
        {"2026-11-02 10:00", {1, LAW_MONTH}, false},
    };
    LawClock clock = clock_here();
    for (size_t i = 0; i < COUNT(rows); i++) {
        LawDue due;
        Err err = {0};
        bool ok =
            law_due(&clock, at(rows[i].start), rows[i].budget, (LawIntervals){NULL, 0}, &due, &err);
        CHECK(ok && due.provisional == rows[i].provisional, "row %zu", i);
    }
}

TEST(law_due_refuses_what_makes_no_sense)
{
    LawClock clock = clock_here(), bad = clock;
    bad.hours = (LawHours){600, 600};
    LawInterval backwards = {at("2026-03-10 10:00"), at("2026-03-09 10:00")};
    LawInterval ages = {at("2026-03-10 10:00"), at("2900-03-09 10:00")};
    LawInterval many[LAW_MAX_INTERVALS + 1] = {{1, 2}};
    const struct {
        const LawClock *clock;
        LawBudget budget;
        LawIntervals ex;
        ErrCode code;
    } rows[] = {
        {&clock, {-1, LAW_WORKING_DAY}, {NULL, 0}, ERR_INPUT},
        {&clock, {LAW_MAX_BUDGET + 1, LAW_HOUR}, {NULL, 0}, ERR_LIMIT},
        {&clock, {LAW_MAX_BUDGET, LAW_YEAR}, {NULL, 0}, ERR_LIMIT},
        {&clock, {1, LAW_WORKING_DAY}, {&backwards, 1}, ERR_INPUT},
        {&clock, {1, LAW_WORKING_DAY}, {&ages, 1}, ERR_LIMIT},
        {&clock, {100, LAW_HOUR}, {&ages, 1}, ERR_LIMIT},
        {&clock, {1, LAW_HOUR}, {many, COUNT(many)}, ERR_LIMIT},
        {&bad, {1, LAW_HOUR}, {NULL, 0}, ERR_INPUT},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        LawDue due;
        Err err = {0};
        bool ok =
            law_due(rows[i].clock, at("2026-03-09 10:00"), rows[i].budget, rows[i].ex, &due, &err);
        CHECK(!ok && err.code == rows[i].code, "row %zu: %s", i, err.msg);
    }
    LawDue due;
    Err err = {0};
    CHECK(!law_due(&clock, INT64_MAX, (LawBudget){1, LAW_YEAR}, (LawIntervals){NULL, 0}, &due,
                   &err) &&
              err.code == ERR_LIMIT,
          "%s", err.msg);
}

/* ---- random histories ---- */

typedef struct {
    TimeMs start;
    LawBudget budget;
    LawInterval ex[8];
    size_t n;
} History;

static History random_history(Rng *r)
{
    History h = {0};
    TimeMs base = date_start(date_of((Civil){2011, 1, 1}), ZONE);
    h.start = base + (TimeMs)rng_below(r, 15 * 365 * 24 * 60) * MS_MINUTE;
    h.budget.unit = (LawUnit)rng_below(r, 6);
    static const int most[] = {60, 120, 6, 2, 40, 900};
    h.budget.n = 1 + (int32_t)rng_below(r, (uint64_t)most[h.budget.unit]);
    h.n = rng_below(r, 5);
    TimeMs t = h.start;
    for (size_t i = 0; i < h.n; i++) {
        t += (TimeMs)rng_below(r, 12 * 24 * 60) * MS_MINUTE;
        h.ex[i].from = t;
        t += (TimeMs)rng_below(r, 15 * 24 * 60) * MS_MINUTE;
        h.ex[i].to = t;
    }
    if (h.n && rng_below(r, 6) == 0)
        h.ex[h.n - 1].to = 0;
    return h;
}

static LawDue due_of(const History *h)
{
    LawClock clock = clock_here();
    LawDue due = {0};
    Err err = {0};
    bool ok = law_due(&clock, h->start, h->budget, (LawIntervals){h->ex, h->n}, &due, &err);
    if (!ok)
        CHECK(ok, "%s", err.msg);
    return due;
}

static bool covered(const History *h, TimeMs t)
{
    for (size_t i = 0; i < h->n; i++)
        if (h->ex[i].from <= t && (!h->ex[i].to || t < h->ex[i].to))
            return true;
    return false;
}

static bool covered_for_ever(const History *h, TimeMs t)
{
    return h->n && !h->ex[h->n - 1].to && t >= h->ex[h->n - 1].from;
}

/* The rule as the law's text has it, minute by minute or day by day, with no other thought. */
static LawDue oracle(const History *h)
{
    LawClock clock = clock_here();
    const Calendar *cal = clock.calendar;
    Date d = date_of_time(h->start, ZONE);
    LawDue due = {0};
    int32_t n = h->budget.n;
    if (h->budget.unit == LAW_HOUR || h->budget.unit == LAW_MINUTE) {
        int64_t left = h->budget.unit == LAW_HOUR ? n * INT64_C(60) : n;
        TimeMs t = h->start;
        for (; left > 0 && !covered_for_ever(h, t); t += MS_MINUTE) {
            CivilTime c = time_civil(t, ZONE);
            int32_t minute = c.hour * 60 + c.minute;
            bool served =
                minute >= 510 && minute < 1050 && calendar_is_working_day(cal, date_of(c.date));
            left -= served && !covered(h, t);
        }
        due.open = left > 0;
        due.remaining = (int32_t)left;
        due.at = due.open ? 0 : t;
        return due;
    }
    bool working = h->budget.unit == LAW_WORKING_DAY;
    if (h->budget.unit == LAW_MONTH)
        n = date_add_months(d, n).days - d.days;
    if (h->budget.unit == LAW_YEAR)
        n = date_add_months(d, n * 12).days - d.days;
    TimeMs close = 0;
    for (bool last = false; n > 0 || !last;) {
        d.days++;
        close = date_start(d, ZONE) + 1050 * MS_MINUTE;
        bool works = calendar_is_working_day(cal, d);
        if (covered_for_ever(h, close) && (!working || works))
            return (LawDue){.open = true, .remaining = n};
        bool counts = !covered(h, close) && (works || !working);
        if (n > 0)
            n -= counts;
        last = n == 0 && works && !covered(h, close);
    }
    due.at = close;
    return due;
}

TEST(law_due_agrees_with_the_text_of_the_law)
{
    Rng r;
    rng_seed(&r, 20261122);
    int passed = 0;
    for (int i = 0; i < HISTORIES; i++) {
        History h = random_history(&r);
        LawDue got = due_of(&h), want = oracle(&h);
        bool ok = got.open == want.open && got.remaining == want.remaining && got.at == want.at;
        passed += ok;
        if (!ok)
            CHECK(ok,
                  "history %d: %d %s from " STR_FMT ": " STR_FMT " and not " STR_FMT
                  ", left %d and %d",
                  i, h.budget.n, law_unit_name(h.budget.unit), STR_ARG(shown(h.start)),
                  STR_ARG(shown(got.at)), STR_ARG(shown(want.at)), got.remaining, want.remaining);
    }
    CHECK(passed == HISTORIES, "%d of %d", passed, HISTORIES);
    check_conformance("clock-oracle", passed, HISTORIES - passed, 0);
}

/* Open is later than every time; of two open ones, more left is later. */
static int later(LawDue a, LawDue b)
{
    if (a.open || b.open)
        return a.open != b.open ? (a.open ? 1 : -1)
                                : (a.remaining > b.remaining) - (a.remaining < b.remaining);
    return (a.at > b.at) - (a.at < b.at);
}

TEST(law_due_algebra)
{
    Rng r;
    rng_seed(&r, 82);
    size_t wrong[6] = {0};
    for (int i = 0; i < HISTORIES; i++) {
        History h = random_history(&r);
        LawDue due = due_of(&h);
        History more = h;
        more.budget.n++;
        wrong[0] += later(due_of(&more), due) < 0;

        History wider = h;
        size_t k = wider.n++;
        wider.ex[k].from = h.start + (TimeMs)rng_below(&r, 60 * 24 * 60) * MS_MINUTE;
        wider.ex[k].to = wider.ex[k].from + (TimeMs)rng_below(&r, 9 * 24 * 60) * MS_MINUTE;
        wrong[1] += later(due_of(&wider), due) < 0;

        History one_day = h;
        Date day = date_add_days(date_of_time(h.start, ZONE), (int32_t)rng_below(&r, 40));
        TimeMs nine = date_start(day, ZONE) + 9 * MS_HOUR;
        one_day.ex[one_day.n++] =
            (LawInterval){nine, nine + (TimeMs)rng_below(&r, 500) * MS_MINUTE};
        bool minutes = h.budget.unit == LAW_HOUR || h.budget.unit == LAW_MINUTE;
        wrong[2] += !minutes && later(due_of(&one_day), due) != 0;

        History cut = h;
        if (h.n) {
            size_t which = rng_below(&r, h.n);
            TimeMs from = h.ex[which].from, to = h.ex[which].to;
            TimeMs span = (to ? to : from + 30 * MS_DAY) - from;
            TimeMs middle = from + (TimeMs)rng_below(&r, (uint64_t)span / 60000 + 1) * MS_MINUTE;
            cut.ex[which].to = middle;
            cut.ex[cut.n++] = (LawInterval){middle, to};
            wrong[3] += later(due_of(&cut), due) != 0;
            History turned = h;
            for (size_t j = 0; j < h.n; j++)
                turned.ex[j] = h.ex[h.n - 1 - j];
            wrong[4] += later(due_of(&turned), due) != 0;
        }
        History tomorrow = h;
        tomorrow.start += MS_DAY;
        wrong[5] += h.n == 0 && later(due_of(&tomorrow), due) < 0;
    }
    static const char *const laws[] = {
        "monotone in the budget", "monotone in the intervals",
        "one day costs nothing",  "cuts change nothing",
        "order changes nothing",  "a later start is never due earlier"};
    for (size_t i = 0; i < COUNT(laws); i++)
        CHECK(wrong[i] == 0, "%s: %zu", laws[i], wrong[i]);
}

TEST(law_remaining_counts_down)
{
    LawClock clock = clock_here();
    LawDue due;
    Err err = {0};
    LawBudget b = {5, LAW_WORKING_DAY};
    CHECK(law_due(&clock, at("2026-02-11 10:00"), b, (LawIntervals){NULL, 0}, &due, &err), "due");
    static const struct {
        const char *now;
        int32_t n;
        bool overdue;
    } rows[] = {
        {"2026-02-11 10:00", 5, false}, {"2026-02-14 10:00", 2, false},
        {"2026-02-20 10:00", 2, false}, {"2026-02-25 17:30", 0, false},
        {"2026-02-25 17:31", 0, true},  {"2026-02-27 09:00", -2, true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        LawLeft left = law_remaining(&clock, &due, b.unit, at(rows[i].now));
        CHECK(left.n == rows[i].n && left.overdue == rows[i].overdue && !left.open, "%s: %d %d",
              rows[i].now, left.n, left.overdue);
    }
    LawLeft natural = law_remaining(&clock, &due, LAW_NATURAL_DAY, at("2026-02-20 10:00"));
    CHECK(natural.n == 5, "natural days");
    LawLeft minutes = law_remaining(&clock, &due, LAW_MINUTE, at("2026-02-25 17:00"));
    CHECK(minutes.n == 30, "minutes");
    LawDue open = {.open = true, .remaining = 3};
    LawLeft still = law_remaining(&clock, &open, b.unit, at("2026-02-20 10:00"));
    CHECK(still.open && still.n == 3 && !still.overdue, "stands still");
}
