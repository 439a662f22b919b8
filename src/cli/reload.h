/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/reload.h - the catalogue read again while the service runs.
 *
 * Checked first; what has an error is refused and the generation in service goes on. Else its
 * versions are kept in the store, its pages compiled, and it is put in service whole: requests
 * under way end with the generation that they began with.
 * Threads: all by the main thread, which waits for signals.
 */
#pragma once

#include "services/live.h"
#include "web/web.h"

typedef struct Generation Generation;

/* A catalogue with what its versions are made of; the texts live in arena, until they are kept. */
typedef struct {
    Arena arena;
    Diags diags;
    const Catalogue *catalogue; /* NULL: refused */
    CatalogueDocuments documents;
} Loaded;

void loaded_read(Loaded *l, const char *folder);
void loaded_end(Loaded *l);

/* serving: the App in service now, whose parts the next one takes over; first: the server's pages.
 * *g: the new generation, in service when true; drop: of the one that goes. On false nothing has
 * changed and why is in the log. */
bool reload(App *serving, const Web *first, const char *folder, void (*drop)(void *), void *old,
            Generation **g);
App *generation_app(Generation *g);
void generation_drop(void *generation);
