/* SPDX-License-Identifier: Apache-2.0 */
/* web/process.h - private: what the pages of processes share. */
#pragma once

#include "draw/draw.h"
#include "services/trail/trail.h"
#include "web/staff.h"

typedef struct {
    Map at; /* element -> DrawMark * */
} ProcessMarks;

Str process_name(const HttpRequest *rq, const Item *item, Str element);
/* Of a map {ms, days}: "2 working days", "3 hours 5 minutes"; empty for NULL. */
Str process_took(const HttpRequest *rq, const Value *took);
Str process_time(const HttpRequest *rq, TimeMs at); /* empty for 0 */
/* The element's, made when there is none yet. */
DrawMark *process_mark(const HttpRequest *rq, ProcessMarks *marks, Str element);
/* has_diagram, laid_out, fit and, for HTML, planes [{plane_title, one_of_many, svg}]. */
void process_planes(const HttpRequest *rq, const Item *item, const ProcessMarks *marks,
                    Str description, Value *m);
