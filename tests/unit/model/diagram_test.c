/* SPDX-License-Identifier: Apache-2.0 */
/* Diagrams: what is read of them, what is refused and where, and the layout of a document without
 * one. */
#include "base/file.h"
#include "check.h"
#include "model/bpmn/diagram.h"

#define HEAD                                                                                       \
    "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" "                          \
    "xmlns:di=\"http://www.omg.org/spec/BPMN/20100524/DI\">\n"
#define PROCESS                                                                                    \
    "<process id=\"p\"><startEvent id=\"s\"/><task id=\"t\"/><endEvent id=\"e\"/>"                 \
    "<sequenceFlow id=\"f\" sourceRef=\"s\" targetRef=\"t\"/></process>\n"
#define PLANE(content)                                                                             \
    HEAD PROCESS "<di:BPMNDiagram><di:BPMNPlane bpmnElement=\"p\">\n" content                      \
                 "</di:BPMNPlane></di:BPMNDiagram></definitions>"
#define BOUNDS "<Bounds x=\"1\" y=\"2\" width=\"3\" height=\"4\"/>"
#define SHAPE(bounds) "<di:BPMNShape id=\"d\" bpmnElement=\"t\">" bounds "</di:BPMNShape>"

static const Diagram *read(Arena *a, Diags *d, const char *text)
{
    *d = (Diags){.arena = a};
    uint16_t file = diag_file(d, STR("t.bpmn"), str_z(text));
    return diagram_read(a, d, file, str_z(text));
}

/* ---- what is refused, and where ---- */

static const struct {
    const char *label, *text, *message, *at; /* at: what stands at the error's place */
} refused[] = {
    {"no number", PLANE(SHAPE("<Bounds x=\"a\" y=\"2\" width=\"3\" height=\"4\"/>")),
     "a place is no number: 'a'", "a\" y"},
    {"empty", PLANE(SHAPE("<Bounds x=\"\" y=\"2\" width=\"3\" height=\"4\"/>")),
     "a place is no number: ''", NULL},
    {"infinite", PLANE(SHAPE("<Bounds x=\"INF\" y=\"2\" width=\"3\" height=\"4\"/>")),
     "a place is no number: 'INF'", "INF"},
    {"not a number", PLANE(SHAPE("<Bounds x=\"NaN\" y=\"2\" width=\"3\" height=\"4\"/>")),
     "a place is no number: 'NaN'", "NaN"},
    {"hexadecimal", PLANE(SHAPE("<Bounds x=\"0x10\" y=\"2\" width=\"3\" height=\"4\"/>")),
     "a place is no number: '0x10'", "0x10"},
    {"trailing", PLANE(SHAPE("<Bounds x=\"10px\" y=\"2\" width=\"3\" height=\"4\"/>")),
     "a place is no number: '10px'", "10px"},
    {"an exponent alone", PLANE(SHAPE("<Bounds x=\"e5\" y=\"2\" width=\"3\" height=\"4\"/>")),
     "a place is no number: 'e5'", "e5"},
    {"too far", PLANE(SHAPE("<Bounds x=\"50001\" y=\"2\" width=\"3\" height=\"4\"/>")),
     "a place is too far out: '50001'", "50001"},
    {"far by exponent", PLANE(SHAPE("<Bounds x=\"1\" y=\"-1E9\" width=\"3\" height=\"4\"/>")),
     "a place is too far out: '-1E9'", "-1E9"},
    {"missing", PLANE(SHAPE("<Bounds x=\"1\" width=\"3\" height=\"4\"/>")),
     "a place is missing in 'Bounds'", "<Bounds x"},
    {"negative", PLANE(SHAPE("<Bounds x=\"1\" y=\"2\" width=\"-3\" height=\"4\"/>")),
     "a negative size in 'BPMNShape'", "<Bounds x"},
    {"no bounds", PLANE(SHAPE("")), "no bounds in 'BPMNShape'", "<di:BPMNShape"},
    {"a label's",
     PLANE(SHAPE(BOUNDS "<di:BPMNLabel><Bounds x=\"1\" y=\"q\" width=\"3\" "
                        "height=\"4\"/></di:BPMNLabel>")),
     "a place is no number: 'q'", "q\" width"},
    {"one point",
     PLANE("<di:BPMNEdge id=\"l\" bpmnElement=\"f\"><waypoint x=\"1\" y=\"1\"/>"
           "</di:BPMNEdge>"),
     "a line needs two places: 'l'", "<di:BPMNEdge"},
    {"a bad point",
     PLANE("<di:BPMNEdge id=\"l\" bpmnElement=\"f\"><waypoint x=\"1\" y=\"1\"/>"
           "<waypoint x=\"1\" y=\"--1\"/></di:BPMNEdge>"),
     "a place is no number: '--1'", "--1"},
};

TEST(diagram_bad_places)
{
    for (size_t i = 0; i < COUNT(refused); i++) {
        Arena a = {0};
        Diags d;
        const char *label = refused[i].label;
        const Diagram *g = read(&a, &d, refused[i].text);
        CHECK(!g && d.errors == 1 && d.list.len == 1, "%s: %zu", label, d.errors);
        if (d.list.len == 1) {
            const Diag *e = &d.list.at[0];
            CHECK(str_eq(e->message, str_z(refused[i].message)), "%s: " STR_FMT, label,
                  STR_ARG(e->message));
            CHECK(strcmp(e->rule, "bpmn.diagram") == 0 && e->cure.len > 0, "%s: rule, cure", label);
            Str rest = str_slice(str_z(refused[i].text), e->offset, SIZE_MAX);
            CHECK(!refused[i].at || str_starts(rest, str_z(refused[i].at)), "%s: at %u", label,
                  e->offset);
        }
        arena_free(&a);
    }
}

/* ---- what is read ---- */

static const struct {
    const char *text;
    double value;
} numbers[] = {
    {"0", 0},  {"12.5", 12.5}, {"-3", -3},     {"+7", 7},  {".5", 0.5},
    {"5.", 5}, {"1.5E2", 150}, {"25e-1", 2.5}, {" 8 ", 8}, {"49999.9", 49999.9},
};

TEST(diagram_numbers)
{
    for (size_t i = 0; i < COUNT(numbers); i++) {
        Arena a = {0};
        Diags d;
        Str text = str_fmt(&a, PLANE(SHAPE("<Bounds x=\"%s\" y=\"2\" width=\"3\" height=\"4\"/>")),
                           numbers[i].text);
        const Diagram *g = read(&a, &d, str_cstr(&a, text));
        double got = g ? g->planes[0].shapes[0].box.x - numbers[i].value : 9;
        CHECK(g && got < 1e-6 && got > -1e-6, "%s", numbers[i].text);
        arena_free(&a);
    }
}

TEST(diagram_advice)
{
    Arena a = {0};
    Diags d;
    const Diagram *g =
        read(&a, &d,
             PLANE(SHAPE(BOUNDS) "<di:BPMNShape bpmnElement=\"gone\">" BOUNDS "</di:BPMNShape>"));
    CHECK(g && g->planes[0].shape_count == 1, "a shape of nothing is left out");
    CHECK(d.errors == 0 && d.advice == 3, "%zu pieces of advice: gone, s and e have no shape",
          d.advice);
    arena_free(&a);
}

TEST(diagram_limits)
{
    Arena a = {0};
    Diags d;
    StrBuf b = buf_in(&a);
    BUF_LIT(&b, HEAD PROCESS "<di:BPMNDiagram><di:BPMNPlane bpmnElement=\"p\">");
    for (int i = 0; i <= DIAGRAM_MAX_SHAPES; i++)
        BUF_LIT(&b, SHAPE(BOUNDS));
    BUF_LIT(&b, "<di:BPMNEdge id=\"l\" bpmnElement=\"f\">");
    for (int i = 0; i <= DIAGRAM_MAX_POINTS; i++)
        BUF_LIT(&b, "<waypoint x=\"1\" y=\"1\"/>");
    BUF_LIT(&b, "</di:BPMNEdge></di:BPMNPlane></di:BPMNDiagram></definitions>");
    buf_char(&b, '\0');
    CHECK(!read(&a, &d, b.at) && d.errors == 2, "%zu errors", d.errors);
    arena_free(&a);
}

static const DiagramShape *shape(const Diagram *g, const char *id)
{
    static const DiagramShape none = {.kind = DIAGRAM_OTHER};
    const DiagramShape *s = diagram_shape(g, str_z(id));
    CHECK(s != NULL, "%s has a shape", id);
    return s ? s : &none;
}

static const struct {
    const char *id;
    DiagramKind kind;
    DiagramIcon icon;
    unsigned flags;
} all[] = {
    {"s_none", DIAGRAM_START, ICON_NONE, 0},
    {"s_timer", DIAGRAM_START, ICON_TIMER, 0},
    {"s_message_timer", DIAGRAM_START, ICON_MULTIPLE, 0},
    {"s_all", DIAGRAM_START, ICON_ALL_OF, 0},
    {"c_conditional", DIAGRAM_CATCH, ICON_CONDITION, 0},
    {"t_link", DIAGRAM_THROW, ICON_LINK, 0},
    {"e_error", DIAGRAM_END, ICON_ERROR, 0},
    {"e_cancel", DIAGRAM_END, ICON_CANCEL, 0},
    {"e_terminate", DIAGRAM_END, ICON_TERMINATE, 0},
    {"e_compensate", DIAGRAM_END, ICON_COMPENSATION, 0},
    {"b_timer", DIAGRAM_BOUNDARY, ICON_TIMER, DIAGRAM_DASHED},
    {"b_error", DIAGRAM_BOUNDARY, ICON_ERROR, 0},
    {"task", DIAGRAM_TASK, ICON_NONE, 0},
    {"manualTask", DIAGRAM_TASK, ICON_MANUAL, 0},
    {"businessRuleTask", DIAGRAM_TASK, ICON_RULE, 0},
    {"loop", DIAGRAM_TASK, ICON_NONE, DIAGRAM_LOOP},
    {"each", DIAGRAM_TASK, ICON_USER, DIAGRAM_EACH},
    {"each_after", DIAGRAM_TASK, ICON_SERVICE, DIAGRAM_EACH_AFTER},
    {"undoes", DIAGRAM_TASK, ICON_NONE, DIAGRAM_UNDOES},
    {"closed", DIAGRAM_SUBPROCESS, ICON_NONE, DIAGRAM_COLLAPSED},
    {"adhoc", DIAGRAM_SUBPROCESS, ICON_NONE, DIAGRAM_COLLAPSED | DIAGRAM_ADHOC | DIAGRAM_EACH},
    {"call", DIAGRAM_CALL, ICON_NONE, 0},
    {"instantiate", DIAGRAM_TASK, ICON_RECEIVE, DIAGRAM_STARTS},
    {"g_exclusive", DIAGRAM_GATEWAY, ICON_EXCLUSIVE, 0},
    {"g_plain", DIAGRAM_GATEWAY, ICON_EXCLUSIVE, DIAGRAM_UNMARKED},
    {"g_eventBased", DIAGRAM_GATEWAY, ICON_EVENT_BASED, 0},
    {"g_starts", DIAGRAM_GATEWAY, ICON_EVENT_BASED, DIAGRAM_STARTS},
    {"open", DIAGRAM_SUBPROCESS, ICON_NONE, 0},
    {"handler", DIAGRAM_SUBPROCESS, ICON_NONE, DIAGRAM_HANDLER},
    {"handler_start", DIAGRAM_START, ICON_TIMER, DIAGRAM_DASHED},
    {"open_start", DIAGRAM_START, ICON_TIMER, 0},
    {"transaction", DIAGRAM_SUBPROCESS, ICON_NONE, DIAGRAM_TRANSACTION},
    {"pool", DIAGRAM_POOL, ICON_NONE, DIAGRAM_MANY},
    {"outside", DIAGRAM_POOL, ICON_NONE, DIAGRAM_COLLAPSED},
    {"tower", DIAGRAM_POOL, ICON_NONE, DIAGRAM_VERTICAL},
    {"lane", DIAGRAM_LANE, ICON_NONE, 0},
    {"data", DIAGRAM_DATA, ICON_NONE, DIAGRAM_MANY},
    {"store", DIAGRAM_STORE, ICON_NONE, 0},
    {"note", DIAGRAM_NOTE, ICON_NONE, 0},
    {"group", DIAGRAM_GROUP, ICON_NONE, 0},
};

static const DiagramEdge *edge(const Diagram *g, const char *id)
{
    static const DiagramEdge none = {.point_count = 0};
    for (size_t i = 0; g && i < g->planes[0].edge_count; i++)
        if (str_eq(g->planes[0].edges[i].element, str_z(id)))
            return &g->planes[0].edges[i];
    CHECK(false, "%s has a line", id);
    return &none;
}

static const Diagram *read_file(Arena *a, const char *path)
{
    Str text = {0};
    Err err = {0};
    Diags d;
    CHECK(file_read(a, str_z(path), 1 << 20, &text, &err), "%s", err.msg);
    const Diagram *g = read(a, &d, str_cstr(a, text));
    CHECK(g && d.list.len == 0, "%s: " STR_FMT, path, STR_ARG(diag_render(a, &d)));
    return g;
}

TEST(diagram_all_kinds)
{
    Arena a = {0};
    const Diagram *g = read_file(&a, "tests/cases/diagram/all.bpmn");
    for (size_t i = 0; g && i < COUNT(all); i++) {
        const DiagramShape *s = shape(g, all[i].id);
        CHECK(s->kind == all[i].kind && s->icon == all[i].icon && s->flags == all[i].flags,
              "%s: kind %d icon %d flags %u", all[i].id, (int)s->kind, (int)s->icon, s->flags);
    }
    if (g) {
        CHECK(edge(g, "f_default")->is_default && !edge(g, "f_plain")->is_default, "default");
        CHECK(edge(g, "f_condition")->is_conditional, "a task's condition");
        CHECK(edge(g, "tells")->kind == DIAGRAM_MESSAGE_FLOW, "message flow");
        CHECK(edge(g, "noted")->heads == DIAGRAM_TWO_HEADS, "association");
        CHECK(str_eq(text_in(shape(g, "pool")->name, LANG_EN), STR("District bureau")) &&
                  str_eq(text_in(shape(g, "pool")->name, LANG_ZH), STR("区人社局")),
              "names in two languages");
        CHECK(str_eq(shape(g, "group")->name.in[LANG_ZH], STR("分组")), "a group's category");
    }
    arena_free(&a);
}

/* ---- documents without a picture ---- */

static bool apart(DiagramBox a, DiagramBox b)
{
    return a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
}

static bool inside(DiagramBox in, DiagramBox out)
{
    return in.x >= out.x && in.y >= out.y && in.x + in.w <= out.x + out.w &&
           in.y + in.h <= out.y + out.h;
}

#define FLOW(id, from, to)                                                                         \
    "<sequenceFlow id=\"" id "\" sourceRef=\"" from "\" targetRef=\"" to "\"/>"
static const char bare[] = HEAD
    "<process id=\"p\"><endEvent id=\"e\"/><startEvent id=\"s\"/><task id=\"a\"/><task id=\"b\"/>"
    "<task id=\"c\"/><exclusiveGateway id=\"x\"/>"
    "<subProcess id=\"sub\"><startEvent id=\"is\"/><task id=\"it\"/>" FLOW(
        "if", "is", "it") "</subProcess>"
                          "<subProcess id=\"empty\"/>"
                          "<boundaryEvent id=\"late\" "
                          "attachedToRef=\"a\"><timerEventDefinition/></boundaryEvent>"
                          "<task id=\"remind\"/>" FLOW("1", "s", "a") FLOW("2", "a", "x")
                              FLOW("3", "x", "b") FLOW("4", "x", "c") FLOW("5", "b", "sub")
                                  FLOW("6", "sub", "e") FLOW("7", "x", "e") FLOW("8", "c", "a")
                                      FLOW("9", "late", "remind")
                                          FLOW("10", "c", "c") "</process></definitions>";

TEST(diagram_layout)
{
    static const char *const order[] = {"s", "a", "x", "b", "sub", "e"};
    Arena a = {0};
    Diags d;
    const Diagram *g = read(&a, &d, bare);
    CHECK(g && g->laid_out && g->plane_count == 1 && g->planes[0].shape_count == 12 &&
              g->planes[0].edge_count == 11,
          "everything is drawn");
    for (size_t i = 1; g && i < COUNT(order); i++)
        CHECK(shape(g, order[i])->box.x >=
                  shape(g, order[i - 1])->box.x + shape(g, order[i - 1])->box.w,
              "%s is right of %s", order[i], order[i - 1]);
    const DiagramPlane *p = g ? &g->planes[0] : NULL;
    for (size_t i = 0; p && i < p->shape_count; i++)
        for (size_t k = 0; k < i; k++) {
            const DiagramShape *x = &p->shapes[i], *y = &p->shapes[k];
            bool hung = x->kind == DIAGRAM_BOUNDARY || y->kind == DIAGRAM_BOUNDARY;
            bool nested = inside(x->box, y->box) || inside(y->box, x->box);
            CHECK(hung || nested || apart(x->box, y->box), STR_FMT " and " STR_FMT " overlap",
                  STR_ARG(x->element), STR_ARG(y->element));
        }
    if (g) {
        CHECK(inside(shape(g, "it")->box, shape(g, "sub")->box), "nested");
        CHECK(shape(g, "empty")->flags & DIAGRAM_COLLAPSED, "nothing in it");
        CHECK(!apart(shape(g, "late")->box, shape(g, "a")->box), "it hangs on its task");
        CHECK(shape(g, "remind")->box.y > shape(g, "a")->box.y, "below its task");
    }
    arena_free(&a);
}

/* Lines end at the edges of what they join. */
TEST(diagram_layout_lines)
{
    Arena a = {0};
    Diags d;
    const Diagram *g = read(&a, &d, bare);
    const DiagramPlane *p = g ? &g->planes[0] : NULL;
    for (size_t i = 0; p && i < p->edge_count; i++) {
        const DiagramEdge *e = &p->edges[i];
        DiagramPoint ends[] = {e->points[0], e->points[e->point_count - 1]};
        Str ids[] = {e->from, e->to};
        for (size_t k = 0; k < 2; k++) {
            DiagramBox b = shape(g, str_cstr(&a, ids[k]))->box;
            bool on_x = ends[k].x >= b.x && ends[k].x <= b.x + b.w;
            bool on_y = ends[k].y >= b.y && ends[k].y <= b.y + b.h;
            CHECK(on_x && on_y, "line " STR_FMT " end %zu", STR_ARG(e->element), k);
        }
        for (size_t k = 1; k < e->point_count; k++)
            CHECK(e->points[k].x == e->points[k - 1].x || e->points[k].y == e->points[k - 1].y,
                  "line " STR_FMT " is straight", STR_ARG(e->element));
    }
    arena_free(&a);
}

TEST(diagram_layout_of_many)
{
    Arena a = {0};
    Diags d;
    StrBuf b = buf_in(&a);
    BUF_LIT(&b, HEAD "<process id=\"p\"><startEvent id=\"n0\"/>");
    for (int i = 1; i < 1500; i++) {
        buf_fmt(&b, "<task id=\"n%d\"/>", i);
        buf_fmt(&b, FLOW("a%d", "n%d", "n%d"), i, i - 1, i);
        buf_fmt(&b, FLOW("b%d", "n%d", "n%d"), i, i / 2, i);
        buf_fmt(&b, FLOW("c%d", "n%d", "n%d"), i, i, i / 3);
    }
    BUF_LIT(&b, "</process></definitions>");
    buf_char(&b, '\0');
    const Diagram *g = read(&a, &d, b.at);
    CHECK(g && g->planes[0].shape_count == 1500 && g->planes[0].edge_count == 4497,
          "a large document");
    CHECK(!read(&a, &d, "<definitions><process id=\"p\"/>") && d.errors > 0, "broken XML");
    g = read(&a, &d, HEAD "</definitions>");
    CHECK(g && g->plane_count == 0, "nothing to draw");
    arena_free(&a);
}
