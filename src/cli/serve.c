/* SPDX-License-Identifier: Apache-2.0 */
/*
 * onedoor serve: reads what it was told, wires the floors, starts the threads, and joins them in
 * the reverse order when a signal says so. SIGHUP reads the catalogue again (cli/reload.h).
 *
 * Start: catalogue -> committer (migrates) -> versions -> pool, exchange, worker -> HTTP -> demo accounts.
 * Stop:  HTTP (running requests finish) -> worker -> pool -> committer.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/child.h"
#include "base/file.h"
#include "base/log.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/reload.h"
#include "cli/seed.h"
#include "pdf/pdf.h"
#include "services/casework/versions.h"
#include "services/exchange/exchange.h"
#include "services/jobs/board.h"
#include "services/party/party.h"
#include "services/party/password.h"
#include "services/worker/worker.h"
#include "web/web.h"

enum { POOL_THREADS = 4, POOL_QUEUE = 512, STOP_WAIT_MS = 5000 };

typedef struct {
    const char *catalogue, *db, *listen, *seed, *files, *public_url, *sources, *sms, *spool, *demo,
        *proxy, *loops, *verbose;
} ServeArgs;

typedef struct {
    Arena arena;
    App app;
    Clock clock;
    IdMaker ids;
    Web web;
    Str address;
    uint16_t port;
    Str db, files;
    Worker *worker;
    JobBoard *board;
    Generation *now; /* in service; NULL: the one above, that it started with */
} Service;

/* The committer runs, and pokes, before the worker and the board are there. */
static Mutex starting = MUTEX_STATIC;

static void poke(App *app)
{
    mutex_lock(&starting);
    Worker *worker = app->worker;
    JobBoard *board = app->board;
    mutex_unlock(&starting);
    if (worker)
        worker_poke(worker);
    if (board)
        jobs_board_poke(board);
}

static void after_batch(void *app)
{
    poke(app);
}

static bool is_loopback(Str address)
{
    return str_starts(address, STR("127.")) || str_eq(address, STR("::1")) ||
           str_eq(address, STR("localhost"));
}

static Str or_else(const char *given, Str otherwise)
{
    return given ? str_z(given) : otherwise;
}

static bool read_options(Service *s, const ServeArgs *a, Err *err)
{
    if (!args_listen(a->listen ? a->listen : "127.0.0.1:8080", &s->address, &s->port, err))
        return false;
    s->app.demo = a->demo != NULL;
    if (s->app.demo && !is_loopback(s->address))
        return FAIL(
            err, ERR_DENIED,
            "--demo lets anybody in: it listens on a loopback address only, not on '" STR_FMT "'",
            STR_ARG(s->address));
    s->db = str_z(a->db);
    s->files = or_else(a->files, str_join(&s->arena, s->db, STR(".files")));
    s->app.files_folder = s->files;
    s->app.public_url = or_else(a->public_url, str_fmt(&s->arena, "http://" STR_FMT ":%u",
                                                       STR_ARG(s->address), (unsigned)s->port));
    s->app.sources_base = or_else(a->sources, STR(""));
    s->app.sms_url = or_else(a->sms, STR(""));
    s->app.spool_folder = or_else(a->spool, STR(""));
    s->web.secure_cookies = a->proxy != NULL;
    return true;
}

static App *serving(Service *s)
{
    return s->now ? generation_app(s->now) : &s->app;
}

/* Of the generation that it started with; the App itself stays, for what all have alike. */
static void drop_first(void *service)
{
    Service *s = service;
    catalogue_free(s->app.catalogue);
    s->app.catalogue = NULL;
    web_drop(&s->web);
}

static bool load_catalogue(Service *s, Loaded *l, const char *folder)
{
    loaded_read(l, folder);
    s->app.catalogue = l->catalogue;
    if (!l->catalogue) {
        Str report = diag_render(&l->arena, &l->diags);
        (void)fprintf(stderr, STR_FMT, STR_ARG(report));
    }
    return l->catalogue != NULL;
}

static bool start_store(Service *s, Err *err)
{
    clock_init_real(&s->clock);
    s->app.clock = &s->clock;
    s->app.poke_worker = poke;
    CommitterConfig config = {.url = s->db,
                              .place = s->app.catalogue->place,
                              .clock = &s->clock,
                              .ids = &s->ids,
                              .app = &s->app,
                              .after_batch = after_batch};
    if (!file_make_folder(s->files, err) || !committer_start(&s->app.committer, &config, err))
        return false;
    live_open(&s->app);
    return true;
}

/* The versions are in the store before anything can ask for one. */
static bool start_data(Service *s, const char *folder, Err *err)
{
    Loaded l;
    bool ok = load_catalogue(s, &l, folder) && start_store(s, err) &&
              versions_publish(&s->app, &l.documents, err);
    loaded_end(&l);
    return ok;
}

/* Adds the catalogue's demo staff where they are not there yet. */
static bool add_demo_staff(Service *s, Err *err)
{
    StoreConn reader;
    Actor system = {.kind = ACTOR_SYSTEM};
    if (!store_open(&reader, s->db, true, err))
        return false;
    bool ok = true;
    for (size_t i = 0; ok && i < serving(s)->catalogue->staff_count; i++) {
        const DemoStaff *d = &serving(s)->catalogue->staff[i];
        Account account;
        Str encoded;
        ok = account_find(&reader, &s->arena, d->login, &account, err);
        if (!ok || account.id)
            continue;
        Value *in = value_map(&s->arena);
        set_str(&s->arena, in, "login", d->login);
        set_str(&s->arena, in, "name", d->name);
        set_str(&s->arena, in, "organ", d->organ);
        set_str(&s->arena, in, "roles", d->roles);
        ok = password_hash(&s->arena, d->password, &encoded, err);
        set_str(&s->arena, in, "password", encoded);
        Op op;
        op_init(&op, &s->arena, serving(s), &system);
        op_ask(&op, "staff.add", staff_add, in, STR(""));
        ok = ok && op_run(&op, err);
    }
    store_close(&reader);
    return ok;
}

static bool start_rest(Service *s, const ServeArgs *a, Err *err)
{
    s->app.pool = pool_new("pool", POOL_THREADS, POOL_QUEUE);
    s->app.exchange = exchange_open(&s->arena);
    if (!worker_start(&s->worker, &s->arena, &s->app, s->db, err))
        return false;
    mutex_lock(&starting);
    s->app.worker = s->worker;
    mutex_unlock(&starting);
    if (!jobs_board_open(&s->board, &s->arena, s->db, s->app.catalogue->place, &s->clock, err))
        return false;
    mutex_lock(&starting);
    s->app.board = s->board;
    mutex_unlock(&starting);
    HttpConfig config = {.address = s->address,
                         .port = s->port,
                         .loops = a->loops ? (int)strtol(a->loops, NULL, 10) : 0,
                         .limits = http_default_limits(),
                         .upload_folder = str_join(&s->arena, s->files, STR("/incoming")),
                         .clock = &s->clock,
                         .trust_forwarded = a->proxy != NULL};
    return file_make_folder(config.upload_folder, err) &&
           web_start(&s->web, &s->app, s->db, &config, err);
}

/* How well commits were grouped: what an operator asks first when the disk is slow. */
static void say_commits(const Service *s)
{
    int64_t commands, batches;
    committer_counts(s->app.committer, &commands, &batches);
    log_info("committed commands=%lld batches=%lld", (long long)commands, (long long)batches);
}

static void stop_rest(Service *s)
{
    if (s->board)
        jobs_board_close(s->board); /* who waits for a job is told that there is none */
    if (s->web.app)
        web_stop(&s->web, STOP_WAIT_MS);
    if (s->worker)
        worker_stop(s->worker);
    if (s->app.pool)
        pool_free(s->app.pool);
    if (s->app.exchange)
        exchange_close(s->app.exchange);
    say_commits(s);
    committer_stop(s->app.committer); /* whose batches poke the worker to the end */
    if (s->worker)
        worker_free(s->worker);
    if (s->board)
        jobs_board_free(s->board);
    live_close(&s->app);
}

/* Until a signal says stop. */
static void run(Service *s, const ServeArgs *a)
{
    Generation *next;
    Err err = {0};
    while (signal_wait(-1) == SIGHUP) {
        void *old = s->now ? (void *)s->now : s;
        if (!reload(serving(s), &s->web, a->catalogue, s->now ? generation_drop : drop_first, old,
                    &next))
            continue;
        s->now = next;
        if (s->app.demo && !add_demo_staff(s, &err))
            log_err("demo staff", &err);
    }
}

static void say_ready(const Service *s)
{
    uint16_t port = http_port(s->web.server);
    log_info("ready address=" STR_FMT " port=%u demo=%d", STR_ARG(s->address), (unsigned)port,
             s->app.demo);
    if (!s->app.demo)
        return;
    printf("\nonedoor demo: http://" STR_FMT ":%u/\n\n", STR_ARG(s->address), (unsigned)port);
    printf("staff sign in at /staff/login:\n");
    for (size_t i = 0; i < s->app.catalogue->staff_count; i++) {
        const DemoStaff *d = &s->app.catalogue->staff[i];
        printf("  %-12.*s password %-14.*s %.*s (%.*s)\n", STR_ARG(d->login), STR_ARG(d->password),
               STR_ARG(d->name), STR_ARG(d->roles));
    }
    printf(
        "citizens sign in by the demo's identity page; phone messages arrive at /demo/phone\n\n");
    (void)fflush(stdout);
}

static int serve(Service *s, const ServeArgs *a)
{
    Err err = {0};
    if (!read_options(s, a, &err) || !start_data(s, a->catalogue, &err)) {
        if (err.code)
            (void)fprintf(stderr, "onedoor serve: %s\n", err.msg);
        if (s->app.committer)
            stop_rest(s);
        return EXIT_FAILED;
    }
    bool ok = start_rest(s, a, &err) && (!s->app.demo || add_demo_staff(s, &err)) &&
              (!a->seed || demo_seed(&s->app, s->db, &err));
    if (ok) {
        say_ready(s);
        run(s, a);
        log_info("stopping");
    } else {
        (void)fprintf(stderr, "onedoor serve: %s\n", err.msg);
    }
    stop_rest(s);
    return ok ? EXIT_OK : EXIT_FAILED;
}

int cli_serve(int argc, char **argv)
{
    ServeArgs a = {0};
    const ArgOption options[] = {
        {"--catalogue", "DIR", "the services, as data", &a.catalogue, true},
        {"--db", "PATH", "database file, made when absent", &a.db, true},
        {"--listen", "ADDR:PORT", "default 127.0.0.1:8080", &a.listen, false},
        {"--files", "DIR", "uploaded files; default: beside the database", &a.files, false},
        {"--public-url", "URL", "what people type; for QR codes and messages", &a.public_url,
         false},
        {"--sources", "URL", "base address of ${SOURCES_BASE}", &a.sources, false},
        {"--sms", "URL", "phone message gateway", &a.sms, false},
        {"--proxy", NULL, "behind a TLS proxy of ours: secure cookies", &a.proxy, false},
        {"--loops", "N", "HTTP threads; default one a core, at most 4", &a.loops, false},
        {"--demo", NULL, "demo sign-in and pages; loopback only", &a.demo, false},
        {"--spool", "DIR", "demo: where the gateway puts phone messages", &a.spool, false},
        {"--seed", NULL, "demo: a new database starts with the catalogue's cases", &a.seed, false},
        {"--verbose", NULL, "log more", &a.verbose, false},
    };
    ArgSpec spec = {"serve", "run the service",
                    "onedoor serve --catalogue catalogues/demo --db /var/lib/onedoor/onedoor.db"
                    " --listen 127.0.0.1:8080 --proxy --public-url https://one.example.gov.cn",
                    options, COUNT(options)};
    ArgsVerdict v = args_read(&spec, argc, argv);
    if (v != ARGS_GO)
        return args_exit(v);
    signal_block_all();
    pdf_draw_apart(CHILD_SELF);
    log_set_level(a.verbose ? LOG_DEBUG : LOG_INFO);
    Service s = {0};
    int code = serve(&s, &a);
    if (s.now)
        generation_drop(s.now);
    catalogue_free(s.app.catalogue);
    arena_free(&s.web.arena);
    arena_free(&s.arena);
    return code;
}
