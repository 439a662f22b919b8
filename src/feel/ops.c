/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Operators over values. The typing is a closed table: whatever is not in it is null with a reason.
 * Equality of different kinds is null, not false; a value against null is false.
 */
#include "feel/feel_int.h"

enum { POW_STEPS = 40 };

static int sign_of(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b ? 1 : 0;
}

static int order_dates(FeelDate a, FeelDate b)
{
    int years = sign_of(a.year, b.year), months = sign_of(a.month, b.month);
    return years ? years : months ? months : sign_of(a.day, b.day);
}

/* Zoned and local moments have no order. fine: 1 or -1 when only parts of a second differ. */
static bool order_seconds(const FeelValue *x, const FeelValue *y, int *order, int *fine)
{
    int64_t s1 = 0, n1 = 0, s2 = 0, n2 = 0;
    if (x->moment->has_offset != y->moment->has_offset) {
        return false;
    }
    moment_instant(x->moment, &s1, &n1);
    moment_instant(y->moment, &s2, &n2);
    *order = sign_of(s1, s2);
    *fine = sign_of(n1, n2);
    return true;
}

static bool order_moments(const FeelValue *x, const FeelValue *y, int *order)
{
    int fine = 0;
    bool known = order_seconds(x, y, order, &fine);
    *order = *order == 0 ? fine : *order;
    return known;
}

bool value_order(const FeelValue *x, const FeelValue *y, int *order)
{
    if (x->kind != y->kind) {
        return false;
    }
    switch (x->kind) {
    case FEEL_NUMBER: *order = decimal_cmp(x->number, y->number); return true;
    case FEEL_STRING: *order = sign_of(str_cmp(x->text, y->text), 0); return true;
    case FEEL_DATE: *order = order_dates(x->date, y->date); return true;
    case FEEL_TIME:
    case FEEL_DATE_TIME: return order_moments(x, y, order);
    case FEEL_DAYS_DURATION:
        *order = x->duration.seconds != y->duration.seconds
                     ? sign_of(x->duration.seconds, y->duration.seconds)
                     : sign_of(x->duration.nanos, y->duration.nanos);
        return true;
    case FEEL_MONTHS_DURATION: *order = sign_of(x->months, y->months); return true;
    case FEEL_NULL:
    case FEEL_BOOLEAN:
    case FEEL_LIST:
    case FEEL_CONTEXT:
    case FEEL_RANGE:
    case FEEL_FUNCTION: return false;
    }
    return false;
}

/* ---- equality ---- */

typedef enum { SAME_NO, SAME_YES, SAME_UNKNOWN } Same;

static Same same(FeelBudget *b, const FeelValue *x, const FeelValue *y, int depth);

static Same same_lists(FeelBudget *b, const FeelValue *x, const FeelValue *y, int depth)
{
    Same result = x->list.count == y->list.count ? SAME_YES : SAME_NO;
    for (size_t i = 0; result == SAME_YES && i < x->list.count; i++) {
        result = same(b, &x->list.items[i], &y->list.items[i], depth + 1);
    }
    return result;
}

static Same same_contexts(FeelBudget *b, const FeelContext *x, const FeelContext *y, int depth)
{
    Same result = x->count == y->count ? SAME_YES : SAME_NO;
    for (size_t i = 0; result == SAME_YES && i < x->count; i++) {
        bool as_placed = str_eq(x->entries[i].key, y->entries[i].key);
        const FeelValue *other =
            as_placed ? &y->entries[i].value : budget_get(b, y, x->entries[i].key);
        result = other ? same(b, &x->entries[i].value, other, depth + 1) : SAME_NO;
    }
    return result;
}

static Same same_ranges(FeelBudget *b, const FeelRange *x, const FeelRange *y, int depth)
{
    if (x->kind != y->kind || x->start_included != y->start_included ||
        x->end_included != y->end_included) {
        return SAME_NO;
    }
    Same start = same(b, &x->start, &y->start, depth + 1);
    return start == SAME_YES ? same(b, &x->end, &y->end, depth + 1) : start;
}

/* Equal are equal parts, and "second" is a whole number. */
static Same same_moments(const FeelValue *x, const FeelValue *y)
{
    int order = 0, fine = 0;
    return !order_seconds(x, y, &order, &fine) ? SAME_UNKNOWN : order == 0 ? SAME_YES : SAME_NO;
}

static Same same(FeelBudget *b, const FeelValue *x, const FeelValue *y, int depth)
{
    int order = 0;
    if (depth > FEEL_MAX_VALUE_DEPTH || !budget_compare(b, x, y)) {
        return SAME_UNKNOWN;
    }
    if (x->kind == FEEL_NULL || y->kind == FEEL_NULL) {
        return x->kind == y->kind ? SAME_YES : SAME_NO;
    }
    if (x->kind != y->kind) {
        return SAME_UNKNOWN;
    }
    switch (x->kind) {
    case FEEL_NULL: return SAME_YES;
    case FEEL_BOOLEAN: return x->truth == y->truth ? SAME_YES : SAME_NO;
    case FEEL_LIST: return same_lists(b, x, y, depth);
    case FEEL_CONTEXT: return same_contexts(b, x->context, y->context, depth);
    case FEEL_RANGE: return same_ranges(b, x->range, y->range, depth);
    case FEEL_FUNCTION: return x->function == y->function ? SAME_YES : SAME_NO;
    case FEEL_TIME:
    case FEEL_DATE_TIME: return same_moments(x, y);
    case FEEL_NUMBER:
    case FEEL_STRING:
    case FEEL_DATE:
    case FEEL_DAYS_DURATION:
    case FEEL_MONTHS_DURATION: break;
    }
    return value_order(x, y, &order) && order == 0 ? SAME_YES : SAME_NO;
}

bool op_same(FeelBudget *b, const FeelValue *x, const FeelValue *y)
{
    return same(b, x, y, 0) == SAME_YES;
}

FeelValue op_equal(FeelBudget *b, const FeelValue *x, const FeelValue *y)
{
    Same s = same(b, x, y, 0);
    if (s == SAME_UNKNOWN) {
        return feel_reason(b->out, "cannot compare a %s with a %s", feel_kind_name(x->kind),
                           feel_kind_name(y->kind));
    }
    return feel_bool(s == SAME_YES);
}

bool feel_same_within(FeelBudget *budget, const FeelValue *a, const FeelValue *b)
{
    return op_same(budget, a, b);
}

bool feel_same(const FeelValue *a, const FeelValue *b)
{
    Arena none = {0};
    FeelBudget budget = feel_budget(&none, NULL);
    return same(&budget, a, b, 0) == SAME_YES;
}

FeelValue op_compare(FeelBudget *b, Op op, const FeelValue *x, const FeelValue *y)
{
    int order = 0;
    if (op == OP_EQ || op == OP_NE) {
        FeelValue v = op_equal(b, x, y);
        return op == OP_NE && v.kind == FEEL_BOOLEAN ? feel_bool(!v.truth) : v;
    }
    if (x->kind == FEEL_STRING && !budget_compare(b, x, y)) {
        return feel_null();
    }
    if (!value_order(x, y, &order)) {
        const FeelValue *none = x->kind == FEEL_NULL ? x : y;
        return none->kind == FEEL_NULL && none->reason
                   ? *none
                   : feel_reason(b->out, "cannot order a %s and a %s", feel_kind_name(x->kind),
                                 feel_kind_name(y->kind));
    }
    bool less = op == OP_LT || op == OP_LE;
    bool strict = op == OP_LT || op == OP_GT;
    return feel_bool((order < 0 && less) || (order > 0 && !less) || (order == 0 && !strict));
}

/* ---- in ---- */

/* Whether x lies on the inner side of one bound. */
static FeelValue within_bound(FeelBudget *b, const FeelValue *x, const FeelRange *r, bool is_start)
{
    const FeelValue *bound = is_start ? &r->start : &r->end;
    bool included = is_start ? r->start_included : r->end_included;
    int order = 0;
    if (r->kind == (is_start ? FEEL_BELOW : FEEL_ABOVE)) {
        return feel_bool(true);
    }
    if (bound->kind == FEEL_NULL) {
        return feel_reason(b->out, "range without a bound");
    }
    if (!budget_compare(b, x, bound) || !value_order(x, bound, &order)) {
        return feel_reason(b->out, "a %s is in no range of %s", feel_kind_name(x->kind),
                           feel_kind_name(bound->kind));
    }
    order = is_start ? order : -order;
    return feel_bool(order > 0 || (order == 0 && included));
}

static FeelValue in_range(FeelBudget *b, const FeelValue *x, const FeelRange *r)
{
    if (r->kind == FEEL_EQUAL || r->kind == FEEL_UNEQUAL) {
        return op_compare(b, r->kind == FEEL_EQUAL ? OP_EQ : OP_NE, x, &r->start);
    }
    FeelValue start = within_bound(b, x, r, true), end = within_bound(b, x, r, false);
    if (start.kind == FEEL_NULL || end.kind == FEEL_NULL) {
        return start.kind == FEEL_NULL ? start : end;
    }
    return feel_bool(start.truth && end.truth);
}

FeelValue op_in(FeelBudget *b, const FeelValue *x, const FeelValue *test)
{
    if (test->kind == FEEL_RANGE && x->kind != FEEL_RANGE) {
        return in_range(b, x, test->range);
    }
    if (test->kind != FEEL_LIST) {
        return op_equal(b, x, test);
    }
    for (size_t i = 0; i < test->list.count; i++) {
        const FeelValue *item = &test->list.items[i];
        FeelValue inside = feel_null();
        if (item->kind == FEEL_RANGE && x->kind != FEEL_RANGE) {
            inside = in_range(b, x, item->range);
        }
        if (feel_is_true(&inside) || op_same(b, x, item)) {
            return feel_bool(true);
        }
    }
    return x->kind == FEEL_LIST ? feel_bool(same(b, x, test, 0) == SAME_YES) : feel_bool(false);
}

/* ---- paths ---- */

static FeelValue range_property(FeelBudget *b, const FeelRange *r, Str name)
{
    if (str_eq(name, STR("start"))) {
        return r->start;
    }
    if (str_eq(name, STR("end"))) {
        return r->end;
    }
    if (str_eq(name, STR("start included"))) {
        return feel_bool(r->start_included);
    }
    if (str_eq(name, STR("end included"))) {
        return feel_bool(r->end_included);
    }
    return feel_reason(b->out, "a range has no '" STR_FMT "'", STR_ARG(name));
}

static FeelValue path_of_one(FeelBudget *b, const FeelValue *x, Str name)
{
    FeelValue v = feel_null();
    if (x->kind == FEEL_CONTEXT) {
        const FeelValue *found = budget_get(b, x->context, name);
        return found ? *found
                     : feel_reason(b->out, "no '" STR_FMT "' in the context", STR_ARG(name));
    }
    if (x->kind == FEEL_RANGE) {
        return range_property(b, x->range, name);
    }
    if (x->kind == FEEL_NULL && x->reason) {
        return *x;
    }
    return temporal_property(x, name, &v) ? v
                                          : feel_reason(b->out, "a %s has no '" STR_FMT "'",
                                                        feel_kind_name(x->kind), STR_ARG(name));
}

FeelValue op_path(FeelBudget *b, const FeelValue *x, Str name)
{
    if (x->kind != FEEL_LIST) {
        return path_of_one(b, x, name);
    }
    if (!budget_take(b, x->list.count)) {
        return feel_null();
    }
    FeelValue *items = NEW_N(b->out, FeelValue, x->list.count + 1);
    for (size_t i = 0; i < x->list.count; i++) {
        items[i] = path_of_one(b, &x->list.items[i], name);
    }
    return value_list_of(items, x->list.count);
}

FeelValue op_index(FeelBudget *b, const FeelValue *list, Decimal index)
{
    FeelValue l = value_as_list(list);
    int64_t n = 0;
    if (!decimal_is_integer(index) || !decimal_int(index, &n)) {
        return feel_reason(b->out, "an index is no whole number");
    }
    int64_t count = (int64_t)l.list.count;
    if (n == 0 || n > count || n < -count) {
        return feel_reason(b->out, "no item %lld in a list of %lld", (long long)n,
                           (long long)count);
    }
    return l.list.items[n > 0 ? n - 1 : count + n];
}

/* ---- arithmetic ---- */

static FeelValue numbers(FeelBudget *b, Op op, Decimal x, Decimal y)
{
    Decimal d = x;
    bool ok = false;
    if (op == OP_ADD) {
        ok = decimal_add(x, y, &d);
    } else if (op == OP_SUB) {
        ok = decimal_sub(x, y, &d);
    } else if (op == OP_MUL) {
        ok = decimal_mul(x, y, &d);
    } else if (op == OP_DIV) {
        ok = decimal_div(x, y, &d);
    } else {
        ok = budget_take(b, POW_STEPS) && decimal_pow(x, y, &d);
    }
    return ok ? feel_number(d)
              : feel_reason(b->out, op == OP_DIV && decimal_is_zero(y) ? "division by zero"
                                                                       : "number out of range");
}

static FeelValue too_long(FeelBudget *b)
{
    return feel_reason(b->out, "duration out of range");
}

static bool is_duration(const FeelValue *v)
{
    return v->kind == FEEL_DAYS_DURATION || v->kind == FEEL_MONTHS_DURATION;
}

/* Months, or seconds with their fraction: 27 digits at most, so nothing is lost. */
static Decimal amount_of(const FeelValue *v)
{
    if (v->kind != FEEL_DAYS_DURATION) {
        return v->kind == FEEL_MONTHS_DURATION ? decimal_of_int(v->months) : v->number;
    }
    Decimal nanos = decimal_of_int(v->duration.nanos), sum = decimal_of_int(v->duration.seconds);
    bool ok = v->duration.nanos == 0 ||
              (decimal_div(nanos, decimal_of_int(NANOS), &nanos) && decimal_add(sum, nanos, &sum));
    return ok ? sum : decimal_of_int(v->duration.seconds);
}

/* Whole months, whole nanoseconds: the rest is dropped. */
static FeelValue duration_value(FeelBudget *b, FeelKind kind, Decimal amount)
{
    Decimal rest = amount;
    FeelValue v = {.kind = kind};
    int64_t whole = 0, nanos = 0;
    if (!decimal_int(amount, &whole)) {
        return too_long(b);
    }
    if (kind == FEEL_MONTHS_DURATION) {
        return months_of(whole, &v) ? v : too_long(b);
    }
    bool ok = decimal_sub(amount, decimal_of_int(whole), &rest) &&
              decimal_mul(rest, decimal_of_int(NANOS), &rest) && decimal_int(rest, &nanos) &&
              duration_of(whole, nanos, &v.duration);
    return ok ? v : too_long(b);
}

/* sign: 1 or -1; both of one kind. */
static FeelValue sum_of(FeelBudget *b, const FeelValue *x, const FeelValue *y, int32_t sign)
{
    FeelValue v = {.kind = x->kind};
    bool ok = x->kind == FEEL_MONTHS_DURATION
                  ? months_of(x->months + sign * y->months, &v)
                  : duration_of(x->duration.seconds + sign * y->duration.seconds,
                                (int64_t)x->duration.nanos + sign * y->duration.nanos, &v.duration);
    return ok ? v : too_long(b);
}

/* Durations with durations of their kind and with numbers; false when the table has no such row. */
static bool durations(FeelBudget *b, Op op, const FeelValue *x, const FeelValue *y,
                      FeelValue *result)
{
    bool both = x->kind == y->kind && is_duration(x);
    bool scaled = (is_duration(x) && y->kind == FEEL_NUMBER && (op == OP_MUL || op == OP_DIV)) ||
                  (x->kind == FEEL_NUMBER && is_duration(y) && op == OP_MUL);
    if (both && (op == OP_ADD || op == OP_SUB)) {
        *result = sum_of(b, x, y, op == OP_ADD ? 1 : -1);
        return true;
    }
    if (!(both && op == OP_DIV) && !scaled) {
        return false;
    }
    FeelValue n = numbers(b, op, amount_of(x), amount_of(y));
    *result = n.kind == FEEL_NULL || both
                  ? n
                  : duration_value(b, is_duration(x) ? x->kind : y->kind, n.number);
    return true;
}

static bool is_calendar(const FeelValue *v)
{
    return v->kind == FEEL_DATE || v->kind == FEEL_TIME || v->kind == FEEL_DATE_TIME;
}

static bool calendars(FeelBudget *b, Op op, const FeelValue *x, const FeelValue *y,
                      FeelValue *result)
{
    if (op == OP_ADD && is_duration(x) && is_calendar(y)) {
        return calendars(b, op, y, x, result);
    }
    if (!is_calendar(x) || (op != OP_ADD && op != OP_SUB)) {
        return false;
    }
    if (is_calendar(y)) {
        if (op != OP_SUB || (x->kind == FEEL_TIME) != (y->kind == FEEL_TIME)) {
            return false;
        }
        *result = temporal_difference(b->out, x, y);
        return true;
    }
    int64_t sign = op == OP_SUB ? -1 : 1;
    if (y->kind == FEEL_DAYS_DURATION) {
        FeelDuration d = {y->duration.seconds * sign, y->duration.nanos * (int32_t)sign};
        *result = temporal_shift(b->out, x, d);
        return true;
    }
    if (y->kind == FEEL_MONTHS_DURATION && x->kind != FEEL_TIME) {
        *result = temporal_shift_months(b->out, x, y->months * sign);
        return true;
    }
    return false;
}

FeelValue op_arithmetic(FeelBudget *b, Op op, const FeelValue *x, const FeelValue *y)
{
    FeelValue result = feel_null();
    if (x->kind == FEEL_NUMBER && y->kind == FEEL_NUMBER) {
        return numbers(b, op, x->number, y->number);
    }
    if (x->kind == FEEL_STRING && y->kind == FEEL_STRING && op == OP_ADD) {
        return budget_take(b, (x->text.len + y->text.len) / 16)
                   ? feel_str(str_join(b->out, x->text, y->text))
                   : feel_null();
    }
    if (durations(b, op, x, y, &result) || calendars(b, op, x, y, &result)) {
        return result;
    }
    if ((x->kind == FEEL_NULL && x->reason) || (y->kind == FEEL_NULL && y->reason)) {
        return x->kind == FEEL_NULL && x->reason ? *x : *y;
    }
    static const char *const signs[] = {"+", "-", "*", "/", "**"};
    return feel_reason(b->out, "%s %s %s has no meaning", feel_kind_name(x->kind), signs[op],
                       feel_kind_name(y->kind));
}

FeelValue op_negate(FeelBudget *b, const FeelValue *x)
{
    FeelValue v = *x;
    if (x->kind == FEEL_NUMBER) {
        v.number = decimal_negate(x->number);
    } else if (x->kind == FEEL_MONTHS_DURATION) {
        v.months = -x->months;
    } else if (x->kind == FEEL_DAYS_DURATION) {
        v.duration = (FeelDuration){-x->duration.seconds, -x->duration.nanos};
    } else if (x->kind != FEEL_NULL) {
        v = feel_reason(b->out, "- of a %s", feel_kind_name(x->kind));
    }
    return v;
}

FeelValue feel_add(Arena *out, const FeelValue *x, const FeelValue *y)
{
    FeelBudget b = {.out = out, .left = FEEL_MAX_STEPS};
    return op_arithmetic(&b, OP_ADD, x, y);
}
