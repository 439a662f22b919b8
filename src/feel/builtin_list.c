/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists, booleans, contexts. Functions over many values take one list or the values themselves:
 * their first row asks for a list, the second for any number of anything.
 */
#include "feel/feel_int.h"

static FeelValue items_of(const FeelValue *args, size_t count)
{
    return count == 1 && args[0].kind == FEEL_LIST ? args[0] : value_list_of(args, count);
}

static FeelValue run_count(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)b;
    return feel_int((int64_t)items_of(args, count).list.count);
}

static FeelValue extreme(FeelBudget *b, const FeelValue *args, size_t count, int wanted)
{
    FeelValue l = items_of(args, count);
    if (l.list.count == 0 || !budget_take(b, l.list.count)) {
        return feel_reason(b->out, "%s of an empty list", wanted < 0 ? "min" : "max");
    }
    FeelValue best = l.list.items[0];
    for (size_t i = 0; i < l.list.count; i++) {
        int order = 0;
        if (!value_order(&l.list.items[i], &best, &order)) {
            return feel_reason(b->out, "%s: a %s and a %s have no order",
                               wanted < 0 ? "min" : "max", feel_kind_name(l.list.items[i].kind),
                               feel_kind_name(best.kind));
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

static FeelValue run_sum(FeelBudget *b, const FeelValue *args, size_t count)
{
    FeelValue l = items_of(args, count);
    if (l.list.count == 0 || !budget_take(b, l.list.count)) {
        return feel_reason(b->out, "sum of an empty list");
    }
    FeelValue sum = l.list.items[0];
    for (size_t i = 0; i < l.list.count; i++) {
        FeelKind kind = l.list.items[i].kind;
        if (kind != FEEL_NUMBER && kind != FEEL_DAYS_DURATION && kind != FEEL_MONTHS_DURATION) {
            return feel_reason(b->out, "sum: an item is a %s", feel_kind_name(kind));
        }
        sum = i == 0 ? sum : op_arithmetic(b, OP_ADD, &sum, &l.list.items[i]);
    }
    return sum;
}

static FeelValue run_mean(FeelBudget *b, const FeelValue *args, size_t count)
{
    FeelValue sum = run_sum(b, args, count);
    FeelValue n = feel_int((int64_t)items_of(args, count).list.count);
    return sum.kind == FEEL_NULL ? sum : op_arithmetic(b, OP_DIV, &sum, &n);
}

static FeelValue *sorted_numbers(FeelBudget *b, const FeelValue *l)
{
    size_t n = l->list.count;
    FeelValue *made = NEW_N(b->out, FeelValue, n + 1);
    FeelValue *other = NEW_N(b->out, FeelValue, n + 1);
    memcpy(made, l->list.items, n * sizeof *made);
    for (size_t width = 1; width < n; width *= 2) { /* merge sort, bottom up */
        for (size_t from = 0; from < n; from += width * 2) {
            size_t mid = from + width < n ? from + width : n;
            size_t end = from + width * 2 < n ? from + width * 2 : n;
            size_t i = from, k = mid;
            for (size_t at = from; at < end; at++) {
                bool left =
                    i < mid && (k >= end || decimal_cmp(made[i].number, made[k].number) <= 0);
                other[at] = left ? made[i++] : made[k++];
            }
        }
        FeelValue *swap = made;
        made = other;
        other = swap;
    }
    return made;
}

static FeelValue run_median(FeelBudget *b, const FeelValue *args, size_t count)
{
    FeelValue l = items_of(args, count);
    size_t n = l.list.count;
    for (size_t i = 0; i < n; i++) {
        if (l.list.items[i].kind != FEEL_NUMBER) {
            return feel_reason(b->out, "median: an item is a %s",
                               feel_kind_name(l.list.items[i].kind));
        }
    }
    if (n == 0 || !budget_take(b, n * 8)) {
        return feel_null();
    }
    FeelValue *sorted = sorted_numbers(b, &l);
    if (n % 2 == 1) {
        return sorted[n / 2];
    }
    FeelValue sum = op_arithmetic(b, OP_ADD, &sorted[n / 2 - 1], &sorted[n / 2]);
    FeelValue two = feel_int(2);
    return op_arithmetic(b, OP_DIV, &sum, &two);
}

/* all: false wins; any: true wins; null where nothing decides. */
static FeelValue verdict(FeelBudget *b, const FeelValue *args, size_t count, bool decides)
{
    FeelValue l = items_of(args, count), result = feel_bool(!decides);
    if (!budget_take(b, l.list.count)) {
        return feel_null();
    }
    for (size_t i = 0; i < l.list.count; i++) {
        const FeelValue *v = &l.list.items[i];
        if (v->kind == FEEL_BOOLEAN && v->truth == decides) {
            return *v;
        }
        result = v->kind == FEEL_BOOLEAN ? result : feel_reason(b->out, "an item is no boolean");
    }
    return result;
}

static FeelValue run_all(FeelBudget *b, const FeelValue *args, size_t count)
{
    return verdict(b, args, count, false);
}

static FeelValue run_any(FeelBudget *b, const FeelValue *args, size_t count)
{
    return verdict(b, args, count, true);
}

static bool has_item(FeelBudget *b, const FeelValue *items, size_t count, const FeelValue *wanted)
{
    for (size_t i = 0; i < count; i++) {
        if (op_same(b, &items[i], wanted)) {
            return true;
        }
    }
    return false;
}

static FeelValue run_list_contains(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    return feel_bool(has_item(b, args[0].list.items, args[0].list.count, &args[1]));
}

static FeelValue run_append(FeelBudget *b, const FeelValue *args, size_t count)
{
    size_t n = args[0].list.count;
    if (!budget_take(b, n + count)) {
        return feel_null();
    }
    FeelValue *made = NEW_N(b->out, FeelValue, n + count);
    if (n > 0) {
        memcpy(made, args[0].list.items, n * sizeof *made);
    }
    memcpy(made + n, args + 1, (count - 1) * sizeof *made);
    return value_list_of(made, n + count - 1);
}

static FeelValue joined(FeelBudget *b, const FeelValue *args, size_t count, bool distinct)
{
    Values made = {0};
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < args[i].list.count; k++) {
            if (!budget_take(b, 1)) {
                return feel_null();
            }
            if (!distinct || !has_item(b, made.at, made.len, &args[i].list.items[k])) {
                *VEC_PUSH(b->out, &made) = args[i].list.items[k];
            }
        }
    }
    return value_list_of(made.at, made.len);
}

static FeelValue run_concatenate(FeelBudget *b, const FeelValue *args, size_t count)
{
    return joined(b, args, count, false);
}

static FeelValue run_union(FeelBudget *b, const FeelValue *args, size_t count)
{
    return joined(b, args, count, true);
}

static FeelValue run_reverse(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    size_t n = args[0].list.count;
    if (!budget_take(b, n)) {
        return feel_null();
    }
    FeelValue *made = NEW_N(b->out, FeelValue, n + 1);
    for (size_t i = 0; i < n; i++) {
        made[i] = args[0].list.items[n - 1 - i];
    }
    return value_list_of(made, n);
}

static void flatten(FeelBudget *b, const FeelValue *v, int depth, Values *made)
{
    for (size_t i = 0; i < v->list.count && budget_take(b, 1); i++) {
        const FeelValue *item = &v->list.items[i];
        if (item->kind == FEEL_LIST && depth < FEEL_MAX_VALUE_DEPTH) {
            flatten(b, item, depth + 1, made);
        } else {
            *VEC_PUSH(b->out, made) = *item;
        }
    }
}

static FeelValue run_flatten(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    Values made = {0};
    flatten(b, &args[0], 0, &made);
    return value_list_of(made.at, made.len);
}

static FeelValue run_index_of(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    Values made = {0};
    for (size_t i = 0; i < args[0].list.count; i++) {
        if (has_item(b, &args[0].list.items[i], 1, &args[1])) {
            *VEC_PUSH(b->out, &made) = feel_int((int64_t)i + 1);
        }
    }
    return value_list_of(made.at, made.len);
}

/* 1-based, negative from the end; false when it is not in the list. */
static bool position_of(const FeelValue *list, Decimal d, size_t *at)
{
    int64_t n = 0, count = (int64_t)list->list.count;
    if (!decimal_int(d, &n) || n == 0 || n > count || n < -count) {
        return false;
    }
    *at = (size_t)(n > 0 ? n - 1 : count + n);
    return true;
}

static FeelValue run_remove(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    size_t at = 0, n = args[0].list.count;
    if (!position_of(&args[0], args[1].number, &at) || !budget_take(b, n)) {
        return feel_reason(b->out, "remove: no such position");
    }
    FeelValue *made = NEW_N(b->out, FeelValue, n);
    memcpy(made, args[0].list.items, at * sizeof *made);
    memcpy(made + at, args[0].list.items + at + 1, (n - at - 1) * sizeof *made);
    return value_list_of(made, n - 1);
}

static FeelValue run_sublist(FeelBudget *b, const FeelValue *args, size_t count)
{
    size_t at = 0, n = args[0].list.count;
    int64_t length = (int64_t)n;
    if (!position_of(&args[0], args[1].number, &at) ||
        (count > 2 && args[2].kind == FEEL_NUMBER && !decimal_int(args[2].number, &length)) ||
        length < 0) {
        return feel_reason(b->out, "sublist: no such position");
    }
    size_t left = n - at;
    return value_list_of(args[0].list.items + at, (size_t)length < left ? (size_t)length : left);
}

static FeelValue run_not(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    return args[0].kind == FEEL_BOOLEAN ? feel_bool(!args[0].truth)
           : args[0].kind == FEEL_NULL
               ? args[0]
               : feel_reason(b->out, "not of a %s", feel_kind_name(args[0].kind));
}

/* A value that is not there is a null with a reason; a null that was given has none. */
static FeelValue run_is_defined(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)b;
    (void)count;
    return feel_bool(args[0].kind != FEEL_NULL || !args[0].reason);
}

static FeelValue run_get_value(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    const FeelValue *v = feel_get(args[0].context, args[1].text);
    return v ? *v : feel_reason(b->out, "no '" STR_FMT "' in the context", STR_ARG(args[1].text));
}

const Builtin feel_builtins_list[] = {
    {"all", "list", "a*", run_all},
    {"any", "list", "a*", run_any},
    {"append", "list,item", "la*", run_append},
    {"concatenate", "list", "l*", run_concatenate},
    {"count", "list", "l", run_count},
    {"distinct values", "list", "l", run_union},
    {"flatten", "list", "l", run_flatten},
    {"get value", "m,key", "cs", run_get_value},
    {"index of", "list,match", "la", run_index_of},
    {"is defined", "value", "a", run_is_defined},
    {"list contains", "list,element", "la", run_list_contains},
    {"max", "list", "a*", run_max},
    {"mean", "list", "a*", run_mean},
    {"median", "list", "a*", run_median},
    {"min", "list", "a*", run_min},
    {"not", "negand", "a", run_not},
    {"remove", "list,position", "ln", run_remove},
    {"reverse", "list", "l", run_reverse},
    {"sublist", "list,start position,length", "ln?n", run_sublist},
    {"sum", "list", "a*", run_sum},
    {"union", "list", "l*", run_union},
    {NULL, NULL, NULL, NULL},
};
