/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http/http.h - the HTTP/1.1 server; the only room of libmicrohttpd (and of zlib).
 *
 * A server has loops (threads), each with its own listener (SO_REUSEPORT), its own MHD daemon
 * driven from our poll, and a loop state made by the application (its read-only store handle).
 * A request is read whole (uploads stream to disk, hashed on the way), then its route's handler
 * runs on the loop thread. A handler answers at once (HTTP_DONE) or starts something elsewhere and
 * says HTTP_WAIT: the connection is suspended, the thread goes on; whoever finishes calls
 * http_wake from any thread, and request->then runs on the loop thread to answer.
 * Memory:  request, response and what they point to live in request->arena until the answer is out.
 * Threads: a request belongs to its loop thread, but for http_wake and what the waker wrote before.
 * Limits:  HttpLimits; each has its own answer:
 *          413 body, field, file or too many of them; 414 target; 431 head; 408 late;
 *          429 connections per address, wrong guesses; 503 connections in all; 415 content type;
 *          422 malformed form; 507 disk full.
 *          A head that could be read in two ways gets 400 and the connection ends.
 *          Times are absolute; each 16 KiB of a body earns a second more.
 */
#pragma once

#include "base/clock.h"
#include "base/hash.h"
#include "base/str.h"
#include "base/vec.h"

typedef struct HttpServer HttpServer;
typedef struct HttpRequest HttpRequest;
typedef struct HttpResponse HttpResponse;
typedef struct HttpRoute HttpRoute;
typedef struct HttpConnection HttpConnection; /* private */

typedef enum {
    HTTP_GET = 1,
    HTTP_POST = 2,
    HTTP_PUT = 4,
    HTTP_DELETE = 8
} HttpMethod; /* HEAD is answered as GET without a body */

typedef struct {
    Str name, value;
} HttpField;
typedef Vec(HttpField) HttpFields;

typedef struct {
    Str field;    /* of the form */
    Str filename; /* as sent: base name only, control characters removed, cut to 200 bytes */
    Str type; /* found from the content (magic bytes), never from what was sent: "application/pdf",
                 "image/png", "image/jpeg", "image/webp", "image/heic", "text/plain", or
                 "application/octet-stream" */
    Str path; /* in the upload folder; removed after the request unless the handler moves it */
    uint64_t size;
    Hash hash;
} HttpFile;

typedef enum { HTTP_DONE, HTTP_WAIT } HttpNext;
typedef HttpNext HttpHandler(HttpRequest *rq, HttpResponse *rs);

struct HttpRequest {
    Arena *arena;
    HttpMethod method;
    Str path;          /* percent-decoded, checked UTF-8, starts with '/' */
    Str raw_target;    /* as sent */
    HttpFields params; /* of the route's {name} parts */
    HttpFields query;
    HttpFields headers;
    HttpFields cookies;
    HttpFields form; /* urlencoded or multipart fields */
    Vec(HttpFile) files;
    Str body;         /* of application/json; empty for forms */
    Str content_type; /* media type without parameters, lower case */
    Str peer;         /* address without port */
    TimeMs at;        /* when the request was complete, by the server's clock */
    const HttpRoute *route;
    void *app;         /* HttpConfig.app */
    void *loop_state;  /* made by HttpConfig.loop_open for this thread */
    void *user;        /* the application's own, for one request */
    HttpHandler *then; /* runs after http_wake */
    HttpConnection *connection;
};

struct HttpResponse {
    int status;         /* 200 */
    Str content_type;   /* "text/html; charset=utf-8" */
    HttpFields headers; /* further headers */
    Str body;           /* in rq->arena, or constant */
    Str body_gzip; /* already compressed form of body, for assets; empty: compressed here when it
                      pays */
    bool body_is_constant;     /* lives as long as the server: not copied */
    Str file_path;             /* instead of body: streamed from disk */
    struct HttpStream *stream; /* instead of body: server-sent events */
};

struct HttpRoute {
    HttpMethod method;
    const char *path; /* "/my/cases/{no}"; a last part "{*rest}" takes all that is left */
    HttpHandler *handler;
    const char *template_name; /* of the page, NULL where there is none */
    unsigned who;              /* application's rights; http does not read it */
    unsigned flags;            /* HTTP_ROUTE_… */
    const void *doc;           /* application's own: description for OpenAPI */
};
enum {
    HTTP_ROUTE_UPLOAD = 1 /* multipart files allowed */,
    HTTP_ROUTE_JSON = 2 /* application/json body allowed */,
    HTTP_ROUTE_GUESSED = 4 /* answers 4xx to a wrong code or password: those are counted */,
    HTTP_ROUTE_TOKEN = 8 /* answers 401 to a wrong Authorization: those are counted */
};

typedef struct {
    size_t head_bytes;                /* 16384 */
    size_t target_bytes;              /* 4096 */
    size_t body_bytes;                /* 262144 without files */
    size_t file_bytes;                /* 20 MiB one file */
    size_t upload_bytes;              /* 60 MiB all files of one request */
    size_t fields;                    /* 200 */
    size_t field_bytes;               /* 65536 */
    size_t files;                     /* 10 */
    unsigned connections;             /* 4096 in all */
    unsigned connections_per_address; /* 256 */
    unsigned misses;                  /* 60 of an address on HTTP_ROUTE_GUESSED … */
    int64_t misses_ms;                /* … in 600000 */
    int64_t head_ms;                  /* 10000: absolute, until the head is complete */
    int64_t request_ms;               /* 60000: absolute, until the body is complete */
    int64_t idle_ms;                  /* 15000 keep-alive */
    int64_t answer_ms; /* 60000: absolute, until a response (not a stream) is taken */
} HttpLimits;

HttpLimits http_default_limits(void);

typedef struct {
    Str address;   /* "127.0.0.1" or "::1" or "0.0.0.0" */
    uint16_t port; /* 0: any free one, see http_port */
    int loops;     /* 0: one per core, at most 4 */
    HttpLimits limits;
    Str upload_folder;
    Clock *clock;
    const HttpRoute *routes;
    size_t route_count;
    void *app;
    /* Made and ended on each loop thread. May be NULL. */
    bool (*loop_open)(void *app, void **loop_state, Err *err);
    void (*loop_close)(void *app, void *loop_state);
    /* Runs before the handler of every route (sign-in, rights, CSRF): true goes on to the handler,
     * false answers with rs. It cannot wait. May be NULL. */
    bool (*before)(HttpRequest *rq, HttpResponse *rs);
    /* Once for each request whose `user` was set, when nothing of it is needed any more; on a loop
     * thread, or on the waker's when the visitor had left. It cannot wait. May be NULL. */
    void (*after)(HttpRequest *rq);
    /* Makes the page for what never reached a handler: 404, 405, 413, 415, 431, 503…; rs->status is
     * set. May be NULL. */
    void (*refuse)(HttpRequest *rq, HttpResponse *rs, const char *why);
    bool trust_forwarded; /* peer from X-Forwarded-For's last entry: only behind a proxy of ours */
} HttpConfig;

MUST_CHECK bool http_start(HttpServer **server, const HttpConfig *config, Err *err);
uint16_t http_port(const HttpServer *s);
/* No new connections; running requests get up to wait_ms to finish; joins the loops. */
void http_stop(HttpServer *s, int64_t wait_ms);

/* Any thread, once per HTTP_WAIT, also after http_stop. Wakes are batched: one eventfd write for
 * many. rq->then must be set before whatever may call this is started. */
void http_wake(HttpRequest *rq);

/* Empty Str when absent. */
Str http_param(const HttpRequest *rq, const char *name);
Str http_query(const HttpRequest *rq, const char *name);
Str http_form(const HttpRequest *rq, const char *name);
Str http_header(const HttpRequest *rq, const char *name); /* case does not matter */
Str http_cookie(const HttpRequest *rq, const char *name);
/* The visitor has closed the connection: whatever is answered goes nowhere. In a handler only. */
bool http_is_gone(const HttpRequest *rq);
bool http_wants_json(const HttpRequest *rq); /* Accept prefers application/json over text/html */

void http_set_header(HttpRequest *rq, HttpResponse *rs, const char *name, Str value);
/* HttpOnly, SameSite=Lax, Path=/; Secure when asked. max_age 0: session; -1: delete. */
void http_set_cookie(HttpRequest *rq, HttpResponse *rs, const char *name, Str value,
                     int64_t max_age, bool secure);
HttpNext http_redirect(HttpRequest *rq, HttpResponse *rs, Str to); /* 303 */
HttpNext http_answer(HttpRequest *rq, HttpResponse *rs, int status, const char *type, Str body);

/* Server-sent events: make a stream, answer with rs->stream (one request each), send from any
 * thread, also after http_stop. A comment every 15 s keeps it open; a visitor who left is noticed
 * within 4 s. */
typedef struct HttpStream HttpStream;
HttpStream *http_stream_new(HttpServer *s, size_t backlog_bytes);
/* false when the visitor is gone or the backlog is full: then call http_stream_close. */
bool http_stream_send(HttpStream *st, Str event, Str data);
void http_stream_close(HttpStream *st); /* once, by its owner */
