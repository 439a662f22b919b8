/* SPDX-License-Identifier: Apache-2.0 */
/*
 * onedoor table DIR: the items as the standard sorting table, out to a spreadsheet and back.
 *
 * What comes back is written, the whole catalogue is checked, and with an error everything is as it
 * was before. Exit status: 0 done, 1 problems, 2 wrong use.
 */
#include <stdio.h>

#include "base/file.h"
#include "catalogue/sample.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "sheet/sheet.h"

typedef struct {
    const char *folder, *from, *out, *plain, *dry;
} TableArgs;

static void print(FILE *to, Str s)
{
    (void)fwrite(s.at, 1, s.len, to);
}

static bool export(Arena *a, const TableArgs *args, Diags *diags, Err *err)
{
    SheetItems items = {0};
    StrBuf b = buf_in(a);
    if (!sheet_gather(a, str_z(args->folder), diags, &items))
        return false;
    if (!sheet_write(&b, &items, args->plain ? CSV_PLAIN : CSV_SHEET, err))
        return false;
    if (!args->out) {
        print(stdout, buf_str(&b));
        return true;
    }
    if (!file_write(str_z(args->out), buf_str(&b), err))
        return false;
    printf("%s: %zu item%s\n", args->out, items.len, items.len == 1 ? "" : "s");
    return true;
}

/* The catalogue as it stands now, with its samples. */
static bool is_sound(Arena *a, Str folder, Diags *diags)
{
    Samples samples = {0};
    const Catalogue *c = catalogue_load(folder, diags);
    bool sound = c && catalogue_samples(a, c, folder, diags, &samples);
    catalogue_free(c);
    return sound;
}

static bool store(Arena *a, const TableArgs *args, const SheetFiles *files, Diags *diags, Err *err)
{
    if (!sheet_store(files, err)) {
        Err ignored = {0};
        (void)!sheet_restore(files, &ignored);
        return false;
    }
    if (is_sound(a, str_z(args->folder), diags))
        return true;
    if (!sheet_restore(files, err))
        return false;
    return FAIL(err, ERR_INPUT, "the catalogue would have errors: nothing was changed");
}

static bool import(Arena *a, const TableArgs *args, Diags *diags, Err *err)
{
    Str path = str_z(args->from), text;
    SheetItems items = {0};
    SheetFiles files = {0};
    if (!file_read(a, path, CSV_MAX_BYTES, &text, err) ||
        !sheet_read(a, diags, diag_file(diags, path, text), text, &items) ||
        !sheet_plan(a, str_z(args->folder), &items, &files, err) ||
        (!args->dry && !store(a, args, &files, diags, err)))
        return false;
    for (size_t i = 0; i < files.len; i++)
        printf("%s " STR_FMT "\n", files.at[i].is_new ? "new    " : "changed",
               STR_ARG(files.at[i].path));
    printf("%zu item%s in the table, %zu file%s %s\n", items.len, items.len == 1 ? "" : "s",
           files.len, files.len == 1 ? "" : "s", args->dry ? "would change" : "changed");
    return true;
}

int cli_table(int argc, char **argv)
{
    TableArgs args = {0};
    const ArgOption options[] = {
        {"DIR", NULL, "folder of the catalogue", &args.folder, true},
        {"--out", "FILE", "where the table goes; without it, to standard output", &args.out, false},
        {"--plain", NULL, "without what spreadsheets need: LF, no mark, no =\"…\"", &args.plain,
         false},
        {"--from", "FILE", "take the items back from this table instead", &args.from, false},
        {"--dry-run", NULL, "with --from: only say which files would change", &args.dry, false},
    };
    const ArgSpec spec = {"table",
                          "The items of a catalogue as the standard sorting table (CSV), and back.",
                          "onedoor table catalogues/demo --out table.csv && onedoor table"
                          " catalogues/demo --from table.csv",
                          options, COUNT(options)};
    ArgsVerdict verdict = args_read(&spec, argc, argv);
    if (verdict != ARGS_GO)
        return args_exit(verdict);
    Arena a = {0};
    Diags diags = {.arena = &a};
    Err err = {0};
    bool ok = args.from ? import(&a, &args, &diags, &err) : export(&a, &args, &diags, &err);
    if (!ok)
        print(stderr, diag_render(&a, &diags));
    if (err.code)
        (void)fprintf(stderr, "onedoor table: %s\n", err.msg);
    arena_free(&a);
    return ok ? EXIT_OK : EXIT_FAILED;
}
