/* SPDX-License-Identifier: Apache-2.0 */
/* Dates, times, durations. */
#include "feel/feel_int.h"

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
        if (!decimal_is_integer(args[i].number) || !decimal_int(args[i].number, &part[i])) {
            return feel_reason(b->out, "date: parts must be whole numbers");
        }
    }
    if (!date_valid(part[0], part[1], part[2])) {
        return feel_reason(b->out, "no such date");
    }
    return feel_date((FeelDate){(int32_t)part[0], (uint8_t)part[1], (uint8_t)part[2]});
}

static FeelValue run_moment_text(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    return temporal_moment(b->out, args[0].text);
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

static FeelValue run_moment_parts(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    FeelMoment m = *args[1].moment;
    m.date = args[0].kind == FEEL_DATE ? args[0].date : args[0].moment->date;
    return temporal_of(b->out, FEEL_DATE_TIME, m);
}

static FeelValue run_time_text(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    return temporal_time(b->out, args[0].text);
}

static FeelValue run_time_from(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    FeelMoment m = *args[0].moment;
    m.date = (FeelDate){0};
    return temporal_of(b->out, FEEL_TIME, m);
}

static FeelValue run_time_parts(FeelBudget *b, const FeelValue *args, size_t count)
{
    int64_t h = 0, m = 0, nanos = 0;
    Decimal seconds = args[2].number;
    FeelMoment made = {0};
    bool ok = decimal_int(args[0].number, &h) && decimal_int(args[1].number, &m) &&
              decimal_mul(seconds, decimal_of_int(NANOS), &seconds) &&
              decimal_int(seconds, &nanos) && h >= 0 && h < 24 && m >= 0 && m < 60 && nanos >= 0 &&
              nanos < INT64_C(60) * NANOS;
    if (ok && count > 3 && args[3].kind == FEEL_DAYS_DURATION) {
        made.has_offset = true;
        ok = args[3].duration.seconds <= 64800 && args[3].duration.seconds >= -64800;
        made.offset = ok ? (int32_t)args[3].duration.seconds : 0;
    }
    made.nanos = (h * 3600 + m * 60) * NANOS + nanos;
    return ok ? temporal_of(b->out, FEEL_TIME, made) : feel_reason(b->out, "no such time");
}

static FeelValue run_duration(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    return temporal_duration(b->out, args[0].text);
}

static FeelValue run_months_between(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    return temporal_months_between(b->out, &args[0], &args[1]);
}

static FeelDate date_part(const FeelValue *v)
{
    return v->kind == FEEL_DATE ? v->date : v->moment->date;
}

static int64_t weekday_of(FeelDate d) /* 0 Monday */
{
    int64_t w = (date_days(d) + 3) % 7;
    return w < 0 ? w + 7 : w;
}

static FeelValue run_day_of_week(FeelBudget *b, const FeelValue *args, size_t count)
{
    static const char *const names[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                        "Friday", "Saturday", "Sunday"};
    (void)b;
    (void)count;
    return feel_str(str_z(names[weekday_of(date_part(&args[0]))]));
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
    if (!date_of_days(date_days(d) - weekday_of(d) + 3, &thursday)) {
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
    {"time", "from", "s", run_time_text},
    {"time", "from", "y", run_time_from},
    {"time", "hour,minute,second,offset", "nnn?D", run_time_parts},
    {"week of year", "date", "e", run_week_of_year},
    {"years and months duration", "from,to", "ee", run_months_between},
    {NULL, NULL, NULL, NULL},
};
