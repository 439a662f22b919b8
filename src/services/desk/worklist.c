/* SPDX-License-Identifier: Apache-2.0 */
#include "services/certificate/localise.h"
#include "services/desk/desk.h"

static bool count_of(const Viewing *by, Str role, Str state, int64_t *n, Err *err)
{
    StoreRows rows;
    if (!store_run(by->reader, by->out, SQL_TASKS_COUNT,
                   PARAMS(P_STR(by->app->catalogue->place), P_STR(by->viewer->organ), P_STR(role),
                          P_STR(state)),
                   &rows, err))
        return false;
    *n = row_int(&rows, 0, 0);
    return true;
}

/* Working days left until a due time; cards as the law gives them: yellow at one day, red when
 * late. */
static void put_due(Arena *out, const App *app, Value *task, TimeMs due, TimeMs now)
{
    const Catalogue *c = app->catalogue;
    if (due <= 0 || due == INT64_MAX)
        return;
    Date today = date_of_time(now, c->zone_minutes), day = date_of_time(due, c->zone_minutes);
    int32_t left = calendar_count_working_days(c->calendar, today, day);
    set_int(out, task, "due_at", due);
    set_int(out, task, "days_left", left);
    bool late = now > due;
    set_bool(out, task, "late", late);
    set_bool(out, task, "today", !late && left <= 0);
    set_bool(out, task, "soon", !late && left == 1);
    set_bool(out, task, "calm", !late && left > 1);
}

/* The step by its name in the process; whose case it is, where that is another organ's. */
static void put_step(const Viewing *by, const StoreRows *r, size_t i, Value *t)
{
    const Catalogue *c = by->app->catalogue;
    const Item *item = catalogue_item(c, row_str(r, i, 13));
    uint16_t at = item && item->process ? bpmn_find(item->process, row_str(r, i, 12)) : BPMN_NONE;
    const Organ *organ = catalogue_organ(c, row_str(r, i, 14));
    bool other = organ && !str_eq(organ->key, by->viewer->organ);
    set_str(by->out, t, "step", at == BPMN_NONE ? STR("") : item->process->elements[at].name);
    set_str(by->out, t, "organ", row_str(r, i, 14));
    if (other)
        set_text(by->out, t, "organ_name", organ->short_name);
}

static void put_task(const Viewing *by, const StoreRows *r, size_t i, Value *tasks)
{
    Arena *out = by->out;
    const Actor *actor = by->viewer;
    Value *t = push_map(out, tasks);
    set_str(out, t, "id", str_fmt(out, "%lld", (long long)row_int(r, i, 0)));
    set_str(out, t, "case", str_fmt(out, "%lld", (long long)row_int(r, i, 1)));
    set_str(out, t, "no", row_str(r, i, 2));
    set_str(out, t, "stage", row_str(r, i, 3));
    set_str(out, t, "title", row_str(r, i, 4));
    set_str(out, t, "applicant", row_str(r, i, 5));
    set_str(out, t, "state", row_str(r, i, 6));
    set_bool(out, t, "mine", row_int(r, i, 7) == actor->id);
    set_bool(out, t, "taken", row_int(r, i, 7) && row_int(r, i, 7) != actor->id);
    set_bool(out, t, "not_for_me", row_int(r, i, 8) == actor->id);
    set_int(out, t, "created_at", row_int(r, i, 9));
    set_str(out, t, "case_state", row_str(r, i, 11));
    put_step(by, r, i, t);
    put_due(out, by->app, t, row_int(r, i, 10), by->now);
}

bool desk_worklist(const Viewing *by, const WorklistQuery *q, Value *model, Err *err)
{
    Arena *out = by->out;
    Str organ = by->viewer->organ;
    Str role = role_name(q->role);
    Str tab = str_eq(q->tab, STR("claimed")) || str_eq(q->tab, STR("done")) ? q->tab : STR("open");
    bool done = str_eq(tab, STR("done"));
    Str place = by->app->catalogue->place;
    int64_t open, claimed, finished, from = q->page * WORKLIST_PAGE;
    StoreRows rows;
    if (!count_of(by, role, STR("open"), &open, err) ||
        !count_of(by, role, STR("claimed"), &claimed, err) ||
        !count_of(by, role, STR("done"), &finished, err))
        return false;
    bool ok = done ? store_run(by->reader, out, SQL_TASKS_DONE_BY,
                               PARAMS(P_STR(place), P_STR(organ), P_STR(role), P_INT(WORKLIST_PAGE),
                                      P_INT(from)),
                               &rows, err)
                   : store_run(by->reader, out, SQL_TASKS_WORKLIST,
                               PARAMS(P_STR(place), P_STR(organ), P_STR(role), P_STR(tab),
                                      P_INT(WORKLIST_PAGE), P_INT(from)),
                               &rows, err);
    if (!ok)
        return false;
    Value *tasks = set_list(out, model, "tasks");
    for (size_t i = 0; i < rows.count; i++)
        put_task(by, &rows, i, tasks);
    int64_t count = done ? finished : str_eq(tab, STR("claimed")) ? claimed : open;
    set_str(out, model, "tab", tab);
    set_int(out, model, "count", count);
    set_int(out, model, "page", q->page);
    set_int(out, model, "pages", (count + WORKLIST_PAGE - 1) / WORKLIST_PAGE);
    Value *counts = set_map(out, model, "counts");
    set_int(out, counts, "open", open);
    set_int(out, counts, "claimed", claimed);
    set_int(out, counts, "done", finished);
    return true;
}
