/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of built-ins: finding a row by name, checking arguments against its types, calling it.
 *
 * A row is one signature; rows of one name stand together and the first whose types fit is called.
 * Checking is here and not in the functions, so that every wrong argument has the same words.
 */
#include "feel/feel_int.h"

enum { TYPES_MAX = 16 };

static const Builtin *const tables[] = {feel_builtins_number, feel_builtins_string,
                                        feel_builtins_list, feel_builtins_date};

const Builtin *builtin_find(Str name)
{
    for (size_t t = 0; t < COUNT(tables); t++) {
        for (const Builtin *b = tables[t]; b->name; b++) {
            if (str_eq(name, str_z(b->name))) {
                return b;
            }
        }
    }
    return NULL;
}

/* Table in the high half, row in the low half. */
uint32_t builtin_index(const Builtin *b)
{
    for (uint32_t t = 0; t < COUNT(tables); t++) {
        for (uint32_t i = 0; tables[t][i].name; i++) {
            if (&tables[t][i] == b) {
                return t << 16 | i;
            }
        }
    }
    return 0;
}

const Builtin *builtin_at(uint32_t index)
{
    return &tables[index >> 16][index & 0xffff];
}

static bool is_repeated(const Builtin *b)
{
    size_t len = strlen(b->types);
    return len > 0 && b->types[len - 1] == '*';
}

bool builtin_takes(const Builtin *b, size_t count)
{
    size_t least = 0, most = 0;
    bool optional = false;
    for (const char *t = b->types; *t; t++) {
        if (*t == '?') {
            optional = true;
        } else if (*t != '*') {
            most++;
            least += optional ? 0 : 1;
        }
    }
    return count >= least && (count <= most || is_repeated(b));
}

size_t builtin_names(const char *const **names)
{
    static const char *const all[] = {
        "abs",
        "ceiling",
        "decimal",
        "even",
        "exp",
        "floor",
        "log",
        "modulo",
        "number",
        "odd",
        "round down",
        "round half down",
        "round half up",
        "round up",
        "sqrt",
        "contains",
        "ends with",
        "lower case",
        "starts with",
        "string",
        "string join",
        "string length",
        "substring",
        "substring after",
        "substring before",
        "upper case",
        "all",
        "any",
        "append",
        "concatenate",
        "count",
        "distinct values",
        "flatten",
        "get value",
        "index of",
        "is defined",
        "list contains",
        "max",
        "mean",
        "median",
        "min",
        "not",
        "remove",
        "reverse",
        "sublist",
        "sum",
        "union",
        "date",
        "date and time",
        "day of week",
        "day of year",
        "duration",
        "month of year",
        "time",
        "week of year",
        "years and months duration",
    };
    *names = all;
    return COUNT(all);
}

/* Only before "(": "date and time" elsewhere is three words. */
size_t builtin_match(Str src, size_t at, Str *name)
{
    const char *const *names = NULL;
    size_t count = builtin_names(&names), best = 0;
    for (size_t i = 0; i < count; i++) {
        if (names[i][0] != src.at[at] || !strchr(names[i], ' ')) {
            continue;
        }
        size_t past = lex_match(src, at, str_z(names[i]));
        size_t open = past ? lex_skip_space(src, past) : 0;
        if (past > best && open < src.len && src.at[open] == '(') {
            best = past;
            *name = str_z(names[i]);
        }
    }
    return best;
}

static bool fits(char type, const FeelValue *v)
{
    switch (type) {
    case 'a': return true;
    case 's': return v->kind == FEEL_STRING;
    case 'n': return v->kind == FEEL_NUMBER;
    case 'b': return v->kind == FEEL_BOOLEAN;
    case 'l': return v->kind == FEEL_LIST;
    case 'c': return v->kind == FEEL_CONTEXT;
    case 'd': return v->kind == FEEL_DATE;
    case 't': return v->kind == FEEL_TIME;
    case 'm': return v->kind == FEEL_DATE_TIME;
    case 'e': return v->kind == FEEL_DATE || v->kind == FEEL_DATE_TIME;
    case 'y': return v->kind == FEEL_TIME || v->kind == FEEL_DATE_TIME;
    case 'D': return v->kind == FEEL_DAYS_DURATION;
    default: return false;
    }
}

static const char *type_words(char type)
{
    switch (type) {
    case 's': return "string";
    case 'n': return "number";
    case 'b': return "boolean";
    case 'l': return "list";
    case 'c': return "context";
    case 'd': return "date";
    case 't': return "time";
    case 'm': return "date and time";
    case 'e': return "date or date and time";
    case 'y': return "time or date and time";
    case 'D': return "days and time duration";
    default: return "value";
    }
}

/* One value as its type asks: a list of one gives its item, a value makes a list of one. */
static bool adapt(char type, bool optional, const FeelValue *v, FeelValue *made)
{
    *made = *v;
    if (fits(type, v) || (optional && v->kind == FEEL_NULL)) {
        return true;
    }
    if (type == 'l' && v->kind != FEEL_NULL) {
        *made = value_list_of(v, 1);
        return true;
    }
    if (v->kind == FEEL_LIST && v->list.count == 1 && fits(type, &v->list.items[0])) {
        *made = v->list.items[0];
        return true;
    }
    return false;
}

static FeelValue wrong(FeelBudget *b, const Builtin *row, size_t at, char type, const FeelValue *v)
{
    Str rest = str_z(row->params), param = {0};
    if (v->kind == FEEL_NULL && v->reason) {
        return *v;
    }
    for (size_t i = 0; i <= at && str_split(&rest, ',', &param); i++) {
        ;
    }
    return feel_reason(b->out, "%s: '" STR_FMT "' must be a %s, not a %s", row->name,
                       STR_ARG(param), type_words(type), feel_kind_name(v->kind));
}

static bool check(FeelBudget *b, const Builtin *row, const FeelValue *args, size_t count,
                  FeelValue *made, FeelValue *why)
{
    const char *t = row->types;
    bool optional = false;
    char last = 'a'; /* repeated when the types are used up */
    for (size_t i = 0; i < count; i++) {
        while (*t == '?') {
            optional = true;
            t++;
        }
        char type = *t && *t != '*' ? *t++ : last;
        last = type;
        if (!adapt(type, optional, &args[i], &made[i])) {
            *why = wrong(b, row, i, type, &args[i]);
            return false;
        }
    }
    return true;
}

FeelValue builtin_call(FeelBudget *b, uint32_t index, const FeelValue *args, size_t count)
{
    FeelValue made[TYPES_MAX], why = feel_null();
    FeelValue *room = count <= TYPES_MAX ? made : NEW_N(b->out, FeelValue, count);
    const Builtin *first = builtin_at(index);
    for (const Builtin *row = first; row->name && strcmp(row->name, first->name) == 0; row++) {
        FeelValue reason = feel_null();
        if (!builtin_takes(row, count)) {
            continue;
        }
        if (check(b, row, args, count, room, &reason)) {
            return row->run(b, room, count);
        }
        why = !why.reason ? reason : why;
    }
    return why;
}
