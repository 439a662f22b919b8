/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A column's constants cut the line of values into points and the gaps between them: 2n + 1 places.
 * For each place a row of bits says which rules hold there, so that a look-up is one binary search
 * a column and an AND of words. Cells that are more than comparisons with constants of the column's
 * kind stay undecided, their bits are always set and evaluation asks them.
 */
#include "model/dmn/index.h"

#include <stdlib.h>

enum { WORD = 64 };

struct DmnColumnIndex {
    FeelKind kind;           /* of the constants; FEEL_NULL: the column has no index */
    const FeelValue *bounds; /* ascending, distinct */
    const int64_t *whole;    /* the same, when all are whole numbers; else NULL */
    size_t count;
    const uint64_t *places;    /* (2 * count + 1) rows of words */
    const uint64_t *undecided; /* one row of words */
};

struct DmnIndex {
    size_t words, column_count;
    const DmnColumnIndex *columns;
};

static bool order(const FeelValue *x, const FeelValue *y, int *sign)
{
    if (x->kind == FEEL_BOOLEAN && y->kind == FEEL_BOOLEAN) {
        *sign = (int)x->truth - (int)y->truth;
        return true;
    }
    return feel_order(x, y, sign);
}

/* Kinds whose equality and order agree and are total. */
static bool is_indexable(FeelKind kind)
{
    return kind == FEEL_BOOLEAN || kind == FEEL_NUMBER || kind == FEEL_STRING ||
           kind == FEEL_DATE || kind == FEEL_DAYS_DURATION || kind == FEEL_MONTHS_DURATION;
}

static void set_bit(uint64_t *bits, size_t at)
{
    bits[at / WORD] |= UINT64_C(1) << (at % WORD);
}

static bool has_bit(const uint64_t *bits, size_t at)
{
    return (bits[at / WORD] >> (at % WORD) & 1) != 0;
}

/* The first bound that is not below v; *same when it is v. */
static size_t find_bound(const DmnColumnIndex *c, const FeelValue *v, bool *same)
{
    size_t low = 0, high = c->count;
    *same = false;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int sign = 0;
        (void)order(&c->bounds[mid], v, &sign);
        if (sign == 0) {
            *same = true;
            return mid;
        }
        low = sign < 0 ? mid + 1 : low;
        high = sign < 0 ? high : mid;
    }
    return low;
}

static size_t find_whole(const DmnColumnIndex *c, int64_t n, bool *same)
{
    size_t low = 0, left = c->count;
    while (left > 0) {
        size_t half = left / 2;
        bool below = c->whole[low + half] < n;
        low = below ? low + half + 1 : low;
        left = below ? left - half - 1 : half;
    }
    *same = low < c->count && c->whole[low] == n;
    return low;
}

/* ---- building ---- */

static bool range_is_of(const FeelRange *r, FeelKind kind)
{
    bool ordered = r->kind == FEEL_INTERVAL || r->kind == FEEL_BELOW || r->kind == FEEL_ABOVE;
    return r->start.kind == kind && r->end.kind == kind && !(ordered && kind == FEEL_BOOLEAN);
}

/* The tests of a cell when they are comparisons with constants of that kind. */
static bool cell_tests(const DmnCell *cell, FeelKind kind, FeelConstantTests *tests)
{
    if (!cell->program || !feel_constant_tests(cell->program, tests)) {
        return false;
    }
    for (size_t i = 0; i < tests->count; i++) {
        if (!range_is_of(&tests->ranges[i], kind)) {
            return false;
        }
    }
    return true;
}

/* That of the first constant in the column. */
static FeelKind column_kind(const DmnTable *t, size_t column)
{
    FeelConstantTests tests = {0};
    for (size_t i = 0; i < t->rule_count; i++) {
        const DmnCell *cell = &t->rules[i].inputs[column];
        if (cell->program && feel_constant_tests(cell->program, &tests) && tests.count > 0) {
            FeelKind kind = tests.ranges[0].start.kind;
            return is_indexable(kind) ? kind : FEEL_NULL;
        }
    }
    return FEEL_NULL;
}

static int compare(const void *a, const void *b)
{
    int sign = 0;
    (void)order(a, b, &sign);
    return sign;
}

static void collect_bounds(Arena *out, const DmnTable *t, size_t column, DmnColumnIndex *c)
{
    FeelConstantTests tests = {0};
    size_t all = 0;
    for (size_t i = 0; i < t->rule_count; i++) {
        all += cell_tests(&t->rules[i].inputs[column], c->kind, &tests) ? tests.count * 2 : 0;
    }
    FeelValue *bounds = NEW_N(out, FeelValue, all + 1);
    all = 0;
    for (size_t i = 0; i < t->rule_count; i++) {
        bool decided = cell_tests(&t->rules[i].inputs[column], c->kind, &tests);
        for (size_t k = 0; decided && k < tests.count; k++) {
            bounds[all++] = tests.ranges[k].start;
            bounds[all++] = tests.ranges[k].end;
        }
    }
    qsort(bounds, all, sizeof *bounds, compare);
    for (size_t i = 0; i < all; i++) {
        if (c->count == 0 || compare(&bounds[c->count - 1], &bounds[i]) != 0) {
            bounds[c->count++] = bounds[i];
        }
    }
    c->bounds = bounds;
}

static void keep_whole(Arena *out, DmnColumnIndex *c)
{
    int64_t *whole = NEW_N(out, int64_t, c->count + 1);
    for (size_t i = 0; i < c->count; i++) {
        const FeelValue *v = &c->bounds[i];
        if (v->kind != FEEL_NUMBER || !decimal_is_integer(v->number) ||
            !decimal_int(v->number, &whole[i])) {
            return;
        }
    }
    c->whole = whole;
}

/* Places first to last, the last not included, where the test holds; unequal is told apart. */
static void places_of(const DmnColumnIndex *c, const FeelRange *r, size_t *first, size_t *last)
{
    bool same = false;
    size_t start = find_bound(c, &r->start, &same) * 2 + 1;
    size_t end = find_bound(c, &r->end, &same) * 2 + 1;
    *first = r->kind == FEEL_BELOW ? 0 : start + (r->start_included ? 0 : 1);
    *last = r->kind == FEEL_ABOVE ? 2 * c->count + 1 : end + (r->end_included ? 1 : 0);
    if (r->kind == FEEL_EQUAL || r->kind == FEEL_UNEQUAL) {
        *first = start;
        *last = start + 1;
    }
}

/* holds: a scratch byte a place. */
static void mark_rule(const DmnColumnIndex *c, const FeelConstantTests *tests, uint8_t *holds,
                      uint64_t *places, size_t words, size_t rule)
{
    size_t count = 2 * c->count + 1, first = 0, last = 0;
    memset(holds, 0, count);
    for (size_t i = 0; i < tests->count; i++) {
        bool unequal = tests->ranges[i].kind == FEEL_UNEQUAL;
        places_of(c, &tests->ranges[i], &first, &last);
        for (size_t place = unequal ? 0 : first; place < (unequal ? count : last); place++) {
            holds[place] = holds[place] || !unequal || place != first;
        }
    }
    for (size_t place = 0; place < count; place++) {
        if ((holds[place] != 0) != tests->negated) {
            set_bit(&places[place * words], rule);
        }
    }
}

static void mark_everywhere(const DmnColumnIndex *c, uint64_t *places, size_t words, size_t rule)
{
    for (size_t place = 0; place < 2 * c->count + 1; place++) {
        set_bit(&places[place * words], rule);
    }
}

static bool build_column(Arena *out, const DmnTable *t, size_t column, size_t words, size_t *room,
                         DmnColumnIndex *c)
{
    FeelConstantTests tests = {0};
    c->kind = column_kind(t, column);
    if (c->kind == FEEL_NULL) {
        return false;
    }
    collect_bounds(out, t, column, c);
    keep_whole(out, c);
    size_t bytes = (2 * c->count + 1) * words * sizeof(uint64_t);
    if (bytes > *room) {
        c->kind = FEEL_NULL;
        return false;
    }
    *room -= bytes;
    uint64_t *places = NEW_N(out, uint64_t, (2 * c->count + 1) * words);
    uint64_t *undecided = NEW_N(out, uint64_t, words);
    uint8_t *holds = NEW_N(out, uint8_t, 2 * c->count + 1);
    for (size_t i = 0; i < t->rule_count; i++) {
        const DmnCell *cell = &t->rules[i].inputs[column];
        bool decided = cell_tests(cell, c->kind, &tests);
        if (decided) {
            mark_rule(c, &tests, holds, places, words, i);
            continue;
        }
        mark_everywhere(c, places, words, i);
        if (cell->kind != DMN_CELL_ANY) {
            set_bit(undecided, i);
        }
    }
    c->places = places;
    c->undecided = undecided;
    return true;
}

const DmnIndex *dmn_index_build(Arena *out, const DmnTable *t)
{
    DmnIndex *x = NEW(out, DmnIndex);
    DmnColumnIndex *columns = NEW_N(out, DmnColumnIndex, t->input_count + 1);
    size_t room = DMN_MAX_INDEX_BYTES;
    bool any = false;
    *x = (DmnIndex){(t->rule_count + WORD - 1) / WORD, t->input_count, columns};
    for (size_t i = 0; i < t->input_count; i++) {
        any = build_column(out, t, i, x->words, &room, &columns[i]) || any;
    }
    return any ? x : NULL;
}

/* ---- looking up ---- */

bool dmn_index_sees(const DmnIndex *x, size_t column, const FeelValue *input)
{
    return x->columns[column].kind == input->kind && input->kind != FEEL_NULL;
}

void dmn_index_narrow(const DmnIndex *x, size_t column, const FeelValue *input, uint64_t *rules)
{
    const DmnColumnIndex *c = &x->columns[column];
    bool same = false;
    int64_t n = 0;
    bool whole = c->whole && decimal_is_integer(input->number) && decimal_int(input->number, &n);
    size_t bound = whole ? find_whole(c, n, &same) : find_bound(c, input, &same);
    const uint64_t *bits = &c->places[(bound * 2 + (same ? 1 : 0)) * x->words];
    for (size_t i = 0; i < x->words; i++) {
        rules[i] &= bits[i];
    }
}

bool dmn_index_decides(const DmnIndex *x, size_t column, size_t rule)
{
    return !has_bit(x->columns[column].undecided, rule);
}
