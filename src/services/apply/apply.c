/* SPDX-License-Identifier: Apache-2.0 */
/* The use cases of a draft. Each loads it inside its transaction, so two windows cannot lose a
 * word. */
#include "services/apply/apply.h"

#include "services/party/party.h"
#include "json/json.h"

static bool open_draft(StoreTx *tx, const Actor *actor, const Value *in, Draft *d, Err *err)
{
    if (!draft_load(tx->conn, tx->arena, tx_app(tx), get_int(in, "draft", 0), actor->id, d, err))
        return false;
    if (!str_eq(d->state, STR("open")))
        return FAIL(err, ERR_CONFLICT, "draft '%lld' is " STR_FMT, (long long)d->id,
                    STR_ARG(d->state));
    return true;
}

/* A fact holds for what its register was asked about: with another answer it is nobody's fact. What
 * was declined was never asked. */
static bool fact_is_current(Arena *a, const Draft *d, const Source *s, const Value *fact)
{
    const Value *asked = value_at(fact, "inputs");
    if (!asked)
        return true;
    const Value *now = s ? draft_source_inputs(a, d, s) : NULL;
    return now && str_eq(json_canonical(a, now), json_canonical(a, asked));
}

static void drop_stale_facts(StoreTx *tx, Draft *d)
{
    Value *kept = value_map(tx->arena);
    for (uint32_t i = 0; i < value_count(d->facts); i++) {
        const ValueMember *m = &d->facts->map.members[i];
        const Source *s = catalogue_source(tx_app(tx)->catalogue, m->key);
        if (fact_is_current(tx->arena, d, s, m->value))
            value_set(tx->arena, kept, m->key, m->value);
    }
    d->facts = kept;
}

static bool save_draft(StoreTx *tx, Draft *d, Err *err)
{
    drop_stale_facts(tx, d);
    Value *data = value_map(tx->arena);
    set_value(tx->arena, data, "answers", d->answers);
    set_value(tx->arena, data, "visited", d->visited);
    Str text = json_text(tx->arena, data), facts = json_text(tx->arena, d->facts);
    if (text.len + facts.len > DRAFT_MAX_BYTES)
        return FAIL(err, ERR_LIMIT, "draft over %d bytes", DRAFT_MAX_BYTES);
    return tx_run(tx, SQL_DRAFT_SAVE,
                  PARAMS(P_STR(tx->place), P_INT(d->id), P_STR(text), P_STR(facts), P_INT(tx->now),
                         P_INT(tx->now + DRAFT_KEEP_MS)),
                  NULL, err);
}

static void put_id(StoreTx *tx, Value *out, const char *key, int64_t id)
{
    set_str(tx->arena, out, key, str_fmt(tx->arena, "%lld", (long long)id));
}

/* Only what some question of the form asks is kept. */
static void keep_asked(Arena *a, const Item *item, const Value *answers, Value *kept)
{
    for (size_t i = 0; i < item->form.page_count; i++) {
        const Page *page = &item->form.pages[i];
        for (size_t k = 0; k < page->question_count; k++) {
            const Value *v = value_get(answers, page->questions[k].element->key);
            if (v)
                value_set(a, kept, page->questions[k].element->key, value_copy(a, v));
        }
    }
}

bool apply_start(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    const Item *item = catalogue_item(tx_app(tx)->catalogue, get_str(in, "item"));
    if (!item)
        return FAIL(err, ERR_NOT_FOUND, "no item '" STR_FMT "'", STR_ARG(get_str(in, "item")));
    StoreRows rows;
    if (!apply_is_open(tx, item, out, err))
        return false;
    if (!tx_run(tx, SQL_DRAFTS_OPEN, PARAMS(P_STR(tx->place), P_INT(actor->id)), &rows, err))
        return false;
    if (row_int(&rows, 0, 0) >= DRAFTS_OPEN_MAX)
        return FAIL(err, ERR_LIMIT, "more than %d open drafts", DRAFTS_OPEN_MAX);
    Value *data = value_map(tx->arena);
    Value *answers = set_map(tx->arena, data, "answers");
    keep_asked(tx->arena, item, value_at(in, "answers"), answers);
    set_map(tx->arena, data, "visited");
    if (json_text(tx->arena, data).len > DRAFT_MAX_BYTES)
        return FAIL(err, ERR_LIMIT, "draft over %d bytes", DRAFT_MAX_BYTES);
    int64_t id = tx_id(tx);
    put_id(tx, out, "draft", id);
    return tx_run(tx, SQL_DRAFT_ADD,
                  PARAMS(P_STR(tx->place), P_INT(id), P_INT(actor->id), P_STR(item->key),
                         P_STR(item->version), P_STR(lang_name(lang_of(get_str(in, "lang")))),
                         P_STR(json_text(tx->arena, data)), P_STR(STR("{}")), P_INT(tx->now),
                         P_INT(tx->now + DRAFT_KEEP_MS)),
                  NULL, err);
}

static void put_problems(Arena *a, Value *out, const FormProblem *p, size_t n, Lang lang)
{
    Value *list = set_list(a, out, "problems");
    for (size_t i = 0; i < n; i++) {
        Value *row = push_map(a, list);
        set_str(a, row, "element", p[i].element);
        set_str(a, row, "key", str_z(p[i].key));
        set_str(a, row, "arg", p[i].arg);
        set_str(a, row, "text", text_in(p[i].text, lang));
    }
}

/* Problems that matter when somebody saves for later: not that something is still missing. */
static size_t without_missing(FormProblem *p, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (strcmp(p[i].key, "error.required") != 0)
            p[kept++] = p[i];
    return kept;
}

/* The page's own answers replace the old ones; a question left empty is an answer taken back. */
static void take_answers(Arena *a, Draft *d, const Page *page, const Value *given)
{
    for (size_t i = 0; i < page->question_count; i++) {
        Str key = page->questions[i].element->key;
        const Value *v = value_get(given, key);
        value_set(a, d->answers, key, v ? value_copy(a, v) : value_null(a));
    }
}

bool apply_save(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    Draft d;
    if (!open_draft(tx, actor, in, &d, err))
        return false;
    const Page *page = form_page(&d.item->form, get_str(in, "page"));
    if (!page)
        return FAIL(err, ERR_NOT_FOUND, "no page '" STR_FMT "'", STR_ARG(get_str(in, "page")));
    take_answers(tx->arena, &d, page, value_at(in, "answers"));
    value_set(tx->arena, d.visited, page->id, value_bool(tx->arena, true));
    DraftView view;
    if (!draft_view(tx->arena, tx_app(tx), &d, tx->now, &view, err))
        return false;
    FormProblem problems[FORM_MAX_PROBLEMS];
    size_t n = form_check_page(tx->arena, d.item, page, d.answers, view.today, problems,
                               FORM_MAX_PROBLEMS);
    if (get_bool(in, "partial"))
        n = without_missing(problems, n);
    if (n) {
        put_problems(tx->arena, out, problems, n, actor->lang);
        return FAIL(err, ERR_INPUT, "%zu problems on page '" STR_FMT "'", n, STR_ARG(page->id));
    }
    const Page *next = draft_next_page(tx->arena, &d, page, &view);
    if (next && !get_bool(in, "partial"))
        set_str(tx->arena, out, "next", next->id);
    put_id(tx, out, "draft", d.id);
    return save_draft(tx, &d, err);
}

/* Was the register asked about somebody else? The identity numbers of its inputs tell; other says
 * whose, empty where it is the applicant's own. */
static bool asked_about_other(StoreTx *tx, const Actor *actor, const Source *s, const Value *fact,
                              Str *other, Err *err)
{
    Party self;
    *other = STR("");
    if (!party_find(tx->conn, tx->arena, actor->id, &self, err))
        return false;
    for (size_t i = 0; i < s->input_count; i++) {
        const Element *e = catalogue_element(tx_app(tx)->catalogue, s->inputs[i]);
        Str number = value_text(value_get(value_at(fact, "inputs"), s->inputs[i]));
        if (e && e->type == ELEMENT_IDCARD && number.len && !str_eq(number, self.id_number))
            *other = number;
    }
    return true;
}

/* Who is read about sees it in his own log too, once he is known here. */
static bool log_for_other(StoreTx *tx, Str number, Access access, Err *err)
{
    StoreRows rows;
    if (!number.len)
        return true;
    if (!tx_run(tx, SQL_PARTY_BY_NUMBER, PARAMS(P_STR(STR("idcard")), P_STR(number)), &rows, err))
        return false;
    if (!rows.count)
        return true;
    access.party = row_int(&rows, 0, 0);
    return party_log_access(tx, &access, err);
}

bool apply_facts(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    Draft d;
    Str key = get_str(in, "source");
    const Source *s = catalogue_source(tx_app(tx)->catalogue, key);
    const Value *fact = value_at(in, "fact");
    if (!open_draft(tx, actor, in, &d, err))
        return false;
    if (!s || !value_is(fact, VALUE_MAP))
        return FAIL(err, ERR_INPUT, "no source '" STR_FMT "'", STR_ARG(key));
    if (!fact_is_current(tx->arena, &d, s, fact))
        return FAIL(err, ERR_CONFLICT, "answers changed while '" STR_FMT "' was read",
                    STR_ARG(key));
    Str other;
    if (!asked_about_other(tx, actor, s, fact, &other, err))
        return false;
    Value *kept = value_copy(tx->arena, fact);
    set_bool(tx->arena, kept, "of_other", other.len > 0);
    value_set(tx->arena, d.facts, key, kept);
    put_id(tx, out, "draft", d.id);
    bool read = str_eq(get_str(fact, "state"), STR("found"));
    Access access = {.party = actor->id,
                     .actor = STR("system"),
                     .what = key,
                     .purpose = text_in(s->purpose, LANG_ZH),
                     .basis = text_in(s->basis, LANG_ZH)};
    return save_draft(tx, &d, err) &&
           (!read || (party_log_access(tx, &access, err) && log_for_other(tx, other, access, err)));
}

/* Elements that name this source take over its values. */
static bool is_sensitive(const Source *s, Str field)
{
    for (size_t i = 0; s && i < s->field_count; i++)
        if (str_eq(s->fields[i].key, field))
            return s->fields[i].sensitive;
    return true;
}

static void fill_from_fact(Arena *a, Draft *d, const App *app, Str source, const Value *fact)
{
    const Source *s = catalogue_source(app->catalogue, source);
    const Value *fields = value_at(fact, "fields");
    bool of_other = get_bool(fact, "of_other");
    Str prefix = str_join(a, source, STR("."));
    for (size_t i = 0; i < app->catalogue->element_count; i++) {
        const Element *e = &app->catalogue->elements[i];
        if (!str_starts(e->source, prefix))
            continue;
        Str field = str_slice(e->source, prefix.len, e->source.len);
        const Value *v = value_get(fields, field);
        if (of_other && is_sensitive(s, field))
            continue; /* what the applicant may not see is not put into his form */
        if (v && v->kind != VALUE_NULL)
            value_set(a, d->answers, e->key,
                      v->kind == VALUE_NUMBER ? value_str(a, v->text) : value_copy(a, v));
    }
}

bool apply_confirm(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    Draft d;
    Str key = get_str(in, "source");
    if (!open_draft(tx, actor, in, &d, err))
        return false;
    const Value *known = value_get(d.facts, key);
    if (!known)
        return FAIL(err, ERR_CONFLICT, "source '" STR_FMT "' was not read yet", STR_ARG(key));
    Value *fact = value_copy(tx->arena, known);
    bool confirm = get_bool(in, "confirm");
    set_bool(tx->arena, fact, "confirmed", confirm);
    set_bool(tx->arena, fact, "objected", !confirm);
    set_str(tx->arena, fact, "note", get_str(in, "note"));
    value_set(tx->arena, d.facts, key, fact);
    if (confirm)
        fill_from_fact(tx->arena, &d, tx_app(tx), key, fact);
    put_id(tx, out, "draft", d.id);
    return save_draft(tx, &d, err);
}

static bool add_material(StoreTx *tx, const Draft *d, Str code, const Value *row, Str way, Err *err)
{
    Str hash = get_str(row, "hash");
    bool mailed = str_eq(way, STR("mail"));
    if (!mailed && !tx_run(tx, SQL_FILE_ADD,
                           PARAMS(P_STR(hash), P_INT(get_int(row, "size", 0)),
                                  P_STR(get_str(row, "type")), P_INT(tx->now)),
                           NULL, err))
        return false;
    return tx_run(tx, SQL_MATERIAL_ADD,
                  PARAMS(P_STR(tx->place), P_INT(tx_id(tx)), P_INT(d->id), P_INT(0), P_STR(code),
                         P_STR(way), P_STR(mailed ? STR("expected") : STR("given")), P_STR(hash),
                         P_STR(get_str(row, "name")), P_STR(get_str(row, "note")), P_INT(tx->now)),
                  NULL, err);
}

static size_t live_count(const Draft *d, Str code)
{
    size_t n = 0;
    for (size_t i = 0; i < d->given_count; i++)
        n += str_eq(d->given[i].code, code);
    return n;
}

static bool give_files(StoreTx *tx, const Draft *d, const ItemMaterial *m, const Value *files,
                       Err *err)
{
    size_t n = value_count(files), max = m->max_files > 0 ? (size_t)m->max_files : 5;
    if (!n)
        return FAIL(err, ERR_INPUT, "no file");
    if (live_count(d, m->material->code) + n > max || d->given_count + n > DRAFT_FILES_MAX)
        return FAIL(err, ERR_LIMIT, "more than %zu files", max);
    for (size_t i = 0; i < n; i++)
        if (!add_material(tx, d, m->material->code, value_item(files, i), STR("upload"), err))
            return false;
    return true;
}

bool apply_give(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    Draft d;
    if (!open_draft(tx, actor, in, &d, err))
        return false;
    const ItemMaterial *m = item_material(d.item, get_str(in, "code"));
    if (!m)
        return FAIL(err, ERR_NOT_FOUND, "no material '" STR_FMT "'", STR_ARG(get_str(in, "code")));
    put_id(tx, out, "draft", d.id);
    if (!str_eq(get_str(in, "way"), STR("mail")))
        return give_files(tx, &d, m, value_at(in, "files"), err);
    if (!m->by_mail)
        return FAIL(err, ERR_INPUT, "material '" STR_FMT "' may not be mailed",
                    STR_ARG(m->material->code));
    if (live_count(&d, m->material->code))
        return true;
    return add_material(tx, &d, m->material->code, in, STR("mail"), err);
}

bool apply_take_back(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    Draft d;
    StoreRows rows;
    if (!open_draft(tx, actor, in, &d, err) ||
        !tx_run(tx, SQL_MATERIAL_REMOVE,
                PARAMS(P_STR(tx->place), P_INT(get_int(in, "material", 0)), P_INT(d.id)), &rows,
                err))
        return false;
    put_id(tx, out, "draft", d.id);
    return rows.changed == 1 ||
           FAIL(err, ERR_NOT_FOUND, "no such material in draft '%lld'", (long long)d.id);
}

bool apply_drop(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    Draft d;
    (void)out;
    return open_draft(tx, actor, in, &d, err) &&
           tx_run(tx, SQL_DRAFT_STATE,
                  PARAMS(P_STR(tx->place), P_INT(d.id), P_STR(STR("dropped")), P_INT(tx->now)),
                  NULL, err);
}
