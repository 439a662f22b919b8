/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is told about a run. A trace is for people: it ends after so many rows, and a value of many
 * parts is left out, because nobody reads it and it would be kept for ever.
 */
#include "engine/rules/rules_int.h"

const char *run_kind_name(DmnLogicKind kind)
{
    switch (kind) {
    case DMN_BROKEN: return "broken";
    case DMN_LITERAL: return "literal";
    case DMN_TABLE: return "table";
    case DMN_CONTEXT: return "context";
    case DMN_RELATION: return "relation";
    case DMN_LIST: return "list";
    case DMN_INVOCATION: return "invocation";
    case DMN_FUNCTION: return "function";
    case DMN_CONDITIONAL: return "conditional";
    case DMN_FILTER: return "filter";
    case DMN_FOR: return "for";
    case DMN_SOME: return "some";
    case DMN_EVERY: return "every";
    }
    return "";
}

Value *tell_row(Run *run, Value *map, const char *list)
{
    if (!map || !run->trace) {
        return NULL;
    }
    if (run->told >= RULES_MAX_TRACE) {
        set_bool(run->out, run->trace, "shortened", true);
        return NULL;
    }
    run->told++;
    Value *rows = value_inside(map, list);
    return push_map(run->out, rows ? rows : set_list(run->out, map, list));
}

/* Parts of a value, counted up to the limit; long texts count by their length. */
static size_t size_of(const FeelValue *v, size_t most, int depth)
{
    size_t size = 1;
    bool is_list = v->kind == FEEL_LIST;
    size_t count = is_list ? v->list.count : v->kind == FEEL_CONTEXT ? v->context->count : 0;
    if (v->kind == FEEL_STRING) {
        size += v->text.len / 64;
    }
    for (size_t i = 0; i < count && size <= most && depth < FEEL_MAX_VALUE_DEPTH; i++) {
        const FeelValue *part = is_list ? &v->list.items[i] : &v->context->entries[i].value;
        size += size_of(part, most - size, depth + 1);
    }
    return size;
}

static void tell_why(Run *run, Value *row, const FeelValue *v)
{
    Str why = feel_why(run->out, v, FEEL_EN);
    if (why.len > 0) {
        Value *both = set_map(run->out, row, "why");
        set_str(run->out, both, "zh", feel_why(run->out, v, FEEL_ZH));
        set_str(run->out, both, "en", why);
    }
}

void tell_words(Run *run, Value *row, const char *key, Text t)
{
    if (t.in[LANG_EN].len == 0) {
        set_str(run->out, row, key, t.in[LANG_ZH]);
        return;
    }
    Value *both = set_map(run->out, row, key);
    set_str(run->out, both, "zh", text_in(t, LANG_ZH));
    set_str(run->out, both, "en", t.in[LANG_EN]);
}

void tell_name(Run *run, Value *row, Text label, Str name)
{
    bool is_labelled = text_in(label, LANG_ZH).len > 0;
    tell_words(run, row, "name", is_labelled ? label : (Text){{name}});
}

void tell_value(Run *run, Value *row, const char *key, const FeelValue *v)
{
    Err err = {0};
    bool fits = size_of(v, RULES_MAX_TOLD, 0) <= RULES_MAX_TOLD;
    Value *json = fits ? feel_to_value(run->out, v, &err) : NULL;
    if (json) {
        set_value(run->out, row, key, json);
    } else {
        set_bool(run->out, row, "shortened", true);
    }
    tell_why(run, row, v);
}

/* Names only: the values of inputs stand at the head of the trace, those of decisions in their own
 * steps. */
void tell_uses(Run *run, const DmnScope *scope)
{
    size_t functions = run->model->input_count + run->model->decision_count;
    Value *names = run->step ? set_list(run->out, run->step, "uses") : NULL;
    for (size_t i = 0; names && i < scope->count; i++) {
        if (!scope->at[i].inside && scope->at[i].slot < functions) {
            push_str(run->out, names, scope->at[i].name);
        }
    }
}

/* ---- tables ---- */

void tell_inputs(Run *run, const DmnTable *t, const FeelValue *inputs)
{
    if (!run->step) {
        return;
    }
    set_str(run->out, run->step, "hit_policy", str_z(run_hit_name(t->hit)));
    for (size_t i = 0; i < t->input_count; i++) {
        Value *row = tell_row(run, run->step, "inputs");
        if (row) {
            tell_words(run, row, "label", t->inputs[i].label);
            set_str(run->out, row, "expression", t->inputs[i].expression.text);
            tell_value(run, row, "value", &inputs[i]);
        }
    }
    (void)set_list(run->out, run->step, "rules");
}

static void tell_conditions(Run *run, const DmnTable *t, const DmnRule *rule,
                            const FeelValue *inputs, Value *row)
{
    (void)set_list(run->out, row, "conditions");
    for (size_t i = 0; i < t->input_count; i++) {
        if (rule->inputs[i].kind == DMN_CELL_ANY) {
            continue;
        }
        Value *condition = tell_row(run, row, "conditions");
        if (condition) {
            tell_words(run, condition, "label", t->inputs[i].label);
            set_str(run->out, condition, "test", rule->inputs[i].text);
            tell_value(run, condition, "value", &inputs[i]);
        }
    }
}

void tell_rule(Run *run, const DmnTable *t, size_t rule, const FeelValue *inputs,
               const FeelValue *outputs)
{
    const DmnRule *r = &t->rules[rule];
    Value *row = tell_row(run, run->step, "rules");
    if (!row) {
        return;
    }
    set_str(run->out, row, "id", r->id);
    set_int(run->out, row, "index", (int64_t)rule + 1);
    set_str(run->out, row, "description", r->description);
    Value *notes = set_map(run->out, row, "annotations");
    for (size_t i = 0; i < t->annotation_count; i++) {
        value_set(run->out, notes, t->annotations[i], value_str(run->out, r->annotations[i]));
    }
    tell_conditions(run, t, r, inputs, row);
    tell_value(run, row, "outputs", outputs);
}
