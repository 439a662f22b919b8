/* SPDX-License-Identifier: Apache-2.0 */
/* Pages that only speak of the service itself, and what machines ask for. */
#include "linked/linked.h"
#include "store/store.h"
#include "web/web_int.h"
#include "json/json.h"

HttpNext web_help(HttpRequest *rq, HttpResponse *rs)
{
    const Visit *v = visit_of(rq);
    const Catalogue *c = v->web->app->catalogue;
    Arena *a = rq->arena;
    Value *model = value_map(a), *list = set_list(a, model, "organs");
    for (size_t i = 0; i < c->organ_count; i++) {
        const Organ *organ = &c->organs[i];
        if (!organ->phone.len && !text_in(organ->address, v->lang).len)
            continue;
        Value *o = push_map(a, list);
        set_str(a, o, "name", text_in(organ->name, v->lang));
        set_str(a, o, "address", text_in(organ->address, v->lang));
        set_str(a, o, "hours", text_in(organ->hours, v->lang));
        set_str(a, o, "phone", organ->phone);
    }
    return web_page(rq, rs, "help", model);
}

HttpNext web_a11y(HttpRequest *rq, HttpResponse *rs)
{
    return web_page(rq, rs, "a11y", value_map(rq->arena));
}

HttpNext web_privacy(HttpRequest *rq, HttpResponse *rs)
{
    return web_page(rq, rs, "privacy", value_map(rq->arena));
}

/* The form; a code that was typed gets the address that is printed on papers. */
HttpNext web_verify_form(HttpRequest *rq, HttpResponse *rs)
{
    Str code = str_trim(http_query(rq, "code"));
    if (!code.len)
        return web_page(rq, rs, "verify", value_map(rq->arena));
    return http_redirect(
        rq, rs, str_fmt(rq->arena, "/verify/" STR_FMT, STR_ARG(str_percent(rq->arena, code))));
}

/* Answers 200 only when this loop can read the store: what a load balancer wants to know. */
HttpNext web_health(HttpRequest *rq, HttpResponse *rs)
{
    const Visit *v = visit_of(rq);
    const Catalogue *c = v->web->app->catalogue;
    StoreRows rows;
    Err err = {0};
    bool ok = !v->reader || store_run(v->reader, rq->arena, SQL_SETTING_GET,
                                      PARAMS(P_STR(STR("health"))), &rows, &err);
    Value *model = value_map(rq->arena);
    set_str(rq->arena, model, "status", ok ? STR("ok") : STR("store"));
    set_str(rq->arena, model, "version", STR(VERSION));
    set_str(rq->arena, model, "catalogue", c->key);
    http_set_header(rq, rs, "Cache-Control", STR("no-store"));
    return http_answer(rq, rs, ok ? 200 : 503, "application/json", json_text(rq->arena, model));
}

HttpNext web_robots(HttpRequest *rq, HttpResponse *rs)
{
    return http_answer(rq, rs, 200, "text/plain; charset=utf-8",
                       STR("User-agent: *\nDisallow: /apply\nDisallow: /my\nDisallow: /login\n"
                           "Disallow: /progress\nDisallow: /verify\nDisallow: /api\n"
                           "Disallow: /staff\nDisallow: /w\nDisallow: /o\n"));
}

HttpNext web_theme(HttpRequest *rq, HttpResponse *rs)
{
    const Web *w = visit_of(rq)->web;
    http_set_header(rq, rs, "Cache-Control", STR("public, max-age=31536000, immutable"));
    return http_answer(rq, rs, 200, "text/css; charset=utf-8", w->theme_css);
}

HttpNext web_api(HttpRequest *rq, HttpResponse *rs)
{
    const Visit *v = visit_of(rq);
    const App *app = v->web->app;
    Value *api =
        web_openapi(rq->arena, text_in(app->catalogue->site_name, LANG_EN), app->public_url);
    http_set_header(rq, rs, "Cache-Control", STR("no-cache"));
    return http_answer(rq, rs, 200, "application/json", json_text(rq->arena, api));
}

HttpNext web_linked(HttpRequest *rq, HttpResponse *rs)
{
    const App *app = visit_of(rq)->web->app;
    Value *graph = linked_catalogue(rq->arena, app->catalogue, app->public_url);
    http_set_header(rq, rs, "Cache-Control", STR("no-cache"));
    return http_answer(rq, rs, 200, "application/ld+json", json_text(rq->arena, graph));
}
