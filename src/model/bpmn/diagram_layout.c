/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A simple picture of a document without one: a column for each step of the longest way to an
 * element, a row for each branch, sub-processes laid out inside themselves first.
 *
 * Lines that lead back are left out of the order and drawn above. A line over several columns gets
 * a place of its own in each (a slot without an element), so that it runs past what stands there;
 * beyond LAYOUT_MAX_SLOTS lines go straight.
 */
#include "model/bpmn/diagram_int.h"

enum {
    LAYOUT_MAX_NEST = 16,
    LAYOUT_MAX_SLOTS = 20000,
    EVENT = 36,
    GATEWAY = 50,
    TASK_W = 100,
    TASK_H = 80,
    GAP_X = 60,
    GAP_Y = 40,
    PAD = 30,
    HEAD = 30, /* of a pool */
    ANY_ROW = 0xffff,
};

#define NOWHERE ((size_t)-1)

typedef struct {
    DiagramShape shape; /* box: size, then place */
    size_t from, to;    /* what stands inside, of plane shapes */
    size_t edge_from, edge_to;
    size_t host;        /* of a boundary event */
    size_t column, row; /* of a host or slot */
    size_t wanted;      /* row */
    size_t boundaries;  /* hung on it so far */
    size_t waiting;     /* lines that come in and are not counted yet */
} Spot;                 /* without an element: a line's slot */

typedef struct {
    const XmlNode *node;
    size_t from, to; /* spots; from may be a boundary event */
    bool back;
    size_t *slots; /* spots on the way */
    size_t slot_count;
} Line;

typedef Vec(Spot) SpotList;
typedef Vec(Line) LineList;

typedef struct {
    DiagramReader *r;
    ShapeList *shapes; /* of the plane */
    EdgeList *edges;
    SpotList spots;
    size_t own; /* spots with an element */
    LineList lines;
    size_t columns, rows;
    double *x, *w, *y, *h; /* of columns, of rows */
    size_t *order;         /* spots by column */
    double above;          /* of lines that lead back */
} Scope;

static bool lay_scope(DiagramReader *r, const XmlNode *n, ShapeList *shapes, EdgeList *edges,
                      int depth, DiagramBox *box);

/* ---- what there is ---- */

static void size_of(Spot *s)
{
    DiagramBox *b = &s->shape.box;
    bool event = s->shape.kind <= DIAGRAM_BOUNDARY;
    b->w = event ? EVENT : s->shape.kind == DIAGRAM_GATEWAY ? GATEWAY : TASK_W;
    b->h = event ? EVENT : s->shape.kind == DIAGRAM_GATEWAY ? GATEWAY : TASK_H;
}

static bool add_spot(Scope *c, const XmlNode *n, Map *places, int depth)
{
    Spot s = {.host = NOWHERE};
    diagram_describe(c->r, n, &s.shape);
    if (!diagram_is_step(s.shape.kind)) {
        return true;
    }
    s.shape.offset = n->offset;
    size_of(&s);
    if (c->r->shape_count++ >= DIAGRAM_MAX_SHAPES) {
        return diagram_error(c->r, n->offset, STR("split the process"), "too many elements at",
                             s.shape.element);
    }
    s.from = c->shapes->len;
    s.edge_from = c->edges->len;
    if (s.shape.kind == DIAGRAM_SUBPROCESS && depth < LAYOUT_MAX_NEST) {
        DiagramBox inner = {0};
        if (!lay_scope(c->r, n, c->shapes, c->edges, depth + 1, &inner)) {
            return false;
        }
        bool shown = c->shapes->len > s.from;
        s.shape.box.w = shown ? inner.w + 2 * PAD : TASK_W;
        s.shape.box.h = shown ? inner.h + 2 * PAD : TASK_H;
        s.shape.flags |= shown ? 0 : DIAGRAM_COLLAPSED;
    } else if (s.shape.kind == DIAGRAM_SUBPROCESS) {
        s.shape.flags |= DIAGRAM_COLLAPSED;
    }
    s.to = c->shapes->len;
    s.edge_to = c->edges->len;
    size_t *at = NEW(c->r->out, size_t);
    *at = c->spots.len;
    (void)map_add(c->r->out, places, s.shape.element, at);
    *VEC_PUSH(c->r->out, &c->spots) = s;
    return true;
}

static size_t place_of(const Map *places, Str id)
{
    const size_t *at = id.len ? map_get(places, id) : NULL;
    return at ? *at : NOWHERE;
}

static Spot *spot_at(const Scope *c, size_t at)
{
    ASSERT(at < c->spots.len && c->spots.at);
    return &c->spots.at[at];
}

/* A boundary event hangs on its activity; on another event it hangs on nothing. */
static void hang(Scope *c, const XmlNode *n, const Map *places)
{
    size_t at = place_of(places, xml_attr(n, "id"));
    if (at == NOWHERE || spot_at(c, at)->shape.kind != DIAGRAM_BOUNDARY) {
        return;
    }
    size_t host = place_of(places, xml_attr(n, "attachedToRef"));
    bool hangs = host != NOWHERE && spot_at(c, host)->shape.kind != DIAGRAM_BOUNDARY;
    spot_at(c, at)->host = hangs ? host : NOWHERE;
}

static void add_line(Scope *c, const XmlNode *n, const Map *places)
{
    DiagramEdge e = {0};
    if (!diagram_describe_edge(c->r, n, &e)) {
        return;
    }
    Line l = {.node = n, .from = place_of(places, e.from), .to = place_of(places, e.to)};
    bool hung = l.to != NOWHERE && spot_at(c, l.to)->shape.kind == DIAGRAM_BOUNDARY;
    if (l.from != NOWHERE && l.to != NOWHERE && !hung) {
        *VEC_PUSH(c->r->out, &c->lines) = l;
    }
}

static bool collect(Scope *c, const XmlNode *scope, int depth)
{
    Map places = {0};
    for (const XmlNode *n = scope->first; n; n = n->next) {
        if (!add_spot(c, n, &places, depth)) {
            return false;
        }
    }
    c->own = c->spots.len;
    for (const XmlNode *n = scope->first; n; n = n->next) {
        hang(c, n, &places);
        add_line(c, n, &places);
    }
    return true;
}

/* ---- columns ---- */

static size_t root_of(const Scope *c, size_t spot)
{
    return c->spots.at[spot].host == NOWHERE ? spot : c->spots.at[spot].host;
}

typedef struct {
    size_t *first, *lines; /* lines that leave a spot: lines[first[s]] .. lines[first[s + 1]] */
} Leaving;

static Leaving leaving_of(const Scope *c, Arena *a)
{
    size_t n = c->own;
    Leaving l = {NEW_N(a, size_t, n + 2), NEW_N(a, size_t, c->lines.len + 1)};
    for (size_t i = 0; i < c->lines.len; i++) {
        l.first[root_of(c, c->lines.at[i].from) + 2]++;
    }
    for (size_t i = 2; i < n + 2; i++) {
        l.first[i] += l.first[i - 1];
    }
    for (size_t i = 0; i < c->lines.len; i++) {
        l.lines[l.first[root_of(c, c->lines.at[i].from) + 1]++] = i;
    }
    return l;
}

/* Depth first without recursion: a line to a spot that is still open leads back. */
static void mark_back_from(Scope *c, const Leaving *l, size_t root, char *state, size_t *stack,
                           size_t *next)
{
    size_t depth = 0;
    stack[depth++] = root;
    state[root] = 1;
    while (depth > 0) {
        size_t at = stack[depth - 1];
        if (next[at] == l->first[at + 1]) {
            state[at] = 2;
            depth--;
            continue;
        }
        Line *line = &c->lines.at[l->lines[next[at]++]];
        line->back = state[line->to] == 1;
        if (state[line->to] == 0) {
            state[line->to] = 1;
            stack[depth++] = line->to;
        }
    }
}

static void mark_back(Scope *c, const Leaving *l, Arena *a)
{
    char *state = arena_alloc(a, c->own + 1);
    size_t *stack = NEW_N(a, size_t, c->own + 1), *next = NEW_N(a, size_t, c->own + 1);
    memcpy(next, l->first, c->own * sizeof *next);
    for (int round = 0; round < 2; round++) { /* what starts the process first */
        for (size_t i = 0; i < c->own; i++) {
            bool starts = c->spots.at[i].shape.kind == DIAGRAM_START;
            if (state[i] == 0 && (starts || round == 1)) {
                mark_back_from(c, l, i, state, stack, next);
            }
        }
    }
}

typedef struct {
    size_t *at, head, tail;
} Queue;

/* What follows stands a column further on; it is ready when all that lead to it are placed. */
static void follow(Scope *c, const Leaving *l, size_t at, Queue *ready)
{
    size_t column = c->spots.at[at].column;
    for (size_t k = l->first[at]; k < l->first[at + 1]; k++) {
        const Line *line = &c->lines.at[l->lines[k]];
        Spot *to = &c->spots.at[line->to];
        if (line->back) {
            continue;
        }
        to->column = to->column > column ? to->column : column + 1;
        if (--to->waiting == 0) {
            ready->at[ready->tail++] = line->to;
        }
    }
}

static void choose_columns(Scope *c, const Leaving *l, Arena *a)
{
    Queue ready = {.at = NEW_N(a, size_t, c->own + 1)};
    for (size_t i = 0; i < c->lines.len; i++) {
        c->spots.at[c->lines.at[i].to].waiting += !c->lines.at[i].back;
    }
    for (size_t i = 0; i < c->own; i++) {
        if (c->spots.at[i].waiting == 0) {
            ready.at[ready.tail++] = i;
        }
    }
    while (ready.head < ready.tail) {
        size_t at = ready.at[ready.head++], column = c->spots.at[at].column;
        c->columns = column >= c->columns ? column + 1 : c->columns;
        follow(c, l, at, &ready);
    }
    for (size_t i = 0; i < c->own; i++) {
        c->spots.at[i].column = c->spots.at[root_of(c, i)].column;
    }
}

static void add_slots(Scope *c)
{
    for (size_t i = 0; i < c->lines.len; i++) {
        Line *l = &c->lines.at[i];
        size_t from = c->spots.at[l->from].column, to = c->spots.at[l->to].column;
        size_t between = to > from + 1 ? to - from - 1 : 0;
        if (l->back || between == 0 || c->spots.len - c->own + between > LAYOUT_MAX_SLOTS) {
            continue;
        }
        l->slots = NEW_N(c->r->out, size_t, between);
        for (size_t k = 0; k < between; k++) {
            l->slots[l->slot_count++] = c->spots.len;
            *VEC_PUSH(c->r->out, &c->spots) = (Spot){.host = NOWHERE, .column = from + 1 + k};
        }
    }
}

/* ---- rows ---- */

static void want(Scope *c, size_t spot, size_t row)
{
    Spot *s = &c->spots.at[spot];
    s->wanted = row < s->wanted ? row : s->wanted;
}

static bool is_placed(const Scope *c, size_t spot)
{
    return c->spots.at[spot].host == NOWHERE;
}

/* Spots by column, in document order within one. */
static void sort_columns(Scope *c, size_t *first)
{
    for (size_t i = 0; i < c->spots.len; i++) {
        first[c->spots.at[i].column + 1] += is_placed(c, i);
    }
    for (size_t i = 1; i <= c->columns; i++) {
        first[i] += first[i - 1];
    }
    size_t *at = NEW_N(c->r->out, size_t, c->columns + 1);
    memcpy(at, first, c->columns * sizeof *at);
    for (size_t i = 0; i < c->spots.len; i++) {
        if (is_placed(c, i)) {
            c->order[at[c->spots.at[i].column]++] = i;
        }
    }
}

/* Insertion sort, stable: columns are short. */
static void sort_wanted(Scope *c, size_t from, size_t to)
{
    for (size_t i = from + 1; i < to; i++) {
        size_t spot = c->order[i], k = i;
        for (; k > from && c->spots.at[c->order[k - 1]].wanted > c->spots.at[spot].wanted; k--) {
            c->order[k] = c->order[k - 1];
        }
        c->order[k] = spot;
    }
}

/* What a spot asks of those that follow it: its own row, below it for a boundary event. */
static void pass_row(Scope *c, const Line *l)
{
    bool hung = c->spots.at[l->from].host != NOWHERE;
    size_t row = c->spots.at[root_of(c, l->from)].row + (hung ? 1 : 0);
    want(c, l->slot_count ? l->slots[0] : l->to, row);
}

/* What comes after each slot of a line. */
static size_t *after_slots(const Scope *c)
{
    size_t *after = NEW_N(c->r->out, size_t, c->spots.len + 1);
    for (size_t i = 0; i < c->lines.len; i++) {
        const Line *line = &c->lines.at[i];
        for (size_t k = 0; k < line->slot_count; k++) {
            after[line->slots[k]] = k + 1 < line->slot_count ? line->slots[k + 1] : line->to;
        }
    }
    return after;
}

/* The row that it wants, or the first free one below. */
static size_t choose_row(Scope *c, size_t at, size_t free)
{
    Spot *s = &c->spots.at[at];
    s->row = s->wanted == ANY_ROW || s->wanted < free ? free : s->wanted;
    c->rows = s->row >= c->rows ? s->row + 1 : c->rows;
    return s->row + 1;
}

static void choose_rows(Scope *c)
{
    size_t *first = NEW_N(c->r->out, size_t, c->columns + 2);
    c->order = NEW_N(c->r->out, size_t, c->spots.len + 1);
    sort_columns(c, first);
    Leaving l = leaving_of(c, c->r->out);
    const size_t *after = after_slots(c);
    for (size_t i = 0; i < c->spots.len; i++) {
        c->spots.at[i].wanted = c->spots.at[i].column ? ANY_ROW : 0;
    }
    for (size_t column = 0; column < c->columns; column++) {
        size_t free = 0;
        sort_wanted(c, first[column], first[column + 1]);
        for (size_t i = first[column]; i < first[column + 1]; i++) {
            size_t at = c->order[i];
            bool slot = at >= c->own;
            free = choose_row(c, at, free);
            if (slot) {
                want(c, after[at], c->spots.at[at].row);
            }
            for (size_t k = slot ? 0 : l.first[at]; !slot && k < l.first[at + 1]; k++) {
                pass_row(c, &c->lines.at[l.lines[k]]);
            }
        }
    }
}

/* ---- places ---- */

static void measure(Scope *c)
{
    Arena *a = c->r->out;
    c->x = NEW_N(a, double, c->columns + 1);
    c->w = NEW_N(a, double, c->columns + 1);
    c->y = NEW_N(a, double, c->rows + 1);
    c->h = NEW_N(a, double, c->rows + 1);
    size_t back = 0;
    for (size_t i = 0; i < c->lines.len; i++) {
        back += c->lines.at[i].back;
    }
    c->above = back ? 20 + 10.0 * (double)(back < 10 ? back : 10) : 0;
    for (size_t i = 0; i < c->spots.len; i++) {
        const Spot *s = &c->spots.at[i];
        const DiagramBox *b = &s->shape.box;
        if (is_placed(c, i)) {
            c->w[s->column] = b->w > c->w[s->column] ? b->w : c->w[s->column];
            c->h[s->row] = b->h > c->h[s->row] ? b->h : c->h[s->row];
        }
    }
    for (size_t i = 0; i < c->columns; i++) {
        c->x[i + 1] = c->x[i] + c->w[i] + GAP_X;
    }
    c->y[0] = c->above;
    for (size_t i = 0; i < c->rows; i++) {
        c->h[i] = c->h[i] < GATEWAY ? GATEWAY : c->h[i];
        c->y[i + 1] = c->y[i] + c->h[i] + GAP_Y;
    }
}

static void settle(Scope *c)
{
    for (size_t i = 0; i < c->spots.len; i++) {
        Spot *s = &c->spots.at[i];
        DiagramBox *b = &s->shape.box;
        if (is_placed(c, i)) {
            b->x = c->x[s->column] + (c->w[s->column] - b->w) / 2;
            b->y = c->y[s->row] + (c->h[s->row] - b->h) / 2;
        }
    }
    for (size_t i = 0; i < c->own; i++) {
        Spot *s = &c->spots.at[i];
        if (!is_placed(c, i)) {
            Spot *host = &c->spots.at[s->host];
            double step = EVENT + 10, room = host->shape.box.w - EVENT;
            double x = 8 + step * (double)host->boundaries++;
            s->shape.box.x = host->shape.box.x + (x < room ? x : room);
            s->shape.box.y = host->shape.box.y + host->shape.box.h - EVENT / 2.0;
        }
    }
}

static void put_points(Scope *c, const Line *l, DiagramPoint *p, size_t n)
{
    DiagramEdge e = {0};
    if (diagram_describe_edge(c->r, l->node, &e)) {
        DiagramPoint *kept = NEW_N(c->r->out, DiagramPoint, n + 1);
        size_t count = 0;
        for (size_t i = 0; i < n; i++) { /* nothing twice */
            if (count == 0 || kept[count - 1].x != p[i].x || kept[count - 1].y != p[i].y) {
                kept[count++] = p[i];
            }
        }
        kept[count] = kept[0];
        e.points = kept;
        e.point_count = count < 2 ? 2 : count;
        *VEC_PUSH(c->r->out, c->edges) = e;
    }
}

static double middle(const Scope *c, size_t row)
{
    return c->y[row] + c->h[row] / 2;
}

/* Up, along the top and down into the earlier element. */
static void draw_back(Scope *c, const Line *l, size_t nth)
{
    const DiagramBox *f = &c->spots.at[l->from].shape.box, *t = &c->spots.at[l->to].shape.box;
    double y = c->above - 10 - 10.0 * (double)(nth % 10), fx = f->x + f->w / 2,
           tx = t->x + t->w / 2;
    fx += l->from == l->to ? f->w / 4 : 0;
    tx -= l->from == l->to ? t->w / 4 : 0;
    DiagramPoint p[] = {{fx, f->y}, {fx, y}, {tx, y}, {tx, t->y}};
    put_points(c, l, p, COUNT(p));
}

/* From row to row in the gap before the next column. */
static void draw_line(Scope *c, const Line *l, Arena *scratch)
{
    const Spot *from = &c->spots.at[l->from];
    const DiagramBox *f = &from->shape.box;
    DiagramPoint *p = NEW_N(scratch, DiagramPoint, 2 * l->slot_count + 8);
    size_t n = 0, column = from->column;
    bool hung = from->host != NOWHERE;
    double y = hung ? f->y + f->h : f->y + f->h / 2;
    p[n++] = (DiagramPoint){hung ? f->x + f->w / 2 : f->x + f->w, y};
    if (hung) {
        size_t next = l->slot_count ? l->slots[0] : l->to;
        size_t row = c->spots.at[next].row;
        y = row > c->spots.at[from->host].row ? middle(c, row) : y + 12;
        p[n++] = (DiagramPoint){f->x + f->w / 2, y};
    }
    for (size_t i = 0; i <= l->slot_count; i++) {
        size_t next = i < l->slot_count ? l->slots[i] : l->to;
        double x = c->x[column + 1] - GAP_X / 2.0, to = middle(c, c->spots.at[next].row);
        if (to != y) {
            p[n++] = (DiagramPoint){x, y};
            p[n++] = (DiagramPoint){x, to};
        }
        y = to;
        column++;
    }
    p[n++] = (DiagramPoint){c->spots.at[l->to].shape.box.x, y};
    put_points(c, l, p, n);
}

/* ---- one scope ---- */

static void move(Scope *c, const Spot *s)
{
    double x = s->shape.box.x + PAD, y = s->shape.box.y + PAD;
    DiagramShape *shapes = c->shapes->at;
    DiagramEdge *edges = c->edges->at;
    for (size_t i = s->from; shapes && i < s->to; i++) {
        shapes[i].box.x += x;
        shapes[i].box.y += y;
    }
    for (size_t i = s->edge_from; edges && i < s->edge_to; i++) {
        DiagramEdge *e = &edges[i];
        DiagramPoint *moved = NEW_N(c->r->out, DiagramPoint, e->point_count);
        for (size_t k = 0; k < e->point_count; k++) {
            moved[k] = (DiagramPoint){e->points[k].x + x, e->points[k].y + y};
        }
        e->points = moved;
    }
}

static void draw(Scope *c, DiagramBox *box)
{
    Arena scratch = {0};
    size_t back = 0;
    for (size_t i = 0; i < c->own; i++) {
        move(c, &c->spots.at[i]);
        *VEC_PUSH(c->r->out, c->shapes) = c->spots.at[i].shape;
    }
    for (size_t i = 0; i < c->lines.len; i++) {
        if (c->lines.at[i].back) {
            draw_back(c, &c->lines.at[i], back++);
        } else {
            draw_line(c, &c->lines.at[i], &scratch);
        }
        arena_reset(&scratch);
    }
    arena_free(&scratch);
    *box = (DiagramBox){.w = c->columns ? c->x[c->columns] - GAP_X : 0,
                        .h = c->rows ? c->y[c->rows] - GAP_Y : 0};
}

static bool lay_scope(DiagramReader *r, const XmlNode *n, ShapeList *shapes, EdgeList *edges,
                      int depth, DiagramBox *box)
{
    Scope c = {.r = r, .shapes = shapes, .edges = edges};
    if (!collect(&c, n, depth)) {
        return false;
    }
    Leaving l = leaving_of(&c, r->out);
    mark_back(&c, &l, r->out);
    choose_columns(&c, &l, r->out);
    add_slots(&c);
    choose_rows(&c);
    measure(&c);
    settle(&c);
    draw(&c, box);
    return true;
}

/* ---- the document ---- */

static const XmlNode *pool_of(const DiagramReader *r, Str process)
{
    for (const XmlNode *c = xml_child(r->root, "collaboration"); c;
         c = xml_next(c, "collaboration")) {
        for (const XmlNode *p = xml_child(c, "participant"); p; p = xml_next(p, "participant")) {
            const XmlNode *of = diagram_node(r, xml_attr(p, "processRef"));
            if (of && process.len && str_eq(xml_attr(of, "id"), process)) {
                return p;
            }
        }
    }
    return NULL;
}

static void put_pool(DiagramReader *r, const XmlNode *n, ShapeList *shapes, DiagramBox box)
{
    DiagramShape s = {.box = box, .offset = n->offset};
    diagram_describe(r, n, &s);
    *VEC_PUSH(r->out, shapes) = s;
}

bool diagram_lay_out(DiagramReader *r, DiagramPlane *plane)
{
    ShapeList shapes = {0};
    EdgeList edges = {0};
    double y = 0;
    const XmlNode *first = xml_child(r->root, "process");
    for (const XmlNode *n = first; n; n = xml_next(n, "process")) {
        const XmlNode *pool = pool_of(r, xml_attr(n, "id"));
        Scope c = {.r = r, .shapes = &shapes, .edges = &edges};
        Spot whole = {.from = shapes.len, .edge_from = edges.len};
        DiagramBox box = {0};
        if (!lay_scope(r, n, &shapes, &edges, 0, &box)) {
            return false;
        }
        whole.to = shapes.len;
        whole.edge_to = edges.len;
        whole.shape.box = (DiagramBox){.x = pool ? HEAD : 0, .y = y};
        move(&c, &whole);
        if (pool) {
            put_pool(r, pool, &shapes, (DiagramBox){0, y, box.w + 2 * PAD + HEAD, box.h + 2 * PAD});
        }
        y += box.h + 2 * PAD + GAP_Y;
    }
    *plane = (DiagramPlane){.element = first ? xml_attr(first, "id") : (Str){0},
                            .shapes = shapes.at,
                            .shape_count = shapes.len,
                            .edges = edges.at,
                            .edge_count = edges.len};
    if (first) {
        plane->name = diagram_name(first);
    }
    return true;
}
