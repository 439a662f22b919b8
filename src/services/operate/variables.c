/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Variables that an operator sets: by value (JSON), or by a FEEL expression over what the scope
 * shows now. A form has one line for the value: "= …" is FEEL, what reads as JSON is that, anything
 * else is a text.
 */
#include "services/operate/operate_int.h"

#include "json/json.h"

enum { NAME_MAX_BYTES = 100 };

static bool name_fits(Str name)
{
    bool fits =
        name.len > 0 && name.len <= NAME_MAX_BYTES && !(name.at[0] >= '0' && name.at[0] <= '9');
    for (size_t i = 0; fits && i < name.len; i++) {
        unsigned char c = (unsigned char)name.at[i];
        fits = c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
               (c >= 'A' && c <= 'Z') || c >= 0x80;
    }
    return fits;
}

static const FlowScope *scope_of(const FlowInstance *in, int64_t id)
{
    for (size_t i = 0; i < in->scopes.len; i++)
        if (in->scopes.at[i].id == id)
            return &in->scopes.at[i];
    return NULL;
}

/* What is seen there: inner names hide outer ones, a called process sees no further. */
static const FeelContext *seen_from(Arena *out, const FlowInstance *in, int64_t id)
{
    const FlowScope *chain[FLOW_MAX_NEST + 1] = {0};
    size_t n = 0;
    for (const FlowScope *s = scope_of(in, id); s && n < COUNT(chain); n++) {
        chain[n] = s;
        s = s->id && !s->isolated ? scope_of(in, s->parent) : NULL;
    }
    const FeelContext *all = NEW(out, FeelContext);
    while (n > 0) {
        const FeelContext *c = chain[--n]->variables;
        for (size_t i = 0; i < c->count; i++)
            all = feel_with(out, all, c->entries[i].key, c->entries[i].value);
    }
    return all;
}

static bool add(Act *a, const FeelContext **vars, Str name, FeelValue value)
{
    Arena *out = a->tx->arena;
    if (!name_fits(name))
        return act_problem(a, "name", "operate.bad-name", STR(""), ERR_INPUT);
    if (*vars && (*vars)->count >= OPERATE_VARIABLES)
        return act_problem(a, "name", "operate.too-many", STR(""), ERR_INPUT);
    FeelValue data;
    Err why = {0};
    if (!feel_to_data(out, &value, &data, &why))
        return act_problem(a, "value", "operate.bad-value", str_dup(out, str_z(why.msg)),
                           ERR_INPUT);
    *vars = feel_with(out, *vars ? *vars : NEW(out, FeelContext), name, data);
    return true;
}

static bool by_expression(Act *a, int64_t scope, Str text, FeelValue *value)
{
    Arena *out = a->tx->arena;
    Err why = {0};
    const FeelProgram *p = feel_compile(out, text, NULL, FEEL_EXPRESSION, &why);
    FeelScope seen = {.context = seen_from(out, a->cf.flow, scope)};
    if (!p || !feel_eval(out, p, &seen, FLOW_FEEL_STEPS, value, &why))
        return act_problem(a, "value", "operate.bad-expression", str_dup(out, str_z(why.msg)),
                           ERR_INPUT);
    Str null_why = feel_why(out, value, FEEL_EN);
    return !null_why.len || act_problem(a, "value", "operate.bad-expression", null_why, ERR_INPUT);
}

static bool by_line(Act *a, int64_t scope, Str line, FeelValue *value)
{
    Err why = {0};
    if (line.len > OPERATE_VALUE_MAX)
        return act_problem(a, "value", "error.too-long", STR(""), ERR_INPUT);
    if (line.len && line.at[0] == '=')
        return by_expression(a, scope, str_trim(str_slice(line, 1, line.len)), value);
    const Value *json = line.len ? json_read(a->tx->arena, line, &why) : NULL;
    if (json)
        return feel_from_value(a->tx->arena, json, value, a->err);
    *value = feel_str(line);
    return true;
}

bool act_variables(Act *a, int64_t scope, const FeelContext **vars)
{
    const Value *values = value_at(a->in, "variables"), *told = value_at(a->in, "expressions");
    Str name = str_trim(get_str(a->in, "name"));
    FeelValue v = feel_null();
    *vars = NULL;
    if ((values && !value_is(values, VALUE_MAP)) || (told && !value_is(told, VALUE_MAP)))
        return act_problem(a, "value", "operate.bad-value", STR(""), ERR_INPUT);
    for (uint32_t i = 0; values && i < value_count(values); i++)
        if (!feel_from_value(a->tx->arena, values->map.members[i].value, &v, a->err) ||
            !add(a, vars, values->map.members[i].key, v))
            return false;
    for (uint32_t i = 0; told && i < value_count(told); i++)
        if (!by_expression(a, scope, value_text(told->map.members[i].value), &v) ||
            !add(a, vars, told->map.members[i].key, v))
            return false;
    if (!name.len && !get_str(a->in, "value").len)
        return true;
    return by_line(a, scope, str_trim(get_str(a->in, "value")), &v) && add(a, vars, name, v);
}
