/* SPDX-License-Identifier: Apache-2.0 */
/*
 * services/certificate/localise.h - data that is kept once and read in any language.
 *
 * What is frozen in documents, events and messages is language-free: texts stand as {zh, en},
 * times as milliseconds under keys that end in "_at", days as ISO dates under keys that end in
 * "_day". localise() makes the copy that a template
 * reads: each {zh, en} becomes the text, and beside each "x_at" and "x_day" stands "x_date" and,
 * for times, "x_time" (date and time), written as people of that language write them.
 */
#pragma once

#include "base/date.h"
#include "base/value.h"
#include "model/text.h"

Value *localise(Arena *out, const Value *v, Lang lang, int32_t zone_minutes);
/* The same of those entries alone that the template may name: for short templates over much data. */
Value *localise_for(Arena *out, const Value *v, Str template, Lang lang, int32_t zone_minutes);
/* {zh, en} for freezing. */
Value *text_value(Arena *out, Text t);
void set_text(Arena *out, Value *map, const char *key, Text t);
