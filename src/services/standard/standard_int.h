/* SPDX-License-Identifier: Apache-2.0 */
/* services/standard/standard_int.h - what acting on a standard and showing it share. */
#pragma once

#include "services/standard/stages.h"
#include "services/standard/standard.h"

typedef struct {
    int64_t id, version;
    Str scope, title;
    Stage stage;
    Value *data;
    TimeMs opened_at, changed_at;
} Standard;

/* From a row of STANDARD_GET. */
MUST_CHECK bool standard_of_row(Arena *out, int64_t id, const StoreRows *r, Standard *s, Err *err);
/* The catalogue's items that a scope means: an item, the parts of a bundle, a main item, all. 0: it
 * means nothing. items has room for all of the catalogue. */
size_t standard_scope(const Catalogue *c, Str scope, const Item **items);
/* [{key, name, share, at_least, ok}] over the scope; share in percent, rounded down. */
Value *standard_rates(Arena *out, const Catalogue *c, Str scope);
/* [{item, hash}] of the scope. */
Value *standard_items(Arena *out, const Catalogue *c, Str scope);
Date standard_today(const Catalogue *c, TimeMs now);
