/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What operators see: where processes stand still, what waits, and one case's process from inside.
 * Models are language-free but for a reason, which stands in both languages.
 */
#include "services/operate/operate_int.h"

#include "services/certificate/localise.h"

enum { TARGETS_MAX = 300 };

static StoreParam place_of(const Viewing *by)
{
    return P_STR(by->app->catalogue->place);
}

static Str id_text(Arena *out, int64_t id)
{
    return str_fmt(out, "%lld", (long long)id);
}

static void put_item(const Viewing *by, Value *row, Str key)
{
    const Item *item = catalogue_item(by->app->catalogue, key);
    set_str(by->out, row, "item", key);
    if (item)
        set_text(by->out, row, "item_name", item->name);
    else
        set_str(by->out, row, "item_name", key);
}

static void put_reason(const Viewing *by, Value *row, Str reason)
{
    Text both = {{incident_reason_in(by->out, reason, LANG_ZH), reason}};
    set_text(by->out, row, "reason", both);
}

/* ---- lists ---- */

/* Columns as INCIDENTS_LIST has them. */
static void put_incident(const Viewing *by, const StoreRows *r, size_t i, Value *list)
{
    Value *row = push_map(by->out, list);
    set_str(by->out, row, "id", id_text(by->out, row_int(r, i, 0)));
    set_str(by->out, row, "no", row_str(r, i, 1));
    put_item(by, row, row_str(r, i, 2));
    set_str(by->out, row, "element", row_str(r, i, 3));
    set_str(by->out, row, "name", row_str(r, i, 4));
    set_str(by->out, row, "kind", row_str(r, i, 5));
    put_reason(by, row, row_str(r, i, 6));
    set_int(by->out, row, "opened_at", row_int(r, i, 7));
    set_bool(by->out, row, "open", row_int(r, i, 8) == 0);
    if (row_int(r, i, 8))
        set_int(by->out, row, "closed_at", row_int(r, i, 8));
    set_str(by->out, row, "closed_by", row_str(r, i, 9));
    set_str(by->out, row, "how", row_str(r, i, 10));
    set_str(by->out, row, "item_version", row_str(r, i, 11));
    TimeMs until = row_int(r, i, 8) ? row_int(r, i, 8) : by->now;
    set_int(by->out, row, "minutes", (until - row_int(r, i, 7)) / MS_MINUTE);
}

static bool put_items(const Viewing *by, Value *model, Err *err)
{
    StoreRows r;
    if (!store_run(by->reader, by->out, SQL_INCIDENTS_BY_ITEM, PARAMS(place_of(by)), &r, err))
        return false;
    Value *list = set_list(by->out, model, "items");
    for (size_t i = 0; i < r.count; i++) {
        Value *row = push_map(by->out, list);
        put_item(by, row, row_str(&r, i, 0));
        set_int(by->out, row, "count", row_int(&r, i, 1));
    }
    return true;
}

bool operate_incidents(const Viewing *by, const IncidentQuery *q, Value *model, Err *err)
{
    StoreRows count, r;
    TimeMs before = q->min_days > 0 ? by->now - q->min_days * MS_DAY : INT64_MAX;
    int64_t from = q->page * OPERATE_PAGE;
    SqlId list = q->closed ? SQL_INCIDENTS_LIST_CLOSED : SQL_INCIDENTS_LIST;
    if (!store_run(by->reader, by->out, SQL_INCIDENTS_COUNT,
                   PARAMS(place_of(by), P_INT(q->closed ? 1 : 0), P_INT(q->closed ? INT64_MAX : 0),
                          P_STR(q->item), P_STR(q->kind), P_INT(before)),
                   &count, err) ||
        !store_run(by->reader, by->out, list,
                   PARAMS(place_of(by), P_STR(q->item), P_STR(q->kind), P_INT(before),
                          P_INT(OPERATE_PAGE), P_INT(from)),
                   &r, err))
        return false;
    Value *rows = set_list(by->out, model, "incidents");
    for (size_t i = 0; i < r.count; i++)
        put_incident(by, &r, i, rows);
    int64_t n = row_int(&count, 0, 0);
    set_int(by->out, model, "count", n);
    set_int(by->out, model, "page", q->page);
    set_int(by->out, model, "pages", (n + OPERATE_PAGE - 1) / OPERATE_PAGE);
    set_bool(by->out, model, "closed", q->closed);
    return put_items(by, model, err);
}

bool operate_incident(const Viewing *by, int64_t id, Value *model, int64_t *case_id, Err *err)
{
    StoreRows r;
    if (!store_run(by->reader, by->out, SQL_INCIDENT_GET, PARAMS(place_of(by), P_INT(id)), &r, err))
        return false;
    if (!r.count)
        return FAIL(err, ERR_NOT_FOUND, "no incident '%lld'", (long long)id);
    *case_id = row_int(&r, 0, 0);
    set_str(by->out, model, "id", id_text(by->out, id));
    set_str(by->out, model, "no", row_str(&r, 0, 1));
    put_item(by, model, row_str(&r, 0, 2));
    set_str(by->out, model, "item_version", row_str(&r, 0, 3));
    set_str(by->out, model, "key", id_text(by->out, row_int(&r, 0, 4)));
    set_str(by->out, model, "element", row_str(&r, 0, 5));
    set_str(by->out, model, "name", row_str(&r, 0, 6));
    set_str(by->out, model, "kind", row_str(&r, 0, 7));
    put_reason(by, model, row_str(&r, 0, 8));
    set_int(by->out, model, "opened_at", row_int(&r, 0, 9));
    set_bool(by->out, model, "open", row_int(&r, 0, 10) == 0);
    if (row_int(&r, 0, 10))
        set_int(by->out, model, "closed_at", row_int(&r, 0, 10));
    set_str(by->out, model, "closed_by", row_str(&r, 0, 11));
    set_str(by->out, model, "how", row_str(&r, 0, 12));
    return true;
}

/* ---- the first page ---- */

static bool put_standing(const Viewing *by, Value *model, Err *err)
{
    StoreRows n, kinds;
    if (!store_run(by->reader, by->out, SQL_INCIDENTS_COUNT,
                   PARAMS(place_of(by), P_INT(0), P_INT(0), P_STR(STR("")), P_STR(STR("")),
                          P_INT(INT64_MAX)),
                   &n, err) ||
        !store_run(by->reader, by->out, SQL_INCIDENTS_BY_KIND, PARAMS(place_of(by)), &kinds, err))
        return false;
    Value *m = set_map(by->out, model, "incidents");
    set_int(by->out, m, "open", row_int(&n, 0, 0));
    if (row_int(&n, 0, 0))
        set_int(by->out, m, "oldest_at", row_int(&n, 0, 1));
    Value *list = set_list(by->out, m, "kinds");
    for (size_t i = 0; i < kinds.count; i++) {
        Value *row = push_map(by->out, list);
        set_str(by->out, row, "kind", row_str(&kinds, i, 0));
        set_int(by->out, row, "count", row_int(&kinds, i, 1));
    }
    return true;
}

/* {open, tried, failed} of rows {state, count, tried}. */
static void put_states(const Viewing *by, const StoreRows *r, Value *m)
{
    int64_t waiting = 0, tried = 0, failed = 0;
    for (size_t i = 0; i < r->count; i++) {
        bool is_failed = str_eq(row_str(r, i, 0), STR("failed"));
        bool waits =
            str_eq(row_str(r, i, 0), STR("open")) || str_eq(row_str(r, i, 0), STR("offered"));
        failed += is_failed ? row_int(r, i, 1) : 0;
        waiting += waits ? row_int(r, i, 1) : 0;
        tried += waits ? row_int(r, i, 2) : 0;
    }
    set_int(by->out, m, "open", waiting);
    set_int(by->out, m, "tried", tried);
    set_int(by->out, m, "failed", failed);
}

static bool put_waiting(const Viewing *by, Value *model, Err *err)
{
    StoreRows jobs, timers, outbox;
    if (!store_run(by->reader, by->out, SQL_OPERATE_JOBS, PARAMS(place_of(by)), &jobs, err) ||
        !store_run(by->reader, by->out, SQL_OPERATE_TIMERS, PARAMS(place_of(by), P_INT(by->now)),
                   &timers, err) ||
        !store_run(by->reader, by->out, SQL_OPERATE_OUTBOX, PARAMS(place_of(by)), &outbox, err))
        return false;
    put_states(by, &jobs, set_map(by->out, model, "jobs"));
    put_states(by, &outbox, set_map(by->out, model, "outbox"));
    Value *m = set_map(by->out, model, "timers");
    set_int(by->out, m, "open", row_int(&timers, 0, 0));
    set_int(by->out, m, "put_off", row_int(&timers, 0, 1));
    set_int(by->out, m, "due", row_int(&timers, 0, 2));
    return true;
}

bool operate_home(const Viewing *by, Value *model, Err *err)
{
    return put_standing(by, model, err) && put_waiting(by, model, err) &&
           operate_versions(by, set_map(by->out, model, "versions"), err);
}

/* ---- one case from inside ---- */

static const BpmnElement *element_of(const CaseFile *cf, uint16_t i)
{
    return i == BPMN_NONE ? NULL : &cf->item->process->elements[i];
}

static void put_element(Arena *out, Value *row, const BpmnElement *e)
{
    set_str(out, row, "element", e ? e->id : STR(""));
    set_str(out, row, "name", e ? e->name : STR(""));
    set_str(out, row, "kind", e ? str_z(bpmn_kind_name(e->kind)) : STR(""));
}

static const char *state_name(FlowTokenState s)
{
    switch (s) {
    case TOKEN_READY: return "ready";
    case TOKEN_TASK: return "task";
    case TOKEN_JOB: return "job";
    case TOKEN_EVENT: return "event";
    case TOKEN_JOIN: return "join";
    case TOKEN_INSIDE: return "inside";
    case TOKEN_INCIDENT: return "incident";
    case TOKEN_BODY: return "body";
    case TOKEN_CALL: return "call";
    case TOKEN_UNDO: return "undo";
    }
    return "";
}

static void put_tokens(const Viewing *by, const CaseFile *cf, const StoreRows *incidents, Value *m)
{
    Value *list = set_list(by->out, m, "tokens");
    for (size_t i = 0; i < cf->flow->tokens.len; i++) {
        const FlowToken *t = &cf->flow->tokens.at[i];
        Value *row = push_map(by->out, list);
        put_element(by->out, row, element_of(cf, t->element));
        set_str(by->out, row, "id", id_text(by->out, t->id));
        set_str(by->out, row, "key", id_text(by->out, t->key));
        set_str(by->out, row, "state", str_z(state_name(t->state)));
        set_str(by->out, row, "scope", id_text(by->out, t->scope));
        set_int(by->out, row, "loop", t->loop);
        set_bool(by->out, row, "may_move", !t->owner && !t->loop && t->state != TOKEN_UNDO);
        set_str(by->out, row, "incident", STR(""));
        put_reason(by, row, t->reason);
        for (size_t k = 0; t->state == TOKEN_INCIDENT && k < incidents->count; k++)
            if (row_int(incidents, k, 1) == t->key)
                set_str(by->out, row, "incident", id_text(by->out, row_int(incidents, k, 0)));
    }
}

static void put_waits(const Viewing *by, const CaseFile *cf, Value *m)
{
    Value *list = set_list(by->out, m, "waits");
    for (size_t i = 0; i < cf->flow->waits.len; i++) {
        const FlowWait *w = &cf->flow->waits.at[i];
        const BpmnElement *e = element_of(cf, w->element);
        const BpmnTrigger *t = e && w->trigger < e->trigger_count ? &e->triggers[w->trigger] : NULL;
        Value *row = push_map(by->out, list);
        put_element(by->out, row, e);
        set_str(by->out, row, "key", id_text(by->out, w->key));
        set_str(by->out, row, "for", t ? str_z(bpmn_trigger_name(t->kind)) : STR(""));
        set_str(by->out, row, "what", t ? t->name : STR(""));
        if (t && t->kind == BPMN_ON_TIMER)
            set_int(by->out, row, "due_at", w->due);
    }
}

static bool put_rows(const Viewing *by, const CaseFile *cf, Value *m, Err *err)
{
    StoreRows jobs, timers;
    StoreParam id = P_INT(cf->id);
    if (!store_run(by->reader, by->out, SQL_OPERATE_JOBS_OF_CASE, PARAMS(place_of(by), id), &jobs,
                   err) ||
        !store_run(by->reader, by->out, SQL_OPERATE_TIMERS_OF_CASE, PARAMS(place_of(by), id),
                   &timers, err))
        return false;
    Value *list = set_list(by->out, m, "jobs");
    for (size_t i = 0; i < jobs.count; i++) {
        Value *row = push_map(by->out, list);
        set_str(by->out, row, "key", row_str(&jobs, i, 0));
        set_str(by->out, row, "type", row_str(&jobs, i, 1));
        set_str(by->out, row, "state", row_str(&jobs, i, 2));
        set_int(by->out, row, "attempts", row_int(&jobs, i, 3));
        set_int(by->out, row, "due_at", row_int(&jobs, i, 4));
        set_str(by->out, row, "error", row_str(&jobs, i, 5));
    }
    list = set_list(by->out, m, "timers");
    for (size_t i = 0; i < timers.count; i++) {
        Value *row = push_map(by->out, list);
        set_str(by->out, row, "of", row_str(&timers, i, 0));
        set_str(by->out, row, "key", row_str(&timers, i, 1));
        set_int(by->out, row, "due_at", row_int(&timers, i, 2));
        set_int(by->out, row, "attempts", row_int(&timers, i, 3));
        set_str(by->out, row, "error", row_str(&timers, i, 4));
    }
    return true;
}

static bool put_history(const Viewing *by, const StoreRows *r, Value *m)
{
    Value *list = set_list(by->out, m, "incidents");
    for (size_t i = 0; i < r->count; i++) {
        Value *row = push_map(by->out, list);
        set_str(by->out, row, "id", id_text(by->out, row_int(r, i, 0)));
        set_str(by->out, row, "element", row_str(r, i, 2));
        set_str(by->out, row, "name", row_str(r, i, 3));
        set_str(by->out, row, "kind", row_str(r, i, 4));
        put_reason(by, row, row_str(r, i, 5));
        set_int(by->out, row, "opened_at", row_int(r, i, 6));
        set_bool(by->out, row, "open", row_int(r, i, 7) == 0);
        if (row_int(r, i, 7))
            set_int(by->out, row, "closed_at", row_int(r, i, 7));
        set_str(by->out, row, "closed_by", row_str(r, i, 8));
        set_str(by->out, row, "how", row_str(r, i, 9));
    }
    return true;
}

bool operate_case(const Viewing *by, const CaseFile *cf, bool opened, Value *model, Err *err)
{
    StoreRows r;
    if (!store_run(by->reader, by->out, SQL_INCIDENTS_OF_CASE, PARAMS(place_of(by), P_INT(cf->id)),
                   &r, err))
        return false;
    set_str(by->out, model, "no", cf->no);
    set_str(by->out, model, "case", id_text(by->out, cf->id));
    set_int(by->out, model, "version", cf->version);
    set_text(by->out, model, "item_name", cf->item->name);
    set_str(by->out, model, "item", cf->item->key);
    set_str(by->out, model, "item_version", cf->item->version);
    set_str(by->out, model, "state", cf->state);
    set_int(by->out, model, "received_at", cf->received_at);
    set_bool(by->out, model, "active", cf->flow->state == FLOW_ACTIVE);
    set_bool(by->out, model, "opened", opened);
    put_tokens(by, cf, &r, model);
    put_waits(by, cf, model);
    return put_history(by, &r, model) && put_rows(by, cf, model, err) &&
           view_variables(by, cf, opened, model, err);
}

void operate_targets(Arena *out, const CaseFile *cf, int64_t token, Value *list)
{
    const BpmnProcess *p = cf->item->process;
    const FlowToken *t = NULL;
    for (size_t i = 0; i < cf->flow->tokens.len; i++)
        if (cf->flow->tokens.at[i].id == token)
            t = &cf->flow->tokens.at[i];
    for (size_t i = 0; t && i < p->element_count && value_count(list) < TARGETS_MAX; i++) {
        const BpmnElement *e = &p->elements[i];
        bool stands = (bpmn_is_activity(e->kind) && !e->for_compensation) ||
                      bpmn_is_gateway(e->kind) || e->kind == BPMN_CATCH || e->kind == BPMN_THROW ||
                      e->kind == BPMN_END;
        if (!stands || e->scope != p->elements[t->element].scope)
            continue;
        Value *row = push_map(out, list);
        set_str(out, row, "id", e->id);
        set_str(out, row, "name", e->name);
        set_str(out, row, "kind", str_z(bpmn_kind_name(e->kind)));
        set_bool(out, row, "here", i == t->element);
    }
}
