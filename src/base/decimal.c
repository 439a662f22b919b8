/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Intel's library passes 16-byte aligned structs and reports trouble in a flags word; here values
 * are copied in and out and trouble shows as a result that is not finite. Its text form is
 * "+123E-2"; the house writes JSON numbers, so the layout is done here. pow is exact for whole
 * exponents (by squaring), because the library's own is not correctly rounded.
 */
#include "base/decimal.h"

#include <bid_conf.h>
#include <bid_functions.h>

enum { EXPONENT_DIGITS = 6, POW_MAX = 1 << 20, RAW_TEXT = 64 };

static BID_UINT128 bid_of(Decimal d)
{
    BID_UINT128 b;
    memcpy(&b, d.words, sizeof d.words);
    return b;
}

static Decimal of_bid(BID_UINT128 b)
{
    Decimal d;
    memcpy(d.words, &b, sizeof d.words);
    return d;
}

static bool finish(BID_UINT128 b, Decimal *out)
{
    if (bid128_isNaN(b) || bid128_isInf(b)) {
        return false;
    }
    *out = of_bid(b);
    return true;
}

Decimal decimal_of_int(int64_t n)
{
    return of_bid(bid128_from_int64(n));
}

static size_t skip_digits(Str s, size_t i)
{
    while (i < s.len && s.at[i] >= '0' && s.at[i] <= '9') {
        i++;
    }
    return i;
}

static bool is_number(Str s)
{
    size_t i = s.len > 0 && (s.at[0] == '-' || s.at[0] == '+') ? 1 : 0;
    size_t from = i;
    i = skip_digits(s, i);
    size_t digits = i - from;
    if (i < s.len && s.at[i] == '.') {
        from = ++i;
        i = skip_digits(s, i);
        if (i == from) {
            return false;
        }
        digits += i - from;
    }
    if (digits > 0 && i < s.len && (s.at[i] == 'e' || s.at[i] == 'E')) {
        i++;
        i += i < s.len && (s.at[i] == '-' || s.at[i] == '+') ? 1 : 0;
        from = i;
        i = skip_digits(s, i);
        if (i == from || i - from > EXPONENT_DIGITS) {
            return false;
        }
    }
    return digits > 0 && i == s.len;
}

bool decimal_parse(Str text, Decimal *out)
{
    char z[DECIMAL_MAX_TEXT + 1];
    if (text.len > DECIMAL_MAX_TEXT || !is_number(text)) {
        return false;
    }
    memcpy(z, text.at, text.len);
    z[text.len] = 0;
    _IDEC_flags flags = 0;
    return finish(bid128_from_string(z, BID_ROUNDING_TO_NEAREST, &flags), out);
}

/* Where the digits are once the library wrote "+123E-2", trailing zeros taken off. */
typedef struct {
    bool negative;
    Str digits;
    int64_t exponent;
} Parts;

static Parts parts_of(char *raw)
{
    Parts p = {.negative = raw[0] == '-'};
    Str s = str_z(raw + 1);
    size_t e = str_find(s, STR("E"), 0);
    p.digits = str_slice(s, 0, e);
    Str exponent = str_slice(s, e + 1, s.len);
    bool minus = str_starts(exponent, STR("-"));
    if (!str_int(str_slice(exponent, 1, exponent.len), &p.exponent)) {
        p.exponent = 0;
    }
    p.exponent = minus ? -p.exponent : p.exponent;
    while (p.digits.len > 1 && p.digits.at[p.digits.len - 1] == '0') {
        p.digits.len--;
        p.exponent++;
    }
    return p;
}

static void put_zeros(StrBuf *b, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        buf_char(b, '0');
    }
}

Str decimal_text(Arena *out, Decimal d)
{
    if (decimal_is_zero(d)) {
        return STR("0");
    }
    char raw[RAW_TEXT];
    _IDEC_flags flags = 0;
    bid128_to_string(raw, bid_of(d), &flags);
    Parts p = parts_of(raw);
    StrBuf b = buf_in(out);
    int64_t point = (int64_t)p.digits.len + p.exponent; /* digits before the point */
    if (p.negative) {
        buf_char(&b, '-');
    }
    if (point > DECIMAL_PLAIN_DIGITS || point < -DECIMAL_PLAIN_DIGITS) {
        buf_add(&b, str_slice(p.digits, 0, 1));
        if (p.digits.len > 1) {
            buf_char(&b, '.');
            buf_add(&b, str_slice(p.digits, 1, p.digits.len));
        }
        buf_fmt(&b, "E%+lld", (long long)(point - 1));
    } else if (point <= 0) {
        BUF_LIT(&b, "0.");
        put_zeros(&b, -point);
        buf_add(&b, p.digits);
    } else {
        buf_add(&b, str_slice(p.digits, 0, (size_t)point));
        put_zeros(&b, p.exponent);
        if ((size_t)point < p.digits.len) {
            buf_char(&b, '.');
            buf_add(&b, str_slice(p.digits, (size_t)point, p.digits.len));
        }
    }
    return buf_str(&b);
}

bool decimal_add(Decimal a, Decimal b, Decimal *out)
{
    _IDEC_flags flags = 0;
    return finish(bid128_add(bid_of(a), bid_of(b), BID_ROUNDING_TO_NEAREST, &flags), out);
}

bool decimal_sub(Decimal a, Decimal b, Decimal *out)
{
    _IDEC_flags flags = 0;
    return finish(bid128_sub(bid_of(a), bid_of(b), BID_ROUNDING_TO_NEAREST, &flags), out);
}

bool decimal_mul(Decimal a, Decimal b, Decimal *out)
{
    _IDEC_flags flags = 0;
    return finish(bid128_mul(bid_of(a), bid_of(b), BID_ROUNDING_TO_NEAREST, &flags), out);
}

bool decimal_div(Decimal a, Decimal b, Decimal *out)
{
    _IDEC_flags flags = 0;
    return !decimal_is_zero(b) &&
           finish(bid128_div(bid_of(a), bid_of(b), BID_ROUNDING_TO_NEAREST, &flags), out);
}

static bool pow_whole(Decimal a, int64_t n, Decimal *out)
{
    Decimal result = decimal_of_int(1);
    for (uint64_t left = (uint64_t)(n < 0 ? -n : n); left > 0; left >>= 1) {
        if ((left & 1) != 0 && !decimal_mul(result, a, &result)) {
            return false;
        }
        if (left > 1 && !decimal_mul(a, a, &a)) {
            return false;
        }
    }
    if (n < 0) {
        return decimal_div(decimal_of_int(1), result, out);
    }
    *out = result;
    return true;
}

bool decimal_pow(Decimal a, Decimal b, Decimal *out)
{
    int64_t n = 0;
    if (decimal_is_integer(b) && decimal_int(b, &n) && n > -POW_MAX && n < POW_MAX) {
        return pow_whole(a, n, out);
    }
    _IDEC_flags flags = 0;
    return finish(bid128_pow(bid_of(a), bid_of(b), BID_ROUNDING_TO_NEAREST, &flags), out);
}

bool decimal_mod(Decimal a, Decimal b, Decimal *out)
{
    Decimal q = a;
    return decimal_div(a, b, &q) && decimal_round(q, 0, DECIMAL_FLOOR, &q) &&
           decimal_mul(q, b, &q) && decimal_sub(a, q, out);
}

bool decimal_sqrt(Decimal a, Decimal *out)
{
    _IDEC_flags flags = 0;
    return finish(bid128_sqrt(bid_of(a), BID_ROUNDING_TO_NEAREST, &flags), out);
}

bool decimal_log(Decimal a, Decimal *out)
{
    _IDEC_flags flags = 0;
    return finish(bid128_log(bid_of(a), BID_ROUNDING_TO_NEAREST, &flags), out);
}

bool decimal_exp(Decimal a, Decimal *out)
{
    _IDEC_flags flags = 0;
    return finish(bid128_exp(bid_of(a), BID_ROUNDING_TO_NEAREST, &flags), out);
}

static _IDEC_round library_mode(DecimalRounding mode, bool negative)
{
    switch (mode) {
    case DECIMAL_HALF_EVEN: return BID_ROUNDING_TO_NEAREST;
    case DECIMAL_FLOOR: return BID_ROUNDING_DOWN;
    case DECIMAL_CEILING: return BID_ROUNDING_UP;
    case DECIMAL_UP: return negative ? BID_ROUNDING_DOWN : BID_ROUNDING_UP;
    case DECIMAL_DOWN:
    case DECIMAL_HALF_DOWN: return BID_ROUNDING_TO_ZERO;
    case DECIMAL_HALF_UP: return BID_ROUNDING_TIES_AWAY;
    }
    return BID_ROUNDING_TO_NEAREST;
}

bool decimal_round(Decimal a, int32_t scale, DecimalRounding mode, Decimal *out)
{
    _IDEC_flags flags = 0;
    BID_UINT128 x = bid_of(a);
    if (bid128_quantexp(x, &flags) >= -scale) {
        *out = a;
        return true;
    }
    BID_UINT128 unit = bid128_scalbn(bid128_from_int64(1), -scale, BID_ROUNDING_TO_NEAREST, &flags);
    bool negative = bid128_isSigned(x) != 0;
    BID_UINT128 r = bid128_quantize(x, unit, library_mode(mode, negative), &flags);
    if (mode == DECIMAL_HALF_DOWN) {
        Decimal rest = a, twice = a;
        if (!decimal_sub(a, of_bid(r), &rest) || !decimal_add(rest, rest, &twice)) {
            return false;
        }
        if (decimal_cmp(decimal_abs(twice), of_bid(unit)) > 0) {
            r = bid128_quantize(x, unit, BID_ROUNDING_TIES_AWAY, &flags);
        }
    }
    return finish(r, out);
}

Decimal decimal_negate(Decimal a)
{
    return of_bid(bid128_negate(bid_of(a)));
}

Decimal decimal_abs(Decimal a)
{
    return of_bid(bid128_abs(bid_of(a)));
}

int decimal_cmp(Decimal a, Decimal b)
{
    _IDEC_flags flags = 0;
    BID_UINT128 x = bid_of(a), y = bid_of(b);
    if (bid128_quiet_less(x, y, &flags)) {
        return -1;
    }
    return bid128_quiet_greater(x, y, &flags) ? 1 : 0;
}

bool decimal_is_zero(Decimal a)
{
    return bid128_isZero(bid_of(a)) != 0;
}

bool decimal_is_integer(Decimal a)
{
    _IDEC_flags flags = 0;
    BID_UINT128 whole = bid128_round_integral_zero(bid_of(a), &flags);
    return bid128_quiet_equal(whole, bid_of(a), &flags) != 0;
}

bool decimal_int(Decimal a, int64_t *out)
{
    _IDEC_flags flags = 0;
    BID_SINT64 n = bid128_to_int64_int(bid_of(a), &flags);
    if ((flags & BID_INVALID_EXCEPTION) != 0) {
        return false;
    }
    *out = n;
    return true;
}
