/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every route of the program, in one table: method, path, handler, template, who may, flags, what
 * it is for. Access tests walk this table and the API's description is made from it.
 */
#include "web/pages.h"

#define DOC(tag_, summary_, body_, success_)                                                       \
    &(const RouteDoc)                                                                              \
    {                                                                                              \
        .summary = (summary_), .tag = (tag_), .body = (body_), .success = (success_)               \
    }

/* clang-format off */
const HttpRoute web_routes[] = {
    /* ---- everybody ---- */
    {HTTP_GET, "/", web_home, "home", WHO_ANYBODY, 0, DOC("public", "The first page: topics and popular services", "for:string", 200)},
    {HTTP_GET, "/search", web_search, "search", WHO_ANYBODY, 0, DOC("public", "Search services", "q:string part:string", 200)},
    {HTTP_GET, "/services", web_services, "services", WHO_ANYBODY, 0, DOC("public", "All services by department", "for:string topic:string", 200)},
    {HTTP_GET, "/s/{key}", web_guide, "guide", WHO_ANYBODY, 0, DOC("public", "Guide of a service; answers to its situations as query", NULL, 200)},
    {HTTP_GET, "/s/{key}/qr.svg", web_guide_qr, NULL, WHO_ANYBODY, 0, DOC("public", "QR code of a guide's address", NULL, 200)},
    {HTTP_GET, "/lists", web_lists, "lists", WHO_ANYBODY, 0, DOC("public", "Lists that publish themselves, with the ledger of cancelled proofs", NULL, 200)},
    {HTTP_GET, "/lists/{list}", web_list, "list", WHO_ANYBODY, 0, DOC("public", "One list: no-application, full-agency, no-certificate, accelerated, cross-province, deferrable, commitment, cancelled-proofs; format csv gives a table", "format:string", 200)},
    {HTTP_GET, "/progress", web_progress, "progress", WHO_ANYBODY, HTTP_ROUTE_GUESSED, DOC("public", "Where a case stands, by its number and check code", "no:string code:string", 200)},
    {HTTP_GET, "/verify/{code}", web_verify, "verify", WHO_ANYBODY, HTTP_ROUTE_GUESSED, DOC("public", "Whether a certificate is genuine and valid", NULL, 200)},
    {HTTP_GET, "/verify", web_verify_form, "verify", WHO_ANYBODY, 0, DOC("public", "Form to check a certificate", "code:string", 200)},
    {HTTP_GET, "/help", web_help, "help", WHO_ANYBODY, 0, DOC("public", "Help and how to reach people", NULL, 200)},
    {HTTP_GET, "/a11y", web_a11y, "a11y", WHO_ANYBODY, 0, DOC("public", "Accessibility statement", NULL, 200)},
    {HTTP_GET, "/privacy", web_privacy, "privacy", WHO_ANYBODY, 0, DOC("public", "Privacy and use of data", NULL, 200)},

    /* ---- signing in, the demo ---- */
    {HTTP_GET, "/login", web_login, "login", WHO_ANYBODY, 0, DOC("public", "How to sign in", "next:string", 200)},
    {HTTP_GET, "/demo/identity", web_demo_identity, "identity", WHO_DEMO, 0, DOC("demo", "Synthetic people to sign in as", "next:string", 200)},
    {HTTP_POST, "/demo/identity", web_demo_identity_post, NULL, WHO_DEMO, HTTP_ROUTE_JSON, DOC("demo", "Sign in as a synthetic person", "id_number:string! next:string", 200)},
    {HTTP_GET, "/staff/login", web_staff_login, "staff_login", WHO_ANYBODY, 0, DOC("public", "Form to sign in as staff", "next:string", 200)},
    {HTTP_POST, "/staff/login", web_staff_login_post, "staff_login", WHO_ANYBODY, HTTP_ROUTE_JSON | HTTP_ROUTE_GUESSED, DOC("public", "Sign in as staff", "login:string! password:string! next:string", 200)},
    {HTTP_POST, "/logout", web_logout, NULL, WHO_ANYBODY, HTTP_ROUTE_JSON, DOC("public", "Sign out", NULL, 200)},
    {HTTP_GET, "/demo/phone", web_demo_phone, "phone", WHO_DEMO, 0, DOC("demo", "Messages that the gateway was given", "to:string", 200)},
    {HTTP_GET, "/demo/clock", web_demo_clock, "clock", WHO_DEMO, 0, DOC("demo", "The demo's time", NULL, 200)},
    {HTTP_POST, "/demo/clock", web_demo_clock_post, "clock", WHO_DEMO, HTTP_ROUTE_JSON, DOC("demo", "Move the time on", "days:integer hours:integer", 200)},

    /* ---- cases and papers for whoever knows their numbers, or whose they are ---- */
    {HTTP_GET, "/documents/{id}", web_document, NULL, WHO_PARTY | WHO_STAFF, 0, DOC("my", "A paper of a case as PDF", NULL, 200)},
    {HTTP_GET, "/certificates/{code}", web_certificate, NULL, WHO_PARTY | WHO_STAFF, 0, DOC("my", "A certificate as PDF", NULL, 200)},
    {HTTP_GET, "/files/{id}", web_material_file, NULL, WHO_PARTY | WHO_STAFF, 0, DOC("my", "A file that the applicant gave", NULL, 200)},
    {HTTP_GET, "/my/cases/{no}/cover-slip", web_cover_slip, NULL, WHO_PARTY | WHO_STAFF, 0, DOC("my", "Slip for papers sent by post, as PDF", NULL, 200)},

    /* ---- applying: a draft, page by page ---- */
    {HTTP_POST, "/apply/start", web_apply_start, NULL, WHO_PARTY, HTTP_ROUTE_JSON, DOC("apply", "Start an application with the answers given so far", "item:string! answers:object", 201)},
    {HTTP_GET, "/apply/{draft}", web_apply_list, "tasklist", WHO_PARTY, 0, DOC("apply", "The task list of a draft", NULL, 200)},
    {HTTP_GET, "/apply/{draft}/answers", web_apply_answers, "answers", WHO_PARTY, 0, DOC("apply", "All answers, to check before sending", NULL, 200)},
    {HTTP_POST, "/apply/{draft}/submit", web_apply_submit, "answers", WHO_PARTY, HTTP_ROUTE_JSON, DOC("apply", "Send the application: it becomes a case", "declaration:boolean!", 201)},
    {HTTP_POST, "/apply/{draft}/drop", web_apply_drop, NULL, WHO_PARTY, HTTP_ROUTE_JSON, DOC("apply", "Delete a draft", NULL, 200)},
    {HTTP_GET, "/apply/{draft}/{page}", web_apply_page, "question", WHO_PARTY, 0, DOC("apply", "One page of a draft: questions, facts of a register, or a paper", NULL, 200)},
    {HTTP_POST, "/apply/{draft}/{page}", web_apply_save, "question", WHO_PARTY, HTTP_ROUTE_JSON, DOC("apply", "Save the answers of a page; partial: nothing is required yet", "answers:object! partial:boolean", 200)},
    {HTTP_POST, "/apply/{draft}/{page}/read", web_apply_read, "facts", WHO_PARTY, HTTP_ROUTE_JSON, DOC("apply", "Agree and read the page's register", NULL, 200)},
    {HTTP_POST, "/apply/{draft}/{page}/decline", web_apply_decline, "facts", WHO_PARTY, HTTP_ROUTE_JSON, DOC("apply", "Do not agree to read the page's register", NULL, 200)},
    {HTTP_POST, "/apply/{draft}/{page}/confirm", web_apply_confirm, "facts", WHO_PARTY, HTTP_ROUTE_JSON, DOC("apply", "The facts are right, or what is wrong with them", "confirm:boolean! note:string", 200)},
    {HTTP_POST, "/apply/{draft}/{page}/upload", web_apply_upload, "material", WHO_PARTY, HTTP_ROUTE_UPLOAD, DOC("apply", "Give the page's paper as photos or PDF", "file:string!", 200)},
    {HTTP_POST, "/apply/{draft}/{page}/mail", web_apply_mail, "material", WHO_PARTY, HTTP_ROUTE_JSON, DOC("apply", "The page's paper comes by post", NULL, 200)},
    {HTTP_POST, "/apply/{draft}/{page}/remove", web_apply_remove, "material", WHO_PARTY, HTTP_ROUTE_JSON, DOC("apply", "Take a file or an announcement back", "material:string!", 200)},
    {HTTP_POST, "/api/cases", web_apply_at_once, NULL, WHO_PARTY, HTTP_ROUTE_JSON, DOC("apply", "A whole application in one call", "item:string! lang:string answers:object! materials:array declaration:boolean!", 201)},

    /* ---- a citizen's own cases ---- */
    {HTTP_GET, "/my", web_my, "my", WHO_PARTY, 0, DOC("my", "My cases and drafts", NULL, 200)},
    {HTTP_GET, "/my/access", web_my_access, "access", WHO_PARTY, 0, DOC("my", "Who read my data, when and why", NULL, 200)},
    {HTTP_GET, "/my/cases/{no}", web_my_case, "case", WHO_PARTY, 0, DOC("my", "A case of mine", NULL, 200)},
    {HTTP_GET, "/my/cases/{no}/done", web_my_done, "done", WHO_PARTY, 0, DOC("my", "What happens after sending", NULL, 200)},
    {HTTP_GET, "/my/cases/{no}/qr.svg", web_my_qr, NULL, WHO_PARTY, 0, DOC("my", "QR code of the page that shows a case's progress", NULL, 200)},
    {HTTP_GET, "/my/cases/{no}/certificate.svg", web_my_certificate_qr, NULL, WHO_PARTY, 0, DOC("my", "QR code that verifies a case's certificate", NULL, 200)},
    {HTTP_GET, "/my/cases/{no}/withdraw", web_my_withdraw, "withdraw", WHO_PARTY, 0, DOC("my", "Form to withdraw an application", NULL, 200)},
    {HTTP_POST, "/my/cases/{no}/withdraw", web_my_withdraw_post, "withdraw", WHO_PARTY, HTTP_ROUTE_JSON, DOC("my", "Withdraw an application", "reason:string", 200)},
    {HTTP_POST, "/my/cases/{no}/early", web_my_early_post, NULL, WHO_PARTY, HTTP_ROUTE_JSON, DOC("my", "Of one matter: hand out each result as soon as it is ready", NULL, 200)},
    {HTTP_GET, "/my/cases/{no}/supplement", web_my_supplement, "supplement", WHO_PARTY, 0, DOC("my", "What the notice asks for", NULL, 200)},
    {HTTP_POST, "/my/cases/{no}/supplement", web_my_supplement_post, "supplement", WHO_PARTY, HTTP_ROUTE_UPLOAD | HTTP_ROUTE_JSON, DOC("my", "Answer the notice: files as file1, file2, … in the notice's order, and a note", "file1:string note:string", 200)},
    {HTTP_GET, "/my/cases/{no}/rate", web_my_rate, "rate", WHO_PARTY, 0, DOC("my", "Form to rate the service", NULL, 200)},
    {HTTP_POST, "/my/cases/{no}/rate", web_my_rate_post, "rate", WHO_PARTY, HTTP_ROUTE_JSON, DOC("my", "Rate the service, once a case: 1 very bad to 5 very good", "level:integer! reasons:array remark:string", 200)},

    /* ---- the window ---- */
    {HTTP_GET, "/w", web_desk, "desk_list", WHO_CLERK, 0, DOC("desk", "Worklist of the window; find leads to a case", "tab:string page:integer find:string", 200)},
    {HTTP_GET, "/w/cases/{no}", web_desk_case, "desk_case", WHO_CLERK, 0, DOC("desk", "A case at the window; who looked is logged", NULL, 200)},
    {HTTP_POST, "/w/cases/{no}/claim", web_desk_claim, "desk_case", WHO_CLERK, HTTP_ROUTE_JSON, DOC("desk", "Take a waiting task", "task:string!", 200)},
    {HTTP_POST, "/w/cases/{no}/accept", web_desk_accept, "desk_case", WHO_CLERK, HTTP_ROUTE_JSON, DOC("desk", "Accept the application", NULL, 200)},
    {HTTP_POST, "/w/cases/{no}/refuse", web_desk_refuse, "desk_case", WHO_CLERK, HTTP_ROUTE_JSON, DOC("desk", "Refuse the application", "ground:string! reason:string", 200)},
    {HTTP_POST, "/w/cases/{no}/correction", web_desk_correction, "desk_case", WHO_CLERK, HTTP_ROUTE_JSON, DOC("desk", "Ask for everything that is missing, once; missing: {code or name, note}", "missing:array!", 200)},
    {HTTP_POST, "/w/cases/{no}/receive", web_desk_receive, "desk_case", WHO_CLERK, HTTP_ROUTE_JSON, DOC("desk", "An announced paper has come", "material:string!", 200)},
    {HTTP_POST, "/w/cases/{no}/task", web_desk_task, "desk_case", WHO_CLERK, HTTP_ROUTE_JSON, DOC("desk", "A step of the process is done: outcome as the task offers them, none where it offers none", "task:string! outcome:string remark:string", 200)},
    {HTTP_GET, "/w/cases/{no}/{act}", web_staff_back, NULL, WHO_CLERK, 0, DOC("desk", "An act's address, asked for again: leads to the case", NULL, 303)},

    /* ---- the back office ---- */
    {HTTP_GET, "/o", web_office, "approve_list", WHO_APPROVER | WHO_SUPERVISOR, 0, DOC("approve", "Worklist of the back office; find leads to a case", "tab:string page:integer find:string", 200)},
    {HTTP_GET, "/o/cases/{no}", web_office_case, "approve_case", WHO_APPROVER | WHO_SUPERVISOR, 0, DOC("approve", "A case with facts, comparison and proposal; who looked is logged", NULL, 200)},
    {HTTP_POST, "/o/cases/{no}/claim", web_office_claim, "approve_case", WHO_APPROVER, HTTP_ROUTE_JSON, DOC("approve", "Take a waiting task", "task:string!", 200)},
    {HTTP_POST, "/o/cases/{no}/task", web_office_task, "approve_case", WHO_APPROVER, HTTP_ROUTE_JSON, DOC("approve", "A step of the process is done: outcome as the task offers them, none where it offers none", "task:string! outcome:string remark:string", 200)},
    {HTTP_POST, "/o/cases/{no}/decide", web_office_decide, "approve_case", WHO_APPROVER, HTTP_ROUTE_JSON, DOC("approve", "Decide: grant or deny", "decision:string! reason:string! confirm:boolean!", 200)},
    {HTTP_POST, "/o/cases/{no}/suspend", web_office_suspend, "approve_case", WHO_APPROVER, HTTP_ROUTE_JSON, DOC("approve", "Stop the clock on a ground that the law gives", "ground:string! reason:string", 200)},
    {HTTP_POST, "/o/cases/{no}/revoke", web_office_revoke, "approve_case", WHO_APPROVER, HTTP_ROUTE_JSON, DOC("approve", "Revoke the result and its certificate", "reason:string!", 200)},
    {HTTP_POST, "/o/cases/{no}/resume", web_office_resume, "approve_case", WHO_APPROVER, HTTP_ROUTE_JSON, DOC("approve", "Let the clock run again", "reason:string", 200)},
    {HTTP_GET, "/o/cases/{no}/process", web_case_process, "case_process", WHO_CLERK | WHO_APPROVER | WHO_SUPERVISOR, 0, DOC("approve", "Where a case stands in its process, and how long each step took; who looked is logged", "zoom:string", 200)},
    {HTTP_GET, "/o/cases/{no}/{act}", web_staff_back, NULL, WHO_APPROVER | WHO_SUPERVISOR, 0, DOC("approve", "An act's address, asked for again: leads to the case", NULL, 303)},

    /* ---- processes of items ---- */
    {HTTP_GET, "/o/processes", web_processes, "processes", WHO_CLERK | WHO_APPROVER | WHO_SUPERVISOR, 0, DOC("approve", "The processes of the organ's items, and how many cases are under way", NULL, 200)},
    {HTTP_GET, "/o/processes/{item}", web_process, "process", WHO_CLERK | WHO_APPROVER | WHO_SUPERVISOR, 0, DOC("approve", "A process: how many cases wait at each element, how long steps took in the last days", "days:integer zoom:string", 200)},
    {HTTP_GET, "/o/processes/{item}/cases", web_process_cases, "process_cases", WHO_CLERK | WHO_APPROVER | WHO_SUPERVISOR, 0, DOC("approve", "The cases that wait at an element, or left it in the last days", "element:string days:integer page:integer", 200)},
    {HTTP_GET, "/o/processes/{item}/file", web_process_file, NULL, WHO_CLERK | WHO_APPROVER | WHO_SUPERVISOR, 0, DOC("approve", "The process's BPMN document as it stands in the catalogue", NULL, 200)},

    /* ---- designers ---- */
    {HTTP_GET, "/d/drift", web_drift, "drift", WHO_DESIGNER | WHO_ADMIN, 0, DOC("design", "Where places deviate from the unified standard, by element, and who has adopted what; all: also rows in which nobody stands apart", "place:string all:string", 200)},

    /* ---- operators; supervisors look ---- */
    {HTTP_GET, "/d/standards", web_standards, "standards", WHO_DESIGNER | WHO_SUPERVISOR | WHO_LEADER, 0, DOC("design", "Standards on their way from a proposal to all places", "page:integer", 200)},
    {HTTP_POST, "/d/standards", web_standards_post, "standards", WHO_DESIGNER, HTTP_ROUTE_JSON, DOC("design", "Propose a standard; scope is an item, a bundle, a main item's code, or all", "title:string! scope:string! reason:string! target:string!", 201)},
    {HTTP_GET, "/d/standards/{id}", web_standard, "standard", WHO_DESIGNER | WHO_SUPERVISOR | WHO_LEADER, 0, DOC("design", "A standard: dissection, pilots, findings, rates, release, and what was done by whom", NULL, 200)},
    {HTTP_POST, "/d/standards/{id}/act", web_standard_act, "standard", WHO_DESIGNER, HTTP_ROUTE_JSON, DOC("design", "Do one of the acts that the standard offers, with its fields", "act:string! version:integer", 200)},
    {HTTP_GET, "/admin", web_admin, "admin_home", WHO_ADMIN | WHO_SUPERVISOR, 0, DOC("admin", "What stands still and what waits", NULL, 200)},
    {HTTP_GET, "/admin/incidents", web_admin_incidents, "admin_incidents", WHO_ADMIN | WHO_SUPERVISOR, 0, DOC("admin", "Incidents of processes; state is open or closed, days how long they stand at least", "state:string item:string kind:string days:integer page:integer", 200)},
    {HTTP_GET, "/admin/incidents/{id}", web_admin_incident, "admin_incident", WHO_ADMIN | WHO_SUPERVISOR, 0, DOC("admin", "An incident with its case's process; who looked is logged", NULL, 200)},
    {HTTP_GET, "/admin/cases/{no}", web_admin_case, "admin_case", WHO_ADMIN | WHO_SUPERVISOR, 0, DOC("admin", "A case's process: where it stands, what it waits for and knows; who looked is logged", NULL, 200)},
    {HTTP_POST, "/admin/cases/{no}/open", web_admin_act, "admin_case", WHO_ADMIN, HTTP_ROUTE_JSON, DOC("admin", "Log the purpose for which sensitive values are looked at", "purpose:string!", 200)},
    {HTTP_POST, "/admin/cases/{no}/retry", web_admin_act, "admin_case", WHO_ADMIN, HTTP_ROUTE_JSON, DOC("admin", "Enter the element of an incident anew, after setting variables (values, or FEEL expressions)", "key:string! reason:string! version:integer variables:object expressions:object", 200)},
    {HTTP_POST, "/admin/cases/{no}/resolve", web_admin_act, "admin_case", WHO_ADMIN, HTTP_ROUTE_JSON, DOC("admin", "The element of an incident counts as done", "key:string! reason:string! version:integer variables:object expressions:object", 200)},
    {HTTP_POST, "/admin/cases/{no}/set", web_admin_act, "admin_case", WHO_ADMIN, HTTP_ROUTE_JSON, DOC("admin", "Set variables of a scope, values or FEEL expressions", "reason:string! scope:string version:integer variables:object expressions:object", 200)},
    {HTTP_POST, "/admin/cases/{no}/move", web_admin_act, "admin_case", WHO_ADMIN, HTTP_ROUTE_JSON, DOC("admin", "Move a token to another element; dry says what would happen", "token:string! to:string! reason:string! version:integer dry:boolean", 200)},
    {HTTP_POST, "/admin/cases/{no}/cancel", web_admin_act, "admin_case", WHO_ADMIN, HTTP_ROUTE_JSON, DOC("admin", "End the process; the case stays with its organ", "reason:string! confirm:boolean! version:integer", 200)},
    {HTTP_POST, "/admin/cases/{no}/migrate", web_admin_act, "admin_case", WHO_ADMIN, HTTP_ROUTE_JSON, DOC("admin", "Go on by the current version of the item; map: old element to new, dry says what would change", "reason:string! map:object dry:boolean version:integer", 200)},
    {HTTP_GET, "/admin/cases/{no}/{act}", web_admin_back, NULL, WHO_ADMIN | WHO_SUPERVISOR, 0, DOC("admin", "An act's address, asked for again: leads to the case", NULL, 303)},
    {HTTP_GET, "/admin/versions", web_admin_versions, "admin_versions", WHO_ADMIN | WHO_SUPERVISOR, 0, DOC("admin", "Versions of items and how many cases run by each", NULL, 200)},
    {HTTP_GET, "/admin/versions/{item}", web_admin_move, "admin_move", WHO_ADMIN, 0, DOC("admin", "Form to bring cases of an old version to the current one", "from:string!", 200)},
    {HTTP_POST, "/admin/versions/{item}", web_admin_move_post, "admin_move", WHO_ADMIN, HTTP_ROUTE_JSON, DOC("admin", "Bring cases of an old version to the current one; left tells how many are still to be looked at, to go on with after", "from:string! reason:string! map:object dry:boolean after:string", 200)},

    {HTTP_GET, "/m/reform", web_reform, "reform", WHO_ADMIN | WHO_SUPERVISOR, 0, DOC("admin", "Materials, visits, days, steps and organs before the reform and now; by is item, bundle, organ, place or set", "by:string set:string", 200)},

    /* ---- machines ---- */
    {HTTP_POST, "/api/messages", web_message_publish, NULL, WHO_CLIENT, HTTP_ROUTE_JSON | HTTP_ROUTE_TOKEN, DOC("messages", "Tell the one case that waits for this name and correlation, or keep it until one does; result: delivered (with the case's number), buffered or dropped", "name:string! correlation:string variables:object ttl_s:integer message_id:string", 200)},
    {HTTP_POST, "/api/signals", web_message_signal, NULL, WHO_CLIENT, HTTP_ROUTE_JSON | HTTP_ROUTE_TOKEN, DOC("messages", "Tell all cases that listen now; cases: how many", "name:string! variables:object", 200)},
    {HTTP_POST, "/api/jobs/take", web_jobs_take, NULL, WHO_CLIENT, HTTP_ROUTE_JSON | HTTP_ROUTE_TOKEN, DOC("jobs", "Take jobs of these types with a lease; wait_s: wait for one that long, at most 55", "types:array! max:integer lease_s:integer wait_s:integer", 200)},
    {HTTP_GET, "/api/jobs/{job}", web_jobs_get, NULL, WHO_CLIENT, HTTP_ROUTE_TOKEN, DOC("jobs", "How a job stands", NULL, 200)},
    {HTTP_POST, "/api/jobs/{job}/complete", web_jobs_complete, NULL, WHO_CLIENT, HTTP_ROUTE_JSON | HTTP_ROUTE_TOKEN, DOC("jobs", "A job is done; variables go into the process. A repeat gets the same answer", "lease:string! variables:object", 200)},
    {HTTP_POST, "/api/jobs/{job}/fail", web_jobs_fail, NULL, WHO_CLIENT, HTTP_ROUTE_JSON | HTTP_ROUTE_TOKEN, DOC("jobs", "A job could not be done: again later, or an incident when no retry is left", "lease:string! reason:string! retry_after_s:integer retries_left:integer", 200)},
    {HTTP_POST, "/api/jobs/{job}/error", web_jobs_error, NULL, WHO_CLIENT, HTTP_ROUTE_JSON | HTTP_ROUTE_TOKEN, DOC("jobs", "A job ends with a BPMN error, which the process catches by its code", "lease:string! code:string! reason:string variables:object", 200)},
    {HTTP_POST, "/api/jobs/{job}/extend", web_jobs_extend, NULL, WHO_CLIENT, HTTP_ROUTE_JSON | HTTP_ROUTE_TOKEN, DOC("jobs", "Hold a job for longer, counted from now", "lease:string! lease_s:integer", 200)},
    {HTTP_GET, "/services.jsonld", web_linked, NULL, WHO_ANYBODY, 0, DOC("public", "All services as linked data (CPSV-AP 3.2, JSON-LD)", NULL, 200)},
    {HTTP_GET, "/api/openapi.json", web_api, NULL, WHO_ANYBODY, 0, DOC("public", "This description", NULL, 200)},
    {HTTP_GET, "/a/{*file}", web_asset, NULL, WHO_ANYBODY, 0, DOC("public", "Styles, scripts, icons; names carry a hash", NULL, 200)},
    {HTTP_GET, "/theme.css", web_theme, NULL, WHO_ANYBODY, 0, DOC("public", "The place's own colours", "v:string", 200)},
    {HTTP_GET, "/healthz", web_health, NULL, WHO_ANYBODY, 0, DOC("public", "Is the service able to answer", NULL, 200)},
    {HTTP_GET, "/robots.txt", web_robots, NULL, WHO_ANYBODY, 0, DOC("public", "What crawlers may read", NULL, 200)},
};
/* clang-format on */

const size_t web_route_count = COUNT(web_routes);
