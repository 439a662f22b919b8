/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shipped table goes from syllable to characters, because people can read and mend that; a
 * search index needs the other direction: an array over the block of CJK Unified Ideographs.
 */
#include "catalogue/pinyin.h"

#include "base/utf8.h"

enum { HANZI_FIRST = 0x4E00, HANZI_LAST = 0x9FFF };

typedef struct {
    uint16_t row[PINYIN_READINGS]; /* index + 1 in pinyin_rows; 0: none */
} Readings;

struct PinyinTable {
    Readings of[HANZI_LAST - HANZI_FIRST + 1];
};

PinyinTable *pinyin_table(Arena *out)
{
    PinyinTable *t = NEW(out, PinyinTable);
    for (size_t row = 0; row < pinyin_row_count; row++)
        for (size_t place = 0; place < PINYIN_READINGS; place++) {
            Str s = str_z(pinyin_rows[row].hanzi[place]);
            for (size_t at = 0; at < s.len;) {
                uint32_t c = utf8_next(s, &at);
                t->of[c - HANZI_FIRST].row[place] = (uint16_t)(row + 1);
            }
        }
    return t;
}

size_t pinyin_of(const PinyinTable *t, uint32_t hanzi, Str readings[PINYIN_READINGS])
{
    if (hanzi < HANZI_FIRST || hanzi > HANZI_LAST)
        return 0;
    size_t n = 0;
    for (size_t place = 0; place < PINYIN_READINGS; place++) {
        uint16_t row = t->of[hanzi - HANZI_FIRST].row[place];
        if (row)
            readings[n++] = str_z(pinyin_rows[row - 1].syllable);
    }
    return n;
}

Str pinyin_blur(Arena *out, Str pinyin)
{
    StrBuf b = buf_in(out);
    for (size_t i = 0; i < pinyin.len; i++) {
        char c = pinyin.at[i], before = i ? pinyin.at[i - 1] : 0;
        bool hushed = c == 'h' && (before == 'z' || before == 'c' || before == 's');
        bool nasal = c == 'g' && before == 'n';
        if (!hushed && !nasal)
            buf_char(&b, c);
    }
    return buf_str(&b);
}
