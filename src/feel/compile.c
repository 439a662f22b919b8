/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tree to a flat program for a stack machine, so that evaluation never recurses.
 *
 * Names are settled here: iterators, context entries and "item" live in slots; a name inside a
 * filter over elements of unknown shape is tried as their member first (MEMBER), then outside;
 * what is left is looked up in the caller's scope at evaluation. When the caller's names are
 * known, any other name is an error here, with the nearest known name.
 */
#include "feel/feel_int.h"

typedef struct {
    bool is_item; /* members of the element in slot are names too */
    Str name;
    uint16_t slot; /* FEEL_NOTHING: around this function, not captured yet */
    const FeelType *type;
} Local;

typedef Vec(Ins) Code;
typedef Vec(Local) Locals;

typedef struct Compiler Compiler;
struct Compiler {
    Arena *out;
    Compiler *outer; /* of a function's body: around it */
    const FeelNames *names;
    Err *err;
    Code code;
    Values consts;
    Names pool;
    Locals locals;
    Vec(const FeelType *) types;
    Vec(FunctionText) functions;
    Vec(Capture) captures;
    uint32_t slots, loops;
    uint32_t depth, stack_max;
    bool failed;
};

static const FeelType *compile_node(Compiler *c, const Node *n);

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

static void fail(Compiler *c, ErrCode code, const Node *n, const char *what, Str name)
{
    if (!c->failed) {
        c->failed = true;
        (void)FAIL_AT(c->err, code, n->offset, "%s '" STR_FMT "'", what,
                      STR_ARG(str_slice(name, 0, 80)));
    }
}

static void move_depth(Compiler *c, int by)
{
    c->depth = (uint32_t)((int)c->depth + by);
    if (c->depth > c->stack_max) {
        c->stack_max = c->depth;
    }
}

static uint32_t emit_all(Compiler *c, Op op, uint32_t flag, uint32_t b, uint32_t a)
{
    *VEC_PUSH(c->out, &c->code) =
        (Ins){.op = (uint8_t)op, .flag = (uint8_t)flag, .b = (uint16_t)b, .a = a};
    move_depth(c, effect_of(op));
    return (uint32_t)c->code.len - 1;
}

static uint32_t emit(Compiler *c, Op op)
{
    return emit_all(c, op, 0, 0, 0);
}

static uint32_t here(const Compiler *c)
{
    return (uint32_t)c->code.len;
}

static void patch(Compiler *c, uint32_t at)
{
    c->code.at[at].a = here(c);
}

static void emit_const(Compiler *c, FeelValue v)
{
    *VEC_PUSH(c->out, &c->consts) = v;
    emit_all(c, OP_CONST, 0, 0, (uint32_t)c->consts.len - 1);
}

static uint32_t pool_name(Compiler *c, Str name)
{
    for (size_t i = 0; i < c->pool.len; i++) {
        if (str_eq(c->pool.at[i], name)) {
            return (uint32_t)i;
        }
    }
    *VEC_PUSH(c->out, &c->pool) = name;
    return (uint32_t)c->pool.len - 1;
}

static uint16_t new_slot(Compiler *c)
{
    return (uint16_t)(c->slots < FEEL_NOTHING - 1 ? c->slots++ : c->slots);
}

static uint8_t new_loop(Compiler *c, const Node *n)
{
    if (c->loops >= FEEL_MAX_ITERS) {
        fail(c, ERR_LIMIT, n, "too many loops and filters in", STR("one expression"));
        return 0;
    }
    return (uint8_t)c->loops++;
}

static void push_local(Compiler *c, Str name, uint16_t slot, const FeelType *type)
{
    *VEC_PUSH(c->out, &c->locals) = (Local){.name = name, .slot = slot, .type = type};
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

static void fail_unknown(Compiler *c, const Node *n, const FeelNames *names, const char *what)
{
    if (c->failed) {
        return;
    }
    size_t locals = names == c->names ? c->locals.len : 0, count = 0;
    Str *known = NEW_N(c->out, Str, names->count + locals + 1);
    for (size_t i = 0; i < names->count; i++) {
        known[count++] = names->at[i].name;
    }
    for (size_t i = 0; i < locals; i++) {
        known[count++] = c->locals.at[i].name;
    }
    Str near = feel_nearest(n->name, known, count);
    fail(c, ERR_INPUT, n, what, n->name);
    if (near.len > 0 && c->err) {
        (void)FAIL_AT(c->err, ERR_INPUT, n->offset, "%s '" STR_FMT "', did you mean '" STR_FMT "'?",
                      what, STR_ARG(n->name), STR_ARG(near));
    }
}

static const FeelNames *builtin_params(Arena *out, const Builtin *b)
{
    FeelNames *names = NEW(out, FeelNames);
    FeelName *at = NEW_N(out, FeelName, FEEL_MAX_ARGS);
    Str rest = str_z(b->params);
    names->at = at;
    while (str_split(&rest, ',', &at[names->count].name)) {
        names->count++;
    }
    return names;
}

static const FeelType *compile_outer_name(Compiler *c, const Node *n, bool maybe_member)
{
    const FeelName *known = find_name(c->names, n->name);
    const Builtin *b = known ? NULL : builtin_find(n->name);
    if (b && !maybe_member) {
        FeelFunction *f = NEW(c->out, FeelFunction);
        *f = (FeelFunction){.params = builtin_params(c->out, b), .builtin = builtin_index(b)};
        emit_const(c, (FeelValue){.kind = FEEL_FUNCTION, .function = f});
        return NULL;
    }
    bool closed = c->names && !c->names->open && !known;
    if (closed && !maybe_member) {
        fail_unknown(c, n, c->names, "unknown name");
        return NULL;
    }
    if (closed) {
        emit_const(c, feel_reason(c->out, "no '" STR_FMT "' in the element", STR_ARG(n->name)));
        return NULL;
    }
    emit_all(c, OP_NAME, 0, 0, pool_name(c, n->name));
    return known ? known->type : NULL;
}

/* The slot of a local here; one around the function is captured, through all functions between. */
static uint16_t local_slot(Compiler *c, size_t at)
{
    Local *l = &c->locals.at[at];
    if (l->slot == FEEL_NOTHING && c->outer) {
        uint16_t from = local_slot(c->outer, at);
        l->slot = new_slot(c);
        *VEC_PUSH(c->out, &c->captures) = (Capture){from, l->slot};
    }
    return l->slot;
}

/* The innermost local of that name; SIZE_MAX when there is none. */
static size_t find_local(const Compiler *c, Str name)
{
    for (size_t i = c->locals.len; i > 0; i--) {
        if (str_eq(c->locals.at[i - 1].name, name)) {
            return i - 1;
        }
    }
    return SIZE_MAX;
}

static const FeelType *compile_name(Compiler *c, const Node *n)
{
    uint32_t jumps[FEEL_MAX_ITERS];
    size_t open = 0;
    const FeelType *type = NULL;
    bool settled = false;
    for (size_t i = c->locals.len; i > 0 && !settled; i--) {
        const Local *l = &c->locals.at[i - 1];
        const FeelNames *members = l->is_item && l->type ? l->type->members : NULL;
        const FeelName *member = find_name(members, n->name);
        if (str_eq(l->name, n->name) && (!l->is_item || (members && !member))) {
            emit_all(c, OP_SLOT, 0, local_slot(c, i - 1), 0);
            type = l->type;
            settled = true;
        } else if (member) {
            emit_all(c, OP_SLOT, 0, local_slot(c, i - 1), 0);
            emit_all(c, OP_PATH, 0, 0, pool_name(c, n->name));
            type = member->type;
            settled = true;
        } else if (l->is_item && (!members || l->type->open) && open < COUNT(jumps)) {
            emit_all(c, OP_MEMBER, 0, local_slot(c, i - 1), pool_name(c, n->name));
            jumps[open++] = emit(c, OP_JUMP);
            move_depth(c, -1);
            if (str_eq(l->name, n->name)) { /* an element may have a member "item" */
                emit_all(c, OP_SLOT, 0, local_slot(c, i - 1), 0);
                settled = true;
            }
        }
    }
    type = settled ? type : compile_outer_name(c, n, open > 0);
    for (size_t i = 0; i < open; i++) {
        patch(c, jumps[i]);
    }
    return open > 0 ? NULL : type;
}

static const FeelType *compile_path(Compiler *c, const Node *n)
{
    const FeelType *t = compile_node(c, n->kids[0]);
    emit_all(c, OP_PATH, 0, 0, pool_name(c, n->name));
    bool is_list = t && t->kind == FEEL_LIST;
    const FeelType *of = is_list ? t->item : t;
    if (!of || of->kind != FEEL_CONTEXT || !of->members) {
        return NULL;
    }
    const FeelName *member = find_name(of->members, n->name);
    if (!member) {
        if (!of->open) {
            fail_unknown(c, n, of->members, "unknown member");
        }
        return NULL;
    }
    if (!is_list) {
        return member->type;
    }
    FeelType *mapped = NEW(c->out, FeelType);
    *mapped = (FeelType){.kind = FEEL_LIST, .item = member->type};
    return mapped;
}

/* ---- tests ---- */

/* "?" is the value before "in", else the scope's. */
static void emit_input(Compiler *c)
{
    size_t local = find_local(c, STR("?"));
    if (local == SIZE_MAX) {
        emit(c, OP_INPUT);
    } else {
        emit_all(c, OP_SLOT, 0, local_slot(c, local), 0);
    }
}

static void compile_test(Compiler *c, const Node *n)
{
    if (n->kind == NODE_COMPARE_TEST) {
        emit_input(c);
        compile_node(c, n->kids[0]);
        emit(c, n->op);
    } else if (n->has_input) {
        compile_node(c, n);
        emit(c, OP_IS_TRUE);
    } else {
        emit_input(c);
        compile_node(c, n);
        emit(c, OP_IN);
    }
}

static void compile_tests(Compiler *c, const Node *n)
{
    uint32_t *jumps = NEW_N(c->out, uint32_t, n->count + 1);
    for (size_t i = 0; i < n->count; i++) {
        compile_test(c, n->kids[i]);
        if (i > 0) {
            emit(c, OP_OR);
        }
        jumps[i] = emit_all(c, OP_JUMP_IF, 1, 0, 0);
    }
    for (size_t i = 0; i < n->count; i++) {
        patch(c, jumps[i]);
    }
    if (n->negated) {
        emit(c, OP_NOT);
    }
}

static void compile_in(Compiler *c, const Node *n)
{
    uint16_t slot = new_slot(c);
    const FeelType *type = compile_node(c, n->kids[0]);
    emit_all(c, OP_STORE, 0, slot, 0);
    push_local(c, STR("?"), slot, type);
    compile_tests(c, n->kids[1]);
    c->locals.len--;
}

/* ---- control ---- */

static void compile_logic(Compiler *c, const Node *n)
{
    compile_node(c, n->kids[0]);
    uint32_t end = emit_all(c, OP_JUMP_IF, n->kind == NODE_OR, 0, 0);
    compile_node(c, n->kids[1]);
    emit(c, n->kind == NODE_OR ? OP_OR : OP_AND);
    patch(c, end);
}

static const FeelType *compile_if(Compiler *c, const Node *n)
{
    compile_node(c, n->kids[0]);
    uint32_t otherwise = emit(c, OP_JUMP_UNLESS);
    const FeelType *a = compile_node(c, n->kids[1]);
    uint32_t end = emit(c, OP_JUMP);
    move_depth(c, -1);
    patch(c, otherwise);
    const FeelType *b = compile_node(c, n->kids[2]);
    patch(c, end);
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
        uint16_t slot = new_slot(c);
        emit_all(c, OP_OPEN, loop, gather, steps);
        uint32_t next = emit_all(c, OP_NEXT, loop, slot, before);
        *outermost = i == 0 ? next : *outermost;
        before = next;
        push_local(c, n->names.at[i], slot, item_of(t));
    }
    return before;
}

static void compile_loop(Compiler *c, const Node *n)
{
    bool is_for = n->kind == NODE_FOR;
    size_t locals = c->locals.len;
    uint8_t gather = new_loop(c, n);
    uint32_t partial = is_for ? new_slot(c) : FEEL_NOTHING;
    uint32_t every = n->kind == NODE_EVERY, outermost = 0, decided = 0;
    if (is_for) {
        emit_all(c, OP_GATHER, gather, partial, 0);
        push_local(c, STR("partial"), (uint16_t)partial, NULL);
    } else {
        emit_all(c, OP_DECIDE, gather, every, 0);
    }
    uint32_t next = compile_sources(c, n, gather, &outermost);
    compile_node(c, n->kids[n->count - 1]);
    if (is_for) {
        emit_all(c, OP_KEEP, gather, partial, 0);
    } else {
        decided = emit_all(c, OP_JUDGE, gather, every, 0);
    }
    emit_all(c, OP_JUMP, 0, 0, next);
    patch(c, outermost);
    if (!is_for) {
        patch(c, decided);
    }
    emit_all(c, is_for ? OP_GATHERED : OP_JUDGED, gather, 0, 0);
    c->locals.len = locals;
}

static const FeelType *compile_filter(Compiler *c, const Node *n)
{
    const FeelType *t = compile_node(c, n->kids[0]);
    const Node *test = n->kids[1];
    if (test->kind == NODE_CONST && test->value.kind == FEEL_NUMBER) {
        emit_const(c, test->value);
        emit(c, OP_INDEX);
        return item_of(t);
    }
    uint8_t loop = new_loop(c, n);
    uint16_t slot = new_slot(c);
    emit_all(c, OP_SIEVE, loop, 0, 0);
    uint32_t next = emit_all(c, OP_NEXT, loop, slot, 0);
    *VEC_PUSH(c->out, &c->locals) =
        (Local){.is_item = true, .name = STR("item"), .slot = slot, .type = item_of(t)};
    compile_node(c, test);
    c->locals.len--;
    uint32_t sift = emit_all(c, OP_SIFT, loop, 0, 0);
    emit_all(c, OP_JUMP, 0, 0, next);
    patch(c, next);
    patch(c, sift);
    emit_all(c, OP_SIFTED, loop, 0, 0);
    bool keeps_list = test->kind == NODE_BINARY || test->kind == NODE_AND || test->kind == NODE_OR;
    return keeps_list && test->op >= OP_EQ ? t : NULL;
}

/* ---- values ---- */

static const FeelType *compile_context(Compiler *c, const Node *n)
{
    size_t locals = c->locals.len;
    FeelName *members = NEW_N(c->out, FeelName, n->count + 1);
    bool twice = false;
    for (size_t i = 0; i < n->count; i++) {
        uint16_t slot = new_slot(c);
        const FeelType *t = compile_node(c, n->kids[i]);
        emit_all(c, OP_STORE, 0, slot, 0);
        members[i] = (FeelName){n->names.at[i], t};
        for (size_t k = 0; k < i; k++) {
            twice = twice || str_eq(n->names.at[k], n->names.at[i]);
        }
        push_local(c, n->names.at[i], slot, t);
    }
    if (twice) {
        c->locals.len = locals;
        emit_const(c, feel_reason(c->out, "a key stands twice in the context"));
        return NULL;
    }
    uint32_t first = (uint32_t)c->pool.len;
    for (size_t i = 0; i < n->count; i++) {
        emit_all(c, OP_SLOT, 0, c->locals.at[locals + i].slot, 0);
        *VEC_PUSH(c->out, &c->pool) = n->names.at[i];
    }
    emit_all(c, OP_CONTEXT, 0, (uint32_t)n->count, first);
    move_depth(c, 1 - (int)n->count);
    c->locals.len = locals;
    FeelNames *names = NEW(c->out, FeelNames);
    *names = (FeelNames){.at = members, .count = n->count};
    FeelType *t = NEW(c->out, FeelType);
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
    emit_all(c, OP_LIST, 0, 0, (uint32_t)n->count);
    move_depth(c, 1 - (int)n->count);
    FeelType *t = NEW(c->out, FeelType);
    *t = (FeelType){.kind = FEEL_LIST, .item = item};
    return t;
}

static size_t param_count(const Builtin *b)
{
    size_t count = 0;
    Str rest = str_z(b->params), part;
    while (str_split(&rest, ',', &part)) {
        count++;
    }
    return count;
}

/* Position of each named argument in this row's parameters; false when one is not there. */
static bool map_arguments(const Builtin *b, const Node *n, const Node **placed, size_t *count)
{
    size_t params = param_count(b);
    *count = 0;
    for (size_t k = 0; k < n->count; k++) {
        Str rest = str_z(b->params), part;
        size_t i = 0;
        while (str_split(&rest, ',', &part) && !str_eq(part, n->names.at[k])) {
            i++;
        }
        if (i >= params || placed[i]) {
            return false;
        }
        placed[i] = n->kids[k];
        *count = i + 1 > *count ? i + 1 : *count;
    }
    return true;
}

static bool same_name(const Builtin *a, const Builtin *b)
{
    return a->name && b->name && strcmp(a->name, b->name) == 0;
}

static bool has_param(const Builtin *first, Str name)
{
    for (const Builtin *row = first; same_name(row, first); row++) {
        Str rest = str_z(row->params), param;
        while (str_split(&rest, ',', &param)) {
            if (str_eq(param, name)) {
                return true;
            }
        }
    }
    return false;
}

/* The first argument whose name no row knows, else the call itself. Null where names are open. */
static void fail_arguments(Compiler *c, const Node *n, const Builtin *first)
{
    if (c->names && c->names->open) {
        emit_const(c, feel_reason(c->out, "wrong number or names of arguments for '" STR_FMT "'",
                                  STR_ARG(n->name)));
        return;
    }
    for (size_t i = 0; i < n->names.len; i++) {
        if (!has_param(first, n->names.at[i])) {
            Node argument = {.name = n->names.at[i], .offset = n->kids[i]->offset};
            fail_unknown(c, &argument, builtin_params(c->out, first), "unknown parameter");
            return;
        }
    }
    fail(c, ERR_INPUT, n, "wrong number or names of arguments for", n->name);
}

static void compile_builtin(Compiler *c, const Node *n, const Builtin *first)
{
    const Node *placed[FEEL_MAX_ARGS + 1] = {0};
    const Builtin *row = first;
    size_t count = n->count;
    for (size_t i = 0; n->names.len == 0 && i < n->count; i++) {
        placed[i] = n->kids[i];
    }
    for (bool fits = false; !fits; row += fits ? 0 : 1) {
        if (!same_name(row, first)) {
            fail_arguments(c, n, first);
            return;
        }
        if (n->names.len > 0) {
            memset(placed, 0, sizeof placed);
        }
        fits = (n->names.len == 0 || map_arguments(row, n, placed, &count)) &&
               builtin_takes(row, count);
    }
    for (size_t i = 0; i < count; i++) {
        if (placed[i]) {
            compile_node(c, placed[i]);
        } else {
            emit_const(c, feel_null());
        }
    }
    emit_all(c, OP_CALL, 0, (uint32_t)count, builtin_index(row));
    move_depth(c, 1 - (int)count);
}

/* The function is on the stack; its arguments are kids from first on. */
static void compile_invoke(Compiler *c, const Node *n, size_t first)
{
    uint32_t count = (uint32_t)(n->count - first), names = (uint32_t)c->pool.len;
    for (size_t i = first; i < n->count; i++) {
        compile_node(c, n->kids[i]);
    }
    if (n->names.len > 0) {
        names = (uint32_t)c->pool.len;
        for (size_t i = 0; i < n->names.len; i++) {
            *VEC_PUSH(c->out, &c->pool) = n->names.at[i];
        }
    }
    emit_all(c, OP_INVOKE, n->names.len > 0, count, names);
    move_depth(c, -(int)count);
}

static void fail_unknown_function(Compiler *c, const Node *n)
{
    const char *const *known = NULL;
    size_t count = builtin_names(&known), own = c->names ? c->names->count : 0;
    FeelName *names = NEW_N(c->out, FeelName, count + own);
    for (size_t i = 0; i < count; i++) {
        names[i].name = str_z(known[i]);
    }
    for (size_t i = 0; i < own; i++) {
        names[count++] = c->names->at[i];
    }
    fail_unknown(c, n, &(FeelNames){.at = names, .count = count}, "unknown function");
}

static bool has_members(const Compiler *c)
{
    for (size_t i = 0; i < c->locals.len; i++) {
        if (c->locals.at[i].is_item) {
            return true;
        }
    }
    return false;
}

/* A variable of that name goes before a built-in. */
static const FeelType *compile_call(Compiler *c, const Node *n)
{
    bool known = find_local(c, n->name) != SIZE_MAX || find_name(c->names, n->name);
    const Builtin *b = known ? NULL : builtin_find(n->name);
    if (b) {
        compile_builtin(c, n, b);
        return NULL;
    }
    if (!known && !(c->names && c->names->open) && !has_members(c)) {
        fail_unknown_function(c, n);
        return NULL;
    }
    const FeelType *t = compile_name(c, n);
    compile_invoke(c, n, 0);
    return t && t->kind == FEEL_FUNCTION ? t->result : NULL;
}

/* ---- functions ---- */

static const FeelProgram *finish(Compiler *c, const Node *n);

static Str external_part(const Node *context, const char *key)
{
    for (size_t i = 0; context->kind == NODE_CONTEXT && i < context->count; i++) {
        const Node *kid = context->kids[i];
        if (str_eq(context->names.at[i], str_z(key)) && kid->kind == NODE_CONST &&
            kid->value.kind == FEEL_STRING) {
            return kid->value.text;
        }
    }
    return (Str){0};
}

static FeelValue call_external(FeelBudget *b, const FeelFunction *f, const FeelValue *args)
{
    return external_call(b, f->data, args, f->params->count);
}

/* {java: {class: "…", method signature: "…"}}: one of the functions that we have. */
static void compile_external(Compiler *c, const Node *n)
{
    const Node *body = n->kids[0];
    const Node *java = body->kind == NODE_CONTEXT && body->count == 1 ? body->kids[0] : body;
    Str class_name = external_part(java, "class"), method = external_part(java, "method signature");
    const External *known = external_find(class_name, method);
    if (!known) {
        emit_const(c, feel_reason(c->out, "no external function '" STR_FMT "'", STR_ARG(method)));
        return;
    }
    FeelFunction *f = NEW(c->out, FeelFunction);
    *f = (FeelFunction){.params = n->params, .host = call_external, .data = known};
    emit_const(c, (FeelValue){.kind = FEEL_FUNCTION, .function = f});
}

static void compile_function(Compiler *c, const Node *n)
{
    if (n->external) {
        compile_external(c, n);
        return;
    }
    Compiler inner = {.out = c->out, .outer = c, .names = c->names, .err = c->err};
    for (size_t i = 0; i < c->locals.len; i++) {
        Local l = c->locals.at[i];
        l.slot = FEEL_NOTHING;
        *VEC_PUSH(c->out, &inner.locals) = l;
    }
    for (size_t i = 0; i < n->params->count; i++) {
        push_local(&inner, n->params->at[i].name, new_slot(&inner), n->params->at[i].type);
    }
    compile_node(&inner, n->kids[0]);
    const FeelProgram *body = finish(&inner, n);
    c->failed = c->failed || !body;
    *VEC_PUSH(c->out, &c->functions) = (FunctionText){n->params, body, inner.captures.at};
    emit_all(c, OP_CLOSURE, 0, 0, (uint32_t)c->functions.len - 1);
}

static void compile_instance(Compiler *c, const Node *n)
{
    compile_node(c, n->kids[0]);
    *VEC_PUSH(c->out, &c->types) = n->type;
    emit_all(c, OP_INSTANCE, 0, 0, (uint32_t)c->types.len - 1);
}

static void compile_kids(Compiler *c, const Node *n, Op op)
{
    for (size_t i = 0; i < n->count; i++) {
        compile_node(c, n->kids[i]);
    }
    emit(c, op);
}

static const FeelType *compile_node(Compiler *c, const Node *n)
{
    if (c->failed) {
        return NULL;
    }
    switch (n->kind) {
    case NODE_CONST: emit_const(c, n->value); return NULL;
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
    case NODE_ANY_TEST: emit_const(c, feel_bool(true)); return NULL;
    }
    return NULL;
}

static const FeelProgram *finish(Compiler *c, const Node *n)
{
    if (!c->failed && c->slots >= FEEL_NOTHING - 1) {
        fail(c, ERR_LIMIT, n, "too many names in", STR("one expression"));
    }
    if (c->failed) {
        return NULL;
    }
    emit(c, OP_END);
    FeelProgram *p = NEW(c->out, FeelProgram);
    *p = (FeelProgram){.code = c->code.at,
                       .consts = c->consts.at,
                       .names = c->pool.at,
                       .types = c->types.at,
                       .functions = c->functions.at,
                       .captures = c->captures.at,
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
    Compiler c = {.out = out, .names = names, .err = err};
    compile_node(&c, tree);
    return finish(&c, tree);
}
