/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model/form.h - checking answers and choosing pages, pure.
 *
 * Answers are one Value map {element key: text | bool | list of texts}: the same shape in drafts,
 * cases, JSON and the rules. Checks: GB 11643 identity numbers (birth date, check character), GB
 * 32100 credit codes (check character), mobile numbers, dates, options, lengths, required,
 * valid_if.
 *
 * Every message key that a check can give; {{arg}} where it says so:
 *   error.required        nothing was answered
 *   error.too-long        arg: the most characters
 *   error.option          none of the options, or not yes or no
 *   error.number          no number
 *   error.number.min      arg: the least
 *   error.number.max      arg: the most
 *   error.date            no date, or one that does not exist
 *   error.date.future     after today, where only the past makes sense
 *   error.date.past       before today, where only the future makes sense
 *   error.date.min        arg: the first day, 2026-11-22
 *   error.date.max        arg: the last day
 *   error.time            no time of day
 *   error.phone           no mobile number of 11 digits
 *   error.idcard.length   not 17 digits and a digit or X
 *   error.idcard.region   the first two digits are no province
 *   error.idcard.date     the birth date does not exist or is to come
 *   error.idcard.check    the last character does not fit: mistyped
 *   error.uscc.length     not 18 characters
 *   error.uscc.letter     a letter that credit codes do not use (I, O, S, V, Z)
 *   error.uscc.check      the last character does not fit: mistyped
 *   error.invalid         the form's own condition; the text is the catalogue's valid_message
 *
 * Memory: results are in the Arena passed. Threads: pure. Limits: FORM_MAX_PROBLEMS at a time.
 */
#pragma once

#include "base/date.h"
#include "base/value.h"
#include "model/item.h"

/* A problem of one answer: the page shows messages[key] translated; arg fills {{arg}}. */
typedef struct {
    Str element;
    const char *key; /* "error.required", "error.idcard.check", … in ui/messages */
    Str arg;
    Text text; /* the catalogue's own message (valid_message), or empty */
} FormProblem;

enum { FORM_MAX_PROBLEMS = 200 };

/* The scope of FEEL expressions: all answers, typed by their elements (dates, numbers, booleans;
 * absent ones null), and today. */
MUST_CHECK bool form_scope(Arena *out, const Item *item, const Value *answers, Date today,
                           FeelScope *scope, Err *err);
/* What an answer of that type is in rules, and the answer as such; null when it does not fit. */
const FeelType *element_feel_type(ElementType type);
FeelValue form_feel_value(Arena *out, ElementType type, const Value *v);
/* Pages and questions that are shown for these answers; expressions that fail count as not shown.
 */
bool form_holds(Arena *scratch, const FeelProgram *condition, const FeelScope *scope);
bool form_page_shown(Arena *scratch, const Page *page, const FeelScope *scope);
bool form_question_shown(Arena *scratch, const Question *q, const FeelScope *scope);
/* The raw texts of a form field, trimmed and normalised (full-width digits, spaces, lower-case x)
 * into a Value: text, bool, list of texts; null when nothing was given. A date may come as one
 * text or as year, month, day; a time as one text or as hour, minute. */
Value *form_read_answer(Arena *out, const Element *e, const Str *raw, size_t count);
/* Problems of one page's shown questions; number of problems. */
size_t form_check_page(Arena *out, const Item *item, const Page *page, const Value *answers,
                       Date today, FormProblem *problems, size_t max);
/* Of the whole form: every shown page. */
size_t form_check(Arena *out, const Item *item, const Value *answers, Date today,
                  FormProblem *problems, size_t max);
bool idcard_valid(Str s, Date today, const char **why); /* why: message key */
bool uscc_valid(Str s, const char **why);
bool mobile_valid(Str s);
/* Masked for showing: 3301**********4526, 138****6027. */
Str mask_idcard(Arena *out, Str s);
Str mask_phone(Arena *out, Str s);
/* Materials needed for these answers (situations and form). */
bool item_material_needed(Arena *scratch, const ItemMaterial *m, const FeelScope *scope);
size_t item_needed(Arena *scratch, const Item *item, const FeelScope *scope,
                   const ItemMaterial **needed, size_t max);
