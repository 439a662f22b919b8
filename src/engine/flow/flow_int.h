/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine/flow/flow_int.h - the step at work. Tokens are named by id between functions, because
 * places in the array move.
 */
#pragma once

#include "engine/flow/flow.h"

typedef struct {
    Str name;
    bool created; /* it was not there before */
} FlowChange;

typedef struct {
    Arena *out;
    const FlowModel *model;
    const BpmnProcess *process;
    FlowInstance *in;
    FlowEffects *fx;
    const FlowEvent *ev;
    uint32_t steps;
    size_t variable_bytes; /* of the whole instance, about */
    bool recheck;          /* variables or waits changed: conditions are looked at again */
    int64_t first_key;     /* greater ones are of this step */
    Vec(FlowChange) changes;
    Err *err;
} Step;

/* step.c */
FlowInstance *step_copy(Arena *out, const FlowInstance *before);
void step_assert_settled(Step *s);
/* tokens.c */
const BpmnElement *step_element(const Step *s, uint16_t index);
int64_t step_key(Step *s);
FlowEffect *step_effect(Step *s, FlowEffectKind kind, int64_t key, const BpmnElement *e);
FlowToken *step_token(Step *s, int64_t id); /* NULL when it is gone */
FlowToken *step_token_by_key(Step *s, int64_t key, FlowTokenState state);
const BpmnElement *step_at(Step *s, int64_t token); /* the element it stands at */
/* The token stands there with an incident until FLOW_RETRY. */
void step_incident(Step *s, int64_t token, Str reason);
void step_remove_token(Step *s, int64_t token);
int64_t step_add_token(Step *s, uint16_t element, uint16_t flow, int64_t scope);
bool step_has_room(const Step *s, size_t tokens);
/* Everything that hangs on the token goes: waits, task, job, inner scope. */
void step_stop_token(Step *s, int64_t token);
void step_stop_scope(Step *s, int64_t scope);
bool step_scope_is_empty(const Step *s, int64_t scope);

/* scope.c */
FlowScope *scope_get(Step *s, int64_t id);
int64_t scope_open(Step *s, int64_t parent, int64_t token);
/* Its variables, waits of event sub-processes, debts and records go. */
void scope_close(Step *s, int64_t id);
size_t scope_depth(Step *s, int64_t id);
/* How large all variables are that the instance keeps. */
size_t scope_bytes(const FlowInstance *in);
/* Counts what a scope is filled with at once. */
bool scope_add_bytes(Step *s, const FeelContext *c, Str *why);
/* Where a token's expressions are evaluated. */
int64_t scope_of(const FlowToken *t);
/* Sets in the nearest scope that has it, else in the process (or the called one). */
bool scope_assign(Step *s, int64_t from, Str name, FeelValue value, Str *why);
bool scope_assign_here(Step *s, int64_t scope, Str name, FeelValue value, Str *why);
bool scope_merge(Step *s, int64_t from, const FeelContext *c, Str *why);
/* All that is seen from a scope in one context, inner names first. */
const FeelContext *scope_view(Step *s, int64_t from);
/* FEEL in a scope; false with a reason when it is over a limit. */
bool scope_eval(Step *s, int64_t from, const BpmnExpr *e, FeelValue *value, Str *why);
/* The same of a condition: null is no answer, since a missing variable must not decide. */
bool scope_holds(Step *s, int64_t from, const BpmnExpr *e, const char *what, Str id, bool *holds,
                 Str *why);
bool scope_map(Step *s, const BpmnMapping *m, int64_t from, FeelValue *value, Str *why);

/* wait.c */
bool wait_open(Step *s, int64_t token, uint16_t element, Str *why);
bool wait_open_boundaries(Step *s, int64_t token, Str *why);
/* One event sub-process of a scope, by its start event; all of a scope that has just begun. */
bool wait_open_handler(Step *s, int64_t scope, uint16_t start, Str *why);
bool wait_open_handlers(Step *s, int64_t scope, const BpmnBody *body, Str *why);
void wait_close_all(Step *s, int64_t token);
void wait_close_handlers(Step *s, int64_t scope);
FlowWait *wait_get(Step *s, int64_t key);
void wait_remove(Step *s, int64_t key);
/* The same, and who keeps the timer or the subscription is told. */
void wait_close(Step *s, int64_t key);
bool wait_is_timer(const Step *s, const FlowWait *w);
const BpmnTrigger *wait_trigger(const Step *s, const FlowWait *w);
/* It has happened. */
void wait_fire(Step *s, int64_t key);
/* All that wait for the signal at this moment. */
void wait_broadcast(Step *s, Str name);
/* One whose condition has become true; false when there is none. */
bool wait_fire_condition(Step *s);
/* due.c */
bool due_of(Step *s, const BpmnElement *e, const BpmnTrigger *t, int64_t scope, FlowWait *w,
            Str *why);

/* A date, or a duration from now; 0 where there is no expression. */
bool due_after(Step *s, int64_t scope, const BpmnExpr *e, const BpmnElement *of, TimeMs *due,
               Str *why);

/* run.c */
void run_tokens(Step *s);
/* Leaves an activity or event the regular way: output mappings, then its flows. */
void run_leave(Step *s, int64_t token);
/* The same without mappings: what remains when a loop or an undoing is over. */
void run_on(Step *s, int64_t token);
void run_take_flows(Step *s, int64_t token);
void run_end_token(Step *s, int64_t token);
void run_finish_scope(Step *s, int64_t scope);
/* enter.c */
void enter_activity(Step *s, int64_t token);
/* A worker does it. */
void enter_job(Step *s, int64_t token);
void enter_body(Step *s, int64_t token, const BpmnBody *body);
/* An event sub-process that has begun. */
void enter_handler(Step *s, int64_t token);
void enter_catch(Step *s, int64_t token);
/* adhoc.c */
/* What is chosen starts, or the first of it. */
bool adhoc_begin(Step *s, int64_t token, Str *why);
/* A sequential one goes on with its next activity; false when there is none. */
bool adhoc_next(Step *s, int64_t token);
/* A way inside is at its end: collects, and looks whether the whole is done. */
void adhoc_activity_done(Step *s, int64_t scope);
/* gate.c */
void gate_enter(Step *s, int64_t token);
/* Fires one inclusive join that nothing can come to any more; false when there is none. */
bool gate_recheck(Step *s);
/* False while it waits for more tokens. */
bool gate_quantity(Step *s, int64_t token);
/* loop.c */
void loop_enter(Step *s, int64_t token);
FlowLoop *loop_of(Step *s, int64_t token);
void loop_remove(Step *s, int64_t token);
/* Its own variables, in the scope of the instance. */
bool loop_prepare(Step *s, int64_t token, Str *why);
bool loop_collect(Step *s, int64_t token, Str *why);
void loop_instance_done(Step *s, int64_t token);
/* throw.c */
void throw_enter(Step *s, int64_t token);
/* A message goes out. */
bool throw_message(Step *s, int64_t token, const BpmnElement *e, const BpmnTrigger *t, Str *why);
/* Leaves by a boundary event. */
void throw_boundary(Step *s, int64_t token, uint16_t boundary);
/* Begins an event sub-process of the scope by its start event. */
void throw_handler(Step *s, int64_t scope, uint16_t start);
/* Looks for an error boundary outwards; an incident where there is none. */
void throw_error(Step *s, int64_t token, Str code, Str reason);
/* The signal of a loop's telling, to the boundary of its activity. */
void throw_telling(Step *s, int64_t token, Str name);
/* undo.c */
void undo_record(Step *s, const FlowToken *t, const BpmnElement *e);
void undo_begin(Step *s, int64_t token, int64_t scope);
void undo_next(Step *s, int64_t token);
void undo_move_records(Step *s, int64_t from, int64_t to);
/* operate.c */
bool operate_resolve(Step *s);
/* May a token be put there? */
bool operate_may_stand(const BpmnElement *e);
bool operate_move(Step *s);
