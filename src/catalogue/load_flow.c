/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The process and the rules beside an item, and what must hold between them: a rule task calls a
 * decision that exists, a user task has a role that staff can have and a stage that the law knows.
 */
#include "catalogue/item_int.h"

static const Str stages[] = {STR_INIT("receive"), STR_INIT("accept"), STR_INIT("review"),
                             STR_INIT("decide"),  STR_INIT("issue"),  STR_INIT("deliver")};

const BpmnProcess *load_process(Loader *l, const Item *item, Str path)
{
    uint16_t file;
    Str text;
    if (!load_file(l, path, false, &file, &text))
        return NULL;
    BpmnWorld world = process_world(l, item);
    return bpmn_read(l->arena, l->diags, file, str_dup(l->arena, text), &world);
}

static bool read_rules(Loader *l, Str path, DmnFile *file)
{
    Str text;
    if (!load_file(l, path, false, &file->file, &text))
        return false;
    file->text = str_dup(l->arena, text);
    return true;
}

/* Where a model imports, the other models of its folder are there for it. */
const DmnModel *load_rules(Loader *l, const Item *item, Str path)
{
    DmnFile files[DMN_MAX_FILES];
    size_t count = 1, folder = path.len;
    if (!read_rules(l, path, &files[0]))
        return NULL;
    bool imports = str_find(files[0].text, STR("import "), 0) != SIZE_MAX;
    while (folder > 0 && path.at[folder - 1] != '/')
        folder--;
    for (size_t i = 0; imports && i < l->files.len && count < COUNT(files); i++) {
        Str other = l->files.at[i].path;
        bool beside = str_starts(other, str_slice(path, 0, folder)) &&
                      str_find(other, STR("/"), folder) == SIZE_MAX;
        if (beside && str_ends(other, STR(".dmn")) && !str_eq(other, path) &&
            read_rules(l, other, &files[count]))
            count++;
    }
    return dmn_read_fed(l->arena, l->diags, files, count, rules_names(l, item));
}

static bool is_stage(Str s)
{
    for (size_t i = 0; i < COUNT(stages); i++)
        if (str_eq(stages[i], s))
            return true;
    return false;
}

static void check_user_task(Loader *l, uint16_t file, const BpmnElement *e)
{
    Value at = {.file = file, .offset = e->offset};
    if (!role_known(e->role))
        complain_role(l, &at, e->role);
    Str stage = bpmn_property(e, "stage");
    if (stage.len && !is_stage(stage))
        complain(l, "flow.stage", &at, or_nearest(l, stage, stages, COUNT(stages)),
                 "'" STR_FMT "' is no stage of a case", STR_ARG(stage));
}

static void check_rule_task(Loader *l, uint16_t file, const BpmnElement *e, const Item *item)
{
    if (!e->decision.len || (item->rules && dmn_find(item->rules, e->decision)))
        return;
    Str names[DMN_MAX_DECISIONS];
    size_t n = 0;
    for (; item->rules && n < item->rules->decision_count; n++)
        names[n] = item->rules->decisions[n].id;
    Value at = {.file = file, .offset = e->offset};
    complain(l, "flow.unknown-decision", &at, or_nearest(l, e->decision, names, n),
             "task '" STR_FMT "' calls decision '" STR_FMT "', which the rules do not have",
             STR_ARG(e->id), STR_ARG(e->decision));
}

/* What the program does for a process by itself. */
static const Str jobs[] = {STR_INIT("certificate.issue"), STR_INIT("message.send")};

static void check_job(Loader *l, uint16_t file, const BpmnElement *e)
{
    Value at = {.file = file, .offset = e->offset};
    bool known = false;
    for (size_t i = 0; i < COUNT(jobs); i++)
        known = known || str_eq(jobs[i], e->job_type);
    if (!known)
        complain(l, "flow.unknown-job", &at, or_nearest(l, e->job_type, jobs, COUNT(jobs)),
                 "nobody does jobs of type '" STR_FMT "'", STR_ARG(e->job_type));
    Str message = bpmn_property(e, "template");
    bool by_outcome = str_eq(message, STR("decided")); /* decided_grant or decided_deny */
    if (message.len && !by_outcome)
        resolve_entry(l, "message", message, &at);
}

/* Nobody starts the processes of other items for this one. */
static void check_call(Loader *l, uint16_t file, const BpmnElement *e)
{
    Value at = {.file = file, .offset = e->offset};
    complain(l, "flow.unknown-process", &at, STR("put the called process into the same file"),
             "'" STR_FMT "' calls process '" STR_FMT "', which is not in this file", STR_ARG(e->id),
             STR_ARG(e->call));
}

static bool is_fed(const FeelNames *fed, Str name)
{
    for (size_t i = 0; i < fed->count; i++)
        if (str_eq(fed->at[i].name, name))
            return true;
    return false;
}

/* Advice only: a task of the process may set the variable. */
static void check_inputs(Loader *l, const Item *item)
{
    const DmnModel *m = item->rules;
    const FeelNames *fed = rules_names(l, item);
    for (size_t i = 0; m && i < m->input_count; i++)
        if (!is_fed(fed, m->inputs[i].name))
            diag_add(l->diags, DIAG_ADVICE, "rules.unfed-input", m->file, m->inputs[i].offset,
                     STR("name an element of the form, a situation or a source"),
                     "neither the form nor a source gives '" STR_FMT "'",
                     STR_ARG(m->inputs[i].name));
}

/* Rules that could not be read are reported already; their decisions are not looked for. */
void check_flow(Loader *l, const Item *item, const Value *doc)
{
    const BpmnProcess *p = item->process;
    bool rules_read = item->rules || !value_at(doc, "rules");
    for (size_t i = 0; p && i < p->element_count; i++) {
        const BpmnElement *e = &p->elements[i];
        if (e->kind == BPMN_USER_TASK)
            check_user_task(l, p->file, e);
        if (e->kind == BPMN_CALL && e->called == BPMN_NONE)
            check_call(l, p->file, e);
        if (e->kind == BPMN_RULE_TASK && rules_read)
            check_rule_task(l, p->file, e, item);
        if (e->kind == BPMN_SERVICE_TASK || e->kind == BPMN_SEND_TASK)
            check_job(l, p->file, e);
    }
    check_inputs(l, item);
}
