/* SPDX-License-Identifier: Apache-2.0 */
/* Trees into rows. Above the paths stand, for people, the element and its title in two languages. */
#include "sheet/sheet_int.h"

typedef struct {
    Arena *a;
    int32_t columns;
    Vec(Str *) rows; /* each has `columns` cells */
} Grid;

static Str *grid_row(Grid *g, size_t row)
{
    while (g->rows.len <= row) {
        Str *cells = NEW_N(g->a, Str, (size_t)g->columns);
        *VEC_PUSH(g->a, &g->rows) = cells;
    }
    return g->rows.at[row];
}

static size_t place(Grid *g, Column *c, const Value *v, size_t row);

static size_t place_list(Grid *g, Column *c, const Value *v, size_t row)
{
    Column *entry = column_below(g->a, c, STR("[]"));
    size_t at = row;
    for (uint32_t i = 0; i < v->list.count; i++) {
        if (c->numbered)
            grid_row(g, at)[c->number] = str_fmt(g->a, "%u", i + 1);
        at += place(g, entry, v->list.items[i], at);
    }
    return at - row;
}

/* How many rows it took. */
static size_t place(Grid *g, Column *c, const Value *v, size_t row)
{
    if (is_cell(v)) {
        grid_row(g, row)[c->cell] = cell_text(g->a, v);
        return 1;
    }
    if (v->kind == VALUE_LIST)
        return place_list(g, c, v, row);
    size_t most = 1;
    for (uint32_t i = 0; i < v->map.count; i++) {
        const ValueMember *m = &v->map.members[i];
        size_t took = place(g, column_below(g->a, c, m->key), m->value, row);
        most = took > most ? took : most;
    }
    return most;
}

static Str element_title(Arena *a, Str path)
{
    Text name = unified_name(unified_of(path));
    return str_fmt(a, STR_FMT " / " STR_FMT, STR_ARG(name.in[LANG_ZH]), STR_ARG(name.in[LANG_EN]));
}

static void head_cell(Grid *g, int32_t at, Str path)
{
    if (at == NO_COLUMN)
        return;
    grid_row(g, 0)[at] = element_title(g->a, path);
    grid_row(g, 1)[at] = unified_title(g->a, path, LANG_ZH);
    grid_row(g, 2)[at] = unified_title(g->a, path, LANG_EN);
    grid_row(g, 3)[at] = path;
}

static void head_columns(Grid *g, const Column *c)
{
    head_cell(g, c->cell, c->path);
    if (c->number != NO_COLUMN)
        head_cell(g, c->number, str_fmt(g->a, STR_FMT "#", STR_ARG(c->path)));
    for (size_t i = 0; i < c->inner.len; i++)
        head_columns(g, c->inner.at[i]);
}

static size_t put_head(Grid *g, const Column *root)
{
    head_columns(g, root);
    static const Str first[] = {STR_INIT("八统一标准梳理表 / Sorting table"), STR_INIT("事项"),
                                STR_INIT("Item"), STR_INIT("item")};
    for (size_t i = 0; i < COUNT(first); i++)
        grid_row(g, i)[0] = first[i];
    return COUNT(first);
}

static void put_rows(StrBuf *to, const Grid *g, CsvStyle style)
{
    CsvWriter w = csv_begin(to, style);
    for (size_t i = 0; i < g->rows.len; i++) {
        for (int32_t j = 0; j < g->columns; j++)
            csv_put(&w, g->rows.at[i][j]);
        csv_end_row(&w);
    }
}

bool sheet_write(StrBuf *to, const SheetItems *items, CsvStyle style, Err *err)
{
    Arena *a = to->arena;
    Column *root = column_root(a);
    for (size_t i = 0; i < items->len; i++)
        if (!column_add_tree(a, root, items->at[i].tree, err))
            return false;
    Grid g = {.a = a, .columns = column_number(root)};
    if (g.columns > CSV_MAX_COLUMNS)
        return FAIL(err, ERR_LIMIT, "CSV_MAX_COLUMNS: the items have %d different fields",
                    g.columns);
    size_t row = put_head(&g, root);
    for (size_t i = 0; i < items->len; i++) {
        size_t took = place(&g, root, items->at[i].tree, row);
        for (size_t k = 0; k < took; k++)
            grid_row(&g, row + k)[0] = items->at[i].key;
        row += took;
    }
    put_rows(to, &g, style);
    return true;
}
