/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What counts as the expected value. Stricter than FEEL's own "=", which ignores fractions of
 * seconds and takes moments of different offsets as equal: here only the numbers have a margin,
 * because expected values are written with few digits.
 */
#include "dmn_tck.h"

static bool same_number(Decimal want, Decimal got)
{
    Decimal difference, margin;
    return decimal_parse(STR("1e-8"), &margin) && decimal_sub(want, got, &difference) &&
           decimal_cmp(decimal_abs(difference), margin) < 0;
}

static bool same_date(FeelDate want, FeelDate got)
{
    return want.year == got.year && want.month == got.month && want.day == got.day;
}

static bool same_moment(const FeelMoment *want, const FeelMoment *got)
{
    return want->nanos == got->nanos && want->has_offset == got->has_offset &&
           (!want->has_offset || want->offset == got->offset) && str_eq(want->zone, got->zone);
}

static bool same_items(const FeelValue *want, const FeelValue *got)
{
    if (want->list.count != got->list.count)
        return false;
    for (size_t i = 0; i < want->list.count; i++)
        if (!tck_same(&want->list.items[i], &got->list.items[i]))
            return false;
    return true;
}

static bool same_entries(const FeelContext *want, const FeelContext *got)
{
    if (want->count != got->count)
        return false;
    for (size_t i = 0; i < want->count; i++) {
        const FeelValue *other = feel_get(got, want->entries[i].key);
        if (!other || !tck_same(&want->entries[i].value, other))
            return false;
    }
    return true;
}

bool tck_same(const FeelValue *want, const FeelValue *got)
{
    if (want->kind != got->kind)
        return false;
    switch (want->kind) {
    case FEEL_NULL: return true;
    case FEEL_BOOLEAN: return want->truth == got->truth;
    case FEEL_NUMBER: return same_number(want->number, got->number);
    case FEEL_STRING: return str_eq(want->text, got->text);
    case FEEL_DATE: return same_date(want->date, got->date);
    case FEEL_TIME: return same_moment(want->moment, got->moment);
    case FEEL_DATE_TIME:
        return same_date(want->moment->date, got->moment->date) &&
               same_moment(want->moment, got->moment);
    case FEEL_DAYS_DURATION:
        return want->duration.seconds == got->duration.seconds &&
               want->duration.nanos == got->duration.nanos;
    case FEEL_MONTHS_DURATION: return want->months == got->months;
    case FEEL_LIST: return same_items(want, got);
    case FEEL_CONTEXT: return same_entries(want->context, got->context);
    case FEEL_RANGE:
    case FEEL_FUNCTION: return false; /* no test file can name one */
    }
    return false;
}

static FeelValue longer_list(Arena *out, const FeelValue *v)
{
    FeelValue *items = NEW_N(out, FeelValue, v->list.count + 1);
    for (size_t i = 0; i < v->list.count; i++)
        items[i] = v->list.items[i];
    items[v->list.count] = feel_null();
    return (FeelValue){.kind = FEEL_LIST, .list = {items, v->list.count + 1}};
}

static FeelValue later(Arena *out, const FeelValue *v)
{
    FeelMoment *moment = NEW(out, FeelMoment);
    *moment = *v->moment;
    moment->nanos += moment->nanos ? -1 : 1;
    return (FeelValue){.kind = v->kind, .moment = moment};
}

/* By more than twice the margin, for what has passed may differ by one; beyond 34 digits a small
 * step is none. */
static FeelValue another_number(Decimal d)
{
    Decimal step, sum = d;
    bool ok = decimal_parse(STR("2.1e-8"), &step) && decimal_add(d, step, &sum);
    return feel_number(ok && decimal_cmp(sum, d) != 0 ? sum : decimal_negate(d));
}

FeelValue tck_spoiled(Arena *out, const FeelValue *v)
{
    FeelValue spoiled = *v;
    switch (v->kind) {
    case FEEL_NULL: return feel_str(STR(""));
    case FEEL_BOOLEAN: return feel_bool(!v->truth);
    case FEEL_NUMBER: return another_number(v->number);
    case FEEL_STRING: return feel_str(str_join(out, v->text, STR(" ")));
    case FEEL_DATE: spoiled.date.year++; return spoiled;
    case FEEL_TIME:
    case FEEL_DATE_TIME: return later(out, v);
    case FEEL_DAYS_DURATION: spoiled.duration.seconds++; return spoiled;
    case FEEL_MONTHS_DURATION: spoiled.months++; return spoiled;
    case FEEL_LIST: return longer_list(out, v);
    case FEEL_CONTEXT: return feel_context(feel_with(out, v->context, STR("spoiled"), feel_null()));
    case FEEL_RANGE:
    case FEEL_FUNCTION: return feel_null();
    }
    return spoiled;
}

Str tck_text(Arena *out, const FeelValue *v)
{
    if (v->kind == FEEL_NULL) {
        Str why = feel_why(out, v, FEEL_EN);
        return why.len ? str_fmt(out, "null (" STR_FMT ")", STR_ARG(why)) : STR("null");
    }
    Str text = feel_text(out, v);
    const char *mark = v->kind == FEEL_STRING ? "\"" : "";
    return str_fmt(out, "%s %s" STR_FMT "%s", feel_kind_name(v->kind), mark, STR_ARG(text), mark);
}
