/* SPDX-License-Identifier: Apache-2.0 */
/* Requests and answers over a real socket. */
#include "client.h"

#define GET(path) "GET " path " HTTP/1.1\r\nHost: x\r\n\r\n"

static const char *const secure_headers[] = {
    "X-Content-Type-Options",  "X-Frame-Options",
    "Referrer-Policy",         "Cross-Origin-Opener-Policy",
    "Content-Security-Policy", "Permissions-Policy",
    "Cache-Control",
};

TEST(http_answers)
{
    App app;
    Arena a = {0};
    app_start(&app, NULL);
    Reply r = ask(&a, app_port(&app), GET("/"));
    CHECK(r.status == 200, "status %d", r.status);
    CHECK(str_eq(r.body, STR("<p>hello</p>")), "body");
    CHECK(str_eq(reply_header(&r, "content-type"), STR("text/html; charset=utf-8")), "type");
    for (size_t i = 0; i < COUNT(secure_headers); i++)
        CHECK(reply_header(&r, secure_headers[i]).len > 0, "%s", secure_headers[i]);
    CHECK(reply_header(&r, "server").len == 0, "no server header");
    CHECK(str_eq(reply_header(&r, "cache-control"), STR("no-store")), "not cached");
    app_stop(&app, 1000);
    CHECK(app.opened == 1 && app.closed == 1, "loop state opened and closed");
    arena_free(&a);
}

TEST(http_finds_routes)
{
    static const struct {
        const char *request;
        int status;
        const char *has;
    } rows[] = {
        {GET("/cases/new"), 200, "route /cases/new\n"},
        {GET("/cases/7"), 200, "param no=7\n"},
        {GET("/cases/7/answers"), 200, "param page=answers\n"},
        {GET("/cases/new/page"), 200, "param no=new\nparam page=page\n"},
        {GET("/cases/"), 404, "404"},
        {GET("/cases"), 404, "404"},
        {GET("/cases/7/"), 404, "404"},
        {GET("/docs/a/b%20c"), 200, "param rest=a/b c\n"},
        {GET("/docs/"), 404, "404"},
        {GET("/echo?a=1&b=%E4%B8%AD&c&=x&&d=1+2"), 200,
         "query a=1\nquery b=\xe4\xb8\xad\nquery c=\nquery =x\nquery d=1 2\n"},
        {GET("//echo"), 404, "404"},
        {GET("/echo%2F"), 400, "slash"},
        {GET("/docs/../echo"), 400, "dot"},
        {GET("/docs/%2e%2e/echo"), 400, "dot"},
        {GET("/echo%00"), 400, "zero"},
        {GET("/echo%ff"), 400, "UTF-8"},
        {GET("/echo%zz"), 400, "percent"},
        {GET("/echo%4"), 400, "percent"},
        {GET("/echo?a=%"), 400, "percent"},
        {"GET http://x/echo HTTP/1.1\r\nHost: x\r\n\r\n", 200, "path /echo\n"},
        {"GET http://x HTTP/1.1\r\nHost: x\r\n\r\n", 200, "hello"},
        {"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", 400, "slash"},
        {"DELETE /cases/7 HTTP/1.1\r\nHost: x\r\n\r\n", 200, "method 8"},
        {"POST /cases/7 HTTP/1.1\r\nHost: x\r\n\r\n", 405, "405"},
        {"PATCH /echo HTTP/1.1\r\nHost: x\r\n\r\n", 405, "405"},
        {"TRACE /echo HTTP/1.1\r\nHost: x\r\n\r\n", 405, "405"},
        {"GET / HTTP/1.0\r\n\r\n", 200, "hello"},
    };
    App app;
    app_start(&app, NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        Arena a = {0};
        Reply r = ask(&a, app_port(&app), rows[i].request);
        CHECK(r.status == rows[i].status, "row %zu status %d", i, r.status);
        CHECK(str_has(r.body, rows[i].has), "row %zu body " STR_FMT, i, STR_ARG(r.body));
        CHECK(reply_header(&r, "x-content-type-options").len > 0, "row %zu is secured", i);
        arena_free(&a);
    }
    Arena a = {0};
    Reply r = ask(&a, app_port(&app), "PATCH /echo HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(str_eq(reply_header(&r, "allow"), STR("GET, HEAD, POST, PUT")), "allow " STR_FMT,
          STR_ARG(reply_header(&r, "allow")));
    arena_free(&a);
    app_stop(&app, 1000);
}

TEST(http_head_has_no_body)
{
    App app;
    Arena a = {0};
    app_start(&app, NULL);
    Client c = client_open(app_port(&app));
    Reply r = client_ask(&a, &c, "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(r.status == 200 && str_eq(reply_header(&r, "content-length"), STR("12")), "head");
    r = client_ask(&a, &c, GET("/")); /* had there been a body, this answer would be garbled */
    CHECK(r.status == 200 && str_eq(r.body, STR("<p>hello</p>")), "then get");
    r = client_ask(&a, &c, "HEAD /nothing HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(r.status == 404, "head of nothing");
    client_close(&c);
    app_stop(&app, 1000);
    arena_free(&a);
}

TEST(http_redirects_and_sets_cookies)
{
    App app;
    Arena a = {0};
    app_start(&app, NULL);
    Reply r = ask(&a, app_port(&app), GET("/cookies"));
    CHECK(r.status == 303, "status %d", r.status);
    CHECK(str_eq(reply_header(&r, "location"), STR("/next?a=%0D%0AX:%20%E4%B8%AD")),
          "location " STR_FMT, STR_ARG(reply_header(&r, "location")));
    CHECK(str_has(r.head, "Set-Cookie: sid=a%20b%3Bc; Path=/; HttpOnly; SameSite=Lax; "
                          "Max-Age=60; Secure\r\n"),
          "cookie");
    CHECK(str_has(r.head, "Set-Cookie: old=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0\r\n"),
          "deleted cookie");
    CHECK(reply_header(&r, "injected").len == 0, "no injected header");
    CHECK(str_eq(reply_header(&r, "content-security-policy"), STR("default-src 'none'")),
          "own policy wins");
    arena_free(&a);
    app_stop(&app, 1000);
}

TEST(http_reads_cookies)
{
    static const struct {
        const char *header, *has, *has_not;
    } rows[] = {
        {"a=1; b=2", "cookie a=1\ncookie b=2\n", "zz"},
        {"a=\"q\"", "cookie a=q\n", "\""},
        {"a=1;b=2;;c", "cookie b=2\n", "cookie c"},
        {"a b=1; ok=2", "cookie ok=2\n", "a b"},
        {"a=x y; ok=2", "cookie ok=2\n", "x y"},
        {"a==; b=c=d", "cookie a==\ncookie b=c=d", "zz"},
        {"sid=1\r\nCookie: lang=en", "cookie lang=en\n", "zz"},
    };
    App app;
    app_start(&app, NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        Arena a = {0};
        Str q = str_fmt(&a, "GET /echo HTTP/1.1\r\nHost: x\r\nCookie: %s\r\n\r\n", rows[i].header);
        Reply r = ask(&a, app_port(&app), str_cstr(&a, q));
        CHECK(str_has(r.body, rows[i].has), "row %zu " STR_FMT, i, STR_ARG(r.body));
        CHECK(!str_has(r.body, rows[i].has_not), "row %zu not " STR_FMT, i, STR_ARG(r.body));
        arena_free(&a);
    }
    app_stop(&app, 1000);
}

TEST(http_negotiates)
{
    static const struct {
        const char *accept;
        bool json;
    } rows[] = {
        {"application/json", true},
        {"text/html", false},
        {"*/*", false},
        {"text/html,application/xhtml+xml,*/*;q=0.8", false},
        {"application/json;q=0.9, text/html;q=0.8", true},
        {"application/json;q=0.5, text/html", false},
        {"application/json, */*;q=0.1", true},
        {"application/*, text/html;q=0.5", true},
        {"APPLICATION/JSON", true},
        {"application/json;q=0", false},
        {"text/*;q=0.3, text/html;q=0.7, application/json;q=0.5", false},
        {"", false},
    };
    App app;
    app_start(&app, NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        Arena a = {0};
        Str q = str_fmt(&a, "GET /echo HTTP/1.1\r\nHost: x\r\nAccept: %s\r\n\r\n", rows[i].accept);
        Reply r = ask(&a, app_port(&app), str_cstr(&a, q));
        CHECK(str_has(r.body, rows[i].json ? "json 1" : "json 0"), "row %zu", i);
        arena_free(&a);
    }
    app_stop(&app, 1000);
}

TEST(http_packs_text)
{
    static const struct {
        const char *path, *accept, *encoding;
        int status;
    } rows[] = {
        {"/long", "gzip", "gzip", 200},  {"/long", "br, gzip;q=0.5", "gzip", 200},
        {"/long", "gzip;q=0", "", 200},  {"/long", "identity", "", 200},
        {"/long", "*", "gzip", 200},     {"/", "gzip", "", 200},
        {"/asset", "gzip", "gzip", 200}, {"/asset", "identity", "", 200},
    };
    App app;
    app_start(&app, NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        Arena a = {0};
        Str q = str_fmt(&a, "GET %s HTTP/1.1\r\nHost: x\r\nAccept-Encoding: %s\r\n\r\n",
                        rows[i].path, rows[i].accept);
        Reply r = ask(&a, app_port(&app), str_cstr(&a, q));
        CHECK(r.status == rows[i].status, "row %zu status %d", i, r.status);
        CHECK(str_eq(reply_header(&r, "content-encoding"), str_z(rows[i].encoding)), "row %zu", i);
        bool is_gzip = r.body.len > 2 && memcmp(r.body.at, "\x1f\x8b", 2) == 0;
        CHECK(is_gzip == (rows[i].encoding[0] != 0), "row %zu magic", i);
        if (is_gzip && rows[i].path[1] == 'l')
            CHECK(r.body.len < 8000, "row %zu is smaller: %zu", i, r.body.len);
        arena_free(&a);
    }
    app_stop(&app, 1000);
}

TEST(http_knows_etags)
{
    static const struct {
        const char *tag;
        int status;
    } rows[] = {
        {"\"abc\"", 304}, {"W/\"abc\"", 304}, {"\"x\", \"abc\"", 304}, {"*", 304}, {"\"x\"", 200},
    };
    App app;
    app_start(&app, NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        Arena a = {0};
        Str q =
            str_fmt(&a, "GET /asset HTTP/1.1\r\nHost: x\r\nIf-None-Match: %s\r\n\r\n", rows[i].tag);
        Reply r = ask(&a, app_port(&app), str_cstr(&a, q));
        CHECK(r.status == rows[i].status, "row %zu status %d", i, r.status);
        CHECK(str_has(reply_header(&r, "cache-control"), "immutable"), "row %zu", i);
        arena_free(&a);
    }
    app_stop(&app, 1000);
}

TEST(http_streams_files)
{
    App app;
    Arena a = {0};
    Err err = {0};
    app_start(&app, NULL);
    size_t n = 700000;
    char *bytes = arena_alloc(&a, n);
    for (size_t i = 0; i < n; i++)
        bytes[i] = (char)(i * 7 + i / 251);
    CHECK(file_write(str_fmt(&a, "%s/big", app.folder), (Str){bytes, n}, &err), "written");
    Reply r = ask(&a, app_port(&app), GET("/file/big"));
    CHECK(r.status == 200 && r.body.len == n && memcmp(r.body.at, bytes, n) == 0, "same bytes");
    CHECK(str_eq(reply_header(&r, "content-type"), STR("application/pdf")), "type");
    CHECK(reply_header(&r, "content-security-policy").len > 0, "downloads are secured");
    r = ask(&a, app_port(&app), GET("/file/none"));
    CHECK(r.status == 404 && reply_header(&r, "content-disposition").len == 0, "absent file");
    app_stop(&app, 1000);
    arena_free(&a);
}

TEST(http_answers_pipelined_requests)
{
    App app;
    Arena a = {0};
    app_start(&app, NULL);
    Client c = client_open(app_port(&app));
    client_sendz(
        &c,
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\na=1" GET(
            "/cases/2") "POST /early HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n" GET("/again")
            GET("/nothing") GET("/"));
    Reply r = client_read(&a, &c, false);
    CHECK(str_has(r.body, "form a=1\n"), "first");
    r = client_read(&a, &c, false);
    CHECK(str_has(r.body, "param no=2\n"), "second");
    r = client_read(&a, &c, false);
    CHECK(r.status == 201, "third was suspended");
    r = client_read(&a, &c, false);
    CHECK(r.status == 201, "fourth was suspended twice");
    r = client_read(&a, &c, false);
    CHECK(r.status == 404, "fifth");
    r = client_read(&a, &c, false);
    CHECK(str_has(r.body, "hello"), "sixth");
    client_close(&c);
    app_stop(&app, 1000);
    arena_free(&a);
}

static bool deny(HttpRequest *rq, HttpResponse *rs)
{
    if (str_starts(rq->path, STR("/cases")))
        return true;
    (void)http_answer(rq, rs, 403, "text/plain", STR("denied"));
    return false;
}

static void make_refusal(HttpRequest *rq, HttpResponse *rs, const char *why)
{
    rs->content_type = STR("text/html; charset=utf-8");
    rs->body = str_fmt(rq->arena, "<h1>page %d %s</h1>", rs->status, why);
}

static void with_callbacks(HttpConfig *c)
{
    c->before = deny;
    c->refuse = make_refusal;
}

TEST(http_asks_before_and_makes_refusals)
{
    App app;
    Arena a = {0};
    app_start(&app, with_callbacks);
    Reply r = ask(&a, app_port(&app), GET("/"));
    CHECK(r.status == 403 && str_eq(r.body, STR("denied")), "before answers");
    r = ask(&a, app_port(&app), GET("/cases/1"));
    CHECK(r.status == 200, "before lets through");
    r = ask(&a, app_port(&app), GET("/nothing"));
    CHECK(r.status == 404 && str_has(r.body, "<h1>page 404"), "refusal page");
    app_stop(&app, 1000);
    arena_free(&a);
}

static void trusting(HttpConfig *c)
{
    c->trust_forwarded = true;
}

TEST(http_knows_the_peer)
{
    static const char request[] =
        "GET /echo HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 6.6.6.6, 10.1.2.3\r\n\r\n";
    for (int trust = 0; trust < 2; trust++) {
        App app;
        Arena a = {0};
        app_start(&app, trust ? trusting : NULL);
        Reply r = ask(&a, app_port(&app), request);
        CHECK(str_has(r.body, trust ? "peer 10.1.2.3\n" : "peer 127.0.0.1\n"), "trust %d", trust);
        app_stop(&app, 1000);
        arena_free(&a);
    }
}

TEST(http_refuses_to_start)
{
    App app;
    app_start(&app, NULL);
    HttpConfig c = app.config;
    HttpServer *second = NULL;
    Err err = {0};
    c.port = app_port(&app);
    CHECK(!http_start(&second, &c, &err) && err.code == ERR_CONFLICT, "port is taken: %s", err.msg);
    c.port = 0;
    c.address = STR("localhost.invalid");
    CHECK(!http_start(&second, &c, &err) && err.code == ERR_INPUT, "address: %s", err.msg);
    c.address = app.config.address;
    c.limits.fields = 0;
    CHECK(!http_start(&second, &c, &err) && str_has(str_z(err.msg), "fields"), "limit: %s",
          err.msg);
    app_stop(&app, 1000);
}
