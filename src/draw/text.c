/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text in shapes. Nothing measures fonts here: a Han character is as wide as it is high, and a
 * table gives ASCII by the widest of the style sheet's fonts. Lines break at spaces and between
 * Han characters, but never before closing punctuation; a word that is too long is broken.
 */
#include "base/utf8.h"
#include "draw/draw_int.h"

/* Thousandths of the size, U+0020 to U+007E: the widest of Arial, Segoe UI, SF, Noto Sans, DejaVu
 * less its extremes. */
static const uint16_t ascii[] = {
    320,  410, 470, 840, 640, 950, 780, 280, 400, 400, 530, 840, 330, 370, 330, 400, /* space */
    640,  640, 640, 640, 640, 640, 640, 640, 640, 640, 350, 350, 840, 840, 840, 540, /* 0 */
    1000, 690, 690, 720, 770, 640, 590, 780, 780, 320, 400, 680, 580, 890, 780, 790, /* @ */
    640,  790, 700, 640, 630, 740, 690, 990, 690, 640, 690, 400, 400, 400, 840, 510, /* P */
    510,  620, 640, 560, 640, 620, 370, 640, 640, 290, 310, 590, 290, 980, 640, 620, /* ` */
    640,  640, 420, 530, 400, 640, 600, 830, 600, 600, 530, 640, 350, 640, 840,      /* p */
};

static double rune_width(uint32_t c)
{
    if (c >= 0x20 && c < 0x7f) {
        return ascii[c - 0x20] * TEXT_SIZE / 1000.0;
    }
    bool combining = (c >= 0x300 && c < 0x370) || (c >= 0x200b && c < 0x2010);
    bool latin = c < 0x590;
    return combining ? 0 : latin ? 0.8 * TEXT_SIZE : 1.0 * TEXT_SIZE;
}

static bool is_wide(uint32_t c)
{
    return c >= 0x2e80;
}

/* What may not begin a line. */
static bool closes(uint32_t c)
{
    static const uint32_t set[] = {0x3001, 0x3002, 0xff0c, 0xff0e, 0xff1a, 0xff1b, 0xff1f, 0xff01,
                                   0xff09, 0x300b, 0x300d, 0x300f, 0x3011, 0x201d, 0x2019, ',',
                                   '.',    ':',    ';',    '?',    '!',    ')'};
    for (size_t i = 0; i < COUNT(set); i++) {
        if (set[i] == c) {
            return true;
        }
    }
    return false;
}

double draw_text_width(Str text)
{
    double width = 0;
    for (size_t at = 0; at < text.len;) {
        width += rune_width(utf8_next(text, &at));
    }
    return width;
}

static bool is_space(uint32_t c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == 0xa0 || c == 0x3000;
}

/* The end of the line that begins at from: the last place to break at that still fits, else where
 * the width ends. */
static size_t line_end(Str s, size_t from, double width)
{
    size_t fits = from, breaks = 0, at = from;
    uint32_t before = 0;
    double used = 0;
    while (at < s.len) {
        size_t start = at;
        uint32_t c = utf8_next(s, &at);
        bool between = is_wide(c) || is_wide(before);
        if (start > from && (is_space(c) || (between && !closes(c)) || before == '-')) {
            breaks = start;
        }
        if (c == '\n') {
            return start;
        }
        used += rune_width(c);
        if (used > width && !is_space(c)) {
            return breaks > from ? breaks : fits > from ? fits : at;
        }
        fits = at;
        before = c;
    }
    return s.len;
}

/* The last line that there is room for, with dots where more follows. */
static Str shortened(Arena *a, Str rest, double width)
{
    size_t end = 0, at = 0;
    double dots = rune_width(0x2026), used = 0;
    while (at < rest.len) {
        uint32_t c = utf8_next(rest, &at);
        used += rune_width(c);
        if (used + dots > width || c == '\n') {
            break;
        }
        end = at;
    }
    return str_join(a, str_trim(str_slice(rest, 0, end)), STR("…"));
}

Wrapped text_wrap(Arena *a, Str text, double width, size_t max_lines)
{
    Wrapped w = {0};
    Str rest = str_trim(text);
    size_t most = max_lines < TEXT_MAX_LINES ? max_lines : TEXT_MAX_LINES;
    /* cppcheck-suppress knownConditionTrueFalse ; it loses count in the loop */
    while (rest.len && w.count < most) {
        size_t end = line_end(rest, 0, width);
        Str after = str_trim(str_slice(rest, end, rest.len));
        bool last = w.count + 1 == most && after.len > 0;
        Str line = last ? shortened(a, rest, width) : str_trim(str_slice(rest, 0, end));
        double used = draw_text_width(line);
        w.cut = w.cut || last;
        w.width = used > w.width ? used : w.width;
        w.lines[w.count++] = line;
        rest = last ? STR("") : after;
    }
    w.cut = w.cut || rest.len > 0;
    return w;
}

/* ---- writing ---- */

static void put_lines(Canvas *c, const Wrapped *w, const char *class_name, double x, double y)
{
    if (w->count == 0) {
        return;
    }
    buf_fmt(&c->svg, "<text class=\"%s\">", class_name);
    for (size_t i = 0; i < w->count; i++) {
        canvas_put(c, "<tspan x=\"%n\" y=\"%n\">", x, y + (double)i * LINE_HEIGHT);
        canvas_text(c, w->lines[i]);
        BUF_LIT(&c->svg, "</tspan>");
    }
    BUF_LIT(&c->svg, "</text>");
}

static size_t rows_in(double height)
{
    return height < LINE_HEIGHT ? 1 : (size_t)(height / LINE_HEIGHT);
}

void text_in_box(Canvas *c, Str text, DiagramBox box)
{
    Wrapped w = text_wrap(c->svg.arena, text, box.w, rows_in(box.h));
    double y = box.y + (box.h - (double)w.count * LINE_HEIGHT) / 2 + TEXT_SIZE - 1;
    put_lines(c, &w, "bp-t", box.x + box.w / 2, y);
}

void text_below(Canvas *c, Str text, double x, double y, double width)
{
    Wrapped w = text_wrap(c->svg.arena, text, width, 6);
    put_lines(c, &w, "bp-t bp-out", x, y + TEXT_SIZE - 1);
    if (w.count) {
        canvas_reach(c, x - w.width / 2, y, w.width, (double)w.count * LINE_HEIGHT);
    }
}

void text_left(Canvas *c, Str text, DiagramBox box)
{
    Wrapped w = text_wrap(c->svg.arena, text, box.w, rows_in(box.h));
    put_lines(c, &w, "bp-t bp-left", box.x, box.y + TEXT_SIZE - 1);
}

void text_upright(Canvas *c, Str text, DiagramBox box)
{
    Wrapped w = text_wrap(c->svg.arena, text, box.h, rows_in(box.w));
    if (w.count) {
        canvas_put(c, "<g transform=\"translate(%n %n) rotate(-90)\">", box.x + box.w / 2,
                   box.y + box.h / 2);
        put_lines(c, &w, "bp-t", 0, TEXT_SIZE / 2.0 - 2 - (double)(w.count - 1) * LINE_HEIGHT / 2);
        BUF_LIT(&c->svg, "</g>");
    }
}
