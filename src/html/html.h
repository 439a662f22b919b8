/* SPDX-License-Identifier: Apache-2.0 */
/*
 * html/html.h - mustache templates (the public spec: core, inheritance, dynamic names), compiled
 * once, rendered many times over Values.
 *
 * Escaped by default: {{x}} escapes & < > " and '; {{{x}}} and {{&x}} do not.
 * A set of templates is compiled together for one language: a tag {{t.key}} is replaced while
 * compiling by the message of that key (an unknown key is an error with its place), so texts cost
 * nothing at run time. A message may hold tags of its own ({{days}}); its plain text is escaped.
 * {{a.app.css}} is likewise the address of an asset.
 * Memory:  a set is immutable and shareable between threads once compiled; output goes to a StrBuf.
 * False: absent, null, false, an empty list, an empty text; the number 0 is something to show.
 * Lines of a partial or block that stands alone are indented like its tag; values never are.
 * Limits:  HTML_MAX_DEPTH nested sections or partials while rendering, HTML_MAX_OUTPUT bytes,
 * HTML_MAX_STEPS ops; HTML_MAX_SOURCE bytes in one template.
 */
#pragma once

#include "base/diag.h"
#include "base/value.h"

enum {
    HTML_MAX_DEPTH = 64,
    HTML_MAX_OUTPUT = 16 << 20,
    HTML_MAX_TEMPLATES = 1000,
    HTML_MAX_SOURCE = 1 << 20,
    HTML_MAX_STEPS = 20000000,
};

typedef struct HtmlSet HtmlSet;
typedef struct HtmlTemplate HtmlTemplate;

typedef struct {
    Str name; /* "guide": partials and parents name it so */
    Str source;
    uint16_t file; /* in the Diags */
} HtmlSource;

/* constants: a Value map {t: {...}, a: {...}} resolved while compiling, or NULL.
 * NULL when any template has an error; all errors are in diags (rules "html.syntax",
 * "html.unknown-text", …). */
MUST_CHECK const HtmlSet *html_compile(Arena *out, const HtmlSource *sources, size_t count,
                                       const Value *constants, Diags *diags);
const HtmlTemplate *html_find(const HtmlSet *set, Str name); /* NULL when there is none */
/* Output is appended to b. Names that are absent render as nothing. */
MUST_CHECK bool html_render(StrBuf *b, const HtmlSet *set, const HtmlTemplate *t,
                            const Value *model, Err *err);
/* One small text, not escaped (messages by phone, documents): "{{name}}，您好". Missing names
 * are empty. */
MUST_CHECK bool html_render_text(StrBuf *b, Str source, const Value *model, Err *err);
void html_escape(StrBuf *b, Str text);
