/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Labels and questions in the other language. DMN has one label for all readers, and gives every
 * element extensionElements for what it does not foresee; other tools keep what stands there.
 */
#include "model/dmn/dmn_int.h"

static void read_one(DmnDoc *d, const XmlNode *n, Text *words)
{
    Str lang = xml_attr(n, "lang");
    for (int i = 0; i < LANG_COUNT; i++) {
        if (str_eq(lang, lang_name((Lang)i))) {
            words->in[i] = n->text;
            return;
        }
    }
    DMN_ERROR(d, "dmn.unsupported", n->offset, STR("write lang=\"zh\" or lang=\"en\""),
              "'" STR_FMT "' is in the language '" STR_FMT "', which is not known",
              STR_ARG(n->name), STR_ARG(lang));
}

Text dmn_words(DmnDoc *d, const XmlNode *n, const char *what, Str own)
{
    Text words = {0};
    const XmlNode *c = xml_child(xml_child(n, "extensionElements"), what);
    for (; c; c = xml_next(c, what)) {
        if (str_eq(c->space, STR(DMN_WORDS_SPACE))) {
            read_one(d, c, &words);
        }
    }
    bool is_foreign = words.in[LANG_ZH].len > 0 && words.in[LANG_EN].len == 0;
    Str *missing = &words.in[is_foreign ? LANG_EN : LANG_ZH];
    *missing = missing->len > 0 ? *missing : own;
    return words;
}
