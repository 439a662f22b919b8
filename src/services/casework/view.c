/* SPDX-License-Identifier: Apache-2.0 */
#include "model/form.h"
#include "services/casework/casework_int.h"
#include "services/casework/casework_view.h"
#include "services/certificate/localise.h"

static Value *section_named(Arena *out, Value *sections, const Page *page)
{
    size_t n = value_count(sections);
    Text title = page->section.in[LANG_ZH].len ? page->section : page->title;
    if (n) {
        Value *last = value_item(sections, n - 1);
        if (str_eq(get_str(value_at(last, "section"), "zh"), text_in(title, LANG_ZH)))
            return last;
    }
    Value *s = push_map(out, sections);
    set_text(out, s, "section", title);
    set_list(out, s, "rows");
    return s;
}

static Value *rows_of(Value *section)
{
    for (uint32_t i = 0; i < section->map.count; i++)
        if (section->map.members[i].value->kind == VALUE_LIST)
            return section->map.members[i].value;
    return NULL;
}

void case_view_answers(Arena *out, const CaseFile *cf, Value *model)
{
    Value *sections = set_list(out, model, "answers");
    Value *shown = value_map(out);
    casework_put_answers(out, cf, cf->answers, shown);
    for (size_t i = 0; i < cf->item->form.page_count; i++) {
        const Page *page = &cf->item->form.pages[i];
        for (size_t k = 0; k < page->question_count; k++) {
            const Question *q = &page->questions[k];
            const Value *v = value_get(shown, q->element->key);
            if (!v)
                continue;
            Value *row = push_map(out, rows_of(section_named(out, sections, page)));
            set_str(out, row, "key", q->element->key);
            set_text(out, row, "label", q->label.in[LANG_ZH].len ? q->label : q->element->label);
            set_value(out, row, "value", value_copy(out, v));
            set_bool(out, row, "sensitive", q->element->sensitive);
        }
    }
}

static void put_fields(Arena *out, const Source *s, const Value *fields, bool hide_sensitive,
                       Value *row)
{
    static const Text hidden = {
        {STR_INIT("已取得，不在这里显示"), STR_INIT("On file, not shown here")}};
    Value *list = set_list(out, row, "fields");
    for (size_t i = 0; i < s->field_count; i++) {
        const Value *v = value_get(fields, s->fields[i].key);
        if (!v || v->kind == VALUE_NULL)
            continue;
        Value *f = push_map(out, list);
        set_str(out, f, "key", s->fields[i].key);
        set_text(out, f, "label", s->fields[i].label);
        bool hide = hide_sensitive && s->fields[i].sensitive;
        set_value(out, f, "value", hide ? text_value(out, hidden) : value_copy(out, v));
    }
}

Value *case_view_fact(Arena *out, const Source *s, const Value *fact, FactReader reader)
{
    Value *row = value_map(out);
    Str state = fact ? get_str(fact, "state") : STR("unread");
    set_str(out, row, "source", s->key);
    set_text(out, row, "name", s->name);
    set_text(out, row, "owner", s->owner);
    set_text(out, row, "purpose", s->purpose);
    set_text(out, row, "basis", s->basis);
    set_str(out, row, "state", state);
    set_bool(out, row, str_cstr(out, state), true); /* found, none, down, declined, unread */
    set_bool(out, row, "objected", get_bool(fact, "objected"));
    set_bool(out, row, "confirmed", get_bool(fact, "confirmed"));
    set_str(out, row, "note", get_str(fact, "note"));
    if (fact)
        set_int(out, row, "at", get_int(fact, "at", 0));
    bool hide = reader == FACT_FOR_APPLICANT && get_bool(fact, "of_other");
    put_fields(out, s, value_at(fact, "fields"), hide, row);
    return row;
}

void case_view_facts(Arena *out, const CaseFile *cf, FactReader reader, Value *model)
{
    Value *list = set_list(out, model, "facts");
    for (size_t i = 0; i < cf->catalogue->source_count; i++) {
        const Source *s = &cf->catalogue->sources[i];
        const Value *fact = value_get(cf->facts, s->key);
        if (fact)
            value_push(out, list, case_view_fact(out, s, fact, reader));
    }
}
