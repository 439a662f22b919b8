/* SPDX-License-Identifier: Apache-2.0 */
/*
 * web/po.h - messages in gettext's PO format, the strict part that we use: msgid is a stable key,
 * msgstr its text, both of one or more quoted lines; # comments; the first entry with an empty key
 * is the header. No contexts, no plural forms: a message that counts is written without them.
 */
#pragma once

#include "base/diag.h"
#include "base/value.h"

/* Adds {key: text} to texts; keys are unique over all files. All problems are in diags (rules
 * "po.syntax", "po.twice", "po.empty"). */
void po_read(Arena *out, Str source, uint16_t file, Value *texts, Diags *diags);
