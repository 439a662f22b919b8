/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a program looks at, without running it: names are looked up by NAME alone, and every
 * function that is written in it stands behind a CLOSURE. Depth is that of the text, which is
 * bounded.
 */
#include "feel/feel_int.h"

static bool is_among(const Str *names, size_t count, Str name)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(names[i], name))
            return true;
    return false;
}

static void gather(const FeelProgram *p, Str *names, size_t max, size_t *count)
{
    for (uint32_t i = 0; i < p->code_count; i++) {
        const Ins *in = &p->code[i];
        if (in->op == OP_CLOSURE)
            gather(p->functions[in->a].body, names, max, count);
        if (in->op != OP_NAME || is_among(names, *count < max ? *count : max, p->names[in->a]))
            continue;
        if (*count < max)
            names[*count] = p->names[in->a];
        *count += 1;
    }
}

size_t feel_names_read(const FeelProgram *p, Str *names, size_t max)
{
    size_t count = 0;
    gather(p, names, max, &count);
    return count;
}

bool feel_reads(const FeelProgram *p, Str name)
{
    for (uint32_t i = 0; i < p->code_count; i++) {
        const Ins *in = &p->code[i];
        if (in->op == OP_NAME && str_eq(p->names[in->a], name))
            return true;
        if (in->op == OP_CLOSURE && feel_reads(p->functions[in->a].body, name))
            return true;
    }
    return false;
}

static bool holds_text(const FeelValue *v, Str text)
{
    if (v->kind == FEEL_STRING)
        return str_eq(v->text, text);
    for (size_t i = 0; v->kind == FEEL_LIST && i < v->list.count; i++)
        if (holds_text(&v->list.items[i], text))
            return true;
    if (v->kind == FEEL_RANGE)
        return holds_text(&v->range->start, text) || holds_text(&v->range->end, text);
    return false;
}

bool feel_mentions(const FeelProgram *p, Str text)
{
    for (uint32_t i = 0; i < p->code_count; i++) {
        const Ins *in = &p->code[i];
        if (in->op == OP_CONST && holds_text(&p->consts[in->a], text))
            return true;
        if (in->op == OP_CLOSURE && feel_mentions(p->functions[in->a].body, text))
            return true;
    }
    return false;
}
