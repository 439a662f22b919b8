/* SPDX-License-Identifier: Apache-2.0 */
/* Finding a service: the first page, search, and the list of all. */
#include "web/web_int.h"

enum { HOT_MAX = 8, WORDS_MAX = 4, HITS_MAX = 30, QUERY_MAX = 100 };

static bool for_organisations(const HttpRequest *rq)
{
    return str_eq(http_query(rq, "for"), STR("org"));
}

static size_t count_items(const Catalogue *c, bool organisations, Str topic)
{
    size_t n = 0;
    for (size_t i = 0; i < face_count(c); i++)
        n += item_serves(face_at(c, i), organisations) &&
             (!topic.len || item_has_topic(face_at(c, i), topic));
    return n;
}

static Str list_url(const HttpRequest *rq, Str audience, Str topic)
{
    StrBuf b = buf_in(rq->arena);
    BUF_LIT(&b, "/services");
    if (audience.len)
        buf_fmt(&b, "?for=" STR_FMT, STR_ARG(audience));
    if (topic.len)
        buf_fmt(&b, "%stopic=" STR_FMT, audience.len ? "&" : "?", STR_ARG(topic));
    return buf_str(&b);
}

/* Topics with services come first; the others are named, so that nobody searches for them in vain.
 */
static void add_topic(const HttpRequest *rq, Value *list, const Topic *t, size_t n)
{
    Lang lang = visit_of(rq)->lang;
    Arena *a = rq->arena;
    Value *o = push_map(a, list), *with = value_map(a);
    set_int(a, with, "count", (int64_t)n);
    set_str(a, o, "key", t->key);
    set_str(a, o, "name", text_in(t->name, lang));
    set_str(a, o, "note", text_in(t->note, lang));
    set_str(a, o, "icon", t->icon.len ? t->icon : STR("doc"));
    set_str(a, o, "url", list_url(rq, t->for_organisations ? STR("org") : STR("person"), t->key));
    set_int(a, o, "count", (int64_t)n);
    set_bool(a, o, "open", n > 0);
    set_str(a, o, "count_text", web_text_with(rq, "topic.count", with));
}

static void add_topics(const HttpRequest *rq, Value *model, bool organisations)
{
    const Catalogue *c = visit_of(rq)->web->app->catalogue;
    Value *list = set_list(rq->arena, model, "topics");
    for (int turn = 0; turn < 2; turn++)
        for (size_t i = 0; i < c->topic_count; i++) {
            const Topic *t = &c->topics[i];
            if (t->for_organisations != organisations)
                continue;
            size_t n = count_items(c, organisations, t->key);
            if ((n > 0) == (turn == 0))
                add_topic(rq, list, t, n);
        }
}

static void add_words(const HttpRequest *rq, Value *model, bool organisations)
{
    const Visit *v = visit_of(rq);
    const Catalogue *c = v->web->app->catalogue;
    Value *list = set_list(rq->arena, model, "hot_words");
    for (size_t i = 0; i < c->item_count && value_count(list) < WORDS_MAX; i++) {
        const Item *item = &c->items[i];
        if (!item->hot || !item_serves(item, organisations))
            continue;
        Value *o = push_map(rq->arena, list);
        set_str(rq->arena, o, "name", text_in(item->name, v->lang));
        set_str(rq->arena, o, "url", str_fmt(rq->arena, "/s/" STR_FMT, STR_ARG(item->key)));
    }
}

HttpNext web_home(HttpRequest *rq, HttpResponse *rs)
{
    const Catalogue *c = visit_of(rq)->web->app->catalogue;
    bool organisations = for_organisations(rq);
    Value *model = value_map(rq->arena);
    set_bool(rq->arena, model, "organisations", organisations);
    set_int(rq->arena, model, "total", (int64_t)count_items(c, organisations, STR("")));
    set_str(rq->arena, model, "all_url",
            list_url(rq, organisations ? STR("org") : STR("person"), STR("")));
    add_words(rq, model, organisations);
    add_topics(rq, model, organisations);
    hot_items(rq, model, organisations, HOT_MAX);
    return web_page(rq, rs, "home", model);
}

HttpNext web_search(HttpRequest *rq, HttpResponse *rs)
{
    const Catalogue *c = visit_of(rq)->web->app->catalogue;
    Arena *a = rq->arena;
    Str q = str_trim(http_query(rq, "q"));
    Value *model = value_map(a);
    SearchHit hits[HITS_MAX];
    size_t n = q.len && q.len <= QUERY_MAX * 4 ? catalogue_search(a, c, q, hits, HITS_MAX) : 0;
    set_str(a, model, "q", q);
    set_bool(a, model, "asked", q.len > 0);
    set_bool(a, model, "none", q.len > 0 && n == 0);
    set_int(a, model, "count", (int64_t)n);
    Value *list = set_list(a, set_map(a, model, "hits"), "items");
    for (size_t i = 0; i < n; i++)
        item_link(rq, list, hits[i].item);
    if (!q.len)
        hot_items(rq, model, false, HOT_MAX);
    if (str_eq(http_query(rq, "part"), STR("results")) && !http_wants_json(rq))
        return web_fragment(rq, rs, "search_results", model);
    return web_page(rq, rs, "search", model);
}

/* ---- all services ---- */

typedef struct {
    Str audience, topic; /* empty: all */
} Filter;

static bool passes(const Item *item, const Filter *f)
{
    if (!item_is_listed(item))
        return false;
    if (str_eq(f->audience, STR("person")) && !item->for_persons)
        return false;
    if (str_eq(f->audience, STR("org")) && !item->for_organisations)
        return false;
    return !f->topic.len || item_has_topic(item, f->topic);
}

static void add_pick(const HttpRequest *rq, Value *list, Str name, Str url, bool current)
{
    Value *o = push_map(rq->arena, list);
    set_str(rq->arena, o, "name", name);
    set_str(rq->arena, o, "url", url);
    set_bool(rq->arena, o, "current", current);
}

static void add_filters(const HttpRequest *rq, Value *model, const Filter *f)
{
    static const struct {
        Str value;
        const char *key;
    } audiences[] = {
        {STR_INIT(""), "services.everybody"},
        {STR_INIT("person"), "home.persons"},
        {STR_INIT("org"), "home.organisations"},
    };
    const Visit *v = visit_of(rq);
    const Catalogue *c = v->web->app->catalogue;
    Value *list = set_list(rq->arena, model, "audience");
    for (size_t i = 0; i < COUNT(audiences); i++)
        add_pick(rq, list, web_text(rq, audiences[i].key),
                 list_url(rq, audiences[i].value, f->topic),
                 str_eq(audiences[i].value, f->audience));
    list = set_list(rq->arena, model, "topics");
    add_pick(rq, list, web_text(rq, "services.every-topic"), list_url(rq, f->audience, STR("")),
             !f->topic.len);
    for (size_t i = 0; i < c->topic_count; i++) {
        const Topic *t = &c->topics[i];
        Filter with = {f->audience, t->key};
        size_t n = 0;
        for (size_t k = 0; k < face_count(c); k++)
            n += passes(face_at(c, k), &with);
        if (n || str_eq(t->key, f->topic))
            add_pick(rq, list, text_in(t->name, v->lang), list_url(rq, f->audience, t->key),
                     str_eq(t->key, f->topic));
    }
}

static size_t add_group(const HttpRequest *rq, Value *groups, const Organ *organ, const Filter *f)
{
    const Visit *v = visit_of(rq);
    const Catalogue *c = v->web->app->catalogue;
    Value *items = value_list(rq->arena);
    for (size_t i = 0; i < face_count(c); i++)
        if (face_at(c, i)->organ == organ && passes(face_at(c, i), f))
            item_link(rq, items, face_at(c, i));
    if (!value_count(items))
        return 0;
    Value *group = push_map(rq->arena, groups);
    set_str(rq->arena, group, "id", organ->key);
    set_str(rq->arena, group, "name", text_in(organ->name, v->lang));
    set_value(rq->arena, group, "items", items);
    return value_count(items);
}

HttpNext web_services(HttpRequest *rq, HttpResponse *rs)
{
    const Catalogue *c = visit_of(rq)->web->app->catalogue;
    Filter f = {http_query(rq, "for"), http_query(rq, "topic")};
    if (!str_eq(f.audience, STR("person")) && !str_eq(f.audience, STR("org")))
        f.audience = STR("");
    bool known = false;
    for (size_t i = 0; i < c->topic_count; i++)
        known |= str_eq(c->topics[i].key, f.topic);
    if (!known)
        f.topic = STR("");
    Value *model = value_map(rq->arena);
    Value *groups = set_list(rq->arena, model, "groups");
    size_t n = 0;
    for (size_t i = 0; i < c->organ_count; i++)
        n += add_group(rq, groups, &c->organs[i], &f);
    set_int(rq->arena, model, "count", (int64_t)n);
    set_bool(rq->arena, model, "none", n == 0);
    add_filters(rq, model, &f);
    return web_page(rq, rs, "services", model);
}
