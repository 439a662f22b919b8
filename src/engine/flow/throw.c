/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is thrown and who catches it. Errors and escalations go outwards: to the boundary of the
 * activity, to the event sub-processes of its scope, to the boundary of that scope's activity, and
 * on, across call activities; of several the one with the code, then the one without. Signals go to
 * all that listen, messages out of the instance, a termination ends its own scope only.
 */
#include "engine/flow/flow_int.h"

/* ---- catching ---- */

void throw_boundary(Step *s, int64_t token, uint16_t boundary)
{
    FlowToken t = *step_token(s, token);
    if (!step_element(s, boundary)->interrupting) {
        if (step_has_room(s, 1)) {
            step_add_token(s, boundary, BPMN_NONE, t.scope);
        } else {
            step_incident(s, token, STR("too many tokens"));
        }
        return;
    }
    step_stop_token(s, token);
    FlowToken *moved = step_token(s, token);
    moved->element = boundary;
    moved->flow = BPMN_NONE;
    moved->state = TOKEN_READY;
    moved->key = 0;
}

void throw_handler(Step *s, int64_t scope, uint16_t start)
{
    const BpmnElement *e = step_element(s, start);
    if (e->interrupting) {
        step_stop_scope(s, scope);
    }
    if (!e->interrupting && !step_has_room(s, 2)) {
        return; /* events from outside are refused before they come here */
    }
    enter_handler(s, step_add_token(s, e->scope, BPMN_NONE, scope));
}

typedef struct {
    BpmnTriggerKind kind;
    Str code;
} Thrown;

/* 2: by its code, 1: catches all, 0: not at all. */
static int fits(const BpmnElement *e, const Thrown *what)
{
    int best = 0;
    for (size_t i = 0; i < e->trigger_count; i++) {
        const BpmnTrigger *t = &e->triggers[i];
        bool exact = t->name.len > 0 && str_eq(t->name, what->code);
        int fit = t->kind != what->kind ? 0 : exact ? 2 : t->name.len == 0 ? 1 : 0;
        best = fit > best ? fit : best;
    }
    return best;
}

static uint16_t boundary_for(Step *s, const FlowToken *t, const Thrown *what)
{
    const BpmnElement *e = step_element(s, t->element);
    uint16_t found = BPMN_NONE;
    int best = 0;
    for (size_t i = 0; !t->loop && i < e->boundary_count; i++) {
        int fit = fits(step_element(s, e->boundaries[i]), what);
        found = fit > best ? e->boundaries[i] : found;
        best = fit > best ? fit : best;
    }
    return found;
}

static const BpmnBody *body_of(Step *s, int64_t scope)
{
    static const BpmnBody none;
    if (scope == 0) {
        return &s->process->body;
    }
    const FlowToken *t = step_token(s, scope_get(s, scope)->token);
    const BpmnElement *e = step_element(s, t->element);
    bool body = t->state == TOKEN_INSIDE && t->local == scope;
    return !body ? &none : e->kind == BPMN_CALL ? &step_element(s, e->called)->body : &e->body;
}

/* Of the scope, but not the event sub-process that throws. */
static uint16_t handler_for(Step *s, int64_t scope, uint16_t thrower, const Thrown *what)
{
    const BpmnBody *b = body_of(s, scope);
    uint16_t found = BPMN_NONE;
    int best = 0;
    for (size_t i = 0; i < b->handler_count; i++) {
        uint16_t start = step_element(s, b->handlers[i])->body.starts[0];
        int fit = b->handlers[i] == thrower ? 0 : fits(step_element(s, start), what);
        found = fit > best ? start : found;
        best = fit > best ? fit : best;
    }
    return found;
}

/* One that interrupts has taken the place of its scope, the other handlers too. */
static bool has_interrupted(Step *s, const FlowToken *t)
{
    const BpmnElement *e = step_element(s, t->element);
    return e->kind == BPMN_EVENT_SUBPROCESS && step_element(s, e->body.starts[0])->interrupting;
}

/* False when nobody catches it. An event sub-process does not catch what it throws itself. */
static bool throw_out(Step *s, int64_t token, const Thrown *what)
{
    const FlowToken *t = step_token(s, token);
    while (t) {
        uint16_t caught = boundary_for(s, t, what);
        if (caught != BPMN_NONE) {
            throw_boundary(s, t->id, caught);
            return true;
        }
        caught = has_interrupted(s, t) ? BPMN_NONE : handler_for(s, t->scope, t->element, what);
        if (caught != BPMN_NONE) {
            throw_handler(s, t->scope, caught);
            return true;
        }
        t = t->scope ? step_token(s, scope_get(s, t->scope)->token) : NULL;
    }
    return false;
}

void throw_error(Step *s, int64_t token, Str code, Str reason)
{
    Thrown what = {BPMN_ON_ERROR, code};
    if (!throw_out(s, token, &what)) {
        step_incident(s, token,
                      str_fmt(s->out, "error '" STR_FMT "' is caught nowhere" STR_FMT STR_FMT,
                              STR_ARG(code), STR_ARG(reason.len ? STR(": ") : STR("")),
                              STR_ARG(reason)));
    }
}

/* ---- throwing ---- */

static void broadcast(Step *s, const BpmnElement *e, Str name, const BpmnTrigger *t)
{
    FlowEffect *f = step_effect(s, FLOW_BROADCAST, 0, e);
    f->name = name;
    f->trigger = t;
    wait_broadcast(s, name);
}

void throw_telling(Step *s, int64_t token, Str name)
{
    FlowToken t = *step_token(s, token);
    const BpmnElement *e = step_element(s, t.element);
    for (size_t i = 0; i < e->boundary_count; i++) {
        const BpmnElement *b = step_element(s, e->boundaries[i]);
        const BpmnTrigger *on = bpmn_trigger(b, BPMN_ON_SIGNAL);
        if (on && str_eq(on->name, name)) {
            if (step_has_room(s, 1)) { /* it tells of a completion: it never interrupts */
                step_add_token(s, e->boundaries[i], BPMN_NONE, t.scope);
            }
            return;
        }
    }
    broadcast(s, e, name, NULL);
}

static bool text_of(Step *s, int64_t scope, const BpmnExpr *e, Str *text, Str *why)
{
    FeelValue v = feel_null();
    if (e->text.len == 0) {
        return true;
    }
    if (!scope_eval(s, scope, e, &v, why)) {
        return false;
    }
    *text = feel_text(s->out, &v);
    return true;
}

bool throw_message(Step *s, int64_t token, const BpmnElement *e, const BpmnTrigger *t, Str *why)
{
    int64_t scope = scope_of(step_token(s, token));
    Str correlation = {0}, id = {0};
    TimeMs until = 0;
    if (!text_of(s, scope, &t->correlation, &correlation, why) ||
        !text_of(s, scope, &t->message_id, &id, why) ||
        !due_after(s, scope, &t->time_to_live, e, &until, why)) {
        return false;
    }
    FlowEffect *f = step_effect(s, FLOW_PUBLISH, 0, e);
    f->trigger = t;
    f->name = t->name;
    f->correlation = correlation;
    f->message_id = id;
    f->due = until;
    f->variables = scope_view(s, scope);
    return true;
}

static bool publish(Step *s, int64_t token, const BpmnElement *e, const BpmnTrigger *t)
{
    Str why = {0};
    if (!throw_message(s, token, e, t, &why)) {
        step_incident(s, token, why);
        return false;
    }
    return true;
}

/* Everything but the event itself is cancelled; then what was done is undone. */
static void cancel_transaction(Step *s, int64_t token)
{
    int64_t scope = step_token(s, token)->scope;
    wait_close_handlers(s, scope);
    for (size_t i = 0; i < s->in->tokens.len;) {
        FlowToken o = s->in->tokens.at[i];
        if (o.scope == scope && o.id != token) {
            step_stop_token(s, o.id);
            step_remove_token(s, o.id);
            i = 0;
        } else {
            i++;
        }
    }
    undo_begin(s, token, scope);
}

/* Activities of the scope; of an event sub-process, those of the scope it stands in. */
static int64_t undone_scope(Step *s, int64_t token)
{
    int64_t scope = step_token(s, token)->scope;
    const FlowToken *t = scope ? step_token(s, scope_get(s, scope)->token) : NULL;
    return t && step_element(s, t->element)->kind == BPMN_EVENT_SUBPROCESS ? t->scope : scope;
}

static void throw_code(Step *s, int64_t token, const BpmnTrigger *t)
{
    Thrown what = {t->kind, t->name};
    if (t->kind == BPMN_ON_ERROR) {
        throw_error(s, token, t->name, (Str){0});
    } else {
        (void)throw_out(s, token, &what); /* uncaught, an escalation changes nothing */
    }
}

static void terminate(Step *s, int64_t scope)
{
    step_stop_scope(s, scope);
    run_finish_scope(s, scope);
}

static void jump(Step *s, int64_t token, uint16_t to)
{
    FlowToken *t = step_token(s, token);
    if (t->local) {
        scope_close(s, t->local);
    }
    t->element = to;
    t->flow = BPMN_NONE;
    t->local = 0;
}

/* False when the token is gone or goes its own way. */
static bool throw_one(Step *s, int64_t token, const BpmnElement *e, const BpmnTrigger *t)
{
    int64_t scope = step_token(s, token)->scope;
    switch (t->kind) {
    case BPMN_ON_MESSAGE: return publish(s, token, e, t);
    case BPMN_ON_SIGNAL: broadcast(s, e, t->name, t); break;
    case BPMN_ON_ERROR:
    case BPMN_ON_ESCALATION: throw_code(s, token, t); break;
    case BPMN_ON_COMPENSATION: undo_begin(s, token, undone_scope(s, token)); return false;
    case BPMN_ON_CANCEL: cancel_transaction(s, token); return false;
    case BPMN_ON_TERMINATE: terminate(s, scope); return false;
    case BPMN_ON_LINK: jump(s, token, t->link); return false;
    case BPMN_ON_TIMER: /* are never thrown */
    case BPMN_ON_CONDITION:
    case BPMN_TRIGGER_COUNT: break;
    }
    const FlowToken *left = step_token(s, token);
    return left && left->state == TOKEN_READY && &s->process->elements[left->element] == e;
}

void throw_enter(Step *s, int64_t token)
{
    const BpmnElement *e = step_at(s, token);
    Str why = {0};
    bool job = e->job_type.len > 0;
    if (e->input_count > 0 || (job && e->output_count > 0)) {
        int64_t local = scope_open(s, step_token(s, token)->scope, token);
        step_token(s, token)->local = local;
        for (size_t i = 0; i < e->input_count; i++) {
            FeelValue v = feel_null();
            if (!scope_map(s, &e->inputs[i], local, &v, &why) ||
                !scope_assign_here(s, local, e->inputs[i].target, v, &why)) {
                step_incident(s, token, why);
                return;
            }
        }
    }
    if (job) {
        enter_job(s, token);
        return;
    }
    if (e->kind == BPMN_END || bpmn_trigger(e, BPMN_ON_LINK)) {
        step_effect(s, FLOW_PASSED, 0, e);
    }
    for (size_t i = 0; i < e->trigger_count; i++) {
        if (!throw_one(s, token, e, &e->triggers[i])) {
            return;
        }
    }
    if (e->kind == BPMN_END) {
        wait_close_all(s, token);
        if (step_token(s, token)->local) {
            scope_close(s, step_token(s, token)->local);
        }
        run_end_token(s, token);
    } else {
        run_leave(s, token);
    }
}
