/* SPDX-License-Identifier: Apache-2.0 */
/*
 * services/live.h - the generation in service, swapped whole while others read.
 *
 * A generation is an App with its catalogue (and its pages, which web adds). Whoever serves
 * somebody enters, works with the App of its pass to the end, and leaves; a reload in between does
 * not reach it. Commands run with the App of who submitted them.
 * Memory:  a retired generation is dropped when the last pass of its time is left.
 * Threads: any; live_publish by one thread at a time.
 */
#pragma once

#include "base/era.h"
#include "services/app.h"

typedef struct Live Live;

typedef struct {
    App *app; /* as of now */
    Era *era;
} Pass;

/* Makes first the generation in service, with an empty cache of old versions. */
void live_open(App *first);
/* The last App in service; nobody may be inside. Drops what still waits. */
void live_close(App *app);
/* app: any generation. Without live_open it is its own only one. */
Pass live_enter(App *app);
void live_leave(Pass *pass);
/* From now on next serves; drop(what) once nobody can read the old one any more. */
void live_publish(App *next, void (*drop)(void *), void *what);
/* drop(what) once nobody who is inside now can read it any more. */
void live_retire(const App *app, void (*drop)(void *), void *what);
