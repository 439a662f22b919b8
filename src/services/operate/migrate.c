/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cases go on by another version of their item: one, or all that wait at an old version, some in
 * each command. Which are left is in the rows themselves, so that a run may stop anywhere and go on:
 * a case that was moved has the new version, one that does not fit is passed over and told.
 */
#include "services/operate/operate_int.h"

#include "services/certificate/localise.h"

enum { MAP_MAX = 500, FAILED_MAX = 50, CHANGES_MAX = 200 };

/* {old: new}; pairs without a new element (left as they are in the form) are left out. */
static bool read_map(Act *a, Value **map)
{
    const Value *given = value_at(a->in, "map");
    *map = value_map(a->tx->arena);
    if (given && (!value_is(given, VALUE_MAP) || value_count(given) > MAP_MAX))
        return act_problem(a, "map", "operate.bad-map", STR(""), ERR_INPUT);
    for (uint32_t i = 0; given && i < value_count(given); i++) {
        const ValueMember *m = &given->map.members[i];
        if (value_text(m->value).len && !str_eq(value_text(m->value), m->key))
            value_set(a->tx->arena, *map, m->key, value_str(a->tx->arena, value_text(m->value)));
    }
    return true;
}

static bool find_target(Act *a, Str item, Str hash, ItemVersion *to)
{
    const App *app = tx_app(a->tx);
    const Item *today = catalogue_item(app->catalogue, item);
    Err why = {0};
    if (!hash.len && !today)
        return act_problem(a, "to", "operate.no-version", STR(""), ERR_CONFLICT);
    if (versions_find(a->tx->conn, app, item, hash.len ? hash : today->hash, to, &why))
        return true;
    return act_problem(a, "to", "operate.no-version", str_dup(a->tx->arena, str_z(why.msg)),
                       ERR_CONFLICT);
}

static void note_versions(Act *a, const ItemVersion *to, const Value *map)
{
    set_str(a->tx->arena, a->data, "from", item_version_short(a->cf.item_version));
    set_str(a->tx->arena, a->data, "to", item_version_short(to->hash));
    set_value(a->tx->arena, a->data, "map", value_copy(a->tx->arena, map));
}

/* The pure half; why says what does not fit. */
static bool try_one(Act *a, const ItemVersion *to, const Value *map, FlowResult *r, Value *changes,
                    Err *why)
{
    if (str_eq(a->cf.item_version, to->hash))
        return FAIL(why, ERR_CONFLICT, "the case is of this version already");
    return casework_try_migrate(a->tx, &a->cf, to, map, r, changes, why);
}

static bool do_one(Act *a, const ItemVersion *to, const Value *map, const FlowResult *r)
{
    note_versions(a, to, map);
    return casework_note(a->tx, &a->cf, STR("flow_migrate"), a->actor, a->data, a->err) &&
           casework_migrate(a->tx, &a->cf, to, r, a->err);
}

/* Names beside the ids, old and new. */
static void put_names(Act *a, const ItemVersion *to, Value *changes)
{
    ASSERT(a->cf.item && to->item);
    const BpmnProcess *was = a->cf.item->process, *is = to->item->process;
    for (size_t i = 0; i < value_count(changes); i++) {
        Value *row = value_item(changes, i);
        uint16_t old = bpmn_find(was, get_str(row, "element"));
        uint16_t now = bpmn_find(is, get_str(row, "becomes"));
        set_str(a->tx->arena, row, "name", old == BPMN_NONE ? STR("") : was->elements[old].name);
        set_str(a->tx->arena, row, "becomes_name",
                now == BPMN_NONE ? STR("") : is->elements[now].name);
    }
}

bool process_migrate(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    Act a = {.tx = tx, .actor = actor, .in = in, .out = out, .err = err};
    Value *map;
    ItemVersion to = {0};
    FlowResult r;
    Err why = {0};
    if (!act_begin(&a) || !read_map(&a, &map) ||
        !find_target(&a, a.cf.item->key, get_str(in, "to"), &to))
        return false;
    Value *changes = value_list(tx->arena);
    if (!try_one(&a, &to, map, &r, changes, &why))
        return act_problem(&a, "map", "operate.does-not-fit", str_dup(tx->arena, str_z(why.msg)),
                           ERR_CONFLICT);
    put_names(&a, &to, changes);
    set_value(tx->arena, out, "changes", changes);
    set_int(tx->arena, out, "version", a.cf.version);
    set_bool(tx->arena, out, "dry", get_bool(in, "dry"));
    return get_bool(in, "dry") || (do_one(&a, &to, map, &r) && act_end(&a));
}

/* ---- many ---- */

typedef struct {
    const ItemVersion *to;
    const Value *map;
    bool dry;
    int64_t moved;
    Value *failed, *changes;
} Batch;

static void tell_failed(Act *a, Batch *b, Str no, const Err *why)
{
    Arena *out = a->tx->arena;
    if (value_count(b->failed) >= FAILED_MAX)
        return;
    Value *row = push_map(out, b->failed);
    Str text = str_dup(out, str_z(why->msg));
    set_str(out, row, "no", no);
    set_text(out, row, "why", (Text){{incident_reason_in(out, text, LANG_ZH), text}});
}

/* What changes in the same way in many cases is told once, with their number. */
static void add_changes(Act *a, Batch *b, const Value *changes)
{
    for (size_t i = 0; i < value_count(changes); i++) {
        Value *row = value_item(changes, i), *same = NULL;
        for (size_t k = 0; !same && k < value_count(b->changes); k++) {
            Value *old = value_item(b->changes, k);
            bool eq = str_eq(get_str(old, "what"), get_str(row, "what")) &&
                      str_eq(get_str(old, "element"), get_str(row, "element")) &&
                      str_eq(get_str(old, "becomes"), get_str(row, "becomes"));
            same = eq ? old : NULL;
        }
        if (!same && value_count(b->changes) < CHANGES_MAX)
            value_push(a->tx->arena, b->changes, same = row);
        if (same)
            set_int(a->tx->arena, same, "cases", get_int(same, "cases", 0) + 1);
    }
}

/* False only when the store fails: then nothing of the command is kept. */
static bool one_of_batch(Act *a, Batch *b, int64_t id, Str no)
{
    FlowResult r;
    Err why = {0};
    Value *changes = value_list(a->tx->arena);
    if (!casework_take(a->tx, id, &a->cf, &why) || !try_one(a, b->to, b->map, &r, changes, &why)) {
        tell_failed(a, b, no, &why);
        return true;
    }
    put_names(a, b->to, changes);
    add_changes(a, b, changes);
    b->moved++;
    a->cf.operated_by = a->actor->name;
    return b->dry || (do_one(a, b->to, b->map, &r) && casework_save(a->tx, &a->cf, a->err));
}

static int64_t batch_size(const Value *in)
{
    int64_t n = get_int(in, "limit", OPERATE_BATCH);
    return n > 0 && n < OPERATE_BATCH ? n : OPERATE_BATCH;
}

static bool run_batch(Act *a, Batch *b, Str item, Str from)
{
    StoreRows rows, left;
    int64_t after = get_int(a->in, "after", 0), limit = batch_size(a->in);
    Arena *out = a->tx->arena;
    if (!tx_run(a->tx, SQL_CASES_OF_VERSION,
                PARAMS(P_STR(a->tx->place), P_STR(item), P_STR(from), P_INT(after), P_INT(limit)),
                &rows, a->err))
        return false;
    for (size_t i = 0; i < rows.count; i++) {
        after = row_int(&rows, i, 0);
        if (!one_of_batch(a, b, after, row_str(&rows, i, 1)))
            return false;
    }
    if (!tx_run(a->tx, SQL_CASES_OF_VERSION_COUNT,
                PARAMS(P_STR(a->tx->place), P_STR(item), P_STR(from), P_INT(after)), &left, a->err))
        return false;
    set_int(out, a->out, "moved", b->moved);
    set_int(out, a->out, "left", row_int(&left, 0, 0));
    set_str(out, a->out, "after", str_fmt(out, "%lld", (long long)after));
    set_bool(out, a->out, "done", row_int(&left, 0, 0) == 0);
    set_bool(out, a->out, "dry", b->dry);
    return true;
}

bool process_migrate_some(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    Act a = {.tx = tx, .actor = actor, .in = in, .out = out, .err = err};
    Str item = get_str(in, "item"), from = get_str(in, "from");
    Value *map;
    ItemVersion to = {0};
    if (!act_operator(actor, err) || !act_reason(&a) || !read_map(&a, &map) ||
        !find_target(&a, item, get_str(in, "to"), &to))
        return false;
    if (str_eq(from, to.hash))
        return act_problem(&a, "to", "operate.same-version", STR(""), ERR_INPUT);
    Batch b = {.to = &to,
               .map = map,
               .dry = get_bool(in, "dry"),
               .failed = set_list(tx->arena, out, "failed"),
               .changes = set_list(tx->arena, out, "changes")};
    return run_batch(&a, &b, item, from);
}

/* ---- what is at work ---- */

static Value *item_row(const Viewing *by, Value *items, Str key)
{
    for (size_t i = 0; i < value_count(items); i++)
        if (str_eq(get_str(value_item(items, i), "key"), key))
            return value_item(items, i);
    const Item *today = catalogue_item(by->app->catalogue, key);
    Value *row = push_map(by->out, items);
    set_str(by->out, row, "key", key);
    if (today)
        set_text(by->out, row, "name", today->name);
    else
        set_str(by->out, row, "name", key);
    set_str(by->out, row, "today", today ? today->hash : STR(""));
    set_str(by->out, row, "today_version", today ? today->version : STR(""));
    set_list(by->out, row, "versions");
    return row;
}

/* 0 when it is not known. */
static TimeMs published_at(const Viewing *by, Str item, Str hash)
{
    StoreRows r;
    Err err = {0};
    bool found =
        store_run(by->reader, by->out, SQL_ITEM_VERSION_HAS,
                  PARAMS(P_STR(by->app->catalogue->place), P_STR(item), P_STR(hash)), &r, &err);
    return found && r.count ? row_int(&r, 0, 0) : 0;
}

static void put_version(const Viewing *by, Value *item, Str hash, int64_t running)
{
    ItemVersion v;
    Err why = {0};
    bool current = str_eq(hash, get_str(item, "today"));
    bool readable = versions_find(by->reader, by->app, get_str(item, "key"), hash, &v, &why);
    Value *row = push_map(by->out, value_inside(item, "versions"));
    set_str(by->out, row, "hash", hash);
    set_str(by->out, row, "short", item_version_short(hash));
    set_str(by->out, row, "label", readable ? v.item->version : STR(""));
    set_int(by->out, row, "running", running);
    set_bool(by->out, row, "current", current);
    set_bool(by->out, row, "readable", readable);
    set_int(by->out, row, "published_at", published_at(by, get_str(item, "key"), hash));
    set_str(by->out, row, "why", readable ? STR("") : str_dup(by->out, str_z(why.msg)));
}

bool operate_versions(const Viewing *by, Value *model, Err *err)
{
    StoreRows r;
    if (!store_run(by->reader, by->out, SQL_CASES_BY_VERSION,
                   PARAMS(P_STR(by->app->catalogue->place)), &r, err))
        return false;
    Value *items = set_list(by->out, model, "items");
    int64_t old = 0;
    for (size_t i = 0; i < by->app->catalogue->item_count; i++)
        (void)item_row(by, items, by->app->catalogue->items[i].key);
    for (size_t i = 0; i < r.count; i++) {
        Value *item = item_row(by, items, row_str(&r, i, 0));
        put_version(by, item, row_str(&r, i, 1), row_int(&r, i, 2));
        if (!str_eq(row_str(&r, i, 1), get_str(item, "today")))
            old += row_int(&r, i, 2);
    }
    set_int(by->out, model, "old_running", old);
    return true;
}
