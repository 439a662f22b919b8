/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/csv.h"

#include "check.h"

/* Cells are shown as a|b, rows end with a semicolon. */
static Str shown(Arena *a, const CsvTable *t)
{
    StrBuf b = buf_in(a);
    for (size_t i = 0; i < t->rows.len; i++) {
        for (size_t j = 0; j < t->rows.at[i].len; j++) {
            buf_add(&b, j ? STR("|") : STR(""));
            buf_add(&b, t->rows.at[i].at[j].text);
        }
        buf_char(&b, ';');
    }
    return buf_str(&b);
}

TEST(csv_reads)
{
    static const struct {
        const char *text, *cells, *rule;
        uint32_t offset;
    } rows[] = {
        {"a,b\n1,2\n", "a|b;1|2;", NULL, 0},
        {"a,b\r\n1,2", "a|b;1|2;", NULL, 0},
        {"a\rb\r", "a;b;", NULL, 0},
        {"", "", NULL, 0},
        {"\n\na\n\n", "a;", NULL, 0},
        {",\n", "|;", NULL, 0},
        {"a,", "a|;", NULL, 0},
        {"\"a,b\",\"c\nd\"\n", "a,b|c\nd;", NULL, 0},
        {"\"a \"\"b\"\"\",\"\"\n", "a \"b\"|;", NULL, 0},
        {"\xEF\xBB\xBF"
         "a,\"=\"\"007\"\"\"\r\n",
         "a|007;", NULL, 0},
        {"\xEF\xBB\xBF"
         "\"=\"\"a\"\"&\"\"b\"\"\"",
         "ab;", NULL, 0},
        {"\xEF\xBB\xBF"
         "=A1,\"=\"\"a",
         "", "csv.quote", 7},
        {"\xEF\xBB\xBF"
         "\"=\"\"a\"\"&A1\"",
         "=\"a\"&A1;", NULL, 0},
        {"a,\"=\"\"007\"\"\"", "a|=\"007\";", NULL, 0},
        {"a,\"b\n", "", "csv.quote", 2},
        {"a,\"b\"c\n", "", "csv.quote", 5},
        {"a,b\"c\n", "", "csv.quote", 3},
        {"a\n\xff\n", "", "csv.utf8", 2},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Arena a = {0};
        Diags d = {.arena = &a};
        CsvTable t;
        Str text = str_z(rows[i].text);
        bool ok = csv_read(&a, &d, diag_file(&d, STR("t.csv"), text), text, &t);
        CHECK(ok == !rows[i].rule, "row %zu", i);
        CHECK(!ok || str_eq(shown(&a, &t), str_z(rows[i].cells)), "row %zu: " STR_FMT, i,
              STR_ARG(shown(&a, &t)));
        if (rows[i].rule && d.list.len)
            CHECK(strcmp(d.list.at[0].rule, rows[i].rule) == 0 &&
                      d.list.at[0].offset == rows[i].offset,
                  "row %zu: %s at %u", i, d.list.at[0].rule, d.list.at[0].offset);
        arena_free(&a);
    }
}

TEST(csv_keeps_text_text_in_spreadsheets)
{
    static const struct {
        const char *cell, *sheet;
    } rows[] = {
        {"abc", "abc"},
        {"12", "12"},
        {"-5", "\"=\"\"-5\"\"\""},
        {"007", "\"=\"\"007\"\"\""},
        {"12345678901", "12345678901"},
        {"123456789012", "\"=\"\"123456789012\"\"\""},
        {"2026-11-22", "\"=\"\"2026-11-22\"\"\""},
        {"1/2", "\"=\"\"1/2\"\"\""},
        {"1E5", "\"=\"\"1E5\"\"\""},
        {"=1+1", "\"=\"\"=1+1\"\"\""},
        {"@x", "\"=\"\"@x\"\"\""},
        {"=\"a\"", "\"=\"\"=\"\"\"\"a\"\"\"\"\"\"\""},
        {"a,b", "\"a,b\""},
        {"第十四条", "第十四条"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Arena a = {0};
        StrBuf b = buf_in(&a);
        CsvWriter w = csv_begin(&b, CSV_SHEET);
        csv_put(&w, str_z(rows[i].cell));
        csv_end_row(&w);
        Str body = str_slice(buf_str(&b), 3, b.len - 2);
        CHECK(str_eq(body, str_z(rows[i].sheet)), "row %zu: " STR_FMT, i, STR_ARG(body));
        arena_free(&a);
    }
}

/* A zero byte is a byte like any other. */
TEST(csv_reads_zero_bytes)
{
    Arena a = {0};
    Diags d = {.arena = &a};
    CsvTable t;
    Str text = {"a\0,\0\n\0", 6};
    bool ok = csv_read(&a, &d, 0, text, &t);
    CHECK(ok && t.rows.len == 2 && t.rows.at[0].len == 2, "%zu rows", t.rows.len);
    CHECK(ok && t.rows.at[0].at[0].text.len == 2, "the cell keeps its zero");
    arena_free(&a);
}

TEST(csv_limits)
{
    static const struct {
        const char *part;
        size_t count;
        bool ok;
    } rows[] = {
        {",", CSV_MAX_COLUMNS - 1, true},
        {",", CSV_MAX_COLUMNS, false},
        {"a\n", CSV_MAX_ROWS, true},
        {"a\n", CSV_MAX_ROWS + 1, false},
        {"aaaaaaaaaaaaaaaa", CSV_MAX_BYTES / 16, true},
        {"aaaaaaaaaaaaaaaa", CSV_MAX_BYTES / 16 + 1, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Arena a = {0};
        Diags d = {.arena = &a};
        StrBuf b = buf_in(&a);
        for (size_t j = 0; j < rows[i].count; j++)
            buf_add(&b, str_z(rows[i].part));
        CsvTable t;
        uint16_t file = diag_file(&d, STR("t.csv"), (Str){0});
        CHECK(csv_read(&a, &d, file, buf_str(&b), &t) == rows[i].ok, "row %zu", i);
        CHECK(rows[i].ok || strcmp(d.list.at[0].rule, "csv.limit") == 0, "row %zu: its rule", i);
        arena_free(&a);
    }
}

static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 16;
}

/* Whatever is written is read back, in both styles. */
TEST(csv_round_trip)
{
    static const char *const parts[] = {"=", "\"", ",",  "\n", "\r", "a", "0", "1",   "-",
                                        "&", "@",  "第", " ",  "\t", "'", "+", "=\"", "\"&\""};
    uint32_t seed = 7;
    for (int i = 0; i < 4000; i++) {
        Arena a = {0};
        Diags d = {.arena = &a};
        StrBuf b = buf_in(&a);
        Str cells[3];
        CsvStyle style = i % 2 ? CSV_SHEET : CSV_PLAIN;
        CsvWriter w = csv_begin(&b, style);
        for (size_t j = 0; j < COUNT(cells); j++) {
            StrBuf c = buf_in(&a);
            uint32_t n = next(&seed) % (j == 2 ? 400 : 6);
            for (uint32_t k = 0; k < n; k++)
                buf_add(&c, str_z(parts[next(&seed) % COUNT(parts)]));
            cells[j] = buf_str(&c);
            csv_put(&w, cells[j]);
        }
        csv_end_row(&w);
        CsvTable t;
        bool ok = csv_read(&a, &d, 0, buf_str(&b), &t) && t.rows.len == 1 && t.rows.at[0].len == 3;
        for (size_t j = 0; ok && j < COUNT(cells); j++)
            ok = str_eq(t.rows.at[0].at[j].text, cells[j]);
        CHECK(ok && t.style == style, "table %d: " STR_FMT, i, STR_ARG(buf_str(&b)));
        arena_free(&a);
    }
}
