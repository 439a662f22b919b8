/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of where a case stands, written with each step of its process. */
#include "services/casework/casework_int.h"
#include "services/trail/trail.h"

bool casework_trail(StoreTx *tx, const CaseFile *cf, const FlowInstance *before,
                    const FlowEffects *effects, Err *err)
{
    TrailStep s = {.case_id = cf->id,
                   .item = cf->item->key,
                   .process = cf->item->process,
                   .before = before,
                   .after = cf->flow,
                   .effects = effects};
    return trail_follow(tx, &s, err);
}
