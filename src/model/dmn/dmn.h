/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model/dmn/dmn.h - DMN 1.1 to 1.6 documents as decisions ready to evaluate.
 *
 * All six namespaces are read by local name. FEEL is compiled at load with the names that the
 * requirements of an element make visible. The first file is the model, the others are there to be
 * imported by their namespace; what they define stands in the same lists.
 * Strict: every problem is an error with its place, all in one run. Lenient: what cannot be read is
 * advice, and null with that reason when it is evaluated; only what is no DMN at all is an error.
 * Rules of diags: dmn.syntax, dmn.unsupported, dmn.duplicate, dmn.reference, dmn.import, dmn.cycle,
 * dmn.table, dmn.context, dmn.type, dmn.feel, dmn.limit.
 * Labels and questions are in the language of their attribute, and in others where an element has
 * <extensionElements><label xmlns="urn:onedoor:dmn" lang="en">…; without them "en" is empty.
 * Memory:  all in the Arena; strings may be views of the documents' texts. Immutable, shareable.
 * Limits:  DMN_MAX_*.
 */
#pragma once

#include "base/diag.h"
#include "feel/feel.h"
#include "model/text.h"

enum {
    DMN_MAX_FILES = 100,
    DMN_MAX_DECISIONS = 3000, /* and as many inputs, and as many functions; of all files */
    DMN_MAX_NEEDS = 500,      /* requirements of one element */
    DMN_MAX_RULES = 5000,     /* of a table */
    DMN_MAX_COLUMNS = 200,    /* of a table */
    DMN_MAX_PARTS = 5000,     /* of a list, relation, context or invocation */
    DMN_MAX_NEST = 12,        /* of boxed expressions and item definitions */
    DMN_MAX_TYPES = 2000,     /* item definitions of all files, components counted */
    DMN_MAX_NAMES = 1000000,  /* that all expressions together see */
};

typedef enum { DMN_STRICT, DMN_LENIENT } DmnMode;

typedef struct {
    uint16_t file; /* in diags */
    Str text;      /* must outlive the model */
} DmnFile;

/* ---- expressions ---- */

typedef enum {
    DMN_CELL_NULL,    /* nothing is written */
    DMN_CELL_ANY,     /* a test that always holds: "-" */
    DMN_CELL_CONST,   /* value */
    DMN_CELL_PROGRAM, /* program */
    DMN_CELL_BROKEN,  /* null, for the reason in broken */
} DmnCellKind;

typedef struct {
    DmnCellKind kind;
    uint32_t offset;
    Str text; /* as written */
    const FeelProgram *program;
    const FeelValue *value;
    Str broken;
} DmnCell;

typedef enum {
    DMN_UNIQUE,
    DMN_FIRST,
    DMN_ANY,
    DMN_PRIORITY,
    DMN_COLLECT,
    DMN_RULE_ORDER,
    DMN_OUTPUT_ORDER
} DmnHitPolicy;

typedef enum { DMN_LIST_ALL, DMN_SUM, DMN_MIN, DMN_MAX, DMN_COUNT } DmnAggregation;

enum { DMN_NOWHERE = 0xffff };

typedef struct {
    Text label; /* of the column, else the expression's text */
    DmnCell expression;
    uint16_t place; /* of the name in the element's own scope, or DMN_NOWHERE: evaluate */
    const FeelType *type;
    const FeelType *known;      /* of its value, declared or not; NULL: anything */
    const FeelProgram *allowed; /* unary tests of inputValues, or NULL */
    Str allowed_text;
} DmnInputColumn;

typedef struct {
    Str name; /* empty when the table has one output */
    Text label;
    const FeelType *type;
    DmnCell otherwise;       /* defaultOutputEntry */
    const FeelValue *values; /* outputValues, the first weighs most */
    size_t value_count;
} DmnOutputColumn;

typedef struct {
    Str id;
    uint32_t offset;
    Str description;
    const DmnCell *inputs;  /* input_count */
    const DmnCell *outputs; /* output_count */
    const Str *annotations; /* annotation_count */
} DmnRule;

typedef struct DmnIndex DmnIndex;

typedef struct {
    DmnHitPolicy hit;
    DmnAggregation aggregation;
    const FeelProgram *aggregate; /* of "list"; NULL: the list itself */
    bool has_default;
    const DmnInputColumn *inputs;
    size_t input_count;
    const DmnOutputColumn *outputs;
    size_t output_count;
    const Str *annotations; /* names of the annotation columns: "article", "zh", "en" … */
    size_t annotation_count;
    const DmnRule *rules;
    size_t rule_count;
    const DmnIndex *index; /* model/dmn/index.h; NULL: none */
} DmnTable;

typedef struct DmnLogic DmnLogic;

typedef struct {
    Str name; /* empty: the result of the context */
    Text label;
    const FeelType *type;
    const DmnLogic *logic;
} DmnEntry;

typedef enum {
    DMN_BROKEN,
    DMN_LITERAL,
    DMN_TABLE,
    DMN_CONTEXT,     /* entries */
    DMN_RELATION,    /* entries: columns; parts: cells, row by row */
    DMN_LIST,        /* parts */
    DMN_INVOCATION,  /* parts: the function; entries: bindings */
    DMN_FUNCTION,    /* params; parts: the body */
    DMN_CONDITIONAL, /* parts: if, then, else */
    DMN_FILTER,      /* parts: in, match */
    DMN_FOR,         /* iterator; parts: in, return */
    DMN_SOME,        /* iterator; parts: in, satisfies */
    DMN_EVERY,
} DmnLogicKind;

struct DmnLogic {
    DmnLogicKind kind;
    uint32_t offset;
    Str label;
    const FeelType *type;  /* NULL: anything */
    const FeelType *known; /* of a literal's value, declared or not; NULL: anything */
    DmnCell literal;       /* or why it is broken */
    const DmnTable *table;
    const DmnEntry *entries;
    size_t entry_count;
    const DmnLogic *const *parts;
    size_t part_count;
    const FeelNames *params;
    Str iterator;
};

/* ---- elements ---- */

/* What an element sees: values by their slot, or an import's elements under its name. */
typedef struct DmnScope DmnScope;
typedef struct {
    Str name;
    uint16_t slot; /* inputs, then decisions, then functions */
    const DmnScope *inside;
} DmnVisible;
struct DmnScope {
    const DmnVisible *at;
    size_t count;
};

typedef struct {
    Str id, name;
    Text label;
    Str prefix; /* name of the import in the first file that it came by; else empty */
    uint16_t file;
    uint32_t offset;
    Str type_name;
    const FeelType *type;
} DmnInput;

typedef struct {
    Str id, name; /* name: the variable's */
    Text label, question;
    Str prefix;
    Str description;
    uint16_t file;
    uint32_t offset;
    const FeelType *type;
    const FeelType *known; /* of its value, declared or not; NULL: anything */
    const DmnLogic *logic;
    DmnScope scope;
    const uint16_t *inputs; /* required directly: indexes in DmnModel.inputs */
    size_t input_count;
    const uint16_t *decisions; /* required directly: indexes in DmnModel.decisions */
    size_t decision_count;
} DmnDecision;

typedef enum { DMN_KNOWLEDGE, DMN_SERVICE } DmnFunctionKind;

/* A business knowledge model or a decision service. */
typedef struct {
    DmnFunctionKind kind;
    bool is_external; /* logic gives the function */
    Str id, name;
    Text label;
    Str prefix;
    uint16_t file;
    uint32_t offset;
    const FeelNames *params;
    const FeelType *result;
    const DmnLogic *logic;
    DmnScope scope;
    const uint16_t *slots;   /* of a service: of each parameter */
    const uint16_t *outputs; /* of a service: indexes in DmnModel.decisions */
    size_t output_count;
} DmnFunction;

typedef struct {
    Str id, name, space;
    uint16_t file;
    const DmnInput *inputs;
    size_t input_count;
    const DmnDecision *decisions; /* each after all that it requires */
    size_t decision_count;
    const DmnFunction *functions;
    size_t function_count;
    const FeelProgram *items; /* the items of what a boxed loop runs over: "list" */
} DmnModel;

/* NULL when there was an error; all problems of the documents are in diags. */
MUST_CHECK const DmnModel *dmn_read(Arena *out, Diags *diags, const DmnFile *files, size_t count,
                                    DmnMode mode);
/*
 * The same, strict, when it is known what the inputs are fed with: a use that cannot be meant is an
 * error, "rules.input-type" is a declared type that contradicts it, and a text that is no option
 * advice, "feel.no-such-option". The run takes only what is declared.
 */
MUST_CHECK const DmnModel *dmn_read_fed(Arena *out, Diags *diags, const DmnFile *files,
                                        size_t count, const FeelNames *fed);
/* By id, else by name, those of the first file first; NULL when there is none. */
const DmnDecision *dmn_find(const DmnModel *m, Str decision);
const DmnFunction *dmn_find_function(const DmnModel *m, Str function);
