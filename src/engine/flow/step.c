/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One event: copy the instance, apply the event to the token it names, run what became ready.
 *
 * Invariants afterwards: no token is READY; every wait names a living token; every scope but the
 * process's belongs to a living token; an instance that is over has no tokens. assert_settled
 * checks them.
 */
#include "engine/flow/flow_int.h"

const BpmnElement *step_element(const Step *s, uint16_t index)
{
    return &s->process->elements[index];
}

int64_t step_key(Step *s)
{
    return ++s->in->last_key;
}

FlowEffect *step_effect(Step *s, FlowEffectKind kind, int64_t key, const BpmnElement *e)
{
    FlowEffect *f = VEC_PUSH(s->out, s->fx);
    *f = (FlowEffect){.kind = kind, .key = key, .element = e};
    return f;
}

FlowToken *step_token(Step *s, int64_t id)
{
    for (size_t i = 0; i < s->in->tokens.len; i++) {
        if (s->in->tokens.at[i].id == id) {
            return &s->in->tokens.at[i];
        }
    }
    return NULL;
}

FlowToken *step_token_by_key(Step *s, int64_t key, FlowTokenState state)
{
    for (size_t i = 0; i < s->in->tokens.len; i++) {
        FlowToken *t = &s->in->tokens.at[i];
        if (t->key == key && t->state == state) {
            return t;
        }
    }
    return NULL;
}

void step_incident(Step *s, int64_t token, Str reason)
{
    FlowToken *t = step_token(s, token);
    if (t->state == TOKEN_TASK || t->state == TOKEN_JOB) {
        t->state = TOKEN_READY; /* its task or job is over: nothing to cancel */
    }
    step_stop_token(s, token);
    int64_t key = step_key(s);
    t = step_token(s, token);
    t->state = TOKEN_INCIDENT;
    t->key = key;
    t->reason = reason;
    step_effect(s, FLOW_INCIDENT, key, step_element(s, t->element))->reason = reason;
}

void step_remove_token(Step *s, int64_t token)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->in->tokens.len; i++) {
        if (s->in->tokens.at[i].id != token) {
            s->in->tokens.at[kept++] = s->in->tokens.at[i];
        }
    }
    s->in->tokens.len = kept;
}

void step_add_token(Step *s, uint16_t element, uint16_t flow, int64_t scope)
{
    int64_t id = step_key(s);
    *VEC_PUSH(s->out, &s->in->tokens) =
        (FlowToken){.id = id, .element = element, .flow = flow, .scope = scope};
}

/* ---- events ---- */

#define COPY_VEC(s, v)                                                                             \
    do {                                                                                           \
        size_t bytes = (v)->len * sizeof *(v)->at;                                                 \
        (v)->at = (v)->len ? memcpy(arena_alloc((s)->out, bytes), (v)->at, bytes) : NULL;          \
        (v)->cap = (v)->len;                                                                       \
    } while (0)

static FlowInstance *copy_instance(Step *s, const FlowInstance *before)
{
    FlowInstance *in = NEW(s->out, FlowInstance);
    *in = *before;
    COPY_VEC(s, &in->tokens);
    COPY_VEC(s, &in->waits);
    COPY_VEC(s, &in->scopes);
    return in;
}

static bool merge(Step *s, int64_t scope)
{
    Str why = {0};
    return scope_merge(s, scope, s->ev->variables, &why) ||
           FAIL(s->err, ERR_LIMIT, "variables of process '" STR_FMT "' are over %d bytes",
                STR_ARG(s->process->id), FLOW_MAX_VARIABLE_BYTES);
}

static bool start(Step *s)
{
    static const FeelContext none;
    s->in->process = s->process->id;
    *VEC_PUSH(s->out, &s->in->scopes) = (FlowScope){.variables = &none};
    step_add_token(s, s->process->start, BPMN_NONE, 0);
    return merge(s, 0);
}

static bool no_such_key(Step *s, const char *what)
{
    return FAIL(s->err, ERR_NOT_FOUND, "no %s '%lld' waits in this instance", what,
                (long long)s->ev->key);
}

static int64_t scope_of_token(const FlowToken *t)
{
    return t->local ? t->local : t->scope;
}

/* With output mappings what came in stays in the task's scope, the mappings take it out. */
static bool merge_result(Step *s, const FlowToken *t)
{
    const BpmnElement *e = step_element(s, t->element);
    const FeelContext *c = s->ev->variables;
    Str why = {0};
    if (t->local == 0 || e->output_count == 0) {
        return merge(s, scope_of_token(t));
    }
    for (size_t i = 0; c && i < c->count; i++) {
        if (!scope_assign_here(s, t->local, c->entries[i].key, c->entries[i].value, &why)) {
            return FAIL(s->err, ERR_LIMIT, STR_FMT, STR_ARG(why));
        }
    }
    return true;
}

static bool work_done(Step *s, FlowTokenState state, const char *what)
{
    const FlowToken *t = step_token_by_key(s, s->ev->key, state);
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
    FlowToken *t = step_token_by_key(s, s->ev->key, TOKEN_JOB);
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
    run_throw(s, id, s->ev->code, s->ev->reason);
    return true;
}

static bool is_timer(BpmnKind kind)
{
    return kind == BPMN_CATCH_TIMER || kind == BPMN_BOUNDARY_TIMER;
}

static bool woken(Step *s)
{
    FlowWait w = {0};
    bool timer = s->ev->kind == FLOW_TIMER;
    for (size_t i = 0; i < s->in->waits.len; i++) {
        if (s->in->waits.at[i].key == s->ev->key) {
            w = s->in->waits.at[i];
        }
    }
    if (w.key == 0) {
        return no_such_key(s, timer ? "timer" : "message");
    }
    if (is_timer(step_element(s, w.element)->kind) != timer) {
        return FAIL(s->err, ERR_CONFLICT, "key '%lld' waits for a %s", (long long)w.key,
                    timer ? "message" : "timer");
    }
    const FlowToken *t = step_token(s, w.token);
    bool own = t->element == w.element;
    const BpmnElement *e = step_element(s, w.element);
    if (!own && s->in->tokens.len >= FLOW_MAX_TOKENS) {
        return FAIL(s->err, ERR_LIMIT, "instance has more than %d tokens", FLOW_MAX_TOKENS);
    }
    if (own || timer || e->interrupting) { /* a message may come again */
        wait_remove(s, w.key);
    }
    if (!(own ? merge_result(s, t) : merge(s, t->scope))) {
        return false;
    }
    if (own) {
        run_leave(s, w.token);
    } else {
        run_boundary(s, w.token, w.element);
    }
    return true;
}

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

static bool cancel(Step *s)
{
    step_stop_scope(s, 0);
    s->in->state = FLOW_CANCELLED;
    step_effect(s, FLOW_WITHDRAWN, 0, NULL);
    return true;
}

static bool apply(Step *s)
{
    switch (s->ev->kind) {
    case FLOW_START: return start(s);
    case FLOW_TASK_DONE: return work_done(s, TOKEN_TASK, "task");
    case FLOW_JOB_DONE: return work_done(s, TOKEN_JOB, "job");
    case FLOW_JOB_FAILED:
    case FLOW_JOB_ERROR: return job_went_wrong(s);
    case FLOW_MESSAGE:
    case FLOW_TIMER: return woken(s);
    case FLOW_RETRY: return retry(s);
    case FLOW_SET: return merge(s, 0);
    case FLOW_CANCEL: return cancel(s);
    }
    return true;
}

static void assert_settled(Step *s)
{
    for (size_t i = 0; i < s->in->tokens.len; i++) {
        ASSERT(s->in->tokens.at[i].state != TOKEN_READY);
    }
    for (size_t i = 0; i < s->in->waits.len; i++) {
        ASSERT(step_token(s, s->in->waits.at[i].token));
    }
    for (size_t i = 1; i < s->in->scopes.len; i++) {
        ASSERT(step_token(s, s->in->scopes.at[i].token));
    }
    ASSERT(s->in->state == FLOW_ACTIVE || s->in->tokens.len == 0);
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
    s.in = copy_instance(&s, before ? before : &empty);
    if (ev->id_base > s.in->last_key) {
        s.in->last_key = ev->id_base;
    }
    if (!apply(&s)) {
        return false;
    }
    run_tokens(&s);
    assert_settled(&s);
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
    return bpmn_property(e, "form");
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
    case FLOW_DECIDED: return "decided";
    case FLOW_INCIDENT: return "incident";
    case FLOW_PASSED: return "passed";
    case FLOW_FINISHED: return "finished";
    case FLOW_WITHDRAWN: return "withdrawn";
    }
    return "";
}
