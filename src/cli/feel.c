/* SPDX-License-Identifier: Apache-2.0 */
/*
 * onedoor feel 'EXPR': what an expression gives, or where and why it is wrong.
 *
 * The context's fields are the only names, with the types of their values: a typo is an error with
 * its place, as it would be in a catalogue. Strings of the context stay strings: date(x) reads one.
 * Exit status: 0 a value (null is one, its cause goes to stderr), 1 no value, 2 wrong use.
 */
#include <stdio.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/file.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/rules_input.h"
#include "feel/feel.h"
#include "json/json.h"

typedef struct {
    const char *text, *context, *unary, *zh, *json;
} FeelCall;

static int fail_at(Arena *a, const char *path, Str text, const Err *err)
{
    Str shown = diag_caret(a, str_z(path), text, err->offset, str_z(err->msg));
    (void)fprintf(stderr, STR_FMT, STR_ARG(shown));
    return EXIT_FAILED;
}

static int print_value(Arena *a, const FeelCall *call, const FeelValue *v)
{
    Err err = {0};
    const Value *json = call->json ? feel_to_value(a, v, &err) : NULL;
    if (call->json && !json) {
        (void)fprintf(stderr, "onedoor feel: %s\n", err.msg);
        return EXIT_FAILED;
    }
    Str shown = json ? json_pretty(a, json) : feel_text(a, v);
    Str why = feel_why(a, v, call->zh ? FEEL_ZH : FEEL_EN);
    printf(STR_FMT "\n", STR_ARG(shown));
    if (why.len > 0) {
        (void)fprintf(stderr, call->zh ? "空值：" STR_FMT "\n" : "null: " STR_FMT "\n",
                      STR_ARG(why));
    }
    return EXIT_OK;
}

/* The value that unary tests look at: an expression of its own. */
static bool unary_input(Arena *a, const FeelCall *call, FeelValue *input, Err *err)
{
    const FeelProgram *p =
        feel_compile(a, str_z(call->unary), &(FeelNames){0}, FEEL_EXPRESSION, err);
    return p && feel_eval(a, p, NULL, 0, input, err);
}

static int evaluate(Arena *a, const FeelCall *call)
{
    FeelValue context = feel_null(), input = feel_null();
    Err err = {0};
    RulesClock clock = rules_clock(a);
    FeelLimits limits = rules_limits(&clock);
    if (call->context && !rules_read_input(a, call->context, &context, &err)) {
        (void)fprintf(stderr, "%s\n", err.msg);
        return EXIT_FAILED;
    }
    if (call->unary && !unary_input(a, call, &input, &err)) {
        return fail_at(a, "--unary", str_z(call->unary), &err);
    }
    FeelMode mode = call->unary ? FEEL_UNARY_TESTS : FEEL_EXPRESSION;
    const FeelNames *names = rules_names_of(a, &context);
    const FeelProgram *p = feel_compile(a, str_z(call->text), names, mode, &err);
    if (!p) {
        return fail_at(a, "expression", str_z(call->text), &err);
    }
    FeelScope scope = {.context = context.kind == FEEL_CONTEXT ? context.context : NULL,
                       .input = call->unary ? &input : NULL};
    FeelBudget budget = feel_budget(a, &limits);
    FeelValue v = feel_run(&budget, p, &scope);
    if (!feel_within(&budget, &err)) {
        (void)fprintf(stderr, "onedoor feel: %s\n", err.msg);
        return EXIT_FAILED;
    }
    return print_value(a, call, &v);
}

int cli_feel(int argc, char **argv)
{
    FeelCall call = {0};
    const ArgOption options[] = {
        {"EXPR", NULL, "the expression, or unary tests", &call.text, true},
        {"--context", "FILE", "JSON object whose fields are the names", &call.context, false},
        {"--unary", "VALUE", "EXPR is tests of this value, as in a decision table", &call.unary,
         false},
        {"--json", NULL, "print JSON", &call.json, false},
        {"--zh", NULL, "tell why a value is null in Chinese", &call.zh, false},
    };
    const ArgSpec spec = {"feel", "Evaluates a FEEL expression.",
                          "onedoor feel 'decimal(fee * 1.06, 2)' --context case.json", options,
                          COUNT(options)};
    ArgsVerdict verdict = args_read(&spec, argc, argv);
    if (verdict != ARGS_GO) {
        return args_exit(verdict);
    }
    Arena arena = {0};
    int code = evaluate(&arena, &call);
    arena_free(&arena);
    return code;
}
