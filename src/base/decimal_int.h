/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/decimal_int.h - how a Decimal lies in memory, for decimal.c and decimal_text.c.
 *
 * IEEE 754 decimal128 in its binary coding: sign, 14 bits of exponent, 113 bits of coefficient. A
 * Small is one whose coefficient fits a word, which nearly all numbers of daily life are.
 */
#pragma once

#include "base/decimal.h"

enum {
    DECIMAL_BIAS = 6176,
    DECIMAL_MAX_EXPONENT = 6111, /* of a coefficient without a point */
    SMALL_DIGITS = 19,           /* that always fit a word */
    RAW_TEXT = 64,
};

typedef struct {
    uint64_t digits;
    int32_t exponent;
    bool negative;
} Small;

/* 10 to the power of 0 to 19. */
extern const uint64_t small_tens[SMALL_DIGITS + 1];

bool small_of(Decimal d, Small *s);
bool small_fits(int64_t exponent);
Decimal small_pack(Small s);
/* The library's own text, "+123E-2"; and the value of a plain number of any length. */
void decimal_raw(Decimal d, char raw[RAW_TEXT]);
MUST_CHECK bool decimal_of_raw(const char *text, Decimal *out);
