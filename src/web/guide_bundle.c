/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the guide of one matter adds: which of its parts apply after the answers so far, why, what
 * each waits for, and how many questions of the one form are left for this visitor.
 */
#include "model/form.h"
#include "web/web_int.h"

typedef struct {
    const HttpRequest *rq;
    Arena *a;
    Lang lang;
    const FeelScope *scope;
    size_t yes, open;
} Matter;

static Str names_of(const Matter *m, const Part *const *list, size_t count)
{
    StrBuf b = buf_in(m->a);
    for (size_t i = 0; i < count; i++) {
        if (part_choice(m->a, list[i], m->scope, NULL) != CHOICE_YES)
            continue;
        if (b.len)
            buf_add(&b, web_text(m->rq, "list.and"));
        buf_add(&b, text_in(list[i]->item->name, m->lang));
    }
    return buf_str(&b);
}

/* Why it is a part of it for this visitor, or why not. */
static Str reason_of(const Matter *m, const Part *p, Choice c, const Part *because)
{
    Value *with = value_map(m->a);
    switch (c) {
    case CHOICE_YES: return text_in(p->why, m->lang);
    case CHOICE_NO: {
        Str unless = text_in(p->unless, m->lang);
        return unless.len ? unless : web_text(m->rq, "bundle.not");
    }
    case CHOICE_LEFT_OUT: return web_text(m->rq, "bundle.left-out");
    case CHOICE_NEEDS:
        set_str(m->a, with, "name", text_in(because->item->name, m->lang));
        return web_text_with(m->rq, "bundle.needs", with);
    case CHOICE_OPEN: return web_text(m->rq, "bundle.open");
    }
    return STR("");
}

static void put_part(Matter *m, const Part *p, Value *list)
{
    const Part *because = NULL;
    Choice c = part_choice(m->a, p, m->scope, &because);
    Value *o = push_map(m->a, list);
    m->yes += c == CHOICE_YES;
    m->open += c == CHOICE_OPEN;
    set_str(m->a, o, "key", p->item->key);
    set_str(m->a, o, "url", str_fmt(m->a, "/s/" STR_FMT, STR_ARG(p->item->key)));
    set_str(m->a, o, "name", text_in(p->item->name, m->lang));
    set_str(m->a, o, "organ", text_in(p->item->organ->name, m->lang));
    set_str(m->a, o, "limit", web_limit(m->rq, &p->item->promise));
    set_str(m->a, o, "reason", reason_of(m, p, c, because));
    set_bool(m->a, o, "chosen", c == CHOICE_YES);
    set_bool(m->a, o, "maybe", c == CHOICE_OPEN);
    set_bool(m->a, o, "optional", p->optional && c == CHOICE_YES);
    Str after = names_of(m, p->after, p->after_count);
    Str needs = names_of(m, p->requires, p->requires_count);
    bool both = after.len && needs.len;
    set_str(m->a, o, "waits_for",
            c != CHOICE_YES
                ? STR("")
                : str_fmt(m->a, STR_FMT STR_FMT STR_FMT, STR_ARG(needs),
                          STR_ARG(both ? web_text(m->rq, "list.and") : STR("")), STR_ARG(after)));
}

static size_t count_questions(const Matter *m, const Form *f)
{
    size_t n = 0;
    for (size_t i = 0; i < f->page_count; i++)
        for (size_t k = 0; k < f->pages[i].question_count; k++)
            n += form_page_shown(m->a, &f->pages[i], m->scope) &&
                 form_question_shown(m->a, &f->pages[i].questions[k], m->scope);
    return n;
}

void guide_bundle(const HttpRequest *rq, const Bundle *b, const FeelScope *scope, Value *model)
{
    Matter m = {.rq = rq, .a = rq->arena, .lang = visit_of(rq)->lang, .scope = scope};
    Value *o = set_map(m.a, model, "bundle");
    Value *parts = set_list(m.a, o, "parts"), *organs = set_list(m.a, o, "organs");
    for (size_t i = 0; i < b->part_count; i++)
        put_part(&m, &b->parts[i], parts);
    for (size_t i = 0; i < b->organ_count; i++)
        push_str(m.a, organs, text_in(b->organs[i]->name, m.lang));
    set_int(m.a, o, "yes", (int64_t)m.yes);
    set_int(m.a, o, "n", (int64_t)m.yes);
    set_int(m.a, o, "part_count", (int64_t)b->part_count);
    set_int(m.a, o, "organ_count", (int64_t)b->organ_count);
    set_int(m.a, o, "questions", (int64_t)count_questions(&m, &b->whole.form));
    set_bool(m.a, o, "nothing", m.yes == 0 && m.open == 0);
    set_bool(m.a, o, "together", !b->as_ready);
}
