/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model/dmn/dmn.h - a DMN 1.x document as decisions ready to evaluate.
 *
 * All six namespaces are read by local name. FEEL is compiled at load with the names that a
 * decision's requirements make visible; every problem goes to diags with its place in the file.
 * Rules of diags: dmn.syntax, dmn.unsupported, dmn.duplicate, dmn.reference, dmn.cycle, dmn.table,
 * dmn.type, dmn.feel.
 * Memory:  all in the Arena; strings may be views of the document's text. Immutable, shareable.
 * Limits:  DMN_MAX_DECISIONS, DMN_MAX_RULES a table, DMN_MAX_COLUMNS a table, DMN_MAX_NEST.
 */
#pragma once

#include "base/diag.h"
#include "feel/feel.h"

enum {
    DMN_MAX_DECISIONS = 1000,
    DMN_MAX_RULES = 5000,
    DMN_MAX_COLUMNS = 200,
    DMN_MAX_NEST = 12,
    DMN_MAX_TYPES = 500,
};

typedef enum { DMN_UNIQUE, DMN_FIRST, DMN_ANY, DMN_COLLECT, DMN_RULE_ORDER } DmnHitPolicy;

typedef struct {
    Str text; /* as written */
    uint32_t offset;
    const FeelProgram *program; /* NULL for "-": always true */
} DmnCell;

typedef struct {
    Str label; /* of the column, else the expression's text */
    DmnCell expression;
    const FeelProgram *allowed; /* unary tests of inputValues, or NULL */
    Str allowed_text;
} DmnInputColumn;

typedef struct {
    Str name; /* empty when the table has one output */
    Str label;
    const FeelType *type;
    const FeelProgram *otherwise; /* defaultOutputEntry, or NULL */
} DmnOutputColumn;

typedef struct {
    Str id;
    uint32_t offset;
    Str description;
    const DmnCell *inputs;  /* input_count */
    const DmnCell *outputs; /* output_count */
    const Str *annotations; /* annotation_count */
} DmnRule;

typedef struct {
    DmnHitPolicy hit;
    const DmnInputColumn *inputs;
    size_t input_count;
    const DmnOutputColumn *outputs;
    size_t output_count;
    const Str *annotations; /* names of the annotation columns: "article", "zh", "en" … */
    size_t annotation_count;
    const DmnRule *rules;
    size_t rule_count;
} DmnTable;

typedef struct DmnLogic DmnLogic;

typedef struct {
    Str name; /* empty: the result of the context */
    const FeelType *type;
    const DmnLogic *logic;
} DmnEntry;

typedef enum { DMN_LITERAL, DMN_TABLE, DMN_CONTEXT } DmnLogicKind;

struct DmnLogic {
    DmnLogicKind kind;
    uint32_t offset;
    DmnCell literal;
    DmnTable table;
    const DmnEntry *entries;
    size_t entry_count;
};

typedef struct {
    Str id, name, label;
    uint32_t offset;
    Str type_name;
    const FeelType *type;
    const FeelProgram *allowed; /* of its item definition, or NULL */
} DmnInput;

typedef struct {
    Str id, name, label; /* name: the variable's */
    Str question, description;
    uint32_t offset;
    const FeelType *type;
    const DmnLogic *logic;
    const uint16_t *inputs; /* indexes in DmnModel.inputs */
    size_t input_count;
    const uint16_t *decisions; /* indexes in DmnModel.decisions */
    size_t decision_count;
} DmnDecision;

typedef struct {
    Str id, name, space;
    uint16_t file;
    const DmnInput *inputs;
    size_t input_count;
    const DmnDecision *decisions; /* each after all that it requires */
    size_t decision_count;
} DmnModel;

/* NULL when there was an error; all problems of the document are in diags. */
MUST_CHECK const DmnModel *dmn_read(Arena *out, Diags *diags, uint16_t file, Str text);
/* By id, else by name; NULL when there is none. */
const DmnDecision *dmn_find(const DmnModel *m, Str decision);
