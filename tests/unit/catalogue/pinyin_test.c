/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"
#include "catalogue/pinyin.h"
#include "check.h"

static const struct {
    const char *hanzi, *reading;
} rows[] = {
    {"工", "gong"},  {"伤", "shang"}, {"认", "ren"},  {"定", "ding"}, {"女", "nv"},
    {"绿", "lv"},    {"略", "lve"},   {"行", "xing"}, {"行", "hang"}, {"重", "zhong"},
    {"重", "chong"}, {"了", "le"},    {"了", "liao"}, {"阿", "a"},    {"座", "zuo"},
};

TEST(pinyin_knows_common_hanzi)
{
    Arena a = {0};
    const PinyinTable *t = pinyin_table(&a);
    for (size_t i = 0; i < COUNT(rows); i++) {
        Str readings[PINYIN_READINGS], s = str_z(rows[i].hanzi);
        size_t at = 0, n = pinyin_of(t, utf8_next(s, &at), readings);
        bool found = false;
        for (size_t j = 0; j < n; j++)
            found = found || str_eq(readings[j], str_z(rows[i].reading));
        CHECK(found, "%s %s", rows[i].hanzi, rows[i].reading);
    }
    Str readings[PINYIN_READINGS];
    CHECK(pinyin_of(t, 'a', readings) == 0 && pinyin_of(t, 0x1F600, readings) == 0, "no Hanzi");
    size_t common = 0;
    for (uint32_t c = 0x4E00; c <= 0x9FFF; c++)
        common += pinyin_of(t, c, readings) > 0;
    CHECK(common == 6763, "%zu characters of GB 2312", common);
    arena_free(&a);
}

TEST(pinyin_blurs_sounds)
{
    static const char *const pairs[][2] = {
        {"zhang", "zan"}, {"chengshi", "censi"},  {"xing", "xin"},
        {"hao", "hao"},   {"shanghai", "sanhai"},
    };
    Arena a = {0};
    for (size_t i = 0; i < COUNT(pairs); i++)
        CHECK(str_eq(pinyin_blur(&a, str_z(pairs[i][0])), str_z(pairs[i][1])), "%s", pairs[i][0]);
    arena_free(&a);
}
