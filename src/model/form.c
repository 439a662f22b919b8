/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The scope of a form's expressions, which pages and questions are shown, which materials are
 * needed. An answer enters the scope by the type of its element, so that rules compare dates with
 * dates; what does not fit its type is null there and a problem in form_check.
 */
#include "model/form.h"
#include "model/bundle.h"

static const FeelType type_text = {.kind = FEEL_STRING};
static const FeelType type_number = {.kind = FEEL_NUMBER};
static const FeelType type_date = {.kind = FEEL_DATE};
static const FeelType type_time = {.kind = FEEL_TIME};
static const FeelType type_boolean = {.kind = FEEL_BOOLEAN};
static const FeelType type_texts = {.kind = FEEL_LIST, .item = &type_text};

const FeelType *element_feel_type(ElementType type)
{
    switch (type) {
    case ELEMENT_NUMBER: return &type_number;
    case ELEMENT_DATE: return &type_date;
    case ELEMENT_TIME: return &type_time;
    case ELEMENT_BOOLEAN: return &type_boolean;
    case ELEMENT_CHECKBOX: return &type_texts;
    case ELEMENT_TEXT:
    case ELEMENT_TEXTAREA:
    case ELEMENT_IDCARD:
    case ELEMENT_USCC:
    case ELEMENT_PHONE:
    case ELEMENT_RADIO:
    case ELEMENT_SELECT:
    case ELEMENT_ADDRESS: break;
    }
    return &type_text;
}

static FeelValue feel_of_date(Date d)
{
    Civil c = date_civil(d);
    return feel_date((FeelDate){c.year, (uint8_t)c.month, (uint8_t)c.day});
}

static FeelValue feel_of_texts(Arena *out, const Value *v)
{
    FeelValue *items = NEW_N(out, FeelValue, value_count(v) + 1);
    size_t n = 0;
    for (size_t i = 0; value_is(v, VALUE_LIST) && i < v->list.count; i++)
        if (value_is(v->list.items[i], VALUE_STR))
            items[n++] = feel_str(v->list.items[i]->text);
    return (FeelValue){.kind = FEEL_LIST, .list = {items, n}};
}

static FeelValue feel_of_text(Arena *out, ElementType type, Str s)
{
    Date d;
    Decimal number;
    if (type == ELEMENT_DATE)
        return date_parse(s, &d, NULL) ? feel_of_date(d) : feel_null();
    if (type == ELEMENT_NUMBER)
        return decimal_parse(s, &number) ? feel_number(number) : feel_null();
    if (type == ELEMENT_TIME)
        return s.len == 5 ? feel_temporal(out, str_join(out, s, STR(":00"))) : feel_null();
    return type == ELEMENT_BOOLEAN ? feel_null() : feel_str(s);
}

FeelValue form_feel_value(Arena *out, ElementType type, const Value *v)
{
    if (type == ELEMENT_CHECKBOX && v)
        return feel_of_texts(out, v);
    if (value_is(v, VALUE_BOOL) && type == ELEMENT_BOOLEAN)
        return feel_bool(v->truth);
    Str s = value_text(v);
    return s.len ? feel_of_text(out, type, s) : feel_null();
}

static bool is_form_element(const Form *f, Str key)
{
    for (size_t i = 0; i < f->element_count; i++)
        if (str_eq(f->elements[i]->key, key))
            return true;
    return false;
}

bool form_scope(Arena *out, const Item *item, const Value *answers, Date today, FeelScope *scope,
                Err *err)
{
    const Form *f = &item->form;
    size_t max = f->element_count + item->situation_count + 2;
    if (max > FEEL_MAX_NAMES)
        return FAIL(err, ERR_LIMIT, "more names than an expression can have in '" STR_FMT "'",
                    STR_ARG(item->key));
    FeelEntry *entries = NEW_N(out, FeelEntry, max);
    size_t n = 0;
    for (size_t i = 0; i < f->element_count; i++) {
        const Element *e = f->elements[i];
        entries[n++] =
            (FeelEntry){e->key, form_feel_value(out, e->type, value_get(answers, e->key))};
    }
    for (size_t i = 0; i < item->situation_count; i++) {
        Str key = item->situations[i].key;
        if (!is_form_element(f, key))
            entries[n++] =
                (FeelEntry){key, form_feel_value(out, ELEMENT_RADIO, value_get(answers, key))};
    }
    entries[n++] = (FeelEntry){STR("today"), feel_of_date(today)};
    if (item->apply_date_key.len && !is_form_element(f, item->apply_date_key))
        entries[n++] = (FeelEntry){item->apply_date_key, feel_of_date(today)};
    FeelContext *context = NEW(out, FeelContext);
    *context = (FeelContext){entries, n};
    *scope = (FeelScope){.context = context};
    return true;
}

bool form_holds(Arena *scratch, const FeelProgram *condition, const FeelScope *scope)
{
    if (!condition)
        return true;
    ArenaMark mark = arena_mark(scratch);
    FeelValue v;
    bool ok = feel_eval(scratch, condition, scope, 0, &v, NULL) && feel_is_true(&v);
    arena_rewind(scratch, mark);
    return ok;
}

bool form_page_shown(Arena *scratch, const Page *page, const FeelScope *scope)
{
    return form_holds(scratch, page->show_if, scope) && ways_hold(scratch, page->ways, scope);
}

bool form_question_shown(Arena *scratch, const Question *q, const FeelScope *scope)
{
    return form_holds(scratch, q->show_if, scope) && ways_hold(scratch, q->ways, scope);
}

enum { MATERIAL_NEEDED = 1, MATERIAL_LATER = 3 };

bool item_material_needed(Arena *scratch, const ItemMaterial *m, const FeelScope *scope)
{
    bool asked = m->necessity == MATERIAL_NEEDED || m->necessity == MATERIAL_LATER;
    return asked && form_holds(scratch, m->needed_if, scope) && ways_hold(scratch, m->ways, scope);
}

size_t item_needed(Arena *scratch, const Item *item, const FeelScope *scope,
                   const ItemMaterial **needed, size_t max)
{
    size_t n = 0;
    for (size_t i = 0; i < item->material_count && n < max; i++) {
        const ItemMaterial *m = &item->materials[i];
        if (item_material_needed(scratch, m, scope))
            needed[n++] = m;
    }
    return n;
}

const Page *form_page(const Form *f, Str id)
{
    for (size_t i = 0; i < f->page_count; i++)
        if (str_eq(f->pages[i].id, id))
            return &f->pages[i];
    return NULL;
}

const ItemMaterial *item_material(const Item *item, Str code)
{
    for (size_t i = 0; i < item->material_count; i++)
        if (str_eq(item->materials[i].material->code, code))
            return &item->materials[i];
    return NULL;
}
