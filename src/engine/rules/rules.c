/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is asked and what is answered: a budget for the whole run, the inputs as their types have
 * them, the decision or function, the trace.
 */
#include "engine/rules/rules_int.h"

static const FeelLimits own_limits = {.steps = RULES_MAX_STEPS, .calls = RULES_MAX_CALLS};

static Run *new_run(Arena *out, const DmnModel *m, const RulesAsk *ask, FeelBudget *budget)
{
    Run *run = NEW(out, Run);
    *budget = feel_budget(out, ask->limits ? ask->limits : &own_limits);
    *run = (Run){.budget = budget, .out = out, .model = m};
    run->functions = NEW_N(out, const FeelFunction *, m->function_count + 1);
    run->trace = ask->traced ? value_map(out) : NULL;
    return run;
}

static bool end_run(Run *run, const FeelValue *value, RulesAnswer *answer, Err *err)
{
    bool within = feel_within(run->budget, err);
    if (within && run->trace) {
        tell_value(run, run->trace, "result", value);
    }
    *answer = (RulesAnswer){*value, within ? run->trace : NULL};
    run->trace = run->step = NULL; /* functions among the result tell nobody */
    return within;
}

/* ---- inputs ---- */

static const FeelValue *entry_of(const FeelValue *context, Str name)
{
    bool is = context && context->kind == FEEL_CONTEXT;
    return is ? feel_get(context->context, name) : NULL;
}

/* What was given for a name: inside the import's context, or as it is. */
static const FeelValue *given_for(const FeelValue *context, Str prefix, Str name)
{
    const FeelValue *import = prefix.len > 0 ? entry_of(context, prefix) : NULL;
    const FeelValue *found = entry_of(import, name);
    return found ? found : entry_of(context, name);
}

static bool take_value(Run *run, const RulesAsk *ask, const FeelValue *given, const FeelType *type,
                       FeelValue *value, Err *err)
{
    FeelValue v = *given;
    if (ask->is_data && !feel_coerce(run->out, given, type, &v, err)) {
        return false;
    }
    *value = feel_fit(run->budget, &v, type);
    return true;
}

static bool read_inputs(Run *run, const RulesAsk *ask, Frame *frame, Err *err)
{
    for (size_t i = 0; i < run->model->input_count; i++) {
        const DmnInput *in = &run->model->inputs[i];
        const FeelValue *given = given_for(ask->input, in->prefix, in->name);
        if (given && !take_value(run, ask, given, in->type, &frame->values[i], err)) {
            return false;
        }
    }
    return true;
}

static bool read_decided(Run *run, const RulesAsk *ask, Frame *frame, Err *err)
{
    const DmnModel *m = run->model;
    for (size_t i = 0; ask->decided && i < m->decision_count; i++) {
        const DmnDecision *d = &m->decisions[i];
        const FeelValue *given = given_for(ask->decided, d->prefix, d->name);
        size_t slot = m->input_count + i;
        if (given) {
            frame->given =
                frame->given ? frame->given : NEW_N(run->out, bool, slot + m->decision_count);
            frame->given[slot] = true;
        }
        if (given && !take_value(run, ask, given, d->type, &frame->values[slot], err)) {
            return false;
        }
    }
    return true;
}

/* ---- decisions ---- */

/* The inputs that some decision on the way has read. */
static void tell_given(Run *run, const Frame *frame, size_t wanted)
{
    const DmnModel *m = run->model;
    bool *read = NEW_N(run->out, bool, wanted + 1 + m->input_count);
    bool *needed = read + m->input_count;
    needed[wanted] = true;
    for (size_t i = wanted + 1; i > 0; i--) {
        const DmnDecision *d = &m->decisions[i - 1];
        for (size_t k = 0; needed[i - 1] && k < d->decision_count; k++) {
            needed[d->decisions[k]] = true;
        }
        for (size_t k = 0; needed[i - 1] && k < d->input_count; k++) {
            read[d->inputs[k]] = true;
        }
    }
    for (size_t i = 0; i < m->input_count; i++) {
        Value *row = read[i] ? tell_row(run, run->trace, "inputs") : NULL;
        if (row) {
            set_str(run->out, row, "name", m->inputs[i].name);
            tell_words(run, row, "label", m->inputs[i].label);
            tell_value(run, row, "value", &frame->values[i]);
        }
    }
}

bool rules_decide(Arena *out, const DmnModel *m, Str decision, const RulesAsk *ask,
                  RulesAnswer *answer, Err *err)
{
    const DmnDecision *d = dmn_find(m, decision);
    FeelBudget budget;
    if (!d) {
        return FAIL(err, ERR_NOT_FOUND, "no decision '" STR_FMT "'", STR_ARG(decision));
    }
    size_t wanted = (size_t)(d - m->decisions);
    Run *run = new_run(out, m, ask, &budget);
    Frame frame = {.values = NEW_N(out, FeelValue, m->input_count + m->decision_count + 1)};
    if (!read_inputs(run, ask, &frame, err) || !read_decided(run, ask, &frame, err)) {
        return false;
    }
    if (run->trace) {
        set_str(out, run->trace, "decision", d->id);
        tell_name(run, run->trace, d->label, d->name);
        tell_words(run, run->trace, "question", d->question);
        tell_given(run, &frame, wanted);
    }
    run_decide(run, &frame, wanted, run->trace);
    return end_run(run, &frame.values[m->input_count + wanted], answer, err);
}

/* ---- functions ---- */

bool rules_invoke(Arena *out, const DmnModel *m, Str function, const RulesAsk *ask,
                  RulesAnswer *answer, Err *err)
{
    const DmnFunction *f = dmn_find_function(m, function);
    FeelBudget budget;
    if (!f) {
        return FAIL(err, ERR_NOT_FOUND, "no function '" STR_FMT "'", STR_ARG(function));
    }
    Run *run = new_run(out, m, ask, &budget);
    FeelValue *args = NEW_N(out, FeelValue, f->params->count + 1);
    for (size_t i = 0; i < f->params->count; i++) {
        const FeelName *p = &f->params->at[i];
        const FeelValue *given = entry_of(ask->input, p->name);
        if (given && !take_value(run, ask, given, p->type, &args[i], err)) {
            return false;
        }
    }
    run->step = run->trace;
    FeelValue called = run_function(run, (size_t)(f - m->functions));
    FeelValue value = feel_invoke(&budget, &called, args, f->params->count);
    return end_run(run, &value, answer, err);
}
