/* SPDX-License-Identifier: Apache-2.0 */
/* A citizen's own space: cases and drafts, and who read what of the person, when and why. */
#include "services/certificate/localise.h"
#include "services/my/my.h"
#include "services/party/party.h"
#include "web/pages.h"

static void put_case_words(const HttpRequest *rq, Value *c)
{
    Str state = get_str(c, "state");
    set_str(rq->arena, c, "url",
            str_fmt(rq->arena, "/my/cases/" STR_FMT, STR_ARG(get_str(c, "no"))));
    set_str(rq->arena, c, "state_text",
            web_text_str(rq, str_fmt(rq->arena, "state." STR_FMT, STR_ARG(state))));
    set_str(rq->arena, c, "state_tag", web_state_tag(state));
    set_bool(rq->arena, c, "todo", str_eq(state, STR("correction")));
    Value *parts = value_inside(c, "parts");
    set_bool(rq->arena, c, "has_parts", parts != NULL);
    for (size_t i = 0; i < value_count(parts); i++) {
        put_case_words(rq, value_item(parts, i));
        if (get_bool(value_item(parts, i), "todo"))
            set_bool(rq->arena, c, "todo", true);
    }
    if (!parts)
        set_list(rq->arena, c, "parts");
}

/* Open ones, what waits for the citizen first; and the closed ones apart. */
static void sort_cases(const HttpRequest *rq, Value *m)
{
    const Value *cases = value_at(m, "cases");
    Value *open = set_list(rq->arena, m, "open"), *closed = set_list(rq->arena, m, "closed");
    for (int turn = 0; turn < 2; turn++)
        for (size_t i = 0; i < value_count(cases); i++) {
            Value *c = value_item(cases, i);
            if (turn == 0)
                put_case_words(rq, c);
            if (get_bool(c, "todo") == (turn == 0) && !get_bool(c, "closed"))
                value_push(rq->arena, open, c);
            else if (turn == 0 && get_bool(c, "closed"))
                value_push(rq->arena, closed, c);
        }
    set_bool(rq->arena, m, "any_open", value_count(open) > 0);
    set_bool(rq->arena, m, "any_closed", value_count(closed) > 0);
    set_bool(rq->arena, m, "any_draft", value_count(value_at(m, "drafts")) > 0);
    set_bool(rq->arena, m, "nothing",
             value_count(cases) == 0 && value_count(value_at(m, "drafts")) == 0);
}

HttpNext web_my(HttpRequest *rq, HttpResponse *rs)
{
    const Visit *v = visit_of(rq);
    const App *app = v->web->app;
    Value *raw = value_map(rq->arena);
    Err err = {0};
    Viewing by = viewing_of(rq);
    if (!my_overview(&by, raw, &err))
        return web_error(rq, rs, &err);
    Value *m = localise(rq->arena, raw, v->lang, app->catalogue->zone_minutes);
    const Value *drafts = value_at(m, "drafts");
    for (size_t i = 0; i < value_count(drafts); i++)
        set_str(
            rq->arena, value_item(drafts, i), "url",
            str_fmt(rq->arena, "/apply/" STR_FMT, STR_ARG(get_str(value_item(drafts, i), "id"))));
    sort_cases(rq, m);
    return web_page(rq, rs, "my", m);
}

/* ---- who read my data ---- */

/* Registers are named by their key; staff by "organ name"; what they looked at is a case number. */
static void put_reading(const HttpRequest *rq, Value *r)
{
    const Visit *v = visit_of(rq);
    const Catalogue *c = v->web->app->catalogue;
    Str actor = get_str(r, "actor"), what = get_str(r, "what");
    const Source *s = catalogue_source(c, what);
    bool by_system = str_eq(actor, STR("system"));
    size_t space = str_find(actor, STR(" "), 0);
    const Organ *organ = catalogue_organ(c, str_slice(actor, 0, space));
    Str who = organ ? str_fmt(rq->arena, STR_FMT STR_FMT, STR_ARG(text_in(organ->name, v->lang)),
                              STR_ARG(str_slice(actor, space, actor.len)))
                    : actor;
    set_bool(rq->arena, r, "by_system", by_system);
    set_str(rq->arena, r, "who", by_system ? web_text(rq, "my.access.system") : who);
    set_bool(rq->arena, r, "of_register", s != NULL);
    set_str(rq->arena, r, "what_text", s ? text_in(s->name, v->lang) : what);
    set_str(rq->arena, r, "owner", s ? text_in(s->owner, v->lang) : STR(""));
    set_str(rq->arena, r, "url",
            s ? STR("") : str_fmt(rq->arena, "/my/cases/" STR_FMT, STR_ARG(what)));
    set_str(rq->arena, r, "purpose_text", s ? text_in(s->purpose, v->lang) : get_str(r, "purpose"));
    set_str(rq->arena, r, "basis_text", s ? text_in(s->basis, v->lang) : STR(""));
}

HttpNext web_my_access(HttpRequest *rq, HttpResponse *rs)
{
    const Visit *v = visit_of(rq);
    Value *m = value_map(rq->arena);
    Value *list = set_list(rq->arena, m, "readings");
    Err err = {0};
    if (!party_access_list(v->reader, rq->arena, v->actor.id, list, &err))
        return web_error(rq, rs, &err);
    web_times(rq, m);
    for (size_t i = 0; i < value_count(list); i++)
        put_reading(rq, value_item(list, i));
    set_bool(rq->arena, m, "any", value_count(value_inside(m, "readings")) > 0);
    return web_page(rq, rs, "access", m);
}
