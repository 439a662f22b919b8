/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dmn_tck.h - the parts of the runner of the DMN TCK (suites/dmn-tck).
 *
 * A folder of the suite holds models and one file of test cases. read makes the cases of a file,
 * engine runs one on our engine, compare judges the value, report writes what came out.
 * Memory: all in the Arena passed in; cases of a folder and what they gave die together.
 */
#pragma once

#include "base/vec.h"
#include "feel/feel.h"
#include "xml/xml.h"

enum { TCK_FILE_MAX = 4 << 20 };

typedef struct {
    Str name, space; /* space: namespace of the model that declares it, or empty */
    FeelValue value;
} TckInput;

typedef struct {
    Str node; /* a decision */
    FeelValue want;
} TckResult;

typedef struct {
    Str id, service; /* service: a decision service to invoke, or empty */
    Vec(TckInput) inputs;
    Vec(TckResult) results;
} TckCase;

typedef Vec(TckCase) TckCases;

typedef struct {
    Str folder; /* "compliance-level-2/0001-input-data-string" */
    Str name;   /* of the test file, without ".xml" */
    Str model;  /* file name */
    TckCases cases;
} TckFile;

/* ---- dmn_tck_read.c ---- */

/* text: the test file; folder and name are the caller's. */
MUST_CHECK bool tck_read(Arena *out, Str text, TckFile *file, Err *err);
/* The value that stands in n as <value>, <list> or <component>. source: the text n was read from.
 */
MUST_CHECK bool tck_read_value(Arena *out, Str source, const XmlNode *n, FeelValue *v, Err *err);

/* ---- dmn_tck_compare.c ---- */

bool tck_same(const FeelValue *want, const FeelValue *got);
/* A value that is hardly another one: what has passed must not equal it. */
FeelValue tck_spoiled(Arena *out, const FeelValue *v);
/* With its kind, and with the reason of a null. */
Str tck_text(Arena *out, const FeelValue *v);

/* ---- dmn_tck_engine.c: all that knows the engine ---- */

typedef struct TckModel TckModel;

/* The model of that file, with the other models of its folder to import; NULL and *why when the
 * engine refuses it. */
const TckModel *tck_load(Arena *out, Str folder, Str model, Str *why);
/* False and *why when there is no value. */
bool tck_evaluate(Arena *out, const TckModel *m, const TckCase *c, Str node, FeelValue *got,
                  Str *why);

/* ---- dmn_tck_report.c ---- */

typedef struct {
    Str folder;
    int passed, total;
} TckTally;

typedef struct {
    Arena arena;
    StrBuf csv;
    Vec(TckTally) folders;
    int passed, total;
} TckReport;

void tck_report_folder(TckReport *r, Str folder);
/* message is empty for a case that passed. */
void tck_report_case(TckReport *r, const TckFile *f, const TckCase *c, Str message);
/* tck_results.csv and .properties as the suite collects them, table.txt: a line a folder. */
MUST_CHECK bool tck_report_write(TckReport *r, Str folder, Err *err);
/* Folders with a failure, and the sum. */
void tck_report_print(const TckReport *r);
