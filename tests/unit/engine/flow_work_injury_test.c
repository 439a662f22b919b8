/* SPDX-License-Identifier: Apache-2.0 */
/* The work-injury process of the demo catalogue, from the application to the certificate. */
#include "check.h"

#include "base/file.h"
#include "engine/flow/flow.h"
#include "engine/rules/rules.h"

#define ITEM "catalogues/demo/items/work-injury/work-injury"

enum { DOCUMENT_MAX = 1 << 20 };

static bool decide(void *rules, Arena *out, Str decision, const FeelValue *input, FeelValue *result,
                   Value **trace, Err *err)
{
    RulesAsk ask = {.input = input, .is_data = true, .traced = true};
    RulesAnswer answer = {0};
    bool ok = rules_decide(out, rules, decision, &ask, &answer, err);
    *result = answer.value;
    *trace = answer.trace;
    return ok;
}

typedef struct {
    Arena arena;
    FlowModel model;
    FlowInstance *instance;
    FlowEffects effects;
} Run;

static Str document(Run *r, Str path)
{
    Str text = {0};
    Err err = {0};
    CHECK(file_read(&r->arena, path, DOCUMENT_MAX, &text, &err), "%s", err.msg);
    return text;
}

static bool load(Run *r)
{
    Diags d = {.arena = &r->arena};
    Str process = document(r, STR(ITEM ".bpmn")), rules = document(r, STR(ITEM ".dmn"));
    r->model.process =
        bpmn_read(&r->arena, &d, diag_file(&d, STR(ITEM ".bpmn"), process), process, NULL);
    DmnFile file = {diag_file(&d, STR(ITEM ".dmn"), rules), rules};
    const DmnModel *m = dmn_read(&r->arena, &d, &file, 1, DMN_STRICT);
    Str report = diag_render(&r->arena, &d);
    CHECK(r->model.process && m, STR_FMT, STR_ARG(report));
    /* The callback gives it back to rules_decide, which only reads it. */
    memcpy(&r->model.rules, &m, sizeof m);
    r->model.decide = decide;
    return r->model.process && m;
}

static const FlowEffect *effect(const Run *r, FlowEffectKind kind)
{
    for (size_t i = 0; i < r->effects.len; i++) {
        if (r->effects.at[i].kind == kind) {
            return &r->effects.at[i];
        }
    }
    return NULL;
}

/* Ends what the last step created; variables as FEEL. */
static void go_on(Run *r, FlowEventKind kind, FlowEffectKind made_by, const char *variables)
{
    Err err = {0};
    FeelValue v = feel_null();
    FlowResult result = {0};
    const FlowEffect *made = effect(r, made_by);
    const FeelProgram *p = feel_compile(&r->arena, str_z(variables), NULL, FEEL_EXPRESSION, &err);
    CHECK(p && feel_eval(&r->arena, p, NULL, 0, &v, &err), "%s", err.msg);
    FlowEvent ev = {.kind = kind, .key = made ? made->key : 0, .variables = v.context};
    bool ok = flow_step(&r->arena, &r->model, kind == FLOW_START ? NULL : r->instance, &ev, &result,
                        &err);
    CHECK(ok, "%s", err.msg);
    r->instance = ok ? result.after : r->instance;
    r->effects = result.effects;
}

static bool stands_at(const Run *r, FlowEffectKind kind, const char *element)
{
    const FlowEffect *f = effect(r, kind);
    return f && str_eq(f->element->id, str_z(element));
}

static const char *const application =
    "{applicant_kind: \"worker\", accident_date: \"2026-05-01\", apply_date: \"2026-05-20\","
    " circumstance: \"commute\", commute_main_responsibility: false, exclusions: []}";

TEST(flow_work_injury_granted)
{
    Run r = {0};
    if (load(&r)) {
        go_on(&r, FLOW_START, FLOW_FINISHED, application);
        const FlowEffect *task = effect(&r, FLOW_CREATE_TASK);
        CHECK(stands_at(&r, FLOW_CREATE_TASK, "receive"), "received first");
        CHECK(task && str_eq(flow_task_stage(task->element), STR("receive")) &&
                  str_eq(flow_task_limit(task->element), STR("P5D")) &&
                  str_eq(task->element->role, STR("clerk")),
              "stage, limit, role");
        go_on(&r, FLOW_TASK_DONE, FLOW_CREATE_TASK, "{outcome: \"accept\"}");
        const FlowEffect *decided = effect(&r, FLOW_DECIDED);
        CHECK(stands_at(&r, FLOW_CREATE_TASK, "decide"), "then decided");
        CHECK(decided && decided->trace, "with a trace");
        const FeelValue *proposal = feel_get(flow_variables(r.instance), STR("proposal"));
        const FeelValue *recommend =
            proposal ? feel_get(proposal->context, STR("recommend")) : NULL;
        CHECK(recommend && str_eq(recommend->text, STR("grant")), "proposal kept");
        go_on(&r, FLOW_TASK_DONE, FLOW_CREATE_TASK, "{decision: \"grant\"}");
        const FlowEffect *job = effect(&r, FLOW_CREATE_JOB);
        CHECK(job && str_eq(job->element->job_type, STR("certificate.issue")), "certificate");
        go_on(&r, FLOW_JOB_DONE, FLOW_CREATE_JOB, "{}");
        job = effect(&r, FLOW_CREATE_JOB);
        CHECK(job && str_eq(bpmn_property(job->element, "template"), STR("decided")), "message");
        go_on(&r, FLOW_JOB_DONE, FLOW_CREATE_JOB, "{}");
        CHECK(r.instance->state == FLOW_COMPLETED, "complete");
    }
    arena_free(&r.arena);
}

TEST(flow_work_injury_other_ways)
{
    Run r = {0};
    if (load(&r)) {
        go_on(&r, FLOW_START, FLOW_FINISHED, application);
        go_on(&r, FLOW_TASK_DONE, FLOW_CREATE_TASK, "{outcome: \"refuse\"}");
        CHECK(r.instance->state == FLOW_COMPLETED, "refused");
        go_on(&r, FLOW_START, FLOW_FINISHED, application);
        go_on(&r, FLOW_TASK_DONE, FLOW_CREATE_TASK, "{outcome: \"accept\"}");
        go_on(&r, FLOW_TASK_DONE, FLOW_CREATE_TASK, "{decision: \"deny\"}");
        CHECK(stands_at(&r, FLOW_CREATE_JOB, "notify_denied"), "told");
        go_on(&r, FLOW_JOB_DONE, FLOW_CREATE_JOB, "{}");
        CHECK(r.instance->state == FLOW_COMPLETED, "denied");
    }
    arena_free(&r.arena);
}

TEST(flow_instance_read_trusts_nothing)
{
    static const struct {
        const char *list, *key, *text; /* a text put where something else was */
        int64_t number;                /* or a number when text is NULL */
    } table[] = {
        {"tokens", "element", "nowhere", 0}, {"tokens", "state", "flying", 0},
        {"tokens", "state", "inside", 0},    {"tokens", "state", "ready", 0},
        {"tokens", "id", NULL, -1},          {"tokens", "scope", NULL, 77},
        {"tokens", "local", NULL, 77},       {"scopes", "id", NULL, 5},
        {"scopes", "variables", "x", 0},     {NULL, "process", "other", 0},
        {NULL, "state", "odd", 0},           {NULL, "tokens", "x", 0},
    };
    Run r = {0};
    if (!load(&r)) {
        return;
    }
    go_on(&r, FLOW_START, FLOW_FINISHED, application);
    for (size_t i = 0; i < COUNT(table); i++) {
        Err err = {0};
        Value *v = flow_instance_value(&r.arena, &r.model, r.instance, &err);
        CHECK(v && flow_instance_read(&r.arena, &r.model, v, &err), "as written: %s", err.msg);
        Value *into = v;
        for (uint32_t k = 0; table[i].list && k < v->map.count; k++) {
            if (str_eq(v->map.members[k].key, str_z(table[i].list))) {
                into = v->map.members[k].value->list.items[0];
            }
        }
        set_value(&r.arena, into, table[i].key,
                  table[i].text ? value_str(&r.arena, str_z(table[i].text))
                                : value_int(&r.arena, table[i].number));
        const FlowInstance *read = flow_instance_read(&r.arena, &r.model, v, &err);
        CHECK(read == NULL, "row %zu is refused", i);
    }
    arena_free(&r.arena);
}
