/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values: making them, JSON in and out, text for people. Every walk over a value counts its depth:
 * a program can nest a value as deep as its steps allow, and share parts so that a small value is a
 * huge tree; walks that copy or print are bounded by depth and by VALUE_MAX_NODES.
 */
#include "feel/feel_int.h"

enum { VALUE_MAX_NODES = 500000, NAME_MAX_DISTANCE = 3, NAME_MAX_BYTES = 64 };

FeelValue feel_null(void)
{
    return (FeelValue){.kind = FEEL_NULL};
}

FeelValue feel_reason(Arena *out, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    FeelValue v = {.kind = FEEL_NULL, .text = str_vfmt(out, fmt, args)};
    va_end(args);
    return v;
}

FeelValue feel_bool(bool truth)
{
    return (FeelValue){.kind = FEEL_BOOLEAN, .truth = truth};
}

FeelValue feel_int(int64_t n)
{
    return feel_number(decimal_of_int(n));
}

FeelValue feel_number(Decimal d)
{
    return (FeelValue){.kind = FEEL_NUMBER, .number = d};
}

FeelValue feel_str(Str s)
{
    return (FeelValue){.kind = FEEL_STRING, .text = s};
}

FeelValue feel_date(FeelDate d)
{
    return (FeelValue){.kind = FEEL_DATE, .date = d};
}

FeelValue feel_context(const FeelContext *c)
{
    return (FeelValue){.kind = FEEL_CONTEXT, .context = c};
}

FeelValue value_list_of(const FeelValue *items, size_t count)
{
    return (FeelValue){.kind = FEEL_LIST, .list = {items, count}};
}

FeelValue value_as_list(const FeelValue *v)
{
    if (v->kind == FEEL_LIST) {
        return *v;
    }
    return v->kind == FEEL_NULL ? value_list_of(NULL, 0) : value_list_of(v, 1);
}

bool feel_is_true(const FeelValue *v)
{
    return v->kind == FEEL_BOOLEAN && v->truth;
}

/* ORDER FeelKind. */
static const char *const kind_names[] = {
    "null",
    "boolean",
    "number",
    "string",
    "date",
    "time",
    "date and time",
    "days and time duration",
    "years and months duration",
    "list",
    "context",
    "range",
};

const char *feel_kind_name(FeelKind kind)
{
    return kind_names[kind];
}

bool feel_kind_of_name(Str name, FeelKind *kind)
{
    static const struct {
        const char *name;
        FeelKind kind;
    } others[] = {{"Any", FEEL_NULL},
                  {"any", FEEL_NULL},
                  {"dateTime", FEEL_DATE_TIME},
                  {"dayTimeDuration", FEEL_DAYS_DURATION},
                  {"yearMonthDuration", FEEL_MONTHS_DURATION},
                  {"integer", FEEL_NUMBER},
                  {"long", FEEL_NUMBER},
                  {"double", FEEL_NUMBER}};
    if (str_starts(name, STR("feel:"))) {
        name = str_slice(name, 5, name.len);
    }
    for (size_t i = 1; i < COUNT(kind_names); i++) {
        if (str_eq(name, str_z(kind_names[i]))) {
            *kind = (FeelKind)i;
            return true;
        }
    }
    for (size_t i = 0; i < COUNT(others); i++) {
        if (str_eq(name, str_z(others[i].name))) {
            *kind = others[i].kind;
            return true;
        }
    }
    return false;
}

const FeelValue *feel_get(const FeelContext *c, Str key)
{
    for (size_t i = 0; i < c->count; i++) {
        if (str_eq(c->entries[i].key, key)) {
            return &c->entries[i].value;
        }
    }
    return NULL;
}

const FeelContext *feel_with(Arena *out, const FeelContext *c, Str key, FeelValue value)
{
    size_t count = c ? c->count : 0, at = 0;
    FeelEntry *entries = NEW_N(out, FeelEntry, count + 1);
    if (count > 0) {
        memcpy(entries, c->entries, count * sizeof *entries);
    }
    while (at < count && !str_eq(entries[at].key, key)) {
        at++;
    }
    entries[at] = (FeelEntry){key, value};
    FeelContext *with = NEW(out, FeelContext);
    *with = (FeelContext){entries, at == count ? count + 1 : count};
    return with;
}

/* ---- JSON ---- */

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
    if (++w->nodes > VALUE_MAX_NODES) {
        return FAIL(w->err, ERR_LIMIT, "value has more than %d parts", VALUE_MAX_NODES);
    }
    return true;
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
    case FEEL_RANGE: return value_str(w->out, feel_text(w->out, v));
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
    case FEEL_RANGE: *data = feel_str(feel_text(w->out, v)); return true;
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

/* ---- coercion ---- */

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

/* ---- text ---- */

static void put_text(StrBuf *b, const FeelValue *v, int depth, uint32_t *nodes);

static void put_quoted(StrBuf *b, Str s)
{
    buf_char(b, '"');
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] == '"' || s.at[i] == '\\') {
            buf_char(b, '\\');
        }
        buf_char(b, s.at[i]);
    }
    buf_char(b, '"');
}

static void put_parts(StrBuf *b, const FeelValue *v, int depth, uint32_t *nodes)
{
    bool is_list = v->kind == FEEL_LIST;
    size_t count = is_list ? v->list.count : v->context->count;
    buf_char(b, is_list ? '[' : '{');
    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            BUF_LIT(b, ", ");
        }
        if (!is_list) {
            Str key = v->context->entries[i].key;
            if (lex_is_phrase(key) || key.len == 0) {
                put_quoted(b, key);
            } else {
                buf_add(b, key);
            }
            BUF_LIT(b, ": ");
        }
        put_text(b, is_list ? &v->list.items[i] : &v->context->entries[i].value, depth + 1, nodes);
    }
    buf_char(b, is_list ? ']' : '}');
}

static void put_range(StrBuf *b, const FeelRange *r, int depth, uint32_t *nodes)
{
    buf_char(b, r->start_included ? '[' : '(');
    put_text(b, &r->start, depth + 1, nodes);
    BUF_LIT(b, "..");
    put_text(b, &r->end, depth + 1, nodes);
    buf_char(b, r->end_included ? ']' : ')');
}

static void put_text(StrBuf *b, const FeelValue *v, int depth, uint32_t *nodes)
{
    if (depth > FEEL_MAX_VALUE_DEPTH || ++*nodes > VALUE_MAX_NODES) {
        BUF_LIT(b, "…");
        return;
    }
    switch (v->kind) {
    case FEEL_NULL: BUF_LIT(b, "null"); break;
    case FEEL_BOOLEAN: buf_add(b, v->truth ? STR("true") : STR("false")); break;
    case FEEL_NUMBER: buf_add(b, decimal_text(b->arena, v->number)); break;
    case FEEL_STRING:
        if (depth > 0) {
            put_quoted(b, v->text);
        } else {
            buf_add(b, v->text);
        }
        break;
    case FEEL_DATE:
    case FEEL_TIME:
    case FEEL_DATE_TIME:
    case FEEL_DAYS_DURATION:
    case FEEL_MONTHS_DURATION: temporal_text(b, v); break;
    case FEEL_LIST:
    case FEEL_CONTEXT: put_parts(b, v, depth, nodes); break;
    case FEEL_RANGE: put_range(b, v->range, depth, nodes); break;
    }
}

Str feel_text(Arena *out, const FeelValue *v)
{
    StrBuf b = buf_in(out);
    uint32_t nodes = 0;
    if (v->kind == FEEL_STRING) {
        return v->text;
    }
    put_text(&b, v, 0, &nodes);
    return buf_str(&b);
}

/* ---- near names ---- */

/* Edit distance by bytes, given up past NAME_MAX_DISTANCE. */
static size_t distance(Str a, Str b)
{
    size_t row[NAME_MAX_BYTES + 1];
    if (a.len > NAME_MAX_BYTES || b.len > NAME_MAX_BYTES) {
        return NAME_MAX_DISTANCE + 1;
    }
    for (size_t j = 0; j <= b.len; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= a.len; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t change = diagonal + ((a.at[i - 1] | 32) == (b.at[j - 1] | 32) ? 0 : 1);
            size_t side = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            diagonal = row[j];
            row[j] = change < side ? change : side;
        }
    }
    return row[b.len];
}

Str feel_nearest(Str wanted, const Str *names, size_t count)
{
    Str best = {0};
    size_t least = NAME_MAX_DISTANCE + 1;
    for (size_t i = 0; i < count; i++) {
        size_t d = distance(wanted, names[i]);
        if (d < least && d * 2 <= wanted.len) {
            least = d;
            best = names[i];
        }
    }
    return best;
}
