/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/dmn_files.h"

#include <stdio.h>

#include "base/diag.h"

static bool read_file(Arena *a, Diags *diags, Str path, DmnFile *file, Err *err)
{
    if (!file_read(a, path, DMN_FILE_MAX, &file->text, err)) {
        return false;
    }
    file->file = diag_file(diags, path, file->text);
    return true;
}

void path_split(Str path, Str *folder, Str *name)
{
    size_t slash = path.len;
    while (slash > 0 && path.at[slash - 1] != '/') {
        slash--;
    }
    *folder = slash > 0 ? str_slice(path, 0, slash) : STR("./");
    *name = str_slice(path, slash, path.len);
}

/* The file first, then its neighbours. */
static bool read_files(Arena *a, Str path, Diags *diags, DmnFile *files, size_t *count, Err *err)
{
    Str folder = {0}, name = {0};
    StrVec names = {0};
    path_split(path, &folder, &name);
    *count = 1;
    if (!read_file(a, diags, path, &files[0], err) ||
        !file_list(a, folder, STR(".dmn"), &names, err)) {
        return false;
    }
    for (size_t i = 0; i < names.len && *count < DMN_MAX_FILES; i++) {
        if (!str_eq(names.at[i], name) &&
            !read_file(a, diags, str_join(a, folder, names.at[i]), &files[(*count)++], err)) {
            return false;
        }
    }
    return true;
}

const DmnModel *dmn_files_read(Arena *a, Str path, DmnMode mode, Err *err)
{
    Diags diags = {.arena = a};
    DmnFile *files = NEW_N(a, DmnFile, DMN_MAX_FILES + 1);
    size_t count = 0;
    if (!read_files(a, path, &diags, files, &count, err)) {
        return NULL;
    }
    const DmnModel *model = dmn_read(a, &diags, files, count, mode);
    Str problems = diag_render(a, &diags);
    (void)fprintf(stderr, STR_FMT, STR_ARG(problems));
    if (!model) {
        (void)FAIL(err, ERR_INPUT, STR_FMT " cannot be used: %zu error%s", STR_ARG(path),
                   diags.errors, diags.errors == 1 ? "" : "s");
    }
    return model;
}
