/* SPDX-License-Identifier: Apache-2.0 */
#include "house.h"

static const struct {
    const char *name, *site, *origin, *host, *token, *expected;
    bool ours;
} forgeries[] = {
    {"all right", "same-origin", "http://a.cn", "a.cn", "t", "t", true},
    {"old browser", "", "http://a.cn", "a.cn", "t", "t", true},
    {"no headers, a program", "", "", "a.cn", "t", "t", true},
    {"port is part of it", "", "http://a.cn:8080", "a.cn:8080", "t", "t", true},
    {"letter case of a host", "", "https://A.cn", "a.CN", "t", "t", true},
    {"cross site", "cross-site", "http://a.cn", "a.cn", "t", "t", false},
    {"same site, other host", "same-site", "http://a.cn", "a.cn", "t", "t", false},
    {"typed address", "none", "", "a.cn", "t", "t", false},
    {"other origin", "", "http://b.cn", "a.cn", "t", "t", false},
    {"other port", "", "http://a.cn:81", "a.cn", "t", "t", false},
    {"host as a prefix", "", "http://a.cn.b.cn", "a.cn", "t", "t", false},
    {"host as a suffix", "", "http://xa.cn", "a.cn", "t", "t", false},
    {"origin null", "", "null", "a.cn", "t", "t", false},
    {"origin without a host", "", "http://", "", "t", "t", false},
    {"no token sent", "same-origin", "http://a.cn", "a.cn", "", "t", false},
    {"wrong token", "same-origin", "http://a.cn", "a.cn", "u", "t", false},
    {"token and more", "same-origin", "http://a.cn", "a.cn", "tt", "t", false},
    {"visitor has none", "same-origin", "http://a.cn", "a.cn", "t", "", false},
    {"both empty", "same-origin", "http://a.cn", "a.cn", "", "", false},
};

TEST(visit_tells_forged_posts)
{
    for (size_t i = 0; i < COUNT(forgeries); i++) {
        const char *why = visit_forgery(str_z(forgeries[i].site), str_z(forgeries[i].origin),
                                        str_z(forgeries[i].host), str_z(forgeries[i].token),
                                        str_z(forgeries[i].expected));
        CHECK(!why == forgeries[i].ours, "%s: %s", forgeries[i].name, why ? why : "taken");
    }
}

static const struct {
    const char *name;
    unsigned who;
    ActorKind kind;
    unsigned roles;
    bool demo;
    Admission want;
} admissions[] = {
    {"open page", WHO_ANYBODY, ACTOR_NOBODY, 0, false, ADMIT_YES},
    {"my page, nobody", WHO_PARTY, ACTOR_NOBODY, 0, false, ADMIT_LOGIN},
    {"my page, citizen", WHO_PARTY, ACTOR_PARTY, 0, false, ADMIT_YES},
    {"my page, staff", WHO_PARTY, ACTOR_STAFF, ROLE_CLERK | ROLE_ADMIN, false, ADMIT_NO},
    {"desk, nobody", WHO_CLERK, ACTOR_NOBODY, 0, false, ADMIT_STAFF_LOGIN},
    {"desk, citizen", WHO_CLERK, ACTOR_PARTY, 0, false, ADMIT_NO},
    {"desk, clerk", WHO_CLERK, ACTOR_STAFF, ROLE_CLERK, false, ADMIT_YES},
    {"desk, approver", WHO_CLERK, ACTOR_STAFF, ROLE_APPROVER, false, ADMIT_NO},
    {"approve, approver", WHO_APPROVER, ACTOR_STAFF, ROLE_APPROVER, false, ADMIT_YES},
    {"approve, clerk", WHO_APPROVER, ACTOR_STAFF, ROLE_CLERK, false, ADMIT_NO},
    {"supervise, supervisor", WHO_SUPERVISOR, ACTOR_STAFF, ROLE_SUPERVISOR, false, ADMIT_YES},
    {"admin, supervisor", WHO_ADMIN, ACTOR_STAFF, ROLE_SUPERVISOR, false, ADMIT_NO},
    {"either, one of them", WHO_CLERK | WHO_APPROVER, ACTOR_STAFF, ROLE_APPROVER, false, ADMIT_YES},
    {"staff without a role", WHO_STAFF, ACTOR_STAFF, 0, false, ADMIT_NO},
    {"case, citizen or staff", WHO_PARTY | WHO_STAFF, ACTOR_NOBODY, 0, false, ADMIT_LOGIN},
    {"case, staff too", WHO_PARTY | WHO_STAFF, ACTOR_STAFF, ROLE_CLERK, false, ADMIT_YES},
    {"demo page, no demo", WHO_DEMO, ACTOR_NOBODY, 0, false, ADMIT_UNKNOWN},
    {"demo page, demo", WHO_DEMO, ACTOR_NOBODY, 0, true, ADMIT_YES},
    {"demo page for staff", WHO_DEMO | WHO_CLERK, ACTOR_NOBODY, 0, true, ADMIT_STAFF_LOGIN},
    {"no CSRF opens nothing", WHO_NO_CSRF | WHO_PARTY, ACTOR_NOBODY, 0, false, ADMIT_LOGIN},
    {"a system's route, its token", WHO_CLIENT, ACTOR_CLIENT, 0, false, ADMIT_YES},
    {"a system's route, nobody", WHO_CLIENT, ACTOR_NOBODY, 0, false, ADMIT_TOKEN},
    {"a system's route, a citizen", WHO_CLIENT, ACTOR_PARTY, 0, false, ADMIT_TOKEN},
    {"a system's route, staff", WHO_CLIENT, ACTOR_STAFF, 0xFF, false, ADMIT_TOKEN},
    {"a system at the desk", WHO_STAFF, ACTOR_CLIENT, 0xFF, false, ADMIT_NO},
    {"a system as a citizen", WHO_PARTY, ACTOR_CLIENT, 0, false, ADMIT_NO},
    {"the system has no page", WHO_STAFF, ACTOR_SYSTEM, 0xFF, false, ADMIT_NO},
};

TEST(visit_admits_by_rights)
{
    for (size_t i = 0; i < COUNT(admissions); i++) {
        Admission got = visit_admit(admissions[i].who, admissions[i].kind, admissions[i].roles,
                                    admissions[i].demo);
        CHECK(got == admissions[i].want, "%s: %d", admissions[i].name, (int)got);
    }
}

TEST(visit_chooses_a_language)
{
    static const struct {
        const char *header;
        Lang want;
    } rows[] = {
        {"", LANG_ZH},
        {"zh-CN", LANG_ZH},
        {"en", LANG_EN},
        {"en-GB,en;q=0.9", LANG_EN},
        {"EN-us", LANG_EN},
        {"fr", LANG_ZH},
        {"fr,en;q=0.5", LANG_EN},
        {"zh-CN,zh;q=0.9,en;q=0.8", LANG_ZH},
        {"en;q=0.3, zh;q=0.7", LANG_ZH},
        {"en;q=0", LANG_ZH},
        {";;,,q=1", LANG_ZH},
        {"en;q=0.123456789012345678901,z", LANG_EN},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK(visit_accept_language(str_z(rows[i].header)) == rows[i].want, "'%s'", rows[i].header);
}

TEST(visit_leaves_choices_out_of_addresses)
{
    static const struct {
        const char *target, *want;
    } rows[] = {
        {"/", "/?"},
        {"/s/x?a=1", "/s/x?a=1&"},
        {"/s/x?lang=en", "/s/x?"},
        {"/s/x?a=1&lang=en&b=2", "/s/x?a=1&b=2&"},
        {"/?size=large&theme=dark&language=1", "/?language=1&"},
        {"/search?q=%E5%B7%A5&part=results", "/search?q=%E5%B7%A5&"},
        {"/?&&a", "/?a&"},
        {"//evil.example/x?lang=en", "/evil.example/x?"},
    };
    Arena a = {0};
    for (size_t i = 0; i < COUNT(rows); i++) {
        Str got = visit_here(&a, str_z(rows[i].target));
        CHECK(str_eq(got, str_z(rows[i].want)), "%s: " STR_FMT, rows[i].target, STR_ARG(got));
    }
    arena_free(&a);
}

TEST(visit_goes_on_to_paths_of_ours_only)
{
    static const struct {
        const char *next, *want;
    } rows[] = {
        {"/my/cases/1", "/my/cases/1"},
        {"/s/x?a=1#need", "/s/x?a=1#need"},
        {"", "/my"},
        {"//evil.cn", "/my"},
        {"/\\evil.cn", "/my"},
        {"http://evil.cn", "/my"},
        {"javascript:alert(1)", "/my"},
        {"/a b", "/my"},
        {"/a\r\nX: y", "/my"},
    };
    House h;
    if (!house_open(&h))
        return;
    for (size_t i = 0; i < COUNT(rows); i++) {
        HttpRequest rq = house_request(&h, "/login");
        house_put(&h, &rq.query, "next", rows[i].next);
        Str got = web_next_path(&rq, "/my");
        CHECK(str_eq(got, str_z(rows[i].want)), "%s: " STR_FMT, rows[i].next, STR_ARG(got));
    }
    house_close(&h);
}

static Str header_of(const HttpResponse *rs, const char *name)
{
    for (size_t i = 0; i < rs->headers.len; i++)
        if (str_eq(rs->headers.at[i].name, str_z(name)))
            return rs->headers.at[i].value;
    return (Str){0};
}

TEST(visit_keeps_choices_in_cookies)
{
    static const struct {
        const char *target;
        bool goes_on;
        const char *cookie, *location;
    } rows[] = {
        {"/s/x?lang=en", false, "lang=en;", "/s/x"},
        {"/s/x?a=1&size=large", false, "size=large;", "/s/x?a=1"},
        {"/?size=normal", false, "Max-Age=0", "/"},
        {"/?theme=auto", false, "Max-Age=0", "/"},
        {"/?lang=fr", true, "", ""},
        {"/?size=huge", true, "", ""},
        {"/?a=1", true, "", ""},
    };
    House h;
    if (!house_open(&h))
        return;
    for (size_t i = 0; i < COUNT(rows); i++) {
        HttpRequest rq = house_request(&h, rows[i].target);
        HttpResponse rs = {.status = 200};
        CHECK(web_before(&rq, &rs) == rows[i].goes_on, "%s", rows[i].target);
        CHECK(has(header_of(&rs, "Set-Cookie"), rows[i].cookie), "%s: cookie", rows[i].target);
        CHECK(str_eq(header_of(&rs, "Location"), str_z(rows[i].location)), "%s: " STR_FMT,
              rows[i].target, STR_ARG(header_of(&rs, "Location")));
    }
    house_close(&h);
}

/* From the cookie that a page sets to the token that its form sends back. */
TEST(visit_token_of_a_page_is_taken_by_its_form)
{
    House h;
    if (!house_open(&h))
        return;
    HttpRequest get = house_request(&h, "/");
    HttpResponse rs = {.status = 200};
    CHECK(web_before(&get, &rs), "get");
    visit_token(&get, &rs);
    Str cookie = header_of(&rs, "Set-Cookie"), nonce = str_slice(cookie, 6, 28);
    CHECK(str_starts(cookie, STR("visit=")) && has(cookie, "HttpOnly"), "cookie");
    static const struct {
        const char *name;
        bool cookie, field, header, wrong, ours;
    } rows[] = {
        {"field", true, true, false, false, true},
        {"header", true, false, true, false, true},
        {"no token", true, false, false, false, false},
        {"wrong token", true, true, false, true, false},
        {"cookie absent", false, true, false, false, false},
    };
    h.route.method = HTTP_POST;
    for (size_t i = 0; i < COUNT(rows); i++) {
        HttpRequest rq = house_request(&h, "/x");
        HttpResponse answer = {.status = 200};
        const char *token = rows[i].wrong ? "x" : str_cstr(&h.arena, visit_of(&get)->csrf);
        rq.method = HTTP_POST;
        if (rows[i].cookie)
            house_put(&h, &rq.cookies, "visit", str_cstr(&h.arena, nonce));
        if (rows[i].field)
            house_put(&h, &rq.form, "_csrf", token);
        if (rows[i].header)
            house_put(&h, &rq.headers, "x-csrf-token", token);
        CHECK(web_before(&rq, &answer) == rows[i].ours, "%s", rows[i].name);
        CHECK(answer.status == (rows[i].ours ? 200 : 403), "%s: %d", rows[i].name, answer.status);
    }
    house_close(&h);
}
