/* SPDX-License-Identifier: Apache-2.0 */
/* Results in the form that the suite's repository keeps for each engine, and a table for people. */
#include "dmn_tck.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/file.h"

static void add_quoted(StrBuf *b, Str text, bool last)
{
    buf_char(b, '"');
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '"')
            buf_char(b, c);
        buf_char(b, c == '\n' || c == '\r' ? ' ' : c);
    }
    buf_char(b, '"');
    buf_char(b, last ? '\n' : ',');
}

void tck_report_folder(TckReport *r, Str folder)
{
    r->csv.arena = &r->arena;
    *VEC_PUSH(&r->arena, &r->folders) = (TckTally){str_dup(&r->arena, folder), 0, 0};
}

void tck_report_case(TckReport *r, const TckFile *f, const TckCase *c, Str message)
{
    TckTally *tally = &r->folders.at[r->folders.len - 1];
    bool passed = message.len == 0;
    add_quoted(&r->csv, f->folder, false);
    add_quoted(&r->csv, f->name, false);
    add_quoted(&r->csv, c->id, false);
    add_quoted(&r->csv, passed ? STR("SUCCESS") : STR("ERROR"), false);
    add_quoted(&r->csv, message, true);
    tally->passed += passed;
    tally->total++;
    r->passed += passed;
    r->total++;
}

static Str properties(Arena *out)
{
    Clock clock;
    clock_init_real(&clock);
    FeelValue now = feel_of_time(out, clock_now(&clock), 0);
    return str_fmt(out,
                   "vendor.name=onedoor\n"
                   "product.name=onedoor\n"
                   "product.version=%s\n"
                   "product.comment=One-stop government service program with a DMN engine in C\n"
                   "last.update=" STR_FMT "\n",
                   VERSION, STR_ARG(str_slice(feel_text(out, &now), 0, 10)));
}

static Str table(TckReport *r)
{
    StrBuf b = buf_in(&r->arena);
    for (size_t i = 0; i < r->folders.len; i++) {
        const TckTally *t = &r->folders.at[i];
        buf_fmt(&b, "%-70.*s %5d %5d%s\n", STR_ARG(t->folder), t->passed, t->total,
                t->passed == t->total ? "" : "  FAILS");
    }
    buf_fmt(&b, "%-70s %5d %5d\n", "all", r->passed, r->total);
    return buf_str(&b);
}

bool tck_report_write(TckReport *r, Str folder, Err *err)
{
    Arena *a = &r->arena;
    return file_make_folder(folder, err) &&
           file_write(path_join(a, folder, STR("tck_results.csv")), buf_str(&r->csv), err) &&
           file_write(path_join(a, folder, STR("tck_results.properties")), properties(a), err) &&
           file_write(path_join(a, folder, STR("table.txt")), table(r), err);
}

void tck_report_print(const TckReport *r)
{
    int failing = 0;
    for (size_t i = 0; i < r->folders.len; i++) {
        const TckTally *t = &r->folders.at[i];
        if (t->passed == t->total)
            continue;
        printf("dmn-tck: %-70.*s %5d of %5d\n", STR_ARG(t->folder), t->passed, t->total);
        failing++;
    }
    printf("dmn-tck: %d of %d cases; %d of %zu folders have failures\n", r->passed, r->total,
           failing, r->folders.len);
}
