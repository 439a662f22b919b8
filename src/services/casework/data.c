/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What papers, messages and rules read of a case. Names are flat: an answer stands under its
 * element's key as people read it (an option by its label), so that a template names it as the
 * form does.
 */
#include "model/form.h"
#include "services/casework/casework_int.h"
#include "services/certificate/localise.h"

static void put_option(Arena *a, Value *data, const Element *e, Str chosen)
{
    for (size_t i = 0; i < e->option_count; i++)
        if (str_eq(e->options[i].value, chosen))
            set_value(a, data, str_cstr(a, e->key), text_value(a, e->options[i].label));
}

static void put_day(Arena *a, Value *data, Str key, Str iso)
{
    Date d;
    if (!date_parse(iso, &d, NULL))
        return;
    Text t = {{date_text(a, d, STR("zh")), date_text(a, d, STR("en"))}};
    value_set(a, data, key, text_value(a, t));
}

static void put_list(Arena *a, Value *data, const Element *e, const Value *chosen)
{
    StrBuf zh = buf_in(a), en = buf_in(a);
    for (uint32_t i = 0; i < value_count(chosen); i++)
        for (size_t k = 0; k < e->option_count; k++)
            if (str_eq(e->options[k].value, value_text(value_item(chosen, i)))) {
                buf_fmt(&zh, "%s" STR_FMT, zh.len ? "、" : "",
                        STR_ARG(text_in(e->options[k].label, LANG_ZH)));
                buf_fmt(&en, "%s" STR_FMT, en.len ? ", " : "",
                        STR_ARG(text_in(e->options[k].label, LANG_EN)));
            }
    Text t = {{buf_str(&zh), buf_str(&en)}};
    value_set(a, data, e->key, text_value(a, t));
}

static void put_answer(Arena *a, Value *data, const Element *e, const Value *v)
{
    static const Text yes = {{STR_INIT("是"), STR_INIT("yes")}};
    static const Text no = {{STR_INIT("否"), STR_INIT("no")}};
    if (v->kind == VALUE_BOOL)
        value_set(a, data, e->key, text_value(a, v->truth ? yes : no));
    else if (v->kind == VALUE_LIST)
        put_list(a, data, e, v);
    else if (e->option_count)
        put_option(a, data, e, value_text(v));
    else if (e->type == ELEMENT_DATE)
        put_day(a, data, e->key, value_text(v));
    else
        value_set(a, data, e->key, value_str(a, value_text(v)));
    if (e->type == ELEMENT_IDCARD)
        value_set(a, data, str_fmt(a, STR_FMT "_masked", STR_ARG(e->key)),
                  value_str(a, mask_idcard(a, value_text(v))));
}

/* A bundle asks some things that no dictionary has. */
static const Element *element_of(const CaseFile *cf, Str key)
{
    const Element *e = catalogue_element(cf->catalogue, key);
    const Form *f = &cf->item->form;
    for (size_t i = 0; !e && i < f->element_count; i++)
        if (str_eq(f->elements[i]->key, key))
            e = f->elements[i];
    return e;
}

void casework_put_answers(Arena *a, const CaseFile *cf, const Value *answers, Value *data)
{
    for (uint32_t i = 0; i < value_count(answers); i++) {
        const ValueMember *m = &answers->map.members[i];
        const Element *e = element_of(cf, m->key);
        if (e && m->value->kind != VALUE_NULL)
            put_answer(a, data, e, m->value);
    }
}

static void put_organ(Arena *a, const App *app, const CaseFile *cf, Value *data)
{
    const Organ *o = catalogue_organ(app->catalogue, cf->organ);
    if (!o)
        return;
    set_text(a, data, "organ_name", o->name);
    set_text(a, data, "organ_address", o->address);
    set_str(a, data, "organ_phone", o->phone);
}

/* By whose power: a delegated one is used under the document and the seal that say so. */
static void put_power(Arena *a, const CaseFile *cf, Value *data)
{
    const Delegation *d = cf->item->delegation;
    if (cf->item->organ)
        set_text(a, data, "owner_name", cf->item->organ->name);
    if (!d)
        return;
    set_text(a, data, "delegation", d->document);
    set_text(a, data, "seal_name", d->seal);
}

static void put_times(Arena *a, const CaseFile *cf, Value *data)
{
    const LawCase *l = &cf->law;
    set_int(a, data, "received_at", l->received_at);
    set_int(a, data, "accepted_at", l->accepted_at);
    set_int(a, data, "telling_at", l->telling_due);
    set_int(a, data, "correction_at", l->correction_due);
    set_int(a, data, "due_at", l->legal_due.at);
    set_int(a, data, "promise_at", l->promise_due.at);
    set_int(a, data, "decided_at", l->decided_at);
    set_int(a, data, "later_at", l->deferred_due);
}

/* {article, ground_article} of the process's variable "proposal"; nothing else of it is meant. */
Value *casework_basis(Arena *a, const CaseFile *cf)
{
    const FeelValue *p = cf->flow ? feel_get(flow_variables(cf->flow), STR("proposal")) : NULL;
    if (!p || p->kind != FEEL_CONTEXT)
        return NULL;
    const FeelValue *article = NULL;
    if (cf->law.outcome == LAW_GRANTED)
        article = feel_get(p->context, STR("ground_article"));
    if (!article || article->kind == FEEL_NULL)
        article = feel_get(p->context, STR("article"));
    Err err = {0};
    return article && article->kind != FEEL_NULL ? feel_to_value(a, article, &err) : NULL;
}

static void put_decision(Arena *a, const CaseFile *cf, Value *data)
{
    Value *basis = casework_basis(a, cf);
    if (basis)
        set_value(a, data, "basis", basis);
    if (cf->law.outcome == LAW_GRANTED)
        set_text(a, data, "decision", cf->item->grant_text);
    else if (cf->law.outcome == LAW_DENIED)
        set_text(a, data, "decision", cf->item->deny_text);
}

Value *casework_data(Arena *out, const App *app, const CaseFile *cf, const Value *extra)
{
    Value *data = value_map(out);
    casework_put_answers(out, cf, cf->answers, data);
    set_str(out, data, "case_no", cf->no);
    set_text(out, data, "item_name", cf->item->name);
    set_str(out, data, "applicant_name", cf->applicant);
    put_organ(out, app, cf, data);
    put_power(out, cf, data);
    put_times(out, cf, data);
    if (cf->flow)
        put_decision(out, cf, data);
    set_text(out, data, "remedies", cf->item->remedies);
    set_str(out, data, "link",
            str_fmt(out, STR_FMT "/my/cases/" STR_FMT, STR_ARG(app->public_url), STR_ARG(cf->no)));
    for (uint32_t i = 0; value_is(extra, VALUE_MAP) && i < extra->map.count; i++)
        value_set(out, data, extra->map.members[i].key,
                  value_copy(out, extra->map.members[i].value));
    set_int(out, data, "missing_count", (int64_t)value_count(value_at(data, "missing")));
    return data;
}

static bool any_objection(const Value *facts)
{
    for (uint32_t i = 0; i < value_count(facts); i++)
        if (get_bool(facts->map.members[i].value, "objected"))
            return true;
    return false;
}

/* A fact's fields under its source's name; null where nothing was found. */
static bool put_facts(Arena *out, const Catalogue *c, const Value *facts,
                      const FeelContext **context, Err *err)
{
    for (size_t i = 0; i < c->source_count; i++) {
        Str key = c->sources[i].key;
        FeelValue v = feel_null();
        const Value *fields = value_at(value_get(facts, key), "fields");
        if (resolve_fact_holds(facts, key) && fields && !feel_from_value(out, fields, &v, err))
            return false;
        *context = feel_with(out, *context, key, v);
    }
    return true;
}

/* Why a source's name is null: "none", "down", "declined", "objected"; "found" where it is not;
 * null where it was never asked. */
static FeelValue fact_states(Arena *out, const Catalogue *c, const Value *facts)
{
    const FeelContext *states = NULL;
    for (size_t i = 0; i < c->source_count; i++) {
        const Value *fact = value_get(facts, c->sources[i].key);
        Str state = get_bool(fact, "objected") ? STR("objected") : get_str(fact, "state");
        states =
            feel_with(out, states, c->sources[i].key, state.len ? feel_str(state) : feel_null());
    }
    return feel_context(states);
}

bool casework_rules_scope(Arena *out, const App *app, const CaseFile *cf,
                          const FeelContext **context, Err *err)
{
    FeelScope scope;
    Date day = date_of_time(cf->received_at, app->catalogue->zone_minutes);
    if (!form_scope(out, cf->item, cf->answers, day, &scope, err))
        return false;
    *context =
        feel_with(out, scope.context, STR("facts_objected"), feel_bool(any_objection(cf->facts)));
    *context = feel_with(out, *context, STR("facts"), fact_states(out, cf->catalogue, cf->facts));
    if (cf->item->apply_date_key.len)
        *context = feel_with(out, *context, cf->item->apply_date_key,
                             feel_temporal(out, date_iso(out, day)));
    return put_facts(out, cf->catalogue, cf->facts, context, err);
}
