/* SPDX-License-Identifier: Apache-2.0 */
/*
 * catalogue/reform.h - what the reform has changed: materials, visits, days, steps and organs before
 * and now, computed from the catalogue; and the lists that follow from flags.
 *
 * One model for the command, its JSON and CSV, and the pages.
 * Memory: the Arena passed. Threads: pure.
 */
#pragma once

#include "catalogue/catalogue.h"

typedef enum { REFORM_ITEM, REFORM_BUNDLE, REFORM_ORGAN, REFORM_PLACE, REFORM_SET } ReformBy;
extern const char *const reform_by_names[]; /* "item"; end with NULL */

/* {by, set, set_name, rows [{key, name, count, before {materials, visits, days, steps, organs},
 *  now {…}, saved {…}, percent {…}, targets [{what, target, is, met}]}], count, main_items,
 *  before, now, saved, percent}. A figure that some of the items do not tell of before (steps,
 *  organs) is summed over those that do, on both sides. set empty: all. */
Value *reform_report(Arena *out, const Catalogue *c, ReformBy by, Str set, Lang lang);

/* ---- lists by themselves ---- */

typedef struct {
    Str key; /* "no-application" */
    const char *flag;
    size_t at; /* offsetof in Item */
} ItemList;

extern const ItemList item_lists[];
extern const size_t item_list_count;
/* NULL when there is none of that key. */
const ItemList *item_list_of(Str key);
/* {key, count, items [{key, name, code, organ, days, unit, visits}]}: those that the public may see. */
Value *item_list(Arena *out, const Catalogue *c, const ItemList *list, Lang lang);
/* Cancelled proofs: {count, items_count, entries [{name, replaced, date, basis, item, item_name,
 * organ, kind}]}; sorted by date, the newest first. */
Value *cancelled_proofs(Arena *out, const Catalogue *c, Lang lang);
