/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/file.h - whole files and folders. Errors name the path; a full disk is ERR_STORAGE.
 */
#pragma once

#include "base/str.h"
#include "base/vec.h"

typedef Vec(Str) StrVec;

/* max: ERR_LIMIT when the file is larger. */
MUST_CHECK bool file_read(Arena *out, Str path, size_t max, Str *content, Err *err);
/* Written beside, fsynced, renamed, folder fsynced: the old content or the new, never half. */
MUST_CHECK bool file_write(Str path, Str content, Err *err);
MUST_CHECK bool file_make_folder(Str path, Err *err); /* and its parents; fine when there */
/* A new, empty folder of this process's own below another. */
MUST_CHECK bool file_make_temporary(Arena *out, Str below, Str *path, Err *err);
/* Files (not folders) below dir whose name ends so, relative to dir, sorted by bytes; depth at
 * most 8. */
MUST_CHECK bool file_list(Arena *out, Str dir, Str suffix, StrVec *paths, Err *err);
bool file_exists(Str path);
/* Renames on one file system, then fsyncs the file and both folders. */
MUST_CHECK bool file_move_durably(Str from, Str to, Err *err);
void file_remove(Str path); /* fine when absent */
Str path_join(Arena *out, Str folder, Str name);
