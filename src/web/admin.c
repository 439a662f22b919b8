/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operator's first page and the list of incidents: what stands still, what waits, how long.
 */
#include "web/admin.h"

#include "services/certificate/localise.h"

enum { PAGE_NUMBER_MAX = 100000, DAYS_MAX = 3650 };

/* ---- words ---- */

Value *admin_localised(const HttpRequest *rq, const Value *raw)
{
    const Visit *v = visit_of(rq);
    return localise(rq->arena, raw, v->lang, v->web->app->catalogue->zone_minutes);
}

bool admin_may_act(const HttpRequest *rq)
{
    return (visit_of(rq)->actor.roles & ROLE_ADMIN) != 0;
}

static Str word(const HttpRequest *rq, const char *family, Str key)
{
    return web_text_str(rq, str_fmt(rq->arena, "admin.%s." STR_FMT, family, STR_ARG(key)));
}

void admin_kind_words(const HttpRequest *rq, Value *row)
{
    Str kind = get_str(row, "kind");
    set_str(rq->arena, row, "kind_text", word(rq, "kind", kind));
    set_str(rq->arena, row, "said", word(rq, "said", kind));
}

void admin_element_words(const HttpRequest *rq, Value *row)
{
    Str name = get_str(row, "name");
    set_str(rq->arena, row, "element_text", name.len ? name : get_str(row, "element"));
}

void admin_age(const HttpRequest *rq, Value *row)
{
    int64_t minutes = get_int(row, "minutes", 0);
    int64_t hours = minutes / 60, days = hours / 24;
    TimeLimit limit = {.n = (int32_t)(days    ? days
                                      : hours ? hours
                                              : minutes),
                       .unit = days    ? STR("natural_day")
                               : hours ? STR("hour")
                                       : STR("minute")};
    Str age = limit.n > 0 ? web_limit(rq, &limit) : web_text(rq, "admin.age.now");
    set_str(rq->arena, row, "age", age);
    set_bool(rq->arena, row, "is_old", days >= 1);
}

void admin_incident_words(const HttpRequest *rq, Value *row)
{
    admin_kind_words(rq, row);
    admin_element_words(rq, row);
    admin_age(rq, row);
    Str how = get_str(row, "how"), by = get_str(row, "closed_by");
    bool system = str_eq(by, STR("system"));
    set_str(rq->arena, row, "how_text", how.len ? word(rq, "how", how) : STR(""));
    set_str(rq->arena, row, "by_text", system ? web_text(rq, "event.by_system") : by);
    set_str(rq->arena, row, "incident_url",
            str_fmt(rq->arena, "/admin/incidents/" STR_FMT, STR_ARG(get_str(row, "id"))));
    set_str(rq->arena, row, "case_url",
            str_fmt(rq->arena, "/admin/cases/" STR_FMT, STR_ARG(get_str(row, "no"))));
}

Value *admin_box(const HttpRequest *rq, const WebBox *box)
{
    Value *f = web_box(rq, box);
    if (strcmp(box->shape, "line") == 0) {
        set_str(rq->arena, f, "type", STR("text"));
        set_str(rq->arena, f, "autocomplete", STR("off"));
    }
    if (strcmp(box->shape, "area") == 0)
        set_int(rq->arena, f, "rows", 2);
    return f;
}

/* ---- the first page ---- */

static void put_kinds(const HttpRequest *rq, Value *m)
{
    const Value *kinds = value_path(m, STR("incidents.kinds"));
    for (size_t i = 0; i < value_count(kinds); i++) {
        Value *row = value_item(kinds, i);
        admin_kind_words(rq, row);
        set_str(
            rq->arena, row, "url",
            str_fmt(rq->arena, "/admin/incidents?kind=" STR_FMT, STR_ARG(get_str(row, "kind"))));
    }
    set_bool(rq->arena, m, "any_incident", value_count(kinds) > 0);
}

/* A figure tells what is wrong with it only when something is. */
static void put_figure(const HttpRequest *rq, Value *m, const char *name, const char *bad,
                       const char *key)
{
    Value *part = value_inside(m, name);
    bool wrong = get_int(part, bad, 0) > 0;
    set_bool(rq->arena, part, "wrong", wrong);
    set_str(rq->arena, part, "wrong_text", wrong ? web_text_with(rq, key, part) : STR(""));
}

HttpNext web_admin(HttpRequest *rq, HttpResponse *rs)
{
    Viewing by = viewing_of(rq);
    Value *raw = value_map(rq->arena);
    Err err = {0};
    if (!operate_home(&by, raw, &err))
        return web_error(rq, rs, &err);
    Value *m = admin_localised(rq, raw);
    Value *incidents = value_inside(m, "incidents"), *versions = value_inside(m, "versions");
    TimeMs oldest = get_int(incidents, "oldest_at", 0);
    set_int(rq->arena, incidents, "minutes", oldest ? (rq->at - oldest) / MS_MINUTE : 0);
    admin_age(rq, incidents);
    set_bool(rq->arena, incidents, "any", oldest > 0);
    put_kinds(rq, m);
    put_figure(rq, m, "jobs", "failed", "admin.jobs.failed");
    put_figure(rq, m, "timers", "put_off", "admin.timers.put-off");
    put_figure(rq, m, "outbox", "failed", "admin.outbox.failed");
    set_bool(rq->arena, m, "any_old", get_int(versions, "old_running", 0) > 0);
    return web_page(rq, rs, "admin_home", m);
}

/* ---- incidents ---- */

static int64_t number_asked(const HttpRequest *rq, const char *name, int64_t max)
{
    int64_t n;
    return str_int(http_query(rq, name), &n) && n >= 0 && n <= max ? n : 0;
}

static Str list_url(const HttpRequest *rq, const IncidentQuery *q, bool closed, int64_t page)
{
    return str_fmt(rq->arena,
                   "/admin/incidents?state=%s&item=" STR_FMT "&kind=" STR_FMT
                   "&days=%lld&page=%lld",
                   closed ? "closed" : "open", STR_ARG(str_percent(rq->arena, q->item)),
                   STR_ARG(q->kind), (long long)q->min_days, (long long)page);
}

static void put_tabs(const HttpRequest *rq, const IncidentQuery *q, Value *m)
{
    Value *tabs = set_list(rq->arena, m, "tabs");
    for (int closed = 0; closed < 2; closed++) {
        Value *t = push_map(rq->arena, tabs);
        set_str(rq->arena, t, "tab_name",
                web_text(rq, closed ? "admin.tab.closed" : "admin.tab.open"));
        set_str(rq->arena, t, "tab_url", list_url(rq, q, closed, 0));
        set_bool(rq->arena, t, "current", q->closed == (bool)closed);
    }
}

static void add_option(const HttpRequest *rq, Value *box, Str value, Str label, Str chosen)
{
    Value *o = push_map(rq->arena, value_inside(box, "options"));
    set_str(rq->arena, o, "value", value);
    set_str(rq->arena, o, "label", label);
    set_bool(rq->arena, o, "on", str_eq(value, chosen));
}

static Value *filter(const HttpRequest *rq, Value *m, const char *key, const char *name,
                     const char *label)
{
    Value *f = set_map(rq->arena, m, key);
    set_str(rq->arena, f, "name", str_z(name));
    set_str(rq->arena, f, "label", web_text(rq, label));
    set_list(rq->arena, f, "options");
    return f;
}

static void put_filters(const HttpRequest *rq, const IncidentQuery *q, Value *m)
{
    static const int days[] = {0, 1, 3, 7};
    Value *items = filter(rq, m, "filter_item", "item", "admin.filter.item");
    add_option(rq, items, STR(""), web_text(rq, "admin.filter.all"), q->item);
    for (size_t i = 0; i < value_count(value_at(m, "items")); i++) {
        const Value *row = value_item(value_at(m, "items"), i);
        add_option(rq, items, get_str(row, "item"), get_str(row, "item_name"), q->item);
    }
    Value *kinds = filter(rq, m, "filter_kind", "kind", "admin.filter.kind");
    add_option(rq, kinds, STR(""), web_text(rq, "admin.filter.all"), q->kind);
    for (int k = 0; k < INCIDENT_KINDS; k++) {
        Str kind = str_z(incident_kind_name((IncidentKind)k));
        add_option(rq, kinds, kind, word(rq, "kind", kind), q->kind);
    }
    Value *ages = filter(rq, m, "filter_days", "days", "admin.filter.age");
    Str chosen = str_fmt(rq->arena, "%lld", (long long)q->min_days);
    for (size_t i = 0; i < COUNT(days); i++) {
        Value *with = value_map(rq->arena);
        set_int(rq->arena, with, "n", days[i]);
        const char *key = days[i] == 0   ? "admin.filter.all"
                          : days[i] == 1 ? "admin.filter.day"
                                         : "admin.filter.days";
        add_option(rq, ages, str_fmt(rq->arena, "%d", days[i]), web_text_with(rq, key, with),
                   chosen);
    }
}

HttpNext web_admin_incidents(HttpRequest *rq, HttpResponse *rs)
{
    IncidentKind kind;
    Str asked = http_query(rq, "kind");
    IncidentQuery q = {.closed = str_eq(http_query(rq, "state"), STR("closed")),
                       .item = str_slice(http_query(rq, "item"), 0, 100),
                       .kind = incident_kind_read(asked, &kind) ? asked : STR(""),
                       .min_days = number_asked(rq, "days", DAYS_MAX),
                       .page = number_asked(rq, "page", PAGE_NUMBER_MAX)};
    Viewing by = viewing_of(rq);
    Value *raw = value_map(rq->arena);
    Err err = {0};
    if (!operate_incidents(&by, &q, raw, &err))
        return web_error(rq, rs, &err);
    Value *m = admin_localised(rq, raw);
    const Value *list = value_at(m, "incidents");
    for (size_t i = 0; i < value_count(list); i++)
        admin_incident_words(rq, value_item(list, i));
    int64_t pages = get_int(m, "pages", 0);
    set_bool(rq->arena, m, "any", value_count(list) > 0);
    set_bool(rq->arena, m, "filtered", q.item.len || q.kind.len || q.min_days);
    set_int(rq->arena, m, "page_number", q.page + 1);
    set_bool(rq->arena, m, "many_pages", pages > 1);
    set_str(rq->arena, m, "before_url",
            q.page > 0 ? list_url(rq, &q, q.closed, q.page - 1) : STR(""));
    set_str(rq->arena, m, "after_url",
            q.page + 1 < pages ? list_url(rq, &q, q.closed, q.page + 1) : STR(""));
    put_tabs(rq, &q, m);
    put_filters(rq, &q, m);
    return web_page(rq, rs, "admin_incidents", m);
}
