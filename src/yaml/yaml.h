/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yaml/yaml.h - YAML 1.1 documents to Values that know where they stood; the room of libyaml.
 *
 * The subset that catalogues need: one document, maps with text keys, lists, scalars; block and
 * flow style, quoted and plain and block scalars. Refused with their place: anchors, aliases,
 * tags, merge keys, duplicate keys, a second document, keys that are not text, invalid UTF-8.
 * Plain scalars: null/~/empty -> null, true/false -> bool, JSON numbers -> number, all else text
 * (so yes/no/on/off, dates and 007 stay text). Quoted scalars are always text.
 * Every Value has file and offset of its first byte (of the quote or the first character); members
 * carry key_offset. Problems are added to diags with rule "yaml.syntax", "yaml.duplicate-key",
 * "yaml.anchor", … Limits: YAML_MAX_BYTES, YAML_MAX_DEPTH, YAML_MAX_NODES, YAML_MAX_DIRECTIVES
 * (%TAG lines).
 */
#pragma once

#include "base/diag.h"
#include "base/value.h"

enum {
    YAML_MAX_BYTES = 4 << 20,
    YAML_MAX_DEPTH = 32,
    YAML_MAX_NODES = 200000,
    YAML_MAX_DIRECTIVES = 100
};

/* NULL when the text has a syntax problem (added to diags). Texts are copied into out, nodes and keys stand beside
 * it (base/arena.h). */
MUST_CHECK Value *yaml_read(Arena *out, Diags *diags, uint16_t file, Str text);

/* A document that yaml_read takes back to an equal Value, in the style of the catalogues: block maps
 * and lists, texts of two languages on one line, quotes where a text would else be something other.
 * Fails with ERR_LIMIT past YAML_MAX_DEPTH. */
MUST_CHECK bool yaml_write(StrBuf *to, const Value *v, Err *err);
