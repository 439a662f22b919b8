/* SPDX-License-Identifier: Apache-2.0 */
/*
 * services/desk/desk.h - what staff do with a case: the window receives, the back office decides
 * (前台综合受理、后台分类审批).
 *
 * Every use case checks that the actor has the role, belongs to the case's organ (or to the one in
 * whose pool a step of the law waits), and what the law says (engine/law): whoever received a case may not decide it, one correction notice a case,
 * reasons where reasons are due. Reading a case writes the access log. in always has {case: id as
 * text}; out {case, no, state}.
 */
#pragma once

#include "services/casework/casework.h"

enum { WORKLIST_PAGE = 20 };

/* {} */
UseCase desk_accept;
/* {ground: key of the item's refuse_grounds, reason} */
UseCase desk_refuse;
/* {missing: [{code?, name, note}], note?}: all of it, once; at least one */
UseCase desk_ask_correction;
/* {material}: the announced paper has come by mail or over the desk */
UseCase desk_receive_material;
/* {ground: key of suspend_grounds, reason?} */
UseCase desk_suspend;
/* {reason?} */
UseCase desk_resume;
/* {decision: "grant" | "deny", reason, confirm: true} */
UseCase desk_decide;
/* {reason}: the result was wrong (撤销): its certificate is revoked, which everybody who checks it
 * sees with the reason. */
UseCase desk_revoke;
/* {task, outcome, remark?}: a step of the process that is no act of the law is done. outcome: one
 * of the task's (catalogue/task.h), "done" or nothing where it has none. For the organ and role of
 * its pool; ERR_CONFLICT when it is done or taken. */
UseCase desk_task;
/* {task}: mine from now on; ERR_CONFLICT when somebody was faster */
UseCase desk_claim;
/* The staff member opens the case, one of its papers or files: who looked stands in the person's
 * log, once in 24 hours for a case and a staff member. Call it before anything is shown. The
 * worklist names applicants without it: it says that a case waits, not what is in it. For staff of
 * the case's organ, of an organ that has or had a task in it, and supervisors. */
UseCase desk_look;

typedef struct {
    unsigned role; /* ROLE_CLERK or ROLE_APPROVER */
    Str tab;       /* open, claimed, done */
    int64_t page;  /* from 0 */
} WorklistQuery;

/* {tasks: [...], count, page, pages, counts: {open, claimed}} */
MUST_CHECK bool desk_worklist(const Viewing *by, const WorklistQuery *q, Value *model, Err *err);
