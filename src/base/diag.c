/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Columns are counted in code points, because that is what editors jump to; the caret is placed by
 * display width, because that is where the eye looks: a Chinese character is two cells wide. Tabs
 * are shown as one space, and of a long line only a window around the fault is shown.
 */
#include "base/diag.h"

#include <stdlib.h>

#include "base/utf8.h"

enum { WINDOW_BEFORE = 60, WINDOW_CELLS = 120 };

uint16_t diag_file(Diags *d, Str path, Str text)
{
    ASSERT(d->files.len < UINT16_MAX);
    *VEC_PUSH(d->arena, &d->files) = (DiagFile){path, text};
    return (uint16_t)(d->files.len - 1);
}

void diag_add(Diags *d, DiagLevel level, const char *rule, uint16_t file, uint32_t offset, Str cure,
              const char *fmt, ...)
{
    *(level == DIAG_ERROR ? &d->errors : &d->advice) += 1;
    if (d->list.len >= DIAG_MAX)
        return;
    va_list args;
    va_start(args, fmt);
    Str message = str_vfmt(d->arena, fmt, args);
    va_end(args);
    *VEC_PUSH(d->arena, &d->list) = (Diag){.level = level,
                                           .file = file,
                                           .offset = offset,
                                           .rule = rule,
                                           .message = message,
                                           .cure = str_dup(d->arena, cure)};
}

static size_t line_start(Str text, size_t offset)
{
    size_t at = offset < text.len ? offset : text.len;
    while (at && text.at[at - 1] != '\n')
        at--;
    return at;
}

void diag_place(Str text, uint32_t offset, uint32_t *line, uint32_t *column)
{
    size_t start = line_start(text, offset);
    *line = 1;
    for (size_t i = 0; i < start; i++)
        *line += text.at[i] == '\n';
    *column = (uint32_t)utf8_count(str_slice(text, start, offset)) + 1;
}

/* Cells of a terminal: wide for the blocks that Chinese, Japanese, Korean and emoji text uses,
 * none for combining marks and the byte order mark. */
static size_t cells_of(uint32_t c)
{
    static const struct {
        uint32_t first, last;
        size_t cells;
    } ranges[] = {
        {0x0300, 0x036f, 0},   {0x1100, 0x115f, 2},   {0x200b, 0x200f, 0}, {0x2e80, 0x303e, 2},
        {0x3041, 0xa4cf, 2},   {0xac00, 0xd7a3, 2},   {0xf900, 0xfaff, 2}, {0xfe00, 0xfe0f, 0},
        {0xfe30, 0xfe6f, 2},   {0xfeff, 0xfeff, 0},   {0xff00, 0xff60, 2}, {0xffe0, 0xffe6, 2},
        {0x1f300, 0x1f9ff, 2}, {0x20000, 0x3fffd, 2},
    };
    for (size_t i = 0; i < COUNT(ranges); i++)
        if (c >= ranges[i].first && c <= ranges[i].last)
            return ranges[i].cells;
    return 1;
}

/* Adds characters from s until cells are full; the cells used. Control and bad bytes become '?'. */
static size_t put_cells(StrBuf *b, Str s, size_t room)
{
    size_t used = 0;
    for (size_t i = 0; i < s.len;) {
        size_t start = i;
        uint32_t c = utf8_next(s, &i);
        bool plain = c != UTF8_INVALID && c >= 0x20 && c != 0x7f;
        size_t cells = plain ? cells_of(c) : 1;
        if (used + cells > room) {
            BUF_LIT(b, "…");
            break;
        }
        used += cells;
        if (plain)
            buf_add(b, str_slice(s, start, i));
        else
            buf_char(b, c == '\t' ? ' ' : '?');
    }
    return used;
}

/* The part of the line before the fault, or its end where it is long. */
static size_t window_start(Str line, size_t fault)
{
    size_t skip = utf8_count(str_slice(line, 0, fault));
    return skip <= WINDOW_BEFORE ? 0 : utf8_head(line, skip - WINDOW_BEFORE).len;
}

static void put_picture(StrBuf *b, Str text, uint32_t offset, uint32_t line_number)
{
    size_t start = line_start(text, offset);
    size_t end = str_find(text, STR("\n"), start);
    Str line = str_slice(text, start, end == SIZE_MAX ? text.len : end);
    if (str_ends(line, STR("\r")))
        line.len--;
    size_t fault = offset - start < line.len ? offset - start : line.len;
    size_t from = window_start(line, fault);
    StrBuf before = buf_in(b->arena);
    size_t cells = put_cells(&before, str_slice(line, from, fault), SIZE_MAX / 2);
    buf_fmt(b, "%5u | %s", line_number, from ? "…" : "");
    buf_add(b, buf_str(&before));
    put_cells(b, str_slice(line, fault, line.len),
              cells < WINDOW_CELLS ? WINDOW_CELLS - cells : WINDOW_BEFORE);
    buf_fmt(b, "\n      | %s", from ? " " : "");
    memset(buf_room(b, cells + 2), ' ', cells);
    b->len += cells;
    BUF_LIT(b, "^\n");
}

static void put_diag(StrBuf *b, DiagFile file, const Diag *d)
{
    uint32_t line, column;
    uint32_t offset = d->offset <= file.text.len ? d->offset : (uint32_t)file.text.len;
    diag_place(file.text, offset, &line, &column);
    if (file.path.len)
        buf_add(b, file.path);
    if (file.text.len)
        buf_fmt(b, "%s%u:%u", file.path.len ? ":" : "", line, column);
    if (file.path.len || file.text.len)
        BUF_LIT(b, ": ");
    if (d->rule)
        buf_fmt(b, "%s: ", d->level == DIAG_ERROR ? "error" : "advice");
    buf_add(b, d->message);
    if (d->rule)
        buf_fmt(b, " [%s]", d->rule);
    buf_char(b, '\n');
    if (file.text.len)
        put_picture(b, file.text, offset, line);
    if (d->cure.len) {
        BUF_LIT(b, "      = ");
        buf_add(b, d->cure);
        buf_char(b, '\n');
    }
}

static int compare(const Diag *a, const Diag *b)
{
    if (a->file != b->file)
        return a->file < b->file ? -1 : 1;
    if (a->offset != b->offset)
        return a->offset < b->offset ? -1 : 1;
    int order = str_cmp(str_z(a->rule), str_z(b->rule));
    return order ? order : str_cmp(a->message, b->message);
}

static int by_place(const void *a, const void *b)
{
    return compare(a, b);
}

Str diag_render(Arena *out, Diags *d)
{
    StrBuf b = buf_in(out);
    if (d->list.len)
        qsort(d->list.at, d->list.len, sizeof *d->list.at, by_place);
    for (size_t i = 0; i < d->list.len; i++) {
        const Diag *one = &d->list.at[i];
        if (i && compare(one - 1, one) == 0)
            continue;
        put_diag(&b, one->file < d->files.len ? d->files.at[one->file] : (DiagFile){0}, one);
    }
    if (d->errors + d->advice > d->list.len)
        buf_fmt(&b, "and %zu more\n", d->errors + d->advice - d->list.len);
    return buf_str(&b);
}

Str diag_caret(Arena *out, Str path, Str text, uint32_t offset, Str message)
{
    StrBuf b = buf_in(out);
    put_diag(&b, (DiagFile){path, text}, &(Diag){.offset = offset, .message = message});
    return buf_str(&b);
}
