/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The process and the rules beside an item, and what must hold between them: a rule task calls a
 * decision that exists, a user task has a role that staff can have and a stage that the law knows.
 */
#include "catalogue/item_int.h"
#include "catalogue/task.h"

static const Str stages[] = {STR_INIT("receive"), STR_INIT("accept"), STR_INIT("review"),
                             STR_INIT("decide"),  STR_INIT("issue"),  STR_INIT("deliver")};

/* ---- the process ---- */

typedef struct {
    BpmnFile files[BPMN_MAX_FILES];
    LoaderFile *fresh[BPMN_MAX_FILES]; /* read for this item; NULL: before */
    size_t count;
} ProcessFiles;

/* Other processes of the item's folder, and those that all items share. */
static bool is_beside(Str path, Str main)
{
    size_t folder = main.len;
    while (folder > 0 && main.at[folder - 1] != '/')
        folder--;
    bool own = str_starts(path, str_slice(main, 0, folder)) &&
               str_find(path, STR("/"), folder) == SIZE_MAX;
    return str_ends(path, STR(".bpmn")) && !str_eq(path, main) &&
           (own || str_starts(path, STR("processes/")));
}

static void add_beside(Loader *l, ProcessFiles *list, LoaderFile *f)
{
    uint16_t file = f->file;
    Str text = f->text;
    bool fresh = !f->used;
    if (list->count == COUNT(list->files) || (fresh && !load_file(l, f->path, false, &file, &text)))
        return;
    list->fresh[list->count] = fresh ? f : NULL;
    list->files[list->count++] = (BpmnFile){file, str_dup(l->arena, text)};
}

static bool stands_in(const BpmnProcess *p, uint16_t file)
{
    for (size_t i = 0; i < p->element_count; i++)
        if (p->elements[i].file == file)
            return true;
    return false;
}

/* What was looked at and is not called counts as unread. */
static const BpmnProcess *read_linked(Loader *l, ProcessFiles *list, const BpmnWorld *world)
{
    const BpmnProcess *p = bpmn_read_linked(l->arena, l->diags, list->files, list->count, world);
    for (size_t i = 1; p && i < list->count; i++)
        if (list->fresh[i])
            list->fresh[i]->used = stands_in(p, list->files[i].file);
    return p;
}

const BpmnProcess *load_process(Loader *l, Item *item, Str path)
{
    uint16_t file;
    Str text;
    if (!load_file(l, path, false, &file, &text))
        return NULL;
    BpmnWorld world = process_world(l, item);
    item->process_text = str_dup(l->arena, text);
    ProcessFiles list = {.files = {{file, item->process_text}}, .count = 1};
    bool calls = str_find(text, STR("callActivity"), 0) != SIZE_MAX;
    for (size_t i = 0; calls && i < l->files.len; i++)
        if (is_beside(l->files.at[i].path, path))
            add_beside(l, &list, &l->files.at[i]);
    const BpmnProcess *p = read_linked(l, &list, &world);
    if (p)
        item->diagram = diagram_read(l->arena, l->diags, file, item->process_text);
    return p;
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
const DmnModel *load_rules(Loader *l, Str path, const FeelNames *fed, uint16_t *numbers,
                           size_t *number)
{
    DmnFile files[DMN_MAX_FILES];
    size_t count = 1, folder = path.len;
    *number = 0;
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
    for (size_t i = 0; i < count; i++)
        numbers[i] = files[i].file;
    *number = count;
    return dmn_read_fed(l->arena, l->diags, files, count, fed);
}

static bool is_stage(Str s)
{
    for (size_t i = 0; i < COUNT(stages); i++)
        if (str_eq(stages[i], s))
            return true;
    return false;
}

static void check_task_words(Loader *l, const Value *at, const BpmnElement *e)
{
    TaskOutcome list[TASK_OUTCOMES_MAX];
    size_t n;
    int64_t days;
    FeelValue span;
    Err why = {0};
    Str limit = bpmn_property(e, "stepLimit");
    if (!task_outcomes(e, list, &n, &why))
        complain(l, "flow.outcomes", at,
                 STR("outcomes = \"agree=同意|Agree; back=退回|Send back\""),
                 "task '" STR_FMT "': %s", STR_ARG(e->id), why.msg);
    else if (n && task_is_lawful(bpmn_property(e, "stage")))
        complain(l, "flow.outcomes", at, STR("drop them: the law knows how this stage ends"),
                 "task '" STR_FMT "' is ended by an act of the law", STR_ARG(e->id));
    if (limit.len && !task_limit(l->arena, limit, &days, &span, &why))
        complain(l, "flow.step-limit", at, (Str){0}, "task '" STR_FMT "': %s", STR_ARG(e->id),
                 why.msg);
}

static void check_user_task(Loader *l, uint16_t file, const BpmnElement *e)
{
    Value at = {.file = file, .offset = e->offset};
    TaskPool pool = task_pool(l->c, e);
    if (!role_known(pool.role))
        complain_role(l, &at, pool.role);
    if (str_find(e->role, STR(":"), 0) != SIZE_MAX)
        (void)resolve_entry(l, "organ", pool.organ, &at);
    check_task_words(l, &at, e);
    Str stage = bpmn_property(e, "stage");
    if (stage.len && !is_stage(stage))
        complain(l, "flow.stage", &at, or_nearest(l, stage, stages, COUNT(stages)),
                 "'" STR_FMT "' is no stage of a case", STR_ARG(stage));
}

static void check_rule_task(Loader *l, Value at, const BpmnElement *e, const Item *item)
{
    if (!e->decision.len || (item->rules && dmn_find(item->rules, e->decision)))
        return;
    Str names[DMN_MAX_DECISIONS];
    size_t n = 0;
    for (; item->rules && n < item->rules->decision_count; n++)
        names[n] = item->rules->decisions[n].id;
    complain(l, "flow.unknown-decision", &at, or_nearest(l, e->decision, names, n),
             "task '" STR_FMT "' calls decision '" STR_FMT "', which the rules do not have",
             STR_ARG(e->id), STR_ARG(e->decision));
}

const Str own_jobs[] = {STR_INIT("certificate.issue"), STR_INIT("message.send"),
                        STR_INIT("paper.issue"), STR_INIT("case.accept"), STR_INIT("case.grant")};
const size_t own_job_count = COUNT(own_jobs);

bool catalogue_is_own_job(Str type)
{
    for (size_t i = 0; i < own_job_count; i++)
        if (str_eq(own_jobs[i], type))
            return true;
    return false;
}

static void complain_job(Loader *l, const Value *at, Str type)
{
    size_t n = own_job_count + l->c->worker_count;
    Str *names = NEW_N(l->diags->arena, Str, n);
    for (size_t i = 0; i < n; i++)
        names[i] = i < own_job_count ? own_jobs[i] : l->c->workers[i - own_job_count].type;
    Str near = or_nearest(l, type, names, n);
    complain(l, "flow.unknown-job", at,
             near.len ? near : STR("declare it in onedoor.yaml: workers"),
             "nobody does jobs of type '" STR_FMT "'", STR_ARG(type));
}

static bool is_fed(const FeelNames *fed, Str name)
{
    for (size_t i = 0; i < fed->count; i++)
        if (str_eq(fed->at[i].name, name))
            return true;
    return false;
}

static bool is_set(const Item *item, Str name)
{
    const BpmnProcess *p = item->process;
    for (size_t i = 0; i < p->element_count; i++) {
        const BpmnElement *e = &p->elements[i];
        if (str_eq(e->result_variable, name))
            return true;
        if (str_eq(e->output, name) ||
            (e->loop && (str_eq(e->loop->item, name) || str_eq(e->loop->output, name))))
            return true;
        for (size_t k = 0; k < e->output_count; k++)
            if (str_eq(e->outputs[k].target, name))
                return true;
    }
    return false;
}

static bool is_result(const Catalogue *c, Str name)
{
    for (size_t i = 0; i < c->worker_count; i++)
        for (size_t k = 0; k < c->workers[i].result_count; k++)
            if (str_eq(c->workers[i].results[k], name))
                return true;
    return false;
}

/* Advice only: a message or a job may bring the variable. */
static void check_read(Loader *l, const Item *item, const WorkerType *w, const Value *at)
{
    const FeelNames *fed = rules_names(l, item);
    for (size_t i = 0; i < w->variable_count; i++) {
        Str name = w->variables[i];
        if (!is_fed(fed, name) && !is_set(item, name) && !is_result(l->c, name))
            diag_add(l->diags, DIAG_ADVICE, "flow.unfed-job", at->file, at->offset,
                     STR("name an element of the form, a source or a variable of the process"),
                     "nothing gives '" STR_FMT "', which jobs of type '" STR_FMT "' read",
                     STR_ARG(name), STR_ARG(w->type));
    }
}

/* Certificates have their own job, since anybody can verify them. */
static void check_letter(Loader *l, const Value *at, const BpmnElement *e)
{
    Str paper = bpmn_property(e, "paper");
    bool letter = str_eq(e->job_type, STR("paper.issue"));
    if (!letter && !(paper.len && str_eq(e->job_type, STR("certificate.issue"))))
        return;
    const Paper *p = resolve_entry(l, "paper", paper, at);
    if (p && p->certificate == letter)
        complain(l, "flow.letter", at,
                 letter ? STR("use certificate.issue") : STR("use paper.issue"),
                 "'" STR_FMT "' is %s", STR_ARG(paper), letter ? "a certificate" : "a letter");
}

/* An older version of an item may name a type that is no longer arranged for: its jobs wait. */
static void check_job(Loader *l, uint16_t file, const BpmnElement *e)
{
    Value at = {.file = file, .offset = e->offset};
    if (!catalogue_worker(l->c, e->job_type) && !catalogue_is_own_job(e->job_type) && !l->given)
        complain_job(l, &at, e->job_type);
    Str message = bpmn_property(e, "template");
    check_letter(l, &at, e);
    bool by_outcome = str_eq(message, STR("decided")); /* decided_grant or decided_deny */
    if (message.len && !by_outcome)
        resolve_entry(l, "message", message, &at);
}

/* What a job wants of the item at hand. */
static void check_job_of(Loader *l, const Value *at, const BpmnElement *e, const Item *item)
{
    const WorkerType *w = catalogue_worker(l->c, e->job_type);
    if (w)
        check_read(l, item, w, at);
    if (str_eq(e->job_type, STR("certificate.issue")) && !item->certificate.len)
        complain(l, "flow.no-certificate", at, STR("name it in item.yaml: certificate"),
                 "task '" STR_FMT "' issues a certificate, the item has none", STR_ARG(e->id));
}

/* It runs inside the case, so it must be there. */
static void check_call(Loader *l, uint16_t file, const BpmnElement *e)
{
    Value at = {.file = file, .offset = e->offset};
    complain(l, "flow.unknown-process", &at,
             STR("put the process into this file, beside it, or into processes/"),
             "'" STR_FMT "' calls process '" STR_FMT "', which is nowhere", STR_ARG(e->id),
             STR_ARG(e->call));
}

/* A message, a job or a person may bring any name. */
static bool is_open(const Loader *l, const BpmnProcess *p)
{
    for (size_t i = 0; i < p->element_count; i++) {
        const BpmnElement *e = &p->elements[i];
        const WorkerType *w = e->job_type.len ? catalogue_worker(l->c, e->job_type) : NULL;
        bool job = e->job_type.len && !catalogue_is_own_job(e->job_type);
        if (e->kind == BPMN_RECEIVE_TASK || bpmn_trigger(e, BPMN_ON_MESSAGE) ||
            bpmn_trigger(e, BPMN_ON_SIGNAL) || (job && !(w && w->limits_results)))
            return true;
    }
    return false;
}

/* What ends a step of people: stages of the law and outcomes. */
static bool is_people_word(Str name)
{
    return str_eq(name, STR("outcome")) || str_eq(name, STR("decision")) ||
           str_eq(name, STR("remark"));
}

/* An error where it is certain that the input stays empty, else advice. Of shared rules it is the
 * item that does not fit. */
static void check_inputs(Loader *l, const Item *item, const Value *doc)
{
    const DmnModel *m = item->rules;
    if (!m)
        return;
    const FeelNames *fed = rules_names(l, item);
    bool shared = item_parts(l, item)->rules != NULL;
    for (size_t i = 0; i < m->input_count; i++) {
        Str name = m->inputs[i].name;
        if (is_fed(fed, name))
            continue;
        bool set =
            item->process && (is_set(item, name) || is_people_word(name) || is_result(l->c, name));
        Mark at = {m->file, m->inputs[i].offset};
        if (shared)
            at = mark_of(value_at(doc, "rules"));
        bool certain = item->process && !set && !is_open(l, item->process) && !l->given;
        if (certain)
            diag_add(l->diags, DIAG_ERROR, "rules.unasked-input", at.file, at.offset,
                     STR("ask it in the form, or take it from a source or a step of the process"),
                     "the rules read '" STR_FMT "', which nobody asks", STR_ARG(name));
        else if (!set)
            diag_add(l->diags, DIAG_ADVICE, "rules.unfed-input", at.file, at.offset,
                     STR("name an element of the form, a situation or a source"),
                     "neither the form nor a source gives '" STR_FMT "'", STR_ARG(name));
    }
}

/* A case is born by an application: a process that only a message or timer starts never begins. */
static void check_start(Loader *l, const BpmnProcess *p)
{
    bool plain = p->body.start_count > 0;
    Value at = {.file = p->file};
    for (size_t i = 0; !plain && i < p->element_count; i++)
        if (p->elements[i].scope == BPMN_NONE && p->elements[i].kind == BPMN_START)
            at.offset = p->elements[i].offset;
    if (!plain)
        complain(l, "flow.start", &at, STR("add a start event without a trigger"),
                 "process '" STR_FMT "' does not start by an application", STR_ARG(p->id));
}

static void check_element(Loader *l, const BpmnElement *e)
{
    if (e->kind == BPMN_USER_TASK)
        check_user_task(l, e->file, e);
    if (e->kind == BPMN_CALL && e->called == BPMN_NONE)
        check_call(l, e->file, e);
    if (e->job_type.len)
        check_job(l, e->file, e);
}

/* Once, whoever runs on it. */
static void check_process(Loader *l, const Item *item)
{
    SharedProcess *shared = item_parts(l, item)->process;
    const BpmnProcess *p = item->process;
    if (shared && shared->checked)
        return;
    if (shared)
        shared->checked = true;
    for (size_t i = 0; i < p->element_count; i++)
        check_element(l, &p->elements[i]);
    check_start(l, p);
}

/* Rules that could not be read are reported already; their decisions are not looked for. What a
 * shared process wants of an item is told where the item names it. */
void check_flow(Loader *l, const Item *item, const Value *doc)
{
    const BpmnProcess *p = item->process;
    bool rules_read = item->rules || !value_at(doc, "rules");
    bool shared = item_parts(l, item)->process != NULL;
    if (p)
        check_process(l, item);
    for (size_t i = 0; p && i < p->element_count; i++) {
        const BpmnElement *e = &p->elements[i];
        Value at = {.file = e->file, .offset = e->offset};
        if (shared)
            at = *value_at(doc, "process");
        if (e->kind == BPMN_RULE_TASK && rules_read)
            check_rule_task(l, at, e, item);
        if (e->job_type.len)
            check_job_of(l, &at, e, item);
    }
    check_inputs(l, item, doc);
}
