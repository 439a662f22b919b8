/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the rules propose, and the rule that led to it: the trace of engine/rules in words. The rule
 * advises; whoever decides reads which row was hit, with which values, and may decide otherwise.
 *
 * Parts of a decision and the functions that it calls follow it in one list, one level in, however
 * deep they are: a narrow screen has no room for more.
 */
#include "web/staff.h"

enum { TRACE_DEPTH = 12 };

/* ---- values as people read them ---- */

static Str scalar(const HttpRequest *rq, const Value *v)
{
    if (!v || v->kind == VALUE_NULL)
        return web_text(rq, "desk.unknown");
    if (v->kind == VALUE_BOOL)
        return web_text(rq, v->truth ? "yes" : "no");
    if (v->kind == VALUE_LIST) {
        StrBuf b = buf_in(rq->arena);
        for (uint32_t i = 0; i < v->list.count; i++) {
            if (b.len)
                buf_add(&b, web_text(rq, "desk.list.and"));
            buf_add(&b, value_text(value_item(v, i)));
        }
        return b.len ? buf_str(&b) : web_text(rq, "desk.nothing");
    }
    const Visit *visit = visit_of(rq);
    Str word = str_fmt(rq->arena, "desk.value." STR_FMT, STR_ARG(value_text(v)));
    bool known = value_get(visit->web->texts[visit->lang], word) != NULL;
    return known ? web_text_str(rq, word) : staff_written(rq, value_text(v));
}

static const Element *element_of(const HttpRequest *rq, const Value *step, Str label)
{
    const Catalogue *c = staff_catalogue(rq);
    const Value *inputs = value_at(step, "inputs");
    for (uint32_t i = 0; i < value_count(inputs); i++)
        if (str_eq(get_str(value_item(inputs, i), "label"), label))
            return catalogue_element(c, get_str(value_item(inputs, i), "expression"));
    return catalogue_element(c, label);
}

/* An option of the dictionary by its label, all else as it is. */
static Str worded(const HttpRequest *rq, const Element *e, const Value *v)
{
    for (size_t i = 0; e && i < e->option_count; i++)
        if (str_eq(e->options[i].value, value_text(v)))
            return text_in(e->options[i].label, visit_of(rq)->lang);
    return scalar(rq, v);
}

/* ---- one rule that was hit ---- */

static void put_conditions(const HttpRequest *rq, const Value *step, const Value *rule, Value *row)
{
    const Value *from = value_at(rule, "conditions");
    Value *list = set_list(rq->arena, row, "conditions");
    for (uint32_t i = 0; i < value_count(from); i++) {
        const Value *c = value_item(from, i);
        Str test = str_trim(get_str(c, "test")), label = get_str(c, "label");
        if (!test.len || str_eq(test, STR("-")))
            continue;
        const Element *e = element_of(rq, step, label);
        Value *o = push_map(rq->arena, list);
        set_str(rq->arena, o, "label", e ? text_in(e->label, visit_of(rq)->lang) : label);
        set_str(rq->arena, o, "value", worded(rq, e, value_at(c, "value")));
        set_str(rq->arena, o, "test", test);
        set_str(rq->arena, o, "why", get_str(c, "why"));
    }
}

/* An annotation in the reader's language: "zh" and "en", or NAME and NAME_en side by side. */
static Str noted(const HttpRequest *rq, const Value *rule, const char *zh, const char *en)
{
    const Value *notes = value_at(rule, "annotations");
    if (value_is(notes, VALUE_STR)) /* these two alone: a text, already in the reader's language */
        return strcmp(zh, "zh") == 0 ? notes->text : STR("");
    Str own = get_str(notes, visit_of(rq)->lang == LANG_EN ? en : zh);
    return own.len ? own : get_str(notes, zh);
}

static void put_rules(const HttpRequest *rq, const Value *step, Value *row)
{
    const Value *from = value_at(step, "rules");
    Value *list = set_list(rq->arena, row, "rules");
    for (uint32_t i = 0; i < value_count(from); i++) {
        const Value *rule = value_item(from, i);
        Str title = noted(rq, rule, "zh", "en");
        Value *o = push_map(rq->arena, list);
        set_int(rq->arena, o, "index", get_int(rule, "index", 0));
        set_str(rq->arena, o, "rule_title", title.len ? title : get_str(rule, "description"));
        set_str(rq->arena, o, "rule_article", noted(rq, rule, "article", "article_en"));
        put_conditions(rq, step, rule, o);
    }
    set_bool(rq->arena, row, "hit", value_count(from) > 0);
}

/* ---- steps, and what is inside them ---- */

typedef struct {
    Value *list;
    Str outer; /* the decision or function that this is a part of; empty: none */
    int depth;
} Spot;

static void put_arguments(const HttpRequest *rq, const Value *step, Value *row)
{
    const Value *from = value_at(step, "arguments");
    Value *list = set_list(rq->arena, row, "arguments");
    for (uint32_t i = 0; i < value_count(from); i++) {
        const Value *given = value_item(from, i), *v = value_at(given, "value");
        Value *o = push_map(rq->arena, list);
        bool is_long = get_bool(given, "shortened") || value_is(v, VALUE_MAP);
        set_str(rq->arena, o, "label", get_str(given, "name"));
        set_str(rq->arena, o, "value", is_long ? web_text(rq, "desk.rules.long") : scalar(rq, v));
        set_str(rq->arena, o, "why", get_str(given, "why"));
    }
}

static void put_row(const HttpRequest *rq, const Value *step, Str name, const Spot *at)
{
    const Value *result = value_at(step, "result");
    bool is_long = get_bool(step, "shortened");
    bool plain = !is_long && !value_is(result, VALUE_MAP) && !value_is(result, VALUE_LIST);
    bool table = str_eq(get_str(step, "kind"), STR("table"));
    Value *row = push_map(rq->arena, at->list);
    set_str(rq->arena, row, "step_name", name);
    set_str(rq->arena, row, "outer", at->outer);
    set_str(rq->arena, row, "result_text", plain && !table ? scalar(rq, result) : STR(""));
    set_str(rq->arena, row, "why", get_str(step, "why"));
    set_bool(rq->arena, row, "is_long", is_long);
    set_bool(rq->arena, row, "is_table", table);
    put_arguments(rq, step, row);
    put_rules(rq, step, row);
}

static Str name_of(const Value *step)
{
    static const char *const keys[] = {"label", "name", "decision", "function"};
    for (size_t i = 0; i < COUNT(keys); i++)
        if (get_str(step, keys[i]).len)
            return get_str(step, keys[i]);
    return STR("");
}

static bool tells(const Value *part)
{
    return str_eq(get_str(part, "kind"), STR("table")) || get_str(part, "why").len ||
           get_bool(part, "shortened");
}

static void put_parts(const HttpRequest *rq, const Value *step, Str name, const Spot *at)
{
    const Value *entries = value_at(step, "entries"), *calls = value_at(step, "calls");
    Spot inner = {at->list, name, at->depth + 1};
    if (inner.depth > TRACE_DEPTH)
        return;
    /* An entry without a label of its own is the decision, told in parts. */
    for (uint32_t i = 0; i < value_count(entries); i++) {
        const Value *entry = value_item(entries, i);
        Str label = get_str(entry, "label"), own = label.len ? label : name;
        if (tells(entry))
            put_row(rq, entry, own, label.len ? &inner : at);
        put_parts(rq, entry, own, &inner);
    }
    for (uint32_t i = 0; i < value_count(calls); i++) {
        const Value *call = value_item(calls, i);
        put_row(rq, call, name_of(call), &inner);
        put_parts(rq, call, name_of(call), &inner);
    }
}

/* A decision made of parts is told by them, unless it has a reason of its own. */
static void put_decision(const HttpRequest *rq, const Value *step, Value *list)
{
    Spot top = {.list = list, .outer = STR("")};
    if (!value_at(step, "entries") || tells(step))
        put_row(rq, step, name_of(step), &top);
    put_parts(rq, step, name_of(step), &top);
}

/* ---- the proposal ---- */

static Str recommended(const HttpRequest *rq, const StaffVisit *sv, Str what)
{
    const Visit *v = visit_of(rq);
    Str key = str_fmt(rq->arena, "desk.propose." STR_FMT, STR_ARG(what));
    Value *with = value_map(rq->arena);
    set_str(rq->arena, with, "grant", text_in(sv->cf.item->grant_text, v->lang));
    set_str(rq->arena, with, "deny", text_in(sv->cf.item->deny_text, v->lang));
    if (!value_get(v->web->texts[v->lang], key))
        key = STR("desk.propose.other");
    return web_text_with(rq, str_cstr(rq->arena, key), with);
}

void staff_proposal(const HttpRequest *rq, const StaffVisit *sv, Value *m)
{
    const Value *p = value_at(m, "proposal");
    Value *o = set_map(rq->arena, m, "advice");
    set_bool(rq->arena, m, "has_advice", value_is(p, VALUE_MAP));
    if (!value_is(p, VALUE_MAP))
        return;
    Str what = get_str(p, "recommend");
    bool grant = str_eq(what, STR("grant")), deny = str_eq(what, STR("deny"));
    set_str(rq->arena, o, "recommend", what);
    set_str(rq->arena, o, "recommend_text", recommended(rq, sv, what));
    set_str(rq->arena, o, "alert", grant ? STR("ok") : deny ? STR("err") : STR("warn"));
    set_str(rq->arena, o, "article", get_str(p, "article"));
    set_str(rq->arena, o, "because", get_str(p, "reason"));
    set_int(rq->arena, o, "days", get_int(p, "days", 0));
    set_bool(rq->arena, o, "has_days", get_int(p, "days", 0) > 0);
    set_bool(rq->arena, o, "clear", get_bool(p, "clear"));
    set_bool(rq->arena, o, "unclear",
             value_is(value_at(p, "clear"), VALUE_BOOL) && !get_bool(p, "clear"));
    const Value *trace = value_at(value_at(p, "trace"), "steps");
    set_bool(rq->arena, o, "cut_short", get_bool(value_at(p, "trace"), "shortened"));
    Value *steps = set_list(rq->arena, o, "steps");
    for (uint32_t i = 0; i < value_count(trace); i++)
        put_decision(rq, value_item(trace, i), steps);
    set_bool(rq->arena, o, "has_steps", value_count(steps) > 0);
}
