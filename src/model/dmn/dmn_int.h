/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model/dmn/dmn_int.h - what the reader's files share.
 */
#pragma once

#include "base/map.h"
#include "base/vec.h"
#include "model/dmn/dmn.h"
#include "xml/xml.h"

typedef struct {
    FeelType type;
    Str allowed; /* text of unary tests */
    uint32_t allowed_offset;
} DmnItem;

typedef struct {
    Arena *out;
    Diags *diags;
    uint16_t file;
    Map definitions; /* name -> XmlNode of the itemDefinition */
    Map items;       /* name -> DmnItem that is ready */
    size_t type_count;
} DmnReader;

#define DMN_ERROR(r, rule, offset, cure, ...)                                                      \
    diag_add((r)->diags, DIAG_ERROR, rule, (r)->file, (offset), (cure), __VA_ARGS__)

/* First child of that local name, whatever its namespace; and the next after n. */
/* The text child's text and its place; empty when there is none. */
Str dmn_text(const XmlNode *n, uint32_t *offset);
/* Compiles and reports; NULL for an error. */
const FeelProgram *dmn_compile(DmnReader *r, Str text, uint32_t offset, const FeelNames *names,
                               FeelMode mode);

/* types.c: NULL is anything. */
void dmn_learn_types(DmnReader *r, const XmlNode *root);
const FeelType *dmn_type(DmnReader *r, Str name, uint32_t offset);
/* allowedValues of a named type, compiled; NULL where there are none. */
const FeelProgram *dmn_allowed(DmnReader *r, Str name);

/* logic.c: the expression inside n (a decision, an entry); NULL after an error. */
const DmnLogic *dmn_logic(DmnReader *r, const XmlNode *n, const FeelNames *names, int depth);
/* What the logic gives when no type is declared; NULL is anything. */
const FeelType *dmn_logic_type(Arena *out, const DmnLogic *logic);
/* table.c */
bool dmn_table(DmnReader *r, const XmlNode *n, const FeelNames *names, DmnTable *table);
