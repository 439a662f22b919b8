/* SPDX-License-Identifier: Apache-2.0 */
/*
 * onedoor.yaml, rates: the three rates (三率) that a standard has to reach before it is accepted,
 * each a condition that an item meets or not. Without them the built-in three hold.
 */
#include "catalogue/catalogue_int.h"
#include "model/form.h"

static const Field rate_fields[] = {
    {"key", FIELD_NAME, true, offsetof(Rate, key), 0, 0, NULL},
    {"name", FIELD_TEXT, true, offsetof(Rate, name), 0, 0, NULL},
    {"counts", FIELD_CONDITION, true, offsetof(Rate, counts), 0, 0, NULL},
    {"at_least", FIELD_INT, true, offsetof(Rate, at_least), 0, 100, NULL},
};

/* What the condition may name; the order of rate_scope. */
static const FeelNames *rate_names(Loader *l)
{
    static const char *const bools[] = {"online", "one_certificate", "no_certificate",
                                        "full_agency"};
    static const char *const numbers[] = {"materials", "visits", "days", "steps", "organs"};
    FeelName *at = NEW_N(l->arena, FeelName, COUNT(bools) + COUNT(numbers));
    size_t n = 0;
    for (size_t i = 0; i < COUNT(bools); i++)
        at[n++] = (FeelName){str_z(bools[i]), element_feel_type(ELEMENT_BOOLEAN)};
    for (size_t i = 0; i < COUNT(numbers); i++)
        at[n++] = (FeelName){str_z(numbers[i]), element_feel_type(ELEMENT_NUMBER)};
    FeelNames *names = NEW(l->arena, FeelNames);
    *names = (FeelNames){.at = at, .count = n};
    return names;
}

const FeelScope *rate_scope(Arena *out, const Item *item)
{
    ItemFigures now = item_now(item);
    const FeelEntry all[] = {
        {STR_INIT("online"), feel_bool(item->online)},
        {STR_INIT("one_certificate"), feel_bool(item->one_certificate)},
        {STR_INIT("no_certificate"), feel_bool(item->no_certificate)},
        {STR_INIT("full_agency"), feel_bool(item->full_agency)},
        {STR_INIT("materials"), feel_int(now.materials)},
        {STR_INIT("visits"), feel_int(now.visits)},
        {STR_INIT("days"), feel_int(now.days)},
        {STR_INIT("steps"), feel_int(now.steps)},
        {STR_INIT("organs"), feel_int(now.organs)},
    };
    FeelEntry *entries = NEW_N(out, FeelEntry, COUNT(all));
    memcpy(entries, all, sizeof all);
    FeelContext *context = NEW(out, FeelContext);
    *context = (FeelContext){entries, COUNT(all)};
    FeelScope *scope = NEW(out, FeelScope);
    *scope = (FeelScope){.context = context};
    return scope;
}

static const FeelProgram *built_in(Loader *l, const char *text)
{
    Err err = {0};
    const FeelProgram *p = feel_compile(l->arena, str_z(text), l->names, FEEL_EXPRESSION, &err);
    ASSERT(p);
    return p;
}

static size_t built_in_rates(Loader *l, Rate *rates)
{
    rates[0] = (Rate){STR("one_certificate"),
                      {{STR("一证通办率"), STR("By one certificate")}},
                      built_in(l, "one_certificate or materials = 0"),
                      80};
    rates[1] =
        (Rate){STR("online"), {{STR("网上可办率"), STR("Online")}}, built_in(l, "online"), 90};
    rates[2] = (Rate){STR("one_trip"),
                      {{STR("最多跑一次率"), STR("At most one trip")}},
                      built_in(l, "visits <= 1"),
                      100};
    return 3;
}

void load_rates(Loader *l)
{
    Value *const *rows;
    size_t n = read_list(l, l->site, "rates", &rows);
    Rate *rates = NEW_N(l->arena, Rate, n + 3);
    l->names = rate_names(l);
    for (size_t i = 0; i < n; i++) {
        READ_FIELDS(l, rows[i], rate_fields, "a rate", &rates[i]);
        register_entry(l, "rate", rates[i].key, rows[i], &rates[i]);
    }
    l->c->rate_count = n ? n : built_in_rates(l, rates);
    l->c->rates = rates;
    l->names = NULL;
}
