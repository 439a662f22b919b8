/* SPDX-License-Identifier: Apache-2.0 */
/* Which parts apply, which of their questions are shown, and the longest chain. The order of the
 * parts is one in which each follows what it waits for, so every walk ends. */
#include "model/bundle.h"

#include "model/form.h"

static const FeelValue *in_scope(const FeelScope *scope, Str key)
{
    for (; scope; scope = scope->outer) {
        const FeelValue *v = scope->context ? feel_get(scope->context, key) : NULL;
        if (v)
            return v;
    }
    return NULL;
}

static bool is_left_out(const Part *p, const FeelScope *scope)
{
    const FeelValue *v = p->optional ? in_scope(scope, BUNDLE_LEFT_OUT) : NULL;
    for (size_t i = 0; v && v->kind == FEEL_LIST && i < v->list.count; i++)
        if (v->list.items[i].kind == FEEL_STRING && str_eq(v->list.items[i].text, p->item->key))
            return true;
    return false;
}

static Choice choice_of(Arena *scratch, const Part *p, const FeelScope *scope)
{
    FeelValue v;
    bool ok = feel_eval(scratch, p->when, scope, 0, &v, NULL);
    if (!ok || v.kind != FEEL_BOOLEAN)
        return CHOICE_OPEN;
    return v.truth ? CHOICE_YES : CHOICE_NO;
}

static ElementType type_of_situation(const Form *f, Str key)
{
    for (size_t i = 0; i < f->element_count; i++)
        if (str_eq(f->elements[i]->key, key))
            return f->elements[i]->type;
    return ELEMENT_RADIO;
}

static bool is_answered(const FeelScope *scope, Str key)
{
    const FeelValue *v = in_scope(scope, key);
    return v && v->kind != FEEL_NULL;
}

/* Whether an answer to that question of the guide would make it another choice. */
static bool turns_on(Arena *scratch, const Part *p, const FeelScope *scope, const Situation *s,
                     Choice now)
{
    ElementType type = type_of_situation(&p->bundle->whole.form, s->key);
    for (size_t i = 0; i < s->option_count; i++) {
        const Value *given = value_str(scratch, s->options[i].value);
        FeelEntry entry = {s->key, form_feel_value(scratch, type, given)};
        FeelContext context = {&entry, 1};
        FeelScope inner = {.context = &context, .outer = scope};
        if (choice_of(scratch, p, &inner) != now)
            return true;
    }
    return false;
}

/* Nothing that was not said is an answer: "is not employed" holds for nobody knows. So a choice
 * that one more answer to the guide would turn is open. */
static Choice own_choice(Arena *scratch, const Part *p, const FeelScope *scope)
{
    if (is_left_out(p, scope))
        return CHOICE_LEFT_OUT;
    if (!p->when)
        return CHOICE_YES;
    ArenaMark mark = arena_mark(scratch);
    const Item *whole = &p->bundle->whole;
    Choice c = choice_of(scratch, p, scope);
    for (size_t i = 0; c != CHOICE_OPEN && i < whole->situation_count; i++) {
        const Situation *s = &whole->situations[i];
        if (!is_answered(scope, s->key) && turns_on(scratch, p, scope, s, c))
            c = CHOICE_OPEN;
    }
    arena_rewind(scratch, mark);
    return c;
}

Choice part_choice(Arena *scratch, const Part *p, const FeelScope *scope, const Part **because)
{
    Choice c = own_choice(scratch, p, scope);
    bool open = c == CHOICE_OPEN;
    for (size_t i = 0; (c == CHOICE_YES || open) && i < p->requires_count; i++) {
        Choice other = part_choice(scratch, p->requires[i], scope, NULL);
        if (other == CHOICE_OPEN) {
            open = true;
        } else if (other != CHOICE_YES) {
            if (because)
            *because = p->requires[i];
            return CHOICE_NEEDS;
        }
    }
    return open && c == CHOICE_YES ? CHOICE_OPEN : c;
}

bool part_chosen(Arena *scratch, const Part *p, const FeelScope *scope)
{
    return part_choice(scratch, p, scope, NULL) == CHOICE_YES;
}

static bool way_holds(Arena *scratch, const Way *w, const FeelScope *scope)
{
    return form_holds(scratch, w->page, scope) && form_holds(scratch, w->own, scope) &&
           part_chosen(scratch, w->part, scope) &&
           !(w->unless && part_chosen(scratch, w->unless, scope));
}

bool ways_hold(Arena *scratch, Ways ways, const FeelScope *scope)
{
    for (size_t i = 0; i < ways.count; i++)
        if (way_holds(scratch, &ways.at[i], scope))
            return true;
    return ways.count == 0;
}

const Part *bundle_part(const Bundle *b, Str item)
{
    for (size_t i = 0; i < b->part_count; i++)
        if (str_eq(b->parts[i].item->key, item))
            return &b->parts[i];
    return NULL;
}

/* ---- limits ---- */

int64_t limit_minutes(const TimeLimit *t)
{
    static const struct {
        Str unit;
        int64_t minutes;
    } units[] = {
        {STR_INIT("working_day"), 2016}, {STR_INIT("natural_day"), 1440},
        {STR_INIT("month"), 43200},      {STR_INIT("year"), 525600},
        {STR_INIT("hour"), 60},          {STR_INIT("minute"), 1},
    };
    for (size_t i = 0; i < COUNT(units); i++)
        if (str_eq(units[i].unit, t->unit))
            return units[i].minutes * t->n;
    return 0;
}

typedef struct {
    int64_t ends[BUNDLE_PARTS_MAX];
    const Part *before[BUNDLE_PARTS_MAX];
} Walk;

static void wait_for(Walk *w, const Part *p, const Part *const *list, size_t count, int64_t *begin)
{
    for (size_t i = 0; i < count; i++)
        if (w->ends[list[i]->at] > *begin || !w->before[p->at]) {
            *begin = w->ends[list[i]->at];
            w->before[p->at] = list[i];
        }
}

int64_t bundle_path(const Bundle *b, PathLimit which, const Part **path, size_t *count)
{
    Walk w = {{0}, {NULL}};
    const Part *last = NULL;
    for (size_t i = 0; i < b->part_count; i++) {
        const Part *p = &b->parts[i];
        const Item *item = p->item;
        bool by_law = which == PATH_LEGAL && item->legal.n > 0;
        int64_t begin = 0;
        wait_for(&w, p, p->after, p->after_count, &begin);
        wait_for(&w, p, p->requires, p->requires_count, &begin);
        w.ends[i] = begin + limit_minutes(by_law ? &item->legal : &item->promise);
        if (!last || w.ends[i] > w.ends[last->at])
            last = p;
    }
    *count = 0;
    for (const Part *p = last; p; p = w.before[p->at])
        (*count)++;
    size_t n = *count;
    for (const Part *p = last; p; p = w.before[p->at])
        path[--n] = p;
    return last ? w.ends[last->at] : 0;
}
