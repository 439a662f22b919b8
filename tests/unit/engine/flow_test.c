/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs tests/cases/flow/ *.test: blocks "process" … "end" (see flow_script.h), then lines of a
 * scenario (engine/scenario/scenario.h), each effect expected. "migrate {"old": "new"}" … "end" is a
 * new version of the process, to which the instance is brought; then
 *   change WHAT CHANGE ELEMENT BECOMES   expected rows of changes, in order
 *   because TEXT                         expected of a refusal's reason
 * "file NAME" … "end" is a process of that id in a file of its own, beside the next "process".
 */
#include "check.h"

#include "base/file.h"
#include "engine/scenario/scenario.h"
#include "flow_script.h"
#include "json/json.h"

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

/* Working days of a place whose weeks have seven. */
static bool add_days(void *calendar, TimeMs from, int64_t days, TimeMs *due, Err *err)
{
    (void)calendar;
    *due = from + days * 86400000;
    return days < 1000 || FAIL(err, ERR_LIMIT, "no calendar for %lld days", (long long)days);
}

typedef struct {
    Scenario s;
    Arena arena;
    Str path, text;
    Value *changes; /* of the last migration */
    size_t changed; /* of them were expected so far */
    Diags quiet;    /* of processes */
    StrVec beside;  /* other files of the next process */
} File;

static const BpmnProcess *read_process(File *f, Str block)
{
    f->quiet = (Diags){.arena = &f->arena};
    Str text = flow_script_document(&f->arena, block);
    BpmnFile files[BPMN_MAX_FILES] = {{diag_file(&f->quiet, f->path, text), text}};
    for (size_t i = 0; i < f->beside.len; i++) {
        files[i + 1] = (BpmnFile){diag_file(&f->quiet, f->path, f->beside.at[i]), f->beside.at[i]};
    }
    const BpmnProcess *p = bpmn_read_linked(&f->arena, &f->quiet, files, f->beside.len + 1, NULL);
    f->beside.len = 0;
    Str report = diag_render(&f->arena, &f->quiet);
    CHECK(p != NULL, STR_FMT, STR_ARG(report));
    return p;
}

static void put_beside(File *f, Str id, Str block)
{
    Str text = flow_script_document(&f->arena, block);
    Str head = str_fmt(&f->arena, "<process id=\"" STR_FMT "\"", STR_ARG(id));
    CHECK(f->beside.len + 1 < BPMN_MAX_FILES, "too many files");
    *VEC_PUSH(&f->arena, &f->beside) = str_replace(&f->arena, text, STR("<process id=\"p\""), head);
}

static void expect_no_more_changes(File *f)
{
    for (; f->changed > 0 && f->changed < value_count(f->changes); f->changed++) {
        Str row = json_text(&f->arena, value_item(f->changes, f->changed));
        CHECK(false, STR_FMT " not expected: " STR_FMT, STR_ARG(f->path), STR_ARG(row));
    }
    f->changed = 0;
}

static void begin(File *f, Str block)
{
    scenario_end(&f->s);
    expect_no_more_changes(f);
    f->s.model = (FlowModel){.decide = decide, .working_days = add_days};
    f->s.model.process = read_process(f, block);
    scenario_reset(&f->s);
}

/* The instance goes on in the process of the block. */
static void migrate(File *f, Str map, Str block)
{
    Scenario *s = &f->s;
    FlowModel to = s->model;
    FlowResult r = {0};
    scenario_end(s);
    expect_no_more_changes(f);
    s->err = (Err){0};
    f->changes = value_list(&f->arena);
    to.process = read_process(f, block);
    FlowMigration what = {.from = &s->model, .to = &to, .at = s->now};
    what.map = map.len ? json_read(&f->arena, map, &s->err) : NULL;
    CHECK(!s->err.code, "%s", s->err.msg);
    if (!to.process || !s->instance) {
        return;
    }
    s->failed = !flow_migrate(&f->arena, &what, s->instance, &r, f->changes, &s->err);
    if (s->failed) {
        return;
    }
    const Value *v = flow_instance_value(&f->arena, &to, r.after, &s->err);
    const FlowInstance *back = v ? flow_instance_read(&f->arena, &to, v, &s->err) : NULL;
    CHECK(back != NULL, STR_FMT " once stored: %s", STR_ARG(f->path), s->err.msg);
    s->model = to;
    s->instance = r.after;
    s->effects = r.effects;
    for (size_t i = 0; i < r.effects.len; i++) {
        const FlowEffect *x = &r.effects.at[i];
        if (x->element && x->key) {
            FlowEffectKind kind = x->kind;
            *VEC_PUSH(&f->arena, &s->keys) =
                (ScenarioKey){kind, x->key, x->element->id, x->name, x->correlation};
        }
    }
}

/* "change WHAT CHANGE ELEMENT BECOMES" and "because TEXT", a beginning of the reason. */
static bool is_own_line(File *f, Str line)
{
    const Scenario *s = &f->s;
    if (str_starts(line, STR("because "))) {
        Str why = str_z(s->err.msg);
        CHECK(str_starts(why, str_slice(line, sizeof "because", line.len)),
              STR_FMT ": " STR_FMT " but: " STR_FMT, STR_ARG(f->path), STR_ARG(line), STR_ARG(why));
        return true;
    }
    if (!str_starts(line, STR("change "))) {
        return false;
    }
    const Value *row = value_item(f->changes, f->changed++);
    Str got = row ? str_fmt(&f->arena, "change " STR_FMT " " STR_FMT " " STR_FMT " " STR_FMT,
                            STR_ARG(get_str(row, "what")), STR_ARG(get_str(row, "change")),
                            STR_ARG(get_str(row, "element")), STR_ARG(get_str(row, "becomes")))
                  : STR("nothing");
    CHECK(str_eq(str_trim(got), line), STR_FMT ": wanted '" STR_FMT "' got '" STR_FMT "'",
          STR_ARG(f->path), STR_ARG(line), STR_ARG(got));
    return true;
}

static void run_file(File *f)
{
    Str rest = f->text, line = {0}, head = {0};
    StrBuf block = buf_in(&f->arena);
    bool in_process = false;
    while (str_split(&rest, '\n', &line)) {
        Str trimmed = str_trim(line);
        bool opens = str_eq(trimmed, STR("process")) || str_starts(trimmed, STR("migrate")) ||
                     str_starts(trimmed, STR("file "));
        if (!in_process && opens) {
            in_process = true;
            head = trimmed;
            block = buf_in(&f->arena);
        } else if (str_eq(trimmed, STR("end")) && in_process) {
            in_process = false;
            Str map = str_trim(str_slice(head, strlen("migrate"), head.len));
            if (str_eq(head, STR("process"))) {
                begin(f, buf_str(&block));
            } else if (str_starts(head, STR("file "))) {
                put_beside(f, str_slice(head, 5, head.len), buf_str(&block));
            } else {
                migrate(f, map, buf_str(&block));
            }
        } else if (in_process) {
            buf_add(&block, line);
            buf_char(&block, '\n');
        } else if (f->s.model.process && !is_own_line(f, trimmed)) {
            scenario_line(&f->s, line, (uint32_t)(line.at - f->text.at));
        }
    }
    scenario_end(&f->s);
    expect_no_more_changes(f);
}

TEST(flow_scripts)
{
    Arena arena = {0};
    StrVec paths = {0};
    Err err = {0};
    CHECK(file_list(&arena, STR("tests/cases/flow"), STR(".test"), &paths, &err), "%s", err.msg);
    CHECK(paths.len >= 4, "scripts are there");
    for (size_t i = 0; i < paths.len; i++) {
        File f = {.path = path_join(&arena, STR("tests/cases/flow"), paths.at[i])};
        Diags diags = {.arena = &f.arena};
        f.s = (Scenario){.arena = &f.arena, .diags = &diags, .strict = true};
        CHECK(file_read(&f.arena, f.path, SCENARIO_FILE_MAX, &f.text, &err), "%s", err.msg);
        f.s.file = diag_file(&diags, f.path, f.text);
        run_file(&f);
        Str report = diag_render(&f.arena, &diags);
        CHECK(diags.errors == 0, STR_FMT, STR_ARG(report));
        arena_free(&f.arena);
    }
    arena_free(&arena);
}
