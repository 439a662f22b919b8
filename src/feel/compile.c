/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tree to a flat program for a stack machine, so that evaluation never recurses.
 *
 * Names are settled here: iterators, context entries and "item" live in slots; a name inside a
 * filter over elements of unknown shape is tried as their member first (MEMBER), then outside;
 * what is left is looked up in the caller's scope at evaluation. When the caller's names are
 * known, any other name is an error here, with the nearest known name.
 */
#include "feel/compile_int.h"

enum { POOL_LOOK_BACK = 200 };

/* What each step does to the height of the stack; CALL, INVOKE, LIST, CONTEXT are corrected by hand. */
static int effect_of(Op op)
{
    switch (op) {
    case OP_CLOSURE:
    case OP_CONST:
    case OP_NAME:
    case OP_INPUT:
    case OP_SLOT:
    case OP_MEMBER:
    case OP_GATHERED:
    case OP_JUDGED:
    case OP_SIFTED: return 1;
    case OP_STORE:
    case OP_JUMP_UNLESS:
    case OP_OPEN:
    case OP_KEEP:
    case OP_JUDGE:
    case OP_SIEVE:
    case OP_SIFT:
    case OP_ADD:
    case OP_SUB:
    case OP_MUL:
    case OP_DIV:
    case OP_POW:
    case OP_EQ:
    case OP_NE:
    case OP_LT:
    case OP_LE:
    case OP_GT:
    case OP_GE:
    case OP_IN:
    case OP_AND:
    case OP_OR:
    case OP_RANGE:
    case OP_INDEX: return -1;
    case OP_BETWEEN: return -2;
    case OP_PATH:
    case OP_NEGATE:
    case OP_IS_TRUE:
    case OP_NOT:
    case OP_JUMP:
    case OP_JUMP_IF:
    case OP_LIST:
    case OP_CONTEXT:
    case OP_CALL:
    case OP_INVOKE:
    case OP_INSTANCE:
    case OP_GATHER:
    case OP_DECIDE:
    case OP_NEXT:
    case OP_END: return 0;
    }
    return 0;
}

void compile_fail(Compiler *c, ErrCode code, const Node *n, const char *what, Str name)
{
    if (!c->failed) {
        c->failed = true;
        (void)FAIL_AT(c->err, code, n->offset, "%s '" STR_FMT "'", what,
                      STR_ARG(str_slice(name, 0, 80)));
    }
}

void compile_move(Compiler *c, int by)
{
    c->depth = (uint32_t)((int)c->depth + by);
    if (c->depth > c->stack_max) {
        c->stack_max = c->depth;
    }
}

uint32_t compile_emit_all(Compiler *c, Op op, uint32_t flag, uint32_t b, uint32_t a)
{
    *VEC_PUSH(c->tmp, &c->code) =
        (Ins){.op = (uint8_t)op, .flag = (uint8_t)flag, .b = (uint16_t)b, .a = a};
    compile_move(c, effect_of(op));
    return (uint32_t)c->code.len - 1;
}

uint32_t compile_emit(Compiler *c, Op op)
{
    return compile_emit_all(c, op, 0, 0, 0);
}

static uint32_t compile_here(const Compiler *c)
{
    return (uint32_t)c->code.len;
}

void compile_patch(Compiler *c, uint32_t at)
{
    c->code.at[at].a = compile_here(c);
}

void compile_const(Compiler *c, FeelValue v)
{
    *VEC_PUSH(c->tmp, &c->consts) = v;
    compile_emit_all(c, OP_CONST, 0, 0, (uint32_t)c->consts.len - 1);
}

uint32_t compile_pool(Compiler *c, Str name)
{
    size_t first = c->pool.len > POOL_LOOK_BACK ? c->pool.len - POOL_LOOK_BACK : 0;
    for (size_t i = first; i < c->pool.len; i++) {
        if (str_eq(c->pool.at[i], name)) {
            return (uint32_t)i;
        }
    }
    *VEC_PUSH(c->tmp, &c->pool) = name;
    return (uint32_t)c->pool.len - 1;
}

uint16_t compile_slot(Compiler *c)
{
    return (uint16_t)(c->slots < FEEL_NOTHING - 1 ? c->slots++ : c->slots);
}

static uint8_t new_loop(Compiler *c, const Node *n)
{
    if (c->loops >= FEEL_MAX_ITERS) {
        compile_fail(c, ERR_LIMIT, n, "too many loops and filters in", STR("one expression"));
        return 0;
    }
    return (uint8_t)c->loops++;
}

void compile_push(Compiler *c, Str name, uint16_t slot, const FeelType *type)
{
    *VEC_PUSH(c->tmp, &c->locals) = (Local){.name = name, .slot = slot, .type = type};
}

/* ---- tests ---- */

/* "?" is the value before "in", else the scope's. */
static void emit_input(Compiler *c)
{
    size_t local = compile_find_local(c, STR("?"));
    if (local == SIZE_MAX) {
        compile_emit(c, OP_INPUT);
    } else {
        compile_emit_all(c, OP_SLOT, 0, compile_local_slot(c, local), 0);
    }
}

static void compile_test(Compiler *c, const Node *n)
{
    if (n->kind == NODE_COMPARE_TEST) {
        emit_input(c);
        compile_node(c, n->kids[0]);
        compile_emit(c, n->op);
    } else if (n->has_input) {
        compile_node(c, n);
        compile_emit(c, OP_IS_TRUE);
    } else {
        emit_input(c);
        compile_node(c, n);
        compile_emit(c, OP_IN);
    }
}

static void compile_tests(Compiler *c, const Node *n)
{
    uint32_t *jumps = NEW_N(c->tmp, uint32_t, n->count + 1);
    for (size_t i = 0; i < n->count; i++) {
        compile_test(c, n->kids[i]);
        if (i > 0) {
            compile_emit(c, OP_OR);
        }
        jumps[i] = compile_emit_all(c, OP_JUMP_IF, 1, 0, 0);
    }
    for (size_t i = 0; i < n->count; i++) {
        compile_patch(c, jumps[i]);
    }
    if (n->negated) {
        compile_emit(c, OP_NOT);
    }
}

static void compile_in(Compiler *c, const Node *n)
{
    uint16_t slot = compile_slot(c);
    const FeelType *type = compile_node(c, n->kids[0]);
    compile_emit_all(c, OP_STORE, 0, slot, 0);
    compile_push(c, STR("?"), slot, type);
    compile_tests(c, n->kids[1]);
    c->locals.len--;
}

/* ---- control ---- */

static void compile_logic(Compiler *c, const Node *n)
{
    compile_node(c, n->kids[0]);
    uint32_t end = compile_emit_all(c, OP_JUMP_IF, n->kind == NODE_OR, 0, 0);
    compile_node(c, n->kids[1]);
    compile_emit(c, n->kind == NODE_OR ? OP_OR : OP_AND);
    compile_patch(c, end);
}

static const FeelType *compile_if(Compiler *c, const Node *n)
{
    compile_node(c, n->kids[0]);
    uint32_t otherwise = compile_emit(c, OP_JUMP_UNLESS);
    const FeelType *a = compile_node(c, n->kids[1]);
    uint32_t end = compile_emit(c, OP_JUMP);
    compile_move(c, -1);
    compile_patch(c, otherwise);
    const FeelType *b = compile_node(c, n->kids[2]);
    compile_patch(c, end);
    return a == b ? a : NULL;
}

static const FeelType *item_of(const FeelType *list)
{
    return list && list->kind == FEEL_LIST ? list->item : NULL;
}

/* Opens the loops over all sources; returns where the innermost goes on. */
static uint32_t compile_sources(Compiler *c, const Node *n, uint8_t gather, uint32_t *outermost)
{
    uint32_t before = 0;
    for (size_t i = 0; i < n->names.len; i++) {
        const Node *source = n->kids[i];
        bool steps = source->kind == NODE_STEPS;
        const FeelType *t = compile_node(c, source);
        uint8_t loop = new_loop(c, source);
        uint16_t slot = compile_slot(c);
        compile_emit_all(c, OP_OPEN, loop, gather, steps);
        uint32_t next = compile_emit_all(c, OP_NEXT, loop, slot, before);
        *outermost = i == 0 ? next : *outermost;
        before = next;
        compile_push(c, n->names.at[i], slot, item_of(t));
    }
    return before;
}

static void compile_loop(Compiler *c, const Node *n)
{
    bool is_for = n->kind == NODE_FOR;
    size_t locals = c->locals.len;
    uint8_t gather = new_loop(c, n);
    uint32_t partial = is_for ? compile_slot(c) : FEEL_NOTHING;
    uint32_t every = n->kind == NODE_EVERY, outermost = 0, decided = 0;
    if (is_for) {
        compile_emit_all(c, OP_GATHER, gather, partial, 0);
        compile_push(c, STR("partial"), (uint16_t)partial, NULL);
    } else {
        compile_emit_all(c, OP_DECIDE, gather, every, 0);
    }
    uint32_t next = compile_sources(c, n, gather, &outermost);
    compile_node(c, n->kids[n->count - 1]);
    if (is_for) {
        compile_emit_all(c, OP_KEEP, gather, partial, 0);
    } else {
        decided = compile_emit_all(c, OP_JUDGE, gather, every, 0);
    }
    compile_emit_all(c, OP_JUMP, 0, 0, next);
    compile_patch(c, outermost);
    if (!is_for) {
        compile_patch(c, decided);
    }
    compile_emit_all(c, is_for ? OP_GATHERED : OP_JUDGED, gather, 0, 0);
    c->locals.len = locals;
}

static const FeelType *compile_filter(Compiler *c, const Node *n)
{
    const FeelType *t = compile_node(c, n->kids[0]);
    const Node *test = n->kids[1];
    if (test->kind == NODE_CONST && test->value.kind == FEEL_NUMBER) {
        compile_const(c, test->value);
        compile_emit(c, OP_INDEX);
        return item_of(t);
    }
    uint8_t loop = new_loop(c, n);
    uint16_t slot = compile_slot(c);
    compile_emit_all(c, OP_SIEVE, loop, 0, 0);
    uint32_t next = compile_emit_all(c, OP_NEXT, loop, slot, 0);
    *VEC_PUSH(c->tmp, &c->locals) =
        (Local){.is_item = true, .name = STR("item"), .slot = slot, .type = item_of(t)};
    compile_node(c, test);
    c->locals.len--;
    uint32_t sift = compile_emit_all(c, OP_SIFT, loop, 0, 0);
    compile_emit_all(c, OP_JUMP, 0, 0, next);
    compile_patch(c, next);
    compile_patch(c, sift);
    compile_emit_all(c, OP_SIFTED, loop, 0, 0);
    bool keeps_list = test->kind == NODE_BINARY || test->kind == NODE_AND || test->kind == NODE_OR;
    return keeps_list && test->op >= OP_EQ ? t : NULL;
}

/* ---- values ---- */

static const FeelType *compile_context(Compiler *c, const Node *n)
{
    size_t locals = c->locals.len;
    FeelName *members = NEW_N(c->tmp, FeelName, n->count + 1);
    bool twice = false;
    if (n->count > FEEL_MAX_NAMES) {
        compile_fail(c, ERR_LIMIT, n, "too many names in", STR("one context"));
        return NULL;
    }
    for (size_t i = 0; i < n->count; i++) {
        uint16_t slot = compile_slot(c);
        const FeelType *t = compile_node(c, n->kids[i]);
        compile_emit_all(c, OP_STORE, 0, slot, 0);
        members[i] = (FeelName){n->names.at[i], t};
        for (size_t k = 0; k < i; k++) {
            twice = twice || str_eq(n->names.at[k], n->names.at[i]);
        }
        compile_push(c, n->names.at[i], slot, t);
    }
    if (twice) {
        c->locals.len = locals;
        compile_const(c, feel_reason(c->out, "a key stands twice in the context"));
        return NULL;
    }
    uint32_t first = (uint32_t)c->pool.len;
    for (size_t i = 0; i < n->count; i++) {
        compile_emit_all(c, OP_SLOT, 0, c->locals.at[locals + i].slot, 0);
        *VEC_PUSH(c->tmp, &c->pool) = n->names.at[i];
    }
    compile_emit_all(c, OP_CONTEXT, 0, (uint32_t)n->count, first);
    compile_move(c, 1 - (int)n->count);
    c->locals.len = locals;
    FeelNames *names = NEW(c->tmp, FeelNames);
    *names = (FeelNames){.at = members, .count = n->count};
    FeelType *t = NEW(c->tmp, FeelType);
    *t = (FeelType){.kind = FEEL_CONTEXT, .members = names, .open = true};
    return t;
}

static const FeelType *compile_list(Compiler *c, const Node *n)
{
    const FeelType *item = NULL;
    for (size_t i = 0; i < n->count; i++) {
        const FeelType *t = compile_node(c, n->kids[i]);
        item = n->count == 1 ? t : NULL;
    }
    compile_emit_all(c, OP_LIST, 0, 0, (uint32_t)n->count);
    compile_move(c, 1 - (int)n->count);
    FeelType *t = NEW(c->tmp, FeelType);
    *t = (FeelType){.kind = FEEL_LIST, .item = item};
    return t;
}

static void compile_instance(Compiler *c, const Node *n)
{
    compile_node(c, n->kids[0]);
    *VEC_PUSH(c->tmp, &c->types) = n->type; /* NOLINT(bugprone-sizeof-expression): of pointers */
    compile_emit_all(c, OP_INSTANCE, 0, 0, (uint32_t)c->types.len - 1);
}

static void compile_kids(Compiler *c, const Node *n, Op op)
{
    for (size_t i = 0; i < n->count; i++) {
        compile_node(c, n->kids[i]);
    }
    compile_emit(c, op);
}

const FeelType *compile_node(Compiler *c, const Node *n)
{
    if (c->failed) {
        return NULL;
    }
    switch (n->kind) {
    case NODE_CONST: compile_const(c, n->value); return NULL;
    case NODE_NAME: return compile_name(c, n);
    case NODE_INPUT: emit_input(c); return NULL;
    case NODE_PATH: return compile_path(c, n);
    case NODE_NEGATE: compile_kids(c, n, OP_NEGATE); return NULL;
    case NODE_BINARY: compile_kids(c, n, n->op); return NULL;
    case NODE_AND:
    case NODE_OR: compile_logic(c, n); return NULL;
    case NODE_BETWEEN: compile_kids(c, n, OP_BETWEEN); return NULL;
    case NODE_IN: compile_in(c, n); return NULL;
    case NODE_IF: return compile_if(c, n);
    case NODE_FOR:
    case NODE_SOME:
    case NODE_EVERY: compile_loop(c, n); return NULL;
    case NODE_LIST: return compile_list(c, n);
    case NODE_CONTEXT: return compile_context(c, n);
    case NODE_RANGE:
        compile_kids(c, n, OP_RANGE);
        c->code.at[c->code.len - 1].a = n->range;
        c->code.at[c->code.len - 1].flag =
            (uint8_t)((n->start_included ? 1 : 0) | (n->end_included ? 2 : 0));
        return NULL;
    case NODE_STEPS:
        compile_kids(c, n, OP_RANGE);
        c->code.at[c->code.len - 1].flag = 3 | 4;
        return NULL;
    case NODE_FILTER: return compile_filter(c, n);
    case NODE_CALL: return compile_call(c, n);
    case NODE_INVOKE:
        compile_node(c, n->kids[0]);
        compile_invoke(c, n, 1);
        return NULL;
    case NODE_FUNCTION: compile_function(c, n); return NULL;
    case NODE_INSTANCE: compile_instance(c, n); return NULL;
    case NODE_COMPARE_TEST: compile_test(c, n); return NULL;
    case NODE_TESTS: compile_tests(c, n); return NULL;
    case NODE_ANY_TEST: compile_const(c, feel_bool(true)); return NULL;
    }
    return NULL;
}

/* What grew beside, in its own size. */
static const void *kept(Arena *out, const void *at, size_t size)
{
    return size > 0 ? memcpy(arena_alloc(out, size), at, size) : NULL;
}
#define KEPT(c, v) kept((c)->out, (v).at, (v).len * sizeof *(v).at)

static const Str *kept_names(Compiler *c)
{
    for (size_t i = 0; i < c->pool.len; i++) {
        c->pool.at[i] = str_dup(c->out, c->pool.at[i]);
    }
    return KEPT(c, c->pool);
}

const FeelProgram *compile_finish(Compiler *c, const Node *n)
{
    if (!c->failed && c->slots >= FEEL_NOTHING - 1) {
        compile_fail(c, ERR_LIMIT, n, "too many names in", STR("one expression"));
    }
    if (c->failed) {
        return NULL;
    }
    compile_emit(c, OP_END);
    FeelProgram *p = NEW(c->out, FeelProgram);
    *p = (FeelProgram){.code = KEPT(c, c->code),
                       .consts = KEPT(c, c->consts),
                       .names = kept_names(c),
                       .types = KEPT(c, c->types), /* NOLINT(bugprone-sizeof-expression) */
                       .functions = KEPT(c, c->functions),
                       .captures = KEPT(c, c->captures),
                       .patterns = KEPT(c, c->patterns), /* NOLINT(bugprone-sizeof-expression) */
                       .constant = tree_constant_tests(c->out, n),
                       .code_count = (uint32_t)c->code.len,
                       .slot_count = c->slots,
                       .loop_count = c->loops,
                       .capture_count = (uint32_t)c->captures.len,
                       .stack_max = c->stack_max + 1};
    return p;
}

const FeelProgram *feel_compile(Arena *out, Str src, const FeelNames *names, FeelMode mode,
                                Err *err)
{
    const Node *tree = feel_parse(out, src, names, mode, err);
    if (!tree) {
        return NULL;
    }
    Compiler c = {.out = out, .tmp = arena_beside(out), .names = names, .err = err};
    compile_node(&c, tree);
    return compile_finish(&c, tree);
}
