/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an evaluation may take. Each step costs one, work that grows with lengths costs by length;
 * once a limit is passed everything comes out null and feel_within says which limit it was.
 */
#include "feel/feel_int.h"

enum {
    ASK_CLOCK_EVERY = 12, /* as a power of two of steps */
    BYTES_A_STEP = 256,   /* that are compared */
    ENTRIES_A_STEP = 16,  /* of a context, where a key is looked up */
};

FeelBudget feel_budget(Arena *out, const FeelLimits *limits)
{
    static const FeelLimits defaults = {0};
    const FeelLimits *l = limits ? limits : &defaults;
    return (FeelBudget){.out = out,
                        .limits = l,
                        .left = l->steps ? l->steps : FEEL_MAX_STEPS,
                        .calls = l->calls ? l->calls : FEEL_MAX_CALLS,
                        .bytes_at = out->total + (l->bytes ? l->bytes : FEEL_MAX_BYTES)};
}

static bool end(FeelBudget *b, const char *limit)
{
    b->left = 0;
    b->spent = b->spent ? b->spent : limit;
    return false;
}

bool budget_take(FeelBudget *b, size_t steps)
{
    if (steps > b->left) {
        return end(b, "FEEL_MAX_STEPS: evaluation takes too many steps");
    }
    uint32_t left = b->left - (uint32_t)steps;
    bool ask = (left ^ b->left) >> ASK_CLOCK_EVERY != 0;
    b->left = left;
    if (b->out->total > b->bytes_at) {
        return end(b, "FEEL_MAX_BYTES: evaluation takes too much memory");
    }
    if (ask && b->limits->expired && b->limits->expired(b->limits->clock)) {
        return end(b, "evaluation takes too long");
    }
    return true;
}

bool feel_take(FeelBudget *b, size_t steps)
{
    return budget_take(b, steps);
}

bool budget_compare(FeelBudget *b, const FeelValue *x, const FeelValue *y)
{
    size_t bytes = 0;
    if (x->kind == FEEL_STRING && y->kind == FEEL_STRING) {
        bytes = x->text.len < y->text.len ? x->text.len : y->text.len;
    }
    return budget_take(b, 1 + bytes / BYTES_A_STEP);
}

const FeelValue *budget_get(FeelBudget *b, const FeelContext *c, Str key)
{
    size_t steps = c->count / ENTRIES_A_STEP;
    return steps == 0 || budget_take(b, steps) ? feel_get(c, key) : NULL;
}

bool budget_enter(FeelBudget *b)
{
    if (b->calls == 0) {
        return end(b, "FEEL_MAX_CALLS: functions call each other too deep");
    }
    b->calls--;
    return true;
}

void budget_leave(FeelBudget *b)
{
    b->calls++;
}

bool feel_within(const FeelBudget *b, Err *err)
{
    return b->spent ? FAIL(err, ERR_LIMIT, "%s", b->spent) : true;
}
