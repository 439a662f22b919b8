/* SPDX-License-Identifier: Apache-2.0 */
/* catalogue/item_int.h - shared by the files that load one item; private to the loader. */
#pragma once

#include "catalogue/catalogue_int.h"

/* An item while its document is read: references are still names. */
typedef struct {
    Item i;
    int32_t type, level;
    int32_t state, authority;
    Str organ, handled_by, form, bpmn, dmn;
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
void check_facts_pages(Loader *l, const Form *f);
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
/* load_form.c */
enum { /* kinds of a page in its document that every item replaces by its own pages */
       PAGE_OWN = PAGE_MATERIAL + 1, /* the item's own questions */
       PAGE_MATERIALS,               /* one page for each of its materials */
};

/* A form that items share: its pages as they are written. */
typedef struct {
    Str path;
    uint16_t file;
    Form form;
} SharedForm;

typedef struct {
    Str path;
    const DmnModel *rules; /* what it was compiled with; NULL: none */
    const BpmnProcess *process;
    const Diagram *diagram;
    Str text;
    bool checked; /* what does not depend on an item */
} SharedProcess;

typedef struct {
    Str path;
    const DmnModel *model;
    uint16_t files[DMN_MAX_FILES];
    size_t file_count;
} SharedRules;

/* What an item is made of while the catalogue is read. */
typedef struct ItemParts {
    const SharedForm *form; /* NULL: it has its own */
    SharedProcess *process;
    const SharedRules *rules;
    const Question *own; /* questions of item.yaml */
    size_t own_count;
} ItemParts;

ItemParts *item_parts(const Loader *l, const Item *item);
/* Its form's pages and the names that its expressions may use, in l->names. */
void load_form(Loader *l, Item *item, const Value *doc, Str folder);
SharedForm *read_shared_form(Loader *l, Str path);
const Question *read_own_questions(Loader *l, const Value *v, size_t *count);
/* form_parts.c: after the materials: the pages that every item makes for itself. */
void add_own_elements(Loader *l, Item *item, const Value *doc);
void read_own_parts(Loader *l, Item *item, const Value *doc);
void expand_form(Loader *l, Item *item);
/* check_item.c: what holds between the pages of one form. */
void check_form_pages(Loader *l, const Form *f);
/* shared.c: paths that begin with shared/ stand at the catalogue's root; each is read once. */
bool stands_in_shared(Str path);
const SharedForm *shared_form(Loader *l, Str path);
const DmnModel *shared_rules(Loader *l, Item *item, Str path);
const BpmnProcess *shared_process(Loader *l, Item *item, Str path, const Value *at);
/* load_flow.c */
/* After the rules: a process is checked against what they give. Sets its diagram and text, too. */
const BpmnProcess *load_process(Loader *l, Item *item, Str path);
/* files: those that it is made of, room for DMN_MAX_FILES. */
const DmnModel *load_rules(Loader *l, Str path, const FeelNames *fed, uint16_t *files,
                           size_t *count);
/* load_names.c: what expressions of an item may use, and what each is. */
const FeelNames *form_names(Loader *l, const Item *item);
const FeelNames *rules_names(Loader *l, const Item *item);
/* Rules that items share: the whole dictionary, because the same key is the same fact. */
const FeelNames *shared_rules_names(Loader *l);
BpmnWorld process_world(Loader *l, const Item *item);
/* check_terms.c: not for a version that was published before */
void check_terms(Loader *l, const Item *item, const Value *doc, bool sound);
void check_flow(Loader *l, const Item *item, const Value *doc);
