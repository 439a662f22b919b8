/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A citizen's own space: what is open, where each case stands, what was submitted, and who read
 * what. Pages and JSON come from the model of case_view; words are put beside its values.
 */
#include "services/my/my.h"
#include "base/date.h"
#include "qr/qr.h"
#include "services/certificate/localise.h"
#include "web/pages.h"

/* An absent key would be looked up further out by the template. */
static void fill_absent(Arena *a, Value *map, const char *key)
{
    if (!value_at(map, key))
        set_str(a, map, key, STR(""));
}

/* ---- one case ---- */

static Str text_of(const Value *v)
{
    return value_is(v, VALUE_STR) ? v->text : STR("");
}

/* What the rules propose and where a process failed is for staff, until somebody has decided. */
static bool is_internal(Str kind)
{
    return str_eq(kind, STR("proposed")) || str_eq(kind, STR("incident")) ||
           str_starts(kind, STR("flow_"));
}

/* Why something was done, as it was told: the reason, or the list of what is missing. */
static void put_details(const HttpRequest *rq, Value *m)
{
    const Value *timeline = value_at(m, "timeline");
    for (size_t i = 0; i < value_count(timeline); i++) {
        if (is_internal(get_str(value_item(timeline, i), "kind")))
            set_map(rq->arena, value_item(timeline, i), "data");
        const Value *data = value_at(value_item(timeline, i), "data"),
                    *missing = value_at(data, "missing");
        StrBuf b = buf_in(rq->arena);
        Str limit = get_str(data, "limit");
        if (limit.len)
            buf_add(&b,
                    web_text_str(rq, str_fmt(rq->arena, "limit.name." STR_FMT, STR_ARG(limit))));
        buf_add(&b, text_of(value_at(data, "part_name")));
        buf_add(&b, text_of(value_at(data, "reason")));
        for (size_t k = 0; k < value_count(missing); k++) {
            if (b.len)
                buf_add(&b, web_text(rq, "list.and"));
            buf_add(&b, get_str(value_item(missing, k), "name"));
        }
        set_str(rq->arena, value_item(timeline, i), "detail", buf_str(&b));
    }
}

static void put_papers(const HttpRequest *rq, Value *m)
{
    const Value *documents = value_at(m, "documents"), *materials = value_at(m, "materials");
    int64_t expected = 0;
    for (size_t i = 0; i < value_count(documents); i++) {
        Value *d = value_item(documents, i);
        Str id = get_str(d, "id");
        set_str(rq->arena, d, "url", str_fmt(rq->arena, "/documents/" STR_FMT, STR_ARG(id)));
        if (str_eq(get_str(d, "kind"), STR("receipt")))
            set_str(rq->arena, m, "receipt_url", get_str(d, "url"));
    }
    for (size_t i = 0; i < value_count(materials); i++) {
        Value *p = value_item(materials, i);
        Str id = get_str(p, "id");
        bool received = str_eq(get_str(p, "state"), STR("received"));
        expected += get_bool(p, "expected");
        if (!value_at(p, "name"))
            set_str(rq->arena, p, "name", web_text(rq, "my.material.other"));
        set_bool(rq->arena, p, "received", received);
        set_str(rq->arena, p, "url",
                get_bool(p, "has_file") ? str_fmt(rq->arena, "/files/" STR_FMT, STR_ARG(id))
                                        : STR(""));
    }
    set_int(rq->arena, m, "expected_count", expected);
    set_bool(rq->arena, m, "any_expected", expected > 0);
    set_bool(rq->arena, m, "any_document", value_count(documents) > 0);
    set_bool(rq->arena, m, "any_material", value_count(materials) > 0);
}

static void put_addresses(const HttpRequest *rq, Str no, Value *m)
{
    static const char *const pages[] = {"done",   "withdraw",        "supplement", "rate",
                                        "qr.svg", "certificate.svg", "cover-slip", "early"};
    static const char *const keys[] = {"done_url",       "withdraw_url", "supplement_url",
                                       "rate_url",       "qr_url",       "certificate_qr_url",
                                       "cover_slip_url", "early_url"};
    Str base = str_fmt(rq->arena, "/my/cases/" STR_FMT, STR_ARG(no));
    set_str(rq->arena, m, "url", base);
    for (size_t i = 0; i < COUNT(pages); i++)
        set_str(rq->arena, m, keys[i], str_fmt(rq->arena, STR_FMT "/%s", STR_ARG(base), pages[i]));
    Value *certificate = value_inside(m, "certificate");
    if (certificate)
        set_str(
            rq->arena, certificate, "file_url",
            str_fmt(rq->arena, "/certificates/" STR_FMT, STR_ARG(get_str(certificate, "code"))));
}

/* Whose turn it is. */
static void put_turn(const HttpRequest *rq, Value *m)
{
    Str state = get_str(m, "state");
    bool yours = str_eq(state, STR("correction"));
    bool closed = get_bool(m, "closed");
    set_bool(rq->arena, m, "turn_yours", yours);
    set_bool(rq->arena, m, "turn_organ", !yours && !closed);
    set_bool(rq->arena, m, "waiting", str_eq(state, STR("received")));
    set_bool(rq->arena, m, "is_refused",
             str_eq(state, STR("refused")) || str_eq(get_str(m, "outcome"), STR("denied")));
}

static void put_correction(const HttpRequest *rq, Value *m)
{
    const Value *missing = value_at(value_at(m, "correction"), "missing");
    for (size_t i = 0; i < value_count(missing); i++) {
        fill_absent(rq->arena, value_item(missing, i), "code");
        fill_absent(rq->arena, value_item(missing, i), "note");
        set_str(rq->arena, value_item(missing, i), "field", str_fmt(rq->arena, "file%zu", i + 1));
    }
}

static void put_messages(const HttpRequest *rq, Value *m)
{
    const Value *list = value_at(m, "messages");
    for (size_t i = 0; i < value_count(list); i++) {
        Value *message = value_item(list, i);
        bool sent = str_eq(get_str(message, "state"), STR("sent"));
        set_str(rq->arena, message, "state_text",
                web_text(rq, sent ? "my.message.sent" : "my.message.open"));
    }
    set_bool(rq->arena, m, "any_message", value_count(list) > 0);
}

static void put_words(const HttpRequest *rq, Value *m)
{
    const Value *facts = value_at(m, "facts");
    web_case_words(rq, m);
    web_times(rq, m);
    for (size_t i = 0; i < value_count(facts); i++)
        web_fact_words(rq, value_item(facts, i));
    set_bool(rq->arena, m, "any_fact", value_count(facts) > 0);
    web_answer_words(rq, value_inside(m, "answers"));
    web_explain_words(rq, m);
    web_limit_words(rq, value_inside(m, "promise"));
    web_limit_words(rq, value_inside(m, "legal"));
    put_details(rq, m);
    put_papers(rq, m);
    put_addresses(rq, get_str(m, "no"), m);
    put_turn(rq, m);
    put_correction(rq, m);
    put_messages(rq, m);
}

bool my_visit(HttpRequest *rq, HttpResponse *rs, MyVisit *mv, HttpNext *next)
{
    Err err = {0};
    *mv = (MyVisit){.model = value_map(rq->arena)};
    Viewing by = viewing_of(rq);
    if (!my_case(&by, http_param(rq, "no"), &mv->file, &err) ||
        !case_view(&by, &mv->file, VIEW_APPLICANT, mv->model, &err)) {
        *next = web_error(rq, rs, &err);
        return false;
    }
    put_words(rq, mv->model);
    return true;
}

/* ---- forms ---- */

static Str title_of(const HttpRequest *rq, const char *key, const Value *m)
{
    return web_text_with(rq, key, m);
}

static void put_problems(const HttpRequest *rq, Value *m, const Value *problems)
{
    for (size_t i = 0; i < value_count(problems); i++)
        web_problem(rq, m, get_str(value_item(problems, i), "element"),
                    apply_problem_text(rq, value_item(problems, i)));
}

HttpNext my_show_withdraw(HttpRequest *rq, HttpResponse *rs, MyVisit *mv, const Value *typed,
                          const Value *problems)
{
    set_str(rq->arena, mv->model, "title", title_of(rq, "my.withdraw.title", mv->model));
    set_str(rq->arena, mv->model, "reason", get_str(typed, "reason"));
    set_str(rq->arena, mv->model, "reason_error", apply_problem_of(rq, problems, STR("reason")));
    put_problems(rq, mv->model, problems);
    if (problems)
        rs->status = 422;
    return web_page(rq, rs, "withdraw", mv->model);
}

HttpNext my_show_supplement(HttpRequest *rq, HttpResponse *rs, MyVisit *mv, const Value *typed,
                            const Value *problems)
{
    const Value *missing = value_at(value_at(mv->model, "correction"), "missing");
    set_str(rq->arena, mv->model, "title", title_of(rq, "my.supplement.title", mv->model));
    set_str(rq->arena, mv->model, "supply_note", get_str(typed, "note"));
    set_str(rq->arena, mv->model, "note_error", apply_problem_of(rq, problems, STR("note")));
    for (size_t i = 0; i < value_count(missing); i++)
        set_str(rq->arena, value_item(missing, i), "error",
                apply_problem_of(rq, problems, get_str(value_item(missing, i), "field")));
    put_problems(rq, mv->model, problems);
    if (problems)
        rs->status = 422;
    return web_page(rq, rs, "supplement", mv->model);
}

static bool is_among(const Value *list, Str s)
{
    for (size_t i = 0; i < value_count(list); i++)
        if (str_eq(value_text(value_item(list, i)), s))
            return true;
    return false;
}

/* The five levels and the reasons, with what was chosen. */
static void put_rating(const HttpRequest *rq, Value *m, const Value *typed)
{
    Arena *a = rq->arena;
    Value *form = set_map(a, m, "rating_form");
    Value *levels = set_list(a, form, "levels"), *reasons = set_list(a, form, "reasons");
    int64_t chosen = get_int(typed, "level", 0);
    for (int64_t n = 5; n >= 1; n--) {
        Value *level = push_map(a, levels);
        set_int(a, level, "level", n);
        set_str(a, level, "id", n == 5 ? STR("level") : str_fmt(a, "level-%d", (int)n));
        set_bool(a, level, "on", n == chosen);
        set_str(a, level, "label", web_text_str(rq, str_fmt(a, "rate.level.%d", (int)n)));
    }
    for (size_t i = 0; i < RATING_REASONS; i++) {
        Value *reason = push_map(a, reasons);
        Str key = str_z(rating_reasons[i]);
        set_str(a, reason, "value", key);
        set_str(a, reason, "id", i ? str_fmt(a, "reasons-%zu", i + 1) : STR("reasons"));
        set_bool(a, reason, "on", is_among(value_at(typed, "reasons"), key));
        set_str(a, reason, "label",
                web_text_str(rq, str_fmt(a, "rate.reason." STR_FMT, STR_ARG(key))));
    }
    set_str(a, form, "remark", get_str(typed, "remark"));
}

HttpNext my_show_rate(HttpRequest *rq, HttpResponse *rs, MyVisit *mv, const Value *typed,
                      const Value *problems)
{
    Value *m = mv->model;
    set_str(rq->arena, m, "title", title_of(rq, "my.rate.title", m));
    put_rating(rq, m, typed);
    Value *form = value_inside(m, "rating_form");
    set_str(rq->arena, form, "level_error", apply_problem_of(rq, problems, STR("level")));
    set_str(rq->arena, form, "reasons_error", apply_problem_of(rq, problems, STR("reasons")));
    set_str(rq->arena, form, "remark_error", apply_problem_of(rq, problems, STR("remark")));
    put_problems(rq, m, problems);
    if (problems)
        rs->status = 422;
    return web_page(rq, rs, "rate", m);
}

/* ---- pages of a case ---- */

HttpNext web_my_case(HttpRequest *rq, HttpResponse *rs)
{
    MyVisit mv;
    HttpNext next;
    if (!my_visit(rq, rs, &mv, &next))
        return next;
    set_str(rq->arena, mv.model, "title", title_of(rq, "my.case.title", mv.model));
    set_bool(rq->arena, mv.model, "has_rating", value_at(mv.model, "rating") != NULL);
    const Value *rating = value_at(mv.model, "rating");
    if (rating)
        set_str(rq->arena, value_inside(mv.model, "rating"), "level_text",
                web_text_str(
                    rq, str_fmt(rq->arena, "rate.level.%d", (int)get_int(rating, "level", 3))));
    if (get_bool(value_at(mv.model, "acts"), "rate"))
        put_rating(rq, mv.model, NULL);
    return web_page(rq, rs, "case", mv.model);
}

/* When it would be done if it were accepted at this moment. */
static void put_if_accepted_now(const HttpRequest *rq, const MyVisit *mv)
{
    const Visit *v = visit_of(rq);
    LawRules rules = casework_law_rules(v->web->app, mv->file.item);
    LawDue due;
    Err err = {0};
    Str day = STR("");
    if (!mv->file.law.accepted_at &&
        law_due(&rules.clock, rq->at, rules.promise, (LawIntervals){0}, &due, &err) && !due.open)
        day = date_text(rq->arena, due.day, lang_name(v->lang));
    set_str(rq->arena, mv->model, "promise_if_now", day);
}

HttpNext web_my_done(HttpRequest *rq, HttpResponse *rs)
{
    MyVisit mv;
    HttpNext next;
    if (!my_visit(rq, rs, &mv, &next))
        return next;
    set_str(rq->arena, mv.model, "title", title_of(rq, "my.done.title", mv.model));
    put_if_accepted_now(rq, &mv);
    return web_page(rq, rs, "done", mv.model);
}

HttpNext web_my_withdraw(HttpRequest *rq, HttpResponse *rs)
{
    MyVisit mv;
    HttpNext next;
    if (!my_visit(rq, rs, &mv, &next))
        return next;
    return my_show_withdraw(rq, rs, &mv, NULL, NULL);
}

HttpNext web_my_supplement(HttpRequest *rq, HttpResponse *rs)
{
    MyVisit mv;
    HttpNext next;
    if (!my_visit(rq, rs, &mv, &next))
        return next;
    return my_show_supplement(rq, rs, &mv, NULL, NULL);
}

HttpNext web_my_rate(HttpRequest *rq, HttpResponse *rs)
{
    MyVisit mv;
    HttpNext next;
    if (!my_visit(rq, rs, &mv, &next))
        return next;
    return my_show_rate(rq, rs, &mv, NULL, NULL);
}

/* ---- QR codes ---- */

static HttpNext qr_of(HttpRequest *rq, HttpResponse *rs, Str address)
{
    Err err = {0};
    Str svg;
    if (!qr_svg(rq->arena, address, address, &svg, &err))
        return web_error(rq, rs, &err);
    http_set_header(rq, rs, "Cache-Control", STR("private, max-age=3600"));
    http_set_header(rq, rs, "X-Content-Type-Options", STR("nosniff"));
    return http_answer(rq, rs, 200, "image/svg+xml", svg);
}

/* Where anybody with the check code can look; the code itself is not in it. */
HttpNext web_my_qr(HttpRequest *rq, HttpResponse *rs)
{
    const Visit *v = visit_of(rq);
    CaseFile cf;
    Err err = {0};
    Viewing by = viewing_of(rq);
    if (!my_case(&by, http_param(rq, "no"), &cf, &err))
        return web_error(rq, rs, &err);
    return qr_of(rq, rs,
                 str_fmt(rq->arena, STR_FMT "/progress?no=" STR_FMT,
                         STR_ARG(v->web->app->public_url), STR_ARG(cf.no)));
}

HttpNext web_my_certificate_qr(HttpRequest *rq, HttpResponse *rs)
{
    MyVisit mv;
    HttpNext next;
    if (!my_visit(rq, rs, &mv, &next))
        return next;
    Str address = get_str(value_at(mv.model, "certificate"), "url");
    return address.len ? qr_of(rq, rs, address) : web_status(rq, rs, 404, "http.404.text");
}
