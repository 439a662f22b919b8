/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which rules of a table hold: rule by rule, cell by cell until one does not.
 *
 * Most cells are values, told so at load: those are compared here. What the values do not settle
 * (a list as input, a range of times) is left to the cell's program, which says the same.
 */
#include "engine/rules/rules_int.h"

typedef enum { NO, YES, UNSETTLED } Verdict;

static int date_order(FeelDate a, FeelDate b)
{
    int32_t years = a.year < b.year ? -1 : a.year > b.year;
    int days = (a.month * 32 + a.day) - (b.month * 32 + b.day);
    return years != 0 ? years : days;
}

/* Both of one scalar kind; strings have an order too, but only ranges ask for it. */
static int order(const FeelValue *x, const FeelValue *y)
{
    return x->kind == FEEL_NUMBER ? decimal_cmp(x->number, y->number)
                                  : date_order(x->date, y->date);
}

static bool same(const FeelValue *x, const FeelValue *y)
{
    if (x->kind != y->kind) {
        return false;
    }
    if (x->kind == FEEL_STRING) {
        return str_eq(x->text, y->text);
    }
    return x->kind == FEEL_BOOLEAN ? x->truth == y->truth : order(x, y) == 0;
}

static bool is_ordered(const FeelValue *v)
{
    return v->kind == FEEL_NUMBER || v->kind == FEEL_DATE;
}

/* One end of a range; open to that side always holds. */
static Verdict beyond(const FeelValue *v, const FeelValue *end, bool included, int sign)
{
    if (end->kind == FEEL_NULL) {
        return YES;
    }
    if (!is_ordered(v) || v->kind != end->kind) {
        return UNSETTLED;
    }
    int at = order(v, end) * sign;
    return at > 0 || (at == 0 && included) ? YES : NO;
}

static Verdict in_range(const FeelValue *v, const FeelRange *r)
{
    Verdict low = beyond(v, &r->start, r->start_included, 1);
    Verdict high = beyond(v, &r->end, r->end_included, -1);
    return low == UNSETTLED || high == UNSETTLED ? UNSETTLED : low == YES && high == YES ? YES : NO;
}

static bool is_scalar(const FeelValue *v)
{
    return v->kind == FEEL_NUMBER || v->kind == FEEL_STRING || v->kind == FEEL_BOOLEAN ||
           v->kind == FEEL_DATE;
}

static Verdict compare(const DmnCell *c, const FeelValue *v)
{
    if (!is_scalar(v)) {
        return v->kind == FEEL_NULL ? NO : UNSETTLED;
    }
    for (size_t i = 0; i < c->value_count; i++) {
        const FeelValue *test = &c->values[i];
        Verdict found = test->kind == FEEL_RANGE ? in_range(v, test->range)
                        : same(v, test)          ? YES
                                                 : NO;
        if (found != NO) {
            return found;
        }
    }
    return NO;
}

static bool cell_holds(Run *run, const DmnCell *c, const FeelScope *scope, const FeelValue *v)
{
    if (c->kind == DMN_CELL_ANY) {
        return true;
    }
    Verdict verdict = c->kind == DMN_CELL_TESTS ? compare(c, v) : UNSETTLED;
    if (verdict != UNSETTLED) {
        return verdict == YES;
    }
    FeelScope inner = {.outer = scope, .input = v};
    FeelValue holds = run_cell(run, c, &inner);
    return feel_is_true(&holds);
}

void run_find_hits(Run *run, const DmnTable *t, const FeelScope *scope, const FeelValue *inputs,
                   Hits *hits)
{
    for (size_t i = 0; i < t->rule_count; i++) {
        const DmnCell *cells = t->rules[i].inputs;
        size_t k = 0;
        while (k < t->input_count && cell_holds(run, &cells[k], scope, &inputs[k])) {
            k++;
        }
        if (k < t->input_count) {
            continue;
        }
        *VEC_PUSH(run->out, hits) = (uint32_t)i;
        if (t->hit == DMN_FIRST) {
            return;
        }
    }
}
