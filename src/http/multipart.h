/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http/multipart.h - multipart/form-data (RFC 7578) as it arrives, piece by piece (private).
 *
 * Pure: bytes in, calls out; how the bytes are cut into pieces does not change what is called, but
 * for where data is cut.
 * Limits:  MULTIPART_HEAD_MAX bytes of header in one part, MULTIPART_PREAMBLE_MAX before the first.
 */
#pragma once

#include "base/str.h"

enum { MULTIPART_BOUNDARY_MAX = 70, MULTIPART_HEAD_MAX = 2048, MULTIPART_PREAMBLE_MAX = 4096 };

typedef struct {
    Str name;
    Str filename; /* as sent */
    bool is_file; /* a filename was sent, maybe an empty one */
} MultipartPart;

/* Each may stop the reading with an error of its own. The part's texts live until the call returns.
 */
typedef struct {
    bool (*begin)(void *user, const MultipartPart *part, Err *err);
    bool (*data)(void *user, Str bytes, Err *err);
    bool (*end)(void *user, Err *err);
} MultipartSink;

typedef enum {
    MULTIPART_PREAMBLE, /* before the first delimiter */
    MULTIPART_AFTER,    /* right after a delimiter */
    MULTIPART_DASH,     /* after its first '-' */
    MULTIPART_PAD,      /* white space after it */
    MULTIPART_CR,       /* after its carriage return */
    MULTIPART_HEAD,
    MULTIPART_DATA,
    MULTIPART_DONE, /* the rest is ignored */
} MultipartState;

typedef struct {
    const MultipartSink *sink;
    void *user;
    MultipartState state;
    char delimiter[4 + MULTIPART_BOUNDARY_MAX]; /* CR LF - - boundary */
    size_t delimiter_len;
    size_t matched; /* bytes of delimiter that stand right before the next byte */
    size_t preamble;
    char head[MULTIPART_HEAD_MAX];
    size_t head_len;
} Multipart;

MUST_CHECK bool multipart_init(Multipart *m, Str boundary, const MultipartSink *sink, void *user,
                               Err *err);
MUST_CHECK bool multipart_feed(Multipart *m, Str bytes, Err *err);
/* All bytes were fed: an error when the closing delimiter never came. */
MUST_CHECK bool multipart_end(const Multipart *m, Err *err);
