/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http/http_int.h - what the files of this room share (private).
 *
 *   HttpServer 1-n Loop 1-n HttpConnection 1-1 Exchange (while a request runs)
 *
 * A Loop, its connections and their exchanges belong to the loop's thread. Two things are shared:
 * the Bell (what other threads ring) and the Addresses (how many connections from where).
 * An Exchange lives in its own arena. Life of its `wait`:
 *
 *   LIVE -http_wake-> RUNG -loop takes it-> LIVE -answer-> recycled
 *   LIVE -server stops-> LEFT -http_wake-> freed by the waker, who finds no server any more
 */
#pragma once

#include <microhttpd.h>
#include <stdatomic.h>

#include "base/thread.h"
#include "http/http.h"
#include "http/multipart.h"
#include "http/routes.h"
#include "http/upload.h"

typedef struct Loop Loop;
typedef struct Exchange Exchange;
typedef struct Bell Bell;
typedef struct Addresses Addresses;
typedef struct Guesses Guesses;
typedef struct Gzip Gzip;

enum {
    HTTP_LOOPS_MAX = 4,
    HTTP_ARENA_START = 64 << 10,   /* most requests never need a second block */
    HTTP_FREE_EXCHANGES = 256,     /* kept per loop */
    HTTP_DRAIN_BYTES = 1 << 20,    /* of a refused body: read, so that the answer is seen */
    HTTP_SLOWEST_BYTES = 16 << 10, /* a second: each such piece of a body earns a second more */
    HTTP_GRACE_PER_ADDRESS = 16,   /* connections over the limit that still get an answer */
    HTTP_GRACE_TOTAL = 64,
    HTTP_GZIP_LEAST = 1024,
    HTTP_HEARTBEAT_MS = 15000,
    HTTP_PEEK_MS = 3000, /* how often a quiet stream's visitor is looked for */
    HTTP_PEER_MAX = 48,
};

typedef enum { EXCHANGE_LIVE, EXCHANGE_RUNG, EXCHANGE_LEFT } ExchangeWait;
typedef enum {
    EXCHANGE_NEW,
    EXCHANGE_BODY,
    EXCHANGE_WAITING,
    EXCHANGE_RESUMED,
    EXCHANGE_ANSWERED
} ExchangePhase;
typedef enum { BODY_NONE, BODY_DRAIN, BODY_TEXT, BODY_MULTIPART } BodyKind;

/* A part of a form in the making. */
typedef struct {
    Multipart parser;
    Upload upload; /* fd >= 0: a file is being written */
    StrBuf value;
    Str name;
    bool is_file, skip;
    uint64_t upload_bytes;
} FormReader;

struct Exchange {
    HttpRequest rq; /* first: http_wake gets no more than this */
    HttpResponse rs;
    void (*after)(HttpRequest *rq); /* of the server, which may be gone when this ends */
    Arena arena;                    /* holds this struct, too */
    ArenaMark start;
    Exchange *next; /* in the free list or on the bell */
    Loop *loop;
    Bell *bell;
    atomic_int wait;
    ExchangePhase phase;
    const char *target_at; /* as the library keeps it: to find a hidden zero byte */
    BodyKind body_kind;
    uint64_t body_seen, body_max;
    StrBuf body;
    FormReader *form;
    int refusal; /* status to answer with once the body was read */
    const char *why;
    int64_t retry_ms; /* of a 429 for guessing: until it may be tried again */
    unsigned allowed; /* methods, for 405 */
    bool is_head, close;
};

typedef enum { CONN_HEAD, CONN_BODY, CONN_WORK, CONN_ANSWER, CONN_STREAM, CONN_IDLE } ConnPhase;

struct HttpConnection {
    HttpConnection *next, *prev;
    Loop *loop;
    struct MHD_Connection *mhd;
    int fd;
    int refusal; /* 429 or 503: over a limit from the start */
    ConnPhase phase;
    int64_t deadline; /* by the monotonic clock in ms; INT64_MAX: none */
    uint64_t address;
    bool suspended;
    Exchange *x;
    struct HttpStream *stream;
    int64_t peek_at;
    char peer[HTTP_PEER_MAX];
};

struct Loop {
    HttpServer *server;
    int index;
    Thread thread;
    Arena arena;
    struct MHD_Daemon *daemon;
    int listen_fd, epoll_fd;
    Bell *bell;
    void *app_state;
    HttpConnection *connections; /* all of this loop */
    HttpConnection *free_connections;
    Exchange *free_exchanges;
    size_t free_count;
    size_t waiting; /* exchanges whose wake is still to come */
    int64_t now, sweep_at;
    bool stopping, left;
    Gzip *gzip;
    Err err; /* of the start */
};

struct HttpServer {
    Arena arena;
    HttpConfig config;
    const Routes *routes;
    Addresses *addresses;
    Guesses *guesses;
    uint16_t port;
    int loop_count;
    Loop loops[HTTP_LOOPS_MAX];
    int64_t sweep_ms;
    atomic_bool stopping;
    _Atomic int64_t stop_at;
    Mutex lock; /* of the two below */
    Cond changed;
    int ready, failed;
};

/* bell.c: what other threads ring, outliving the loop for late callers. */
Bell *bell_new(void);
Bell *bell_hold(Bell *b);
void bell_drop(Bell *b);
int bell_fd(const Bell *b);
void bell_ring(Bell *b);
void bell_put(Bell *b, Exchange *x);
void bell_put_stream(Bell *b, struct HttpStream *st);
/* All that was put; clears the event. */
void bell_take(Bell *b, Exchange **exchanges, struct HttpStream **streams);
/* No more streams are put. */
void bell_close(Bell *b);

/* limits.c */
/* guesses.c */
Guesses *guesses_new(Arena *out, const HttpLimits *limits);
void guesses_free(Guesses *g);
/* The key of an address as text: the peer, or what a proxy says. */
uint64_t peer_key(Str peer);
/* How long the address waits until it may guess again; 0: it may. now: monotonic ms. */
int64_t guesses_wait_ms(Guesses *g, uint64_t key, int64_t now);
void guesses_missed(Guesses *g, uint64_t key, int64_t now);

Addresses *addresses_new(Arena *out, const HttpLimits *limits, bool per_address);
void addresses_free(Addresses *a);
uint64_t address_key(const struct sockaddr *addr);
/* Far over a limit: not even worth an answer. */
bool addresses_is_shut(Addresses *a, uint64_t key);
/* 0, or the status to refuse with. Counted until addresses_leave. */
int addresses_enter(Addresses *a, uint64_t key);
void addresses_leave(Addresses *a, uint64_t key);
bool limits_check(const HttpLimits *l, Err *err);

/* exchange.c */
Exchange *exchange_take(Loop *l);
void exchange_recycle(Exchange *x);
void exchange_free(Exchange *x);

/* request.c: the library's callbacks */
void *request_target(void *cls, const char *uri, struct MHD_Connection *mhd);
enum MHD_Result request_handle(void *cls, struct MHD_Connection *mhd, const char *url,
                               const char *method, const char *version, const char *data,
                               size_t *size, void **ctx);
void request_completed(void *cls, struct MHD_Connection *mhd, void **ctx,
                       enum MHD_RequestTerminationCode why);
/* head.c: false when refused at once: x->refusal says with what. */
bool head_read(Exchange *x, const char *method, const char *version);
/* body.c */
bool body_prepare(Exchange *x);
bool body_feed(Exchange *x, Str bytes);
void body_finish(Exchange *x);
void body_drop(Exchange *x);
void refuse_err(Exchange *x, const Err *err);
void refuse(Exchange *x, int status, const char *why);

/* response.c */
enum MHD_Result response_queue(Exchange *x);
/* A constant answer that needs no exchange; the connection closes. */
enum MHD_Result response_plain(struct MHD_Connection *mhd, int status);
/* Writes an answer past the library, where it will not take one, and shuts the socket. */
void response_cut(HttpConnection *c, int status);
void response_refuse(Exchange *x);
Gzip *gzip_new(Arena *out);
void gzip_free(Gzip *g);
/* false when it does not pay. */
bool gzip_body(Gzip *g, Arena *out, Str body, Str *packed);

/* stream.c */
struct MHD_Response *stream_attach(struct HttpStream *st, HttpConnection *c);
/* Taken off the bell: resumed where it is parked; the next one of the bell. */
struct HttpStream *stream_answer_bell(struct HttpStream *st);
void stream_sweep(HttpConnection *c);
void stream_leave(struct HttpStream *st);

/* sweep.c */
void conn_notify(void *cls, struct MHD_Connection *mhd, void **ctx,
                 enum MHD_ConnectionNotificationCode what);
HttpConnection *conn_of(struct MHD_Connection *mhd);
void conn_phase(HttpConnection *c, ConnPhase phase, int64_t ms);
void loop_sweep(Loop *l);
