/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The index of one generation: a sorted array of terms. Names and keywords give pairs of Hanzi,
 * words, pinyin in full, blurred and by initials; summaries and organs give pairs and words.
 * Pinyin is kept from each syllable of a run to its end, so that a prefix search finds any part of
 * it. A character with several readings gives a run for each, up to RUNS_MAX: names are short.
 */
#include <stdlib.h>

#include "base/utf8.h"
#include "catalogue/catalogue_int.h"
#include "catalogue/pinyin.h"
#include "catalogue/search_int.h"

enum {
    RUN_MAX = 24,
    RUNS_MAX = 8,
    WEIGHT_NAME = 10,
    WEIGHT_KEYWORD = 8,
    WEIGHT_TOPIC = 3,
    WEIGHT_SUMMARY = 2
};

typedef Vec(Term) TermVec;

typedef struct {
    Arena *out;
    const PinyinTable *pinyin;
    TermVec terms;
    uint32_t item;
    int32_t weight;
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

static void add_term(Builder *b, TermKind kind, Str text)
{
    if (text.len)
        *VEC_PUSH(b->out, &b->terms) =
            (Term){.text = text, .kind = kind, .weight = b->weight, .item = b->item};
}

typedef struct {
    Str syllable[RUN_MAX];
    size_t count;
} Run;

static void add_run(Builder *b, const Run *run)
{
    for (size_t from = 0; from < run->count; from++) {
        StrBuf full = buf_in(b->out), initials = buf_in(b->out);
        for (size_t i = from; i < run->count; i++) {
            buf_add(&full, run->syllable[i]);
            buf_char(&initials, run->syllable[i].at[0]);
        }
        add_term(b, TERM_PINYIN, buf_str(&full));
        add_term(b, TERM_BLURRED, pinyin_blur(b->out, buf_str(&full)));
        if (run->count - from > 1)
            add_term(b, TERM_INITIAL, buf_str(&initials));
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
    Str s = search_fold(b->out, text);
    SearchRun run = {0};
    while (search_next_run(s, &run)) {
        if (run.hanzi)
            add_hanzi_run(b, s, run.from, run.to);
        else
            add_term(b, TERM_WORD, str_slice(s, run.from, run.to));
    }
}

static void add_texts(Builder *b, Text t, int32_t weight, bool sounds)
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

static void add_item(Builder *b, const Catalogue *c, const Item *item)
{
    add_texts(b, item->name, WEIGHT_NAME, true);
    add_texts(b, item->main_name, WEIGHT_KEYWORD, true);
    add_texts(b, item->sub_name, WEIGHT_KEYWORD, true);
    b->weight = WEIGHT_KEYWORD;
    b->sounds = true;
    for (size_t i = 0; i < item->keyword_count; i++)
        add_text(b, item->keywords[i]);
    for (size_t i = 0; i < item->topic_count; i++) {
        const Topic *t = topic_of(c, item->topics[i]);
        if (t)
            add_texts(b, t->name, WEIGHT_TOPIC, false);
    }
    add_texts(b, item->summary, WEIGHT_SUMMARY, false);
    if (item->organ)
        add_texts(b, item->organ->name, WEIGHT_SUMMARY, false);
    b->weight = WEIGHT_NAME;
    add_term(b, TERM_CODE, search_fold(b->out, item->code));
}

int term_cmp(const Term *a, const Term *b)
{
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return str_cmp(a->text, b->text);
}

static int by_place(const void *x, const void *y)
{
    const Term *a = x, *b = y;
    int order = term_cmp(a, b);
    if (order)
        return order;
    if (a->item != b->item)
        return a->item < b->item ? -1 : 1;
    return b->weight - a->weight;
}

struct SearchIndex *search_index(Arena *out, const Catalogue *c)
{
    Arena scratch = {0};
    Builder b = {.out = out, .pinyin = pinyin_table(&scratch)};
    for (size_t i = 0; i < c->item_count; i++) {
        b.item = (uint32_t)i;
        add_item(&b, c, &c->items[i]);
    }
    if (b.terms.len)
        qsort(b.terms.at, b.terms.len, sizeof *b.terms.at, by_place);
    size_t kept = 0;
    for (size_t i = 0; i < b.terms.len; i++) {
        const Term *before = kept ? &b.terms.at[kept - 1] : NULL;
        bool again =
            before && before->item == b.terms.at[i].item && term_cmp(before, &b.terms.at[i]) == 0;
        if (!again)
            b.terms.at[kept++] = b.terms.at[i];
    }
    arena_free(&scratch);
    SearchIndex *index = NEW(out, SearchIndex);
    *index = (SearchIndex){b.terms.at, kept};
    return index;
}
