/* SPDX-License-Identifier: Apache-2.0 */
/*
 * {{t.key}} and {{a.file}} are known while compiling. A message is a small template of its own: its
 * text is escaped (unless asked for by {{{t.key}}}), its tags become ordinary ops of the page. An
 * unknown key is reported with the nearest known one.
 */
#include "html/html_int.h"

enum { MAX_MESSAGE_DEPTH = 8, MAX_NEAR_KEY = 64 };

static size_t min3(size_t a, size_t b, size_t c)
{
    size_t m = a < b ? a : b;
    return m < c ? m : c;
}

/* Levenshtein distance; long keys are no guess of each other. */
static size_t distance(Str a, Str b)
{
    size_t row[MAX_NEAR_KEY + 1];
    if (a.len > MAX_NEAR_KEY || b.len > MAX_NEAR_KEY)
        return SIZE_MAX;
    for (size_t j = 0; j <= b.len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t change = diagonal + (a.at[i - 1] != b.at[j - 1]);
            diagonal = row[j];
            row[j] = min3(row[j] + 1, row[j - 1] + 1, change);
        }
    }
    return row[b.len];
}

static Str nearest(const Value *map, Str key)
{
    size_t best = key.len / 3 + 2;
    Str found = {0};
    for (uint32_t i = 0; map && i < map->map.count; i++) {
        size_t d = distance(map->map.members[i].key, key);
        if (d < best) {
            best = d;
            found = map->map.members[i].key;
        }
    }
    return found;
}

static void unknown(Compiler *c, const Token *t, const Value *map, Str key)
{
    bool text = map == c->texts;
    Str near = nearest(map, key);
    Str cure = near.len
                   ? str_fmt(c->place.diags->arena, "did you mean '" STR_FMT "'?", STR_ARG(near))
                   : STR("");
    html_problem(&c->place, text ? "html.unknown-text" : "html.unknown-asset", t->offset, cure,
                 str_fmt(c->scratch, "there is no %s '" STR_FMT "'", text ? "message" : "asset",
                         STR_ARG(key)));
    c->ok = false;
}

static void compile_message(Compiler *c, const Token *t, Str message)
{
    if (c->depth == MAX_MESSAGE_DEPTH) {
        html_problem(
            &c->place, "html.limit", t->offset, STR(""),
            str_fmt(c->scratch, "messages are nested too deep at '" STR_FMT "'", STR_ARG(t->text)));
        c->ok = false;
        return;
    }
    TokenPlace outer = c->place;
    Str dedent = c->dedent;
    bool raw_text = c->raw_text;
    TokenVec tokens = {0};
    c->dedent = STR("");
    c->raw_text = raw_text || t->kind == TAG_RAW;
    c->place.at = outer.in_place ? t->offset : outer.at;
    c->place.in_place = false;
    c->depth++;
    if (html_tokens(&tokens, message, &c->place))
        html_compile_tokens(c, &tokens);
    else
        c->ok = false;
    c->depth--;
    c->place = outer;
    c->dedent = dedent;
    c->raw_text = raw_text;
}

bool html_compile_constant(Compiler *c, const Token *t)
{
    const Value *map = str_starts(t->text, STR("t."))   ? c->texts
                       : str_starts(t->text, STR("a.")) ? c->assets
                                                        : NULL;
    if (!value_is(map, VALUE_MAP))
        return false;
    Str key = str_slice(t->text, 2, t->text.len);
    const Value *v = value_get(map, key);
    if (!v)
        v = value_path(map, key);
    if (!value_is(v, VALUE_STR))
        unknown(c, t, map, key);
    else if (map == c->texts)
        compile_message(c, t, v->text);
    else
        html_escape(&c->text, v->text);
    return true;
}
