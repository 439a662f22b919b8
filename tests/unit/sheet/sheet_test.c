/* SPDX-License-Identifier: Apache-2.0 */
#include "sheet/sheet.h"

#include "base/file.h"
#include "check.h"
#include "yaml/yaml.h"

static Value *tree_of(Arena *a, const char *yaml)
{
    Diags d = {.arena = a};
    Value *v = yaml_read(a, &d, diag_file(&d, STR("tree"), str_z(yaml)), str_z(yaml));
    CHECK(v != NULL, "the test's own tree: %s", yaml);
    return v ? v : value_map(a);
}

static bool same_items(const SheetItems *x, const SheetItems *y)
{
    bool same = x->len == y->len;
    for (size_t i = 0; same && i < x->len; i++)
        same = str_eq(x->at[i].key, y->at[i].key) && value_eq(x->at[i].tree, y->at[i].tree);
    return same;
}

static bool round_trip(Arena *a, const SheetItems *items, CsvStyle style, Str *text)
{
    Err err = {0};
    Diags d = {.arena = a};
    StrBuf b = buf_in(a);
    SheetItems back = {0};
    if (!sheet_write(&b, items, style, &err)) {
        *text = str_fmt(a, "%s", err.msg);
        return false;
    }
    *text = buf_str(&b);
    bool ok = sheet_read(a, &d, diag_file(&d, STR("t.csv"), *text), *text, &back);
    if (!ok)
        *text = diag_render(a, &d);
    return ok && same_items(items, &back);
}

/* Every item that the program ships: nothing is lost, in either style. */
TEST(sheet_of_the_demo_and_back)
{
    Arena a = {0};
    Diags d = {.arena = &a};
    SheetItems items = {0};
    Str text = {0};
    CHECK(sheet_gather(&a, STR("catalogues/demo"), &d, &items) && items.len > 5, "%zu items",
          items.len);
    bool plain = round_trip(&a, &items, CSV_PLAIN, &text);
    CHECK(plain, "%.*s", 400, text.at);
    bool sheet = round_trip(&a, &items, CSV_SHEET, &text);
    CHECK(sheet, "%.*s", 400, text.at);
    arena_free(&a);
}

static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 16;
}

static Value *random_scalar(Arena *a, uint32_t *seed)
{
    static const char *const texts[] = {"",
                                        "a",
                                        "007",
                                        "12",
                                        "true",
                                        "~",
                                        "[]",
                                        "\"x",
                                        " a",
                                        "a\n",
                                        "1e5",
                                        "-",
                                        "=1",
                                        "a,b",
                                        "{}",
                                        "null",
                                        "法",
                                        "1\r2",
                                        "123456789012345678"};
    switch (next(seed) % 4) {
    case 0: return value_bool(a, next(seed) % 2);
    case 1: return value_int(a, (int64_t)(next(seed) % 100) - 50);
    case 2: return next(seed) % 3 ? value_null(a) : value_list(a);
    default: return value_str(a, str_z(texts[next(seed) % COUNT(texts)]));
    }
}

static Value *random_tree(Arena *a, uint32_t *seed, int depth)
{
    static const char *const keys[] = {"a", "b", "basis", "zh", "form"};
    uint32_t kind = next(seed) % (depth > 3 ? 1 : 3);
    if (kind == 0)
        return random_scalar(a, seed);
    Value *v = kind == 1 ? value_list(a) : value_map(a);
    for (uint32_t n = next(seed) % 4; n > 0; n--) {
        Value *inner = random_tree(a, seed, depth + 1);
        if (kind == 1)
            value_push(a, v, inner);
        else
            value_set(a, v, str_z(keys[next(seed) % COUNT(keys)]), inner);
    }
    return v;
}

TEST(sheet_of_any_tree_and_back)
{
    uint32_t seed = 11;
    for (int i = 0; i < 3000; i++) {
        Arena a = {0};
        SheetItems items = {0};
        for (int k = 0; k < 3; k++) {
            Value *v = value_map(&a);
            set_value(&a, v, "list", random_tree(&a, &seed, 0));
            set_value(&a, v, "other", random_tree(&a, &seed, 1));
            *VEC_PUSH(&a, &items) = (SheetItem){str_fmt(&a, "item-%d", k), v};
        }
        Str text = {0};
        bool same = round_trip(&a, &items, i % 2 ? CSV_SHEET : CSV_PLAIN, &text);
        CHECK(same, "table %d: " STR_FMT, i, STR_ARG(text));
        arena_free(&a);
    }
}

TEST(sheet_as_people_see_it)
{
    static const char expected[] =
        "八统一标准梳理表 / Sorting table,子项名称 / Sub-item name,适用依据 / Legal basis,"
        "适用依据 / Legal basis,适用依据 / Legal basis,办理时限 / Time limit,"
        "事项属性 / Attributes\n"
        "事项,名称 › 中文,适用依据,适用依据 › 法律法规 › 中文,适用依据 › 条款 › 中文,"
        "办理时限 › 承诺期限 › 数量,搜索词\n"
        "Item,Name › Chinese,Legal basis,Legal basis › Law › Chinese,"
        "Legal basis › Article › Chinese,Time limits › Promised › Number,Words to search with\n"
        "item,name.zh,basis#,basis[].law.zh,basis[].article.zh,limits.promise.n,keywords[]\n"
        "x-y,甲,1,某法,第一条,5,k1\n"
        "x-y,,2,某法,第二条,,k2\n";
    Arena a = {0};
    Err err = {0};
    SheetItems items = {0};
    *VEC_PUSH(&a, &items) = (SheetItem){
        STR("x-y"), tree_of(&a, "keywords: [k1, k2]\nlimits: {promise: {n: 5}}\nname: {zh: 甲}\n"
                                "basis:\n- {law: {zh: 某法}, article: {zh: 第一条}}\n"
                                "- {law: {zh: 某法}, article: {zh: 第二条}}\n")};
    StrBuf b = buf_in(&a);
    CHECK(sheet_write(&b, &items, CSV_PLAIN, &err), "%s", err.msg);
    CHECK(str_eq(buf_str(&b), str_z(expected)), STR_FMT, STR_ARG(buf_str(&b)));
    arena_free(&a);
}

TEST(sheet_reads_what_people_do_to_it)
{
    static const struct {
        const char *csv, *tree, *rule, *at; /* at: the cell that the problem stands at */
    } rows[] = {
        {"item,a\nx,1\n", "a: 1", NULL, NULL},
        {"words above\n\nitem,a,b\nx,,2\n", "b: 2", NULL, NULL},
        {"item,l#,l[].a\nx,1,p\nx,,q\n", "l: [{a: p}, {a: q}]", NULL, NULL}, /* an added row */
        {"item,l[].b,l[].a,\nx,r,p,\nx,,q,\n", "l: [{b: r, a: p}, {a: q}]", NULL, NULL},
        {"item,l[].m[],l#\nx,p,1\nx,q,\nx,r,2\n", "l: [{m: [p, q]}, {m: [r]}]", NULL, NULL},
        {"item,l[].a.zh,l[].a.en\nx,p,q\n", "l: [{a: {zh: p, en: q}}]", NULL, NULL},
        {"item,a\nx,\"\"\"7\"\"\"\n", "a: \"7\"", NULL, NULL},
        {"item,a\nx,007\n", "a: \"007\"", NULL, NULL},
        {"item,a\nx,\n", "{}", NULL, NULL},
        {"a,b\n1,2\n", NULL, "sheet.header", "a"},
        {"item,a b.[]c\nx,1\n", NULL, "sheet.header", "a b.[]c"},
        {"item,a,a\nx,1,2\n", NULL, "sheet.header", "a\nx"},
        {"item,[].a\nx,1\n", NULL, "sheet.header", "[].a"},
        {"item,a\nX Y,1\n", NULL, "sheet.item", "X Y"},
        {"item,a\nx,1\ny,2\nx,3\n", NULL, "sheet.item", "x,3"},
        {"item,a,b\nx,1,2\nx,,9\n", NULL, "sheet.stray", "9"},
        {"item,a,a.zh\nx,1,2\n", NULL, "sheet.cell", "1,2"},
        {"item,a,a[]\nx,1,2\n", NULL, "sheet.cell", "1,2"},
        {"item,a\nx,\"\"\"7\"\n", NULL, "sheet.cell", "\"\"\"7"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Arena a = {0};
        Diags d = {.arena = &a};
        SheetItems items = {0};
        Str csv = str_z(rows[i].csv);
        bool ok = sheet_read(&a, &d, diag_file(&d, STR("t.csv"), csv), csv, &items);
        CHECK(ok == !rows[i].rule, "row %zu: " STR_FMT, i, STR_ARG(diag_render(&a, &d)));
        if (ok)
            CHECK(value_eq(items.at[0].tree, tree_of(&a, rows[i].tree)), "row %zu", i);
        else if (d.list.len) {
            Str at = str_slice(csv, d.list.at[0].offset, csv.len);
            CHECK(strcmp(d.list.at[0].rule, rows[i].rule) == 0, "row %zu: %s", i,
                  d.list.at[0].rule);
            CHECK(str_starts(at, str_z(rows[i].at)), "row %zu: at " STR_FMT, i, STR_ARG(at));
        }
        arena_free(&a);
    }
}

TEST(sheet_refuses_what_it_cannot_keep)
{
    static const struct {
        const char *tree, *error;
    } rows[] = {
        {"{a.b: 1}", "a.b"}, {"{\"a[]\": 1}", "a[]"}, {"{a: 1234567890123456}", "in quotes"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        Arena a = {0};
        Err err = {0};
        SheetItems items = {0};
        *VEC_PUSH(&a, &items) = (SheetItem){STR("x"), tree_of(&a, rows[i].tree)};
        StrBuf b = buf_in(&a);
        CHECK(!sheet_write(&b, &items, CSV_PLAIN, &err) && strstr(err.msg, rows[i].error),
              "row %zu: %s", i, err.msg);
        arena_free(&a);
    }
}

static Str written(Arena *a, Str path)
{
    Str text = {0};
    Err err = {0};
    return file_read(a, path, 10000, &text, &err) ? text : STR("(none)");
}

TEST(sheet_changes_only_what_differs)
{
    Arena a = {0};
    Err err = {0};
    Diags d = {.arena = &a};
    Str folder;
    CHECK(file_make_temporary(&a, STR("build"), &folder, &err), "%s", err.msg);
    SheetItems items = {0}, changed = {0};
    SheetFiles files = {0};
    *VEC_PUSH(&a, &items) = (SheetItem){STR("one"), tree_of(&a, "{a: 1, form: {pages: [p]}}")};
    *VEC_PUSH(&a, &items) = (SheetItem){STR("two"), tree_of(&a, "{a: 2, form: shared/f.yaml}")};
    CHECK(file_make_folder(path_join(&a, folder, STR("items")), &err), "%s", err.msg);
    CHECK(sheet_plan(&a, folder, &items, &files, &err) && files.len == 3, "%s", err.msg);
    CHECK(sheet_store(&files, &err), "%s", err.msg);

    SheetItems back = {0};
    CHECK(sheet_gather(&a, folder, &d, &back) && same_items(&items, &back), "as it was stored");
    Str two = path_join(&a, folder, STR("items/two/item.yaml"));
    CHECK(file_write(two, STR("# why two\n# is two\na: 2\nform: shared/f.yaml\n"), &err), "%s",
          err.msg);
    files = (SheetFiles){0};
    CHECK(sheet_plan(&a, folder, &items, &files, &err) && files.len == 0, "%zu files", files.len);

    *VEC_PUSH(&a, &changed) = (SheetItem){STR("two"), tree_of(&a, "{a: 3, form: shared/f.yaml}")};
    CHECK(sheet_plan(&a, folder, &changed, &files, &err) && files.len == 1, "%zu files", files.len);
    CHECK(sheet_store(&files, &err), "%s", err.msg);
    CHECK(str_eq(written(&a, two), STR("# why two\n# is two\na: 3\nform: shared/f.yaml\n")),
          STR_FMT, STR_ARG(written(&a, two)));
    CHECK(sheet_restore(&files, &err), "%s", err.msg);
    CHECK(str_eq(written(&a, two), STR("# why two\n# is two\na: 2\nform: shared/f.yaml\n")),
          STR_FMT, STR_ARG(written(&a, two)));
    arena_free(&a);
}
