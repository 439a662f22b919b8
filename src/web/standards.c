/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Standards: the list with a form for a new one; and one standard, whose page has a form for each
 * act that may be done now, made from the act's own fields.
 */
#include "base/utf8.h"
#include "services/certificate/localise.h"
#include "services/standard/standard.h"
#include "web/pages.h"
#include "web/staff.h"

enum { PAGE_NUMBER_MAX = 100000, LINE_ROWS = 2 };

/* What was sent and did not pass; NULL on a first look. */
typedef struct {
    Str act;
    const Value *typed, *problems;
    int64_t id;
    bool conflict;
} Sent;

static Value *localised(const HttpRequest *rq, const Value *raw)
{
    const Visit *v = visit_of(rq);
    return localise(rq->arena, raw, v->lang, v->web->app->catalogue->zone_minutes);
}

static Str word(const HttpRequest *rq, const char *family, Str key)
{
    return web_text_str(rq, str_fmt(rq->arena, "design.%s." STR_FMT, family, STR_ARG(key)));
}

static const char *key_of(const HttpRequest *rq, const char *family, Str key)
{
    return str_cstr(rq->arena, str_fmt(rq->arena, "design.%s." STR_FMT, family, STR_ARG(key)));
}

static bool may_act(const HttpRequest *rq)
{
    return (visit_of(rq)->actor.roles & ROLE_DESIGNER) != 0;
}

/* ---- problems ---- */

static Str problem_text(const HttpRequest *rq, const Value *p)
{
    Value *with = value_map(rq->arena);
    set_int(rq->arena, with, "arg", STANDARD_TEXT_MAX / 3);
    return web_text_with(rq, str_cstr(rq->arena, get_str(p, "key")), with);
}

static Str wrong(const HttpRequest *rq, const Sent *s, Str act, Str field)
{
    for (size_t i = 0; s && str_eq(s->act, act) && i < value_count(s->problems); i++) {
        const Value *p = value_item(s->problems, i);
        if (str_eq(get_str(p, "element"), field))
            return problem_text(rq, p);
    }
    return STR("");
}

static Str field_id(const HttpRequest *rq, Str act, Str field)
{
    return str_fmt(rq->arena, STR_FMT "-" STR_FMT, STR_ARG(act), STR_ARG(field));
}

static void put_problems(const HttpRequest *rq, const Sent *s, Value *m)
{
    for (size_t i = 0; s && i < value_count(s->problems); i++) {
        const Value *p = value_item(s->problems, i);
        Str field = get_str(p, "element");
        Str id = field.len ? field_id(rq, s->act, field)
                           : str_fmt(rq->arena, "act-" STR_FMT, STR_ARG(s->act));
        web_problem(rq, m, id, problem_text(rq, p));
    }
}

/* ---- fields ---- */

static void add_options(const HttpRequest *rq, Value *box, const char *family,
                        const char *const *names)
{
    for (; *names; names++)
        web_box_option(rq, box, str_z(*names), word(rq, family, str_z(*names)), STR(""));
}

/* Rows of a list that are still open, by their number. */
static void add_rows(const HttpRequest *rq, Value *box, const Value *rows, const char *text,
                     const char *absent)
{
    for (size_t i = 0; i < value_count(rows); i++) {
        const Value *row = value_item(rows, i);
        if (value_at(row, absent))
            continue;
        Str label =
            str_fmt(rq->arena, "%zu. " STR_FMT, i + 1, STR_ARG(utf8_head(get_str(row, text), 40)));
        web_box_option(rq, box, str_fmt(rq->arena, "%zu", i + 1), label, STR(""));
    }
}

static void put_choices(const HttpRequest *rq, Value *box, Str shape, const Value *data)
{
    static const char *const roles[] = {"applicant",  "clerk",  "approver",
                                        "supervisor", "system", NULL};
    static const char *const verdicts[] = {"keep", "merge", "cut", NULL};
    if (str_eq(shape, STR("role")))
        add_options(rq, box, "role", roles);
    if (str_eq(shape, STR("verdict")))
        add_options(rq, box, "verdict", verdicts);
    if (str_eq(shape, STR("step")))
        add_rows(rq, box, value_at(data, "steps"), "title", "dropped");
    if (str_eq(shape, STR("finding")))
        add_rows(rq, box, value_at(data, "findings"), "text", "closed_by");
}

static Value *field_box(const HttpRequest *rq, const Sent *s, Str act, const Value *f)
{
    Str name = get_str(f, "name"), shape = get_str(f, "shape");
    bool line =
        str_eq(shape, STR("line")) || str_eq(shape, STR("number")) || str_eq(shape, STR("date"));
    bool area = str_eq(shape, STR("area"));
    bool again = s && str_eq(s->act, act);
    WebBox box = {.shape = line   ? "line"
                           : area ? "area"
                                  : "pick",
                  .id = str_cstr(rq->arena, field_id(rq, act, name)),
                  .name = str_cstr(rq->arena, name),
                  .label = key_of(rq, "field", name),
                  .hint = str_eq(shape, STR("date")) ? "design.hint.date" : NULL,
                  .value = again ? value_text(value_get(s->typed, name)) : STR(""),
                  .error = wrong(rq, s, act, name),
                  .required = get_bool(f, "required")};
    Value *b = web_box(rq, &box);
    if (line) {
        set_str(rq->arena, b, "type", STR("text"));
        set_str(rq->arena, b, "autocomplete", STR("off"));
        set_str(rq->arena, b, "inputmode", str_eq(shape, STR("number")) ? STR("numeric") : STR(""));
    }
    if (area)
        set_int(rq->arena, b, "rows", LINE_ROWS);
    return b;
}

/* ---- words ---- */

static const char *stage_tag(Str stage)
{
    if (str_eq(stage, STR("released")))
        return "ok";
    return str_eq(stage, STR("retired")) || str_eq(stage, STR("withdrawn")) ? "" : "info";
}

static void put_stage(const HttpRequest *rq, Value *row)
{
    Str stage = get_str(row, "stage");
    set_str(rq->arena, row, "stage_text", word(rq, "stage", stage));
    set_str(rq->arena, row, "stage_tag", str_z(stage_tag(stage)));
    set_bool(rq->arena, row, "has_findings", get_int(row, "open_findings", 0) > 0);
    set_bool(rq->arena, row, "has_effective", get_str(row, "effective_day").len > 0);
    set_bool(rq->arena, row, "has_ends", get_str(row, "ends_day").len > 0);
}

/* Where it stands on its way, as the stepper shows it. */
static void put_way(const HttpRequest *rq, Value *m)
{
    static const char *const way[] = {"proposed", "dissected", "piloting", "accepted", "released"};
    Str stage = get_str(m, "stage");
    size_t at = COUNT(way);
    for (size_t i = 0; i < COUNT(way); i++)
        if (str_eq(stage, str_z(way[i])))
            at = i;
    Value *list = set_list(rq->arena, m, "way");
    for (size_t i = 0; i < COUNT(way); i++) {
        Value *row = push_map(rq->arena, list);
        set_str(rq->arena, row, "way_text", word(rq, "way", str_z(way[i])));
        set_bool(rq->arena, row, "todo", i > at);
        set_bool(rq->arena, row, "here", i == at);
    }
}

/* ---- the list ---- */

static Value *propose_form(const HttpRequest *rq, const Sent *s)
{
    static const char *const fields[][2] = {
        {"title", "line"}, {"scope", "line"}, {"reason", "area"}, {"target", "area"}};
    Value *form = value_map(rq->arena);
    Value *list = set_list(rq->arena, form, "boxes");
    for (size_t i = 0; i < COUNT(fields); i++) {
        Value *f = value_map(rq->arena);
        set_str(rq->arena, f, "name", str_z(fields[i][0]));
        set_str(rq->arena, f, "shape", str_z(fields[i][1]));
        set_bool(rq->arena, f, "required", true);
        Value *box = field_box(rq, s, STR("propose"), f);
        if (i == 1)
            set_str(rq->arena, box, "hint", web_text(rq, "design.hint.scope"));
        value_push(rq->arena, list, box);
    }
    set_bool(rq->arena, form, "is_open", s != NULL);
    return form;
}

static HttpNext show_list(HttpRequest *rq, HttpResponse *rs, const Sent *s)
{
    Viewing by = viewing_of(rq);
    Value *raw = value_map(rq->arena);
    Err err = {0};
    int64_t page = 0;
    if (!str_int(http_query(rq, "page"), &page) || page < 0 || page > PAGE_NUMBER_MAX)
        page = 0;
    if (!standard_list(&by, page, raw, &err))
        return web_error(rq, rs, &err);
    Value *m = localised(rq, raw);
    const Value *rows = value_at(m, "standards");
    for (size_t i = 0; i < value_count(rows); i++) {
        Value *row = value_item(rows, i);
        put_stage(rq, row);
        set_str(rq->arena, row, "url",
                str_fmt(rq->arena, "/d/standards/" STR_FMT, STR_ARG(get_str(row, "id"))));
    }
    for (size_t i = 0; i < value_count(value_at(m, "stages")); i++) {
        Value *row = value_item(value_at(m, "stages"), i);
        set_str(rq->arena, row, "stage_text", word(rq, "stage", get_str(row, "stage")));
    }
    set_bool(rq->arena, m, "any", value_count(rows) > 0);
    set_bool(rq->arena, m, "may_act", may_act(rq));
    set_value(rq->arena, m, "propose_form", propose_form(rq, s));
    put_problems(rq, s, m);
    int64_t pages = get_int(m, "pages", 0);
    set_bool(rq->arena, m, "has_next", page + 1 < pages);
    set_bool(rq->arena, m, "has_previous", page > 0);
    set_int(rq->arena, m, "next", page + 1);
    set_int(rq->arena, m, "previous", page - 1);
    if (s)
        rs->status = 422;
    return web_page(rq, rs, "standards", m);
}

HttpNext web_standards(HttpRequest *rq, HttpResponse *rs)
{
    return show_list(rq, rs, NULL);
}

/* ---- one ---- */

static void number_rows(const HttpRequest *rq, const Value *rows, const char *family,
                        const char *key)
{
    for (size_t i = 0; i < value_count(rows); i++) {
        Value *row = value_item(rows, i);
        set_int(rq->arena, row, "no", (int64_t)i + 1);
        if (family)
            set_str(rq->arena, row, str_cstr(rq->arena, str_fmt(rq->arena, "%s_text", key)),
                    word(rq, family, get_str(row, key)));
        set_bool(rq->arena, row, "is_dropped", value_at(row, "dropped") != NULL);
        set_bool(rq->arena, row, "is_closed", value_at(row, "closed_by") != NULL);
    }
}

static void put_data(const HttpRequest *rq, Value *m)
{
    const Value *data = value_at(m, "data"), *steps = value_at(data, "steps");
    number_rows(rq, steps, "verdict", "verdict");
    number_rows(rq, steps, "role", "role");
    number_rows(rq, value_at(data, "pilots"), NULL, NULL);
    number_rows(rq, value_at(data, "findings"), NULL, NULL);
    static const char *const parts[][2] = {{"has_steps", "steps"},
                                           {"has_pilots", "pilots"},
                                           {"has_findings_list", "findings"},
                                           {"has_release", "release"},
                                           {"has_retirement", "retirement"}};
    for (size_t i = 0; i < COUNT(parts); i++)
        set_bool(rq->arena, m, parts[i][0], value_at(data, parts[i][1]) != NULL);
    static const char *const asked[] = {"release", "retirement"};
    for (size_t i = 0; i < COUNT(asked); i++) {
        Value *row = value_inside(value_inside(m, "data"), asked[i]);
        if (row)
            set_bool(rq->arena, row, "confirmed", value_at(row, "confirmed_by") != NULL);
    }
    set_bool(rq->arena, m, "has_changed", value_count(value_at(m, "changed")) > 0);
}

/* What was said in one field, as people read it; days stand twice, once in words. */
static void add_said(const HttpRequest *rq, const Value *fields, const ValueMember *m, Value *list)
{
    Str key = m->key, text = value_text(m->value);
    if (str_ends(key, STR("_date")))
        return;
    if (str_eq(key, STR("role")) || str_eq(key, STR("verdict")))
        text = word(rq, str_cstr(rq->arena, key), text);
    if (str_ends(key, STR("_day")))
        text = value_text(value_get(
            fields, str_fmt(rq->arena, STR_FMT "_date", STR_ARG(str_slice(key, 0, key.len - 4)))));
    Value *f = push_map(rq->arena, list);
    set_str(rq->arena, f, "name_text", word(rq, "field", key));
    set_str(rq->arena, f, "value_text", text);
}

static void put_history(const HttpRequest *rq, Value *m)
{
    const Value *rows = value_at(m, "history");
    for (size_t i = 0; i < value_count(rows); i++) {
        Value *row = value_item(rows, i);
        const Value *fields = value_at(row, "fields");
        set_str(rq->arena, row, "act_text", word(rq, "did", get_str(row, "act")));
        Value *list = set_list(rq->arena, row, "said");
        for (size_t k = 0; k < value_count(fields); k++)
            add_said(rq, fields, &fields->map.members[k], list);
    }
}

static void put_acts(const HttpRequest *rq, const Sent *s, Value *m)
{
    const Value *acts = value_at(m, "acts"), *data = value_at(m, "data");
    for (size_t i = 0; i < value_count(acts); i++) {
        Value *row = value_item(acts, i);
        Str act = get_str(row, "act");
        set_str(rq->arena, row, "act_text", word(rq, "act", act));
        set_str(rq->arena, row, "act_hint", word(rq, "act-hint", act));
        set_bool(rq->arena, row, "is_open", s && str_eq(s->act, act));
        Value *boxes = set_list(rq->arena, row, "boxes");
        for (size_t k = 0; k < value_count(value_at(row, "fields")); k++) {
            const Value *f = value_item(value_at(row, "fields"), k);
            Value *box = field_box(rq, s, act, f);
            put_choices(rq, box, get_str(f, "shape"), data);
            value_push(rq->arena, boxes, box);
        }
    }
    set_bool(rq->arena, m, "any_act", value_count(acts) > 0);
}

static HttpNext show(HttpRequest *rq, HttpResponse *rs, int64_t id, const Sent *s)
{
    Viewing by = viewing_of(rq);
    Value *raw = value_map(rq->arena);
    Err err = {0};
    if (!standard_view(&by, id, raw, &err))
        return web_error(rq, rs, &err);
    Value *m = localised(rq, raw);
    put_stage(rq, m);
    put_way(rq, m);
    put_data(rq, m);
    put_history(rq, m);
    put_acts(rq, s, m);
    put_problems(rq, s, m);
    set_bool(rq->arena, m, "done", http_query(rq, "done").len > 0);
    if (s)
        rs->status = s->conflict ? 409 : 422;
    return web_page(rq, rs, "standard", m);
}

static bool id_asked(HttpRequest *rq, int64_t *id)
{
    return str_int(http_param(rq, "id"), id) && *id > 0;
}

HttpNext web_standard(HttpRequest *rq, HttpResponse *rs)
{
    int64_t id;
    return id_asked(rq, &id) ? show(rq, rs, id, NULL) : web_status(rq, rs, 404, NULL);
}

/* ---- writing ---- */

/* A page again with what was wrong; JSON has it as it is. */
static bool shown_again(HttpRequest *rq, HttpResponse *rs, Sent *s, HttpNext *next)
{
    const Visit *v = visit_of(rq);
    const Command *c = &v->op.command;
    s->problems = value_at(v->op.out, "problems");
    s->conflict = !c->ok && c->err.code == ERR_CONFLICT;
    if (c->ok || c->key_reused || http_wants_json(rq) || !s->problems)
        return false;
    *next = s->id ? show(rq, rs, s->id, s) : show_list(rq, rs, s);
    return true;
}

static HttpNext written(HttpRequest *rq, HttpResponse *rs)
{
    HttpNext next;
    Visit *v = visit_of(rq);
    Sent *s = v->page;
    if (shown_again(rq, rs, s, &next) || !web_command_ok(rq, rs, &next))
        return next;
    Str url =
        str_fmt(rq->arena, "/d/standards/" STR_FMT "?done=1", STR_ARG(get_str(v->op.out, "id")));
    return web_done(rq, rs, url, s->id ? 200 : 201, v->op.out);
}

static HttpNext write(HttpRequest *rq, HttpResponse *rs, const char *name, UseCase *run, int64_t id)
{
    Value *form;
    Err err = {0};
    if (!web_input(rq, &form, &err))
        return web_error(rq, rs, &err);
    Value *in = value_map(rq->arena);
    for (uint32_t i = 0; i < value_count(form); i++) {
        const ValueMember *m = &form->map.members[i];
        value_set(rq->arena, in, m->key, value_str(rq->arena, value_text(m->value)));
    }
    if (id)
        set_int(rq->arena, in, "id", id);
    int64_t seen;
    if (str_int(get_str(in, "version"), &seen))
        set_int(rq->arena, in, "version", seen);
    Sent *s = NEW(rq->arena, Sent);
    *s = (Sent){.act = id ? get_str(in, "act") : STR("propose"), .typed = in, .id = id};
    visit_of(rq)->page = s;
    return web_command(rq, rs, name, run, in, written);
}

HttpNext web_standards_post(HttpRequest *rq, HttpResponse *rs)
{
    return write(rq, rs, "standard.propose", standard_propose, 0);
}

HttpNext web_standard_act(HttpRequest *rq, HttpResponse *rs)
{
    int64_t id;
    return id_asked(rq, &id) ? write(rq, rs, "standard.act", standard_act, id)
                             : web_status(rq, rs, 404, NULL);
}
