/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The index of one generation: its terms, each once and sorted, with the items that have them. Names and keywords give pairs of Hanzi,
 * words, pinyin in full, blurred and by initials; summaries and organs give pairs and words.
 * Pinyin is kept from each syllable of a run to its end, so that a prefix search finds any part of
 * it. A character with several readings gives a run for each, up to RUNS_MAX: names are short.
 *
 * Items share most of their terms. They are gathered in memory of their own, by a map for each
 * kind, and only what is kept is copied to the generation.
 */
#include <stdlib.h>

#include "base/utf8.h"
#include "catalogue/catalogue_int.h"
#include "catalogue/pinyin.h"
#include "catalogue/search_int.h"

enum { RUN_MAX = 24, RUNS_MAX = 8 };

/* A term while items are read: its postings hang on each other, the latest first. */
typedef struct Found Found;
struct Found {
    Str text;
    TermKind kind;
    uint32_t count;
    struct Seen *last;
};

typedef struct Seen {
    Posting posting;
    struct Seen *before;
} Seen;

typedef struct {
    Arena found;   /* terms and postings, until all items are read */
    Arena scratch; /* of the text at hand */
    Map by_text[TERM_KINDS];
    const PinyinTable *pinyin;
    size_t items, terms, postings;
    uint16_t item, weight;
    bool sounds; /* pinyin too */
} Builder;

static bool is_hanzi(uint32_t c)
{
    return (c >= 0x3400 && c <= 0x9FFF) || (c >= 0x20000 && c <= 0x3FFFD);
}

Str search_fold(Arena *out, Str s)
{
    StrBuf b = buf_in(out);
    for (size_t at = 0; at < s.len;) {
        uint32_t c = utf8_next(s, &at);
        if (c >= 0xFF01 && c <= 0xFF5E)
            c = c - 0xFF01 + '!';
        if (c >= 'A' && c <= 'Z')
            c = c - 'A' + 'a';
        if (c == 0xFC || c == 0xDC)
            c = 'v'; /* u with dots, as pinyin writes it */
        if (c != UTF8_INVALID)
            utf8_put(&b, c);
    }
    return buf_str(&b);
}

static Found *find_term(Builder *b, TermKind kind, Str text)
{
    Found *f = map_get(&b->by_text[kind], text);
    if (f)
        return f;
    f = NEW(&b->found, Found);
    *f = (Found){.text = str_dup(&b->found, text), .kind = kind};
    (void)map_add(&b->found, &b->by_text[kind], f->text, f);
    b->terms++;
    return f;
}

static void add_term(Builder *b, TermKind kind, Str text)
{
    if (!text.len)
        return;
    Found *f = find_term(b, kind, text);
    if (f->last && f->last->posting.item == b->item) {
        if (f->last->posting.weight < b->weight)
            f->last->posting.weight = b->weight;
        return;
    }
    Seen *seen = NEW(&b->found, Seen);
    *seen = (Seen){{b->item, b->weight}, f->last};
    f->last = seen;
    f->count++;
    b->postings++;
}

typedef struct {
    Str syllable[RUN_MAX];
    size_t count;
} Run;

static void add_run(Builder *b, const Run *run)
{
    StrBuf full = buf_in(&b->scratch), initials = buf_in(&b->scratch);
    for (size_t i = 0; i < run->count; i++) {
        buf_add(&full, run->syllable[i]);
        buf_char(&initials, run->syllable[i].at[0]);
    }
    Str all = buf_str(&full), first = buf_str(&initials);
    for (size_t from = 0, at = 0; from < run->count; at += run->syllable[from++].len) {
        Str rest = str_slice(all, at, all.len);
        add_term(b, TERM_PINYIN, rest);
        Str blurred = pinyin_blur(&b->scratch, rest);
        if (blurred.len != rest.len)
            add_term(b, TERM_BLURRED, blurred);
        if (run->count - from > 1)
            add_term(b, TERM_INITIAL, str_slice(first, from, first.len));
    }
}

/* Every reading of every character, as long as there are not too many. */
static void add_sounds(Builder *b, const uint32_t *hanzi, size_t n)
{
    Run runs[RUNS_MAX] = {0};
    size_t count = 1;
    for (size_t i = 0; i < n && i < RUN_MAX; i++) {
        Str readings[PINYIN_READINGS];
        size_t r = pinyin_of(b->pinyin, hanzi[i], readings);
        if (r == 0)
            return;
        size_t before = count;
        for (size_t k = 1; k < r; k++)
            for (size_t j = 0; j < before && count < RUNS_MAX; j++) {
                runs[count] = runs[j];
                runs[count].syllable[runs[count].count++] = readings[k];
                count++;
            }
        for (size_t j = 0; j < before; j++)
            runs[j].syllable[runs[j].count++] = readings[0];
    }
    for (size_t j = 0; j < count; j++)
        add_run(b, &runs[j]);
}

static void add_hanzi_run(Builder *b, Str s, size_t from, size_t to)
{
    uint32_t hanzi[RUN_MAX];
    size_t n = 0, at = from, before = from;
    while (at < to) {
        size_t here = at;
        uint32_t c = utf8_next(s, &at);
        if (n < RUN_MAX)
            hanzi[n++] = c;
        if (b->sounds)
            add_term(b, TERM_HANZI, str_slice(s, here, at));
        if (here > from)
            add_term(b, TERM_PAIR, str_slice(s, before, at));
        before = here;
    }
    if (b->sounds)
        add_sounds(b, hanzi, n);
}

static bool is_word(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool search_next_run(Str s, SearchRun *run)
{
    for (size_t at = run->to; at < s.len;) {
        run->from = at;
        uint32_t c = utf8_next(s, &at);
        run->hanzi = is_hanzi(c);
        if (!run->hanzi && !is_word(c))
            continue;
        for (run->to = at; at < s.len; run->to = at) {
            c = utf8_next(s, &at);
            if (run->hanzi ? !is_hanzi(c) : !is_word(c))
                break;
        }
        return true;
    }
    return false;
}

static void add_text(Builder *b, Str text)
{
    Str s = search_fold(&b->scratch, text);
    SearchRun run = {0};
    while (search_next_run(s, &run)) {
        if (run.hanzi)
            add_hanzi_run(b, s, run.from, run.to);
        else
            add_term(b, TERM_WORD, str_slice(s, run.from, run.to));
    }
}

static void add_texts(Builder *b, Text t, uint16_t weight, bool sounds)
{
    b->weight = weight;
    b->sounds = sounds;
    for (int lang = 0; lang < LANG_COUNT; lang++)
        add_text(b, t.in[lang]);
}

static const Topic *topic_of(const Catalogue *c, Str key)
{
    for (size_t i = 0; i < c->topic_count; i++)
        if (str_eq(c->topics[i].key, key))
            return &c->topics[i];
    return NULL;
}

/* What an item is called, a line each. */
static Str words_of(Builder *b, const Item *item)
{
    const Text names[] = {item->name, item->main_name, item->sub_name};
    StrBuf all = buf_in(&b->scratch);
    for (size_t i = 0; i < COUNT(names) * LANG_COUNT; i++) {
        buf_add(&all, names[i / LANG_COUNT].in[i % LANG_COUNT]);
        buf_char(&all, '\n');
    }
    for (size_t i = 0; i < item->keyword_count; i++) {
        buf_add(&all, item->keywords[i]);
        buf_char(&all, '\n');
    }
    return search_fold(&b->scratch, buf_str(&all));
}

static bool is_meant(Builder *b, const Synonym *s, Str words)
{
    for (size_t i = 0; i < s->mean_count; i++)
        if (str_find(words, search_fold(&b->scratch, s->means[i]), 0) != SIZE_MAX)
            return true;
    return false;
}

static void add_synonyms(Builder *b, const Catalogue *c, const Item *item)
{
    Str words = c->synonym_count ? words_of(b, item) : (Str){0};
    b->weight = WEIGHT_SYNONYM;
    b->sounds = true;
    for (size_t i = 0; i < c->synonym_count; i++) {
        const Synonym *s = &c->synonyms[i];
        bool meant = is_meant(b, s, words);
        for (size_t k = 0; meant && k < s->say_count; k++)
            add_text(b, s->say[k]);
    }
}

static void add_item(Builder *b, const Catalogue *c, const Item *item)
{
    add_texts(b, item->name, WEIGHT_NAME, true);
    add_texts(b, item->main_name, WEIGHT_KEYWORD, true);
    add_texts(b, item->sub_name, WEIGHT_KEYWORD, true);
    b->weight = WEIGHT_KEYWORD;
    b->sounds = true;
    for (size_t i = 0; i < item->keyword_count; i++)
        add_text(b, item->keywords[i]);
    add_synonyms(b, c, item);
    for (size_t i = 0; i < item->topic_count; i++) {
        const Topic *t = topic_of(c, item->topics[i]);
        if (t)
            add_texts(b, t->name, WEIGHT_TOPIC, false);
    }
    add_texts(b, item->summary, WEIGHT_SUMMARY, false);
    if (item->organ)
        add_texts(b, item->organ->name, WEIGHT_SUMMARY, false);
    b->weight = WEIGHT_NAME;
    add_term(b, TERM_CODE, search_fold(&b->scratch, item->code));
}

int term_cmp(const Term *a, const Term *b)
{
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return str_cmp(a->text, b->text);
}

static int by_text(const void *x, const void *y)
{
    const Found *a = *(Found *const *)x, *b = *(Found *const *)y;
    return str_cmp(a->text, b->text);
}

static void put_postings(const Found *f, Posting *to)
{
    size_t at = f->count;
    for (const Seen *s = f->last; s; s = s->before)
        to[--at] = s->posting;
}

static uint8_t rare(size_t items, size_t count)
{
    size_t n = RARE_ALL;
    for (; count * 2 <= items && n + RARE_STEP <= RARE_MAX; count *= 2)
        n += RARE_STEP;
    return (uint8_t)(count * 3 <= items * 2 ? n + RARE_STEP / 2 : n);
}

/* The terms of a kind behind those before it. */
static void put_kind(Arena *out, Builder *b, TermKind kind, Term *terms, Posting *postings)
{
    const Map *m = &b->by_text[kind];
    Found **sorted = NEW_N(&b->scratch, Found *, m->len + 1);
    for (size_t i = 0; i < m->len; i++)
        sorted[i] = m->at[i].value;
    if (m->len)
        qsort(sorted, m->len, sizeof(Found *), by_text);
    for (size_t i = 0; i < m->len; i++) {
        const Found *f = sorted[i];
        terms[b->terms++] = (Term){.text = str_dup(out, f->text),
                                   .kind = kind,
                                   .rare = rare(b->items, f->count),
                                   .first = (uint32_t)b->postings,
                                   .count = f->count};
        put_postings(f, postings + b->postings);
        b->postings += f->count;
    }
}

struct SearchIndex *search_index(Arena *out, const Catalogue *c)
{
    Arena table = {0};
    Builder b = {.pinyin = pinyin_table(&table)};
    for (size_t i = 0; i < search_size(c); i++) {
        const Item *item = search_face(c, i);
        if (!item_is_listed(item))
            continue;
        b.item = (uint16_t)i;
        b.items++;
        add_item(&b, c, item);
        arena_reset(&b.scratch);
    }
    Term *terms = NEW_N(out, Term, b.terms + 1);
    Posting *postings = NEW_N(out, Posting, b.postings + 1);
    b.terms = b.postings = 0;
    for (int kind = 0; kind < TERM_KINDS; kind++)
        put_kind(out, &b, (TermKind)kind, terms, postings);
    SearchIndex *index = NEW(out, SearchIndex);
    *index = (SearchIndex){terms, b.terms, postings};
    arena_free(&b.scratch);
    arena_free(&b.found);
    arena_free(&table);
    return index;
}
