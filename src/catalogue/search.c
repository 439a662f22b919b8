/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A query becomes units: a pair of Hanzi or a Latin word each. Each unit gives each item the weight
 * of the best term that it meets; an item's score is the sum times the share of units that met
 * anything. Polite and asking parts ("怎么办", "how do I") are left out before. An item is a hit
 * when more than half of the units met it, or when a run of LONG_RUN Hanzi stands in it as asked:
 * that is the part of a long question that says what it is about. It is one, too, when it has most
 * of what the catalogue knows of the question, a telling word among it: most pairs of a whole
 * sentence ("了能", "就把") are no words at all.
 *
 * Hits stand in the order of what their words tell: a word that few items have tells more.
 *
 * A Latin word is tried in this order, and the first that gives anything counts: an item's code, a
 * word, the beginning of a word, a word with a small typing error together with pinyin, initials,
 * blurred pinyin. "gong shang ren ding" is also tried as one.
 */
#include <stdlib.h>

#include "base/utf8.h"
#include "catalogue/pinyin.h"
#include "catalogue/search_int.h"

enum { QUERY_MAX = 400, UNITS_MAX = 64, WORD_MAX = 24, LONG_RUN = 3, TELLING_SHARE = 8 };

typedef struct {
    Str text;
    bool hanzi;
    bool follows; /* the pair before it in the query shares a character with it */
    size_t chars;
} Unit;

typedef struct {
    Arena *out;
    const SearchIndex *index;
    size_t items;
    uint8_t rare; /* of a term that tells by itself what is meant */
    Unit units[UNITS_MAX];
    size_t count;
    int32_t *unit_best; /* of the unit at hand, an item */
    int32_t *unit_told; /* the same, by how rare the terms are */
    int32_t *sum;
    int32_t *told;
    int32_t known; /* what each unit told of its best item, together */
    uint8_t *met, *run, *longest;
    bool *telling; /* a rare word of its name or keywords was met */
} Search;

static const Str asking[] = {
    STR_INIT("怎么办理"), STR_INIT("怎么申请"), STR_INIT("如何办理"), STR_INIT("如何申请"),
    STR_INIT("需要什么"), STR_INIT("怎么办"),   STR_INIT("怎么样"),   STR_INIT("怎么"),
    STR_INIT("怎样"),     STR_INIT("如何"),     STR_INIT("请问"),     STR_INIT("我要"),
    STR_INIT("我想"),     STR_INIT("想要"),     STR_INIT("我的"),     STR_INIT("能不能"),
    STR_INIT("可不可以"), STR_INIT("可以"),     STR_INIT("是不是"),   STR_INIT("是否"),
    STR_INIT("哪里"),     STR_INIT("哪儿"),     STR_INIT("什么"),     STR_INIT("哪些"),
    STR_INIT("多久"),     STR_INIT("多少"),     STR_INIT("办理"),     STR_INIT("申请"),
    STR_INIT("一下"),     STR_INIT("了"),       STR_INIT("吗"),       STR_INIT("呢"),
    STR_INIT("的"),       STR_INIT("我"),       STR_INIT("在"),
};

static const Str small_words[] = {
    STR_INIT("a"),    STR_INIT("an"),   STR_INIT("the"),   STR_INIT("i"),   STR_INIT("my"),
    STR_INIT("me"),   STR_INIT("how"),  STR_INIT("do"),    STR_INIT("to"),  STR_INIT("for"),
    STR_INIT("of"),   STR_INIT("in"),   STR_INIT("on"),    STR_INIT("at"),  STR_INIT("is"),
    STR_INIT("what"), STR_INIT("can"),  STR_INIT("get"),   STR_INIT("and"), STR_INIT("need"),
    STR_INIT("have"), STR_INIT("has"),  STR_INIT("not"),   STR_INIT("be"),  STR_INIT("was"),
    STR_INIT("am"),   STR_INIT("with"), STR_INIT("apply"),
};

static bool is_small_word(Str s)
{
    for (size_t i = 0; i < COUNT(small_words); i++)
        if (str_eq(small_words[i], s))
            return true;
    return false;
}

/* A space in place of each part that only asks. */
static Str without_asking(Arena *out, Str s)
{
    for (size_t i = 0; i < COUNT(asking); i++)
        s = str_replace(out, s, asking[i], STR(" "));
    return s;
}

static void add_unit(Search *q, Unit u)
{
    if (q->count < UNITS_MAX)
        q->units[q->count++] = u;
}

static void add_pairs(Search *q, Str s, size_t from, size_t to)
{
    size_t before = from, at = from, n = 0;
    while (at < to) {
        size_t here = at;
        utf8_next(s, &at);
        if (++n > 1)
            add_unit(q, (Unit){str_slice(s, before, at), true, n > 2, 2});
        before = here;
    }
    if (n == 1)
        add_unit(q, (Unit){str_slice(s, from, to), true, false, 1});
}

static void add_word(Search *q, Str s, bool small_too)
{
    if (s.len <= WORD_MAX * 2 && (small_too || !is_small_word(s)))
        add_unit(q, (Unit){s, false, false, s.len});
}

static void split_units(Search *q, Str s, bool small_too)
{
    SearchRun run = {0};
    while (search_next_run(s, &run)) {
        if (run.hanzi)
            add_pairs(q, s, run.from, run.to);
        else
            add_word(q, str_slice(s, run.from, run.to), small_too);
    }
}

static size_t first_at_least(const SearchIndex *x, const Term *wanted)
{
    size_t low = 0, high = x->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (term_cmp(&x->terms[mid], wanted) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static void give(Search *q, const Term *t, int32_t percent)
{
    for (uint32_t i = 0; i < t->count; i++) {
        const Posting *p = &q->index->postings[t->first + i];
        int32_t w = p->weight * percent, told = w * t->rare / 10;
        if (w > q->unit_best[p->item])
            q->unit_best[p->item] = w;
        if (told > q->unit_told[p->item])
            q->unit_told[p->item] = told;
        if (t->rare >= q->rare && p->weight >= WEIGHT_SYNONYM)
            q->telling[p->item] = true;
    }
}

/* Terms equal to the text, or beginning with it; true when there was one. */
static bool meet(Search *q, TermKind kind, Str text, bool prefix, int32_t percent)
{
    Term wanted = {.text = text, .kind = kind};
    bool any = false;
    for (size_t i = first_at_least(q->index, &wanted); i < q->index->count; i++) {
        const Term *t = &q->index->terms[i];
        if (t->kind != kind || !str_starts(t->text, text) || (!prefix && t->text.len != text.len))
            break;
        give(q, t, t->text.len == text.len ? percent : percent * 8 / 10);
        any = true;
    }
    return any;
}

/* Insertions, deletions, changes and swaps of neighbours between two short words. */
static size_t distance(Str a, Str b)
{
    uint8_t d[WORD_MAX + 1][WORD_MAX + 1];
    for (size_t i = 0; i <= a.len; i++)
        d[i][0] = (uint8_t)i;
    for (size_t j = 0; j <= b.len; j++)
        d[0][j] = (uint8_t)j;
    for (size_t i = 1; i <= a.len; i++)
        for (size_t j = 1; j <= b.len; j++) {
            unsigned best = d[i - 1][j - 1] + (a.at[i - 1] != b.at[j - 1] ? 1U : 0U);
            if (d[i - 1][j] + 1U < best)
                best = d[i - 1][j] + 1U;
            if (d[i][j - 1] + 1U < best)
                best = d[i][j - 1] + 1U;
            bool swapped =
                i > 1 && j > 1 && a.at[i - 1] == b.at[j - 2] && a.at[i - 2] == b.at[j - 1];
            if (swapped && d[i - 2][j - 2] + 1U < best)
                best = d[i - 2][j - 2] + 1U;
            d[i][j] = (uint8_t)best;
        }
    return d[a.len][b.len];
}

/* The letters of a word as bits: a typing error changes two at most. */
static uint32_t letters(Str s)
{
    uint32_t bits = 0;
    for (size_t i = 0; i < s.len; i++)
        bits |= 1U << ((unsigned char)s.at[i] % 32);
    return bits;
}

static bool meet_typo(Search *q, Str text)
{
    if (text.len < 4 || text.len > WORD_MAX)
        return false;
    size_t allowed = text.len < 8 ? 1 : 2;
    Term wanted = {.kind = TERM_WORD};
    bool any = false;
    uint32_t bits = letters(text);
    for (size_t i = first_at_least(q->index, &wanted); i < q->index->count; i++) {
        const Term *t = &q->index->terms[i];
        if (t->kind != TERM_WORD)
            break;
        size_t long_by = t->text.len > text.len ? t->text.len - text.len : text.len - t->text.len;
        bool near = long_by <= allowed && t->text.len >= 4 && t->text.len <= WORD_MAX &&
                    (size_t)__builtin_popcount(bits ^ letters(t->text)) <= 2 * allowed &&
                    distance(text, t->text) <= allowed;
        if (near)
            give(q, t, 60);
        any = any || near;
    }
    return any;
}

/* Sounds that stay as they are stand among the others alone. */
static bool meet_blurred(Search *q, Str text)
{
    Str blurred = pinyin_blur(q->out, text);
    bool same = meet(q, TERM_PINYIN, blurred, true, 50);
    return meet(q, TERM_BLURRED, blurred, true, 50) || same;
}

static bool meet_latin(Search *q, Str text)
{
    if (text.len > 6 && meet(q, TERM_CODE, text, true, 100))
        return true;
    if (meet(q, TERM_WORD, text, text.len >= 3, 100))
        return true;
    bool typo = meet_typo(q, text); /* "rending" may be renting or 认定: pinyin is asked as well */
    if ((text.len >= 4 && meet(q, TERM_PINYIN, text, true, 90)) || typo)
        return true;
    if (text.len >= 2 && meet(q, TERM_INITIAL, text, true, text.len > 2 ? 80 : 60))
        return true;
    if (text.len >= 2 && text.len < 4 && meet(q, TERM_PINYIN, text, true, 40))
        return true;
    return text.len >= 5 && meet_blurred(q, text);
}

static void meet_unit(Search *q, const Unit *u)
{
    memset(q->unit_best, 0, q->items * sizeof *q->unit_best);
    memset(q->unit_told, 0, q->items * sizeof *q->unit_told);
    int32_t most = 0;
    if (u->hanzi)
        (void)meet(q, u->chars > 1 ? TERM_PAIR : TERM_HANZI, u->text, false, 100);
    else
        (void)meet_latin(q, u->text);
    for (size_t i = 0; i < q->items; i++) {
        bool found = q->unit_best[i] > 0;
        q->sum[i] += q->unit_best[i];
        q->told[i] += q->unit_told[i];
        most = q->unit_told[i] > most ? q->unit_told[i] : most;
        q->met[i] = (uint8_t)(q->met[i] + found);
        q->run[i] = !found || !u->hanzi ? 0 : u->follows ? (uint8_t)(q->run[i] + 1) : 1;
        if (q->run[i] > q->longest[i])
            q->longest[i] = q->run[i];
    }
    q->known += most;
}

typedef struct {
    SearchHit hit;
    int32_t told;
} Found;

static int by_told(const void *x, const void *y)
{
    const Found *a = x, *b = y;
    if (a->told != b->told)
        return a->told > b->told ? -1 : 1;
    if (a->hit.score != b->hit.score)
        return a->hit.score > b->hit.score ? -1 : 1;
    if (a->hit.item->hot != b->hit.item->hot)
        return a->hit.item->hot ? -1 : 1;
    return str_cmp(a->hit.item->key, b->hit.item->key);
}

/* What one item in TELLING_SHARE has. */
static uint8_t telling_rare(size_t items)
{
    size_t n = RARE_ALL;
    for (size_t share = 1; share < TELLING_SHARE && share < items; share *= 2)
        n += RARE_STEP;
    return (uint8_t)n;
}

static Search *new_search(Arena *out, const Catalogue *c)
{
    Search *q = NEW(out, Search);
    q->out = out;
    q->index = c->search;
    q->items = search_size(c);
    q->rare = telling_rare(q->items);
    q->unit_best = NEW_N(out, int32_t, q->items + 1);
    q->unit_told = NEW_N(out, int32_t, q->items + 1);
    q->sum = NEW_N(out, int32_t, q->items + 1);
    q->told = NEW_N(out, int32_t, q->items + 1);
    q->met = NEW_N(out, uint8_t, q->items + 1);
    q->run = NEW_N(out, uint8_t, q->items + 1);
    q->longest = NEW_N(out, uint8_t, q->items + 1);
    q->telling = NEW_N(out, bool, q->items + 1);
    return q;
}

static int32_t score_of(const Search *q, size_t i)
{
    bool most = q->telling[i] && q->told[i] > q->known / 2;
    bool hit = q->met[i] * 2U > q->count || q->longest[i] >= LONG_RUN || most;
    if (!q->met[i] || !hit)
        return 0;
    return (int32_t)((int64_t)q->sum[i] * q->met[i] / (int64_t)(q->count * q->count));
}

/* All Latin words of the query as one word of pinyin or initials, when that gives more. */
static void try_joined(Search *q)
{
    StrBuf joined = buf_in(q->out);
    for (size_t i = 0; i < q->count; i++) {
        if (q->units[i].hanzi)
            return;
        buf_add(&joined, q->units[i].text);
    }
    Str text = buf_str(&joined);
    if (q->count < 2 || text.len < 4)
        return;
    memset(q->unit_best, 0, q->items * sizeof *q->unit_best);
    memset(q->unit_told, 0, q->items * sizeof *q->unit_told);
    if (!meet(q, TERM_PINYIN, text, true, 90) && !meet(q, TERM_INITIAL, text, true, 80))
        (void)meet_blurred(q, text);
    int32_t n = (int32_t)q->count;
    for (size_t i = 0; i < q->items; i++)
        if (q->unit_best[i] > score_of(q, i)) {
            q->sum[i] = q->unit_best[i] * n;
            q->told[i] = q->unit_told[i] * n;
            q->met[i] = (uint8_t)n;
        }
}

size_t catalogue_search(Arena *out, const Catalogue *c, Str query, SearchHit *hits, size_t max)
{
    Str folded = search_fold(out, utf8_head(query, QUERY_MAX));
    Search *q = new_search(out, c);
    split_units(q, without_asking(out, folded), false);
    if (q->count == 0)
        split_units(q, without_asking(out, folded), true);
    if (q->count == 0)
        return 0;
    for (size_t i = 0; i < q->count; i++)
        meet_unit(q, &q->units[i]);
    try_joined(q);
    Found *all = NEW_N(out, Found, q->items + 1);
    size_t n = 0;
    for (size_t i = 0; i < q->items; i++) {
        int32_t score = score_of(q, i);
        if (score > 0)
            all[n++] = (Found){{search_face(c, i), score}, q->told[i]};
    }
    qsort(all, n, sizeof *all, by_told);
    n = n < max ? n : max;
    for (size_t i = 0; i < n; i++)
        hits[i] = all[i].hit;
    return n;
}
