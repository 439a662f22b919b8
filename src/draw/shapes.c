/* SPDX-License-Identifier: Apache-2.0 */
/* Everything with a box but events: activities, gateways, pools, lanes, data, notes; labels beside
 * shapes, and the signs of marks. */
#include "draw/draw_int.h"

enum { HEAD = 30, OUTSIDE_WIDTH = 96 };

static const char *const task_icons[ICON_COUNT] = {
    [ICON_USER] =
        "M12 12a4.5 4.5 0 1 0 0-9a4.5 4.5 0 0 0 0 9zM3.5 21v-2.5a6 6 0 0 1 6-5h5a6 6 0 0 1 6 "
        "5v2.5z",
    [ICON_SERVICE] =
        "M10.5 2.5h3l.5 2.6l2 .8l2.2-1.5l2.1 2.1l-1.5 2.2l.8 2l2.6.5v3l-2.6.5l-.8 2l1.5 2.2l-2.1 "
        "2.1l-2.2-1.5l-2 .8l-.5 2.6h-3l-.5-2.6l-2-.8l-2.2 "
        "1.5l-2.1-2.1l1.5-2.2l-.8-2l-2.6-.5v-3l2.6-"
        ".5l.8-2l-1.5-2.2l2.1-2.1l2.2 1.5l2-.8zM12 9a3.2 3.2 0 1 0 0 6.4a3.2 3.2 0 0 0 0-6.4z",
    [ICON_SEND] = "M2.5 6h19v12.5h-19zM21.5 6l-9.5 7l-9.5-7",
    [ICON_RECEIVE] = "M2.5 6h19v12.5h-19zM21.5 6l-9.5 7l-9.5-7",
    [ICON_SCRIPT] =
        "M8 3h11c-3 3-3 5-1 9s1 7-2 9h-11c3-3 3-5 1-9s-1-7 2-9zM8.5 8h6M9.5 12h6M10.5 16h6",
    [ICON_RULE] = "M3 5h18v14h-18zM3 9.5h18M3 14.2h18M9 9.5v9.5M3 6.5h18M3 8h18",
    [ICON_MANUAL] =
        "M3 12l6-6.5c1-1 2.5.3 1.6 1.5l-2 2.5h11.4a1.4 1.4 0 0 1 0 2.8h-6.5h7a1.4 1.4 0 0 1 "
        "0 2.8h-7h6a1.4 1.4 0 0 1 0 2.7h-6h4.5a1.3 1.3 0 0 1 0 2.6h-11c-2.5 0-4-1.5-4-4z",
};

static const char *const gateway_icons[ICON_COUNT] = {
    [ICON_EXCLUSIVE] = "M7.5 6l9 12M16.5 6l-9 12",
    [ICON_PARALLEL] = "M12 3v18M3 12h18",
    [ICON_INCLUSIVE] = "M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17z",
    [ICON_COMPLEX] = "M12 3v18M3 12h18M5.6 5.6l12.8 12.8M18.4 5.6l-12.8 12.8",
};

/* In the order in which they stand side by side. */
static const struct {
    unsigned flag;
    const char *path;
} markers[] = {
    {DIAGRAM_COLLAPSED, "M4 4h16v16h-16zM12 7.5v9M7.5 12h9"},
    {DIAGRAM_LOOP, "M5.5 20.5h4.5v-4.5M10 20a8.5 8.5 0 1 1 4.5 .2"},
    {DIAGRAM_EACH, "M7 4v16M12 4v16M17 4v16"},
    {DIAGRAM_EACH_AFTER, "M4 7h16M4 12h16M4 17h16"},
    {DIAGRAM_UNDOES, "M11.5 6v12l-8-6zM20 6v12l-8.5-6z"},
    {DIAGRAM_ADHOC, "M3 14c3-7 6-5 9-2s6 4 9-3v2.5c-3 7-6 5-9 2s-6-4-9 3z"},
};

static void rect(Canvas *c, const char *class_name, DiagramBox b, double inset, double radius)
{
    double w = b.w - 2 * inset, h = b.h - 2 * inset;
    buf_fmt(&c->svg, "<rect class=\"%s\" ", class_name);
    canvas_put(c, "x=\"%n\" y=\"%n\" width=\"%n\" height=\"%n\" rx=\"%n\"/>", b.x + inset,
               b.y + inset, w > 1 ? w : 1.0, h > 1 ? h : 1.0, radius);
}

/* ---- activities ---- */

static bool is_open(const DiagramShape *s)
{
    return s->kind == DIAGRAM_SUBPROCESS && !(s->flags & DIAGRAM_COLLAPSED);
}

static bool draw_markers(Canvas *c, const DiagramShape *s)
{
    double count = 0, size = 14;
    for (size_t i = 0; i < COUNT(markers); i++) {
        count += (s->flags & markers[i].flag) != 0;
    }
    double x = s->box.x + s->box.w / 2 - count * (size + 2) / 2;
    for (size_t i = 0; i < COUNT(markers); i++) {
        if (s->flags & markers[i].flag) {
            bool full = markers[i].flag == DIAGRAM_ADHOC;
            canvas_glyph(c, full ? "bp-g bp-full" : "bp-g", markers[i].path, x,
                         s->box.y + s->box.h - size - 3, size / 24);
            x += size + 2;
        }
    }
    return count > 0;
}

static bool draw_task_icon(Canvas *c, const DiagramShape *s)
{
    double x = s->box.x + 6, y = s->box.y + 5;
    if (!task_icons[s->icon]) {
        return false;
    }
    if (s->flags & DIAGRAM_STARTS) {
        canvas_put(c, "<circle class=\"bp-l\" cx=\"%n\" cy=\"%n\" r=\"11\"/>", x + 8, y + 8);
        canvas_glyph(c, "bp-g", task_icons[s->icon], x + 2, y + 2, 0.5);
        return true;
    }
    canvas_glyph(c, s->icon == ICON_SEND ? "bp-g bp-full bp-mail" : "bp-g", task_icons[s->icon], x,
                 y, 0.7);
    return true;
}

static void draw_activity(Canvas *c, const DiagramShape *s)
{
    bool open = is_open(s);
    const char *frame = s->kind == DIAGRAM_CALL ? "bp-s bp-strong"
                        : s->flags & DIAGRAM_HANDLER
                            ? open ? "bp-s bp-open bp-dots" : "bp-s bp-dots"
                        : open ? "bp-s bp-open"
                               : "bp-s";
    rect(c, frame, s->box, 0, 10);
    if (s->flags & DIAGRAM_TRANSACTION) {
        rect(c, "bp-l", s->box, 3, 8);
    }
    bool icon = draw_task_icon(c, s), marked = draw_markers(c, s);
    double top = icon ? 20 : 5, bottom = marked ? 18 : 5;
    DiagramBox b = {s->box.x + 6, s->box.y + top, s->box.w - 12, s->box.h - top - bottom};
    Str name = text_in(s->name, c->ask->lang);
    if (open) {
        b = (DiagramBox){s->box.x + 10, s->box.y + 5, s->box.w - 20, LINE_HEIGHT};
    }
    text_in_box(c, name, b);
}

/* ---- gateways ---- */

static void draw_gateway(Canvas *c, const DiagramShape *s)
{
    double cx = s->box.x + s->box.w / 2, cy = s->box.y + s->box.h / 2;
    double scale = (s->box.w < s->box.h ? s->box.w : s->box.h) / 50;
    canvas_put(c, "<path class=\"bp-s\" d=\"M%n %nL%n %nL%n %nL%n %nz\"/>", cx, s->box.y,
               s->box.x + s->box.w, cy, cx, s->box.y + s->box.h, s->box.x, cy);
    if (gateway_icons[s->icon] && !(s->flags & DIAGRAM_UNMARKED)) {
        canvas_glyph(c, "bp-l bp-strong", gateway_icons[s->icon], cx - 12 * scale, cy - 12 * scale,
                     scale);
    }
    if (s->icon == ICON_EVENT_BASED) {
        canvas_put(c, "<circle class=\"bp-l\" cx=\"%n\" cy=\"%n\" r=\"%n\"/>", cx, cy, 13 * scale);
        if (!(s->flags & DIAGRAM_STARTS)) {
            canvas_put(c, "<circle class=\"bp-l\" cx=\"%n\" cy=\"%n\" r=\"%n\"/>", cx, cy,
                       10.5 * scale);
        }
        draw_event_icon(c, ICON_MULTIPLE, false, cx - 7.8 * scale, cy - 7.8 * scale, 0.65 * scale);
    }
}

/* ---- pools and lanes ---- */

static void draw_pool(Canvas *c, const DiagramShape *s)
{
    Str name = text_in(s->name, c->ask->lang);
    bool upright = !(s->flags & DIAGRAM_VERTICAL);
    DiagramBox b = s->box, head = b;
    rect(c, "bp-s bp-pool", b, 0, 0);
    if (s->kind == DIAGRAM_POOL && s->flags & DIAGRAM_COLLAPSED) {
        text_in_box(c, name, (DiagramBox){b.x + 6, b.y + 2, b.w - 12, b.h - 4});
    } else if (upright) {
        head.w = b.w < HEAD ? b.w : HEAD;
        canvas_put(c, "<path class=\"bp-l\" d=\"M%n %nv%n\"/>", head.x + head.w, b.y, b.h);
        text_upright(c, name, head);
    } else {
        head.h = b.h < HEAD ? b.h : HEAD;
        canvas_put(c, "<path class=\"bp-l\" d=\"M%n %nh%n\"/>", b.x, head.y + head.h, b.w);
        text_in_box(c, name, head);
    }
    if (s->flags & DIAGRAM_MANY) {
        canvas_glyph(c, "bp-g", "M7 4v16M12 4v16M17 4v16", b.x + b.w / 2 - 7, b.y + b.h - 17, 0.58);
    }
}

/* ---- data, notes, groups ---- */

static void draw_data(Canvas *c, const DiagramShape *s)
{
    DiagramBox b = s->box;
    double fold = b.w < b.h ? b.w / 3 : b.h / 3;
    canvas_put(c, "<path class=\"bp-s\" d=\"M%n %nh%nl%n %nv%nh%nz", b.x, b.y, b.w - fold, fold,
               fold, b.h - fold, -b.w);
    canvas_put(c, "M%n %nv%nh%n\"/>", b.x + b.w - fold, b.y, fold, fold);
    if (s->icon == ICON_INPUT || s->icon == ICON_OUTPUT) {
        canvas_glyph(c, s->icon == ICON_OUTPUT ? "bp-g bp-full" : "bp-g",
                     "M3.5 9.5h9v-4l8 6.5l-8 6.5v-4h-9z", b.x + 3, b.y + 3, 0.6);
    }
    if (s->flags & DIAGRAM_MANY) {
        canvas_glyph(c, "bp-g", "M7 4v16M12 4v16M17 4v16", b.x + b.w / 2 - 7, b.y + b.h - 16, 0.58);
    }
}

static void draw_store(Canvas *c, const DiagramShape *s)
{
    DiagramBox b = s->box;
    double r = b.w / 2, lid = b.h / 8;
    canvas_put(c, "<path class=\"bp-s\" d=\"M%n %na%n %n 0 0 1 %n 0v%na%n %n 0 0 1 %n 0z\"/>", b.x,
               b.y + lid, r, lid, b.w, b.h - 2 * lid, r, lid, -b.w);
    for (int i = 0; i < 3; i++) {
        canvas_put(c, "<path class=\"bp-l\" d=\"M%n %na%n %n 0 0 0 %n 0\"/>", b.x,
                   b.y + lid + 5.0 * i, r, lid, b.w);
    }
}

static void draw_note(Canvas *c, const DiagramShape *s)
{
    DiagramBox b = s->box;
    double arm = b.w < 12 ? b.w : 12;
    canvas_put(c, "<path class=\"bp-l\" d=\"M%n %nh%nv%nh%n\"/>", b.x + arm, b.y, -arm, b.h, arm);
    text_left(c, text_in(s->name, c->ask->lang), (DiagramBox){b.x + 6, b.y + 4, b.w - 8, b.h - 6});
}

static void draw_frame(Canvas *c, const DiagramShape *s)
{
    bool group = s->kind == DIAGRAM_GROUP;
    rect(c, group ? "bp-l bp-group" : "bp-s bp-dash", s->box, 0, 8);
    DiagramBox b = s->box;
    b.h = group ? LINE_HEIGHT + 4 : b.h;
    text_in_box(c, text_in(s->name, c->ask->lang), b);
}

/* ---- one shape ---- */

static void draw_body(Canvas *c, const DiagramShape *s)
{
    switch (s->kind) {
    case DIAGRAM_START:
    case DIAGRAM_END:
    case DIAGRAM_CATCH:
    case DIAGRAM_THROW:
    case DIAGRAM_BOUNDARY: draw_event(c, s); return;
    case DIAGRAM_TASK:
    case DIAGRAM_SUBPROCESS:
    case DIAGRAM_CALL: draw_activity(c, s); return;
    case DIAGRAM_GATEWAY: draw_gateway(c, s); return;
    case DIAGRAM_POOL:
    case DIAGRAM_LANE: draw_pool(c, s); return;
    case DIAGRAM_DATA: draw_data(c, s); return;
    case DIAGRAM_STORE: draw_store(c, s); return;
    case DIAGRAM_NOTE: draw_note(c, s); return;
    case DIAGRAM_GROUP:
    case DIAGRAM_OTHER: draw_frame(c, s); return;
    }
}

void draw_shape(Canvas *c, const DiagramShape *s)
{
    const DrawMark *m = canvas_mark(c, s->element);
    const char *state = !m            ? ""
                        : m->incident ? " bp-bad"
                        : m->here     ? " bp-here"
                        : m->passed   ? " bp-done"
                                      : "";
    Str name = text_in(s->name, c->ask->lang);
    buf_fmt(&c->svg, "<g class=\"bp-e%s\" data-element=\"", state);
    canvas_text(c, s->element);
    BUF_LIT(&c->svg, "\"");
    if (m && (m->here || m->incident) && !c->here) {
        c->here = true;
        BUF_LIT(&c->svg, " id=\"");
        canvas_text(c, c->ask->id);
        BUF_LIT(&c->svg, "-here\"");
    }
    BUF_LIT(&c->svg, ">");
    if (name.len) {
        BUF_LIT(&c->svg, "<title>");
        canvas_text(c, name);
        BUF_LIT(&c->svg, "</title>");
    }
    draw_body(c, s);
    BUF_LIT(&c->svg, "</g>");
    canvas_reach(c, s->box.x, s->box.y, s->box.w, s->box.h);
}

/* Where the modeller put it, or below; wide enough for a language with longer words. */
void draw_label(Canvas *c, const DiagramShape *s)
{
    bool outside = s->kind <= DIAGRAM_BOUNDARY || s->kind == DIAGRAM_GATEWAY ||
                   s->kind == DIAGRAM_DATA || s->kind == DIAGRAM_STORE;
    Str name = text_in(s->name, c->ask->lang);
    if (!outside || !name.len) {
        return;
    }
    bool placed = s->label.w > 0;
    double x = placed ? s->label.x + s->label.w / 2 : s->box.x + s->box.w / 2;
    double y = placed ? s->label.y : s->box.y + s->box.h + 6;
    double width = s->label.w > OUTSIDE_WIDTH ? s->label.w : OUTSIDE_WIDTH;
    if (placed && s->label.y + s->label.h <= s->box.y + s->box.h / 2) { /* above: grows upward */
        Wrapped w = text_wrap(c->svg.arena, name, width, 6);
        double bottom = s->label.y + s->label.h;
        double most = s->box.y + s->box.h / 2;
        y = (bottom < most ? bottom : most) - (double)w.count * LINE_HEIGHT;
    }
    text_below(c, name, x, y, width);
}

/* ---- marks ---- */

static void put_badge(Canvas *c, const DiagramShape *s, int64_t count)
{
    Str text = str_fmt(c->svg.arena, "%lld", (long long)count);
    double w = draw_text_width(text) + 12, x = s->box.x + 10 - w, y = s->box.y - 12;
    BUF_LIT(&c->svg, "<g class=\"bp-count\">");
    canvas_put(c, "<rect x=\"%n\" y=\"%n\" width=\"%n\" height=\"20\" rx=\"10\"/>", x, y, w);
    canvas_put(c, "<text x=\"%n\" y=\"%n\">", x + w / 2, y + 14.5);
    buf_add(&c->svg, text);
    BUF_LIT(&c->svg, "</text></g>");
    canvas_reach(c, x, y, w, 20);
}

static void put_sign(Canvas *c, const char *class_name, const char *path, double x, double y,
                     double w)
{
    canvas_glyph(c, class_name, path, x, y, 1);
    canvas_reach(c, x, y, w, w);
}

void draw_marks(Canvas *c, const DiagramShape *s)
{
    const DrawMark *m = canvas_mark(c, s->element);
    double x = s->box.x + s->box.w, y = s->box.y;
    if (!m) {
        return;
    }
    if (m->incident) {
        put_sign(c, "bp-sign bp-warns", "M12 1l11 20h-22zM12 8v6M12 17v.5", x - 16, y - 14, 24);
    } else if (m->here) {
        put_sign(c, "bp-sign bp-pin",
                 "M12 23c-5-6-8-9.5-8-14a8 8 0 1 1 16 0c0 4.5-3 8-8 14zM12 6.5a2.5 2.5 0 1 0 0 "
                 "5a2.5 2.5 0 1 0 0-5z",
                 x - 22, y - 16, 24);
    } else if (m->passed) {
        put_sign(c, "bp-sign bp-tick", "M10 1a9 9 0 1 0 0 18a9 9 0 1 0 0-18zM6 10.5l3 3l5-6",
                 x - 13, y - 7, 20);
    }
    if (m->count > 0) {
        put_badge(c, s, m->count);
    }
}
