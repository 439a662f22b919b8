/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks the document, opens a Cairo surface that writes into the arena, lays the blocks out twice.
 *
 * Each call has its own font map: Pango's objects must not be shared between threads. The font
 * libraries below it share their own, so this process draws one paper at a time; a service draws
 * each in a process of its own (apart.c).
 */
#include "pdf/pdf_int.h"

#include <cairo-pdf.h>

#include "base/date.h"
#include "base/thread.h"
#include "base/utf8.h"

static Mutex drawing = MUTEX_STATIC;

MUST_CHECK static bool text_is_fine(Str text, const char *what, Err *err)
{
    if (text.len > PDF_MAX_TEXT)
        return FAIL(err, ERR_LIMIT, "the %s of a document is longer than PDF_MAX_TEXT bytes", what);
    size_t bad = utf8_check(text);
    if (bad != text.len)
        return FAIL_AT(err, ERR_INPUT, bad, "the %s of a document is not valid UTF-8", what);
    const char *zero = text.len ? memchr(text.at, 0, text.len) : NULL;
    if (zero)
        return FAIL_AT(err, ERR_INPUT, zero - text.at, "the %s of a document has a zero byte",
                       what);
    return true;
}

MUST_CHECK static bool document_is_fine(const PdfDocument *doc, Err *err)
{
    if (doc->block_count > PDF_MAX_BLOCKS)
        return FAIL(err, ERR_LIMIT, "a document has more than PDF_MAX_BLOCKS blocks");
    for (size_t i = 0; i < doc->block_count; i++)
        if (!text_is_fine(doc->blocks[i].label, "label", err) ||
            !text_is_fine(doc->blocks[i].text, "text", err))
            return false;
    return text_is_fine(doc->title, "title", err) && text_is_fine(doc->seal, "seal", err) &&
           text_is_fine(doc->qr_caption, "caption", err) &&
           text_is_fine(doc->footer, "footer", err);
}

static cairo_status_t write_bytes(void *to, const unsigned char *at, unsigned int n)
{
    buf_add(to, (Str){(const char *)at, n});
    return CAIRO_STATUS_SUCCESS;
}

static void set_metadata(cairo_surface_t *surface, const PdfDocument *doc)
{
    Arena a = {0};
    const char *when = str_cstr(&a, time_iso(&a, doc->created, ZONE_CHINA_MINUTES));
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, str_cstr(&a, doc->title));
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "onedoor");
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, when);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, when);
    arena_free(&a);
}

MUST_CHECK static bool lay_twice(Sheet *s)
{
    for (int pass = 0; pass < 2; pass++) {
        s->drawing = pass == 1;
        sheet_begin(s);
        if (!blocks_lay(s) || !sheet_finish(s))
            return false;
        s->pages = s->page;
    }
    return true;
}

MUST_CHECK static bool draw(Sheet *s, cairo_surface_t *surface)
{
    s->cr = cairo_create(surface);
    PangoFontMap *fonts = pango_cairo_font_map_new();
    s->pango = pango_font_map_create_context(fonts);
    pango_cairo_update_context(s->cr, s->pango);
    pango_context_set_language(s->pango, pango_language_from_string(s->zh ? "zh-cn" : "en"));
    bool ok = lay_twice(s);
    cairo_status_t status = cairo_status(s->cr);
    g_object_unref(s->pango);
    g_object_unref(fonts);
    cairo_destroy(s->cr);
    cairo_surface_finish(surface);
    if (ok && status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_status(surface);
    if (ok && status != CAIRO_STATUS_SUCCESS)
        return FAIL(s->err, ERR_INTERNAL, "Cairo failed: %s", cairo_status_to_string(status));
    return ok;
}

MUST_CHECK static bool make(Arena *out, const PdfDocument *doc, Str *bytes, Err *err)
{
    Arena scratch = {0};
    StrBuf b = buf_in(&scratch);
    Sheet s = {.doc = doc, .arena = &scratch, .err = err, .zh = !str_starts(doc->lang, STR("en"))};
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(write_bytes, &b, PAGE_WIDTH, PAGE_HEIGHT);
    set_metadata(surface, doc);
    bool ok = draw(&s, surface);
    cairo_surface_destroy(surface);
    if (ok)
        *bytes = catalog_with_language(out, buf_str(&b), s.zh ? "zh-CN" : "en");
    arena_free(&scratch);
    return ok;
}

bool pdf_make(Arena *out, const PdfDocument *doc, Str *bytes, Err *err)
{
    if (!document_is_fine(doc, err))
        return false;
    if (apart_is_wanted())
        return apart_make(out, doc, bytes, err);
    mutex_lock(&drawing);
    bool ok = make(out, doc, bytes, err);
    mutex_unlock(&drawing);
    return ok;
}
