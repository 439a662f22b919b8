/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A document, and what became of it, as bytes between two processes of the same program: numbers
 * of eight bytes as they stand in memory, texts after their length. Reading trusts no length.
 */
#include "pdf/pdf_int.h"

static void put_int(StrBuf *b, int64_t n)
{
    buf_add(b, (Str){(const char *)&n, sizeof n});
}

static void put_text(StrBuf *b, Str s)
{
    put_int(b, (int64_t)s.len);
    buf_add(b, s);
}

typedef struct {
    Str rest;
    bool broken;
} Reader;

static int64_t get_int(Reader *r)
{
    int64_t n = 0;
    if (r->rest.len < sizeof n) {
        r->broken = true;
        return 0;
    }
    memcpy(&n, r->rest.at, sizeof n);
    r->rest = str_slice(r->rest, sizeof n, r->rest.len);
    return n;
}

static Str get_text(Reader *r)
{
    int64_t n = get_int(r);
    if (n < 0 || (uint64_t)n > r->rest.len) {
        r->broken = true;
        return STR("");
    }
    Str text = str_slice(r->rest, 0, (size_t)n);
    r->rest = str_slice(r->rest, (size_t)n, r->rest.len);
    return text;
}

static bool whole(const Reader *r)
{
    return !r->broken && !r->rest.len;
}

void wire_put_document(StrBuf *b, const PdfDocument *doc)
{
    Str texts[] = {doc->title, doc->lang, doc->seal, doc->qr_text, doc->qr_caption, doc->footer};
    for (size_t i = 0; i < COUNT(texts); i++)
        put_text(b, texts[i]);
    put_int(b, doc->framed);
    put_int(b, doc->created);
    put_int(b, (int64_t)doc->block_count);
    for (size_t i = 0; i < doc->block_count; i++) {
        put_int(b, doc->blocks[i].kind);
        put_text(b, doc->blocks[i].label);
        put_text(b, doc->blocks[i].text);
    }
}

static PdfBlock get_block(Reader *r)
{
    int64_t kind = get_int(r);
    if (kind < PDF_TITLE || kind > PDF_NOTE)
        r->broken = true;
    PdfBlock block = {.kind = (PdfBlockKind)kind};
    block.label = get_text(r);
    block.text = get_text(r);
    return block;
}

bool wire_get_document(Arena *out, Str bytes, PdfDocument *doc, Err *err)
{
    Reader r = {.rest = bytes};
    Str *texts[] = {&doc->title,   &doc->lang,       &doc->seal,
                    &doc->qr_text, &doc->qr_caption, &doc->footer};
    for (size_t i = 0; i < COUNT(texts); i++)
        *texts[i] = get_text(&r);
    doc->framed = get_int(&r) != 0;
    doc->created = get_int(&r);
    int64_t count = get_int(&r);
    if (count < 0 || count > PDF_MAX_BLOCKS)
        return FAIL(err, ERR_INPUT, "a document of '%lld' blocks", (long long)count);
    PdfBlock *blocks = NEW_N(out, PdfBlock, count);
    for (int64_t i = 0; i < count; i++)
        blocks[i] = get_block(&r);
    doc->blocks = blocks;
    doc->block_count = (size_t)count;
    return whole(&r) || FAIL(err, ERR_INPUT, "a document of '%zu' bytes is not whole", bytes.len);
}

void wire_put_result(StrBuf *b, Str pdf, const Err *failure)
{
    put_int(b, failure->code);
    put_int(b, failure->offset);
    put_text(b, failure->code ? str_z(failure->msg) : pdf);
}

bool wire_get_result(Str bytes, Str *pdf, Err *err)
{
    Reader r = {.rest = bytes};
    int64_t code = get_int(&r), offset = get_int(&r);
    Str text = get_text(&r);
    if (!whole(&r) || code < ERR_NONE || code > ERR_INTERNAL)
        return FAIL(err, ERR_INTERNAL, "a result of '%zu' bytes is not whole", bytes.len);
    if (code)
        return FAIL_AT(err, (ErrCode)code, offset, STR_FMT, STR_ARG(text));
    *pdf = text;
    return true;
}
