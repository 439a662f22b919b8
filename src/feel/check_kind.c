/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The typing of operators and built-ins without values: the same table as in ops.c, told by kinds.
 */
#include "feel/check_int.h"

enum { KINDS = FEEL_FUNCTION + 1 };

const FeelType *check_type(FeelKind kind)
{
    static const FeelType plain[KINDS] = {
        [FEEL_BOOLEAN] = {.kind = FEEL_BOOLEAN},
        [FEEL_NUMBER] = {.kind = FEEL_NUMBER},
        [FEEL_STRING] = {.kind = FEEL_STRING},
        [FEEL_DATE] = {.kind = FEEL_DATE},
        [FEEL_TIME] = {.kind = FEEL_TIME},
        [FEEL_DATE_TIME] = {.kind = FEEL_DATE_TIME},
        [FEEL_DAYS_DURATION] = {.kind = FEEL_DAYS_DURATION},
        [FEEL_MONTHS_DURATION] = {.kind = FEEL_MONTHS_DURATION},
        [FEEL_LIST] = {.kind = FEEL_LIST},
        [FEEL_CONTEXT] = {.kind = FEEL_CONTEXT, .open = true},
        [FEEL_RANGE] = {.kind = FEEL_RANGE},
        [FEEL_FUNCTION] = {.kind = FEEL_FUNCTION},
    };
    return kind == FEEL_NULL ? NULL : &plain[kind];
}

FeelKind check_kind(const FeelType *t)
{
    return t ? t->kind : FEEL_NULL;
}

static bool is_scalar(FeelKind kind)
{
    return kind >= FEEL_BOOLEAN && kind <= FEEL_MONTHS_DURATION;
}

const FeelType *check_join(const FeelType *a, const FeelType *b)
{
    if (a == b) {
        return a;
    }
    return a && b && a->kind == b->kind && is_scalar(a->kind) ? check_type(a->kind) : NULL;
}

/* ---- operators ---- */

static bool has_order(FeelKind kind)
{
    return kind >= FEEL_NUMBER && kind <= FEEL_MONTHS_DURATION;
}

bool check_comparable(Op op, FeelKind x, FeelKind y)
{
    bool by_order = op != OP_EQ && op != OP_NE;
    if (by_order && ((x != FEEL_NULL && !has_order(x)) || (y != FEEL_NULL && !has_order(y)))) {
        return false;
    }
    return x == FEEL_NULL || y == FEEL_NULL || x == y;
}

static bool is_duration(FeelKind kind)
{
    return kind == FEEL_DAYS_DURATION || kind == FEEL_MONTHS_DURATION;
}

static bool is_calendar(FeelKind kind)
{
    return kind == FEEL_DATE || kind == FEEL_TIME || kind == FEEL_DATE_TIME;
}

/* A moment and a moment, or a moment and a duration. */
static bool calendar_arithmetic(Op op, FeelKind x, FeelKind y, FeelKind *result)
{
    if (op == OP_ADD && is_duration(x) && is_calendar(y)) {
        return calendar_arithmetic(op, y, x, result);
    }
    if (!is_calendar(x) || (op != OP_ADD && op != OP_SUB)) {
        return false;
    }
    if (is_calendar(y)) {
        *result = FEEL_DAYS_DURATION;
        return op == OP_SUB && (x == FEEL_TIME) == (y == FEEL_TIME);
    }
    *result = x;
    return y == FEEL_DAYS_DURATION || (y == FEEL_MONTHS_DURATION && x != FEEL_TIME);
}

static bool duration_arithmetic(Op op, FeelKind x, FeelKind y, FeelKind *result)
{
    bool both = x == y && is_duration(x);
    *result = both && op == OP_DIV ? FEEL_NUMBER : is_duration(x) ? x : y;
    return (both && (op == OP_ADD || op == OP_SUB || op == OP_DIV)) ||
           (is_duration(x) && y == FEEL_NUMBER && (op == OP_MUL || op == OP_DIV)) ||
           (x == FEEL_NUMBER && is_duration(y) && op == OP_MUL);
}

bool check_arithmetic(Op op, FeelKind x, FeelKind y, FeelKind *result)
{
    *result = FEEL_NULL;
    if (x == FEEL_NULL || y == FEEL_NULL) {
        FeelKind known = x == FEEL_NULL ? y : x;
        return known == FEEL_STRING ? op == OP_ADD : known == FEEL_NULL || has_order(known);
    }
    if (x == y && (x == FEEL_NUMBER || (x == FEEL_STRING && op == OP_ADD))) {
        *result = x;
        return true;
    }
    bool meant = duration_arithmetic(op, x, y, result) || calendar_arithmetic(op, x, y, result);
    *result = meant ? *result : FEEL_NULL;
    return meant;
}

/* ---- members ---- */

static const FeelType number = {.kind = FEEL_NUMBER}, text = {.kind = FEEL_STRING};
static const FeelType days = {.kind = FEEL_DAYS_DURATION};

static const FeelName moment_parts[] = {
    {STR_INIT("year"), &number},    {STR_INIT("month"), &number},     {STR_INIT("day"), &number},
    {STR_INIT("weekday"), &number}, {STR_INIT("hour"), &number},      {STR_INIT("minute"), &number},
    {STR_INIT("second"), &number},  {STR_INIT("time offset"), &days}, {STR_INIT("timezone"), &text},
};
static const FeelName days_parts[] = {{STR_INIT("days"), &number},
                                      {STR_INIT("hours"), &number},
                                      {STR_INIT("minutes"), &number},
                                      {STR_INIT("seconds"), &number}};
static const FeelName months_parts[] = {{STR_INIT("years"), &number},
                                        {STR_INIT("months"), &number}};

enum { DATE_PARTS = 4 };

const FeelNames *check_properties(FeelKind kind)
{
    static const FeelNames none,
        of_date = {.at = moment_parts, .count = DATE_PARTS},
        of_time = {.at = moment_parts + DATE_PARTS, .count = COUNT(moment_parts) - DATE_PARTS},
        of_both = {.at = moment_parts, .count = COUNT(moment_parts)},
        of_days = {.at = days_parts, .count = COUNT(days_parts)},
        of_months = {.at = months_parts, .count = COUNT(months_parts)};
    switch (kind) {
    case FEEL_BOOLEAN:
    case FEEL_NUMBER:
    case FEEL_STRING:
    case FEEL_FUNCTION: return &none;
    case FEEL_DATE: return &of_date;
    case FEEL_TIME: return &of_time;
    case FEEL_DATE_TIME: return &of_both;
    case FEEL_DAYS_DURATION: return &of_days;
    case FEEL_MONTHS_DURATION: return &of_months;
    case FEEL_NULL:
    case FEEL_LIST:
    case FEEL_CONTEXT:
    case FEEL_RANGE: break;
    }
    return NULL;
}

/* ---- built-ins ---- */

typedef struct {
    Str name;
    FeelKind kind;
} Result;

static const Result results[] = {
    {STR_INIT("all"), FEEL_BOOLEAN},
    {STR_INIT("any"), FEEL_BOOLEAN},
    {STR_INIT("contains"), FEEL_BOOLEAN},
    {STR_INIT("count"), FEEL_NUMBER},
    {STR_INIT("date"), FEEL_DATE},
    {STR_INIT("date and time"), FEEL_DATE_TIME},
    {STR_INIT("day of week"), FEEL_STRING},
    {STR_INIT("day of year"), FEEL_NUMBER},
    {STR_INIT("decimal"), FEEL_NUMBER},
    {STR_INIT("ends with"), FEEL_BOOLEAN},
    {STR_INIT("even"), FEEL_BOOLEAN},
    {STR_INIT("exp"), FEEL_NUMBER},
    {STR_INIT("index of"), FEEL_LIST},
    {STR_INIT("is blank"), FEEL_BOOLEAN},
    {STR_INIT("is defined"), FEEL_BOOLEAN},
    {STR_INIT("is empty"), FEEL_BOOLEAN},
    {STR_INIT("list contains"), FEEL_BOOLEAN},
    {STR_INIT("log"), FEEL_NUMBER},
    {STR_INIT("lower case"), FEEL_STRING},
    {STR_INIT("matches"), FEEL_BOOLEAN},
    {STR_INIT("month of year"), FEEL_STRING},
    {STR_INIT("not"), FEEL_BOOLEAN},
    {STR_INIT("now"), FEEL_DATE_TIME},
    {STR_INIT("number"), FEEL_NUMBER},
    {STR_INIT("odd"), FEEL_BOOLEAN},
    {STR_INIT("replace"), FEEL_STRING},
    {STR_INIT("split"), FEEL_LIST},
    {STR_INIT("sqrt"), FEEL_NUMBER},
    {STR_INIT("starts with"), FEEL_BOOLEAN},
    {STR_INIT("string"), FEEL_STRING},
    {STR_INIT("string join"), FEEL_STRING},
    {STR_INIT("string length"), FEEL_NUMBER},
    {STR_INIT("substring"), FEEL_STRING},
    {STR_INIT("substring after"), FEEL_STRING},
    {STR_INIT("substring before"), FEEL_STRING},
    {STR_INIT("time"), FEEL_TIME},
    {STR_INIT("today"), FEEL_DATE},
    {STR_INIT("trim"), FEEL_STRING},
    {STR_INIT("upper case"), FEEL_STRING},
    {STR_INIT("week of year"), FEEL_NUMBER},
    {STR_INIT("years and months duration"), FEEL_MONTHS_DURATION},
};

FeelKind check_gives(Str builtin)
{
    for (size_t i = 0; i < COUNT(results); i++) {
        if (str_eq(results[i].name, builtin)) {
            return results[i].kind;
        }
    }
    return FEEL_NULL;
}

/* ---- words ---- */

Str check_cure(FeelKind x, FeelKind y)
{
    FeelKind other = x == FEEL_STRING ? y : x;
    if (x != FEEL_STRING && y != FEEL_STRING) {
        bool list = x == FEEL_LIST || y == FEEL_LIST;
        return list ? STR("ask a list with list contains(list, element)") : (Str){0};
    }
    switch (other) {
    case FEEL_NUMBER: return STR("a number is written without quotes");
    case FEEL_BOOLEAN: return STR("write true or false, without quotes");
    case FEEL_DATE: return STR("a date is written date(\"2026-11-22\")");
    case FEEL_TIME: return STR("a time is written time(\"09:30:00\")");
    case FEEL_DATE_TIME: return STR("it is written date and time(\"2026-11-22T09:30:00\")");
    case FEEL_DAYS_DURATION:
    case FEEL_MONTHS_DURATION: return STR("a duration is written duration(\"P5D\")");
    case FEEL_LIST: return STR("ask a list with list contains(list, element)");
    case FEEL_NULL:
    case FEEL_STRING:
    case FEEL_CONTEXT:
    case FEEL_RANGE:
    case FEEL_FUNCTION: break;
    }
    return (Str){0};
}

size_t check_options(Arena *out, const FeelType *t, const Str **options)
{
    FeelConstantTests tests;
    if (!t || t->kind != FEEL_STRING || !t->allowed || !feel_constant_tests(t->allowed, &tests) ||
        tests.negated) {
        return 0;
    }
    Str *texts = NEW_N(out, Str, tests.count);
    for (size_t i = 0; i < tests.count; i++) {
        const FeelRange *r = &tests.ranges[i];
        if (r->kind != FEEL_EQUAL || r->start.kind != FEEL_STRING) {
            return 0;
        }
        texts[i] = r->start.text;
    }
    *options = texts;
    return tests.count;
}

const FeelType *feel_options_type(Arena *out, const Str *options, size_t count)
{
    StrBuf b = buf_in(out);
    Err err = {0};
    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            buf_char(&b, ',');
        }
        value_put_quoted(&b, options[i]);
    }
    FeelType *t = NEW(out, FeelType);
    *t = (FeelType){.kind = FEEL_STRING, .allowed_text = buf_str(&b)};
    if (count > 0) {
        t->allowed = feel_compile(out, t->allowed_text, NULL, FEEL_UNARY_TESTS, &err);
    }
    return t->allowed ? t : NULL;
}
