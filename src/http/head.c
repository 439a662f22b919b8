/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The head of a request: is it framed beyond doubt, where does it go, may its body come.
 *
 * The library is tolerant where a proxy in front may read otherwise (bare line feeds, folded lines,
 * zero bytes, two lengths); such a head is refused and the connection closed, because nobody can
 * know where the next request starts. Everything else is refused after its body was read, so that
 * the answer is seen and the connection lives on.
 */
#include "base/utf8.h"
#include "http/http_int.h"
#include "http/text.h"

/* Later versions of the library are strict on their own and keep the head in another shape. */
#define HEAD_CAN_BE_WALKED (MHD_VERSION < 0x00097700)

enum { VERSION_LEN = 8, LENGTH_DIGITS_MAX = 15 };

static enum MHD_Result take_header(void *cls, enum MHD_ValueKind kind, const char *key,
                                   size_t key_len, const char *value, size_t value_len)
{
    (void)kind;
    Exchange *x = cls;
    Str name = str_dup(&x->arena, (Str){key, key_len});
    Str text = str_trim(str_dup(&x->arena, (Str){value ? value : "", value_len}));
    *VEC_PUSH(&x->arena, &x->rq.headers) = (HttpField){name, text};
    return MHD_YES;
}

static size_t count_header(const Exchange *x, const char *name, Str *value)
{
    size_t n = 0;
    for (size_t i = 0; i < x->rq.headers.len; i++)
        if (str_eq_nocase(x->rq.headers.at[i].name, str_z(name))) {
            *value = x->rq.headers.at[i].value;
            n++;
        }
    return n;
}

static size_t head_size(const Exchange *x)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(x->rq.connection->mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    return info ? info->header_size : 0;
}

static bool line_is_strict(const Exchange *x, const char *method, const char *version)
{
    Str name = str_z(method), target = x->rq.raw_target;
    if (!text_is_token(name) || x->target_at != method + name.len + 1 ||
        version != x->target_at + target.len + 1)
        return false;
    for (size_t i = 0; i < target.len; i++)
        if ((unsigned char)target.at[i] <= 0x20 || target.at[i] == 0x7f)
            return false;
    return true;
}

static bool lines_are_strict(const Exchange *x, const char *method, const char *version)
{
#if HEAD_CAN_BE_WALKED
    const char *end = method + head_size(x);
    const char *from = version + VERSION_LEN + 2;
    if (end < from || from[-2] || from[-1])
        return false;
    return text_head_is_strict((Str){from, (size_t)(end - from)});
#else
    (void)x, (void)method, (void)version;
    return true;
#endif
}

static const char *bad_host(const Exchange *x, bool is_1_0)
{
    Str host;
    size_t n = count_header(x, "host", &host);
    if (n > 1)
        return "more than one Host";
    if (n == 0)
        return is_1_0 ? NULL : "no Host";
    return text_is_host(host) ? NULL : "malformed Host";
}

static const char *bad_length(Exchange *x, bool is_1_0)
{
    Str length, coding;
    size_t lengths = count_header(x, "content-length", &length);
    size_t codings = count_header(x, "transfer-encoding", &coding);
    if (lengths > 1 || codings > 1 || (lengths && codings))
        return "more than one length";
    if (codings)
        return is_1_0 || !str_eq_nocase(coding, STR("chunked")) ? "transfer encoding is not known"
                                                                : NULL;
    if (!lengths)
        return NULL;
    for (size_t i = 0; i < length.len; i++)
        if (length.at[i] < '0' || length.at[i] > '9')
            return "malformed Content-Length";
    return length.len == 0 || length.len > LENGTH_DIGITS_MAX ? "malformed Content-Length" : NULL;
}

/* What would make a proxy and us disagree about where this request ends. */
static const char *bad_framing(Exchange *x, const char *method, const char *version)
{
    bool is_1_0 = strcmp(version, "HTTP/1.0") == 0;
    if (!line_is_strict(x, method, version))
        return "malformed request line";
    if (!lines_are_strict(x, method, version))
        return "malformed header";
    const char *why = bad_host(x, is_1_0);
    return why ? why : bad_length(x, is_1_0);
}

static unsigned method_of(Exchange *x, const char *method)
{
    static const struct {
        const char *name;
        unsigned method;
    } rows[] = {
        {"GET", HTTP_GET}, {"HEAD", HTTP_GET},      {"POST", HTTP_POST},
        {"PUT", HTTP_PUT}, {"DELETE", HTTP_DELETE},
    };
    x->is_head = strcmp(method, "HEAD") == 0;
    for (size_t i = 0; i < COUNT(rows); i++)
        if (strcmp(method, rows[i].name) == 0)
            return rows[i].method;
    return 0;
}

/* "/a?b", or "http://host/a?b" as a proxy would be asked: RFC 9112 wants it accepted. */
static Str target_path(Str target)
{
    size_t scheme = str_starts(target, STR("http://"))    ? 7
                    : str_starts(target, STR("https://")) ? 8
                                                          : 0;
    if (!scheme)
        return target;
    size_t slash = str_find(target, STR("/"), scheme);
    return slash == SIZE_MAX ? STR("/") : str_slice(target, slash, target.len);
}

static bool read_target(Exchange *x)
{
    const HttpLimits *l = &x->loop->server->config.limits;
    if (x->rq.raw_target.len > l->target_bytes) {
        refuse(x, 414, "target is too long");
        return false;
    }
    Str target = target_path(x->rq.raw_target);
    size_t question = str_find(target, STR("?"), 0);
    Str query = question == SIZE_MAX ? (Str){"", 0} : str_slice(target, question + 1, target.len);
    Err err = {0};
    if (!text_path(&x->arena, str_slice(target, 0, question), &x->rq.path, &err) ||
        !text_fields(&x->arena, query, l->fields, l->field_bytes, &x->rq.query, &err)) {
        refuse(x, 400, str_cstr(&x->arena, str_z(err.msg)));
        return false;
    }
    return true;
}

static void find_route(Exchange *x, unsigned method)
{
    RouteMatch m = routes_find(x->loop->server->routes, method, x->rq.path);
    x->allowed = m.allowed;
    x->rq.route = m.route;
    if (m.route)
        routes_params(&x->arena, &m, &x->rq.params);
    else if (m.allowed)
        refuse(x, 405, "method is not allowed here");
    else
        refuse(x, 404, "nothing is here");
}

static Str forwarded_peer(const Exchange *x)
{
    Str all, part;
    if (!x->loop->server->config.trust_forwarded || !count_header(x, "x-forwarded-for", &all))
        return str_z(x->rq.connection->peer);
    size_t from = all.len;
    while (from > 0 && all.at[from - 1] != ',')
        from--;
    part = str_trim(str_slice(all, from, all.len));
    bool ok = part.len > 0 && part.len < HTTP_PEER_MAX;
    for (size_t i = 0; i < part.len && ok; i++)
        ok = part.at[i] && strchr("0123456789abcdefABCDEF.:", part.at[i]);
    return ok ? part : str_z(x->rq.connection->peer);
}

static void read_cookies(Exchange *x)
{
    size_t max = x->loop->server->config.limits.fields;
    for (size_t i = 0; i < x->rq.headers.len; i++)
        if (str_eq_nocase(x->rq.headers.at[i].name, STR("cookie")))
            text_cookies(&x->arena, x->rq.headers.at[i].value, max, &x->rq.cookies);
}

bool head_read(Exchange *x, const char *method, const char *version)
{
    (void)MHD_get_connection_values_n(x->rq.connection->mhd, MHD_HEADER_KIND, take_header, x);
    x->rq.peer = forwarded_peer(x);
    unsigned m = method_of(x, method);
    x->rq.method = m ? (HttpMethod)m : HTTP_GET;
    const char *why = bad_framing(x, method, version);
    if (why) {
        refuse(x, 400, why);
        return false;
    }
    read_cookies(x);
    if (head_size(x) > x->loop->server->config.limits.head_bytes)
        refuse(x, 431, "head is too large");
    else if (read_target(x))
        find_route(x, m);
    return body_prepare(x);
}
