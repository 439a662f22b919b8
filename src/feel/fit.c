/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A value taken as a type inside the language (DMN 1.5, 10.3.2.9.4): exact, a list of one as its
 * item, a value as a list of one, a date as midnight UTC, else null. Values that fit are shared,
 * not copied; a list or context is copied when a part of it changes.
 */
#include "feel/feel_int.h"

enum { SHOWN_NODES = 60, SHOWN_BYTES = 60 }; /* of a value in a message */

enum { FEEL_MAX_PARTS = 500 }; /* of two types that are compared */

static FeelValue fit(FeelBudget *b, const FeelValue *v, const FeelType *type, int depth);
static bool conforms(const FeelType *one, const FeelType *other);

static FeelValue misfit(FeelBudget *b, const FeelValue *v, const FeelType *type)
{
    return feel_reason(b->out, "a %s where a %s is needed", feel_kind_name(v->kind),
                       feel_kind_name(type->kind));
}

static FeelValue fit_items(FeelBudget *b, const FeelValue *v, const FeelType *type, int depth)
{
    if (!type->item) {
        return *v;
    }
    FeelValue *items = NEW_N(b->out, FeelValue, v->list.count + 1);
    for (size_t i = 0; i < v->list.count; i++) {
        items[i] = fit(b, &v->list.items[i], type->item, depth + 1);
        if (items[i].kind == FEEL_NULL && v->list.items[i].kind != FEEL_NULL) {
            return items[i];
        }
    }
    return value_list_of(items, v->list.count);
}

static FeelValue fit_members(FeelBudget *b, const FeelValue *v, const FeelType *type, int depth)
{
    const FeelContext *c = v->context;
    FeelEntry *entries = NEW_N(b->out, FeelEntry, c->count + 1);
    FeelContext *made = NEW(b->out, FeelContext);
    for (size_t i = 0; i < c->count; i++) {
        entries[i] = c->entries[i];
    }
    for (size_t i = 0; i < type->members->count; i++) {
        const FeelName *member = &type->members->at[i];
        size_t at = 0;
        while (at < c->count && !str_eq(entries[at].key, member->name)) {
            at++;
        }
        if (at == c->count) {
            return feel_reason(b->out, "no '" STR_FMT "' in the context", STR_ARG(member->name));
        }
        entries[at].value = fit(b, &c->entries[at].value, member->type, depth + 1);
        if (entries[at].value.kind == FEEL_NULL && c->entries[at].value.kind != FEEL_NULL) {
            return entries[at].value;
        }
    }
    *made = (FeelContext){entries, c->count};
    return feel_context(made);
}

/* What is not declared of the function is taken as it will turn out. */
static bool function_fits(const FeelFunction *f, const FeelType *type)
{
    bool fits = !type->params || f->params->count == type->params->count;
    for (size_t i = 0; fits && type->params && i < f->params->count; i++) {
        const FeelType *given = type->params->at[i].type;
        fits = !given || conforms(given, f->params->at[i].type);
    }
    return fits && (!f->result || conforms(f->result, type->result));
}

static FeelValue fit_same_kind(FeelBudget *b, const FeelValue *v, const FeelType *type, int depth)
{
    switch (v->kind) {
    case FEEL_LIST: return fit_items(b, v, type, depth);
    case FEEL_CONTEXT: return type->members ? fit_members(b, v, type, depth) : *v;
    case FEEL_RANGE: return value_instance_of(b, v, type) ? *v : misfit(b, v, type);
    case FEEL_FUNCTION: return function_fits(v->function, type) ? *v : misfit(b, v, type);
    case FEEL_NULL:
    case FEEL_BOOLEAN:
    case FEEL_NUMBER:
    case FEEL_STRING:
    case FEEL_DATE:
    case FEEL_TIME:
    case FEEL_DATE_TIME:
    case FEEL_DAYS_DURATION:
    case FEEL_MONTHS_DURATION: break;
    }
    return *v;
}

static FeelValue fit_kind(FeelBudget *b, const FeelValue *v, const FeelType *type, int depth)
{
    if (type->kind == FEEL_NULL) {
        return *v;
    }
    if (v->kind == type->kind) {
        return fit_same_kind(b, v, type, depth);
    }
    if (type->kind == FEEL_LIST) {
        FeelValue *one = NEW(b->out, FeelValue);
        *one = *v;
        FeelValue list = value_list_of(one, 1);
        return fit_items(b, &list, type, depth);
    }
    if (v->kind == FEEL_LIST && v->list.count == 1 && v->list.items[0].kind != FEEL_LIST) {
        return fit(b, &v->list.items[0], type, depth + 1);
    }
    if (v->kind == FEEL_DATE && type->kind == FEEL_DATE_TIME) {
        return temporal_of(b->out, FEEL_DATE_TIME,
                           (FeelMoment){.date = v->date, .has_offset = true});
    }
    return misfit(b, v, type);
}

static FeelValue fit(FeelBudget *b, const FeelValue *v, const FeelType *type, int depth)
{
    if (!type || v->kind == FEEL_NULL) {
        return *v;
    }
    if (depth > FEEL_MAX_VALUE_DEPTH || !budget_take(b, 1)) {
        return feel_reason(b->out, "a value is nested deeper than %d", FEEL_MAX_VALUE_DEPTH);
    }
    FeelValue fitted = fit_kind(b, v, type, depth);
    if (!type->allowed || fitted.kind == FEEL_NULL) {
        return fitted;
    }
    FeelScope scope = {.input = &fitted};
    FeelValue verdict = feel_run(b, type->allowed, &scope);
    if (feel_is_true(&verdict)) {
        return fitted;
    }
    uint32_t nodes = FEEL_MAX_NODES - SHOWN_NODES;
    Str shown = str_slice(value_written(b->out, &fitted, &nodes), 0, SHOWN_BYTES);
    return feel_reason(b->out, "'" STR_FMT "' is none of " STR_FMT, STR_ARG(shown),
                       STR_ARG(type->allowed_text));
}

FeelValue feel_fit(FeelBudget *b, const FeelValue *v, const FeelType *type)
{
    return type ? fit(b, v, type, 0) : *v;
}

/* ---- instance of ---- */

static bool is(FeelBudget *b, const FeelValue *v, const FeelType *type, int depth);

static bool conforms_within(const FeelType *one, const FeelType *other, size_t *left);

static bool members_conform(const FeelType *one, const FeelType *other, size_t *left)
{
    for (size_t i = 0; other->members && i < other->members->count; i++) {
        const FeelName *wanted = &other->members->at[i];
        const FeelType *found = NULL;
        bool has = false;
        for (size_t k = 0; one->members && k < one->members->count; k++) {
            if (str_eq(one->members->at[k].name, wanted->name)) {
                has = true;
                found = one->members->at[k].type;
            }
        }
        if (!has || !conforms_within(found, wanted->type, left)) {
            return false;
        }
    }
    return true;
}

static bool conforms_within(const FeelType *one, const FeelType *other, size_t *left)
{
    if (!other || other->kind == FEEL_NULL || one == other) {
        return true;
    }
    if (!one || one->kind != other->kind || *left == 0) {
        return false;
    }
    --*left;
    return (!other->item || conforms_within(one->item, other->item, left)) &&
           members_conform(one, other, left);
}

/* Whether each value of one type is one of the other. Types may hold themselves: what is not settled
 * after so many of their parts does not conform. */
static bool conforms(const FeelType *one, const FeelType *other)
{
    size_t left = FEEL_MAX_PARTS;
    return conforms_within(one, other, &left);
}

static bool is_function(const FeelFunction *f, const FeelType *type)
{
    if (!type->params) {
        return true;
    }
    if (f->params->count != type->params->count) {
        return false;
    }
    for (size_t i = 0; i < f->params->count; i++) {
        if (!conforms(type->params->at[i].type, f->params->at[i].type)) {
            return false;
        }
    }
    return conforms(f->result, type->result);
}

static bool is_list(FeelBudget *b, const FeelValue *v, const FeelType *type, int depth)
{
    for (size_t i = 0; type->item && i < v->list.count; i++) {
        if (!is(b, &v->list.items[i], type->item, depth + 1)) {
            return false;
        }
    }
    return true;
}

static bool is_context(FeelBudget *b, const FeelContext *c, const FeelType *type, int depth)
{
    for (size_t i = 0; type->members && i < type->members->count; i++) {
        const FeelValue *member = budget_get(b, c, type->members->at[i].name);
        if (!member ||
            (member->kind != FEEL_NULL && !is(b, member, type->members->at[i].type, depth + 1))) {
            return false;
        }
    }
    return true;
}

static bool is_range(FeelBudget *b, const FeelRange *r, const FeelType *type, int depth)
{
    return (r->start.kind == FEEL_NULL || is(b, &r->start, type->item, depth + 1)) &&
           (r->end.kind == FEEL_NULL || is(b, &r->end, type->item, depth + 1));
}

static bool is(FeelBudget *b, const FeelValue *v, const FeelType *type, int depth)
{
    if (depth > FEEL_MAX_VALUE_DEPTH || (depth > 0 && !budget_take(b, 1))) {
        return false;
    }
    if (!type) {
        return true;
    }
    if (v->kind == FEEL_NULL || type->kind == FEEL_NULL) {
        return v->kind != FEEL_NULL || (depth > 0 && type->kind == FEEL_NULL);
    }
    if (v->kind != type->kind) {
        return false;
    }
    switch (v->kind) {
    case FEEL_LIST: return is_list(b, v, type, depth);
    case FEEL_CONTEXT: return is_context(b, v->context, type, depth);
    case FEEL_RANGE: return is_range(b, v->range, type, depth);
    case FEEL_FUNCTION: return is_function(v->function, type);
    case FEEL_NULL:
    case FEEL_BOOLEAN:
    case FEEL_NUMBER:
    case FEEL_STRING:
    case FEEL_DATE:
    case FEEL_TIME:
    case FEEL_DATE_TIME:
    case FEEL_DAYS_DURATION:
    case FEEL_MONTHS_DURATION: break;
    }
    return true;
}

bool value_instance_of(FeelBudget *b, const FeelValue *v, const FeelType *type)
{
    return is(b, v, type, 0);
}
