/* SPDX-License-Identifier: Apache-2.0 */
/* What the store's tests share: a folder of their own, a database, cases to put in it. */
#pragma once

#include "check.h"
#include "store/committer.h"

#define T0 INT64_C(1763800000000)

typedef struct {
    Arena arena;
    Str folder, path;
    Clock clock;
    IdMaker ids;
} Bed;

void bed_make(Bed *b, const char *name); /* a fresh, empty folder */
void bed_free(Bed *b);                   /* and all that is in it */
bool bed_open(Bed *b, StoreConn *c, bool for_reading);
/* Opened, migrated and closed; so that readers may come. */
bool bed_migrate(Bed *b);
Committer *bed_start(Bed *b, void *app);
/* One number from a statement of the test's own, with a connection of its own. -1: failed. */
int64_t bed_count(Bed *b, const char *sql);
bool bed_script(Bed *b, const char *sql);
/* How SQLite would run it, a line for each table that it reads. */
Str bed_plan(Bed *b, const char *sql);

Str path_of(Bed *b, const char *name); /* in the bed's folder */
/* Exit code of a program; its output goes where the words say: {"python3", "x", NULL}. */
int run_program(const char *const *words, Str output);
bool file_holds(Bed *b, Str path, const char *text);

StoreTx bed_tx(Bed *b, StoreConn *c);
/* A case's row with the end of the chain as it is. */
bool add_case(StoreTx *tx, const StoreChain *ch, Err *err);
/* A new case with n events. */
bool add_case_with_events(StoreTx *tx, int64_t id, int n, Err *err);
