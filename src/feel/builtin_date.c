/* SPDX-License-Identifier: Apache-2.0 */
/* Dates, times, durations. */
#include "feel/temporal_int.h"

enum { ZONE_STEPS = 200 };

static bool whole(const FeelValue *v, int64_t least, int64_t most, int64_t *n)
{
    return decimal_is_integer(v->number) && decimal_int(v->number, n) && *n >= least && *n <= most;
}

static FeelValue run_date_text(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    return temporal_date(b->out, args[0].text);
}

static FeelValue run_date_from(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)b;
    (void)count;
    return args[0].kind == FEEL_DATE ? args[0] : feel_date(args[0].moment->date);
}

static FeelValue run_date_parts(FeelBudget *b, const FeelValue *args, size_t count)
{
    int64_t part[3] = {0};
    for (size_t i = 0; i < count; i++) {
        if (!whole(&args[i], INT64_MIN, INT64_MAX, &part[i])) {
            return feel_reason(b->out, "date: parts must be whole numbers");
        }
    }
    if (!date_valid(part[0], part[1], part[2])) {
        return feel_reason(b->out, "no such date");
    }
    return feel_date((FeelDate){(int32_t)part[0], (uint8_t)part[1], (uint8_t)part[2]});
}

/* A zone that is not there has cost a look into its folder. */
static FeelValue pay_zone(FeelBudget *b, Str text, FeelValue v)
{
    if (v.kind == FEEL_NULL && str_find(text, STR("@"), 0) != SIZE_MAX) {
        (void)budget_take(b, ZONE_STEPS);
    }
    return v;
}

static FeelValue run_moment_text(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    return pay_zone(b, args[0].text, temporal_moment(b->out, args[0].text));
}

static FeelValue run_moment_from(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    if (args[0].kind == FEEL_DATE_TIME) {
        return args[0];
    }
    return temporal_of(b->out, FEEL_DATE_TIME,
                       (FeelMoment){.date = args[0].date, .has_offset = true});
}

static FeelDate date_part(const FeelValue *v)
{
    return v->kind == FEEL_DATE ? v->date : v->moment->date;
}

static FeelValue run_moment_parts(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    FeelMoment m = *args[1].moment;
    m.date = date_part(&args[0]);
    return moment_settle(&m) ? temporal_of(b->out, FEEL_DATE_TIME, m)
                             : feel_reason(b->out, "no such time");
}

static FeelValue run_time_text(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    return pay_zone(b, args[0].text, temporal_time(b->out, args[0].text));
}

static FeelValue run_time_from(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    FeelMoment m = {.has_offset = true}; /* a date is midnight UTC */
    if (args[0].kind != FEEL_DATE) {
        m = *args[0].moment;
        m.date = (FeelDate){0};
    }
    return moment_settle(&m) ? temporal_of(b->out, FEEL_TIME, m)
                             : feel_reason(b->out, "no such time");
}

static FeelValue run_time_parts(FeelBudget *b, const FeelValue *args, size_t count)
{
    int64_t h = 0, m = 0, nanos = 0;
    Decimal seconds = args[2].number;
    FeelMoment made = {0};
    bool ok = whole(&args[0], 0, 23, &h) && whole(&args[1], 0, 59, &m) &&
              decimal_mul(seconds, decimal_of_int(NANOS), &seconds) &&
              decimal_int(seconds, &nanos) && nanos >= 0 && nanos < INT64_C(60) * NANOS &&
              decimal_cmp(seconds, decimal_of_int(0)) >= 0;
    if (ok && count > 3 && args[3].kind == FEEL_DAYS_DURATION) {
        FeelDuration offset = args[3].duration;
        made.has_offset = true;
        ok = offset.seconds <= OFFSET_LIMIT && offset.seconds >= -OFFSET_LIMIT && offset.nanos == 0;
        made.offset = ok ? (int32_t)offset.seconds : 0;
    }
    if (!ok) {
        return feel_reason(b->out, "no such time");
    }
    made.nanos = (h * 3600 + m * 60) * NANOS + nanos;
    return temporal_of(b->out, FEEL_TIME, made);
}

static FeelValue now_of(FeelBudget *b, const char *name)
{
    const FeelValue *now = b->limits ? b->limits->now : NULL;
    return now && now->kind == FEEL_DATE_TIME
               ? *now
               : feel_reason(b->out, "%s: the time is not known here", name);
}

static FeelValue run_now(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)args;
    (void)count;
    return now_of(b, "now");
}

static FeelValue run_today(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)args;
    (void)count;
    FeelValue now = now_of(b, "today");
    return now.kind == FEEL_NULL ? now : feel_date(now.moment->date);
}

static FeelValue run_duration(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    return temporal_duration(b->out, args[0].text);
}

static FeelValue run_months_between(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    (void)b;
    return temporal_months_between(&args[0], &args[1]);
}

static FeelValue run_day_of_week(FeelBudget *b, const FeelValue *args, size_t count)
{
    static const char *const names[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                        "Friday", "Saturday", "Sunday"};
    (void)b;
    (void)count;
    return feel_str(str_z(names[date_weekday_of(date_part(&args[0])) - 1]));
}

static FeelValue run_month_of_year(FeelBudget *b, const FeelValue *args, size_t count)
{
    static const char *const names[] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};
    (void)b;
    (void)count;
    return feel_str(str_z(names[date_part(&args[0]).month - 1]));
}

static int64_t day_of_year(FeelDate d)
{
    return date_days(d) - date_days((FeelDate){d.year, 1, 1}) + 1;
}

static FeelValue run_day_of_year(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)b;
    (void)count;
    return feel_int(day_of_year(date_part(&args[0])));
}

/* ISO 8601: the week belongs to the year of its Thursday. */
static FeelValue run_week_of_year(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    FeelDate d = date_part(&args[0]), thursday = d;
    if (!date_of_days(date_days(d) - date_weekday_of(d) + 4, &thursday)) {
        return feel_reason(b->out, "date out of range");
    }
    return feel_int((day_of_year(thursday) - 1) / 7 + 1);
}

const Builtin feel_builtins_date[] = {
    {"date", "from", "s", run_date_text},
    {"date", "from", "e", run_date_from},
    {"date", "year,month,day", "nnn", run_date_parts},
    {"date and time", "from", "s", run_moment_text},
    {"date and time", "from", "e", run_moment_from},
    {"date and time", "date,time", "et", run_moment_parts},
    {"day of week", "date", "e", run_day_of_week},
    {"day of year", "date", "e", run_day_of_year},
    {"duration", "from", "s", run_duration},
    {"month of year", "date", "e", run_month_of_year},
    {"now", "", "", run_now},
    {"time", "from", "s", run_time_text},
    {"time", "from", "y", run_time_from},
    {"time", "from", "d", run_time_from},
    {"time", "hour,minute,second,offset", "nnn?D", run_time_parts},
    {"today", "", "", run_today},
    {"week of year", "date", "e", run_week_of_year},
    {"years and months duration", "from,to", "ee", run_months_between},
    {NULL, NULL, NULL, NULL},
};
