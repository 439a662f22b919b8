/* SPDX-License-Identifier: Apache-2.0 */
/*
 * onedoor sandbox: a process of its own that plays what a demo cannot have: the registers of other
 * departments, with synthetic people, and the gateway that sends phone messages.
 *
 *   GET  /{register}?KEY=VALUE    {"found": true, "record": {…}} or {"found": false}
 *   POST /sms                     {"to", "text"}; Idempotency-Key names the spool file: a repeat
 *                                 with the same key is the same message
 *   POST /control                 {"register": "hospital", "mode": "up" | "down" | "slow"}
 *   GET  /healthz
 */
#include <signal.h>
#include <stdio.h>

#include "base/file.h"
#include "base/log.h"
#include "base/map.h"
#include "base/thread.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/seed.h"
#include "http/http.h"
#include "yaml/yaml.h"
#include "json/json.h"

enum { SLOW_MS = 8000, KEY_MAX = 120 };

typedef struct {
    Arena arena;
    const Value *registers;
    Str spool;
    Mutex lock;
    Map modes; /* register -> Str* */
    Arena modes_arena;
    Pool *pool;
    Clock clock;
} Sandbox;

typedef struct {
    HttpRequest *rq;
} Pause;

static HttpNext answer_json(HttpRequest *rq, HttpResponse *rs, int status, const Value *v)
{
    return http_answer(rq, rs, status, "application/json", json_text(rq->arena, v));
}

static HttpNext fail(HttpRequest *rq, HttpResponse *rs, int status, const char *why)
{
    Value *v = value_map(rq->arena);
    set_str(rq->arena, v, "error", str_z(why));
    return answer_json(rq, rs, status, v);
}

static Str mode_of(Sandbox *s, Str name)
{
    mutex_lock(&s->lock);
    const Str *mode = map_get(&s->modes, name);
    Str m = mode ? *mode : STR("up");
    mutex_unlock(&s->lock);
    return m;
}

static HttpNext look_up(HttpRequest *rq, HttpResponse *rs)
{
    Sandbox *s = rq->app;
    Str name = http_param(rq, "register");
    const Value *reg = value_get(s->registers, name);
    if (!reg)
        return fail(rq, rs, 404, "no such register");
    Str key = http_query(rq, str_cstr(rq->arena, get_str(reg, "key")));
    Date today = date_of_time(clock_now(&s->clock), ZONE_CHINA_MINUTES);
    Value *record = demo_record(rq->arena, reg, key, today);
    Value *v = value_map(rq->arena);
    set_bool(rq->arena, v, "found", record != NULL);
    if (record)
        set_value(rq->arena, v, "record", record);
    return answer_json(rq, rs, 200, v);
}

static void pause_job(void *arg)
{
    Pause *p = arg;
    sleep_ms(SLOW_MS);
    http_wake(p->rq);
}

static HttpNext get_register(HttpRequest *rq, HttpResponse *rs)
{
    Sandbox *s = rq->app;
    Str mode = mode_of(s, http_param(rq, "register"));
    if (str_eq(mode, STR("down")))
        return fail(rq, rs, 503, "this register is down");
    if (!str_eq(mode, STR("slow")))
        return look_up(rq, rs);
    Pause *p = NEW(rq->arena, Pause);
    p->rq = rq;
    rq->then = look_up;
    return pool_submit(s->pool, pause_job, p) ? HTTP_WAIT : fail(rq, rs, 503, "too busy");
}

static HttpNext post_control(HttpRequest *rq, HttpResponse *rs)
{
    Sandbox *s = rq->app;
    Err err = {0};
    const Value *in = json_read(rq->arena, rq->body, &err);
    Str name = get_str(in, "register"), mode = get_str(in, "mode");
    if (!name.len || !mode.len)
        return fail(rq, rs, 422, "register and mode are needed");
    mutex_lock(&s->lock);
    Str *kept = NEW(&s->modes_arena, Str);
    *kept = str_dup(&s->modes_arena, mode);
    map_put(&s->modes_arena, &s->modes, str_dup(&s->modes_arena, name), kept);
    mutex_unlock(&s->lock);
    return answer_json(rq, rs, 200, in);
}

static bool key_is_plain(Str key)
{
    if (!key.len || key.len > KEY_MAX)
        return false;
    for (size_t i = 0; i < key.len; i++) {
        char c = key.at[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                     c == '-' || c == '_';
        if (!plain)
            return false;
    }
    return true;
}

static HttpNext post_sms(HttpRequest *rq, HttpResponse *rs)
{
    Sandbox *s = rq->app;
    Err err = {0};
    Value *in = json_read(rq->arena, rq->body, &err);
    Str key = http_header(rq, "Idempotency-Key");
    if (!in || !get_str(in, "to").len || !get_str(in, "text").len)
        return fail(rq, rs, 422, "to and text are needed");
    if (!key_is_plain(key))
        return fail(rq, rs, 422, "an Idempotency-Key of letters, digits, - and _ is needed");
    Str path = path_join(rq->arena, s->spool, str_join(rq->arena, key, STR(".json")));
    Value *out = value_map(rq->arena);
    set_bool(rq->arena, out, "repeated", file_exists(path));
    set_int(rq->arena, in, "at", clock_now(&s->clock));
    if (!file_exists(path) && !file_write(path, json_text(rq->arena, in), &err))
        return fail(rq, rs, 503, err.msg);
    return answer_json(rq, rs, 200, out);
}

static HttpNext healthz(HttpRequest *rq, HttpResponse *rs)
{
    return http_answer(rq, rs, 200, "text/plain; charset=utf-8", STR("ok\n"));
}

static const HttpRoute routes[] = {
    {HTTP_GET, "/healthz", healthz, NULL, 0, 0, NULL},
    {HTTP_POST, "/sms", post_sms, NULL, 0, HTTP_ROUTE_JSON, NULL},
    {HTTP_POST, "/control", post_control, NULL, 0, HTTP_ROUTE_JSON, NULL},
    {HTTP_GET, "/{register}", get_register, NULL, 0, 0, NULL},
};

static bool load(Sandbox *s, const char *catalogue, Err *err)
{
    Str path = path_join(&s->arena, str_z(catalogue), STR("demo/registers.yaml"));
    Str text;
    if (!file_read(&s->arena, path, YAML_MAX_BYTES, &text, err))
        return false;
    Diags diags = {.arena = &s->arena};
    uint16_t file = diag_file(&diags, path, text);
    s->registers = yaml_read(&s->arena, &diags, file, text);
    if (s->registers && !diags.errors)
        return true;
    Str report = diag_render(&s->arena, &diags);
    (void)fprintf(stderr, STR_FMT, STR_ARG(report));
    return FAIL(err, ERR_INPUT, "the registers could not be read");
}

static bool run(Sandbox *s, const char *listen, Err *err)
{
    HttpConfig config = {.loops = 1,
                         .limits = http_default_limits(),
                         .upload_folder = s->spool,
                         .clock = &s->clock,
                         .routes = routes,
                         .route_count = COUNT(routes),
                         .app = s};
    HttpServer *server;
    if (!args_listen(listen, &config.address, &config.port, err) ||
        !file_make_folder(s->spool, err) || !http_start(&server, &config, err))
        return false;
    log_info("sandbox ready port=%u", (unsigned)http_port(server));
    while (signal_wait(-1) == SIGHUP)
        ;
    http_stop(server, 1000);
    return true;
}

int cli_sandbox(int argc, char **argv)
{
    const char *catalogue = NULL, *listen = NULL, *spool = NULL;
    const ArgOption options[] = {
        {"--catalogue", "DIR", "with demo/registers.yaml", &catalogue, true},
        {"--spool", "DIR", "where phone messages are put", &spool, true},
        {"--listen", "ADDR:PORT", "default 127.0.0.1:8081", &listen, false},
    };
    ArgSpec spec = {"sandbox", "play the registers of other departments and the message gateway",
                    "onedoor sandbox --catalogue catalogues/demo --spool build/demo/spool", options,
                    COUNT(options)};
    ArgsVerdict v = args_read(&spec, argc, argv);
    if (v != ARGS_GO)
        return args_exit(v);
    signal_block_all();
    Sandbox s = {.spool = str_z(spool)};
    Err err = {0};
    clock_init_real(&s.clock);
    mutex_init(&s.lock);
    s.pool = pool_new("slow", 8, 64);
    bool ok = load(&s, catalogue, &err) && run(&s, listen ? listen : "127.0.0.1:8081", &err);
    if (!ok)
        (void)fprintf(stderr, "onedoor sandbox: %s\n", err.msg);
    pool_free(s.pool);
    mutex_free(&s.lock);
    arena_free(&s.modes_arena);
    arena_free(&s.arena);
    return ok ? EXIT_OK : EXIT_FAILED;
}
