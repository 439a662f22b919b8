/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A hundred questions as people ask them (tests/cases/search/questions.yaml): one of the items that
 * answer each must be among the first three that the search finds in the demo.
 */
#include "base/file.h"
#include "catalogue/catalogue.h"
#include "check.h"
#include "yaml/yaml.h"

enum { FIRST = 3, QUESTIONS = 100, BAR = 95 };

static bool is_answer(const Value *q, const Item *item)
{
    const Value *keys = value_at(q, "items"), *names = value_at(q, "names");
    for (size_t i = 0; i < value_count(keys); i++)
        if (str_eq(value_text(value_item(keys, i)), item->key))
            return true;
    for (size_t i = 0; i < value_count(names); i++)
        if (str_find(item->name.in[LANG_ZH], value_text(value_item(names, i)), 0) != SIZE_MAX)
            return true;
    return false;
}

static bool finds(Arena *a, const Catalogue *c, const Value *q)
{
    SearchHit hits[FIRST];
    size_t n = catalogue_search(a, c, get_str(q, "ask"), hits, FIRST);
    for (size_t i = 0; i < n; i++)
        if (is_answer(q, hits[i].item))
            return true;
    printf("  not found: '" STR_FMT "':", STR_ARG(get_str(q, "ask")));
    for (size_t i = 0; i < n; i++)
        printf(" " STR_FMT, STR_ARG(hits[i].item->key));
    putchar('\n');
    return false;
}

static const Value *questions(Arena *a, Diags *d)
{
    Str path = STR("tests/cases/search/questions.yaml"), text = {0};
    Err err = {0};
    bool read = file_read(a, path, 1 << 20, &text, &err);
    CHECK(read, "%s", err.msg);
    const Value *doc = read ? yaml_read(a, d, diag_file(d, path, text), text) : NULL;
    return value_at(doc, "questions");
}

TEST(search_answers_what_people_ask)
{
    Arena a = {0};
    Diags d = {.arena = &a};
    const Catalogue *c = catalogue_load(STR("catalogues/demo"), &d);
    const Value *list = questions(&a, &d);
    int found = 0;
    CHECK(c && value_count(list) == QUESTIONS, "%zu questions", value_count(list));
    for (size_t i = 0; c && i < value_count(list); i++) {
        Arena scratch = {0};
        found += finds(&scratch, c, value_item(list, i));
        arena_free(&scratch);
    }
    CHECK(found >= BAR, "%d of %d questions are answered in the first three", found, QUESTIONS);
    check_conformance("search-100", found, QUESTIONS - found, 0);
    catalogue_free(c);
    arena_free(&a);
}
