/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Processes made at random without any structure, sound or not: gateways of every kind joined and
 * split anyhow, circles, boundary events, loops, sub-processes that events begin. They may stand
 * still or end in incidents; but whatever happens to them,
 *   - what effects created and did not cancel is what the instance waits for, to the key;
 *   - an instance is active while it has tokens, and has none once it is over;
 *   - a cancelled copy cancels all that was open, and nothing is left;
 *   - the same events give the same bytes, whether the instance was stored on the way or not.
 * FLOW_RUNS in the environment: another number of runs; FLOW_SEED: where they begin.
 */
#include "check.h"

#include <stdlib.h>

#include "engine/flow/flow.h"
#include "flow_script.h"
#include "json/json.h"

enum { RUNS = 400, NODES_MAX = 14, MOST_EVENTS = 30, EXTRA_FLOWS = 5 };

typedef enum {
    NODE_JOB,
    NODE_REPEATED,
    NODE_XOR,
    NODE_AND,
    NODE_OR,
    NODE_RACE, /* an event gateway with two events behind it */
    NODE_MESSAGE,
    NODE_TIMER,
    NODE_SIGNAL,
    NODE_SUB,
    NODE_END,
    NODE_KINDS,
} NodeKind;

typedef struct {
    NodeKind kind;
    size_t ways[NODES_MAX]; /* to which nodes */
    size_t way_count;
} Node;

typedef struct {
    Arena arena;
    uint64_t state;
    Node nodes[NODES_MAX];
    size_t count;
    FlowModel model;
    FlowInstance *instance;
    Vec(FlowEvent) events;
    Vec(int64_t) open; /* what was created, and not cancelled or done */
    uint64_t seed;
} World;

static uint32_t draw(World *w, uint32_t below)
{
    w->state = w->state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(w->state >> 33) % below;
}

/* ---- the model ---- */

static void add_way(Node *n, size_t to)
{
    for (size_t i = 0; i < n->way_count; i++) {
        if (n->ways[i] == to) {
            return;
        }
    }
    n->ways[n->way_count++] = to;
}

/* Each node is come to from one before it, so that all can be reached; more ways lead anywhere. */
static void draw_graph(World *w)
{
    w->count = 4 + draw(w, NODES_MAX - 4);
    for (size_t i = 0; i < w->count; i++) {
        w->nodes[i].kind = i == 0 ? NODE_JOB : (NodeKind)draw(w, NODE_KINDS);
        size_t from = i ? draw(w, (uint32_t)i) : 0;
        while (from > 0 && w->nodes[from].kind == NODE_END) {
            from--;
        }
        if (i > 0) {
            add_way(&w->nodes[from], i);
        }
    }
    for (uint32_t i = draw(w, EXTRA_FLOWS); i > 0; i--) {
        Node *from = &w->nodes[draw(w, (uint32_t)w->count)];
        if (from->kind != NODE_END) {
            add_way(from, draw(w, (uint32_t)w->count));
        }
    }
}

static const char *condition(World *w, const Node *n, size_t way)
{
    bool decides = n->kind == NODE_XOR || n->kind == NODE_OR;
    return !decides || way == 0 || n->way_count < 2 ? "" : draw(w, 2) ? "= x > 1" : "= x < 2";
}

static void put_boundary(World *w, StrBuf *b, size_t i)
{
    static const char *const events[] = {
        "<timerEventDefinition id=\"t%zu\"><timeCycle>R2/PT1H</timeCycle></timerEventDefinition>",
        "<messageEventDefinition id=\"t%zu\" messageRef=\"m2\"/>",
        "<signalEventDefinition id=\"t%zu\" signalRef=\"g1\"/>",
        "<conditionalEventDefinition id=\"t%zu\"><condition>= x > 2</condition>"
        "</conditionalEventDefinition>",
        "<errorEventDefinition id=\"t%zu\" errorRef=\"e1\"/>",
    };
    uint32_t kind = draw(w, 2 * COUNT(events));
    bool stops = kind == COUNT(events) - 1 || draw(w, 2);
    if (kind >= COUNT(events)) {
        return;
    }
    buf_fmt(b, "<boundaryEvent id=\"b%zu\" attachedToRef=\"n%zu\" cancelActivity=\"%s\">", i, i,
            stops ? "true" : "false");
    const char *at = strstr(events[kind], "%zu");
    buf_fmt(b, "%.*s%zu%s</boundaryEvent>\nflow b%zu n%u\n", (int)(at - events[kind]), events[kind],
            i, at + strlen("%zu"), i, draw(w, (uint32_t)w->count));
}

static void put_sub(World *w, StrBuf *b, size_t i)
{
    buf_fmt(
        b,
        "<subProcess id=\"n%zu\"><startEvent id=\"ss%zu\"/>\njob sj%zu\n<endEvent id=\"se%zu\"/>"
        "\nflow ss%zu sj%zu\nflow sj%zu se%zu\n",
        i, i, i, i, i, i, i, i);
    if (draw(w, 2)) {
        buf_fmt(b,
                "<subProcess id=\"h%zu\" triggeredByEvent=\"true\"><startEvent id=\"hs%zu\" "
                "isInterrupting=\"%s\"><signalEventDefinition id=\"hd%zu\" signalRef=\"g1\"/>"
                "</startEvent>\njob hj%zu\n<endEvent id=\"he%zu\"/>\nflow hs%zu hj%zu\n"
                "flow hj%zu he%zu\n</subProcess>\n",
                i, i, draw(w, 2) ? "true" : "false", i, i, i, i, i, i, i);
    }
    BUF_LIT(b, "</subProcess>\n");
}

static void put_race(StrBuf *b, size_t i, Node *n)
{
    size_t other = n->way_count > 1 ? n->ways[1] : n->ways[0];
    buf_fmt(b,
            "<eventBasedGateway id=\"n%zu\"/>\n<intermediateCatchEvent id=\"ra%zu\">"
            "<messageEventDefinition id=\"rda%zu\" messageRef=\"m2\"/></intermediateCatchEvent>\n"
            "<intermediateCatchEvent id=\"rb%zu\"><timerEventDefinition id=\"rdb%zu\">"
            "<timeDuration>PT1H</timeDuration></timerEventDefinition></intermediateCatchEvent>\n"
            "flow n%zu ra%zu\nflow n%zu rb%zu\nflow ra%zu n%zu\nflow rb%zu n%zu\n",
            i, i, i, i, i, i, i, i, i, i, n->ways[0], i, other);
    for (size_t k = 2; k < n->way_count; k++) {
        buf_fmt(b, "flow ra%zu n%zu\n", i, n->ways[k]);
    }
}

static void put_gateway(StrBuf *b, size_t i, const Node *n, const char *kind, bool decides)
{
    if (decides && n->way_count > 1) {
        buf_fmt(b, "<%s id=\"n%zu\" default=\"n%zu-n%zu\"/>\n", kind, i, i, n->ways[0]);
    } else {
        buf_fmt(b, "<%s id=\"n%zu\"/>\n", kind, i);
    }
}

static void put_event(StrBuf *b, size_t i, const char *kind, const char *definition)
{
    buf_fmt(b, "<%s id=\"n%zu\">%s</%s>\n", kind, i, definition, kind);
}

static void put_node(World *w, StrBuf *b, size_t i)
{
    Node *n = &w->nodes[i];
    if (n->way_count == 0 && n->kind != NODE_END) {
        n->kind = NODE_END;
    }
    switch (n->kind) {
    case NODE_JOB: buf_fmt(b, "job n%zu\n", i); break;
    case NODE_REPEATED:
        buf_fmt(b,
                "<scriptTask id=\"n%zu\"><extensionElements><zeebe:script expression=\"= x + 1\" "
                "resultVariable=\"x\"/></extensionElements><multiInstanceLoopCharacteristics "
                "isSequential=\"%s\"><loopCardinality>= 2</loopCardinality>"
                "</multiInstanceLoopCharacteristics></scriptTask>\n",
                i, draw(w, 2) ? "true" : "false");
        break;
    case NODE_XOR: put_gateway(b, i, n, "exclusiveGateway", true); break;
    case NODE_AND: put_gateway(b, i, n, "parallelGateway", false); break;
    case NODE_OR: put_gateway(b, i, n, "inclusiveGateway", true); break;
    case NODE_RACE: put_race(b, i, n); return;
    case NODE_MESSAGE:
        put_event(b, i, "intermediateCatchEvent", "<messageEventDefinition messageRef=\"m2\"/>");
        break;
    case NODE_TIMER:
        put_event(b, i, "intermediateCatchEvent",
                  "<timerEventDefinition><timeCycle>R2/PT1H</timeCycle></timerEventDefinition>");
        break;
    case NODE_SIGNAL:
        put_event(b, i, "intermediateThrowEvent", "<signalEventDefinition signalRef=\"g1\"/>");
        break;
    case NODE_SUB: put_sub(w, b, i); break;
    case NODE_END:
    case NODE_KINDS: put_event(b, i, "endEvent", ""); return;
    }
    if (n->kind == NODE_JOB || n->kind == NODE_SUB || n->kind == NODE_REPEATED) {
        put_boundary(w, b, i);
    }
    for (size_t k = 0; k < n->way_count; k++) {
        buf_fmt(b, "flow n%zu n%zu %s\n", i, n->ways[k], condition(w, n, k));
    }
}

static bool make(World *w)
{
    Diags d = {.arena = &w->arena};
    StrBuf b = buf_in(&w->arena);
    draw_graph(w);
    BUF_LIT(&b, "<startEvent id=\"s\"/>\nflow s n0\n");
    for (size_t i = 0; i < w->count; i++) {
        put_node(w, &b, i);
    }
    Str text = flow_script_document(&w->arena, buf_str(&b));
    w->model.process = bpmn_read(&w->arena, &d, diag_file(&d, STR("made"), text), text, NULL);
    return w->model.process != NULL;
}

/* ---- what is open ---- */

static bool is_open(const World *w, int64_t key)
{
    bool found = false;
    for (size_t i = 0; i < w->open.len; i++) {
        found = found || w->open.at[i] == key;
    }
    return found;
}

static void close_key(World *w, int64_t key)
{
    for (size_t i = 0; i < w->open.len; i++) {
        if (w->open.at[i] == key) {
            w->open.at[i] = w->open.at[--w->open.len];
            return;
        }
    }
    CHECK(false, "seed %llu: %lld was not open", (unsigned long long)w->seed, (long long)key);
}

static bool creates(FlowEffectKind kind)
{
    return kind == FLOW_CREATE_TASK || kind == FLOW_CREATE_JOB || kind == FLOW_CREATE_TIMER ||
           kind == FLOW_SUBSCRIBE;
}

static bool cancels(FlowEffectKind kind)
{
    return kind == FLOW_CANCEL_TASK || kind == FLOW_CANCEL_JOB || kind == FLOW_CANCEL_TIMER ||
           kind == FLOW_UNSUBSCRIBE;
}

static bool has_key(const FlowInstance *in, int64_t key)
{
    bool found = false;
    for (size_t i = 0; i < in->tokens.len; i++) {
        found = found || (in->tokens.at[i].state == TOKEN_JOB && in->tokens.at[i].key == key);
    }
    for (size_t i = 0; i < in->waits.len; i++) {
        found = found || in->waits.at[i].key == key;
    }
    return found;
}

static bool is_condition(const World *w, const FlowWait *wait)
{
    const BpmnElement *e = &w->model.process->elements[wait->element];
    return e->triggers[wait->trigger].kind == BPMN_ON_CONDITION;
}

/* What happened is over: the event's own key, and signals that were heard. */
static void follow(World *w, const FlowResult *r)
{
    for (size_t i = 0; i < r->effects.len; i++) {
        const FlowEffect *f = &r->effects.at[i];
        if (creates(f->kind)) {
            *VEC_PUSH(&w->arena, &w->open) = f->key;
        } else if (cancels(f->kind)) {
            close_key(w, f->key);
        }
    }
}

static void check_open(World *w, const FlowEvent *ev, const FlowInstance *before)
{
    const FlowInstance *in = w->instance;
    for (size_t i = 0; i < w->open.len;) {
        int64_t key = w->open.at[i];
        bool heard = false;
        for (size_t k = 0; before && k < before->waits.len; k++) {
            const FlowWait *o = &before->waits.at[k];
            const BpmnElement *e = &w->model.process->elements[o->element];
            heard = heard || (o->key == key && e->triggers[o->trigger].kind == BPMN_ON_SIGNAL);
        }
        /* within one step an event may be opened and heard at once, too */
        heard = heard || key > (before ? before->last_key : 0);
        bool there = has_key(in, key);
        CHECK(there || key == ev->key || heard, "seed %llu: %lld is lost",
              (unsigned long long)w->seed, (long long)key);
        if (there) {
            i++;
        } else {
            w->open.at[i] = w->open.at[--w->open.len];
        }
    }
    for (size_t i = 0; i < in->waits.len; i++) {
        CHECK(is_condition(w, &in->waits.at[i]) || is_open(w, in->waits.at[i].key),
              "seed %llu: nobody knows wait %lld", (unsigned long long)w->seed,
              (long long)in->waits.at[i].key);
    }
    for (size_t i = 0; i < in->tokens.len; i++) {
        CHECK(in->tokens.at[i].state != TOKEN_JOB || is_open(w, in->tokens.at[i].key),
              "seed %llu: nobody knows job %lld", (unsigned long long)w->seed,
              (long long)in->tokens.at[i].key);
    }
    CHECK((in->state == FLOW_ACTIVE) == (in->tokens.len > 0), "seed %llu: %zu tokens, state %d",
          (unsigned long long)w->seed, in->tokens.len, in->state);
}

/* ---- the run ---- */

static Str written(World *w, const FlowInstance *i)
{
    Err err = {0};
    const Value *v = flow_instance_value(&w->arena, &w->model, i, &err);
    CHECK(v != NULL, "seed %llu: %s", (unsigned long long)w->seed, err.msg);
    return v ? json_text(&w->arena, v) : STR("");
}

static FlowInstance *reread(World *w, FlowInstance *i)
{
    Err err = {0};
    const Value *v = json_read(&w->arena, written(w, i), &err);
    FlowInstance *back = v ? flow_instance_read(&w->arena, &w->model, v, &err) : NULL;
    CHECK(back, "seed %llu through JSON: %s", (unsigned long long)w->seed, err.msg);
    return back ? back : i;
}

static FlowEvent on_token(World *w, const FlowToken *t)
{
    static const FlowEventKind done[] = {FLOW_JOB_DONE, FLOW_JOB_DONE, FLOW_JOB_DONE,
                                         FLOW_JOB_ERROR, FLOW_JOB_FAILED};
    FlowEvent ev = {.kind = FLOW_CANCEL, .key = t->key};
    if (t->state == TOKEN_JOB) {
        ev.kind = done[draw(w, COUNT(done))];
        ev.code = STR("LATE");
    } else if (t->state == TOKEN_INCIDENT) {
        ev.kind = draw(w, 3) ? FLOW_RESOLVE : FLOW_RETRY;
    }
    return ev;
}

/* Something that may happen now; kind FLOW_CANCEL: nothing but the end. */
static FlowEvent draw_event(World *w)
{
    const FlowInstance *in = w->instance;
    FlowEvent ev = {.kind = FLOW_CANCEL};
    size_t all = in->tokens.len + in->waits.len;
    for (int tries = 0; tries < 40 && ev.kind == FLOW_CANCEL; tries++) {
        size_t at = draw(w, (uint32_t)all + 1);
        if (at < in->tokens.len) {
            ev = on_token(w, &in->tokens.at[at]);
        } else if (at < all && !is_condition(w, &in->waits.at[at - in->tokens.len])) {
            const FlowWait *o = &in->waits.at[at - in->tokens.len];
            const BpmnElement *e = &w->model.process->elements[o->element];
            ev.kind = e->triggers[o->trigger].kind == BPMN_ON_TIMER ? FLOW_TIMER : FLOW_MESSAGE;
            ev.key = o->key;
        } else if (at == all && draw(w, 8) == 0) {
            ev = (FlowEvent){.kind = FLOW_SIGNAL, .code = STR("alarm")};
        }
    }
    FeelValue x = feel_int(draw(w, 4));
    ev.variables = feel_with(&w->arena, &(FeelContext){0}, STR("x"), x);
    return ev;
}

static bool step(World *w, FlowEvent ev, bool checked)
{
    FlowResult r = {0};
    Err err = {0};
    const FlowInstance *before = w->instance;
    if (!flow_step(&w->arena, &w->model, before, &ev, &r, &err)) {
        CHECK(err.code == ERR_LIMIT, "seed %llu: %s", (unsigned long long)w->seed, err.msg);
        return false;
    }
    w->instance = r.after;
    if (checked) {
        follow(w, &r);
        check_open(w, &ev, before);
    }
    return true;
}

static void cancel_copy(World *w)
{
    FlowEvent ev = {.kind = FLOW_CANCEL};
    FlowResult r = {0};
    Err err = {0};
    size_t open = 0;
    CHECK(flow_step(&w->arena, &w->model, w->instance, &ev, &r, &err), "cancel: %s", err.msg);
    for (size_t i = 0; i < r.effects.len; i++) {
        open += cancels(r.effects.at[i].kind) && is_open(w, r.effects.at[i].key);
    }
    CHECK(open == w->open.len && r.after->tokens.len == 0 && r.after->waits.len == 0 &&
              r.after->scopes.len == 1 && r.after->loops.len == 0,
          "seed %llu: %zu of %zu cancelled", (unsigned long long)w->seed, open, w->open.len);
}

/* The same events again, never stored on the way. */
static void replay(World *w, Str first)
{
    w->instance = NULL;
    for (size_t i = 0; i < w->events.len; i++) {
        (void)step(w, w->events.at[i], false);
    }
    Str second = written(w, w->instance);
    CHECK(str_eq(first, second), "seed %llu: " STR_FMT " and " STR_FMT, (unsigned long long)w->seed,
          STR_ARG(first), STR_ARG(second));
}

static bool run(uint64_t seed)
{
    World w = {.state = seed * 2654435761u + 99, .seed = seed};
    bool made = make(&w);
    FlowEvent ev = {.kind = FLOW_START, .code = STR("s")};
    ev.variables = feel_with(&w.arena, &(FeelContext){0}, STR("x"), feel_int(draw(&w, 4)));
    for (int i = 0; made && i < MOST_EVENTS; i++) {
        bool first = i == 0;
        if (!first) {
            w.instance = draw(&w, 3) ? w.instance : reread(&w, w.instance);
            ev = draw_event(&w);
        }
        if (ev.kind == FLOW_CANCEL || !step(&w, ev, true)) {
            break;
        }
        *VEC_PUSH(&w.arena, &w.events) = ev;
        if (w.instance->state != FLOW_ACTIVE) {
            break;
        }
        if (draw(&w, 6) == 0) {
            cancel_copy(&w);
        }
    }
    if (made && w.instance) {
        replay(&w, written(&w, w.instance));
    }
    arena_free(&w.arena);
    return made;
}

static uint64_t number_of(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    int64_t n = 0;
    return text && str_int(str_z(text), &n) && n > 0 ? (uint64_t)n : otherwise;
}

TEST(flow_free_processes_lose_nothing)
{
    uint64_t runs = number_of("FLOW_RUNS", RUNS), seed = number_of("FLOW_SEED", 1), made = 0;
    for (uint64_t i = 0; i < runs; i++) {
        made += run(seed + i);
    }
    CHECK(made * 2 > runs, "%llu of %llu models can run", (unsigned long long)made,
          (unsigned long long)runs);
}
