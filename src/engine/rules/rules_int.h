/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine/rules/rules_int.h - one run over a model.
 */
#pragma once

#include "base/vec.h"
#include "engine/rules/rules.h"

typedef struct {
    Arena *out;
    const DmnModel *model;
    FeelValue *inputs; /* of the model, coerced */
    Value *steps;      /* NULL: no trace is wanted */
    Value *step;       /* of the decision or entry at work */
    Value *rules;      /* list of the table at work */
    Err *err;
} Run;

bool rules_logic(Run *run, const DmnLogic *logic, const FeelScope *scope, int depth,
                 FeelValue *result);
bool rules_table(Run *run, const DmnTable *t, const FeelScope *scope, FeelValue *result);
/* Sets key, and "note" when the value is a null with a reason. */
bool rules_note_value(Run *run, Value *map, const char *key, const FeelValue *v);
