/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Order among the items of a list: a stable merge sort, and which items are equal.
 *
 * Equal items are found by sorting pointers into buckets: values that are equal stand in one
 * bucket, and only within a bucket are they compared by the language's own equality. Numbers,
 * texts, dates and durations are alone with their equals; moments share a bucket within a second;
 * contexts only with those of as many entries, so that many of them cost the budget.
 */
#include "feel/feel_int.h"

enum { BUCKET_DEPTH = 4, LONG_TEXT = 64 };

/* Two neighbouring runs that are in order: [start, mid) and [mid, end). */
typedef struct {
    size_t start, mid, end;
} Runs;

static void merge(ListOrder *o, const FeelValue **from, const FeelValue **to, Runs r)
{
    size_t left = r.start, right = r.mid;
    bool ordered = r.mid >= r.end || o->failed || !o->precedes(o, from[r.mid], from[r.mid - 1]);
    for (size_t at = r.start; at < r.end; at++) {
        bool takes_right =
            right < r.end &&
            (left >= r.mid || (!ordered && !o->failed && o->precedes(o, from[right], from[left])));
        to[at] = takes_right ? from[right++] : from[left++];
    }
}

const FeelValue **list_sort(ListOrder *o, const FeelValue *items, size_t count)
{
    const FeelValue **from = NEW_N(o->budget->out, const FeelValue *, count + 1);
    const FeelValue **to = NEW_N(o->budget->out, const FeelValue *, count + 1);
    for (size_t i = 0; i < count; i++) {
        from[i] = &items[i];
    }
    for (size_t width = 1; width < count && !o->failed; width *= 2) {
        for (size_t start = 0; start < count; start += width * 2) {
            size_t mid = start + width < count ? start + width : count;
            size_t end = mid + width < count ? mid + width : count;
            merge(o, from, to, (Runs){start, mid, end});
        }
        const FeelValue **swap = from;
        from = to;
        to = swap;
    }
    return from;
}

/* ---- equal items ---- */

static int bucket_order(FeelBudget *b, const FeelValue *x, const FeelValue *y, int depth);

static int sign_of(int64_t x, int64_t y)
{
    return x < y ? -1 : x > y ? 1 : 0;
}

static int bucket_of_lists(FeelBudget *b, const FeelValue *x, const FeelValue *y, int depth)
{
    int order = sign_of((int64_t)x->list.count, (int64_t)y->list.count);
    for (size_t i = 0; order == 0 && depth < BUCKET_DEPTH && !b->spent && i < x->list.count; i++) {
        order = bucket_order(b, &x->list.items[i], &y->list.items[i], depth + 1);
    }
    return order;
}

static int bucket_of_moments(const FeelMoment *x, const FeelMoment *y)
{
    int64_t x_seconds = 0, y_seconds = 0, nanos = 0;
    if (x->has_offset != y->has_offset) {
        return x->has_offset ? 1 : -1;
    }
    moment_instant(x, &x_seconds, &nanos);
    moment_instant(y, &y_seconds, &nanos);
    return sign_of(x_seconds, y_seconds);
}

/* What is more than a few comparisons for each item of the list that was paid for. */
static bool is_costly(const FeelValue *x, const FeelValue *y, int depth)
{
    return depth > 0 ||
           (x->kind == FEEL_STRING && x->text.len > LONG_TEXT && y->text.len > LONG_TEXT);
}

/* 0 when the budget is spent: what is then found does not count. */
static int bucket_order(FeelBudget *b, const FeelValue *x, const FeelValue *y, int depth)
{
    int order = 0;
    if (x->kind != y->kind) {
        return x->kind < y->kind ? -1 : 1;
    }
    if (is_costly(x, y, depth) && !budget_compare(b, x, y)) {
        return 0;
    }
    switch (x->kind) {
    case FEEL_BOOLEAN: return sign_of(x->truth, y->truth);
    case FEEL_TIME:
    case FEEL_DATE_TIME: return bucket_of_moments(x->moment, y->moment);
    case FEEL_LIST: return bucket_of_lists(b, x, y, depth);
    case FEEL_CONTEXT: return sign_of((int64_t)x->context->count, (int64_t)y->context->count);
    case FEEL_NUMBER:
    case FEEL_STRING:
    case FEEL_DATE:
    case FEEL_DAYS_DURATION:
    case FEEL_MONTHS_DURATION: return value_order(x, y, &order) ? order : 0;
    case FEEL_NULL:
    case FEEL_RANGE:
    case FEEL_FUNCTION: break;
    }
    return 0;
}

static bool bucket_precedes(ListOrder *o, const FeelValue *x, const FeelValue *y)
{
    bool precedes = bucket_order(o->budget, x, y, 0) < 0;
    o->failed = o->failed || o->budget->spent;
    return precedes;
}

/* Marks one bucket; its different values gather at its front. */
static void mark_bucket(FeelBudget *b, const FeelValue **bucket, size_t count,
                        const FeelValue *items, uint8_t *marks)
{
    size_t kept = 0;
    for (size_t i = 0; i < count && !b->spent; i++) {
        const FeelValue *equal = NULL;
        for (size_t k = 0; k < kept && !equal && !b->spent; k++) {
            equal = op_same(b, bucket[k], bucket[i]) ? bucket[k] : NULL;
        }
        if (equal) {
            marks[equal - items] |= LIST_COMES_AGAIN;
            marks[bucket[i] - items] |= LIST_WAS_BEFORE;
        } else {
            bucket[kept++] = bucket[i];
        }
    }
}

const uint8_t *list_mark_equal(FeelBudget *b, const FeelValue *items, size_t count)
{
    ListOrder order = {.budget = b, .precedes = bucket_precedes};
    uint8_t *marks = NEW_N(b->out, uint8_t, count + 1);
    if (!budget_take(b, count)) {
        return marks;
    }
    const FeelValue **sorted = list_sort(&order, items, count);
    for (size_t start = 0, end = 0; start < count; start = end) {
        for (end = start + 1; end < count && bucket_order(b, sorted[start], sorted[end], 0) == 0;) {
            end++;
        }
        if (end > start + 1) {
            mark_bucket(b, sorted + start, end - start, items, marks);
        }
    }
    return marks;
}
