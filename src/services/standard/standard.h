/* SPDX-License-Identifier: Apache-2.0 */
/*
 * services/standard/standard.h - a standard on its way from a proposal to all places (八统一标准的
 * 提出、麻雀解剖、试点、整改、验收、推广).
 *
 *   proposed -> dissected -> piloting -> accepted -> released -> retired
 *
 * Dissection (麻雀解剖) goes through the handling flow step by step: who, how long, by which paper,
 * kept, merged or cut, and why. A pilot at a place brings findings to rectify. It is accepted when a
 * pilot has run, nothing is left to rectify and the three rates (三率) reach their bars
 * (Catalogue.rates). Release and retirement take effect on a day, and take two people: whoever asked
 * for them may not confirm them. A release holds the versions of its items as they then were; what
 * the catalogue has changed since is told.
 * Each act is kept with who and when and never changed. For designers (ROLE_DESIGNER); supervisors
 * and leaders see. The rules are pure (stages.c); here they meet the store.
 * Limits: STANDARD_*; problems come back as out.problems [{element, key, arg?}].
 */
#pragma once

#include "services/app.h"

enum {
    STANDARD_TEXT_MAX = 1000, /* bytes of one field */
    STANDARD_ROWS_MAX = 200,  /* steps, pilots, findings each */
    STANDARD_PAGE = 30,
    STANDARD_ACTS_SHOWN = 1000,
};

/* {scope, title, reason, target}: out {id as text} */
UseCase standard_propose;
/* {id, version?, act, and the act's fields}: out {id, stage} */
UseCase standard_act;

/* {standards [{id, title, scope, scope_name, stage, changed_at, effective_day?, ends_day?, waits, open_findings}], pages,
 * stages [{stage, count}]} */
MUST_CHECK bool standard_list(const Viewing *by, int64_t page, Value *model, Err *err);
/* All of it: data, rates [{key, name, share, at_least, ok}], acts that may be done now [{act, fields
 * [{name, shape, required, options?}]}], history, changed [{item, name}] since the release. */
MUST_CHECK bool standard_view(const Viewing *by, int64_t id, Value *model, Err *err);
