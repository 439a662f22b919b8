/* SPDX-License-Identifier: Apache-2.0 */
/* What surrounds a page: the "page" map that the layout reads, and the headers of every answer. */
#include "base/date.h"
#include "web/web_int.h"

static const struct {
    const char *prefix, *area;
} areas[] = {
    {"/services", "services"},
    {"/search", "services"},
    {"/s/", "services"},
    {"/apply", "my"},
    {"/my", "my"},
    {"/progress", "progress"},
    {"/help", "help"},
    {"/w", "desk"},
    {"/o", "approve"},
    {"/o/processes", "processes"},
    {"/admin", "admin"},
    {"/d/standards", "design"},
    {"/d/drift", "drift"},
    {"/m/reform", "reform"},
    {"/lists", "services"},
};

static void add_nav(Arena *a, Value *page, Str path)
{
    Value *nav = set_map(a, page, "nav");
    if (str_eq(path, STR("/")))
        set_bool(a, nav, "home", true);
    for (size_t i = 0; i < COUNT(areas); i++)
        if (str_starts(path, str_z(areas[i].prefix)))
            set_bool(a, nav, areas[i].area, true);
}

static Str home_of(const Actor *who)
{
    if (who->kind != ACTOR_STAFF)
        return STR("/my");
    if (who->roles & ROLE_CLERK)
        return STR("/w");
    if (who->roles & (ROLE_APPROVER | ROLE_SUPERVISOR))
        return STR("/o");
    if (who->roles & ROLE_ADMIN)
        return STR("/admin");
    return who->roles & ROLE_DESIGNER ? STR("/d/standards") : STR("/");
}

static void add_visitor(HttpRequest *rq, Value *page)
{
    const Visit *v = visit_of(rq);
    const Actor *who = &v->actor;
    const Organ *organ = catalogue_organ(v->web->app->catalogue, who->organ);
    set_bool(rq->arena, page, "signed_in", who->kind != ACTOR_NOBODY);
    set_bool(rq->arena, page, "staff", who->kind == ACTOR_STAFF);
    set_str(rq->arena, page, "name", who->name);
    set_str(rq->arena, page, "organ", organ ? text_in(organ->short_name, v->lang) : STR(""));
    set_str(rq->arena, page, "home", home_of(who));
    set_str(rq->arena, page, "csrf", v->csrf);
    set_str(rq->arena, page, "key", web_key(rq));
    for (unsigned role = ROLE_CLERK; role <= ROLE_LEADER; role *= 2)
        set_bool(rq->arena, page, str_cstr(rq->arena, role_name(role)), (who->roles & role) != 0);
    set_bool(rq->arena, page, "drift", (who->roles & (ROLE_DESIGNER | ROLE_ADMIN)) != 0);
    set_bool(rq->arena, page, "processes",
             (who->roles & (ROLE_CLERK | ROLE_APPROVER | ROLE_SUPERVISOR)) != 0);
}

static void add_looks(HttpRequest *rq, Value *page)
{
    const Visit *v = visit_of(rq);
    Arena *a = rq->arena;
    bool dark = str_eq(v->theme, STR("dark"));
    set_str(a, page, "lang", v->lang == LANG_EN ? STR("en") : STR("zh-CN"));
    set_str(a, page, "other_lang", v->lang == LANG_EN ? STR("zh-CN") : STR("en"));
    set_str(a, page, "size", v->size);
    set_bool(a, page, "size_large", str_eq(v->size, STR("large")));
    set_str(a, page, "theme", v->theme);
    set_bool(a, page, "light", str_eq(v->theme, STR("light")));
    set_str(a, page, "dark_media",
            dark ? STR("screen") : STR("screen and (prefers-color-scheme: dark)"));
    if (v->web->theme_css.len)
        set_str(a, page, "theme_css",
                str_fmt(a, "/theme.css?v=" STR_FMT, STR_ARG(v->web->app->catalogue->key)));
}

void frame_add(HttpRequest *rq, Value *model, Str title)
{
    const Visit *v = visit_of(rq);
    const App *app = v->web->app;
    const Catalogue *c = app->catalogue;
    Arena *a = rq->arena;
    Value *page = set_map(a, model, "page");
    set_str(a, page, "title", title);
    set_str(a, page, "site_name", text_in(c->site_name, v->lang));
    set_str(a, page, "place_name", text_in(c->place_name, v->lang));
    set_str(a, page, "operator", text_in(c->operator_name, v->lang));
    set_str(a, page, "hotline", c->hotline);
    set_str(a, page, "path", rq->path);
    set_str(a, page, "here", visit_here(a, rq->raw_target.len ? rq->raw_target : STR("/")));
    set_bool(a, page, "demo", app->demo);
    set_int(a, page, "year", time_civil(rq->at, c->zone_minutes).date.year);
    add_looks(rq, page);
    add_visitor(rq, page);
    add_nav(a, page, rq->path);
}

void web_headers(HttpRequest *rq, HttpResponse *rs, bool html)
{
    const Visit *v = visit_of(rq);
    http_set_header(rq, rs, "Cache-Control",
                    v->actor.kind == ACTOR_NOBODY ? STR("no-cache") : STR("no-store"));
    http_set_header(rq, rs, "Vary", STR("Accept, Accept-Language, Cookie"));
    http_set_header(rq, rs, "Content-Language", v->lang == LANG_EN ? STR("en") : STR("zh-CN"));
    http_set_header(rq, rs, "X-Content-Type-Options", STR("nosniff"));
    http_set_header(rq, rs, "Referrer-Policy", STR("same-origin"));
    if (html)
        http_set_header(rq, rs, "Content-Security-Policy",
                        STR("default-src 'self'; img-src 'self' data:; object-src 'none'; "
                            "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"));
}
