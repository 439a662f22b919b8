/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/flow_print.h"

#include <stdio.h>

#include "base/date.h"
#include "json/json.h"

static void print_json(const FlowPrint *p, const Value *v)
{
    Str text = json_text(p->run->arena, v);
    printf(STR_FMT "\n", STR_ARG(text));
}

static Str clock_text(const FlowPrint *p, TimeMs t)
{
    return time_iso(p->run->arena, t, p->run->model.zone_minutes);
}

static void put_context(const FlowPrint *p, Value *map, const FeelContext *c)
{
    Err err = {0};
    FeelValue v = feel_context(c);
    Value *json = feel_to_value(p->run->arena, &v, &err);
    if (json) {
        set_value(p->run->arena, map, "variables", json);
    }
}

static void put_text(const FlowPrint *p, Value *map, const char *key, Str s)
{
    if (s.len > 0) {
        set_str(p->run->arena, map, key, s);
    }
}

static void put_element(const FlowPrint *p, Value *map, const BpmnElement *e)
{
    set_str(p->run->arena, map, "element", e->id);
    put_text(p, map, "name", e->name);
}

void flow_print_event(void *app, Str line)
{
    FlowPrint *p = app;
    Arena *a = p->run->arena;
    if (p->json) {
        Value *map = value_map(a);
        set_str(a, map, "event", line);
        set_str(a, map, "at", clock_text(p, p->run->now));
        if (p->run->failed) {
            set_str(a, map, "refused", str_z(err_name(p->run->err.code)));
            set_str(a, map, "why", str_z(p->run->err.msg));
        }
        print_json(p, map);
        return;
    }
    if (!p->begun || p->at != p->run->now) {
        Str at = clock_text(p, p->run->now);
        printf("at " STR_FMT "\n", STR_ARG(at));
    }
    p->begun = true;
    p->at = p->run->now;
    printf(STR_FMT "\n", STR_ARG(line));
    if (p->run->failed) {
        printf("refused %s\n# %s\n", err_name(p->run->err.code), p->run->err.msg);
    }
}

static void print_effect_json(const FlowPrint *p, const FlowEffect *f)
{
    Arena *a = p->run->arena;
    Err err = {0};
    Value *map = value_map(a);
    set_str(a, map, "effect", str_z(flow_effect_name(f->kind)));
    if (f->element) {
        put_element(p, map, f->element);
    }
    if (f->key) {
        set_int(a, map, "key", f->key);
    }
    if (f->due) {
        set_str(a, map, "due", clock_text(p, f->due));
    }
    put_text(p, map, f->kind == FLOW_CALL ? "process" : "about", f->name);
    put_text(p, map, "correlation", f->correlation);
    put_text(p, map, "reason", f->reason);
    if (f->kind == FLOW_DECIDED) {
        Value *result = feel_to_value(a, &f->result, &err);
        set_value(a, map, "result", result ? result : value_null(a));
    }
    if (f->variables) {
        put_context(p, map, f->variables);
    }
    print_json(p, map);
}

void flow_print_effect(void *app, const FlowEffect *f)
{
    const FlowPrint *p = app;
    bool passed = f->kind == FLOW_PASSED;
    if (passed && !p->traced) {
        return;
    }
    if (p->json) {
        print_effect_json(p, f);
        return;
    }
    Str text = scenario_effect_text(p->run->arena, f, p->run->model.zone_minutes);
    printf("%c " STR_FMT "\n", passed ? '#' : '>', STR_ARG(text));
}

/* ---- the end ---- */

static const char *state_text(const FlowToken *t)
{
    switch (t->state) {
    case TOKEN_READY: return "ready";
    case TOKEN_TASK: return "task";
    case TOKEN_JOB: return "job";
    case TOKEN_EVENT: return "waits";
    case TOKEN_JOIN: return "waits for others";
    case TOKEN_INSIDE: return "inside";
    case TOKEN_INCIDENT: return "incident";
    case TOKEN_BODY: return "loop";
    case TOKEN_CALL: return "called";
    case TOKEN_UNDO: return "undoes";
    }
    return "";
}

static const char *instance_text(FlowState state)
{
    switch (state) {
    case FLOW_ACTIVE: return "active";
    case FLOW_COMPLETED: return "completed";
    case FLOW_CANCELLED: return "cancelled";
    }
    return "";
}

static const BpmnTrigger *trigger_of(const FlowPrint *p, const FlowWait *w)
{
    return &p->run->model.process->elements[w->element].triggers[w->trigger];
}

static void print_end_json(const FlowPrint *p, const FlowInstance *in)
{
    Arena *a = p->run->arena;
    const BpmnElement *elements = p->run->model.process->elements;
    Value *map = value_map(a);
    set_str(a, map, "state", str_z(instance_text(in->state)));
    Value *tokens = set_list(a, map, "tokens"), *waits = set_list(a, map, "waits");
    for (size_t i = 0; i < in->tokens.len; i++) {
        const FlowToken *t = &in->tokens.at[i];
        Value *row = push_map(a, tokens);
        put_element(p, row, &elements[t->element]);
        set_str(a, row, "state", str_z(state_text(t)));
        put_text(p, row, "reason", t->reason);
    }
    for (size_t i = 0; i < in->waits.len; i++) {
        const FlowWait *w = &in->waits.at[i];
        const BpmnTrigger *t = trigger_of(p, w);
        Value *row = push_map(a, waits);
        put_element(p, row, &elements[w->element]);
        set_str(a, row, "for", str_z(bpmn_trigger_name(t->kind)));
        put_text(p, row, "about", t->name);
        if (t->kind == BPMN_ON_TIMER) {
            set_str(a, row, "due", clock_text(p, w->due));
        }
    }
    put_context(p, map, flow_variables(in));
    print_json(p, map);
}

void flow_print_end(FlowPrint *p)
{
    const FlowInstance *in = p->run->instance;
    const BpmnElement *elements = p->run->model.process->elements;
    if (!in) {
        return;
    }
    if (p->json) {
        print_end_json(p, in);
        return;
    }
    printf("# %s%s\n", instance_text(in->state), in->tokens.len ? ", stands at" : "");
    for (size_t i = 0; i < in->tokens.len; i++) {
        const FlowToken *t = &in->tokens.at[i];
        const BpmnElement *e = &elements[t->element];
        printf("#   " STR_FMT " (%s) " STR_FMT "%s" STR_FMT "\n", STR_ARG(e->id), state_text(t),
               STR_ARG(e->name), t->reason.len ? ": " : "", STR_ARG(t->reason));
    }
    for (size_t i = 0; i < in->waits.len; i++) {
        const FlowWait *w = &in->waits.at[i];
        const BpmnTrigger *t = trigger_of(p, w);
        Str what = t->kind == BPMN_ON_TIMER ? clock_text(p, w->due) : t->name;
        printf("#   " STR_FMT " (%s) " STR_FMT "\n", STR_ARG(elements[w->element].id),
               bpmn_trigger_name(t->kind), STR_ARG(what));
    }
}
