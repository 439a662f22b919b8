/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a decision came about, for its applicant: from the trace that was kept with the proposal, so
 * that it tells what the rules knew then. When somebody decided otherwise than proposed, the
 * rules did not lead there and are not told. Descriptions of rules are their authors' notes and
 * stay out; annotations are written for everybody.
 */
#include "model/form.h"
#include "services/casework/casework_int.h"
#include "services/casework/casework_view.h"
#include "services/certificate/localise.h"

enum { TRACE_DEPTH = 12 }; /* of entries and calls within each other */

typedef struct {
    Arena *out;
    const CaseFile *cf;
    Value *model;
} Explain;

/* A list or text of nothing tells nothing. */
static bool is_told(const Value *v)
{
    return v && v->kind != VALUE_NULL && (v->kind != VALUE_STR || v->text.len > 0);
}

/* ---- the rules ---- */

/* {zh, en} of a rule's annotations. */
static Value *noted(const Explain *x, const Value *rule, const char *zh, const char *en)
{
    const Value *notes = value_at(rule, "annotations");
    Text t = {{get_str(notes, zh), get_str(notes, en)}};
    return text_in(t, LANG_ZH).len ? text_value(x->out, t) : NULL;
}

static void put_rules(const Explain *x, const Value *step, const Value *question, Value *list)
{
    const Value *rules = value_at(step, "rules");
    for (size_t i = 0; i < value_count(rules); i++) {
        const Value *rule = value_item(rules, i);
        Value *reason = noted(x, rule, "zh", "en");
        Value *article = noted(x, rule, "article", "article_en");
        if (!reason)
            continue;
        Value *row = push_map(x->out, list);
        set_value(x->out, row, "question", value_copy(x->out, question));
        set_value(x->out, row, "reason", reason);
        set_value(x->out, row, "article", article ? article : value_str(x->out, STR("")));
    }
}

/* Tables stand in steps, in the entries of contexts and in functions that were called. */
static void put_step(const Explain *x, const Value *step, const Value *question, int depth,
                     Value *list)
{
    static const char *const inner[] = {"entries", "calls"};
    put_rules(x, step, question, list);
    for (size_t k = 0; k < COUNT(inner) && depth < TRACE_DEPTH; k++) {
        const Value *parts = value_at(step, inner[k]);
        for (size_t i = 0; i < value_count(parts); i++)
            put_step(x, value_item(parts, i), question, depth + 1, list);
    }
}

/* The last step is the decision itself, whose reason stands at the head. */
static void put_steps(const Explain *x, const Value *trace)
{
    const Value *steps = value_at(trace, "steps");
    Value *list = set_list(x->out, x->model, "rules");
    for (size_t i = 0; i + 1 < value_count(steps); i++) {
        const Value *step = value_item(steps, i), *question = value_at(step, "question");
        bool asks = question && (question->kind == VALUE_MAP || value_text(question).len > 0);
        if (!asks)
            question = value_at(step, "name");
        if (question)
            put_step(x, step, question, 0, list);
    }
}

/* ---- what they knew ---- */

static Value *group_of(const Explain *x, Str source)
{
    Value *groups = value_inside(x->model, "inputs");
    for (size_t i = 0; i < value_count(groups); i++)
        if (str_eq(get_str(value_item(groups, i), "source"), source))
            return value_inside(value_item(groups, i), "fields");
    Value *group = push_map(x->out, groups);
    set_str(x->out, group, "source", source);
    return set_list(x->out, group, "fields");
}

static const Question *question_of(const Item *item, const Element *e)
{
    for (size_t i = 0; e && i < item->form.page_count; i++)
        for (size_t k = 0; k < item->form.pages[i].question_count; k++)
            if (item->form.pages[i].questions[k].element == e)
                return &item->form.pages[i].questions[k];
    return NULL;
}

static void put_field(const Explain *x, const Value *input, Str key, const Value *value)
{
    const Element *e = catalogue_element(x->cf->catalogue, key);
    const Question *q = question_of(x->cf->item, e);
    bool answered = value_get(x->cf->answers, key) != NULL;
    Value *known = value_map(x->out), *shown = value_map(x->out);
    value_set(x->out, known, key, value_copy(x->out, value));
    casework_put_answers(x->out, x->cf, known, shown);
    const Value *words = value_get(shown, key);
    Value *row = push_map(x->out, group_of(x, answered ? STR("answers") : STR("file")));
    set_str(x->out, row, "key", key);
    if (q && q->label.in[LANG_ZH].len)
        set_text(x->out, row, "label", q->label);
    else if (e)
        set_text(x->out, row, "label", e->label);
    else
        set_value(x->out, row, "label", value_copy(x->out, value_at(input, "label")));
    set_value(x->out, row, "value", value_copy(x->out, words ? words : value));
}

/* By the rules of all facts: an applicant does not see the sensitive fields of somebody else. */
static void put_fact(const Explain *x, const Source *s, const Value *value)
{
    const Value *kept = value_get(x->cf->facts, s->key);
    Value *fact = value_map(x->out);
    set_str(x->out, fact, "state", STR("found"));
    set_bool(x->out, fact, "of_other", get_bool(kept, "of_other"));
    set_value(x->out, fact, "fields", value_copy(x->out, value));
    const Value *shown = case_view_fact(x->out, s, fact, FACT_FOR_APPLICANT);
    if (!value_count(value_at(shown, "fields")))
        return;
    Value *group = push_map(x->out, value_inside(x->model, "inputs"));
    set_str(x->out, group, "source", s->key);
    set_text(x->out, group, "name", s->name);
    set_text(x->out, group, "owner", s->owner);
    set_value(x->out, group, "fields", value_copy(x->out, value_at(shown, "fields")));
}

/* What was not answered and not found tells nothing. */
static void put_inputs(const Explain *x, const Value *trace)
{
    const Value *inputs = value_at(trace, "inputs");
    (void)set_list(x->out, x->model, "inputs");
    for (size_t i = 0; i < value_count(inputs); i++) {
        const Value *input = value_item(inputs, i), *value = value_at(input, "value");
        Str key = get_str(input, "name");
        const Source *s = catalogue_source(x->cf->catalogue, key);
        if (s && value_is(value, VALUE_MAP))
            put_fact(x, s, value);
        else if (!s && is_told(value) && value->kind != VALUE_MAP)
            put_field(x, input, key, value);
    }
}

/* ---- the decision ---- */

static bool is_as_proposed(const CaseFile *cf, const Value *proposed)
{
    Str what = get_str(value_at(proposed, "result"), "recommend");
    return str_eq(what, cf->law.outcome == LAW_GRANTED ? STR("grant") : STR("deny"));
}

static bool is_said_by(const Value *reason, Str said)
{
    return value_is(reason, VALUE_MAP)
               ? str_eq(get_str(reason, "zh"), said) || str_eq(get_str(reason, "en"), said)
               : str_eq(value_text(reason), said);
}

static void put_reason(const Explain *x, const Value *reason, Str said)
{
    bool is_same = !said.len || (is_told(reason) && is_said_by(reason, said));
    Value *none = value_str(x->out, STR(""));
    set_value(x->out, x->model, "reason", is_told(reason) ? value_copy(x->out, reason) : none);
    set_str(x->out, x->model, "said", is_same ? STR("") : said);
    const Value *basis = casework_basis(x->out, x->cf);
    set_value(x->out, x->model, "article", is_told(basis) ? value_copy(x->out, basis) : none);
}

void case_view_explanation(Arena *out, const CaseFile *cf, const Value *proposed,
                           const Value *decided, Value *model)
{
    Explain x = {out, cf, set_map(out, model, "explanation")};
    bool by_rules = is_as_proposed(cf, proposed);
    const Value *result = value_at(proposed, "result"), *trace = value_at(proposed, "trace");
    set_text(out, x.model, "outcome",
             cf->law.outcome == LAW_GRANTED ? cf->item->grant_text : cf->item->deny_text);
    set_bool(out, x.model, "by_rules", by_rules);
    put_reason(&x, by_rules ? value_at(result, "reason") : NULL,
               str_trim(get_str(decided, "reason")));
    if (!by_rules)
        return;
    put_steps(&x, trace);
    put_inputs(&x, trace);
}
