/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"

#include "check.h"

TEST(utf8_check_finds_the_first_bad_byte)
{
    static const struct {
        Str text;
        size_t bad;
    } rows[] = {
        {STR_INIT(""), 0},
        {STR_INIT("plain ascii of some length"), 26},
        {STR_INIT("一门 é 😀"), 14},
        {STR_INIT("abcdefgh\xff"), 8},
        {STR_INIT("\xc0\xaf"), 0},         /* overlong */
        {STR_INIT("a\xe0\x80\x80"), 1},    /* overlong */
        {STR_INIT("\xf0\x80\x80\x80"), 0}, /* overlong */
        {STR_INIT("\xed\xa0\x80"), 0},     /* surrogate */
        {STR_INIT("\xf4\x90\x80\x80"), 0}, /* past the last */
        {STR_INIT("\xf4\x8f\xbf\xbf"), 4},
        {STR_INIT("ok\xe4\xb8"), 2}, /* cut */
        {STR_INIT("ok\xe4\xb8z"), 2},
        {STR_INIT("\x80"), 0},
        {STR_INIT("\xf5\x80\x80\x80"), 0},
        {STR_INIT("\xe4\xb8\x80\xf0\x9f\x98"), 3},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        CHECK(utf8_check(rows[i].text) == rows[i].bad, "row %zu: %zu", i, utf8_check(rows[i].text));
        CHECK(utf8_valid(rows[i].text) == (rows[i].bad == rows[i].text.len), "row %zu", i);
    }
}

TEST(utf8_every_code_point_comes_back)
{
    Arena a = {0};
    size_t wrong = 0;
    for (uint32_t c = 0; c <= 0x10ffff; c++) {
        if (c == 0xd800)
            c = 0xe000;
        ArenaMark mark = arena_mark(&a);
        StrBuf b = buf_in(&a);
        utf8_put(&b, c);
        size_t at = 0;
        wrong += utf8_next(buf_str(&b), &at) != c || at != b.len || !utf8_valid(buf_str(&b));
        arena_rewind(&a, mark);
    }
    CHECK(wrong == 0, "%zu code points", wrong);
    arena_free(&a);
}

TEST(utf8_counts_and_cuts)
{
    Str s = STR("一门式 one");
    CHECK(utf8_count(s) == 7, "%zu", utf8_count(s));
    CHECK(str_eq(utf8_head(s, 2), STR("一门")), "head");
    CHECK(str_eq(utf8_head(s, 99), s), "head past the end");
    CHECK(str_eq(utf8_head(s, 0), STR("")), "head of none");
    size_t at = 0;
    CHECK(utf8_next(STR("\xff\x41"), &at) == UTF8_INVALID && at == 1, "one byte is passed");
}

/* What is not UTF-8 counts a character a byte, also beside the short cut for Chinese. */
TEST(utf8_counts_what_is_broken)
{
    static const struct {
        Str s;
        size_t count, valid;
    } rows[] = {
        {STR_INIT("一"), 1, 3},           {STR_INIT("一二三四五六七八九"), 9, 27},
        {STR_INIT("\xe4\xb8"), 2, 0},     {STR_INIT("一\xe4\xb8"), 3, 3},
        {STR_INIT("\xe0\x80\x80"), 3, 0}, {STR_INIT("\xe0\xa0\x80"), 1, 3},
        {STR_INIT("\xed\xa0\x80"), 3, 0}, {STR_INIT("\xed\x9f\xbf"), 1, 3},
        {STR_INIT("\xe4\xb8\x41"), 3, 0}, {STR_INIT("\xe4\x41\x80"), 3, 0},
        {STR_INIT("一😀一"), 3, 10},       {STR_INIT("abcdefgh一abcdefgh\xff"), 18, 19},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        CHECK(utf8_count(rows[i].s) == rows[i].count, "row %zu: %zu", i, utf8_count(rows[i].s));
        CHECK(utf8_check(rows[i].s) == rows[i].valid, "row %zu: %zu", i, utf8_check(rows[i].s));
    }
}
