/* SPDX-License-Identifier: Apache-2.0 */
/* The application that the tests talk to. */
#include <stdlib.h>
#include <unistd.h>

#include "client.h"

static HttpNext say_hello(HttpRequest *rq, HttpResponse *rs)
{
    (void)rq;
    rs->body = STR("<p>hello</p>");
    rs->body_is_constant = true;
    return HTTP_DONE;
}

/* Only "right" is. */
static HttpNext guess(HttpRequest *rq, HttpResponse *rs)
{
    bool right = str_eq(http_param(rq, "code"), STR("right"));
    return http_answer(rq, rs, right ? 200 : 404, "text/plain", right ? STR("yes") : STR("no"));
}

/* All that was understood of the request, a line each. */
static void write_fields(StrBuf *b, const char *what, const HttpField *at, size_t len)
{
    for (size_t i = 0; i < len; i++)
        buf_fmt(b, "%s " STR_FMT "=" STR_FMT "\n", what, STR_ARG(at[i].name), STR_ARG(at[i].value));
}

static HttpNext echo(HttpRequest *rq, HttpResponse *rs)
{
    StrBuf b = buf_in(rq->arena);
    buf_fmt(&b, "path " STR_FMT "\nroute %s\nmethod %d\npeer " STR_FMT "\n", STR_ARG(rq->path),
            rq->route->path, (int)rq->method, STR_ARG(rq->peer));
    write_fields(&b, "param", rq->params.at, rq->params.len);
    write_fields(&b, "query", rq->query.at, rq->query.len);
    write_fields(&b, "form", rq->form.at, rq->form.len);
    write_fields(&b, "cookie", rq->cookies.at, rq->cookies.len);
    for (size_t i = 0; i < rq->files.len; i++) {
        const HttpFile *f = &rq->files.at[i];
        buf_fmt(&b, "file " STR_FMT " " STR_FMT " " STR_FMT " %llu " STR_FMT " %d\n",
                STR_ARG(f->field), STR_ARG(f->filename), STR_ARG(f->type),
                (unsigned long long)f->size, STR_ARG(hash_hex(rq->arena, &f->hash)),
                file_exists(f->path));
    }
    if (rq->body.len)
        buf_fmt(&b, "body " STR_FMT "\n", STR_ARG(rq->body));
    buf_fmt(&b, "json %d\n", http_wants_json(rq));
    return http_answer(rq, rs, 200, "text/plain; charset=utf-8", buf_str(&b));
}

static HttpNext answer_held(HttpRequest *rq, HttpResponse *rs)
{
    return http_answer(rq, rs, 201, "text/plain", str_fmt(rq->arena, "woken %s", rq->route->path));
}

static HttpNext hold(HttpRequest *rq, HttpResponse *rs)
{
    (void)rs;
    App *app = rq->app;
    rq->then = answer_held;
    mutex_lock(&app->lock);
    ASSERT(app->held_count < COUNT(app->held));
    app->held[app->held_count++] = rq;
    mutex_unlock(&app->lock);
    return HTTP_WAIT;
}

/* Woken before it even waits. */
static HttpNext wake_early(HttpRequest *rq, HttpResponse *rs)
{
    (void)rs;
    rq->then = answer_held;
    http_wake(rq);
    return HTTP_WAIT;
}

static HttpNext again(HttpRequest *rq, HttpResponse *rs)
{
    (void)rs;
    rq->then = wake_early;
    http_wake(rq);
    return HTTP_WAIT;
}

static HttpNext long_page(HttpRequest *rq, HttpResponse *rs)
{
    StrBuf b = buf_in(rq->arena);
    for (int i = 0; i < 1000; i++)
        buf_fmt(&b, "<p>line %d of a long page</p>\n", i);
    rs->body = buf_str(&b);
    return HTTP_DONE;
}

static HttpNext asset(HttpRequest *rq, HttpResponse *rs)
{
    http_set_header(rq, rs, "Cache-Control", STR("public, max-age=31536000, immutable"));
    http_set_header(rq, rs, "ETag", STR("\"abc\""));
    rs->content_type = STR("text/css");
    rs->body = STR("body { color: black }");
    rs->body_gzip = STR("\x1f\x8bpretend");
    rs->body_is_constant = true;
    return HTTP_DONE;
}

static HttpNext cookies(HttpRequest *rq, HttpResponse *rs)
{
    http_set_cookie(rq, rs, "sid", STR("a b;c"), 60, true);
    http_set_cookie(rq, rs, "old", STR(""), -1, false);
    http_set_header(rq, rs, "X-Odd", STR("a\r\nInjected: 1"));
    http_set_header(rq, rs, "Content-Security-Policy", STR("default-src 'none'"));
    return http_redirect(rq, rs, STR("/next?a=\r\nX: \xe4\xb8\xad"));
}

static HttpNext file(HttpRequest *rq, HttpResponse *rs)
{
    const App *app = rq->app;
    rs->content_type = STR("application/pdf");
    rs->file_path = str_fmt(rq->arena, "%s/" STR_FMT, app->folder, STR_ARG(http_param(rq, "name")));
    http_set_header(rq, rs, "Content-Disposition", STR("attachment; filename=x.pdf"));
    return HTTP_DONE;
}

static HttpNext keep(HttpRequest *rq, HttpResponse *rs)
{
    const App *app = rq->app;
    Err err = {0};
    Str to = str_fmt(rq->arena, "%s/kept", app->folder);
    bool ok = rq->files.len == 1 && file_move_durably(rq->files.at[0].path, to, &err);
    return http_answer(rq, rs, ok ? 200 : 500, "text/plain", STR("kept"));
}

static HttpNext events(HttpRequest *rq, HttpResponse *rs)
{
    App *app = rq->app;
    HttpStream *st = http_stream_new(app->server, 4096);
    (void)http_stream_send(st, STR("first"), STR("one\ntwo"));
    rs->stream = st;
    mutex_lock(&app->lock);
    if (app->stream)
        http_stream_close(app->stream);
    app->stream = st;
    mutex_unlock(&app->lock);
    return HTTP_DONE;
}

static HttpNext which_loop(HttpRequest *rq, HttpResponse *rs)
{
    App *app = rq->app;
    long i = (int *)rq->loop_state - app->loops_seen;
    return http_answer(rq, rs, 200, "text/plain", str_fmt(rq->arena, "loop %ld", i));
}

static const HttpRoute routes[] = {
    {HTTP_GET, "/", say_hello, "home", 0, 0, NULL},
    {HTTP_GET, "/echo", echo, NULL, 0, 0, NULL},
    {HTTP_POST, "/echo", echo, NULL, 0, HTTP_ROUTE_JSON, NULL},
    {HTTP_PUT, "/echo", echo, NULL, 0, 0, NULL},
    {HTTP_POST, "/upload", echo, NULL, 0, HTTP_ROUTE_UPLOAD, NULL},
    {HTTP_POST, "/keep", keep, NULL, 0, HTTP_ROUTE_UPLOAD, NULL},
    {HTTP_GET, "/cases/new", echo, NULL, 0, 0, NULL},
    {HTTP_GET, "/cases/{no}", echo, NULL, 0, 0, NULL},
    {HTTP_DELETE, "/cases/{no}", echo, NULL, 0, 0, NULL},
    {HTTP_GET, "/cases/{no}/{page}", echo, NULL, 0, 0, NULL},
    {HTTP_POST, "/cases/new/page", echo, NULL, 0, 0, NULL},
    {HTTP_GET, "/docs/{*rest}", echo, NULL, 0, 0, NULL},
    {HTTP_GET, "/guess/{code}", guess, NULL, 0, HTTP_ROUTE_GUESSED, NULL},
    {HTTP_GET, "/hold", hold, NULL, 0, 0, NULL},
    {HTTP_POST, "/hold", hold, NULL, 0, HTTP_ROUTE_JSON | HTTP_ROUTE_UPLOAD, NULL},
    {HTTP_POST, "/early", wake_early, NULL, 0, 0, NULL},
    {HTTP_GET, "/again", again, NULL, 0, 0, NULL},
    {HTTP_GET, "/long", long_page, NULL, 0, 0, NULL},
    {HTTP_GET, "/asset", asset, NULL, 0, 0, NULL},
    {HTTP_GET, "/cookies", cookies, NULL, 0, 0, NULL},
    {HTTP_GET, "/file/{name}", file, NULL, 0, 0, NULL},
    {HTTP_GET, "/events", events, NULL, 0, 0, NULL},
    {HTTP_GET, "/loop", which_loop, NULL, 0, 0, NULL},
};

static bool open_loop(void *arg, void **state, Err *err)
{
    (void)err;
    App *app = arg;
    mutex_lock(&app->lock);
    *state = &app->loops_seen[app->opened++];
    mutex_unlock(&app->lock);
    return true;
}

static void close_loop(void *arg, void *state)
{
    (void)state;
    App *app = arg;
    mutex_lock(&app->lock);
    app->closed++;
    mutex_unlock(&app->lock);
}

void app_start(App *app, void (*change)(HttpConfig *c))
{
    memset(app, 0, sizeof *app);
    memcpy(app->folder, "/tmp/onedoor-http-XXXXXX", sizeof "/tmp/onedoor-http-XXXXXX");
    ASSERT(mkdtemp(app->folder));
    mutex_init(&app->lock);
    clock_init_real(&app->clock);
    app->config = (HttpConfig){
        .address = STR("127.0.0.1"),
        .loops = 1,
        .limits = http_default_limits(),
        .upload_folder = str_z(app->folder),
        .clock = &app->clock,
        .routes = routes,
        .route_count = COUNT(routes),
        .app = app,
        .loop_open = open_loop,
        .loop_close = close_loop,
    };
    if (change)
        change(&app->config);
    Err err = {0};
    if (!http_start(&app->server, &app->config, &err))
        fatal("test server: %s", err.msg);
}

void app_stop(App *app, int64_t wait_ms)
{
    http_stop(app->server, wait_ms);
    if (app->stream)
        http_stream_close(app->stream);
    Arena a = {0};
    StrVec paths = {0};
    Err err = {0};
    if (file_list(&a, str_z(app->folder), STR(""), &paths, &err))
        for (size_t i = 0; i < paths.len; i++)
            file_remove(path_join(&a, str_z(app->folder), paths.at[i]));
    arena_free(&a);
    (void)rmdir(app->folder);
    mutex_free(&app->lock);
}

uint16_t app_port(const App *app)
{
    return http_port(app->server);
}

size_t app_held(App *app)
{
    mutex_lock(&app->lock);
    size_t n = app->held_count;
    mutex_unlock(&app->lock);
    return n;
}

void app_wait_held(App *app, size_t count)
{
    for (int i = 0; i < 500 && app_held(app) < count; i++)
        sleep_ms(10);
}

void app_wake_all(App *app)
{
    mutex_lock(&app->lock);
    for (size_t i = 0; i < app->held_count; i++)
        http_wake(app->held[i]);
    app->held_count = 0;
    mutex_unlock(&app->lock);
}

size_t app_uploads_left(const App *app)
{
    Arena a = {0};
    StrVec paths = {0};
    Err err = {0};
    bool ok = file_list(&a, str_z(app->folder), STR(".upload"), &paths, &err);
    size_t n = ok ? paths.len : SIZE_MAX;
    arena_free(&a);
    return n;
}
