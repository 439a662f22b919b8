/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pdf/pdf_int.h - private: the sheet that blocks are laid out on, and its parts.
 *
 * A document is laid out twice by the same code: first without drawing, to learn the number of
 * pages, then for good. Lengths are points (1/72 inch), y grows downwards.
 */
#pragma once

#include <pango/pangocairo.h>

#include "pdf/pdf.h"

#define PT_PER_MM (72.0 / 25.4)
#define PAGE_WIDTH (210 * PT_PER_MM)
#define PAGE_HEIGHT (297 * PT_PER_MM)

typedef struct {
    double r, g, b, a;
} Colour;

#define INK ((Colour){0.07, 0.07, 0.09, 1})
#define GREY ((Colour){0.40, 0.42, 0.46, 1})
#define RULE ((Colour){0.78, 0.79, 0.82, 1})
#define SEAL_RED ((Colour){0.80, 0.05, 0.09, 0.86})
#define INDIGO ((Colour){0.13, 0.17, 0.40, 1})
#define GOLD ((Colour){0.70, 0.56, 0.24, 1})

typedef struct {
    double left, width; /* of the column */
    double indent;      /* of the first line of each paragraph */
    double size, leading;
    double spacing; /* between letters */
    PangoAlignment align;
    bool bold, sans;
    Colour colour;
    const char *tag; /* structure element: "H1", "P" */
} TextStyle;

typedef struct {
    const PdfDocument *doc;
    Arena *arena; /* of the result */
    Err *err;
    cairo_t *cr;
    PangoContext *pango;
    bool drawing; /* second pass */
    bool zh;
    int page, pages;
    double y;
    double left, right, top;
    double bottom;   /* of the text area of this page, above a QR code */
    double foot;     /* the same beside a QR code */
    double qr_right; /* end of the QR code and its caption; 0 without one */
    double keep;     /* height that must fit below the end of this block */
} Sheet;

/* sheet.c */
void sheet_begin(Sheet *s); /* first page */
MUST_CHECK bool sheet_new_page(Sheet *s);
MUST_CHECK bool sheet_finish(Sheet *s); /* footer of the last page */
/* A new page unless height points are left on this one. */
MUST_CHECK bool sheet_need(Sheet *s, double height);
void sheet_colour(const Sheet *s, Colour c);

/* text.c */
PangoLayout *text_layout(const Sheet *s, Str text, const TextStyle *style); /* g_object_unref */
double text_height(const Sheet *s, Str text, const TextStyle *style);
/* A new page unless the text can begin on this one. */
MUST_CHECK bool text_need(Sheet *s, Str text, const TextStyle *style);
/* Draws from s->y on, over as many pages as it takes; s->y is below it afterwards. */
MUST_CHECK bool text_flow(Sheet *s, Str text, const TextStyle *style);
/* Draws where told, without a page break. */
void text_at(Sheet *s, double y, Str text, const TextStyle *style);

/* blocks.c */
MUST_CHECK bool blocks_lay(Sheet *s);

/* seal.c */
double seal_radius(void);
void seal_draw(Sheet *s, double x, double y, Str name);

/* catalog.c: the bytes with the language and the wish to show the title added to the PDF's catalog.
 */
Str catalog_with_language(Arena *out, Str pdf, const char *lang);

/* wire.c: texts read are views into the bytes. */
void wire_put_document(StrBuf *b, const PdfDocument *doc);
MUST_CHECK bool wire_get_document(Arena *out, Str bytes, PdfDocument *doc, Err *err);
void wire_put_result(StrBuf *b, Str pdf, const Err *failure); /* failure->code 0: none */
/* False with the failure in err, too. */
MUST_CHECK bool wire_get_result(Str bytes, Str *pdf, Err *err);

/* apart.c */
bool apart_is_wanted(void);
MUST_CHECK bool apart_make(Arena *out, const PdfDocument *doc, Str *bytes, Err *err);
