/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/suites.h - where the independent test suites are.
 *
 * They lie beside the project, not in it: in $ONEDOOR_SHARED/suites, else in ../shared/suites
 * seen from the root of the repository, where make runs the tests.
 */
#pragma once

#include <stdlib.h>
#include <unistd.h>

#include "base/str.h"

/* Folder of the suite, or empty when it is not there: then call check_skip. */
static inline Str suite_path(Arena *out, const char *name)
{
    const char *shared = getenv("ONEDOOR_SHARED");
    Str path = str_fmt(out, "%s/suites/%s", shared ? shared : "../shared", name);
    return access(str_cstr(out, path), R_OK) == 0 ? path : STR("");
}
