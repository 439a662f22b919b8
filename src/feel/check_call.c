/* SPDX-License-Identifier: Apache-2.0 */
/* Calls before there are values: what a built-in takes, and what it gives. */
#include "feel/check_int.h"

static bool takes(const Builtin *row, size_t at, const FeelType *t)
{
    char type = builtin_type_at(row, at);
    FeelKind kind = check_kind(t), item = check_kind(check_item_of(t));
    bool one = kind == FEEL_LIST && (item == FEEL_NULL || builtin_fits(type, item));
    return kind == FEEL_NULL || type == 'l' || one || builtin_fits(type, kind);
}

/* The first argument that the row does not take; count when it takes all. */
static size_t misfit(const Builtin *row, const FeelType *const *types, size_t count)
{
    size_t at = 0;
    while (at < count && takes(row, at, types[at])) {
        at++;
    }
    return at;
}

/* The row that goes furthest tells what is wrong. */
static void check_arguments(Checker *c, const Node *n, const Builtin *first,
                            const FeelType *const *types)
{
    const Builtin *best = NULL;
    size_t reached = 0;
    for (const Builtin *row = first; row->name && str_eq(str_z(row->name), n->name); row++) {
        size_t at = builtin_takes(row, n->count) ? misfit(row, types, n->count) : 0;
        if (at == n->count) {
            return;
        }
        if (builtin_takes(row, n->count) && (!best || at > reached)) {
            best = row;
            reached = at;
        }
    }
    if (best && n->count > 0) {
        WRONG(c, n->kids[reached]->offset, (Str){0}, "'%s' takes a %s here, not a %s", best->name,
              builtin_type_words(builtin_type_at(best, reached)),
              feel_kind_name(check_kind(types[reached])));
    }
}

/* A text that is no date is null each time it is read. */
static FeelKind literal_kind(Checker *c, const Node *n)
{
    const Node *arg = n->count == 1 ? n->kids[0] : NULL;
    bool text = arg && arg->kind == NODE_CONST && arg->value.kind == FEEL_STRING;
    FeelKind wanted = check_gives(n->name);
    if (!text || !(str_eq(n->name, STR("duration")) || wanted == FEEL_DATE || wanted == FEEL_TIME ||
                   wanted == FEEL_DATE_TIME)) {
        return wanted;
    }
    const Builtin *b = builtin_find(n->name);
    FeelBudget budget = feel_budget(c->out, NULL);
    FeelValue v = builtin_call(&budget, builtin_index(b), &arg->value, 1);
    if (v.kind == FEEL_NULL) {
        WRONG(c, arg->offset, (Str){0}, STR_FMT, STR_ARG(feel_why(c->out, &v, FEEL_EN)));
    }
    return v.kind;
}

static void check_members(Checker *c, const Node *n, const FeelType *const *types)
{
    if (str_eq(n->name, STR("list contains")) && n->count == 2) {
        check_option(c, check_item_of(types[0]), n->kids[1]);
        FeelKind item = check_kind(check_item_of(types[0]));
        if (item < FEEL_LIST) {
            check_compare(c, OP_EQ, n->kids[1]->offset, check_item_of(types[0]), types[1]);
        }
    }
}

const FeelType *check_call(Checker *c, const Node *n)
{
    const FeelType **types = NEW_N(c->out, const FeelType *, n->count + 1);
    for (size_t i = 0; i < n->count; i++) {
        types[i] = check_node(c, n->kids[i]);
    }
    const Builtin *b = check_is_known(c, n->name) ? NULL : builtin_find(n->name);
    if (!b) {
        const FeelType *t = check_name(c, n->name);
        return check_kind(t) == FEEL_FUNCTION ? t->result : NULL;
    }
    if (n->names.len > 0) {
        return check_type(check_gives(n->name));
    }
    check_arguments(c, n, b, types);
    check_members(c, n, types);
    return check_type(literal_kind(c, n));
}
