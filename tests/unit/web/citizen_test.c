/* SPDX-License-Identifier: Apache-2.0 */
/* Words of citizens' pages: every text that code asks for by a made-up key, limits, facts, files. */
#include "engine/law/law.h"
#include "house.h"
#include "services/my/my.h"
#include "web/pages.h"
#include "json/json.h"

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
    *rq = house_request(h, "/");
    house_put(h, &rq->headers, "accept-language", lang);
    visit_new(rq);
    return true;
}

/* ---- keys that are put together while running ---- */

static void expect_text(const House *h, const char *prefix, const char *name)
{
    char key[80];
    (void)snprintf(key, sizeof key, "%s%s", prefix, name);
    for (int lang = 0; lang < LANG_COUNT; lang++)
        CHECK(value_at(h->web.texts[lang], key), "%s in %s", key, lang ? "en" : "zh");
}

TEST(every_made_up_key_has_a_text)
{
    static const struct {
        const char *prefix, *name;
    } keys[] = {
        {"event.", "rated"},         {"event.", "material_received"},
        {"event.", "proposed"},      {"event.", "overdue"},
        {"event.", "incident"},      {"fact.state.", "unread"},
        {"fact.state.", "found"},    {"fact.state.", "none"},
        {"fact.state.", "down"},     {"fact.state.", "declined"},
        {"task.fact.", "none"},      {"task.fact.", "down"},
        {"task.fact.", "declined"},  {"title.", "my"},
        {"title.", "access"},        {"title.", "tasklist"},
        {"title.", "answers"},       {"error.", "material.missing"},
        {"error.", "fact.open"},     {"error.", "declaration"},
        {"error.", "file.required"}, {"error.", "file.empty"},
        {"error.", "file.type"},     {"error.", "file.count"},
        {"error.", "rating.reason"}, {"apply.", "gone"},
        {"facts.", "inputs"},        {"rate.level.", "1"},
        {"rate.level.", "2"},        {"rate.level.", "3"},
        {"rate.level.", "4"},        {"rate.level.", "5"},
    };
    House h;
    bool ok = house_open(&h);
    for (size_t i = 0; ok && i < COUNT(keys); i++)
        expect_text(&h, keys[i].prefix, keys[i].name);
    for (int i = 0; ok && i < LAW_ACTS; i++)
        expect_text(&h, "event.", law_act_name((LawAct)i));
    for (int i = 0; ok && i < LAW_STATES; i++)
        expect_text(&h, "state.", law_state_name((LawState)i));
    for (int i = 0; ok && i < LAW_TIMERS; i++)
        expect_text(&h, "limit.name.", law_timer_name((LawTimerKind)i));
    for (int i = LAW_WORKING_DAY; ok && i <= LAW_MINUTE; i++)
        expect_text(&h, "limit.unit.", law_unit_name((LawUnit)i));
    for (size_t i = 0; ok && i < RATING_REASONS; i++)
        expect_text(&h, "rate.reason.", rating_reasons[i]);
    house_close(&h);
}

/* ---- limits ---- */

static const struct {
    const char *limit, *text, *left, *percent;
    bool runs, working;
} limits[] = {
    {"{\"unit\":\"natural_day\",\"total\":15}", "15 日", "", "", false, false},
    {"{\"unit\":\"natural_day\",\"total\":15,\"left\":14,\"left_or_over\":14,\"percent\":93,"
     "\"working_days_left\":10}",
     "15 日", "还有 14 日", "93", true, true},
    {"{\"unit\":\"working_day\",\"total\":5,\"left\":1,\"left_or_over\":1,\"percent\":20,"
     "\"working_days_left\":1}",
     "5 个工作日", "还有 1 个工作日", "20", true, false},
    {"{\"unit\":\"working_day\",\"total\":5,\"left\":0,\"left_or_over\":0,\"percent\":0}",
     "5 个工作日", "今天到期", "0", true, false},
    {"{\"unit\":\"natural_day\",\"total\":15,\"left\":-3,\"left_or_over\":3,\"percent\":0,"
     "\"late\":true,\"working_days_left\":0}",
     "15 日", "已超过 3 日", "100", true, false},
    {"{\"unit\":\"natural_day\",\"total\":15,\"left\":0,\"left_or_over\":0,\"late\":true}", "15 日",
     "今天已过下班时间", "100", true, false},
    {"{\"unit\":\"natural_day\",\"total\":15,\"left\":9,\"left_or_over\":9,\"percent\":60,"
     "\"standing\":true}",
     "15 日", "现在不计时", "60", true, false},
};

TEST(limits_say_what_is_left)
{
    House h;
    HttpRequest rq;
    bool ok = open_house(&h, &rq, "zh");
    for (size_t i = 0; ok && i < COUNT(limits); i++) {
        Value *limit = json(&h, limits[i].limit);
        web_limit_words(&rq, limit);
        CHECK(str_eq(get_str(limit, "text"), str_z(limits[i].text)), "row %zu text", i);
        CHECK(str_eq(get_str(limit, "left_text"), str_z(limits[i].left)), "row %zu left", i);
        CHECK(str_eq(get_str(limit, "percent"), str_z(limits[i].percent)), "row %zu percent", i);
        CHECK(get_bool(limit, "runs") == limits[i].runs, "row %zu runs", i);
        CHECK(get_bool(limit, "count_working_days") == limits[i].working, "row %zu working", i);
    }
    house_close(&h);
}

/* ---- times, facts, answers ---- */

TEST(times_stand_beside_every_at)
{
    House h;
    HttpRequest rq;
    if (open_house(&h, &rq, "en")) {
        Value *v = json(&h, "{\"at\":0,\"rows\":[{\"at\":1795357793499},{\"at\":\"corner\"}]}");
        h.catalogue.zone_minutes = 480;
        web_times(&rq, v);
        const Value *rows = value_at(v, "rows");
        CHECK(value_at(v, "at_date") && !get_str(v, "at_date").len, "no time, no words");
        CHECK(has(get_str(rows->list.items[0], "at_date"), "22 November 2026"), "date");
        CHECK(has(get_str(rows->list.items[0], "at_time"), "10:29pm"), "time");
        CHECK(!value_at(rows->list.items[1], "at_date"), "a word is no time");
    }
    house_close(&h);
}

TEST(facts_are_readable)
{
    House h;
    HttpRequest rq;
    if (open_house(&h, &rq, "zh")) {
        Value *fact =
            json(&h, "{\"state\":\"found\",\"found\":true,\"at\":1795357793499,"
                     "\"fields\":[{\"label\":\"a\",\"value\":\"1992-05-03\"},"
                     "{\"label\":\"b\",\"value\":true},{\"label\":\"c\",\"value\":\"2023-03\"}]}");
        web_fact_words(&rq, fact);
        const Value *fields = value_at(fact, "fields");
        CHECK(has(get_str(fields->list.items[0], "value"), "1992年5月3日"), "day");
        CHECK(has(get_str(fields->list.items[1], "value"), "是"), "truth");
        CHECK(has(get_str(fields->list.items[2], "value"), "2023-03"), "month stays");
        CHECK(get_bool(fact, "is_found") && has(get_str(fact, "state_text"), "已经查到"), "state");
    }
    house_close(&h);
}

TEST(empty_answers_say_so)
{
    House h;
    HttpRequest rq;
    if (open_house(&h, &rq, "zh")) {
        Value *answers = json(&h, "[{\"rows\":[{\"value\":\"\"},{\"value\":\"A\"}]}]");
        web_answer_words(&rq, answers);
        const Value *rows = value_at(answers->list.items[0], "rows");
        CHECK(has(get_str(rows->list.items[0], "value"), "没有"), "empty");
        CHECK(str_eq(get_str(rows->list.items[1], "value"), STR("A")), "given");
    }
    house_close(&h);
}

/* ---- files ---- */

static const struct {
    const char *type;
    unsigned size;
    const char *wrong;
} files[] = {
    {"application/pdf", 10, NULL},
    {"image/heic", 10, NULL},
    {"image/png", 0, "error.file.empty"},
    {"text/plain", 10, "error.file.type"},
    {"application/octet-stream", 10, "error.file.type"},
};

TEST(files_are_judged_by_their_bytes)
{
    for (size_t i = 0; i < COUNT(files); i++) {
        HttpFile f = {.type = str_z(files[i].type), .size = files[i].size};
        const char *wrong = web_file_wrong(&f);
        bool same = !wrong || !files[i].wrong ? wrong == files[i].wrong
                                              : strcmp(wrong, files[i].wrong) == 0;
        CHECK(same, "%s: %s", files[i].type, wrong ? wrong : "fine");
    }
}

TEST(files_carry_the_code_of_their_point)
{
    Arena arena = {0};
    HttpRequest rq = {.arena = &arena};
    *VEC_PUSH(&arena, &rq.files) = (HttpFile){.field = STR("file2"), .filename = STR("a.png")};
    Value *codes = value_map(&arena);
    set_str(&arena, codes, "file1", STR("one"));
    set_str(&arena, codes, "file2", STR("two"));
    Value *list = web_files_value(&rq, codes);
    CHECK(value_count(list) == 1 && str_eq(get_str(list->list.items[0], "code"), STR("two")),
          "the second point");
    CHECK(!get_str(web_files_value(&rq, NULL)->list.items[0], "code").len, "no points, no code");
    arena_free(&arena);
}
