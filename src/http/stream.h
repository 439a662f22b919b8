/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http/stream.h - the inside of a stream of server-sent events (private).
 *
 * Held by the owner (until http_stream_close), the connection (from the answer to its end) and the
 * bell (while it stands there).
 * `lock` guards what both touch; `rung` is the bell's.
 */
#pragma once

#include "http/http_int.h"

struct HttpStream {
    Arena arena; /* holds this struct */
    Mutex lock;
    char *at; /* what waits to be sent: [from, len) */
    size_t from, len, cap, max;
    atomic_int holders; /* owner, connection, bell */
    bool gone;          /* the visitor left, or the server */
    bool closing;       /* the owner is done */
    bool parked;        /* suspended until something is sent: only the loop changes it */
    Bell *bell;         /* of the loop that serves it; NULL before the answer */
    int64_t sent_at;
    HttpConnection *connection; /* the loop's alone */
    atomic_bool rung;           /* stands on the bell */
    HttpStream *next_rung;
};

/* True, and held once more, for the first to mark it. */
bool stream_mark_rung(HttpStream *st);
