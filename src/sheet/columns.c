/* SPDX-License-Identifier: Apache-2.0 */
/* Columns come in the order in which the items first have them, so a table reads like an item. */
#include "sheet/sheet_int.h"
#include "json/json.h"

#define ENTRY "[]"

enum { EXACT_DIGITS = 15 }; /* longer ones are codes, not numbers */

Column *column_root(Arena *a)
{
    Column *c = NEW(a, Column);
    c->cell = c->number = NO_COLUMN;
    return c;
}

static Str path_below(Arena *a, const Column *c, Str key)
{
    bool joined = c->path.len == 0 || str_eq(key, STR(ENTRY));
    return str_fmt(a, STR_FMT "%s" STR_FMT, STR_ARG(c->path), joined ? "" : ".", STR_ARG(key));
}

static void add_inner(Arena *a, Column *c, Column *inner)
{
    *VEC_PUSH(a, &c->inner) = inner;
}

Column *column_below(Arena *a, Column *c, Str key)
{
    for (size_t i = 0; i < c->inner.len; i++)
        if (str_eq(c->inner.at[i]->key, key))
            return c->inner.at[i];
    Column *inner = column_root(a);
    inner->key = str_dup(a, key);
    inner->path = path_below(a, c, key);
    add_inner(a, c, inner);
    return inner;
}

/* As YAML reads a plain word. */
static bool is_number(Str s)
{
    Arena a = {0};
    Err err = {0};
    const Value *v = json_read(&a, s, &err);
    size_t digits = 0;
    for (size_t i = 0; i < s.len; i++)
        digits += s.at[i] >= '0' && s.at[i] <= '9';
    bool number = v && v->kind == VALUE_NUMBER && digits <= EXACT_DIGITS && s.len == v->text.len;
    arena_free(&a);
    return number;
}

bool is_cell(const Value *v)
{
    return (v->kind != VALUE_LIST && v->kind != VALUE_MAP) || value_count(v) == 0;
}

static bool is_plain_key(Str key)
{
    for (size_t i = 0; i < key.len; i++)
        if (memchr(".[]#", key.at[i], 4))
            return false;
    return key.len > 0;
}

bool column_add_tree(Arena *a, Column *c, const Value *v, Err *err)
{
    if (v->kind == VALUE_NUMBER && !is_number(v->text))
        return FAIL(err, ERR_INPUT,
                    "'" STR_FMT "' is too long for a number of a table: put it in quotes",
                    STR_ARG(v->text));
    if (is_cell(v)) {
        c->scalar = true;
        return true;
    }
    if (v->kind == VALUE_LIST) {
        c->list = true;
        Column *entry = column_below(a, c, STR(ENTRY));
        bool ok = true;
        for (uint32_t i = 0; ok && i < v->list.count; i++) {
            c->numbered = c->numbered || !is_cell(v->list.items[i]);
            ok = column_add_tree(a, entry, v->list.items[i], err);
        }
        return ok;
    }
    for (uint32_t i = 0; i < v->map.count; i++) {
        const ValueMember *m = &v->map.members[i];
        if (!is_plain_key(m->key))
            return FAIL(err, ERR_INPUT, "a key of the table may not be '" STR_FMT "'",
                        STR_ARG(m->key));
        if (!column_add_tree(a, column_below(a, c, m->key), m->value, err))
            return false;
    }
    return true;
}

static void number_from(Column *c, int32_t *next)
{
    if (c->scalar)
        c->cell = (*next)++;
    if (c->numbered)
        c->number = (*next)++;
    for (size_t i = 0; i < c->inner.len; i++)
        number_from(c->inner.at[i], next);
}

int32_t column_number(Column *root)
{
    int32_t next = 1; /* 0 is the item's key */
    for (UnifiedElement e = 0; e <= UNIFIED_NONE; e++)
        for (size_t i = 0; i < root->inner.len; i++)
            if (unified_of(root->inner.at[i]->key) == e)
                number_from(root->inner.at[i], &next);
    return next;
}

/* Between two keys: a dot, or nothing before "[]". */
static bool skip_dot(Str *path)
{
    if (path->len == 0 || path->at[0] == '[')
        return true;
    if (path->at[0] != '.')
        return false;
    *path = str_slice(*path, 1, path->len);
    return path->len > 0 && path->at[0] != '[';
}

/* The next key of a path: up to a dot, or "[]". */
static bool next_key(Str *path, Str *key)
{
    size_t n = 0;
    if (str_starts(*path, STR(ENTRY)))
        n = 2;
    else
        while (n < path->len && !memchr(".[", path->at[n], 2))
            n++;
    *key = str_slice(*path, 0, n);
    *path = str_slice(*path, n, path->len);
    return (str_eq(*key, STR(ENTRY)) || is_plain_key(*key)) && skip_dot(path);
}

Column *column_of_path(Arena *a, Column *root, Str path, bool *number)
{
    *number = str_ends(path, STR("#"));
    path.len -= *number;
    Column *c = root;
    while (path.len) {
        Str key;
        bool ok = next_key(&path, &key), entry = str_eq(key, STR(ENTRY));
        if (!ok || (entry && c == root))
            return NULL;
        c->list = c->list || entry;
        c = column_below(a, c, key);
    }
    return c == root ? NULL : c;
}

/* ---- cells ---- */

static bool is_word(Str s)
{
    return str_eq(s, STR("~")) || str_eq(s, STR("null")) || str_eq(s, STR("true")) ||
           str_eq(s, STR("false")) || str_eq(s, STR("[]")) || str_eq(s, STR("{}"));
}

Str cell_text(Arena *a, const Value *v)
{
    switch (v->kind) {
    case VALUE_NULL: return STR("~");
    case VALUE_BOOL: return v->truth ? STR("true") : STR("false");
    case VALUE_NUMBER: return v->text;
    case VALUE_LIST: return STR("[]");
    case VALUE_MAP: return STR("{}");
    case VALUE_STR: break;
    }
    Str s = v->text;
    bool odd = s.len == 0 || s.at[0] == '"' || is_word(s) || is_number(s) ||
               memchr(" \t\r\n", s.at[0], 4) || memchr(" \t\r\n", s.at[s.len - 1], 4) ||
               memchr(s.at, '\r', s.len);
    if (!odd)
        return s;
    StrBuf b = buf_in(a);
    json_write_str(&b, s);
    return buf_str(&b);
}

Value *cell_value(Arena *a, Str s, const char **why)
{
    Err err = {0};
    if (s.at[0] == '"') {
        Value *v = json_read(a, s, &err);
        *why = "a cell that begins with a quote must be a whole text in quotes, as in JSON";
        return v && v->kind == VALUE_STR ? v : NULL;
    }
    if (str_eq(s, STR("~")) || str_eq(s, STR("null")))
        return value_null(a);
    if (str_eq(s, STR("true")) || str_eq(s, STR("false")))
        return value_bool(a, s.len == 4);
    if (str_eq(s, STR("[]")))
        return value_list(a);
    if (str_eq(s, STR("{}")))
        return value_map(a);
    return is_number(s) ? value_number(a, s) : value_str(a, s);
}
