/* SPDX-License-Identifier: Apache-2.0 */
/* The window (/w): what came in, is it complete, accept it or say once and in full what is missing.
 */
#include "web/staff.h"

enum { MISSING_ROWS = 60, FREE_LINES = 3 };

static StaffFill fill_window;
static const StaffPage list_page = {.root = "/w", .template_name = "desk_list", .role = ROLE_CLERK};
static const StaffPage case_page = {
    .root = "/w", .template_name = "desk_case", .role = ROLE_CLERK, .fill = fill_window};

/* ---- what is missing ---- */

static void add_missing(const HttpRequest *rq, Value *list, Str code, Str name, Str note)
{
    Value *row = push_map(rq->arena, list);
    if (code.len)
        set_str(rq->arena, row, "code", code);
    if (name.len)
        set_str(rq->arena, row, "name", name);
    set_str(rq->arena, row, "note", note);
}

/* Programs send {missing: [{code, name, note}]}; the form has boxes "missing", their notes
 * "note.CODE" and free lines "other". */
static Value *read_correction(const HttpRequest *rq, const Value *form)
{
    Value *in = value_map(rq->arena);
    const Value *given = value_at(form, "missing");
    if (value_is(given, VALUE_LIST) && value_count(given) &&
        value_is(value_item(given, 0), VALUE_MAP)) {
        set_value(rq->arena, in, "missing", value_copy(rq->arena, given));
        return in;
    }
    Value *list = set_list(rq->arena, in, "missing");
    Str lines[MISSING_ROWS];
    size_t n = staff_lines(form, "missing", lines, MISSING_ROWS);
    for (size_t i = 0; i < n; i++) {
        Str note = str_fmt(rq->arena, "note." STR_FMT, STR_ARG(lines[i]));
        if (lines[i].len)
            add_missing(rq, list, lines[i], STR(""), staff_line(form, str_cstr(rq->arena, note)));
    }
    n = staff_lines(form, "other", lines, MISSING_ROWS);
    for (size_t i = 0; i < n; i++)
        if (lines[i].len)
            add_missing(rq, list, STR(""), lines[i], STR(""));
    return in;
}

static Value *read_receive(const HttpRequest *rq, const Value *form)
{
    Value *in = value_map(rq->arena);
    set_str(rq->arena, in, "material", staff_line(form, "material"));
    return in;
}

static const StaffAct acts_accept = {"accept", "desk.accept", desk_accept, NULL};
static const StaffAct acts_refuse = {"refuse", "desk.refuse", desk_refuse, staff_read_ground};
static const StaffAct acts_correction = {"correction", "desk.ask_correction", desk_ask_correction,
                                         read_correction};
static const StaffAct acts_receive = {"receive", "desk.receive_material", desk_receive_material,
                                      read_receive};
static const StaffAct acts_claim = {"claim", "desk.claim", desk_claim, staff_read_claim};

/* ---- the forms ---- */

static const Value *typed_row(const StaffVisit *sv, Str code)
{
    const Value *list = sv->act == &acts_correction ? value_at(sv->typed, "missing") : NULL;
    for (uint32_t i = 0; i < value_count(list); i++)
        if (str_eq(get_str(value_item(list, i), "code"), code))
            return value_item(list, i);
    return NULL;
}

static void put_free_lines(const HttpRequest *rq, const StaffVisit *sv, Value *o)
{
    const Value *typed = sv->act == &acts_correction ? value_at(sv->typed, "missing") : NULL;
    Value *lines = set_list(rq->arena, o, "lines");
    for (uint32_t i = 0; i < value_count(typed) && value_count(lines) < FREE_LINES; i++)
        if (get_str(value_item(typed, i), "name").len) {
            Value *line = push_map(rq->arena, lines);
            set_str(rq->arena, line, "text", get_str(value_item(typed, i), "name"));
        }
    while (value_count(lines) < FREE_LINES)
        set_str(rq->arena, push_map(rq->arena, lines), "text", STR(""));
    for (uint32_t i = 0; i < value_count(lines); i++)
        set_int(rq->arena, value_item(lines, i), "line_no", i + 1);
}

static void put_correction(const HttpRequest *rq, const StaffVisit *sv, Value *m)
{
    Lang lang = visit_of(rq)->lang;
    const Item *item = sv->cf.item;
    Value *o = set_map(rq->arena, m, "correction_form");
    Value *rows = set_list(rq->arena, o, "rows");
    for (size_t i = 0; i < item->material_count; i++) {
        const ItemMaterial *im = &item->materials[i];
        const Value *typed = typed_row(sv, im->material->code);
        Value *row = push_map(rq->arena, rows);
        set_str(rq->arena, row, "box_id",
                i ? str_fmt(rq->arena, "correction-missing-%zu", i + 1)
                  : STR("correction-missing"));
        set_str(rq->arena, row, "code", im->material->code);
        set_str(rq->arena, row, "name", text_in(im->material->name, lang));
        set_str(rq->arena, row, "basis", text_in(im->basis, lang));
        set_bool(rq->arena, row, "on", typed != NULL);
        set_str(rq->arena, row, "note", get_str(typed, "note"));
    }
    set_bool(rq->arena, o, "no_rows", item->material_count == 0);
    set_str(rq->arena, o, "wrong", staff_wrong(rq, sv, "correction", "missing"));
    put_free_lines(rq, sv, o);
    Value *with = value_map(rq->arena);
    set_int(rq->arena, with, "n", item->correction_days);
    set_str(rq->arena, o, "days_text", web_text_with(rq, "desk.correction.days", with));
}

static void put_refusal(const HttpRequest *rq, const StaffVisit *sv, Value *m)
{
    const Item *item = sv->cf.item;
    Value *o = set_map(rq->arena, m, "refuse_form");
    set_value(rq->arena, o, "ground_field",
              staff_grounds(rq, sv, "refuse", item->refuse_grounds, item->refuse_count));
    set_bool(rq->arena, o, "has_grounds", item->refuse_count > 0);
    set_value(rq->arena, o, "reason_field",
              staff_reason(rq, sv, "refuse", STR(""), item->refuse_count == 0));
    set_str(rq->arena, o, "remedies", text_in(item->remedies, visit_of(rq)->lang));
}

static void fill_window(const HttpRequest *rq, StaffVisit *sv, Value *m)
{
    const Value *acts = value_at(m, "acts");
    bool receive =
        get_bool(acts, "accept") || get_bool(acts, "refuse") || get_bool(acts, "ask_correction");
    set_bool(rq->arena, m, "can_accept", get_bool(acts, "accept"));
    set_bool(rq->arena, m, "can_refuse", get_bool(acts, "refuse"));
    set_bool(rq->arena, m, "can_correct", get_bool(acts, "ask_correction"));
    set_bool(rq->arena, m, "can_receive", !get_bool(m, "closed") && !get_bool(m, "foreign"));
    set_bool(rq->arena, m, "to_do", receive);
    staff_step(rq, sv, m);
    set_bool(rq->arena, m, "incomplete",
             get_int(m, "here_count", 0) < get_int(m, "asked_count", 0));
    set_bool(rq->arena, m, "refuse_open", sv->act == &acts_refuse);
    set_bool(rq->arena, m, "correction_open", sv->act == &acts_correction);
    set_bool(rq->arena, m, "asked_before", sv->cf.law.correction_count > 0);
    put_correction(rq, sv, m);
    put_refusal(rq, sv, m);
}

/* ---- handlers ---- */

HttpNext web_desk(HttpRequest *rq, HttpResponse *rs)
{
    return staff_worklist(rq, rs, &list_page);
}

HttpNext web_desk_case(HttpRequest *rq, HttpResponse *rs)
{
    return staff_case(rq, rs, &case_page);
}

HttpNext web_desk_accept(HttpRequest *rq, HttpResponse *rs)
{
    return staff_act(rq, rs, &case_page, &acts_accept);
}

HttpNext web_desk_refuse(HttpRequest *rq, HttpResponse *rs)
{
    return staff_act(rq, rs, &case_page, &acts_refuse);
}

HttpNext web_desk_correction(HttpRequest *rq, HttpResponse *rs)
{
    return staff_act(rq, rs, &case_page, &acts_correction);
}

HttpNext web_desk_receive(HttpRequest *rq, HttpResponse *rs)
{
    return staff_act(rq, rs, &case_page, &acts_receive);
}

HttpNext web_desk_claim(HttpRequest *rq, HttpResponse *rs)
{
    return staff_act(rq, rs, &case_page, &acts_claim);
}

HttpNext web_desk_task(HttpRequest *rq, HttpResponse *rs)
{
    return staff_act(rq, rs, &case_page, &staff_acts_task);
}
