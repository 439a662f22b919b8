/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A sender appends to the backlog and rings the loop; the loop resumes the connection; the library
 * asks the reader for bytes; an empty backlog suspends it again. The library does not notice that a
 * suspended visitor leaves, so the sweep peeks at quiet sockets and sends a comment now and then.
 */
#include "http/stream.h"

#include <errno.h>
#include <sys/socket.h>

#include "http/text.h"

enum { STREAM_FIRST_CAP = 512, STREAM_BLOCK = 1024 };

HttpStream *http_stream_new(HttpServer *s, size_t backlog_bytes)
{
    (void)s; /* the loop is known when the stream is answered with */
    Arena a = {0};
    HttpStream *st = NEW(&a, HttpStream);
    st->arena = a;
    st->max = backlog_bytes;
    atomic_init(&st->holders, 1);
    mutex_init(&st->lock);
    return st;
}

static void stream_release(HttpStream *st)
{
    if (atomic_fetch_sub(&st->holders, 1) != 1)
        return;
    if (st->bell)
        bell_drop(st->bell);
    mutex_free(&st->lock);
    Arena a = st->arena;
    arena_free(&a);
}

bool stream_mark_rung(HttpStream *st)
{
    if (atomic_exchange(&st->rung, true))
        return false;
    atomic_fetch_add(&st->holders, 1);
    return true;
}

static bool append_locked(HttpStream *st, Str text)
{
    if (st->len - st->from + text.len > st->max)
        return false;
    if (st->from && st->len + text.len > st->cap) {
        memmove(st->at, st->at + st->from, st->len - st->from);
        st->len -= st->from;
        st->from = 0;
    }
    if (st->len + text.len > st->cap) {
        size_t cap = st->cap ? st->cap * 2 : STREAM_FIRST_CAP;
        while (cap < st->len + text.len)
            cap *= 2;
        st->at = arena_grow(&st->arena, st->at, st->cap, cap);
        st->cap = cap;
    }
    memcpy(st->at + st->len, text.at, text.len);
    st->len += text.len;
    return true;
}

/* Appends and rings. The bell is counted, so it is there after the lock is left. */
static bool send_text(HttpStream *st, Str text)
{
    mutex_lock(&st->lock);
    bool ok = !st->gone && !st->closing && append_locked(st, text);
    Bell *bell = ok ? st->bell : NULL;
    mutex_unlock(&st->lock);
    if (bell)
        bell_put_stream(bell, st);
    return ok;
}

bool http_stream_send(HttpStream *st, Str event, Str data)
{
    Arena scratch = {0};
    StrBuf b = buf_in(&scratch);
    text_event(&b, event, data);
    bool ok = send_text(st, buf_str(&b));
    arena_free(&scratch);
    return ok;
}

void http_stream_close(HttpStream *st)
{
    mutex_lock(&st->lock);
    st->closing = true;
    Bell *bell = st->gone ? NULL : st->bell;
    mutex_unlock(&st->lock);
    if (bell)
        bell_put_stream(bell, st);
    stream_release(st);
}

/* Called by the library for bytes; with nothing to give, the connection is parked. */
static ssize_t read_stream(void *cls, uint64_t pos, char *out, size_t max)
{
    (void)pos;
    HttpStream *st = cls;
    ssize_t n;
    mutex_lock(&st->lock);
    size_t have = st->len - st->from;
    if (st->gone) {
        n = MHD_CONTENT_READER_END_WITH_ERROR;
    } else if (have) {
        size_t take = have < max ? have : max;
        memcpy(out, st->at + st->from, take);
        st->from += take;
        if (st->from == st->len)
            st->from = st->len = 0;
        st->sent_at = st->connection->loop->now;
        n = (ssize_t)take;
    } else if (st->closing) {
        n = MHD_CONTENT_READER_END_OF_STREAM;
    } else {
        st->parked = true;
        n = 0;
    }
    mutex_unlock(&st->lock);
    if (n == 0) {
        st->connection->suspended = true;
        MHD_suspend_connection(st->connection->mhd);
    }
    return n;
}

/* The library is done with the answer: sent to its end, broken off, or never begun. */
static void end_stream(void *cls)
{
    HttpStream *st = cls;
    mutex_lock(&st->lock);
    st->gone = true;
    st->connection = NULL;
    mutex_unlock(&st->lock);
    stream_release(st);
}

struct MHD_Response *stream_attach(HttpStream *st, HttpConnection *c)
{
    mutex_lock(&st->lock);
    ASSERT(!st->bell); /* a stream answers one request */
    atomic_fetch_add(&st->holders, 1);
    st->bell = bell_hold(c->loop->bell);
    st->connection = c;
    st->sent_at = c->loop->now;
    mutex_unlock(&st->lock);
    struct MHD_Response *r = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK,
                                                               read_stream, st, end_stream);
    if (r)
        c->stream = st;
    else
        end_stream(st);
    return r;
}

/* On the loop thread: something changed, so let the library ask again. */
static void resume(HttpStream *st)
{
    mutex_lock(&st->lock);
    bool parked = st->parked;
    st->parked = false;
    HttpConnection *c = st->connection;
    mutex_unlock(&st->lock);
    if (parked && c) {
        c->suspended = false;
        MHD_resume_connection(c->mhd);
    }
}

HttpStream *stream_answer_bell(HttpStream *st)
{
    HttpStream *next = st->next_rung;
    atomic_store(&st->rung, false); /* from here on it may be put again */
    resume(st);
    stream_release(st);
    return next;
}

void stream_leave(HttpStream *st)
{
    mutex_lock(&st->lock);
    st->gone = true;
    mutex_unlock(&st->lock);
    resume(st);
}

static bool visitor_left(int fd)
{
    char byte;
    ssize_t n = recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
}

void stream_sweep(HttpConnection *c)
{
    HttpStream *st = c->stream;
    int64_t now = c->loop->now;
    if (now - c->peek_at >= HTTP_PEEK_MS) {
        c->peek_at = now;
        if (visitor_left(c->fd)) {
            stream_leave(st);
            return;
        }
    }
    mutex_lock(&st->lock);
    bool beat = st->len == st->from && now - st->sent_at >= HTTP_HEARTBEAT_MS;
    if (beat) {
        (void)append_locked(st, STR(":\n\n"));
        st->sent_at = now;
    }
    mutex_unlock(&st->lock);
    if (beat)
        resume(st);
}
