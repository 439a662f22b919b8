/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows into trees. A list's entry begins where its number stands, or, in a row that somebody added,
 * where one of its own cells does; it ends where the next one begins. What was understood is marked
 * as used, so that a cell in a wrong row is told and not lost.
 */
#include "sheet/sheet_int.h"

typedef struct {
    Arena *a;
    Diags *diags;
    uint16_t file;
    const CsvTable *table;
    bool *used; /* one for each cell: row * columns + column */
    size_t columns;
    size_t failed; /* problems of this table */
} Reader;

static void problem(Reader *r, const char *rule, uint32_t offset, const char *cure,
                    const char *what)
{
    r->failed++;
    diag_add(r->diags, DIAG_ERROR, rule, r->file, offset, str_z(cure), "%s", what);
}

static const CsvCell *cell_at(const Reader *r, size_t row, int32_t column)
{
    const CsvRow *cells = &r->table->rows.at[row];
    bool there = column >= 0 && (size_t)column < cells->len && cells->at[column].text.len > 0;
    return there ? &cells->at[column] : NULL;
}

/* The cell, which is then used. */
static const CsvCell *take_cell(Reader *r, size_t row, int32_t column)
{
    const CsvCell *c = cell_at(r, row, column);
    if (c)
        r->used[row * r->columns + (size_t)column] = true;
    return c;
}

/* Whether a cell of it stands in the row: its own, not one of a list within. */
static bool has_own_cell(const Reader *r, const Column *c, size_t row)
{
    if (cell_at(r, row, c->cell))
        return true;
    for (size_t i = 0; !c->list && i < c->inner.len; i++)
        if (has_own_cell(r, c->inner.at[i], row))
            return true;
    return false;
}

static Value *read_value(Reader *r, Column *c, size_t from, size_t to);

static Value *read_scalar(Reader *r, const CsvCell *cell)
{
    const char *why = "";
    Value *v = cell_value(r->a, cell->text, &why);
    if (!v)
        problem(r, "sheet.cell", cell->offset, "", why);
    return v;
}

static bool begins(Reader *r, const Column *list, const Column *entry, size_t row)
{
    return take_cell(r, row, list->number) || has_own_cell(r, entry, row);
}

static Value *read_list(Reader *r, Column *c, size_t from, size_t to)
{
    Column *entry = column_below(r->a, c, STR("[]"));
    Value *list = value_list(r->a);
    for (size_t row = from; row < to;) {
        if (!begins(r, c, entry, row)) {
            row++;
            continue;
        }
        size_t next = row + 1;
        while (next < to && !begins(r, c, entry, next))
            next++;
        Value *v = read_value(r, entry, row, next);
        value_push(r->a, list, v ? v : value_map(r->a));
        row = next;
    }
    return list->list.count ? list : NULL;
}

static Value *read_map(Reader *r, Column *c, size_t from, size_t to)
{
    Value *map = value_map(r->a);
    for (size_t i = 0; i < c->inner.len; i++) {
        Column *inner = c->inner.at[i];
        Value *v = str_eq(inner->key, STR("[]")) ? NULL : read_value(r, inner, from, to);
        if (v)
            value_set(r->a, map, inner->key, v);
    }
    return map->map.count ? map : NULL;
}

/* What stands in the rows for that column; NULL when nothing does. */
static Value *read_value(Reader *r, Column *c, size_t from, size_t to)
{
    const CsvCell *cell = take_cell(r, from, c->cell);
    Value *list = c->list ? read_list(r, c, from, to) : NULL;
    Value *map = read_map(r, c, from, to);
    if (!!cell + !!list + !!map > 1) {
        uint32_t at = cell ? cell->offset : r->table->rows.at[from].at[0].offset;
        problem(r, "sheet.cell", at, "clear the one that is not meant",
                "this is a single value and a list or map of values at once");
        return NULL;
    }
    if (cell)
        return read_scalar(r, cell);
    return list ? list : map;
}

static void report_stray(Reader *r, size_t from, size_t to)
{
    for (size_t row = from; row < to; row++)
        for (size_t i = 1; i < r->table->rows.at[row].len; i++)
            if (cell_at(r, row, (int32_t)i) && !r->used[row * r->columns + i])
                problem(r, "sheet.stray", r->table->rows.at[row].at[i].offset,
                        "single values stand in the first row of their item or entry",
                        "this cell belongs to nothing in its row");
}

/* ---- the head ---- */

static bool find_head(Reader *r, size_t *row)
{
    for (*row = 0; *row < r->table->rows.len; (*row)++)
        if (str_eq(r->table->rows.at[*row].at[0].text, STR("item")))
            return true;
    problem(r, "sheet.header", 0, "the row of paths begins with the cell: item",
            "this table has no row of paths");
    return false;
}

static void read_head_cell(Reader *r, Column *root, const CsvRow *head, size_t at)
{
    bool number = false;
    Column *c = column_of_path(r->a, root, head->at[at].text, &number);
    if (!c) {
        problem(r, "sheet.header", head->at[at].offset, "a path looks like basis[].law.zh",
                "this is no path");
        return;
    }
    int32_t *to = number ? &c->number : &c->cell;
    if (*to != NO_COLUMN)
        problem(r, "sheet.header", head->at[at].offset, "join the two columns",
                "there is another column of this path");
    *to = (int32_t)at;
    c->list = c->list || number;
}

static void read_head(Reader *r, Column *root, size_t row)
{
    const CsvRow *head = &r->table->rows.at[row];
    for (size_t i = 1; i < head->len; i++)
        if (head->at[i].text.len)
            read_head_cell(r, root, head, i);
}

/* ---- items ---- */

static bool is_item_key(Str key)
{
    for (size_t i = 0; i < key.len; i++) {
        char c = key.at[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
            return false;
    }
    return key.len > 0;
}

static size_t rows_of_item(Reader *r, size_t from)
{
    Str key = r->table->rows.at[from].at[0].text;
    size_t to = from + 1;
    while (to < r->table->rows.len && str_eq(r->table->rows.at[to].at[0].text, key))
        to++;
    return to;
}

static void read_item(Reader *r, Column *root, size_t from, size_t to, SheetItems *items)
{
    const CsvCell *key = &r->table->rows.at[from].at[0];
    if (!is_item_key(key->text)) {
        problem(r, "sheet.item", key->offset, "small letters, digits and hyphens",
                "this is no key of an item");
        return;
    }
    for (size_t i = 0; i < items->len; i++)
        if (str_eq(items->at[i].key, key->text))
            problem(r, "sheet.item", key->offset, "rows of one item stand together",
                    "this item stands further above already");
    Value *tree = read_map(r, root, from, to);
    report_stray(r, from, to);
    *VEC_PUSH(r->a, items) = (SheetItem){key->text, tree ? tree : value_map(r->a)};
}

static size_t widest(const CsvTable *t)
{
    size_t most = 0;
    for (size_t i = 0; i < t->rows.len; i++)
        most = t->rows.at[i].len > most ? t->rows.at[i].len : most;
    return most;
}

bool sheet_read(Arena *out, Diags *diags, uint16_t file, Str text, SheetItems *items)
{
    CsvTable table;
    size_t row = 0;
    if (!csv_read(out, diags, file, text, &table))
        return false;
    Reader r = {.a = out, .diags = diags, .file = file, .table = &table, .columns = widest(&table)};
    if (!find_head(&r, &row))
        return false;
    r.used = NEW_N(out, bool, r.columns *table.rows.len + 1);
    Column *root = column_root(out);
    read_head(&r, root, row);
    for (size_t from = row + 1; from < table.rows.len;) {
        if (items->len == SHEET_MAX_ITEMS) {
            problem(&r, "sheet.limit", table.rows.at[from].at[0].offset, "",
                    "SHEET_MAX_ITEMS: more than 20000 items");
            return false;
        }
        size_t to = rows_of_item(&r, from);
        read_item(&r, root, from, to, items);
        from = to;
    }
    return r.failed == 0;
}
