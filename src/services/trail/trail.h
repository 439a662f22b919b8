/* SPDX-License-Identifier: Apache-2.0 */
/*
 * services/trail/trail.h - the way of cases through their processes: where they stand, where they
 * stood, how long it took.
 *
 * Written with each step of a process in its own transaction: a row for each place where a token
 * comes to rest, none for what is passed at once. A case that was opened before there were rows
 * begins with its next step.
 * Memory: models are in the viewing's Arena. Nothing here names a person but the staff of a task.
 * Limits: TRAIL_MAX_STAYS of a case or of a span are read, the newest.
 */
#pragma once

#include "engine/flow/flow.h"
#include "services/app.h"

enum {
    TRAIL_MAX_STAYS = 20000, /* for medians and percentiles */
    TRAIL_MAX_DAYS = 366,
    TRAIL_PAGE = 50,
};

typedef struct {
    int64_t case_id;
    Str item;
    const BpmnProcess *process;
    const FlowInstance *before; /* NULL: it was just started */
    const FlowInstance *after;
    const FlowEffects *effects;
} TrailStep;

/* Inside the command that made the step. */
MUST_CHECK bool trail_follow(StoreTx *tx, const TrailStep *s, Err *err);

/*
 * {stays: [{element, state, here, began_at, ended_at, took, role, organ, staff}], the oldest first,
 *  passed: [ids of elements, each once], incidents: [{element, reason}]}
 * took: {ms, days (working days between the two, 0 within one day)}; of an open stay until now.
 */
MUST_CHECK bool trail_of_case(const Viewing *by, int64_t case_id, const BpmnProcess *process,
                              const FlowInstance *flow, Value *model, Err *err);
/*
 * {days, waiting, incidents, elements: {ID: {waiting, incidents, oldest_at, through, median {took},
 * ninetieth {took}}}, cut (more than TRAIL_MAX_STAYS)}: now, and over the last days.
 */
MUST_CHECK bool trail_of_item(const Viewing *by, Str item, int64_t days, Value *model, Err *err);
/* {waiting, incidents} of now. */
MUST_CHECK bool trail_now(const Viewing *by, Str item, Value *model, Err *err);

typedef struct {
    Str item, element;
    int64_t days; /* 0: those that wait there now; else those that left it in the last days */
    int64_t page; /* from 0 */
} TrailQuery;

/* {cases: [{no, case_state, state, began_at, ended_at, took}], page, more} */
MUST_CHECK bool trail_cases(const Viewing *by, const TrailQuery *q, Value *model, Err *err);
