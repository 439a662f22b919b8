/* SPDX-License-Identifier: Apache-2.0 */
/* services/jobs/jobs_int.h - between the files of this folder. */
#pragma once

#include "services/casework/casework.h"
#include "services/jobs/jobs.h"

/* ---- input.c: what was sent, refused by name at its place ---- */

/* Adds the problem; false, with the code. */
bool jobs_refuse(StoreTx *tx, Value *out, const char *element, const char *key, Str arg,
                 ErrCode code, Err *err);
/* Only these fields (NULL ends them); job and lease come from the address and are there always. */
MUST_CHECK bool jobs_fields(StoreTx *tx, const Value *in, const char *const *known, Value *out,
                            Err *err);
/* A whole number of min to max; otherwise when it is absent. */
typedef struct {
    const char *name;
    int64_t min, max, otherwise;
} JobsNumber;
MUST_CHECK bool jobs_number(StoreTx *tx, const Value *in, JobsNumber what, int64_t *n, Value *out,
                            Err *err);
/* A text of at most max bytes; empty only when it is not required. */
typedef struct {
    const char *name;
    size_t max;
    bool required;
} JobsText;
MUST_CHECK bool jobs_text(StoreTx *tx, const Value *in, JobsText what, Str *text, Value *out,
                          Err *err);
/* What a job brings back; w may be NULL (no longer declared). */
MUST_CHECK bool jobs_variables(StoreTx *tx, const Value *in, const WorkerType *w,
                               const FeelContext **variables, Value *out, Err *err);
/* The names alone: what events may tell. */
Value *jobs_names(Arena *a, const Value *map);
