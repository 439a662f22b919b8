/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs tests/cases/flow/ *.test. A file is blocks: "process" … "end" (see flow_script.h), then
 * runs:
 *
 *   at TIME                    the clock
 *   start {…}                  a new instance
 *   task|job|message|timer|retry ELEMENT [{…}]   what happens there (last key created for it)
 *   fail ELEMENT reason        the job failed for good
 *   error ELEMENT CODE         the job threw a BPMN error
 *   set {…}, cancel, signal NAME, resolve ELEMENT, move ELEMENT TARGET
 *   refused CODE               expected of the event before it, instead of effects
 *   > effect                   expected effects of the event, in order; "passed" is not told
 *   vars EXPRESSION            true over the variables of the process
 *   tokens N
 * After each event the instance goes through JSON and back.
 */
#include "check.h"

#include "base/date.h"
#include "base/file.h"
#include "engine/flow/flow.h"
#include "flow_script.h"
#include "json/json.h"

enum { SCRIPT_FILE_MAX = 1 << 20 };

typedef struct {
    Str element;
    FlowEffectKind kind;
    int64_t key;
} Key;

typedef struct {
    Arena arena;
    FlowModel model;
    FlowInstance *instance;
    FlowEffects effects;
    size_t told; /* effects that were expected so far */
    Vec(Key) keys;
    TimeMs now;
    bool failed;
    Err err;
    const char *path;
    int line;
} Script;

static bool decide(void *rules, Arena *out, Str decision, const FeelValue *input, FeelValue *result,
                   Value **trace, Err *err)
{
    (void)rules;
    if (!str_eq(decision, STR("double"))) {
        return FAIL(err, ERR_NOT_FOUND, "no decision '" STR_FMT "'", STR_ARG(decision));
    }
    const FeelValue *x = feel_get(input->context, STR("x"));
    *result = feel_add(out, x, x);
    *trace = value_map(out);
    return true;
}

static FeelValue eval(Script *s, Str text, const FeelContext *context)
{
    FeelValue v = feel_null();
    FeelScope scope = {.context = context};
    Err err = {0};
    const FeelProgram *p = feel_compile(&s->arena, text, NULL, FEEL_EXPRESSION, &err);
    CHECK(p && feel_eval(&s->arena, p, &scope, 0, &v, &err), "%s:%d " STR_FMT ": %s", s->path,
          s->line, STR_ARG(text), err.msg);
    return v;
}

/* Working days of a place whose weeks have seven. */
static bool add_days(void *calendar, TimeMs from, int64_t days, TimeMs *due, Err *err)
{
    (void)calendar;
    *due = from + days * 86400000;
    return days < 1000 || FAIL(err, ERR_LIMIT, "no calendar for %lld days", (long long)days);
}

static void read_process(Script *s, Str block)
{
    Diags diags = {.arena = &s->arena};
    Str text = flow_script_document(&s->arena, block);
    s->model.process =
        bpmn_read(&s->arena, &diags, diag_file(&diags, str_z(s->path), text), text, NULL);
    s->model.decide = decide;
    s->model.working_days = add_days;
    Str report = diag_render(&s->arena, &diags);
    CHECK(s->model.process != NULL, "%s:%d " STR_FMT, s->path, s->line, STR_ARG(report));
}

/* ---- effects as text ---- */

static Str effect_text(Script *s, const FlowEffect *f)
{
    StrBuf b = buf_in(&s->arena);
    buf_add(&b, str_z(flow_effect_name(f->kind)));
    if (f->element) {
        buf_fmt(&b, " " STR_FMT, STR_ARG(f->element->id));
    }
    if (f->kind == FLOW_CREATE_TIMER) {
        buf_fmt(&b, " " STR_FMT, STR_ARG(time_iso(&s->arena, f->due, 0)));
    } else if (f->kind == FLOW_SUBSCRIBE) {
        buf_fmt(&b, " " STR_FMT " " STR_FMT, STR_ARG(f->name), STR_ARG(f->correlation));
    } else if (f->kind == FLOW_PUBLISH || f->kind == FLOW_BROADCAST || f->kind == FLOW_CALL) {
        buf_fmt(&b, " " STR_FMT, STR_ARG(f->name));
    } else if (f->kind == FLOW_INCIDENT) {
        buf_fmt(&b, " " STR_FMT, STR_ARG(f->reason));
    } else if (f->kind == FLOW_DECIDED) {
        buf_fmt(&b, " " STR_FMT, STR_ARG(feel_text(&s->arena, &f->result)));
    } else if (f->kind == FLOW_CREATE_JOB || f->kind == FLOW_CREATE_TASK) {
        FeelValue v = feel_context(f->variables);
        buf_fmt(&b, " " STR_FMT, STR_ARG(feel_text(&s->arena, &v)));
    }
    return str_trim(buf_str(&b));
}

static void expect_effect(Script *s, Str wanted)
{
    while (s->told < s->effects.len && s->effects.at[s->told].kind == FLOW_PASSED) {
        s->told++;
    }
    Str got = s->told < s->effects.len ? effect_text(s, &s->effects.at[s->told]) : STR("(nothing)");
    CHECK(str_starts(got, wanted), "%s:%d wanted '" STR_FMT "' got '" STR_FMT "'", s->path, s->line,
          STR_ARG(wanted), STR_ARG(got));
    s->told++;
}

static void expect_no_more(Script *s)
{
    CHECK(!s->failed, "%s:%d event before was refused: %s", s->path, s->line, s->err.msg);
    for (; s->told < s->effects.len; s->told++) {
        if (s->effects.at[s->told].kind != FLOW_PASSED) {
            Str got = effect_text(s, &s->effects.at[s->told]);
            CHECK(false, "%s:%d unexpected before: " STR_FMT, s->path, s->line, STR_ARG(got));
        }
    }
    s->failed = false;
}

/* ---- events ---- */

static int64_t find_key(Script *s, Str element, FlowEffectKind kind)
{
    for (size_t i = s->keys.len; i > 0; i--) {
        const Key *k = &s->keys.at[i - 1];
        if (str_eq(k->element, element) && k->kind == kind) {
            return k->key;
        }
    }
    return 987654;
}

static void learn_keys(Script *s)
{
    for (size_t i = 0; i < s->effects.len; i++) {
        const FlowEffect *f = &s->effects.at[i];
        if (f->element && f->key) {
            *VEC_PUSH(&s->arena, &s->keys) = (Key){f->element->id, f->kind, f->key};
        }
    }
}

static FlowInstance *through_json(Script *s, const FlowInstance *i)
{
    Err err = {0};
    const Value *v = flow_instance_value(&s->arena, &s->model, i, &err);
    FlowInstance *back = v ? flow_instance_read(&s->arena, &s->model, v, &err) : NULL;
    CHECK(back != NULL, "%s:%d JSON: %s", s->path, s->line, err.msg);
    const Value *again = back ? flow_instance_value(&s->arena, &s->model, back, &err) : NULL;
    CHECK(again && value_eq(v, again), "%s:%d JSON is the same again", s->path, s->line);
    return back;
}

static void run_event(Script *s, FlowEvent ev)
{
    FlowResult r = {0};
    expect_no_more(s);
    s->err = (Err){0};
    s->effects = (FlowEffects){0};
    s->told = 0;
    if (!s->model.process) {
        return;
    }
    ev.at = s->now;
    const FlowInstance *before = ev.kind == FLOW_START ? NULL : s->instance;
    s->failed = !flow_step(&s->arena, &s->model, before, &ev, &r, &s->err);
    if (!s->failed) {
        s->effects = r.effects;
        s->instance = through_json(s, r.after);
        learn_keys(s);
    }
}

typedef struct {
    const char *word;
    FlowEventKind kind;
    FlowEffectKind made_by;
} EventRow;

static const EventRow event_rows[] = {
    {"start", FLOW_START, FLOW_FINISHED},       {"task", FLOW_TASK_DONE, FLOW_CREATE_TASK},
    {"job", FLOW_JOB_DONE, FLOW_CREATE_JOB},    {"fail", FLOW_JOB_FAILED, FLOW_CREATE_JOB},
    {"error", FLOW_JOB_ERROR, FLOW_CREATE_JOB}, {"message", FLOW_MESSAGE, FLOW_SUBSCRIBE},
    {"timer", FLOW_TIMER, FLOW_CREATE_TIMER},   {"retry", FLOW_RETRY, FLOW_INCIDENT},
    {"set", FLOW_SET, FLOW_FINISHED},           {"cancel", FLOW_CANCEL, FLOW_FINISHED},
    {"signal", FLOW_SIGNAL, FLOW_FINISHED},     {"resolve", FLOW_RESOLVE, FLOW_INCIDENT},
    {"move", FLOW_MOVE, FLOW_FINISHED},
};

static int64_t token_at(const Script *s, Str element)
{
    for (size_t i = 0; s->instance && i < s->instance->tokens.len; i++) {
        const FlowToken *t = &s->instance->tokens.at[i];
        if (str_eq(s->model.process->elements[t->element].id, element)) {
            return t->id;
        }
    }
    return 987654;
}

static bool is_event(Script *s, Str word, Str rest)
{
    for (size_t i = 0; i < COUNT(event_rows); i++) {
        const EventRow *row = &event_rows[i];
        if (!str_eq(word, str_z(row->word))) {
            continue;
        }
        FlowEvent ev = {.kind = row->kind};
        Str element = {0};
        if (row->made_by != FLOW_FINISHED) {
            str_split(&rest, ' ', &element);
            ev.key = find_key(s, element, row->made_by);
        }
        if (row->kind == FLOW_MOVE) {
            str_split(&rest, ' ', &element);
            ev.key = token_at(s, element);
            ev.code = rest;
        } else if (row->kind == FLOW_SIGNAL) {
            ev.code = rest;
        } else if (row->kind == FLOW_JOB_FAILED || row->kind == FLOW_JOB_ERROR) {
            ev.reason = rest;
            ev.code = rest;
        } else if (rest.len > 0) {
            FeelValue v = eval(s, rest, NULL);
            ev.variables = v.kind == FEEL_CONTEXT ? v.context : NULL;
        }
        run_event(s, ev);
        return true;
    }
    return false;
}

static void check_vars(Script *s, Str text)
{
    FeelValue v = eval(s, text, flow_variables(s->instance));
    FeelValue all = feel_context(flow_variables(s->instance));
    CHECK(feel_is_true(&v), "%s:%d " STR_FMT " over " STR_FMT, s->path, s->line, STR_ARG(text),
          STR_ARG(feel_text(&s->arena, &all)));
}

static void run_line(Script *s, Str line)
{
    Str rest = line, word = {0};
    int64_t n = 0;
    str_split(&rest, ' ', &word);
    rest = str_trim(rest);
    if (is_event(s, word, rest)) {
        return;
    }
    if (str_eq(word, STR("at"))) {
        FeelValue v = feel_temporal(&s->arena, rest);
        CHECK(feel_time_of(&v, 0, &s->now), "%s:%d time", s->path, s->line);
    } else if (str_eq(word, STR(">"))) {
        expect_effect(s, rest);
    } else if (str_eq(word, STR("refused"))) {
        CHECK(s->failed && str_eq(str_z(err_name(s->err.code)), rest), "%s:%d %s", s->path, s->line,
              s->err.msg);
        s->failed = false;
    } else if (str_eq(word, STR("vars"))) {
        check_vars(s, rest);
    } else if (str_eq(word, STR("tokens"))) {
        CHECK(str_int(rest, &n) && n == (int64_t)s->instance->tokens.len, "%s:%d %zu tokens",
              s->path, s->line, s->instance->tokens.len);
    } else {
        CHECK(false, "%s:%d unknown line " STR_FMT, s->path, s->line, STR_ARG(line));
    }
}

static void run_script(Script *s, Str text)
{
    Str line = {0};
    StrBuf block = buf_in(&s->arena);
    bool in_process = false;
    while (str_split(&text, '\n', &line)) {
        s->line++;
        Str trimmed = str_trim(line);
        if (str_eq(trimmed, STR("process"))) {
            in_process = true;
            block = buf_in(&s->arena);
        } else if (str_eq(trimmed, STR("end")) && in_process) {
            in_process = false;
            expect_no_more(s);
            read_process(s, buf_str(&block));
        } else if (in_process) {
            buf_add(&block, line);
            buf_char(&block, '\n');
        } else if (trimmed.len > 0 && trimmed.at[0] != '#') {
            run_line(s, trimmed);
        }
    }
    expect_no_more(s);
}

TEST(flow_scripts)
{
    Arena arena = {0};
    StrVec paths = {0};
    Err err = {0};
    CHECK(file_list(&arena, STR("tests/cases/flow"), STR(".test"), &paths, &err), "%s", err.msg);
    CHECK(paths.len >= 4, "scripts are there");
    for (size_t i = 0; i < paths.len; i++) {
        Script s = {.now = 0};
        Str text = {0}, path = path_join(&arena, STR("tests/cases/flow"), paths.at[i]);
        s.path = str_cstr(&arena, path);
        CHECK(file_read(&s.arena, path, SCRIPT_FILE_MAX, &text, &err), "%s", err.msg);
        run_script(&s, text);
        arena_free(&s.arena);
    }
    arena_free(&arena);
}
