/* SPDX-License-Identifier: Apache-2.0 */
/*
 * docs/feel.md says what the program does. Its tables have rows of two forms:
 *
 *   | `NAME(PARAMETERS)`<br>… | KIND | what | null when | `EXPRESSION` = `VALUE`<br>… |
 *   | `EXPRESSION` | `VALUE` |
 *
 * Each signature of the tables of built-ins stands there once and no other; each example is
 * evaluated, calls the function of its row and gives a value of that kind.
 */
#include "check.h"

#include "base/file.h"
#include "base/map.h"
#include "feel/feel_int.h"

enum { DOC_MAX = 1 << 18, CELLS = 5 };

typedef Vec(Str) Parts;

typedef struct {
    Arena arena;
    Map signatures; /* of the tables; the value is not NULL once the page has it */
    FeelValue now;
    int line, examples;
} Doc;

/* "length?", "list…": a parameter as the page writes it. */
static Str signature_of(Arena *out, const Builtin *row)
{
    StrBuf b = buf_in(out);
    Str rest = str_z(row->params), param = {0};
    const char *type = row->types;
    bool optional = false;
    buf_fmt(&b, "%s(", row->name);
    for (size_t i = 0; row->params[0] && str_split(&rest, ',', &param); i++) {
        optional = optional || *type == '?';
        type += *type == '?' ? 2 : 1;
        buf_add(&b, i > 0 ? STR(", ") : STR(""));
        buf_add(&b, param);
        buf_add(&b, *type == '*' ? STR("…") : optional ? STR("?") : STR(""));
    }
    BUF_LIT(&b, ")");
    return buf_str(&b);
}

static void learn_signatures(Doc *d)
{
    const char *const *names = NULL;
    size_t count = builtin_names(&names);
    for (size_t i = 0; i < count; i++) {
        const Builtin *row = builtin_find(str_z(names[i]));
        for (; row && row->name && strcmp(row->name, names[i]) == 0; row++) {
            map_put(&d->arena, &d->signatures, signature_of(&d->arena, row), NULL);
        }
    }
}

/* What stands between back-ticks. */
static Parts code_in(Arena *out, Str cell)
{
    Parts parts = {0};
    Str part = {0};
    for (bool code = false; str_split(&cell, '`', &part); code = !code) {
        if (code) {
            *VEC_PUSH(out, &parts) = part;
        }
    }
    return parts;
}

static bool evaluate(Doc *d, Str text, FeelValue *v)
{
    Err err = {0};
    FeelLimits limits = {.now = &d->now};
    FeelBudget b = feel_budget(&d->arena, &limits);
    const FeelProgram *p = feel_compile(&d->arena, text, NULL, FEEL_EXPRESSION, &err);
    *v = p ? feel_run(&b, p, NULL) : feel_null();
    CHECK(p && feel_within(&b, &err), "docs/feel.md:%d " STR_FMT ": %s", d->line, STR_ARG(text),
          err.msg);
    return p != NULL;
}

static FeelKind check_example(Doc *d, Str text, Str wanted)
{
    FeelValue v = feel_null(), w = feel_null();
    if (evaluate(d, text, &v) && evaluate(d, wanted, &w)) {
        Str got = feel_text(&d->arena, &v);
        CHECK(v.kind == w.kind && feel_same(&v, &w), "docs/feel.md:%d " STR_FMT " = " STR_FMT,
              d->line, STR_ARG(text), STR_ARG(got));
    }
    d->examples++;
    return v.kind;
}

static void check_signature(Doc *d, Str signature)
{
    bool known = false;
    for (size_t i = 0; i < d->signatures.len; i++) {
        MapEntry *entry = &d->signatures.at[i];
        if (str_eq(entry->key, signature)) {
            CHECK(!entry->value, "docs/feel.md:%d " STR_FMT " stands twice", d->line,
                  STR_ARG(signature));
            entry->value = d;
            known = true;
        }
    }
    CHECK(known, "docs/feel.md:%d there is no " STR_FMT, d->line, STR_ARG(signature));
}

static void check_function(Doc *d, const Str *cells)
{
    Parts signatures = code_in(&d->arena, cells[0]), examples = code_in(&d->arena, cells[4]);
    for (size_t i = 0; i < signatures.len; i++) {
        check_signature(d, signatures.at[i]);
    }
    CHECK(signatures.len > 0 && examples.len >= 2 && examples.len % 2 == 0,
          "docs/feel.md:%d has an example", d->line);
    Str call = signatures.len > 0 ? signatures.at[0] : STR("");
    call = str_slice(call, 0, str_find(call, STR("("), 0) + 1);
    for (size_t i = 0; i + 1 < examples.len; i += 2) {
        FeelKind kind = check_example(d, examples.at[i], examples.at[i + 1]);
        CHECK(str_find(examples.at[i], call, 0) != SIZE_MAX, "docs/feel.md:%d calls " STR_FMT,
              d->line, STR_ARG(call));
        CHECK(i > 0 || str_eq(cells[1], STR("any")) ||
                  str_starts(examples.at[0], STR("decimal(")) ||
                  str_eq(cells[1], str_z(feel_kind_name(kind))),
              "docs/feel.md:%d gives a " STR_FMT, d->line, STR_ARG(cells[1]));
    }
}

static void check_line(Doc *d, Str line)
{
    Str cells[CELLS + 1] = {0}, part = {0};
    size_t count = 0;
    if (!str_starts(line, STR("| `"))) {
        return;
    }
    Str rest = str_slice(line, 1, line.len - 1);
    while (count <= CELLS && str_split(&rest, '|', &part)) {
        cells[count++] = str_trim(part);
    }
    if (count == 2) {
        Parts expression = code_in(&d->arena, cells[0]), value = code_in(&d->arena, cells[1]);
        if (expression.len == 1 && value.len == 1) {
            check_example(d, expression.at[0], value.at[0]);
            return;
        }
    }
    CHECK(count == CELLS, "docs/feel.md:%d has %zu cells", d->line, count);
    if (count == CELLS) {
        check_function(d, cells);
    }
}

TEST(feel_page_says_what_is)
{
    Doc d = {0};
    Err err = {0};
    Str text = {0}, line = {0};
    learn_signatures(&d);
    d.now = feel_temporal(&d.arena, STR("2026-11-22T10:00:00Z"));
    CHECK(file_read(&d.arena, STR("docs/feel.md"), DOC_MAX, &text, &err), "%s", err.msg);
    while (str_split(&text, '\n', &line)) {
        d.line++;
        check_line(&d, str_trim(line));
    }
    for (size_t i = 0; i < d.signatures.len; i++) {
        CHECK(d.signatures.at[i].value, "docs/feel.md has no " STR_FMT,
              STR_ARG(d.signatures.at[i].key));
    }
    CHECK(d.examples > 100, "%d examples", d.examples);
    arena_free(&d.arena);
}
