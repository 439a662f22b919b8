/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model/place.h - who owns the unified standard, who has adopted it, and where a place deviates.
 *
 * The reference items of a catalogue are their owner's (a province's). A place below adopts them
 * and may change what is local: where and when it is handled, by which organ, a shorter promise,
 * fewer materials, a note. Any other change is a deviation. One in a unified element is open until
 * the owner has accepted it; an open one keeps the place from publishing.
 * Memory: the catalogue generation's arena. Threads: immutable after loading.
 */
#pragma once

#include "model/item.h"
#include "model/unified.h"

typedef struct Place {
    Str code; /* GB/T 2260: 6 digits, with the statistics code 12 */
    Text name;
    const struct Place *inherits; /* NULL: owns reference items */
    bool all_items, all_bundles;
    const Str *items; /* adopted, unless all are */
    size_t item_count;
    const Str *bundles;
    size_t bundle_count;
    Date since;    /* of its adoption; day 0: not told */
    Text document; /* by which it adopted; may be empty */
    Mark mark;
} Place;

/* A power of one organ that another uses: 市县同权. */
typedef struct Delegation {
    Str key;
    Str item;
    const Organ *organ, *handled_by; /* whose power it is, who uses it */
    Text document, seal;
    Date from, to; /* both days count */
    Mark mark;
} Delegation;

/* What a deviation does: to words, to how it is handled, to what people must bring, wait or know. */
typedef enum { SEVERITY_LOW, SEVERITY_MEDIUM, SEVERITY_HIGH } Severity;

typedef struct {
    const Place *place;
    const Item *item;
    UnifiedElement element;
    Str path;              /* "limits.promise", "materials.photo.necessity" */
    Text reference, local; /* empty: not there */
    Severity severity;
    bool accepted; /* by the owner, see document */
    Text document;
    Date until; /* day 0: without end */
    Mark mark;
} Deviation;

/* How a place has an item or bundle. */
typedef enum { ADOPTED_NOT, ADOPTED_SAME, ADOPTED_LOCAL, ADOPTED_ACCEPTED, ADOPTED_OPEN } Adoption;

bool place_has_item(const Place *p, Str key);
bool place_has_bundle(const Place *p, Str key);
/* It keeps its place from publishing. */
bool deviation_blocks(const Deviation *d);
extern const char *const severity_names[]; /* "low"; end with NULL */
extern const char *const adoption_names[]; /* "not_adopted", "as_reference", "local", … */
