/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What only a demo has: the phone that shows the gateway's spool, and a clock that can be moved on,
 * to see what the law does when days pass.
 */
#include <stdlib.h>

#include "base/file.h"
#include "base/log.h"
#include "web/pages.h"
#include "json/json.h"

enum { PHONE_MESSAGES = 100, MESSAGE_MAX = 16 << 10, CLOCK_DAYS_MAX = 400 };

/* ---- the phone ---- */

static Str person_name(const HttpRequest *rq, Str phone)
{
    const Catalogue *c = visit_of(rq)->web->app->catalogue;
    for (size_t i = 0; i < c->person_count; i++)
        if (str_eq(c->people[i].phone, phone))
            return c->people[i].name;
    return STR("");
}

static bool is_new(const Value *list, Str to)
{
    for (uint32_t i = 0; i < value_count(list); i++)
        if (str_eq(get_str(value_item(list, i), "to"), to))
            return false;
    return true;
}

static void add_recipient(HttpRequest *rq, Value *list, Str to, Str shown)
{
    Value *row = push_map(rq->arena, list);
    Str name = person_name(rq, to);
    set_str(rq->arena, row, "to", to);
    set_str(rq->arena, row, "url",
            str_fmt(rq->arena, "/demo/phone%s" STR_FMT, to.len ? "?to=" : "",
                    STR_ARG(str_percent(rq->arena, to))));
    set_str(rq->arena, row, "label",
            !to.len    ? web_text(rq, "phone.everybody")
            : name.len ? str_fmt(rq->arena, STR_FMT " " STR_FMT, STR_ARG(name), STR_ARG(to))
                       : to);
    set_bool(rq->arena, row, "current", str_eq(to, shown));
}

static Value *read_message(HttpRequest *rq, Str path)
{
    Err err = {0};
    Str text;
    Value *message = NULL;
    if (file_read(rq->arena, path, MESSAGE_MAX, &text, &err))
        message = json_read(rq->arena, text, &err);
    if (value_is(message, VALUE_MAP))
        return message;
    log_err("spool", &err);
    return NULL;
}

static int newest_first(const void *x, const void *y)
{
    int64_t a = get_int(*(Value *const *)x, "at", 0), b = get_int(*(Value *const *)y, "at", 0);
    return a < b ? 1 : a > b ? -1 : 0;
}

static void add_words(HttpRequest *rq, Value *message)
{
    const Visit *v = visit_of(rq);
    TimeMs at = get_int(message, "at", 0);
    int32_t zone = v->web->app->catalogue->zone_minutes;
    set_str(rq->arena, message, "to_name", person_name(rq, get_str(message, "to")));
    set_str(rq->arena, message, "when",
            at ? time_text(rq->arena, at, zone, lang_name(v->lang)) : STR(""));
}

static void put_messages(HttpRequest *rq, const StrVec *paths, Value *m)
{
    const App *app = visit_of(rq)->web->app;
    Str shown = str_trim(http_query(rq, "to"));
    Value *recipients = set_list(rq->arena, m, "recipients"), *all = value_list(rq->arena);
    Value *list = set_list(rq->arena, m, "messages");
    add_recipient(rq, recipients, STR(""), shown);
    for (size_t i = 0; i < paths->len; i++) {
        Value *message = read_message(
            rq, path_join(rq->arena, app->spool_folder, paths->at[paths->len - 1 - i]));
        if (message)
            value_push(rq->arena, all, message);
    }
    if (all->list.count)
        qsort(all->list.items, all->list.count, sizeof(Value *), newest_first);
    for (uint32_t i = 0; i < all->list.count; i++) {
        Value *message = value_item(all, i);
        Str to = get_str(message, "to");
        if (is_new(recipients, to))
            add_recipient(rq, recipients, to, shown);
        if ((shown.len && !str_eq(to, shown)) || value_count(list) >= PHONE_MESSAGES)
            continue;
        add_words(rq, message);
        value_push(rq->arena, list, message);
    }
    set_int(rq->arena, m, "count", (int64_t)value_count(list));
    set_bool(rq->arena, m, "any", value_count(list) > 0);
}

HttpNext web_demo_phone(HttpRequest *rq, HttpResponse *rs)
{
    const App *app = visit_of(rq)->web->app;
    Value *m = value_map(rq->arena);
    StrVec paths = {0};
    Err err = {0};
    if (app->spool_folder.len && file_exists(app->spool_folder) &&
        !file_list(rq->arena, app->spool_folder, STR(".json"), &paths, &err))
        return web_error(rq, rs, &err);
    put_messages(rq, &paths, m);
    return web_page(rq, rs, "phone", m);
}

/* ---- the clock ---- */

static void add_step(HttpRequest *rq, Value *list, int days, int hours, const char *label)
{
    Value *row = push_map(rq->arena, list);
    set_int(rq->arena, row, "days", days);
    set_int(rq->arena, row, "hours", hours);
    set_str(rq->arena, row, "label", web_text(rq, label));
}

static Value *amount(HttpRequest *rq, const char *name, const char *label, const char *hint)
{
    Value *f = web_line(rq, "text", name, label, hint, http_form(rq, name));
    set_str(rq->arena, f, "inputmode", STR("numeric"));
    set_str(rq->arena, f, "width", STR("w-s"));
    set_bool(rq->arena, f, "required", false);
    return f;
}

static HttpNext clock_page(HttpRequest *rq, HttpResponse *rs, const char *error_key)
{
    const Visit *v = visit_of(rq);
    const Catalogue *c = v->web->app->catalogue;
    Value *m = value_map(rq->arena);
    TimeMs now = clock_now(v->web->app->clock);
    Date today = date_of_time(now, c->zone_minutes);
    set_int(rq->arena, m, "now_at", now);
    set_str(rq->arena, m, "now_time",
            time_text(rq->arena, now, c->zone_minutes, lang_name(v->lang)));
    set_str(rq->arena, m, "weekday",
            web_text_str(rq, str_fmt(rq->arena, "clock.weekday.%d", date_weekday(today))));
    set_bool(rq->arena, m, "working", calendar_is_working_day(c->calendar, today));
    set_str(rq->arena, m, "day_name", calendar_day_name(c->calendar, today));
    Value *steps = set_list(rq->arena, m, "steps");
    add_step(rq, steps, 0, 1, "clock.hour");
    add_step(rq, steps, 1, 0, "clock.day");
    add_step(rq, steps, 5, 0, "clock.days5");
    add_step(rq, steps, 15, 0, "clock.days15");
    Value *fields = set_list(rq->arena, m, "fields");
    value_push(rq->arena, fields, amount(rq, "days", "clock.days", "clock.days.hint"));
    value_push(rq->arena, fields, amount(rq, "hours", "clock.hours", NULL));
    if (error_key) {
        rs->status = 422;
        web_problem(rq, m, STR("days"), web_text(rq, error_key));
    }
    return web_page(rq, rs, "clock", m);
}

HttpNext web_demo_clock(HttpRequest *rq, HttpResponse *rs)
{
    return clock_page(rq, rs, NULL);
}

HttpNext web_demo_clock_post(HttpRequest *rq, HttpResponse *rs)
{
    Value *in;
    Err err = {0};
    App *app = visit_of(rq)->web->app;
    if (!web_input(rq, &in, &err))
        return web_error(rq, rs, &err);
    int64_t days = get_int(in, "days", 0), hours = get_int(in, "hours", 0);
    if (days < 0 || hours < 0 || days > CLOCK_DAYS_MAX || hours > 24 || days + hours == 0)
        return http_wants_json(rq) ? web_status(rq, rs, 422, "http.422.text")
                                   : clock_page(rq, rs, "clock.error");
    clock_shift(app->clock, days * MS_DAY + hours * MS_HOUR);
    app->poke_worker(app);
    Value *out = value_map(rq->arena);
    set_int(rq->arena, out, "now_at", clock_now(app->clock));
    return web_done(rq, rs, STR("/demo/clock"), 200, out);
}
