/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A case opened by staff: window and back office show the same case with other things beside it.
 *
 * Opening writes who looked into the person's access log before anything is shown; it is the one
 * thing that a GET writes. An act that was not accepted shows the page again with what was typed.
 */
#include "web/staff.h"

enum { LIST_MAX = 40 };

static bool belongs(const HttpRequest *rq, const CaseFile *cf, bool *may, Err *err)
{
    const Visit *v = visit_of(rq);
    *may = (v->actor.roles & ROLE_SUPERVISOR) != 0;
    return *may ||
           casework_organ_sees(v->reader, rq->arena, v->web->app, cf, v->actor.organ, may, err);
}

static bool open_case(HttpRequest *rq, HttpResponse *rs, StaffVisit *sv, HttpNext *next)
{
    Visit *v = visit_of(rq);
    const App *app = v->web->app;
    int64_t id;
    bool may;
    Err err = {0};
    if (!casework_id(v->reader, rq->arena, app, http_param(rq, "no"), &id, &err) ||
        !casework_load(v->reader, rq->arena, app, id, &sv->cf, &err) ||
        !belongs(rq, &sv->cf, &may, &err)) {
        *next = err.code == ERR_NOT_FOUND ? web_status(rq, rs, 404, "desk.error.no-case")
                                          : web_error(rq, rs, &err);
        return false;
    }
    if (!may) {
        *next = web_status(rq, rs, 403, "desk.error.other-organ");
        return false;
    }
    v->page = sv;
    return true;
}

static void put_case(const HttpRequest *rq, const StaffVisit *sv, Value *in)
{
    set_str(rq->arena, in, "case", str_fmt(rq->arena, "%lld", (long long)sv->cf.id));
}

/* ---- showing ---- */

static void put_problems(const HttpRequest *rq, const StaffVisit *sv, Value *m)
{
    for (uint32_t i = 0; sv->act && i < value_count(sv->problems); i++) {
        Str element = get_str(value_item(sv->problems, i), "element");
        const char *name = str_cstr(rq->arena, element);
        web_problem(rq, m, str_fmt(rq->arena, "%s-%s", sv->act->key, name),
                    staff_wrong(rq, sv, sv->act->key, name));
    }
}

static HttpNext show(HttpRequest *rq, HttpResponse *rs)
{
    Visit *v = visit_of(rq);
    StaffVisit *sv = v->page;
    Value *m = value_map(rq->arena);
    Err err = {0};
    Viewing by = viewing_of(rq);
    if (sv->page->show)
        return sv->page->show(rq, rs);
    if (!case_view(&by, &sv->cf, VIEW_STAFF, m, &err) || !staff_words(rq, sv, m, &err))
        return web_error(rq, rs, &err);
    put_problems(rq, sv, m);
    set_bool(rq->arena, m, "conflict", sv->conflict);
    if (sv->act)
        rs->status = sv->conflict ? 409 : 422;
    sv->page->fill(rq, sv, m);
    set_str(rq->arena, m, "title", web_text_with(rq, "desk.case.title", m));
    return web_page(rq, rs, sv->page->template_name, m);
}

static HttpNext looked(HttpRequest *rq, HttpResponse *rs)
{
    HttpNext next;
    return web_command_ok(rq, rs, &next) ? show(rq, rs) : next;
}

/* Whatever shows a case is logged before, also the page that says what is wrong with an act. */
static HttpNext look(HttpRequest *rq, HttpResponse *rs)
{
    const StaffVisit *sv = visit_of(rq)->page;
    Value *in = value_map(rq->arena);
    put_case(rq, sv, in);
    return web_command_each_time(rq, rs, "desk.look", desk_look, in, looked);
}

HttpNext staff_case(HttpRequest *rq, HttpResponse *rs, const StaffPage *page)
{
    StaffVisit *sv = NEW(rq->arena, StaffVisit);
    HttpNext next;
    sv->page = page;
    return open_case(rq, rs, sv, &next) ? look(rq, rs) : next;
}

/* ---- acting ---- */

static bool closed_name(Str state)
{
    for (int s = 0; s < LAW_STATES; s++)
        if (str_eq(state, str_z(law_state_name((LawState)s))))
            return law_is_closed((LawState)s);
    return false;
}

static HttpNext acted(HttpRequest *rq, HttpResponse *rs)
{
    HttpNext next;
    Visit *v = visit_of(rq);
    StaffVisit *sv = v->page;
    const Command *c = &v->op.command;
    sv->problems = value_at(v->op.out, "problems");
    sv->conflict = c->err.code == ERR_CONFLICT;
    if (!c->ok && !c->key_reused && !http_wants_json(rq) && (sv->problems || sv->conflict)) {
        Err err = {0};
        if (!casework_load(v->reader, rq->arena, v->web->app, sv->cf.id, &sv->cf, &err))
            return web_error(rq, rs, &err);
        return look(rq, rs);
    }
    if (!web_command_ok(rq, rs, &next))
        return next;
    bool closed = closed_name(get_str(v->op.out, "state"));
    Str no = sv->cf.no;
    Str url = closed ? str_fmt(rq->arena, "%s?done=%s&no=" STR_FMT, sv->page->root, sv->act->key,
                               STR_ARG(no))
                     : str_fmt(rq->arena, "%s/cases/" STR_FMT "?done=%s", sv->page->root,
                               STR_ARG(no), sv->act->key);
    return web_done(rq, rs, url, 200, v->op.out);
}

HttpNext staff_act(HttpRequest *rq, HttpResponse *rs, const StaffPage *page, const StaffAct *act)
{
    StaffVisit *sv = NEW(rq->arena, StaffVisit);
    HttpNext next;
    Value *form;
    Err err = {0};
    sv->page = page;
    sv->act = act;
    if (!web_input(rq, &form, &err))
        return web_error(rq, rs, &err);
    if (!open_case(rq, rs, sv, &next))
        return next;
    Value *in = act->read ? act->read(rq, form) : value_map(rq->arena);
    put_case(rq, sv, in);
    sv->typed = in;
    return web_command(rq, rs, act->name, act->run, in, acted);
}

/* A page that was shown for a POST keeps its address: reloading it, or choosing another language
 * there, leads back to the case. */
HttpNext web_staff_back(HttpRequest *rq, HttpResponse *rs)
{
    Str no = str_percent(rq->arena, http_param(rq, "no"));
    return http_redirect(rq, rs,
                         str_fmt(rq->arena, STR_FMT "/cases/" STR_FMT,
                                 STR_ARG(str_slice(rq->path, 0, 2)), STR_ARG(no)));
}

/* ---- what was sent ---- */

Str staff_line(const Value *form, const char *name)
{
    return str_trim(get_str(form, name));
}

size_t staff_lines(const Value *form, const char *name, Str *lines, size_t max)
{
    const Value *v = value_at(form, name);
    size_t n = 0;
    if (value_is(v, VALUE_STR) && n < max)
        lines[n++] = str_trim(v->text);
    for (uint32_t i = 0; value_is(v, VALUE_LIST) && i < v->list.count && n < max; i++)
        if (value_is(value_item(v, i), VALUE_STR))
            lines[n++] = str_trim(value_item(v, i)->text);
    return n;
}

Value *staff_read_reason(const HttpRequest *rq, const Value *form)
{
    Value *in = value_map(rq->arena);
    set_str(rq->arena, in, "reason", staff_line(form, "reason"));
    return in;
}

Value *staff_read_ground(const HttpRequest *rq, const Value *form)
{
    Value *in = staff_read_reason(rq, form);
    set_str(rq->arena, in, "ground", staff_line(form, "ground"));
    return in;
}

Value *staff_read_claim(const HttpRequest *rq, const Value *form)
{
    Value *in = value_map(rq->arena);
    set_str(rq->arena, in, "task", staff_line(form, "task"));
    return in;
}

/* ---- forms ---- */

static bool sent(const StaffVisit *sv, const char *act)
{
    return sv->act && strcmp(sv->act->key, act) == 0;
}

Str staff_typed(const StaffVisit *sv, const char *act, const char *name)
{
    return sent(sv, act) ? get_str(sv->typed, name) : STR("");
}

/* A problem in words of the form where it stands, where it has some. */
Str staff_wrong(const HttpRequest *rq, const StaffVisit *sv, const char *act, const char *element)
{
    const Visit *v = visit_of(rq);
    for (uint32_t i = 0; sent(sv, act) && i < value_count(sv->problems); i++) {
        const Value *p = value_item(sv->problems, i);
        if (!str_eq(get_str(p, "element"), str_z(element)))
            continue;
        Str key = get_str(p, "key");
        Str own = str_fmt(rq->arena, "desk." STR_FMT ".%s", STR_ARG(key), element);
        if (value_get(v->web->texts[v->lang], own))
            return web_text_str(rq, own);
        return web_text_with(rq, str_cstr(rq->arena, key), p);
    }
    return STR("");
}

static const char *key_of(const HttpRequest *rq, const char *act, const char *what)
{
    return str_cstr(rq->arena, str_fmt(rq->arena, "desk.%s.%s", act, what));
}

static const char *id_of(const HttpRequest *rq, const char *act, const char *what)
{
    return str_cstr(rq->arena, str_fmt(rq->arena, "%s-%s", act, what));
}

Value *staff_grounds(const HttpRequest *rq, const StaffVisit *sv, const char *act,
                     const Ground *grounds, size_t n)
{
    Lang lang = visit_of(rq)->lang;
    WebBox box = {.shape = "choice",
                  .id = id_of(rq, act, "ground"),
                  .name = "ground",
                  .label = key_of(rq, act, "ground"),
                  .value = staff_typed(sv, act, "ground"),
                  .error = staff_wrong(rq, sv, act, "ground"),
                  .required = true};
    Value *f = web_box(rq, &box);
    for (size_t i = 0; i < n && i < LIST_MAX; i++)
        web_box_option(rq, f, grounds[i].key, text_in(grounds[i].text, lang),
                       text_in(grounds[i].basis, lang));
    return f;
}

Value *staff_reason(const HttpRequest *rq, const StaffVisit *sv, const char *act, Str prefill,
                    bool required)
{
    WebBox box = {.shape = "area",
                  .id = id_of(rq, act, "reason"),
                  .name = "reason",
                  .label = key_of(rq, act, "reason"),
                  .hint = key_of(rq, act, "reason.hint"),
                  .value = sent(sv, act) ? get_str(sv->typed, "reason") : prefill,
                  .error = staff_wrong(rq, sv, act, "reason"),
                  .required = required};
    return web_box(rq, &box);
}
