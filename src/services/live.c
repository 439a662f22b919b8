/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order is what makes it safe: a reader enters its era before it looks which generation
 * serves; a publisher sets the new one before it retires the old. So whoever got the old one
 * entered before the retirement, and that waits for it.
 */
#include "services/live.h"

#include "services/casework/versions.h"

struct Live {
    Arena arena;
    Mutex lock;
    App *current; /* guarded by lock */
    Eras *eras;
};

void live_open(App *first)
{
    Arena arena = {0};
    Live *l = NEW(&arena, Live);
    l->arena = arena;
    mutex_init(&l->lock);
    l->eras = eras_new();
    l->current = first;
    first->live = l;
    first->versions = versions_open(VERSIONS_BYTES);
}

void live_close(App *app)
{
    Live *l = app->live;
    if (!l)
        return;
    eras_free(l->eras);
    versions_close(app->versions);
    mutex_free(&l->lock);
    Arena arena = l->arena;
    arena_free(&arena);
}

Pass live_enter(App *app)
{
    Live *l = app->live;
    if (!l)
        return (Pass){.app = app};
    Pass p = {.era = era_enter(l->eras)};
    mutex_lock(&l->lock);
    p.app = l->current;
    mutex_unlock(&l->lock);
    return p;
}

void live_leave(Pass *pass)
{
    if (pass->era)
        era_leave(pass->app->live->eras, pass->era);
    *pass = (Pass){0};
}

void live_publish(App *next, void (*drop)(void *), void *what)
{
    Live *l = next->live;
    mutex_lock(&l->lock);
    l->current = next;
    mutex_unlock(&l->lock);
    era_retire(l->eras, drop, what);
}

void live_retire(const App *app, void (*drop)(void *), void *what)
{
    if (app->live)
        era_retire(app->live->eras, drop, what);
    else
        drop(what);
}
