/* SPDX-License-Identifier: Apache-2.0 */
#include "services/desk/desk.h"

#include "catalogue/task.h"
#include "services/certificate/localise.h"

enum { MISSING_MAX = 30, MISSING_LINE_MAX = 600, REASON_MAX = 2000 };

/* Another organ acts where a step of the law waits in its pool, and only as that step does: a centre
 * receives, a bureau decides. */
static bool has_step(StoreTx *tx, const CaseFile *cf, const Actor *actor, unsigned role, Err *err)
{
    StoreRows r;
    if (!tx_run(tx, SQL_TASK_OPEN_OF_CASE, PARAMS(P_STR(tx->place), P_INT(cf->id)), &r, err))
        return false;
    for (size_t i = 0; i < r.count; i++)
        if (task_is_lawful(row_str(&r, i, 2)) && str_eq(row_str(&r, i, 4), actor->organ) &&
            (roles_read(row_str(&r, i, 3)) & actor->roles & role))
            return true;
    return FAIL(err, ERR_DENIED, "case '" STR_FMT "' belongs to another organ", STR_ARG(cf->no));
}

static bool take(StoreTx *tx, const Actor *actor, const Value *in, unsigned role, CaseFile *cf,
                 Err *err)
{
    if (actor->kind != ACTOR_STAFF || !(actor->roles & role))
        return FAIL(err, ERR_DENIED, "this needs another role");
    if (!casework_take(tx, get_int(in, "case", 0), cf, err))
        return false;
    return str_eq(cf->organ, actor->organ) || has_step(tx, cf, actor, role, err);
}

static bool problem(StoreTx *tx, Value *out, const char *element, const char *key, Err *err)
{
    Value *list = value_inside(out, "problems");
    Value *row = push_map(tx->arena, list ? list : set_list(tx->arena, out, "problems"));
    set_str(tx->arena, row, "element", str_z(element));
    set_str(tx->arena, row, "key", str_z(key));
    return FAIL(err, ERR_INPUT, "'%s' is missing", element);
}

/* What is kept of an act: its reason, and the ground with its text and legal basis. */
static Value *act_data(StoreTx *tx, const Value *in, const Ground *ground)
{
    Value *data = value_map(tx->arena);
    Str reason = str_trim(get_str(in, "reason"));
    if (reason.len)
        set_str(tx->arena, data, "reason", reason);
    if (!ground)
        return data;
    set_str(tx->arena, data, "ground_key", ground->key);
    set_text(tx->arena, data, "ground", ground->text);
    set_text(tx->arena, data, "ground_basis", ground->basis);
    set_text(tx->arena, data, "basis", ground->basis);
    if (!reason.len)
        set_text(tx->arena, data, "reason", ground->text);
    return data;
}

static const Ground *ground_named(const Ground *list, size_t n, Str key)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(list[i].key, key))
            return &list[i];
    return NULL;
}

typedef struct {
    LawAct what;
    LawRole role;
    Value *data;
} Deed;

/* The law's "reason" is there when the ground gives one. */
static bool act(StoreTx *tx, const Actor *actor, CaseFile *cf, Deed deed, Value *out, Err *err)
{
    return casework_act(tx, cf, deed.what, deed.role, actor, deed.data, err) &&
           casework_done(tx, cf, out, err);
}

static bool reason_fits(StoreTx *tx, const Value *in, Value *out, Err *err)
{
    return get_str(in, "reason").len <= REASON_MAX ||
           problem(tx, out, "reason", "error.too-long", err);
}

bool desk_accept(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    CaseFile cf;
    return take(tx, actor, in, ROLE_CLERK, &cf, err) && reason_fits(tx, in, out, err) &&
           act(tx, actor, &cf, (Deed){LAW_ACCEPT, LAW_RECEIVER, act_data(tx, in, NULL)}, out, err);
}

bool desk_refuse(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    CaseFile cf;
    if (!take(tx, actor, in, ROLE_CLERK, &cf, err) || !reason_fits(tx, in, out, err))
        return false;
    const Item *item = cf.item;
    const Ground *g = ground_named(item->refuse_grounds, item->refuse_count, get_str(in, "ground"));
    if (!g && item->refuse_count)
        return problem(tx, out, "ground", "error.required", err);
    return act(tx, actor, &cf, (Deed){LAW_REFUSE, LAW_RECEIVER, act_data(tx, in, g)}, out, err);
}

static bool line_fits(const Value *row)
{
    return get_str(row, "name").len <= MISSING_LINE_MAX &&
           get_str(row, "note").len <= MISSING_LINE_MAX;
}

/* Names of materials come from the catalogue in both languages; free lines stay as they are. */
static void add_missing(StoreTx *tx, const CaseFile *cf, const Value *row, Value *list)
{
    const ItemMaterial *m = item_material(cf->item, get_str(row, "code"));
    Str name = str_trim(get_str(row, "name"));
    if (!m && !name.len)
        return;
    Value *kept = push_map(tx->arena, list);
    if (m) {
        set_str(tx->arena, kept, "code", m->material->code);
        set_text(tx->arena, kept, "name", m->material->name);
    } else {
        set_str(tx->arena, kept, "name", name);
    }
    set_str(tx->arena, kept, "note", str_trim(get_str(row, "note")));
}

bool desk_ask_correction(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    CaseFile cf;
    if (!take(tx, actor, in, ROLE_CLERK | ROLE_SUPERVISOR, &cf, err) ||
        !reason_fits(tx, in, out, err))
        return false;
    const Value *asked = value_at(in, "missing");
    if (value_count(asked) > MISSING_MAX)
        return FAIL(err, ERR_LIMIT, "more than %d things missing", MISSING_MAX);
    Value *data = act_data(tx, in, NULL);
    Value *list = set_list(tx->arena, data, "missing");
    for (uint32_t i = 0; value_is(asked, VALUE_LIST) && i < asked->list.count; i++)
        if (!line_fits(value_item(asked, i)))
            return problem(tx, out, "missing", "error.too-long", err);
    for (uint32_t i = 0; value_is(asked, VALUE_LIST) && i < asked->list.count; i++)
        add_missing(tx, &cf, value_item(asked, i), list);
    if (!value_count(list))
        return problem(tx, out, "missing", "error.required", err);
    set_value(tx->arena, data, "reason", list);
    LawRole role = actor->roles & ROLE_CLERK ? LAW_RECEIVER : LAW_SUPERVISOR;
    return act(tx, actor, &cf, (Deed){LAW_ASK_CORRECTION, role, data}, out, err);
}

/* One set of materials: what came for one part came for all. */
static bool received_in_whole(StoreTx *tx, const CaseFile *cf, int64_t material, Err *err)
{
    StoreRows r;
    if (!tx_run(tx, SQL_MATERIALS_OF_CASE, PARAMS(P_STR(tx->place), P_INT(cf->id)), &r, err))
        return false;
    for (size_t i = 0; i < r.count; i++)
        if (row_int(&r, i, 0) == material)
            return tx_run(tx, SQL_MATERIALS_RECEIVED_IN_WHOLE,
                          PARAMS(P_STR(tx->place), P_INT(cf->parent), P_STR(row_str(&r, i, 1))),
                          NULL, err);
    return true;
}

bool desk_receive_material(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    CaseFile cf;
    StoreRows rows;
    if (!take(tx, actor, in, ROLE_CLERK, &cf, err))
        return false;
    if (law_is_closed(cf.law.state))
        return FAIL(err, ERR_CONFLICT, "case '" STR_FMT "' is closed", STR_ARG(cf.no));
    if (!tx_run(tx, SQL_MATERIAL_RECEIVED,
                PARAMS(P_STR(tx->place), P_INT(get_int(in, "material", 0)), P_INT(cf.id)), &rows,
                err))
        return false;
    if (rows.changed != 1)
        return FAIL(err, ERR_NOT_FOUND, "case '" STR_FMT "' awaits no such material",
                    STR_ARG(cf.no));
    if (cf.parent && !received_in_whole(tx, &cf, get_int(in, "material", 0), err))
        return false;
    Value *data = act_data(tx, in, NULL);
    set_str(tx->arena, data, "material", get_str(in, "material"));
    return casework_note(tx, &cf, STR("material_received"), actor, data, err) &&
           casework_done(tx, &cf, out, err);
}

bool desk_suspend(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    CaseFile cf;
    if (!take(tx, actor, in, ROLE_APPROVER, &cf, err) || !reason_fits(tx, in, out, err))
        return false;
    const Item *item = cf.item;
    const Ground *g =
        ground_named(item->suspend_grounds, item->suspend_count, get_str(in, "ground"));
    if (!g)
        return problem(tx, out, "ground", "error.required", err);
    return act(tx, actor, &cf, (Deed){LAW_SUSPEND, LAW_DECIDER, act_data(tx, in, g)}, out, err);
}

bool desk_resume(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    CaseFile cf;
    return take(tx, actor, in, ROLE_APPROVER, &cf, err) && reason_fits(tx, in, out, err) &&
           act(tx, actor, &cf, (Deed){LAW_RESUME, LAW_DECIDER, act_data(tx, in, NULL)}, out, err);
}

bool desk_decide(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    CaseFile cf;
    if (!take(tx, actor, in, ROLE_APPROVER, &cf, err) || !reason_fits(tx, in, out, err))
        return false;
    bool grant = str_eq(get_str(in, "decision"), STR("grant"));
    bool ok = true;
    if (!grant && !str_eq(get_str(in, "decision"), STR("deny")))
        ok = problem(tx, out, "decision", "error.required", err);
    if (!str_trim(get_str(in, "reason")).len)
        ok = problem(tx, out, "reason", "error.required", err);
    if (!get_bool(in, "confirm"))
        ok = problem(tx, out, "confirm", "error.confirm", err);
    return ok &&
           act(tx, actor, &cf,
               (Deed){grant ? LAW_GRANT : LAW_DENY, LAW_DECIDER, act_data(tx, in, NULL)}, out, err);
}

bool desk_revoke(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    CaseFile cf;
    if (!take(tx, actor, in, ROLE_APPROVER, &cf, err) || !reason_fits(tx, in, out, err))
        return false;
    Value *data = act_data(tx, in, NULL);
    Str reason = get_str(data, "reason");
    if (!reason.len)
        return problem(tx, out, "reason", "error.required", err);
    set_str(tx->arena, data, "ground_key", STR("stated")); /* by the reason */
    return casework_act(tx, &cf, LAW_REVOKE_RESULT, LAW_DECIDER, actor, data, err) &&
           tx_run(tx, SQL_CERTIFICATES_REVOKE,
                  PARAMS(P_STR(tx->place), P_INT(cf.id), P_INT(tx->now), P_STR(reason)), NULL,
                  err) &&
           casework_done(tx, &cf, out, err);
}

bool desk_claim(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    int64_t id = get_int(in, "task", 0);
    StoreRows rows;
    if (!tx_one(tx, SQL_TASK_GET, PARAMS(P_STR(tx->place), P_INT(id)), &rows, "task", err))
        return false;
    unsigned role = roles_read(row_str(&rows, 0, 3));
    if (actor->kind != ACTOR_STAFF || !(actor->roles & role) ||
        !str_eq(row_str(&rows, 0, 4), actor->organ) || row_int(&rows, 0, 7) == actor->id)
        return FAIL(err, ERR_DENIED, "task '%lld' is not for this account", (long long)id);
    set_str(tx->arena, out, "case", str_fmt(tx->arena, "%lld", (long long)row_int(&rows, 0, 0)));
    if (!tx_run(tx, SQL_TASK_CLAIM, PARAMS(P_STR(tx->place), P_INT(id), P_INT(actor->id)), &rows,
                err))
        return false;
    return rows.changed == 1 ||
           FAIL(err, ERR_CONFLICT, "task '%lld' was taken by somebody else", (long long)id);
}

/* The task as it waits for this actor; *key: of the process. */
static bool waits_for(StoreTx *tx, const Actor *actor, int64_t task, CaseFile *cf, TaskAnswer *a,
                      Err *err)
{
    StoreRows r;
    if (!tx_one(tx, SQL_TASK_GET, PARAMS(P_STR(tx->place), P_INT(task)), &r, "task", err))
        return false;
    bool mine = actor->kind == ACTOR_STAFF && (roles_read(row_str(&r, 0, 3)) & actor->roles) &&
                str_eq(row_str(&r, 0, 4), actor->organ) && row_int(&r, 0, 7) != actor->id;
    if (!mine)
        return FAIL(err, ERR_DENIED, "task '%lld' is not for this account", (long long)task);
    bool claimed = str_eq(row_str(&r, 0, 5), STR("claimed"));
    if (claimed && row_int(&r, 0, 6) != actor->id)
        return FAIL(err, ERR_CONFLICT, "task '%lld' was taken by somebody else", (long long)task);
    if (!claimed && !str_eq(row_str(&r, 0, 5), STR("open")))
        return FAIL(err, ERR_CONFLICT, "task '%lld' is done", (long long)task);
    if (task_is_lawful(row_str(&r, 0, 2)))
        return FAIL(err, ERR_CONFLICT, "task '%lld' is ended by an act of the law",
                    (long long)task);
    a->key = row_int(&r, 0, 9);
    return casework_take(tx, row_int(&r, 0, 0), cf, err);
}

static bool outcome_fits(StoreTx *tx, const CaseFile *cf, TaskAnswer *a, Value *out, Err *err)
{
    TaskOutcome list[TASK_OUTCOMES_MAX];
    size_t n;
    const FlowToken *t = casework_waiting(cf, a->key);
    if (!t)
        return FAIL(err, ERR_CONFLICT, "case '" STR_FMT "' does not wait there any more",
                    STR_ARG(cf->no));
    if (!task_outcomes(&cf->item->process->elements[t->element], list, &n, err))
        return false;
    if (!n && (!a->outcome.len || str_eq(a->outcome, STR("done")))) {
        a->outcome = STR("done");
        return true;
    }
    for (size_t i = 0; i < n; i++)
        if (str_eq(list[i].key, a->outcome))
            return true;
    return problem(tx, out, "outcome", "error.required", err);
}

bool desk_task(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    CaseFile cf;
    TaskAnswer a = {.outcome = str_trim(get_str(in, "outcome")),
                    .remark = str_trim(get_str(in, "remark"))};
    if (!get_int(in, "task", 0))
        return problem(tx, out, "task", "error.required", err);
    if (!waits_for(tx, actor, get_int(in, "task", 0), &cf, &a, err))
        return false;
    if (cf.id != get_int(in, "case", 0))
        return FAIL(err, ERR_NOT_FOUND, "case '" STR_FMT "' has another task", STR_ARG(cf.no));
    if (a.remark.len > REASON_MAX)
        return problem(tx, out, "remark", "error.too-long", err);
    return outcome_fits(tx, &cf, &a, out, err) && casework_answer_task(tx, &cf, &a, actor, err) &&
           casework_done(tx, &cf, out, err);
}

bool desk_look(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    CaseFile cf;
    StoreRows rows;
    (void)out;
    if (actor->kind != ACTOR_STAFF)
        return FAIL(err, ERR_DENIED, "staff only");
    if (!casework_load(tx->conn, tx->arena, tx_app(tx), get_int(in, "case", 0), &cf, err))
        return false;
    bool sees;
    if (!casework_organ_sees(tx->conn, tx->arena, tx_app(tx), &cf, actor->organ, &sees, err))
        return false;
    if (!sees && !(actor->roles & ROLE_SUPERVISOR))
        return FAIL(err, ERR_DENIED, "case '" STR_FMT "' belongs to another organ", STR_ARG(cf.no));
    Str who = str_fmt(tx->arena, STR_FMT " " STR_FMT, STR_ARG(actor->organ), STR_ARG(actor->name));
    if (!tx_run(tx, SQL_ACCESS_TODAY,
                PARAMS(P_INT(cf.party), P_INT(cf.id), P_STR(who), P_INT(tx->now - MS_DAY)), &rows,
                err))
        return false;
    Access access = {.party = cf.party,
                     .case_id = cf.id,
                     .actor = who,
                     .what = cf.no,
                     .purpose = text_in(cf.item->name, LANG_ZH),
                     .basis = cf.item->code};
    return rows.count || party_log_access(tx, &access, err);
}
