/* SPDX-License-Identifier: Apache-2.0 */
#include "client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CLIENT_CAP = 1 << 20 };

int64_t ms_now(void)
{
    return clock_monotonic_us() / 1000;
}

Client client_open(uint16_t port)
{
    Client c = {.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int on = 1;
    (void)setsockopt(c.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ASSERT(connect(c.fd, (struct sockaddr *)&to, sizeof to) == 0);
    c.cap = CLIENT_CAP;
    c.at = malloc(c.cap);
    return c;
}

void client_close(Client *c)
{
    (void)close(c->fd);
    free(c->at);
    c->at = NULL;
}

bool client_send(Client *c, Str text)
{
    while (text.len) {
        ssize_t n = send(c->fd, text.at, text.len, MSG_NOSIGNAL);
        if (n <= 0)
            return false;
        text = str_slice(text, (size_t)n, text.len);
    }
    return true;
}

bool client_sendz(Client *c, const char *text)
{
    return client_send(c, str_z(text));
}

/* false: the end, an error, or the time is over. */
static bool receive(Client *c, int64_t until)
{
    struct pollfd p = {.fd = c->fd, .events = POLLIN};
    int64_t left = until - ms_now();
    if (left <= 0 || c->len == c->cap || poll(&p, 1, (int)left) <= 0)
        return false;
    ssize_t n = recv(c->fd, c->at + c->len, c->cap - c->len, 0);
    if (n <= 0)
        return false;
    c->len += (size_t)n;
    return true;
}

static Str have(const Client *c)
{
    return (Str){c->at, c->len};
}

static void consume(Client *c, size_t n)
{
    memmove(c->at, c->at + n, c->len - n);
    c->len -= n;
}

Str reply_header(const Reply *r, const char *name)
{
    Str rest = r->head, line;
    while (rest.len) {
        size_t end = str_find(rest, STR("\r\n"), 0);
        line = str_slice(rest, 0, end);
        rest = end == SIZE_MAX ? (Str){0} : str_slice(rest, end + 2, rest.len);
        size_t colon = str_find(line, STR(":"), 0);
        if (colon != SIZE_MAX && str_eq_nocase(str_slice(line, 0, colon), str_z(name)))
            return str_trim(str_slice(line, colon + 1, line.len));
    }
    return (Str){0};
}

static Str read_chunks(Arena *out, Client *c, int64_t until)
{
    StrBuf b = buf_in(out);
    for (;;) {
        size_t end;
        while ((end = str_find(have(c), STR("\r\n"), 0)) == SIZE_MAX)
            if (!receive(c, until))
                return buf_str(&b);
        size_t n = (size_t)strtoul(c->at, NULL, 16);
        while (c->len < end + 2 + n + 2)
            if (!receive(c, until))
                return buf_str(&b);
        buf_add(&b, str_slice(have(c), end + 2, end + 2 + n));
        consume(c, end + 2 + n + 2);
        if (n == 0)
            return buf_str(&b);
    }
}

Reply client_read(Arena *out, Client *c, bool is_head)
{
    Reply r = {0};
    int64_t until = ms_now() + CLIENT_WAIT_MS;
    size_t end;
    while ((end = str_find(have(c), STR("\r\n\r\n"), 0)) == SIZE_MAX)
        if (!receive(c, until))
            return r;
    r.head = str_dup(out, str_slice(have(c), 0, end + 2));
    consume(c, end + 4);
    r.status = r.head.len > 12 ? atoi(str_cstr(out, str_slice(r.head, 9, 12))) : 0;
    if (r.status == 100)
        return client_read(out, c, is_head);
    if (is_head || r.status == 304 || r.status == 204)
        return r;
    if (str_eq(reply_header(&r, "transfer-encoding"), STR("chunked"))) {
        r.body = read_chunks(out, c, until);
        return r;
    }
    int64_t n = 0;
    bool has_length = str_int(reply_header(&r, "content-length"), &n);
    while (!has_length || c->len < (size_t)n)
        if (!receive(c, until))
            break;
    size_t take = has_length && (size_t)n < c->len ? (size_t)n : c->len;
    r.body = str_dup(out, str_slice(have(c), 0, take));
    consume(c, take);
    return r;
}

Reply client_ask(Arena *out, Client *c, const char *request)
{
    if (!client_sendz(c, request))
        return (Reply){0};
    return client_read(out, c, strncmp(request, "HEAD", 4) == 0);
}

Reply ask(Arena *out, uint16_t port, const char *request)
{
    Client c = client_open(port);
    Reply r = client_ask(out, &c, request);
    client_close(&c);
    return r;
}

bool str_has(Str s, const char *part)
{
    return str_find(s, str_z(part), 0) != SIZE_MAX;
}

bool client_sees(Client *c, const char *text, int ms)
{
    int64_t until = ms_now() + ms;
    while (!str_has(have(c), text))
        if (!receive(c, until))
            return false;
    return true;
}

bool client_is_closed(Client *c, int ms)
{
    int64_t until = ms_now() + ms;
    while (ms_now() < until) {
        struct pollfd p = {.fd = c->fd, .events = POLLIN};
        if (poll(&p, 1, (int)(until - ms_now())) <= 0)
            return false;
        ssize_t n = recv(c->fd, c->at, c->cap, 0);
        if (n <= 0)
            return true;
    }
    return false;
}
