/* SPDX-License-Identifier: Apache-2.0 */
/* One function a kind of block; sizes follow GB/T 9704 (body 15 pt, title 22 pt), larger on
 * certificates. */
#include "pdf/pdf_int.h"

#define LABEL_SHARE 0.27
#define PAIR_PADDING 5.0

static TextStyle body(const Sheet *s)
{
    bool framed = s->doc->framed;
    return (TextStyle){.left = s->left,
                       .width = s->right - s->left,
                       .size = s->zh ? (framed ? 17 : 15) : (framed ? 14 : 11.5),
                       .leading = s->zh ? (framed ? 32 : 26) : (framed ? 23 : 18),
                       .colour = INK,
                       .tag = "P"};
}

static bool lay_title(Sheet *s, const PdfBlock *b)
{
    TextStyle t = body(s);
    bool framed = s->doc->framed;
    t.size = framed ? 32 : s->zh ? 22 : 20;
    t.leading = t.size * 1.5;
    t.spacing = framed && s->zh ? 6 : 0;
    t.align = PANGO_ALIGN_CENTER;
    t.bold = true;
    t.colour = framed ? INDIGO : INK;
    t.tag = "H1";
    if (!sheet_need(s, t.leading * 3) || !text_flow(s, b->text, &t))
        return false;
    s->y += framed ? 10 : 6;
    return true;
}

static bool lay_subtitle(Sheet *s, const PdfBlock *b)
{
    TextStyle t = body(s);
    t.size = s->zh ? 13 : 11;
    t.leading = t.size * 1.7;
    t.align = PANGO_ALIGN_CENTER;
    t.colour = GREY;
    if (!text_flow(s, b->text, &t))
        return false;
    s->y += s->doc->framed ? 26 : 16;
    return true;
}

static bool lay_paragraph(Sheet *s, const PdfBlock *b)
{
    TextStyle t = body(s);
    if (s->zh)
        t.indent = t.size * 2;
    if (!text_flow(s, b->text, &t))
        return false;
    s->y += s->zh ? 0 : t.leading * 0.5;
    return true;
}

static bool lay_heading(Sheet *s, const PdfBlock *b)
{
    TextStyle t = body(s);
    t.bold = t.sans = true;
    t.size *= s->zh ? 1 : 1.15;
    t.colour = s->doc->framed ? INDIGO : INK;
    t.tag = "H2";
    s->y += t.leading * 0.5;
    if (!sheet_need(s, t.leading * 3) || !text_flow(s, b->text, &t))
        return false;
    s->y += s->zh ? 0 : 3;
    return true;
}

static bool lay_item(Sheet *s, const PdfBlock *b)
{
    TextStyle label = body(s), text = label;
    double hang = text.size * (s->zh ? 2 : 2.2);
    text.left += hang;
    text.width -= hang;
    label.width = hang;
    if (!text_need(s, b->text, &text))
        return false;
    text_at(s, s->y, b->label, &label);
    if (!text_flow(s, b->text, &text))
        return false;
    s->y += s->zh ? 0 : text.leading * 0.25;
    return true;
}

static void draw_rule(Sheet *s)
{
    if (!s->drawing)
        return;
    sheet_colour(s, RULE);
    cairo_set_line_width(s->cr, 0.6);
    cairo_move_to(s->cr, s->left, s->y);
    cairo_line_to(s->cr, s->right, s->y);
    cairo_stroke(s->cr);
}

static bool lay_pair(Sheet *s, const PdfBlock *b)
{
    TextStyle label = body(s), text;
    label.size -= s->zh ? 2 : 0.5;
    label.leading = label.size * 1.6;
    text = label;
    label.width = (s->right - s->left) * LABEL_SHARE - 8;
    label.colour = GREY;
    text.left += label.width + 8;
    text.width = s->right - text.left;
    double labels = text_height(s, b->label, &label), texts = text_height(s, b->text, &text);
    double height = (labels > texts ? labels : texts) + 2 * PAIR_PADDING;
    bool short_row = height <= (s->bottom - s->top) / 2;
    if (!sheet_need(s, short_row ? height + s->keep : labels + 2 * PAIR_PADDING))
        return false;
    s->y += PAIR_PADDING;
    int page = s->page;
    double below_label = s->y + labels;
    text_at(s, s->y, b->label, &label);
    if (!text_flow(s, b->text, &text))
        return false;
    if (s->page == page && s->y < below_label)
        s->y = below_label;
    s->y += PAIR_PADDING;
    draw_rule(s);
    return true;
}

static double widest(const Sheet *s, const PdfBlock *b, const TextStyle *style)
{
    double most = 0;
    Str texts[] = {b->label, b->text};
    for (size_t i = 0; i < COUNT(texts); i++) {
        PangoLayout *layout = text_layout(s, texts[i], style);
        PangoRectangle logical;
        pango_layout_get_extents(layout, NULL, &logical);
        double width = (double)logical.width / PANGO_SCALE;
        most = width > most ? width : most;
        g_object_unref(layout);
    }
    return most;
}

typedef struct {
    TextStyle text;
    double lines, height; /* of organ and date; of all, seal included */
    double gap;           /* above it */
    double centre, bottom;
} Signature;

/* Organ and date are centred on each other, two characters from the right edge. Beside a QR code
 * there is room down to the foot of the page. */
static Signature measure_signature(const Sheet *s, const PdfBlock *b)
{
    TextStyle t = body(s);
    bool sealed = s->doc->seal.len > 0;
    t.width = (s->right - s->left) * 0.7;
    double width = widest(s, b, &t);
    double half = sealed && width / 2 < seal_radius() ? seal_radius() : width / 2;
    Signature g = {.lines = text_height(s, b->label, &t) + text_height(s, b->text, &t)};
    g.height = sealed ? 2 * seal_radius() : g.lines;
    g.gap = t.leading * (sealed ? 0.4 : 1);
    g.centre = s->right - half - (s->doc->framed ? 0 : t.size * 2);
    g.bottom = g.centre - half > s->qr_right ? s->foot : s->bottom;
    t.left = g.centre - width / 2 - 1;
    t.width = width + 2;
    t.align = PANGO_ALIGN_CENTER;
    g.text = t;
    return g;
}

static bool lay_signature(Sheet *s, const PdfBlock *b)
{
    Signature g = measure_signature(s, b);
    s->y += g.gap;
    if (s->y + g.height > g.bottom && !sheet_need(s, g.height))
        return false;
    if (s->doc->framed && s->y < g.bottom - g.height)
        s->y = g.bottom - g.height; /* at the foot of a certificate */
    double y = s->y + (g.height - g.lines) * 0.62;
    text_at(s, y, b->label, &g.text);
    text_at(s, y + text_height(s, b->label, &g.text), b->text, &g.text);
    if (s->doc->seal.len)
        seal_draw(s, g.centre, s->y + g.height / 2, s->doc->seal);
    s->y += g.height + g.text.leading * 0.5;
    return true;
}

static bool lay_note(Sheet *s, const PdfBlock *b)
{
    TextStyle t = body(s);
    t.size = s->zh ? 10.5 : 9.5;
    t.leading = t.size * 1.6;
    t.colour = GREY;
    s->y += 4;
    return text_flow(s, b->text, &t);
}

/* A signature never stands on a page without text (GB/T 9704): the block before it keeps two lines
 * together with it. */
static double kept_below(const Sheet *s, size_t i)
{
    if (i + 1 == s->doc->block_count || s->doc->blocks[i + 1].kind != PDF_SIGNATURE)
        return 0;
    Signature g = measure_signature(s, &s->doc->blocks[i + 1]);
    return g.gap + g.height - (g.bottom - s->bottom);
}

MUST_CHECK static bool lay_block(Sheet *s, const PdfBlock *b)
{
    switch (b->kind) {
    case PDF_TITLE: return lay_title(s, b);
    case PDF_SUBTITLE: return lay_subtitle(s, b);
    case PDF_PARAGRAPH: return lay_paragraph(s, b);
    case PDF_PAIR: return lay_pair(s, b);
    case PDF_HEADING: return lay_heading(s, b);
    case PDF_ITEM: return lay_item(s, b);
    case PDF_SIGNATURE: return lay_signature(s, b);
    case PDF_NOTE: return lay_note(s, b);
    }
    return true;
}

/* Text does not stick to the rule of the row above it, nor the first row to the title. */
static double air_above(const Sheet *s, size_t i)
{
    if (i == 0)
        return 0;
    PdfBlockKind above = s->doc->blocks[i - 1].kind, kind = s->doc->blocks[i].kind;
    bool after_rows =
        above == PDF_PAIR && (kind == PDF_PARAGRAPH || kind == PDF_NOTE || kind == PDF_ITEM);
    bool first_row = above != PDF_PAIR && above != PDF_HEADING && kind == PDF_PAIR;
    return after_rows || first_row ? body(s).leading * 0.45 : 0;
}

bool blocks_lay(Sheet *s)
{
    for (size_t i = 0; i < s->doc->block_count; i++) {
        s->y += air_above(s, i);
        s->keep = kept_below(s, i);
        if (!lay_block(s, &s->doc->blocks[i]))
            return false;
    }
    return true;
}
