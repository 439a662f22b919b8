/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Functions: business knowledge models, decision services, boxed function definitions. Each is a
 * FEEL function with this file as its host, so expressions call them like any other; FEEL counts
 * how deep they call each other.
 *
 * The budget comes with each call: a function that was a result may be called when the run that
 * made it is over.
 */
#include "engine/rules/rules_int.h"

typedef struct {
    Run *run;
    const DmnFunction *function;
    const DmnLogic *logic;  /* of a boxed definition */
    const FeelScope *scope; /* around it */
} Callee;

static const FeelContext *arguments(Run *run, const FeelNames *params, const FeelValue *args)
{
    FeelContext *c = NEW(run->out, FeelContext);
    FeelEntry *entries = NEW_N(run->out, FeelEntry, params->count + 1);
    for (size_t i = 0; i < params->count; i++) {
        entries[i] = (FeelEntry){params->at[i].name, args[i]};
    }
    *c = (FeelContext){entries, params->count};
    return c;
}

/* ---- business knowledge and services ---- */

static FeelValue call_knowledge(Run *run, const DmnFunction *f, const FeelValue *args)
{
    FeelScope own = {.context = run_scope(run, &f->scope, NULL)};
    FeelScope scope = {.context = arguments(run, f->params, args), .outer = &own};
    if (!f->is_external) {
        return run_logic(run, f->logic, &scope);
    }
    FeelValue called = run_logic(run, f->logic, &scope);
    return feel_invoke(run->budget, &called, args, f->params->count);
}

/* A frame of its own: what it was given is fixed, all else is decided anew. */
static FeelValue call_service(Run *run, const DmnFunction *f, const FeelValue *args)
{
    const DmnModel *m = run->model;
    size_t slots = m->input_count + m->decision_count;
    Frame frame = {.values = NEW_N(run->out, FeelValue, slots + 1),
                   .given = NEW_N(run->out, bool, slots + 1)};
    FeelEntry *entries = NEW_N(run->out, FeelEntry, f->output_count + 1);
    for (size_t i = 0; i < f->params->count; i++) {
        frame.values[f->slots[i]] = args[i];
        frame.given[f->slots[i]] = true;
    }
    for (size_t i = 0; i < f->output_count; i++) {
        size_t at = f->outputs[i], slot = m->input_count + at;
        if (!frame.given[slot]) {
            run_decide(run, &frame, at, run->step);
            frame.given[slot] = true;
        }
        entries[i] = (FeelEntry){m->decisions[at].name, frame.values[slot]};
    }
    if (f->output_count == 1) {
        return entries[0].value;
    }
    FeelContext *c = NEW(run->out, FeelContext);
    *c = (FeelContext){entries, f->output_count};
    return feel_context(c);
}

static Value *start_call(Run *run, const DmnFunction *f, const FeelValue *args)
{
    Value *row = tell_row(run, run->step, "calls");
    if (!row) {
        return NULL;
    }
    set_str(run->out, row, "function", f->id);
    tell_name(run, row, f->label, f->name);
    set_str(run->out, row, "kind",
            f->kind == DMN_SERVICE ? STR("service") : str_z(run_kind_name(f->logic->kind)));
    for (size_t i = 0; i < f->params->count; i++) {
        Value *given = tell_row(run, row, "arguments");
        if (given) {
            set_str(run->out, given, "name", f->params->at[i].name);
            tell_value(run, given, "value", &args[i]);
        }
    }
    return row;
}

static FeelValue host_function(FeelBudget *b, const FeelFunction *f, const FeelValue *args)
{
    const Callee *callee = f->data;
    Run *run = callee->run;
    FeelBudget *budget = run->budget;
    Value *outer = run->step;
    run->budget = b;
    run->step = start_call(run, callee->function, args);
    FeelValue v = callee->function->kind == DMN_SERVICE
                      ? call_service(run, callee->function, args)
                      : call_knowledge(run, callee->function, args);
    v = feel_fit(b, &v, callee->function->result);
    if (run->step) {
        tell_value(run, run->step, "result", &v);
    }
    run->step = outer;
    run->budget = budget;
    return v;
}

FeelValue run_function(Run *run, size_t function)
{
    if (!run->functions[function]) {
        const DmnFunction *f = &run->model->functions[function];
        Callee *callee = NEW(run->out, Callee);
        FeelFunction *made = NEW(run->out, FeelFunction);
        *callee = (Callee){.run = run, .function = f};
        *made = (FeelFunction){
            .params = f->params, .result = f->result, .host = host_function, .data = callee};
        run->functions[function] = made;
    }
    return (FeelValue){.kind = FEEL_FUNCTION, .function = run->functions[function]};
}

/* ---- boxed definitions ---- */

static FeelValue host_closure(FeelBudget *b, const FeelFunction *f, const FeelValue *args)
{
    const Callee *callee = f->data;
    Run *run = callee->run;
    FeelBudget *budget = run->budget;
    FeelScope scope = {.context = arguments(run, f->params, args), .outer = callee->scope};
    run->budget = b;
    FeelValue v = run_logic(run, callee->logic, &scope);
    run->budget = budget;
    return v;
}

/* The scope as the function will need it when its maker has returned. */
static const FeelScope *kept(Arena *out, const FeelScope *scope)
{
    const FeelScope *first = NULL;
    const FeelScope **next = &first;
    for (; scope; scope = scope->outer) {
        FeelScope *made = NEW(out, FeelScope);
        *made = (FeelScope){.context = scope->context};
        *next = made;
        next = &made->outer;
    }
    return first;
}

FeelValue run_closure(Run *run, const DmnLogic *logic, const FeelScope *scope)
{
    Callee *callee = NEW(run->out, Callee);
    FeelFunction *made = NEW(run->out, FeelFunction);
    *callee = (Callee){.run = run, .logic = logic->parts[0], .scope = kept(run->out, scope)};
    *made = (FeelFunction){.params = logic->params, .host = host_closure, .data = callee};
    return (FeelValue){.kind = FEEL_FUNCTION, .function = made};
}

/* ---- boxed invocation ---- */

static size_t param_of(const FeelNames *params, Str name)
{
    size_t i = 0;
    while (i < params->count && !str_eq(params->at[i].name, name)) {
        i++;
    }
    return i;
}

FeelValue run_invocation(Run *run, const DmnLogic *logic, const FeelScope *scope)
{
    FeelValue called = run_logic(run, logic->parts[0], scope);
    const FeelNames *params = called.kind == FEEL_FUNCTION ? called.function->params : NULL;
    if (!params) {
        return feel_invoke(run->budget, &called, NULL, 0);
    }
    FeelValue *args = NEW_N(run->out, FeelValue, params->count + 1);
    size_t count = called.function->host || called.function->body ? params->count : 0;
    for (size_t i = 0; i < logic->entry_count; i++) {
        const DmnEntry *e = &logic->entries[i];
        size_t at = param_of(params, e->name);
        if (at == params->count) {
            return feel_reason(run->out, "no parameter '" STR_FMT "'", STR_ARG(e->name));
        }
        FeelValue v = e->logic ? run_part(run, e->logic, scope, e->name) : feel_null();
        args[at] = feel_fit(run->budget, &v, e->type);
        count = at + 1 > count ? at + 1 : count;
    }
    return feel_invoke(run->budget, &called, args, count);
}
