/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands in shared/ and many items run on: forms, rules, processes. Each is read and compiled
 * once and kept once, so that a hundred items on one flow cost one flow, and a mistake in it is
 * told once. A process is compiled with the rules that it runs beside, because its conditions read
 * what they give: it is kept once for each such pair.
 */
#include "catalogue/item_int.h"

typedef struct SharedFiles {
    Vec(SharedForm *) forms;
    Vec(SharedRules *) rules;
    Vec(SharedProcess *) processes;
} SharedFiles;

bool stands_in_shared(Str path)
{
    return str_starts(path, STR("shared/"));
}

static SharedFiles *files_of(Loader *l)
{
    if (!l->shared)
        l->shared = NEW(l->diags->arena, SharedFiles);
    return l->shared;
}

ItemParts *item_parts(const Loader *l, const Item *item)
{
    return &l->parts[item - l->items];
}

const SharedForm *shared_form(Loader *l, Str path)
{
    SharedFiles *all = files_of(l);
    for (size_t i = 0; i < all->forms.len; i++)
        if (str_eq(all->forms.at[i]->path, path))
            return all->forms.at[i];
    SharedForm *s = read_shared_form(l, path);
    *VEC_PUSH(l->diags->arena, &all->forms) = s;
    return s;
}

static const SharedRules *rules_of(Loader *l, Str path)
{
    SharedFiles *all = files_of(l);
    for (size_t i = 0; i < all->rules.len; i++)
        if (str_eq(all->rules.at[i]->path, path))
            return all->rules.at[i];
    SharedRules *s = NEW(l->diags->arena, SharedRules);
    s->path = path;
    s->model = load_rules(l, path, shared_rules_names(l), s->files, &s->file_count);
    *VEC_PUSH(l->diags->arena, &all->rules) = s;
    return s;
}

const DmnModel *shared_rules(Loader *l, Item *item, Str path)
{
    const SharedRules *s = rules_of(l, path);
    item_parts(l, item)->rules = s;
    return s->model;
}

/* One that could not be read is not tried again; *fitted: it was compiled beside other rules. */
static SharedProcess *known_process(const SharedFiles *all, Str path, const DmnModel *rules,
                                    bool *fitted)
{
    *fitted = false;
    for (size_t i = 0; i < all->processes.len; i++) {
        SharedProcess *s = all->processes.at[i];
        if (!str_eq(s->path, path))
            continue;
        if (s->rules == rules || !s->process)
            return s;
        *fitted = true;
    }
    return NULL;
}

static SharedProcess *read_shared_process(Loader *l, const Item *item, Str path)
{
    SharedProcess *s = NEW(l->diags->arena, SharedProcess);
    Item reading = *item;
    *s = (SharedProcess){.path = path, .rules = item->rules};
    s->process = load_process(l, &reading, path);
    s->diagram = reading.diagram;
    s->text = reading.process_text;
    return s;
}

const BpmnProcess *shared_process(Loader *l, Item *item, Str path, const Value *at)
{
    SharedFiles *all = files_of(l);
    bool fitted;
    SharedProcess *s = known_process(all, path, item->rules, &fitted);
    if (!s) {
        s = read_shared_process(l, item, path);
        if (!s->process && fitted)
            complain(l, "flow.shared-rules", at, STR("let the rules give what the process reads"),
                     "'" STR_FMT "' does not run beside the rules of this item", STR_ARG(path));
        else
            *VEC_PUSH(l->diags->arena, &all->processes) = s;
    }
    item_parts(l, item)->process = s;
    item->diagram = s->diagram;
    item->process_text = s->text;
    return s->process;
}

void shared_documents(const Loader *l, const Item *item,
                      void (*add)(void *into, const LoaderFile *f), void *into)
{
    if (item->bundle) /* its parts have them */
        return;
    const ItemParts *parts = item_parts(l, item);
    if (parts->form)
        add(into, file_of(l, parts->form->file));
    for (size_t i = 0; parts->rules && i < parts->rules->file_count; i++)
        add(into, file_of(l, parts->rules->files[i]));
}
