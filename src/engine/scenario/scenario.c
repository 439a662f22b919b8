/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines to events. A word has a row that says what kind of key its element names and which parts
 * follow; everything from the first "{" on is variables, in FEEL.
 */
#include "engine/scenario/scenario.h"

#include "base/date.h"
#include "engine/scenario/scenario_int.h"

static const int64_t NO_KEY = INT64_MAX; /* that was never given */

typedef enum {
    ARG_NONE,    /* nothing but variables */
    ARG_CODE,    /* a code, name or nothing */
    ARG_ELEMENT, /* an element */
    ARG_BOTH,    /* an element and a code */
    ARG_TEXT,    /* an element and a text to the end of the line: no variables */
} Arguments;

typedef struct {
    const char *word;
    FlowEventKind kind;
    Arguments arguments;
    FlowEffectKind made_by;
} EventRow;

static const EventRow event_rows[] = {
    {"start", FLOW_START, ARG_CODE, FLOW_FINISHED},
    {"task", FLOW_TASK_DONE, ARG_ELEMENT, FLOW_CREATE_TASK},
    {"job", FLOW_JOB_DONE, ARG_ELEMENT, FLOW_CREATE_JOB},
    {"fail", FLOW_JOB_FAILED, ARG_TEXT, FLOW_CREATE_JOB},
    {"error", FLOW_JOB_ERROR, ARG_BOTH, FLOW_CREATE_JOB},
    {"message", FLOW_MESSAGE, ARG_BOTH, FLOW_SUBSCRIBE},
    {"signal", FLOW_SIGNAL, ARG_CODE, FLOW_FINISHED},
    {"timer", FLOW_TIMER, ARG_ELEMENT, FLOW_CREATE_TIMER},
    {"retry", FLOW_RETRY, ARG_ELEMENT, FLOW_INCIDENT},
    {"resolve", FLOW_RESOLVE, ARG_ELEMENT, FLOW_INCIDENT},
    {"move", FLOW_MOVE, ARG_BOTH, FLOW_FINISHED},
    {"set", FLOW_SET, ARG_CODE, FLOW_FINISHED},
    {"cancel", FLOW_CANCEL, ARG_NONE, FLOW_FINISHED},
};

void scenario_problem(Scenario *s, uint32_t offset, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    Str text = str_vfmt(s->arena, fmt, args);
    va_end(args);
    diag_add(s->diags, DIAG_ERROR, "flow.script", s->file, offset, STR(""), STR_FMT, STR_ARG(text));
}

bool scenario_eval(Scenario *s, Str text, const FeelContext *context, FeelValue *v)
{
    FeelScope scope = {.context = context};
    Err err = {0};
    const FeelProgram *p = feel_compile(s->arena, text, NULL, FEEL_EXPRESSION, &err);
    if (!p || !feel_eval(s->arena, p, &scope, 0, v, &err)) {
        scenario_problem(s, s->offset, "'" STR_FMT "': %s", STR_ARG(text), err.msg);
        return false;
    }
    return true;
}

/* ---- keys ---- */

static bool is_there(const Scenario *s, int64_t key)
{
    for (size_t i = 0; s->instance && i < s->instance->tokens.len; i++) {
        if (s->instance->tokens.at[i].key == key) {
            return true;
        }
    }
    for (size_t i = 0; s->instance && i < s->instance->waits.len; i++) {
        if (s->instance->waits.at[i].key == key) {
            return true;
        }
    }
    return false;
}

static bool is_meant(const ScenarioKey *k, Str word, Str correlation, FlowEffectKind made_by)
{
    bool called = made_by == FLOW_CREATE_JOB && k->kind == FLOW_CALL; /* it ends as a job does */
    bool named = str_eq(k->element, word) ||
                 (k->kind == FLOW_SUBSCRIBE && k->name.len > 0 && str_eq(k->name, word));
    return (k->kind == made_by || called) && named &&
           (correlation.len == 0 || str_eq(k->correlation, correlation));
}

/* The last that is still there; else the last that was, so that its refusal can be expected. */
static int64_t find_key(const Scenario *s, Str word, Str correlation, FlowEffectKind made_by)
{
    int64_t there = 0, last = NO_KEY, number = 0, count = 0;
    size_t hash = str_find(word, STR("#"), 0);
    if (hash != SIZE_MAX && !str_int(str_slice(word, hash + 1, word.len), &number)) {
        return NO_KEY;
    }
    Str id = str_slice(word, 0, hash);
    for (size_t i = 0; i < s->keys.len; i++) {
        const ScenarioKey *k = &s->keys.at[i];
        if (!is_meant(k, id, correlation, made_by)) {
            continue;
        }
        if (++count == number) {
            return k->key;
        }
        last = k->key;
        there = is_there(s, k->key) ? k->key : there;
    }
    return number ? NO_KEY : there ? there : last;
}

static void learn_keys(Scenario *s, const FlowEffects *effects)
{
    for (size_t i = 0; i < effects->len; i++) {
        const FlowEffect *f = &effects->at[i];
        if (f->element && f->key) {
            *VEC_PUSH(s->arena, &s->keys) =
                (ScenarioKey){f->kind, f->key, f->element->id, f->name, f->correlation};
        }
    }
}

static const FlowToken *token_at(const Scenario *s, Str element)
{
    for (size_t i = 0; s->instance && i < s->instance->tokens.len; i++) {
        const FlowToken *t = &s->instance->tokens.at[i];
        if (str_eq(s->model.process->elements[t->element].id, element)) {
            return t;
        }
    }
    return NULL;
}

/* ---- events ---- */

static FlowInstance *through_json(Scenario *s, const FlowInstance *i)
{
    Err err = {0};
    const Value *v = flow_instance_value(s->arena, &s->model, i, &err);
    FlowInstance *back = v ? flow_instance_read(s->arena, &s->model, v, &err) : NULL;
    const Value *again = back ? flow_instance_value(s->arena, &s->model, back, &err) : NULL;
    if (!again || !value_eq(v, again)) {
        scenario_problem(s, s->offset, "the instance is not the same once stored: %s", err.msg);
    }
    return back ? back : s->instance;
}

static bool step(Scenario *s, const FlowInstance *before, const FlowEvent *ev, FlowResult *r)
{
    if (ev->kind != FLOW_START && !before) {
        return FAIL(&s->err, ERR_CONFLICT, "nothing has started yet");
    }
    if (before && ev->key == NO_KEY && before->state == FLOW_ACTIVE) {
        return FAIL(&s->err, ERR_NOT_FOUND, "nothing like that is there");
    }
    return flow_step(s->arena, &s->model, before, ev, r, &s->err);
}

static void run_event(Scenario *s, FlowEvent *ev, Str line)
{
    FlowResult r = {0};
    const FlowInstance *before = ev->kind == FLOW_START ? NULL : s->instance;
    s->err = (Err){0};
    ev->at = s->now;
    s->failed = !step(s, before, ev, &r);
    if (s->on_event) {
        s->on_event(s->app, line);
    }
    if (s->failed) {
        return;
    }
    s->keys.len = before ? s->keys.len : 0;
    s->instance = through_json(s, r.after);
    learn_keys(s, &r.effects);
    for (size_t i = 0; i < r.effects.len; i++) {
        *VEC_PUSH(s->arena, &s->effects) = r.effects.at[i];
        if (s->on_effect) {
            s->on_effect(s->app, &r.effects.at[i]);
        }
    }
}

static bool add_variables(Scenario *s, Str text, FlowEvent *ev)
{
    FeelValue v = feel_null();
    if (ev->kind == FLOW_START) {
        ev->variables = s->given;
    }
    if (text.len == 0) {
        return true;
    }
    if (!scenario_eval(s, text, NULL, &v)) {
        return false;
    }
    if (v.kind != FEEL_CONTEXT) {
        scenario_problem(s, s->offset, "variables are written {name: value}");
        return false;
    }
    const FeelContext *all = ev->variables;
    for (size_t i = 0; all && i < v.context->count; i++) {
        all = feel_with(s->arena, all, v.context->entries[i].key, v.context->entries[i].value);
    }
    ev->variables = all ? all : v.context;
    return true;
}

/* Words that name no work but a token or a scope. */
static void find_place(const Scenario *s, Str word, FlowEvent *ev)
{
    const FlowToken *t = token_at(s, word);
    if (ev->kind == FLOW_MOVE) {
        ev->key = t ? t->id : NO_KEY;
    } else if (ev->kind == FLOW_SET && word.len > 0) {
        ev->key = t ? (t->local ? t->local : t->scope) : NO_KEY;
    }
}

static bool fill_event(Scenario *s, const EventRow *row, Str rest, FlowEvent *ev)
{
    size_t brace = row->arguments == ARG_TEXT ? SIZE_MAX : str_find(rest, STR("{"), 0);
    Str head = str_trim(str_slice(rest, 0, brace)), word = {0};
    Str variables = brace == SIZE_MAX ? STR("") : str_slice(rest, brace, rest.len);
    bool has_element = row->arguments >= ARG_ELEMENT;
    if (row->arguments == ARG_CODE) {
        ev->code = head;
        find_place(s, head, ev);
    } else if (has_element) {
        str_split(&head, ' ', &word);
        head = str_trim(head);
        find_place(s, word, ev);
    }
    if (has_element ? word.len == 0 : row->arguments == ARG_NONE && head.len > 0) {
        scenario_problem(s, s->offset, "'%s' %s", row->word,
                         has_element ? "needs an element" : "stands alone");
        return false;
    }
    if (row->made_by != FLOW_FINISHED) {
        Str correlation = row->kind == FLOW_MESSAGE ? head : STR("");
        ev->key = find_key(s, word, correlation, row->made_by);
    }
    if (row->arguments >= ARG_BOTH && row->kind != FLOW_MESSAGE) {
        ev->code = ev->reason = head;
    }
    return add_variables(s, variables, ev);
}

/* ---- the clock ---- */

bool scenario_time(const Scenario *s, Str text, TimeMs *to, Err *err)
{
    int64_t days = 0;
    if (bpmn_working_days(text, &days)) {
        return s->model.working_days
                   ? s->model.working_days(s->model.calendar, s->now, days, to, err)
                   : FAIL(err, ERR_INPUT, "no calendar for working days");
    }
    bool to_the_minute = text.len == sizeof "2026-11-22T10:00" - 1 && text.at[13] == ':';
    Str whole = to_the_minute ? str_join(s->arena, text, STR(":00")) : text;
    FeelValue v = feel_temporal(s->arena, whole);
    if (v.kind == FEEL_DAYS_DURATION || v.kind == FEEL_MONTHS_DURATION) {
        FeelValue now = feel_of_time(s->arena, s->now, s->model.zone_minutes);
        v = feel_add(s->arena, &now, &v);
    }
    return feel_time_of(&v, s->model.zone_minutes, to) ||
           FAIL(err, ERR_INPUT, "no time: '" STR_FMT "'", STR_ARG(str_slice(text, 0, 80)));
}

static const FlowWait *next_timer(const Scenario *s, TimeMs until)
{
    const FlowWait *first = NULL;
    for (size_t i = 0; s->instance && i < s->instance->waits.len; i++) {
        const FlowWait *w = &s->instance->waits.at[i];
        const BpmnElement *e = &s->model.process->elements[w->element];
        bool is_timer = e->triggers[w->trigger].kind == BPMN_ON_TIMER;
        if (is_timer && w->due <= until && (!first || w->due < first->due)) {
            first = w;
        }
    }
    return first;
}

static void pass_time(Scenario *s, TimeMs until)
{
    const FlowWait *w = NULL;
    for (int fired = 0; !s->failed && (w = next_timer(s, until)) != NULL; fired++) {
        if (fired == SCENARIO_MAX_FIRES) {
            scenario_problem(s, s->offset, "more than %d timers go off", SCENARIO_MAX_FIRES);
            break;
        }
        FlowEvent ev = {.kind = FLOW_TIMER, .key = w->key};
        Str id = s->model.process->elements[w->element].id;
        s->now = w->due > s->now ? w->due : s->now;
        run_event(s, &ev, str_fmt(s->arena, "timer " STR_FMT, STR_ARG(id)));
    }
    s->now = until;
}

static bool is_clock(Scenario *s, Str word, Str rest)
{
    bool passes = str_eq(word, STR("wait"));
    TimeMs to = s->now;
    Err err = {0};
    if (!passes && !str_eq(word, STR("at"))) {
        return false;
    }
    if (passes) {
        scenario_expect_no_more(s);
        s->event_offset = s->offset;
    }
    if (!scenario_time(s, rest, &to, &err)) {
        scenario_problem(s, s->offset, "%s", err.msg);
        return true;
    }
    if (passes) {
        pass_time(s, to);
    }
    s->now = to;
    return true;
}

/* ---- lines ---- */

static bool is_event(Scenario *s, Str word, Str rest, Str line)
{
    for (size_t i = 0; i < COUNT(event_rows); i++) {
        const EventRow *row = &event_rows[i];
        FlowEvent ev = {.kind = row->kind};
        if (!str_eq(word, str_z(row->word))) {
            continue;
        }
        scenario_expect_no_more(s);
        s->event_offset = s->offset;
        if (fill_event(s, row, rest, &ev)) {
            run_event(s, &ev, line);
        }
        return true;
    }
    return false;
}

void scenario_line(Scenario *s, Str line, uint32_t offset)
{
    size_t indent = 0;
    while (indent < line.len && (line.at[indent] == ' ' || line.at[indent] == '\t')) {
        indent++;
    }
    Str trimmed = str_trim(line), rest = trimmed, word = {0};
    s->offset = offset + (uint32_t)indent;
    if (trimmed.len == 0 || trimmed.at[0] == '#') {
        return;
    }
    str_split(&rest, ' ', &word);
    rest = str_trim(rest);
    if (!is_event(s, word, rest, trimmed) && !is_clock(s, word, rest) &&
        !scenario_expects(s, word, rest)) {
        diag_add(s->diags, DIAG_ERROR, "flow.script", s->file, s->offset,
                 STR("one of start task job fail error message signal timer retry resolve move "
                     "set cancel at wait, or > refused stands state tokens vars"),
                 "a line cannot begin with '" STR_FMT "'", STR_ARG(str_slice(word, 0, 40)));
    }
}

void scenario_reset(Scenario *s)
{
    s->instance = NULL;
    s->keys.len = 0;
}

void scenario_end(Scenario *s)
{
    scenario_expect_no_more(s);
}

void scenario_run(Scenario *s, Str text)
{
    Str rest = text, line = {0};
    while (str_split(&rest, '\n', &line)) {
        scenario_line(s, line, (uint32_t)(line.at - text.at));
    }
    scenario_end(s);
}
