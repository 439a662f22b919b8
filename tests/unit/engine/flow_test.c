/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs tests/cases/flow/ *.test: blocks "process" … "end" (see flow_script.h), then lines of a
 * scenario (engine/scenario/scenario.h), each effect expected.
 */
#include "check.h"

#include "base/file.h"
#include "engine/scenario/scenario.h"
#include "flow_script.h"

static bool decide(void *rules, Arena *out, Str decision, const FeelValue *input, FeelValue *result,
                   Value **trace, Err *err)
{
    (void)rules;
    if (!str_eq(decision, STR("double"))) {
        return FAIL(err, ERR_NOT_FOUND, "no decision '" STR_FMT "'", STR_ARG(decision));
    }
    const FeelValue *x = feel_get(input->context, STR("x"));
    *result = feel_add(out, x, x);
    *trace = value_map(out);
    return true;
}

/* Working days of a place whose weeks have seven. */
static bool add_days(void *calendar, TimeMs from, int64_t days, TimeMs *due, Err *err)
{
    (void)calendar;
    *due = from + days * 86400000;
    return days < 1000 || FAIL(err, ERR_LIMIT, "no calendar for %lld days", (long long)days);
}

static void read_process(Scenario *s, Str path, Str block)
{
    Diags diags = {.arena = s->arena};
    Str text = flow_script_document(s->arena, block);
    s->model = (FlowModel){.decide = decide, .working_days = add_days};
    s->model.process = bpmn_read(s->arena, &diags, diag_file(&diags, path, text), text, NULL);
    Str report = diag_render(s->arena, &diags);
    CHECK(s->model.process != NULL, STR_FMT, STR_ARG(report));
    scenario_reset(s);
}

static void run_file(Scenario *s, Str path, Str text)
{
    Str rest = text, line = {0};
    StrBuf block = buf_in(s->arena);
    bool in_process = false;
    while (str_split(&rest, '\n', &line)) {
        Str trimmed = str_trim(line);
        if (str_eq(trimmed, STR("process"))) {
            in_process = true;
            block = buf_in(s->arena);
        } else if (str_eq(trimmed, STR("end")) && in_process) {
            in_process = false;
            scenario_end(s);
            read_process(s, path, buf_str(&block));
        } else if (in_process) {
            buf_add(&block, line);
            buf_char(&block, '\n');
        } else if (s->model.process) {
            scenario_line(s, line, (uint32_t)(line.at - text.at));
        }
    }
    scenario_end(s);
}

TEST(flow_scripts)
{
    Arena arena = {0};
    StrVec paths = {0};
    Err err = {0};
    CHECK(file_list(&arena, STR("tests/cases/flow"), STR(".test"), &paths, &err), "%s", err.msg);
    CHECK(paths.len >= 4, "scripts are there");
    for (size_t i = 0; i < paths.len; i++) {
        Arena a = {0};
        Diags diags = {.arena = &a};
        Scenario s = {.arena = &a, .diags = &diags, .strict = true};
        Str text = {0}, path = path_join(&arena, STR("tests/cases/flow"), paths.at[i]);
        CHECK(file_read(&a, path, SCENARIO_FILE_MAX, &text, &err), "%s", err.msg);
        s.file = diag_file(&diags, path, text);
        run_file(&s, path, text);
        Str report = diag_render(&a, &diags);
        CHECK(diags.errors == 0, STR_FMT, STR_ARG(report));
        arena_free(&a);
    }
    arena_free(&arena);
}
