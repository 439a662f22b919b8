/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/fetch.h - one HTTP call to another system; the only room of libcurl.
 *
 * Blocking: called from a worker, never from a loop thread. No redirects, http and https only,
 * proxies of the environment ignored, TLS verified. A call has a limit for connecting and one for
 * all of it, retries and pauses included; the answer has a size limit (ERR_LIMIT). Retries are for
 * calls that are safe to repeat; pauses double, with jitter. A call that is not a GET and has no
 * retries takes a fresh connection, so that libcurl never repeats it by itself.
 * Messages name the host alone: paths and queries may hold personal data.
 * Threads: a Fetcher keeps connections alive and belongs to one thread at a time.
 */
#pragma once

#include "base/clock.h"
#include "base/rand.h"
#include "base/str.h"

enum { FETCH_MAX_ANSWER = 4 << 20, FETCH_MAX_RETRIES = 5 };

typedef struct Fetcher Fetcher;

typedef struct {
    Str name, value;
} FetchHeader;

typedef struct {
    Str method; /* "GET", "POST" */
    Str url;
    const FetchHeader *headers;
    size_t header_count;
    Str body;
    int64_t connect_ms, total_ms; /* limits; 0 takes 2000 and 5000 */
    int retries;                  /* after the first try */
    int64_t backoff_ms;           /* first pause; 0 takes 100 */
} FetchCall;

typedef struct {
    int status; /* 0: no answer came */
    Str content_type;
    Str body;
    int tries;
    int64_t took_ms;
    bool unknown; /* sent, but no answer: it may have been done */
} FetchAnswer;

Fetcher *fetch_new(void);
void fetch_free(Fetcher *f);
/* false when no answer came at all (ERR_UNAVAILABLE says why); any status is an answer.
 * 5xx, 429 and no answer are retried. */
MUST_CHECK bool fetch_call(Arena *out, Fetcher *f, const FetchCall *call, FetchAnswer *answer,
                           Err *err);
