/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What expressions are, one JSON value a line: for comparisons with other programs and builds.
 * The file named has one expression a line, and as in tests/cases/feel:
 *   @scope {…}             variables of the next lines
 *   @input EXPRESSION      the next lines are unary tests of it
 * and either alone for none again. A failure to compile is {"error": TEXT, "at": BYTE}.
 */
#include "base/file.h"
#include "feel/feel.h"

#include <stdio.h>

enum { INPUT_MAX = 64 << 20 };

typedef struct {
    Arena kept, arena; /* kept: scope and input; arena: one expression */
    FeelScope scope;
    FeelValue context, input;
} Reader;

static void write_value(StrBuf *b, const FeelValue *v);

static void write_text(StrBuf *b, Str s)
{
    buf_char(b, '"');
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        if (c < ' ' || c == '"' || c == '\\') {
            buf_fmt(b, "\\u%04x", c);
        } else {
            buf_char(b, s.at[i]);
        }
    }
    buf_char(b, '"');
}

static void write_tagged(StrBuf *b, const FeelValue *v, Str text)
{
    buf_fmt(b, "{\"%s\":", feel_kind_name(v->kind));
    write_text(b, text);
    buf_char(b, '}');
}

static void write_list(StrBuf *b, const FeelValue *v)
{
    buf_char(b, '[');
    for (size_t i = 0; i < v->list.count; i++) {
        buf_add(b, i ? STR(",") : STR(""));
        write_value(b, &v->list.items[i]);
    }
    buf_char(b, ']');
}

static void write_context(StrBuf *b, const FeelContext *c)
{
    BUF_LIT(b, "{\"context\":[");
    for (size_t i = 0; i < c->count; i++) {
        buf_add(b, i ? STR(",[") : STR("["));
        write_text(b, c->entries[i].key);
        buf_char(b, ',');
        write_value(b, &c->entries[i].value);
        buf_char(b, ']');
    }
    BUF_LIT(b, "]}");
}

static void write_range(StrBuf *b, const FeelRange *r)
{
    buf_fmt(b, "{\"range\":[%d,\"%s\",", r->kind, r->start_included ? "[" : "(");
    write_value(b, &r->start);
    buf_char(b, ',');
    write_value(b, &r->end);
    buf_fmt(b, ",\"%s\"]}", r->end_included ? "]" : ")");
}

static void write_value(StrBuf *b, const FeelValue *v)
{
    switch (v->kind) {
    case FEEL_NULL: write_tagged(b, v, feel_why(b->arena, v, FEEL_EN)); return;
    case FEEL_BOOLEAN: buf_add(b, v->truth ? STR("true") : STR("false")); return;
    case FEEL_STRING: write_text(b, v->text); return;
    case FEEL_LIST: write_list(b, v); return;
    case FEEL_CONTEXT: write_context(b, v->context); return;
    case FEEL_RANGE: write_range(b, v->range); return;
    case FEEL_NUMBER:
    case FEEL_DATE:
    case FEEL_TIME:
    case FEEL_DATE_TIME:
    case FEEL_DAYS_DURATION:
    case FEEL_MONTHS_DURATION:
    case FEEL_FUNCTION: write_tagged(b, v, feel_text(b->arena, v)); return;
    }
}

static bool evaluate(Arena *a, Str text, const FeelScope *scope, FeelValue *v, Err *err)
{
    FeelMode mode = scope && scope->input ? FEEL_UNARY_TESTS : FEEL_EXPRESSION;
    const FeelProgram *p = feel_compile(a, text, NULL, mode, err);
    return p && feel_eval(a, p, scope, 0, v, err);
}

static bool given(Reader *r, Str text, FeelValue *v)
{
    Err err = {0};
    if (text.len == 0) {
        *v = feel_null();
        return false;
    }
    if (!evaluate(&r->kept, text, NULL, v, &err)) {
        fprintf(stderr, STR_FMT ": %s\n", STR_ARG(text), err.msg);
        *v = feel_null();
    }
    return true;
}

static void print_value(Reader *r, Str text)
{
    FeelValue v = feel_null();
    Err err = {0};
    StrBuf b = buf_in(&r->arena);
    if (evaluate(&r->arena, text, &r->scope, &v, &err)) {
        write_value(&b, &v);
    } else {
        BUF_LIT(&b, "{\"error\":");
        write_text(&b, str_z(err.msg));
        buf_fmt(&b, ",\"at\":%u}", err.offset);
    }
    printf(STR_FMT "\n", STR_ARG(buf_str(&b)));
    arena_reset(&r->arena);
}

static void read_line(Reader *r, Str line)
{
    if (str_starts(line, STR("@scope"))) {
        bool any = given(r, str_trim(str_slice(line, 6, line.len)), &r->context);
        r->scope.context = any && r->context.kind == FEEL_CONTEXT ? r->context.context : NULL;
    } else if (str_starts(line, STR("@input"))) {
        bool any = given(r, str_trim(str_slice(line, 6, line.len)), &r->input);
        r->scope.input = any ? &r->input : NULL;
    } else {
        print_value(r, line);
    }
}

int main(int argc, char **argv)
{
    Arena a = {0};
    Err err = {0};
    Reader r = {0};
    Str text = {0}, line = {0};
    if (argc != 2 || !file_read(&a, str_z(argv[1]), INPUT_MAX, &text, &err)) {
        fprintf(stderr, "usage: feel-values FILE\n%s\n", err.msg);
        return 2;
    }
    while (str_split(&text, '\n', &line)) {
        if (line.len > 0) {
            read_line(&r, line);
        }
    }
    arena_free(&r.arena);
    arena_free(&r.kept);
    arena_free(&a);
    return 0;
}
