/* SPDX-License-Identifier: Apache-2.0 */
/* Acts on a standard: the rules decide, one row changes, one row says who did it. */
#include "services/standard/standard_int.h"

#include "json/json.h"

enum { PROBLEMS_MAX = 20 };

static bool designer(const Actor *actor, Err *err)
{
    return (actor->kind == ACTOR_STAFF && (actor->roles & ROLE_DESIGNER)) ||
           FAIL(err, ERR_DENIED, "this needs the role of a designer");
}

static bool problem(StoreTx *tx, Value *out, const char *field, const char *key, ErrCode code,
                    Err *err)
{
    Value *list = value_inside(out, "problems");
    Value *row = push_map(tx->arena, list ? list : set_list(tx->arena, out, "problems"));
    set_str(tx->arena, row, "element", str_z(field));
    set_str(tx->arena, row, "key", str_z(key));
    return FAIL(err, code, "'%s': %s", field, key);
}

static bool keep_act(StoreTx *tx, const Actor *actor, int64_t id, const char *act,
                     const Value *fields, Err *err)
{
    return tx_run(tx, SQL_STANDARD_ACT_ADD,
                  PARAMS(P_STR(tx->place), P_INT(tx_id(tx)), P_INT(id), P_INT(tx->now),
                         P_STR(actor_text(tx->arena, actor)), P_STR(actor->name), P_STR(str_z(act)),
                         P_STR(json_text(tx->arena, fields))),
                  NULL, err);
}

/* ---- proposing ---- */

static const char *const proposal[] = {"title", "scope", "reason", "target"};

static bool proposal_fits(StoreTx *tx, const Value *in, Value *out, Value *data, Err *err)
{
    bool ok = true;
    for (size_t i = 0; i < COUNT(proposal); i++) {
        Str s = str_trim(value_text(value_at(in, proposal[i])));
        if (!s.len)
            ok = problem(tx, out, proposal[i], "error.required", ERR_INPUT, err);
        else if (s.len > STANDARD_TEXT_MAX)
            ok = problem(tx, out, proposal[i], "error.too-long", ERR_INPUT, err);
        set_str(tx->arena, data, proposal[i], s);
    }
    const Catalogue *c = tx_app(tx)->catalogue;
    const Item **items = NEW_N(tx->arena, const Item *, c->item_count + BUNDLE_PARTS_MAX);
    Str scope = get_str(data, "scope");
    if (scope.len && standard_scope(c, scope, items) == 0)
        ok = problem(tx, out, "scope", "standard.error.scope", ERR_INPUT, err);
    return ok;
}

bool standard_propose(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    Value *data = value_map(tx->arena);
    if (!designer(actor, err) || !proposal_fits(tx, in, out, data, err))
        return false;
    int64_t id = tx_id(tx);
    set_str(tx->arena, out, "id", str_fmt(tx->arena, "%lld", (long long)id));
    return tx_run(tx, SQL_STANDARD_ADD,
                  PARAMS(P_STR(tx->place), P_INT(id), P_STR(get_str(data, "scope")),
                         P_STR(get_str(data, "title")), P_STR(str_z(stage_names[STAGE_PROPOSED])),
                         P_STR(json_text(tx->arena, data)), P_INT(tx->now)),
                  NULL, err) &&
           keep_act(tx, actor, id, "propose", data, err);
}

/* ---- acting ---- */

bool standard_of_row(Arena *out, int64_t id, const StoreRows *r, Standard *s, Err *err)
{
    *s = (Standard){.id = id,
                    .scope = row_str(r, 0, 0),
                    .title = row_str(r, 0, 1),
                    .opened_at = row_int(r, 0, 4),
                    .changed_at = row_int(r, 0, 5),
                    .version = row_int(r, 0, 6)};
    s->data = json_read(out, row_str(r, 0, 3), err);
    return s->data && (stage_of(row_str(r, 0, 2), &s->stage) ||
                       FAIL(err, ERR_INTERNAL, "standard %lld has no stage", (long long)id));
}

static bool take(StoreTx *tx, const Value *in, Standard *s, Value *out, Err *err)
{
    StoreRows r;
    int64_t id = get_int(in, "id", 0), seen = get_int(in, "version", 0);
    if (!tx_one(tx, SQL_STANDARD_GET, PARAMS(P_STR(tx->place), P_INT(id)), &r, "standard", err) ||
        !standard_of_row(tx->arena, id, &r, s, err))
        return false;
    return !seen || seen == s->version ||
           problem(tx, out, "", "operate.moved-meanwhile", ERR_CONFLICT, err);
}

static bool run_act(StoreTx *tx, const Actor *actor, const StandardAct *act, const Value *in,
                    Standard *s, Value *out, Err *err)
{
    const Catalogue *c = tx_app(tx)->catalogue;
    StandardFacts facts = {.who = actor_text(tx->arena, actor),
                           .name = actor->name,
                           .today = standard_today(c, tx->now),
                           .rates = standard_rates(tx->arena, c, s->scope),
                           .items = standard_items(tx->arena, c, s->scope),
                           .text_max = STANDARD_TEXT_MAX,
                           .rows_max = STANDARD_ROWS_MAX};
    StandardProblem problems[PROBLEMS_MAX];
    size_t count = 0;
    if (act_do(tx->arena, act, in, &facts, s->data, &s->stage, problems, PROBLEMS_MAX, &count))
        return true;
    bool fields = count > 0 && problems[0].field[0] != '\0';
    for (size_t i = 0; i < count; i++)
        (void)!problem(tx, out, problems[i].field, problems[i].key,
                       fields ? ERR_INPUT : ERR_CONFLICT, err);
    return false;
}

/* The act's own fields, as they were said. */
static Value *said_fields(Arena *a, const StandardAct *act, const Value *in)
{
    Value *fields = value_map(a);
    for (size_t i = 0; i < act->field_count; i++) {
        Str s = str_trim(value_text(value_at(in, act->fields[i].name)));
        if (s.len)
            set_str(a, fields, act->fields[i].name, s);
    }
    return fields;
}

bool standard_act(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    Standard s;
    const StandardAct *act = act_named(get_str(in, "act"));
    if (!designer(actor, err))
        return false;
    if (!act)
        return problem(tx, out, "act", "error.option", ERR_INPUT, err);
    StoreRows changed;
    if (!take(tx, in, &s, out, err) || !run_act(tx, actor, act, in, &s, out, err) ||
        !tx_run(tx, SQL_STANDARD_SET,
                PARAMS(P_STR(tx->place), P_INT(s.id), P_INT(s.version),
                       P_STR(str_z(stage_names[s.stage])), P_STR(json_text(tx->arena, s.data)),
                       P_INT(tx->now)),
                &changed, err) ||
        !keep_act(tx, actor, s.id, act->name, said_fields(tx->arena, act, in), err))
        return false;
    set_str(tx->arena, out, "id", str_fmt(tx->arena, "%lld", (long long)s.id));
    set_str(tx->arena, out, "stage", str_z(stage_names[s.stage]));
    return true;
}
