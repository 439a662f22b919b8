/* SPDX-License-Identifier: Apache-2.0 */
/* catalogue/item_int.h - shared by the files that load one item; private to the loader. */
#pragma once

#include "catalogue/catalogue_int.h"

/* An item while its document is read: references are still names. */
typedef struct {
    Item i;
    int32_t type, level;
    Str organ, bpmn, dmn;
} ItemDraft;

extern const char *const level_names[]; /* ends with NULL; the index + 1 is the code */

/* load_item_parts.c */
void read_item_parts(Loader *l, const Value *doc, Item *item);
void read_item_materials(Loader *l, const Value *doc, Item *item);
/* load_flow.c */
const BpmnProcess *load_process(Loader *l, Str path);
const DmnModel *load_rules(Loader *l, Str path);
void check_flow(Loader *l, const Item *item, const Value *doc);
