/* SPDX-License-Identifier: Apache-2.0 */
/* Each of the two evaluations has an arena of its own, so that no address can leak into a result. */
#include "again.h"

#include "watch.h"

enum { DEEP = 4, WIDE = 16 };

typedef struct {
    FeelValue value;
    const FeelProgram *program;
    Err err;
    bool ok;
} Outcome;

static Outcome run(Arena *a, const Asked *asked)
{
    Outcome o = {.value = feel_null()};
    int64_t began = watch_begin();
    o.program = feel_compile(a, asked->text, asked->names, asked->mode, &o.err);
    o.ok = o.program && feel_eval(a, o.program, asked->scope, AGAIN_STEPS, &o.value, &o.err);
    watch_end(began);
    return o;
}

static void same_outcome(Arena *a, const Outcome *x, const Outcome *y)
{
    ASSERT(x->ok == y->ok && (x->program != NULL) == (y->program != NULL));
    if (!x->ok) {
        ASSERT(x->err.code == y->err.code && x->err.offset == y->err.offset);
        ASSERT(strcmp(x->err.msg, y->err.msg) == 0);
        return;
    }
    ASSERT(x->value.kind == y->value.kind);
    int64_t began = watch_begin();
    Str text = feel_text(a, &x->value);
    watch_end(began);
    ASSERT(str_eq(text, feel_text(a, &y->value)));
    ASSERT(str_eq(feel_why(a, &x->value, FEEL_EN), feel_why(a, &y->value, FEEL_EN)));
    ASSERT(str_eq(feel_why(a, &x->value, FEEL_ZH), feel_why(a, &y->value, FEEL_ZH)));
}

/* Whether text is an expression with that value. */
static bool is_literal(Arena *a, Str text, const FeelValue *v)
{
    Err err = {0};
    FeelValue back = feel_null();
    const FeelProgram *p = feel_compile(a, text, NULL, FEEL_EXPRESSION, &err);
    return p && feel_eval(a, p, NULL, 0, &back, &err) && back.kind == v->kind &&
           feel_same(&back, v);
}

static void moment_back(Arena *a, const FeelValue *v)
{
    Str text = feel_text(a, v);
    FeelValue back = feel_temporal(a, text);
    int order = 0;
    bool zoned = v->kind == FEEL_DATE_TIME && v->moment->zone.len > 0;
    ASSERT(back.kind == v->kind && str_eq(feel_text(a, &back), text));
    /* A local time that comes twice in its zone is the first one when it is read. */
    ASSERT(zoned || (feel_order(v, &back, &order) && order == 0));
}

static void read_back(Arena *a, const FeelValue *v, int depth)
{
    FeelValue quoted = {.kind = FEEL_LIST, .list = {v, 1}};
    switch (v->kind) {
    case FEEL_NUMBER: ASSERT(is_literal(a, feel_text(a, v), v)); return;
    case FEEL_STRING: /* with every byte escaped it must still be an expression */
        ASSERT(v->text.len > FEEL_MAX_SOURCE / 2 - WIDE ||
               is_literal(a, feel_text(a, &quoted), &quoted));
        return;
    case FEEL_DATE:
    case FEEL_TIME:
    case FEEL_DATE_TIME:
    case FEEL_DAYS_DURATION:
    case FEEL_MONTHS_DURATION: moment_back(a, v); return;
    case FEEL_LIST:
        for (size_t i = 0; depth > 0 && i < v->list.count && i < WIDE; i++) {
            read_back(a, &v->list.items[i], depth - 1);
        }
        return;
    case FEEL_CONTEXT:
        for (size_t i = 0; depth > 0 && i < v->context->count && i < WIDE; i++) {
            read_back(a, &v->context->entries[i].value, depth - 1);
        }
        return;
    case FEEL_NULL:
    case FEEL_BOOLEAN:
    case FEEL_RANGE:
    case FEEL_FUNCTION: return;
    }
}

static bool in_range(const FeelRange *r, const FeelValue *x)
{
    int low = 0, high = 0;
    switch (r->kind) {
    case FEEL_EQUAL: return feel_order(x, &r->start, &low) ? low == 0 : feel_same(x, &r->start);
    case FEEL_UNEQUAL: return feel_order(x, &r->start, &low) ? low != 0 : !feel_same(x, &r->start);
    case FEEL_BELOW:
        return feel_order(x, &r->end, &high) && (high < 0 || (high == 0 && r->end_included));
    case FEEL_ABOVE:
        return feel_order(x, &r->start, &low) && (low > 0 || (low == 0 && r->start_included));
    case FEEL_INTERVAL:
        return feel_order(x, &r->start, &low) && feel_order(x, &r->end, &high) &&
               (low > 0 || (low == 0 && r->start_included)) &&
               (high < 0 || (high == 0 && r->end_included));
    }
    return false;
}

/* Only where the order is exact: "=" forgives moments the parts of a second. */
static void tests_hold(const Outcome *o, const FeelValue *input)
{
    FeelConstantTests tests = {0};
    bool exact = input->kind == FEEL_NUMBER || input->kind == FEEL_STRING ||
                 input->kind == FEEL_DATE || input->kind == FEEL_BOOLEAN;
    ASSERT(o->value.kind == FEEL_BOOLEAN || o->value.kind == FEEL_NULL);
    if (!exact || o->value.kind == FEEL_NULL || !feel_constant_tests(o->program, &tests)) {
        return;
    }
    bool any = false;
    for (size_t i = 0; i < tests.count; i++) {
        any =
            any || (in_range(&tests.ranges[i], input) && tests.ranges[i].start.kind == input->kind);
    }
    ASSERT(o->value.truth == (any != tests.negated));
}

static void json_back(Arena *a, const FeelValue *v)
{
    Err err = {0};
    FeelValue back = feel_null();
    const Value *json = feel_to_value(a, v, &err);
    ASSERT(!json || feel_from_value(a, json, &back, &err) || err.code == ERR_LIMIT);
}

void again_check(const Asked *asked)
{
    static Arena first, second;
    Outcome x = run(&first, asked), y = run(&second, asked);
    same_outcome(&first, &x, &y);
    if (x.ok) {
        read_back(&first, &x.value, DEEP);
        json_back(&first, &x.value);
    }
    if (x.ok && asked->mode == FEEL_UNARY_TESTS) {
        tests_hold(&x, asked->scope->input);
    }
    arena_reset(&first);
    arena_reset(&second);
}
