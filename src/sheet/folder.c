/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The documents of items in a catalogue's folder. form.yaml hangs below "form" of the tree, unless
 * item.yaml itself says form: then it is the path of a shared one.
 */
#include "base/file.h"
#include "base/map.h"
#include "sheet/sheet_int.h"
#include "yaml/yaml.h"

#define ITEM_FILE "/item.yaml"
#define FORM_FILE "/form.yaml"

static Str item_file(Arena *a, Str folder, Str key, Str name)
{
    return str_fmt(a, STR_FMT "/items/" STR_FMT STR_FMT, STR_ARG(folder), STR_ARG(key),
                   STR_ARG(name));
}

static bool read_file(Arena *a, Diags *diags, Str path, Value **v)
{
    Str text;
    Err err = {0};
    if (!file_read(a, path, SHEET_MAX_FILE, &text, &err)) {
        diag_add(diags, DIAG_ERROR, "sheet.file", diag_file(diags, path, STR("")), 0, STR(""), "%s",
                 err.msg);
        return false;
    }
    *v = yaml_read(a, diags, diag_file(diags, path, text), text);
    return *v != NULL;
}

static bool gather_item(Arena *a, Str folder, Str key, Diags *diags, SheetItems *items)
{
    Value *tree = NULL, *form = NULL;
    Str beside = item_file(a, folder, key, STR(FORM_FILE));
    if (!read_file(a, diags, item_file(a, folder, key, STR(ITEM_FILE)), &tree))
        return false;
    if (tree->kind != VALUE_MAP) {
        diag_add(diags, DIAG_ERROR, "sheet.file", tree->file, tree->offset, STR(""),
                 "an item is a map of keys");
        return false;
    }
    if (!value_at(tree, "form") && file_exists(beside)) {
        if (!read_file(a, diags, beside, &form))
            return false;
        value_set(a, tree, STR("form"), form);
    }
    *VEC_PUSH(a, items) = (SheetItem){key, tree};
    return true;
}

bool sheet_gather(Arena *out, Str folder, Diags *diags, SheetItems *items)
{
    StrVec paths = {0};
    Err err = {0};
    Str below = path_join(out, folder, STR("items"));
    if (!file_list(out, below, STR(ITEM_FILE), &paths, &err) || paths.len > SHEET_MAX_ITEMS) {
        diag_add(diags, DIAG_ERROR, "sheet.folder", diag_file(diags, below, STR("")), 0, STR(""),
                 "%s", err.code ? err.msg : "SHEET_MAX_ITEMS: more than 20000 items");
        return false;
    }
    bool ok = true;
    for (size_t i = 0; i < paths.len; i++) {
        Str key = str_slice(paths.at[i], 0, paths.at[i].len - STR(ITEM_FILE).len);
        bool deeper = str_find(key, STR("/"), 0) != SIZE_MAX;
        ok = (deeper || gather_item(out, folder, key, diags, items)) && ok;
    }
    return ok;
}

/* ---- storing ---- */

/* The lines of comment that a file begins with. */
static Str head_comment(Str text)
{
    size_t at = 0;
    while (at < text.len && text.at[at] == '#') {
        const char *end = memchr(text.at + at, '\n', text.len - at);
        at = end ? (size_t)(end - text.at) + 1 : text.len;
    }
    return str_slice(text, 0, at);
}

static bool plan_file(Arena *a, Str path, const Value *tree, SheetFiles *files, Err *err)
{
    SheetFile f = {.path = path, .is_new = !file_exists(path)};
    if (!f.is_new && !file_read(a, path, SHEET_MAX_FILE, &f.before, err))
        return false;
    StrBuf b = buf_in(a);
    Str comment = head_comment(f.before);
    buf_add(&b, comment);
    buf_add(&b, comment.len && !str_ends(comment, STR("\n")) ? STR("\n") : STR(""));
    if (!yaml_write(&b, tree, err))
        return false;
    f.after = buf_str(&b);
    *VEC_PUSH(a, files) = f;
    return true;
}

static Value *without_form(Arena *a, const Value *tree)
{
    Value *v = value_map(a);
    for (uint32_t i = 0; i < tree->map.count; i++) {
        const ValueMember *m = &tree->map.members[i];
        if (!str_eq(m->key, STR("form")) || m->value->kind == VALUE_STR)
            value_set(a, v, m->key, m->value);
    }
    return v;
}

static const Value *own_form(const Value *tree)
{
    const Value *form = value_at(tree, "form");
    return form && form->kind == VALUE_MAP ? form : NULL;
}

static bool same(const Value *a, const Value *b)
{
    return a == b || (a && b && value_eq(a, b));
}

static bool plan_item(Arena *a, Str folder, const SheetItem *item, const Value *before,
                      SheetFiles *files, Err *err)
{
    const Value *now = without_form(a, item->tree), *form = own_form(item->tree);
    const Value *was = before ? without_form(a, before) : NULL;
    if (!same(now, was) &&
        !plan_file(a, item_file(a, folder, item->key, STR(ITEM_FILE)), now, files, err))
        return false;
    return !form || same(form, before ? own_form(before) : NULL) ||
           plan_file(a, item_file(a, folder, item->key, STR(FORM_FILE)), form, files, err);
}

bool sheet_plan(Arena *out, Str folder, const SheetItems *items, SheetFiles *files, Err *err)
{
    Diags diags = {.arena = out};
    SheetItems there = {0};
    if (!sheet_gather(out, folder, &diags, &there))
        return FAIL(err, ERR_INPUT, "the folder's own items cannot be read: run onedoor check");
    Map by_key = {0};
    for (size_t i = 0; i < there.len; i++)
        map_put(out, &by_key, there.at[i].key, there.at[i].tree);
    for (size_t i = 0; i < items->len; i++)
        if (!plan_item(out, folder, &items->at[i], map_get(&by_key, items->at[i].key), files, err))
            return false;
    return true;
}

static Str folder_of(Str path)
{
    size_t n = path.len;
    while (n > 0 && path.at[n - 1] != '/')
        n--;
    return str_slice(path, 0, n ? n - 1 : 0);
}

bool sheet_store(const SheetFiles *files, Err *err)
{
    for (size_t i = 0; i < files->len; i++)
        if (!file_make_folder(folder_of(files->at[i].path), err) ||
            !file_write(files->at[i].path, files->at[i].after, err))
            return false;
    return true;
}

bool sheet_restore(const SheetFiles *files, Err *err)
{
    for (size_t i = 0; i < files->len; i++) {
        if (files->at[i].is_new)
            file_remove(files->at[i].path);
        else if (!file_write(files->at[i].path, files->at[i].before, err))
            return false;
    }
    return true;
}
