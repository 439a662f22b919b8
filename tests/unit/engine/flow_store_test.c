/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is stored: an instance of the first format goes on, unknown formats are refused, a process
 * of ten steps at work is small; and what a step needs it takes from its arena, the same bytes for
 * the same input.
 */
#include "check.h"

#include <malloc.h>

#include "base/file.h"
#include "engine/flow/flow.h"
#include "engine/scenario/scenario.h"
#include "flow_script.h"
#include "json/json.h"

enum { STORED_MAX = 2048, FILE_MAX = 1 << 20, ROOM = 16 << 20, REPEATS = 20 };

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { COUNTS_MALLOC = 0 };
#else
enum { COUNTS_MALLOC = 1 };
#endif

static FlowModel model(Arena *a, const char *block)
{
    Diags d = {.arena = a};
    Str text = flow_script_document(a, str_z(block));
    FlowModel m = {.process = bpmn_read(a, &d, diag_file(&d, STR("p"), text), text, NULL)};
    Str report = diag_render(a, &d);
    CHECK(m.process != NULL, STR_FMT, STR_ARG(report));
    return m;
}

static Str written(Arena *a, const FlowModel *m, const FlowInstance *in)
{
    Err err = {0};
    const Value *v = flow_instance_value(a, m, in, &err);
    CHECK(v != NULL, "%s", err.msg);
    return v ? json_text(a, v) : STR("");
}

/* ---- formats ---- */

static const char *const first_format =
    "<startEvent id=\"s\"/>\n<parallelGateway id=\"f\"/>\n"
    "<subProcess id=\"u\"><extensionElements><zeebe:ioMapping><zeebe:input source=\"= 5\" "
    "target=\"seat\"/></zeebe:ioMapping></extensionElements><startEvent id=\"s2\"/>\n"
    "<userTask id=\"a\"><extensionElements><zeebe:assignmentDefinition candidateGroups=\"clerk\"/>"
    "<zeebe:ioMapping><zeebe:input source=\"= 2\" target=\"m\"/><zeebe:output source=\"= m\" "
    "target=\"out\"/></zeebe:ioMapping></extensionElements></userTask>\n"
    "<boundaryEvent id=\"note\" attachedToRef=\"a\" cancelActivity=\"false\">"
    "<messageEventDefinition id=\"d1\" messageRef=\"m2\"/></boundaryEvent>\n"
    "job w\n<endEvent id=\"ue\"/>\nflow s2 a\nflow a ue\nflow note w\nflow w ue\n</subProcess>\n"
    "<boundaryEvent id=\"late\" attachedToRef=\"u\"><timerEventDefinition id=\"d2\"><timeDuration>"
    "P5D</timeDuration></timerEventDefinition></boundaryEvent>\n"
    "job b\njob c\n<parallelGateway id=\"j\"/>\n<eventBasedGateway id=\"g\"/>\n"
    "<intermediateCatchEvent id=\"k1\"><timerEventDefinition id=\"d3\"><timeDuration>P1D"
    "</timeDuration></timerEventDefinition></intermediateCatchEvent>\n"
    "<intermediateCatchEvent id=\"k2\"><messageEventDefinition id=\"d4\" messageRef=\"m2\"/>"
    "</intermediateCatchEvent>\n<endEvent id=\"e\"/>\n"
    "flow s f\nflow f u\nflow f b\nflow f c\nflow f g\nflow u j\nflow b j\nflow c j\nflow late e\n"
    "flow g k1\nflow g k2\nflow k1 e\nflow k2 e\nflow j e\n";

static FlowInstance *happens(Arena *a, const FlowModel *m, const FlowInstance *in, FlowEvent ev)
{
    FlowResult r = {0};
    Err err = {0};
    CHECK(flow_step(a, m, in, &ev, &r, &err), "event %d of %lld: %s", ev.kind, (long long)ev.key,
          err.msg);
    return r.after;
}

TEST(flow_first_format_goes_on)
{
    Arena a = {0};
    Err err = {0};
    Str text = {0};
    FlowModel m = model(&a, first_format);
    CHECK(file_read(&a, STR("tests/cases/flow/format1.json"), FILE_MAX, &text, &err), "%s",
          err.msg);
    const Value *v = json_read(&a, text, &err);
    FlowInstance *in = v ? flow_instance_read(&a, &m, v, &err) : NULL;
    CHECK(in != NULL, "%s", err.msg);
    if (in) {
        CHECK(in->tokens.len == 5 && in->waits.len == 4 && in->scopes.len == 3, "all is there");
        in = happens(&a, &m, in, (FlowEvent){.kind = FLOW_MESSAGE, .key = 8});
        in = happens(&a, &m, in, (FlowEvent){.kind = FLOW_TASK_DONE, .key = 10});
        in = happens(&a, &m, in, (FlowEvent){.kind = FLOW_JOB_DONE, .key = in->last_key - 0});
        in = happens(&a, &m, in, (FlowEvent){.kind = FLOW_RESOLVE, .key = 13});
        in = happens(&a, &m, in, (FlowEvent){.kind = FLOW_TIMER, .key = 15});
        CHECK(in->state == FLOW_COMPLETED, "to its end");
    }
    arena_free(&a);
}

TEST(flow_formats_known)
{
    static const struct {
        const char *text;
        ErrCode code; /* ERR_NONE: read */
        const char *why;
    } table[] = {
        {"{\"format\":2,\"process\":\"p\",\"state\":\"active\",\"last_key\":0,\"tokens\":[],"
         "\"waits\":[],\"scopes\":[{\"id\":0,\"variables\":{}}]}",
         ERR_NONE, ""},
        {"{\"format\":3,\"process\":\"p\"}", ERR_CONFLICT, "instance is of format 3"},
        {"{\"format\":0,\"process\":\"p\"}", ERR_CONFLICT, "instance is of format 0"},
        {"{\"format\":\"x\",\"process\":\"p\"}", ERR_CONFLICT, "instance is of format 0"},
        {"{\"process\":\"q\"}", ERR_CONFLICT, "instance is of process 'q'"},
        {"{\"process\":\"p\"}", ERR_INPUT, "unknown state"},
        {"{\"process\":\"p\",\"state\":\"active\"}", ERR_INPUT, "instance has no lists"},
        {"{\"process\":\"p\",\"state\":\"active\",\"last_key\":-1}", ERR_INPUT, "last_key '-1'"},
        {"[]", ERR_CONFLICT, "instance is of process ''"},
    };
    Arena a = {0};
    FlowModel m = model(&a, "<startEvent id=\"s\"/>\nuser a\nflow s a\n");
    for (size_t i = 0; i < COUNT(table); i++) {
        Err err = {0};
        const Value *v = json_read(&a, str_z(table[i].text), &err);
        const FlowInstance *in = v ? flow_instance_read(&a, &m, v, &err) : NULL;
        CHECK((in != NULL) == (table[i].code == ERR_NONE) && err.code == table[i].code &&
                  str_starts(str_z(err.msg), str_z(table[i].why)),
              "row %zu: %s", i, err.msg);
    }
    arena_free(&a);
}

/* ---- size ---- */

static const char *const ten_steps =
    "<startEvent id=\"start\"/>\nuser receive\nuser check_materials\njob fetch_facts\n"
    "script days limit = 20\n<parallelGateway id=\"both\"/>\nuser review_medical\n"
    "<boundaryEvent id=\"late\" attachedToRef=\"review_medical\" cancelActivity=\"false\">"
    "<timerEventDefinition id=\"t1\"><timeCycle>R/P1D</timeCycle></timerEventDefinition>"
    "</boundaryEvent>\njob remind\nuser review_pension\n<parallelGateway id=\"all\"/>\n"
    "user decide\njob certificate\njob notify\n<endEvent id=\"done\"/>\n"
    "flow start receive\nflow receive check_materials\nflow check_materials fetch_facts\n"
    "flow fetch_facts days\nflow days both\nflow both review_medical\nflow both review_pension\n"
    "flow late remind\nflow remind done\nflow review_medical all\nflow review_pension all\n"
    "flow all decide\nflow decide certificate\nflow certificate notify\nflow notify done\n";

static const char *const case_variables =
    "{applicant_kind: \"person\", applicant_name: \"张晓明\", id_no: \"330702196411220013\", "
    "organ: \"金华市人力资源和社会保障局\", applied_on: \"2026-11-22\", birth: \"1966-11-22\", "
    "employer: \"金华市第一纺织厂\", years_insured: 31, special_work: false, place: \"330702\", "
    "channel: \"window\", outcome: \"accept\", materials: [\"id\", \"hukou\", \"archive\"], "
    "phone: \"13800000000\", remark: \"本人到场办理，材料齐全\"}";

TEST(flow_instance_is_small)
{
    Arena a = {0};
    Diags d = {.arena = &a};
    Scenario s = {.arena = &a, .diags = &d, .model = model(&a, ten_steps)};
    Str start = str_fmt(&a, "start %s", case_variables);
    scenario_run(&s, start);
    scenario_run(&s, STR("task receive\ntask check_materials {complete: true}\n"
                         "job fetch_facts {pension_years: 31, hospital: \"金华市中心医院\"}\n"
                         "timer late\ntask review_pension {pension: 3210.5}\n"));
    Str report = diag_render(&a, &d), text = written(&a, &s.model, s.instance);
    CHECK(d.errors == 0, STR_FMT, STR_ARG(report));
    CHECK(s.instance->tokens.len == 3 && text.len <= STORED_MAX, "%zu bytes: " STR_FMT, text.len,
          STR_ARG(text));
    arena_free(&a);
}

/* ---- limits ---- */

/* What can be undone is remembered up to the limit: the oldest is forgotten. */
TEST(flow_records_are_limited)
{
    Arena a = {0};
    FlowModel m = model(
        &a, "<startEvent id=\"s\"/>\njob a\n<boundaryEvent id=\"ca\" attachedToRef=\"a\">"
            "<compensateEventDefinition id=\"d\"/></boundaryEvent>\n<serviceTask id=\"ua\" "
            "isForCompensation=\"true\"><extensionElements><zeebe:taskDefinition type=\"undo\"/>"
            "</extensionElements></serviceTask><association id=\"x\" sourceRef=\"ca\" "
            "targetRef=\"ua\"/>\n<exclusiveGateway id=\"g\"/>\nflow s g\nflow g a\nflow a g\n");
    FlowInstance *in = happens(&a, &m, NULL, (FlowEvent){.kind = FLOW_START});
    for (int i = 0; i < FLOW_MAX_RECORDS + REPEATS; i++) {
        int64_t key = in->tokens.at[0].key;
        in = happens(&a, &m, in, (FlowEvent){.kind = FLOW_JOB_DONE, .key = key});
    }
    CHECK(in->records.len == FLOW_MAX_RECORDS && in->records.at[0].id > 2 * REPEATS,
          "%zu records from %lld", in->records.len, (long long)in->records.at[0].id);
    arena_free(&a);
}

/* ---- purity ---- */

static size_t held(void)
{
    struct mallinfo2 m = mallinfo2();
    return m.uordblks + m.hblkhd;
}

/* Steps through the process, stored and read on the way; what came out, as text. */
static Str walk(Arena *a, const FlowModel *m, const FeelContext *start)
{
    StrBuf b = buf_in(a);
    FlowInstance *in = NULL;
    FlowEvent ev = {.kind = FLOW_START, .at = 1795000000000, .id_base = 1000, .variables = start};
    for (int i = 0; i < REPEATS && (!in || in->state == FLOW_ACTIVE); i++) {
        FlowResult r = {0};
        Err err = {0};
        CHECK(flow_step(a, m, in, &ev, &r, &err), "%s", err.msg);
        for (size_t k = 0; k < r.effects.len; k++) {
            buf_add(&b, scenario_effect_text(a, &r.effects.at[k], 0));
            buf_char(&b, '\n');
        }
        const Value *v = flow_instance_value(a, m, r.after, &err);
        Str text = v ? json_text(a, v) : STR("");
        buf_add(&b, text);
        in = v ? flow_instance_read(a, m, json_read(a, text, &err), &err) : NULL;
        CHECK(in != NULL, "%s", err.msg);
        const FlowToken *t = NULL;
        for (size_t k = 0; in && k < in->tokens.len; k++) {
            const FlowToken *o = &in->tokens.at[k];
            t = o->state == TOKEN_JOB || o->state == TOKEN_TASK ? o : t;
        }
        if (!t) {
            break;
        }
        ev = (FlowEvent){.kind = t->state == TOKEN_JOB ? FLOW_JOB_DONE : FLOW_TASK_DONE,
                         .key = t->key,
                         .at = ev.at + 1};
    }
    return buf_str(&b);
}

TEST(flow_steps_are_pure)
{
    Arena keep = {0}, a = {0};
    Err err = {0};
    FeelValue v = feel_null();
    FlowModel m = model(&keep, ten_steps);
    const FeelProgram *p = feel_compile(&keep, str_z(case_variables), NULL, FEEL_EXPRESSION, &err);
    CHECK(p && feel_eval(&keep, p, NULL, 0, &v, &err), "%s", err.msg);
    Str first = str_dup(&keep, walk(&a, &m, v.context));
    arena_free(&a);
    (void)arena_alloc(&a, ROOM);
    arena_reset(&a);
    size_t before = held(), room = a.total;
    Str second = walk(&a, &m, v.context);
    CHECK(!COUNTS_MALLOC || a.total > room || held() == before, "%zd bytes outside the arena",
          (ssize_t)(held() - before));
    CHECK(a.total == room, "the arena had room");
    CHECK(str_eq(first, second) && first.len > 0, "the same bytes");
    arena_free(&a);
    arena_free(&keep);
}
