/* SPDX-License-Identifier: Apache-2.0 */
/*
 * BPMN DI by local names: BPMNDiagram, BPMNPlane, BPMNShape, BPMNEdge, Bounds, waypoint, BPMNLabel.
 *
 * What a shape is follows from the element that it names, not from the diagram; a shape of nothing
 * is advice, because tools leave some behind, while a place that is no number is an error: nobody
 * could say what was meant.
 */
#include "model/bpmn/diagram_int.h"

#include "model/bpmn/bpmn.h"

#define RULE "bpmn.diagram"

bool diagram_says(const XmlNode *n, const char *attribute, const char *value)
{
    return n && str_eq(xml_attr(n, attribute), str_z(value));
}

const XmlNode *diagram_node(const DiagramReader *r, Str id)
{
    size_t colon = str_find(id, STR(":"), 0);
    const XmlNode *n = id.len ? map_get(&r->nodes, id) : NULL;
    return n || colon == SIZE_MAX ? n : map_get(&r->nodes, str_slice(id, colon + 1, id.len));
}

bool diagram_error(DiagramReader *r, uint32_t offset, Str cure, const char *what, Str subject)
{
    diag_add(r->diags, DIAG_ERROR, RULE, r->file, offset, cure, "%s '" STR_FMT "'", what,
             STR_ARG(str_slice(subject, 0, 80)));
    return false;
}

static bool is_di(const XmlNode *n)
{
    return str_find(n->space, STR("/DI"), 0) != SIZE_MAX;
}

/* Depth is that of the document, which the XML reader has bounded. */
static void learn(DiagramReader *r, XmlNode *n)
{
    Str id = xml_attr(n, "id");
    if (id.len) {
        (void)map_add(r->out, &r->nodes, id, n);
    }
    for (XmlNode *c = n->first; c; c = c->next) {
        if (!is_di(c)) {
            learn(r, c);
        }
    }
}

/* ---- numbers ---- */

static bool digits(Str s, size_t *at, double *value, double scale)
{
    size_t from = *at;
    for (; *at < s.len && s.at[*at] >= '0' && s.at[*at] <= '9' && *at - from < 30; (*at)++) {
        double d = s.at[*at] - '0';
        *value = scale < 1 ? *value + d * scale : *value * 10 + d;
        scale = scale < 1 ? scale / 10 : scale;
    }
    return *at > from;
}

/* xsd:double as tools write it; beyond two digits of exponent nothing is a place. */
static bool read_number(Str s, double *value)
{
    size_t at = s.len && (s.at[0] == '-' || s.at[0] == '+') ? 1 : 0;
    bool minus = at && s.at[0] == '-', any;
    double v = 0, exponent = 0;
    any = digits(s, &at, &v, 1);
    if (at < s.len && s.at[at] == '.') {
        at++;
        any = digits(s, &at, &v, 0.1) || any;
    }
    if (any && at < s.len && (s.at[at] == 'e' || s.at[at] == 'E')) {
        at++;
        bool down = at < s.len && s.at[at] == '-';
        at += at < s.len && (s.at[at] == '-' || s.at[at] == '+') ? 1 : 0;
        any = digits(s, &at, &exponent, 1) && exponent < 100;
        for (int i = 0; any && i < (int)exponent; i++) {
            v = down ? v / 10 : v * 10;
        }
    }
    *value = minus ? -v : v;
    return any && at == s.len;
}

static bool read_place(DiagramReader *r, const XmlNode *n, const char *name, double *value)
{
    const XmlAttr *a = xml_attr_at(n, (Str){0}, str_z(name));
    if (!a) {
        return diagram_error(r, n->offset, str_fmt(r->out, "add %s=\"0\"", name),
                             "a place is missing in", n->name);
    }
    uint32_t at = a->value_offset ? a->value_offset : a->offset;
    if (!read_number(str_trim(a->value), value)) {
        return diagram_error(r, at, STR("write a decimal number"),
                             "a place is no number:", a->value);
    }
    return (*value >= -DIAGRAM_MAX_PLACE && *value <= DIAGRAM_MAX_PLACE) ||
           diagram_error(r, at, str_fmt(r->out, "stay within %d", DIAGRAM_MAX_PLACE),
                         "a place is too far out:", a->value);
}

static bool read_box(DiagramReader *r, const XmlNode *owner, DiagramBox *box)
{
    const XmlNode *n = xml_child(owner, "Bounds");
    if (!n) {
        return diagram_error(r, owner->offset, STR("add <dc:Bounds x= y= width= height=/>"),
                             "no bounds in", owner->name);
    }
    if (!read_place(r, n, "x", &box->x) || !read_place(r, n, "y", &box->y) ||
        !read_place(r, n, "width", &box->w) || !read_place(r, n, "height", &box->h)) {
        return false;
    }
    return (box->w >= 0 && box->h >= 0) ||
           diagram_error(r, n->offset, STR("width and height are 0 or more"), "a negative size in",
                         owner->name);
}

static bool read_label(DiagramReader *r, const XmlNode *owner, DiagramBox *box)
{
    const XmlNode *label = xml_child(owner, "BPMNLabel");
    return !label || !xml_child(label, "Bounds") || read_box(r, label, box);
}

/* ---- shapes and edges ---- */

static const XmlNode *drawn(DiagramReader *r, const XmlNode *n)
{
    Str id = xml_attr(n, "bpmnElement");
    const XmlNode *of = diagram_node(r, id);
    if (!of) {
        diag_add(r->diags, DIAG_ADVICE, RULE, r->file, n->offset,
                 STR("remove it, or set bpmnElement to an element's id"),
                 "'" STR_FMT "' of nothing: '" STR_FMT "'", STR_ARG(n->name),
                 STR_ARG(str_slice(id, 0, 80)));
    }
    return of;
}

static bool has_inside(const XmlNode *n)
{
    return diagram_says(n, "isExpanded", "true");
}

/* Some tools leave isExpanded out: what is larger than a task shows what is in it. */
static bool is_collapsed(const XmlNode *di, const DiagramShape *s)
{
    bool said = xml_attr(di, "isExpanded").len > 0;
    bool large = s->box.w > 140 && s->box.h > 100;
    return s->kind == DIAGRAM_SUBPROCESS && !(said ? has_inside(di) : large);
}

static bool read_shape(DiagramReader *r, const XmlNode *n, ShapeList *list)
{
    DiagramShape s = {.offset = n->offset};
    if (r->shape_count++ >= DIAGRAM_MAX_SHAPES) {
        return diagram_error(r, n->offset, STR("split the process"), "too many shapes at",
                             xml_attr(n, "id"));
    }
    if (!read_box(r, n, &s.box) || !read_label(r, n, &s.label)) {
        return false;
    }
    const XmlNode *of = drawn(r, n);
    if (!of) {
        return true;
    }
    diagram_describe(r, of, &s);
    s.flags |= is_collapsed(n, &s) ? DIAGRAM_COLLAPSED : 0;
    s.flags |= diagram_says(n, "isHorizontal", "false") ? DIAGRAM_VERTICAL : 0;
    s.flags |= s.icon == ICON_EXCLUSIVE && diagram_says(n, "isMarkerVisible", "false")
                   ? DIAGRAM_UNMARKED
                   : 0;
    *VEC_PUSH(r->out, list) = s;
    return true;
}

static bool read_edge(DiagramReader *r, const XmlNode *n, EdgeList *list)
{
    DiagramEdge e = {0};
    size_t count = xml_count(n, "waypoint");
    if (r->edge_count++ >= DIAGRAM_MAX_EDGES || count > DIAGRAM_MAX_POINTS) {
        return diagram_error(r, n->offset, STR("draw fewer lines and corners"),
                             "too many lines or corners at", xml_attr(n, "id"));
    }
    if (count < 2) {
        return diagram_error(r, n->offset, STR("add two <di:waypoint x= y=/>"),
                             "a line needs two places:", xml_attr(n, "id"));
    }
    DiagramPoint *points = NEW_N(r->out, DiagramPoint, count), *p = points;
    for (const XmlNode *w = xml_child(n, "waypoint"); w; w = xml_next(w, "waypoint"), p++) {
        if (!read_place(r, w, "x", &p->x) || !read_place(r, w, "y", &p->y)) {
            return false;
        }
    }
    e.points = points;
    e.point_count = count;
    const XmlNode *of = drawn(r, n);
    if (!read_label(r, n, &e.label)) {
        return false;
    }
    if (of && diagram_describe_edge(r, of, &e)) {
        *VEC_PUSH(r->out, list) = e;
    }
    return true;
}

/* ---- planes ---- */

static bool read_plane(DiagramReader *r, const XmlNode *n, DiagramPlane *plane)
{
    ShapeList shapes = {0};
    EdgeList edges = {0};
    const XmlNode *of = diagram_node(r, xml_attr(n, "bpmnElement"));
    bool ok = true;
    for (const XmlNode *c = n->first; c; c = c->next) {
        if (str_eq(c->name, STR("BPMNShape"))) {
            ok = read_shape(r, c, &shapes) && ok;
        } else if (str_eq(c->name, STR("BPMNEdge"))) {
            ok = read_edge(r, c, &edges) && ok;
        }
    }
    *plane = (DiagramPlane){.element = of ? xml_attr(of, "id") : (Str){0},
                            .shapes = shapes.at,
                            .shape_count = shapes.len,
                            .edges = edges.at,
                            .edge_count = edges.len};
    if (of) {
        plane->name = diagram_name(of);
    }
    return ok;
}

static bool read_planes(DiagramReader *r, Diagram *d)
{
    size_t most = xml_count(r->root, "BPMNDiagram");
    DiagramPlane *planes = NEW_N(r->out, DiagramPlane, most + 1);
    bool ok = true;
    for (const XmlNode *n = xml_child(r->root, "BPMNDiagram"); n; n = xml_next(n, "BPMNDiagram")) {
        const XmlNode *plane = xml_child(n, "BPMNPlane");
        if (plane && d->plane_count >= DIAGRAM_MAX_PLANES) {
            return diagram_error(r, n->offset, STR("remove some"), "too many diagrams at",
                                 xml_attr(n, "id"));
        }
        if (plane) {
            ok = read_plane(r, plane, &planes[d->plane_count]) && ok;
            d->plane_count += planes[d->plane_count].shape_count > 0;
        }
    }
    d->planes = planes;
    if (ok && d->plane_count == 0) {
        d->laid_out = true;
        ok = diagram_lay_out(r, &planes[0]);
        d->plane_count = planes[0].shape_count > 0;
    }
    return ok;
}

bool diagram_is_step(DiagramKind kind)
{
    return kind <= DIAGRAM_GATEWAY;
}

const DiagramShape *diagram_shape(const Diagram *d, Str element)
{
    for (size_t i = 0; d && i < d->plane_count; i++) {
        for (size_t k = 0; k < d->planes[i].shape_count; k++) {
            if (str_eq(d->planes[i].shapes[k].element, element)) {
                return &d->planes[i].shapes[k];
            }
        }
    }
    return NULL;
}

/* A step without a shape is in lists only. */
static void advise_missing(DiagramReader *r, const Diagram *d)
{
    Map there = {0};
    for (size_t i = 0; i < d->plane_count; i++) {
        for (size_t k = 0; k < d->planes[i].shape_count; k++) {
            map_put(r->out, &there, d->planes[i].shapes[k].element, r);
        }
    }
    for (size_t i = 0; i < r->nodes.len; i++) {
        const XmlNode *n = r->nodes.at[i].value;
        DiagramShape s = {0};
        diagram_describe(r, n, &s);
        if (diagram_is_step(s.kind) && !map_get(&there, s.element)) {
            diag_add(r->diags, DIAG_ADVICE, RULE, r->file, n->offset,
                     STR("place it in the modeller"), "'" STR_FMT "' is not in the diagram",
                     STR_ARG(s.element));
        }
    }
}

static void *copied(Arena *out, const void *at, size_t size)
{
    void *copy = arena_alloc(out, size);
    return size > 0 ? memcpy(copy, at, size) : copy;
}

/* Without what layout and lists left behind. */
static const Diagram *kept(Arena *out, const Diagram *d)
{
    Diagram *copy = copied(out, d, sizeof *d);
    DiagramPlane *planes = copied(out, d->planes, d->plane_count * sizeof *planes);
    for (size_t i = 0; i < d->plane_count; i++) {
        DiagramPlane *p = &planes[i];
        DiagramEdge *edges = copied(out, p->edges, p->edge_count * sizeof *edges);
        for (size_t k = 0; k < p->edge_count; k++) {
            edges[k].points =
                copied(out, edges[k].points, edges[k].point_count * sizeof *edges[k].points);
        }
        p->edges = edges;
        p->shapes = copied(out, p->shapes, p->shape_count * sizeof *p->shapes);
    }
    copy->planes = planes;
    return copy;
}

const Diagram *diagram_read(Arena *out, Diags *diags, uint16_t file, Str text)
{
    size_t errors = diags->errors;
    DiagramReader r = {.out = arena_beside(out), .diags = diags, .file = file};
    const XmlNode *root = xml_read(out, diags, file, text);
    Diagram *d = NEW(r.out, Diagram);
    if (!root) {
        return NULL;
    }
    r.root = root;
    for (XmlNode *c = root->first; c; c = c->next) {
        if (!is_di(c)) {
            learn(&r, c);
        }
    }
    bool ok = read_planes(&r, d);
    if (ok && !d->laid_out) {
        advise_missing(&r, d);
    }
    return ok && diags->errors == errors ? kept(out, d) : NULL;
}
