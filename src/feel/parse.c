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
#include "feel/parse_int.h"

bool parse_advance(Parser *p)
{
    return lex_next(&p->lx, &p->t, p->err);
}

bool parse_at(const Parser *p, int mark)
{
    return p->t.mark == mark;
}

Node *parse_fail(Parser *p, const char *what)
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

bool parse_expect(Parser *p, char mark)
{
    if (!parse_at(p, mark)) {
        parse_fail(p, str_cstr(p->tree, str_fmt(p->tree, "'%c'", mark)));
        return false;
    }
    return parse_advance(p);
}

bool parse_expect_word(Parser *p, TokenKind kind, const char *word)
{
    if (p->t.kind != kind) {
        parse_fail(p, str_cstr(p->tree, str_fmt(p->tree, "'%s'", word)));
        return false;
    }
    return parse_advance(p);
}

Node *parse_node(Parser *p, NodeKind kind, uint32_t offset)
{
    Node *n = NEW(p->tree, Node);
    n->kind = kind;
    n->offset = offset;
    n->height = 1;
    return n;
}

/* NULL when kid is NULL (it failed already) or the tree grows too high. */
Node *parse_adopt(Parser *p, Node *n, Node *kid)
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
        n->kids = arena_grow(p->tree, n->kids, n->count * sizeof(Node *), grown * sizeof(Node *));
    }
    n->has_input = n->has_input || kid->has_input;
    n->kids[n->count++] = kid;
    return n;
}

void parse_learn(Parser *p, Str name)
{
    if (lex_is_phrase(name)) {
        *VEC_PUSH(&p->phrases, &p->lx.phrases) = name;
    }
}
/* [1..3[ : a "[" after which no value can begin closes the range. */
static bool closes_range(const Parser *p)
{
    Lexer ahead = p->lx;
    Token t = {0};
    if (!p->in_range_end || !parse_at(p, '[') || !lex_next(&ahead, &t, NULL)) {
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
    Node *n = parse_adopt(p, parse_node(p, NODE_FILTER, p->t.start), list);
    bool outer = p->in_range_end;
    if (!n || !parse_advance(p)) {
        return NULL;
    }
    p->in_range_end = false;
    n = parse_adopt(p, n, parse_expression(p));
    p->in_range_end = outer;
    return n && parse_expect(p, ']') ? n : NULL;
}

/* The token stands on ".". */
static Node *parse_path(Parser *p, Node *of)
{
    Node *n = parse_adopt(p, parse_node(p, NODE_PATH, p->t.start), of);
    p->lx.after_dot = true;
    bool past = n && parse_advance(p);
    p->lx.after_dot = false;
    if (!past) {
        return NULL;
    }
    if (p->t.kind != TOKEN_NAME) {
        return parse_fail(p, "a name after '.'");
    }
    n->offset = p->t.start;
    n->name = p->t.text;
    return parse_advance(p) ? n : NULL;
}

static Node *parse_postfix(Parser *p)
{
    Node *n = parse_primary(p);
    while (n) {
        if (parse_at(p, '.')) {
            n = parse_path(p, n);
        } else if (parse_at(p, '[') && !closes_range(p)) {
            n = parse_filter(p, n);
        } else if (parse_at(p, '(')) {
            n = parse_adopt(p, parse_node(p, NODE_INVOKE, p->t.start), n);
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
        if (!parse_advance(p)) {
            return NULL;
        }
        if (p->t.kind != TOKEN_NAME || !str_eq(p->t.text, STR("of"))) {
            return parse_fail(p, "'of'");
        }
        n = parse_adopt(p, parse_node(p, NODE_INSTANCE, at), n);
        if (!n || !lex_type(&p->lx, p->t.end, p->types, &n->type, p->err) || !parse_advance(p)) {
            return NULL;
        }
    }
    return n;
}

static Node *parse_unary(Parser *p)
{
    uint32_t start = p->t.start;
    size_t minuses = 0;
    while (parse_at(p, '-')) {
        minuses++;
        if (!parse_advance(p)) {
            return NULL;
        }
    }
    Node *n = parse_instance(p);
    for (; n && minuses > 0; minuses--) {
        if (n->kind == NODE_CONST && n->value.kind == FEEL_NUMBER) {
            n->value.number = decimal_negate(n->value.number);
        } else {
            n = parse_adopt(p, parse_node(p, NODE_NEGATE, start), n);
        }
    }
    return n;
}

/* ---- operators ---- */

bool parse_compare(const Parser *p, Op *op)
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
typedef struct {
    int prio;
    NodeKind kind;
    Op op;
} Operator;

static Operator operator_here(const Parser *p)
{
    Op op = OP_EQ;
    if (parse_compare(p, &op)) {
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
    if (!parse_compare(p, &op)) {
        return whole ? parse_expression(p) : parse_binary(p, PRIO_ADD);
    }
    Node *n = parse_node(p, NODE_COMPARE_TEST, p->t.start);
    n->op = op;
    return parse_advance(p) ? parse_adopt(p, n, parse_binary(p, PRIO_ADD)) : NULL;
}

static Node *parse_tests(Parser *p, Node *tests)
{
    while (tests) {
        tests = parse_adopt(p, tests, parse_test(p, true));
        if (!tests || !parse_at(p, ',')) {
            break;
        }
        if (!parse_advance(p)) {
            return NULL;
        }
    }
    return tests;
}

/* What stands after "in": one test, or tests in parentheses, or an open range. */
static Node *parse_in_tests(Parser *p)
{
    Node *tests = parse_node(p, NODE_TESTS, p->t.start);
    if (!parse_at(p, '(')) {
        return parse_adopt(p, tests, parse_test(p, false));
    }
    if (!parse_advance(p) || !(tests = parse_tests(p, tests))) {
        return NULL;
    }
    if (tests->count == 1 && parse_at(p, MARK_DOTS)) {
        Node *range = parse_range_rest(p, tests->kids[0], false);
        return parse_adopt(p, parse_node(p, NODE_TESTS, tests->offset), range);
    }
    return parse_expect(p, ')') ? tests : NULL;
}

static Node *parse_between(Parser *p, Node *n)
{
    n = parse_adopt(p, n, parse_binary(p, PRIO_ADD));
    return n && parse_expect_word(p, TOKEN_AND, "and")
               ? parse_adopt(p, n, parse_binary(p, PRIO_ADD))
               : NULL;
}

Node *parse_binary(Parser *p, int least)
{
    Node *left = parse_unary(p);
    while (left) {
        Operator o = operator_here(p);
        if (o.prio == 0 || o.prio < least) {
            break;
        }
        Node *n = parse_adopt(p, parse_node(p, o.kind, p->t.start), left);
        if (!n || !parse_advance(p)) {
            return NULL;
        }
        n->op = o.op;
        if (o.kind == NODE_BETWEEN) {
            left = parse_between(p, n);
        } else if (o.kind == NODE_IN) {
            left = parse_adopt(p, n, parse_in_tests(p));
        } else {
            left = parse_adopt(p, n, parse_binary(p, o.prio + 1));
        }
    }
    return left;
}

Node *parse_expression(Parser *p)
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
    Node *tests = parse_node(p, NODE_TESTS, p->t.start);
    if (str_eq(str_trim(p->lx.src), STR("-"))) {
        tests->kind = NODE_ANY_TEST;
        /* The sign and what is no more behind it. */
        bool past = parse_advance(p);
        return past ? tests : NULL;
    }
    if (p->t.kind != TOKEN_NAME || !str_eq(p->t.text, STR("not"))) {
        return parse_tests(p, tests);
    }
    tests->negated = true;
    return parse_advance(p) && parse_expect(p, '(') && (tests = parse_tests(p, tests)) &&
                   parse_expect(p, ')')
               ? tests
               : NULL;
}

/* The names, then what their types hold, as many as left allows: a type may hold itself, and types
 * of types grow like powers. */
static void learn_names(Parser *p, const FeelNames *names, int depth, size_t *left)
{
    for (size_t i = 0; names && i < names->count; i++) {
        if (lex_is_phrase(names->at[i].name)) {
            parse_learn(p, names->at[i].name);
        }
    }
    for (size_t i = 0; names && depth < 8 && i < names->count; i++) {
        const FeelType *t = names->at[i].type;
        while (t && t->item) {
            t = t->item;
        }
        if (t && t->members && t->members->count <= *left) {
            *left -= t->members->count;
            learn_names(p, t->members, depth + 1, left);
        }
    }
}

/* Most cells of tables are numbers: no name needs to be known for those. */
static bool may_name(Str src)
{
    bool may = false;
    for (size_t i = 0; i < src.len && !may; i++) {
        char c = src.at[i];
        may = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80) != 0;
    }
    return may;
}

static Node *parse_text(Parser *p, FeelMode mode)
{
    if (!parse_advance(p)) {
        return NULL;
    }
    Node *n = mode == FEEL_UNARY_TESTS ? parse_unary_tests(p) : parse_expression(p);
    return n && p->t.kind != TOKEN_END ? parse_fail(p, "an operator or the end") : n;
}

Node *feel_parse(Arena *out, Str src, const FeelNames *names, FeelMode mode, Err *err)
{
    Parser p = {.lx = {.arena = out, .src = src},
                .out = out,
                .tree = arena_beside(out),
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
    p.lx.src = str_dup(p.tree, src);
    size_t left = FEEL_MAX_NAMES;
    if (may_name(src)) {
        learn_names(&p, names, 0, &left);
    }
    p.lx.given = p.lx.phrases.len;
    Node *n = parse_text(&p, mode);
    arena_free(&p.phrases);
    return n;
}
