/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The line is put together on the stack and written by one write(2), which the kernel keeps whole
 * for pipes and files of this size: no lock, no buffer that a crash could lose.
 */
#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static _Atomic int least_level = LOG_INFO;

static const char *level_name(LogLevel level)
{
    switch (level) {
    case LOG_DEBUG: return "debug";
    case LOG_INFO: return "info";
    case LOG_WARN: return "warn";
    case LOG_ERROR: return "error";
    }
    return "?";
}

void log_set_level(LogLevel least)
{
    atomic_store(&least_level, (int)least);
}

static size_t put_head(char *line, size_t cap, LogLevel level)
{
    struct timespec now;
    struct tm t;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    (void)gmtime_r(&now.tv_sec, &t);
    int n = snprintf(line, cap, "%04d-%02d-%02dT%02d:%02d:%02d.%03ldZ %s ", t.tm_year + 1900,
                     t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec, now.tv_nsec / 1000000,
                     level_name(level));
    return n > 0 ? (size_t)n : 0;
}

/* Copies text into line with control characters as \n or \xNN; the new length. */
static size_t put_escaped(char *line, size_t len, size_t cap, const char *text)
{
    static const char hex[] = "0123456789abcdef";
    for (; *text && len + 4 < cap; text++) {
        unsigned char c = (unsigned char)*text;
        if (c >= 0x20 && c != 0x7f) {
            line[len++] = (char)c;
            continue;
        }
        line[len++] = '\\';
        if (c == '\n') {
            line[len++] = 'n';
            continue;
        }
        line[len++] = 'x';
        line[len++] = hex[c >> 4];
        line[len++] = hex[c & 15];
    }
    return len;
}

/* A cut in the middle of a character would leave invalid UTF-8 at the end. */
static size_t whole_characters(const char *line, size_t len)
{
    size_t i = len;
    while (i && ((unsigned char)line[i - 1] & 0xc0u) == 0x80)
        i--;
    if (!i || (unsigned char)line[i - 1] < 0xc0)
        return len;
    unsigned char lead = (unsigned char)line[i - 1];
    size_t more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    return len - i >= more ? len : i - 1;
}

void log_line(LogLevel level, const char *fmt, ...)
{
    if ((int)level < atomic_load(&least_level))
        return;
    char text[LOG_LINE_MAX], line[LOG_LINE_MAX];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    size_t len = put_head(line, sizeof line, level);
    len = put_escaped(line, len, sizeof line - 1, text);
    len = whole_characters(line, len);
    line[len++] = '\n';
    ssize_t ignored = write(STDERR_FILENO, line, len);
    (void)ignored; /* nowhere is left to tell it */
}

void log_err(const char *what, const Err *err)
{
    log_line(LOG_ERROR, "%s code=%s offset=%u at=%s:%d error=\"%s\"", what, err_name(err->code),
             err->offset, err->file ? err->file : "?", err->line, err->msg);
}
