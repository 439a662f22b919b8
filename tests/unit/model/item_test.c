/* SPDX-License-Identifier: Apache-2.0 */
/* A small item built by hand: scope, conditions, checks of pages, needed materials. */
#include "check.h"
#include "model/form.h"
#include "json/json.h"

static const Option kinds[] = {
    {.value = STR_INIT("new")},
    {.value = STR_INIT("change")},
};

static const Element elements[] = {
    {.key = STR_INIT("kind"), .type = ELEMENT_RADIO, .options = kinds, .option_count = 2},
    {.key = STR_INIT("count"),
     .type = ELEMENT_NUMBER,
     .min = STR_INIT("1"),
     .max = STR_INIT("10.5")},
    {.key = STR_INIT("day"),
     .type = ELEMENT_DATE,
     .min = STR_INIT("2020-01-01"),
     .max = STR_INIT("today")},
    {.key = STR_INIT("later"),
     .type = ELEMENT_DATE,
     .min = STR_INIT("today"),
     .max = STR_INIT("2030-12-31")},
    {.key = STR_INIT("hour"), .type = ELEMENT_TIME},
    {.key = STR_INIT("who"), .type = ELEMENT_IDCARD},
    {.key = STR_INIT("firm"), .type = ELEMENT_USCC},
    {.key = STR_INIT("phone"), .type = ELEMENT_PHONE},
    {.key = STR_INIT("several"), .type = ELEMENT_CHECKBOX, .options = kinds, .option_count = 2},
    {.key = STR_INIT("sure"), .type = ELEMENT_BOOLEAN},
    {.key = STR_INIT("name"), .type = ELEMENT_TEXT, .max_length = 3},
    {.key = STR_INIT("story"), .type = ELEMENT_TEXTAREA},
};

enum { ELEMENTS = COUNT(elements) };

typedef struct {
    Arena arena;
    const Element *list[ELEMENTS];
    Question questions[ELEMENTS];
    Page pages[2];
    Material material[4];
    ItemMaterial needs[4];
    Item item;
} Sample;

static const FeelProgram *feel(Sample *s, const char *text)
{
    Err err = {0};
    const FeelProgram *p = feel_compile(&s->arena, str_z(text), NULL, FEEL_EXPRESSION, &err);
    CHECK(p != NULL, "%s: %s", text, err.msg);
    return p;
}

static void build(Sample *s)
{
    for (size_t i = 0; i < ELEMENTS; i++) {
        s->list[i] = &elements[i];
        s->questions[i] = (Question){.element = &elements[i]};
    }
    s->questions[0].required = true;
    s->questions[1].show_if = feel(s, "kind = \"new\"");
    s->questions[1].required = true;
    s->questions[4].valid_if = feel(s, "hour < time(\"18:00:00\")");
    s->questions[4].valid_message.in[LANG_EN] = STR("Too late");
    s->pages[0] = (Page){.id = STR("one"), .questions = s->questions, .question_count = 11};
    s->pages[1] = (Page){.id = STR("two"),
                         .questions = s->questions + 11,
                         .question_count = 1,
                         .show_if = feel(s, "sure = true and day < today")};
    s->questions[11].required = true;
    s->material[0].code = STR("always");
    s->material[1].code = STR("new-only");
    s->material[2].code = STR("never");
    s->material[3].code = STR("later");
    for (size_t i = 0; i < 4; i++)
        s->needs[i] = (ItemMaterial){.material = &s->material[i], .necessity = 1};
    s->needs[1].needed_if = feel(s, "kind = \"new\"");
    s->needs[2].necessity = 2;
    s->needs[3].necessity = 3;
    s->item = (Item){.key = STR("sample"),
                     .form = {s->pages, 2, s->list, ELEMENTS},
                     .materials = s->needs,
                     .material_count = 4,
                     .apply_date_key = STR("applied")};
}

static Date today(void)
{
    return date_of((Civil){2026, 11, 22});
}

/* answers: JSON; problems: "element key arg" each, joined by "; ". */
static const struct {
    const char *answers, *problems;
} rows[] = {
    {"{\"kind\":\"change\"}", ""},
    {"{}", "kind error.required "},
    {"{\"kind\":null}", "kind error.required "},
    {"{\"kind\":\"\"}", "kind error.required "},
    {"{\"kind\":\"other\"}", "kind error.option "},
    {"{\"kind\":[\"new\"]}", "kind error.option "},
    {"{\"kind\":true}", "kind error.option "},
    {"{\"kind\":\"new\"}", "count error.required "},
    {"{\"kind\":\"new\",\"count\":\"3\"}", ""},
    {"{\"kind\":\"new\",\"count\":3}", ""},
    {"{\"kind\":\"new\",\"count\":\"three\"}", "count error.number "},
    {"{\"kind\":\"new\",\"count\":\"0.99\"}", "count error.number.min 1"},
    {"{\"kind\":\"new\",\"count\":\"10.50\"}", ""},
    {"{\"kind\":\"new\",\"count\":\"10.51\"}", "count error.number.max 10.5"},
    {"{\"kind\":\"new\",\"count\":\"00000000000000000000000000000000001\"}",
     "count error.too-long 34"},
    {"{\"kind\":\"change\",\"count\":\"three\"}", ""},
    {"{\"kind\":\"change\",\"day\":\"2026-11-22\"}", ""},
    {"{\"kind\":\"change\",\"day\":\"2026-11-23\"}", "day error.date.future "},
    {"{\"kind\":\"change\",\"day\":\"2019-12-31\"}", "day error.date.min 2020-01-01"},
    {"{\"kind\":\"change\",\"day\":\"2026-02-29\"}", "day error.date "},
    {"{\"kind\":\"change\",\"day\":\"2026--08\"}", "day error.date "},
    {"{\"kind\":\"change\",\"later\":\"2026-11-21\"}", "later error.date.past "},
    {"{\"kind\":\"change\",\"later\":\"2031-01-01\"}", "later error.date.max 2030-12-31"},
    {"{\"kind\":\"change\",\"hour\":\"17:59\"}", ""},
    {"{\"kind\":\"change\",\"hour\":\"18:00\"}", "hour error.invalid Too late"},
    {"{\"kind\":\"change\",\"hour\":\"24:00\"}", "hour error.time "},
    {"{\"kind\":\"change\",\"hour\":\"1:30\"}", "hour error.time "},
    {"{\"kind\":\"change\",\"who\":\"330199199205034024\"}", "who error.idcard.check "},
    {"{\"kind\":\"change\",\"firm\":\"91350100M000100Y44\"}", "firm error.uscc.check "},
    {"{\"kind\":\"change\",\"phone\":\"12345\"}", "phone error.phone "},
    {"{\"kind\":\"change\",\"several\":[]}", ""},
    {"{\"kind\":\"change\",\"several\":[\"new\",\"change\"]}", ""},
    {"{\"kind\":\"change\",\"several\":[\"new\",\"old\"]}", "several error.option "},
    {"{\"kind\":\"change\",\"several\":[\"new\",\"new\",\"new\"]}", "several error.option "},
    {"{\"kind\":\"change\",\"several\":\"new\"}", "several error.option "},
    {"{\"kind\":\"change\",\"sure\":false}", ""},
    {"{\"kind\":\"change\",\"sure\":\"maybe\"}", "sure error.option "},
    {"{\"kind\":\"change\",\"name\":\"李文静\"}", ""},
    {"{\"kind\":\"change\",\"name\":\"李文静静\"}", "name error.too-long 3"},
    {"{\"kind\":\"change\",\"name\":{\"a\":1}}", "name error.option "},
    {"{\"kind\":\"change\",\"sure\":true,\"day\":\"2026-11-21\"}", "story error.required "},
    {"{\"kind\":\"change\",\"sure\":true,\"day\":\"2026-11-22\"}", ""},
    {"{\"kind\":\"x\",\"day\":\"x\",\"phone\":\"x\"}",
     "kind error.option ; day error.date ; phone error.phone "},
};

static Value *json(Arena *a, const char *text)
{
    Err err = {0};
    Value *v = json_read(a, str_z(text), &err);
    CHECK(v != NULL, "%s: %s", text, err.msg);
    return v;
}

TEST(item_form_is_checked)
{
    Sample s = {0};
    build(&s);
    for (size_t i = 0; i < COUNT(rows); i++) {
        FormProblem p[FORM_MAX_PROBLEMS];
        Value *answers = json(&s.arena, rows[i].answers);
        size_t n = form_check(&s.arena, &s.item, answers, today(), p, FORM_MAX_PROBLEMS);
        StrBuf b = buf_in(&s.arena);
        for (size_t j = 0; j < n; j++)
            buf_fmt(&b, "%s" STR_FMT " %s " STR_FMT STR_FMT, j ? "; " : "", STR_ARG(p[j].element),
                    p[j].key, STR_ARG(p[j].arg), STR_ARG(p[j].text.in[LANG_EN]));
        CHECK(str_eq(buf_str(&b), str_z(rows[i].problems)), "%s: '" STR_FMT "'", rows[i].answers,
              STR_ARG(buf_str(&b)));
    }
    arena_free(&s.arena);
}

TEST(item_problems_are_bounded)
{
    Sample s = {0};
    build(&s);
    Value *answers = json(&s.arena, "{\"kind\":\"x\",\"day\":\"x\",\"phone\":\"x\"}");
    FormProblem p[2];
    CHECK(form_check(&s.arena, &s.item, answers, today(), p, 2) == 2, "two");
    CHECK(form_check_page(&s.arena, &s.item, &s.pages[0], answers, today(), p, 1) == 1, "one");
    CHECK(form_check_page(&s.arena, &s.item, &s.pages[1], answers, today(), p, 2) == 1, "page two");
    arena_free(&s.arena);
}

TEST(item_scope_has_types_and_today)
{
    static const struct {
        const char *answers, *expression;
    } truths[] = {
        {"{\"day\":\"2026-11-18\"}", "day + duration(\"P4D\") = today"},
        {"{\"day\":\"nonsense\"}", "day = null"},
        {"{}", "day = null and kind = null"},
        {"{\"count\":\"1.50\"}", "count * 2 = 3"},
        {"{\"hour\":\"14:20\"}", "hour = time(\"14:20:00\")"},
        {"{\"several\":[\"new\"]}", "list contains(several, \"new\")"},
        {"{\"sure\":true}", "sure"},
        {"{\"sure\":\"yes\"}", "sure = null"},
        {"{\"name\":\"007\"}", "name = \"007\""},
        {"{}", "applied = today"},
    };
    Sample s = {0};
    build(&s);
    for (size_t i = 0; i < COUNT(truths); i++) {
        FeelScope scope;
        FeelValue v;
        Err err = {0};
        Value *answers = json(&s.arena, truths[i].answers);
        CHECK(form_scope(&s.arena, &s.item, answers, today(), &scope, &err), "%s", err.msg);
        CHECK(feel_eval(&s.arena, feel(&s, truths[i].expression), &scope, 0, &v, &err), "%s",
              err.msg);
        CHECK(feel_is_true(&v), "%s of %s", truths[i].expression, truths[i].answers);
    }
    arena_free(&s.arena);
}

TEST(item_needs_what_applies)
{
    static const struct {
        const char *answers, *needed;
    } cases[] = {
        {"{\"kind\":\"new\"}", "always new-only later "},
        {"{\"kind\":\"change\"}", "always later "},
        {"{}", "always later "},
    };
    Sample s = {0};
    build(&s);
    for (size_t i = 0; i < COUNT(cases); i++) {
        FeelScope scope;
        const ItemMaterial *needed[4];
        Err err = {0};
        Value *answers = json(&s.arena, cases[i].answers);
        CHECK(form_scope(&s.arena, &s.item, answers, today(), &scope, &err), "%s", err.msg);
        size_t n = item_needed(&s.arena, &s.item, &scope, needed, COUNT(needed));
        StrBuf b = buf_in(&s.arena);
        for (size_t j = 0; j < n; j++)
            buf_fmt(&b, STR_FMT " ", STR_ARG(needed[j]->material->code));
        CHECK(str_eq(buf_str(&b), str_z(cases[i].needed)), "%s: " STR_FMT, cases[i].answers,
              STR_ARG(buf_str(&b)));
        CHECK(item_needed(&s.arena, &s.item, &scope, needed, 1) == 1, "bounded");
    }
    CHECK(form_page(&s.item.form, STR("two")) == &s.pages[1], "page");
    CHECK(form_page(&s.item.form, STR("three")) == NULL, "no page");
    CHECK(item_material(&s.item, STR("later")) == &s.needs[3], "material");
    CHECK(item_material(&s.item, STR("none")) == NULL, "no material");
    arena_free(&s.arena);
}

TEST(figures_before_and_now)
{
    static const Organ bureau = {.key = STR_INIT("bureau")}, police = {.key = STR_INIT("police")},
                       bank = {.key = STR_INIT("bank")};
    static const ItemMaterial needed[] = {
        {.necessity = 1}, {.necessity = 2}, {.necessity = 3}, {.necessity = 1}};
    static const Organ *const joint[] = {&police, &bank};
    static const BackStep steps[] = {{.organ = &bank}, {.organ = NULL}, {.organ = &police}};
    Item item = {.organ = &bureau,
                 .materials = needed,
                 .material_count = COUNT(needed),
                 .joint_organs = joint,
                 .joint_count = COUNT(joint),
                 .back_steps = steps,
                 .back_count = COUNT(steps),
                 .visits = 1,
                 .promise = {.n = 5},
                 .baseline_materials = 9,
                 .baseline_steps = 12};
    ItemFigures now = item_now(&item), before = item_before(&item);
    CHECK(now.materials == 3, "%d materials", now.materials);
    CHECK(now.visits == 1 && now.days == 5 && now.steps == 3, "visits, days, steps");
    CHECK(now.organs == 3, "%d organs", now.organs);
    CHECK(before.materials == 9 && before.steps == 12 && before.organs == 0, "before");
    item.handled_by = &police;
    CHECK(item_now(&item).organs == 3, "who decides has a part already");
    item.joint_count = 0;
    item.back_count = 0;
    CHECK(item_now(&item).organs == 2, "owner and decider");
    CHECK(item_decider(&item) == &police, "who decides");
}

TEST(what_takes_applications)
{
    static const struct {
        ItemState state;
        int32_t from, to, day;
        bool open, listed;
    } days[] = {
        {ITEM_PUBLISHED, 0, 0, 100, true, true},      {ITEM_PUBLISHED, 100, 200, 100, true, true},
        {ITEM_PUBLISHED, 100, 200, 200, true, true},  {ITEM_PUBLISHED, 100, 200, 99, false, true},
        {ITEM_PUBLISHED, 100, 200, 201, false, true}, {ITEM_DRAFT, 0, 0, 100, false, false},
        {ITEM_IN_REVIEW, 0, 0, 100, false, false},    {ITEM_SUSPENDED, 0, 0, 100, false, true},
        {ITEM_CANCELLED, 0, 0, 100, false, false},
    };
    for (size_t i = 0; i < COUNT(days); i++) {
        Item item = {
            .state = days[i].state, .valid_from = {days[i].from}, .valid_to = {days[i].to}};
        CHECK(item_is_open(&item, (Date){days[i].day}) == days[i].open, "row %zu: open", i);
        CHECK(item_is_listed(&item) == days[i].listed, "row %zu: listed", i);
    }
}
