/* SPDX-License-Identifier: Apache-2.0 */
/*
 * services/apply/files.h - what people upload, kept under the hash of its content:
 * <files>/ab/cdef…. The same bytes are kept once. A file is durable before the row that names it.
 * Threads: files_keep blocks on the disk; call it from a worker.
 */
#pragma once

#include "services/app.h"

Str files_path(Arena *out, const App *app, Str hash);
/* Moves an uploaded file to its place, durably. */
MUST_CHECK bool files_keep(const App *app, Arena *scratch, Str from, const Hash *hash, Err *err);
/* Types that materials may have: PDF and images. */
bool files_type_is_fine(Str type);
