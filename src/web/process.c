/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The process of an item with all its cases (/o/processes): how many wait where now, and how long
 * each step took. For the item's organ and supervisors; no person is named, each figure opens its
 * cases, where opening one is logged.
 */
#include "web/process.h"

enum { DAYS_USUAL = 30, PAGE_MOST = 10000 };

static bool belongs(const Item *item, const Actor *who)
{
    const Organ *organ = item_decider(item);
    return (who->roles & ROLE_SUPERVISOR) || (organ && str_eq(organ->key, who->organ));
}

static const Item *asked_item(HttpRequest *rq, HttpResponse *rs, HttpNext *next)
{
    const Visit *v = visit_of(rq);
    const Item *item = catalogue_item(v->web->app->catalogue, http_param(rq, "item"));
    if (!item || !item->process) {
        *next = web_status(rq, rs, 404, "process.error.none");
        return NULL;
    }
    if (!belongs(item, &v->actor)) {
        *next = web_status(rq, rs, 403, "process.error.other-organ");
        return NULL;
    }
    return item;
}

static int64_t asked(const HttpRequest *rq, const char *name, int64_t usual, int64_t most)
{
    int64_t n;
    return str_int(http_query(rq, name), &n) && n >= 0 && n <= most ? n : usual;
}

static Str root_of(const HttpRequest *rq)
{
    return (visit_of(rq)->actor.roles & (ROLE_APPROVER | ROLE_SUPERVISOR)) ? STR("/o") : STR("/w");
}

/* ---- the list ---- */

HttpNext web_processes(HttpRequest *rq, HttpResponse *rs)
{
    const Visit *v = visit_of(rq);
    const Catalogue *c = v->web->app->catalogue;
    Viewing by = viewing_of(rq);
    Value *m = value_map(rq->arena), *list = set_list(rq->arena, m, "processes");
    Err err = {0};
    for (size_t i = 0; i < c->item_count; i++) {
        const Item *item = &c->items[i];
        if (!item->process || !belongs(item, &v->actor))
            continue;
        Value *o = push_map(rq->arena, list);
        set_str(rq->arena, o, "item", item->key);
        set_str(rq->arena, o, "name", text_in(item->name, v->lang));
        set_str(rq->arena, o, "organ",
                item->organ ? text_in(item->organ->short_name, v->lang) : STR(""));
        if (!trail_now(&by, item->key, o, &err))
            return web_error(rq, rs, &err);
        set_bool(rq->arena, o, "stopped", get_int(o, "incidents", 0) > 0);
    }
    set_bool(rq->arena, m, "any", value_count(list) > 0);
    return web_page(rq, rs, "processes", m);
}

/* ---- one process ---- */

static Str cases_url(const HttpRequest *rq, const Item *item, Str element, int64_t days)
{
    Str id = str_percent(rq->arena, element);
    return days ? str_fmt(rq->arena, "/o/processes/" STR_FMT "/cases?element=" STR_FMT "&days=%lld",
                          STR_ARG(item->key), STR_ARG(id), (long long)days)
                : str_fmt(rq->arena, "/o/processes/" STR_FMT "/cases?element=" STR_FMT,
                          STR_ARG(item->key), STR_ARG(id));
}

static void put_row(const HttpRequest *rq, const Item *item, Str element, const Value *figures,
                    Value *m)
{
    int64_t days = get_int(m, "days", 0), waiting = get_int(figures, "waiting", 0),
            timed = get_int(figures, "timed", 0);
    Value *o = push_map(rq->arena, value_inside(m, "rows"));
    set_str(rq->arena, o, "element", element);
    set_str(rq->arena, o, "name", process_name(rq, item, element));
    set_int(rq->arena, o, "waiting", waiting);
    set_str(rq->arena, o, "waiting_url", waiting ? cases_url(rq, item, element, 0) : STR(""));
    set_bool(rq->arena, o, "stopped", get_int(figures, "incidents", 0) > 0);
    set_int(rq->arena, o, "incidents", get_int(figures, "incidents", 0));
    set_str(rq->arena, o, "oldest", process_time(rq, get_int(figures, "oldest_at", 0)));
    set_int(rq->arena, o, "through", timed ? timed : get_int(figures, "through", 0));
    set_str(rq->arena, o, "through_url", timed ? cases_url(rq, item, element, days) : STR(""));
    set_str(rq->arena, o, "median_text", process_took(rq, value_at(figures, "median")));
    set_str(rq->arena, o, "ninetieth_text", process_took(rq, value_at(figures, "ninetieth")));
}

/* Every step of the process in its order, then what earlier versions had. */
static void put_rows(const HttpRequest *rq, const Item *item, Value *m, ProcessMarks *marks)
{
    const BpmnProcess *p = item->process;
    const Value *elements = value_at(m, "elements");
    set_list(rq->arena, m, "rows");
    for (size_t i = 0; i < p->element_count; i++) {
        const Value *figures = value_get(elements, p->elements[i].id);
        if (figures || bpmn_is_activity(p->elements[i].kind))
            put_row(rq, item, p->elements[i].id, figures, m);
        if (get_int(figures, "waiting", 0) > 0)
            process_mark(rq, marks, p->elements[i].id)->count = get_int(figures, "waiting", 0);
        if (get_int(figures, "incidents", 0) > 0)
            process_mark(rq, marks, p->elements[i].id)->incident = true;
    }
    for (uint32_t i = 0; elements && i < elements->map.count; i++)
        if (bpmn_find(p, elements->map.members[i].key) == BPMN_NONE)
            put_row(rq, item, elements->map.members[i].key, elements->map.members[i].value, m);
}

static void put_spans(const HttpRequest *rq, const Item *item, int64_t days, Value *m)
{
    static const int64_t spans[] = {7, 30, 90, 365};
    Value *list = set_list(rq->arena, m, "spans");
    for (size_t i = 0; i < COUNT(spans); i++) {
        Value *o = push_map(rq->arena, list), *with = value_map(rq->arena);
        set_int(rq->arena, with, "n", spans[i]);
        set_str(rq->arena, o, "span_text", web_text_with(rq, "process.span", with));
        set_str(rq->arena, o, "span_url",
                str_fmt(rq->arena, "/o/processes/" STR_FMT "?days=%lld%s", STR_ARG(item->key),
                        (long long)spans[i], get_bool(m, "fit") ? "&zoom=fit" : ""));
        set_bool(rq->arena, o, "current", spans[i] == days);
    }
}

static void put_item(const HttpRequest *rq, const Item *item, Value *m)
{
    set_str(rq->arena, m, "item", item->key);
    set_str(rq->arena, m, "item_name", text_in(item->name, visit_of(rq)->lang));
    set_str(rq->arena, m, "root", root_of(rq));
}

HttpNext web_process(HttpRequest *rq, HttpResponse *rs)
{
    HttpNext next;
    const Item *item = asked_item(rq, rs, &next);
    Viewing by = viewing_of(rq);
    Value *m = value_map(rq->arena);
    ProcessMarks marks = {0};
    Err err = {0};
    if (!item)
        return next;
    int64_t days = asked(rq, "days", DAYS_USUAL, TRAIL_MAX_DAYS);
    days = days ? days : DAYS_USUAL;
    if (!trail_of_item(&by, item->key, days, m, &err))
        return web_error(rq, rs, &err);
    put_item(rq, item, m);
    set_bool(rq->arena, m, "stopped", get_int(m, "incidents", 0) > 0);
    put_rows(rq, item, m, &marks);
    process_planes(rq, item, &marks, web_text_with(rq, "process.desc", m), m);
    put_spans(rq, item, days, m);
    set_str(rq->arena, m, "title", web_text_with(rq, "process.title", m));
    return web_page(rq, rs, "process", m);
}

/* ---- the cases behind a figure ---- */

static Str page_url(const HttpRequest *rq, const Item *item, const TrailQuery *q, int64_t page)
{
    return str_fmt(rq->arena, STR_FMT "&page=%lld",
                   STR_ARG(cases_url(rq, item, q->element, q->days)), (long long)page);
}

static void put_cases(const HttpRequest *rq, const Item *item, const TrailQuery *q, Value *m)
{
    const Value *list = value_at(m, "cases");
    for (uint32_t i = 0; i < value_count(list); i++) {
        Value *o = value_item(list, i);
        Str state = get_str(o, "case_state");
        set_str(rq->arena, o, "case_url",
                str_fmt(rq->arena, STR_FMT "/cases/" STR_FMT, STR_ARG(root_of(rq)),
                        STR_ARG(str_percent(rq->arena, get_str(o, "no")))));
        set_str(rq->arena, o, "case_state_text", staff_state(rq, state));
        set_str(rq->arena, o, "case_state_tag", web_state_tag(state));
        set_str(rq->arena, o, "began", process_time(rq, get_int(o, "began_at", 0)));
        set_str(rq->arena, o, "ended", process_time(rq, get_int(o, "ended_at", 0)));
        set_str(rq->arena, o, "took_text", process_took(rq, value_at(o, "took")));
        set_bool(rq->arena, o, "stopped", str_eq(get_str(o, "state"), STR("incident")));
    }
    set_bool(rq->arena, m, "any", value_count(list) > 0);
    set_str(rq->arena, m, "before_url", q->page > 0 ? page_url(rq, item, q, q->page - 1) : STR(""));
    set_str(rq->arena, m, "after_url",
            get_bool(m, "more") ? page_url(rq, item, q, q->page + 1) : STR(""));
}

HttpNext web_process_cases(HttpRequest *rq, HttpResponse *rs)
{
    HttpNext next;
    const Item *item = asked_item(rq, rs, &next);
    Viewing by = viewing_of(rq);
    Value *m = value_map(rq->arena);
    Err err = {0};
    if (!item)
        return next;
    TrailQuery q = {.item = item->key,
                    .element = http_query(rq, "element"),
                    .days = asked(rq, "days", 0, TRAIL_MAX_DAYS),
                    .page = asked(rq, "page", 0, PAGE_MOST)};
    if (!trail_cases(&by, &q, m, &err))
        return web_error(rq, rs, &err);
    put_item(rq, item, m);
    put_cases(rq, item, &q, m);
    set_str(rq->arena, m, "element", q.element);
    set_str(rq->arena, m, "element_name", process_name(rq, item, q.element));
    set_bool(rq->arena, m, "past", q.days > 0);
    set_int(rq->arena, m, "days", q.days);
    set_str(rq->arena, m, "heading",
            web_text_with(rq, q.days ? "process.cases.past" : "process.cases.now", m));
    set_str(rq->arena, m, "title", get_str(m, "heading"));
    return web_page(rq, rs, "process_cases", m);
}

/* ---- its document ---- */

/* As it stands in the catalogue, whatever namespaces its modeller needs. */
HttpNext web_process_file(HttpRequest *rq, HttpResponse *rs)
{
    HttpNext next;
    const Item *item = asked_item(rq, rs, &next);
    if (!item)
        return next;
    http_set_header(
        rq, rs, "Content-Disposition",
        str_fmt(rq->arena, "attachment; filename=\"" STR_FMT ".bpmn\"", STR_ARG(item->key)));
    http_set_header(rq, rs, "Cache-Control", STR("private, no-cache"));
    http_set_header(rq, rs, "X-Content-Type-Options", STR("nosniff"));
    return http_answer(rq, rs, 200, "application/bpmn+xml", item->process_text);
}
