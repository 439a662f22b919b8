/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"

#include <stdio.h>

enum { SHORT_TEXT = 200 };

int str_cmp(Str a, Str b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int order = n ? memcmp(a.at, b.at, n) : 0;
    if (order)
        return order;
    return a.len < b.len ? -1 : a.len > b.len;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool str_eq_nocase(Str a, Str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.at[i]) != lower(b.at[i]))
            return false;
    return true;
}

bool str_starts(Str s, Str prefix)
{
    return s.len >= prefix.len && (prefix.len == 0 || memcmp(s.at, prefix.at, prefix.len) == 0);
}

bool str_ends(Str s, Str suffix)
{
    return s.len >= suffix.len && str_eq(str_slice(s, s.len - suffix.len, s.len), suffix);
}

size_t str_find(Str s, Str needle, size_t from)
{
    if (from > s.len || (!s.at && needle.len))
        return SIZE_MAX;
    if (needle.len == 0)
        return from;
    const char *hit = memmem(s.at + from, s.len - from, needle.at, needle.len);
    return hit ? (size_t)(hit - s.at) : SIZE_MAX;
}

Str str_slice(Str s, size_t from, size_t to)
{
    if (!s.at)
        return s;
    if (to > s.len)
        to = s.len;
    if (from > to)
        from = to;
    return (Str){s.at + from, to - from};
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

Str str_trim(Str s)
{
    while (s.len && is_space(s.at[0]))
        s = str_slice(s, 1, s.len);
    while (s.len && is_space(s.at[s.len - 1]))
        s.len--;
    return s;
}

bool str_split(Str *rest, char separator, Str *part)
{
    if (!rest->at)
        return false;
    const char *hit = rest->len ? memchr(rest->at, separator, rest->len) : NULL;
    if (!hit) {
        *part = *rest;
        *rest = (Str){NULL, 0};
        return true;
    }
    size_t n = (size_t)(hit - rest->at);
    *part = (Str){rest->at, n};
    *rest = (Str){hit + 1, rest->len - n - 1};
    return true;
}

const char *str_cstr(Arena *out, Str s)
{
    char *at = arena_text(out, s.len + 1);
    if (s.len)
        memcpy(at, s.at, s.len);
    return at;
}

Str str_dup(Arena *out, Str s)
{
    return (Str){str_cstr(out, s), s.len};
}

/* Most texts are short: they are formatted once. */
Str str_vfmt(Arena *out, const char *fmt, va_list args)
{
    ASSERT(fmt);
    char room[SHORT_TEXT];
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(room, sizeof room, fmt, args);
    ASSERT(n >= 0);
    char *at = arena_alloc(out, (size_t)n + 1);
    if ((size_t)n < sizeof room)
        memcpy(at, room, (size_t)n + 1);
    else
        (void)vsnprintf(at, (size_t)n + 1, fmt, again);
    va_end(again);
    return (Str){at, (size_t)n};
}

Str str_fmt(Arena *out, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    Str s = str_vfmt(out, fmt, args);
    va_end(args);
    return s;
}

Str str_join(Arena *out, Str a, Str b)
{
    StrBuf buf = buf_in(out);
    buf_add(&buf, a);
    buf_add(&buf, b);
    return buf_str(&buf);
}

Str str_lower(Arena *out, Str s)
{
    char *at = arena_alloc(out, s.len + 1);
    for (size_t i = 0; i < s.len; i++)
        at[i] = lower(s.at[i]);
    return (Str){at, s.len};
}

Str str_replace(Arena *out, Str s, Str what, Str with)
{
    StrBuf b = buf_in(out);
    size_t from = 0;
    for (size_t hit; what.len && (hit = str_find(s, what, from)) != SIZE_MAX;
         from = hit + what.len) {
        buf_add(&b, str_slice(s, from, hit));
        buf_add(&b, with);
    }
    buf_add(&b, str_slice(s, from, s.len));
    return buf_str(&b);
}

Str str_percent(Arena *out, Str s)
{
    static const char hex[] = "0123456789ABCDEF";
    StrBuf b = buf_in(out);
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                     (c && strchr("-._~", c));
        if (!plain) {
            buf_char(&b, '%');
            buf_char(&b, hex[c >> 4]);
        }
        buf_char(&b, plain ? s.at[i] : hex[c & 15]);
    }
    return buf_str(&b);
}

bool str_int(Str s, int64_t *value)
{
    bool negative = s.len && s.at[0] == '-';
    size_t i = negative || (s.len && s.at[0] == '+') ? 1 : 0;
    if (i == s.len)
        return false;
    int64_t n = 0;
    for (; i < s.len; i++) {
        char c = s.at[i];
        if (c < '0' || c > '9')
            return false;
        if (__builtin_mul_overflow(n, 10, &n) || __builtin_sub_overflow(n, c - '0', &n))
            return false;
    }
    if (!negative && __builtin_sub_overflow((int64_t)0, n, &n))
        return false;
    *value = n;
    return true;
}

bool str_eq_secret(Str a, Str b)
{
    unsigned diff = a.len != b.len;
    for (size_t i = 0; i < a.len && b.len; i++)
        diff |= (unsigned char)(a.at[i] ^ b.at[i % b.len]);
    return diff == 0;
}

/* Both halves of the 128-bit product: what collides depends on the seed, which nobody outside
 * knows. */
static uint64_t mixed(uint64_t h, uint64_t word)
{
    __extension__ typedef unsigned __int128 Wide;
    Wide product = (Wide)(h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

uint64_t str_hash(Str s, uint64_t seed)
{
    uint64_t h = seed ^ (s.len * UINT64_C(0xa0761d6478bd642f)), word = 0;
    size_t i = 0;
    for (; s.len - i > sizeof word; i += sizeof word) {
        memcpy(&word, s.at + i, sizeof word);
        h = mixed(h, word);
    }
    word = 0;
    if (i < s.len)
        memcpy(&word, s.at + i, s.len - i);
    return mixed(mixed(h, word), UINT64_C(0xe7037ed1a0b428db));
}

char *buf_room(StrBuf *b, size_t n)
{
    if (b->cap - b->len < n) {
        size_t cap = b->cap ? b->cap * 2 : 128;
        while (cap - b->len < n)
            cap *= 2;
        b->at = arena_grow(b->arena, b->at, b->cap, cap);
        b->cap = cap;
    }
    return b->at + b->len;
}

void buf_add(StrBuf *b, Str s)
{
    if (!s.len)
        return;
    memcpy(buf_room(b, s.len), s.at, s.len);
    b->len += s.len;
}

void buf_char(StrBuf *b, char c)
{
    *buf_room(b, 1) = c;
    b->len++;
}

void buf_int(StrBuf *b, int64_t n)
{
    char digits[24];
    size_t at = sizeof digits;
    uint64_t rest = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (n < 0)
        digits[--at] = '-';
    buf_add(b, (Str){digits + at, sizeof digits - at});
}

void buf_fmt(StrBuf *b, const char *fmt, ...)
{
    ASSERT(fmt);
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    char room[SHORT_TEXT];
    int n = vsnprintf(room, sizeof room, fmt, args);
    ASSERT(n >= 0);
    char *at = buf_room(b, (size_t)n + 1);
    if ((size_t)n < sizeof room)
        memcpy(at, room, (size_t)n + 1);
    else
        (void)vsnprintf(at, (size_t)n + 1, fmt, again);
    b->len += (size_t)n;
    va_end(again);
    va_end(args);
}
