/* SPDX-License-Identifier: Apache-2.0 */
/*
 * catalogue/drift.h - who has adopted what of the standard, and where it deviates: one model for the
 * command, its JSON and CSV, and the designer's page.
 *
 * Memory: the Arena passed. Threads: pure. The comparison itself is made when a catalogue is loaded
 * (catalogue/drift.c).
 */
#pragma once

#include "catalogue/catalogue.h"

/* {here, places [{code, name, inherits, since, document, adopted, local, open, accepted}],
 *  items, bundles [{key, name, places [{place, state}]}],
 *  deviations [{place, place_name, item, item_name, element, element_name, path, title, reference,
 *  local, severity, state, document, until}], count, blocking}. only: NULL for all places. */
Value *drift_report(Arena *out, const Catalogue *c, const Place *only, Lang lang);
