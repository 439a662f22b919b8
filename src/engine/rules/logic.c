/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Boxed expressions. A context, a list and a relation build a value; a conditional chooses; the
 * loops run over what FEEL's own loops run over, so that both agree on what that is.
 */
#include "engine/rules/rules_int.h"

FeelValue run_cell(Run *run, const DmnCell *c, const FeelScope *scope)
{
    switch (c->kind) {
    case DMN_CELL_NULL: return feel_null();
    case DMN_CELL_ANY: return feel_bool(true);
    case DMN_CELL_CONST: return *c->value;
    case DMN_CELL_PROGRAM: return feel_run(run->budget, c->program, scope);
    case DMN_CELL_BROKEN: break;
    }
    return feel_reason(run->out, "the expression cannot be read: " STR_FMT, STR_ARG(c->broken));
}

static FeelValue list_of(const FeelValue *items, size_t count)
{
    return (FeelValue){.kind = FEEL_LIST, .list = {items, count}};
}

static Str numbered(Run *run, size_t i)
{
    return run->step ? str_fmt(run->out, "%zu", i + 1) : (Str){0};
}

static Value *start_part(Run *run, const DmnLogic *logic, Str name)
{
    Value *row = tell_row(run, run->step, "entries");
    if (row) {
        set_str(run->out, row, "name", name);
        set_str(run->out, row, "kind", str_z(run_kind_name(logic->kind)));
    }
    return row;
}

static FeelValue end_part(Run *run, Value *outer, FeelValue v)
{
    if (run->step) {
        tell_value(run, run->step, "result", &v);
    }
    run->step = outer;
    return v;
}

FeelValue run_part(Run *run, const DmnLogic *logic, const FeelScope *scope, Str name)
{
    Value *outer = run->step;
    run->step = start_part(run, logic, name);
    return end_part(run, outer, run_logic(run, logic, scope));
}

/* ---- building ---- */

/* A part with a label of its own. */
static FeelValue run_entry(Run *run, const DmnEntry *e, const FeelScope *scope)
{
    Value *outer = run->step;
    run->step = start_part(run, e->logic, e->name);
    if (run->step && text_in(e->label, LANG_ZH).len > 0) {
        tell_words(run, run->step, "label", e->label);
    }
    return end_part(run, outer, run_logic(run, e->logic, scope));
}

/* Each entry sees those before it; a function that is an entry sees itself. */
static FeelValue build_context(Run *run, const DmnLogic *logic, const FeelScope *scope)
{
    FeelEntry *entries = NEW_N(run->out, FeelEntry, logic->entry_count + 1);
    FeelContext *made = NEW(run->out, FeelContext);
    size_t count = 0;
    for (size_t i = 0; i < logic->entry_count && !run_spent(run); i++) {
        const DmnEntry *e = &logic->entries[i];
        FeelContext *seen = NEW(run->out, FeelContext);
        FeelScope inner = {.context = seen, .outer = scope};
        entries[count].key = e->name;
        *seen = (FeelContext){entries, count + (e->logic->kind == DMN_FUNCTION && e->name.len > 0)};
        FeelValue raw = run_entry(run, e, &inner);
        FeelValue v = feel_fit(run->budget, &raw, e->type);
        if (e->name.len == 0) {
            return v;
        }
        entries[count++].value = v;
    }
    *made = (FeelContext){entries, count};
    return feel_context(made);
}

static FeelValue build_list(Run *run, const DmnLogic *logic, const FeelScope *scope)
{
    FeelValue *items = NEW_N(run->out, FeelValue, logic->part_count + 1);
    for (size_t i = 0; i < logic->part_count && !run_spent(run); i++) {
        items[i] = run_part(run, logic->parts[i], scope, numbered(run, i));
    }
    return list_of(items, logic->part_count);
}

static FeelValue build_row(Run *run, const DmnLogic *logic, size_t row, const FeelScope *scope)
{
    FeelEntry *entries = NEW_N(run->out, FeelEntry, logic->entry_count + 1);
    FeelContext *c = NEW(run->out, FeelContext);
    for (size_t i = 0; i < logic->entry_count; i++) {
        const DmnLogic *cell = logic->parts[row * logic->entry_count + i];
        FeelValue raw = run_part(run, cell, scope, logic->entries[i].name);
        entries[i] = (FeelEntry){logic->entries[i].name,
                                 feel_fit(run->budget, &raw, logic->entries[i].type)};
    }
    *c = (FeelContext){entries, logic->entry_count};
    return feel_context(c);
}

static FeelValue build_relation(Run *run, const DmnLogic *logic, const FeelScope *scope)
{
    size_t rows = logic->entry_count > 0 ? logic->part_count / logic->entry_count : 0;
    FeelValue *items = NEW_N(run->out, FeelValue, rows + 1);
    for (size_t i = 0; i < rows && !run_spent(run); i++) {
        items[i] = build_row(run, logic, i, scope);
    }
    return list_of(items, rows);
}

/* ---- choosing and looping ---- */

static FeelValue no_condition(Run *run, const FeelValue *v)
{
    return feel_reason(run->out, "a condition is a %s", feel_kind_name(v->kind));
}

static FeelValue choose(Run *run, const DmnLogic *logic, const FeelScope *scope)
{
    FeelValue condition = run_part(run, logic->parts[0], scope, STR("if"));
    bool yes = feel_is_true(&condition);
    if (condition.kind != FEEL_BOOLEAN && condition.kind != FEEL_NULL) {
        return no_condition(run, &condition);
    }
    return run_part(run, logic->parts[yes ? 1 : 2], scope, yes ? STR("then") : STR("else"));
}

/* A list as it is; a range as its items; else null. */
static FeelValue items_of(Run *run, const FeelValue *v)
{
    FeelEntry entry = {STR("list"), *v};
    FeelContext c = {&entry, 1};
    FeelScope scope = {.context = &c};
    return v->kind == FEEL_LIST || v->kind == FEEL_NULL
               ? *v
               : feel_run(run->budget, run->model->items, &scope);
}

typedef Vec(FeelValue) Items;

/* The body for one item; partial: what a "for" has gathered. */
static FeelValue run_body(Run *run, const DmnLogic *logic, const FeelScope *scope,
                          const FeelValue *item, const Items *partial)
{
    FeelEntry *entries = NEW_N(run->out, FeelEntry, 2);
    FeelContext *c = NEW(run->out, FeelContext);
    FeelScope inner = {.context = c, .outer = scope};
    entries[0] = (FeelEntry){logic->iterator, *item};
    if (partial) {
        entries[1] = (FeelEntry){STR("partial"), list_of(partial->at, partial->len)};
    }
    *c = (FeelContext){entries, partial ? 2 : 1};
    return run_part(run, logic->parts[1], &inner, logic->iterator);
}

static FeelValue gather(Run *run, const DmnLogic *logic, const FeelScope *scope)
{
    FeelValue in = run_part(run, logic->parts[0], scope, STR("in"));
    FeelValue items = items_of(run, &in);
    Items results = {0};
    if (items.kind != FEEL_LIST) {
        return items;
    }
    for (size_t i = 0; i < items.list.count && feel_take(run->budget, 1); i++) {
        FeelValue v = run_body(run, logic, scope, &items.list.items[i], &results);
        *VEC_PUSH(run->out, &results) = v;
    }
    return list_of(results.at, results.len);
}

/* some and every in three-valued logic; what is no condition makes the whole null, wherever it
 * stands. */
static FeelValue judge(Run *run, const DmnLogic *logic, const FeelScope *scope)
{
    bool deciding = logic->kind == DMN_SOME;
    FeelValue in = run_part(run, logic->parts[0], scope, STR("in"));
    FeelValue items = items_of(run, &in), verdict = feel_bool(!deciding);
    if (items.kind != FEEL_LIST) {
        return items;
    }
    for (size_t i = 0; i < items.list.count && feel_take(run->budget, 1); i++) {
        FeelValue v = run_body(run, logic, scope, &items.list.items[i], NULL);
        bool decides = v.kind == FEEL_BOOLEAN && v.truth == deciding;
        bool open = verdict.kind != FEEL_BOOLEAN || verdict.truth != deciding;
        if (v.kind != FEEL_BOOLEAN && v.kind != FEEL_NULL) {
            return no_condition(run, &v);
        }
        verdict = decides || (open && v.kind == FEEL_NULL) ? v : verdict;
    }
    return verdict;
}

/* ---- filter ---- */

static FeelValue match(Run *run, const DmnLogic *logic, const FeelScope *scope,
                       const FeelValue *item)
{
    FeelEntry *entry = NEW(run->out, FeelEntry);
    FeelContext *named = NEW(run->out, FeelContext);
    FeelScope by_name = {.context = named, .outer = scope};
    FeelScope members = {.context = item->kind == FEEL_CONTEXT ? item->context : NULL,
                         .outer = &by_name};
    *entry = (FeelEntry){STR("item"), *item};
    *named = (FeelContext){entry, 1};
    return run_part(run, logic->parts[1], &members, STR("item"));
}

/* 1 is the first, -1 the last. */
static FeelValue item_at(Run *run, const FeelValue *list, Decimal index)
{
    int64_t n = 0, count = (int64_t)list->list.count;
    if (!decimal_is_integer(index) || !decimal_int(index, &n)) {
        return feel_reason(run->out, "an index is no whole number");
    }
    int64_t at = n < 0 ? count + n : n - 1;
    return at >= 0 && at < count ? list->list.items[at]
                                 : feel_reason(run->out, "no item %lld in a list of %lld",
                                               (long long)n, (long long)count);
}

static FeelValue filter(Run *run, const DmnLogic *logic, const FeelScope *scope)
{
    FeelValue in = run_part(run, logic->parts[0], scope, STR("in"));
    FeelValue items = in.kind == FEEL_LIST   ? in
                      : in.kind == FEEL_NULL ? list_of(NULL, 0)
                                             : list_of(&in, 1);
    Items results = {0};
    for (size_t i = 0; i < items.list.count && feel_take(run->budget, 1); i++) {
        FeelValue v = match(run, logic, scope, &items.list.items[i]);
        if (v.kind == FEEL_NUMBER) {
            return item_at(run, &items, v.number);
        }
        if (v.kind != FEEL_BOOLEAN && v.kind != FEEL_NULL) {
            return no_condition(run, &v);
        }
        if (feel_is_true(&v)) {
            *VEC_PUSH(run->out, &results) = items.list.items[i];
        }
    }
    return list_of(results.at, results.len);
}

/* ---- which one ---- */

static FeelValue evaluate(Run *run, const DmnLogic *logic, const FeelScope *scope)
{
    switch (logic->kind) {
    case DMN_LITERAL:
    case DMN_BROKEN: return run_cell(run, &logic->literal, scope);
    case DMN_TABLE: return run_table(run, logic->table, scope);
    case DMN_CONTEXT: return build_context(run, logic, scope);
    case DMN_RELATION: return build_relation(run, logic, scope);
    case DMN_LIST: return build_list(run, logic, scope);
    case DMN_INVOCATION: return run_invocation(run, logic, scope);
    case DMN_FUNCTION: return run_closure(run, logic, scope);
    case DMN_CONDITIONAL: return choose(run, logic, scope);
    case DMN_FILTER: return filter(run, logic, scope);
    case DMN_FOR: return gather(run, logic, scope);
    case DMN_SOME:
    case DMN_EVERY: return judge(run, logic, scope);
    }
    return feel_null();
}

FeelValue run_logic(Run *run, const DmnLogic *logic, const FeelScope *scope)
{
    FeelValue v = evaluate(run, logic, scope);
    return feel_fit(run->budget, &v, logic->type);
}
