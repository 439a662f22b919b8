/* SPDX-License-Identifier: Apache-2.0 */
/* catalogue/bundle_int.h - shared by the files that load one bundle; private to the loader. */
#pragma once

#include "catalogue/item_int.h"
#include "model/bundle.h"

/* merge_form.c: whole.form and whole.materials out of those of the parts. layout: form.yaml of the
 * bundle, or NULL. */
void merge_form(Loader *l, Bundle *b, const Value *layout);
/* merge_layout.c: the pages that layout describes come first, what it leaves out behind them. */
void arrange_form(Loader *l, Bundle *b, const Value *layout);
/* merge_materials.c */
void merge_materials(Loader *l, Bundle *b);

/* What a question, page or material of a part hangs on. */
Way way_of(const Part *p, const FeelProgram *page, const FeelProgram *own);
/* Who gives that element, or makes that material, for this part; NULL: nobody. */
const Part *giver_of(const Part *p, const Element *e);
const Part *maker_of(const Part *p, const Material *m);
bool part_asks(const Part *p, const Element *e);

/* check_bundle.c: what must hold between the parts. */
void check_bundle(Loader *l, const Bundle *b, const Value *doc);
