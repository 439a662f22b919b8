/* SPDX-License-Identifier: Apache-2.0 */
/* services/casework/casework_int.h - between the files of this folder. */
#pragma once

#include "engine/resolve/resolve.h"
#include "services/casework/casework.h"

/* The law's half of an act, without the process. */
MUST_CHECK bool casework_apply_law(StoreTx *tx, CaseFile *cf, LawAct act, LawRole role,
                                   const Actor *actor, const Value *in, Err *err);
MUST_CHECK bool casework_message(StoreTx *tx, const CaseFile *cf, Str template, const Value *extra,
                                 Err *err);
/* Starts the case's process. */
MUST_CHECK bool casework_start_process(StoreTx *tx, CaseFile *cf, Err *err);
/* The answers as people read them, flat under their keys. */
void casework_put_answers(Arena *a, const App *app, const Value *answers, Value *data);
/* Completes the waiting user task of that stage, setting one variable. When none waits:
 * ERR_CONFLICT for staff, fine for the system. */
MUST_CHECK bool casework_answer_stage(StoreTx *tx, CaseFile *cf, Str stage, Str variable, Str value,
                                      const Actor *actor, Err *err);
MUST_CHECK bool casework_cancel_process(StoreTx *tx, CaseFile *cf, Err *err);
/* A flow timer of that key fired, or the job of that key is done (variables) or failed (reason). */
MUST_CHECK bool casework_flow_timer(StoreTx *tx, CaseFile *cf, Str key, Err *err);
MUST_CHECK bool casework_flow_job_done(StoreTx *tx, CaseFile *cf, Str key, Err *err);
MUST_CHECK bool casework_flow_job_failed(StoreTx *tx, CaseFile *cf, Str key, Str reason, Err *err);
/* The rules say how many natural days this case takes: the promise follows. 0: nothing is said. */
MUST_CHECK bool casework_promise_days(StoreTx *tx, CaseFile *cf, int64_t days, Err *err);
FlowModel casework_flow_model(const CaseFile *cf);
Value *casework_flow_value(Arena *out, const CaseFile *cf, Err *err);
/* What a decision rests on, as its paper says: a grant on the ground that the rules found, all else
 * on the article of their proposal. NULL: nothing is known. */
Value *casework_basis(Arena *a, const CaseFile *cf);
