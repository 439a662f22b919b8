/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One decoder, after table 3-7 of the Unicode standard: the first byte says how many follow and
 * between which bounds the second one lies, which is where overlong forms, surrogates and values
 * past U+10FFFF are caught. Eight ASCII bytes are passed at a time, and the three of a Chinese
 * character.
 */
#include "base/utf8.h"

#define ASCII_MASK UINT64_C(0x8080808080808080)

typedef struct {
    int more;           /* bytes that follow; -1: cannot be a first byte */
    unsigned low, high; /* bounds of the second byte */
    uint32_t bits;      /* of the first byte */
} Lead;

static Lead lead_of(unsigned c)
{
    if (c < 0x80)
        return (Lead){0, 0, 0, c};
    if (c < 0xc2 || c > 0xf4)
        return (Lead){-1, 0, 0, 0};
    if (c < 0xe0)
        return (Lead){1, 0x80, 0xbf, c & 0x1f};
    if (c < 0xf0)
        return (Lead){2, c == 0xe0 ? 0xa0 : 0x80, c == 0xed ? 0x9f : 0xbf, c & 0x0f};
    return (Lead){3, c == 0xf0 ? 0x90 : 0x80, c == 0xf4 ? 0x8f : 0xbf, c & 0x07};
}

uint32_t utf8_next(Str s, size_t *at)
{
    size_t i = *at;
    const unsigned char *p = (const unsigned char *)s.at + i;
    Lead lead = lead_of(p[0]);
    *at = i + 1;
    if (lead.more == 0)
        return p[0];
    if (lead.more < 0 || s.len - i <= (size_t)lead.more || p[1] < lead.low || p[1] > lead.high)
        return UTF8_INVALID;
    uint32_t code = lead.bits << 6 | (p[1] & 0x3fu);
    for (int k = 2; k <= lead.more; k++) {
        if ((p[k] & 0xc0u) != 0x80)
            return UTF8_INVALID;
        code = code << 6 | (p[k] & 0x3fu);
    }
    *at = i + 1 + (size_t)lead.more;
    return code;
}

/* Three bytes that may be any three with such a first one: nearly all Chinese text. */
static inline bool is_plain_triple(Str s, size_t i)
{
    const unsigned char *p = (const unsigned char *)s.at + i;
    return s.len - i >= 3 && (p[0] & 0xf0u) == 0xe0 && p[0] != 0xe0 && p[0] != 0xed &&
           (p[1] & 0xc0u) == 0x80 && (p[2] & 0xc0u) == 0x80;
}

size_t utf8_check(Str s)
{
    size_t i = 0;
    while (i < s.len) {
        uint64_t word;
        if (is_plain_triple(s, i)) {
            i += 3;
            continue;
        }
        if (s.len - i >= sizeof word) {
            memcpy(&word, s.at + i, sizeof word);
            if (!(word & ASCII_MASK)) {
                i += sizeof word;
                continue;
            }
        }
        size_t start = i;
        if (utf8_next(s, &i) == UTF8_INVALID)
            return start;
    }
    return s.len;
}

bool utf8_valid(Str s)
{
    return utf8_check(s) == s.len;
}

void utf8_put(StrBuf *b, uint32_t c)
{
    ASSERT(c <= 0x10ffff && !(c >= 0xd800 && c <= 0xdfff));
    if (c < 0x80) {
        buf_char(b, (char)c);
        return;
    }
    int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    static const unsigned marks[] = {0, 0xc0, 0xe0, 0xf0};
    buf_char(b, (char)(marks[more] | c >> (6 * more)));
    while (more-- > 0)
        buf_char(b, (char)(0x80u | (c >> (6 * more) & 0x3fu)));
}

size_t utf8_count(Str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.len; n++) {
        if (is_plain_triple(s, i))
            i += 3;
        else
            (void)utf8_next(s, &i);
    }
    return n;
}

Str utf8_head(Str s, size_t n)
{
    size_t i = 0;
    while (i < s.len && n--)
        (void)utf8_next(s, &i);
    return str_slice(s, 0, i);
}
