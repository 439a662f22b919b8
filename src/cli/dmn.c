/* SPDX-License-Identifier: Apache-2.0 */
/*
 * onedoor dmn FILE: decides by a DMN file and says why.
 *
 * Without --decision all decisions of the file are told, one a line. The other .dmn files beside it
 * are there to be imported. Every problem of the files is reported with its place before anything
 * is decided; with --lenient what cannot be read is null, as test kits of DMN expect it.
 * Exit status: 0 decided (null is an answer, its cause is told), 1 not, 2 wrong use.
 */
#include <stdio.h>

#include "cli/args.h"
#include "cli/cli.h"
#include "cli/dmn_files.h"
#include "cli/rules_input.h"
#include "engine/rules/rules.h"
#include "json/json.h"

typedef struct {
    const char *file, *decision, *input, *trace, *json, *lenient, *zh;
    Arena *arena;
    const DmnModel *model;
    RulesAsk ask;
} DmnCall;

static int fail(const Err *err)
{
    (void)fprintf(stderr, "onedoor dmn: %s\n", err->msg);
    return EXIT_FAILED;
}

/* ---- deciding ---- */

static void print_json(Arena *a, const Value *v)
{
    Str text = json_pretty(a, v);
    printf(STR_FMT "\n", STR_ARG(text));
}

static void print_line(const DmnCall *call, Str name, const FeelValue *v)
{
    Str shown = feel_text(call->arena, v);
    Str why = feel_why(call->arena, v, call->zh ? FEEL_ZH : FEEL_EN);
    printf(STR_FMT " = " STR_FMT, STR_ARG(name), STR_ARG(shown));
    printf(why.len > 0 ? "  (" STR_FMT ")\n" : STR_FMT "\n", STR_ARG(why));
}

static bool decide(const DmnCall *call, Str decision, RulesAnswer *answer, Err *err)
{
    bool is_function = !dmn_find(call->model, decision) && dmn_find_function(call->model, decision);
    return is_function ? rules_invoke(call->arena, call->model, decision, &call->ask, answer, err)
                       : rules_decide(call->arena, call->model, decision, &call->ask, answer, err);
}

static int decide_one(const DmnCall *call)
{
    RulesAnswer answer = {0};
    Err err = {0};
    if (!decide(call, str_z(call->decision), &answer, &err)) {
        return fail(&err);
    }
    if (call->trace) {
        print_json(call->arena, answer.trace);
        return EXIT_OK;
    }
    if (!call->json) {
        print_line(call, str_z(call->decision), &answer.value);
        return EXIT_OK;
    }
    const Value *json = feel_to_value(call->arena, &answer.value, &err);
    if (!json) {
        return fail(&err);
    }
    print_json(call->arena, json);
    return EXIT_OK;
}

/* The file's own decisions, not those of its imports. */
static int decide_all(const DmnCall *call)
{
    const DmnModel *m = call->model;
    Value *all = call->trace ? value_list(call->arena) : value_map(call->arena);
    for (size_t i = 0; i < m->decision_count; i++) {
        const DmnDecision *d = &m->decisions[i];
        RulesAnswer answer = {0};
        Err err = {0};
        if (d->file != m->file) {
            continue;
        }
        if (!decide(call, d->id.len > 0 ? d->id : d->name, &answer, &err)) {
            return fail(&err);
        }
        Value *json = call->trace ? answer.trace : feel_to_value(call->arena, &answer.value, &err);
        if (!json) {
            return fail(&err);
        }
        if (call->trace) {
            value_push(call->arena, all, json);
        } else if (call->json) {
            value_set(call->arena, all, d->name, json);
        } else {
            print_line(call, d->name, &answer.value);
        }
    }
    if (call->trace || call->json) {
        print_json(call->arena, all);
    }
    return EXIT_OK;
}

static int run(DmnCall *call)
{
    Err err = {0};
    FeelValue input = feel_null();
    RulesClock clock = rules_clock(call->arena);
    FeelLimits limits = rules_limits(&clock);
    limits.steps = RULES_MAX_STEPS;
    limits.calls = RULES_MAX_CALLS;
    call->model = dmn_files_read(call->arena, str_z(call->file),
                                 call->lenient ? DMN_LENIENT : DMN_STRICT, &err);
    if (!call->model) {
        return fail(&err);
    }
    if (call->input && !rules_read_input(call->arena, call->input, &input, &err)) {
        (void)fprintf(stderr, "%s\n", err.msg);
        return EXIT_FAILED;
    }
    call->ask = (RulesAsk){.input = &input,
                           .decided = &input,
                           .limits = &limits,
                           .is_data = true,
                           .traced = call->trace != NULL};
    return call->decision ? decide_one(call) : decide_all(call);
}

int cli_dmn(int argc, char **argv)
{
    Arena arena = {0};
    DmnCall call = {.arena = &arena};
    const ArgOption options[] = {
        {"FILE", NULL, "the DMN file; the others of its folder may be imported", &call.file, true},
        {"--decision", "NAME", "only this decision, service or function; by id or name",
         &call.decision, false},
        {"--input", "FILE", "JSON object: input data by name", &call.input, false},
        {"--trace", NULL, "print how it was decided: decisions, rules, reasons", &call.trace,
         false},
        {"--json", NULL, "print JSON", &call.json, false},
        {"--lenient", NULL, "what cannot be read is null and not an error", &call.lenient, false},
        {"--zh", NULL, "tell why a value is null in Chinese", &call.zh, false},
    };
    const ArgSpec spec = {"dmn", "Decides by a DMN file.",
                          "onedoor dmn fee.dmn --decision Fee --input case.json --trace", options,
                          COUNT(options)};
    ArgsVerdict verdict = args_read(&spec, argc, argv);
    if (verdict != ARGS_GO) {
        return args_exit(verdict);
    }
    int code = run(&call);
    arena_free(&arena);
    return code;
}
