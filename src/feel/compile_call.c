/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls of built-ins, which are settled here, and of values that are functions; function literals.
 */
#include "feel/compile_int.h"
#include "feel/regex_int.h"

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
        compile_const(c, feel_reason(c->out, "wrong number or names of arguments for '" STR_FMT "'",
                                     STR_ARG(n->name)));
        return;
    }
    for (size_t i = 0; i < n->names.len; i++) {
        if (!has_param(first, n->names.at[i])) {
            Node argument = {.name = n->names.at[i], .offset = n->kids[i]->offset};
            compile_fail_unknown(c, &argument, builtin_params(c->out, first), "unknown parameter");
            return;
        }
    }
    compile_fail(c, ERR_INPUT, n, "wrong number or names of arguments for", n->name);
}

/* A constant pattern is compiled with the program; 0: there is none, else its number from 1 on. */
static uint32_t prepare_pattern(Compiler *c, const Builtin *row, const Node *const *placed,
                                size_t count)
{
    const FeelValue *args[REGEX_ARGS] = {0};
    for (size_t i = 0; i < count && i < REGEX_ARGS; i++) {
        args[i] = placed[i] && placed[i]->kind == NODE_CONST ? &placed[i]->value : NULL;
    }
    const FeelPattern *pattern =
        c->patterns.len < UINT8_MAX ? regex_prepare(c->out, row, args, count) : NULL;
    if (!pattern) {
        return 0;
    }
    *VEC_PUSH(c->tmp, &c->patterns) = pattern;
    return (uint32_t)c->patterns.len;
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
            compile_const(c, feel_null());
        }
    }
    compile_emit_all(c, OP_CALL, prepare_pattern(c, row, placed, count), (uint32_t)count,
                     n->names.len > 0 ? builtin_index_named(row) : builtin_index(row));
    compile_move(c, 1 - (int)count);
}

/* The function is on the stack; its arguments are kids from first on. */
void compile_invoke(Compiler *c, const Node *n, size_t first)
{
    uint32_t count = (uint32_t)(n->count - first), names = (uint32_t)c->pool.len;
    for (size_t i = first; i < n->count; i++) {
        compile_node(c, n->kids[i]);
    }
    if (n->names.len > 0) {
        names = (uint32_t)c->pool.len;
        for (size_t i = 0; i < n->names.len; i++) {
            *VEC_PUSH(c->tmp, &c->pool) = n->names.at[i];
        }
    }
    compile_emit_all(c, OP_INVOKE, n->names.len > 0, count, names);
    compile_move(c, -(int)count);
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
    compile_fail_unknown(c, n, &(FeelNames){.at = names, .count = count}, "unknown function");
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
const FeelType *compile_call(Compiler *c, const Node *n)
{
    bool known = compile_find_local(c, n->name) != SIZE_MAX || compile_find_name(c->names, n->name);
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
        compile_const(c,
                      feel_reason(c->out, "no external function '" STR_FMT "'", STR_ARG(method)));
        return;
    }
    FeelFunction *f = NEW(c->out, FeelFunction);
    *f = (FeelFunction){.params = n->params, .host = call_external, .data = known};
    compile_const(c, (FeelValue){.kind = FEEL_FUNCTION, .function = f});
}

void compile_function(Compiler *c, const Node *n)
{
    if (n->external) {
        compile_external(c, n);
        return;
    }
    Compiler inner = {.out = c->out, .tmp = c->tmp, .outer = c, .names = c->names, .err = c->err};
    inner.copied = c->copied + c->locals.len;
    if (inner.copied > FEEL_MAX_COPIED) {
        compile_fail(c, ERR_LIMIT, n, "too many names around functions in", STR("one expression"));
        return;
    }
    for (size_t i = 0; i < c->locals.len; i++) {
        Local l = c->locals.at[i];
        l.slot = FEEL_NOTHING;
        *VEC_PUSH(c->tmp, &inner.locals) = l;
    }
    for (size_t i = 0; i < n->params->count; i++) {
        compile_push(&inner, n->params->at[i].name, compile_slot(&inner), n->params->at[i].type);
    }
    compile_node(&inner, n->kids[0]);
    const FeelProgram *body = compile_finish(&inner, n);
    c->copied = inner.copied;
    c->failed = c->failed || !body;
    *VEC_PUSH(c->tmp, &c->functions) =
        (FunctionText){n->params, body, body ? body->captures : NULL};
    compile_emit_all(c, OP_CLOSURE, 0, 0, (uint32_t)c->functions.len - 1);
}
