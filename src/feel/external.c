/* SPDX-License-Identifier: Apache-2.0 */
/*
 * External functions: Java methods that decision models name, as pure functions of ours. There is
 * no Java; a row of the table says class, method, types and what stands for it. An argument is
 * taken as its type wants it or the result is null: nothing is cut off or wraps around.
 *
 * Types: d double, f float, l long, i int, h short, b byte, z boolean, c char, s String, o Object,
 * v Object[].
 */
#include "feel/external_int.h"

#include <math.h>

enum { EXTERNAL_MAX_ARGS = 4, DEGREES = 180 };

typedef union {
    double real;
    int64_t whole;
    bool truth;
    Str text;
    const FeelValue *value;
} Arg;

typedef struct {
    FeelBudget *budget;
    const External *e;
    const FeelValue *values; /* as they came */
    size_t count;
} Call;

typedef FeelValue (*Run)(const Call *call, const Arg *a);

struct External {
    const char *class_name, *method, *types;
    Run run;
    double (*one)(double);
    double (*two)(double, double);
    bool (*whole)(int64_t a, int64_t b, int64_t *out);
};

static const struct {
    const char *name;
    char letter;
} type_names[] = {
    {"double", 'd'},
    {"float", 'f'},
    {"long", 'l'},
    {"int", 'i'},
    {"short", 'h'},
    {"byte", 'b'},
    {"boolean", 'z'},
    {"char", 'c'},
    {"java.lang.String", 's'},
    {"String", 's'},
    {"java.lang.Object", 'o'},
    {"Object", 'o'},
    {"[Ljava.lang.Object;", 'v'},
    {"java.lang.Object[]", 'v'},
    {"java.lang.Object...", 'v'},
    {"Object[]", 'v'},
    {"Object...", 'v'},
};

/* ---- what stands for a method ---- */

static FeelValue of_real(const Call *call, double x)
{
    Decimal d = {0};
    bool ok = call->e->types[0] == 'f' ? decimal_of_float((float)x, &d) : decimal_of_double(x, &d);
    return ok ? feel_number(d) : feel_reason(call->budget->out, "number out of range");
}

static FeelValue run_one(const Call *call, const Arg *a)
{
    return of_real(call, call->e->one(a[0].real));
}

static FeelValue run_two(const Call *call, const Arg *a)
{
    return of_real(call, call->e->two(a[0].real, a[1].real));
}

static bool in_range(char type, int64_t n)
{
    switch (type) {
    case 'i': return n >= INT32_MIN && n <= INT32_MAX;
    case 'h': return n >= INT16_MIN && n <= INT16_MAX;
    case 'b': return n >= INT8_MIN && n <= INT8_MAX;
    default: return true;
    }
}

static FeelValue run_whole(const Call *call, const Arg *a)
{
    int64_t n = 0;
    bool two = strlen(call->e->types) > 1;
    bool ok = call->e->whole(a[0].whole, two ? a[1].whole : 0, &n);
    return ok && in_range(call->e->types[0], n)
               ? feel_int(n)
               : feel_reason(call->budget->out, "number out of range");
}

static FeelValue run_same(const Call *call, const Arg *a)
{
    (void)a;
    return call->values[0];
}

/* What the type has made of it: a float has fewer digits. */
static FeelValue run_real(const Call *call, const Arg *a)
{
    return of_real(call, a[0].real);
}

static FeelValue no_number(const Call *call, Str text)
{
    return feel_reason(call->budget->out, "'" STR_FMT "' is no number",
                       STR_ARG(str_slice(text, 0, 60)));
}

/* Integer.valueOf("12") and its like; the class says the range. */
static FeelValue run_whole_text(const Call *call, const Arg *a)
{
    int64_t n = 0;
    const char *name = call->e->class_name;
    char type = strstr(name, "Integer") ? 'i'
                : strstr(name, "Short") ? 'h'
                : strstr(name, "Byte")  ? 'b'
                                        : 'l';
    Str text = a[0].text;
    Str digits = str_starts(text, STR("+")) ? str_slice(text, 1, text.len) : text;
    bool twice = digits.len < text.len && str_starts(digits, STR("-"));
    return !twice && str_int(digits, &n) && in_range(type, n) ? feel_int(n) : no_number(call, text);
}

static FeelValue run_real_text(const Call *call, const Arg *a)
{
    Decimal d = {0};
    bool ok = decimal_parse(str_trim(a[0].text), &d);
    ok = ok && (strstr(call->e->class_name, "Float") ? decimal_of_float(decimal_float(d), &d)
                                                     : decimal_of_double(decimal_double(d), &d));
    return ok ? feel_number(d) : no_number(call, a[0].text);
}

static FeelValue run_truth_text(const Call *call, const Arg *a)
{
    (void)call;
    return feel_bool(str_eq_nocase(a[0].text, STR("true")));
}

static FeelValue run_text(const Call *call, const Arg *a)
{
    const FeelValue *v = &call->values[0];
    (void)a;
    if (v->kind == FEEL_STRING || v->kind == FEEL_NULL) {
        return v->kind == FEEL_STRING ? *v : feel_str(STR("null"));
    }
    Str text = feel_text(call->budget->out, v);
    return budget_take(call->budget, text.len / 16) ? feel_str(text) : feel_null();
}

static FeelValue run_format(const Call *call, const Arg *a)
{
    const FeelValue *rest = call->values + 1;
    size_t count = call->count - 1;
    if (count == 1 && rest->kind == FEEL_LIST) {
        count = rest->list.count;
        rest = rest->list.items;
    }
    return external_format(call->budget, a[0].text, rest, count);
}

/* Ties go up, as in Java. */
static FeelValue run_round(const Call *call, const Arg *a)
{
    double low = floor(a[0].real), r = a[0].real - low >= 0.5 ? low + 1 : low;
    double most = call->e->types[0] == 'f' ? 2147483648.0 : 9223372036854775808.0;
    Decimal d = {0};
    return r >= -most && r < most && decimal_of_double(r, &d)
               ? feel_number(d)
               : feel_reason(call->budget->out, "number out of range");
}

static double greater(double a, double b)
{
    return isnan(a) || isnan(b) ? (double)NAN : fmax(a, b);
}

static double smaller(double a, double b)
{
    return isnan(a) || isnan(b) ? (double)NAN : fmin(a, b);
}

static double sign_of(double a)
{
    return a > 0 ? 1 : a < 0 ? -1 : a;
}

static double to_degrees(double a)
{
    return a * (DEGREES / 3.14159265358979323846);
}

static double to_radians(double a)
{
    return a * (3.14159265358979323846 / DEGREES);
}

static bool whole_max(int64_t a, int64_t b, int64_t *out)
{
    *out = a > b ? a : b;
    return true;
}

static bool whole_min(int64_t a, int64_t b, int64_t *out)
{
    *out = a < b ? a : b;
    return true;
}

static bool whole_negate(int64_t a, int64_t b, int64_t *out)
{
    (void)b;
    return !__builtin_sub_overflow(0, a, out);
}

static bool whole_abs(int64_t a, int64_t b, int64_t *out)
{
    *out = a;
    return a >= 0 || whole_negate(a, b, out);
}

static bool whole_add(int64_t a, int64_t b, int64_t *out)
{
    return !__builtin_add_overflow(a, b, out);
}

static bool whole_subtract(int64_t a, int64_t b, int64_t *out)
{
    return !__builtin_sub_overflow(a, b, out);
}

static bool whole_multiply(int64_t a, int64_t b, int64_t *out)
{
    return !__builtin_mul_overflow(a, b, out);
}

static bool whole_floor_div(int64_t a, int64_t b, int64_t *out)
{
    if (b == 0 || (a == INT64_MIN && b == -1)) {
        return false;
    }
    *out = a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
    return true;
}

static bool whole_floor_mod(int64_t a, int64_t b, int64_t *out)
{
    if (b == 0) {
        return false;
    }
    int64_t rest = b == -1 ? 0 : a % b;
    *out = rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
    return true;
}

/* ---- the table ---- */

#define MATH "java.lang.Math"
#define ONE(name, types, f)                                                                        \
    {                                                                                              \
        MATH, name, types, run_one, f, NULL, NULL                                                  \
    }
#define TWO(name, types, f)                                                                        \
    {                                                                                              \
        MATH, name, types, run_two, NULL, f, NULL                                                  \
    }
#define WHOLE(name, f)                                                                             \
    {MATH, name, "ii", run_whole, NULL, NULL, f},                                                  \
    {                                                                                              \
        MATH, name, "ll", run_whole, NULL, NULL, f                                                 \
    }
#define WHOLE_ONE(name, f)                                                                         \
    {MATH, name, "i", run_whole, NULL, NULL, f},                                                   \
    {                                                                                              \
        MATH, name, "l", run_whole, NULL, NULL, f                                                  \
    }
#define OTHER(class_name, name, types, run)                                                        \
    {                                                                                              \
        "java.lang." class_name, name, types, run, 0, 0, 0                                         \
    }

static const External table[] = {
    ONE("abs", "d", fabs),
    ONE("abs", "f", fabs),
    ONE("acos", "d", acos),
    ONE("asin", "d", asin),
    ONE("atan", "d", atan),
    ONE("cbrt", "d", cbrt),
    ONE("ceil", "d", ceil),
    ONE("cos", "d", cos),
    ONE("cosh", "d", cosh),
    ONE("exp", "d", exp),
    ONE("expm1", "d", expm1),
    ONE("floor", "d", floor),
    ONE("log", "d", log),
    ONE("log10", "d", log10),
    ONE("log1p", "d", log1p),
    ONE("rint", "d", rint),
    ONE("signum", "d", sign_of),
    ONE("signum", "f", sign_of),
    ONE("sin", "d", sin),
    ONE("sinh", "d", sinh),
    ONE("sqrt", "d", sqrt),
    ONE("tan", "d", tan),
    ONE("tanh", "d", tanh),
    ONE("toDegrees", "d", to_degrees),
    ONE("toRadians", "d", to_radians),
    TWO("IEEEremainder", "dd", remainder),
    TWO("atan2", "dd", atan2),
    TWO("hypot", "dd", hypot),
    TWO("max", "dd", greater),
    TWO("max", "ff", greater),
    TWO("min", "dd", smaller),
    TWO("min", "ff", smaller),
    TWO("pow", "dd", pow),
    WHOLE("addExact", whole_add),
    WHOLE("floorDiv", whole_floor_div),
    WHOLE("floorMod", whole_floor_mod),
    WHOLE("max", whole_max),
    WHOLE("min", whole_min),
    WHOLE("multiplyExact", whole_multiply),
    WHOLE("subtractExact", whole_subtract),
    WHOLE_ONE("abs", whole_abs),
    WHOLE_ONE("negateExact", whole_negate),
    {MATH, "round", "d", run_round, NULL, NULL, NULL},
    {MATH, "round", "f", run_round, NULL, NULL, NULL},
    OTHER("Boolean", "parseBoolean", "s", run_truth_text),
    OTHER("Boolean", "valueOf", "s", run_truth_text),
    OTHER("Boolean", "valueOf", "z", run_same),
    OTHER("Byte", "parseByte", "s", run_whole_text),
    OTHER("Byte", "valueOf", "b", run_same),
    OTHER("Byte", "valueOf", "s", run_whole_text),
    OTHER("Double", "parseDouble", "s", run_real_text),
    OTHER("Double", "valueOf", "d", run_real),
    OTHER("Double", "valueOf", "s", run_real_text),
    OTHER("Float", "parseFloat", "s", run_real_text),
    OTHER("Float", "valueOf", "f", run_real),
    OTHER("Float", "valueOf", "s", run_real_text),
    OTHER("Integer", "parseInt", "s", run_whole_text),
    OTHER("Integer", "valueOf", "i", run_same),
    OTHER("Integer", "valueOf", "s", run_whole_text),
    OTHER("Long", "parseLong", "s", run_whole_text),
    OTHER("Long", "valueOf", "l", run_same),
    OTHER("Long", "valueOf", "s", run_whole_text),
    OTHER("Short", "parseShort", "s", run_whole_text),
    OTHER("Short", "valueOf", "h", run_same),
    OTHER("Short", "valueOf", "s", run_whole_text),
    OTHER("String", "format", "sv", run_format),
    OTHER("String", "valueOf", "c", run_same),
    OTHER("String", "valueOf", "i", run_text),
    OTHER("String", "valueOf", "l", run_text),
    OTHER("String", "valueOf", "o", run_text),
    OTHER("String", "valueOf", "z", run_text),
};

/* ---- finding ---- */

/* "(double, int)" as "di"; false for a type that is not known. */
static bool types_of(Str list, char types[EXTERNAL_MAX_ARGS + 1])
{
    Str part = {0};
    size_t count = 0;
    while (str_trim(list).len > 0 && str_split(&list, ',', &part)) {
        char letter = 0;
        for (size_t i = 0; i < COUNT(type_names); i++) {
            letter =
                str_eq(str_trim(part), str_z(type_names[i].name)) ? type_names[i].letter : letter;
        }
        if (letter == 0 || count == EXTERNAL_MAX_ARGS) {
            return false;
        }
        types[count++] = letter;
    }
    return true;
}

const External *external_find(Str class_name, Str signature)
{
    char types[EXTERNAL_MAX_ARGS + 1] = {0};
    Str s = str_trim(signature);
    size_t open = str_find(s, STR("("), 0);
    if (open == SIZE_MAX || !str_ends(s, STR(")")) ||
        !types_of(str_slice(s, open + 1, s.len - 1), types)) {
        return NULL;
    }
    Str method = str_trim(str_slice(s, 0, open));
    for (size_t i = 0; i < COUNT(table); i++) {
        const External *e = &table[i];
        if (str_eq(method, str_z(e->method)) && strcmp(e->types, types) == 0 &&
            str_eq(str_trim(class_name), str_z(e->class_name))) {
            return e;
        }
    }
    return NULL;
}

/* ---- calling ---- */

static const char *type_word(char type)
{
    for (size_t i = 0; i < COUNT(type_names); i++) {
        if (type_names[i].letter == type) {
            return type_names[i].name;
        }
    }
    return "";
}

static bool take_whole(char type, const FeelValue *v, Arg *a)
{
    return v->kind == FEEL_NUMBER && decimal_is_integer(v->number) &&
           decimal_int(v->number, &a->whole) && in_range(type, a->whole);
}

static bool take_real(char type, const FeelValue *v, Arg *a)
{
    if (v->kind != FEEL_NUMBER) {
        return false;
    }
    a->real = type == 'f' ? (double)decimal_float(v->number) : decimal_double(v->number);
    return isfinite(a->real) != 0;
}

static bool take_char(const FeelValue *v)
{
    size_t at = 0;
    return v->kind == FEEL_STRING && v->text.len > 0 && utf8_next(v->text, &at) <= UINT16_MAX &&
           at == v->text.len;
}

static bool take(char type, const FeelValue *v, Arg *a)
{
    switch (type) {
    case 'd':
    case 'f': return take_real(type, v, a);
    case 'l':
    case 'i':
    case 'h':
    case 'b': return take_whole(type, v, a);
    case 'z': a->truth = v->truth; return v->kind == FEEL_BOOLEAN;
    case 's': a->text = v->text; return v->kind == FEEL_STRING;
    case 'c': return take_char(v);
    default: a->value = v; return true;
    }
}

FeelValue external_call(FeelBudget *b, const External *e, const FeelValue *args, size_t count)
{
    Arg taken[EXTERNAL_MAX_ARGS] = {0};
    size_t wanted = strlen(e->types);
    bool open = wanted > 0 && e->types[wanted - 1] == 'v';
    size_t fixed = open ? wanted - 1 : wanted;
    if (count < fixed || (!open && count > fixed)) {
        return feel_reason(b->out, "the function takes %zu values, not %zu", fixed, count);
    }
    for (size_t i = 0; i < fixed; i++) {
        if (!take(e->types[i], &args[i], &taken[i])) {
            return feel_reason(b->out, "a %s is no '" STR_FMT "' of Java, or out of its range",
                               feel_kind_name(args[i].kind),
                               STR_ARG(str_z(type_word(e->types[i]))));
        }
    }
    return e->run(&(Call){b, e, args, count}, taken);
}
