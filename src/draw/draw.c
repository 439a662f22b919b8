/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One plane, from back to front: pools and lanes, sub-processes that show their inside, groups;
 * lines; all other shapes; names beside shapes and lines; signs. What was drawn decides how large
 * the picture is, so its head is written last.
 */
#include "draw/draw_int.h"

enum { MARGIN = 12 };

typedef enum { LAYER_POOLS, LAYER_OPEN, LAYER_SHAPES, LAYER_HUNG, LAYER_COUNT } Layer;

static Layer layer_of(const DiagramShape *s)
{
    bool open = s->kind == DIAGRAM_SUBPROCESS && !(s->flags & DIAGRAM_COLLAPSED);
    return s->kind == DIAGRAM_POOL || s->kind == DIAGRAM_LANE ? LAYER_POOLS
           : open || s->kind == DIAGRAM_GROUP                 ? LAYER_OPEN
           : s->kind == DIAGRAM_BOUNDARY                      ? LAYER_HUNG
                                                              : LAYER_SHAPES;
}

static void draw_layer(Canvas *c, const DiagramPlane *plane, Layer layer)
{
    for (size_t i = 0; i < plane->shape_count; i++) {
        if (layer_of(&plane->shapes[i]) == layer) {
            draw_shape(c, &plane->shapes[i]);
        }
    }
}

static void draw_all(Canvas *c, const DiagramPlane *plane)
{
    draw_layer(c, plane, LAYER_POOLS);
    draw_layer(c, plane, LAYER_OPEN);
    for (size_t i = 0; i < plane->edge_count; i++) {
        draw_edge(c, &plane->edges[i]);
    }
    draw_layer(c, plane, LAYER_SHAPES);
    draw_layer(c, plane, LAYER_HUNG);
    for (size_t i = 0; i < plane->edge_count; i++) {
        draw_edge_label(c, &plane->edges[i]);
    }
    for (size_t i = 0; i < plane->shape_count; i++) {
        draw_label(c, &plane->shapes[i]);
    }
    for (size_t i = 0; i < plane->shape_count; i++) {
        draw_marks(c, &plane->shapes[i]);
    }
}

static void put_words(Canvas *c, const char *element, Str text)
{
    buf_fmt(&c->svg, "<%s id=\"", element);
    canvas_text(c, c->ask->id);
    buf_fmt(&c->svg, "-%s\">", element);
    canvas_text(c, text);
    buf_fmt(&c->svg, "</%s>", element);
}

static void put_head(Canvas *head, const Canvas *body)
{
    double x = body->left - MARGIN, y = body->top - MARGIN;
    double w = body->right - body->left + 2 * MARGIN, h = body->bottom - body->top + 2 * MARGIN;
    BUF_LIT(&head->svg, "<svg class=\"bp\" role=\"img\" aria-labelledby=\"");
    canvas_text(head, head->ask->id);
    BUF_LIT(&head->svg, "-title ");
    canvas_text(head, head->ask->id);
    canvas_put(head, "-desc\" xmlns=\"http://www.w3.org/2000/svg\" width=\"%n\" height=\"%n\"", w,
               h);
    canvas_put(head, " viewBox=\"%n %n %n %n\">", x, y, w, h);
    put_words(head, "title", head->ask->title);
    put_words(head, "desc", head->ask->description);
}

Str draw_plane(Arena *out, const DiagramPlane *plane, const DrawAsk *ask)
{
    Canvas body = {.svg = buf_in(out), .ask = ask};
    for (size_t i = 0; i < ask->mark_count; i++) {
        DrawMark *kept = NEW(out, DrawMark);
        *kept = ask->marks[i];
        map_put(out, &body.marks, kept->element, kept);
    }
    draw_all(&body, plane);
    Canvas head = {.svg = buf_in(out), .ask = ask};
    put_head(&head, &body);
    buf_add(&head.svg, buf_str(&body.svg));
    BUF_LIT(&head.svg, "</svg>");
    return buf_str(&head.svg);
}
