/* SPDX-License-Identifier: Apache-2.0 */
/* The public mustache spec: every case of every module but lambdas. */
#include "base/file.h"
#include "check.h"
#include "html/html.h"
#include "suites.h"
#include "json/json.h"

enum { SUITE_FILE_MAX = 1 << 20, PARTIALS_MAX = 20 };

static const char *const modules[] = {"comments", "delimiters", "interpolation", "inverted",
                                      "partials", "sections",   "inheritance",   "dynamic-names"};

static bool renders(Arena *a, const Value *test, Str *got)
{
    HtmlSource sources[PARTIALS_MAX + 1] = {{STR("main"), get_str(test, "template"), 0}};
    size_t count = 1;
    const Value *partials = value_at(test, "partials");
    for (uint32_t i = 0; partials && i < partials->map.count && count <= PARTIALS_MAX; i++) {
        const ValueMember *m = &partials->map.members[i];
        sources[count++] = (HtmlSource){m->key, value_text(m->value), 0};
    }
    Diags diags = {.arena = a};
    diag_file(&diags, STR("main"), sources[0].source);
    const HtmlSet *set = html_compile(a, sources, count, NULL, &diags);
    if (!set) {
        *got = diag_render(a, &diags);
        return false;
    }
    StrBuf b = buf_in(a);
    Err err = {0};
    bool ok = html_render(&b, set, html_find(set, STR("main")), value_at(test, "data"), &err);
    *got = ok ? buf_str(&b) : str_dup(a, str_z(err.msg));
    return ok;
}

static void run_module(Arena *a, Str folder, const char *module, int *passed, int *failed)
{
    Err err = {0};
    Str text;
    Str path = str_fmt(a, STR_FMT "/%s.json", STR_ARG(folder), module);
    bool read = file_read(a, path, SUITE_FILE_MAX, &text, &err);
    const Value *doc = read ? json_read(a, text, &err) : NULL;
    const Value *tests = value_at(doc, "tests");
    CHECK(value_count(tests) > 0, "%s: %s", module, err.msg);
    for (size_t i = 0; i < value_count(tests); i++) {
        const Value *test = tests->list.items[i];
        Str got, want = get_str(test, "expected"), name = get_str(test, "name");
        bool ok = renders(a, test, &got) && str_eq(got, want);
        CHECK(ok, "%s: " STR_FMT ": want '" STR_FMT "' got '" STR_FMT "'", module, STR_ARG(name),
              STR_ARG(want), STR_ARG(got));
        *(ok ? passed : failed) += 1;
    }
}

TEST(mustache_suite)
{
    Arena a = {0};
    Str folder = suite_path(&a, "mustache");
    if (!folder.len) {
        check_skip("the mustache suite is missing");
        arena_free(&a);
        return;
    }
    int passed = 0, failed = 0;
    for (size_t i = 0; i < COUNT(modules); i++)
        run_module(&a, folder, modules[i], &passed, &failed);
    check_conformance("mustache", passed, failed, 0);
    arena_free(&a);
}
