/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every connection has one absolute deadline. The library's own timeout starts anew with every
 * byte, so a visitor who sends one byte a second would hold a connection for ever; the sweep looks
 * at all connections once a second and cuts those whose time is over.
 *
 *   HEAD -head complete-> BODY -complete-> WORK -queued-> ANSWER | STREAM -sent-> IDLE -> BODY ...
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "http/http_int.h"
#include "http/stream.h"

enum { REFUSED_MS = 2000 }; /* connections over a limit are not waited for long */

HttpConnection *conn_of(struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

void conn_phase(HttpConnection *c, ConnPhase phase, int64_t ms)
{
    c->phase = phase;
    c->deadline = ms < 0 ? INT64_MAX : c->loop->now + ms;
}

static void write_peer(HttpConnection *c, const struct sockaddr *addr)
{
    c->peer[0] = '\0';
    if (addr && addr->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, addr, sizeof in);
        (void)inet_ntop(AF_INET, &in.sin_addr, c->peer, sizeof c->peer);
    } else if (addr && addr->sa_family == AF_INET6) {
        struct sockaddr_in6 in6;
        memcpy(&in6, addr, sizeof in6);
        (void)inet_ntop(AF_INET6, &in6.sin6_addr, c->peer, sizeof c->peer);
    }
}

static void start_connection(Loop *l, struct MHD_Connection *mhd, void **ctx)
{
    HttpConnection *c = l->free_connections;
    if (c)
        l->free_connections = c->next;
    else
        c = NEW(&l->arena, HttpConnection);
    *c = (HttpConnection){.loop = l, .mhd = mhd, .next = l->connections};
    if (c->next)
        c->next->prev = c;
    l->connections = c;
    const struct sockaddr *addr =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
    c->fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    c->address = address_key(addr);
    write_peer(c, addr);
    c->refusal = addresses_enter(l->server->addresses, c->address);
    int64_t head_ms = l->server->config.limits.head_ms;
    conn_phase(c, CONN_HEAD, c->refusal && head_ms > REFUSED_MS ? REFUSED_MS : head_ms);
    *ctx = c;
}

static void end_connection(Loop *l, HttpConnection *c)
{
    addresses_leave(l->server->addresses, c->address);
    if (c->prev)
        c->prev->next = c->next;
    else
        l->connections = c->next;
    if (c->next)
        c->next->prev = c->prev;
    c->next = l->free_connections;
    l->free_connections = c;
}

void conn_notify(void *cls, struct MHD_Connection *mhd, void **ctx,
                 enum MHD_ConnectionNotificationCode what)
{
    Loop *l = cls;
    if (what == MHD_CONNECTION_NOTIFY_STARTED)
        start_connection(l, mhd, ctx);
    else if (*ctx)
        end_connection(l, *ctx);
}

static void cut(HttpConnection *c)
{
    bool is_asked = c->phase == CONN_BODY || (c->phase == CONN_HEAD && !c->refusal);
    if (is_asked)
        response_cut(c, 408);
    else
        (void)shutdown(c->fd, SHUT_RDWR);
    c->deadline = INT64_MAX;
}

void loop_sweep(Loop *l)
{
    for (HttpConnection *c = l->connections; c; c = c->next) {
        if (c->phase == CONN_STREAM && c->stream)
            stream_sweep(c);
        else if (c->deadline <= l->now)
            cut(c);
    }
}
