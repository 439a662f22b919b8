/* SPDX-License-Identifier: Apache-2.0 */
#include "house.h"
#include "web/staff.h"
#include "json/json.h"

#define TEXT(zh, en)                                                                               \
    {                                                                                              \
        {                                                                                          \
            STR_INIT(zh), STR_INIT(en)                                                             \
        }                                                                                          \
    }

static const Option kinds[] = {
    {STR_INIT("worker"), TEXT("职工本人", "The worker"), TEXT("", "")},
};
static const Element elements[] = {
    {.key = STR_INIT("employer"), .type = ELEMENT_TEXT, .source = STR_INIT("insurance.employer")},
    {.key = STR_INIT("visit"), .type = ELEMENT_DATE, .source = STR_INIT("hospital.visit")},
    {.key = STR_INIT("job"), .type = ELEMENT_TEXT, .source = STR_INIT("insurance.job")},
    {.key = STR_INIT("place"), .type = ELEMENT_TEXT},
    {.key = STR_INIT("kind"),
     .type = ELEMENT_RADIO,
     .label = TEXT("谁来申请", "Who applies"),
     .options = kinds,
     .option_count = COUNT(kinds)},
};

static Value *json(House *h, const char *text)
{
    Err err = {0};
    Value *v = json_read(&h->arena, str_z(text), &err);
    CHECK(v != NULL, "%s", err.msg);
    return v;
}

static bool open_house(House *h, HttpRequest *rq, const char *lang)
{
    if (!house_open(h))
        return false;
    for (size_t i = 0; i < COUNT(elements); i++)
        map_put(&h->arena, &h->catalogue.by_key,
                str_join(&h->arena, STR("element:"), elements[i].key),
                (void *)(uintptr_t)&elements[i]);
    *rq = house_request(h, "/");
    house_put(h, &rq->headers, "accept-language", lang);
    visit_new(rq);
    return true;
}

/* ---- limits in words ---- */

static const struct {
    bool late;
    int left;
    const char *unit, *words, *tag;
} limits[] = {
    {false, 5, "working_day", "剩 5 个工作日", "ok"},
    {false, 1, "working_day", "剩 1 个工作日", "hot"},
    {false, 0, "working_day", "今天到期", "warn"},
    {true, 0, "working_day", "已超期", "err"},
    {true, -3, "working_day", "已超期 3 个工作日", "err"},
    {false, 60, "natural_day", "剩 60 日", "ok"},
    {false, 2, "month", "剩 2 日", "ok"},
    {false, 30, "hour", "剩 30 分钟", "ok"},
    {true, -120, "minute", "已超期 120 分钟", "err"},
};

TEST(staff_reads_limits_in_words)
{
    House h;
    HttpRequest rq;
    if (!open_house(&h, &rq, "zh"))
        return;
    for (size_t i = 0; i < COUNT(limits); i++) {
        Value *row = value_map(&h.arena);
        staff_due(&rq, row, limits[i].late, limits[i].left, str_z(limits[i].unit));
        Str words = get_str(row, "due_words");
        CHECK(str_eq(words, str_z(limits[i].words)), "row %zu: " STR_FMT, i, STR_ARG(words));
        CHECK(str_eq(get_str(row, "due_tag"), str_z(limits[i].tag)), "tag of row %zu", i);
    }
    house_close(&h);
}

TEST(staff_reads_states_and_days_in_words)
{
    static const struct {
        const char *state, *words;
    } states[] = {
        {"correction", "等申请人补正"},
        {"received", "已收件，等待受理"},
    };
    static const struct {
        const char *text, *written;
    } texts[] = {
        {"", "没有"},           {"  ", "没有"},       {"2026-11-18", "2026年11月18日"},
        {"2023-03", "2023-03"}, {"冲压工", "冲压工"},
    };
    House h;
    HttpRequest rq;
    if (!open_house(&h, &rq, "zh"))
        return;
    for (size_t i = 0; i < COUNT(states); i++)
        CHECK(str_eq(staff_state(&rq, str_z(states[i].state)), str_z(states[i].words)), "%s",
              states[i].state);
    for (size_t i = 0; i < COUNT(texts); i++)
        CHECK(str_eq(staff_written(&rq, str_z(texts[i].text)), str_z(texts[i].written)), "%s",
              texts[i].text);
    house_close(&h);
}

/* ---- what was said, what registers say ---- */

static const struct {
    const char *answer, *facts, *verdict; /* facts: kept fields of insurance and hospital */
    const char *key;
    bool objected, differs;
} compared[] = {
    {"博达", "{\"employer\": \"博达\"}", "same", "employer", false, false},
    {" 博达", "{\"employer\": \"博达 \"}", "same", "employer", false, false},
    {"博达", "{\"employer\": \"明远\"}", "differs", "employer", false, true},
    {"博达", "{\"employer\": \"明远\"}", "objected", "employer", true, true},
    {"博达", "{}", "none", "employer", false, false},
    {"2026-11-18", "{\"visit\": \"2026-11-16\"}", "differs", "visit", false, true},
    {"2026-11-18", "{\"visit\": \"2026-11-18\"}", "same", "visit", false, false},
    {"二车间", "{\"place\": \"x\"}", "said", "place", false, false},
};

static Value *case_model(House *h, const char *key, const char *answer, bool objected)
{
    Str text = str_fmt(&h->arena,
                       "{\"answers\": [{\"section\": \"s\", \"rows\": [{\"key\": \"%s\", "
                       "\"label\": \"l\", \"value\": \"%s\"}]}], \"facts\": [{\"source\": "
                       "\"insurance\", \"name\": \"I\", \"when\": \"w\", \"objected\": %s}, "
                       "{\"source\": \"hospital\", \"name\": \"H\", \"when\": \"w\"}]}",
                       key, answer, objected ? "true" : "false");
    return json(h, str_cstr(&h->arena, text));
}

TEST(staff_compares_answers_with_registers)
{
    House h;
    HttpRequest rq;
    if (!open_house(&h, &rq, "zh"))
        return;
    for (size_t i = 0; i < COUNT(compared); i++) {
        StaffVisit sv = {.cf = {.catalogue = &h.catalogue}};
        visit_of(&rq)->page = &sv;
        Value *fields = json(&h, compared[i].facts), *one = value_map(&h.arena);
        sv.cf.facts = value_map(&h.arena);
        sv.cf.answers = value_map(&h.arena);
        set_value(&h.arena, one, "fields", fields);
        set_value(&h.arena, sv.cf.facts, "insurance", one);
        set_value(&h.arena, sv.cf.facts, "hospital", one);
        set_str(&h.arena, sv.cf.answers, compared[i].key, str_z(compared[i].answer));
        Value *m = case_model(&h, compared[i].key, compared[i].answer, compared[i].objected);
        staff_compare(&rq, &sv, m);
        const Value *section = value_at(m, "compare")->list.items[0];
        const Value *row = value_at(section, "rows")->list.items[0];
        Str verdict = get_str(row, "verdict");
        CHECK(str_eq(verdict, str_z(compared[i].verdict)), "row %zu: " STR_FMT, i,
              STR_ARG(verdict));
        CHECK(get_bool(row, "differs") == compared[i].differs, "row %zu differs", i);
        CHECK(get_int(m, "differences", -1) == compared[i].differs, "count of row %zu", i);
    }
    house_close(&h);
}

/* ---- the trace ---- */

static const char proposal[] =
    "{\"proposal\": {\"recommend\": \"examine\", \"days\": 15, \"clear\": false, "
    "\"article\": \"第十四条\", \"reason\": \"要核实\", \"trace\": {\"steps\": ["
    "{\"decision\": \"days_since\", \"name\": \"过了几天\", \"kind\": \"literal\", \"result\": 4},"
    "{\"decision\": \"timely\", \"name\": \"在期限内\", \"kind\": \"table\","
    " \"inputs\": [{\"label\": \"申请人\", \"expression\": \"kind\", \"value\": \"worker\"}],"
    " \"rules\": [{\"id\": \"r\", \"index\": 4, \"description\": \"d\","
    "  \"annotations\": {\"article\": \"第十七条\", \"article_en\": \"article 17\", \"zh\": "
    "\"一年内\","
    "  \"en\": \"within a year\"},"
    "  \"conditions\": [{\"label\": \"申请人\", \"test\": \"not(x)\", \"value\": \"worker\"},"
    "   {\"label\": \"申请日期\", \"test\": \"-\", \"value\": null},"
    "   {\"label\": \"异议\", \"test\": \"true\", \"value\": null}]}]},"
    "{\"decision\": \"exclusion\", \"name\": \"不得认定\", \"kind\": \"table\", \"rules\": [],"
    " \"result\": []},"
    "{\"decision\": \"certification\", \"name\": \"建议\", \"kind\": \"context\", \"entries\": ["
    " {\"name\": \"proposal\", \"kind\": \"table\", \"rules\": [{\"index\": 1, \"description\": "
    "\"d\"}]},"
    " {\"name\": \"\", \"kind\": \"literal\", \"result\": {}}]}"
    "]}}}";

static void check_steps(const Value *advice, bool english)
{
    const Value *steps = value_at(advice, "steps");
    CHECK(value_count(steps) == 4, "%zu steps", value_count(steps));
    if (value_count(steps) != 4)
        return;
    CHECK(str_eq(get_str(steps->list.items[0], "result_text"), STR("4")), "an expression's result");
    const Value *rule = value_at(steps->list.items[1], "rules")->list.items[0];
    CHECK(str_eq(get_str(rule, "rule_title"), english ? STR("within a year") : STR("一年内")),
          "title in the reader's language");
    CHECK(str_eq(get_str(rule, "rule_article"), english ? STR("article 17") : STR("第十七条")),
          "article in the reader's language");
    const Value *conditions = value_at(rule, "conditions");
    CHECK(value_count(conditions) == 2, "a cell that asks nothing is left out");
    CHECK(str_eq(get_str(conditions->list.items[0], "value"),
                 english ? STR("The worker") : STR("职工本人")),
          "an option by its label");
    CHECK(str_eq(get_str(conditions->list.items[1], "value"),
                 english ? STR("not known") : STR("不清楚")),
          "null is not known");
    CHECK(!get_bool(steps->list.items[2], "hit"), "no row was hit");
    CHECK(str_eq(get_str(steps->list.items[3], "step_name"), STR("建议")),
          "a context's table under the decision's name");
    rule = value_at(steps->list.items[3], "rules")->list.items[0];
    CHECK(str_eq(get_str(rule, "rule_title"), STR("d")), "without notes the description");
}

static const char with_parts[] =
    "{\"proposal\": {\"trace\": {\"shortened\": true, \"steps\": ["
    "{\"decision\": \"d\", \"name\": \"D\", \"kind\": \"literal\", \"result\": null, \"why\": "
    "\"w1\"},"
    "{\"decision\": \"c\", \"name\": \"C\", \"kind\": \"context\", \"shortened\": true, "
    "\"entries\": ["
    " {\"name\": \"p\", \"label\": \"P\", \"kind\": \"table\", \"rules\": [], \"why\": \"w2\"},"
    " {\"name\": \"q\", \"kind\": \"literal\", \"result\": 1, \"calls\": ["
    "  {\"function\": \"f\", \"name\": \"F\", \"kind\": \"table\", \"rules\": [{\"index\": 1,"
    "   \"annotations\": \"both\", \"conditions\": [{\"label\": \"x\", \"test\": \"null\","
    "   \"value\": null, \"why\": \"w3\"}]}], \"calls\": [{\"function\": \"g\", \"name\": \"G\","
    "   \"kind\": \"literal\", \"result\": true, \"arguments\": [{\"name\": \"a\", \"value\": 2},"
    "   {\"name\": \"b\", \"shortened\": true}]}]}]}]}]}}}";

TEST(staff_reads_parts_calls_and_why_nothing_is_known)
{
    static const Item item = {.grant_text = TEXT("认定", "Granted")};
    static const struct {
        const char *name, *outer, *why;
        bool is_long;
    } rows[] = {{"D", "", "w1", false},
                {"C", "", "", true},
                {"P", "C", "w2", false},
                {"F", "C", "", false},
                {"G", "F", "", false}};
    House h;
    HttpRequest rq;
    if (!open_house(&h, &rq, "en"))
        return;
    StaffVisit sv = {.cf = {.item = &item, .catalogue = &h.catalogue}};
    visit_of(&rq)->page = &sv;
    Value *m = json(&h, with_parts);
    staff_proposal(&rq, &sv, m);
    const Value *advice = value_at(m, "advice"), *steps = value_at(advice, "steps");
    CHECK(get_bool(advice, "cut_short"), "the trace has an end");
    CHECK(value_count(steps) == COUNT(rows), "%zu steps", value_count(steps));
    for (size_t i = 0; i < COUNT(rows) && i < value_count(steps); i++) {
        const Value *step = value_item(steps, i);
        CHECK(str_eq(get_str(step, "step_name"), str_z(rows[i].name)), "name of %zu", i);
        CHECK(str_eq(get_str(step, "outer"), str_z(rows[i].outer)), "part of, %zu", i);
        CHECK(str_eq(get_str(step, "why"), str_z(rows[i].why)), "why, %zu", i);
        CHECK(get_bool(step, "is_long") == rows[i].is_long, "too long, %zu", i);
    }
    const Value *rule = value_item(value_at(value_item(steps, 3), "rules"), 0);
    CHECK(str_eq(get_str(rule, "rule_title"), STR("both")), "a note in two languages alone");
    CHECK(!get_str(rule, "rule_article").len, "and no article");
    CHECK(str_eq(get_str(value_item(value_at(rule, "conditions"), 0), "why"), STR("w3")),
          "why a condition has no value");
    const Value *given = value_at(value_item(steps, 4), "arguments");
    CHECK(value_count(given) == 2 && str_eq(get_str(value_item(given, 0), "value"), STR("2")),
          "what a function was given");
    CHECK(str_eq(get_str(value_item(given, 1), "value"), STR("Too long to show here.")),
          "and what is too long to tell");
    house_close(&h);
}

TEST(staff_reads_which_rule_led_to_the_proposal)
{
    static const Item item = {.grant_text = TEXT("认定", "Granted"),
                              .deny_text = TEXT("不认定", "Denied")};
    for (int english = 0; english < 2; english++) {
        House h;
        HttpRequest rq;
        if (!open_house(&h, &rq, english ? "en" : "zh"))
            return;
        StaffVisit sv = {.cf = {.item = &item, .catalogue = &h.catalogue}};
        visit_of(&rq)->page = &sv;
        Value *m = json(&h, proposal);
        staff_proposal(&rq, &sv, m);
        const Value *advice = value_at(m, "advice");
        CHECK(get_bool(m, "has_advice"), "a proposal");
        CHECK(get_bool(advice, "unclear") && !get_bool(advice, "clear"), "facts are not clear");
        CHECK(str_eq(get_str(advice, "alert"), STR("warn")), "neither granted nor denied");
        check_steps(advice, english);
        m = value_map(&h.arena);
        staff_proposal(&rq, &sv, m);
        CHECK(!get_bool(m, "has_advice"), "no proposal, no advice");
        house_close(&h);
    }
}
