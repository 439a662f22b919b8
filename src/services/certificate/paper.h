/* SPDX-License-Identifier: Apache-2.0 */
/*
 * services/certificate/paper.h - official papers: frozen as data when they are issued, drawn as
 * PDF whenever somebody asks, in the reader's language.
 *
 * Threads: paper_pdf takes some tens of milliseconds; call it from a worker.
 */
#pragma once

#include "services/app.h"

typedef struct {
    const Paper *paper;
    const Value *data; /* as frozen in documents.data or certificates.data */
    TimeMs at;         /* when it was issued */
    Lang lang;
} PaperCopy;

MUST_CHECK bool paper_pdf(const App *app, Arena *out, const PaperCopy *copy, Str *bytes, Err *err);
/* The number that a paper gets, from its template over {seq, year, place_prefix, no}. */
MUST_CHECK bool paper_number(StoreTx *tx, const Paper *paper, Str case_no, Str *number, Err *err);
