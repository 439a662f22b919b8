/* SPDX-License-Identifier: Apache-2.0 */
/* A whole service without HTTP: the demo's catalogue, a store in a new folder, a virtual clock. */
#pragma once

#include "services/apply/apply.h"
#include "services/desk/desk.h"
#include "services/my/my.h"

typedef struct {
    Arena arena;
    App app;
    Clock clock;
    IdMaker ids;
    Str folder, db;
    StoreConn reader;
    Actor li, zhao;              /* two citizens */
    Actor clerk, approver, both; /* of hrss; other organ */
    Actor stranger;
} World;

void world_open(World *w);
void world_open_at(World *w, const char *catalogue);
void world_close(World *w);
/* Ends the service and starts it again over that catalogue; script (or NULL): SQL in between. */
void world_restart(World *w, const char *catalogue, const char *script);
/* Runs a use case as somebody; its out, or NULL with w's error kept. */
Value *world_run(World *w, const Actor *who, const char *name, UseCase *run, const Value *in,
                 const char *key, Err *err);
/* A complete application by a worker; the casebook comes by mail. */
Value *world_application(Arena *a, const char *accident_day);
/* Submits it; the case's id as text. */
Str world_submit(World *w, const Actor *who, Str *no);
Value *world_case(Arena *a, Str id); /* {case} */
/* What the worker would do now: due timers, messages, jobs; number done. */
size_t world_work(World *w);
void world_load(World *w, Str id, CaseFile *cf);
/* What this person reads with, in that language. */
Viewing world_viewing(World *w, const Actor *who, Lang lang);
int64_t world_count(World *w, SqlId list, int64_t case_id);
