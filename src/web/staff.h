/* SPDX-License-Identifier: Apache-2.0 */
/*
 * web/staff.h - private: what the window's and the back office's pages share.
 * A StaffVisit lives as long as its request; a StaffPage and a StaffAct are constants.
 */
#pragma once

#include "services/desk/desk.h"
#include "services/my/my.h"
#include "web/pages.h"

/* ---- staff_case.c: a case as its organ's staff see it, and what they do with it ---- */
typedef struct StaffVisit StaffVisit;
typedef void StaffFill(const HttpRequest *rq, StaffVisit *sv, Value *m);

typedef struct {
    const char *root; /* "/w", "/o" */
    const char *template_name;
    unsigned role;     /* whose tasks the page shows */
    StaffFill *fill;   /* what this page has beside the case */
    HttpHandler *show; /* in place of all that: a page of its own, once the look is logged */
} StaffPage;

typedef struct {
    const char *key;  /* "accept": of ?done= and of the form's texts */
    const char *name; /* of the use case */
    UseCase *run;
    Value *(*read)(const HttpRequest *rq, const Value *form); /* what the use case takes */
} StaffAct;

struct StaffVisit {
    const StaffPage *page;
    const StaffAct *act; /* what was sent; NULL: only shown */
    const Value *typed;  /* what the act read from it */
    const Value *problems;
    bool conflict; /* the case did not allow it any more */
    bool acts;     /* the viewer's organ has the case, or a step of the law in its pool */
    CaseFile cf;
};

/* The dictionary of the version that the case at hand is under. */
static inline const Catalogue *staff_catalogue(const HttpRequest *rq)
{
    return ((const StaffVisit *)visit_of(rq)->page)->cf.catalogue;
}

/* Shows the route's case after the access log was written. */
HttpNext staff_case(HttpRequest *rq, HttpResponse *rs, const StaffPage *page);
/* One act on it: back to the page by 303, or the page again with what was typed. */
HttpNext staff_act(HttpRequest *rq, HttpResponse *rs, const StaffPage *page, const StaffAct *act);
/* What is wrong with that element of that act's form, and what was typed there; empty when it was
 * not sent. */
Str staff_wrong(const HttpRequest *rq, const StaffVisit *sv, const char *act, const char *element);
Str staff_typed(const StaffVisit *sv, const char *act, const char *name);
/* For StaffAct.read: the form's reason alone. */
Value *staff_read_reason(const HttpRequest *rq, const Value *form);
/* {ground, reason}. */
Value *staff_read_ground(const HttpRequest *rq, const Value *form);
Value *staff_read_claim(const HttpRequest *rq, const Value *form);
/* The list of a choice of grounds; act names the form. */
Value *staff_grounds(const HttpRequest *rq, const StaffVisit *sv, const char *act,
                     const Ground *grounds, size_t n);
Value *staff_reason(const HttpRequest *rq, const StaffVisit *sv, const char *act, Str prefill,
                    bool required);

/* A trimmed field of a form; the texts of a field that may come several times. */
Str staff_line(const Value *form, const char *name);
size_t staff_lines(const Value *form, const char *name, Str *lines, size_t max);

/* ---- staff_words.c: beside the model of case_view, what staff need to see at a glance ---- */
MUST_CHECK bool staff_words(const HttpRequest *rq, StaffVisit *sv, Value *m, Err *err);
/* Adds due_text and due_tag to a row for a limit: left working days, or natural days and minutes by
 * unit. */
void staff_due(const HttpRequest *rq, Value *row, bool late, int64_t left, Str unit);
/* A state in words for staff: 等申请人补正, where the applicant reads 等您补正. */
Str staff_state(const HttpRequest *rq, Str state);
/* What was written, or that nothing was; days as people write them. */
Str staff_written(const HttpRequest *rq, Str text);

/* ---- staff_step.c: steps that are no act of the law ---- */
extern const StaffAct staff_acts_task;
Value *staff_read_task(const HttpRequest *rq, const Value *form);
/* model.can_step, model.step_form. */
void staff_step(const HttpRequest *rq, const StaffVisit *sv, Value *m);

/* ---- staff_compare.c: what was said beside what registers say ---- */
void staff_compare(const HttpRequest *rq, const StaffVisit *sv, Value *m);

/* ---- staff_trace.c: which rules led to the proposal ---- */
void staff_proposal(const HttpRequest *rq, const StaffVisit *sv, Value *m);

/* ---- worklist.c ---- */
HttpNext staff_worklist(HttpRequest *rq, HttpResponse *rs, const StaffPage *page);
