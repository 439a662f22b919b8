/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz/lib/again.h - what must be true of any evaluation, whatever the text.
 *
 * Memory: arenas of its own, empty again when it returns. Threads: one.
 */
#pragma once

#include "feel/feel.h"

enum { AGAIN_STEPS = 20000 };

typedef struct {
    Str text;
    const FeelNames *names;
    FeelMode mode;
    const FeelScope *scope;
} Asked;

/*
 * Aborts unless compiling and evaluating twice gives the same, byte for byte, or fails the same;
 * unary tests are boolean or null, and hold where their constant ranges say so; numbers, strings
 * and moments in the value are read back from their text; the value comes back from JSON.
 */
void again_check(const Asked *asked);
