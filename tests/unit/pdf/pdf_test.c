/* SPDX-License-Identifier: Apache-2.0 */
#include "base/thread.h"
#include "check.h"
#include "pdf/pdf.h"

#define BLOCK(kind, label, text)                                                                   \
    {                                                                                              \
        kind, STR_INIT(label), STR_INIT(text)                                                      \
    }

static const TimeMs created = INT64_C(1793980800000); /* 2026-11-07 00:00 in China */

static const PdfBlock decision[] = {
    BLOCK(PDF_TITLE, "", "准予行政许可决定书"),
    BLOCK(PDF_SUBTITLE, "", "柯桥行审〔2026〕第 0137 号"),
    BLOCK(PDF_PARAGRAPH, "", "经审查，申请材料齐全，符合法定形式，决定准予行政许可。"),
    BLOCK(PDF_HEADING, "", "一、许可事项"),
    BLOCK(PDF_PAIR, "经营场所", "绍兴市柯桥区金柯桥大道 1 号"),
    BLOCK(PDF_ITEM, "1.", "请妥善保管本决定书。"),
    BLOCK(PDF_SIGNATURE, "绍兴市柯桥区市场监督管理局", "2026年11月6日"),
    BLOCK(PDF_NOTE, "", "扫描二维码可以查验真伪。"),
};

static PdfDocument document(void)
{
    return (PdfDocument){.title = STR("准予行政许可决定书"),
                         .lang = STR("zh"),
                         .seal = STR("绍兴市柯桥区市场监督管理局"),
                         .qr_text = STR("https://onedoor.example/v/8f3a77c2"),
                         .qr_caption = STR("扫码查验"),
                         .footer = STR("受理编号 330603-2026-000137"),
                         .created = created,
                         .blocks = decision,
                         .block_count = COUNT(decision)};
}

static size_t count_of(Str s, Str needle)
{
    size_t n = 0;
    for (size_t at = str_find(s, needle, 0); at != SIZE_MAX; at = str_find(s, needle, at + 1))
        n++;
    return n;
}

static bool has(Str s, const char *needle)
{
    return str_find(s, str_z(needle), 0) != SIZE_MAX;
}

static size_t pages_of(Str pdf)
{
    return count_of(pdf, STR("/Type /Page\n")) + count_of(pdf, STR("/Type /Page "));
}

static Str made(Arena *a, const PdfDocument *doc, const char *label)
{
    Err err = {0};
    Str bytes = {0};
    bool ok = pdf_make(a, doc, &bytes, &err);
    CHECK(ok, "%s: %s", label, err.msg);
    CHECK(str_starts(bytes, STR("%PDF-")) && str_ends(bytes, STR("%%EOF\n")), "%s", label);
    return bytes;
}

TEST(pdf_says_what_it_is)
{
    Arena a = {0};
    PdfDocument doc = document();
    Str zh = made(&a, &doc, "zh");
    CHECK(has(zh, "/Lang (zh-CN)") && has(zh, "/MarkInfo << /Marked true >>"), "language and tags");
    CHECK(has(zh, "/ToUnicode") && has(zh, "/FontFile"), "embedded fonts with their letters");
    CHECK(has(zh, "/CreationDate (20261107000000+08'00)"), "the time of creation");
    CHECK(count_of(zh, STR("%%EOF")) == 2 && has(zh, "/Prev "), "the appended catalog");
    doc.lang = STR("en");
    CHECK(has(made(&a, &doc, "en"), "/Lang (en)"), "en");
    arena_free(&a);
}

TEST(pdf_same_input_same_bytes)
{
    Arena a = {0};
    PdfDocument doc = document();
    Str first = made(&a, &doc, "first"), second = made(&a, &doc, "second");
    CHECK(str_eq(first, second), "%zu and %zu bytes", first.len, second.len);
    doc.created += MS_DAY;
    CHECK(!str_eq(first, made(&a, &doc, "another day")), "the time is part of it");
    doc = document();
    doc.seal = STR("");
    CHECK(!str_eq(first, made(&a, &doc, "no seal")), "the seal is drawn");
    doc = document();
    doc.qr_text = STR("another");
    CHECK(!str_eq(first, made(&a, &doc, "another code")), "the QR code is drawn");
    doc = document();
    doc.framed = true;
    CHECK(!str_eq(first, made(&a, &doc, "framed")), "the frame is drawn");
    arena_free(&a);
}

static Str repeated(Arena *a, Str s, size_t times)
{
    StrBuf b = buf_in(a);
    for (size_t i = 0; i < times; i++)
        buf_add(&b, s);
    return buf_str(&b);
}

/* 30 characters a line, 26 pt a line, 34 mm and 32 mm off an A4 page: 25 lines, fewer above a QR
 * code. */
static const struct {
    const char *name;
    size_t sentences;
    bool qr, seal;
    size_t least, most;
} lengths[] = {
    {"one line", 1, false, false, 1, 1},      {"twenty lines", 20, false, false, 1, 1},
    {"thirty lines", 30, false, false, 2, 2}, {"above a code", 24, true, false, 2, 2},
    {"many pages", 200, true, true, 8, 11},
};

TEST(pdf_breaks_pages)
{
    Arena a = {0};
    for (size_t i = 0; i < COUNT(lengths); i++) {
        PdfBlock blocks[] = {
            {PDF_PARAGRAPH, STR(""),
             repeated(&a, STR("依法审查并决定如下各项内容与说明请知悉并按期办理相关手续完毕。"),
                      lengths[i].sentences)},
            BLOCK(PDF_SIGNATURE, "某某局", "2026年11月6日")};
        PdfDocument doc = {.lang = STR("zh"), .created = created, .blocks = blocks};
        doc.block_count = lengths[i].seal ? 2 : 1;
        if (lengths[i].seal)
            doc.seal = STR("某某局");
        if (lengths[i].qr)
            doc.qr_text = STR("x");
        size_t pages = pages_of(made(&a, &doc, lengths[i].name));
        CHECK(pages >= lengths[i].least && pages <= lengths[i].most, "%s: %zu pages",
              lengths[i].name, pages);
    }
    arena_free(&a);
}

TEST(pdf_every_block_alone)
{
    Arena a = {0};
    Str texts[] = {STR(""), STR("字"), STR("one\ntwo\n\nthree"), repeated(&a, STR("长文字"), 2000)};
    for (PdfBlockKind kind = PDF_TITLE; kind <= PDF_NOTE; kind++)
        for (size_t i = 0; i < COUNT(texts); i++) {
            bool flows = kind != PDF_SIGNATURE || i < 3;
            PdfBlock block = {kind, i == 2 ? STR("一个很长的标签名称需要换行显示") : STR("1"),
                              flows ? texts[i] : STR("x")};
            PdfDocument doc = {.lang = STR("zh"), .blocks = &block, .block_count = 1};
            doc.framed = i % 2;
            CHECK(pages_of(made(&a, &doc, "block")) >= 1, "kind %d text %zu", (int)kind, i);
        }
    PdfDocument empty = {.lang = STR("zh")};
    CHECK(pages_of(made(&a, &empty, "empty")) == 1, "no blocks");
    arena_free(&a);
}

TEST(pdf_limits_and_wrong_text)
{
    Arena a = {0};
    Err err = {0};
    Str bytes;
    PdfDocument doc = document();
    PdfBlock one = {PDF_PARAGRAPH, STR(""), repeated(&a, STR("x"), PDF_MAX_TEXT + 1)};
    doc.blocks = &one;
    doc.block_count = 1;
    CHECK(!pdf_make(&a, &doc, &bytes, &err) && err.code == ERR_LIMIT, "text: %s", err.msg);
    one.text = STR("ab\xff");
    CHECK(!pdf_make(&a, &doc, &bytes, &err) && err.code == ERR_INPUT && err.offset == 2,
          "UTF-8: %s", err.msg);
    one.text = (Str){"a\0b", 3};
    CHECK(!pdf_make(&a, &doc, &bytes, &err) && err.code == ERR_INPUT && err.offset == 1, "zero: %s",
          err.msg);
    PdfBlock *many = NEW_N(&a, PdfBlock, PDF_MAX_BLOCKS + 1);
    Str lines = repeated(&a, STR("\n"), 200);
    for (size_t i = 0; i <= PDF_MAX_BLOCKS; i++)
        many[i] = (PdfBlock){PDF_PARAGRAPH, STR(""), lines};
    doc.blocks = many;
    doc.block_count = PDF_MAX_BLOCKS + 1;
    CHECK(!pdf_make(&a, &doc, &bytes, &err) && err.code == ERR_LIMIT, "blocks: %s", err.msg);
    doc.block_count = PDF_MAX_BLOCKS;
    CHECK(!pdf_make(&a, &doc, &bytes, &err) && err.code == ERR_LIMIT, "pages: %s", err.msg);
    doc = document();
    doc.qr_text = repeated(&a, STR("x"), 2000);
    CHECK(!pdf_make(&a, &doc, &bytes, &err) && err.code == ERR_LIMIT, "code: %s", err.msg);
    arena_free(&a);
}

enum { MAKERS = 3, EACH = 4 };

static void make_some(void *arg)
{
    Str *mine = arg;
    for (int i = 0; i < EACH; i++) {
        Arena a = {0};
        Err err = {0};
        PdfDocument doc = document();
        Str bytes = {0};
        if (!pdf_make(&a, &doc, &bytes, &err) || !str_eq(bytes, *mine))
            *mine = (Str){0};
        arena_free(&a);
    }
}

TEST(pdf_by_many_threads)
{
    Arena a = {0};
    PdfDocument doc = document();
    Str want = made(&a, &doc, "alone"), seen[MAKERS];
    Thread threads[MAKERS];
    for (int i = 0; i < MAKERS; i++) {
        seen[i] = want;
        thread_start(&threads[i], "maker", make_some, &seen[i]);
    }
    for (int i = 0; i < MAKERS; i++)
        thread_join(&threads[i]);
    for (int i = 0; i < MAKERS; i++)
        CHECK(str_eq(seen[i], want), "thread %d", i);
    arena_free(&a);
}
