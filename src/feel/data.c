/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values to data and back: JSON in, JSON out, data read as a type asks. Walks are bounded by depth
 * and by FEEL_MAX_NODES.
 */
#include "feel/feel_int.h"

typedef struct {
    Arena *out;
    Err *err;
    uint32_t nodes;
} Walk;

static bool walk_in(Walk *w, int depth)
{
    if (depth > FEEL_MAX_VALUE_DEPTH) {
        return FAIL(w->err, ERR_LIMIT, "value is nested deeper than %d", FEEL_MAX_VALUE_DEPTH);
    }
    if (++w->nodes > FEEL_MAX_NODES) {
        return FAIL(w->err, ERR_LIMIT, "value has more than %d parts", FEEL_MAX_NODES);
    }
    return true;
}

/* A range may hold as many parts as a list does: they count like its own. */
static bool written(Walk *w, const FeelValue *v, Str *text)
{
    *text = value_written(w->out, v, &w->nodes);
    return w->nodes <= FEEL_MAX_NODES ||
           FAIL(w->err, ERR_LIMIT, "value has more than %d parts", FEEL_MAX_NODES);
}

static bool from_value(Walk *w, const Value *v, int depth, FeelValue *value);

static bool from_list(Walk *w, const Value *v, int depth, FeelValue *value)
{
    FeelValue *items = NEW_N(w->out, FeelValue, v->list.count + 1);
    for (uint32_t i = 0; i < v->list.count; i++) {
        if (!from_value(w, v->list.items[i], depth + 1, &items[i])) {
            return false;
        }
    }
    *value = value_list_of(items, v->list.count);
    return true;
}

static bool from_map(Walk *w, const Value *v, int depth, FeelValue *value)
{
    FeelEntry *entries = NEW_N(w->out, FeelEntry, v->map.count + 1);
    for (uint32_t i = 0; i < v->map.count; i++) {
        entries[i].key = v->map.members[i].key;
        if (!from_value(w, v->map.members[i].value, depth + 1, &entries[i].value)) {
            return false;
        }
    }
    FeelContext *c = NEW(w->out, FeelContext);
    *c = (FeelContext){entries, v->map.count};
    *value = feel_context(c);
    return true;
}

static bool from_value(Walk *w, const Value *v, int depth, FeelValue *value)
{
    Decimal d = {0};
    if (!walk_in(w, depth)) {
        return false;
    }
    switch (v->kind) {
    case VALUE_NULL: *value = feel_null(); return true;
    case VALUE_BOOL: *value = feel_bool(v->truth); return true;
    case VALUE_STR: *value = feel_str(v->text); return true;
    case VALUE_NUMBER:
        *value = decimal_parse(v->text, &d)
                     ? feel_number(d)
                     : feel_reason(w->out, "number '" STR_FMT "' is too large",
                                   STR_ARG(str_slice(v->text, 0, 60)));
        return true;
    case VALUE_LIST: return from_list(w, v, depth, value);
    case VALUE_MAP: return from_map(w, v, depth, value);
    }
    return true;
}

bool feel_from_value(Arena *out, const Value *v, FeelValue *value, Err *err)
{
    Walk w = {out, err, 0};
    if (!v) {
        *value = feel_null();
        return true;
    }
    return from_value(&w, v, 0, value);
}

static Value *to_value(Walk *w, const FeelValue *v, int depth)
{
    if (!walk_in(w, depth)) {
        return NULL;
    }
    Value *made = NULL;
    Str text = {0};
    switch (v->kind) {
    case FEEL_NULL: return value_null(w->out);
    case FEEL_BOOLEAN: return value_bool(w->out, v->truth);
    case FEEL_NUMBER: return value_number(w->out, decimal_text(w->out, v->number));
    case FEEL_STRING: return value_str(w->out, v->text);
    case FEEL_DATE:
    case FEEL_TIME:
    case FEEL_DATE_TIME:
    case FEEL_DAYS_DURATION:
    case FEEL_MONTHS_DURATION:
    case FEEL_RANGE:
    case FEEL_FUNCTION: return written(w, v, &text) ? value_str(w->out, text) : NULL;
    case FEEL_LIST:
        made = value_list(w->out);
        for (size_t i = 0; i < v->list.count; i++) {
            Value *item = to_value(w, &v->list.items[i], depth + 1);
            if (!item) {
                return NULL;
            }
            value_push(w->out, made, item);
        }
        return made;
    case FEEL_CONTEXT:
        made = value_map(w->out);
        for (size_t i = 0; i < v->context->count; i++) {
            Value *item = to_value(w, &v->context->entries[i].value, depth + 1);
            if (!item) {
                return NULL;
            }
            value_set(w->out, made, v->context->entries[i].key, item);
        }
        return made;
    }
    return made;
}

Value *feel_to_value(Arena *out, const FeelValue *v, Err *err)
{
    Walk w = {out, err, 0};
    return to_value(&w, v, 0);
}

static bool to_data(Walk *w, const FeelValue *v, int depth, FeelValue *data);

static bool list_to_data(Walk *w, const FeelValue *v, int depth, FeelValue *data)
{
    FeelValue *items = NEW_N(w->out, FeelValue, v->list.count + 1);
    for (size_t i = 0; i < v->list.count; i++) {
        if (!to_data(w, &v->list.items[i], depth + 1, &items[i])) {
            return false;
        }
    }
    *data = value_list_of(items, v->list.count);
    return true;
}

static bool context_to_data(Walk *w, const FeelValue *v, int depth, FeelValue *data)
{
    FeelContext *c = NEW(w->out, FeelContext);
    FeelEntry *entries = NEW_N(w->out, FeelEntry, v->context->count + 1);
    for (size_t i = 0; i < v->context->count; i++) {
        entries[i].key = v->context->entries[i].key;
        if (!to_data(w, &v->context->entries[i].value, depth + 1, &entries[i].value)) {
            return false;
        }
    }
    *c = (FeelContext){entries, v->context->count};
    *data = feel_context(c);
    return true;
}

static bool to_data(Walk *w, const FeelValue *v, int depth, FeelValue *data)
{
    Str text = {0};
    if (!walk_in(w, depth)) {
        return false;
    }
    switch (v->kind) {
    case FEEL_NULL: *data = feel_null(); return true;
    case FEEL_BOOLEAN:
    case FEEL_NUMBER:
    case FEEL_STRING: *data = *v; return true;
    case FEEL_DATE:
    case FEEL_TIME:
    case FEEL_DATE_TIME:
    case FEEL_DAYS_DURATION:
    case FEEL_MONTHS_DURATION:
    case FEEL_RANGE:
    case FEEL_FUNCTION:
        if (!written(w, v, &text)) {
            return false;
        }
        *data = feel_str(text);
        return true;
    case FEEL_LIST: return list_to_data(w, v, depth, data);
    case FEEL_CONTEXT: return context_to_data(w, v, depth, data);
    }
    return true;
}

bool feel_to_data(Arena *out, const FeelValue *v, FeelValue *data, Err *err)
{
    Walk w = {out, err, 0};
    return to_data(&w, v, 0, data);
}

/* ---- data as a type ---- */

static bool coerce(Walk *w, const FeelValue *v, const FeelType *type, int depth, FeelValue *value);

static bool coerce_list(Walk *w, const FeelValue *v, const FeelType *type, int depth,
                        FeelValue *value)
{
    FeelValue list = value_as_list(v);
    FeelValue *items = NEW_N(w->out, FeelValue, list.list.count + 1);
    for (size_t i = 0; i < list.list.count; i++) {
        if (!coerce(w, &list.list.items[i], type->item, depth + 1, &items[i])) {
            return false;
        }
        if (items[i].kind == FEEL_NULL && list.list.items[i].kind != FEEL_NULL) {
            *value = items[i];
            return true;
        }
    }
    *value = value_list_of(items, list.list.count);
    return true;
}

static bool coerce_context(Walk *w, const FeelValue *v, const FeelType *type, int depth,
                           FeelValue *value)
{
    const FeelContext *c = v->context;
    FeelContext *made = NEW(w->out, FeelContext);
    FeelEntry *entries = NEW_N(w->out, FeelEntry, c->count + type->members->count + 1);
    size_t count = c->count;
    if (count > 0) {
        memcpy(entries, c->entries, count * sizeof *entries);
    }
    for (size_t i = 0; i < type->members->count; i++) {
        const FeelName *member = &type->members->at[i];
        size_t at = 0;
        while (at < count && !str_eq(entries[at].key, member->name)) {
            at++;
        }
        if (at == count) {
            entries[count++] = (FeelEntry){member->name, feel_null()};
        } else if (!coerce(w, &c->entries[at].value, member->type, depth + 1, &entries[at].value)) {
            return false;
        }
    }
    *made = (FeelContext){entries, count};
    *value = feel_context(made);
    return true;
}

static FeelValue read_temporal(Arena *out, Str text, FeelKind kind)
{
    FeelValue t = feel_temporal(out, text);
    if (t.kind == FEEL_DATE && kind == FEEL_DATE_TIME) {
        return temporal_of(out, FEEL_DATE_TIME, (FeelMoment){.date = t.date});
    }
    if (t.kind != kind) {
        return feel_reason(out, "'" STR_FMT "' is no %s", STR_ARG(str_slice(text, 0, 60)),
                           feel_kind_name(kind));
    }
    return t;
}

static bool coerce(Walk *w, const FeelValue *v, const FeelType *type, int depth, FeelValue *value)
{
    *value = *v;
    if (!walk_in(w, depth)) {
        return false;
    }
    if (!type || type->kind == FEEL_NULL || v->kind == FEEL_NULL) {
        return true;
    }
    if (type->kind == FEEL_LIST) {
        return coerce_list(w, v, type, depth, value);
    }
    if (v->kind == FEEL_LIST && v->list.count == 1) {
        return coerce(w, &v->list.items[0], type, depth + 1, value);
    }
    if (v->kind == type->kind) {
        return v->kind == FEEL_CONTEXT && type->members ? coerce_context(w, v, type, depth, value)
                                                        : true;
    }
    bool temporal = type->kind >= FEEL_DATE && type->kind <= FEEL_MONTHS_DURATION;
    if (v->kind == FEEL_STRING && temporal) {
        *value = read_temporal(w->out, v->text, type->kind);
    } else if (v->kind == FEEL_DATE && type->kind == FEEL_DATE_TIME) {
        *value =
            temporal_of(w->out, FEEL_DATE_TIME, (FeelMoment){.date = v->date, .has_offset = true});
    } else {
        *value = feel_reason(w->out, "a %s where a %s is needed", feel_kind_name(v->kind),
                             feel_kind_name(type->kind));
    }
    return true;
}

bool feel_coerce(Arena *out, const FeelValue *v, const FeelType *type, FeelValue *value, Err *err)
{
    Walk w = {out, err, 0};
    return coerce(&w, v, type, 0, value);
}
