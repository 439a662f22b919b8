/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http/text.h - the texts of HTTP: targets, fields, cookies, media types, preferences (private).
 *
 * Pure: no state, no I/O; what is made lives in the Arena passed in, the rest are views.
 * Errors:  ERR_INPUT for what is malformed, ERR_LIMIT for what is too much.
 */
#pragma once

#include "http/http.h"

/* %XX and, when plus is set, '+' for a space. A view when there is nothing to decode.
 * Zero bytes and invalid UTF-8 are refused. */
MUST_CHECK bool text_decode(Arena *out, Str raw, bool plus, Str *text, Err *err);
/* Path of a target, decoded; no '.' or '..' parts and no encoded slash, so that nothing later can
 * read it otherwise. */
MUST_CHECK bool text_path(Arena *out, Str raw, Str *path, Err *err);
/* "a=1&b=2", as in a query or an urlencoded body. */
MUST_CHECK bool text_fields(Arena *out, Str raw, size_t max_fields, size_t max_bytes,
                            HttpFields *fields, Err *err);
/* "a=1; b=2". What cannot be a cookie is passed over: browsers send what other sites' pages left.
 */
void text_cookies(Arena *out, Str header, size_t max, HttpFields *cookies);
/* "Text/HTML; charset=x" -> "text/html"; a parameter is NULL when absent. */
MUST_CHECK bool text_media_type(Arena *out, Str header, Str *type, Err *err);
Str text_parameter(Arena *out, Str header, const char *name);
/* How much an Accept or Accept-Encoding header wants a value: thousandths, 0 not at all. */
int text_preference(Str header, Str value);
bool text_is_token(Str s);
bool text_is_host(Str s);
/* The header part of a request as the library left it: line ends and the first colon of each line
 * turned to zero bytes. True when it was strictly "name: value CRLF" ... CRLF, with no folding,
 * bare line feeds or zero bytes. */
bool text_head_is_strict(Str head);
/* Base name without control or direction characters, at most 200 bytes; "file" when nothing is
 * left. */
Str text_file_name(Arena *out, Str sent);
/* A header value: control characters dropped. */
Str text_header_value(Arena *out, Str value);
/* A Location: everything that may not stand in one is percent-encoded. */
Str text_location(Arena *out, Str to);
Str text_cookie_value(Arena *out, Str value);
/* One event of a stream. */
void text_event(StrBuf *out, Str event, Str data);
