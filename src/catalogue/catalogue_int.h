/* SPDX-License-Identifier: Apache-2.0 */
/*
 * catalogue/catalogue_int.h - how documents become structs; private to the catalogue's loader.
 *
 * A document kind is a table of fields: key, kind, where it goes, whether it must be there. One
 * function walks the table, so that each unknown key, wrong type and missing value is reported the
 * same way, in each kind of document. What a table cannot say (lists, references) is read after it.
 */
#pragma once

#include "base/file.h"
#include "base/hash.h"
#include "catalogue/catalogue.h"

enum { KEY_MAX = 64, LIST_MAX = 20000, TEXT_MAX = 64 * 1024 };

typedef struct {
    Str path; /* relative to the catalogue's folder */
    Str text; /* once it was read; lives with the diagnostics */
    uint16_t file;
    bool used;
} LoaderFile;

/* A place has an item of its own. */
typedef struct LocalItem {
    const Place *place;
    const Item *item;
    Mark mark;
} LocalItem;

typedef struct {
    const Value *at; /* the entry in its document */
} Described;

struct ItemParts; /* item_int.h */
struct SharedFiles;

typedef struct {
    Arena *arena; /* the generation's */
    Arena item;   /* beside it while an item is read: trees and lists on the way */
    Diags *diags;
    Catalogue *c;
    Str folder;
    Vec(LoaderFile) files;
    Vec(LoaderFile *) by_number; /* those that were read */
    Hasher *hasher;
    const Value *site;           /* onedoor.yaml; NULL when it is not there */
    Map described;               /* "element:job" -> Described */
    Item *items;                 /* c->items, before they are published */
    Bundle *bundles;             /* c->bundles, too */
    const ItemDocuments *given;  /* instead of the folder; NULL: the folder */
    const FeelNames *fact_names; /* what rules see of sources; NULL: not made yet */
    Map option_types;            /* by the options' address */
    Vec(const Item *) sound;     /* items whose documents have no error */
    Map said;                    /* names that papers and messages say */
    struct ItemParts *parts;     /* one an item; NULL before load_items */
    struct SharedFiles *shared;  /* what stands in shared/ and was read; NULL: nothing yet */
    const FeelNames *names; /* what expressions of the document at hand may use; NULL: anything */
    FeelMode mode;
    Place *places;           /* c->places, before they are published */
    const Value **adoptions; /* place.yaml of each; NULL: it has none */
    const Place *here;       /* the installed one; NULL: no places are told */
    Vec(Deviation) deviations;
    Vec(LocalItem) locals;
    bool report_only; /* deviations are no errors: they are asked for */
} Loader;

typedef enum {
    FIELD_STR,  /* Str: any text that is not empty */
    FIELD_KEY,  /* Str: lower-case words joined by - or _ */
    FIELD_NAME, /* Str: a name that FEEL can read, no hyphen */
    FIELD_TEXT, /* Text: {zh: …, en: …} */
    FIELD_BOOL,
    FIELD_INT,       /* int32_t between min and max */
    FIELD_ENUM,      /* int32_t or an enum: index in names */
    FIELD_FEEL,      /* const FeelProgram * over Loader.names */
    FIELD_CONDITION, /* the same, true or false */
    FIELD_DATE,      /* Date: 2026-01-31 */
    FIELD_LIST,      /* only checked to be a list: read by the caller */
    FIELD_MAP,       /* only checked to be a map */
    FIELD_ANY,       /* read by the caller */
} FieldKind;

typedef struct {
    const char *key;
    FieldKind kind;
    bool required;
    size_t at;                /* offsetof in the struct */
    int32_t min, max;         /* FIELD_INT; both 0: not negative */
    const char *const *names; /* FIELD_ENUM, ends with NULL */
} Field;

/* reader.c */
/* False when map is none; else what could be read is in *into and the rest in diags. */
bool read_fields(Loader *l, const Value *map, const Field *fields, size_t count, const char *what,
                 void *into);
#define READ_FIELDS(l, map, fields, what, into)                                                    \
    read_fields((l), (map), (fields), COUNT(fields), (what), (into))
/* The list of that member: number of items, 0 when absent; an empty list is reported when required.
 */
size_t read_list(Loader *l, const Value *map, const char *key, Value *const **items);
/* Texts of a list; what is no text is reported and left out. */
const Str *read_strings(Loader *l, const Value *map, const char *key, size_t *count);
const Text *read_texts(Loader *l, const Value *map, const char *key, size_t *count);
bool read_text(Loader *l, const Value *v, const char *what, Text *text);
Mark mark_of(const Value *v);
Str or_nearest(Loader *l, Str wanted, const Str *names, size_t count);
void complain(Loader *l, const char *rule, const Value *at, Str cure, const char *fmt, ...)
    PRINTF_LIKE(5, 6);
void complain_key(Loader *l, const char *rule, const Value *map, const char *key, Str cure,
                  const char *fmt, ...) PRINTF_LIKE(6, 7);

/* expression.c */
/* *type: what comes out, NULL when that is not known. */
const FeelProgram *read_expression(Loader *l, const Value *v, const FeelType **type);
const FeelProgram *read_condition(Loader *l, const Value *v);
/* Sees party, too; what comes out must do as an answer of that type. */
const FeelProgram *read_prefill(Loader *l, const Value *v, const FeelType *answer);
/* Byte in the document of byte `inside` of a scalar's text that stands at `at`. */
uint32_t scalar_offset(Str document, uint32_t at, uint32_t inside);

/* template.c: names in papers and messages */
typedef enum {
    TEMPLATE_CASE,
    TEMPLATE_EACH,   /* once for each entry of a list: its names, too */
    TEMPLATE_PARTS,  /* of a list that the rules, a process or a register gave: any names */
    TEMPLATE_NUMBER, /* of a paper */
} TemplateKind;
/* One name at a byte of v's text; all tags of v; of all languages. */
void template_name(Loader *l, const char *rule, TemplateKind kind, const Value *v, uint32_t at,
                   Str name);
void template_tags(Loader *l, const char *rule, TemplateKind kind, const Value *v);
void template_texts(Loader *l, const char *rule, TemplateKind kind, const Value *text);

/* registry.c */
/* False (and reported) when that kind has the key already. */
bool register_entry(Loader *l, const char *kind, Str key, const Value *at, void *entry);
/* NULL (and reported) when there is none. at: the value that names it. */
void *resolve_entry(Loader *l, const char *kind, Str key, const Value *at);
void *find_entry(const Catalogue *c, const char *kind, Str key);

/* files.c */
bool list_files(Loader *l);
void list_given(Loader *l);
/* The file of that number; NULL when none was read. */
const LoaderFile *file_of(const Loader *l, uint16_t file);
/* Index of the first file at or after path. */
size_t first_file(const Loader *l, Str path);
/* A dictionary of the catalogue's root. */
bool is_shared_path(Str path);
/* Reads, registers and hashes; false when absent or too large (reported unless optional). */
bool load_file(Loader *l, Str path, bool optional, uint16_t *file, Str *text);
const Value *load_document(Loader *l, Str path, bool optional);
const LoaderFile *file_named(const Loader *l, Str path); /* NULL: there is none */
bool has_file(const Loader *l, Str path);
void report_unused_files(Loader *l);

/* One a document kind. */
void load_site(Loader *l);
void load_organs(Loader *l);
void load_workers(Loader *l);
void load_divisions(Loader *l);
/* Gives an element with `divisions` its options. */
void expand_divisions(Loader *l, Value *element);
void load_rates(Loader *l);
void load_elements(Loader *l);
const Option *read_options(Loader *l, const Value *map, size_t *count);
void load_materials(Loader *l);
void load_topics(Loader *l);
void load_sets(Loader *l);
/* The sets that an item or bundle names. */
const Str *read_sets(Loader *l, const Value *doc, size_t *count);
void load_messages(Loader *l);
void load_synonyms(Loader *l);
void load_sources(Loader *l);
void load_papers(Loader *l);
void load_places(Loader *l);  /* before the items */
void check_places(Loader *l); /* and when they are known */
void check_bundles_of_places(Loader *l);
void load_delegations(Loader *l);
void load_items(Loader *l);
void load_bundles(Loader *l);
void load_demo(Loader *l);
bool role_known(Str role);
void complain_role(Loader *l, const Value *at, Str role);

/* drift.c */
typedef struct {
    const Place *place;
    const Item *item;
    const Value *reference, *local; /* documents of the item */
    const Value *form, *exceptions; /* what the place says of its form, what is accepted; or NULL */
} Drift;

/* What the effective item of a place says otherwise than its reference. */
void find_deviations(Loader *l, const Drift *d);

/* What holds between documents. */
void check_elements(Loader *l);
void check_item(Loader *l, const Item *item, const Value *doc);
/* When all items and bundles are known. */
void check_between_items(Loader *l);
void check_reads(Loader *l);

/* shared.c */
/* The form and the rules of shared/ that an item stands on; f may be NULL. */
void shared_documents(const Loader *l, const Item *item,
                      void (*add)(void *into, const LoaderFile *f), void *into);

/* version.c */
/* Sets each item's hash; documents may be NULL. */
void find_versions(Loader *l, CatalogueDocuments *documents);
/* Does the hash fit them? */
bool are_whole(const ItemDocuments *documents);

/* load_flow.c: what the program does for a process by itself */
extern const Str own_jobs[];
extern const size_t own_job_count;

/* search_index.c */
struct SearchIndex *search_index(Arena *out, const Catalogue *c);
