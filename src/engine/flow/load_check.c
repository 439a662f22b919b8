/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What must hold between the rows of a stored instance: what runs in a scope stands in the body of
 * its element; each state fits its element; a loop has as many instances as it counts; what was
 * done belongs to a scope that is there or was; keys are there once. The step relies on each.
 */
#include "engine/flow/flow_int.h"
#include "engine/flow/store_int.h"

typedef FlowReader Reader;

static const BpmnElement *at(const Reader *r, uint16_t element)
{
    return &r->process->elements[element];
}

static uint16_t body_element(const Reader *r, const FlowToken *t)
{
    const BpmnElement *e = at(r, t->element);
    return e->kind == BPMN_CALL ? e->called : t->element;
}

/* ---- tokens ---- */

/* What runs in a scope stands in its element's body; instances of a loop at the loop's element. */
static bool scope_fits(const Reader *r, const FlowToken *t)
{
    const BpmnElement *e = at(r, t->element);
    const FlowScope *c = load_scope(r->in, t->scope);
    if (t->scope == 0) {
        return e->scope == BPMN_NONE && !t->loop;
    }
    const FlowToken *o = c ? load_token(r->in, c->token) : NULL;
    if (!o || o->local != c->id) {
        return false;
    }
    if (o->state == TOKEN_BODY) {
        const FlowLoop *l = load_loop(r->in, o->id);
        return o->element == t->element && t->loop > 0 && l && t->loop <= l->started;
    }
    return (o->state == TOKEN_INSIDE || o->state == TOKEN_UNDO) && !t->loop &&
           e->scope == body_element(r, o);
}

static bool local_fits(const Reader *r, const FlowToken *t)
{
    const BpmnElement *e = at(r, t->element);
    const FlowScope *local = load_scope(r->in, t->local);
    bool inside = t->state == TOKEN_INSIDE, body = t->state == TOKEN_BODY;
    bool call = e->kind == BPMN_CALL && e->called != BPMN_NONE;
    bool bare = t->state == TOKEN_INCIDENT || t->state == TOKEN_JOIN;
    if (!local || (t->local && (bare || local->token != t->id || local->parent != t->scope))) {
        return false;
    }
    if (inside) {
        return (bpmn_has_body(e->kind) || call) && t->key == t->local && t->local != 0;
    }
    return body ? e->loop && !t->loop && t->local != 0 && load_loop(r->in, t->id)
                : !(bpmn_has_body(e->kind) || call) || t->state == TOKEN_INCIDENT ||
                      t->state == TOKEN_UNDO || t->state == TOKEN_JOIN;
}

/* Where a thrown event undoes: its own scope, or that of the event sub-process it stands in. */
static bool undo_fits(const Reader *r, const FlowToken *t)
{
    const BpmnElement *e = at(r, t->element);
    if (bpmn_has_body(e->kind)) {
        return t->owner && t->local && t->local == t->key;
    }
    bool throws = bpmn_trigger(e, BPMN_ON_COMPENSATION) || bpmn_trigger(e, BPMN_ON_CANCEL);
    const FlowScope *c = load_scope(r->in, t->scope);
    const FlowToken *o = c && c->id ? load_token(r->in, c->token) : NULL;
    bool handler = o && at(r, o->element)->kind == BPMN_EVENT_SUBPROCESS && o->scope == t->key;
    return throws && (t->key == t->scope || handler);
}

static bool joins(const Reader *r, const FlowToken *t)
{
    const BpmnElement *e = at(r, t->element);
    bool came = t->flow != BPMN_NONE && r->process->flows[t->flow].to == t->element;
    return bpmn_is_gateway(e->kind) ? e->incoming_count > 0 && came : e->start_quantity > 1;
}

static bool state_fits(const Reader *r, const FlowToken *t)
{
    const BpmnElement *e = at(r, t->element);
    switch (t->state) {
    case TOKEN_TASK: return e->kind == BPMN_USER_TASK;
    case TOKEN_JOB: return e->job_type.len > 0;
    case TOKEN_CALL: return e->kind == BPMN_CALL && e->called == BPMN_NONE;
    case TOKEN_EVENT:
        return e->kind == BPMN_CATCH || e->kind == BPMN_RECEIVE_TASK ||
               e->kind == BPMN_EVENT_GATEWAY;
    case TOKEN_JOIN: return joins(r, t);
    case TOKEN_INCIDENT: return e->kind != BPMN_CALLED;
    case TOKEN_UNDO: return undo_fits(r, t);
    case TOKEN_INSIDE: /* local_fits */
    case TOKEN_BODY: return true;
    case TOKEN_READY: break;
    }
    return false;
}

/* A token that works for one that undoes stands where that undoes. */
static bool owner_fits(const Reader *r, const FlowToken *t)
{
    const FlowToken *o = t->owner ? load_token(r->in, t->owner) : NULL;
    const BpmnElement *e = at(r, t->element);
    return !t->owner || (o && o->state == TOKEN_UNDO && o->id < t->id && t->scope == o->key &&
                         !t->loop && (e->for_compensation || bpmn_has_body(e->kind)));
}

static bool has_key(const FlowToken *t)
{
    return t->state == TOKEN_TASK || t->state == TOKEN_JOB || t->state == TOKEN_CALL ||
           t->state == TOKEN_INCIDENT;
}

static bool key_fits(const Reader *r, const FlowToken *t)
{
    bool fits = !has_key(t) || (t->key > 0 && t->key <= r->in->last_key);
    for (size_t i = 0; fits && has_key(t) && i < r->in->tokens.len; i++) {
        const FlowToken *o = &r->in->tokens.at[i];
        fits = o == t || !has_key(o) || o->key != t->key;
    }
    for (size_t i = 0; fits && has_key(t) && i < r->in->waits.len; i++) {
        fits = r->in->waits.at[i].key != t->key;
    }
    return fits;
}

static bool check_tokens(Reader *r)
{
    for (size_t i = 0; i < r->in->tokens.len; i++) {
        const FlowToken *t = &r->in->tokens.at[i];
        if (!load_scope(r->in, t->scope) || !local_fits(r, t) || !scope_fits(r, t) ||
            !state_fits(r, t) || !owner_fits(r, t) || !key_fits(r, t) ||
            (t->loop && (t->loop < 0 || !at(r, t->element)->loop))) {
            return load_bad(r, "token", t->id);
        }
    }
    return r->in->scopes.len > 0 || FAIL(r->err, ERR_INPUT, "instance has no variables");
}

/* ---- scopes, loops, waits ---- */

static bool check_scopes(Reader *r)
{
    for (size_t i = 1; i < r->in->scopes.len; i++) {
        const FlowScope *c = &r->in->scopes.at[i];
        size_t depth = 1;
        for (int64_t up = c->parent; up != 0; up = load_scope(r->in, up)->parent) {
            depth++;
        }
        if (load_token(r->in, c->token)->local != c->id || depth > FLOW_MAX_NEST) {
            return load_bad(r, "scope", c->id);
        }
    }
    return true;
}

static bool check_loops(Reader *r)
{
    for (size_t i = 0; i < r->in->loops.len; i++) {
        const FlowLoop *l = &r->in->loops.at[i];
        const FlowToken *o = load_token(r->in, l->token);
        int64_t runs = 0;
        for (size_t k = 0; k < r->in->tokens.len; k++) {
            runs += r->in->tokens.at[k].scope == o->local;
        }
        if (o->state == TOKEN_BODY && runs != l->started - l->done) {
            return load_bad(r, "loop", l->token);
        }
    }
    return true;
}

static bool is_handler(const Reader *r, const BpmnElement *e, const FlowWait *w)
{
    const BpmnElement *h = e->scope == BPMN_NONE ? NULL : at(r, e->scope);
    const FlowScope *c = load_scope(r->in, w->scope);
    const FlowToken *o = c && c->id ? load_token(r->in, c->token) : NULL;
    bool starts = e->kind == BPMN_START && h && h->kind == BPMN_EVENT_SUBPROCESS;
    return starts && (o ? o->state == TOKEN_INSIDE && body_element(r, o) == h->scope
                        : w->scope == 0 && h->scope == BPMN_NONE);
}

/* The token's own event, one behind its gateway, or at its boundary. */
static bool is_of_token(const Reader *r, const FlowToken *t, const FlowWait *w)
{
    const BpmnElement *e = at(r, w->element);
    bool behind = false, gateway = at(r, t->element)->kind == BPMN_EVENT_GATEWAY;
    for (size_t i = 0; i < e->incoming_count; i++) {
        behind = behind || r->process->flows[e->incoming[i]].from == t->element;
    }
    bool waits = t->state == TOKEN_EVENT;
    bool works = waits || t->state == TOKEN_TASK || t->state == TOKEN_JOB ||
                 t->state == TOKEN_CALL || t->state == TOKEN_INSIDE || t->state == TOKEN_BODY;
    bool boundary = e->kind == BPMN_BOUNDARY && e->attached == t->element && !t->loop;
    return w->scope == scope_of(t) && ((waits && t->element == w->element && !gateway) ||
                                       (waits && gateway && behind) || (works && boundary));
}

static bool check_waits(Reader *r)
{
    for (size_t i = 0; i < r->in->waits.len; i++) {
        FlowWait *w = &r->in->waits.at[i];
        const BpmnElement *e = at(r, w->element);
        const FlowToken *t = w->token ? load_token(r->in, w->token) : NULL;
        BpmnTriggerKind kind = e->triggers[w->trigger].kind;
        if (t && !w->scope) {
            w->scope = scope_of(t); /* format 1 did not write it */
        }
        if (!(t ? is_of_token(r, t, w) : is_handler(r, e, w)) ||
            (kind != BPMN_ON_TIMER && kind != BPMN_ON_MESSAGE && kind != BPMN_ON_SIGNAL &&
             kind != BPMN_ON_CONDITION)) {
            return load_bad(r, "wait", w->key);
        }
    }
    return true;
}

/* ---- what was done ---- */

/* The element in whose body what names the scope must stand; false when there is none. */
static bool body_of_scope(const Reader *r, int64_t scope, uint16_t element, uint16_t *body)
{
    const FlowScope *c = load_scope(r->in, scope);
    *body = BPMN_NONE;
    if (scope == 0) {
        return true;
    }
    if (c) {
        const FlowToken *o = load_token(r->in, c->token);
        bool loop = o->state == TOKEN_BODY;
        *body = loop ? at(r, element)->scope : body_element(r, o);
        return loop ? o->element == element : o->state == TOKEN_INSIDE || o->state == TOKEN_UNDO;
    }
    for (size_t i = 0; i < r->in->records.len; i++) {
        if (r->in->records.at[i].inner == scope) {
            *body = r->in->records.at[i].element;
            return true;
        }
    }
    return false;
}

static bool check_records(Reader *r)
{
    for (size_t i = 0; i < r->in->records.len; i++) {
        const FlowRecord *c = &r->in->records.at[i];
        uint16_t body = BPMN_NONE;
        bool fits = body_of_scope(r, c->scope, c->element, &body) &&
                    at(r, c->element)->scope == body && (!c->inner || !load_scope(r->in, c->inner));
        for (size_t k = 0; fits && c->inner && k < i; k++) {
            fits = r->in->records.at[k].inner != c->inner;
        }
        if (!fits || c->inner < 0 || c->inner > r->in->last_key) {
            return load_bad(r, "record", c->id);
        }
    }
    for (size_t i = 0; i < r->in->debts.len; i++) {
        const FlowDebt *d = &r->in->debts.at[i];
        uint16_t body = BPMN_NONE;
        if (at(r, d->element)->kind != BPMN_COMPLEX ||
            !body_of_scope(r, d->scope, d->element, &body) || at(r, d->element)->scope != body) {
            return load_bad(r, "debt", d->scope);
        }
    }
    return true;
}

bool load_check(Reader *r)
{
    const FlowInstance *in = r->in;
    size_t left = in->tokens.len + in->waits.len + in->loops.len + in->records.len + in->debts.len;
    if (in->state != FLOW_ACTIVE && left > 0) {
        return FAIL(r->err, ERR_INPUT, "instance is over, but not empty");
    }
    return check_tokens(r) && check_scopes(r) && check_loops(r) && check_waits(r) &&
           check_records(r);
}
