/* SPDX-License-Identifier: Apache-2.0 */
/* Every text that code asks for by name must be there, in every language. */
#include "engine/law/law.h"
#include "house.h"
#include "model/form.h"

static void check_key(const House *h, const char *key)
{
    for (int lang = 0; lang < LANG_COUNT; lang++)
        CHECK(get_str(h->web.texts[lang], key).len > 0, "%s in language %d", key, lang);
}

TEST(texts_and_templates_compile_in_every_language)
{
    House h;
    bool ok = house_open(&h);
    Str report = diag_render(&h.arena, &h.diags);
    CHECK(ok && h.diags.errors == 0, STR_FMT, STR_ARG(report));
    house_close(&h);
}

TEST(texts_have_a_word_for_each_state_and_act)
{
    House h;
    if (!house_open(&h))
        return;
    for (int i = 0; i < LAW_STATES; i++)
        check_key(&h,
                  str_cstr(&h.arena, str_fmt(&h.arena, "state.%s", law_state_name((LawState)i))));
    for (int i = 0; i < LAW_ACTS; i++)
        check_key(&h, str_cstr(&h.arena, str_fmt(&h.arena, "event.%s", law_act_name((LawAct)i))));
    house_close(&h);
}

TEST(texts_have_a_word_for_each_error)
{
    static const char *const keys[] = {
        "error.required",     "error.invalid",       "error.option",        "error.too-long",
        "error.number",       "error.number.min",    "error.number.max",    "error.date",
        "error.date.future",  "error.date.past",     "error.date.min",      "error.date.max",
        "error.time",         "error.idcard.length", "error.idcard.region", "error.idcard.date",
        "error.idcard.check", "error.uscc.length",   "error.uscc.letter",   "error.uscc.check",
        "error.phone"};
    static const int statuses[] = {400, 401, 403, 404, 405, 408, 409, 413,
                                   414, 415, 422, 429, 431, 500, 503, 507};
    House h;
    if (!house_open(&h))
        return;
    for (size_t i = 0; i < COUNT(keys); i++)
        check_key(&h, keys[i]);
    for (size_t i = 0; i < COUNT(statuses); i++) {
        check_key(&h, str_cstr(&h.arena, str_fmt(&h.arena, "http.%d.title", statuses[i])));
        check_key(&h, str_cstr(&h.arena, str_fmt(&h.arena, "http.%d.text", statuses[i])));
    }
    house_close(&h);
}

/* The content security policy forbids style attributes and inline scripts: a page with one is
 * broken. */
TEST(templates_have_no_inline_style_or_script)
{
    for (size_t i = 0; i < asset_count(); i++) {
        Asset a = asset_at(i);
        if (!str_ends(a.path, STR(".mustache")))
            continue;
        CHECK(!has(a.raw, " style=") && !has(a.raw, "<style"), "style in " STR_FMT,
              STR_ARG(a.path));
        CHECK(!has(a.raw, " onclick=") && !has(a.raw, "<script>"), "script in " STR_FMT,
              STR_ARG(a.path));
    }
}

/* A comment that holds two closing braces ends there, and its rest would be shown. */
TEST(templates_begin_with_markup_after_their_comment)
{
    for (size_t i = 0; i < asset_count(); i++) {
        Asset a = asset_at(i);
        if (!str_ends(a.path, STR(".mustache")) || !str_starts(a.raw, STR("{{!")))
            continue;
        size_t end = str_find(a.raw, STR("}}"), 0);
        Str rest = str_trim(str_slice(a.raw, end + 2, a.raw.len));
        CHECK(rest.len && (rest.at[0] == '<' || rest.at[0] == '{'),
              "text after the comment of " STR_FMT, STR_ARG(a.path));
    }
}
