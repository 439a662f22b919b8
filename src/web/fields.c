/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The model of one question for field.mustache. Every key is always there: mustache would look an
 * absent one up in what surrounds the field.
 */
#include "web/web_int.h"

/* How each type is asked. */
static const struct {
    const char *shape; /* line, area, date, choice, pick */
    const char *type, *inputmode, *autocomplete, *width;
    int maxlength;
} shapes[] = {
    [ELEMENT_TEXT] = {"line", "text", "", "", "", 200},
    [ELEMENT_TEXTAREA] = {"area", "", "", "", "", 2000},
    [ELEMENT_NUMBER] = {"line", "text", "decimal", "", "w-s", 40},
    [ELEMENT_DATE] = {"date", "", "numeric", "", "", 10},
    [ELEMENT_TIME] = {"line", "text", "", "", "w-s", 10},
    [ELEMENT_IDCARD] = {"line", "text", "", "", "w-m", 30},
    [ELEMENT_USCC] = {"line", "text", "", "", "w-m", 30},
    [ELEMENT_PHONE] = {"line", "tel", "tel", "tel", "w-m", 20},
    [ELEMENT_RADIO] = {"choice", "", "", "", "", 0},
    [ELEMENT_CHECKBOX] = {"choice", "", "", "", "", 0},
    [ELEMENT_SELECT] = {"pick", "", "", "", "w-m", 0},
    [ELEMENT_ADDRESS] = {"line", "text", "", "street-address", "", 200},
    [ELEMENT_BOOLEAN] = {"choice", "", "", "", "", 0},
};

enum { SELECT_FROM = 12 }; /* more radio options than this are a list */

static Value *blank(Arena *a, Str id)
{
    static const char *const texts[] = {"type",  "inputmode", "autocomplete", "width",    "min",
                                        "max",   "value",     "year",         "month",    "day",
                                        "label", "hint",      "error",        "described"};
    static const char *const flags[] = {"line", "area",     "date",     "choice",
                                        "pick", "required", "optional", "multiple"};
    Value *f = value_map(a);
    set_str(a, f, "id", id);
    set_str(a, f, "name", id);
    for (size_t i = 0; i < COUNT(texts); i++)
        set_str(a, f, texts[i], STR(""));
    for (size_t i = 0; i < COUNT(flags); i++)
        set_bool(a, f, flags[i], false);
    set_int(a, f, "rows", 4);
    set_bool(a, f, "maxlength", false);
    set_list(a, f, "options");
    return f;
}

static bool chosen(const Value *answer, Str value)
{
    if (value_is(answer, VALUE_BOOL))
        return str_eq(value, answer->truth ? STR("true") : STR("false"));
    if (!value_is(answer, VALUE_LIST))
        return answer && str_eq(value_text(answer), value);
    for (uint32_t i = 0; i < answer->list.count; i++)
        if (str_eq(value_text(value_item(answer, i)), value))
            return true;
    return false;
}

static void add_option(Arena *a, Value *f, Str value, Str label, Str hint, const Value *answer)
{
    Value *list = value_inside(f, "options");
    Str id = get_str(f, "id");
    size_t n = value_count(list);
    Value *o = push_map(a, list);
    set_str(a, o, "id", n ? str_fmt(a, STR_FMT "-%zu", STR_ARG(id), n + 1) : id);
    set_str(a, o, "value", value);
    set_str(a, o, "label", label);
    set_str(a, o, "hint", hint);
    set_bool(a, o, "on", chosen(answer, value));
}

static void add_options(const HttpRequest *rq, Value *f, const Element *e, const Value *answer)
{
    Lang lang = visit_of(rq)->lang;
    if (e->type == ELEMENT_BOOLEAN) {
        add_option(rq->arena, f, STR("true"), web_text(rq, "yes"), STR(""), answer);
        add_option(rq->arena, f, STR("false"), web_text(rq, "no"), STR(""), answer);
    }
    for (size_t i = 0; i < e->option_count; i++) {
        const Option *o = &e->options[i];
        add_option(rq->arena, f, o->value, text_in(o->label, lang), text_in(o->hint, lang), answer);
    }
}

/* "2026-3-5" into three; what is no date stays whole in the first box, as it was typed. */
static void split_date(Arena *a, Value *f, Str value)
{
    static const char *const names[] = {"year", "month", "day"};
    Str part[3], rest = value;
    size_t n = 0;
    while (n < COUNT(part) && str_split(&rest, '-', &part[n]))
        n++;
    if (n != COUNT(part) || rest.at) {
        set_str(a, f, "year", value);
        return;
    }
    for (size_t i = 0; i < COUNT(part); i++)
        set_str(a, f, names[i], part[i]);
}

static void describe(Arena *a, Value *f)
{
    Str id = get_str(f, "id"), hint = get_str(f, "hint"), error = get_str(f, "error");
    StrBuf b = buf_in(a);
    if (hint.len)
        buf_fmt(&b, STR_FMT "-hint", STR_ARG(id));
    if (error.len)
        buf_fmt(&b, "%s" STR_FMT "-error", b.len ? " " : "", STR_ARG(id));
    set_str(a, f, "described", buf_str(&b));
}

static const char *shape_of(const Element *e)
{
    if (e->type == ELEMENT_RADIO && e->option_count > SELECT_FROM)
        return "pick";
    return shapes[e->type].shape;
}

Value *web_field(const HttpRequest *rq, const Question *q, const Value *answer, Str error)
{
    const Element *e = q->element;
    Arena *a = rq->arena;
    Lang lang = visit_of(rq)->lang;
    Value *f = blank(a, e->key);
    Str hint = text_in(q->hint, lang), label = text_in(q->label, lang);
    int maxlength = e->max_length > 0 ? e->max_length : shapes[e->type].maxlength;
    if (!hint.len)
        hint = text_in(e->hint, lang);
    if (!hint.len && e->type == ELEMENT_DATE)
        hint = web_text(rq, "field.date.hint");
    set_str(a, f, "label", label.len ? label : text_in(e->label, lang));
    set_str(a, f, "hint", hint);
    set_str(a, f, "error", error);
    set_bool(a, f, shape_of(e), true);
    set_bool(a, f, "multiple", e->type == ELEMENT_CHECKBOX);
    set_bool(a, f, q->required ? "required" : "optional", true);
    set_str(a, f, "type", str_z(shapes[e->type].type));
    set_str(a, f, "inputmode", str_z(shapes[e->type].inputmode));
    set_str(a, f, "autocomplete", str_z(shapes[e->type].autocomplete));
    set_str(a, f, "width", str_z(shapes[e->type].width));
    if (maxlength > 0)
        set_int(a, f, "maxlength", maxlength);
    set_str(a, f, "value", value_text(answer));
    if (e->type == ELEMENT_DATE)
        split_date(a, f, value_text(answer));
    add_options(rq, f, e, answer);
    describe(a, f);
    return f;
}

Value *web_line(const HttpRequest *rq, const char *type, const char *name, const char *label_key,
                const char *hint_key, Str value)
{
    Arena *a = rq->arena;
    Value *f = blank(a, str_z(name));
    set_bool(a, f, "line", true);
    set_bool(a, f, "required", true);
    set_str(a, f, "type", str_z(type));
    set_str(a, f, "label", web_text(rq, label_key));
    set_str(a, f, "hint", hint_key && *hint_key ? web_text(rq, hint_key) : STR(""));
    set_str(a, f, "value", value);
    set_str(a, f, "width", STR("w-m"));
    set_int(a, f, "maxlength", 200);
    describe(a, f);
    return f;
}

Value *web_box(const HttpRequest *rq, const WebBox *b)
{
    Arena *a = rq->arena;
    Value *f = blank(a, str_z(b->id));
    set_str(a, f, "name", str_z(b->name));
    set_bool(a, f, b->shape, true);
    set_bool(a, f, "required", b->required);
    set_bool(a, f, "optional", !b->required);
    set_bool(a, f, "multiple", b->multiple);
    set_str(a, f, "label", web_text(rq, b->label));
    set_str(a, f, "hint", b->hint ? web_text(rq, b->hint) : STR(""));
    set_str(a, f, "value", b->value);
    set_str(a, f, "error", b->error);
    describe(a, f);
    return f;
}

void web_box_option(const HttpRequest *rq, Value *box, Str value, Str label, Str hint)
{
    add_option(rq->arena, box, value, label, hint, value_at(box, "value"));
}

void web_problem(const HttpRequest *rq, Value *model, Str id, Str text)
{
    Arena *a = rq->arena;
    Value *list = value_inside(model, "problems");
    if (!list)
        list = set_list(a, model, "problems");
    Value *p = push_map(a, list);
    set_str(a, p, "id", id);
    set_str(a, p, "text", text);
    set_int(a, model, "problem_count", (int64_t)value_count(list));
}
