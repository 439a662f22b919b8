/* SPDX-License-Identifier: Apache-2.0 */
/*
 * services/my/my.h - what an applicant does with a case after submitting, and how a case is shown.
 *
 * in has {case: id as text}; the actor is the party, and a case of somebody else is not there
 * (ERR_NOT_FOUND). out {case, no, state}.
 */
#pragma once

#include "services/casework/casework.h"

enum { RATING_REMARK_MAX = 1000 };

/* {reason?}: of a whole, all parts that may still be withdrawn */
UseCase my_withdraw;
/* Of a whole: each result as soon as it is ready. */
UseCase my_early;
/* The answer to a correction notice: {files: [{code, hash, name, size, type}], note} */
UseCase my_supply;
/* {level: 1 (very bad) .. 5 (very good), reasons: [keys], remark}; 1 and 2 need a reason or a
 * remark. Once a case, from its acceptance or refusal on: ERR_CONFLICT. */
UseCase my_rate;
enum { RATING_REASONS = 5 };
extern const char
    *const rating_reasons[RATING_REASONS]; /* attitude, speed, materials, skill, environment */

/* Is there an answer that could be rated? */
static inline bool my_may_rate(const CaseFile *cf)
{
    return cf->law.accepted_at != 0 || law_is_closed(cf->law.state);
}

/* {cases: [{no, name, state, received_at, promise_at, closed}], drafts: [...]} */
MUST_CHECK bool my_overview(const Viewing *by, Value *model, Err *err);

typedef enum { VIEW_APPLICANT, VIEW_STAFF, VIEW_PROGRESS } CaseViewKind;

/*
 * The whole case as pages and JSON show it, localised:
 * {id, no, name, item, state, received_at, …_date, …_time, closed, outcome,
 *  organ {name, phone, address},
 *  promise {at, days_left, days_total, unit, late, standing (clock stands still), provisional,
 * percent}, legal {…}, timeline [{kind, at, by, reason, ground, missing […], …}], next [{step}],
 *  documents [{id, kind, name, no, at}], materials [{id, code, name, way, state, file_name, at}],
 *  facts [{source, name, owner, state, objected, note, at, fields [{key, label, value}]}],
 *  answers [{section, rows [{key, label, value}]}], messages […],
 *  acts {accept: true, …: what this viewer may do now}, rating {level, …} or absent,
 *  certificate {code, url, no, state} or absent, explanation {…: casework_view.h} (the applicant's,
 * once it is decided), proposal {recommend, days, article, reason, clear,
 * trace […]} (staff only), item_version {short, hash, published_at, item_is_gone} (staff only, and
 * only when it is not today's), correction {missing […], at} while it is asked} VIEW_PROGRESS (case
 * number and check code): state, dates and timeline kinds alone, nothing personal.
 */
MUST_CHECK bool case_view(const Viewing *by, const CaseFile *cf, CaseViewKind kind, Value *model,
                          Err *err);
/* Loads a case that belongs to the viewer. */
MUST_CHECK bool my_case(const Viewing *by, Str no, CaseFile *cf, Err *err);
