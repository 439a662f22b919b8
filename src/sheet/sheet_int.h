/* SPDX-License-Identifier: Apache-2.0 */
/* sheet/sheet_int.h - the columns of a table as a tree of keys, shared by writing and reading. */
#pragma once

#include "sheet/sheet.h"

enum { NO_COLUMN = -1 };

/* A place in the tree of all items: what may stand there, and the columns for it. */
typedef struct Column Column;
struct Column {
    Str key;  /* "law"; of entries of a list "[]" */
    Str path; /* "basis[].law" */
    bool scalar, list;
    bool numbered;  /* the list has entries that are no single cell */
    int32_t cell;   /* column of its scalar, or NO_COLUMN */
    int32_t number; /* column of its list's numbers, or NO_COLUMN */
    Vec(Column *) inner;
};

Column *column_root(Arena *a);
/* The column of that key below; made when it is not there. */
Column *column_below(Arena *a, Column *c, Str key);
/* Adds what a tree needs. false: a key that cannot stand in a path. */
MUST_CHECK bool column_add_tree(Arena *a, Column *c, const Value *v, Err *err);
/* Top level in the order of the unified elements, then numbers for all; how many there are. */
int32_t column_number(Column *root);
/* The column of a path as the header writes it; NULL when it is none. number: it ends in '#'. */
Column *column_of_path(Arena *a, Column *root, Str path, bool *number);

/* What one cell says, and back. NULL: not a cell's text; why says it. */
Str cell_text(Arena *a, const Value *scalar);
Value *cell_value(Arena *a, Str text, const char **why);
bool is_cell(const Value *v); /* a scalar, or an empty list or map */
