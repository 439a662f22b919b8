/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A generation owns its App, its pages and its catalogue. Its versions are in the store before the
 * first case can be accepted under them.
 */
#include "cli/reload.h"

#include "base/log.h"
#include "services/casework/versions.h"

enum { TOLD_MAX = 50 };

struct Generation {
    Arena arena;
    App app;
    Web web;
};

void loaded_read(Loaded *l, const char *folder)
{
    *l = (Loaded){0};
    l->diags.arena = &l->arena;
    l->catalogue = catalogue_load_with(str_z(folder), &l->diags, &l->documents);
}

void loaded_end(Loaded *l)
{
    arena_free(&l->arena);
}

static void tell(const Diags *d)
{
    size_t told = 0;
    for (size_t i = 0; i < d->list.len && told < TOLD_MAX; i++) {
        const Diag *x = &d->list.at[i];
        if (x->level != DIAG_ERROR)
            continue;
        uint32_t line, column;
        const DiagFile *f = &d->files.at[x->file];
        diag_place(f->text, x->offset, &line, &column);
        log_error("catalogue file=" STR_FMT " line=%u column=%u rule=%s what=\"" STR_FMT "\"",
                  STR_ARG(f->path), line, column, x->rule, STR_ARG(x->message));
        told++;
    }
}

App *generation_app(Generation *g)
{
    return &g->app;
}

void generation_drop(void *generation)
{
    Generation *g = generation;
    Arena arena = g->arena;
    log_info("generation dropped catalogue=" STR_FMT, STR_ARG(g->app.catalogue->key));
    web_drop(&g->web);
    catalogue_free(g->app.catalogue);
    arena_free(&arena);
}

static bool refused(const char *why)
{
    log_error("reload refused, the catalogue in service goes on why=\"%s\"", why);
    return false;
}

static Generation *generation_new(const App *serving, const Catalogue *c)
{
    Arena arena = {0};
    Generation *g = NEW(&arena, Generation);
    g->arena = arena;
    g->app = *serving;
    g->app.catalogue = c;
    return g;
}

static Generation *prepare(App *serving, const Web *first, const char *folder)
{
    Err err = {0};
    Loaded l;
    Generation *g = NULL;
    loaded_read(&l, folder);
    tell(&l.diags);
    if (!l.catalogue) {
        (void)refused("it has errors");
    } else if (!str_eq(l.catalogue->place, serving->catalogue->place)) {
        (void)refused("it is another place's");
        catalogue_free(l.catalogue);
    } else {
        g = generation_new(serving, l.catalogue);
        if (!web_next(&g->web, first, &g->app, &err) ||
            !versions_publish(&g->app, &l.documents, &err)) {
            (void)refused(err.msg);
            generation_drop(g);
            g = NULL;
        }
    }
    loaded_end(&l);
    return g;
}

bool reload(App *serving, const Web *first, const char *folder, void (*drop)(void *), void *old,
            Generation **g)
{
    Generation *next = prepare(serving, first, folder);
    if (!next)
        return false;
    live_publish(&next->app, drop, old);
    log_info("reloaded catalogue=" STR_FMT " items=%zu", STR_ARG(next->app.catalogue->key),
             next->app.catalogue->item_count);
    *g = next;
    return true;
}
