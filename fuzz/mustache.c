/* SPDX-License-Identifier: Apache-2.0 */
/* Compiles and renders what comes: two templates separated by a 0 byte, over a small fixed model.
 */
#include "html/html.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static Value *model(Arena *a)
{
    Value *m = value_map(a), *rows = set_list(a, m, "r");
    set_str(a, m, "x", STR("<&>\n"));
    set_str(a, m, "n", STR("main"));
    set_str(a, m, "p", STR("p"));
    set_bool(a, m, "f", false);
    set_str(a, set_map(a, m, "o"), "x", STR("inner"));
    for (int i = 0; i < 3; i++)
        set_int(a, push_map(a, rows), "i", i);
    return m;
}

static Value *constants(Arena *a)
{
    Value *c = value_map(a), *t = set_map(a, c, "t");
    set_str(a, t, "k", STR("<b>{{x}}"));
    set_str(a, t, "l", STR("{{t.k}}{{t.l}}"));
    set_str(a, set_map(a, c, "a"), "app.css", STR("/a/app.css"));
    return c;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena a = {0};
    Err err = {0};
    Diags diags = {.arena = &a};
    Str all = {(const char *)data, size}, main_text = all, rest = {0};
    const char *cut = size ? memchr(data, 0, size) : NULL;
    if (cut) {
        main_text.len = (size_t)(cut - all.at);
        rest = str_slice(all, main_text.len + 1, all.len);
    }
    HtmlSource sources[] = {{STR("main"), main_text, diag_file(&diags, STR("main"), main_text)},
                            {STR("p"), rest, diag_file(&diags, STR("p"), rest)}};
    const HtmlSet *set = html_compile(&a, sources, COUNT(sources), constants(&a), &diags);
    StrBuf b = buf_in(&a);
    if (set && !html_render(&b, set, html_find(set, STR("main")), model(&a), &err))
        ASSERT(err.code == ERR_LIMIT);
    if (!set)
        ASSERT(diags.errors > 0 && diag_render(&a, &diags).len > 0);
    StrBuf text = buf_in(&a);
    if (!html_render_text(&text, main_text, model(&a), &err))
        ASSERT(err.code != ERR_NONE);
    arena_free(&a);
    return 0;
}
