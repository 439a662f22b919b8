/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model/bpmn/juel.h - expressions of Camunda 7 (JUEL, "${…}") as FEEL.
 *
 * The simple kinds: names and paths, literals, comparisons, and/or/not, empty, arithmetic, a
 * choice (? :), text around them. A method, a bean or a function is refused at its place: there
 * is nothing here that could run it.
 * Memory: the FEEL text is in the Arena. Threads: values, no state.
 * Limits: JUEL_MAX_SOURCE bytes, JUEL_MAX_DEPTH.
 */
#pragma once

#include "base/str.h"

enum { JUEL_MAX_SOURCE = 8192, JUEL_MAX_DEPTH = 40 };

/* There is an expression in it. */
bool juel_is(Str text);
/* FEEL without the sign; ERR_INPUT or ERR_LIMIT with the offset in the text. */
MUST_CHECK bool juel_to_feel(Arena *out, Str text, Str *feel, Err *err);
