/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of built-ins: finding a row by name, checking arguments against its types, calling it.
 *
 * A row is one signature; rows of one name stand together and the first whose types fit is called.
 * Checking is here and not in the functions, so that every wrong argument has the same words.
 * Names are found by a binary search over builtins.def when a text is compiled; an evaluation has
 * the place and number of rows in the index and never looks at a name.
 */
#include "feel/feel_int.h"

enum { TYPES_MAX = 16, PARAMS_MAX = 8, TABLE_SHIFT = 24, ROWS_SHIFT = 16 };

/* ORDER TABLE: tables. */
typedef enum {
    TABLE_NUMBER,
    TABLE_STRING,
    TABLE_LIST,
    TABLE_STATISTICS,
    TABLE_CONTEXT,
    TABLE_RANGE,
    TABLE_DATE,
    TABLE_EXTRA,
} Table;

static const Builtin *const tables[] = {
    feel_builtins_number,  feel_builtins_string, feel_builtins_list, feel_builtins_statistics,
    feel_builtins_context, feel_builtins_range,  feel_builtins_date, feel_builtins_extra};

static const struct {
    Str name;
    Table table;
} known_names[] = {
#define NAME(text, in) {STR_INIT(text), TABLE_##in},
#include "feel/builtins.def"
#undef NAME
};

size_t builtin_names(const char *const **all)
{
    static const char *const texts[] = {
#define NAME(text, in) text,
#include "feel/builtins.def"
#undef NAME
    };
    *all = texts;
    return COUNT(texts);
}

/* Place of the first name that is not before this one. */
static size_t lower_bound(Str name)
{
    size_t low = 0, high = COUNT(known_names);
    while (low < high) {
        size_t mid = (low + high) / 2;
        Str at = known_names[mid].name;
        int order = at.at[0] - name.at[0];
        if (order < 0 || (order == 0 && str_cmp(at, name) < 0)) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low;
}

static size_t place_of(Str name)
{
    size_t at = name.len > 0 ? lower_bound(name) : COUNT(known_names);
    return at < COUNT(known_names) && str_eq(known_names[at].name, name) ? at : COUNT(known_names);
}

const Builtin *builtin_find(Str name)
{
    size_t at = place_of(name);
    if (at == COUNT(known_names)) {
        return NULL;
    }
    for (const Builtin *b = tables[known_names[at].table]; b->name; b++) {
        if (str_eq(name, str_z(b->name))) {
            return b;
        }
    }
    return NULL;
}

static uint32_t index_of(const Builtin *b, bool one_shape)
{
    Table table = known_names[place_of(str_z(b->name))].table;
    uint32_t rows = 1;
    while (b[rows].name && strcmp(b[rows].name, b->name) == 0 &&
           (!one_shape || strcmp(b[rows].params, b->params) == 0)) {
        rows++;
    }
    return (uint32_t)table << TABLE_SHIFT | rows << ROWS_SHIFT | (uint32_t)(b - tables[table]);
}

uint32_t builtin_index(const Builtin *b)
{
    return index_of(b, false);
}

uint32_t builtin_index_named(const Builtin *b)
{
    return index_of(b, true);
}

const FeelNames *builtin_params(Arena *out, const Builtin *b)
{
    FeelNames *params = NEW(out, FeelNames);
    FeelName *at = NEW_N(out, FeelName, PARAMS_MAX);
    Str rest = str_z(b->params);
    params->at = at;
    while (rest.len > 0 && params->count < PARAMS_MAX &&
           str_split(&rest, ',', &at[params->count].name)) {
        params->count++;
    }
    return params;
}

FeelValue builtin_value(Arena *out, const Builtin *b)
{
    FeelFunction *f = NEW(out, FeelFunction);
    *f = (FeelFunction){.params = builtin_params(out, b), .builtin = builtin_index(b)};
    return (FeelValue){.kind = FEEL_FUNCTION, .function = f};
}

/* ---- types ---- */

/* Walks the types of a row; the last one of a '*' row comes again and again. */
typedef struct {
    const char *at;
    char type;
    bool optional;
} Types;

static char next_type(Types *t)
{
    if (*t->at == '?') {
        t->optional = true;
        t->at++;
    }
    if (*t->at && *t->at != '*') {
        t->type = *t->at++;
    }
    return t->type;
}

char builtin_type_at(const Builtin *b, size_t at)
{
    Types types = {.at = b->types};
    for (size_t i = 0; i < at; i++) {
        next_type(&types);
    }
    return next_type(&types);
}

bool builtin_takes(const Builtin *b, size_t count)
{
    size_t least = 0, most = 0;
    bool optional = false;
    for (const char *t = b->types; *t; t++) {
        if (*t == '?') {
            optional = true;
        } else if (*t == '*') {
            most = SIZE_MAX;
        } else {
            most++;
            least += optional ? 0 : 1;
        }
    }
    return count >= least && count <= most;
}

/* Only before "(": "date and time" elsewhere is three words. */
size_t builtin_match(Str src, size_t at, Str *name)
{
    size_t end = at, best = 0;
    while (end < src.len && src.at[end] >= 'a' && src.at[end] <= 'z') {
        end++;
    }
    if (end == at || lex_skip_space(src, end) == end) {
        return 0; /* one word: found by its name, if it is one */
    }
    Str word = str_slice(src, at, end);
    for (size_t i = lower_bound(word);
         i < COUNT(known_names) && str_starts(known_names[i].name, word); i++) {
        Str whole = known_names[i].name;
        if (whole.len == word.len || whole.at[word.len] != ' ') {
            continue;
        }
        size_t past = lex_match(src, at, whole);
        size_t open = past ? lex_skip_space(src, past) : 0;
        if (past > best && open < src.len && src.at[open] == '(') {
            best = past;
            *name = whole;
        }
    }
    return best;
}

static bool is_point(FeelKind kind)
{
    return kind >= FEEL_NUMBER && kind <= FEEL_MONTHS_DURATION;
}

bool builtin_fits(char type, FeelKind kind)
{
    switch (type) {
    case 'a': return true;
    case 's': return kind == FEEL_STRING;
    case 'n': return kind == FEEL_NUMBER;
    case 'b': return kind == FEEL_BOOLEAN;
    case 'l': return kind == FEEL_LIST;
    case 'c': return kind == FEEL_CONTEXT;
    case 'r': return kind == FEEL_RANGE;
    case 'f': return kind == FEEL_FUNCTION;
    case 'p': return is_point(kind);
    case 'd': return kind == FEEL_DATE;
    case 't': return kind == FEEL_TIME;
    case 'm': return kind == FEEL_DATE_TIME;
    case 'e': return kind == FEEL_DATE || kind == FEEL_DATE_TIME;
    case 'y': return kind == FEEL_TIME || kind == FEEL_DATE_TIME;
    case 'D': return kind == FEEL_DAYS_DURATION;
    default: return false;
    }
}

const char *builtin_type_words(char type)
{
    switch (type) {
    case 's': return "string";
    case 'n': return "number";
    case 'b': return "boolean";
    case 'l': return "list";
    case 'c': return "context";
    case 'r': return "range";
    case 'f': return "function";
    case 'p': return "number, text, date, time or duration";
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
static bool adapt(Arena *out, char type, bool optional, const FeelValue *v, FeelValue *made)
{
    *made = *v;
    if (builtin_fits(type, v->kind) || (optional && v->kind == FEEL_NULL)) {
        return true;
    }
    if (type == 'l' && v->kind != FEEL_NULL) {
        FeelValue *one = NEW(out, FeelValue);
        *one = *v;
        *made = value_list_of(one, 1);
        return true;
    }
    if (v->kind == FEEL_LIST && v->list.count == 1 && builtin_fits(type, v->list.items[0].kind)) {
        *made = v->list.items[0];
        return true;
    }
    return false;
}

/* ---- calls ---- */

static FeelValue wrong(FeelBudget *b, const Builtin *row, size_t at, const FeelValue *v)
{
    Str rest = str_z(row->params), param = {0};
    Types types = {.at = row->types};
    if (v->kind == FEEL_NULL && v->reason) {
        return *v;
    }
    for (size_t i = 0; i <= at; i++) {
        str_split(&rest, ',', &param);
        next_type(&types);
    }
    return feel_reason(b->out, "%s: '" STR_FMT "' must be a %s, not a %s", row->name,
                       STR_ARG(param), builtin_type_words(types.type), feel_kind_name(v->kind));
}

/* The first argument that does not fit; count when all do. */
static size_t misfit(Arena *out, const Builtin *row, const FeelValue *args, size_t count,
                     FeelValue *made)
{
    Types types = {.at = row->types};
    for (size_t i = 0; i < count; i++) {
        char type = next_type(&types);
        if (!adapt(out, type, types.optional, &args[i], &made[i])) {
            return i;
        }
    }
    return count;
}

FeelValue builtin_call(FeelBudget *b, uint32_t index, const FeelValue *args, size_t count)
{
    FeelValue made[TYPES_MAX];
    FeelValue *room = count <= TYPES_MAX ? made : NEW_N(b->out, FeelValue, count);
    const Builtin *first = &tables[index >> TABLE_SHIFT][index & 0xffff], *blamed = NULL;
    size_t rows = index >> ROWS_SHIFT & 0xff, at = 0;
    for (const Builtin *row = first; row < first + rows; row++) {
        if (!builtin_takes(row, count)) {
            continue;
        }
        size_t bad = misfit(b->out, row, args, count, room);
        if (bad == count) {
            return row->run(b, room, count);
        }
        at = blamed ? at : bad;
        blamed = blamed ? blamed : row;
    }
    return blamed ? wrong(b, blamed, at, &args[at])
                  : feel_reason(b->out, "%s: wrong number of values", first->name);
}
