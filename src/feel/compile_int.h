/* SPDX-License-Identifier: Apache-2.0 */
/*
 * feel/compile_int.h - what the files of the compiler share.
 *
 * A function's body is compiled by a Compiler of its own, which starts with the locals around it;
 * those that the body names are captured.
 */
#pragma once

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
    Arena *out;      /* of the program */
    Arena *tmp;      /* beside it: what grows, and types */
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
    Vec(const FeelPattern *) patterns;
    uint32_t slots, loops;
    uint32_t depth, stack_max;
    size_t copied; /* locals, into all functions */
    bool failed;
};

void compile_fail(Compiler *c, ErrCode code, const Node *n, const char *what, Str name);
/* The height of the stack changes by so much; for steps whose effect depends on their operands. */
void compile_move(Compiler *c, int by);
uint32_t compile_emit_all(Compiler *c, Op op, uint32_t flag, uint32_t b, uint32_t a);
uint32_t compile_emit(Compiler *c, Op op);
/* The jump at goes here. */
void compile_patch(Compiler *c, uint32_t at);
void compile_const(Compiler *c, FeelValue v);
uint32_t compile_pool(Compiler *c, Str name);
uint16_t compile_slot(Compiler *c);
void compile_push(Compiler *c, Str name, uint16_t slot, const FeelType *type);
/* What is known of the value, NULL: nothing. */
const FeelType *compile_node(Compiler *c, const Node *n);
/* NULL after an error. */
const FeelProgram *compile_finish(Compiler *c, const Node *n);

/* compile_name.c */
const FeelName *compile_find_name(const FeelNames *names, Str name);
void compile_fail_unknown(Compiler *c, const Node *n, const FeelNames *names, const char *what);
/* The innermost local of that name; SIZE_MAX when there is none. */
size_t compile_find_local(const Compiler *c, Str name);
/* The slot of a local here; one around the function is captured, through all functions between. */
uint16_t compile_local_slot(Compiler *c, size_t at);
const FeelType *compile_name(Compiler *c, const Node *n);
const FeelType *compile_path(Compiler *c, const Node *n);

/* compile_call.c */
const FeelType *compile_call(Compiler *c, const Node *n);
/* The function is on the stack; its arguments are kids from first on. */
void compile_invoke(Compiler *c, const Node *n, size_t first);
void compile_function(Compiler *c, const Node *n);
