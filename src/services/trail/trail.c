/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is read: the stays of one case, and of all cases of an item. Durations are compared as people
 * count them: within a day by the clock, over days by working days.
 */
#include "services/trail/trail.h"

#include <stdlib.h>

typedef struct {
    int64_t ms;
    int32_t days; /* working days between; 0 within one day */
} Took;

static Took took(const App *app, TimeMs from, TimeMs to)
{
    const Catalogue *c = app->catalogue;
    Date a = date_of_time(from, c->zone_minutes), b = date_of_time(to, c->zone_minutes);
    return (Took){to > from ? to - from : 0,
                  to > from ? calendar_count_working_days(c->calendar, a, b) : 0};
}

static void put_took(Arena *out, Value *row, const char *key, Took t)
{
    Value *o = set_map(out, row, key);
    set_int(out, o, "ms", t.ms);
    set_int(out, o, "days", t.days);
}

/* ---- one case ---- */

static void put_stay(const Viewing *by, const StoreRows *r, size_t i, const StoreRows *tasks,
                     Value *list)
{
    TimeMs began = row_int(r, i, 2), ended = row_int(r, i, 3);
    Value *o = push_map(by->out, list);
    Str role = {0}, organ = {0}, staff = {0};
    for (size_t k = 0; k < tasks->count; k++)
        if (row_int(tasks, k, 0) == row_int(r, i, 5) && row_int(r, i, 5)) {
            role = row_str(tasks, k, 1);
            organ = row_str(tasks, k, 2);
            staff = row_str(tasks, k, 4);
        }
    set_str(by->out, o, "element", row_str(r, i, 0));
    set_str(by->out, o, "state", row_str(r, i, 1));
    set_bool(by->out, o, "here", ended == 0);
    set_int(by->out, o, "began_at", began);
    set_int(by->out, o, "ended_at", ended);
    set_str(by->out, o, "role", role);
    set_str(by->out, o, "organ", organ);
    set_str(by->out, o, "staff", staff);
    put_took(by->out, o, "took", took(by->app, began, ended ? ended : by->now));
}

static void put_passed(const Viewing *by, const StoreRows *r, Value *model)
{
    Map seen = {0};
    Value *list = set_list(by->out, model, "passed");
    for (size_t i = r->count; i-- > 0;) {
        Str path = row_str(r, i, 4), id;
        while (str_split(&path, '\n', &id))
            if (id.len && map_add(by->out, &seen, id, list))
                push_str(by->out, list, id);
    }
}

/* Of the instance itself: the rows do not keep reasons. */
static void put_incidents(const Viewing *by, const BpmnProcess *p, const FlowInstance *flow,
                          Value *model)
{
    Value *list = set_list(by->out, model, "incidents");
    for (size_t i = 0; flow && i < flow->tokens.len; i++) {
        const FlowToken *t = &flow->tokens.at[i];
        if (t->state != TOKEN_INCIDENT)
            continue;
        Value *o = push_map(by->out, list);
        set_str(by->out, o, "element", p->elements[t->element].id);
        set_str(by->out, o, "reason", t->reason);
    }
}

bool trail_of_case(const Viewing *by, int64_t case_id, const BpmnProcess *process,
                   const FlowInstance *flow, Value *model, Err *err)
{
    StoreParam place = P_STR(by->app->catalogue->place);
    StoreRows r, tasks;
    if (!store_run(by->reader, by->out, SQL_STEPS_OF_CASE, PARAMS(place, P_INT(case_id)), &r,
                   err) ||
        !store_run(by->reader, by->out, SQL_STEPS_TASKS_OF_CASE, PARAMS(place, P_INT(case_id)),
                   &tasks, err))
        return false;
    Value *list = set_list(by->out, model, "stays");
    for (size_t i = r.count; i-- > 0;)
        if (row_str(&r, i, 0).len)
            put_stay(by, &r, i, &tasks, list);
    put_passed(by, &r, model);
    put_incidents(by, process, flow, model);
    return true;
}

/* ---- all cases of an item ---- */

typedef struct {
    int64_t waiting, incidents, through;
    TimeMs oldest;
    Vec(Took) times;
} Figures;

static Figures *figures_of(Arena *a, Map *all, Str element)
{
    Figures *f = map_get(all, element);
    if (!f) {
        f = NEW(a, Figures);
        map_put(a, all, element, f);
    }
    return f;
}

static int by_time(const void *a, const void *b)
{
    const Took *x = a, *y = b;
    if (x->days != y->days)
        return x->days < y->days ? -1 : 1;
    return x->ms < y->ms ? -1 : x->ms > y->ms;
}

/* The nearest rank: the least value that so many of a hundred do not pass. */
static Took percentile(const Figures *f, size_t percent)
{
    size_t rank = (f->times.len * percent + 99) / 100;
    return f->times.at[rank ? rank - 1 : 0];
}

static void put_figures(const Viewing *by, const Map *all, Value *model)
{
    Value *list = set_map(by->out, model, "elements");
    int64_t waiting = 0, incidents = 0;
    for (size_t i = 0; i < all->len; i++) {
        Figures *f = all->at[i].value;
        Value *o = value_map(by->out);
        value_set(by->out, list, all->at[i].key, o);
        waiting += f->waiting;
        incidents += f->incidents;
        set_int(by->out, o, "waiting", f->waiting);
        set_int(by->out, o, "incidents", f->incidents);
        set_int(by->out, o, "oldest_at", f->oldest);
        set_int(by->out, o, "through", f->through);
        set_int(by->out, o, "timed", (int64_t)f->times.len);
        if (f->times.len) {
            qsort(f->times.at, f->times.len, sizeof *f->times.at, by_time);
            put_took(by->out, o, "median", percentile(f, 50));
            put_took(by->out, o, "ninetieth", percentile(f, 90));
        }
    }
    set_int(by->out, model, "waiting", waiting);
    set_int(by->out, model, "incidents", incidents);
}

/* Passed at once, or stayed at: both are through. A stay is told by its row, its element stands in
 * the path of a later one, too. */
static void count_row(const Viewing *by, const StoreRows *r, size_t i, TimeMs from, Map *all)
{
    Str element = row_str(r, i, 0), path = row_str(r, i, 3), id;
    if (element.len && row_int(r, i, 2))
        *VEC_PUSH(by->out, &figures_of(by->out, all, element)->times) =
            took(by->app, row_int(r, i, 1), row_int(r, i, 2));
    while (row_int(r, i, 1) >= from && str_split(&path, '\n', &id))
        if (id.len)
            figures_of(by->out, all, id)->through++;
}

static bool read_waiting(const Viewing *by, Str item, Map *all, Err *err)
{
    StoreRows r;
    if (!store_run(by->reader, by->out, SQL_STEPS_WAITING,
                   PARAMS(P_STR(by->app->catalogue->place), P_STR(item)), &r, err))
        return false;
    for (size_t i = 0; i < r.count; i++) {
        Figures *f = figures_of(by->out, all, row_str(&r, i, 0));
        f->waiting = row_int(&r, i, 1);
        f->incidents = row_int(&r, i, 2);
        f->oldest = row_int(&r, i, 3);
    }
    return true;
}

static TimeMs since(const Viewing *by, int64_t days)
{
    return by->now - days * MS_DAY;
}

bool trail_of_item(const Viewing *by, Str item, int64_t days, Value *model, Err *err)
{
    static const SqlId parts[] = {SQL_STEPS_LEFT_SINCE, SQL_STEPS_CAME_SINCE};
    Map all = {0};
    bool cut = false;
    TimeMs from = since(by, days);
    if (!read_waiting(by, item, &all, err))
        return false;
    for (size_t k = 0; k < COUNT(parts); k++) {
        StoreRows r;
        if (!store_run(by->reader, by->out, parts[k],
                       PARAMS(P_STR(by->app->catalogue->place), P_STR(item), P_INT(from),
                              P_INT(TRAIL_MAX_STAYS)),
                       &r, err))
            return false;
        for (size_t i = 0; i < r.count; i++)
            count_row(by, &r, i, from, &all);
        cut = cut || r.count == TRAIL_MAX_STAYS;
    }
    set_int(by->out, model, "days", days);
    set_bool(by->out, model, "cut", cut);
    put_figures(by, &all, model);
    return true;
}

bool trail_now(const Viewing *by, Str item, Value *model, Err *err)
{
    StoreRows r;
    if (!store_run(by->reader, by->out, SQL_STEPS_ITEMS,
                   PARAMS(P_STR(by->app->catalogue->place), P_STR(item)), &r, err))
        return false;
    set_int(by->out, model, "waiting", r.count ? row_int(&r, 0, 1) : 0);
    set_int(by->out, model, "incidents", r.count ? row_int(&r, 0, 2) : 0);
    return true;
}

bool trail_cases(const Viewing *by, const TrailQuery *q, Value *model, Err *err)
{
    StoreParam place = P_STR(by->app->catalogue->place), limit = P_INT(TRAIL_PAGE + 1),
               from = P_INT(q->page * TRAIL_PAGE);
    StoreRows r;
    bool ok =
        q->days ? store_run(by->reader, by->out, SQL_STEPS_LEFT_AT,
                            PARAMS(place, P_STR(q->item), P_INT(since(by, q->days)),
                                   P_STR(q->element), limit, from),
                            &r, err)
                : store_run(by->reader, by->out, SQL_STEPS_WAITING_AT,
                            PARAMS(place, P_STR(q->item), P_STR(q->element), limit, from), &r, err);
    if (!ok)
        return false;
    Value *list = set_list(by->out, model, "cases");
    for (size_t i = 0; i < r.count && i < TRAIL_PAGE; i++) {
        TimeMs began = row_int(&r, i, 3), ended = row_int(&r, i, 4);
        Value *o = push_map(by->out, list);
        set_str(by->out, o, "no", row_str(&r, i, 0));
        set_str(by->out, o, "case_state", row_str(&r, i, 1));
        set_str(by->out, o, "state", row_str(&r, i, 2));
        set_int(by->out, o, "began_at", began);
        set_int(by->out, o, "ended_at", ended);
        put_took(by->out, o, "took", took(by->app, began, ended ? ended : by->now));
    }
    set_int(by->out, model, "page", q->page);
    set_bool(by->out, model, "more", r.count > TRAIL_PAGE);
    return true;
}
