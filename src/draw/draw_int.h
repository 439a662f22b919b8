/* SPDX-License-Identifier: Apache-2.0 */
/* draw/draw_int.h - what the files of this room share. */
#pragma once

#include "base/map.h"
#include "base/vec.h"
#include "draw/draw.h"

enum { TEXT_SIZE = 12, LINE_HEIGHT = 15, TEXT_MAX_LINES = 12 };

typedef struct {
    StrBuf svg;
    const DrawAsk *ask;
    Map marks;                       /* element -> const DrawMark * */
    double left, top, right, bottom; /* of all that was drawn */
    bool any;
    bool here; /* the place to jump to was named */
} Canvas;

/* ---- canvas.c ---- */
void canvas_reach(Canvas *c, double x, double y, double w, double h);
const DrawMark *canvas_mark(const Canvas *c, Str element);
/* A number with one digit behind the point at most. */
void canvas_num(Canvas *c, double v);
/* Text in content or attribute, escaped; what XML does not allow is left out. */
void canvas_text(Canvas *c, Str s);
/* "rect x y w h" and so on: %n is a number (double), the rest is copied. */
void canvas_put(Canvas *c, const char *format, ...);
/* A path's data from a pattern of a 24 by 24 grid at x, y, scaled. */
void canvas_glyph(Canvas *c, const char *class_name, const char *path, double x, double y,
                  double scale);

/* ---- text.c ---- */
typedef struct {
    Str lines[TEXT_MAX_LINES];
    size_t count;
    double width; /* of the widest */
    bool cut;
} Wrapped;

Wrapped text_wrap(Arena *a, Str text, double width, size_t max_lines);
/* Lines in the middle of the box. */
void text_in_box(Canvas *c, Str text, DiagramBox box);
/* Lines centred at x, the first below y; halo: they stand on lines. */
void text_below(Canvas *c, Str text, double x, double y, double width);
void text_left(Canvas *c, Str text, DiagramBox box);
/* Read from below, for a pool's head. */
void text_upright(Canvas *c, Str text, DiagramBox box);

/* ---- shapes.c, events.c, edges.c ---- */
void draw_shape(Canvas *c, const DiagramShape *s);
void draw_event(Canvas *c, const DiagramShape *s);
void draw_event_icon(Canvas *c, DiagramIcon icon, bool filled, double x, double y, double scale);
void draw_label(Canvas *c, const DiagramShape *s);
void draw_marks(Canvas *c, const DiagramShape *s);
void draw_edge(Canvas *c, const DiagramEdge *e);
void draw_edge_label(Canvas *c, const DiagramEdge *e);
