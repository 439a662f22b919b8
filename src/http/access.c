/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What handlers use: look-ups in a request, and the short ways to answer.
 */
#include <errno.h>
#include <sys/socket.h>

#include "http/http_int.h"
#include "http/text.h"

static Str find(const HttpField *at, size_t len, const char *name)
{
    for (size_t i = 0; i < len; i++)
        if (str_eq(at[i].name, str_z(name)))
            return at[i].value;
    return (Str){0};
}

Str http_param(const HttpRequest *rq, const char *name)
{
    return find(rq->params.at, rq->params.len, name);
}

Str http_query(const HttpRequest *rq, const char *name)
{
    return find(rq->query.at, rq->query.len, name);
}

Str http_form(const HttpRequest *rq, const char *name)
{
    return find(rq->form.at, rq->form.len, name);
}

Str http_cookie(const HttpRequest *rq, const char *name)
{
    return find(rq->cookies.at, rq->cookies.len, name);
}

Str http_header(const HttpRequest *rq, const char *name)
{
    Str wanted = str_z(name);
    for (size_t i = 0; i < rq->headers.len; i++)
        if (str_eq_nocase(rq->headers.at[i].name, wanted))
            return rq->headers.at[i].value;
    return (Str){0};
}

bool http_is_gone(const HttpRequest *rq)
{
    char byte;
    ssize_t n = recv(rq->connection->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return n == 0 || (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

bool http_wants_json(const HttpRequest *rq)
{
    Str accept = http_header(rq, "accept");
    int json = text_preference(accept, STR("application/json"));
    return json > text_preference(accept, STR("text/html"));
}

void http_set_header(HttpRequest *rq, HttpResponse *rs, const char *name, Str value)
{
    Str clean = text_header_value(rq->arena, value);
    *VEC_PUSH(rq->arena, &rs->headers) = (HttpField){str_z(name), clean};
}

void http_set_cookie(HttpRequest *rq, HttpResponse *rs, const char *name, Str value,
                     int64_t max_age, bool secure)
{
    StrBuf b = buf_in(rq->arena);
    buf_fmt(&b, "%s=", name);
    buf_add(&b, text_cookie_value(rq->arena, value));
    BUF_LIT(&b, "; Path=/; HttpOnly; SameSite=Lax");
    if (max_age)
        buf_fmt(&b, "; Max-Age=%lld", max_age < 0 ? 0LL : (long long)max_age);
    if (secure)
        BUF_LIT(&b, "; Secure");
    http_set_header(rq, rs, "Set-Cookie", buf_str(&b));
}

HttpNext http_redirect(HttpRequest *rq, HttpResponse *rs, Str to)
{
    rs->status = 303;
    rs->content_type = (Str){0};
    rs->body = (Str){0};
    http_set_header(rq, rs, "Location", text_location(rq->arena, to));
    return HTTP_DONE;
}

HttpNext http_answer(HttpRequest *rq, HttpResponse *rs, int status, const char *type, Str body)
{
    (void)rq;
    rs->status = status;
    rs->content_type = str_z(type);
    rs->body = body;
    return HTTP_DONE;
}
