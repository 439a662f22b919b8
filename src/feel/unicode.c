/* SPDX-License-Identifier: Apache-2.0 */
/* Looked up by halving: tables are in order. Runs of ASCII letters need no table. */
#include "feel/unicode_int.h"

const UnicodeBlock *unicode_block(Str name)
{
    size_t low = 0, high = unicode_block_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (str_cmp(str_z(unicode_blocks[middle].name), name) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool found = low < unicode_block_count && str_eq(str_z(unicode_blocks[low].name), name);
    return found ? &unicode_blocks[low] : NULL;
}

static const CaseLong *long_of(const CaseLong *rows, size_t count, uint32_t c)
{
    size_t low = 0;
    for (size_t high = count; low < high;) {
        size_t middle = (low + high) / 2;
        if (rows[middle].from < c) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < count && rows[low].from == c ? &rows[low] : NULL;
}

static uint32_t changed(const CaseRange *rows, size_t count, uint32_t c)
{
    size_t low = 0;
    for (size_t high = count; low < high;) {
        size_t middle = (low + high) / 2;
        if (rows[middle].to < c) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const CaseRange *r = low < count ? &rows[low] : NULL;
    bool moves = r && c >= r->from && (c - r->from) % r->step == 0;
    return moves ? (uint32_t)((int64_t)c + r->delta) : c;
}

static void put_long(StrBuf *b, const CaseLong *l)
{
    for (size_t i = 0; i < CASE_LONGEST && l->to[i]; i++) {
        utf8_put(b, l->to[i]);
    }
}

void unicode_put_upper(StrBuf *b, Str s)
{
    for (size_t at = 0; at < s.len;) {
        uint32_t c = utf8_next(s, &at);
        if (c < 0x80) {
            buf_char(b, (char)(c >= 'a' && c <= 'z' ? c - 32 : c));
            continue;
        }
        const CaseLong *l = long_of(unicode_upper_long, unicode_upper_long_count, c);
        if (l) {
            put_long(b, l);
        } else {
            utf8_put(b, changed(unicode_upper, unicode_upper_count, c));
        }
    }
}

void unicode_put_lower(StrBuf *b, Str s)
{
    for (size_t at = 0; at < s.len;) {
        uint32_t c = utf8_next(s, &at);
        if (c < 0x80) {
            buf_char(b, (char)(c >= 'A' && c <= 'Z' ? c + 32 : c));
            continue;
        }
        const CaseLong *l = long_of(unicode_lower_long, unicode_lower_long_count, c);
        if (l) {
            put_long(b, l);
        } else {
            utf8_put(b, changed(unicode_lower, unicode_lower_count, c));
        }
    }
}
