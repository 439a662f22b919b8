/* SPDX-License-Identifier: Apache-2.0 */
/* catalogue/search_int.h - what an index holds; private to the catalogue's search. */
#pragma once

#include "catalogue/catalogue.h"

typedef enum {
    TERM_PAIR,   /* two Hanzi that stand together */
    TERM_HANZI,  /* one Hanzi of a name or keyword */
    TERM_WORD,   /* an English word, lower case */
    TERM_PINYIN, /* from some syllable to the end of its words: gongshangrending, shangrending … */
    TERM_BLURRED, /* the same with sounds that are easily mixed up made one, where it has such */
    TERM_INITIAL, /* the same with first letters: gsrd, srd … */
    TERM_CODE,
    TERM_KINDS
} TermKind;

typedef struct {
    Str text;
    TermKind kind;
    uint8_t rare;          /* the fewer items have it, the more: RARE_ALL to RARE_MAX */
    uint32_t first, count; /* of its postings */
} Term;

/* A term that all items have; each halving of them adds RARE_STEP. */
enum { RARE_ALL = 2, RARE_STEP = 4, RARE_MAX = 60 };

/* That an item has a term: with the greatest weight of all places where it stands. */
typedef struct {
    uint16_t item; /* for search_face */
    uint16_t weight;
} Posting;

enum {
    WEIGHT_NAME = 10,
    WEIGHT_KEYWORD = 8,
    WEIGHT_SYNONYM = 7,
    WEIGHT_TOPIC = 3,
    WEIGHT_SUMMARY = 2
};

/* Terms are sorted by kind and text, each once; postings of a term by item. */
struct SearchIndex {
    const Term *terms;
    size_t count;
    const Posting *postings;
};

typedef struct SearchIndex SearchIndex;

/* What is found: items, then the faces of bundles. */
static inline size_t search_size(const Catalogue *c)
{
    return c->item_count + c->bundle_count;
}
static inline const Item *search_face(const Catalogue *c, size_t i)
{
    return i < c->item_count ? &c->items[i] : &c->bundles[i - c->item_count].whole;
}

int term_cmp(const Term *a, const Term *b);

/* Hanzi that stand together, or letters and digits of a word. */
typedef struct {
    size_t from, to;
    bool hanzi;
} SearchRun;

/* The next run of a folded text behind the last one, at first {0}; false at the end. */
bool search_next_run(Str s, SearchRun *run);
/* Full-width letters to ASCII, capitals to small ones. */
Str search_fold(Arena *out, Str s);
