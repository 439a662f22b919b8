/* SPDX-License-Identifier: Apache-2.0 */
/* web/admin_case.h - private: a case opened by an operator, shown by its own page or an incident's. */
#pragma once

#include "web/admin.h"

typedef struct {
    const char *key;  /* last part of the address, and of ?done= */
    const char *name; /* of the use case */
    UseCase *run;
} AdminAct;

typedef struct {
    const AdminAct *act; /* what was sent; NULL: only shown */
    Str form;            /* which form of the page it came from */
    const Value *typed, *problems;
    const Value *dry; /* what a dry run told, localised; NULL: none */
    bool conflict, opened;
    int64_t incident; /* whose page is shown; 0: the case's */
    Value *incident_model;
    CaseFile cf;
} AdminVisit;

/* The forms of the page beside the model of operate_case. */
void admin_forms(const HttpRequest *rq, const AdminVisit *av, Value *m);
/* What is wrong with that element of that form, and what was typed there; empty when not sent. */
Str admin_wrong(const HttpRequest *rq, const AdminVisit *av, const char *form, const char *element);
Str admin_typed(const AdminVisit *av, const char *form, const char *name);
/* A problem of a use case in the visitor's words. */
Str admin_problem_text(const HttpRequest *rq, const Value *problem);
/* Words of the effects or changes that a dry run told. */
void admin_dry_words(const HttpRequest *rq, Value *out);
/* {old: new} of a form's fields "map.OLD", or the map that a program sent. */
Value *admin_read_map(const HttpRequest *rq, const Value *form);
