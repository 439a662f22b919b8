/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/dmn_files.h - a DMN file with its neighbours, which it may import. Every problem of the files
 * is told on stderr with its place. All memory is the arena's.
 */
#pragma once

#include "base/file.h"
#include "model/dmn/dmn.h"

enum { DMN_FILE_MAX = 16 << 20 };

/* folder ends with its slash; "./" where the path has none. */
void path_split(Str path, Str *folder, Str *name);
MUST_CHECK const DmnModel *dmn_files_read(Arena *a, Str path, DmnMode mode, Err *err);
