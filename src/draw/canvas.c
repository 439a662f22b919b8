/* SPDX-License-Identifier: Apache-2.0 */
/* What every file of this room writes with. Numbers have one digit behind the point: a tenth of a
 * pixel is finer than any screen shows. */
#include "draw/draw_int.h"

void canvas_reach(Canvas *c, double x, double y, double w, double h)
{
    c->left = !c->any || x < c->left ? x : c->left;
    c->top = !c->any || y < c->top ? y : c->top;
    c->right = !c->any || x + w > c->right ? x + w : c->right;
    c->bottom = !c->any || y + h > c->bottom ? y + h : c->bottom;
    c->any = true;
}

const DrawMark *canvas_mark(const Canvas *c, Str element)
{
    return element.len ? map_get(&c->marks, element) : NULL;
}

void canvas_num(Canvas *c, double v)
{
    int64_t tenths = (int64_t)(v * 10 + (v < 0 ? -0.5 : 0.5));
    if (tenths < 0) {
        buf_char(&c->svg, '-');
        tenths = -tenths;
    }
    buf_int(&c->svg, tenths / 10);
    if (tenths % 10) {
        buf_char(&c->svg, '.');
        buf_int(&c->svg, tenths % 10);
    }
}

/* Attribute values and text alike. */
void canvas_text(Canvas *c, Str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char b = (unsigned char)s.at[i];
        switch (b) {
        case '&': BUF_LIT(&c->svg, "&amp;"); break;
        case '<': BUF_LIT(&c->svg, "&lt;"); break;
        case '>': BUF_LIT(&c->svg, "&gt;"); break;
        case '"': BUF_LIT(&c->svg, "&quot;"); break;
        case '\'': BUF_LIT(&c->svg, "&#39;"); break;
        default: buf_char(&c->svg, b < 0x20 ? ' ' : (char)b); break;
        }
    }
}

void canvas_put(Canvas *c, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    for (const char *p = format; *p; p++) {
        if (p[0] == '%' && p[1] == 'n') {
            canvas_num(c, va_arg(args, double));
            p++;
        } else {
            buf_char(&c->svg, *p);
        }
    }
    va_end(args);
}

void canvas_glyph(Canvas *c, const char *class_name, const char *path, double x, double y,
                  double scale)
{
    buf_fmt(&c->svg, "<path class=\"%s\" transform=\"translate(", class_name);
    canvas_put(c, "%n %n)", x, y);
    if (scale != 1) {
        int64_t hundredths = (int64_t)(scale * 100 + 0.5);
        buf_fmt(&c->svg, " scale(%d.%02d)", (int)(hundredths / 100), (int)(hundredths % 100));
    }
    buf_fmt(&c->svg, "\" d=\"%s\"/>", path);
}
