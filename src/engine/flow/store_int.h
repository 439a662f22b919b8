/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine/flow/store_int.h - what writing, reading and checking of the stored form share.
 */
#pragma once

#include "engine/flow/flow.h"

/* ORDER FlowState, FlowTokenState. */
extern const char *const flow_state_names[3];
extern const char *const flow_token_states[10];

typedef struct {
    Arena *out;
    const BpmnProcess *process;
    FlowInstance *in;
    Err *err;
} FlowReader;

/* load.c: always false; NULL when there is none. */
bool load_bad(FlowReader *r, const char *what, int64_t id);
const FlowToken *load_token(const FlowInstance *in, int64_t id);
const FlowScope *load_scope(const FlowInstance *in, int64_t id);
const FlowLoop *load_loop(const FlowInstance *in, int64_t token);
/* load_check.c: what must hold between the rows. */
bool load_check(FlowReader *r);
