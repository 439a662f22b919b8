/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Block-structured processes made at random, run by random schedules. Such a process can always
 * end; so each run must: every job comes once and is done once, nothing is left, no incident, the
 * way through JSON changes nothing, and a cancelled copy leaves nothing behind.
 * FLOW_RUNS in the environment: another number of runs; FLOW_SEED: where they begin.
 */
#include "check.h"

#include <stdlib.h>

#include "engine/flow/flow.h"
#include "flow_script.h"
#include "json/json.h"

enum { RUNS = 2000, DEPTH = 4, MOST_STEPS = 400 };

typedef struct {
    Arena arena;
    uint64_t state;
    StrBuf text;
    int names;
    FlowModel model;
    FlowInstance *instance;
    Vec(int64_t) jobs;
} World;

static uint32_t draw(World *w, uint32_t below)
{
    w->state = w->state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(w->state >> 33) % below;
}

/* A block from one node to another; nodes are numbered. Depth is counted down. */
static void block(World *w, int from, int to, int depth);

static int node(World *w, const char *form)
{
    int id = ++w->names;
    buf_fmt(&w->text, "%s id=\"n%d\"/>\n", form, id);
    return id;
}

static void flow(World *w, int from, int to, const char *condition)
{
    buf_fmt(&w->text, "flow n%d n%d %s\n", from, to, condition);
}

static void split(World *w, int from, int to, int depth, const char *gateway, bool decides)
{
    int open = node(w, gateway), close = node(w, gateway), ways = 2 + (int)draw(w, 2);
    flow(w, from, open, "");
    for (int i = 0; i < ways; i++) {
        int way = node(w, "<task");
        bool taken = i == 0 || draw(w, 2);
        flow(w, open, way, !decides ? "" : taken ? "= true" : "= false");
        block(w, way, close, depth - 1);
    }
    flow(w, close, to, "");
}

static void inside(World *w, int from, int to, int depth)
{
    int sub = ++w->names, first = ++w->names, last = ++w->names;
    bool repeats = draw(w, 2);
    buf_fmt(&w->text, "<subProcess id=\"n%d\">%s<startEvent id=\"n%d\"/><endEvent id=\"n%d\"/>\n",
            sub,
            repeats ? "<multiInstanceLoopCharacteristics><loopCardinality>= 2</loopCardinality>"
                      "</multiInstanceLoopCharacteristics>"
                    : "",
            first, last);
    block(w, first, last, depth - 2);
    BUF_LIT(&w->text, "</subProcess>\n");
    flow(w, from, sub, "");
    flow(w, sub, to, "");
}

static void block(World *w, int from, int to, int depth)
{
    uint32_t kind = depth > 0 ? draw(w, 6) : 0;
    int id = 0;
    switch (kind) {
    case 1: split(w, from, to, depth, "<parallelGateway", false); break;
    case 2: split(w, from, to, depth, "<inclusiveGateway", true); break;
    case 3: split(w, from, to, depth, "<exclusiveGateway", true); break;
    case 4: inside(w, from, to, depth); break;
    case 5:
        id = node(w, "<task");
        block(w, from, id, depth - 1);
        block(w, id, to, depth - 1);
        break;
    default:
        id = ++w->names;
        buf_fmt(&w->text, "job n%d\n", id);
        flow(w, from, id, "");
        flow(w, id, to, "");
    }
}

static bool make(World *w)
{
    Diags d = {.arena = &w->arena};
    w->text = buf_in(&w->arena);
    int first = node(w, "<startEvent"), last = node(w, "<endEvent");
    block(w, first, last, DEPTH);
    Str text = flow_script_document(&w->arena, buf_str(&w->text));
    w->model.process = bpmn_read(&w->arena, &d, diag_file(&d, STR("made"), text), text, NULL);
    Str report = diag_render(&w->arena, &d);
    CHECK(w->model.process != NULL, STR_FMT, STR_ARG(report));
    return w->model.process != NULL;
}

static Str written(World *w, const FlowInstance *i)
{
    Err err = {0};
    const Value *v = flow_instance_value(&w->arena, &w->model, i, &err);
    return v ? json_text(&w->arena, v) : STR("");
}

static FlowInstance *reread(World *w, const FlowInstance *i)
{
    Err err = {0};
    const Value *v = json_read(&w->arena, written(w, i), &err);
    FlowInstance *back = v ? flow_instance_read(&w->arena, &w->model, v, &err) : NULL;
    CHECK(back && str_eq(written(w, back), written(w, i)), "through JSON: %s", err.msg);
    return back;
}

static bool step(World *w, FlowEventKind kind, int64_t key)
{
    FlowEvent ev = {.kind = kind, .key = key};
    FlowResult r = {0};
    Err err = {0};
    const FlowInstance *before = w->instance;
    if (before && draw(w, 2))
        before = reread(w, before);
    bool ok = flow_step(&w->arena, &w->model, before, &ev, &r, &err);
    CHECK(ok, "step: %s", err.msg);
    for (size_t i = 0; ok && i < r.effects.len; i++) {
        const FlowEffect *f = &r.effects.at[i];
        CHECK(f->kind != FLOW_INCIDENT, "incident " STR_FMT, STR_ARG(f->reason));
        if (f->kind == FLOW_CREATE_JOB)
            *VEC_PUSH(&w->arena, &w->jobs) = f->key;
    }
    w->instance = ok ? r.after : w->instance;
    return ok;
}

static void cancel_copy(World *w)
{
    FlowEvent ev = {.kind = FLOW_CANCEL};
    FlowResult r = {0};
    Err err = {0};
    CHECK(flow_step(&w->arena, &w->model, w->instance, &ev, &r, &err), "cancel: %s", err.msg);
    size_t cancelled = 0;
    for (size_t i = 0; i < r.effects.len; i++)
        cancelled += r.effects.at[i].kind == FLOW_CANCEL_JOB;
    CHECK(cancelled == w->jobs.len && r.after->tokens.len == 0 && r.after->scopes.len == 1,
          "%zu jobs cancelled of %zu", cancelled, w->jobs.len);
}

static void run(uint64_t seed)
{
    World w = {.state = seed * 2654435761u + 1};
    int steps = 0;
    bool ok = make(&w) && step(&w, FLOW_START, 0);
    if (ok && w.instance->state == FLOW_ACTIVE)
        cancel_copy(&w);
    while (ok && w.jobs.len > 0 && steps++ < MOST_STEPS) {
        uint32_t at = draw(&w, (uint32_t)w.jobs.len);
        int64_t key = w.jobs.at[at];
        w.jobs.at[at] = w.jobs.at[--w.jobs.len];
        ok = step(&w, FLOW_JOB_DONE, key);
    }
    bool ended = ok && w.instance->state == FLOW_COMPLETED && w.instance->tokens.len == 0 &&
                 w.instance->waits.len == 0 && w.instance->loops.len == 0 &&
                 w.instance->scopes.len == 1;
    CHECK(ended || steps > MOST_STEPS, "seed %llu does not end: " STR_FMT, (unsigned long long)seed,
          STR_ARG(written(&w, w.instance)));
    arena_free(&w.arena);
}

static uint64_t number_of(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    int64_t n = 0;
    return text && str_int(str_z(text), &n) && n > 0 ? (uint64_t)n : otherwise;
}

TEST(flow_made_processes_end)
{
    uint64_t runs = number_of("FLOW_RUNS", RUNS), seed = number_of("FLOW_SEED", 1);
    for (uint64_t i = 0; i < runs; i++)
        run(seed + i);
}
