/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The DMN TCK, levels 2 and 3: every test case, each with all its results.
 *
 * TCK_ONLY=PART runs the folders with PART in their name and tells about each failing result;
 * build/dmn-tck then stays as it was.
 */
#include "check.h"
#include "dmn_tck.h"

#include "base/file.h"
#include "suites.h"

enum { SUITE_FOLDERS = 146, SUITE_CASES = 3391 };

static const char *const levels[] = {"compliance-level-2", "compliance-level-3"};

typedef struct {
    Arena arena; /* of the folder at work */
    TckReport report;
    Str root;
    const char *only; /* NULL: all */
    int too_kind;     /* results that equal a wrong value, too */
} Suite;

/* What the model says for a decision, for people. */
static Str logic_text(Arena *a, Str folder, const TckFile *f, Str node)
{
    Diags diags = {.arena = a};
    Err err = {0};
    Str text = {0};
    if (!file_read(a, path_join(a, folder, f->model), TCK_FILE_MAX, &text, &err))
        return STR("");
    const XmlNode *root = xml_read(a, &diags, diag_file(&diags, f->model, text), text);
    for (const XmlNode *d = xml_child(root, "decision"); d; d = xml_next(d, "decision")) {
        const XmlNode *literal = xml_child(d, "literalExpression");
        const XmlNode *variable = xml_child(d, "variable");
        if (!str_eq(xml_attr(d, "name"), node))
            continue;
        Str type = variable ? xml_attr(variable, "typeRef") : STR("");
        const XmlNode *written = xml_child(literal, "text");
        return str_fmt(a, STR_FMT "%s" STR_FMT, STR_ARG(written ? written->text : STR("(boxed)")),
                       type.len ? "   as " : "", STR_ARG(type));
    }
    return STR("(not in this model)");
}

static void tell(Suite *s, const TckFile *f, const TckCase *c, const TckResult *r, Str got)
{
    Arena *a = &s->arena;
    Str logic = logic_text(a, path_join(a, s->root, f->folder), f, r->node);
    printf(STR_FMT " case " STR_FMT " decision '" STR_FMT "'\n", STR_ARG(f->folder), STR_ARG(c->id),
           STR_ARG(r->node));
    if (c->service.len)
        printf("  service:    " STR_FMT "\n", STR_ARG(c->service));
    printf("  expression: " STR_FMT "\n", STR_ARG(logic));
    for (size_t i = 0; i < c->inputs.len; i++)
        printf("  input:      " STR_FMT " = " STR_FMT "\n", STR_ARG(c->inputs.at[i].name),
               STR_ARG(tck_text(a, &c->inputs.at[i].value)));
    printf("  expected:   " STR_FMT "\n", STR_ARG(tck_text(a, &r->want)));
    printf("  got:        " STR_FMT "\n", STR_ARG(got));
}

/* Empty when every result is as expected. */
static Str run_case(Suite *s, const TckFile *f, const TckModel *m, const TckCase *c, Str refused)
{
    Arena *a = &s->arena;
    Str message = STR("");
    for (size_t i = 0; i < c->results.len; i++) {
        const TckResult *r = &c->results.at[i];
        FeelValue value = feel_null();
        Str why = refused;
        bool ran = m && tck_evaluate(a, m, c, r->node, &value, &why);
        if (ran && tck_same(&r->want, &value)) {
            FeelValue wrong = tck_spoiled(a, &r->want);
            s->too_kind += tck_same(&wrong, &value);
            continue;
        }
        Str got = ran ? tck_text(a, &value) : why;
        if (s->only)
            tell(s, f, c, r, got);
        if (!message.len)
            message = str_fmt(a, STR_FMT ": expected " STR_FMT ", got " STR_FMT, STR_ARG(r->node),
                              STR_ARG(tck_text(a, &r->want)), STR_ARG(got));
    }
    return message;
}

static void run_folder(Suite *s, TckFile *f, Str path)
{
    Arena *a = &s->arena;
    Err err = {0};
    Str text = {0}, refused = STR("");
    bool read = file_read(a, path, TCK_FILE_MAX, &text, &err) && tck_read(a, text, f, &err);
    CHECK(read, STR_FMT ": %s", STR_ARG(f->folder), err.msg);
    if (!read)
        return;
    const TckModel *m = tck_load(a, path_join(a, s->root, f->folder), f->model, &refused);
    tck_report_folder(&s->report, f->folder);
    for (size_t i = 0; i < f->cases.len; i++) {
        const TckCase *c = &f->cases.at[i];
        ArenaMark mark = arena_mark(a);
        Str message = run_case(s, f, m, c, refused);
        CHECK(message.len == 0, STR_FMT " " STR_FMT ": " STR_FMT, STR_ARG(f->folder),
              STR_ARG(c->id), STR_ARG(message));
        tck_report_case(&s->report, f, c, message);
        arena_rewind(a, mark);
    }
}

static void run_level(Suite *s, const char *level)
{
    Arena *names = &s->report.arena;
    Err err = {0};
    StrVec files = {0};
    bool listed =
        file_list(names, path_join(names, s->root, str_z(level)), STR(".xml"), &files, &err);
    CHECK(listed, "%s: %s", level, err.msg);
    for (size_t i = 0; i < files.len; i++) {
        Str path = path_join(names, str_z(level), files.at[i]);
        size_t name = path.len;
        while (name > 0 && path.at[name - 1] != '/')
            name--;
        TckFile f = {.folder = str_slice(path, 0, name - 1),
                     .name = str_slice(path, name, path.len - STR(".xml").len)};
        if (s->only && str_find(f.folder, str_z(s->only), 0) == SIZE_MAX)
            continue;
        run_folder(s, &f, path_join(names, s->root, path));
        arena_reset(&s->arena);
    }
}

static void report_all(Suite *s)
{
    Err err = {0};
    TckReport *r = &s->report;
    CHECK(r->folders.len == SUITE_FOLDERS, "%zu folders", r->folders.len);
    CHECK(r->total == SUITE_CASES, "%d cases", r->total);
    CHECK(tck_report_write(r, STR("build/dmn-tck"), &err), "%s", err.msg);
    check_conformance("dmn-tck", r->passed, r->total - r->passed, 0);
}

TEST(dmn_tck)
{
    Suite s = {.only = getenv("TCK_ONLY")};
    s.root = suite_path(&s.report.arena, "dmn-tck");
    if (str_empty(s.root)) {
        check_skip("the suite 'dmn-tck' is not there");
        arena_free(&s.report.arena);
        return;
    }
    for (size_t i = 0; i < COUNT(levels); i++)
        run_level(&s, levels[i]);
    CHECK(s.too_kind == 0, "%d results equal a wrong value, too", s.too_kind);
    if (s.only)
        CHECK(s.report.total > 0, "no folder with '%s' in its name", s.only);
    else
        report_all(&s);
    tck_report_print(&s.report);
    arena_free(&s.arena);
    arena_free(&s.report.arena);
}
