/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From HttpResponse to the library's response. Bodies are never copied: they live in the exchange's
 * arena, or as long as the server, and the library is done with them before the exchange ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "http/http_int.h"
#include "http/text.h"

#define CSP                                                                                        \
    "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; "          \
    "form-action 'self'"
#define RETRY_AFTER "5"

typedef struct {
    const char *name, *value;
} Default;

static const Default defaults[] = {
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(self), geolocation=(self), microphone=(self), payment=()"},
    {"Content-Security-Policy", CSP},
    {"Cache-Control", "no-store"},
};

static const Str *response_header(const HttpResponse *rs, const char *name)
{
    for (size_t i = 0; i < rs->headers.len; i++)
        if (str_eq_nocase(rs->headers.at[i].name, str_z(name)))
            return &rs->headers.at[i].value;
    return NULL;
}

static bool add(struct MHD_Response *r, const char *name, const char *value)
{
    return MHD_add_response_header(r, name, value) == MHD_YES;
}

static void add_headers(struct MHD_Response *r, Exchange *x, bool varies)
{
    const HttpResponse *rs = &x->rs;
    for (size_t i = 0; i < COUNT(defaults); i++)
        if (!response_header(rs, defaults[i].name))
            (void)add(r, defaults[i].name, defaults[i].value);
    for (size_t i = 0; i < rs->headers.len; i++) {
        const char *name = str_cstr(&x->arena, rs->headers.at[i].name);
        if (!add(r, name, str_cstr(&x->arena, rs->headers.at[i].value)))
            log_warn("http header dropped name=%s", name);
    }
    if (rs->content_type.len && rs->status != 204 && rs->status != 304)
        (void)add(r, "Content-Type", str_cstr(&x->arena, rs->content_type));
    if (varies)
        (void)add(r, "Vary", "Accept-Encoding");
    if (x->close || x->loop->stopping)
        (void)add(r, "Connection", "close");
}

/* Text packs well, the rest is packed already. */
static bool is_packable(Str type)
{
    static const Str heads[] = {STR_INIT("text/"),
                                STR_INIT("application/json"),
                                STR_INIT("application/javascript"),
                                STR_INIT("application/xml"),
                                STR_INIT("application/geo+json"),
                                STR_INIT("image/svg+xml")};
    for (size_t i = 0; i < COUNT(heads); i++)
        if (str_starts(type, heads[i]))
            return true;
    return false;
}

/* The body to send; *packed when it is the gzip form. */
static Str choose_body(Exchange *x, bool *varies, bool *packed)
{
    HttpResponse *rs = &x->rs;
    bool ready = rs->body_gzip.len > 0;
    bool could = ready || (rs->body.len > HTTP_GZIP_LEAST && is_packable(rs->content_type));
    *varies = could;
    *packed = false;
    if (!could || response_header(rs, "Content-Encoding") ||
        !text_preference(http_header(&x->rq, "accept-encoding"), STR("gzip")))
        return rs->body;
    Str small = rs->body_gzip;
    *packed = ready || gzip_body(x->loop->gzip, &x->arena, rs->body, &small);
    return *packed ? small : rs->body;
}

/* If-None-Match against the handler's ETag: the page need not be sent again. */
static bool is_known(Exchange *x)
{
    const Str *tag = response_header(&x->rs, "ETag");
    Str known = http_header(&x->rq, "if-none-match"), part;
    if (!tag || x->rs.status != 200 || x->rq.method != HTTP_GET)
        return false;
    while (known.len && str_split(&known, ',', &part)) {
        part = str_trim(part);
        if (str_starts(part, STR("W/")))
            part = str_slice(part, 2, part.len);
        if (str_eq(part, *tag) || str_eq(part, STR("*")))
            return true;
    }
    return false;
}

static struct MHD_Response *of_buffer(Str body)
{
    void *at; /* the library takes it without const, but only reads */
    memcpy(&at, &body.at, sizeof at);
    return MHD_create_response_from_buffer(body.len, at, MHD_RESPMEM_PERSISTENT);
}

static struct MHD_Response *of_file(Exchange *x, uint64_t *size)
{
    int fd = open(str_cstr(&x->arena, x->rs.file_path), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        log_warn("http file cannot be read error=%s", strerrorname_np(errno));
        if (fd >= 0)
            (void)close(fd);
        return NULL;
    }
    *size = (uint64_t)st.st_size;
    struct MHD_Response *r = MHD_create_response_from_fd64(*size, fd);
    if (!r)
        (void)close(fd);
    return r;
}

static struct MHD_Response *of_body(Exchange *x, uint64_t *size)
{
    bool varies, packed;
    Str body = choose_body(x, &varies, &packed);
    if (is_known(x)) {
        x->rs.status = 304;
        body = (Str){"", 0};
        packed = false;
    }
    struct MHD_Response *r = of_buffer(body);
    if (!r)
        return NULL;
    *size = body.len;
    if (packed)
        (void)add(r, "Content-Encoding", "gzip");
    add_headers(r, x, varies);
    return r;
}

static struct MHD_Response *of_stream(Exchange *x)
{
    struct MHD_Response *r = stream_attach(x->rs.stream, x->rq.connection);
    if (!r)
        return NULL;
    x->rs.content_type = STR("text/event-stream");
    http_set_header(&x->rq, &x->rs, "X-Accel-Buffering", STR("no"));
    add_headers(r, x, false);
    return r;
}

static struct MHD_Response *make(Exchange *x, uint64_t *size)
{
    if (x->rs.stream)
        return of_stream(x);
    if (x->rs.file_path.len == 0)
        return of_body(x, size);
    struct MHD_Response *r = of_file(x, size);
    if (r) {
        add_headers(r, x, false);
        return r;
    }
    refuse(x, 404, "file is not there");
    response_refuse(x);
    return of_body(x, size);
}

enum MHD_Result response_queue(Exchange *x)
{
    HttpConnection *c = x->rq.connection;
    uint64_t size = 0;
    bool is_stream = x->rs.stream != NULL;
    struct MHD_Response *r = make(x, &size);
    if (!r)
        return MHD_NO;
    x->phase = EXCHANGE_ANSWERED;
    int64_t ms = x->loop->server->config.limits.answer_ms;
    ms += (int64_t)(size / HTTP_SLOWEST_BYTES) * MS_SECOND;
    conn_phase(c, is_stream ? CONN_STREAM : CONN_ANSWER, is_stream ? -1 : ms);
    enum MHD_Result ok = MHD_queue_response(c->mhd, (unsigned)x->rs.status, r);
    MHD_destroy_response(r);
    return ok;
}

void response_refuse(Exchange *x)
{
    HttpRequest *rq = &x->rq;
    int status = x->refusal;
    const char *reason = MHD_get_reason_phrase_for((unsigned)status);
    x->rs = (HttpResponse){.status = status, .content_type = STR("text/plain; charset=utf-8")};
    if (x->loop->server->config.refuse)
        x->loop->server->config.refuse(rq, &x->rs, x->why);
    x->rs.status = status;
    x->rs.stream = NULL;
    x->rs.file_path = (Str){0};
    if (x->rs.body.len == 0)
        x->rs.body = str_fmt(rq->arena, "%d %s: %s\n", status, reason ? reason : "", x->why);
    if (status == 405)
        http_set_header(rq, &x->rs, "Allow", routes_allow(rq->arena, x->allowed));
    if (status == 429 || status == 503)
        http_set_header(rq, &x->rs, "Retry-After",
                        x->retry_ms > 0
                            ? str_fmt(rq->arena, "%lld", (long long)(x->retry_ms / MS_SECOND + 1))
                            : STR(RETRY_AFTER));
}

static Str plain_text(int status)
{
    switch (status) {
    case 408: return STR("408 Request Timeout: the request took too long\n");
    case 413: return STR("413 Content Too Large: the body is too large\n");
    case 429: return STR("429 Too Many Requests: too many connections from this address\n");
    case 503: return STR("503 Service Unavailable: try again soon\n");
    default: return STR("the request cannot be answered\n");
    }
}

enum MHD_Result response_plain(struct MHD_Connection *mhd, int status)
{
    struct MHD_Response *r = of_buffer(plain_text(status));
    if (!r)
        return MHD_NO;
    for (size_t i = 0; i < COUNT(defaults); i++)
        (void)add(r, defaults[i].name, defaults[i].value);
    (void)add(r, "Content-Type", "text/plain; charset=utf-8");
    (void)add(r, "Retry-After", RETRY_AFTER);
    (void)add(r, "Connection", "close");
    HttpConnection *c = conn_of(mhd);
    if (c)
        conn_phase(c, CONN_ANSWER, c->loop->server->config.limits.answer_ms);
    enum MHD_Result ok = MHD_queue_response(mhd, (unsigned)status, r);
    MHD_destroy_response(r);
    return ok;
}

void response_cut(HttpConnection *c, int status)
{
    Arena scratch = {0};
    StrBuf b = buf_in(&scratch);
    Str body = plain_text(status);
    const char *reason = MHD_get_reason_phrase_for((unsigned)status);
    buf_fmt(&b, "HTTP/1.1 %d %s\r\n", status, reason ? reason : "");
    for (size_t i = 0; i < COUNT(defaults); i++)
        buf_fmt(&b, "%s: %s\r\n", defaults[i].name, defaults[i].value);
    buf_fmt(&b,
            "Content-Type: text/plain; charset=utf-8\r\nConnection: close\r\n"
            "Content-Length: %zu\r\n\r\n",
            body.len);
    buf_add(&b, body);
    /* A few hundred bytes into an empty socket buffer: it fits, or the visitor is gone. */
    (void)!send(c->fd, b.at, b.len, MSG_DONTWAIT | MSG_NOSIGNAL);
    (void)shutdown(c->fd, SHUT_RDWR);
    arena_free(&scratch);
}
