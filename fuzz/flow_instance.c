/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A stored instance of fuzz/flow_instance.bpmn: what is read can be written, and read again as the
 * same; whatever happens to it next (each token done, failed, moved; each wait over; a signal; new
 * variables; the end), the engine keeps its invariants, and what comes out can be stored again.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "engine/flow/flow.h"
#include "json/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed);

enum { MODEL_MAX = 1 << 20, EVENTS_MAX = 24, ROUNDS = 3 };

static const BpmnProcess *process(void)
{
    static Arena arena;
    static const BpmnProcess *p;
    Diags d = {.arena = &arena};
    Str text = {0};
    Err err = {0};
    if (p) {
        return p;
    }
    if (file_read(&arena, STR("fuzz/flow_instance.bpmn"), MODEL_MAX, &text, &err)) {
        p = bpmn_read(&arena, &d, diag_file(&d, STR("model"), text), text, NULL);
    }
    if (!p) {
        Str report = diag_render(&arena, &d);
        (void)fprintf(stderr, "no model: %s " STR_FMT "\n", err.msg, STR_ARG(report));
        abort();
    }
    return p;
}

static FlowInstance *stored(Arena *a, const FlowModel *m, const FlowInstance *in)
{
    Err err = {0};
    Value *v = flow_instance_value(a, m, in, &err);
    Value *parsed = v ? json_read(a, json_text(a, v), &err) : NULL;
    FlowInstance *back = parsed ? flow_instance_read(a, m, parsed, &err) : NULL;
    Value *again = back ? flow_instance_value(a, m, back, &err) : NULL;
    if (!again || !value_eq(v, again)) {
        (void)fprintf(stderr, "not the same once stored: %s\n" STR_FMT "\n", err.msg,
                      STR_ARG(v ? json_text(a, v) : STR("")));
        abort();
    }
    return back;
}

static FlowEventKind done_by(const FlowToken *t, size_t n)
{
    switch (t->state) {
    case TOKEN_TASK: return n % 4 == 3 ? FLOW_MOVE : FLOW_TASK_DONE;
    case TOKEN_JOB:
    case TOKEN_CALL:
        return n % 3 == 0 ? FLOW_JOB_DONE : n % 3 == 1 ? FLOW_JOB_ERROR : FLOW_JOB_FAILED;
    case TOKEN_INCIDENT: return n % 2 ? FLOW_RETRY : FLOW_RESOLVE;
    case TOKEN_READY:
    case TOKEN_EVENT:
    case TOKEN_JOIN:
    case TOKEN_INSIDE:
    case TOKEN_BODY:
    case TOKEN_UNDO: break;
    }
    return FLOW_MOVE;
}

/* The n-th thing that may happen. */
static FlowEvent event(const FlowModel *m, const FlowInstance *in, size_t n, uint8_t choice)
{
    FlowEvent ev = {.kind = FLOW_CANCEL, .at = 86400000};
    if (n < in->tokens.len) {
        const FlowToken *t = &in->tokens.at[n];
        ev.kind = done_by(t, choice);
        ev.key = ev.kind == FLOW_MOVE ? t->id : t->key;
        ev.code = ev.kind == FLOW_MOVE ? m->process->elements[choice % m->process->element_count].id
                                       : STR("LATE");
    } else if (n - in->tokens.len < in->waits.len) {
        const FlowWait *w = &in->waits.at[n - in->tokens.len];
        const BpmnTrigger *on = &m->process->elements[w->element].triggers[w->trigger];
        ev.kind = on->kind == BPMN_ON_TIMER ? FLOW_TIMER : FLOW_MESSAGE;
        ev.key = w->key;
    } else if (choice % 3 == 1) {
        ev.kind = FLOW_SIGNAL;
        ev.code = STR("alarm");
    } else if (choice % 3 == 2) {
        ev.kind = FLOW_SET;
    }
    return ev;
}

static void happens(Arena *a, const FlowModel *m, const FlowInstance *in, uint8_t choice)
{
    size_t all = in->tokens.len + in->waits.len + 1;
    for (size_t n = 0; n < all && n < EVENTS_MAX; n++) {
        const FlowInstance *now = in;
        for (size_t round = 0; round < ROUNDS && now->state == FLOW_ACTIVE; round++) {
            FlowResult r = {0};
            Err err = {0};
            FlowEvent ev = event(m, now, (n + round * choice) % all, (uint8_t)(choice + n));
            ev.variables = in->scopes.at[0].variables;
            if (!flow_step(a, m, now, &ev, &r, &err)) {
                break;
            }
            now = stored(a, m, r.after);
        }
    }
}

/* ---- mutations that stay JSON: values change their places, rows come twice or go ---- */

typedef struct {
    Arena arena;
    uint64_t state;
    Vec(Value *) leaves, lists;
} Mutation;

static size_t draw(Mutation *m, size_t below)
{
    m->state = m->state * 6364136223846793005u + 1442695040888963407u;
    return (size_t)(m->state >> 33) % below;
}

static void collect(Mutation *m, Value *v) /* NOLINT(misc-no-recursion): JSON_MAX_DEPTH */
{
    if (value_is(v, VALUE_LIST)) {
        *VEC_PUSH(&m->arena, &m->lists) = v;
        for (uint32_t i = 0; i < v->list.count; i++) {
            collect(m, v->list.items[i]);
        }
    } else if (value_is(v, VALUE_MAP)) {
        for (uint32_t i = 0; i < v->map.count; i++) {
            collect(m, v->map.members[i].value);
        }
    } else {
        *VEC_PUSH(&m->arena, &m->leaves) = v;
    }
}

static void change_list(Mutation *m, Value *list)
{
    uint32_t n = list->list.count;
    if (n == 0) {
        return;
    }
    size_t at = draw(m, n), other = draw(m, n);
    if (draw(m, 3) == 0) {
        value_push(&m->arena, list, value_copy(&m->arena, list->list.items[at]));
    } else if (draw(m, 2) == 0) {
        list->list.items[at] = list->list.items[other];
    } else {
        list->list.items[at] = list->list.items[--list->list.count];
    }
}

static void change_leaf(Mutation *m, Value *leaf)
{
    static const char *const words[] = {"task",   "job",   "event",    "join",
                                        "inside", "body",  "incident", "call",
                                        "undo",   "ready", "active",   "completed"};
    Str ids[] = {value_text(m->leaves.at[draw(m, m->leaves.len)]),
                 process()->elements[draw(m, process()->element_count)].id,
                 process()->flows[draw(m, process()->flow_count)].id,
                 str_z(words[draw(m, COUNT(words))])};
    int64_t n = 0;
    if (leaf->kind == VALUE_NUMBER && str_int(leaf->text, &n) && draw(m, 2)) {
        *leaf = *value_int(&m->arena, (int64_t)((uint64_t)n + draw(m, 5) - 2));
    } else if (leaf->kind == VALUE_STR) {
        leaf->text = ids[draw(m, COUNT(ids))];
    } else {
        *leaf = *m->leaves.at[draw(m, m->leaves.len)];
    }
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed)
{
    Mutation m = {.state = seed};
    Err err = {0};
    Value *v = draw(&m, 8) ? json_read(&m.arena, (Str){(const char *)data, size}, &err) : NULL;
    size_t made = 0;
    if (v) {
        collect(&m, v);
    }
    for (size_t i = 0, n = 1 + draw(&m, 3); m.leaves.len > 0 && i < n; i++) {
        if (m.lists.len > 0 && draw(&m, 4) == 0) {
            change_list(&m, m.lists.at[draw(&m, m.lists.len)]);
        } else {
            change_leaf(&m, m.leaves.at[draw(&m, m.leaves.len)]);
        }
    }
    Str text = m.leaves.len > 0 ? json_text(&m.arena, v) : STR("");
    if (text.len > 0 && text.len <= max) {
        memcpy(data, text.at, text.len);
        made = text.len;
    }
    arena_free(&m.arena);
    return made ? made : LLVMFuzzerMutate(data, size, max);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena a = {0};
    Err err = {0};
    const FlowModel m = {.process = process()};
    Str text = {(const char *)data, size};
    uint8_t choice = size ? data[size - 1] : 0; /* what stands behind the JSON is no part of it */
    Value *v = json_read(&a, size && choice >= 128 ? str_slice(text, 0, size - 1) : text, &err);
    const FlowInstance *in = v ? flow_instance_read(&a, &m, v, &err) : NULL;
    if (in) {
        in = stored(&a, &m, in);
        if (in->state == FLOW_ACTIVE) {
            happens(&a, &m, in, choice);
        }
    }
    arena_free(&a);
    return 0;
}
