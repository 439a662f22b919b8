/* SPDX-License-Identifier: Apache-2.0 */
/* engine/scenario/scenario_int.h - events on one side, expectations on the other. */
#pragma once

#include "engine/scenario/scenario.h"

/* A problem at the line that is read, or at the event before it. */
void scenario_problem(Scenario *s, uint32_t offset, const char *fmt, ...) PRINTF_LIKE(3, 4);
bool scenario_eval(Scenario *s, Str text, const FeelContext *context, FeelValue *v);
/* expect.c; false: the word is no expectation. */
bool scenario_expects(Scenario *s, Str word, Str rest);
/* All effects of the last event were expected, as far as they have to be. */
void scenario_expect_no_more(Scenario *s);
