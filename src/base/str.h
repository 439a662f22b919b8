/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/str.h - text by pointer and length, and a buffer that grows in an arena.
 *
 * Str is a view: never owned, never NUL-dependent. Text is UTF-8, checked once where it enters.
 * Memory: functions that make text take the Arena that owns it. Threads: values, no state.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"

typedef struct {
    const char *at;
    size_t len;
} Str;

#define STR(literal) ((Str){"" literal, sizeof(literal) - 1})
/* For tables: a constant initialiser. */
#define STR_INIT(literal)                                                                          \
    {                                                                                              \
        "" literal, sizeof(literal) - 1                                                            \
    }
#define STR_FMT "%.*s"
#define STR_ARG(s) (int)(s).len, (s).at

static inline Str str_z(const char *z)
{
    return (Str){z, z ? strlen(z) : 0};
}
static inline bool str_empty(Str s)
{
    return s.len == 0;
}
static inline bool str_eq(Str a, Str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}
int str_cmp(Str a, Str b);        /* byte order */
bool str_eq_nocase(Str a, Str b); /* ASCII letters only */
bool str_starts(Str s, Str prefix);
bool str_ends(Str s, Str suffix);
/* Offset of the first needle at or after from, or SIZE_MAX. */
size_t str_find(Str s, Str needle, size_t from);
Str str_slice(Str s, size_t from, size_t to); /* clamped */
Str str_trim(Str s);                          /* ASCII white space */
/* Takes the part before the first separator off *rest; false once *rest is used up (at == NULL). */
bool str_split(Str *rest, char separator, Str *part);
Str str_dup(Arena *out, Str s);
const char *str_cstr(Arena *out, Str s);
Str str_fmt(Arena *out, const char *fmt, ...) PRINTF_LIKE(2, 3);
Str str_vfmt(Arena *out, const char *fmt, va_list args) PRINTF_LIKE(2, 0);
Str str_join(Arena *out, Str a, Str b);
Str str_lower(Arena *out, Str s); /* ASCII letters only */
Str str_replace(Arena *out, Str s, Str what, Str with);
/* For one part of an address: all but letters, digits and - . _ ~ as %XX (RFC 3986). */
Str str_percent(Arena *out, Str s);
/* Whole text as a decimal integer; false on anything else or overflow. */
MUST_CHECK bool str_int(Str s, int64_t *value);
/* Same number of comparisons whatever the content: for tokens. */
bool str_eq_secret(Str a, Str b);
uint64_t str_hash(Str s, uint64_t seed);

typedef struct {
    Arena *arena;
    char *at;
    size_t len, cap;
} StrBuf;

static inline StrBuf buf_in(Arena *a)
{
    return (StrBuf){.arena = a};
}
/* Room for n more bytes, to be followed by len += written. */
char *buf_room(StrBuf *b, size_t n);
void buf_add(StrBuf *b, Str s);
void buf_char(StrBuf *b, char c);
void buf_int(StrBuf *b, int64_t n);
void buf_fmt(StrBuf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
static inline Str buf_str(const StrBuf *b)
{
    return (Str){b->at ? b->at : "", b->len};
}
#define BUF_LIT(b, literal) buf_add((b), STR(literal))
