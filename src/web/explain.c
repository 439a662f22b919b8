/* SPDX-License-Identifier: Apache-2.0 */
/* How a decision came about, in words for its applicant; the model is case_view_explanation's. */
#include "web/pages.h"

/* From where somebody knew it. */
static Str from_where(const HttpRequest *rq, const Value *group)
{
    Str source = get_str(group, "source");
    if (str_eq(source, STR("answers")))
        return web_text(rq, "explain.from.answers");
    return str_eq(source, STR("file")) ? web_text(rq, "explain.from.file")
                                       : web_text_with(rq, "explain.from.register", group);
}

/* Of a choice of several, none is an answer, too. */
static void put_value(const HttpRequest *rq, Value *field)
{
    web_readable(rq, field);
    if (!value_text(value_at(field, "value")).len)
        set_str(rq->arena, field, "value", web_text(rq, "answers.none"));
}

void web_explain_words(const HttpRequest *rq, Value *model)
{
    Value *x = value_inside(model, "explanation");
    set_bool(rq->arena, model, "has_explanation", x != NULL);
    if (!x)
        return;
    const Value *groups = value_at(x, "inputs");
    for (size_t i = 0; i < value_count(groups); i++) {
        Value *group = value_item(groups, i);
        const Value *fields = value_at(group, "fields");
        set_str(rq->arena, group, "from", from_where(rq, group));
        for (size_t k = 0; k < value_count(fields); k++)
            put_value(rq, value_item(fields, k));
    }
    set_bool(rq->arena, x, "bad", str_eq(get_str(model, "outcome"), STR("denied")));
    set_bool(rq->arena, x, "any_rule", value_count(value_at(x, "rules")) > 0);
    set_bool(rq->arena, x, "any_input", value_count(groups) > 0);
}
