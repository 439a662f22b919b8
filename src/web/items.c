/* SPDX-License-Identifier: Apache-2.0 */
/* A service in a list, its time limits in words, and what both depend on. */
#include "web/web_int.h"

/* For comparing limits: working days count as calendar days. */
static const struct {
    const char *unit;
    double days;
} units[] = {
    {"working_day", 1.4}, {"natural_day", 1}, {"month", 30},
    {"year", 365},        {"hour", 1.0 / 24}, {"minute", 1.0 / 1440},
};

double limit_days(const TimeLimit *limit)
{
    for (size_t i = 0; i < COUNT(units); i++)
        if (str_eq(limit->unit, str_z(units[i].unit)))
            return limit->n * units[i].days;
    return limit->n;
}

Str web_limit(const HttpRequest *rq, const TimeLimit *limit)
{
    if (limit->n <= 0)
        return web_text(rq, "unit.now");
    Value *n = value_map(rq->arena);
    set_int(rq->arena, n, "n", limit->n);
    Str key =
        str_fmt(rq->arena, "unit." STR_FMT "%s", STR_ARG(limit->unit), limit->n == 1 ? ".1" : "");
    return web_text_with(rq, str_cstr(rq->arena, key), n);
}

bool item_serves(const Item *item, bool organisations)
{
    return item_is_listed(item) && (organisations ? item->for_organisations : item->for_persons);
}

bool item_has_topic(const Item *item, Str topic)
{
    for (size_t i = 0; i < item->topic_count; i++)
        if (str_eq(item->topics[i], topic))
            return true;
    return false;
}

/* The icon of its first topic. */
static Str icon_of(const Catalogue *c, const Item *item)
{
    for (size_t i = 0; item->topic_count && i < c->topic_count; i++)
        if (str_eq(c->topics[i].key, item->topics[0]) && c->topics[i].icon.len)
            return c->topics[i].icon;
    return STR("doc");
}

void item_link(const HttpRequest *rq, Value *list, const Item *item)
{
    const Visit *v = visit_of(rq);
    Arena *a = rq->arena;
    Value *o = push_map(a, list), *with = value_map(a);
    set_str(a, with, "promise", web_limit(rq, &item->promise));
    set_str(a, o, "key", item->key);
    set_str(a, o, "url", str_fmt(a, "/s/" STR_FMT, STR_ARG(item->key)));
    set_str(a, o, "name", text_in(item->name, v->lang));
    set_str(a, o, "note",
            web_text_with(rq, item->online ? "item.note.online" : "item.note.counter", with));
    set_str(a, o, "icon", icon_of(v->web->app->catalogue, item));
}

void hot_items(const HttpRequest *rq, Value *model, bool organisations, size_t max)
{
    const Catalogue *c = visit_of(rq)->web->app->catalogue;
    Value *list = set_list(rq->arena, set_map(rq->arena, model, "hot"), "items");
    for (int hot = 1; hot >= 0; hot--)
        for (size_t i = 0; i < face_count(c) && value_count(list) < max; i++)
            if (face_at(c, i)->hot == (hot == 1) && item_serves(face_at(c, i), organisations))
                item_link(rq, list, face_at(c, i));
}
