/* SPDX-License-Identifier: Apache-2.0 */
/* model/text.h - a text in the languages that a place serves: {zh: …, en: …}. */
#pragma once

#include "base/str.h"

typedef enum { LANG_ZH, LANG_EN, LANG_COUNT } Lang;

typedef struct {
    Str in[LANG_COUNT];
} Text;

/* The text in that language, or in the other one where it is missing. */
static inline Str text_in(Text t, Lang lang)
{
    return t.in[lang].len ? t.in[lang] : t.in[lang == LANG_ZH ? LANG_EN : LANG_ZH];
}
static inline Lang lang_of(Str name) /* "en…" or anything else */
{
    return str_starts(name, STR("en")) ? LANG_EN : LANG_ZH;
}
static inline Str lang_name(Lang lang)
{
    return lang == LANG_EN ? STR("en") : STR("zh");
}
