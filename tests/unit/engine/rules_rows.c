/* SPDX-License-Identifier: Apache-2.0 */
/* Running rows. */
#include "rules_rows.h"

FeelValue rows_feel(Arena *a, const char *text)
{
    Err err = {0};
    FeelValue v = feel_null();
    const FeelProgram *p = feel_compile(a, str_z(text), NULL, FEEL_EXPRESSION, &err);
    CHECK(p && feel_eval(a, p, NULL, 0, &v, &err), "%s: %s", text, err.msg);
    return v;
}

const DmnModel *rows_model(Arena *a, const char *body, DmnMode mode)
{
    Diags d = {.arena = a};
    Str text = str_fmt(a, "%s%s</definitions>", HEAD, body);
    DmnFile file = {diag_file(&d, STR("d.dmn"), text), text};
    const DmnModel *m = dmn_read(a, &d, &file, 1, mode);
    Str report = diag_render(a, &d);
    CHECK(m != NULL, STR_FMT, STR_ARG(report));
    return m;
}

static void judge(Arena *a, const Row *row, const FeelValue *got)
{
    bool is_null = strncmp(row->want, "null: ", 6) == 0;
    FeelValue want = is_null ? feel_null() : rows_feel(a, row->want);
    bool same = want.kind == FEEL_NULL ? got->kind == FEEL_NULL : feel_same(&want, got);
    Str text = feel_text(a, got), why = feel_why(a, got, FEEL_EN);
    CHECK(same, "%s over %s: " STR_FMT " (" STR_FMT ")", row->name, row->input, STR_ARG(text),
          STR_ARG(why));
    if (is_null) {
        CHECK(str_find(why, str_z(row->want + 6), 0) != SIZE_MAX, "%s over %s: " STR_FMT, row->name,
              row->input, STR_ARG(why));
    }
}

void rows_run(const Row *rows, size_t count, DmnMode mode)
{
    for (size_t i = 0; i < count; i++) {
        Arena a = {0};
        Err err = {0};
        const DmnModel *m = rows_model(&a, rows[i].body, mode);
        FeelValue input = rows_feel(&a, rows[i].input);
        RulesAsk ask = {.input = &input};
        RulesAnswer plain = {0}, traced = {0};
        bool ok = m && rules_decide(&a, m, STR("r"), &ask, &plain, &err);
        CHECK(ok, "%s: %s", rows[i].name, err.msg);
        ask.traced = true;
        ok = ok && rules_decide(&a, m, STR("r"), &ask, &traced, &err);
        CHECK(ok && !plain.trace && traced.trace, "%s: %s", rows[i].name, err.msg);
        if (ok) {
            judge(&a, &rows[i], &plain.value);
            judge(&a, &rows[i], &traced.value);
        }
        arena_free(&a);
    }
}
