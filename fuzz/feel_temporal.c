/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two lines of hostile text are read as dates, times and durations. What was read is written and
 * read back as the same; the two are compared and calculated with; each result is written and read
 * back too, but for a local time that comes twice in its zone.
 */
#include "feel/feel_int.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_back(Arena *a, const FeelValue *v, bool is_result)
{
    Str text = feel_text(a, v);
    FeelValue back = feel_temporal(a, text);
    bool zoned = v->kind == FEEL_DATE_TIME && v->moment->zone.len > 0;
    if (is_result && zoned) {
        ASSERT(back.kind == FEEL_DATE_TIME && str_eq(back.moment->zone, v->moment->zone));
        return;
    }
    int order = 0;
    ASSERT(value_order(v, &back, &order) && order == 0);
    ASSERT(str_eq(feel_text(a, &back), text));
}

static void try_parts(Arena *a, const FeelValue *v)
{
    static const char *const names[] = {"year",        "month",    "day",     "weekday", "hour",
                                        "minute",      "second",   "years",   "months",  "days",
                                        "time offset", "timezone", "minutes", "hours",   "seconds"};
    for (size_t i = 0; i < COUNT(names); i++) {
        FeelValue part = feel_null();
        if (temporal_property(v, str_z(names[i]), &part)) {
            feel_text(a, &part);
        }
    }
    TimeMs t = 0;
    if (feel_time_of(v, 480, &t)) {
        FeelValue again = feel_of_time(a, t, 480);
        ASSERT(again.kind == FEEL_DATE_TIME);
    }
}

static bool has_text(const FeelValue *v)
{
    return v->kind >= FEEL_DATE && v->kind <= FEEL_MONTHS_DURATION;
}

static void try_pair(Arena *a, const FeelValue *x, const FeelValue *y)
{
    FeelBudget b = feel_budget(a, NULL);
    FeelValue third = feel_number(decimal_of_int(-3));
    static const Op ops[] = {OP_ADD, OP_SUB, OP_MUL, OP_DIV};
    for (size_t i = 0; i < COUNT(ops); i++) {
        const FeelValue *right[] = {y, &third};
        for (size_t k = 0; k < COUNT(right); k++) {
            FeelValue v = op_arithmetic(&b, ops[i], x, right[k]);
            if (has_text(&v)) {
                read_back(a, &v, true);
            }
        }
    }
    FeelValue less = op_compare(&b, OP_LT, x, y), more = op_compare(&b, OP_GT, x, y);
    ASSERT(less.kind == more.kind && !(feel_is_true(&less) && feel_is_true(&more)));
    FeelValue equal = op_compare(&b, OP_EQ, x, y), negative = op_negate(&b, x);
    ASSERT(equal.kind <= FEEL_BOOLEAN && (negative.kind == FEEL_NULL || negative.kind == x->kind));
    if (has_text(x) && x->kind == y->kind && (x->kind == FEEL_DATE || x->kind == FEEL_DATE_TIME)) {
        FeelValue months = temporal_months_between(x, y);
        read_back(a, &months, true);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena arena;
    Str rest = {(const char *)data, size}, line = {0};
    FeelValue values[2] = {feel_null(), feel_null()};
    for (size_t i = 0; i < COUNT(values) && str_split(&rest, '\n', &line); i++) {
        values[i] = feel_temporal(&arena, line);
        FeelValue others[] = {temporal_date(&arena, line), temporal_time(&arena, line),
                              temporal_moment(&arena, line), temporal_duration(&arena, line)};
        for (size_t k = 0; k < COUNT(others); k++) {
            if (has_text(&others[k])) {
                read_back(&arena, &others[k], false);
                try_parts(&arena, &others[k]);
            }
        }
    }
    try_pair(&arena, &values[0], &values[1]);
    arena_reset(&arena);
    return 0;
}
