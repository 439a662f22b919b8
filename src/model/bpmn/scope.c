/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an expression may name. The engine's rule (engine/flow/scope.c) read before anything runs: a
 * result goes into the process, inputs into the scope of their task or sub-process, and with
 * output mappings what comes in stays there until they take it out.
 *
 * The names of the process are learnt twice: the second time the types of scripts and mappings,
 * which name others, are known too. A message brings what its sender likes, so a process where one
 * can come without output mappings has open names.
 */
#include "model/bpmn/bpmn_int.h"

typedef Vec(FeelName) NameList;

typedef struct {
    NameList names;
    bool open; /* others may turn up */
} Scope;

typedef struct {
    BpmnReader *r;
    Arena scratch;
    Scope known;   /* of the process, as far as it is learnt */
    Scope *inside; /* of each sub-process, by its index */
} Scoper;

static FeelNames names_of(const Scope *s)
{
    return (FeelNames){.at = s->names.at, .count = s->names.len, .open = s->open};
}

/* ---- types ---- */

static const FeelType *as_data(Arena *out, const FeelType *t, int depth);

static const FeelNames *members_as_data(Arena *out, const FeelNames *members, int depth)
{
    FeelName *at = NEW_N(out, FeelName, members->count + 1);
    for (size_t i = 0; i < members->count; i++) {
        at[i] = (FeelName){str_dup(out, members->at[i].name),
                           as_data(out, members->at[i].type, depth + 1)};
    }
    FeelNames *names = NEW(out, FeelNames);
    *names = (FeelNames){.at = at, .count = members->count};
    return names;
}

/* A variable is kept as JSON has it: a date is a text. */
static const FeelType *as_data(Arena *out, const FeelType *t, int depth)
{
    static const FeelType text = {.kind = FEEL_STRING};
    if (!t || depth > FEEL_MAX_VALUE_DEPTH) {
        return NULL;
    }
    FeelType *made = NEW(out, FeelType);
    *made = *t;
    switch (t->kind) {
    case FEEL_DATE:
    case FEEL_TIME:
    case FEEL_DATE_TIME:
    case FEEL_DAYS_DURATION:
    case FEEL_MONTHS_DURATION: return &text;
    case FEEL_LIST: made->item = as_data(out, t->item, depth + 1); return made;
    case FEEL_CONTEXT:
        made->members = t->members ? members_as_data(out, t->members, depth) : NULL;
        return made;
    case FEEL_NULL:
    case FEEL_RANGE:
    case FEEL_FUNCTION: return NULL;
    case FEEL_BOOLEAN:
    case FEEL_NUMBER:
    case FEEL_STRING: break;
    }
    return t;
}

static const FeelType *join(const FeelType *a, const FeelType *b)
{
    static const FeelType text = {.kind = FEEL_STRING};
    bool texts = a && b && a->kind == FEEL_STRING && b->kind == FEEL_STRING;
    bool plain =
        a && b && a->kind == b->kind && (a->kind == FEEL_BOOLEAN || a->kind == FEEL_NUMBER);
    return a == b || plain ? a : texts ? &text : NULL;
}

static FeelName *find(const Scope *s, Str name)
{
    for (size_t i = 0; i < s->names.len; i++) {
        if (str_eq(s->names.at[i].name, name)) {
            return &s->names.at[i];
        }
    }
    return NULL;
}

static void add(Arena *out, Scope *s, Str name, const FeelType *type)
{
    if (s->names.len >= FEEL_MAX_NAMES) {
        s->open = true;
    } else if (name.len > 0) {
        *VEC_PUSH(out, &s->names) = (FeelName){name, type};
    }
}

/* One more that sets the variable. */
static void put(Arena *out, Scope *s, Str name, const FeelType *type)
{
    FeelName *there = find(s, name);
    if (there) {
        there->type = join(there->type, type);
    } else {
        add(out, s, name, type);
    }
}

/* ---- scopes ---- */

static const FeelType *type_in(Scoper *c, const Scope *s, const BpmnExpr *e, bool always_feel)
{
    FeelNames names = names_of(s);
    BpmnSight sight = {.names = &names, .always_feel = always_feel};
    return as_data(c->r->tmp, bpmn_expr_type(&c->scratch, e, &sight), 0);
}

/* An inner name hides the outer one. */
static void put_input(Scoper *c, Scope *s, const BpmnMapping *m)
{
    const FeelType *t = type_in(c, s, &m->source, false);
    FeelName *hidden = find(s, m->target);
    if (hidden) {
        hidden->type = t;
    } else {
        add(&c->scratch, s, m->target, t);
    }
}

static Scope copy_scope(Scoper *c, const Scope *of)
{
    Scope s = {.open = of->open};
    for (size_t i = 0; i < of->names.len; i++) {
        *VEC_PUSH(&c->scratch, &s.names) = of->names.at[i];
    }
    return s;
}

/* What the engine itself sets for the instances of a loop. */
static void put_loop(Scoper *c, Scope *s, const BpmnElement *e)
{
    static const FeelType number = {.kind = FEEL_NUMBER};
    static const Str counters[] = {STR_INIT("loopCounter"), STR_INIT("numberOfInstances"),
                                   STR_INIT("numberOfActiveInstances"),
                                   STR_INIT("numberOfCompletedInstances")};
    for (size_t i = 0; e->loop && i < COUNT(counters); i++) {
        put(&c->scratch, s, counters[i], &number);
    }
    if (e->loop) {
        put(&c->scratch, s, e->loop->item, NULL);
    }
}

static const Scope *scope_inside(const Scoper *c, uint16_t sub)
{
    return sub == BPMN_NONE ? &c->known : &c->inside[sub];
}

/* A sub-process stands before what is in it. */
static void open_insides(Scoper *c)
{
    const BpmnReader *r = c->r;
    c->inside = NEW_N(&c->scratch, Scope, r->elements.len + 1);
    for (size_t i = 0; i < r->elements.len; i++) {
        const BpmnElement *e = &r->elements.at[i];
        if (!bpmn_has_body(e->kind)) {
            continue;
        }
        c->inside[i] = copy_scope(c, scope_inside(c, e->scope));
        c->inside[i].open = c->inside[i].open || e->kind == BPMN_CALLED; /* by its callers */
        put_loop(c, &c->inside[i], e);
        for (size_t k = 0; k < e->input_count; k++) {
            put_input(c, &c->inside[i], &e->inputs[k]);
        }
    }
}

/* What the element's own expressions see; *own is there for it. */
static const Scope *scope_of(Scoper *c, const BpmnElement *e, Scope *own)
{
    const Scope *around = scope_inside(c, e->scope);
    if (e->input_count == 0 && !e->loop) {
        return around;
    }
    *own = copy_scope(c, around);
    put_loop(c, own, e);
    for (size_t i = 0; i < e->input_count; i++) {
        put_input(c, own, &e->inputs[i]);
    }
    return own;
}

static const FeelType *result_type(Scoper *c, const BpmnElement *e)
{
    const FeelNames *decisions = &c->r->world->decisions;
    Scope own;
    if (e->kind != BPMN_RULE_TASK) {
        return type_in(c, scope_of(c, e, &own), &e->script, true);
    }
    for (size_t i = 0; i < decisions->count; i++) {
        if (str_eq(decisions->at[i].name, e->decision)) {
            return as_data(c->r->tmp, decisions->at[i].type, 0);
        }
    }
    return NULL;
}

/* A worker of the outside answers what it likes. */
static bool job_brings_any(const BpmnWorld *world, const BpmnElement *e)
{
    for (size_t i = 0; i < world->own_job_count; i++) {
        if (str_eq(world->own_jobs[i], e->job_type)) {
            return false;
        }
    }
    return world->own_job_count > 0 && e->job_type.len > 0;
}

/* What ending the element brings: into the process, or into its own scope. */
static void put_results(Scoper *c, Scope *into, const BpmnElement *e)
{
    const BpmnWorld *world = c->r->world;
    if (e->result_variable.len > 0) {
        put(c->r->tmp, into, e->result_variable, result_type(c, e));
    }
    for (size_t i = 0; e->kind == BPMN_USER_TASK && i < world->answer_count; i++) {
        const BpmnAnswer *a = &world->answers[i];
        if (str_eq(bpmn_property(e, a->property), str_z(a->value))) {
            put(c->r->tmp, into, a->variable.name, a->variable.type);
        }
    }
    bool comes = e->kind == BPMN_RECEIVE_TASK || e->kind == BPMN_CATCH || e->kind == BPMN_START ||
                 e->kind == BPMN_BOUNDARY;
    bool called = e->kind == BPMN_CALL && e->called == BPMN_NONE;
    into->open = into->open || called || job_brings_any(world, e) ||
                 (comes && bpmn_trigger(e, BPMN_ON_MESSAGE));
}

static bool has_outputs(const BpmnElement *e)
{
    return e->output_count > 0 && (bpmn_is_activity(e->kind) || e->kind == BPMN_CATCH);
}

/* What output mappings see. */
static Scope scope_after(Scoper *c, const BpmnElement *e)
{
    Scope own;
    Scope s = copy_scope(c, scope_of(c, e, &own));
    if (has_outputs(e)) {
        put_results(c, &s, e);
    }
    return s;
}

static void learn(Scoper *c)
{
    const BpmnReader *r = c->r;
    const FeelNames *start = &r->world->start;
    Scope learnt = {.open = start->open};
    open_insides(c);
    for (size_t i = 0; i < start->count; i++) {
        put(r->tmp, &learnt, start->at[i].name, start->at[i].type);
    }
    for (size_t i = 0; i < r->elements.len; i++) {
        const BpmnElement *e = &r->elements.at[i];
        ArenaMark mark = arena_mark(&c->scratch);
        if (!has_outputs(e)) {
            put_results(c, &learnt, e);
        } else {
            Scope s = scope_after(c, e);
            for (size_t k = 0; k < e->output_count; k++) {
                put(r->tmp, &learnt, e->outputs[k].target,
                    type_in(c, &s, &e->outputs[k].source, false));
            }
        }
        put(r->tmp, &learnt, e->loop ? e->loop->output : e->output, NULL);
        arena_rewind(&c->scratch, mark);
    }
    c->known = learnt;
}

/* ---- compiling ---- */

static void compile(Scoper *c, BpmnExpr *e, const Scope *s, bool always_feel, const FeelType **type)
{
    FeelNames names = names_of(s);
    bpmn_compile(c->r, e, &(BpmnSight){c->r->world ? &names : NULL, always_feel}, type);
}

static void compile_mappings(Scoper *c, BpmnElement *e)
{
    const FeelType *type = NULL;
    BpmnMapping *inputs = NEW_N(c->r->out, BpmnMapping, e->input_count + 1);
    BpmnMapping *outputs = NEW_N(c->r->out, BpmnMapping, e->output_count + 1);
    Scope s = copy_scope(c, scope_inside(c, e->scope));
    for (size_t i = 0; i < e->input_count; i++) {
        inputs[i] = e->inputs[i];
        compile(c, &inputs[i].source, &s, false, &type);
        if (c->r->world) {
            put_input(c, &s, &e->inputs[i]);
        }
    }
    Scope after = c->r->world ? scope_after(c, e) : (Scope){0};
    for (size_t i = 0; i < e->output_count; i++) {
        outputs[i] = e->outputs[i];
        compile(c, &outputs[i].source, &after, false, &type);
    }
    e->inputs = inputs;
    e->outputs = outputs;
}

/* A text may be one, too: that is how the process keeps it. */
static void check_timer_type(BpmnReader *r, const BpmnElement *e, const BpmnTrigger *on,
                             const FeelType *t)
{
    bool date = on->timer_kind == BPMN_TIMER_DATE, cycle = on->timer_kind == BPMN_TIMER_CYCLE;
    FeelKind kind = t ? t->kind : FEEL_STRING;
    bool day = kind == FEEL_DATE || kind == FEEL_DATE_TIME;
    bool duration = kind == FEEL_DAYS_DURATION || kind == FEEL_MONTHS_DURATION;
    if (kind != FEEL_STRING && !(date ? day : !cycle && duration)) {
        BPMN_ERROR(r, "bpmn.timer", on->timer.offset,
                   date    ? STR("= a date and time")
                   : cycle ? STR("= \"R4/PT1H\"")
                           : STR("= duration(\"P5D\")"),
                   "timer of '" STR_FMT "' is a %s", STR_ARG(e->id), feel_kind_name(kind));
    }
}

static void check_due_type(BpmnReader *r, const BpmnElement *e, const FeelType *t)
{
    FeelKind kind = t ? t->kind : FEEL_STRING;
    if (kind != FEEL_STRING && kind != FEEL_DATE && kind != FEEL_DATE_TIME &&
        kind != FEEL_DAYS_DURATION && kind != FEEL_MONTHS_DURATION) {
        BPMN_ERROR(r, "bpmn.schedule", e->due.offset, STR("= a date and time, or a duration"),
                   "due date of '" STR_FMT "' is a %s", STR_ARG(e->id), feel_kind_name(kind));
    }
}

static void compile_truth(Scoper *c, const BpmnElement *e, BpmnExpr *x, const Scope *s)
{
    const FeelType *t = NULL;
    compile(c, x, s, true, &t);
    if (t && t->kind != FEEL_BOOLEAN) {
        BPMN_ERROR(c->r, "bpmn.condition", x->offset, STR("compare it with something"),
                   "condition of '" STR_FMT "' is a %s", STR_ARG(e->id), feel_kind_name(t->kind));
    }
}

static void compile_triggers(Scoper *c, BpmnElement *e, const Scope *s)
{
    BpmnTrigger *own = NEW_N(c->r->out, BpmnTrigger, e->trigger_count + 1);
    for (size_t i = 0; i < e->trigger_count; i++) {
        const FeelType *type = NULL;
        own[i] = e->triggers[i];
        compile(c, &own[i].timer, s, false, &type);
        check_timer_type(c->r, e, &own[i], type);
        compile(c, &own[i].correlation, s, false, &type);
        compile(c, &own[i].message_id, s, false, &type);
        compile(c, &own[i].time_to_live, s, false, &type);
        compile_truth(c, e, &own[i].condition, s);
    }
    e->triggers = own;
}

/* Cardinality and collection stand around the loop, its conditions and outputs inside. */
static void compile_loop(Scoper *c, BpmnElement *e)
{
    const FeelType *type = NULL;
    BpmnLoop *l = NEW(c->r->out, BpmnLoop);
    Scope around = {0}, inner = {0};
    *l = *e->loop;
    if (c->r->world) {
        around = *scope_inside(c, e->scope);
        inner = copy_scope(c, &around);
        put_loop(c, &inner, e);
        put_results(c, &inner, e);
    }
    compile(c, &l->cardinality, &around, true, &type);
    compile(c, &l->collection, &around, false, &type);
    compile(c, &l->output_element, &inner, false, &type);
    compile_truth(c, e, &l->condition, &inner);
    compile_truth(c, e, &l->tells_when, &inner);
    e->loop = l;
}

static Scope with_count(Scoper *c, const BpmnElement *e)
{
    static const FeelType number = {.kind = FEEL_NUMBER};
    Scope s = {0};
    if (c->r->world) {
        s = copy_scope(c, scope_inside(c, e->scope));
        put(&c->scratch, &s, STR("activationCount"), &number);
    }
    return s;
}

static void compile_element(Scoper *c, BpmnElement *e)
{
    const BpmnReader *r = c->r;
    const BpmnElement *owner = e->attached == BPMN_NONE ? e : &r->elements.at[e->attached];
    ArenaMark mark = arena_mark(&c->scratch);
    Scope own = {0};
    const Scope *s = r->world ? scope_of(c, owner, &own) : &own;
    const FeelType *type = NULL;
    compile_triggers(c, e, s);
    compile(c, &e->script, s, true, &type);
    compile(c, &e->active, s, false, &type);
    compile(c, &e->due, s, false, &type);
    check_due_type(c->r, e, type);
    if (e->output_element.text.len > 0) {
        compile(c, &e->output_element, r->world ? &c->inside[e - r->elements.at] : s, false, &type);
    }
    Scope counted = e->kind == BPMN_COMPLEX ? with_count(c, e) : (Scope){0};
    compile_truth(c, e, &e->condition, e->kind == BPMN_COMPLEX ? &counted : s);
    if (e->loop) {
        compile_loop(c, e);
    }
    if (e->input_count + e->output_count > 0) {
        compile_mappings(c, e);
    }
    arena_rewind(&c->scratch, mark);
}

static void compile_condition(Scoper *c, BpmnFlow *f)
{
    bool linked = c->r->world && f->from != BPMN_NONE;
    Scope open = {.open = true};
    const Scope *s = linked ? scope_inside(c, c->r->elements.at[f->from].scope) : &open;
    const FeelType *type = NULL;
    compile(c, &f->condition, s, true, &type);
    if (type && type->kind != FEEL_BOOLEAN) {
        BPMN_ERROR(c->r, "bpmn.condition", f->condition.offset, STR("compare it with something"),
                   "condition of flow '" STR_FMT "' is a %s", STR_ARG(f->id),
                   feel_kind_name(type->kind));
    }
}

void bpmn_compile_all(BpmnReader *r)
{
    Scoper c = {.r = r};
    if (r->world) {
        learn(&c);
        learn(&c);
    }
    open_insides(&c);
    for (size_t i = 0; i < r->elements.len; i++) {
        r->doc = r->drafts.at[i].doc;
        compile_element(&c, &r->elements.at[i]);
    }
    for (size_t i = 0; i < r->flows.len; i++) {
        r->doc = r->flow_drafts.at[i].doc;
        compile_condition(&c, &r->flows.at[i]);
    }
    arena_free(&c.scratch);
}
