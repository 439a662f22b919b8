/* SPDX-License-Identifier: Apache-2.0 */
/*
 * services/operate/operate.h - operations on processes that stand still: what an operator sees, and
 * what he may do about it.
 *
 * Operators (ROLE_ADMIN) act on cases of every organ of the place; supervisors only see. An operator
 * mends the process, never the matter: who decides, and what, stays with the organ. Every act needs
 * a reason and stands in the case's stream with who did it (flow_retry, flow_resolve, flow_set,
 * flow_move, flow_cancel, flow_migrate). Reading a case writes the access log.
 * in always has {case: id as text, reason}; {version: of the case's row as it was shown} may be
 * there: then the act is refused when the case has changed meanwhile. What does not fit comes back
 * as out.problems [{element, key, detail {zh, en}}].
 * Limits: OPERATE_REASON_MAX, OPERATE_VARIABLES in one act, OPERATE_BATCH cases in one command.
 */
#pragma once

#include "services/casework/casework.h"
#include "services/casework/incident.h"

enum {
    OPERATE_REASON_MAX = 500,
    OPERATE_VALUE_MAX = 20000,
    OPERATE_VARIABLES = 50,
    OPERATE_PAGE = 30,
    OPERATE_BATCH = 50,
};

/* ---- acts; out {case, no, state, standing (incidents left), again (the same place stands anew)} */

/* {key: of the incident, variables?}: the variables are set, then its element is entered anew */
UseCase process_retry;
/* {key, variables?}: its element counts as done, the process goes on behind it */
UseCase process_resolve;
/* {scope?: key, variables}: nothing else happens, except that what waits for a condition looks
 * again. variables: {name: value}, and expressions: {name: FEEL over what the scope shows}; and
 * {name, value} as a form sends them: "= …" is FEEL, else JSON, else a text. */
UseCase process_set;
/* {token, to: id of an element, dry?}: what waited there is withdrawn, the element is entered. dry:
 * nothing is done, out has effects [{effect, element, name, due_at?, reason?}] */
UseCase process_move;
/* {confirm: true}: all that the process waits for is withdrawn; the case stays with its organ */
UseCase process_cancel;
/* {map?: {old: new}, to?: version, dry?}: the case goes on by another version of its item, the
 * current one when none is named. dry: out.changes as the engine tells them */
UseCase process_migrate;
/* {item, from, to?, map?, after?: id, limit?} and no case: as many cases as fit in one command, the
 * next from `after` on; out {moved, failed [{case, no, why}], after, done}. A case that does not fit
 * stays as it is. */
UseCase process_migrate_some;
/* {purpose?}: the operator opens the case: who looked, and why, stands in the person's log. Without
 * a purpose once in 24 hours. For supervisors too. */
UseCase process_look;

/* ---- what operators see ---- */

typedef struct {
    bool closed;
    Str item, kind;   /* empty: all */
    int64_t min_days; /* standing at least so long */
    int64_t page;     /* from 0 */
} IncidentQuery;

/* {incidents {open, oldest_at, kinds [{kind, count}]}, jobs, timers, outbox, versions} */
MUST_CHECK bool operate_home(const Viewing *by, Value *model, Err *err);
/* {incidents [...], count, page, pages, items [key…]} */
MUST_CHECK bool operate_incidents(const Viewing *by, const IncidentQuery *q, Value *model,
                                  Err *err);
/* A row of the list; ERR_NOT_FOUND. case_id: whose it is. */
MUST_CHECK bool operate_incident(const Viewing *by, int64_t id, Value *model, int64_t *case_id,
                                 Err *err);
/*
 * A case's process: {tokens [{id, key, element, name, kind, state, scope, reason, incident}], waits,
 * jobs, timers, scopes [{scope, name, variables [{name, value, hidden}]}], incidents}. Sensitive
 * values are shown only when opened.
 */
MUST_CHECK bool operate_case(const Viewing *by, const CaseFile *cf, bool opened, Value *model,
                             Err *err);
/* Where a token may be moved to: [{id, name, kind}]. */
void operate_targets(Arena *out, const CaseFile *cf, int64_t token, Value *list);
/* {items [{key, name, current, versions [{version, running, current}]}]} */
MUST_CHECK bool operate_versions(const Viewing *by, Value *model, Err *err);
