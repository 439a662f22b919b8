/* SPDX-License-Identifier: Apache-2.0 */
#include "house.h"

#define TEXT(zh, en)                                                                               \
    {                                                                                              \
        {                                                                                          \
            STR_INIT(zh), STR_INIT(en)                                                             \
        }                                                                                          \
    }

static const Option two[] = {
    {STR_INIT("x"), TEXT("甲", "Ex"), TEXT("", "")},
    {STR_INIT("y"), TEXT("乙", "Why"), TEXT("提示", "A hint")},
};

static const struct {
    ElementType type;
    const char *answer, *part;
} rows[] = {
    {ELEMENT_TEXT, "a<b", "type=\"text\" value=\"a&lt;b\""},
    {ELEMENT_TEXTAREA, "one", "one</textarea>"},
    {ELEMENT_NUMBER, "1", "inputmode=\"decimal\""},
    {ELEMENT_DATE, "2026-11-18", "id=\"k-m\" name=\"k\" value=\"11\""},
    {ELEMENT_DATE, "yesterday", "id=\"k\" name=\"k\" value=\"yesterday\""},
    {ELEMENT_TIME, "14:20", "value=\"14:20\""},
    {ELEMENT_IDCARD, "", "maxlength=\"30\""},
    {ELEMENT_USCC, "", "type=\"text\""},
    {ELEMENT_PHONE, "", "type=\"tel\""},
    {ELEMENT_RADIO, "y", "id=\"k-2\" name=\"k\" value=\"y\" checked"},
    {ELEMENT_CHECKBOX, "x", "<input type=\"checkbox\" id=\"k\" name=\"k\" value=\"x\" checked"},
    {ELEMENT_SELECT, "y", "<option value=\"y\" selected>"},
    {ELEMENT_ADDRESS, "", "autocomplete=\"street-address\""},
    {ELEMENT_BOOLEAN, "", "value=\"true\""},
};

static Str render(House *h, Value *field)
{
    StrBuf b = buf_in(&h->arena);
    Err err = {0};
    const HtmlSet *set = h->web.pages[LANG_EN];
    CHECK(html_render(&b, set, html_find(set, STR("field")), field, &err), "%s", err.msg);
    return buf_str(&b);
}

TEST(fields_of_every_type)
{
    House h;
    if (!house_open(&h))
        return;
    HttpRequest rq = house_request(&h, "/");
    house_put(&h, &rq.headers, "accept-language", "en");
    visit_new(&rq);
    for (size_t i = 0; i < COUNT(rows); i++) {
        Element e = {.key = STR("k"),
                     .type = rows[i].type,
                     .label = TEXT("名", "Name"),
                     .hint = TEXT("提示", "Help"),
                     .options = two,
                     .option_count = COUNT(two)};
        Question q = {.element = &e, .required = i % 2 == 0};
        Value *answer = value_str(&h.arena, str_z(rows[i].answer));
        Str plain = render(&h, web_field(&rq, &q, answer, STR("")));
        Str wrong = render(&h, web_field(&rq, &q, answer, STR("It is wrong")));
        CHECK(has(plain, rows[i].part), "%zu: " STR_FMT, i, STR_ARG(plain));
        CHECK(has(plain, "Name") && has(plain, "k-hint") && !has(plain, "k-error"), "%zu: plain",
              i);
        CHECK(has(plain, "optional") == !q.required, "%zu: optional", i);
        CHECK(has(wrong, "It is wrong") && has(wrong, "aria-describedby=\"k-hint k-error\""),
              "%zu: wrong", i);
    }
    house_close(&h);
}

TEST(fields_of_several_choices_and_yes_or_no)
{
    House h;
    if (!house_open(&h))
        return;
    HttpRequest rq = house_request(&h, "/");
    visit_new(&rq);
    Element e = {.key = STR("k"), .type = ELEMENT_CHECKBOX, .options = two, .option_count = 2};
    Question q = {.element = &e};
    Value *both = value_list(&h.arena);
    push_str(&h.arena, both, STR("x"));
    push_str(&h.arena, both, STR("y"));
    Str html = render(&h, web_field(&rq, &q, both, STR("")));
    CHECK(has(html, "value=\"x\" checked") && has(html, "value=\"y\" checked"), "both");
    e.type = ELEMENT_BOOLEAN;
    e.option_count = 0;
    html = render(&h, web_field(&rq, &q, value_bool(&h.arena, false), STR("")));
    CHECK(has(html, "value=\"false\" checked") && !has(html, "value=\"true\" checked"), "no");
    house_close(&h);
}
