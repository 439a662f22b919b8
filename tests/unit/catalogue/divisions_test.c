/* SPDX-License-Identifier: Apache-2.0 */
/* The list of divisions that comes with the demo, and what can be asked of it. */
#include "catalogue/catalogue.h"
#include "check.h"

static const Catalogue *demo(Arena *a)
{
    Diags diags = {.arena = a};
    const Catalogue *c = catalogue_load(STR("catalogues/demo"), &diags);
    CHECK(c != NULL, STR_FMT, STR_ARG(diag_render(a, &diags)));
    return c;
}

static const struct {
    const char *code;
    bool is_code;
    DivisionLevel level;
    const char *above;
} codes[] = {
    {"330000", true, DIVISION_PROVINCE, ""},
    {"330300", true, DIVISION_CITY, "330000"},
    {"330302", true, DIVISION_COUNTY, "330300"},
    {"330302026", true, DIVISION_TOWN, "330302"},
    {"330302026001", true, DIVISION_VILLAGE, "330302026"},
    {"33030", false, 0, ""},
    {"3303020", false, 0, ""},
    {"33030202600", false, 0, ""},
    {"3303020260011", false, 0, ""},
    {"33030A", false, 0, ""},
    {"003302", false, 0, ""},
    {"", false, 0, ""},
};

TEST(division_codes)
{
    Arena a = {0};
    for (size_t i = 0; i < COUNT(codes); i++) {
        DivisionLevel level = DIVISION_LEVELS;
        Str code = str_z(codes[i].code), above = division_above(&a, code);
        CHECK(division_level(code, &level) == codes[i].is_code, "'%s'", codes[i].code);
        CHECK(!codes[i].is_code || level == codes[i].level, "'%s': level %d", codes[i].code,
              (int)level);
        CHECK(str_eq(above, str_z(codes[i].above)), "'%s': above '" STR_FMT "'", codes[i].code,
              STR_ARG(above));
    }
    arena_free(&a);
}

static const struct {
    const char *code, *path;
} paths[] = {
    {"330000", "浙江省"},
    {"330302", "浙江省温州市鹿城区"},
    {"330324", "浙江省温州市永嘉县"},
    {"330381", "浙江省温州市瑞安市"},
    {"330302026", "浙江省温州市鹿城区松台街道"},
    {"330603", "浙江省绍兴市柯桥区"},
    {"360103", "江西省南昌市西湖区"},
};

TEST(divisions_have_names)
{
    Arena a = {0};
    const Catalogue *c = demo(&a);
    for (size_t i = 0; c && i < COUNT(paths); i++) {
        const Division *d = division_find(&c->divisions, str_z(paths[i].code));
        Str path = d ? division_path(&a, &c->divisions, d) : (Str){0};
        CHECK(str_eq(path, str_z(paths[i].path)), "%s: '" STR_FMT "'", paths[i].code,
              STR_ARG(path));
    }
    CHECK(!c || !division_find(&c->divisions, STR("330199")), "Yunxi is in a real list");
    CHECK(!c || !division_find(&c->divisions, (Str){0}), "found without a code");
    catalogue_free(c);
    arena_free(&a);
}

static const struct {
    const char *within;
    DivisionLevel level;
    size_t count;
} counts[] = {
    {"330700", DIVISION_COUNTY, 9},     {"330700", DIVISION_TOWN, 146},
    {"330300", DIVISION_COUNTY, 12},    {"330300", DIVISION_TOWN, 191},
    {"330603", DIVISION_TOWN, 16},      {"330603", DIVISION_VILLAGE, 341},
    {"360103", DIVISION_TOWN, 10},      {"360103", DIVISION_VILLAGE, 172},
    {"330302", DIVISION_PROVINCE, 0},   {"330302", DIVISION_COUNTY, 1},
    {"330000", DIVISION_PROVINCE, 1},   {"330300", DIVISION_VILLAGE, 3685},
    {"330700", DIVISION_VILLAGE, 3300},
};

TEST(divisions_within)
{
    Arena a = {0};
    const Catalogue *c = demo(&a);
    for (size_t i = 0; c && i < COUNT(counts); i++) {
        const Division *d = division_find(&c->divisions, str_z(counts[i].within)), *some[8];
        size_t n = d ? division_within(&c->divisions, d, counts[i].level, some, COUNT(some)) : 0;
        CHECK(n == counts[i].count, "%s, level %d: %zu", counts[i].within, (int)counts[i].level, n);
        for (size_t k = 0; k < n && k < COUNT(some); k++)
            CHECK(division_contains(&c->divisions, d, some[k]), "%s has " STR_FMT, counts[i].within,
                  STR_ARG(some[k]->code));
    }
    catalogue_free(c);
    arena_free(&a);
}

/* By the codes alone, so that a fault of the reader does not hide behind itself. */
TEST(every_division_lies_in_one)
{
    Arena a = {0};
    const Catalogue *c = demo(&a);
    for (size_t i = 0; c && i < c->divisions.count; i++) {
        const Division *d = &c->divisions.list[i];
        Str above = division_above(&a, d->code);
        bool stands =
            above.len ? d->above != UINT32_MAX && str_eq(c->divisions.list[d->above].code, above)
                      : d->above == UINT32_MAX;
        CHECK(stands && d->name.len, STR_FMT, STR_ARG(d->code));
        CHECK(division_find(&c->divisions, d->code) == d, "find " STR_FMT, STR_ARG(d->code));
    }
    catalogue_free(c);
    arena_free(&a);
}

TEST(an_element_offers_divisions)
{
    Arena a = {0};
    const Catalogue *c = demo(&a);
    const Element *e = c ? catalogue_element(c, STR("move_to")) : NULL;
    CHECK(e && e->option_count == 22, "%zu choices", e ? e->option_count : 0);
    bool found = false;
    for (size_t i = 0; e && i < e->option_count; i++) {
        const Option *o = &e->options[i];
        found = found ||
                (str_eq(o->value, STR("330302")) && str_eq(o->label.in[LANG_ZH], STR("鹿城区")) &&
                 str_eq(o->label.in[LANG_EN], STR("Lucheng District")));
    }
    CHECK(found, "Lucheng is not among them");
    catalogue_free(c);
    arena_free(&a);
}
