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
    FEEL_MAX_CALLS = 200,      /* functions within functions; each takes C stack */
    FEEL_MAX_BYTES = 32 << 20, /* of the arena, in one evaluation */
    FEEL_MAX_NAMES = 2000,
    FEEL_MAX_REMARKS = 20, /* on one text */
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
    FEEL_FUNCTION,
} FeelKind;

typedef struct FeelValue FeelValue;
typedef struct FeelContext FeelContext;
typedef struct FeelRange FeelRange;
typedef struct FeelFunction FeelFunction;
typedef struct FeelReason FeelReason;
typedef struct FeelPattern FeelPattern;

typedef struct {
    int32_t year; /* proleptic Gregorian, -999999999 to 999999999 */
    uint8_t month, day;
} FeelDate;

typedef struct {
    FeelDate date; /* zero in a time */
    bool has_offset;
    int32_t offset; /* seconds east of UTC; of a zone: at that moment */
    int64_t nanos;  /* of the day */
    Str zone;       /* "Europe/Paris"; empty: an offset or nothing */
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
        Str text;
        const FeelReason *reason; /* of a null; NULL: it was given as null */
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
        const FeelFunction *function;
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

typedef enum {
    FEEL_INTERVAL, /* [1..5] */
    FEEL_BELOW,    /* (< 5): no start */
    FEEL_ABOVE,    /* (> 5): no end */
    FEEL_EQUAL,    /* (= 5) */
    FEEL_UNEQUAL,  /* (!= 5): start and end are what it excludes */
} FeelRangeKind;

struct FeelRange {
    FeelRangeKind kind;
    FeelValue start, end;
    bool start_included, end_included;
};

/* What is known of a variable before it has a value. */
typedef struct FeelType FeelType;
typedef struct FeelProgram FeelProgram;
typedef struct FeelScope FeelScope;

typedef struct {
    Str name;
    const FeelType *type; /* NULL: anything */
} FeelName;

typedef struct FeelNames FeelNames;
struct FeelNames {
    const FeelName *at;
    size_t count;
    bool open;              /* others may turn up: an unknown one is null, no error */
    const FeelNames *types; /* named types, for "instance of"; NULL: none */
};

struct FeelType {
    FeelKind kind;              /* FEEL_NULL: anything */
    const FeelType *item;       /* of a list or range; NULL: anything */
    const FeelNames *members;   /* of a context; NULL: anything */
    const FeelNames *params;    /* of a function; NULL: anything */
    const FeelType *result;     /* of a function; NULL: anything */
    const FeelProgram *allowed; /* unary tests that each value passes; NULL: none */
    Str allowed_text;
    bool open; /* other members may turn up: a missing one is null, no error */
};

/* What an evaluation may take, and what is left of it; functions share their caller's. */
typedef struct {
    uint32_t steps; /* 0: FEEL_MAX_STEPS */
    uint32_t calls; /* 0: FEEL_MAX_CALLS */
    size_t bytes;   /* 0: FEEL_MAX_BYTES */
    /* Asked now and then; true ends the evaluation. NULL: no limit of time. */
    bool (*expired)(void *clock);
    void *clock;
    const FeelValue *now; /* date and time for now() and today(); NULL: they are null */
} FeelLimits;

typedef struct {
    Arena *out;
    const FeelLimits *limits;
    uint32_t left, calls;        /* steps, calls */
    size_t bytes_at;             /* the arena may grow to */
    const char *spent;           /* the limit that was passed: whatever comes out is thrown away */
    const FeelPattern *patterns; /* regular expressions that were compiled on the way */
    const FeelPattern *prepared; /* that of the call which runs, compiled with the program */
} FeelBudget;

/* args: as many as params, each fit to its type. The result is fit to f->result by the caller. */
typedef FeelValue (*FeelHost)(FeelBudget *b, const FeelFunction *f, const FeelValue *args);

struct FeelFunction {
    const FeelNames *params;
    const FeelType *result;
    /* one of: */
    const FeelProgram *body; /* with what it has captured */
    FeelHost host;           /* the caller's own code, with data */
    uint32_t builtin;        /* when the two others are NULL */
    const FeelScope *scope;
    const FeelValue *captured;
    const void *data;
};

typedef enum {
    FEEL_EXPRESSION,
    FEEL_UNARY_TESTS, /* a cell of a table: true or false of FeelScope.input */
} FeelMode;

/* Where names are looked up: innermost first. */
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
/*
 * What cannot be meant in a text that compiles with these names: a comparison of kinds that is
 * always null, an option that the value's type does not allow, a built-in that takes no such value.
 * Only what is certain by the types is told; where names are open, nothing. The run is the same.
 */
typedef struct {
    bool is_advice;
    uint32_t offset; /* the byte in src */
    Str message, cure;
} FeelRemark;

typedef struct {
    FeelRemark at[FEEL_MAX_REMARKS];
    size_t count;
    const FeelType *type; /* of the value that comes out; NULL: not known */
} FeelRemarks;

/* input: of "?" in unary tests; NULL: anything. */
void feel_check(Arena *out, Str src, const FeelNames *names, FeelMode mode, const FeelType *input,
                FeelRemarks *remarks);
/* Names that it looks up in its scope, each once: their number, of which the first max are given. */
size_t feel_names_read(const FeelProgram *p, Str *names, size_t max);
bool feel_reads(const FeelProgram *p, Str name);
/* Does that text stand in it as a constant? */
bool feel_mentions(const FeelProgram *p, Str text);
/* A text that is one of those; the type lives in the arena. NULL when there are none. */
const FeelType *feel_options_type(Arena *out, const Str *options, size_t count);
/* Fails only with ERR_LIMIT. max_steps 0: FEEL_MAX_STEPS. */
MUST_CHECK bool feel_eval(Arena *out, const FeelProgram *p, const FeelScope *scope,
                          uint32_t max_steps, FeelValue *value, Err *err);
/* The same in parts that share one budget. limits NULL: the defaults; else it must outlive. */
FeelBudget feel_budget(Arena *out, const FeelLimits *limits);
FeelValue feel_run(FeelBudget *b, const FeelProgram *p, const FeelScope *scope);
/* args are fit to the parameters; a wrong count or a value that is no function is null. */
FeelValue feel_invoke(FeelBudget *b, const FeelValue *function, const FeelValue *args,
                      size_t count);
/* What the caller does besides: false when the budget is spent. */
bool feel_take(FeelBudget *b, size_t steps);
/* False with ERR_LIMIT when the budget was passed. */
MUST_CHECK bool feel_within(const FeelBudget *b, Err *err);
/*
 * Unary tests that compare the input with constants only, as ranges of which one must hold, or
 * none when negated; tables are indexed by them. False for other programs.
 */
typedef struct {
    const FeelRange *ranges;
    size_t count;
    bool negated;
} FeelConstantTests;
bool feel_constant_tests(const FeelProgram *p, FeelConstantTests *tests);
/* -1, 0, 1; false when the two cannot be ordered. */
bool feel_order(const FeelValue *x, const FeelValue *y, int *order);
/*
 * v as type has it (DMN 1.5 10.3.2.9.4): a list of one gives its item, a value makes a list of
 * one, a date is midnight UTC; what does not fit or is not allowed is null with a reason.
 */
FeelValue feel_fit(FeelBudget *b, const FeelValue *v, const FeelType *type);

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
/* A null with its cause. fmt takes %s (a constant, translated), STR_FMT, %d %u %zu %lld %c; at most
 * four; each fmt has its Chinese in reasons.c. */
FeelValue feel_reason(Arena *out, const char *fmt, ...) PRINTF_LIKE(2, 3);
typedef enum { FEEL_EN, FEEL_ZH } FeelLang;
/* Why v is null; empty when it is none or was given so. */
Str feel_why(Arena *out, const FeelValue *v, FeelLang lang);
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
/* The same, paid from a budget; false when it is spent. */
bool feel_same_within(FeelBudget *budget, const FeelValue *a, const FeelValue *b);
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
