/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine/rules/rules.h - decides by DMN and says why.
 *
 * Pure: a function of the model and what is asked. What a rule cannot decide is null with a reason,
 * never a failure; failures are an unknown decision and a passed limit. Each decision on the way is
 * evaluated once; a decision service evaluates its own anew, with what it was given.
 *
 * The trace is fit to show to a citizen or an approver: a map
 *   {decision, name, question, inputs: [{name, label, value}], steps: [STEP], result}
 * STEP, one for each decision in the order of evaluation:
 *   {decision, name, question, kind: "table" | "literal" | "context" …, uses: [name], result}, and
 *   of a table {hit_policy, inputs: [{label, expression, value}], rules: [{id, index, description,
 *    annotations: {column: text}, conditions: [{label, test, value}], outputs}]};
 *   parts of a boxed expression are told in entries: [STEP], functions that were called in calls:
 *   [STEP], with function in place of decision and arguments: [{name, value}].
 * A name, label or question is a text, or {zh, en} where the model has it in both languages; an entry
 * of a context has a label beside its name when the model gives one.
 * Beside each value or result that is null for a reason stands why: {zh, en}; index counts rules
 * from 1; a value that is too long to tell is left out, with shortened: true, and a trace that is
 * too long ends, with shortened: true.
 * Memory:  result and trace are in the Arena, and share texts with the model and the input.
 * Threads: a model may be asked by many threads at once.
 * Limits:  RULES_MAX_STEPS, RULES_MAX_CALLS and FEEL_MAX_BYTES for all that is asked at once, unless
 *          the caller gives limits; RULES_MAX_TRACE rows, RULES_MAX_TOLD parts of one value.
 */
#pragma once

#include "feel/feel.h"
#include "model/dmn/dmn.h"

enum {
    RULES_MAX_STEPS = 1000000,
    RULES_MAX_CALLS = 60, /* functions within functions: each takes C stack */
    RULES_MAX_TRACE = 2000,
    RULES_MAX_TOLD = 300,
};

typedef struct {
    /* A context: input data by name, those of an import inside a context of its name or as they
     * are; others of its entries are not seen. For a function: its arguments by name. */
    const FeelValue *input;
    /* A context: decisions by name that have this value and are not evaluated; NULL: none. */
    const FeelValue *decided;
    const FeelLimits *limits; /* NULL: the limits above */
    bool is_data; /* input comes from JSON: texts become dates where the input's type asks */
    bool traced;
} RulesAsk;

typedef struct {
    FeelValue value;
    Value *trace; /* NULL unless it was asked for */
} RulesAnswer;

/* decision: an id, else a name. */
MUST_CHECK bool rules_decide(Arena *out, const DmnModel *m, Str decision, const RulesAsk *ask,
                             RulesAnswer *answer, Err *err);
/* A business knowledge model or a decision service; what is not given is null. */
MUST_CHECK bool rules_invoke(Arena *out, const DmnModel *m, Str function, const RulesAsk *ask,
                             RulesAnswer *answer, Err *err);
