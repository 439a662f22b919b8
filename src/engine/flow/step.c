/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One event: copy the instance, apply the event to the token it names, run what became ready.
 *
 * Invariants afterwards: no token is READY; every wait names a living token or scope; every scope
 * but the process's belongs to a living token; an instance that is over has nothing left.
 * step_assert_settled checks them.
 */
#include "engine/flow/flow_int.h"

#define COPY_VEC(out, v)                                                                           \
    do {                                                                                           \
        size_t bytes = (v)->len * sizeof *(v)->at;                                                 \
        (v)->at = (v)->len ? memcpy(arena_alloc((out), bytes), (v)->at, bytes) : NULL;             \
        (v)->cap = (v)->len;                                                                       \
    } while (0)

FlowInstance *step_copy(Arena *out, const FlowInstance *before)
{
    FlowInstance *in = NEW(out, FlowInstance);
    *in = *before;
    COPY_VEC(out, &in->tokens);
    COPY_VEC(out, &in->waits);
    COPY_VEC(out, &in->scopes);
    COPY_VEC(out, &in->loops);
    COPY_VEC(out, &in->records);
    COPY_VEC(out, &in->debts);
    return in;
}

static bool merge(Step *s, int64_t scope)
{
    Str why = {0};
    return scope_merge(s, scope, s->ev->variables, &why) ||
           FAIL(s->err, ERR_LIMIT, "variables of process '" STR_FMT "' are over %d bytes",
                STR_ARG(s->process->id), FLOW_MAX_VARIABLE_BYTES);
}

/* ---- start ---- */

static bool is_named(const BpmnElement *e, Str code)
{
    bool found = str_eq(e->id, code);
    for (size_t i = 0; i < e->trigger_count; i++) {
        found = found || (e->triggers[i].name.len > 0 && str_eq(e->triggers[i].name, code));
    }
    return found;
}

/* By a message, signal or id; a task that receives the message has received it. */
static bool start_by_name(Step *s)
{
    for (size_t i = 0; i < s->process->element_count; i++) {
        const BpmnElement *e = &s->process->elements[i];
        bool starts = e->scope == BPMN_NONE && (e->kind == BPMN_START || e->instantiates);
        if (!starts || !is_named(e, s->ev->code)) {
            continue;
        }
        int64_t token = step_add_token(s, (uint16_t)i, BPMN_NONE, 0);
        if (e->instantiates) {
            run_leave(s, token);
        }
        return true;
    }
    return FAIL(s->err, ERR_NOT_FOUND, "process '" STR_FMT "' does not start by '" STR_FMT "'",
                STR_ARG(s->process->id), STR_ARG(str_slice(s->ev->code, 0, 80)));
}

/* Where only an event starts the process, who asks for a plain start means that one. */
static bool start_plainly(Step *s)
{
    const BpmnBody *b = &s->process->body;
    if (!step_has_room(s, b->start_count)) {
        return FAIL(s->err, ERR_LIMIT, "instance has more than %d tokens", FLOW_MAX_TOKENS);
    }
    for (size_t i = 0; i < b->start_count; i++) {
        step_add_token(s, b->starts[i], BPMN_NONE, 0);
    }
    for (size_t i = 0; s->in->tokens.len == 0 && i < s->process->element_count; i++) {
        const BpmnElement *e = &s->process->elements[i];
        if (e->scope == BPMN_NONE && e->kind == BPMN_START) {
            step_add_token(s, (uint16_t)i, BPMN_NONE, 0);
        }
    }
    return s->in->tokens.len > 0 ||
           FAIL(s->err, ERR_CONFLICT, "process '" STR_FMT "' starts by a message only",
                STR_ARG(s->process->id));
}

static bool start(Step *s)
{
    static const FeelContext none;
    Str why = {0};
    s->in->process = s->process->id;
    *VEC_PUSH(s->out, &s->in->scopes) = (FlowScope){.variables = &none};
    if (!merge(s, 0)) {
        return false;
    }
    if (!wait_open_handlers(s, 0, &s->process->body, &why)) {
        return FAIL(s->err, ERR_INPUT, STR_FMT, STR_ARG(why));
    }
    return s->ev->code.len ? start_by_name(s) : start_plainly(s);
}

/* ---- work ---- */

static bool no_such_key(Step *s, const char *what)
{
    return FAIL(s->err, ERR_NOT_FOUND, "no %s '%lld' waits in this instance", what,
                (long long)s->ev->key);
}

/* With output mappings what came in stays in the task's scope, the mappings take it out. What a
 * called process brings stays there as well, when not all of it shall come out. */
static bool merge_result(Step *s, const FlowToken *t)
{
    const BpmnElement *e = step_element(s, t->element);
    const FeelContext *c = s->ev->variables;
    Str why = {0};
    if (t->local == 0 || (e->output_count == 0 && e->kind != BPMN_CALL)) {
        return merge(s, scope_of(t));
    }
    for (size_t i = 0; c && i < c->count; i++) {
        if (!scope_assign_here(s, t->local, c->entries[i].key, c->entries[i].value, &why)) {
            return FAIL(s->err, ERR_LIMIT, STR_FMT, STR_ARG(why));
        }
    }
    return true;
}

static FlowToken *find_job(Step *s)
{
    FlowToken *t = step_token_by_key(s, s->ev->key, TOKEN_JOB);
    return t ? t : step_token_by_key(s, s->ev->key, TOKEN_CALL);
}

static bool work_done(Step *s, const FlowToken *t, const char *what)
{
    if (!t) {
        return no_such_key(s, what);
    }
    int64_t id = t->id;
    if (!merge_result(s, t)) {
        return false;
    }
    run_leave(s, id);
    return true;
}

static bool job_went_wrong(Step *s)
{
    FlowToken *t = find_job(s);
    if (!t) {
        return no_such_key(s, "job");
    }
    int64_t id = t->id;
    t->state = TOKEN_READY; /* the job is over */
    if (s->ev->kind == FLOW_JOB_FAILED) {
        step_incident(s, id, s->ev->reason);
        return true;
    }
    if (!merge(s, t->scope)) {
        return false;
    }
    throw_error(s, id, s->ev->code, s->ev->reason);
    return true;
}

/* ---- waits ---- */

static bool merge_woken(Step *s, const FlowWait *w)
{
    const FlowToken *t = w->token ? step_token(s, w->token) : NULL;
    if (!t) {
        return merge(s, w->scope);
    }
    bool own = t->element == w->element;
    bool mapped = !own && step_element(s, t->element)->kind == BPMN_EVENT_GATEWAY &&
                  step_element(s, w->element)->output_count > 0; /* merged when it is there */
    return mapped || (own ? merge_result(s, t) : merge(s, t->scope));
}

static bool woken(Step *s)
{
    bool timer = s->ev->kind == FLOW_TIMER;
    const FlowWait *found = wait_get(s, s->ev->key);
    if (!found) {
        return no_such_key(s, timer ? "timer" : "message");
    }
    FlowWait w = *found;
    BpmnTriggerKind kind = wait_trigger(s, &w)->kind;
    if ((kind == BPMN_ON_TIMER) != timer || kind == BPMN_ON_CONDITION) {
        return FAIL(s->err, ERR_CONFLICT, "key '%lld' waits for a %s", (long long)w.key,
                    bpmn_trigger_name(kind));
    }
    if (!step_has_room(s, 2)) {
        return FAIL(s->err, ERR_LIMIT, "instance has more than %d tokens", FLOW_MAX_TOKENS);
    }
    if (!merge_woken(s, &w)) {
        return false;
    }
    wait_fire(s, w.key);
    return true;
}

static bool signalled(Step *s)
{
    size_t listen = 0;
    for (size_t i = 0; i < s->in->waits.len; i++) {
        const BpmnTrigger *t = wait_trigger(s, &s->in->waits.at[i]);
        listen += t->kind == BPMN_ON_SIGNAL && str_eq(t->name, s->ev->code);
    }
    if (!step_has_room(s, 2 * listen)) {
        return FAIL(s->err, ERR_LIMIT, "instance has more than %d tokens", FLOW_MAX_TOKENS);
    }
    if (!merge(s, 0)) {
        return false;
    }
    wait_broadcast(s, s->ev->code);
    return true;
}

/* ---- mending ---- */

static bool retry(Step *s)
{
    FlowToken *t = step_token_by_key(s, s->ev->key, TOKEN_INCIDENT);
    if (!t) {
        return no_such_key(s, "incident");
    }
    t->state = TOKEN_READY;
    t->key = 0;
    t->reason = (Str){0};
    return merge(s, t->scope);
}

static bool set(Step *s)
{
    return scope_get(s, s->ev->key) ? merge(s, s->ev->key) : no_such_key(s, "scope");
}

static bool cancel(Step *s)
{
    step_stop_scope(s, 0);
    s->in->records.len = 0;
    s->in->debts.len = 0;
    s->in->state = FLOW_CANCELLED;
    step_effect(s, FLOW_WITHDRAWN, 0, NULL);
    return true;
}

static bool apply(Step *s)
{
    switch (s->ev->kind) {
    case FLOW_START: return start(s);
    case FLOW_TASK_DONE: return work_done(s, step_token_by_key(s, s->ev->key, TOKEN_TASK), "task");
    case FLOW_JOB_DONE: return work_done(s, find_job(s), "job");
    case FLOW_JOB_FAILED:
    case FLOW_JOB_ERROR: return job_went_wrong(s);
    case FLOW_MESSAGE:
    case FLOW_TIMER: return woken(s);
    case FLOW_SIGNAL: return signalled(s);
    case FLOW_RETRY: return retry(s);
    case FLOW_RESOLVE: return operate_resolve(s);
    case FLOW_MOVE: return operate_move(s);
    case FLOW_SET: return set(s);
    case FLOW_CANCEL: return cancel(s);
    }
    return true;
}

static void assert_tokens(Step *s)
{
    for (size_t i = 0; i < s->in->tokens.len; i++) {
        const FlowToken *t = &s->in->tokens.at[i];
        ASSERT(t->state != TOKEN_READY);
        ASSERT(t->scope == 0 || scope_get(s, t->scope));
        ASSERT(t->owner == 0 || step_token(s, t->owner));
        ASSERT(t->state != TOKEN_BODY || loop_of(s, t->id));
    }
}

void step_assert_settled(Step *s)
{
    assert_tokens(s);
    for (size_t i = 0; i < s->in->waits.len; i++) {
        const FlowWait *w = &s->in->waits.at[i];
        ASSERT(w->token ? step_token(s, w->token) != NULL : scope_get(s, w->scope) != NULL);
    }
    for (size_t i = 1; i < s->in->scopes.len; i++) {
        ASSERT(step_token(s, s->in->scopes.at[i].token));
    }
    for (size_t i = 0; i < s->in->loops.len; i++) {
        ASSERT(step_token(s, s->in->loops.at[i].token));
    }
    ASSERT(s->in->state == FLOW_ACTIVE ||
           s->in->tokens.len + s->in->waits.len + s->in->records.len + s->in->debts.len == 0);
}

bool flow_step(Arena *out, const FlowModel *m, const FlowInstance *before, const FlowEvent *ev,
               FlowResult *result, Err *err)
{
    static const FlowInstance empty;
    FlowResult made = {0};
    Step s = {
        .out = out, .model = m, .process = m->process, .fx = &made.effects, .ev = ev, .err = err};
    if ((before == NULL) != (ev->kind == FLOW_START)) {
        return FAIL(err, ERR_CONFLICT, "an instance starts once");
    }
    if (before && before->state != FLOW_ACTIVE) {
        return FAIL(err, ERR_CONFLICT, "instance is %s",
                    before->state == FLOW_COMPLETED ? "completed" : "cancelled");
    }
    s.in = step_copy(out, before ? before : &empty);
    s.variable_bytes = scope_bytes(s.in);
    if (ev->id_base > s.in->last_key) {
        s.in->last_key = ev->id_base;
    }
    s.first_key = s.in->last_key;
    if (!apply(&s)) {
        return false;
    }
    run_tokens(&s);
    step_assert_settled(&s);
    made.after = s.in;
    *result = made;
    return true;
}

Str flow_task_stage(const BpmnElement *e)
{
    return bpmn_property(e, "stage");
}

Str flow_task_form(const BpmnElement *e)
{
    Str own = bpmn_property(e, "form");
    return own.len ? own : e->form;
}

Str flow_task_limit(const BpmnElement *e)
{
    return bpmn_property(e, "stepLimit");
}

const FeelContext *flow_variables(const FlowInstance *i)
{
    return i->scopes.at[0].variables;
}

const char *flow_effect_name(FlowEffectKind kind)
{
    switch (kind) {
    case FLOW_CREATE_TASK: return "create task";
    case FLOW_CANCEL_TASK: return "cancel task";
    case FLOW_CREATE_JOB: return "create job";
    case FLOW_CANCEL_JOB: return "cancel job";
    case FLOW_CREATE_TIMER: return "create timer";
    case FLOW_CANCEL_TIMER: return "cancel timer";
    case FLOW_SUBSCRIBE: return "subscribe";
    case FLOW_UNSUBSCRIBE: return "unsubscribe";
    case FLOW_PUBLISH: return "publish";
    case FLOW_BROADCAST: return "broadcast";
    case FLOW_CALL: return "call";
    case FLOW_CANCEL_CALL: return "cancel call";
    case FLOW_DECIDED: return "decided";
    case FLOW_INCIDENT: return "incident";
    case FLOW_PASSED: return "passed";
    case FLOW_FINISHED: return "finished";
    case FLOW_WITHDRAWN: return "withdrawn";
    case FLOW_ADOPTED: return "adopted";
    }
    return "";
}
