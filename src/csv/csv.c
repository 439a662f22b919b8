/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One pass over the bytes. A quoted cell without doubled quotes is a view of the text; only others
 * are copied.
 */
#include "csv/csv.h"

#include "base/utf8.h"

#define MARK "\xEF\xBB\xBF"

enum {
    DIGITS_KEPT = 11,  /* digits that spreadsheets show as they are */
    LITERAL_MAX = 250, /* bytes of one text inside a formula; programs take 255 characters */
};

static bool is_among(char c, Str set)
{
    return memchr(set.at, c, set.len) != NULL;
}

/* ---- reading ---- */

typedef struct {
    Arena *out;
    Diags *diags;
    Str text;
    size_t at;
    uint16_t file;
} Reader;

static bool refuse(Reader *r, const char *rule, size_t offset, Str cure, const char *what)
{
    diag_add(r->diags, DIAG_ERROR, rule, r->file, (uint32_t)offset, cure, "%s", what);
    return false;
}

static bool at_end_of_cell(const Reader *r)
{
    return r->at == r->text.len || is_among(r->text.at[r->at], STR(",\r\n"));
}

/* After its first quote. */
static bool read_quoted(Reader *r, Str *cell)
{
    size_t start = r->at, doubled = 0;
    for (; r->at < r->text.len; r->at++) {
        if (r->text.at[r->at] != '"')
            continue;
        if (r->at + 1 == r->text.len || r->text.at[r->at + 1] != '"')
            break;
        doubled++;
        r->at++;
    }
    if (r->at == r->text.len)
        return refuse(r, "csv.quote", start - 1, STR("close it with a quote"),
                      "this cell's quote is never closed");
    *cell = str_slice(r->text, start, r->at++);
    if (!at_end_of_cell(r))
        return refuse(r, "csv.quote", r->at, STR("write a quote inside a cell twice"),
                      "text after the closing quote");
    if (!doubled)
        return true;
    char *to = arena_alloc(r->out, cell->len - doubled);
    size_t n = 0;
    for (size_t i = 0; i < cell->len; i++) {
        to[n++] = cell->at[i];
        i += cell->at[i] == '"';
    }
    *cell = (Str){to, n};
    return true;
}

static bool read_cell(Reader *r, Str *cell)
{
    size_t start = r->at;
    if (r->at < r->text.len && r->text.at[r->at] == '"') {
        r->at++;
        return read_quoted(r, cell);
    }
    for (; !at_end_of_cell(r); r->at++)
        if (r->text.at[r->at] == '"')
            return refuse(r, "csv.quote", r->at,
                          STR("put the whole cell in quotes and write its quotes twice"),
                          "a quote inside a cell without quotes");
    *cell = str_slice(r->text, start, r->at);
    return true;
}

/* ="a"&"b": text that was kept from being changed. */
static Str unprotected(Arena *out, Str cell)
{
    if (cell.len < 3 || !str_starts(cell, STR("=\"")))
        return cell;
    StrBuf b = buf_in(out);
    size_t i = 1;
    while (i < cell.len && cell.at[i] == '"') {
        for (i++; i < cell.len; i++) {
            bool quote = cell.at[i] == '"';
            if (quote && (i + 1 == cell.len || cell.at[i + 1] != '"'))
                break;
            buf_char(&b, cell.at[i]);
            i += quote;
        }
        if (i == cell.len)
            return cell;
        i++;
        if (i == cell.len)
            return buf_str(&b);
        i += cell.at[i] == '&';
    }
    return cell;
}

static bool read_row(Reader *r, CsvStyle style, CsvRow *row)
{
    for (;;) {
        CsvCell cell = {.offset = (uint32_t)r->at};
        if (!read_cell(r, &cell.text))
            return false;
        if (style == CSV_SHEET)
            cell.text = unprotected(r->out, cell.text);
        if (row->len == CSV_MAX_COLUMNS)
            return refuse(r, "csv.limit", cell.offset, (Str){0},
                          "CSV_MAX_COLUMNS: a row of more than 2000 cells");
        *VEC_PUSH(r->out, row) = cell;
        if (r->at == r->text.len || r->text.at[r->at] != ',')
            break;
        r->at++;
    }
    if (r->at < r->text.len && r->text.at[r->at] == '\r')
        r->at++;
    if (r->at < r->text.len && r->text.at[r->at] == '\n')
        r->at++;
    return true;
}

bool csv_read(Arena *out, Diags *diags, uint16_t file, Str text, CsvTable *table)
{
    Reader r = {.out = out, .diags = diags, .text = text, .file = file};
    *table = (CsvTable){.style = str_starts(text, STR(MARK)) ? CSV_SHEET : CSV_PLAIN};
    if (text.len > CSV_MAX_BYTES)
        return refuse(&r, "csv.limit", 0, (Str){0}, "CSV_MAX_BYTES: a table of more than 64 MB");
    size_t bad = utf8_check(text);
    if (bad != text.len)
        return refuse(&r, "csv.utf8", bad, STR("save the table as CSV UTF-8"), "this is no UTF-8");
    r.at = table->style == CSV_SHEET ? STR(MARK).len : 0;
    while (r.at < text.len) {
        CsvRow row = {0};
        if (!read_row(&r, table->style, &row))
            return false;
        if (row.len == 1 && row.at[0].text.len == 0)
            continue;
        if (table->rows.len == CSV_MAX_ROWS)
            return refuse(&r, "csv.limit", row.at[0].offset, (Str){0},
                          "CSV_MAX_ROWS: more than a million rows");
        *VEC_PUSH(out, &table->rows) = row;
    }
    return true;
}

/* ---- writing ---- */

CsvWriter csv_begin(StrBuf *to, CsvStyle style)
{
    if (style == CSV_SHEET)
        BUF_LIT(to, MARK);
    return (CsvWriter){to, style, false};
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Numbers that keep their look are left: people want to add them up. */
static bool is_changed_by_spreadsheets(Str cell)
{
    if (!cell.len)
        return false;
    if (is_among(cell.at[0], STR("=+-@\t\r")))
        return true;
    size_t digits = 0, others = 0;
    for (size_t i = 0; i < cell.len; i++) {
        digits += is_digit(cell.at[i]);
        others += !is_digit(cell.at[i]) && !is_among(cell.at[i], STR(".,:/-eE +%"));
    }
    if (others || !digits)
        return false;
    bool whole = digits == cell.len;
    return !whole || digits > DIGITS_KEPT || (cell.at[0] == '0' && cell.len > 1);
}

static void put_quoted(StrBuf *to, Str s)
{
    buf_char(to, '"');
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] == '"')
            buf_char(to, '"');
        buf_char(to, s.at[i]);
    }
    buf_char(to, '"');
}

static Str protect(Arena *scratch, Str cell)
{
    StrBuf b = buf_in(scratch);
    buf_char(&b, '=');
    for (size_t at = 0; at < cell.len;) {
        size_t end = cell.len - at > LITERAL_MAX ? at + LITERAL_MAX : cell.len;
        while (end < cell.len && ((unsigned char)cell.at[end] & 0xC0) == 0x80)
            end--;
        if (at)
            buf_char(&b, '&');
        put_quoted(&b, str_slice(cell, at, end));
        at = end;
    }
    return buf_str(&b);
}

/* A mark in front of the first cell would be taken for the file's. */
static bool needs_quotes(Str s)
{
    if (str_starts(s, STR(MARK)))
        return true;
    for (size_t i = 0; i < s.len; i++)
        if (is_among(s.at[i], STR(",\"\r\n")))
            return true;
    return false;
}

void csv_put(CsvWriter *w, Str cell)
{
    if (w->inside)
        buf_char(w->to, ',');
    w->inside = true;
    if (w->style == CSV_SHEET && is_changed_by_spreadsheets(cell))
        cell = protect(w->to->arena, cell);
    if (needs_quotes(cell))
        put_quoted(w->to, cell);
    else
        buf_add(w->to, cell);
}

void csv_end_row(CsvWriter *w)
{
    buf_add(w->to, w->style == CSV_SHEET ? STR("\r\n") : STR("\n"));
    w->inside = false;
}
