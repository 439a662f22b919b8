/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sheet/sheet.h - the items of a catalogue as the standard sorting table (八统一标准梳理表), to and
 * from spreadsheets without loss, and what differs between two versions of an item.
 *
 * The documents of an item are one tree: the keys of item.yaml, and form.yaml below "form". In the
 * table an item takes as many rows as its longest list: single values stand in its first row, the
 * n-th entry of each list in a row of its own, "basis#" being the number of the entry. A column is
 * a path (model/unified.h); above the paths stands the unified element in words.
 * A cell holds a text as it is; numbers, true, false, ~ (null), [] and {} are what they are in YAML;
 * a text that would be taken for one of these, or is empty, stands in quotes as in JSON.
 *
 * Errors of a table name its cell: rules "sheet.header", "sheet.item", "sheet.cell", "sheet.stray",
 * "sheet.limit". Memory: all in the Arena passed. Threads: pure but for the folder's files.
 * Limits: SHEET_MAX_ITEMS, SHEET_MAX_FILE, CSV's own, YAML's own.
 */
#pragma once

#include "base/diag.h"
#include "base/value.h"
#include "csv/csv.h"
#include "model/unified.h"

enum { SHEET_MAX_ITEMS = 20000, SHEET_MAX_FILE = 4 << 20 };

typedef struct {
    Str key; /* "work-injury" */
    Value *tree;
} SheetItem;

typedef Vec(SheetItem) SheetItems;

/* items/<key>/item.yaml and form.yaml of a catalogue's folder. false: see diags. */
MUST_CHECK bool sheet_gather(Arena *out, Str folder, Diags *diags, SheetItems *items);
/* The table. Fails when a key has a letter that paths use ('.', '[', '#'). */
MUST_CHECK bool sheet_write(StrBuf *to, const SheetItems *items, CsvStyle style, Err *err);
/* Back from a table; every problem of it is told in one run. */
MUST_CHECK bool sheet_read(Arena *out, Diags *diags, uint16_t file, Str text, SheetItems *items);

/* A file that is to be as the table says. */
typedef struct {
    Str path; /* full */
    Str before, after;
    bool is_new;
} SheetFile;

typedef Vec(SheetFile) SheetFiles;

/* Which files of the folder change; an item whose tree is the same keeps its file as it is, and the
 * comment at its head is always kept. Items that the table does not name are left alone. */
MUST_CHECK bool sheet_plan(Arena *out, Str folder, const SheetItems *items, SheetFiles *files,
                           Err *err);
/* Writes them; sheet_restore takes them back. */
MUST_CHECK bool sheet_store(const SheetFiles *files, Err *err);
MUST_CHECK bool sheet_restore(const SheetFiles *files, Err *err);

typedef enum { SHEET_ADDED, SHEET_REMOVED, SHEET_CHANGED } SheetChange;

/* One difference of two versions of an item. */
typedef struct {
    UnifiedElement element;
    SheetChange change;
    Str path; /* "materials[].necessity" */
    Str entry; /* which entries of lists, in words: "身份证" or "《…条例》第十四条"; or empty */
    Str before, after; /* as a person reads them; one is empty when added or removed */
} SheetDifference;

typedef Vec(SheetDifference) SheetDifferences;

/* Entries of lists are matched by what names them (a key, a material, a law's article, a title), so
 * that a new entry in the middle is one difference; another order of the same entries is one, too.
 * In the order of the elements. */
void sheet_differ(Arena *out, const Value *before, const Value *after, Lang lang,
                  SheetDifferences *list);
