/* SPDX-License-Identifier: Apache-2.0 */
/* services/sample/sample_int.h - between the files of this folder. */
#pragma once

#include "services/casework/casework.h"
#include "services/sample/sample.h"

enum { STAGE_STAFF_MAX = 40 };

/* One sample on its stage. */
typedef struct {
    Arena *arena;
    App app;
    Clock clock;
    StoreConn reader;
    const Sample *sample;
    Actor applicant, clerk, approver;
    Actor staff[STAGE_STAFF_MAX]; /* of all organs, these two with them */
    size_t staff_count;
    Str case_id;           /* empty until it was submitted */
    const Value *problems; /* why it could not be; NULL */
    Diags *diags;
    SampleVerdict *verdict;
} Stage;

/* stage.c: its out, or NULL; problems of a refusal are in *problems when that is given. */
Value *stage_run(Stage *st, const Actor *who, UseCase *run, const Value *in, const Value **problems,
                 Err *err);
void stage_complain(Stage *st, const char *rule, const Value *at, const char *fmt, ...)
    PRINTF_LIKE(4, 5);

/* fill.c: the application, page by page, and its submission. */
MUST_CHECK bool sample_apply(Stage *st, Err *err);
/* acts.c: what the staff and time do. False and told when an act could not be done. */
bool sample_act(Stage *st);
/* stage.c: somebody of that organ with that role. */
MUST_CHECK bool stage_staff(Stage *st, Str organ, Str role, Actor *who, Err *err);
/* work.c: a step that is no act of the law; a job of another system. */
MUST_CHECK bool sample_task(Stage *st, const SampleAct *act, Err *err);
MUST_CHECK bool sample_job(Stage *st, const SampleAct *act, Err *err);
/* compare.c */
/* What the rules proposed last; NULL: nothing. */
MUST_CHECK bool sample_proposal(Stage *st, const Value **proposal, Err *err);
MUST_CHECK bool sample_compare(Stage *st, Err *err);
MUST_CHECK bool sample_compare_part(Stage *st, Err *err);
/* parts.c: what happens to the parts of a whole, each in its turn; then what came of them. False and
 * told when an act could not be done. */
bool sample_parts_act(Stage *st);
MUST_CHECK bool sample_parts_compare(Stage *st, Err *err);
