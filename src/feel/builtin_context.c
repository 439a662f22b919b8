/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Contexts, and what is asked of any value: identity, negation.
 */
#include "base/map.h"
#include "feel/feel_int.h"

static FeelValue run_not(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    if (args[0].kind == FEEL_BOOLEAN || args[0].kind == FEEL_NULL) {
        return args[0].kind == FEEL_NULL ? args[0] : feel_bool(!args[0].truth);
    }
    return feel_reason(b->out, "not of a %s", feel_kind_name(args[0].kind));
}

/* ---- is: one kind, one value, one spelling of the zone ---- */

static bool is_one(FeelBudget *b, const FeelValue *x, const FeelValue *y, int depth);

static bool is_one_context(FeelBudget *b, const FeelContext *x, const FeelContext *y, int depth)
{
    bool one = x->count == y->count;
    for (size_t i = 0; one && i < x->count; i++) {
        bool as_placed = str_eq(x->entries[i].key, y->entries[i].key);
        const FeelValue *other =
            as_placed ? &y->entries[i].value : budget_get(b, y, x->entries[i].key);
        one = other && is_one(b, &x->entries[i].value, other, depth + 1);
    }
    return one;
}

static bool is_one_list(FeelBudget *b, const FeelValue *x, const FeelValue *y, int depth)
{
    bool one = x->list.count == y->list.count;
    for (size_t i = 0; one && i < x->list.count; i++) {
        one = is_one(b, &x->list.items[i], &y->list.items[i], depth + 1);
    }
    return one;
}

static bool is_one_range(FeelBudget *b, const FeelRange *x, const FeelRange *y, int depth)
{
    return x->kind == y->kind && x->start_included == y->start_included &&
           x->end_included == y->end_included && is_one(b, &x->start, &y->start, depth + 1) &&
           is_one(b, &x->end, &y->end, depth + 1);
}

static bool is_one_moment(const FeelMoment *x, const FeelMoment *y)
{
    return x->date.year == y->date.year && x->date.month == y->date.month &&
           x->date.day == y->date.day && x->nanos == y->nanos && x->has_offset == y->has_offset &&
           x->offset == y->offset && str_eq(x->zone, y->zone);
}

static bool is_one(FeelBudget *b, const FeelValue *x, const FeelValue *y, int depth)
{
    int order = 0;
    if (x->kind != y->kind || depth > FEEL_MAX_VALUE_DEPTH || !budget_compare(b, x, y)) {
        return false;
    }
    switch (x->kind) {
    case FEEL_NULL: return true;
    case FEEL_BOOLEAN: return x->truth == y->truth;
    case FEEL_TIME:
    case FEEL_DATE_TIME: return is_one_moment(x->moment, y->moment);
    case FEEL_LIST: return is_one_list(b, x, y, depth);
    case FEEL_CONTEXT: return is_one_context(b, x->context, y->context, depth);
    case FEEL_RANGE: return is_one_range(b, x->range, y->range, depth);
    case FEEL_FUNCTION: return x->function == y->function;
    case FEEL_NUMBER:
    case FEEL_STRING:
    case FEEL_DATE:
    case FEEL_DAYS_DURATION:
    case FEEL_MONTHS_DURATION: break;
    }
    return value_order(x, y, &order) && order == 0;
}

static FeelValue run_is(FeelBudget *b, const FeelValue *args, size_t count)
{
    FeelValue missing = feel_null();
    return feel_bool(is_one(b, &args[0], count > 1 ? &args[1] : &missing, 0));
}

/* ---- reading ---- */

static FeelValue value_at_key(FeelBudget *b, const FeelValue *v, Str key)
{
    if (v->kind != FEEL_CONTEXT) {
        return feel_reason(b->out, "a %s has no '" STR_FMT "'", feel_kind_name(v->kind),
                           STR_ARG(key));
    }
    const FeelValue *found = budget_get(b, v->context, key);
    return found ? *found : feel_reason(b->out, "no '" STR_FMT "' in the context", STR_ARG(key));
}

static FeelValue run_get_value(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    return value_at_key(b, &args[0], args[1].text);
}

static bool are_keys(FeelBudget *b, const FeelValue *keys, FeelValue *why)
{
    for (size_t i = 0; i < keys->list.count; i++) {
        if (keys->list.items[i].kind != FEEL_STRING) {
            *why = feel_reason(b->out, "a key is a %s", feel_kind_name(keys->list.items[i].kind));
            return false;
        }
    }
    if (keys->list.count == 0) {
        *why = feel_reason(b->out, "no key is given");
    }
    return keys->list.count > 0 && budget_take(b, keys->list.count);
}

static FeelValue run_get_value_by_path(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    FeelValue v = args[0], why = feel_null();
    if (!are_keys(b, &args[1], &why)) {
        return why;
    }
    for (size_t i = 0; i < args[1].list.count && (i == 0 || v.kind != FEEL_NULL); i++) {
        v = value_at_key(b, &v, args[1].list.items[i].text);
    }
    return v;
}

static FeelValue context_of(Arena *out, const FeelEntry *entries, size_t count)
{
    FeelContext *c = NEW(out, FeelContext);
    *c = (FeelContext){entries, count};
    return feel_context(c);
}

static FeelValue run_get_entries(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    const FeelContext *c = args[0].context;
    if (!budget_take(b, c->count)) {
        return feel_null();
    }
    FeelValue *made = NEW_N(b->out, FeelValue, c->count + 1);
    for (size_t i = 0; i < c->count; i++) {
        FeelEntry *pair = NEW_N(b->out, FeelEntry, 2);
        pair[0] = (FeelEntry){STR("key"), feel_str(c->entries[i].key)};
        pair[1] = (FeelEntry){STR("value"), c->entries[i].value};
        made[i] = context_of(b->out, pair, 2);
    }
    return value_list_of(made, c->count);
}

/* ---- making ---- */

typedef Vec(FeelEntry) EntryList;

/* Entries in order of first writing, found by key. */
typedef struct {
    EntryList entries;
    Map places;
} Entries;

/* False when the key is there already. */
static bool add_entry(FeelBudget *b, Entries *e, Str key, FeelValue value)
{
    size_t *place = NEW(b->out, size_t);
    *place = e->entries.len;
    if (!map_add(b->out, &e->places, key, place)) {
        return false;
    }
    *VEC_PUSH(b->out, &e->entries) = (FeelEntry){key, value};
    return true;
}

static void put_entry(FeelBudget *b, Entries *e, Str key, FeelValue value)
{
    const size_t *place = map_get(&e->places, key);
    if (place && *place < e->entries.len) {
        e->entries.at[*place].value = value;
    } else {
        (void)add_entry(b, e, key, value);
    }
}

static FeelValue run_context(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    Entries made = {0};
    for (size_t i = 0; i < args[0].list.count && budget_take(b, 1); i++) {
        const FeelValue *entry = &args[0].list.items[i];
        if (entry->kind != FEEL_CONTEXT) {
            return feel_reason(b->out, "%s: an item is a %s", "context",
                               feel_kind_name(entry->kind));
        }
        const FeelValue *key = budget_get(b, entry->context, STR("key"));
        const FeelValue *value = budget_get(b, entry->context, STR("value"));
        if (!key || !value) {
            return feel_reason(b->out, "no '" STR_FMT "' in the context",
                               STR_ARG(key ? STR("value") : STR("key")));
        }
        if (key->kind != FEEL_STRING) {
            return feel_reason(b->out, "a key is a %s", feel_kind_name(key->kind));
        }
        if (!add_entry(b, &made, key->text, *value)) {
            return feel_reason(b->out, "a key stands twice in the context");
        }
    }
    return context_of(b->out, made.entries.at, made.entries.len);
}

static FeelValue run_context_put(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    return budget_take(b, args[0].context->count)
               ? feel_context(feel_with(b->out, args[0].context, args[1].text, args[2]))
               : feel_null();
}

/* Down along the keys, then back up with a new context at each level. */
static FeelValue run_context_put_by_path(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    size_t keys = args[1].list.count;
    const FeelValue *key = args[1].list.items;
    FeelValue why = feel_null();
    if (!are_keys(b, &args[1], &why)) {
        return why;
    }
    FeelValue *levels = NEW_N(b->out, FeelValue, keys + 1);
    levels[0] = args[0];
    for (size_t i = 1; i < keys; i++) {
        levels[i] = value_at_key(b, &levels[i - 1], key[i - 1].text);
        if (levels[i].kind != FEEL_CONTEXT) {
            return levels[i].kind == FEEL_NULL ? levels[i]
                                               : value_at_key(b, &levels[i], key[i].text);
        }
    }
    FeelValue made = args[2];
    for (size_t i = keys; i > 0 && budget_take(b, levels[i - 1].context->count); i--) {
        made = feel_context(feel_with(b->out, levels[i - 1].context, key[i - 1].text, made));
    }
    return made;
}

static FeelValue run_context_merge(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    Entries made = {0};
    for (size_t i = 0; i < args[0].list.count; i++) {
        const FeelValue *v = &args[0].list.items[i];
        if (v->kind != FEEL_CONTEXT) {
            return feel_reason(b->out, "%s: an item is a %s", "context merge",
                               feel_kind_name(v->kind));
        }
        for (size_t k = 0; k < v->context->count && budget_take(b, 1); k++) {
            put_entry(b, &made, v->context->entries[k].key, v->context->entries[k].value);
        }
    }
    return context_of(b->out, made.entries.at, made.entries.len);
}

const Builtin feel_builtins_context[] = {
    {"context", "entries", "l", run_context},
    {"context merge", "contexts", "l", run_context_merge},
    {"context put", "context,key,value", "csa", run_context_put},
    {"context put", "context,keys,value", "cla", run_context_put_by_path},
    {"get entries", "m", "c", run_get_entries},
    {"get value", "m,key", "cs", run_get_value},
    {"get value", "m,keys", "cl", run_get_value_by_path},
    {"is", "value1,value2", "a?a", run_is},
    {"not", "negand", "a", run_not},
    {NULL, NULL, NULL, NULL},
};
