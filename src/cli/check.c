/* SPDX-License-Identifier: Apache-2.0 */
/*
 * onedoor check DIR: everything that is wrong in a catalogue, in one run.
 * Exit status: 0 no error (advice may be there), 1 errors, 2 wrong use.
 */
#include <stdio.h>

#include "catalogue/sample.h"
#include "cli/args.h"
#include "cli/cli.h"

static void print(FILE *to, Str s)
{
    fwrite(s.at, 1, s.len, to);
}

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

static void print_counts(const char *folder, const Catalogue *c, size_t samples, const Diags *d)
{
    if (c)
        printf(
            "%s: %zu item%s, %zu elements, %zu materials, %zu sources, %zu papers, %zu sample%s; ",
            folder, c->item_count, plural(c->item_count), c->element_count, c->material_count,
            c->source_count, c->paper_count, samples, plural(samples));
    else
        printf("%s: ", folder);
    if (d->errors)
        printf("%zu error%s, ", d->errors, plural(d->errors));
    else
        printf("no errors, ");
    if (d->advice)
        printf("%zu advice\n", d->advice);
    else
        printf("no advice\n");
}

static Date today(const Catalogue *c)
{
    Clock clock;
    clock_init_real(&clock);
    return date_of_time(clock_now(&clock), c->zone_minutes);
}

int cli_check(int argc, char **argv)
{
    const char *folder = NULL;
    const ArgOption options[] = {{"DIR", NULL, "folder of the catalogue", &folder, true}};
    const ArgSpec spec = {"check",
                          "Reports every problem of a catalogue with its place, in one run.",
                          "onedoor check catalogues/demo", options, COUNT(options)};
    ArgsVerdict verdict = args_read(&spec, argc, argv);
    if (verdict != ARGS_GO)
        return args_exit(verdict);
    Arena arena = {0};
    Diags diags = {.arena = &arena};
    Samples samples = {0};
    const Catalogue *c = catalogue_load(str_z(folder), &diags);
    bool sound = c && catalogue_samples(&arena, c, str_z(folder), &diags, &samples);
    if (c)
        catalogue_check_day(c, today(c), &diags);
    print(stdout, diag_render(&arena, &diags));
    print_counts(folder, c, samples.len, &diags);
    catalogue_free(c);
    arena_free(&arena);
    return sound && !diags.errors ? EXIT_OK : EXIT_FAILED;
}
