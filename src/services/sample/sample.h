/* SPDX-License-Identifier: Apache-2.0 */
/*
 * services/sample/sample.h - sample applications run on the real engine, and judged.
 *
 * A sample goes the way of a person: page by page, with the registers of the demo, then the staff's
 * acts, in a store of its own and by a clock that moves only when the sample waits. So samples do
 * not see each other, and the same sample gives the same answer every day.
 * Memory:  the Arena passed; it may be reset after each sample.
 * Threads: one sample uses a committer of its own; several may run side by side.
 */
#pragma once

#include "catalogue/sample.h"
#include "services/app.h"

typedef struct {
    size_t expectations; /* looked at */
    size_t failed;       /* of them, and acts that could not be done */
} SampleVerdict;

/* folder: empty, for the store. What is not as expected stands in diags, at its place in the file.
 * False only when the stage itself fails. */
MUST_CHECK bool sample_run(Arena *scratch, const Catalogue *c, const Sample *s, Str folder,
                           Diags *diags, SampleVerdict *verdict, Err *err);
