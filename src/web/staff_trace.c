/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the rules propose, and the rule that led to it: the trace of engine/rules in words. The rule
 * advises; whoever decides reads which row was hit, with which values, and may decide otherwise.
 */
#include "web/staff.h"

enum { DEPTH_MAX = 6 };

/* ---- values as people read them ---- */

static Str scalar(const HttpRequest *rq, const Value *v)
{
    if (!v || v->kind == VALUE_NULL)
        return web_text(rq, "desk.rules.nothing");
    if (v->kind == VALUE_BOOL)
        return web_text(rq, v->truth ? "yes" : "no");
    if (v->kind == VALUE_LIST) {
        StrBuf b = buf_in(rq->arena);
        for (uint32_t i = 0; i < v->list.count; i++) {
            if (b.len)
                buf_add(&b, web_text(rq, "desk.list.and"));
            buf_add(&b, value_text(v->list.items[i]));
        }
        return b.len ? buf_str(&b) : web_text(rq, "desk.rules.nothing");
    }
    return value_text(v);
}

static const Element *element_of(const HttpRequest *rq, const Value *step, Str label)
{
    const Catalogue *c = visit_of(rq)->web->app->catalogue;
    const Value *inputs = value_at(step, "inputs");
    for (uint32_t i = 0; i < value_count(inputs); i++)
        if (str_eq(get_str(inputs->list.items[i], "label"), label))
            return catalogue_element(c, get_str(inputs->list.items[i], "expression"));
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

/* A name that ends in the other language's mark is not for this reader. */
static bool for_reader(const HttpRequest *rq, Str name)
{
    Str other = visit_of(rq)->lang == LANG_EN ? STR("zh") : STR("en");
    Str marked = str_join(rq->arena, STR("_"), other);
    return !str_eq(name, other) && !str_ends(name, marked);
}

/* ---- one rule that was hit ---- */

static void put_conditions(const HttpRequest *rq, const Value *step, const Value *rule, Value *row)
{
    const Value *from = value_at(rule, "conditions");
    Value *list = set_list(rq->arena, row, "conditions");
    for (uint32_t i = 0; i < value_count(from); i++) {
        const Value *c = from->list.items[i];
        Str test = str_trim(get_str(c, "test")), label = get_str(c, "label");
        if (!test.len || str_eq(test, STR("-")))
            continue;
        const Element *e = element_of(rq, step, label);
        Value *o = push_map(rq->arena, list);
        set_str(rq->arena, o, "label", e ? text_in(e->label, visit_of(rq)->lang) : label);
        set_str(rq->arena, o, "value", worded(rq, e, value_at(c, "value")));
        set_str(rq->arena, o, "test", test);
    }
}

static Str title_of(const HttpRequest *rq, const Value *rule)
{
    const Value *notes = value_at(rule, "annotations");
    StrBuf b = buf_in(rq->arena);
    for (uint32_t i = 0; i < value_count(notes); i++) {
        const ValueMember *note = &notes->map.members[i];
        if (!for_reader(rq, note->key) || !value_text(note->value).len)
            continue;
        if (b.len)
            buf_add(&b, web_text(rq, "desk.list.then"));
        buf_add(&b, value_text(note->value));
    }
    return b.len ? buf_str(&b) : get_str(rule, "description");
}

static void put_outputs(const HttpRequest *rq, const Value *rule, Value *row)
{
    const Value *from = value_at(rule, "outputs");
    Value *list = set_list(rq->arena, row, "outputs");
    for (uint32_t i = 0; value_is(from, VALUE_MAP) && i < from->map.count; i++) {
        const ValueMember *out = &from->map.members[i];
        if (!for_reader(rq, out->key) || out->value->kind == VALUE_MAP)
            continue;
        Value *o = push_map(rq->arena, list);
        Str key = str_fmt(rq->arena, "desk.rules.out." STR_FMT, STR_ARG(out->key));
        const Visit *v = visit_of(rq);
        bool known = value_get(v->web->texts[v->lang], key) != NULL;
        set_str(rq->arena, o, "label", known ? web_text_str(rq, key) : out->key);
        set_str(rq->arena, o, "value", scalar(rq, out->value));
    }
}

static void put_rules(const HttpRequest *rq, const Value *step, Value *row)
{
    const Value *from = value_at(step, "rules");
    Value *list = set_list(rq->arena, row, "rules");
    for (uint32_t i = 0; i < value_count(from); i++) {
        const Value *rule = from->list.items[i];
        Value *o = push_map(rq->arena, list);
        set_int(rq->arena, o, "index", get_int(rule, "index", 0));
        set_str(rq->arena, o, "rule_title", title_of(rq, rule));
        put_conditions(rq, step, rule, o);
        put_outputs(rq, rule, o);
    }
    set_bool(rq->arena, row, "hit", value_count(from) > 0);
}

static void put_step(const HttpRequest *rq, const Value *step, Value *list)
{
    Value *row = push_map(rq->arena, list);
    Str name = get_str(step, "name");
    const Value *result = value_at(step, "result");
    bool plain = !value_is(result, VALUE_MAP) && !value_is(result, VALUE_LIST);
    set_str(rq->arena, row, "step_name", name.len ? name : get_str(step, "decision"));
    set_str(rq->arena, row, "result_text", plain ? scalar(rq, result) : STR(""));
    set_bool(rq->arena, row, "is_table", str_eq(get_str(step, "kind"), STR("table")));
    put_rules(rq, step, row);
}

/* A trace is a map of steps; a proposal may carry several. */
static void collect(const HttpRequest *rq, const Value *v, int depth, Value *list)
{
    if (depth > DEPTH_MAX)
        return;
    if (value_is(v, VALUE_LIST))
        for (uint32_t i = 0; i < v->list.count; i++)
            collect(rq, v->list.items[i], depth + 1, list);
    else if (value_at(v, "steps"))
        collect(rq, value_at(v, "steps"), depth + 1, list);
    else if (value_at(v, "kind"))
        put_step(rq, v, list);
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
    collect(rq, value_at(p, "trace"), 0, set_list(rq->arena, o, "steps"));
    set_bool(rq->arena, o, "has_steps", value_count(value_at(o, "steps")) > 0);
}
