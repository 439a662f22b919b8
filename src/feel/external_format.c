/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Java's String.format, as much of it as numbers and texts need. What is not known, or does not
 * fit its value, makes the whole null: half a text would be taken for a whole one.
 */
#include "feel/external_int.h"

typedef struct {
    bool left, zeros, groups, plus;
    size_t index; /* 0: the next one */
    size_t width;
    bool has_precision;
    size_t precision;
    char letter;
} Spec;

typedef struct {
    FeelBudget *budget;
    StrBuf made;
    const FeelValue *args;
    size_t count, next;
    FeelValue why;
} Writer;

static bool fail(Writer *w, FeelValue why)
{
    w->why = why;
    return false;
}

static bool read_number(Str s, size_t *at, size_t most, size_t *n)
{
    size_t from = *at;
    for (*n = 0; *at < s.len && s.at[*at] >= '0' && s.at[*at] <= '9'; (*at)++) {
        *n = *n * 10 + (size_t)(s.at[*at] - '0');
        if (*n > most) {
            return false;
        }
    }
    return *at > from;
}

static bool *flag_of(Spec *spec, char c)
{
    switch (c) {
    case '-': return &spec->left;
    case '0': return &spec->zeros;
    case ',': return &spec->groups;
    case '+': return &spec->plus;
    default: return NULL;
    }
}

/* After "%". */
static bool read_spec(Str s, size_t *at, Spec *spec)
{
    size_t i = *at, n = 0;
    *spec = (Spec){0};
    if (read_number(s, &i, FEEL_MAX_ARGS, &n) && i < s.len && s.at[i] == '$' && n > 0) {
        spec->index = n;
        *at = i + 1;
    }
    for (bool *flag = NULL; *at < s.len && (flag = flag_of(spec, s.at[*at])); (*at)++) {
        if (*flag) {
            return false;
        }
        *flag = true;
    }
    if (*at < s.len && s.at[*at] >= '1' && s.at[*at] <= '9' &&
        !read_number(s, at, FORMAT_MAX_WIDTH, &spec->width)) {
        return false;
    }
    if (*at < s.len && s.at[*at] == '.') {
        (*at)++;
        spec->has_precision = true;
        if (!read_number(s, at, FORMAT_MAX_PRECISION, &spec->precision)) {
            return false;
        }
    }
    spec->letter = *at < s.len ? s.at[(*at)++] : 0;
    bool padded = spec->left || spec->zeros;
    return !(spec->left && spec->zeros) && (!padded || spec->width > 0);
}

static void put_padded(Writer *w, const Spec *spec, Str sign, Str body)
{
    size_t len = utf8_count(sign) + utf8_count(body);
    size_t pad = spec->width > len ? spec->width - len : 0;
    for (size_t i = 0; i < pad && !spec->left && !spec->zeros; i++) {
        buf_char(&w->made, ' ');
    }
    buf_add(&w->made, sign);
    for (size_t i = 0; i < pad && spec->zeros; i++) {
        buf_char(&w->made, '0');
    }
    buf_add(&w->made, body);
    for (size_t i = 0; i < pad && spec->left; i++) {
        buf_char(&w->made, ' ');
    }
}

/* Digits with a comma every three before the point, and zeros to so many after it. */
static Str layout(Arena *out, Str digits, bool groups, size_t places)
{
    StrBuf made = buf_in(out);
    size_t point = str_find(digits, STR("."), 0);
    size_t whole = point < digits.len ? point : digits.len;
    for (size_t i = 0; i < whole; i++) {
        if (groups && i > 0 && (whole - i) % 3 == 0) {
            buf_char(&made, ',');
        }
        buf_char(&made, digits.at[i]);
    }
    Str rest = str_slice(digits, whole + 1, digits.len);
    buf_add(&made, places > 0 ? STR(".") : STR(""));
    buf_add(&made, rest);
    for (size_t i = rest.len; i < places; i++) {
        buf_char(&made, '0');
    }
    return buf_str(&made);
}

static bool put_decimal(Writer *w, const Spec *spec, const FeelValue *v)
{
    bool is_whole = spec->letter == 'd';
    size_t places = is_whole ? 0 : spec->has_precision ? spec->precision : 6;
    Decimal d = v->number;
    Arena *out = w->budget->out;
    if (v->kind != FEEL_NUMBER || (is_whole && (!decimal_is_integer(d) || spec->has_precision)) ||
        !decimal_round(d, (int32_t)places, DECIMAL_HALF_UP, &d)) {
        return fail(w, feel_reason(out, "format: %%%c does not take a %s", spec->letter,
                                   feel_kind_name(v->kind)));
    }
    Str digits = decimal_text(out, decimal_abs(d));
    if (str_find(digits, STR("E"), 0) != SIZE_MAX) {
        return fail(w, feel_reason(out, "number out of range"));
    }
    bool minus = decimal_cmp(d, decimal_of_int(0)) < 0;
    Str sign = minus ? STR("-") : spec->plus ? STR("+") : STR("");
    put_padded(w, spec, sign, layout(out, digits, spec->groups, places));
    return true;
}

static bool put_hex(Writer *w, const Spec *spec, const FeelValue *v)
{
    int64_t n = 0;
    bool plain = !spec->groups && !spec->plus && !spec->has_precision;
    if (v->kind != FEEL_NUMBER || !plain || !decimal_is_integer(v->number) ||
        !decimal_int(v->number, &n)) {
        return fail(w, feel_reason(w->budget->out, "format: %%%c does not take a %s", spec->letter,
                                   feel_kind_name(v->kind)));
    }
    put_padded(w, spec, STR(""), str_fmt(w->budget->out, "%llx", (unsigned long long)(uint64_t)n));
    return true;
}

static bool put_text(Writer *w, const Spec *spec, const FeelValue *v)
{
    Str text = v->kind == FEEL_STRING ? v->text : feel_text(w->budget->out, v);
    bool one = spec->letter == 'c', truth = spec->letter == 'b';
    if (truth) {
        bool is_true = v->kind == FEEL_BOOLEAN ? v->truth : v->kind != FEEL_NULL;
        text = is_true ? STR("true") : STR("false");
    }
    if (spec->zeros || spec->groups || spec->plus || (one && spec->has_precision) ||
        (one && (v->kind != FEEL_STRING || utf8_count(text) != 1))) {
        return fail(w, feel_reason(w->budget->out, "format: %%%c does not take a %s", spec->letter,
                                   feel_kind_name(v->kind)));
    }
    put_padded(w, spec, STR(""), spec->has_precision ? utf8_head(text, spec->precision) : text);
    return true;
}

static bool put_spec(Writer *w, const Spec *spec)
{
    if (spec->letter == '%' || spec->letter == 'n') {
        put_padded(w, spec, STR(""), spec->letter == 'n' ? STR("\n") : STR("%"));
        return true;
    }
    if (spec->letter == 0 || !strchr("sdxfbc", spec->letter)) {
        return fail(w, feel_reason(w->budget->out, "format: no such conversion"));
    }
    size_t at = spec->index > 0 ? spec->index - 1 : w->next++;
    if (at >= w->count) {
        return fail(w, feel_reason(w->budget->out, "format: a value is missing"));
    }
    const FeelValue *v = &w->args[at];
    switch (spec->letter) {
    case 'd':
    case 'f': return put_decimal(w, spec, v);
    case 'x': return put_hex(w, spec, v);
    default: return put_text(w, spec, v);
    }
}

FeelValue external_format(FeelBudget *b, Str format, const FeelValue *args, size_t count)
{
    Writer w = {.budget = b, .made = buf_in(b->out), .args = args, .count = count};
    for (size_t i = 0; i < format.len;) {
        Spec spec;
        size_t before = w.made.len;
        if (format.at[i] != '%') {
            buf_char(&w.made, format.at[i++]);
            continue;
        }
        i++;
        if (!read_spec(format, &i, &spec)) {
            return feel_reason(b->out, "format: no such conversion");
        }
        if (!put_spec(&w, &spec)) {
            return w.why;
        }
        if (!budget_take(b, 1 + (w.made.len - before) / 16)) {
            return feel_null();
        }
    }
    return budget_take(b, format.len / 16) ? feel_str(buf_str(&w.made)) : feel_null();
}
