/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How fast processes run, one thread; seconds are those of its processor, so that a busy machine
 * tells the same. Each measurement prints a line:
 *   memory FILE SECONDS   instances of FILE a second, kept in memory <tab> bytes of the arena for
 *                         one <tab> the variable y of each
 *   saved SECONDS         steps a second of ten user tasks in a row with ten answers; before each
 *                         the instance is read from its JSON text, after it written <tab> bytes of
 *                         the text at work, on average <tab> the longest
 *   wide                  nanoseconds a saved step in a row of 50 user tasks <tab> of 500 <tab> in
 *                         memory, 50 <tab> 500
 *   long                  nanoseconds a saved step, the first 1,000 of 20,000 in a loop <tab> the
 *                         last 1,000 <tab> bytes of the text then
 */
#include "engine/flow/flow.h"
#include "base/file.h"
#include "json/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { FILE_MAX = 1 << 20, LONG_STEPS = 20000, LONG_PART = 1000, LONG_WARM = 2000, TEN = 10 };

typedef struct {
    FlowModel model;
    const FeelContext *start, *answers; /* of a start; of each task */
    Arena kept;                         /* model and variables */
} Bench;

static _Noreturn void stop(const char *what, const char *why)
{
    fprintf(stderr, "bench-flow: %s: %s\n", what, why);
    exit(1);
}

static void read_text(Bench *b, Str name, Str text)
{
    Diags diags = {.arena = &b->kept};
    uint16_t file = diag_file(&diags, name, text);
    b->model.process = bpmn_read(&b->kept, &diags, file, text, NULL);
    if (!b->model.process) {
        stop("model", str_cstr(&b->kept, diag_render(&b->kept, &diags)));
    }
}

static const FeelContext *context_of(Bench *b, Str text)
{
    FeelValue v = feel_null();
    Err err = {0};
    const FeelProgram *p = feel_compile(&b->kept, text, NULL, FEEL_EXPRESSION, &err);
    if (!p || !feel_eval(&b->kept, p, NULL, 0, &v, &err) || v.kind != FEEL_CONTEXT) {
        stop("variables", err.msg);
    }
    return v.context;
}

/* ---- steps ---- */

static FlowInstance *step(Arena *a, const Bench *b, const FlowInstance *before, FlowEvent *ev)
{
    FlowResult r = {0};
    Err err = {0};
    ev->at = 1795305600000;
    if (!flow_step(a, &b->model, before, ev, &r, &err)) {
        stop("step", err.msg);
    }
    return r.after;
}

static FlowInstance *start(Arena *a, const Bench *b)
{
    FlowEvent ev = {.kind = FLOW_START, .variables = b->start};
    return step(a, b, NULL, &ev);
}

/* The task that it stands at is done. */
static FlowInstance *answer(Arena *a, const Bench *b, const FlowInstance *in)
{
    FlowEvent ev = {.kind = FLOW_TASK_DONE, .variables = b->answers};
    ev.key = in->tokens.len == 1 ? in->tokens.at[0].key : 0;
    return step(a, b, in, &ev);
}

/* An instance that rests as a text; two arenas take turns. */
typedef struct {
    Arena arenas[2];
    int turn;
    Str text;
} Saved;

static void save(Saved *s, const Bench *b, const FlowInstance *in)
{
    Err err = {0};
    Arena *a = &s->arenas[s->turn];
    const Value *v = flow_instance_value(a, &b->model, in, &err);
    if (!v) {
        stop("save", err.msg);
    }
    s->text = json_text(a, v);
}

static void saved_start(Saved *s, const Bench *b)
{
    s->turn = 0;
    arena_reset(&s->arenas[0]);
    save(s, b, start(&s->arenas[0], b));
}

static bool saved_answer(Saved *s, const Bench *b)
{
    Err err = {0};
    s->turn = 1 - s->turn;
    Arena *a = &s->arenas[s->turn];
    arena_reset(a);
    const Value *v = json_read(a, s->text, &err);
    const FlowInstance *before = v ? flow_instance_read(a, &b->model, v, &err) : NULL;
    if (!before) {
        stop("load", err.msg);
    }
    const FlowInstance *after = answer(a, b, before);
    save(s, b, after);
    return after->state == FLOW_ACTIVE;
}

static void saved_free(Saved *s)
{
    arena_free(&s->arenas[0]);
    arena_free(&s->arenas[1]);
}

/* ---- models ---- */

static void add_head(StrBuf *t)
{
    BUF_LIT(t, "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" "
               "xmlns:zeebe=\"http://camunda.org/schema/zeebe/1.0\">"
               "<process id=\"row\" isExecutable=\"true\"><startEvent id=\"start\" name=\"s\"/>");
}

static void add_task(StrBuf *t, const char *id)
{
    buf_fmt(t,
            "<userTask id=\"%s\" name=\"%s\"><extensionElements><zeebe:assignmentDefinition "
            "candidateGroups=\"clerk\"/></extensionElements></userTask>",
            id, id);
}

static void add_flow(StrBuf *t, const char *from, const char *to)
{
    buf_fmt(t, "<sequenceFlow id=\"from_%s_to_%s\" sourceRef=\"%s\" targetRef=\"%s\"/>", from, to,
            from, to);
}

static void read_row(Bench *b, int tasks)
{
    StrBuf t = buf_in(&b->kept);
    const char *before = "start";
    add_head(&t);
    for (int i = 1; i <= tasks; i++) {
        const char *id = str_cstr(&b->kept, str_fmt(&b->kept, "approve_%d", i));
        add_task(&t, id);
        add_flow(&t, before, id);
        before = id;
    }
    BUF_LIT(&t, "<endEvent id=\"end\" name=\"e\"/>");
    add_flow(&t, before, "end");
    BUF_LIT(&t, "</process></definitions>");
    read_text(b, STR("row"), buf_str(&t));
}

static void read_loop(Bench *b)
{
    StrBuf t = buf_in(&b->kept);
    add_head(&t);
    add_task(&t, "again");
    BUF_LIT(&t, "<scriptTask id=\"count\" name=\"c\"><extensionElements>"
                "<zeebe:script expression=\"= n + 1\" resultVariable=\"n\"/></extensionElements>"
                "</scriptTask><exclusiveGateway id=\"more\" name=\"m\" default=\"from_more_to_end\""
                "/><endEvent id=\"end\" name=\"e\"/>"
                "<sequenceFlow id=\"back\" name=\"b\" sourceRef=\"more\" targetRef=\"again\">"
                "<conditionExpression>= n &lt; 20000</conditionExpression></sequenceFlow>");
    add_flow(&t, "start", "again");
    add_flow(&t, "again", "count");
    add_flow(&t, "count", "more");
    add_flow(&t, "more", "end");
    BUF_LIT(&t, "</process></definitions>");
    read_text(b, STR("loop"), buf_str(&t));
}

/* ---- measurements ---- */

static double seconds_since(clock_t from)
{
    return (double)(clock() - from) / CLOCKS_PER_SEC;
}

static void memory(Bench *b, const char *path, double seconds)
{
    enum { ROUND = 100 };
    Arena a = {0};
    Err err = {0};
    Str text = {0}, y = {0};
    size_t bytes = 0;
    int64_t count = 0;
    if (!file_read(&b->kept, str_z(path), FILE_MAX, &text, &err)) {
        stop(path, err.msg);
    }
    read_text(b, str_z(path), text);
    b->start = context_of(b, STR("{x: 21}"));
    b->answers = context_of(b, STR("{seen: true}"));
    clock_t from = clock();
    while (seconds_since(from) < seconds) {
        for (int i = 0; i < ROUND; i++) {
            arena_reset(&a);
            const FlowInstance *in = answer(&a, b, start(&a, b));
            if (in->state != FLOW_COMPLETED) {
                stop(path, "is not completed by one task");
            }
            bytes = a.used;
            y = feel_text(&a, feel_get(flow_variables(in), STR("y")));
        }
        count += ROUND;
    }
    printf("%.0f\t%zu\t" STR_FMT "\n", (double)count / seconds_since(from), bytes, STR_ARG(y));
    arena_free(&a);
}

static void saved(Bench *b, double seconds)
{
    Saved s = {0};
    int64_t steps = 0;
    size_t bytes = 0, longest = 0, texts = 0;
    read_row(b, TEN);
    b->start = context_of(
        b, STR("{applicant: \"party:12\", channel: \"web\", amount: 1250.50, district: \"330702\", "
               "urgent: false, day: \"2026-11-22\", contact: \"13800001111\"}"));
    b->answers = context_of(b, STR("{decision: \"grant\", by: \"staff:7\", remark: \"材料齐全\"}"));
    clock_t from = clock();
    while (seconds_since(from) < seconds) {
        bool active = true;
        saved_start(&s, b);
        for (steps++; active; steps++) {
            bytes += s.text.len;
            texts++;
            longest = s.text.len > longest ? s.text.len : longest;
            active = saved_answer(&s, b);
        }
    }
    printf("%.0f\t%zu\t%zu\n", (double)steps / seconds_since(from), bytes / texts, longest);
    saved_free(&s);
}

/* Nanoseconds a step over a row of tasks, the best of some walks. */
static double row_ns(int tasks, bool is_saved)
{
    enum { WALKS = 5, STEPS = 5000 };
    double best = 0;
    Bench b = {0};
    Saved s = {0};
    read_row(&b, tasks);
    b.start = b.answers = context_of(&b, STR("{decision: \"grant\"}"));
    for (int walk = 0; walk < WALKS; walk++) {
        clock_t from = clock();
        int64_t steps = 0;
        while (steps < STEPS) {
            saved_start(&s, &b);
            FlowInstance *in = is_saved ? NULL : start(&s.arenas[0], &b);
            bool active = true;
            for (steps++; active; steps++) {
                in = is_saved ? NULL : answer(&s.arenas[0], &b, in);
                active = is_saved ? saved_answer(&s, &b) : in->state == FLOW_ACTIVE;
            }
        }
        double ns = seconds_since(from) * 1e9 / (double)steps;
        best = best > 0 && best < ns ? best : ns;
    }
    saved_free(&s);
    arena_free(&b.kept);
    return best;
}

static void wide(void)
{
    double small = row_ns(50, true), large = row_ns(500, true);
    printf("%.0f\t%.0f\t%.0f\t%.0f\n", small, large, row_ns(50, false), row_ns(500, false));
}

static void long_run(Bench *b)
{
    Saved s = {0};
    double first = 0, last = 0;
    bool active = true;
    read_loop(b);
    b->start = context_of(b, STR("{n: 0, applicant: \"party:12\"}"));
    b->answers = context_of(b, STR("{seen: true}"));
    for (int i = 0; i < LONG_WARM; i++) {
        saved_start(&s, b);
        (void)saved_answer(&s, b);
    }
    saved_start(&s, b);
    clock_t from = clock();
    size_t bytes = 0;
    for (int i = 1; active; i++) {
        bytes = s.text.len;
        active = saved_answer(&s, b);
        if (i == LONG_PART) {
            first = seconds_since(from);
        } else if (i == LONG_STEPS - LONG_PART) {
            from = clock();
        } else if (i == LONG_STEPS) {
            last = seconds_since(from);
        }
    }
    if (last == 0) {
        stop("long", "ended too early");
    }
    printf("%.0f\t%.0f\t%zu\n", first * 1e9 / LONG_PART, last * 1e9 / LONG_PART, bytes);
    saved_free(&s);
}

int main(int argc, char **argv)
{
    Bench b = {0};
    const char *what = argc > 1 ? argv[1] : "";
    if (strcmp(what, "memory") == 0 && argc == 4) {
        memory(&b, argv[2], atof(argv[3]));
    } else if (strcmp(what, "saved") == 0 && argc == 3) {
        saved(&b, atof(argv[2]));
    } else if (strcmp(what, "wide") == 0) {
        wide();
    } else if (strcmp(what, "long") == 0) {
        long_run(&b);
    } else {
        fprintf(stderr, "usage: bench-flow memory FILE SECONDS | saved SECONDS | wide | long\n");
        return 2;
    }
    arena_free(&b.kept);
    return 0;
}
