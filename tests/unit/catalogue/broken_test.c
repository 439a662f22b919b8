/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/cases/broken/X.case: what is changed in the good catalogue, and every diagnostic that must
 * come of it: rule, file, line, column; no more and no less. Lines of a case:
 *   file: PATH, replace: TEXT, with: TEXT   the first occurrence; \n is a line end
 *   also: FOLDER         files of tests/cases/broken/FOLDER go over the good ones
 *   remove: PATH         add: PATH, with: TEXT
 *   copy: FOLDER FOLDER  all files of the first as they are by now
 *   expect: RULE PATH:LINE:COLUMN MESSAGE
 */
#include <stdlib.h>

#include "base/file.h"
#include "catalogue/sample.h"
#include "check.h"

#define CASES "tests/cases/broken"
#define GOOD CASES "/good"
#define ROOM "build/tmp/broken"

typedef struct {
    Arena arena;
    Map texts; /* path -> Str* */
    StrVec expected;
    Str path, replace; /* of the lines read last */
    bool adds;
} Case;

static Str read_all(Arena *a, Str path)
{
    Str s = {0};
    Err err = {0};
    CHECK(file_read(a, path, 1 << 20, &s, &err), "%s", err.msg);
    return s;
}

static void put_text(Case *c, Str path, Str text)
{
    Str *s = NEW(&c->arena, Str);
    *s = text;
    map_put(&c->arena, &c->texts, path, s);
}

static void load_folder(Case *c, Str folder)
{
    StrVec paths = {0};
    Err err = {0};
    CHECK(file_list(&c->arena, folder, (Str){0}, &paths, &err), "%s", err.msg);
    for (size_t i = 0; i < paths.len; i++)
        put_text(c, paths.at[i], read_all(&c->arena, path_join(&c->arena, folder, paths.at[i])));
}

static void apply_with(Case *c, Str with, const char *label)
{
    if (c->adds) {
        put_text(c, c->path, with);
        return;
    }
    Str *text = map_get(&c->texts, c->path);
    size_t at = text ? str_find(*text, c->replace, 0) : SIZE_MAX;
    CHECK(at != SIZE_MAX, "%s: nothing to replace", label);
    if (at == SIZE_MAX)
        return;
    Str head = str_slice(*text, 0, at), tail = str_slice(*text, at + c->replace.len, text->len);
    put_text(c, c->path, str_join(&c->arena, str_join(&c->arena, head, with), tail));
}

static void copy_folder(Case *c, Str both)
{
    size_t space = str_find(both, STR(" "), 0), known = c->texts.len;
    Str from = str_slice(both, 0, space), to = str_slice(both, space + 1, both.len);
    for (size_t i = 0; i < known; i++) {
        Str path = c->texts.at[i].key;
        if (str_starts(path, from) && c->texts.at[i].value)
            put_text(c, str_join(&c->arena, to, str_slice(path, from.len, path.len)),
                     *(Str *)c->texts.at[i].value);
    }
}

static bool directive(Str line, Str name, Str *value)
{
    if (!str_starts(line, name))
        return false;
    *value = str_slice(line, name.len, line.len);
    return true;
}

static void apply_line(Case *c, Str line, const char *label)
{
    Str v, unescaped;
    if (directive(line, STR("file: "), &c->path)) {
        c->adds = false;
    } else if (directive(line, STR("add: "), &c->path)) {
        c->adds = true;
    } else if (directive(line, STR("copy: "), &v)) {
        copy_folder(c, v);
    } else if (directive(line, STR("also: "), &v)) {
        load_folder(c, path_join(&c->arena, STR(CASES), v));
    } else if (directive(line, STR("remove: "), &v)) {
        map_put(&c->arena, &c->texts, v, NULL);
    } else if (directive(line, STR("replace: "), &v)) {
        c->replace = str_replace(&c->arena, v, STR("\\n"), STR("\n"));
    } else if (directive(line, STR("with: "), &v)) {
        unescaped = str_replace(&c->arena, v, STR("\\n"), STR("\n"));
        apply_with(c, unescaped, label);
    } else if (directive(line, STR("expect: "), &v)) {
        *VEC_PUSH(&c->arena, &c->expected) = v;
    } else {
        CHECK(line.len == 0 || line.at[0] == '#', "%s: what is '" STR_FMT "'", label,
              STR_ARG(line));
    }
}

/* Plain files, without the durability that file_write pays for. */
static void write_case(Case *c, Str folder)
{
    StrVec old = {0};
    if (file_list(&c->arena, folder, (Str){0}, &old, NULL))
        for (size_t i = 0; i < old.len; i++)
            file_remove(path_join(&c->arena, folder, old.at[i]));
    for (size_t i = 0; i < c->texts.len; i++) {
        const Str *text = c->texts.at[i].value;
        if (!text)
            continue;
        Str path = path_join(&c->arena, folder, c->texts.at[i].key);
        size_t slash = path.len;
        while (path.at[slash - 1] != '/')
            slash--;
        CHECK(file_make_folder(str_slice(path, 0, slash - 1), NULL), "folder");
        FILE *f = fopen(str_cstr(&c->arena, path), "wb");
        CHECK(f && fwrite(text->at, 1, text->len, f) == text->len, "write");
        if (f)
            fclose(f);
    }
}

static int by_text(const void *x, const void *y)
{
    return str_cmp(*(const Str *)x, *(const Str *)y);
}

static StrVec found_in(Arena *a, const Diags *d, Str folder)
{
    StrVec found = {0};
    Str prefix = str_join(a, folder, STR("/"));
    for (size_t i = 0; i < d->list.len; i++) {
        const Diag *one = &d->list.at[i];
        const DiagFile *f = &d->files.at[one->file];
        uint32_t line, column;
        diag_place(f->text, one->offset, &line, &column);
        *VEC_PUSH(a, &found) =
            str_fmt(a, "%s " STR_FMT ":%u:%u " STR_FMT, one->rule,
                    STR_ARG(str_slice(f->path, folder.len + 1, f->path.len)), line, column,
                    STR_ARG(str_replace(a, one->message, prefix, STR(""))));
    }
    return found;
}

static void compare(Case *c, StrVec found, const char *label)
{
    if (found.len)
        qsort(found.at, found.len, sizeof *found.at, by_text);
    if (c->expected.len)
        qsort(c->expected.at, c->expected.len, sizeof *c->expected.at, by_text);
    CHECK(found.len == c->expected.len, "%s: %zu found, %zu expected", label, found.len,
          c->expected.len);
    for (size_t i = 0; i < found.len || i < c->expected.len; i++) {
        Str a = i < found.len ? found.at[i] : STR("nothing");
        Str b = i < c->expected.len ? c->expected.at[i] : STR("nothing");
        CHECK(str_eq(a, b), "%s: '" STR_FMT "' where '" STR_FMT "' was expected", label, STR_ARG(a),
              STR_ARG(b));
    }
}

static void run_case(Str name)
{
    Case c = {0};
    const char *label = str_cstr(&c.arena, name);
    load_folder(&c, STR(GOOD));
    Str rest = read_all(&c.arena, path_join(&c.arena, STR(CASES), name)), line;
    while (str_split(&rest, '\n', &line))
        apply_line(&c, line, label);
    CHECK(c.expected.len > 0, "%s expects nothing", label);
    Str folder = path_join(&c.arena, STR(ROOM), name);
    write_case(&c, folder);
    Diags d = {.arena = &c.arena};
    const Catalogue *loaded = catalogue_load(folder, &d);
    CHECK((loaded != NULL) == (d.errors == 0), "%s: published with errors", label);
    Samples samples = {0};
    size_t before = d.errors;
    bool good = loaded && catalogue_samples(&c.arena, loaded, folder, &d, &samples);
    CHECK(!loaded || good == (d.errors == before), "%s: samples with errors", label);
    compare(&c, found_in(&c.arena, &d, folder), label);
    for (size_t i = 0; i < d.list.len; i++)
        CHECK(d.list.at[i].message.len > 0 &&
                  d.list.at[i].message.at[d.list.at[i].message.len - 1] != '.',
              "%s: a message without a full stop", label);
    catalogue_free(loaded);
    arena_free(&c.arena);
}

TEST(broken_catalogues_are_reported_exactly)
{
    Arena a = {0};
    StrVec cases = {0};
    Err err = {0};
    CHECK(file_list(&a, STR(CASES), STR(".case"), &cases, &err), "%s", err.msg);
    CHECK(cases.len >= 45, "%zu cases", cases.len);
    for (size_t i = 0; i < cases.len; i++)
        run_case(cases.at[i]);
    arena_free(&a);
}

TEST(good_catalogue_has_nothing_to_report)
{
    Arena a = {0};
    Diags d = {.arena = &a};
    const Catalogue *c = catalogue_load(STR(GOOD), &d);
    Str report = diag_render(&a, &d);
    CHECK(c != NULL, STR_FMT, STR_ARG(report));
    Samples samples = {0};
    CHECK(c && catalogue_samples(&a, c, STR(GOOD), &d, &samples) && samples.len == 1, STR_FMT,
          STR_ARG(diag_render(&a, &d)));
    CHECK(d.errors == 0 && d.advice == 0, STR_FMT, STR_ARG(report));
    catalogue_free(c);
    arena_free(&a);
}

TEST(folder_that_is_not_there)
{
    Arena a = {0};
    Diags d = {.arena = &a};
    CHECK(catalogue_load(STR("build/no-such-catalogue"), &d) == NULL, "loaded");
    CHECK(d.errors > 0, "not reported");
    arena_free(&a);
}
