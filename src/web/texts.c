/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts and templates, compiled once a language when the program starts.
 *
 * Messages are ui/messages/zh-CN.po and en.po, and AREA.zh-CN.po, AREA.en.po beside them. Templates
 * are ui/templates; a place's theme may replace any of them by name
 * (<theme>/templates/NAME.mustache).
 */
#include "base/file.h"
#include "base/log.h"
#include "web/po.h"
#include "web/web_int.h"

static const char *const file_of_lang[LANG_COUNT] = {[LANG_ZH] = "zh-CN.po", [LANG_EN] = "en.po"};

static bool is_messages(Str path, Lang lang)
{
    Str folder = STR("ui/messages/"), name = str_z(file_of_lang[lang]);
    if (!str_starts(path, folder) || !str_ends(path, name))
        return false;
    Str area = str_slice(path, folder.len, path.len - name.len);
    return !area.len || area.at[area.len - 1] == '.';
}

void texts_read(Web *w, Lang lang, Diags *diags)
{
    Value *texts = value_map(&w->arena);
    for (size_t i = 0; i < asset_count(); i++) {
        Asset a = asset_at(i);
        if (is_messages(a.path, lang))
            po_read(&w->arena, a.raw, diag_file(diags, a.path, a.raw), texts, diags);
    }
    w->texts[lang] = texts;
}

void texts_compare(const Web *w, Diags *diags)
{
    for (int from = 0; from < LANG_COUNT; from++)
        for (int to = 0; to < LANG_COUNT; to++)
            for (uint32_t i = 0; i < w->texts[from]->map.count; i++) {
                Str key = w->texts[from]->map.members[i].key;
                if (!value_get(w->texts[to], key))
                    diag_add(diags, DIAG_ERROR, "po.missing", 0, 0, STR(""),
                             "message '" STR_FMT "' is missing in %s", STR_ARG(key),
                             file_of_lang[to]);
            }
}

typedef Vec(HtmlSource) HtmlSources;

static void add_source(Web *w, HtmlSources *v, Str name, Str path, Str text, Diags *diags)
{
    HtmlSource s = {str_dup(&w->arena, name), text, diag_file(diags, path, text)};
    for (size_t i = 0; i < v->len; i++)
        if (str_eq(v->at[i].name, name)) {
            v->at[i] = s;
            return;
        }
    *VEC_PUSH(&w->arena, v) = s;
}

static void embedded_templates(Web *w, HtmlSources *v, Diags *diags)
{
    Str folder = STR("ui/templates/"), ending = STR(".mustache");
    for (size_t i = 0; i < asset_count(); i++) {
        Asset a = asset_at(i);
        if (str_starts(a.path, folder) && str_ends(a.path, ending))
            add_source(w, v, str_slice(a.path, folder.len, a.path.len - ending.len), a.path, a.raw,
                       diags);
    }
}

static bool theme_templates(Web *w, HtmlSources *v, Diags *diags)
{
    Str theme = w->app->catalogue->theme, ending = STR(".mustache");
    Str folder = path_join(&w->arena, theme, STR("templates"));
    StrVec paths = {0};
    Err err = {0};
    if (!theme.len || !file_exists(folder))
        return true;
    bool ok = file_list(&w->arena, folder, ending, &paths, &err);
    for (size_t i = 0; ok && i < paths.len; i++) {
        Str path = path_join(&w->arena, folder, paths.at[i]), text;
        ok = file_read(&w->arena, path, CATALOGUE_MAX_BYTES, &text, &err);
        if (ok)
            add_source(w, v, str_slice(paths.at[i], 0, paths.at[i].len - ending.len), path, text,
                       diags);
    }
    if (!ok)
        diag_add(diags, DIAG_ERROR, "theme.read", 0, 0, STR(""), "%s", err.msg);
    return ok;
}

static bool compile(Web *w, Lang lang, Value *addresses, const HtmlSources *v, Diags *diags)
{
    Value *constants = value_map(&w->arena);
    value_set(&w->arena, constants, STR("t"), value_copy(&w->arena, w->texts[lang]));
    value_set(&w->arena, constants, STR("a"), addresses);
    w->pages[lang] = html_compile(&w->arena, v->at, v->len, constants, diags);
    return w->pages[lang] != NULL;
}

/* {brand: "#17508f"} as custom properties; names and values that are not plain are left out. */
static Str theme_css(Web *w)
{
    const Value *tokens = w->app->catalogue->theme_tokens;
    StrBuf b = buf_in(&w->arena);
    for (uint32_t i = 0; value_is(tokens, VALUE_MAP) && i < tokens->map.count; i++) {
        Str name = tokens->map.members[i].key, value = value_text(tokens->map.members[i].value);
        bool plain = value.len > 0 && value.len < 64;
        for (size_t c = 0; c < value.len; c++)
            plain = plain && !strchr(";{}<>\\\"'/", value.at[c]);
        if (!plain) {
            log_warn("theme token is left out name=" STR_FMT, STR_ARG(name));
            continue;
        }
        if (!b.len)
            BUF_LIT(&b, ":root {");
        buf_fmt(&b, " --" STR_FMT ": " STR_FMT ";", STR_ARG(name), STR_ARG(value));
    }
    if (b.len)
        BUF_LIT(&b, " }\n");
    return buf_str(&b);
}

bool web_open(Web *w, Diags *diags)
{
    Value *addresses = value_map(&w->arena);
    HtmlSources sources = {0};
    size_t before = diags->errors;
    assets_open(w, addresses);
    for (int lang = 0; lang < LANG_COUNT; lang++)
        texts_read(w, (Lang)lang, diags);
    texts_compare(w, diags);
    embedded_templates(w, &sources, diags);
    if (!theme_templates(w, &sources, diags) || diags->errors > before)
        return false;
    for (int lang = 0; lang < LANG_COUNT; lang++)
        if (!compile(w, (Lang)lang, addresses, &sources, diags))
            return false;
    w->theme_css = theme_css(w);
    return true;
}

void web_close(Web *w)
{
    arena_free(&w->arena);
}
