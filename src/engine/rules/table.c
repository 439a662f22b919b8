/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decision tables: input expressions once, then rule by rule, cell by cell until one does not hold.
 * A UNIQUE table where several rules hold, or an ANY table where they disagree, gives null with the
 * rules named: that is a mistake of the table, and guessing would hide it.
 */
#include "engine/rules/rules_int.h"

typedef Vec(size_t) Hits;

static bool violates(Run *run, const DmnInputColumn *c, const FeelScope *scope, FeelValue *v)
{
    if (!c->allowed || v->kind == FEEL_NULL) {
        return true;
    }
    FeelScope inner = {.outer = scope, .input = v};
    FeelValue fits = feel_null();
    if (!feel_eval(run->out, c->allowed, &inner, RULES_MAX_STEPS, &fits, run->err)) {
        return false;
    }
    if (!feel_is_true(&fits)) {
        *v = feel_reason(run->out, "'" STR_FMT "' is none of " STR_FMT,
                         STR_ARG(feel_text(run->out, v)), STR_ARG(c->allowed_text));
    }
    return true;
}

static bool eval_inputs(Run *run, const DmnTable *t, const FeelScope *scope, FeelValue *values)
{
    Value *list = run->step ? set_list(run->out, run->step, "inputs") : NULL;
    for (size_t i = 0; i < t->input_count; i++) {
        const DmnInputColumn *c = &t->inputs[i];
        if (!feel_eval(run->out, c->expression.program, scope, RULES_MAX_STEPS, &values[i],
                       run->err) ||
            !violates(run, c, scope, &values[i])) {
            return false;
        }
        if (list) {
            Value *row = push_map(run->out, list);
            set_str(run->out, row, "label", c->label);
            set_str(run->out, row, "expression", c->expression.text);
            if (!rules_note_value(run, row, "value", &values[i])) {
                return false;
            }
        }
    }
    return true;
}

static bool rule_holds(Run *run, const DmnTable *t, const DmnRule *rule, const FeelScope *scope,
                       const FeelValue *values, bool *holds)
{
    *holds = true;
    for (size_t i = 0; *holds && i < t->input_count; i++) {
        FeelScope inner = {.outer = scope, .input = &values[i]};
        FeelValue v = feel_bool(true);
        if (rule->inputs[i].program &&
            !feel_eval(run->out, rule->inputs[i].program, &inner, RULES_MAX_STEPS, &v, run->err)) {
            return false;
        }
        *holds = feel_is_true(&v);
    }
    return true;
}

/* ---- outputs ---- */

static bool eval_output(Run *run, const DmnOutputColumn *c, const FeelProgram *p,
                        const FeelScope *scope, FeelValue *value)
{
    FeelValue raw = feel_null();
    return (!p || feel_eval(run->out, p, scope, RULES_MAX_STEPS, &raw, run->err)) &&
           feel_coerce(run->out, &raw, c->type, value, run->err);
}

/* One output is the value itself, several are a context. rule NULL: the defaults. */
static bool eval_outputs(Run *run, const DmnTable *t, const DmnRule *rule, const FeelScope *scope,
                         FeelValue *result)
{
    FeelEntry *entries = NEW_N(run->out, FeelEntry, t->output_count);
    for (size_t i = 0; i < t->output_count; i++) {
        const DmnOutputColumn *c = &t->outputs[i];
        entries[i].key = c->name;
        if (!eval_output(run, c, rule ? rule->outputs[i].program : c->otherwise, scope,
                         &entries[i].value)) {
            return false;
        }
    }
    if (t->output_count == 1) {
        *result = entries[0].value;
        return true;
    }
    FeelContext *c = NEW(run->out, FeelContext);
    *c = (FeelContext){entries, t->output_count};
    *result = feel_context(c);
    return true;
}

/* ---- trace ---- */

static bool trace_conditions(Run *run, const DmnTable *t, const DmnRule *rule,
                             const FeelValue *values, Value *row)
{
    Value *list = set_list(run->out, row, "conditions");
    for (size_t i = 0; i < t->input_count; i++) {
        if (!rule->inputs[i].program) {
            continue;
        }
        Value *condition = push_map(run->out, list);
        set_str(run->out, condition, "label", t->inputs[i].label);
        set_str(run->out, condition, "test", rule->inputs[i].text);
        if (!rules_note_value(run, condition, "value", &values[i])) {
            return false;
        }
    }
    return true;
}

static bool trace_rule(Run *run, const DmnTable *t, size_t at, const FeelValue *values,
                       const FeelValue *outputs)
{
    const DmnRule *rule = &t->rules[at];
    Value *row = push_map(run->out, run->rules), *notes = NULL;
    set_str(run->out, row, "id", rule->id);
    set_int(run->out, row, "index", (int64_t)at + 1);
    set_str(run->out, row, "description", rule->description);
    notes = set_map(run->out, row, "annotations");
    for (size_t i = 0; i < t->annotation_count; i++) {
        value_set(run->out, notes, t->annotations[i], value_str(run->out, rule->annotations[i]));
    }
    return trace_conditions(run, t, rule, values, row) &&
           rules_note_value(run, row, "outputs", outputs);
}

/* ---- hit policies ---- */

static const char *hit_name(DmnHitPolicy hit)
{
    switch (hit) {
    case DMN_UNIQUE: return "UNIQUE";
    case DMN_FIRST: return "FIRST";
    case DMN_ANY: return "ANY";
    case DMN_COLLECT: return "COLLECT";
    case DMN_RULE_ORDER: return "RULE ORDER";
    }
    return "";
}

static FeelValue several(Run *run, const DmnTable *t, const Hits *hits, const char *what)
{
    StrBuf b = buf_in(run->out);
    for (size_t i = 0; i < hits->len; i++) {
        buf_fmt(&b, "%s%zu", i > 0 ? ", " : "", hits->at[i] + 1);
    }
    return feel_reason(run->out, "%s table: rules " STR_FMT " %s", hit_name(t->hit),
                       STR_ARG(buf_str(&b)), what);
}

static FeelValue one_result(Run *run, const DmnTable *t, const Hits *hits, const FeelValue *values)
{
    if (t->hit == DMN_UNIQUE && hits->len > 1) {
        return several(run, t, hits, "hold at once");
    }
    for (size_t i = 1; t->hit == DMN_ANY && i < hits->len; i++) {
        if (!feel_same(&values[0], &values[i])) {
            return several(run, t, hits, "disagree");
        }
    }
    return values[0];
}

static bool find_hits(Run *run, const DmnTable *t, const FeelScope *scope, const FeelValue *values,
                      Hits *hits)
{
    for (size_t i = 0; i < t->rule_count; i++) {
        bool holds = false;
        if (!rule_holds(run, t, &t->rules[i], scope, values, &holds)) {
            return false;
        }
        if (holds) {
            *VEC_PUSH(run->out, hits) = i;
        }
        if (holds && t->hit == DMN_FIRST) {
            break;
        }
    }
    return true;
}

bool rules_table(Run *run, const DmnTable *t, const FeelScope *scope, FeelValue *result)
{
    FeelValue *inputs = NEW_N(run->out, FeelValue, t->input_count + 1);
    Hits hits = {0};
    if (run->step) {
        set_str(run->out, run->step, "hit_policy", str_z(hit_name(t->hit)));
        run->rules = value_list(run->out);
    }
    if (!eval_inputs(run, t, scope, inputs) || !find_hits(run, t, scope, inputs, &hits)) {
        return false;
    }
    if (run->step) {
        set_value(run->out, run->step, "rules", run->rules);
    }
    FeelValue *outputs = NEW_N(run->out, FeelValue, hits.len + 1);
    for (size_t i = 0; i < hits.len; i++) {
        if (!eval_outputs(run, t, &t->rules[hits.at[i]], scope, &outputs[i]) ||
            (run->step && !trace_rule(run, t, hits.at[i], inputs, &outputs[i]))) {
            return false;
        }
    }
    if (t->hit == DMN_COLLECT || t->hit == DMN_RULE_ORDER) {
        *result = (FeelValue){.kind = FEEL_LIST, .list = {outputs, hits.len}};
        return true;
    }
    if (hits.len == 0) {
        return eval_outputs(run, t, NULL, scope, result);
    }
    *result = one_result(run, t, &hits, outputs);
    return true;
}
