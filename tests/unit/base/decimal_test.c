/* SPDX-License-Identifier: Apache-2.0 */
/* base/decimal.h against Intel's library: the same bits for random numbers of all sizes. */
#include "check.h"

#include "base/decimal.h"

#include <bid_conf.h>
#include <bid_functions.h>

enum { PAIRS = 100000, TEXTS = 50000, MANTISSA_BITS = 64, BIAS = 6176, EXPONENT_AT = 49 };

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static BID_UINT128 bid_of(Decimal d)
{
    BID_UINT128 b;
    memcpy(&b, d.words, sizeof d.words);
    return b;
}

static bool same_bits(Decimal d, BID_UINT128 b)
{
    return memcmp(d.words, &b, sizeof d.words) == 0;
}

/* Some zeros, some round numbers, some too wide for a word, some far away. */
static Decimal random_decimal(uint64_t *seed)
{
    uint64_t how = next_random(seed), low = next_random(seed), high = 0;
    int64_t exponent = (int64_t)(next_random(seed) % 50) - 25;
    low >>= how % MANTISSA_BITS;
    low = how >> 8 & 1 ? low / 1000 * 1000 : low;
    low = (how >> 9 & 15) == 0 ? 0 : low;
    if ((how >> 13 & 7) == 0) {
        high = next_random(seed) >> (16 + (how >> 16) % 47);
    }
    if ((how >> 24 & 15) == 0) {
        exponent = (int64_t)(next_random(seed) % (6111 + BIAS)) - BIAS;
    }
    if ((how >> 28 & 3) == 0) {
        exponent = -2;
    }
    return (Decimal){{low, how >> 63 << 63 | (uint64_t)(exponent + BIAS) << EXPONENT_AT | high}};
}

static void check_result_bits(bool ok, Decimal got, BID_UINT128 want, const char *what, int i)
{
    bool finite = !bid128_isNaN(want) && !bid128_isInf(want);
    CHECK(ok == finite && (!ok || same_bits(got, want)), "%s of pair %d", what, i);
}

static void check_pair(Decimal a, Decimal b, int i)
{
    _IDEC_flags f = 0;
    BID_UINT128 x = bid_of(a), y = bid_of(b);
    Decimal r = {0};
    bool ok = decimal_add(a, b, &r);
    check_result_bits(ok, r, bid128_add(x, y, BID_ROUNDING_TO_NEAREST, &f), "+", i);
    ok = decimal_sub(a, b, &r);
    check_result_bits(ok, r, bid128_sub(x, y, BID_ROUNDING_TO_NEAREST, &f), "-", i);
    ok = decimal_mul(a, b, &r);
    check_result_bits(ok, r, bid128_mul(x, y, BID_ROUNDING_TO_NEAREST, &f), "*", i);
    if (!bid128_isZero(y)) {
        ok = decimal_div(a, b, &r);
        check_result_bits(ok, r, bid128_div(x, y, BID_ROUNDING_TO_NEAREST, &f), "/", i);
    }
    int order = bid128_quiet_less(x, y, &f) ? -1 : bid128_quiet_greater(x, y, &f);
    CHECK(decimal_cmp(a, b) == order, "order of pair %d", i);
    CHECK(same_bits(decimal_negate(a), bid128_negate(x)), "negate %d", i);
    CHECK(same_bits(decimal_abs(a), bid128_abs(x)), "abs %d", i);
}

static void check_one(Decimal a, int i)
{
    _IDEC_flags f = 0;
    BID_UINT128 x = bid_of(a);
    int64_t n = 0, wanted = bid128_to_int64_int(x, &f);
    bool fits = (f & BID_INVALID_EXCEPTION) == 0;
    BID_UINT128 whole = bid128_round_integral_zero(x, &f);
    CHECK(decimal_int(a, &n) == fits && (!fits || n == wanted), "integer of %d", i);
    CHECK(decimal_is_zero(a) == (bid128_isZero(x) != 0), "zero %d", i);
    CHECK(decimal_is_integer(a) == (bid128_quiet_equal(whole, x, &f) != 0), "whole %d", i);
}

/* The library has no half-down: to zero on a tie, else to the nearest. */
static BID_UINT128 half_down(BID_UINT128 x, BID_UINT128 unit)
{
    _IDEC_flags f = 0;
    BID_UINT128 low = bid128_quantize(x, unit, BID_ROUNDING_TO_ZERO, &f);
    BID_UINT128 rest = bid128_sub(x, low, BID_ROUNDING_TO_NEAREST, &f);
    BID_UINT128 twice = bid128_abs(bid128_add(rest, rest, BID_ROUNDING_TO_NEAREST, &f));
    return bid128_quiet_equal(twice, unit, &f)
               ? low
               : bid128_quantize(x, unit, BID_ROUNDING_TO_NEAREST, &f);
}

static void check_rounding(Decimal a, uint64_t random, int i)
{
    _IDEC_flags f = 0;
    BID_UINT128 x = bid_of(a);
    int32_t scale = (int32_t)(random % 40) - 20;
    bool minus = bid128_isSigned(x) != 0;
    const _IDEC_round modes[] = {
        [DECIMAL_HALF_EVEN] = BID_ROUNDING_TO_NEAREST,
        [DECIMAL_FLOOR] = BID_ROUNDING_DOWN,
        [DECIMAL_CEILING] = BID_ROUNDING_UP,
        [DECIMAL_UP] = minus ? BID_ROUNDING_DOWN : BID_ROUNDING_UP,
        [DECIMAL_DOWN] = BID_ROUNDING_TO_ZERO,
        [DECIMAL_HALF_UP] = BID_ROUNDING_TIES_AWAY,
    };
    BID_UINT128 one = bid128_from_int64(1);
    BID_UINT128 unit = bid128_scalbn(one, -scale, BID_ROUNDING_TO_NEAREST, &f);
    for (DecimalRounding mode = DECIMAL_HALF_EVEN; mode <= DECIMAL_HALF_DOWN; mode++) {
        Decimal r = {0};
        bool ok = decimal_round(a, scale, mode, &r);
        if (bid128_quantexp(x, &f) >= -scale) {
            CHECK(ok && same_bits(r, x), "nothing to round in %d", i);
            continue;
        }
        check_result_bits(ok, r,
                          mode == DECIMAL_HALF_DOWN ? half_down(x, unit)
                                                    : bid128_quantize(x, unit, modes[mode], &f),
                          "rounding", i * 10 + (int)mode);
    }
}

TEST(decimal_has_the_bits_of_the_library)
{
    uint64_t seed = UINT64_C(0x9e3779b97f4a7c15);
    for (int i = 0; i < PAIRS; i++) {
        Decimal a = random_decimal(&seed), b = random_decimal(&seed);
        check_pair(a, b, i);
        check_one(a, i);
        check_rounding(a, next_random(&seed), i);
    }
}

TEST(decimal_reads_as_the_library)
{
    uint64_t seed = 42;
    Arena arena = {0};
    for (int i = 0; i < TEXTS; i++) {
        _IDEC_flags f = 0;
        uint64_t how = next_random(&seed), high = next_random(&seed) >> how % 64;
        const char *sign = how >> 8 & 1 ? "-" : "";
        Str text = str_fmt(&arena, "%s%llu", sign, (unsigned long long)high);
        if (how >> 9 & 1) {
            text = str_fmt(&arena, STR_FMT ".%0*llu", STR_ARG(text), 1 + (int)(how >> 16 & 15),
                           (unsigned long long)(next_random(&seed) >> (how >> 20) % 64));
        }
        if ((how >> 10 & 3) == 0) {
            text = str_fmt(&arena, STR_FMT "e%lld", STR_ARG(text),
                           (long long)(next_random(&seed) % 13000) - 6500);
        }
        char *z = arena_alloc(&arena, text.len + 1);
        memcpy(z, text.at, text.len);
        Decimal d = {0}, back = {0};
        bool ok = decimal_parse(text, &d);
        check_result_bits(ok, d, bid128_from_string(z, BID_ROUNDING_TO_NEAREST, &f), z, i);
        Str written = ok ? decimal_text(&arena, d) : (Str){0};
        CHECK(!ok || (decimal_parse(written, &back) && decimal_cmp(d, back) == 0),
              "%s written as " STR_FMT, z, STR_ARG(written));
        arena_reset(&arena);
    }
    arena_free(&arena);
}

TEST(decimal_and_binary)
{
    static const struct {
        double in;
        const char *out;
    } table[] = {
        {0.1, "0.1"},
        {1234.56, "1234.56"},
        {-0.0, "0"},
        {1e22, "10000000000000000000000"},
        {5e-324, "5E-324"},
        {1.0 / 3, "0.3333333333333333"},
        {9007199254740993.0, "9007199254740992"},
        {1.7976931348623157e308, "1.7976931348623157E+308"},
    };
    Arena a = {0};
    Decimal d = {0};
    for (size_t i = 0; i < COUNT(table); i++) {
        bool ok = decimal_of_double(table[i].in, &d);
        Str text = decimal_text(&a, d);
        CHECK(ok && str_eq(text, str_z(table[i].out)), "%g is " STR_FMT, table[i].in,
              STR_ARG(text));
        double back = decimal_double(d);
        CHECK(memcmp(&back, &table[i].in, sizeof back) == 0 || back + table[i].in == 0,
              "%g there and back", table[i].in);
    }
    CHECK(!decimal_of_double(1e308 * 10, &d), "infinite");
    CHECK(decimal_of_float(456.78f, &d) && str_eq(decimal_text(&a, d), STR("456.78")), "float");
    CHECK(decimal_of_float(16777216.0f, &d) && str_eq(decimal_text(&a, d), STR("16777216")),
          "2^24");
    arena_free(&a);
}

TEST(decimal_remainders)
{
    static const struct {
        const char *a, *b, *out; /* out NULL: none */
    } table[] = {
        {"12", "5", "2"},
        {"-12", "5", "3"},
        {"12", "-5", "-3"},
        {"-12", "-5", "-2"},
        {"10.1", "4.5", "1.1"},
        {"-10.1", "4.5", "3.4"},
        {"10.1", "-4.5", "-3.4"},
        {"-10.1", "-4.5", "-1.1"},
        {"1e40", "3", "1"},
        {"1e6000", "7", "1"},
        {"-1e40", "3", "2"},
        {"0", "4", "0"},
        {"0.1", "0", NULL},
        {"-4", "4", "0"},
        {"9999999999999999999999999999999999", "2", "1"},
    };
    Arena arena = {0};
    for (size_t i = 0; i < COUNT(table); i++) {
        Decimal a = {0}, b = {0}, r = {0};
        CHECK(decimal_parse(str_z(table[i].a), &a) && decimal_parse(str_z(table[i].b), &b), "%zu",
              i);
        bool ok = decimal_mod(a, b, &r);
        Str text = ok ? decimal_text(&arena, r) : STR("none");
        CHECK(str_eq(text, table[i].out ? str_z(table[i].out) : STR("none")),
              "%s mod %s is " STR_FMT, table[i].a, table[i].b, STR_ARG(text));
    }
    arena_free(&arena);
}
