/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

const char *err_name(ErrCode code)
{
    switch (code) {
    case ERR_NONE: return "none";
    case ERR_INPUT: return "input";
    case ERR_DENIED: return "denied";
    case ERR_NOT_FOUND: return "not_found";
    case ERR_CONFLICT: return "conflict";
    case ERR_LIMIT: return "limit";
    case ERR_UNAVAILABLE: return "unavailable";
    case ERR_STORAGE: return "storage";
    case ERR_UNREADABLE: return "unreadable";
    case ERR_INTERNAL: return "internal";
    }
    return "unknown";
}

void err_set(Err *err, ErrCode code, const char *file, int line, uint32_t offset, const char *fmt,
             ...)
{
    if (!err)
        return;
    err->code = code;
    err->file = file;
    err->line = line;
    err->offset = offset;
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(err->msg, sizeof err->msg, fmt, args);
    va_end(args);
}

void fatal(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    (void)fputs("onedoor: fatal: ", stderr);
    (void)vfprintf(stderr, fmt, args);
    (void)fputc('\n', stderr);
    va_end(args);
    abort();
}

void assert_failed(const char *what, const char *file, int line)
{
    fatal("%s:%d: broken invariant: %s", file, line, what);
}
