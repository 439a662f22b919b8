/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the expressions of an item may use, and what each name is: forms and materials see the
 * answers, rules see facts besides, a process sees what its tasks set. The same names as form_scope
 * and casework_rules_scope give values to.
 */
#include "catalogue/item_int.h"
#include "model/form.h"

static const FeelType truth = {.kind = FEEL_BOOLEAN};

typedef struct {
    FeelName *at;
    size_t count;
} NameList;

static void add_once(NameList *list, Str name, const FeelType *type)
{
    for (size_t i = 0; i < list->count; i++)
        if (str_eq(list->at[i].name, name))
            return;
    list->at[list->count++] = (FeelName){name, type};
}

static const FeelNames *finish(Loader *l, NameList list)
{
    FeelNames *names = NEW(arena_beside(l->arena), FeelNames);
    *names = (FeelNames){.at = list.at, .count = list.count};
    return names;
}

typedef struct {
    const Option *options;
    const FeelType *type;
} OptionsType;

static const FeelType *new_options_type(Loader *l, const Option *options, size_t count)
{
    Str *values = NEW_N(l->arena, Str, count + 1);
    for (size_t i = 0; i < count; i++)
        values[i] = options[i].value;
    const FeelType *t = count ? feel_options_type(l->arena, values, count) : NULL;
    return t ? t : element_feel_type(ELEMENT_RADIO);
}

/* Once for each list of options: an element is asked by many items, by each several times. */
static const FeelType *options_type(Loader *l, const Option *options, size_t count)
{
    const OptionsType *known =
        map_get(&l->option_types, (Str){(const char *)&options, sizeof options});
    if (known)
        return known->type;
    OptionsType *made = NEW(l->diags->arena, OptionsType);
    *made = (OptionsType){options, new_options_type(l, options, count)};
    (void)map_add(l->diags->arena, &l->option_types,
                  (Str){(const char *)&made->options, sizeof options}, made);
    return made->type;
}

/* A choice is one of its options, several are a list of them. */
static const FeelType *type_of_element(Loader *l, const Element *e)
{
    if (e->type == ELEMENT_RADIO || e->type == ELEMENT_SELECT)
        return options_type(l, e->options, e->option_count);
    if (e->type != ELEMENT_CHECKBOX)
        return element_feel_type(e->type);
    FeelType *list = NEW(l->arena, FeelType);
    *list = (FeelType){.kind = FEEL_LIST, .item = options_type(l, e->options, e->option_count)};
    return list;
}

static NameList answers(Loader *l, const Item *item, size_t more)
{
    const Form *f = &item->form;
    size_t room = f->element_count + item->situation_count + 2 + more;
    NameList list = {.at = NEW_N(arena_beside(l->arena), FeelName, room)};
    for (size_t i = 0; i < f->element_count; i++)
        add_once(&list, f->elements[i]->key, type_of_element(l, f->elements[i]));
    for (size_t i = 0; i < item->situation_count; i++) {
        const Situation *s = &item->situations[i];
        add_once(&list, s->key, options_type(l, s->options, s->option_count));
    }
    add_once(&list, STR("today"), element_feel_type(ELEMENT_DATE));
    if (item->apply_date_key.len)
        add_once(&list, item->apply_date_key, element_feel_type(ELEMENT_DATE));
    return list;
}

const FeelNames *form_names(Loader *l, const Item *item)
{
    return finish(l, answers(l, item, 0));
}

/* The fields that a source gives; what is in them only its answers tell. */
static const FeelType *type_of_source(Loader *l, const Source *s)
{
    FeelName *fields = NEW_N(l->arena, FeelName, s->field_count + 1);
    for (size_t i = 0; i < s->field_count; i++)
        fields[i].name = s->fields[i].key;
    FeelNames *members = NEW(l->arena, FeelNames);
    *members = (FeelNames){.at = fields, .count = s->field_count};
    FeelType *t = NEW(l->arena, FeelType);
    *t = (FeelType){.kind = FEEL_CONTEXT, .members = members};
    return t;
}

/* facts.SOURCE: how the register answered. */
static const FeelType *type_of_facts(Loader *l)
{
    static const Str states[] = {STR_INIT("found"), STR_INIT("none"), STR_INIT("down"),
                                 STR_INIT("declined"), STR_INIT("objected")};
    const FeelType *state = feel_options_type(l->arena, states, COUNT(states));
    FeelName *sources = NEW_N(l->arena, FeelName, l->c->source_count + 1);
    FeelNames *members = NEW(l->arena, FeelNames);
    FeelType *t = NEW(l->arena, FeelType);
    for (size_t i = 0; i < l->c->source_count; i++)
        sources[i] = (FeelName){l->c->sources[i].key, state};
    *members = (FeelNames){.at = sources, .count = l->c->source_count};
    *t = (FeelType){.kind = FEEL_CONTEXT, .members = members};
    return t;
}

/* The same for all items. */
static const FeelNames *fact_names(Loader *l)
{
    size_t sources = l->c->source_count;
    if (l->fact_names)
        return l->fact_names;
    NameList list = {.at = NEW_N(l->arena, FeelName, sources + 2)};
    for (size_t i = 0; i < sources; i++)
        if (l->c->sources[i].key.len)
            add_once(&list, l->c->sources[i].key, type_of_source(l, &l->c->sources[i]));
    add_once(&list, STR("facts_objected"), &truth);
    add_once(&list, STR("facts"), type_of_facts(l));
    FeelNames *names = NEW(l->arena, FeelNames);
    *names = (FeelNames){.at = list.at, .count = list.count};
    return l->fact_names = names;
}

/* A source goes before an answer of the same name, as in a case. */
const FeelNames *rules_names(Loader *l, const Item *item)
{
    const FeelNames *facts = fact_names(l);
    NameList all = answers(l, item, facts->count),
             sum = {.at = NEW_N(arena_beside(l->arena), FeelName, all.count + facts->count)};
    for (size_t i = 0; i < facts->count; i++)
        sum.at[sum.count++] = facts->at[i];
    for (size_t i = 0; i < all.count; i++)
        add_once(&sum, all.at[i].name, all.at[i].type);
    return finish(l, sum);
}

const FeelNames *shared_rules_names(Loader *l)
{
    const Catalogue *c = l->c;
    NameList list = {
        .at = NEW_N(arena_beside(l->arena), FeelName, c->source_count + c->element_count + 2)};
    for (size_t i = 0; i < c->source_count; i++)
        list.at[list.count++] = (FeelName){c->sources[i].key, type_of_source(l, &c->sources[i])};
    list.at[list.count++] = (FeelName){STR("facts_objected"), &truth};
    list.at[list.count++] = (FeelName){STR("today"), element_feel_type(ELEMENT_DATE)};
    for (size_t i = 0; i < c->element_count; i++)
        list.at[list.count++] = (FeelName){c->elements[i].key, type_of_element(l, &c->elements[i])};
    return finish(l, list);
}

/* ---- the process ---- */

/* What an act of the law sets when it ends the step of its stage. */
BpmnWorld process_world(Loader *l, const Item *item)
{
    static const Str outcomes[] = {STR_INIT("accept"), STR_INIT("refuse")};
    static const Str decisions[] = {STR_INIT("grant"), STR_INIT("deny")};
    const DmnModel *m = item->rules;
    static const char *const plain[] = {"", "accept", "review", "issue", "deliver"};
    BpmnAnswer *made = NEW_N(arena_beside(l->arena), BpmnAnswer, 2 + 2 * COUNT(plain));
    made[0] = (BpmnAnswer){
        "stage",
        "receive",
        {STR("outcome"), feel_options_type(arena_beside(l->arena), outcomes, COUNT(outcomes))}};
    made[1] = (BpmnAnswer){
        "stage",
        "decide",
        {STR("decision"), feel_options_type(arena_beside(l->arena), decisions, COUNT(decisions))}};
    for (size_t i = 0; i < COUNT(plain); i++) {
        const FeelType *text = element_feel_type(ELEMENT_TEXT);
        made[2 + 2 * i] = (BpmnAnswer){"stage", plain[i], {STR("outcome"), text}};
        made[3 + 2 * i] = (BpmnAnswer){"stage", plain[i], {STR("remark"), text}};
    }
    size_t count = m ? m->decision_count : 0;
    FeelName *results = NEW_N(arena_beside(l->arena), FeelName, 2 * count + 1);
    for (size_t i = 0; i < count; i++) {
        results[i] = (FeelName){m->decisions[i].id, m->decisions[i].known};
        results[count + i] = (FeelName){m->decisions[i].name, m->decisions[i].known};
    }
    return (BpmnWorld){.answers = made,
                       .answer_count = 2 + 2 * COUNT(plain),
                       .decisions = {.at = results, .count = 2 * count},
                       .own_jobs = own_jobs,
                       .own_job_count = own_job_count};
}
