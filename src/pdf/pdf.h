/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pdf/pdf.h - official documents as PDF (A4), drawn by Cairo and Pango; their only room.
 *
 * A document is a list of blocks laid out top to bottom with page breaks, page numbers, a QR code
 * at the foot of the first page and a seal over the signature block. Chinese by the system's CJK
 * font (Noto CJK, else WenQuanYi). Fonts are embedded, text can be selected and searched; title
 * and language stand in the metadata. Same input, same bytes: the creation time is part of it.
 * Memory: the bytes are in the Arena. Threads: any, but one document a call.
 * Limits: PDF_MAX_BLOCKS, PDF_MAX_TEXT bytes in one block, PDF_MAX_PAGES.
 * Errors: ERR_INPUT and ERR_LIMIT for the document; ERR_INTERNAL when Cairo failed, or the process
 *         that draws crashed or took too long; ERR_UNAVAILABLE when none can be started.
 */
#pragma once

#include "base/clock.h"
#include "base/str.h"
#include "base/vec.h"

enum { PDF_MAX_BLOCKS = 500, PDF_MAX_TEXT = 20000, PDF_MAX_PAGES = 50 };

typedef enum {
    PDF_TITLE,     /* centred, large */
    PDF_SUBTITLE,  /* centred, document number */
    PDF_PARAGRAPH, /* indented by two characters in Chinese */
    PDF_PAIR,      /* label and text in two columns with a thin rule */
    PDF_HEADING,
    PDF_ITEM,      /* numbered list item: label is the number */
    PDF_SIGNATURE, /* right: organ (label) and date (text); the seal is drawn over it */
    PDF_NOTE,      /* small grey */
} PdfBlockKind;

typedef struct {
    PdfBlockKind kind;
    Str label, text;
} PdfBlock;

typedef struct {
    Str title;   /* metadata */
    Str lang;    /* "zh" or "en" */
    Str seal;    /* organ's name on a drawn round seal, empty for none */
    Str qr_text; /* empty for none */
    Str qr_caption;
    Str footer;  /* beside the page number */
    bool framed; /* certificate: double frame, larger type */
    TimeMs created;
    const PdfBlock *blocks;
    size_t block_count;
} PdfDocument;

MUST_CHECK bool pdf_make(Arena *out, const PdfDocument *doc, Str *bytes, Err *err);

/* From now on each paper is drawn in a process of its own: program, run with PDF_DRAW_COMMAND as
 * its one argument, which calls pdf_draw_one. To be called before the first thread. Otherwise
 * papers are drawn here, and their fonts stay open here. NULL: here again. */
#define PDF_DRAW_COMMAND "draw"
void pdf_draw_apart(const char *program);
/* The whole work of such a process. What is wrong with the document is part of its answer. */
MUST_CHECK bool pdf_draw_one(Err *err);
