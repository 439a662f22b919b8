/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Intel's library passes 16-byte aligned structs and reports trouble in a flags word; here values
 * are copied in and out and trouble shows as a result that is not finite. pow is exact for whole
 * exponents (by squaring), because the library's own is not correctly rounded.
 *
 * Numbers whose coefficients fit a word (Small) are added, multiplied, compared and rounded here
 * where the result is exact: the same bits as the library's, in a third of the time or less. What
 * does not fit falls through to the library.
 */
#include "base/decimal_int.h"

#include <bid_conf.h>
#include <bid_functions.h>
#include <float.h>

enum { POW_MAX = 1 << 20, EXPONENT_SHIFT = 49 };

#define SIGN_BIT (UINT64_C(1) << 63)
#define SPECIAL (UINT64_C(3) << 61) /* not finite, or not canonical */
#define HIGH_DIGITS ((UINT64_C(1) << EXPONENT_SHIFT) - 1)

__extension__ typedef unsigned __int128 Wide;

const uint64_t small_tens[SMALL_DIGITS + 1] = {
    UINT64_C(1),
    UINT64_C(10),
    UINT64_C(100),
    UINT64_C(1000),
    UINT64_C(10000),
    UINT64_C(100000),
    UINT64_C(1000000),
    UINT64_C(10000000),
    UINT64_C(100000000),
    UINT64_C(1000000000),
    UINT64_C(10000000000),
    UINT64_C(100000000000),
    UINT64_C(1000000000000),
    UINT64_C(10000000000000),
    UINT64_C(100000000000000),
    UINT64_C(1000000000000000),
    UINT64_C(10000000000000000),
    UINT64_C(100000000000000000),
    UINT64_C(1000000000000000000),
    UINT64_C(10000000000000000000),
};

static inline bool as_small(Decimal d, Small *s)
{
    uint64_t high = d.words[1];
    s->digits = d.words[0];
    s->exponent = (int32_t)(high >> EXPONENT_SHIFT & 0x3fff) - DECIMAL_BIAS;
    s->negative = high >> 63 != 0;
    return (high & HIGH_DIGITS) == 0 && (high & SPECIAL) != SPECIAL;
}

static inline Decimal pack(bool negative, uint64_t high, uint64_t low, int32_t exponent)
{
    uint64_t biased = (uint64_t)((int64_t)exponent + DECIMAL_BIAS);
    return (Decimal){{low, (negative ? SIGN_BIT : 0) | biased << EXPONENT_SHIFT | high}};
}

bool small_of(Decimal d, Small *s)
{
    return as_small(d, s);
}

bool small_fits(int64_t exponent)
{
    return exponent >= -DECIMAL_BIAS && exponent <= DECIMAL_MAX_EXPONENT;
}

Decimal small_pack(Small s)
{
    return pack(s.negative, 0, s.digits, s.exponent);
}

/* Both to the smaller exponent; false: it does not fit, or a zero has a say in the exponent. */
static inline bool align(Small *a, Small *b)
{
    if (a->exponent == b->exponent) {
        return true;
    }
    Small *wide = a->exponent > b->exponent ? a : b, *fine = wide == a ? b : a;
    int32_t shift = wide->exponent - fine->exponent;
    if (shift > SMALL_DIGITS || a->digits == 0 || b->digits == 0 ||
        __builtin_mul_overflow(wide->digits, small_tens[shift], &wide->digits)) {
        return false;
    }
    wide->exponent = fine->exponent;
    return true;
}

static inline bool small_add(Decimal x, Decimal y, bool subtract, Decimal *out)
{
    Small a, b;
    if (!as_small(x, &a) || !as_small(y, &b) || !align(&a, &b)) {
        return false;
    }
    b.negative = b.negative != subtract;
    if (a.negative == b.negative) {
        uint64_t sum = 0;
        if (__builtin_add_overflow(a.digits, b.digits, &sum)) {
            return false;
        }
        *out = pack(a.negative, 0, sum, a.exponent);
        return true;
    }
    bool swap = a.digits < b.digits;
    uint64_t rest = swap ? b.digits - a.digits : a.digits - b.digits;
    *out = pack(rest > 0 && (swap ? b.negative : a.negative), 0, rest, a.exponent);
    return true;
}

static inline bool small_mul(Decimal x, Decimal y, Decimal *out)
{
    /* 10 to the power of 34: the first that has too many digits */
    const Wide most = (Wide)small_tens[17] * small_tens[17];
    Small a, b;
    if (!as_small(x, &a) || !as_small(y, &b) || !small_fits(a.exponent + b.exponent)) {
        return false;
    }
    Wide product = (Wide)a.digits * b.digits;
    if (product >= most) {
        return false;
    }
    *out = pack(a.negative != b.negative, (uint64_t)(product >> 64), (uint64_t)product,
                a.exponent + b.exponent);
    return true;
}

/* Only what comes out even. */
static inline bool small_div(Decimal x, Decimal y, Decimal *out)
{
    Small a, b;
    if (!as_small(x, &a) || !as_small(y, &b) || a.digits == 0 || b.digits == 0 ||
        a.digits % b.digits != 0 || !small_fits(a.exponent - b.exponent)) {
        return false;
    }
    *out = pack(a.negative != b.negative, 0, a.digits / b.digits, a.exponent - b.exponent);
    return true;
}

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
    return pack(n < 0, 0, n < 0 ? 0 - (uint64_t)n : (uint64_t)n, 0);
}

void decimal_raw(Decimal d, char raw[RAW_TEXT])
{
    _IDEC_flags flags = 0;
    bid128_to_string(raw, bid_of(d), &flags);
}

bool decimal_of_raw(const char *text, Decimal *out)
{
    char room[DECIMAL_MAX_TEXT + 1]; /* the library does not say const */
    _IDEC_flags flags = 0;
    size_t len = strlen(text);
    ASSERT(len <= DECIMAL_MAX_TEXT);
    memcpy(room, text, len + 1);
    return finish(bid128_from_string(room, BID_ROUNDING_TO_NEAREST, &flags), out);
}

bool decimal_add(Decimal a, Decimal b, Decimal *out)
{
    _IDEC_flags flags = 0;
    return small_add(a, b, false, out) ||
           finish(bid128_add(bid_of(a), bid_of(b), BID_ROUNDING_TO_NEAREST, &flags), out);
}

bool decimal_sub(Decimal a, Decimal b, Decimal *out)
{
    _IDEC_flags flags = 0;
    return small_add(a, b, true, out) ||
           finish(bid128_sub(bid_of(a), bid_of(b), BID_ROUNDING_TO_NEAREST, &flags), out);
}

bool decimal_mul(Decimal a, Decimal b, Decimal *out)
{
    _IDEC_flags flags = 0;
    return small_mul(a, b, out) ||
           finish(bid128_mul(bid_of(a), bid_of(b), BID_ROUNDING_TO_NEAREST, &flags), out);
}

bool decimal_div(Decimal a, Decimal b, Decimal *out)
{
    _IDEC_flags flags = 0;
    return small_div(a, b, out) ||
           (!decimal_is_zero(b) &&
            finish(bid128_div(bid_of(a), bid_of(b), BID_ROUNDING_TO_NEAREST, &flags), out));
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

/* The library's remainder is exact and has the sign of a; it is moved to that of b. */
bool decimal_mod(Decimal a, Decimal b, Decimal *out)
{
    _IDEC_flags flags = 0;
    Decimal rest = a;
    if (decimal_is_zero(b) || !finish(bid128_fmod(bid_of(a), bid_of(b), &flags), &rest)) {
        return false;
    }
    bool other_side = !decimal_is_zero(rest) && ((rest.words[1] ^ b.words[1]) & SIGN_BIT) != 0;
    if (other_side) {
        return decimal_add(rest, b, out);
    }
    *out = rest;
    return true;
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

/* Whether rest out of unit moves the last digit away from zero. */
static bool rounds_away(DecimalRounding mode, const Small *s, uint64_t whole, uint64_t rest,
                        uint64_t unit)
{
    int half = rest < unit - rest ? -1 : rest > unit - rest;
    switch (mode) {
    case DECIMAL_HALF_EVEN: return half > 0 || (half == 0 && whole % 2 != 0);
    case DECIMAL_FLOOR: return rest > 0 && s->negative;
    case DECIMAL_CEILING: return rest > 0 && !s->negative;
    case DECIMAL_UP: return rest > 0;
    case DECIMAL_DOWN: return false;
    case DECIMAL_HALF_UP: return half >= 0;
    case DECIMAL_HALF_DOWN: return half > 0;
    }
    return false;
}

static bool small_round(Decimal a, int32_t scale, DecimalRounding mode, Decimal *out)
{
    Small s;
    if (!as_small(a, &s) || s.exponent + (int64_t)scale >= 0 ||
        s.exponent + (int64_t)scale < -SMALL_DIGITS || !small_fits(-(int64_t)scale)) {
        return false;
    }
    uint64_t unit = small_tens[-(s.exponent + scale)];
    uint64_t whole = s.digits / unit, rest = s.digits % unit;
    whole += rounds_away(mode, &s, whole, rest, unit) ? 1 : 0;
    *out = pack(s.negative, 0, whole, -scale);
    return true;
}

bool decimal_round(Decimal a, int32_t scale, DecimalRounding mode, Decimal *out)
{
    _IDEC_flags flags = 0;
    BID_UINT128 x = bid_of(a);
    if (small_round(a, scale, mode, out)) {
        return true;
    }
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
    return (Decimal){{a.words[0], a.words[1] ^ SIGN_BIT}};
}

Decimal decimal_abs(Decimal a)
{
    return (Decimal){{a.words[0], a.words[1] & ~SIGN_BIT}};
}

/* Of coefficients: one that does not fit when aligned is the larger one. */
static int compare_sizes(Small a, Small b)
{
    if (a.digits == 0 || b.digits == 0) {
        return a.digits > 0 ? 1 : b.digits > 0 ? -1 : 0;
    }
    if (!align(&a, &b)) {
        return a.exponent > b.exponent ? 1 : -1;
    }
    return a.digits < b.digits ? -1 : a.digits > b.digits;
}

int decimal_cmp(Decimal a, Decimal b)
{
    Small x, y;
    if (as_small(a, &x) && as_small(b, &y)) {
        x.negative = x.negative && x.digits > 0;
        y.negative = y.negative && y.digits > 0;
        int sizes = x.negative == y.negative ? compare_sizes(x, y) : 1;
        return x.negative ? -sizes : sizes;
    }
    _IDEC_flags flags = 0;
    BID_UINT128 p = bid_of(a), q = bid_of(b);
    if (bid128_quiet_less(p, q, &flags)) {
        return -1;
    }
    return bid128_quiet_greater(p, q, &flags) ? 1 : 0;
}

bool decimal_is_zero(Decimal a)
{
    Small s;
    return as_small(a, &s) ? s.digits == 0 : bid128_isZero(bid_of(a)) != 0;
}

bool decimal_is_integer(Decimal a)
{
    Small s;
    if (as_small(a, &s)) {
        return s.exponent >= 0 || s.digits == 0 ||
               (s.exponent >= -SMALL_DIGITS && s.digits % small_tens[-s.exponent] == 0);
    }
    _IDEC_flags flags = 0;
    BID_UINT128 whole = bid128_round_integral_zero(bid_of(a), &flags);
    return bid128_quiet_equal(whole, bid_of(a), &flags) != 0;
}

bool decimal_int(Decimal a, int64_t *out)
{
    Small s;
    if (as_small(a, &s) && s.exponent == 0 && s.digits <= INT64_MAX) {
        *out = s.negative ? -(int64_t)s.digits : (int64_t)s.digits;
        return true;
    }
    _IDEC_flags flags = 0;
    BID_SINT64 n = bid128_to_int64_int(bid_of(a), &flags);
    if ((flags & BID_INVALID_EXCEPTION) != 0) {
        return false;
    }
    *out = n;
    return true;
}

/* ---- binary numbers ---- */

enum { DOUBLE_DIGITS = 15, DOUBLE_DIGITS_MAX = 17, FLOAT_DIGITS = 6, FLOAT_DIGITS_MAX = 9 };

double decimal_double(Decimal a)
{
    _IDEC_flags flags = 0;
    return bid128_to_binary64(bid_of(a), BID_ROUNDING_TO_NEAREST, &flags);
}

float decimal_float(Decimal a)
{
    _IDEC_flags flags = 0;
    return bid128_to_binary32(bid_of(a), BID_ROUNDING_TO_NEAREST, &flags);
}

/* exact to so many digits. */
static bool to_digits(Decimal exact, int32_t digits, Decimal *out)
{
    _IDEC_flags flags = 0;
    int32_t first = bid128_ilogb(bid_of(exact), &flags);
    return decimal_round(exact, digits - 1 - first, DECIMAL_HALF_EVEN, out);
}

bool decimal_of_double(double x, Decimal *out)
{
    _IDEC_flags flags = 0;
    Decimal exact = {0}, near = {0};
    if (!finish(binary64_to_bid128(x, BID_ROUNDING_TO_NEAREST, &flags), &exact)) {
        return false;
    }
    bool subnormal = x < DBL_MIN && x > -DBL_MIN; /* has fewer digits */
    for (int32_t digits = subnormal ? 1 : DOUBLE_DIGITS; digits <= DOUBLE_DIGITS_MAX; digits++) {
        if (!decimal_is_zero(exact) && to_digits(exact, digits, &near) &&
            !(decimal_double(near) < x) && !(decimal_double(near) > x)) {
            *out = near;
            return true;
        }
    }
    *out = exact;
    return true;
}

bool decimal_of_float(float x, Decimal *out)
{
    _IDEC_flags flags = 0;
    Decimal exact = {0}, near = {0};
    if (!finish(binary32_to_bid128(x, BID_ROUNDING_TO_NEAREST, &flags), &exact)) {
        return false;
    }
    bool subnormal = x < FLT_MIN && x > -FLT_MIN;
    for (int32_t digits = subnormal ? 1 : FLOAT_DIGITS; digits <= FLOAT_DIGITS_MAX; digits++) {
        if (!decimal_is_zero(exact) && to_digits(exact, digits, &near) &&
            !(decimal_float(near) < x) && !(decimal_float(near) > x)) {
            *out = near;
            return true;
        }
    }
    *out = exact;
    return true;
}
