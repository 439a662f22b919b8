/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Unary tests of constants alone: what most cells of decision tables are. They are told from the
 * tree, so that a table can be indexed by them.
 */
#include "feel/feel_int.h"

bool feel_order(const FeelValue *x, const FeelValue *y, int *order)
{
    return value_order(x, y, order);
}

bool feel_constant_tests(const FeelProgram *p, FeelConstantTests *tests)
{
    if (!p->constant) {
        return false;
    }
    *tests = *p->constant;
    return true;
}

static bool constant(const Node *n, FeelValue *v)
{
    if (n->kind != NODE_CONST) {
        return false;
    }
    *v = n->value;
    return v->kind >= FEEL_BOOLEAN && v->kind <= FEEL_MONTHS_DURATION;
}

static bool compared(const Node *n, FeelRange *r)
{
    FeelValue v = feel_null();
    if (!constant(n->kids[0], &v)) {
        return false;
    }
    *r = (FeelRange){.start = v, .end = v};
    switch ((int)n->op) {
    case OP_EQ: r->kind = FEEL_EQUAL; break;
    case OP_NE: r->kind = FEEL_UNEQUAL; break;
    case OP_LT:
    case OP_LE: r->kind = FEEL_BELOW; break;
    default: r->kind = FEEL_ABOVE; break;
    }
    r->start_included = n->op == OP_GE || n->op == OP_EQ;
    r->end_included = n->op == OP_LE || n->op == OP_EQ;
    return true;
}

static bool between(const Node *n, FeelRange *r)
{
    int order = 0;
    *r = (FeelRange){
        .kind = n->range, .start_included = n->start_included, .end_included = n->end_included};
    return n->range == FEEL_INTERVAL && constant(n->kids[0], &r->start) &&
           constant(n->kids[1], &r->end) && value_order(&r->start, &r->end, &order) && order <= 0;
}

static bool test(const Node *n, FeelRange *r)
{
    if (n->kind == NODE_COMPARE_TEST) {
        return compared(n, r);
    }
    if (n->kind == NODE_RANGE) {
        return between(n, r);
    }
    *r = (FeelRange){.kind = FEEL_EQUAL, .start_included = true, .end_included = true};
    if (!constant(n, &r->start)) {
        return false;
    }
    r->end = r->start;
    return true;
}

const FeelConstantTests *tree_constant_tests(Arena *out, const Node *tree)
{
    if (tree->kind != NODE_TESTS || tree->count == 0) {
        return NULL;
    }
    FeelRange *ranges = NEW_N(out, FeelRange, tree->count);
    for (size_t i = 0; i < tree->count; i++) {
        if (!test(tree->kids[i], &ranges[i])) {
            return NULL;
        }
    }
    FeelConstantTests *tests = NEW(out, FeelConstantTests);
    *tests = (FeelConstantTests){ranges, tree->count, tree->negated};
    return tests;
}
