/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs tests/cases/bpmn/ *.test: models, and what is said about each. A row:
 *
 *   rule NAME reject|warn       or: accept (nothing is wrong, advice may be given)
 *   says PART OF THE MESSAGE    it names the element
 *   cure PART OF THE CURE
 *   doc                         lines of the process up to "end"
 *   ^LINE                       stands in definitions, before the process
 *   ! LINE                      what is said points into this line
 *   flow A B [= condition]      a sequence flow named A-B
 *   end
 *
 * With "raw" instead of "doc" the lines are the whole document. Then every rule that the code
 * names must have a row here, and its place in docs/bpmn.md.
 */
#include "check.h"

#include "base/file.h"
#include "model/bpmn/bpmn.h"

enum { FILE_MAX = 1 << 20 };

#define FOLDER "tests/cases/bpmn"
#define HEAD                                                                                       \
    "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\""                           \
    " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""                                     \
    " xmlns:zeebe=\"http://camunda.org/schema/zeebe/1.0\""                                         \
    " xmlns:camunda=\"http://camunda.org/schema/1.0/bpmn\""                                        \
    " xmlns:acme=\"http://acme.example/tool\">\n"

typedef struct {
    Arena arena;
    const char *path;
    int line; /* of the row */
    Str rule, level, says, cure;
    StrBuf top, body;
    bool raw, marked_top;
    int64_t marked; /* line inside top or body, from 1; 0: none */
} Row;

static void add_flow(StrBuf *b, Str rest)
{
    Str from = {0}, to = {0};
    str_split(&rest, ' ', &from);
    str_split(&rest, ' ', &to);
    buf_fmt(b,
            "<sequenceFlow id=\"" STR_FMT "-" STR_FMT "\" sourceRef=\"" STR_FMT
            "\" targetRef=\"" STR_FMT "\">",
            STR_ARG(from), STR_ARG(to), STR_ARG(from), STR_ARG(to));
    if (rest.len > 0)
        buf_fmt(b,
                "<conditionExpression xsi:type=\"tFormalExpression\">" STR_FMT
                "</conditionExpression>",
                STR_ARG(rest));
    BUF_LIT(b, "</sequenceFlow>");
}

static int64_t lines_in(Str text)
{
    int64_t n = 1;
    for (size_t i = 0; i < text.len; i++)
        n += text.at[i] == '\n';
    return n;
}

static void add_line(Row *row, Str line)
{
    bool marked = str_starts(line, STR("! "));
    line = marked ? str_slice(line, 2, line.len) : line;
    bool top = str_starts(line, STR("^"));
    StrBuf *b = top ? &row->top : &row->body;
    line = top ? str_slice(line, 1, line.len) : line;
    if (marked) {
        row->marked = lines_in(buf_str(b));
        row->marked_top = top;
    }
    if (!row->raw && str_starts(line, STR("flow ")))
        add_flow(b, str_slice(line, 5, line.len));
    else
        buf_add(b, line);
    buf_char(b, '\n');
}

static Str document(Row *row, int64_t *line)
{
    Str top = buf_str(&row->top), body = buf_str(&row->body);
    if (row->raw) {
        *line = row->marked;
        return body;
    }
    Str head = str_fmt(&row->arena, "%s" STR_FMT "<process id=\"p\" isExecutable=\"true\">\n", HEAD,
                       STR_ARG(top));
    int64_t before = row->marked_top ? lines_in(STR(HEAD)) : lines_in(head);
    *line = row->marked ? before + row->marked - 1 : 0;
    return str_fmt(&row->arena, STR_FMT STR_FMT "</process>\n</definitions>\n", STR_ARG(head),
                   STR_ARG(body));
}

static bool fits(const Row *row, const Diag *d, Str text, int64_t wanted)
{
    uint32_t line = 0, column = 0;
    diag_place(text, d->offset, &line, &column);
    bool error = str_eq(row->level, STR("reject"));
    return str_eq(str_z(d->rule), row->rule) && (d->level == DIAG_ERROR) == error &&
           str_find(d->message, row->says, 0) != SIZE_MAX &&
           str_find(d->cure, row->cure, 0) != SIZE_MAX && (wanted == 0 || line == wanted);
}

static void run_row(Row *row)
{
    Diags d = {.arena = &row->arena};
    int64_t line = 0;
    Str text = document(row, &line);
    const BpmnProcess *p =
        bpmn_read(&row->arena, &d, diag_file(&d, STR("p.bpmn"), text), text, NULL);
    Str report = diag_render(&row->arena, &d);
    bool found = str_eq(row->level, STR("accept"));
    for (size_t i = 0; i < d.list.len; i++)
        found = found || fits(row, &d.list.at[i], text, line);
    bool rejected = str_eq(row->level, STR("reject"));
    CHECK((p == NULL) == rejected, "%s:%d " STR_FMT, row->path, row->line, STR_ARG(report));
    CHECK(found, "%s:%d " STR_FMT " '" STR_FMT "' at line %lld: " STR_FMT, row->path, row->line,
          STR_ARG(row->rule), STR_ARG(row->says), (long long)line, STR_ARG(report));
    CHECK(found != (row->says.len == 0 && !str_eq(row->level, STR("accept"))), "%s:%d says nothing",
          row->path, row->line);
}

typedef Vec(Str) Names;

static void learn_row(Arena *a, Names *tested, Row *row, Str rest, int line)
{
    *row = (Row){.path = row->path, .line = line};
    row->top = buf_in(&row->arena);
    row->body = buf_in(&row->arena);
    str_split(&rest, ' ', &row->rule);
    row->level = str_trim(rest);
    *VEC_PUSH(a, tested) = str_dup(a, row->rule);
}

static void run_file(Arena *a, Str path, Names *tested)
{
    Str text = {0}, line = {0};
    Err err = {0};
    Row row = {.path = str_cstr(a, path)};
    bool inside = false;
    int n = 0;
    CHECK(file_read(a, path, FILE_MAX, &text, &err), "%s", err.msg);
    while (str_split(&text, '\n', &line)) {
        n++;
        if (inside && str_eq(line, STR("end"))) {
            inside = false;
            run_row(&row);
            arena_free(&row.arena);
        } else if (inside) {
            add_line(&row, line);
        } else if (str_starts(line, STR("rule "))) {
            learn_row(a, tested, &row, str_slice(line, 5, line.len), n);
        } else if (str_eq(line, STR("accept"))) {
            learn_row(a, tested, &row, STR(" accept"), n);
        } else if (str_starts(line, STR("says "))) {
            row.says = str_slice(line, 5, line.len);
        } else if (str_starts(line, STR("cure "))) {
            row.cure = str_slice(line, 5, line.len);
        } else if (str_eq(line, STR("doc")) || str_eq(line, STR("raw"))) {
            inside = true;
            row.raw = str_eq(line, STR("raw"));
        } else {
            CHECK(line.len == 0 || line.at[0] == '#', "%s:%d unknown line", row.path, n);
        }
    }
}

/* ---- the rules that the code names ---- */

static void add_name(Arena *a, Names *names, Str name)
{
    for (size_t i = 0; i < names->len; i++)
        if (str_eq(names->at[i], name))
            return;
    *VEC_PUSH(a, names) = name;
}

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || c == '-';
}

/* All of quote, bpmn., name and quote. */
static void names_in(Arena *a, Str text, char quote, Names *names)
{
    for (size_t at = str_find(text, STR("bpmn."), 0); at != SIZE_MAX;
         at = str_find(text, STR("bpmn."), at + 1)) {
        size_t end = at + 5;
        while (end < text.len && is_name_char(text.at[end]))
            end++;
        if (at > 0 && text.at[at - 1] == quote && end < text.len && text.at[end] == quote)
            add_name(a, names, str_slice(text, at, end));
    }
}

static bool has_name(const Names *names, Str name)
{
    for (size_t i = 0; i < names->len; i++)
        if (str_eq(names->at[i], name))
            return true;
    return false;
}

static void names_of_code(Arena *a, Names *names)
{
    StrVec files = {0};
    Err err = {0};
    CHECK(file_list(a, STR("src/model/bpmn"), STR(".c"), &files, &err), "%s", err.msg);
    for (size_t i = 0; i < files.len; i++) {
        Str text = {0};
        if (str_starts(files.at[i], STR("diagram")))
            continue; /* pictures, not processes */
        CHECK(file_read(a, path_join(a, STR("src/model/bpmn"), files.at[i]), FILE_MAX, &text, &err),
              "%s", err.msg);
        names_in(a, text, '"', names);
    }
}

TEST(bpmn_rules)
{
    Arena a = {0};
    Names tested = {0}, coded = {0}, documented = {0};
    StrVec files = {0};
    Str docs = {0};
    Err err = {0};
    CHECK(file_list(&a, STR(FOLDER), STR(".test"), &files, &err), "%s", err.msg);
    for (size_t i = 0; i < files.len; i++)
        run_file(&a, path_join(&a, STR(FOLDER), files.at[i]), &tested);
    names_of_code(&a, &coded);
    CHECK(file_read(&a, STR("docs/bpmn.md"), FILE_MAX, &docs, &err), "%s", err.msg);
    names_in(&a, docs, '`', &documented);
    CHECK(coded.len > 50, "%zu rules in the code", coded.len);
    for (size_t i = 0; i < coded.len; i++) {
        CHECK(has_name(&tested, coded.at[i]), STR_FMT " has no row", STR_ARG(coded.at[i]));
        CHECK(has_name(&documented, coded.at[i]), STR_FMT " is not in docs/bpmn.md",
              STR_ARG(coded.at[i]));
    }
    for (size_t i = 0; i < documented.len; i++)
        CHECK(has_name(&coded, documented.at[i]) || str_eq(documented.at[i], STR("bpmn.diagram")),
              STR_FMT " of docs/bpmn.md is nowhere", STR_ARG(documented.at[i]));
    arena_free(&a);
}
