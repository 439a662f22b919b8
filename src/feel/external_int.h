/* SPDX-License-Identifier: Apache-2.0 */
/* feel/external_int.h - String.format, apart from the table of external functions. */
#pragma once

#include "feel/feel_int.h"

enum { FORMAT_MAX_WIDTH = 1000, FORMAT_MAX_PRECISION = 100 };

/* %[n$][-0,+][width][.precision] and one of s d x f b c n %, as Java has them. */
FeelValue external_format(FeelBudget *b, Str format, const FeelValue *args, size_t count);
