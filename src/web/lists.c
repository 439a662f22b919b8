/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists that publish themselves (/lists), the ledger of cancelled proofs, and what the reform has
 * changed (/m/reform): pages over catalogue/reform.h, each with its JSON, the lists and the ledger
 * also as a table for spreadsheets (?format=csv).
 */
#include "base/date.h"
#include "catalogue/reform.h"
#include "csv/csv.h"
#include "web/pages.h"

static const Catalogue *catalogue_here(const HttpRequest *rq)
{
    return visit_of(rq)->web->app->catalogue;
}

static Str list_text(const HttpRequest *rq, Str key, const char *what)
{
    return web_text_str(rq, str_fmt(rq->arena, "lists.%s." STR_FMT, what, STR_ARG(key)));
}

static bool wants_csv(const HttpRequest *rq)
{
    return str_eq(http_query(rq, "format"), STR("csv"));
}

/* The columns of each entry, under their own names. */
static HttpNext answer_csv(HttpRequest *rq, HttpResponse *rs, const Value *entries,
                           const char *const *columns, size_t count)
{
    StrBuf b = buf_in(rq->arena);
    CsvWriter w = csv_begin(&b, CSV_SHEET);
    for (size_t k = 0; k < count; k++)
        csv_put(&w, str_z(columns[k]));
    csv_end_row(&w);
    for (size_t i = 0; i < value_count(entries); i++) {
        for (size_t k = 0; k < count; k++)
            csv_put(&w, value_text(value_at(value_item(entries, i), columns[k])));
        csv_end_row(&w);
    }
    http_set_header(rq, rs, "Content-Disposition", STR("attachment; filename=\"list.csv\""));
    http_set_header(rq, rs, "X-Content-Type-Options", STR("nosniff"));
    http_set_header(rq, rs, "Vary", STR("Accept-Language, Cookie"));
    return http_answer(rq, rs, 200, "text/csv; charset=utf-8", buf_str(&b));
}

/* ---- the lists ---- */

static void put_link(const HttpRequest *rq, Value *all, Str key, int64_t count)
{
    Value *o = push_map(rq->arena, all);
    set_str(rq->arena, o, "key", key);
    set_str(rq->arena, o, "name", list_text(rq, key, "name"));
    set_str(rq->arena, o, "lead", list_text(rq, key, "lead"));
    set_str(rq->arena, o, "url", str_fmt(rq->arena, "/lists/" STR_FMT, STR_ARG(key)));
    set_int(rq->arena, o, "count", count);
}

HttpNext web_lists(HttpRequest *rq, HttpResponse *rs)
{
    const Catalogue *c = catalogue_here(rq);
    Lang lang = visit_of(rq)->lang;
    Value *m = value_map(rq->arena), *all = set_list(rq->arena, m, "lists");
    for (size_t i = 0; i < item_list_count; i++)
        put_link(rq, all, item_lists[i].key,
                 get_int(item_list(rq->arena, c, &item_lists[i], lang), "count", 0));
    put_link(rq, all, STR("cancelled-proofs"),
             get_int(cancelled_proofs(rq->arena, c, lang), "count", 0));
    return web_page(rq, rs, "lists", m);
}

static void add_words(const HttpRequest *rq, Value *items)
{
    for (size_t i = 0; i < value_count(items); i++) {
        Value *o = value_item(items, i);
        TimeLimit limit = {.n = (int32_t)get_int(o, "days", 0), .unit = get_str(o, "unit")};
        set_str(rq->arena, o, "promise", web_limit(rq, &limit));
        set_str(rq->arena, o, "url", str_fmt(rq->arena, "/s/" STR_FMT, STR_ARG(get_str(o, "key"))));
    }
}

static void add_head(const HttpRequest *rq, Value *m, Str key)
{
    set_str(rq->arena, m, "name", list_text(rq, key, "name"));
    set_str(rq->arena, m, "lead", list_text(rq, key, "lead"));
    set_str(rq->arena, m, "title", get_str(m, "name"));
    set_str(rq->arena, m, "csv_url",
            str_fmt(rq->arena, "/lists/" STR_FMT "?format=csv", STR_ARG(key)));
    set_bool(rq->arena, m, "any", get_int(m, "count", 0) > 0);
    set_str(rq->arena, m, "count_text", web_text_with(rq, "lists.count", m));
}

static HttpNext show_cancelled(HttpRequest *rq, HttpResponse *rs)
{
    static const char *const columns[] = {"name",  "replaced",  "date",
                                          "basis", "item_name", "organ"};
    const Visit *v = visit_of(rq);
    Value *m = cancelled_proofs(rq->arena, catalogue_here(rq), v->lang);
    const Value *entries = value_at(m, "entries");
    if (wants_csv(rq))
        return answer_csv(rq, rs, entries, columns, COUNT(columns));
    for (size_t i = 0; i < value_count(entries); i++) {
        Value *o = value_item(entries, i);
        Date day;
        set_str(rq->arena, o, "url",
                str_fmt(rq->arena, "/s/" STR_FMT, STR_ARG(get_str(o, "item"))));
        set_str(rq->arena, o, "date_text",
                date_parse(get_str(o, "date"), &day, NULL)
                    ? date_text(rq->arena, day, lang_name(v->lang))
                    : STR(""));
    }
    add_head(rq, m, STR("cancelled-proofs"));
    set_str(rq->arena, m, "count_text", web_text_with(rq, "lists.gone.count", m));
    return web_page(rq, rs, "cancelled", m);
}

HttpNext web_list(HttpRequest *rq, HttpResponse *rs)
{
    static const char *const columns[] = {"name", "code", "organ", "days", "unit", "visits"};
    Str key = http_param(rq, "list");
    if (str_eq(key, STR("cancelled-proofs")))
        return show_cancelled(rq, rs);
    const ItemList *list = item_list_of(key);
    if (!list)
        return web_status(rq, rs, 404, "lists.unknown");
    Value *m = item_list(rq->arena, catalogue_here(rq), list, visit_of(rq)->lang);
    if (wants_csv(rq))
        return answer_csv(rq, rs, value_at(m, "items"), columns, COUNT(columns));
    add_words(rq, value_inside(m, "items"));
    add_head(rq, m, key);
    return web_page(rq, rs, "list", m);
}

/* ---- before and after ---- */

static const char *const measures[] = {"materials", "visits", "days", "steps", "organs"};

static ReformBy asked_by(const HttpRequest *rq)
{
    for (int i = 0; reform_by_names[i]; i++)
        if (str_eq(http_query(rq, "by"), str_z(reform_by_names[i])))
            return (ReformBy)i;
    return REFORM_ORGAN;
}

static Str reform_url(const HttpRequest *rq, Str by, Str set)
{
    return set.len ? str_fmt(rq->arena, "/m/reform?by=" STR_FMT "&set=" STR_FMT, STR_ARG(by),
                             STR_ARG(str_percent(rq->arena, set)))
                   : str_fmt(rq->arena, "/m/reform?by=" STR_FMT, STR_ARG(by));
}

/* A row's figures one after the other, with the lengths of two bars in percent. */
static void put_bars(const HttpRequest *rq, Value *row)
{
    Value *bars = set_list(rq->arena, row, "figures");
    for (size_t i = 0; i < COUNT(measures); i++) {
        int64_t before = get_int(value_at(row, "before"), measures[i], 0);
        int64_t now = get_int(value_at(row, "now"), measures[i], 0);
        int64_t most = before > now ? before : now;
        Str percent = get_str(value_at(row, "percent"), measures[i]);
        Value *o = push_map(rq->arena, bars);
        set_str(rq->arena, o, "label",
                web_text_str(rq, str_fmt(rq->arena, "reform.%s", measures[i])));
        set_int(rq->arena, o, "was", before);
        set_int(rq->arena, o, "is", now);
        set_int(rq->arena, o, "was_width", most ? before * 100 / most : 0);
        set_int(rq->arena, o, "is_width", most ? now * 100 / most : 0);
        set_str(rq->arena, o, "less", percent);
        set_bool(rq->arena, o, "told", before > 0);
    }
}

/* Where a row leads: to the guide of an item, or to the items of a set. */
static void put_ways(const HttpRequest *rq, Value *row, ReformBy by)
{
    Str key = get_str(row, "key"), url = {0}, live = {0};
    if (by == REFORM_ITEM || by == REFORM_BUNDLE)
        url = str_fmt(rq->arena, "/s/" STR_FMT, STR_ARG(key));
    if (by == REFORM_SET)
        url = reform_url(rq, STR("item"), key);
    if (by == REFORM_ITEM && (visit_of(rq)->actor.roles & ROLE_SUPERVISOR))
        live = str_fmt(rq->arena, "/o/processes/" STR_FMT, STR_ARG(key));
    set_str(rq->arena, row, "url", url);
    set_str(rq->arena, row, "live_url", live);
}

static void put_choices(const HttpRequest *rq, Value *m, ReformBy by, Str set)
{
    const Visit *v = visit_of(rq);
    const Catalogue *c = catalogue_here(rq);
    Value *groups = set_list(rq->arena, m, "groups"), *sets = set_list(rq->arena, m, "sets");
    for (int i = 0; reform_by_names[i]; i++) {
        Value *o = push_map(rq->arena, groups);
        Str name = str_z(reform_by_names[i]);
        set_str(rq->arena, o, "name",
                web_text_str(rq, str_fmt(rq->arena, "reform.by." STR_FMT, STR_ARG(name))));
        set_str(rq->arena, o, "url", reform_url(rq, name, set));
        set_bool(rq->arena, o, "current", i == (int)by);
    }
    for (size_t i = 0; i <= c->set_count; i++) {
        Value *o = push_map(rq->arena, sets);
        Str key = i ? c->sets[i - 1].key : STR("");
        set_str(rq->arena, o, "name",
                i ? text_in(c->sets[i - 1].name, v->lang) : web_text(rq, "reform.all"));
        set_str(rq->arena, o, "url", reform_url(rq, str_z(reform_by_names[by]), key));
        set_bool(rq->arena, o, "current", str_eq(key, set));
    }
    set_bool(rq->arena, m, "has_sets", c->set_count > 0);
}

HttpNext web_reform(HttpRequest *rq, HttpResponse *rs)
{
    ReformBy by = asked_by(rq);
    Str set = http_query(rq, "set");
    Value *m = reform_report(rq->arena, catalogue_here(rq), by, set, visit_of(rq)->lang);
    const Value *rows = value_at(m, "rows");
    put_bars(rq, m);
    for (size_t i = 0; i < value_count(rows); i++) {
        put_bars(rq, value_item(rows, i));
        put_ways(rq, value_item(rows, i), by);
    }
    put_choices(rq, m, by, set);
    set_bool(rq->arena, m, "any", value_count(rows) > 0);
    set_str(rq->arena, m, "count_text", web_text_with(rq, "reform.count", m));
    return web_page(rq, rs, "reform", m);
}
