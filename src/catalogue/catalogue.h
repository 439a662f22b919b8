/* SPDX-License-Identifier: Apache-2.0 */
/*
 * catalogue/catalogue.h - one published generation of everything that is data: items, forms,
 * elements, materials, organs, sources, papers, messages, calendar.
 *
 * Loaded from a folder, checked as a whole, immutable, shared by all threads. catalogue_load reads
 * on after each problem, so that one run reports them all; with any DIAG_ERROR it gives NULL.
 * Memory: a generation is one Arena of its own, freed by catalogue_free when nobody reads it any
 * more. Limits: CATALOGUE_MAX_FILES, CATALOGUE_MAX_BYTES in one file.
 *
 * An item has a version: Item.hash, over its documents (catalogue/version.c says which). From these
 * documents alone the item can be read again, whatever the folder has become.
 */
#pragma once

#include "base/calendar.h"
#include "base/diag.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/value.h"
#include "model/bundle.h"
#include "model/certificate.h"
#include "model/division.h"
#include "model/item.h"
#include "model/place.h"
#include "model/source.h"

enum { CATALOGUE_MAX_FILES = 20000, CATALOGUE_MAX_BYTES = 4 << 20 };

/* A tile of the portal: items and bundles that belong to one event of life. */
typedef struct {
    Str key;
    Text name, note;
    Str icon; /* symbol in ui/icons.svg */
    bool for_organisations;
} Topic;

/* Everyday words for official ones, for the search. */
typedef struct {
    const Str *means; /* an item with one of these in its name or keywords … */
    size_t mean_count;
    const Str *say; /* … is found by these, too */
    size_t say_count;
} Synonym;

/* Items and bundles whose figures are told together: the 131 sub-items, the ten matters. */
typedef struct {
    Str key;
    Text name, note, source;
    /* What it must come to; 0: not said. */
    int32_t main_items, items, bundles, before, now; /* before and now: materials */
    Mark mark;
} MeasureSet;

typedef struct {
    Str key;   /* "decided" */
    Text text; /* mustache over the case's data; sent by phone and shown in the case */
} MessageTemplate;

/* Jobs of a process that systems of other departments do. */
enum {
    WORKER_TYPE_MAX = 64, /* bytes */
    WORKER_LEASE_MAX_S = 3600,
    WORKER_RETRIES_MAX = 100,
    WORKER_ATTEMPTS_MAX = 100, /* of one job, also where its worker asks for more */
    WORKER_BACKOFF_MAX_S = 6 * 3600,
};

typedef struct {
    Str type; /* of zeebe:taskDefinition: "benefit.compute" */
    Text name;
    Str organ;    /* whose system does them */
    Text purpose; /* why it reads data of people: they see it */
    int32_t lease_s, retries, backoff_s;
    const Str *variables; /* that it may read besides the task's own inputs */
    size_t variable_count;
    const Str *results; /* that it may set */
    size_t result_count;
    bool limits_results; /* else: any */
    Mark mark;
} WorkerType;

/* One of the rates (三率) by which a standard is accepted: the share of its items that count. */
typedef struct {
    Str key;
    Text name;
    const FeelProgram *counts; /* over rate_scope: an item counts, or not */
    int32_t at_least;          /* percent */
} Rate;

/* A synthetic person or staff member of the demo; empty outside demo catalogues. */
typedef struct {
    Str id_number, name, phone, organisation, organisation_uscc;
    Text note; /* what can be tried with this person */
} DemoPerson;

typedef struct {
    Str login, name, organ, roles; /* roles: as roles_read knows them, comma separated */
    Str password;
} DemoStaff;

typedef struct {
    Str key;          /* generation: 16 hex digits over all files */
    Str place;        /* division code, 6 or 12 digits */
    Str place_prefix; /* of case numbers: "YX" */
    Text place_name;  /* 云溪市 */
    Text place_short; /* 云: in the numbers of papers */
    Text site_name;   /* 一门 · 云溪市政务服务 */
    Text operator_name;
    Str hotline;
    int32_t zone_minutes;
    int32_t open_minute, close_minute; /* service hours */
    Str theme;           /* path of the folder with templates of the place's own, or empty */
    Value *theme_tokens; /* CSS custom properties to override: {brand: "#17508f"} */
    const Calendar *calendar;
    const Item *items;
    size_t item_count;
    const Place *places; /* the owner of the reference items first; none: there is but this one */
    size_t place_count;
    const Place *here; /* the installed one, or NULL */
    const Delegation *delegations;
    size_t delegation_count;
    const Deviation *deviations; /* in the order of items, then of places */
    size_t deviation_count;
    const struct LocalItem *locals; /* private */
    size_t local_count;
    const Bundle *bundles;
    size_t bundle_count;
    const Organ *organs;
    size_t organ_count;
    Divisions divisions; /* places/divisions.csv; none: empty */
    const Element *elements;
    size_t element_count;
    const Material *materials;
    size_t material_count;
    const Source *sources;
    size_t source_count;
    const Paper *papers;
    size_t paper_count;
    const Topic *topics;
    size_t topic_count;
    const Synonym *synonyms;
    size_t synonym_count;
    const MeasureSet *sets;
    size_t set_count;
    const MessageTemplate *messages;
    size_t message_count;
    const WorkerType *workers;
    size_t worker_count;
    const Rate *rates;
    size_t rate_count;
    const DemoPerson *people;
    size_t person_count;
    const DemoStaff *staff;
    size_t staff_count;
    const Value
        *registers;     /* of the demo's sandbox: {source: {key, rows: {id: record}}}; NULL: none */
    const Value *cases; /* demo/cases.yaml: a list, what a new demo starts with; NULL: none */
    Map by_key;         /* private: "item:work-injury" -> Item */
    const struct SearchIndex *search; /* private */
} Catalogue;

/* NULL when there is an error; diags then holds them all. */
MUST_CHECK const Catalogue *catalogue_load(Str folder, Diags *diags);
void catalogue_free(const Catalogue *c);

typedef struct {
    Str path; /* "items/work-injury/item.yaml" */
    Str text;
    Hash hash; /* of text */
} ItemDocument;

/* What one version of an item is made of, sorted by path. */
typedef struct {
    Str item, hash;
    const ItemDocument *at;
    size_t count;
} ItemDocuments;

typedef struct {
    const ItemDocuments *at; /* one an item, then one a bundle, in the catalogue's order */
    size_t count;
} CatalogueDocuments;

/* As catalogue_load; documents live in diags->arena, empty when there is an error. */
MUST_CHECK const Catalogue *catalogue_load_with(Str folder, Diags *diags,
                                                CatalogueDocuments *documents);
/* A catalogue of one item and what it reads: elements, sources, materials, papers, messages, its
 * organ and topics. It has no place, calendar, hours or search: these are never an item's. NULL when
 * this program refuses what it once accepted, or when the documents are not those of the hash. */
MUST_CHECK const Catalogue *catalogue_of_documents(const ItemDocuments *documents, Diags *diags);
/* Of a catalogue of documents: the item or bundle that it was made for. */
const Item *catalogue_face(const Catalogue *c);
/* As catalogue_load, but open deviations of the installed place are no errors: for who asks for
 * them. */
MUST_CHECK const Catalogue *catalogue_load_drift(Str folder, Diags *diags);
const Place *catalogue_place(const Catalogue *c, Str code);
Adoption catalogue_adoption(const Catalogue *c, const Place *p, const Item *item);
Adoption catalogue_adoption_of_bundle(const Catalogue *c, const Place *p, const Bundle *b);
/* What has run out by that day: delegations of published items, accepted deviations. Errors, with
 * the places that loading gave them in the same diags. */
void catalogue_check_day(const Catalogue *c, Date day, Diags *diags);
/* Memory that it holds. */
size_t catalogue_bytes(const Catalogue *c);

/* NULL when absent. The face of a bundle is an item, too: its `bundle` is not NULL. */
const Item *catalogue_item(const Catalogue *c, Str key);
const Bundle *catalogue_bundle(const Catalogue *c, Str key);
const Organ *catalogue_organ(const Catalogue *c, Str key);
const Element *catalogue_element(const Catalogue *c, Str key);
const Source *catalogue_source(const Catalogue *c, Str key);
const Paper *catalogue_paper(const Catalogue *c, Str key);
const MessageTemplate *catalogue_message(const Catalogue *c, Str key);
const WorkerType *catalogue_worker(const Catalogue *c, Str type);
/* What Rate.counts sees of an item: its flags, and its figures of now. */
const FeelScope *rate_scope(Arena *out, const Item *item);
/* Jobs of that type are done by this program. */
bool catalogue_is_own_job(Str type);

/* Of the demo's people, registers and cases: a copy in which fields that end in "_date" and hold a
 * number of days are that day: "-3" is three days ago. So a demo does not grow old. */
Value *demo_dated(Arena *out, const Value *map, Date today);
/* What a register of the demo has under a key, dated; NULL: nothing. One with `many: true` is asked
 * for several keys, one a line, and has {rows: [...]}, each with `found`. */
Value *demo_record(Arena *out, const Value *reg, Str key, Date today);

typedef struct {
    const Item *item;
    int32_t score;
} SearchHit;

/* Best first. Chinese of two characters and more, English words, pinyin and its initials ("gsrd"),
 * everyday words by the items' keywords; small typing errors in Latin letters are forgiven. Every
 * word of the query must be found for a full score; questions ("上班受伤了怎么办") match by their
 * longest parts, and the rarer a word of the query is in the catalogue, the more it says. */
size_t catalogue_search(Arena *out, const Catalogue *c, Str query, SearchHit *hits, size_t max);
