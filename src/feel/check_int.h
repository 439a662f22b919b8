/* SPDX-License-Identifier: Apache-2.0 */
/*
 * feel/check_int.h - what is known of kinds before there are values: tables for check.c.
 *
 * FEEL_NULL is a kind that is not known; it goes with everything.
 */
#pragma once

#include "feel/feel_int.h"

typedef struct {
    bool is_item; /* members of the element are names too */
    Str name;
    const FeelType *type;
} Seen;

typedef struct {
    Arena *out;
    const FeelNames *names;
    FeelRemarks *remarks;
    Vec(Seen) seen;
} Checker;

/* ---- check.c ---- */

void check_remark(Checker *c, bool is_advice, uint32_t offset, Str cure, Str message);
#define WRONG(c, offset, cure, ...)                                                                \
    check_remark(c, false, offset, cure, str_fmt((c)->out, __VA_ARGS__))
/* The type of what n gives; NULL is anything. */
const FeelType *check_node(Checker *c, const Node *n);
/* Of a list's or range's items. */
const FeelType *check_item_of(const FeelType *t);
/* A member of an element of unknown shape counts. */
bool check_is_known(const Checker *c, Str name);
const FeelType *check_name(const Checker *c, Str name);
void check_compare(Checker *c, Op op, uint32_t offset, const FeelType *x, const FeelType *y);
/* A text that the type never is. */
void check_option(Checker *c, const FeelType *t, const Node *constant);

/* ---- check_call.c ---- */

const FeelType *check_call(Checker *c, const Node *n);

/* ---- check_kind.c ---- */

/* The plain type of a kind; NULL for one that is not known. */
const FeelType *check_type(FeelKind kind);
FeelKind check_kind(const FeelType *t);
/* What both are; NULL when that is not one type. */
const FeelType *check_join(const FeelType *a, const FeelType *b);
/* False when the operator gives null for whatever values of these kinds. */
bool check_comparable(Op op, FeelKind x, FeelKind y);
bool check_arithmetic(Op op, FeelKind x, FeelKind y, FeelKind *result);
/* Of dates, times and durations; NULL when the kind has no members of its own. */
const FeelNames *check_properties(FeelKind kind);
/* What a built-in gives; FEEL_NULL when that depends. */
FeelKind check_gives(Str builtin);
/* How to write what was probably meant; may be empty. */
Str check_cure(FeelKind x, FeelKind y);
/* The texts that a type allows, and nothing else; 0 when it is not such a type. */
size_t check_options(Arena *out, const FeelType *t, const Str **options);
