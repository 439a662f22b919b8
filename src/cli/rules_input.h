/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/rules_input.h - what the commands feel and dmn give an evaluation: a context from a JSON
 * file, names with types from its values, limits with a clock. All memory is the arena's.
 */
#pragma once

#include "feel/feel.h"

enum { RULES_INPUT_MAX = 16 << 20, RULES_TIME_MS = 10000 };

typedef struct {
    FeelValue now;       /* with the zone of the law's calendar */
    int64_t deadline_us; /* of the monotonic clock */
} RulesClock;

RulesClock rules_clock(Arena *a);
/* clock must outlive what is limited. */
FeelLimits rules_limits(RulesClock *clock);
/* err->msg names the file and, for bad JSON, shows the place. */
MUST_CHECK bool rules_read_input(Arena *a, const char *path, FeelValue *context, Err *err);
/* The fields of a context, closed: with the types that their values have. */
const FeelNames *rules_names_of(Arena *a, const FeelValue *context);
