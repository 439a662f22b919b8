/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/diag.h - what is wrong in a set of documents, as a good compiler reports it.
 *
 * Readers add problems and go on, so that one run reports them all. A problem stands at a byte of
 * a file; diag_render shows file:line:column, the source line and a caret.
 * Limits: DIAG_MAX problems are kept, the rest are counted.
 */
#pragma once

#include "base/str.h"
#include "base/vec.h"

enum { DIAG_MAX = 1000 };

typedef enum { DIAG_ERROR, DIAG_ADVICE } DiagLevel;

typedef struct {
    Str path;
    Str text;
} DiagFile;

typedef struct {
    DiagLevel level;
    uint16_t file;
    uint32_t offset;
    const char *rule; /* stable name of the check: "yaml.syntax", "item.no-basis" */
    Str message;      /* what is wrong, in one sentence without a full stop */
    Str cure;         /* what to do, or empty */
} Diag;

typedef struct {
    Arena *arena;
    Vec(DiagFile) files;
    Vec(Diag) list;
    size_t errors, advice; /* counted past DIAG_MAX too */
} Diags;

uint16_t diag_file(Diags *d, Str path, Str text); /* registers a file: its number */
void diag_add(Diags *d, DiagLevel level, const char *rule, uint16_t file, uint32_t offset, Str cure,
              const char *fmt, ...) PRINTF_LIKE(7, 8);
/* 1-based line and column (code points) of an offset. */
void diag_place(Str text, uint32_t offset, uint32_t *line, uint32_t *column);
/* All problems, sorted by file and offset, equal ones once. */
Str diag_render(Arena *out, Diags *d);
/* One caret picture for an Err in a document of its own: FEEL on a command line. */
Str diag_caret(Arena *out, Str path, Str text, uint32_t offset, Str message);
