/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every decision of a DMN file comes to, with its whole trace, for each input: for comparisons
 * of one build with another. Arguments: a file with one context a line, and DMN files.
 */
#include "base/file.h"
#include "engine/rules/rules.h"
#include "json/json.h"

#include <stdio.h>

enum { FILE_MAX = 16 << 20 };

static bool read_model(Arena *a, Str path, const DmnModel **m)
{
    Err err = {0};
    DmnFile file = {0};
    Diags diags = {.arena = a};
    if (!file_read(a, path, FILE_MAX, &file.text, &err)) {
        fprintf(stderr, "%s\n", err.msg);
        return false;
    }
    file.file = diag_file(&diags, path, file.text);
    *m = dmn_read(a, &diags, &file, 1, DMN_LENIENT);
    for (size_t i = 0; i < diags.list.len; i++) {
        printf(STR_FMT "\n", STR_ARG(diags.list.at[i].message));
    }
    return *m != NULL;
}

static void decide_all(Arena *a, const DmnModel *m, const FeelValue *input)
{
    for (size_t i = 0; i < m->decision_count; i++) {
        Err err = {0};
        RulesAsk ask = {.input = input, .is_data = true, .traced = true};
        RulesAnswer answer = {.value = feel_null()};
        bool ok = rules_decide(a, m, m->decisions[i].id, &ask, &answer, &err);
        Str text = ok ? feel_text(a, &answer.value) : str_z(err.msg);
        Str trace = ok ? json_text(a, answer.trace) : STR("");
        printf(STR_FMT "\t" STR_FMT "\t" STR_FMT "\n", STR_ARG(m->decisions[i].id), STR_ARG(text),
               STR_ARG(trace));
    }
}

static void try_inputs(Arena *a, const DmnModel *m, Str inputs)
{
    Str line = {0};
    while (str_split(&inputs, '\n', &line)) {
        Err err = {0};
        FeelValue input = feel_null();
        const FeelProgram *p = line.len ? feel_compile(a, line, NULL, FEEL_EXPRESSION, &err) : NULL;
        if (p && feel_eval(a, p, NULL, 0, &input, &err)) {
            decide_all(a, m, &input);
        }
    }
}

int main(int argc, char **argv)
{
    Arena a = {0};
    Err err = {0};
    Str inputs = {0};
    if (argc < 3 || !file_read(&a, str_z(argv[1]), FILE_MAX, &inputs, &err)) {
        fprintf(stderr, "usage: dmn-values INPUTS FILE…\n%s\n", err.msg);
        return 2;
    }
    for (int i = 2; i < argc; i++) {
        Arena own = {0};
        const DmnModel *m = NULL;
        if (!read_model(&own, str_z(argv[i]), &m)) {
            return 1;
        }
        try_inputs(&own, m, inputs);
        arena_free(&own);
    }
    arena_free(&a);
    return 0;
}
