/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading drafts and judging their pages. A page is done when nothing on it is wrong or open; that
 * is computed from the answers each time, so that a changed answer opens what depends on it.
 */
#include "services/apply/apply.h"

#include "json/json.h"

static bool read_json(Arena *out, Str text, Value **v, Err *err)
{
    *v = json_read(out, text, err);
    return *v != NULL;
}

static bool load_given(StoreConn *conn, Arena *out, const App *app, Draft *d, Err *err)
{
    StoreRows rows;
    if (!store_run(conn, out, SQL_MATERIALS_OF_DRAFT,
                   PARAMS(P_STR(app->catalogue->place), P_INT(d->id)), &rows, err))
        return false;
    d->given = NEW_N(out, GivenMaterial, rows.count + 1);
    d->given_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        d->given[i] = (GivenMaterial){.id = row_int(&rows, i, 0),
                                      .code = row_str(&rows, i, 1),
                                      .way = row_str(&rows, i, 2),
                                      .state = row_str(&rows, i, 3),
                                      .file = row_str(&rows, i, 4),
                                      .name = row_str(&rows, i, 5),
                                      .note = row_str(&rows, i, 6),
                                      .at = row_int(&rows, i, 7)};
    return true;
}

static Value *part(Arena *out, Value *data, const char *key)
{
    const Value *v = value_at(data, key);
    return value_is(v, VALUE_MAP) ? value_copy(out, v) : value_map(out);
}

bool draft_load(StoreConn *conn, Arena *out, const App *app, int64_t id, int64_t party, Draft *d,
                Err *err)
{
    StoreRows rows;
    if (!store_run(conn, out, SQL_DRAFT_GET, PARAMS(P_STR(app->catalogue->place), P_INT(id)), &rows,
                   err))
        return false;
    if (!rows.count || row_int(&rows, 0, 0) != party)
        return FAIL(err, ERR_NOT_FOUND, "no draft '%lld'", (long long)id);
    *d = (Draft){.id = id,
                 .party = party,
                 .item = catalogue_item(app->catalogue, row_str(&rows, 0, 1)),
                 .lang = lang_of(row_str(&rows, 0, 3)),
                 .state = row_str(&rows, 0, 6),
                 .version = row_int(&rows, 0, 7),
                 .created_at = row_int(&rows, 0, 8),
                 .updated_at = row_int(&rows, 0, 9),
                 .expires_at = row_int(&rows, 0, 10)};
    if (!d->item)
        return FAIL(err, ERR_NOT_FOUND, "item '" STR_FMT "' is no longer published",
                    STR_ARG(row_str(&rows, 0, 1)));
    Value *data;
    if (!read_json(out, row_str(&rows, 0, 4), &data, err) ||
        !read_json(out, row_str(&rows, 0, 5), &d->facts, err))
        return false;
    d->answers = part(out, data, "answers");
    d->visited = part(out, data, "visited");
    return load_given(conn, out, app, d, err);
}

bool apply_is_open(StoreTx *tx, const Item *item, Value *out, Err *err)
{
    const App *app = tx_app(tx);
    const char *why = item_closed(item, date_of_time(tx->now, app->catalogue->zone_minutes));
    if (!why || app->trial)
        return true;
    set_str(tx->arena, out, "closed", str_z(why));
    return FAIL(err, ERR_CONFLICT, "item '" STR_FMT "' takes no applications: %s",
                STR_ARG(item->key), why);
}

bool draft_list(StoreConn *conn, Arena *out, const App *app, int64_t party, Lang lang, Value *list,
                Err *err)
{
    StoreRows rows;
    if (!store_run(conn, out, SQL_DRAFTS_OF_PARTY,
                   PARAMS(P_STR(app->catalogue->place), P_INT(party)), &rows, err))
        return false;
    for (size_t i = 0; i < rows.count; i++) {
        const Item *item = catalogue_item(app->catalogue, row_str(&rows, i, 1));
        if (!item)
            continue;
        Value *row = push_map(out, list);
        set_str(out, row, "id", str_fmt(out, "%lld", (long long)row_int(&rows, i, 0)));
        set_str(out, row, "item", item->key);
        set_str(out, row, "name", text_in(item->name, lang));
        set_int(out, row, "updated_at", row_int(&rows, i, 2));
        set_int(out, row, "expires_at", row_int(&rows, i, 3));
    }
    return true;
}

bool draft_view(Arena *out, const App *app, const Draft *d, TimeMs now, DraftView *view, Err *err)
{
    view->today = date_of_time(now, app->catalogue->zone_minutes);
    return form_scope(out, d->item, d->answers, view->today, &view->scope, err);
}

Resolved draft_resolve(Arena *scratch, const Draft *d, Str code, const DraftView *view)
{
    const ItemMaterial *m = item_material(d->item, code);
    if (!m)
        return (Resolved){.state = RESOLVE_NOT_NEEDED};
    bool needed = item_material_needed(scratch, m, &view->scope);
    return resolve_material(m, needed, d->facts, d->given, d->given_count);
}

static bool answers_are_right(Arena *scratch, const Draft *d, const Page *page,
                              const DraftView *view)
{
    FormProblem problems[FORM_MAX_PROBLEMS];
    return form_check_page(scratch, d->item, page, d->answers, view->today, problems,
                           FORM_MAX_PROBLEMS) == 0;
}

static PageState facts_state(Arena *scratch, const Draft *d, const Page *page,
                             const DraftView *view)
{
    const Value *fact = value_get(d->facts, page->source);
    if (!fact)
        return PAGE_TODO;
    bool found = str_eq(get_str(fact, "state"), STR("found"));
    if (found && !get_bool(fact, "confirmed") && !get_bool(fact, "objected"))
        return PAGE_STARTED;
    return answers_are_right(scratch, d, page, view) ? PAGE_DONE : PAGE_STARTED;
}

static PageState material_state(Arena *scratch, const Draft *d, const Page *page,
                                const DraftView *view)
{
    switch (draft_resolve(scratch, d, page->material, view).state) {
    case RESOLVE_NOT_NEEDED:
    case RESOLVE_BY_FACT: return PAGE_NOT_NEEDED;
    case RESOLVE_GIVEN:
    case RESOLVE_EXPECTED: return PAGE_DONE;
    case RESOLVE_MISSING: return PAGE_TODO;
    }
    return PAGE_TODO;
}

/* A page that registers have filled is done without a visit, unless nothing on it is required. */
static bool asks_something(const Page *page)
{
    for (size_t i = 0; i < page->question_count; i++)
        if (page->questions[i].required)
            return true;
    return false;
}

PageState draft_page_state(Arena *scratch, const Draft *d, const Page *page, const DraftView *view)
{
    if (!form_page_shown(scratch, page, &view->scope))
        return PAGE_HIDDEN;
    switch (page->kind) {
    case PAGE_FACTS: return facts_state(scratch, d, page, view);
    case PAGE_MATERIAL: return material_state(scratch, d, page, view);
    case PAGE_QUESTIONS: break;
    }
    bool visited = get_bool(d->visited, str_cstr(scratch, page->id));
    if (!visited && !asks_something(page))
        return PAGE_TODO;
    if (answers_are_right(scratch, d, page, view))
        return PAGE_DONE;
    return visited ? PAGE_STARTED : PAGE_TODO;
}

const Page *draft_next_page(Arena *scratch, const Draft *d, const Page *after,
                            const DraftView *view)
{
    const Form *f = &d->item->form;
    size_t start = after ? (size_t)(after - f->pages) + 1 : 0;
    for (size_t i = 0; f->pages && i < f->page_count; i++) {
        const Page *page = &f->pages[(start + i) % f->page_count];
        PageState s = draft_page_state(scratch, d, page, view);
        if (page != after && (s == PAGE_TODO || s == PAGE_STARTED))
            return page;
    }
    return NULL;
}

Value *draft_source_inputs(Arena *out, const Draft *d, const Source *s)
{
    Value *inputs = value_map(out);
    for (size_t i = 0; i < s->input_count; i++) {
        Str text = value_text(value_get(d->answers, s->inputs[i]));
        if (!text.len)
            return NULL;
        value_set(out, inputs, s->inputs[i], value_str(out, text));
    }
    return inputs;
}

Value *draft_suggest(Arena *out, const App *app, const Draft *d, const Page *page,
                     const Value *party, TimeMs now)
{
    Value *known = value_map(out);
    DraftView view;
    FeelValue person;
    Err err = {0};
    if (!draft_view(out, app, d, now, &view, &err) || !feel_from_value(out, party, &person, &err))
        return known;
    const FeelContext *extra = feel_with(out, &(FeelContext){0}, STR("party"), person);
    FeelScope scope = {.context = extra, .outer = &view.scope};
    for (size_t i = 0; i < page->question_count; i++) {
        const Question *q = &page->questions[i];
        FeelValue v;
        if (!q->prefill || value_get(d->answers, q->element->key) ||
            !feel_eval(out, q->prefill, &scope, 0, &v, &err) || v.kind == FEEL_NULL)
            continue;
        Value *plain = feel_to_value(out, &v, &err);
        if (plain)
            value_set(out, known, q->element->key, plain);
    }
    return known;
}
