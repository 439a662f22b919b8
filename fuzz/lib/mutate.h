/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz/lib/mutate.h - changes expressions the way people write them.
 *
 * A part of the text (a word, a string, a bracket with what it holds) is replaced by a new
 * expression or by another part, wrapped, joined to a new one or taken out. Every fourth change is
 * libFuzzer's own, so that what is no expression turns up too.
 * Memory:  none but the caller's buffer. Threads: no state.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* The text in data changed by seed; its new length, at most max. */
size_t mutate_expression(uint8_t *data, size_t size, size_t max, unsigned int seed);
