/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A case as operators see it: where its process stands, what it waits for, what it knows; and what
 * may be done. The page of an incident is the same case, told from where it stands still.
 *
 * Like the desk's, both write who looked before anything is shown. An act that was not accepted, a
 * dry run, and the opening of what is hidden show the page again.
 */
#include "web/admin_case.h"

static HttpNext show(HttpRequest *rq, HttpResponse *rs);

/* ---- opening ---- */

static bool load(HttpRequest *rq, HttpResponse *rs, AdminVisit *av, int64_t id, HttpNext *next)
{
    Visit *v = visit_of(rq);
    Err err = {0};
    if (casework_load(v->reader, rq->arena, v->web->app, id, &av->cf, &err)) {
        v->page = av;
        return true;
    }
    *next = err.code == ERR_NOT_FOUND ? web_status(rq, rs, 404, "desk.error.no-case")
                                      : web_error(rq, rs, &err);
    return false;
}

static bool open_incident(HttpRequest *rq, HttpResponse *rs, AdminVisit *av, Str text,
                          HttpNext *next)
{
    Viewing by = viewing_of(rq);
    Value *raw = value_map(rq->arena);
    int64_t case_id = 0;
    Err err = {0};
    if (!str_int(text, &av->incident) || av->incident <= 0 ||
        !operate_incident(&by, av->incident, raw, &case_id, &err)) {
        *next = err.code == ERR_NOT_FOUND || err.code == ERR_NONE
                    ? web_status(rq, rs, 404, "admin.error.no-incident")
                    : web_error(rq, rs, &err);
        return false;
    }
    av->incident_model = admin_localised(rq, raw);
    return load(rq, rs, av, case_id, next);
}

static bool open_case(HttpRequest *rq, HttpResponse *rs, AdminVisit *av, HttpNext *next)
{
    Visit *v = visit_of(rq);
    int64_t id = 0;
    Err err = {0};
    if (!casework_id(v->reader, rq->arena, v->web->app, http_param(rq, "no"), &id, &err)) {
        *next = err.code == ERR_NOT_FOUND ? web_status(rq, rs, 404, "desk.error.no-case")
                                          : web_error(rq, rs, &err);
        return false;
    }
    return load(rq, rs, av, id, next);
}

static HttpNext looked(HttpRequest *rq, HttpResponse *rs)
{
    HttpNext next;
    return web_command_ok(rq, rs, &next) ? show(rq, rs) : next;
}

static HttpNext look(HttpRequest *rq, HttpResponse *rs)
{
    const AdminVisit *av = visit_of(rq)->page;
    Value *in = value_map(rq->arena);
    set_str(rq->arena, in, "case", str_fmt(rq->arena, "%lld", (long long)av->cf.id));
    return web_command_each_time(rq, rs, "operate.look", process_look, in, looked);
}

HttpNext web_admin_case(HttpRequest *rq, HttpResponse *rs)
{
    AdminVisit *av = NEW(rq->arena, AdminVisit);
    HttpNext next;
    return open_case(rq, rs, av, &next) ? look(rq, rs) : next;
}

HttpNext web_admin_incident(HttpRequest *rq, HttpResponse *rs)
{
    AdminVisit *av = NEW(rq->arena, AdminVisit);
    HttpNext next;
    return open_incident(rq, rs, av, http_param(rq, "id"), &next) ? look(rq, rs) : next;
}

/* ---- showing ---- */

static void put_done(const HttpRequest *rq, Value *m)
{
    const Visit *v = visit_of(rq);
    bool again = http_query(rq, "again").len > 0;
    Str key = str_fmt(rq->arena, "admin.done." STR_FMT, STR_ARG(http_query(rq, "done")));
    bool said = http_query(rq, "done").len && value_get(v->web->texts[v->lang], key);
    set_str(rq->arena, m, "done_text", said ? web_text_str(rq, key) : STR(""));
    set_bool(rq->arena, m, "again", said && again);
}

static void put_problems(const HttpRequest *rq, const AdminVisit *av, Value *m)
{
    Str conflict = av->conflict ? web_text(rq, "admin.conflict") : STR("");
    for (size_t i = 0; i < value_count(av->problems); i++) {
        const Value *p = value_item(av->problems, i);
        Str element = get_str(p, "element"), text = admin_problem_text(rq, p);
        if (str_eq(element, STR("version"))) {
            conflict = text;
            continue;
        }
        web_problem(rq, m,
                    str_fmt(rq->arena, STR_FMT "-" STR_FMT, STR_ARG(av->form), STR_ARG(element)),
                    text);
    }
    set_str(rq->arena, m, "conflict_text", conflict);
}

static void put_words(const HttpRequest *rq, Value *m)
{
    const char *const lists[] = {"tokens", "waits"};
    for (size_t k = 0; k < COUNT(lists); k++)
        for (size_t i = 0; i < value_count(value_at(m, lists[k])); i++) {
            Value *row = value_item(value_at(m, lists[k]), i);
            Str kind = get_str(row, "kind"), state = get_str(row, "state"),
                waits = get_str(row, "for");
            admin_element_words(rq, row);
            set_str(rq->arena, row, "kind_text",
                    web_text_str(rq, str_fmt(rq->arena, "admin.el." STR_FMT, STR_ARG(kind))));
            if (state.len)
                set_str(
                    rq->arena, row, "state_text",
                    web_text_str(rq, str_fmt(rq->arena, "admin.token." STR_FMT, STR_ARG(state))));
            if (waits.len)
                set_str(rq->arena, row, "for_text",
                        web_text_str(rq, str_fmt(rq->arena, "admin.for." STR_FMT, STR_ARG(waits))));
            set_bool(rq->arena, row, "stands", str_eq(state, STR("incident")));
            set_str(rq->arena, row, "due_text", get_str(row, "due_time"));
        }
    for (size_t i = 0; i < value_count(value_at(m, "incidents")); i++)
        admin_incident_words(rq, value_item(value_at(m, "incidents"), i));
}

static void put_rows(const HttpRequest *rq, Value *m)
{
    for (size_t i = 0; i < value_count(value_at(m, "jobs")); i++) {
        Value *row = value_item(value_at(m, "jobs"), i);
        bool failed = str_eq(get_str(row, "state"), STR("failed"));
        set_str(rq->arena, row, "job_state",
                web_text_str(
                    rq, str_fmt(rq->arena, "admin.job." STR_FMT, STR_ARG(get_str(row, "state")))));
        set_bool(rq->arena, row, "failed", failed);
        set_bool(rq->arena, row, "tried", get_int(row, "attempts", 0) > 0);
    }
    for (size_t i = 0; i < value_count(value_at(m, "timers")); i++) {
        Value *row = value_item(value_at(m, "timers"), i);
        bool law = str_eq(get_str(row, "of"), STR("law"));
        Str key = str_fmt(rq->arena, "limit.name." STR_FMT, STR_ARG(get_str(row, "key")));
        const Visit *v = visit_of(rq);
        bool named = law && value_get(v->web->texts[v->lang], key);
        set_str(rq->arena, row, "timer_name",
                named ? web_text_str(rq, key)
                      : web_text(rq, law ? "admin.timer.law" : "admin.timer.flow"));
        set_bool(rq->arena, row, "tried", get_int(row, "attempts", 0) > 0);
    }
    static const char *const lists[] = {"tokens", "waits", "jobs", "timers", "incidents"};
    for (size_t k = 0; k < COUNT(lists); k++)
        set_bool(rq->arena, m, str_cstr(rq->arena, str_fmt(rq->arena, "has_%s", lists[k])),
                 value_count(value_at(m, lists[k])) > 0);
}

static void put_variables(const HttpRequest *rq, Value *m)
{
    const Value *scopes = value_at(m, "scopes");
    for (size_t i = 0; i < value_count(scopes); i++) {
        Value *row = value_item(scopes, i);
        set_bool(rq->arena, row, "has_variables", value_count(value_at(row, "variables")) > 0);
        set_str(rq->arena, row, "scope_text",
                get_bool(row, "whole") ? web_text(rq, "admin.scope.whole") : get_str(row, "name"));
    }
}

static void put_dry(const HttpRequest *rq, const AdminVisit *av, Value *m)
{
    set_bool(rq->arena, m, "is_dry", av->dry != NULL);
    if (!av->dry)
        return;
    Value *dry = set_map(rq->arena, m, "dry");
    Value *effects = set_list(rq->arena, dry, "effects"),
          *changes = set_list(rq->arena, dry, "changes");
    const Value *told = value_at(av->dry, "effects");
    for (size_t i = 0; i < value_count(told); i++)
        value_push(rq->arena, effects, value_item(told, i));
    told = value_at(av->dry, "changes");
    for (size_t i = 0; i < value_count(told); i++)
        value_push(rq->arena, changes, value_item(told, i));
    set_bool(rq->arena, dry, "has_effects", value_count(effects) > 0);
    set_bool(rq->arena, dry, "has_changes", value_count(changes) > 0);
    set_bool(rq->arena, dry, "of_move", av->act && strcmp(av->act->key, "move") == 0);
    set_bool(rq->arena, dry, "of_migrate", av->act && strcmp(av->act->key, "migrate") == 0);
}

static HttpNext show(HttpRequest *rq, HttpResponse *rs)
{
    AdminVisit *av = visit_of(rq)->page;
    Viewing by = viewing_of(rq);
    Value *raw = value_map(rq->arena);
    Err err = {0};
    if (!operate_case(&by, &av->cf, av->opened, raw, &err))
        return web_error(rq, rs, &err);
    Value *m = admin_localised(rq, raw);
    set_str(rq->arena, m, "state_text", staff_state(rq, av->cf.state));
    set_str(rq->arena, m, "state_tag", web_state_tag(av->cf.state));
    set_bool(rq->arena, m, "can_act", admin_may_act(rq) && get_bool(m, "active"));
    put_words(rq, m);
    put_rows(rq, m);
    put_variables(rq, m);
    put_done(rq, m);
    put_problems(rq, av, m);
    put_dry(rq, av, m);
    if (av->incident_model) {
        admin_incident_words(rq, av->incident_model);
        set_value(rq->arena, m, "incident", av->incident_model);
    }
    admin_forms(rq, av, m);
    if (av->problems || av->conflict)
        rs->status = av->conflict ? 409 : 422;
    set_str(rq->arena, m, "title",
            web_text_with(rq, av->incident ? "admin.incident.title" : "admin.case.title", m));
    return web_page(rq, rs, av->incident ? "admin_incident" : "admin_case", m);
}

/* ---- acting ---- */

static const AdminAct acts[] = {
    {"retry", "operate.retry", process_retry},    {"resolve", "operate.resolve", process_resolve},
    {"set", "operate.set", process_set},          {"move", "operate.move", process_move},
    {"cancel", "operate.cancel", process_cancel}, {"migrate", "operate.migrate", process_migrate},
    {"open", "operate.open", process_look},
};

static const AdminAct *act_of(const HttpRequest *rq)
{
    for (size_t i = 0; i < COUNT(acts); i++)
        if (str_ends(rq->path, str_fmt(rq->arena, "/%s", acts[i].key)))
            return &acts[i];
    return NULL;
}

static void copy_text(const HttpRequest *rq, const Value *form, const char *name, Value *in)
{
    const Value *v = value_at(form, name);
    if (value_is(v, VALUE_STR))
        set_str(rq->arena, in, name, str_trim(v->text));
    else if (v)
        set_value(rq->arena, in, name, value_copy(rq->arena, v));
}

Value *admin_read_map(const HttpRequest *rq, const Value *form)
{
    const Value *given = value_at(form, "map");
    if (given)
        return value_copy(rq->arena, given);
    Value *map = value_map(rq->arena);
    for (uint32_t i = 0; i < value_count(form); i++) {
        const ValueMember *m = &form->map.members[i];
        if (str_starts(m->key, STR("map.")) && value_text(m->value).len)
            value_set(rq->arena, map, str_slice(m->key, 4, m->key.len),
                      value_str(rq->arena, value_text(m->value)));
    }
    return map;
}

static bool is_ticked(const Value *form, const char *name)
{
    return get_bool(form, name) || str_eq(staff_line(form, name), STR("true"));
}

static Value *read_act(const HttpRequest *rq, const AdminVisit *av, const Value *form)
{
    static const char *const texts[] = {"version",   "reason",      "key",    "scope",
                                        "token",     "to",          "name",   "value",
                                        "variables", "expressions", "purpose"};
    Value *in = value_map(rq->arena);
    for (size_t i = 0; i < COUNT(texts); i++)
        copy_text(rq, form, texts[i], in);
    bool opens = av->act->run == process_look;
    if (opens && !value_at(in, "purpose"))
        set_str(rq->arena, in, "purpose", STR(""));
    set_bool(rq->arena, in, "confirm", is_ticked(form, "confirm"));
    set_bool(rq->arena, in, "dry", is_ticked(form, "dry"));
    set_value(rq->arena, in, "map", admin_read_map(rq, form));
    set_str(rq->arena, in, "case", str_fmt(rq->arena, "%lld", (long long)av->cf.id));
    return in;
}

static HttpNext show_again(HttpRequest *rq, HttpResponse *rs, AdminVisit *av)
{
    HttpNext next;
    if (av->incident) {
        Str id = str_fmt(rq->arena, "%lld", (long long)av->incident);
        if (!open_incident(rq, rs, av, id, &next))
            return next;
    } else if (!load(rq, rs, av, av->cf.id, &next)) {
        return next;
    }
    return av->opened ? show(rq, rs) : look(rq, rs);
}

static HttpNext acted(HttpRequest *rq, HttpResponse *rs)
{
    HttpNext next;
    Visit *v = visit_of(rq);
    AdminVisit *av = v->page;
    const Command *c = &v->op.command;
    bool html = !http_wants_json(rq);
    av->problems = value_at(v->op.out, "problems");
    if (av->problems)
        av->problems = admin_localised(rq, av->problems);
    av->conflict = !c->ok && c->err.code == ERR_CONFLICT;
    if (!c->ok && !c->key_reused && html && (av->problems || av->conflict))
        return show_again(rq, rs, av);
    if (!web_command_ok(rq, rs, &next))
        return next;
    av->opened = av->act->run == process_look;
    bool dry = get_bool(v->op.out, "dry");
    if (dry || av->opened) {
        Value *told = admin_localised(rq, v->op.out);
        admin_dry_words(rq, told);
        av->dry = dry ? told : NULL;
        if (dry && !html)
            return web_json(rq, rs, 200, told);
        return show_again(rq, rs, av);
    }
    Str url = str_fmt(rq->arena, "/admin/cases/" STR_FMT "?done=%s%s", STR_ARG(av->cf.no),
                      av->act->key, get_bool(v->op.out, "again") ? "&again=1" : "");
    return web_done(rq, rs, url, 200, v->op.out);
}

HttpNext web_admin_act(HttpRequest *rq, HttpResponse *rs)
{
    AdminVisit *av = NEW(rq->arena, AdminVisit);
    HttpNext next;
    Value *form;
    Err err = {0};
    av->act = act_of(rq);
    if (!av->act)
        return web_status(rq, rs, 404, NULL);
    if (!web_input(rq, &form, &err))
        return web_error(rq, rs, &err);
    if (!open_case(rq, rs, av, &next))
        return next;
    (void)!str_int(staff_line(form, "incident"), &av->incident);
    Str sent_by = staff_line(form, "form");
    av->form = sent_by.len ? sent_by : str_z(av->act->key);
    av->typed = read_act(rq, av, form);
    bool each_time = av->act->run == process_look || get_bool(av->typed, "dry");
    return each_time ? web_command_each_time(rq, rs, av->act->name, av->act->run, av->typed, acted)
                     : web_command(rq, rs, av->act->name, av->act->run, av->typed, acted);
}

HttpNext web_admin_back(HttpRequest *rq, HttpResponse *rs)
{
    Str no = str_percent(rq->arena, http_param(rq, "no"));
    return http_redirect(rq, rs, str_fmt(rq->arena, "/admin/cases/" STR_FMT, STR_ARG(no)));
}
