/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an expression is made of: literals, names, parentheses, ranges, lists, contexts, calls,
 * functions, and the forms that begin with a word (if, for, some, every).
 */
#include "feel/parse_int.h"

/* ---- if, for, some, every ---- */

static Node *parse_if(Parser *p)
{
    Node *n = parse_node(p, NODE_IF, p->t.start);
    if (!parse_advance(p) || !(n = parse_adopt(p, n, parse_expression(p))) ||
        !parse_expect_word(p, TOKEN_THEN, "then") ||
        !(n = parse_adopt(p, n, parse_expression(p))) ||
        !parse_expect_word(p, TOKEN_ELSE, "else")) {
        return NULL;
    }
    return parse_adopt(p, n, parse_expression(p));
}

static Node *parse_source(Parser *p, bool steps)
{
    Node *from = parse_expression(p);
    if (!from || !steps || !parse_at(p, MARK_DOTS)) {
        return from;
    }
    Node *n = parse_adopt(p, parse_node(p, NODE_STEPS, from->offset), from);
    return n && parse_advance(p) ? parse_adopt(p, n, parse_expression(p)) : NULL;
}

/* for x in a, y in b return e; the token stands on for, some or every. */
static Node *parse_loop(Parser *p, NodeKind kind, TokenKind end, const char *word)
{
    Node *n = parse_node(p, kind, p->t.start);
    size_t from = p->t.end;
    for (;;) {
        Str name = {0};
        if (!lex_declared(&p->lx, from, STR("in"), &name, p->err)) {
            return NULL;
        }
        *VEC_PUSH(p->tree, &n->names) = name;
        if (!parse_advance(p) || !parse_expect_word(p, TOKEN_IN, "in") ||
            !(n = parse_adopt(p, n, parse_source(p, kind == NODE_FOR)))) {
            return NULL;
        }
        parse_learn(p, name);
        if (!parse_at(p, ',')) {
            break;
        }
        from = p->t.end;
    }
    return parse_expect_word(p, end, word) ? parse_adopt(p, n, parse_expression(p)) : NULL;
}

/* ---- primaries ---- */

/* The token stands on "..": the rest of a range whose start was read. */
Node *parse_range_rest(Parser *p, Node *start, bool start_included)
{
    bool outer = p->in_range_end;
    Node *n = parse_adopt(p, parse_node(p, NODE_RANGE, start->offset), start);
    if (!n || !parse_advance(p)) {
        return NULL;
    }
    p->in_range_end = true;
    n = parse_adopt(p, n, parse_binary(p, PRIO_ADD));
    p->in_range_end = outer;
    if (!n) {
        return NULL;
    }
    n->start_included = start_included;
    n->end_included = parse_at(p, ']');
    if (!n->end_included && !parse_at(p, ')') && !parse_at(p, '[')) {
        return parse_fail(p, "']' or ')' after a range");
    }
    return parse_advance(p) ? n : NULL;
}

/* (< 10), (= 10): the token stands on the operator. */
static Node *parse_half_range(Parser *p, Op op)
{
    Node *none = parse_node(p, NODE_CONST, p->t.start), *n = parse_node(p, NODE_RANGE, p->t.start);
    if (!parse_advance(p)) {
        return NULL;
    }
    Node *bound = parse_binary(p, PRIO_ADD);
    bool below = op == OP_LT || op == OP_LE;
    n->range = op == OP_EQ   ? FEEL_EQUAL
               : op == OP_NE ? FEEL_UNEQUAL
               : below       ? FEEL_BELOW
                             : FEEL_ABOVE;
    n->end_included = op == OP_LE || op == OP_EQ;
    n->start_included = op == OP_GE || op == OP_EQ;
    n = parse_adopt(p, n, below ? none : bound);
    n = parse_adopt(p, n, below ? bound : none);
    return n && parse_expect(p, ')') ? n : NULL;
}

static Node *parse_paren(Parser *p)
{
    Op op = OP_EQ;
    if (!parse_advance(p)) {
        return NULL;
    }
    if (parse_compare(p, &op)) {
        return parse_half_range(p, op);
    }
    Node *inner = parse_expression(p);
    if (inner && parse_at(p, MARK_DOTS)) {
        return parse_range_rest(p, inner, false);
    }
    return inner && parse_expect(p, ')') ? inner : NULL;
}

static Node *parse_list(Parser *p)
{
    Node *n = parse_node(p, NODE_LIST, p->t.start);
    if (!parse_advance(p)) {
        return NULL;
    }
    while (!parse_at(p, ']')) {
        Node *item = parse_expression(p);
        if (item && n->count == 0 && parse_at(p, MARK_DOTS)) {
            return parse_range_rest(p, item, true);
        }
        if (!(n = parse_adopt(p, n, item))) {
            return NULL;
        }
        if (!parse_at(p, ',')) {
            break;
        }
        if (!parse_advance(p)) {
            return NULL;
        }
    }
    return parse_expect(p, ']') ? n : NULL;
}

static bool parse_key(Parser *p, Node *n)
{
    Str key = p->t.text;
    if (p->t.kind != TOKEN_STRING && !lex_declared(&p->lx, p->t.start, STR(":"), &key, p->err)) {
        return false;
    }
    *VEC_PUSH(p->tree, &n->names) = key;
    return parse_advance(p);
}

static Node *parse_context(Parser *p)
{
    Node *n = parse_node(p, NODE_CONTEXT, p->t.start);
    if (!parse_advance(p)) {
        return NULL;
    }
    while (!parse_at(p, '}')) {
        if (!parse_key(p, n) || !parse_expect(p, ':') ||
            !(n = parse_adopt(p, n, parse_expression(p)))) {
            return NULL;
        }
        parse_learn(p, n->names.at[n->names.len - 1]);
        if (!parse_at(p, ',')) {
            break;
        }
        if (!parse_advance(p)) {
            return NULL;
        }
    }
    return parse_expect(p, '}') ? n : NULL;
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
        *VEC_PUSH(p->tree, &n->names) = name;
        if (!parse_advance(p)) {
            return false;
        }
    }
    if (!parse_adopt(p, n, parse_expression(p))) {
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
Node *parse_arguments(Parser *p, Node *n)
{
    size_t first = n->count;
    if (!parse_advance(p)) {
        return NULL;
    }
    while (!parse_at(p, ')')) {
        if (!parse_argument(p, n, first)) {
            return NULL;
        }
        if (!parse_at(p, ',')) {
            break;
        }
        if (!parse_advance(p)) {
            return NULL;
        }
    }
    return parse_expect(p, ')') ? n : NULL;
}

static Node *parse_call(Parser *p, const Node *name)
{
    Node *n = parse_node(p, NODE_CALL, name->offset);
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
    param->name = str_dup(p->out, param->name);
    parse_learn(p, param->name);
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
    if (empty && !parse_advance(p)) {
        return NULL;
    }
    while (!empty) {
        FeelName param = {0};
        if (params.len >= FEEL_MAX_ARGS) {
            (void)FAIL_AT(p->err, ERR_LIMIT, from, "more than %d parameters", FEEL_MAX_ARGS);
            return NULL;
        }
        if (!parse_parameter(p, from, &param) || !parse_advance(p)) {
            return NULL;
        }
        *VEC_PUSH(p->out, &params) = param;
        if (!parse_at(p, ',')) {
            break;
        }
        from = p->t.end;
    }
    FeelNames *names = NEW(p->out, FeelNames);
    *names = (FeelNames){.at = params.at, .count = params.len};
    return parse_expect(p, ')') ? names : NULL;
}

/* function(a: number, b) body, or: function(a) external {java: {…}}; the token stands on "(". */
static Node *parse_function(Parser *p, uint32_t offset)
{
    Node *n = parse_node(p, NODE_FUNCTION, offset);
    n->params = parse_parameters(p);
    if (!n->params) {
        return NULL;
    }
    if (p->t.kind == TOKEN_NAME && str_eq(p->t.text, STR("external"))) {
        n->external = true;
        if (!parse_advance(p)) {
            return NULL;
        }
    }
    return parse_adopt(p, n, parse_expression(p));
}

static Node *constant(Parser *p, FeelValue v)
{
    Node *n = parse_node(p, NODE_CONST, p->t.start);
    n->value = v;
    return parse_advance(p) ? n : NULL;
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
    if (parse_at(p, '(')) {
        return parse_paren(p);
    }
    if (parse_at(p, '[')) {
        return parse_list(p);
    }
    if (parse_at(p, '{')) {
        return parse_context(p);
    }
    if (parse_at(p, '?')) {
        Node *n = parse_node(p, NODE_INPUT, p->t.start);
        n->has_input = true;
        return parse_advance(p) ? n : NULL;
    }
    if (parse_at(p, ']')) { /* ]1..5] */
        if (!parse_advance(p)) {
            return NULL;
        }
        Node *start = parse_binary(p, PRIO_ADD);
        if (start && parse_at(p, MARK_DOTS)) {
            return parse_range_rest(p, start, false);
        }
        return start ? parse_fail(p, "'..'") : NULL;
    }
    return parse_fail(p, "a value");
}

static Node *parse_name(Parser *p)
{
    Node *n = parse_node(p, NODE_NAME, p->t.start);
    n->name = p->t.text;
    if (!parse_advance(p)) {
        return NULL;
    }
    if (parse_at(p, '(') && str_eq(n->name, STR("function"))) {
        return parse_function(p, n->offset);
    }
    return parse_at(p, '(') ? parse_call(p, n) : n;
}

Node *parse_primary(Parser *p)
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
    return parse_fail(p, "a value");
}
