/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/check.h - the whole test framework.
 *
 *     TEST(arena_rewinds) { CHECK(1 + 1 == 2, "sum"); }
 *
 * Every CHECK counts. A test binary prints each failure with its label and ends with
 * "N passed, N failed"; arguments choose tests by a part of their name.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

void check_register(const char *name, void (*run)(void));
void check_result(bool ok, const char *file, int line, const char *cond, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
/* For a suite that is not there: fails when CI is set, else counts as skipped. */
void check_skip(const char *why);
/* Appends {suite, passed, failed, skipped, total} to build/conformance.jsonl. */
void check_conformance(const char *suite, int passed, int failed, int skipped);

#define TEST(name)                                                                                 \
    static void test_##name(void);                                                                 \
    __attribute__((constructor)) static void register_##name(void)                                 \
    {                                                                                              \
        check_register(#name, test_##name);                                                        \
    }                                                                                              \
    static void test_##name(void)

/* CHECK(cond, "printf label", ...): the label says which row of a table failed. */
#define CHECK(cond, ...) check_result((cond), __FILE__, __LINE__, #cond, __VA_ARGS__)
