/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an applicant does with a case after submitting: withdraw it, supply what was missing, rate
 * it. What is not accepted shows its form again with what was typed.
 */
#include "services/my/my.h"
#include "web/pages.h"

static MyVisit *visiting(const HttpRequest *rq)
{
    return visit_of(rq)->page;
}

static bool begin(HttpRequest *rq, HttpResponse *rs, Value **form, Value **in, HttpNext *next)
{
    Err err = {0};
    MyVisit *mv = NEW(rq->arena, MyVisit);
    if (!my_visit(rq, rs, mv, next))
        return false;
    if (!web_input(rq, form, &err)) {
        *next = web_error(rq, rs, &err);
        return false;
    }
    visit_of(rq)->page = mv;
    *in = value_map(rq->arena);
    set_str(rq->arena, *in, "case", str_fmt(rq->arena, "%lld", (long long)mv->file.id));
    return true;
}

/* What the use case says is wrong, when the visitor reads pages. */
static const Value *problems_to_show(const HttpRequest *rq)
{
    const Visit *v = visit_of(rq);
    if (v->op.command.ok || v->op.command.key_reused || http_wants_json(rq))
        return NULL;
    return value_at(v->op.out, "problems");
}

static HttpNext to_case(HttpRequest *rq, HttpResponse *rs)
{
    HttpNext next;
    const Visit *v = visit_of(rq);
    if (!web_command_ok(rq, rs, &next))
        return next;
    Str url = str_fmt(rq->arena, "/my/cases/" STR_FMT, STR_ARG(get_str(v->op.out, "no")));
    return web_done(rq, rs, url, 200, v->op.out);
}

/* ---- each result as soon as it is ready ---- */

HttpNext web_my_early_post(HttpRequest *rq, HttpResponse *rs)
{
    HttpNext next;
    Value *form, *in;
    if (!begin(rq, rs, &form, &in, &next))
        return next;
    return web_command(rq, rs, "my.early", my_early, in, to_case);
}

/* ---- withdraw ---- */

static Value *one_problem(const HttpRequest *rq, Str element, const char *key)
{
    Value *list = value_list(rq->arena);
    Value *p = push_map(rq->arena, list);
    set_str(rq->arena, p, "element", element);
    set_str(rq->arena, p, "key", str_z(key));
    set_int(rq->arena, p, "arg", RATING_REMARK_MAX / 3); /* characters of three bytes */
    return list;
}

static HttpNext withdrawn(HttpRequest *rq, HttpResponse *rs)
{
    const Visit *v = visit_of(rq);
    bool too_long = !v->op.command.ok && v->op.command.err.code == ERR_LIMIT;
    if (too_long && !http_wants_json(rq))
        return my_show_withdraw(rq, rs, visiting(rq), v->op.in,
                                one_problem(rq, STR("reason"), "error.too-long"));
    return to_case(rq, rs);
}

HttpNext web_my_withdraw_post(HttpRequest *rq, HttpResponse *rs)
{
    Value *form, *in;
    HttpNext next;
    if (!begin(rq, rs, &form, &in, &next))
        return next;
    set_str(rq->arena, in, "reason", str_trim(get_str(form, "reason")));
    return web_command(rq, rs, "my.withdraw", my_withdraw, in, withdrawn);
}

/* ---- what was missing ---- */

typedef struct {
    MyVisit visit; /* first: what visiting() gives */
    Value *in;
} Supplying;

static HttpNext supplied(HttpRequest *rq, HttpResponse *rs)
{
    const Visit *v = visit_of(rq);
    const Value *problems = problems_to_show(rq);
    bool too_long = !v->op.command.ok && v->op.command.err.code == ERR_LIMIT;
    if (too_long && !http_wants_json(rq))
        problems = one_problem(rq, STR("note"), "error.too-long");
    if (problems)
        return my_show_supplement(rq, rs, visiting(rq), v->op.in, problems);
    return to_case(rq, rs);
}

static HttpNext files_kept(HttpRequest *rq, HttpResponse *rs)
{
    const Supplying *s = visit_of(rq)->page;
    return web_command(rq, rs, "my.supply", my_supply, s->in, supplied);
}

/* Which point of the notice each file input answers: {file1: code, …}. */
static const Value *codes_of(const HttpRequest *rq, const MyVisit *mv)
{
    Value *codes = value_map(rq->arena);
    const Value *missing = value_at(value_at(mv->model, "correction"), "missing");
    for (size_t i = 0; i < value_count(missing); i++) {
        const Value *point = value_item(missing, i);
        value_set(rq->arena, codes, get_str(point, "field"),
                  value_str(rq->arena, get_str(point, "code")));
    }
    return codes;
}

/* The first file that is no photo and no PDF, told at its own point. */
static const Value *wrong_files(const HttpRequest *rq)
{
    const HttpFile *f = web_files_wrong(rq);
    return f ? one_problem(rq, f->field, web_file_wrong(f)) : NULL;
}

HttpNext web_my_supplement_post(HttpRequest *rq, HttpResponse *rs)
{
    Value *form, *in;
    HttpNext next;
    if (!begin(rq, rs, &form, &in, &next))
        return next;
    Supplying *s = NEW(rq->arena, Supplying);
    s->visit = *visiting(rq);
    set_str(rq->arena, in, "note", str_trim(get_str(form, "note")));
    const Value *wrong = wrong_files(rq);
    if (wrong && http_wants_json(rq))
        return web_status(rq, rs, 422, str_cstr(rq->arena, get_str(value_item(wrong, 0), "key")));
    if (wrong)
        return my_show_supplement(rq, rs, &s->visit, in, wrong);
    set_value(rq->arena, in, "files", web_files_value(rq, codes_of(rq, &s->visit)));
    s->in = in;
    visit_of(rq)->page = s;
    if (rq->files.len)
        return web_files_keep(rq, rs, files_kept);
    return web_command(rq, rs, "my.supply", my_supply, in, supplied);
}

/* ---- rating ---- */

static HttpNext rated(HttpRequest *rq, HttpResponse *rs)
{
    const Visit *v = visit_of(rq);
    const Value *problems = problems_to_show(rq);
    if (problems)
        return my_show_rate(rq, rs, visiting(rq), v->op.in, problems);
    return to_case(rq, rs);
}

HttpNext web_my_rate_post(HttpRequest *rq, HttpResponse *rs)
{
    Value *form, *in;
    HttpNext next;
    if (!begin(rq, rs, &form, &in, &next))
        return next;
    const Value *given = value_at(form, "reasons");
    Value *reasons = set_list(rq->arena, in, "reasons");
    if (value_is(given, VALUE_LIST))
        for (uint32_t i = 0; i < given->list.count; i++)
            push_str(rq->arena, reasons, value_text(value_item(given, i)));
    else if (value_text(given).len)
        push_str(rq->arena, reasons, value_text(given));
    set_int(rq->arena, in, "level", get_int(form, "level", 0));
    set_str(rq->arena, in, "remark", str_trim(get_str(form, "remark")));
    return web_command(rq, rs, "my.rate", my_rate, in, rated);
}
