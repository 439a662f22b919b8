/* SPDX-License-Identifier: Apache-2.0 */
/* Standards as they are shown: the model is language-free, texts stand in both languages. */
#include "services/standard/standard_int.h"

#include "services/certificate/localise.h"
#include "json/json.h"

static StoreParam place_of(const Viewing *by)
{
    return P_STR(by->app->catalogue->place);
}

static bool may_see(const Viewing *by, Err *err)
{
    unsigned roles = ROLE_DESIGNER | ROLE_SUPERVISOR | ROLE_LEADER;
    return (by->viewer->kind == ACTOR_STAFF && (by->viewer->roles & roles)) ||
           FAIL(err, ERR_DENIED, "this needs the role of a designer");
}

static Text scope_name(const Catalogue *c, Str scope)
{
    static const Text all = {{STR_INIT("全部事项"), STR_INIT("All services")}};
    const Bundle *b = catalogue_bundle(c, scope);
    const Item *item = catalogue_item(c, scope);
    if (b)
        return b->whole.name;
    if (item)
        return item->name;
    for (size_t i = 0; i < c->item_count; i++)
        if (c->items[i].main_code.len && str_eq(c->items[i].main_code, scope))
            return c->items[i].main_name;
    if (str_eq(scope, STR("all")))
        return all;
    return (Text){{scope, scope}};
}

static void put_standard(const Viewing *by, Value *row, Str scope, Str title, Str stage,
                         const Value *data)
{
    const Value *release = value_at(data, "release"), *end = value_at(data, "retirement");
    set_str(by->out, row, "title", title);
    set_str(by->out, row, "scope", scope);
    set_text(by->out, row, "scope_name", scope_name(by->app->catalogue, scope));
    set_str(by->out, row, "stage", stage);
    set_int(by->out, row, "open_findings", (int64_t)findings_open(data));
    if (value_at(release, "confirmed_by"))
        set_str(by->out, row, "effective_day", get_str(release, "effective_day"));
    if (value_at(end, "confirmed_by"))
        set_str(by->out, row, "ends_day", get_str(end, "ends_day"));
    bool asked =
        (release && !value_at(release, "confirmed_by")) || (end && !value_at(end, "confirmed_by"));
    set_bool(by->out, row, "waits", asked);
}

static bool put_stages(const Viewing *by, Value *model, int64_t *all, Err *err)
{
    StoreRows r;
    if (!store_run(by->reader, by->out, SQL_STANDARDS_COUNT, PARAMS(place_of(by)), &r, err))
        return false;
    Value *list = set_list(by->out, model, "stages");
    for (size_t i = 0; i < r.count; i++) {
        Value *row = push_map(by->out, list);
        set_str(by->out, row, "stage", row_str(&r, i, 0));
        set_int(by->out, row, "count", row_int(&r, i, 1));
        *all += row_int(&r, i, 1);
    }
    return true;
}

bool standard_list(const Viewing *by, int64_t page, Value *model, Err *err)
{
    StoreRows r;
    int64_t all = 0;
    if (!may_see(by, err) || !put_stages(by, model, &all, err) ||
        !store_run(by->reader, by->out, SQL_STANDARDS_LIST,
                   PARAMS(place_of(by), P_INT(STANDARD_PAGE), P_INT(page * STANDARD_PAGE)), &r,
                   err))
        return false;
    Value *list = set_list(by->out, model, "standards");
    for (size_t i = 0; i < r.count; i++) {
        const Value *data = json_read(by->out, row_str(&r, i, 6), err);
        if (!data)
            return false;
        Value *row = push_map(by->out, list);
        set_str(by->out, row, "id", str_fmt(by->out, "%lld", (long long)row_int(&r, i, 0)));
        put_standard(by, row, row_str(&r, i, 1), row_str(&r, i, 2), row_str(&r, i, 3), data);
        set_int(by->out, row, "changed_at", row_int(&r, i, 5));
    }
    set_int(by->out, model, "count", all);
    set_int(by->out, model, "page", page);
    set_int(by->out, model, "pages", (all + STANDARD_PAGE - 1) / STANDARD_PAGE);
    return true;
}

/* ---- one ---- */

static const char *const shape_names[] = {
    [FIELD_SHAPE_LINE] = "line",     [FIELD_SHAPE_AREA] = "area",
    [FIELD_SHAPE_NUMBER] = "number", [FIELD_SHAPE_DATE] = "date",
    [FIELD_SHAPE_ROLE] = "role",     [FIELD_SHAPE_VERDICT] = "verdict",
    [FIELD_SHAPE_STEP] = "step",     [FIELD_SHAPE_FINDING] = "finding",
};

static void put_acts(const Viewing *by, const Standard *s, Value *model)
{
    Value *list = set_list(by->out, model, "acts");
    Str who = actor_text(by->out, by->viewer);
    bool may = (by->viewer->roles & ROLE_DESIGNER) != 0;
    for (size_t i = 0; may && i < act_count(); i++) {
        const StandardAct *act = act_at(i);
        if (!act_is_open(act, s->stage, s->data, who))
            continue;
        Value *row = push_map(by->out, list);
        set_str(by->out, row, "act", str_z(act->name));
        Value *fields = set_list(by->out, row, "fields");
        for (size_t k = 0; k < act->field_count; k++) {
            Value *f = push_map(by->out, fields);
            set_str(by->out, f, "name", str_z(act->fields[k].name));
            set_str(by->out, f, "shape", str_z(shape_names[act->fields[k].shape]));
            set_bool(by->out, f, "required", act->fields[k].required);
        }
    }
}

static bool put_history(const Viewing *by, int64_t id, Value *model, Err *err)
{
    StoreRows r;
    if (!store_run(by->reader, by->out, SQL_STANDARD_ACTS,
                   PARAMS(place_of(by), P_INT(id), P_INT(STANDARD_ACTS_SHOWN)), &r, err))
        return false;
    Value *list = set_list(by->out, model, "history");
    for (size_t i = 0; i < r.count; i++) {
        Value *row = push_map(by->out, list);
        set_int(by->out, row, "done_at", row_int(&r, i, 0));
        set_str(by->out, row, "by", row_str(&r, i, 1));
        set_str(by->out, row, "act", row_str(&r, i, 2));
        Value *data = json_read(by->out, row_str(&r, i, 3), err);
        if (!data)
            return false;
        set_value(by->out, row, "fields", data);
    }
    return true;
}

/* Items whose version is not the one that was released, and those that are gone. */
static void put_changed(const Viewing *by, const Standard *s, Value *model)
{
    const Catalogue *c = by->app->catalogue;
    const Value *items = value_path(s->data, STR("release.items"));
    Value *list = set_list(by->out, model, "changed");
    for (size_t i = 0; i < value_count(items); i++) {
        const Value *was = value_item(items, i);
        const Item *item = catalogue_item(c, get_str(was, "item"));
        if (item && str_eq(item->hash, get_str(was, "hash")))
            continue;
        Value *row = push_map(by->out, list);
        set_str(by->out, row, "item", get_str(was, "item"));
        set_bool(by->out, row, "gone", !item);
        if (item)
            set_text(by->out, row, "item_name", item->name);
        else
            set_str(by->out, row, "item_name", get_str(was, "item"));
    }
}

/* Minutes of the steps that are left, before and now, and how many were cut or merged. */
static void put_sums(const Viewing *by, const Standard *s, Value *model)
{
    const Value *steps = value_at(s->data, "steps");
    int64_t before = 0, now = 0, fewer = 0, rows = 0;
    for (size_t i = 0; i < value_count(steps); i++) {
        const Value *row = value_item(steps, i);
        if (value_at(row, "dropped"))
            continue;
        bool kept = str_eq(get_str(row, "verdict"), STR("keep"));
        before += get_int(row, "minutes_before", 0);
        now += str_eq(get_str(row, "verdict"), STR("cut")) ? 0 : get_int(row, "minutes", 0);
        fewer += !kept;
        rows++;
    }
    Value *sums = set_map(by->out, model, "sums");
    set_int(by->out, sums, "steps_before", rows);
    set_int(by->out, sums, "steps", rows - fewer);
    set_int(by->out, sums, "minutes_before", before);
    set_int(by->out, sums, "minutes", now);
}

bool standard_view(const Viewing *by, int64_t id, Value *model, Err *err)
{
    StoreRows r;
    Standard s;
    if (!may_see(by, err) ||
        !store_run(by->reader, by->out, SQL_STANDARD_GET, PARAMS(place_of(by), P_INT(id)), &r, err))
        return false;
    if (!r.count)
        return FAIL(err, ERR_NOT_FOUND, "no standard '%lld'", (long long)id);
    if (!standard_of_row(by->out, id, &r, &s, err))
        return false;
    set_str(by->out, model, "id", str_fmt(by->out, "%lld", (long long)id));
    set_int(by->out, model, "version", s.version);
    put_standard(by, model, s.scope, s.title, str_z(stage_names[s.stage]), s.data);
    set_int(by->out, model, "opened_at", s.opened_at);
    set_int(by->out, model, "changed_at", s.changed_at);
    set_value(by->out, model, "data", s.data);
    set_value(by->out, model, "rates", standard_rates(by->out, by->app->catalogue, s.scope));
    put_sums(by, &s, model);
    put_changed(by, &s, model);
    put_acts(by, &s, model);
    return put_history(by, id, model, err);
}
