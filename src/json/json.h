/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json/json.h - strict JSON (RFC 8259) to and from Values.
 *
 * Strict: valid UTF-8, no duplicate keys, no trailing text, no lone surrogate escapes. Numbers keep
 * their text. Errors carry the byte offset; the reader never looks past the end of the Str.
 * Memory:  nodes and unescaped texts in the Arena; texts without escapes are views into src, which
 *          must live as long as the Value.
 * Limits:  JSON_MAX_DEPTH, JSON_MAX_BYTES, JSON_MAX_NODES: ERR_LIMIT.
 */
#pragma once

#include "base/value.h"

enum { JSON_MAX_DEPTH = 64, JSON_MAX_BYTES = 64 << 20, JSON_MAX_NODES = 4000000 };

/* NULL on failure; err->offset is the byte at fault. */
MUST_CHECK Value *json_read(Arena *out, Str src, Err *err);
/* The same, but of equal keys the last one counts: for what other systems send (RFC 8259 says only
 * that keys SHOULD be unique). */
MUST_CHECK Value *json_read_last(Arena *out, Str src, Err *err);
/* Compact, keys in order, safe inside <script> ('<' is escaped). */
void json_write(StrBuf *b, const Value *v);
void json_write_str(StrBuf *b, Str s); /* quoted and escaped */
Str json_text(Arena *out, const Value *v);
Str json_pretty(Arena *out, const Value *v); /* two spaces, for people */
/* Keys sorted by bytes, no white space: the same bytes for values that value_eq calls equal. */
Str json_canonical(Arena *out, const Value *v);
