/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Events: one thin circle at the start, two in between, a thick one at the end; dashed where they
 * do not interrupt. The symbol is filled where it is thrown. Paths stand on a grid of 24 by 24.
 */
#include "draw/draw_int.h"

static const char *const symbols[ICON_COUNT] = {
    [ICON_TIMER] =
        "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18zM12 7v5l3.5 2M12 3v2M12 19v2M3 12h2M19 12h2",
    [ICON_MESSAGE] = "M3.5 6.5h17v11h-17zM20.5 6.5l-8.5 6l-8.5-6",
    [ICON_SIGNAL] = "M12 3.5l9 15h-18z",
    [ICON_ERROR] = "M4 19.5l4.5-13l6 7.5l5.5-9.5l-4.5 15l-6-7z",
    [ICON_ESCALATION] = "M12 3.5l6.5 16.5l-6.5-6l-6.5 6z",
    [ICON_COMPENSATION] = "M11.5 6v12l-8-6zM20 6v12l-8.5-6z",
    [ICON_CANCEL] = "M5.5 8l2.5-2.5l4 4l4-4l2.5 2.5l-4 4l4 4l-2.5 2.5l-4-4l-4 4l-2.5-2.5l4-4z",
    [ICON_CONDITION] = "M6 3.5h12v17h-12zM8.5 7.5h7M8.5 10.5h7M8.5 13.5h7M8.5 16.5h7",
    [ICON_LINK] = "M3.5 9.5h9v-4l8 6.5l-8 6.5v-4h-9z",
    [ICON_TERMINATE] = "M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17z",
    [ICON_MULTIPLE] = "M12 3.5l8.5 6.2l-3.2 10h-10.6l-3.2-10z",
    [ICON_ALL_OF] = "M9.5 4h5v5.5h5.5v5h-5.5v5.5h-5v-5.5h-5.5v-5h5.5z",
};

void draw_event_icon(Canvas *c, DiagramIcon icon, bool filled, double x, double y, double scale)
{
    if (symbols[icon]) {
        canvas_glyph(c,
                     !filled                ? "bp-g"
                     : icon == ICON_MESSAGE ? "bp-g bp-full bp-mail"
                                            : "bp-g bp-full",
                     symbols[icon], x, y, scale);
    }
}

static void circle(Canvas *c, const DiagramShape *s, double inset, const char *class_name)
{
    double r = (s->box.w < s->box.h ? s->box.w : s->box.h) / 2 - inset;
    buf_fmt(&c->svg, "<circle class=\"%s\" ", class_name);
    canvas_put(c, "cx=\"%n\" cy=\"%n\" r=\"%n\"/>", s->box.x + s->box.w / 2,
               s->box.y + s->box.h / 2, r > 1 ? r : 1.0);
}

void draw_event(Canvas *c, const DiagramShape *s)
{
    bool thrown = s->kind == DIAGRAM_END || s->kind == DIAGRAM_THROW;
    bool dashed = s->flags & DIAGRAM_DASHED;
    double side = s->box.w < s->box.h ? s->box.w : s->box.h, scale = side / 36;
    circle(c, s, 0, s->kind == DIAGRAM_END ? "bp-s bp-strong" : dashed ? "bp-s bp-dash" : "bp-s");
    if (s->kind == DIAGRAM_CATCH || s->kind == DIAGRAM_THROW || s->kind == DIAGRAM_BOUNDARY) {
        circle(c, s, 3 * scale, dashed ? "bp-l bp-dash" : "bp-l");
    }
    draw_event_icon(c, s->icon, thrown, s->box.x + s->box.w / 2 - 9 * scale,
                    s->box.y + s->box.h / 2 - 9 * scale, 0.75 * scale);
}
