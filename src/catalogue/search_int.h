/* SPDX-License-Identifier: Apache-2.0 */
/* catalogue/search_int.h - what an index holds; private to the catalogue's search. */
#pragma once

#include "catalogue/catalogue.h"

typedef enum {
    TERM_PAIR,   /* two Hanzi that stand together */
    TERM_HANZI,  /* one Hanzi of a name or keyword */
    TERM_WORD,   /* an English word, lower case */
    TERM_PINYIN, /* from some syllable to the end of its words: gongshangrending, shangrending … */
    TERM_BLURRED, /* the same with sounds that are easily mixed up made one */
    TERM_INITIAL, /* the same with first letters: gsrd, srd … */
    TERM_CODE,
} TermKind;

typedef struct {
    Str text;
    TermKind kind;
    int32_t weight;
    uint32_t item;
} Term;

/* Sorted by kind, text, item; of equal ones only the heaviest is kept. */
struct SearchIndex {
    const Term *terms;
    size_t count;
};

typedef struct SearchIndex SearchIndex;

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
