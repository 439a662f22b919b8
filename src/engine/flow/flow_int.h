/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine/flow/flow_int.h - the step at work.
 */
#pragma once

#include "engine/flow/flow.h"

typedef struct {
    Arena *out;
    const FlowModel *model;
    const BpmnProcess *process;
    FlowInstance *in;
    FlowEffects *fx;
    const FlowEvent *ev;
    uint32_t steps;
    size_t variable_bytes;
    Err *err;
} Step;

const BpmnElement *step_element(const Step *s, uint16_t index);
int64_t step_key(Step *s);
FlowEffect *step_effect(Step *s, FlowEffectKind kind, int64_t key, const BpmnElement *e);
FlowToken *step_token(Step *s, int64_t id); /* NULL when it is gone */
FlowToken *step_token_by_key(Step *s, int64_t key, FlowTokenState state);
/* The token stands there with an incident until FLOW_RETRY. */
void step_incident(Step *s, int64_t token, Str reason);
void step_remove_token(Step *s, int64_t token);
void step_add_token(Step *s, uint16_t element, uint16_t flow, int64_t scope);

/* scope.c */
FlowScope *scope_get(Step *s, int64_t id);
int64_t scope_open(Step *s, int64_t parent, int64_t token);
void scope_close(Step *s, int64_t id);
/* Sets in the nearest scope that has it, else in the process. */
bool scope_assign(Step *s, int64_t from, Str name, FeelValue value, Str *why);
bool scope_assign_here(Step *s, int64_t scope, Str name, FeelValue value, Str *why);
bool scope_merge(Step *s, int64_t from, const FeelContext *c, Str *why);
/* All that is seen from a scope in one context, inner names first. */
const FeelContext *scope_view(Step *s, int64_t from);
/* FEEL in a scope; false with a reason when it is null though it must not be, or over a limit. */
bool scope_eval(Step *s, int64_t from, const BpmnExpr *e, FeelValue *value, Str *why);

/* wait.c: timers, messages, what must be cancelled with a token */
bool wait_open(Step *s, int64_t token, uint16_t element, Str *why);
bool wait_open_boundaries(Step *s, int64_t token, Str *why);
void wait_close_all(Step *s, int64_t token);
void wait_remove(Step *s, int64_t key);
/* Everything that hangs on the token goes: waits, task, job, inner scope. */
void step_stop_token(Step *s, int64_t token);
void step_stop_scope(Step *s, int64_t scope);

/* run.c */
void run_tokens(Step *s);
/* Leaves an activity or event the regular way: output mappings, then its flows. */
void run_leave(Step *s, int64_t token);
/* Leaves by a boundary event. */
void run_boundary(Step *s, int64_t token, uint16_t boundary);
/* Looks for an error boundary outwards; an incident where there is none. */
void run_throw(Step *s, int64_t token, Str code, Str reason);
