/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A round seal: ring, five-pointed star, the organ's name along the upper arc. Letters are drawn as
 * outlines, so that copying the text of the page does not pick them up.
 */
#include "pdf/pdf_int.h"

#include <math.h>

#include "base/utf8.h"

enum { SEAL_MAX_LETTERS = 60 };

#define RADIUS (21 * PT_PER_MM)
#define RING 2.3
#define STAR_RADIUS (6.6 * PT_PER_MM)
#define LETTER_MAX 15.5
#define ARC_MAX (M_PI * 1.38)
#define LETTER_ARC (M_PI / 7.5) /* letters of a short name stand no farther apart */

typedef struct {
    Str letters[SEAL_MAX_LETTERS];
    double widths[SEAL_MAX_LETTERS]; /* for a size of 1 */
    double total;
    int count;
} Arc;

double seal_radius(void)
{
    return RADIUS;
}

static void draw_ring_and_star(Sheet *s, double x, double y)
{
    cairo_set_line_width(s->cr, RING);
    cairo_new_sub_path(s->cr);
    cairo_arc(s->cr, x, y, RADIUS - RING / 2, 0, 2 * M_PI);
    cairo_stroke(s->cr);
    for (int i = 0; i < 5; i++) {
        double angle = -M_PI / 2 + i * 4 * M_PI / 5;
        double px = x + STAR_RADIUS * cos(angle), py = y + STAR_RADIUS * sin(angle);
        if (i)
            cairo_line_to(s->cr, px, py);
        else
            cairo_move_to(s->cr, px, py);
    }
    cairo_close_path(s->cr);
    cairo_set_fill_rule(s->cr, CAIRO_FILL_RULE_WINDING);
    cairo_fill(s->cr);
}

static PangoLayout *letter_layout(const Sheet *s, Str letter, double size)
{
    TextStyle style = {.size = size, .bold = true};
    return text_layout(s, letter, &style);
}

static void split_letters(const Sheet *s, Str name, Arc *arc)
{
    for (size_t at = 0; at < name.len && arc->count < SEAL_MAX_LETTERS;) {
        size_t from = at;
        (void)utf8_next(name, &at);
        Str letter = str_slice(name, from, at);
        PangoLayout *layout = letter_layout(s, letter, 100);
        PangoRectangle logical;
        pango_layout_get_extents(layout, NULL, &logical);
        g_object_unref(layout);
        arc->letters[arc->count] = letter;
        arc->widths[arc->count] = (double)logical.width / PANGO_SCALE / 100;
        arc->total += arc->widths[arc->count++];
    }
}

static void draw_letter(Sheet *s, Str letter, double size, double from_centre)
{
    PangoLayout *layout = letter_layout(s, letter, size);
    PangoRectangle logical;
    pango_layout_get_extents(layout, NULL, &logical);
    double baseline = (double)pango_layout_get_baseline(layout) / PANGO_SCALE;
    cairo_move_to(s->cr, -(double)logical.width / PANGO_SCALE / 2, -from_centre - baseline);
    pango_cairo_layout_path(s->cr, layout);
    cairo_fill(s->cr);
    g_object_unref(layout);
}

static void draw_name(Sheet *s, double x, double y, Str name)
{
    Arc arc = {.count = 0};
    split_letters(s, name, &arc);
    if (!arc.count || arc.total <= 0)
        return;
    double baseline = RADIUS * 0.64; /* distance of the letters' feet from the centre */
    double size = ARC_MAX * baseline / arc.total;
    size = size < LETTER_MAX ? size : LETTER_MAX;
    baseline = RADIUS - RING - 2.2 - size * 0.92;
    double natural = arc.total * size / baseline;
    double gaps = arc.count > 1 ? arc.count - 1 : 1;
    bool wide = arc.total / arc.count > 0.8; /* Chinese letters spread over the arc */
    double gap = wide ? (ARC_MAX - natural) / gaps : 0.02;
    double most = LETTER_ARC - natural / arc.count;
    gap = gap < most ? gap : most;
    gap = gap > 0 ? gap : 0;
    double angle = -(natural + gap * (arc.count - 1)) / 2;
    for (int i = 0; i < arc.count; i++) {
        double width = arc.widths[i] * size / baseline;
        cairo_save(s->cr);
        cairo_translate(s->cr, x, y);
        cairo_rotate(s->cr, angle + width / 2);
        draw_letter(s, arc.letters[i], size, baseline + size * 0.12);
        cairo_restore(s->cr);
        angle += width + gap;
    }
}

void seal_draw(Sheet *s, double x, double y, Str name)
{
    if (!s->drawing)
        return;
    sheet_colour(s, SEAL_RED);
    draw_ring_and_star(s, x, y);
    draw_name(s, x, y, name);
}
