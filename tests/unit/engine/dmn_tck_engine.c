/* SPDX-License-Identifier: Apache-2.0 */
/* The one file of the runner that knows the engine. */
#include "dmn_tck.h"

#include "base/file.h"
#include "engine/rules/rules.h"

struct TckModel {
    const DmnModel *model;
};

const TckModel *tck_load(Arena *out, Str folder, Str model, Str *why)
{
    Diags diags = {.arena = out};
    Err err = {0};
    Str text = {0};
    if (!file_read(out, path_join(out, folder, model), TCK_FILE_MAX, &text, &err)) {
        *why = str_dup(out, str_z(err.msg));
        return NULL;
    }
    TckModel *m = NEW(out, TckModel);
    m->model = dmn_read(out, &diags, diag_file(&diags, model, text), text);
    if (!m->model) {
        Str report = diag_render(out, &diags);
        *why = str_fmt(out, "the model is refused: " STR_FMT,
                       STR_ARG(str_slice(report, 0, str_find(report, STR("\n"), 0))));
        return NULL;
    }
    return m;
}

bool tck_evaluate(Arena *out, const TckModel *m, const TckCase *c, Str node, FeelValue *got,
                  Str *why)
{
    Err err = {0};
    if (c->service.len) {
        *why = STR("decision services are not read");
        return false;
    }
    FeelEntry *entries = NEW_N(out, FeelEntry, c->inputs.len + 1);
    for (size_t i = 0; i < c->inputs.len; i++)
        entries[i] = (FeelEntry){c->inputs.at[i].name, c->inputs.at[i].value};
    FeelContext given = {entries, c->inputs.len};
    FeelValue input = feel_context(&given);
    if (rules_decide(out, m->model, node, &input, got, NULL, &err))
        return true;
    *why = str_dup(out, str_z(err.msg));
    return false;
}
