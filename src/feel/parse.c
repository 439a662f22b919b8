/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text to tree by precedence climbing over one priority table.
 *
 *   expression := or; or < and < comparison, between, in < + - < * / < ** < unary minus < . [] ()
 *
 * ** is left-associative and unary minus binds tighter, as the DMN test kit has it. There is one
 * token and never a look-ahead, because a name met now (iterator, key) changes how the next token
 * reads. Depth is counted, the height of the tree too: a long chain is as high as it is long.
 */
#include "feel/feel_int.h"

typedef struct {
    Lexer lx;
    Token t;
    Arena *out;
    uint32_t depth;
    bool in_range_end; /* "[" may close the range here */
    const FeelNames *types;
    Err *err;
} Parser;

enum { PRIO_OR = 1, PRIO_AND, PRIO_COMPARE, PRIO_ADD, PRIO_MUL, PRIO_POW };

static Node *parse_expression(Parser *p);
static Node *parse_binary(Parser *p, int least);

static bool advance(Parser *p)
{
    return lex_next(&p->lx, &p->t, p->err);
}

static bool at_mark(const Parser *p, int mark)
{
    return p->t.mark == mark;
}

static Node *fail_expected(Parser *p, const char *what)
{
    Str got = str_slice(p->lx.src, p->t.start, p->t.end);
    if (p->t.kind == TOKEN_END) {
        (void)FAIL_AT(p->err, ERR_INPUT, p->t.start, "%s expected, the text ends here", what);
    } else {
        (void)FAIL_AT(p->err, ERR_INPUT, p->t.start, "%s expected, not '" STR_FMT "'", what,
                      STR_ARG(str_slice(got, 0, 60)));
    }
    return NULL;
}

static bool expect(Parser *p, char mark)
{
    if (!at_mark(p, mark)) {
        fail_expected(p, str_cstr(p->out, str_fmt(p->out, "'%c'", mark)));
        return false;
    }
    return advance(p);
}

static bool expect_word(Parser *p, TokenKind kind, const char *word)
{
    if (p->t.kind != kind) {
        fail_expected(p, str_cstr(p->out, str_fmt(p->out, "'%s'", word)));
        return false;
    }
    return advance(p);
}

static Node *node(Parser *p, NodeKind kind, uint32_t offset)
{
    Node *n = NEW(p->out, Node);
    n->kind = kind;
    n->offset = offset;
    n->height = 1;
    return n;
}

/* NULL when kid is NULL (it failed already) or the tree grows too high. */
static Node *adopt(Parser *p, Node *n, Node *kid)
{
    if (!n || !kid) {
        return NULL;
    }
    if (kid->height + 1 > n->height) {
        n->height = kid->height + 1;
    }
    if (n->height > FEEL_MAX_HEIGHT) {
        (void)FAIL_AT(p->err, ERR_LIMIT, n->offset, "expression is longer than %d steps deep",
                      FEEL_MAX_HEIGHT);
        return NULL;
    }
    if ((n->count & (n->count - 1)) == 0) { /* full at each power of two */
        size_t grown = n->count == 0 ? 1 : n->count * 2;
        n->kids = arena_grow(p->out, n->kids, n->count * sizeof(Node *), grown * sizeof(Node *));
    }
    n->has_input = n->has_input || kid->has_input;
    n->kids[n->count++] = kid;
    return n;
}

static Node *constant(Parser *p, FeelValue v)
{
    Node *n = node(p, NODE_CONST, p->t.start);
    n->value = v;
    return advance(p) ? n : NULL;
}

static void learn(Parser *p, Str name)
{
    if (lex_is_phrase(name)) {
        *VEC_PUSH(p->out, &p->lx.phrases) = name;
    }
}

/* ---- if, for, some, every ---- */

static Node *parse_if(Parser *p)
{
    Node *n = node(p, NODE_IF, p->t.start);
    if (!advance(p) || !(n = adopt(p, n, parse_expression(p))) ||
        !expect_word(p, TOKEN_THEN, "then") || !(n = adopt(p, n, parse_expression(p))) ||
        !expect_word(p, TOKEN_ELSE, "else")) {
        return NULL;
    }
    return adopt(p, n, parse_expression(p));
}

static Node *parse_source(Parser *p, bool steps)
{
    Node *from = parse_expression(p);
    if (!from || !steps || !at_mark(p, MARK_DOTS)) {
        return from;
    }
    Node *n = adopt(p, node(p, NODE_STEPS, from->offset), from);
    return n && advance(p) ? adopt(p, n, parse_expression(p)) : NULL;
}

/* for x in a, y in b return e; the token stands on for, some or every. */
static Node *parse_loop(Parser *p, NodeKind kind, TokenKind end, const char *word)
{
    Node *n = node(p, kind, p->t.start);
    size_t from = p->t.end;
    for (;;) {
        Str name = {0};
        if (!lex_declared(&p->lx, from, STR("in"), &name, p->err)) {
            return NULL;
        }
        *VEC_PUSH(p->out, &n->names) = name;
        if (!advance(p) || !expect_word(p, TOKEN_IN, "in") ||
            !(n = adopt(p, n, parse_source(p, kind == NODE_FOR)))) {
            return NULL;
        }
        learn(p, name);
        if (!at_mark(p, ',')) {
            break;
        }
        from = p->t.end;
    }
    return expect_word(p, end, word) ? adopt(p, n, parse_expression(p)) : NULL;
}

/* ---- primaries ---- */

/* The token stands on "..": the rest of a range whose start was read. */
static Node *parse_range_rest(Parser *p, Node *start, bool start_included)
{
    bool outer = p->in_range_end;
    Node *n = adopt(p, node(p, NODE_RANGE, start->offset), start);
    if (!n || !advance(p)) {
        return NULL;
    }
    p->in_range_end = true;
    n = adopt(p, n, parse_binary(p, PRIO_ADD));
    p->in_range_end = outer;
    if (!n) {
        return NULL;
    }
    n->start_included = start_included;
    n->end_included = at_mark(p, ']');
    if (!n->end_included && !at_mark(p, ')') && !at_mark(p, '[')) {
        return fail_expected(p, "']' or ')' after a range");
    }
    return advance(p) ? n : NULL;
}

static bool compare_op(const Parser *p, Op *op)
{
    switch (p->t.mark) {
    case '=': *op = OP_EQ; return true;
    case MARK_NE: *op = OP_NE; return true;
    case '<': *op = OP_LT; return true;
    case MARK_LE: *op = OP_LE; return true;
    case '>': *op = OP_GT; return true;
    case MARK_GE: *op = OP_GE; return true;
    default: return false;
    }
}

/* (< 10), (= 10): the token stands on the operator. */
static Node *parse_half_range(Parser *p, Op op)
{
    Node *none = node(p, NODE_CONST, p->t.start), *n = node(p, NODE_RANGE, p->t.start);
    if (!advance(p)) {
        return NULL;
    }
    Node *bound = parse_binary(p, PRIO_ADD);
    bool both = op == OP_EQ || op == OP_NE, below = op == OP_LT || op == OP_LE;
    n->range = op == OP_EQ   ? FEEL_EQUAL
               : op == OP_NE ? FEEL_UNEQUAL
               : below       ? FEEL_BELOW
                             : FEEL_ABOVE;
    n->end_included = op == OP_LE || op == OP_EQ;
    n->start_included = op == OP_GE || op == OP_EQ;
    n = adopt(p, n, both || !below ? bound : none);
    n = adopt(p, n, both || below ? bound : none);
    return n && expect(p, ')') ? n : NULL;
}

static Node *parse_paren(Parser *p)
{
    Op op = OP_EQ;
    if (!advance(p)) {
        return NULL;
    }
    if (compare_op(p, &op)) {
        return parse_half_range(p, op);
    }
    Node *inner = parse_expression(p);
    if (inner && at_mark(p, MARK_DOTS)) {
        return parse_range_rest(p, inner, false);
    }
    return inner && expect(p, ')') ? inner : NULL;
}

static Node *parse_list(Parser *p)
{
    Node *n = node(p, NODE_LIST, p->t.start);
    if (!advance(p)) {
        return NULL;
    }
    while (!at_mark(p, ']')) {
        Node *item = parse_expression(p);
        if (item && n->count == 0 && at_mark(p, MARK_DOTS)) {
            return parse_range_rest(p, item, true);
        }
        if (!(n = adopt(p, n, item))) {
            return NULL;
        }
        if (!at_mark(p, ',')) {
            break;
        }
        if (!advance(p)) {
            return NULL;
        }
    }
    return expect(p, ']') ? n : NULL;
}

static bool parse_key(Parser *p, Node *n)
{
    Str key = p->t.text;
    if (p->t.kind != TOKEN_STRING && !lex_declared(&p->lx, p->t.start, STR(":"), &key, p->err)) {
        return false;
    }
    *VEC_PUSH(p->out, &n->names) = key;
    return advance(p);
}

static Node *parse_context(Parser *p)
{
    Node *n = node(p, NODE_CONTEXT, p->t.start);
    if (!advance(p)) {
        return NULL;
    }
    while (!at_mark(p, '}')) {
        if (!parse_key(p, n) || !expect(p, ':') || !(n = adopt(p, n, parse_expression(p)))) {
            return NULL;
        }
        learn(p, n->names.at[n->names.len - 1]);
        if (!at_mark(p, ',')) {
            break;
        }
        if (!advance(p)) {
            return NULL;
        }
    }
    return expect(p, '}') ? n : NULL;
}

/* "start position: 2": moves past the colon when an argument's name stands here. */
static bool parse_argument_name(Parser *p, Str *name)
{
    Lexer ahead = p->lx;
    if (p->t.kind == TOKEN_END || !lex_name_before(&ahead, p->t.start, ":,()[]{}\"<>=@?", name) ||
        ahead.src.at[ahead.at] != ':') {
        return false;
    }
    p->lx.at = ahead.at + 1;
    return true;
}

static bool parse_argument(Parser *p, Node *n, size_t first)
{
    uint32_t start = p->t.start;
    Str name = {0};
    if (parse_argument_name(p, &name)) {
        *VEC_PUSH(p->out, &n->names) = name;
        if (!advance(p)) {
            return false;
        }
    }
    if (!adopt(p, n, parse_expression(p))) {
        return false;
    }
    if (n->names.len != 0 && n->names.len != n->count - first) {
        return FAIL_AT(p->err, ERR_INPUT, start, "either all arguments have names or none");
    }
    if (n->count > FEEL_MAX_ARGS) {
        return FAIL_AT(p->err, ERR_LIMIT, start, "more than %d arguments", FEEL_MAX_ARGS);
    }
    return true;
}

/* The token stands on "("; n has first kids already. */
static Node *parse_arguments(Parser *p, Node *n)
{
    size_t first = n->count;
    if (!advance(p)) {
        return NULL;
    }
    while (!at_mark(p, ')')) {
        if (!parse_argument(p, n, first)) {
            return NULL;
        }
        if (!at_mark(p, ',')) {
            break;
        }
        if (!advance(p)) {
            return NULL;
        }
    }
    return expect(p, ')') ? n : NULL;
}

static Node *parse_call(Parser *p, const Node *name)
{
    Node *n = node(p, NODE_CALL, name->offset);
    n->name = name->name;
    return parse_arguments(p, n);
}

/* ---- functions ---- */

/* One parameter; the lexer stands behind "(" or ",". */
static bool parse_parameter(Parser *p, size_t from, FeelName *param)
{
    if (!lex_name_before(&p->lx, from, ":,)", &param->name)) {
        return FAIL_AT(p->err, ERR_INPUT, from, "the name of a parameter expected");
    }
    learn(p, param->name);
    return p->lx.src.at[p->lx.at] != ':' ||
           lex_type(&p->lx, p->lx.at + 1, p->types, &param->type, p->err);
}

/* The token stands on "(" and ends on what follows ")". */
static const FeelNames *parse_parameters(Parser *p)
{
    Vec(FeelName) params = {0};
    size_t from = p->t.end;
    bool empty = lex_skip_space(p->lx.src, from) < p->lx.src.len &&
                 p->lx.src.at[lex_skip_space(p->lx.src, from)] == ')';
    if (empty && !advance(p)) {
        return NULL;
    }
    while (!empty) {
        FeelName param = {0};
        if (params.len >= FEEL_MAX_ARGS) {
            (void)FAIL_AT(p->err, ERR_LIMIT, from, "more than %d parameters", FEEL_MAX_ARGS);
            return NULL;
        }
        if (!parse_parameter(p, from, &param) || !advance(p)) {
            return NULL;
        }
        *VEC_PUSH(p->out, &params) = param;
        if (!at_mark(p, ',')) {
            break;
        }
        from = p->t.end;
    }
    FeelNames *names = NEW(p->out, FeelNames);
    *names = (FeelNames){.at = params.at, .count = params.len};
    return expect(p, ')') ? names : NULL;
}

/* function(a: number, b) body, or: function(a) external {java: {…}}; the token stands on "(". */
static Node *parse_function(Parser *p, uint32_t offset)
{
    Node *n = node(p, NODE_FUNCTION, offset);
    n->params = parse_parameters(p);
    if (!n->params) {
        return NULL;
    }
    if (p->t.kind == TOKEN_NAME && str_eq(p->t.text, STR("external"))) {
        n->external = true;
        if (!advance(p)) {
            return NULL;
        }
    }
    return adopt(p, n, parse_expression(p));
}

static Node *parse_number(Parser *p)
{
    Decimal d = {0};
    if (!decimal_parse(p->t.text, &d)) {
        (void)FAIL_AT(p->err, ERR_INPUT, p->t.start, "number '" STR_FMT "' is too large",
                      STR_ARG(str_slice(p->t.text, 0, 60)));
        return NULL;
    }
    return constant(p, feel_number(d));
}

static Node *parse_at_literal(Parser *p)
{
    FeelValue v = feel_temporal(p->out, p->t.text);
    if (v.kind == FEEL_NULL) {
        (void)FAIL_AT(p->err, ERR_INPUT, p->t.start, STR_FMT,
                      STR_ARG(feel_why(p->out, &v, FEEL_EN)));
        return NULL;
    }
    return constant(p, v);
}

static Node *parse_mark(Parser *p)
{
    if (at_mark(p, '(')) {
        return parse_paren(p);
    }
    if (at_mark(p, '[')) {
        return parse_list(p);
    }
    if (at_mark(p, '{')) {
        return parse_context(p);
    }
    if (at_mark(p, '?')) {
        Node *n = node(p, NODE_INPUT, p->t.start);
        n->has_input = true;
        return advance(p) ? n : NULL;
    }
    if (at_mark(p, ']')) { /* ]1..5] */
        if (!advance(p)) {
            return NULL;
        }
        Node *start = parse_binary(p, PRIO_ADD);
        if (start && at_mark(p, MARK_DOTS)) {
            return parse_range_rest(p, start, false);
        }
        return start ? fail_expected(p, "'..'") : NULL;
    }
    return fail_expected(p, "a value");
}

static Node *parse_name(Parser *p)
{
    Node *n = node(p, NODE_NAME, p->t.start);
    n->name = p->t.text;
    if (!advance(p)) {
        return NULL;
    }
    if (at_mark(p, '(') && str_eq(n->name, STR("function"))) {
        return parse_function(p, n->offset);
    }
    return at_mark(p, '(') ? parse_call(p, n) : n;
}

static Node *parse_primary(Parser *p)
{
    switch (p->t.kind) {
    case TOKEN_NUMBER: return parse_number(p);
    case TOKEN_STRING: return constant(p, feel_str(p->t.text));
    case TOKEN_TEMPORAL: return parse_at_literal(p);
    case TOKEN_TRUE: return constant(p, feel_bool(true));
    case TOKEN_FALSE: return constant(p, feel_bool(false));
    case TOKEN_NULL: return constant(p, feel_null());
    case TOKEN_NAME: return parse_name(p);
    case TOKEN_MARK: return parse_mark(p);
    case TOKEN_IF: return parse_if(p);
    case TOKEN_FOR: return parse_loop(p, NODE_FOR, TOKEN_RETURN, "return");
    case TOKEN_SOME: return parse_loop(p, NODE_SOME, TOKEN_SATISFIES, "satisfies");
    case TOKEN_EVERY: return parse_loop(p, NODE_EVERY, TOKEN_SATISFIES, "satisfies");
    case TOKEN_END:
    case TOKEN_THEN:
    case TOKEN_ELSE:
    case TOKEN_IN:
    case TOKEN_RETURN:
    case TOKEN_SATISFIES:
    case TOKEN_AND:
    case TOKEN_OR:
    case TOKEN_BETWEEN: break;
    }
    return fail_expected(p, "a value");
}

/* [1..3[ : a "[" after which no value can begin closes the range. */
static bool closes_range(const Parser *p)
{
    Lexer ahead = p->lx;
    Token t = {0};
    if (!p->in_range_end || !at_mark(p, '[') || !lex_next(&ahead, &t, NULL)) {
        return false;
    }
    bool value = t.kind == TOKEN_NUMBER || t.kind == TOKEN_STRING || t.kind == TOKEN_TEMPORAL ||
                 t.kind == TOKEN_NAME || t.kind == TOKEN_IF || t.kind == TOKEN_FOR ||
                 t.kind == TOKEN_SOME || t.kind == TOKEN_EVERY || t.kind == TOKEN_TRUE ||
                 t.kind == TOKEN_FALSE || t.kind == TOKEN_NULL;
    bool opens = t.mark == '(' || t.mark == '[' || t.mark == '{' || t.mark == '-' || t.mark == '?';
    return !value && !opens;
}

/* The token stands on "[". */
static Node *parse_filter(Parser *p, Node *list)
{
    Node *n = adopt(p, node(p, NODE_FILTER, p->t.start), list);
    bool outer = p->in_range_end;
    if (!n || !advance(p)) {
        return NULL;
    }
    p->in_range_end = false;
    n = adopt(p, n, parse_expression(p));
    p->in_range_end = outer;
    return n && expect(p, ']') ? n : NULL;
}

/* The token stands on ".". */
static Node *parse_path(Parser *p, Node *of)
{
    Node *n = adopt(p, node(p, NODE_PATH, p->t.start), of);
    p->lx.after_dot = true;
    bool past = n && advance(p);
    p->lx.after_dot = false;
    if (!past) {
        return NULL;
    }
    if (p->t.kind != TOKEN_NAME) {
        return fail_expected(p, "a name after '.'");
    }
    n->offset = p->t.start;
    n->name = p->t.text;
    return advance(p) ? n : NULL;
}

static Node *parse_postfix(Parser *p)
{
    Node *n = parse_primary(p);
    while (n) {
        if (at_mark(p, '.')) {
            n = parse_path(p, n);
        } else if (at_mark(p, '[') && !closes_range(p)) {
            n = parse_filter(p, n);
        } else if (at_mark(p, '(')) {
            n = adopt(p, node(p, NODE_INVOKE, p->t.start), n);
            n = n ? parse_arguments(p, n) : NULL;
        } else {
            break;
        }
    }
    return n;
}

/* "instance" and "of" are words of the language only one after the other. */
static Node *parse_instance(Parser *p)
{
    Node *n = parse_postfix(p);
    while (n && p->t.kind == TOKEN_NAME && str_eq(p->t.text, STR("instance"))) {
        uint32_t at = p->t.start;
        if (!advance(p)) {
            return NULL;
        }
        if (p->t.kind != TOKEN_NAME || !str_eq(p->t.text, STR("of"))) {
            return fail_expected(p, "'of'");
        }
        n = adopt(p, node(p, NODE_INSTANCE, at), n);
        if (!n || !lex_type(&p->lx, p->t.end, p->types, &n->type, p->err) || !advance(p)) {
            return NULL;
        }
    }
    return n;
}

static Node *parse_unary(Parser *p)
{
    uint32_t start = p->t.start;
    size_t minuses = 0;
    while (at_mark(p, '-')) {
        minuses++;
        if (!advance(p)) {
            return NULL;
        }
    }
    Node *n = parse_instance(p);
    for (; n && minuses > 0; minuses--) {
        if (n->kind == NODE_CONST && n->value.kind == FEEL_NUMBER) {
            n->value.number = decimal_negate(n->value.number);
        } else {
            n = adopt(p, node(p, NODE_NEGATE, start), n);
        }
    }
    return n;
}

/* ---- operators ---- */

typedef struct {
    int prio;
    NodeKind kind;
    Op op;
} Operator;

static Operator operator_here(const Parser *p)
{
    Op op = OP_EQ;
    if (compare_op(p, &op)) {
        return (Operator){PRIO_COMPARE, NODE_BINARY, op};
    }
    switch (p->t.mark) {
    case '+': return (Operator){PRIO_ADD, NODE_BINARY, OP_ADD};
    case '-': return (Operator){PRIO_ADD, NODE_BINARY, OP_SUB};
    case '*': return (Operator){PRIO_MUL, NODE_BINARY, OP_MUL};
    case '/': return (Operator){PRIO_MUL, NODE_BINARY, OP_DIV};
    case MARK_POW: return (Operator){PRIO_POW, NODE_BINARY, OP_POW};
    default: break;
    }
    switch ((int)p->t.kind) {
    case TOKEN_OR: return (Operator){PRIO_OR, NODE_OR, OP_OR};
    case TOKEN_AND: return (Operator){PRIO_AND, NODE_AND, OP_AND};
    case TOKEN_IN: return (Operator){PRIO_COMPARE, NODE_IN, OP_IN};
    case TOKEN_BETWEEN: return (Operator){PRIO_COMPARE, NODE_BETWEEN, OP_IN};
    default: return (Operator){0, NODE_BINARY, OP_END};
    }
}

static Node *parse_test(Parser *p, bool whole)
{
    Op op = OP_EQ;
    if (!compare_op(p, &op)) {
        return whole ? parse_expression(p) : parse_binary(p, PRIO_ADD);
    }
    Node *n = node(p, NODE_COMPARE_TEST, p->t.start);
    n->op = op;
    return advance(p) ? adopt(p, n, parse_binary(p, PRIO_ADD)) : NULL;
}

static Node *parse_tests(Parser *p, Node *tests)
{
    while (tests) {
        tests = adopt(p, tests, parse_test(p, true));
        if (!tests || !at_mark(p, ',')) {
            break;
        }
        if (!advance(p)) {
            return NULL;
        }
    }
    return tests;
}

/* What stands after "in": one test, or tests in parentheses, or an open range. */
static Node *parse_in_tests(Parser *p)
{
    Node *tests = node(p, NODE_TESTS, p->t.start);
    if (!at_mark(p, '(')) {
        return adopt(p, tests, parse_test(p, false));
    }
    if (!advance(p) || !(tests = parse_tests(p, tests))) {
        return NULL;
    }
    if (tests->count == 1 && at_mark(p, MARK_DOTS)) {
        Node *range = parse_range_rest(p, tests->kids[0], false);
        return adopt(p, node(p, NODE_TESTS, tests->offset), range);
    }
    return expect(p, ')') ? tests : NULL;
}

static Node *parse_between(Parser *p, Node *n)
{
    n = adopt(p, n, parse_binary(p, PRIO_ADD));
    return n && expect_word(p, TOKEN_AND, "and") ? adopt(p, n, parse_binary(p, PRIO_ADD)) : NULL;
}

static Node *parse_binary(Parser *p, int least)
{
    Node *left = parse_unary(p);
    while (left) {
        Operator o = operator_here(p);
        if (o.prio == 0 || o.prio < least) {
            break;
        }
        Node *n = adopt(p, node(p, o.kind, p->t.start), left);
        if (!n || !advance(p)) {
            return NULL;
        }
        n->op = o.op;
        if (o.kind == NODE_BETWEEN) {
            left = parse_between(p, n);
        } else if (o.kind == NODE_IN) {
            left = adopt(p, n, parse_in_tests(p));
        } else {
            left = adopt(p, n, parse_binary(p, o.prio + 1));
        }
    }
    return left;
}

static Node *parse_expression(Parser *p)
{
    if (++p->depth > FEEL_MAX_DEPTH) {
        (void)FAIL_AT(p->err, ERR_LIMIT, p->t.start, "expression is nested deeper than %d",
                      FEEL_MAX_DEPTH);
        return NULL;
    }
    Node *n = parse_binary(p, PRIO_OR);
    p->depth--;
    return n;
}

/* "-", "not(…)" around everything, or tests. */
static Node *parse_unary_tests(Parser *p)
{
    Node *tests = node(p, NODE_TESTS, p->t.start);
    if (str_eq(str_trim(p->lx.src), STR("-"))) {
        tests->kind = NODE_ANY_TEST;
        /* The sign and what is no more behind it. */
        bool past = advance(p);
        return past ? tests : NULL;
    }
    if (p->t.kind != TOKEN_NAME || !str_eq(p->t.text, STR("not"))) {
        return parse_tests(p, tests);
    }
    tests->negated = true;
    return advance(p) && expect(p, '(') && (tests = parse_tests(p, tests)) && expect(p, ')') ? tests
                                                                                             : NULL;
}

static void learn_names(Parser *p, const FeelNames *names, int depth)
{
    for (size_t i = 0; names && depth < 8 && i < names->count; i++) {
        const FeelType *t = names->at[i].type;
        if (lex_is_phrase(names->at[i].name)) {
            learn(p, str_dup(p->out, names->at[i].name));
        }
        while (t && t->item) {
            t = t->item;
        }
        learn_names(p, t ? t->members : NULL, depth + 1);
    }
}

Node *feel_parse(Arena *out, Str src, const FeelNames *names, FeelMode mode, Err *err)
{
    Parser p = {.lx = {.arena = out, .src = src},
                .out = out,
                .types = names ? names->types : NULL,
                .err = err};
    if (src.len > FEEL_MAX_SOURCE) {
        (void)FAIL(err, ERR_LIMIT, "expression is longer than %d bytes", FEEL_MAX_SOURCE);
        return NULL;
    }
    if (utf8_check(src) < src.len) {
        (void)FAIL_AT(err, ERR_INPUT, utf8_check(src), "text is not UTF-8");
        return NULL;
    }
    p.lx.src = str_dup(out, src);
    learn_names(&p, names, 0);
    if (!advance(&p)) {
        return NULL;
    }
    Node *n = mode == FEEL_UNARY_TESTS ? parse_unary_tests(&p) : parse_expression(&p);
    if (n && p.t.kind != TOKEN_END) {
        return fail_expected(&p, "an operator or the end");
    }
    return n;
}
