/* SPDX-License-Identifier: Apache-2.0 */
/*
 * onedoor flow FILE: runs a process of a BPMN file with events from a script, and prints what the
 * engine would have the service do. What is printed is a script again: kept in a file, it is a test.
 *
 * Rule tasks ask the .dmn files beside the process, or --dmn; working days are those of the
 * built-in calendar, or --calendar. Nothing is stored, no time goes by but in the script.
 * Exit status: 0 as expected, 1 not, or a file cannot be used, 2 wrong use.
 */
#include <stdio.h>

#include "base/date.h"
#include "base/file.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/dmn_files.h"
#include "cli/flow_print.h"
#include "cli/rules_input.h"
#include "engine/law/law.h"
#include "engine/rules/rules.h"

enum { BPMN_FILE_MAX = 16 << 20, CALENDAR_FILE_MAX = 4 << 20 };

typedef struct {
    const char *file, *process, *script, *input, *dmn, *calendar, *at, *strict, *trace, *json;
    Arena *arena;
    const DmnModel **rules;
    size_t rule_count;
    LawClock clock;
    Scenario run;
} FlowCall;

static int fail(const Err *err)
{
    (void)fprintf(stderr, "onedoor flow: %s\n", err->msg);
    return EXIT_FAILED;
}

static void print_problems(Arena *a, Diags *diags)
{
    Str problems = diag_render(a, diags);
    (void)fprintf(stderr, STR_FMT, STR_ARG(problems));
}

/* ---- what the engine asks ---- */

static bool decide(void *app, Arena *out, Str decision, const FeelValue *input, FeelValue *result,
                   Value **trace, Err *err)
{
    const FlowCall *call = app;
    RulesAnswer answer = {0};
    FeelValue now = feel_of_time(out, call->run.now, call->run.model.zone_minutes);
    FeelLimits limits = {.steps = RULES_MAX_STEPS, .calls = RULES_MAX_CALLS, .now = &now};
    RulesAsk ask = {.input = input, .limits = &limits, .is_data = true};
    for (size_t i = 0; i < call->rule_count; i++) {
        const DmnModel *m = call->rules[i];
        bool is_decision = dmn_find(m, decision) != NULL;
        if (!is_decision && !dmn_find_function(m, decision)) {
            continue;
        }
        bool made = is_decision ? rules_decide(out, m, decision, &ask, &answer, err)
                                : rules_invoke(out, m, decision, &ask, &answer, err);
        *result = answer.value;
        *trace = NULL;
        return made;
    }
    return FAIL(err, ERR_NOT_FOUND, "no file has decision '" STR_FMT "'", STR_ARG(decision));
}

static bool working_days(void *clock, TimeMs from, int64_t days, TimeMs *due, Err *err)
{
    LawDue limit;
    if (days < 0 || days > LAW_MAX_BUDGET) {
        return FAIL(err, ERR_LIMIT, "more than %d working days", LAW_MAX_BUDGET);
    }
    LawBudget budget = {.n = (int32_t)days, .unit = LAW_WORKING_DAY};
    bool counted = law_due(clock, from, budget, (LawIntervals){0}, &limit, err);
    *due = counted ? limit.at : from;
    return counted;
}

/* ---- reading ---- */

static bool read_process(FlowCall *call, Err *err)
{
    Str text = {0}, path = str_z(call->file);
    Diags diags = {.arena = call->arena};
    if (!file_read(call->arena, path, BPMN_FILE_MAX, &text, err)) {
        return false;
    }
    uint16_t file = diag_file(&diags, path, text);
    call->run.model.process =
        call->process ? bpmn_read_process(call->arena, &diags, file, text, str_z(call->process))
                      : bpmn_read(call->arena, &diags, file, text, NULL);
    print_problems(call->arena, &diags);
    return call->run.model.process || FAIL(err, ERR_INPUT, "%s cannot run: %zu error%s", call->file,
                                           diags.errors, diags.errors == 1 ? "" : "s");
}

static bool asks_rules(const BpmnProcess *p)
{
    for (size_t i = 0; i < p->element_count; i++) {
        if (p->elements[i].decision.len > 0) {
            return true;
        }
    }
    return false;
}

static bool read_rules(FlowCall *call, Err *err)
{
    StrVec paths = {0};
    Str folder = {0}, name = {0};
    path_split(str_z(call->file), &folder, &name);
    if (call->dmn) {
        folder = STR("");
        *VEC_PUSH(call->arena, &paths) = str_z(call->dmn);
    } else if (asks_rules(call->run.model.process) &&
               !file_list(call->arena, folder, STR(".dmn"), &paths, err)) {
        return false;
    }
    call->rules = NEW_N(call->arena, const DmnModel *, paths.len + 1);
    for (size_t i = 0; i < paths.len; i++) {
        bool beside = call->dmn || str_find(paths.at[i], STR("/"), 0) == SIZE_MAX;
        Str path = str_join(call->arena, folder, paths.at[i]);
        const DmnModel *m = beside ? dmn_files_read(call->arena, path, DMN_STRICT, err) : NULL;
        if (beside && !m) {
            return false;
        }
        call->rules[call->rule_count] = m;
        call->rule_count += m != NULL;
    }
    return true;
}

static bool read_calendar(FlowCall *call, Err *err)
{
    Str csv = {0};
    call->clock = (LawClock){.hours = {9 * 60, 17 * 60}, .zone = ZONE_CHINA_MINUTES};
    if (!call->calendar) {
        call->clock.calendar = calendar_builtin(call->arena);
        return true;
    }
    if (!file_read(call->arena, str_z(call->calendar), CALENDAR_FILE_MAX, &csv, err)) {
        return false;
    }
    call->clock.calendar = calendar_read(call->arena, csv, err);
    if (!call->clock.calendar) {
        Str shown =
            diag_caret(call->arena, str_z(call->calendar), csv, err->offset, str_z(err->msg));
        return FAIL(err, ERR_INPUT, STR_FMT, STR_ARG(shown));
    }
    return true;
}

static bool read_inputs(FlowCall *call, Err *err)
{
    FeelValue input = feel_null();
    Clock real;
    clock_init_real(&real);
    call->run.now = clock_now(&real);
    if (call->at && !scenario_time(&call->run, str_z(call->at), &call->run.now, err)) {
        return false;
    }
    if (call->input && !rules_read_input(call->arena, call->input, &input, err)) {
        return false;
    }
    call->run.given = call->input ? input.context : NULL;
    return true;
}

/* ---- running ---- */

static int play(FlowCall *call, Str name, Str text)
{
    Diags diags = {.arena = call->arena};
    FlowPrint print = {
        .run = &call->run, .json = call->json != NULL, .traced = call->trace != NULL};
    call->run.diags = &diags;
    call->run.file = diag_file(&diags, name, text);
    call->run.strict = call->strict != NULL;
    call->run.on_event = flow_print_event;
    call->run.on_effect = flow_print_effect;
    call->run.app = &print;
    scenario_run(&call->run, text);
    flow_print_end(&print);
    print_problems(call->arena, &diags);
    return diags.errors ? EXIT_FAILED : EXIT_OK;
}

static int run(FlowCall *call)
{
    Err err = {0};
    Str script = STR("start");
    call->run.arena = call->arena;
    call->run.model = (FlowModel){.decide = decide,
                                  .rules = call,
                                  .zone_minutes = ZONE_CHINA_MINUTES,
                                  .working_days = working_days,
                                  .calendar = &call->clock};
    if (!read_process(call, &err) || !read_rules(call, &err) || !read_calendar(call, &err) ||
        !read_inputs(call, &err) ||
        (call->script &&
         !file_read(call->arena, str_z(call->script), SCENARIO_FILE_MAX, &script, &err))) {
        return fail(&err);
    }
    return play(call, call->script ? str_z(call->script) : STR("(no script)"), script);
}

int cli_flow(int argc, char **argv)
{
    Arena arena = {0};
    FlowCall call = {.arena = &arena};
    const ArgOption options[] = {
        {"FILE", NULL, "the BPMN file", &call.file, true},
        {"--process", "ID", "this process of the file; else the executable one", &call.process,
         false},
        {"--script", "FILE", "events and what is expected; else it is only started", &call.script,
         false},
        {"--input", "FILE", "JSON object: variables of every start", &call.input, false},
        {"--dmn", "FILE", "rules; else the .dmn files beside the process", &call.dmn, false},
        {"--calendar", "FILE", "CSV of days off; else the built-in calendar", &call.calendar,
         false},
        {"--at", "TIME", "the clock at the beginning; else now", &call.at, false},
        {"--strict", NULL, "every effect has to be expected by the script", &call.strict, false},
        {"--trace", NULL, "tell the elements that were passed, too", &call.trace, false},
        {"--json", NULL, "a JSON object a line", &call.json, false},
    };
    const ArgSpec spec = {"flow", "Runs a process with events from a script.",
                          "onedoor flow permit.bpmn --script granted.flow", options,
                          COUNT(options)};
    ArgsVerdict verdict = args_read(&spec, argc, argv);
    if (verdict != ARGS_GO) {
        return args_exit(verdict);
    }
    int code = run(&call);
    arena_free(&arena);
    return code;
}
