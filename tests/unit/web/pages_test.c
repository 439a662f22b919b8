/* SPDX-License-Identifier: Apache-2.0 */
/* Public pages through their handlers, as HTML in both languages and as JSON. */
#include "house.h"
#include "json/json.h"

static const struct {
    const char *target, *key;
    HttpHandler *handler;
    int status;
    const char *zh, *en, *json; /* parts that must be there */
} pages[] = {
    {"/", "", web_home, 200, "您想办什么事？", "What would you like to do?", "\"total\":1"},
    {"/?for=org", "", web_home, 200, "全部 0 项服务", "Open a shop", "\"organisations\":true"},
    {"/services", "", web_services, 200, "工伤认定", "Human Resources Bureau", "\"count\":1"},
    {"/services?topic=newborn", "", web_services, 200, "还没有服务", "No services here yet",
     "\"none\":true"},
    {"/s/work-injury", "work-injury", web_guide, 200, "谁来申请？", "&lt;b&gt;",
     "\"need_yours\":1"},
    {"/s/work-injury?who=self", "work-injury", web_guide, 200, "已按您的情况挑选",
     "name=\"answer.who\" value=\"self\"", "\"situations_open\":0"},
    {"/s/work-injury?who=nobody", "work-injury", web_guide, 200, "先回答几个问题", "60 days",
     "\"situations_open\":1"},
    {"/s/nothing", "nothing", web_guide, 404, "没有这一页", "There is no such page",
     "\"status\":404"},
    {"/verify", "", web_verify_form, 200, "核验码", "Verification code", "{"},
    {"/help", "", web_help, 200, "12345", "0571-0000 0001", "\"organs\""},
    {"/a11y", "", web_a11y, 200, "WCAG", "WCAG", "{"},
    {"/privacy", "", web_privacy, 200, "没有统计", "There are none", "{"},
};

static HttpResponse answer(House *h, size_t i, const char *accept, const char *lang)
{
    HttpRequest rq = house_request(h, pages[i].target);
    HttpResponse rs = {.status = 200};
    house_put(h, &rq.headers, "accept", accept);
    house_put(h, &rq.headers, "accept-language", lang);
    house_put(h, &rq.params, "key", pages[i].key);
    if (web_before(&rq, &rs))
        pages[i].handler(&rq, &rs);
    return rs;
}

static void check_html(House *h, size_t i, const char *lang, const char *part)
{
    HttpResponse rs = answer(h, i, "text/html", lang);
    CHECK(rs.status == pages[i].status, "%s: %d", pages[i].target, rs.status);
    CHECK(str_starts(rs.body, STR("<!doctype html>\n<html lang=\"")), "%s: start", pages[i].target);
    CHECK(has(rs.body, part), "%s: '%s' in %s", pages[i].target, part, lang);
    CHECK(has(rs.body, "<h1>") && has(rs.body, "</html>"), "%s: whole", pages[i].target);
    CHECK(!has(rs.body, "<b>Recognition") && !has(rs.body, "injury <b>"), "%s: escaped",
          pages[i].target);
}

TEST(pages_in_both_languages_and_as_json)
{
    House h;
    if (!house_open(&h))
        return;
    for (size_t i = 0; i < COUNT(pages); i++) {
        check_html(&h, i, "zh-CN", pages[i].zh);
        check_html(&h, i, "en", pages[i].en);
        Err err = {0};
        HttpResponse rs = answer(&h, i, "application/json", "en");
        CHECK(rs.status == pages[i].status, "%s as JSON: %d", pages[i].target, rs.status);
        CHECK(json_read(&h.arena, rs.body, &err), "%s as JSON: %s", pages[i].target, err.msg);
        CHECK(has(rs.body, pages[i].json), "%s as JSON: %s", pages[i].target, pages[i].json);
        CHECK(!has(rs.body, "csrf"), "%s as JSON: no page", pages[i].target);
    }
    house_close(&h);
}

TEST(pages_refuse_in_words)
{
    static const int statuses[] = {400, 404, 405, 408, 413, 414, 415, 418, 429, 431, 500, 503, 507};
    House h;
    if (!house_open(&h))
        return;
    for (size_t i = 0; i < COUNT(statuses); i++) {
        HttpRequest rq = {.arena = &h.arena, .app = &h.web};
        HttpResponse rs = {.status = statuses[i]};
        web_refuse(&rq, &rs, "a test");
        CHECK(rs.status == statuses[i], "%d", statuses[i]);
        CHECK(has(rs.body, "<h1>") && !has(rs.body, "a test"), "%d in words", statuses[i]);
    }
    house_close(&h);
}

TEST(page_input_is_a_form_or_json)
{
    House h;
    if (!house_open(&h))
        return;
    HttpRequest rq = house_request(&h, "/");
    Value *in = NULL;
    Err err = {0};
    house_put(&h, &rq.form, "_csrf", "t");
    house_put(&h, &rq.form, "a", "1");
    house_put(&h, &rq.form, "b", "2");
    house_put(&h, &rq.form, "b", "3");
    house_put(&h, &rq.form, "b", "4");
    CHECK(web_input(&rq, &in, &err), "form");
    Str text = json_text(&h.arena, in);
    CHECK(str_eq(text, STR("{\"a\":\"1\",\"b\":[\"2\",\"3\",\"4\"]}")), STR_FMT, STR_ARG(text));
    rq.content_type = STR("application/json");
    rq.body = STR("{\"a\":true}");
    CHECK(web_input(&rq, &in, &err) && get_bool(in, "a"), "json");
    rq.body = STR("[1]");
    CHECK(!web_input(&rq, &in, &err) && err.code == ERR_INPUT, "no object");
    rq.body = STR("{");
    CHECK(!web_input(&rq, &in, &err), "no JSON");
    house_close(&h);
}
