/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers: rounding, arithmetic functions, number(). */
#include "feel/feel_int.h"

enum { SCALE_MIN = -6111, SCALE_MAX = 6176, SERIES_STEPS = 4 };

static FeelValue result(FeelBudget *b, bool ok, Decimal d)
{
    return ok ? feel_number(d) : feel_reason(b->out, "number out of range");
}

static FeelValue round_to(FeelBudget *b, const FeelValue *args, size_t count, DecimalRounding mode)
{
    int64_t scale = 0;
    Decimal d = args[0].number;
    if (count > 1 &&
        (!decimal_int(args[1].number, &scale) || scale < SCALE_MIN || scale > SCALE_MAX)) {
        return feel_reason(b->out, "scale must be between %d and %d", SCALE_MIN, SCALE_MAX);
    }
    return result(b, decimal_round(args[0].number, (int32_t)scale, mode, &d), d);
}

static FeelValue run_decimal(FeelBudget *b, const FeelValue *args, size_t count)
{
    return round_to(b, args, count, DECIMAL_HALF_EVEN);
}

static FeelValue run_floor(FeelBudget *b, const FeelValue *args, size_t count)
{
    return round_to(b, args, count, DECIMAL_FLOOR);
}

static FeelValue run_ceiling(FeelBudget *b, const FeelValue *args, size_t count)
{
    return round_to(b, args, count, DECIMAL_CEILING);
}

static FeelValue run_round_up(FeelBudget *b, const FeelValue *args, size_t count)
{
    return round_to(b, args, count, DECIMAL_UP);
}

static FeelValue run_round_down(FeelBudget *b, const FeelValue *args, size_t count)
{
    return round_to(b, args, count, DECIMAL_DOWN);
}

static FeelValue run_half_up(FeelBudget *b, const FeelValue *args, size_t count)
{
    return round_to(b, args, count, DECIMAL_HALF_UP);
}

static FeelValue run_half_down(FeelBudget *b, const FeelValue *args, size_t count)
{
    return round_to(b, args, count, DECIMAL_HALF_DOWN);
}

static FeelValue run_abs(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)b;
    (void)count;
    return feel_number(decimal_abs(args[0].number));
}

static FeelValue run_abs_duration(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    const FeelValue *v = &args[0];
    bool minus = v->kind == FEEL_DAYS_DURATION ? v->duration.seconds < 0 || v->duration.nanos < 0
                                               : v->kind == FEEL_MONTHS_DURATION && v->months < 0;
    if (v->kind != FEEL_DAYS_DURATION && v->kind != FEEL_MONTHS_DURATION) {
        return feel_reason(b->out, "abs of a %s", feel_kind_name(v->kind));
    }
    return minus ? op_negate(b, v) : *v;
}

static FeelValue run_modulo(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    Decimal d = args[0].number;
    return result(b, decimal_mod(args[0].number, args[1].number, &d), d);
}

static FeelValue run_sqrt(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    Decimal d = args[0].number;
    return result(b, budget_take(b, SERIES_STEPS) && decimal_sqrt(args[0].number, &d), d);
}

static FeelValue run_log(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    Decimal d = args[0].number;
    return result(b, budget_take(b, SERIES_STEPS) && decimal_log(args[0].number, &d), d);
}

static FeelValue run_exp(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    Decimal d = args[0].number;
    return result(b, budget_take(b, SERIES_STEPS) && decimal_exp(args[0].number, &d), d);
}

static FeelValue is_parity(FeelBudget *b, const FeelValue *args, bool odd)
{
    Decimal d = args[0].number;
    if (!decimal_is_integer(args[0].number) ||
        !decimal_mod(args[0].number, decimal_of_int(2), &d)) {
        return feel_reason(b->out, "not a whole number");
    }
    return feel_bool(decimal_is_zero(d) != odd);
}

static FeelValue run_odd(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    return is_parity(b, args, true);
}

static FeelValue run_even(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    return is_parity(b, args, false);
}

/* A separator: "," or "." or, for groups, " "; null is none. False for anything else. */
static bool separator_of(const FeelValue *v, bool groups, char *mark)
{
    Str s = v->kind == FEEL_STRING ? v->text : STR("");
    *mark = s.len == 1 ? s.at[0] : 0;
    return v->kind == FEEL_NULL || (v->kind == FEEL_STRING && s.len == 1 &&
                                    (*mark == ',' || *mark == '.' || (groups && *mark == ' ')));
}

/* The text without groups, with a point; false: a mark stands where it has no meaning. */
static bool plain_number(Str text, char group, char point, StrBuf *made)
{
    bool whole = true;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == point && whole) {
            whole = false;
            buf_char(made, '.');
        } else if (c == ',' || c == '.' || c == ' ' || (group && c == group)) {
            if (c != group || !whole) {
                return false;
            }
        } else {
            buf_char(made, c);
        }
    }
    return true;
}

static FeelValue run_number(FeelBudget *b, const FeelValue *args, size_t count)
{
    static const FeelValue none = {.kind = FEEL_NULL};
    char group = 0, point = 0;
    Str text = args[0].text;
    StrBuf plain = buf_in(b->out);
    Decimal d = {0};
    if (!separator_of(count > 1 ? &args[1] : &none, true, &group) ||
        !separator_of(count > 2 ? &args[2] : &none, false, &point) || (group && group == point)) {
        return feel_reason(b->out, "number: bad separator");
    }
    if (text.len > DECIMAL_MAX_TEXT) {
        return feel_reason(b->out, "number: text is too long");
    }
    point = point || group == '.' ? point : '.';
    return plain_number(text, group, point, &plain) && decimal_parse(buf_str(&plain), &d)
               ? feel_number(d)
               : feel_reason(b->out, "'" STR_FMT "' is no number", STR_ARG(str_slice(text, 0, 60)));
}

static FeelValue run_same(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)b;
    (void)count;
    return args[0];
}

const Builtin feel_builtins_number[] = {
    {"abs", "n", "n", run_abs},
    {"abs", "n", "a", run_abs_duration},
    {"ceiling", "n", "n", run_ceiling},
    {"ceiling", "n,scale", "nn", run_ceiling},
    {"decimal", "n,scale", "nn", run_decimal},
    {"even", "number", "n", run_even},
    {"exp", "number", "n", run_exp},
    {"floor", "n", "n", run_floor},
    {"floor", "n,scale", "nn", run_floor},
    {"log", "number", "n", run_log},
    {"modulo", "dividend,divisor", "nn", run_modulo},
    {"number", "from", "n", run_same},
    {"number", "from", "s", run_number},
    {"number", "from,grouping separator,decimal separator", "saa", run_number},
    {"odd", "number", "n", run_odd},
    {"round down", "n,scale", "nn", run_round_down},
    {"round half down", "n,scale", "nn", run_half_down},
    {"round half up", "n,scale", "nn", run_half_up},
    {"round up", "n,scale", "nn", run_round_up},
    {"sqrt", "number", "n", run_sqrt},
    {NULL, NULL, NULL, NULL},
};
