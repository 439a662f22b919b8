/* SPDX-License-Identifier: Apache-2.0 */
/* The forms by which operators act, and words for what a dry run tells. */
#include "web/admin_case.h"

enum { ID_MAX = 80 };

static bool sent(const AdminVisit *av, const char *form)
{
    return av->act && str_eq(av->form, str_z(form));
}

Str admin_problem_text(const HttpRequest *rq, const Value *problem)
{
    const char *key = str_cstr(rq->arena, get_str(problem, "key"));
    if (strcmp(key, "error.too-long") == 0) {
        Value *with = value_map(rq->arena);
        set_int(rq->arena, with, "arg", OPERATE_REASON_MAX / 3);
        return web_text_with(rq, key, with);
    }
    Value *with = value_map(rq->arena);
    set_str(rq->arena, with, "detail", get_str(problem, "detail"));
    return web_text_with(rq, key, with);
}

Str admin_wrong(const HttpRequest *rq, const AdminVisit *av, const char *form, const char *element)
{
    for (size_t i = 0; sent(av, form) && i < value_count(av->problems); i++)
        if (str_eq(get_str(value_item(av->problems, i), "element"), str_z(element)))
            return admin_problem_text(rq, value_item(av->problems, i));
    return STR("");
}

Str admin_typed(const AdminVisit *av, const char *form, const char *name)
{
    return sent(av, form) ? get_str(av->typed, name) : STR("");
}

static Str id_of(const HttpRequest *rq, const char *form, const char *name)
{
    return str_fmt(rq->arena, "%s-%s", form, name);
}

static void put_field(const HttpRequest *rq, const AdminVisit *av, Value *f, const char *form,
                      const char *shape, const char *name, const char *hint)
{
    const char *label = str_cstr(rq->arena, str_fmt(rq->arena, "admin.field.%s", name));
    Str key = str_fmt(rq->arena, "%s_field", name);
    WebBox box = {.shape = shape,
                  .id = str_cstr(rq->arena, id_of(rq, form, name)),
                  .name = name,
                  .label = label,
                  .hint = hint,
                  .value = admin_typed(av, form, name),
                  .error = admin_wrong(rq, av, form, name),
                  .required = true};
    set_value(rq->arena, f, str_cstr(rq->arena, key), admin_box(rq, &box));
}

/* What every form has: its name, whether it is open, the reason. */
static Value *form_named(const HttpRequest *rq, const AdminVisit *av, Value *parent,
                         const char *key, const char *form)
{
    Value *f = set_map(rq->arena, parent, key);
    set_str(rq->arena, f, "form", str_z(form));
    set_bool(rq->arena, f, "is_open", sent(av, form));
    set_str(rq->arena, f, "form_key", web_key(rq));
    put_field(rq, av, f, form, "area", "reason", "admin.field.reason.hint");
    return f;
}

static void put_confirm(const HttpRequest *rq, const AdminVisit *av, Value *f, const char *form)
{
    WebBox box = {.shape = "choice",
                  .id = str_cstr(rq->arena, id_of(rq, form, "confirm")),
                  .name = "confirm",
                  .label = "admin.field.confirm",
                  .error = admin_wrong(rq, av, form, "confirm"),
                  .required = true,
                  .multiple = true};
    Value *b = web_box(rq, &box);
    web_box_option(rq, b, STR("true"), web_text(rq, "admin.field.confirm.text"), STR(""));
    set_value(rq->arena, f, "confirm_field", b);
}

static Str target_label(const HttpRequest *rq, const Value *t)
{
    Str name = get_str(t, "name").len ? get_str(t, "name") : get_str(t, "id");
    Str kind =
        web_text_str(rq, str_fmt(rq->arena, "admin.el." STR_FMT, STR_ARG(get_str(t, "kind"))));
    return str_fmt(rq->arena, STR_FMT " · " STR_FMT " (" STR_FMT ")", STR_ARG(name), STR_ARG(kind),
                   STR_ARG(get_str(t, "id")));
}

static void put_move(const HttpRequest *rq, const AdminVisit *av, Value *parent, Str token)
{
    const char *form =
        str_cstr(rq->arena, str_fmt(rq->arena, "move%s" STR_FMT, "-", STR_ARG(token)));
    int64_t id = 0;
    Value *f = form_named(rq, av, parent, "move_form", form);
    put_field(rq, av, f, form, "pick", "to", NULL);
    Value *pick = value_inside(f, "to_field"), *targets = value_list(rq->arena);
    if (str_int(token, &id))
        operate_targets(rq->arena, &av->cf, id, targets);
    for (size_t i = 0; i < value_count(targets); i++)
        web_box_option(rq, pick, get_str(value_item(targets, i), "id"),
                       target_label(rq, value_item(targets, i)), STR(""));
    set_str(rq->arena, f, "token", token);
    bool checked = sent(av, form) && av->dry;
    set_bool(rq->arena, f, "checked", checked);
    set_str(rq->arena, f, "to", admin_typed(av, form, "to"));
    set_str(rq->arena, f, "reason", admin_typed(av, form, "reason"));
}

/* The token that stands at the incident; empty when it has moved on. */
static Str token_of_incident(const AdminVisit *av, const Value *m)
{
    Str key = get_str(av->incident_model, "key");
    for (size_t i = 0; i < value_count(value_at(m, "tokens")); i++) {
        const Value *t = value_item(value_at(m, "tokens"), i);
        if (str_eq(get_str(t, "state"), STR("incident")) && str_eq(get_str(t, "key"), key))
            return get_str(t, "id");
    }
    return STR("");
}

static void put_incident_forms(const HttpRequest *rq, const AdminVisit *av, Value *m)
{
    Str token = token_of_incident(av, m);
    set_bool(rq->arena, m, "can_act", get_bool(m, "can_act") && token.len);
    (void)form_named(rq, av, m, "retry_form", "retry");
    Value *f = form_named(rq, av, m, "mend_form", "mend");
    put_field(rq, av, f, "mend", "line", "name", "admin.field.name.hint");
    put_field(rq, av, f, "mend", "line", "value", "admin.field.value.hint");
    (void)form_named(rq, av, m, "resolve_form", "resolve");
    put_confirm(rq, av, form_named(rq, av, m, "cancel_form", "cancel"), "cancel");
    put_move(rq, av, m, token);
}

static void put_case_forms(const HttpRequest *rq, const AdminVisit *av, Value *m)
{
    Value *f = form_named(rq, av, m, "set_form", "set");
    put_field(rq, av, f, "set", "line", "name", "admin.field.name.hint");
    put_field(rq, av, f, "set", "line", "value", "admin.field.value.hint");
    put_field(rq, av, f, "set", "pick", "scope", NULL);
    Value *pick = value_inside(f, "scope_field");
    for (size_t i = 0; i < value_count(value_at(m, "scopes")); i++) {
        const Value *s = value_item(value_at(m, "scopes"), i);
        web_box_option(rq, pick, get_str(s, "scope"), get_str(s, "scope_text"), STR(""));
    }
    set_bool(rq->arena, f, "many_scopes", value_count(value_at(m, "scopes")) > 1);
    put_confirm(rq, av, form_named(rq, av, m, "cancel_form", "cancel"), "cancel");
    for (size_t i = 0; i < value_count(value_at(m, "tokens")); i++) {
        Value *t = value_item(value_at(m, "tokens"), i);
        put_move(rq, av, t, get_str(t, "id"));
        set_bool(rq->arena, t, "can_move", get_bool(m, "can_act") && get_bool(t, "may_move"));
    }
}

/* An older version: what the case's own elements become, by the same id where nothing is chosen. */
static void put_migration(const HttpRequest *rq, const AdminVisit *av, Value *m)
{
    const App *app = visit_of(rq)->web->app;
    const Item *today = casework_item_today(app, &av->cf);
    bool old = today && !casework_is_of_today(app, &av->cf);
    set_bool(rq->arena, m, "is_old_version", old && get_bool(m, "can_act"));
    Value *f = form_named(rq, av, m, "migrate_form", "migrate");
    set_str(rq->arena, f, "today_version", today ? today->version : STR(""));
    set_bool(rq->arena, f, "checked", sent(av, "migrate") && av->dry);
    set_str(rq->arena, f, "reason", admin_typed(av, "migrate", "reason"));
    Value *rows = set_list(rq->arena, f, "rows");
    const Value *typed = sent(av, "migrate") ? value_at(av->typed, "map") : NULL;
    for (size_t i = 0; old && i < value_count(value_at(m, "tokens")); i++) {
        const Value *t = value_item(value_at(m, "tokens"), i);
        Str id = get_str(t, "element"), chosen = value_text(value_get(typed, id));
        bool same = bpmn_find(today->process, id) != BPMN_NONE;
        Value *row = push_map(rq->arena, rows);
        set_str(rq->arena, row, "old", id);
        set_str(rq->arena, row, "old_text", get_str(t, "element_text"));
        set_str(rq->arena, row, "chosen", chosen.len ? chosen : same ? id : STR(""));
        set_str(rq->arena, row, "select_id", str_fmt(rq->arena, "map-%zu", i));
        Value *options = set_list(rq->arena, row, "options");
        for (size_t k = 0; k < today->process->element_count; k++) {
            const BpmnElement *e = &today->process->elements[k];
            Value *o = push_map(rq->arena, options);
            set_str(rq->arena, o, "value", e->id);
            set_str(rq->arena, o, "label",
                    str_fmt(rq->arena, STR_FMT " (" STR_FMT ")",
                            STR_ARG(e->name.len ? e->name : e->id), STR_ARG(e->id)));
            set_bool(rq->arena, o, "on", str_eq(e->id, get_str(row, "chosen")));
        }
    }
}

void admin_forms(const HttpRequest *rq, const AdminVisit *av, Value *m)
{
    Value *f = set_map(rq->arena, m, "open_form");
    put_field(rq, av, f, "open", "line", "purpose", "admin.field.purpose.hint");
    set_str(rq->arena, f, "form_key", web_key(rq));
    set_bool(rq->arena, f, "is_open", sent(av, "open"));
    set_bool(rq->arena, m, "to_open", get_bool(m, "any_hidden") && !av->opened);
    set_bool(rq->arena, m, "of_incident", av->incident > 0);
    set_str(rq->arena, m, "incident_id",
            av->incident ? str_fmt(rq->arena, "%lld", (long long)av->incident) : STR(""));
    if (av->incident) {
        put_incident_forms(rq, av, m);
        set_bool(rq->arena, m, "is_old_version", false);
        return;
    }
    put_case_forms(rq, av, m);
    put_migration(rq, av, m);
}

/* ---- words of a dry run ---- */

void admin_dry_words(const HttpRequest *rq, Value *out)
{
    const Value *effects = value_at(out, "effects"), *changes = value_at(out, "changes");
    for (size_t i = 0; i < value_count(effects); i++) {
        Value *row = value_item(effects, i);
        Str kind = str_replace(rq->arena, get_str(row, "effect"), STR(" "), STR("-"));
        set_str(rq->arena, row, "effect_text",
                web_text_str(rq, str_fmt(rq->arena, "admin.fx." STR_FMT, STR_ARG(kind))));
        admin_element_words(rq, row);
        set_str(rq->arena, row, "due_text", get_str(row, "due_time"));
    }
    for (size_t i = 0; i < value_count(changes); i++) {
        Value *row = value_item(changes, i);
        set_str(rq->arena, row, "what_text",
                web_text_str(
                    rq, str_fmt(rq->arena, "admin.what." STR_FMT, STR_ARG(get_str(row, "what")))));
        set_str(rq->arena, row, "change_text",
                web_text_str(rq, str_fmt(rq->arena, "admin.change." STR_FMT,
                                         STR_ARG(get_str(row, "change")))));
        admin_element_words(rq, row);
        Str now = get_str(row, "becomes_name");
        set_str(rq->arena, row, "becomes_text", now.len ? now : get_str(row, "becomes"));
        set_bool(rq->arena, row, "many", get_int(row, "cases", 0) > 0);
        set_bool(rq->arena, row, "kept", str_eq(get_str(row, "change"), STR("kept")));
    }
}
