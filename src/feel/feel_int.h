/* SPDX-License-Identifier: Apache-2.0 */
/*
 * feel/feel_int.h - what the files of this room share: tree, program, built-ins.
 */
#pragma once

#include "base/utf8.h"
#include "base/vec.h"
#include "feel/feel.h"

enum {
    FEEL_MAX_HEIGHT = 800, /* of the tree: 1+1+1+… is as high as it is long */
    FEEL_MAX_ITERS = 200,  /* loops and filters in one program */
    FEEL_MAX_ARGS = 100,
    FEEL_NOTHING = 0xffff,
    FEEL_MAX_NODES = 500000,  /* of a value that is copied or written */
    FEEL_MAX_COPIED = 200000, /* names that functions of one text see around them */
    FEEL_MAX_TRIES = 3000000, /* names of several words times words of the text */
};

typedef Vec(Str) Names;
typedef Vec(FeelValue) Values;

/* ---- the tree: parse.c makes it, compile.c walks it ---- */

typedef enum {
    NODE_CONST,
    NODE_NAME,
    NODE_INPUT, /* ? */
    NODE_PATH,  /* kid . name */
    NODE_NEGATE,
    NODE_BINARY, /* op: arithmetic and comparison */
    NODE_AND,
    NODE_OR,
    NODE_BETWEEN, /* value, low, high */
    NODE_IN,      /* value, tests */
    NODE_IF,      /* condition, then, else */
    NODE_FOR,     /* sources …, body; names: iterators */
    NODE_SOME,
    NODE_EVERY,
    NODE_LIST,
    NODE_CONTEXT,      /* names: keys */
    NODE_RANGE,        /* start, end */
    NODE_STEPS,        /* for's a..b */
    NODE_FILTER,       /* list, condition */
    NODE_CALL,         /* name, arguments; names: of the arguments, or none */
    NODE_INVOKE,       /* function, arguments; names: of the arguments, or none */
    NODE_FUNCTION,     /* body, or for an external one its context; params */
    NODE_INSTANCE,     /* value; type */
    NODE_COMPARE_TEST, /* op, operand: "< 5" in a test */
    NODE_TESTS,        /* any of the kids; negated: not(…) */
    NODE_ANY_TEST,     /* "-" */
} NodeKind;

/* ORDER OP: the first part of OPS is the operators of NODE_BINARY. */
#define FEEL_OPS(X)                                                                                \
    X(ADD)                                                                                         \
    X(SUB)                                                                                         \
    X(MUL)                                                                                         \
    X(DIV)                                                                                         \
    X(POW)                                                                                         \
    X(EQ)                                                                                          \
    X(NE)                                                                                          \
    X(LT)                                                                                          \
    X(LE)                                                                                          \
    X(GT)                                                                                          \
    X(GE)                                                                                          \
    X(CONST)  /* a: constant */                                                                    \
    X(NAME)   /* a: name; looked up in the scope */                                                \
    X(INPUT)  /* the scope's input */                                                              \
    X(SLOT)   /* b: slot */                                                                        \
    X(STORE)  /* b: slot; pops */                                                                  \
    X(MEMBER) /* a: name, b: slot; found: pushed, else the next step is skipped */                 \
    X(PATH)   /* a: name */                                                                        \
    X(NEGATE)                                                                                      \
    X(BETWEEN)                                                                                     \
    X(IN)      /* value, test value */                                                             \
    X(IS_TRUE) /* top becomes a boolean or null */                                                 \
    X(NOT)                                                                                         \
    X(AND)                                                                                         \
    X(OR)                                                                                          \
    X(JUMP)        /* a: target */                                                                 \
    X(JUMP_IF)     /* a: target, flag: jumps when top is that boolean; keeps it */                 \
    X(JUMP_UNLESS) /* a: target; pops, jumps when it is not true */                                \
    X(LIST)        /* a: count */                                                                  \
    X(CONTEXT)     /* a: first of b keys in names */                                               \
    X(RANGE)       /* a: kind; flag: 1 start included, 2 end included, 4 steps */                  \
    X(INDEX)       /* list, number */                                                              \
    X(CALL)        /* a: built-in, b: count of arguments, flag: number of its pattern */           \
    X(INVOKE)      /* function and b arguments; flag 1: named, a: first of b names */              \
    X(CLOSURE)     /* a: function; pushes it with what it captures */                              \
    X(INSTANCE)    /* a: type */                                                                   \
    X(GATHER)      /* flag: loop that gathers results; b: slot of "partial" or NOTHING */          \
    X(DECIDE)      /* flag: loop; b: 0 some, 1 every */                                            \
    X(OPEN)        /* flag: loop, b: loop that gathers, a: 1 for a..b */                           \
    X(NEXT)        /* flag: loop, b: slot, a: target when done */                                  \
    X(KEEP)        /* flag: loop, b: slot of "partial" or NOTHING; pops one result */              \
    X(GATHERED)    /* flag: loop; pushes what was gathered */                                      \
    X(JUDGE)       /* flag: loop, b: 0 some, 1 every, a: target when decided; pops */              \
    X(JUDGED)      /* flag: loop; pushes the verdict */                                            \
    X(SIEVE)       /* flag: loop; pops a list to filter */                                         \
    X(SIFT)        /* flag: loop, a: target when it is an index; pops the condition */             \
    X(SIFTED)      /* flag: loop; pushes what is left */                                           \
    X(END)

typedef enum {
#define FEEL_OP_ENUM(name) OP_##name,
    FEEL_OPS(FEEL_OP_ENUM)
#undef FEEL_OP_ENUM
} Op;

typedef struct Node Node;
struct Node {
    NodeKind kind;
    Op op;
    uint32_t offset;
    uint32_t height;
    bool negated;
    bool has_input; /* "?" stands somewhere inside */
    bool start_included, end_included;
    bool external;
    FeelRangeKind range;
    Str name;
    FeelValue value;
    const FeelType *type;
    const FeelNames *params; /* of a function */
    Node **kids;
    size_t count;
    Names names;
};

/* The tree, the source's copy and its names stand beside out; values and types in it. */
MUST_CHECK Node *feel_parse(Arena *out, Str src, const FeelNames *names, FeelMode mode, Err *err);

/* Unary tests of constants, or NULL. */
const FeelConstantTests *tree_constant_tests(Arena *out, const Node *tree);

/* ---- tokens ---- */

/* ORDER KEYWORD: keyword_names in lex.c. */
typedef enum {
    TOKEN_END,
    TOKEN_NUMBER,
    TOKEN_STRING,
    TOKEN_TEMPORAL, /* @"…" */
    TOKEN_NAME,
    TOKEN_MARK, /* ( ) [ ] { } , : . .. + - * / ** = != < <= > >= ? */
    TOKEN_IF,
    TOKEN_THEN,
    TOKEN_ELSE,
    TOKEN_FOR,
    TOKEN_IN,
    TOKEN_RETURN,
    TOKEN_SOME,
    TOKEN_EVERY,
    TOKEN_SATISFIES,
    TOKEN_AND,
    TOKEN_OR,
    TOKEN_BETWEEN,
    TOKEN_TRUE,
    TOKEN_FALSE,
    TOKEN_NULL,
} TokenKind;

/* A mark of one character is that character. */
enum { MARK_DOTS = 256, MARK_POW, MARK_NE, MARK_LE, MARK_GE };

typedef struct {
    TokenKind kind;
    int mark; /* 0: none */
    uint32_t start, end;
    Str text; /* decoded for strings, with single spaces for names */
} Token;

typedef struct {
    Arena *arena;
    Str src;
    size_t at;
    bool after_dot; /* the next name is a member: "time offset" */
    Names phrases;  /* known names that are more than one word; the caller's come first */
    size_t given;   /* of phrases: the caller's, whose texts may go */
    size_t tried;   /* phrases, at all words together */
} Lexer;

MUST_CHECK bool lex_next(Lexer *lx, Token *t, Err *err);
/* Text up to the next of the stop words or marks, as a declared name: iterator, key. */
MUST_CHECK bool lex_declared(Lexer *lx, size_t from, Str stop, Str *name, Err *err);
size_t lex_skip_space(Str src, size_t at);
/* The same, beside the lexer's arena, up to one of the marks in stops; false without an error when none comes, or something
 * that no name holds comes first. */
bool lex_name_before(Lexer *lx, size_t from, const char *stops, Str *name);
/* A type as after "instance of" or in a parameter. */
MUST_CHECK bool lex_type(Lexer *lx, size_t from, const FeelNames *types, const FeelType **type,
                         Err *err);
/* End of phrase when it stands at at, else 0. */
size_t lex_match(Str src, size_t at, Str phrase);
bool lex_is_phrase(Str name);

/* ---- the program ---- */

typedef struct {
    uint8_t op, flag;
    uint16_t b;
    uint32_t a;
} Ins;

typedef struct {
    uint16_t from, to; /* slots: around the function, in it */
} Capture;

/* A function as it is written; evaluation makes a FeelFunction of it. */
typedef struct {
    const FeelNames *params;
    const FeelProgram *body;
    const Capture *captures; /* body->capture_count */
} FunctionText;

struct FeelProgram {
    const Ins *code;
    const FeelValue *consts;
    const Str *names;
    const FeelType *const *types;
    const FunctionText *functions;
    const Capture *captures;            /* of the function whose body this is */
    const FeelPattern *const *patterns; /* of calls with a constant one */
    uint32_t code_count, slot_count, loop_count, stack_max;
    const FeelConstantTests *constant; /* NULL: not only constants */
    uint32_t capture_count;            /* of a function's body: values it takes from around it */
};

/* ---- evaluation ---- */

/* false when the budget is spent. */
bool budget_take(FeelBudget *b, size_t steps);
/* For a comparison of the two: long texts cost by their length. */
bool budget_compare(FeelBudget *b, const FeelValue *x, const FeelValue *y);
/* feel_get: large contexts cost by their entries. */
const FeelValue *budget_get(FeelBudget *b, const FeelContext *c, Str key);
/* Around a call; false when calls are too deep. */
bool budget_enter(FeelBudget *b);
void budget_leave(FeelBudget *b);

/* Ternary equality: true, false, or null for different kinds. */
bool op_same(FeelBudget *b, const FeelValue *x, const FeelValue *y); /* unknown is false */
FeelValue op_equal(FeelBudget *b, const FeelValue *x, const FeelValue *y);
FeelValue op_compare(FeelBudget *b, Op op, const FeelValue *x, const FeelValue *y);
FeelValue op_arithmetic(FeelBudget *b, Op op, const FeelValue *x, const FeelValue *y);
FeelValue op_negate(FeelBudget *b, const FeelValue *x);
FeelValue op_in(FeelBudget *b, const FeelValue *x, const FeelValue *test);
FeelValue op_path(FeelBudget *b, const FeelValue *x, Str name);
FeelValue op_index(FeelBudget *b, const FeelValue *list, Decimal index);
/* feel_text, where *nodes parts were written already; past FEEL_MAX_NODES stands "…". */
Str value_written(Arena *out, const FeelValue *v, uint32_t *nodes);
/* As a literal of FEEL: "a \"b\"". */
void value_put_quoted(StrBuf *b, Str s);
/* -1, 0, 1; false when the two cannot be ordered. */
bool value_order(const FeelValue *x, const FeelValue *y, int *order);
/* instance of */
bool value_instance_of(FeelBudget *b, const FeelValue *v, const FeelType *type);
FeelValue value_list_of(const FeelValue *items, size_t count);
/* A list as it is, null as an empty list, anything else as a list of one. */
FeelValue value_as_list(const FeelValue *v);

/* ---- time ---- */

enum { NANOS = 1000000000 };
#define DAY_NANOS (INT64_C(86400) * NANOS)

int64_t date_days(FeelDate d); /* since 1970-01-01 */
bool date_of_days(int64_t days, FeelDate *d);
bool date_valid(int64_t year, int64_t month, int64_t day);
int date_weekday_of(FeelDate d); /* 1 Monday */
/* False beyond the limits of a duration. */
bool duration_of(int64_t seconds, int64_t nanos, FeelDuration *d);
bool months_of(int64_t months, FeelValue *v);
FeelValue temporal_date(Arena *out, Str s);
FeelValue temporal_time(Arena *out, Str s);
FeelValue temporal_moment(Arena *out, Str s);
FeelValue temporal_duration(Arena *out, Str s);
FeelValue temporal_of(Arena *out, FeelKind kind, FeelMoment m);
void temporal_text(StrBuf *b, const FeelValue *v);
/* After its date, time or zone was set: the offset there, a skipped time moved on. False: there is
 * no such zone. */
bool moment_settle(FeelMoment *m);
/* Nanoseconds since the epoch as seconds and rest; local times as if UTC. */
void moment_instant(const FeelMoment *m, int64_t *seconds, int64_t *nanos);
/* date, time or date and time moved by a days-time duration. */
FeelValue temporal_shift(Arena *out, const FeelValue *v, FeelDuration by);
FeelValue temporal_shift_months(Arena *out, const FeelValue *v, int64_t months);
FeelValue temporal_difference(Arena *out, const FeelValue *x, const FeelValue *y);
FeelValue temporal_months_between(const FeelValue *from, const FeelValue *to);
/* year, hour, time offset, days … ; false when it has no such property. */
bool temporal_property(const FeelValue *v, Str name, FeelValue *value);

/* ---- reasons ---- */

/* The Chinese of an English format or word of reasons.def; NULL when it has none. */
const char *reason_chinese(Str en);

/* ---- external functions ---- */

typedef struct External External;
/* The pure function that stands for that Java method; NULL when there is none. */
const External *external_find(Str class_name, Str signature);
FeelValue external_call(FeelBudget *b, const External *e, const FeelValue *args, size_t count);

/* ---- built-ins ---- */

typedef FeelValue (*BuiltinRun)(FeelBudget *b, const FeelValue *args, size_t count);

/*
 * types: one letter a parameter: a anything, s string, n number, b boolean, l list, c context,
 * r range, f function, p what has an order (a point of a range), d date, t time, m date and time,
 * e date or date and time, D days duration, y time or date and time. After '?': optional, and null
 * is taken. A last '*': any number of that kind.
 */
typedef struct {
    const char *name;
    const char *params; /* "string,start position,length" */
    const char *types;  /* "sn?n" */
    BuiltinRun run;
} Builtin;

/* Rows of one name stand together; each name is in builtins.def. */
extern const Builtin feel_builtins_number[], feel_builtins_string[], feel_builtins_list[],
    feel_builtins_statistics[], feel_builtins_context[], feel_builtins_range[],
    feel_builtins_date[], feel_builtins_extra[];
/* First row of that name, or NULL. */
const Builtin *builtin_find(Str name);
/* For builtin_call: this row and those of its name behind it. */
uint32_t builtin_index(const Builtin *b);
/* The same for a call by names of parameters: only rows with the parameters of this one. */
uint32_t builtin_index_named(const Builtin *b);
bool builtin_takes(const Builtin *b, size_t count);
/* The type letter of the argument at that place, and whether a value of a kind is one. */
char builtin_type_at(const Builtin *b, size_t at);
bool builtin_fits(char type, FeelKind kind);
const FeelNames *builtin_params(Arena *out, const Builtin *b);
/* The built-in as a value, for sort and the like. */
FeelValue builtin_value(Arena *out, const Builtin *b);
const char *builtin_type_words(char type); /* "date or date and time" */
size_t builtin_names(const char *const **names);
FeelValue builtin_call(FeelBudget *b, uint32_t index, const FeelValue *args, size_t count);
/* Names of built-ins that are more than one word, for the lexer. */
size_t builtin_match(Str src, size_t at, Str *name);

/* ---- lists ---- */

typedef struct ListOrder ListOrder;
struct ListOrder {
    FeelBudget *budget;
    bool (*precedes)(ListOrder *o, const FeelValue *x, const FeelValue *y); /* x before y */
    const FeelValue *function;
    bool failed; /* then the sort ends soon, its result is in no order */
    FeelValue why;
};

/* Pointers to the items in their order; equal ones stay as they stood. The caller has paid. */
const FeelValue **list_sort(ListOrder *o, const FeelValue *items, size_t count);

enum { LIST_WAS_BEFORE = 1, LIST_COMES_AGAIN = 2 };
/* For each item: whether an equal one stands before it; for the first of those: that it comes
 * again. */
const uint8_t *list_mark_equal(FeelBudget *b, const FeelValue *items, size_t count);
/* Each different value once, where it comes first; only those whose mark has all of wanted. */
FeelValue list_distinct(FeelBudget *b, const FeelValue *list, uint8_t wanted);
/* The one list that was given, or the arguments as a list. */
FeelValue list_of_args(const FeelValue *args, size_t count);
