/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xml/xml_int.h - a second, tiny reading of the source that knows bytes.
 *
 * libxml2 tells lines, not bytes. A Scan walks the same text in step with its events, from tag to
 * tag. It trusts nothing: on text that libxml2 has not accepted it still ends, inside the text.
 */
#pragma once

#include "xml/xml.h"

typedef struct {
    Str text;
    size_t at;
    bool closed; /* the tag passed last ended in "/>" */
} Scan;

/* To the next start or end tag, its '<' or the end of the text; past comments, instructions and
 * CDATA. *text_offset becomes the first byte on the way that is neither white nor part of those,
 * if it was 0. */
size_t scan_to_tag(Scan *s, uint32_t *text_offset);
/* From the '<' of a start tag past its name. */
void scan_tag_name(Scan *s);
/* The next attribute of the tag, false at its end; value is as written, without quotes. */
bool scan_attribute(Scan *s, Str *name, Str *value);
/* Past the '>' of the tag. */
void scan_tag_end(Scan *s);
/* xmlns or xmlns:x */
bool scan_is_declaration(Str name);
/* The first tag that passes XML_MAX_ATTRS or XML_MAX_SPACES: its '<', or SIZE_MAX. */
size_t scan_excess(Str text);
/* The DOCTYPE in the prolog: its '<', or SIZE_MAX. */
size_t scan_doctype(Str text);
/* What the XML declaration names as encoding; empty where it names none. */
Str scan_encoding(Str text);
