/* SPDX-License-Identifier: Apache-2.0 */
/*
 * web/web.h - pages and their JSON: two faces of one model.
 *
 * A handler builds a Value and calls web_page: HTML is the route's template over it, JSON is the
 * value itself when Accept asks for it. What every page needs (language, size, theme, who is signed
 * in, CSRF token, addresses) is added for HTML under "page".
 * A handler that writes calls web_command: the use case runs on the committer, the connection
 * sleeps, `then` answers.
 * Threads: handlers run on loop threads; a Visit lives as long as its request.
 */
#pragma once

#include "html/html.h"
#include "http/http.h"
#include "services/live.h"
#include "services/party/client.h"
#include "web/doc.h"

typedef struct Web {
    App *app;
    Arena arena;                      /* of templates and texts */
    const HtmlSet *pages[LANG_COUNT]; /* compiled once a language */
    const Value *texts[LANG_COUNT];   /* flat map of messages: "error.required" -> text */
    Map assets;                       /* public name -> Asset */
    HttpServer *server;
    Str database;        /* url of the store that loops read from; empty: no reader */
    Str theme_css;       /* the place's own colours, or empty */
    bool secure_cookies; /* behind TLS: __Host- names and Secure */
    Hash secret;         /* of this process, for the tokens of visitors who are not signed in */
} Web;

/* Compiles texts and templates, fills what config leaves open (routes, hooks) and starts the
 * server. The caller has set secure_cookies. Problems of texts and templates are logged, all in one
 * run. */
MUST_CHECK bool web_start(Web *w, App *app, Str database, HttpConfig *config, Err *err);
/* The server, then the texts. */
void web_stop(Web *w, int64_t wait_ms);
/* The pages of another generation, for the server of the first: texts, templates with its theme.
 * app->web is next from then on. Problems are logged. */
MUST_CHECK bool web_next(Web *next, const Web *first, App *app, Err *err);
/* What web_next made, once nobody reads it. */
void web_drop(Web *w);

/* Who may use a route: bits of HttpRoute.who. */
enum {
    WHO_ANYBODY = 0,
    WHO_PARTY = 1, /* a signed-in citizen */
    WHO_CLERK = 2,
    WHO_APPROVER = 4,
    WHO_SUPERVISOR = 8,
    WHO_ADMIN = 16,
    WHO_DESIGNER = 32,
    WHO_LEADER = 64,
    /* Those who handle cases, and operators. */
    WHO_STAFF = WHO_CLERK | WHO_APPROVER | WHO_SUPERVISOR | WHO_ADMIN,
    WHO_ACCOUNT = WHO_STAFF | WHO_DESIGNER | WHO_LEADER, /* whoever signs in with a password */
    WHO_DEMO = 128,                                      /* only with --demo */
    WHO_NO_CSRF = 256, /* POST without a session of ours: gateways, verified otherwise */
    /* A system of another department, by its bearer token and nothing else; alone. Cookies are not
     * looked at, so there is nothing to forge; answers are JSON, whatever Accept says. The route has
     * HTTP_ROUTE_TOKEN. */
    WHO_CLIENT = 512,
};

/* One request's visitor: rq->user. */
typedef struct {
    Web *web;          /* of the generation that serves this request to its end */
    Pass pass;         /* into that generation */
    StoreConn *reader; /* this loop's */
    Actor actor;
    Client client; /* of a route with WHO_CLIENT */
    Lang lang;
    Str size;  /* "", "large", "xlarge" */
    Str theme; /* "", "light", "dark" */
    Str csrf;  /* token of the session, or of the visitor's own cookie before signing in */
    Str session_token_hash;
    Op op;      /* of web_command */
    void *page; /* the handler's own, between waits */
} Visit;

static inline Visit *visit_of(const HttpRequest *rq)
{
    return rq->user;
}
/* What use cases that only read stand on. */
static inline Viewing viewing_of(const HttpRequest *rq)
{
    const Visit *v = visit_of(rq);
    return (Viewing){v->reader, rq->arena, v->web->app, &v->actor, v->lang, rq->at};
}
/* A message in the visitor's language; the key itself when unknown (and a warning in the log). */
Str web_text(const HttpRequest *rq, const char *key);
Str web_text_str(const HttpRequest *rq, Str key);

/* The message with its {{names}} filled in from model. */
Str web_text_with(const HttpRequest *rq, const char *key, const Value *model);

/* status 200 unless rs->status was set. The page's title is model's "title", already translated,
 * else the message "title.<template>". JSON is the model. */
HttpNext web_page(HttpRequest *rq, HttpResponse *rs, const char *template_name, Value *model);
/* The page for an Err: status by code, a translated text, never err->msg; logs ERR_INTERNAL. JSON:
 * problem details (RFC 9457). */
HttpNext web_error(HttpRequest *rq, HttpResponse *rs, const Err *err);
HttpNext web_status(HttpRequest *rq, HttpResponse *rs, int status, const char *text_key);
/* One template without the frame: fragments for live search and streams. */
HttpNext web_fragment(HttpRequest *rq, HttpResponse *rs, const char *template_name, Value *model);
HttpNext web_json(HttpRequest *rq, HttpResponse *rs, int status, const Value *v);

/* Runs a use case; `then` runs on the loop thread with visit->op.out or its error. name is the use
 * case's stable name. The idempotency key is the form field "_key" or the header Idempotency-Key. */
HttpNext web_command(HttpRequest *rq, HttpResponse *rs, const char *name, UseCase *run,
                     const Value *in, HttpHandler *then);
/* The same for what has to happen at each call, whatever key it carries: signing in, the access
 * log. */
HttpNext web_command_each_time(HttpRequest *rq, HttpResponse *rs, const char *name, UseCase *run,
                               const Value *in, HttpHandler *then);
/* And for what is repeated by a key of its own. Empty: as above. */
HttpNext web_command_keyed(HttpRequest *rq, HttpResponse *rs, const char *name, UseCase *run,
                           const Value *in, Str key, HttpHandler *then);
/* For `then`: true when the command worked; else it has answered (409, 422, 503 …) and *next is
 * set. */
bool web_command_ok(HttpRequest *rq, HttpResponse *rs, HttpNext *next);
/* A fresh idempotency key for a form. */
Str web_key(const HttpRequest *rq);
/* JSON body or form fields as one Value map (repeated fields become lists). Form names starting
 * with '_' are left out. */
MUST_CHECK bool web_input(HttpRequest *rq, Value **in, Err *err);
/* After a successful POST: 303 for pages, 200/201 with out as JSON for API calls. */
HttpNext web_done(HttpRequest *rq, HttpResponse *rs, Str location, int json_status, Value *out);

/* The cookie of a new session (its token goes into the answer only), and its end. */
void web_session_cookie(HttpRequest *rq, HttpResponse *rs, Str token, int64_t max_age_seconds);
void web_session_end(HttpRequest *rq, HttpResponse *rs);
/* A path of ours to go to after signing in, from field or query "next"; "otherwise" when it is none
 * of ours. */
Str web_next_path(const HttpRequest *rq, const char *otherwise);

/* The model of one question for field.mustache. answer may be NULL; error empty: none. id and name
 * are the element's key. */
Value *web_field(const HttpRequest *rq, const Question *q, const Value *answer, Str error);
/* The same for small forms: type "text", "tel", "password", "search", "email"; texts by key. */
Value *web_line(const HttpRequest *rq, const char *type, const char *name, const char *label_key,
                const char *hint_key, Str value);
/* And for boxes of text and choices, where one page may hold several forms: id is the page's, name
 * the form's. */
typedef struct {
    const char *shape;                    /* "area", "choice" */
    const char *id, *name, *label, *hint; /* texts by key; hint may be NULL */
    Str value, error;
    bool required, multiple;
} WebBox;
Value *web_box(const HttpRequest *rq, const WebBox *b);
void web_box_option(const HttpRequest *rq, Value *box, Str value, Str label, Str hint);
/* Sets problems and problem_count in model from FormProblems' texts; id is the element's key. */
void web_problem(const HttpRequest *rq, Value *model, Str id, Str text);
/* One working day, 3 working days, …: of a TimeLimit, in the visitor's language. */
Str web_limit(const HttpRequest *rq, const TimeLimit *limit);

/* Words beside a model of case_view: state_text, state_tag (class of a tag), due_text; in each of
 * timeline: title, when, when_iso, note, now, todo, bad, as timeline.mustache reads them. */
void web_case_words(const HttpRequest *rq, Value *model);
Str web_state_tag(Str state); /* "ok", "info", "warn", "err", "hot" or empty */

extern const HttpRoute web_routes[];
extern const size_t web_route_count;
/* OpenAPI 3.1 of all routes; title: name of the site. */
Value *web_openapi(Arena *out, Str title, Str server_url);
