/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files of a catalogue. All are listed first, so that one which nobody asked for can be told:
 * a folder with a spelling mistake would else be silently empty. Texts live with the diagnostics,
 * which quote them; documents and structs live with the generation.
 */
#include "base/utf8.h"
#include "catalogue/catalogue_int.h"
#include "yaml/yaml.h"
#include "json/json.h"

bool list_files(Loader *l)
{
    StrVec paths = {0};
    Err err = {0};
    if (!file_list(l->diags->arena, l->folder, (Str){0}, &paths, &err)) {
        uint16_t file = diag_file(l->diags, l->folder, (Str){0});
        diag_add(l->diags, DIAG_ERROR, "catalogue.folder", file, 0, (Str){0}, "%s", err.msg);
        return false;
    }
    if (paths.len > CATALOGUE_MAX_FILES) {
        uint16_t file = diag_file(l->diags, l->folder, (Str){0});
        diag_add(l->diags, DIAG_ERROR, "catalogue.limit", file, 0, (Str){0}, "more than %d files",
                 CATALOGUE_MAX_FILES);
        return false;
    }
    for (size_t i = 0; i < paths.len; i++)
        *VEC_PUSH(l->diags->arena, &l->files) = (LoaderFile){.path = paths.at[i]};
    return true;
}

void list_given(Loader *l)
{
    for (size_t i = 0; i < l->given->count; i++)
        *VEC_PUSH(l->diags->arena, &l->files) =
            (LoaderFile){.path = l->given->at[i].path, .text = l->given->at[i].text};
}

const LoaderFile *file_of(const Loader *l, uint16_t file)
{
    const LoaderFile *f = file < l->by_number.len ? l->by_number.at[file] : NULL;
    return f && f->used ? f : NULL;
}

/* They are sorted by path. */
size_t first_file(const Loader *l, Str path)
{
    size_t low = 0, high = l->files.len;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (str_cmp(l->files.at[mid].path, path) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static LoaderFile *find_file(const Loader *l, Str path)
{
    size_t at = first_file(l, path);
    return at < l->files.len && str_eq(l->files.at[at].path, path) ? &l->files.at[at] : NULL;
}

static void number_file(Loader *l, LoaderFile *f, uint16_t file)
{
    f->file = file;
    while (l->by_number.len <= file)
        *VEC_PUSH(l->diags->arena, &l->by_number) = NULL; /* NOLINT(bugprone-sizeof-expression) */
    l->by_number.at[file] = f;
}

const LoaderFile *file_named(const Loader *l, Str path)
{
    return find_file(l, path);
}

bool has_file(const Loader *l, Str path)
{
    return find_file(l, path) != NULL;
}

static bool cannot_load(Loader *l, Str path, uint16_t *file, const char *why)
{
    *file = diag_file(l->diags, path_join(l->diags->arena, l->folder, path), (Str){0});
    diag_add(l->diags, DIAG_ERROR, "catalogue.file", *file, 0, (Str){0}, "%s", why);
    return false;
}

bool load_file(Loader *l, Str path, bool optional, uint16_t *file, Str *text)
{
    LoaderFile *known = find_file(l, path);
    if (!known)
        return !optional && cannot_load(l, path, file, "this file is missing");
    if (known->used) { /* hashed already */
        *file = known->file;
        *text = known->text;
        return true;
    }
    known->used = true;
    Str full = path_join(l->diags->arena, l->folder, path);
    Err err = {0};
    if (l->given)
        *text = known->text;
    else if (!file_read(l->diags->arena, full, CATALOGUE_MAX_BYTES, text, &err))
        return cannot_load(l, path, file, err.msg);
    *file = diag_file(l->diags, full, *text);
    known->text = *text;
    number_file(l, known, *file);
    size_t bad = utf8_check(*text);
    if (bad != text->len) {
        diag_add(l->diags, DIAG_ERROR, "catalogue.utf8", *file, (uint32_t)bad,
                 STR("save the file as UTF-8"), "this is no UTF-8");
        return false;
    }
    hasher_add(l->hasher, path.at, path.len);
    hasher_add(l->hasher, "\n", 1);
    hasher_add(l->hasher, text->at, text->len);
    return true;
}

/* A dictionary's part that an item uses is kept as canonical JSON, see version.c. */
bool is_shared_path(Str path)
{
    return str_find(path, STR("/"), 0) == SIZE_MAX;
}

static const Value *read_shared(Loader *l, uint16_t file, Str text)
{
    Err err = {0};
    const Value *v = json_read(l->arena, str_dup(l->arena, text), &err);
    if (!v)
        diag_add(l->diags, DIAG_ERROR, "catalogue.syntax", file, err.offset, (Str){0}, "%s",
                 err.msg);
    return v;
}

const Value *load_document(Loader *l, Str path, bool optional)
{
    uint16_t file;
    Str text;
    if (!load_file(l, path, optional, &file, &text))
        return NULL;
    size_t before = l->diags->errors;
    const Value *v = l->given && is_shared_path(path) ? read_shared(l, file, text)
                                                      : yaml_read(l->arena, l->diags, file, text);
    if (v && v->kind != VALUE_MAP && l->diags->errors == before) {
        diag_add(l->diags, DIAG_ERROR, "catalogue.type", file, v->offset, (Str){0},
                 "a document must be a map of keys");
        return NULL;
    }
    return v;
}

static bool is_catalogue_file(Str path)
{
    if (str_ends(path, STR(".test.yaml")))
        return false;
    return str_ends(path, STR(".yaml")) || str_ends(path, STR(".yml")) ||
           str_ends(path, STR(".bpmn")) || str_ends(path, STR(".dmn"));
}

void report_unused_files(Loader *l)
{
    for (size_t i = 0; i < l->files.len; i++) {
        const LoaderFile *f = &l->files.at[i];
        if (f->used || !is_catalogue_file(f->path))
            continue;
        Str full = path_join(l->diags->arena, l->folder, f->path);
        uint16_t file = diag_file(l->diags, full, (Str){0});
        diag_add(l->diags, DIAG_ADVICE, "catalogue.unused-file", file, 0,
                 STR("check its name and folder"), "nothing reads this file");
    }
}
