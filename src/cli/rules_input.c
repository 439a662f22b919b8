/* SPDX-License-Identifier: Apache-2.0 */
/* Context, names and limits for rules on the command line. */
#include "cli/rules_input.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/diag.h"
#include "base/file.h"
#include "json/json.h"

RulesClock rules_clock(Arena *a)
{
    Clock real = {0};
    return (RulesClock){.now = feel_of_time(a, clock_now(&real), ZONE_CHINA_MINUTES),
                        .deadline_us = clock_monotonic_us() + RULES_TIME_MS * INT64_C(1000)};
}

static bool expired(void *clock)
{
    const RulesClock *c = clock;
    return clock_monotonic_us() > c->deadline_us;
}

FeelLimits rules_limits(RulesClock *clock)
{
    return (FeelLimits){.expired = expired, .clock = clock, .now = &clock->now};
}

bool rules_read_input(Arena *a, const char *path, FeelValue *context, Err *err)
{
    Str text = {0};
    if (!file_read(a, str_z(path), RULES_INPUT_MAX, &text, err)) {
        return false;
    }
    const Value *json = json_read(a, text, err);
    if (!json) {
        Str shown = diag_caret(a, str_z(path), text, err->offset, str_z(err->msg));
        return FAIL(err, ERR_INPUT, STR_FMT, STR_ARG(shown));
    }
    if (!feel_from_value(a, json, context, err)) {
        return false;
    }
    return context->kind == FEEL_CONTEXT ||
           FAIL(err, ERR_INPUT, "%s: a JSON object is needed, this is a %s", path,
                feel_kind_name(context->kind));
}

/* Of a list only the kind is known: its items may differ. */
static const FeelType *type_of(Arena *a, const FeelValue *v)
{
    FeelType *t = NEW(a, FeelType);
    t->kind = v->kind;
    if (v->kind == FEEL_CONTEXT) {
        t->members = rules_names_of(a, v);
    }
    return t;
}

const FeelNames *rules_names_of(Arena *a, const FeelValue *context)
{
    size_t count = context->kind == FEEL_CONTEXT ? context->context->count : 0;
    FeelName *at = NEW_N(a, FeelName, count + 1);
    FeelNames *names = NEW(a, FeelNames);
    for (size_t i = 0; i < count; i++) {
        const FeelEntry *e = &context->context->entries[i];
        at[i] = (FeelName){e->key, type_of(a, &e->value)};
    }
    *names = (FeelNames){.at = at, .count = count};
    return names;
}
