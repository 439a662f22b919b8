/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model/dmn/index.h - which rules of a table can hold for a value, without asking each.
 *
 * Built once when a table is read; immutable, shareable. Columns whose cells compare with constants
 * of one kind (numbers, strings, dates, durations, truth) are indexed, up to DMN_MAX_INDEX_BYTES a
 * table.
 */
#pragma once

#include "model/dmn/dmn.h"

enum { DMN_MAX_INDEX_BYTES = 8 << 20 };

typedef struct DmnColumnIndex DmnColumnIndex;

/* NULL when no column can be indexed. */
const DmnIndex *dmn_index_build(Arena *out, const DmnTable *t);
/* Whether the column's index knows what this value does. */
bool dmn_index_sees(const DmnIndex *x, size_t column, const FeelValue *input);
/* rules: one bit a rule, in words of 64. Clears those that cannot hold; only for what the index sees. */
void dmn_index_narrow(const DmnIndex *x, size_t column, const FeelValue *input, uint64_t *rules);
/* Whether narrowing has settled this rule's cell: it need not be asked. */
bool dmn_index_decides(const DmnIndex *x, size_t column, size_t rule);
