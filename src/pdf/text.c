/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text by Pango: it breaks the lines (Chinese line-start rules included), we place them one by one
 * with an even leading, so that a paragraph may go on at the top of the next page.
 */
#include "pdf/pdf_int.h"

static const char serif[] = "Noto Serif CJK SC,Noto Sans CJK SC,WenQuanYi Zen Hei,Serif";
static const char sans[] = "Noto Sans CJK SC,WenQuanYi Zen Hei,Sans";

/* Share of the leading above the baseline. */
#define BASELINE 0.72

static double points(int pango_units)
{
    return (double)pango_units / PANGO_SCALE;
}

static int units(double pt)
{
    return (int)(pt * PANGO_SCALE);
}

PangoLayout *text_layout(const Sheet *s, Str text, const TextStyle *style)
{
    PangoLayout *layout = pango_layout_new(s->pango);
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family_static(font, style->sans ? sans : serif);
    pango_font_description_set_absolute_size(font, style->size * PANGO_SCALE);
    if (style->bold)
        pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_text(layout, text.len ? text.at : "", (int)text.len);
    if (style->width > 0)
        pango_layout_set_width(layout, units(style->width));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(layout, style->align);
    pango_layout_set_indent(layout, units(style->indent));
    if (style->spacing > 0) {
        PangoAttrList *attrs = pango_attr_list_new();
        pango_attr_list_insert(attrs, pango_attr_letter_spacing_new(units(style->spacing)));
        pango_layout_set_attributes(layout, attrs);
        pango_attr_list_unref(attrs);
    }
    return layout;
}

double text_height(const Sheet *s, Str text, const TextStyle *style)
{
    if (!text.len)
        return 0;
    PangoLayout *layout = text_layout(s, text, style);
    double height = pango_layout_get_line_count(layout) * style->leading;
    g_object_unref(layout);
    return height;
}

static void draw_line(Sheet *s, PangoLayoutIter *line, double y, const TextStyle *style)
{
    PangoRectangle logical;
    if (!s->drawing)
        return;
    pango_layout_iter_get_line_extents(line, NULL, &logical);
    sheet_colour(s, style->colour);
    cairo_move_to(s->cr, style->left + points(logical.x), y + style->leading * BASELINE);
    pango_cairo_show_layout_line(s->cr, pango_layout_iter_get_line_readonly(line));
}

static void tag_begin(Sheet *s, const TextStyle *style)
{
    if (s->drawing)
        cairo_tag_begin(s->cr, style->tag, NULL);
}

static void tag_end(Sheet *s, const TextStyle *style)
{
    if (s->drawing)
        cairo_tag_end(s->cr, style->tag);
}

/* A structure element ends with its page: Cairo closes what it holds there. */
MUST_CHECK static bool next_page(Sheet *s, const TextStyle *style)
{
    tag_end(s, style);
    if (!sheet_new_page(s))
        return false;
    tag_begin(s, style);
    return true;
}

/* No single line is left behind at the foot of a page, and none is sent ahead alone; what must stay
 * with the end of the text (s->keep) takes the last two lines along. */
static bool line_fits(const Sheet *s, int line, int lines, const TextStyle *style)
{
    bool tail = line == (lines > 2 ? lines - 2 : 0);
    int together = (line == 0 && lines > 1) || (tail && lines > 3) ? 2 : 1;
    double height = together * style->leading;
    if (tail && s->keep > 0)
        height = (lines - line) * style->leading + s->keep;
    return s->y + height <= s->bottom || s->y <= s->top;
}

bool text_need(Sheet *s, Str text, const TextStyle *style)
{
    int lines = (int)(text_height(s, text, style) / style->leading + 0.5);
    return line_fits(s, 0, lines, style) || sheet_new_page(s);
}

bool text_flow(Sheet *s, Str text, const TextStyle *style)
{
    if (!text.len)
        return true;
    PangoLayout *layout = text_layout(s, text, style);
    PangoLayoutIter *line = pango_layout_get_iter(layout);
    int lines = pango_layout_get_line_count(layout);
    bool ok = line_fits(s, 0, lines, style) || sheet_new_page(s);
    if (ok)
        tag_begin(s, style);
    for (int i = 0; ok && i < lines; i++) {
        if (!line_fits(s, i, lines, style))
            ok = next_page(s, style);
        if (!ok)
            break;
        draw_line(s, line, s->y, style);
        s->y += style->leading;
        pango_layout_iter_next_line(line);
    }
    if (ok)
        tag_end(s, style);
    pango_layout_iter_free(line);
    g_object_unref(layout);
    return ok;
}

void text_at(Sheet *s, double y, Str text, const TextStyle *style)
{
    if (!text.len || !s->drawing)
        return;
    PangoLayout *layout = text_layout(s, text, style);
    PangoLayoutIter *line = pango_layout_get_iter(layout);
    tag_begin(s, style);
    do {
        draw_line(s, line, y, style);
        y += style->leading;
    } while (pango_layout_iter_next_line(line));
    tag_end(s, style);
    pango_layout_iter_free(line);
    g_object_unref(layout);
}
