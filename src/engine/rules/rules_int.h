/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine/rules/rules_int.h - one run over a model.
 */
#pragma once

#include "base/vec.h"
#include "engine/rules/rules.h"

/* Values of inputs and decisions; a decision service has its own. */
typedef struct {
    FeelValue *values; /* by slot */
    bool *given;       /* by slot: fixed, its logic is not asked; NULL: only inputs are */
} Frame;

/* In the arena, because functions that it has made may outlive the call. */
typedef struct {
    FeelBudget *budget;
    Arena *out;
    const DmnModel *model;
    const FeelFunction **functions; /* made when first named */
    Value *step; /* of the trace: where the logic at work is told; NULL: nowhere */
    Value *trace;
    uint32_t told; /* rows of the trace */
} Run;

/* run.c */
/* Evaluates what the decision needs and itself; frame->values has it then. */
void run_decide(Run *run, Frame *frame, size_t decision, Value *steps);
/* The context of what an element sees. */
const FeelContext *run_scope(Run *run, const DmnScope *scope, const Frame *frame);
bool run_spent(const Run *run);

/* call.c */
FeelValue run_function(Run *run, size_t function);
FeelValue run_closure(Run *run, const DmnLogic *logic, const FeelScope *scope);
FeelValue run_invocation(Run *run, const DmnLogic *logic, const FeelScope *scope);

/* logic.c */
FeelValue run_logic(Run *run, const DmnLogic *logic, const FeelScope *scope);
/* The same, told as an entry of the step at work. */
FeelValue run_part(Run *run, const DmnLogic *logic, const FeelScope *scope, Str name);
FeelValue run_cell(Run *run, const DmnCell *c, const FeelScope *scope);

/* table.c */
FeelValue run_table(Run *run, const DmnTable *t, const FeelScope *scope);

/* hits.c: the rules that hold, in their order */
typedef struct {
    uint32_t *at;
    size_t len, cap;
} Hits;

void run_find_hits(Run *run, const DmnTable *t, const FeelScope *scope, const FeelValue *inputs,
                   Hits *hits);

/* policy.c */
/* outputs: one for each hit, in the order of rules. */
FeelValue run_policy(Run *run, const DmnTable *t, const Hits *hits, FeelValue *outputs);
const char *run_hit_name(DmnHitPolicy hit);

/* trace.c: all do nothing when run->step is NULL or the trace is full */
const char *run_kind_name(DmnLogicKind kind);
/* One more row in the list of that name; NULL when nothing is to be told. */
Value *tell_row(Run *run, Value *map, const char *list);
/* In both languages, or as it is where there is one. */
void tell_words(Run *run, Value *row, const char *key, Text t);
/* The label, else the name. */
void tell_name(Run *run, Value *row, Text label, Str name);
void tell_value(Run *run, Value *row, const char *key, const FeelValue *v);
void tell_uses(Run *run, const DmnScope *scope);
void tell_inputs(Run *run, const DmnTable *t, const FeelValue *inputs);
void tell_rule(Run *run, const DmnTable *t, size_t rule, const FeelValue *inputs,
               const FeelValue *outputs);
