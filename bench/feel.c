/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Expressions a second: parsed and evaluated each time, and compiled once. One line an expression:
 *   NAME <tab> parse+eval a second <tab> eval a second <tab> bytes to compile <tab>
 *   bytes to evaluate <tab> RESULT
 * Arguments: the file of expressions, the seconds for each measurement. A line of the file is
 * NAME <tab> expression|unary <tab> CONTEXT <tab> EXPRESSION (for unary tests CONTEXT is the input).
 */
#include "feel/feel.h"
#include "base/clock.h"
#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>

enum { ROUND = 256, FILE_MAX = 1 << 20 };

typedef struct {
    Str name, text;
    FeelMode mode;
    FeelScope scope;
    FeelNames names;
    FeelValue given;
} Case;

static FeelValue value_of(Arena *a, Str text)
{
    Err err = {0};
    FeelValue v = feel_null();
    const FeelProgram *p = feel_compile(a, text, NULL, FEEL_EXPRESSION, &err);
    if (!p || !feel_eval(a, p, NULL, 0, &v, &err)) {
        fprintf(stderr, "bench-feel: " STR_FMT ": %s\n", STR_ARG(text), err.msg);
        exit(1);
    }
    return v;
}

static Case read_case(Arena *a, Str line)
{
    Case c = {0};
    Str mode = {0}, context = {0};
    str_split(&line, '\t', &c.name);
    str_split(&line, '\t', &mode);
    str_split(&line, '\t', &context);
    c.text = line;
    c.given = value_of(a, context);
    c.mode = str_eq(mode, STR("unary")) ? FEEL_UNARY_TESTS : FEEL_EXPRESSION;
    if (c.mode == FEEL_EXPRESSION && c.given.kind == FEEL_CONTEXT) {
        size_t count = c.given.context->count;
        FeelName *names = NEW_N(a, FeelName, count + 1);
        for (size_t i = 0; i < count; i++) {
            names[i].name = c.given.context->entries[i].key;
        }
        c.names = (FeelNames){.at = names, .count = count};
        c.scope.context = c.given.context;
    }
    return c;
}

/* One evaluation with its own memory; program NULL: compiled first. */
static FeelValue once(Arena *a, const Case *c, const FeelScope *scope, const FeelProgram *program)
{
    Err err = {0};
    FeelValue v = feel_null();
    const FeelProgram *p = program ? program : feel_compile(a, c->text, &c->names, c->mode, &err);
    if (!p || !feel_eval(a, p, scope, 0, &v, &err) || v.kind == FEEL_NULL) {
        fprintf(stderr, "bench-feel: " STR_FMT ": %s\n", STR_ARG(c->text), err.msg);
        exit(1);
    }
    return v;
}

static double rate(const Case *c, const FeelScope *scope, const FeelProgram *program,
                   double seconds, size_t *bytes)
{
    Arena a = {0};
    uint64_t count = 0;
    int64_t start = clock_monotonic_us(), now = start;
    while ((double)(now - start) < seconds * 1e6) {
        for (int i = 0; i < ROUND; i++) {
            once(&a, c, scope, program);
            *bytes = a.used;
            arena_reset(&a);
        }
        count += ROUND;
        now = clock_monotonic_us();
    }
    arena_free(&a);
    return (double)count / ((double)(now - start) / 1e6);
}

static void measure(Arena *a, const Case *c, double seconds)
{
    FeelScope scope = c->scope;
    Err err = {0};
    size_t both = 0, eval = 0;
    if (c->mode == FEEL_UNARY_TESTS) {
        scope.input = &c->given;
    }
    const FeelProgram *p = feel_compile(a, c->text, &c->names, c->mode, &err);
    double cold = rate(c, &scope, NULL, seconds, &both);
    double warm = rate(c, &scope, p, seconds, &eval);
    FeelValue v = once(a, c, &scope, p);
    Str result = feel_text(a, &v);
    printf(STR_FMT "\t%.0f\t%.0f\t%zu\t%zu\t" STR_FMT "\n", STR_ARG(c->name), cold, warm,
           both - eval, eval, STR_ARG(result));
}

int main(int argc, char **argv)
{
    Arena a = {0};
    Err err = {0};
    Str text = {0}, line = {0};
    if (argc != 3 || !file_read(&a, str_z(argv[1]), FILE_MAX, &text, &err)) {
        fprintf(stderr, "usage: bench-feel FILE SECONDS\n%s\n", err.msg);
        return 2;
    }
    while (str_split(&text, '\n', &line)) {
        if (line.len > 0 && line.at[0] != '#') {
            Case c = read_case(&a, line);
            measure(&a, &c, atof(argv[2]));
        }
    }
    arena_free(&a);
    return 0;
}
