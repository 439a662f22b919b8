/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where one case stands in its process (/o/cases/{no}/process): the picture, and the same as a
 * table. It is the process of the item's version that the case was accepted under.
 */
#include "web/process.h"

static HttpHandler show;
static const StaffPage office = {.root = "/o", .role = ROLE_APPROVER, .show = show};
static const StaffPage window = {.root = "/w", .role = ROLE_CLERK, .show = show};

static Str who(const HttpRequest *rq, const Value *stay)
{
    const Visit *v = visit_of(rq);
    const Organ *organ = catalogue_organ(v->web->app->catalogue, get_str(stay, "organ"));
    Str role = get_str(stay, "role"), staff = get_str(stay, "staff");
    if (!role.len)
        return web_text(rq, str_eq(get_str(stay, "state"), STR("job")) ? "process.who.program"
                                                                       : "process.who.nobody");
    Str part = staff.len
                   ? staff
                   : web_text_str(rq, str_fmt(rq->arena, "process.role." STR_FMT, STR_ARG(role)));
    return organ ? str_fmt(rq->arena, STR_FMT " · " STR_FMT,
                           STR_ARG(text_in(organ->short_name, v->lang)), STR_ARG(part))
                 : part;
}

static void put_stay_words(const HttpRequest *rq, const Item *item, Value *stay)
{
    bool here = get_bool(stay, "here"), stopped = str_eq(get_str(stay, "state"), STR("incident"));
    Str key = str_fmt(rq->arena, "process.state." STR_FMT, STR_ARG(get_str(stay, "state")));
    set_str(rq->arena, stay, "name", process_name(rq, item, get_str(stay, "element")));
    set_str(rq->arena, stay, "who", who(rq, stay));
    set_str(rq->arena, stay, "began", process_time(rq, get_int(stay, "began_at", 0)));
    set_str(rq->arena, stay, "ended", process_time(rq, get_int(stay, "ended_at", 0)));
    set_str(rq->arena, stay, "took_text", process_took(rq, value_at(stay, "took")));
    set_str(rq->arena, stay, "stay_text",
            here ? web_text_str(rq, key) : web_text(rq, "process.state.done"));
    set_str(rq->arena, stay, "stay_tag", !here ? STR("ok") : stopped ? STR("err") : STR("info"));
}

static void join_name(const HttpRequest *rq, StrBuf *b, Str name)
{
    if (b->len)
        buf_add(b, web_text(rq, "desk.list.and"));
    buf_add(b, name);
}

/* Marks and words of all that stands or stood; the names of where it stands. */
static Str put_stays(const HttpRequest *rq, const Item *item, Value *m, ProcessMarks *marks)
{
    const Value *stays = value_at(m, "stays");
    StrBuf here = buf_in(rq->arena);
    for (uint32_t i = 0; i < value_count(stays); i++) {
        Value *stay = value_item(stays, i);
        DrawMark *mark = process_mark(rq, marks, get_str(stay, "element"));
        put_stay_words(rq, item, stay);
        if (get_bool(stay, "here")) {
            mark->here = true;
            mark->incident = mark->incident || str_eq(get_str(stay, "state"), STR("incident"));
            join_name(rq, &here, get_str(stay, "name"));
        }
    }
    set_bool(rq->arena, m, "has_stays", value_count(stays) > 0);
    return buf_str(&here);
}

/* What was passed at once is told in one line: it took no time. */
static void put_passed(const HttpRequest *rq, const Item *item, Value *m, ProcessMarks *marks)
{
    const Value *passed = value_at(m, "passed"), *stays = value_at(m, "stays");
    StrBuf names = buf_in(rq->arena);
    for (uint32_t i = 0; i < value_count(passed); i++) {
        Str element = value_text(value_item(passed, i));
        bool stayed = false;
        process_mark(rq, marks, element)->passed = true;
        for (uint32_t k = 0; k < value_count(stays) && !stayed; k++)
            stayed = str_eq(get_str(value_item(stays, k), "element"), element);
        if (!stayed)
            join_name(rq, &names, process_name(rq, item, element));
    }
    set_str(rq->arena, m, "passed_text", buf_str(&names));
}

static void put_incidents(const HttpRequest *rq, const Item *item, Value *m)
{
    const Value *list = value_at(m, "incidents");
    for (uint32_t i = 0; i < value_count(list); i++) {
        Value *o = value_item(list, i);
        set_str(rq->arena, o, "name", process_name(rq, item, get_str(o, "element")));
    }
    set_bool(rq->arena, m, "has_incidents", value_count(list) > 0);
}

static HttpNext show(HttpRequest *rq, HttpResponse *rs)
{
    const Visit *v = visit_of(rq);
    const StaffVisit *sv = v->page;
    const Item *item = sv->cf.item;
    Viewing by = viewing_of(rq);
    Value *m = value_map(rq->arena);
    ProcessMarks marks = {0};
    Err err = {0};
    if (!item->process) /* of a whole: its parts have processes */
        return web_status(rq, rs, 404, NULL);
    if (!trail_of_case(&by, sv->cf.id, item->process, sv->cf.flow, m, &err))
        return web_error(rq, rs, &err);
    set_str(rq->arena, m, "no", sv->cf.no);
    set_str(rq->arena, m, "item", item->key);
    set_str(rq->arena, m, "item_name", text_in(item->name, v->lang));
    set_str(rq->arena, m, "state", sv->cf.state);
    set_str(rq->arena, m, "state_text", staff_state(rq, sv->cf.state));
    set_str(rq->arena, m, "state_tag", web_state_tag(sv->cf.state));
    set_str(rq->arena, m, "root", str_z(sv->page->root));
    Str here = put_stays(rq, item, m, &marks);
    put_passed(rq, item, m, &marks);
    put_incidents(rq, item, m);
    set_str(rq->arena, m, "here_text", here);
    Str told = web_text_with(rq, here.len ? "process.case.desc" : "process.case.desc.over", m);
    process_planes(rq, item, &marks, told, m);
    set_str(rq->arena, m, "title", web_text_with(rq, "process.case.title", m));
    return web_page(rq, rs, "case_process", m);
}

HttpNext web_case_process(HttpRequest *rq, HttpResponse *rs)
{
    bool decides = visit_of(rq)->actor.roles & (ROLE_APPROVER | ROLE_SUPERVISOR);
    return staff_case(rq, rs, decides ? &office : &window);
}
