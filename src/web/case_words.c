/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A case in words: its state, what happened and when, by whom, and by when it will be done. The
 * model of case_view stays as it is; the words stand beside it, for pages and JSON alike.
 */
#include "base/date.h"
#include "web/web_int.h"

static const struct {
    const char *state, *tag;
} tags[] = {
    {"correction", "hot"}, {"suspended", "warn"}, {"refused", "err"}, {"revoked", "err"},
    {"denied", "err"},     {"granted", "ok"},     {"issued", "ok"},   {"delivered", "ok"},
    {"withdrawn", ""},     {"transferred", ""},   {"terminated", ""}, {"archived", ""},
    {"waiting", "line"},   {"not_begun", "err"},
};

static void part_words(const HttpRequest *rq, Value *parts)
{
    for (size_t i = 0; i < value_count(parts); i++) {
        Value *p = value_item(parts, i);
        static const char *const absent[] = {"because", "waits_for", "promise_date"};
        Str state = get_str(p, "state"), outcome = get_str(p, "outcome"), no = get_str(p, "no");
        if ((str_eq(state, STR("decided")) || str_eq(state, STR("issued"))) && outcome.len)
            state = outcome;
        set_str(rq->arena, p, "state_text",
                web_text_str(rq, str_fmt(rq->arena, "state." STR_FMT, STR_ARG(state))));
        set_str(rq->arena, p, "state_tag", web_state_tag(state));
        set_str(rq->arena, p, "url",
                no.len ? str_fmt(rq->arena, "/my/cases/" STR_FMT, STR_ARG(no)) : STR(""));
        for (size_t k = 0; k < COUNT(absent); k++)
            if (!get_str(p, absent[k]).len)
                set_str(rq->arena, p, absent[k], STR(""));
    }
}

/* The parts of a whole, or the whole beside a part. */
static void whole_words(const HttpRequest *rq, Value *model)
{
    Value *whole = value_inside(model, "whole");
    part_words(rq, value_inside(whole ? whole : model, "parts"));
    if (!whole)
        return;
    Str state = get_str(whole, "state"), no = get_str(whole, "no");
    set_str(rq->arena, whole, "state_text",
            web_text_str(rq, str_fmt(rq->arena, "state." STR_FMT, STR_ARG(state))));
    set_str(rq->arena, whole, "state_tag", web_state_tag(state));
    set_str(rq->arena, whole, "url",
            no.len ? str_fmt(rq->arena, "/my/cases/" STR_FMT, STR_ARG(no)) : STR(""));
}

static Str by_whom(const HttpRequest *rq, const Value *event)
{
    if (get_bool(event, "by_system"))
        return web_text(rq, "event.by_system");
    if (get_bool(event, "by_applicant"))
        return get_str(event, "by").len ? get_str(event, "by") : web_text(rq, "event.by_applicant");
    if (!get_str(event, "by").len && !get_str(event, "by_organ").len)
        return STR("");
    return str_trim(web_text_with(rq, "event.by_staff", event));
}

static void event_words(const HttpRequest *rq, Value *event, bool closed)
{
    const Visit *v = visit_of(rq);
    int32_t zone = v->web->app->catalogue->zone_minutes;
    TimeMs at = get_int(event, "at", 0);
    Str kind = get_str(event, "kind");
    set_str(rq->arena, event, "title",
            web_text_str(rq, str_fmt(rq->arena, "event." STR_FMT, STR_ARG(kind))));
    set_str(rq->arena, event, "when", time_text(rq->arena, at, zone, lang_name(v->lang)));
    set_str(rq->arena, event, "when_iso", time_iso(rq->arena, at, zone));
    set_str(rq->arena, event, "note", by_whom(rq, event));
    set_str(rq->arena, event, "detail", STR(""));
    set_bool(rq->arena, event, "now", get_bool(event, "last") && !closed);
    set_bool(rq->arena, event, "todo", false);
    set_bool(rq->arena, event, "bad", str_eq(kind, STR("overdue")));
}

static void add_todo(const HttpRequest *rq, Value *timeline, const char *title, Str due)
{
    Value *todo = push_map(rq->arena, timeline);
    set_str(rq->arena, todo, "kind", STR(""));
    set_str(rq->arena, todo, "title", web_text(rq, title));
    set_str(rq->arena, todo, "when", STR(""));
    set_str(rq->arena, todo, "note", due);
    set_str(rq->arena, todo, "detail", STR(""));
    set_bool(rq->arena, todo, "now", false);
    set_bool(rq->arena, todo, "todo", true);
    set_bool(rq->arena, todo, "bad", false);
}

/* By when it was promised, or that the clock stands still. */
static Str due_words(const HttpRequest *rq, Value *model)
{
    const Visit *v = visit_of(rq);
    const Value *promise = value_at(model, "promise");
    TimeMs at = get_int(promise, "at", 0);
    if (get_bool(promise, "standing"))
        return web_text(rq, "case.standing");
    if (!at)
        return STR("");
    Value *with = value_map(rq->arena);
    Date day = date_of_time(at, v->web->app->catalogue->zone_minutes);
    set_str(rq->arena, with, "due", date_text(rq->arena, day, lang_name(v->lang)));
    return web_text_with(rq, get_bool(promise, "late") ? "case.late" : "case.due", with);
}

Str web_state_tag(Str state)
{
    for (size_t i = 0; i < COUNT(tags); i++)
        if (str_eq(state, str_z(tags[i].state)))
            return str_z(tags[i].tag);
    return STR("info");
}

void web_case_words(const HttpRequest *rq, Value *model)
{
    Str state = get_str(model, "state"), outcome = get_str(model, "outcome");
    bool closed = get_bool(model, "closed");
    if (str_eq(state, STR("decided")) && outcome.len)
        state = outcome;
    set_str(rq->arena, model, "state_text",
            web_text_str(rq, str_fmt(rq->arena, "state." STR_FMT, STR_ARG(state))));
    set_str(rq->arena, model, "state_tag", web_state_tag(state));
    set_str(rq->arena, model, "due_text", closed ? STR("") : due_words(rq, model));
    whole_words(rq, model);
    Value *timeline = value_inside(model, "timeline");
    size_t n = value_count(timeline);
    for (size_t i = 0; i < n; i++)
        event_words(rq, value_item(timeline, i), closed);
    if (!timeline || closed)
        return;
    if (get_int(model, "telling_at", 0))
        add_todo(rq, timeline, "case.telling.todo", web_text_with(rq, "case.telling.by", model));
    add_todo(rq, timeline, "case.due.todo", get_str(model, "due_text"));
}
