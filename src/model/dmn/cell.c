/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One FEEL text of a document. It is compiled where it stands, so that an error points into it.
 *
 * An output that needs no names is evaluated here, once: "grant" then costs nothing.
 */
#include "model/dmn/dmn_int.h"

enum { CONSTANT_STEPS = 2000, CONSTANT_MAX = 500, BROKEN_MAX = 160 };

DmnCell dmn_broken(DmnDoc *d, uint32_t offset, Str why)
{
    return (DmnCell){.kind = DMN_CELL_BROKEN,
                     .offset = offset,
                     .broken = str_dup(d->r->out, str_slice(why, 0, BROKEN_MAX))};
}

static const FeelProgram *compile(DmnDoc *d, Str text, uint32_t offset, const FeelNames *names,
                                  FeelMode mode, Err *err)
{
    const FeelProgram *p = feel_compile(d->r->out, text, names, mode, err);
    if (!p) {
        DMN_ERROR(d, err->code == ERR_LIMIT ? "dmn.limit" : "dmn.feel",
                  dmn_place(d, offset, err->offset), (Str){0}, "%s", err->msg);
    }
    return p;
}

const FeelProgram *dmn_compile(DmnDoc *d, Str text, uint32_t offset, const FeelNames *names,
                               FeelMode mode)
{
    Err err = {0};
    return compile(d, text, offset, names, mode, &err);
}

static bool is_plain(const FeelValue *v)
{
    return v->kind == FEEL_NUMBER || v->kind == FEEL_STRING || v->kind == FEEL_BOOLEAN ||
           v->kind == FEEL_DATE;
}

/* The value of a text that needs nothing, not even the time of day. */
static bool evaluate(DmnDoc *d, Str text, FeelValue *v)
{
    static const FeelNames none;
    Err err = {0};
    if (str_find(text, STR("now"), 0) != SIZE_MAX || str_find(text, STR("today"), 0) != SIZE_MAX) {
        return false;
    }
    const FeelProgram *p = feel_compile(d->r->tmp, text, &none, FEEL_EXPRESSION, &err);
    return p && feel_eval(d->r->tmp, p, NULL, CONSTANT_STEPS, v, &err);
}

static FeelValue kept_plain(DmnDoc *d, FeelValue v)
{
    if (v.kind == FEEL_STRING) {
        v.text = str_dup(d->r->out, v.text);
    }
    return v;
}

/* Plain values and ranges of them, which were made beside. */
static const FeelValue *kept(DmnDoc *d, const FeelValue *from, size_t count)
{
    FeelValue *values = NEW_N(d->r->out, FeelValue, count);
    for (size_t i = 0; i < count; i++) {
        values[i] = kept_plain(d, from[i]);
        if (from[i].kind == FEEL_RANGE) {
            FeelRange *r = NEW(d->r->out, FeelRange);
            *r = *from[i].range;
            r->start = kept_plain(d, r->start);
            r->end = kept_plain(d, r->end);
            values[i].range = r;
        }
    }
    return values;
}

const FeelValue *dmn_constants(DmnDoc *d, Str text, size_t *count)
{
    FeelValue list = feel_null();
    bool sign = text.len > 0 && (text.at[0] == '<' || text.at[0] == '>');
    Str all = str_fmt(d->r->tmp, sign ? "[(" STR_FMT ")]" : "[" STR_FMT "]", STR_ARG(text));
    if (text.len == 0 || !evaluate(d, all, &list) || list.kind != FEEL_LIST ||
        list.list.count > CONSTANT_MAX) {
        return NULL;
    }
    for (size_t i = 0; i < list.list.count; i++) {
        const FeelValue *v = &list.list.items[i];
        bool bounded = v->kind == FEEL_RANGE &&
                       (is_plain(&v->range->start) || is_plain(&v->range->end)) &&
                       (sign || (is_plain(&v->range->start) && is_plain(&v->range->end)));
        if (!is_plain(v) && !bounded) {
            return NULL;
        }
    }
    *count = list.list.count;
    return kept(d, list.list.items, list.list.count);
}

static void settle(DmnDoc *d, DmnCell *c)
{
    size_t count = 0;
    const FeelValue *values = dmn_constants(d, c->text, &count);
    if (values && count == 1 && is_plain(&values[0])) {
        c->kind = DMN_CELL_CONST;
        c->value = values;
    }
}

DmnCell dmn_cell(DmnDoc *d, Str text, uint32_t offset, const FeelNames *names, FeelMode mode)
{
    Err err = {0};
    DmnCell c = {.kind = DMN_CELL_NULL, .offset = offset, .text = text};
    if (text.len == 0 || (mode == FEEL_UNARY_TESTS && str_eq(text, STR("-")))) {
        c.kind = mode == FEEL_UNARY_TESTS ? DMN_CELL_ANY : DMN_CELL_NULL;
        return c;
    }
    c.kind = DMN_CELL_PROGRAM;
    c.program = compile(d, text, offset, names, mode, &err);
    if (!c.program) {
        DmnCell broken = dmn_broken(d, offset, str_z(err.msg));
        broken.text = text;
        return broken;
    }
    if (mode == FEEL_EXPRESSION) {
        settle(d, &c);
    }
    return c;
}
