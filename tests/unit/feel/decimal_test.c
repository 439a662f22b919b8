/* SPDX-License-Identifier: Apache-2.0 */
/* base/decimal.h: exact to 34 digits, canonical text. */
#include "check.h"

#include "base/decimal.h"

TEST(decimal_text_is_canonical)
{
    static const struct {
        const char *in, *out; /* out NULL: refused */
    } table[] = {
        {"0", "0"},
        {"-0.00", "0"},
        {"1.50", "1.5"},
        {"+007", "7"},
        {".5", "0.5"},
        {"100", "100"},
        {"1e3", "1000"},
        {"12E-3", "0.012"},
        {"1e60", "1E+60"},
        {"-1.5e60", "-1.5E+60"},
        {"1e-60", "1E-60"},
        {"1e7000", NULL},
        {"1.", NULL},
        {"", NULL},
        {"1e", NULL},
        {"0x10", NULL},
        {"NaN", NULL},
        {" 1", NULL},
        {"1234567890123456789012345678901234", "1234567890123456789012345678901234"},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        Arena a = {0};
        Decimal d = {0};
        bool ok = decimal_parse(str_z(table[i].in), &d);
        CHECK(ok == (table[i].out != NULL), "'%s'", table[i].in);
        if (ok && table[i].out) {
            Str text = decimal_text(&a, d);
            CHECK(str_eq(text, str_z(table[i].out)), "'%s' is " STR_FMT, table[i].in,
                  STR_ARG(text));
        }
        arena_free(&a);
    }
}

static Decimal of(const char *text)
{
    Decimal d = {0};
    CHECK(decimal_parse(str_z(text), &d), "%s", text);
    return d;
}

TEST(decimal_rounding)
{
    static const struct {
        const char *in;
        int32_t scale;
        DecimalRounding mode;
        const char *out;
    } table[] = {
        {"2.5", 0, DECIMAL_HALF_EVEN, "2"},      {"3.5", 0, DECIMAL_HALF_EVEN, "4"},
        {"2.5", 0, DECIMAL_HALF_UP, "3"},        {"-2.5", 0, DECIMAL_HALF_UP, "-3"},
        {"2.5", 0, DECIMAL_HALF_DOWN, "2"},      {"2.51", 0, DECIMAL_HALF_DOWN, "3"},
        {"-2.5", 0, DECIMAL_HALF_DOWN, "-2"},    {"2.1", 0, DECIMAL_UP, "3"},
        {"-2.1", 0, DECIMAL_UP, "-3"},           {"-2.9", 0, DECIMAL_DOWN, "-2"},
        {"-2.1", 0, DECIMAL_FLOOR, "-3"},        {"2.1", 0, DECIMAL_CEILING, "3"},
        {"1.125", 2, DECIMAL_HALF_EVEN, "1.12"}, {"1250", -2, DECIMAL_HALF_EVEN, "1200"},
        {"1.5", 5, DECIMAL_HALF_EVEN, "1.5"},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        Decimal d = {0};
        CHECK(decimal_round(of(table[i].in), table[i].scale, table[i].mode, &d), "row %zu", i);
        CHECK(decimal_cmp(d, of(table[i].out)) == 0, "row %zu", i);
    }
}

TEST(decimal_arithmetic)
{
    Decimal d = {0};
    int64_t n = 0;
    CHECK(decimal_add(of("0.1"), of("0.2"), &d) && decimal_cmp(d, of("0.3")) == 0, "0.1 + 0.2");
    CHECK(decimal_pow(of("3"), of("20"), &d) && decimal_cmp(d, of("3486784401")) == 0, "3 ** 20");
    CHECK(decimal_pow(of("2"), of("-2"), &d) && decimal_cmp(d, of("0.25")) == 0, "2 ** -2");
    CHECK(decimal_mod(of("-12"), of("5"), &d) && decimal_cmp(d, of("3")) == 0, "-12 mod 5");
    CHECK(!decimal_div(of("1"), of("0"), &d), "1 / 0");
    CHECK(!decimal_mul(of("1e6000"), of("1e6000"), &d), "overflow");
    CHECK(!decimal_sqrt(of("-1"), &d) && !decimal_log(of("0"), &d), "no real result");
    CHECK(decimal_int(of("-12.9"), &n) && n == -12, "toward zero");
    CHECK(!decimal_int(of("1e19"), &n), "does not fit");
    CHECK(decimal_is_integer(of("1e3")) && !decimal_is_integer(of("0.5")), "whole");
}
