/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decisions are sorted at load, so the needed ones are marked from the wanted one backwards and
 * evaluated forwards, each once; nothing recurses but boxed expressions and functions. Every
 * decision sees exactly what it requires, in one FEEL context.
 */
#include "engine/rules/rules_int.h"

bool run_spent(const Run *run)
{
    return run->budget->spent != NULL;
}

/* ---- what an element sees ---- */

static FeelValue value_of(Run *run, const DmnVisible *v, const Frame *frame)
{
    size_t functions = run->model->input_count + run->model->decision_count;
    if (v->inside) {
        return feel_context(run_scope(run, v->inside, frame));
    }
    return v->slot >= functions ? run_function(run, v->slot - functions)
           : frame              ? frame->values[v->slot]
                                : feel_null();
}

const FeelContext *run_scope(Run *run, const DmnScope *scope, const Frame *frame)
{
    FeelContext *c = NEW(run->out, FeelContext);
    FeelEntry *entries = NEW_N(run->out, FeelEntry, scope->count + 1);
    for (size_t i = 0; i < scope->count; i++) {
        entries[i] = (FeelEntry){scope->at[i].name, value_of(run, &scope->at[i], frame)};
    }
    *c = (FeelContext){entries, scope->count};
    return c;
}

/* ---- decisions ---- */

static void decide_one(Run *run, Frame *frame, size_t at, Value *steps)
{
    const DmnDecision *d = &run->model->decisions[at];
    const FeelContext *seen = run_scope(run, &d->scope, frame);
    FeelScope scope = {.context = seen};
    Value *outer = run->step;
    run->step = tell_row(run, steps, "steps");
    if (run->step) {
        set_str(run->out, run->step, "decision", d->id);
        tell_name(run, run->step, d->label, d->name);
        tell_words(run, run->step, "question", d->question);
        set_str(run->out, run->step, "kind", str_z(run_kind_name(d->logic->kind)));
        tell_uses(run, &d->scope);
    }
    FeelValue raw = run_logic(run, d->logic, &scope);
    FeelValue *value = &frame->values[run->model->input_count + at];
    *value = feel_fit(run->budget, &raw, d->type);
    if (run->step) {
        tell_value(run, run->step, "result", value);
    }
    run->step = outer;
}

static bool is_given(const Run *run, const Frame *frame, size_t decision)
{
    return frame->given && frame->given[run->model->input_count + decision];
}

/* What the wanted decision needs; decisions stand after what they require. */
static bool *mark_needed(Run *run, const Frame *frame, size_t wanted)
{
    bool *needed = NEW_N(run->out, bool, wanted + 1);
    needed[wanted] = !is_given(run, frame, wanted);
    for (size_t i = wanted + 1; i > 0; i--) {
        const DmnDecision *d = &run->model->decisions[i - 1];
        for (size_t k = 0; needed[i - 1] && k < d->decision_count; k++) {
            needed[d->decisions[k]] = !is_given(run, frame, d->decisions[k]);
        }
    }
    return needed;
}

void run_decide(Run *run, Frame *frame, size_t decision, Value *steps)
{
    const bool *needed = mark_needed(run, frame, decision);
    for (size_t i = 0; i <= decision && !run_spent(run); i++) {
        if (needed[i]) {
            decide_one(run, frame, i, steps);
        }
    }
}
