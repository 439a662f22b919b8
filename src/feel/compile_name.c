/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names and paths: iterators, entries and elements live in slots; what is left is the caller's.
 */
#include "feel/compile_int.h"

const FeelName *compile_find_name(const FeelNames *names, Str name)
{
    for (size_t i = 0; names && i < names->count; i++) {
        if (str_eq(names->at[i].name, name)) {
            return &names->at[i];
        }
    }
    return NULL;
}

void compile_fail_unknown(Compiler *c, const Node *n, const FeelNames *names, const char *what)
{
    if (c->failed) {
        return;
    }
    size_t locals = names == c->names ? c->locals.len : 0, count = 0;
    Str *known = NEW_N(c->tmp, Str, names->count + locals + 1);
    for (size_t i = 0; i < names->count; i++) {
        known[count++] = names->at[i].name;
    }
    for (size_t i = 0; i < locals; i++) {
        known[count++] = c->locals.at[i].name;
    }
    Str near = feel_nearest(n->name, known, count);
    compile_fail(c, ERR_INPUT, n, what, n->name);
    if (near.len > 0 && c->err) {
        (void)FAIL_AT(c->err, ERR_INPUT, n->offset, "%s '" STR_FMT "', did you mean '" STR_FMT "'?",
                      what, STR_ARG(n->name), STR_ARG(near));
    }
}

static const FeelType *compile_outer_name(Compiler *c, const Node *n, bool maybe_member)
{
    const FeelName *known = compile_find_name(c->names, n->name);
    const Builtin *b = known ? NULL : builtin_find(n->name);
    bool closed = c->names && !c->names->open && !known;
    if (b && closed && !maybe_member) {
        compile_const(c, builtin_value(c->out, b));
        return NULL;
    }
    if (closed && !maybe_member) {
        compile_fail_unknown(c, n, c->names, "unknown name");
        return NULL;
    }
    if (closed) {
        compile_const(c, feel_reason(c->out, "no '" STR_FMT "' in the element", STR_ARG(n->name)));
        return NULL;
    }
    compile_emit_all(c, OP_NAME, 0, 0, compile_pool(c, n->name));
    return known ? known->type : NULL;
}

/* The slot of a local here; one around the function is captured, through all functions between. */
uint16_t compile_local_slot(Compiler *c, size_t at)
{
    Local *l = &c->locals.at[at];
    if (l->slot == FEEL_NOTHING && c->outer) {
        uint16_t from = compile_local_slot(c->outer, at);
        l->slot = compile_slot(c);
        *VEC_PUSH(c->tmp, &c->captures) = (Capture){from, l->slot};
    }
    return l->slot;
}

/* The innermost local of that name; SIZE_MAX when there is none. */
size_t compile_find_local(const Compiler *c, Str name)
{
    for (size_t i = c->locals.len; i > 0; i--) {
        if (str_eq(c->locals.at[i - 1].name, name)) {
            return i - 1;
        }
    }
    return SIZE_MAX;
}

const FeelType *compile_name(Compiler *c, const Node *n)
{
    uint32_t jumps[FEEL_MAX_ITERS];
    size_t open = 0;
    const FeelType *type = NULL;
    bool settled = false;
    for (size_t i = c->locals.len; i > 0 && !settled; i--) {
        const Local *l = &c->locals.at[i - 1];
        const FeelNames *members = l->is_item && l->type ? l->type->members : NULL;
        const FeelName *member = compile_find_name(members, n->name);
        if (str_eq(l->name, n->name) && (!l->is_item || (members && !member))) {
            compile_emit_all(c, OP_SLOT, 0, compile_local_slot(c, i - 1), 0);
            type = l->type;
            settled = true;
        } else if (member) {
            compile_emit_all(c, OP_SLOT, 0, compile_local_slot(c, i - 1), 0);
            compile_emit_all(c, OP_PATH, 0, 0, compile_pool(c, n->name));
            type = member->type;
            settled = true;
        } else if (l->is_item && (!members || l->type->open) && open < COUNT(jumps)) {
            compile_emit_all(c, OP_MEMBER, 0, compile_local_slot(c, i - 1),
                             compile_pool(c, n->name));
            jumps[open++] = compile_emit(c, OP_JUMP);
            compile_move(c, -1);
            if (str_eq(l->name, n->name)) { /* an element may have a member "item" */
                compile_emit_all(c, OP_SLOT, 0, compile_local_slot(c, i - 1), 0);
                settled = true;
            }
        }
    }
    type = settled ? type : compile_outer_name(c, n, open > 0);
    for (size_t i = 0; i < open; i++) {
        compile_patch(c, jumps[i]);
    }
    return open > 0 ? NULL : type;
}

const FeelType *compile_path(Compiler *c, const Node *n)
{
    const FeelType *t = compile_node(c, n->kids[0]);
    compile_emit_all(c, OP_PATH, 0, 0, compile_pool(c, n->name));
    bool is_list = t && t->kind == FEEL_LIST;
    const FeelType *of = is_list ? t->item : t;
    if (!of || of->kind != FEEL_CONTEXT || !of->members) {
        return NULL;
    }
    const FeelName *member = compile_find_name(of->members, n->name);
    if (!member) {
        if (!of->open) {
            compile_fail_unknown(c, n, of->members, "unknown member");
        }
        return NULL;
    }
    if (!is_list) {
        return member->type;
    }
    FeelType *mapped = NEW(c->tmp, FeelType);
    *mapped = (FeelType){.kind = FEEL_LIST, .item = member->type};
    return mapped;
}
