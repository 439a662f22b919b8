/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The OpenAPI 3.1 document, made from the table of routes: what is served is what is described.
 * Fields are written in RouteDoc as "name:type! other:type", '!' for required; types are string,
 * integer, boolean, object, array.
 */
#include "web/web_int.h"

static Value *schema(Arena *a, Str type)
{
    Value *s = value_map(a);
    set_str(a, s, "type", type);
    if (str_eq(type, STR("array")))
        set_map(a, s, "items");
    return s;
}

typedef struct {
    Str name, type;
    bool required;
} FieldDoc;

/* The next field of a list; false at its end. */
static bool next_field(Str *rest, FieldDoc *f)
{
    Str part;
    while (str_split(rest, ' ', &part)) {
        if (!part.len)
            continue;
        f->required = str_ends(part, STR("!"));
        part = str_slice(part, 0, part.len - (f->required ? 1 : 0));
        size_t colon = str_find(part, STR(":"), 0);
        f->name = str_slice(part, 0, colon);
        f->type = colon == SIZE_MAX ? STR("string") : str_slice(part, colon + 1, part.len);
        return true;
    }
    return false;
}

static void add_parameter(Arena *a, Value *list, const char *in, const FieldDoc *f)
{
    Value *p = push_map(a, list);
    set_str(a, p, "name", f->name);
    set_str(a, p, "in", str_z(in));
    set_bool(a, p, "required", f->required);
    set_value(a, p, "schema", schema(a, f->type));
}

static void add_parameters(Arena *a, Value *op, const HttpRoute *r, const RouteDoc *doc)
{
    Value *list = value_list(a);
    Str path = str_z(r->path), fields = str_z(doc->body);
    for (size_t at = str_find(path, STR("{"), 0); at != SIZE_MAX;
         at = str_find(path, STR("{"), at + 1)) {
        size_t end = str_find(path, STR("}"), at);
        size_t from = path.at[at + 1] == '*' ? at + 2 : at + 1;
        FieldDoc f = {str_slice(path, from, end), STR("string"), true};
        add_parameter(a, list, "path", &f);
    }
    FieldDoc f;
    while (r->method == HTTP_GET && next_field(&fields, &f))
        add_parameter(a, list, "query", &f);
    if (r->method != HTTP_GET && !(r->who & (WHO_NO_CSRF | WHO_CLIENT))) {
        FieldDoc token = {STR("X-CSRF-Token"), STR("string"), true};
        add_parameter(a, list, "header", &token);
        FieldDoc key = {STR("Idempotency-Key"), STR("string"), false};
        add_parameter(a, list, "header", &key);
    }
    if (value_count(list))
        set_value(a, op, "parameters", list);
}

static void add_body(Arena *a, Value *op, const HttpRoute *r, const RouteDoc *doc)
{
    if (r->method == HTTP_GET || !doc->body)
        return;
    Value *object = schema(a, STR("object"));
    Value *properties = set_map(a, object, "properties"), *required = value_list(a);
    Str fields = str_z(doc->body);
    FieldDoc f;
    while (next_field(&fields, &f)) {
        value_set(a, properties, f.name, schema(a, f.type));
        if (f.required)
            push_str(a, required, f.name);
    }
    if (value_count(required))
        set_value(a, object, "required", required);
    Value *body = set_map(a, op, "requestBody");
    set_bool(a, body, "required", value_count(required) > 0);
    Value *content = set_map(a, body, "content");
    const char *type = r->flags & HTTP_ROUTE_UPLOAD ? "multipart/form-data"
                       : r->flags & HTTP_ROUTE_JSON ? "application/json"
                                                    : "application/x-www-form-urlencoded";
    set_value(a, set_map(a, content, type), "schema", object);
}

static void add_response(Arena *a, Value *responses, const char *status, const char *what,
                         const char *type, const char *ref)
{
    Value *r = set_map(a, responses, status);
    set_str(a, r, "description", str_z(what));
    if (!type)
        return;
    Value *s = set_map(a, set_map(a, set_map(a, r, "content"), type), "schema");
    if (ref)
        set_str(a, s, "$ref", str_z(ref));
    else
        set_str(a, s, "type", STR("object"));
}

static void add_responses(Arena *a, Value *op, const HttpRoute *r, const RouteDoc *doc)
{
    static const char problem[] = "#/components/schemas/Problem";
    Value *responses = set_map(a, op, "responses");
    int success = doc->success ? doc->success : 200;
    add_response(a, responses, success == 201 ? "201" : "200", "what the page shows, as JSON",
                 "application/json", NULL);
    if (r->who & (WHO_PARTY | WHO_ACCOUNT | WHO_CLIENT)) {
        add_response(a, responses, "401", "not signed in, or no good token",
                     "application/problem+json", problem);
        add_response(a, responses, "403", "not allowed", "application/problem+json", problem);
    }
    add_response(a, responses, "default", "a problem (RFC 9457)", "application/problem+json",
                 problem);
}

static const char *method_name(HttpMethod m)
{
    switch (m) {
    case HTTP_GET: return "get";
    case HTTP_POST: return "post";
    case HTTP_PUT: return "put";
    case HTTP_DELETE: return "delete";
    }
    return "get";
}

static void add_route(Arena *a, Value *paths, const HttpRoute *r)
{
    const RouteDoc *doc = r->doc;
    Str path = str_replace(a, str_z(r->path), STR("{*"), STR("{"));
    Value *item = value_inside_str(paths, path);
    if (!item) {
        item = value_map(a);
        value_set(a, paths, path, item);
    }
    Value *op = set_map(a, item, method_name(r->method));
    set_str(a, op, "summary", str_z(doc->summary));
    push_str(a, set_list(a, op, "tags"), str_z(doc->tag));
    add_parameters(a, op, r, doc);
    add_body(a, op, r, doc);
    add_responses(a, op, r, doc);
    if (r->who & (WHO_PARTY | WHO_STAFF))
        set_list(a, push_map(a, set_list(a, op, "security")), "session");
    if (r->who & WHO_CLIENT)
        set_list(a, push_map(a, set_list(a, op, "security")), "client");
}

static void add_components(Arena *a, Value *api)
{
    static const struct {
        const char *name, *type;
    } problem[] = {
        {"type", "string"},   {"title", "string"},    {"status", "integer"},
        {"detail", "string"}, {"instance", "string"}, {"problems", "array"},
    };
    Value *components = set_map(a, api, "components");
    Value *schemes = set_map(a, components, "securitySchemes");
    Value *session = set_map(a, schemes, "session");
    set_str(a, session, "type", STR("apiKey"));
    set_str(a, session, "in", STR("cookie"));
    set_str(a, session, "name", STR("__Host-session"));
    Value *client = set_map(a, schemes, "client");
    set_str(a, client, "type", STR("http"));
    set_str(a, client, "scheme", STR("bearer"));
    set_str(a, client, "description", STR("the token of a system, made by `onedoor client add`"));
    Value *p = set_map(a, set_map(a, components, "schemas"), "Problem");
    set_str(a, p, "type", STR("object"));
    Value *properties = set_map(a, p, "properties");
    for (size_t i = 0; i < COUNT(problem); i++)
        set_value(a, properties, problem[i].name, schema(a, str_z(problem[i].type)));
}

Value *web_openapi(Arena *out, Str title, Str server_url)
{
    Value *api = value_map(out);
    set_str(out, api, "openapi", STR("3.1.0"));
    Value *info = set_map(out, api, "info");
    set_str(out, info, "title", title);
    set_str(out, info, "version", STR(VERSION));
    set_str(
        out, info, "description",
        STR("Every page is also JSON: ask for it with Accept: application/json. What writes needs "
            "X-CSRF-Token (given in the answer to any GET) and takes an Idempotency-Key."));
    set_str(out, push_map(out, set_list(out, api, "servers")), "url", server_url);
    Value *paths = set_map(out, api, "paths");
    for (size_t i = 0; i < web_route_count; i++)
        add_route(out, paths, &web_routes[i]);
    add_components(out, api);
    return api;
}
