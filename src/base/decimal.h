/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/decimal.h - exact decimal numbers: IEEE 754 decimal128, 34 digits, half-even.
 *
 * A Decimal is always finite: what would overflow, divide by zero or have no real result makes the
 * function say false and leaves *out as it was. decimal.c is the room of Intel's decimal library;
 * numbers that fit a word are calculated without it, with the same bits as result.
 * Memory:  only decimal_text takes memory. Threads: values, no state.
 * Limits:  DECIMAL_MAX_TEXT bytes of text are read; exponents -6143 to 6144.
 */
#pragma once

#include "base/str.h"

enum { DECIMAL_MAX_TEXT = 512, DECIMAL_PLAIN_DIGITS = 40 };

typedef struct {
    uint64_t words[2];
} Decimal;

typedef enum {
    DECIMAL_HALF_EVEN,
    DECIMAL_FLOOR,
    DECIMAL_CEILING,
    DECIMAL_UP,   /* away from zero */
    DECIMAL_DOWN, /* to zero */
    DECIMAL_HALF_UP,
    DECIMAL_HALF_DOWN,
} DecimalRounding;

Decimal decimal_of_int(int64_t n);
/* [+-] digits [. digits] [e [+-] digits], also ".5"; the whole text. */
MUST_CHECK bool decimal_parse(Str text, Decimal *out);
/* Shortest JSON number: equal decimals have equal text; 1E+50 beyond DECIMAL_PLAIN_DIGITS. */
Str decimal_text(Arena *out, Decimal d);

MUST_CHECK bool decimal_add(Decimal a, Decimal b, Decimal *out);
MUST_CHECK bool decimal_sub(Decimal a, Decimal b, Decimal *out);
MUST_CHECK bool decimal_mul(Decimal a, Decimal b, Decimal *out);
MUST_CHECK bool decimal_div(Decimal a, Decimal b, Decimal *out);
MUST_CHECK bool decimal_pow(Decimal a, Decimal b, Decimal *out);
/* a - b * floor(a / b). */
MUST_CHECK bool decimal_mod(Decimal a, Decimal b, Decimal *out);
MUST_CHECK bool decimal_sqrt(Decimal a, Decimal *out);
MUST_CHECK bool decimal_log(Decimal a, Decimal *out);
MUST_CHECK bool decimal_exp(Decimal a, Decimal *out);
/* To so many digits after the point (negative: before it). */
MUST_CHECK bool decimal_round(Decimal a, int32_t scale, DecimalRounding mode, Decimal *out);
Decimal decimal_negate(Decimal a);
Decimal decimal_abs(Decimal a);

int decimal_cmp(Decimal a, Decimal b); /* -1, 0, 1 */
bool decimal_is_zero(Decimal a);
bool decimal_is_integer(Decimal a);
/* The integer part, toward zero; false when it does not fit. */
MUST_CHECK bool decimal_int(Decimal a, int64_t *out);

/* The nearest binary number, infinite where it is too large; and the shortest decimal that is
 * nearest to a binary one: false when that is not finite. */
double decimal_double(Decimal a);
float decimal_float(Decimal a);
MUST_CHECK bool decimal_of_double(double x, Decimal *out);
MUST_CHECK bool decimal_of_float(float x, Decimal *out);
