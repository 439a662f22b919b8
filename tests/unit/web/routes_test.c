/* SPDX-License-Identifier: Apache-2.0 */
#include "house.h"
#include "json/json.h"

TEST(routes_are_complete)
{
    House h;
    bool ok = house_open(&h);
    for (size_t i = 0; ok && i < web_route_count; i++) {
        const HttpRoute *r = &web_routes[i];
        const RouteDoc *doc = r->doc;
        CHECK(r->path && r->path[0] == '/' && r->handler, "%s: path and handler", r->path);
        CHECK(doc && doc->summary && doc->summary[0] && doc->tag && doc->success, "%s: doc",
              r->path);
        CHECK(r->method == HTTP_GET || r->method == HTTP_POST || r->method == HTTP_PUT ||
                  r->method == HTTP_DELETE,
              "%s: one method", r->path);
        for (int lang = 0; r->template_name && lang < LANG_COUNT; lang++)
            CHECK(html_find(h.web.pages[lang], str_z(r->template_name)), "%s: template %s", r->path,
                  r->template_name);
        for (size_t k = 0; k < i; k++)
            CHECK(strcmp(r->path, web_routes[k].path) != 0 || r->method != web_routes[k].method,
                  "%s: twice", r->path);
    }
    house_close(&h);
}

/* What lies under a folder of signed-in people is for them alone, however the row was written. */
TEST(routes_under_private_folders_are_private)
{
    static const struct {
        const char *prefix;
        unsigned who;
    } folders[] = {
        {"/my/", WHO_PARTY}, {"/apply/", WHO_PARTY}, {"/w/", WHO_STAFF},
        {"/o/", WHO_STAFF},  {"/demo/", WHO_DEMO},
    };
    for (size_t i = 0; i < web_route_count; i++)
        for (size_t k = 0; k < COUNT(folders); k++)
            CHECK(!str_starts(str_z(web_routes[i].path), str_z(folders[k].prefix)) ||
                      (web_routes[i].who & folders[k].who),
                  "%s is open to anybody", web_routes[i].path);
}

TEST(openapi_describes_every_route)
{
    Arena a = {0};
    Err err = {0};
    Value *api = web_openapi(&a, STR("x"), STR("http://127.0.0.1"));
    Str text = json_text(&a, api);
    const Value *again = json_read(&a, text, &err);
    CHECK(again && value_eq(api, again), "%s", err.msg);
    CHECK(str_starts(get_str(api, "openapi"), STR("3.1")), "version");
    for (size_t i = 0; i < web_route_count; i++) {
        const HttpRoute *r = &web_routes[i];
        Str path = str_replace(&a, str_z(r->path), STR("{*"), STR("{"));
        const Value *p = value_get(value_at(api, "paths"), path);
        const char *method = r->method == HTTP_GET    ? "get"
                             : r->method == HTTP_POST ? "post"
                                                      : "put";
        const Value *op = value_at(p, method);
        CHECK(op && get_str(op, "summary").len && value_at(op, "responses"), "%s", r->path);
        size_t braces = 0, parameters = 0;
        for (size_t c = 0; c < path.len; c++)
            braces += path.at[c] == '{';
        const Value *list = value_at(op, "parameters");
        for (size_t k = 0; k < value_count(list); k++)
            parameters += str_eq(get_str(list->list.items[k], "in"), STR("path"));
        CHECK(braces == parameters, "%s: path parameters", r->path);
    }
    arena_free(&a);
}
