/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Before every handler: who visits, in what language and size, may they, and does a POST come from
 * a page of ours.
 *
 * A POST is ours when the browser does not say that it came from elsewhere (Sec-Fetch-Site, else
 * Origin) and it carries the visitor's token: the session's, or before signing in the HMAC of a
 * random cookie under this process's secret, which nobody else can compute.
 * A system of another department shows a bearer token and has no cookies: its routes know neither
 * sessions nor tokens of pages.
 * Choices (?lang= ?size= ?theme=) become cookies; the visitor is sent to the same address without
 * them.
 */
#include "base/rand.h"
#include "services/party/client.h"
#include "services/party/party.h"
#include "web/web_int.h"

enum { YEAR_SECONDS = 365 * 24 * 3600, NONCE_BYTES = 16, NONCE_TEXT = 22, NEXT_MAX = 1000 };

typedef struct {
    StoreConn conn; /* first: HttpRequest.loop_state is a StoreConn */
    Arena arena;
} LoopReader;

bool web_loop_open(void *web, void **reader, Err *err)
{
    const Web *w = web;
    Arena arena = {0};
    *reader = NULL;
    if (!w->database.len)
        return true;
    LoopReader *l = NEW(&arena, LoopReader);
    if (!store_open(&l->conn, w->database, true, err)) {
        arena_free(&arena);
        return false;
    }
    l->arena = arena;
    *reader = l;
    return true;
}

void web_loop_close(void *web, void *reader)
{
    (void)web;
    if (!reader)
        return;
    LoopReader *l = reader;
    Arena arena = l->arena;
    store_close(&l->conn);
    arena_free(&arena);
}

/* ---- choices ---- */

static const struct {
    const char *name;
    const char *values; /* "a|b": allowed; "" means: no cookie */
    const char *none;   /* the value that deletes the cookie */
} choices[] = {
    {"lang", "zh|zh-CN|en", ""},
    {"size", "large|xlarge", "normal"},
    {"theme", "light|dark", "auto"},
};

static bool one_of(Str value, const char *values)
{
    Str rest = str_z(values), part;
    while (value.len && str_split(&rest, '|', &part))
        if (str_eq(part, value))
            return true;
    return false;
}

static Str choice(const HttpRequest *rq, size_t i)
{
    Str value = http_cookie(rq, choices[i].name);
    return one_of(value, choices[i].values) ? value : STR("");
}

static double quality(Str parameters)
{
    size_t at = str_find(parameters, STR("q="), 0);
    if (at == SIZE_MAX)
        return 1;
    double q = 0, digit = 1;
    for (size_t i = at + 2; i < parameters.len; i++) {
        char c = parameters.at[i];
        if (c == '.')
            continue;
        if (c < '0' || c > '9')
            break;
        q += (c - '0') * digit;
        digit /= 10;
    }
    return q;
}

Lang visit_accept_language(Str header)
{
    Lang best = LANG_ZH;
    double best_q = 0;
    Str part;
    while (str_split(&header, ',', &part)) {
        Str rest = part, name;
        if (!str_split(&rest, ';', &name))
            continue;
        name = str_trim(name);
        Str two = str_slice(name, 0, 2);
        bool zh = str_eq_nocase(two, STR("zh")), en = str_eq_nocase(two, STR("en"));
        double q = rest.at ? quality(rest) : 1;
        if ((zh || en) && q > best_q) {
            best = zh ? LANG_ZH : LANG_EN;
            best_q = q;
        }
    }
    return best;
}

static bool is_choice(Str field)
{
    Str name = str_slice(field, 0, str_find(field, STR("="), 0));
    for (size_t i = 0; i < COUNT(choices); i++)
        if (str_eq(name, str_z(choices[i].name)))
            return true;
    return str_eq(name, STR("part"));
}

Str visit_here(Arena *out, Str raw_target)
{
    StrBuf b = buf_in(out);
    Str rest = raw_target, field;
    str_split(&rest, '?', &field);
    while (str_starts(field, STR("//")))
        field = str_slice(field, 1, field.len); /* "//host" would lead elsewhere */
    buf_add(&b, field);
    buf_char(&b, '?');
    while (str_split(&rest, '&', &field))
        if (field.len && !is_choice(field)) {
            buf_add(&b, field);
            buf_char(&b, '&');
        }
    return buf_str(&b);
}

/* True when a choice was made: answered by sending the visitor on. */
static bool take_choices(HttpRequest *rq, HttpResponse *rs)
{
    const Web *w = visit_of(rq)->web;
    bool any = false;
    for (size_t i = 0; rq->method == HTTP_GET && i < COUNT(choices); i++) {
        Str value = http_query(rq, choices[i].name);
        bool none = value.len && str_eq(value, str_z(choices[i].none));
        if (!none && !one_of(value, choices[i].values))
            continue;
        http_set_cookie(rq, rs, choices[i].name, none ? STR("") : value, none ? -1 : YEAR_SECONDS,
                        w->secure_cookies);
        any = true;
    }
    if (any) {
        Str here = visit_here(rq->arena, rq->raw_target);
        http_redirect(rq, rs, str_slice(here, 0, here.len - 1));
    }
    return any;
}

/* ---- who ---- */

static const char *session_cookie(const Web *w)
{
    return w->secure_cookies ? "__Host-session" : "session";
}

static const char *nonce_cookie(const Web *w)
{
    return w->secure_cookies ? "__Host-visit" : "visit";
}

static Str token_of(const Web *w, Arena *out, Str nonce)
{
    Hash h = hash_hmac((Str){(const char *)w->secret.bytes, HASH_SIZE}, nonce);
    return base64url(out, h.bytes, HASH_SIZE);
}

Visit *visit_new(HttpRequest *rq)
{
    Visit *v = NEW(rq->arena, Visit);
    const Web *first = rq->app;
    v->pass = live_enter(first->app);
    v->web = v->pass.app->web ? v->pass.app->web : rq->app;
    v->reader = rq->loop_state;
    Str lang = choice(rq, 0);
    v->lang = lang.len ? lang_of(lang) : visit_accept_language(http_header(rq, "Accept-Language"));
    v->size = choice(rq, 1);
    v->theme = choice(rq, 2);
    v->actor = (Actor){.kind = ACTOR_NOBODY, .lang = v->lang};
    rq->user = v;
    return v;
}

void web_after(HttpRequest *rq)
{
    live_leave(&visit_of(rq)->pass);
}

/* Before signing in; a session has its own token. */
static void find_nonce(const HttpRequest *rq, Visit *v)
{
    Str nonce = http_cookie(rq, nonce_cookie(v->web));
    if (!v->csrf.len && nonce.len == NONCE_TEXT)
        v->csrf = token_of(v->web, rq->arena, nonce);
}

static bool find_session(HttpRequest *rq, Visit *v, Err *err)
{
    Str token = http_cookie(rq, session_cookie(v->web));
    Session s = {0};
    if (!token.len || !v->reader)
        return true;
    if (!session_find(v->reader, rq->arena, token, rq->at, &s, err))
        return false;
    if (s.kind == ACTOR_NOBODY)
        return true;
    v->actor = (Actor){s.kind, s.subject, s.name, s.organ, s.roles, v->lang};
    v->csrf = s.csrf;
    v->session_token_hash = session_token_hash(rq->arena, token);
    return true;
}

bool visit_is_machine(const HttpRequest *rq)
{
    return rq->route && (rq->route->who & WHO_CLIENT);
}

static bool find_client(HttpRequest *rq, Visit *v, Err *err)
{
    static const Str scheme = STR_INIT("bearer ");
    Str sent = http_header(rq, "Authorization");
    Client c = {0};
    if (!v->reader || !str_eq_nocase(str_slice(sent, 0, scheme.len), scheme))
        return true;
    if (!client_find(v->reader, rq->arena, v->web->app->catalogue->place,
                     str_trim(str_slice(sent, scheme.len, sent.len)), &c, err))
        return false;
    v->client = c;
    if (c.id)
        v->actor = (Actor){.kind = ACTOR_CLIENT, .id = c.id, .name = c.name, .lang = v->lang};
    return true;
}

void visit_token(HttpRequest *rq, HttpResponse *rs)
{
    if (visit_is_machine(rq))
        return;
    Visit *v = visit_of(rq);
    find_nonce(rq, v);
    if (v->csrf.len)
        return;
    Str nonce = rand_token(rq->arena, NONCE_BYTES);
    v->csrf = token_of(v->web, rq->arena, nonce);
    http_set_cookie(rq, rs, nonce_cookie(v->web), nonce, 0, v->web->secure_cookies);
}

void web_session_cookie(HttpRequest *rq, HttpResponse *rs, Str token, int64_t max_age_seconds)
{
    const Web *w = visit_of(rq)->web;
    http_set_cookie(rq, rs, session_cookie(w), token, max_age_seconds, w->secure_cookies);
}

void web_session_end(HttpRequest *rq, HttpResponse *rs)
{
    web_session_cookie(rq, rs, STR(""), -1);
}

/* ---- may they ---- */

Admission visit_admit(unsigned who, ActorKind kind, unsigned roles, bool demo)
{
    unsigned staff = who & WHO_ACCOUNT;
    if ((who & WHO_DEMO) && !demo)
        return ADMIT_UNKNOWN;
    if (who & WHO_CLIENT)
        return kind == ACTOR_CLIENT ? ADMIT_YES : ADMIT_TOKEN;
    if (!(who & WHO_PARTY) && !staff)
        return ADMIT_YES;
    switch (kind) {
    case ACTOR_NOBODY: return (who & WHO_PARTY) ? ADMIT_LOGIN : ADMIT_STAFF_LOGIN;
    case ACTOR_PARTY: return (who & WHO_PARTY) ? ADMIT_YES : ADMIT_NO;
    case ACTOR_STAFF: return (staff & (roles * WHO_CLERK)) ? ADMIT_YES : ADMIT_NO;
    case ACTOR_CLIENT:
    case ACTOR_SYSTEM: break; /* never by HTTP */
    }
    return ADMIT_NO;
}

_Static_assert(ROLE_CLERK *WHO_CLERK == WHO_CLERK && ROLE_APPROVER * WHO_CLERK == WHO_APPROVER &&
                   ROLE_SUPERVISOR * WHO_CLERK == WHO_SUPERVISOR &&
                   ROLE_ADMIN * WHO_CLERK == WHO_ADMIN &&
                   ROLE_DESIGNER * WHO_CLERK == WHO_DESIGNER &&
                   ROLE_LEADER * WHO_CLERK == WHO_LEADER,
               "rights of routes and roles are the same bits, one shift apart");

/* Where to go after signing in: this page, or for what was sent from a page of ours, that page. */
static Str after_sign_in(const HttpRequest *rq)
{
    if (rq->method == HTTP_GET)
        return rq->raw_target;
    Str from = http_header(rq, "Referer"), host = http_header(rq, "Host");
    size_t at = str_find(from, STR("://"), 0);
    from = at == SIZE_MAX ? STR("") : str_slice(from, at + 3, from.len);
    bool ours =
        host.len && str_starts(from, host) && from.len > host.len && from.at[host.len] == '/';
    return ours ? str_slice(from, host.len, from.len) : STR("");
}

static bool admitted(HttpRequest *rq, HttpResponse *rs)
{
    const Visit *v = visit_of(rq);
    Admission a = visit_admit(rq->route->who, v->actor.kind, v->actor.roles, v->web->app->demo);
    switch (a) {
    case ADMIT_YES: return true;
    case ADMIT_NO: web_status(rq, rs, 403, "http.403.text"); return false;
    case ADMIT_UNKNOWN: web_status(rq, rs, 404, "http.404.text"); return false;
    case ADMIT_TOKEN:
        http_set_header(rq, rs, "WWW-Authenticate", STR("Bearer"));
        web_status(rq, rs, 401, "http.401.token");
        return false;
    case ADMIT_LOGIN:
    case ADMIT_STAFF_LOGIN: break;
    }
    if (http_wants_json(rq)) {
        web_status(rq, rs, 401, "http.401.text");
        return false;
    }
    Str next = str_percent(rq->arena, after_sign_in(rq));
    http_redirect(rq, rs,
                  str_fmt(rq->arena, "%s%s" STR_FMT, a == ADMIT_LOGIN ? "/login" : "/staff/login",
                          next.len ? "?next=" : "", STR_ARG(next)));
    return false;
}

Str web_next_path(const HttpRequest *rq, const char *otherwise)
{
    Str next = http_form(rq, "next");
    if (!next.len)
        next = http_query(rq, "next");
    bool ours = next.len > 0 && next.len < NEXT_MAX && next.at[0] == '/' &&
                !str_starts(next, STR("//")) && !memchr(next.at, '\\', next.len);
    for (size_t i = 0; ours && i < next.len; i++)
        ours = (unsigned char)next.at[i] > ' ' && next.at[i] != 0x7F;
    return ours ? next : str_z(otherwise);
}

/* ---- is it ours ---- */

static bool same_host(Str origin, Str host)
{
    size_t at = str_find(origin, STR("://"), 0);
    return at != SIZE_MAX && host.len && str_eq_nocase(str_slice(origin, at + 3, origin.len), host);
}

const char *visit_forgery(Str sec_fetch_site, Str origin, Str host, Str token, Str expected)
{
    if (sec_fetch_site.len && !str_eq(sec_fetch_site, STR("same-origin")))
        return "from another site";
    if (origin.len && !same_host(origin, host))
        return "from another origin";
    if (!expected.len || !str_eq_secret(token, expected))
        return "without the token";
    return NULL;
}

static bool is_ours(HttpRequest *rq, HttpResponse *rs)
{
    const Visit *v = visit_of(rq);
    if (rq->method == HTTP_GET || (rq->route->who & (WHO_NO_CSRF | WHO_CLIENT)))
        return true;
    Str token = http_form(rq, "_csrf");
    if (!token.len)
        token = http_header(rq, "X-CSRF-Token");
    const char *why = visit_forgery(http_header(rq, "Sec-Fetch-Site"), http_header(rq, "Origin"),
                                    http_header(rq, "Host"), token, v->csrf);
    if (why)
        web_status(rq, rs, 403, "http.403.csrf");
    return !why;
}

bool web_before(HttpRequest *rq, HttpResponse *rs)
{
    Visit *v = visit_new(rq);
    Err err = {0};
    bool machine = visit_is_machine(rq);
    if (!(machine ? find_client(rq, v, &err) : find_session(rq, v, &err))) {
        web_error(rq, rs, &err);
        return false;
    }
    if (machine)
        return admitted(rq, rs);
    find_nonce(rq, v);
    return !take_choices(rq, rs) && admitted(rq, rs) && is_ours(rq, rs);
}
