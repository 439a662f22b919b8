/* SPDX-License-Identifier: Apache-2.0 */
/* services/casework/casework_view.h - answers and facts as people read them (language-free). */
#pragma once

#include "services/casework/casework.h"

/* model.answers = [{section, rows [{key, label, value, sensitive}]}], in the order of the form. */
void case_view_answers(Arena *out, const CaseFile *cf, Value *model);
/* Who reads: the organ sees all; an applicant does not see the sensitive fields of somebody else. */
typedef enum { FACT_FOR_APPLICANT, FACT_FOR_ORGAN } FactReader;

/* model.facts = [{source, name, owner, purpose, basis, state, found, down, objected, note, at,
 * fields [{key, label, value}]}] */
void case_view_facts(Arena *out, const CaseFile *cf, FactReader reader, Value *model);
/*
 * model.explanation, when it was decided: {outcome, by_rules (as the rules proposed), reason, said
 * (why, in the words of whoever decided, where they are not the rules'), article, and of by_rules:
 * rules [{question, reason, article}], inputs [{source, name, owner, fields [{key, label, value}]}]
 * with the sources "answers", "file" (known of the case) and those of registers}. proposed and
 * decided: data of these events, or NULL.
 */
void case_view_explanation(Arena *out, const CaseFile *cf, const Value *proposed,
                           const Value *decided, Value *model);
/* One fact of a source, as above; fact may be NULL: not read yet. */
Value *case_view_fact(Arena *out, const Source *s, const Value *fact, FactReader reader);
