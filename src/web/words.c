/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words beside the values of models that several pages show: times as people write them, facts as
 * they are read, limits as they are counted. The values stay as they are, for JSON.
 */
#include "base/date.h"
#include "web/pages.h"

void web_times(const HttpRequest *rq, Value *v)
{
    const Visit *visit = visit_of(rq);
    int32_t zone = visit->web->app->catalogue->zone_minutes;
    Str lang = lang_name(visit->lang);
    if (value_is(v, VALUE_LIST))
        for (uint32_t i = 0; i < v->list.count; i++)
            web_times(rq, value_item(v, i));
    if (!value_is(v, VALUE_MAP))
        return;
    for (uint32_t i = 0; i < v->map.count; i++)
        web_times(rq, v->map.members[i].value);
    if (!value_is(value_at(v, "at"), VALUE_NUMBER))
        return;
    TimeMs at = get_int(v, "at", 0);
    set_str(rq->arena, v, "at_date",
            at ? date_text(rq->arena, date_of_time(at, zone), lang) : STR(""));
    set_str(rq->arena, v, "at_time", at ? time_text(rq->arena, at, zone, lang) : STR(""));
}

void web_readable(const HttpRequest *rq, Value *field)
{
    const Value *v = value_at(field, "value");
    Date day;
    StrBuf b = buf_in(rq->arena);
    for (size_t i = 0; value_is(v, VALUE_LIST) && i < value_count(v); i++) {
        if (b.len)
            buf_add(&b, web_text(rq, "list.and"));
        buf_add(&b, value_text(value_item(v, i)));
    }
    if (value_is(v, VALUE_LIST))
        set_str(rq->arena, field, "value", b.len ? buf_str(&b) : web_text(rq, "answers.none"));
    else if (value_is(v, VALUE_BOOL))
        set_str(rq->arena, field, "value", web_text(rq, v->truth ? "yes" : "no"));
    else if (date_parse(value_text(v), &day, NULL))
        set_str(rq->arena, field, "value",
                date_text(rq->arena, day, lang_name(visit_of(rq)->lang)));
}

void web_fact_words(const HttpRequest *rq, Value *fact)
{
    const Value *fields = value_at(fact, "fields");
    web_times(rq, fact);
    for (uint32_t i = 0; i < value_count(fields); i++)
        web_readable(rq, value_item(fields, i));
    set_bool(rq->arena, fact, "is_found", get_bool(fact, "found"));
    set_str(rq->arena, fact, "state_text",
            web_text_str(
                rq, str_fmt(rq->arena, "fact.state." STR_FMT, STR_ARG(get_str(fact, "state")))));
}

void web_answer_words(const HttpRequest *rq, Value *answers)
{
    for (uint32_t i = 0; i < value_count(answers); i++) {
        const Value *rows = value_at(value_item(answers, i), "rows");
        for (uint32_t k = 0; k < value_count(rows); k++)
            if (!value_text(value_at(value_item(rows, k), "value")).len)
                set_str(rq->arena, value_item(rows, k), "value", web_text(rq, "answers.none"));
    }
}

Str web_days(const HttpRequest *rq, Str unit, int64_t n)
{
    TimeLimit limit = {.n = (int32_t)n, .unit = unit};
    return web_limit(rq, &limit);
}

static Str left_words(const HttpRequest *rq, const Value *limit)
{
    Value *with = value_map(rq->arena);
    int64_t n = get_int(limit, "left_or_over", 0);
    if (get_bool(limit, "standing"))
        return web_text(rq, "case.standing");
    if (n == 0)
        return web_text(rq, get_bool(limit, "late") ? "limit.over.now" : "limit.today");
    set_str(rq->arena, with, "time", web_days(rq, get_str(limit, "unit"), n));
    return web_text_with(rq, get_bool(limit, "late") ? "limit.over" : "limit.left", with);
}

void web_limit_words(const HttpRequest *rq, Value *limit)
{
    Str unit = get_str(limit, "unit");
    set_str(rq->arena, limit, "text", web_days(rq, unit, get_int(limit, "total", 0)));
    set_str(rq->arena, limit, "unit_text",
            web_text_str(rq, str_fmt(rq->arena, "limit.unit." STR_FMT, STR_ARG(unit))));
    bool runs = value_at(limit, "left") != NULL;
    set_bool(rq->arena, limit, "runs", runs);
    set_str(rq->arena, limit, "left_text", runs ? left_words(rq, limit) : STR(""));
    if (get_bool(limit, "late"))
        set_int(rq->arena, limit, "percent", 100); /* a full ring, in the colour of lateness */
    bool count = value_at(limit, "working_days_left") && !get_bool(limit, "late") &&
                 !str_eq(unit, STR("working_day"));
    set_bool(rq->arena, limit, "count_working_days", count);
}
