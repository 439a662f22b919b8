/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "sheet/sheet.h"
#include "yaml/yaml.h"

static Value *tree_of(Arena *a, const char *yaml)
{
    Diags d = {.arena = a};
    Value *v = yaml_read(a, &d, diag_file(&d, STR("tree"), str_z(yaml)), str_z(yaml));
    CHECK(v != NULL, "the test's own tree: %s", yaml);
    return v ? v : value_map(a);
}

/* One line a difference: element, sign, path, (entry), before -> after. */
static Str shown(Arena *a, const SheetDifferences *list)
{
    static const char signs[] = {'+', '-', '~'};
    StrBuf b = buf_in(a);
    for (size_t i = 0; i < list->len; i++) {
        const SheetDifference *d = &list->at[i];
        buf_fmt(&b, STR_FMT " %c " STR_FMT, STR_ARG(unified_key(d->element)), signs[d->change],
                STR_ARG(d->path));
        if (d->entry.len)
            buf_fmt(&b, " (" STR_FMT ")", STR_ARG(d->entry));
        buf_fmt(&b, ": " STR_FMT " -> " STR_FMT "\n", STR_ARG(d->before), STR_ARG(d->after));
    }
    return buf_str(&b);
}

#define LAW(n, quote) "{law: {zh: 某法}, article: {zh: 第" n "条}, quote: {zh: " quote "}}"

TEST(sheet_differences)
{
    static const struct {
        const char *before, *after, *shown;
    } rows[] = {
        {"{a: 1}", "{a: 1}", ""},
        {"{limits: {promise: {n: 15}}}", "{limits: {promise: {n: 10}}}",
         "time_limit ~ limits.promise.n: 15 -> 10\n"},
        {"{}", "{sub_name: {zh: 甲}}", "sub_name + sub_name:  -> 甲\n"},
        {"{consult_phone: \"1\", main_name: {zh: 甲}}", "{main_name: {zh: 乙}}",
         "main_name ~ main_name.zh: 甲 -> 乙\nother - consult_phone: 1 -> \n"},
        {"{basis: [" LAW("一", "a") ", " LAW("三", "c") "]}",
         "{basis: [" LAW("一", "a") ", " LAW("二", "b") ", " LAW("三", "d") "]}",
         "basis + basis[] (某法第二条):  -> 某法；第二条；b\n"
         "basis ~ basis[].quote.zh (某法第三条): c -> d\n"},
        {"{materials: [{material: id, necessity: needed}]}",
         "{materials: [{material: id, necessity: later}]}",
         "materials ~ materials[].necessity (id): needed -> later\n"},
        {"{materials: [{material: id}]}", "{}", "materials - materials[] (id): id -> \n"},
        {"{steps: [{title: {zh: 甲}}, {title: {zh: 乙}}]}",
         "{steps: [{title: {zh: 乙}}, {title: {zh: 甲}}]}",
         "service_flow ~ steps: 甲；乙 -> 乙；甲\n"},
        {"{keywords: [a, b, a]}", "{keywords: [a, b]}", "other - keywords[] (a): a -> \n"},
        {"{form: {pages: [{id: p, questions: [{element: e, required: true}]}]}}",
         "{form: {pages: [{id: p, questions: [{element: e, required: false}]}]}}",
         "form ~ form.pages[].questions[].required (p › e): true -> false\n"},
        {"{form: shared/a.yaml}", "{form: {pages: []}}", "form ~ form: shared/a.yaml -> \n"},
        {"{situations: [{key: k, options: [{value: a, label: {zh: 甲}}]}]}",
         "{situations: [{key: k, options: [{value: a, label: {zh: 甲}}, {value: b}]}]}",
         "materials + situations[].options[] (k › b):  -> b\n"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Arena a = {0};
        SheetDifferences list = {0};
        sheet_differ(&a, tree_of(&a, rows[i].before), tree_of(&a, rows[i].after), LANG_ZH, &list);
        CHECK(str_eq(shown(&a, &list), str_z(rows[i].shown)), "row %zu: " STR_FMT, i,
              STR_ARG(shown(&a, &list)));
        arena_free(&a);
    }
}

TEST(sheet_differences_in_english)
{
    Arena a = {0};
    SheetDifferences list = {0};
    sheet_differ(&a, tree_of(&a, "{steps: [{title: {zh: 甲, en: One}, minutes: 1}]}"),
                 tree_of(&a, "{steps: [{title: {zh: 甲, en: One}, minutes: 2}]}"), LANG_EN, &list);
    Str expected = STR("service_flow ~ steps[].minutes (One): 1 -> 2\n");
    CHECK(str_eq(shown(&a, &list), expected), STR_FMT, STR_ARG(shown(&a, &list)));
    arena_free(&a);
}
