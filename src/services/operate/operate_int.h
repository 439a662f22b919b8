/* SPDX-License-Identifier: Apache-2.0 */
/* services/operate/operate_int.h - what the acts share. */
#pragma once

#include "services/operate/operate.h"

/* One act at work. */
typedef struct {
    StoreTx *tx;
    const Actor *actor;
    const Value *in;
    Value *out;
    CaseFile cf;
    Value *data; /* of the event */
    Err *err;
} Act;

/* Rights, reason, case, version. */
MUST_CHECK bool act_begin(Act *a);
/* The two parts of it that need no case. */
MUST_CHECK bool act_operator(const Actor *actor, Err *err);
MUST_CHECK bool act_reason(Act *a);
/* Always false; the engine's own words (may be empty) in both languages. */
bool act_problem(Act *a, const char *element, const char *key, Str detail, ErrCode code);
/* The event, the step, what is left standing. */
MUST_CHECK bool act_step(Act *a, const char *event, FlowEvent *ev);
MUST_CHECK bool act_end(Act *a);
/* scopes, any_hidden */
MUST_CHECK bool view_variables(const Viewing *by, const CaseFile *cf, bool opened, Value *model,
                               Err *err);
/* Reads in.variables, in.expressions and in.name with in.value; vars is NULL when there are none. */
MUST_CHECK bool act_variables(Act *a, int64_t scope, const FeelContext **vars);
