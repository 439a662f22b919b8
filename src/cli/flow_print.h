/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/flow_print.h - what a run of a process does, as lines: text that is a script again, with the
 * effects as expectations, or a JSON object a line.
 */
#pragma once

#include "engine/scenario/scenario.h"

typedef struct {
    const Scenario *run;
    bool json;
    bool traced; /* elements that were passed are told */
    bool begun;
    TimeMs at; /* the clock as it was told last */
} FlowPrint;

/* For Scenario.on_event and on_effect; app is the FlowPrint. */
void flow_print_event(void *app, Str line);
void flow_print_effect(void *app, const FlowEffect *f);
/* Where it stands in the end. */
void flow_print_end(FlowPrint *p);
