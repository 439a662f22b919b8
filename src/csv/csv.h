/* SPDX-License-Identifier: Apache-2.0 */
/*
 * csv/csv.h - tables as comma-separated values (RFC 4180), for people's spreadsheets and for files
 * of data.
 *
 * Two styles. CSV_PLAIN is the RFC's: LF, no mark at the start. CSV_SHEET opens well in a
 * spreadsheet: a byte order mark, CRLF, and every cell that the program would change on opening
 * (long numbers, leading zeros, dates, formulas) written as ="…", joined by & where it is long: this
 * keeps it as text, and no cell can run as a formula. The reader knows the style by the mark and
 * takes such cells back to what they were.
 *
 * Memory: cells are in the Arena passed, or views of the text. Threads: pure.
 * Limits: CSV_MAX_BYTES, CSV_MAX_ROWS, CSV_MAX_COLUMNS. Each problem is told at its line: rules
 * "csv.utf8", "csv.quote", "csv.limit".
 */
#pragma once

#include "base/diag.h"
#include "base/vec.h"

enum { CSV_MAX_BYTES = 64 << 20, CSV_MAX_ROWS = 1000000, CSV_MAX_COLUMNS = 2000 };

typedef enum { CSV_PLAIN, CSV_SHEET } CsvStyle;

typedef struct {
    Str text;
    uint32_t offset; /* of its first byte */
} CsvCell;

typedef Vec(CsvCell) CsvRow;

typedef struct {
    Vec(CsvRow) rows; /* empty lines are left out */
    CsvStyle style;
} CsvTable;

/* false when there was a problem; it is in diags. */
MUST_CHECK bool csv_read(Arena *out, Diags *diags, uint16_t file, Str text, CsvTable *table);

/* Writing: csv_begin, then for each row its cells and csv_end_row. */
typedef struct {
    StrBuf *to;
    CsvStyle style;
    bool inside; /* a row has begun */
} CsvWriter;

CsvWriter csv_begin(StrBuf *to, CsvStyle style);
void csv_put(CsvWriter *w, Str cell);
void csv_end_row(CsvWriter *w);
