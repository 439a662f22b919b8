/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ad-hoc sub-processes: which of their activities start, one after the other or at once, what is
 * collected when one is done, and when the whole is done before all of them are. The chosen ones
 * are kept by id, because a new version of the process may count them otherwise.
 */
#include "engine/flow/flow_int.h"

/* Ids of another document's elements stand behind its process. */
static bool is_called(const BpmnElement *e, Str id)
{
    size_t slash = str_find(e->id, STR("/"), 0);
    return str_eq(e->id, id) ||
           (slash != SIZE_MAX && str_eq(str_slice(e->id, slash + 1, e->id.len), id));
}

static uint16_t find_start(const Step *s, const BpmnBody *body, Str id)
{
    for (size_t i = 0; i < body->start_count; i++) {
        if (is_called(step_element(s, body->starts[i]), id)) {
            return body->starts[i];
        }
    }
    return BPMN_NONE;
}

/* A list of ids, or null for all. */
static bool chosen(Step *s, int64_t token, const BpmnElement *e, FeelValue *ids, Str *why)
{
    if (e->active.text.len == 0) {
        return true;
    }
    if (!scope_eval(s, step_token(s, token)->local, &e->active, ids, why)) {
        return false;
    }
    bool ok = ids->kind == FEEL_LIST && ids->list.count <= e->body.start_count;
    for (size_t i = 0; ok && i < ids->list.count; i++) {
        const FeelValue *id = &ids->list.items[i];
        ok = id->kind == FEEL_STRING && find_start(s, &e->body, id->text) != BPMN_NONE;
    }
    if (!ok) {
        *why = str_fmt(s->out, "'" STR_FMT "' starts no activities of '" STR_FMT "': " STR_FMT,
                       STR_ARG(e->active.text), STR_ARG(e->id), STR_ARG(feel_text(s->out, ids)));
    }
    return ok;
}

bool adhoc_begin(Step *s, int64_t token, Str *why)
{
    const BpmnElement *e = step_at(s, token);
    FeelValue ids = feel_null(), none = {.kind = FEEL_LIST};
    int64_t local = step_token(s, token)->local;
    if (!chosen(s, token, e, &ids, why) ||
        (e->output.len > 0 && !scope_assign_here(s, local, e->output, none, why))) {
        return false;
    }
    bool all = ids.kind == FEEL_NULL;
    FlowLoop l = {.token = token,
                  .total = (int64_t)(all ? e->body.start_count : ids.list.count),
                  .items = ids};
    if (e->sequential) {
        *VEC_PUSH(s->out, &s->in->loops) = l;
        (void)adhoc_next(s, token);
        return true;
    }
    for (int64_t i = 0; i < l.total; i++) {
        uint16_t at = all ? e->body.starts[i] : find_start(s, &e->body, ids.list.items[i].text);
        step_add_token(s, at, BPMN_NONE, local);
    }
    return true;
}

bool adhoc_next(Step *s, int64_t token)
{
    const BpmnElement *e = step_at(s, token);
    FlowLoop *l = e->kind == BPMN_ADHOC ? loop_of(s, token) : NULL;
    while (l && l->started < l->total) {
        int64_t i = l->started++;
        bool known = l->items.kind == FEEL_LIST && l->items.list.items[i].kind == FEEL_STRING;
        uint16_t at = known ? find_start(s, &e->body, l->items.list.items[i].text)
                      : i < (int64_t)e->body.start_count ? e->body.starts[i]
                                                         : BPMN_NONE;
        if (at != BPMN_NONE) {
            step_add_token(s, at, BPMN_NONE, step_token(s, token)->local);
            return true;
        }
    }
    return false;
}

/* One of its activities is done. */
static bool collect(Step *s, int64_t scope, const BpmnElement *e, Str *why)
{
    FeelValue v = feel_null(), list = {.kind = FEEL_LIST};
    if (e->output.len == 0) {
        return true;
    }
    if (e->output_element.text.len > 0 && !scope_eval(s, scope, &e->output_element, &v, why)) {
        return false;
    }
    const FeelValue *was = feel_get(scope_get(s, scope)->variables, e->output);
    size_t count = was && was->kind == FEEL_LIST ? was->list.count : 0;
    FeelValue *items = NEW_N(s->out, FeelValue, count + 1);
    if (count > 0) {
        memcpy(items, was->list.items, count * sizeof *items);
    }
    items[count] = v;
    list.list.items = items;
    list.list.count = count + 1;
    return scope_assign_here(s, scope, e->output, list, why);
}

void adhoc_activity_done(Step *s, int64_t scope)
{
    const FlowScope *c = scope ? scope_get(s, scope) : NULL;
    const FlowToken *t = c ? step_token(s, c->token) : NULL;
    const BpmnElement *e = t ? step_element(s, t->element) : NULL;
    bool done = false;
    Str why = {0};
    if (!e || e->kind != BPMN_ADHOC) {
        return;
    }
    if (!collect(s, scope, e, &why) ||
        (e->condition.text.len > 0 &&
         !scope_holds(s, scope, &e->condition, "sub-process", e->id, &done, &why))) {
        step_incident(s, t->id, why);
        return;
    }
    FlowLoop *l = done ? loop_of(s, t->id) : NULL;
    if (l) {
        l->started = l->total;
    }
    if (done && !e->keeps_rest) {
        step_stop_scope(s, scope);
    }
}
