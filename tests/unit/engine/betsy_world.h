/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/engine/betsy_world.h - what surrounds the processes of the betsy suite: scripts that
 * are words, partner processes that get messages, a virtual clock.
 */
#pragma once

#include "base/diag.h"
#include "base/file.h"
#include "engine/flow/flow.h"

enum { BETSY_FILE_MAX = 1 << 20 };

typedef struct {
    size_t instance;
    int64_t key;
    TimeMs due;
    Str name;       /* job type, message or signal; empty: timer */
    bool is_signal; /* of a subscription */
    const FeelContext *variables;
} BetsyWait;

typedef struct {
    FlowModel model;
    FlowInstance *flow;
} BetsyInstance;

typedef struct {
    Arena *arena;
    Vec(FlowModel) models; /* every process of the document */
    Vec(BetsyInstance) instances;
    Vec(BetsyWait) jobs, timers, subscriptions, messages;
    StrVec trace;
    TimeMs now;
} BetsyWorld;

/* The suite's words and Java conditions as job types and FEEL. */
Str betsy_document(Arena *out, Str text);
/* All processes of a document; false when it is refused, with the reasons in d. */
bool betsy_load(BetsyWorld *w, Diags *d, Str path, Str text);
void betsy_start(BetsyWorld *w, Str process, Str by, const FeelContext *variables);
/* Until nothing is left to do, or time is up. */
void betsy_run(BetsyWorld *w);
