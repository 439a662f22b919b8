/* SPDX-License-Identifier: Apache-2.0 */
/* The one file of the runner that knows the engine. */
#include "dmn_tck.h"

#include "base/file.h"
#include "engine/rules/rules.h"

struct TckModel {
    const DmnModel *model;
};

static bool read_file(Arena *out, Diags *diags, Str path, DmnFile *file, Err *err)
{
    if (!file_read(out, path, TCK_FILE_MAX, &file->text, err))
        return false;
    file->file = diag_file(diags, path, file->text);
    return true;
}

/* The model first, then the others of the folder. */
static bool read_folder(Arena *out, Diags *diags, Str folder, Str model, DmnFile *files,
                        size_t *count, Err *err)
{
    StrVec names = {0};
    *count = 1;
    if (!read_file(out, diags, path_join(out, folder, model), &files[0], err) ||
        !file_list(out, folder, STR(".dmn"), &names, err))
        return false;
    for (size_t i = 0; i < names.len && *count < DMN_MAX_FILES; i++) {
        if (str_eq(names.at[i], model))
            continue;
        if (!read_file(out, diags, path_join(out, folder, names.at[i]), &files[*count], err))
            return false;
        ++*count;
    }
    return true;
}

const TckModel *tck_load(Arena *out, Str folder, Str model, Str *why)
{
    Diags diags = {.arena = out};
    Err err = {0};
    DmnFile *files = NEW_N(out, DmnFile, DMN_MAX_FILES);
    size_t count = 0;
    if (!read_folder(out, &diags, folder, model, files, &count, &err)) {
        *why = str_dup(out, str_z(err.msg));
        return NULL;
    }
    TckModel *m = NEW(out, TckModel);
    m->model = dmn_read(out, &diags, files, count, DMN_LENIENT);
    if (!m->model) {
        Str report = diag_render(out, &diags);
        *why = str_fmt(out, "the model is refused: " STR_FMT,
                       STR_ARG(str_slice(report, 0, str_find(report, STR("\n"), 0))));
        return NULL;
    }
    return m;
}

/* Of a service with several outputs the one that is asked for. */
static FeelValue output_of(const TckModel *m, Str service, Str node, FeelValue value)
{
    const DmnFunction *f = dmn_find_function(m->model, service);
    const FeelValue *found = f && f->output_count > 1 && value.kind == FEEL_CONTEXT
                                 ? feel_get(value.context, node)
                                 : NULL;
    return found ? *found : value;
}

bool tck_evaluate(Arena *out, const TckModel *m, const TckCase *c, Str node, FeelValue *got,
                  Str *why)
{
    Err err = {0};
    FeelEntry *entries = NEW_N(out, FeelEntry, c->inputs.len + 1);
    for (size_t i = 0; i < c->inputs.len; i++)
        entries[i] = (FeelEntry){c->inputs.at[i].name, c->inputs.at[i].value};
    FeelContext given = {entries, c->inputs.len};
    FeelValue input = feel_context(&given);
    FeelValue now = feel_of_time(out, 0, 0);
    FeelLimits limits = {.steps = RULES_MAX_STEPS, .calls = RULES_MAX_CALLS, .now = &now};
    RulesAsk ask = {.input = &input, .decided = &input, .limits = &limits};
    RulesAnswer answer = {0};
    bool ok = c->service.len ? rules_invoke(out, m->model, c->service, &ask, &answer, &err)
                             : rules_decide(out, m->model, node, &ask, &answer, &err);
    *got = c->service.len ? output_of(m, c->service, node, answer.value) : answer.value;
    if (!ok)
        *why = str_dup(out, str_z(err.msg));
    return ok;
}
