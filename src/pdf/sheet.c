/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pages: margins of GB/T 9704 (top 37, bottom 35, left 28, right 26 mm), the frame of a
 * certificate, the QR code at the foot of the first page, the footer.
 */
#include "pdf/pdf_int.h"
#include "qr/qr.h"

enum { QUIET_MODULES = 4 };

#define MM(n) ((n)*PT_PER_MM)
#define QR_SIDE MM(24)
#define CAPTION_WIDTH MM(46)
#define FOOTER_SIZE 9.0

void sheet_colour(const Sheet *s, Colour c)
{
    cairo_set_source_rgba(s->cr, c.r, c.g, c.b, c.a);
}

static bool has_qr_here(const Sheet *s)
{
    return s->page == 1 && s->doc->qr_text.len > 0;
}

static void set_area(Sheet *s)
{
    bool framed = s->doc->framed;
    s->left = framed ? MM(32) : MM(28);
    s->right = PAGE_WIDTH - (framed ? MM(32) : MM(26));
    s->top = framed ? MM(44) : MM(34);
    s->bottom = PAGE_HEIGHT - (framed ? MM(38) : MM(32));
    s->foot = s->bottom + (framed ? 0 : MM(5));
    s->qr_right = 0;
    if (has_qr_here(s)) {
        s->bottom -= framed ? MM(14) : MM(18);
        s->qr_right = s->left + QR_SIDE + CAPTION_WIDTH;
    }
    s->y = s->top;
}

static void stroke_box(Sheet *s, double inset, double width, Colour c)
{
    sheet_colour(s, c);
    cairo_set_line_width(s->cr, width);
    cairo_rectangle(s->cr, inset, inset, PAGE_WIDTH - 2 * inset, PAGE_HEIGHT - 2 * inset);
    cairo_stroke(s->cr);
}

/* A small square turned by 45 degrees in each corner, between two short rules. */
static void draw_corner(Sheet *s, double x, double y, double dx, double dy)
{
    double arm = MM(9), gem = MM(1.5);
    cairo_set_line_width(s->cr, 0.9);
    cairo_move_to(s->cr, x + dx * arm, y);
    cairo_line_to(s->cr, x + dx * gem * 2, y);
    cairo_move_to(s->cr, x, y + dy * arm);
    cairo_line_to(s->cr, x, y + dy * gem * 2);
    cairo_stroke(s->cr);
    cairo_move_to(s->cr, x - gem, y);
    cairo_line_to(s->cr, x, y - gem);
    cairo_line_to(s->cr, x + gem, y);
    cairo_line_to(s->cr, x, y + gem);
    cairo_close_path(s->cr);
    cairo_fill(s->cr);
}

static void draw_frame(Sheet *s)
{
    double in = MM(22), right = PAGE_WIDTH - in, bottom = PAGE_HEIGHT - in;
    stroke_box(s, MM(14), 2.4, INDIGO);
    stroke_box(s, MM(16.2), 0.7, GOLD);
    sheet_colour(s, GOLD);
    draw_corner(s, in, in, 1, 1);
    draw_corner(s, right, in, -1, 1);
    draw_corner(s, in, bottom, 1, -1);
    draw_corner(s, right, bottom, -1, -1);
}

static void draw_modules(Sheet *s, const QrCode *code, double left, double top)
{
    double module = QR_SIDE / (code->size + 2 * QUIET_MODULES);
    sheet_colour(s, (Colour){0, 0, 0, 1});
    for (uint32_t y = 0; y < code->size; y++) {
        const uint8_t *row = code->dark + (size_t)y * code->size;
        for (uint32_t x = 0; x < code->size; x++) {
            uint32_t from = x;
            while (x < code->size && row[x])
                x++;
            if (x > from)
                cairo_rectangle(s->cr, left + (from + QUIET_MODULES) * module,
                                top + (y + QUIET_MODULES) * module, (x - from) * module, module);
        }
    }
    cairo_fill(s->cr);
}

MUST_CHECK static bool draw_qr(Sheet *s)
{
    QrCode code;
    if (!qr_make(s->arena, s->doc->qr_text, &code, s->err))
        return false;
    double quiet = QR_SIDE * QUIET_MODULES / (code.size + 2 * QUIET_MODULES);
    double left = s->left - quiet;
    double top = PAGE_HEIGHT - (s->doc->framed ? MM(28) : MM(22)) - QR_SIDE;
    draw_modules(s, &code, left, top);
    TextStyle caption = {.left = left + QR_SIDE + 4,
                         .width = CAPTION_WIDTH,
                         .size = FOOTER_SIZE,
                         .leading = 13,
                         .sans = true,
                         .colour = GREY,
                         .tag = "P"};
    double height = text_height(s, s->doc->qr_caption, &caption);
    text_at(s, top + (QR_SIDE - height) / 2, s->doc->qr_caption, &caption);
    return true;
}

static Str page_number(const Sheet *s)
{
    if (s->zh)
        return str_fmt(s->arena, "第 %d 页，共 %d 页", s->page, s->pages);
    return str_fmt(s->arena, "Page %d of %d", s->page, s->pages);
}

static void draw_footer(Sheet *s)
{
    double y = PAGE_HEIGHT - (s->doc->framed ? MM(24.5) : MM(18));
    TextStyle style = {.left = s->left,
                       .width = s->right - s->left,
                       .size = FOOTER_SIZE,
                       .leading = 13,
                       .sans = true,
                       .colour = GREY,
                       .tag = "P"};
    if (s->doc->framed)
        style.align = PANGO_ALIGN_CENTER;
    Str number = page_number(s);
    if (s->doc->framed) {
        Str line = s->doc->footer;
        if (s->pages > 1)
            line = str_fmt(s->arena, STR_FMT "%s" STR_FMT, STR_ARG(line), line.len ? "　" : "",
                           STR_ARG(number));
        text_at(s, y, line, &style);
        return;
    }
    sheet_colour(s, RULE);
    cairo_set_line_width(s->cr, 0.6);
    cairo_move_to(s->cr, s->left, y - 5);
    cairo_line_to(s->cr, s->right, y - 5);
    cairo_stroke(s->cr);
    style.width -= 90;
    text_at(s, y, s->doc->footer, &style);
    style.left = s->right - 90;
    style.width = 90;
    style.align = PANGO_ALIGN_RIGHT;
    text_at(s, y, number, &style);
}

MUST_CHECK static bool finish_page(Sheet *s)
{
    if (!s->drawing)
        return true;
    if (has_qr_here(s) && !draw_qr(s))
        return false;
    draw_footer(s);
    cairo_show_page(s->cr);
    return true;
}

static void begin_page(Sheet *s)
{
    set_area(s);
    if (s->drawing && s->doc->framed)
        draw_frame(s);
}

void sheet_begin(Sheet *s)
{
    s->page = 1;
    begin_page(s);
}

bool sheet_new_page(Sheet *s)
{
    if (!finish_page(s))
        return false;
    if (s->page == PDF_MAX_PAGES)
        return FAIL(s->err, ERR_LIMIT, "a document takes more than PDF_MAX_PAGES pages");
    s->page++;
    begin_page(s);
    return true;
}

bool sheet_finish(Sheet *s)
{
    return finish_page(s);
}

bool sheet_need(Sheet *s, double height)
{
    if (s->y + height <= s->bottom || s->y <= s->top)
        return true;
    return sheet_new_page(s);
}
