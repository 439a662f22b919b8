/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One table of acts: from which stages, with which fields; and for each a function that makes the
 * change. Fields are checked by their shapes first, so a function meets only what fits.
 */
#include "services/standard/stages.h"

const char *const stage_names[] = {"proposed", "dissected", "piloting",  "accepted",
                                   "released", "retired",   "withdrawn", NULL};

static const char *const verdicts[] = {"keep", "merge", "cut", NULL};
static const char *const roles[] = {"applicant", "clerk", "approver", "supervisor", "system", NULL};

enum { MINUTES_MAX = 100000 };

bool stage_of(Str name, Stage *stage)
{
    for (Stage s = 0; s < STAGE_COUNT; s++)
        if (str_eq(name, str_z(stage_names[s]))) {
            *stage = s;
            return true;
        }
    return false;
}

#define FROM(stage) (1u << STAGE_##stage)
#define BEFORE_ACCEPTED (FROM(PROPOSED) | FROM(DISSECTED) | FROM(PILOTING))
#define LINE(name)                                                                                 \
    {                                                                                              \
        name, FIELD_SHAPE_LINE, true                                                               \
    }
#define AREA(name)                                                                                 \
    {                                                                                              \
        name, FIELD_SHAPE_AREA, true                                                               \
    }
#define DAY(name)                                                                                  \
    {                                                                                              \
        name, FIELD_SHAPE_DATE, true                                                               \
    }

static const StandardAct acts[] = {
    {"step",
     FROM(PROPOSED) | FROM(DISSECTED) | FROM(PILOTING),
     {LINE("title"),
      {"role", FIELD_SHAPE_ROLE, true},
      {"minutes_before", FIELD_SHAPE_NUMBER, true},
      {"minutes", FIELD_SHAPE_NUMBER, true},
      {"document", FIELD_SHAPE_LINE, false},
      {"verdict", FIELD_SHAPE_VERDICT, true},
      AREA("reason")},
     7},
    {"drop_step",
     FROM(DISSECTED) | FROM(PILOTING),
     {{"step", FIELD_SHAPE_STEP, true}, AREA("reason")},
     2},
    {"pilot",
     FROM(DISSECTED) | FROM(PILOTING),
     {LINE("place"), DAY("from_day"), DAY("to_day"), {"note", FIELD_SHAPE_AREA, false}},
     4},
    {"finding", FROM(PILOTING), {AREA("text"), LINE("owner"), DAY("due_day")}, 3},
    {"close_finding", FROM(PILOTING), {{"finding", FIELD_SHAPE_FINDING, true}, AREA("note")}, 2},
    {"accept", FROM(PILOTING), {AREA("note")}, 1},
    {"release", FROM(ACCEPTED), {DAY("effective_day"), AREA("note")}, 2},
    {"confirm_release", FROM(ACCEPTED), {{"note", FIELD_SHAPE_AREA, false}}, 1},
    {"refuse_release", FROM(ACCEPTED), {AREA("note")}, 1},
    {"retire", FROM(RELEASED), {DAY("ends_day"), AREA("note")}, 2},
    {"confirm_retirement", FROM(RELEASED), {{"note", FIELD_SHAPE_AREA, false}}, 1},
    {"refuse_retirement", FROM(RELEASED), {AREA("note")}, 1},
    {"withdraw", BEFORE_ACCEPTED | FROM(ACCEPTED), {AREA("note")}, 1},
};

const StandardAct *act_named(Str name)
{
    for (size_t i = 0; i < COUNT(acts); i++)
        if (str_eq(name, str_z(acts[i].name)))
            return &acts[i];
    return NULL;
}

size_t act_count(void)
{
    return COUNT(acts);
}

const StandardAct *act_at(size_t i)
{
    return &acts[i];
}

/* ---- what is open ---- */

static bool is(const StandardAct *act, const char *name)
{
    return strcmp(act->name, name) == 0;
}

/* A release or retirement that waits for another person. */
static const Value *waiting(const Value *data, const char *key)
{
    const Value *asked = value_at(data, key);
    return asked && !value_at(asked, "confirmed_by") ? asked : NULL;
}

static size_t rows_where(const Value *data, const char *list, const char *absent)
{
    const Value *rows = value_at(data, list);
    size_t n = 0;
    for (size_t i = 0; i < value_count(rows); i++)
        n += value_at(value_item(rows, i), absent) == NULL;
    return n;
}

size_t findings_open(const Value *data)
{
    return rows_where(data, "findings", "closed_by");
}

static bool answers(const StandardAct *act, const char *confirm, const char *refuse)
{
    return is(act, confirm) || is(act, refuse);
}

bool act_is_open(const StandardAct *act, Stage stage, const Value *data, Str who)
{
    if (!(act->from & 1u << stage))
        return false;
    const Value *release = waiting(data, "release"), *end = waiting(data, "retirement");
    if (answers(act, "confirm_release", "refuse_release"))
        return release && !(is(act, "confirm_release") && str_eq(get_str(release, "by"), who));
    if (answers(act, "confirm_retirement", "refuse_retirement"))
        return end && !(is(act, "confirm_retirement") && str_eq(get_str(end, "by"), who));
    if (is(act, "release") || is(act, "withdraw"))
        return !release;
    if (is(act, "retire"))
        return !end;
    if (is(act, "drop_step"))
        return rows_where(data, "steps", "dropped") > 0;
    if (is(act, "close_finding"))
        return findings_open(data) > 0;
    return true;
}

/* ---- fields ---- */

typedef struct {
    Arena *a;
    const StandardAct *act;
    const Value *in;
    const StandardFacts *facts;
    Value *data;
    Stage *stage;
    StandardProblem *problems;
    size_t max, *count;
} Doing;

static bool wrong(Doing *d, const char *field, const char *key)
{
    if (*d->count < d->max)
        d->problems[(*d->count)++] = (StandardProblem){field, key};
    return false;
}

static Str said(const Doing *d, const char *field)
{
    return str_trim(value_text(value_at(d->in, field)));
}

static bool among(Str s, const char *const *names)
{
    for (; *names; names++)
        if (str_eq(s, str_z(*names)))
            return true;
    return false;
}

/* The row of a list that the field numbers, from 1; NULL when there is none such open. */
static Value *row_of(const Doing *d, const char *list, const char *field, const char *absent)
{
    int64_t no;
    const Value *rows = value_at(d->data, list);
    if (!str_int(said(d, field), &no) || no < 1 || no > (int64_t)value_count(rows))
        return NULL;
    Value *row = value_item(rows, (size_t)no - 1);
    return value_at(row, absent) ? NULL : row;
}

static bool number_fits(Str s)
{
    int64_t n;
    return str_int(s, &n) && n >= 0 && n <= MINUTES_MAX;
}

static bool day_fits(Str s)
{
    Date day;
    Err err = {0};
    return date_parse(s, &day, &err);
}

static bool field_fits(Doing *d, const ActField *f)
{
    Str s = said(d, f->name);
    if (!s.len)
        return !f->required || wrong(d, f->name, "error.required");
    if (s.len > d->facts->text_max)
        return wrong(d, f->name, "error.too-long");
    switch (f->shape) {
    case FIELD_SHAPE_LINE:
    case FIELD_SHAPE_AREA: return true;
    case FIELD_SHAPE_NUMBER: return number_fits(s) || wrong(d, f->name, "error.number");
    case FIELD_SHAPE_DATE: return day_fits(s) || wrong(d, f->name, "error.date");
    case FIELD_SHAPE_ROLE: return among(s, roles) || wrong(d, f->name, "error.option");
    case FIELD_SHAPE_VERDICT: return among(s, verdicts) || wrong(d, f->name, "error.option");
    case FIELD_SHAPE_STEP:
        return row_of(d, "steps", f->name, "dropped") || wrong(d, f->name, "error.option");
    case FIELD_SHAPE_FINDING:
        return row_of(d, "findings", f->name, "closed_by") || wrong(d, f->name, "error.option");
    }
    return false;
}

/* ---- what acts do ---- */

static void sign(const Doing *d, Value *row, const char *by, const char *at)
{
    set_str(d->a, row, by, d->facts->who);
    set_str(d->a, row, str_cstr(d->a, str_fmt(d->a, "%s_name", by)), d->facts->name);
    set_str(d->a, row, at, date_iso(d->a, d->facts->today));
}

static void copy_fields(const Doing *d, Value *row)
{
    for (size_t i = 0; i < d->act->field_count; i++) {
        const ActField *f = &d->act->fields[i];
        int64_t n = 0;
        if (f->shape == FIELD_SHAPE_NUMBER && str_int(said(d, f->name), &n))
            set_int(d->a, row, f->name, n);
        else
            set_str(d->a, row, f->name, said(d, f->name));
    }
}

static bool add_row(Doing *d, const char *list, Stage next)
{
    Value *rows = value_inside(d->data, list);
    if (value_count(rows) >= d->facts->rows_max)
        return wrong(d, "", "standard.error.rows");
    Value *row = push_map(d->a, rows ? rows : set_list(d->a, d->data, list));
    copy_fields(d, row);
    sign(d, row, "by", "on_day");
    *d->stage = *d->stage > next ? *d->stage : next;
    return true;
}

static Date day_said(const Doing *d, const char *field)
{
    Date day = {0};
    Err err = {0};
    (void)!date_parse(said(d, field), &day, &err);
    return day;
}

static bool add_pilot(Doing *d)
{
    if (day_said(d, "to_day").days < day_said(d, "from_day").days)
        return wrong(d, "to_day", "standard.error.period");
    return add_row(d, "pilots", STAGE_PILOTING);
}

static bool end_row(Doing *d, const char *list, const char *field, const char *by)
{
    Value *row = row_of(d, list, field, by);
    set_str(d->a, row, "closing", said(d, str_eq(str_z(list), STR("steps")) ? "reason" : "note"));
    sign(d, row, by, "closed_day");
    return true;
}

static size_t rates_missed(const Value *rates)
{
    size_t n = 0;
    for (size_t i = 0; i < value_count(rates); i++)
        n += !get_bool(value_item(rates, i), "ok");
    return n;
}

static bool pilot_has_run(const Doing *d)
{
    const Value *pilots = value_at(d->data, "pilots");
    for (size_t i = 0; i < value_count(pilots); i++) {
        Date to = {0};
        Err err = {0};
        if (date_parse(get_str(value_item(pilots, i), "to_day"), &to, &err) &&
            to.days <= d->facts->today.days)
            return true;
    }
    return false;
}

static bool accept_it(Doing *d)
{
    bool ok = true;
    if (rows_where(d->data, "steps", "dropped") == 0)
        ok = wrong(d, "", "standard.error.no-steps");
    if (!pilot_has_run(d))
        ok = wrong(d, "", "standard.error.no-pilot");
    if (findings_open(d->data) > 0)
        ok = wrong(d, "", "standard.error.findings");
    if (rates_missed(d->facts->rates) > 0)
        ok = wrong(d, "", "standard.error.rates");
    if (!ok)
        return false;
    Value *row = set_map(d->a, d->data, "accepted");
    copy_fields(d, row);
    sign(d, row, "by", "on_day");
    set_value(d->a, row, "rates", value_copy(d->a, d->facts->rates));
    *d->stage = STAGE_ACCEPTED;
    return true;
}

static bool ask(Doing *d, const char *key, const char *day)
{
    if (day_said(d, day).days < d->facts->today.days)
        return wrong(d, day, "error.date.past");
    Value *row = set_map(d->a, d->data, key);
    copy_fields(d, row);
    sign(d, row, "by", "on_day");
    return true;
}

/* By another person; the day may have passed while it waited, then it is today. */
static bool confirm(Doing *d, const char *key, const char *day, Stage next)
{
    Value *row = value_inside(d->data, key);
    Date asked = {0};
    Err err = {0};
    if (date_parse(get_str(row, day), &asked, &err) && asked.days < d->facts->today.days)
        set_str(d->a, row, day, date_iso(d->a, d->facts->today));
    set_str(d->a, row, "confirmation", said(d, "note"));
    sign(d, row, "confirmed_by", "confirmed_day");
    if (next == STAGE_RELEASED)
        set_value(d->a, row, "items", value_copy(d->a, d->facts->items));
    *d->stage = next;
    return true;
}

static bool refuse(Doing *d, const char *key)
{
    Value *kept = value_map(d->a);
    for (uint32_t i = 0; i < d->data->map.count; i++)
        if (!str_eq(d->data->map.members[i].key, str_z(key)))
            value_set(d->a, kept, d->data->map.members[i].key, d->data->map.members[i].value);
    *d->data = *kept;
    return true;
}

static bool change(Doing *d)
{
    if (is(d->act, "step"))
        return add_row(d, "steps", STAGE_DISSECTED);
    if (is(d->act, "drop_step"))
        return end_row(d, "steps", "step", "dropped");
    if (is(d->act, "pilot"))
        return add_pilot(d);
    if (is(d->act, "finding"))
        return add_row(d, "findings", STAGE_PILOTING);
    if (is(d->act, "close_finding"))
        return end_row(d, "findings", "finding", "closed_by");
    if (is(d->act, "accept"))
        return accept_it(d);
    if (is(d->act, "release"))
        return ask(d, "release", "effective_day");
    if (is(d->act, "confirm_release"))
        return confirm(d, "release", "effective_day", STAGE_RELEASED);
    if (is(d->act, "refuse_release"))
        return refuse(d, "release");
    if (is(d->act, "retire"))
        return ask(d, "retirement", "ends_day");
    if (is(d->act, "confirm_retirement"))
        return confirm(d, "retirement", "ends_day", STAGE_RETIRED);
    if (is(d->act, "refuse_retirement"))
        return refuse(d, "retirement");
    *d->stage = STAGE_WITHDRAWN;
    return true;
}

bool act_do(Arena *out, const StandardAct *act, const Value *in, const StandardFacts *facts,
            Value *data, Stage *stage, StandardProblem *problems, size_t max, size_t *count)
{
    *count = 0;
    Doing d = {out, act, in, facts, data, stage, problems, max, count};
    if (!act_is_open(act, *stage, data, facts->who))
        return wrong(&d, "", "standard.error.not-now");
    bool fits = true;
    for (size_t i = 0; i < act->field_count; i++)
        fits = field_fits(&d, &act->fields[i]) && fits;
    return fits && change(&d);
}
