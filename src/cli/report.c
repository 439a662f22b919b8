/* SPDX-License-Identifier: Apache-2.0 */
/*
 * onedoor report reform DIR: materials, visits, days, steps and organs before the reform and now.
 * Exit status: 0 told, 1 the catalogue has errors or a target of a set is missed, 2 wrong use.
 */
#include <stdio.h>
#include <string.h>

#include "catalogue/reform.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "csv/csv.h"
#include "json/json.h"

enum { NAME_WIDTH = 40 };

static const char *const measures[] = {"materials", "visits", "days", "steps", "organs"};

static void print(Str s)
{
    fwrite(s.at, 1, s.len, stdout);
}

static void put_figures(Arena *a, CsvWriter *w, const Value *row)
{
    for (size_t i = 0; i < COUNT(measures); i++) {
        csv_put(w, str_fmt(a, "%lld", (long long)get_int(value_at(row, "before"), measures[i], 0)));
        csv_put(w, str_fmt(a, "%lld", (long long)get_int(value_at(row, "now"), measures[i], 0)));
    }
    csv_end_row(w);
}

static void print_csv(Arena *a, const Value *report)
{
    StrBuf b = buf_in(a);
    CsvWriter w = csv_begin(&b, CSV_SHEET);
    const Value *rows = value_at(report, "rows");
    csv_put(&w, STR("key"));
    csv_put(&w, STR("name"));
    csv_put(&w, STR("count"));
    for (size_t i = 0; i < COUNT(measures); i++) {
        csv_put(&w, str_fmt(a, "%s_before", measures[i]));
        csv_put(&w, str_fmt(a, "%s_now", measures[i]));
    }
    csv_end_row(&w);
    for (size_t i = 0; i < value_count(rows); i++) {
        const Value *row = value_item(rows, i);
        csv_put(&w, get_str(row, "key"));
        csv_put(&w, get_str(row, "name"));
        csv_put(&w, str_fmt(a, "%lld", (long long)get_int(row, "count", 0)));
        put_figures(a, &w, row);
    }
    print(buf_str(&b));
}

static void print_row(const char *name, const Value *row)
{
    printf("%-*s %5lld", NAME_WIDTH, name, (long long)get_int(row, "count", 0));
    for (size_t i = 0; i < COUNT(measures); i++)
        printf("  %5lld -> %-5lld", (long long)get_int(value_at(row, "before"), measures[i], 0),
               (long long)get_int(value_at(row, "now"), measures[i], 0));
    printf("\n");
}

/* False when one is missed. */
static bool print_targets(Arena *a, const Value *row)
{
    const Value *list = value_at(row, "targets");
    bool met = true;
    for (size_t i = 0; i < value_count(list); i++) {
        const Value *t = value_item(list, i);
        printf("    %s: %lld, target %lld%s\n", str_cstr(a, get_str(t, "what")),
               (long long)get_int(t, "is", 0), (long long)get_int(t, "target", 0),
               get_bool(t, "met") ? "" : " MISSED");
        met = met && get_bool(t, "met");
    }
    return met;
}

static bool print_text(Arena *a, const Value *report)
{
    const Value *rows = value_at(report, "rows");
    bool met = true;
    printf("%-*s %5s", NAME_WIDTH, "", "count");
    for (size_t i = 0; i < COUNT(measures); i++)
        printf("  %14s", measures[i]);
    printf("\n");
    for (size_t i = 0; i < value_count(rows); i++) {
        const Value *row = value_item(rows, i);
        print_row(str_cstr(a, get_str(row, "key")), row);
        met = print_targets(a, row) && met;
    }
    print_row("total", report);
    return met;
}

static bool by_of(const char *name, ReformBy *by)
{
    for (int i = 0; reform_by_names[i]; i++)
        if (strcmp(reform_by_names[i], name) == 0) {
            *by = (ReformBy)i;
            return true;
        }
    return false;
}

typedef struct {
    const char *folder, *set, *by, *as_json, *as_csv;
} Asked;

static int report(Arena *a, const Asked *asked)
{
    Diags diags = {.arena = a};
    ReformBy by = REFORM_ITEM;
    if (asked->by && !by_of(asked->by, &by)) {
        (void)fprintf(stderr, "onedoor report: --by is item, bundle, organ, place or set\n");
        return EXIT_USAGE;
    }
    const Catalogue *c = catalogue_load(str_z(asked->folder), &diags);
    if (!c) {
        print(diag_render(a, &diags));
        return EXIT_FAILED;
    }
    Value *v = reform_report(a, c, by, asked->set ? str_z(asked->set) : STR(""), LANG_ZH);
    bool met = true;
    if (asked->as_json)
        print(str_join(a, json_text(a, v), STR("\n")));
    else if (asked->as_csv)
        print_csv(a, v);
    else
        met = print_text(a, v);
    catalogue_free(c);
    return met ? EXIT_OK : EXIT_FAILED;
}

int cli_report(int argc, char **argv)
{
    const char *what = NULL;
    Asked asked = {0};
    const ArgOption options[] = {
        {"WHAT", NULL, "reform: before and now", &what, true},
        {"DIR", NULL, "folder of the catalogue", &asked.folder, true},
        {"--set", "KEY", "items and bundles of that set alone", &asked.set, false},
        {"--by", "GROUP", "item (the default), bundle, organ, place or set", &asked.by, false},
        {"--json", NULL, "as JSON", &asked.as_json, false},
        {"--csv", NULL, "for a spreadsheet", &asked.as_csv, false},
    };
    const ArgSpec spec = {"report", "What the reform has changed, computed from a catalogue.",
                          "onedoor report reform catalogues/demo --by set", options,
                          COUNT(options)};
    ArgsVerdict verdict = args_read(&spec, argc, argv);
    if (verdict != ARGS_GO)
        return args_exit(verdict);
    if (strcmp(what, "reform") != 0) {
        (void)fprintf(stderr, "onedoor report: no report '%s'; there is: reform\n", what);
        return EXIT_USAGE;
    }
    Arena arena = {0};
    int code = report(&arena, &asked);
    arena_free(&arena);
    return code;
}
