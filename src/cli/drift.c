/* SPDX-License-Identifier: Apache-2.0 */
/*
 * onedoor drift DIR: where places deviate from the standard that they have adopted.
 *
 * Exit status: 0 nothing is open, 1 a deviation in a unified element is open (or the catalogue has
 * errors), 2 wrong use.
 */
#include <stdio.h>

#include "catalogue/drift.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "csv/csv.h"
#include "json/json.h"

enum { NAME_WIDTH = 36 };

static void print(Str s)
{
    fwrite(s.at, 1, s.len, stdout);
}

static const char *const columns[] = {"place",    "place_name", "item",      "item_name",
                                      "element",  "path",       "reference", "local",
                                      "severity", "state",      "document",  "until"};

static void print_csv(Arena *a, const Value *report)
{
    StrBuf b = buf_in(a);
    CsvWriter w = csv_begin(&b, CSV_SHEET);
    for (size_t k = 0; k < COUNT(columns); k++)
        csv_put(&w, str_z(columns[k]));
    csv_end_row(&w);
    const Value *list = value_at(report, "deviations");
    for (size_t i = 0; i < value_count(list); i++) {
        for (size_t k = 0; k < COUNT(columns); k++)
            csv_put(&w, get_str(value_item(list, i), columns[k]));
        csv_end_row(&w);
    }
    print(buf_str(&b));
}

static void print_deviation(const Value *d)
{
    Str local = get_str(d, "local"), reference = get_str(d, "reference");
    printf("    " STR_FMT ": " STR_FMT " -> " STR_FMT "\n", STR_ARG(get_str(d, "path")),
           STR_ARG(reference.len ? reference : STR("-")), STR_ARG(local.len ? local : STR("-")));
}

/* The element, severity and state stand over the values. */
static void print_deviations(const Value *report)
{
    const Value *list = value_at(report, "deviations");
    for (size_t i = 0; i < value_count(list); i++) {
        const Value *d = value_item(list, i);
        printf(STR_FMT " " STR_FMT " " STR_FMT " (" STR_FMT "): " STR_FMT ", " STR_FMT "\n",
               STR_ARG(get_str(d, "place")), STR_ARG(get_str(d, "place_name")),
               STR_ARG(get_str(d, "item")), STR_ARG(get_str(d, "element_name")),
               STR_ARG(get_str(d, "severity")), STR_ARG(get_str(d, "state")));
        print_deviation(d);
    }
}

static void print_rows(Arena *a, const Value *rows, const char *title, const Value *places)
{
    if (!value_count(rows))
        return;
    printf("\n%-*s", NAME_WIDTH, title);
    for (size_t i = 0; i < value_count(places); i++)
        printf(" %-12s", str_cstr(a, get_str(value_item(places, i), "code")));
    printf("\n");
    for (size_t i = 0; i < value_count(rows); i++) {
        const Value *row = value_item(rows, i), *cells = value_at(row, "places");
        printf("%-*s", NAME_WIDTH, str_cstr(a, get_str(row, "key")));
        for (size_t k = 0; k < value_count(cells); k++)
            printf(" %-12s", str_cstr(a, get_str(value_item(cells, k), "state")));
        printf("\n");
    }
}

static void print_text(Arena *a, const Value *report)
{
    const Value *places = value_at(report, "places");
    print_deviations(report);
    print_rows(a, value_at(report, "items"), "item", places);
    print_rows(a, value_at(report, "bundles"), "bundle", places);
    printf("\n%zu places, %lld deviations, %lld open in a unified element\n", value_count(places),
           (long long)get_int(report, "count", 0), (long long)get_int(report, "blocking", 0));
}

typedef struct {
    const char *folder, *place, *lang, *json, *csv;
} DriftCall;

static int report(Arena *a, const DriftCall *call)
{
    Diags diags = {.arena = a};
    const Catalogue *c = catalogue_load_drift(str_z(call->folder), &diags);
    const Place *only = c && call->place ? catalogue_place(c, str_z(call->place)) : NULL;
    if (!c)
        print(diag_render(a, &diags));
    if (c && call->place && !only)
        (void)fprintf(stderr, "onedoor drift: no place '%s'\n", call->place);
    if (!c || (call->place && !only)) {
        catalogue_free(c);
        return EXIT_FAILED;
    }
    Value *found = drift_report(a, c, only, call->lang ? lang_of(str_z(call->lang)) : LANG_ZH);
    if (call->json)
        print(str_join(a, json_pretty(a, found), STR("\n")));
    else if (call->csv)
        print_csv(a, found);
    else
        print_text(a, found);
    catalogue_free(c);
    return get_int(found, "blocking", 0) ? EXIT_FAILED : EXIT_OK;
}

int cli_drift(int argc, char **argv)
{
    DriftCall call = {0};
    const ArgOption options[] = {
        {"DIR", NULL, "folder of the catalogue", &call.folder, true},
        {"--place", "CODE", "only this place; else all", &call.place, false},
        {"--lang", "LANG", "zh or en", &call.lang, false},
        {"--json", NULL, "the whole report as JSON", &call.json, false},
        {"--csv", NULL, "the deviations as a table for a spreadsheet", &call.csv, false},
    };
    const ArgSpec spec = {"drift",
                          "Reports each deviation from the unified standard, and who has adopted "
                          "what.",
                          "onedoor drift catalogues/demo --place 330198", options, COUNT(options)};
    ArgsVerdict verdict = args_read(&spec, argc, argv);
    if (verdict != ARGS_GO)
        return args_exit(verdict);
    Arena a = {0};
    int code = report(&a, &call);
    arena_free(&a);
    return code;
}
