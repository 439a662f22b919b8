/* SPDX-License-Identifier: Apache-2.0 */
/*
 * feel/feel.h - DMN's expression language: compile a text once, evaluate it many times.
 *
 * Pure: no I/O, clock, locale or globals; "today" is an entry of the scope like any other.
 * An evaluation never fails for what the values are: the result is then null with a reason.
 * Memory:  programs and results are in the Arena passed in and never point into the source text;
 *          results share what they took from the scope.
 * Threads: a FeelProgram may be shared once compiled; an Arena may not.
 * Limits:  FEEL_MAX_SOURCE bytes, FEEL_MAX_DEPTH of nesting, FEEL_MAX_STEPS (or the caller's own
 *          number) for an evaluation, where long texts and lists cost by their length.
 */
#pragma once

#include "base/clock.h"
#include "base/decimal.h"
#include "base/value.h"

enum {
    FEEL_MAX_SOURCE = 64 * 1024,
    FEEL_MAX_DEPTH = 120,      /* of an expression */
    FEEL_MAX_VALUE_DEPTH = 80, /* of a value that is compared, written or converted */
    FEEL_MAX_STEPS = 1000000,
    FEEL_MAX_NAMES = 2000,
};

typedef enum {
    FEEL_NULL,
    FEEL_BOOLEAN,
    FEEL_NUMBER,
    FEEL_STRING,
    FEEL_DATE,
    FEEL_TIME,
    FEEL_DATE_TIME,
    FEEL_DAYS_DURATION,
    FEEL_MONTHS_DURATION,
    FEEL_LIST,
    FEEL_CONTEXT,
    FEEL_RANGE,
} FeelKind;

typedef struct FeelValue FeelValue;
typedef struct FeelContext FeelContext;
typedef struct FeelRange FeelRange;

typedef struct {
    int32_t year; /* proleptic Gregorian, -999999999 to 999999999 */
    uint8_t month, day;
} FeelDate;

typedef struct {
    FeelDate date; /* zero in a time */
    bool has_offset;
    int32_t offset; /* seconds east of UTC */
    int64_t nanos;  /* of the day */
} FeelMoment;

typedef struct {
    int64_t seconds;
    int32_t nanos; /* same sign as seconds */
} FeelDuration;

struct FeelValue {
    FeelKind kind;
    union {
        bool truth;
        Decimal number;
        Str text; /* of a string; of a null: the reason, or empty */
        FeelDate date;
        const FeelMoment *moment; /* time, date and time */
        FeelDuration duration;
        int64_t months;
        struct {
            const FeelValue *items;
            size_t count;
        } list;
        const FeelContext *context;
        const FeelRange *range;
    };
};

typedef struct {
    Str key;
    FeelValue value;
} FeelEntry;

struct FeelContext {
    const FeelEntry *entries; /* in order of writing, keys unique */
    size_t count;
};

struct FeelRange {
    FeelValue start, end; /* null: open to that side */
    bool start_included, end_included;
};

/* What is known of a variable before it has a value. */
typedef struct FeelType FeelType;

typedef struct {
    Str name;
    const FeelType *type; /* NULL: anything */
} FeelName;

typedef struct {
    const FeelName *at;
    size_t count;
} FeelNames;

struct FeelType {
    FeelKind kind;            /* FEEL_NULL: anything */
    const FeelType *item;     /* of a list; NULL: anything */
    const FeelNames *members; /* of a context; NULL: anything */
    bool open;                /* other members may turn up: a missing one is null, no error */
};

typedef struct FeelProgram FeelProgram;

typedef enum {
    FEEL_EXPRESSION,
    FEEL_UNARY_TESTS, /* a cell of a table: true or false of FeelScope.input */
} FeelMode;

/* Where names are looked up: innermost first. */
typedef struct FeelScope FeelScope;
struct FeelScope {
    const FeelContext *context;
    const FeelScope *outer;
    const FeelValue *input; /* "?" in unary tests; only that of the innermost scope counts */
};

/*
 * names NULL: any name may turn up at evaluation. Else an unknown name is an error that says what
 * was probably meant. NULL on failure; err->offset is the byte in src.
 */
MUST_CHECK const FeelProgram *feel_compile(Arena *out, Str src, const FeelNames *names,
                                           FeelMode mode, Err *err);
/* Fails only with ERR_LIMIT. max_steps 0: FEEL_MAX_STEPS. */
MUST_CHECK bool feel_eval(Arena *out, const FeelProgram *p, const FeelScope *scope,
                          uint32_t max_steps, FeelValue *value, Err *err);

/* JSON to FEEL and back: dates, times, durations and ranges become strings on the way back. */
MUST_CHECK bool feel_from_value(Arena *out, const Value *v, FeelValue *value, Err *err);
MUST_CHECK Value *feel_to_value(Arena *out, const FeelValue *v, Err *err);
/* As it would be after a way through JSON: what may be kept in a store. */
MUST_CHECK bool feel_to_data(Arena *out, const FeelValue *v, FeelValue *data, Err *err);
/*
 * Data taken as type: texts become dates, times and durations where the type asks for them, one
 * value becomes a list of one, a list of one its item; what does not fit becomes null with a
 * reason.
 */
MUST_CHECK bool feel_coerce(Arena *out, const FeelValue *v, const FeelType *type, FeelValue *value,
                            Err *err);

FeelValue feel_null(void);
FeelValue feel_reason(Arena *out, const char *fmt, ...) PRINTF_LIKE(2, 3);
FeelValue feel_bool(bool truth);
FeelValue feel_int(int64_t n);
FeelValue feel_number(Decimal d);
FeelValue feel_str(Str s);
FeelValue feel_date(FeelDate d);
FeelValue feel_context(const FeelContext *c);
bool feel_is_true(const FeelValue *v);
/* Text as string() gives it, for people and traces; strings inside lists are quoted. */
Str feel_text(Arena *out, const FeelValue *v);
/* True when both are of one kind and equal; deep. */
bool feel_same(const FeelValue *a, const FeelValue *b);
const char *feel_kind_name(FeelKind kind); /* "days and time duration" */
/* "number", "date and time", "dateTime", "Any" …; false for an unknown name. */
MUST_CHECK bool feel_kind_of_name(Str name, FeelKind *kind);
/* NULL when absent. */
const FeelValue *feel_get(const FeelContext *c, Str key);
/* A new context with the entry added or replaced. */
const FeelContext *feel_with(Arena *out, const FeelContext *c, Str key, FeelValue value);
/* A date, date and time, time or duration written as in @"…"; null with a reason when it is none.
 */
FeelValue feel_temporal(Arena *out, Str text);
/* A moment at that offset from UTC; its date() is the day there. */
FeelValue feel_of_time(Arena *out, TimeMs t, int32_t zone_minutes);
/* Of a date (midnight) or date and time; local ones are at that offset. False for other kinds. */
MUST_CHECK bool feel_time_of(const FeelValue *v, int32_t zone_minutes, TimeMs *t);
/* x + y as the language has it: a moment and a duration, two numbers … */
FeelValue feel_add(Arena *out, const FeelValue *x, const FeelValue *y);
/* Of the names, the one that was probably meant; empty when none is near. */
Str feel_nearest(Str wanted, const Str *names, size_t count);
