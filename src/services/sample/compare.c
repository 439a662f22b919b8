/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What came of it against what was expected. Maps are compared by the keys that the sample names;
 * a text in both languages is as expected when one of them is; numbers are compared by value.
 */
#include "base/decimal.h"
#include "engine/resolve/resolve.h"
#include "services/sample/sample_int.h"
#include "json/json.h"

typedef struct {
    Stage *st;
    CaseFile cf;
    StoreRows events, documents, certificates, messages;
    size_t incidents;
} Outcome;

static bool rows_of(Stage *st, SqlId sql, StoreRows *rows, Err *err)
{
    int64_t id = 0;
    return str_int(st->case_id, &id) &&
           store_run(&st->reader, st->arena, sql,
                     PARAMS(P_STR(st->app.catalogue->place), P_INT(id)), rows, err);
}

/* ---- like ---- */

static bool same_number(Str x, Str y)
{
    Decimal a, b;
    return decimal_parse(x, &a) && decimal_parse(y, &b) && decimal_cmp(a, b) == 0;
}

static bool same_scalar(const Value *expected, const Value *got)
{
    if (!got)
        return expected->kind == VALUE_NULL;
    if (expected->kind == VALUE_BOOL)
        return got->kind == VALUE_BOOL && got->truth == expected->truth;
    if (expected->kind == VALUE_NULL)
        return got->kind == VALUE_NULL;
    if (expected->kind == VALUE_STR && got->kind == VALUE_MAP)
        return str_eq(get_str(got, "zh"), expected->text) ||
               str_eq(get_str(got, "en"), expected->text);
    if (got->kind != VALUE_STR && got->kind != VALUE_NUMBER)
        return false;
    return str_eq(expected->text, got->text) || same_number(expected->text, got->text);
}

static Str shown(Stage *st, const Value *v)
{
    return v ? json_text(st->arena, v) : STR("nothing");
}

static void mismatch(Stage *st, const Value *expected, Str what, const Value *got)
{
    stage_complain(st, "sample.expected", expected, STR_FMT ": expected " STR_FMT ", got " STR_FMT,
                   STR_ARG(what), STR_ARG(shown(st, expected)), STR_ARG(shown(st, got)));
}

static void compare(Stage *st, const Value *expected, const Value *got, Str what)
{
    if (expected->kind == VALUE_MAP) {
        for (size_t i = 0; i < value_count(expected); i++) {
            const ValueMember *m = &expected->map.members[i];
            Str inner = str_fmt(st->arena, STR_FMT "." STR_FMT, STR_ARG(what), STR_ARG(m->key));
            compare(st, m->value, value_get(got, m->key), inner);
        }
        return;
    }
    st->verdict->expectations++;
    bool same = true;
    if (expected->kind == VALUE_LIST) {
        same = value_is(got, VALUE_LIST) && value_count(got) == value_count(expected);
        for (size_t i = 0; same && i < value_count(expected); i++)
            same = same_scalar(value_item(expected, i), value_item(got, i));
    } else {
        same = same_scalar(expected, got);
    }
    if (!same)
        mismatch(st, expected, what, got);
}

/* ---- what came ---- */

bool sample_proposal(Stage *st, const Value **proposal, Err *err)
{
    StoreRows events;
    if (!rows_of(st, SQL_EVENTS_OF_CASE, &events, err))
        return false;
    *proposal = NULL;
    for (size_t i = 0; i < events.count; i++)
        if (str_eq(row_str(&events, i, 2), STR("proposed"))) {
            const Value *data = json_read(st->arena, row_str(&events, i, 4), err);
            if (!data)
                return false;
            *proposal = value_at(data, "result");
        }
    return true;
}

static bool load(Outcome *o, Err *err)
{
    Stage *st = o->st;
    int64_t id = 0;
    if (!str_int(st->case_id, &id) ||
        !casework_load(&st->reader, st->arena, &st->app, id, &o->cf, err) ||
        !rows_of(st, SQL_EVENTS_OF_CASE, &o->events, err) ||
        !rows_of(st, SQL_DOCUMENTS_OF_CASE, &o->documents, err) ||
        !rows_of(st, SQL_CERTIFICATES_OF_CASE, &o->certificates, err) ||
        !rows_of(st, SQL_OUTBOX_OF_CASE, &o->messages, err))
        return false;
    for (size_t i = 0; i < o->events.count; i++)
        o->incidents += str_eq(row_str(&o->events, i, 2), STR("incident"));
    return true;
}

static Value *day_of(Outcome *o, TimeMs t)
{
    Arena *a = o->st->arena;
    return t ? value_str(a, date_iso(a, date_of_time(t, o->st->app.catalogue->zone_minutes)))
             : NULL;
}

static Value *decision_of(Outcome *o)
{
    switch (o->cf.law.outcome) {
    case LAW_OPEN: return value_str(o->st->arena, STR("none"));
    case LAW_GRANTED: return value_str(o->st->arena, STR("grant"));
    case LAW_DENIED: return value_str(o->st->arena, STR("deny"));
    }
    return NULL;
}

static Value *texts_of(Outcome *o, const StoreRows *rows, size_t column)
{
    Value *list = value_list(o->st->arena);
    for (size_t i = 0; i < rows->count; i++)
        push_str(o->st->arena, list, row_str(rows, i, column));
    return list;
}

static bool messages_of(Outcome *o, Value **list, Err *err)
{
    *list = value_list(o->st->arena);
    for (size_t i = 0; i < o->messages.count; i++) {
        const Value *payload = json_read(o->st->arena, row_str(&o->messages, i, 2), err);
        if (!payload)
            return false;
        push_str(o->st->arena, *list, get_str(payload, "template"));
    }
    return true;
}

/* {kind: what was frozen in the latest paper of that kind}. */
static bool papers_of(Outcome *o, Value **papers, Err *err)
{
    Stage *st = o->st;
    *papers = value_map(st->arena);
    for (size_t i = 0; i < o->documents.count; i++) {
        StoreRows paper;
        if (!store_run(&st->reader, st->arena, SQL_DOCUMENT_GET,
                       PARAMS(P_STR(st->app.catalogue->place), P_INT(row_int(&o->documents, i, 0))),
                       &paper, err))
            return false;
        Value *data = json_read(st->arena, row_str(&paper, 0, 3), err);
        if (!data)
            return false;
        value_set(st->arena, *papers, row_str(&paper, 0, 1), data);
    }
    for (size_t i = 0; i < o->certificates.count; i++) {
        Value *data = json_read(st->arena, row_str(&o->certificates, i, 5), err);
        if (!data)
            return false;
        value_set(st->arena, *papers, row_str(&o->certificates, i, 2), data);
    }
    return true;
}

/* What the latest certificate says, with no, holder and state; false: there is none. */
static bool certificate_of(Outcome *o, Value **certificate, Err *err)
{
    Arena *a = o->st->arena;
    const StoreRows *rows = &o->certificates;
    *certificate = value_bool(a, false);
    if (!rows->count)
        return true;
    size_t last = rows->count - 1;
    Value *v = json_read(a, row_str(rows, last, 5), err);
    if (!v)
        return false;
    set_str(a, v, "no", row_str(rows, last, 3));
    set_str(a, v, "holder", row_str(rows, last, 4));
    set_str(a, v, "state", row_str(rows, last, 6));
    *certificate = v;
    return true;
}

static const char *state_name(ResolveState state)
{
    switch (state) {
    case RESOLVE_NOT_NEEDED: return "not_needed";
    case RESOLVE_BY_FACT: return "fact";
    case RESOLVE_GIVEN: return "given";
    case RESOLVE_EXPECTED: return "expected";
    case RESOLVE_MISSING: return "missing";
    }
    return "";
}

/* {code: how it was resolved} of all materials of the item. */
static bool materials_of(Outcome *o, Value **materials, Err *err)
{
    Stage *st = o->st;
    const Item *item = o->cf.item;
    StoreRows rows;
    FeelScope scope;
    Date today = date_of_time(o->cf.received_at, st->app.catalogue->zone_minutes);
    if (!rows_of(st, SQL_MATERIALS_OF_CASE, &rows, err) ||
        !form_scope(st->arena, item, o->cf.answers, today, &scope, err))
        return false;
    GivenMaterial *given = NEW_N(st->arena, GivenMaterial, rows.count + 1);
    for (size_t i = 0; i < rows.count; i++)
        given[i] = (GivenMaterial){.code = row_str(&rows, i, 1),
                                   .way = row_str(&rows, i, 2),
                                   .state = row_str(&rows, i, 3)};
    *materials = value_map(st->arena);
    for (size_t i = 0; i < item->material_count; i++) {
        const ItemMaterial *m = &item->materials[i];
        bool needed = item_material_needed(st->arena, m, &scope);
        Resolved r = resolve_material(m, needed, o->cf.facts, given, rows.count);
        value_set(st->arena, *materials, m->material->code,
                  value_str(st->arena, str_z(state_name(r.state))));
    }
    return true;
}

/* ---- judging ---- */

static void expect(Outcome *o, const char *key, const Value *got)
{
    const Value *expected = value_at(o->st->sample->expect, key);
    if (expected)
        compare(o->st, expected, got, str_z(key));
}

/* Keys of the parts that cases were opened for. */
static bool expect_chosen(Outcome *o, Err *err)
{
    Stage *st = o->st;
    Value *list = value_list(st->arena);
    StoreRows rows;
    if (!rows_of(st, SQL_CASES_OF_PARENT, &rows, err))
        return false;
    for (size_t i = 0; i < rows.count; i++)
        push_str(st->arena, list, row_str(&rows, i, 1));
    expect(o, "chosen", list);
    return true;
}

static bool expect_case(Outcome *o, Err *err)
{
    Stage *st = o->st;
    const Value *proposal;
    Value *messages, *papers, *certificate, *materials;
    if (!load(o, err) || !sample_proposal(st, &proposal, err) || !messages_of(o, &messages, err) ||
        !papers_of(o, &papers, err) || !certificate_of(o, &certificate, err) ||
        !materials_of(o, &materials, err))
        return false;
    expect(o, "proposal", proposal);
    expect(o, "decision", decision_of(o));
    expect(o, "state", value_str(st->arena, o->cf.state));
    expect(o, "legal_due", day_of(o, o->cf.legal_due));
    expect(o, "promise_due", day_of(o, o->cf.promise_due));
    expect(o, "documents", texts_of(o, &o->documents, 1));
    expect(o, "papers", papers);
    expect(o, "certificate", certificate);
    expect(o, "messages", messages);
    expect(o, "materials", materials);
    return !casework_is_whole(&o->cf) || expect_chosen(o, err);
}

/* Nobody asks for incidents: a sample says so when it does. */
static void expect_incidents(Outcome *o)
{
    Stage *st = o->st;
    const Value *expected = value_at(st->sample->expect, "incidents");
    Value *got = value_int(st->arena, (int64_t)o->incidents);
    if (expected)
        compare(st, expected, got, STR("incidents"));
    else if (o->incidents)
        stage_complain(st, "sample.incident", st->sample->mark, "its process came to a standstill");
}

static Value *elements_of(Stage *st)
{
    Value *list = value_list(st->arena);
    for (size_t i = 0; i < value_count(st->problems); i++)
        push_str(st->arena, list, get_str(value_item(st->problems, i), "element"));
    return list;
}

bool sample_compare_part(Stage *st, Err *err)
{
    Outcome o = {.st = st};
    if (!expect_case(&o, err))
        return false;
    expect_incidents(&o);
    return true;
}

bool sample_compare(Stage *st, Err *err)
{
    const Value *problems = value_at(st->sample->expect, "problems");
    if (problems)
        compare(st, problems, elements_of(st), STR("problems"));
    else if (st->problems)
        stage_complain(st, "sample.refused", st->sample->mark,
                       "the application cannot be sent: " STR_FMT,
                       STR_ARG(json_text(st->arena, st->problems)));
    if (!st->case_id.len)
        return true;
    Outcome o = {.st = st};
    if (!expect_case(&o, err))
        return false;
    expect_incidents(&o);
    return true;
}
