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
/* The law's half, told to nobody. */
MUST_CHECK bool casework_law_quietly(StoreTx *tx, CaseFile *cf, LawAct act, LawRole role,
                                     const Actor *actor, const Value *in, Err *err);
/* ---- whole.c ---- */
/* What the change of a part brings for the whole and the other parts; *part is saved by the caller. */
MUST_CHECK bool casework_follow(StoreTx *tx, CaseFile *part, Err *err);
/* The row alone. */
MUST_CHECK bool casework_save_row(StoreTx *tx, CaseFile *cf, Err *err);
MUST_CHECK bool casework_insert(StoreTx *tx, const CaseFile *cf, Err *err);
/* A new case in memory, with its number. */
MUST_CHECK bool casework_new(StoreTx *tx, const CaseNew *n, CaseFile *cf, Err *err);
Value *casework_submitted(Arena *a, const CaseFile *cf);
bool casework_system_may(StoreTx *tx, const CaseFile *cf, LawAct act);
/* The instance of a case whose process has not begun, or that has none. */
const FlowInstance *casework_no_flow(void);

/* Starts the case's process. */
MUST_CHECK bool casework_start_process(StoreTx *tx, CaseFile *cf, Err *err);
/* The answers as people read them, flat under their keys. */
void casework_put_answers(Arena *a, const CaseFile *cf, const Value *answers, Value *data);
MUST_CHECK bool casework_cancel_process(StoreTx *tx, CaseFile *cf, Err *err);
/* A flow timer of that key fired, or the job of that key is done (variables) or failed (reason). */
MUST_CHECK bool casework_flow_timer(StoreTx *tx, CaseFile *cf, Str key, Err *err);
MUST_CHECK bool casework_flow_job_done(StoreTx *tx, CaseFile *cf, Str key, Err *err);
MUST_CHECK bool casework_flow_job_failed(StoreTx *tx, CaseFile *cf, Str key, Str reason, Err *err);
/* The rules say how many days this case takes: the promise follows. 0: nothing is said. unit: of a
 * limit; empty: natural days. */
MUST_CHECK bool casework_promise_days(StoreTx *tx, CaseFile *cf, int64_t days, Str unit, Err *err);
/* All that a step of this case's process needs. */
MUST_CHECK bool casework_model(StoreTx *tx, const CaseFile *cf, FlowModel *m, Err *err);
/* One effect becomes rows. */
MUST_CHECK bool casework_apply_effect(StoreTx *tx, CaseFile *cf, const FlowEffect *fx, Err *err);
/* The rows of incidents follow the instance. */
MUST_CHECK bool casework_incident_open(StoreTx *tx, const CaseFile *cf, const FlowEffect *fx,
                                       Err *err);
MUST_CHECK bool casework_incidents_follow(StoreTx *tx, const CaseFile *cf,
                                          const FlowInstance *before, const FlowEvent *ev,
                                          Err *err);
FlowModel casework_flow_model(const CaseFile *cf);
Value *casework_flow_value(Arena *out, const CaseFile *cf, Err *err);
/* named.c: of the rules' proposal and the registers, what this template names. */
void casework_put_named(Arena *a, const CaseFile *cf, Str template, Value *data);
Str casework_paper_text(Arena *a, const Paper *p);
Str casework_message_text(Arena *a, const MessageTemplate *t);
/* A paper of the process's own (a letter, a summons): extra is merged over the case's data. */
MUST_CHECK bool casework_issue(StoreTx *tx, const CaseFile *cf, Str paper, const Value *extra,
                               Err *err);
/* What a decision rests on, as its paper says: a grant on the ground that the rules found, all else
 * on the article of their proposal. NULL: nothing is known. */
Value *casework_basis(Arena *a, const CaseFile *cf);
/* Where the case stands now is written down, before anything follows from the step (trail.h). */
MUST_CHECK bool casework_trail(StoreTx *tx, const CaseFile *cf, const FlowInstance *before,
                               const FlowEffects *effects, Err *err);

/* ---- tasks.c ---- */
MUST_CHECK bool casework_task_add(StoreTx *tx, const CaseFile *cf, const FlowEffect *fx, Err *err);
MUST_CHECK bool casework_task_end(StoreTx *tx, const CaseFile *cf, int64_t key, Str state,
                                  int64_t who, Err *err);
/* The step's own limit has passed. */
MUST_CHECK bool casework_task_late(StoreTx *tx, CaseFile *cf, Str key, Err *err);
/* Completes the waiting user task of that stage, setting one variable. When none waits:
 * ERR_CONFLICT for staff, fine for the system; ERR_DENIED when it waits for another organ's. */
MUST_CHECK bool casework_answer_stage(StoreTx *tx, CaseFile *cf, Str stage, Str variable, Str value,
                                      const Actor *actor, Err *err);
/* NULL: no such token. */
const FlowToken *casework_token(const CaseFile *cf, int64_t key, FlowTokenState state);
/* FlowWorkingDays; clock: a LawClock. */
MUST_CHECK bool casework_working_days(void *clock, TimeMs from, int64_t days, TimeMs *due,
                                      Err *err);
/* "P5D", "PT8H", "P5WD" from now, by the place's calendar. */
MUST_CHECK bool casework_time_after(StoreTx *tx, Str limit, TimeMs *at, Err *err);

/* ---- publish.c, deliver.c ---- */

/* A row of messages. */
typedef struct {
    int64_t id, seq; /* 0: made now */
    bool signal;
    Str name, correlation, message_id;
    Str variables; /* JSON map */
    Str sender;
    int64_t from_case, to_case;
    TimeMs until;
    int64_t hops, reached, upto, attempts;
} CaseMessage;

MUST_CHECK bool casework_message_add(StoreTx *tx, const CaseMessage *m, Str state, Err *err);
/* It came to that case: forgotten, or remembered by its message_id. */
MUST_CHECK bool casework_message_done(StoreTx *tx, const CaseMessage *m, int64_t to, Err *err);
/* The case moves by it; key: of the wait, of a message. The caller saves. */
MUST_CHECK bool casework_hand_over(StoreTx *tx, CaseFile *cf, const CaseMessage *m, int64_t key,
                                   Err *err);
MUST_CHECK bool casework_message_event(StoreTx *tx, const CaseMessage *m, int64_t key,
                                       FlowEvent *ev, Err *err);
MUST_CHECK bool casework_note_dropped(StoreTx *tx, CaseFile *cf, const CaseMessage *m, Err *err);
/* FLOW_PUBLISH and FLOW_BROADCAST. */
MUST_CHECK bool casework_send(StoreTx *tx, CaseFile *cf, const FlowEffect *fx, Err *err);
MUST_CHECK bool casework_subscribe(StoreTx *tx, const CaseFile *cf, const FlowEffect *fx, Err *err);
MUST_CHECK bool casework_unsubscribe(StoreTx *tx, const CaseFile *cf, int64_t key, Err *err);
/* Rows of waits that were there before and are not any more. */
MUST_CHECK bool casework_close_waits(StoreTx *tx, const CaseFile *cf, const FlowInstance *before,
                                     Err *err);
const FlowWait *casework_wait(const FlowInstance *in, int64_t key);

/* ---- work.c ---- */

/* Our own, or offered to systems with what they may read. */
MUST_CHECK bool casework_job_add(StoreTx *tx, CaseFile *cf, const FlowEffect *fx, Err *err);
MUST_CHECK bool casework_job_cancel(StoreTx *tx, const CaseFile *cf, const FlowEffect *fx,
                                    Err *err);
