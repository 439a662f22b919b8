/* SPDX-License-Identifier: Apache-2.0 */
/* What is expected of a run. An effect is compared as text: a beginning is enough, so that a script
 * need not repeat all variables. "passed" is for traces and never expected. */
#include "base/date.h"
#include "base/utf8.h"
#include "engine/scenario/scenario_int.h"

Str scenario_effect_text(Arena *out, const FlowEffect *f, int32_t zone_minutes)
{
    StrBuf b = buf_in(out);
    buf_add(&b, str_z(flow_effect_name(f->kind)));
    if (f->element) {
        buf_fmt(&b, " " STR_FMT, STR_ARG(f->element->id));
    }
    if (f->kind == FLOW_CREATE_TIMER) {
        buf_fmt(&b, " " STR_FMT, STR_ARG(time_iso(out, f->due, zone_minutes)));
    } else if (f->kind == FLOW_SUBSCRIBE) {
        buf_fmt(&b, " " STR_FMT " " STR_FMT, STR_ARG(f->name), STR_ARG(f->correlation));
    } else if (f->kind == FLOW_PUBLISH || f->kind == FLOW_BROADCAST || f->kind == FLOW_CALL) {
        buf_fmt(&b, " " STR_FMT " " STR_FMT " " STR_FMT, STR_ARG(f->name), STR_ARG(f->correlation),
                STR_ARG(f->message_id));
    } else if (f->kind == FLOW_INCIDENT) {
        buf_fmt(&b, " " STR_FMT, STR_ARG(f->reason));
    } else if (f->kind == FLOW_DECIDED) {
        buf_fmt(&b, " " STR_FMT, STR_ARG(feel_text(out, &f->result)));
    } else if (f->kind == FLOW_CREATE_JOB || f->kind == FLOW_CREATE_TASK) {
        FeelValue v = feel_context(f->variables);
        buf_fmt(&b, " " STR_FMT, STR_ARG(feel_text(out, &v)));
    }
    if (f->due && (f->kind == FLOW_CREATE_TASK || f->kind == FLOW_PUBLISH)) {
        buf_fmt(&b, " until " STR_FMT, STR_ARG(time_iso(out, f->due, zone_minutes)));
    }
    return str_trim(buf_str(&b));
}

/* The next effect that may be expected; NULL at the end. */
static const FlowEffect *next_effect(Scenario *s)
{
    while (s->told < s->effects.len && s->effects.at[s->told].kind == FLOW_PASSED) {
        s->told++;
    }
    return s->told < s->effects.len ? &s->effects.at[s->told] : NULL;
}

static Str text_of(const Scenario *s, const FlowEffect *f)
{
    return scenario_effect_text(s->arena, f, s->model.zone_minutes);
}

/* Those that are still to be expected; of long ones the beginning. */
static Str texts_left(Scenario *s)
{
    enum { SHOWN = 100 };
    StrBuf b = buf_in(s->arena);
    for (const FlowEffect *f = NULL; (f = next_effect(s)) != NULL; s->told++) {
        Str text = text_of(s, f);
        buf_fmt(&b, "%s'" STR_FMT "%s'", b.len ? ", " : "", STR_ARG(utf8_head(text, SHOWN)),
                text.len > SHOWN ? "…" : "");
    }
    return b.len ? buf_str(&b) : STR("nothing");
}

/* Where not all have to be expected, others may come before. */
static void expect_effect(Scenario *s, Str wanted)
{
    size_t from = s->told;
    for (const FlowEffect *f = NULL; (f = next_effect(s)) != NULL; s->told++) {
        if (str_starts(text_of(s, f), wanted)) {
            s->told++;
            return;
        }
        if (s->strict) {
            break;
        }
    }
    s->told = from;
    Str got = texts_left(s);
    s->told = from + (from < s->effects.len);
    scenario_problem(s, s->offset, "expected '" STR_FMT "', got " STR_FMT, STR_ARG(wanted),
                     STR_ARG(got));
}

void scenario_expect_no_more(Scenario *s)
{
    if (s->failed) {
        scenario_problem(s, s->event_offset, "refused, %s: %s", err_name(s->err.code), s->err.msg);
    }
    if (s->strict && next_effect(s)) {
        scenario_problem(s, s->event_offset, "not expected: " STR_FMT, STR_ARG(texts_left(s)));
    }
    s->failed = false;
    s->told = 0;
    s->effects.len = 0;
}

static void expect_refusal(Scenario *s, Str code)
{
    Str got = s->failed ? str_z(err_name(s->err.code)) : STR("no refusal");
    if (!str_eq(got, code)) {
        scenario_problem(s, s->offset, "expected refusal '" STR_FMT "', got '" STR_FMT "' %s",
                         STR_ARG(code), STR_ARG(got), s->failed ? s->err.msg : "");
    }
    s->failed = false;
}

static void expect_truth(Scenario *s, Str text)
{
    FeelValue v = feel_null(), all = feel_context(flow_variables(s->instance));
    if (scenario_eval(s, text, flow_variables(s->instance), &v) && !feel_is_true(&v)) {
        scenario_problem(s, s->offset, "not true over " STR_FMT,
                         STR_ARG(feel_text(s->arena, &all)));
    }
}

static Str token_ids(const Scenario *s)
{
    StrBuf b = buf_in(s->arena);
    for (size_t i = 0; i < s->instance->tokens.len; i++) {
        const FlowToken *t = &s->instance->tokens.at[i];
        buf_fmt(&b, "%s" STR_FMT, i ? " " : "", STR_ARG(s->model.process->elements[t->element].id));
    }
    return b.len ? buf_str(&b) : STR("nowhere");
}

static size_t count_word(Str words, Str wanted)
{
    size_t n = 0;
    for (Str word = {0}; str_split(&words, ' ', &word);) {
        n += str_eq(word, wanted);
    }
    return n;
}

/* The same elements as often as each other, in any order. */
static void expect_places(Scenario *s, Str wanted)
{
    Str got = token_ids(s), rest = wanted, word = {0};
    size_t words = 0, have = 1;
    for (size_t i = 0; i < got.len; i++) {
        have += got.at[i] == ' ';
    }
    bool same = true;
    while (str_split(&rest, ' ', &word)) {
        same = same && (word.len == 0 || count_word(got, word) == count_word(wanted, word));
        words += word.len > 0;
    }
    if (!same || words != have) {
        scenario_problem(s, s->offset, "the tokens stand at: " STR_FMT, STR_ARG(got));
    }
}

static void expect_state(Scenario *s, Str wanted)
{
    static const char *const names[] = {
        [FLOW_ACTIVE] = "active", [FLOW_COMPLETED] = "completed", [FLOW_CANCELLED] = "cancelled"};
    const char *got = names[s->instance->state];
    if (!str_eq(str_z(got), wanted)) {
        scenario_problem(s, s->offset, "the instance is %s", got);
    }
}

static void expect_count(Scenario *s, Str wanted)
{
    int64_t n = 0;
    if (!str_int(wanted, &n) || n != (int64_t)s->instance->tokens.len) {
        scenario_problem(s, s->offset, "there are %zu tokens: " STR_FMT, s->instance->tokens.len,
                         STR_ARG(token_ids(s)));
    }
}

bool scenario_expects(Scenario *s, Str word, Str rest)
{
    static const struct {
        const char *word;
        void (*run)(Scenario *, Str);
        bool needs_instance;
    } rows[] = {
        {">", expect_effect, false},   {"refused", expect_refusal, false},
        {"vars", expect_truth, true},  {"stands", expect_places, true},
        {"state", expect_state, true}, {"tokens", expect_count, true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (!str_eq(word, str_z(rows[i].word))) {
            continue;
        }
        if (rows[i].needs_instance && !s->instance) {
            scenario_problem(s, s->offset, "nothing has started yet");
        } else {
            rows[i].run(s, rest);
        }
        return true;
    }
    return false;
}
