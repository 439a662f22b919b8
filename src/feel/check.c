/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the types of the names tell before there are values. The tree is walked once more, beside
 * the compiler, so that nothing here can change how a program runs. A type that is not known goes
 * with everything: what is told is certain.
 */
#include "feel/check_int.h"

void check_remark(Checker *c, bool is_advice, uint32_t offset, Str cure, Str message)
{
    FeelRemarks *r = c->remarks;
    if (r->count < FEEL_MAX_REMARKS) {
        r->at[r->count++] = (FeelRemark){is_advice, offset, message, cure};
    }
}

static void check_test(Checker *c, const Node *n, const FeelType *input);

static void see(Checker *c, Str name, const FeelType *type)
{
    *VEC_PUSH(arena_beside(c->out), &c->seen) = (Seen){.name = name, .type = type};
}

static const FeelType *list_of(Checker *c, const FeelType *item)
{
    FeelType *t = NEW(c->out, FeelType);
    *t = (FeelType){.kind = FEEL_LIST, .item = item};
    return t;
}

const FeelType *check_item_of(const FeelType *t)
{
    return check_kind(t) == FEEL_LIST || check_kind(t) == FEEL_RANGE ? t->item : NULL;
}

/* ---- comparisons ---- */

/* A text that the other side's type never is. */
void check_option(Checker *c, const FeelType *t, const Node *constant)
{
    const Str *options = NULL;
    bool is_text = constant->kind == NODE_CONST && constant->value.kind == FEEL_STRING;
    size_t count = is_text ? check_options(c->out, t, &options) : 0;
    StrBuf all = buf_in(arena_beside(c->out));
    for (size_t i = 0; i < count; i++) {
        if (str_eq(options[i], constant->value.text)) {
            return;
        }
        buf_fmt(&all, "%s\"" STR_FMT "\"", i == 0 ? "" : ", ", STR_ARG(options[i]));
    }
    if (count == 0) {
        return;
    }
    Str near = feel_nearest(constant->value.text, options, count);
    check_remark(
        c, true, constant->offset,
        near.len
            ? str_fmt(c->out, "did you mean \"" STR_FMT "\"?", STR_ARG(near))
            : str_fmt(c->out, "it is one of " STR_FMT, STR_ARG(str_slice(buf_str(&all), 0, 300))),
        str_fmt(c->out, "\"" STR_FMT "\" is no option here", STR_ARG(constant->value.text)));
}

void check_compare(Checker *c, Op op, uint32_t offset, const FeelType *x, const FeelType *y)
{
    FeelKind a = check_kind(x), b = check_kind(y);
    if (check_comparable(op, a, b)) {
        return;
    }
    if (a == b || a == FEEL_NULL || b == FEEL_NULL) {
        WRONG(c, offset, check_cure(a, b), "a %s has no order", feel_kind_name(a ? a : b));
    } else {
        WRONG(c, offset, check_cure(a, b), "a %s compared with a %s is always null",
              feel_kind_name(a), feel_kind_name(b));
    }
}

/* The name of a built-in where a value is wanted is a mistyped name. */
static bool check_no_function(Checker *c, const Node *n)
{
    if (n->kind != NODE_NAME || check_is_known(c, n->name) || !builtin_find(n->name)) {
        return true;
    }
    WRONG(c, n->offset, (Str){0}, "unknown name '" STR_FMT "', there is only a function of it",
          STR_ARG(n->name));
    return false;
}

static const FeelType *binary(Checker *c, const Node *n)
{
    if (!check_no_function(c, n->kids[0]) || !check_no_function(c, n->kids[1])) {
        return NULL;
    }
    const FeelType *x = check_node(c, n->kids[0]), *y = check_node(c, n->kids[1]);
    FeelKind a = check_kind(x), b = check_kind(y), result = FEEL_NULL;
    if (n->op >= OP_EQ) {
        check_compare(c, n->op, n->offset, x, y);
        check_option(c, x, n->kids[1]);
        check_option(c, y, n->kids[0]);
        return check_type(FEEL_BOOLEAN);
    }
    static const char *const signs[] = {"+", "-", "*", "/", "**"};
    if (!check_arithmetic(n->op, a, b, &result)) {
        WRONG(c, n->offset, (Str){0}, "%s %s %s has no meaning", a ? feel_kind_name(a) : "anything",
              signs[n->op], b ? feel_kind_name(b) : "anything");
    }
    return check_type(result);
}

/* An operand of and, or, if: anything but a boolean is as good as null. */
static void check_condition(Checker *c, const Node *n)
{
    FeelKind kind = check_no_function(c, n) ? check_kind(check_node(c, n)) : FEEL_NULL;
    if (kind != FEEL_NULL && kind != FEEL_BOOLEAN) {
        WRONG(c, n->offset, STR("compare it with something"), "a %s is neither true nor false",
              feel_kind_name(kind));
    }
}

static const FeelType *range(Checker *c, const Node *n)
{
    const FeelType *start = check_node(c, n->kids[0]), *end = check_node(c, n->kids[1]);
    check_compare(c, n->range == FEEL_INTERVAL ? OP_LE : OP_EQ, n->offset, start, end);
    FeelType *t = NEW(c->out, FeelType);
    *t = (FeelType){.kind = FEEL_RANGE, .item = start ? start : end};
    return t;
}

/* ---- tests ---- */

static void check_in_range(Checker *c, const Node *n, const FeelType *t, const FeelType *input)
{
    bool by_order = n->kind != NODE_RANGE || n->range == FEEL_INTERVAL || n->range == FEEL_BELOW ||
                    n->range == FEEL_ABOVE;
    if (check_kind(input) != FEEL_RANGE && check_kind(check_item_of(t)) != FEEL_NULL) {
        check_compare(c, by_order ? OP_LE : OP_EQ, n->offset, input, check_item_of(t));
    }
}

/* The value is in what n gives: equal to it, or within it. */
static void check_in(Checker *c, const Node *n, const FeelType *input)
{
    if (n->kind == NODE_LIST) {
        for (size_t i = 0; i < n->count; i++) {
            check_in(c, n->kids[i], input);
        }
        return;
    }
    const FeelType *t = check_node(c, n);
    if (check_kind(t) == FEEL_RANGE) {
        check_in_range(c, n, t, input);
    } else if (check_kind(t) == FEEL_LIST) {
        if (check_kind(input) != FEEL_LIST && check_kind(check_item_of(t)) < FEEL_LIST) {
            check_compare(c, OP_EQ, n->offset, input, check_item_of(t));
        }
    } else {
        check_compare(c, OP_EQ, n->offset, input, t);
        check_option(c, input, n);
    }
}

static void check_test(Checker *c, const Node *n, const FeelType *input)
{
    if (n->kind == NODE_COMPARE_TEST) {
        check_compare(c, n->op, n->offset, input, check_node(c, n->kids[0]));
        check_option(c, input, n->kids[0]);
    } else if (n->has_input) {
        check_condition(c, n);
    } else {
        check_in(c, n, input);
    }
}

static void check_tests(Checker *c, const Node *n, const FeelType *input)
{
    see(c, STR("?"), input);
    for (size_t i = 0; n->kind == NODE_TESTS && i < n->count; i++) {
        check_test(c, n->kids[i], input);
    }
    c->seen.len--;
}

/* ---- names ---- */

static const FeelName *find_name(const FeelNames *names, Str name)
{
    for (size_t i = 0; names && i < names->count; i++) {
        if (str_eq(names->at[i].name, name)) {
            return &names->at[i];
        }
    }
    return NULL;
}

const FeelType *check_name(const Checker *c, Str name)
{
    for (size_t i = c->seen.len; i > 0; i--) {
        const Seen *s = &c->seen.at[i - 1];
        const FeelNames *members = s->is_item && s->type ? s->type->members : NULL;
        const FeelName *member = find_name(members, name);
        bool may_have = check_kind(s->type) == FEEL_NULL || check_kind(s->type) == FEEL_CONTEXT;
        if (member) {
            return member->type;
        }
        if (s->is_item && may_have && (!members || s->type->open)) {
            return NULL;
        }
        if (str_eq(s->name, name)) {
            return s->type;
        }
    }
    const FeelName *known = find_name(c->names, name);
    return known ? known->type : builtin_find(name) ? check_type(FEEL_FUNCTION) : NULL;
}

/* A member of an element of unknown shape counts. */
bool check_is_known(const Checker *c, Str name)
{
    bool known = find_name(c->names, name) != NULL;
    for (size_t i = 0; i < c->seen.len; i++) {
        known = known || c->seen.at[i].is_item || str_eq(c->seen.at[i].name, name);
    }
    return known;
}

static const FeelType *path(Checker *c, const Node *n)
{
    const FeelType *t = check_node(c, n->kids[0]);
    bool is_list = check_kind(t) == FEEL_LIST;
    const FeelType *of = is_list ? t->item : t;
    const FeelNames *parts = check_properties(check_kind(of));
    const FeelName *member = find_name(parts                            ? parts
                                       : check_kind(of) == FEEL_CONTEXT ? of->members
                                                                        : NULL,
                                       n->name);
    if (parts && !member) {
        Str near = {0};
        Str *known = NEW_N(c->out, Str, parts->count + 1);
        for (size_t i = 0; i < parts->count; i++) {
            known[i] = parts->at[i].name;
        }
        near = feel_nearest(n->name, known, parts->count);
        WRONG(c, n->offset,
              near.len ? str_fmt(c->out, "did you mean '" STR_FMT "'?", STR_ARG(near)) : near,
              "a %s has no '" STR_FMT "'", feel_kind_name(of->kind), STR_ARG(n->name));
    }
    const FeelType *found = member ? member->type : NULL;
    return is_list && found ? list_of(c, found) : is_list ? check_type(FEEL_LIST) : found;
}

/* ---- loops, lists, contexts ---- */

static const FeelType *loop(Checker *c, const Node *n)
{
    size_t before = c->seen.len;
    const Node *body = n->kids[n->count - 1];
    if (n->kind == NODE_FOR) {
        see(c, STR("partial"), NULL);
    }
    for (size_t i = 0; i < n->names.len; i++) {
        bool steps = n->kids[i]->kind == NODE_STEPS;
        const FeelType *source = check_node(c, n->kids[i]);
        see(c, n->names.at[i], steps ? NULL : check_item_of(source));
    }
    const FeelType *t = NULL;
    if (n->kind == NODE_FOR) {
        t = list_of(c, check_node(c, body));
    } else {
        check_condition(c, body);
        t = check_type(FEEL_BOOLEAN);
    }
    c->seen.len = before;
    return t;
}

static const FeelType *filter(Checker *c, const Node *n)
{
    const FeelType *t = check_node(c, n->kids[0]);
    bool is_list = check_kind(t) == FEEL_LIST;
    *VEC_PUSH(arena_beside(c->out), &c->seen) =
        (Seen){.is_item = true, .name = STR("item"), .type = is_list ? t->item : t};
    FeelKind test = check_kind(check_node(c, n->kids[1]));
    c->seen.len--;
    if (test == FEEL_NUMBER) {
        return is_list ? t->item : t;
    }
    return test != FEEL_BOOLEAN ? NULL : is_list ? t : t ? list_of(c, t) : check_type(FEEL_LIST);
}

static const FeelType *list(Checker *c, const Node *n)
{
    const FeelType *item = NULL;
    for (size_t i = 0; i < n->count; i++) {
        const FeelType *t = check_node(c, n->kids[i]);
        item = i == 0 ? t : check_join(item, t);
    }
    return list_of(c, item);
}

static const FeelType *context(Checker *c, const Node *n)
{
    size_t before = c->seen.len;
    FeelName *members = NEW_N(c->out, FeelName, n->count + 1);
    for (size_t i = 0; i < n->count; i++) {
        members[i] = (FeelName){n->names.at[i], check_node(c, n->kids[i])};
        see(c, members[i].name, members[i].type);
    }
    c->seen.len = before;
    FeelNames *names = NEW(c->out, FeelNames);
    *names = (FeelNames){.at = members, .count = n->count};
    FeelType *t = NEW(c->out, FeelType);
    *t = (FeelType){.kind = FEEL_CONTEXT, .members = names};
    return t;
}

/* ---- functions ---- */

static void function(Checker *c, const Node *n)
{
    size_t before = c->seen.len;
    for (size_t i = 0; i < n->params->count; i++) {
        see(c, n->params->at[i].name, n->params->at[i].type);
    }
    if (!n->external) {
        (void)check_node(c, n->kids[0]);
    }
    c->seen.len = before;
}

static const FeelType *negate(Checker *c, const Node *n)
{
    const FeelType *t = check_node(c, n->kids[0]);
    FeelKind kind = check_kind(t);
    if (kind != FEEL_NULL && kind != FEEL_NUMBER && kind != FEEL_DAYS_DURATION &&
        kind != FEEL_MONTHS_DURATION) {
        WRONG(c, n->offset, (Str){0}, "- of a %s has no meaning", feel_kind_name(kind));
        return NULL;
    }
    return t;
}

static const FeelType *between(Checker *c, const Node *n)
{
    const FeelType *t = check_node(c, n->kids[0]);
    for (size_t i = 1; i < n->count; i++) {
        check_compare(c, OP_LE, n->kids[i]->offset, t, check_node(c, n->kids[i]));
    }
    return check_type(FEEL_BOOLEAN);
}

static const FeelType *choice(Checker *c, const Node *n)
{
    check_condition(c, n->kids[0]);
    const FeelType *a = check_node(c, n->kids[1]), *b = check_node(c, n->kids[2]);
    return check_join(a, b);
}

/* ---- the walk ---- */

static const FeelType *kids(Checker *c, const Node *n)
{
    for (size_t i = 0; i < n->count; i++) {
        (void)check_node(c, n->kids[i]);
    }
    return NULL;
}

const FeelType *check_node(Checker *c, const Node *n)
{
    switch (n->kind) {
    case NODE_CONST: return check_type(n->value.kind);
    case NODE_NAME: return check_name(c, n->name);
    case NODE_INPUT: return check_name(c, STR("?"));
    case NODE_PATH: return path(c, n);
    case NODE_NEGATE: return negate(c, n);
    case NODE_BINARY: return binary(c, n);
    case NODE_AND:
    case NODE_OR:
        check_condition(c, n->kids[0]);
        check_condition(c, n->kids[1]);
        return check_type(FEEL_BOOLEAN);
    case NODE_BETWEEN: return between(c, n);
    case NODE_IN:
        check_tests(c, n->kids[1], check_node(c, n->kids[0]));
        return check_type(FEEL_BOOLEAN);
    case NODE_IF: return choice(c, n);
    case NODE_FOR:
    case NODE_SOME:
    case NODE_EVERY: return loop(c, n);
    case NODE_LIST: return list(c, n);
    case NODE_CONTEXT: return context(c, n);
    case NODE_RANGE: return range(c, n);
    case NODE_STEPS: return kids(c, n);
    case NODE_FILTER: return filter(c, n);
    case NODE_CALL: return check_call(c, n);
    case NODE_INVOKE: return kids(c, n);
    case NODE_FUNCTION: function(c, n); return check_type(FEEL_FUNCTION);
    case NODE_INSTANCE: kids(c, n); return check_type(FEEL_BOOLEAN);
    case NODE_COMPARE_TEST:
    case NODE_TESTS: return kids(c, n);
    case NODE_ANY_TEST: return check_type(FEEL_BOOLEAN);
    }
    return NULL;
}

void feel_check(Arena *out, Str src, const FeelNames *names, FeelMode mode, const FeelType *input,
                FeelRemarks *remarks)
{
    Err err = {0};
    *remarks = (FeelRemarks){0};
    if (!names || names->open) {
        return;
    }
    const Node *tree = feel_parse(out, src, names, mode, &err);
    Checker c = {.out = out, .names = names, .remarks = remarks};
    if (tree && mode == FEEL_UNARY_TESTS) {
        check_tests(&c, tree, input);
        remarks->type = check_type(FEEL_BOOLEAN);
    } else if (tree) {
        remarks->type = check_node(&c, tree);
    }
}
