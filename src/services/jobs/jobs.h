/* SPDX-License-Identifier: Apache-2.0 */
/*
 * services/jobs/jobs.h - jobs that systems of other departments do for a process.
 *
 *   offered -take-> leased -complete-> done          the process goes on with what came back
 *      ^              |  -error-> error              a BPMN error: boundary events catch it
 *      |              |  -fail-> offered, later      while retries are left
 *      |              |  -fail-> failed              an incident of the process
 *      +- lease over -+                              without retries left: failed
 *   offered, leased -> cancelled                     the process wants it no more
 *
 * A take uses one retry. The lease, a random word, proves who holds the job: without it, or with
 * another system's token, nothing happens. A lease that is over still counts until somebody else
 * has taken the job. Calls may be repeated: with the same lease and the same contents the stored
 * answer comes again (the caller passes jobs_key as the idempotency key).
 * A system gets the variables that the task maps in and the type's declaration names, no others;
 * which ones is in the case's events and in the person's log.
 * Refusals are in out.problems as {element, key, arg}: keys "job.…".
 * Limits: those below, each refused by name at its place. Jobs that are over are kept for
 * JOBS_KEEP without what they held, so that a late call is told why.
 */
#pragma once

#include "services/party/client.h"

enum {
    JOBS_TAKE_MAX = 32,
    JOBS_TYPES_MAX = 32,
    JOBS_WAIT_MAX_S = 55,
    JOBS_VARIABLES_BYTES = 64 << 10, /* as JSON */
    JOBS_VARIABLES_MAX = 200,
    JOBS_NAME_MAX = 100,
    JOBS_REASON_MAX = 1000,
    JOBS_CODE_MAX = 100,
    JOBS_LEASE_TEXT = 22,
};
#define JOBS_KEEP (30 * MS_DAY)

/* in {types, max, lease_s, wait_s}; out {jobs: [{job, type, case, element, headers, variables,
 * attempt, retries_left, lease, lease_until}]}, the longest waiting first. */
UseCase jobs_take;
/* in {job, lease, variables}; out {job, case, state, retries_left} */
UseCase jobs_complete;
/* in {job, lease, reason, retry_after_s, retries_left} */
UseCase jobs_fail;
/* in {job, lease, code, reason, variables} */
UseCase jobs_error;
/* in {job, lease, lease_s}; out {job, case, lease_until} */
UseCase jobs_extend;

/* The worker's: in {job}. A lease ran out and no retry is left; and when that could not be told. */
UseCase jobs_lapse, jobs_lapse_failed;

/* The idempotency key of what ends a lease; empty when the lease is not well formed. */
Str jobs_key(Arena *out, const Value *in);
/* For whoever may take its type: fills m; ERR_NOT_FOUND else. */
MUST_CHECK bool jobs_view(const Viewing *by, const Client *client, int64_t job, Value *m, Err *err);
