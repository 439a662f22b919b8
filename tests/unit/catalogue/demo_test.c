/* SPDX-License-Identifier: Apache-2.0 */
/* The shipped demo: it loads clean, its people fit its registers, and what people type finds it. */
#include "catalogue/catalogue.h"
#include "check.h"
#include "model/form.h"

static const Catalogue *demo(Arena *a)
{
    Diags d = {.arena = a};
    const Catalogue *c = catalogue_load(STR("catalogues/demo"), &d);
    Str report = diag_render(a, &d);
    CHECK(c != NULL && d.advice == 0, STR_FMT, STR_ARG(report));
    return c;
}

TEST(demo_loads_without_a_word)
{
    Arena a = {0};
    const Catalogue *c = demo(&a);
    if (c) {
        const Item *item = catalogue_item(c, STR("work-injury"));
        CHECK(item && item->form.page_count == 23, "pages");
        CHECK(item && item->process && item->rules && item->organ, "parts");
        CHECK(item && item->baseline_materials == 9 && item->gone_count == 8, "reform");
        CHECK(item && item->legal.n == 60 && item->promise.n == 15, "limits");
        CHECK(str_eq(c->place, STR("330199")) && c->zone_minutes == 480, "place");
        CHECK(c->open_minute == 510 && c->close_minute == 1050, "hours");
        CHECK(c->key.len == 16 && c->person_count >= 8 && c->staff_count >= 5, "demo");
        CHECK(str_eq(c->staff[2].roles, STR("clerk,approver")), "roles");
        CHECK(catalogue_paper(c, STR("work-injury-certificate")) != NULL, "certificate");
        CHECK(catalogue_source(c, STR("hospital")) != NULL, "source");
        CHECK(catalogue_message(c, STR("accepted_deemed")) != NULL, "message");
        CHECK(catalogue_item(c, STR("nothing")) == NULL, "nothing");
    }
    catalogue_free(c);
    arena_free(&a);
}

TEST(same_files_give_the_same_key)
{
    Arena a = {0};
    const Catalogue *one = demo(&a), *two = demo(&a);
    CHECK(one && two && str_eq(one->key, two->key), "key");
    catalogue_free(one);
    catalogue_free(two);
    arena_free(&a);
}

static bool in_register(const Catalogue *c, const char *reg, Str key)
{
    return value_get(value_at(value_at(c->registers, reg), "rows"), key) != NULL;
}

TEST(demo_people_stand_in_its_registers)
{
    Arena a = {0};
    const Catalogue *c = demo(&a);
    bool missing_hospital = false, missing_insurance = false;
    for (size_t i = 0; c && i < c->person_count; i++) {
        const DemoPerson *p = &c->people[i];
        CHECK(in_register(c, "population", p->id_number) ||
                  in_register(c, "identity", p->id_number),
              "person %zu", i);
        missing_hospital = missing_hospital || !in_register(c, "hospital", p->id_number);
        missing_insurance = missing_insurance || !in_register(c, "insurance", p->id_number);
    }
    CHECK(missing_hospital && missing_insurance, "somebody without a record");
    const Value *insured = c ? value_at(value_at(c->registers, "insurance"), "rows") : NULL;
    for (size_t i = 0; i < value_count(insured); i++)
        CHECK(in_register(c, "business", get_str(insured->map.members[i].value, "employer_uscc")),
              "employer of row %zu", i);
    catalogue_free(c);
    arena_free(&a);
}

/* Names that people see in messages of the interface, not only in this catalogue's. */
TEST(demo_registers_have_valid_numbers)
{
    Arena a = {0};
    const Catalogue *c = demo(&a);
    const char *why = NULL;
    Date today = date_of((Civil){2026, 11, 22});
    static const char *const registers[] = {"population", "identity", "unemployment",
                                            "card",       "photo",    "coverage"};
    for (size_t r = 0; c && r < COUNT(registers); r++) {
        const Value *people = value_at(value_at(c->registers, registers[r]), "rows");
        CHECK(value_count(people) > 0, "%s", registers[r]);
        for (size_t i = 0; i < value_count(people); i++)
            CHECK(idcard_valid(people->map.members[i].key, today, &why), "%s row %zu: %s",
                  registers[r], i, why);
    }
    const Value *firms = c ? value_at(value_at(c->registers, "business"), "rows") : NULL;
    for (size_t i = 0; i < value_count(firms); i++)
        CHECK(uscc_valid(firms->map.members[i].key, &why), "firm row %zu: %s", i, why);
    catalogue_free(c);
    arena_free(&a);
}

static const struct {
    const char *query;
    int least; /* score; 0: no hit at all */
} searches[] = {
    {"工伤", 1000},
    {"工伤认定", 1000},
    {"工伤 认定", 1000},
    {"工伤认定怎么办理", 1000},
    {"请问工伤认定需要什么", 1000},
    {"gsrd", 800},
    {"GSRD", 800},
    {"ｇｓｒｄ", 800},
    {"rending", 700},
    {"gongshang", 700},
    {"gong shang ren ding", 800},
    {"gongsangrendin", 500},
    {"zhiyebing", 500},
    {"work injury", 1000},
    {"Work Injury", 1000},
    {"injury", 1000},
    {"inju", 600},
    {"wrok injury", 700},
    {"injry", 600},
    {"ocupational desease", 400},
    {"how do I apply for compensation", 800},
    {"上班受伤了怎么办", 700},
    {"我在工地上摔伤了能不能报销", 100},
    {"上班路上被车撞了", 100},
    {"shang ban shou shang", 600},
    {"尘肺", 700},
    {"1133019900271501834", 800},
    {"结婚登记", 1000},
    {"出生一件事", 800},
    {"身份证丢了", 800},
    {"低保", 800},
    {"丧葬费", 800},
    {"社保卡", 800},
    {"失业金", 800},
    {"被裁员了怎么办", 500},
    {"unemployment benefit", 1000},
    {"卡丢了", 500},
    {"灵活就业", 1000},
    {"freelance", 800},
    {"驾驶证换证", 0},
    {"register a company", 500},
    {"xyzzy", 0},
    {"", 0},
    {"   ", 0},
    {"怎么办", 0},
    {"？！……", 0},
};

TEST(search_finds_what_people_type)
{
    Arena a = {0};
    const Catalogue *c = demo(&a);
    for (size_t i = 0; c && i < COUNT(searches); i++) {
        SearchHit hit = {0};
        size_t n = catalogue_search(&a, c, str_z(searches[i].query), &hit, 1);
        int score = n ? hit.score : 0;
        CHECK((n == 0) == (searches[i].least == 0), "'%s': %zu hits", searches[i].query, n);
        CHECK(score >= searches[i].least, "'%s': score %d", searches[i].query, score);
    }
    catalogue_free(c);
    arena_free(&a);
}

TEST(search_bears_any_bytes)
{
    Arena a = {0};
    const Catalogue *c = demo(&a);
    char bytes[600];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 37 + 11);
    for (size_t n = 0; c && n < sizeof bytes; n += 7) {
        SearchHit hit;
        size_t hits = catalogue_search(&a, c, (Str){bytes, n}, &hit, 1);
        CHECK(hits <= 1, "length %zu", n);
    }
    SearchHit none;
    CHECK(!c || catalogue_search(&a, c, STR("工伤"), &none, 0) == 0, "room for none");
    catalogue_free(c);
    arena_free(&a);
}
