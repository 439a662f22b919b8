/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One day after the other, as a clerk counts on a calendar: slower than arithmetic and impossible
 * to get wrong; a limit of 20 days is 20 steps. A day is consumed iff the clock runs at its close
 * of business. The same rule serves natural days, where the law only says that excluded time does
 * not count: any other cut (midnight, whole days) lets a limit end while the case stands still. The
 * last day is moved on until it is a working day on which the clock runs.
 *
 * Hours and minutes advance from event to event (opening, closing, begin and end of an interval)
 * and so may end in the middle of a day.
 */
#include "engine/law/law.h"

enum { DAY_MINUTES = 24 * 60, YELLOW_PART = 5 };

static const char *const unit_names[] = {
    [LAW_WORKING_DAY] = "working_day",
    [LAW_NATURAL_DAY] = "natural_day",
    [LAW_MONTH] = "month",
    [LAW_YEAR] = "year",
    [LAW_HOUR] = "hour",
    [LAW_MINUTE] = "minute",
};

bool law_unit_read(Str name, LawUnit *unit)
{
    for (size_t i = 0; i < COUNT(unit_names); i++)
        if (str_eq(name, str_z(unit_names[i]))) {
            *unit = (LawUnit)i;
            return true;
        }
    return false;
}

const char *law_unit_name(LawUnit unit)
{
    return unit_names[unit];
}

static TimeMs close_of(const LawClock *clock, Date day)
{
    return date_start(day, clock->zone) + clock->hours.close_minute * MS_MINUTE;
}

/* The interval that covers t and ends last, or NULL. */
static const LawInterval *covering(LawIntervals ex, TimeMs t)
{
    const LawInterval *found = NULL;
    for (size_t i = 0; i < ex.n; i++) {
        const LawInterval *one = ex.at + i;
        if (one->from > t || (one->to && one->to <= t))
            continue;
        if (!one->to)
            return one;
        if (!found || one->to > found->to)
            found = one;
    }
    return found;
}

static bool years_provisional(const LawClock *clock, Date from, Date to)
{
    for (int32_t year = date_civil(from).year; year <= date_civil(to).year; year++)
        if (calendar_is_provisional(clock->calendar, date_of((Civil){year, 1, 1})))
            return true;
    return false;
}

static bool too_far(Date from, Date day, Err *err)
{
    if (day.days - from.days <= LAW_MAX_DAYS)
        return false;
    (void)FAIL(err, ERR_LIMIT, "a limit ends more than %d days after its start", LAW_MAX_DAYS);
    return true;
}

/* Moves *day over n days that count; open when an interval without end stops it. */
static bool consume(const LawClock *clock, Date *day, int32_t n, bool working, LawIntervals ex,
                    LawDue *due, Err *err)
{
    Date from = *day;
    while (n > 0) {
        *day = date_add_days(*day, 1);
        if (too_far(from, *day, err))
            return false;
        if (working && !calendar_is_working_day(clock->calendar, *day))
            continue;
        const LawInterval *stop = covering(ex, close_of(clock, *day));
        if (stop && !stop->to) {
            *due = (LawDue){.open = true, .remaining = n};
            return true;
        }
        n -= !stop;
    }
    return true;
}

/* The last day is a working day on which the clock runs and which is not over at start. */
static bool settle(const LawClock *clock, TimeMs start, Date *day, LawIntervals ex, LawDue *due,
                   Err *err)
{
    Date from = *day;
    for (;; *day = date_add_days(*day, 1)) {
        if (too_far(from, *day, err))
            return false;
        TimeMs close = close_of(clock, *day);
        if (!calendar_is_working_day(clock->calendar, *day) || close < start)
            continue;
        const LawInterval *stop = covering(ex, close);
        if (!stop)
            return true;
        if (!stop->to) {
            *due = (LawDue){.open = true, .remaining = 0};
            return true;
        }
    }
}

static bool due_in_days(const LawClock *clock, TimeMs start, LawBudget b, LawIntervals ex,
                        LawDue *due, Err *err)
{
    bool working = b.unit == LAW_WORKING_DAY;
    Date first = date_of_time(start, clock->zone), day = first;
    int32_t n = b.n;
    if (b.unit == LAW_MONTH || b.unit == LAW_YEAR)
        n = date_add_months(first, b.unit == LAW_YEAR ? b.n * 12 : b.n).days - first.days;
    *due = (LawDue){0};
    if (!consume(clock, &day, n, working, ex, due, err))
        return false;
    Date counted = working ? first : day;
    if (!due->open && !settle(clock, start, &day, ex, due, err))
        return false;
    due->provisional = years_provisional(clock, counted, day);
    if (due->open)
        return true;
    due->day = day;
    due->at = close_of(clock, day);
    return true;
}

static bool round_the_clock(const LawClock *clock)
{
    return clock->hours.open_minute == 0 && clock->hours.close_minute == DAY_MINUTES;
}

/* The end of the service time that t lies in, or 0 and in *t the next opening. */
static TimeMs service_end(const LawClock *clock, TimeMs *t)
{
    Date day = date_of_time(*t, clock->zone);
    if (round_the_clock(clock))
        return date_start(day, clock->zone) + MS_DAY;
    TimeMs opens = date_start(day, clock->zone) + clock->hours.open_minute * MS_MINUTE;
    bool works = calendar_is_working_day(clock->calendar, day);
    if (works && *t >= opens && *t < close_of(clock, day))
        return close_of(clock, day);
    if (works && *t < opens) {
        *t = opens;
        return 0;
    }
    day = calendar_add_working_days(clock->calendar, day, 1);
    *t = date_start(day, clock->zone) + clock->hours.open_minute * MS_MINUTE;
    return 0;
}

static TimeMs next_begin(LawIntervals ex, TimeMs after, TimeMs otherwise)
{
    TimeMs next = otherwise;
    for (size_t i = 0; i < ex.n; i++)
        if (ex.at[i].from > after && ex.at[i].from < next)
            next = ex.at[i].from;
    return next;
}

static bool due_in_minutes(const LawClock *clock, TimeMs start, LawBudget b, LawIntervals ex,
                           LawDue *due, Err *err)
{
    TimeMs t = start;
    int64_t left = b.n * (b.unit == LAW_HOUR ? MS_HOUR : MS_MINUTE);
    Date first = date_of_time(start, clock->zone);
    *due = (LawDue){0};
    while (left > 0) {
        if (too_far(first, date_of_time(t, clock->zone), err))
            return false;
        const LawInterval *stop = covering(ex, t);
        if (stop && !stop->to) {
            due->open = true;
            due->remaining = (int32_t)((left + MS_MINUTE - 1) / MS_MINUTE);
            break;
        }
        if (stop) {
            t = stop->to;
            continue;
        }
        TimeMs end = service_end(clock, &t);
        if (!end)
            continue;
        TimeMs until = next_begin(ex, t, end);
        int64_t run = until - t < left ? until - t : left;
        t += run;
        left -= run;
    }
    /* A limit that ends at midnight belongs to the day before. */
    Date day = date_of_time(t > start ? t - 1 : t, clock->zone);
    due->provisional = years_provisional(clock, first, day);
    if (!due->open) {
        due->at = t;
        due->day = day;
    }
    return true;
}

static bool check_input(const LawClock *clock, TimeMs start, LawBudget b, LawIntervals ex, Err *err)
{
    LawHours h = clock->hours;
    if (b.n < 0)
        return FAIL(err, ERR_INPUT, "a limit is below 0 '%d %s'", b.n, law_unit_name(b.unit));
    if (b.n > LAW_MAX_BUDGET)
        return FAIL(err, ERR_LIMIT, "a limit is above %d '%d %s'", LAW_MAX_BUDGET, b.n,
                    law_unit_name(b.unit));
    if (h.open_minute < 0 || h.open_minute >= h.close_minute || h.close_minute > DAY_MINUTES)
        return FAIL(err, ERR_INPUT, "service hours make no sense '%d to %d'", h.open_minute,
                    h.close_minute);
    if (ex.n > LAW_MAX_INTERVALS)
        return FAIL(err, ERR_LIMIT, "more than %d excluded intervals", LAW_MAX_INTERVALS);
    if (date_civil(date_of_time(start, clock->zone)).year >= 9000)
        return FAIL(err, ERR_LIMIT, "a limit starts after the year 9000");
    for (size_t i = 0; i < ex.n; i++)
        if (ex.at[i].to && ex.at[i].to < ex.at[i].from)
            return FAIL(err, ERR_INPUT, "an excluded interval ends before it begins");
    return true;
}

bool law_due(const LawClock *clock, TimeMs start, LawBudget budget, LawIntervals excluded,
             LawDue *due, Err *err)
{
    if (!check_input(clock, start, budget, excluded, err))
        return false;
    LawDue found;
    bool minutes = budget.unit == LAW_HOUR || budget.unit == LAW_MINUTE;
    bool ok = minutes ? due_in_minutes(clock, start, budget, excluded, &found, err)
                      : due_in_days(clock, start, budget, excluded, &found, err);
    if (ok)
        *due = found;
    return ok;
}

LawLeft law_remaining(const LawClock *clock, const LawDue *due, LawUnit unit, TimeMs now)
{
    if (due->open)
        return (LawLeft){.open = true, .n = due->remaining};
    LawLeft left = {.overdue = now > due->at};
    Date today = date_of_time(now, clock->zone);
    switch (unit) {
    case LAW_WORKING_DAY:
        left.n = calendar_count_working_days(clock->calendar, today, due->day);
        break;
    case LAW_NATURAL_DAY:
    case LAW_MONTH:
    case LAW_YEAR: left.n = due->day.days - today.days; break;
    case LAW_HOUR:
    case LAW_MINUTE: left.n = (int32_t)((due->at - now) / MS_MINUTE); break;
    }
    return left;
}

LawCard law_card(const LawRules *rules, const LawCase *c, const LawDue *due, LawBudget budget,
                 TimeMs now)
{
    bool running = c->state == LAW_ACCEPTED;
    if (!c->accepted_at || due->open || (!running && !c->decided_at))
        return LAW_CARD_NONE;
    if ((running ? now : c->decided_at) > due->at)
        return LAW_CARD_RED;
    if (!running)
        return LAW_CARD_NONE;
    LawLeft left = law_remaining(&rules->clock, due, budget.unit, now);
    bool minutes = budget.unit == LAW_HOUR || budget.unit == LAW_MINUTE;
    int64_t whole = due->day.days - date_of_time(c->accepted_at, rules->clock.zone).days;
    if (budget.unit == LAW_WORKING_DAY || budget.unit == LAW_NATURAL_DAY || minutes)
        whole = budget.unit == LAW_HOUR ? budget.n * INT64_C(60) : budget.n;
    bool near = (int64_t)left.n * YELLOW_PART <= whole || (!minutes && left.n <= 1);
    return near ? LAW_CARD_YELLOW : LAW_CARD_NONE;
}
