/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decisions a second by one DMN file, over a list of inputs in turn. Prints in one line:
 *   a second <tab> with trace a second <tab> bytes an evaluation <tab> bytes with trace <tab>
 *   bytes of the model <tab> milliseconds to read it <tab> RESULT, RESULT …
 * Arguments: the file, the decision, a file with one context a line, seconds for each measurement.
 */
#include "base/clock.h"
#include "base/file.h"
#include "engine/rules/rules.h"

#include <stdio.h>
#include <stdlib.h>

enum { FILE_MAX = 16 << 20, INPUTS_MAX = 1000 };

typedef struct {
    const DmnModel *model;
    Str decision;
    FeelValue inputs[INPUTS_MAX];
    size_t count;
} Bench;

static _Noreturn void stop(Str what, const char *why)
{
    fprintf(stderr, "bench-dmn: " STR_FMT ": %s\n", STR_ARG(what), why);
    exit(1);
}

static const DmnModel *read_model(Arena *a, Str path, double *ms)
{
    Err err = {0};
    DmnFile file = {0};
    Diags diags = {.arena = a};
    if (!file_read(a, path, FILE_MAX, &file.text, &err)) {
        stop(path, err.msg);
    }
    file.file = diag_file(&diags, path, file.text);
    int64_t start = clock_monotonic_us();
    const DmnModel *m = dmn_read(a, &diags, &file, 1, DMN_STRICT);
    *ms = (double)(clock_monotonic_us() - start) / 1000;
    if (!m) {
        stop(path, "not read");
    }
    return m;
}

static void read_inputs(Arena *a, Str path, Bench *b)
{
    Err err = {0};
    Str text = {0}, line = {0};
    if (!file_read(a, path, FILE_MAX, &text, &err)) {
        stop(path, err.msg);
    }
    while (str_split(&text, '\n', &line) && b->count < INPUTS_MAX) {
        if (line.len == 0) {
            continue;
        }
        const FeelProgram *p = feel_compile(a, line, NULL, FEEL_EXPRESSION, &err);
        if (!p || !feel_eval(a, p, NULL, 0, &b->inputs[b->count++], &err)) {
            stop(line, err.msg);
        }
    }
}

static FeelValue decide(Arena *a, const Bench *b, size_t i, bool traced)
{
    Err err = {0};
    RulesAsk ask = {.input = &b->inputs[i], .traced = traced};
    RulesAnswer answer = {.value = feel_null()};
    if (!rules_decide(a, b->model, b->decision, &ask, &answer, &err)) {
        stop(b->decision, err.msg);
    }
    return answer.value;
}

static double rate(const Bench *b, bool traced, double seconds, size_t *bytes)
{
    Arena a = {0};
    uint64_t count = 0, sum = 0;
    int64_t start = clock_monotonic_us(), now = start;
    while ((double)(now - start) < seconds * 1e6) {
        for (size_t i = 0; i < b->count; i++) {
            decide(&a, b, i, traced);
            sum += a.used;
            arena_reset(&a);
        }
        count += b->count;
        now = clock_monotonic_us();
    }
    arena_free(&a);
    *bytes = (size_t)(sum / count);
    return (double)count / ((double)(now - start) / 1e6);
}

int main(int argc, char **argv)
{
    Arena a = {0}, kept = {0};
    Bench b = {0};
    double ms = 0;
    size_t bytes = 0, traced_bytes = 0;
    if (argc != 5) {
        fprintf(stderr, "usage: bench-dmn FILE DECISION INPUTS SECONDS\n");
        return 2;
    }
    b.decision = str_z(argv[2]);
    b.model = read_model(&kept, str_z(argv[1]), &ms);
    size_t model = kept.total;
    read_inputs(&a, str_z(argv[3]), &b);
    double plain = rate(&b, false, atof(argv[4]), &bytes);
    double traced = rate(&b, true, atof(argv[4]), &traced_bytes);
    printf("%.0f\t%.0f\t%zu\t%zu\t%zu\t%.2f\t", plain, traced, bytes, traced_bytes, model, ms);
    for (size_t i = 0; i < b.count; i++) {
        FeelValue v = decide(&a, &b, i, false);
        Str text = feel_text(&a, &v);
        printf("%s" STR_FMT, i ? ", " : "", STR_ARG(text));
    }
    printf("\n");
    arena_free(&kept);
    arena_free(&a);
    return 0;
}
