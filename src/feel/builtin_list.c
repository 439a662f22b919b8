/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists: making, taking apart, searching, sorting. Functions over many values take one list or the
 * values themselves: their row asks for any number of anything.
 */
#include "feel/feel_int.h"

FeelValue list_of_args(const FeelValue *args, size_t count)
{
    return count == 1 && args[0].kind == FEEL_LIST ? args[0] : value_list_of(args, count);
}

static FeelValue run_count(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)b;
    (void)count;
    return feel_int((int64_t)args[0].list.count);
}

/* all: false wins; any: true wins; null where nothing decides. */
static FeelValue verdict(FeelBudget *b, const FeelValue *args, size_t count, bool decides)
{
    FeelValue l = list_of_args(args, count), result = feel_bool(!decides);
    if (!budget_take(b, l.list.count)) {
        return feel_null();
    }
    for (size_t i = 0; i < l.list.count; i++) {
        const FeelValue *v = &l.list.items[i];
        if (v->kind == FEEL_BOOLEAN && v->truth == decides) {
            return *v;
        }
        if (v->kind != FEEL_BOOLEAN && result.kind == FEEL_BOOLEAN) {
            result = feel_reason(b->out, "an item is no boolean");
        }
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

static FeelValue run_list_contains(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    for (size_t i = 0; i < args[0].list.count; i++) {
        if (op_same(b, &args[0].list.items[i], &args[1])) {
            return feel_bool(true);
        }
    }
    return feel_bool(false);
}

static FeelValue run_index_of(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    Values made = {0};
    for (size_t i = 0; i < args[0].list.count; i++) {
        if (op_same(b, &args[0].list.items[i], &args[1])) {
            *VEC_PUSH(b->out, &made) = feel_int((int64_t)i + 1);
        }
    }
    return value_list_of(made.at, made.len);
}

/* ---- joining ---- */

/* Room for so many items, paid for; NULL when the budget is spent. */
static FeelValue *room_for(FeelBudget *b, size_t count)
{
    return budget_take(b, count) ? NEW_N(b->out, FeelValue, count + 1) : NULL;
}

static void copy_items(FeelValue *to, const FeelValue *from, size_t count)
{
    if (count > 0) {
        memcpy(to, from, count * sizeof *to);
    }
}

static FeelValue run_append(FeelBudget *b, const FeelValue *args, size_t count)
{
    size_t n = args[0].list.count;
    FeelValue *made = room_for(b, n + count);
    if (!made) {
        return feel_null();
    }
    copy_items(made, args[0].list.items, n);
    copy_items(made + n, args + 1, count - 1);
    return value_list_of(made, n + count - 1);
}

static FeelValue run_concatenate(FeelBudget *b, const FeelValue *args, size_t count)
{
    size_t total = 0;
    for (size_t i = 0; i < count; i++) {
        total += args[i].list.count;
    }
    FeelValue *made = room_for(b, total);
    size_t at = 0;
    for (size_t i = 0; made && i < count; i++) {
        copy_items(made + at, args[i].list.items, args[i].list.count);
        at += args[i].list.count;
    }
    return made ? value_list_of(made, total) : feel_null();
}

FeelValue list_distinct(FeelBudget *b, const FeelValue *list, uint8_t wanted)
{
    const FeelValue *items = list->list.items;
    size_t n = list->list.count, len = 0;
    const uint8_t *marks = list_mark_equal(b, items, n);
    FeelValue *made = room_for(b, n);
    for (size_t i = 0; made && i < n; i++) {
        if (!(marks[i] & LIST_WAS_BEFORE) && (marks[i] & wanted) == wanted) {
            made[len++] = items[i];
        }
    }
    return made ? value_list_of(made, len) : feel_null();
}

static FeelValue run_union(FeelBudget *b, const FeelValue *args, size_t count)
{
    FeelValue all = run_concatenate(b, args, count);
    return all.kind == FEEL_LIST ? list_distinct(b, &all, 0) : all;
}

static FeelValue run_distinct_values(FeelBudget *b, const FeelValue *args, size_t count)
{
    FeelValue l = list_of_args(args, count);
    if (count == 1 && args[0].kind == FEEL_NULL) {
        return args[0];
    }
    return list_distinct(b, &l, 0);
}

static FeelValue run_reverse(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    size_t n = args[0].list.count;
    FeelValue *made = room_for(b, n);
    for (size_t i = 0; made && i < n; i++) {
        made[i] = args[0].list.items[n - 1 - i];
    }
    return made ? value_list_of(made, n) : feel_null();
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

/* ---- positions ---- */

/* 1-based, negative from the end, cut to a whole number; false when it is not in the list. */
static bool position_of(const FeelValue *list, Decimal d, size_t *at)
{
    int64_t n = 0, count = (int64_t)list->list.count;
    if (!decimal_int(d, &n) || n == 0 || n > count || n < -count) {
        return false;
    }
    *at = (size_t)(n > 0 ? n - 1 : count + n);
    return true;
}

static FeelValue no_position(FeelBudget *b, const char *function)
{
    return feel_reason(b->out, "%s: no such position", function);
}

static FeelValue run_remove(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    size_t at = 0, n = args[0].list.count;
    if (!position_of(&args[0], args[1].number, &at)) {
        return no_position(b, "remove");
    }
    FeelValue *made = room_for(b, n);
    if (!made) {
        return feel_null();
    }
    copy_items(made, args[0].list.items, at);
    copy_items(made + at, args[0].list.items + at + 1, n - at - 1);
    return value_list_of(made, n - 1);
}

static FeelValue run_insert_before(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    size_t at = 0, n = args[0].list.count;
    if (!position_of(&args[0], args[1].number, &at)) {
        return no_position(b, "insert before");
    }
    FeelValue *made = room_for(b, n + 1);
    if (!made) {
        return feel_null();
    }
    copy_items(made, args[0].list.items, at);
    made[at] = args[2];
    copy_items(made + at + 1, args[0].list.items + at, n - at);
    return value_list_of(made, n + 1);
}

static FeelValue run_sublist(FeelBudget *b, const FeelValue *args, size_t count)
{
    size_t at = 0, n = args[0].list.count;
    int64_t length = (int64_t)n;
    if (!position_of(&args[0], args[1].number, &at) ||
        (count > 2 && args[2].kind == FEEL_NUMBER && !decimal_int(args[2].number, &length)) ||
        length < 0) {
        return no_position(b, "sublist");
    }
    size_t left = n - at;
    return value_list_of(args[0].list.items + at, (size_t)length < left ? (size_t)length : left);
}

static FeelValue run_list_replace_at(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    size_t at = 0, n = args[0].list.count;
    if (!position_of(&args[0], args[1].number, &at)) {
        return no_position(b, "list replace");
    }
    FeelValue *made = room_for(b, n);
    if (!made) {
        return feel_null();
    }
    copy_items(made, args[0].list.items, n);
    made[at] = args[2];
    return value_list_of(made, n);
}

/* ---- with a function ---- */

/* function(x, y), which has to be true or false; else *why says so. */
static bool ask(FeelBudget *b, const char *name, const FeelValue *function, const FeelValue *pair,
                FeelValue *why)
{
    FeelValue v = budget_take(b, 1) ? feel_invoke(b, function, pair, 2) : feel_null();
    if (v.kind == FEEL_BOOLEAN) {
        return v.truth;
    }
    *why = v.kind == FEEL_NULL && v.reason
               ? v
               : feel_reason(b->out, "%s: the function gives a %s", name, feel_kind_name(v.kind));
    return false;
}

static FeelValue run_list_replace_where(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    size_t n = args[0].list.count;
    FeelValue *made = room_for(b, n);
    FeelValue why = feel_null();
    for (size_t i = 0; made && i < n; i++) {
        FeelValue pair[] = {args[0].list.items[i], args[2]};
        made[i] = ask(b, "list replace", &args[1], pair, &why) ? args[2] : pair[0];
        if (why.reason) {
            return why;
        }
    }
    return made ? value_list_of(made, n) : feel_null();
}

static bool function_precedes(ListOrder *o, const FeelValue *x, const FeelValue *y)
{
    FeelValue pair[] = {*x, *y};
    bool precedes = !o->failed && ask(o->budget, "sort", o->function, pair, &o->why);
    o->failed = o->failed || o->why.reason;
    return precedes;
}

static bool value_precedes(ListOrder *o, const FeelValue *x, const FeelValue *y)
{
    int order = 0;
    if (!o->failed && (!budget_compare(o->budget, x, y) || !value_order(x, y, &order))) {
        o->failed = true;
        o->why = feel_reason(o->budget->out, "%s: a %s and a %s have no order", "sort",
                             feel_kind_name(x->kind), feel_kind_name(y->kind));
    }
    return order < 0;
}

static FeelValue run_sort(FeelBudget *b, const FeelValue *args, size_t count)
{
    bool by_function = count > 1 && args[1].kind == FEEL_FUNCTION;
    ListOrder order = {.budget = b,
                       .precedes = by_function ? function_precedes : value_precedes,
                       .function = by_function ? &args[1] : NULL};
    size_t n = args[0].list.count;
    FeelValue *made = room_for(b, n);
    const FeelValue **sorted = made ? list_sort(&order, args[0].list.items, n) : NULL;
    if (!sorted || order.failed) {
        return order.why;
    }
    for (size_t i = 0; i < n; i++) {
        made[i] = *sorted[i];
    }
    return value_list_of(made, n);
}

const Builtin feel_builtins_list[] = {
    {"all", "list", "a*", run_all},
    {"any", "list", "a*", run_any},
    {"append", "list,item", "la*", run_append},
    {"concatenate", "list", "l*", run_concatenate},
    {"count", "list", "l", run_count},
    {"distinct values", "list", "a*", run_distinct_values},
    {"flatten", "list", "l", run_flatten},
    {"index of", "list,match", "la", run_index_of},
    {"insert before", "list,position,newItem", "lna", run_insert_before},
    {"list contains", "list,element", "la", run_list_contains},
    {"list replace", "list,position,newItem", "lna", run_list_replace_at},
    {"list replace", "list,match,newItem", "lfa", run_list_replace_where},
    {"remove", "list,position", "ln", run_remove},
    {"reverse", "list", "l", run_reverse},
    {"sort", "list,precedes", "l?f", run_sort},
    {"sublist", "list,start position,length", "ln?n", run_sublist},
    {"union", "list", "l*", run_union},
    {NULL, NULL, NULL, NULL},
};
