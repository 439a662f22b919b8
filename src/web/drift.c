/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where places deviate from the unified standard (/d/drift), for who answers for it: the deviations
 * by element with both values, and who has adopted what. The matrix shows rows in which some place
 * stands apart; all of them when asked.
 */
#include "catalogue/drift.h"
#include "web/pages.h"

/* A word beside each name: place "open" -> state_text. */
static void put_word(const HttpRequest *rq, Value *row, const char *family, const char *key,
                     const char *into)
{
    Str name = str_fmt(rq->arena, "drift.%s." STR_FMT, family, STR_ARG(get_str(row, key)));
    set_str(rq->arena, row, into, web_text_str(rq, name));
}

static void flag(const HttpRequest *rq, Value *row, const char *key, const char *const *names)
{
    for (size_t i = 0; names[i]; i++)
        set_bool(rq->arena, row, names[i], str_eq(get_str(row, key), str_z(names[i])));
}

static Str drift_url(const HttpRequest *rq, Str place, bool all)
{
    StrBuf b = buf_in(rq->arena);
    BUF_LIT(&b, "/d/drift");
    if (place.len)
        buf_fmt(&b, "?place=" STR_FMT, STR_ARG(place));
    if (all)
        buf_fmt(&b, "%sall=yes", place.len ? "&" : "?");
    return buf_str(&b);
}

/* Every place can be chosen, also while one is. */
static void add_picks(const HttpRequest *rq, Value *m, const Catalogue *c, const Place *only)
{
    Lang lang = visit_of(rq)->lang;
    Value *picks = set_list(rq->arena, m, "picks"), *o = push_map(rq->arena, picks);
    set_str(rq->arena, o, "name", web_text(rq, "drift.every-place"));
    set_str(rq->arena, o, "url", drift_url(rq, STR(""), false));
    set_bool(rq->arena, o, "current", !only);
    for (size_t i = 0; i < c->place_count; i++) {
        o = push_map(rq->arena, picks);
        set_str(rq->arena, o, "name", text_in(c->places[i].name, lang));
        set_str(rq->arena, o, "url", drift_url(rq, c->places[i].code, false));
        set_bool(rq->arena, o, "current", only == &c->places[i]);
    }
}

static void word_deviations(const HttpRequest *rq, Value *m)
{
    static const char *const states[] = {"open", "accepted", "told", NULL};
    Value *list = value_inside(m, "deviations");
    for (size_t i = 0; i < value_count(list); i++) {
        Value *d = value_item(list, i);
        put_word(rq, d, "severity", "severity", "severity_text");
        put_word(rq, d, "state", "state", "state_text");
        flag(rq, d, "state", states);
        flag(rq, d, "severity", severity_names);
        Date until;
        if (date_parse(get_str(d, "until"), &until, NULL))
            set_str(rq->arena, d, "until_text",
                    date_text(rq->arena, until, lang_name(visit_of(rq)->lang)));
        set_str(rq->arena, d, "url",
                str_fmt(rq->arena, "/s/" STR_FMT, STR_ARG(get_str(d, "item"))));
    }
    set_bool(rq->arena, m, "any", value_count(list) > 0);
}

static bool stands_apart(const Value *row)
{
    const Value *cells = value_at(row, "places");
    for (size_t i = 0; i < value_count(cells); i++)
        if (!str_eq(get_str(value_item(cells, i), "state"), str_z(adoption_names[ADOPTED_SAME])))
            return true;
    return false;
}

static void word_rows(const HttpRequest *rq, Value *m, const char *key, bool all)
{
    const Value *rows = value_at(m, key);
    Value *kept = value_list(rq->arena);
    for (size_t i = 0; i < value_count(rows); i++) {
        Value *row = value_item(rows, i), *cells = value_inside(row, "places");
        if (!all && !stands_apart(row))
            continue;
        for (size_t k = 0; k < value_count(cells); k++) {
            put_word(rq, value_item(cells, k), "adoption", "state", "text");
            flag(rq, value_item(cells, k), "state", adoption_names);
        }
        value_push(rq->arena, kept, row);
    }
    set_int(rq->arena, m, str_cstr(rq->arena, str_fmt(rq->arena, "%s_count", key)),
            (int64_t)value_count(rows));
    set_bool(rq->arena, m, str_cstr(rq->arena, str_fmt(rq->arena, "has_%s", key)),
             value_count(kept) > 0);
    set_value(rq->arena, m, key, kept);
}

/* What a template asks of a count: is there any. */
static void flag_counts(const HttpRequest *rq, Value *m)
{
    const Value *places = value_at(m, "places");
    for (size_t i = 0; i < value_count(places); i++) {
        Value *p = value_item(places, i);
        set_bool(rq->arena, p, "has_open", get_int(p, "open", 0) > 0);
    }
    set_bool(rq->arena, m, "has_blocking", get_int(m, "blocking", 0) > 0);
}

HttpNext web_drift(HttpRequest *rq, HttpResponse *rs)
{
    const Visit *v = visit_of(rq);
    const Catalogue *c = v->web->app->catalogue;
    Str code = http_query(rq, "place");
    const Place *only = code.len ? catalogue_place(c, code) : NULL;
    bool all = str_eq(http_query(rq, "all"), STR("yes"));
    if (code.len && !only)
        return web_status(rq, rs, 404, "drift.no-place");
    Value *m = drift_report(rq->arena, c, only, v->lang);
    add_picks(rq, m, c, only);
    flag_counts(rq, m);
    word_deviations(rq, m);
    word_rows(rq, m, "items", all);
    word_rows(rq, m, "bundles", all);
    set_bool(rq->arena, m, "has_places", c->place_count > 0);
    set_bool(rq->arena, m, "all", all);
    set_str(rq->arena, m, "all_url", drift_url(rq, code, !all));
    return web_page(rq, rs, "drift", m);
}
