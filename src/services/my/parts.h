/* SPDX-License-Identifier: Apache-2.0 */
/*
 * services/my/parts.h - one matter in the view of a case.
 *
 * Of a whole: is_whole, part_count, part_done, parts [{no, item, name, organ, state, outcome, closed,
 * waiting, waits_for, because (why it cannot begin), kept (its result waits for the others),
 * received_at, promise_at, asked {at, missing} (the applicant's, while a correction is asked)}].
 * Of a part: whole {no, name, state, parts … as above}, kept. Numbers are empty in VIEW_PROGRESS.
 */
#pragma once

#include "services/my/my.h"

/* Of a part: its result waits for the others. */
MUST_CHECK bool parts_kept(StoreConn *conn, Arena *out, const App *app, const CaseFile *cf,
                           bool *kept, Err *err);
/* m.acts is there already when the viewer may act. */
MUST_CHECK bool parts_view(const Viewing *by, const CaseFile *cf, CaseViewKind kind, Value *m,
                           Err *err);
