/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When a timer fires: a date, a duration from now, a cycle of durations; in working days by the
 * calendar of the place. A cycle counts on from when it was due, not from when it was seen to fire,
 * so that it does not drift; after a long standstill it fires once, and counts on from then.
 */
#include "engine/flow/flow_int.h"

static bool add_working_days(Step *s, TimeMs from, int64_t days, TimeMs *due, Str *why)
{
    Err err = {0};
    if (!s->model->working_days) {
        *why = STR("no calendar counts working days here");
        return false;
    }
    if (!s->model->working_days(s->model->calendar, from, days, due, &err)) {
        *why = str_fmt(s->out, "working days: %s", err.msg);
        return false;
    }
    return true;
}

static bool add_duration(Step *s, TimeMs from, const FeelValue *raw, TimeMs *due, bool *fits,
                         Str *why)
{
    int64_t days = 0;
    FeelValue v = *raw;
    *fits = true;
    if (raw->kind == FEEL_STRING && bpmn_working_days(raw->text, &days)) {
        return add_working_days(s, from, days, due, why);
    }
    v = raw->kind == FEEL_STRING ? feel_temporal(s->out, raw->text) : v;
    FeelValue now = feel_of_time(s->out, from, s->model->zone_minutes);
    bool duration = v.kind == FEEL_DAYS_DURATION || v.kind == FEEL_MONTHS_DURATION;
    v = duration ? feel_add(s->out, &now, &v) : feel_null();
    *fits = feel_time_of(&v, s->model->zone_minutes, due);
    return *fits;
}

static bool next_turn(Step *s, const FeelValue *duration, TimeMs *due, bool *fits, Str *why)
{
    TimeMs now = s->ev->at, from = *due && *due < now ? *due : now;
    return add_duration(s, from, duration, due, fits, why) &&
           (*due > now || from == now || add_duration(s, now, duration, due, fits, why));
}

bool due_of(Step *s, const BpmnElement *e, const BpmnTrigger *t, int64_t scope, FlowWait *w,
            Str *why)
{
    FeelValue raw = feel_null();
    Str duration = {0};
    bool fits = true, ok = false;
    if (!scope_eval(s, scope, &t->timer, &raw, why)) {
        return false;
    }
    if (t->timer_kind == BPMN_TIMER_CYCLE) {
        int64_t times = 0;
        fits = raw.kind == FEEL_STRING && bpmn_cycle(raw.text, &times, &duration);
        FeelValue v = feel_str(duration);
        w->left = w->left ? w->left : times;
        ok = fits && next_turn(s, &v, &w->due, &fits, why);
    } else if (t->timer_kind == BPMN_TIMER_DURATION) {
        ok = add_duration(s, s->ev->at, &raw, &w->due, &fits, why);
    } else {
        FeelValue v = raw.kind == FEEL_STRING ? feel_temporal(s->out, raw.text) : raw;
        ok = fits = feel_time_of(&v, s->model->zone_minutes, &w->due);
    }
    if (!fits) {
        *why = str_fmt(s->out, "timer of '" STR_FMT "' has no time: " STR_FMT, STR_ARG(e->id),
                       STR_ARG(feel_text(s->out, &raw)));
    }
    return ok;
}

bool due_after(Step *s, int64_t scope, const BpmnExpr *e, const BpmnElement *of, TimeMs *due,
               Str *why)
{
    FeelValue raw = feel_null();
    bool fits = true;
    if (e->text.len == 0) {
        return true;
    }
    if (!scope_eval(s, scope, e, &raw, why)) {
        return false;
    }
    FeelValue v = raw.kind == FEEL_STRING ? feel_temporal(s->out, raw.text) : raw;
    if (feel_time_of(&v, s->model->zone_minutes, due)) {
        return true;
    }
    if (!add_duration(s, s->ev->at, &raw, due, &fits, why)) {
        *why = fits ? *why
                    : str_fmt(s->out, "'" STR_FMT "' of '" STR_FMT "' is no time: " STR_FMT,
                              STR_ARG(e->text), STR_ARG(of->id), STR_ARG(feel_text(s->out, &raw)));
        return false;
    }
    return true;
}
