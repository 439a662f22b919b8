/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What only a demo has: the phone that shows the gateway's spool, and a clock that can be moved on,
 * to see what the law does when days pass.
 */
#include "base/file.h"
#include "base/log.h"
#include "services/certificate/localise.h"
#include "web/pages.h"
#include "json/json.h"

enum { PHONE_MESSAGES = 100, MESSAGE_MAX = 16 << 10, CLOCK_DAYS_MAX = 400 };

static void add_message(HttpRequest *rq, Str path, Value *list)
{
    Err err = {0};
    Str text;
    Value *message = NULL;
    if (file_read(rq->arena, path, MESSAGE_MAX, &text, &err))
        message = json_read(rq->arena, text, &err);
    if (message && message->kind == VALUE_MAP)
        value_push(rq->arena, list, message);
    else
        log_err("spool", &err);
}

HttpNext web_demo_phone(HttpRequest *rq, HttpResponse *rs)
{
    const Visit *v = visit_of(rq);
    const App *app = v->web->app;
    Value *m = value_map(rq->arena);
    Value *list = set_list(rq->arena, m, "messages");
    StrVec paths = {0};
    Err err = {0};
    if (app->spool_folder.len && file_exists(app->spool_folder) &&
        !file_list(rq->arena, app->spool_folder, STR(".json"), &paths, &err))
        return web_error(rq, rs, &err);
    for (size_t i = 0; i < paths.len && i < PHONE_MESSAGES; i++)
        add_message(rq, path_join(rq->arena, app->spool_folder, paths.at[paths.len - 1 - i]), list);
    set_int(rq->arena, m, "count", (int64_t)paths.len);
    return web_page(rq, rs, "phone", localise(rq->arena, m, v->lang, app->catalogue->zone_minutes));
}

static HttpNext clock_page(HttpRequest *rq, HttpResponse *rs)
{
    const Visit *v = visit_of(rq);
    const App *app = v->web->app;
    Value *m = value_map(rq->arena);
    set_int(rq->arena, m, "now_at", clock_now(app->clock));
    return web_page(rq, rs, "clock", localise(rq->arena, m, v->lang, app->catalogue->zone_minutes));
}

HttpNext web_demo_clock(HttpRequest *rq, HttpResponse *rs)
{
    return clock_page(rq, rs);
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
        return web_status(rq, rs, 422, "http.422.text");
    clock_shift(app->clock, days * MS_DAY + hours * MS_HOUR);
    app->poke_worker(app);
    Value *out = value_map(rq->arena);
    set_int(rq->arena, out, "now_at", clock_now(app->clock));
    return web_done(rq, rs, STR("/demo/clock"), 200, out);
}
