/* SPDX-License-Identifier: Apache-2.0 */
/*
 * web/pages.h - private: the handlers of signed-in pages, an area a file, and what they share.
 * A handler that cannot answer at once keeps what it needs in visit->page.
 */
#pragma once

#include "services/apply/apply.h"
#include "services/casework/casework.h"
#include "web/web_int.h"

/* Runs work on the pool, then `then` on the loop thread; 503 when the pool is full. */
HttpNext web_job(HttpRequest *rq, HttpResponse *rs, void (*work)(HttpRequest *rq),
                 HttpHandler *then);

/* ---- sign_in.c ---- */
HttpHandler web_login, web_demo_identity, web_demo_identity_post, web_staff_login,
    web_staff_login_post, web_logout;

/* ---- api_messages.c ---- */
HttpHandler web_message_publish, web_message_signal;

/* ---- demo.c: the phone and the clock of the demo ---- */
HttpHandler web_demo_phone, web_demo_clock, web_demo_clock_post;

/* ---- public_case.c, paper.c ---- */
HttpHandler web_progress, web_verify;
HttpHandler web_document, web_certificate, web_cover_slip, web_material_file;

/* ---- standards.c ---- */
HttpHandler web_standards, web_standards_post, web_standard, web_standard_act;

/* ---- words.c: words beside the values of a model ---- */

/* at_date and at_time beside every "at" in v, however deep. */
void web_times(const HttpRequest *rq, Value *v);
/* Registers write days as 2023-03-01, truth as true, and lists. */
void web_readable(const HttpRequest *rq, Value *field);
/* A fact of case_view_fact: times, readable values, is_found, state_text. */
void web_fact_words(const HttpRequest *rq, Value *fact);
/* An empty answer (nothing of a list chosen) says so. answers: of case_view_answers, localised. */
void web_answer_words(const HttpRequest *rq, Value *answers);
/* A limit of case_view: text, unit_text, left_text, runs, count_working_days. */
void web_limit_words(const HttpRequest *rq, Value *limit);
/* 15 working days, 1 day, … */
Str web_days(const HttpRequest *rq, Str unit, int64_t n);

/* ---- explain.c: how a decision came about ---- */

/* has_explanation, and words beside the explanation of case_view. */
void web_explain_words(const HttpRequest *rq, Value *model);

/* ---- uploads.c ---- */

/* What is wrong with a file, as a message key; NULL when nothing is. And the first such file. */
const char *web_file_wrong(const HttpFile *f);
const HttpFile *web_files_wrong(const HttpRequest *rq);
/* [{code, hash, name, size, type}]; codes (may be NULL): {name of the form's field: code}. */
Value *web_files_value(const HttpRequest *rq, const Value *codes);
/* Keeps them on the pool, then `then` on the loop thread, with visit->page as it was. */
HttpNext web_files_keep(HttpRequest *rq, HttpResponse *rs, HttpHandler *then);

/* ---- apply_pages.c, apply_answers.c, apply_posts.c: a draft, page by page ---- */
typedef struct {
    Draft draft;
    DraftView view;
    const Page *page; /* NULL on the task list and the answers */
} ApplyVisit;

/* Loads the draft of the route's {draft} and, when there is one, its {page}; on failure *next is
 * set. */
bool apply_visit(HttpRequest *rq, HttpResponse *rs, ApplyVisit *a, HttpNext *next);
/* The page with what was typed and what is wrong with it; both may be NULL. */
HttpNext apply_show_page(HttpRequest *rq, HttpResponse *rs, const ApplyVisit *a,
                         const Value *answers, const Value *problems);
HttpNext apply_show_answers(HttpRequest *rq, HttpResponse *rs, const ApplyVisit *a,
                            const Value *problems);
Str apply_url(const HttpRequest *rq, const Draft *d, Str page); /* page may be empty */
/* A problem of a use case in the visitor's words. */
Str apply_problem_text(const HttpRequest *rq, const Value *problem);
/* The problem of an element in the visitor's words, or empty. */
Str apply_problem_of(const HttpRequest *rq, const Value *problems, Str element);
/* draft, item, item_name, list_url, guide_url, kept_until. */
void apply_put_draft(const HttpRequest *rq, const ApplyVisit *a, Value *m);
/* "label: text" for summaries. */
Str apply_problem_line(const HttpRequest *rq, Str label, Str text);

HttpHandler web_apply_list, web_apply_page, web_apply_answers;
HttpHandler web_apply_start, web_apply_save, web_apply_read, web_apply_decline, web_apply_confirm,
    web_apply_upload, web_apply_mail, web_apply_remove, web_apply_submit, web_apply_drop,
    web_apply_at_once;

/* ---- my.c, my_posts.c: a citizen's own cases ---- */
typedef struct {
    CaseFile file;
    Value *model; /* of case_view, with words */
} MyVisit;

/* Loads the case of the route's {no}; on failure *next is set. */
bool my_visit(HttpRequest *rq, HttpResponse *rs, MyVisit *mv, HttpNext *next);
/* The pages of the three forms, with what was typed and what is wrong with it; both may be NULL. */
HttpNext my_show_withdraw(HttpRequest *rq, HttpResponse *rs, MyVisit *mv, const Value *typed,
                          const Value *problems);
HttpNext my_show_supplement(HttpRequest *rq, HttpResponse *rs, MyVisit *mv, const Value *typed,
                            const Value *problems);
HttpNext my_show_rate(HttpRequest *rq, HttpResponse *rs, MyVisit *mv, const Value *typed,
                      const Value *problems);

HttpHandler web_my, web_my_access, web_my_case, web_my_done, web_my_qr, web_my_certificate_qr,
    web_my_withdraw, web_my_supplement, web_my_rate;
HttpHandler web_my_early_post, web_my_withdraw_post, web_my_supplement_post, web_my_rate_post;

/* ---- api_jobs.c: jobs for systems of other departments ---- */
HttpHandler web_jobs_take, web_jobs_get, web_jobs_complete, web_jobs_fail, web_jobs_error,
    web_jobs_extend;

/* ---- desk.c: the window; approve.c: the back office ---- */
HttpHandler web_desk, web_desk_case, web_desk_accept, web_desk_refuse, web_desk_correction,
    web_desk_receive, web_desk_claim, web_desk_task, web_staff_back;
HttpHandler web_admin, web_admin_incidents, web_admin_incident, web_admin_case, web_admin_act,
    web_admin_back, web_admin_versions, web_admin_move, web_admin_move_post; /* admin*.c */
HttpHandler web_office, web_office_case, web_office_decide, web_office_suspend, web_office_resume,
    web_office_revoke, web_office_claim, web_office_task;

HttpHandler web_drift; /* drift.c: places and the unified standard */

/* ---- process.c, process_case.c: processes as pictures ---- */
HttpHandler web_case_process, web_processes, web_process, web_process_cases, web_process_file;

/* ---- lists.c: lists from flags, cancelled proofs, before and after ---- */
HttpHandler web_lists, web_list, web_reform;
