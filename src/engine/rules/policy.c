/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hit policies. A UNIQUE table where several rules hold, or an ANY table where they disagree, gives
 * null with the rules named: that is a mistake of the table, and guessing would hide it.
 */
#include "engine/rules/rules_int.h"

const char *run_hit_name(DmnHitPolicy hit)
{
    switch (hit) {
    case DMN_UNIQUE: return "UNIQUE";
    case DMN_FIRST: return "FIRST";
    case DMN_ANY: return "ANY";
    case DMN_PRIORITY: return "PRIORITY";
    case DMN_COLLECT: return "COLLECT";
    case DMN_RULE_ORDER: return "RULE ORDER";
    case DMN_OUTPUT_ORDER: return "OUTPUT ORDER";
    }
    return "";
}

static FeelValue several(Run *run, const Hits *hits, const char *fmt)
{
    StrBuf b = buf_in(run->out);
    for (size_t i = 0; i < hits->len && i < 10; i++) {
        buf_fmt(&b, "%s%u", i > 0 ? ", " : "", hits->at[i] + 1);
    }
    return fmt[0] == 'U' ? feel_reason(run->out, "UNIQUE table: rules " STR_FMT " hold at once",
                                       STR_ARG(buf_str(&b)))
                         : feel_reason(run->out, "ANY table: rules " STR_FMT " disagree",
                                       STR_ARG(buf_str(&b)));
}

static FeelValue any(Run *run, const Hits *hits, const FeelValue *outputs)
{
    for (size_t i = 1; i < hits->len; i++) {
        bool both_null = outputs[0].kind == FEEL_NULL && outputs[i].kind == FEEL_NULL;
        if (!both_null && !feel_same_within(run->budget, &outputs[0], &outputs[i])) {
            return several(run, hits, "ANY");
        }
    }
    return outputs[0];
}

/* ---- order of outputs ---- */

static size_t weight_in(Run *run, const DmnOutputColumn *c, const FeelValue *v)
{
    size_t i = 0;
    while (i < c->value_count && !feel_same_within(run->budget, &c->values[i], v)) {
        i++;
    }
    return i;
}

/* Below 0: a weighs more. Outputs count from the first; one without an order says nothing. */
static int weigh(Run *run, const DmnTable *t, const FeelValue *a, const FeelValue *b)
{
    for (size_t i = 0; i < t->output_count && !run_spent(run); i++) {
        const FeelValue *x = a, *y = b;
        if (t->output_count > 1) {
            x = &a->context->entries[i].value;
            y = &b->context->entries[i].value;
        }
        size_t of_x = weight_in(run, &t->outputs[i], x), of_y = weight_in(run, &t->outputs[i], y);
        if (of_x != of_y) {
            return of_x < of_y ? -1 : 1;
        }
    }
    return 0;
}

static void merge(Run *run, const DmnTable *t, FeelValue *at, FeelValue *spare, size_t half,
                  size_t count)
{
    size_t i = 0, k = half, n = 0;
    while (i < half && k < count) {
        spare[n++] = weigh(run, t, &at[k], &at[i]) < 0 ? at[k++] : at[i++];
    }
    while (i < half) {
        spare[n++] = at[i++];
    }
    while (k < count) {
        spare[n++] = at[k++];
    }
    memcpy(at, spare, count * sizeof *at);
}

/* Stable: equal ones keep the order of their rules. */
static void sort(Run *run, const DmnTable *t, FeelValue *at, size_t count)
{
    FeelValue *spare = NEW_N(run->out, FeelValue, count + 1);
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t from = 0; from + width < count; from += 2 * width) {
            size_t len = count - from < 2 * width ? count - from : 2 * width;
            merge(run, t, at + from, spare, width, len);
        }
    }
}

static FeelValue heaviest(Run *run, const DmnTable *t, const FeelValue *outputs, size_t count)
{
    size_t best = 0;
    for (size_t i = 1; i < count; i++) {
        best = weigh(run, t, &outputs[i], &outputs[best]) < 0 ? i : best;
    }
    return outputs[best];
}

/* ---- collecting ---- */

static FeelValue collect(Run *run, const DmnTable *t, const Hits *hits, const FeelValue *outputs)
{
    FeelEntry entry = {STR("list"), {.kind = FEEL_LIST, .list = {outputs, hits->len}}};
    FeelContext c = {&entry, 1};
    FeelScope scope = {.context = &c};
    return t->aggregate ? feel_run(run->budget, t->aggregate, &scope) : entry.value;
}

FeelValue run_policy(Run *run, const DmnTable *t, const Hits *hits, FeelValue *outputs)
{
    switch (t->hit) {
    case DMN_UNIQUE: return hits->len > 1 ? several(run, hits, "UNIQUE") : outputs[0];
    case DMN_FIRST: return outputs[0];
    case DMN_ANY: return any(run, hits, outputs);
    case DMN_PRIORITY: return heaviest(run, t, outputs, hits->len);
    case DMN_COLLECT: return collect(run, t, hits, outputs);
    case DMN_OUTPUT_ORDER: sort(run, t, outputs, hits->len); break;
    case DMN_RULE_ORDER: break;
    }
    return (FeelValue){.kind = FEEL_LIST, .list = {outputs, hits->len}};
}
