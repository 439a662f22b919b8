/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The back office (/o): what was said beside what the registers say, what the rules propose and
 * why, and the decision. Nothing is chosen beforehand: a person decides and signs.
 */
#include "web/staff.h"

static StaffFill fill_office;
static const StaffPage list_page = {
    .root = "/o", .template_name = "approve_list", .role = ROLE_APPROVER};
static const StaffPage case_page = {
    .root = "/o", .template_name = "approve_case", .role = ROLE_APPROVER, .fill = fill_office};

/* ---- what was sent ---- */

static Value *read_decision(const HttpRequest *rq, const Value *form)
{
    Value *in = staff_read_reason(rq, form);
    bool confirmed = get_bool(form, "confirm") || str_eq(staff_line(form, "confirm"), STR("true"));
    set_str(rq->arena, in, "decision", staff_line(form, "decision"));
    set_bool(rq->arena, in, "confirm", confirmed);
    return in;
}

static const StaffAct acts_decide = {"decide", "desk.decide", desk_decide, read_decision};
static const StaffAct acts_suspend = {"suspend", "desk.suspend", desk_suspend, staff_read_ground};
static const StaffAct acts_resume = {"resume", "desk.resume", desk_resume, staff_read_reason};
static const StaffAct acts_revoke = {"revoke", "desk.revoke", desk_revoke, staff_read_reason};
static const StaffAct acts_claim = {"claim", "desk.claim", desk_claim, staff_read_claim};

/* ---- the forms ---- */

static Value *decision_field(const HttpRequest *rq, const StaffVisit *sv)
{
    Lang lang = visit_of(rq)->lang;
    const Item *item = sv->cf.item;
    WebBox box = {.shape = "choice",
                  .id = "decide-decision",
                  .name = "decision",
                  .label = "desk.decide.decision",
                  .value = staff_typed(sv, "decide", "decision"),
                  .error = staff_wrong(rq, sv, "decide", "decision"),
                  .required = true};
    Value *f = web_box(rq, &box), *with = value_map(rq->arena);
    set_str(rq->arena, with, "grant", text_in(item->grant_text, lang));
    set_str(rq->arena, with, "deny", text_in(item->deny_text, lang));
    web_box_option(rq, f, STR("grant"), web_text_with(rq, "desk.decide.grant", with), STR(""));
    web_box_option(rq, f, STR("deny"), web_text_with(rq, "desk.decide.deny", with), STR(""));
    return f;
}

static Value *confirm_field(const HttpRequest *rq, const StaffVisit *sv)
{
    bool on = sv->act == &acts_decide && get_bool(sv->typed, "confirm");
    WebBox box = {.shape = "choice",
                  .id = "decide-confirm",
                  .name = "confirm",
                  .label = "desk.decide.confirm",
                  .value = on ? STR("true") : STR(""),
                  .error = staff_wrong(rq, sv, "decide", "confirm"),
                  .required = true,
                  .multiple = true};
    Value *f = web_box(rq, &box);
    web_box_option(rq, f, STR("true"), web_text(rq, "desk.decide.confirm.text"), STR(""));
    return f;
}

static void put_forms(const HttpRequest *rq, const StaffVisit *sv, Value *m)
{
    const Item *item = sv->cf.item;
    const Value *advice = value_at(m, "advice");
    Str what = get_str(advice, "recommend");
    bool settled = str_eq(what, STR("grant")) || str_eq(what, STR("deny"));
    Str because = settled ? get_str(advice, "because") : STR("");
    Value *o = set_map(rq->arena, m, "decide_form");
    set_value(rq->arena, o, "decision_field", decision_field(rq, sv));
    set_value(rq->arena, o, "reason_field", staff_reason(rq, sv, "decide", because, true));
    set_value(rq->arena, o, "confirm_field", confirm_field(rq, sv));
    o = set_map(rq->arena, m, "suspend_form");
    set_value(rq->arena, o, "ground_field",
              staff_grounds(rq, sv, "suspend", item->suspend_grounds, item->suspend_count));
    set_value(rq->arena, o, "reason_field", staff_reason(rq, sv, "suspend", STR(""), false));
    o = set_map(rq->arena, m, "resume_form");
    set_value(rq->arena, o, "reason_field", staff_reason(rq, sv, "resume", STR(""), false));
    o = set_map(rq->arena, m, "revoke_form");
    set_value(rq->arena, o, "reason_field", staff_reason(rq, sv, "revoke", STR(""), true));
}

static void put_outcome(const HttpRequest *rq, const StaffVisit *sv, Value *m)
{
    bool granted = sv->cf.law.outcome == LAW_GRANTED, denied = sv->cf.law.outcome == LAW_DENIED;
    const Item *item = sv->cf.item;
    Text text = granted ? item->grant_text : denied ? item->deny_text : (Text){0};
    set_str(rq->arena, m, "outcome_text", text_in(text, visit_of(rq)->lang));
    set_str(rq->arena, m, "outcome_tag", granted ? STR("ok") : STR("err"));
}

/* Decided only where the process waits for it: earlier a check may still be out. */
static void fill_office(const HttpRequest *rq, StaffVisit *sv, Value *m)
{
    int64_t me = visit_of(rq)->actor.id;
    const Value *acts = value_at(m, "acts"), *task = value_at(m, "task");
    bool law = get_bool(acts, "grant") || get_bool(acts, "deny");
    bool waits = str_eq(get_str(task, "stage"), STR("decide"));
    bool mine =
        me == sv->cf.law.receiver || me == sv->cf.law.taken_by || get_bool(task, "not_for_me");
    bool running = sv->cf.law.state == LAW_ACCEPTED && !get_bool(m, "foreign");
    staff_compare(rq, sv, m);
    staff_proposal(rq, sv, m);
    put_forms(rq, sv, m);
    put_outcome(rq, sv, m);
    staff_step(rq, sv, m);
    set_bool(rq->arena, m, "can_decide", law && waits && !mine);
    set_bool(rq->arena, m, "received_by_me", mine && running);
    set_bool(rq->arena, m, "not_yet",
             running && !mine && !(law && waits) && !get_bool(m, "can_step"));
    set_bool(rq->arena, m, "can_suspend",
             get_bool(acts, "suspend") && sv->cf.item->suspend_count > 0);
    set_bool(rq->arena, m, "can_resume", get_bool(acts, "resume"));
    set_bool(rq->arena, m, "can_revoke",
             get_bool(acts, "revoke_result") && !get_bool(m, "foreign"));
    set_bool(rq->arena, m, "revoke_open", sv->act == &acts_revoke);
    set_bool(rq->arena, m, "to_do",
             (law && waits && !mine) || get_bool(acts, "resume") || get_bool(m, "can_step"));
    set_bool(rq->arena, m, "suspend_open", sv->act == &acts_suspend);
}

/* ---- handlers ---- */

HttpNext web_office(HttpRequest *rq, HttpResponse *rs)
{
    return staff_worklist(rq, rs, &list_page);
}

HttpNext web_office_case(HttpRequest *rq, HttpResponse *rs)
{
    return staff_case(rq, rs, &case_page);
}

HttpNext web_office_decide(HttpRequest *rq, HttpResponse *rs)
{
    return staff_act(rq, rs, &case_page, &acts_decide);
}

HttpNext web_office_suspend(HttpRequest *rq, HttpResponse *rs)
{
    return staff_act(rq, rs, &case_page, &acts_suspend);
}

HttpNext web_office_resume(HttpRequest *rq, HttpResponse *rs)
{
    return staff_act(rq, rs, &case_page, &acts_resume);
}

HttpNext web_office_revoke(HttpRequest *rq, HttpResponse *rs)
{
    return staff_act(rq, rs, &case_page, &acts_revoke);
}

HttpNext web_office_claim(HttpRequest *rq, HttpResponse *rs)
{
    return staff_act(rq, rs, &case_page, &acts_claim);
}

HttpNext web_office_task(HttpRequest *rq, HttpResponse *rs)
{
    return staff_act(rq, rs, &case_page, &staff_acts_task);
}
