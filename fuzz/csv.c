/* SPDX-License-Identifier: Apache-2.0 */
/* What is read is written in both styles and read back the same. */
#include "csv/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void same_again(Arena *a, const CsvTable *t, CsvStyle style)
{
    StrBuf b = buf_in(a);
    CsvWriter w = csv_begin(&b, style);
    for (size_t i = 0; i < t->rows.len; i++) {
        for (size_t j = 0; j < t->rows.at[i].len; j++)
            csv_put(&w, t->rows.at[i].at[j].text);
        csv_put(&w, STR("end"));
        csv_end_row(&w);
    }
    Diags d = {.arena = a};
    CsvTable back;
    ASSERT(csv_read(a, &d, 0, buf_str(&b), &back) && back.rows.len == t->rows.len);
    for (size_t i = 0; i < t->rows.len; i++) {
        ASSERT(back.rows.at[i].len == t->rows.at[i].len + 1);
        for (size_t j = 0; j < t->rows.at[i].len; j++)
            ASSERT(str_eq(back.rows.at[i].at[j].text, t->rows.at[i].at[j].text));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena arena;
    Diags d = {.arena = &arena};
    CsvTable t;
    if (csv_read(&arena, &d, 0, (Str){(const char *)data, size}, &t)) {
        if (size < CSV_MAX_COLUMNS) {
            same_again(&arena, &t, CSV_PLAIN);
            same_again(&arena, &t, CSV_SHEET);
        }
    } else {
        ASSERT(d.errors > 0);
    }
    arena_reset(&arena);
    return 0;
}
