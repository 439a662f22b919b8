/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What papers and messages name of the rules' proposal and of the registers: proposal.month,
 * population.address. Put in only where the template names it, since a paper keeps all its data.
 */
#include "services/casework/casework_int.h"
#include "services/certificate/localise.h"

static bool is_lang(const Value *v)
{
    return value_is(v, VALUE_MAP) && v->map.count && value_count(v) <= LANG_COUNT &&
           (value_at(v, "zh") || value_at(v, "en"));
}

/* As people read it: days are written out. */
static Value *readable(Arena *a, const Value *v)
{
    Date d;
    if (v->kind == VALUE_STR && v->text.len == 10 && date_parse(v->text, &d, NULL)) {
        Text t = {{date_text(a, d, STR("zh")), date_text(a, d, STR("en"))}};
        return text_value(a, t);
    }
    if (v->kind == VALUE_LIST) {
        Value *list = value_list(a);
        for (uint32_t i = 0; i < value_count(v); i++)
            value_push(a, list, readable(a, value_item(v, i)));
        return list;
    }
    if (v->kind != VALUE_MAP || is_lang(v))
        return value_copy(a, v);
    Value *map = value_map(a);
    for (uint32_t i = 0; i < v->map.count; i++)
        value_set(a, map, v->map.members[i].key, readable(a, v->map.members[i].value));
    return map;
}

static bool names(Arena *a, Str template, Str part)
{
    return str_find(template, str_fmt(a, STR_FMT ".", STR_ARG(part)), 0) != SIZE_MAX;
}

static void put_proposal(Arena *a, const CaseFile *cf, Value *data)
{
    const FeelValue *p = cf->flow ? feel_get(flow_variables(cf->flow), STR("proposal")) : NULL;
    Err err = {0};
    const Value *v = p && p->kind == FEEL_CONTEXT ? feel_to_value(a, p, &err) : NULL;
    if (v)
        set_value(a, data, "proposal", readable(a, v));
}

void casework_put_named(Arena *a, const CaseFile *cf, Str template, Value *data)
{
    if (names(a, template, STR("proposal")))
        put_proposal(a, cf, data);
    for (size_t i = 0; i < cf->catalogue->source_count; i++) {
        Str key = cf->catalogue->sources[i].key;
        const Value *fields = value_at(value_get(cf->facts, key), "fields");
        if (fields && !value_get(data, key) && resolve_fact_holds(cf->facts, key) &&
            names(a, template, key))
            value_set(a, data, key, readable(a, fields));
    }
}

static void add_text(StrBuf *b, Text t)
{
    buf_fmt(b, STR_FMT " " STR_FMT " ", STR_ARG(text_in(t, LANG_ZH)), STR_ARG(text_in(t, LANG_EN)));
}

Str casework_paper_text(Arena *a, const Paper *p)
{
    StrBuf b = buf_in(a);
    for (size_t i = 0; i < p->block_count; i++) {
        const PaperBlock *block = &p->blocks[i];
        add_text(&b, block->label);
        add_text(&b, block->text);
        buf_fmt(&b, STR_FMT " " STR_FMT " " STR_FMT " ", STR_ARG(block->each), STR_ARG(block->when),
                STR_ARG(block->unless));
    }
    return buf_str(&b);
}

Str casework_message_text(Arena *a, const MessageTemplate *t)
{
    StrBuf b = buf_in(a);
    add_text(&b, t->text);
    return buf_str(&b);
}
