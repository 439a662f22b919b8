/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signing in and out. Citizens come from an identity provider; the demo's page of synthetic people
 * stands where one will. Staff give a password: it is checked on the pool, the same time for an
 * unknown login as for a wrong word. Signing in is never idempotent: whoever repeats a key must not
 * try passwords without being counted.
 */
#include "base/rand.h"
#include "services/party/party.h"
#include "services/party/password.h"
#include "web/pages.h"

enum { CSRF_BYTES = 24 };

static HttpNext staff_page(HttpRequest *rq, HttpResponse *rs, const char *error_key);

typedef struct {
    Account account;
    Str password;
    bool matches;
    Str token, next;
} SignIn;

HttpNext web_login(HttpRequest *rq, HttpResponse *rs)
{
    Value *m = value_map(rq->arena);
    set_str(rq->arena, m, "next", web_next_path(rq, "/my"));
    set_str(rq->arena, m, "next_q", str_percent(rq->arena, web_next_path(rq, "/my")));
    set_bool(rq->arena, m, "demo", visit_of(rq)->web->app->demo);
    return web_page(rq, rs, "login", m);
}

/* ---- the demo's identity provider ---- */

HttpNext web_demo_identity(HttpRequest *rq, HttpResponse *rs)
{
    const Visit *v = visit_of(rq);
    const Catalogue *c = v->web->app->catalogue;
    Value *m = value_map(rq->arena);
    set_str(rq->arena, m, "next", web_next_path(rq, "/my"));
    Value *people = set_list(rq->arena, m, "people");
    for (size_t i = 0; i < c->person_count; i++) {
        Value *row = push_map(rq->arena, people);
        set_str(rq->arena, row, "id_number", c->people[i].id_number);
        set_str(rq->arena, row, "name", c->people[i].name);
        set_str(rq->arena, row, "organisation", c->people[i].organisation);
        set_str(rq->arena, row, "note", text_in(c->people[i].note, v->lang));
    }
    return web_page(rq, rs, "identity", m);
}

static Value *session_input(HttpRequest *rq, SignIn *s)
{
    s->token = rand_token(rq->arena, SESSION_TOKEN_BYTES);
    Value *in = value_map(rq->arena);
    set_str(rq->arena, in, "token_hash", session_token_hash(rq->arena, s->token));
    set_str(rq->arena, in, "csrf", rand_token(rq->arena, CSRF_BYTES));
    return in;
}

static HttpNext signed_in(HttpRequest *rq, HttpResponse *rs)
{
    HttpNext next;
    const Visit *v = visit_of(rq);
    if (!web_command_ok(rq, rs, &next))
        return next;
    if (get_bool(v->op.out, "locked"))
        return staff_page(rq, rs, "staff.locked");
    const SignIn *s = v->page;
    web_session_cookie(rq, rs, s->token, 0);
    Value *out = value_map(rq->arena);
    set_str(rq->arena, out, "csrf", get_str(v->op.in, "csrf"));
    return web_done(rq, rs, s->next, 200, out);
}

HttpNext web_demo_identity_post(HttpRequest *rq, HttpResponse *rs)
{
    Visit *v = visit_of(rq);
    const Catalogue *c = v->web->app->catalogue;
    Value *form;
    Err err = {0};
    if (!web_input(rq, &form, &err))
        return web_error(rq, rs, &err);
    const DemoPerson *person = NULL;
    for (size_t i = 0; i < c->person_count; i++)
        if (str_eq(c->people[i].id_number, get_str(form, "id_number")))
            person = &c->people[i];
    if (!person)
        return web_status(rq, rs, 422, "http.422.text");
    SignIn *s = NEW(rq->arena, SignIn);
    s->next = web_next_path(rq, "/my");
    v->page = s;
    Value *in = session_input(rq, s);
    set_str(rq->arena, in, "kind", STR("person"));
    set_str(rq->arena, in, "id_type", STR("idcard"));
    set_str(rq->arena, in, "id_number", person->id_number);
    set_str(rq->arena, in, "name", person->name);
    set_str(rq->arena, in, "phone", person->phone);
    return web_command_each_time(rq, rs, "party.sign_in", party_sign_in, in, signed_in);
}

/* ---- staff ---- */

/* The demo tells its accounts: whoever may open it may try them all. */
static void put_accounts(HttpRequest *rq, Value *m)
{
    const App *app = visit_of(rq)->web->app;
    const Catalogue *c = app->catalogue;
    set_bool(rq->arena, m, "has_accounts", app->demo && c->staff_count);
    Value *list = set_list(rq->arena, m, "accounts");
    for (size_t i = 0; app->demo && i < c->staff_count; i++) {
        Value *row = push_map(rq->arena, list);
        StrBuf what = buf_in(rq->arena);
        unsigned roles = roles_read(c->staff[i].roles);
        for (unsigned role = ROLE_CLERK; role <= ROLE_ADMIN; role *= 2) {
            if (!(roles & role))
                continue;
            if (what.len)
                buf_add(&what, web_text(rq, "desk.list.and"));
            buf_add(&what,
                    web_text_str(rq, str_join(rq->arena, STR("staff.role."), role_name(role))));
        }
        set_str(rq->arena, row, "account", c->staff[i].login);
        set_str(rq->arena, row, "password", c->staff[i].password);
        set_str(rq->arena, row, "person", c->staff[i].name);
        set_str(rq->arena, row, "what", buf_str(&what));
    }
}

static HttpNext staff_page(HttpRequest *rq, HttpResponse *rs, const char *error_key)
{
    Value *m = value_map(rq->arena);
    Str login = http_form(rq, "login");
    set_str(rq->arena, m, "next", web_next_path(rq, ""));
    put_accounts(rq, m);
    if (error_key) {
        rs->status = 422;
        web_problem(rq, m, STR("login"), web_text(rq, error_key));
    }
    Value *fields = set_list(rq->arena, m, "fields");
    value_push(rq->arena, fields, web_line(rq, "text", "login", "staff.login", "", login));
    value_push(rq->arena, fields,
               web_line(rq, "password", "password", "staff.password", "", STR("")));
    return web_page(rq, rs, "staff_login", m);
}

HttpNext web_staff_login(HttpRequest *rq, HttpResponse *rs)
{
    return staff_page(rq, rs, NULL);
}

static HttpNext refused(HttpRequest *rq, HttpResponse *rs)
{
    HttpNext next;
    const Visit *v = visit_of(rq);
    if (!web_command_ok(rq, rs, &next))
        return next;
    return staff_page(rq, rs, get_bool(v->op.out, "locked") ? "staff.locked" : "staff.wrong");
}

static HttpNext checked(HttpRequest *rq, HttpResponse *rs)
{
    Visit *v = visit_of(rq);
    SignIn *s = v->page;
    Value *in = session_input(rq, s);
    set_int(rq->arena, in, "account", s->account.id);
    if (s->matches)
        return web_command_each_time(rq, rs, "staff.sign_in", staff_sign_in, in, signed_in);
    return web_command_each_time(rq, rs, "staff.sign_in_failed", staff_sign_in_failed, in, refused);
}

static void check_password(HttpRequest *rq)
{
    SignIn *s = visit_of(rq)->page;
    s->matches = password_matches(rq->arena, s->account.password, s->password);
}

static const char *first_page(unsigned roles)
{
    if (roles & ROLE_CLERK)
        return "/w";
    if (roles & (ROLE_APPROVER | ROLE_SUPERVISOR))
        return "/o";
    if (roles & ROLE_ADMIN)
        return "/admin";
    return roles & ROLE_DESIGNER ? "/d/standards" : "/";
}

HttpNext web_staff_login_post(HttpRequest *rq, HttpResponse *rs)
{
    Visit *v = visit_of(rq);
    Value *form;
    Err err = {0};
    SignIn *s = NEW(rq->arena, SignIn);
    v->page = s;
    if (!web_input(rq, &form, &err) ||
        !account_find(v->reader, rq->arena, get_str(form, "login"), &s->account, &err))
        return web_error(rq, rs, &err);
    s->password = get_str(form, "password");
    s->next = web_next_path(rq, first_page(s->account.roles));
    if (s->password.len > PASSWORD_MAX)
        return staff_page(rq, rs, "staff.wrong");
    if (s->account.locked_until > rq->at)
        return staff_page(rq, rs, "staff.locked");
    return web_job(rq, rs, check_password, checked);
}

/* ---- out ---- */

static HttpNext signed_out(HttpRequest *rq, HttpResponse *rs)
{
    HttpNext next;
    if (!web_command_ok(rq, rs, &next))
        return next;
    web_session_end(rq, rs);
    return web_done(rq, rs, STR("/"), 200, value_map(rq->arena));
}

HttpNext web_logout(HttpRequest *rq, HttpResponse *rs)
{
    const Visit *v = visit_of(rq);
    if (!v->session_token_hash.len)
        return web_done(rq, rs, STR("/"), 200, value_map(rq->arena));
    Value *in = value_map(rq->arena);
    set_str(rq->arena, in, "token_hash", v->session_token_hash);
    return web_command(rq, rs, "session.close", session_close, in, signed_out);
}
