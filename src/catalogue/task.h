/* SPDX-License-Identifier: Apache-2.0 */
/*
 * catalogue/task.h - what a user task of a process says to staff: whose pool it goes to, with what
 * it may end, by when.
 *
 * Pool: candidateGroups names the role, or "organ:role"; else the lane or pool names the organ, by
 * its key or its name. What names no organ means the case's own.
 * Outcomes: property outcomes = "agree=同意|Agree; back=退回|Send back". Without it the task has
 * nothing to choose.
 * Limit: property stepLimit = "P5D", "PT8H", "P5WD" or "5WD".
 * Memory: views of the process and the Arena passed. Limits: TASK_OUTCOMES_MAX.
 */
#pragma once

#include "catalogue/catalogue.h"
#include "model/bpmn/bpmn.h"

enum { TASK_OUTCOMES_MAX = 12, TASK_LIMIT_MAX_DAYS = 3660 };

typedef struct {
    Str organ; /* key; empty: the case's own */
    Str role;
} TaskPool;

TaskPool task_pool(const Catalogue *c, const BpmnElement *e);

typedef struct {
    Str key; /* the value of the variable outcome */
    Text label;
} TaskOutcome;

/* list has room for TASK_OUTCOMES_MAX. */
MUST_CHECK bool task_outcomes(const BpmnElement *e, TaskOutcome *list, size_t *n, Err *err);
/* An act of the law answers it (accept, decide …), not a plain form. */
bool task_is_lawful(Str stage);
/* days > 0: so many working days; else a FEEL duration in *span. */
MUST_CHECK bool task_limit(Arena *out, Str limit, int64_t *days, FeelValue *span, Err *err);
