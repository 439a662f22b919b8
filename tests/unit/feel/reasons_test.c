/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every reason in the sources has its Chinese, with the same arguments in the same order; and a
 * reason is told in both languages.
 */
#include "check.h"

#include "base/file.h"
#include "feel/feel_int.h"

enum { SOURCE_MAX = 1 << 20 };

/* The string literals at the front of s, joined; STR_FMT between them is "%.*s". */
static Str literals(Arena *a, Str s)
{
    StrBuf b = buf_in(a);
    size_t i = 0;
    while (i < s.len) {
        if (strchr(" \n\t", s.at[i])) {
            i++;
        } else if (str_starts(str_slice(s, i, s.len), STR("STR_FMT"))) {
            BUF_LIT(&b, STR_FMT);
            i += strlen("STR_FMT");
        } else if (s.at[i] == '"') {
            for (i++; i < s.len && s.at[i] != '"'; i++) {
                i += s.at[i] == '\\' ? 1 : 0;
                buf_char(&b, s.at[i]);
            }
            i++;
        } else {
            break;
        }
    }
    return buf_str(&b);
}

static Str specifiers(Arena *a, Str format)
{
    StrBuf b = buf_in(a);
    for (size_t i = 0; i < format.len; i++) {
        if (format.at[i] == '%') {
            size_t len = 1 + strspn(format.at + i + 1, ".*0123456789lz") + 1;
            buf_add(&b, str_slice(format, i, i + len));
            i += len - 1;
        }
    }
    return buf_str(&b);
}

static void check_source(Str path, int *found)
{
    Arena a = {0};
    Err err = {0};
    Str text = {0};
    CHECK(file_read(&a, path, SOURCE_MAX, &text, &err), "%s", err.msg);
    Str call = STR("feel_reason(");
    for (size_t at = str_find(text, call, 0); at != SIZE_MAX; at = str_find(text, call, at + 1)) {
        size_t comma = str_find(text, STR(","), at);
        Str format = literals(&a, str_slice(text, comma + 1, text.len));
        if (format.len == 0) {
            continue; /* its definition */
        }
        const char *zh = reason_chinese(format);
        CHECK(zh != NULL, STR_FMT ": no Chinese for '" STR_FMT "'", STR_ARG(path), STR_ARG(format));
        CHECK(!zh || str_eq(specifiers(&a, format), specifiers(&a, str_z(zh))),
              STR_FMT ": other arguments in Chinese: '" STR_FMT "'", STR_ARG(path),
              STR_ARG(format));
        (*found)++;
    }
    arena_free(&a);
}

TEST(feel_reasons_have_chinese)
{
    static const char *const folders[] = {"src/feel", "src/engine/rules", "src/model/dmn"};
    int found = 0;
    for (size_t i = 0; i < COUNT(folders); i++) {
        Arena a = {0};
        StrVec paths = {0};
        Err err = {0};
        CHECK(file_list(&a, str_z(folders[i]), STR(".c"), &paths, &err), "%s", err.msg);
        for (size_t k = 0; k < paths.len; k++) {
            check_source(str_fmt(&a, "%s/" STR_FMT, folders[i], STR_ARG(paths.at[k])), &found);
        }
        arena_free(&a);
    }
    CHECK(found > 80, "reasons found: %d", found);
}

TEST(feel_reasons_in_both_languages)
{
    static const struct {
        const char *text, *en, *zh;
    } rows[] = {
        {"1 / 0", "division by zero", "除数为零"},
        {"[1, 2][5]", "no item 5 in a list of 2", "没有第 5 项，列表共 2 项"},
        {"1 + \"a\"", "number + string has no meaning", "数字 + 文本 没有意义"},
        {"{a: 1}.b", "no 'b' in the context", "上下文中没有“b”"},
        {"null", "", ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Arena a = {0};
        Err err = {0};
        FeelValue v = feel_null();
        const FeelProgram *p = feel_compile(&a, str_z(rows[i].text), NULL, FEEL_EXPRESSION, &err);
        CHECK(p && feel_eval(&a, p, NULL, 0, &v, &err), "%s: %s", rows[i].text, err.msg);
        Str en = feel_why(&a, &v, FEEL_EN), zh = feel_why(&a, &v, FEEL_ZH);
        CHECK(str_eq(en, str_z(rows[i].en)), "%s: " STR_FMT, rows[i].text, STR_ARG(en));
        CHECK(str_eq(zh, str_z(rows[i].zh)), "%s: " STR_FMT, rows[i].text, STR_ARG(zh));
        arena_free(&a);
    }
}
