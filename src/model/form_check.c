/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks of answers, one problem an answer: the first thing that is wrong is what the person is
 * told. Only shown questions are checked, so that an answer to a hidden one never blocks.
 */
#include "base/utf8.h"
#include "model/form.h"

enum { LINE_LENGTH = 200, TEXT_LENGTH = 2000, NUMBER_LENGTH = 34 };

typedef struct {
    Arena *out;
    Date today;
    FormProblem problem;
} Check;

static bool wrong(Check *c, const char *key)
{
    c->problem.key = key;
    return false;
}

static bool wrong_with(Check *c, const char *key, Str arg)
{
    c->problem.arg = arg;
    return wrong(c, key);
}

static int32_t length_of(const Element *e)
{
    if (e->max_length)
        return e->max_length;
    if (e->type == ELEMENT_NUMBER)
        return NUMBER_LENGTH;
    return e->type == ELEMENT_TEXTAREA ? TEXT_LENGTH : LINE_LENGTH;
}

static bool check_length(Check *c, const Element *e, Str s)
{
    int32_t max = length_of(e);
    return s.len <= (size_t)max || utf8_count(s) <= (size_t)max ||
           wrong_with(c, "error.too-long", str_fmt(c->out, "%d", max));
}

static bool bound_date(const Check *c, Str bound, Date *d)
{
    if (str_eq(bound, STR("today"))) {
        *d = c->today;
        return true;
    }
    return bound.len && date_parse(bound, d, NULL);
}

static bool check_date(Check *c, const Element *e, Str s)
{
    Date d, bound = {0};
    if (!date_parse(s, &d, NULL))
        return wrong(c, "error.date");
    if (bound_date(c, e->max, &bound) && d.days > bound.days) {
        bool now = str_eq(e->max, STR("today"));
        return now ? wrong(c, "error.date.future")
                   : wrong_with(c, "error.date.max", date_iso(c->out, bound));
    }
    if (bound_date(c, e->min, &bound) && d.days < bound.days) {
        bool now = str_eq(e->min, STR("today"));
        return now ? wrong(c, "error.date.past")
                   : wrong_with(c, "error.date.min", date_iso(c->out, bound));
    }
    return true;
}

static bool check_number(Check *c, const Element *e, Str s)
{
    Decimal n, bound;
    if (!decimal_parse(s, &n))
        return wrong(c, "error.number");
    if (e->min.len && decimal_parse(e->min, &bound) && decimal_cmp(n, bound) < 0)
        return wrong_with(c, "error.number.min", e->min);
    if (e->max.len && decimal_parse(e->max, &bound) && decimal_cmp(n, bound) > 0)
        return wrong_with(c, "error.number.max", e->max);
    return true;
}

static bool two_digits(Str s, size_t at, int max)
{
    if (s.at[at] < '0' || s.at[at] > '9' || s.at[at + 1] < '0' || s.at[at + 1] > '9')
        return false;
    return (s.at[at] - '0') * 10 + s.at[at + 1] - '0' <= max;
}

static bool check_time(Check *c, Str s)
{
    bool ok = s.len == 5 && s.at[2] == ':' && two_digits(s, 0, 23) && two_digits(s, 3, 59);
    return ok || wrong(c, "error.time");
}

static bool is_option(const Element *e, Str s)
{
    for (size_t i = 0; i < e->option_count; i++)
        if (str_eq(e->options[i].value, s))
            return true;
    return false;
}

static bool check_choice(Check *c, const Element *e, Str s)
{
    return is_option(e, s) || wrong(c, "error.option");
}

static bool check_choices(Check *c, const Element *e, const Value *v)
{
    if (!value_is(v, VALUE_LIST) || v->list.count > e->option_count)
        return wrong(c, "error.option");
    for (size_t i = 0; i < v->list.count; i++)
        if (!is_option(e, value_text(v->list.items[i])))
            return wrong(c, "error.option");
    return true;
}

static bool check_text(Check *c, const Element *e, Str s)
{
    const char *why = NULL;
    switch (e->type) {
    case ELEMENT_IDCARD: return idcard_valid(s, c->today, &why) || wrong(c, why);
    case ELEMENT_USCC: return uscc_valid(s, &why) || wrong(c, why);
    case ELEMENT_PHONE: return mobile_valid(s) || wrong(c, "error.phone");
    case ELEMENT_DATE: return check_date(c, e, s);
    case ELEMENT_TIME: return check_time(c, s);
    case ELEMENT_NUMBER: return check_length(c, e, s) && check_number(c, e, s);
    case ELEMENT_RADIO:
    case ELEMENT_SELECT: return check_choice(c, e, s);
    case ELEMENT_TEXT:
    case ELEMENT_TEXTAREA:
    case ELEMENT_ADDRESS: return check_length(c, e, s);
    case ELEMENT_CHECKBOX:
    case ELEMENT_BOOLEAN: break;
    }
    return wrong(c, "error.option");
}

static bool check_value(Check *c, const Element *e, const Value *v)
{
    if (e->type == ELEMENT_CHECKBOX)
        return check_choices(c, e, v);
    if (e->type == ELEMENT_BOOLEAN)
        return value_is(v, VALUE_BOOL) || wrong(c, "error.option");
    if (!value_is(v, VALUE_STR) && !value_is(v, VALUE_NUMBER))
        return wrong(c, "error.option");
    return check_text(c, e, v->text);
}

static bool is_blank(const Value *v)
{
    if (!v || v->kind == VALUE_NULL)
        return true;
    if (v->kind == VALUE_LIST || v->kind == VALUE_MAP)
        return value_count(v) == 0;
    return v->kind == VALUE_STR && v->text.len == 0;
}

/* Only a plain false is a problem: null means that another answer is still missing. */
static bool check_valid_if(Check *c, const Question *q, const FeelScope *scope)
{
    if (!q->valid_if)
        return true;
    FeelValue v;
    if (!feel_eval(c->out, q->valid_if, scope, 0, &v, NULL) || v.kind != FEEL_BOOLEAN || v.truth)
        return true;
    c->problem.text = q->valid_message;
    return wrong(c, "error.invalid");
}

/* What another part demands of the answer counts where that part asks it. */
static bool check_also(Check *c, const Question *q, const FeelScope *scope)
{
    for (q = q->also; q; q = q->also)
        if (form_question_shown(c->out, q, scope) && !check_valid_if(c, q, scope))
            return false;
    return true;
}

static bool check_question(Check *c, const Question *q, const Value *answers,
                           const FeelScope *scope)
{
    const Value *v = value_get(answers, q->element->key);
    c->problem = (FormProblem){.element = q->element->key};
    if (is_blank(v))
        return !q->required || wrong(c, "error.required");
    return check_value(c, q->element, v) && check_valid_if(c, q, scope) && check_also(c, q, scope);
}

static size_t check_page(Check *c, const Page *page, const Value *answers, const FeelScope *scope,
                         FormProblem *problems, size_t max)
{
    size_t n = 0;
    for (size_t i = 0; i < page->question_count && n < max; i++) {
        const Question *q = &page->questions[i];
        if (form_question_shown(c->out, q, scope) && !check_question(c, q, answers, scope))
            problems[n++] = c->problem;
    }
    return n;
}

/* A form that has no scope (too many names) never passed the catalogue's checks. */
static bool scope_of(Arena *out, const Item *item, const Value *answers, Date today,
                     FeelScope *scope)
{
    Err err = {0};
    bool ok = form_scope(out, item, answers, today, scope, &err);
    ASSERT(ok);
    return ok;
}

size_t form_check_page(Arena *out, const Item *item, const Page *page, const Value *answers,
                       Date today, FormProblem *problems, size_t max)
{
    FeelScope scope;
    Check c = {.out = out, .today = today};
    return scope_of(out, item, answers, today, &scope)
               ? check_page(&c, page, answers, &scope, problems, max)
               : 0;
}

size_t form_check(Arena *out, const Item *item, const Value *answers, Date today,
                  FormProblem *problems, size_t max)
{
    FeelScope scope;
    Check c = {.out = out, .today = today};
    size_t n = 0;
    if (!scope_of(out, item, answers, today, &scope))
        return 0;
    for (size_t i = 0; i < item->form.page_count && n < max; i++) {
        const Page *page = &item->form.pages[i];
        if (form_page_shown(out, page, &scope))
            n += check_page(&c, page, answers, &scope, problems + n, max - n);
    }
    return n;
}
