/* SPDX-License-Identifier: Apache-2.0 */
/* catalogue/rules.h - every rule that 'onedoor check' may name: rules.def in memory. Immutable. */
#pragma once

#include "base/str.h"

typedef enum { CHECK_ERROR, CHECK_ADVICE, CHECK_BOTH } CheckLevel;

typedef struct {
    const char *id; /* "item.no-basis" */
    CheckLevel level;
    const char *what, *cure; /* sentences without a full stop */
} CheckRule;

extern const CheckRule check_rules[]; /* sorted by id */
extern const size_t check_rule_count;
/* NULL when there is none. */
const CheckRule *check_rule(Str id);
/* docs/checks.md. */
Str check_rules_markdown(Arena *out);
