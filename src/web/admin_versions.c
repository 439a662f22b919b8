/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Versions of items at work, and bringing cases from an old one to today's: elements are mapped,
 * a dry run says what would change, then the cases go over, some in each command. A run that takes
 * longer than an answer may stops between two commands and goes on from there.
 */
#include "web/admin_case.h"

enum { RUN_MS = 8000 };

typedef struct {
    const Item *today;
    ItemVersion old;
    Str from;
    Value *in;      /* of the use case */
    Value *out;     /* what came of it, summed */
    bool asked, ok; /* sent; every command worked */
    Err err;
    Value *problems;
} Move;

HttpNext web_admin_versions(HttpRequest *rq, HttpResponse *rs)
{
    Viewing by = viewing_of(rq);
    Value *raw = value_map(rq->arena);
    Err err = {0};
    if (!operate_versions(&by, raw, &err))
        return web_error(rq, rs, &err);
    Value *m = admin_localised(rq, raw);
    const Value *items = value_at(m, "items");
    for (size_t i = 0; i < value_count(items); i++) {
        Value *item = value_item(items, i);
        const Value *versions = value_at(item, "versions");
        bool any_today = get_str(item, "today").len > 0;
        set_bool(rq->arena, item, "has_versions", value_count(versions) > 0);
        for (size_t k = 0; k < value_count(versions); k++) {
            Value *row = value_item(versions, k);
            bool old = !get_bool(row, "current") && get_bool(row, "readable") && any_today;
            set_bool(rq->arena, row, "may_move", old && admin_may_act(rq));
            set_str(rq->arena, row, "move_url",
                    str_fmt(rq->arena, "/admin/versions/" STR_FMT "?from=" STR_FMT,
                            STR_ARG(get_str(item, "key")), STR_ARG(get_str(row, "hash"))));
            set_str(rq->arena, row, "published_text", get_str(row, "published_time"));
        }
    }
    return web_page(rq, rs, "admin_versions", m);
}

/* ---- one item, from one version ---- */

static bool find(HttpRequest *rq, HttpResponse *rs, Move *mv, Str from, HttpNext *next)
{
    Visit *v = visit_of(rq);
    Err err = {0};
    mv->today = catalogue_item(v->web->app->catalogue, http_param(rq, "item"));
    mv->from = from;
    if (!mv->today || mv->today->bundle ||
        !versions_find(v->reader, v->web->app, mv->today->key, from, &mv->old, &err)) {
        *next = web_status(rq, rs, 404, "admin.error.no-version");
        return false;
    }
    v->page = mv;
    return true;
}

static Value *options_of(const HttpRequest *rq, const BpmnProcess *p, Str chosen)
{
    Value *list = value_list(rq->arena);
    for (size_t k = 0; k < p->element_count; k++) {
        const BpmnElement *e = &p->elements[k];
        Value *o = push_map(rq->arena, list);
        set_str(rq->arena, o, "value", e->id);
        set_str(rq->arena, o, "label",
                str_fmt(rq->arena, STR_FMT " (" STR_FMT ")", STR_ARG(e->name.len ? e->name : e->id),
                        STR_ARG(e->id)));
        set_bool(rq->arena, o, "on", str_eq(e->id, chosen));
    }
    return list;
}

/* Elements where a token may wait; those that the new version lacks come first. */
static void put_rows(const HttpRequest *rq, const Move *mv, Value *m)
{
    const BpmnProcess *was = mv->old.item->process, *is = mv->today->process;
    const Value *typed = value_at(mv->in, "map");
    Value *gone = set_list(rq->arena, m, "gone"), *same = set_list(rq->arena, m, "same");
    for (size_t i = 0; i < was->element_count; i++) {
        const BpmnElement *e = &was->elements[i];
        bool there = bpmn_find(is, e->id) != BPMN_NONE;
        Str chosen = value_text(value_get(typed, e->id));
        Value *row = push_map(rq->arena, there ? same : gone);
        set_str(rq->arena, row, "old", e->id);
        set_str(rq->arena, row, "old_text", e->name.len ? e->name : e->id);
        set_str(rq->arena, row, "kind_text",
                web_text_str(rq, str_fmt(rq->arena, "admin.el.%s", bpmn_kind_name(e->kind))));
        set_str(rq->arena, row, "select_id", str_fmt(rq->arena, "map-%zu", i));
        chosen = chosen.len ? chosen : there ? e->id : STR("");
        set_str(rq->arena, row, "chosen", chosen);
        set_value(rq->arena, row, "options", options_of(rq, is, chosen));
    }
    set_bool(rq->arena, m, "has_gone", value_count(gone) > 0);
    set_bool(rq->arena, m, "has_same", value_count(same) > 0);
}

static void put_result(const HttpRequest *rq, const Move *mv, Value *m)
{
    bool told = mv->asked && mv->ok;
    set_bool(rq->arena, m, "told", told);
    set_bool(rq->arena, m, "is_dry", told && get_bool(mv->out, "dry"));
    if (!told)
        return;
    Value *out = admin_localised(rq, mv->out);
    admin_dry_words(rq, out);
    int64_t done = get_int(out, "moved", 0), left = get_int(out, "left", 0);
    set_value(rq->arena, m, "failed", value_inside(out, "failed"));
    set_value(rq->arena, m, "changes", value_inside(out, "changes"));
    set_int(rq->arena, m, "moved", done);
    set_int(rq->arena, m, "left", left);
    set_str(rq->arena, m, "after", get_str(out, "after"));
    set_bool(rq->arena, m, "any_failed", value_count(value_at(out, "failed")) > 0);
    set_bool(rq->arena, m, "any_changes", value_count(value_at(out, "changes")) > 0);
    set_bool(rq->arena, m, "any_left", left > 0 && !get_bool(out, "dry"));
    set_bool(rq->arena, m, "may_go", get_bool(out, "dry") && done > 0);
    set_bool(rq->arena, m, "more_cases", left > 0);
    set_int(rq->arena, m, "looked_at", done + (int64_t)value_count(value_at(out, "failed")));
}

static void put_problems(const HttpRequest *rq, const Move *mv, Value *m)
{
    for (size_t i = 0; i < value_count(mv->problems); i++) {
        const Value *p = value_item(mv->problems, i);
        web_problem(rq, m, str_fmt(rq->arena, "move-" STR_FMT, STR_ARG(get_str(p, "element"))),
                    admin_problem_text(rq, p));
    }
}

static HttpNext show(HttpRequest *rq, HttpResponse *rs, const Move *mv)
{
    Value *m = value_map(rq->arena);
    Str wrong = STR("");
    for (size_t i = 0; i < value_count(mv->problems); i++)
        if (str_eq(get_str(value_item(mv->problems, i), "element"), STR("reason")))
            wrong = admin_problem_text(rq, value_item(mv->problems, i));
    set_str(rq->arena, m, "item", mv->today->key);
    set_str(rq->arena, m, "item_name", text_in(mv->today->name, visit_of(rq)->lang));
    set_str(rq->arena, m, "from", mv->from);
    set_str(rq->arena, m, "from_short", item_version_short(mv->from));
    set_str(rq->arena, m, "from_label", mv->old.item->version);
    set_str(rq->arena, m, "today_short", item_version_short(mv->today->hash));
    set_str(rq->arena, m, "today_label", mv->today->version);
    set_str(rq->arena, m, "reason", get_str(mv->in, "reason"));
    WebBox reason = {.shape = "area",
                     .id = "move-reason",
                     .name = "reason",
                     .label = "admin.field.reason",
                     .hint = "admin.field.reason.hint",
                     .value = get_str(mv->in, "reason"),
                     .error = wrong,
                     .required = true};
    set_value(rq->arena, m, "reason_field", admin_box(rq, &reason));
    set_bool(rq->arena, m, "can_act", admin_may_act(rq));
    put_rows(rq, mv, m);
    put_result(rq, mv, m);
    put_problems(rq, mv, m);
    set_str(rq->arena, m, "title", web_text_with(rq, "admin.move.title", m));
    if (mv->asked && !mv->ok)
        rs->status = 422;
    return web_page(rq, rs, "admin_move", m);
}

HttpNext web_admin_move(HttpRequest *rq, HttpResponse *rs)
{
    Move *mv = NEW(rq->arena, Move);
    HttpNext next;
    if (!find(rq, rs, mv, http_query(rq, "from"), &next))
        return next;
    return show(rq, rs, mv);
}

/* ---- moving them ---- */

static void add_up(Arena *a, Value *sum, const Value *out)
{
    set_int(a, sum, "moved", get_int(sum, "moved", 0) + get_int(out, "moved", 0));
    set_int(a, sum, "left", get_int(out, "left", 0));
    set_str(a, sum, "after", get_str(out, "after"));
    set_bool(a, sum, "done", get_bool(out, "done"));
    set_bool(a, sum, "dry", get_bool(out, "dry"));
    static const char *const lists[] = {"failed", "changes"};
    for (size_t k = 0; k < COUNT(lists); k++) {
        Value *list = value_inside(sum, lists[k]);
        bool first = !list;
        if (first)
            list = set_list(a, sum, lists[k]);
        const Value *more = value_at(out, lists[k]);
        bool take = k == 0 || !value_count(list);
        for (size_t i = 0; take && i < value_count(more); i++)
            value_push(a, list, value_item(more, i));
    }
}

/* On the pool: one command after the other until all are done, or the answer is due. */
static void run(HttpRequest *rq)
{
    Visit *v = visit_of(rq);
    Move *mv = v->page;
    int64_t end = clock_monotonic_us() + (int64_t)RUN_MS * 1000;
    bool dry = get_bool(mv->in, "dry");
    mv->out = value_map(rq->arena);
    do {
        Op *op = NEW(rq->arena, Op);
        op_init(op, rq->arena, v->web->app, &v->actor);
        op_ask(op, "operate.migrate_some", process_migrate_some, mv->in, STR(""));
        mv->ok = op_run(op, &mv->err);
        if (!mv->ok) {
            mv->problems = value_inside(op->out, "problems");
            return;
        }
        add_up(rq->arena, mv->out, op->out);
        set_str(rq->arena, mv->in, "after", get_str(op->out, "after"));
    } while (!dry && !get_bool(mv->out, "done") && clock_monotonic_us() < end);
}

static HttpNext moved(HttpRequest *rq, HttpResponse *rs)
{
    Move *mv = visit_of(rq)->page;
    if (mv->problems)
        mv->problems = admin_localised(rq, mv->problems);
    if (!mv->ok && !mv->problems)
        return web_error(rq, rs, &mv->err);
    if (!mv->ok && http_wants_json(rq)) {
        Value *p = value_map(rq->arena);
        set_int(rq->arena, p, "status", 422);
        set_value(rq->arena, p, "problems", mv->problems);
        return web_json(rq, rs, 422, p);
    }
    if (http_wants_json(rq))
        return web_json(rq, rs, 200, admin_localised(rq, mv->out));
    return show(rq, rs, mv);
}

HttpNext web_admin_move_post(HttpRequest *rq, HttpResponse *rs)
{
    Move *mv = NEW(rq->arena, Move);
    HttpNext next;
    Value *form;
    Err err = {0};
    if (!web_input(rq, &form, &err))
        return web_error(rq, rs, &err);
    if (!find(rq, rs, mv, staff_line(form, "from"), &next))
        return next;
    mv->in = value_map(rq->arena);
    set_str(rq->arena, mv->in, "item", mv->today->key);
    set_str(rq->arena, mv->in, "from", mv->from);
    set_str(rq->arena, mv->in, "reason", staff_line(form, "reason"));
    set_str(rq->arena, mv->in, "after", staff_line(form, "after"));
    bool dry = get_bool(form, "dry") || str_eq(staff_line(form, "dry"), STR("true"));
    set_bool(rq->arena, mv->in, "dry", dry);
    set_value(rq->arena, mv->in, "map", admin_read_map(rq, form));
    mv->asked = true;
    return web_job(rq, rs, run, moved);
}
