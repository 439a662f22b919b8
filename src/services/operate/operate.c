/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What operators do to one case's process. Each act is judged by what the instance says now: the
 * incident stands there, the token is where it was shown, the scope exists. The event is written
 * before the step, so that the stream reads: what was done, then what came of it.
 */
#include "services/operate/operate_int.h"

#include "services/certificate/localise.h"
#include "json/json.h"

/* ---- the frame of an act ---- */

bool act_operator(const Actor *actor, Err *err)
{
    return (actor->kind == ACTOR_STAFF && (actor->roles & ROLE_ADMIN)) ||
           FAIL(err, ERR_DENIED, "this needs the role of an operator");
}

bool act_problem(Act *a, const char *element, const char *key, Str detail, ErrCode code)
{
    Arena *out = a->tx->arena;
    Value *list = value_inside(a->out, "problems");
    Value *row = push_map(out, list ? list : set_list(out, a->out, "problems"));
    set_str(out, row, "element", str_z(element));
    set_str(out, row, "key", str_z(key));
    if (detail.len) {
        Text both = {{incident_reason_in(out, detail, LANG_ZH), detail}};
        set_text(out, row, "detail", both);
    }
    return FAIL(a->err, code, "%s: %s " STR_FMT, element, key, STR_ARG(detail));
}

/* ERR_INPUT and ERR_CONFLICT of the engine, in the words of the field they belong to. */
static bool refused(Act *a, const char *element, const char *key, const Err *why)
{
    if (why->code == ERR_INTERNAL || why->code == ERR_STORAGE || why->code == ERR_UNAVAILABLE) {
        *a->err = *why;
        return false;
    }
    Str detail = str_dup(a->tx->arena, str_z(why->msg));
    return act_problem(a, element, key, detail, ERR_CONFLICT);
}

bool act_reason(Act *a)
{
    Str reason = str_trim(get_str(a->in, "reason"));
    if (!reason.len)
        return act_problem(a, "reason", "error.required", STR(""), ERR_INPUT);
    if (reason.len > OPERATE_REASON_MAX)
        return act_problem(a, "reason", "error.too-long", STR(""), ERR_INPUT);
    a->data = value_map(a->tx->arena);
    set_str(a->tx->arena, a->data, "reason", reason);
    set_str(a->tx->arena, a->data, "by", a->actor->name);
    set_str(a->tx->arena, a->data, "organ", a->actor->organ);
    return true;
}

bool act_begin(Act *a)
{
    if (!act_operator(a->actor, a->err) ||
        !casework_take(a->tx, get_int(a->in, "case", 0), &a->cf, a->err))
        return false;
    int64_t seen = get_int(a->in, "version", 0);
    if (seen && seen != a->cf.version)
        return act_problem(a, "version", "operate.moved-meanwhile", STR(""), ERR_CONFLICT);
    if (a->cf.flow->state != FLOW_ACTIVE)
        return act_problem(a, "version", "operate.over", STR(""), ERR_CONFLICT);
    a->cf.operated_by = a->actor->name;
    return act_reason(a);
}

static int64_t standing(const FlowInstance *in, Str element, const BpmnProcess *p, bool *there)
{
    int64_t n = 0;
    *there = false;
    for (size_t i = 0; i < in->tokens.len; i++)
        if (in->tokens.at[i].state == TOKEN_INCIDENT) {
            n++;
            *there = *there || str_eq(p->elements[in->tokens.at[i].element].id, element);
        }
    return n;
}

bool act_end(Act *a)
{
    bool again;
    Str element = get_str(a->data, "element");
    int64_t left = standing(a->cf.flow, element, a->cf.item->process, &again);
    set_int(a->tx->arena, a->out, "standing", left);
    set_bool(a->tx->arena, a->out, "again", again && element.len);
    return casework_done(a->tx, &a->cf, a->out, a->err);
}

bool act_step(Act *a, const char *event, FlowEvent *ev)
{
    Err why = {0};
    if (!casework_note(a->tx, &a->cf, str_z(event), a->actor, a->data, a->err))
        return false;
    return casework_step(a->tx, &a->cf, ev, &why) ||
           refused(a, "version", "operate.does-not-fit", &why);
}

/* ---- what an act is about ---- */

static const FlowToken *incident_of(const CaseFile *cf, int64_t key)
{
    for (size_t i = 0; i < cf->flow->tokens.len; i++) {
        const FlowToken *t = &cf->flow->tokens.at[i];
        if (t->state == TOKEN_INCIDENT && t->key == key)
            return t;
    }
    return NULL;
}

static const FlowToken *token_of(const CaseFile *cf, int64_t id)
{
    for (size_t i = 0; i < cf->flow->tokens.len; i++)
        if (cf->flow->tokens.at[i].id == id)
            return &cf->flow->tokens.at[i];
    return NULL;
}

static bool scope_is(const CaseFile *cf, int64_t id)
{
    for (size_t i = 0; i < cf->flow->scopes.len; i++)
        if (cf->flow->scopes.at[i].id == id)
            return true;
    return false;
}

static void note_element(Act *a, const FlowToken *t)
{
    set_str(a->tx->arena, a->data, "element", a->cf.item->process->elements[t->element].id);
}

/* What was set stands in the stream by name and value: who reads it could read the case. */
static bool note_variables(Act *a, const FeelContext *vars)
{
    if (!vars)
        return true;
    Value *kept = set_map(a->tx->arena, a->data, "variables");
    for (size_t i = 0; i < vars->count; i++) {
        Value *v = feel_to_value(a->tx->arena, &vars->entries[i].value, a->err);
        if (!v)
            return false;
        value_set(a->tx->arena, kept, vars->entries[i].key, v);
    }
    return true;
}

static bool mend(StoreTx *tx, const Actor *actor, const Value *in, Value *out, FlowEventKind kind,
                 Err *err)
{
    Act a = {.tx = tx, .actor = actor, .in = in, .out = out, .err = err};
    if (!act_begin(&a))
        return false;
    FlowEvent ev = {.kind = kind, .key = get_int(in, "key", 0)};
    const FlowToken *t = incident_of(&a.cf, ev.key);
    if (!t)
        return act_problem(&a, "version", "operate.no-incident", STR(""), ERR_CONFLICT);
    note_element(&a, t);
    set_int(tx->arena, a.data, "key", ev.key);
    set_str(tx->arena, a.data, "stood_for", t->reason);
    return act_variables(&a, t->scope, &ev.variables) && note_variables(&a, ev.variables) &&
           act_step(&a, kind == FLOW_RETRY ? "flow_retry" : "flow_resolve", &ev) && act_end(&a);
}

bool process_retry(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    return mend(tx, actor, in, out, FLOW_RETRY, err);
}

bool process_resolve(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    return mend(tx, actor, in, out, FLOW_RESOLVE, err);
}

bool process_set(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    Act a = {.tx = tx, .actor = actor, .in = in, .out = out, .err = err};
    if (!act_begin(&a))
        return false;
    FlowEvent ev = {.kind = FLOW_SET, .key = get_int(in, "scope", 0)};
    if (!scope_is(&a.cf, ev.key))
        return act_problem(&a, "scope", "operate.no-scope", STR(""), ERR_CONFLICT);
    set_int(tx->arena, a.data, "scope", ev.key);
    if (!act_variables(&a, ev.key, &ev.variables))
        return false;
    if (!ev.variables)
        return act_problem(&a, "name", "error.required", STR(""), ERR_INPUT);
    return note_variables(&a, ev.variables) && act_step(&a, "flow_set", &ev) && act_end(&a);
}

/* ---- moving ---- */

static void put_effects(Act *a, const FlowEffects *fx)
{
    Arena *out = a->tx->arena;
    Value *list = set_list(out, a->out, "effects");
    for (size_t i = 0; i < fx->len; i++) {
        const FlowEffect *f = &fx->at[i];
        if (f->kind == FLOW_DECIDED || f->kind == FLOW_PASSED)
            continue;
        Value *row = push_map(out, list);
        set_str(out, row, "effect", str_z(flow_effect_name(f->kind)));
        set_str(out, row, "element", f->element ? f->element->id : STR(""));
        set_str(out, row, "name", f->element ? f->element->name : STR(""));
        if (f->kind == FLOW_CREATE_TIMER)
            set_int(out, row, "due_at", f->due);
        set_str(out, row, "reason", f->reason);
    }
    set_bool(out, a->out, "dry", true);
    set_int(out, a->out, "version", a->cf.version);
}

static bool try_move(Act *a, FlowEvent *ev)
{
    FlowResult r;
    Err why = {0};
    if (!casework_try(a->tx, &a->cf, ev, &r, &why))
        return refused(a, "to", "operate.cannot-move", &why);
    put_effects(a, &r.effects);
    return true;
}

bool process_move(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    Act a = {.tx = tx, .actor = actor, .in = in, .out = out, .err = err};
    if (!act_begin(&a))
        return false;
    FlowEvent ev = {.kind = FLOW_MOVE, .key = get_int(in, "token", 0), .code = get_str(in, "to")};
    const FlowToken *t = token_of(&a.cf, ev.key);
    if (!t)
        return act_problem(&a, "token", "operate.no-token", STR(""), ERR_CONFLICT);
    if (!ev.code.len)
        return act_problem(&a, "to", "error.required", STR(""), ERR_INPUT);
    if (bpmn_find(a.cf.item->process, ev.code) == BPMN_NONE)
        return act_problem(&a, "to", "operate.no-element", STR(""), ERR_INPUT);
    set_int(tx->arena, a.data, "token", ev.key);
    set_str(tx->arena, a.data, "from", a.cf.item->process->elements[t->element].id);
    set_str(tx->arena, a.data, "to", ev.code);
    set_str(tx->arena, a.data, "element", ev.code);
    /* The check comes first in any case, so that a refusal names the field. */
    if (!try_move(&a, &ev))
        return false;
    if (get_bool(in, "dry"))
        return true;
    return act_step(&a, "flow_move", &ev) && act_end(&a);
}

bool process_cancel(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    Act a = {.tx = tx, .actor = actor, .in = in, .out = out, .err = err};
    if (!act_begin(&a))
        return false;
    if (!get_bool(in, "confirm"))
        return act_problem(&a, "confirm", "error.confirm", STR(""), ERR_INPUT);
    FlowEvent ev = {.kind = FLOW_CANCEL};
    return act_step(&a, "flow_cancel", &ev) && act_end(&a);
}

/* ---- looking ---- */

bool process_look(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    CaseFile cf;
    StoreRows rows = {0};
    Act a = {.tx = tx, .actor = actor, .in = in, .out = out, .err = err};
    if (actor->kind != ACTOR_STAFF || !(actor->roles & (ROLE_ADMIN | ROLE_SUPERVISOR)))
        return FAIL(err, ERR_DENIED, "operators and supervisors only");
    Str purpose = str_trim(get_str(in, "purpose"));
    bool opening = value_at(in, "purpose") != NULL;
    if (opening && !purpose.len)
        return act_problem(&a, "purpose", "error.required", STR(""), ERR_INPUT);
    if (purpose.len > OPERATE_REASON_MAX)
        return act_problem(&a, "purpose", "error.too-long", STR(""), ERR_INPUT);
    if (!casework_load(tx->conn, tx->arena, tx_app(tx), get_int(in, "case", 0), &cf, err))
        return false;
    Str who = str_fmt(tx->arena, STR_FMT " " STR_FMT, STR_ARG(actor->organ), STR_ARG(actor->name));
    if (!opening &&
        !tx_run(tx, SQL_ACCESS_TODAY,
                PARAMS(P_INT(cf.party), P_INT(cf.id), P_STR(who), P_INT(tx->now - MS_DAY)), &rows,
                err))
        return false;
    Access access = {.party = cf.party,
                     .case_id = cf.id,
                     .actor = who,
                     .what = cf.no,
                     .purpose = opening ? str_fmt(tx->arena, "系统运维：" STR_FMT, STR_ARG(purpose))
                                        : STR("系统运维：流程停滞的处理"),
                     .basis = cf.item->code};
    return rows.count || party_log_access(tx, &access, err);
}
