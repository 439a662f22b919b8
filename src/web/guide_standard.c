/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The part of a guide that the unified standard adds: whether it takes applications today, whose
 * power it is and who uses it, the handling items, who handles it in which steps, what it gives, and
 * which of its values are from a source that is named. A part that says nothing is left out.
 */
#include "web/web_int.h"

typedef struct {
    const HttpRequest *rq;
    Arena *a;
    Lang lang;
    const Item *item;
    Value *m;
} Standard;

static void put_text(const Standard *s, Value *map, const char *key, Text t)
{
    set_str(s->a, map, key, text_in(t, s->lang));
}

static Str word(const Standard *s, const char *group, const char *name)
{
    return web_text(s->rq, str_cstr(s->a, str_fmt(s->a, "%s.%s", group, name)));
}

static Date today_of(const HttpRequest *rq)
{
    return date_of_time(rq->at, visit_of(rq)->web->app->catalogue->zone_minutes);
}

/* The day that matters: from when, or until when it was. */
static void add_closed(const Standard *s)
{
    const Item *item = s->item;
    const char *why = item_closed(item, today_of(s->rq));
    set_bool(s->a, s->m, "can_apply", item->online && !why);
    set_str(s->a, s->m, "state", str_z(item_state_names[item->state]));
    if (!why)
        return;
    Value *closed = set_map(s->a, s->m, "closed");
    bool early = item->state == ITEM_PUBLISHED && today_of(s->rq).days < item->valid_from.days;
    bool ended = item->state == ITEM_PUBLISHED && !early;
    set_str(s->a, closed, "why", str_z(why));
    set_str(s->a, closed, "text", word(s, "closed", why));
    if (early || ended)
        set_str(s->a, closed, "date",
                date_text(s->a, early ? item->valid_from : item->valid_to, lang_name(s->lang)));
}

/* From 1 January 2026, until …, or both. */
static void add_valid(const Standard *s)
{
    bool from = s->item->valid_from.days != 0, to = s->item->valid_to.days != 0;
    if (!from && !to)
        return;
    Value *with = value_map(s->a);
    Str lang = lang_name(s->lang);
    if (from)
        set_str(s->a, with, "from", date_text(s->a, s->item->valid_from, lang));
    if (to)
        set_str(s->a, with, "to", date_text(s->a, s->item->valid_to, lang));
    const char *key = from && to ? "standard.valid.both"
                      : from     ? "standard.valid.from"
                                 : "standard.valid.to";
    set_str(s->a, s->m, "valid", web_text_with(s->rq, key, with));
}

static void add_delegation(const Standard *s, Value *power)
{
    const Delegation *d = s->item->delegation;
    if (!d)
        return;
    Value *with = value_map(s->a);
    set_str(s->a, with, "from", date_text(s->a, d->from, lang_name(s->lang)));
    set_str(s->a, with, "to", date_text(s->a, d->to, lang_name(s->lang)));
    put_text(s, power, "document", d->document);
    put_text(s, power, "seal", d->seal);
    set_str(s->a, power, "period", web_text_with(s->rq, "standard.valid.both", with));
}

static void add_power(const Standard *s)
{
    const Item *item = s->item;
    set_str(s->a, s->m, "authority", str_z(authority_names[item->authority]));
    if (item->authority != AUTHORITY_OWN) {
        Value *power = set_map(s->a, s->m, "power");
        set_str(s->a, power, "kind",
                word(s, "standard.authority", authority_names[item->authority]));
        put_text(s, power, "owner", item->organ->name);
        put_text(s, power, "handled_by", item_decider(item)->name);
        add_delegation(s, power);
    }
    Value *joint = set_list(s->a, s->m, "joint_organs");
    for (size_t i = 0; i < item->joint_count; i++) {
        Value *o = push_map(s->a, joint);
        set_str(s->a, o, "key", item->joint_organs[i]->key);
        put_text(s, o, "name", item->joint_organs[i]->name);
    }
    set_bool(s->a, s->m, "has_joint", item->joint_count > 0);
}

static void add_hierarchy(const Standard *s)
{
    const Item *item = s->item;
    put_text(s, s->m, "main_name", item->main_name);
    put_text(s, s->m, "sub_name", item->sub_name);
    set_str(s->a, s->m, "main_code", item->main_code);
    Value *list = set_list(s->a, s->m, "handling");
    for (size_t i = 0; i < item->handling_count; i++) {
        Value *o = push_map(s->a, list);
        set_str(s->a, o, "key", item->handling[i].key);
        set_str(s->a, o, "code", item->handling[i].code);
        put_text(s, o, "name", item->handling[i].name);
        put_text(s, o, "note", item->handling[i].note);
    }
    set_bool(s->a, s->m, "has_handling", item->handling_count > 0);
}

static void add_back_steps(const Standard *s)
{
    const Item *item = s->item;
    int64_t minutes = 0;
    Value *list = set_list(s->a, s->m, "back_steps");
    for (size_t i = 0; i < item->back_count; i++) {
        const BackStep *b = &item->back_steps[i];
        const Organ *organ = b->organ ? b->organ : item_decider(item);
        Value *o = push_map(s->a, list);
        put_text(s, o, "title", b->title);
        put_text(s, o, "detail", b->detail);
        put_text(s, o, "document", b->document);
        set_str(s->a, o, "role", b->role);
        set_str(s->a, o, "role_name", word(s, "standard.role", str_cstr(s->a, b->role)));
        put_text(s, o, "organ", organ->short_name);
        set_int(s->a, o, "minutes", b->minutes);
        set_bool(s->a, o, "timed", b->minutes > 0);
        minutes += b->minutes;
    }
    set_bool(s->a, s->m, "has_back_steps", item->back_count > 0);
    set_int(s->a, s->m, "back_minutes", minutes);
}

static void add_results(const Standard *s)
{
    Value *list = set_list(s->a, s->m, "results");
    for (size_t i = 0; i < s->item->result_count; i++) {
        const ItemResult *r = &s->item->results[i];
        Value *o = push_map(s->a, list);
        put_text(s, o, "name", r->name);
        put_text(s, o, "valid", r->valid);
        set_str(s->a, o, "kind", str_z(result_kind_names[r->kind]));
        set_str(s->a, o, "kind_name", word(s, "standard.result", result_kind_names[r->kind]));
        set_str(s->a, o, "material", r->material);
    }
    set_bool(s->a, s->m, "has_results", s->item->result_count > 0);
}

static void add_provenance(const Standard *s)
{
    const Item *item = s->item;
    if (!item->cited_count && !text_in(item->sample, s->lang).len)
        return;
    Value *o = set_map(s->a, s->m, "provenance"), *cited = set_list(s->a, o, "cited");
    for (size_t i = 0; i < item->cited_count; i++)
        push_str(s->a, cited, text_in(item->cited[i], s->lang));
    set_bool(s->a, o, "has_cited", item->cited_count > 0);
    put_text(s, o, "sample", item->sample);
}

void guide_standard(const HttpRequest *rq, const Item *item, Value *model)
{
    Standard s = {rq, rq->arena, visit_of(rq)->lang, item, model};
    add_closed(&s);
    add_valid(&s);
    add_power(&s);
    add_hierarchy(&s);
    add_back_steps(&s);
    add_results(&s);
    add_provenance(&s);
}
