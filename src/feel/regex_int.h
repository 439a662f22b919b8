/* SPDX-License-Identifier: Apache-2.0 */
/*
 * feel/regex_int.h - regular expressions of XPath and XML Schema, run by PCRE2.
 *
 * A pattern is translated, never passed on: what XPath does not have is an error that says what
 * and at which character. Positions and captures are bytes of the text.
 * Memory:  a Regex is in the arena it was compiled in; a RegexRun is the caller's, holds what a
 *          match needs and is closed by regex_close. Nothing is allocated elsewhere.
 * Threads: a Regex may be shared; a RegexRun may not.
 * Limits:  below; passing one gives a null with its name.
 */
#pragma once

#include "feel/feel_int.h"

enum {
    REGEX_MAX_PATTERN = 4096,        /* bytes */
    REGEX_MAX_NESTING = 60,          /* of groups, of subtracted classes */
    REGEX_MAX_GROUPS = 99,           /* that capture */
    REGEX_MAX_REPEAT = 1000,         /* in {n,m} */
    REGEX_MAX_CODE = 48 * 1024,      /* bytes, translated */
    REGEX_MAX_TEXT = 64 * 1024,      /* bytes that are searched */
    REGEX_MAX_ATTEMPTS = 700 * 1000, /* of one search; what hides between two counts, too */
    REGEX_MAX_DEPTH = 40 * 1000,     /* attempts within attempts */
    REGEX_MAX_HEAP_KB = 8 * 1024,
    REGEX_MAX_WORK = 8 * 1000 * 1000, /* bytes of text times bytes of pattern, unless anchored */
    REGEX_ARGS = 4,                   /* of a built-in, at most */
    REGEX_ROOM = 24 * 1024,           /* on the C stack; most searches need no more */
};

typedef struct {
    bool dot_all, lines, no_case, spaced, literal;
} RegexFlags;

typedef struct Regex Regex;

/* s m i x q in any order; false for another letter. */
bool regex_flags(Str text, RegexFlags *flags);
/* The pattern for PCRE2; false: *why is a null with a reason. */
bool regex_translate(Arena *out, Str pattern, RegexFlags flags, Str *code, FeelValue *why);
/* NULL: *why is a null with a reason. The texts are not kept. */
const Regex *regex_compile(Arena *out, Str pattern, Str flags, FeelValue *why);
uint32_t regex_group_count(const Regex *r);
bool regex_is_literal(const Regex *r); /* flag q */

typedef struct {
    FeelBudget *budget;
    const Regex *regex;
    Str text;
    FeelValue why; /* of a search that was given up */
    bool stopped;
    bool checked;         /* the text is known to be UTF-8 */
    void *data, *context; /* PCRE2's */
    uint32_t attempts, weight;
    size_t seen; /* where the last attempt was */
    const size_t *ends;
    uint32_t count; /* groups in ends */
    Arena spill;
    size_t used;
    union {
        char bytes[REGEX_ROOM];
        uint64_t align;
    } room;
} RegexRun;

/* run need not be initialised. False: too long a text, *run is stopped. */
bool regex_open(RegexRun *run, FeelBudget *b, const Regex *r, Str text);
/* The first match at or after from; false: there is none, or run->stopped. */
bool regex_find(RegexRun *run, size_t from);
/* 0: the match; its place in the text. Empty where the group took no part. */
Str regex_group(const RegexRun *run, uint32_t n);
void regex_close(RegexRun *run);
/* Whether the empty text matches. */
bool regex_matches_nothing(FeelBudget *b, const Regex *r);

/* ---- built-ins ---- */

FeelValue regex_matches(FeelBudget *b, const FeelValue *args, size_t count);
FeelValue regex_replace(FeelBudget *b, const FeelValue *args, size_t count);
FeelValue regex_split(FeelBudget *b, const FeelValue *args, size_t count);
/*
 * For a call whose pattern and flags are constants: what b->prepared is while it runs. args: by
 * position, NULL where it is no constant. NULL: nothing to prepare.
 */
const FeelPattern *regex_prepare(Arena *out, const Builtin *row, const FeelValue *const *args,
                                 size_t count);
