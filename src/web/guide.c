/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The guide of one service (办事指南). Answers to its situations come in the address, so that a
 * chosen guide can be sent to somebody; they choose which materials are needed "for me".
 */
#include "base/date.h"
#include "model/form.h"
#include "qr/qr.h"
#include "web/web_int.h"

enum { NEEDED_MAX = 60, WIDTH_MIN = 3, FEE_TAG_MAX = 24 };

typedef struct {
    HttpRequest *rq;
    Arena *a;
    Lang lang;
    const Item *item;
    Value *answers; /* to the situations that were answered */
    size_t open;    /* situations not answered */
    Value *model;
} Guide;

static void set_text(const Guide *g, Value *map, const char *key, Text t)
{
    set_str(g->a, map, key, text_in(t, g->lang));
}

/* ---- situations ---- */

static Str chosen_option(const Guide *g, const Situation *s)
{
    Str value = http_query(g->rq, str_cstr(g->a, s->key));
    for (size_t i = 0; i < s->option_count; i++)
        if (str_eq(s->options[i].value, value))
            return value;
    return STR("");
}

/* The guide's address with the answers so far, one of them changed. */
static Str situation_url(const Guide *g, Str key, Str value)
{
    StrBuf b = buf_in(g->a);
    buf_fmt(&b, "/s/" STR_FMT, STR_ARG(g->item->key));
    char sign = '?';
    for (size_t i = 0; i < g->item->situation_count; i++) {
        const Situation *s = &g->item->situations[i];
        Str v = str_eq(s->key, key) ? value : value_text(value_get(g->answers, s->key));
        if (!v.len)
            continue;
        buf_char(&b, sign);
        buf_fmt(&b, STR_FMT "=", STR_ARG(s->key));
        buf_add(&b, str_percent(g->a, v));
        sign = '&';
    }
    BUF_LIT(&b, "#need");
    return buf_str(&b);
}

static void read_situations(Guide *g)
{
    g->answers = value_map(g->a);
    for (size_t i = 0; i < g->item->situation_count; i++) {
        const Situation *s = &g->item->situations[i];
        Str value = chosen_option(g, s);
        if (value.len)
            value_set(g->a, g->answers, s->key, value_str(g->a, value));
        else
            g->open++;
    }
}

static void add_situations(const Guide *g)
{
    Value *list = set_list(g->a, g->model, "situations");
    Value *fields = set_list(g->a, g->model, "apply_fields");
    for (size_t i = 0; i < g->item->situation_count; i++) {
        const Situation *s = &g->item->situations[i];
        Str answer = value_text(value_get(g->answers, s->key));
        Value *o = push_map(g->a, list);
        set_str(g->a, o, "key", s->key);
        set_text(g, o, "question", s->question);
        Value *options = set_list(g->a, o, "options");
        for (size_t k = 0; k < s->option_count; k++) {
            Value *option = push_map(g->a, options);
            set_str(g->a, option, "value", s->options[k].value);
            set_text(g, option, "label", s->options[k].label);
            set_str(g->a, option, "url", situation_url(g, s->key, s->options[k].value));
            set_bool(g->a, option, "current", str_eq(answer, s->options[k].value));
        }
        if (!answer.len)
            continue;
        Value *field = push_map(g->a, fields);
        set_str(g->a, field, "name", str_fmt(g->a, "answer." STR_FMT, STR_ARG(s->key)));
        set_str(g->a, field, "value", answer);
    }
    size_t n = g->item->situation_count;
    set_bool(g->a, g->model, "has_situations", n > 0);
    set_int(g->a, g->model, "situations_open", (int64_t)g->open);
    set_bool(g->a, g->model, "ask_first", g->open > 0);
    set_bool(g->a, g->model, "for_me", n > 0 && g->open == 0);
    if (g->open < n)
        set_str(g->a, g->model, "reset_url",
                str_fmt(g->a, "/s/" STR_FMT "#need", STR_ARG(g->item->key)));
}

/* ---- what is needed ---- */

typedef enum { NEED_YOURS, NEED_FETCHED, NEED_LATER, NEED_DEPENDS } NeedState;

/* A source of ours that stands in for the paper, tried first. */
static const Replacement *stand_in(const Material *m)
{
    return m->replaced_count ? &m->replaced_by[0] : NULL;
}

static Str need_note(const Guide *g, const ItemMaterial *m, const Replacement *r)
{
    static const char *const keys[] = {
        [REPLACED_BY_CERTIFICATE] = "need.certificate", [REPLACED_BY_QUERY] = "need.query",
        [REPLACED_BY_COMMITMENT] = "need.commitment",   [REPLACED_BY_CHECK] = "need.between",
        [REPLACED_CANCELLED] = "need.between",
    };
    Str note = text_in(m->note, g->lang);
    if (r && !note.len)
        note = text_in(r->note, g->lang);
    if (!note.len && r)
        note = web_text(g->rq, keys[r->kind]);
    if (!note.len)
        note = text_in(m->material->note, g->lang);
    if (!note.len && m->by_mail)
        note = web_text(g->rq, "need.mail");
    return note;
}

static void add_need(const Guide *g, Value *list, const ItemMaterial *m, bool needed)
{
    const Replacement *r = stand_in(m->material);
    NeedState state = !needed             ? NEED_DEPENDS
                      : r                 ? NEED_FETCHED
                      : m->necessity == 3 ? NEED_LATER
                                          : NEED_YOURS;
    Value *o = push_map(g->a, list);
    set_str(g->a, o, "code", m->material->code);
    set_text(g, o, "name", m->material->name);
    set_str(g->a, o, "note", need_note(g, m, r));
    set_str(g->a, o, "icon", state == NEED_FETCHED ? STR("shield") : STR("upload"));
    set_bool(g->a, o, "yours", state == NEED_YOURS);
    set_bool(g->a, o, "fetched", state == NEED_FETCHED);
    set_bool(g->a, o, "later", state == NEED_LATER);
    set_bool(g->a, o, "depends", state == NEED_DEPENDS);
}

static bool among(const ItemMaterial *m, const ItemMaterial *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (list[i] == m)
            return true;
    return false;
}

/* What the visitor must give comes first, then what we fetch; what depends on open questions is
 * apart. */
static bool add_needs(const Guide *g, Err *err)
{
    const ItemMaterial *needed[NEEDED_MAX];
    FeelScope scope;
    Date today = date_of_time(g->rq->at, visit_of(g->rq)->web->app->catalogue->zone_minutes);
    if (!form_scope(g->a, g->item, g->answers, today, &scope, err))
        return false;
    if (g->item->bundle)
        guide_bundle(g->rq, g->item->bundle, &scope, g->model);
    size_t n = item_needed(g->a, g->item, &scope, needed, NEEDED_MAX), yours = 0;
    Value *list = set_list(g->a, g->model, "needs"), *fetched = value_list(g->a);
    Value *maybe = value_map(g->a), *open = set_list(g->a, maybe, "needs");
    for (size_t i = 0; i < g->item->material_count; i++) {
        const ItemMaterial *m = &g->item->materials[i];
        bool is_needed = among(m, needed, n), by_us = stand_in(m->material) != NULL;
        if (is_needed)
            add_need(g, by_us ? fetched : list, m, true);
        else if ((m->needed_if || m->ways.count) && m->necessity != 2 && g->open > 0)
            add_need(g, open, m, false);
        yours += is_needed && !by_us;
    }
    for (size_t i = 0; i < value_count(fetched); i++)
        value_push(g->a, list, value_item(fetched, i));
    set_int(g->a, maybe, "maybe_count", (int64_t)value_count(open));
    if (value_count(open))
        set_value(g->a, g->model, "maybe", maybe);
    set_int(g->a, g->model, "need_yours", (int64_t)yours);
    set_bool(g->a, g->model, "need_none", yours == 0 && !value_count(open));
    return true;
}

static void add_gone(const Guide *g)
{
    Value *list = set_list(g->a, g->model, "gone");
    for (size_t i = 0; i < g->item->gone_count; i++) {
        Value *o = push_map(g->a, list);
        set_text(g, o, "name", g->item->gone[i].name);
        set_text(g, o, "replaced", g->item->gone[i].replaced);
    }
    set_int(g->a, g->model, "gone_count", (int64_t)g->item->gone_count);
    set_bool(g->a, g->model, "has_gone", g->item->gone_count > 0);
}

/* ---- how long, how often ---- */

static void add_limit(const Guide *g, const char *key, const TimeLimit *limit, double longest)
{
    double share = longest > 0 ? 100 * limit_days(limit) / longest : 100;
    Value *o = set_map(g->a, g->model, key);
    set_str(g->a, o, "text", web_limit(g->rq, limit));
    set_int(g->a, o, "n", limit->n);
    set_str(g->a, o, "unit", limit->unit);
    set_text(g, o, "note", limit->note);
    set_int(g->a, o, "width", share < WIDTH_MIN ? WIDTH_MIN : (int64_t)(share + 0.5));
}

static void add_limits(const Guide *g)
{
    double legal = limit_days(&g->item->legal), promise = limit_days(&g->item->promise);
    double longest = legal > promise ? legal : promise;
    if (g->item->legal.n > 0)
        add_limit(g, "legal", &g->item->legal, longest);
    add_limit(g, "promise", &g->item->promise, longest);
    set_int(g->a, g->model, "visits", g->item->visits);
    set_text(g, g->model, "visit_reason", g->item->visit_reason);
}

static void add_change(const Guide *g, Value *rows, const char *what, const char *with,
                       int32_t before, int32_t now)
{
    if (before <= 0 || before <= now)
        return;
    Value *row = push_map(g->a, rows), *n = value_map(g->a);
    set_str(g->a, row, "label", web_text(g->rq, what));
    set_int(g->a, n, "n", before);
    set_str(g->a, row, "before", web_text_with(g->rq, with, n));
    set_int(g->a, n, "n", now);
    set_str(g->a, row, "now", web_text_with(g->rq, with, n));
    set_int(g->a, row, "width", now * 100 / before < WIDTH_MIN ? WIDTH_MIN : now * 100 / before);
}

/* Only what is counted: the papers that this visitor must give, visits, and working days promised.
 */
static void add_before(const Guide *g)
{
    const Item *item = g->item;
    Value *rows = value_list(g->a);
    if (!g->open)
        add_change(g, rows, "guide.before.materials", "guide.before.pieces",
                   item->baseline_materials, (int32_t)get_int(g->model, "need_yours", 0));
    add_change(g, rows, "guide.before.visits", "guide.before.times", item->baseline_visits,
               item->visits);
    if (str_eq(item->promise.unit, STR("working_day")))
        add_change(g, rows, "guide.before.days", "guide.before.n-days", item->baseline_days,
                   item->promise.n);
    if (item->bundle) {
        ItemFigures was = item_before(item), is = item_now(item);
        if (is.steps)
            add_change(g, rows, "guide.before.steps", "guide.before.count", was.steps, is.steps);
        add_change(g, rows, "guide.before.organs", "guide.before.count", was.organs, 1);
    }
    if (value_count(rows))
        set_value(g->a, set_map(g->a, g->model, "before_after"), "rows", rows);
}

/* ---- the rest ---- */

static void add_tag(const Guide *g, Value *tags, const char *key, bool ok)
{
    Value *n = value_map(g->a), *o = push_map(g->a, tags);
    set_int(g->a, n, "n", g->item->visits);
    set_str(g->a, o, "text", web_text_with(g->rq, key, n));
    set_bool(g->a, o, "ok", ok);
}

/* The fee itself when it is short enough: "free of charge". */
static void add_fee_tag(const Guide *g, Value *tags)
{
    Str fee = text_in(g->item->fee, g->lang);
    if (!fee.len)
        add_tag(g, tags, "tag.free", false);
    if (!fee.len || fee.len > FEE_TAG_MAX)
        return;
    Value *o = push_map(g->a, tags);
    set_str(g->a, o, "text", fee);
    set_bool(g->a, o, "ok", false);
}

static void add_tags(const Guide *g)
{
    const Item *item = g->item;
    Value *tags = set_list(g->a, g->model, "tags");
    if (item->online)
        add_tag(g, tags, "tag.online", true);
    add_tag(g, tags, item->visits ? "tag.visits" : "tag.visits0", item->visits == 0);
    add_fee_tag(g, tags);
    if (item->no_certificate)
        add_tag(g, tags, "tag.instant", true);
    if (item->deferrable)
        add_tag(g, tags, "tag.deferrable", false);
    if (item->commitment)
        add_tag(g, tags, "tag.commitment", false);
    if (item->full_agency)
        add_tag(g, tags, "tag.agency", false);
}

/* Where an item is handled elsewhere than its organ sits. */
static Text own_or(Text own, Text otherwise)
{
    return text_in(own, LANG_ZH).len ? own : otherwise;
}

static void add_item(const Guide *g)
{
    const Item *item = g->item;
    const Organ *organ = item_decider(item);
    Value *o = set_map(g->a, g->model, "item");
    set_str(g->a, o, "key", item->key);
    set_str(g->a, o, "code", item->code);
    set_str(g->a, o, "version", item->version);
    set_str(g->a, o, "type", item->type);
    set_str(g->a, o, "level", item->level);
    set_text(g, o, "name", item->name);
    set_text(g, o, "summary", item->summary);
    set_text(g, o, "scope", item->scope);
    set_text(g, o, "organ", organ ? organ->name : (Text){0});
    set_text(g, o, "organ_address", own_or(item->address, organ ? organ->address : (Text){0}));
    set_text(g, o, "organ_hours", own_or(item->hours, organ ? organ->hours : (Text){0}));
    set_text(g, o, "windows", item->windows);
    set_text(g, o, "local_note", item->local_note);
    set_str(g->a, o, "organ_phone", item->phone.len ? item->phone : organ ? organ->phone : STR(""));
}

static void add_texts(const Guide *g)
{
    const Item *item = g->item;
    Value *list = set_list(g->a, g->model, "conditions");
    for (size_t i = 0; i < item->condition_count; i++)
        push_str(g->a, list, text_in(item->conditions[i].text, g->lang));
    set_bool(g->a, g->model, "has_conditions", item->condition_count > 0);
    list = set_list(g->a, g->model, "steps");
    for (size_t i = 0; i < item->step_count; i++) {
        Value *o = push_map(g->a, list);
        set_text(g, o, "title", item->steps[i].title);
        set_text(g, o, "detail", item->steps[i].detail);
    }
    set_bool(g->a, g->model, "has_steps", item->step_count > 0);
    list = set_list(g->a, g->model, "basis");
    for (size_t i = 0; i < item->basis_count; i++) {
        Value *o = push_map(g->a, list);
        set_text(g, o, "law", item->basis[i].law);
        set_text(g, o, "article", item->basis[i].article);
        set_text(g, o, "quote", item->basis[i].quote);
    }
    set_text(g, g->model, "remedies", item->remedies);
}

static void add_ways(const Guide *g)
{
    const Item *item = g->item;
    const Catalogue *c = visit_of(g->rq)->web->app->catalogue;
    Str fee = text_in(item->fee, g->lang);
    set_str(g->a, g->model, "fee", fee.len ? fee : web_text(g->rq, "guide.free"));
    set_bool(g->a, g->model, "free", !fee.len);
    set_bool(g->a, g->model, "online", item->online);
    set_str(g->a, g->model, "consult",
            item->consult_phone.len ? item->consult_phone
            : item->organ           ? item->organ->phone
                                    : STR(""));
    set_str(g->a, g->model, "complaint",
            item->complaint_phone.len ? item->complaint_phone : c->hotline);
    set_str(g->a, g->model, "qr_url", str_fmt(g->a, "/s/" STR_FMT "/qr.svg", STR_ARG(item->key)));
}

static const Item *asked_item(const HttpRequest *rq)
{
    return catalogue_item(visit_of(rq)->web->app->catalogue, http_param(rq, "key"));
}

HttpNext web_guide(HttpRequest *rq, HttpResponse *rs)
{
    Err err = {0};
    Guide g = {.rq = rq, .a = rq->arena, .lang = visit_of(rq)->lang, .item = asked_item(rq)};
    if (!g.item)
        return web_status(rq, rs, 404, NULL);
    g.model = value_map(g.a);
    set_text(&g, g.model, "title", g.item->name);
    read_situations(&g);
    add_item(&g);
    add_tags(&g);
    add_situations(&g);
    if (!add_needs(&g, &err))
        return web_error(rq, rs, &err);
    add_gone(&g);
    add_limits(&g);
    add_before(&g);
    add_texts(&g);
    add_ways(&g);
    guide_standard(rq, g.item, g.model);
    return web_page(rq, rs, "guide", g.model);
}

HttpNext web_guide_qr(HttpRequest *rq, HttpResponse *rs)
{
    const Item *item = asked_item(rq);
    Err err = {0};
    Str svg;
    if (!item)
        return web_status(rq, rs, 404, NULL);
    Str address = str_fmt(rq->arena, STR_FMT "/s/" STR_FMT,
                          STR_ARG(visit_of(rq)->web->app->public_url), STR_ARG(item->key));
    if (!qr_svg(rq->arena, address, address, &svg, &err))
        return web_error(rq, rs, &err);
    http_set_header(rq, rs, "Cache-Control", STR("public, max-age=3600"));
    http_set_header(rq, rs, "X-Content-Type-Options", STR("nosniff"));
    return http_answer(rq, rs, 200, "image/svg+xml", svg);
}
