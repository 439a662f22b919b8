/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decision tables: the columns' inputs once, the rules that hold, their outputs, the hit policy.
 */
#include "engine/rules/rules_int.h"

enum { SMALL = 8 };

/* A column that names what the element requires has its value by place. */
static FeelValue column_value(Run *run, const DmnInputColumn *c, const FeelScope *scope)
{
    if (c->place == DMN_NOWHERE) {
        return run_cell(run, &c->expression, scope);
    }
    while (scope->outer) {
        scope = scope->outer;
    }
    return scope->context->entries[c->place].value;
}

/* Null with a reason when the value is none of those that the column takes. */
static FeelValue check_value(Run *run, const DmnInputColumn *c, const FeelScope *scope,
                             const FeelValue *v)
{
    if (!c->allowed || v->kind == FEEL_NULL) {
        return *v;
    }
    FeelScope inner = {.outer = scope, .input = v};
    FeelValue fits = feel_run(run->budget, c->allowed, &inner);
    return feel_is_true(&fits)
               ? *v
               : feel_reason(run->out, "'" STR_FMT "' is none of " STR_FMT,
                             STR_ARG(feel_text(run->out, v)), STR_ARG(c->allowed_text));
}

/* False: a value is none of those that its column takes, and that is the result. */
static bool read_inputs(Run *run, const DmnTable *t, const FeelScope *scope, FeelValue *values,
                        FeelValue *refused)
{
    bool ok = true;
    for (size_t i = 0; i < t->input_count; i++) {
        const DmnInputColumn *c = &t->inputs[i];
        FeelValue raw = column_value(run, c, scope);
        FeelValue v = feel_fit(run->budget, &raw, c->type);
        values[i] = check_value(run, c, scope, &v);
        if (ok && values[i].kind == FEEL_NULL && v.kind != FEEL_NULL) {
            ok = false;
            *refused = values[i];
        }
    }
    return ok;
}

/* ---- outputs ---- */

static FeelValue output(Run *run, const DmnOutputColumn *c, const DmnCell *cell,
                        const FeelScope *scope)
{
    FeelValue raw = run_cell(run, cell, scope);
    return feel_fit(run->budget, &raw, c->type);
}

/* One output is the value itself, several are a context. rule NULL: the defaults. */
static FeelValue outputs_of(Run *run, const DmnTable *t, const DmnRule *rule,
                            const FeelScope *scope)
{
    if (t->output_count == 1) {
        return output(run, &t->outputs[0], rule ? &rule->outputs[0] : &t->outputs[0].otherwise,
                      scope);
    }
    FeelEntry *entries = NEW_N(run->out, FeelEntry, t->output_count);
    FeelContext *c = NEW(run->out, FeelContext);
    for (size_t i = 0; i < t->output_count; i++) {
        const DmnCell *cell = rule ? &rule->outputs[i] : &t->outputs[i].otherwise;
        entries[i] = (FeelEntry){t->outputs[i].name, output(run, &t->outputs[i], cell, scope)};
    }
    *c = (FeelContext){entries, t->output_count};
    return feel_context(c);
}

/* No rule holds: the defaults; without them null, and nothing collected is an empty list. */
static FeelValue no_rule(Run *run, const DmnTable *t, const FeelScope *scope)
{
    bool many = t->hit == DMN_COLLECT || t->hit == DMN_RULE_ORDER || t->hit == DMN_OUTPUT_ORDER;
    if (t->has_default) {
        return outputs_of(run, t, NULL, scope);
    }
    if (t->aggregation == DMN_COUNT) {
        return feel_int(0);
    }
    if (many && t->aggregation == DMN_LIST_ALL) {
        return (FeelValue){.kind = FEEL_LIST};
    }
    return feel_reason(run->out, "no rule of the table holds");
}

FeelValue run_table(Run *run, const DmnTable *t, const FeelScope *scope)
{
    FeelValue few_inputs[SMALL], few_outputs[SMALL], refused = feel_null();
    uint32_t few[SMALL] = {0};
    Hits hits = {.at = few, .cap = SMALL};
    FeelValue *inputs =
        t->input_count <= SMALL ? few_inputs : NEW_N(run->out, FeelValue, t->input_count);
    bool fit = read_inputs(run, t, scope, inputs, &refused);
    tell_inputs(run, t, inputs);
    if (!fit || !feel_take(run->budget, t->rule_count)) {
        return refused;
    }
    run_find_hits(run, t, scope, inputs, &hits);
    if (hits.len == 0) {
        return no_rule(run, t, scope);
    }
    bool lists = t->hit == DMN_COLLECT || t->hit == DMN_RULE_ORDER || t->hit == DMN_OUTPUT_ORDER;
    FeelValue *outputs =
        !lists && hits.len <= SMALL ? few_outputs : NEW_N(run->out, FeelValue, hits.len);
    for (size_t i = 0; i < hits.len && !run_spent(run); i++) {
        outputs[i] = outputs_of(run, t, &t->rules[hits.at[i]], scope);
        tell_rule(run, t, hits.at[i], inputs, &outputs[i]);
    }
    return run_spent(run) ? feel_null() : run_policy(run, t, &hits, outputs);
}
