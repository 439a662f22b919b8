/* SPDX-License-Identifier: Apache-2.0 */
/* Answers: what people type, what it becomes, what is wrong with it, what is shown and needed. */
#include "check.h"
#include "model/form.h"

static Date today(void)
{
    return date_of((Civil){2026, 11, 22});
}

static const struct {
    const char *number, *why; /* NULL: valid */
} idcards[] = {
    {"330199199205034023", NULL},
    {"330199198809173011", NULL},
    {"11010519491231002X", NULL},
    {"810000199408230021", NULL},
    {"", "error.idcard.length"},
    {"33019919920503402", "error.idcard.length"},
    {"3301991992050340233", "error.idcard.length"},
    {"33019919920503402Z", "error.idcard.length"},
    {"33019919920503A023", "error.idcard.length"},
    {"11010519491231002x", "error.idcard.length"},
    {"000199199205034023", "error.idcard.region"},
    {"990199189905034023", "error.idcard.check"},
    {"160199199205034023", "error.idcard.region"},
    {"330199199202304023", "error.idcard.date"},
    {"330199199213034023", "error.idcard.date"},
    {"330199199205004023", "error.idcard.date"},
    {"330199209905034023", "error.idcard.date"},
    {"330199202611234023", "error.idcard.date"},
    {"330199170005034023", "error.idcard.date"},
    {"330199199205034024", "error.idcard.check"},
    {"330199199205034032", "error.idcard.check"},
    {"33019919920503402X", "error.idcard.check"},
};

TEST(form_identity_numbers)
{
    for (size_t i = 0; i < COUNT(idcards); i++) {
        const char *why = NULL;
        bool ok = idcard_valid(str_z(idcards[i].number), today(), &why);
        CHECK(ok == !idcards[i].why, "%s", idcards[i].number);
        CHECK(ok || str_eq(str_z(why), str_z(idcards[i].why)), "%s: %s", idcards[i].number, why);
    }
}

/* Every single mistyped digit and every swap of neighbours is found by MOD 11-2. */
TEST(form_identity_numbers_single_errors)
{
    Str good = STR("330199199205034023");
    for (size_t at = 0; at < 18; at++)
        for (char d = '0'; d <= '9'; d++) {
            char s[18];
            memcpy(s, good.at, sizeof s);
            s[at] = d;
            const char *why = NULL;
            CHECK(idcard_valid((Str){s, 18}, today(), &why) == (d == good.at[at]), "%zu %c", at, d);
        }
    for (size_t at = 0; at + 1 < 18; at++) {
        char s[18];
        memcpy(s, good.at, sizeof s);
        s[at] = good.at[at + 1];
        s[at + 1] = good.at[at];
        const char *why = NULL;
        CHECK(idcard_valid((Str){s, 18}, today(), &why) == (s[at] == s[at + 1]), "swap %zu", at);
    }
}

static const struct {
    const char *code, *why;
} usccs[] = {
    {"113301990027150183", NULL},
    {"11330199MB1F27102Y", NULL},
    {"91330199MA2H1B7KXE", NULL},
    {"91350100M000100Y43", NULL},
    {"", "error.uscc.length"},
    {"91350100M000100Y4", "error.uscc.length"},
    {"91350100M000100Y433", "error.uscc.length"},
    {"91350100M000100I43", "error.uscc.letter"},
    {"91350100M000100O43", "error.uscc.letter"},
    {"91350100M000100S43", "error.uscc.letter"},
    {"91350100M000100V43", "error.uscc.letter"},
    {"91350100M000100Z43", "error.uscc.letter"},
    {"91350100m000100Y43", "error.uscc.letter"},
    {"91350100M000100Y44", "error.uscc.check"},
    {"91350100M000010Y43", "error.uscc.check"},
};

TEST(form_credit_codes)
{
    for (size_t i = 0; i < COUNT(usccs); i++) {
        const char *why = NULL;
        bool ok = uscc_valid(str_z(usccs[i].code), &why);
        CHECK(ok == !usccs[i].why, "%s", usccs[i].code);
        CHECK(ok || str_eq(str_z(why), str_z(usccs[i].why)), "%s: %s", usccs[i].code, why);
    }
}

TEST(form_masks)
{
    Arena a = {0};
    CHECK(str_eq(mask_idcard(&a, STR("330199199205034023")), STR("3301**********4023")), "id");
    CHECK(str_eq(mask_phone(&a, STR("13800006027")), STR("138****6027")), "phone");
    CHECK(str_eq(mask_idcard(&a, STR("1234")), STR("****")), "short");
    CHECK(str_eq(mask_phone(&a, STR("")), STR("")), "empty");
    CHECK(str_eq(mask_phone(&a, STR("李文")), STR("**")), "no half characters");
    CHECK(str_eq(mask_idcard(&a, STR("李文静")), STR("***")), "no number");
    CHECK(mobile_valid(STR("13800006027")) && !mobile_valid(STR("12800006027")), "first digits");
    CHECK(!mobile_valid(STR("1380000602")) && !mobile_valid(STR("138000060271")), "length");
    CHECK(!mobile_valid(STR("1380000602a")) && !mobile_valid((Str){0}), "letters");
    arena_free(&a);
}

/* raw: parts joined by |; becomes: text, or "true", "false", "null", or items joined by |. */
static const struct {
    ElementType type;
    const char *raw, *becomes;
} answers[] = {
    {ELEMENT_TEXT, "  李文静 \t", "李文静"},
    {ELEMENT_TEXT, "\xE3\x80\x80李文静\xE3\x80\x80", "李文静"},
    {ELEMENT_TEXT, "a\r\nb", "a b"},
    {ELEMENT_TEXT,
     "a\x01\x7f"
     "b",
     "ab"},
    {ELEMENT_TEXT,
     "a\xff"
     "b",
     "a\xEF\xBF\xBD"
     "b"},
    {ELEMENT_TEXT, "ＡＢ１", "ＡＢ１"},
    {ELEMENT_TEXT, "   ", "null"},
    {ELEMENT_TEXTAREA, "one\r\ntwo\n", "one\ntwo"},
    {ELEMENT_IDCARD, " 330199 19920503 4023 ", "330199199205034023"},
    {ELEMENT_IDCARD, "１１０１０５１９４９１２３１００２ｘ", "11010519491231002X"},
    {ELEMENT_IDCARD, "11010519491231002x", "11010519491231002X"},
    {ELEMENT_USCC, "91350100m000100y43", "91350100M000100Y43"},
    {ELEMENT_PHONE, "138 0000 6027", "13800006027"},
    {ELEMENT_PHONE, "+86 138-0000-6027", "13800006027"},
    {ELEMENT_PHONE, "8613800006027", "13800006027"},
    {ELEMENT_PHONE, "１３８００００６０２７", "13800006027"},
    {ELEMENT_NUMBER, "１，２００．５", "1200.5"},
    {ELEMENT_NUMBER, " 12 ", "12"},
    {ELEMENT_NUMBER, ", 12", "12"},
    {ELEMENT_DATE, "2026-11-18", "2026-11-18"},
    {ELEMENT_DATE, "2026/1/8", "2026-01-08"},
    {ELEMENT_DATE, "2026年1月8日", "2026-01-08"},
    {ELEMENT_DATE, "2026.11.18", "2026-11-18"},
    {ELEMENT_DATE, "20261118", "2026-11-18"},
    {ELEMENT_DATE, "2026|11|18", "2026-11-18"},
    {ELEMENT_DATE, "２０２６| 1 |8", "2026-01-08"},
    {ELEMENT_DATE, "||", "null"},
    {ELEMENT_DATE, "2026||8", "2026--8"},
    {ELEMENT_DATE, "2026|13|40", "2026-13-40"},
    {ELEMENT_DATE, "昨天", "昨天"},
    {ELEMENT_DATE, "201326||", "201326--"},
    {ELEMENT_DATE, "201326--", "201326--"},
    {ELEMENT_DATE, "99999999999999999999|1|1", "99999999999999999999-1-1"},
    {ELEMENT_TIME, "9:05", "09:05"},
    {ELEMENT_TIME, "１４：２０", "14:20"},
    {ELEMENT_TIME, "14时20分", "14:20"},
    {ELEMENT_TIME, "14|5", "14:05"},
    {ELEMENT_TIME, "|", "null"},
    {ELEMENT_TIME, "下午", "下午"},
    {ELEMENT_BOOLEAN, "true", "true"},
    {ELEMENT_BOOLEAN, "yes", "true"},
    {ELEMENT_BOOLEAN, "No", "false"},
    {ELEMENT_BOOLEAN, "", "null"},
    {ELEMENT_BOOLEAN, "maybe", "maybe"},
    {ELEMENT_CHECKBOX, "crime| |drunk", "crime|drunk"},
    {ELEMENT_CHECKBOX, "", ""},
    {ELEMENT_RADIO, " worker ", "worker"},
};

static Str flat(Arena *a, const Value *v)
{
    if (v->kind == VALUE_NULL)
        return STR("null");
    if (v->kind == VALUE_BOOL)
        return v->truth ? STR("true") : STR("false");
    if (v->kind != VALUE_LIST)
        return value_text(v);
    StrBuf b = buf_in(a);
    for (size_t i = 0; i < v->list.count; i++)
        buf_fmt(&b, "%s" STR_FMT, i ? "|" : "", STR_ARG(value_text(v->list.items[i])));
    return buf_str(&b);
}

TEST(form_reads_what_people_type)
{
    Arena a = {0};
    for (size_t i = 0; i < COUNT(answers); i++) {
        Str raw[4], rest = str_z(answers[i].raw);
        size_t n = 0;
        while (n < COUNT(raw) && str_split(&rest, '|', &raw[n]))
            n++;
        Element e = {.key = STR("x"), .type = answers[i].type};
        Str got = flat(&a, form_read_answer(&a, &e, raw, n));
        CHECK(str_eq(got, str_z(answers[i].becomes)), "row %zu '%s': '" STR_FMT "'", i,
              answers[i].raw, STR_ARG(got));
    }
    Element e = {.key = STR("x"), .type = ELEMENT_DATE};
    CHECK(form_read_answer(&a, &e, NULL, 0)->kind == VALUE_NULL, "nothing sent");
    arena_free(&a);
}
