/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long the search takes: every question of a file, several rounds, each measured by itself.
 * Prints in one line, in microseconds:
 *   items <tab> questions <tab> 50th percentile <tab> 99th <tab> the longest <tab>
 *   99th of reading every name of the catalogue once for the question, as a search without an index
 * Arguments: the catalogue's folder, a file of questions as tests/cases/search has it, rounds.
 */
#include "base/clock.h"
#include "base/file.h"
#include "catalogue/catalogue.h"
#include "yaml/yaml.h"

#include <stdio.h>
#include <stdlib.h>

enum { FILE_MAX = 1 << 20, HITS = 20, SAMPLES_MAX = 1 << 20 };

typedef struct {
    double *at;
    size_t count;
} Times;

static _Noreturn void stop(Str what, const char *why)
{
    fprintf(stderr, "bench-search: " STR_FMT ": %s\n", STR_ARG(what), why);
    exit(1);
}

static const Value *questions(Arena *a, Str path)
{
    Err err = {0};
    Str text = {0};
    Diags diags = {.arena = a};
    if (!file_read(a, path, FILE_MAX, &text, &err)) {
        stop(path, err.msg);
    }
    const Value *list =
        value_at(yaml_read(a, &diags, diag_file(&diags, path, text), text), "questions");
    if (value_count(list) == 0) {
        stop(path, "no questions");
    }
    return list;
}

static size_t by_index(Arena *a, const Catalogue *c, Str ask)
{
    SearchHit hits[HITS];
    return catalogue_search(a, c, ask, hits, HITS);
}

/* Whose name or keywords hold the question's first two characters. */
static size_t by_reading(Arena *a, const Catalogue *c, Str ask)
{
    (void)a;
    size_t found = 0;
    Str part = str_slice(ask, 0, 6);
    for (size_t i = 0; i < c->item_count; i++) {
        const Item *item = &c->items[i];
        bool met = str_find(item->name.in[LANG_ZH], part, 0) != SIZE_MAX ||
                   str_find(item->name.in[LANG_EN], part, 0) != SIZE_MAX;
        for (size_t k = 0; !met && k < item->keyword_count; k++) {
            met = str_find(item->keywords[k], part, 0) != SIZE_MAX;
        }
        found += met;
    }
    return found;
}

static void measure(const Catalogue *c, const Value *list, size_t rounds, Times *t,
                    size_t (*search)(Arena *, const Catalogue *, Str))
{
    Arena a = {0};
    for (size_t r = 0; r < rounds; r++) {
        for (size_t i = 0; i < value_count(list); i++) {
            Str ask = get_str(value_item(list, i), "ask");
            int64_t start = clock_monotonic_us();
            (void)search(&a, c, ask);
            if (t->count < SAMPLES_MAX) {
                t->at[t->count++] = (double)(clock_monotonic_us() - start);
            }
            arena_reset(&a);
        }
    }
    arena_free(&a);
}

static int by_length(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;
    return a < b ? -1 : a > b;
}

static double percentile(const Times *t, size_t percent)
{
    return t->at[(t->count - 1) * percent / 100];
}

int main(int argc, char **argv)
{
    Arena a = {0};
    Diags diags = {.arena = &a};
    if (argc != 4) {
        fprintf(stderr, "usage: bench-search CATALOGUE QUESTIONS ROUNDS\n");
        return 2;
    }
    const Catalogue *c = catalogue_load(str_z(argv[1]), &diags);
    if (!c) {
        stop(str_z(argv[1]), "not loaded");
    }
    const Value *list = questions(&a, str_z(argv[2]));
    Times ours = {.at = NEW_N(&a, double, SAMPLES_MAX)};
    Times plain = {.at = NEW_N(&a, double, SAMPLES_MAX)};
    size_t rounds = (size_t)strtoul(argv[3], NULL, 10);
    measure(c, list, 1, &ours, by_index);
    ours.count = 0;
    measure(c, list, rounds, &ours, by_index);
    measure(c, list, rounds, &plain, by_reading);
    qsort(ours.at, ours.count, sizeof *ours.at, by_length);
    qsort(plain.at, plain.count, sizeof *plain.at, by_length);
    printf("%zu\t%zu\t%.0f\t%.0f\t%.0f\t%.0f\n", c->item_count, value_count(list),
           percentile(&ours, 50), percentile(&ours, 99), ours.at[ours.count - 1],
           percentile(&plain, 99));
    catalogue_free(c);
    arena_free(&a);
    return 0;
}
