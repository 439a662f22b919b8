/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "qr/qr.h"

/* Module (x, y) of a finder pattern: rings of 7, 5 and 3 modules. */
static bool finder(uint32_t x, uint32_t y)
{
    uint32_t dx = x > 3 ? x - 3 : 3 - x, dy = y > 3 ? y - 3 : 3 - y;
    uint32_t ring = dx > dy ? dx : dy;
    return ring != 2;
}

static bool finder_at(const QrCode *c, uint32_t left, uint32_t top)
{
    for (uint32_t y = 0; y < 7; y++)
        for (uint32_t x = 0; x < 7; x++)
            if (c->dark[(top + y) * c->size + left + x] != finder(x, y))
                return false;
    return true;
}

/* Sizes for level M, byte mode: ISO/IEC 18004 table 7. */
static const struct {
    size_t len;
    uint32_t size;
} sizes[] = {{1, 21},  {14, 21}, {15, 25}, {26, 25},  {27, 29},   {42, 29},
             {43, 33}, {62, 33}, {63, 37}, {666, 97}, {997, 117}, {QR_MAX_TEXT, 121}};

TEST(qr_sizes_and_patterns)
{
    Arena a = {0};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        char *text = arena_alloc(&a, sizes[i].len + 1);
        memset(text, 'a', sizes[i].len);
        Err err = {0};
        QrCode c = {0};
        bool ok = qr_make(&a, (Str){text, sizes[i].len}, &c, &err);
        CHECK(ok, "%zu: %s", sizes[i].len, err.msg);
        CHECK(c.size == sizes[i].size, "%zu: %u", sizes[i].len, c.size);
        if (!ok)
            continue;
        CHECK(finder_at(&c, 0, 0) && finder_at(&c, c.size - 7, 0) && finder_at(&c, 0, c.size - 7),
              "%zu: finder patterns", sizes[i].len);
        for (uint32_t k = 8; k < c.size - 8; k++)
            CHECK(c.dark[6 * c.size + k] == (k % 2 == 0), "%zu: timing at %u", sizes[i].len, k);
        CHECK(c.dark[(c.size - 8) * c.size + 8] == 1, "%zu: the dark module", sizes[i].len);
    }
    arena_free(&a);
}

/* Format bits of level M begin 00 before the mask 101010000010010 is applied. */
TEST(qr_level_is_m)
{
    Arena a = {0};
    Err err = {0};
    QrCode c = {0};
    CHECK(qr_make(&a, STR("https://onedoor.example/v/1"), &c, &err), "%s", err.msg);
    CHECK(c.dark[8 * c.size] == 1 && c.dark[8 * c.size + 1] == 0, "level");
    arena_free(&a);
}

TEST(qr_svg_draws_every_module)
{
    Arena a = {0};
    Err err = {0};
    QrCode c = {0};
    Str svg;
    Str text = STR("凭证 2026-0001");
    CHECK(qr_make(&a, text, &c, &err), "%s", err.msg);
    CHECK(qr_svg(&a, text, STR("<查验> & \"二维码\""), &svg, &err), "%s", err.msg);
    CHECK(str_starts(svg, STR("<svg class=\"qr\" role=\"img\" aria-label=\"&lt;查验&gt; &amp; "
                              "&quot;二维码&quot;\"")),
          STR_FMT, STR_ARG(svg));
    size_t drawn = 0, dark = 0;
    for (size_t at = str_find(svg, STR("h"), str_find(svg, STR("#000"), 0)); at != SIZE_MAX;
         at = str_find(svg, STR("h"), at + 1)) {
        int64_t n = 0;
        size_t end = str_find(svg, STR("v"), at);
        if (end != SIZE_MAX && str_int(str_slice(svg, at + 1, end), &n))
            drawn += (size_t)n;
    }
    for (size_t i = 0; i < c.size * c.size; i++)
        dark += c.dark[i];
    CHECK(drawn == dark && dark > 0, "%zu of %zu", drawn, dark);
    arena_free(&a);
}

TEST(qr_limits)
{
    Arena a = {0};
    Err err = {0};
    QrCode c;
    Str svg;
    char *text = arena_alloc(&a, QR_MAX_TEXT + 2);
    memset(text, 'x', QR_MAX_TEXT + 1);
    CHECK(!qr_make(&a, STR(""), &c, &err) && err.code == ERR_INPUT, "empty: %s", err.msg);
    CHECK(!qr_svg(&a, (Str){text, QR_MAX_TEXT + 1}, STR(""), &svg, &err) && err.code == ERR_LIMIT,
          "long: %s", err.msg);
    CHECK(qr_make(&a, (Str){"a\0b", 3}, &c, &err), "zero bytes: %s", err.msg);
    arena_free(&a);
}
