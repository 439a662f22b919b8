/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loops. The token at the activity stands in TOKEN_BODY with the boundary events; each instance is
 * a token of its own in the loop's scope. Counters are those of Camunda 8: loopCounter from 1,
 * numberOf…Instances in the loop's scope.
 */
#include "engine/flow/flow_int.h"

FlowLoop *loop_of(Step *s, int64_t token)
{
    for (size_t i = 0; i < s->in->loops.len; i++) {
        if (s->in->loops.at[i].token == token) {
            return &s->in->loops.at[i];
        }
    }
    return NULL;
}

void loop_remove(Step *s, int64_t token)
{
    FlowLoop *l = loop_of(s, token);
    if (l) {
        *l = s->in->loops.at[--s->in->loops.len];
    }
}

static bool set_counts(Step *s, int64_t token, Str *why)
{
    const FlowLoop l = *loop_of(s, token);
    int64_t scope = step_token(s, token)->local;
    const struct {
        Str name;
        int64_t n;
    } counts[] = {{STR("numberOfInstances"), l.total},
                  {STR("numberOfActiveInstances"), l.started - l.done},
                  {STR("numberOfCompletedInstances"), l.done}};
    for (size_t i = 0; l.total >= 0 && i < COUNT(counts); i++) {
        if (!scope_assign_here(s, scope, counts[i].name, feel_int(counts[i].n), why)) {
            return false;
        }
    }
    return true;
}

/* ---- beginning ---- */

static bool count_instances(Step *s, int64_t scope, const BpmnElement *e, FlowLoop *l, Str *why)
{
    const BpmnLoop *m = e->loop;
    bool collection = m->collection.text.len > 0;
    FeelValue v = feel_null();
    Str text = {0};
    if (!scope_eval(s, scope, collection ? &m->collection : &m->cardinality, &v, why)) {
        return false;
    }
    text = feel_text(s->out, &v);
    if (collection && v.kind == FEEL_LIST) {
        l->items = v;
        l->total = (int64_t)v.list.count;
    } else if (collection || v.kind != FEEL_NUMBER || !str_int(text, &l->total) || l->total < 0) {
        *why = str_fmt(s->out, "loop of '" STR_FMT "' has no %s: " STR_FMT, STR_ARG(e->id),
                       collection ? "list" : "number of 0 or more", STR_ARG(text));
        return false;
    }
    if (l->total > FLOW_MAX_TOKENS) {
        *why = STR("too many tokens");
        return false;
    }
    FeelValue *outputs = NEW_N(s->out, FeelValue, l->total + 1);
    l->outputs = (FeelValue){.kind = FEEL_LIST, .list = {outputs, (size_t)l->total}};
    return true;
}

static bool add_instance(Step *s, int64_t token)
{
    FlowToken t = *step_token(s, token);
    FlowLoop *l = loop_of(s, token);
    if (!step_has_room(s, 1)) {
        step_incident(s, token, STR("too many tokens"));
        return false;
    }
    l->started++;
    int64_t id = step_add_token(s, t.element, BPMN_NONE, t.local);
    step_token(s, id)->loop = l->started;
    return true;
}

static void finish(Step *s, int64_t token);

static bool open_loop(Step *s, int64_t token, Str *why)
{
    FlowToken t = *step_token(s, token);
    const BpmnElement *e = step_element(s, t.element);
    int64_t local = scope_open(s, t.scope, token);
    FlowToken *body = step_token(s, token);
    body->local = local;
    body->state = TOKEN_BODY;
    FlowLoop l = {.token = token, .total = -1};
    if (e->loop->kind != BPMN_LOOP_STANDARD && !count_instances(s, local, e, &l, why)) {
        return false;
    }
    *VEC_PUSH(s->out, &s->in->loops) = l;
    return scope_depth(s, local) <= FLOW_MAX_NEST && wait_open_boundaries(s, token, why) &&
           set_counts(s, token, why);
}

void loop_enter(Step *s, int64_t token)
{
    const BpmnElement *e = step_at(s, token);
    const BpmnLoop *m = e->loop;
    Str why = STR("scopes are nested too deep");
    bool goes = true;
    bool ok = open_loop(s, token, &why);
    if (ok && m->kind == BPMN_LOOP_STANDARD && m->test_before && m->condition.text.len > 0) {
        ok = scope_holds(s, step_token(s, token)->scope, &m->condition, "loop", e->id, &goes, &why);
    }
    if (!ok) {
        step_incident(s, token, why);
        return;
    }
    int64_t total = loop_of(s, token)->total;
    if (!goes || total == 0) {
        finish(s, token);
        return;
    }
    int64_t count = m->kind == BPMN_LOOP_PARALLEL ? total : 1;
    for (int64_t i = 0; i < count && add_instance(s, token); i++) {
    }
    if (step_token(s, token)->state == TOKEN_BODY && !set_counts(s, token, &why)) {
        step_incident(s, token, why);
    }
}

bool loop_prepare(Step *s, int64_t token, Str *why)
{
    FlowToken t = *step_token(s, token);
    const BpmnLoop *m = step_element(s, t.element)->loop;
    const FlowLoop *l = loop_of(s, scope_get(s, t.scope)->token);
    if (!scope_assign_here(s, t.local, STR("loopCounter"), feel_int(t.loop), why)) {
        return false;
    }
    bool item = m->item.len > 0 && l->items.kind == FEEL_LIST;
    return !item || scope_assign_here(s, t.local, m->item, l->items.list.items[t.loop - 1], why);
}

/* ---- an instance is done ---- */

bool loop_collect(Step *s, int64_t token, Str *why)
{
    FlowToken t = *step_token(s, token);
    const BpmnLoop *m = step_element(s, t.element)->loop;
    FlowLoop *l = loop_of(s, scope_get(s, t.scope)->token);
    FeelValue v = feel_null(), data = feel_null();
    if (m->output.len == 0 || l->outputs.kind != FEEL_LIST) {
        return true;
    }
    if (!scope_eval(s, t.local, &m->output_element, &v, why)) {
        return false;
    }
    if (!feel_to_data(s->out, &v, &data, NULL)) {
        *why = STR("variables are too large");
        return false;
    }
    size_t count = l->outputs.list.count;
    FeelValue *items = NEW_N(s->out, FeelValue, count + 1);
    memcpy(items, l->outputs.list.items, count * sizeof *items);
    items[t.loop - 1] = data;
    l->outputs.list.items = items;
    return true;
}

static void finish(Step *s, int64_t token)
{
    FlowToken t = *step_token(s, token);
    const BpmnElement *e = step_element(s, t.element);
    FeelValue outputs = loop_of(s, token)->outputs;
    Str why = {0};
    wait_close_all(s, token);
    loop_remove(s, token);
    undo_move_records(s, t.local, t.scope);
    scope_close(s, t.local);
    step_token(s, token)->local = 0;
    if (e->loop->output.len > 0 && outputs.kind == FEEL_LIST &&
        !scope_assign(s, t.scope, e->loop->output, outputs, &why)) {
        step_incident(s, token, why);
        return;
    }
    step_effect(s, FLOW_PASSED, 0, e);
    run_on(s, token);
}

/* Does the loop end here, whatever instances are left? */
static bool ends(Step *s, int64_t token, const BpmnElement *e, bool *over, Str *why)
{
    const BpmnLoop *m = e->loop;
    const FlowLoop l = *loop_of(s, token);
    int64_t local = step_token(s, token)->local;
    bool standard = m->kind == BPMN_LOOP_STANDARD, holds = standard;
    if (m->condition.text.len > 0 &&
        !scope_holds(s, local, &m->condition, "loop", e->id, &holds, why)) {
        return false;
    }
    *over = standard ? !holds || (m->maximum && l.done >= m->maximum) : holds;
    return true;
}

static bool tells(Step *s, int64_t token, const BpmnElement *e, bool *told, Str *why)
{
    const BpmnLoop *m = e->loop;
    *told = m->telling == BPMN_TELL_NONE ||
            (m->telling == BPMN_TELL_ONE && loop_of(s, token)->done == 1);
    return m->kind == BPMN_LOOP_STANDARD || m->telling != BPMN_TELL_COMPLEX ||
           scope_holds(s, step_token(s, token)->local, &m->tells_when, "loop", e->id, told, why);
}

static void go_on(Step *s, int64_t token, const BpmnElement *e, bool over)
{
    const FlowLoop l = *loop_of(s, token);
    Str why = {0};
    if (over) {
        step_stop_scope(s, step_token(s, token)->local);
        finish(s, token);
    } else if (l.total >= 0 && l.done >= l.total) {
        finish(s, token);
    } else if (e->loop->kind != BPMN_LOOP_PARALLEL && !add_instance(s, token)) {
        return;
    } else if (!set_counts(s, token, &why)) {
        step_incident(s, token, why);
    }
}

void loop_instance_done(Step *s, int64_t token)
{
    int64_t body = scope_get(s, step_token(s, token)->scope)->token;
    const BpmnElement *e = step_at(s, token);
    bool over = false, told = false;
    Str why = {0};
    step_remove_token(s, token);
    loop_of(s, body)->done++;
    if (!set_counts(s, body, &why) || !ends(s, body, e, &over, &why) ||
        !tells(s, body, e, &told, &why)) {
        step_incident(s, body, why);
        return;
    }
    if (told) {
        throw_telling(s, body, e->loop->event);
    }
    if (step_token(s, body)) {
        go_on(s, body, e, over || (told && e->loop->telling == BPMN_TELL_COMPLEX));
    }
}
