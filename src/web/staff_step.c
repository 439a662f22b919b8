/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A step of the process that is no act of the law, at the window and in the back office: its name,
 * what it may end with, a remark. Which task: the one that the address or the form names, else the
 * first that waits for this organ and role.
 */
#include "catalogue/task.h"
#include "web/staff.h"

const StaffAct staff_acts_task = {"task", "desk.task", desk_task, staff_read_task};

Value *staff_read_task(const HttpRequest *rq, const Value *form)
{
    Value *in = staff_read_claim(rq, form);
    set_str(rq->arena, in, "outcome", staff_line(form, "outcome"));
    set_str(rq->arena, in, "remark", staff_line(form, "remark"));
    return in;
}

static Value *outcome_field(const HttpRequest *rq, const StaffVisit *sv, const TaskOutcome *list,
                            size_t n)
{
    WebBox box = {.shape = "choice",
                  .id = "task-outcome",
                  .name = "outcome",
                  .label = "desk.task.outcome",
                  .value = staff_typed(sv, "task", "outcome"),
                  .error = staff_wrong(rq, sv, "task", "outcome"),
                  .required = true};
    Value *f = web_box(rq, &box);
    for (size_t i = 0; i < n; i++)
        web_box_option(rq, f, list[i].key, text_in(list[i].label, visit_of(rq)->lang), STR(""));
    return f;
}

static Value *remark_field(const HttpRequest *rq, const StaffVisit *sv)
{
    WebBox box = {.shape = "area",
                  .id = "task-remark",
                  .name = "remark",
                  .label = "desk.task.remark",
                  .hint = "desk.task.remark.hint",
                  .value = staff_typed(sv, "task", "remark"),
                  .error = staff_wrong(rq, sv, "task", "remark")};
    return web_box(rq, &box);
}

void staff_step(const HttpRequest *rq, const StaffVisit *sv, Value *m)
{
    TaskOutcome list[TASK_OUTCOMES_MAX];
    size_t n = 0;
    Err err = {0};
    const Value *task = value_at(m, "task");
    const BpmnProcess *p = sv->cf.item->process;
    uint16_t at = p ? bpmn_find(p, get_str(task, "element")) : BPMN_NONE;
    bool plain = at != BPMN_NONE && get_bool(task, "plain") && !get_bool(m, "closed");
    set_bool(rq->arena, m, "can_step", plain && !get_bool(task, "not_for_me"));
    if (!plain || !task_outcomes(&p->elements[at], list, &n, &err))
        return;
    Value *o = set_map(rq->arena, m, "step_form");
    set_str(rq->arena, o, "step_name", get_str(task, "step"));
    set_str(rq->arena, o, "step_task", get_str(task, "id"));
    set_bool(rq->arena, o, "has_outcomes", n > 0);
    if (n)
        set_value(rq->arena, o, "outcome_field", outcome_field(rq, sv, list, n));
    set_value(rq->arena, o, "remark_field", remark_field(rq, sv));
}
