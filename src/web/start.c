/* SPDX-License-Identifier: Apache-2.0 */
/* Texts and templates compiled, then the HTTP server over the table of routes; and the end of both.
 */
#include "base/log.h"
#include "base/rand.h"
#include "web/web_int.h"

/* Every problem is logged; the first one is the error. */
static bool told(const Diags *diags, Err *err)
{
    for (size_t i = 0; i < diags->list.len; i++) {
        const Diag *d = &diags->list.at[i];
        uint32_t line = 0, column = 0;
        const DiagFile *f = d->file < diags->files.len ? &diags->files.at[d->file] : NULL;
        if (f)
            diag_place(f->text, d->offset, &line, &column);
        log_error("page file=" STR_FMT " line=%u column=%u rule=%s what=" STR_FMT,
                  STR_ARG(f ? f->path : STR("")), line, column, d->rule, STR_ARG(d->message));
    }
    Str first = diags->list.len ? diags->list.at[0].message : STR("nothing was told");
    return FAIL(err, ERR_INPUT, "texts or templates have %zu errors, the first: " STR_FMT,
                diags->errors, STR_ARG(first));
}

bool web_start(Web *w, App *app, Str database, HttpConfig *config, Err *err)
{
    Diags diags = {.arena = &w->arena};
    w->app = app;
    w->database = database;
    rand_bytes(&w->secret, sizeof w->secret);
    if (!web_open(w, &diags))
        return told(&diags, err);
    app->web = w;
    config->app = w;
    config->routes = web_routes;
    config->route_count = web_route_count;
    config->loop_open = web_loop_open;
    config->loop_close = web_loop_close;
    config->before = web_before;
    config->after = web_after;
    config->refuse = web_refuse;
    return http_start(&w->server, config, err);
}

void web_stop(Web *w, int64_t wait_ms)
{
    if (w->server)
        http_stop(w->server, wait_ms);
    w->server = NULL;
    web_close(w);
}

bool web_next(Web *next, const Web *first, App *app, Err *err)
{
    *next = (Web){.app = app,
                  .server = first->server,
                  .database = first->database,
                  .secure_cookies = first->secure_cookies,
                  .secret = first->secret};
    Diags diags = {.arena = &next->arena};
    if (!web_open(next, &diags)) {
        (void)told(&diags, err);
        web_close(next);
        return false;
    }
    app->web = next;
    return true;
}

void web_drop(Web *w)
{
    web_close(w);
}
