/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an applicant sends. Each POST saves at once and leads on by 303; one that is not accepted
 * shows its page again with what was typed and what is wrong.
 */
#include "model/form.h"
#include "services/exchange/exchange.h"
#include "web/pages.h"

enum { RAW_MAX = 40, FILES_OF_MATERIAL = 5 };

/* An item that takes no applications: its own words instead of those of any conflict. */
static bool command_ok(HttpRequest *rq, HttpResponse *rs, HttpNext *next)
{
    const Visit *v = visit_of(rq);
    Str why = v->op.command.ok ? STR("") : get_str(v->op.out, "closed");
    if (!why.len)
        return web_command_ok(rq, rs, next);
    Str key = str_fmt(rq->arena, "closed." STR_FMT, STR_ARG(why));
    *next = web_status(rq, rs, 409, str_cstr(rq->arena, key));
    return false;
}

/* ---- starting ---- */

static HttpNext started(HttpRequest *rq, HttpResponse *rs)
{
    HttpNext next;
    Visit *v = visit_of(rq);
    if (!command_ok(rq, rs, &next))
        return next;
    Str url = str_fmt(rq->arena, "/apply/" STR_FMT, STR_ARG(get_str(v->op.out, "draft")));
    return web_done(rq, rs, url, 201, v->op.out);
}

/* Answers given on the guide page come as answer.KEY fields, or as {answers: {…}} in JSON. */
HttpNext web_apply_start(HttpRequest *rq, HttpResponse *rs)
{
    Value *form;
    Err err = {0};
    if (!web_input(rq, &form, &err))
        return web_error(rq, rs, &err);
    Value *in = value_map(rq->arena);
    set_str(rq->arena, in, "item", get_str(form, "item"));
    set_str(rq->arena, in, "lang", lang_name(visit_of(rq)->lang));
    const Value *given = value_at(form, "answers");
    Value *answers =
        value_is(given, VALUE_MAP) ? value_copy(rq->arena, given) : value_map(rq->arena);
    for (uint32_t i = 0; i < form->map.count; i++) {
        Str key = form->map.members[i].key;
        if (str_starts(key, STR("answer.")))
            value_set(rq->arena, answers, str_slice(key, 7, key.len), form->map.members[i].value);
    }
    set_value(rq->arena, in, "answers", answers);
    return web_command(rq, rs, "apply.start", apply_start, in, started);
}

/* ---- one page ---- */

static size_t raw_texts(Arena *a, const Value *v, Str *raw)
{
    size_t n = 0;
    if (!v)
        return 0;
    if (v->kind == VALUE_BOOL)
        raw[n++] = v->truth ? STR("true") : STR("false");
    else if (v->kind == VALUE_LIST)
        for (; n < v->list.count && n < RAW_MAX; n++)
            raw[n] = value_text(value_item(v, n));
    else if (value_text(v).len)
        raw[n++] = value_text(v);
    (void)a;
    return n;
}

static Value *read_answers(Arena *a, const Page *page, const Value *form)
{
    const Value *nested = value_at(form, "answers");
    const Value *from = value_is(nested, VALUE_MAP) ? nested : form;
    Value *answers = value_map(a);
    for (size_t i = 0; i < page->question_count; i++) {
        const Element *e = page->questions[i].element;
        Str raw[RAW_MAX];
        size_t n = raw_texts(a, value_get(from, e->key), raw);
        value_set(a, answers, e->key, form_read_answer(a, e, raw, n));
    }
    return answers;
}

/* True when the use case said what is wrong and the visitor reads pages. */
static const Value *problems_to_show(HttpRequest *rq)
{
    const Visit *v = visit_of(rq);
    if (v->op.command.ok || v->op.command.key_reused || http_wants_json(rq))
        return NULL;
    return value_at(v->op.out, "problems");
}

/* What is shown again depends on what was typed, though that is not saved. */
static bool judge_typed(HttpRequest *rq, HttpResponse *rs, ApplyVisit *a, HttpNext *next)
{
    Err err = {0};
    const Value *typed = value_at(visit_of(rq)->op.in, "answers");
    a->draft.answers = value_copy(rq->arena, a->draft.answers);
    for (uint32_t i = 0; i < value_count(typed); i++)
        value_set(rq->arena, a->draft.answers, typed->map.members[i].key,
                  typed->map.members[i].value);
    if (draft_view(rq->arena, visit_of(rq)->web->app, &a->draft, rq->at, &a->view, &err))
        return true;
    *next = web_error(rq, rs, &err);
    return false;
}

static HttpNext saved(HttpRequest *rq, HttpResponse *rs)
{
    HttpNext next;
    Visit *v = visit_of(rq);
    ApplyVisit *a = v->page;
    const Value *problems = problems_to_show(rq);
    if (problems) {
        if (!judge_typed(rq, rs, a, &next))
            return next;
        return apply_show_page(rq, rs, a, value_at(v->op.in, "answers"), problems);
    }
    if (!web_command_ok(rq, rs, &next))
        return next;
    Str to = get_str(v->op.out, "next");
    bool later = get_bool(v->op.in, "partial");
    Str url = later ? apply_url(rq, &a->draft, STR(""))
                    : apply_url(rq, &a->draft, to.len ? to : STR("answers"));
    return web_done(rq, rs, url, 200, v->op.out);
}

static bool begin(HttpRequest *rq, HttpResponse *rs, Value **form, Value **in, HttpNext *next)
{
    Err err = {0};
    ApplyVisit *a = NEW(rq->arena, ApplyVisit);
    if (!apply_visit(rq, rs, a, next))
        return false;
    if (!web_input(rq, form, &err)) {
        *next = web_error(rq, rs, &err);
        return false;
    }
    visit_of(rq)->page = a;
    *in = value_map(rq->arena);
    set_str(rq->arena, *in, "draft", http_param(rq, "draft"));
    return true;
}

static ApplyVisit *applying(const HttpRequest *rq)
{
    return visit_of(rq)->page;
}

HttpNext web_apply_save(HttpRequest *rq, HttpResponse *rs)
{
    Value *form, *in;
    HttpNext next;
    if (!begin(rq, rs, &form, &in, &next))
        return next;
    const Page *page = applying(rq)->page;
    set_str(rq->arena, in, "page", page->id);
    set_value(rq->arena, in, "answers", read_answers(rq->arena, page, form));
    set_bool(rq->arena, in, "partial",
             http_form(rq, "_later").len > 0 || get_bool(form, "partial"));
    return web_command(rq, rs, "apply.save", apply_save, in, saved);
}

/* ---- facts ---- */

static HttpNext back_to_page(HttpRequest *rq, HttpResponse *rs)
{
    HttpNext next;
    Visit *v = visit_of(rq);
    if (!web_command_ok(rq, rs, &next))
        return next;
    const ApplyVisit *a = v->page;
    return web_done(rq, rs, apply_url(rq, &a->draft, a->page->id), 200, v->op.out);
}

typedef struct {
    ApplyVisit visit; /* first: what applying() gives */
    const Source *source;
    Value *inputs, *fact, *in;
} Reading;

static void ask_source(HttpRequest *rq)
{
    Reading *r = visit_of(rq)->page;
    r->fact = exchange_ask(visit_of(rq)->web->app, rq->arena, r->source, r->inputs);
}

static HttpNext source_answered(HttpRequest *rq, HttpResponse *rs)
{
    Reading *r = visit_of(rq)->page;
    set_value(rq->arena, r->in, "fact", r->fact);
    return web_command(rq, rs, "apply.facts", apply_facts, r->in, back_to_page);
}

HttpNext web_apply_read(HttpRequest *rq, HttpResponse *rs)
{
    Value *form, *in;
    HttpNext next;
    if (!begin(rq, rs, &form, &in, &next))
        return next;
    Reading *r = NEW(rq->arena, Reading);
    r->visit = *applying(rq);
    if (r->visit.page->kind != PAGE_FACTS)
        return web_status(rq, rs, 404, "http.404.text");
    r->source = catalogue_source(visit_of(rq)->web->app->catalogue, r->visit.page->source);
    r->inputs = draft_source_inputs(rq->arena, &r->visit.draft, r->source);
    if (!r->inputs)
        return web_status(rq, rs, 409, "facts.inputs");
    set_str(rq->arena, in, "source", r->source->key);
    r->in = in;
    visit_of(rq)->page = r;
    return web_job(rq, rs, ask_source, source_answered);
}

static HttpNext on_to_next(HttpRequest *rq, HttpResponse *rs)
{
    HttpNext next;
    Visit *v = visit_of(rq);
    if (!web_command_ok(rq, rs, &next))
        return next;
    ApplyVisit a = *(ApplyVisit *)v->page;
    const Page *page = a.page;
    if (!apply_visit(rq, rs, &a, &next)) /* what follows depends on what was just saved */
        return next;
    const Page *to = draft_next_page(rq->arena, &a.draft, page, &a.view);
    return web_done(rq, rs, apply_url(rq, &a.draft, to ? to->id : STR("answers")), 200, v->op.out);
}

HttpNext web_apply_decline(HttpRequest *rq, HttpResponse *rs)
{
    Value *form, *in;
    HttpNext next;
    if (!begin(rq, rs, &form, &in, &next))
        return next;
    Value *fact = value_map(rq->arena);
    set_str(rq->arena, fact, "source", applying(rq)->page->source);
    set_str(rq->arena, fact, "state", STR("declined"));
    set_int(rq->arena, fact, "at", rq->at);
    set_str(rq->arena, in, "source", applying(rq)->page->source);
    set_value(rq->arena, in, "fact", fact);
    return web_command(rq, rs, "apply.facts", apply_facts, in, on_to_next);
}

HttpNext web_apply_confirm(HttpRequest *rq, HttpResponse *rs)
{
    Value *form, *in;
    HttpNext next;
    if (!begin(rq, rs, &form, &in, &next))
        return next;
    const Value *confirm = value_at(form, "confirm");
    set_str(rq->arena, in, "source", applying(rq)->page->source);
    set_bool(rq->arena, in, "confirm",
             get_bool(form, "confirm") || str_eq(value_text(confirm), STR("yes")));
    set_str(rq->arena, in, "note", str_trim(get_str(form, "note")));
    return web_command(rq, rs, "apply.confirm", apply_confirm, in, on_to_next);
}

/* ---- materials ---- */

static Value *one_problem(HttpRequest *rq, const char *element, const char *key, int64_t arg)
{
    Value *list = value_list(rq->arena);
    Value *p = push_map(rq->arena, list);
    set_str(rq->arena, p, "element", str_z(element));
    set_str(rq->arena, p, "key", str_z(key));
    set_int(rq->arena, p, "arg", arg);
    return list;
}

typedef struct {
    ApplyVisit visit; /* first */
    Value *in;
} Giving;

static HttpNext gave(HttpRequest *rq, HttpResponse *rs)
{
    Visit *v = visit_of(rq);
    const ApplyVisit *a = v->page;
    if (!v->op.command.ok && v->op.command.err.code == ERR_LIMIT && !http_wants_json(rq)) {
        const ItemMaterial *m = item_material(a->draft.item, a->page->material);
        int64_t most = m->max_files > 0 ? m->max_files : FILES_OF_MATERIAL;
        return apply_show_page(rq, rs, a, NULL, one_problem(rq, "file", "error.file.count", most));
    }
    return back_to_page(rq, rs);
}

static HttpNext files_kept(HttpRequest *rq, HttpResponse *rs)
{
    const Giving *g = visit_of(rq)->page;
    return web_command(rq, rs, "apply.give", apply_give, g->in, gave);
}

HttpNext web_apply_upload(HttpRequest *rq, HttpResponse *rs)
{
    Value *form, *in;
    HttpNext next;
    if (!begin(rq, rs, &form, &in, &next))
        return next;
    Giving *u = NEW(rq->arena, Giving);
    u->visit = *applying(rq);
    const HttpFile *file = web_files_wrong(rq);
    const char *wrong = file ? web_file_wrong(file) : rq->files.len ? NULL : "error.file.required";
    if (u->visit.page->kind != PAGE_MATERIAL)
        return web_status(rq, rs, 404, "http.404.text");
    if (wrong && http_wants_json(rq))
        return web_status(rq, rs, strcmp(wrong, "error.file.type") == 0 ? 415 : 422, wrong);
    if (wrong)
        return apply_show_page(rq, rs, &u->visit, NULL, one_problem(rq, "file", wrong, 0));
    set_str(rq->arena, in, "code", u->visit.page->material);
    set_str(rq->arena, in, "way", STR("upload"));
    set_value(rq->arena, in, "files", web_files_value(rq, NULL));
    u->in = in;
    visit_of(rq)->page = u;
    return web_files_keep(rq, rs, files_kept);
}

HttpNext web_apply_mail(HttpRequest *rq, HttpResponse *rs)
{
    Value *form, *in;
    HttpNext next;
    if (!begin(rq, rs, &form, &in, &next))
        return next;
    set_str(rq->arena, in, "code", applying(rq)->page->material);
    set_str(rq->arena, in, "way", STR("mail"));
    return web_command(rq, rs, "apply.give", apply_give, in, on_to_next);
}

HttpNext web_apply_remove(HttpRequest *rq, HttpResponse *rs)
{
    Value *form, *in;
    HttpNext next;
    if (!begin(rq, rs, &form, &in, &next))
        return next;
    set_str(rq->arena, in, "material", get_str(form, "material"));
    return web_command(rq, rs, "apply.take_back", apply_take_back, in, back_to_page);
}

/* ---- the end ---- */

static HttpNext case_made(HttpRequest *rq, HttpResponse *rs)
{
    Value *out = visit_of(rq)->op.out;
    Str url = str_fmt(rq->arena, "/my/cases/" STR_FMT "/done", STR_ARG(get_str(out, "no")));
    return web_done(rq, rs, url, 201, out);
}

static HttpNext submitted(HttpRequest *rq, HttpResponse *rs)
{
    HttpNext next;
    const Value *problems = problems_to_show(rq);
    if (problems)
        return apply_show_answers(rq, rs, applying(rq), problems);
    return command_ok(rq, rs, &next) ? case_made(rq, rs) : next;
}

static bool is_yes(const Value *form, const char *key)
{
    return get_bool(form, key) || str_eq(get_str(form, key), STR("yes"));
}

HttpNext web_apply_submit(HttpRequest *rq, HttpResponse *rs)
{
    Value *form, *in;
    HttpNext next;
    Visit *v = visit_of(rq);
    int64_t id;
    /* A repeat of a submission that worked finds a closed draft: the stored answer knows better. */
    bool repeat = http_form(rq, "_key").len || http_header(rq, "Idempotency-Key").len;
    Err err = {0};
    if (!str_int(http_param(rq, "draft"), &id) || !web_input(rq, &form, &err))
        return web_status(rq, rs, 404, "http.404.text");
    if (!repeat || !http_wants_json(rq)) {
        ApplyVisit *a = NEW(rq->arena, ApplyVisit);
        if (!repeat && !apply_visit(rq, rs, a, &next))
            return next;
        if (repeat &&
            draft_load(v->reader, rq->arena, v->web->app, id, v->actor.id, &a->draft, &err))
            (void)!draft_view(rq->arena, v->web->app, &a->draft, rq->at, &a->view, &err);
        v->page = a;
    }
    in = value_map(rq->arena);
    set_str(rq->arena, in, "draft", http_param(rq, "draft"));
    set_bool(rq->arena, in, "declaration", is_yes(form, "declaration"));
    return web_command(rq, rs, "apply.submit", apply_submit, in, submitted);
}

static HttpNext dropped(HttpRequest *rq, HttpResponse *rs)
{
    HttpNext next;
    if (!web_command_ok(rq, rs, &next))
        return next;
    return web_done(rq, rs, STR("/my"), 200, visit_of(rq)->op.out);
}

HttpNext web_apply_drop(HttpRequest *rq, HttpResponse *rs)
{
    Value *form, *in;
    HttpNext next;
    if (!begin(rq, rs, &form, &in, &next))
        return next;
    return web_command(rq, rs, "apply.drop", apply_drop, in, dropped);
}

/* No page stands behind it: what is wrong is told as a problem, also to a browser. */
static HttpNext submitted_at_once(HttpRequest *rq, HttpResponse *rs)
{
    HttpNext next;
    return command_ok(rq, rs, &next) ? case_made(rq, rs) : next;
}

/* For programs: a whole application in one call. */
HttpNext web_apply_at_once(HttpRequest *rq, HttpResponse *rs)
{
    Value *in;
    Err err = {0};
    if (!web_input(rq, &in, &err))
        return web_error(rq, rs, &err);
    return web_command(rq, rs, "apply.at_once", apply_at_once, in, submitted_at_once);
}
