/* SPDX-License-Identifier: Apache-2.0 */
/* Lines and what stands at their ends. Heads are paths of their own: a <marker> would need ids that
 * are unique in the page. */
#include <math.h>

#include "draw/draw_int.h"

enum { HEAD_LENGTH = 10, HEAD_HALF = 5, LABEL_WIDTH = 96 };

typedef struct {
    double x, y;   /* where */
    double dx, dy; /* direction, length 1 */
} Ray;

/* At the end of the line, looking along it; at its start, looking into it. */
static Ray ray_at(const DiagramEdge *e, bool end)
{
    size_t n = e->point_count;
    DiagramPoint tip = e->points[end ? n - 1 : 0];
    for (size_t i = 1; i < n; i++) {
        DiagramPoint p = e->points[end ? n - 1 - i : i];
        double dx = end ? tip.x - p.x : p.x - tip.x, dy = end ? tip.y - p.y : p.y - tip.y;
        double length = sqrt(dx * dx + dy * dy);
        if (length > 0.01) {
            return (Ray){tip.x, tip.y, dx / length, dy / length};
        }
    }
    return (Ray){tip.x, tip.y, 1, 0};
}

/* forward along the ray, then sideways. */
static DiagramPoint beside(Ray r, double forward, double side)
{
    return (DiagramPoint){r.x + r.dx * forward - r.dy * side, r.y + r.dy * forward + r.dx * side};
}

static void put_head(Canvas *c, const DiagramEdge *e, bool end)
{
    Ray r = ray_at(e, end);
    double back = end ? -HEAD_LENGTH : HEAD_LENGTH;
    DiagramPoint a = beside(r, back, HEAD_HALF), b = beside(r, back, -HEAD_HALF);
    bool lines = e->kind == DIAGRAM_ASSOCIATION || e->kind == DIAGRAM_DATA_FLOW;
    buf_fmt(&c->svg, "<path class=\"%s\" ",
            lines                             ? "bp-l"
            : e->kind == DIAGRAM_MESSAGE_FLOW ? "bp-s"
                                              : "bp-full bp-head");
    canvas_put(c, "d=\"M%n %nL%n %nL%n %n", a.x, a.y, r.x, r.y, b.x, b.y);
    BUF_LIT(&c->svg, "\"/>");
}

static void put_start(Canvas *c, const DiagramEdge *e)
{
    Ray r = ray_at(e, false);
    if (e->kind == DIAGRAM_MESSAGE_FLOW) {
        DiagramPoint p = beside(r, 3.5, 0);
        canvas_put(c, "<circle class=\"bp-s\" cx=\"%n\" cy=\"%n\" r=\"3.5\"/>", p.x, p.y);
    }
    if (e->is_default) {
        DiagramPoint a = beside(r, 7, 5), b = beside(r, 13, -5);
        canvas_put(c, "<path class=\"bp-l bp-slash\" d=\"M%n %nL%n %n\"/>", a.x, a.y, b.x, b.y);
    }
    if (e->is_conditional) {
        DiagramPoint a = beside(r, 8, 5), b = beside(r, 16, 0), d = beside(r, 8, -5);
        canvas_put(c, "<path class=\"bp-s bp-diamond\" d=\"M%n %nL%n %nL%n %nL%n %nz\"/>", r.x, r.y,
                   a.x, a.y, b.x, b.y, d.x, d.y);
    }
}

static bool was_taken(const Canvas *c, const DiagramEdge *e)
{
    const DrawMark *from = canvas_mark(c, e->from), *to = canvas_mark(c, e->to);
    return e->kind == DIAGRAM_FLOW && from && from->passed && to &&
           (to->passed || to->here || to->incident);
}

void draw_edge(Canvas *c, const DiagramEdge *e)
{
    static const char *const lines[] = {
        [DIAGRAM_FLOW] = "bp-l",
        [DIAGRAM_MESSAGE_FLOW] = "bp-l bp-dash",
        [DIAGRAM_ASSOCIATION] = "bp-l bp-dots",
        [DIAGRAM_DATA_FLOW] = "bp-l bp-dots",
    };
    buf_fmt(&c->svg, "<g class=\"bp-f%s\" data-element=\"", was_taken(c, e) ? " bp-done" : "");
    canvas_text(c, e->element);
    buf_fmt(&c->svg, "\"><path class=\"%s\" d=\"", lines[e->kind]);
    for (size_t i = 0; i < e->point_count; i++) {
        canvas_put(c, i ? "L%n %n" : "M%n %n", e->points[i].x, e->points[i].y);
        canvas_reach(c, e->points[i].x, e->points[i].y, 0, 0);
    }
    BUF_LIT(&c->svg, "\"/>");
    put_start(c, e);
    if (e->heads != DIAGRAM_HEADLESS) {
        put_head(c, e, true);
    }
    if (e->heads == DIAGRAM_TWO_HEADS) {
        put_head(c, e, false);
    }
    BUF_LIT(&c->svg, "</g>");
}

/* Where the modeller put it, else above the middle of the longest stretch. */
void draw_edge_label(Canvas *c, const DiagramEdge *e)
{
    Str name = text_in(e->name, c->ask->lang);
    size_t longest = 1;
    double most = -1;
    if (!name.len) {
        return;
    }
    if (e->label.w > 0) {
        double width = e->label.w > LABEL_WIDTH ? e->label.w : LABEL_WIDTH;
        text_below(c, name, e->label.x + e->label.w / 2, e->label.y, width);
        return;
    }
    for (size_t i = 1; i < e->point_count; i++) {
        double dx = fabs(e->points[i].x - e->points[i - 1].x);
        double dy = fabs(e->points[i].y - e->points[i - 1].y);
        if (dx + dy > most) {
            most = dx + dy;
            longest = i;
        }
    }
    DiagramPoint a = e->points[longest - 1], b = e->points[longest];
    bool flat = fabs(a.y - b.y) < fabs(a.x - b.x);
    Wrapped w = text_wrap(c->svg.arena, name, LABEL_WIDTH, 6);
    double height = (double)w.count * LINE_HEIGHT;
    double x = (a.x + b.x) / 2, y = (a.y + b.y) / 2;
    text_below(c, name, flat ? x : x + w.width / 2 + 5, flat ? y - height - 3 : y - height / 2,
               LABEL_WIDTH);
}
