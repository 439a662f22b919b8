/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine/rules/rules.h - decides by DMN and says why.
 *
 * Pure: a function of the model and the input. What a rule cannot decide is null, never a failure;
 * failures are an unknown decision and a passed limit.
 *
 * The trace is fit to show to a citizen or an approver: a map
 *   {decision, name, result, steps: [{decision, name, kind: "table" | "literal" | "context",
 *    hit_policy, inputs: [{label, expression, value, note}], rules: [{id, index, description,
 *    annotations: {column: text}, conditions: [{label, test, value}], outputs: {name: value}}],
 *    result, note}]}
 * with a step for each decision on the way, in the order of evaluation; index counts rules from 1;
 * note says why something is null.
 * Memory:  result and trace are in the Arena, and share texts with the model and the input.
 * Limits:  RULES_MAX_STEPS FEEL steps for one expression.
 */
#pragma once

#include "feel/feel.h"
#include "model/dmn/dmn.h"

enum { RULES_MAX_STEPS = 200000 };

/*
 * input: a context of the input data by name; others of its entries are not seen. JSON texts become
 * dates where the input's type asks for them. trace may be NULL.
 */
MUST_CHECK bool rules_decide(Arena *out, const DmnModel *m, Str decision, const FeelValue *input,
                             FeelValue *result, Value **trace, Err *err);
