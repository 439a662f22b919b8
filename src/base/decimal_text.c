/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text to number and back. Up to 19 digits are read and written here, longer ones by the library,
 * whose text is "+123E-2": the layout is the house's in both cases, a JSON number without trailing
 * zeros.
 */
#include "base/decimal_int.h"

enum { EXPONENT_DIGITS = 6, TEXT_ROOM = 2 * DECIMAL_PLAIN_DIGITS + 48 };

typedef struct {
    Small value;
    bool fits; /* value is all of it */
} Scan;

/* Digits from i on, added to the value; how many of them it could not take does not matter. */
static size_t scan_digits(Str s, size_t i, Scan *made)
{
    for (; i < s.len && s.at[i] >= '0' && s.at[i] <= '9'; i++) {
        uint64_t digit = (uint64_t)(s.at[i] - '0');
        if (made->value.digits > (UINT64_MAX - digit) / 10) {
            made->fits = false;
        } else {
            made->value.digits = made->value.digits * 10 + digit;
        }
    }
    return i;
}

static bool scan_exponent(Str s, size_t i, int64_t *exponent)
{
    bool minus = i < s.len && s.at[i] == '-';
    i += i < s.len && (s.at[i] == '-' || s.at[i] == '+') ? 1 : 0;
    size_t from = i;
    *exponent = 0;
    for (; i < s.len && s.at[i] >= '0' && s.at[i] <= '9' && i - from < EXPONENT_DIGITS; i++) {
        *exponent = *exponent * 10 + (s.at[i] - '0');
    }
    *exponent = minus ? -*exponent : *exponent;
    return i > from && i == s.len;
}

/* False: s is no number. */
static bool scan(Str s, Scan *made)
{
    int64_t exponent = 0;
    size_t i = s.len > 0 && (s.at[0] == '-' || s.at[0] == '+') ? 1 : 0, from = i;
    *made = (Scan){.value.negative = i > 0 && s.at[0] == '-', .fits = true};
    i = scan_digits(s, i, made);
    size_t digits = i - from, fraction = 0;
    if (i < s.len && s.at[i] == '.') {
        from = ++i;
        i = scan_digits(s, i, made);
        fraction = i - from;
        if (fraction == 0) {
            return false;
        }
    }
    if (digits + fraction == 0) {
        return false;
    }
    if (i < s.len) {
        if ((s.at[i] != 'e' && s.at[i] != 'E') || !scan_exponent(s, i + 1, &exponent)) {
            return false;
        }
    }
    exponent -= (int64_t)fraction;
    made->fits = made->fits && small_fits(exponent);
    made->value.exponent = (int32_t)exponent;
    return true;
}

bool decimal_parse(Str text, Decimal *out)
{
    Scan read;
    char z[DECIMAL_MAX_TEXT + 1];
    if (text.len > DECIMAL_MAX_TEXT || !scan(text, &read)) {
        return false;
    }
    if (read.fits) {
        *out = small_pack(read.value);
        return true;
    }
    memcpy(z, text.at, text.len);
    z[text.len] = 0;
    return decimal_of_raw(z, out);
}

/* Where the digits are, trailing zeros taken off. */
typedef struct {
    bool negative;
    Str digits;
    int64_t exponent;
} Parts;

static Parts parts_of(Decimal d, char raw[RAW_TEXT])
{
    Parts p;
    Small s;
    if (small_of(d, &s)) {
        size_t at = RAW_TEXT;
        do {
            raw[--at] = (char)('0' + s.digits % 10);
            s.digits /= 10;
        } while (s.digits > 0);
        p = (Parts){s.negative, {raw + at, RAW_TEXT - at}, s.exponent};
    } else {
        decimal_raw(d, raw);
        Str text = str_z(raw + 1);
        size_t e = str_find(text, STR("E"), 0);
        p = (Parts){raw[0] == '-', str_slice(text, 0, e), 0};
        (void)scan_exponent(text, e + 1, &p.exponent);
    }
    while (p.digits.len > 1 && p.digits.at[p.digits.len - 1] == '0') {
        p.digits.len--;
        p.exponent++;
    }
    return p;
}

static char *put(char *at, Str s)
{
    memcpy(at, s.at, s.len);
    return at + s.len;
}

static char *put_zeros(char *at, int64_t n)
{
    memset(at, '0', (size_t)n);
    return at + n;
}

static char *put_exponent(char *at, int64_t e)
{
    char digits[8];
    size_t n = 0;
    for (int64_t left = e < 0 ? -e : e; left > 0 || n == 0; left /= 10) {
        digits[n++] = (char)('0' + left % 10);
    }
    *at++ = 'E';
    *at++ = e < 0 ? '-' : '+';
    while (n > 0) {
        *at++ = digits[--n];
    }
    return at;
}

static char *put_number(char *at, Parts p)
{
    int64_t point = (int64_t)p.digits.len + p.exponent; /* digits before the point */
    if (point > DECIMAL_PLAIN_DIGITS || point < -DECIMAL_PLAIN_DIGITS) {
        *at++ = p.digits.at[0];
        if (p.digits.len > 1) {
            *at++ = '.';
            at = put(at, str_slice(p.digits, 1, p.digits.len));
        }
        return put_exponent(at, point - 1);
    }
    if (point <= 0) {
        at = put_zeros(put(at, STR("0.")), -point);
        return put(at, p.digits);
    }
    at = put(at, str_slice(p.digits, 0, (size_t)point));
    if (p.exponent >= 0) {
        return put_zeros(at, p.exponent);
    }
    *at++ = '.';
    return put(at, str_slice(p.digits, (size_t)point, p.digits.len));
}

Str decimal_text(Arena *out, Decimal d)
{
    char raw[RAW_TEXT], text[TEXT_ROOM], *at = text;
    if (decimal_is_zero(d)) {
        return STR("0");
    }
    Parts p = parts_of(d, raw);
    if (p.negative) {
        *at++ = '-';
    }
    at = put_number(at, p);
    return str_dup(out, (Str){text, (size_t)(at - text)});
}
