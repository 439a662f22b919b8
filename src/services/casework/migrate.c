/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A case goes on by another version of its item. The engine says what the instance becomes; what
 * waited goes on under its key, as a task, a job or an incident of the new element.
 */
#include "catalogue/task.h"
#include "services/casework/casework_int.h"

static int64_t not_for(const CaseFile *cf, Str stage)
{
    bool decides = str_eq(stage, STR("decide"));
    return !decides ? 0 : cf->law.receiver ? cf->law.receiver : cf->law.taken_by;
}

static bool adopt_task(StoreTx *tx, const CaseFile *cf, const FlowEffect *fx, Err *err)
{
    Str stage = flow_task_stage(fx->element);
    TaskPool pool = task_pool(tx_app(tx)->catalogue, fx->element);
    return tx_run(tx, SQL_TASK_ADOPT,
                  PARAMS(P_STR(tx->place), P_INT(cf->id), P_INT(fx->key), P_STR(fx->element->id),
                         P_STR(stage), P_STR(pool.role), P_INT(not_for(cf, stage)),
                         P_STR(pool.organ.len ? pool.organ : cf->organ)),
                  NULL, err);
}

/* A job of another type is another job: it begins anew, under its key. */
static bool adopt_job(StoreTx *tx, CaseFile *cf, const FlowEffect *fx, Err *err)
{
    StoreRows rows;
    StoreParam key = P_STR(str_fmt(tx->arena, "%lld", (long long)fx->key));
    FlowEffect anew = *fx;
    anew.kind = FLOW_CREATE_JOB;
    if (!tx_run(tx, SQL_JOB_TYPE, PARAMS(P_STR(tx->place), P_INT(cf->id), key), &rows, err))
        return false;
    if (!rows.count)
        return true;
    if (str_eq(row_str(&rows, 0, 0), fx->element->job_type))
        return tx_run(tx, SQL_JOB_ADOPT,
                      PARAMS(P_STR(tx->place), P_INT(cf->id), key, P_STR(fx->element->id)), NULL,
                      err);
    return tx_run(tx, SQL_JOB_CANCEL, PARAMS(P_STR(tx->place), P_INT(cf->id), key), NULL, err) &&
           casework_apply_effect(tx, cf, &anew, err);
}

static bool adopt(StoreTx *tx, CaseFile *cf, const FlowEffect *fx, Err *err)
{
    if (fx->trigger)
        return true; /* a timer or subscription: it says nothing of its element */
    if (!tx_run(tx, SQL_INCIDENT_ADOPT,
                PARAMS(P_STR(tx->place), P_INT(cf->id), P_INT(fx->key), P_STR(fx->element->id),
                       P_STR(fx->element->name)),
                NULL, err))
        return false;
    return fx->element->kind == BPMN_USER_TASK ? adopt_task(tx, cf, fx, err)
                                               : adopt_job(tx, cf, fx, err);
}

/* The case as it would be read under that version. */
static CaseFile as_of(const CaseFile *cf, const ItemVersion *to)
{
    CaseFile other = *cf;
    other.item = to->item;
    other.catalogue = to->catalogue;
    other.item_version = to->hash;
    return other;
}

bool casework_try_migrate(StoreTx *tx, CaseFile *cf, const ItemVersion *to, const Value *map,
                          FlowResult *r, Value *changes, Err *err)
{
    FlowModel old, new;
    CaseFile other = as_of(cf, to);
    if (!casework_model(tx, cf, &old, err) || !casework_model(tx, &other, &new, err))
        return false;
    FlowMigration what = {.from = &old, .to = &new, .map = map, .at = tx->now};
    return flow_migrate(tx->arena, &what, cf->flow, r, changes, err);
}

bool casework_migrate(StoreTx *tx, CaseFile *cf, const ItemVersion *to, const FlowResult *r,
                      Err *err)
{
    FlowEvent ev = {.kind = FLOW_SET}; /* what an incident ended by, if one did: it passed */
    const FlowInstance *before = cf->flow;
    if (!casework_set_item_version(tx, cf, to, r->after, err) ||
        !casework_trail(tx, cf, before, &r->effects, err))
        return false;
    for (size_t i = 0; i < r->effects.len; i++) {
        const FlowEffect *fx = &r->effects.at[i];
        bool ok = fx->kind == FLOW_ADOPTED ? adopt(tx, cf, fx, err)
                                           : casework_apply_effect(tx, cf, fx, err);
        if (!ok)
            return false;
    }
    return casework_incidents_follow(tx, cf, before, &ev, err);
}
