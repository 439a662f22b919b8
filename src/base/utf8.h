/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/utf8.h - UTF-8 checked once at the door, then walked without fear (RFC 3629).
 * Overlong forms, surrogates and values past U+10FFFF are invalid. No state, no memory.
 */
#pragma once

#include "base/str.h"

#define UTF8_INVALID UINT32_MAX

/* Offset of the first invalid byte, or s.len when all is well. */
size_t utf8_check(Str s);
bool utf8_valid(Str s);
/* Code point at *at, which moves past it; UTF8_INVALID (and *at + 1) for a bad byte. */
uint32_t utf8_next(Str s, size_t *at);
void utf8_put(StrBuf *b, uint32_t code_point);
size_t utf8_count(Str s); /* code points */
/* The first n code points. */
Str utf8_head(Str s, size_t n);
