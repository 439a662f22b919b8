/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values: making them, text for people. Every walk over a value counts its depth: a program can nest
 * a value as deep as its steps allow, and share parts so that a small value is a huge tree; walks
 * that copy or print are bounded by depth and by FEEL_MAX_NODES.
 */
#include "feel/feel_int.h"

enum { NAME_MAX_DISTANCE = 3, NAME_MAX_BYTES = 64 };

FeelValue feel_null(void)
{
    return (FeelValue){.kind = FEEL_NULL};
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
    "function",
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

/* ---- text ---- */

static void put_text(StrBuf *b, const FeelValue *v, int depth, uint32_t *nodes);

void value_put_quoted(StrBuf *b, Str s)
{
    size_t escapes = 0;
    for (size_t i = 0; i < s.len; i++) {
        escapes += s.at[i] == '"' || s.at[i] == '\\';
    }
    char *at = buf_room(b, s.len + escapes + 2);
    *at++ = '"';
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] == '"' || s.at[i] == '\\') {
            *at++ = '\\';
        }
        *at++ = s.at[i];
    }
    *at = '"';
    b->len += s.len + escapes + 2;
}

static void put_parts(StrBuf *b, const FeelValue *v, int depth, uint32_t *nodes)
{
    bool is_list = v->kind == FEEL_LIST;
    size_t count = is_list ? v->list.count : v->context->count;
    buf_char(b, is_list ? '[' : '{');
    for (size_t i = 0; i < count && *nodes <= FEEL_MAX_NODES; i++) { /* then one "…" has told it */
        if (i > 0) {
            BUF_LIT(b, ", ");
        }
        if (!is_list) {
            Str key = v->context->entries[i].key;
            if (lex_is_phrase(key) || key.len == 0) {
                value_put_quoted(b, key);
            } else {
                buf_add(b, key);
            }
            BUF_LIT(b, ": ");
        }
        put_text(b, is_list ? &v->list.items[i] : &v->context->entries[i].value, depth + 1, nodes);
    }
    buf_char(b, is_list ? ']' : '}');
}

static const char *range_sign(const FeelRange *r)
{
    switch (r->kind) {
    case FEEL_INTERVAL: return "";
    case FEEL_BELOW: return r->end_included ? "<=" : "<";
    case FEEL_ABOVE: return r->start_included ? ">=" : ">";
    case FEEL_EQUAL: return "=";
    case FEEL_UNEQUAL: return "!=";
    }
    return "";
}

static void put_range(StrBuf *b, const FeelRange *r, int depth, uint32_t *nodes)
{
    if (r->kind != FEEL_INTERVAL) {
        buf_char(b, '(');
        buf_add(b, str_z(range_sign(r)));
        put_text(b, r->kind == FEEL_BELOW ? &r->end : &r->start, depth + 1, nodes);
        buf_char(b, ')');
        return;
    }
    buf_char(b, r->start_included ? '[' : '(');
    put_text(b, &r->start, depth + 1, nodes);
    BUF_LIT(b, "..");
    put_text(b, &r->end, depth + 1, nodes);
    buf_char(b, r->end_included ? ']' : ')');
}

static void put_function(StrBuf *b, const FeelFunction *f)
{
    BUF_LIT(b, "function(");
    for (size_t i = 0; i < f->params->count; i++) {
        buf_add(b, i > 0 ? STR(", ") : STR(""));
        buf_add(b, f->params->at[i].name);
    }
    BUF_LIT(b, ")");
}

static void put_text(StrBuf *b, const FeelValue *v, int depth, uint32_t *nodes)
{
    if (depth > FEEL_MAX_VALUE_DEPTH || ++*nodes > FEEL_MAX_NODES) {
        BUF_LIT(b, "…");
        return;
    }
    switch (v->kind) {
    case FEEL_NULL: BUF_LIT(b, "null"); break;
    case FEEL_BOOLEAN: buf_add(b, v->truth ? STR("true") : STR("false")); break;
    case FEEL_NUMBER: buf_add(b, decimal_text(b->arena, v->number)); break;
    case FEEL_STRING:
        if (depth > 0) {
            value_put_quoted(b, v->text);
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
    case FEEL_FUNCTION: put_function(b, v->function); break;
    }
}

Str value_written(Arena *out, const FeelValue *v, uint32_t *nodes)
{
    StrBuf b = buf_in(out);
    if (v->kind == FEEL_STRING) {
        return v->text;
    }
    put_text(&b, v, 0, nodes);
    return buf_str(&b);
}

Str feel_text(Arena *out, const FeelValue *v)
{
    uint32_t nodes = 0;
    return value_written(out, v, &nodes);
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
