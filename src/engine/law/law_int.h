/* SPDX-License-Identifier: Apache-2.0 */
/* engine/law/law_int.h - private: names by number, shared by errors, the store and pages. */
#pragma once

#include "engine/law/law.h"

/* The number of a name in a list of n, or n. */
int law_name_index(const char *const *names, int n, Str name);
MUST_CHECK bool law_state_read(Str name, LawState *state);
