/* SPDX-License-Identifier: Apache-2.0 */
/*
 * synonyms.yaml: what people say and what it is called officially. The search takes an item whose
 * name or keywords contain one of `means` as if it had all of `say` as keywords; a catalogue that
 * has no such file is found by its own words alone.
 */
#include "catalogue/catalogue_int.h"

static const Field synonyms_fields[] = {{"synonyms", FIELD_LIST, true, 0, 0, 0, NULL}};

static const Field synonym_fields[] = {
    {"means", FIELD_LIST, true, 0, 0, 0, NULL},
    {"say", FIELD_LIST, true, 0, 0, 0, NULL},
};

static void check_words(Loader *l, const Value *group, const char *key, size_t count)
{
    if (count == 0)
        complain_key(l, "catalogue.empty", group, key, STR("add a word, or drop the group"),
                     "'%s' is empty", key);
}

void load_synonyms(Loader *l)
{
    const Value *doc = load_document(l, STR("synonyms.yaml"), true);
    Value *const *items;
    if (!doc || !READ_FIELDS(l, doc, synonyms_fields, "synonyms.yaml", NULL))
        return;
    size_t n = read_list(l, doc, "synonyms", &items);
    Synonym *list = NEW_N(l->arena, Synonym, n + 1);
    for (size_t i = 0; i < n; i++) {
        Synonym *s = &list[i];
        READ_FIELDS(l, items[i], synonym_fields, "a group of synonyms", s);
        s->means = read_strings(l, items[i], "means", &s->mean_count);
        s->say = read_strings(l, items[i], "say", &s->say_count);
        check_words(l, items[i], "means", s->mean_count);
        check_words(l, items[i], "say", s->say_count);
    }
    l->c->synonyms = list;
    l->c->synonym_count = n;
}
