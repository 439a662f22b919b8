/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine/flow/store_int.h - the words of the stored form, which writing and reading share.
 */
#pragma once

/* ORDER FlowState, FlowTokenState. */
extern const char *const flow_state_names[3];
extern const char *const flow_token_states[10];
