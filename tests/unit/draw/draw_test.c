/* SPDX-License-Identifier: Apache-2.0 */
/* Every shape of the notation, drawn: what makes it that shape, well-formed, escaped, inside its
 * picture, with text that fits. */
#include "base/file.h"
#include "check.h"
#include "draw/draw_int.h"
#include "xml/xml.h"

static const Diagram *read(Arena *a, Str text)
{
    Diags d = {.arena = a};
    uint16_t file = diag_file(&d, STR("t.bpmn"), text);
    const Diagram *g = diagram_read(a, &d, file, text);
    CHECK(g != NULL, STR_FMT, STR_ARG(diag_render(a, &d)));
    return g;
}

static const Diagram *read_all(Arena *a)
{
    Str text = {0};
    Err err = {0};
    CHECK(file_read(a, STR("tests/cases/diagram/all.bpmn"), 1 << 20, &text, &err), "%s", err.msg);
    return read(a, text);
}

static const XmlNode *parse(Arena *a, Str svg)
{
    Diags d = {.arena = a};
    uint16_t file = diag_file(&d, STR("svg"), svg);
    const XmlNode *root = xml_read(a, &d, file, svg);
    CHECK(root != NULL, "well-formed: " STR_FMT, STR_ARG(diag_render(a, &d)));
    return root;
}

static const DrawMark marks[] = {
    {.element = STR_INIT("g_exclusive"), .passed = true},
    {.element = STR_INIT("g_parallel"), .passed = true, .here = true},
    {.element = STR_INIT("userTask"), .here = true, .incident = true, .count = 12},
};

static Str draw(Arena *a, const Diagram *g, Lang lang)
{
    DrawAsk ask = {.lang = lang,
                   .id = STR("p0"),
                   .title = STR("T"),
                   .description = STR("D"),
                   .marks = marks,
                   .mark_count = COUNT(marks)};
    return draw_plane(a, &g->planes[0], &ask);
}

/* ---- each shape ---- */

static bool has_class(const XmlNode *n, const char *name)
{
    Str rest = xml_attr(n, "class"), one;
    while (str_split(&rest, ' ', &one))
        if (str_eq(one, str_z(name)))
            return true;
    return false;
}

/* <g data-element>, whichever of shape or line. */
static const XmlNode *group_of(const XmlNode *root, const char *element)
{
    for (const XmlNode *n = root->first; n; n = n->next)
        if (str_eq(xml_attr(n, "data-element"), str_z(element)))
            return n;
    return NULL;
}

/* "circle circle.bp-dash path.bp-full": each must be there, so often. */
static size_t count_of(const XmlNode *g, Str name, Str class_name)
{
    size_t n = 0;
    for (const XmlNode *c = g->first; c; c = c->next) {
        Str rest = xml_attr(c, "class"), one;
        bool fits = class_name.len == 0;
        while (str_split(&rest, ' ', &one))
            fits = fits || str_eq(one, class_name);
        n += fits && str_eq(c->name, name);
    }
    return n;
}

static const struct {
    const char *element, *parts; /* tag.class=count */
} rows[] = {
    {"s_none", "circle=1 circle.bp-strong=0 path=0"},
    {"s_timer", "circle=1 path.bp-g=1 path.bp-full=0"},
    {"c_timer", "circle=2 path.bp-g=1"},
    {"t_none", "circle=2 path=0"},
    {"t_message", "circle=2 path.bp-full=1 path.bp-mail=1"},
    {"t_escalation", "circle=2 path.bp-full=1"},
    {"e_none", "circle=1 circle.bp-strong=1"},
    {"e_error", "circle.bp-strong=1 path.bp-full=1"},
    {"e_terminate", "circle.bp-strong=1 path.bp-full=1"},
    {"b_timer", "circle=2 circle.bp-dash=2 path.bp-full=0"},
    {"b_error", "circle=2 circle.bp-dash=0"},
    {"handler_start", "circle=1 circle.bp-dash=1"},
    {"open_start", "circle=1 circle.bp-dash=0"},
    {"task", "rect=1 path=0 text=1"},
    {"userTask", "rect=1 path.bp-g=1 path.bp-full=0"},
    {"serviceTask", "rect=1 path.bp-g=1"},
    {"sendTask", "rect=1 path.bp-full=1"},
    {"receiveTask", "rect=1 path.bp-g=1 path.bp-full=0"},
    {"scriptTask", "rect=1 path.bp-g=1"},
    {"businessRuleTask", "rect=1 path.bp-g=1"},
    {"manualTask", "rect=1 path.bp-g=1"},
    {"loop", "rect=1 path.bp-g=1"},
    {"each", "rect=1 path.bp-g=2"},
    {"undoes", "rect=1 path.bp-g=1"},
    {"closed", "rect=1 path.bp-g=1"},
    {"adhoc", "rect=1 path.bp-g=3 path.bp-full=1"},
    {"call", "rect.bp-strong=1"},
    {"instantiate", "rect=1 circle=1 path.bp-g=1"},
    {"open", "rect.bp-open=1 rect.bp-dots=0"},
    {"handler", "rect.bp-open=1 rect.bp-dots=1"},
    {"transaction", "rect=2"},
    {"g_exclusive", "path=2 path.bp-strong=1"},
    {"g_plain", "path=1 path.bp-strong=0"},
    {"g_parallel", "path=2"},
    {"g_inclusive", "path=2"},
    {"g_complex", "path=2"},
    {"g_eventBased", "path=2 circle=2"},
    {"g_starts", "path=2 circle=1"},
    {"pool", "rect.bp-pool=1 path.bp-l=1 g=1"},
    {"outside", "rect.bp-pool=1 path=0 text=1"},
    {"tower", "rect.bp-pool=1 path.bp-l=1 g=0 text=1"},
    {"lane", "rect.bp-pool=1 g=1"},
    {"data", "path.bp-s=1 path.bp-g=1"},
    {"store", "path.bp-s=1 path.bp-l=3"},
    {"note", "path.bp-l=1 text.bp-left=1"},
    {"group", "rect.bp-group=1 text=1"},
    {"f_default", "path.bp-l=2 path.bp-slash=1 path.bp-head=1"},
    {"f_condition", "path.bp-diamond=1 path.bp-head=1"},
    {"tells", "path.bp-dash=1 circle=1 path.bp-s=1"},
    {"noted", "path.bp-dots=1 path.bp-l=3"},
};

static void check_parts(const XmlNode *g, const char *element, const char *parts)
{
    Str rest = str_z(parts), part;
    while (str_split(&rest, ' ', &part)) {
        size_t eq = str_find(part, STR("="), 0), dot = str_find(part, STR("."), 0);
        int64_t want = -1;
        CHECK(str_int(str_slice(part, eq + 1, part.len), &want), "row of %s", element);
        Str name = str_slice(part, 0, dot < eq ? dot : eq);
        Str class_name = dot < eq ? str_slice(part, dot + 1, eq) : (Str){0};
        size_t got = count_of(g, name, class_name);
        CHECK((int64_t)got == want, "%s: " STR_FMT ", got %zu", element, STR_ARG(part), got);
    }
}

TEST(draw_each_shape)
{
    Arena a = {0};
    const Diagram *g = read_all(&a);
    const XmlNode *root = g ? parse(&a, draw(&a, g, LANG_ZH)) : NULL;
    for (size_t i = 0; root && i < COUNT(rows); i++) {
        const XmlNode *n = group_of(root, rows[i].element);
        CHECK(n != NULL, "%s is drawn", rows[i].element);
        if (n)
            check_parts(n, rows[i].element, rows[i].parts);
    }
    arena_free(&a);
}

TEST(draw_marks_and_words)
{
    Arena a = {0};
    const Diagram *g = read_all(&a);
    const XmlNode *root = g ? parse(&a, draw(&a, g, LANG_EN)) : NULL;
    if (!root)
        return;
    CHECK(str_eq(xml_attr(root, "role"), STR("img")) &&
              str_eq(xml_attr(root, "aria-labelledby"), STR("p0-title p0-desc")),
          "it is an image with a name");
    CHECK(str_eq(xml_child(root, "title")->text, STR("T")) &&
              str_eq(xml_child(root, "desc")->text, STR("D")),
          "title and description");
    CHECK(has_class(group_of(root, "g_exclusive"), "bp-done"), "passed");
    CHECK(has_class(group_of(root, "g_parallel"), "bp-here"), "here again after it was passed");
    CHECK(has_class(group_of(root, "userTask"), "bp-bad"), "an incident is the strongest");
    CHECK(has_class(group_of(root, "f_default"), "bp-done") &&
              !has_class(group_of(root, "f_plain"), "bp-done"),
          "a flow between what was reached, no other");
    CHECK(count_of(root, STR("path"), STR("bp-tick")) == 1 &&
              count_of(root, STR("path"), STR("bp-pin")) == 1 &&
              count_of(root, STR("path"), STR("bp-warns")) == 1 &&
              count_of(root, STR("g"), STR("bp-count")) == 1,
          "a sign beside each colour");
    CHECK(str_eq(xml_child(group_of(root, "pool"), "title")->text, STR("District bureau")),
          "in English");
    arena_free(&a);
}

/* ---- hostile and long names ---- */

#define NAMED(name)                                                                                \
    "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\"><process id=\"p\">"        \
    "<startEvent id=\"s\" name=\"" name "\"/><task id=\"t\" name=\"" name "\"/>"                   \
    "<sequenceFlow id=\"f\" name=\"" name "\" sourceRef=\"s\" targetRef=\"t\"/>"                   \
    "</process></definitions>"

static const char *const hostile[] = {
    NAMED("&lt;/text&gt;&lt;script&gt;alert(1)&lt;/script&gt;"),
    NAMED("\" onload=&quot;alert(1)&quot; x=&quot;"
          "") /* ends the attribute: refused below */,
    NAMED("&#39;&gt;&amp;lt;&lt;!--"),
    NAMED("]]&gt;&lt;![CDATA[x"),
    NAMED("&#10;&#9;tab and line"),
    NAMED("&#x202e;right to left&#x200b;"),
};

TEST(draw_escapes)
{
    for (size_t i = 0; i < COUNT(hostile); i++) {
        Arena a = {0};
        Diags d = {.arena = &a};
        Str text = str_z(hostile[i]);
        uint16_t file = diag_file(&d, STR("t.bpmn"), text);
        const Diagram *g = diagram_read(&a, &d, file, text);
        CHECK((g != NULL) == (i != 1), "row %zu is read", i);
        if (g) {
            Str svg = draw(&a, g, LANG_ZH);
            const XmlNode *root = parse(&a, svg);
            CHECK(root && str_find(svg, STR("<script"), 0) == SIZE_MAX &&
                      str_find(svg, STR("onload="), 0) == SIZE_MAX,
                  "row %zu", i);
            CHECK(root && xml_count(root, "g") == 3, "row %zu: no element more", i);
        }
        arena_free(&a);
    }
}

static const struct {
    const char *label, *text;
    double width;
    size_t max;
    const char *lines; /* joined by | */
} wraps[] = {
    {"one line", "Decide", 88, 3, "Decide"},
    {"at a space", "Propose a decision", 88, 3, "Propose a|decision"},
    {"Han", "按规则提出建议并作出决定", 88, 3, "按规则提出建议|并作出决定"},
    {"closing punctuation", "通知职工和单位，再办", 84, 3, "通知职工和单|位，再办"},
    {"mixed", "审核 Form 12 材料", 60, 3, "审核 Form|12 材料"},
    {"a word too long", "Donaudampfschifffahrt", 60, 3, "Donauda|mpfschiff|fahrt"},
    {"cut", "one two three four five six", 40, 2, "one|two…"},
    {"cut Han", "一二三四五六七八九十", 36, 2, "一二三|四五…"},
    {"line ends", "a\nb", 60, 3, "a|b"},
    {"nothing", "  ", 60, 3, ""},
};

TEST(draw_wraps)
{
    for (size_t i = 0; i < COUNT(wraps); i++) {
        Arena a = {0};
        Wrapped w = text_wrap(&a, str_z(wraps[i].text), wraps[i].width, wraps[i].max);
        StrBuf b = buf_in(&a);
        for (size_t k = 0; k < w.count; k++) {
            buf_fmt(&b, "%s" STR_FMT, k ? "|" : "", STR_ARG(w.lines[k]));
            CHECK(draw_text_width(w.lines[k]) <= wraps[i].width, "%s: line %zu fits",
                  wraps[i].label, k);
        }
        CHECK(str_eq(buf_str(&b), str_z(wraps[i].lines)), "%s: " STR_FMT, wraps[i].label,
              STR_ARG(buf_str(&b)));
        arena_free(&a);
    }
}

/* Nothing stands outside of the picture. */
TEST(draw_reach)
{
    Arena a = {0};
    const Diagram *g = read_all(&a);
    for (int lang = 0; g && lang < LANG_COUNT; lang++) {
        const XmlNode *root = parse(&a, draw(&a, g, (Lang)lang));
        Str box = xml_attr(root, "viewBox"), part;
        double at[4] = {0};
        for (size_t i = 0; i < 4 && str_split(&box, ' ', &part); i++) {
            int64_t n = 0;
            Str whole = str_slice(part, 0, str_find(part, STR("."), 0));
            CHECK(str_int(whole, &n), "a number: " STR_FMT, STR_ARG(part));
            at[i] = (double)n;
        }
        for (size_t i = 0; i < g->planes[0].shape_count; i++) {
            DiagramBox b = g->planes[0].shapes[i].box;
            CHECK(b.x >= at[0] && b.y >= at[1] && b.x + b.w <= at[0] + at[2] &&
                      b.y + b.h <= at[1] + at[3],
                  "shape %zu is in the picture", i);
        }
    }
    arena_free(&a);
}
