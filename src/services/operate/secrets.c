/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Variables as an operator sees them. What the catalogue calls sensitive is not shown until the
 * case is opened with a purpose: by its name, at any depth, and where a copy of a sensitive answer
 * stands under another name.
 */
#include "services/operate/operate_int.h"

#include "json/json.h"

enum { VALUE_SHOWN_MAX = 2000, HIDDEN_MIN = 4, DEEP_MAX = 40 };

static const Str dots = STR_INIT("••••••");

typedef struct {
    const Viewing *by;
    const CaseFile *cf;
    bool hidden;
} Veil;

static bool is_sensitive_name(const Catalogue *c, Str name)
{
    const Element *e = catalogue_element(c, name);
    if (e && e->sensitive)
        return true;
    for (size_t i = 0; i < c->source_count; i++)
        for (size_t k = 0; k < c->sources[i].field_count; k++)
            if (c->sources[i].fields[k].sensitive && str_eq(c->sources[i].fields[k].key, name))
                return true;
    return false;
}

static bool is_sensitive_text(const Veil *v, Str text)
{
    const Value *answers = v->cf->answers;
    for (uint32_t i = 0; text.len >= HIDDEN_MIN && i < value_count(answers); i++) {
        const ValueMember *m = &answers->map.members[i];
        Str said = value_text(m->value);
        if (said.len >= HIDDEN_MIN && str_find(text, said, 0) != SIZE_MAX &&
            is_sensitive_name(v->cf->catalogue, m->key))
            return true;
    }
    return false;
}

/* NOLINTNEXTLINE(misc-no-recursion): DEEP_MAX */
static Value *veiled(Veil *v, const Value *x, int deep)
{
    Arena *out = v->by->out;
    bool too_deep = deep > DEEP_MAX;
    if (too_deep || is_sensitive_text(v, value_text(x))) {
        v->hidden = true;
        return value_str(out, dots);
    }
    if (x->kind == VALUE_LIST) {
        Value *list = value_list(out);
        for (uint32_t i = 0; i < x->list.count; i++)
            value_push(out, list, veiled(v, x->list.items[i], deep + 1));
        return list;
    }
    if (x->kind != VALUE_MAP)
        return value_copy(out, x);
    Value *map = value_map(out);
    for (uint32_t i = 0; i < x->map.count; i++) {
        const ValueMember *m = &x->map.members[i];
        bool hide = is_sensitive_name(v->cf->catalogue, m->key);
        v->hidden = v->hidden || hide;
        value_set(out, map, m->key, hide ? value_str(out, dots) : veiled(v, m->value, deep + 1));
    }
    return map;
}

/* Not within a character. */
static Str cut_text(Str text)
{
    size_t n = text.len < VALUE_SHOWN_MAX ? text.len : VALUE_SHOWN_MAX;
    while (n > 0 && n < text.len && ((unsigned char)text.at[n] & 0xC0) == 0x80)
        n--;
    return str_slice(text, 0, n);
}

static bool put_one(const Viewing *by, const CaseFile *cf, bool opened, const FeelEntry *e,
                    Value *list, Err *err)
{
    Value *raw = feel_to_value(by->out, &e->value, err);
    if (!raw)
        return false;
    Veil v = {by, cf, false};
    Value *one = value_map(by->out);
    value_set(by->out, one, e->key, raw);
    const Value *shown = value_get(opened ? one : veiled(&v, one, 0), e->key);
    Str text = json_text(by->out, shown);
    Value *row = push_map(by->out, list);
    set_str(by->out, row, "name", e->key);
    set_str(by->out, row, "value", cut_text(text));
    set_bool(by->out, row, "cut", text.len > VALUE_SHOWN_MAX);
    set_bool(by->out, row, "hidden", v.hidden);
    return true;
}

static Str scope_element(const CaseFile *cf, const FlowScope *s, Str *name)
{
    const BpmnProcess *p = cf->item->process;
    *name = p->name;
    for (size_t i = 0; s->id && i < cf->flow->tokens.len; i++)
        if (cf->flow->tokens.at[i].id == s->token) {
            const BpmnElement *e = &p->elements[cf->flow->tokens.at[i].element];
            *name = e->name.len ? e->name : e->id;
            return e->id;
        }
    return p->id;
}

bool view_variables(const Viewing *by, const CaseFile *cf, bool opened, Value *model, Err *err)
{
    Value *list = set_list(by->out, model, "scopes");
    bool any_hidden = false;
    for (size_t i = 0; i < cf->flow->scopes.len; i++) {
        const FlowScope *s = &cf->flow->scopes.at[i];
        Value *row = push_map(by->out, list);
        Str name, element = scope_element(cf, s, &name);
        set_str(by->out, row, "scope", str_fmt(by->out, "%lld", (long long)s->id));
        set_str(by->out, row, "element", element);
        set_str(by->out, row, "name", name);
        set_bool(by->out, row, "whole", s->id == 0);
        Value *vars = set_list(by->out, row, "variables");
        for (size_t k = 0; k < s->variables->count; k++)
            if (!put_one(by, cf, opened, &s->variables->entries[k], vars, err))
                return false;
        for (size_t k = 0; k < value_count(vars); k++)
            any_hidden = any_hidden || get_bool(value_item(vars, k), "hidden");
    }
    set_bool(by->out, model, "any_hidden", any_hidden);
    return true;
}
