/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/err.h - the one way to fail.
 *
 * A function that can fail returns bool (or a pointer, NULL on failure) and takes an Err last.
 * Err is untouched on success. The message says what first, the subject in single quotes, lower
 * case, no full stop. It is for logs and for people who write catalogues; citizens read translated
 * texts chosen by code and key, never this message.
 * Threads: an Err belongs to its caller. Limits: ERR_MSG_MAX bytes, longer messages are cut.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

enum { ERR_MSG_MAX = 320 };

/* Closed list; web maps each to one HTTP status. */
typedef enum {
    ERR_NONE,
    ERR_INPUT,       /* 422: what was sent is wrong, at offset */
    ERR_DENIED,      /* 403: this person may not */
    ERR_NOT_FOUND,   /* 404 */
    ERR_CONFLICT,    /* 409: somebody was faster, or the state forbids it */
    ERR_LIMIT,       /* 413: a named limit was passed */
    ERR_UNAVAILABLE, /* 503: try again later */
    ERR_STORAGE,     /* 507: no room on disk */
    ERR_UNREADABLE,  /* 501: made for a version that this program does not read any more */
    ERR_INTERNAL,    /* 500: ours to mend */
} ErrCode;

typedef struct {
    ErrCode code;
    const char *file; /* where in our source it was raised */
    int line;
    uint32_t offset; /* byte offset in the user's document, 0 where there is none */
    char msg[ERR_MSG_MAX];
} Err;

const char *err_name(ErrCode code);
/* Fills *err, which may be NULL. Use FAIL and FAIL_AT. */
void err_set(Err *err, ErrCode code, const char *file, int line, uint32_t offset, const char *fmt,
             ...) PRINTF_LIKE(6, 7);

/* Always false; said so here, that compilers and analysers see it too. */
#define FAIL(err, code, ...) (err_set((err), (code), __FILE__, __LINE__, 0, __VA_ARGS__), false)
#define FAIL_AT(err, code, offset, ...)                                                            \
    (err_set((err), (code), __FILE__, __LINE__, (uint32_t)(offset), __VA_ARGS__), false)

/* Logs and aborts. For what must end the process: no memory, a failed fsync. */
_Noreturn void fatal(const char *fmt, ...) PRINTF_LIKE(1, 2);
_Noreturn void assert_failed(const char *what, const char *file, int line);
/* A broken invariant is not an error; stays on in release. */
#define ASSERT(cond) ((cond) ? (void)0 : assert_failed(#cond, __FILE__, __LINE__))
