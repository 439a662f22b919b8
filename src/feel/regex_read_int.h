/* SPDX-License-Identifier: Apache-2.0 */
/* feel/regex_read_int.h - a pattern on its way through regex.c and regex_class.c. */
#pragma once

#include "feel/regex_int.h"

#define NO_CODE_POINT UINT32_MAX

typedef struct {
    Arena *out;
    Str src;
    size_t at;
    RegexFlags flags;
    StrBuf code;
    uint32_t classes; /* that are open here */
    uint32_t groups;  /* that capture, so far */
    bool closed[REGEX_MAX_GROUPS + 1];
    struct {
        uint32_t number; /* 0: it does not capture */
        size_t start;    /* of its content in code */
        bool bar;
    } open[REGEX_MAX_NESTING];
    uint32_t depth;
    const char *what; /* is wrong; NULL: nothing */
    size_t where;
} RegexReader;

/* Both false; the first error counts. */
bool regex_fail_at(RegexReader *r, size_t where, const char *what);
bool regex_fail(RegexReader *r, const char *what);
/* With flag x white space is not there, but in classes. */
void regex_skip(RegexReader *r);
uint32_t regex_peek(RegexReader *r);
uint32_t regex_next(RegexReader *r);
bool regex_take(RegexReader *r, uint32_t c);
/* The character itself, wherever it stands. */
void regex_put_char(StrBuf *b, uint32_t c);
/* After a backslash: a set into set, or a single character into *one. */
bool regex_read_escape(RegexReader *r, StrBuf *set, uint32_t *one, size_t start);
/* After "[": up to and with its "]". */
bool regex_read_class(RegexReader *r, StrBuf *code, size_t start);
