/* SPDX-License-Identifier: Apache-2.0 */
/* catalogue/item_int.h - shared by the files that load one item; private to the loader. */
#pragma once

#include "catalogue/catalogue_int.h"

/* An item while its document is read: references are still names. */
typedef struct {
    Item i;
    int32_t type, level;
    int32_t state, authority;
    Str organ, handled_by, bpmn, dmn;
} ItemDraft;

/* What the entries of a list are. */
typedef struct {
    const char *what;
    const Field *fields;
    size_t field_count, size;
} Shape;

#define SHAPE(what, fields, T) ((Shape){(what), (fields), COUNT(fields), sizeof(T)})

/* A list of maps into an array of structs. */
void *read_structs(Loader *l, const Value *doc, const char *key, Shape shape, size_t *count);

extern const char *const level_names[]; /* ends with NULL; the index + 1 is the code */

/* load_item.c: words of flags and of whom it serves; topics that must be there. */
void read_item_flags(Loader *l, const Value *doc, Item *item);
void read_item_topics(Loader *l, const Value *doc, Item *item);
void check_facts_pages(Loader *l, const Item *item);
void complain_mark(Loader *l, const char *rule, Mark m, Str cure, Str message);

/* load_item_parts.c */
/* What a bundle has, too: basis, steps, what is gone, situations. */
void read_bundle_parts(Loader *l, const Value *doc, Item *item);
void read_item_limit(Loader *l, const Value *limits, const char *key, TimeLimit *t);
void read_item_parts(Loader *l, const Value *doc, Item *item);
void read_item_materials(Loader *l, const Value *doc, Item *item);
/* load_standard.c: what the unified standard says about it beyond the guide. */
void read_item_standard(Loader *l, const Value *doc, Item *item);
/* overlay.c: the item as the installed place has it; what all places change is compared on the way.
 */
const Value *item_as_adopted(Loader *l, Str key, const Value *reference, const Item *item);
/* check_standard.c */
void check_item_standard(Loader *l, const Item *item, const Value *doc);
/* When all items are known. */
void check_main_items(Loader *l);
/* load_flow.c */
/* After the rules: a process is checked against what they give. Sets its diagram and text, too. */
const BpmnProcess *load_process(Loader *l, Item *item, Str path);
const DmnModel *load_rules(Loader *l, const Item *item, Str path);
/* load_names.c: what expressions of an item may use, and what each is. */
const FeelNames *form_names(Loader *l, const Item *item);
const FeelNames *rules_names(Loader *l, const Item *item);
BpmnWorld process_world(Loader *l, const Item *item);
/* check_terms.c: not for a version that was published before */
void check_terms(Loader *l, const Item *item, const Value *doc, bool sound);
void check_flow(Loader *l, const Item *item, const Value *doc);
