/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/seed.h - the cases that a new demo starts with, from a file like
 * catalogues/demo/demo/cases.yaml.
 *
 * They go through the same use cases as real ones: applied for by a synthetic person, handled by
 * the demo's staff. Nothing is done where the place has a case already.
 */
#pragma once

#include "services/app.h"

MUST_CHECK bool demo_seed(App *app, Str db_url, Err *err);
