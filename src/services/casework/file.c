/* SPDX-License-Identifier: Apache-2.0 */
/* The row of a case and its two engines' states, read and written whole. */
#include "services/casework/casework_int.h"
#include "json/json.h"

bool casework_id(StoreConn *conn, Arena *out, const App *app, Str no, int64_t *id, Err *err)
{
    StoreRows rows;
    if (!store_run(conn, out, SQL_CASE_ID_OF_NO, PARAMS(P_STR(app->catalogue->place), P_STR(no)),
                   &rows, err))
        return false;
    if (!rows.count)
        return FAIL(err, ERR_NOT_FOUND, "no case '" STR_FMT "'", STR_ARG(no));
    *id = row_int(&rows, 0, 0);
    return true;
}

static bool read_states(Arena *out, const StoreRows *r, CaseFile *cf, Err *err)
{
    Value *data = json_read(out, row_str(r, 0, 16), err);
    Value *law, *flow;
    if (!data || !(cf->facts = json_read(out, row_str(r, 0, 17), err)) ||
        !(law = json_read(out, row_str(r, 0, 18), err)) ||
        !(flow = json_read(out, row_str(r, 0, 19), err)))
        return false;
    const Value *answers = value_at(data, "answers");
    cf->answers = answers ? value_copy(out, answers) : value_map(out);
    if (flow->kind == VALUE_NULL) {
        cf->flow = casework_no_flow();
        return law_case_read(law, &cf->law, err);
    }
    FlowModel m = casework_flow_model(cf);
    return law_case_read(law, &cf->law, err) &&
           (cf->flow = flow_instance_read(out, &m, flow, err)) != NULL;
}

bool casework_load(StoreConn *conn, Arena *out, const App *app, int64_t id, CaseFile *cf, Err *err)
{
    StoreRows r;
    if (!store_run(conn, out, SQL_CASE_GET, PARAMS(P_STR(app->catalogue->place), P_INT(id)), &r,
                   err))
        return false;
    if (!r.count)
        return FAIL(err, ERR_NOT_FOUND, "no case '%lld'", (long long)id);
    *cf = (CaseFile){.id = row_int(&r, 0, 0),
                     .no = row_str(&r, 0, 1),
                     .party = row_int(&r, 0, 2),
                     .applicant = row_str(&r, 0, 3),
                     .item_version = row_str(&r, 0, 5),
                     .title = row_str(&r, 0, 6),
                     .organ = row_str(&r, 0, 7),
                     .state = row_str(&r, 0, 8),
                     .channel = row_str(&r, 0, 9),
                     .lang = lang_of(row_str(&r, 0, 10)),
                     .received_at = row_int(&r, 0, 11),
                     .legal_due = row_int(&r, 0, 12),
                     .promise_due = row_int(&r, 0, 13),
                     .closed_at = row_int(&r, 0, 14),
                     .check_code = row_str(&r, 0, 15),
                     .calendar = row_str(&r, 0, 20),
                     .version = row_int(&r, 0, 21),
                     .parent = row_int(&r, 0, 22),
                     .part = row_str(&r, 0, 23)};
    ItemVersion v;
    if (!versions_find(conn, app, row_str(&r, 0, 4), cf->item_version, &v, err))
        return false;
    cf->item = v.item;
    cf->catalogue = v.catalogue;
    cf->item_version_at = v.published_at;
    if (!read_states(out, &r, cf, err))
        return false;
    cf->was_done = cf->parent && (casework_is_over(cf) || casework_is_ready(cf));
    return true;
}

const Item *casework_item_today(const App *app, const CaseFile *cf)
{
    return catalogue_item(app->catalogue, cf->item->key);
}

bool casework_set_item_version(StoreTx *tx, CaseFile *cf, const ItemVersion *to,
                               const FlowInstance *flow, Err *err)
{
    cf->item_version = to->hash;
    cf->item_version_at = to->published_at;
    cf->item = to->item;
    cf->catalogue = to->catalogue;
    cf->flow = flow;
    return tx_run(tx, SQL_CASE_SET_ITEM_VERSION,
                  PARAMS(P_STR(tx->place), P_INT(cf->id), P_STR(to->hash)), NULL, err);
}

bool casework_take(StoreTx *tx, int64_t id, CaseFile *cf, Err *err)
{
    return casework_load(tx->conn, tx->arena, tx_app(tx), id, cf, err) &&
           store_chain_load(tx, id, &cf->chain, err);
}

static Str data_text(Arena *out, const CaseFile *cf)
{
    Value *data = value_map(out);
    set_value(out, data, "answers", cf->answers);
    return json_text(out, data);
}

bool casework_save_row(StoreTx *tx, CaseFile *cf, Err *err)
{
    StoreRows rows;
    const Value *flow = casework_flow_value(tx->arena, cf, err);
    if (!flow || !store_chain_save(tx, &cf->chain, err) ||
        !tx_run(tx, SQL_CASE_SAVE,
                PARAMS(P_STR(tx->place), P_INT(cf->id), P_STR(cf->state), P_INT(cf->legal_due),
                       P_INT(cf->promise_due), P_INT(cf->closed_at),
                       P_STR(json_text(tx->arena, cf->facts)),
                       P_STR(json_text(tx->arena, law_case_value(tx->arena, &cf->law))),
                       P_STR(json_text(tx->arena, flow)), P_STR(data_text(tx->arena, cf)),
                       P_INT(cf->version)),
                &rows, err))
        return false;
    return rows.changed == 1 ||
           FAIL(err, ERR_CONFLICT, "case '" STR_FMT "' was changed meanwhile", STR_ARG(cf->no));
}

bool casework_save(StoreTx *tx, CaseFile *cf, Err *err)
{
    return (!cf->parent || casework_follow(tx, cf, err)) && casework_save_row(tx, cf, err);
}

bool casework_done(StoreTx *tx, CaseFile *cf, Value *out, Err *err)
{
    set_str(tx->arena, out, "case", str_fmt(tx->arena, "%lld", (long long)cf->id));
    set_str(tx->arena, out, "no", cf->no);
    set_str(tx->arena, out, "state", cf->state);
    return casework_save(tx, cf, err);
}
