/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many values to one: least, greatest, sum, mean, middle, spread. One list or the values
 * themselves; a value of the wrong kind makes the whole null, an empty list too.
 */
#include "feel/feel_int.h"

static FeelValue extreme(FeelBudget *b, const FeelValue *args, size_t count, int wanted)
{
    FeelValue l = list_of_args(args, count);
    const char *name = wanted < 0 ? "min" : "max";
    if (l.list.count == 0) {
        return feel_reason(b->out, "%s of an empty list", name);
    }
    FeelValue best = l.list.items[0];
    for (size_t i = 0; i < l.list.count; i++) {
        int order = 0;
        if (!budget_compare(b, &l.list.items[i], &best) ||
            !value_order(&l.list.items[i], &best, &order)) {
            return feel_reason(b->out, "%s: a %s and a %s have no order", name,
                               feel_kind_name(l.list.items[i].kind), feel_kind_name(best.kind));
        }
        best = order == wanted ? l.list.items[i] : best;
    }
    return best;
}

static FeelValue run_min(FeelBudget *b, const FeelValue *args, size_t count)
{
    return extreme(b, args, count, -1);
}

static FeelValue run_max(FeelBudget *b, const FeelValue *args, size_t count)
{
    return extreme(b, args, count, 1);
}

static FeelValue odd_item(FeelBudget *b, const char *name, const FeelValue *v)
{
    return v->kind == FEEL_NULL && v->reason
               ? *v
               : feel_reason(b->out, "%s: an item is a %s", name, feel_kind_name(v->kind));
}

/* Durations have a sum and a mean too. */
static FeelValue sum_of(FeelBudget *b, const char *name, const FeelValue *list)
{
    const FeelValue *items = list->list.items;
    if (list->list.count == 0 || !budget_take(b, list->list.count)) {
        return feel_reason(b->out, "%s of an empty list", name);
    }
    FeelValue sum = items[0];
    for (size_t i = 0; i < list->list.count && sum.kind != FEEL_NULL; i++) {
        FeelKind kind = items[i].kind;
        if (kind != FEEL_NUMBER && kind != FEEL_DAYS_DURATION && kind != FEEL_MONTHS_DURATION) {
            return odd_item(b, name, &items[i]);
        }
        sum = i == 0 ? sum : op_arithmetic(b, OP_ADD, &sum, &items[i]);
    }
    return sum.kind == FEEL_NULL ? odd_item(b, name, &sum) : sum;
}

static FeelValue run_sum(FeelBudget *b, const FeelValue *args, size_t count)
{
    FeelValue l = list_of_args(args, count);
    return sum_of(b, "sum", &l);
}

static FeelValue mean_of(FeelBudget *b, const char *name, const FeelValue *list)
{
    FeelValue sum = sum_of(b, name, list), n = feel_int((int64_t)list->list.count);
    return sum.kind == FEEL_NULL ? sum : op_arithmetic(b, OP_DIV, &sum, &n);
}

static FeelValue run_mean(FeelBudget *b, const FeelValue *args, size_t count)
{
    FeelValue l = list_of_args(args, count);
    return mean_of(b, "mean", &l);
}

/* ---- numbers only ---- */

/* The arguments as a list of numbers, paid for; else *why says what is wrong. */
static bool numbers_of(FeelBudget *b, const char *name, const FeelValue *args, size_t count,
                       FeelValue *list, FeelValue *why)
{
    *list = list_of_args(args, count);
    for (size_t i = 0; i < list->list.count; i++) {
        if (list->list.items[i].kind != FEEL_NUMBER) {
            *why = odd_item(b, name, &list->list.items[i]);
            return false;
        }
    }
    return budget_take(b, list->list.count * 2);
}

static FeelValue run_product(FeelBudget *b, const FeelValue *args, size_t count)
{
    FeelValue l = feel_null(), why = feel_null();
    if (!numbers_of(b, "product", args, count, &l, &why)) {
        return why;
    }
    if (l.list.count == 0) {
        return feel_reason(b->out, "%s of an empty list", "product");
    }
    FeelValue product = l.list.items[0];
    for (size_t i = 1; i < l.list.count && product.kind == FEEL_NUMBER; i++) {
        product = op_arithmetic(b, OP_MUL, &product, &l.list.items[i]);
    }
    return product;
}

/* Of a sample: the squares are divided by one less than their count. */
static FeelValue run_stddev(FeelBudget *b, const FeelValue *args, size_t count)
{
    FeelValue l = feel_null(), why = feel_null();
    if (!numbers_of(b, "stddev", args, count, &l, &why)) {
        return why;
    }
    if (l.list.count < 2) {
        return feel_reason(b->out, "stddev of less than two numbers");
    }
    FeelValue mean = mean_of(b, "stddev", &l);
    Decimal squares = decimal_of_int(0), rest = squares;
    bool ok = mean.kind == FEEL_NUMBER;
    for (size_t i = 0; ok && i < l.list.count; i++) {
        ok = decimal_sub(l.list.items[i].number, mean.number, &rest) &&
             decimal_mul(rest, rest, &rest) && decimal_add(squares, rest, &squares);
    }
    ok = ok && decimal_div(squares, decimal_of_int((int64_t)l.list.count - 1), &rest) &&
         decimal_sqrt(rest, &rest);
    return ok ? feel_number(rest) : feel_reason(b->out, "number out of range");
}

static bool number_precedes(ListOrder *o, const FeelValue *x, const FeelValue *y)
{
    (void)o;
    return decimal_cmp(x->number, y->number) < 0;
}

static FeelValue run_median(FeelBudget *b, const FeelValue *args, size_t count)
{
    FeelValue l = feel_null(), why = feel_null();
    if (!numbers_of(b, "median", args, count, &l, &why)) {
        return why;
    }
    size_t n = l.list.count;
    if (n == 0) {
        return feel_reason(b->out, "%s of an empty list", "median");
    }
    ListOrder order = {.budget = b, .precedes = number_precedes};
    const FeelValue **sorted = list_sort(&order, l.list.items, n);
    if (n % 2 == 1) {
        return *sorted[n / 2];
    }
    FeelValue sum = op_arithmetic(b, OP_ADD, sorted[n / 2 - 1], sorted[n / 2]), two = feel_int(2);
    return sum.kind == FEEL_NULL ? sum : op_arithmetic(b, OP_DIV, &sum, &two);
}

/* All numbers that are there most often, in their order. */
static FeelValue run_mode(FeelBudget *b, const FeelValue *args, size_t count)
{
    FeelValue l = feel_null(), why = feel_null();
    if (!numbers_of(b, "mode", args, count, &l, &why)) {
        return why;
    }
    ListOrder order = {.budget = b, .precedes = number_precedes};
    size_t n = l.list.count, most = 0;
    const FeelValue **sorted = list_sort(&order, l.list.items, n);
    Values made = {0};
    for (size_t start = 0, end = 0; start < n; start = end) {
        for (end = start + 1; end < n && !number_precedes(&order, sorted[start], sorted[end]);) {
            end++;
        }
        if (end - start > most) {
            most = end - start;
            made.len = 0;
        }
        if (end - start == most) {
            *VEC_PUSH(b->out, &made) = *sorted[start];
        }
    }
    return value_list_of(made.at, made.len);
}

const Builtin feel_builtins_statistics[] = {
    {"max", "list", "a*", run_max},
    {"mean", "list", "a*", run_mean},
    {"median", "list", "a*", run_median},
    {"min", "list", "a*", run_min},
    {"mode", "list", "a*", run_mode},
    {"product", "list", "a*", run_product},
    {"stddev", "list", "a*", run_stddev},
    {"sum", "list", "a*", run_sum},
    {NULL, NULL, NULL, NULL},
};
