/* SPDX-License-Identifier: Apache-2.0 */
/*
 * feel/unicode_int.h - what regular expressions and case mapping need to know of Unicode.
 *
 * No state, no memory: tables of constants in unicode_data.c, each in order of its code points
 * (blocks: of their names).
 */
#pragma once

#include "base/utf8.h"

enum { CASE_LONGEST = 3 };

typedef struct {
    const char *name; /* without spaces; one of several parts stands several times */
    uint32_t from, to;
} UnicodeBlock;

/* Every step-th code point moves by delta. */
typedef struct {
    uint32_t from, to, step;
    int32_t delta;
} CaseRange;

/* One that becomes several; unused ones are 0. */
typedef struct {
    uint32_t from, to[CASE_LONGEST];
} CaseLong;

extern const UnicodeBlock unicode_blocks[];
extern const size_t unicode_block_count;
extern const CaseRange unicode_upper[], unicode_lower[];
extern const size_t unicode_upper_count, unicode_lower_count;
extern const CaseLong unicode_upper_long[], unicode_lower_long[];
extern const size_t unicode_upper_long_count, unicode_lower_long_count;

/* First block of that name, or NULL; further parts follow it. */
const UnicodeBlock *unicode_block(Str name);
/* Full case mapping without regard to language or neighbours. */
void unicode_put_upper(StrBuf *b, Str s);
void unicode_put_lower(StrBuf *b, Str s);
