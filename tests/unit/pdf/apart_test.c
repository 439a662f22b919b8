/* SPDX-License-Identifier: Apache-2.0 */
/* Papers drawn by this program once more, as a child. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/child.h"
#include "base/file.h"
#include "base/thread.h"
#include "check.h"
#include "pdf/pdf_int.h"

__attribute__((constructor)) static void as_child(int argc, char **argv)
{
    Err err = {0};
    if (argc == 2 && strcmp(argv[1], PDF_DRAW_COMMAND) == 0)
        exit(pdf_draw_one(&err) ? 0 : 1);
}

#define BLOCK(kind, label, text)                                                                   \
    {                                                                                              \
        kind, STR_INIT(label), STR_INIT(text)                                                      \
    }

static const PdfBlock blocks[] = {
    BLOCK(PDF_TITLE, "", "工伤认定决定书"),
    BLOCK(PDF_PAIR, "用人单位", "云溪市博达工贸有限公司"),
    BLOCK(PDF_SIGNATURE, "云溪市人力资源和社会保障局", "2026年11月6日"),
};

static PdfDocument document(void)
{
    return (PdfDocument){.title = STR("工伤认定决定书"),
                         .lang = STR("zh"),
                         .seal = STR("云溪市人力资源和社会保障局"),
                         .qr_text = STR("https://onedoor.example/v/1"),
                         .qr_caption = STR("扫码查验"),
                         .footer = STR("330199-2026-000001"),
                         .framed = true,
                         .created = INT64_C(1793980800000),
                         .blocks = blocks,
                         .block_count = COUNT(blocks)};
}

TEST(wire_brings_documents_whole)
{
    Arena a = {0};
    Err err = {0};
    StrBuf b = buf_in(&a);
    PdfDocument doc = document(), got = {0};
    wire_put_document(&b, &doc);
    CHECK(wire_get_document(&a, buf_str(&b), &got, &err), "%s", err.msg);
    const Str *want[] = {&doc.title,   &doc.lang,       &doc.seal,
                         &doc.qr_text, &doc.qr_caption, &doc.footer};
    const Str *have[] = {&got.title,   &got.lang,       &got.seal,
                         &got.qr_text, &got.qr_caption, &got.footer};
    for (size_t i = 0; i < COUNT(want); i++)
        CHECK(str_eq(*want[i], *have[i]), "text %zu", i);
    CHECK(got.framed && got.created == doc.created && got.block_count == doc.block_count,
          "numbers");
    for (size_t i = 0; i < got.block_count; i++)
        CHECK(got.blocks[i].kind == blocks[i].kind &&
                  str_eq(got.blocks[i].label, blocks[i].label) &&
                  str_eq(got.blocks[i].text, blocks[i].text),
              "block %zu", i);
    arena_free(&a);
}

/* Every cut, every byte set to an absurd length or kind: an error, or another whole document. */
TEST(wire_trusts_nothing)
{
    Arena a = {0};
    StrBuf b = buf_in(&a), r = buf_in(&a);
    PdfDocument doc = document();
    Err none = {0};
    Str pdf;
    wire_put_document(&b, &doc);
    wire_put_result(&r, STR("%PDF-"), &none);
    for (size_t cut = 0; cut < b.len; cut++) {
        Err err = {0};
        PdfDocument got = {0};
        char *copy = arena_alloc(&a, cut);
        memcpy(copy, b.at, cut);
        CHECK(!wire_get_document(&a, (Str){copy, cut}, &got, &err), "cut at %zu", cut);
    }
    for (size_t i = 0; i < b.len; i++) {
        Err err = {0};
        PdfDocument got = {0};
        char *copy = arena_alloc(&a, b.len);
        memcpy(copy, b.at, b.len);
        copy[i] = (char)0xff;
        bool ok = wire_get_document(&a, (Str){copy, b.len}, &got, &err);
        CHECK(ok != (err.code == ERR_INPUT), "byte %zu", i);
    }
    for (size_t cut = 0; cut < r.len; cut++) {
        Err err = {0};
        CHECK(!wire_get_result((Str){r.at, cut}, &pdf, &err) && err.code == ERR_INTERNAL,
              "result cut at %zu", cut);
    }
    arena_free(&a);
}

TEST(apart_draws_the_same)
{
    Arena a = {0};
    Err err = {0};
    Str here = {0}, apart = {0};
    PdfDocument doc = document();
    CHECK(pdf_make(&a, &doc, &here, &err), "%s", err.msg);
    pdf_draw_apart(CHILD_SELF);
    CHECK(pdf_make(&a, &doc, &apart, &err), "%s", err.msg);
    CHECK(str_eq(here, apart), "%zu and %zu bytes", here.len, apart.len);
    StrBuf b = buf_in(&a);
    for (int i = 0; i < 5000; i++)
        buf_char(&b, 'x');
    doc.qr_text = buf_str(&b);
    CHECK(!pdf_make(&a, &doc, &apart, &err) && err.code == ERR_LIMIT, "its error: %s", err.msg);
    pdf_draw_apart(NULL);
    arena_free(&a);
}

enum { MAKERS = 4, EACH = 2 };

static void make_some(void *arg)
{
    Str *want = arg;
    for (int i = 0; i < EACH; i++) {
        Arena a = {0};
        Err err = {0};
        PdfDocument doc = document();
        Str bytes = {0};
        if (!pdf_make(&a, &doc, &bytes, &err) || !str_eq(bytes, *want))
            *want = (Str){0};
        arena_free(&a);
    }
}

TEST(apart_by_many_threads)
{
    Arena a = {0};
    Err err = {0};
    Str want = {0}, seen[MAKERS];
    PdfDocument doc = document();
    Thread threads[MAKERS];
    pdf_draw_apart(CHILD_SELF);
    CHECK(pdf_make(&a, &doc, &want, &err), "%s", err.msg);
    for (int i = 0; i < MAKERS; i++) {
        seen[i] = want;
        thread_start(&threads[i], "maker", make_some, &seen[i]);
    }
    for (int i = 0; i < MAKERS; i++)
        thread_join(&threads[i]);
    for (int i = 0; i < MAKERS; i++)
        CHECK(want.len && str_eq(seen[i], want), "thread %d", i);
    pdf_draw_apart(NULL);
    arena_free(&a);
}

static const struct {
    const char *script, *msg;
    ErrCode code;
} bad[] = {
    {"#!/bin/sh\ncat >/dev/null\nkill -SEGV $$\n", "signal 11", ERR_INTERNAL},
    {"#!/bin/sh\ncat >/dev/null\nexit 1\n", "exited with 1", ERR_INTERNAL},
    {"#!/bin/sh\ncat >/dev/null\n", "not whole", ERR_INTERNAL},
    {"#!/bin/sh\ncat >/dev/null\nprintf 'Pango says hello, and much of it'\n", "not whole",
     ERR_INTERNAL},
    {NULL, "cannot be started", ERR_UNAVAILABLE},
};

/* One failed paper, and the next one is drawn. */
TEST(apart_survives_a_crash)
{
    Arena a = {0};
    PdfDocument doc = document();
    char folder[] = "/tmp/onedoor-apart-XXXXXX";
    CHECK(mkdtemp(folder) != NULL, "%s", folder);
    for (size_t i = 0; i < COUNT(bad); i++) {
        Err err = {0};
        Str bytes = {0}, path = path_join(&a, str_z(folder), STR("draw"));
        if (bad[i].script)
            CHECK(file_write(path, str_z(bad[i].script), &err) &&
                      chmod(str_cstr(&a, path), 0700) == 0,
                  "%s", err.msg);
        pdf_draw_apart(str_cstr(&a, path));
        CHECK(!pdf_make(&a, &doc, &bytes, &err) && err.code == bad[i].code &&
                  strstr(err.msg, bad[i].msg),
              "row %zu: %s", i, err.msg);
        pdf_draw_apart(NULL);
        file_remove(path);
        err = (Err){0};
        CHECK(pdf_make(&a, &doc, &bytes, &err), "the next one, %zu: %s", i, err.msg);
    }
    (void)rmdir(folder);
    arena_free(&a);
}
