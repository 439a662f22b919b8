/* SPDX-License-Identifier: Apache-2.0 */
/*
 * web/pages.h - private: the handlers of signed-in pages, an area a file, and what they share.
 * A handler that cannot answer at once keeps what it needs in visit->page.
 */
#pragma once

#include "services/apply/apply.h"
#include "web/web_int.h"

/* Runs work on the pool, then `then` on the loop thread; 503 when the pool is full. */
HttpNext web_job(HttpRequest *rq, HttpResponse *rs, void (*work)(HttpRequest *rq),
                 HttpHandler *then);

/* ---- sign_in.c ---- */
HttpHandler web_login, web_demo_identity, web_demo_identity_post, web_staff_login,
    web_staff_login_post, web_logout;

/* ---- demo.c: the phone and the clock of the demo ---- */
HttpHandler web_demo_phone, web_demo_clock, web_demo_clock_post;

/* ---- public_case.c, paper.c ---- */
HttpHandler web_progress, web_verify;
HttpHandler web_document, web_certificate, web_cover_slip, web_material_file;

/* ---- apply_pages.c, apply_posts.c: a draft, page by page ---- */
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

HttpHandler web_apply_list, web_apply_page, web_apply_answers;
HttpHandler web_apply_start, web_apply_save, web_apply_read, web_apply_decline, web_apply_confirm,
    web_apply_upload, web_apply_mail, web_apply_remove, web_apply_submit, web_apply_drop,
    web_apply_at_once;

/* ---- desk.c: the window; approve.c: the back office ---- */
HttpHandler web_desk, web_desk_case, web_desk_accept, web_desk_refuse, web_desk_correction,
    web_desk_receive, web_desk_claim;
HttpHandler web_office, web_office_case, web_office_decide, web_office_suspend, web_office_resume,
    web_office_claim;
