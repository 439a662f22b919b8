/* SPDX-License-Identifier: Apache-2.0 */
/*
 * catalogue/pinyin.h - readings of the common Hanzi (GB 2312), without tones.
 *
 * Private to the catalogue's search. Memory: the table is built in an arena while an index is made.
 * Limits: PINYIN_READINGS readings a character; characters outside the table have none.
 */
#pragma once

#include "base/str.h"

enum { PINYIN_READINGS = 3 };

/* A syllable and the Hanzi that are read so first, second, third. */
typedef struct {
    const char *syllable;
    const char *hanzi[PINYIN_READINGS];
} PinyinRow;

extern const PinyinRow pinyin_rows[];
extern const size_t pinyin_row_count;

typedef struct PinyinTable PinyinTable;

PinyinTable *pinyin_table(Arena *out);
/* Number of readings; 0 for what is no common Hanzi. */
size_t pinyin_of(const PinyinTable *t, uint32_t hanzi, Str readings[PINYIN_READINGS]);
/* Sounds that many speakers do not tell apart made one: zh/z, ch/c, sh/s, ang/an, eng/en, ing/in.
 */
Str pinyin_blur(Arena *out, Str pinyin);
