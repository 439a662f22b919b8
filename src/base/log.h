/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/log.h - one line a fact, to stderr, in logfmt: time level message key=value.
 *
 * Never personal data: ids, codes and counts only. A line is written whole by one write(2); lines
 * over LOG_LINE_MAX are cut. Control characters in values are escaped, so that no visitor can
 * forge a line. Threads: any thread; no lock is held across the write.
 */
#pragma once

#include "base/err.h"

enum { LOG_LINE_MAX = 2048 };

typedef enum { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR } LogLevel;

void log_set_level(LogLevel least);
void log_line(LogLevel level, const char *fmt, ...) PRINTF_LIKE(2, 3);
void log_err(const char *what, const Err *err); /* with our source line */

#define log_debug(...) log_line(LOG_DEBUG, __VA_ARGS__)
#define log_info(...) log_line(LOG_INFO, __VA_ARGS__)
#define log_warn(...) log_line(LOG_WARN, __VA_ARGS__)
#define log_error(...) log_line(LOG_ERROR, __VA_ARGS__)
