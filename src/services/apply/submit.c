/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Submitting: the whole form is checked again on the committer, whatever pages said before, and
 * what is missing is told all at once.
 */
#include "services/apply/apply.h"
#include "services/casework/casework.h"

static void add_problem(Arena *a, Value *problems, Str element, const char *key, Str arg, Str text)
{
    Value *row = push_map(a, problems);
    set_str(a, row, "element", element);
    set_str(a, row, "key", str_z(key));
    set_str(a, row, "arg", arg);
    set_str(a, row, "text", text);
}

static void check_form(Arena *a, const Draft *d, const DraftView *view, Lang lang, Value *problems)
{
    FormProblem p[FORM_MAX_PROBLEMS];
    size_t n = form_check(a, d->item, d->answers, view->today, p, FORM_MAX_PROBLEMS);
    for (size_t i = 0; i < n; i++)
        add_problem(a, problems, p[i].element, p[i].key, p[i].arg, text_in(p[i].text, lang));
}

static void check_materials(Arena *a, const Draft *d, const DraftView *view, Lang lang,
                            Value *problems)
{
    for (size_t i = 0; i < d->item->material_count; i++) {
        const ItemMaterial *m = &d->item->materials[i];
        Resolved r = draft_resolve(a, d, m->material->code, view);
        if (r.state == RESOLVE_MISSING && !r.may_follow)
            add_problem(a, problems, m->material->code, "error.material.missing",
                        text_in(m->material->name, lang), STR(""));
    }
}

/* Facts that were read must have been looked at: confirmed or objected to. */
static void check_facts(Arena *a, const Draft *d, const DraftView *view, Value *problems)
{
    for (size_t i = 0; i < d->item->form.page_count; i++) {
        const Page *page = &d->item->form.pages[i];
        if (page->kind != PAGE_FACTS || !form_page_shown(a, page, &view->scope))
            continue;
        const Value *fact = value_get(d->facts, page->source);
        if (str_eq(get_str(fact, "state"), STR("found")) && !get_bool(fact, "confirmed") &&
            !get_bool(fact, "objected"))
            add_problem(a, problems, page->id, "error.fact.open", STR(""), STR(""));
    }
}

/* Answers of pages that are not shown are not part of the application. */
static Value *shown_answers(Arena *a, const Draft *d, const DraftView *view)
{
    Value *kept = value_map(a);
    for (size_t i = 0; i < d->item->form.page_count; i++) {
        const Page *page = &d->item->form.pages[i];
        if (!form_page_shown(a, page, &view->scope))
            continue;
        for (size_t k = 0; k < page->question_count; k++) {
            Str key = page->questions[k].element->key;
            const Value *v = value_get(d->answers, key);
            if (v && v->kind != VALUE_NULL &&
                form_question_shown(a, &page->questions[k], &view->scope))
                value_set(a, kept, key, value_copy(a, v));
        }
    }
    return kept;
}

static bool any_part(Arena *a, const Bundle *b, const DraftView *view)
{
    for (size_t i = 0; i < b->part_count; i++)
        if (part_chosen(a, &b->parts[i], &view->scope))
            return true;
    return false;
}

static bool check(StoreTx *tx, const Draft *d, const Value *in, Lang lang, DraftView *view,
                  Value *out, Err *err)
{
    if (!draft_view(tx->arena, tx_app(tx), d, tx->now, view, err))
        return false;
    Value *problems = value_list(tx->arena);
    check_form(tx->arena, d, view, lang, problems);
    check_materials(tx->arena, d, view, lang, problems);
    check_facts(tx->arena, d, view, problems);
    if (d->item->bundle && !any_part(tx->arena, d->item->bundle, view))
        add_problem(tx->arena, problems, STR("situation"), "error.no-part", STR(""), STR(""));
    if (!get_bool(in, "declaration"))
        add_problem(tx->arena, problems, STR("declaration"), "error.declaration", STR(""), STR(""));
    size_t n = value_count(problems);
    if (!n)
        return true;
    set_value(tx->arena, out, "problems", problems);
    return FAIL(err, ERR_INPUT, "%zu problems in the application", n);
}

/* ---- what a part gets of an application to the whole ---- */

static bool takes_source(const Item *item, Str source)
{
    for (size_t i = 0; i < item->form.page_count; i++)
        if (str_eq(item->form.pages[i].source, source))
            return true;
    for (size_t i = 0; i < item->material_count; i++) {
        const Material *m = item->materials[i].material;
        for (size_t k = 0; k < m->replaced_count; k++)
            if (str_eq(m->replaced_by[k].source, source))
                return true;
    }
    return false;
}

/* The facts that it asks for itself: no more of them is its organ's business. */
static Value *facts_of_part(Arena *a, const Item *item, const Value *facts)
{
    Value *kept = value_map(a);
    for (uint32_t i = 0; i < value_count(facts); i++)
        if (takes_source(item, facts->map.members[i].key))
            value_set(a, kept, facts->map.members[i].key,
                      value_copy(a, facts->map.members[i].value));
    return kept;
}

/* Its own guide's questions, where the whole's guide asked them. */
static void keep_situations(Arena *a, const Item *item, const Value *answers, Value *kept)
{
    for (size_t i = 0; i < item->situation_count; i++) {
        const Value *v = value_get(answers, item->situations[i].key);
        if (v && v->kind != VALUE_NULL)
            value_set(a, kept, item->situations[i].key, value_copy(a, v));
    }
}

static bool fill_part(StoreTx *tx, const Draft *d, const Item *item, CaseNew *n, Err *err)
{
    Draft own = *d;
    DraftView view;
    own.item = item;
    if (!draft_view(tx->arena, tx_app(tx), &own, tx->now, &view, err))
        return false;
    n->item = item;
    n->answers = shown_answers(tx->arena, &own, &view);
    n->facts = facts_of_part(tx->arena, item, d->facts);
    keep_situations(tx->arena, item, d->answers, n->answers);
    GivenMaterial *given = NEW_N(tx->arena, GivenMaterial, d->given_count + 1);
    n->given_count = 0;
    for (size_t i = 0; i < d->given_count; i++)
        if (item_material(item, d->given[i].code))
            given[n->given_count++] = d->given[i];
    n->given = given;
    return true;
}

static bool open_whole(StoreTx *tx, const Draft *d, const DraftView *view, const CaseNew *whole,
                       CaseFile *cf, Err *err)
{
    const Bundle *b = d->item->bundle;
    CaseNew *parts = NEW_N(tx->arena, CaseNew, b->part_count + 1);
    size_t n = 0;
    for (size_t i = 0; i < b->part_count; i++) {
        if (!part_chosen(tx->arena, &b->parts[i], &view->scope))
            continue;
        parts[n] = *whole;
        if (!fill_part(tx, d, b->parts[i].item, &parts[n++], err))
            return false;
    }
    return casework_open_whole(tx, whole, parts, n, cf, err);
}

/* Its id; 0 on failure. */
static int64_t open_case(StoreTx *tx, const Actor *actor, const Draft *d, const DraftView *view,
                         Str channel, Value *out, Err *err)
{
    CaseFile cf;
    CaseNew n = {.item = d->item,
                 .lang = d->lang,
                 .channel = channel,
                 .answers = shown_answers(tx->arena, d, view),
                 .facts = d->facts,
                 .given = d->given,
                 .given_count = d->given_count};
    if (!party_find(tx->conn, tx->arena, actor->id, &n.party, err))
        return 0;
    if (!(d->item->bundle ? open_whole(tx, d, view, &n, &cf, err)
                          : casework_open(tx, &n, &cf, err)))
        return 0;
    set_str(tx->arena, out, "case", str_fmt(tx->arena, "%lld", (long long)cf.id));
    set_str(tx->arena, out, "no", cf.no);
    set_str(tx->arena, out, "check_code", cf.check_code);
    return cf.id;
}

bool apply_submit(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    Draft d;
    DraftView view;
    int64_t id = get_int(in, "draft", 0);
    if (!draft_load(tx->conn, tx->arena, tx_app(tx), id, actor->id, &d, err))
        return false;
    if (!str_eq(d.state, STR("open")))
        return FAIL(err, ERR_CONFLICT, "draft '%lld' is " STR_FMT, (long long)id, STR_ARG(d.state));
    if (!apply_is_open(tx, d.item, out, err) || !check(tx, &d, in, actor->lang, &view, out, err))
        return false;
    int64_t case_id = open_case(tx, actor, &d, &view, STR("online"), out, err);
    return case_id &&
           tx_run(tx, SQL_MATERIALS_TO_CASE, PARAMS(P_STR(tx->place), P_INT(d.id), P_INT(case_id)),
                  NULL, err) &&
           tx_run(tx, SQL_DRAFT_STATE,
                  PARAMS(P_STR(tx->place), P_INT(d.id), P_STR(STR("submitted")), P_INT(tx->now)),
                  NULL, err);
}

/* Only "I will mail it" can be said without an upload before. */
static bool read_mailed(StoreTx *tx, const Value *list, Draft *d, Err *err)
{
    size_t n = value_count(list);
    if (n > DRAFT_MATERIALS_MAX)
        return FAIL(err, ERR_LIMIT, "more than %d materials", DRAFT_MATERIALS_MAX);
    d->given = NEW_N(tx->arena, GivenMaterial, n + 1);
    for (uint32_t i = 0; i < n; i++) {
        Str code = get_str(value_item(list, i), "code");
        const ItemMaterial *m = item_material(d->item, code);
        if (!m || !m->by_mail)
            return FAIL(err, ERR_INPUT, "material '" STR_FMT "' may not be mailed", STR_ARG(code));
        d->given[d->given_count++] = (GivenMaterial){.id = tx_id(tx),
                                                     .code = code,
                                                     .way = STR("mail"),
                                                     .state = STR("expected"),
                                                     .at = tx->now};
    }
    return true;
}

static bool keep_mailed(StoreTx *tx, const Draft *d, int64_t case_id, Err *err)
{
    for (size_t i = 0; i < d->given_count; i++)
        if (!tx_run(tx, SQL_MATERIAL_ADD,
                    PARAMS(P_STR(tx->place), P_INT(d->given[i].id), P_INT(0), P_INT(case_id),
                           P_STR(d->given[i].code), P_STR(STR("mail")), P_STR(STR("expected")),
                           P_STR(STR("")), P_STR(STR("")), P_STR(STR("")), P_INT(tx->now)),
                    NULL, err))
            return false;
    return true;
}

bool apply_at_once(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    Str key = get_str(in, "item");
    const Value *answers = value_at(in, "answers"), *mailed = value_at(in, "materials");
    Draft d = {.item = catalogue_item(tx_app(tx)->catalogue, key),
               .lang = lang_of(get_str(in, "lang")),
               .facts = value_map(tx->arena)};
    if (!d.item)
        return FAIL(err, ERR_NOT_FOUND, "no item '" STR_FMT "'", STR_ARG(key));
    d.answers =
        value_is(answers, VALUE_MAP) ? value_copy(tx->arena, answers) : value_map(tx->arena);
    DraftView view;
    if (!apply_is_open(tx, d.item, out, err))
        return false;
    if (value_is(mailed, VALUE_LIST) && !read_mailed(tx, mailed, &d, err))
        return false;
    if (!check(tx, &d, in, actor->lang, &view, out, err))
        return false;
    int64_t case_id = open_case(tx, actor, &d, &view, STR("api"), out, err);
    return case_id && keep_mailed(tx, &d, case_id, err);
}
