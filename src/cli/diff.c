/* SPDX-License-Identifier: Apache-2.0 */
/*
 * onedoor diff OLD NEW: what differs between two versions of a catalogue's items, by unified
 * element, in words. Exit status: 0 nothing differs, 1 something does or it failed, 2 wrong use.
 */
#include <stdio.h>

#include "base/map.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "sheet/sheet.h"
#include "json/json.h"

typedef struct {
    const char *before, *after, *item, *lang, *json;
} DiffArgs;

typedef struct {
    Arena *a;
    Lang lang;
    Value *json; /* NULL: words go to standard output */
    size_t items, differences;
} Report;

static const char *const change_names[] = {"added", "removed", "changed"};

static void print_one(Report *r, const SheetDifference *d)
{
    static const char *const signs[] = {"+", "-", "~"};
    Str title = unified_title(r->a, d->path, r->lang);
    printf("    %s " STR_FMT, signs[d->change], STR_ARG(title));
    if (d->entry.len)
        printf("%s" STR_FMT "%s", r->lang == LANG_ZH ? "（" : " (", STR_ARG(d->entry),
               r->lang == LANG_ZH ? "）" : ")");
    if (d->before.len)
        printf("\n        - " STR_FMT, STR_ARG(d->before));
    if (d->after.len)
        printf("\n        + " STR_FMT, STR_ARG(d->after));
    printf("\n");
}

static void print_differences(Report *r, Str key, const SheetDifferences *list)
{
    printf(STR_FMT "\n", STR_ARG(key));
    UnifiedElement shown = UNIFIED_COUNT + 1;
    for (size_t i = 0; i < list->len; i++) {
        const SheetDifference *d = &list->at[i];
        if (d->element != shown)
            printf("  " STR_FMT "\n", STR_ARG(unified_name(d->element).in[r->lang]));
        shown = d->element;
        print_one(r, d);
    }
}

static void add_differences(Report *r, Str key, const SheetDifferences *list)
{
    for (size_t i = 0; i < list->len; i++) {
        const SheetDifference *d = &list->at[i];
        Value *row = push_map(r->a, r->json);
        set_str(r->a, row, "item", key);
        set_str(r->a, row, "element", unified_key(d->element));
        set_str(r->a, row, "change", str_z(change_names[d->change]));
        set_str(r->a, row, "path", d->path);
        set_str(r->a, row, "entry", d->entry);
        set_str(r->a, row, "before", d->before);
        set_str(r->a, row, "after", d->after);
    }
}

static void report(Report *r, Str key, const Value *before, const Value *after)
{
    SheetDifferences list = {0};
    const Value *none = value_map(r->a);
    sheet_differ(r->a, before ? before : none, after ? after : none, r->lang, &list);
    if (!list.len)
        return;
    r->items++;
    r->differences += list.len;
    if (r->json)
        add_differences(r, key, &list);
    else
        print_differences(r, key, &list);
}

static void report_all(Report *r, const SheetItems *before, const SheetItems *after,
                       const char *only)
{
    Map old = {0}, new = {0};
    for (size_t i = 0; i < before->len; i++)
        map_put(r->a, &old, before->at[i].key, before->at[i].tree);
    for (size_t i = 0; i < after->len; i++)
        map_put(r->a, &new, after->at[i].key, after->at[i].tree);
    for (size_t i = 0; i < before->len; i++) {
        Str key = before->at[i].key;
        if (!only || str_eq(key, str_z(only)))
            report(r, key, before->at[i].tree, map_get(&new, key));
    }
    for (size_t i = 0; i < after->len; i++) {
        Str key = after->at[i].key;
        if (!map_get(&old, key) && (!only || str_eq(key, str_z(only))))
            report(r, key, NULL, after->at[i].tree);
    }
}

static int run(Arena *a, const DiffArgs *args)
{
    Diags diags = {.arena = a};
    SheetItems before = {0}, after = {0};
    if (!sheet_gather(a, str_z(args->before), &diags, &before) ||
        !sheet_gather(a, str_z(args->after), &diags, &after)) {
        (void)fprintf(stderr, STR_FMT, STR_ARG(diag_render(a, &diags)));
        return EXIT_FAILED;
    }
    Report r = {.a = a, .lang = lang_of(str_z(args->lang ? args->lang : "zh"))};
    r.json = args->json ? value_list(a) : NULL;
    report_all(&r, &before, &after, args->item);
    if (r.json)
        printf(STR_FMT "\n", STR_ARG(json_pretty(a, r.json)));
    else
        printf("%zu difference%s in %zu item%s\n", r.differences, r.differences == 1 ? "" : "s",
               r.items, r.items == 1 ? "" : "s");
    return r.differences ? EXIT_FAILED : EXIT_OK;
}

int cli_diff(int argc, char **argv)
{
    DiffArgs args = {0};
    const ArgOption options[] = {
        {"OLD", NULL, "folder of the catalogue as it was", &args.before, true},
        {"NEW", NULL, "folder of the catalogue as it is", &args.after, true},
        {"--item", "KEY", "of this item alone", &args.item, false},
        {"--lang", "LANG", "zh (default) or en", &args.lang, false},
        {"--json", NULL, "as a list of JSON", &args.json, false},
    };
    const ArgSpec spec = {"diff",
                          "Tells what differs between two versions of a catalogue's items, by "
                          "element.",
                          "onedoor diff /srv/catalogue-2025 /srv/catalogue --item work-injury",
                          options, COUNT(options)};
    ArgsVerdict verdict = args_read(&spec, argc, argv);
    if (verdict != ARGS_GO)
        return args_exit(verdict);
    Arena a = {0};
    int code = run(&a, &args);
    arena_free(&a);
    return code;
}
