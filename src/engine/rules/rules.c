/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decisions are sorted at load, so the needed ones are marked from the wanted one backwards and
 * evaluated forwards, each once; nothing recurses but the few levels of boxed contexts.
 * Every decision sees exactly what it requires, in one FEEL context.
 */
#include "engine/rules/rules_int.h"

static bool read_input(Run *run, const DmnInput *in, const FeelValue *given, FeelValue *value)
{
    const FeelValue *v = given->kind == FEEL_CONTEXT ? feel_get(given->context, in->name) : NULL;
    *value = feel_null();
    if (!v) {
        return true;
    }
    if (!feel_coerce(run->out, v, in->type, value, run->err)) {
        return false;
    }
    const FeelValue *items = value;
    size_t count = 1;
    if (value->kind == FEEL_LIST) {
        items = value->list.items;
        count = value->list.count;
    }
    for (size_t i = 0; in->allowed && value->kind != FEEL_NULL && i < count; i++) {
        FeelScope scope = {.input = &items[i]};
        FeelValue fits = feel_null();
        if (!feel_eval(run->out, in->allowed, &scope, RULES_MAX_STEPS, &fits, run->err)) {
            return false;
        }
        if (!feel_is_true(&fits)) {
            *value = feel_reason(run->out, "'" STR_FMT "' is none of the values of '" STR_FMT "'",
                                 STR_ARG(feel_text(run->out, &items[i])), STR_ARG(in->name));
            return true;
        }
    }
    return true;
}

/* The context that a decision sees: its inputs and the decisions that it requires. */
static FeelContext scope_of(Run *run, const DmnDecision *d, const FeelValue *decided)
{
    FeelEntry *entries = NEW_N(run->out, FeelEntry, d->input_count + d->decision_count + 1);
    size_t n = 0;
    for (size_t i = 0; i < d->input_count; i++) {
        const DmnInput *in = &run->model->inputs[d->inputs[i]];
        entries[n++] = (FeelEntry){in->name, run->inputs[d->inputs[i]]};
    }
    for (size_t i = 0; i < d->decision_count; i++) {
        uint16_t at = d->decisions[i];
        entries[n++] = (FeelEntry){run->model->decisions[at].name, decided[at]};
    }
    return (FeelContext){entries, n};
}

/* ---- trace ---- */

static const char *logic_kind_name(DmnLogicKind kind)
{
    switch (kind) {
    case DMN_LITERAL: return "literal";
    case DMN_TABLE: return "table";
    case DMN_CONTEXT: return "context";
    }
    return "";
}

bool rules_note_value(Run *run, Value *map, const char *key, const FeelValue *v)
{
    Value *json = feel_to_value(run->out, v, run->err);
    if (!json) {
        return false;
    }
    set_value(run->out, map, key, json);
    if (v->kind == FEEL_NULL && v->reason) {
        set_str(run->out, map, "note", feel_why(run->out, v, FEEL_EN));
    }
    return true;
}

/* Entries of a context are told inside the step of their decision. */
static void start_entry(Run *run, Value *outer, const DmnEntry *e)
{
    if (!outer) {
        return;
    }
    Value *entries = NULL;
    for (uint32_t i = 0; i < outer->map.count; i++) {
        if (str_eq(outer->map.members[i].key, STR("entries"))) {
            entries = outer->map.members[i].value;
        }
    }
    entries = entries ? entries : set_list(run->out, outer, "entries");
    run->step = push_map(run->out, entries);
    set_str(run->out, run->step, "name", e->name);
    set_str(run->out, run->step, "kind", str_z(logic_kind_name(e->logic->kind)));
}

/* ---- logic ---- */

static bool decide_context(Run *run, const DmnLogic *logic, const FeelScope *scope, int depth,
                           FeelValue *result)
{
    FeelEntry *entries = NEW_N(run->out, FeelEntry, logic->entry_count + 1);
    FeelContext *made = NEW(run->out, FeelContext);
    Value *outer = run->step;
    made->entries = entries;
    for (size_t i = 0; i < logic->entry_count; i++) {
        const DmnEntry *e = &logic->entries[i];
        FeelContext seen = {entries, made->count};
        FeelScope inner = {.context = &seen, .outer = scope};
        FeelValue raw = feel_null(), v = feel_null();
        start_entry(run, outer, e);
        if (!rules_logic(run, e->logic, &inner, depth + 1, &raw) ||
            !feel_coerce(run->out, &raw, e->type, &v, run->err) ||
            (outer && !rules_note_value(run, run->step, "result", &v))) {
            return false;
        }
        run->step = outer;
        if (e->name.len == 0) {
            *result = v;
            return true;
        }
        entries[made->count++] = (FeelEntry){e->name, v};
    }
    *result = feel_context(made);
    return true;
}

bool rules_logic(Run *run, const DmnLogic *logic, const FeelScope *scope, int depth,
                 FeelValue *result)
{
    switch (logic->kind) {
    case DMN_LITERAL:
        return feel_eval(run->out, logic->literal.program, scope, RULES_MAX_STEPS, result,
                         run->err);
    case DMN_TABLE: return rules_table(run, &logic->table, scope, result);
    case DMN_CONTEXT: return decide_context(run, logic, scope, depth, result);
    }
    return true;
}

static void start_step(Run *run, const DmnDecision *d)
{
    if (!run->steps) {
        return;
    }
    run->step = push_map(run->out, run->steps);
    set_str(run->out, run->step, "decision", d->id);
    set_str(run->out, run->step, "name", d->label);
    set_str(run->out, run->step, "kind", str_z(logic_kind_name(d->logic->kind)));
}

static bool decide_one(Run *run, size_t at, FeelValue *decided)
{
    const DmnDecision *d = &run->model->decisions[at];
    FeelContext seen = scope_of(run, d, decided);
    FeelScope scope = {.context = &seen};
    FeelValue raw = feel_null();
    start_step(run, d);
    return rules_logic(run, d->logic, &scope, 0, &raw) &&
           feel_coerce(run->out, &raw, d->type, &decided[at], run->err) &&
           (!run->step || rules_note_value(run, run->step, "result", &decided[at]));
}

/* What the wanted decision needs; decisions stand after what they require. */
static bool *mark_needed(Run *run, size_t wanted)
{
    bool *needed = NEW_N(run->out, bool, wanted + 1);
    needed[wanted] = true;
    for (size_t i = wanted + 1; i > 0; i--) {
        const DmnDecision *d = &run->model->decisions[i - 1];
        for (size_t k = 0; needed[i - 1] && k < d->decision_count; k++) {
            needed[d->decisions[k]] = true;
        }
    }
    return needed;
}

static bool decide_needed(Run *run, size_t wanted, FeelValue *result)
{
    const bool *needed = mark_needed(run, wanted);
    FeelValue *decided = NEW_N(run->out, FeelValue, wanted + 1);
    for (size_t i = 0; i <= wanted; i++) {
        if (needed[i] && !decide_one(run, i, decided)) {
            return false;
        }
    }
    *result = decided[wanted];
    return true;
}

static bool read_inputs(Run *run, const FeelValue *given)
{
    run->inputs = NEW_N(run->out, FeelValue, run->model->input_count + 1);
    for (size_t i = 0; i < run->model->input_count; i++) {
        if (!read_input(run, &run->model->inputs[i], given, &run->inputs[i])) {
            return false;
        }
    }
    return true;
}

bool rules_decide(Arena *out, const DmnModel *m, Str decision, const FeelValue *input,
                  FeelValue *result, Value **trace, Err *err)
{
    const DmnDecision *d = dmn_find(m, decision);
    Run run = {.out = out, .model = m, .err = err};
    if (!d) {
        return FAIL(err, ERR_NOT_FOUND, "no decision '" STR_FMT "'", STR_ARG(decision));
    }
    Value *told = NULL;
    if (trace) {
        told = value_map(out);
        set_str(out, told, "decision", d->id);
        set_str(out, told, "name", d->label);
        run.steps = set_list(out, told, "steps");
    }
    if (!read_inputs(&run, input) || !decide_needed(&run, (size_t)(d - m->decisions), result)) {
        return false;
    }
    if (trace) {
        if (!rules_note_value(&run, told, "result", result)) {
            return false;
        }
        *trace = told;
    }
    return true;
}
